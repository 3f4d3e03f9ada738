"""Answering request files: every line answered, whatever becomes of it, and scored."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from havoc.errors import InputError
from havoc.evaluation.calibration import reliability
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


@dataclass(frozen=True)
class Outcome:
    """One request answered and scored."""

    verdict: Verdict
    status: str
    style: str
    confidence: float | None
    seconds: float
    amended: bool
    objected: bool

    @property
    def wrong(self) -> bool:
        """Answered, and not as expected: what costs most."""
        return self.status == "answered" and not self.verdict.passed


def outcomes(path: Path, stack: Stack) -> list[Outcome]:
    """Answer and score every request of a file."""
    found = []
    for record in read_requests(path):
        began = time.perf_counter()
        output = answer_one(record, path.parent, stack)
        seconds = time.perf_counter() - began
        serious = [o for o in output.get("objections", ()) if o["severity"] == "serious"]
        found.append(
            Outcome(
                score(record, output),
                output["status"],
                style_of(record),
                output.get("confidence"),
                seconds,
                any(o["remedy"] for o in serious),
                bool(serious),
            )
        )
    return found


def style_of(record: Mapping[str, Any]) -> str:
    """How a request is written: by where its data stand and by its length."""
    text = str(record.get("request", ""))
    lines = [line for line in text.splitlines() if re.search(r"\d", line)]
    if record.get("data"):
        return "attached file"
    if len(lines) >= 3:
        return "pasted table"
    if re.search(r"(?:[-+]?\d+(?:\.\d+)?[,;\s]+){4,}", text):
        return "list in the text"
    return "terse" if len(text.split()) <= 12 else "in words"


def measure_requests(
    path: Path, stack: Stack, progress: Callable[[str], None] = lambda message: None
) -> dict[str, Any]:
    """Answer and score a request file: share right, share wrong, share asked or refused, by kind and style."""
    found = outcomes(path, stack)
    figures = summarised(found)
    progress(
        f"{path.name}: {figures['right']} of {len(found)} right, "
        f"{figures['answered_wrong']} answered otherwise than expected"
    )
    return figures


def summarised(found: Sequence[Outcome]) -> dict[str, Any]:
    """The figures of a set of outcomes."""
    statuses: dict[str, int] = defaultdict(int)
    for o in found:
        statuses[o.status] += 1
    right = sum(o.verdict.passed for o in found)
    times = sorted(o.seconds for o in found)
    sure = [(o.confidence, o.verdict.passed) for o in found if o.confidence is not None]
    return {
        "requests": len(found),
        "right": right,
        "share": round(right / len(found), 4) if found else 0.0,
        "answered_wrong": sum(o.wrong for o in found),
        "statuses": dict(sorted(statuses.items())),
        "kinds": _shares((o.verdict.kind, o.verdict.passed) for o in found),
        "styles": _shares((o.style, o.verdict.passed) for o in found),
        "objected": sum(o.objected for o in found),
        "amended": sum(o.amended for o in found),
        "calibration": reliability(sure),
        "failed": {o.verdict.id: o.verdict.why for o in found if not o.verdict.passed},
        "latency_s": {"median": round(times[len(times) // 2], 3), "max": round(times[-1], 3)}
        if times
        else {},
    }


def _shares(pairs: Iterable[tuple[str, bool]]) -> dict[str, str]:
    groups: dict[str, list[bool]] = defaultdict(list)
    for name, passed in pairs:
        groups[name].append(passed)
    return {k: f"{sum(v)}/{len(v)}" for k, v in sorted(groups.items())}
