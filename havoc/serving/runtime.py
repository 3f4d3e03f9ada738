"""What the server and the command line answer with: the stack, the text engine, where both came from.

Loaded once. A part that is missing is a problem with a plain message; the others still serve.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import havoc
from havoc.dsl.ast import Program
from havoc.dsl.bounded import run_bounded
from havoc.dsl.executor import Execution, Limits
from havoc.errors import InputError
from havoc.serving.problems import Unavailable
from havoc.srs.state import Proposer, Stack
from havoc.tools.values import Table

if TYPE_CHECKING:
    from havoc.config import InferenceConfig
    from havoc.inference.constraint import Grammars
    from havoc.inference.engine import Chunk, Engine
    from havoc.inference.planner import Planner

MODEL = Path("artifacts/model/instruct")
INDEX = Path("artifacts/rag")
PROGRAMS_AT_ONCE = 4  # candidates of one answer; each may take what configs/tools allows
SERVED_TOGETHER = 32  # texts decoded together by a server


@dataclass(frozen=True)
class Token:
    """One token with its log-probability and the most probable others."""

    text: str
    raw: bytes
    logprob: float
    top: tuple[tuple[str, bytes, float], ...] = ()


@dataclass(frozen=True)
class Piece:
    """A piece of generated text; the last one carries the reason and the counts."""

    text: str
    finish_reason: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    tokens: tuple[Token, ...] = ()


class TextEngine(Protocol):
    """Whatever continues text (``havoc.inference``)."""

    name: str

    def stream(
        self,
        prompt: str | Sequence[int],
        options: Mapping[str, Any],
        schema: Mapping[str, Any] | None = None,
    ) -> Iterator[Piece]: ...

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

    def stack_for(self, cancelled: Callable[[], bool]) -> Stack:
        """The stack of one answer, whose programs are killed once ``cancelled`` says so."""
        stack = self.need_stack()
        return replace(stack, execute=partial(stack.execute, cancelled=cancelled))

    def figures(self) -> Mapping[str, float]:
        """What the engine tells of itself: sequences in the batch, share of the cache in use ..."""
        told = getattr(self.engine, "figures", None)
        return told() if told is not None else {}

    def count(self, text: str) -> int:
        """Tokens of a text; 0 where no tokenizer is loaded."""
        return self.engine.count(text) if self.engine is not None else 0

    def passage(self, identity: str) -> dict[str, Any] | None:
        """The passage that a citation names."""
        index = self.stack.index if self.stack is not None else None
        look = getattr(index, "passage", None)
        found = look(identity) if look is not None else None
        return None if found is None else {**found.citation(), "text": found.text}

    def run(
        self,
        program: str | Program,
        files: Mapping[str, Table],
        cancelled: Callable[[], bool] | None = None,
    ) -> Execution:
        """Run a program from outside: bounded, and without any folder to read from."""
        return self.execute(program, files=files, cancelled=cancelled)


class LocalText:
    """The engine of ``havoc.inference`` as a ``TextEngine``."""

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine, self.name = engine, name

    @cached_property
    def _grammars(self) -> Grammars:
        from havoc.inference.constraint import Grammars

        return Grammars(self.engine.tokenizer)

    def stream(
        self,
        prompt: str | Sequence[int],
        options: Mapping[str, Any],
        schema: Mapping[str, Any] | None = None,
    ) -> Iterator[Piece]:
        """Continue ``prompt``; ``options`` are fields of ``InferenceConfig``.

        Raises
        ------
        InputError
            At once, for options, a prompt or a JSON schema that cannot be.
        """
        params = self.engine.config.replace(**options)
        constraint = self._grammars.compile_schema(schema) if schema is not None else None
        length = self.count(prompt) + 1 if isinstance(prompt, str) else len(prompt)
        return self._pieces(self.engine.stream(prompt, params, constraint), length)

    def _pieces(self, work: Iterator[Chunk], prompt_tokens: int) -> Iterator[Piece]:
        written, shown, waiting = 0, 0, deque[Token]()
        with contextlib.closing(work) as chunks:  # type: ignore[type-var]
            for chunk in chunks:
                written += len(chunk.tokens)
                shown += len(chunk.text.encode())
                waiting.extend(self._tokens(chunk))
                told = []
                # A token is told with the text that it made: those of a stop sequence never are.
                while waiting and _is_shown(waiting[0], shown, chunk.finish_reason):
                    told.append(waiting.popleft())
                    shown -= len(told[-1].raw)
                yield Piece(chunk.text, chunk.finish_reason, prompt_tokens, written, tuple(told))

    def _tokens(self, chunk: Chunk) -> Iterator[Token]:
        """Tokens as OpenAI's clients want them, with alternatives where they were asked for."""
        for i, (token, logprob) in enumerate(zip(chunk.tokens, chunk.logprobs, strict=False)):
            if token == self.engine.tokenizer.eos_id:
                continue
            top = chunk.top[i] if i < len(chunk.top) else ()
            others = tuple((*self._written(t), p) for t, p in top)
            yield Token(*self._written(token), logprob, others)

    def _written(self, token: int) -> tuple[str, bytes]:
        raw = self.engine.tokenizer.token_bytes[token]
        return raw.decode("utf-8", "replace"), raw

    def count(self, text: str) -> int:
        return len(self.engine.tokenizer.encode(text))

    def figures(self) -> Mapping[str, float]:
        return self.engine.figures()

    def close(self) -> None:
        self.engine.close()


