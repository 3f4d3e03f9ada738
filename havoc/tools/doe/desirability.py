"""Several responses at once: the settings of the largest overall desirability."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np

from havoc.errors import InputError, NeedsClarification
from havoc.tools.diagnostics import by_randomisation
from havoc.tools.doe.rsm_model import Surface, surface_from
from havoc.tools.operation import Invariant, Param, Recomputed, operation
from havoc.tools.result import Assumption, Result, table_of
from havoc.tools.values import FloatArray, Sample, refuse_far_from_zero

TOLERANCE = 1e-6


@dataclass(frozen=True)
class Goal:
    """What is wanted of one response: ``low`` and ``high`` bound where its desirability rises or falls."""

    surface: Surface
    name: str
    kind: str  # maximize, minimize, target
    low: float
    high: float
    target: float | None

    def desirability(self, y: float) -> float:
        """Derringer and Suich (1980), linear ramps."""
        if self.kind == "maximize":
            return min(1.0, max(0.0, (y - self.low) / (self.high - self.low)))
        if self.kind == "minimize":
            return min(1.0, max(0.0, (self.high - y) / (self.high - self.low)))
        assert self.target is not None
        if y <= self.target:
            return max(0.0, (y - self.low) / (self.target - self.low))
        return max(0.0, (self.high - y) / (self.high - self.target))

    def excess(self, y: float) -> float:
        """How far the prediction lies beyond the end of the ramp, in ramps."""
        if self.kind == "maximize":
            return max(0.0, (y - self.high) / (self.high - self.low))
        return max(0.0, (self.low - y) / (self.high - self.low)) if self.kind == "minimize" else 0.0


def _goals(arguments: Mapping[str, Any]) -> list[Goal]:
    wanted = [
        (kind, s)
        for kind, key in (
            ("maximize", "maximize"),
            ("minimize", "minimize"),
            ("target", "on_target"),
        )
        for s in arguments[key] or ()
    ]
    if not wanted:
        raise NeedsClarification(
            "which responses are to be maximised, minimised or kept on target?"
        )
    n, targets = len(wanted), list(arguments["target"] or ())
    if len(targets) != sum(kind == "target" for kind, _ in wanted):
        raise NeedsClarification(
            "what is the target of each response to be kept on target? (target=[...])"
        )
    ends = []
    for key in ("low", "high"):
        given = arguments[key]
        if given is not None and len(given) != n:
            raise InputError(f"{key} needs one value a response ({n}), not {len(given)}")
        ends.append(given)
    found = []
    for i, (kind, sample) in enumerate(wanted):
        refuse_far_from_zero(sample)
        surface = surface_from(
            None, None, sample, arguments["factors"], None, arguments["order"], None, None
        )
        values = sample.present().values
        low = float(values.min()) if ends[0] is None else ends[0][i]
        high = float(values.max()) if ends[1] is None else ends[1][i]
        target = targets.pop(0) if kind == "target" else None
        if not low < high or (target is not None and not low < target < high):
            raise InputError(
                f"'{sample.name}': low must be below high"
                + ("" if target is None else ", and the target between them")
            )
        found.append(Goal(surface, sample.name, kind, low, high, target))
    return found


def _overall(goals: Sequence[Goal], x: FloatArray) -> tuple[float, list[float], list[float]]:
    predicted = [g.surface.predicted(x) for g in goals]
    each = [g.desirability(y) for g, y in zip(goals, predicted, strict=True)]
    return math.prod(each) ** (1 / len(each)), predicted, each


def _ranges(surface: Surface) -> list[tuple[float, float]]:
    columns = [surface.fit.model.table.sample(f).values for f in surface.factors]
    return [(float(c.min()), float(c.max())) for c in columns]


def _search(goals: Sequence[Goal]) -> FloatArray:
    """The best of many starts, each polished by Nelder and Mead inside the box of the runs."""
    from scipy.optimize import minimize
    from scipy.stats import qmc

    bounds = _ranges(goals[0].surface)
    low, high = (np.array(b) for b in zip(*bounds, strict=True))
    starts = low + (high - low) * qmc.Sobol(len(bounds), scramble=False).random(512)
    starts = np.vstack(
        [starts, *(g.surface.fit.model.matrix()[:, 1 : len(bounds) + 1] for g in goals)]
    )

    def loss(x: FloatArray) -> float:
        overall, predicted, _ = _overall(goals, x)
        if overall > 0:
            return -overall
        # outside all ramps: walk towards them
        gaps = [
            max(
                0.0,
                g.low - y if g.kind != "minimize" else y - g.high,
                y - g.high if g.kind == "target" else 0.0,
            )
            / (g.high - g.low)
            for g, y in zip(goals, predicted, strict=True)
        ]
        return sum(gaps)

    ranked = sorted(starts, key=loss)[:8]
    options = {"xatol": 1e-10, "fatol": 1e-13, "maxiter": 4000}
    best = ranked[0]
    for start in ranked:
        for _ in range(2):
            found = minimize(loss, start, method="Nelder-Mead", bounds=bounds, options=options)
            start = found.x
        if loss(start) < loss(best):
            best = start
    return _beyond(goals, np.asarray(np.clip(best, low, high)), bounds)


def _beyond(
    goals: Sequence[Goal], x: FloatArray, bounds: Sequence[tuple[float, float]]
) -> FloatArray:
    """Among settings as desirable, those whose responses go furthest past the ends of their ramps.

    Beyond its ramp a desirability stays at 1, so the most desirable settings may be many: a response
    to be maximised shall still be as large as it can be.
    """
    from scipy.optimize import minimize

    low, high = (np.array(b) for b in zip(*bounds, strict=True))
    least, _, each = _overall(goals, x)
    # On the end of a ramp nothing is in excess yet, though more may be had there too.
    full = (g.kind != "target" and d > 1 - 1e-6 for g, d in zip(goals, each, strict=True))
    if least <= 0 or not any(full):
        return x

    def loss(point: FloatArray) -> float:
        overall, responses, _ = _overall(goals, point)
        gain = sum(g.excess(y) for g, y in zip(goals, responses, strict=True))
        return 1e6 * max(0.0, least - 1e-9 - overall) - gain

    grid = low + (high - low) * np.random.default_rng(2).random((2000, len(low)))
    start = min([x, *grid], key=loss)
    options = {"xatol": 1e-10, "fatol": 1e-13, "maxiter": 4000}
    for _ in range(2):
        found = minimize(loss, start, method="Nelder-Mead", bounds=bounds, options=options).x
        start = min([start, np.clip(found, low, high)], key=loss)
    return np.asarray(start if loss(start) < loss(x) else x)


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Responses at the settings in rationals; and no better setting among many others."""
    goals = _goals(arguments)
    surface = goals[0].surface
    x: list[Any] = result.values["settings_coded"]  # type: ignore[assignment]
    exact = [Fraction(v) for v in x]
    predicted = []
    for g in goals:
        value = g.surface.fit.solution.coefficients[0]
        value += sum((b * v for b, v in zip(g.surface.linear, exact, strict=True)), Fraction(0))
        for i, row in enumerate(g.surface.quadratic):
            value += sum((row[j] * exact[i] * exact[j] for j in range(len(exact))), Fraction(0))
        predicted.append(float(value))
    each = [float(np.interp(y, *_ramp(g))) for g, y in zip(goals, predicted, strict=True)]
    overall = math.exp(sum(map(math.log, each)) / len(each)) if min(each) > 0 else 0.0
    low, high = (np.array(b) for b in zip(*_ranges(surface), strict=True))
    points = low + (high - low) * np.random.default_rng(1).random((3000, len(low)))
    better = max(_overall(goals, p)[0] for p in points) - overall
    natural: list[Any] = result.values["settings"]  # type: ignore[assignment]
    return {
        "settings": [
            float(c.center + c.half * v) for c, v in zip(surface.codings, exact, strict=True)
        ],
        "settings_coded": [
            float((Fraction(v) - c.center) / c.half)
            for c, v in zip(surface.codings, natural, strict=True)
        ],
        "predicted": predicted,
        "desirabilities": Recomputed(each, TOLERANCE),
        "overall": Recomputed(overall, TOLERANCE),
        "r2": [g.surface.fit.r2 if g.surface.fit.r2 is None else _r2_again(g) for g in goals],
        "no better settings among 3000": Invariant(max(0.0, better), 0.0, 0.1),
    }


