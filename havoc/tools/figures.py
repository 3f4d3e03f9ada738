"""Drawing figures: from the typed data an operation gives to SVG files, one drawer a kind.

The web UI draws the same data by itself; this is for the command line, reports and the handbook.
The same data give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from havoc.errors import InputError

Data = Mapping[str, Any]
Drawer = Callable[[Axes, Data], None]
INK, QUIET, ALARM, BAND = "#1f4e79", "#8a8a8a", "#c0392b", "#c9d9ea"
STYLE: Any = {
    "svg.hashsalt": "havoc",
    "svg.fonttype": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "font.size": 10,
    "axes.titlesize": 11,
}


def save_figures(results: Sequence[Mapping[str, Any]], folder: Path) -> list[Path]:
    """Draw every figure of a run's results (as JSON) into ``folder``: ``r2.1.svg`` ...

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for result in results:
            for number, figure in enumerate(result["figures"], 1):
                name = re.sub(r"[^\w.-]", "_", str(result["name"]))
                path = folder / f"{name}.{number}.svg"
                draw(figure["kind"], figure["title"], figure["data"], path)
                paths.append(path)
    except OSError as error:
        raise InputError(f"'{folder}' cannot be written: {error.strerror}") from None
    return paths


def draw(kind: str, title: str, data: Data, path: Path) -> None:
    """Draw one figure; an unknown kind is drawn as the lines its data hold."""
    with matplotlib.rc_context(STYLE):
        canvas = Canvas(figsize=(7, 4.2), layout="constrained")
        axes = canvas.add_subplot()
        axes.set_title(title, loc="left")
        DRAWERS.get(kind, _line)(axes, data)
        if axes.get_legend_handles_labels()[0]:
            axes.legend(frameon=False, fontsize=9)
        canvas.savefig(path, format="svg", metadata={"Date": None})


def _label(axes: Axes, x: Any, y: Any) -> None:
    axes.set_xlabel(str(x or ""))
    axes.set_ylabel(str(y or ""))


def _level(axes: Axes, value: Any, label: str, color: str = QUIET, vertical: bool = False) -> None:
    """A reference line across the axes, where there is a value."""
    if value is None:
        return
    line = axes.axvline if vertical else axes.axhline
    line(float(value), color=color, linewidth=1, linestyle="--", label=label)


def _step_limits(axes: Axes, x: Sequence[float], values: Any, label: str, color: str) -> None:
    """Limits that may be one number, one a point, or missing at some points."""
    if values is None:
        return
    level = values if isinstance(values, list) else [values] * len(x)
    heights = [np.nan if v is None else float(v) for v in level]
    axes.step(x, heights, where="mid", color=color, linewidth=1, label=label)


def _control_chart(axes: Axes, data: Data) -> None:
    x = data["point"]
    values = [np.nan if v is None else float(v) for v in data["value"]]
    _step_limits(axes, x, data.get("center"), "center", QUIET)
    _step_limits(axes, x, data.get("ucl"), "limits", ALARM)
    _step_limits(axes, x, data.get("lcl"), "", ALARM)
    axes.plot(x, values, color=INK, marker="o", markersize=4, linewidth=1)
    _signals(axes, data, dict(zip(x, values, strict=True)))
    _label(axes, data.get("x_label", "point"), data.get("y_label"))


def _signals(axes: Axes, data: Data, height: Mapping[Any, float]) -> None:
    marked = sorted({v["point"] for v in data.get("violations", ()) if v["point"] in height})
    if marked:
        heights = [height[p] for p in marked]
        axes.plot(marked, heights, "o", color=ALARM, markersize=7, label="signal", zorder=3)


def _cusum_chart(axes: Axes, data: Data) -> None:
    x = data["point"]
    axes.plot(x, data["upper"], color=INK, marker="o", markersize=3, label="C+")
    axes.plot(x, data["lower"], color="#7f6000", marker="o", markersize=3, label="C-")
    _level(axes, data.get("ucl"), "decision interval", ALARM)
    _level(axes, data.get("lcl"), "", ALARM)
    _label(axes, "point", data.get("y_label"))


def _histogram(axes: Axes, data: Data) -> None:
    edges = np.asarray(data["edges"], dtype=float)
    axes.bar(edges[:-1], data["counts"], np.diff(edges), align="edge", color=BAND, edgecolor=INK)
    _label(axes, data.get("label"), "count")


