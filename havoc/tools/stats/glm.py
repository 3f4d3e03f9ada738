"""Logistic and Poisson regression by maximum likelihood."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

import numpy as np

from havoc.errors import InputError, NeedsClarification
from havoc.tools.expression import Formula, Name
from havoc.tools.formula import Model, build, formula_of, table_of_columns
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.result import Assumption, Figure, Result, table_of
from havoc.tools.stats.regression import extrapolation, settings
from havoc.tools.values import Column, FloatArray, Labels, Sample, Table

TOLERANCE = 1e-6  # two iterative fits agree to this
MOST_EVENTS = 1e9  # above it the log-likelihood loses the digits that two fits are compared by
EVEN = 1e-7  # log odds up to which both outcomes are as likely
OUTPUTS = {
    "coefficient_names": "names of the coefficients",
    "coefficients": "estimates on the link scale",
    "se": "standard errors",
    "z": "Wald statistics",
    "p_values": "p values of the coefficients",
    "ci_low": "lower confidence limits of the coefficients",
    "ci_high": "upper confidence limits of the coefficients",
    "intercept": "the constant on the link scale",
    "deviance": "residual deviance",
    "null_deviance": "deviance with the constant only",
    "df_error": "residual degrees of freedom",
    "log_likelihood": "log-likelihood",
    "aic": "Akaike's information criterion",
    "likelihood_ratio": "likelihood ratio chi-square of the whole model",
    "p_value": "p value of the whole model",
    "n": "rows used",
    "confidence": "confidence level",
}
YParam = Annotated[Column | None, Param("response, instead of a formula")]
XParam = Annotated[tuple[Sample, ...] | None, Param("predictor column or columns")]
FormulaParam = Annotated[Formula | None, Param("model such as y ~ x1 + x2")]
DataParam = Annotated[Table | None, Param("table with the formula's columns")]
AtParam = Annotated[
    tuple[float, ...] | None, Param("predict at these predictor values, in the predictors' order")
]
ConfidenceParam = Annotated[float, Param("confidence level", gt=0, lt=1, fraction=True)]


@dataclass(frozen=True)
class Prepared:
    model: Model
    y: FloatArray
    offset: FloatArray
    event: str = ""


def _prepare(arguments: Mapping[str, Any], binary: bool) -> Prepared:
    formula, data, y, x = (arguments[k] for k in ("formula", "data", "y", "x"))
    if formula is not None:
        if data is None:
            raise NeedsClarification(f"which table holds the columns of {formula}? (data=...)")
        if not isinstance(formula.response, Name):
            raise InputError("the response must be a plain column")
        name = data.column(formula.response.id).name
    else:
        if y is None or not x:
            raise NeedsClarification("which is the response y and which are the predictors x?")
        named = [
            replace(s, name=f"x{i}") if s.name == f"group{i}" else s for i, s in enumerate(x, 1)
        ]
        data = table_of_columns([y, *named])
        name, formula = data.names[0], formula_of(data.columns[0], data.columns[1:])
    column, event = data.column(name), "1"
    if binary:
        column, event = _as_binary(column, arguments.get("event"))
    elif isinstance(column, Labels):
        raise InputError(f"column '{name}' holds words; counts are needed")
    exposure = arguments.get("exposure")
    columns = [column if c.name == name else c for c in data.columns]
    model = build(formula, Table(tuple(columns), data.name))
    model.refuse_far_from_zero()
    matrix = model.matrix()
    scale = np.abs(matrix).max(axis=0)
    if (scale == 0).any() or np.linalg.matrix_rank(matrix / scale) < matrix.shape[1]:
        raise InputError(
            "the predictors do not determine all coefficients: one of them does not vary, or repeats others"
        )
    offset = np.zeros(model.n)
    if exposure is not None:
        if len(exposure) != data.n_rows:
            raise InputError("exposure needs one number above 0 a row")
        values = exposure.take(model.kept_rows).values
        if not (values > 0).all():
            raise InputError("exposure needs one number above 0 a row")
        if values.max() > values.min() * 1e12:
            raise InputError(
                f"the exposures run from {values.min():g} to {values.max():g}: over so many powers of "
                "ten no rate can be fitted; is one of them mistyped?"
            )
        offset = np.log(values)
    response = model.response.floats
    if not binary and ((response < 0).any() or (response != np.round(response)).any()):
        raise InputError(f"'{name}' must hold counts: whole numbers from 0")
    if not binary and response.max() > MOST_EVENTS:
        raise InputError(
            f"'{name}' holds counts above {MOST_EVENTS:g}, which a Poisson model cannot be fitted to in "
            "floating point; use stats.regression"
        )
    return Prepared(model, response, offset, event)


def _as_binary(column: Column, event: str | None) -> tuple[Sample, str]:
    cells = column.texts if isinstance(column, Sample) else column.items
    levels = list(dict.fromkeys(c for c in cells if c is not None))
    if len(levels) != 2:
        raise InputError(
            f"'{column.name}' has {len(levels)} different values; a logistic response has two"
        )
    if event is None:
        event = max(levels, key=float) if isinstance(column, Sample) else levels[1]
    if event not in levels:
        raise InputError(f"'{event}' is not a value of '{column.name}' ({', '.join(levels)})")
    return Sample(
        column.name, tuple(None if c is None else str(int(c == event)) for c in cells)
    ), event


def _newton(p: Prepared, binary: bool) -> tuple[FloatArray, FloatArray]:
    """Second route: Newton's method on columns of unit size, solved by QR; estimates and covariance."""
    x = p.model.matrix()
    scale = np.abs(x).max(axis=0)
    x = x / np.where(scale == 0, 1, scale)
    eta = np.log((p.y + 0.5) / (1.5 - p.y)) if binary else np.log(p.y + 0.5)
    beta = np.linalg.lstsq(x, eta - p.offset, rcond=None)[0]
    for _ in range(100):
        eta = x @ beta + p.offset
        mean = 1 / (1 + np.exp(-eta)) if binary else np.exp(eta)
        weight = mean * (1 - mean) if binary else mean
        q, r = np.linalg.qr(np.sqrt(weight)[:, None] * x)
        change = np.linalg.solve(r, q.T @ ((p.y - mean) / np.sqrt(weight)))
        beta = beta + change
        if np.abs(change).max() < 1e-13 * max(1.0, float(np.abs(beta).max())):
            break
    inverse = np.linalg.inv(r)
    return beta / scale, (inverse @ inverse.T) / np.outer(scale, scale)


