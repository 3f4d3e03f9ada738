"""What a request says of a model to be fitted: what is predicted from which columns, the split, its seed.

``predict cost from distance and weight, 70-30 split, random state 1``: the response, the predictors, a test share
of 30 % and the seed 1, whatever was proposed for them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import COLUMN, Grounded, once, request_words
from havoc.srs.calls import calls_of, end_of_input, joined

_PAIR = re.compile(r"(<n\d+>)(?: (?:<#\w+>|\d|%))* (?:[a-z]+ ){0,4}?(?:-|/|:|–|to|and) (<n\d+>)")
_SEED = re.compile(
    r"(?:random _? ?state|random _? ?seed|seed|randomstate)(?: parameter)?(?: (?:is|to|of|as|=|:|set|value|equal))*"
    r" (<n\d+>)"
)
_ABOUT_SPLITS = frozenset("split train training test testing holdout".split())
_WORD = r"[a-z0-9'-]+"
_ANY = COLUMN.pattern
# Columns in a list: commas, "and", numbers of items, and up to two words that belong to a column.
_BULLET = r"(?:(?:<n\d+> )?\d{1,2} [.)] )?"
_NEXT = rf"(?: {_WORD}){{0,2}}? (?:, and |and |, |& |\+ |(?=(?:<n\d+> )?\d{{1,2}} [.)] )){_BULLET}(?:{_WORD} ){{0,2}}?"
_LIST = rf"{_BULLET}(?:the )?{_ANY}(?:{_NEXT}{_ANY})*"
_FROM = r"(?:from|using|based on|on the basis of|with|by means of|as a function of|given)"
_PREDICT = re.compile(
    rf"(?<!- )\b(?:predict|predicts|predicting|prediction of|forecast|forecasting|classify|classifying)"
    rf"(?: {_WORD}){{0,5}}? (?P<y>{_ANY})(?: {_WORD}){{0,4}}?(?: \( [^)]* \))? {_FROM}"
    rf"(?: {_WORD}){{0,6}}?(?: :)? (?P<x>{_LIST})(?= |$)"
)
_USING = re.compile(
    rf"\b(?:using|use|from|on|with)(?: {_WORD}){{0,3}}? (?P<x>{_LIST})(?: {_WORD}){{0,3}}? (?:as|to)"
    rf"(?: (?:the|predictors?|features?|independent|variables?|and|inputs?|a))* ?(?:to )?predict(?: {_WORD}){{0,4}}?"
    rf" (?P<y>{_ANY})"
)
_MODELS = ("<op:stats.holdout>", "<op:stats.regression>", "<op:stats.logistic>")


@lru_cache(64)
def said_model(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the response and the predictors of which the request says that one is predicted from the others."""
    words = " ".join(request_words(text))
    for pattern in (_PREDICT, _USING):
        for match in pattern.finditer(words):
            predictors = tuple(dict.fromkeys(COLUMN.findall(match["x"])))
            if match["y"] not in predictors:
                return match["y"], predictors
    return None


@once
def said_split(grounded: Grounded) -> tuple[str | None, str | None]:
    """Return the number that is the share of the test rows, of a pair such as 70-30, and the one that is the seed."""
    words = request_words(grounded.text)
    text = " ".join(words)
    values = {s.token: float(s.value.exact) for s in grounded.of("n")}
    seed = next((m[1] for m in _SEED.finditer(text)), None)
    share = None
    if _ABOUT_SPLITS & set(words):
        for match in _PAIR.finditer(text):
            one, other = values[match[1]], values[match[2]]
            if round(one + other, 6) in (100, 1) and one != other:
                share = match[1] if one < other else match[2]
                break
    return share, seed


def with_split(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program with the response, predictors, test share and seed that the request says."""
    if not any(m in tokens for m in _MODELS):
        return tokens
    model = said_model(grounded.text)
    share, seed = said_split(grounded)
    calls = []
    for call in calls_of(tokens):
        changed = list(call)
        if call[0] in _MODELS and model is not None:
            changed = _predicting(changed, model, grounded)
        if call[0] == "<op:stats.holdout>":
            changed = _with_number(changed, "<p:test_share>", share, (share, seed))
            changed = _with_number(changed, "<p:seed>", seed, (share, seed))
            changed = _of_kind(changed, request_words(grounded.text))
        calls.append(changed)
    return joined(calls)


def _with_number(
    call: list[str], name: str, slot: str | None, others: Sequence[str | None]
) -> list[str]:
    """The call with a number given to an input; one that is said to be something else is taken from it."""
    if name in call:
        at = call.index(name)
        if slot is None and call[at + 1] not in others:
            return call
        call = [*call[:at], *call[at + 2 :]]
    return call if slot is None else [*call[:-1], name, slot, call[-1]]


def _of_kind(call: list[str], words: Sequence[str]) -> list[str]:
    """The call with a logistic model where the request asks for one, and for no other."""
    if "logistic" not in words or "linear" in words or "<p:model=logistic>" in call:
        return call
    rest = [t for t in call[:-1] if not t.startswith("<p:model=")]
    return [*rest, "<p:model=logistic>", call[-1]]


def _predicting(
    call: list[str], model: tuple[str, tuple[str, ...]], grounded: Grounded
) -> list[str]:
    """The call with its response and predictors; as a formula where one of them is a column of words."""
    if "<p:y>" not in call or "<p:x>" not in call or "<p:formula>" in call:
        return call
    at = call.index("<p:y>") + 1
    source = [call[at]] if call[at].endswith(".>") else []
    response, predictors = model
    taken = {t for t in call if COLUMN.fullmatch(t)}
    if {response, *predictors} < taken and call[at + len(source)] == response:
        return call  # the list goes on behind other words
    rest = _without(_without(call, "<p:y>"), "<p:x>")
    table = f"{source[0][:-2]}>" if source else grounded.slot(response).table
    worded = any(p.startswith("<g") for p in predictors)
    if (
        worded
        and not response.startswith("<g")
        and table is not None
        and call[0] != "<op:stats.logistic>"
    ):
        formula = [response, v.TILDE, predictors[0]]
        for p in predictors[1:]:
            formula += ["<+>", p]
        return [*rest[:-1], "<p:formula>", *formula, "<p:data>", table, rest[-1]]
    if worded or response.startswith("<g"):
        return call
    x = [t for p in predictors for t in (*source, p)]
    x = x if len(predictors) == 1 else [v.OPEN, *x, v.CLOSE]
    return [*rest[:-1], "<p:y>", *source, response, "<p:x>", *x, rest[-1]]


def _without(call: Sequence[str], name: str) -> list[str]:
    at = call.index(name)
    return [*call[:at], *call[end_of_input(call, at + 1) :]]
