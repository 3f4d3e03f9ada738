"""Analysis of variance by exact sums of squares."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np

from havoc.errors import InputError
from havoc.tools.diagnostics import (
    by_randomisation,
    constant_variance,
    equal_group_variances,
    normal_residuals,
    residual_figure,
    unusual_rows,
)
from havoc.tools.expression import Name
from havoc.tools.formula import Model
from havoc.tools.least_squares import ExactColumn, root, sweep
from havoc.tools.linear_model import LinearFit, contains, f_upper, f_upper_again
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.result import Assumption, Figure, Result, ResultTable, table_of
from havoc.tools.stats.effect_sizes import (
    ETA_OUTPUTS,
    TOLERANCE,
    eta2_interval_again,
    eta2_values,
)
from havoc.tools.stats.grouped import (
    AlphaParam,
    ByParam,
    DataParam,
    FormulaParam,
    GroupsParam,
    ValueParam,
    cells,
    factor_names,
    group_columns,
    grouped_model,
    one_way,
)
from havoc.tools.values import Column, Sample, Table

OUTPUTS = {
    "terms": "names of the model's terms",
    "F": "F of the factor (one factor), or of each term in order",
    "p_value": "p value of the factor (one factor), or of each term in order",
    "df": "degrees of freedom of the terms, in order",
    "ss": "sums of squares of the terms, in order",
    "ms": "mean squares of the terms, in order",
    "df_error": "degrees of freedom of the error",
    "ss_error": "error sum of squares",
    "ms_error": "error mean square",
    "s": "error standard deviation",
    "ss_total": "total sum of squares about the mean",
    "df_total": "total degrees of freedom",
    "r2": "share of the total sum of squares that the model explains",
    "n": "values used",
    "alpha": "significance level used in the words",
    "n_significant": "terms with p below alpha",
    "eta2": "eta squared (one factor), or partial eta squared of each term",
    **ETA_OUTPUTS,
    "omega2": "omega squared (one factor): eta squared less its bias",
    "df_between": "degrees of freedom between groups (one factor)",
    "df_within": "degrees of freedom within groups (one factor)",
    "ss_between": "sum of squares between groups (one factor)",
    "ss_within": "sum of squares within groups (one factor)",
    "ms_between": "mean square between groups (one factor)",
    "ms_within": "mean square within groups (one factor)",
    "groups": "group names (one factor)",
    "means": "group means (one factor)",
    "sds": "group standard deviations (one factor; empty where a group has one value)",
    "counts": "group sizes (one factor)",
}


def _model(arguments: Mapping[str, Any]) -> Model:
    keys = ("formula", "data", "groups", "value", "by", "covariates")
    return grouped_model(*(arguments[k] for k in keys))


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """One factor: by the definition, from group means. Several: sweep on treatment contrasts (I, II),
    the quadratic form b'(C)^-1 b of the marginal hypothesis (III)."""
    model = _model(arguments)
    n, y = model.n, model.response
    factor = one_way(model)
    if factor is not None and model.intercept:
        groups = list(group_columns(model, factor).values())
        grand = y.mean()
        parts = (len(g) * (g.mean() - grand) ** 2 for g in groups)
        ss = [sum(parts, Fraction(0))]
        error = sum((g.deviations() for g in groups), Fraction(0))
        df, df_error = [len(groups) - 1], n - len(groups)
    else:
        error, df_error, ss, df = _by_sweep(model, arguments["type"])
    total = _total(model)
    found: dict[str, Any] = {
        "df": df,
        "ss": [float(v) for v in ss],
        "ms": [float(v / d) if d else None for v, d in zip(ss, df, strict=True)],
        "df_error": df_error,
        "ss_error": float(error),
        "ss_total": float(total),
        "df_total": n - int(model.intercept),
        "n": len(y),
        "alpha": arguments["alpha"],
        "r2": float((total - error) / total) if total else None,
    }
    f: list[Any] = [None] * len(ss)
    p: list[Any] = [None] * len(ss)
    if df_error:
        found |= {"ms_error": float(error / df_error), "s": root(error / df_error)}
        if error:
            f = [
                float(v / d * df_error / error) if d else None for v, d in zip(ss, df, strict=True)
            ]
            p = [
                None if v is None else f_upper_again(v, d, df_error)
                for v, d in zip(f, df, strict=True)
            ]
    found["n_significant"] = sum(v is not None and v < arguments["alpha"] for v in p)
    eta = [float(v / (v + error)) if v + error else None for v in ss]
    if factor is not None:
        found |= {"F": f[0], "p_value": p[0], "eta2": eta[0]}
        found |= _verify_one_way(model, factor, ss[0], error, df[0], df_error)
    else:
        found |= {"F": f, "p_value": p, "eta2": eta}
    again = eta2_values(found["F"], df, df_error, arguments["alpha"], eta2_interval_again)
    found |= {k: Recomputed(v, TOLERANCE) for k, v in again.items()}
    return {k: v for k, v in found.items() if k in result.values}


