"""From our expression tree to sympy and back, by explicit tables.

Text never reaches sympy's parser: what is in ``FUNCTIONS`` and ``CONSTANTS`` can be said, nothing
else. Numbers become exact rationals of the text written (0.1 is one tenth). Sizes are bounded where
sympy would compute at once and without end: powers of numbers, factorials, length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

import sympy

from havoc.errors import InputError, nearest
from havoc.tools.expression import Binary, Call, Expression, Name, Neg, Num, Relation, Text, show
from havoc.tools.values import Number

MAX_NODES = 2_000
MAX_POWER_BITS = 40_000
MAX_FACTORIAL = 2_000

CONSTANTS: Mapping[str, Any] = {
    "pi": sympy.pi,
    "e": sympy.E,
    "i": sympy.I,
    "oo": sympy.oo,
    "inf": sympy.oo,
    "infinity": sympy.oo,
}


def _logarithm(x: Any, base: Any = None) -> Any:
    return sympy.log(x) if base is None else sympy.log(x) / sympy.log(base)


def _counted(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function sympy computes at once for whole numbers, kept to small ones."""

    def bounded(*arguments: Any) -> Any:
        if any(a.is_number and abs(a) > MAX_FACTORIAL for a in arguments if a.is_finite):
            raise InputError(f"a factorial or gamma of more than {MAX_FACTORIAL} is too large")
        return function(*arguments)

    return bounded


_CIRCULAR = ("sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "acot")
_HYPERBOLIC = ("sinh", "cosh", "tanh", "coth", "asinh", "acosh", "atanh")
_INTEGRALS = ("Si", "Ci", "Ei")
_OTHERS = ("exp", "sign", "floor", "erf", "erfc", "atan2", "factorial", "gamma", "binomial")
# name -> (least and largest number of arguments, sympy's function)
FUNCTIONS: Mapping[str, tuple[int, int, Callable[..., Any]]] = {
    **{
        name: (1, 1, getattr(sympy, name))
        for name in (*_CIRCULAR, *_HYPERBOLIC, "exp", "sign", "floor", "erf", "erfc", *_INTEGRALS)
    },
    "arcsin": (1, 1, sympy.asin),
    "arccos": (1, 1, sympy.acos),
    "arctan": (1, 1, sympy.atan),
    "atan2": (2, 2, sympy.atan2),
    "ln": (1, 1, sympy.log),
    "log": (1, 2, _logarithm),
    "log10": (1, 1, lambda x: sympy.log(x) / sympy.log(10)),
    "log2": (1, 1, lambda x: sympy.log(x) / sympy.log(2)),
    "log1p": (1, 1, lambda x: sympy.log(1 + x)),
    "expm1": (1, 1, lambda x: sympy.exp(x) - 1),
    "sqrt": (1, 1, sympy.sqrt),
    "cbrt": (1, 1, lambda x: x ** sympy.Rational(1, 3)),
    "root": (2, 2, lambda x, n: x ** (1 / n)),
    "abs": (1, 1, sympy.Abs),
    "ceil": (1, 1, sympy.ceiling),
    "ceiling": (1, 1, sympy.ceiling),
    "min": (2, 20, sympy.Min),
    "max": (2, 20, sympy.Max),
    "mod": (2, 2, sympy.Mod),
    "re": (1, 1, sympy.re),
    "im": (1, 1, sympy.im),
    "conjugate": (1, 1, sympy.conjugate),
    "heaviside": (1, 1, lambda x: sympy.Heaviside(x, sympy.Rational(1, 2))),
    "factorial": (1, 1, _counted(sympy.factorial)),
    "gamma": (1, 1, _counted(sympy.gamma)),
    "beta": (2, 2, _counted(lambda a, b: sympy.gamma(a) * sympy.gamma(b) / sympy.gamma(a + b))),
    "binomial": (2, 2, _counted(sympy.binomial)),
}

_RELATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": sympy.Eq,
    "!=": sympy.Ne,
    "<": sympy.Lt,
    "<=": sympy.Le,
    ">": sympy.Gt,
    ">=": sympy.Ge,
    "and": sympy.And,
    "or": sympy.Or,
}

# what from_sympy writes for a sympy function
_NAMES: Mapping[Any, str] = {
    **{getattr(sympy, name): name for name in (*_CIRCULAR, *_HYPERBOLIC, *_OTHERS, *_INTEGRALS)},
    sympy.log: "ln",
    sympy.Abs: "abs",
    sympy.re: "re",
    sympy.im: "im",
    sympy.conjugate: "conjugate",
    sympy.ceiling: "ceil",
    sympy.Min: "min",
    sympy.Max: "max",
    sympy.Mod: "mod",
    sympy.Heaviside: "heaviside",
}


class NotWritable(ValueError):
    """A sympy object that our expressions cannot say (an unevaluated integral, a piecewise...)."""


