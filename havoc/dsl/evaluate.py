"""From an argument as written to the value ``bind`` takes, as the parameter's kind directs.

The same word means different things in different places: ``power`` is a variable where a table is
wanted, a column in a formula, a symbol in an expression and a word where one of several is chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from havoc.dsl.ast import Boolean, Interval, List, Statement, Value
from havoc.dsl.constants import check_number, fold
from havoc.errors import InputError, nearest
from havoc.tools.bind import as_factor
from havoc.tools.expression import (
    Binary,
    Call,
    Expression,
    Formula,
    Name,
    Neg,
    Num,
    Reference,
    Relation,
    Text,
    show,
)
from havoc.tools.operation import Kind, Operation, Parameter
from havoc.tools.result import Result
from havoc.tools.values import MISSING_TEXTS, Column, Number, Range, Sample, Table

Variable = Table | Result
_SYMBOLIC = {Kind.EXPRESSION, Kind.EXPRESSIONS, Kind.CONDITION, Kind.ASSIGNMENTS}
_WORDS = {Kind.CHOICE, Kind.TEXT, Kind.SYMBOL, Kind.SYMBOLS}
_COLUMNAR = {Kind.SAMPLE, Kind.SAMPLES, Kind.LABELS, Kind.COLUMN, Kind.COLUMNS, Kind.NUMBERS}
_WORD_LISTS = {Kind.LABELS, Kind.COLUMN, Kind.COLUMNS, Kind.FACTORS}


@dataclass(frozen=True)
class Scope:
    """What names mean at one statement: earlier results, and the table this call is about."""

    variables: Mapping[str, Variable] = field(default_factory=dict)
    table: Table | None = None

    def number(self, name: Name | Reference) -> Number:
        """The number a name stands for in arithmetic."""
        found = self.reference(name) if isinstance(name, Reference) else self._single(name)
        if isinstance(found, Number):
            return found
        what = "a column" if isinstance(found, Column) else "no number"
        raise InputError(f"a number is needed; {show(name)} is {what}")

    def _single(self, name: Name) -> Any:
        """A result with one number may stand for that number."""
        found = self.variable(name)
        if isinstance(found, Result):
            numbers = {k: v for k, v in found.values.items() if _is_number(v)}
            chosen = numbers.get(
                "value", next(iter(numbers.values())) if len(numbers) == 1 else None
            )
            if chosen is not None:
                return Number(repr(chosen))
            choices = ", ".join(f"{name.id}.{key}" for key in found.values)
            raise InputError(f"name one value of '{name.id}': {choices}")
        return found

    def variable(self, name: Name) -> Variable:
        if name.id in self.variables:
            return self.variables[name.id]
        known = ", ".join(self.variables) or "none yet"
        raise InputError(
            f"there is no table or result '{name.id}'{nearest(name.id, self.variables)}"
            f" (named so far: {known})"
        )

    def reference(self, reference: Reference) -> Any:
        """A column of a table, or a value or data column of a result."""
        base, member = self.variable(Name(reference.base)), reference.member.id
        if isinstance(base, Table):
            return base.column(member)
        if member in base.values:
            return _plain_value(base.values[member], show(reference))
        columns = base.data.names if base.data is not None else ()
        if base.data is not None and member in columns:
            return base.data.column(member)
        known = (*base.values, *columns)
        raise InputError(
            f"'{reference.base}' has no value '{member}'{nearest(member, known)}"
            f" (it has: {', '.join(known)})"
        )

    def columnar(self, name: Name) -> Any:
        """A variable, or a column of the call's table."""
        if name.id in self.variables or self.table is None:
            try:
                return self.variable(name)
            except InputError as error:
                homes = [
                    t
                    for t, v in self.variables.items()
                    if isinstance(v, Table) and name.id in v.names
                ]
                if not homes:
                    raise
                raise InputError(f"{error}; is {homes[0]}.{show(name)} meant?") from None
        return self.table.column(name.id)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain_value(value: Any, written: str) -> Any:
    if value is None:
        raise InputError(f"{written} could not be computed, so nothing can follow from it")
    if isinstance(value, list):
        return [_plain_value(v, written) for v in value]
    return Number(repr(value)) if _is_number(value) else value


