"""Ordinary differential equations, in closed form where there is one, else numerically; gradients.

The derivative of y is written ``dy``, the second ``d2y``: ``d2y + 3*dy + 2*y == 0``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import mpmath
import numpy as np
import scipy.integrate
import sympy

from havoc.errors import InputError, NeedsClarification
from havoc.tools.expression import Binary, Call, Expression, Name, Neg, Num, Relation, show
from havoc.tools.maths.answers import agrees, body, bounded, simpler, symbols_in, tree_of
from havoc.tools.maths.convert import from_sympy, has_decimals, to_sympy
from havoc.tools.maths.numeric import DIGITS, Undefined, disagreement, evaluate, value_of
from havoc.tools.operation import Invariant, Param, Recomputed, operation
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.values import FloatArray, Number

_DERIVATIVE = re.compile(r"d([2-9]?)([A-Za-z]\w*)$")
GRID = 200


@dataclass(frozen=True)
class Problem:
    """``highest[i]`` is the expression of the order-``orders[i]`` derivative of ``functions[i]``."""

    functions: tuple[str, ...]
    orders: tuple[int, ...]
    highest: tuple[Any, ...]  # sympy, of the state's names and the variable
    variable: str
    equations: tuple[Relation, ...]

    @property
    def state(self) -> list[str]:
        """Names of the state: y, dy, d2y ... up to one below the highest derivative."""
        return [
            _name(f, k) for f, n in zip(self.functions, self.orders, strict=True) for k in range(n)
        ]

    @property
    def parameters(self) -> list[str]:
        known = {*self.state, self.variable}
        return sorted({s.name for h in self.highest for s in h.free_symbols} - known)


def _name(function: str, order: int) -> str:
    return function if order == 0 else f"d{order if order > 1 else ''}{function}"


def _factors(node: Expression) -> list[tuple[str, Expression]]:
    """A product or quotient as its factors from the left: ``*`` or ``/`` and what follows it."""
    match node:
        case Binary("*" | "/" as op, left, right):
            return [*_factors(left), (op, right)]
    return [("*", node)]


def _power_of(node: Expression, symbol: str) -> int:
    """2 of ``d^2`` or ``d2``; 0 where it is something else."""
    match node:
        case Name(id) if id == symbol or re.fullmatch(symbol + r"[2-9]", id):
            return int(id[len(symbol) :] or 1)
        case Binary("^", Name(id), Num(number)) if id == symbol and number.exact.denominator == 1:
            return int(number.exact)
    return 0


def plain_derivatives(node: Expression, found: set[str]) -> Expression:
    """Write ``dy/dt``, ``d*y/d*t`` (as ``dy/dt`` may have been read) and ``d^2y/dx^2`` as dy, d2y.

    The variables after ``/d`` are added to ``found``.
    """
    match node:
        case Relation(op, left, right):
            return Relation(op, plain_derivatives(left, found), plain_derivatives(right, found))
        case Neg(operand):
            return Neg(plain_derivatives(operand, found))
        case Binary("+" | "-" | "^" as op, left, right) if not _power_of(node, "d"):
            return Binary(op, plain_derivatives(left, found), plain_derivatives(right, found))
        case Call(function, arguments):
            return Call(function, tuple(plain_derivatives(a, found) for a in arguments))
        case Binary("*" | "/", _, _):
            return _product(_factors(node), found)
    return node


def _product(factors: list[tuple[str, Expression]], found: set[str]) -> Expression:
    whole: Expression | None = None
    i = 0
    while i < len(factors):
        op, node = factors[i]
        order, step = _power_of(node, "d"), 1
        name = node.id if isinstance(node, Name) else ""
        match = _DERIVATIVE.match(name)
        follower = factors[i + 1][1] if i + 1 < len(factors) else None
        if op == "*" and order and isinstance(follower, Name):
            node, step = Name(_name(follower.id, order)), 2
            step += _skip_variable(factors, i + 2, order, found)
        elif op == "*" and match:
            step += _skip_variable(factors, i + 1, int(match[1] or 1), found)
        else:
            node = plain_derivatives(node, found)
        if whole is None:
            whole = node if op == "*" else Binary("/", Num(Number("1")), node)
        else:
            whole = Binary(op, whole, node)
        i += step
    assert whole is not None
    return whole


def _skip_variable(
    factors: list[tuple[str, Expression]], i: int, order: int, found: set[str]
) -> int:
    """How many factors from ``i`` are the ``/dt`` or ``/d*t`` of a derivative."""
    if i >= len(factors) or factors[i][0] != "/":
        return 0
    node = factors[i][1]
    if isinstance(node, Binary) and node.op == "^" and isinstance(node.left, Name):
        node = node.left
    if isinstance(node, Name) and len(node.id) > 1 and node.id[0] == "d":
        found.add(node.id[1:])
        return 1
    if isinstance(node, Name) and node.id == "d" and i + 1 < len(factors):
        after = factors[i + 1][1]
        if isinstance(after, Binary) and after.op == "^" and order > 1:
            after = after.left
        if factors[i + 1][0] == "*" and isinstance(after, Name):
            found.add(after.id)
            return 2
    return 0


def _conditions(where: Sequence[Expression], functions: Sequence[str]) -> tuple[float, list[float]]:
    """Where the initial values hold, and they, from ``y(0) == 5``."""
    places, values = set(), {}
    for condition in where:
        match condition:
            case Relation("==", Call(name, (place,)), value) | Relation(
                "==", Binary("*", Name(name), place), value
            ) if name in functions:
                try:
                    places.add(float(evaluate(place, {})))
                    values[name] = float(evaluate(value, {}))
                except Undefined:
                    raise InputError(f"{show(condition)} needs numbers") from None
            case _:
                raise InputError(
                    f"{show(condition)} is no initial value such as {functions[0]}(0) == 1"
                )
    if len(places) > 1:
        raise InputError("the initial values must hold at one place")
    return places.pop(), [values[f] for f in functions if f in values]


def _read(equations: Sequence[Expression], variable: Name | None) -> Problem:
    """Find the unknown functions and solve each equation for its highest derivative.

    Raises
    ------
    InputError
        No derivative in it, or the equations do not fix the highest derivatives.
    """
    by: set[str] = set()
    written = [plain_derivatives(e, by) for e in equations]
    relations = tuple(e for e in written if isinstance(e, Relation) and e.op == "==")
    if len(relations) < len(written):
        raise InputError("a differential equation is needed, such as dy == -2*y")
    if len(by) > 1:
        raise InputError(f"derivatives by several variables: {', '.join(sorted(by))}")
    names = symbols_in(*relations)
    orders: dict[str, int] = {}
    for n in names:
        match = _DERIVATIVE.match(n)
        if match and (match[2] in names or len(n) > 1):
            orders[match[2]] = max(orders.get(match[2], 0), int(match[1] or 1))
    if len(orders) != len(relations):
        raise InputError(
            f"{len(relations)} equations need {len(relations)} unknown functions with a derivative "
            f"(dy for y' and d2y for y''); found: {', '.join(orders) or 'none'}"
        )
    inner = {_name(f, k) for f, n in orders.items() for k in range(n + 1)}
    free = [n for n in names if n not in inner]
    guess = "x" if "x" in free and "t" not in free else "t"
    chosen = variable.id if variable else next(iter(by), guess)
    if chosen in inner:
        raise InputError(f"'{chosen}' is an unknown function, so it cannot be the variable too")
    tops = [sympy.Symbol(_name(f, n), real=True) for f, n in orders.items()]
    sides = [to_sympy(r.left, names, real=True) - to_sympy(r.right, names, real=True)
             for r in relations]  # fmt: skip
    solved = bounded(lambda: sympy.solve(sides, tops, dict=True), 3.0)
    if not solved or len(solved) != 1 or set(solved[0]) != set(tops):
        raise InputError(f"the equations do not give {' and '.join(map(str, tops))} uniquely")
    highest = tuple(solved[0][t] for t in tops)
    if any(t in h.free_symbols for h in highest for t in tops):
        raise InputError("the highest derivatives cannot be separated")
    return Problem(tuple(orders), tuple(orders.values()), highest, chosen, relations)


def _closed_form(problem: Problem, initial: Sequence[Any], start: Any) -> Any:
    """Sympy's explicit solution of a single equation, or None."""
    if len(problem.functions) > 1 or problem.orders[0] > 4:
        return None
    v = sympy.Symbol(problem.variable, real=True)
    y = sympy.Function(problem.functions[0])
    n = problem.orders[0]
    derivatives = {sympy.Symbol(_name(problem.functions[0], k), real=True): y(v).diff(v, k)
                   for k in range(1, n)}  # fmt: skip
    derivatives[sympy.Symbol(problem.functions[0], real=True)] = y(v)
    right = problem.highest[0].subs(derivatives)
    # With a parameter that happens to be named like the function's constants sympy would mix both.
    if any(re.fullmatch(r"C\d", p) for p in problem.parameters):
        return None
    ics = {
        (y(v).diff(v, k).subs(v, start) if k else y(start)): value
        for k, value in enumerate(initial)
    }

    def solve() -> Any:
        found = sympy.dsolve(sympy.Eq(y(v).diff(v, n), right), y(v), ics=ics or None)
        found = found[0] if isinstance(found, list) and len(found) == 1 else found
        return found.rhs if isinstance(found, sympy.Eq) and found.lhs == y(v) else None

    solution = bounded(solve)
    if solution is None or solution.has(sympy.Integral, sympy.Piecewise, y):
        return None
    return simpler(sympy.expand(solution) if solution.is_Add else solution)


