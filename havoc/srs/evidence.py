"""What the request says outright for and against a proposed program.

``target 10, sigma 1``: a program of an operation that has both inputs and was given only one of them lacks a word of
the request; a program that takes a column of which the request does not speak, where it names others, has most likely
mistaken it. The model's candidates are completed and weighed by that before anything is run; together they keep their
probability.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from havoc.dsl import vocabulary as v
from havoc.dsl.fitting import suitable
from havoc.dsl.grounding.slots import COLUMN, NUMBER, Grounded, request_words, words_of
from havoc.dsl.labels import labels_of
from havoc.dsl.methods import named_methods
from havoc.inference.planner import Candidate
from havoc.srs.calls import calls_of, joined, runs
from havoc.srs.conditions import (
    filtered,
    with_both_groups,
    with_equalled,
    with_said_signs,
    without_strange_equality,
)
from havoc.srs.date_groups import by_said_part, by_weekend
from havoc.srs.design_data import RESPONSES, with_all_factors, with_block
from havoc.srs.design_notation import takes_another_design, with_said_fraction
from havoc.srs.durations import without_conversion
from havoc.srs.joined_methods import lacks_another, with_other_method
from havoc.srs.named_columns import unsaid_columns, unused_columns
from havoc.srs.named_levels import by_named_levels
from havoc.srs.named_limits import (
    beyond_the_readings,
    taken_for_another,
    unfounded,
    without_strange_center,
)
from havoc.srs.numbering import takes_numbering
from havoc.srs.of_interest import with_column_of_interest
from havoc.srs.predictors import (
    has_unsaid_square,
    too_few_predictors,
    with_predictors,
    with_values_at,
    without_repeats,
)
from havoc.srs.preparation_evidence import (
    as_overview,
    denied_preparations,
    overlooks_missing,
    with_fill_methods,
    without_denied,
)
from havoc.srs.said_choices import with_said_choices
from havoc.srs.said_columns import (
    compares_blocks,
    lays_a_line,
    only_describes,
    overlooks_having,
    said_axes,
    with_said_columns,
)
from havoc.srs.said_formulas import Tokens, lacks_formula, only_formula, with_formulas
from havoc.srs.said_roles import given_to_another, with_said_roles
from havoc.srs.split_evidence import with_split
from havoc.srs.symbol_values import with_symbol_values
from havoc.srs.table_evidence import (
    MOST_CELLS,
    impossible,
    lengthened,
    takes_whole_table,
    unused_cells,
    with_comparisons,
)
from havoc.srs.told_steps import told_steps, with_told_steps
from havoc.srs.unasked import (
    fits_without_split,
    overlooks_extreme,
    plans_a_chance,
    plans_what_was_done,
    unasked,
    uncalled,
    without_test,
)
from havoc.tools.operation import Kind, Operation, Parameter, operations

AS_PROPOSED = 2.0  # nats that a program loses which leaves out what the request names: its completion may not run
OTHER_METHOD = (
    3.0  # nats lost by programs without any of the methods that the request calls by their names
)
UNSAID = 1.0  # nats lost for each column of which the request does not speak, where it names others
UNUSED = 1.5  # nats lost for each column that the request names and a program leaves out
MOST_UNUSED = 2  # of them: a request may also say what else is in its file
CONTRADICTED = (
    3.0  # nats lost for each option for which the request says another choice by its code
)
# Nats lost where a column called y is a predictor or one called x the response, and by a design that only counts
# the factors which the request names with their ranges.
UNUSUAL = 2.0
TOLERATED = (
    1.5  # nats against the best program; what speaks against all of them beyond it is doubted
)
PLAINLY_TOLD = 3  # steps of a request that leave hardly any doubt what it wants
MOST_TOLD = 0.9  # probability that its programs then have together
FULLER = 1.7  # nats by which a program that does all of another one and more may be less probable
_PARAMETER = re.compile(r"<p:(\w+)(?:=[^>]*)?>")
_CHOSEN = re.compile(r"<p:(\w+)=([^>]*)>")
_DIGIT = re.compile(r"<p:(\w+)> <d(\d+)>")  # a number that is no slot
_GENERATORS = re.compile(r"[A-Z]=-?[A-Z]{2,}(?:, |$)")
_GIVES = re.compile(
    r"(<c\d+>)(?: <f\d+>)? (?:gives|gave|give|yielded|led to|leads to|results in|resulted in|- >|→)"
    r" (?:[^<| ]+ ){0,2}(<c\d+>)"
)
_PREDICTED = re.compile(  # "the mean yield at 90 degrees"
    r"\b(?:mean|expected|average|predict(?:ed)?|estimate(?:d)?|forecast)(?: (?:the|of|mean))* (<c\d+>)"
    r" (?:at|when|for) <"
)
_X = re.compile(r"x[ _]?\d?|dose")


def weighed(candidates: Sequence[Candidate], grounded: Grounded) -> tuple[Candidate, ...]:
    """Return the candidates as the request speaks for them, most probable first, equal programs once."""
    found: list[Candidate] = []
    for proposed in candidates:
        candidate = replace(proposed, tokens=_as_said(proposed.tokens, grounded))
        whole = _whole(candidate.tokens, grounded)
        if whole == candidate.tokens:
            found.append(candidate)
            continue
        lost = math.exp(-AS_PROPOSED)
        found.append(
            replace(candidate, tokens=whole, logprob=candidate.logprob + math.log1p(-lost))
        )
        found.append(replace(candidate, logprob=candidate.logprob - AS_PROPOSED))
    merged = _merged(found)
    denied = denied_preparations(grounded.text)
    named = named_methods(grounded.text) - {v.op_name(o) for o in denied}
    merged += _only_formula(merged, grounded, named)
    against = [_against(c, grounded, named) for c in merged]
    doubt = max(0.0, min(against, default=0.0) - TOLERATED)
    scores = [c.logprob - a for c, a in zip(merged, against, strict=True)]
    if len(told_steps(grounded)) >= PLAINLY_TOLD:
        merged = _of_all(merged)
    found_best = fuller_first(_same_mass(merged, scores, doubt), grounded)
    return with_other_method(found_best, grounded)


def _of_all(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates with nearly all of the probability: what was not proposed would be written as it is told too."""
    if not candidates:
        return []
    short = math.log(MOST_TOLD) - _log_sum(c.logprob for c in candidates)
    return [replace(c, logprob=c.logprob + max(0.0, short)) for c in candidates]