def _log_likelihood(p: Prepared, eta: FloatArray, binary: bool) -> float:
    from scipy.special import gammaln

    if binary:
        return float((p.y * eta - np.logaddexp(0, eta)).sum())
    return float((p.y * eta - np.exp(eta) - gammaln(p.y + 1)).sum())


def _fit(p: Prepared, binary: bool) -> Any:
    import warnings

    import statsmodels.api as sm

    if p.model.n <= len(p.model.columns):
        raise InputError("there are as many coefficients as rows")
    if len(set(p.y.tolist())) == 1:
        raise InputError("the response is the same in every row")
    family = sm.families.Binomial() if binary else sm.families.Poisson()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = sm.GLM(p.y, p.model.matrix(), family=family, offset=p.offset).fit(
            tol=1e-13, maxiter=200
        )
    if binary:
        mean = fit.fittedvalues
        if ((np.minimum(mean, 1 - mean) < 1e-8).any() and float(fit.deviance) < 1e-4) or not (
            np.isfinite(fit.bse).all() and fit.bse.max() < 1e4 * max(1, np.abs(fit.params).max())
        ):
            raise InputError(
                "the predictors separate the two outcomes completely, so no finite estimate exists; "
                "use fewer predictors or more data"
            )
    return fit


def _values(p: Prepared, fit: Any, confidence: float) -> dict[str, Any]:
    from scipy import stats

    half = float(stats.norm.isf((1 - confidence) / 2)) * fit.bse
    k = len(p.model.columns) - 1
    ratio = max(0.0, float(fit.null_deviance - fit.deviance))
    values: dict[str, Any] = {
        "coefficient_names": list(p.model.column_names),
        "coefficients": fit.params,
        "se": fit.bse,
        "z": fit.params / fit.bse,
        "p_values": 2 * stats.norm.sf(np.abs(fit.params / fit.bse)),
        "ci_low": fit.params - half,
        "ci_high": fit.params + half,
        "deviance": float(fit.deviance),
        "null_deviance": float(fit.null_deviance),
        "df_error": p.model.n - len(p.model.columns),
        "log_likelihood": float(fit.llf),
        "aic": float(-2 * fit.llf + 2 * len(p.model.columns)),
        "n": p.model.n,
        "confidence": confidence,
    }
    if p.model.intercept:
        values["intercept"] = float(fit.params[0])
        if k:
            values["likelihood_ratio"] = ratio
            values["p_value"] = float(stats.chi2.sf(ratio, k))
    return values


