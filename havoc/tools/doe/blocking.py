"""Designs that take out what is not of interest: randomised complete blocks and Latin squares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import numpy as np

from havoc.errors import InputError, NeedsClarification
from havoc.tools.doe.design import SEED
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.result import Result, Value, table_of
from havoc.tools.values import Column, Labels, Sample, Table, as_labels

MOST_TREATMENTS = 200
MOST_SQUARE = 26


def _names(levels: Column | None, count: int | None, what: str, least: int) -> list[str]:
    """The names of the treatments or blocks: as given, or their numbers (letters for treatments)."""
    if levels is not None:
        found = [v for v in as_labels(levels).items if v is not None]
        if len(set(found)) < len(found):
            raise InputError(f"a {what} is named twice")
        if count is not None and count != len(found):
            raise InputError(
                f"{len(found)} {what}s are named, but their number is given as {count}"
            )
    elif count is not None:
        letters = what == "treatment" and count <= MOST_SQUARE
        found = [chr(65 + i) if letters else str(i + 1) for i in range(count)]
    else:
        raise NeedsClarification(f"How many {what}s are there?")
    if not least <= len(found) <= MOST_TREATMENTS:
        raise InputError(f"{least} to {MOST_TREATMENTS} {what}s are possible, not {len(found)}")
    return found


def _pairs_even(left: Sequence[Any], right: Sequence[Any]) -> float:
    """0 where every pair of values stands equally often, else by how much the counts differ."""
    counts = Counter(zip(left, right, strict=True))
    expected = len(set(left)) * len(set(right))
    return float(max(counts.values()) - min(counts.values()) + expected - len(counts))


def _sheet(columns: Mapping[str, Sequence[Any]]) -> Table:
    """The worksheet with an empty response column."""
    n = len(next(iter(columns.values())))
    found: list[Column] = [Sample.of(range(1, n + 1), "run")]
    found += [Labels(name, tuple(map(str, cells))) for name, cells in columns.items()]
    return Table((*found, Sample("y", (None,) * n)), "design")


def _verify_blocks(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    t = result.table("design")
    blocks, treatments = t.column("block"), t.column("treatment")
    n, b, k = len(blocks), len(set(blocks)), len(set(treatments))
    return {
        "treatments": k,
        "blocks": b,
        "runs": n,
        "replicates": n // (b * k),
        "error_df": n - 1 - (b - 1) - (k - 1),
        "seed": arguments["seed"],
        "every treatment equally often in every block": Invariant(
            _pairs_even(blocks, treatments), 0
        ),
    }


@operation(
    "doe.randomized_blocks",
    outputs={
        "treatments": "number of treatments",
        "blocks": "number of blocks",
        "runs": "number of runs",
        "replicates": "runs of each treatment in a block",
        "error_df": "degrees of freedom for error without an interaction of blocks and treatments",
        "seed": "seed of the order within the blocks",
    },
    reference="Montgomery (2013), Design and Analysis of Experiments, section 4.1",
    verifier=_verify_blocks,
    examples=(
        "d = doe.randomized_blocks(treatments=4, blocks=5)",
        'd = doe.randomized_blocks(names=["old", "new", "blend"], blocks=4, seed=3)',
    ),
    terms=("randomised complete block design", "RCBD", "blocks", "treatments in batches"),
)
def randomized_blocks(
    blocks: Annotated[int, Param("number of blocks (batches, days, machines)", ge=2, le=200)],
    treatments: Annotated[int | None, Param("number of treatments", ge=2)] = None,
    names: Annotated[Column | None, Param("names of the treatments")] = None,
    replicates: Annotated[int, Param("runs of each treatment in a block", ge=1, le=50)] = 1,
    seed: Annotated[int, SEED] = 1,
) -> Result:
    """Build a randomised complete block design: every treatment in every block, in random order.

    Analyse with ``stats.anova`` of the response by treatment and block.
    """
    kinds = _names(names, treatments, "treatment", 2)
    rng = np.random.default_rng(seed)
    column: dict[str, list[Any]] = {"block": [], "treatment": []}
    for block in range(1, blocks + 1):
        order = rng.permutation(np.repeat(np.arange(len(kinds)), replicates))
        column["block"] += [str(block)] * len(order)
        column["treatment"] += [kinds[i] for i in order]
    n = len(column["block"])
    values: dict[str, Value] = {
        "treatments": len(kinds),
        "blocks": blocks,
        "runs": n,
        "replicates": replicates,
        "error_df": n - 1 - (blocks - 1) - (len(kinds) - 1),
        "seed": seed,
    }
    rows = list(zip(range(1, n + 1), column["block"], column["treatment"], strict=True))
    words = (
        "{runs} runs: each of {treatments} treatments {replicates} time(s) in each of {blocks} "
        "blocks, in random order within a block; {error_df} degrees of freedom remain for error."
    )
    return Result(
        values,
        words,
        tables=(table_of("design", ("run", "block", "treatment"), rows),),
        warnings=(
            "Finish a block before the next begins: what changes between blocks is then taken out.",
        ),
        data=_sheet(column),
    )


def _verify_square(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    t = result.table("design")
    rows, columns, treatments = (t.column(c) for c in ("row", "column", "treatment"))
    size = len(set(rows))
    return {
        "size": size,
        "runs": len(rows),
        "error_df": (size - 1) * (size - 2),
        "seed": arguments["seed"],
        "every treatment once in every row": Invariant(_pairs_even(rows, treatments), 0),
        "every treatment once in every column": Invariant(_pairs_even(columns, treatments), 0),
        "every row once in every column": Invariant(_pairs_even(rows, columns), 0),
    }


@operation(
    "doe.latin_square",
    outputs={
        "size": "number of treatments, rows and columns",
        "runs": "number of runs",
        "error_df": "degrees of freedom for error",
        "seed": "seed of the randomisation",
    },
    reference="Montgomery (2013), Design and Analysis of Experiments, section 4.2",
    verifier=_verify_square,
    examples=(
        "d = doe.latin_square(size=5)",
        'd = doe.latin_square(names=["A", "B", "C", "D"], seed=2)',
    ),
    terms=("Latin square", "two blocking factors", "row-column design"),
)
def latin_square(
    size: Annotated[
        int | None, Param("number of treatments, rows and columns", ge=3, le=26)
    ] = None,
    names: Annotated[Column | None, Param("names of the treatments")] = None,
    seed: Annotated[int, SEED] = 1,
) -> Result:
    """Build a Latin square: every treatment once in each row and once in each column.

    Takes out two nuisances at once, such as operator and day. A cyclic square with rows, columns
    and treatments in random order. Analyse with ``stats.anova`` by row, column and treatment.
    """
    kinds = _names(names, size, "treatment", 3)
    if len(kinds) > MOST_SQUARE:
        raise InputError(f"a square of {len(kinds)} is too large (at most {MOST_SQUARE})")
    n, rng = len(kinds), np.random.default_rng(seed)
    across, down, which = (rng.permutation(n) for _ in range(3))
    square = [[kinds[which[(across[i] + down[j]) % n]] for j in range(n)] for i in range(n)]
    cells = [(i, j) for i in range(n) for j in range(n)]
    column = {
        "row": [str(i + 1) for i, _ in cells],
        "column": [str(j + 1) for _, j in cells],
        "treatment": [square[i][j] for i, j in cells],
    }
    values: dict[str, Value] = {
        "size": n,
        "runs": n * n,
        "error_df": (n - 1) * (n - 2),
        "seed": seed,
    }
    picture = table_of(
        "square",
        ("row", *(f"column {j + 1}" for j in range(n))),
        [(i + 1, *row) for i, row in enumerate(square)],
    )
    runs = list(zip(range(1, n * n + 1), *column.values(), strict=True))
    few = ("With so few degrees of freedom for error, replicate the square.",) if n < 5 else ()
    return Result(
        values,
        "A Latin square of {size} treatments: {runs} runs, each treatment once in each row and "
        "column; {error_df} degrees of freedom remain for error.",
        tables=(picture, table_of("design", ("run", "row", "column", "treatment"), runs)),
        warnings=(
            "Rows, columns and treatments must not interact: the design cannot tell if they do.",
            *few,
        ),
        data=_sheet(column),
    )
