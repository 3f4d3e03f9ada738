"""Which columns an analysis takes beside its response: those listed in one breath, all others, one for each value.

``y on a, b, c and d``: a program that takes three of the four has lost one; "all six predictors" are the columns that
are left where six are; a prediction at two values has two predictors.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import COLUMN, NUMBER, Grounded, once, request_words
from havoc.srs.calls import columns_of_input, end_of_input

# By the operation, the input that takes the predictors and the one that takes the response.
_TAKES = {
    **{
        f"<op:stats.{name}>": ("x", "y")
        for name in (
            *("regression", "robust_regression", "poisson_regression", "logistic", "stepwise"),
            "holdout",
        )
    },
    **{
        f"<op:doe.{name}>": ("factors", "response")
        for name in ("fit_rsm", "steepest_ascent", "effects")
    },
}
_COLUMNS = (
    r"(?:predictors?|regressors?|explanatory variables|independent variables|columns?|variables?|features|covariates"
    r"|factors)\b"
)
_COUNT = (
    r"(?:(?:<n\d+> )?(?:\d+|<#int>)|(?:two|three|four|five|six|seven|eight|nine|ten)(?: <n\d+>)?)"
)
_OTHER = r"(?:other|remaining|available|numeric|numerical|possible)"
_ALL = re.compile(
    rf"\b(?:all|every)(?: of)?(?: the)?(?: {_COUNT})?(?: {_OTHER})* {_COLUMNS}"
    rf"|\bthe (?:{_COUNT}(?: {_OTHER})*|{_OTHER}) {_COLUMNS}"
    r"|\b(?:everything else|all the others|all others|all the rest|the rest of the columns|all remaining)\b"
)
_MULTIPLE = re.compile(r"\bmultiple (?:linear )?regression\b")
_BETWEEN = (",", ", and", "and", "&", "+", "/")


def with_predictors(calls: Sequence[Sequence[str]], grounded: Grounded) -> list[tuple[str, ...]]:
    """Return the calls with the predictors that the request lists, counts or calls all."""
    return [_with_predictors(tuple(call), grounded) for call in calls]


def _with_predictors(call: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    name, response = _TAKES.get(call[0], ("", "")) if call else ("", "")
    call = _without_unsaid_weights(call, name, grounded)
    places = _columns_of(call, name)
    if not places or call[places[0] - 1] != v.OPEN:
        return call
    listed = [call[i] for i in places]
    unsaid = _beside_said(listed, call, response, grounded)
    if unsaid:
        return tuple(t for i, t in enumerate(call) if i not in places or t not in unsaid)
    others = [c for c in _others(call, response, grounded) if c not in listed]
    missing = _enumerated(listed, grounded) & set(others)
    if not missing and (_says_all(grounded) or _values_at(call) == len(listed) + len(others)):
        missing = set(others)
    added = [c for c in others if c in missing]
    return (*call[: places[-1] + 1], *added, *call[places[-1] + 1 :])


def _beside_said(
    listed: Sequence[str], call: Sequence[str], response: str, grounded: Grounded
) -> set[str]:
    """The predictors that the request does not name, where it names two others and the response."""
    words = set(request_words(grounded.text))
    said = [c for c in listed if c in words]
    named = all(call[i] in words for i in _columns_of(call, response))
    if len(said) < 2 or not named or _ALL.search(" ".join(request_words(grounded.text))):
        return set()
    return set(listed) - words


def _without_unsaid_weights(
    call: tuple[str, ...], name: str, grounded: Grounded
) -> tuple[str, ...]:
    """The call with a column as predictor that it took for weights, of which no word speaks."""
    weights = _columns_of(call, "weights")
    words = request_words(grounded.text)
    if len(weights) != 1 or any(w.startswith(("weigh", "frequen")) for w in words):
        return call
    (at,) = weights
    column, call = call[at], (*call[: at - 1], *call[at + 1 :])
    places = _columns_of(call, name)
    if not places or call[places[0] - 1] != v.OPEN:
        return call
    return (*call[: places[-1] + 1], column, *call[places[-1] + 1 :])


def without_repeats(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program with each column once in each of its lists; a list of one such column stays a list."""
    out: list[str] = []
    listed: set[str] | None = None
    for token in tokens:
        if token in (v.OPEN, v.CLOSE):
            listed = set() if token == v.OPEN else None
        elif COLUMN.fullmatch(token) and listed is not None and not out[-1].endswith(".>"):
            if token in listed:
                continue
            listed.add(token)
        out.append(token)
    return tuple(out)


