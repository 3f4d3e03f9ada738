"""The second look at the candidates of a search: how much of the query each one speaks of.

BM25 lets a passage that repeats one rare word beat one that has all the words once. Coverage is
the share of the query's words that a passage has, each word weighing as much as it tells the
candidates apart (inverse document frequency among them, Robertson and Spaerck Jones 1976).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

_WORD = re.compile(r"[a-z0-9]+")
_ENDINGS = ("ations", "ation", "ings", "ing", "ness", "ies", "ied", "ed", "es", "s", "ly")
_STOP = frozenset(
    "a an the of to and in is are for on with by as at it its this that be or from what which how "
    "when do does my i not no so than more can".split()
)


def terms(text: str) -> set[str]:
    """The words of a text without endings; those that say nothing are left out.

    Examples
    --------
    >>> sorted(terms("The tightening of bolts"))
    ['bolt', 'tighten']
    """
    return {_stem(word) for word in _WORD.findall(text.lower()) if word not in _STOP}


def coverages(query: str, texts: Sequence[str]) -> list[float]:
    """The weighted share of the query's words that each text has, from 0 to 1."""
    wanted = terms(query)
    found = [terms(text) for text in texts]
    total = len(texts)
    weights = {}
    for word in sorted(wanted):
        having = sum(word in words for words in found)
        weights[word] = math.log(1 + (total - having + 0.5) / (having + 0.5))
    whole = sum(weights.values())
    if not whole:
        return [0.0] * total
    return [sum(weights[w] for w in sorted(wanted & words)) / whole for words in found]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
