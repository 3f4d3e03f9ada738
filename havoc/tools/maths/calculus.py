"""Derivatives, integrals and limits."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Literal

import mpmath
import numpy as np
import scipy.integrate
import sympy

from havoc.errors import InputError
from havoc.tools.expression import Binary, Call, Expression, Name, Neg, names, show
from havoc.tools.maths.answers import (
    agrees,
    body,
    bounded,
    finite_body,
    real_value,
    same_text,
    simpler,
    symbols_in,
    the_variable,
    tree_of,
)
from havoc.tools.maths.convert import NotWritable, from_sympy, has_decimals, to_sympy
from havoc.tools.maths.kinks import joined, kinks
from havoc.tools.maths.numeric import DIGITS, Undefined, disagreement, evaluate, value_of
from havoc.tools.operation import Invariant, Param, Recomputed, operation
from havoc.tools.result import Assumption, Result

_STEWART = "Stewart (2015), Calculus: Early Transcendentals, 8th ed., "


def _numeric_derivative(tree: Expression, variable: str, order: int) -> Any:
    """The derivative by finite differences in high precision, as a function of a point."""

    def at(point: Mapping[str, Any]) -> Any:
        try:
            return mpmath.diff(
                lambda v: evaluate(tree, {**point, variable: v}), point[variable], order
            )
        except (ZeroDivisionError, ValueError) as error:
            raise Undefined(str(error)) from None

    return at


def _verify_diff(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    tree, order = body(arguments["expression"]), arguments["order"]
    variable = the_variable(tree, arguments["variable"], "differentiate")
    by_differences = _numeric_derivative(tree, variable, order)
    found = tuple(dict.fromkeys([variable, *symbols_in(tree, beside=[variable])]))
    checks: dict[str, Any] = {
        **same_text(result),
        "derivative by differences": agrees(
            disagreement(by_differences, value_of(result.extra["expression"]), found)
        ),
        "order": order,
    }
    if "value" in result.values:
        with mpmath.workdps(DIGITS):
            anywhere = dict.fromkeys(found, mpmath.sqrt(2))  # other symbols have dropped out
            again = by_differences({**anywhere, variable: mpmath.mpf(arguments["at"])})
        checks |= {"at": arguments["at"], "value": Recomputed(float(mpmath.re(again)), 1e-12)}
    return checks


@operation(
    "maths.diff",
    outputs={
        "expression": "the derivative",
        "variable": "variable of differentiation",
        "order": "order of the derivative",
        "at": "point at which the derivative is evaluated",
        "value": "value of the derivative there",
    },
    reference=_STEWART + "chapter 3",
    verifier=_verify_diff,
    examples=(
        "r = maths.diff(x^2*exp(3*x), x)",
        "r = maths.diff(sin(t)/t, t, order=2, at=2)",
        "r = maths.diff(0.37*x^2*y, variable=x)",
    ),
    terms=("derivative", "differentiate", "slope", "rate of change", "partial derivative"),
)
def diff(
    expression: Annotated[Expression, Param("expression to differentiate")],
    variable: Annotated[Name | None, Param("variable; the only one if left out")] = None,
    order: Annotated[int, Param("order of the derivative", ge=1, le=20)] = 1,
    at: Annotated[float, Param("point at which the value is given too")] = 1.0,
) -> Result:
    """Differentiate an expression.

    The derivative of any order in its shortest form, and its value at a point where no other symbol
    is left. A partial derivative when the expression has other symbols.
    """
    name, expression = the_variable(expression, variable, "differentiate"), finite_body(expression)
    if 0 < abs(at) < 1e-50:
        raise InputError(f"at={at:g} is too near to 0 to evaluate there: give at=0")
    given = to_sympy(expression, [name], real=True)
    derivative = sympy.diff(given, sympy.Symbol(name, real=True), order)
    tree = tree_of(simpler(derivative), has_decimals(expression))
    values: dict[str, Any] = {"expression": show(tree), "variable": name, "order": order}
    conclusion = "The derivative with respect to {variable} is {expression}"
    value = real_value(tree, {name: at}) if set(symbols_in(tree, beside=[name])) <= {name} else None
    if value is not None:
        values |= {"at": at, "value": value}
        conclusion += "; at {variable} = {at} it is {value}"
    return Result(values, conclusion + ".", extra={"expression": tree})


# --- integrals ----------------------------------------


def _quadrature(tree: Expression, variable: str, low: Any, high: Any, **others: Any) -> Any:
    """The integral by tanh-sinh quadrature, or by summed half-waves where the tail oscillates."""

    def integrand(x: Any) -> Any:
        try:
            return evaluate(tree, {**others, variable: x})
        except Undefined:
            return mpmath.mpf(0)  # a removable point; quadrature nodes meet one at most

    frequency = _frequency(tree, variable)
    infinite = [not mpmath.isfinite(end) for end in (low, high)]
    if frequency and infinite == [False, True]:
        return mpmath.quadosc(integrand, [low, high], omega=frequency)
    if frequency and any(infinite):
        middle = mpmath.mpf(0) if all(infinite) else high
        left = mpmath.quadosc(lambda x: integrand(-x), [-middle, mpmath.inf], omega=frequency)
        right = mpmath.quadosc(integrand, [middle, high], omega=frequency) if all(infinite) else 0
        return left + right
    breaks = [low, high]
    if infinite == [False, False]:
        cuts = (0.2113, 0.4721, 0.7887)  # uneven, so that a pole inside cannot cancel itself
        breaks = [low, *(low + (high - low) * c for c in cuts), high]
    elif low < 0 < high:
        breaks = [low, mpmath.mpf(0), high]
    places = kinks(tree, variable, low, high, **others) if low < high else []
    return mpmath.quad(integrand, sorted({*breaks, *places}) if places else breaks)


def _frequency(tree: Expression, variable: str) -> Any:
    """k of the first sin(k*x) or cos(k*x) that no exponential damps, else None."""

    def walk(node: Expression) -> Any:
        match node:
            case Call("exp", (inner,)) if variable in names(inner):
                return "damped"
            case Binary("^", Name("e"), exponent) if variable in names(exponent):
                return "damped"
            case Call("sin" | "cos", (inner,)) if variable in names(inner):
                try:
                    one, two, three = (
                        evaluate(inner, {variable: mpmath.mpf(k)}) for k in (1, 2, 3)
                    )
                except Undefined:
                    return None
                return abs(two - one) if abs(three - 2 * two + one) < 1e-20 else None
            case Neg(operand):
                return walk(operand)
            case Binary(_, left, right):
                found = [walk(left), walk(right)]
                return "damped" if "damped" in found else next((f for f in found if f), None)
            case Call(_, arguments):
                return next((f for a in arguments if (f := walk(a))), None)
        return None

    found = walk(tree)
    return None if found == "damped" else found


def _limits(lower: Expression, upper: Expression) -> tuple[Any, Any]:
    return evaluate(lower, {}), evaluate(upper, {})


def _verify_integrate(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    tree = body(arguments["expression"])
    variable = the_variable(tree, arguments["variable"], "integrate")
    lower, upper = arguments["lower"], arguments["upper"]
    checks: dict[str, Any] = {}
    answer: Any = result.extra.get("expression")
    if answer is not None:
        checks |= same_text(result)
    if lower is None:  # the derivative of the antiderivative is the integrand
        found = tuple(dict.fromkeys([variable, *symbols_in(tree, answer, beside=[variable])]))
        back = _numeric_derivative(answer, variable, 1)
        checks["derivative of the antiderivative"] = agrees(
            disagreement(back, value_of(tree), found, least=2)
        )
        if "value" in result.values:
            checks |= {
                "at": arguments["at"],
                "value": real_value(answer, {variable: arguments["at"]}),
            }
        return checks
    if "value" in result.values:
        with mpmath.workdps(25):
            low, high = _limits(lower, upper)
            if result.values["method"] == "closed form":
                again, tolerance = _quadrature(tree, variable, low, high), 1e-9
            else:
                again, tolerance = _by_quadpack(tree, variable, low, high), 1e-7
        checks["value"] = Recomputed(float(mpmath.re(again)), tolerance)
    elif answer is not None:
        checks["integral by quadrature"] = agrees(_parameters_differ(arguments, variable, answer))
    return checks


def _by_quadpack(tree: Expression, variable: str, low: Any, high: Any) -> float:
    """The integral by QUADPACK; refused where its own error estimate is large."""

    def integrand(x: float) -> float:
        try:
            return float(mpmath.re(evaluate(tree, {variable: mpmath.mpf(x)})))
        except Undefined:
            return 0.0

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the error estimate is looked at instead
        places = [float(x) for x in kinks(tree, variable, low, high)] if low < high else []
        ends = [float(low), *places, float(high)]
        pieces = [
            scipy.integrate.quad(integrand, a, b, limit=200, epsabs=1e-12, epsrel=1e-10)
            for a, b in itertools.pairwise(ends)
        ]
        value, error = (sum(part) for part in zip(*(p[:2] for p in pieces), strict=True))
    if error > 1e-6 * max(1.0, abs(value)):
        raise InputError("the integral does not converge, or converges too slowly to be computed")
    return float(value)


def _parameters_differ(arguments: Mapping[str, Any], variable: str, answer: Expression) -> float:
    """Compare a definite integral with parameters at a few positive values of them."""
    tree, lower, upper = (body(arguments[k]) for k in ("expression", "lower", "upper"))
    found = [n for n in symbols_in(tree, lower, upper, beside=[variable]) if n != variable]
    worst = 0.0
    with mpmath.workdps(20):
        for k in (1, 2, 3):
            point = {n: mpmath.sqrt(2 + k) * mpmath.mpf(j + 2) / 3 for j, n in enumerate(found)}
            low, high = evaluate(lower, point), evaluate(upper, point)
            again = _quadrature(tree, variable, low, high, **point)
            there = evaluate(answer, point)
            worst = max(worst, float(abs(again - there) / max(1, abs(there))))
    return 0.0 if worst < 1e-10 else worst


@operation(
    "maths.integrate",
    outputs={
        "expression": "the antiderivative (without its constant), or the exact value",
        "variable": "variable of integration",
        "value": "value of the definite integral, or of the antiderivative at the point 'at'",
        "at": "point at which the antiderivative is evaluated",
        "method": "closed form or quadrature",
    },
    reference=_STEWART + "chapters 5 and 7; quadrature: Takahasi and Mori (1974)",
    verifier=_verify_integrate,
    examples=(
        "r = maths.integrate(x^2*exp(-x), x, 0, oo)",
        "r = maths.integrate(x*sin(x), x)",
        "r = maths.integrate(exp(-x^2/2), lower=-1, upper=1)",
        "r = maths.integrate(sin(x)/(1 + x^5), x, lower=0, upper=2)",
    ),
    terms=("integral", "antiderivative", "area under a curve", "improper integral", "integrate"),
)
def integrate(
    expression: Annotated[Expression, Param("expression to integrate")],
    variable: Annotated[Name | None, Param("variable; the only one if left out")] = None,
    lower: Annotated[Expression | None, Param("lower limit of a definite integral")] = None,
    upper: Annotated[Expression | None, Param("upper limit (oo for infinity)")] = None,
    at: Annotated[float, Param("point at which an antiderivative's value is given too")] = 1.0,
) -> Result:
    """Integrate an expression: antiderivative, definite or improper integral.

    A definite integral is given exactly where a closed form is found, and always as a number; where
    none is found, by tanh-sinh quadrature. Parameters other than the variable count as positive.
    """
    name, expression = the_variable(expression, variable, "integrate"), finite_body(expression)
    if (lower is None) != (upper is None):
        raise InputError("give both limits, or neither")
    if lower is None or upper is None:
        return _antiderivative(expression, name, at)
    return _definite(expression, name, lower, upper)


def _antiderivative(expression: Expression, name: str, at: float) -> Result:
    x = sympy.Symbol(name, real=True)
    given = to_sympy(expression, [name], real=True)
    found = bounded(lambda: sympy.integrate(given, x))
    assumptions = []
    if isinstance(found, sympy.Piecewise) and (whole := joined(found, x)) is not None:
        found = whole
    if isinstance(found, sympy.Piecewise):  # the general branch: not the one of an equality
        branch = next((p for p in found.args if not isinstance(p[1], sympy.Eq)), found.args[0])
        found = branch[0]
        if branch[1] != sympy.true:
            assumptions.append(Assumption("general case", None, f"holds where {branch[1]}"))
    if found is None or found.has(sympy.Integral):
        raise InputError(
            f"no antiderivative of {show(expression)} in elementary functions was found; "
            "give limits for a numerical value"
        )
    tree = tree_of(simpler(found), has_decimals(expression))
    values: dict[str, Any] = {"expression": show(tree), "variable": name, "method": "closed form"}
    conclusion = "An antiderivative with respect to {variable} is {expression} (plus a constant)"
    value = real_value(tree, {name: at}) if set(symbols_in(tree, beside=[name])) <= {name} else None
    if value is not None:
        values |= {"at": at, "value": value}
    return Result(
        values, conclusion + ".", assumptions=tuple(assumptions), extra={"expression": tree}
    )


def _definite(expression: Expression, name: str, lower: Expression, upper: Expression) -> Result:
    others = [n for n in symbols_in(expression, lower, upper, beside=[name]) if n != name]
    closed = _closed_definite(expression, name, lower, upper)
    if closed is not None and closed.is_infinite:
        raise InputError(f"the integral from {show(lower)} to {show(upper)} diverges")
    values: dict[str, Any] = {"variable": name, "method": "closed form"}
    tree = None
    if closed is not None:
        try:
            tree = from_sympy(closed, has_decimals(expression, lower, upper))
        except NotWritable:
            tree = None
    if others:
        if tree is None:
            raise InputError(
                f"no closed form was found; give numbers for {', '.join(others)} to get a value"
            )
        holds = Assumption("parameters", None, f"{', '.join(others)} taken as positive")
        conclusion = "The integral is {expression}."
        values["expression"] = show(tree)
        return Result(values, conclusion, assumptions=(holds,), extra={"expression": tree})
    number, notes = _definite_value(expression, name, lower, upper, closed)
    values["value"] = number
    if tree is None or notes:
        values["method"] = "quadrature"
        return Result(values, "The integral is {value} (by quadrature).", warnings=tuple(notes))
    values["expression"] = show(tree)
    return Result(values, "The integral is {expression} = {value}.", extra={"expression": tree})


def _closed_definite(
    expression: Expression, name: str, lower: Expression, upper: Expression
) -> Any | None:
    x = sympy.Symbol(name, real=True)
    given = to_sympy(expression, [name], real=True)  # the variable may be negative, as in abs(x)
    others = [s for s in given.free_symbols if s != x]
    given = given.subs({s: sympy.Symbol(s.name, positive=True) for s in others})
    low, high = (to_sympy(e, (), positive=True) for e in (lower, upper))

    found: Any = bounded(lambda: sympy.integrate(given, (x, low, high)), 3.0)
    if found is None or found.has(sympy.Integral, sympy.Piecewise):
        return None
    if found.has(sympy.nan, sympy.AccumBounds):
        raise InputError(f"the integral from {show(lower)} to {show(upper)} does not converge")
    return simpler(found)


def _definite_value(
    expression: Expression, name: str, lower: Expression, upper: Expression, closed: Any | None
) -> tuple[float, list[str]]:
    """The number, and a warning where the closed form does not agree with quadrature."""
    with mpmath.workdps(25):
        low, high = _limits(lower, upper)
        by_quadrature = _quadrature(expression, name, low, high)
        if not mpmath.isfinite(by_quadrature) or mpmath.im(by_quadrature) != 0:
            raise InputError("the integral has no finite real value")
        again = mpmath.mpf(0)
        if closed is not None:
            again = mpmath.mpmathify(sympy.N(closed, 25))
            if abs(again - by_quadrature) <= 1e-9 * max(1, abs(again)):
                return float(mpmath.re(again)), []
    notes = []
    if closed is not None:
        notes.append("The closed form found did not agree with quadrature and was dropped.")
    value = float(by_quadrature)
    if abs(_by_quadpack(expression, name, low, high) - value) > 1e-7 * max(1.0, abs(value)):
        raise InputError("the integral does not converge, or converges too slowly to be computed")
    return value, notes


# --- limits ----------------------------------------


def _near(to: Any, side: str, digits: int) -> Any:
    step = mpmath.mpf(10) ** -digits
    if mpmath.isinf(to):
        return mpmath.sign(to) / step
    if 0 < abs(to) < 1:  # close to 1e-300 is closer than 1e-45
        step *= abs(to)
    return to - step if side == "left" else to + step


def _verify_limit(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    tree = body(arguments["expression"])
    variable = arguments["variable"].id
    checks: dict[str, Any] = dict(same_text(result))
    if set(symbols_in(tree, beside=[variable])) - {variable}:
        return checks
    with mpmath.workdps(150):
        to = evaluate(arguments["to"], {})
        sides = ["left", "right"] if arguments["side"] == "both" else [arguments["side"]]
        for side in sides:
            close = mpmath.re(evaluate(tree, {variable: _near(to, side, 45)}))
            if "value" in result.values:
                checks["value"] = Recomputed(float(close), 1e-9)
                gap = float(abs(close - result.values["value"]))
                checks[f"from the {side}"] = Invariant(gap / max(1.0, abs(float(close))), 0.0, 1e-9)
            else:
                grows = (close > 1e6) if result.values["expression"] == "oo" else (close < -1e6)
                checks[f"from the {side}"] = Invariant(float(grows), 1.0)
    return checks


@operation(
    "maths.limit",
    outputs={
        "expression": "the limit",
        "value": "the limit as a number",
        "variable": "variable",
    },
    reference=_STEWART + "chapter 2; Gruntz (1996), On Computing Limits",
    verifier=_verify_limit,
    examples=(
        "r = maths.limit(sin(x)/x, x, 0)",
        "r = maths.limit((1 + 1/n)^n, n, to=oo)",
        "r = maths.limit(1/x, x, 0, side=right)",
    ),
    terms=("limit", "tends to", "approaches"),
)
def limit(
    expression: Annotated[Expression, Param("expression")],
    variable: Annotated[Name, Param("variable")],
    to: Annotated[Expression, Param("where the variable tends (oo for infinity)")],
    side: Annotated[
        Literal["both", "left", "right"], Param("side from which it is approached")
    ] = "both",
) -> Result:
    """Find the limit of an expression.

    By Gruntz's algorithm. A limit that differs between the sides is refused with both.
    """
    name, expression = variable.id, body(expression)
    x = sympy.Symbol(name, real=True)
    given, end = to_sympy(expression, [name], real=True), to_sympy(to)
    if end.free_symbols:
        raise InputError(f"the limit is taken at a number or oo, not at {show(to)}")
    sides = {"both": ("-", "+"), "left": ("-",), "right": ("+",)}[side]
    if end.is_infinite:
        sides = ("-",) if end.is_positive else ("+",)
    found: list[Any] = [bounded(partial(sympy.limit, given, x, end, s)) for s in sides]
    if any(f is None or f.has(sympy.Limit, sympy.AccumBounds, sympy.nan) for f in found):
        raise InputError(f"{show(expression)} has no limit there, or none could be found")
    if len(found) == 2 and sympy.simplify(found[0] - found[1]) != 0 and found[0] != found[1]:
        left, right = (show(tree_of(f)) for f in found)
        raise InputError(f"the limit is {left} from the left and {right} from the right")
    tree = tree_of(simpler(found[0]), has_decimals(expression))
    values: dict[str, Any] = {"expression": show(tree), "variable": name}
    number = real_value(tree, {}) if not symbols_in(tree) else None
    if number is not None and np.isfinite(number):
        values["value"] = number
    return Result(values, "The limit is {expression}.", extra={"expression": tree})