def _ramp(g: Goal) -> tuple[list[float], list[float]]:
    if g.kind == "maximize":
        return [g.low, g.high], [0.0, 1.0]
    if g.kind == "minimize":
        return [g.low, g.high], [1.0, 0.0]
    assert g.target is not None
    return [g.low, g.target, g.high], [0.0, 1.0, 0.0]


def _r2_again(g: Goal) -> float:
    y = g.surface.fit.model.response.floats
    b = np.linalg.lstsq(g.surface.fit.model.matrix(), y, rcond=None)[0]
    residuals = y - g.surface.fit.model.matrix() @ b
    return 1 - float((residuals**2).sum() / ((y - y.mean()) ** 2).sum())


@operation(
    "doe.desirability",
    outputs={
        "factors": "names of the factors",
        "settings": "best settings in natural units, in the factors' order",
        "settings_coded": "best settings, coded",
        "responses": "names of the responses",
        "predicted": "predicted responses there",
        "desirabilities": "desirability of each response there (0 to 1)",
        "overall": "overall desirability: their geometric mean",
        "r2": "R-squared of each response's model",
    },
    reference="Derringer and Suich (1980), Simultaneous optimization of several response variables, "
    "Journal of Quality Technology 12, 214-219",
    verifier=_verify,
    examples=(
        "r = doe.desirability(factors=[[-1, 1, -1, 1, -1, 1, 0, 0, 0], [-1, -1, 1, 1, 0, 0, -1, 1, 0]], "
        "maximize=[[60, 71, 63, 75, 65, 76, 68, 70, 72]], minimize=[[5, 9, 6, 12, 5, 10, 6, 8, 7.5]])",
        "r = doe.desirability(factors=[[-1, 1, -1, 1, -1, 1, 0, 0, 0], [-1, -1, 1, 1, 0, 0, -1, 1, 0]], "
        "maximize=[[60, 71, 63, 75, 65, 76, 68, 70, 72]], on_target=[[5, 9, 6, 12, 5, 10, 6, 8, 7.5]], "
        "low=[60, 6], high=[80, 9], target=[7])",
    ),
    terms=(
        "desirability",
        "several responses",
        "multiple response optimisation",
        "compromise",
        "maximise one and minimise another",
    ),
    tolerance=TOLERANCE,
)
def desirability(
    factors: Annotated[tuple[Sample, ...], Param("the factors' columns")],
    maximize: Annotated[tuple[Sample, ...] | None, Param("responses to be large")] = None,
    minimize: Annotated[tuple[Sample, ...] | None, Param("responses to be small")] = None,
    on_target: Annotated[tuple[Sample, ...] | None, Param("responses to be at a target")] = None,
    target: Annotated[
        tuple[float, ...] | None, Param("target of each response kept on target")
    ] = None,
    low: Annotated[
        tuple[float, ...] | None,
        Param("lower end of each response's ramp, in the order maximize, minimize, on_target"),
    ] = None,
    high: Annotated[tuple[float, ...] | None, Param("upper end of each response's ramp")] = None,
    order: Annotated[
        Literal["second", "interaction", "first"], Param("order of the models")
    ] = "second",
) -> Result:
    """Find the settings that suit several responses best, by Derringer and Suich's desirability.

    Fits a response surface to each response, turns each prediction into a desirability from 0 to 1 (linear
    ramps between ``low`` and ``high``, by default the smallest and largest observed value), and maximises
    their geometric mean inside the range of the runs. Where predictions go past the end of a ramp, the
    desirability stays at 1, and of the settings that are as desirable the furthest are given.
    """
    arguments = {
        "factors": factors,
        "maximize": maximize,
        "minimize": minimize,
        "on_target": on_target,
        "target": target,
        "low": low,
        "high": high,
        "order": order,
    }
    goals = _goals(arguments)
    x = _search(goals)
    overall, predicted, each = _overall(goals, x)
    surface = goals[0].surface
    values: dict[str, Any] = {
        "factors": list(surface.factors),
        "settings": [c.natural(float(v)) for c, v in zip(surface.codings, x, strict=True)],
        "settings_coded": x.tolist(),
        "responses": [_unique(goals, i) for i in range(len(goals))],
        "predicted": predicted,
        "desirabilities": each,
        "overall": overall,
        "r2": [g.surface.fit.r2 for g in goals],
    }
    rows = [
        (values["responses"][i], g.kind, g.low, g.target, g.high, predicted[i], each[i])
        for i, g in enumerate(goals)
    ]
    settings = list(
        zip(values["factors"], values["settings_coded"], values["settings"], strict=True)
    )
    return Result(
        values=values,
        conclusion=_conclusion(values),
        tables=(
            table_of("settings", ("factor", "coded", "natural"), settings),
            table_of(
                "responses",
                ("response", "goal", "low", "target", "high", "predicted", "desirability"),
                rows,
            ),
        ),
        assumptions=(
            Assumption(
                "adequate models", min(v or 0 for v in values["r2"]) > 0.7, "R² of each model"
            ),
            by_randomisation(),
        ),
        warnings=tuple(_warnings(values, goals)),
    )


