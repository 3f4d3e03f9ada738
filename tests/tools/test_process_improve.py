"""Optimal designs beside process-improve, which nobody here wrote, on the same settings."""

from __future__ import annotations

import itertools
import warnings

import numpy as np
import pytest
from statements import run

experiments = pytest.importorskip(
    "process_improve.experiments", reason="process-improve is not installed (extra dev)"
)
WORD = {"D": "d_optimal", "A": "a_optimal", "I": "i_optimal", "G": "g_optimal"}


def theirs(k: int, model: str, runs: int, criterion: str) -> np.ndarray:
    factors = [experiments.Factor(name=f"x{j}", low=-1, high=1) for j in range(k)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = experiments.generate_design(
            factors, design_type=WORD[criterion], budget=runs, model_type=model
        )
    frame = found.design_coded if hasattr(found, "design_coded") else found.design
    return frame[[f.name for f in factors]].to_numpy(float)


def expanded(x: np.ndarray, model: str) -> np.ndarray:
    pairs = itertools.combinations(range(x.shape[1]), 2)
    columns = [np.ones(len(x)), *x.T, *(x[:, i] * x[:, j] for i, j in pairs)]
    return np.column_stack(columns + ([c * c for c in x.T] if model == "quadratic" else []))


def measure(x: np.ndarray, model: str, levels: int, criterion: str) -> float:
    """Larger is better: D, A or G efficiency, or the inverse of the mean variance."""
    rows = expanded(x, model)
    n, p = rows.shape
    if criterion == "D":
        return float(np.exp(np.linalg.slogdet(rows.T @ rows)[1] / p)) / n
    inverse = np.linalg.inv(rows.T @ rows)
    if criterion == "A":
        return p / (n * float(np.trace(inverse)))
    if criterion == "G":
        region = np.array(list(itertools.product(np.linspace(-1, 1, levels), repeat=x.shape[1])))
        grid = expanded(region, model)
        return p / (n * float(((grid @ inverse) * grid).sum(axis=1).max()))
    nodes, weights = np.polynomial.legendre.leggauss(4)
    cloud = expanded(np.array(list(itertools.product(nodes, repeat=x.shape[1]))), model)
    mass = np.prod(list(itertools.product(weights / 2, repeat=x.shape[1])), axis=1)
    return 1 / float(mass @ ((cloud @ inverse) * cloud).sum(axis=1))


@pytest.mark.parametrize(
    ("k", "model", "runs", "criterion", "least"),
    [
        (4, "quadratic", 20, "D", 1.0),
        (6, "quadratic", 32, "D", 1.0),
        (7, "interactions", 36, "D", 1.0),
        (10, "interactions", 64, "D", 1.0),
        (3, "quadratic", 14, "A", 1.0),
        (5, "interactions", 20, "A", 1.0),
        (2, "quadratic", 8, "I", 1.0),
        (3, "quadratic", 15, "I", 1.0),
        (2, "quadratic", 8, "G", 1.0),
        (3, "quadratic", 14, "G", 0.99),
    ],
)
def test_optimal_designs_are_as_good_as_those_of_process_improve(
    k: int, model: str, runs: int, criterion: str, least: float
) -> None:
    levels = 2 if model == "interactions" else 3 if criterion == "D" else 5
    ran = run(
        f"d = doe.optimal(n_factors={k}, runs={runs}, model={model}, criterion={criterion}, "
        f"levels={levels})"
    )
    own = np.array([row[1:] for row in ran.result.table("coded design").rows], dtype=float)
    ours = measure(own, model, levels, criterion)
    other = measure(theirs(k, model, runs, criterion), model, levels, criterion)
    assert ours >= least * other * (1 - 1e-9)
    reported = {"D": "d_criterion", "A": "a_efficiency", "G": "g_efficiency"}
    if criterion in reported:
        scale = 1 if criterion == "D" else 100
        assert ran[reported[criterion]] == pytest.approx(scale * ours, rel=1e-9)
    else:
        assert ran["average_prediction_variance"] == pytest.approx(1 / ours, rel=1e-9)
