"""Reading a design back from a table: which columns are factors, and their settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from havoc.errors import InputError
from havoc.tools.doe.design_model import factor_of_column
from havoc.tools.values import (
    Column,
    Factor,
    Labels,
    Sample,
    Table,
    as_labels,
    loose_name,
    plain_number,
)

BOOKKEEPING = frozenset(("run", "std", "block", "replicate", "whole plot", "runorder", "stdorder"))
# What designs (ours and other programs') call the kinds of their points; other words are a factor's.
POINT_TYPES = frozenset(
    {
        "factorial", "cube", "corner", "fact", "center", "centre", "centerpoint", "centrepoint",
        "center point", "centre point", "axial", "star", "face", "edge", "vertex", "centroid",
        "interior", "base", "fold", "foldover", "new", "existing", "optimal", "replicate", "blend",
        "overall centroid", "original", "augmented", "screening", "extra",
    }
)  # fmt: skip
POINT_NUMBERS = frozenset({"-1", "0", "1", "2"})  # Minitab's PtType


def is_point_type(column: Column) -> bool:
    """Whether a column called ``type`` (PtType, point type) says what kind of point each run is."""
    name = loose_name(column.name)
    if name in ("pttype", "pointtype"):
        return True
    if name != "type":
        return False
    levels = {level.strip().casefold() for level in as_labels(column).levels}
    return levels <= POINT_TYPES or (isinstance(column, Sample) and levels <= POINT_NUMBERS)


def design_factors(
    design: Table, given: Sequence[Factor] = (), squares: bool = False
) -> tuple[Factor, ...]:
    """The factors of a design: those given (with their ranges), or all but run, std, block, type.

    Raises
    ------
    InputError
        If a given factor has no column, a column is constant, or a setting is missing.
    """
    if given:
        for f in given:
            design.column(f.name)
        return tuple(given)
    found = []
    for column in design.columns:
        if column.name.casefold().rstrip("_") in BOOKKEEPING or is_point_type(column):
            continue
        if column.n_missing:
            raise InputError(f"column '{column.name}' of the design has missing settings")
        cells: list[Any] = (
            list(column.items)
            if isinstance(column, Labels)
            else [plain_number(t) for t in column.texts if t is not None]
        )
        if len(set(cells)) < 2:
            raise InputError(f"column '{column.name}' does not vary: it is no factor")
        unit = None if isinstance(column, Labels) else column.unit
        found.append(factor_of_column(column.name, cells, unit, squares))
    if not found:
        raise InputError("the table has no factor columns")
    return tuple(found)


def settings_of(design: Table, factors: Sequence[Factor]) -> list[tuple[Any, ...]]:
    """The settings of the factors, run by run, as plain numbers and words."""
    columns: list[list[Any]] = []
    for f in factors:
        column = design.column(f.name)
        if column.n_missing:
            raise InputError(f"column '{column.name}' of the design has missing settings")
        if isinstance(column, Labels):
            if not f.categorical:
                raise InputError(f"column '{column.name}' holds words, but '{f.name}' is a range")
            columns.append(list(column.items))
        elif f.categorical:
            columns.append([str(t) for t in column.texts])
        else:
            columns.append([plain_number(t) for t in column.texts if t is not None])
    return list(zip(*columns, strict=True))
