"""Grouped data in the three ways people have it: a formula, columns side by side, or value and group."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import numpy as np

from havoc.errors import InputError, NeedsClarification
from havoc.tools.expression import Binary, Expression, Formula, Name
from havoc.tools.formula import Model, build, formula_of, label, table_of_columns
from havoc.tools.least_squares import ExactColumn
from havoc.tools.operation import Param
from havoc.tools.values import Column, FloatArray, Labels, Sample, Table, as_labels

FormulaParam = Annotated[Formula | None, Param("model such as y ~ a*b; plain names are factors")]
DataParam = Annotated[Table | None, Param("table with the formula's columns")]
GroupsParam = Annotated[
    tuple[Sample, ...] | None, Param("the groups side by side: one column or list each")
]
ValueParam = Annotated[Sample | None, Param("column of measurements, with by")]
ByParam = Annotated[tuple[Column, ...] | None, Param("column or columns of group names")]
AlphaParam = Annotated[float, Param("significance level", gt=0, lt=1, fraction=True)]


def long_form(groups: Sequence[Sample]) -> tuple[Sample, Labels, int]:
    """Stack side-by-side groups; the third item counts the missing cells left out.

    Cells missing at the end of a shorter column are padding, not missing values.
    """
    if len(groups) < 2:
        raise NeedsClarification("a comparison needs at least two groups; which are they?")
    texts: list[str | None] = []
    names: list[str | None] = []
    dropped = 0
    for g in groups:
        cells = g.unpadded().texts
        present = [t for t in cells if t is not None]
        if not present:
            raise InputError(f"group '{g.name}' has no values")
        dropped += len(cells) - len(present)
        texts += present
        names += [g.name] * len(present)
    if len({g.name for g in groups}) < len(groups):
        raise InputError("two groups have the same name")
    return Sample("value", tuple(texts), groups[0].unit), Labels("group", tuple(names)), dropped


def grouped_model(
    formula: Formula | None,
    data: Table | None,
    groups: Sequence[Sample] | None,
    value: Sample | None,
    by: Sequence[Column] | None,
    covariates: Sequence[Name] | None,
) -> Model:
    """The model, in contrasts that sum to zero, with every plain column name a factor."""
    numeric = [c.id for c in covariates or ()]
    ways = sum((formula is not None, groups is not None, value is not None or by is not None))
    if ways > 1:
        raise InputError(
            "give a formula with data, or groups, or value and by; not several of them"
        )
    dropped = 0
    if formula is not None:
        if data is None:
            raise NeedsClarification(f"which table holds the columns of {formula}? (data=...)")
    elif groups is not None:
        stacked, labels, dropped = long_form(groups)
        data = Table((stacked, labels))
        formula = formula_of(stacked, [labels])
    elif value is not None and by:
        clean = [replace(c, name=c.name if c.name != value.name else "group") for c in by]
        data = table_of_columns([value, *clean])
        formula = formula_of(data.columns[0], data.columns[1:], interactions=_replicated(data))
    else:
        raise NeedsClarification("which are the measurements, and what groups them?")
    model = build(formula, data, contrasts="sum", factors="all", numeric=numeric)
    for coding in model.codings.values():
        if len(coding.levels) > max(20, model.n // 2):
            raise InputError(
                f"'{coding.column}' has {len(coding.levels)} levels in {model.n} rows; if it is a "
                "measured quantity, name it in covariates or use stats.regression"
            )
    return replace(model, n_dropped=model.n_dropped + dropped)


def _replicated(data: Table) -> bool:
    """Whether some cell of the crossed factors holds two values, so that interactions leave an error."""
    factors = [as_labels(c) for c in data.columns[1:]]
    if math.prod(len(f.levels) + (f.n_missing > 0) for f in factors) < data.n_rows:
        return True
    cells = list(zip(*(f.items for f in factors), strict=True))
    return len(set(cells)) < len(cells)


def group_values(model: Model, name: str) -> dict[str, Sample]:
    """The response by level of one factor."""
    response = _response_sample(model)
    labels = as_labels(model.table.column(name))
    coding = next(c for c in model.codings.values() if c.column == labels.name)
    rows: dict[str, list[int]] = {level: [] for level in coding.levels}
    for i, level in enumerate(labels.items):
        if level in rows:
            rows[level].append(i)
    return {level: response.take(at) for level, at in rows.items()}


def group_columns(model: Model, name: str) -> dict[str, ExactColumn]:
    """The response by level of one factor, exactly."""
    if name not in model.grouped:
        labels = as_labels(model.table.column(name))
        coding = next(c for c in model.codings.values() if c.column == labels.name)
        number = {level: k for k, level in enumerate(labels.levels)}
        model.grouped[name] = {
            level: model.response.take(np.flatnonzero(labels.codes == number[level]))
            for level in coding.levels
        }
    return model.grouped[name]


def _response_sample(model: Model) -> Sample:
    if isinstance(model.formula.response, Name):
        return model.table.sample(model.formula.response.id)
    return Sample.of(model.response.floats.tolist(), model.response_name)


def cells(model: Model) -> list[FloatArray]:
    """The response by combination of all factors."""
    names = [c.column for c in model.codings.values() if c.categorical]
    if not names:  # covariates alone: all rows are one cell
        return [model.response.floats]
    if len(dict.fromkeys(names)) == 1:
        return [c.floats for c in group_columns(model, names[0]).values()]
    keys = list(
        zip(*(as_labels(model.table.column(n)).items for n in dict.fromkeys(names)), strict=True)
    )
    number: dict[tuple[str | None, ...], int] = {}
    which = np.array([number.setdefault(key, len(number)) for key in keys])
    order = np.argsort(which, kind="stable")
    ends = np.cumsum(np.bincount(which, minlength=len(number)))
    return np.split(model.response.floats[order], ends[:-1])


def factor_names(model: Model) -> tuple[str, ...]:
    """The categorical columns of the model, in order."""
    return tuple(dict.fromkeys(c.column for c in model.codings.values() if c.categorical))


def one_way(model: Model) -> str | None:
    """The factor's name where the model is one factor and nothing else."""
    if len(model.terms) == 1 and len(model.terms[0]) == 1 and model.categorical(0):
        return model.codings[model.terms[0][0]].column
    return None


def margins(model: Model, factor: str) -> Table:
    """Rows over which the model is averaged for the adjusted means of ``factor``.

    All combinations of the factors' levels with numeric columns at their means, level by level.
    """
    codings = {c.column: c for c in model.codings.values() if c.categorical}
    others = [n for n in codings if n != factor]
    combos = list(itertools.product(*(codings[n].levels for n in [factor, *others])))
    columns: list[Column] = []
    for k, name in enumerate([factor, *others]):
        columns.append(Labels(name, tuple(c[k] for c in combos)))
    for name in model.predictors():
        column = model.table.column(name)
        if column.name not in codings:
            mean = float(model.table.sample(name).values.mean())
            columns.append(Sample.of([mean] * len(combos), column.name))
    return Table(tuple(columns), "margins")


def without_highest(formula: Formula, model: Model) -> Formula:
    """The formula less its highest-order term, to leave an error."""
    last: Expression = model.terms[-1][0]
    for atom in model.terms[-1][1:]:
        last = Binary(":", last, atom)
    return Formula(formula.response, Binary("-", formula.terms, last))


def term_words(model: Model) -> str:
    return ", ".join(label(t) for t in model.terms)
