"""All pairs of means: Tukey's honest significant differences."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any

from havoc.errors import InputError, NeedsClarification
from havoc.tools.diagnostics import by_randomisation, equal_group_variances, normal_residuals
from havoc.tools.expression import Name
from havoc.tools.formula import Model
from havoc.tools.least_squares import root, sweep
from havoc.tools.linear_model import LinearFit, f_upper, f_upper_again
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.stats.grouped import (
    AlphaParam,
    ByParam,
    DataParam,
    FormulaParam,
    GroupsParam,
    ValueParam,
    cells,
    factor_names,
    group_values,
    grouped_model,
    margins,
    one_way,
)
from havoc.tools.stats.range_integrals import solve_upper, studentized_range_upper

PAIR_OUTPUTS = {
    "groups": "group names",
    "means": "group means (adjusted for the other terms where there are any)",
    "counts": "group sizes",
    "pairs": "the pairs compared, first minus second",
    "differences": "differences of the means",
    "se": "standard errors of the differences",
    "p_values": "p values, adjusted for the number of comparisons",
    "ci_low": "lower simultaneous confidence limits",
    "ci_high": "upper simultaneous confidence limits",
    "n_pairs": "number of comparisons",
    "n_significant": "comparisons significant at alpha",
    "letters": "groups that share a letter do not differ significantly",
    "alpha": "significance level of the whole family",
}


def chosen_factor(model: Model, factor: Name | None) -> str:
    found = one_way(model)
    if factor is not None:
        name = model.table.column(factor.id).name
        if name not in factor_names(model):
            raise InputError(
                f"'{name}' is not a factor of the model ({', '.join(factor_names(model))})"
            )
        return name
    if found is None:
        names = factor_names(model)
        if len(names) == 1:
            return names[0]
        raise NeedsClarification(f"whose means are compared: {', '.join(names)}? (factor=...)")
    return found


def mean_contrasts(model: Model, factor: str) -> list[list[Fraction]]:
    """For each level the linear function of the coefficients that is its adjusted mean."""
    table = margins(model, factor)
    columns = [c.fractions for c in model.at(table)]
    levels = next(c.levels for c in model.codings.values() if c.column == factor)
    block = table.n_rows // len(levels)
    return [
        [sum(c[k * block : (k + 1) * block], Fraction(0)) / block for c in columns]
        for k in range(len(levels))
    ]


def compact_letters(
    groups: Sequence[str], means: Sequence[float], different: set[frozenset[int]]
) -> list[str]:
    """Letters such that two groups share one exactly if they do not differ (Piepho 2004, insert-absorb)."""
    order = sorted(range(len(groups)), key=lambda i: -means[i])
    sets: list[set[int]] = [set(order)]
    for a, b in itertools.combinations(order, 2):
        if frozenset((a, b)) not in different:
            continue
        split: list[set[int]] = []
        for s in sets:
            split += [s - {a}, s - {b}] if {a, b} <= s else [s]
        unique = [set(u) for u in dict.fromkeys(frozenset(s) for s in split if s)]
        sets = [s for s in unique if not any(s < other for other in unique)]
    rank = {g: i for i, g in enumerate(order)}
    sets.sort(key=lambda s: sorted(rank[i] for i in s))
    names = [chr(ord("a") + i) if i < 26 else f"({i + 1})" for i in range(len(sets))]
    return [
        "".join(n for n, s in zip(names, sets, strict=True) if g in s) for g in range(len(groups))
    ]


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Means and error by definition (one factor) or by sweep; the range's distribution by quadrature."""
    model = _model(arguments)
    factor, alpha = chosen_factor(model, arguments["factor"]), arguments["alpha"]
    groups = group_values(model, factor)
    k = len(groups)
    pairs = list(itertools.combinations(range(k), 2))
    if one_way(model):
        exact = [s.exact for s in groups.values()]
        means = [sum(g, Fraction(0)) / len(g) for g in exact]
        rss = sum(((v - m) ** 2 for g, m in zip(exact, means, strict=True) for v in g), Fraction(0))
        df = model.n - k
        spreads = [Fraction(1, len(exact[i])) + Fraction(1, len(exact[j])) for i, j in pairs]
    else:
        again = sweep(model.columns, model.response)
        rows = [[r[j] for j in again.kept] for r in mean_contrasts(model, factor)]
        means = [sum(map(lambda a, b: a * b, r, again.coefficients), Fraction(0)) for r in rows]
        rss, df = again.rss, model.n - again.rank
        spreads = [_spread(rows[i], rows[j], again.inverse) for i, j in pairs]
    ms = rss / df
    differences = [float(means[j] - means[i]) for i, j in pairs]
    se = [root(ms * v) for v in spreads]
    critical = solve_upper(lambda q: studentized_range_upper(q, k, df), alpha, 3.5)
    p = [
        studentized_range_upper(abs(d) / s * math.sqrt(2), k, df)
        for d, s in zip(differences, se, strict=True)
    ]
    half = [critical * s / math.sqrt(2) for s in se]
    return {
        "means": [float(m) for m in means],
        "counts": [len(s) for s in groups.values()],
        "differences": differences,
        "se": se,
        "p_values": Recomputed(p, 1e-7),
        "ci_low": Recomputed([d - h for d, h in zip(differences, half, strict=True)], 1e-7),
        "ci_high": Recomputed([d + h for d, h in zip(differences, half, strict=True)], 1e-7),
        "q_critical": Recomputed(critical, 1e-7),
        "n_pairs": len(pairs),
        "n_significant": sum(v < alpha for v in p),
        "alpha": alpha,
        "ms_error": float(ms),
        "df_error": df,
        **(_overall_again(exact, means, ms, df) if one_way(model) else {}),
    }


