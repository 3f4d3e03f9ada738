"""Lognormal life by maximum likelihood with right censoring."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

import mpmath
import numpy as np
from scipy import optimize, special, stats

from havoc.errors import InputError
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.quality.life_data import (
    CensorTime,
    LifeData,
    NCensored,
    Status,
    Suspended,
    Times,
    _newton,
    distinct_units,
    read_life,
    survival_steps,
)
from havoc.tools.quality.specs import Confidence
from havoc.tools.result import Assumption, Figure, Result, Value, table_of
from havoc.tools.values import FloatArray, refuse_unfit_for_logs


def _negative(theta: FloatArray, y: FloatArray, d: Any) -> float:
    mu, tau = theta
    z = (y - mu) / math.exp(tau)
    return float(d.sum() * tau + (z[d] ** 2).sum() / 2 - special.log_ndtr(-z[~d]).sum())


def _slope(theta: FloatArray, y: FloatArray, d: Any) -> FloatArray:
    mu, tau = theta
    sigma = math.exp(tau)
    z = (y - mu) / sigma
    hazard = np.exp(stats.norm.logpdf(z[~d]) - special.log_ndtr(-z[~d]))
    first = -(z[d].sum() + hazard.sum()) / sigma
    second = d.sum() - (z[d] ** 2).sum() - (z[~d] * hazard).sum()
    return np.array([first, second])


def fit_lognormal(data: LifeData) -> tuple[float, float, FloatArray]:
    """mu and sigma of log time, and the covariance of (mu, log sigma) from the observed information."""
    y, d = np.log(data.t), data.d
    if d.sum() < 2:
        raise InputError("a lognormal fit needs at least 2 failures")
    refuse_unfit_for_logs(data.t, "lognormal distribution")
    if np.ptp(y[d]) == 0 and not np.any(y[~d] > y[d].max()):
        raise InputError("all units failed at the same time: no spread can be estimated")
    start = np.array([y.mean(), math.log(max(float(np.std(y)), 0.05))])
    found = optimize.minimize(
        _negative, start, args=(y, d), jac=_slope, method="BFGS", options={"gtol": 1e-10}
    )
    theta = found.x
    for _ in range(6):
        h = 1e-5
        hessian = np.array(
            [(_slope(theta + e, y, d) - _slope(theta - e, y, d)) / (2 * h) for e in np.eye(2) * h]
        )
        theta = theta - np.linalg.solve(hessian, _slope(theta, y, d))
    if not np.all(np.isfinite(theta)) or abs(theta[1]) > 12:
        raise InputError("the lognormal fit does not converge for these times")
    return float(theta[0]), math.exp(float(theta[1])), np.linalg.inv((hessian + hessian.T) / 2)


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Newton's method on the likelihood equations in 30 digits, with mpmath's normal tail."""
    data = read_life(arguments)
    level, b = arguments["confidence"], arguments["b"]
    with mpmath.workdps(30):
        units = distinct_units(data)

        def gradient(mu: mpmath.mpf, tau: mpmath.mpf) -> tuple[mpmath.mpf, mpmath.mpf]:
            sigma = mpmath.exp(tau)
            first, second = mpmath.mpf(0), mpmath.mpf(0)
            for v, failed, many in units:
                z = (v - mu) / sigma
                pull = z if failed else mpmath.npdf(z) / (mpmath.erfc(z / mpmath.sqrt(2)) / 2)
                first += many * pull / sigma
                second += many * (z * pull - (1 if failed else 0))
            return first, second

        near = fit_lognormal(data)
        mu, tau, hessian = _newton(gradient, (mpmath.mpf(near[0]), mpmath.log(near[1])))
        sigma = mpmath.exp(tau)
        covariance = (-hessian) ** -1
        half = mpmath.sqrt(2) * mpmath.erfinv(level)
        se_mu, se_tau = mpmath.sqrt(covariance[0, 0]), mpmath.sqrt(covariance[1, 1])
        quantile = mpmath.sqrt(2) * mpmath.erfinv(2 * mpmath.mpf(repr(b)) / 100 - 1)
        again = {
            "mu": mu, "sigma": sigma,
            "median_ci_low": mpmath.exp(mu - half * se_mu),
            "median_ci_high": mpmath.exp(mu + half * se_mu),
            "sigma_ci_low": sigma * mpmath.exp(-half * se_tau),
            "sigma_ci_high": sigma * mpmath.exp(half * se_tau),
            "median": mpmath.exp(mu), "mttf": mpmath.exp(mu + sigma**2 / 2),
            "b_life": mpmath.exp(mu + sigma * quantile),
        }  # fmt: skip
        checked: dict[str, Any] = {k: Recomputed(float(v), 1e-7) for k, v in again.items()}
        if arguments["t"]:
            r = [
                float(mpmath.erfc((mpmath.log(v) - mu) / sigma / mpmath.sqrt(2)) / 2)
                for v in arguments["t"]
            ]
            checked |= {"t": list(arguments["t"]), "reliability": Recomputed(r, 1e-7)}
    failures = sum(data.failed)
    return checked | {"b": b, "failures": failures, "censored": len(data.failed) - failures}


