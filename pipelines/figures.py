"""The few figures of each step that people compare (``dvc metrics``, Dagster's plots over time); the rest is report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Report = Mapping[str, Any]
Figures = dict[str, float]


def _plain(*names: str) -> Callable[[Report], Figures]:
    return lambda report: {n: report[n] for n in names if isinstance(report.get(n), int | float)}


def _data(report: Report) -> Figures:
    domains = report.get("domains", {})
    return {f"documents.{k}": v["documents"] for k, v in domains.items()} | {
        "characters": sum(v["characters"] for v in domains.values())
    }


def _corpus(report: Report) -> Figures:
    removed = {
        f"removed.{rule.replace(' ', '_')}": facts["documents"]
        for rule, facts in report.get("removed", {}).items()
    }
    return _plain("documents_read", "documents_kept", "characters_kept")(report) | removed


def _tokenizer(report: Report) -> Figures:
    fertility = report.get("fertility", {})
    return _plain("vocab_size", "reserved")(report) | {
        f"bytes_per_token.{domain}": round(f["bytes_per_token"], 3)
        for domain, f in fertility.items()
    }


def _training(report: Report) -> Figures:
    bits = {k: v for k, v in report.items() if k.endswith(".bits_per_byte")}
    held = {k: report[k] for k in ("heldout.loss",) if k in report}
    mean = {"bits_per_byte": round(sum(bits.values()) / len(bits), 4)} if bits else {}
    return {
        **_plain("loss", "steps", "tokens", "tokens_per_second", "training_seconds")(report),
        **mean,
        **bits,
        **held,
    }


def _evaluate(report: Report) -> Figures:
    return {
        k: v
        for k, v in report.items()
        if k.startswith(("programs.", "requests.", "language.", "retrieval.", "plan_ms."))
    }


_OF: dict[str, Callable[[Report], Figures]] = {
    "data": _data,
    "corpus": _corpus,
    "curriculum": _plain("pairs", "operations", "operations_covered", "lessons", "worked_lessons"),
    "tokenizer": _tokenizer,
    "tokens": _plain("tokens", "seq_len", "vocab_size"),
    "pair_tokens": _plain("tokens", "seq_len", "vocab_size"),
    "pretrain": _training,
    "finetune": _training,
    "rag_index": _plain("passages"),
    "evaluate": _evaluate,
    "bento": _plain("megabytes"),
}


def figures_of(name: str, report: Report) -> Figures:
    """The figures of a step's report: numbers only, seconds first."""
    return {"seconds": report["seconds"], **_OF[name](report)}
