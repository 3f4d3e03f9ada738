"""Reliability of known life distributions: survival, B-life, mean and median life, hazard."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from scipy import special, stats

from havoc.tools.operation import Param, operation
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.stats import precise
from havoc.tools.stats.precise import ctx, mpf

Time = Annotated[float | None, Param("time at which reliability is wanted", ge=0)]
Failed = Annotated[
    float, Param("fraction failed at the B-life (10% gives B10)", gt=0, lt=1, fraction=True)
]
OUTPUTS = {
    "mean_life": "mean life (MTTF)",
    "median_life": "median life (B50)",
    "b_life": "time by which the fraction `failed` has failed (B10 for 10%)",
    "sd": "standard deviation of the life",
    "reliability": "probability of surviving to `time`",
    "failure_probability": "probability of failing before `time`",
    "hazard": "instantaneous failure rate at `time`",
}
REFERENCE = "Meeker and Escobar (1998), Statistical Methods for Reliability Data, chapter 4"


def _result(
    life: Any, title: str, time: float | None, failed: float, values: dict[str, Any]
) -> Result:
    percent = f"{100 * failed:g}"
    conclusion = f"Mean life {{mean_life}}, median life {{median_life}}, B{percent} life {{b_life}}"
    if time is not None:
        survival = float(life.sf(time))
        values |= {"reliability": survival, "failure_probability": float(life.cdf(time))}
        if survival > 0 and math.isfinite(life.pdf(time)):
            values["hazard"] = float(life.pdf(time)) / survival
        conclusion += f"; the reliability at {time:g} is {{reliability}}"
    x = np.linspace(0, max(life.ppf(0.99), time or 0), 81)
    figure = Figure(
        "reliability", title, {"time": x.tolist(), "reliability": life.sf(x).tolist(), "at": time}
    )
    table = table_of("life", ("quantity", "value"), list(values.items()))
    assumed = (
        "The figures hold as far as the distribution and its parameters are right; "
        "estimates carry uncertainty."
    )
    return Result(values, conclusion + ".", (table,), (figure,), warnings=(assumed,))


def _survival_again(arguments: Mapping[str, Any], exponent: Any, density: Any) -> dict[str, Any]:
    """From the cumulative hazard at ``time`` and the hazard itself."""
    if arguments["time"] is None:
        return {}
    again = {"reliability": ctx.exp(-exponent), "failure_probability": -ctx.expm1(-exponent)}
    return again | ({} if density is None else {"hazard": density})


def _verify_weibull(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    k, s = mpf(arguments["shape"]), mpf(arguments["scale"])
    log2, failed = ctx.log(2), mpf(arguments["failed"])
    # the moments by integrating the quantile function over the probability
    power = lambda r: ctx.quad(lambda u: u ** (r / k) * ctx.exp(-u), [0, 1, 5, 20, 120])  # noqa: E731
    mean, square = power(1), power(2)
    again = {
        "mean_life": s * mean,
        "sd": s * ctx.sqrt(square - mean**2),
        "median_life": s * ctx.exp(ctx.log(log2) / k),
        "b_life": s * ctx.exp(ctx.log(-ctx.log1p(-failed)) / k),
    }
    time = mpf(arguments["time"] or 0)
    if "hazard" in result.values:
        return again | _survival_again(arguments, (time / s) ** k, k / s * (time / s) ** (k - 1))
    return again | _survival_again(arguments, (time / s) ** k, None)


@operation(
    "stats.weibull_life",
    outputs=OUTPUTS,
    reference=REFERENCE,
    verifier=_verify_weibull,
    examples=("life = stats.weibull_life(shape=1.8, scale=5000, time=2000, failed=0.1)",),
    terms=(
        "Weibull reliability",
        "B10 life",
        "mean time to failure",
        "MTTF",
        "characteristic life eta and beta",
    ),
)
def weibull_life(
    shape: Annotated[float, Param("Weibull shape (beta)", gt=0)],
    scale: Annotated[float, Param("Weibull scale, characteristic life (eta)", gt=0)],
    time: Time = None,
    failed: Failed = 0.1,
) -> Result:
    """Reliability, B-life, mean and median life of a Weibull distribution.

    R(t) = exp(-(t/scale)^shape); mean = scale gamma(1 + 1/shape). Shape below 1: early failures,
    1: constant rate, above 1: wear-out.
    """
    life = stats.weibull_min(shape, scale=scale)
    g1, g2 = special.gamma(1 + 1 / shape), special.gamma(1 + 2 / shape)
    values = {
        "mean_life": scale * g1,
        "median_life": scale * math.log(2) ** (1 / shape),
        "b_life": float(life.ppf(failed)),
        "sd": scale * math.sqrt(g2 - g1**2),
    }
    return _result(
        life, f"Reliability, Weibull with shape {shape:g} and scale {scale:g}", time, failed, values
    )


def _verify_exponential(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    m = mpf(arguments["mtbf"])
    again = {
        "mean_life": 1 / (1 / m),
        "sd": m,
        "median_life": m * ctx.log(2),
        "b_life": precise.quantile(
            lambda t: 1 - ctx.exp(-t / m), arguments["failed"], 0.0, arguments["mtbf"]
        ),
    }
    return again | _survival_again(arguments, mpf(arguments["time"] or 0) / m, 1 / m)


@operation(
    "stats.exponential_life",
    outputs=OUTPUTS,
    reference=REFERENCE,
    verifier=_verify_exponential,
    examples=("life = stats.exponential_life(mtbf=800, time=1000)",),
    terms=("exponential reliability", "constant failure rate", "MTBF survival", "median life"),
)
def exponential_life(
    mtbf: Annotated[float, Param("mean time between failures (1 / failure rate)", gt=0)],
    time: Time = None,
    failed: Failed = 0.1,
) -> Result:
    """Reliability, B-life, mean and median life at a constant failure rate (exponential).

    R(t) = exp(-t / mtbf).
    """
    life = stats.expon(scale=mtbf)
    values = {
        "mean_life": mtbf,
        "median_life": mtbf * math.log(2),
        "b_life": float(life.ppf(failed)),
        "sd": mtbf,
    }
    return _result(life, f"Reliability, exponential with MTBF {mtbf:g}", time, failed, values)


def _verify_lognormal(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    m, s = mpf(arguments["log_mean"]), mpf(arguments["log_sd"])
    again = {
        "mean_life": ctx.exp(m) * ctx.exp(s**2 / 2),
        "sd": ctx.sqrt(ctx.exp(2 * m + 2 * s**2) - ctx.exp(2 * m + s**2)),
        "median_life": ctx.exp(m),
        "b_life": ctx.exp(m + s * precise.normal_quantile(arguments["failed"])),
    }
    time = arguments["time"]
    if time is None:
        return again
    z = (ctx.log(mpf(time)) - m) / s if time > 0 else -ctx.inf
    survival = precise.normal_cdf(-z)
    again |= {"reliability": survival, "failure_probability": precise.normal_cdf(z)}
    if "hazard" in result.values:
        density = (
            ctx.exp(-z * z / 2) / (mpf(time) * s * ctx.sqrt(2 * ctx.pi)) if time > 0 else mpf(0)
        )
        again["hazard"] = density / survival
    return again


@operation(
    "stats.lognormal_life",
    outputs=OUTPUTS,
    reference=REFERENCE,
    verifier=_verify_lognormal,
    examples=("life = stats.lognormal_life(log_mean=7, log_sd=0.5, time=800)",),
    terms=("lognormal reliability", "lognormal life"),
)
def lognormal_life(
    log_mean: Annotated[float, Param("mean of the natural logarithm of life")],
    log_sd: Annotated[float, Param("standard deviation of the natural logarithm of life", gt=0)],
    time: Time = None,
    failed: Failed = 0.1,
) -> Result:
    """Reliability, B-life, mean and median life of a lognormal distribution."""
    life = stats.lognorm(log_sd, scale=math.exp(log_mean))
    values = {
        "mean_life": float(life.mean()),
        "median_life": math.exp(log_mean),
        "b_life": float(life.ppf(failed)),
        "sd": float(life.std()),
    }
    return _result(life, f"Reliability, lognormal ({log_mean:g}, {log_sd:g})", time, failed, values)
