"""Fit a response surface: second-order model, lack of fit, stationary point, canonical analysis."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np

from havoc.tools.diagnostics import residual_checks, residual_figure, unusual_rows
from havoc.tools.doe.rsm_model import (
    GROUPS,
    Canonical,
    Surface,
    canonical,
    group_of,
    limits,
    near_stationary,
    rows_asked,
    surface_from,
    surface_row,
)
from havoc.tools.doe.rsm_verify import verify
from havoc.tools.expression import Formula
from havoc.tools.least_squares import CrossProducts
from havoc.tools.linear_model import (
    LinearFit,
    f_upper,
    t_quantile,
    t_two_sided,
)
from havoc.tools.operation import Param, operation
from havoc.tools.result import Figure, Result, ResultTable, table_of
from havoc.tools.values import Labels, Sample, Table

OUTPUTS = {
    "coefficient_names": "names of the coefficients",
    "coefficients": "coefficients in coded units, in order",
    "se": "their standard errors",
    "p_values": "their p values",
    "intercept": "the constant (response at the centre; in the first block where there are blocks)",
    "r2": "R-squared",
    "r2_adj": "adjusted R-squared",
    "r2_pred": "predicted R-squared",
    "press": "prediction error sum of squares",
    "s": "residual standard deviation",
    "n": "runs used",
    "F": "F of the model, blocks left aside",
    "p_value": "p value of the model",
    "df_error": "residual degrees of freedom",
    "ss_error": "residual sum of squares",
    "groups": "groups of terms of the analysis of variance",
    "group_df": "degrees of freedom of the groups",
    "group_ss": "sequential sums of squares of the groups",
    "group_F": "F of the groups",
    "group_p": "p values of the groups",
    "F_lof": "F of the lack of fit",
    "p_lof": "p value of the lack of fit",
    "df_lof": "degrees of freedom of the lack of fit",
    "ss_lof": "sum of squares of the lack of fit",
    "df_pure": "degrees of freedom of the pure error",
    "ss_pure": "sum of squares of the pure error",
    "factors": "names of the factors, in order",
    "stationary": "stationary point in natural units, in the order of the factors",
    "stationary_coded": "stationary point in coded units",
    "predicted": "response at the stationary point (in the first block where there are blocks)",
    "predicted_over_blocks": "the same averaged over the blocks",
    "distance": "distance of the stationary point from the centre, coded",
    "inside": "whether the stationary point lies within the reach of the runs",
    "near_stationary": "on a ridge: its point nearest the centre, natural units (eigenvalues under a "
    "tenth of the largest taken as 0)",
    "near_stationary_coded": "the same in coded units",
    "eigenvalues": "eigenvalues of the matrix of squares, descending",
    "largest_eigenvalue": "the largest of them",
    "nature": "maximum, minimum, saddle point or ridge",
    "response_at": "predicted mean response at the settings asked for",
    "ci_low": "lower confidence limit of the mean there",
    "ci_high": "upper confidence limit of the mean there",
    "pi_low": "lower prediction limit there",
    "pi_high": "upper prediction limit there",
    "confidence": "confidence level of the intervals",
}


@operation(
    "doe.fit_rsm",
    outputs=OUTPUTS,
    reference="Myers, Montgomery and Anderson-Cook (2016), Response Surface Methodology, chapters 6-7",
    verifier=verify,
    examples=(
        "r = doe.fit_rsm(response=[76.5, 77, 78, 79.5, 79.9, 80.3, 80, 79.7, 79.8, 78.4, 75.6, 78.5, 77], "
        "factors=[[-1, -1, 1, 1, 0, 0, 0, 0, 0, 1.41421356, -1.41421356, 0, 0], "
        "[-1, 1, -1, 1, 0, 0, 0, 0, 0, 0, 0, 1.41421356, -1.41421356]])",
    ),
    terms=(
        "response surface",
        "second-order model",
        "quadratic model",
        "stationary point",
        "optimum",
        "canonical analysis",
        "lack of fit",
        "central composite design analysis",
        "eigenvalues",
        "maximum or saddle",
        "Box-Behnken analysis",
    ),
)
def fit_rsm(
    formula: Annotated[
        Formula | None,
        Param("model such as y ~ block + quadratic(x1, x2); columns of words are blocks too"),
    ] = None,
    data: Annotated[Table | None, Param("table with the formula's columns")] = None,
    response: Annotated[
        Sample | None, Param("response, instead of a formula", min_length=3)
    ] = None,
    factors: Annotated[tuple[Sample, ...] | None, Param("the factors' columns")] = None,
    block: Annotated[Labels | None, Param("block of each run")] = None,
    order: Annotated[
        Literal["second", "interaction", "first"], Param("order of the model (without a formula)")
    ] = "second",
    low: Annotated[tuple[float, ...] | None, Param("natural value coded -1, a factor each")] = None,
    high: Annotated[tuple[float, ...] | None, Param("natural value coded 1, a factor each")] = None,
    at: Annotated[
        tuple[float, ...] | None, Param("predict at these natural settings, in the factors' order")
    ] = None,
    confidence: Annotated[float, Param("confidence level", gt=0, lt=1, fraction=True)] = 0.95,
) -> Result:
    """Fit a response surface and find its stationary point, with lack of fit and canonical analysis.

    Factors may be coded or in natural units; natural ones are coded by ``low`` and ``high``, or by
    the design's own levels (the inner ones of an axial design). Sums of squares are sequential:
    blocks, first order, two-factor interactions, squares. The eigenvalues tell a maximum from a
    minimum or a saddle.
    """
    surface = surface_from(formula, data, response, factors, block, order, low, high)
    fit, shape = surface.fit, canonical(surface)
    values = (
        _fit_values(surface, confidence) | _anova_values(surface) | _shape_values(surface, shape)
    )
    tables = [_anova_table(surface, values), _coefficient_table(surface, values)]
    if shape.stationary is not None and any(any(row) for row in surface.quadratic):
        tables.insert(1, _stationary_table(surface, values))
    tables.append(_eigen_table(surface, shape))
    if not all(c.trivial for c in surface.codings):
        tables.append(_natural_table(surface))
    if at is not None:
        asked = rows_asked(surface, at)
        values |= _responses(surface, asked, confidence)
    return Result(
        values={k: v for k, v in values.items() if v is not None},
        conclusion=_conclusion(values),
        tables=tuple(tables),
        figures=(*_contours(surface, shape), residual_figure(fit)),
        assumptions=tuple(residual_checks(fit)),
        warnings=tuple(_warnings(surface, values)),
        extra={"surface": surface},
    )


def _fit_values(surface: Surface, confidence: float) -> dict[str, Any]:
    fit = surface.fit
    values: dict[str, Any] = {
        "coefficient_names": list(fit.names),
        "coefficients": fit.coefficients.tolist(),
        "intercept": float(fit.coefficients[0]),
        "n": fit.n,
        "df_error": fit.df_error,
        "ss_error": float(fit.rss),
        "r2": fit.r2,
        "confidence": confidence,
        "factors": list(surface.factors),
    }
    if fit.ms_error and fit.standard_errors is not None:
        se = fit.standard_errors
        values |= {
            "s": fit.sigma,
            "r2_adj": fit.r2_adj,
            "se": se.tolist(),
            "p_values": [t_two_sided(t, fit.df_error) for t in fit.coefficients / se],
        }
        if fit.press is not None:
            values |= {"press": fit.press, "r2_pred": 1 - fit.press / float(fit.sst)}
    return values


def _anova_values(surface: Surface) -> dict[str, Any]:
    fit = surface.fit
    rows = fit.sums_of_squares("I")
    grouped: dict[str, tuple[int, Fraction]] = {}
    for t, row in enumerate(rows):
        df, ss = grouped.get(group_of(surface, t), (0, Fraction(0)))
        grouped[group_of(surface, t)] = (df + row.df, ss + row.ss)
    values: dict[str, Any] = {
        "groups": list(grouped),
        "group_df": [df for df, _ in grouped.values()],
        "group_ss": [float(ss) for _, ss in grouped.values()],
    }
    if not fit.ms_error:
        return values
    f = [float(ss / df / fit.ms_error) if df else None for df, ss in grouped.values()]
    values["group_F"] = f
    values["group_p"] = [
        None if v is None else f_upper(v, df, fit.df_error)
        for v, (df, _) in zip(f, grouped.values(), strict=True)
    ]
    own = [v for g, v in grouped.items() if g != GROUPS[0]]
    k, gain = sum(df for df, _ in own), sum((ss for _, ss in own), Fraction(0))
    values["F"] = float(gain / k / fit.ms_error)
    values["p_value"] = f_upper(values["F"], k, fit.df_error)
    pure, df_pure = LinearFit.pure_error(_natural_fit(surface))
    df_lof = fit.df_error - df_pure
    values |= {
        "df_pure": df_pure,
        "ss_pure": float(pure),
        "df_lof": df_lof,
        "ss_lof": float(fit.rss - pure),
    }
    if df_pure and df_lof > 0 and pure:
        values["F_lof"] = float((fit.rss - pure) / df_lof / (pure / df_pure))
        values["p_lof"] = f_upper(values["F_lof"], df_lof, df_pure)
    return values


def _natural_fit(surface: Surface) -> LinearFit:
    return LinearFit(surface.natural)


def _shape_values(surface: Surface, shape: Canonical) -> dict[str, Any]:
    values: dict[str, Any] = {
        "eigenvalues": shape.eigenvalues.tolist(),
        "largest_eigenvalue": float(shape.eigenvalues[0]),
        "nature": shape.nature,
    }
    near = near_stationary(surface, shape)
    if near is not None:
        values["near_stationary_coded"] = near.tolist()
        values["near_stationary"] = [
            c.natural(v) for c, v in zip(surface.codings, near, strict=True)
        ]
    if shape.stationary is None:
        return values
    x = shape.stationary.tolist()
    distance = float(np.linalg.norm(shape.stationary))
    values |= {
        "stationary_coded": x,
        "stationary": [c.natural(v) for c, v in zip(surface.codings, x, strict=True)],
        "predicted": surface.predicted(x),
        "distance": distance,
        "inside": distance <= surface.reach * (1 + 1e-9),
    }
    if surface.block:
        values["predicted_over_blocks"] = values["predicted"] + surface.block_mean_offset()
    return values


def _responses(
    surface: Surface, asked: Sequence[Sequence[float]], confidence: float
) -> dict[str, Any]:
    fit = surface.fit
    rows = [surface_row(surface, row) for row in asked]
    columns = [
        replace(
            c, numerators=tuple(v.numerator * (den // v.denominator) for v in vs), denominator=den
        )
        for c, vs in zip(fit.model.columns, zip(*rows, strict=True), strict=True)
        for den in [int(np.lcm.reduce([v.denominator for v in vs], dtype=object))]
    ]
    predicted = fit.predict(columns)
    means, spreads = [m for m, _ in predicted], [v for _, v in predicted]
    found: dict[str, Any] = {"response_at": means}
    if fit.sigma:
        found |= limits(means, spreads, t_quantile(confidence, fit.df_error) * fit.sigma)
    return {k: v[0] if len(v) == 1 else v for k, v in found.items()}


def _anova_table(surface: Surface, values: Mapping[str, Any]) -> ResultTable:
    fit, none = surface.fit, [None] * len(values["groups"])
    rows: list[Sequence[Any]] = [
        (g, df, ss, ss / df if df else None, f, p)
        for g, df, ss, f, p in zip(
            values["groups"],
            values["group_df"],
            values["group_ss"],
            values.get("group_F", none),
            values.get("group_p", none),
            strict=True,
        )
    ]
    ms = None if fit.ms_error is None else float(fit.ms_error)
    rows.append(("residual", fit.df_error, float(fit.rss), ms, None, None))
    if "df_pure" in values:
        for name, key in (("  lack of fit", "lof"), ("  pure error", "pure")):
            df, ss = values[f"df_{key}"], values[f"ss_{key}"]
            tests = (values.get("F_lof"), values.get("p_lof")) if key == "lof" else (None, None)
            rows.append((name, df, ss, ss / df if df else None, *tests))
    rows.append(("total", fit.n - 1, float(fit.sst), None, None, None))
    return table_of("analysis of variance", ("source", "df", "ss", "ms", "F", "p_value"), rows)


def _coefficient_table(surface: Surface, values: Mapping[str, Any]) -> ResultTable:
    none = [None] * len(values["coefficients"])
    rows = zip(
        values["coefficient_names"],
        values["coefficients"],
        values.get("se", none),
        values.get("p_values", none),
        strict=True,
    )
    return table_of("coefficients (coded)", ("term", "coefficient", "se", "p_value"), list(rows))


def _natural_table(surface: Surface) -> ResultTable:
    model = surface.natural
    solution = CrossProducts(model.columns, model.response).solve()
    rows = [
        (model.column_names[j], float(c))
        for j, c in zip(solution.kept, solution.coefficients, strict=True)
    ]
    return table_of("coefficients (natural units)", ("term", "coefficient"), rows)


def _stationary_table(surface: Surface, values: Mapping[str, Any]) -> ResultTable:
    rows = [
        (c.name, coded, natural, c.unit or "")
        for c, coded, natural in zip(
            surface.codings, values["stationary_coded"], values["stationary"], strict=True
        )
    ]
    return table_of("stationary point", ("factor", "coded", "natural", "unit"), rows)


def _eigen_table(surface: Surface, shape: Canonical) -> ResultTable:
    rows = [
        [float(value), *(float(v) for v in shape.eigenvectors[:, j])]
        for j, value in enumerate(shape.eigenvalues)
    ]
    return table_of("canonical axes", ("eigenvalue", *surface.factors), rows)


def _contours(surface: Surface, shape: Canonical) -> tuple[Figure, ...]:
    """The surface over each pair of factors, the others at the stationary point if inside."""
    k, found = len(surface.factors), []
    base = np.zeros(k)
    if shape.stationary is not None and np.linalg.norm(shape.stationary) <= surface.reach:
        base = shape.stationary
    reach = [float(np.abs(surface.fit.model.table.sample(f).values).max()) for f in surface.factors]
    for i, j in list(itertools.combinations(range(k), 2))[:6]:
        a, b = surface.codings[i], surface.codings[j]
        xs, ys = np.linspace(-reach[i], reach[i], 25), np.linspace(-reach[j], reach[j], 25)
        grid = []
        for v in ys:
            row = []
            for u in xs:
                point = base.copy()
                point[i], point[j] = u, v
                row.append(surface.predicted(point))
            grid.append(row)
        data: dict[str, Any] = {
            "x_name": a.name,
            "y_name": b.name,
            "x": [a.natural(u) for u in xs],
            "y": [b.natural(v) for v in ys],
            "z": grid,
            "held": {
                c.name: c.natural(base[m]) for m, c in enumerate(surface.codings) if m not in (i, j)
            },
        }
        if base.any():
            data["stationary"] = [a.natural(base[i]), b.natural(base[j])]
        title = f"{surface.fit.model.response_name} over {a.name} and {b.name}"
        found.append(Figure("contour", title, data))
    return tuple(found)


def _conclusion(values: Mapping[str, Any]) -> str:
    text = "The fitted surface has R² = {r2}"
    text += " and s = {s}." if values.get("s") is not None else "."
    if "F_lof" in values:
        text += " Lack of fit: F = {F_lof}, p = {p_lof}."
    if "stationary" in values:
        where = ", ".join(
            f"{name} = {{stationary[{i}]}}" for i, name in enumerate(values["factors"])
        )
        text += f" The stationary point is a {values['nature']} at {where}, response {{predicted}}."
    elif values["nature"] == "ridge":
        text += " The surface is a ridge: it has no single stationary point."
    return text


def _warnings(surface: Surface, values: Mapping[str, Any]) -> list[str]:
    fit, found = surface.fit, []
    if surface.n_dropped:
        found.append(f"{surface.n_dropped} run(s) with a missing value were left out.")
    if fit.aliased:
        found.append(f"Not estimable from these runs, so left out: {', '.join(fit.aliased)}.")
    if fit.df_error == 0:
        found.append("No degrees of freedom are left for the error, so nothing can be tested.")
    if values.get("p_lof", 1) < 0.05:
        found.append("Lack of fit is significant: the second-order model misses something.")
    if values.get("df_pure") == 0:
        found.append("No runs are repeated, so lack of fit cannot be tested.")
    if values.get("inside") is False:
        found.append(
            "The stationary point lies outside the region of the runs: do not trust the response "
            "there; follow the path of steepest ascent instead (doe.steepest_ascent)."
        )
    sizes = np.abs(values["eigenvalues"])
    if len(sizes) > 1 and "stationary" in values and sizes.min() < 0.1 * sizes.max():
        found.append(
            "One eigenvalue is small beside the others: along its axis the response hardly changes "
            "(a ridge), and the stationary point is poorly located there; near_stationary is the "
            "ridge's point nearest the centre."
        )
    if surface.block:
        found.append(
            "Blocks shift the level: the intercept and the response are those of the first block."
        )
    if not all(c.trivial for c in surface.codings):
        coded = "; ".join(
            f"{c.name}: -1 = {float(c.center - c.half):g}, 1 = {float(c.center + c.half):g}"
            for c in surface.codings
        )
        found.append(f"Coded units used: {coded}.")
    return found + unusual_rows(fit)