def _slope(problem: Problem, use: Literal["numpy", "mpmath"] = "numpy") -> Any:
    """The right side of the first-order system, of (variable, state)."""
    symbols = [sympy.Symbol(n, real=True) for n in [problem.variable, *problem.state]]
    tops = [sympy.lambdify(symbols, h, use) for h in problem.highest]

    def slope(v: Any, state: Any) -> list[Any]:
        out: list[Any] = []
        at = 0
        for top, n in zip(tops, problem.orders, strict=True):
            out += [*state[at + 1 : at + n], top(v, *state)]
            at += n
        return out

    return slope


LONGEST = 1e6  # a numerical solution beyond does not come to an end


def _integrate(problem: Problem, initial: Sequence[float], start: float, end: float, method: str,
               rtol: float) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    grid = np.linspace(start, end, GRID + 1)
    slope = _slope(problem)
    if abs(end - start) > LONGEST:
        raise InputError(
            f"the solution is followed over at most {LONGEST:g} units of its variable, not to {end:g}"
        )
    scale = max(1.0, *map(abs, initial))
    with np.errstate(all="ignore"):
        found = scipy.integrate.solve_ivp(
            lambda v, s: np.array(slope(v, s), dtype=float), (start, end), list(initial),
            method=method, t_eval=grid, rtol=rtol, atol=rtol * 1e-2 * scale,
        )  # fmt: skip
    if not found.success or not np.all(np.isfinite(found.y)) or found.y.shape[1] != len(grid):
        raise InputError(
            f"the solution cannot be followed to {problem.variable} = {end:g}: it grows without "
            "bound or has no real value on the way"
        )
    return grid, found.y


