"""Control charts of autocorrelated readings: a time-series model is fitted and its residuals are charted.

Readings that follow one another closely (tanks, furnaces, automatic sensors) are correlated; limits from
their moving ranges then give many false alarms. One step ahead of a good model only the new disturbance
is left, which an individuals chart can judge.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

import numpy as np
from scipy import optimize, stats

from havoc.errors import InputError
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.result import Figure, Result, Value
from havoc.tools.spc.charting import (
    Draw,
    Drawing,
    Keep,
    Notes,
    Panel,
    Phase1,
    Rules,
    Setup,
    Sigmas,
    assemble,
    chart_outputs,
    independence,
    recompute,
)
from havoc.tools.spc.constants import d2, d3, tippett_moments
from havoc.tools.spc.individuals import normality
from havoc.tools.spc.variables import limits_panel
from havoc.tools.stats import precise
from havoc.tools.values import FloatArray, Sample, Table, near_zero

LEAST = 10  # readings to fit a model to
FIRST = 2  # the first reading has no prediction
GRID = np.linspace(0.0, 1.0, 401)  # weights among which the least sum of squares is looked for


@dataclass(frozen=True)
class _Fit:
    """A fitted model: its numbers, and the residuals of readings 2 to n, shape (n - 1,)."""

    values: dict[str, Value]
    residuals: FloatArray


def _first(n: int, phase1: int | None) -> int:
    """How many first readings the model is fitted to."""
    used = n if phase1 is None else phase1
    if used > n:
        raise InputError(f"phase1={phase1}, but there are {n} readings")
    if used < LEAST:
        raise InputError(
            f"{used} readings are too few to fit a time-series model: at least {LEAST}, better 50"
        )
    return used


def _autoregression(near: FloatArray, offset: float, used: int) -> _Fit:
    """x(t) = constant + phi x(t-1) by least squares on the readings that set the limits."""
    before, after = near[: used - 1], near[1:used]
    if np.ptp(before) == 0:
        raise InputError("the readings do not vary: there is nothing to model")
    line = stats.linregress(before, after)
    phi = float(line.slope)
    residuals = near[1:] - (float(line.intercept) + phi * near[:-1])
    constant = float(line.intercept) + offset * (1 - phi)
    values: dict[str, Value] = {"phi": phi, "constant": constant}
    if abs(phi) < 1:
        values["level"] = constant / (1 - phi)
    return _Fit(values, residuals)


def _smoothed(near: FloatArray, weight: float) -> FloatArray:
    """Residuals of the EWMA's one-step predictions, begun at the first reading."""
    z, found = float(near[0]), np.empty(len(near) - 1)
    for t, x in enumerate(near[1:].tolist()):
        found[t] = e = x - z
        z += weight * e
    return found


def _slope(weight: float, near: FloatArray) -> float:
    """Half the derivative of the sum of squared residuals by the weight, by its own recursion."""
    z, dz, total = float(near[0]), 0.0, 0.0
    for x in near[1:].tolist():
        e = x - z
        total -= e * dz
        z, dz = z + weight * e, dz + e - weight * dz
    return total


def _best_weight(near: FloatArray) -> float:
    """The weight of least squared residuals in 0..1."""
    z, sse = np.full(len(GRID), near[0]), np.zeros(len(GRID))
    for x in near[1:]:
        e = x - z
        sse += e * e
        z += GRID * e
    k = int(np.argmin(sse))
    low, high = float(GRID[max(k - 1, 0)]), float(GRID[min(k + 1, len(GRID) - 1)])
    if _slope(low, near) >= 0:
        return low
    if _slope(high, near) <= 0:
        return high
    return float(optimize.brentq(_slope, low, high, args=(near,), xtol=1e-14))


def _ewma(near: FloatArray, weight: float | None, used: int) -> _Fit:
    if np.ptp(near[:used]) == 0:
        raise InputError("the readings do not vary: there is nothing to model")
    own = _best_weight(near[:used]) if weight is None else weight
    return _Fit({"weight": own}, _smoothed(near, own))


def _lag_one(x: FloatArray) -> float | None:
    d = x - x.mean()
    return float(d[1:] @ d[:-1] / (d @ d)) if d.any() else None


def _draw(e: FloatArray, setup: Setup, ranges: FloatArray) -> Draw:
    """Individuals and moving ranges of the residuals; points carry the numbers of their readings."""

    def draw(keep: Keep) -> Drawing:
        keep_mr = keep[2:] & keep[1:-1]
        mr_bar = float(ranges[keep_mr].mean())
        sigma = mr_bar / d2(2)
        if sigma <= 1e-9 * float(np.abs(e).max(initial=0.0)) or sigma == 0:
            raise InputError("the model leaves no residuals that vary: nothing is left to chart")
        panels = [
            limits_panel("", "Residuals", e, 0.0, sigma, setup, first=FIRST),
            limits_panel(
                "mr_", "Moving range", ranges, mr_bar, d3(2) * sigma, setup, floor=0.0,
                first=FIRST + 1,
            ),
        ]  # fmt: skip
        return panels, {"sigma": sigma, "mr_bar": mr_bar}

    return draw


