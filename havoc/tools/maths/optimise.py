"""Least and greatest values of an expression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

import mpmath
import numpy as np
import scipy.optimize
import sympy

from havoc.errors import InputError
from havoc.tools.expression import Binary, Expression, Name, Neg, Num, Relation, show
from havoc.tools.maths.answers import body, bounded, symbols_in
from havoc.tools.maths.convert import NotWritable, from_sympy, to_sympy
from havoc.tools.maths.numeric import DIGITS, Undefined, evaluate
from havoc.tools.operation import Invariant, Param, Recomputed, operation
from havoc.tools.result import Assumption, Result, Value
from havoc.tools.values import Factor

_NOCEDAL = "Nocedal and Wright (2006), Numerical Optimization, 2nd ed., chapters 2, 12 and 18"
_OUTPUTS = {
    "variables": "the variables",
    "at": "their values at the optimum, in that order",
    "value": "value of the expression there",
}
_FAR = 1e4


@dataclass(frozen=True)
class Problem:
    """Minimise ``tree`` (already negated for a maximum) over ``names``."""

    tree: Expression
    names: tuple[str, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    conditions: tuple[Expression, ...]

    def free(self, point: Any) -> float:
        """The value at a point, conditions aside; infinite where there is none."""
        named = dict(zip(self.names, map(mpmath.mpf, map(float, point)), strict=True))
        try:
            value = evaluate(self.tree, named)
        except Undefined:
            return float("inf")
        if mpmath.im(value) != 0 or not mpmath.isfinite(value):
            return float("inf")
        return float(mpmath.re(value))

    def at(self, point: Any) -> float:
        """The value at a point; infinite where a condition fails by more than 1e-9."""
        if any(margin(c, self.names, point) < -1e-9 for c in self.conditions):
            return float("inf")
        return self.free(point)

    @property
    def finite(self) -> bool:
        return all(np.isfinite(self.low)) and all(np.isfinite(self.high))


def margin(condition: Expression, names: Sequence[str], point: Any) -> float:
    """By how much a condition holds at a point: negative where it fails."""
    named = dict(zip(names, map(mpmath.mpf, map(float, point)), strict=True))
    match condition:
        case Relation("and", left, right):
            return min(margin(left, names, point), margin(right, names, point))
        case Relation("or", left, right):
            return max(margin(left, names, point), margin(right, names, point))
        case Relation(op, left, right):
            try:
                gap = float(mpmath.re(evaluate(left, named) - evaluate(right, named)))
            except Undefined:
                return -1e9
            return {">": gap, ">=": gap, "<": -gap, "<=": -gap, "==": -abs(gap)}.get(op, 0.0)
    return 0.0


def _problem(
    expression: Expression, bounds: Sequence[Factor], where: Sequence[Expression] | None, sign: int
) -> Problem:
    expression = body(expression)
    names = symbols_in(expression)
    if not names:
        raise InputError(f"{show(expression)} has no variable")
    low, high = dict.fromkeys(names, -np.inf), dict.fromkeys(names, np.inf)
    for factor in bounds:
        if factor.name not in low:
            raise InputError(f"'{factor.name}' does not occur in {show(expression)}")
        if factor.range is None:
            raise InputError(f"'{factor.name}' needs a range low..high")
        low[factor.name], high[factor.name] = factor.low, factor.high
    conditions = []
    for condition in where or ():
        if not isinstance(condition, Relation):
            raise InputError(f"{show(condition)} is no condition (such as q > 0)")
        _tighten(condition, low, high)
        conditions.append(condition)
    tree = expression if sign > 0 else Neg(expression)
    return Problem(tree, names, tuple(low.values()), tuple(high.values()), tuple(conditions))


def _tighten(condition: Relation, low: dict[str, float], high: dict[str, float]) -> None:
    """``q > 0`` bounds q."""
    match condition:
        case Relation("and", left, right):
            for part in (left, right):
                if isinstance(part, Relation):
                    _tighten(part, low, high)
        case Relation(">" | ">=", Name(id), Num(number)) if id in low:
            low[id] = max(low[id], number.value)
        case Relation("<" | "<=", Name(id), Num(number)) if id in low:
            high[id] = min(high[id], number.value)


# --- search ----------------------------------------


def _stationary(problem: Problem) -> list[list[float]]:
    """Real points where every derivative is zero, by algebra where it succeeds."""
    symbols = [sympy.Symbol(n, real=True) for n in problem.names]
    gradient = [sympy.diff(to_sympy(problem.tree, real=True), s) for s in symbols]
    found: Any = bounded(lambda: sympy.solve(gradient, symbols, dict=True), 3.0)
    points = []
    for solution in found or []:
        values = [sympy.N(solution.get(s, s), 30) for s in symbols]
        if all(v.is_number and v.is_real for v in values):
            points.append([float(v) for v in values])
    return points


def _numerical(problem: Problem) -> list[list[float]]:
    """Local optima from many starts, inside the bounds or a wide box."""
    low = np.maximum(problem.low, -_FAR)
    high = np.minimum(problem.high, _FAR)
    rng, found = np.random.default_rng(0), []
    starts = [np.clip(np.ones(len(low)), low, high), (low + high) / 2]
    starts += [low + (high - low) * rng.random(len(low)) for _ in range(6)]
    starts += [np.clip(rng.normal(0, 3, len(low)), low, high) for _ in range(4)]
    for start in starts:
        if not np.isfinite(problem.at(start)):
            continue
        step = scipy.optimize.minimize(
            problem.at,
            start,
            method="Nelder-Mead",
            bounds=list(zip(low, high, strict=True)),
            options={"xatol": 1e-10, "fatol": 1e-13, "maxiter": 600 * len(low)},
        )
        found.append(step.x.tolist())
    if problem.conditions:
        found += [p for start in starts if (p := _constrained(problem, start)) is not None]
    return found


def _constrained(problem: Problem, start: Any) -> list[float] | None:
    """A local optimum under the conditions, by sequential quadratic programming."""

    def constraint(condition: Expression) -> dict[str, Any]:
        equal = isinstance(condition, Relation) and condition.op == "=="
        if equal:
            sides = Binary("-", condition.left, condition.right)  # type: ignore[union-attr]
            return {"type": "eq", "fun": replace(problem, tree=sides, conditions=()).free}
        return {"type": "ineq", "fun": lambda p: margin(condition, problem.names, p)}

    low, high = np.maximum(problem.low, -1e9), np.minimum(problem.high, 1e9)
    with np.errstate(all="ignore"):
        step = scipy.optimize.minimize(
            lambda p: min(problem.free(p), 1e300),
            start,
            method="SLSQP",
            bounds=list(zip(low, high, strict=True)),
            constraints=[constraint(c) for c in problem.conditions],
            options={"ftol": 1e-14, "maxiter": 300},
        )
    return step.x.tolist() if np.all(np.isfinite(step.x)) else None  # type: ignore[no-any-return]


def _corners(problem: Problem) -> list[list[float]]:
    """The finite ends of the bounds (to 8 variables)."""
    if len(problem.names) > 8:
        return []
    ends = [
        [v for v in pair if np.isfinite(v)] for pair in zip(problem.low, problem.high, strict=True)
    ]
    if not all(ends):
        return []
    return [list(p) for p in np.array(np.meshgrid(*ends)).T.reshape(-1, len(ends))]


def _is_local_minimum(problem: Problem, point: Sequence[float]) -> bool:
    here, rng = problem.at(point), np.random.default_rng(1)
    if not np.isfinite(here):
        return False
    size = 1e-4 * np.maximum(np.abs(point), 1e-2)
    steps = [*np.diag(size), *(-np.diag(size)), *(size * rng.normal(size=(12, len(size))))]
    inside = [np.clip(np.add(point, s), problem.low, problem.high) for s in steps]
    slack = 1e-10 * max(1.0, abs(here))
    return all(problem.at(p) >= here - slack for p in inside)


def _polished(problem: Problem, point: Sequence[float]) -> list[float]:
    """Newton's method on the gradient where the optimum is inside; else the point as it is."""
    symbols = [sympy.Symbol(n, real=True) for n in problem.names]
    try:
        slopes = [from_sympy(sympy.diff(to_sympy(problem.tree, real=True), s)) for s in symbols]

        def gradient(*values: Any) -> list[Any]:
            named = dict(zip(problem.names, values, strict=True))
            return [evaluate(g, named) for g in slopes]

        with mpmath.workdps(30):
            root = mpmath.findroot(gradient, [mpmath.mpf(v) for v in point], tol=1e-40)
            better = [
                float(v)
                for v in (root if len(point) > 1 else [root[0] if hasattr(root, "rows") else root])
            ]
    except (NotWritable, Undefined, ValueError, ZeroDivisionError, TypeError):
        return list(point)
    near = np.allclose(better, point, rtol=1e-3, atol=1e-4)
    return better if near and problem.at(better) <= problem.at(point) + 1e-9 else list(point)