def written_arguments(
    statement: Statement, operation: Operation, scope: Scope
) -> tuple[list[Any], dict[str, Any]]:
    """The statement's unnamed and named values, each as its parameter's kind wants it."""
    plain = [p for p in operation.parameters if p is not operation.variadic]
    targets: list[Parameter | None] = []
    for i, argument in enumerate(statement.arguments):
        if argument.keyword is None:
            targets.append(plain[i] if i < len(plain) else None)
        else:
            named = None if argument.quoted else operation.by_name.get(argument.keyword)
            targets.append(named or operation.variadic)
    scope = _about(statement, operation, targets, scope)
    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    for argument, target in zip(statement.arguments, targets, strict=True):
        try:
            value = evaluate(argument.value, target.kind if target else None, scope)
            if argument.quoted and operation.variadic and operation.variadic.kind is Kind.FACTORS:
                value = as_factor(argument.keyword or "", value)
        except InputError as error:
            where = (
                f"{argument.keyword}: "
                if argument.keyword
                else f"{target.name}: "
                if target
                else ""
            )
            raise type(error)(
                f"column {argument.column}: {operation.name}: {where}{error}"
            ) from None
        if argument.keyword is None:
            positional.append(value)
        elif argument.keyword in keywords:
            raise InputError(
                f"column {argument.column}: {operation.name}: '{argument.keyword}' is given twice"
            )
        else:
            keywords[argument.keyword] = value
    _add_formula_table(statement, operation, targets, keywords, scope)
    return positional, keywords


def _about(
    statement: Statement, operation: Operation, targets: list[Parameter | None], scope: Scope
) -> Scope:
    """The scope in which bare names are columns of the call's table argument, if it has one."""
    for argument, target in zip(statement.arguments, targets, strict=True):
        if target is not None and target.kind is Kind.TABLE and isinstance(argument.value, Name):
            found = scope.variables.get(argument.value.id)
            table = found.data if isinstance(found, Result) else found
            return Scope(scope.variables, table)
    return scope


def _add_formula_table(
    statement: Statement,
    operation: Operation,
    targets: list[Parameter | None],
    keywords: dict[str, Any],
    scope: Scope,
) -> None:
    """``runs.rate ~ runs.power`` says by itself which table it is about."""
    data = operation.by_name.get("data")
    if data is None or data.kind is not Kind.TABLE or data in targets:
        return
    bases = {
        b for a in statement.arguments if isinstance(a.value, Formula) for b in _bases(a.value)
    }
    if len(bases) == 1:
        keywords[data.name] = scope.variable(Name(bases.pop()))


def _bases(tree: Expression | Formula) -> set[str]:
    match tree:
        case Reference(base, _):
            return {base}
        case Formula(left, right) | Binary(_, left, right) | Relation(_, left, right):
            return _bases(left) | _bases(right)
        case Neg(operand):
            return _bases(operand)
        case Call(_, arguments):
            return {b for a in arguments for b in _bases(a)}
    return set()


