"""Nonlinear least squares of any expression, written as it is: y = a*(1 - exp(-b*x))."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt

from havoc.errors import InputError, NeedsClarification, nearest
from havoc.tools.diagnostics import independence, normal_residuals
from havoc.tools.expression import (
    Binary,
    Call,
    Expression,
    Name,
    Neg,
    Num,
    Relation,
    Text,
    free_symbols,
    show,
)
from havoc.tools.linear_model import t_quantile, t_quantile_again, t_two_sided, t_two_sided_again
from havoc.tools.operation import Invariant, Param, Recomputed, operation
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.values import FloatArray, Sample, complete_cases

Array = npt.NDArray[Any]
CONSTANTS = {"pi": math.pi, "e": math.e}
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "exp": np.exp,
    "log": np.log,
    "ln": np.log,
    "log10": np.log10,
    "log2": np.log2,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
}
TOLERANCE = 1e-5


def evaluate(expression: Expression, values: Mapping[str, Any]) -> Any:
    """Its value where each name has one; names may be arrays, complex ones too."""
    match expression:
        case Num(number):
            return number.value
        case Name(id):
            if id in values:
                return values[id]
            if id in CONSTANTS:
                return CONSTANTS[id]
            raise InputError(f"'{id}' is neither a predictor nor a parameter of the model")
        case Neg(operand):
            return -evaluate(operand, values)
        case Binary(op, left, right):
            a, b = evaluate(left, values), evaluate(right, values)
            if op == "+":
                return a + b
            if op == "-":
                return a - b
            if op == "*":
                return a * b
            if op == "/":
                return a / b
            if op == "^":
                return np.power(a, b)
        case Call(function, (argument,)) if function in FUNCTIONS:
            return FUNCTIONS[function](evaluate(argument, values))
        case Call(function, _):
            raise InputError(f"a model has no function '{function}'{nearest(function, FUNCTIONS)}")
        case Relation() | Text():
            raise InputError("a model is an arithmetic expression")
    raise InputError(f"'{show(expression)}' cannot stand in a model")


@dataclass(frozen=True)
class Problem:
    model: Expression
    y: FloatArray
    x: Mapping[str, FloatArray]
    parameters: tuple[str, ...]
    response: str
    n_dropped: int

    def predicted(self, theta: Array, x: Mapping[str, FloatArray] | None = None) -> Array:
        known: dict[str, Any] = dict(self.x if x is None else x)
        size = len(next(iter(known.values())))
        known.update(zip(self.parameters, theta, strict=True))
        with np.errstate(all="ignore"):
            return np.asarray(evaluate(self.model, known)) + np.zeros(size)

    def jacobian(self, theta: FloatArray, x: Mapping[str, FloatArray] | None = None) -> FloatArray:
        """Derivatives by the complex step: exact to rounding (Squire and Trapp 1998)."""
        columns = []
        for j in range(len(theta)):
            h = 1e-30
            moved = theta.astype(complex)
            moved[j] += 1j * h
            columns.append(np.imag(self.predicted(moved, x)) / h)
        return np.column_stack(columns)

    def sse(self, theta: FloatArray) -> float:
        value = float(((self.y - self.predicted(theta)) ** 2).sum())
        return value if math.isfinite(value) else math.inf


def _right_side(model: Expression) -> Expression:
    """``y == a*exp(b*x)`` is the model ``a*exp(b*x)`` of what is given as y, whatever its name."""
    if isinstance(model, Relation) and model.op == "==" and isinstance(model.left, Name):
        return model.right
    return model


def _problem(arguments: Mapping[str, Any]) -> Problem:
    model, y, x = _right_side(arguments["model"]), arguments["y"], arguments["x"]
    symbols = free_symbols(model, frozenset(CONSTANTS))
    names = [s.name for s in x]
    if len(x) == 1 and names[0] not in symbols and "x" in symbols:
        names = ["x"]
    elif not set(names) <= set(symbols) and all(n.startswith("group") for n in names):
        names = [f"x{i}" for i in range(1, len(x) + 1)]
    for name in names:
        if name not in symbols:
            raise InputError(f"the predictor '{name}' does not occur in {show(model)}")
    parameters = tuple(s for s in symbols if s not in names)
    if not parameters:
        raise NeedsClarification(f"which names in {show(model)} are the parameters to estimate?")
    columns, dropped = complete_cases(y, *x)
    if len(columns[0]) <= len(parameters):
        raise InputError(f"{len(parameters)} parameters need more than {len(columns[0])} rows")
    floats = [c.values for c in columns if isinstance(c, Sample)]
    if np.ptp(floats[0]) == 0:
        raise InputError(f"'{y.name}' is the same in every row: there is no curve to fit")
    known = dict(zip(names, floats[1:], strict=True))
    return Problem(model, floats[0], known, parameters, y.name, dropped)


def _solve(problem: Problem, start: Sequence[float] | None) -> FloatArray:
    """Levenberg-Marquardt from the given values, or from a grid of magnitudes."""
    from scipy.optimize import curve_fit

    k = len(problem.parameters)
    if start is not None:
        if len(start) != k:
            raise InputError(
                f"start needs {k} value(s), in the order {', '.join(problem.parameters)}; it has {len(start)}"
            )
        starts = [np.array(start, dtype=float)]
    else:
        size = float(np.abs(problem.y).max()) or 1.0
        choices = (1.0, 0.1, 0.01, size, 10.0, -1.0, -0.1)
        grid = [np.array(g) for g in itertools.islice(itertools.product(choices, repeat=k), 3000)]
        starts = sorted(grid, key=problem.sse)[:12]
    best: FloatArray | None = None
    index = np.arange(len(problem.y))
    import warnings

    for theta in starts:
        if not math.isfinite(problem.sse(theta)):
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found, _ = curve_fit(
                    lambda _, *t: problem.predicted(np.array(t)),
                    index,
                    problem.y,
                    p0=theta,
                    jac=lambda _, *t: problem.jacobian(np.array(t)),
                    method="lm",
                    maxfev=4000,
                    ftol=1e-15,
                    xtol=1e-15,
                    gtol=1e-15,
                )
        except (RuntimeError, ValueError, TypeError):
            continue
        if best is None or problem.sse(found) < problem.sse(best):
            best = np.asarray(found)
    if best is None or not math.isfinite(problem.sse(best)):
        raise InputError(
            "the model could not be fitted from these starting values; give start=[...] for "
            + ", ".join(problem.parameters)
        )
    return best


def _polished(problem: Problem, theta: FloatArray) -> FloatArray:
    """Second route: Gauss-Newton steps by QR with halving, from a point moved off the solution."""
    current = theta * (1 + 1e-4)
    for _ in range(200):
        jacobian = problem.jacobian(current)
        scale = np.linalg.norm(jacobian, axis=0)
        scale[scale == 0] = 1
        q, r = np.linalg.qr(jacobian / scale)
        step = np.linalg.solve(r, q.T @ (problem.y - problem.predicted(current))) / scale
        factor = 1.0
        while factor > 1e-8 and problem.sse(current + factor * step) > problem.sse(current):
            factor /= 2
        if factor <= 1e-8 or np.abs(step).max() < 1e-14 * np.abs(current).max():
            break
        current = current + factor * step
    return np.asarray(current)


def _covariance(jacobian: FloatArray) -> FloatArray:
    scale = np.linalg.norm(jacobian, axis=0)
    if (scale == 0).any() or np.linalg.cond(jacobian / np.where(scale == 0, 1, scale)) > 1e10:
        raise InputError(
            "the data do not determine all parameters (some combination of them leaves the fit "
            "unchanged); use fewer parameters or more data"
        )
    r = np.linalg.qr(jacobian / scale, mode="r")
    inverse = np.linalg.inv(r)
    return np.asarray(inverse @ inverse.T / np.outer(scale, scale))


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    problem = _problem(arguments)
    reported = np.array(result.values["coefficients"], dtype=float)
    theta = _polished(problem, reported)
    residuals = problem.y - problem.predicted(theta)
    jacobian = problem.jacobian(theta)
    df = len(problem.y) - len(theta)
    total = float(((problem.y - problem.y.mean()) ** 2).sum())
    sse = math.fsum(residuals**2)
    s = math.sqrt(sse / df)
    normal = np.linalg.svd(jacobian / np.linalg.norm(jacobian, axis=0), full_matrices=False)
    inverse = (normal[2].T / normal[1] ** 2) @ normal[2]
    se = s * np.sqrt(np.diag(inverse)) / np.linalg.norm(jacobian, axis=0)
    t = theta / np.where(se == 0, 1, se)
    half = t_quantile_again(arguments["confidence"], df) * se
    found: dict[str, Any] = {
        "coefficients": theta.tolist(),
        "se": se.tolist(),
        "s": s,
        "ss_error": sse,
        "r2": 1 - sse / total if total else None,
        "t": t.tolist(),
        "p_values": [t_two_sided_again(float(v), df) for v in t],
        "ci_low": (theta - half).tolist(),
        "ci_high": (theta + half).tolist(),
        "n": len(residuals),
        "df_error": df,
        "confidence": arguments["confidence"],
    }
    if "predicted" in result.values:
        found |= _predicted(problem, theta, arguments, s, half_of=t_quantile_again)
    exact = ("n", "df_error", "confidence")
    again: dict[str, Any] = {
        k: v if k in exact else Recomputed(v, TOLERANCE)
        for k, v in found.items()
        if k in result.values and v is not None
    }
    cosine = np.abs(jacobian.T @ residuals) / (
        np.linalg.norm(jacobian, axis=0) * max(math.sqrt(sse), 1e-300)
    )
    if sse > 1e-16 * float((problem.y**2).sum()):
        again["residuals orthogonal to the tangent plane"] = Invariant(
            float(cosine.max()), 0.0, 1e-2
        )
    return again


def _predicted(
    problem: Problem, theta: FloatArray, arguments: Mapping[str, Any], s: float, half_of: Any
) -> dict[str, Any]:
    at, names = arguments["at"], list(problem.x)
    if not at or len(at) % len(names):
        raise InputError(
            f"at needs {len(names)} value(s) a setting, in the order {', '.join(names)}"
        )
    x = {n: np.array(at[i :: len(names)], dtype=float) for i, n in enumerate(names)}
    mean = np.real(problem.predicted(theta, x))
    rows = problem.jacobian(theta, x)
    spread = np.einsum("ij,jk,ik->i", rows, _covariance(problem.jacobian(theta)), rows)
    half = half_of(arguments["confidence"], len(problem.y) - len(theta)) * s
    parts = {
        "predicted": mean,
        "mean_ci_low": mean - half * np.sqrt(spread),
        "mean_ci_high": mean + half * np.sqrt(spread),
        "pi_low": mean - half * np.sqrt(1 + spread),
        "pi_high": mean + half * np.sqrt(1 + spread),
    }
    return {k: float(v[0]) if len(v) == 1 else v.tolist() for k, v in parts.items()}


@operation(
    "stats.nonlinear",
    outputs={
        "parameters": "names of the parameters, in order",
        "coefficients": "estimates, in the same order",
        "se": "approximate standard errors",
        "t": "t statistics",
        "p_values": "p values",
        "ci_low": "lower confidence limits",
        "ci_high": "upper confidence limits",
        "s": "residual standard deviation",
        "ss_error": "residual sum of squares",
        "r2": "1 - residual / total sum of squares (only a description for nonlinear models)",
        "n": "rows used",
        "df_error": "residual degrees of freedom",
        "confidence": "confidence level",
        "predicted": "predicted response",
        "mean_ci_low": "lower confidence limit of the mean there",
        "mean_ci_high": "upper confidence limit of the mean there",
        "pi_low": "lower prediction limit there",
        "pi_high": "upper prediction limit there",
    },
    reference="Bates and Watts (1988), Nonlinear Regression Analysis and Its Applications, chapter 2",
    verifier=_verify,
    examples=(
        "r = stats.nonlinear(y=[8.3, 10.3, 19, 16, 15.6, 19.8], x=[1, 2, 3, 4, 5, 7], "
        "model=a*(1 - exp(-b*x)), at=[6])",
        "r = stats.nonlinear(y=[76, 97, 123, 139, 159, 191, 201], x=[0.02, 0.06, 0.11, 0.16, 0.22, 0.56, 1.1], "
        "model=V*x/(K + x), start=[200, 0.1])",
    ),
    terms=(
        "nonlinear regression",
        "curve fitting",
        "fit an exponential",
        "Michaelis-Menten",
        "growth curve",
        "fit a model to data",
    ),
    tolerance=TOLERANCE,
)
def nonlinear(
    y: Annotated[Sample, Param("response", min_length=3)],
    x: Annotated[tuple[Sample, ...], Param("predictor column or columns")],
    model: Annotated[
        Expression,
        Param("expression in the predictors and parameters, or an equation y == expression"),
    ],
    start: Annotated[
        tuple[float, ...] | None, Param("starting values, in the order the parameters appear")
    ] = None,
    at: Annotated[tuple[float, ...] | None, Param("predict at these predictor values")] = None,
    confidence: Annotated[float, Param("confidence level", gt=0, lt=1, fraction=True)] = 0.95,
) -> Result:
    """Fit a nonlinear model by least squares.

    Every name in the model that is not a predictor is a parameter to estimate. Without starting values
    several are tried. Standard errors and intervals are by linear approximation at the solution.
    """
    arguments = {"y": y, "x": x, "model": model, "at": at, "confidence": confidence}
    problem = _problem(arguments)
    theta = _solve(problem, start)
    residuals = problem.y - problem.predicted(theta)
    df = len(problem.y) - len(theta)
    sse = float((residuals**2).sum())
    s = math.sqrt(sse / df)
    total = float(((problem.y - problem.y.mean()) ** 2).sum())
    values: dict[str, Any] = {
        "parameters": list(problem.parameters),
        "coefficients": theta.tolist(),
        "s": s,
        "ss_error": sse,
        "n": len(problem.y),
        "df_error": df,
        "confidence": confidence,
    }
    if total:
        values["r2"] = 1 - sse / total
    se = s * np.sqrt(np.diag(_covariance(problem.jacobian(theta))))
    if s > 1e-10 * float(np.abs(problem.y).max()):
        half = t_quantile(confidence, df) * se
        values |= {
            "se": se.tolist(),
            "t": (theta / se).tolist(),
            "p_values": [t_two_sided(float(v), df) for v in theta / se],
            "ci_low": (theta - half).tolist(),
            "ci_high": (theta + half).tolist(),
        }
    if at is not None:
        values |= _predicted(problem, theta, arguments, s, t_quantile)
    return Result(
        values=values,
        conclusion=_conclusion(problem, values),
        tables=(_table(values),),
        figures=_figures(problem, theta),
        assumptions=(normal_residuals(residuals), independence(residuals)),
        warnings=tuple(_warnings(problem, values, start)),
    )


def _table(values: Mapping[str, Any]) -> Any:
    keys = [
        k
        for k in ("parameters", "coefficients", "se", "t", "p_values", "ci_low", "ci_high")
        if k in values
    ]
    return table_of("parameters", keys, list(zip(*(values[k] for k in keys), strict=True)))


def _conclusion(problem: Problem, values: Mapping[str, Any]) -> str:
    found = ", ".join(f"{p} = {{coefficients[{i}]}}" for i, p in enumerate(problem.parameters))
    text = f"{problem.response} = {show(problem.model)} with {found} (s = {{s}})."
    if "predicted" in values and not isinstance(values["predicted"], list):
        text += " At the asked setting the prediction is {predicted} ({pi_low} to {pi_high})."
    return text


def _figures(problem: Problem, theta: FloatArray) -> tuple[Figure, ...]:
    if len(problem.x) > 1:
        return ()
    name, x = next(iter(problem.x.items()))
    grid = np.linspace(x.min(), x.max(), 81)
    curve = problem.predicted(theta, {name: grid})
    if not np.isfinite(curve).all():
        return ()
    data = {
        "x_name": name,
        "y_name": problem.response,
        "x": x.tolist(),
        "y": problem.y.tolist(),
        "grid": grid.tolist(),
        "predicted": curve.tolist(),
    }
    return (Figure("regression_line", f"{problem.response} against {name}", data),)


def _warnings(
    problem: Problem, values: Mapping[str, Any], start: Sequence[float] | None
) -> list[str]:
    found = []
    if problem.n_dropped:
        found.append(f"{problem.n_dropped} row(s) with a missing value were left out.")
    if start is None:
        found.append(
            "Starting values were searched for; give start=[...] if another solution is meant."
        )
    weak = [
        p
        for p, v in zip(values["parameters"], values.get("p_values", []), strict=False)
        if v > 0.05
    ]
    if weak:
        found.append(f"Poorly determined by these data: {', '.join(weak)}.")
    return found
