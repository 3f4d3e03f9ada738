"""Taguchi's signal-to-noise ratios of repeated trials, and their means by factor level."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal

import mpmath
import numpy as np

from havoc.errors import InputError
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.result import Figure, Result, ResultTable, Value, table_of
from havoc.tools.spc.charting import Layout, read_subgroups
from havoc.tools.values import Column, Sample, as_labels

Goal = Literal["smaller", "larger", "nominal"]
_FORMULA = {
    "smaller": "-10 log10 of the mean square",
    "larger": "-10 log10 of the mean of 1/y²",
    "nominal": "10 log10 of mean² over variance",
}


def _ratio(y: Any, goal: Goal) -> float:
    """S/N in dB of one trial's repeats (Taguchi)."""
    if goal == "smaller":
        return -10 * math.log10(float((y**2).mean()))
    if goal == "larger":
        return -10 * math.log10(float((1 / y**2).mean()))
    return 10 * math.log10(float(y.mean()) ** 2 / float(y.var(ddof=1)))


def _ratio_again(y: Sequence[Fraction], goal: Goal) -> float:
    """The same from exact sums, the logarithm in 30 digits."""
    n = len(y)
    if goal == "nominal":
        total = sum(y, Fraction(0))
        square = sum((v * v for v in y), Fraction(0))
        share = (total / n) ** 2 / ((square - total * total / n) / (n - 1))
    else:
        powers = [v * v if goal == "smaller" else 1 / (v * v) for v in y]
        share = n / sum(powers, Fraction(0))
    with mpmath.workdps(30):
        return float(10 * mpmath.log10(mpmath.mpf(share.numerator) / share.denominator))


def _checked(trials: Sequence[Sample], goal: Goal) -> None:
    for number, trial in enumerate(trials, 1):
        y = trial.exact
        if goal == "larger" and any(v <= 0 for v in y):
            raise InputError(
                f"trial {number} holds a value that is not above 0: larger-is-better needs positive values"
            )
        if goal == "smaller" and not any(y):
            raise InputError(f"trial {number} is 0 throughout: its ratio is not finite")
        if goal == "nominal":
            if len(y) < 2:
                raise InputError("nominal-is-best needs at least 2 repeats of each trial")
            if len(set(y)) == 1 or sum(y) == 0:
                raise InputError(
                    f"trial {number} does not vary, or its mean is 0: its ratio is not finite"
                )


def _trials(arguments: Mapping[str, Any]) -> tuple[Sample, ...]:
    groups = read_subgroups(arguments["x"], None, None, arguments["layout"], least=1)
    return groups.samples


def _by_level(
    factors: Sequence[Column], ratios: Sequence[float]
) -> list[tuple[str, str, float, int]]:
    """(factor, level, mean S/N, trials) of every level."""
    rows = []
    for factor in factors:
        levels = as_labels(factor).items
        if len(levels) != len(ratios):
            raise InputError(f"'{factor.name}' has {len(levels)} settings for {len(ratios)} trials")
        for level in dict.fromkeys(levels):
            own = [r for r, v in zip(ratios, levels, strict=True) if v == level]
            rows.append((factor.name, str(level), math.fsum(own) / len(own), len(own)))
    return rows


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    trials = _trials(arguments)
    ratios = [_ratio_again(t.exact, arguments["goal"]) for t in trials]
    again: dict[str, Any] = {
        "sn": [Recomputed(r, 1e-9).value for r in ratios],
        "means": [float(sum(t.exact, Fraction(0)) / len(t.exact)) for t in trials],
        "best_trial": 1 + max(range(len(ratios)), key=lambda i: (ratios[i], -i)),
        "best_sn": max(ratios),
        "trials": len(trials),
    }
    if arguments["factors"]:
        # Means of each level by a weighted least-squares fit without an intercept.
        found = []
        for factor in arguments["factors"]:
            levels = as_labels(factor).items
            order = list(dict.fromkeys(levels))
            dummies = np.array([[float(v == o) for o in order] for v in levels])
            fit, *_ = np.linalg.lstsq(dummies, np.array(ratios), rcond=None)
            found.append(fit.tolist())
        again["deltas"] = [max(f) - min(f) for f in found]
        again["by level:mean S/N (dB)"] = [v for f in found for v in f]
    return again


