"""The path of steepest ascent or descent from a fitted surface."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np

from havoc.errors import InputError
from havoc.tools.diagnostics import residual_checks
from havoc.tools.doe.rsm_model import Surface, surface_from
from havoc.tools.expression import Formula
from havoc.tools.operation import Invariant, Param, Recomputed, operation
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.values import FloatArray, Labels, Sample, Table

KEYS = ("formula", "data", "response", "factors", "block", "order", "low", "high")
OUTPUTS = {
    "factors": "names of the factors, in order",
    "direction": "unit vector of the path at the centre, coded",
    "distances": "distance of each point from the centre, coded",
    "path": "settings of each point in natural units, a list a point",
    "path_coded": "settings of each point, coded",
    "predicted": "fitted response at each point",
    "last": "the last point in natural units",
    "reach": "largest distance of a run from the centre, coded",
    "coefficients": "first-order coefficients, coded",
    "slope": "change of the response a coded unit along the path at the centre",
}


def _matrices(surface: Surface) -> tuple[FloatArray, FloatArray]:
    b = np.array([float(v) for v in surface.linear])
    return b, np.array([[float(v) for v in row] for row in surface.quadratic])


def ridge_point(b: FloatArray, matrix: FloatArray, radius: float, goal: float) -> FloatArray:
    """The best point on the sphere of ``radius`` (Draper 1963): (B - mu I) x = -b/2, mu beyond B's spectrum."""
    if radius == 0:
        return np.zeros(len(b))
    b, matrix = goal * b, goal * matrix
    values, vectors = np.linalg.eigh(matrix)
    g = vectors.T @ b / 2
    top = float(values[-1])
    # the length falls from infinity to 0 as mu rises from the largest eigenvalue
    low, high = top, top + float(np.linalg.norm(g)) / radius + 1e-12

    def length(mu: float) -> float:
        return float(np.linalg.norm(g / (mu - values)))

    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if length(middle) > radius else (low, middle)
    x = vectors @ (g / (high - values))
    return np.asarray(x * radius / np.linalg.norm(x))


def _points(surface: Surface, goal: float, step: float, steps: int) -> list[FloatArray]:
    b, matrix = _matrices(surface)
    if not np.any(b):
        raise InputError("all first-order coefficients are 0, so there is no direction to follow")
    distances = [step * i for i in range(steps + 1)]
    if not np.any(matrix):
        unit = goal * b / np.linalg.norm(b)
        return [d * unit for d in distances]
    return [ridge_point(b, matrix, d, goal) for d in distances]


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Each point satisfies Lagrange's condition on its sphere, and none of many others there is better."""
    surface = surface_from(*(arguments[k] for k in KEYS))
    goal = 1.0 if arguments["direction"] == "ascent" else -1.0
    exact_b, exact_m = surface.linear, surface.quadratic
    b, matrix = _matrices(surface)
    found: dict[str, Any] = {}
    path: list[Any] = result.values["path_coded"]  # type: ignore[assignment]
    again, natural = [], []
    worst, better = 0.0, 0.0
    rng = np.random.default_rng(0)
    for i, point in enumerate(path):
        x = [Fraction(v) for v in point]
        value = surface.fit.solution.coefficients[0]
        for j, xj in enumerate(x):
            value += exact_b[j] * xj + sum(
                (exact_m[j][k] * xj * xk for k, xk in enumerate(x)), Fraction(0)
            )
        again.append(float(value))
        natural.append(
            [float(c.center + c.half * v) for c, v in zip(surface.codings, x, strict=True)]
        )
        radius = arguments["step"] * i
        if i:
            at = np.array(point)
            gradient = goal * (b + 2 * matrix @ at)
            mu = float(gradient @ at) / radius**2
            worst = max(worst, float(np.abs(gradient - mu * at).max()) / float(np.abs(b).max()))
            others = rng.normal(size=(400, len(b)))
            others *= radius / np.linalg.norm(others, axis=1, keepdims=True)
            gains = goal * (others @ b + np.einsum("ij,jk,ik->i", others, matrix, others))
            own = goal * float(b @ at + at @ matrix @ at)
            better = max(better, float(gains.max()) - own)
    scale = float(np.abs(b).max() + np.abs(matrix).max())
    distances = [math.dist(p, [0.0] * len(b)) for p in path]
    found["Lagrange condition"] = Invariant(
        worst, 0.0, 1e-3
    )  # relative to 1e-3: 1e-6 of the gradient
    found["no better point on the spheres"] = Invariant(max(0.0, better) / scale, 0.0, 1e-3)
    found["distances"] = Recomputed(distances, 1e-9)
    found["step"] = Invariant(
        distances[1] if len(distances) > 1 else arguments["step"], arguments["step"]
    )
    found["predicted"] = again
    found["path"] = natural
    found["last"] = natural[-1]
    unit = [goal * float(v) for v in exact_b]
    norm = math.hypot(*unit)
    found |= {
        "direction": [v / norm for v in unit],
        "coefficients": [float(v) for v in exact_b],
        "slope": goal * norm,
        "reach": max(
            math.hypot(*row)
            for row in zip(
                *(surface.fit.model.table.sample(f).values for f in surface.factors), strict=True
            )
        ),
        "path_coded": [
            [
                float((Fraction(v) - c.center) / c.half)
                for c, v in zip(surface.codings, row, strict=True)
            ]
            for row in result.values["path"]  # type: ignore[union-attr]
        ],
    }
    return found