def _number(value: float) -> Any:
    return sympy.Rational(repr(value)) if value != int(value) else sympy.Integer(int(value))


def _by_taylor(problem: Problem, initial: Sequence[float], start: float, end: float) -> list[float]:
    """The end state by a high-order implicit method; an independent route to the explicit one."""
    return [float(v) for v in _integrate(problem, initial, start, end, "Radau", 1e-9)[1][:, -1]]


def _initial(arguments: Mapping[str, Any], problem: Problem) -> tuple[tuple[float, ...], float]:
    """Initial values and their place, from either way of writing them."""
    if arguments["where"] is None:
        return tuple(arguments["initial"]), float(arguments["start"])
    if arguments["initial"]:
        raise InputError("initial values are given twice: by where and by initial")
    start, values = _conditions(arguments["where"], problem.functions)
    if any(n > 1 for n in problem.orders):
        raise InputError("for a higher derivative give initial=[y, dy, ...]")
    return tuple(values), start


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The closed form is put back into the equation; numbers are integrated by another method."""
    problem = _read(arguments["equations"], arguments["variable"])
    initial, start = _initial(arguments, problem)
    end = arguments["at"]
    again: dict[str, Any] = {"order": sum(problem.orders), "start": start}
    tree = result.extra.get("expression")
    if tree is not None:
        again["expression"] = show(tree)
        again["put back into the equation"] = agrees(_residual(problem, tree))
        if initial:
            again["initial values"] = agrees(_missed_start(problem, tree, initial, start))
    if initial and end is not None and not problem.parameters:
        state = _by_taylor(problem, initial, start, end)
        firsts = np.cumsum([0, *problem.orders[:-1]])
        scale = max(1e-3, *map(abs, state))
        again["at"] = end
        again["values"] = [
            Recomputed(state[i], 1e-6 * max(1.0, scale / max(abs(state[i]), 1e-3))) for i in firsts
        ]
        tolerance = max(r.tolerance for r in again["values"])
        again["values"] = Recomputed([r.value for r in again["values"]], tolerance)
    return again


def _residual(problem: Problem, tree: Expression) -> float:
    """By how much the closed form fails the equation, over points, by differences."""
    function, order = problem.functions[0], problem.orders[0]
    names = tuple(dict.fromkeys([problem.variable, *symbols_in(tree, beside=[problem.variable])]))
    names = tuple(dict.fromkeys([*names, *problem.parameters]))
    equation = problem.equations[0]

    def filled(point: Mapping[str, Any]) -> dict[str, Any]:
        def y(v: Any) -> Any:
            return evaluate(tree, {**point, problem.variable: v})

        here = point[problem.variable]
        try:
            own = {_name(function, k): mpmath.diff(y, here, k) if k else y(here)
                   for k in range(order + 1)}  # fmt: skip
        except (ZeroDivisionError, ValueError) as error:
            raise Undefined(str(error)) from None
        return {**point, **own}

    return disagreement(
        lambda p: value_of(equation.left)(filled(p)),
        lambda p: value_of(equation.right)(filled(p)),
        names,
    )


def _missed_start(problem: Problem, tree: Expression, initial: Any, start: float) -> float:
    with mpmath.workdps(DIGITS):
        others = dict.fromkeys(problem.parameters, mpmath.sqrt(2))
        worst = 0.0
        for k, wanted in enumerate(initial):
            try:
                got = mpmath.diff(
                    lambda v: evaluate(tree, {**others, problem.variable: v}), mpmath.mpf(start), k
                )
            except (Undefined, ZeroDivisionError, ValueError):
                return (
                    0.0  # the point itself is singular (such as 0 of ln); the equation was checked
                )
            worst = max(worst, abs(float(mpmath.re(got)) - wanted) / max(1.0, abs(wanted)))
        return worst if worst > 1e-11 else 0.0


@operation(
    "maths.ode",
    outputs={
        "expression": "the solution in closed form, where there is one",
        "functions": "the unknown functions",
        "variable": "the variable they depend on",
        "order": "order of the equation or system",
        "method": "closed form, or numerical integration",
        "start": "where the initial values hold",
        "at": "where the values are given",
        "values": "value of each function there",
    },
    reference="Boyce and DiPrima (2012), Elementary Differential Equations, 10th ed.; Hairer, "
    "Norsett and Wanner (1993), Solving Ordinary Differential Equations I (DOP853)",
    verifier=_verify,
    tolerance=1e-6,
    examples=(
        "r = maths.ode(dy == -0.3*y, initial=[5], at=4)",
        "r = maths.ode(dT/dt == 0.1*(20 - T), where=T(0) == 90, at=12)",
        "r = maths.ode(d2y + 3*dy + 2*y == 0)",
        "r = maths.ode(d2y == -4*y, variable=t, initial=[1, 0], at=1)",
        "r = maths.ode([dx == x*(1 - 0.5*y), dy == y*(0.3*x - 0.8)], initial=[2, 1], at=5)",
    ),
    terms=("differential equation", "ODE", "initial value problem", "y' =", "dy/dx"),
)
def ode(
    equations: Annotated[
        tuple[Expression, ...],
        Param("equation(s) with dy for y' and d2y for y''", min_length=1),
    ],
    where: Annotated[
        tuple[Expression, ...] | None, Param("initial value of each function, such as y(0) == 5")
    ] = None,
    variable: Annotated[
        Name | None, Param("what the functions depend on; otherwise t or x")
    ] = None,
    initial: Annotated[
        tuple[float, ...], Param("initial values: y, then dy, d2y ... of each function in turn")
    ] = (),
    start: Annotated[float, Param("where the initial values hold")] = 0.0,
    at: Annotated[float | None, Param("where to give the values of the functions")] = None,
) -> Result:
    """Solve an ordinary differential equation, or a system of them.

    A closed form is given where one is found, and is put back into the equation to check it; with
    initial values and ``at`` the values there are integrated numerically (DOP853).
    """
    arguments = locals()
    problem = _read(equations, variable)
    initial, start = _initial(arguments, problem)
    if initial and len(initial) != sum(problem.orders):
        raise InputError(
            f"{sum(problem.orders)} initial values are needed ({', '.join(problem.state)} at the "
            f"start), not {len(initial)}"
        )
    if at is not None and not initial:
        raise NeedsClarification(f"what are {', '.join(problem.state)} at the start?")
    if at is not None and at == start:
        raise InputError(f"at={at:g} is where the initial values hold already")
    values: dict[str, Any] = {
        "functions": list(problem.functions), "variable": problem.variable,
        "order": sum(problem.orders), "start": start,
    }  # fmt: skip
    form = _closed_form(problem, [_number(v) for v in initial], _number(start))
    extra: dict[str, Any] = {}
    if form is not None:
        tree = tree_of(form, has_decimals(*equations))
        extra["expression"] = tree
        values["expression"] = show(tree)
    numeric = at is not None and not problem.parameters
    if form is None and not numeric:
        raise InputError(
            "no closed form was found"
            + (f"; give numbers for {', '.join(problem.parameters)}" if problem.parameters else "")
            + "; with initial=[...] and at=... it can be solved numerically"
        )
    values["method"] = "closed form" if form is not None else "numerical integration"
    words = "{functions[0]}({variable}) = {expression}" if form is not None else ""
    if not numeric:
        return Result(values, words + ".", extra=extra)
    assert at is not None
    grid, path = _integrate(problem, initial, start, at, "DOP853", 1e-11)
    firsts = [int(i) for i in np.cumsum([0, *problem.orders[:-1]])]
    values |= {"at": at, "values": [float(path[i, -1]) for i in firsts]}
    told = " and ".join(
        f"{{functions[{k}]}} = {{values[{k}]}}" for k in range(len(problem.functions))
    )
    words = (
        f"{words}; at {{variable}} = {{at}}, {told}"
        if words
        else f"At {{variable}} = {{at}}: {told}"
    )
    step = np.linspace(0, GRID, 11).astype(int)
    return Result(
        values,
        words + ".",
        tables=(
            table_of("solution", (problem.variable, *problem.functions),
                     [(float(grid[i]), *(float(path[j, i]) for j in firsts)) for i in step]),
        ),
        figures=(
            Figure("curves", "Solution", {
                "x": grid.tolist(),
                "series": [{"name": f, "y": path[j].tolist()}
                           for f, j in zip(problem.functions, firsts, strict=True)],
                "x_label": problem.variable, "y_label": ", ".join(problem.functions),
            }),
        ),
        extra=extra,
    )  # fmt: skip


def _variables(tree: Expression, named: tuple[Name, ...] | None) -> list[str]:
    names = list(symbols_in(tree)) if named is None else [v.id for v in named]
    if not names:
        raise InputError(f"{show(tree)} has no variable")
    odd = set(names) ^ set(symbols_in(tree, beside=names))
    if odd:
        raise InputError(f"'{sorted(odd)[0]}' is not in both {show(tree)} and the variables")
    return names


def _verify_gradient(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Partial derivatives by differences in high precision."""
    tree = body(arguments["expression"])
    names = list(result.values["variables"])  # type: ignore[arg-type, call-overload]
    again: dict[str, Any] = {"gradient": [show(t) for t in result.extra["trees"]]}
    for name, partial in zip(names, result.extra["trees"], strict=True):

        def by_differences(point: Mapping[str, Any], name: str = name) -> Any:
            try:
                return mpmath.diff(lambda v: evaluate(tree, {**point, name: v}), point[name])
            except (ZeroDivisionError, ValueError) as error:
                raise Undefined(str(error)) from None

        again[f"d/d{name}"] = agrees(disagreement(by_differences, value_of(partial), names))
    if "values" in result.values:
        given = zip(names, arguments["at"], strict=True)
        with mpmath.workdps(DIGITS):
            point = {n: mpmath.mpf(repr(v)) for n, v in given}
            slopes = [
                float(mpmath.diff(lambda v, n=n: evaluate(tree, {**point, n: v}), point[n]))
                for n in names
            ]
            hessian = [[_second(tree, point, a, b) for b in names] for a in names]
        eigenvalues = sorted(float(v) for v in np.linalg.eigvalsh(np.array(hessian)))
        scale = max(1.0, *(abs(v) for row in hessian for v in row))
        off = max(abs(a - b) for ra, rb in zip(result.values["hessian"], hessian, strict=True)  # type: ignore[arg-type]
                  for a, b in zip(ra, rb, strict=True))  # fmt: skip
        again |= {
            "at": [float(point[n]) for n in names],
            "values": Recomputed(slopes, 1e-9),
            "norm": Recomputed(float(np.hypot.reduce(slopes)) if len(slopes) > 1
                               else abs(slopes[0]), 1e-9),
            "hessian": result.values["hessian"],
            "hessian by differences": Invariant(off / scale, 0.0, 1e-7),
            "hessian_eigenvalues": Recomputed(eigenvalues, 1e-6),
        }  # fmt: skip
    return again


