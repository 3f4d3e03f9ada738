"""What a person wants to see of each step's result: tables, sample texts, pictures, links."""

from __future__ import annotations

import base64
import csv
import io
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipelines import places

Report = Mapping[str, Any]
Rows = list[dict[str, Any]]
EXCERPT = 160
MLFLOW_UI = "HAVOC_MLFLOW_UI"  # address of the MLflow server that people look at


def tables(name: str, report: Report) -> dict[str, Rows]:
    """Tables of a step by title."""
    return {title: rows for title, rows in _TABLES.get(name, _no_tables)(report).items() if rows}


def pictures(name: str, report: Report) -> dict[str, str]:
    """Pictures of a step by title, each a data URI."""
    found = {}
    if name in ("pretrain", "finetune"):
        found["loss"] = _loss_picture(name)
    if name == "evaluate":
        found["accuracy"] = _bars(
            {k: v for k, v in report.items() if k.startswith("programs.") and k.endswith("result")}
        )
        found["calibration"] = _calibration_picture()
    if name == "corpus":
        found["kept"] = _bars({k: v["characters"] for k, v in report["domains"].items()})
    return {title: uri for title, uri in found.items() if uri}


def links(report: Report) -> dict[str, str]:
    """Where to go on: the run in MLflow."""
    path = report.get("mlflow_path")
    base = os.environ.get(MLFLOW_UI, "http://127.0.0.1:5000").rstrip("/")
    return {"mlflow": f"{base}/{path}"} if path else {}


def _no_tables(report: Report) -> dict[str, Rows]:
    return {}


def _corpus(report: Report) -> dict[str, Rows]:
    from havoc.corpus.build import read_corpus

    samples: Rows = []
    seen: dict[str, int] = {}
    for document in read_corpus(places.CORPUS):
        seen[document.domain] = seen.get(document.domain, 0) + 1
        if seen[document.domain] in (1, 50):
            text = " ".join(document.text.split())[:EXCERPT]
            samples.append({"domain": document.domain, "title": document.title, "text": text})
    removed = [
        {"rule": rule, "documents": facts["documents"], "characters": facts["characters"]}
        for rule, facts in report["removed"].items()
    ]
    return {
        "domains": [{"domain": k, **v} for k, v in report["domains"].items()],
        "removed": removed,
        "sample documents": samples,
    }


def _curriculum(report: Report) -> dict[str, Rows]:
    from pipelines.text import jsonl

    samples = []
    for place, record in enumerate(jsonl(places.CURRICULUM / "pairs.jsonl")):
        if place >= 8:
            break
        samples.append({"request": record["text"][:EXCERPT], "program": record["program"]})
    return {"sample pairs": samples}


def _tokenizer(report: Report) -> dict[str, Rows]:
    shown = ("bytes_per_token", "tokens_per_word", "byte_fallback_share", "round_trip")
    return {
        "fertility": [
            {"domain": d, **{k: _rounded(f[k]) for k in shown}}
            for d, f in report["fertility"].items()
        ]
    }


def _groups(report: Report) -> dict[str, Rows]:
    rows = []
    for group, facts in report["groups"].items():
        train, held = facts.get("train", {}), facts.get("validation", {})
        rows.append(
            {
                "group": group,
                "train tokens": train.get("tokens", 0),
                "validation tokens": held.get("tokens", 0),
                "rows": train.get("rows", 0) + held.get("rows", 0),
                "padding": train.get("padding_share", 0.0),
            }
        )
    return {"groups": rows}


def _training(report: Report) -> dict[str, Rows]:
    rows: dict[str, dict[str, Any]] = {}
    for key, value in report.items():
        domain, _, figure = key.rpartition(".")
        if domain and figure in ("loss", "perplexity", "bits_per_byte"):
            rows.setdefault(domain, {"domain": domain})[figure] = _rounded(value)
    return {"validation": list(rows.values())}


def _index(report: Report) -> dict[str, Rows]:
    return {"sources": [{"source": k, "passages": v} for k, v in report["sources"].items()]}


def _evaluation(report: Report) -> dict[str, Rows]:
    shown = ("programs.", "requests.", "retrieval.")
    rows = [{"figure": k, "value": v} for k, v in report.items() if k.startswith(shown)]
    return {"figures": rows}


_TABLES: dict[str, Callable[[Report], dict[str, Rows]]] = {
    "corpus": _corpus,
    "curriculum": _curriculum,
    "tokenizer": _tokenizer,
    "tokens": _groups,
    "pair_tokens": _groups,
    "pretrain": _training,
    "finetune": _training,
    "rag_index": _index,
    "evaluate": _evaluation,
}


def _rounded(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value


def _columns(stem: str, *names: str) -> list[list[float]]:
    with (places.PLOTS / f"{stem}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [[float(row[name]) for row in rows] for name in names]


def _loss_picture(stage: str) -> str:
    steps, losses = _columns(stage, "step", "loss")
    figure = _figure()
    axes = figure.add_subplot()
    axes.plot(steps, losses, color="#2563eb", linewidth=1.4)
    axes.set_xlabel("step")
    axes.set_ylabel("loss")
    axes.grid(alpha=0.3)
    return _uri(figure)


def _calibration_picture() -> str:
    confidence, right = _columns("calibration", "confidence", "right")
    figure = _figure()
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    axes.scatter(confidence, right, color="#2563eb")
    axes.set_xlabel("confidence")
    axes.set_ylabel("share right")
    return _uri(figure)


def _bars(values: Mapping[str, float]) -> str:
    figure = _figure()
    axes = figure.add_subplot()
    bars = axes.barh(list(values), list(values.values()), color="#2563eb")
    axes.bar_label(bars, fmt="%.4g", padding=3, fontsize=8)
    axes.margins(x=0.15)
    return _uri(figure)


def _figure() -> Any:
    from matplotlib.figure import Figure  # without pyplot: no global state, any thread

    return Figure(figsize=(5.2, 2.6), dpi=90, layout="constrained")


def _uri(figure: Any) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def markdown(rows: Sequence[Mapping[str, Any]]) -> str:
    """A table as Markdown."""
    names = list(dict.fromkeys(k for row in rows for k in row))
    lines = [names, ["---"] * len(names)]
    lines += [[str(row.get(k, "")).replace("|", "\\|") for k in names] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
