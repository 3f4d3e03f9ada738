"""Life data with censoring: Weibull fit, Kaplan-Meier, success-run tests."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

import mpmath
import numpy as np
from scipy import optimize, special, stats

from havoc.errors import InputError
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.quality.specs import Confidence
from havoc.tools.result import Assumption, Figure, Result, Value, table_of
from havoc.tools.values import FloatArray, Sample, refuse_unfit_for_logs

Times = Annotated[Sample, Param("times to failure (and of suspended units, see status)")]
Status = Annotated[
    Sample | None, Param("1 where the unit failed at that time, 0 where it was still running")
]
Suspended = Annotated[
    Sample | None, Param("times at which further units were taken off without failure")
]
NCensored = Annotated[int | None, Param("units still running at censor_time", ge=0)]
CensorTime = Annotated[float | None, Param("time at which those units were still running", gt=0)]


TIE = 1e-12  # a risk this near to the one allowed meets it


@dataclass(frozen=True)
class LifeData:
    """Times with a mark of failure, ordered by time."""

    times: tuple[Fraction, ...]
    failed: tuple[bool, ...]
    notes: tuple[str, ...] = ()

    @property
    def t(self) -> FloatArray:
        return np.array([float(v) for v in self.times])

    @property
    def d(self) -> Any:
        return np.array(self.failed, dtype=bool)


def read_life(arguments: Mapping[str, Any]) -> LifeData:
    """Bring the ways of giving censored life data to one.

    Raises
    ------
    InputError
        Times not above 0, a status other than 0 and 1, censoring given twice, no failure.
    """
    x, status = arguments["x"], arguments["status"]
    notes = []
    rows = [i for i, t in enumerate(x.texts) if t is not None]
    if len(rows) < len(x):
        notes.append(f"{len(x) - len(rows)} units without a time were left out.")
    times = list(x.take(rows).exact)
    failed = [True] * len(times)
    if status is not None:
        if len(status) != len(x):
            raise InputError(f"{len(x)} times but {len(status)} entries of status")
        marks = [status.texts[i] for i in rows]
        bad = [m for m in marks if m is None or Fraction(m) not in (0, 1)]
        if bad:
            raise InputError(f"status is 1 (failed) or 0 (still running), not {bad[0]}")
        failed = [Fraction(m) == 1 for m in marks if m is not None]
    if arguments["suspended"] is not None:
        extra = arguments["suspended"].present().exact
        times, failed = times + list(extra), failed + [False] * len(extra)
    n, at = arguments["n_censored"], arguments["censor_time"]
    if (n is None) != (at is None):
        raise InputError("n_censored and censor_time belong together")
    if n is not None:
        times, failed = times + [Fraction(repr(at))] * n, failed + [False] * n
    if any(t <= 0 for t in times):
        raise InputError("life times must be above 0")
    if not any(failed):
        raise InputError("no unit failed: see quality.success_run for what that shows")
    order = sorted(range(len(times)), key=lambda i: (times[i], not failed[i]))
    return LifeData(tuple(times[i] for i in order), tuple(failed[i] for i in order), tuple(notes))


def _profile(beta: float, t: FloatArray, d: Any) -> float:
    """Derivative of the log-likelihood in beta with eta profiled out; t scaled by its maximum."""
    power = t**beta
    logs = np.log(t)
    return float(1 / beta + logs[d].mean() - (power @ logs) / power.sum())


def fit_weibull(t: FloatArray, d: Any) -> tuple[float, float]:
    """Maximum-likelihood shape and scale from failures ``d`` and right-censored times."""
    refuse_unfit_for_logs(t, "Weibull distribution")
    scaled = t / t.max()
    if np.ptp(scaled[d]) == 0 and bool(np.all(d)):
        raise InputError("all units failed at the same time: no Weibull shape can be estimated")
    low, high = 1e-3, 1.0
    while _profile(high, scaled, d) > 0:
        high *= 2
        if high > 1e4:
            raise InputError("the times are too much alike for a Weibull fit")
    beta = float(optimize.brentq(_profile, low, high, args=(scaled, d), xtol=1e-13))
    eta = float((scaled**beta).sum() / d.sum()) ** (1 / beta) * float(t.max())
    return beta, eta


def _information(t: FloatArray, d: Any, beta: float, eta: float) -> FloatArray:
    """Covariance of (log shape, log scale) from the observed information."""
    u = (t / eta) ** beta
    logs = np.log(t / eta)
    r = float(d.sum())
    bb = r + beta**2 * float(u @ logs**2)  # with the first-order terms gone at the maximum
    bb += beta * float(u @ logs) - beta * float(logs[d].sum()) - r
    ee = beta**2 * float(u.sum())
    be = -beta * float(u @ (1 + beta * logs)) + beta * r
    return np.asarray(np.linalg.inv(np.array([[bb, be], [be, ee]])), dtype=np.float64)


def _log_likelihood(t: FloatArray, d: Any, beta: float, eta: float) -> float:
    z = t / eta
    terms = math.log(beta / eta) + (beta - 1) * np.log(z[d])
    return float(terms.sum() - (z**beta).sum())


def _verify_weibull_fit(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """As smallest-extreme-value data: Newton's method on location and scale of log t, in 30 digits."""
    data = read_life(arguments)
    level, b = arguments["confidence"], arguments["b"]
    failed = data.failed
    with mpmath.workdps(30):
        units = distinct_units(data)

        def likelihood(mu: mpmath.mpf, tau: mpmath.mpf) -> mpmath.mpf:
            sigma = mpmath.exp(tau)
            z = [((v - mu) / sigma, f, m) for v, f, m in units]
            return mpmath.fsum(m * ((zi - tau if f else 0) - mpmath.exp(zi)) for zi, f, m in z)

        def gradient(mu: mpmath.mpf, tau: mpmath.mpf) -> tuple[mpmath.mpf, mpmath.mpf]:
            sigma = mpmath.exp(tau)
            z = [(v - mu) / sigma for v, _, _ in units]
            rest = [
                m * (mpmath.exp(zi) - (1 if f else 0))
                for zi, (_, f, m) in zip(z, units, strict=True)
            ]
            first = mpmath.fsum(rest) / sigma
            second = mpmath.fsum(zi * q for zi, q in zip(z, rest, strict=True)) - sum(failed)
            return first, second

        mu, tau, hessian = _newton(gradient, _start(np.log(data.t), data.d))
        covariance = (-hessian) ** -1
        beta, eta = 1 / mpmath.exp(tau), mpmath.exp(mu)
        z = mpmath.sqrt(2) * mpmath.erfinv(level)
        se_beta, se_eta = mpmath.sqrt(covariance[1, 1]), mpmath.sqrt(covariance[0, 0])
        log_likelihood = likelihood(mu, tau) - mpmath.fsum(m * v for v, f, m in units if f)
        again = {
            "shape": beta,
            "scale": eta,
            "shape_ci_low": beta * mpmath.exp(-z * se_beta),
            "shape_ci_high": beta * mpmath.exp(z * se_beta),
            "scale_ci_low": eta * mpmath.exp(-z * se_eta),
            "scale_ci_high": eta * mpmath.exp(z * se_eta),
            "log_likelihood": log_likelihood,
            "b_life": eta * mpmath.power(mpmath.log(100 / (100 - mpmath.mpf(repr(b)))), 1 / beta),
            "mttf": eta * mpmath.gamma(1 + 1 / beta),
            "median": eta * mpmath.power(mpmath.log(2), 1 / beta),
        }
    checked: dict[str, Any] = {k: Recomputed(float(v), 1e-7) for k, v in again.items()}
    checked |= {"b": b, "failures": sum(failed), "censored": len(failed) - sum(failed)}
    if arguments["t"]:
        r = [math.exp(-((v / float(eta)) ** float(beta))) for v in arguments["t"]]
        checked["reliability"] = Recomputed(_one(r), 1e-7)
        checked["t"] = _one(list(arguments["t"]))
    return checked