def _total(model: Model) -> Fraction:
    """By the computing formula, as a route apart from the deviations."""
    y = model.response
    raw = y.sum_of_squares()
    return raw - y.mean() ** 2 * len(y) if model.intercept else raw


def _verify_one_way(
    model: Model, factor: str, ss: Fraction, error: Fraction, df: int, df_error: int
) -> dict[str, Any]:
    samples = list(group_columns(model, factor).values())
    found: dict[str, Any] = {
        "df_between": df,
        "df_within": df_error,
        "ss_between": float(ss),
        "ss_within": float(error),
        "ms_between": float(ss / df),
        "means": [float(s.mean()) for s in samples],
        "counts": [len(s) for s in samples],
        "sds": [
            None
            if len(s) < 2
            else root((s.sum_of_squares() - s.mean() ** 2 * len(s)) / (len(s) - 1))
            for s in samples
        ],
    }
    if df_error:
        ms = error / df_error
        found["ms_within"] = float(ms)
        if ss + error + ms:
            found["omega2"] = max(0.0, float((ss - df * ms) / (ss + error + ms)))
    return found


def _by_sweep(model: Model, kind: str) -> tuple[Fraction, int, list[Fraction], list[int]]:
    whole = sweep(model.columns, model.response)
    df_error = model.n - whole.rank
    ss: list[Fraction] = []
    df: list[int] = []
    if kind == "III":
        for t in range(len(model.terms)):
            own = [i for i, j in enumerate(whole.kept) if model.assign[j] == t]
            ss.append(_quadratic_form(whole, own))
            df.append(len(own))
        return whole.rss, df_error, ss, df
    other = model.recoded("treatment")
    for t, term in enumerate(model.terms):
        if kind == "I":
            before = [j for j, u in enumerate(other.assign) if u < t]
        else:
            before = [
                j
                for j, u in enumerate(other.assign)
                if u != t and (u < 0 or not contains(model.terms[u], term))
            ]
        without = sweep([other.columns[j] for j in before], other.response)
        chosen = sorted([*before, *other.term_columns(t)])
        with_it = sweep([other.columns[j] for j in chosen], other.response)
        ss.append(without.rss - with_it.rss)
        df.append(with_it.rank - without.rank)
    return whole.rss, df_error, ss, df


def _quadratic_form(solution: Any, own: list[int]) -> Fraction:
    """b' (C_bb)^-1 b for the coefficients in ``own``, by elimination."""
    a = [[solution.inverse[i][j] for j in own] + [solution.coefficients[i]] for i in own]
    total = Fraction(0)
    for k in range(len(own)):
        pivot = a[k]
        total += pivot[-1] ** 2 / pivot[k]
        for i in range(k + 1, len(own)):
            factor = a[i][k] / pivot[k]
            a[i] = [x - factor * z for x, z in zip(a[i], pivot, strict=True)]
    return total


@operation(
    "stats.anova",
    outputs=OUTPUTS,
    reference="Montgomery (2013), Design and Analysis of Experiments, chapters 3 and 5; "
    "types of sums of squares after Searle (1987), Linear Models for Unbalanced Data",
    verifier=_verify,
    examples=(
        "r = stats.anova(groups=[[23.1, 24.0, 22.8], [25.6, 26.1, 25.0], [22.0, 21.6, 22.7]])",
        'r = stats.anova(value=[5, 6, 7, 9, 8, 7, 4, 5], by=["a", "a", "b", "b", "c", "c", "d", "d"])',
        "r = stats.anova(value=[20, 22, 30, 31, 25, 24, 40, 43], "
        'by=[["lo", "lo", "hi", "hi", "lo", "lo", "hi", "hi"], '
        '["x", "x", "x", "x", "y", "y", "y", "y"]], type="III")',
    ),
    terms=(
        "analysis of variance",
        "ANOVA",
        "compare several means",
        "one-way",
        "two-way",
        "factorial",
        "is the factor significant",
        "differences between groups",
        "ANCOVA",
    ),
)
def anova(
    formula: FormulaParam = None,
    data: DataParam = None,
    groups: GroupsParam = None,
    value: ValueParam = None,
    by: ByParam = None,
    type: Annotated[
        Literal["I", "II", "III"],
        Param("sums of squares: I sequential, II each term after those without it, III marginal"),
    ] = "II",
    covariates: Annotated[
        tuple[Name, ...] | None, Param("columns of the formula that stay numeric (ANCOVA)")
    ] = None,
    alpha: AlphaParam = 0.05,
) -> Result:
    """Analyse variance: do group means differ, and which factors matter.

    One factor or many, crossed, with interactions, blocks or covariates. Every plain column name of
    the formula is a factor, numeric columns included; name those that stay numeric in
    ``covariates``. Several ``by`` columns are crossed in full where cells are repeated. Types I, II
    and III agree on balanced data. Sums of squares are exact.
    """
    model = grouped_model(formula, data, groups, value, by, covariates)
    fit = LinearFit(model)
    if type == "III" and fit.aliased:
        raise InputError(
            "Type III sums of squares need data in every combination of the factors, and some have "
            "none; use type=II, or leave the interaction out"
        )
    rows = fit.sums_of_squares(type)
    factor = one_way(model)
    values = _values(fit, rows, alpha)
    tables = [_anova_table(fit, rows)]
    if factor is not None:
        values |= _one_way_values(fit, rows[0], factor)
        tables.append(_means_table(model, factor))
    for name in factor_names(model) if factor is None else ():
        tables.append(_means_table(model, name))
    return Result(
        values={k: v for k, v in values.items() if v is not None},
        conclusion=_conclusion(values, factor, alpha),
        tables=tuple(tables),
        figures=_figures(fit, factor),
        assumptions=tuple(_assumptions(fit)),
        warnings=tuple(_warnings(fit, rows, type)),
        data=_residuals(fit),
        extra={"fit": fit},
    )


