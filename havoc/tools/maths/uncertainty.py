"""Propagation of uncertainty through an expression, after the GUM."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

import mpmath
import numpy as np
import sympy

from havoc.errors import InputError
from havoc.tools.expression import Expression, Name, show
from havoc.tools.maths.answers import body, symbols_in, tree_of
from havoc.tools.maths.convert import to_sympy
from havoc.tools.maths.numeric import DIGITS, Undefined, evaluate
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.result import Assumption, Figure, Result, table_of
from havoc.tools.values import FloatArray

NONLINEAR = 0.1  # a second-order part above a tenth of the first-order one is spoken of


def _inputs(arguments: Mapping[str, Any]) -> tuple[Expression, dict[str, Any], list[float]]:
    """The expression, its variables' values in high precision, their uncertainties."""
    tree = body(arguments["expression"])
    named = arguments["variables"]
    names = list(symbols_in(tree)) if named is None else [v.id for v in named]
    if not names:
        raise InputError(f"{show(tree)} has no variable that could be uncertain")
    odd = set(names) ^ set(symbols_in(tree, beside=names))
    if odd:
        raise InputError(
            f"'{sorted(odd)[0]}' is not in both the expression {show(tree)} and the variables"
        )
    for key in ("values", "uncertainty"):
        if len(arguments[key]) != len(names):
            raise InputError(
                f"{', '.join(names)} need {len(names)} {key} in that order, not "
                f"{len(arguments[key])}"
            )
    with mpmath.workdps(DIGITS):
        point = {n: mpmath.mpf(repr(v)) for n, v in zip(names, arguments["values"], strict=True)}
    return tree, point, list(arguments["uncertainty"])


def _correlation(matrix: Any, n: int) -> FloatArray:
    if matrix is None:
        return np.eye(n)
    r = np.array(matrix, dtype=float)
    if r.shape != (n, n) or not np.allclose(r, r.T) or not np.allclose(np.diag(r), 1):
        raise InputError(f"the correlation matrix must be {n} by {n}, symmetric, with ones inside")
    if np.linalg.eigvalsh(r).min() < -1e-9 or np.abs(r).max() > 1:
        raise InputError("these correlations contradict each other (no such matrix exists)")
    return r


