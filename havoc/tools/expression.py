"""The tree of a mathematical expression or a model formula, as the DSL parser builds it.

Plain frozen data: never evaluated by Python, turned into sympy by an explicit table (``maths``) and into a
model matrix by ``formula``.
"""

from __future__ import annotations

import re
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


@dataclass(frozen=True)
class Reference:
    """``base.member``: a column of a table or a value of an earlier result.

    The executor puts what it stands for in its place; no operation ever gets one.
    """

    base: str
    member: Name


Expression = Num | Name | Neg | Binary | Call | Relation | Text | Reference

# ":" binds tighter than "*", as in R and patsy
_PRECEDENCE = {
    **{"or": 0, "and": 1, "==": 2, "!=": 2, "<": 2, "<=": 2, ">": 2, ">=": 2},
    **{"+": 3, "-": 3, "*": 4, "/": 4, ":": 5, "^": 7},
}
_NEG = 6
_NAME = re.compile("(?!(and|or)$)[A-Za-zÀ-ÖØ-öø-ÿΑ-Ωα-ω_][A-Za-zÀ-ÖØ-öø-ÿΑ-Ωα-ω0-9_]*")


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


def free_symbols(
    expression: Expression, constants: frozenset[str] = frozenset({"pi", "e", "oo", "inf", "i"})
) -> tuple[str, ...]:
    """Distinct names but for the constants, in order of appearance."""
    return tuple(dict.fromkeys(n for n in names(expression) if n not in constants))


def escaped(text: str, quote: str) -> str:
    """``text`` as it stands between two ``quote`` marks."""
    for plain, written in (("\\", "\\\\"), (quote, "\\" + quote), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, written)
    return text


def show(expression: Expression, parent: int = -1, right: bool = False) -> str:
    """Canonical text; parsing it gives the same tree back."""
    match expression:
        case Num(number):
            return str(number)
        case Text(value):
            return f'"{escaped(value, chr(34))}"'
        case Name(id, quoted):
            return f"`{escaped(id, '`')}`" if quoted or not _NAME.fullmatch(id) else id
        case Reference(base, member):
            return f"{base}.{show(member)}"
        case Call(function, arguments):
            return f"{function}({', '.join(show(a) for a in arguments)})"
        case Neg(operand):
            text = "-" + show(operand, _NEG)
            return (
                f"({text})" if parent > _NEG or (parent == _NEG) or (right and parent > 3) else text
            )
        case Binary(op, left, rhs) | Relation(op, left, rhs):
            own = _PRECEDENCE[op]
            # ^ binds to the right, comparisons to neither side, the others to the left
            l_text = show(left, own + 1 if op == "^" or own == 2 else own)
            r_text = show(rhs, own if op == "^" else own + 1, right=True)
            tight = op in "^:*/" and not _ends_in_unit(left)
            text = f"{l_text}{op}{r_text}" if tight else f"{l_text} {op} {r_text}"
            return f"({text})" if own < parent else text
    raise TypeError(f"not an expression: {expression!r}")


def _ends_in_unit(expression: Expression) -> bool:
    """``2 N * m`` is a product and ``2 N*m`` a torque: a blank tells them apart."""
    match expression:
        case Num(number):
            return number.unit not in (None, "%")
        case Neg(operand):
            return _ends_in_unit(operand)
        case Binary(_, _, right):
            return _ends_in_unit(right)
    return False


@dataclass(frozen=True)
class Formula:
    """``response ~ terms``: ``rate ~ power*gas + I(power^2)``."""

    response: Expression
    terms: Expression

    def __str__(self) -> str:
        return f"{show(self.response, 3)} ~ {show(self.terms, 3)}"
