"""Answering request files: every line answered, whatever becomes of it, and scored."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from havoc.errors import InputError
from havoc.evaluation.scoring import Verdict, read_requests, score
from havoc.srs.pipeline import answer
from havoc.srs.state import Request, Stack
from havoc.tools.table_io import read_table


def answer_all(
    requests: Iterable[Mapping[str, Any]], folder: Path, stack: Stack
) -> Iterator[dict[str, Any]]:
    """Answer each request; a relative ``data`` path is taken from ``folder``. Each object carries its ``id``."""
    for record in requests:
        yield {"id": record.get("id"), **answer_one(record, folder, stack)}


def answer_one(record: Mapping[str, Any], folder: Path, stack: Stack) -> dict[str, Any]:
    """One answer object; bad input becomes a refusal, a fault of ours a failure, never an exception."""
    try:
        text = record.get("request")
        if not isinstance(text, str):
            raise InputError("'request' is missing or no text")
        return answer(Request(text, _tables(record.get("data"), folder)), stack)
    except InputError as error:
        return _without_result("refused", str(error))
    except Exception as error:  # one request's fault must not end the batch
        return _without_result("failed", f"internal failure: {type(error).__name__}: {error}")


def _tables(data: Any, folder: Path) -> dict[str, Any]:
    if not data:
        return {}
    names = data if isinstance(data, list) else [data]
    paths = [Path(n) if Path(n).is_absolute() else folder / n for n in names]
    return {p.name: read_table(p) for p in paths}


def _without_result(status: str, text: str) -> dict[str, Any]:
    return {
        "status": status, "answer": text, "program": "", "results": [], "audit": {"passed": False, "checks": []},
        "mode": {}, "citations": [], "candidates": [], "provenance": {}, "timings_ms": {},
    }  # fmt: skip


def measure_requests(
    path: Path, stack: Stack, progress: Callable[[str], None] = lambda message: None
) -> dict[str, Any]:
    """Answer and score a request file: share right, share wrong, share asked or refused, by kind."""
    records = read_requests(path)
    verdicts: list[Verdict] = []
    statuses: dict[str, int] = defaultdict(int)
    wrong: list[str] = []
    times: list[float] = []
    for record in records:
        began = time.perf_counter()
        output = answer_one(record, path.parent, stack)
        times.append(time.perf_counter() - began)
        verdict = score(record, output)
        verdicts.append(verdict)
        statuses[output["status"]] += 1
        if output["status"] == "answered" and not verdict.passed:
            wrong.append(verdict.id)
    kinds: dict[str, list[bool]] = defaultdict(list)
    for v in verdicts:
        kinds[v.kind].append(v.passed)
    right = sum(v.passed for v in verdicts)
    progress(
        f"{path.name}: {right} of {len(verdicts)} right, {len(wrong)} answered otherwise than expected"
    )
    times.sort()
    return {
        "requests": len(verdicts),
        "right": right,
        "share": round(right / len(verdicts), 4) if verdicts else 0.0,
        "answered_wrong": len(wrong),
        "statuses": dict(sorted(statuses.items())),
        "kinds": {k: f"{sum(v)}/{len(v)}" for k, v in sorted(kinds.items())},
        "failed": {v.id: v.why for v in verdicts if not v.passed},
        "latency_s": {"median": round(times[len(times) // 2], 3), "max": round(times[-1], 3)}
        if times
        else {},
    }
