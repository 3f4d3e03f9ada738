"""Robust regression, and the Box-Cox transformation of a response."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np

from havoc.errors import InputError
from havoc.tools.diagnostics import independence, normal_residuals
from havoc.tools.expression import Formula
from havoc.tools.formula import Model
from havoc.tools.linear_model import LinearFit
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.stats.grouped import grouped_model
from havoc.tools.stats.regression import equation, extrapolation, fit_warnings, model_from, settings
from havoc.tools.values import Column, FloatArray, Sample, Table

HUBER = 1.345  # 95% efficiency under normality (Huber 1981)
MAD = 0.6744897501960817  # normal quantile of 0.75


def _huber(x: FloatArray, y: FloatArray, k: float) -> tuple[FloatArray, float, FloatArray]:
    """Iteratively reweighted least squares by QR, with the scale from the median absolute deviation."""
    scale = np.abs(x).max(axis=0)
    z = x / scale
    beta = np.linalg.lstsq(z, y, rcond=None)[0]
    sigma, weights = 0.0, np.ones(len(y))
    for _ in range(500):
        residuals = y - z @ beta
        sigma = float(np.median(np.abs(residuals))) / MAD
        if sigma == 0:
            raise InputError(
                "more than half of the rows are fitted exactly, so no robust scale exists"
            )
        u = np.abs(residuals) / sigma
        weights = np.where(u <= k, 1.0, k / np.maximum(u, 1e-300))
        root = np.sqrt(weights)
        new = np.linalg.lstsq(z * root[:, None], y * root, rcond=None)[0]
        change = float(np.abs(new - beta).max())
        beta = new
        if change <= 1e-13 * max(1.0, float(np.abs(beta).max())):
            break
    return beta / scale, sigma, weights


def _huber_errors(x: FloatArray, residuals: FloatArray, sigma: float, k: float) -> FloatArray:
    """Huber's covariance with his correction factor (1981, eq. 7.6.5)."""
    n, p = x.shape
    psi = np.clip(residuals / sigma, -k, k)
    inside = (np.abs(residuals / sigma) <= k).astype(float)
    m = float(inside.mean())
    correction = 1 + p / n * float(inside.var()) / m**2
    spread = float((psi**2).sum()) / (n - p) * sigma**2 / m**2 * correction**2
    scale = np.abs(x).max(axis=0)
    r = np.linalg.qr(x / scale, mode="r")
    inverse = np.linalg.inv(r)
    return np.asarray(np.sqrt(spread * (inverse**2).sum(axis=1)) / scale)


