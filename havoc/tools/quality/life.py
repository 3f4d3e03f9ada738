"""Life distributions with known parameters, and MTBF from failures and time on test."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import mpmath
import numpy as np
from scipy import special, stats

from havoc.errors import InputError, NeedsClarification
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.quality.specs import Confidence
from havoc.tools.result import Assumption, Figure, Result, Value, table_of

Times = Annotated[tuple[float, ...], Param("mission times at which to give the reliability", gt=0)]
Percent = Annotated[float, Param("x of the B-life: percentage failed", unit="%", gt=0, lt=100)]


def _verify_mtbf(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Limits of a Poisson mean by the tail sums themselves, in 30 digits."""
    r, time, level = arguments["failures"], arguments["time"], arguments["confidence"]
    both = arguments["side"] == "two-sided"
    extra = 1 if arguments["terminated"] == "time" else 0
    tail = (1 - level) / 2 if both else 1 - level
    again: dict[str, Any] = {"failures": r, "time": time, "confidence": level}
    if r:
        again |= {"mtbf_hat": time / r, "failure_rate": r / time}
    found: dict[str, float] = {}
    if arguments["side"] != "upper":
        # P(at most r + extra - 1 failures | m) = tail
        found["mtbf_lower"] = time / _poisson_mean(r + extra - 1, tail)
    if arguments["side"] != "lower" and r:
        found["mtbf_upper"] = time / _poisson_mean(r - 1, 1 - tail)
    again |= {k: Recomputed(v, 1e-9) for k, v in found.items()}
    if "mtbf_lower" in found:
        again["failure_rate_upper"] = 1 / found["mtbf_lower"]
    if "mtbf_upper" in found:
        again["failure_rate_lower"] = 1 / found["mtbf_upper"]
    if arguments["mission"] is not None:
        if r:
            again["reliability"] = float(mpmath.exp(-arguments["mission"] * r / time))
        if "mtbf_lower" in found:
            again["reliability_lower"] = float(
                mpmath.exp(-arguments["mission"] / found["mtbf_lower"])
            )
    return again


def _poisson_mean(k: int, probability: float) -> float:
    """The mean at which P(N <= k) is ``probability``, by bisection on the sum of terms."""
    with mpmath.workdps(30):

        def cdf(m: mpmath.mpf) -> mpmath.mpf:
            return mpmath.exp(-m) * mpmath.fsum(m**j / mpmath.factorial(j) for j in range(k + 1))

        low, high = mpmath.mpf(0), mpmath.mpf(k + 10) * 8
        for _ in range(90):
            middle = (low + high) / 2
            low, high = (middle, high) if cdf(middle) > probability else (low, middle)
        return float((low + high) / 2)


