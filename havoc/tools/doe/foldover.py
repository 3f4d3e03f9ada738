"""Folding a two-level design over, wholly or on one factor."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np

from havoc.errors import InputError, nearest
from havoc.tools.doe.design import COMMON_OUTPUTS, FACTORS, SEED, Plan, design_result, recount
from havoc.tools.doe.design_columns import design_factors, settings_of
from havoc.tools.doe.design_model import DesignModel
from havoc.tools.doe.two_level import roman
from havoc.tools.expression import Name
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.result import Result, table_of
from havoc.tools.values import Factor, FloatArray, Table

MAX_FOLDED = 30


def two_level_factors(design: Table, given: Sequence[Factor]) -> tuple[Factor, ...]:
    """The design's factors, each with two levels (or a range with centre points)."""
    factors = design_factors(design, given)
    if len(factors) > MAX_FOLDED:
        raise InputError(f"at most {MAX_FOLDED} factors can be folded, not {len(factors)}")
    for j, f in enumerate(factors):
        cells = [row[j] for row in settings_of(design, factors)]
        middle = [v for v in cells if not f.categorical and 2 * v == f.low + f.high]
        if len(set(cells) - set(middle)) != 2:
            raise InputError(
                f"column '{f.name}' has {len(set(cells))} levels; folding over needs two "
                "(and centre points at most)"
            )
    return factors


def mirrored(factor: Factor, setting: Any) -> Any:
    if factor.categorical:
        first, second = (str(v) for v in factor.levels)
        return second if str(setting) == first else first
    value = factor.low + factor.high - setting
    return int(value) if float(value).is_integer() else value


def coded_matrix(factors: tuple[Factor, ...], rows: Sequence[Sequence[Any]]) -> FloatArray:
    return DesignModel(factors, "main").points_of(rows)[:, 1:]


def worst_word(x: FloatArray, length: int) -> float:
    """Largest |mean product| of ``length`` columns over the corner runs: 1 is full aliasing."""
    corners = x[(np.abs(x) == 1).all(axis=1)]
    if x.shape[1] < length:
        return 0.0
    return max(
        abs(float(corners[:, list(word)].prod(axis=1).mean()))
        for word in itertools.combinations(range(x.shape[1]), length)
    )


