"""The evaluation's plots and page, from its metrics."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt


def write_report(folder: Path, metrics: Mapping[str, Any]) -> None:
    """Write ``metrics.json``, the plots, and ``report.html``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metrics.json").write_text(json.dumps(summary(metrics), indent=1) + "\n")
    (folder / "details.json").write_text(json.dumps(metrics, indent=1, default=str) + "\n")
    _accuracy_plot(folder / "accuracy.svg", metrics)
    _calibration_plot(folder / "calibration.svg", metrics)
    (folder / "report.html").write_text(_page(metrics), encoding="utf-8")


def summary(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """The few figures that runs are compared by (``dvc metrics``, MLflow)."""
    programs, flat = metrics.get("programs", {}), {}
    for split in ("known", "phrasing", "combination"):
        if split in programs:
            flat[f"programs.{split}.exact"] = programs[split]["exact"]
            flat[f"programs.{split}.result"] = programs[split]["result"]
    if "calibration" in programs:
        flat["programs.ece"] = programs["calibration"]["ece"]
        flat["plan_ms.median"] = round(programs["latency_ms"]["median"], 2)
    for name, figures in metrics.get("requests", {}).items():
        flat[f"requests.{name}.share"] = figures["share"]
        flat[f"requests.{name}.answered_wrong"] = figures["answered_wrong"]
    for key, value in metrics.get("language", {}).items():
        flat[f"language.{key}"] = round(value, 5)
    for key, value in metrics.get("retrieval", {}).items():
        flat[f"retrieval.{key}"] = round(value, 5)
    return flat


def _accuracy_plot(path: Path, metrics: Mapping[str, Any]) -> None:
    programs = metrics.get("programs", {})
    splits = [s for s in ("known", "phrasing", "combination") if s in programs]
    figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
    for offset, kind in ((-0.2, "exact"), (0.2, "result")):
        heights = [programs[s][kind] for s in splits]
        bars = axes.bar([i + offset for i in range(len(splits))], heights, 0.38, label=f"by {kind}")
        axes.bar_label(bars, fmt="%.2f", fontsize=8)
    axes.set_xticks(
        range(len(splits)), [f"{s} requests" if s == "known" else f"held-out {s}" for s in splits]
    )
    axes.set_ylim(0, 1.08)
    axes.set_ylabel("share right")
    axes.legend(frameon=False)
    figure.savefig(path)
    plt.close(figure)


def _calibration_plot(path: Path, metrics: Mapping[str, Any]) -> None:
    table = metrics.get("programs", {}).get("calibration", {}).get("table", [])
    figure, axes = plt.subplots(figsize=(3.6, 3.4), layout="constrained")
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    axes.scatter(
        [r["confidence"] for r in table],
        [r["right"] for r in table],
        [8 + r["n"] ** 0.5 * 4 for r in table],
    )
    axes.set_xlabel("confidence")
    axes.set_ylabel("share right")
    axes.set_xlim(0, 1.03)
    axes.set_ylim(0, 1.03)
    figure.savefig(path)
    plt.close(figure)


def _page(metrics: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td>{html.escape(k)}</td><td>{v}</td></tr>" for k, v in summary(metrics).items()
    )
    failed = "".join(
        f"<h2>{html.escape(name)}: not right</h2><ul>"
        + "".join(
            f"<li><b>{html.escape(i)}</b> {html.escape(why)}</li>"
            for i, why in figures["failed"].items()
        )
        + "</ul>"
        for name, figures in metrics.get("requests", {}).items()
    )
    return (
        "<!doctype html><meta charset=utf-8><title>HAVOC evaluation</title>"
        "<style>body{font:15px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        "td{padding:.15rem .8rem;border-bottom:1px solid #ddd}img{max-width:100%}</style>"
        f"<h1>Evaluation</h1><table>{rows}</table>"
        f'<img src="accuracy.svg" alt="accuracy"><img src="calibration.svg" alt="calibration">{failed}'
    )
