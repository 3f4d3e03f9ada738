"""Objections to several results together: many tests, each with its own chance of a false alarm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from havoc.dsl.executor import Step
from havoc.srs.state import Objection
from havoc.tools.operation import get

_FOLLOW_UP = ("stats.tukey", "stats.dunnett", "stats.games_howell", "stats.adjust_p_values")
_CHECKS = ("stats.normality", "stats.equal_variances", "stats.grubbs", "stats.dixon")
STRONG = 3


def multiplicity(steps: Sequence[Step]) -> Iterator[Objection]:
    """Several hypothesis tests in one program without an adjustment."""
    tests = [
        s
        for s in steps
        if isinstance(s.result.values.get("p_value"), float)
        and "alpha" in get(s.operation).by_name
        and s.operation not in _CHECKS
    ]
    if len(tests) >= STRONG and not any(s.operation in _FOLLOW_UP for s in steps):
        yield Objection(
            tests[0].name,
            "several tests",
            "several hypotheses are tested, each at its own level",
            "warning",
            advice="several hypotheses are tested, each at its own level, so a false alarm among them is likelier than "
            "the level says: adjust the p values (stats.adjust_p_values)",
        )
