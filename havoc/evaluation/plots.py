"""The evaluation's plots as SVG text."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

SPLITS = {"known": "known", "phrasing": "held-out phrasing", "combination": "held-out combination"}


def all_plots(metrics: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """File name -> (caption, SVG) of every plot that the metrics have figures for."""
    drawn: dict[str, tuple[str, str]] = {}
    programs = metrics.get("programs", {})
    if programs:
        drawn["accuracy"] = "Programs: share right", _accuracy(programs)
        drawn["families"] = "Programs by family, judged by result", _families(programs)
        table = programs.get("calibration", {}).get("table", [])
        drawn["calibration"] = "Programs: confidence against share right", _calibration(table)
    for name, figures in metrics.get("requests", {}).items():
        if figures.get("kinds"):
            drawn[f"kinds_{name}"] = f"Requests of {name} by kind", _shares(figures["kinds"])
        if figures.get("styles"):
            drawn[f"styles_{name}"] = f"Requests of {name} by style", _shares(figures["styles"])
        table = figures.get("calibration", {}).get("table", [])
        if table:
            caption = f"Requests of {name}: confidence against share right"
            drawn[f"calibration_{name}"] = caption, _calibration(table)
    for name, variants in metrics.get("ablation", {}).items():
        drawn[f"ablation_{name}"] = f"Stages switched off, {name}", _ablation(variants)
    return drawn


def _svg(width: float, height: float) -> tuple[Any, Axes]:
    return plt.subplots(figsize=(width, height), layout="constrained")


def _text(figure: Any) -> str:
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    plt.close(figure)
    return out.getvalue()


def _accuracy(programs: Mapping[str, Any]) -> str:
    splits = [s for s in SPLITS if s in programs]
    figure, axes = _svg(6, 3.2)
    for offset, kind in ((-0.2, "exact"), (0.2, "result")):
        heights = [programs[s][kind] for s in splits]
        bars = axes.bar([i + offset for i in range(len(splits))], heights, 0.38, label=f"by {kind}")
        axes.bar_label(bars, fmt="%.2f", fontsize=8)
    axes.set_xticks(range(len(splits)), [SPLITS[s] for s in splits])
    axes.set_ylim(0, 1.08)
    axes.set_ylabel("share right")
    axes.legend(frameon=False)
    return _text(figure)


def _families(programs: Mapping[str, Any]) -> str:
    splits = [s for s in SPLITS if s in programs]
    names = sorted({f for s in splits for f in programs[s].get("families", {})})
    figure, axes = _svg(6, 0.6 + 0.5 * max(1, len(names)))
    for i, s in enumerate(splits):
        shares = [programs[s].get("families", {}).get(n, 0.0) for n in names]
        axes.barh([j + 0.25 * i for j in range(len(names))], shares, 0.23, label=SPLITS[s])
    axes.set_yticks([j + 0.25 for j in range(len(names))], names)
    axes.set_xlim(0, 1.02)
    axes.legend(frameon=False, fontsize=8)
    return _text(figure)


def _shares(groups: Mapping[str, str]) -> str:
    counts = {k: tuple(map(int, v.split("/"))) for k, v in groups.items()}
    figure, axes = _svg(6, 0.6 + 0.28 * len(counts))
    bars = axes.barh(list(counts), [a / n if n else 0 for a, n in counts.values()])
    axes.bar_label(bars, [f"{a}/{n}" for a, n in counts.values()], fontsize=8, padding=2)
    axes.set_xlim(0, 1.12)
    axes.invert_yaxis()
    return _text(figure)


def _calibration(table: Sequence[Mapping[str, float]]) -> str:
    figure, axes = _svg(3.6, 3.4)
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    sizes = [8 + r["n"] ** 0.5 * 4 for r in table]
    axes.scatter([r["confidence"] for r in table], [r["right"] for r in table], sizes)
    axes.set_xlabel("confidence")
    axes.set_ylabel("share right")
    axes.set_xlim(0, 1.03)
    axes.set_ylim(0, 1.03)
    return _text(figure)


def _ablation(variants: Mapping[str, Mapping[str, Any]]) -> str:
    names = list(variants)
    figure, axes = _svg(6.5, 0.6 + 0.4 * len(names))
    left = [0.0] * len(names)
    for key, label, colour in (
        ("right", "right", "tab:blue"),
        ("answered_wrong", "answered wrong", "tab:red"),
    ):
        widths = [variants[n].get(key, 0) for n in names]
        axes.barh(names, widths, left=left, color=colour, label=label)
        left = [a + b for a, b in zip(left, widths, strict=True)]
    axes.invert_yaxis()
    axes.set_xlabel("requests")
    axes.legend(frameon=False, fontsize=8)
    return _text(figure)
