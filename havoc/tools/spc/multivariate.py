"""Several characteristics at once: Hotelling's T² and the generalised variance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any

import numpy as np
from scipy import special, stats

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Assumption, Figure, Result, Value, table_of
from havoc.tools.spc.charting import Baseline, By, Exclude, Phase1, Setup, Size
from havoc.tools.values import FloatArray, Sample, near_zero

Variables = Annotated[
    tuple[Sample, ...], Param("characteristics: a column each, a row an item", min_length=2)
]
Matrix = list[list[Fraction]]
THREE_SIGMA = 0.0027


@dataclass(frozen=True)
class Items:
    """Rows of readings in groups (of one for individuals), in time order."""

    names: tuple[str, ...]
    columns: tuple[Sample, ...]
    groups: tuple[tuple[int, ...], ...]
    labels: tuple[str, ...]
    notes: tuple[str, ...]

    @cached_property
    def near(self) -> tuple[FloatArray, FloatArray]:
        """The readings less a number of each column (0 unless they lie far from zero), and those numbers."""
        moved = [near_zero([c]) for c in self.columns]
        return np.column_stack([y for (y,), _ in moved]), np.array([float(o) for _, o in moved])

    @property
    def n(self) -> int:
        return len(self.groups[0])


def _items(arguments: Mapping[str, Any]) -> Items:
    x, by, size = arguments["x"], arguments["by"], arguments["subgroup"]
    if len(x) < 2:
        raise InputError("a multivariate chart needs at least two characteristics (columns)")
    if len({len(c) for c in x}) > 1:
        raise InputError("the characteristics have different numbers of rows")
    complete = [i for i in range(len(x[0])) if all(c.texts[i] is not None for c in x)]
    notes: tuple[str, ...] = ()
    if len(complete) < len(x[0]):
        notes = (f"{len(x[0]) - len(complete)} incomplete rows were left out.",)
    columns = tuple(c.take(complete) for c in x)
    rows = range(len(complete))
    labels: tuple[str, ...]
    if by is not None:
        kept = by.take(complete)
        labels = kept.levels
        groups = tuple(tuple(i for i in rows if kept.items[i] == v) for v in labels)
    elif size is not None:
        groups = tuple(tuple(rows[i : i + size]) for i in range(0, len(rows), size))
        if len(groups[-1]) < size:
            notes, groups = (*notes, "The last rows do not fill a subgroup."), groups[:-1]
        labels = tuple(str(i) for i in range(1, len(groups) + 1))
    else:
        groups = tuple((i,) for i in rows)
        labels = tuple(str(i) for i in range(1, len(groups) + 1))
    if len({len(g) for g in groups}) > 1:
        raise InputError("the subgroups must be of one size")
    return Items(tuple(c.name for c in columns), columns, groups, labels, notes)


def _setup(items: Items, arguments: Mapping[str, Any]) -> Setup:
    return Setup(
        items.labels, "limits", 3.0, arguments["baseline"], arguments["exclude"], True, "",
        arguments["phase1"],
    )  # fmt: skip


def _alpha(arguments: Mapping[str, Any], p: int) -> float:
    given = arguments["alpha"]
    return float(given) if given is not None else 1 - (1 - THREE_SIGMA) ** p


def _limits(m: int, n: int, p: int, alpha: float) -> tuple[float, float]:
    """Upper limits for the points that set them (phase I) and for later points (phase II)."""
    if n == 1:
        one = (m - 1) ** 2 / m * float(stats.beta.isf(alpha, p / 2, (m - p - 1) / 2))
        two = p * (m + 1) * (m - 1) / (m * m - m * p) * float(stats.f.isf(alpha, p, m - p))
        return one, two
    df = m * n - m - p + 1
    f = float(stats.f.isf(alpha, p, df))
    return p * (m - 1) * (n - 1) / df * f, p * (m + 1) * (n - 1) / df * f


def _limits_again(m: int, n: int, p: int, alpha: float) -> tuple[float, float]:
    """The same with F as a ratio of incomplete-beta quantiles."""

    def f_quantile(a: float, b: float) -> float:
        u = float(special.betaincinv(a / 2, b / 2, 1 - alpha))
        return b * u / (a * (1 - u))

    if n == 1:
        beta = float(special.betaincinv(p / 2, (m - p - 1) / 2, 1 - alpha))
        scale = p * (m * m - 1) / (m * (m - p))
        return (m - 1) ** 2 * beta / m, scale * f_quantile(p, m - p)
    df = m * (n - 1) - (p - 1)
    base = p * (n - 1) / df * f_quantile(p, df)
    return base * (m - 1), base * (m + 1)


def _covariance(items: Items, keep: Any) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Group means, their center (both near zero) and the covariance within groups or of individuals."""
    y = items.near[0]
    means = np.array([y[list(g)].mean(axis=0) for g in items.groups])
    center = means[keep].mean(axis=0)
    if items.n == 1:
        return means, center, np.cov(means[keep], rowvar=False)
    within = [
        np.cov(y[list(g)], rowvar=False) for g, k in zip(items.groups, keep, strict=True) if k
    ]
    return means, center, np.mean(within, axis=0)


