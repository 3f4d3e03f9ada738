"""From a model formula and a table to a model matrix in exact columns.

Written on our own expression tree, so a column may be called anything: ``C``, ``I``, ``Q``, ```Temp
(°C)```.

``a + b`` both, ``a:b`` their interaction, ``a*b`` = a + b + a:b, ``a/b`` = a + a:b, ``(a + b +
c)^2`` main effects and two-factor interactions, ``- a`` leaves a out, ``0 +`` or ``- 1`` leaves the
intercept out. ``x^2`` of one column is its square, as is ``I(x^2)``; ``I(...)`` and ``log, log10,
log2, exp, sqrt, abs, sin, cos, tan`` are arithmetic. ``factor(x)`` (or ``C(x)``) makes a numeric
column categorical. Second-order shorthand: ``linear(a, b)`` (``FO``), ``twofactor(a, b)``
(``TWI``), ``squares(a, b)`` (``PQ``) and ``quadratic(a, b)`` (``SO``), which is all three.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal

import numpy as np

from havoc.errors import InputError, nearest
from havoc.tools.expression import Binary, Call, Expression, Formula, Name, Neg, Num, names, show
from havoc.tools.least_squares import ExactColumn
from havoc.tools.values import (
    Column,
    FloatArray,
    Labels,
    Number,
    Sample,
    Table,
    as_labels,
    complete_cases,
    refuse_far_from_zero,
)

Contrasts = Literal["treatment", "sum"]
FACTOR_CALLS = frozenset({"factor", "C", "categorical"})
SECOND_ORDER = {
    "linear": "L", "FO": "L", "twofactor": "T", "TWI": "T", "squares": "S", "PQ": "S",
    "quadratic": "LTS", "SO": "LTS",
}  # fmt: skip
FUNCTIONS: Mapping[str, Callable[[FloatArray], FloatArray]] = {
    "log": np.log,
    "ln": np.log,
    "log10": np.log10,
    "log2": np.log2,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
}
INTERCEPT = "intercept"

Term = tuple[Expression, ...]  # the atoms whose product it is; () is the intercept


# ---------------------------------------------------------------- the algebra of terms


@dataclass(frozen=True)
class TermList:
    terms: tuple[Term, ...]
    intercept: bool = True


def expand(expression: Expression) -> TermList:
    """The terms of a formula's right side, main effects before interactions, in the order written.

    Examples
    --------
    >>> a, b = Name("a"), Name("b")
    >>> [label(t) for t in expand(Binary("*", a, b)).terms]
    ['a', 'b', 'a:b']
    """
    terms, removed, intercept = _sum_of_terms(unquoted(expression))
    gone = {frozenset(t) for t in removed}
    kept = [t for t in terms if frozenset(t) not in gone]
    unique = {frozenset(t): t for t in reversed(kept)}
    ordered = sorted((t for t in kept if unique.pop(frozenset(t), None)), key=order)
    return TermList(tuple(ordered), intercept)


def unquoted(e: Expression) -> Expression:
    """The same tree with ```x``` and ``x`` made equal."""
    match e:
        case Name(id):
            return Name(id)
        case Neg(operand):
            return Neg(unquoted(operand))
        case Binary(op, left, right):
            return Binary(op, unquoted(left), unquoted(right))
        case Call(function, arguments):
            return Call(function, tuple(unquoted(a) for a in arguments))
    return e


def order(term: Term) -> int:
    """1 for a main effect, 2 for a square or a two-factor interaction."""
    return sum(power_of(atom)[1] for atom in term)


def label(term: Term) -> str:
    return ":".join(atom_label(atom) for atom in term) if term else INTERCEPT


def atom_label(atom: Expression) -> str:
    match atom:
        case Name(id):
            return id
        case Binary("^", Name(id), Num(number)):
            return f"{id}^{number.text}"
        case Call(function, (argument,)) if function in FACTOR_CALLS:
            return atom_label(argument)
    return show(atom)


def power_of(atom: Expression) -> tuple[Expression, int]:
    match atom:
        case Binary("^", base, Num(number)) if number.exact.denominator == 1:
            return base, int(number.exact)
    return atom, 1


def _power(base: Expression, exponent: int) -> Expression:
    return base if exponent == 1 else Binary("^", base, Num(Number(str(exponent))))


def _product(left: Term, right: Term) -> Term:
    """Atoms multiplied; the same column twice is its square."""
    powers: dict[Expression, int] = {}
    for atom in (*left, *right):
        base, exponent = power_of(atom)
        powers[base] = powers.get(base, 0) + exponent
    return tuple(_power(base, e) for base, e in powers.items())


def _sum_of_terms(e: Expression) -> tuple[list[Term], set[Term], bool]:
    match e:
        case Num(number):
            if number.exact not in (0, 1):
                raise InputError(
                    f"{number.text} cannot be a term of a formula; arithmetic goes into I(...)"
                )
            return [], set(), number.exact == 1
        case Binary("+", left, right):
            a, removed_a, one_a = _sum_of_terms(left)
            b, removed_b, one_b = _sum_of_terms(right)
            return a + [t for t in b if t not in a], removed_a | removed_b, one_a and one_b
        case Binary("-", left, right):
            a, removed, one = _sum_of_terms(left)
            if isinstance(right, Num):
                return a, removed, one and right.number.exact != 1
            return a, removed | set(_terms(right)), one
        case Neg(Num(number)) if number.exact == 1:
            return [], set(), False
    return _terms(e), set(), True


def _terms(e: Expression) -> list[Term]:
    match e:
        case Num(number):
            raise InputError(
                f"'{show(e)}' cannot be multiplied into a term; arithmetic goes into I(...)"
            )
        case Name():
            return [(e,)]
        case Binary("+" | "-", _, _):
            terms, removed, _ = _sum_of_terms(e)
            return [t for t in terms if t not in removed]
        case Binary(":", left, right):
            return [_product(a, b) for a in _terms(left) for b in _terms(right)]
        case Binary("*", left, right):
            a, b = _terms(left), _terms(right)
            return [*a, *b, *(_product(x, y) for x in a for y in b)]
        case Binary("/", left, right):
            a, b = _terms(left), _terms(right)
            whole: Term = ()
            for t in a:
                whole = _product(whole, t)
            return [*a, *(_product(whole, y) for y in b)]
        case Binary("^", base, Num(number)):
            return _to_power(base, number)
        case Call(function, arguments) if function in SECOND_ORDER:
            return second_order(arguments, SECOND_ORDER[function])
        case Call(function, (argument,)) if function in FACTOR_CALLS:
            if not isinstance(argument, Name):
                raise InputError(f"{show(e)}: {function}(...) takes one column name")
            return [(Call("factor", (argument,)),)]
        case Call("I", (argument,)):
            match argument:
                case Name():
                    return [(argument,)]
                case Binary("^", Name(), Num(number)) if number.exact.denominator == 1:
                    return [(argument,)]
            return [(e,)]
        case Call(function, arguments):
            if function not in FUNCTIONS or len(arguments) != 1:
                known = [*FUNCTIONS, *SECOND_ORDER, *FACTOR_CALLS, "I"]
                raise InputError(
                    f"a formula has no function '{function}'{nearest(function, known)}"
                )
            return [(e,)]
    raise InputError(f"'{show(e)}' cannot stand in a formula; arithmetic goes into I(...)")


def _to_power(base: Expression, number: Number) -> list[Term]:
    exponent = number.exact
    if exponent.denominator != 1 or not 1 <= exponent <= 20:
        raise InputError(
            f"the power {number.text} in a formula must be a whole number from 1 to 20; "
            "other powers go into I(...)"
        )
    if isinstance(base, Name):
        return [(_power(base, int(exponent)),)]
    terms = _terms(base)
    found: list[Term] = []
    for size in range(1, int(exponent) + 1):
        for chosen in itertools.combinations(terms, size):
            product: Term = ()
            for t in chosen:
                product = (*product, *(atom for atom in t if atom not in product))
            found.append(product)
    return list(dict.fromkeys(found))


def second_order(arguments: Sequence[Expression], parts: str = "LTS") -> list[Term]:
    """Linear (L), two-factor interaction (T) and square (S) terms of the named columns."""
    if not all(isinstance(a, Name) for a in arguments):
        raise InputError("quadratic(...), linear(...) and the like take column names")
    terms: list[Term] = []
    if "L" in parts:
        terms += [(a,) for a in arguments]
    if "T" in parts:
        terms += [(a, b) for a, b in itertools.combinations(arguments, 2)]
    if "S" in parts:
        terms += [(_power(a, 2),) for a in arguments]
    return terms


# ---------------------------------------------------------------- columns


def arithmetic(expression: Expression, table: Table) -> ExactColumn:
    """Evaluate an arithmetic expression of numeric columns row by row; exactly, but for functions."""
    n = table.n_rows
    match expression:
        case Num(number):
            return ExactColumn.constant(number.exact, n)
        case Name(id):
            return ExactColumn.of_sample(table.sample(id))
        case Neg(operand):
            return ExactColumn.constant(0, n) - arithmetic(operand, table)
        case Binary("^", base, Num(number)) if number.exact.denominator == 1:
            if abs(number.exact) > 50:
                raise InputError(f"the power {number.text} is too high (at most 50)")
            return arithmetic(base, table).power(int(number.exact))
        case Binary("^", base, exponent):
            left, right = arithmetic(base, table).floats, arithmetic(exponent, table).floats
            with np.errstate(all="ignore"):
                return ExactColumn.of_floats(left**right, show(expression))
        case Binary(op, left, right) if op in "+-*/":
            a, b = arithmetic(left, table), arithmetic(right, table)
            return a + b if op == "+" else a - b if op == "-" else a * b if op == "*" else a / b
        case Call("I", (argument,)):
            return arithmetic(argument, table)
        case Call(function, (argument,)) if function in FUNCTIONS:
            with np.errstate(all="ignore"):
                values = FUNCTIONS[function](arithmetic(argument, table).floats)
            return ExactColumn.of_floats(values, show(expression))
    raise InputError(f"'{show(expression)}' cannot be computed from columns")


def level_order(column: Column) -> tuple[str, ...]:
    """Levels of a factor: numbers ascending, words in order of appearance."""
    levels = as_labels(column).levels
    return tuple(sorted(levels, key=Fraction)) if isinstance(column, Sample) else levels


@dataclass(frozen=True)
class Coding:
    """How one atom becomes columns: numeric (``levels`` empty) or by contrasts of its levels."""

    atom: Expression
    column: str = ""
    levels: tuple[str, ...] = ()

    @property
    def categorical(self) -> bool:
        return bool(self.levels)

    def columns(
        self, table: Table, contrasts: Contrasts | Literal["full"]
    ) -> list[tuple[str, ExactColumn]]:
        name = atom_label(self.atom)
        if not self.categorical:
            return [(name, arithmetic(self.atom, table))]
        labels = as_labels(table.column(self.column))
        if unknown := [level for level in labels.levels if level not in self.levels]:
            raise InputError(
                f"'{unknown[0]}' is not a level of '{self.column}' (its levels: {', '.join(self.levels)})"
            )
        rows = {
            level: (labels.codes == k).astype(np.int64) for k, level in enumerate(labels.levels)
        }
        none = np.zeros(len(labels), dtype=np.int64)
        chosen = self.levels if contrasts == "full" else self.levels[1:]
        if contrasts == "sum":
            last = rows.get(self.levels[-1], none)
            chosen = self.levels[:-1]
            rows = {level: rows.get(level, none) - last for level in chosen}
        return [
            (f"{name}[{level}]", ExactColumn.of_int64(rows.get(level, none))) for level in chosen
        ]


@dataclass(frozen=True)
class Model:
    """A formula's model matrix on a table.

    ``assign[j]`` is the index in ``terms`` of column j's term, -1 for the intercept. ``table``
    holds the rows used; ``n_dropped`` counts those left out for a missing value.
    """

    formula: Formula
    table: Table
    response: ExactColumn
    terms: tuple[Term, ...]
    intercept: bool
    codings: Mapping[Expression, Coding]
    contrasts: Contrasts
    column_names: tuple[str, ...]
    columns: tuple[ExactColumn, ...]
    assign: tuple[int, ...]
    n_dropped: int = 0
    kept_rows: Sequence[int] = field(default=())

    @cached_property
    def grouped(self) -> dict[str, dict[str, ExactColumn]]:
        """The response by level of a factor, for those asked for so far."""
        return {}

    @property
    def response_name(self) -> str:
        return atom_label(self.formula.response)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(label(t) for t in self.terms)

    @property
    def n(self) -> int:
        return len(self.response)

    def matrix(self) -> FloatArray:
        """As float64, shape (n, p); each entry correctly rounded."""
        if not self.columns:
            return np.empty((self.n, 0))
        return np.column_stack([c.floats for c in self.columns])

    def refuse_far_from_zero(self) -> None:
        """Refuse columns whose differences are lost in floats, where a fit has no exact way.

        Raises
        ------
        InputError
            Names the column and what to do.
        """
        named = [
            (self.response_name, self.response),
            *zip(self.column_names, self.columns, strict=True),
        ]
        for name, column in named:
            refuse_far_from_zero(Sample.of(column.floats.tolist(), name))

    def term_columns(self, term: int) -> list[int]:
        return [j for j, t in enumerate(self.assign) if t == term]

    def predictors(self) -> tuple[str, ...]:
        """Names of the columns on the right side, in order of appearance."""
        return tuple(dict.fromkeys(n for t in self.terms for atom in t for n in names(atom)))

    def at(self, table: Table) -> tuple[ExactColumn, ...]:
        """The model's columns on other rows."""
        _, columns, _ = _columns(self.terms, self.intercept, self.codings, self.contrasts, table)
        return columns

    def categorical(self, term: int) -> bool:
        return all(self.codings[atom].categorical for atom in self.terms[term])

    def recoded(self, contrasts: Contrasts) -> Model:
        """The same model in other contrasts."""
        column_names, columns, assign = _columns(
            self.terms, self.intercept, self.codings, contrasts, self.table
        )
        return replace(
            self, contrasts=contrasts, column_names=column_names, columns=columns, assign=assign
        )


