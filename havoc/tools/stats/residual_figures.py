"""What is also told of a fitted line's residuals: mean errors with divisor n, and whether neighbours resemble."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from havoc.tools.least_squares import ExactColumn, root
from havoc.tools.linear_model import LinearFit
from havoc.tools.operation import Recomputed

OUTPUTS = {
    "correlation": "correlation of response and predictor, with the slope's sign (straight lines)",
    "mse": "mean of the squared residuals (divisor n; ms_error has the degrees of freedom)",
    "rmse": "root of that mean",
    "mae": "mean of the absolute residuals",
    "durbin_watson": "Durbin-Watson statistic in the order of the rows: about 2 without autocorrelation",
}


def residual_figures(fit: LinearFit, slope: float | None) -> dict[str, Any]:
    """The figures above, of fits without weights; ``slope`` is that of a straight line."""
    if fit.weights is not None:
        return {}
    rss, n = fit.rss, fit.n
    found: dict[str, Any] = {"mse": float(rss / n), "rmse": root(rss / n)}
    if slope is not None and fit.model.intercept and fit.r2 is not None:
        found["correlation"] = math.copysign(root((fit.sst - rss) / fit.sst), slope)
    if not fit.exact_fit:
        residuals = fit.residuals
        found["mae"] = float(np.abs(residuals).mean())
        found["durbin_watson"] = float((np.diff(residuals) ** 2).sum()) / float(rss)
    return found


def residual_figures_again(
    residuals: ExactColumn, rss: Fraction, r2: float | None, slope: float | None
) -> dict[str, Any]:
    """From exact residuals: Durbin and Watson's sum of squares multiplied out."""
    n = len(residuals)
    scale = residuals.denominator
    whole = residuals.numerators
    found: dict[str, Any] = {
        "mse": float(rss) / n,
        "rmse": math.sqrt(float(rss) / n),
        "mae": Recomputed(float(Fraction(sum(map(abs, whole)), n * scale)), 1e-7),
    }
    if rss:
        lagged = sum(a * b for a, b in pairwise(whole))
        ends = whole[0] ** 2 + whole[-1] ** 2
        total = 2 * rss - Fraction(ends + 2 * lagged, scale**2)
        found["durbin_watson"] = Recomputed(float(total / rss), 1e-7)
    if slope is not None and r2 is not None:
        found["correlation"] = math.copysign(math.sqrt(r2), slope)
    return found
