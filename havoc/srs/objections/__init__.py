"""What an expert would object to in a result: one module a kind of objection, each a function of one step.

An objection's ``name`` says what it is about, its ``detail`` what was seen, its ``advice`` what to do. ARGUE adds the
remedy, where ``alternatives`` has one. What an operation already says itself is not said again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from havoc.dsl.executor import Step
from havoc.srs.objections import data, estimators, experiments, models
from havoc.srs.objections.several import multiplicity
from havoc.srs.state import Objection

OBJECTORS: tuple[Callable[[Step], Iterator[Objection]], ...] = (
    data.outliers,
    data.autocorrelation,
    data.too_small,
    estimators.estimator,
    models.pulled,
    models.collinearity,
    models.extrapolation,
    models.saturation,
    experiments.aliasing,
    experiments.no_error,
)

__all__ = ["OBJECTORS", "multiplicity"]
