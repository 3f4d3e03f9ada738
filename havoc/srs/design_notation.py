"""What ``2^3`` and ``2^(5-2)`` ask for: the whole factorial, or a quarter of it."""

from __future__ import annotations

from collections.abc import Sequence

from havoc.dsl import vocabulary as v
from havoc.dsl.design_labels import GENERATORS
from havoc.dsl.grounding.slots import Grounded, once, request_words
from havoc.dsl.labels import labels_of
from havoc.srs.calls import calls_of, joined

_FRACTIONS = {1: "half", 2: "quarter", 3: "eighth", 4: "sixteenth", 5: "thirtysecond"}
_FRACTIONAL = "<op:doe.fractional_factorial>"
_SIZES = ("<p:runs>", "<p:resolution>", "<p:generators>", "<p:fraction=")
_OF_A_PART = frozenset(
    """fraction fractional fractionated half halves quarter eighth sixteenth resolution generator generators aliases
    alias aliased confounded saturated screening res iii iv v part""".split()
)
_MIXTURES = ("<op:doe.simplex_lattice>", "<op:doe.simplex_centroid>", "<op:doe.extreme_vertices>")
_OF_MIXTURES = frozenset(
    "mixture mixtures blend blends simplex components ingredients recipe".split()
)


@once
def _notation(grounded: Grounded) -> tuple[bool, int | None]:
    """Whether the request writes a factorial as a power, and the number of its generators if it is a fraction."""
    labels = labels_of(grounded)
    power = any(names == {"levels"} for names in labels.values())
    said = [slot for slot, names in labels.items() if names == {GENERATORS}]
    count = float(grounded.slot(said[0]).value.exact) if len(said) == 1 else None
    return power, None if count is None else int(count)


def with_said_fraction(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program with the fraction that ``2^(5-2)`` is, where it says nothing of its size."""
    fraction = _FRACTIONS.get(_notation(grounded)[1] or 0)
    if fraction is None or _FRACTIONAL not in tokens:
        return tokens
    calls = []
    for call in calls_of(tokens):
        if call[0] == _FRACTIONAL and not any(t.startswith(_SIZES) for t in call):
            call = (*call[:-1], f"<p:fraction={fraction}>", v.END_CALL)
        calls.append(call)
    return joined(calls)


def takes_another_design(tokens: Sequence[str], grounded: Grounded) -> bool:
    """Whether a program builds a fraction or a mixture, though the request writes ``2^3`` and no word of either."""
    power, generators = _notation(grounded)
    if not power:
        return False
    words = request_words(grounded.text)
    part = _FRACTIONAL in tokens and generators is None and _OF_A_PART.isdisjoint(words)
    return part or (any(t in _MIXTURES for t in tokens) and _OF_MIXTURES.isdisjoint(words))