def _overall_again(
    groups: Sequence[Sequence[Fraction]], means: Sequence[Fraction], ms: Fraction, df: int
) -> dict[str, Any]:
    """F between the groups by its definition."""
    n, k = sum(map(len, groups)), len(groups)
    grand = sum((len(g) * m for g, m in zip(groups, means, strict=True)), Fraction(0)) / n
    between = sum(
        (len(g) * (m - grand) ** 2 for g, m in zip(groups, means, strict=True)), Fraction(0)
    )
    f = float(between / (k - 1) / ms)
    return {
        "F": f,
        "df_between": k - 1,
        "p_value": Recomputed(f_upper_again(f, k - 1, df), 1e-7),
    }


def _spread(a: Sequence[Fraction], b: Sequence[Fraction], inverse: Any) -> Fraction:
    """Variance of the difference of two linear functions, in units of the error variance."""
    c = [y - x for x, y in zip(a, b, strict=True)]
    total = Fraction(0)
    for i, ci in enumerate(c):
        if ci:
            total += sum((ci * cj * inverse[i][j] for j, cj in enumerate(c) if cj), Fraction(0))
    return total


def _model(arguments: Mapping[str, Any]) -> Model:
    keys = ("formula", "data", "groups", "value", "by", "covariates")
    return grouped_model(*(arguments[k] for k in keys))


@operation(
    "stats.tukey",
    outputs=PAIR_OUTPUTS
    | {
        "q_critical": "critical value of the studentized range",
        "ms_error": "error mean square",
        "df_error": "degrees of freedom of the error",
        "F": "F of the analysis of variance: all means at once (one factor)",
        "df_between": "its numerator degrees of freedom",
        "p_value": "its p value",
    },
    reference="Montgomery (2013), Design and Analysis of Experiments, section 3.5.7; Kramer (1956) "
    "for unequal group sizes",
    verifier=_verify,
    examples=(
        "r = stats.tukey(groups=[[23.1, 24.0, 22.8], [25.6, 26.1, 25.0], [22.0, 21.6, 22.7]])",
        'r = stats.tukey(value=[5, 6, 7, 9, 8, 7, 4, 5], by=["a", "a", "b", "b", "b", "c", "c", "c"])',
    ),
    terms=(
        "Tukey test",
        "HSD",
        "honest significant difference",
        "Tukey-Kramer",
        "pairwise comparisons",
        "which groups differ",
        "post hoc",
        "multiple comparisons",
    ),
)
def tukey(
    formula: FormulaParam = None,
    data: DataParam = None,
    groups: GroupsParam = None,
    value: ValueParam = None,
    by: ByParam = None,
    factor: Annotated[Name | None, Param("whose means are compared (several factors)")] = None,
    covariates: Annotated[tuple[Name, ...] | None, Param("columns that stay numeric")] = None,
    alpha: AlphaParam = 0.05,
) -> Result:
    """Compare all pairs of group means by Tukey's honest significant differences.

    Keeps the chance of any false difference at alpha over all pairs. Group sizes may differ
    (Tukey-Kramer). With several factors in the model the means of ``factor`` are adjusted for the
    others and the error is the model's. Each difference is the second group of the pair less the
    first.
    """
    model = grouped_model(formula, data, groups, value, by, covariates)
    name = chosen_factor(model, factor)
    fit = LinearFit(model)
    if not fit.ms_error:
        raise InputError(
            "there is no error to compare with: the groups hold no spread or no repeats"
        )
    samples = group_values(model, name)
    names, k = list(samples), len(samples)
    rows = [[r[j] for j in fit.solution.kept] for r in mean_contrasts(model, name)]
    coefficients = fit.solution.coefficients
    means = [float(sum(map(lambda a, b: a * b, r, coefficients), Fraction(0))) for r in rows]
    pairs = list(itertools.combinations(range(k), 2))
    spreads = [_spread(rows[i], rows[j], fit.solution.inverse) for i, j in pairs]
    differences = [_difference(rows[i], rows[j], coefficients) for i, j in pairs]
    se = [root(fit.ms_error * v) for v in spreads]
    p, critical = _range_tests(differences, se, k, fit.df_error, alpha)
    values = pair_values(names, means, pairs, differences, se, p, critical / math.sqrt(2), alpha)
    values |= {
        "counts": [len(s) for s in samples.values()],
        "q_critical": critical,
        "ms_error": float(fit.ms_error),
        "df_error": fit.df_error,
    }
    overall = ""
    if one_way(model) and (f := fit.f_statistic) is not None:
        df = k - 1
        values |= {"F": f, "df_between": df, "p_value": f_upper(f, df, fit.df_error)}
        verdict = "differ" if values["p_value"] < alpha else "do not differ significantly"
        overall = f" All means at once {verdict}: F({{df_between}}, {{df_error}}) = {{F}}, p = {{p_value}}."
    return Result(
        values=values,
        conclusion=pair_conclusion(values, "Tukey's test") + overall,
        tables=pair_tables(values, name),
        figures=(pair_figure(values),),
        assumptions=(
            normal_residuals(fit.residuals),
            equal_group_variances(cells(model)),
            by_randomisation(),
        ),
        warnings=tuple(_warnings(fit, name)),
        data=pair_tables(values, name)[0].as_table(),
    )