def _capability(axes: Axes, data: Data) -> None:
    _histogram(axes, data)
    edges = np.asarray(data["edges"], dtype=float)
    for key in ("lsl", "usl", "target"):
        _level(axes, data.get(key), key.upper() if key != "target" else key, ALARM, vertical=True)
    low, high = axes.get_xlim()
    grid = np.linspace(low, high, 200)
    mean, area = float(data["mean"]), float(data["n"]) * float(np.diff(edges).mean())
    for key, style in (("sd_within", "-"), ("sd_overall", "--")):
        sd = data.get(key)
        if sd:
            density = np.exp(-0.5 * ((grid - mean) / sd) ** 2) / (sd * np.sqrt(2 * np.pi))
            axes.plot(grid, area * density, style, color=INK, label=key.replace("_", " "))


def _pareto(axes: Axes, data: Data) -> None:
    order = np.argsort(-np.abs(np.asarray(data["values"], dtype=float)), kind="stable")
    heights = [abs(data["values"][i]) for i in order]
    axes.barh([data["names"][i] for i in order], heights, color=BAND, edgecolor=INK)
    axes.invert_yaxis()
    _level(axes, data.get("me"), "margin of error", ALARM, vertical=True)
    _label(axes, "absolute effect", "")


def _half_normal(axes: Axes, data: Data) -> None:
    axes.plot(data["absolute_effects"], data["quantiles"], "o", color=INK)
    for name, x, y in zip(data["names"], data["absolute_effects"], data["quantiles"], strict=True):
        axes.annotate(str(name), (x, y), textcoords="offset points", xytext=(5, -4), fontsize=8)
    _level(axes, data.get("me"), "margin of error", ALARM, vertical=True)
    _label(axes, "absolute effect", "half-normal quantile")


def _main_effects(axes: Axes, data: Data) -> None:
    start, ticks, labels = 0, [], []
    for name, means in data.items():
        levels = means.items() if isinstance(means, Mapping) else enumerate(means, 1)
        pairs = list(levels)
        places = list(range(start, start + len(pairs)))
        axes.plot(places, [m for _, m in pairs], color=INK, marker="o")
        ticks += places
        labels += [
            f"{level}\n{name}" if i == 0 else str(level) for i, (level, _) in enumerate(pairs)
        ]
        start += len(pairs) + 1
    axes.set_xticks(ticks, labels, fontsize=8)
    _label(axes, "", "mean")


def _interaction(axes: Axes, data: Data) -> None:
    series = data.get("series") or [{"name": n, "y": y} for n, y in data["lines"].items()]
    places = range(len(data["x"]))
    for one in series:
        axes.plot(places, one["y"], marker="o", label=str(one["name"]))
    axes.set_xticks(list(places), [str(v) for v in data["x"]])
    _label(axes, data.get("x_label", data.get("x_name")), data.get("y_label", "mean"))


def _contour(axes: Axes, data: Data) -> None:
    z = np.asarray(data["z"], dtype=float)
    lines = axes.contour(data["x"], data["y"], z, levels=12, cmap="viridis")
    axes.clabel(lines, fontsize=8)
    point = data.get("stationary")
    if point:
        axes.plot(*point[:2], "+", color=ALARM, markersize=10, label="stationary point")
    held = ", ".join(f"{k} = {v:g}" for k, v in data.get("held", {}).items())
    _label(axes, data["x_name"] + (f"  (held: {held})" if held else ""), data["y_name"])


def _residuals(axes: Axes, data: Data) -> None:
    axes.plot(data["fitted"], data["residuals"], "o", color=INK)
    _level(axes, 0, "")
    _label(axes, "fitted", "residual")


def _correlation_map(axes: Axes, data: Data) -> None:
    image = axes.imshow(data["values"], vmin=0, vmax=1, cmap="Blues")
    places = range(len(data["labels"]))
    axes.set_xticks(places, data["labels"], rotation=90, fontsize=8)
    axes.set_yticks(places, data["labels"], fontsize=8)
    if axes.figure is not None:
        axes.figure.colorbar(image, ax=axes)


def _fitted_line(axes: Axes, data: Data) -> None:
    axes.plot(data["x"], data["y"], "o", color=INK)
    axes.plot(data["line_x"], data["line_y"], color=INK)
    axes.fill_between(data["line_x"], data["low"], data["high"], color=BAND, alpha=0.6)
    _label(axes, data.get("x_label"), data.get("y_label"))


