"""What the residuals of a fit say about its assumptions."""

from __future__ import annotations

import numpy as np

from havoc.tools.linear_model import LinearFit
from havoc.tools.result import Assumption, Figure
from havoc.tools.values import FloatArray

LEVEL = 0.05  # a residual check below it is reported as not met
MANY = 5000  # Shapiro-Wilk's p value is calibrated up to here (Royston 1995)


def p_words(p: float) -> str:
    """A p value for a sentence; never ``p = 0.0000``."""
    return f"p = {p:.4f}" if p >= 1e-4 else "p < 0.0001"


def normal_residuals(residuals: FloatArray, what: str = "residuals") -> Assumption:
    """Shapiro-Wilk, or D'Agostino-Pearson beyond 5000 residuals."""
    from scipy import stats

    name = f"normal {what}"
    if len(residuals) < 4 or np.ptp(residuals) == 0:
        return Assumption(name, None, "too few distinct residuals to test; judge from experience")
    if len(residuals) <= MANY:
        statistic, p = stats.shapiro(residuals)
        test = "Shapiro-Wilk"
    else:
        statistic, p = stats.normaltest(residuals)
        test = "D'Agostino-Pearson"
    met = bool(p >= LEVEL)
    detail = f"{test} test on the {what}: " + (
        "no sign of non-normality" if met else "they do not look normal; look at the normal plot"
    )
    return Assumption(name, met, detail, float(statistic), float(p))


def constant_variance(fit: LinearFit) -> Assumption:
    """Breusch-Pagan in Koenker's studentised form, against the fitted values."""
    from scipy import stats

    name = "constant variance"
    residuals = fit.weighted_residuals
    fitted = fit.model.response.floats - fit.residuals
    spread = float(np.ptp(fitted))
    if fit.n < 5 or spread <= 1e-12 * max(float(np.abs(fitted).max()), 1e-300) or fit.exact_fit:
        return Assumption(name, None, "cannot be tested here; plot residuals against fitted values")
    squares = residuals**2
    scaled = (fitted - fitted.mean()) / spread
    r = np.corrcoef(scaled, squares)[0, 1] if np.ptp(squares) > 0 else 0.0
    statistic = fit.n * float(r) ** 2
    p = float(stats.chi2.sf(statistic, 1))
    met = p >= LEVEL
    detail = "Breusch-Pagan test against the fitted values: " + (
        "no sign of unequal variance"
        if met
        else "the spread changes with the fitted value; consider a transformation or weights"
    )
    return Assumption(name, met, detail, statistic, p)


def equal_group_variances(groups: list[FloatArray]) -> Assumption:
    """Brown-Forsythe: Levene's test about the medians."""
    from scipy import stats

    name = "equal variances"
    usable = [g for g in groups if len(g) >= 2]
    if len(usable) < 2 or all(np.ptp(g) == 0 for g in usable):
        return Assumption(name, None, "cannot be tested: too few repeats within groups")
    with np.errstate(all="ignore"):
        statistic, p = stats.levene(*usable, center="median")
    if not np.isfinite(p):
        return Assumption(name, None, "cannot be tested: no spread within groups")
    met = bool(p >= LEVEL)
    detail = "Brown-Forsythe test: " + (
        "no sign of unequal variances"
        if met
        else "the groups differ in spread; Welch's analysis of variance does not need equal ones"
    )
    return Assumption(name, met, detail, float(statistic), float(p))


def independence(residuals: FloatArray) -> Assumption:
    """Durbin-Watson in row order against positive autocorrelation; p from its normal approximation."""
    from scipy import stats

    name = "independent errors"
    n, total = len(residuals), float((residuals**2).sum())
    if n < 8 or total == 0:
        return Assumption(
            name, None, "cannot be judged from these data; it rests on randomised run order"
        )
    dw = float((np.diff(residuals) ** 2).sum() / total)
    p = float(stats.norm.sf((1 - dw / 2) * np.sqrt(n)))
    met = p >= LEVEL
    detail = "Durbin-Watson in row order: " + (
        "no sign of autocorrelation"
        if met
        else "neighbouring rows are alike; suspect drift over time or curvature left in the model"
    )
    return Assumption(name, met, detail, dw, p)


def by_randomisation() -> Assumption:
    """For designed comparisons, whose rows usually stand sorted by treatment, not by time."""
    return Assumption(
        "independent errors",
        None,
        "rests on random run order and separate runs, not on these values",
    )


def unusual_rows(fit: LinearFit) -> list[str]:
    """Warnings on outliers (Bonferroni 5%) and rows that carry the fit (Cook's distance above 1)."""
    from scipy import stats

    found = []
    deleted = fit.studentised
    if deleted is not None and fit.df_error >= 3:
        worst = int(np.argmax(np.abs(deleted)))
        p = float(2 * stats.t.sf(abs(deleted[worst]), fit.df_error - 1)) * fit.n
        if p < LEVEL:
            found.append(
                f"Row {row_number(fit, worst)} is an outlier: its studentised residual is "
                f"{deleted[worst]:.2f} (Bonferroni p = {p:.2g})."
            )
    cook = fit.cooks_distance
    if cook is not None:
        strong = [row_number(fit, int(i)) for i in np.flatnonzero(cook > 1)]
        if strong and len(strong) <= 10:
            rows = ", ".join(map(str, strong))
            found.append(
                f"Influential row(s) {rows}: Cook's distance is above 1, so the fit leans on them."
            )
    return found


def row_number(fit: LinearFit, index: int) -> int:
    """As a person counts: from 1, in the table as given."""
    kept = fit.model.kept_rows
    return (kept[index] if kept else index) + 1


def residual_figure(fit: LinearFit) -> Figure:
    residuals = fit.residuals
    fitted = fit.model.response.floats - residuals
    return Figure(
        "residuals",
        f"Residuals of {fit.model.response_name}",
        {
            "fitted": fitted.tolist(),
            "residuals": residuals.tolist(),
            "standardised": [] if fit.standardised is None else fit.standardised.tolist(),
            "rows": [i + 1 for i in fit.model.kept_rows or range(fit.n)],
        },
    )


def residual_checks(fit: LinearFit) -> list[Assumption]:
    if fit.df_error < 1 or fit.exact_fit:
        return [
            Assumption(
                "residual checks", None, "the fit leaves no residuals, so nothing can be checked"
            )
        ]
    base = fit.standardised if fit.standardised is not None else fit.weighted_residuals
    return [normal_residuals(base), constant_variance(fit), independence(fit.weighted_residuals)]
