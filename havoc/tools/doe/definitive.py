"""Definitive screening designs."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np

from havoc.errors import InputError
from havoc.tools.doe.design import (
    COMMON_OUTPUTS,
    FACTORS,
    N_FACTORS,
    SEED,
    design_result,
    plan_of,
    recount,
    require_numeric,
    resolve_factors,
)
from havoc.tools.doe.hadamard import IntMatrix, conference
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.result import Result, table_of
from havoc.tools.values import Factor, FloatArray

MAX_FACTORS = 30
MAX_PAIRED = 12  # factors up to which all pairs of interactions are compared


def definitive_points(factors: int, extra_runs: int, centers: int) -> IntMatrix:
    """The conference matrix of the least order that fits, its mirror image and centre points."""
    order = max(4, factors + factors % 2 + extra_runs // 2)
    while (c := conference(order)) is None:
        order += 2
    middle = np.zeros((centers, order), dtype=np.int64)
    return np.vstack([c, -c, middle])[:, :factors]


def confusions(x: FloatArray) -> dict[str, float | None]:
    """Largest absolute correlations between the kinds of terms of a second-order model."""
    k = x.shape[1]
    pairs = list(itertools.combinations(range(k), 2))
    mains, squares = _standardised(x), _standardised(x**2)
    products = _standardised(np.column_stack([x[:, i] * x[:, j] for i, j in pairs]))
    main_squares, main_products = _largest(mains, squares), _largest(mains, products)
    return {
        "max_abs_corr_main_vs_main": _largest(mains),
        "max_abs_corr_main_vs_quadratic": main_squares,
        "max_abs_corr_main_vs_2fi": main_products,
        "max_abs_corr_main_vs_second_order": max(main_squares, main_products),
        "max_abs_corr_quadratic_vs_quadratic": _largest(squares),
        "max_abs_corr_quadratic_vs_2fi": _largest(squares, products),
        "max_abs_corr_2fi_vs_2fi": _largest(products) if k <= MAX_PAIRED else None,
    }


def _standardised(x: FloatArray) -> FloatArray:
    """Columns of mean 0 and length 1; a constant column becomes 0."""
    centred = x - x.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    return np.asarray(centred / np.where(length > 1e-9, length, np.inf))


def _largest(u: FloatArray, v: FloatArray | None = None) -> float:
    """Rounded to 12 decimals, so that what is zero by symmetry reads 0."""
    products = np.abs(u.T @ (u if v is None else v))
    if v is None:
        np.fill_diagonal(products, 0)
    return round(float(products.max()), 12)


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The same correlations from whole-number moments of the written coded table."""
    again = recount(arguments, result)
    rows = [row[1:] for row in result.table("coded design").rows]
    columns = [list(c) for c in zip(*rows, strict=True)]
    k, n = len(columns), len(rows)
    pairs = list(itertools.combinations(range(k), 2))
    squares = [[v * v for v in c] for c in columns]
    products = [[a * b for a, b in zip(columns[i], columns[j], strict=True)] for i, j in pairs]

    def worst(first: list[list[int]], second: list[list[int]] | None = None) -> float:
        chosen = (
            itertools.combinations(first, 2) if second is None else itertools.product(first, second)
        )
        largest = 0.0
        for u, v in chosen:
            cross = n * sum(map(int.__mul__, u, v)) - sum(u) * sum(v)
            uu = n * sum(map(int.__mul__, u, u)) - sum(u) ** 2
            vv = n * sum(map(int.__mul__, v, v)) - sum(v) ** 2
            if uu and vv:
                largest = max(largest, abs(cross) / math.sqrt(uu * vv))
        return largest

    again["max_abs_corr_main_vs_main"] = worst(columns)
    again["max_abs_corr_main_vs_quadratic"] = worst(columns, squares)
    again["max_abs_corr_main_vs_2fi"] = worst(columns, products)
    again["max_abs_corr_main_vs_second_order"] = max(
        again["max_abs_corr_main_vs_quadratic"], again["max_abs_corr_main_vs_2fi"]
    )
    again["max_abs_corr_quadratic_vs_quadratic"] = worst(squares)
    again["max_abs_corr_quadratic_vs_2fi"] = worst(squares, products)
    again["max_abs_corr_2fi_vs_2fi"] = worst(products) if k <= MAX_PAIRED else None
    again["main_effect_variance"] = 1 / sum(v * v for v in columns[0])
    order = sum(any(r) for r in rows) // 2
    again["extra_runs"] = 2 * (order - max(4, k + k % 2))
    again["three levels in each factor"] = Invariant(sum(set(c) != {-1, 0, 1} for c in columns), 0)
    mirrored = sorted(tuple(-v for v in r) for r in rows)
    again["each run has its mirror image"] = Invariant(float(mirrored != sorted(rows)), 0)
    return again


