"""The tree of a mathematical expression or a model formula, as the DSL parser builds it.

Plain frozen data: never evaluated by Python, turned into sympy by an explicit table (``maths``) and into a
model matrix by ``formula``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from havoc.tools.values import Number


@dataclass(frozen=True)
class Num:
    number: Number


@dataclass(frozen=True)
class Name:
    """A symbol, or a column where the expression is a formula; ``quoted`` if it stood in backticks."""

    id: str
    quoted: bool = False


@dataclass(frozen=True)
class Neg:
    operand: Expression


@dataclass(frozen=True)
class Binary:
    """``op`` is one of ``+ - * / ^ :`` (the last only in formulas)."""

    op: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Call:
    """A function of an expression: ``sin(x)``, ``exp(3*x)``, ``I(a^2)``."""

    function: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True)
class Relation:
    """``op`` is one of ``== != < <= > >=``, or ``and`` / ``or`` joining two relations."""

    op: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Text:
    """A quoted string inside a condition: ``region == "Americas"``."""

    value: str


Expression = Num | Name | Neg | Binary | Call | Relation | Text

_PRECEDENCE = {"or": 0, "and": 1, "==": 2, "!=": 2, "<": 2, "<=": 2, ">": 2, ">=": 2, "+": 3, "-": 3, ":": 4, "*": 4, "/": 4, "^": 6}
_NEG = 5


def names(expression: Expression) -> Iterator[str]:
    """Yield the names in it, in order of appearance, repeated ones too."""
    match expression:
        case Name(id):
            yield id
        case Neg(operand):
            yield from names(operand)
        case Binary(_, left, right) | Relation(_, left, right):
            yield from names(left)
            yield from names(right)
        case Call(_, arguments):
            for a in arguments:
                yield from names(a)


def free_symbols(expression: Expression, constants: frozenset[str] = frozenset({"pi", "e", "oo", "inf", "i"})) -> tuple[str, ...]:
    """Distinct names but for the constants, in order of appearance."""
    return tuple(dict.fromkeys(n for n in names(expression) if n not in constants))


def show(expression: Expression, parent: int = -1, right: bool = False) -> str:
    """Canonical text; parsing it gives the same tree back."""
    match expression:
        case Num(number):
            return str(number)
        case Text(value):
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
        case Name(id, quoted):
            return f"`{id}`" if quoted or not id.isidentifier() else id
        case Call(function, arguments):
            return f"{function}({', '.join(show(a) for a in arguments)})"
        case Neg(operand):
            text = "-" + show(operand, _NEG)
            return f"({text})" if parent > _NEG or (parent == _NEG) or (right and parent >= 3) else text
        case Binary(op, left, rhs) | Relation(op, left, rhs):
            own = _PRECEDENCE[op]
            # ^ binds to the right, the others to the left
            l_text = show(left, own + 1 if op == "^" else own)
            r_text = show(rhs, own if op == "^" else own + 1, right=True)
            tight = op in "^:"
            text = f"{l_text}{op}{r_text}" if tight or op in "*/" else f"{l_text} {op} {r_text}"
            return f"({text})" if own < parent else text
    raise TypeError(f"not an expression: {expression!r}")


@dataclass(frozen=True)
class Formula:
    """``response ~ terms``: ``rate ~ power*gas + I(power^2)``."""

    response: Expression
    terms: Expression

    def __str__(self) -> str:
        return f"{show(self.response)} ~ {show(self.terms)}"
