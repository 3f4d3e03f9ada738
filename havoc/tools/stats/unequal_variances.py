"""Comparing means whose groups differ in spread: Welch's analysis of variance, Games-Howell."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from havoc.errors import InputError
from havoc.tools.diagnostics import by_randomisation, equal_group_variances, normal_residuals
from havoc.tools.least_squares import root
from havoc.tools.linear_model import f_upper, f_upper_again
from havoc.tools.operation import Recomputed, operation
from havoc.tools.result import Assumption, Figure, Result, table_of
from havoc.tools.stats.comparisons import (
    PAIR_OUTPUTS,
    pair_conclusion,
    pair_figure,
    pair_tables,
    pair_values,
)
from havoc.tools.stats.grouped import (
    AlphaParam,
    ByParam,
    DataParam,
    FormulaParam,
    GroupsParam,
    ValueParam,
    group_values,
    grouped_model,
    one_way,
)
from havoc.tools.stats.range_integrals import solve_upper, studentized_range_upper
from havoc.tools.values import FloatArray, Sample

KEYS = ("formula", "data", "groups", "value", "by", "covariates")


def _groups(arguments: Mapping[str, Any]) -> tuple[dict[str, Sample], int]:
    """The groups of a one-factor comparison, each with some spread."""
    model = grouped_model(*({"covariates": None, **arguments}[k] for k in KEYS))
    factor = one_way(model)
    if factor is None:
        raise InputError("one factor only: several factors need stats.anova")
    found = group_values(model, factor)
    for name, sample in found.items():
        if len(sample) < 2:
            raise InputError(
                f"group '{name}' has one value; unequal variances need at least two each"
            )
        if len(set(sample.exact)) == 1:
            raise InputError(f"the values of group '{name}' are all equal, so its variance is 0")
    return found, model.n_dropped


def _moments(sample: Sample) -> tuple[int, Fraction, Fraction]:
    """Size, mean and variance, exactly."""
    values = sample.exact
    n = len(values)
    total, squares = sum(values, Fraction(0)), sum((v * v for v in values), Fraction(0))
    return n, total / n, (squares - total * total / n) / (n - 1)


def _moments_again(sample: Sample) -> tuple[int, Fraction, Fraction]:
    values = sample.exact
    mean = sum(values, Fraction(0)) / len(values)
    squares = sum(((v - mean) ** 2 for v in values), Fraction(0))
    return len(values), mean, squares / (len(values) - 1)


def _assumptions(groups: Mapping[str, Sample]) -> tuple[Assumption, ...]:
    arrays = [s.values for s in groups.values()]
    centred: FloatArray = np.concatenate([(a - a.mean()) / a.std(ddof=1) for a in arrays])
    spread = equal_group_variances(arrays)
    detail = f"not assumed here ({spread.detail})"
    return (
        normal_residuals(centred, "standardised residuals"),
        Assumption("equal variances", None, detail, spread.statistic, spread.p_value),
        by_randomisation(),
    )


def _welch_by_weights(arrays: Sequence[FloatArray], own: Sequence[FloatArray]) -> float:
    """Welch (1951), the means of ``arrays`` weighted by the variances of ``own``."""
    n, k = np.array([len(a) for a in own]), len(own)
    weights = n / np.array([a.var(ddof=1) for a in own])
    means, share = np.array([a.mean() for a in arrays]), weights / weights.sum()
    between = float(weights @ (means - share @ means) ** 2) / (k - 1)
    return between / (1 + 2 * (k - 2) / (k * k - 1) * float(((1 - share) ** 2 / (n - 1)).sum()))


def _verify_welch(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Through statsmodels' Welch test, and the moments by their definitions."""
    from statsmodels.stats.oneway import anova_oneway

    groups, _ = _groups(arguments)
    moments = [_moments_again(s) for s in groups.values()]
    shift = float(moments[0][1])
    exact = Fraction(repr(shift))
    arrays = [np.array([float(v - exact) for v in s.exact]) for s in groups.values()]
    other = anova_oneway(arrays, use_var="unequal", welch_correction=True)
    own = [np.array([float(v - s.exact[0]) for v in s.exact]) for s in groups.values()]
    # of spreads alone: each group less a value of its own, however far from the others it lies
    df1, df2 = (float(v) for v in anova_oneway(own, use_var="unequal", welch_correction=True).df)
    f = float(other.statistic)
    if np.ptp([a.mean() for a in arrays]) > 1e8 * min(a.std() for a in own):
        f = _welch_by_weights(
            arrays, own
        )  # group means so far apart cost statsmodels its variances
    return {
        "F": Recomputed(f, 1e-7),
        "df1": df1,
        "df2": Recomputed(df2, 1e-7),
        "p_value": Recomputed(f_upper_again(f, df1, df2), 1e-7),
        "means": [float(m) for _, m, _ in moments],
        "sds": [root(v) for _, _, v in moments],
        "counts": [n for n, _, _ in moments],
        "n": sum(n for n, _, _ in moments),
        "alpha": arguments["alpha"],
    }