@operation(
    "quality.mtbf",
    outputs={
        "mtbf_hat": "point estimate of the MTBF",
        "mtbf_lower": "lower confidence limit of the MTBF",
        "mtbf_upper": "upper confidence limit of the MTBF",
        "failure_rate": "point estimate of the failure rate",
        "failure_rate_lower": "lower confidence limit of the failure rate",
        "failure_rate_upper": "upper confidence limit of the failure rate",
        "reliability": "reliability for the mission time",
        "reliability_lower": "its lower confidence limit",
        "confidence": "confidence level of the limits",
        "failures": "number of failures",
        "time": "total time on test",
    },
    reference="NIST/SEMATECH e-Handbook 8.4.5; MIL-HDBK-781",
    verifier=_verify_mtbf,
    examples=(
        "m = quality.mtbf(failures=3, time=12000, confidence=90%, side=lower)",
        "m = quality.mtbf(failures=5, time=8000, terminated=failure, mission=100)",
        "m = quality.mtbf(failures=0, time=5000, side=lower)",
    ),
    terms=("MTBF confidence limit", "chi-square bound on MTBF", "failure rate", "zero failures"),
)
def mtbf(
    failures: Annotated[int, Param("number of failures", ge=0, le=10_000)],
    time: Annotated[float, Param("total time on test, all units together", gt=0)],
    confidence: Confidence = 0.9,
    side: Annotated[
        Literal["two-sided", "lower", "upper"], Param("limits wanted for the MTBF")
    ] = "two-sided",
    terminated: Annotated[
        Literal["time", "failure"], Param("the test ended at a set time or at a failure")
    ] = "time",
    mission: Annotated[float | None, Param("mission time for a reliability", gt=0)] = None,
) -> Result:
    """MTBF with chi-square confidence limits, for a constant failure rate.

    Lower limit 2T/chi²(confidence; 2r+2) for a time-terminated test, with 2r degrees of freedom for
    a failure-terminated one; upper limit 2T/chi²(1-confidence; 2r).
    """
    if failures == 0 and terminated == "failure":
        raise InputError("a test that ended at a failure has at least one failure")
    if failures == 0 and side == "upper":
        raise InputError("without a failure there is no upper limit of the MTBF")
    tail = (1 - confidence) / 2 if side == "two-sided" else 1 - confidence
    values: dict[str, Value] = {"failures": failures, "time": time, "confidence": confidence}
    if failures:
        values |= {"mtbf_hat": time / failures, "failure_rate": failures / time}
    if side != "upper":
        df = 2 * failures + (2 if terminated == "time" else 0)
        lower = 2 * time / float(stats.chi2.isf(tail, df))
        values |= {"mtbf_lower": lower, "failure_rate_upper": 1 / lower}
        if mission is not None:
            values["reliability_lower"] = math.exp(-mission / lower)
    if side != "lower" and failures:
        upper = 2 * time / float(stats.chi2.ppf(tail, 2 * failures))
        values |= {"mtbf_upper": upper, "failure_rate_lower": 1 / upper}
    if mission is not None and failures:
        values["reliability"] = math.exp(-mission * failures / time)
    parts = ["MTBF {mtbf_hat}" if failures else "No failure yet"]
    parts += [f"{name} limit {{mtbf_{name}}}" for name in ("lower", "upper")
              if f"mtbf_{name}" in values]  # fmt: skip
    warnings = []
    if failures == 0:
        warnings.append("Without a failure only a lower limit can be given, no estimate.")
    elif failures < 5:
        warnings.append("With few failures the interval is wide; the point estimate says little.")
    rate = Assumption("constant failure rate", None, "no wear-out or early failures; a Weibull fit "
                      "of failure times can tell")  # fmt: skip
    sides = "two-sided" if side == "two-sided" else "one-sided"
    conclusion = f"{', '.join(parts)} ({sides}, confidence {{confidence}})."
    return Result(values, conclusion, assumptions=(rate,), warnings=tuple(warnings))


def _life_figure(name: str, scale: float, cdf: Any) -> Figure:
    t = np.linspace(0, 3 * scale, 121)
    return Figure(
        "line",
        name,
        {"x": t.tolist(), "y": [1 - float(cdf(v)) for v in t], "x_label": "time",
         "y_label": "reliability"},
    )  # fmt: skip