def distinct_units(data: LifeData) -> list[tuple[Any, bool, int]]:
    """Logarithm of the time, whether failed, number of such units: a million may still be running."""
    found = Counter(zip(data.times, data.failed, strict=True))
    return [
        (mpmath.log(mpmath.mpf(t.numerator) / t.denominator), f, m) for (t, f), m in found.items()
    ]


def _newton(gradient: Any, start: Any) -> tuple[Any, Any, Any]:
    """Newton's method with a numerical Hessian; returns the root and the Hessian there."""
    at = mpmath.matrix(start)
    step = mpmath.mpf("1e-12")
    for _ in range(12):
        hessian = mpmath.matrix(2, 2)
        for i in range(2):
            ahead, behind = list(at), list(at)
            ahead[i], behind[i] = at[i] + step, at[i] - step
            high, low = gradient(*ahead), gradient(*behind)
            for j in range(2):
                hessian[j, i] = (high[j] - low[j]) / (2 * step)
        move = mpmath.lu_solve(hessian, -mpmath.matrix(gradient(*at)))
        if mpmath.norm(move) < mpmath.mpf("1e-14"):
            break
        at = at + move
    return at[0], at[1], hessian


def _start(y: FloatArray, failed: Any) -> tuple[Any, Any]:
    """The best of a grid of log sigmas, each with its own best location."""
    failures, total = int(failed.sum()), float(y[failed].sum())

    def location(sigma: float) -> float:
        return sigma * (float(special.logsumexp(y / sigma)) - math.log(failures))

    def height(tau: float) -> float:
        sigma = math.exp(tau)
        return (total - failures * location(sigma)) / sigma - failures * tau

    best = float(max(np.linspace(-6, 3, 181), key=height))
    return mpmath.mpf(location(math.exp(best))), mpmath.mpf(best)


