"""Prediction intervals: where the next values of the same process will lie, from data or from a summary."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

from scipy import stats

from havoc.tools.operation import Param, operation
from havoc.tools.result import Assumption, Result, ResultTable, table_of
from havoc.tools.stats import checks, precise
from havoc.tools.stats.samples import PowerSums, moments
from havoc.tools.stats.samples import clean as cleaned
from havoc.tools.stats.t_summaries import UNSEEN, Size, Spread, written
from havoc.tools.stats.t_tests import Sides, group_plot
from havoc.tools.values import Sample

Further = Annotated[
    int, Param("number of further values, which all lie in the interval", ge=1, le=10_000)
]
Share = Annotated[float, Param("confidence of the prediction", gt=0, lt=1, fraction=True)]
OUTPUTS = {
    "lower": "lower prediction limit (none when the alternative is 'less')",
    "upper": "upper prediction limit (none when the alternative is 'greater')",
    "mean": "mean of the values known",
    "sd": "their standard deviation",
    "n": "number of values known",
    "k": "factor of the standard deviation",
    "further": "number of further values",
    "confidence": "confidence",
}
REFERENCE = (
    "Hahn and Meeker (1991), Statistical Intervals, section 4.8; several values by Bonferroni"
)


def _tail(further: int, sides: str, confidence: Any) -> Any:
    """Chance that one further value is beyond one limit."""
    return (1 - confidence) / (further * (2 if sides == "two-sided" else 1))


def _limits(mean: Any, half: Any, sides: str) -> dict[str, Any]:
    return {
        "lower": None if sides == "less" else mean - half,
        "upper": None if sides == "greater" else mean + half,
    }


def _result(
    n: int, mean: float, sd: float, further: int, sides: str, confidence: float
) -> tuple[dict[str, Any], str]:
    """The values of a prediction interval and its conclusion."""
    k = float(stats.t.isf(_tail(further, sides, confidence), n - 1)) * math.sqrt(1 + 1 / n)
    values = {**_limits(mean, k * sd, sides), "mean": mean, "sd": sd, "n": n, "k": k}
    values |= {"further": further, "confidence": confidence}
    lies = {
        "two-sided": "between {lower} and {upper}",
        "less": "at or below {upper}",
        "greater": "at or above {lower}",
    }[sides]
    who = "the next value lies" if further == 1 else f"all of the next {further} values lie"
    return values, f"With {100 * confidence:g}% confidence {who} {lies}."


def _again(
    n: int, mean: Fraction, variance: Any, arguments: Mapping[str, Any]
) -> Mapping[str, Any]:
    sides, confidence = arguments["alternative"], arguments["confidence"]
    tail = _tail(arguments["further"], sides, precise.mpf(confidence))
    k = precise.t_quantile(1 - tail, n - 1) * precise.sqrt(Fraction(n + 1, n))
    sd = precise.ctx.sqrt(precise.mpf(variance))
    limits = _limits(precise.mpf(mean), k * sd, sides)
    told = {"n": n, "further": arguments["further"], "confidence": confidence}
    return {**limits, "mean": mean, "sd": sd, "k": k, **told}


def _verify(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    exact = arguments["x"].present().exact
    mean = sum(exact, Fraction(0)) / len(exact)
    return _again(len(exact), mean, PowerSums.of(arguments["x"].present()).variance, arguments)


def _verify_summary(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    mean, variance = written(arguments["mean"]), written(arguments["sd"]) ** 2
    return _again(arguments["n"], mean, variance, arguments)


@operation(
    "stats.prediction_interval",
    outputs=OUTPUTS,
    reference=REFERENCE,
    verifier=_verify,
    examples=(
        "next = stats.prediction_interval([5.02, 5.07, 4.98, 5.01, 5.05, 5.03])",
        "next = stats.prediction_interval([5.02, 5.07, 4.98, 5.01, 5.05, 5.03], further=3, confidence=90%)",
    ),
    terms=("prediction interval", "where the next value will fall", "next single observation"),
)
def prediction_interval(
    x: Annotated[Sample, Param("measurements", min_length=2)],
    further: Further = 1,
    alternative: Sides = "two-sided",
    confidence: Share = 0.95,
) -> Result:
    """Predict the interval of the next value, or of several, of a normal process from data.

    mean ± t sd sqrt(1 + 1/n) with n - 1 degrees of freedom; ``less`` gives an upper bound alone, ``greater`` a
    lower one.
    """
    sample, said = cleaned(x, 2)
    checks.must_vary(sample)
    m = moments(sample)
    values, conclusion = _result(m.n, float(m.mean), m.sd, further, alternative, confidence)
    assumed = (checks.normality(sample.values, f"'{x.name}'"), checks.independence())
    return Result(
        values,
        conclusion,
        (_table(values),),
        (group_plot(x.name, sample),),
        assumed,
        tuple(said + checks.failed(assumed)),
    )


@operation(
    "stats.prediction_interval_summary",
    outputs=OUTPUTS,
    reference=REFERENCE,
    verifier=_verify_summary,
    examples=("next = stats.prediction_interval_summary(n=15, mean=50.3, sd=2.2)",),
    terms=("prediction interval from n, mean and standard deviation",),
)
def prediction_interval_summary(
    n: Size,
    mean: Annotated[float, Param("sample mean")],
    sd: Spread,
    further: Further = 1,
    alternative: Sides = "two-sided",
    confidence: Share = 0.95,
) -> Result:
    """Predict the interval of the next value, or of several, of a normal process from n, mean and sd."""
    values, conclusion = _result(n, mean, sd, further, alternative, confidence)
    assumed: tuple[Assumption, ...] = (UNSEEN, checks.independence())
    return Result(values, conclusion, (_table(values),), assumptions=assumed)


def _table(values: Mapping[str, Any]) -> ResultTable:
    rows = [(k, values[k]) for k in ("n", "mean", "sd", "k", "lower", "upper")]
    return table_of("prediction", ("quantity", "value"), [r for r in rows if r[1] is not None])
