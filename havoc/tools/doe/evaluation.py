"""Evaluation of any design for a model: efficiencies, variance inflation, aliases, power."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from scipy import stats
from scipy.stats import qmc

from havoc.errors import InputError
from havoc.tools.doe.design import FACTORS
from havoc.tools.doe.design_columns import design_factors, settings_of
from havoc.tools.doe.design_model import DesignModel, ModelName, model_of
from havoc.tools.doe.efficiency import EFFICIENCY_OUTPUTS, efficiencies, exact_efficiencies
from havoc.tools.expression import Formula, names
from havoc.tools.operation import Param, operation
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.values import Factor, FloatArray, Table

FDS_POINTS = 1024
MAX_SHOWN = 40


@dataclass(frozen=True)
class Evaluated:
    """A design in model coordinates."""

    model: DesignModel
    rows: list[tuple[Any, ...]]
    x: FloatArray


def evaluated(
    design: Table, given: Sequence[Factor], model: ModelName, formula: Formula | None
) -> Evaluated:
    """Read the design and build its model matrix.

    Raises
    ------
    InputError
        If the model cannot be estimated from the design, with the terms that are to blame.
    """
    factors = design_factors(design, given, "quadratic" in model)
    if formula is not None:
        wanted = set(names(formula.terms))
        factors = tuple(f for f in factors if f.name in wanted) or factors
    design_model = model_of(factors, model, formula, None)
    rows = settings_of(design, factors)
    x = design_model.expand(design_model.points_of(rows))
    if x.shape[0] < x.shape[1] or np.linalg.matrix_rank(x) < x.shape[1]:
        lost = ", ".join(inestimable(design_model, x)[:8])
        raise InputError(
            f"the {design_model.described} model cannot be estimated from these {len(rows)} runs; "
            f"not separable from other terms: {lost}"
        )
    return Evaluated(design_model, rows, x)


def inestimable(model: DesignModel, x: FloatArray) -> list[str]:
    """Terms that lie in the span of those before them."""
    found: list[str] = []
    kept = np.empty((len(x), 0))
    for name, column in zip(model.column_names, x.T, strict=True):
        trial = np.column_stack([kept, column])
        if np.linalg.matrix_rank(trial) > kept.shape[1]:
            kept = trial
        else:
            found.append(name)
    return found


def inflation(x: FloatArray) -> FloatArray:
    """Variance inflation of each coefficient but the intercept's, from the inverse correlations."""
    centred = x[:, 1:] - x[:, 1:].mean(axis=0)
    scale = np.sqrt((centred**2).sum(axis=0))
    correlations = (centred / scale).T @ (centred / scale)
    return np.asarray(np.diag(np.linalg.inv(correlations)))


def term_power(x: FloatArray, effect: float, alpha: float) -> FloatArray:
    """Power to find each coefficient where the effect (high minus low) is ``effect`` sd."""
    n, p = x.shape
    if n <= p:
        return np.zeros(p - 1)
    variance = np.diag(np.linalg.inv(x.T @ x))[1:]
    critical = stats.f.isf(alpha, 1, n - p)
    return np.asarray(stats.ncf.sf(critical, 1, n - p, (effect / 2) ** 2 / variance))


def omitted_terms(model: DesignModel) -> DesignModel | None:
    """The second-order model whose terms may bias this one."""
    if model.given is not None or model.model in ("interactions", "quadratic"):
        return None
    larger: ModelName = "quadratic" if model.model == "pure_quadratic" else "interactions"
    return DesignModel(model.factors, larger, model.grid)


def alias_matrix(found: Evaluated) -> tuple[list[str], FloatArray]:
    """How each omitted second-order term biases each coefficient: (X'X)^-1 X'Z."""
    larger = omitted_terms(found.model)
    if larger is None:
        return [], np.zeros((found.x.shape[1], 0))
    full = larger.expand(larger.points_of(found.rows))
    known = set(found.model.column_names)
    names = [n for n in larger.column_names if n not in known]
    z = full[:, [i for i, n in enumerate(larger.column_names) if n not in known]]
    return names, np.asarray(np.linalg.solve(found.x.T @ found.x, found.x.T @ z))


def region_sample(model: DesignModel) -> FloatArray:
    """Model rows of points spread evenly over the region (the same for every design)."""
    k = len(model.factors)
    unit = np.asarray(qmc.Sobol(k, scramble=False).random(FDS_POINTS))
    parts = [np.ones((FDS_POINTS, 1))]
    for j, (f, base) in enumerate(zip(model.factors, model.base, strict=True)):
        if f.range is not None:
            parts.append(2 * unit[:, j : j + 1] - 1)
        else:
            parts.append(base[np.minimum((unit[:, j] * len(base)).astype(int), len(base) - 1)])
    return model.expand(np.hstack(parts))