def _check_size(items: Items, m: int, p: int) -> None:
    if items.n == 1 and m < p + 2:
        raise InputError(
            f"{m} rows are too few for {p} characteristics: at least {p + 2}, better {10 * p}"
        )
    if items.n > 1 and m * (items.n - 1) < p + 1:
        raise InputError("too few subgroups for so many characteristics")


def _exact_covariance(
    items: Items, keep: Any
) -> tuple[list[list[Fraction]], list[Fraction], Matrix]:
    p = len(items.columns)
    exact = [c.exact for c in items.columns]
    means = [
        [sum((exact[j][i] for i in g), Fraction(0)) / len(g) for j in range(p)]
        for g in items.groups
    ]
    used = [i for i in range(len(means)) if keep[i]]
    m = len(used)
    center = [sum((means[i][j] for i in used), Fraction(0)) / m for j in range(p)]
    rows: list[list[Fraction]]
    if items.n == 1:
        rows = [[means[i][j] - center[j] for j in range(p)] for i in used]
        divisor = max(m - 1, 1)  # one item alone is charted with a given covariance only
    else:
        rows = [
            [exact[j][i] - means[g][j] for j in range(p)] for g in used for i in items.groups[g]
        ]
        divisor = m * (items.n - 1)
    matrix = [
        [sum((r[a] * r[b] for r in rows), Fraction(0)) / divisor for b in range(p)]
        for a in range(p)
    ]
    return means, center, matrix


def solve_exact(
    matrix: Matrix, right: list[list[Fraction]]
) -> tuple[list[list[Fraction]], Fraction]:
    """Solve for several right-hand sides by Gauss-Jordan elimination; also the determinant."""
    p = len(matrix)
    a = [list(row) + [r[i] for r in right] for i, row in enumerate(matrix)]
    determinant = Fraction(1)
    for i in range(p):
        pivot = next((k for k in range(i, p) if a[k][i] != 0), None)
        if pivot is None:
            raise InputError("the characteristics are linearly dependent: leave one out")
        if pivot != i:
            a[i], a[pivot] = a[pivot], a[i]
            determinant = -determinant
        determinant *= a[i][i]
        a[i] = [v / a[i][i] for v in a[i]]
        for k in range(p):
            if k != i and a[k][i] != 0:
                factor = a[k][i]
                a[k] = [v - factor * w for v, w in zip(a[k], a[i], strict=True)]
    return [[a[i][p + j] for i in range(p)] for j in range(len(right))], determinant


