"""Histograms, densities and probability plots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from havoc.tools.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    Data,
    axes_of,
    draws,
    legend,
    numbers,
    whole_ticks,
)


def _bars(ax: Axes, data: Data) -> Any:
    edges = numbers(data["edges"])
    ax.bar(
        edges[:-1],
        data["counts"],
        np.diff(edges),
        align="edge",
        color=SKY,
        edgecolor="white",
        lw=0.8,
    )
    ax.set_ylabel("count")
    whole_ticks(ax.yaxis)
    return edges


@draws("histogram")
def _histogram(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data)
    _bars(ax, data)
    ax.set_xlabel(str(data.get("label", "value")))
    if data.get("at") is not None:
        ax.axvline(float(data["at"]), color=RED, lw=1.6, label=f"observed {float(data['at']):.4g}")
    legend(ax)


@draws("capability_histogram")
def _capability(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data)
    edges = numbers(data["edges"]) if data.get("edges") else None
    height = 1.0
    ends = [v for v in (data.get("lsl"), data.get("usl")) if v is not None]
    mean = data.get("mean")
    spread = data.get("sd_overall") or data.get("sd_within")
    reach = [*(edges if edges is not None else ()), *ends]
    if mean is not None and spread:
        reach += [mean - 4 * spread, mean + 4 * spread]
    x = np.linspace(min(reach), max(reach), 300)
    if edges is not None and data.get("counts"):
        _bars(ax, data)
        height = float(sum(data["counts"])) * float(np.diff(edges).mean())
    else:
        ax.set_ylabel("density")
    for key, colour, style, label in (
        ("sd_within", BLUE, "-", "within"),
        ("sd_overall", BLACK, "--", "overall"),
    ):
        sd = data.get(key)
        if sd and mean is not None:
            density = np.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * np.sqrt(2 * np.pi))
            ax.plot(x, height * density, color=colour, ls=style, lw=1.5, label=label)
    curve = data.get("curve")
    if isinstance(curve, Mapping):
        ax.plot(curve["x"], height * numbers(curve["y"]), color=PURPLE, lw=1.5, label="fitted")
    ax.set_ylim(bottom=0)
    top = ax.get_ylim()[1]
    for key, colour in (("lsl", RED), ("target", GREEN), ("usl", RED)):
        if data.get(key) is not None:
            ax.axvline(float(data[key]), color=colour, lw=1.4, ls="-" if colour == RED else ":")
            ax.text(
                float(data[key]),
                top,
                f" {key.upper() if key != 'target' else 'target'}",
                color=colour,
                fontsize=8,
                va="bottom",
                ha="center",
            )
    ax.set_xlabel(str(data.get("label", "measurement")))
    legend(ax)


@draws("distribution")
def _distribution(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data, "x", "density")
    x, y = numbers(data["x"]), numbers(data["density"])
    ax.plot(x, y, color=BLUE, lw=1.6)
    low = -np.inf if data.get("above") is None else float(data["above"])
    high = np.inf if data.get("below") is None else float(data["below"])
    if np.isfinite(low) or np.isfinite(high):
        inside = (x >= low) & (x <= high) if low <= high else (x >= low) | (x <= high)
        ax.fill_between(
            x, 0, y, where=inside, color=ORANGE, alpha=0.5, label="probability asked for"
        )
    ax.set_ylim(bottom=0)
    legend(ax)


@draws("discrete_distribution")
def _discrete(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data, "count", "probability")
    counts, p = numbers(data["counts"]), numbers(data["probability"])
    low = -np.inf if data.get("at_least") is None else float(data["at_least"])
    high = np.inf if data.get("at_most") is None else float(data["at_most"])
    inside = (counts >= low) & (counts <= high)
    asked = np.isfinite(low) or np.isfinite(high)
    ax.bar(counts, p, 0.8, color=SKY)
    if asked:
        ax.bar(
            counts[inside], p[inside], 0.8, color=ORANGE, hatch="//", label="probability asked for"
        )
    legend(ax)


@draws("probability_plot")
def _probability_plot(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data, "normal quantile", str(data.get("label", "value")))
    q, v = numbers(data["quantiles"]), numbers(data["values"])
    ax.plot(q, v, "o", color=BLUE, ms=4)
    line = data.get("line")
    if isinstance(line, Mapping):
        ends = np.array([q.min(), q.max()])
        ax.plot(ends, line["intercept"] + line["slope"] * ends, color=RED, lw=1.3)


@draws("weibull_plot")
def _weibull(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data, "time", "fraction failed")
    loglog = lambda p: np.log(-np.log1p(-numbers(p)))  # noqa: E731
    ax.plot(data["x"], loglog(data["p"]), "o", color=BLUE, ms=4, label="data")
    if data.get("line_x"):
        ax.plot(data["line_x"], loglog(data["line_p"]), color=RED, lw=1.4, label="fitted")
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    shown = np.array([0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.632, 0.8, 0.9, 0.95, 0.99])
    places = np.log(-np.log1p(-shown))
    low, high = ax.get_ylim()
    inside = (places >= low) & (places <= high)
    ax.set_yticks(places[inside], [f"{100 * p:g} %" for p in shown[inside]])
    legend(ax)


@draws("dot_plot")
def _dots(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data, str(data.get("label", "value")))
    v = numbers(data["values"])
    ax.plot(v, np.zeros_like(v), "o", color=BLUE, ms=7, alpha=0.6)
    if data.get("marked") is not None:
        marked = float(data["marked"])
        ax.plot(marked, 0, "o", ms=12, mfc="none", mec=RED, mew=1.6)
        ax.annotate(
            f"{marked:g}",
            (marked, 0),
            xytext=(0, 12),
            textcoords="offset points",
            color=RED,
            ha="center",
        )
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_ylim(-1, 1)


@draws("fitted_distribution")
def _fitted_distribution(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data, "value", "density")
    values = numbers(data["values"])
    bins = min(30, max(5, len(np.histogram_bin_edges(values, "auto")) - 1))
    ax.hist(values, bins=bins, density=True, color=SKY, edgecolor="white", lw=0.8)
    ax.plot(data["x"], numbers(data["density"]), color=RED, lw=1.6, label="fitted")
    legend(ax)
