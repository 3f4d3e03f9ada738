"""The engine: prompts in, texts out, in batches or as streams.

A thread of ``Scheduler`` does the work for all callers; ``Request`` holds the state of one. What a
request gets does not depend on what else is in the batch: with the compiled kernels the same seed
gives the same text to the last bit, with torch up to the rounding of its matrix products.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch

from havoc.config import InferenceConfig
from havoc.errors import InputError
from havoc.inference.constraint import Constraint
from havoc.inference.opening import open_runner
from havoc.inference.request import Chunk, Generation, Request
from havoc.inference.runner import EVERY, Runner, runner_for
from havoc.inference.scheduler import Scheduler
from havoc.model import HavocModel, load_model
from havoc.tokenizer import Tokenizer

__all__ = ["Chunk", "Engine", "Generation", "Request"]


class Engine:
    """A model and its tokenizer, ready to generate.

    Parameters
    ----------
    model, tokenizer
        They must belong together. A runner may stand for the model.
    config
        Default sampling, the type of the weights, and the size of batches.
    """

    def __init__(
        self,
        model: HavocModel | Runner,
        tokenizer: Tokenizer,
        config: InferenceConfig | None = None,
    ) -> None:
        self.config, self.tokenizer = config or InferenceConfig(), tokenizer
        if tokenizer.vocab_size > model.config.vocab_size:
            raise InputError(
                f"the tokenizer has {tokenizer.vocab_size} pieces,"
                f" the model knows {model.config.vocab_size}"
            )
        self.runner: Runner = (
            runner_for(model, self.config) if isinstance(model, HavocModel) else model
        )
        self.scheduler = Scheduler(self.runner, self.config.max_batch_size)

    @classmethod
    def load(cls, folder: str | Path, config: InferenceConfig | None = None) -> Engine:
        """Open a model directory: weights, ``config.json``, ``tokenizer.model``."""
        chosen = config or InferenceConfig()
        device = chosen.device
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        if device == "cpu":
            return cls(open_runner(folder, chosen), Tokenizer.load(folder), chosen)
        return cls(load_model(folder, device=device), Tokenizer.load(folder), chosen)

    def close(self) -> None:
        """Stop the engine's thread."""
        self.scheduler.close()

    def __del__(self) -> None:
        # A model that was replaced must not leave its thread and its cache behind.
        scheduler = getattr(self, "scheduler", None)
        if scheduler is not None:
            scheduler.close(wait=False)

    def submit(
        self,
        prompt: str | Sequence[int],
        params: InferenceConfig | None = None,
        constraint: Constraint | None = None,
    ) -> Request:
        """Begin to continue a prompt and return at once; ``result()`` waits, ``cancel()`` stops."""
        request = self._request(0, prompt, params or self.config, constraint)
        self.scheduler.submit([request])
        return request

    def generate(
        self,
        prompts: Sequence[str | Sequence[int]],
        params: InferenceConfig | None = None,
        constraints: Sequence[Constraint | None] | None = None,
    ) -> list[Generation]:
        """Continue each prompt.

        Parameters
        ----------
        prompts
            Texts, which get a start token before them and in which markers are plain text, or
            token ids.
        params
            Sampling; the engine's own by default. Row ``i`` draws with ``seed + i``.
        constraints
            A fresh constraint for each prompt, or None where anything may follow.
        """
        chosen = params or self.config
        requests = [
            self._request(i, prompt, chosen, constraints[i] if constraints else None)
            for i, prompt in enumerate(prompts)
        ]
        self.scheduler.submit(requests)
        try:
            return [request.result() for request in requests]
        except BaseException:
            for request in requests:
                request.cancel()
            raise

    def stream(
        self,
        prompt: str | Sequence[int],
        params: InferenceConfig | None = None,
        constraint: Constraint | None = None,
    ) -> Iterator[Chunk]:
        """Continue one prompt, piece by piece; close the iterator to stop early."""
        request = self._request(0, prompt, params or self.config, constraint, streaming=True)
        return self._pieces(request)

    def _pieces(self, request: Request) -> Iterator[Chunk]:
        assert request.chunks is not None
        silent: list[Chunk] = []  # tokens of a character that is not whole yet
        self.scheduler.submit([request])
        try:
            while True:
                chunk = request.chunks.get()
                if isinstance(chunk, BaseException):
                    raise chunk
                silent.append(chunk)
                if chunk.text or chunk.finish_reason:
                    yield _joined(silent)
                    silent = []
                if chunk.finish_reason:
                    return
        finally:
            request.cancel()

    def generate_candidates(
        self,
        prompt: Sequence[int],
        constraint_factory: Callable[[], Constraint | None],
        n: int,
        params: InferenceConfig | None = None,
    ) -> list[tuple[tuple[int, ...], float]]:
        """Return up to ``n`` distinct continuations with their log-probabilities, best first.

        The end token counts in the log-probability and is not among the tokens.
        The first takes the most probable token each time, the others sample; all share one prefill.
        Continuations that did not end by themselves are left out.
        """
        sampled = params or self.config
        greedy = sampled.replace(do_sample=False)
        requests = [
            self._request(i, prompt, greedy if i == 0 else sampled, constraint_factory())
            for i in range(n)
        ]
        self.scheduler.submit(requests)
        best: dict[tuple[int, ...], float] = {}
        for found in [request.result() for request in requests]:
            if found.finish_reason == "stop":
                ended = found.tokens[-1] == self.tokenizer.eos_id
                best.setdefault(found.tokens[:-1] if ended else found.tokens, found.logprob)
        return sorted(best.items(), key=lambda item: (-item[1], item[0]))

    def score(self, prompt: Sequence[int], continuation: Sequence[int]) -> list[float]:
        """Return the log-probability of each token of a continuation."""
        if not prompt or not continuation:
            raise InputError("score: both the prompt and the continuation need tokens")
        ids = [*prompt, *continuation]
        self._check(ids, len(ids) - 1)
        sequence = self.runner.open()
        try:
            logits = self.runner.forward([sequence], [ids[:-1]], [EVERY])[len(prompt) - 1 :]
        finally:
            self.runner.close(sequence)
        wide = logits.astype(np.float64)
        top = wide.max(-1, keepdims=True)
        total = top[:, 0] + np.log(np.exp(wide - top).sum(-1))
        return (wide[np.arange(len(wide)), list(continuation)] - total).tolist()

    def figures(self) -> Mapping[str, float]:
        """What is going on: requests waiting and in the batch, cache, tokens so far."""
        counts, cache = self.scheduler.counts, getattr(self.runner, "cache_bytes", math.nan)
        figures = {
            "batch_size": self.scheduler.active,
            "queue_length": self.scheduler.waiting,
            "cache_bytes": cache,
            "engine_steps": counts.steps,
            "engine_fed_tokens": counts.fed_tokens,
            "engine_reused_tokens": counts.reused_tokens,
            "engine_generated_tokens": counts.generated_tokens,
            "engine_cancelled": counts.cancelled,
        }
        return {name: float(value) for name, value in figures.items() if not math.isnan(value)}

    def _request(
        self,
        index: int,
        prompt: str | Sequence[int],
        params: InferenceConfig,
        constraint: Constraint | None,
        streaming: bool = False,
    ) -> Request:
        text = isinstance(prompt, str)
        ids = self.tokenizer.encode(str(prompt), bos=True) if text else [int(i) for i in prompt]
        if not ids:
            raise InputError("prompt: at least one token is needed")
        self._check(ids, len(ids) + 1)
        limit = min(params.max_new_tokens, self.runner.config.max_seq_len - len(ids))
        return Request(ids, params, constraint, self.tokenizer, limit, index, streaming)

    def _check(self, ids: Sequence[int], needed: int) -> None:
        strange = next((i for i in ids if not 0 <= i < self.tokenizer.vocab_size), None)
        if strange is not None:
            raise InputError(f"prompt: the tokenizer has no token {strange}")
        longest = self.runner.config.max_seq_len
        if needed > longest:
            raise InputError(
                f"prompt: {len(ids)} tokens, the model takes {longest}"
                " with at least one to generate"
            )


def _joined(chunks: Sequence[Chunk]) -> Chunk:
    if len(chunks) == 1:
        return chunks[0]
    return Chunk(
        "".join(c.text for c in chunks),
        tuple(t for c in chunks for t in c.tokens),
        chunks[-1].finish_reason,
        tuple(p for c in chunks for p in c.logprobs),
        tuple(t for c in chunks for t in c.top),
    )
