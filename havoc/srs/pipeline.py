"""The order of the stages, their events and times, and the object that every interface prints."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from havoc.dsl.executor import step_json
from havoc.errors import InputError
from havoc.seal import seal
from havoc.srs import answer as answer_stage
from havoc.srs import arbiter, argue, audit, execute, ground, mode, plan
from havoc.srs.state import Objection, Request, Stack, State

STAGES: tuple[tuple[str, Callable[[State, Stack], State]], ...] = (
    ("mode", mode.run),
    ("ground", ground.run),
    ("plan", plan.run),
    ("execute", execute.run),
    ("argue", argue.run),
    ("arbiter", arbiter.run),
    ("audit", audit.run),
    ("answer", answer_stage.run),
)
_NEEDED = frozenset({"ground", "plan", "execute", "arbiter", "answer"})


@dataclass(frozen=True)
class Event:
    """A stage that started or ended; ``data`` holds the final object in the last event (stage "done")."""

    stage: str
    status: str  # "started" | "finished" | "skipped"
    ms: float = 0.0
    data: dict[str, Any] = field(default_factory=dict)


def stages(request: Request, stack: Stack) -> Iterator[Event]:
    """Run the stages, yielding an event at the start and the end of each; the last holds the answer object."""
    state = State(request)
    timings: dict[str, float] = {}
    for name, stage in STAGES:
        if not getattr(stack.config, name):
            if name in _NEEDED:
                raise InputError(
                    f"the stage '{name}' cannot be switched off: nothing would be answered"
                )
            yield Event(name, "skipped")
            continue
        yield Event(name, "started")
        began = time.perf_counter()
        state = stage(state, stack)
        timings[name] = round(1000 * (time.perf_counter() - began), 3)
        yield Event(name, "finished", timings[name], _told(name, state))
    document = seal(to_json(state, stack, timings), request.text, request.tables)
    yield Event("done", "finished", sum(timings.values()), document)


def answer(request: Request, stack: Stack) -> dict[str, Any]:
    """Answer a request: the object of design section 4."""
    *_, last = stages(request, stack)
    return last.data


def _told(name: str, state: State) -> dict[str, Any]:
    """What a listener may want to show when a stage has ended."""
    if name == "mode" and state.mode is not None:
        return state.mode.to_json()
    if name == "ground":
        slots = state.grounded.slots if state.grounded else ()
        return {"slots": [{"token": s.token, "start": s.start, "end": s.end} for s in slots]}
    if name == "plan" and state.plan is not None:
        return {"candidates": len(state.plan.candidates)}
    if name == "execute":
        return {
            "runs": len(state.runs),
            "executed": sum(r.execution is not None for r in state.runs),
        }
    if name == "argue":
        return {"objections": [o.detail for o in state.objections]}
    if name == "audit":
        return {
            "checks": len(state.checks),
            "failed": [c.name for c in state.checks if not c.passed],
        }
    return {}


def to_json(state: State, stack: Stack, timings: dict[str, float]) -> dict[str, Any]:
    """The object of ``havoc ask --json``."""
    chosen = state.chosen
    execution = chosen.execution if chosen is not None and state.status == "answered" else None
    results = [_withheld(step_json(s), state) for s in execution.steps] if execution else []
    return {
        "status": state.status,
        "answer": state.answer,
        **({"question": state.question} if state.status == "needs_clarification" else {}),
        "program": chosen.program if chosen is not None else "",
        "results": results,
        "audit": {
            "passed": all(c.passed for c in state.checks),
            "checks": [
                {
                    "name": c.name,
                    "value": c.value,
                    "recomputed": c.recomputed,
                    "tolerance": c.tolerance,
                    "passed": c.passed,
                }
                for c in state.checks
            ],
        },
        "mode": state.mode.to_json() if state.mode else {},
        "confidence": None if state.confidence is None else round(state.confidence, 4),
        "objections": [_objection(o) for o in state.objections] if results else [],
        "citations": [
            {
                "id": p.id,
                "title": p.title,
                "source": p.source,
                "text": p.text,
                "score": round(p.score, 6),
            }
            for p in state.passages
        ],
        "candidates": [_candidate(state, i) for i in range(len(state.runs))],
        "provenance": dict(stack.provenance),
        "timings_ms": timings,
    }


def _objection(o: Objection) -> dict[str, Any]:
    told = o.advice or o.detail
    return {
        "step": o.step, "name": o.name, "severity": o.severity, "detail": told, "remedy": o.remedy,
    }  # fmt: skip


def _candidate(state: State, i: int) -> dict[str, Any]:
    """A program that was proposed, what became of it, and what the rubric gave it."""
    run = state.runs[i]
    scores = state.scores[i] if i < len(state.scores) else {}
    return {
        "program": run.program or " ".join(run.candidate.tokens),
        "score": round(run.candidate.logprob, 6),
        "source": run.candidate.source,
        "outcome": _outcome(run),
        "chosen": state.chosen is not None and run.candidate is state.chosen.candidate,
        "scores": {name: round(value, 6) for name, value in scores.items()},
    }


def _withheld(result: dict[str, Any], state: State) -> dict[str, Any]:
    """A number that failed its audit is not given, not even in the object."""
    bad = {w.split(".", 1)[1] for w in state.withheld if w.startswith(result["name"] + ".")}
    if not bad:
        return result
    values = {k: (None if k in bad else v) for k, v in result["values"].items()}
    warnings = [
        *result["warnings"],
        *(f"'{k}' is withheld: it did not survive its re-computation." for k in sorted(bad)),
    ]
    return {**result, "values": values, "warnings": warnings}


def _outcome(run: Any) -> str:
    if run.execution is not None:
        return "executed"
    return run.refusal or run.question or run.words or ""
