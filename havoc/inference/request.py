"""One request on its way: what it wants, what it has said, what it will be fed next."""

from __future__ import annotations

import math
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from havoc.config import InferenceConfig
from havoc.inference.constraint import Constraint, bits_of
from havoc.inference.sampling import Sampler
from havoc.inference.stopping import StopText
from havoc.tokenizer import TextStream, Tokenizer

Top = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Chunk:
    """A piece of a stream: whole characters, and why it ended if it did."""

    text: str
    tokens: tuple[int, ...] = ()
    finish_reason: str | None = None
    logprobs: tuple[float, ...] = ()
    top: tuple[Top, ...] = ()


@dataclass(frozen=True)
class Generation:
    """A finished continuation.

    ``logprobs`` are those of the model at temperature 1, among the tokens its constraint allowed.
    ``top`` holds the most probable alternatives of each token where ``top_logprobs`` asks for them;
    a forced token has none.
    """

    text: str
    tokens: tuple[int, ...]
    logprobs: tuple[float, ...]
    finish_reason: str  # "stop", "length" or "cancelled"
    prompt_tokens: int
    top: tuple[Top, ...] = ()

    @property
    def logprob(self) -> float:
        """Log-probability of the whole continuation."""
        return math.fsum(self.logprobs)

    @property
    def usage(self) -> dict[str, int]:
        """Token counts as the servers report them."""
        total = self.prompt_tokens + len(self.tokens)
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": len(self.tokens),
            "total_tokens": total,
        }


class Request:
    """A continuation that was asked for.

    Parameters
    ----------
    prompt, params, constraint
        What is continued, and how.
    tokenizer
        For the text.
    limit
        Tokens that may be generated.
    index
        Added to the seed.
    streaming
        Whether somebody takes the chunks as they come.
    """

    def __init__(
        self,
        prompt: list[int],
        params: InferenceConfig,
        constraint: Constraint | None,
        tokenizer: Tokenizer,
        limit: int,
        index: int = 0,
        streaming: bool = False,
    ) -> None:
        self.prompt, self.params, self.constraint, self.limit = prompt, params, constraint, limit
        self.fed: list[int] = []  # tokens whose keys and values are in the cache
        self.pending = list(prompt)  # tokens to feed
        self.tokens: list[int] = []
        self.logprobs: list[float] = []
        self.top: list[Top] = []
        self.finish_reason: str | None = None
        self.error: BaseException | None = None
        self.cancelled = False
        self.done = threading.Event()
        self.chunks: queue.SimpleQueue[Chunk | BaseException] | None = (
            queue.SimpleQueue() if streaming else None
        )
        self._tokenizer, self._stream = tokenizer, TextStream(tokenizer)
        self._stop = StopText(params.stop_sequences)
        self._sampler = Sampler(params, index, tokenizer.vocab_size, prompt, limit)

    def cancel(self) -> None:
        """Give up; the slot is free before the next step."""
        self.cancelled = True

    def result(self) -> Generation:
        """Wait for the end and return the whole; raises what went wrong."""
        self.done.wait()
        if self.error is not None:
            raise self.error
        assert self.finish_reason is not None
        return Generation(
            text=self._stop.text,
            tokens=tuple(self.tokens),
            logprobs=tuple(self.logprobs),
            finish_reason=self.finish_reason,
            prompt_tokens=len(self.prompt),
            top=tuple(self.top),
        )

    def finish(self, reason: str, error: BaseException | None = None) -> None:
        """End without a further token: cancelled, or failed."""
        if self.done.is_set():
            return
        self.error = error
        self._say(self._end(reason, 0, ""))
        if self.chunks is not None and error is not None:
            self.chunks.put(error)

    def advance(self, logits: np.ndarray) -> None:
        """Choose the next token, and with it those that the grammar forces."""
        before = len(self.tokens)
        allowed = None
        if self.constraint is not None:
            if self.constraint.finished:
                return self._say(self._end("stop", before, ""))
            allowed = bits_of(self.constraint, self._tokenizer.vocab_size)
        chosen = self._sampler.choose(logits, allowed)
        if chosen is None:
            return self._say(self._end("stop", before, ""))
        self._take(chosen.token, chosen.logprob, chosen.top)
        self._say(self._after(chosen.token, before))

    def _take(self, token: int, logprob: float, top: Top = ()) -> None:
        self.tokens.append(token)
        self.logprobs.append(logprob)
        self._sampler.saw(token)
        if self.params.top_logprobs:
            self.top.append(top)

    def _after(self, token: int, before: int) -> Chunk:
        """Follow the grammar, look for the end."""
        if token == self._tokenizer.eos_id:
            return self._end("stop", before, "")
        if self.constraint is not None:
            self.constraint.consume(token)
            for forced in self.constraint.forced():
                if len(self.tokens) >= self.limit or forced == self._tokenizer.eos_id:
                    break
                self.constraint.consume(forced)
                self._take(forced, 0.0)  # it had no alternative
        fresh = self.tokens[before:]
        text = self._stop.push(self._stream.push(*fresh))
        if self._stop.found or (self.constraint is not None and self.constraint.finished):
            return self._end("stop", before, text)
        if len(self.tokens) >= self.limit:
            return self._end("length", before, text)
        self.pending = fresh
        return self._chunk(before, text)

    def _end(self, reason: str, before: int, text: str) -> Chunk:
        """Finish, and let go of the text that was held back."""
        if not self._stop.found:
            text += self._stop.push(self._stream.finish()) + self._stop.finish()
        self.finish_reason = "stop" if self._stop.found else reason
        return self._chunk(before if reason != "cancelled" else len(self.tokens), text)

    def _chunk(self, before: int, text: str) -> Chunk:
        top = tuple(self.top[before:])
        logprobs = tuple(self.logprobs[before:])
        return Chunk(text, tuple(self.tokens[before:]), self.finish_reason, logprobs, top)

    def _say(self, chunk: Chunk) -> None:
        if self.chunks is not None and self.error is None:
            self.chunks.put(chunk)
        if self.finish_reason is not None:
            self.done.set()


def shared(first: Sequence[int], second: Sequence[int]) -> int:
    """Return how many tokens two sequences begin with in common."""
    length = min(len(first), len(second))
    if first[:length] == second[:length]:
        return length
    low, high = 0, length  # the first `low` agree, the first `high` do not
    while high - low > 1:
        middle = (low + high) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle
    return low
