"""Several curves in one picture, points in the plane with their limit, and surfaces in space."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure as Canvas

from havoc.tools.figures.style import (
    CYCLE,
    GREY,
    Data,
    axes_of,
    draws,
    legend,
    numbers,
    whole_ticks,
)

DASHES = ("-", "--", "-.", ":")


@draws("curves")
def _curves(canvas: Canvas, data: Data) -> None:
    """``x`` shared, ``series`` of {name, y}; ``points`` of {name, x, y} on top, ``mark_x`` lines."""
    ax = axes_of(canvas, data)
    x = numbers(data["x"])
    for i, series in enumerate(data["series"]):
        y = numbers(series["y"])
        ax.plot(
            x[: len(y)],
            y,
            color=CYCLE[i % len(CYCLE)],
            ls=DASHES[i % len(DASHES)],
            lw=1.6,
            label=str(series["name"]) if len(data["series"]) > 1 or data.get("points") else None,
        )
    for i, points in enumerate(data.get("points") or ()):
        ax.plot(points["x"], points["y"], "o", ms=4, color=CYCLE[-1 - i], label=points["name"])
    for mark in data.get("mark_x") or ():
        ax.axvline(float(mark), color=GREY, ls=":", lw=1)
    if len(x) and (x == np.round(x)).all():
        whole_ticks(ax.xaxis)
    if data.get("log_y"):
        ax.set_yscale("log")
    legend(ax)


@draws("surface")
def _surface(canvas: Canvas, data: Data) -> None:
    """The same data as a contour plot, seen in space."""
    ax = canvas.add_subplot(projection="3d")
    x, y = np.meshgrid(numbers(data["x"]), numbers(data["y"]))
    z = np.array([numbers(r) for r in data["z"]])
    drawn = ax.plot_surface(x, y, z, cmap="cividis", lw=0.15, edgecolor="white", antialiased=True)
    ax.set_xlabel(str(data["x_name"]))
    ax.set_ylabel(str(data["y_name"]))
    ax.set_zlabel(str(data.get("z_name", "response")))
    ax.view_init(elev=28, azim=-125)
    canvas.colorbar(drawn, ax=ax, shrink=0.65, pad=0.12)
