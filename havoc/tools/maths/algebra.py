"""Rewriting and evaluating expressions; roots of polynomials; sums; series; Laplace transforms."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

import mpmath
import sympy

from havoc.errors import InputError
from havoc.tools.expression import Expression, Name, Num, show
from havoc.tools.maths.answers import (
    agrees,
    body,
    bounded,
    finite_body,
    number_or_text,
    real_value,
    same_text,
    simpler,
    symbols_in,
    the_variable,
    tree_of,
)
from havoc.tools.maths.convert import NotWritable, from_sympy, has_decimals, to_sympy
from havoc.tools.maths.numeric import DIGITS, Undefined, disagreement, evaluate, value_of
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.result import Assumption, Result, Value
from havoc.tools.values import Number

_COHEN = "Cohen (2003), Computer Algebra and Symbolic Computation, "


def _verify_same(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The rewritten expression has the values of the given one."""
    given, answer = body(arguments["expression"]), result.extra["expression"]
    found = symbols_in(given, answer)
    checks: dict[str, Any] = {
        **same_text(result),
        "values at random points": agrees(
            disagreement(value_of(given), value_of(answer), found, least=2)
        ),
    }
    if "value" in result.values:
        checks |= {"value": real_value(given, dict.fromkeys(found, 1.0)), "at": 1.0}
    return checks


def _rewritten(expression: Expression, new: Any, verb: str) -> Result:
    tree = tree_of(new, has_decimals(expression))
    values: dict[str, Any] = {"expression": show(tree)}
    found = symbols_in(tree)
    one = dict.fromkeys(symbols_in(expression), 1.0)
    number = real_value(tree, one) if len(found) <= 1 else None
    if number is not None and real_value(expression, one) is not None:
        values |= {"at": 1.0, "value": number}
    return Result(values, f"{verb}, it is {{expression}}.", extra={"expression": tree})


_REWRITTEN = {
    "expression": "the rewritten expression",
    "at": "value of the variable at which the expression is evaluated, as a check",
    "value": "value of the expression there",
}


@operation(
    "maths.simplify",
    outputs=_REWRITTEN,
    reference=_COHEN + "Mathematical Methods, chapter 6",
    verifier=_verify_same,
    examples=(
        "r = maths.simplify((x^2 - 1)/(x - 1))",
        "r = maths.simplify(sin(t)^2 + cos(t)^2)",
    ),
    terms=("simplify", "reduce an expression"),
)
def simplify(expression: Annotated[Expression, Param("expression")]) -> Result:
    """Rewrite an expression in its shortest form.

    Equal for all values at which both forms are defined; symbols are taken as real.
    """
    expression = finite_body(expression)
    given = to_sympy(expression, real=True)
    return _rewritten(expression, simpler(given), "Simplified")


@operation(
    "maths.expand",
    outputs=_REWRITTEN,
    reference=_COHEN + "Elementary Algorithms, chapter 6",
    verifier=_verify_same,
    examples=("r = maths.expand((x + 2)^3*(x - 1))",),
    terms=("expand", "multiply out"),
)
def expand(expression: Annotated[Expression, Param("expression")]) -> Result:
    """Multiply out products and powers."""
    expression = finite_body(expression)
    given = to_sympy(expression, real=True)
    for power in given.atoms(sympy.Pow):
        if power.exp.is_Integer and power.base.is_Add and abs(power.exp) > 200:
            raise InputError(
                f"a power of {power.exp} of a sum has too many terms to be written out"
            )
    new: Any = bounded(lambda: sympy.expand(given))
    if new is None:
        raise InputError("the expression has too many terms to be written out")
    return _rewritten(expression, new, "Multiplied out")


@operation(
    "maths.factor",
    outputs=_REWRITTEN,
    reference="von zur Gathen and Gerhard (2013), Modern Computer Algebra, chapter 16",
    verifier=_verify_same,
    examples=("r = maths.factor(x^3 - 6*x^2 + 11*x - 6)",),
    terms=("factor", "factorise", "factorize"),
)
def factor(expression: Annotated[Expression, Param("expression")]) -> Result:
    """Factor an expression over the rational numbers."""
    expression = finite_body(expression)
    given = to_sympy(expression, real=True)
    new: Any = bounded(lambda: sympy.factor(given))
    return _rewritten(expression, given if new is None else new, "Factored")


# --- evaluation ----------------------------------------