def _regression_line(axes: Axes, data: Data) -> None:
    grid = data["grid"]
    if "pi_low" in data:
        axes.fill_between(
            grid, data["pi_low"], data["pi_high"], color=BAND, alpha=0.4, label="prediction"
        )
    if "mean_ci_low" in data:
        axes.fill_between(grid, data["mean_ci_low"], data["mean_ci_high"], color=BAND, label="mean")
    axes.plot(grid, data["predicted"], color=INK)
    axes.plot(data["x"], data["y"], "o", color=INK)
    _label(axes, data.get("x_name"), data.get("y_name"))


def _variance_components(axes: Axes, data: Data) -> None:
    places = np.arange(len(data["source"]))
    for shift, key in ((-0.2, "contribution"), (0.2, "study_variation")):
        axes.bar(places + shift, data[key], 0.4, label="% " + key.replace("_", " "))
    names = [str(s) for s in data["source"]]
    axes.set_xticks(places, names, fontsize=8, rotation=15, ha="right")
    _label(axes, "", "percent")


def _step(axes: Axes, data: Data) -> None:
    axes.step(data["x"], data["y"], where="post", color=INK)
    censored = data.get("censored") or []
    if censored:
        last = np.searchsorted(np.asarray(data["x"], dtype=float), censored, side="right") - 1
        heights = [data["y"][max(i, 0)] for i in last]
        axes.plot(censored, heights, "+", color=INK, label="censored")
    _label(axes, data.get("x_label"), data.get("y_label"))


def _weibull_plot(axes: Axes, data: Data) -> None:
    def scaled(p: Sequence[float]) -> Any:
        return np.log(-np.log1p(-np.asarray(p, dtype=float)))

    axes.plot(data["x"], scaled(data["p"]), "o", color=INK)
    axes.plot(data["line_x"], scaled(data["line_p"]), color=INK)
    shares = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99]
    axes.set_yticks(scaled(shares), [f"{100 * s:g}%" for s in shares])
    axes.set_xscale("log")
    _label(axes, data.get("x_label"), data.get("y_label"))


def _box_plot(axes: Axes, data: Data) -> None:
    groups = data.get("groups") or {str(data.get("label", "")): data["values"]}
    axes.boxplot(list(groups.values()), tick_labels=[str(g) for g in groups], widths=0.5)
    for place, values in enumerate(groups.values(), 1):
        axes.plot([place] * len(values), values, "o", color=INK, markersize=3, alpha=0.6)


def _group_plot(axes: Axes, data: Data) -> None:
    _box_plot(axes, {"groups": {g["name"]: g["values"] for g in data["groups"]}})
    _level(axes, data.get("reference"), "reference", ALARM)


def _dot_plot(axes: Axes, data: Data) -> None:
    axes.plot(data["values"], [0] * len(data["values"]), "o", color=INK, alpha=0.6)
    if data.get("marked") is not None:
        axes.plot(data["marked"], 0, "o", color=ALARM, label="marked")
    axes.set_yticks([])


def _distribution(axes: Axes, data: Data) -> None:
    x = np.asarray(data["x"], dtype=float)
    density = np.asarray(data["density"], dtype=float)
    axes.plot(x, density, color=INK)
    above, below = data.get("above"), data.get("below")
    inside = np.ones(len(x), dtype=bool)
    inside &= x >= above if above is not None else True
    inside &= x <= below if below is not None else True
    if above is not None or below is not None:
        axes.fill_between(x, density, where=inside.tolist(), color=BAND)
    _label(axes, "", "density")


def _discrete_distribution(axes: Axes, data: Data) -> None:
    low, high = data.get("at_least"), data.get("at_most")
    chosen = [
        (low is None or k >= low) and (high is None or k <= high) and (low, high) != (None, None)
        for k in data["counts"]
    ]
    colors = [INK if c else BAND for c in chosen]
    axes.bar(data["counts"], data["probability"], color=colors, edgecolor=INK)
    _label(axes, "count", "probability")


def _bars(axes: Axes, data: Data) -> None:
    series = {k: v for k, v in data.items() if isinstance(v, list) and k != "labels"}
    count = len(next(iter(series.values())))
    width = 0.8 / len(series)
    for number, (name, heights) in enumerate(series.items()):
        places = np.arange(count) + (number - (len(series) - 1) / 2) * width
        axes.bar(places, heights, width, label=name)
    axes.set_xticks(range(count), [str(v) for v in data.get("labels", range(1, count + 1))])


