"""Program accuracy: does the planner write the program that was meant, judged by text and by executed result?"""

from __future__ import annotations

import json
import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from havoc.curriculum.generator import Example, all_lessons, examples
from havoc.dsl.executor import Execution, run_text
from havoc.dsl.planning import lexicalise
from havoc.errors import InputError, NeedsClarification
from havoc.evaluation.calibration import reliability
from havoc.inference.planner import Planner
from havoc.srs.plan import proposed


@dataclass(frozen=True)
class Judged:
    """One held-out pair judged."""

    lesson: str
    exact: bool
    same_operations: bool
    same_result: bool
    confidence: float
    ms: float


def judge(planner: Planner, example: Example, beam: int = 4) -> Judged:
    """Plan a held-out request as PLAN does and compare with its program, by tokens and by what both compute."""
    began = time.perf_counter()
    plan = proposed(planner, example.grounded, beam)
    ms = 1000 * (time.perf_counter() - began)
    best = plan.candidates[0] if plan.candidates else None
    tokens = best.tokens if best else ()
    exact = tokens == example.program
    same_operations = _operations(tokens) == _operations(example.program)
    same = exact or (
        same_operations and _outcome(tokens, example) == _outcome(example.program, example)
    )
    confidence = math.exp(best.logprob) if best else 0.0
    return Judged(example.lesson, exact, same_operations, same, confidence, ms)


def _operations(tokens: Sequence[str]) -> list[str]:
    return [t for t in tokens if t.startswith("<op:")]


def _outcome(tokens: Sequence[str], example: Example) -> str:
    """What a program comes to, as comparable text: its values, its question or its refusal."""
    try:
        execution: Execution = run_text(
            lexicalise(tokens, example.grounded), files=example.attached
        )
    except NeedsClarification as question:
        return f"asks: {question}"
    except InputError as error:
        return f"refused: {error}"
    except (
        Exception
    ) as error:  # a crash of an operation is a wrong outcome, and is reported as such
        return f"failed: {type(error).__name__}"
    return json.dumps(
        [[s.operation, dict(s.result.values)] for s in execution.steps], sort_keys=True, default=str
    )


def measure_programs(
    planner: Planner,
    n: int,
    *,
    seed: int = 1,
    beam: int = 4,
    progress: Callable[[str], None] = lambda message: None,
) -> dict[str, Any]:
    """Accuracy on fresh requests of known phrasings, of held-out phrasings and of held-out combinations."""
    report: dict[str, Any] = {}
    judged_all: list[Judged] = []
    for split in ("train", "phrasing", "combination"):
        name = {"train": "known", "phrasing": "phrasing", "combination": "combination"}[split]
        judged = [
            judge(planner, e, beam)
            for e in examples(all_lessons(), f"evaluate:{seed}:{split}", n, None, split)
        ]
        judged_all += judged
        report[name] = {
            "exact": _share(j.exact for j in judged),
            "result": _share(j.same_result for j in judged),
            "operation": _share(j.same_operations for j in judged),
            "n": len(judged),
            "families": _by_family(judged),
            "family_counts": dict(Counter(_family(j) for j in judged)),
        }
        progress(
            f"{name}: exact {report[name]['exact']:.3f}, by result {report[name]['result']:.3f}"
        )
    report["calibration"] = calibration(judged_all)
    times = sorted(j.ms for j in judged_all)
    report["latency_ms"] = {"median": times[len(times) // 2], "p95": times[int(0.95 * len(times))]}
    return report


def _share(values: Any) -> float:
    values = list(values)
    return sum(values) / len(values) if values else 0.0


def _by_family(judged: Sequence[Judged]) -> dict[str, float]:
    groups: dict[str, list[bool]] = defaultdict(list)
    for j in judged:
        groups[_family(j)].append(j.same_result)
    return {k: round(_share(v), 4) for k, v in sorted(groups.items())}


def _family(judged: Judged) -> str:
    return judged.lesson.replace(".", "_").split("_")[0].split(" ")[0]


def calibration(judged: Sequence[Judged], bins: int = 10) -> dict[str, Any]:
    """Expected calibration error and the reliability table of judged pairs."""
    return reliability([(j.confidence, j.same_result) for j in judged], bins)


def read_pairs(path: Path) -> list[dict[str, Any]]:
    """Read held-out pairs as the curriculum wrote them."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
