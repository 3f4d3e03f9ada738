"""The operation registry: one declaration, many faces.

An operation is a typed function declared once with ``@operation``. The DSL's type checks, the grammar that
constrains the language model, ``havoc ops``, the docs page, the JSON schemas and the web forms all come from
the ``Operation`` record made here; nothing repeats it.

The parts of a declaration
--------------------------
* the function: keyword names, annotations (see ``Kind``) and defaults are the interface; its docstring's first
  line is the summary, the rest the description;
* ``outputs``: every key its result's ``values`` may have, with its meaning;
* ``reference``: the book, paper or standard the formula is from;
* ``verifier``: the second route. It gets the same arguments and the result, and returns the recomputed value
  of every number in ``values`` by another formula, library or precision, and of table columns as
  ``"table name:column name"``. It may add invariants (``Invariant``) that must hold, such as orthogonality.
* ``examples``: DSL statements that run as they are.
"""

from __future__ import annotations

import inspect
import math
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, get_args, get_origin

from havoc.errors import InputError, nearest
from havoc.tools.expression import Expression, Formula, Name, Num, Relation
from havoc.tools.result import Result, flatten
from havoc.tools.values import Column, Factor, Labels, Range, Sample, Table


class Kind(StrEnum):
    """The kind of a parameter: what may be written there. In brackets the annotation that declares it."""

    NUMBER = "number"  # float
    INTEGER = "integer"  # int
    BOOLEAN = "boolean"  # bool
    CHOICE = "choice"  # Literal["a", "b"]
    TEXT = "text"  # str
    RANGE = "range"  # Range
    NUMBERS = "numbers"  # tuple[float, ...]
    SAMPLE = "sample"  # Sample: one numeric column or list
    SAMPLES = "samples"  # tuple[Sample, ...]: several columns, or every numeric column of a table
    LABELS = "labels"  # Labels: a column read as group names
    COLUMN = "column"  # Column: either
    COLUMNS = "columns"  # tuple[Column, ...]
    TABLE = "table"  # Table (a result that carries data is taken too)
    FORMULA = "formula"  # Formula
    EXPRESSION = "expression"  # Expression
    EXPRESSIONS = "expressions"  # tuple[Expression, ...]
    SYMBOL = "symbol"  # Name
    SYMBOLS = "symbols"  # tuple[Name, ...]
    CONDITION = "condition"  # Relation
    MATRIX = "matrix"  # tuple[tuple[float, ...], ...]
    FACTORS = "factors"  # tuple[Factor, ...]: all keywords that are not parameters: name=low..high | name=[levels]
    ASSIGNMENTS = "assignments"  # Mapping[str, Expression]: all other keywords as name=expression


_KINDS: dict[Any, Kind] = {
    float: Kind.NUMBER,
    int: Kind.INTEGER,
    bool: Kind.BOOLEAN,
    str: Kind.TEXT,
    Range: Kind.RANGE,
    tuple[float, ...]: Kind.NUMBERS,
    Sample: Kind.SAMPLE,
    tuple[Sample, ...]: Kind.SAMPLES,
    Labels: Kind.LABELS,
    Column: Kind.COLUMN,
    tuple[Column, ...]: Kind.COLUMNS,
    Table: Kind.TABLE,
    Formula: Kind.FORMULA,
    Expression: Kind.EXPRESSION,
    tuple[Expression, ...]: Kind.EXPRESSIONS,
    Name: Kind.SYMBOL,
    tuple[Name, ...]: Kind.SYMBOLS,
    Relation: Kind.CONDITION,
    tuple[tuple[float, ...], ...]: Kind.MATRIX,
    tuple[Factor, ...]: Kind.FACTORS,
    Mapping[str, Expression]: Kind.ASSIGNMENTS,
}
VARIADIC = (Kind.FACTORS, Kind.ASSIGNMENTS)


@dataclass(frozen=True)
class Param:
    """What an annotation alone cannot say: ``x: Annotated[float, Param("shift", unit="sigma", ge=0)]``.

    ``fraction=True`` marks a number between 0 and 1 that people also write in percent.
    """

    doc: str
    unit: str | None = None
    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None
    fraction: bool = False
    min_length: int | None = None


@dataclass(frozen=True)
class Parameter:
    """One parameter of an operation, as derived from its signature."""

    name: str
    kind: Kind
    doc: str
    required: bool
    default: Any = None
    choices: tuple[str, ...] = ()
    limits: Param = field(default_factory=lambda: Param(""))

    @property
    def optional(self) -> bool:
        return not self.required


@dataclass(frozen=True)
class Invariant:
    """A property of a result that the verifier found to be ``value`` and that must be ``expected``."""

    value: float
    expected: float
    tolerance: float = 1e-9


@dataclass(frozen=True)
class Recomputed:
    """A recomputed value with a tolerance of its own (relative, or absolute where the value is near 0)."""

    value: Any
    tolerance: float


@dataclass(frozen=True)
class Check:
    """One line of an audit."""

    name: str
    value: Any
    recomputed: Any
    tolerance: float
    passed: bool


