"""Effects of two-level factorials: contrasts, half-normal plot, Lenth's method, curvature."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any

from havoc.errors import NeedsClarification
from havoc.tools.diagnostics import by_randomisation
from havoc.tools.doe.two_level_data import Contrast, TwoLevel, contrasts, read
from havoc.tools.expression import Name
from havoc.tools.least_squares import ExactColumn, root, sweep
from havoc.tools.linear_model import (
    f_upper,
    f_upper_again,
    t_quantile,
    t_quantile_again,
    t_two_sided,
    t_two_sided_again,
)
from havoc.tools.operation import Param, operation
from havoc.tools.result import Assumption, Figure, Result, table_of
from havoc.tools.values import Column, Labels, Sample

OUTPUTS = {
    "effect_names": "names of the effects",
    "effects": "effects (mean at high less mean at low), in the same order",
    "coefficients": "regression coefficients in coded units: half the effects",
    "mean": "mean of the factorial runs",
    "ss": "sums of squares of the effects",
    "contribution": "share of each effect in the sum of squares of all effects, in percent",
    "pse": "Lenth's pseudo standard error of an effect",
    "me": "Lenth's margin of error, t with m/3 degrees of freedom",
    "sme": "Lenth's simultaneous margin of error",
    "active": "effects beyond the margin of error, or significant where runs are repeated",
    "n_active": "number of those",
    "aliases": "what each effect is confounded with (up to three-factor interactions)",
    "runs": "factorial runs used",
    "factors": "number of factors",
    "se": "standard error of an effect, from repeated runs",
    "t": "t of each effect, from repeated runs",
    "p_values": "p value of each effect, from repeated runs",
    "df_error": "degrees of freedom of the repeats",
    "s": "standard deviation of repeated runs",
    "curvature": "mean of the factorial runs less mean of the centre runs",
    "F_curvature": "F of the curvature",
    "p_curvature": "p value of the curvature",
    "center_points": "number of centre runs",
    "alpha": "significance level",
}


def lenth(effects: Sequence[float], alpha: float, quantile: Any) -> tuple[float, float, float]:
    """PSE, ME and SME of Lenth (1989)."""
    sizes = [abs(e) for e in effects]
    s0 = 1.5 * statistics.median(sizes)
    pse = 1.5 * statistics.median([s for s in sizes if s < 2.5 * s0] or [0.0])
    m = len(effects)
    each = (1 - alpha) ** (1 / m)
    return pse, pse * quantile(1 - alpha, m / 3), pse * quantile(each, m / 3)


def _repeats(experiment: TwoLevel) -> tuple[Fraction, int]:
    """Sum of squares and df among repeated factorial runs."""
    cells: dict[tuple[int, ...], list[Fraction]] = {}
    for row, y in zip(zip(*experiment.signs, strict=True), experiment.y, strict=True):
        cells.setdefault(row, []).append(y)
    ss = sum((_about_mean(c) for c in cells.values()), Fraction(0))
    return ss, experiment.n - len(cells)


def _about_mean(values: Sequence[Fraction]) -> Fraction:
    mean = sum(values, Fraction(0)) / len(values)
    return sum(((v - mean) ** 2 for v in values), Fraction(0))


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Effects as twice the coefficients of a regression on the signs (sweep); Lenth from sorted sizes."""
    experiment = read(*(arguments[k] for k in ("response", "factors", "names", "runs")))
    alpha, n = arguments["alpha"], experiment.n
    wanted, _ = contrasts(experiment, arguments["max_order"])
    columns = [ExactColumn.constant(1, n)] + [ExactColumn(c.column) for c in wanted]
    y = ExactColumn.of_ratios([v.as_integer_ratio() for v in experiment.y])
    again = sweep(columns, y)
    effects = [2 * b for b in again.coefficients[1:]]
    floats = [float(e) for e in effects]
    drops = [
        sweep(columns[:1] + [c for i, c in enumerate(columns[1:]) if i != j], y).rss - again.rss
        for j in range(len(wanted))
    ]
    total = sum(drops, Fraction(0))
    found: dict[str, Any] = {
        "effects": floats,
        "coefficients": [float(b) for b in again.coefficients[1:]],
        "mean": float(again.coefficients[0]),
        "ss": [float(v) for v in drops],
        "contribution": [float(100 * v / total) if total else 0.0 for v in drops],
        "runs": n,
        "factors": len(experiment.signs),
        "alpha": alpha,
        "center_points": len(experiment.centers),
    }
    if "pse" in result.values:
        found |= _lenth_again(floats, alpha)
    active = [abs(e) > found.get("me", math.inf) for e in floats]
    if "s" in result.values:
        ss, df = _repeats_again(experiment, wanted)
        s = root(ss / df)
        found |= {"s": s, "df_error": df}
        if "se" in result.values:
            found["se"] = 2 * s / math.sqrt(n)
            found["t"] = [e / found["se"] for e in floats]
            found["p_values"] = [t_two_sided_again(t, df) for t in found["t"]]
            active = [p < alpha for p in found["p_values"]]
    found["n_active"] = sum(active)
    if experiment.centers:
        found |= _curvature_again(experiment)
    return {k: v for k, v in found.items() if k in result.values}


