"""The look all figures share, and the table of drawing functions by kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator

BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, BLACK, GREY = "#CC79A7", "#56B4E9", "#222222", "#8a8a8a"
CYCLE = (BLUE, ORANGE, GREEN, PURPLE, RED, SKY, BLACK)
MARKERS = "osD^vPX"
STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555555",
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.grid": True,
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.7,
    "axes.axisbelow": True,
    "axes.formatter.useoffset": False,
    "legend.framealpha": 0.85,
    "legend.edgecolor": "none",
    "svg.fonttype": "path",
    "svg.hashsalt": "havoc",
}
Data = Mapping[str, Any]
Draw = Callable[[Canvas, Data], None]
KINDS: dict[str, Draw] = {}


def draws(*names: str) -> Callable[[Draw], Draw]:
    """Register a drawing function for these kinds."""

    def register(function: Draw) -> Draw:
        KINDS.update(dict.fromkeys(names, function))
        return function

    return register


def numbers(values: Sequence[float | None]) -> Any:
    """A float array; what is missing is NaN."""
    return np.array([np.nan if v is None else float(v) for v in values])


def axes_of(canvas: Canvas, data: Data, x: str = "", y: str = "") -> Axes:
    """One pair of axes with the labels the data give, or these."""
    ax = canvas.add_subplot()
    ax.set_xlabel(str(data.get("x_label", x)))
    ax.set_ylabel(str(data.get("y_label", y)))
    return ax


def legend(ax: Axes) -> None:
    """A legend where something is named."""
    if ax.get_legend_handles_labels()[1]:
        ax.legend(fontsize=8, loc="best")


def whole_ticks(axis: Axis) -> None:
    """Ticks at whole numbers only: counts, lags, points in time."""
    axis.set_major_locator(MaxNLocator(nbins="auto", integer=True))


def end_label(ax: Axes, x: float, y: float, text: str, colour: str) -> None:
    """A name beside the end of a line, outside the axes."""
    ax.annotate(
        text, (x, y), xytext=(4, 0), textcoords="offset points", color=colour, fontsize=8,
        va="center", annotation_clip=False,
    )  # fmt: skip


def ticks(ax: Axes, labels: Sequence[Any], most: int = 24) -> None:
    """Names at 0, 1, 2 ...; every second or third where they are many."""
    step = max(1, -(-len(labels) // most))
    places = range(0, len(labels), step)
    texts = [str(labels[i]) for i in places]
    crowded = sum(len(t) for t in texts) > 70
    ax.set_xticks(
        list(places), texts, rotation=40 if crowded else 0, ha="right" if crowded else "center"
    )
