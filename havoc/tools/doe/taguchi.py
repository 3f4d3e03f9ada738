"""Designs on Taguchi's orthogonal arrays."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from havoc.errors import InputError
from havoc.tools.doe.design import (
    COMMON_OUTPUTS,
    FACTORS,
    N_FACTORS,
    SEED,
    Plan,
    coded_level,
    design_result,
    level_count,
    natural_level,
    recount,
    resolve_factors,
    with_replicates,
)
from havoc.tools.doe.taguchi_arrays import NAMES, OrthogonalArray
from havoc.tools.doe.taguchi_arrays import array as array_of
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.result import Result, table_of
from havoc.tools.values import Factor


def assigned(found: OrthogonalArray, counts: Sequence[int]) -> list[int] | None:
    """A column for each factor, in order; None if there are too few of some number of levels."""
    free = list(range(len(found.levels)))
    picked = []
    for n in counts:
        fitting = [c for c in free if found.levels[c] == n]
        if not fitting:
            return None
        picked.append(fitting[0])
        free.remove(fitting[0])
    return picked


def smallest_array(counts: Sequence[int]) -> OrthogonalArray:
    """The array with the fewest runs that holds factors with those numbers of levels.

    Raises
    ------
    InputError
        If none does.
    """
    fitting = [array_of(n) for n in NAMES if assigned(array_of(n), counts) is not None]
    if not fitting:
        mix = ", ".join(f"{k} with {n} levels" for n, k in sorted(Counter(counts).items()))
        raise InputError(
            f"no array here holds {mix} (there are {', '.join(NAMES)}); "
            "doe.optimal or doe.full_factorial take any levels"
        )
    return min(fitting, key=lambda a: a.runs)


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Strength counted from the written settings: every pair of levels equally often."""
    again = recount(arguments, result)
    k = len(result.extra["factors"])
    rows = [row[-k:] for row in result.table("design").rows]
    columns = list(zip(*rows, strict=True))
    uneven = 0
    for u, v in itertools.combinations(columns, 2):
        counts = Counter(zip(u, v, strict=True))
        complete = len(counts) == len(set(u)) * len(set(v))
        uneven += not complete or len(set(counts.values())) > 1
    levels = [len(set(c)) for c in columns]
    again["strength"] = 2 if not uneven else 1
    again["pairs of columns out of balance"] = Invariant(uneven, 0)
    again["levels"] = levels
    again["replicates"] = arguments["replicates"]
    again["base_runs"] = len(rows) // arguments["replicates"]
    again["error_df"] = len(rows) - 1 - sum(n - 1 for n in levels)
    again["array"] = result.values["array"]
    again["columns"] = len(array_of(str(result.values["array"])).rows[0])
    return again


@operation(
    "doe.taguchi",
    outputs={
        **COMMON_OUTPUTS,
        "array": "name of the orthogonal array",
        "columns": "columns of the array",
        "levels": "levels of each factor",
        "strength": "2: every pair of columns holds every pair of levels equally often",
        "base_runs": "runs of the array",
        "replicates": "how often it is run",
        "error_df": "degrees of freedom left by the main effects",
    },
    reference="Taguchi (1987), System of Experimental Design; Hedayat, Sloane and Stufken (1999), "
    "Orthogonal Arrays",
    verifier=_verify,
    examples=(
        "design = doe.taguchi(n_factors=4, levels=3)",
        'design = doe.taguchi(mould=["A", "B"], temperature=[180, 190, 200], time=[10, 20, 30], '
        "pressure=[1, 2, 3], array=L18, seed=2)",
    ),
    terms=("Taguchi", "orthogonal array", "L9", "L18", "L27", "robust design", "L8", "L16"),
)
def taguchi(
    factors: Annotated[tuple[Factor, ...], Param(FACTORS)] = (),
    n_factors: Annotated[int | None, N_FACTORS] = None,
    levels: Annotated[
        int, Param("levels of factors given as a range or by number only", ge=2, le=5)
    ] = 2,
    array: Annotated[
        Literal[
            "L4", "L8", "L9", "L12", "L16", "L16b", "L18", "L25", "L27", "L32", "L36", "L54", "L64",
            "L81",
        ]
        | None,
        Param("the array (default: the smallest that fits); L16b has four levels"),
    ] = None,
    replicates: Annotated[int, Param("how often the array is run", ge=1, le=50)] = 1,
    seed: Annotated[int, SEED] = 1,
    randomize: Annotated[bool, Param("whether the run order is random")] = True,
) -> Result:  # fmt: skip
    """Build a design on a Taguchi orthogonal array.

    Main effects of factors with two to five levels in few runs: every pair of columns is balanced.
    Interactions are confounded with main effects.
    """
    found = resolve_factors(factors, n_factors)
    counts = [level_count(f, levels) for f in found]
    chosen = smallest_array(counts) if array is None else array_of(array)
    picked = assigned(chosen, counts)
    if picked is None:
        held = Counter(chosen.levels)
        shape = " and ".join(f"{k} columns of {n} levels" for n, k in sorted(held.items()))
        better = smallest_array(counts)
        raise InputError(
            f"{chosen.name} has {shape}: the factors do not fit; the smallest array that holds "
            f"them is {better.name}"
        )
    rows = chosen.rows[:, picked].tolist()
    shape_of = list(zip(found, counts, strict=True))
    plan = Plan(
        f"Taguchi {chosen.name}",
        found,
        tuple(
            tuple(coded_level(f, i, n) for (f, n), i in zip(shape_of, r, strict=True)) for r in rows
        ),
        tuple(
            tuple(natural_level(f, i, n) for (f, n), i in zip(shape_of, r, strict=True))
            for r in rows
        ),
    )
    numbered = [[n, *(i + 1 for i in row)] for n, row in enumerate(rows, 1)]
    plan = with_replicates(plan, replicates)
    error_df = plan.runs - 1 - sum(n - 1 for n in counts)
    warnings = ["Interactions are confounded with main effects; confirm the best setting by a run."]
    if error_df == 0:
        warnings.append(
            "No degrees of freedom are left for error: replicate or take a larger array."
        )
    return design_result(
        plan,
        "The {design} array tests {factors} factors in {runs} runs; every pair of columns is "
        "balanced (strength {strength}).",
        seed,
        randomize,
        {
            "array": chosen.name,
            "columns": len(chosen.levels),
            "levels": counts,
            "strength": 2,
            "base_runs": chosen.runs,
            "replicates": replicates,
            "error_df": error_df,
        },
        [table_of("array", ["std", *(f.name for f in found)], numbered)],
        warnings,
    )