def evaluate(value: Value, kind: Kind | None, scope: Scope) -> Any:
    """The value to bind: numbers folded, names looked up, expressions with references filled in."""
    match value:
        case Boolean(truth):
            return truth
        case Interval(low, high):
            return _range(fold(low, scope.number), fold(high, scope.number))
        case Formula(response, terms):
            return Formula(_columns_only(response), _columns_only(terms))
        case List(items):
            return _list(items, kind, scope)
    if kind is Kind.FORMULA:
        return _columns_only(value)
    if kind in _SYMBOLIC:
        return _filled_in(value, scope)
    if kind in _WORDS and isinstance(value, Name | Reference):
        return (
            value.member
            if isinstance(value, Reference) and _is_table(value, scope)
            else _word(value, scope)
        )
    if kind is Kind.CHOICE and isinstance(value, Binary) and _hyphenated(value):
        raise InputError(f'a word with a hyphen is written in quotes: "{_hyphenated(value)}"')
    match value:
        case Text(text):
            return text
        case Reference():
            return scope.reference(value)
        case Name() if kind in _COLUMNAR:
            return scope.columnar(value)
        case Name() if kind in (Kind.TABLE, Kind.MATRIX):
            return scope.variable(value)
        case Name() if kind is Kind.FACTORS:
            return value
        case Relation():
            return value
    return fold(value, scope.number)


def _is_table(reference: Reference, scope: Scope) -> bool:
    return isinstance(scope.variables.get(reference.base), Table)


def _hyphenated(value: Binary) -> str | None:
    """``two - sided`` was meant as a word."""
    match value:
        case Binary("-", Name(first), Name(second)):
            return f"{first}-{second}"
    return None


def _word(value: Name | Reference, scope: Scope) -> Any:
    return value if isinstance(value, Name) else scope.reference(value)


def _list(items: tuple[Value, ...], kind: Kind | None, scope: Scope) -> Any:
    missing = [
        isinstance(i, Name) and not i.quoted and i.id.casefold() in MISSING_TEXTS for i in items
    ]
    if (
        kind in _COLUMNAR
        and any(missing)
        and not all(missing)
        and not any(isinstance(i, Text) for i in items)
    ):
        texts = tuple(
            None if gone else fold_number(item, scope).text
            for item, gone in zip(items, missing, strict=True)
        )
        return Sample("x", texts)
    return [_item(item, kind, scope) for item in items]


def fold_number(value: Value, scope: Scope) -> Number:
    if isinstance(value, Boolean | Interval | List | Formula):
        raise InputError("a list of numbers is needed")
    return fold(value, scope.number)


def _item(item: Value, kind: Kind | None, scope: Scope) -> Any:
    if kind in _WORD_LISTS and isinstance(item, Name) and item.id not in scope.variables:
        if kind is Kind.COLUMNS and scope.table is not None:
            return scope.table.column(item.id)
        return item
    return evaluate(item, kind, scope)


def _range(low: Number, high: Number) -> Range:
    if low.unit and high.unit and low.unit != high.unit:
        raise InputError(f"the ends of a range have one unit, not '{low.unit}' and '{high.unit}'")
    unit = high.unit or low.unit
    return Range(Number(low.text, unit), Number(high.text, unit), unit)


def _columns_only(tree: Expression) -> Any:
    """A formula names columns; ``runs.rate`` in one is the column ``rate``."""
    return _mapped(tree, lambda reference: reference.member)


def _filled_in(tree: Expression, scope: Scope) -> Any:
    """An expression with the numbers of earlier results in place of their names."""

    def filled(reference: Reference) -> Expression:
        found = scope.reference(reference)
        if isinstance(found, Number):
            return (
                Num(found) if not found.text.startswith("-") else Neg(Num(Number(found.text[1:])))
            )
        if isinstance(found, Column):
            return reference.member
        raise InputError(f"{show(reference)} is no number, so it cannot stand in an expression")

    return _mapped(tree, filled)


def _mapped(tree: Expression, replace: Any) -> Any:
    match tree:
        case Reference():
            return replace(tree)
        case Num(number):
            check_number(number)
            return tree
        case Neg(operand):
            return Neg(_mapped(operand, replace))
        case Binary(op, left, right):
            return Binary(op, _mapped(left, replace), _mapped(right, replace))
        case Relation(op, left, right):
            return Relation(op, _mapped(left, replace), _mapped(right, replace))
        case Call(function, arguments):
            return Call(function, tuple(_mapped(a, replace) for a in arguments))
    return tree