def _optimum(problem: Problem) -> tuple[list[float], list[str]]:
    candidates = [*_stationary(problem), *_corners(problem)]
    inside = [
        p
        for p in candidates
        if np.all(np.less_equal(problem.low, p)) and np.all(np.less_equal(p, problem.high))
    ]
    minima = [p for p in inside if _is_local_minimum(problem, p)]
    if not minima or len(problem.names) > 1 or problem.conditions:
        minima += [p for p in _numerical(problem) if _is_local_minimum(problem, p)]
    if not minima:
        raise InputError("no optimum was found: is the expression bounded there?")
    least = min(problem.at(p) for p in minima)
    slack = 1e-9 * max(1.0, abs(least))  # of equal ones, the one that keeps the conditions best
    best = max(
        (p for p in minima if problem.at(p) <= least + slack),
        key=lambda p: min((margin(c, problem.names, p) for c in problem.conditions), default=0.0),
    )
    warnings = []
    if not problem.finite and problem.at(best) > _elsewhere(problem):
        warnings.append(
            "This is a local optimum: the expression goes beyond it elsewhere. Give bounds if only "
            "a part of the range is meant."
        )
    return _polished(problem, best), warnings


def _elsewhere(problem: Problem) -> float:
    """The least value at far and scattered points within the bounds."""
    low, high = np.maximum(problem.low, -1e6), np.minimum(problem.high, 1e6)
    rng = np.random.default_rng(2)
    probes = [low + (high - low) * rng.random(len(low)) for _ in range(60)]
    probes += [
        np.clip(rng.normal(0, s, len(low)), low, high)
        for s in (0.01, 0.1, 1, 10, 100)
        for _ in range(20)
    ]
    return min(problem.at(p) for p in probes)