def build(
    formula: Formula,
    table: Table,
    *,
    contrasts: Contrasts = "treatment",
    factors: Iterable[str] | Literal["all"] = (),
    numeric: Iterable[str] = (),
) -> Model:
    """Build the model matrix of ``formula`` on ``table``.

    Columns of words are categorical, columns of numbers numeric. ``factors`` names numeric columns
    to be read as categorical (``"all"``: every plain column name but those in ``numeric``, as in
    analysis of variance).

    Raises
    ------
    InputError
        An unknown column, a factor with one level, no complete row.
    """
    listed = expand(formula.terms)
    used = list(dict.fromkeys([*names(formula.response), *names(formula.terms)]))
    wanted = [table.column(n) for n in used]
    if not wanted:
        raise InputError(f"the formula {formula} names no column")
    for name in names(formula.response):
        table.sample(name)
    found, dropped = complete_cases(*wanted)
    if not len(found[0]):
        raise InputError(f"no row of '{table.name}' has all of {', '.join(used)}")
    rows = Table(tuple(dict.fromkeys(found)), table.name)
    left = {table.column(n).name for n in names(formula.response)}
    for atom in (a for t in listed.terms for a in t):
        overlap = left & {table.column(n).name for n in names(atom)}
        if overlap:
            raise InputError(f"'{overlap.pop()}' stands on both sides of the formula {formula}")
    keep_numeric = {table.column(n).name for n in numeric}
    forced = None if factors == "all" else {table.column(n).name for n in factors}
    codings = {
        atom: _coding(atom, rows, forced, keep_numeric) for term in listed.terms for atom in term
    }
    response = arithmetic(formula.response, rows)
    column_names, columns, assign = _columns(
        listed.terms, listed.intercept, codings, contrasts, rows
    )
    if not columns:
        raise InputError(f"the formula {formula} leaves nothing to estimate")
    full = zip(*(c.texts if isinstance(c, Sample) else c.items for c in wanted), strict=True)
    kept: Sequence[int] = range(rows.n_rows)
    if dropped:
        kept = tuple(i for i, row in enumerate(full) if None not in row)
    return Model(
        formula, rows, response, listed.terms, listed.intercept, codings, contrasts, column_names,
        columns, assign, dropped, kept,
    )  # fmt: skip