@operation(
    "quality.lognormal_fit",
    outputs={
        "mu": "mean of log time",
        "sigma": "standard deviation of log time (shape)",
        "sigma_ci_low": "lower confidence limit of sigma",
        "sigma_ci_high": "upper confidence limit of sigma",
        "median": "median life (scale)",
        "median_ci_low": "lower confidence limit of the median life",
        "median_ci_high": "upper confidence limit of the median life",
        "mttf": "mean time to failure",
        "b_life": "time by which b percent have failed",
        "b": "percentage of the B-life",
        "failures": "units that failed",
        "censored": "units that did not",
        "reliability": "reliability at the times asked for",
        "t": "those times",
    },
    reference="Meeker and Escobar (1998), Statistical Methods for Reliability Data, section 8.3",
    verifier=_verify,
    tolerance=1e-7,
    examples=(
        "w = quality.lognormal_fit([54, 187, 216, 240, 244, 335, 361, 373, 375, 386], n_censored=10, "
        "censor_time=500)",
        "w = quality.lognormal_fit([30, 45, 60, 70, 90], status=[1, 1, 1, 0, 1], t=50)",
    ),
    terms=("lognormal life", "fit lognormal to failure times", "censored lognormal"),
)
def lognormal_fit(
    x: Times,
    status: Status = None,
    suspended: Suspended = None,
    n_censored: NCensored = None,
    censor_time: CensorTime = None,
    b: Annotated[float, Param("x of the B-life: percentage failed", unit="%", gt=0, lt=100)] = 10.0,
    t: Annotated[tuple[float, ...], Param("times at which to give the reliability", gt=0)] = (),
    confidence: Confidence = 0.95,
) -> Result:
    """Lognormal fit to failure times by maximum likelihood, with right censoring.

    Fatigue, corrosion and electromigration lives are often lognormal. Confidence limits are from the
    observed information on mu and log sigma.
    """
    data = read_life(locals())
    mu, sigma, covariance = fit_lognormal(data)
    se = np.sqrt(np.diag(covariance))
    half = float(stats.norm.isf((1 - confidence) / 2))
    times, d = data.t, data.d
    values: dict[str, Value] = {
        "mu": mu, "sigma": sigma,
        "sigma_ci_low": sigma * math.exp(-half * se[1]),
        "sigma_ci_high": sigma * math.exp(half * se[1]),
        "median": math.exp(mu),
        "median_ci_low": math.exp(mu - half * se[0]), "median_ci_high": math.exp(mu + half * se[0]),
        "mttf": math.exp(mu + sigma**2 / 2),
        "b_life": math.exp(mu + sigma * float(special.ndtri(b / 100))), "b": b,
        "failures": int(d.sum()), "censored": int((~d).sum()),
    }  # fmt: skip
    if t:
        values["t"] = list(t)
        values["reliability"] = [float(special.ndtr(-(math.log(v) - mu) / sigma)) for v in t]
    warnings = list(data.notes)
    if values["b_life"] < times.min() or values["median"] > times.max():  # type: ignore[operator]
        warnings.append("A life outside the times observed is an extrapolation.")
    grid = np.geomspace(times.min() * 0.6, times.max() * 1.4, 60)
    steps = survival_steps(times.tolist(), d.tolist())
    return Result(
        values,
        "Median life {median} (from {median_ci_low} to {median_ci_high}), sigma of log time {sigma}, "
        "from {failures} failures and {censored} censored units; B{b} life {b_life}.",
        tables=(table_of("lognormal fit", ("", "value"), list(values.items())),),
        figures=(
            Figure("curves", "Lognormal life", {
                "x": grid.tolist(),
                "series": [{"name": "fitted",
                            "y": special.ndtr((np.log(grid) - mu) / sigma).tolist()}],
                "points": [{"name": "Kaplan-Meier", "x": [float(s[0]) for s in steps],
                            "y": [1 - float(s[3]) for s in steps]}],
                "x_label": "time", "y_label": "fraction failed",
            }),
        ),
        assumptions=(
            Assumption("lognormal distribution", None, "compare with the Weibull fit"),
            Assumption("independent censoring", None, "units were not taken off for being bad"),
        ),
        warnings=tuple(warnings),
    )  # fmt: skip
