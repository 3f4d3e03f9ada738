"""Multivariate charts with memory, for small shifts of several correlated characteristics: MEWMA, MCUSUM."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
from scipy import linalg, signal

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Assumption, Figure, Result, Value, table_of
from havoc.tools.spc.charting import Baseline, By, Exclude, Keep, Phase1, Setup, Size
from havoc.tools.spc.multivariate import (
    Items,
    Variables,
    _check_size,
    _covariance,
    _exact_covariance,
    _items,
)
from havoc.tools.spc.multivariate_arl import Arl0, Limit, mcusum_limit, mewma_limit
from havoc.tools.values import FloatArray

Target = Annotated[
    tuple[float, ...] | None, Param("known or target mean of each characteristic; else the data's")
]
Covariance = Annotated[
    tuple[tuple[float, ...], ...] | None,
    Param("known covariance matrix of single items; otherwise estimated"),
]
SETS_LIMITS = 1e13  # condition number from which the characteristics count as dependent


def _setup(items: Items, arguments: Mapping[str, Any]) -> Setup:
    known = arguments["target"] is not None and arguments["covariance"] is not None
    return Setup(
        items.labels, "limits", 3.0, arguments["baseline"], arguments["exclude"], not known, "",
        arguments["phase1"],
    )  # fmt: skip


def _given(arguments: Mapping[str, Any], p: int) -> tuple[FloatArray | None, FloatArray | None]:
    target, covariance = arguments["target"], arguments["covariance"]
    if target is not None and len(target) != p:
        raise InputError(f"target has {len(target)} values for {p} characteristics")
    if covariance is None:
        return None if target is None else np.array(target), None
    s = np.array(covariance, dtype=float)
    if s.shape != (p, p) or not np.allclose(s, s.T):
        raise InputError(f"the covariance must be a symmetric {p} by {p} matrix")
    if np.linalg.eigvalsh(s).min() <= 0:
        raise InputError("the covariance matrix is not positive definite")
    return None if target is None else np.array(target), s


def _centred(
    items: Items, keep: Keep, arguments: Mapping[str, Any], exact: bool = False
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Distances of the plotted means from the center, the center, the covariance of single items."""
    p = len(items.names)
    target, known = _given(arguments, p)
    if known is None:
        _check_size(items, int(keep.sum()), p)
    if exact:
        rows, mid, matrix = _exact_covariance(items, keep)
        at = mid if target is None else [Fraction(repr(float(v))) for v in target]
        away = np.array([[float(v - c) for v, c in zip(row, at, strict=True)] for row in rows])
        center = np.array([float(v) for v in at])
        cov = np.array([[float(v) for v in row] for row in matrix])
    elif known is not None:
        y = items.near[0]
        means = np.array([y[list(g)].mean(axis=0) for g in items.groups])
        center, cov = means[keep].mean(axis=0), known
    else:
        means, center, cov = _covariance(items, keep)
    if not exact:
        offset = items.near[1]
        center = center if target is None else target - offset
        away, center = means - center, center + offset
    cov = cov if known is None else known
    if np.linalg.cond(cov) > SETS_LIMITS:
        raise InputError("the characteristics are linearly dependent: leave one out")
    return away, center, cov


def _mewma(d: FloatArray, cov: FloatArray, n: int, lam: float, exact: bool) -> FloatArray:
    z, path = np.zeros(d.shape[1]), np.empty_like(d)
    for i, row in enumerate(d):
        z = lam * row + (1 - lam) * z
        path[i] = z
    steps = np.arange(1, len(d) + 1)
    scale = lam / (2 - lam) * (1 - (1 - lam) ** (2 * steps) if exact else np.ones(len(d)))
    return np.asarray(
        np.einsum("ij,jk,ik->i", path, np.linalg.inv(cov / n), path) / scale, dtype=np.float64
    )


def _mewma_again(d: FloatArray, cov: FloatArray, n: int, lam: float, exact: bool) -> FloatArray:
    """Whiten first, then smooth each coordinate by a recursive filter; lengths are plain then."""
    white = linalg.solve_triangular(np.linalg.cholesky(cov / n), d.T, lower=True)
    path = signal.lfilter([lam], [1, lam - 1], white, axis=1)
    length = (path**2).sum(axis=0)
    i = np.arange(1, len(d) + 1)
    factor = lam / (2 - lam)
    return np.asarray(length / (factor * -np.expm1(2 * i * math.log1p(-lam)) if exact and lam < 1
                                else factor))  # fmt: skip


