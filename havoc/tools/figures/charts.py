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
    legend,
    numbers,
    ticks,
)


@draws("control_chart", "run_chart", "cusum_chart")
def _control_chart(canvas: Canvas, data: Data) -> None:
    ax = axes_of(canvas, data, "point")
    points = list(data["point"])
    x = np.arange(len(points))
    ends: list[tuple[float, str, str]] = []
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
            ends.append((float(line[-1]), f"{text} {line[-1]:.4g}", colour))
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
    legend(ax)


def _mark_violations(ax: Axes, data: Data, points: list[Any], values: Mapping[str, Any]) -> None:
    """Each point that breaks a rule is ringed and named once."""
    rules: dict[Any, list[str]] = {}
    for v in data.get("violations") or ():
        rules.setdefault(v["point"], []).append(str(v.get("rule", "")))
    for k, (point, names) in enumerate(rules.items()):
        if point not in points:
            continue
        i = points.index(point)
        y = next((float(v[i]) for v in values.values() if np.isfinite(v[i])), None)
        if len(values) > 1:  # cusum: the sum that is farther out
            y = max((float(v[i]) for v in values.values()), key=abs)
        if y is None:
            continue
        ax.plot(i, y, "o", ms=9, mfc="none", mec=RED, mew=1.6, zorder=4)
        text = f"{point}: {', '.join(dict.fromkeys(names))}" if len(rules) <= 6 else str(point)
        ax.annotate(
            text,
            (i, y),
            xytext=(0, 8 + 9 * (k % 2)),
            textcoords="offset points",
            fontsize=7,
            color=RED,
            ha="center",
        )
    for point in data.get("excluded") or ():
        if point in points:
            i = points.index(point)
            y = float(next(iter(values.values()))[i])
            ax.plot(i, y, "x", ms=8, color=BLACK, zorder=5)