_SAID_AT = re.compile(
    r"\b(?:at|when|for)((?: (?:<[cn]\d+>|<#[a-z]+>|\d|=|is|are|,|and|&|;|%|[a-zµ°]{1,6}(?:/[a-z]{1,6})?))+)"
)


def with_values_at(calls: Sequence[Sequence[str]], grounded: Grounded) -> list[tuple[str, ...]]:
    """Return the calls with the values at which the request wants the prediction, one for each predictor.

    ``mean yield at 90 degC and 10 bar``: only where a regression on as many predictors was given none.
    """
    places = [re.findall(NUMBER.pattern, m[1]) for m in _SAID_AT.finditer(grounded.text)]
    found = []
    for call in calls:
        wanted = [p for p in places if len(p) == len(_columns_of(call, "x")) > 1]
        used = {t for c in calls for t in c if NUMBER.fullmatch(t)}
        if (
            call[0] == "<op:stats.regression>"
            and "<p:at>" not in call
            and len(wanted) == 1
            and used.isdisjoint(wanted[0])
        ):
            call = (*call[:-1], "<p:at>", v.OPEN, *wanted[0], v.CLOSE, v.END_CALL)
        found.append(tuple(call))
    return found


def too_few_predictors(calls: Sequence[Sequence[str]]) -> int:
    """Return how many calls predict at more values than they have predictors, or at fewer."""
    return sum(
        call[0] == "<op:stats.regression>"
        and bool(_values_at(call))
        and _values_at(call) % max(1, len(_columns_of(call, "x"))) != 0
        for call in calls
        if call
    )


_CURVED = frozenset(
    "quadratic quad squared square squares curvature curved curve polynomial second order parabola surface rsm ^ degree"
    " nonlinear bend bends optimum maximum minimum peak".split()
)


def has_unsaid_square(tokens: Sequence[str], grounded: Grounded) -> bool:
    """Whether a model has a squared term, though no word speaks of a curve."""
    if v.SQUARE not in tokens or "<op:stats.regression>" not in tokens:
        return False
    return _CURVED.isdisjoint(request_words(grounded.text))


def _columns_of(call: Sequence[str], name: str) -> list[int]:
    """The places of the columns of a list of a call; none where one is a result's."""
    places = columns_of_input(call, name)
    begin = list(call).index(f"<p:{name}>") + 1 if places else 0
    return [] if any(t.endswith(".>") for t in call[begin : end_of_input(call, begin)]) else places


def _others(call: Sequence[str], response: str, grounded: Grounded) -> list[str]:
    """The numeric columns of the response's table that the call takes for nothing else."""
    places = _columns_of(call, response) if response else []
    if len(places) != 1:
        return []
    columns = grounded.of("c")
    table = next((s.table for s in columns if s.token == call[places[0]]), None)
    return [s.token for s in columns if s.table == table and s.token not in call]


def _values_at(call: Sequence[str]) -> int:
    """How many numbers a call predicts at."""
    if "<p:at>" not in call:
        return 0
    start = list(call).index("<p:at>") + 1
    return sum(bool(NUMBER.fullmatch(call[i])) for i in range(start, end_of_input(call, start)))


@once
def _says_all(grounded: Grounded) -> bool:
    """Whether the request speaks of all predictors and names none of them but the response."""
    words = request_words(grounded.text)
    named = {w for w in words if COLUMN.fullmatch(w)}
    text = " ".join(words)
    return len(named) <= 1 and bool(_ALL.search(text) or _MULTIPLE.search(text))


@once
def _enumerations(grounded: Grounded) -> list[list[str]]:
    """The columns that the request lists in one breath, with nothing but commas and "and" between them."""
    words = request_words(grounded.text)
    places = [i for i, w in enumerate(words) if COLUMN.fullmatch(w)]
    lists: list[list[str]] = []
    last = None
    for before, place in pairwise(places):
        if " ".join(words[before + 1 : place]) not in _BETWEEN:
            continue
        if last != before:
            lists.append([words[before]])
        lists[-1].append(words[place])
        last = place
    return lists


def _enumerated(listed: Sequence[str], grounded: Grounded) -> set[str]:
    """The columns listed together with two or more of these."""
    return {
        c
        for columns in _enumerations(grounded)
        if len(set(listed) & set(columns)) >= 2
        for c in columns
    }