def _mcusum(d: FloatArray, cov: FloatArray, n: int, k: float) -> FloatArray:
    inverse = np.linalg.inv(cov / n)
    s, y = np.zeros(d.shape[1]), np.empty(len(d))
    for i, row in enumerate(d):
        moved = s + row
        c = math.sqrt(moved @ inverse @ moved)
        s = moved * (1 - k / c) if c > k else np.zeros(len(moved))
        y[i] = math.sqrt(s @ inverse @ s)
    return y


def _mcusum_again(d: FloatArray, cov: FloatArray, n: int, k: float) -> FloatArray:
    """In whitened coordinates the new length is the moved length less k, never below 0."""
    white = linalg.solve_triangular(np.linalg.cholesky(cov / n), d.T, lower=True).T
    s, y = np.zeros(white.shape[1]), []
    for row in white:
        moved = s + row
        length = math.sqrt(math.fsum(v * v for v in moved))
        y.append(max(0.0, length - k))
        s = moved * (y[-1] / length) if length > 0 else moved
    return np.array(y)


def _values(
    key: str, y: FloatArray, h: float, center: FloatArray, cov: FloatArray, items: Items
) -> dict[str, Value]:
    out = [int(i) + 1 for i in np.flatnonzero(y > h * (1 + 1e-12))]
    return {
        key: y.tolist(), "h": h, "out_of_control": out, "n_out": len(out),
        "first_signal": min(out, default=None), "center": center.tolist(),
        "covariance": cov.tolist(), "points": len(y), "variables": len(items.names),
        "subgroup_size": items.n, "last": float(y[-1]),
    }  # fmt: skip


def _result(
    key: str, title: str, values: dict[str, Value], items: Items, away: FloatArray, setup: Setup
) -> Result:
    y, h = np.array(values[key]), float(values["h"])  # type: ignore[arg-type]
    out: list[int] = list(values["out_of_control"])  # type: ignore[arg-type]
    figure = Figure(
        "control_chart",
        f"{title} chart",
        {"point": list(range(1, len(y) + 1)), "label": list(items.labels), "value": y.tolist(),
         "center": None, "lcl": [0.0] * len(y), "ucl": [h] * len(y),
         "violations": [{"point": i, "rule": title, "pattern": "beyond h"} for i in out],
         "excluded": [int(e) for e in setup.exclude], "y_label": title},
    )  # fmt: skip
    spread = np.sqrt(np.diag(np.array(values["covariance"])) / items.n)
    rows = [(i, float(y[i - 1]), *(away[i - 1] / spread).tolist()) for i in out]
    warnings = list(items.notes)
    used = int(setup.keep.sum())
    if setup.estimated and used < 20 * len(items.names):
        warnings.append(
            f"Center and covariance rest on {used} points; for so few the false alarms are more "
            "than the limit promises. Estimate them from a long stable period (phase1=...)."
        )
    text = "Points beyond h = {h}: {n_out} of {points}"
    text += ", the first at {first_signal}." if out else ". No sign of a shift."
    return Result(
        values,
        text,
        tables=(
            table_of("signals", ("point", title, *(f"{n}, in sigma" for n in items.names)), rows),
        ),
        figures=(figure,),
        assumptions=(
            Assumption("multivariate normality", None, "look at each characteristic first"),
            Assumption("independence", None, "autocorrelated rows signal falsely"),
        ),
        warnings=tuple(warnings),
    )


def _outputs(key: str, meaning: str) -> dict[str, str]:
    return {
        key: meaning,
        "h": "limit",
        "out_of_control": "points beyond the limit",
        "n_out": "how many",
        "first_signal": "the first of them",
        "last": "statistic at the last point",
        "center": "means the chart departs from",
        "covariance": "covariance of single items",
        "points": "points",
        "variables": "characteristics",
        "subgroup_size": "rows in a point",
    }