def to_sympy(expression: Expression, variables: Iterable[str] = (), **assumptions: bool) -> Any:
    """Convert; a name in ``variables`` is a symbol even where it is a constant (``i``, ``e``).

    Raises
    ------
    InputError
        An unknown function, a wrong number of arguments, a unit, a text, too large an expression.
    """
    own, count = frozenset(variables), 0

    def walk(node: Expression) -> Any:
        nonlocal count
        count += 1
        if count > MAX_NODES:
            raise InputError(f"the expression is too large (more than {MAX_NODES} parts)")
        match node:
            case Num(number):
                return rational(number)
            case Name(id):
                if id.casefold() == "nan" and id not in own:
                    raise InputError("nan (a missing value) cannot stand in an expression")
                if id in CONSTANTS and id not in own:
                    return CONSTANTS[id]
                return sympy.Symbol(id, **assumptions)
            case Neg(operand):
                return -walk(operand)
            case Binary(op, left, right):
                return _binary(op, walk(left), walk(right))
            case Call(function, arguments):
                return _call(function, [walk(a) for a in arguments])
            case Relation(op, left, right):
                return _RELATIONS[op](walk(left), walk(right))
            case Text(value):
                raise InputError(f"the text '{value}' cannot stand in a mathematical expression")
        raise TypeError(f"not an expression: {node!r}")

    return _checked(walk(expression), expression)


def _checked(converted: Any, expression: Expression) -> Any:
    if converted.has(sympy.nan, sympy.zoo):
        raise InputError(f"{show(expression)} divides by zero or is not defined")
    return converted


def rational(number: Number) -> Any:
    """The exact rational of a number as written; a percentage is a hundredth."""
    if number.unit not in (None, "%"):
        raise InputError(
            f"'{number}' has a unit; expressions take plain numbers (see maths.convert_units)"
        )
    exact = number.exact / 100 if number.unit == "%" else number.exact
    return sympy.Rational(exact.numerator, exact.denominator)


def _binary(op: str, left: Any, right: Any) -> Any:
    if op == "+":
        return left + right
    if op == "-":
        return left - right
    if op == "*":
        return left * right
    if op == "/":
        if right == 0:
            raise InputError("the expression divides by zero")
        return left / right
    if op == "^":
        return _power(left, right)
    raise InputError(f"'{op}' belongs in a model formula, not in a mathematical expression")


def _power(base: Any, exponent: Any) -> Any:
    if base == 0 and exponent.is_number and exponent.is_negative:
        raise InputError("the expression divides by zero")
    if base.is_Rational and exponent.is_Rational and abs(base) not in (0, 1):
        bits = max(int(base.p).bit_length(), int(base.q).bit_length())
        if abs(exponent) * bits > MAX_POWER_BITS:
            raise InputError(f"{base}^{exponent} is too large a number")
    return base**exponent


def _call(function: str, arguments: list[Any]) -> Any:
    if function not in FUNCTIONS:
        raise InputError(f"there is no function '{function}'{nearest(function, FUNCTIONS)}")
    least, most, convert = FUNCTIONS[function]
    if not least <= len(arguments) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        raise InputError(f"{function} takes {wanted} argument(s), not {len(arguments)}")
    return convert(*arguments)


# --- back ----------------------------------------


def from_sympy(value: Any, decimals: bool = False) -> Expression:
    """The tree of a sympy expression.

    ``decimals`` writes 37/50 as 0.74, for expressions that came with decimal points.

    Raises
    ------
    NotWritable
        Something our expressions cannot say.
    """

    def walk(node: Any) -> Expression:
        if node.is_Rational:
            return _fraction(node, decimals)
        if node.is_Float:
            return _signed(Number(repr(float(node))))
        if node is sympy.pi or node is sympy.E or node is sympy.I or node is sympy.oo:
            return Name({sympy.pi: "pi", sympy.E: "e", sympy.I: "i", sympy.oo: "oo"}[node])
        if node is sympy.S.NegativeInfinity:
            return Neg(Name("oo"))
        if node.is_Symbol:
            return Name(node.name)
        if node.is_Add:
            return _sum([walk(term) for term in node.as_ordered_terms()])
        if node.is_Mul:
            return _product(node, walk, decimals)
        if node.is_Pow:
            return _pow(node, walk)
        if node.func in _NAMES:
            arguments = node.args[:1] if node.func is sympy.Heaviside else node.args
            return Call(_NAMES[node.func], tuple(walk(a) for a in arguments))
        return _logic(node, walk)

    return walk(value)


def _logic(node: Any, walk: Callable[[Any], Expression]) -> Expression:
    operators = {
        sympy.Eq: "==",
        sympy.Ne: "!=",
        sympy.Lt: "<",
        sympy.Le: "<=",
        sympy.Gt: ">",
        sympy.Ge: ">=",
    }
    if node.func in operators:
        return Relation(operators[node.func], walk(node.args[0]), walk(node.args[1]))
    if node.func in (sympy.And, sympy.Or):
        joined = walk(node.args[0])
        for part in node.args[1:]:
            joined = Relation("and" if node.func is sympy.And else "or", joined, walk(part))
        return joined
    raise NotWritable(str(node.func))


