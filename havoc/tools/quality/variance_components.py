"""Variance components of random effects by restricted maximum likelihood (REML), any layout.

Two routes: Fisher's scoring on the derivatives of the likelihood, and a quasi-Newton search on the
likelihood written through Henderson's mixed-model equations. Both work in matrices of the size of the
number of levels, not of the readings.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import linalg, optimize

from havoc.errors import InputError
from havoc.tools.values import FloatArray

MAX_LEVELS = 1200


def indicators(labels: Sequence[str]) -> FloatArray:
    """A column of zeros and ones for each level."""
    levels = {v: j for j, v in enumerate(dict.fromkeys(labels))}
    z = np.zeros((len(labels), len(levels)))
    z[np.arange(len(labels)), [levels[v] for v in labels]] = 1.0
    return z


def reml(y: FloatArray, terms: Sequence[FloatArray]) -> FloatArray:
    """Variances of the terms and, last, of the error, none below 0, by Fisher's scoring.

    Raises
    ------
    InputError
        More levels than can be held, or no convergence.
    """
    scale = float(np.var(y, ddof=1))
    z = np.hstack(terms)
    if z.shape[1] > MAX_LEVELS:
        raise InputError(f"{z.shape[1]} levels of all terms together; at most {MAX_LEVELS}")
    data = (y - y.mean()) / math.sqrt(scale)
    blocks = np.cumsum([0, *(t.shape[1] for t in terms)])
    v = np.full(len(terms) + 1, 1.0 / (len(terms) + 1))
    score, information, deviance = _scoring(data, z, blocks, v)
    for _ in range(200):
        free = (v > 0) | (score > 0)
        step = np.zeros(len(v))
        step[free] = np.linalg.lstsq(information[np.ix_(free, free)], score[free], rcond=1e-12)[0]
        length, better = 1.0, False
        while length > 1e-9 and not better:
            new = np.maximum(v + length * step, 0.0)
            new[-1] = max(new[-1], 1e-3 * v[-1])
            found = _scoring(data, z, blocks, new)
            better = found[2] <= deviance + 1e-12 * abs(deviance)
            length /= 2
        if not better:
            break
        moved = float(np.max(np.abs(new - v)))
        v, (score, information, deviance) = new, found
        if moved < 1e-13:
            break
    held = (v > 0) & (np.abs(score) * v > 1e-5)
    if held.any():
        raise InputError("the variance components do not converge: too few readings")
    return np.asarray(v * scale)


def _scoring(
    y: FloatArray, z: FloatArray, blocks: FloatArray, v: FloatArray
) -> tuple[FloatArray, FloatArray, float]:
    """Score, expected information and -2 log of the restricted likelihood."""
    n, k, error = len(y), len(v) - 1, v[-1]
    root = np.sqrt(np.repeat(v[:-1], np.diff(blocks).astype(int)))
    inner = (root[:, None] * (z.T @ z)) * root[None, :]
    inner[np.diag_indices_from(inner)] += error
    factor = linalg.cho_factor(inner)

    def solved(a: FloatArray) -> FloatArray:  # V^-1 a by Woodbury
        return np.asarray(
            (a - z @ (root[:, None] * linalg.cho_solve(factor, root[:, None] * (z.T @ a)))) / error
        )

    one = np.ones((n, 1))
    v_one = solved(one)
    total = float((one.T @ v_one)[0, 0])

    def projected(a: FloatArray) -> FloatArray:
        b = solved(a)
        return np.asarray(b - v_one @ (v_one.T @ a) / total)

    py = projected(y[:, None])
    pz = projected(z)
    zpz = z.T @ pz
    parts = [slice(int(blocks[i]), int(blocks[i + 1])) for i in range(k)]
    trace = np.array([np.trace(zpz[p, p]) for p in parts])
    pairs = np.array([[float((zpz[a, b] ** 2).sum()) for b in parts] for a in parts])
    trace_p = (n - 1 - float(trace @ v[:-1])) / error
    with_error = (trace - pairs @ v[:-1]) / error
    error_error = (trace_p - float(with_error @ v[:-1])) / error
    information = np.empty((k + 1, k + 1))
    information[:k, :k] = pairs
    information[:k, k] = information[k, :k] = with_error
    information[k, k] = error_error
    quadratic = np.array(
        [float(((z[:, p].T @ py) ** 2).sum()) for p in parts] + [float((py**2).sum())]
    )
    log_det = (n - len(root)) * math.log(error) + 2 * float(np.log(np.diag(factor[0])).sum())
    deviance = log_det + math.log(total) + float(y @ py[:, 0])
    return (quadratic - np.append(trace, trace_p)) / 2, information / 2, deviance


def reml_by_equations(y: FloatArray, terms: Sequence[FloatArray], start: FloatArray) -> FloatArray:
    """The same by maximising the likelihood itself, from the mixed-model equations."""
    scale = float(np.var(y, ddof=1))
    data = (y - y.mean()) / math.sqrt(scale)
    used = [i for i in range(len(terms)) if start[i] > 0]
    z = np.hstack([np.ones((len(y), 1)), *(terms[i] for i in used)])
    cross, right = z.T @ z, z.T @ data
    sizes = [terms[i].shape[1] for i in used]
    n = len(y)

    def deviance(logs: FloatArray) -> float:
        v = np.exp(logs)
        ridge = np.concatenate(
            [[0.0], *(np.full(m, v[-1] / a) for m, a in zip(sizes, v, strict=False))]
        )
        c = cross + np.diag(ridge)
        lower = linalg.cholesky(c, lower=True)
        beta = linalg.cho_solve((lower, True), right)
        rest = float(data @ data - beta @ right)
        log_det = 2 * float(np.log(np.diag(lower)).sum())
        return (
            (n - z.shape[1]) * logs[-1]
            + sum(m * a for m, a in zip(sizes, logs, strict=False))
            + log_det
            + rest / v[-1]
        )

    first = np.log(np.array([*(start[i] for i in used), start[-1]]) / scale)
    found = optimize.minimize(deviance, first * 0.9 - 0.05, method="BFGS", options={"gtol": 1e-9})
    # The likelihood is flat to 1e-8 of a variance at its top: Newton steps on its curvature finish it.
    at = found.x
    for _ in range(4):
        gradient, curvature = _derivatives(deviance, at)
        at = at - np.linalg.solve(curvature, gradient)
    v = np.zeros(len(terms) + 1)
    for place, value in zip([*used, len(terms)], np.exp(at), strict=True):
        v[place] = value * scale
    return v


def _derivatives(f: object, at: FloatArray, h: float = 3e-4) -> tuple[FloatArray, FloatArray]:
    """Gradient (fourth order) and Hessian by differences."""
    assert callable(f)
    k = len(at)
    e = np.eye(k) * h
    g = np.array(
        [(8 * (f(at + d) - f(at - d)) - f(at + 2 * d) + f(at - 2 * d)) / (12 * h) for d in e]
    )
    hess = np.empty((k, k))
    for i in range(k):
        for j in range(i, k):
            a, b = e[i] * 10, e[j] * 10
            value = (f(at + a + b) - f(at + a - b) - f(at - a + b) + f(at - a - b)) / (400 * h * h)
            hess[i, j] = hess[j, i] = value
    return g, hess
