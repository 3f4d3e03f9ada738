"""Student's t tests from what a report gives: sizes, means and standard deviations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

from havoc.tools.operation import Param, operation
from havoc.tools.result import Assumption, Result, table_of
from havoc.tools.stats import checks, precise
from havoc.tools.stats.samples import level
from havoc.tools.stats.t_tests import (
    REFERENCE,
    TESTED,
    TWO_OUTPUTS,
    Alpha,
    Confidence,
    Sides,
    d_of_one,
    d_of_one_again,
    t_again,
    t_inference,
    test_table,
    two_sample_again,
    two_sample_conclusion,
    two_sample_table,
    two_sample_values,
    verdict,
)

Size = Annotated[int, Param("number of values", ge=2)]
Spread = Annotated[float, Param("standard deviation (divisor n - 1)", gt=0)]
UNSEEN = Assumption(
    "normal distribution", None, "only a summary was given: look at the data before relying on it"
)


def written(x: float) -> Fraction:
    """The decimal a float was written as."""
    return Fraction(repr(x))


def _verify_one(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    n, sd = arguments["n"], precise.mpf(written(arguments["sd"]))
    if arguments["target"] is None:
        mean = precise.mpf(written(arguments["mean"]))
        again = t_again(mean, sd / precise.sqrt(n), n - 1, arguments)
        return {"mean": mean, **{k: again[k] for k in ("df", "se", "ci_low", "ci_high")}}
    gap = precise.mpf(written(arguments["mean"]) - written(arguments["target"]))
    again = t_again(gap, sd / precise.sqrt(n), n - 1, arguments)
    shifted = {
        k: again[k] if again[k] is None else again[k] + written(arguments["target"])
        for k in ("ci_low", "ci_high")
    }
    d = {"effect_size": gap / sd, **d_of_one_again(gap / sd, n, arguments)}
    mean = written(arguments["mean"])
    return again | shifted | {"mean": mean, "difference": gap, **d}


@operation(
    "stats.t_test_one_summary",
    outputs={"mean": "mean"} | TESTED | {"difference": "mean minus target"},
    reference=REFERENCE,
    verifier=_verify_one,
    examples=(
        "test = stats.t_test_one_summary(n=25, mean=101.8, sd=4.1, target=100, "
        'alternative="greater")',
        "interval = stats.t_test_one_summary(n=18, mean=74.2, sd=3.1, confidence=99%)",
    ),
    terms=(
        "one-sample t test from n, mean and standard deviation",
        "t test from summary",
        "confidence interval of a mean from n, mean and standard deviation",
    ),
)
def t_test_one_summary(
    n: Size,
    mean: Annotated[float, Param("sample mean")],
    sd: Spread,
    target: Annotated[
        float | None, Param("the value the mean is compared with; none: its interval alone")
    ] = None,
    alpha: Alpha = 0.05,
    alternative: Sides = "two-sided",
    confidence: Confidence = None,
) -> Result:
    """Give the confidence interval of a mean from n, mean and sd, and test the mean against a target.

    t = (mean - target) / (sd / sqrt(n)) with n - 1 degrees of freedom. The interval is for the
    mean.
    """
    if target is None:
        return _interval_alone(n, mean, sd, alternative, level(alpha, confidence))
    difference = float(written(mean) - written(target))
    values = t_inference(difference, sd / math.sqrt(n), n - 1, alpha, confidence, alternative, mean)
    values |= {"mean": mean, "difference": difference, "effect_size": difference / sd}
    values |= d_of_one(values, n, alpha, confidence)
    side = {"two-sided": "differs from", "less": "is below", "greater": "is above"}[alternative]
    conclusion = verdict(
        values["significant"],
        f"The mean {side} the target {target:g} by {{difference}}",
        f"There is no evidence that the mean {side} the target {target:g}",
    )
    columns = ("difference", "se", "statistic", "df", "p_value", "ci_low", "ci_high")
    table = table_of("t test", columns, [[values[c] for c in columns]])
    return Result(values, conclusion, (table,), assumptions=(UNSEEN, checks.independence()))


def _interval_alone(n: int, mean: float, sd: float, alternative: str, confidence: float) -> Result:
    """The interval of a mean that is compared with nothing."""
    found = t_inference(mean, sd / math.sqrt(n), n - 1, 0.5, confidence, alternative)
    values = {"mean": mean, **{k: found[k] for k in ("df", "se", "ci_low", "ci_high")}}
    lies = {
        "two-sided": "lies between {ci_low} and {ci_high}",
        "less": "is at most {ci_high}",
        "greater": "is at least {ci_low}",
    }[alternative]
    return Result(
        values,
        f"With {100 * confidence:g}% confidence the true mean {lies} (found {{mean}}, standard error {{se}}).",
        (table_of("mean", ("quantity", "value"), [("n", n), ("sd", sd), *values.items()]),),
        assumptions=(UNSEEN, checks.independence()),
    )


def _verify_two(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    a = {k: written(arguments[k]) for k in ("mean_1", "sd_1", "mean_2", "sd_2")}
    sizes = (arguments["n_1"], arguments["n_2"])
    variances = (precise.mpf(a["sd_1"] ** 2), precise.mpf(a["sd_2"] ** 2))
    return two_sample_again(
        sizes, (precise.mpf(a["mean_1"]), precise.mpf(a["mean_2"])), variances, arguments
    )


@operation(
    "stats.t_test_two_summary",
    outputs=TWO_OUTPUTS,
    reference=REFERENCE + "; Welch (1947), Biometrika 34",
    verifier=_verify_two,
    examples=(
        "test = stats.t_test_two_summary(n_1=12, mean_1=20.1, sd_1=1.2, n_2=10, mean_2=18.7, "
        "sd_2=1.5)",
        "test = stats.t_test_two_summary(12, 20.1, 1.2, 10, 18.7, 1.5, equal_variances=true, "
        "alpha=0.01)",
    ),
    terms=(
        "two-sample t test from means and standard deviations",
        "Welch from summary",
        "pooled t from summary",
    ),
)
def t_test_two_summary(
    n_1: Size,
    mean_1: Annotated[float, Param("mean of the first sample")],
    sd_1: Spread,
    n_2: Size,
    mean_2: Annotated[float, Param("mean of the second sample")],
    sd_2: Spread,
    equal_variances: Annotated[bool, Param("true: pooled variance; false: Welch")] = False,
    alpha: Alpha = 0.05,
    alternative: Sides = "two-sided",
    confidence: Confidence = None,
) -> Result:
    """Compare two independent means from sizes, means and standard deviations (Welch, or pooled).

    The interval is for the first mean minus the second.
    """
    means, variances = (written(mean_1), written(mean_2)), (written(sd_1) ** 2, written(sd_2) ** 2)
    values = two_sample_values(
        (n_1, n_2), means, variances, equal_variances, alpha, confidence, alternative
    )
    larger, smaller = max(sd_1, sd_2), min(sd_1, sd_2)
    said: tuple[str, ...] = ()
    if equal_variances and larger > 2 * smaller:
        said = (
            "One standard deviation is more than twice the other: Welch's test "
            "(equal_variances=false) is safer.",
        )
    table = test_table(values, equal_variances)
    return Result(
        values,
        two_sample_conclusion(values, "sample 1", "sample 2", alternative),
        (table, two_sample_table(values, "sample 1", "sample 2")),
        assumptions=(UNSEEN, checks.independence()),
        warnings=said,
    )


def _verify_paired(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    n = arguments["n"]
    mean, sd = (precise.mpf(written(arguments[k])) for k in ("mean_difference", "sd_difference"))
    d = {"effect_size": mean / sd, **d_of_one_again(mean / sd, n, arguments)}
    return t_again(mean, sd / precise.sqrt(n), n - 1, arguments) | d


@operation(
    "stats.t_test_paired_summary",
    outputs=TESTED,
    reference=REFERENCE,
    verifier=_verify_paired,
    examples=("test = stats.t_test_paired_summary(n=10, mean_difference=3.1, sd_difference=1.37)",),
    terms=("paired t test from the mean and standard deviation of the differences",),
)
def t_test_paired_summary(
    n: Annotated[int, Param("number of pairs", ge=2)],
    mean_difference: Annotated[float, Param("mean of the differences")],
    sd_difference: Annotated[float, Param("standard deviation of the differences", gt=0)],
    alpha: Alpha = 0.05,
    alternative: Sides = "two-sided",
    confidence: Confidence = None,
) -> Result:
    """Test whether the mean of paired differences is zero, from n, their mean and sd."""
    values = t_inference(
        mean_difference, sd_difference / math.sqrt(n), n - 1, alpha, confidence, alternative
    )
    values["effect_size"] = mean_difference / sd_difference
    values |= d_of_one(values, n, alpha, confidence)
    side = {"two-sided": "differs from zero", "less": "is below zero", "greater": "is above zero"}[
        alternative
    ]
    conclusion = verdict(
        values["significant"],
        f"The mean difference {side}",
        f"There is no evidence that the mean difference {side}",
    )
    columns = ("se", "statistic", "df", "p_value", "ci_low", "ci_high")
    table = table_of("paired t test", columns, [[values[c] for c in columns]])
    return Result(values, conclusion, (table,), assumptions=(UNSEEN, checks.independence()))
