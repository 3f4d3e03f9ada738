"""The one column that a question over many columns is about: ``what has the strongest correlation with y``."""

from __future__ import annotations

import re

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import NUMERIC, Grounded, once, request_words
from havoc.srs.calls import calls_of, joined
from havoc.tools.values import Labels

_MATRIX = "<op:stats.correlation_matrix>"
_OUTLIERS = "<op:stats.outliers>"
_WITH = re.compile(r"\b(?:with|to|and|of|between|by|explains?|drives?|predicts?|influences?)\b")
_WHICH = frozenset("which who whose identify list name names identifier identifiers what".split())


def with_column_of_interest(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program with the column that a correlation matrix is asked about, and what names the outliers."""
    if _MATRIX not in tokens and _OUTLIERS not in tokens:
        return tokens
    calls = []
    for call in calls_of(tokens):
        if call[0] == _MATRIX and "<p:y>" not in call and _of_interest(grounded) is not None:
            call = (*call[:-1], "<p:y>", str(_of_interest(grounded)), v.END_CALL)
        if call[0] == _OUTLIERS and "<p:names>" not in call:
            naming = _naming(grounded)
            if naming is not None and naming not in tokens and not _of_result(call):
                call = (*call[:-1], "<p:names>", naming, v.END_CALL)
        calls.append(call)
    return joined(calls)


def _of_result(call: tuple[str, ...]) -> bool:
    return any(t.endswith(".>") for t in call)


@once
def _of_interest(grounded: Grounded) -> str | None:
    """The only numeric column that the request names, with a word before it that says what is asked of the others."""
    words = request_words(grounded.text)
    named = list(dict.fromkeys(w for w in words if NUMERIC.fullmatch(w)))
    if len(named) != 1:
        return None
    at = words.index(named[0])
    return named[0] if _WITH.search(" ".join(words[max(0, at - 4) : at])) else None


@once
def _naming(grounded: Grounded) -> str | None:
    """The only column of words that the request names, where it asks which of them are meant."""
    words = request_words(grounded.text)
    named = {s.token for s in grounded.of("g") if s.token in words and isinstance(s.value, Labels)}
    return named.pop() if len(named) == 1 and _WHICH & set(words) else None