@operation(
    "doe.signal_to_noise",
    outputs={
        "sn": "signal-to-noise ratio of each trial in dB",
        "means": "mean of each trial",
        "best_trial": "trial with the largest ratio",
        "best_sn": "its ratio",
        "trials": "number of trials",
        "best_levels": "level of each factor with the largest mean ratio",
        "deltas": "largest less smallest mean ratio of each factor",
        "strongest": "factor with the largest difference",
    },
    reference="Taguchi, Chowdhury and Wu (2005), Taguchi's Quality Engineering Handbook; "
    "Montgomery (2013), Design and Analysis of Experiments, section 12.2",
    verifier=_verify,
    examples=(
        "s = doe.signal_to_noise(x=[[12, 15, 11], [9, 8, 10], [14, 13, 16]], goal=smaller, layout=columns)",
        "data = table(A=[1, 1, 2, 2], B=[1, 2, 1, 2], y1=[20.1, 23.4, 19.8, 25.1], "
        "y2=[20.5, 22.9, 21.0, 24.8])\n"
        "s = doe.signal_to_noise(x=[data.y1, data.y2], factors=[data.A, data.B], goal=larger)",
    ),
    terms=(
        "signal-to-noise ratio",
        "S/N",
        "Taguchi analysis",
        "smaller is better",
        "larger is better",
        "nominal is best",
    ),
)
def signal_to_noise(
    x: Annotated[
        tuple[Sample, ...], Param("repeats of each trial: a row a trial (or lists, one a trial)")
    ],
    goal: Annotated[Goal, Param("what is wanted of the response")],
    factors: Annotated[tuple[Column, ...], Param("settings of the factors in each trial")] = (),
    layout: Layout = "auto",
) -> Result:
    """Signal-to-noise ratios of repeated trials (Taguchi), and the factor levels that raise them.

    Smaller is better: -10 log10(mean y²); larger: -10 log10(mean 1/y²); nominal: 10 log10(ȳ²/s²).
    The level with the largest mean ratio is the most robust one.
    """
    trials = read_subgroups(x, None, None, layout, least=1).samples
    _checked(trials, goal)
    if len(trials) < 2:
        raise InputError("at least 2 trials are needed to compare their ratios")
    ratios = [_ratio(t.values, goal) for t in trials]
    means = [float(t.values.mean()) for t in trials]
    best = max(range(len(ratios)), key=lambda i: (ratios[i], -i))
    values: dict[str, Value] = {
        "sn": ratios,
        "means": means,
        "best_trial": best + 1,
        "best_sn": ratios[best],
        "trials": len(trials),
    }
    words = "Trial {best_trial} has the largest signal-to-noise ratio, {best_sn} dB"
    rows = [(i, m, r) for i, (m, r) in enumerate(zip(means, ratios, strict=True), 1)]
    tables: list[ResultTable] = [table_of("trials", ("trial", "mean", "S/N (dB)"), rows)]
    figures: list[Figure] = []
    if factors:
        levels = _by_level(factors, ratios)
        names = [f.name for f in factors]
        own = {n: [r for r in levels if r[0] == n] for n in names}
        deltas = [max(r[2] for r in own[n]) - min(r[2] for r in own[n]) for n in names]
        values["best_levels"] = [max(own[n], key=lambda r: r[2])[1] for n in names]
        values["deltas"] = deltas
        values["strongest"] = names[deltas.index(max(deltas))]
        settings = ", ".join(f"{n} at {{best_levels[{i}]}}" for i, n in enumerate(names))
        words += f"; by the means of the levels the most robust setting is {settings}, and "
        words += "{strongest} matters most"
        columns = ("factor", "level", "mean S/N (dB)", "trials")
        tables.insert(0, table_of("by level", columns, levels))
        data = {
            n: {"levels": [r[1] for r in own[n]], "mean": [r[2] for r in own[n]]} for n in names
        }
        figures.append(Figure("main_effects", "Mean signal-to-noise ratio by level", data))
    return Result(
        values,
        words + ".",
        tables=tuple(tables),
        figures=tuple(figures),
        warnings=(
            f"S/N here is {_FORMULA[goal]}; it mixes mean and spread: look at both before you choose.",
        ),
    )
