"""The evaluation's page, from its metrics: one HTML file that needs nothing else."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from havoc.evaluation import plots
from havoc.evaluation.regression import compared, falls

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}"
    "table{border-collapse:collapse}td,th{padding:.15rem .8rem;border-bottom:1px solid #ddd;text-align:left}"
    "figure{display:inline-block;margin:1rem 1rem 0 0;vertical-align:top}figcaption{color:#555}"
    "svg{max-width:100%;height:auto}.fell{color:#a40000}"
)


def write_report(
    folder: Path, metrics: Mapping[str, Any], champion: Mapping[str, Any] | None = None
) -> None:
    """Write ``metrics.json`` (the few figures), ``details.json`` (all), the plots and ``report.html``.

    Parameters
    ----------
    champion : the ``details.json`` of the evaluation to compare with.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metrics.json").write_text(json.dumps(summary(metrics), indent=1) + "\n")
    (folder / "details.json").write_text(json.dumps(metrics, indent=1, default=str) + "\n")
    drawn = plots.all_plots(metrics)
    for name, (_, svg) in drawn.items():
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
    (folder / "report.html").write_text(_page(metrics, drawn, champion), encoding="utf-8")


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
        if figures.get("calibration", {}).get("table"):
            flat[f"requests.{name}.ece"] = figures["calibration"]["ece"]
    for group in ("language", "retrieval"):
        for key, value in metrics.get(group, {}).items():
            flat[f"{group}.{key}"] = round(value, 5)
    return flat


def _page(
    metrics: Mapping[str, Any],
    drawn: Mapping[str, tuple[str, str]],
    champion: Mapping[str, Any] | None,
) -> str:
    parts = ["<h1>Evaluation</h1>", _table(("figure", "value"), summary(metrics).items())]
    parts += [
        f"<figure>{svg[svg.index('<svg') :]}<figcaption>{html.escape(title)}</figcaption></figure>"
        for title, svg in drawn.values()
    ]
    if champion is not None:
        parts += _against(metrics, champion)
    for name, figures in metrics.get("requests", {}).items():
        parts += _requests(name, figures)
    for name, table in metrics.get("ablation", {}).items():
        parts += [f"<h2>What each stage adds: {html.escape(name)}</h2>", _ablation(table)]
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>HAVOC evaluation</title>"
        f"<style>{_STYLE}</style>{''.join(parts)}</html>"
    )


def _against(metrics: Mapping[str, Any], champion: Mapping[str, Any]) -> list[str]:
    """Every share beside the champion's; what fell by more than chance is named first."""
    found = falls(metrics, champion)
    said = (
        "<p>No share fell by more than chance.</p>"
        if not found
        else "<ul>" + "".join(f"<li class=fell>{html.escape(str(f))}</li>" for f in found) + "</ul>"
    )
    rows = [(n, f"{b:.3f}", f"{a:.3f}", f"{a - b:+.3f}") for n, b, a in compared(metrics, champion)]
    return [
        "<h2>Against the champion</h2>",
        said,
        _table(("share right", "champion", "now", "change"), rows),
    ]


def _requests(name: str, figures: Mapping[str, Any]) -> list[str]:
    parts = [f"<h2>Requests: {html.escape(name)}</h2>"]
    rows = [
        (k, figures[k]) for k in ("requests", "right", "answered_wrong", "statuses", "latency_s")
    ]
    parts.append(_table(("", ""), rows))
    for group in ("kinds", "styles"):
        if figures.get(group):
            parts.append(_table((group, "right"), figures[group].items()))
    failed = figures.get("failed", {})
    parts.append("<h3>Not right</h3>" if failed else "<p>All right.</p>")
    parts.append(_table(("request", "why"), failed.items()) if failed else "")
    return parts


def _ablation(table: Mapping[str, Mapping[str, Any]]) -> str:
    columns = ("requests", "right", "answered_wrong", "asked", "amended")
    rows = [(name, *(row.get(c, "") for c in columns)) for name, row in table.items()]
    return _table(("variant", *columns), rows)


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    head = "".join(f"<th>{html.escape(c)}</th>" for c in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(c))}</td>" for c in row) + "</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"