def _signed(number: Number) -> Expression:
    return Neg(Num(Number(number.text[1:]))) if number.text.startswith("-") else Num(number)


def _fraction(value: Any, decimals: bool) -> Expression:
    p, q = int(value.p), int(value.q)
    if q == 1:
        return _signed(Number(str(p)))
    if decimals and _terminates(q):
        return _signed(Number(decimal_text(Fraction(p, q))))
    quotient = Binary("/", Num(Number(str(abs(p)))), Num(Number(str(q))))
    return Neg(quotient) if p < 0 else quotient


def _terminates(q: int) -> bool:
    for factor in (2, 5):
        while q % factor == 0:
            q //= factor
    return q == 1


def decimal_text(value: Fraction) -> str:
    """The decimal expansion of a fraction whose denominator has no prime factors but 2 and 5."""
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
    whole = str(abs(value.numerator * 10**digits // value.denominator)).rjust(digits + 1, "0")
    text = whole if digits == 0 else f"{whole[:-digits]}.{whole[-digits:]}"
    return f"-{text}" if value < 0 else text


def _sum(terms: list[Expression]) -> Expression:
    total = terms[0]
    for term in terms[1:]:
        positive = _without_sign(term)
        total = Binary("+", total, term) if positive is None else Binary("-", total, positive)
    return total


def _without_sign(term: Expression) -> Expression | None:
    """``b*c`` of ``-b*c``; None where the term does not begin with a minus."""
    match term:
        case Neg(operand):
            return operand
        case Binary("*" | "/" as op, left, right):
            positive = _without_sign(left)
            return None if positive is None else Binary(op, positive, right)
    return None


def _product(node: Any, walk: Callable[[Any], Expression], decimals: bool) -> Expression:
    coefficient, rest = node.as_coeff_Mul()
    upper: list[Expression] = []
    lower: list[Expression] = []
    negative = coefficient.is_negative
    size = -coefficient if negative else coefficient
    if size.is_Rational and not (decimals and _terminates(int(size.q))):
        if size.p != 1:
            upper.append(Num(Number(str(size.p))))
        if size.q != 1:
            lower.append(Num(Number(str(size.q))))
    elif size != 1:
        upper.append(walk(size))
    for factor in rest.as_ordered_factors() if rest.is_Mul else [rest]:
        if factor.is_Pow and factor.exp.is_Rational and factor.exp.is_negative:
            lower.append(walk(factor.base**-factor.exp))
        else:
            upper.append(walk(factor))
    first, *others = upper or [Num(Number("1"))]
    product = _times([Neg(first) if negative else first, *others])
    return Binary("/", product, _times(lower)) if lower else product


def _times(factors: list[Expression]) -> Expression:
    product = factors[0]
    for factor in factors[1:]:
        product = Binary("*", product, factor)
    return product


def _pow(node: Any, walk: Callable[[Any], Expression]) -> Expression:
    base, exponent = node.base, node.exp
    if exponent.is_Rational and exponent.is_negative:
        return Binary("/", Num(Number("1")), walk(base**-exponent))
    if exponent == sympy.Rational(1, 2):
        return Call("sqrt", (walk(base),))
    return Binary("^", walk(base), walk(exponent))


def has_decimals(*expressions: Expression) -> bool:
    """Whether a number in them was written with a decimal point: then the answer should be too."""

    def found(node: Expression) -> bool:
        match node:
            case Num(number):
                return "." in number.text
            case Neg(operand):
                return found(operand)
            case Binary(_, left, right) | Relation(_, left, right):
                return found(left) or found(right)
            case Call(_, arguments):
                return any(found(a) for a in arguments)
        return False

    return any(found(e) for e in expressions)


def number_or_text(value: Any) -> int | float | str:
    """A sympy number as a plain number where it is real, else as text (``1 + 2*i``)."""
    if value.is_Integer:
        return int(value)
    if value.is_Rational:
        return float(Fraction(int(value.p), int(value.q)))
    numeric = sympy.N(value, 30)
    if numeric.is_real or abs(sympy.im(numeric)) < sympy.Float("1e-25") * (1 + abs(numeric)):
        real = sympy.re(numeric)
        return float(real) if real.is_finite else show(from_sympy(real))
    re, im = float(sympy.re(numeric)), float(sympy.im(numeric))
    if abs(re) < 1e-25 * (1 + abs(im)):
        re = 0.0
    part = "i" if abs(im) == 1 else f"{abs(im):.15g}*i"
    if re == 0:
        return f"-{part}" if im < 0 else part
    return f"{re:.15g} {'-' if im < 0 else '+'} {part}"
