"""Full factorial designs."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from havoc.errors import InputError
from havoc.tools.doe import two_level
from havoc.tools.doe.design import (
    CENTERS,
    COMMON_OUTPUTS,
    FACTORS,
    MAX_RUNS,
    N_FACTORS,
    SEED,
    Plan,
    coded_level,
    design_result,
    effect_letters,
    letters_for,
    level_count,
    natural_level,
    recount,
    resolve_factors,
    with_centers,
    with_replicates,
)
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.result import Result
from havoc.tools.values import Factor, Number


def crossed(factors: tuple[Factor, ...], levels: int) -> Plan:
    """Every combination of the levels, the first factor changing fastest."""
    counts = [level_count(f, levels) for f in factors]
    if math.prod(counts) > MAX_RUNS:
        raise InputError(
            f"{math.prod(counts)} combinations are too many (at most {MAX_RUNS}); "
            "doe.fractional_factorial or doe.plackett_burman need fewer runs"
        )
    picks = [tuple(reversed(p)) for p in itertools.product(*(range(n) for n in reversed(counts)))]
    shape = list(zip(factors, counts, strict=True))
    return Plan(
        "full factorial",
        factors,
        tuple(
            tuple(coded_level(f, i, n) for (f, n), i in zip(shape, p, strict=True)) for p in picks
        ),
        tuple(
            tuple(natural_level(f, i, n) for (f, n), i in zip(shape, p, strict=True)) for p in picks
        ),
    )


def numbered_factors(level_counts: Sequence[float]) -> tuple[Factor, ...]:
    """Factors A, B, C ... whose levels are 1, 2, 3 ..."""
    if any(n != int(n) for n in level_counts):
        raise InputError("a number of levels is a whole number")
    return tuple(
        Factor(name, levels=tuple(Number(str(i)) for i in range(1, int(n) + 1)))
        for name, n in zip(letters_for(len(level_counts)), level_counts, strict=True)
    )


def in_blocks(
    plan: Plan, base: two_level.Fraction2 | None, blocks: int, replicates: int
) -> tuple[Plan, tuple[int, ...]]:
    """Replicate and block: whole replicates, or each replicate of a two-level plan divided.

    Returns the plan and the columns of ``base`` confounded with blocks.
    """
    if blocks == 1:
        return with_replicates(plan, replicates), ()
    if replicates % blocks == 0:
        whole = with_replicates(plan, replicates)
        per_block = replicates // blocks
        labels = tuple(1 + i // (plan.runs * per_block) for i in range(whole.runs))
        return replace(whole, block=labels), ()
    if base is None or blocks % replicates:
        possible = [d for d in range(1, replicates + 1) if replicates % d == 0]
        if base is not None:
            possible += [replicates << i for i in range(1, base.basic)]
        raise InputError(
            f"{blocks} blocks are not possible: {replicates} replicate(s) of {plan.runs} runs can "
            f"be run in {', '.join(map(str, possible))} block(s)"
        )
    parts = blocks // replicates
    columns = two_level.block_columns(base, parts)
    numbers = two_level.block_numbers(base, columns)
    whole = with_replicates(plan, replicates)
    labels = tuple(r * parts + b for r in range(replicates) for b in numbers)
    return replace(whole, block=labels), columns


def confounding_warning(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    shown = ", ".join(names[:12]) + (" and others" if len(names) > 12 else "")
    return [f"Confounded with blocks, and so not estimable: {shown}."]


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    factors, levels = result.extra["factors"], arguments["levels"]
    again = recount(arguments, result)
    written = result.table("design")
    rows = [row[-len(factors) :] for row in written.rows]
    if again["center_points"]:
        kinds = written.column(next(c for c in written.columns if c.rstrip("_") == "type"))
        rows = [r for r, kind in zip(rows, kinds, strict=True) if kind != "center"]
    repeats = Counter(rows)
    combos = math.prod(level_count(f, levels) for f in factors)
    again["combinations"] = len(repeats)
    again["replicates"] = len(rows) // combos
    again["every combination equally often"] = Invariant(
        max(repeats.values()) - min(repeats.values()) + abs(len(repeats) - combos), 0
    )
    again["levels"] = [len(set(column)) for column in zip(*rows, strict=True)]
    again["error_df"] = len(rows) - combos
    return again


@operation(
    "doe.full_factorial",
    outputs={
        **COMMON_OUTPUTS,
        "replicates": "how often each combination is run",
        "combinations": "number of combinations of the levels",
        "levels": "number of levels of each factor",
        "error_df": "degrees of freedom for pure error from replicates",
        "confounded": "effects confounded with blocks",
    },
    reference="Montgomery (2013), Design and Analysis of Experiments, chapters 5 to 7",
    verifier=_verify,
    examples=(
        "design = doe.full_factorial(temperature=150..180 degC, time=20..40 min, "
        'catalyst=["A", "B"], replicates=2, seed=1)',
        "design = doe.full_factorial(n_factors=3, seed=42)",
        "design = doe.full_factorial(speed=[100, 200, 400], feed=1..2, levels=2, blocks=2, "
        "replicates=2)",
        "design = doe.full_factorial(n_factors=4, blocks=2, centers=4, seed=7)",
        "design = doe.full_factorial(level_counts=[2, 3, 4])",
    ),
    terms=("full factorial", "all combinations", "2^k design", "2^3", "3^2", "factorial design"),
)
def full_factorial(
    factors: Annotated[tuple[Factor, ...], Param(FACTORS)] = (),
    n_factors: Annotated[int | None, N_FACTORS] = None,
    levels: Annotated[int, Param("levels of a factor given as a range", ge=2, le=20)] = 2,
    level_counts: Annotated[
        tuple[float, ...] | None,
        Param("numbers of levels, where only these are known: [2, 3, 4]", ge=2, le=20),
    ] = None,
    replicates: Annotated[int, Param("runs of each combination", ge=1, le=100)] = 1,
    blocks: Annotated[int, Param("number of blocks", ge=1, le=256)] = 1,
    centers: Annotated[int, CENTERS] = 0,
    seed: Annotated[int, SEED] = 1,
    randomize: Annotated[bool, Param("whether the run order is random")] = True,
) -> Result:
    """Build a full factorial design.

    Every combination of the factors' levels, with replicates, blocks and centre points; numeric
    and categorical factors, any number of levels. Blocks are whole replicates where that fits;
    otherwise a two-level design is divided so that only high-order interactions are lost. Centre
    points are added for the numeric factors at every combination of the categorical ones.
    """
    if level_counts is not None and not factors:
        factors = numbered_factors(level_counts)
    found = resolve_factors(factors, n_factors)
    base = crossed(found, levels)
    counts = [level_count(f, levels) for f in found]
    two = two_level.full(len(found)) if set(counts) == {2} else None
    plan, columns = in_blocks(base, two, blocks, replicates)
    letters = effect_letters(found)
    lost = two_level.confounded_effects(two, columns, letters) if two and columns else []
    plan = with_centers(plan, centers)
    name = f"{counts[0]}^{len(found)}" if len(set(counts)) == 1 else " x ".join(map(str, counts))
    plan = replace(plan, name=f"{name} full factorial")
    warnings = confounding_warning(lost)
    if replicates == 1 and centers < 2:
        warnings.append(
            "Without replicates or centre points there is no pure error: judge effects by a "
            "half-normal plot, or leave out high-order interactions."
        )
    text = "The {design} needs {runs} runs at {distinct_settings} distinct settings"
    if replicates > 1:
        text += ", {replicates} replicates of each of {combinations} combinations"
    return design_result(
        plan,
        text + ".",
        seed,
        randomize,
        {
            "replicates": replicates,
            "combinations": base.runs,
            "levels": counts,
            "error_df": base.runs * (replicates - 1),
            "confounded": lost,
        },
        warnings=warnings,
    )
