"""Rank tests of several groups: Kruskal-Wallis, Friedman."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

import numpy as np
from scipy import stats

from havoc.errors import InputError, NeedsClarification
from havoc.tools.operation import Param, operation
from havoc.tools.result import Assumption, Result, table_of
from havoc.tools.stats import checks, precise
from havoc.tools.stats.ranks import BOOK, median_of, ranks_of
from havoc.tools.stats.samples import several_groups
from havoc.tools.stats.t_tests import Alpha, group_plot
from havoc.tools.values import Labels, Sample

Groups = Annotated[tuple[Sample, ...] | None, Param("the groups side by side: one column each")]
Value = Annotated[Sample | None, Param("column of measurements, with by")]
By = Annotated[Labels | None, Param("column of group names, with value")]


def grouped(
    groups: tuple[Sample, ...] | None, value: Sample | None, by: Labels | None, least: int = 2
) -> tuple[tuple[Sample, ...], list[str]]:
    """Groups from either form; trailing empty cells of shorter columns are padding."""
    if groups is not None and (value is not None or by is not None):
        raise InputError("give either groups, or value and by, not both")
    if groups is not None:
        return several_groups(groups, None, least)
    if value is None or by is None:
        raise NeedsClarification("which groups: columns side by side (groups), or value and by?")
    return several_groups((value,), by, least)


def _verify_kruskal(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    groups, _ = grouped(arguments["groups"], arguments["value"], arguments["by"], 1)
    values = [v for g in groups for v in g.exact]
    ranks, n = ranks_of(values), len(values)
    spread = sum(((r - Fraction(n + 1, 2)) ** 2 for r in ranks), Fraction(0))
    between, means, at = Fraction(0), [], 0
    for g in groups:
        mean = sum(ranks[at : at + len(g)], Fraction(0)) / len(g)
        between += len(g) * (mean - Fraction(n + 1, 2)) ** 2
        means.append(mean)
        at += len(g)
    # H is N - 1 times the share of the rank sum of squares that lies between groups
    h, df = (n - 1) * between / spread, len(groups) - 1
    return {
        "statistic": h,
        "df": df,
        "p_value": 1 - precise.chi2_cdf(precise.mpf(h), df),
        "n": n,
        "medians": [median_of(g.exact) for g in groups],
        "means": [sum(g.exact, Fraction(0)) / len(g) for g in groups],
        "mean_ranks": means,
        "effect_size": between / spread,
    }


@operation(
    "stats.kruskal_wallis",
    outputs={
        "statistic": "H, corrected for ties",
        "df": "degrees of freedom",
        "p_value": "p value (chi-square approximation)",
        "significant": "whether p is below alpha",
        "n": "total number of values",
        "medians": "median of each group",
        "means": "mean of each group",
        "mean_ranks": "mean rank of each group",
        "effect_size": "epsilon squared: share of the rank variation between groups",
    },
    reference=BOOK + ", section 6.1",
    verifier=_verify_kruskal,
    examples=(
        "test = stats.kruskal_wallis([[23.1, 24.0, 22.8], [25.6, 26.1, 25.0], [22.0, 21.6, 22.7]])",
        'test = stats.kruskal_wallis(value=[5, 6, 7, 9, 8, 7, 4, 5], by=["a", "a", "b", "b", "b", "c", "c", "c"])',
    ),
    terms=("Kruskal-Wallis test", "nonparametric one-way analysis of variance"),
)
def kruskal_wallis(
    groups: Groups = None, value: Value = None, by: By = None, alpha: Alpha = 0.05
) -> Result:
    """Compare several independent groups by ranks (Kruskal-Wallis), without normality."""
    samples, said = grouped(groups, value, by, 1)
    ranks = ranks_of([v for g in samples for v in g.exact])
    if len(set(ranks)) == 1:
        raise InputError("all values are equal: there is nothing to rank")
    split, at = [], 0
    for g in samples:
        split.append([float(r) for r in ranks[at : at + len(g)]])
        at += len(g)
    test = stats.kruskal(*split)
    p, n, df = float(test.pvalue), len(ranks), len(samples) - 1
    medians = [float(median_of(g.exact)) for g in samples]
    averages = [float(np.mean(g.values)) for g in samples]
    ranks_of_groups = [sum(r) / len(r) for r in split]
    values: dict[str, Any] = {
        "statistic": float(test.statistic),
        "df": df,
        "p_value": p,
        "significant": p < alpha,
    }
    values |= {"n": n, "medians": medians, "means": averages, "mean_ranks": ranks_of_groups}
    values["effect_size"] = float(test.statistic) / (n - 1)
    if min(len(g) for g in samples) < 5:
        said.append("Groups below 5 values: the chi-square approximation of p is rough.")
    names = [g.name for g in samples]
    figures = zip(averages, medians, ranks_of_groups, strict=True)
    rows = [[g.name, len(g), *row] for g, row in zip(samples, figures, strict=True)]
    verdict = "differ" if p < alpha else "show no evidence of a difference"
    return Result(
        values,
        f"The groups {', '.join(names)} {verdict}: H = {{statistic}} with {{df}} degrees of freedom, "
        "p = {p_value}.",
        (table_of("groups", ("group", "n", "mean", "median", "mean rank"), rows),),
        (group_plot("Groups", *samples),),
        (
            checks.independence(),
            Assumption("same shape", None, "medians are compared only if all shapes are alike"),
        ),
        tuple(said),
    )


def _blocks(groups: tuple[Sample, ...]) -> list[list[Fraction]]:
    lengths = {len(g) for g in groups}
    if len(lengths) > 1 or any(g.n_missing for g in groups):
        raise InputError("each row must hold one value of every treatment, without missing cells")
    if len(groups) < 3:
        raise InputError("Friedman's test needs 3 or more treatments; for two use stats.wilcoxon")
    if lengths.pop() < 2:
        raise InputError("at least 2 rows (blocks) are needed")
    return [list(row) for row in zip(*(g.exact for g in groups), strict=True)]


def _verify_friedman(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    rows = _blocks(arguments["groups"])
    k, n = len(rows[0]), len(rows)
    table = [ranks_of(row) for row in rows]
    sums = [sum(column, Fraction(0)) for column in zip(*table, strict=True)]
    middle = Fraction(k + 1, 2)
    spread = sum(((r - middle) ** 2 for row in table for r in row), Fraction(0))
    q = (k - 1) * sum(((s / n - middle) ** 2 for s in sums), Fraction(0)) * n * n / spread
    return {
        "statistic": q,
        "df": k - 1,
        "p_value": 1 - precise.chi2_cdf(precise.mpf(q), k - 1),
        "n": n,
        "mean_ranks": [s / n for s in sums],
        "kendall_w": q / (n * (k - 1)),
    }


@operation(
    "stats.friedman",
    outputs={
        "statistic": "Friedman's chi-square, corrected for ties",
        "df": "degrees of freedom",
        "p_value": "p value (chi-square approximation)",
        "significant": "whether p is below alpha",
        "n": "number of rows (blocks)",
        "mean_ranks": "mean rank of each treatment",
        "kendall_w": "Kendall's coefficient of concordance",
    },
    reference=BOOK + ", section 7.1",
    verifier=_verify_friedman,
    examples=(
        "test = stats.friedman([[5.4, 5.9, 5.2, 5.6], [5.5, 5.7, 5.0, 5.8], [5.1, 5.2, 4.9, 5.3]])",
    ),
    terms=("Friedman test", "repeated measures by ranks", "randomised blocks by ranks"),
)
def friedman(
    groups: Annotated[tuple[Sample, ...], Param("treatments side by side; a row is a block")],
    alpha: Alpha = 0.05,
) -> Result:
    """Compare treatments measured on the same blocks, by ranks within each row (Friedman)."""
    rows = _blocks(groups)
    k, n = len(groups), len(rows)
    table = [[float(r) for r in ranks_of(row)] for row in rows]
    if all(len(set(row)) == 1 for row in table):
        raise InputError("all treatments are equal in every row: there is nothing to rank")
    test = stats.friedmanchisquare(*zip(*table, strict=True))
    p = float(test.pvalue)
    means = [sum(column) / n for column in zip(*table, strict=True)]
    values: dict[str, Any] = {"statistic": float(test.statistic), "df": k - 1, "p_value": p}
    values |= {"significant": p < alpha, "n": n, "mean_ranks": means}
    values["kendall_w"] = float(test.statistic) / (n * (k - 1))
    said = ["Few blocks: the chi-square approximation of p is rough."] if n * k < 20 else []
    verdict = "differ" if p < alpha else "show no evidence of a difference"
    pairs = [[g.name, m] for g, m in zip(groups, means, strict=True)]
    return Result(
        values,
        f"The treatments {verdict}: chi-square {{statistic}} with {{df}} degrees of freedom, "
        "p = {p_value}; concordance W = {kendall_w}.",
        (table_of("treatments", ("treatment", "mean rank"), pairs),),
        (group_plot("Treatments", *groups),),
        (checks.independence("rows must be independent of each other"),),
        tuple(said),
    )
