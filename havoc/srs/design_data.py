"""What a table of a designed experiment says of its columns: coded ones are factors, the one called y the response.

``a b y`` with ``-1 1 5.2``: a program that takes a coded column for the response, or leaves a coded one out of the
factors, has mistaken the table and is given the right ones. "Two-way" says how many columns of groups an analysis of
variance takes.
"""

from __future__ import annotations

from collections.abc import Sequence

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import Grounded, Slot, once, request_words
from havoc.srs.calls import calls_of, columns_of_input, joined
from havoc.srs.numbering import numbering_columns, with_readings
from havoc.tools.values import Labels

_ANALYSES = ("<op:doe.effects>", "<op:doe.fit_rsm>", "<op:doe.steepest_ascent>")
RESPONSES = ("y", "response", "yield")  # names of columns
_BLOCKED = ("<op:doe.fit_rsm>", "<op:doe.steepest_ascent>")
_BLOCKS = ("block", "blocks", "blk")
_WAYS = {"two": 2, "2": 2, "three": 3, "3": 3}


@once
def _coded(grounded: Grounded) -> list[Slot]:
    """Columns of coded levels (-1, 1, and 0 at the centre) beside others that are none."""
    coded = [
        s
        for s in grounded.of("c")
        if {"-1", "1"} <= {t for t in s.value.texts if t is not None} <= {"-1", "0", "1"}
    ]
    return coded if len(coded) < len(grounded.of("c")) else []


def with_all_factors(calls: Sequence[Sequence[str]], grounded: Grounded) -> list[tuple[str, ...]]:
    """Return the calls with the response and the factors that the table shows, and as many groups as "two-way" says.

    What the request names in its own words stays as the program took it.
    """
    found = []
    for call in calls:
        read = _with_response(with_readings(tuple(call), grounded), grounded)
        found.append(_with_ways(_with_coded(read, grounded), grounded))
    return found


def with_block(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program with a column called block as the block of its design, where it took it for a factor."""
    blocks = [s.token for s in grounded.of("c", "g") if s.value.name.casefold() in _BLOCKS]
    if len(blocks) != 1 or not {*_BLOCKED} & set(tokens):
        return tokens
    calls = []
    for call in calls_of(tokens):
        places = columns_of_input(call, "factors")
        if call[0] in _BLOCKED and blocks[0] in {call[i] for i in places} and len(places) > 1:
            call = tuple(t for i, t in enumerate(call) if i not in places or t != blocks[0])
            if "<p:block>" not in call:
                call = (*call[:-1], "<p:block>", blocks[0], v.END_CALL)
        calls.append(call)
    return joined(calls)


def _with_response(call: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """The call with the column called y, or the only one that is not coded, in place of a coded one as response."""
    places = columns_of_input(call, "response")
    coded = [s.token for s in _coded(grounded)]
    if not call or call[0] not in _ANALYSES or len(places) != 1 or not coded:
        return call
    (at,) = places
    numbering = numbering_columns(grounded)
    if call[at] not in coded and call[at] not in numbering:
        return call
    table = next(s.table for s in grounded.of("c") if s.token == call[at])
    others = [
        s
        for s in grounded.of("c")
        if s.table == table and s.token not in coded and s.token not in numbering
    ]
    named = [s for s in others if s.value.name.casefold() in RESPONSES]
    if call[at] in request_words(grounded.text) and not named:
        return call
    chosen = named if len(named) == 1 else others
    if len(chosen) != 1:
        return call
    out = [*call[:at], chosen[0].token, *call[at + 1 :]]
    factors = [i for i in columns_of_input(out, "factors") if i != at]
    for i in factors:
        if out[i] == chosen[0].token:
            out[i] = call[at]
    return tuple(out)


def _with_coded(call: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    places = columns_of_input(call, "factors")
    if not call or call[0] not in _ANALYSES or not places:
        return call
    coded = [s.token for s in _coded(grounded)]
    listed = [call[i] for i in places]
    said = set(coded) & set(request_words(grounded.text))
    if not set(listed) <= set(coded) or (said and said != set(coded)):
        return call  # some of them are named: the request chooses
    missing = [t for t in coded if t not in call]
    return (*call[: places[-1] + 1], *missing, *call[places[-1] + 1 :])


def _with_ways(call: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    places = columns_of_input(call, "by")
    if not call or call[0] != "<op:stats.anova>" or not places:
        return call
    words = [w for w in request_words(grounded.text) if not w.startswith("<")]
    said = [
        _WAYS[a]
        for a, b, c in zip(words, words[1:], [*words[2:], ""], strict=False)
        if a in _WAYS and (b in ("way", "factor") or (b == "-" and c in ("way", "factor")))
    ]
    groups = [s.token for s in grounded.of("g") if isinstance(s.value, Labels)]
    if len(said) != 1 or len(groups) != said[0] or len(places) >= said[0]:
        return call
    missing = [t for t in groups if t not in call]
    return (*call[: places[-1] + 1], *missing, *call[places[-1] + 1 :])