def _verify(arguments: Mapping[str, Any], result: Result, binary: bool) -> dict[str, Any]:
    """Newton's method by QR; deviances from log-likelihoods; chi-square by the incomplete gamma."""
    from scipy.special import erfc, gammaincc, ndtri

    p = _prepare(arguments, binary)
    beta, covariance = _newton(p, binary)
    se = np.sqrt(np.diag(covariance))
    eta = p.model.matrix() @ beta + p.offset
    own = _log_likelihood(p, eta, binary)
    if binary:
        share = p.y.mean()
        null, full = _log_likelihood(p, np.full(len(p.y), math.log(share / (1 - share))), True), 0.0
    else:
        rate = p.y.sum() / np.exp(p.offset).sum()
        null = _log_likelihood(p, math.log(rate) + p.offset, False)
        full = _log_likelihood(p, np.log(np.where(p.y > 0, p.y, 1.0)), False)
        full -= float((p.y == 0).sum()) * -1.0  # log of a Poisson with mean 0 at 0 is 0, not -1
    half = float(-ndtri((1 - arguments["confidence"]) / 2)) * se
    k = len(beta) - 1
    z = beta / se
    found: dict[str, Any] = {
        "coefficients": beta,
        "se": se,
        "z": z,
        "p_values": erfc(np.abs(z) / math.sqrt(2)),
        "ci_low": beta - half,
        "ci_high": beta + half,
        "intercept": float(beta[0]),
        "deviance": 2 * (full - own),
        "null_deviance": 2 * (full - null),
        "df_error": len(p.y) - len(beta),
        "log_likelihood": own,
        "aic": 2 * len(beta) - 2 * own,
        "likelihood_ratio": 2 * (own - null),
        "p_value": float(gammaincc(k / 2, max(0.0, own - null))) if k else None,
        "n": len(p.y),
        "confidence": arguments["confidence"],
    }
    exact = ("n", "df_error", "confidence")
    again: dict[str, Any] = {
        key: value if key in exact else Recomputed(_listed(value), TOLERANCE)
        for key, value in found.items()
        if key in result.values
    }
    again |= _verify_more(arguments, result, p, beta, covariance, binary)
    return again


