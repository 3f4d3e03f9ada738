"""Time series basics: exponential smoothing with forecasts, decomposition by seasons, unit roots."""

from __future__ import annotations

import math
import warnings as python_warnings
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from scipy import optimize, stats

from havoc.errors import InputError, NeedsClarification
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.result import Assumption, Figure, Result, Value, table_of
from havoc.tools.stats import checks
from havoc.tools.values import FloatArray, Sample, refuse_far_from_zero

Series = Annotated[Sample, Param("measurements in time order, equally spaced", min_length=6)]
Trend = Literal["none", "linear"]
_HYNDMAN = "Hyndman and Athanasopoulos (2021), Forecasting: Principles and Practice, 3rd ed., "
WEIGHTS = ("alpha", "beta", "gamma")


def _present(x: Sample, least: int) -> FloatArray:
    if x.n_missing:
        raise InputError(f"'{x.name}' has missing values: a series needs every value in its place")
    checks.must_vary(x)
    refuse_far_from_zero(x)
    if len(x) < least:
        raise InputError(f"{len(x)} values are too few; at least {least} are needed")
    return x.values


def _start(y: FloatArray, trend: str, m: int) -> tuple[float, float, FloatArray]:
    """Level, slope and seasonal terms before the first value, from the first seasons."""
    if m == 1:
        return float(y[0]), float(y[1] - y[0]) if trend == "linear" else 0.0, np.zeros(1)
    first, second = y[:m].mean(), y[m : 2 * m].mean()
    slope = float(second - first) / m if trend == "linear" else 0.0
    level = float(first) - slope * (m + 1) / 2
    return level, slope, y[:m] - (level + slope * np.arange(1, m + 1))


def _smooth(
    y: FloatArray, w: FloatArray, trend: str, m: int
) -> tuple[FloatArray, float, float, FloatArray]:
    """One-step fits and the last level, slope and seasonal terms (additive Holt-Winters)."""
    alpha, beta, gamma = w
    level, slope, season = _start(y, trend, m)
    season = season.copy()
    fits = np.empty(len(y))
    for i, value in enumerate(y):
        k = i % m
        fits[i] = level + slope + season[k]
        before = level
        level = alpha * (value - season[k]) + (1 - alpha) * (level + slope)
        if m > 1:
            season[k] = gamma * (value - before - slope) + (1 - gamma) * season[k]
        if trend == "linear":
            slope = beta * (level - before) + (1 - beta) * slope
    return fits, level, slope, season


def _free(arguments: Mapping[str, Any]) -> list[int]:
    used = [0] + ([1] if arguments["trend"] == "linear" else []) + (
        [2] if arguments["season"] > 1 else []
    )  # fmt: skip
    return [i for i in used if arguments[WEIGHTS[i]] is None]


def _full(arguments: Mapping[str, Any], free: list[int], values: Any) -> FloatArray:
    w = np.array([arguments[n] if arguments[n] is not None else 0.0 for n in WEIGHTS], dtype=float)
    w[free] = values
    return w


def _best(y: FloatArray, arguments: Mapping[str, Any]) -> FloatArray:
    """Weights of least squared one-step errors: a grid, then a bounded search from its best."""
    free = _free(arguments)
    trend, m = arguments["trend"], arguments["season"]
    if not free:
        return _full(arguments, [], [])
    scale = float(np.var(y)) * len(y)

    def loss(v: Any) -> float:
        fits = _smooth(y, _full(arguments, free, v), trend, m)[0]
        return float(((y - fits) ** 2).sum()) / scale

    grid = np.array(np.meshgrid(*[[0.05, 0.2, 0.5, 0.8]] * len(free))).reshape(len(free), -1).T
    starts = sorted(grid, key=loss)[:3]
    found = min(
        (
            optimize.minimize(loss, s, bounds=[(0, 1)] * len(free), method="L-BFGS-B",
                              options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 500})
            for s in starts
        ),
        key=lambda r: r.fun,
    )  # fmt: skip
    return _full(arguments, free, np.clip(found.x, 0, 1))