def _verify_t2(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """T² by exact elimination of the exact covariance."""
    items = _items(arguments)
    setup = _setup(items, arguments)
    keep, p = setup.keep, len(items.names)
    means, center, matrix = _exact_covariance(items, keep)
    away = [[v - c for v, c in zip(row, center, strict=True)] for row in means]
    solved, _ = solve_exact(matrix, away)
    t2 = [
        float(items.n * sum((u * v for u, v in zip(d, s, strict=True)), Fraction(0)))
        for d, s in zip(away, solved, strict=True)
    ]
    m, alpha = int(keep.sum()), _alpha(arguments, p)
    one, two = _limits_again(m, items.n, p, alpha)
    out = [i for i, v in enumerate(t2, 1) if v > (one if keep[i - 1] else two) * (1 + 1e-12)]
    return {
        "t2": t2,
        "ucl": one,
        "ucl_phase2": two,
        "out_of_control": out,
        "n_out": len(out),
        "first_signal": min(out, default=None),
        "center": [float(c) for c in center],
        "covariance": [[float(v) for v in row] for row in matrix],
        "alpha": alpha,
        "points": len(t2),
        "variables": p,
        "subgroup_size": items.n,
    }


Alpha = Annotated[
    float | None,
    Param("false-alarm probability of a point; otherwise 1 - 0.9973^variables", gt=0, lt=0.5),
]


@operation(
    "spc.t2",
    outputs={
        "t2": "T² of each point",
        "ucl": "upper limit of the points that set the limits (phase I)",
        "ucl_phase2": "upper limit of later points (phase II)",
        "out_of_control": "points beyond their limit",
        "n_out": "how many",
        "first_signal": "the first of them",
        "center": "means of the characteristics",
        "covariance": "covariance matrix used",
        "alpha": "false-alarm probability of a point",
        "points": "points",
        "variables": "characteristics",
        "subgroup_size": "rows in a point",
    },
    reference="Montgomery (2013), Statistical Quality Control, section 11.3; Tracy et al. (1992)",
    verifier=_verify_t2,
    tolerance=1e-8,
    examples=(
        "c = spc.t2([[10.1, 9.8, 10.3, 10.0, 9.9, 10.4, 9.7, 10.2, 10.6], [5.2, 4.9, 5.3, 5.1, 4.9, "
        "5.4, 4.8, 5.2, 4.7]])",
    ),
    terms=("Hotelling T2 chart", "multivariate control chart", "T-squared"),
)
def t2(
    x: Variables,
    subgroup: Size = None,
    by: By = None,
    alpha: Alpha = None,
    baseline: Baseline = None,
    phase1: Phase1 = None,
    exclude: Exclude = (),
) -> Result:
    """Hotelling's T² control chart of several correlated characteristics.

    T² is the squared distance of a point from the center in the metric of the covariance. Single
    rows or subgroups of rows; the phase I limit is from the beta (rows) or F distribution, the
    phase II limit from F. The table shows how much each characteristic contributes to a signal.
    """
    arguments = locals()
    items = _items(arguments)
    setup = _setup(items, arguments)
    keep, p = setup.keep, len(items.names)
    m = int(keep.sum())
    _check_size(items, m, p)
    means, center, cov = _covariance(items, keep)
    if np.linalg.cond(cov) > 1e13:
        raise InputError("the characteristics are linearly dependent: leave one out")
    away = means - center
    inverse = np.linalg.inv(cov)
    values_t2 = items.n * np.einsum("ij,jk,ik->i", away, inverse, away)
    level = _alpha(arguments, p)
    one, two = _limits(m, items.n, p, level)
    ucl = np.where(keep, one, two)
    out = [int(i) + 1 for i in np.flatnonzero(values_t2 > ucl * (1 + 1e-12))]
    # The drop in T² when a characteristic is left out (Runger, Alt and Montgomery 1996).
    rows = []
    for i in out:
        drops = []
        for j in range(p):
            rest = [k for k in range(p) if k != j]
            d = away[i - 1][rest]
            drops.append(
                values_t2[i - 1] - items.n * d @ np.linalg.inv(cov[np.ix_(rest, rest)]) @ d
            )
        rows.append((i, float(values_t2[i - 1]), *map(float, drops)))
    figure = Figure(
        "control_chart",
        "Hotelling's T² chart",
        {"point": list(range(1, len(values_t2) + 1)), "label": list(items.labels),
         "value": values_t2.tolist(), "center": None, "lcl": [0.0] * len(ucl), "ucl": ucl.tolist(),
         "violations": [{"point": i, "rule": "T²", "pattern": "beyond the limit"} for i in out],
         "y_label": "T²"},
    )  # fmt: skip
    values: dict[str, Value] = {
        "t2": values_t2.tolist(), "ucl": one, "ucl_phase2": two, "out_of_control": out,
        "n_out": len(out), "first_signal": min(out, default=None), "center": (center + items.near[1]).tolist(),
        "covariance": cov.tolist(), "alpha": level, "points": len(values_t2), "variables": p,
        "subgroup_size": items.n,
    }  # fmt: skip
    words = "Points beyond the T² limit of {ucl}: {n_out} of {points}."
    warnings = list(items.notes)
    if m < 10 * p:
        warnings.append(
            "With so few points for so many characteristics the covariance is poorly known."
        )
    return Result(
        values,
        words + (" See which characteristics contribute." if out else " No sign of a special cause."),
        tables=(
            table_of("signals", ("point", "T²", *(f"{n} contributes" for n in items.names)), rows),
            table_of("covariance", ("", *items.names),
                     [(n, *row) for n, row in zip(items.names, cov.tolist(), strict=True)]),
        ),
        figures=(figure,),
        assumptions=(Assumption("multivariate normality", None, "look at each characteristic first"),),
        warnings=tuple(warnings),
    )  # fmt: skip


def _b_factors(n: int, p: int) -> tuple[float, float]:
    """Mean and variance of |S|/|Σ| for subgroups of ``n`` (Montgomery, eq. 11.36)."""
    one = math.prod(n - i for i in range(1, p + 1))
    two = math.prod(n - j + 2 for j in range(1, p + 1))
    return one / (n - 1) ** p, one * (two - one) / (n - 1) ** (2 * p)


def _verify_variance(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    items = _items(arguments)
    setup = _setup(items, arguments)
    keep, p, n = setup.keep, len(items.names), items.n
    alone = np.zeros(len(items.groups), dtype=bool)
    dets = []
    for i in range(len(items.groups)):
        one_group = alone.copy()
        one_group[i] = True
        _, _, matrix = _exact_covariance(items, one_group)
        try:
            dets.append(float(solve_exact(matrix, [])[1]))
        except InputError:
            dets.append(0.0)
    _, _, whole = _exact_covariance(items, keep)
    sigma = float(solve_exact(whole, [])[1])
    # Moments of a product of chi-squares: |S|/|Σ| is Π chi²(n-i) / (n-1)^p.
    b1 = math.exp(sum(math.log(n - i) for i in range(1, p + 1)) - p * math.log(n - 1))
    second = math.exp(
        sum(math.log(n - i) + math.log(n - i + 2) for i in range(1, p + 1))
        - 2 * p * math.log(n - 1)
    )
    spread = sigma / b1 * math.sqrt(second - b1 * b1)
    ends = max(0.0, sigma - 3 * spread), sigma + 3 * spread
    out = [i for i, v in enumerate(dets, 1) if v > ends[1] * (1 + 1e-9) or v < ends[0] * (1 - 1e-9)]
    return {"determinant": dets, "center": sigma, "lcl": ends[0], "ucl": ends[1],
            "out_of_control": out, "n_out": len(out), "points": len(dets), "variables": p,
            "subgroup_size": n}  # fmt: skip


@operation(
    "spc.generalized_variance",
    outputs={
        "determinant": "|S| of each subgroup",
        "center": "center line: determinant of the mean covariance",
        "lcl": "lower control limit",
        "ucl": "upper control limit",
        "out_of_control": "subgroups beyond the limits",
        "n_out": "how many",
        "points": "subgroups",
        "variables": "characteristics",
        "subgroup_size": "rows in a subgroup",
    },
    reference="Montgomery (2013), Statistical Quality Control, section 11.6",
    verifier=_verify_variance,
    tolerance=1e-7,
    examples=(
        "c = spc.generalized_variance([[10.1, 9.8, 10.3, 10.0, 9.9, 10.4, 9.7, 10.2, 10.6, 10.0, 9.9, "
        "10.1, 10.2, 9.6, 10.0, 10.3, 9.9, 10.2, 10.1, 9.8], [5.2, 4.9, 5.3, 5.1, 4.9, 5.4, 4.8, 5.2, "
        "4.7, 5.0, 5.1, 4.8, 5.3, 5.0, 5.2, 4.9, 5.0, 5.1, 4.7, 5.2]], subgroup=4)",
    ),
    terms=("generalized variance chart", "multivariate variability", "|S| chart"),
)
def generalized_variance(
    x: Variables,
    subgroup: Size = None,
    by: By = None,
    baseline: Baseline = None,
    phase1: Phase1 = None,
    exclude: Exclude = (),
) -> Result:
    """Generalised variance control chart: the determinant of the covariance within subgroups.

    Watches the joint spread of several characteristics. |S| has mean b1|Σ| and variance b2|Σ|²;
    limits at three standard deviations, the lower one not below 0.
    """
    arguments = locals()
    items = _items(arguments)
    setup = _setup(items, arguments)
    keep, p, n = setup.keep, len(items.names), items.n
    if n <= p:
        raise InputError(
            f"subgroups of {n} are too small for {p} characteristics: at least {p + 1} rows in each "
            "(give subgroup=size or by=column)"
        )
    y = items.near[0]
    dets = np.array([np.linalg.det(np.cov(y[list(g)], rowvar=False)) for g in items.groups])
    within = _covariance(items, keep)[2]
    center = float(np.linalg.det(within))
    if not center > 1e-13 * float(np.prod(np.diag(within))):
        raise InputError("the characteristics are linearly dependent: leave one out")
    b1, b2 = _b_factors(n, p)
    spread = center / b1 * math.sqrt(b2)
    lcl, ucl = max(0.0, center - 3 * spread), center + 3 * spread
    bad = (dets > ucl * (1 + 1e-9)) | (dets < lcl * (1 - 1e-9))
    out = [int(i) + 1 for i in np.flatnonzero(bad)]
    figure = Figure(
        "control_chart",
        "Generalised variance chart",
        {"point": list(range(1, len(dets) + 1)), "label": list(items.labels), "value": dets.tolist(),
         "center": [center] * len(dets), "lcl": [lcl] * len(dets), "ucl": [ucl] * len(dets),
         "violations": [{"point": i, "rule": "|S|", "pattern": "beyond the limits"} for i in out],
         "y_label": "|S|"},
    )  # fmt: skip
    return Result(
        {"determinant": dets.tolist(), "center": center, "lcl": lcl, "ucl": ucl,
         "out_of_control": out, "n_out": len(out), "points": len(dets), "variables": p,
         "subgroup_size": n},
        "Center {center}, limits {lcl} to {ucl}; subgroups beyond them: {n_out} of {points}.",
        figures=(figure,),
        warnings=items.notes,
    )  # fmt: skip