def _listed(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else value


def _verify_more(
    arguments: Mapping[str, Any],
    result: Result,
    p: Prepared,
    beta: FloatArray,
    covariance: FloatArray,
    binary: bool,
) -> dict[str, Any]:
    from scipy.special import expit, ndtri

    found: dict[str, Any] = {}
    ratios = "odds_ratios" if binary else "rate_ratios"
    found[ratios] = Recomputed([math.exp(b) for b in beta], TOLERANCE)
    if binary:
        found["n_events"] = int(p.y.sum())
        eta = p.model.matrix() @ beta
        share = p.y.mean()
        null = _log_likelihood(p, np.full(len(p.y), math.log(share / (1 - share))), True)
        found["pseudo_r2"] = Recomputed(1 - _log_likelihood(p, eta, True) / null, TOLERANCE)
        right = float(((eta > EVEN) == (p.y == 1)).mean())
        found["accuracy"] = right
    else:
        mean = np.exp(p.model.matrix() @ beta + p.offset)
        found["dispersion"] = Recomputed(
            float(((p.y - mean) ** 2 / mean).sum() / (len(p.y) - len(beta))), TOLERANCE
        )
    if "predicted" in result.values:
        rows = _rows(p.model, arguments["at"])
        eta = rows @ beta
        half = -float(ndtri((1 - arguments["confidence"]) / 2)) * np.sqrt(
            np.einsum("ij,jk,ik->i", rows, covariance, rows)
        )
        link = expit if binary else np.exp
        for key, value in (
            ("predicted", eta),
            ("predicted_low", eta - half),
            ("predicted_high", eta + half),
        ):
            found[key] = Recomputed(_one(link(value).tolist()), TOLERANCE)
    return {k: v for k, v in found.items() if k in result.values}


def _one(values: list[float]) -> Any:
    return values[0] if len(values) == 1 else values


def _rows(model: Model, at: tuple[float, ...]) -> FloatArray:
    table = settings(model, at, None)
    assert table is not None
    return np.column_stack([c.floats for c in model.at(table)])


def _predictions(
    p: Prepared, fit: Any, at: tuple[float, ...], confidence: float, binary: bool
) -> dict[str, Any]:
    from scipy import special, stats

    rows = _rows(p.model, at)
    eta = rows @ fit.params
    spread = np.sqrt((rows @ fit.cov_params() * rows).sum(axis=1))
    half = float(stats.norm.isf((1 - confidence) / 2)) * spread
    link = special.expit if binary else np.exp
    parts = {"predicted": eta, "predicted_low": eta - half, "predicted_high": eta + half}
    return {k: _one(link(v).tolist()) for k, v in parts.items()}


def _result(
    p: Prepared, values: dict[str, Any], ratios: str, text: str, more: Sequence[Any]
) -> Result:
    keys = ("coefficient_names", "coefficients", "se", "z", "p_values", "ci_low", "ci_high", ratios)
    rows = list(zip(*(values[k] for k in keys), strict=True))
    warnings = [w for w in more if isinstance(w, str)]
    if p.model.n_dropped:
        warnings.append(f"{p.model.n_dropped} row(s) with a missing value were left out.")
    return Result(
        values=values,
        conclusion=text,
        tables=(table_of("coefficients", ("term", *keys[1:]), rows),),
        figures=tuple(f for f in more if isinstance(f, Figure)),
        assumptions=tuple(a for a in more if isinstance(a, Assumption)),
        warnings=tuple(warnings),
    )


PREDICTED = {
    "predicted": "predicted mean (probability, or expected count a unit of exposure)",
    "predicted_low": "lower confidence limit of it",
    "predicted_high": "upper confidence limit of it",
}


@operation(
    "stats.logistic",
    outputs=OUTPUTS
    | PREDICTED
    | {
        "odds_ratios": "exp of the coefficients",
        "pseudo_r2": "McFadden's pseudo R-squared",
        "n_events": "rows with the event",
        "accuracy": "share of rows whose likelier outcome was observed",
        "event": "the outcome whose probability is modelled",
    },
    reference="Hosmer, Lemeshow and Sturdivant (2013), Applied Logistic Regression, chapters 1-2",
    verifier=lambda arguments, result: _verify(arguments, result, True),
    examples=(
        "r = stats.logistic(y=[0, 0, 1, 0, 1, 0, 1, 1, 1, 1], x=[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], at=[5.5])",
        'r = stats.logistic(y=["ok", "ok", "fail", "ok", "fail", "ok", "fail", "fail"], x=[1, 3, 2, 4, 5, 6, 7, 8])',
    ),
    terms=(
        "logistic regression",
        "pass or fail",
        "probability of failure",
        "odds ratio",
        "binary response",
    ),
    tolerance=TOLERANCE,
)
def logistic(
    formula: FormulaParam = None,
    data: DataParam = None,
    y: YParam = None,
    x: XParam = None,
    at: AtParam = None,
    event: Annotated[
        str | None, Param("the outcome counted as 1 (default: the larger or second)")
    ] = None,
    confidence: ConfidenceParam = 0.95,
) -> Result:
    """Fit a logistic regression: how the probability of an event depends on predictors.

    Maximum likelihood; coefficients are log odds, their exponentials odds ratios. Complete separation of
    the outcomes, where no finite estimate exists, is refused.
    """
    arguments = {"formula": formula, "data": data, "y": y, "x": x, "event": event}
    p = _prepare(arguments, True)
    fit = _fit(p, True)
    values = _values(p, fit, confidence)
    events = int(p.y.sum())
    values |= {
        "odds_ratios": np.exp(fit.params),
        "pseudo_r2": float(1 - fit.llf / fit.llnull),
        "n_events": events,
        "accuracy": float(((p.model.matrix() @ fit.params > EVEN) == (p.y == 1)).mean()),
        "event": p.event,
    }
    more: list[Any] = [
        Assumption("independent rows", None, "rests on how the data were collected"),
        Assumption(
            "enough events",
            min(events, p.model.n - events) >= 10 * (len(fit.params) - 1),
            "about ten events (and non-events) a predictor are wanted",
        ),
    ]
    if at is not None:
        values |= _predictions(p, fit, at, confidence, True)
        more += extrapolation(p.model, settings(p.model, at, None))  # type: ignore[arg-type]
    text = (
        "The odds ratio is {odds_ratios[1]} (p = {p_values[1]})."
        if len(fit.params) == 2
        else (
            "Likelihood ratio chi-square {likelihood_ratio}, p = {p_value}; odds ratios are in the table."
            if "p_value" in values
            else "Odds ratios are in the table."
        )
    )
    if "predicted" in values and not isinstance(values["predicted"], list):
        text += " Predicted probability {predicted} ({predicted_low} to {predicted_high})."
    return _result(p, values, "odds_ratios", text, more)


@operation(
    "stats.poisson_regression",
    outputs=OUTPUTS
    | PREDICTED
    | {
        "rate_ratios": "exp of the coefficients",
        "dispersion": "Pearson chi-square over its degrees of freedom: about 1 for Poisson counts",
    },
    reference="McCullagh and Nelder (1989), Generalized Linear Models, chapter 6",
    verifier=lambda arguments, result: _verify(arguments, result, False),
    examples=(
        "r = stats.poisson_regression(y=[2, 3, 6, 7, 8, 9, 10, 12, 15], x=[1, 2, 3, 4, 5, 6, 7, 8, 9], at=[5])",
        "r = stats.poisson_regression(y=[4, 9, 7, 20], x=[1, 2, 3, 4], exposure=[10, 20, 12, 25])",
    ),
    terms=(
        "Poisson regression",
        "counts",
        "rate ratio",
        "defects as a function of",
        "log-linear model",
    ),
    tolerance=TOLERANCE,
)
def poisson_regression(
    formula: FormulaParam = None,
    data: DataParam = None,
    y: Annotated[Sample | None, Param("counts, instead of a formula")] = None,
    x: XParam = None,
    exposure: Annotated[Sample | None, Param("size, time or area each count was made on")] = None,
    at: AtParam = None,
    confidence: ConfidenceParam = 0.95,
) -> Result:
    """Fit a Poisson regression: how counts or rates depend on predictors.

    Maximum likelihood with a log link; exponentials of the coefficients are rate ratios. The dispersion
    warns where counts scatter more than Poisson counts do.
    """
    arguments = {"formula": formula, "data": data, "y": y, "x": x, "exposure": exposure}
    p = _prepare(arguments, False)
    fit = _fit(p, False)
    values = _values(p, fit, confidence)
    dispersion = float(fit.pearson_chi2 / values["df_error"])
    values |= {"rate_ratios": np.exp(fit.params), "dispersion": dispersion}
    more: list[Any] = [
        Assumption(
            "Poisson scatter",
            0.5 < dispersion < 1.5,
            "Pearson chi-square over its degrees of freedom, about 1 for Poisson counts",
            dispersion,
        ),
        Assumption("independent rows", None, "rests on how the data were collected"),
    ]
    if dispersion >= 1.5:
        more.append(
            "The counts scatter more than Poisson counts: standard errors are too small by about the "
            "square root of the dispersion."
        )
    if at is not None:
        values |= _predictions(p, fit, at, confidence, False)
        more += extrapolation(p.model, settings(p.model, at, None))  # type: ignore[arg-type]
    text = (
        "The rate ratio is {rate_ratios[1]} (p = {p_values[1]})."
        if len(fit.params) == 2
        else (
            "Likelihood ratio chi-square {likelihood_ratio}, p = {p_value}; rate ratios are in the table."
            if "p_value" in values
            else "Rate ratios are in the table."
        )
    )
    return _result(p, values, "rate_ratios", text, more)
