"""Control charts, run charts and cusum charts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from havoc.tools.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    MARKERS,
    RED,
    Data,
    axes_of,
    draws,
    end_label,
    numbers,
    ticks,
)

MOST_NAMED = 40  # groups of signals whose names still find room
LETTER = 0.009  # width of a letter of a signal's name, as a share of the chart's


@draws("control_chart", "run_chart", "cusum_chart")
def _control_chart(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data, "point")
    points = list(data["point"])
    x = np.arange(len(points))
    ends: list[tuple[float, str, str]] = []
    span = _span(data)
    series = {k: numbers(data[k]) for k in ("upper", "lower") if isinstance(data.get(k), list)}
    values = series or {"value": numbers(data["value"])}
    for (name, v), colour, marker in zip(values.items(), (BLUE, GREEN), MARKERS, strict=False):
        label = name if series else None
        ax.plot(x, v, color=colour, marker=marker, ms=3.5, lw=1, label=label, zorder=3)
    for key, colour, style, text in (
        ("ucl", RED, "--", "UCL"),
        ("lcl", RED, "--", "LCL"),
        ("center", GREEN, "-", "CL"),
    ):
        limit = data.get(key)
        if limit is None:
            continue
        text = (data.get("limit_names") or {}).get(key, text)
        line = numbers(limit) if isinstance(limit, list) else np.full(len(x), float(limit))
        ax.plot(x, line, color=colour, ls=style, lw=1.1, drawstyle="steps-mid")
        if len(line) and np.isfinite(line[-1]):
            ends.append((float(line[-1]), f"{text} {_readable(line[-1], span)}", colour))
    for y, text, colour in ends:
        end_label(ax, len(x) - 0.5, y, text, colour)
    _mark_violations(ax, data, points, values)
    labels = data.get("label") or points
    phases = data.get("phase") or data.get("stage")
    if isinstance(phases, list):
        for i in range(1, len(phases)):
            if phases[i] != phases[i - 1]:
                ax.axvline(i - 0.5, color=GREY, ls=":", lw=1.2)
                ax.text(
                    i - 0.45, ax.get_ylim()[1], str(phases[i]), fontsize=8, va="top", color=GREY
                )
    baseline = data.get("baseline")
    if isinstance(baseline, int) and 0 < baseline < len(x):
        ax.axvline(baseline - 0.5, color=GREY, ls=":", lw=1.2)
    ticks(ax, labels)
    if series:  # above the chart, where no point lies
        ax.legend(fontsize=8, loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2)


def _span(data: Data) -> float:
    """From the least to the greatest number of the panel."""
    keys = ("value", "upper", "lower", "center", "ucl", "lcl")
    found = [np.atleast_1d(numbers(_listed(data[k]))) for k in keys if data.get(k) is not None]
    every = np.concatenate(found) if found else np.zeros(1)
    every = every[np.isfinite(every)]
    return float(np.ptp(every)) if len(every) else 0.0


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _readable(value: float, span: float) -> str:
    """At least four digits, and as many as tell numbers apart that lie a thousandth of the span apart."""
    larger = abs(value) / span if span > 0 else 1.0
    return f"{value:.{max(4, min(12, 3 + int(np.ceil(np.log10(max(larger, 1.0))))))}g}"


def _mark_violations(ax: Axes, data: Data, points: list[Any], values: Mapping[str, Any]) -> None:
    """Each point that breaks a rule is ringed; neighbours that break the same are named together."""
    place = {point: i for i, point in enumerate(points)}
    rules: dict[int, list[str]] = {}
    for v in data.get("violations") or ():
        if v["point"] in place:
            rules.setdefault(place[v["point"]], []).append(str(v.get("rule", "")))
    every = np.array(list(values.values()))
    # of a cusum's two sums the one that is farther out
    height = np.array(
        [v[np.nanargmax(np.abs(v))] if np.isfinite(v).any() else np.nan for v in every.T]
    )
    marked = [i for i in sorted(rules) if np.isfinite(height[i])]
    if marked:
        ax.margins(y=0.12)
        ax.plot(marked, height[marked], "o", ms=9, mfc="none", mec=RED, mew=1.6, zorder=4)
    groups: list[list[int]] = []
    for i in marked:
        if groups and groups[-1][-1] == i - 1 and set(rules[i]) == set(rules[i - 1]):
            groups[-1].append(i)
        else:
            groups.append([i])
    middle = float(np.nanmean(height)) if marked else 0.0
    last, written = -np.inf, ""
    for k, group in enumerate(groups[:MOST_NAMED]):
        i = max(group, key=lambda j: abs(height[j] - middle))
        text = "\u2013".join(dict.fromkeys(str(points[j]) for j in (group[0], group[-1])))
        if len(groups) <= 6:
            text += f": {', '.join(dict.fromkeys(rules[i]))}".replace("Western Electric", "WE")
        # labels that would touch: every second one farther out
        near = (i - last) / len(points) < LETTER * (len(text) + len(written)) / 2
        last, written = i, text
        away = 7 + (9 if near and k % 2 else 0)
        above = height[i] >= middle
        ax.annotate(
            text,
            (i, height[i]),
            xytext=(0, away if above else -away),
            textcoords="offset points",
            fontsize=7,
            color=RED,
            ha="right" if i > 0.9 * len(points) and len(text) > 4 else "center",
            va="bottom" if above else "top",
            bbox={"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.75},
            zorder=5,
        )
    for point in data.get("excluded") or ():
        if point in place:
            i = place[point]
            y = float(every[0][i])
            ax.plot(i, y, "x", ms=8, color=BLACK, zorder=5)
