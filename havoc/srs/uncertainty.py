"""The sentence of uncertainty that follows a conclusion which does not give one itself."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from havoc.dsl.executor import Step

# operation pattern, lower limit, upper limit, what they are limits of
_INTERVALS: tuple[tuple[str, str, str, str], ...] = (
    ("stats.t_test_one*", "ci_low", "ci_high", "the mean"),
    ("stats.z_test", "ci_low", "ci_high", "the mean"),
    ("stats.t_test_paired*", "ci_low", "ci_high", "the mean difference"),
    ("stats.t_test_two*", "ci_low", "ci_high", "the difference"),
    ("stats.correlation", "ci_low", "ci_high", "the correlation"),
    ("stats.fisher_exact", "ci_low", "ci_high", "the odds ratio"),
    ("stats.variance_two", "ci_low", "ci_high", "the ratio of the spreads"),
    ("stats.poisson_rate_two", "ci_low", "ci_high", "the ratio of the rates"),
    ("quality.capability*", "cpk_ci_low", "cpk_ci_high", "Cpk"),
    ("quality.capability*", "ppk_ci_low", "ppk_ci_high", "Ppk"),
)
_SLOPE = ("stats.regression", "ci_low", "ci_high", "the slope")


def uncertainty(step: Step) -> str:
    """One sentence with ``{key}`` places, or nothing."""
    values = step.result.values
    for pattern, low, high, what in _INTERVALS:
        if fnmatchcase(step.operation, pattern) and f"{{{low}" not in step.result.conclusion:
            text = _sentence(values.get(low), values.get(high), f"{{{low}}}", f"{{{high}}}")
            if text:
                return f"{_level(step)} {what} {text}."
    return _slope(step)


def _sentence(low: Any, high: Any, low_place: str, high_place: str) -> str:
    """Two limits; of a one-sided test the one that there is."""
    if low is not None and high is not None:
        return f"lies between {low_place} and {high_place}"
    if low is not None:
        return f"is at least {low_place}"
    if high is not None:
        return f"is at most {high_place}"
    return ""


def _slope(step: Step) -> str:
    """The interval of the slope of a line; models of more terms have theirs in the table."""
    operation, low, high, what = _SLOPE
    names = step.result.values.get("coefficient_names")
    limits = step.result.values.get(low)
    if step.operation != operation or not isinstance(names, list) or not isinstance(limits, list):
        return ""
    if len(names) != 2 or len(limits) != 2:
        return ""
    return f"{_level(step)} {what} lies between {{{low}[1]}} and {{{high}[1]}}."


def confidence(step: Step) -> float:
    """The level of the step's intervals: what was asked, else the complement of alpha."""
    for given in (step.result.values.get("confidence"), step.arguments.get("confidence")):
        if isinstance(given, int | float) and not isinstance(given, bool):
            return float(given)
    alpha = step.arguments.get("alpha")
    return 1 - float(alpha) if isinstance(alpha, int | float) else 0.95


def _level(step: Step) -> str:
    return f"With {100 * confidence(step):.4g}% confidence"