def _one(items: list[float]) -> Value:
    return items[0] if len(items) == 1 else items


@operation(
    "quality.weibull_fit",
    outputs={
        "shape": "Weibull shape, beta",
        "scale": "Weibull scale, eta (characteristic life)",
        "shape_ci_low": "lower confidence limit of the shape",
        "shape_ci_high": "upper confidence limit of the shape",
        "scale_ci_low": "lower confidence limit of the scale",
        "scale_ci_high": "upper confidence limit of the scale",
        "b_life": "time by which b percent have failed",
        "b": "percentage of the B-life",
        "mttf": "mean time to failure",
        "median": "median life",
        "log_likelihood": "log-likelihood at the estimates",
        "failures": "units that failed",
        "censored": "units that did not",
        "reliability": "reliability at the times asked for",
        "t": "those times",
    },
    reference="NIST/SEMATECH e-Handbook 8.4.1.2; Meeker and Escobar (1998), section 8.2",
    verifier=_verify_weibull_fit,
    examples=(
        "w = quality.weibull_fit([54, 187, 216, 240, 244, 335, 361, 373, 375, 386], n_censored=10, "
        "censor_time=500)",
        "w = quality.weibull_fit([30, 45, 60, 70, 90], status=[1, 1, 1, 0, 1], t=50)",
    ),
    terms=("Weibull analysis", "fit Weibull to failure times", "censored life data", "B10 life"),
)
def weibull_fit(
    x: Times,
    status: Status = None,
    suspended: Suspended = None,
    n_censored: NCensored = None,
    censor_time: CensorTime = None,
    b: Annotated[float, Param("x of the B-life: percentage failed", unit="%", gt=0, lt=100)] = 10.0,
    t: Annotated[tuple[float, ...], Param("times at which to give the reliability", gt=0)] = (),
    confidence: Confidence = 0.95,
) -> Result:
    """Weibull fit to failure times by maximum likelihood, with right censoring.

    Units that have not failed count: give a status column (1 failed, 0 running), the times of
    suspended units, or how many were still running at a common time. Confidence limits are from
    the observed information on the logarithms.
    """
    data = read_life(locals())
    times, d = data.t, data.d
    if d.sum() < 2:
        raise InputError("a Weibull fit needs at least 2 failures")
    beta, eta = fit_weibull(times, d)
    se = np.sqrt(np.diag(_information(times, d, beta, eta)))
    z = float(stats.norm.isf((1 - confidence) / 2))
    values: dict[str, Value] = {
        "shape": beta,
        "scale": eta,
        "shape_ci_low": beta * math.exp(-z * se[0]),
        "shape_ci_high": beta * math.exp(z * se[0]),
        "scale_ci_low": eta * math.exp(-z * se[1]),
        "scale_ci_high": eta * math.exp(z * se[1]),
        "b_life": eta * (-math.log1p(-b / 100)) ** (1 / beta),
        "b": b,
        "mttf": eta * float(special.gamma(1 + 1 / beta)),
        "median": eta * math.log(2) ** (1 / beta),
        "log_likelihood": _log_likelihood(times, d, beta, eta),
        "failures": int(d.sum()),
        "censored": int((~d).sum()),
    }
    if t:
        values["t"] = _one(list(t))
        values["reliability"] = _one([math.exp(-((v / eta) ** beta)) for v in t])
    warnings = list(data.notes)
    if d.sum() < 10:
        warnings.append(
            "With few failures the shape is poorly known (and biased high): see its limits."
        )
    if values["b_life"] < times.min() or values["mttf"] > 2 * times.max():  # type: ignore[operator]
        warnings.append("A life outside the times observed is an extrapolation.")
    return Result(
        values,
        "Weibull shape {shape} (from {shape_ci_low} to {shape_ci_high}) and scale {scale}, from "
        "{failures} failures and {censored} censored units; B{b} life {b_life}, mean life {mttf}.",
        figures=(_weibull_plot(times, d, beta, eta),),
        assumptions=(
            Assumption("Weibull distribution", None, "judge by the straightness of the plot"),
            Assumption(
                "independent censoring", None, "units were not taken off because they were bad"
            ),
        ),
        warnings=tuple(warnings),
    )