def _verify(kind: str) -> Any:
    key = "t2" if kind == "mewma" else "cusum"

    def verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
        """Exact means and covariance, whitened coordinates, the limit from its own equation."""
        items = _items(arguments)
        setup = _setup(items, arguments)
        d, center, cov = _centred(items, setup.keep, arguments, exact=True)
        p = len(items.names)
        if kind == "mewma":
            lam = arguments["weight"]
            y = _mewma_again(d, cov, items.n, lam, arguments["limits"] == "exact")
            h = arguments["h"] or mewma_limit(p, lam, arguments["arl0"])
        else:
            y = _mcusum_again(d, cov, items.n, arguments["k"])
            h = arguments["h"] or mcusum_limit(p, arguments["k"], arguments["arl0"])
        return _values(key, y, h, center, cov, items)

    return verify


_EXAMPLE = (
    "[[-1.19, 0.12, -1.69, 0.3, 0.89, 0.82, -0.3, 0.63, 1.56, 1.46], "
    "[0.59, 0.9, 0.4, 0.46, -0.75, 0.98, 2.28, 1.75, 1.58, 3.05]]"
)


@operation(
    "spc.mewma",
    outputs=_outputs("t2", "T² of the smoothed means at each point"),
    reference="Lowry, Woodall, Champ and Rigdon (1992), Technometrics 34(1), 46-53",
    verifier=_verify("mewma"),
    tolerance=1e-8,
    examples=(
        f"c = spc.mewma({_EXAMPLE}, weight=0.1, h=8.66, target=[0, 0], covariance=[[1, 0.5], [0.5, 1]])",
        f"c = spc.mewma({_EXAMPLE})",
    ),
    terms=("MEWMA chart", "multivariate EWMA", "small multivariate shifts"),
)
def mewma(
    x: Variables,
    weight: Annotated[float, Param("lambda, weight of the newest point", ge=0.03, le=1)] = 0.1,
    h: Limit = None,
    arl0: Arl0 = 200.0,
    target: Target = None,
    covariance: Covariance = None,
    limits: Annotated[
        Literal["exact", "asymptotic"],
        Param("covariance of the smoothed means: exact at each point, or the one reached later"),
    ] = "exact",
    subgroup: Size = None,
    by: By = None,
    baseline: Baseline = None,
    phase1: Phase1 = None,
    exclude: Exclude = (),
) -> Result:
    """Multivariate EWMA control chart, sensitive to small shifts of correlated characteristics.

    Z_i = lambda d_i + (1 - lambda) Z_(i-1) of the distances d from the center; T² is its squared
    length in its own covariance. The limit h is computed for the wanted in-control ARL.
    """
    arguments = locals()
    items = _items(arguments)
    setup = _setup(items, arguments)
    d, center, cov = _centred(items, setup.keep, arguments)
    limit = mewma_limit(len(items.names), weight, arl0) if h is None else h
    y = _mewma(d, cov, items.n, weight, limits == "exact")
    return _result("t2", "MEWMA", _values("t2", y, limit, center, cov, items), items, d, setup)


@operation(
    "spc.mcusum",
    outputs=_outputs("cusum", "length of the cumulative sum at each point"),
    reference="Crosier (1988), Technometrics 30(3), 291-303",
    verifier=_verify("mcusum"),
    tolerance=1e-8,
    examples=(
        f"c = spc.mcusum({_EXAMPLE}, k=0.5, h=5.5, target=[0, 0], covariance=[[1, 0.5], [0.5, 1]])",
        f"c = spc.mcusum({_EXAMPLE}, arl0=370)",
    ),
    terms=("MCUSUM chart", "multivariate CUSUM", "Crosier"),
)
def mcusum(
    x: Variables,
    k: Annotated[
        float, Param("reference value, half the Mahalanobis shift to find", gt=0, le=3)
    ] = 0.5,
    h: Limit = None,
    arl0: Arl0 = 200.0,
    target: Target = None,
    covariance: Covariance = None,
    subgroup: Size = None,
    by: By = None,
    baseline: Baseline = None,
    phase1: Phase1 = None,
    exclude: Exclude = (),
) -> Result:
    """Multivariate CUSUM control chart (Crosier), for small sustained shifts.

    The vector sum of the distances from the center is shrunk by k at each point; its length is
    charted against h, computed for the wanted in-control ARL.
    """
    arguments = locals()
    items = _items(arguments)
    setup = _setup(items, arguments)
    d, center, cov = _centred(items, setup.keep, arguments)
    limit = mcusum_limit(len(items.names), k, arl0) if h is None else h
    y = _mcusum(d, cov, items.n, k)
    return _result(
        "cusum", "MCUSUM", _values("cusum", y, limit, center, cov, items), items, d, setup
    )