def _verify_robust(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """statsmodels' M-estimator."""
    import statsmodels.api as sm
    from scipy.special import erfc

    model = _robust_model(arguments)
    fit = sm.RLM(model.response.floats, model.matrix(), M=sm.robust.norms.HuberT(HUBER)).fit(
        tol=1e-12, maxiter=500
    )
    z = fit.params / fit.bse
    found: dict[str, Any] = {
        "coefficients": fit.params.tolist(),
        "intercept": float(fit.params[0]),
        "slope": float(fit.params[-1]),
        "se": fit.bse.tolist(),
        "z": z.tolist(),
        "p_values": erfc(np.abs(z) / math.sqrt(2)).tolist(),
        "s": float(fit.scale),
        "smallest_weight": float(fit.weights.min()),
    }
    again: dict[str, Any] = {k: Recomputed(v, 1e-5) for k, v in found.items() if k in result.values}
    again |= {
        "n": len(model.response),
        "n_downweighted": int((fit.weights < 1 - 1e-9).sum()),
    }
    if "predicted" in result.values:
        table = settings(model, arguments["at"], None)
        assert table is not None
        rows = np.column_stack([c.floats for c in model.at(table)])
        values = (rows @ fit.params).tolist()
        again["predicted"] = Recomputed(values[0] if len(values) == 1 else values, 1e-5)
    return again


def _robust_model(arguments: Mapping[str, Any]) -> Model:
    model = model_from(*(arguments[k] for k in ("formula", "data", "y", "x")))
    model.refuse_far_from_zero()
    return model


@operation(
    "stats.robust_regression",
    outputs={
        "coefficient_names": "names of the coefficients",
        "coefficients": "estimates",
        "intercept": "the constant",
        "slope": "the slope (straight lines)",
        "se": "standard errors",
        "z": "estimate over standard error",
        "p_values": "p values (normal approximation)",
        "s": "robust scale of the residuals",
        "n": "rows used",
        "n_downweighted": "rows with a weight below 1",
        "smallest_weight": "the smallest weight",
        "predicted": "predicted response",
    },
    reference="Huber (1981), Robust Statistics, chapter 7",
    verifier=_verify_robust,
    examples=(
        "r = stats.robust_regression(y=[1.1, 2.0, 2.9, 4.2, 5.1, 14, 7.0, 8.1], x=[1, 2, 3, 4, 5, 6, 7, 8])",
    ),
    terms=("robust regression", "Huber", "regression with outliers", "M-estimator"),
    tolerance=1e-5,
)
def robust_regression(
    formula: Annotated[Formula | None, Param("model such as y ~ x1 + x2")] = None,
    data: Annotated[Table | None, Param("table with the formula's columns")] = None,
    y: Annotated[Sample | None, Param("response, instead of a formula", min_length=4)] = None,
    x: Annotated[tuple[Sample, ...] | None, Param("predictor column or columns")] = None,
    at: Annotated[tuple[float, ...] | None, Param("predict at these predictor values")] = None,
) -> Result:
    """Fit a regression that outlying responses cannot pull away, by Huber's M-estimator.

    Rows whose residual is large beside the others count less (tuning constant 1.345: 95% efficiency for normal
    errors). It does not protect against outlying predictor values.
    """
    model = _robust_model({"formula": formula, "data": data, "y": y, "x": x})
    ordinary = LinearFit(model)
    if ordinary.aliased:
        raise InputError(f"not estimable from these data: {', '.join(ordinary.aliased)}")
    matrix, response = model.matrix(), model.response.floats
    if len(response) <= matrix.shape[1]:
        raise InputError("there are as many coefficients as rows")
    if np.ptp(response) == 0:
        raise InputError("the response is the same in every row: there is nothing to explain")
    beta, sigma, weights = _huber(matrix, response, HUBER)
    residuals = response - matrix @ beta
    se = _huber_errors(matrix, residuals, sigma, HUBER)
    from scipy.stats import norm

    low = [i for i in range(len(weights)) if weights[i] < 1 - 1e-9]
    values: dict[str, Any] = {
        "coefficient_names": list(model.column_names),
        "coefficients": beta,
        "se": se,
        "z": beta / se,
        "p_values": 2 * norm.sf(np.abs(beta / se)),
        "s": sigma,
        "n": model.n,
        "n_downweighted": len(low),
        "smallest_weight": float(weights.min()),
    }
    if model.intercept:
        values["intercept"] = float(beta[0])
        if len(beta) == 2:
            values["slope"] = float(beta[1])
    warnings = [w for w in fit_warnings(ordinary) if "left out" in w]
    text = f"Robust fit: {equation(ordinary)}; {{n_downweighted}} of {{n}} rows count less than the others."
    if at is not None:
        table = settings(model, at, None)
        assert table is not None
        found = (np.column_stack([c.floats for c in model.at(table)]) @ beta).tolist()
        values["predicted"] = found[0] if len(found) == 1 else found
        warnings += extrapolation(model, table)
    rows = [
        (model.kept_rows[i] + 1, float(response[i]), float(residuals[i]), float(weights[i]))
        for i in low
    ]
    keys = ("coefficient_names", "coefficients", "se", "z", "p_values")
    return Result(
        values=values,
        conclusion=text,
        tables=(
            table_of(
                "coefficients",
                ("term", *keys[1:]),
                list(zip(*(values[k] for k in keys), strict=True)),
            ),
            table_of("rows that count less", ("row", "response", "residual", "weight"), rows),
        ),
        figures=(
            Figure(
                "residuals",
                "Robust residuals",
                {"fitted": (matrix @ beta).tolist(), "residuals": residuals.tolist()},
            ),
        ),
        assumptions=(independence(residuals),),
        warnings=tuple(warnings),
    )


# ---------------------------------------------------------------- Box-Cox


def _profile(y: FloatArray, matrix: FloatArray, power: float) -> float:
    """Log-likelihood of a power, up to a constant (Box and Cox 1964, eq. 8), by orthogonal projection."""
    logs = np.log(y)
    mean = logs.mean()
    scaled = logs - mean  # y over its geometric mean
    z = scaled if abs(power) < 1e-12 else np.expm1(power * scaled) / power
    q = np.linalg.qr(matrix)[0]
    rss = float(((z - q @ (q.T @ z)) ** 2).sum())
    return -len(y) / 2 * math.log(rss) if rss > 0 else math.inf


def _profile_again(y: FloatArray, matrix: FloatArray, power: float) -> float:
    """The same from the definition of the transformation and its Jacobian, by least squares."""
    z = np.log(y) if abs(power) < 1e-9 else (y**power - 1) / power
    rss = float(((z - matrix @ np.linalg.lstsq(matrix, z, rcond=None)[0]) ** 2).sum())
    return (
        -len(y) / 2 * math.log(rss) + (power - 1) * float(np.log(y).sum()) + float(np.log(y).sum())
    )


def _box_cox_model(arguments: Mapping[str, Any]) -> tuple[FloatArray, FloatArray, str]:
    y, by = arguments["y"], arguments["by"]
    if arguments["formula"] is not None or by is not None:
        if arguments["formula"] is not None and arguments["anova"]:
            model = grouped_model(arguments["formula"], arguments["data"], None, None, None, None)
        elif arguments["formula"] is not None:
            model = model_from(arguments["formula"], arguments["data"], None, None)
        else:
            model = grouped_model(None, None, None, y, by, None)
        values, name = model.response.floats, model.response_name
        fit = LinearFit(model)
        matrix = np.column_stack([c.floats for c in fit.kept_columns])
    else:
        if y is None:
            raise InputError("give the response y, or a formula with data")
        values, name = y.present().values, y.name
        matrix = np.ones((len(values), 1))
    if (values <= 0).any():
        raise InputError(f"'{name}' has values of 0 or below; Box-Cox powers need positive ones")
    if len(values) <= matrix.shape[1] + 1 or np.ptp(values) == 0:
        raise InputError("too few values, or values without spread, for a transformation")
    return values, matrix, name


def _best(profile: Any) -> float:
    from scipy.optimize import minimize_scalar

    grid = np.linspace(-5, 5, 201)
    start = float(grid[np.argmax([profile(v) for v in grid])])
    found = minimize_scalar(
        lambda v: -profile(v),
        bounds=(start - 0.06, start + 0.06),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return float(found.x)


def _crossing(profile: Any, best: float, drop: float, side: int) -> float | None:
    from scipy.optimize import brentq

    target = profile(best) - drop
    edge = best
    while abs(edge - best) < 10:
        edge += side * 0.1
        if profile(edge) < target:
            return float(brentq(lambda v: profile(v) - target, *sorted((best, edge)), xtol=1e-12))
    return None


def _verify_box_cox(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Golden section and bisection on the likelihood written from its definition."""
    from scipy.special import gammaincinv

    y, matrix, _ = _box_cox_model(arguments)

    def profile(v: float) -> float:
        return _profile_again(y / np.exp(np.log(y).mean()), matrix, v)

    low, high = -5.0, 5.0
    grid = np.linspace(low, high, 161)
    centre = float(grid[np.argmax([profile(v) for v in grid])])
    low, high = centre - 0.08, centre + 0.08
    ratio = (math.sqrt(5) - 1) / 2
    for _ in range(80):
        a, b = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (a, high) if profile(a) < profile(b) else (low, b)
    best = (low + high) / 2
    drop = float(gammaincinv(0.5, arguments["confidence"]))
    found: dict[str, Any] = {"power": Recomputed(best, 1e-5), "confidence": arguments["confidence"]}
    for key, side in (("ci_low", -1), ("ci_high", 1)):
        if key in result.values:
            inner, outer = best, best + side * 10.0
            for _ in range(100):
                middle = (inner + outer) / 2
                inner, outer = (
                    (inner, middle) if profile(middle) < profile(best) - drop else (middle, outer)
                )
            found[key] = Recomputed(inner, 1e-5)
    found["log_likelihood"] = Recomputed(profile(best), 1e-6)
    found["log_likelihood_1"] = profile(1.0)
    found["rounded"] = _rounded(best, result.values.get("ci_low"), result.values.get("ci_high"))
    found["n"] = len(y)
    return found


ROUND = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0)


def _rounded(power: float, low: Any, high: Any) -> float:
    """The usual power nearest the estimate, if the interval holds one."""
    inside = [r for r in ROUND if (low is None or low <= r) and (high is None or r <= high)]
    return min(inside, key=lambda r: abs(r - power)) if inside else round(power, 2)


@operation(
    "stats.box_cox",
    outputs={
        "power": "the most likely power (lambda)",
        "ci_low": "lower confidence limit of the power",
        "ci_high": "upper confidence limit of the power",
        "rounded": "the usual power to take: nearest inside the interval (0 is the logarithm)",
        "log_likelihood": "profile log-likelihood there, of the response over its geometric mean",
        "log_likelihood_1": "the same without a transformation (power 1)",
        "n": "values used",
        "confidence": "confidence level",
    },
    reference="Box and Cox (1964), An analysis of transformations, JRSS B 26, 211-252",
    verifier=_verify_box_cox,
    examples=(
        "r = stats.box_cox(y=[0.31, 0.45, 0.46, 0.43, 0.82, 1.10, 0.88, 0.72, 2.3, 3.1])",
        "r = stats.box_cox(y=[1.2, 1.9, 2.8, 7.5, 9, 21, 18, 55], by=[[1, 1, 1, 2, 2, 2, 3, 3]])",
    ),
    terms=(
        "Box-Cox",
        "power transformation",
        "which transformation",
        "lambda",
        "stabilise the variance",
    ),
    tolerance=1e-6,
)
def box_cox(
    y: Annotated[Sample | None, Param("response", min_length=4)] = None,
    by: Annotated[tuple[Column, ...] | None, Param("factors the response depends on")] = None,
    formula: Annotated[Formula | None, Param("model of the response such as y ~ a*b")] = None,
    data: Annotated[Table | None, Param("table with the formula's columns")] = None,
    anova: Annotated[bool, Param("read the formula's numeric columns as factors")] = False,
    confidence: Annotated[float, Param("confidence level", gt=0, lt=1, fraction=True)] = 0.95,
) -> Result:
    """Find the power transformation that makes a response most nearly normal with constant variance.

    The power maximises the likelihood of the transformed response given its model (a common mean, group means
    or a formula). The interval tells which usual powers (square root, logarithm, reciprocal) will do.
    """
    arguments = {"y": y, "by": by, "formula": formula, "data": data, "anova": anova}
    values_, matrix, name = _box_cox_model(arguments)
    from scipy.stats import chi2

    def profile(power: float) -> float:
        return _profile(values_, matrix, power)

    best = _best(profile)
    if abs(best) > 4.9:
        ratio = float(values_.max() / values_.min())
        raise InputError(
            f"the values of '{name}' vary too little beside their size (largest over smallest is {ratio:.3g}) "
            "to tell powers apart; a power transformation would change nothing"
        )
    drop = float(chi2.ppf(confidence, 1)) / 2
    low, high = _crossing(profile, best, drop, -1), _crossing(profile, best, drop, 1)
    values: dict[str, Any] = {
        "power": best,
        "ci_low": low,
        "ci_high": high,
        "rounded": _rounded(best, low, high),
        "log_likelihood": profile(best),
        "log_likelihood_1": profile(1.0),
        "n": len(values_),
        "confidence": confidence,
    }
    rounded = values["rounded"]
    z = np.log(values_) if rounded == 0 else values_**rounded
    residuals = z - matrix @ np.linalg.lstsq(matrix, z, rcond=None)[0]
    grid = np.linspace(min(-2.0, best - 1), max(2.0, best + 1), 61)
    needless = low is not None and high is not None and low <= 1 <= high
    word = {
        0.0: "the logarithm",
        0.5: "the square root",
        -1.0: "the reciprocal",
        1.0: "no transformation",
    }
    what = f" ({word[rounded]})" if rounded in word else ""
    text = "The most likely power is {power}"
    if low is not None and high is not None:
        text += f" (interval {{ci_low}} to {{ci_high}}); take {{rounded}}{what}"
    return Result(
        values={k: v for k, v in values.items() if v is not None},
        conclusion=text + ".",
        figures=(
            Figure(
                "line",
                f"Box-Cox profile of {name}",
                {
                    "power": grid.tolist(),
                    "log_likelihood": [profile(float(v)) for v in grid],
                    "at": values["power"],
                },
            ),
        ),
        assumptions=(normal_residuals(residuals, "residuals after the transformation"),),
        warnings=("The interval holds 1: a transformation is not needed.",) if needless else (),
        data=Table(
            (Sample.of(values_.tolist(), name), Sample.of(z.tolist(), f"{name}_transformed")),
            "transformed",
        ),
    )