@operation(
    "stats.welch_anova",
    outputs={
        "F": "Welch's F",
        "df1": "numerator degrees of freedom",
        "df2": "denominator degrees of freedom",
        "p_value": "p value",
        "groups": "group names",
        "means": "group means",
        "sds": "group standard deviations",
        "counts": "group sizes",
        "n": "values used",
        "alpha": "significance level used in the words",
    },
    reference="Welch (1951), On the comparison of several mean values, Biometrika 38, 330-336",
    verifier=_verify_welch,
    examples=(
        "r = stats.welch_anova(groups=[[23.1, 24.0, 22.8], [25.6, 27.9, 21.0], [22.0, 21.6, 22.7]])",
    ),
    terms=("Welch ANOVA", "unequal variances", "heteroscedastic groups", "Welch's F"),
)
def welch_anova(
    formula: FormulaParam = None,
    data: DataParam = None,
    groups: GroupsParam = None,
    value: ValueParam = None,
    by: ByParam = None,
    alpha: AlphaParam = 0.05,
) -> Result:
    """Compare several means without assuming equal variances, by Welch's analysis of variance.

    Each mean is weighted by its own n / s². Use it where groups differ in spread, above all with
    unequal group sizes; with equal variances it costs little power.
    """
    found, dropped = _groups(
        {"formula": formula, "data": data, "groups": groups, "value": value, "by": by}
    )
    moments = [_moments(s) for s in found.values()]
    k = len(moments)
    weights = [n / v for n, _, v in moments]
    total = sum(weights, Fraction(0))
    centre = (
        sum((w * m for w, (_, m, _) in zip(weights, moments, strict=True)), Fraction(0)) / total
    )
    between = sum(
        (w * (m - centre) ** 2 for w, (_, m, _) in zip(weights, moments, strict=True)), Fraction(0)
    )
    imbalance = sum(
        ((1 - w / total) ** 2 / (n - 1) for w, (n, _, _) in zip(weights, moments, strict=True)),
        Fraction(0),
    )
    f = float(between / (k - 1) / (1 + Fraction(2 * (k - 2), k * k - 1) * imbalance))
    df2 = float((k * k - 1) / (3 * imbalance))
    values: dict[str, Any] = {
        "F": f,
        "df1": k - 1,
        "df2": df2,
        "p_value": f_upper(f, k - 1, df2),
        "groups": list(found),
        "means": [float(m) for _, m, _ in moments],
        "sds": [root(v) for _, _, v in moments],
        "counts": [n for n, _, _ in moments],
        "n": sum(n for n, _, _ in moments),
        "alpha": alpha,
    }
    verdict = "differ" if values["p_value"] < alpha else "do not differ significantly"
    rows = zip(*(values[key] for key in ("groups", "counts", "means", "sds")), strict=True)
    boxes = {name: s.values.tolist() for name, s in found.items()}
    warnings = [f"{dropped} missing value(s) were left out."] if dropped else []
    if min(values["counts"]) < 5:
        warnings.append("With fewer than five values in a group its variance is poorly known.")
    return Result(
        values=values,
        conclusion=f"The group means {verdict} (Welch): F({{df1}}, {{df2}}) = {{F}}, p = {{p_value}}.",
        tables=(table_of("groups", ("group", "n", "mean", "sd"), list(rows)),),
        figures=(Figure("box_plot", "Values by group", {"groups": boxes}),),
        assumptions=_assumptions(found),
        warnings=tuple(warnings),
    )


