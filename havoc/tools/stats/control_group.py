"""Comparing several groups with a control: Dunnett's test."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
from scipy.special import ndtr, roots_hermitenorm

from havoc.errors import InputError, nearest
from havoc.tools.diagnostics import by_randomisation, equal_group_variances, normal_residuals
from havoc.tools.least_squares import root
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.result import Result, table_of
from havoc.tools.stats.comparisons import pair_conclusion, pair_figure
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
from havoc.tools.stats.range_integrals import dunnett_upper, solve_upper
from havoc.tools.values import Sample, near_zero

KEYS = ("formula", "data", "groups", "value", "by", "covariates")
Alternative = Literal["two-sided", "less", "greater"]


def _groups(arguments: Mapping[str, Any]) -> tuple[dict[str, Sample], str, int]:
    arguments = {"covariates": None, **arguments}
    model = grouped_model(*(arguments[k] for k in KEYS))
    factor = one_way(model)
    if factor is None:
        raise InputError("one factor only: several factors need stats.anova")
    found = group_values(model, factor)
    control = arguments["control"]
    if control is None:
        name = next(iter(found))
    else:
        name = next((g for g in found if g.casefold() == control.casefold()), "")
        if not name:
            raise InputError(f"there is no group '{control}'{nearest(control, found)}")
    return found, name, model.n_dropped


def _setup(
    groups: Mapping[str, Sample], control: str
) -> tuple[list[str], list[float], list[float], float, int, list[float]]:
    """Other groups, differences from control, their standard errors, s, df, and correlation weights."""
    others = [g for g in groups if g != control]
    means = {g: sum(s.exact, Fraction(0)) / len(s) for g, s in groups.items()}
    rss = sum(((v - means[g]) ** 2 for g, s in groups.items() for v in s.exact), Fraction(0))
    df = sum(len(s) for s in groups.values()) - len(groups)
    if df < 1 or rss == 0:
        raise InputError("there is no spread within the groups to compare with")
    ms, n0 = rss / df, len(groups[control])
    differences = [float(means[g] - means[control]) for g in others]
    se = [root(ms * (Fraction(1, len(groups[g])) + Fraction(1, n0))) for g in others]
    # corr(i, j) = b_i b_j with b_i = sqrt(n_i / (n_i + n_0)), Dunnett 1955
    weights = [math.sqrt(len(groups[g]) / (len(groups[g]) + n0)) for g in others]
    return others, differences, se, root(ms), df, weights


def _upper_again(t: float, weights: Sequence[float], df: float, two_sided: bool) -> float:
    """The same probability by Gauss-Hermite quadrature and the trapezoidal rule in log s."""
    z, wz = roots_hermitenorm(90)
    wz = wz / math.sqrt(2 * math.pi)
    low = -(10 / math.sqrt(2 * df) + 30 / df)
    x = np.linspace(low, math.log(math.sqrt(80 / df) + 1.5), 300)
    density = np.exp(df * x - df / 2 * (np.exp(2 * x) - 1))  # of log s, up to a constant
    density /= density.sum()
    total = 0.0
    for s, w in zip(np.exp(x[density > 1e-18]), density[density > 1e-18], strict=True):
        product = wz.copy()
        for b in weights:
            spread = math.sqrt(1 - b * b)
            upper = ndtr((t * s + b * z) / spread)
            product = product * (upper - ndtr((-t * s + b * z) / spread) if two_sided else upper)
        total += w * float(product.sum())
    return 1 - total


def _limits(
    differences: Sequence[float],
    se: Sequence[float],
    alternative: str,
    alpha: float,
    upper: Callable[[float, bool], float],
) -> tuple[list[float], float]:
    two_sided = alternative == "two-sided"
    sign = -1.0 if alternative == "less" else 1.0
    p = []
    for d, s in zip(differences, se, strict=True):
        t = abs(d) / s if two_sided else sign * d / s
        p.append(min(1.0, max(0.0, upper(t, two_sided))))
    return p, solve_upper(lambda t: upper(t, two_sided), alpha, 2.3)


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    groups, control, _ = _groups(arguments)
    alpha, alternative = arguments["alpha"], arguments["alternative"]
    _, differences, se, _, df, weights = _setup(groups, control)

    def upper(t: float, two_sided: bool) -> float:
        return _upper_again(t, weights, df, two_sided)

    p, critical = _limits(differences, se, alternative, alpha, upper)
    near, offset = near_zero(tuple(groups.values()))
    arrays = dict(zip(groups, near, strict=True))
    each = [near_zero([v])[0][0] for v in groups.values()]  # a group may lie far from the others
    pooled = math.sqrt(sum(float(a.var(ddof=1)) * (len(a) - 1) for a in each if len(a) > 1) / df)
    found: dict[str, Any] = {
        "differences": [
            float(np.mean(arrays[g] - arrays[control].mean())) for g in groups if g != control
        ],
        "se": [
            pooled * math.sqrt(1 / len(arrays[g]) + 1 / len(arrays[control]))
            for g in groups
            if g != control
        ],
        "p_values": Recomputed(p, 1e-5),
        "critical": Recomputed(critical, 1e-5),
        "means": [float(offset + Fraction(float(a.mean()))) for a in arrays.values()],
        "counts": [len(a) for a in arrays.values()],
        "n_pairs": len(differences),
        "n_significant": sum(v < alpha for v in p),
        "alpha": alpha,
        "s": pooled,
        "df_error": df,
        "ci_low": Recomputed(
            [d - critical * e for d, e in zip(differences, se, strict=True)], 1e-5
        ),
        "ci_high": Recomputed(
            [d + critical * e for d, e in zip(differences, se, strict=True)], 1e-5
        ),
    }
    return {k: v for k, v in found.items() if k in result.values}


@operation(
    "stats.dunnett",
    outputs={
        "control": "name of the control group",
        "groups": "group names",
        "means": "group means",
        "counts": "group sizes",
        "pairs": "the comparisons, group minus control",
        "differences": "differences from the control",
        "se": "their standard errors",
        "p_values": "p values, adjusted for the number of comparisons",
        "ci_low": "lower simultaneous confidence limits",
        "ci_high": "upper simultaneous confidence limits",
        "critical": "critical value of |t| (or t)",
        "n_pairs": "number of comparisons",
        "n_significant": "comparisons significant at alpha",
        "s": "pooled standard deviation",
        "df_error": "degrees of freedom",
        "alpha": "significance level of the whole family",
    },
    reference="Dunnett (1955), A multiple comparison procedure for comparing several treatments with "
    "a control, JASA 50, 1096-1121",
    verifier=_verify,
    examples=(
        "r = stats.dunnett(groups=[[7.4, 8.5, 7.2, 8.2], [9.8, 8.8, 8.4, 9.3], [12.8, 9.7, 8.7, 9.2]])",
        'r = stats.dunnett(value=[5, 6, 7, 9, 8, 7], by=["new", "new", "old", "old", "alt", "alt"], '
        'control="old", alternative=less)',
    ),
    terms=(
        "Dunnett",
        "compare with a control",
        "treatments versus control",
        "against the standard",
    ),
)
def dunnett(
    formula: FormulaParam = None,
    data: DataParam = None,
    groups: GroupsParam = None,
    value: ValueParam = None,
    by: ByParam = None,
    control: Annotated[str | None, Param("name of the control group (default: the first)")] = None,
    alternative: Annotated[Alternative, Param("each group against the control")] = "two-sided",
    alpha: AlphaParam = 0.05,
) -> Result:
    """Compare several groups with one control by Dunnett's test.

    More powerful than comparing all pairs where only the differences from the control matter. The
    chance of any false difference stays at alpha. Group sizes may differ; variances are taken as equal.
    """
    arguments = {"formula": formula, "data": data, "groups": groups, "value": value, "by": by}
    found, name, dropped = _groups({**arguments, "control": control})
    others, differences, se, s, df, weights = _setup(found, name)
    p, critical = _limits(
        differences, se, alternative, alpha, lambda t, two: dunnett_upper(t, weights, df, two)
    )
    values: dict[str, Any] = {
        "control": name,
        "groups": list(found),
        "means": [float(sum(v.exact, Fraction(0)) / len(v)) for v in found.values()],
        "counts": [len(v) for v in found.values()],
        "pairs": [f"{g} - {name}" for g in others],
        "differences": differences,
        "se": se,
        "p_values": p,
        "critical": critical,
        "n_pairs": len(others),
        "n_significant": sum(v < alpha for v in p),
        "s": s,
        "df_error": df,
        "alpha": alpha,
    }
    keys = ["pairs", "differences", "se", "p_values"]
    if alternative == "two-sided":
        values["ci_low"] = [d - critical * e for d, e in zip(differences, se, strict=True)]
        values["ci_high"] = [d + critical * e for d, e in zip(differences, se, strict=True)]
        keys += ["ci_low", "ci_high"]
    rows = list(zip(*(values[k] for k in keys), strict=True))
    residuals = np.concatenate([v.values - v.values.mean() for v in found.values()])
    return Result(
        values=values,
        conclusion=pair_conclusion(values, "Dunnett's test against the control"),
        tables=(table_of("comparisons with the control", keys, rows),),
        figures=(pair_figure(values),) if alternative == "two-sided" else (),
        assumptions=(
            normal_residuals(residuals),
            equal_group_variances([v.values for v in found.values()]),
            by_randomisation(),
        ),
        warnings=(f"{dropped} missing value(s) were left out.",) if dropped else (),
    )
