"""Passages that an answered request may cite: those that show the very operation that was run, or none.

What the index finds for a request's words is often about something near it; beside a computed number a wrong citation
is worse than none. So the floor is not a score: a passage counts if it runs the operation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from havoc.dsl.executor import Step
from havoc.srs.state import Passage, Retriever
from havoc.tools.operation import get

MOST = 2
_LOOKED_AT = 20


def passages_on(
    steps: Sequence[Step], found: Sequence[Passage], index: Retriever | None
) -> tuple[Passage, ...]:
    """At most two passages, one an operation, those of ``found`` (what the request's words brought) first."""
    told = [s.operation for s in steps if not s.operation.startswith("table.")]
    kept: dict[str, Passage] = {}
    for operation in dict.fromkeys(told or [s.operation for s in steps]):
        fitting = next(_showing(operation, found, index), None)
        if fitting is not None:
            kept.setdefault(fitting.id, fitting)
    return tuple(kept.values())[:MOST]


def _showing(
    operation: str, found: Sequence[Passage], index: Retriever | None
) -> Iterator[Passage]:
    yield from (p for p in found if f"{operation}(" in p.text)
    if index is None:
        return
    query = f"{operation}( havoc worked example {get(operation).summary}"
    more = map(passage_of, index.search(query, _LOOKED_AT))
    yield from (p for p in more if f"{operation}(" in p.text)


def passage_of(found: object) -> Passage:
    """What the index found, as the state holds it."""
    p, score = found.passage, found.score  # type: ignore[attr-defined]
    return Passage(p.id, p.heading, p.source, p.text, score)
