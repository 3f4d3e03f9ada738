"""Solving equations, systems of equations and inequalities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any

import mpmath
import numpy as np
import sympy

from havoc.errors import InputError, NeedsClarification
from havoc.tools.expression import Binary, Expression, Name, Neg, Num, Relation, show
from havoc.tools.maths.answers import bounded, number_or_text, simpler, symbols_in
from havoc.tools.maths.convert import NotWritable, from_sympy, has_decimals, to_sympy
from havoc.tools.maths.numeric import DIGITS, Undefined, evaluate, holds, points
from havoc.tools.operation import Invariant, Param, Recomputed, operation
from havoc.tools.result import Result, Value, flatten, table_of
from havoc.tools.values import Number

_INEQUALITIES = ("<", "<=", ">", ">=", "!=", "and", "or")
SEARCHED = 1_000.0


@dataclass(frozen=True)
class Solution:
    """One solution: a tree for each unknown, and whether the tree is exact or digits."""

    trees: tuple[Expression, ...]
    exact: bool = True


def _difference(equation: Expression) -> Expression:
    """``left - right`` of an equation; an expression alone is meant to be zero."""
    if isinstance(equation, Relation):
        return Binary("-", equation.left, equation.right)
    return equation


def _unknowns(equations: Sequence[Expression], given: tuple[Name, ...] | None) -> tuple[str, ...]:
    if given:
        return tuple(n.id for n in given)
    found = symbols_in(*equations)
    if not found:
        raise InputError("there is no unknown in the equation")
    if len(found) > len(equations):
        if len(equations) == 1 and "x" in found:
            return ("x",)
        raise NeedsClarification(
            f"{len(equations)} equation(s) hold {', '.join(found)}: which are the unknowns?"
        )
    return found


# --- verification ----------------------------------------


def _residual(equation: Expression, point: Mapping[str, Any]) -> float:
    """|left - right| relative to the size of the sides, in high precision."""
    sides = (equation.left, equation.right) if isinstance(equation, Relation) else (equation,)
    values = [evaluate(side, point) for side in sides]
    gap = abs(values[0] - values[1]) if len(values) == 2 else abs(values[0])
    return float(gap / max(1, *(abs(v) for v in values)))


def _verify_solve(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    equations = arguments["equations"]
    if "set" in result.extra:
        return _verify_inequality(equations[0], result)
    unknowns: Sequence[str] = flatten(result.values["variables"])
    solutions: Sequence[Solution] = result.extra["solutions"]
    others = [n for n in symbols_in(*equations, beside=unknowns) if n not in unknowns]
    checks: dict[str, Any] = {"count": _count_again(equations, unknowns, others, solutions)}
    worst, numbers = 0.0, []
    with mpmath.workdps(DIGITS):
        anywhere = {n: abs(v) for n, v in points([*others, *unknowns])[2].items()}
        for s in solutions:
            values = {n: evaluate(t, anywhere) for n, t in zip(unknowns, s.trees, strict=True)}
            numbers.append([values[n] for n in unknowns])
            for equation in equations:
                worst = max(worst, _residual(equation, {**anywhere, **values}))
    checks["substitution"] = Invariant(worst, 0.0, 1e-12)
    real = [
        [float(v.real) for v in row] for row in numbers if all(abs(v.imag) < 1e-20 for v in row)
    ]
    if "roots" in result.values:
        checks["roots"] = Recomputed(sorted(row[0] for row in real), 1e-12)
    if "solution" in result.values:
        checks["solution"] = Recomputed(real[0], 1e-12)
    if "solutions" in result.values:
        checks["solutions"] = Recomputed(real, 1e-12)
    return checks


def _count_again(
    equations: Sequence[Expression],
    unknowns: Sequence[str],
    others: Sequence[str],
    solutions: Sequence[Solution],
) -> int:
    """How many solutions there are, where that can be known: polynomials and linear systems."""
    converted = [to_sympy(_difference(e), [*unknowns, *others]) for e in equations]
    symbols = [sympy.Symbol(n) for n in unknowns]
    if others or not all(e.is_polynomial(*symbols) for e in converted):
        return len(solutions)
    if len(equations) == len(unknowns) == 1:
        polynomial = sympy.Poly(converted[0], symbols[0])
        return int(polynomial.quo(polynomial.gcd(polynomial.diff())).degree())
    if all(sympy.Poly(e, *symbols).total_degree() <= 1 for e in converted):
        a = np.array([[float(e.coeff(s)) for s in symbols] for e in converted])
        b = np.array([float(-e.subs(dict.fromkeys(symbols, 0))) for e in converted])
        rank = np.linalg.matrix_rank(a)
        return int(np.linalg.matrix_rank(np.column_stack([a, b])) == rank)
    return len(solutions)


def _verify_inequality(relation: Expression, result: Result) -> dict[str, Any]:
    """At points between and beyond the bounds, the inequality holds where the answer says."""
    name = str(flatten(result.values["variables"])[0])
    intervals: Sequence[tuple[Any, Any, bool, bool]] = result.extra["set"]
    wrong = 0
    with mpmath.workdps(DIGITS):
        ends = [
            (evaluate(low, {}), evaluate(high, {}), low_open, high_open)
            for low, high, low_open, high_open in intervals
        ]
        bounds = sorted({e for low, high, *_ in ends for e in (low, high) if mpmath.isfinite(e)})
        probes = [mpmath.mpf(k) / 7 for k in range(-40, 41)]
        probes += [b + d for b in bounds for d in (mpmath.mpf(-1) / 10**6, mpmath.mpf(1) / 10**6)]
        for x in probes:
            inside = any(
                (low < x or (low == x and not low_open))
                and (x < high or (x == high and not high_open))
                for low, high, low_open, high_open in ends
            )
            try:
                wrong += inside != holds(relation, {name: x})
            except Undefined:
                wrong += inside
    again = [float(b) for b in bounds]
    return {
        "points where the answer is wrong": Invariant(wrong, 0),
        "bounds": Recomputed(again, 1e-12),
        "count": len(intervals),
        "expression": _as_text(intervals, name),
    }


# --- the operation ----------------------------------------


@operation(
    "maths.solve",
    outputs={
        "variables": "the unknowns",
        "roots": "real solutions of one equation in one unknown, ascending",
        "complex_roots": "its other solutions",
        "exact": "solutions in exact form",
        "solution": "the solution of a system, in the order of 'variables'",
        "solutions": "the real solutions of a system, where there are several",
        "count": "number of solutions found (of intervals, for an inequality)",
        "expression": "the values that satisfy an inequality",
        "bounds": "finite ends of the intervals that satisfy an inequality",
    },
    reference="Cohen (2003), Computer Algebra and Symbolic Computation, chapter 7",
    verifier=_verify_solve,
    examples=(
        "r = maths.solve(x^2 - 5*x + 6 == 0)",
        "r = maths.solve([2*x + y - z == 8, -3*x - y + 2*z == -11, -2*x + y + 2*z == -3])",
        "r = maths.solve(a*x^2 + b*x + c == 0, x)",
        "r = maths.solve(x^2 - 4 < 0)",
        "r = maths.solve(cos(x) == x)",
    ),
    terms=("solve", "equation", "system of equations", "roots", "inequality", "find x"),
)
def solve(
    equations: Annotated[
        tuple[Expression, ...], Param("equation, list of equations, or one inequality")
    ],
    variables: Annotated[
        tuple[Name, ...] | None, Param("the unknowns; all symbols if left out")
    ] = None,
) -> Result:
    """Solve an equation, a system of equations, or an inequality.

    An expression without == is set equal to zero. Solutions are exact where they can be, and have
    full floating-point accuracy where there is no closed form; every one is substituted back.
    """
    unknowns = _unknowns(equations, variables)
    kinds = {e.op for e in equations if isinstance(e, Relation)}
    if kinds & set(_INEQUALITIES):
        if len(equations) > 1 or len(unknowns) > 1:
            raise InputError(
                "inequalities are solved one at a time in one unknown (join them with 'and')"
            )
        return _inequality(equations[0], unknowns[0])
    decimals = has_decimals(*equations)
    if len(equations) == len(unknowns) == 1:
        return _one_unknown(equations[0], unknowns[0], decimals)
    return _system(equations, unknowns, decimals)


def _solution(values: Sequence[Any], decimals: bool) -> Solution:
    try:
        return Solution(tuple(from_sympy(simpler(v), decimals) for v in values))
    except NotWritable:
        return Solution(tuple(_digits(sympy.N(v, DIGITS)) for v in values), exact=False)


def _digits(value: Any) -> Expression:
    """A numerical value as a tree, with all its digits."""
    re, im = (sympy.re(value), sympy.im(value))
    parts = [Num(Number(str(abs(sympy.Float(p, DIGITS))))) for p in (re, im)]
    real: Expression = Neg(parts[0]) if re.is_negative else parts[0]
    if abs(im) < sympy.Float("1e-30"):
        return real
    return Binary("-" if im.is_negative else "+", real, Binary("*", parts[1], Name("i")))


def _one_unknown(equation: Expression, name: str, decimals: bool) -> Result:
    x = sympy.Symbol(name)
    difference = to_sympy(_difference(equation), [name])
    if not difference.has(x):
        simple = sympy.simplify(difference)
        raise InputError(
            f"{name} drops out of the equation: it holds "
            + ("always" if simple == 0 else "never" if simple.is_number else f"where {simple} = 0")
        )
    warnings: list[str] = []
    parameters = difference.free_symbols - {x}
    if not parameters and difference.is_polynomial(x):
        return _roots(name, _polynomial_solutions(sympy.Poly(difference, x), decimals), False, [])
    found: Any = bounded(lambda: sympy.solve(difference, x))
    solutions = [_solution([v], decimals) for v in found or []]
    solutions = [s for s in solutions if parameters or _satisfies(equation, {name: s.trees[0]})]
    if not solutions and not parameters:
        solutions = _search(equation, name)
        if solutions:
            warnings.append(
                f"There is no closed form; real solutions between {-SEARCHED:g} and {SEARCHED:g} "
                "were searched for numerically, others may exist."
            )
    if not solutions:
        raise InputError(f"no solution of {show(equation)} was found")
    periodic = (sympy.sin, sympy.cos, sympy.tan)
    if any(f.has(x) for f in difference.atoms(*periodic)) and found:
        warnings.append("The equation is periodic: solutions in the first period are given.")
    return _roots(name, solutions, bool(parameters), warnings)


def _polynomial_solutions(polynomial: Any, decimals: bool) -> list[Solution]:
    """Each distinct root: exact for factors of degree 1 and 2 and for x^n = a, else 40 digits."""
    solutions = []
    for part, _ in polynomial.factor_list()[1]:
        if part.degree() <= 2 or len(part.terms()) == 2:
            exact = sympy.roots(part)
            solutions += [_solution([v], decimals) for v in exact]
        else:
            found = part.nroots(n=DIGITS, maxsteps=500)
            solutions += [Solution((_digits(v),), exact=False) for v in found]
    return solutions


def _roots(name: str, solutions: list[Solution], symbolic: bool, warnings: list[str]) -> Result:
    if not symbolic:
        with mpmath.workdps(DIGITS):
            keys = [mpmath.mpc(evaluate(s.trees[0], {})) for s in solutions]
        order = sorted(range(len(keys)), key=lambda i: (float(keys[i].real), float(keys[i].imag)))
        solutions = [solutions[i] for i in order]
    texts = [show(s.trees[0]) for s in solutions if s.exact]
    values: dict[str, Any] = {"variables": [name], "count": len(solutions)}
    if symbolic:
        values["exact"] = texts
        return Result(
            values, "The solution for {variables[0]} is {exact}.", extra={"solutions": solutions}
        )
    with mpmath.workdps(DIGITS):
        numbers = [mpmath.mpc(evaluate(s.trees[0], {})) for s in solutions]
    real = sorted(_plain(v.real) for v in numbers if abs(v.imag) < 1e-20 * (1 + abs(v)))
    values["roots"] = real
    others = [v for v in numbers if abs(v.imag) >= 1e-20 * (1 + abs(v))]
    if others:
        values["complex_roots"] = [
            number_or_text(sympy.Float(str(v.real), 30) + sympy.I * sympy.Float(str(v.imag), 30))
            for v in others
        ]
    if texts:
        values["exact"] = texts
    if len(real) == 1:
        conclusion = "The solution is {variables[0]} = {roots[0]}."
    elif real:
        conclusion = "The real solutions for {variables[0]} are {roots}."
    else:
        conclusion = "There is no real solution; the complex ones are {complex_roots}."
    return Result(values, conclusion, warnings=tuple(warnings), extra={"solutions": solutions})


def _plain(value: Any) -> int | float:
    whole = mpmath.nint(value)
    return int(whole) if abs(value - whole) < mpmath.mpf(10) ** -25 else float(value)


def _satisfies(equation: Expression, trees: Mapping[str, Expression]) -> bool:
    try:
        with mpmath.workdps(DIGITS):
            values = {n: evaluate(t, {}) for n, t in trees.items()}
            return _residual(equation, values) < 1e-20
    except Undefined:
        return False


def _search(equation: Expression, name: str) -> list[Solution]:
    """Real solutions by sign changes on a grid that is fine near zero, then refined."""
    difference = _difference(equation)

    def f(x: Any) -> Any:
        value = evaluate(difference, {name: x})
        if mpmath.im(value) != 0:
            raise Undefined
        return value

    grid = np.unique(
        np.concatenate(
            [np.linspace(-20, 20, 1601), np.linspace(-SEARCHED, SEARCHED, 801), [1e-6, -1e-6]]
        )
    )
    known: list[tuple[Any, Any]] = []
    for x in grid:
        try:
            known.append((mpmath.mpf(x), f(mpmath.mpf(x))))
        except Undefined:
            known.append((mpmath.mpf(x), mpmath.nan))
    found: list[Any] = []
    with mpmath.workdps(DIGITS):
        for (a, fa), (b, fb) in pairwise(known):
            if fa == 0:
                found.append(a)
            elif fa * fb < 0:
                try:
                    root = mpmath.findroot(f, (a, b), solver="anderson", tol=1e-60, maxsteps=200)
                except (ValueError, ZeroDivisionError, Undefined):
                    continue
                if a <= root <= b and _residual(equation, {name: root}) < 1e-20:
                    found.append(root)
        trees = [_digits(sympy.Float(mpmath.nstr(r, DIGITS), DIGITS)) for r in found]
    return [Solution((t,), exact=False) for t in trees]


def _system(equations: Sequence[Expression], unknowns: Sequence[str], decimals: bool) -> Result:
    symbols = [sympy.Symbol(n) for n in unknowns]
    converted = [to_sympy(_difference(e), unknowns) for e in equations]
    found: Any = bounded(lambda: sympy.solve(converted, symbols, dict=True))
    if found is None:
        raise InputError("the system could not be solved in closed form")
    solutions = [_solution([s.get(x, x) for x in symbols], decimals) for s in found]
    values: dict[str, Any] = {"variables": list(unknowns), "count": len(solutions)}
    extra = {"solutions": solutions}
    if not solutions:
        if not all(e.is_polynomial(*symbols) for e in converted):
            raise InputError("no solution of the system was found")
        return Result(values, "The system has no solution: the equations contradict.", extra=extra)
    values["exact"] = [[show(t) for t in s.trees] for s in solutions]
    table = table_of("solutions", unknowns, [[show(t) for t in s.trees] for s in solutions])
    listed = ", ".join(f"{{variables[{i}]}}" for i in range(len(unknowns)))
    if any(symbols_in(*s.trees) for s in solutions):
        conclusion = f"The table gives {listed} in terms of the other symbols."
        return Result(values, conclusion, tables=(table,), extra=extra)
    with mpmath.workdps(DIGITS):
        rows = [[mpmath.mpc(evaluate(t, {})) for t in s.trees] for s in solutions]
    real = [[_plain(v.real) for v in row] for row in rows if all(abs(v.imag) < 1e-20 for v in row)]
    if len(real) == 1:
        values["solution"] = real[0]
        found_at = (f"{{variables[{i}]}} = {{solution[{i}]}}" for i in range(len(unknowns)))
        conclusion = f"The solution is {', '.join(found_at)}."
    elif real:
        values["solutions"] = real
        conclusion = f"There are several real solutions; the table gives {listed} for each."
    else:
        conclusion = f"There is no real solution; the table gives the complex {listed}."
    return Result(values, conclusion, tables=(table,), extra=extra)


# --- inequalities ----------------------------------------


def _inequality(relation: Expression, name: str) -> Result:
    others = [n for n in symbols_in(relation, beside=[name]) if n != name]
    if others:
        raise InputError(f"give numbers for {', '.join(others)}: inequalities need numbers")
    x = sympy.Symbol(name, real=True)
    found: Any = bounded(lambda: _solution_set(relation, x))
    intervals = None if found is None else _intervals(found)
    if intervals is None:
        raise InputError(f"{show(relation)} could not be solved")
    text = _as_text(intervals, name)
    with mpmath.workdps(DIGITS):
        ends = [evaluate(e, {}) for low, high, *_ in intervals for e in (low, high)]
        bounds = sorted({_plain(e) for e in ends if mpmath.isfinite(e)})
    values: dict[str, Value] = {
        "variables": [name],
        "expression": text,
        "bounds": list(bounds),
        "count": len(intervals),
    }
    conclusion = "It holds for {expression}." if intervals else "It holds for no real number."
    return Result(values, conclusion, extra={"set": intervals})


def _solution_set(relation: Expression, x: Any) -> Any:
    match relation:
        case Relation("and", left, right):
            return sympy.Intersection(_solution_set(left, x), _solution_set(right, x))
        case Relation("or", left, right):
            return sympy.Union(_solution_set(left, x), _solution_set(right, x))
        case Relation("==" | "!=" as op, left, right):
            roots = sympy.solveset(
                to_sympy(_difference(relation), [x.name], real=True), x, sympy.S.Reals
            )
            return roots if op == "==" else sympy.S.Reals - roots
        case Relation():
            converted = to_sympy(relation, [x.name], real=True)
            if converted in (sympy.true, sympy.false):
                return sympy.S.Reals if converted else sympy.S.EmptySet
            return sympy.solve_univariate_inequality(converted, x, relational=False)
    raise InputError("an inequality such as x^2 < 4 is needed")


def _intervals(found: Any) -> list[tuple[Expression, Expression, bool, bool]] | None:
    """The parts of a set of reals, ascending; None where it is not made of intervals and points."""
    parts = found.args if isinstance(found, sympy.Union) else [found]
    intervals = []
    for part in parts:
        if isinstance(part, sympy.Interval):
            low, high = from_sympy(simpler(part.start)), from_sympy(simpler(part.end))
            intervals.append((low, high, bool(part.left_open), bool(part.right_open)))
        elif isinstance(part, sympy.FiniteSet):
            trees = [from_sympy(simpler(v)) for v in part]
            intervals += [(t, t, False, False) for t in trees]
        elif part is sympy.S.Reals:
            intervals.append((Neg(Name("oo")), Name("oo"), True, True))
        elif part is not sympy.S.EmptySet:
            return None
    return sorted(intervals, key=lambda i: float(evaluate(i[0], {})))


def _as_text(intervals: Sequence[tuple[Any, Any, bool, bool]], name: str) -> str:
    """``-2 < x and x < 2 or x == 7``, as a condition of the language."""
    parts: list[Expression] = []
    for low, high, low_open, high_open in intervals:
        unknown, ends = Name(name), []
        if low == high:
            ends.append(Relation("==", unknown, low))
        else:
            if show(low) != "-oo":
                ends.append(Relation(">" if low_open else ">=", unknown, low))
            if show(high) != "oo":
                ends.append(Relation("<" if high_open else "<=", unknown, high))
        if not ends:
            return f"every real {name}"
        parts.append(ends[0] if len(ends) == 1 else Relation("and", ends[0], ends[1]))
    if not parts:
        return f"no real {name}"
    joined = parts[0]
    for part in parts[1:]:
        joined = Relation("or", joined, part)
    return show(joined)