def _verify_weibull(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    beta, eta, gamma = (mpmath.mpf(repr(arguments[k])) for k in ("shape", "scale", "location"))
    t = [mpmath.mpf(repr(v)) for v in arguments["t"]]
    share = mpmath.mpf(repr(arguments["b"])) / 100
    with mpmath.workdps(30):
        spent = [mpmath.power(max(v - gamma, 0) / eta, beta) for v in t]
        knots = [0, 0.5, 1, 2, 5, mpmath.inf]
        mean = mpmath.quad(lambda u: mpmath.exp(-(u**beta)), knots)
        square = mpmath.quad(
            lambda u: 2 * u * mpmath.exp(-(u**beta)), [0, 0.5, 1, 2, 5, mpmath.inf]
        )
        again: dict[str, Any] = {
            "mttf": Recomputed(float(gamma + eta * mean), 1e-8),
            "sd": Recomputed(float(eta * mpmath.sqrt(square - mean**2)), 1e-7),
            "median": float(gamma + eta * mpmath.log(2) ** (1 / beta)),
            "b_life": float(gamma + eta * (-mpmath.log(1 - share)) ** (1 / beta)),
            "b": arguments["b"],
        }
        if beta >= 1:
            mode = eta * ((beta - 1) / beta) ** (1 / beta) if beta > 1 else mpmath.mpf(0)
            again["mode"] = float(gamma + mode)
        if t:
            again["t"] = arguments["t"]
            again["reliability"] = _one([float(mpmath.exp(-s)) for s in spent])
            again["unreliability"] = _one([float(-mpmath.expm1(-s)) for s in spent])
            again["hazard"] = _one(
                [float(beta / eta * ((v - gamma) / eta) ** (beta - 1)) if v > gamma else 0.0
                 for v in t]
            )  # fmt: skip
    again["t"] = _one(list(arguments["t"])) if t else None
    return {k: v for k, v in again.items() if k in result.values}


def _one(items: list[float]) -> Value:
    return items[0] if len(items) == 1 else items


@operation(
    "quality.weibull_life",
    outputs={
        "reliability": "probability of surviving each time",
        "unreliability": "probability of failing by each time",
        "hazard": "failure rate at each time",
        "b_life": "time by which b percent have failed (B-life)",
        "b": "percentage of the B-life",
        "mttf": "mean time to failure",
        "median": "median life",
        "mode": "most likely life",
        "sd": "standard deviation of life",
        "t": "times",
    },
    reference="Meeker and Escobar (1998), Statistical Methods for Reliability Data, section 4.8",
    verifier=_verify_weibull,
    examples=(
        "w = quality.weibull_life(shape=1.8, scale=5000, t=2000, b=10)",
        "w = quality.weibull_life(shape=0.8, scale=100, t=[10, 50, 200])",
    ),
    terms=("Weibull reliability", "B10 life", "characteristic life", "mean life", "MTTF"),
)
def weibull_life(
    shape: Annotated[float, Param("shape, beta", gt=0.05, le=100)],
    scale: Annotated[float, Param("scale, eta, characteristic life", gt=0)],
    t: Times = (),
    b: Percent = 10.0,
    location: Annotated[float, Param("failure-free time, gamma", ge=0)] = 0.0,
) -> Result:
    """Reliability, B-life and mean life of a Weibull life distribution.

    R(t) = exp(-((t - gamma)/eta)^beta); the B-life is gamma + eta (-ln(1 - b/100))^(1/beta), the
    mean gamma + eta Γ(1 + 1/beta).
    """
    rest = [max(v - location, 0.0) / scale for v in t]
    g1, g2 = (float(special.gamma(1 + k / shape)) for k in (1, 2))
    values: dict[str, Value] = {
        "mttf": location + scale * g1,
        "sd": scale * math.sqrt(g2 - g1**2),
        "median": location + scale * math.log(2) ** (1 / shape),
        "b_life": location + scale * (-math.log1p(-b / 100)) ** (1 / shape),
        "b": b,
    }
    if shape >= 1:
        values["mode"] = location + scale * (1 - 1 / shape) ** (1 / shape)
    words = "B{b} life {b_life}, mean life {mttf}, median {median}."
    if t:
        values |= {
            "t": _one(list(t)),
            "reliability": _one([math.exp(-(u**shape)) for u in rest]),
            "unreliability": _one([-math.expm1(-(u**shape)) for u in rest]),
            "hazard": _one([shape / scale * u ** (shape - 1) if u > 0 else 0.0 for u in rest]),
        }
        at = "{reliability} at {t}" if len(t) == 1 else "{reliability[0]} at {t[0]}"
        words = f"Reliability {at}. " + words
    kind = "falls with age (early failures)" if shape < 1 else "rises with age (wear-out)"
    if shape == 1:
        kind = "is constant"
    return Result(
        values,
        words,
        figures=(
            _life_figure(
                "Reliability",
                location + scale,
                lambda v: -math.expm1(-((max(v - location, 0.0) / scale) ** shape)),
            ),
        ),
        warnings=(f"With this shape the failure rate {kind}.",),
    )


def _verify_exponential(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    with mpmath.workdps(30):
        given = arguments["mtbf"]
        mean = mpmath.mpf(repr(given)) if given else 1 / mpmath.mpf(repr(arguments["rate"]))
        t = [mpmath.mpf(repr(v)) for v in arguments["t"]]
        again: dict[str, Any] = {
            "mttf": float(mean),
            "failure_rate": float(1 / mean),
            "median": float(mean * mpmath.log(2)),
            "b_life": float(mean * mpmath.log(100 / (100 - mpmath.mpf(repr(arguments["b"]))))),
            "b": arguments["b"],
        }
        if t:
            again["t"] = _one([float(v) for v in t])
            again["reliability"] = _one([float(mpmath.e ** (-v / mean)) for v in t])
            again["unreliability"] = _one([float(1 - mpmath.e ** (-v / mean)) for v in t])
    return again


@operation(
    "quality.exponential_life",
    outputs={
        "reliability": "probability of surviving each time",
        "unreliability": "probability of failing by each time",
        "mttf": "mean time between failures",
        "median": "median life",
        "failure_rate": "constant failure rate",
        "b_life": "time by which b percent have failed",
        "b": "percentage of the B-life",
        "t": "times",
    },
    reference="Meeker and Escobar (1998), Statistical Methods for Reliability Data, section 4.4",
    verifier=_verify_exponential,
    examples=(
        "w = quality.exponential_life(mtbf=800, t=1000)",
        "w = quality.exponential_life(rate=0.0004, t=1000)",
    ),
    terms=("exponential reliability", "constant failure rate", "MTBF survival probability"),
)
def exponential_life(
    mtbf: Annotated[float | None, Param("mean time between failures", gt=0)] = None,
    t: Times = (),
    b: Percent = 10.0,
    rate: Annotated[
        float | None,
        Param("constant failure rate, failures per unit of time, instead of mtbf", gt=0),
    ] = None,
) -> Result:
    """Reliability and median life for a constant failure rate (exponential life).

    R(t) = exp(-t/MTBF); the median life is MTBF ln 2, the failure rate 1/MTBF. Without wear or early failures: a
    used unit is as good as a new one.
    """
    if mtbf is not None and rate is not None:
        raise InputError("give either mtbf= or rate=, not both")
    if mtbf is None:
        if rate is None:
            raise NeedsClarification(
                "which mean time between failures (mtbf), or which failure rate?"
            )
        mtbf = 1 / rate
    values: dict[str, Value] = {
        "mttf": mtbf,
        "failure_rate": 1 / mtbf,
        "median": mtbf * math.log(2),
        "b_life": -mtbf * math.log1p(-b / 100),
        "b": b,
    }
    words = "Median life {median}, B{b} life {b_life}."
    if t:
        values |= {
            "t": _one(list(t)),
            "reliability": _one([math.exp(-v / mtbf) for v in t]),
            "unreliability": _one([-math.expm1(-v / mtbf) for v in t]),
        }
        at = "{reliability} at {t}" if len(t) == 1 else "{reliability[0]} at {t[0]}"
        words = f"Reliability {at}. " + words
    constant = Assumption("constant failure rate", None, "no wear-out and no early failures")
    return Result(
        values,
        words,
        tables=(table_of("life", ("", "value"), [(k, v) for k, v in values.items()
                                                 if not isinstance(v, list)]),),
        figures=(_life_figure("Reliability", mtbf, lambda v: -math.expm1(-v / mtbf)),),
        assumptions=(constant,),
    )  # fmt: skip