def _coding(
    atom: Expression, rows: Table, forced: set[str] | None, keep_numeric: set[str]
) -> Coding:
    called = isinstance(atom, Call) and atom.function == "factor"
    name = atom.arguments[0] if called and isinstance(atom, Call) else atom
    base, exponent = power_of(name)
    if not isinstance(base, Name):
        for part in names(atom):
            rows.sample(part)
        return Coding(atom)
    column = rows.column(base.id)
    plain = exponent == 1
    by_rule = (
        plain and column.name not in keep_numeric and (forced is None or column.name in forced)
    )
    if isinstance(column, Sample) and not (called or by_rule):
        return Coding(atom)
    if not plain:
        if isinstance(column, Labels):
            raise InputError(f"'{column.name}' holds words, so {atom_label(atom)} has no meaning")
        return Coding(atom)
    levels = level_order(column)
    if len(levels) < 2:
        raise InputError(f"factor '{column.name}' has only one level ('{levels[0]}')")
    return Coding(atom, column.name, levels)


def _columns(
    terms: Sequence[Term],
    intercept: bool,
    codings: Mapping[Expression, Coding],
    contrasts: Contrasts,
    table: Table,
) -> tuple[tuple[str, ...], tuple[ExactColumn, ...], tuple[int, ...]]:
    """Columns term by term.

    A factor is coded by contrasts in a term whose margin (the term without it) is in the model, and
    by one indicator a level where it is not (Chambers and Hastie 1992, Statistical Models in S,
    section 2.4.1).
    """
    sets = [frozenset(t) for t in terms]
    column_names: list[str] = []
    columns: list[ExactColumn] = []
    assign: list[int] = []
    if intercept:
        column_names.append(INTERCEPT)
        columns.append(ExactColumn.constant(1, table.n_rows))
        assign.append(-1)
    for index, term in enumerate(terms):
        product: list[tuple[str, ExactColumn]] | None = None
        for atom in term:
            margin = frozenset(term) - {atom}
            present = margin in sets[:index] or (not margin and intercept)
            part = codings[atom].columns(table, contrasts if present else "full")
            product = (
                part
                if product is None
                else [(f"{a}:{b}", x * y) for (b, y) in part for (a, x) in product]
            )
        assert product is not None
        for name, column in product:
            column_names.append(name)
            columns.append(column)
            assign.append(index)
    return tuple(column_names), tuple(columns), tuple(assign)


# ---------------------------------------------------------------- formulas from columns


def formula_of(
    response: Column, predictors: Sequence[Column], *, interactions: bool = False
) -> Formula:
    """``y ~ a + b`` (or ``a*b``) for columns given one by one."""
    joined: Expression = Name(predictors[0].name)
    for p in predictors[1:]:
        joined = Binary("*" if interactions else "+", joined, Name(p.name))
    return Formula(Name(response.name), joined)


def table_of_columns(columns: Sequence[Column], name: str = "data") -> Table:
    """Columns given one by one as a table; equal names and lengths are looked after."""
    if len({len(c) for c in columns}) > 1:
        raise InputError(
            "columns of unequal length: " + ", ".join(f"{c.name} has {len(c)}" for c in columns)
        )
    seen: dict[str, int] = {}
    renamed = []
    for c in columns:
        seen[c.name] = seen.get(c.name, 0) + 1
        renamed.append(c if seen[c.name] == 1 else replace(c, name=f"{c.name}_{seen[c.name]}"))
    return Table(tuple(renamed), name)