def _tests(fit: LinearFit, rows: Any) -> tuple[list[float | None], list[float | None]]:
    f: list[float | None] = [
        float(r.ss / r.df / fit.ms_error) if r.df and fit.ms_error else None for r in rows
    ]
    p = [
        None if v is None else f_upper(v, r.df, fit.df_error) for v, r in zip(f, rows, strict=True)
    ]
    return f, p


def _values(fit: LinearFit, rows: Any, alpha: float) -> dict[str, Any]:
    f, p = _tests(fit, rows)
    one = one_way(fit.model) is not None
    eta = [float(r.ss / (r.ss + fit.rss)) if r.ss + fit.rss else None for r in rows]
    return {
        "terms": [r.term for r in rows],
        "F": f[0] if one else f,
        "p_value": p[0] if one else p,
        "df": [r.df for r in rows],
        "ss": [float(r.ss) for r in rows],
        "ms": [r.ms for r in rows],
        "df_error": fit.df_error,
        "ss_error": float(fit.rss),
        "ms_error": None if fit.ms_error is None else float(fit.ms_error),
        "s": fit.sigma,
        "ss_total": float(fit.sst),
        "df_total": fit.n - int(fit.model.intercept),
        "r2": fit.r2,
        "n": fit.n,
        "alpha": alpha,
        "n_significant": sum(v is not None and v < alpha for v in p),
        "eta2": eta[0] if one else eta,
        **eta2_values(f[0] if one else f, [r.df for r in rows], fit.df_error, alpha),
    }


def _one_way_values(fit: LinearFit, row: Any, factor: str) -> dict[str, Any]:
    groups = group_columns(fit.model, factor)
    error, df_error = fit.rss, fit.df_error
    values: dict[str, Any] = {
        "df_between": row.df,
        "df_within": df_error,
        "ss_between": float(row.ss),
        "ss_within": float(error),
        "ms_between": row.ms,
        "groups": list(groups),
        "means": [float(s.mean()) for s in groups.values()],
        "sds": [_sd(s) for s in groups.values()],
        "counts": [len(s) for s in groups.values()],
    }
    if fit.ms_error is not None:
        values["ms_within"] = float(fit.ms_error)
        if fit.sst + fit.ms_error:
            omega = float((row.ss - row.df * fit.ms_error) / (fit.sst + fit.ms_error))
            values["omega2"] = max(0.0, omega)
    return values


def _sd(column: ExactColumn) -> float | None:
    n = len(column)
    return None if n < 2 else root(column.deviations() / (n - 1))


def _anova_table(fit: LinearFit, rows: Any) -> ResultTable:
    f, p = _tests(fit, rows)
    lines: list[tuple[Any, ...]] = [
        (r.term, r.df, float(r.ss), r.ms, fv, pv) for r, fv, pv in zip(rows, f, p, strict=True)
    ]
    ms = None if fit.ms_error is None else float(fit.ms_error)
    lines.append(("error", fit.df_error, float(fit.rss), ms, None, None))
    lines.append(("total", fit.n - int(fit.model.intercept), float(fit.sst), None, None, None))
    return table_of("analysis of variance", ("source", "df", "ss", "ms", "F", "p_value"), lines)