def resolution_of(x: FloatArray) -> str:
    """The length of the shortest word that is at least partly aliased; beyond IV not searched."""
    for length in (2, 3, 4):
        if worst_word(x, length) > 1e-9:
            return roman(length)
    return "V or more"


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Aliasing counted again in whole numbers from the written settings."""
    again = recount(arguments, result)
    table = result.table("design")
    factors = result.extra["factors"]
    k, runs = len(factors), len(table.rows)
    signs = [[_sign(v) for v in row[1:]] for row in result.table("coded design").rows]
    kinds = table.column(next(c for c in table.columns if c.rstrip("_") == "type"))
    old = sum(kind == "original" for kind in kinds)
    first, second = signs[:old], signs[old:]
    again["original_runs"], again["added_runs"] = old, runs - old
    again["max_alias_before"], again["max_alias"] = _alias(first, k), _alias(signs, k)
    again["resolution_before"], again["resolution"] = _length(first, k), _length(signs, k)
    flipped = [f.name == arguments["on"].id if arguments["on"] else True for f in factors]
    copied = first
    if arguments["semi"] is not None:
        place = [f.name for f in factors].index(arguments["semi"].id)
        side = 1 if arguments["level"] == "high" else -1
        copied = [r for r in first if r[place] == side]
    mirror = sorted([-v if flip else v for v, flip in zip(r, flipped, strict=True)] for r in copied)
    again["the added runs mirror the original ones"] = Invariant(float(mirror != sorted(second)), 0)
    return again


def _sign(cell: Any) -> int:
    return int(cell) if cell in (-1, 0, 1) else 0


def _means(rows: Sequence[Sequence[int]], k: int, length: int) -> float:
    corners = [r for r in rows if 0 not in r]
    sums = (
        abs(sum(math.prod(r[i] for i in word) for r in corners))
        for word in itertools.combinations(range(k), length)
    )
    return max(sums, default=0) / len(corners)


def _alias(rows: Sequence[Sequence[int]], k: int) -> float:
    return _means(rows, k, 3)


def _length(rows: Sequence[Sequence[int]], k: int) -> str:
    shortest = next((n for n in (2, 3, 4) if _means(rows, k, n) > 0), None)
    return "V or more" if shortest is None else roman(shortest)


@operation(
    "doe.fold_over",
    outputs={
        **COMMON_OUTPUTS,
        "original_runs": "runs of the design that is folded",
        "added_runs": "runs added to it",
        "resolution_before": "resolution of the design as it was",
        "resolution": "resolution of both parts together",
        "max_alias_before": "largest alias of a main effect with an interaction, as it was",
        "max_alias": "largest alias of a main effect with an interaction, now",
    },
    reference="Montgomery (2013), Design and Analysis of Experiments, section 8.6",
    verifier=_verify,
    examples=(
        "first = doe.fractional_factorial(n_factors=7, runs=8)\nboth = doe.fold_over(first)",
        "first = doe.fractional_factorial(n_factors=7, runs=8)\n"
        "both = doe.fold_over(first, on=A, seed=2)",
        "first = doe.fractional_factorial(n_factors=6, runs=16)\n"
        "both = doe.fold_over(first, on=A, semi=B)",
    ),
    terms=("fold over", "foldover", "mirror image design", "reflect a design", "de-alias"),
)
def fold_over(
    design: Annotated[Table, Param("the two-level design that was run")],
    factors: Annotated[tuple[Factor, ...], Param(FACTORS + " (default: as run)")] = (),
    on: Annotated[
        Name | None, Param("factor whose signs alone are reversed (default: all)")
    ] = None,
    semi: Annotated[
        Name | None, Param("semi-fold: add only the runs at one level of this factor")
    ] = None,
    level: Annotated[Literal["high", "low"], Param("that level, as it is in the design")] = "high",
    seed: Annotated[int, SEED] = 1,
    randomize: Annotated[bool, Param("whether the new runs' order is random")] = True,
) -> Result:
    """Fold a two-level design over.

    Repeats the design with all signs reversed, which frees main effects of two-factor interactions
    (resolution III becomes IV), or with one factor's signs reversed, which frees that factor's
    main effect and its interactions. A semi-fold adds only half of them, those at one level of
    another factor (Mee and Peralta 2000). The new runs are a second block.
    """
    found = two_level_factors(design, factors)
    names = [f.name for f in found]
    for name in (on, semi):
        if name is not None and name.id not in names:
            raise InputError(
                f"'{name.id}' is not a factor{nearest(name.id, names)} ({', '.join(names)})"
            )
    if semi is not None and on is None:
        raise InputError("a semi-fold needs the factor whose signs are reversed (on=...)")
    rows = settings_of(design, found)
    folded = [
        tuple(
            mirrored(f, v) if on is None or f.name == on.id else v
            for f, v in zip(found, row, strict=True)
        )
        for row in _copied(found, rows, semi, level)
    ]
    new = len(folded)
    order = np.random.default_rng(seed).permutation(new) if randomize else range(new)
    both = [*rows, *(folded[i] for i in order)]
    x = coded_matrix(found, both)
    before = x[: len(rows)]
    if not (np.abs(before) == 1).all(axis=1).any():
        raise InputError("no run of the design has every factor at one of its two levels")
    plan = Plan(
        "design folded over" if on is None else f"design folded over on {on.id}",
        found,
        tuple(tuple(row) for row in x.tolist()),
        tuple(both),
        (1,) * len(rows) + (2,) * new,
        ("original",) * len(rows) + ("folded",) * new,
    )
    values: dict[str, Any] = {
        "original_runs": len(rows),
        "added_runs": new,
        "resolution_before": resolution_of(before),
        "resolution": resolution_of(x),
        "max_alias_before": worst_word(before, 3),
        "max_alias": worst_word(x, 3),
    }
    return design_result(
        plan,
        "With the {added_runs} runs added the design has {runs} runs; its resolution goes from "
        "{resolution_before} to {resolution}.",
        seed,
        False,
        values,
        [table_of("aliasing", ["", "before", "after"], _aliasing(values))],
        ["Analyse the two parts as blocks: conditions may have changed between them."],
    )


def _copied(
    factors: tuple[Factor, ...], rows: Sequence[Any], semi: Name | None, level: str
) -> list[Any]:
    """The runs to be folded: all, or those at one level of a factor."""
    if semi is None:
        return list(rows)
    place = [f.name for f in factors].index(semi.id)
    column = coded_matrix(factors, rows)[:, place]
    side = 1 if level == "high" else -1
    kept = [row for row, v in zip(rows, column, strict=True) if v == side]
    if not kept:
        raise InputError(f"no run of the design is at the {level} level of '{semi.id}'")
    return kept


def _aliasing(values: Mapping[str, Any]) -> list[list[Any]]:
    return [
        ["resolution", values["resolution_before"], values["resolution"]],
        ["largest main effect alias", values["max_alias_before"], values["max_alias"]],
    ]