def _only_formula(
    candidates: Sequence[Candidate], grounded: Grounded, named: frozenset[str]
) -> list[Candidate]:
    """The new column that the request defines, where nothing else is named in it and no program makes one."""
    program = only_formula(grounded)
    made = any("<op:table.derive>" in c.tokens for c in candidates)
    other = bool(named) and "table.derive" not in named
    if program is None or made or other or not candidates:
        return []
    return [Candidate(program, max(c.logprob for c in candidates), "request")]


def _as_said(tokens: Tokens, grounded: Grounded) -> Tokens:
    """The program with what the request says outright instead of what was proposed for it."""
    text = grounded.text
    tokens = with_said_choices(without_conversion(tokens, grounded), text)
    tokens = without_test(with_comparisons(with_codes(tokens, text), text), text)
    for rewrite in (
        without_repeats,
        without_strange_equality,
        without_denied,
        with_both_groups,
        with_equalled,
        with_said_signs,
        with_formulas,
        with_usual_axes,
        with_said_roles,
        with_said_columns,
        with_split,
        with_fill_methods,
        as_overview,
        with_symbol_values,
        with_said_fraction,
        with_block,
        without_strange_center,
        with_column_of_interest,
    ):
        tokens = rewrite(tokens, grounded)
    return tokens


def _whole(tokens: Tokens, grounded: Grounded) -> Tokens:
    """The program with what it leaves out of the request's words."""
    calls: Sequence[Sequence[str]] = calls_of(completed(tokens, grounded))
    for complete in (
        with_all_factors,
        with_predictors,
        with_values_at,
        lengthened,
        by_said_part,
        by_weekend,
        filtered,
        by_named_levels,
    ):
        calls = complete(calls, grounded)
    return with_told_steps(joined(calls), grounded)


