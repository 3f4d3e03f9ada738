"""How well the index finds: recall, reciprocal rank and discounted gain on queries whose answer is known."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from havoc.rag.passages import Text

_FIRST_SENTENCE = re.compile(r"^(.{20,300}?[.:])(?:\s|$)", re.DOTALL)


@dataclass(frozen=True)
class KnownItem:
    """A query and the documents that answer it."""

    query: str
    documents: frozenset[str]


class _Hit(Protocol):
    @property
    def passage(self) -> Any: ...


class Searcher(Protocol):
    """What is asked of an index."""

    def search(self, query: str, k: int | None = None) -> Sequence[_Hit]: ...


def known_items(
    documents: Iterable[Text], count: int, *, min_body: int = 300
) -> tuple[list[KnownItem], list[Any]]:
    """Make queries of summaries: a document's first sentence asks, the rest is what is indexed.

    Returns the queries and the documents to index, of which ``count`` have lost their summary.
    Which those are follows from the documents' ids alone.
    """
    kept: list[Any] = list(documents)
    able = []
    for place, document in enumerate(kept):
        match = _FIRST_SENTENCE.match(document.text)
        if match and len(document.text) - match.end() >= min_body:
            digest = hashlib.blake2b(document.id.encode(), digest_size=8).digest()
            able.append((digest, place, match))
    items = []
    for _, place, match in sorted(able, key=lambda entry: entry[0])[:count]:
        items.append(KnownItem(match[1], frozenset({kept[place].id})))
        # The title often says what the summary says: the body must be found without either.
        kept[place] = replace(kept[place], title="", text=kept[place].text[match.end() :].lstrip())
    return items, kept


def measure(index: Searcher, items: Sequence[KnownItem], *, k: int = 10) -> dict[str, float]:
    """Return recall at 1, 5 and ``k``, mean reciprocal rank and discounted gain within ``k``, by documents.

    Recall is the share of queries with an accepted document among the first passages. The gain
    (Jaervelin and Kekaelaeinen 2002) counts each accepted document once, where it stands first, and
    is divided by the best that ``k`` passages could have: all accepted documents at the top.
    """
    ranks: list[int | None] = []
    gains = 0.0
    for item in items:
        found = [hit.passage.document for hit in index.search(item.query, k)]
        first = {d: r for r, d in reversed(list(enumerate(found, 1))) if d in item.documents}
        ranks.append(min(first.values(), default=None))
        gains += sum(map(_gain, first.values())) / sum(
            map(_gain, range(1, min(len(item.documents), k) + 1))
        )
    total = max(len(ranks), 1)
    cuts = sorted({1, 5, k})
    figures = {
        f"recall@{cut}": sum(1 for r in ranks if r is not None and r <= cut) / total for cut in cuts
    }
    figures[f"mrr@{k}"] = sum(1 / r for r in ranks if r is not None) / total
    figures[f"ndcg@{k}"] = gains / total
    figures["queries"] = float(len(ranks))
    return figures


def _gain(rank: int) -> float:
    return 1 / math.log2(rank + 1)
