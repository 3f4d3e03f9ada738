"""Distributions fitted to data by maximum likelihood."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from scipy import optimize, special, stats

from havoc.errors import InputError
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.stats import checks, precise
from havoc.tools.stats.precise import ctx, mpf
from havoc.tools.stats.samples import clean
from havoc.tools.values import FloatArray, Sample, refuse_unfit_for_logs

Family = Literal["normal", "lognormal", "weibull", "exponential", "gamma", "best"]
FAMILIES = ("normal", "lognormal", "weibull", "exponential", "gamma")
POSITIVE = ("lognormal", "weibull", "exponential", "gamma")


def _weibull_shape(x: FloatArray) -> float:
    """Root of the profile likelihood equation (Meeker and Escobar 1998, section 8.2)."""
    logs = np.log(x / x.max())

    def score(k: float) -> float:
        w = np.exp(k * logs)
        return float((w @ logs) / w.sum() - 1 / k - logs.mean())

    return float(optimize.brentq(score, 1e-3, 1e4, xtol=1e-14, rtol=1e-15))


def _gamma_shape(x: FloatArray) -> float:
    gap = math.log(x.mean()) - float(np.log(x).mean())
    root = optimize.brentq(
        lambda k: math.log(k) - float(special.digamma(k)) - gap, 1e-3, 1e7, xtol=1e-14, rtol=1e-15
    )
    return float(root)


def fitted(x: FloatArray, family: str) -> tuple[dict[str, float], Any]:
    """Parameters of maximum likelihood, and the frozen distribution."""
    if family == "normal":
        mean, sd = float(x.mean()), float(x.std())
        return {"mean": mean, "sd": sd}, stats.norm(mean, sd)
    logs = np.log(x)
    if family == "lognormal":
        m, s = float(logs.mean()), float(logs.std())
        return {"log_mean": m, "log_sd": s}, stats.lognorm(s, scale=math.exp(m))
    if family == "exponential":
        return {"mean": float(x.mean())}, stats.expon(scale=x.mean())
    if family == "weibull":
        k = _weibull_shape(x)
        scale = float(x.max() * np.mean((x / x.max()) ** k) ** (1 / k))
        return {"shape": k, "scale": scale}, stats.weibull_min(k, scale=scale)
    k = _gamma_shape(x)
    return {"shape": k, "scale": float(x.mean()) / k}, stats.gamma(k, scale=x.mean() / k)


def anderson_darling(x: FloatArray, distribution: Any) -> float:
    n, ordered = len(x), np.sort(x)
    i = np.arange(1, n + 1)
    logs = distribution.logcdf(ordered) + distribution.logsf(ordered)[::-1]
    return float(-n - np.sum((2 * i - 1) * logs) / n)


def _again(x: list[Any], family: str) -> tuple[dict[str, Any], Any, Any]:
    """Parameters in 40 digits, log-likelihood, and cdf."""
    n = len(x)
    mean, log = sum(x) / n, ctx.log
    if family == "normal":
        sd = ctx.sqrt(sum((v - mean) ** 2 for v in x) / n)
        loglik = -n * (log(sd) + log(2 * ctx.pi) / 2 + mpf(1) / 2)
        return {"mean": mean, "sd": sd}, loglik, lambda v: precise.normal_cdf((v - mean) / sd)
    logs = [log(v) for v in x]
    total = sum(logs)
    if family == "lognormal":
        m = total / n
        s = ctx.sqrt(sum((v - m) ** 2 for v in logs) / n)
        loglik = -total - n * (log(s) + log(2 * ctx.pi) / 2 + mpf(1) / 2)
        return {"log_mean": m, "log_sd": s}, loglik, lambda v: precise.normal_cdf((log(v) - m) / s)
    if family == "exponential":
        return {"mean": mean}, -n * (log(mean) + 1), lambda v: 1 - ctx.exp(-v / mean)
    if family == "weibull":

        def score(k: Any) -> Any:
            powers = [v**k for v in x]
            weighted = sum(p * v for p, v in zip(powers, logs, strict=True)) / sum(powers)
            return weighted - 1 / k - total / n

        k = _root(score)
        scale = (sum(v**k for v in x) / n) ** (1 / k)
        loglik = n * log(k) - n * k * log(scale) + (k - 1) * total - n
        return {"shape": k, "scale": scale}, loglik, lambda v: 1 - ctx.exp(-((v / scale) ** k))
    gap = log(mean) - total / n
    k = _root(lambda v: -(log(v) - ctx.digamma(v) - gap))
    scale = mean / k
    loglik = (k - 1) * total - n * k - n * k * log(scale) - n * ctx.loggamma(k)
    return {"shape": k, "scale": scale}, loglik, lambda v: precise.gamma_cdf(v / scale, k)


def _root(increasing: Any) -> Any:
    """Bisection on the logarithm, then enough halvings for 15 digits."""
    low, high = mpf(1) / 1000, mpf(2)
    while increasing(high) < 0:
        low, high = high, high * 4
    for _ in range(60):
        middle = ctx.sqrt(low * high)
        low, high = (low, middle) if increasing(middle) > 0 else (middle, high)
    return ctx.sqrt(low * high)


def _verify(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    x = [mpf(v) for v in sorted(arguments["x"].present().exact)]
    n, family = len(x), arguments["distribution"]
    again: dict[str, Any] = {"n": n}
    if family == "best":
        usable = FAMILIES if x[0] > 0 else ("normal",)
        family = min(usable, key=lambda f: 2 * len(_again(x, f)[0]) - 2 * _again(x, f)[1])
        again["distribution"] = family
    parameters, loglik, cdf = _again(x, family)
    below = [cdf(v) for v in x]
    terms = [(2 * i + 1) * (ctx.log(below[i]) + ctx.log(1 - below[n - 1 - i])) for i in range(n)]
    again |= {k: Recomputed(v, 1e-7) for k, v in parameters.items()}
    again |= {"log_likelihood": loglik, "aic": 2 * len(parameters) - 2 * loglik}
    return again | {"anderson_darling": Recomputed(-n - sum(terms) / n, 1e-6)}


@operation(
    "stats.distribution_fit",
    outputs={
        "distribution": "the distribution fitted",
        "mean": "mean (normal, exponential)",
        "sd": "standard deviation, maximum likelihood (normal)",
        "log_mean": "mean of the logarithm (lognormal)",
        "log_sd": "standard deviation of the logarithm (lognormal)",
        "shape": "shape (weibull, gamma)",
        "scale": "scale (weibull, gamma)",
        "log_likelihood": "log-likelihood at its maximum",
        "aic": "Akaike's information criterion: the smaller the better",
        "anderson_darling": "Anderson-Darling distance of data and fit: the smaller the better",
        "n": "number of values",
    },
    reference="Meeker and Escobar (1998), Statistical Methods for Reliability Data, chapter 8",
    verifier=_verify,
    examples=(
        "fit = stats.distribution_fit([12.1, 15.3, 9.8, 20.4, 14.2, 17.9, 11.0, 25.1], distribution=weibull)",
        "fit = stats.distribution_fit([12.1, 15.3, 9.8, 20.4, 14.2, 17.9, 11.0, 25.1])",
    ),
    terms=("fit a distribution", "which distribution fits", "maximum likelihood Weibull fit"),
)
def distribution_fit(
    x: Annotated[Sample, Param("measurements", min_length=5)],
    distribution: Annotated[
        Family, Param("normal, lognormal, weibull, exponential, gamma, or best (smallest AIC)")
    ] = "best",
) -> Result:
    """Fit a distribution to complete data by maximum likelihood, or find the best of five.

    The table compares all that can be fitted. Censored lives belong to the reliability operations.
    """
    sample, said = clean(x, 5)
    checks.must_vary(sample)
    v = sample.values
    usable = FAMILIES if float(v.min()) > 0 else ("normal",)
    if distribution != "best" and distribution not in usable:
        raise InputError(f"{distribution} needs values above 0; the smallest here is {v.min():g}")
    refuse_unfit_for_logs(np.abs(v[v != 0]), "distribution")
    rows = []
    for family in usable:
        parameters, frozen = fitted(v, family)
        loglik = float(np.sum(frozen.logpdf(v)))
        aic = 2 * len(parameters) - 2 * loglik
        rows.append((family, parameters, loglik, aic, anderson_darling(v, frozen), frozen))
    rows.sort(key=lambda row: row[3])
    chosen = rows[0] if distribution == "best" else next(r for r in rows if r[0] == distribution)
    family, parameters, loglik, aic, distance, frozen = chosen
    values: dict[str, Any] = {"distribution": family, **parameters, "log_likelihood": loglik}
    values |= {"aic": aic, "anderson_darling": distance, "n": len(v)}
    if len(v) < 30:
        said.append("With fewer than 30 values several distributions usually fit about as well.")
    if usable == ("normal",) and distribution == "best":
        said.append("Values at or below 0 leave only the normal distribution to compare.")
    shown = ", ".join(f"{k} {{{k}}}" for k in parameters)
    grid = np.linspace(float(v.min()), float(v.max()), 81)
    data = {"values": np.sort(v).tolist(), "x": grid.tolist(), "density": frozen.pdf(grid).tolist()}
    table = [[f, ll, a, d] for f, _, ll, a, d, _ in rows]
    return Result(
        values,
        f"The {family} distribution fits with {shown} (AIC {{aic}}).",
        (table_of("distributions", ("distribution", "log-likelihood", "AIC", "A²"), table),),
        (Figure("fitted_distribution", f"{family} fit of {x.name}", data),),
        (checks.independence(),),
        tuple(said),
    )
