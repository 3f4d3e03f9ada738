"""Objections to fitted models: collinear predictors, predictions beyond the data, too many coefficients."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from havoc.dsl.executor import Step
from havoc.srs.samples import present
from havoc.srs.state import Objection
from havoc.tools.values import Sample, Table

INFLATED = 10  # Montgomery, Peck and Vining (2012), section 9.4.2
_MODELS = ("stats.regression", "stats.polynomial", "stats.nonlinear", "stats.robust_regression")
ROWS_A_COEFFICIENT = 5


def pulled(step: Step) -> Iterator[Objection]:
    """Rows that the least-squares line leans on, as the operation found them."""
    told = [w for w in step.result.warnings if "is an outlier" in w or "Cook's distance" in w]
    if step.operation == "stats.regression" and told:
        yield Objection(step.name, "outlier rows", told[0], "warning")


def collinearity(step: Step) -> Iterator[Objection]:
    """Variance inflation factors above 10."""
    vif = step.result.values.get("vif")
    if step.operation != "stats.regression" or not isinstance(vif, list):
        return
    names = step.result.values.get("coefficient_names")
    terms = [str(n) for n in names if n != "intercept"] if isinstance(names, list) else []
    high = [i for i, v in enumerate(vif) if isinstance(v, float) and v > INFLATED]
    if high and len(terms) == len(vif):
        told = " and ".join(terms[i] for i in high[:3])
        yield Objection(
            step.name,
            "collinear predictors",
            f"{told} can hardly be told apart",
            "warning",
            advice=f"{told} can hardly be told apart from the other predictors: predictions inside the data are "
            "sound, single coefficients and their signs are not",
        )


def extrapolation(step: Step) -> Iterator[Objection]:
    """A prediction outside the range of a predictor."""
    at, x = step.arguments.get("at"), _predictors(step)
    if step.operation not in _MODELS or not isinstance(at, tuple) or len(at) != len(x) or not x:
        return
    outside = [
        s.name
        for s, value in zip(x, at, strict=True)
        if not float(np.min(present(s))) <= float(value) <= float(np.max(present(s)))
    ]
    if outside:
        yield Objection(
            step.name,
            "extrapolation",
            f"the setting of {' and '.join(outside)} lies outside the data",
            "serious",
            advice=f"the setting of {' and '.join(outside)} lies outside the data: the prediction and its interval "
            "hold only if the same model goes on there",
        )


def _predictors(step: Step) -> list[Sample]:
    x = step.arguments.get("x")
    if isinstance(x, tuple) and all(isinstance(s, Sample) for s in x):
        return list(x)
    if isinstance(x, Sample):
        return [x]
    formula, table = step.arguments.get("formula"), step.arguments.get("data")
    names = step.result.values.get("coefficient_names")
    if formula is None or not isinstance(table, Table) or not isinstance(names, list):
        return []
    columns = {c.name: c for c in table.columns if isinstance(c, Sample)}
    terms = [n for n in names if n != "intercept"]
    return [columns[n] for n in terms if n in columns] if set(terms) <= set(columns) else []


def saturation(step: Step) -> Iterator[Objection]:
    """Nearly as many coefficients as rows."""
    v = step.result.values
    names, n = v.get("coefficient_names"), v.get("n")
    if step.operation not in ("stats.regression", "stats.polynomial", "stats.stepwise"):
        return
    if not isinstance(names, list) or not isinstance(n, int) or len(names) < 3:
        return
    if n < ROWS_A_COEFFICIENT * len(names):
        yield Objection(
            step.name,
            "many coefficients",
            "there are few rows for so many coefficients",
            "warning",
            advice="there are few rows for so many coefficients, so R² flatters: judge by the predicted R² or by new "
            "data",
        )