# --- the operations ----------------------------------------


def _verify(arguments: Mapping[str, Any], result: Result, sign: int) -> dict[str, Any]:
    """A fresh local search that starts beside the optimum must come back to it."""
    problem = _problem(arguments["expression"], arguments["bounds"] or (), arguments["where"], sign)
    start = np.array(result.extra["at"])
    reach = 0.1 * np.maximum(np.abs(start), 1.0)
    low, high = np.maximum(problem.low, start - reach), np.minimum(problem.high, start + reach)
    beside = np.clip(start + 0.03 * reach, low, high)
    inner = replace(problem, low=tuple(low), high=tuple(high))
    again: Any = _constrained(inner, beside) if problem.conditions else _powell(inner, beside)
    lower = problem.at(again) < problem.at(start) - 1e-7 * max(1.0, abs(problem.at(start)))
    with mpmath.workdps(DIGITS):
        named = {n: mpmath.mpf(v) for n, v in zip(problem.names, start, strict=True)}
        value = float(mpmath.re(evaluate(body(arguments["expression"]), named)))
    return {
        "at": Recomputed([float(v) for v in again], 2e-5),
        "value": Recomputed(value, 1e-10),
        "a better point beside it": Invariant(float(lower), 0.0),
    }


def _powell(problem: Problem, start: Any) -> Any:
    return scipy.optimize.minimize(
        problem.at,
        start,
        method="Powell",
        bounds=list(zip(problem.low, problem.high, strict=True)),
        options={"xtol": 1e-9, "ftol": 1e-15},
    ).x


