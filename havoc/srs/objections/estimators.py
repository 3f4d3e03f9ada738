"""Objections to the estimator: the method is valid, but not the best for such data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from havoc.dsl.executor import Step
from havoc.srs.state import Objection

LARGE_SUBGROUP = 10  # Montgomery (2013): the range loses efficiency above about 10 readings
NORMAL_APPROXIMATION = (
    5  # expected events and non-events from which a normal approximation of counts is good
)


def estimator(step: Step) -> Iterator[Objection]:
    """The wrong measure of spread, a normal approximation of few counts, a chart of too few expected events."""
    v = step.result.values
    told = None
    if step.operation == "spc.xbar_r" and _over(v, "subgroup_size", LARGE_SUBGROUP):
        told = (
            "wasteful estimator",
            "the range uses only two readings of a large subgroup",
            "the range uses only two readings of a large subgroup: the X-bar and S chart (spc.xbar_s) is sharper",
        )
    elif step.operation in ("stats.proportion_two", "stats.proportion_one") and _few_events(
        step.arguments
    ):
        told = (
            "few events",
            "a normal approximation is poor with so few events",
            "a normal approximation is poor with so few events: Fisher's exact test or exact limits are safer",
        )
    elif step.operation == "spc.c" and _under(v, "c_bar", 4):
        told = (
            "rare events",
            "with so few events a unit the chart is skewed and has no lower limit",
            "with so few events a unit the chart is skewed and has no lower limit: take larger units, or chart the "
            "time between events (spc.t, spc.g)",
        )
    if told is not None:
        yield Objection(step.name, told[0], told[1], "warning", advice=told[2])


def _over(v: Mapping[str, Any], key: str, limit: float) -> bool:
    return isinstance(v.get(key), int | float) and v[key] > limit


def _under(v: Mapping[str, Any], key: str, limit: float) -> bool:
    return isinstance(v.get(key), int | float) and v[key] < limit


def _few_events(given: Mapping[str, Any]) -> bool:
    pairs = [("events_1", "n_1"), ("events_2", "n_2"), ("events", "n")]
    found = [(given[e], given[n]) for e, n in pairs if given.get(e) is not None and given.get(n)]
    return any(min(e, n - e) < NORMAL_APPROXIMATION for e, n in found)
