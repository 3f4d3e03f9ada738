"""A runtime whose stages and text are scripted, for tests of the server alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from havoc.dsl.executor import run_program, run_text
from havoc.serving.runtime import Piece, Runtime
from havoc.srs.pipeline import Event
from havoc.srs.state import Stack

ANSWER = "The mean is [501.4](#v:r1.mean).\n\n[[figure:r1.1]]\n"
PROGRAM = "stats.describe([502, 498, 505, 499, 503])"


@dataclass
class ScriptedEngine:
    """Says the words it was given, one a piece; waits at a gate where there is one."""

    words: tuple[str, ...] = ("one ", "two ", "three")
    name: str = "scripted"
    gate: threading.Event | None = None
    closed: threading.Event = field(default_factory=threading.Event)
    seen: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def stream(
        self, prompt: Any, options: Mapping[str, Any], schema: Any = None
    ) -> Iterator[Piece]:
        self.seen.append((prompt, dict(options)))
        try:
            for i, word in enumerate(self.words):
                if self.gate is not None and i:
                    self.gate.wait(20)
                yield Piece(word)
            yield Piece("", "stop", self.count(str(prompt)), len(self.words))
        finally:
            self.closed.set()

    def count(self, text: str) -> int:
        return len(text.split())


def scripted_stages(request: Any, stack: Any) -> Iterator[Event]:
    """What ``havoc.srs.pipeline.stages`` yields, with a real execution inside."""
    yield Event("mode", "started")
    yield Event("mode", "finished", 1.5, {"task": "stats"})
    if request.text == "break":
        raise ZeroDivisionError("secret")
    gate = stack.planner
    if gate is not None:
        gate.wait(20)
    execution = run_text(PROGRAM).to_json()
    asking = request.text == "vague"
    answered = {
        "status": "answered",
        "answer": ANSWER,
        **execution,
    }
    question = {
        "status": "needs_clarification",
        "answer": "",
        "question": "Which column?",
        "program": "",
        "results": [],
        "audit": {"passed": True, "checks": []},
    }
    yield Event(
        "done",
        "finished",
        2.0,
        {
            **(question if asking else answered),
            "mode": {"task": "stats"},
            "citations": [
                {"id": "h1", "title": "Means", "text": "...", "tables": list(request.tables)}
            ],
            "candidates": [],
            "provenance": {"havoc": "test"},
            "timings_ms": {"mode": 1.5},
        },
    )


def runtime(engine: ScriptedEngine | None = None, gate: threading.Event | None = None) -> Runtime:
    return Runtime(
        model="scripted",
        stack=Stack(planner=gate, execute=executed),  # type: ignore[arg-type]
        engine=engine or ScriptedEngine(),
        execute=executed,
        provenance={"havoc": "test"},
    )


def executed(program: Any, files: Mapping[str, Any], cancelled: Any = None) -> Any:
    """As ``run_bounded``, in this process."""
    run = run_text if isinstance(program, str) else run_program
    return run(program, files=files)