def _second(tree: Expression, point: Mapping[str, Any], a: str, b: str) -> float:
    if a == b:
        return float(mpmath.diff(lambda v: evaluate(tree, {**point, a: v}), point[a], 2))
    return float(
        mpmath.diff(
            lambda u, v: evaluate(tree, {**point, a: u, b: v}), (point[a], point[b]), (1, 1)
        )
    )


@operation(
    "maths.gradient",
    outputs={
        "variables": "the variables, in order",
        "gradient": "partial derivative with respect to each",
        "at": "point at which numbers are given",
        "values": "the gradient there",
        "norm": "its length: the steepest slope",
        "hessian": "second derivatives there",
        "hessian_eigenvalues": "eigenvalues of the second derivatives, rising",
    },
    reference="Stewart (2015), Calculus: Early Transcendentals, 8th ed., sections 14.3 and 14.6",
    verifier=_verify_gradient,
    examples=(
        "r = maths.gradient(x^2*y + sin(y))",
        "r = maths.gradient(x^2 + 3*x*y - y^2, at=[1, 2])",
    ),
    terms=("gradient", "partial derivatives", "Hessian", "steepest slope"),
)
def gradient(
    expression: Annotated[Expression, Param("expression of several variables")],
    at: Annotated[
        tuple[float, ...] | None,
        Param("point at which to give numbers, in the order the variables first appear"),
    ] = None,
    variables: Annotated[tuple[Name, ...] | None, Param("the variables, in order")] = None,
) -> Result:
    """Find the partial derivatives of an expression; at a point also the Hessian."""
    tree = body(expression)
    names = _variables(tree, variables)
    if at is not None and len(at) != len(names):
        raise InputError(
            f"the point needs {len(names)} numbers ({', '.join(names)}), not {len(at)}"
        )
    symbols = [sympy.Symbol(n, real=True) for n in names]
    whole = to_sympy(tree, names, real=True)
    decimals = has_decimals(tree)
    trees = [tree_of(simpler(sympy.diff(whole, s)), decimals) for s in symbols]
    values: dict[str, Any] = {"variables": names, "gradient": [show(t) for t in trees]}
    words = "The gradient is ({gradient})"
    if at is not None:
        with mpmath.workdps(DIGITS):
            try:
                point = {n: mpmath.mpf(repr(v)) for n, v in zip(names, at, strict=True)}
                slopes = [float(mpmath.re(evaluate(t, point))) for t in trees]
                hessian = [
                    [float(mpmath.re(evaluate(from_sympy(sympy.diff(whole, a, b)), point)))
                     for b in symbols]
                    for a in symbols
                ]  # fmt: skip
            except Undefined as error:
                raise InputError(f"there is no gradient at that point: {error}") from None
        values |= {
            "at": [float(point[n]) for n in names],
            "values": slopes,
            "norm": float(np.sqrt(np.sum(np.square(slopes)))),
            "hessian": hessian,
            "hessian_eigenvalues": [float(v) for v in np.linalg.eigvalsh(np.array(hessian))],
        }
        words += "; at the point it is ({values})"
    return Result(values, words + ".", extra={"trees": tuple(trees)})