def center_row(model: DesignModel) -> FloatArray:
    """The model at the middle of all ranges, averaged over the levels of categorical factors."""
    width = max(p.stop for p in model.places)
    return model.expand(np.eye(1, width))[0]


def _at_center(found: Evaluated, inverse: FloatArray) -> float:
    row = center_row(found.model)
    return float(row @ inverse @ row)


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Exact elimination and QR; VIF by regressing each column; power by the noncentral t."""
    found = evaluated(
        arguments["design"], arguments["factors"], arguments["model"], arguments["formula"]
    )
    again = exact_efficiencies(found.model, found.rows)
    x, (n, p) = found.x, found.x.shape
    again["runs"], again["factors"] = len(found.rows), len(found.model.factors)
    again["distinct_settings"] = len(set(found.rows))
    vifs = []
    for j in range(1, p):
        others = np.delete(x, j, axis=1)
        residual = x[:, j] - others @ np.linalg.lstsq(others, x[:, j], rcond=None)[0]
        total = ((x[:, j] - x[:, j].mean()) ** 2).sum()
        vifs.append(float(total / (residual @ residual)))
    again["vif"] = vifs
    again["max_vif"] = max(vifs)
    orthonormal = np.linalg.qr(x)[0]
    leverage = (orthonormal**2).sum(axis=1)
    again["max_leverage"] = float(leverage.max())
    again["average_leverage"] = math.fsum(leverage) / n
    again["condition_number"] = float(np.sqrt(np.linalg.cond(x.T @ x)))
    sd = np.sqrt((np.linalg.pinv(x) ** 2).sum(axis=1))[1:]
    again["standard_errors"] = sd.tolist()
    powers = [0.0] * (p - 1)
    if n > p:
        critical = stats.t.isf(arguments["alpha"] / 2, n - p)
        shift = arguments["effect"] / 2 / sd
        powers = [
            float(stats.nct.sf(critical, n - p, d) + stats.nct.cdf(-critical, n - p, d))
            for d in shift
        ]
    again["power"] = powers
    again["min_power"] = min(powers)
    again["terms"] = list(found.model.column_names[1:])
    omitted, aliases = _aliases_by_least_squares(found)
    again["max_abs_alias"] = float(np.abs(aliases).max()) if omitted else 0.0
    spread = ((region_sample(found.model) @ np.linalg.pinv(x)) ** 2).sum(axis=1)
    solved = np.linalg.lstsq(x.T, center_row(found.model), rcond=None)[0]
    again["center_prediction_variance"] = float(solved @ solved)
    middle = sorted(spread)[FDS_POINTS // 2 - 1 : FDS_POINTS // 2 + 1]
    again["median_prediction_variance"] = float(sum(middle) / 2)
    return again


def _aliases_by_least_squares(found: Evaluated) -> tuple[list[str], FloatArray]:
    larger = omitted_terms(found.model)
    if larger is None:
        return [], np.zeros((0, 0))
    full = larger.expand(larger.points_of(found.rows))
    known = set(found.model.column_names)
    picked = [i for i, n in enumerate(larger.column_names) if n not in known]
    solved = np.asarray(np.linalg.lstsq(found.x, full[:, picked], rcond=None)[0])
    return [larger.column_names[i] for i in picked], solved


@operation(
    "doe.evaluate",
    outputs={
        "runs": "number of runs",
        "factors": "number of factors",
        "distinct_settings": "number of distinct factor settings",
        "model": "the model it is evaluated for",
        **EFFICIENCY_OUTPUTS,
        "terms": "the model's terms, the intercept left out",
        "vif": "variance inflation factor of each term",
        "max_vif": "largest variance inflation factor: 1 is orthogonal",
        "standard_errors": "standard error of each coefficient, in units of sd",
        "power": "power to find each term",
        "min_power": "smallest power",
        "condition_number": "square root of the condition number of X'X",
        "max_leverage": "largest leverage of a run",
        "average_leverage": "average leverage: p / n",
        "max_abs_alias": "largest bias of a coefficient per unit of an omitted second-order term",
        "center_prediction_variance": "prediction variance in the middle of the region",
        "median_prediction_variance": "prediction variance below which half the region lies",
    },
    reference="Montgomery (2013), Design and Analysis of Experiments, sections 11.4 and 10.4; "
    "Goos and Jones (2011), Optimal Design of Experiments",
    verifier=_verify,
    examples=(
        "design = doe.central_composite(n_factors=3, centers=4)\n"
        "quality = doe.evaluate(design, model=quadratic)",
        "design = doe.plackett_burman(n_factors=8)\n"
        "quality = doe.evaluate(design, model=main, effect=2)",
    ),
    terms=(
        "evaluate a design",
        "D-efficiency",
        "VIF",
        "alias matrix",
        "prediction variance",
        "power of a design",
        "fraction of design space",
    ),
    tolerance=1e-6,
)
def evaluate(
    design: Annotated[Table, Param("the design: factor columns; run, std, block are ignored")],
    factors: Annotated[tuple[Factor, ...], Param(FACTORS + " (default: as run)")] = (),
    model: Annotated[
        Literal["main", "interactions", "quadratic", "pure_quadratic"],
        Param("the model to evaluate it for"),
    ] = "main",
    formula: Annotated[
        Formula | None, Param("the model as a formula instead: y ~ a*b + a^2")
    ] = None,
    effect: Annotated[
        float, Param("effect (high minus low) for the power, in units of sd", gt=0)
    ] = 2.0,
    alpha: Annotated[float, Param("significance level", gt=0, lt=1, fraction=True)] = 0.05,
) -> Result:
    """Evaluate a design for a model.

    Efficiencies, variance inflation, leverage, prediction variance over the region, power to find
    each term, and how omitted second-order terms would bias the coefficients.
    """
    found = evaluated(design, factors, model, formula)
    x, (n, p) = found.x, found.x.shape
    inverse = np.asarray(np.linalg.inv(x.T @ x))
    labels = found.model.column_names[1:]
    vifs, powers = inflation(x), term_power(x, effect, alpha)
    errors = np.sqrt(np.diag(inverse))[1:]
    leverage = np.einsum("ij,jk,ik->i", x, inverse, x)
    omitted, aliases = alias_matrix(found)
    sample = region_sample(found.model)
    spread = np.sort(np.einsum("ij,jk,ik->i", sample, inverse, sample))
    values: dict[str, Any] = {
        "runs": n,
        "factors": len(found.model.factors),
        "distinct_settings": len(set(found.rows)),
        "model": found.model.described,
        **efficiencies(found.model, x),
        "terms": list(labels),
        "vif": vifs,
        "max_vif": float(vifs.max()),
        "standard_errors": errors,
        "power": powers,
        "min_power": float(powers.min()),
        "condition_number": float(np.linalg.cond(x)),
        "max_leverage": float(leverage.max()),
        "average_leverage": p / n,
        "max_abs_alias": float(np.abs(aliases).max()) if omitted else 0.0,
        "center_prediction_variance": _at_center(found, inverse),
        "median_prediction_variance": float(np.median(spread)),
    }
    terms = zip(labels, errors, vifs, powers, strict=True)
    tables = [table_of("terms", ["term", "standard error", "VIF", "power"], list(terms))]
    if omitted and len(omitted) <= MAX_SHOWN:
        rows = [[name, *row] for name, row in zip(found.model.column_names, aliases, strict=True)]
        tables.append(table_of("alias matrix", ["term", *omitted], rows))
    return Result(
        values,
        "For the {model} model the {runs} runs have D-efficiency {d_efficiency} %, the largest "
        "variance inflation is {max_vif} and the smallest power {min_power}.",
        tuple(tables),
        _figures(found, spread),
        warnings=_remarks(values),
    )


def _figures(found: Evaluated, spread: FloatArray) -> tuple[Figure, ...]:
    shares = np.linspace(0, 1, 101)
    curve = Figure(
        "fds",
        "Fraction of design space",
        {
            "x": shares.tolist(),
            "y": np.quantile(spread, shares).tolist(),
            "x_label": "fraction of the region",
            "y_label": "prediction variance / sd^2",
        },
    )
    columns = found.x[:, 1:] - found.x[:, 1:].mean(axis=0)
    scale = np.sqrt((columns**2).sum(axis=0))
    correlations = np.abs((columns / scale).T @ (columns / scale))
    if len(correlations) > MAX_SHOWN:
        return (curve,)
    names = list(found.model.column_names[1:])
    heat = {"labels": names, "values": np.round(correlations, 12).tolist()}
    return curve, Figure("correlation_map", "Absolute correlations of the terms", heat)


def _remarks(values: Mapping[str, Any]) -> tuple[str, ...]:
    remarks = []
    if values["error_df"] == 0:
        remarks.append("No degrees of freedom are left for error: power cannot be computed.")
    if values["max_vif"] > 5:
        remarks.append("Some terms are strongly correlated (variance inflation above 5).")
    if values["max_leverage"] > 0.999:
        remarks.append("At least one run has leverage 1: its result is fitted exactly.")
    if values["max_abs_alias"] > 1e-9:
        remarks.append(
            "Omitted second-order terms would bias coefficients of this model; see the alias matrix."
        )
    return tuple(remarks)
