"""Plackett-Burman designs."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

import numpy as np

from havoc.errors import InputError
from havoc.tools.doe.design import (
    CENTERS,
    COMMON_OUTPUTS,
    FACTORS,
    N_FACTORS,
    SEED,
    design_result,
    plan_of,
    recount,
    require_two_levels,
    resolve_factors,
    with_centers,
    with_replicates,
)
from havoc.tools.doe.hadamard import IntMatrix, hadamard
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.result import Result
from havoc.tools.values import Factor

MAX_PB_RUNS = 100

# Plackett and Burman (1946), Biometrika 33: first rows of their cyclic designs. The other sizes
# come from Hadamard matrices of Paley's type.
_FIRST_ROWS = {
    8: "+++-+--",
    12: "++-+++---+-",
    16: "++++-+-++--+---",
    20: "++--++++-+-+----++-",
    24: "+++++-+-++--++--+-+----",
}


def plackett_burman_columns(runs: int) -> IntMatrix:
    """All ``runs - 1`` orthogonal columns: rows of -1 and 1."""
    if runs in _FIRST_ROWS:
        row = np.array([1 if ch == "+" else -1 for ch in _FIRST_ROWS[runs]])
        rows = [np.roll(row, i) for i in range(runs - 1)]
        return np.array([*rows, -np.ones(runs - 1, dtype=np.int64)])
    return -hadamard(runs)[:, 1:]


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Products of the columns written in the coded table, in whole numbers."""
    again = recount(arguments, result)
    rows = [row[1:] for row in result.table("coded design").rows]
    rows = [r for r in rows if all(v in (-1, 1) and isinstance(v, int) for v in r)]
    columns = list(zip(*rows, strict=True))
    n, k = len(rows), len(columns)
    worst = max(
        (
            abs(sum(a * b for a, b in zip(u, v, strict=True)))
            for u, v in itertools.combinations(columns, 2)
        ),
        default=0,
    )
    again["columns are orthogonal"] = Invariant(worst, 0)
    again["levels are balanced"] = Invariant(max(abs(sum(c)) for c in columns), 0)
    whole = (1 << n) - 1
    signs = [sum((v < 0) << i for i, v in enumerate(c)) for c in columns]
    alias = 0
    for i, j in itertools.combinations(range(k), 2):
        both = signs[i] ^ signs[j]
        for m in range(k):
            if m not in (i, j):
                alias = max(alias, abs(n - 2 * ((signs[m] ^ both) & whole).bit_count()))
    again["max_alias"] = alias / n
    again["resolution"] = "III" if alias else "IV"
    again["replicates"] = arguments["replicates"]
    base = n // arguments["replicates"]
    again["base_runs"] = base
    again["unused_columns"] = (base // 2 if arguments["foldover"] else base) - 1 - k
    return again


def max_alias(columns: IntMatrix) -> float:
    """Largest |correlation| of a main effect with a two-factor interaction of other factors."""
    n, k = columns.shape
    largest = 0
    for i in range(k - 1):
        products = columns[:, i : i + 1] * columns[:, i + 1 :]
        sums = np.abs(columns.T @ products)
        sums[i] = 0
        for j in range(products.shape[1]):
            sums[i + 1 + j, j] = 0
        largest = max(largest, int(sums.max()))
    return largest / n


@operation(
    "doe.plackett_burman",
    outputs={
        **COMMON_OUTPUTS,
        "type": "Plackett-Burman",
        "base_runs": "runs of one replicate without centre points",
        "replicates": "how often the design is run",
        "resolution": "III; IV when folded over",
        "max_alias": "largest correlation of a main effect with a two-factor interaction",
        "unused_columns": "columns left to estimate error",
    },
    reference="Plackett and Burman (1946), Biometrika 33, 305-325",
    verifier=_verify,
    examples=(
        "design = doe.plackett_burman(n_factors=10)",
        "design = doe.plackett_burman(temperature=150..180 degC, time=20..40 min, "
        'gas=["N2", "Ar"], flow=1..3, pressure=1..2, runs=12, seed=5)',
        "design = doe.plackett_burman(n_factors=7, foldover=true)",
    ),
    terms=(
        "Plackett-Burman",
        "screening design",
        "main effects only",
        "orthogonal main effects in few runs",
        "12-run design",
    ),
)
def plackett_burman(
    factors: Annotated[tuple[Factor, ...], Param(FACTORS)] = (),
    n_factors: Annotated[int | None, N_FACTORS] = None,
    runs: Annotated[
        int | None, Param("runs, a multiple of 4 to 100 (default: the fewest)", ge=1)
    ] = None,
    foldover: Annotated[bool, Param("whether to add the mirror image (resolution IV)")] = False,
    replicates: Annotated[int, Param("how often the design is run", ge=1, le=100)] = 1,
    centers: Annotated[int, CENTERS] = 0,
    seed: Annotated[int, SEED] = 1,
    randomize: Annotated[bool, Param("whether the run order is random")] = True,
) -> Result:
    """Build a Plackett-Burman design.

    Orthogonal main effects of up to ``runs - 1`` two-level factors in a multiple of 4 runs, the
    smallest that fits by default. Main effects are (partly) aliased with two-factor interactions.
    """
    if runs is not None and (runs % 4 or not 4 <= runs <= MAX_PB_RUNS):
        near = sorted({min(max(4, r), MAX_PB_RUNS) for r in (runs // 4 * 4, -(-runs // 4) * 4)})
        raise InputError(
            f"a Plackett-Burman design has a multiple of 4 runs, from 4 to {MAX_PB_RUNS}, "
            f"not {runs}: take {' or '.join(map(str, near))}"
        )
    if not factors and n_factors is None and runs is not None:
        n_factors = runs - 1
    found = resolve_factors(factors, n_factors, least=2, most=MAX_PB_RUNS - 1)
    require_two_levels(found, "doe.taguchi or doe.optimal")
    k = len(found)
    least = max(4, 4 * (k // 4 + 1))
    if runs is not None and runs <= k:
        raise InputError(f"{k} factors need at least {least} runs, not {runs}")
    base = runs or least
    columns = plackett_burman_columns(base)[:, :k]
    if foldover:
        columns = np.vstack([columns, -columns])
    alias = max_alias(columns)
    plan = plan_of(f"Plackett-Burman design in {len(columns)} runs", found, columns)
    plan = with_centers(with_replicates(plan, replicates), centers)
    if foldover:
        plan = replace(plan, name=f"folded {plan.name}")
    warnings = []
    if alias:
        warnings.append(
            "Resolution III: each main effect is estimated together with two-factor interactions "
            "that do not contain it; if such interactions may be large, fold the design over."
        )
    if base - 1 == k and replicates == 1 and not foldover:
        warnings.append("No column is left to estimate error; take more runs or add centre points.")
    return design_result(
        plan,
        "The {design} estimates the main effects of {factors} factors independently of each other "
        "in {runs} runs in all.",
        seed,
        randomize,
        {
            "type": "Plackett-Burman",
            "base_runs": len(columns),
            "replicates": replicates,
            "resolution": "III" if alias else "IV",
            "max_alias": alias,
            "unused_columns": base - 1 - k,
        },
        warnings=warnings,
    )