def _unique(goals: Sequence[Goal], i: int) -> str:
    name = goals[i].name
    if name == "group1":  # a list without a name of its own
        return f"y{i + 1}"
    return name if sum(g.name == name for g in goals) == 1 else f"{name} {i + 1}"


def _conclusion(values: Mapping[str, Any]) -> str:
    def safe(name: str) -> str:
        return name.replace("{", "{{").replace("}", "}}")

    where = ", ".join(f"{safe(n)} = {{settings[{i}]}}" for i, n in enumerate(values["factors"]))
    what = ", ".join(f"{safe(n)} {{predicted[{i}]}}" for i, n in enumerate(values["responses"]))
    if values["overall"] == 0:
        return f"No settings meet all goals at once; the nearest found are {where}, giving {what}."
    return f"Best settings: {where}, with overall desirability {{overall}}; predicted {what}."


def _warnings(values: Mapping[str, Any], goals: Sequence[Goal]) -> list[str]:
    found = ["Confirm the settings by new runs: the optimum rests on the fitted models."]
    for name, g in zip(values["responses"], goals, strict=True):
        if (g.surface.fit.r2 or 0) < 0.7:
            found.append(f"The model of '{name}' explains little of it (R² below 0.7).")
    if values["overall"] == 0:
        found.append("The goals conflict: widen the acceptable range of a response.")
    return found
