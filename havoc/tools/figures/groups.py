"""Groups side by side: boxes, means, intervals, counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure as Canvas

from havoc.tools.figures.style import (
    BLACK,
    BLUE,
    CYCLE,
    GREY,
    MARKERS,
    ORANGE,
    RED,
    Data,
    axes_of,
    draws,
    legend,
    numbers,
    ticks,
)


def _grouped(data: Data) -> tuple[list[str], list[Any]]:
    groups = data.get("groups")
    if isinstance(groups, Mapping):
        return list(groups), [numbers(v) for v in groups.values()]
    if isinstance(groups, list):
        return [str(g["name"]) for g in groups], [numbers(g["values"]) for g in groups]
    return [str(data.get("label", ""))], [numbers(data["values"])]


@draws("box_plot", "box", "group_plot")
def _boxes(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data)
    names, samples = _grouped(data)
    places = np.arange(len(names))
    present = [s[np.isfinite(s)] for s in samples]
    ax.boxplot(
        present,
        positions=places,
        widths=0.5,
        showfliers=False,
        patch_artist=True,
        boxprops={"facecolor": "#d6eaf6", "edgecolor": BLUE},
        medianprops={"color": BLUE, "lw": 1.6},
        whiskerprops={"color": BLUE},
        capprops={"color": BLUE},
    )
    for i, s in enumerate(present):
        ax.plot(i + np.linspace(-0.12, 0.12, len(s)), s, "o", color=BLACK, ms=3, alpha=0.55)
        ax.plot(i, s.mean(), "D", color=ORANGE, ms=5, zorder=4, label="mean" if i == 0 else None)
    for key in ("low", "high", "reference"):
        if data.get(key) is not None:
            ax.axhline(float(data[key]), color=RED, ls="--", lw=1)
    ticks(ax, names)
    legend(ax)


@draws("main_effects")
def _main_effects(canvas: Canvas, data: Data) -> None:
    names = list(data)
    axes = canvas.subplots(1, len(names), sharey=True, squeeze=False)[0]
    means = [m["mean"] if isinstance(m, Mapping) else m for m in data.values()]
    overall = float(np.mean([np.nanmean(numbers(m)) for m in means]))
    for ax, name, m in zip(axes, names, means, strict=True):
        levels = data[name].get("levels") if isinstance(data[name], Mapping) else None
        labels = levels or (["low", "high"] if len(m) == 2 else list(range(1, len(m) + 1)))
        ax.plot(range(len(m)), numbers(m), "o-", color=BLUE, lw=1.5, ms=5)
        ax.axhline(overall, color=GREY, ls=":", lw=1)
        ax.set_xticks(range(len(m)), [str(v) for v in labels])
        ax.set_xlim(-0.4, len(m) - 0.6)
        ax.set_xlabel(name)
    axes[0].set_ylabel("mean of the response")


@draws("gage_run_chart")
def _gage_run_chart(canvas: Canvas, data: Data) -> None:
    """Readings one after the other; a part ends where the next name begins."""
    ax = axes_of(canvas, data, "part", "reading")
    names = [str(v) for v in data["x"]]
    starts = [i for i, name in enumerate(names) if i == 0 or name != names[i - 1]]
    ends = [*starts[1:], len(names)]
    for k, series in enumerate(data["series"]):
        y = numbers(series["y"])
        for start, end in zip(starts, ends, strict=True):
            ax.plot(
                range(start, end), y[start:end], color=CYCLE[k % len(CYCLE)], lw=1.2, ms=4.5,
                marker=MARKERS[k % len(MARKERS)], label=str(series["name"]) if start == 0 else None,
            )  # fmt: skip
    ax.axhline(
        float(np.nanmean([numbers(s["y"]) for s in data["series"]])), color=GREY, ls=":", lw=1
    )
    for start in starts[1:]:
        ax.axvline(start - 0.5, color=GREY, lw=0.8)
    middles = [(start + end - 1) / 2 for start, end in zip(starts, ends, strict=True)]
    ax.set_xticks(middles, [names[i] for i in starts])
    ax.grid(False, axis="x")
    ax.legend(fontsize=8, title="operator", title_fontsize=8)


@draws("interaction")
def _interaction(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data, str(data.get("x_name", "")), "mean")
    lines = data.get("lines")
    if not isinstance(lines, Mapping):
        lines = {str(s["name"]): s["y"] for s in data["series"]}
    for i, (name, y) in enumerate(lines.items()):
        ax.plot(
            range(len(y)),
            numbers(y),
            color=CYCLE[i % len(CYCLE)],
            marker=MARKERS[i % len(MARKERS)],
            lw=1.5,
            ms=5,
            label=name,
        )
    ticks(ax, data["x"])
    ax.legend(fontsize=8, title=data.get("line_name"), title_fontsize=8)


@draws("intervals")
def _intervals(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data, "difference")
    places = np.arange(len(data["pairs"]))[::-1]
    d, low, high = (numbers(data[k]) for k in ("differences", "ci_low", "ci_high"))
    for i, y in enumerate(places):
        apart = low[i] > 0 or high[i] < 0
        ax.plot([low[i], high[i]], [y, y], color=RED if apart else BLUE, lw=2)
        ax.plot(d[i], y, "D" if apart else "o", color=RED if apart else BLUE, ms=5)
    ax.axvline(0, color=BLACK, lw=1, ls="--")
    ax.set_yticks(places, [str(p) for p in data["pairs"]])
    ax.margins(y=0.15)


@draws("interval")
def _interval(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data, "difference")
    ax.plot(
        [data["low"], data["high"]], [0, 0], color=BLUE, lw=3, solid_capstyle="butt",
        label="confidence interval",
    )  # fmt: skip
    if data.get("estimate") is not None:
        ax.plot(data["estimate"], 0, "o", color=BLUE, ms=8, label="estimate")
    for i, bound in enumerate(data.get("bounds") or ()):
        ax.axvline(float(bound), color=RED, ls="--", lw=1.3, label=None if i else "bound")
    ax.axvline(0, color=GREY, lw=1)
    legend(ax)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_ylim(-1, 1)
    ax.margins(x=0.08)


@draws("bars")
def _bar_pairs(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data, "", "count")
    series = {k: v for k, v in data.items() if k in ("observed", "expected")}
    width = 0.8 / len(series)
    for i, (name, v) in enumerate(series.items()):
        place = np.arange(len(v)) + (i - (len(series) - 1) / 2) * width
        ax.bar(
            place,
            numbers(v),
            width,
            color=CYCLE[i],
            label=name,
            hatch="//" if i else None,
            edgecolor="white",
        )
    first = next(iter(series.values()))
    ticks(ax, data.get("labels") or list(range(1, len(first) + 1)))
    legend(ax)


@draws("mosaic")
def _mosaic(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data)
    counts = np.array([numbers(r) for r in data["counts"]])
    total, left = counts.sum(), 0.0
    for i, row in enumerate(counts):
        width, bottom = row.sum() / total, 0.0
        for j, cell in enumerate(row):
            height = cell / max(row.sum(), 1e-12)
            label = str(data["columns"][j]) if i == 0 else None
            ax.bar(
                left,
                height,
                width - 0.01,
                bottom=bottom,
                align="edge",
                color=CYCLE[j % 7],
                alpha=0.8,
                label=label,
            )
            if height > 0.05:
                ax.text(
                    left + width / 2,
                    bottom + height / 2,
                    f"{cell:g}",
                    ha="center",
                    va="center",
                    fontsize=8,
                )
            bottom += height
        ax.text(left + width / 2, -0.03, str(data["rows"][i]), ha="center", va="top", fontsize=8)
        left += width
    ax.set_xticks([])
    ax.set_ylabel("share")
    ax.grid(False)
    ax.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1, 1))


@draws("variance_components")
def _components(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data, "", "percent")
    keys = [k for k in ("contribution", "study_variation", "tolerance") if data.get(k)]
    width = 0.8 / max(len(keys), 1)
    for i, key in enumerate(keys):
        place = np.arange(len(data["source"])) + (i - (len(keys) - 1) / 2) * width
        ax.bar(
            place,
            numbers(data[key]),
            width,
            color=CYCLE[i],
            label=key.replace("_", " "),
            hatch=("", "//", "..")[i],
        )
    ax.set_xticks(
        range(len(data["source"])),
        [str(s).replace(" (", "\n(") for s in data["source"]],
        fontsize=8,
    )
    legend(ax)
