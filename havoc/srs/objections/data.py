"""Objections from the data themselves: outliers, dependence on the neighbour, too few values."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from havoc.dsl.executor import Step
from havoc.srs.samples import far_out, present, samples
from havoc.srs.state import Objection
from havoc.tools.values import Sample

MEAN_BASED = frozenset(
    (
        "stats.t_test_one stats.t_test_two stats.t_test_paired stats.z_test stats.anova stats.tukey stats.dunnett "
        "stats.welch_anova stats.describe stats.correlation stats.variance_one stats.variance_two quality.capability "
        "quality.tolerance_interval"
    ).split()
)
IN_TIME_ORDER = frozenset(
    "stats.t_test_one stats.z_test stats.describe quality.capability quality.tolerance_interval".split()
)
COMPARISONS = frozenset(
    (
        "stats.t_test_one stats.t_test_two stats.t_test_paired stats.anova stats.mann_whitney stats.wilcoxon "
        "stats.kruskal_wallis stats.welch_anova stats.correlation"
    ).split()
)
LONG_ENOUGH = 20  # points from which a lag-1 autocorrelation can be judged
FEW = 10  # values a group below which only large differences are found


def outliers(step: Step) -> Iterator[Objection]:
    """Values far from the others of their sample, by the modified z score (median and MAD)."""
    if step.operation not in MEAN_BASED or _checks_stability(step):
        return
    for sample in samples(step):
        far = far_out(present(sample))
        if len(far) and len(far) <= max(1, len(sample) // 10):
            named = " and ".join(_shown(sample, i) for i in far[:3])
            yield Objection(
                step.name,
                f"outlier in '{sample.name}'",
                f"{named} {'lies' if len(far) == 1 else 'lie'} far from the other values",
                "warning",
                advice=f"{named} {'lies' if len(far) == 1 else 'lie'} far from the other values; "
                "look for the cause, and give the result without it as well",
            )


def autocorrelation(step: Step) -> Iterator[Objection]:
    """Lag-1 autocorrelation beyond two standard errors, where the method takes values as independent."""
    if step.operation not in IN_TIME_ORDER:
        return
    for sample in samples(step):
        values = present(sample)
        if len(values) < LONG_ENOUGH or np.ptp(values) == 0:
            continue
        away = values - values.mean()
        lag1 = float((away[1:] * away[:-1]).sum() / (away**2).sum())
        if abs(lag1) > 2 / np.sqrt(len(values)):
            alike = "alike" if lag1 > 0 else "opposite"
            yield Objection(
                step.name,
                "dependent values",
                f"neighbouring values of '{sample.name}' are {alike} in the order given",
                "warning",
                advice=f"neighbouring values of '{sample.name}' are {alike} in the order given; if that is the "
                "order in time, they tell less than as many independent values, and the intervals are too narrow: "
                "chart them",
            )


def too_small(step: Step) -> Iterator[Objection]:
    """No difference found by a small comparison: it could have missed one."""
    if step.operation not in COMPARISONS or step.result.values.get("significant") is not False:
        return
    sizes = [len(present(s)) for s in samples(step)]
    if sizes and min(sizes) < FEW:
        yield Objection(
            step.name,
            "low power",
            f"with {min(sizes)} values only a large difference would have been found",
            "warning",
            advice=f"with {min(sizes)} values only a large difference would have been found; no evidence of a "
            "difference is not evidence of none",
        )


def _shown(sample: Sample, i: int) -> str:
    kept = [t for t in sample.texts if t is not None]
    return f"{float(kept[i]):.6g}"


def _checks_stability(step: Step) -> bool:
    """The operation looks at stability itself, and found a point out."""
    return any(a.name == "stability" and a.met is False for a in step.result.assumptions)
