"""The second route of ``doe.fit_rsm``: other algorithms for the same numbers."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from havoc.tools.doe.rsm_model import (
    GROUPS,
    Surface,
    exact_stationary,
    group_of,
    limits,
    rows_asked,
    surface_from,
    surface_row,
)
from havoc.tools.least_squares import root, sweep
from havoc.tools.linear_model import f_upper_again, t_quantile_again, t_two_sided_again
from havoc.tools.operation import Recomputed
from havoc.tools.result import Result

KEYS = ("formula", "data", "response", "factors", "block", "order", "low", "high")


def verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Sweep for the fit, group sums of squares by their own models, eigenvalues by mpmath, the
    stationary point in rationals, PRESS by leaving each run out."""
    surface = surface_from(*(arguments[k] for k in KEYS))
    model = surface.fit.model
    again = sweep(model.columns, model.response)
    columns = [model.columns[j] for j in again.kept]
    y = model.response.fractions
    grand = sum(y, Fraction(0)) / len(y)
    total = sum(((v - grand) ** 2 for v in y), Fraction(0))
    df = model.n - again.rank
    coefficients = [float(c) for c in again.coefficients]
    found: dict[str, Any] = {
        "coefficients": coefficients,
        "intercept": coefficients[0],
        "n": len(y),
        "df_error": df,
        "ss_error": float(again.rss),
        "r2": float((total - again.rss) / total),
        "confidence": arguments["confidence"],
    }
    found |= _groups_again(surface)
    if df and again.rss:
        ms = again.rss / df
        se = [root(ms * again.inverse[i][i]) for i in range(again.rank)]
        found |= {
            "s": root(ms),
            "se": se,
            "p_values": [
                t_two_sided_again(c / e, df) for c, e in zip(coefficients, se, strict=True)
            ],
            "r2_adj": float(1 - ms / (total / (model.n - 1))),
        }
        block_df = found["group_df"][0] if surface.block else 0
        reduced = sweep([model.columns[j] for j in range(1 + block_df)], model.response)
        k = again.rank - reduced.rank
        found["F"] = float((reduced.rss - again.rss) / k / ms)
        found["p_value"] = f_upper_again(found["F"], k, df)
        found |= _lack_of_fit_again(surface, again.rss, df)
    if "press" in result.values:
        press = _press_again(surface)
        found["press"] = Recomputed(press, 1e-7)
        found["r2_pred"] = Recomputed(1 - press / float(total), 1e-7)
    found |= _canonical_again(surface)
    if "response_at" in result.values:
        found |= _response_again(surface, arguments, columns, again, df)
    return {k: v for k, v in found.items() if k in result.values}


def _groups_again(surface: Surface) -> dict[str, Any]:
    """Each group's gain as the difference of two sweeps, in their order."""
    model = surface.fit.model
    present = [g for g in GROUPS if any(group_of(surface, t) == g for t in range(len(model.terms)))]
    included, df, ss = [0], [], []
    before = sweep([model.columns[0]], model.response)
    whole = sweep(model.columns, model.response)
    error, left = whole.rss, model.n - whole.rank
    for g in present:
        own = [j for j, t in enumerate(model.assign) if t >= 0 and group_of(surface, t) == g]
        included = sorted([*included, *own])
        after = sweep([model.columns[j] for j in included], model.response)
        df.append(after.rank - before.rank)
        ss.append(before.rss - after.rss)
        before = after
    found: dict[str, Any] = {"group_df": df, "group_ss": [float(v) for v in ss]}
    if left and error:
        found["group_F"] = [
            float(v / d / (error / left)) if d else None for v, d in zip(ss, df, strict=True)
        ]
        found["group_p"] = [
            None if f is None else f_upper_again(f, d, left)
            for f, d in zip(found["group_F"], df, strict=True)
        ]
    return found


def _lack_of_fit_again(surface: Surface, rss: Fraction, df: int) -> dict[str, Any]:
    """Pure error as the residual of one mean a distinct setting, by squares less correction."""
    cells: dict[tuple[Any, ...], list[Fraction]] = {}
    rows = zip(*(c.fractions for c in surface.natural.columns), strict=True)
    for key, y in zip(rows, surface.natural.response.fractions, strict=True):
        cells.setdefault(key, []).append(y)
    pure = sum(
        (
            sum((v * v for v in c), Fraction(0)) - sum(c, Fraction(0)) ** 2 / len(c)
            for c in cells.values()
        ),
        Fraction(0),
    )
    df_pure = surface.fit.n - len(cells)
    df_lof = df - df_pure
    found: dict[str, Any] = {
        "df_pure": df_pure,
        "ss_pure": float(pure),
        "df_lof": df_lof,
        "ss_lof": float(rss - pure),
    }
    if df_pure and df_lof > 0 and pure:
        found["F_lof"] = float((rss - pure) / df_lof / (pure / df_pure))
        found["p_lof"] = f_upper_again(found["F_lof"], df_lof, df_pure)
    return found