@operation(
    "doe.steepest_ascent",
    outputs=OUTPUTS,
    reference="Myers, Montgomery and Anderson-Cook (2016), Response Surface Methodology, sections 5.2 "
    "and 6.5; Draper (1963), Ridge analysis of response surfaces",
    verifier=_verify,
    examples=(
        "r = doe.steepest_ascent(response=[39.3, 40.9, 40.0, 41.5, 40.3, 40.5, 40.7, 40.2, 40.6], "
        "factors=[[30, 30, 40, 40, 35, 35, 35, 35, 35], [150, 160, 150, 160, 155, 155, 155, 155, 155]], "
        "order=first)",
        "r = doe.steepest_ascent(response=[61, 70, 66, 59, 72, 75, 58, 63, 70], "
        "factors=[[-1, 1, -1, 1, 0, 1, -1, 0, 0], [-1, -1, 1, 1, 0, 0, 0, 1, -1]], step=0.5, steps=4)",
    ),
    terms=(
        "steepest ascent",
        "steepest descent",
        "path of steepest ascent",
        "ridge analysis",
        "where to experiment next",
        "direction of improvement",
    ),
)
def steepest_ascent(
    formula: Annotated[Formula | None, Param("model such as y ~ x1 + x2")] = None,
    data: Annotated[Table | None, Param("table with the formula's columns")] = None,
    response: Annotated[
        Sample | None, Param("response, instead of a formula", min_length=3)
    ] = None,
    factors: Annotated[tuple[Sample, ...] | None, Param("the factors' columns")] = None,
    block: Annotated[Labels | None, Param("block of each run")] = None,
    order: Annotated[
        Literal["first", "interaction", "second"], Param("order of the model (without a formula)")
    ] = "second",
    direction: Annotated[Literal["ascent", "descent"], Param("up or down the surface")] = "ascent",
    step: Annotated[float, Param("distance between points, in coded units", gt=0)] = 1.0,
    steps: Annotated[int, Param("number of steps", ge=1, le=50)] = 5,
    low: Annotated[tuple[float, ...] | None, Param("natural value coded -1, a factor each")] = None,
    high: Annotated[tuple[float, ...] | None, Param("natural value coded 1, a factor each")] = None,
) -> Result:
    """Find the path of steepest ascent (or descent) from the centre of an experiment.

    With a first-order model the path is straight, along the coefficients in coded units. With second-order
    terms it is the ridge: at each distance the best point on the sphere. Points far beyond the runs are
    proposals for new experiments, not predictions.
    """
    surface = surface_from(formula, data, response, factors, block, order, low, high)
    goal = 1.0 if direction == "ascent" else -1.0
    coded = [[float(v) for v in p] for p in _points(surface, goal, step, steps)]
    natural = [[c.natural(v) for c, v in zip(surface.codings, p, strict=True)] for p in coded]
    b = _matrices(surface)[0]
    norm = float(np.linalg.norm(b))
    values: dict[str, Any] = {
        "factors": list(surface.factors),
        "direction": (goal * b / norm).tolist(),
        "distances": [float(np.linalg.norm(p)) for p in coded],
        "path": natural,
        "path_coded": coded,
        "predicted": [surface.predicted(p) for p in coded],
        "last": natural[-1],
        "reach": surface.reach,
        "coefficients": b.tolist(),
        "slope": goal * norm,
    }
    rows = [
        [i, d, *point, y]
        for i, (d, point, y) in enumerate(
            zip(values["distances"], natural, values["predicted"], strict=True)
        )
    ]
    path = table_of("path", ("step", "distance", *surface.factors, "predicted"), rows)
    return Result(
        values=values,
        conclusion=_conclusion(values, direction),
        tables=(path,),
        figures=(_figure(surface, values),),
        assumptions=tuple(residual_checks(surface.fit)),
        warnings=tuple(_warnings(surface, values)),
        data=path.as_table(),
    )


def _conclusion(values: Mapping[str, Any], direction: str) -> str:
    moves = ", ".join(
        f"{name.replace('{', '{{').replace('}', '}}')} {{last[{i}]}}"
        for i, name in enumerate(values["factors"])
    )
    word = "rises" if direction == "ascent" else "falls"
    last = len(values["path"]) - 1
    return (
        f"Along the path the fitted response {word} from {{predicted[0]}} at the centre to "
        f"{{predicted[{last}]}} at {moves}; run experiments along it until the response turns."
    )


def _figure(surface: Surface, values: Mapping[str, Any]) -> Figure:
    keys = ("distances", "predicted", "path", "factors")
    title = f"{surface.fit.model.response_name} along the path"
    labels = {"x_label": "distance from the centre, coded", "y_label": "predicted response"}
    return Figure("line", title, {k: values[k] for k in keys} | labels)


def _bends(values: Mapping[str, Any]) -> bool:
    """Whether the last point lies off the straight path by more than a hundredth of its distance."""
    last, far = np.array(values["path_coded"][-1]), values["distances"][-1]
    return bool(np.linalg.norm(last - far * np.array(values["direction"])) > 0.01 * far)


def _warnings(surface: Surface, values: Mapping[str, Any]) -> list[str]:
    found = []
    beyond: Sequence[float] = [d for d in values["distances"] if d > values["reach"] * (1 + 1e-9)]
    if beyond:
        found.append(
            f"{len(beyond)} point(s) lie beyond the runs, where the predictions are extrapolations: "
            "treat them as settings to try."
        )
    if _bends(values):
        found.append(
            "Interactions or squares in the model bend the path; order=first follows the straight "
            "path of the main effects alone."
        )
    f, df = surface.fit.f_statistic, surface.fit.df_error
    if f is not None and df:
        from havoc.tools.linear_model import f_upper

        if f_upper(f, surface.fit.df_model, df) > 0.1:
            found.append("The model as a whole is not significant, so the direction is uncertain.")
    return found