def _setup(arguments: Mapping[str, Any], n: int) -> Setup:
    return Setup(
        tuple(str(i) for i in range(1, n + 1)),
        arguments["rules"],
        arguments["sigmas"],
        title="Residual chart",
        phase1=arguments["phase1"],
    )


def _residuals_again(
    arguments: Mapping[str, Any], result: Result, exact: list[Any], used: int
) -> tuple[dict[str, Any], list[Any]]:
    """The model's numbers and residuals in 40 digits, from the normal equations or the given weight."""
    mpf = precise.mpf
    if arguments["model"] == "ar1":
        before, after = exact[: used - 1], exact[1:used]
        m = used - 1
        one, two = sum(before) / m, sum(after) / m
        cross = sum(a * b for a, b in zip(before, after, strict=True)) - m * one * two
        phi = cross / (sum(a * a for a in before) - m * one * one)
        constant = two - phi * one
        found: dict[str, Any] = {"phi": phi, "constant": constant}
        if abs(phi) < 1:
            found["level"] = constant / (1 - phi)
        return found, [b - constant - phi * a for a, b in itertools.pairwise(exact)]
    weight = mpf(float(result.values["weight"]))  # type: ignore[arg-type]

    def squares(w: float) -> float:
        z, total = float(exact[0] - exact[0]), 0.0
        for x in (float(v - exact[0]) for v in exact[1:used]):
            total, z = total + (x - z) ** 2, z + w * (x - z)
        return total

    found = {"weight": arguments["weight"]}
    if arguments["weight"] is None:  # no other weight near or far does better
        best = min((squares(k / 100), k / 100) for k in range(101))[1]
        near = optimize.minimize_scalar(
            squares, bounds=(max(0, best - 0.01), min(1, best + 0.01)), method="bounded",
            options={"xatol": 1e-10},
        )  # fmt: skip
        ends = {float(near.x): float(near.fun), best: squares(best)}
        again = min(ends, key=lambda w: ends[w])
        own = squares(float(weight))
        found["weight"] = float(weight) if own <= ends[again] * (1 + 1e-10) else again
    z, errors = exact[0], []
    for x in exact[1:]:
        errors.append(x - z)
        z = z + weight * errors[-1]
    return found, errors


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The model in 40 digits by its normal equations, the chart from those residuals."""
    series = arguments["x"].present()
    exact = [precise.mpf(v) for v in series.exact]
    n = len(exact)
    used = _first(n, arguments["phase1"])
    found, errors = _residuals_again(arguments, result, exact, used)
    setup = _setup(arguments, n)
    unit, deviation = tippett_moments(2)
    ranges = [abs(b - a) for a, b in itertools.pairwise(errors)]
    mr_bar = sum(ranges[: used - 2]) / (used - 2)
    sigma = float(mr_bar) / unit

    def draw(keep: Keep) -> Drawing:
        e, mr = np.array(list(map(float, errors))), np.array(list(map(float, ranges)))
        one, one_mr = np.ones(len(e)), np.ones(len(mr))
        reach = setup.sigmas * deviation / unit
        center = float(mr_bar)
        return [
            Panel(
                "", "Residuals", e, 0 * one, sigma * one, -setup.sigmas * sigma * one,
                setup.sigmas * sigma * one, setup.rules, FIRST,
            ),
            Panel(
                "mr_", "Moving range", mr, center * one_mr, deviation * sigma * one_mr,
                center * max(0.0, 1 - reach) * one_mr, center * (1 + reach) * one_mr,
                "none" if setup.rules == "none" else "limits", FIRST + 1,
            ),
        ], {"sigma": sigma, "mr_bar": center}  # fmt: skip

    again = {**recompute(draw, setup), **found, "points": n - 1}
    for key, x in (("r1", exact[:used]), ("r1_residuals", errors[: used - 1])):
        mean = sum(x) / len(x)
        d = [v - mean for v in x]
        products = sum(a * b for a, b in itertools.pairwise(d))
        again[key] = Recomputed(float(products / sum(v * v for v in d)), 1e-8)
    return again


@operation(
    "spc.residual_chart",
    outputs=chart_outputs(
        {"": "residual", "mr_": "moving range"},
        sigma="standard deviation of the residuals (mean moving range / d2)",
        mr_bar="mean moving range of the residuals",
        phi="autoregressive coefficient: what a reading keeps of the one before",
        constant="constant of the autoregression",
        level="mean that the autoregression returns to",
        weight="weight of the new reading in the EWMA prediction",
        r1="lag-1 autocorrelation of the readings",
        r1_residuals="lag-1 autocorrelation of the residuals",
        model="the model in words",
    ),
    reference="Montgomery (2013), Statistical Quality Control, 7th ed., section 10.4; Alwan and Roberts "
    "(1988), J. Business and Economic Statistics 6",
    verifier=_verify,
    tolerance=1e-8,
    examples=(
        "chart = spc.residual_chart([29.3, 27.4, 26.1, 26.9, 28.8, 30.2, 31.4, 30.9, 29.5, 28.1, "
        "27.7, 28.9, 30.6, 31.9, 31.2, 29.9, 28.4, 27.2, 26.8, 27.9])",
        "chart = spc.residual_chart([29.3, 27.4, 26.1, 26.9, 28.8, 30.2, 31.4, 30.9, 29.5, 28.1, "
        "27.7, 28.9, 30.6, 31.9, 31.2, 36.5, 35.4, 34.2], model=ewma, phase1=15)",
    ),
    terms=(
        "residual control chart",
        "autocorrelated process",
        "autocorrelated data control chart",
        "AR(1) control chart",
        "special cause chart",
        "EWMA prediction residuals",
    ),
)
def residual_chart(
    x: Annotated[Sample, Param("readings in time order, equally far apart", min_length=LEAST)],
    model: Annotated[
        Literal["ar1", "ewma"],
        Param("ar1: the process returns to a mean; ewma: its mean wanders"),
    ] = "ar1",
    weight: Annotated[
        float | None,
        Param("weight of the EWMA; otherwise that of the least squared residuals", ge=0, le=1),
    ] = None,
    phase1: Phase1 = None,
    rules: Rules = "western_electric",
    sigmas: Sigmas = 3.0,
) -> Result:
    """Control chart of the residuals of a time-series model, for autocorrelated readings.

    Each reading is predicted from those before it, by a first-order autoregression (least squares)
    or an EWMA begun at the first reading; the individuals and moving range chart judges what is
    left, about 0. Points carry the numbers of their readings. With ``phase1`` model and limits rest
    on the first readings alone.
    """
    series = x.present()
    n = len(series)
    used = _first(n, phase1)
    if weight is not None and model != "ewma":
        raise InputError("weight= belongs to model=ewma")
    (near,), moved = near_zero([series])
    offset = float(moved)
    fit = _autoregression(near, offset, used) if model == "ar1" else _ewma(near, weight, used)
    e = fit.residuals
    setup = _setup({"rules": rules, "sigmas": sigmas, "phase1": phase1}, n)
    judged = e[: used - 1]
    values: dict[str, Value] = {
        **fit.values,
        "r1": _lag_one(near[:used]),
        "r1_residuals": _lag_one(judged),
        "model": "first-order autoregression" if model == "ar1" else "EWMA",
    }
    assumptions = (*independence(judged), *normality(judged))
    drawn = _draw(e, setup, np.abs(np.diff(e)))
    notes = Notes(tuple(_warnings(x, near[:used], values, assumptions)), assumptions, "{center}")
    result = assemble(drawn, setup, notes)
    predicted = near[1:] - e + offset
    table = Table(
        (
            Sample.of(list(range(FIRST, n + 1)), "reading"),
            Sample(x.name if x.name != "reading" else "x", series.texts[1:], x.unit),
            Sample.of(predicted, "predicted"),
            Sample.of(e, "residual"),
        ),
        "residuals",
    )
    return replace(
        result,
        values={**result.values, **values, "points": n - 1},
        conclusion=_model_words(values) + result.conclusion,
        figures=(*result.figures, _prediction_figure(x.name, series.values, predicted)),
        data=table,
    )


def _model_words(values: Mapping[str, Value]) -> str:
    if "phi" in values:
        said = "A reading is predicted as {constant} {phi:signed} times the one before"
    else:
        said = "A reading is predicted by an EWMA of those before, weight {weight}"
    return f"{said} (autocorrelation {{r1}}, of the residuals {{r1_residuals}}). Residuals: "


def _warnings(
    x: Sample, used: FloatArray, values: Mapping[str, Value], assumptions: Any
) -> list[str]:
    found = []
    if x.n_missing:
        found.append(
            f"{x.n_missing} missing readings were left out, as if their neighbours followed one another."
        )
    plain = independence(used)[0]
    if plain.met:
        found.append(
            "The readings themselves show no autocorrelation: the ordinary individuals chart "
            "(spc.i_mr) is simpler and finds shifts sooner."
        )
    phi = values.get("phi")
    if isinstance(phi, float) and abs(phi) >= 1:
        found.append(
            "The coefficient is not below 1 in size: the series has no mean to return to; use model=ewma."
        )
    if assumptions[0].met is False:
        found.append(
            "The residuals are still correlated: this model is too simple for the series, and the "
            "limits are not to be trusted."
        )
    found.append(
        "A residual chart shows the step of a shift, not the shift itself: it passes into the "
        "predictions and later points come back."
    )
    return found


def _prediction_figure(name: str, y: FloatArray, predicted: FloatArray) -> Figure:
    at = list(range(1, len(y) + 1))
    return Figure(
        "curves",
        f"{name} and its prediction",
        {
            "x": at[1:],
            "series": [{"name": "predicted", "y": predicted.tolist()}],
            "points": [{"name": "observed", "x": at, "y": y.tolist()}],
            "x_label": "reading",
            "y_label": name,
        },
    )