def _verify_minimise(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    return _verify(arguments, result, 1)


def _verify_maximise(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    return _verify(arguments, result, -1)


def _solved(
    expression: Expression, bounds: Sequence[Factor], where: Sequence[Expression] | None, sign: int
) -> Result:
    problem = _problem(expression, bounds, where, sign)
    if len(problem.names) > 6:
        raise InputError("at most 6 variables are taken")
    best, warnings = _optimum(problem)
    values: dict[str, Value] = {
        "variables": list(problem.names),
        "at": [round(v) if abs(v - round(v)) < 1e-12 else v for v in best],
        "value": sign * problem.at(best),
    }
    edge = [
        n
        for n, v, a, b in zip(problem.names, best, problem.low, problem.high, strict=True)
        if v in (a, b)
    ]
    if edge:
        warnings.append(f"The optimum lies on the bound of {', '.join(edge)}.")
    word = "least" if sign > 0 else "greatest"
    place = ", ".join(f"{{variables[{i}]}} = {{at[{i}]}}" for i in range(len(best)))
    return Result(
        values,
        f"The {word} value is {{value}}, at {place}.",
        assumptions=(
            Assumption(
                "global optimum",
                None,
                "found by stationary points and searches from many starts; not proved to be global",
            ),
        ),
        warnings=tuple(warnings),
        extra={"at": tuple(best)},
    )


@operation(
    "maths.minimise",
    outputs=_OUTPUTS,
    reference=_NOCEDAL,
    verifier=_verify_minimise,
    examples=(
        "r = maths.minimise(5000/q + 2*q + 30, where=[q > 0])",
        "r = maths.minimise((x - 1)^2 + (y + 2)^2 + x*y, x=-5..5, y=-5..5)",
    ),
    terms=("minimise", "minimum", "least cost", "optimal value", "optimum of a function"),
)
def minimise(
    expression: Annotated[Expression, Param("expression to make small")],
    where: Annotated[tuple[Expression, ...] | None, Param("conditions such as q > 0")] = None,
    bounds: Annotated[tuple[Factor, ...] | None, Param("bounds: name=low..high")] = None,
) -> Result:
    """Find where an expression is least, within bounds and conditions.

    Stationary points by algebra, the ends of the bounds, and searches from many starts; the best is
    refined by Newton's method.
    """
    return _solved(expression, bounds or (), where, 1)


@operation(
    "maths.maximise",
    outputs=_OUTPUTS,
    reference=_NOCEDAL,
    verifier=_verify_maximise,
    examples=(
        "r = maths.maximise(x*exp(-x/3), x=0..20)",
        "r = maths.maximise(40*p - 0.5*p^2 - 100)",
    ),
    terms=("maximise", "maximum", "largest value", "peak", "greatest profit"),
)
def maximise(
    expression: Annotated[Expression, Param("expression to make large")],
    where: Annotated[tuple[Expression, ...] | None, Param("conditions such as q > 0")] = None,
    bounds: Annotated[tuple[Factor, ...] | None, Param("bounds: name=low..high")] = None,
) -> Result:
    """Find where an expression is greatest, within bounds and conditions.

    As ``maths.minimise``, of the negative.
    """
    return _solved(expression, bounds or (), where, -1)