def _difference(
    a: Sequence[Fraction], b: Sequence[Fraction], coefficients: Sequence[Fraction]
) -> float:
    return float(
        sum(((y - x) * c for x, y, c in zip(a, b, coefficients, strict=True)), Fraction(0))
    )


def _range_tests(
    differences: Sequence[float], se: Sequence[float], k: int, df: float, alpha: float
) -> tuple[list[float], float]:
    from scipy.stats import studentized_range

    p = [
        float(studentized_range.sf(abs(d) / s * math.sqrt(2), k, df))
        for d, s in zip(differences, se, strict=True)
    ]
    return [min(1.0, max(0.0, v)) for v in p], float(studentized_range.isf(alpha, k, df))


def pair_values(
    names: Sequence[str],
    means: Sequence[float],
    pairs: Sequence[tuple[int, int]],
    differences: Sequence[float],
    se: Sequence[float],
    p: Sequence[float],
    critical: float | Sequence[float],
    alpha: float,
) -> dict[str, Any]:
    """Values common to the tests of all pairs; ``critical`` multiplies the standard errors."""
    factors = critical if isinstance(critical, Sequence) else [critical] * len(pairs)
    half = [c * s for c, s in zip(factors, se, strict=True)]
    different = {frozenset(pair) for pair, v in zip(pairs, p, strict=True) if v < alpha}
    return {
        "groups": list(names),
        "means": list(means),
        "pairs": [f"{names[j]} - {names[i]}" for i, j in pairs],
        "differences": list(differences),
        "se": list(se),
        "p_values": list(p),
        "ci_low": [d - h for d, h in zip(differences, half, strict=True)],
        "ci_high": [d + h for d, h in zip(differences, half, strict=True)],
        "n_pairs": len(pairs),
        "n_significant": len(different),
        "letters": compact_letters(names, means, different),
        "alpha": alpha,
    }


def pair_conclusion(values: Mapping[str, Any], test: str) -> str:
    significant = [
        f"{pair.replace('{', '{{').replace('}', '}}')} ({{differences[{i}]}}, p = {{p_values[{i}]}})"
        for i, (pair, p) in enumerate(zip(values["pairs"], values["p_values"], strict=True))
        if p < values["alpha"]
    ]
    if not significant:
        return f"{test} finds no pair that differs at the level {{alpha}} ({{n_pairs}} pairs compared)."
    shown = "; ".join(significant[:6]) + ("; ..." if len(significant) > 6 else "")
    return f"{test}: {{n_significant}} of {{n_pairs}} pairs differ at the family level {{alpha}}: {shown}."


def pair_tables(values: Mapping[str, Any], factor: str) -> tuple[Any, ...]:
    keys = ("pairs", "differences", "se", "ci_low", "ci_high", "p_values")
    rows = [
        (*row, row[-1] < values["alpha"]) for row in zip(*(values[k] for k in keys), strict=True)
    ]
    columns = ("pair", "difference", "se", "ci_low", "ci_high", "p_value", "significant")
    by_group = zip(
        *(values[k] for k in ("groups", "counts", "means", "letters") if k in values), strict=True
    )
    return (
        table_of("pairs", columns, rows),
        table_of("groups", (factor, "n", "mean", "letters"), list(by_group)),
    )


def pair_figure(values: Mapping[str, Any]) -> Figure:
    keys = ("pairs", "differences", "ci_low", "ci_high")
    return Figure(
        "intervals", "Simultaneous intervals of the differences", {k: values[k] for k in keys}
    )


def _warnings(fit: LinearFit, factor: str) -> list[str]:
    found = []
    if fit.model.n_dropped:
        found.append(f"{fit.model.n_dropped} missing value(s) were left out.")
    if fit.aliased:
        found.append("Some combinations of levels have no data; adjusted means rest on the others.")
    together = [
        label
        for label, term in zip(fit.model.labels, fit.model.terms, strict=True)
        if len(term) > 1 and factor in label.split(":")
    ]
    if together:
        found.append(
            f"The model has interactions of '{factor}' ({', '.join(together)}): means averaged over "
            "the other factors may hide differences that depend on them."
        )
    return found
