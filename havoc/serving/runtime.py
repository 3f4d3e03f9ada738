"""What the server and the command line answer with: the stack, the text engine, where both came from.

Loaded once. A part that is missing is a problem with a plain message; the others still serve.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import havoc
from havoc.dsl.bounded import run_bounded
from havoc.dsl.executor import Execution, Limits
from havoc.errors import InputError
from havoc.srs.state import Stack
from havoc.tools.values import Table

MODEL = Path("artifacts/model/instruct")
INDEX = Path("artifacts/rag")


class Unavailable(InputError):
    """A part that this request needs is not there: HTTP 503."""


@dataclass(frozen=True)
class Piece:
    """A piece of generated text; the last one carries the reason and the counts."""

    text: str
    finish_reason: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0


class TextEngine(Protocol):
    """Whatever continues text (``havoc.inference``)."""

    name: str

    def stream(self, prompt: str, options: Mapping[str, Any]) -> Iterator[Piece]: ...

    def count(self, text: str) -> int: ...


@dataclass(frozen=True)
class Runtime:
    """The parts, and what is wrong with those that are missing."""

    model: str = "none"
    stack: Stack | None = None
    engine: TextEngine | None = None
    execute: Callable[..., Execution] = run_bounded
    provenance: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    def need_stack(self) -> Stack:
        if self.stack is None:
            raise Unavailable(self.problems.get("model", "no model is loaded"))
        return self.stack

    def need_engine(self) -> TextEngine:
        if self.engine is None:
            raise Unavailable(self.problems.get("model", "no model is loaded"))
        return self.engine

    def count(self, text: str) -> int:
        """Tokens of a text; 0 where no tokenizer is loaded."""
        return self.engine.count(text) if self.engine is not None else 0

    def run(self, program: str, files: Mapping[str, Table]) -> Execution:
        """Run a program from outside: bounded, and without any folder to read from."""
        return self.execute(program, files=files)


def load_runtime(
    model: Path | None = None, index: Path | None = None, profile: str = "laptop"
) -> Runtime:
    """Load the model, the index and the configuration of a profile.

    Raises
    ------
    InputError
        If a model is named and is not there; the default one may be missing.
    """
    from havoc.config import load_settings

    settings = load_settings(profile)
    tools = settings.tools
    limits = Limits(
        tools.timeout_seconds, tools.max_memory_mb, tools.max_rows, tools.max_statements
    )
    execute = partial(run_bounded, limits=limits)
    folder = model or MODEL
    problems: dict[str, str] = {}
    try:
        planner, engine = _language(folder, settings.inference)
    except InputError as error:
        if model is not None:
            raise
        return Runtime(execute=execute, problems={"model": str(error)}, provenance=_provenance())
    retriever = _retriever(index or INDEX, settings.rag, problems)
    provenance = _provenance(folder)
    stack = Stack(planner, execute, retriever, settings.srs, provenance)
    return Runtime(planner.name, stack, engine, execute, provenance, problems)


def _language(folder: Path, config: Any) -> tuple[Any, TextEngine | None]:
    from havoc.inference.planner import Planner

    planner = Planner.load(folder)
    return planner, None


def _retriever(folder: Path, config: Any, problems: dict[str, str]) -> Any:
    problems["index"] = f"there is no index at {folder}"
    return None


def _provenance(folder: Path | None = None) -> dict[str, str]:
    """What made the answers: the model folder's ``provenance.json``, and this code."""
    recorded: dict[str, str] = {}
    path = folder / "provenance.json" if folder is not None else None
    if path is not None and path.is_file():
        recorded = {k: str(v) for k, v in json.loads(path.read_text(encoding="utf-8")).items()}
    return {**recorded, "havoc": havoc.__version__}