@operation(
    "doe.definitive_screening",
    outputs={
        **COMMON_OUTPUTS,
        "extra_runs": "runs beyond the smallest design, for a better estimate of error",
        "main_effect_variance": "variance of a main effect's coefficient, in units of sigma^2",
        "max_abs_corr_main_vs_main": "largest correlation between main effects",
        "max_abs_corr_main_vs_second_order": "largest correlation of a main effect with a square "
        "or a two-factor interaction",
        "max_abs_corr_main_vs_quadratic": "largest correlation of a main effect with a square",
        "max_abs_corr_main_vs_2fi": "largest correlation of a main effect with an interaction",
        "max_abs_corr_quadratic_vs_quadratic": "largest correlation between squares",
        "max_abs_corr_quadratic_vs_2fi": "largest correlation of a square with an interaction",
        "max_abs_corr_2fi_vs_2fi": "largest correlation between interactions (to 12 factors)",
    },
    reference="Jones and Nachtsheim (2011), Journal of Quality Technology 43, 1-15; Xiao, Lin and "
    "Bai (2012), Journal of Quality Technology 44, 2-8",
    verifier=_verify,
    examples=(
        "design = doe.definitive_screening(n_factors=6)",
        "design = doe.definitive_screening(temperature=150..180 degC, time=20..40 min, pH=5..7, "
        "speed=100..300, extra_runs=4, seed=2)",
    ),
    terms=("definitive screening", "DSD", "three-level screening", "conference matrix"),
)
def definitive_screening(
    factors: Annotated[tuple[Factor, ...], Param(FACTORS)] = (),
    n_factors: Annotated[int | None, N_FACTORS] = None,
    extra_runs: Annotated[
        int, Param("runs added by dummy factors, an even number", ge=0, le=100)
    ] = 0,
    centers: Annotated[int, Param("centre points", ge=1, le=50)] = 1,
    seed: Annotated[int, SEED] = 1,
    randomize: Annotated[bool, Param("whether the run order is random")] = True,
) -> Result:
    """Build a definitive screening design.

    Three levels for each numeric factor in about twice as many runs as factors. Main effects are
    independent of each other, of all squares and of all two-factor interactions.
    """
    found = resolve_factors(factors, n_factors, least=3, most=MAX_FACTORS)
    require_numeric(found, "definitive screening design")
    if extra_runs % 4 and extra_runs:
        raise InputError(
            f"extra runs come in fours, not {extra_runs}: each two dummy factors add 4"
        )
    k = len(found)
    points = definitive_points(k, extra_runs, centers)
    kinds = ["screening"] * (len(points) - centers) + ["center"] * centers
    plan = plan_of(f"definitive screening design for {k} factors", found, points, kind=kinds)
    x = plan.matrix()
    measures = confusions(x)
    rows = [
        [name.removeprefix("max_abs_corr_").replace("_", " "), v] for name, v in measures.items()
    ]
    order = (len(points) - centers) // 2
    warnings = []
    if measures["max_abs_corr_main_vs_main"]:
        warnings.append("Main effects are slightly correlated with each other.")
    if k > 3 and extra_runs == 0:
        warnings.append(
            "The full second-order model has more terms than runs: look for few active effects, or "
            "add 4 extra runs (extra_runs=4) for more power to find second-order ones."
        )
    return design_result(
        plan,
        "The {design} needs {runs} runs; main effects are uncorrelated with all squares and "
        "two-factor interactions (largest correlation {max_abs_corr_main_vs_second_order}).",
        seed,
        randomize,
        {
            "extra_runs": 2 * (order - max(4, k + k % 2)),
            "main_effect_variance": 1 / float((x[:, 0] ** 2).sum()),
            **measures,
        },
        [table_of("largest correlations", ["terms", "|r|"], rows)],
        warnings,
    )