def _lenth_again(effects: Sequence[float], alpha: float) -> dict[str, float]:
    sizes = sorted(abs(e) for e in effects)

    def middle(values: Sequence[float]) -> float:
        m = len(values)
        return (values[(m - 1) // 2] + values[m // 2]) / 2

    pse = 1.5 * middle([s for s in sizes if s < 3.75 * middle(sizes)] or [0.0])
    df = len(sizes) / 3
    return {
        "pse": pse,
        "me": pse * t_quantile_again(1 - alpha, df),
        "sme": pse * t_quantile_again((1 - alpha) ** (1 / len(sizes)), df),
    }


def _repeats_again(experiment: TwoLevel, wanted: Sequence[Contrast]) -> tuple[Fraction, int]:
    """Repeats and centre runs as the residual of the model with one mean a setting."""
    rows = list(zip(*experiment.signs, strict=True))
    keys = list(dict.fromkeys(rows))
    n, m = experiment.n, len(experiment.centers)
    columns = [ExactColumn(tuple(int(r == k) for r in rows) + (0,) * m) for k in keys]
    if m:
        columns.append(ExactColumn((0,) * n + (1,) * m))
    y = [*experiment.y, *experiment.centers]
    solved = sweep(columns, ExactColumn.of_ratios([v.as_integer_ratio() for v in y]))
    return solved.rss, n + m - solved.rank


def _curvature_again(experiment: TwoLevel) -> dict[str, Any]:
    """As the gain of an indicator of the centre over a common mean."""
    n, m = experiment.n, len(experiment.centers)
    y = ExactColumn.of_ratios([v.as_integer_ratio() for v in (*experiment.y, *experiment.centers)])
    ones, inside = ExactColumn.constant(1, n + m), ExactColumn((0,) * n + (1,) * m)
    both = sweep([ones, inside], y)
    found: dict[str, Any] = {"curvature": -float(both.coefficients[1])}
    ss, df = _repeats_again(experiment, ())
    if df and ss:
        found["F_curvature"] = float((sweep([ones], y).rss - both.rss) / (ss / df))
        found["p_curvature"] = f_upper_again(found["F_curvature"], 1, df)
    return found


@operation(
    "doe.effects",
    outputs=OUTPUTS,
    reference="Montgomery (2013), Design and Analysis of Experiments, chapter 6; Lenth (1989), "
    "Quick and easy analysis of unreplicated factorials, Technometrics 31, 469-473",
    verifier=_verify,
    examples=(
        "r = doe.effects([60, 72, 54, 68, 52, 83, 45, 80], names=[T, C, K])",
        "r = doe.effects([28, 36, 18, 31, 25, 32, 19, 30, 27, 32, 23, 29], "
        'runs=["(1)", "a", "b", "ab", "(1)", "a", "b", "ab", "(1)", "a", "b", "ab"])',
        "r = doe.effects([39.3, 40.0, 40.9, 41.5, 40.3, 40.5, 40.7, 40.2, 40.6], "
        "factors=[[-1, 1, -1, 1, 0, 0, 0, 0, 0], [-1, -1, 1, 1, 0, 0, 0, 0, 0]])",
    ),
    terms=(
        "effects of a factorial",
        "main effects",
        "interactions",
        "2^k",
        "half-normal plot",
        "Lenth",
        "pseudo standard error",
        "which factors matter",
        "Yates",
        "curvature",
        "screening",
    ),
)
def effects(
    response: Annotated[Sample, Param("one result a run", min_length=4)],
    factors: Annotated[
        tuple[Column, ...] | None, Param("the factors' columns (two levels, centre runs allowed)")
    ] = None,
    names: Annotated[
        tuple[Name, ...] | None,
        Param("factor names where the responses are in standard order, the first changing fastest"),
    ] = None,
    runs: Annotated[Labels | None, Param("treatment labels such as (1), a, b, ab")] = None,
    max_order: Annotated[int | None, Param("highest order of interaction", ge=1)] = None,
    alpha: Annotated[float, Param("significance level", gt=0, lt=1, fraction=True)] = 0.05,
) -> Result:
    """Estimate the effects of a two-level factorial or fraction and find the active ones.

    An effect is the mean response at the high level less that at the low level. Repeated runs give
    t tests; without them Lenth's pseudo standard error judges the effects, with t on m/3 degrees of
    freedom for the margin of error. Fractions say what each effect is confounded with; centre runs
    test curvature.
    """
    experiment = read(response, factors, names, runs)
    wanted, regular = contrasts(experiment, max_order)
    if not wanted:
        raise NeedsClarification("which columns are the factors?")
    n = experiment.n
    exact = [
        Fraction(2, n) * sum(map(lambda s, v: s * v, c.column, experiment.y), Fraction(0))
        for c in wanted
    ]
    floats = [float(e) for e in exact]
    ss = [e * e * n / 4 for e in exact]
    total = sum(ss, Fraction(0))
    values: dict[str, Any] = {
        "effect_names": [experiment.label(c.subset) for c in wanted],
        "effects": floats,
        "coefficients": [float(e / 2) for e in exact],
        "mean": float(sum(experiment.y, Fraction(0)) / n),
        "ss": [float(v) for v in ss],
        "contribution": [float(100 * v / total) if total else 0.0 for v in ss],
        "aliases": [" + ".join(c.aliases).replace("+ -", "- ") for c in wanted],
        "runs": n,
        "factors": len(experiment.names),
        "alpha": alpha,
        "center_points": len(experiment.centers),
    }
    values |= _judged(experiment, floats, alpha)
    labels = values["effect_names"]
    active = _active(values, floats, alpha)
    values["active"] = [labels[i] for i in active]
    values["n_active"] = len(active)
    return Result(
        values=values,
        conclusion=_conclusion(values, active),
        tables=(_table(values, set(active)),),
        figures=_figures(values, experiment),
        assumptions=_assumptions(values),
        warnings=tuple(_warnings(experiment, values, regular)),
    )


def _judged(experiment: TwoLevel, effects_: Sequence[float], alpha: float) -> dict[str, Any]:
    """Error from repeats where there are any, Lenth's where at least three effects allow it."""
    values: dict[str, Any] = {}
    ss, df_corners = _repeats(experiment)
    df_center = max(0, len(experiment.centers) - 1)
    df = df_corners + df_center
    if experiment.centers:
        ss += _about_mean(experiment.centers)
    if df:
        s = root(ss / df)
        values |= {"s": s, "df_error": df}
        if s > 0:
            values["se"] = 2 * s / math.sqrt(experiment.n)
            values["t"] = [e / values["se"] for e in effects_]
            values["p_values"] = [t_two_sided(t, df) for t in values["t"]]
    if len(effects_) >= 3:
        pse, me, sme = lenth(effects_, alpha, t_quantile)
        values |= {"pse": pse, "me": me, "sme": sme}
    if experiment.centers:
        n, m = experiment.n, len(experiment.centers)
        gap = sum(experiment.y, Fraction(0)) / n - sum(experiment.centers, Fraction(0)) / m
        values["curvature"] = float(gap)
        if df and ss:
            f = float(gap**2 * n * m / (n + m) / (ss / df))
            values |= {"F_curvature": f, "p_curvature": f_upper(f, 1, df)}
    return values


def _active(values: Mapping[str, Any], effects_: Sequence[float], alpha: float) -> list[int]:
    if "p_values" in values:
        return [i for i, p in enumerate(values["p_values"]) if p < alpha]
    if "me" in values:
        return [i for i, e in enumerate(effects_) if abs(e) > values["me"]]
    return []


def _conclusion(values: Mapping[str, Any], active: Sequence[int]) -> str:
    def shown(indices: Sequence[int]) -> str:
        return ", ".join(
            f"{values['effect_names'][i]} = {{effects[{i}]}}".replace("{{", "{").replace("}}", "}")
            for i in indices
        )

    order = sorted(range(len(values["effects"])), key=lambda i: -abs(values["effects"][i]))
    judge = (
        "by t tests on the repeated runs at the level {alpha}"
        if "p_values" in values
        else "beyond Lenth's margin of error {me}"
        if "me" in values
        else ""
    )
    if not judge:
        return f"Effects: {shown(order[:7])}; there is no estimate of error to judge them by."
    if active:
        ranked = [i for i in order if i in set(active)]
        text = f"Active effects ({judge}): {shown(ranked)}."
    else:
        text = f"No effect is active ({judge}); the largest are {shown(order[:3])}."
    if "p_curvature" in values:
        text += " The test of curvature has p = {p_curvature}."
    return text


def _table(values: Mapping[str, Any], active: set[int]) -> Any:
    keys = ["effect_names", "effects", "coefficients", "ss", "contribution"]
    columns = ["effect", "estimate", "coefficient", "ss", "contribution_percent"]
    if "p_values" in values:
        keys += ["t", "p_values"]
        columns += ["t", "p_value"]
    if any(values["aliases"]):
        keys.append("aliases")
        columns.append("confounded with")
    rows = [
        [*row, i in active] for i, row in enumerate(zip(*(values[k] for k in keys), strict=True))
    ]
    return table_of("effects", [*columns, "active"], rows)


def _margins(values: Mapping[str, Any]) -> dict[str, float]:
    """The margin that made effects active: of the t tests where runs repeat, Lenth's elsewhere."""
    if "p_values" in values:
        return {"me": t_quantile(1 - values["alpha"], values["df_error"]) * values["se"]}
    return {k: values[k] for k in ("pse", "me", "sme") if k in values}


def _figures(values: Mapping[str, Any], experiment: TwoLevel) -> tuple[Figure, ...]:
    from scipy.stats import norm

    order = sorted(range(len(values["effects"])), key=lambda i: abs(values["effects"][i]))
    m = len(order)
    names = [values["effect_names"][i] for i in order]
    sizes = [abs(values["effects"][i]) for i in order]
    quantiles = [float(norm.ppf(0.5 + 0.5 * (i + 0.5) / m)) for i in range(m)]
    margins = _margins(values)
    half = Figure(
        "half_normal",
        "Half-normal plot of the effects",
        {"names": names, "absolute_effects": sizes, "quantiles": quantiles, **margins},
    )
    pareto = Figure(
        "pareto",
        "Pareto chart of the effects",
        {"names": names[::-1], "values": sizes[::-1], **margins},
    )
    means: dict[str, Any] = {}
    for f, name in enumerate(experiment.names):
        sides = [
            [v for v, s in zip(experiment.y, experiment.signs[f], strict=True) if s == side]
            for side in (-1, 1)
        ]
        mean = [float(sum(s, Fraction(0)) / len(s)) for s in sides]
        levels = list(experiment.levels[f]) if experiment.levels else ["low", "high"]
        means[name] = {"levels": levels, "mean": mean}
    return half, pareto, Figure("main_effects", f"Main effects on {experiment.response}", means)


def _assumptions(values: Mapping[str, Any]) -> tuple[Assumption, ...]:
    found = [by_randomisation()]
    if "p_values" not in values and "me" in values:
        found.append(
            Assumption(
                "effect sparsity",
                values["n_active"] <= len(values["effects"]) / 2,
                "Lenth's method takes most effects to be inert",
            )
        )
    return tuple(found)


def _warnings(experiment: TwoLevel, values: Mapping[str, Any], regular: bool) -> list[str]:
    found = []
    if experiment.n_dropped:
        found.append(f"{experiment.n_dropped} run(s) without a value were left out.")
    if not regular:
        found.append(
            "This is not a regular fraction: each main effect is partly mixed with two-factor "
            "interactions, and only main effects are given."
        )
    mixed = [
        f"{name} with {alias}"
        for name, alias in zip(values["effect_names"], values["aliases"], strict=True)
        if alias
    ]
    if mixed:
        found.append(
            "Confounded in this fraction: "
            + "; ".join(mixed[:8])
            + ("; ..." if mixed[8:] else "")
            + "."
        )
    if "p_values" not in values and len(values["effects"]) < 7:
        found.append("With fewer than seven effects and no repeats the judgement is weak.")
    if values.get("p_curvature", 1) < values["alpha"]:
        found.append(
            "Curvature is significant: a first-order model does not hold at the centre; add axial "
            "runs and fit a second-order model (doe.fit_rsm)."
        )
    return found
