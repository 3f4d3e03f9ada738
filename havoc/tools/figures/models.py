"""Effects, surfaces, residuals, fitted lines and other curves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure as Canvas

from havoc.tools.figures.style import (
    BLACK,
    BLUE,
    GREY,
    RED,
    SKY,
    Data,
    axes_of,
    draws,
    legend,
    numbers,
    whole_ticks,
)


@draws("half_normal")
def _half_normal(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data, "half-normal quantile", "absolute effect")
    q, effects = numbers(data["quantiles"]), numbers(data["absolute_effects"])
    limit = data.get("me")
    large = effects > limit if limit is not None else np.zeros(len(q), bool)
    ax.plot(q[~large], effects[~large], "o", color=BLUE, ms=5)
    ax.plot(q[large], effects[large], "D", color=RED, ms=6)
    for i in np.flatnonzero(large) if large.any() else range(max(0, len(q) - 3), len(q)):
        ax.annotate(
            str(data["names"][i]),
            (q[i], effects[i]),
            xytext=(6, 2),
            textcoords="offset points",
            fontsize=8,
        )
    if data.get("pse"):
        ax.plot(
            [0, q.max()],
            [0, float(data["pse"]) * q.max()],
            color=GREY,
            ls="--",
            lw=1,
            label="line of the PSE",
        )
    if limit is not None:
        ax.axhline(float(limit), color=RED, ls=":", lw=1.2, label=f"ME {float(limit):.4g}")
    ax.set_ylim(bottom=0)
    legend(ax)


@draws("pareto")
def _pareto(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data, "absolute effect")
    values = np.abs(numbers(data["values"]))
    order = np.argsort(-values)[:30]
    places = np.arange(len(order))[::-1]
    limit = data.get("me")
    colours = [RED if limit is not None and values[i] > limit else SKY for i in order]
    ax.barh(places, values[order], color=colours, edgecolor="white")
    ax.set_yticks(places, [str(data["names"][i]) for i in order])
    if data.get("cumulative") is not None:
        for place, i in zip(places, order, strict=True):
            share = f"{float(data['cumulative'][i]):.0f} %"
            ax.annotate(share, (values[i], place), (4, 0), textcoords="offset points", va="center")
        ax.set_xlim(right=1.12 * float(values.max()))
    for key, style, name in (("me", "--", "ME"), ("sme", ":", "SME")):
        if data.get(key) is not None:
            ax.axvline(
                float(data[key]),
                color=BLACK,
                ls=style,
                lw=1.2,
                label=f"{name} {float(data[key]):.4g}",
            )
    legend(ax)


@draws("correlation_map", "heatmap")
def _correlation_map(canvas: Canvas, data: Data) -> None:
    ax = canvas.add_subplot()
    values = np.array([numbers(r) for r in data.get("matrix") or data["values"]])
    image = ax.imshow(np.abs(values), vmin=0, vmax=1, cmap="Blues")
    labels, n = [str(v) for v in data.get("names") or data["labels"]], len(values)
    size = 8 if n <= 16 else 6
    ax.set_xticks(range(n), labels, rotation=60, ha="right", fontsize=size)
    ax.set_yticks(range(n), labels, fontsize=size)
    ax.grid(False)
    if n <= 12:
        for i in range(n):
            for j in range(n):
                dark = abs(values[i, j]) > 0.6
                ax.text(
                    j,
                    i,
                    f"{values[i, j]:.2f}",
                    ha="center",
                    va="center",
                    fontsize=7,
                    color="white" if dark else BLACK,
                )
    canvas.colorbar(image, ax=ax, label="absolute correlation")


@draws("contour")
def _contour(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data, str(data["x_name"]), str(data["y_name"]))
    z = np.array([numbers(r) for r in data["z"]])
    filled = ax.contourf(data["x"], data["y"], z, levels=12, cmap="cividis", alpha=0.85)
    lines = ax.contour(
        data["x"], data["y"], z, levels=filled.levels, colors="white", linewidths=0.7
    )
    ax.clabel(lines, fontsize=7, fmt="%.4g")
    canvas.colorbar(filled, ax=ax, label=str(data.get("z_name", "response")))
    if data.get("stationary") is not None:
        ax.plot(*data["stationary"], "*", ms=13, color=RED, mec="white", label="stationary point")
    if data.get("points"):
        ax.plot(*zip(*data["points"], strict=True), "o", ms=4, color=BLACK, label="runs")
    held = data.get("held") or {}
    if held:
        ax.set_title(
            "at " + ", ".join(f"{k} = {v:.4g}" for k, v in held.items()),
            fontsize=8,
            fontweight="normal",
        )
    ax.grid(False)
    legend(ax)


@draws("residuals")
def _residuals(canvas: Canvas, data: Data) -> None:
    """Four panels: against the fitted values, normal plot, histogram, in row order."""
    axes = canvas.subplots(2, 2).ravel()
    fitted, residuals = numbers(data["fitted"]), numbers(data["residuals"])
    axes[0].plot(fitted, residuals, "o", color=BLUE, ms=4)
    axes[0].axhline(0, color=BLACK, lw=1)
    axes[0].set_xlabel("fitted value")
    axes[0].set_ylabel("residual")
    scaled = numbers(data["standardised"]) if data.get("standardised") else residuals
    for i in np.flatnonzero(np.abs(scaled) > 3) if data.get("standardised") else ():
        row = (data.get("rows") or list(range(1, len(fitted) + 1)))[i]
        axes[0].annotate(f"row {row}", (fitted[i], residuals[i]), fontsize=7, color=RED)
    from scipy.stats import norm

    n = len(scaled)
    q = norm.ppf((np.arange(1, n + 1) - 0.375) / (n + 0.25))
    axes[1].plot(q, np.sort(scaled), "o", color=BLUE, ms=4)
    spread = np.std(scaled, ddof=1) if n > 1 else 1.0
    axes[1].plot(q, np.mean(scaled) + spread * q, color=RED, lw=1.2)
    axes[1].set_xlabel("normal quantile")
    name = "standardised residual" if data.get("standardised") else "residual"
    axes[1].set_ylabel(name)
    axes[2].hist(scaled, bins=min(20, max(5, round(np.sqrt(n)))), color=SKY, edgecolor="white")
    axes[2].set_xlabel(name)
    axes[2].set_ylabel("rows")
    order = numbers(data["rows"]) if data.get("rows") else np.arange(1, n + 1)
    axes[3].plot(order, residuals, "o-", color=BLUE, ms=3, lw=0.7)
    axes[3].axhline(0, color=BLACK, lw=1)
    axes[3].set_xlabel("row")
    axes[3].set_ylabel("residual")


@draws("scatter", "scatter_fit")
def _scatter(canvas: Canvas, data: Data) -> None:
    """Points in the plane; where several coincide, one larger point with their number beside it."""
    labels = data.get("labels") or ("x", "y")
    ax = axes_of(canvas, data, str(labels[0]), str(labels[1]))
    places = Counter(zip(data["x"], data["y"], strict=True))
    times = np.array(list(places.values()))
    x, y = (numbers(v) for v in zip(*places, strict=True))
    ax.scatter(x, y, s=20 * np.minimum(times, 9), color=BLUE, alpha=0.75, lw=0, zorder=3)
    for px, py, n in zip(x, y, times, strict=True):
        if n > 1:
            ax.annotate(f"{n}×", (px, py), xytext=(7, 5), textcoords="offset points", fontsize=8)
    for axis, values in ((ax.xaxis, x), (ax.yaxis, y)):
        levels = np.unique(values)
        if len(levels) <= 5 and len(data["x"]) >= 2 * len(levels):  # a design's
            axis.set_ticks(levels, [f"{v:.5g}" for v in levels])
    if data.get("diagonal"):
        ends = [min(x.min(), y.min()), max(x.max(), y.max())]
        ax.plot(ends, ends, color=GREY, ls="--", lw=1, label="predicted = observed")
    ax.margins(0.08)
    legend(ax)


@draws("regression_line", "fitted_line")
def _regression(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data, str(data.get("x_name", "x")), str(data.get("y_name", "y")))
    ax.plot(data["x"], data["y"], "o", color=BLUE, ms=4, alpha=0.75, zorder=3)
    grid = numbers(data.get("grid") or data["line_x"])
    ax.plot(
        grid, numbers(data.get("predicted") or data["line_y"]), color=RED, lw=1.5, label="fitted"
    )
    for low, high, alpha, label in (
        ("mean_ci_low", "mean_ci_high", 0.25, "confidence of the mean"),
        ("low", "high", 0.25, "confidence of the mean"),
        ("pi_low", "pi_high", 0.12, "prediction"),
    ):
        if data.get(low) and data.get(high):
            ax.fill_between(
                grid,
                numbers(data[low]),
                numbers(data[high]),
                color=RED,
                alpha=alpha,
                lw=0,
                label=label,
            )
    legend(ax)


@draws("line", "fds", "step", "oc_curve", "power_curve")
def _line(canvas: Canvas, data: Data) -> None:
    """A curve: its two columns are x and y, or the pair of lists under whatever names."""
    pairs = (
        ("x", "y"),
        ("n", "power"),
        ("p", "pa"),
        ("distances", "predicted"),
        ("power", "log_likelihood"),
    )
    xk, yk = next(((a, b) for a, b in pairs if a in data and b in data), ("x", "y"))
    ax = axes_of(canvas, data, xk.replace("_", " "), yk.replace("_", " "))
    x, y = numbers(data[xk]), numbers(data[yk])
    style = "steps-post" if "censored" in data else "default"
    ax.plot(x, y, color=BLUE, lw=1.6, drawstyle=style, marker="o" if len(x) < 15 else None, ms=4)
    for key in ("low", "high", "ci_low", "ci_high"):
        if isinstance(data.get(key), list):
            ax.plot(x, numbers(data[key]), color=BLUE, lw=0.9, ls="--", drawstyle=style)
    if data.get("log_y"):
        ax.set_yscale("log")
    for mark in _marks(data, x, y):
        ax.plot(*mark[:2], "D", color=RED, ms=6, zorder=4)
        rising = np.interp(mark[0], x, np.gradient(y, x)) > 0 if len(x) > 1 else False
        ax.annotate(  # beside the curve, not on it
            mark[2],
            mark[:2],
            xytext=(7, -12) if rising else (6, 6),
            textcoords="offset points",
            fontsize=8,
            color=RED,
        )
    censored = numbers(data.get("censored") or [])
    if len(censored):
        places = np.clip(np.searchsorted(x, censored, side="right") - 1, 0, len(y) - 1)
        ax.plot(censored, y[places], "+", color=BLACK, ms=8, label="censored")
    if style != "default" or xk in ("n", "p"):
        ax.set_ylim(-0.03, 1.05)
    legend(ax)


def _marks(data: Data, x: Any, y: Any) -> list[tuple[float, float, str]]:
    """Points to be named on a curve, in any of the ways operations give them."""
    marks = []
    if data.get("marked") is not None:
        a, b = (float(v) for v in data["marked"])
        marks.append((a, b, f"({a:.4g}, {b:.4g})"))
    if isinstance(data.get("at"), int | float) and len(x):
        a = float(data["at"])
        b = float(np.interp(a, x, y))
        marks.append((a, b, f"({a:.4g}, {b:.3g})"))
    for mark in data.get("marks") or ():
        if isinstance(mark, Mapping):
            a, b = (
                (float(mark[k]) for k in ("x", "y"))
                if "x" in mark
                else (float(mark["p"]), float(mark["pa"]))
            )
            marks.append(
                (a, b, str(mark.get("label") or mark.get("name") or f"({a:.4g}, {b:.3g})"))
            )
        elif isinstance(mark, list) and len(mark) >= 2:
            marks.append((float(mark[0]), float(mark[1]), str(mark[2]) if len(mark) > 2 else ""))
    return marks


@draws("autocorrelation")
def _autocorrelation(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data, "lag", "autocorrelation")
    lags, r = numbers(data["lag"]), numbers(data["autocorrelation"])
    ax.vlines(lags, 0, r, color=BLUE, lw=2)
    ax.plot(lags, r, "o", color=BLUE, ms=4)
    whole_ticks(ax.xaxis)
    ax.axhline(0, color=BLACK, lw=1)
    for sign in (-1, 1):
        ax.axhline(sign * float(data["limit"]), color=RED, ls="--", lw=1)
    ax.set_ylim(-1.05, 1.05)
