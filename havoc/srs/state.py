"""The state that flows through the stages, and what the stages work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from havoc.config import SrsConfig
from havoc.dsl.executor import Execution
from havoc.dsl.grounding.slots import Grounded
from havoc.inference.planner import Candidate, Plan
from havoc.srs.conversation import Turn
from havoc.srs.followup.read import Edit
from havoc.tools.operation import Check
from havoc.tools.values import Table


@dataclass(frozen=True)
class Request:
    """What a person asked: the text, attached tables by file name, and the folder ``data`` may read.

    ``detail``: brief, normal or full; empty for the configuration's. ``history``: earlier turns, oldest first.
    """

    text: str
    tables: Mapping[str, Table] = field(default_factory=dict)
    base_dir: Path | None = None
    detail: str = ""
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True)
class Mode:
    """What kind of question it is, by the model's probabilities; ``risk`` is what a wrong answer would cost."""

    task: str
    confidence: float
    probabilities: Mapping[str, float]
    difficulty: str
    risk: str

    def to_json(self) -> dict[str, Any]:
        return {
            "task": self.task,
            "confidence": round(self.confidence, 4),
            "probabilities": {k: round(p, 4) for k, p in self.probabilities.items() if p >= 0.001},
            "difficulty": self.difficulty,
            "risk": self.risk,
        }


@dataclass(frozen=True)
class Run:
    """One candidate, written as DSL and executed: exactly one of execution, refusal, question, words is set."""

    candidate: Candidate
    program: str = ""
    execution: Execution | None = None
    refusal: str | None = None
    question: str | None = None
    words: str | None = None  # "explain" or "refuse": no program
    seal: str = ""  # fingerprint of the execution, for the audit


@dataclass(frozen=True)
class Objection:
    """Something that speaks against a result, with what was done about it.

    ``remedy``: the operation that does not mind. ``advice``: a sentence on what to do.
    """

    step: str
    name: str
    detail: str
    severity: str  # "note" | "warning" | "serious"
    remedy: str | None = None
    advice: str = ""


@dataclass(frozen=True)
class Amendment:
    """A better method added beside the one asked for: names of both steps, why, and what to think if they differ."""

    step: str
    better: str
    reason: str
    differs: str


@dataclass(frozen=True)
class Passage:
    """A passage that a citation points to."""

    id: str
    title: str
    source: str
    text: str
    score: float


@dataclass(frozen=True)
class State:
    """Everything known so far; each stage returns a new one."""

    request: Request
    edit: Edit | None = None
    grounded: Grounded | None = None
    mode: Mode | None = None
    passages: tuple[Passage, ...] = ()
    plan: Plan | None = None
    runs: tuple[Run, ...] = ()
    objections: tuple[Objection, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    chosen: Run | None = None
    scores: tuple[Mapping[str, float], ...] = ()
    confidence: float | None = None  # of the chosen reading, among all candidates
    draft: str = ""
    checks: tuple[Check, ...] = ()
    withheld: tuple[str, ...] = ()
    status: str = ""
    answer: str = ""
    question: str = ""


class Proposer(Protocol):
    """Whatever writes programs for a request (``havoc.inference.planner.Planner``)."""

    name: str

    def first(self, grounded: Grounded) -> dict[str, float]: ...

    def propose(self, grounded: Grounded, n: int = ..., max_tokens: int = ...) -> Plan: ...


class Retriever(Protocol):
    """Whatever finds passages (``havoc.rag``)."""

    def search(self, query: str, k: int) -> list[Any]: ...


Executor = Callable[..., Execution]


@dataclass(frozen=True)
class Stack:
    """What the stages work with: the planner, the index, the executor, the configuration.

    ``programs_at_once``: more than one only where ``execute`` gives each program a process of its own.
    """

    planner: Proposer
    execute: Executor
    index: Retriever | None = None
    config: SrsConfig = field(default_factory=SrsConfig)
    provenance: Mapping[str, str] = field(default_factory=dict)
    programs_at_once: int = 1