def _value_at(tree: Expression, point: Mapping[str, Any]) -> Any:
    try:
        value = evaluate(tree, point)
    except Undefined as error:
        raise InputError(f"{show(tree)} has no value there: {error}") from None
    if mpmath.im(value) != 0 or not mpmath.isfinite(value):
        raise InputError(f"{show(tree)} has no real value there")
    return value


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Sensitivities by differences in high precision, the variance summed pair by pair."""
    tree, point, u = _inputs(arguments)
    names = list(point)
    with mpmath.workdps(DIGITS):
        sizes = {n: abs(mpmath.mpf(point[n])) or mpmath.mpf(1) for n in names}
        slopes = [  # in multiples of each value, so that the step is not lost in a value of 1e200
            mpmath.diff(
                lambda v, n=n: evaluate(tree, {**point, n: v * sizes[n]}), point[n] / sizes[n]
            )
            / sizes[n]
            for n in names
        ]
        r = _correlation(arguments["correlation"], len(names)).tolist()
        pairs = [(i, j) for i in range(len(names)) for j in range(len(names))]
        variance = mpmath.fsum(slopes[i] * slopes[j] * u[i] * u[j] * r[i][j] for i, j in pairs)
        own = [(s * v) ** 2 for s, v in zip(slopes, u, strict=True)]
        value = evaluate(tree, point)
        sd = mpmath.sqrt(max(variance, 0))
        total = sum(own)
        again = {
            "value": float(value),
            "uncertainty": float(sd),
            "expanded": float(sd * mpmath.mpf(arguments["coverage_factor"])),
            "sensitivities": [float(s) for s in slopes],
            "contributions": [float(100 * v / total) if total else 0.0 for v in own],
            "inputs": [float(point[n]) for n in names],
        }
        if value != 0:
            again["relative_percent"] = float(100 * sd / abs(value))
    return {k: Recomputed(v, 1e-8) for k, v in again.items()}


@operation(
    "maths.error_propagation",
    outputs={
        "value": "value of the expression",
        "uncertainty": "its combined standard uncertainty",
        "relative_percent": "the same in percent of the value",
        "expanded": "expanded uncertainty (coverage factor times standard uncertainty)",
        "variables": "the variables, in the order of the lists",
        "inputs": "their values",
        "sensitivities": "partial derivative with respect to each",
        "contributions": "share of the variance from each, correlation aside, in percent",
    },
    reference="JCGM 100:2008, Guide to the Expression of Uncertainty in Measurement, section 5",
    verifier=_verify,
    tolerance=1e-8,
    examples=(
        "r = maths.error_propagation(m/V, values=[12.53, 4.82], uncertainty=[0.02, 0.05])",
        "r = maths.error_propagation(U*I, values=[12.1, 0.85], uncertainty=[0.1, 0.01], "
        "correlation=[[1, 0.4], [0.4, 1]])",
    ),
    terms=("error propagation", "propagation of uncertainty", "combined uncertainty", "GUM"),
)
def error_propagation(
    expression: Annotated[Expression, Param("the measurement equation")],
    values: Annotated[
        tuple[float, ...],
        Param("value of each variable, in the order they first appear in the expression"),
    ],
    uncertainty: Annotated[
        tuple[float, ...], Param("standard uncertainty of each variable, in that order", ge=0)
    ],
    variables: Annotated[
        tuple[Name, ...] | None, Param("the variables, where the lists are in another order")
    ] = None,
    correlation: Annotated[
        tuple[tuple[float, ...], ...] | None, Param("correlations of the variables; else none")
    ] = None,
    coverage_factor: Annotated[
        float, Param("k of the expanded uncertainty; 2 covers about 95 %", gt=0, le=10)
    ] = 2.0,
) -> Result:
    """Propagate the uncertainties of variables to an expression of them.

    First order: u² = Σ Σ c_i c_j u_i u_j r_ij with the partial derivatives c. Where the second-order
    part is not small the result says so.
    """
    arguments = locals()
    tree, point, u = _inputs(arguments)
    names = list(point)
    r = _correlation(correlation, len(names))
    symbols = [sympy.Symbol(n, real=True) for n in names]
    given = to_sympy(tree, names, real=True)
    slopes, curves = [], np.zeros((len(names), len(names)))
    with mpmath.workdps(DIGITS):
        value = _value_at(tree, point)
        for i, s in enumerate(symbols):
            first = sympy.diff(given, s)
            slopes.append(float(_value_at(tree_of(first), point)))
            for j in range(i, len(names)):
                second = sympy.diff(first, symbols[j])
                curves[i, j] = curves[j, i] = float(_value_at(tree_of(second), point))
    parts = np.array(slopes) * np.array(u)
    largest = float(np.abs(parts).max(initial=0.0)) or 1.0  # squares of 1e200 have no float
    variance = float(parts / largest @ r @ (parts / largest))
    sd = largest * math.sqrt(max(variance, 0.0))
    own = (parts / largest) ** 2
    shares = 100 * own / own.sum() if own.sum() else np.zeros(len(u))
    found: dict[str, Any] = {
        "value": float(value), "uncertainty": sd, "expanded": coverage_factor * sd,
        "variables": names, "inputs": [float(point[n]) for n in names],
        "sensitivities": slopes, "contributions": shares.tolist(),
    }  # fmt: skip
    words = "The value is {value} with a standard uncertainty of {uncertainty}"
    if value != 0:
        found["relative_percent"] = 100 * sd / abs(float(value))
        words += " ({relative_percent} %)"
    second_part = math.hypot(*(curves * np.outer(u, u)).ravel()) / math.sqrt(2)
    linear = second_part <= NONLINEAR * sd
    rows = list(zip(names, found["inputs"], u, slopes, shares.tolist(), strict=True))
    return Result(
        found,
        words + "; expanded: {expanded}.",
        tables=(table_of("budget", ("variable", "value", "u", "sensitivity", "share %"), rows),),
        figures=(
            Figure(
                "pareto",
                "Where the uncertainty comes from",
                {"names": names, "values": shares.tolist(), "x_label": "share of the variance, %"},
            ),
        ),
        assumptions=(
            Assumption(
                "linearity",
                linear,
                f"second-order part {second_part:.3g} against {sd:.3g}",
                statistic=second_part if math.isfinite(second_part) else None,
            ),
        ),
        warnings=()
        if linear
        else (
            "The expression is curved within these uncertainties: the first-order result is rough; "
            "simulate instead, or measure more exactly.",
        ),
    )