def _pairs(
    moments: Sequence[tuple[int, Fraction, Fraction]],
) -> tuple[list[tuple[int, int]], list[float], list[float], list[float]]:
    """Pairs, differences, standard errors and Welch's degrees of freedom."""
    pairs = list(itertools.combinations(range(len(moments)), 2))
    differences, se, df = [], [], []
    for i, j in pairs:
        (n1, m1, v1), (n2, m2, v2) = moments[i], moments[j]
        a, b = v1 / n1, v2 / n2
        differences.append(float(m2 - m1))
        se.append(root(a + b))
        df.append(float((a + b) ** 2 / (a * a / (n1 - 1) + b * b / (n2 - 1))))
    return pairs, differences, se, df


def _verify_games_howell(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Moments by definition; the studentized range by our quadrature at Welch's df."""
    groups, _ = _groups(arguments)
    alpha, k = arguments["alpha"], len(groups)
    moments = [_moments_again(s) for s in groups.values()]
    _, differences, se, df = _pairs(moments)
    p, low, high = [], [], []
    for d, s, v in zip(differences, se, df, strict=True):
        p.append(studentized_range_upper(abs(d) / s * math.sqrt(2), k, v))
        q = solve_upper(lambda x, v=v: studentized_range_upper(x, k, v), alpha, 3.5)  # type: ignore[misc]
        low.append(d - q * s / math.sqrt(2))
        high.append(d + q * s / math.sqrt(2))
    return {
        "means": [float(m) for _, m, _ in moments],
        "counts": [n for n, _, _ in moments],
        "differences": differences,
        "se": se,
        "df": df,
        "p_values": Recomputed(p, 1e-6),
        "ci_low": Recomputed(low, 1e-6),
        "ci_high": Recomputed(high, 1e-6),
        "n_pairs": len(differences),
        "n_significant": sum(v < alpha for v in p),
        "alpha": alpha,
    }


@operation(
    "stats.games_howell",
    outputs=PAIR_OUTPUTS | {"df": "Welch's degrees of freedom of each pair"},
    reference="Games and Howell (1976), Pairwise multiple comparison procedures with unequal n's "
    "and/or variances, Journal of Educational Statistics 1, 113-125",
    verifier=_verify_games_howell,
    examples=(
        "r = stats.games_howell(groups=[[23.1, 24.0, 22.8, 23.4], [25.6, 27.9, 21.0, 26], "
        "[22.0, 21.6, 22.7, 21.9]])",
    ),
    terms=("Games-Howell", "pairwise comparisons with unequal variances", "post hoc after Welch"),
)
def games_howell(
    formula: FormulaParam = None,
    data: DataParam = None,
    groups: GroupsParam = None,
    value: ValueParam = None,
    by: ByParam = None,
    alpha: AlphaParam = 0.05,
) -> Result:
    """Compare all pairs of means without assuming equal variances, by Games and Howell's method.

    Each pair has its own standard error and Welch's degrees of freedom; the studentized range keeps
    the family error. The companion of Welch's analysis of variance, as Tukey's is of the classical one.
    """
    from scipy.stats import studentized_range

    found, dropped = _groups(
        {"formula": formula, "data": data, "groups": groups, "value": value, "by": by}
    )
    moments = [_moments(s) for s in found.values()]
    pairs, differences, se, df = _pairs(moments)
    k = len(found)
    p = [
        min(1.0, max(0.0, float(studentized_range.sf(abs(d) / s * math.sqrt(2), k, v))))
        for d, s, v in zip(differences, se, df, strict=True)
    ]
    critical = [float(studentized_range.isf(alpha, k, v)) / math.sqrt(2) for v in df]
    means = [float(m) for _, m, _ in moments]
    values = pair_values(list(found), means, pairs, differences, se, p, critical, alpha)
    values |= {"counts": [n for n, _, _ in moments], "df": df}
    tables = pair_tables(values, "group")
    warnings = [f"{dropped} missing value(s) were left out."] if dropped else []
    if min(values["counts"]) < 5:
        warnings.append("With fewer than five values in a group its variance is poorly known.")
    return Result(
        values=values,
        conclusion=pair_conclusion(values, "Games and Howell's test"),
        tables=tables,
        figures=(pair_figure(values),),
        assumptions=_assumptions(found),
        warnings=tuple(warnings),
        data=tables[0].as_table(),
    )