def _means_table(model: Model, factor: str) -> ResultTable:
    rows = [
        (level, len(s), float(s.mean()), _sd(s))
        for level, s in group_columns(model, factor).items()
        if len(s)
    ]
    return table_of(f"means of {factor}", (factor, "n", "mean", "sd"), rows)


def _conclusion(values: Mapping[str, Any], factor: str | None, alpha: float) -> str:
    if values["ms_error"] is None:
        return "No degrees of freedom are left for the error, so nothing can be tested."
    if factor is not None:
        if values["F"] is None:
            return "The values within each group are all equal, so no test is possible."
        verdict = "differ" if values["p_value"] < alpha else "do not differ significantly"
        name = factor.replace("{", "{{").replace("}", "}}")
        of = "" if name == "group" else f" of {name}"
        sizes = " ({counts[0]} values each)" if len(set(values["counts"])) == 1 else ""
        return (
            f"The group means{of}{sizes} {verdict}: "
            "F({df_between}, {df_within}) = {F}, p = {p_value}; error mean square {ms_error}."
        )
    parts = []
    for i, (term, f, p) in enumerate(
        zip(values["terms"], values["F"], values["p_value"], strict=True)
    ):
        if f is not None and p < alpha:
            safe = term.replace("{", "{{").replace("}", "}}")
            parts.append(f"{safe} (F = {{F[{i}]}}, p = {{p_value[{i}]}})")
    if not parts:
        return "No term is significant at the level {alpha}; error mean square {ms_error}."
    return (
        f"Significant at the level {{alpha}}: {', '.join(parts)}; error mean square {{ms_error}}."
    )


def _figures(fit: LinearFit, factor: str | None) -> tuple[Figure, ...]:
    figures = [residual_figure(fit)]
    names = factor_names(fit.model)
    if factor is not None:
        groups = group_columns(fit.model, factor)
        data = {level: s.floats.tolist() for level, s in groups.items()}
        title = f"{fit.model.response_name} by {factor}"
        figures.insert(0, Figure("box_plot", title, {"groups": data}))
    elif len(names) == 2:
        figures.insert(0, _interaction_figure(fit.model, names[0], names[1]))
    return tuple(figures)


def _interaction_figure(model: Model, across: str, lines: str) -> Figure:
    first, second = model.table.column(across), model.table.column(lines)
    frame = Table((first, second)).frame()
    frame["y"] = model.response.floats
    means = frame.groupby([lines, across], sort=False)["y"].mean()
    levels = list(dict.fromkeys(frame[across]))
    data = {
        "x_name": across,
        "line_name": lines,
        "x": [str(v) for v in levels],
        "lines": {
            str(v): [float(means[(v, u)]) if (v, u) in means else None for u in levels]
            for v in dict.fromkeys(frame[lines])
        },
    }
    return Figure("interaction", f"{model.response_name}: {across} by {lines}", data)


def _assumptions(fit: LinearFit) -> list[Assumption]:
    if fit.df_error < 1 or fit.exact_fit:
        return [Assumption("residual checks", None, "the fit leaves no residuals to check")]
    base = fit.standardised if fit.standardised is not None else fit.residuals
    numeric = any(not c.categorical for c in fit.model.codings.values())
    spread = constant_variance(fit) if numeric else equal_group_variances(cells(fit.model))
    if spread.met is None and not numeric:
        spread = constant_variance(fit)
    return [normal_residuals(base), spread, by_randomisation()]


def _warnings(fit: LinearFit, rows: Any, kind: str) -> list[str]:
    model, found = fit.model, []
    if model.n_dropped:
        found.append(f"{model.n_dropped} missing value(s) were left out; {fit.n} were used.")
    if fit.aliased:
        found.append(
            f"Some combinations of levels have no data, so these cannot be told apart: "
            f"{', '.join(fit.aliased)}; the tests of the terms they belong to are partial."
        )
    if fit.df_error == 0:
        found.append(
            "The model leaves no degrees of freedom for error: repeat runs, or leave out the "
            "highest interaction."
        )
    counts = {len(g) for g in cells(model)}
    if len(model.terms) > 1 and len(counts) > 1:
        found.append(
            f"The data are unbalanced, so sums of squares depend on their type; Type {kind} is given."
        )
    if any(len(g) == 1 for g in cells(model)) and one_way(model) is not None:
        found.append("A group has only one value.")
    return found + unusual_rows(fit)


def _residuals(fit: LinearFit) -> Table:
    residuals = fit.residuals
    extra: list[Column] = [
        Sample.of(fit.model.response.floats - residuals, "fitted"),
        Sample.of(np.asarray(residuals), "residual"),
    ]
    kept = [c for c in fit.model.table.columns if c.name not in ("fitted", "residual")]
    return Table((*kept, *extra), "residuals")