def _verify_evaluate(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    checks: dict[str, Any] = {"exact": show(result.extra["exact"])} if result.extra else {}
    with mpmath.workdps(DIGITS):
        point = {k: evaluate(v, {}) for k, v in arguments["at"].items()}
        value = evaluate(body(arguments["expression"]), point)
        if isinstance(result.values["value"], str):
            return checks | {"value": number_or_text(sympy.N(sympy.sympify(value), DIGITS))}
        checks["value"] = Recomputed(float(mpmath.re(value)), 1e-13)
    return checks


@operation(
    "maths.evaluate",
    outputs={"value": "the value as a number", "exact": "the exact value"},
    reference="IEEE 754; values correct to the last digit shown, by 30-digit arithmetic",
    verifier=_verify_evaluate,
    examples=(
        "r = maths.evaluate(sqrt(2)*exp(-0.5) + 3^2)",
        "r = maths.evaluate(p*(1 - p)/n, p=0.02, n=50)",
    ),
    terms=("calculate", "compute", "what is", "evaluate", "substitute"),
)
def evaluate_expression(
    expression: Annotated[Expression, Param("expression")],
    at: Annotated[Mapping[str, Expression] | None, Param("values: name=number")] = None,
) -> Result:
    """Evaluate an expression, with values for its symbols given as name=number.

    Computed exactly where possible and in 30-digit arithmetic otherwise.
    """
    at, expression = at or {}, body(expression)
    missing = [n for n in symbols_in(expression, beside=list(at)) if n not in at]
    if missing:
        raise InputError(f"no value is given for {', '.join(missing)} (write {missing[0]}=...)")
    given = to_sympy(expression, list(at))
    exact = given.subs({sympy.Symbol(k): to_sympy(v) for k, v in at.items()}, simultaneous=True)
    if exact.has(sympy.nan, sympy.zoo) or exact.is_infinite:
        raise InputError(f"{show(expression)} has no finite value there")
    values: dict[str, Any] = {"value": number_or_text(exact)}
    if isinstance(values["value"], int) and abs(values["value"]) > sys.float_info.max:
        raise InputError(
            f"the value has {len(str(abs(values['value'])))} digits, beyond 1.8e308, the largest number that is "
            "computed with"
        )
    try:
        tree = from_sympy(exact, decimals=True)
    except NotWritable:
        return Result(values, "The value is {value}.")
    if len(show(tree)) > 200:
        return Result(values, "The value is {value}.")
    values["exact"] = show(tree)
    return Result(values, "The value is {value}.", extra={"exact": tree})


# --- polynomials ----------------------------------------


def _coefficients(expression: Expression, name: str) -> list[Fraction]:
    try:
        polynomial = sympy.Poly(to_sympy(body(expression), [name]), sympy.Symbol(name))
        exact = [sympy.Rational(c) for c in polynomial.all_coeffs()]
    except (sympy.PolynomialError, TypeError):
        raise InputError(
            f"{show(expression)} is not a polynomial in {name} with numbers as coefficients"
        ) from None
    return [Fraction(int(c.p), int(c.q)) for c in exact]


def _verify_roots(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Vieta and substitution: the roots found multiply out to the polynomial again."""
    tree = body(arguments["expression"])
    coefficients = _coefficients(tree, the_variable(tree, arguments["variable"], "find roots"))
    with mpmath.workdps(60):
        exact = mpmath.polyroots(
            [mpmath.mpf(c.numerator) / c.denominator for c in coefficients],
            maxsteps=500,
            extraprec=400,
        )
        real = sorted(float(r.real) for r in map(mpmath.mpc, exact) if abs(r.imag) < 1e-15)
        pairs = sorted(
            (float(r.real), float(r.imag)) for r in map(mpmath.mpc, exact) if abs(r.imag) >= 1e-15
        )
    return {
        "roots": Recomputed(real, 1e-9),
        "complex_real_parts": Recomputed([p[0] for p in pairs], 1e-9),
        "complex_imaginary_parts": Recomputed([p[1] for p in pairs], 1e-9),
        "degree": len(coefficients) - 1,
    }


@operation(
    "maths.polynomial_roots",
    outputs={
        "roots": "real roots, repeated as often as they occur",
        "complex_real_parts": "real parts of the other roots",
        "complex_imaginary_parts": "their imaginary parts",
        "degree": "degree of the polynomial",
    },
    reference="Press et al. (2007), Numerical Recipes, 3rd ed., section 9.5",
    verifier=_verify_roots,
    examples=("r = maths.polynomial_roots(2*x^3 - 4*x + 1)",),
    terms=("roots of a polynomial", "zeros"),
)
def polynomial_roots(
    expression: Annotated[Expression, Param("polynomial with numbers as coefficients")],
    variable: Annotated[Name | None, Param("variable; the only one if left out")] = None,
) -> Result:
    """Find all roots of a polynomial, real and complex.

    The square-free factors are separated exactly first, so that repeated roots keep their accuracy.
    """
    name, expression = the_variable(expression, variable, "find roots"), body(expression)
    coefficients = _coefficients(expression, name)
    if not 2 <= len(coefficients) <= 101:
        raise InputError("a polynomial of degree 1 to 100 is needed")
    x = sympy.Symbol(name)
    polynomial = sympy.Poly([sympy.Rational(c.numerator, c.denominator) for c in coefficients], x)
    found: list[Any] = []
    for part, multiplicity in polynomial.sqf_list()[1]:
        found += [complex(r) for r in part.nroots(n=25, maxsteps=200)] * multiplicity
    real = sorted(r.real for r in found if r.imag == 0)
    others = sorted((r.real, r.imag) for r in found if r.imag != 0)
    values: dict[str, Value] = {
        "roots": real,
        "complex_real_parts": [r[0] for r in others],
        "complex_imaginary_parts": [r[1] for r in others],
        "degree": len(coefficients) - 1,
    }
    words = "The real roots are {roots}" if real else "There is no real root"
    return Result(values, words + ("; the others are complex." if others else "."))


# --- sums, series, transforms ----------------------------------------

FARTHEST = 1e12  # end of a sum up to which neighbours are told apart in 30 digits of its terms


def _verify_sum(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    tree, name = body(arguments["expression"]), arguments["variable"].id
    checks: dict[str, Any] = dict(same_text(result)) if result.extra else {}
    low, high = arguments["lower"], arguments["upper"]
    free = [n for n in symbols_in(tree, low, high, beside=[name]) if n != name]
    with mpmath.workdps(30):
        if not free:
            ends = [evaluate(low, {}), evaluate(high, {})]
            again = mpmath.nsum(lambda k: evaluate(tree, {name: k}), ends)
            return checks | {"value": Recomputed(float(again), 1e-9)}
        worst = 0.0
        # whole numbers for the parameters, small or near an end that is a number: few terms
        fixed = [int(evaluate(e, {})) for e in (low, high) if not symbols_in(e)]
        points = [
            {n: mpmath.mpf(start + top + j) for j, n in enumerate(free)}
            for start in (0, *fixed, *(f - 12 for f in fixed))
            for top in (3, 5, 8)
        ]
        tried = 0
        for point in points:
            first, last = (int(evaluate(end, point)) for end in (low, high))
            if not 0 <= last - first < 1000:
                continue
            tried += 1
            terms = (evaluate(tree, {**point, name: mpmath.mpf(k)}) for k in range(first, last + 1))
            again = mpmath.fsum(terms)
            there = evaluate(result.extra["expression"], point)
            worst = max(worst, float(abs(again - there) / max(1, abs(again))))
        if not tried:
            raise ArithmeticError("no parameters at which the sum has few terms")
    return checks | {"sum term by term": agrees(worst)}


@operation(
    "maths.sum",
    outputs={"expression": "the sum in closed form", "value": "the sum as a number"},
    reference="Graham, Knuth and Patashnik (1994), Concrete Mathematics, chapter 2",
    verifier=_verify_sum,
    examples=(
        "r = maths.sum(k^2, k, 1, n)",
        "r = maths.sum(1/k^2, k, 1, oo)",
    ),
    terms=("sum of a series", "summation", "sigma notation"),
)
def summation(
    expression: Annotated[Expression, Param("term")],
    variable: Annotated[Name, Param("index of summation")],
    lower: Annotated[Expression, Param("first value of the index")],
    upper: Annotated[Expression, Param("last value of the index (oo for infinity)")],
) -> Result:
    """Sum a term over an index, finite or infinite."""
    name, expression = variable.id, body(expression)
    k = sympy.Symbol(name, integer=True)
    given = to_sympy(expression, [name]).subs(sympy.Symbol(name), k)
    low, high = to_sympy(lower), to_sympy(upper)
    for end in (low, high):
        if end.is_number and not (end.is_integer or end is sympy.oo):
            raise InputError(f"the index runs over whole numbers; {end} is none to start or end at")
    if low is sympy.oo:
        raise InputError("a sum cannot start at infinity")
    if any(e.is_number and e.is_finite and abs(e) > FARTHEST for e in (low, high)):
        raise InputError(f"the index can start and end at numbers up to {FARTHEST:g} in size")
    found: Any = bounded(lambda: sympy.summation(given, (k, low, high)))
    if isinstance(found, sympy.Piecewise):
        found = found.args[0][0]
    if found is not None and (found.is_infinite or found.has(sympy.oo, sympy.zoo, sympy.nan)):
        raise InputError("the sum diverges")
    number = None
    if found is None or found.has(sympy.Sum):
        found = None
    values: dict[str, Any] = {}
    free = high.free_symbols | low.free_symbols | (set() if found is None else found.free_symbols)
    if not symbols_in(expression, lower, upper, beside=[name])[1:] and not free:
        with mpmath.workdps(30):
            if found is not None:
                number = mpmath.mpmathify(sympy.N(found, 30))
            else:
                ends = [evaluate(lower, {}), evaluate(upper, {})]
                number = mpmath.nsum(lambda j: evaluate(expression, {name: j}), ends)
            values["value"] = float(number)
    if found is None:
        if not values:
            raise InputError("no closed form of the sum was found")
        return Result(values, "The sum is {value}.")
    try:
        tree = from_sympy(simpler(found), has_decimals(expression))
    except NotWritable:
        if not values:
            raise InputError("no closed form of the sum can be written") from None
        return Result(values, "The sum is {value}.")
    values["expression"] = show(tree)
    return Result(values, "The sum is {expression}.", extra={"expression": tree})


def _verify_series(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Coefficients again by numerical differentiation."""
    tree = body(arguments["expression"])
    name = the_variable(tree, arguments["variable"], "expand in a series")
    with mpmath.workdps(60):
        centre = evaluate(arguments["around"] or Num(Number("0")), {})
        again = mpmath.taylor(
            lambda v: evaluate(tree, {name: v}), centre, arguments["order"], method="quad"
        )
    coefficients = [float(mpmath.re(c)) for c in again]
    return {**same_text(result), "coefficients": Recomputed(coefficients, 1e-12)}


@operation(
    "maths.series",
    outputs={
        "expression": "the Taylor polynomial",
        "coefficients": "its coefficients, from order 0",
    },
    reference="Stewart (2015), Calculus: Early Transcendentals, 8th ed., section 11.10",
    verifier=_verify_series,
    examples=("r = maths.series(exp(x)*cos(x), x, around=0, order=5)",),
    terms=("Taylor series", "Maclaurin series", "series expansion", "linearise"),
)
def series(
    expression: Annotated[Expression, Param("expression")],
    variable: Annotated[Name | None, Param("variable; the only one if left out")] = None,
    around: Annotated[Expression | None, Param("point of expansion")] = None,
    order: Annotated[int, Param("highest power", ge=1, le=30)] = 5,
) -> Result:
    """Expand an expression in a Taylor polynomial."""
    name, expression = the_variable(expression, variable, "expand in a series"), body(expression)
    x = sympy.Symbol(name)
    centre = sympy.Integer(0) if around is None else to_sympy(around)
    given = to_sympy(expression, [name])
    derivatives, coefficients = given, []
    for k in range(order + 1):
        at_centre = sympy.limit(derivatives, x, centre)
        if not at_centre.is_finite or at_centre.free_symbols:
            raise InputError(
                f"{show(expression)} has no Taylor series around {show(tree_of(centre))}"
            )
        coefficients.append(sympy.nsimplify(at_centre) / sympy.factorial(k))
        derivatives = sympy.diff(derivatives, x)
    polynomial = sum(
        (c * sympy.Pow(x - centre, k) for k, c in enumerate(coefficients)), sympy.Integer(0)
    )
    tree = tree_of(polynomial, has_decimals(expression))
    numbers = [float(c) for c in coefficients]
    return Result(
        {"expression": show(tree), "coefficients": numbers},
        "The Taylor polynomial is {expression}.",
        extra={"expression": tree},
    )


def _transform_names(variable: Name | None, to: Name | None, direction: str) -> tuple[str, str]:
    defaults = ("t", "s") if direction == "forward" else ("s", "t")
    return (variable.id if variable else defaults[0]), (to.id if to else defaults[1])


def _verify_laplace(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The defining integral by quadrature, at points well inside its half plane."""
    tree, forward = body(arguments["expression"]), arguments["direction"] == "forward"
    variable, to = _transform_names(*(arguments[k] for k in ("variable", "to", "direction")))
    original = tree if forward else result.extra["expression"]
    image = result.extra["expression"] if forward else tree
    time_name, image_name = (variable, to) if forward else (to, variable)
    others = [n for n in symbols_in(original, image) if n not in (variable, to)]
    point = {n: mpmath.sqrt(2 + j) for j, n in enumerate(others)}
    worst = 0.0
    with mpmath.workdps(20):
        for s in (mpmath.mpf(9), mpmath.mpf("12.5")):

            def integrand(t: Any, s: Any = s) -> Any:
                try:
                    return mpmath.exp(-s * t) * evaluate(original, {**point, time_name: t})
                except Undefined:
                    return mpmath.mpf(0)

            again = mpmath.quad(integrand, [0, 1, 2, 4, 8, 16])
            there = evaluate(image, {**point, image_name: s})
            worst = max(worst, float(abs(again - there) / max(abs(there), 1e-6)))
    checks = {**same_text(result), "defining integral": agrees(0.0 if worst < 1e-8 else worst)}
    if "value" in result.values:
        again = real_value(image if forward else original, {to: 1.0})
        checks |= {"at": 1.0, "value": again}
    return checks


@operation(
    "maths.laplace",
    outputs={
        "expression": "the transform",
        "variable": "variable of the transform",
        "at": "value of that variable at which the transform is evaluated, as a check",
        "value": "value of the transform there",
    },
    reference="Ogata (2010), Modern Control Engineering, 5th ed., appendix A",
    verifier=_verify_laplace,
    examples=(
        "r = maths.laplace(t*exp(-2*t), t, s)",
        "r = maths.laplace(1/(s^2 + 4), direction=inverse)",
    ),
    terms=("Laplace transform", "inverse Laplace transform"),
)
def laplace(
    expression: Annotated[Expression, Param("function of time, or transform")],
    variable: Annotated[Name | None, Param("its variable; t, or s of an inverse")] = None,
    to: Annotated[Name | None, Param("variable of the answer; s, or t of an inverse")] = None,
    direction: Annotated[Literal["forward", "inverse"], Param("forward or inverse")] = "forward",
) -> Result:
    """Find the one-sided Laplace transform of an expression, or its inverse.

    F(s) = integral from 0 to oo of f(t) exp(-s t) dt. Parameters count as positive.
    """
    expression = body(expression)
    source, target = _transform_names(variable, to, direction)
    if target in symbols_in(expression):
        raise InputError(
            f"{show(expression)} holds {target}, the variable of the answer: is the inverse meant "
            "(direction=inverse)?"
        )
    given = to_sympy(expression, [source, target], positive=True)
    old = sympy.Symbol(source, positive=True)
    new = sympy.Symbol(target, positive=True)
    if direction == "forward":
        found: Any = bounded(lambda: sympy.laplace_transform(given, old, new, noconds=True))
    else:
        if bounded(lambda: sympy.limit(given, old, sympy.oo)) != 0:
            raise InputError(
                f"{show(expression)} does not vanish for large {source}: its inverse holds an impulse "
                "(Dirac delta) and is no function; take the constant part off first"
            )
        found = bounded(lambda: sympy.inverse_laplace_transform(given, old, new, noconds=True))
    if found is None or found.has(sympy.LaplaceTransform, sympy.InverseLaplaceTransform):
        raise InputError(f"no Laplace transform of {show(expression)} in closed form was found")
    tree = tree_of(simpler(found), has_decimals(expression))
    values: dict[str, Any] = {"expression": show(tree), "variable": target}
    value = real_value(tree, {target: 1.0}) if set(symbols_in(tree)) <= {target} else None
    conclusion = "The transform is {expression}"
    if value is not None:
        values |= {"at": 1.0, "value": value}
        conclusion += "; at {variable} = {at} it is {value}"
    others = [n for n in symbols_in(tree) if n != target]
    holds = [Assumption("parameters", None, f"{', '.join(others)} taken as positive")]
    return Result(
        values,
        conclusion + ".",
        assumptions=tuple(holds if others else ()),
        extra={"expression": tree},
    )