Verifier = Callable[[Mapping[str, Any], Result], Mapping[str, Any]]
DEFAULT_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Operation:
    """An operation as declared. Call ``bind`` then ``run`` then ``audit``."""

    name: str
    function: Callable[..., Result]
    verifier: Verifier
    parameters: tuple[Parameter, ...]
    outputs: Mapping[str, str]
    reference: str
    examples: tuple[str, ...]
    terms: tuple[str, ...] = ()
    tolerance: float = DEFAULT_TOLERANCE

    @property
    def family(self) -> str:
        return self.name.split(".")[0]

    @cached_property
    def summary(self) -> str:
        return inspect.getdoc(self.function).split("\n")[0].rstrip(".")  # type: ignore[union-attr]

    @cached_property
    def description(self) -> str:
        """The docstring's text after the summary, up to the numpydoc sections."""
        body = (inspect.getdoc(self.function) or "").split("\n", 1)
        return body[1].strip() if len(body) > 1 else ""

    @cached_property
    def by_name(self) -> Mapping[str, Parameter]:
        return {p.name: p for p in self.parameters}

    @property
    def variadic(self) -> Parameter | None:
        return next((p for p in self.parameters if p.kind in VARIADIC), None)

    def run(self, arguments: Mapping[str, Any]) -> Result:
        """Call the function with bound arguments; every value must be a declared output."""
        result = self.function(**arguments)
        undeclared = [k for k in result.values if k not in self.outputs]
        if undeclared:
            raise AssertionError(f"{self.name}: undeclared outputs {undeclared}")
        return result

    def audit(self, arguments: Mapping[str, Any], result: Result) -> list[Check]:
        """Recompute every reported number by the verifier and compare.

        A number in ``values`` that the verifier does not recompute is a failed check: nothing is
        reported unverified.
        """
        recomputed = dict(self.verifier(arguments, result))
        checks = [
            _compare(name, _reported(name, result), again, self.tolerance)
            for name, again in recomputed.items()
        ]
        for key, value in result.values.items():
            numeric = any(
                isinstance(v, int | float) and not isinstance(v, bool) for v in flatten(value)
            )
            if numeric and key not in recomputed:
                checks.append(Check(key, value, None, self.tolerance, False))
        return checks


_REGISTRY: dict[str, Operation] = {}


def operation(
    name: str,
    *,
    outputs: Mapping[str, str],
    reference: str,
    verifier: Verifier,
    examples: Sequence[str],
    terms: Sequence[str] = (),
    tolerance: float = DEFAULT_TOLERANCE,
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Declare an operation (see the module's docstring). The function itself is returned unchanged."""

    def declare(function: Callable[..., Result]) -> Callable[..., Result]:
        if name in _REGISTRY:
            raise ValueError(f"operation '{name}' is declared twice")
        _REGISTRY[name] = Operation(
            name,
            function,
            verifier,
            _parameters(function),
            dict(outputs),
            reference,
            tuple(examples),
            tuple(terms),
            tolerance,
        )
        return function

    return declare


def operations() -> Mapping[str, Operation]:
    """All operations by name, sorted. Loads every family on first use."""
    from havoc.tools import load_families

    load_families()
    return dict(sorted(_REGISTRY.items()))


def get(name: str) -> Operation:
    """Look an operation up; an unknown name is refused with the nearest one."""
    known = operations()
    if name not in known:
        raise InputError(f"there is no operation '{name}'{nearest(name, known)}")
    return known[name]


def _parameters(function: Callable[..., Result]) -> tuple[Parameter, ...]:
    hints = typing.get_type_hints(function, include_extras=True)
    found = []
    for p in inspect.signature(function).parameters.values():
        annotation, limits = hints[p.name], Param("")
        if get_origin(annotation) is typing.Annotated:
            annotation, limits = get_args(annotation)[0], get_args(annotation)[1]
        if get_origin(annotation) in (types.UnionType, typing.Union) and type(None) in get_args(
            annotation
        ):
            rest = tuple(a for a in get_args(annotation) if a is not type(None))
            annotation = rest[0] if len(rest) == 1 else typing.Union[rest]  # noqa: UP007
        choices: tuple[str, ...] = ()
        if get_origin(annotation) is Literal:
            kind, choices = Kind.CHOICE, tuple(str(c) for c in get_args(annotation))
        elif annotation in _KINDS:
            kind = _KINDS[annotation]
        else:
            raise TypeError(
                f"{function.__name__}: parameter '{p.name}' has a type no operation can take: {annotation}"
            )
        required = p.default is inspect.Parameter.empty
        found.append(
            Parameter(
                p.name, kind, limits.doc, required, None if required else p.default, choices, limits
            )
        )
    return tuple(found)


def _reported(name: str, result: Result) -> Any:
    if name in result.values:
        return result.values[name]
    if ":" in name:
        table, column = name.split(":", 1)
        return result.table(table).column(column)
    return None


def _compare(name: str, value: Any, again: Any, tolerance: float) -> Check:
    if isinstance(again, Invariant):
        passed = _close(again.value, again.expected, again.tolerance)
        return Check(name, again.value, again.expected, again.tolerance, passed)
    if isinstance(again, Recomputed):
        again, tolerance = again.value, again.tolerance
    left, right = flatten(value), flatten(again)
    passed = len(left) == len(right) and all(
        _close(a, b, tolerance) for a, b in zip(left, right, strict=True)
    )
    return Check(name, value, again, tolerance, passed)


def _close(a: Any, b: Any, tolerance: float) -> bool:
    if (
        isinstance(a, bool)
        or isinstance(b, bool)
        or isinstance(a, str)
        or isinstance(b, str)
        or a is None
        or b is None
    ):
        return bool(a == b)
    a, b = float(a), float(b)
    if not (math.isfinite(a) and math.isfinite(b)):
        return False
    return abs(a - b) <= tolerance * max(abs(a), abs(b), 1e-3)


__all__ = [
    "Check",
    "Invariant",
    "Kind",
    "Num",
    "Operation",
    "Param",
    "Parameter",
    "Recomputed",
    "get",
    "operation",
    "operations",
]