def _mosaic(axes: Axes, data: Data) -> None:
    counts = np.asarray(data["counts"], dtype=float)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-300)
    widths = counts.sum(axis=1) / max(counts.sum(), 1e-300)
    left = np.concatenate([[0.0], np.cumsum(widths)[:-1]])
    bottom = np.zeros(len(widths))
    for j, name in enumerate(data["columns"]):
        axes.bar(left, shares[:, j], widths, bottom, align="edge", edgecolor="white", label=name)
        bottom = bottom + shares[:, j]
    axes.set_xticks(left + widths / 2, [str(r) for r in data["rows"]])
    _label(axes, "", "share")


def _scatter(axes: Axes, data: Data) -> None:
    axes.plot(data["x"], data["y"], "o", color=INK)
    labels = data.get("labels") or (data.get("x_label"), data.get("y_label"))
    _label(axes, *labels)


def _intervals(axes: Axes, data: Data) -> None:
    places = np.arange(len(data["pairs"]))
    centre = np.asarray(data["differences"], dtype=float)
    low, high = (np.asarray(data[k], dtype=float) for k in ("ci_low", "ci_high"))
    axes.errorbar(centre, places, xerr=[centre - low, high - centre], fmt="o", color=INK, capsize=3)
    axes.set_yticks(places, [str(p) for p in data["pairs"]], fontsize=8)
    axes.invert_yaxis()
    _level(axes, 0, "", vertical=True)
    _label(axes, "difference", "")


def _probability_plot(axes: Axes, data: Data) -> None:
    quantiles = np.asarray(data["quantiles"], dtype=float)
    axes.plot(quantiles, data["values"], "o", color=INK)
    line = data.get("line")
    if line:
        axes.plot(quantiles, line["intercept"] + line["slope"] * quantiles, color=QUIET)
    _label(axes, "normal quantile", data.get("label"))


def _line(axes: Axes, data: Data) -> None:
    """The first two lists of numbers of equal length against each other."""
    lists = [(k, v) for k, v in data.items() if isinstance(v, list) and _numeric(v)]
    pairs = [(a, b) for a in lists for b in lists if a[0] != b[0] and len(a[1]) == len(b[1])]
    if not pairs:
        axes.text(0.5, 0.5, "no curve in these data", ha="center", transform=axes.transAxes)
        return
    (x_name, x), (y_name, y) = pairs[0]
    axes.plot(x, y, color=INK, marker="o" if len(x) < 15 else "")
    if data.get("log_y"):
        axes.set_yscale("log")
    marks = data.get("marks") or ([data["marked"]] if data.get("marked") else [])
    for mark in marks:
        axes.plot(*mark[:2], "o", color=ALARM)
    _level(axes, data.get("at"), "chosen", ALARM, vertical=True)
    _label(axes, data.get("x_label", x_name), data.get("y_label", y_name.replace("_", " ")))


def _numeric(values: Sequence[Any]) -> bool:
    return len(values) > 1 and all(
        isinstance(v, int | float) and not isinstance(v, bool) for v in values
    )


DRAWERS: Mapping[str, Drawer] = {
    "bars": _bars,
    "box_plot": _box_plot,
    "capability_histogram": _capability,
    "contour": _contour,
    "control_chart": _control_chart,
    "correlation_map": _correlation_map,
    "cusum_chart": _cusum_chart,
    "discrete_distribution": _discrete_distribution,
    "distribution": _distribution,
    "dot_plot": _dot_plot,
    "fds": _line,
    "fitted_line": _fitted_line,
    "group_plot": _group_plot,
    "half_normal": _half_normal,
    "histogram": _histogram,
    "interaction": _interaction,
    "intervals": _intervals,
    "line": _line,
    "main_effects": _main_effects,
    "mosaic": _mosaic,
    "oc_curve": _line,
    "pareto": _pareto,
    "power_curve": _line,
    "probability_plot": _probability_plot,
    "regression_line": _regression_line,
    "residuals": _residuals,
    "scatter": _scatter,
    "step": _step,
    "variance_components": _variance_components,
    "weibull_plot": _weibull_plot,
}
"""What is drawn how; the kinds are those of ``Figure.kind``."""