def _against(candidate: Candidate, grounded: Grounded, named: frozenset[str]) -> float:
    """Nats that speak against a program; ``named`` are the operations whose methods the request names."""
    tokens, operations_ = candidate.tokens, candidate.operations
    unused = min(MOST_UNUSED, len(unused_columns(tokens, grounded)))
    unused += min(MOST_CELLS, len(unused_cells(tokens, grounded))) if operations_ else 0
    wrong = (
        contradicted(tokens, grounded.text)
        + impossible(calls_of(tokens), grounded)
        + len(unused_generators(tokens, grounded))
        + len(columns_against_themselves(tokens))
        + len(takes_numbering(tokens, grounded))
        + lacks_formula(tokens, grounded)
        + fits_without_split(tokens, grounded)
        + len(uncalled(tokens, grounded.text))
        + plans_a_chance(tokens, grounded.text)
        + plans_what_was_done(tokens, grounded)
        + overlooks_extreme(tokens, grounded.text)
        + given_to_another(tokens, grounded)
        + compares_blocks(tokens, grounded)
        + overlooks_having(tokens, grounded)
        + overlooks_missing(tokens, grounded.text)
        + len(denied_preparations(grounded.text) & set(tokens))
        + takes_another_design(tokens, grounded)
        + too_few_predictors(calls_of(tokens))
        + len(taken_for_another(tokens, grounded) | beyond_the_readings(tokens, grounded))
    )
    unusual = (
        len(misplaced_axes(tokens, grounded))
        + counts_named_factors(tokens, grounded)
        + len(unfounded(tokens, grounded.text) | unasked(tokens, grounded.text))
        + takes_whole_table(tokens, grounded)
        + has_unsaid_square(tokens, grounded)
    )
    unusual += lacks_another(operations_, grounded) + lays_a_line(tokens, grounded)
    unusual += only_describes(tokens, grounded)
    other = bool(named and operations_ and named.isdisjoint(operations_))
    return (
        UNSAID * len(unsaid_columns(tokens, grounded))
        + UNUSED * unused
        + CONTRADICTED * wrong
        + UNUSUAL * unusual
        + OTHER_METHOD * other
    )


def fuller_first(candidates: Sequence[Candidate], grounded: Grounded) -> tuple[Candidate, ...]:
    """Return the candidates with one that does all of the first and more in its place, where nearly as probable.

    Nothing is lost by telling both results where the request may have asked for one; columns of which it does not
    speak are not told of.
    """
    if not candidates:
        return ()
    first, *others = candidates
    calls = _key(first.tokens)
    unsaid = unsaid_columns(first.tokens, grounded)
    for i, other in enumerate(others):
        if other.logprob < first.logprob - FULLER:
            break
        more = _key(other.tokens)
        fuller = first.operations and len(more) > len(calls) and _holds_all(more, calls)
        if fuller and unsaid_columns(other.tokens, grounded) <= unsaid:
            return (
                replace(other, logprob=first.logprob),
                replace(first, logprob=other.logprob),
                *others[:i],
                *others[i + 1 :],
            )
    return tuple(candidates)