def _is_shown(token: Token, shown: int, finish_reason: str | None) -> bool:
    """Whether the ``shown`` bytes of text that no token accounts for hold this one; at the end a part is enough."""
    if finish_reason == "stop":
        return shown > 0
    return finish_reason is not None or shown >= len(token.raw)


def load_runtime(
    model: Path | None = None, index: Path | None = None, profile: str = "laptop"
) -> Runtime:
    """Load the model, the index and the configuration of a profile.

    Parameters
    ----------
    model, index
        Folders; by default those the pipeline writes, which may be missing. HAVOC_INDEX names another
        folder for the index, or its place in a bucket (``s3://BUCKET/PREFIX``).
    profile
        Whose inference, retrieval, reasoning and limits are taken.

    Raises
    ------
    InputError
        If what was named is not there, or what is there is damaged.
    """
    from havoc.config import load_settings
    from havoc.dsl.bounded import prepare

    prepare()
    settings = load_settings(profile)
    tools = settings.tools
    limits = Limits(
        tools.timeout_seconds, tools.max_memory_mb, tools.max_rows, tools.max_statements
    )
    execute = partial(run_bounded, limits=limits)
    folder = model or MODEL
    if model is None and not folder.is_dir():
        missing = f"there is no model at {folder}; run the pipeline first (make run)"
        provenance = {"havoc": havoc.__version__}
        return Runtime(execute=execute, problems={"model": missing}, provenance=provenance)
    problems: dict[str, str] = {}
    planner: Proposer | None
    planner, engine, without = _language(folder, settings.inference)
    if settings.inference.backend == "openai":
        from havoc.inference.remote import RemotePlanner

        planner = RemotePlanner(
            settings.inference.backend_url,
            settings.inference.backend_model,
            offered=settings.srs.max_operations,
            temperature=settings.srs.plan_temperature,
        )
    if planner is None:
        problems["model"] = without
    retriever = None
    where = index or os.environ.get("HAVOC_INDEX")
    if where is None and not INDEX.is_dir():
        problems["index"] = f"there is no index at {INDEX}; answers cite nothing"
    else:
        from havoc.rag.index import Index

        retriever = Index(where or INDEX, config=settings.rag)
    provenance = _provenance(folder, retriever)
    at_once = min(PROGRAMS_AT_ONCE, os.cpu_count() or 1)
    stack = (
        Stack(planner, execute, retriever, settings.srs, provenance, at_once) if planner else None
    )
    return Runtime(provenance["model"], stack, engine, execute, provenance, problems)


def _language(folder: Path, config: InferenceConfig) -> tuple[Planner | None, LocalText, str]:
    """Planner and text engine on the same weights; why there is no planner, where there is none.

    A model from elsewhere, which has no tokens for programs, still writes text.
    """
    from havoc.inference.engine import Engine
    from havoc.inference.opening import open_runner
    from havoc.inference.planner import Planner
    from havoc.tokenizer import Tokenizer

    if not folder.is_dir():
        raise InputError(
            f"there is no model at {folder}; run the pipeline first (make run) or name one with --model"
        )
    planner, why = None, ""
    try:
        planner = Planner.load(folder, config)
        runner, tokenizer = planner.runner, planner.codec.tokenizer
    except InputError as error:
        runner, tokenizer = open_runner(folder, config), Tokenizer.load(folder)
        why = f"the model at {folder} writes text and no programs: {error}"
    batch = max(config.max_batch_size, SERVED_TOGETHER)
    engine = Engine(runner, tokenizer, config.replace(max_batch_size=batch))
    return planner, LocalText(engine, folder.name), why


def _fingerprint(folder: Path) -> str:
    """The first digits of the weights' SHA-256."""
    from havoc.model.directory import WEIGHTS, WEIGHTS_TORCH

    path = next(p for p in (folder / WEIGHTS, folder / WEIGHTS_TORCH) if p.exists())
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def _provenance(folder: Path, index: Any) -> dict[str, str]:
    """Which model, data, code and index an answer is made of."""
    from havoc.model.directory import read_description

    about = read_description(folder).get("about", {})
    name = str(about.get("name") or f"havoc-{folder.name}")
    return {
        "havoc": havoc.__version__,
        "git": str(about.get("git", "unknown")),
        "model": f"{name}@{_fingerprint(folder)}",
        "mlflow_run": str(about.get("mlflow_run", "unknown")),
        "data": str(about.get("data", "unknown")),
        "index": index.content if index is not None else "none",
    }
