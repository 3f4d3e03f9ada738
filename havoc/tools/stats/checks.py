"""Assumptions behind tests, checked on the data at hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from havoc.errors import InputError
from havoc.tools.result import Assumption
from havoc.tools.values import FloatArray, Sample

CLEARLY = 0.05


def normality(values: FloatArray, of: str) -> Assumption:
    """Shapiro-Wilk, with the note that large samples bear non-normality in tests on means."""
    name, n = f"normal distribution of {of}", len(values)
    # Of three values, two of them alike, Shapiro-Wilk has p = 0: rounding alone would be "proof".
    if n < 4 or np.ptp(values) == 0:
        return Assumption(
            name, None, "too few distinct values to judge it; rely on process knowledge"
        )
    w, p = stats.shapiro(values[:5000])
    if p >= CLEARLY:
        power = " (a weak check with so few values)" if n < 10 else ""
        return Assumption(name, True, f"Shapiro-Wilk finds no departure{power}", float(w), float(p))
    help_ = (
        "with this many values a test on means still holds well"
        if n >= 30
        else "prefer a rank test"
    )
    return Assumption(name, False, f"Shapiro-Wilk rejects normality; {help_}", float(w), float(p))


def equal_variances(groups: Sequence[FloatArray], otherwise: str) -> Assumption:
    """Brown-Forsythe (Levene around medians)."""
    name = "equal variances"
    if min(len(g) for g in groups) < 3 or all(np.ptp(g) == 0 for g in groups):
        return Assumption(name, None, "too few values to judge it")
    statistic, p = stats.levene(*groups, center="median")
    if not np.isfinite(p):
        return Assumption(
            name, None, "the spread within groups does not vary, so it cannot be judged"
        )
    if p >= CLEARLY:
        return Assumption(
            name, True, "Brown-Forsythe finds no difference", float(statistic), float(p)
        )
    return Assumption(
        name, False, f"Brown-Forsythe finds a difference; {otherwise}", float(statistic), float(p)
    )


def independence(
    detail: str = "not testable from the values alone: it follows from how they were collected",
) -> Assumption:
    return Assumption("independent observations", None, detail)


def far_values(sample: Sample) -> list[str]:
    """A warning that names values beyond three interquartile ranges (Tukey's outer fences)."""
    x = sample.values
    if len(x) < 5:
        return []
    q1, q3 = np.quantile(x, [0.25, 0.75])
    far = [
        t
        for t, v in zip(sample.texts, x, strict=True)
        if v < q1 - 3 * (q3 - q1) or v > q3 + 3 * (q3 - q1)
    ]
    if q3 == q1 or not far:
        return []
    shown = ", ".join(str(t) for t in far[:5])
    return [
        f"'{sample.name}' has far outlying values ({shown}): check them, and repeat the test "
        f"without them."
    ]


def failed(assumptions: Sequence[Assumption]) -> list[str]:
    """One warning for each assumption that the data contradict."""
    return [
        f"The assumption of {a.name} looks doubtful (p = {a.p_value:.2g}): "
        f"{a.detail.split('; ')[-1]}."
        for a in assumptions
        if a.met is False and a.p_value is not None
    ]


def must_vary(sample: Sample) -> None:
    if len(set(sample.exact)) == 1:
        raise InputError(
            f"all values of '{sample.name}' are equal ({sample.texts[0]}): without spread "
            f"nothing can be tested"
        )