def survival_steps(times: Any, failed: Any) -> list[tuple[Any, int, int, Fraction]]:
    """Kaplan-Meier: (time, at risk, failures, survival) at each failure time, exactly."""
    rows: list[tuple[Any, int, int, Fraction]] = []
    survival = Fraction(1)
    for time in sorted({t for t, f in zip(times, failed, strict=True) if f}):
        at_risk = sum(t >= time for t in times)
        deaths = sum(f and t == time for t, f in zip(times, failed, strict=True))
        survival *= Fraction(at_risk - deaths, at_risk)
        rows.append((time, at_risk, deaths, survival))
    return rows


def _weibull_plot(t: FloatArray, d: Any, beta: float, eta: float) -> Figure:
    steps = survival_steps(t.tolist(), d.tolist())
    before = 1.0
    points = []
    for time, _, _, survival in steps:
        points.append((time, 1 - (before + float(survival)) / 2))
        before = float(survival)
    line = np.geomspace(max(t.min() * 0.7, 1e-300), t.max() * 1.3, 40)
    return Figure(
        "weibull_plot",
        "Weibull probability plot",
        {
            "x": [p[0] for p in points],
            "p": [p[1] for p in points],
            "line_x": line.tolist(),
            "line_p": [-math.expm1(-((v / eta) ** beta)) for v in line],
            "x_label": "time",
            "y_label": "fraction failed",
        },
    )


def _redistributed(data: LifeData) -> dict[Fraction, float]:
    """Survival by Efron's redistribution to the right: each censored unit hands its mass on."""
    mass = [Fraction(1, len(data.times))] * len(data.times)
    for i, failed in enumerate(data.failed):
        rest = len(mass) - i - 1
        if not failed and rest:
            share = mass[i] / rest
            mass[i + 1 :] = [m + share for m in mass[i + 1 :]]
            mass[i] = Fraction(0)
    curve: dict[Fraction, float] = {}
    gone = Fraction(0)
    for time, failed, m in zip(data.times, data.failed, mass, strict=True):
        if failed:
            gone += m
            curve[time] = float(1 - gone)
    return curve