def does_all_of(tokens: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a program makes all calls of another one and more, on the same data: it tells the other's result too."""
    more, calls = _key(tokens), _key(other)
    return len(more) > len(calls) and _holds_all(more, calls)


def _holds_all(more: Sequence[tuple[str, ...]], calls: Sequence[tuple[str, ...]]) -> bool:
    """Whether a program makes all calls of another, on the same data."""
    if any(t.startswith("<res") for call in calls for t in call):
        return tuple(more[: len(calls)]) == tuple(calls)
    return set(calls) <= set(more)


def _same_mass(
    candidates: Sequence[Candidate], scores: Sequence[float], doubt: float
) -> tuple[Candidate, ...]:
    """The candidates with new scores that add up to the probability they had, less the nats of ``doubt``."""
    if not candidates:
        return ()
    shift = _log_sum(c.logprob for c in candidates) - _log_sum(scores) - doubt
    new = (replace(c, logprob=s + shift) for c, s in zip(candidates, scores, strict=True))
    return tuple(sorted(new, key=lambda c: -c.logprob))


def _log_sum(values: Iterable[float]) -> float:
    given = list(values)
    most = max(given)
    return most + math.log(sum(math.exp(x - most) for x in given))


def _merged(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Each program once, with the probability of all its writings."""
    groups: dict[tuple[tuple[str, ...], ...], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        groups[_key(candidate.tokens)].append(candidate)
    out = []
    for same in groups.values():
        best = max(same, key=lambda c: (c.logprob, -len(c.tokens)))
        shortest = min(same, key=lambda c: len(c.tokens))
        total = min(0.0, _log_sum(c.logprob for c in same))
        out.append(replace(best, tokens=shortest.tokens, logprob=total))
    return out


def _key(tokens: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """A program without the order of its arguments, and without calls that it repeats."""
    written = [_sorted(call) for call in calls_of(tokens)]
    if any(t.startswith("<res") for t in tokens):
        return tuple(written)  # a later call may need the result of an equal one
    return tuple(dict.fromkeys(written))


def _sorted(call: Sequence[str]) -> tuple[str, ...]:
    head, *arguments = _arguments(call)
    return (*head, *(t for argument in sorted(arguments) for t in argument))


def _arguments(call: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """What stands before the first named argument, then each with its value."""
    part: list[str] = []
    for token in call:
        if _PARAMETER.fullmatch(token):
            yield tuple(part)
            part = []
        if token != v.END_CALL:
            part.append(token)
    yield tuple(part)


# ---- inputs that the request names --------------------------------------------------------------------------


def completed(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program with the numbers that the request calls an input of its operations given to that input.

    Only where one input may be meant, and nothing is given to it yet, or a number that the request does not call it:
    numbers that the program left out, and those that it gave to an optional input that the request does not call them.
    """
    named = {s: p for s, p in labels_of(grounded).items() if NUMBER.match(s)}
    if not named or not runs(tokens):
        return tokens
    calls = [list(call) for call in calls_of(tokens)]
    for slot, parameters in named.items():
        places = [
            (call, p)
            for call in calls
            for p in _operation(call).parameters
            if p.name in parameters - _another(parameters)
            and _takes(call, p, slot, grounded, _given_otherwise(call, p, slot, named))
        ]
        if len(places) == 1 and _free(calls, places[0][0], slot, parameters):
            _give(*places[0], slot)
    return joined(calls)


def _another(parameters: frozenset[str]) -> frozenset[str]:
    """A level that is called confidence is given as such, though it might be written as alpha too."""
    return frozenset(("alpha",)) if "confidence" in parameters else frozenset()


def with_codes(tokens: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Return the program with digits that stand behind an input's name in the request: "B5" is the life b=5."""
    words = request_words(text)
    calls = [list(call) for call in calls_of(tokens)]
    for call in calls:
        for p in _operation(call).parameters if call[0].startswith("<op:") else ():
            if p.required or len(p.name) > 1 or p.kind not in (Kind.NUMBER, Kind.INTEGER):
                continue
            said = {
                digits for digits, behind in _digits_of(p.name, words) if behind not in ("=", ":")
            }
            digit = f"<d{min(said)}>" if len(said) == 1 else ""
            if digit in v.DIGITS and f"<p:{p.name}>" not in call:
                _give(call, p, digit)
    return joined(calls)


def _free(
    calls: Sequence[list[str]], call: list[str], slot: str, parameters: frozenset[str]
) -> bool:
    """Whether a number is not used yet; it is taken from an optional input of the call that it is not called."""
    if not any(slot in c for c in calls):
        return True
    at = call.index(slot) - 1 if call.count(slot) == 1 else 0
    given = _PARAMETER.fullmatch(call[at])
    if given is None or given[1] in parameters or sum(c.count(slot) for c in calls) > 1:
        return False
    if _operation(call).by_name[given[1]].required:
        return False
    del call[at : at + 2]
    return True


def _operation(call: Sequence[str]) -> Operation:
    return operations()[v.op_name(call[0])]


def _given_otherwise(
    call: Sequence[str], p: Parameter, slot: str, named: Mapping[str, frozenset[str]]
) -> bool:
    """Whether an input was given a number that the request does not call it, though it calls another one so.

    That one is called nothing else that the operation has.
    """
    name = f"<p:{p.name}>"
    given = call[call.index(name) + 1] if name in call else ""
    if not (NUMBER.fullmatch(given) or given in v.DIGITS) or p.name in named.get(given, ()):
        return False
    return named[slot] & set(_operation(call).by_name) == {p.name}


def _takes(
    call: Sequence[str], p: Parameter, slot: str, grounded: Grounded, otherwise: bool = False
) -> bool:
    """Whether an input is open for a number, or was left to be asked for, and the number can be that."""
    if p.kind not in (Kind.NUMBER, Kind.INTEGER, Kind.NUMBERS):
        return False
    name = f"<p:{p.name}>"
    if name in call and call[call.index(name) + 1] != v.ASK and not otherwise:
        return False
    fits = (s for s in suitable(p, grounded) if s.token == slot)
    return any(p.kind is not Kind.INTEGER or s.value.exact.denominator == 1 for s in fits)


def _give(call: list[str], p: Parameter, slot: str) -> None:
    name = f"<p:{p.name}>"
    if name in call:
        call[call.index(name) + 1] = slot
    else:
        call[-1:] = [name, slot, call[-1]]


# ---- what a column is in one call ---------------------------------------------------------------------------


def columns_against_themselves(tokens: Sequence[str]) -> set[str]:
    """Return the columns that one call takes for two of its inputs, as the response and its own predictor."""
    found: set[str] = set()
    for call in calls_of(tokens):
        if call[0].startswith("<op:table."):
            continue
        _, *arguments = _arguments(call)
        places = [{t for t in a if COLUMN.fullmatch(t)} for a in arguments if a[0] != "<p:formula>"]
        found |= {c for i, one in enumerate(places) for other in places[:i] for c in one & other}
    return found


def misplaced_axes(tokens: Sequence[str], grounded: Grounded) -> set[str]:
    """Return the columns called y (or response) that a call takes as a predictor, and x's that it takes as response.

    So are called those of ``load <c0> gives mV <c1>``.
    """
    if said_axes(grounded):
        return set()  # the request says which is which
    names = {s.token: s.value.name.casefold() for s in grounded.of("c")}
    names |= dict.fromkeys(_PREDICTED.findall(grounded.text), "y")
    names |= {
        column: name
        for cause, effect in _GIVES.findall(grounded.text)
        for column, name in ((cause, "x"), (effect, "y"))
    }
    found: set[str] = set()
    for call in calls_of(tokens):
        _, *arguments = _arguments(call)
        given = {a[0][3:-1]: a for a in arguments}
        if v.TILDE in given.get("formula", ()):
            formula = given["formula"]
            tilde = formula.index(v.TILDE)
            given |= {"y": formula[:tilde], "x": formula[tilde:]}
        for left, right in (("y", "x"), ("response", "factors")):
            if left in given and right in given:
                found |= {t for t in given[left] if _X.fullmatch(names.get(t, ""))}
                found |= {t for t in given[right] if names.get(t) in RESPONSES}
    return found


def with_usual_axes(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program with a predictor called y and a response called x in each other's place."""
    calls = []
    for call in calls_of(tokens):
        wrong = sorted(misplaced_axes(call, grounded))
        turn = dict(zip(wrong, reversed(wrong), strict=True)) if len(wrong) == 2 else {}
        calls.append([turn.get(t, t) for t in call])
    return joined(calls)


# ---- choices that the request says by their codes -----------------------------------------------------------


def contradicted(tokens: Sequence[str], text: str) -> int:
    """Return how many options of a program differ from a code in the request: "L8", "B10".

    A choice has a code if it is written with letters and digits, or in digits behind its option's name.
    """
    words = request_words(text)
    wrong = 0
    for call in calls_of(tokens):
        if not call[0].startswith("<op:"):
            continue
        for name, given in _CHOSEN.findall(" ".join(call)):
            said = {c for c in _operation(call).by_name[name].choices if _coded(name, c, words)}
            wrong += bool(said) and given not in said
        for name, digit in _DIGIT.findall(" ".join(call)):
            said = {digits for digits, _ in _digits_of(name, words)}
            wrong += bool(said) and digit not in said
    return wrong


def _digits_of(name: str, words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Digits that stand behind the one word of an input's name, each with the word behind them."""
    for before, digits, behind in zip(words, words[1:], [*words[2:], ""], strict=False):
        if [before] == words_of(name) and digits.isdigit():
            yield digits, behind


def counts_named_factors(tokens: Sequence[str], grounded: Grounded) -> bool:
    """Whether a design takes the number of its factors, though the request gives the ranges of two or more."""
    ranged = [s.token for s in grounded.of("f") if s.value.range is not None]
    counted = any(t.startswith("<op:doe.") for t in tokens) and "<p:n_factors>" in tokens
    return counted and len(ranged) > 1 and not set(ranged) & set(tokens)


def unused_generators(tokens: Sequence[str], grounded: Grounded) -> set[str]:
    """Return the generators (``D=AB, E=AC``) that a program of a fraction leaves out."""
    if not any(t.startswith("<op:doe.") for t in tokens):
        return set()
    return {s.token for s in grounded.of("s") if _GENERATORS.match(str(s.value))} - set(tokens)


def _coded(name: str, choice: str, words: Sequence[str]) -> bool:
    code = words_of(choice)
    if choice.isdigit():
        code = [*words_of(name), choice]
    if len(code) != 2 or not code[0].isalpha() or not code[1].isdigit():
        return False
    return any(list(words[at : at + 2]) == code for at in range(len(words) - 1))