def _press_again(surface: Surface) -> float:
    """Leave each run out and predict it (float QR on the well-conditioned coded columns)."""
    model = surface.fit.model
    # About its mean, which an intercept takes up: far from 0 the floats would have lost the errors.
    y = (model.response.centred() if model.intercept else model.response).floats
    x = model.matrix()
    kept = list(surface.fit.solution.kept)
    total = 0.0
    for i in range(len(y)):
        rest = np.arange(len(y)) != i
        b = np.linalg.lstsq(x[rest][:, kept], y[rest], rcond=None)[0]
        total += float((y[i] - x[i, kept] @ b) ** 2)
    return total


def _canonical_again(surface: Surface) -> dict[str, Any]:
    import mpmath

    matrix = mpmath.matrix(
        [[mpmath.mpf(v.numerator) / v.denominator for v in row] for row in surface.quadratic]
    )
    eigenvalues = sorted((float(v) for v in mpmath.eigsy(matrix, eigvals_only=True)), reverse=True)
    found: dict[str, Any] = {"eigenvalues": eigenvalues, "largest_eigenvalue": eigenvalues[0]}
    found |= _near_again(surface, matrix)
    exact = exact_stationary(surface)
    if exact is not None:
        floats = [float(v) for v in exact]
        found["stationary_coded"] = floats
        found["stationary"] = [
            float(c.center + c.half * v) for c, v in zip(surface.codings, exact, strict=True)
        ]
        # at the stationary point y = b0 + b'x/2
        half = sum(map(operator.mul, surface.linear, exact), Fraction(0)) / 2
        found["predicted"] = float(surface.fit.solution.coefficients[0] + half)
        found["distance"] = root(sum((v * v for v in exact), Fraction(0)))
        if surface.block:
            model = surface.fit.model
            t = next(t for t in range(len(model.terms)) if model.categorical(t))
            level_columns = model.term_columns(t)
            shares = [
                c
                for j, c in zip(surface.fit.solution.kept, surface.fit.coefficients, strict=True)
                if j in level_columns
            ]
            offset = float(np.mean([0.0, *shares]))
            found["predicted_over_blocks"] = found["predicted"] + offset
    return found


def _near_again(surface: Surface, matrix: Any) -> dict[str, Any]:
    """The ridge's nearest point from mpmath's eigenvectors."""
    import mpmath

    values, vectors = mpmath.eigsy(matrix)
    largest = max(abs(v) for v in values)
    k = len(surface.factors)
    point = [mpmath.mpf(0)] * k
    small = 0
    for j in range(k):
        if largest == 0 or abs(values[j]) < largest / 10:
            small += 1
            continue
        along = sum(vectors[i, j] * float(surface.linear[i]) for i in range(k))
        for i in range(k):
            point[i] -= vectors[i, j] * along / values[j] / 2
    if not small or largest == 0:
        return {}
    coded = [float(v) for v in point]
    return {
        "near_stationary_coded": coded,
        "near_stationary": [
            float(c.center) + v * float(c.half) for c, v in zip(surface.codings, coded, strict=True)
        ],
    }


def _response_again(
    surface: Surface, arguments: Mapping[str, Any], columns: Any, again: Any, df: int
) -> dict[str, Any]:
    at = [surface_row(surface, row) for row in rows_asked(surface, arguments["at"])]
    means, spreads = [], []
    for row in at:
        chosen = [row[j] for j in again.kept]
        means.append(float(sum(map(operator.mul, chosen, again.coefficients), Fraction(0))))
        p = range(len(chosen))
        spreads.append(
            float(
                sum(
                    (chosen[i] * chosen[j] * again.inverse[i][j] for i in p for j in p), Fraction(0)
                )
            )
        )
    found: dict[str, Any] = {"response_at": means}
    if df:
        half = t_quantile_again(arguments["confidence"], df) * root(again.rss / df)
        found |= limits(means, spreads, half)
    return {k: v[0] if len(v) == 1 else v for k, v in found.items()}