def _spread(w: FloatArray, trend: str, m: int, horizon: int) -> FloatArray:
    """Standard errors of the forecasts in units of the one-step error (state space, class 1)."""
    alpha, beta, gamma = w[0], w[0] * w[1] if trend == "linear" else 0.0, w[2] if m > 1 else 0.0
    j = np.arange(1, horizon)
    c = alpha + beta * j + gamma * (j % m == 0 if m > 1 else 0)
    return np.sqrt(1 + np.concatenate([[0.0], np.cumsum(c**2)]))


def _figures(y: FloatArray, w: FloatArray, arguments: Mapping[str, Any]) -> dict[str, Any]:
    trend, m, horizon = arguments["trend"], arguments["season"], arguments["horizon"]
    fits, level, slope, season = _smooth(y, w, trend, m)
    h = np.arange(1, horizon + 1)
    ahead = level + slope * h + season[(len(y) + h - 1) % m]
    errors = y - fits
    s = math.sqrt(float((errors**2).sum()) / max(1, len(y) - len(_free(arguments)) - 1))
    return {"fits": fits, "level": level, "slope": slope, "season": season, "ahead": ahead,
            "errors": errors, "s": s, "se": s * _spread(w, trend, m, horizon)}  # fmt: skip


def _verify_smoothing(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """statsmodels' smoother with these weights and starts; no weight nearby does better."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    y = _present(arguments["x"], 6)
    trend, m, horizon = arguments["trend"], arguments["season"], arguments["horizon"]
    reported = np.array([float(result.values[n] or 0.0) for n in WEIGHTS])  # type: ignore[arg-type]
    level, slope, season = _start(y, trend, m)
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")
        model = ETSModel(
            y,
            error="add",
            trend="add" if trend == "linear" else None,
            seasonal="add" if m > 1 else None,
            seasonal_periods=m if m > 1 else None,
            initialization_method="known",
            initial_level=level,
            initial_trend=slope if trend == "linear" else None,
            initial_seasonal=season if m > 1 else None,
        )
        # Error-correction form: its slope weight is alpha times ours.
        weights = [reported[0]] + ([reported[0] * reported[1]] if trend == "linear" else [])
        fit = model.smooth(np.array([*weights, *([reported[2]] if m > 1 else [])]))
    fitted, ahead = np.asarray(fit.fittedvalues), np.asarray(fit.forecast(horizon))
    if not np.isfinite([*fitted, *ahead]).all():  # statsmodels: no weight of 0 or 1
        fitted, ahead = _by_errors(y, reported, (level, slope, season), arguments)
    errors = y - fitted
    free = _free(arguments)
    s = math.sqrt(math.fsum(e * e for e in errors) / max(1, len(y) - len(free) - 1))
    half = float(stats.norm.isf((1 - arguments["confidence"]) / 2))
    se = [s * math.sqrt(1 + math.fsum(_c(reported, trend, m, j) ** 2 for j in range(1, h)))
          for h in range(1, horizon + 1)]  # fmt: skip
    checked: dict[str, Any] = {
        "forecast": ahead.tolist(),
        "low": [float(f - half * e) for f, e in zip(ahead, se, strict=True)],
        "high": [float(f + half * e) for f, e in zip(ahead, se, strict=True)],
        "s": s,
        "rmse": math.sqrt(math.fsum(e * e for e in errors) / len(y)),
        "mae": math.fsum(abs(e) for e in errors) / len(y),
        "horizon": horizon,
        "n": len(y),
    }
    # A false weight is caught by the forecasts above, which are made with it; a poor one here.
    for name in WEIGHTS:
        if name in result.values and result.values[name] is not None:
            given = arguments[name]
            checked[name] = result.values[name] if given is None else given
    if free:
        best = _best_again(y, arguments)
        ours = float(((y - _smooth(y, reported, trend, m)[0]) ** 2).sum())
        other = float(((y - _smooth(y, best, trend, m)[0]) ** 2).sum())
        checked["no better weights"] = Invariant(max(0.0, ours / other - 1), 0.0, 1e-6)
    return checked


def _by_errors(
    y: FloatArray,
    w: FloatArray,
    start: tuple[float, float, FloatArray],
    arguments: Mapping[str, Any],
) -> tuple[FloatArray, FloatArray]:
    """Fits and forecasts in the error-correction form, each state moved by its share of the error."""
    (level, slope, season), m = start, arguments["season"]
    terms = list(season)
    trended, seasonal = arguments["trend"] == "linear", m > 1
    fits = []
    for i, value in enumerate(y):
        fits.append(level + slope + terms[i % m])
        error = value - fits[-1]
        level += slope + w[0] * error
        slope += w[0] * w[1] * error if trended else 0.0
        terms[i % m] += w[2] * error if seasonal else 0.0
    steps = range(1, arguments["horizon"] + 1)
    ahead = [level + slope * h + terms[(len(y) + h - 1) % m] for h in steps]
    return np.array(fits), np.array(ahead)


def _c(w: FloatArray, trend: str, m: int, j: int) -> float:
    slope = float(w[0] * w[1]) * j if trend == "linear" else 0.0
    return float(w[0]) + slope + (float(w[2]) if m > 1 and j % m == 0 else 0.0)


def _best_again(y: FloatArray, arguments: Mapping[str, Any]) -> FloatArray:
    """The weights by a simplex search through a logistic map, from the same grid's best cells."""
    free = _free(arguments)
    if not free:
        return _full(arguments, [], [])
    trend, m = arguments["trend"], arguments["season"]

    def loss(v: Any) -> float:
        w = _full(arguments, free, np.sin(np.asarray(v)) ** 2)
        return float(np.log(((y - _smooth(y, w, trend, m)[0]) ** 2).sum()))

    starts = np.array(np.meshgrid(*[[0.3, 0.8, 1.2]] * len(free))).reshape(len(free), -1).T
    tries = [
        optimize.minimize(loss, s, method="Nelder-Mead",
                          options={"xatol": 1e-7, "fatol": 1e-14, "maxiter": 2000})
        for s in sorted(starts, key=loss)[:3]
    ]  # fmt: skip
    return _full(arguments, free, np.sin(min(tries, key=lambda r: r.fun).x) ** 2)


@operation(
    "stats.exponential_smoothing",
    outputs={
        "forecast": "forecasts for 1, 2, 3 ... steps ahead",
        "low": "lower prediction limits",
        "high": "upper prediction limits",
        "alpha": "weight of the newest value in the level",
        "beta": "weight of the newest step in the slope",
        "gamma": "weight of the newest value in the season",
        "s": "standard deviation of the one-step errors",
        "rmse": "root mean square of the one-step errors",
        "mae": "mean absolute one-step error",
        "horizon": "steps ahead",
        "n": "number of values",
    },
    reference=_HYNDMAN + "chapter 8",
    verifier=_verify_smoothing,
    tolerance=1e-8,
    examples=(
        "f = stats.exponential_smoothing([23, 25, 22, 26, 27, 25, 28, 30, 29, 31], horizon=3)",
        "f = stats.exponential_smoothing([23, 25, 22, 26, 27, 25, 28, 30, 29, 31], trend=linear, "
        "alpha=0.5, beta=0.2)",
        "f = stats.exponential_smoothing([30, 21, 29, 31, 35, 25, 33, 36, 38, 29, 37, 41], "
        "trend=linear, season=4, alpha=0.3, beta=0.1, gamma=0.2, horizon=4)",
    ),
    terms=("forecast", "exponential smoothing", "Holt-Winters", "Holt", "predict the next values"),
)
def exponential_smoothing(
    x: Series,
    horizon: Annotated[int, Param("steps to forecast", ge=1, le=200)] = 1,
    trend: Annotated[Trend, Param("none, or linear (Holt)")] = "none",
    season: Annotated[
        int, Param("length of a season (Holt-Winters), such as 12 or 4; 1: none", ge=1, le=366)
    ] = 1,
    alpha: Annotated[
        float | None, Param("weight of the level; otherwise fitted", ge=0, le=1)
    ] = None,
    beta: Annotated[
        float | None, Param("weight of the slope; otherwise fitted", ge=0, le=1)
    ] = None,
    gamma: Annotated[
        float | None, Param("weight of the season; otherwise fitted", ge=0, le=1)
    ] = None,
    confidence: Annotated[
        float, Param("confidence of the prediction limits", gt=0, lt=1, fraction=True)
    ] = 0.95,
) -> Result:
    """Smooth a series exponentially and forecast it (simple, Holt, additive Holt-Winters).

    Weights not given minimise the squared one-step errors. The level starts at the first value (the
    first season's mean), the slope at the first step (the change between the first two seasons).
    """
    arguments = locals()
    y = _present(x, max(6, 2 * season + 2))
    w = _best(y, arguments)
    found = _figures(y, w, arguments)
    half = float(stats.norm.isf((1 - confidence) / 2))
    errors = found["errors"]
    values: dict[str, Value] = {
        "forecast": found["ahead"].tolist(),
        "low": (found["ahead"] - half * found["se"]).tolist(),
        "high": (found["ahead"] + half * found["se"]).tolist(),
        "alpha": float(w[0]),
        "s": found["s"], "rmse": math.sqrt(float((errors**2).mean())),
        "mae": float(np.abs(errors).mean()), "horizon": horizon, "n": len(y),
    }  # fmt: skip
    values["beta"] = float(w[1]) if trend == "linear" else None
    values["gamma"] = float(w[2]) if season > 1 else None
    d = errors - errors.mean()
    r1 = float(d[1:] @ d[:-1] / (d @ d)) if d @ d > 0 else 0.0
    limit = 1.96 / math.sqrt(len(y))
    at = np.arange(1, len(y) + horizon + 1)
    rows = list(zip(range(1, horizon + 1), values["forecast"], values["low"], values["high"],  # type: ignore[arg-type]
                    strict=True))  # fmt: skip
    return Result(
        values,
        "The forecast for the next step is {forecast[0]} (from {low[0]} to {high[0]}); alpha {alpha}.",
        (table_of("forecast", ("step", "forecast", "low", "high"), rows),),
        (
            Figure("curves", f"Forecast of {x.name}", {
                "x": at.tolist(),
                "series": [
                    {"name": "fitted and forecast",
                     "y": [*found["fits"].tolist(), *found["ahead"].tolist()]},
                    {"name": "lower limit", "y": [None] * len(y) + values["low"]},  # type: ignore[operator]
                    {"name": "upper limit", "y": [None] * len(y) + values["high"]},  # type: ignore[operator]
                ],
                "points": [{"name": "observed", "x": at[: len(y)].tolist(), "y": y.tolist()}],
                "mark_x": [len(y) + 0.5], "x_label": "time", "y_label": x.name,
            }),
        ),
        (
            Assumption("uncorrelated errors", abs(r1) <= limit,
                       f"lag-1 autocorrelation of the errors {r1:.3f}, limit ±{limit:.3f}", r1),
        ),
        ("The limits assume that the pattern goes on and that errors are normal.",),
    )  # fmt: skip


def _trend_line(y: FloatArray, m: int) -> FloatArray:
    """Centred moving average over a season (2 x m where m is even); NaN at the ends."""
    weights = np.ones(m) / m if m % 2 else np.r_[0.5, np.ones(m - 1), 0.5] / m
    out = np.full(len(y), np.nan)
    half = len(weights) // 2
    out[half : len(y) - half] = np.convolve(y, weights, "valid")
    return out


def _decomposed(y: FloatArray, m: int, model: str) -> tuple[FloatArray, FloatArray, FloatArray]:
    line = _trend_line(y, m)
    apart = y / line if model == "multiplicative" else y - line
    indices = np.array([np.nanmean(apart[k::m]) for k in range(m)])
    indices = indices / indices.mean() if model == "multiplicative" else indices - indices.mean()
    seasonal = indices[np.arange(len(y)) % m]
    rest = apart / seasonal if model == "multiplicative" else apart - seasonal
    return line, indices, rest


def _season(arguments: Mapping[str, Any]) -> int:
    if arguments["season"] is None:
        raise NeedsClarification("how many values make a season (12 months, 4 quarters, 7 days)?")
    return int(arguments["season"])


def _verify_decompose(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    from statsmodels.tsa.seasonal import seasonal_decompose

    y, m, model = arguments["x"].values, _season(arguments), arguments["model"]
    found = seasonal_decompose(y, model=model, period=m)
    line, rest = np.asarray(found.trend), np.asarray(found.resid)
    kept = line[np.isfinite(line)]
    good = rest[np.isfinite(rest)]
    spread = float(np.std(good, ddof=1))
    seasonal = np.asarray(found.seasonal)[np.isfinite(rest)]
    deseasoned = good * seasonal if model == "multiplicative" else good + seasonal
    # Hyndman's strength: how much less the remainder varies than the detrended series.
    strength = max(0.0, 1 - float(np.var(good)) / float(np.var(deseasoned)))
    return {
        "indices": np.asarray(found.seasonal)[:m].tolist(),
        "trend_first": float(kept[0]), "trend_last": float(kept[-1]),
        "residual_sd": spread, "seasonal_strength": strength, "season": m, "n": len(y),
        "highest_season": int(np.argmax(found.seasonal[:m])) + 1,
        "lowest_season": int(np.argmin(found.seasonal[:m])) + 1,
    }  # fmt: skip


@operation(
    "stats.decompose",
    outputs={
        "indices": "seasonal index of each place in the season, from the first value on",
        "highest_season": "place of the largest index",
        "lowest_season": "place of the smallest index",
        "trend_first": "first value of the trend line",
        "trend_last": "last value of the trend line",
        "residual_sd": "standard deviation of what is left",
        "seasonal_strength": "from 0 (no season) to 1",
        "season": "length of the season",
        "n": "number of values",
    },
    reference=_HYNDMAN + "sections 3.4 and 4.3",
    verifier=_verify_decompose,
    tolerance=1e-8,
    examples=(
        "d = stats.decompose([30, 21, 29, 31, 35, 25, 33, 36, 38, 29, 37, 41], season=4)",
        "d = stats.decompose([30, 21, 29, 31, 35, 25, 33, 36, 38, 29, 37, 41], season=4, "
        "model=multiplicative)",
    ),
    terms=("seasonal decomposition", "seasonal index", "trend and season", "deseasonalise"),
)
def decompose(
    x: Series,
    season: Annotated[int | None, Param("values in a season: 12, 4, 7 ...", ge=2, le=366)] = None,
    model: Annotated[
        Literal["additive", "multiplicative"], Param("whether the season adds or multiplies")
    ] = "additive",
) -> Result:
    """Decompose a series into trend, season and remainder (classical, by moving averages)."""
    m = _season(locals())
    y = _present(x, 2 * m + 2)
    if model == "multiplicative" and y.min() <= 0:
        raise InputError("model=multiplicative needs values above 0")
    line, indices, rest = _decomposed(y, m, model)
    good = rest[np.isfinite(rest)]
    seasonal = indices[np.arange(len(y)) % m]
    kept = line[np.isfinite(line)]
    apart = (good * seasonal[np.isfinite(rest)] if model == "multiplicative"
             else good + seasonal[np.isfinite(rest)])  # fmt: skip
    values: dict[str, Value] = {
        "indices": indices.tolist(), "highest_season": int(np.argmax(indices)) + 1,
        "lowest_season": int(np.argmin(indices)) + 1, "trend_first": float(kept[0]),
        "trend_last": float(kept[-1]), "residual_sd": float(np.std(good, ddof=1)),
        "seasonal_strength": max(0.0, 1 - float(np.var(good)) / float(np.var(apart))),
        "season": m, "n": len(y),
    }  # fmt: skip
    at = list(range(1, len(y) + 1))
    return Result(
        values,
        "The trend goes from {trend_first} to {trend_last}; place {highest_season} of the season is "
        "highest, place {lowest_season} lowest (strength of the season {seasonal_strength}).",
        (table_of("seasonal indices", ("place", "index"),
                  list(enumerate(indices.tolist(), 1))),),
        (
            Figure("curves", f"Trend and season of {x.name}", {
                "x": at,
                "series": [
                    {"name": "trend", "y": [None if math.isnan(v) else float(v) for v in line]},
                    {"name": "trend with season",
                     "y": [None if math.isnan(v) else float(v)
                           for v in (line * seasonal if model == "multiplicative"
                                     else line + seasonal)]},
                ],
                "points": [{"name": "observed", "x": at, "y": y.tolist()}],
                "x_label": "time", "y_label": x.name,
            }),
        ),
        (),
        ("Fewer than three whole seasons: the indices are rough.",) if len(y) < 3 * m else (),
    )  # fmt: skip


def _lagged(y: FloatArray, lags: int, trend: bool) -> tuple[FloatArray, FloatArray]:
    """Regressors and response of the augmented Dickey-Fuller regression."""
    d = np.diff(y)
    rows = len(d) - lags
    columns = [y[lags : lags + rows], np.ones(rows)]
    if trend:
        columns.append(np.arange(1.0, rows + 1))
    columns += [d[lags - k : lags - k + rows] for k in range(1, lags + 1)]
    return np.column_stack(columns), d[lags:]


def _adf(y: FloatArray, lags: int, trend: bool) -> float:
    x, d = _lagged(y, lags, trend)
    q, r = np.linalg.qr(x)
    beta = np.linalg.solve(r, q.T @ d)
    rest = d - x @ beta
    s2 = float(rest @ rest) / (len(d) - x.shape[1])
    inverse = np.linalg.inv(r)
    return float(beta[0] / math.sqrt(s2 * float((inverse @ inverse.T)[0, 0])))


def _lags(arguments: Mapping[str, Any], n: int) -> int:
    given = arguments["lags"]
    lags = int((n - 1) ** (1 / 3)) if given is None else int(given)
    if n - 1 - lags < lags + 5:
        raise InputError(f"{n} values are too few for {lags} lagged differences")
    return lags


def _verify_stationarity(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    from statsmodels.tsa.stattools import adfuller

    y = arguments["x"].values
    lags, trend = _lags(arguments, len(y)), arguments["trend"]
    found = adfuller(
        y, maxlag=lags, regression="ct" if trend else "c", autolag=None, result_object=False
    )
    return {
        "statistic": float(found[0]),
        "p_value": float(found[1]),
        "critical": float(found[4]["5%"]),
        "lags": int(found[2]),
        "n": len(y),
    }


@operation(
    "stats.stationarity",
    outputs={
        "statistic": "augmented Dickey-Fuller t",
        "critical": "its 5 % critical value",
        "p_value": "p value of a unit root (MacKinnon)",
        "stationary": "whether p is below alpha: the series returns to its level",
        "lags": "lagged differences in the regression",
        "n": "number of values",
    },
    reference="Dickey and Fuller (1979); MacKinnon (2010), Queen's Economics Department WP 1227",
    verifier=_verify_stationarity,
    tolerance=1e-8,
    examples=(
        "r = stats.stationarity([5, 7, 6, 8, 9, 7, 10, 8, 9, 7, 8, 6, 7, 9, 8, 10, 7, 8], lags=1)",
    ),
    terms=("Dickey-Fuller test", "ADF test", "unit root", "is the series stationary"),
)
def stationarity(
    x: Annotated[Sample, Param("measurements in time order", min_length=12)],
    trend: Annotated[bool, Param("whether a straight trend is allowed for")] = False,
    lags: Annotated[
        int | None, Param("lagged differences; otherwise the cube root of n - 1", ge=0, le=40)
    ] = None,
    alpha: Annotated[float, Param("significance level", gt=0, lt=1, fraction=True)] = 0.05,
) -> Result:
    """Test whether a series is stationary (augmented Dickey-Fuller test of a unit root)."""
    from statsmodels.tsa.adfvalues import mackinnoncrit, mackinnonp

    arguments = locals()
    y = _present(x, 12)
    k = _lags(arguments, len(y))
    statistic = _adf(y, k, trend)
    kind = "ct" if trend else "c"
    p = float(mackinnonp(statistic, regression=kind, N=1))
    critical = float(mackinnoncrit(N=1, regression=kind, nobs=len(y) - 1 - k)[1])
    values: dict[str, Value] = {
        "statistic": statistic, "critical": critical, "p_value": p, "stationary": p < alpha,
        "lags": k, "n": len(y),
    }  # fmt: skip
    verdict = (
        "The series is stationary" if p < alpha else "A unit root (random walk) cannot be ruled out"
    )
    return Result(
        values,
        verdict + ": Dickey-Fuller {statistic}, p = {p_value}.",
        (table_of("augmented Dickey-Fuller test", ("", "value"), list(values.items())),),
        (
            Figure("curves", x.name, {
                "x": list(range(1, len(y) + 1)), "series": [{"name": x.name, "y": y.tolist()}],
                "x_label": "time", "y_label": x.name,
            }),
        ),
        warnings=("With fewer than 50 values the test finds little.",) if len(y) < 50 else (),
    )  # fmt: skip