def _verify_km(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    data = read_life(arguments)
    curve = _redistributed(data)
    level = arguments["confidence"]
    z = math.sqrt(2) * float(mpmath.erfinv(level))
    greenwood, se, low, high = 0.0, [], [], []
    for time, s in curve.items():
        risk = sum(t >= time for t in data.times)
        dead = sum(f and t == time for t, f in zip(data.times, data.failed, strict=True))
        greenwood += dead / (risk * (risk - dead)) if risk > dead else 0.0
        se.append(s * math.sqrt(greenwood))
        low.append(s ** math.exp(z * math.sqrt(greenwood) / -math.log(s)) if 0 < s < 1 else s)
        high.append(s ** math.exp(-z * math.sqrt(greenwood) / -math.log(s)) if 0 < s < 1 else s)
    again: dict[str, Any] = {
        "times": [float(t) for t in curve],
        "survival": list(curve.values()),
        "se": se,
        "ci_low": low,
        "ci_high": high,
        "failures": sum(data.failed),
        "censored": len(data.failed) - sum(data.failed),
        "median": next((float(t) for t, s in curve.items() if s <= 0.5 + 1e-12), None),
    }
    if arguments["t"]:
        at = [
            min((s for u, s in curve.items() if u <= Fraction(repr(v))), default=1.0)
            for v in arguments["t"]
        ]
        again |= {"survival_at": _one(at), "t": _one(list(arguments["t"]))}
    return again


@operation(
    "quality.kaplan_meier",
    outputs={
        "times": "failure times",
        "survival": "estimated survival after each",
        "se": "Greenwood's standard error",
        "ci_low": "lower confidence limits (log-log)",
        "ci_high": "upper confidence limits (log-log)",
        "median": "median life (none if survival stays above one half)",
        "survival_at": "survival at the times asked for",
        "t": "those times",
        "failures": "units that failed",
        "censored": "units that did not",
    },
    reference="Kaplan and Meier (1958); Meeker and Escobar (1998), section 3.4",
    verifier=_verify_km,
    examples=(
        "s = quality.kaplan_meier([6, 6, 6, 7, 10, 13, 16], suspended=[6, 9, 10, 11], t=10)",
        "s = quality.kaplan_meier([30, 45, 60, 70, 90], status=[1, 1, 1, 0, 1])",
    ),
    terms=("Kaplan-Meier", "survival curve", "product limit estimate", "nonparametric reliability"),
)
def kaplan_meier(
    x: Times,
    status: Status = None,
    suspended: Suspended = None,
    n_censored: NCensored = None,
    censor_time: CensorTime = None,
    t: Annotated[tuple[float, ...], Param("times at which to give the survival", ge=0)] = (),
    confidence: Confidence = 0.95,
) -> Result:
    """Kaplan-Meier estimate of survival from times with right censoring.

    At each failure time survival falls by the share of units at risk that failed. No distribution
    is assumed. Confidence limits are Greenwood's on the log-log scale.
    """
    data = read_life(locals())
    steps = survival_steps(data.times, data.failed)
    z = float(stats.norm.isf((1 - confidence) / 2))
    total, se, low, high = 0.0, [], [], []
    for _, risk, dead, s in steps:
        total += dead / (risk * (risk - dead)) if risk > dead else 0.0
        survival = float(s)
        se.append(survival * math.sqrt(total))
        if 0 < survival < 1:
            spread = z * math.sqrt(total) / math.log(survival)
            low.append(survival ** math.exp(-spread))
            high.append(survival ** math.exp(spread))
        else:
            low.append(survival)
            high.append(survival)
    curve = [(float(time), float(s)) for time, _, _, s in steps]
    values: dict[str, Value] = {
        "times": [c[0] for c in curve],
        "survival": [c[1] for c in curve],
        "se": se,
        "ci_low": low,
        "ci_high": high,
        "failures": sum(data.failed),
        "censored": len(data.failed) - sum(data.failed),
        "median": next((float(time) for time, _, _, s in steps if s <= Fraction(1, 2)), None),
    }
    words = "{failures} failures and {censored} censored units; "
    words += (
        "median life {median}." if values["median"] is not None else "survival stays above half."
    )
    if t:
        at = [next((s for u, s in reversed(curve) if u <= v), 1.0) for v in t]
        values |= {"survival_at": _one(at), "t": _one(list(t))}
        words += (
            " Survival at {t} is {survival_at}."
            if len(t) == 1
            else " Survival at {t[0]} is {survival_at[0]}."
        )
    rows = [
        (float(time), risk, dead, float(s), e, lo, hi)
        for (time, risk, dead, s), e, lo, hi in zip(steps, se, low, high, strict=True)
    ]
    figure = Figure(
        "step",
        "Survival",
        {"x": [0.0, *(c[0] for c in curve)], "y": [1.0, *(c[1] for c in curve)],
         "censored": [float(u) for u, f in zip(data.times, data.failed, strict=True) if not f],
         "x_label": "time", "y_label": "survival"},
    )  # fmt: skip
    columns = ("time", "at risk", "failed", "survival", "se", "CI low", "CI high")
    return Result(
        values,
        words,
        tables=(table_of("survival", columns, rows),),
        figures=(figure,),
        assumptions=(
            Assumption(
                "independent censoring", None, "units were not taken off because they were bad"
            ),
        ),
        warnings=data.notes,
    )


def _verify_success(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    f, confidence = arguments["failures"], arguments["confidence"]
    again: dict[str, Any] = {"failures": f, "confidence": confidence}

    def risk(n: int, reliability: float) -> float:
        with mpmath.workdps(40):
            q = 1 - mpmath.mpf(repr(reliability))
            return float(
                mpmath.fsum(mpmath.binomial(n, j) * q**j * (1 - q) ** (n - j) for j in range(f + 1))
            )

    if arguments["n"] is None:
        n = f + 1
        jump = 1
        while risk(n + jump, arguments["reliability"]) > (1 - confidence) * (1 + TIE):
            n, jump = n + jump, jump * 2
        while jump:
            if risk(n + jump, arguments["reliability"]) > (1 - confidence) * (1 + TIE):
                n += jump
            jump //= 2
        if risk(n, arguments["reliability"]) > (1 - confidence) * (1 + TIE):
            n += 1
        again |= {"n": n, "reliability": arguments["reliability"]}
        again["achieved_confidence"] = 1 - risk(n, arguments["reliability"])
    else:
        n = arguments["n"]
        low = optimize.brentq(lambda r: risk(n, r) - (1 - confidence), 1e-12, 1 - 1e-12, xtol=1e-14)
        again |= {"n": n, "reliability": Recomputed(float(low), 1e-8)}
        again["achieved_confidence"] = confidence
    return again


@operation(
    "quality.success_run",
    outputs={
        "n": "units to test",
        "reliability": "demonstrated reliability",
        "confidence": "confidence asked for",
        "achieved_confidence": "confidence reached with that number of units",
        "failures": "failures allowed",
    },
    reference="Meeker and Escobar (1998), section 10.6; bogey or success-run testing",
    verifier=_verify_success,
    examples=(
        "s = quality.success_run(reliability=90%, confidence=95%)",
        "s = quality.success_run(n=22, confidence=90%)",
        "s = quality.success_run(reliability=0.95, confidence=0.9, failures=1)",
    ),
    terms=("success run", "zero failure test", "reliability demonstration", "bogey test"),
)
def success_run(
    reliability: Annotated[
        float | None, Param("reliability to demonstrate", gt=0, lt=1, fraction=True)
    ] = None,
    confidence: Confidence = 0.9,
    n: Annotated[int | None, Param("units tested", ge=1, le=1_000_000)] = None,
    failures: Annotated[int, Param("failures allowed (or seen)", ge=0, le=1000)] = 0,
) -> Result:
    """Success-run test: units to test without failure for a reliability, or what a test has shown.

    Without failures n = ln(1 - confidence)/ln(reliability); with failures the binomial
    distribution. Give the reliability to get n, or n to get the reliability demonstrated.
    """
    if (reliability is None) == (n is None):
        raise InputError("give either the reliability to demonstrate or the number tested")
    if n is not None:
        if failures >= n:
            raise InputError(f"{failures} failures in {n} units demonstrate nothing")
        # P(at most f failures in n) = 1 - confidence, as a beta quantile.
        shown = float(special.betaincinv(n - failures, failures + 1, 1 - confidence))
        values = {"n": n, "reliability": shown, "achieved_confidence": confidence}
        words = "{n} units with {failures} failures demonstrate a reliability of {reliability}"
        words += " with confidence {confidence}."
    else:
        assert reliability is not None
        count = max(failures + 1, math.ceil(math.log1p(-confidence) / math.log(reliability) - 1e-9))
        while float(special.bdtr(failures, count, 1 - reliability)) > (1 - confidence) * (1 + TIE):
            count += 1
        reached = 1 - float(special.bdtr(failures, count, 1 - reliability))
        values = {"n": count, "reliability": reliability, "achieved_confidence": reached}
        words = "Test {n} units and allow {failures} failures to demonstrate a reliability of "
        words += "{reliability} with confidence {confidence}."
    return Result(
        {**values, "confidence": confidence, "failures": failures},
        words,
        assumptions=(Assumption("representative test", None, "one test is one life in the field"),),
    )
