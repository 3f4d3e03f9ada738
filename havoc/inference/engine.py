"""The engine: prefill, decode, batches, streams.

Rows of a batch have their own length, sampling state and constraint, and what a row gets does not
depend on the others. A row may have several tokens to feed at once (its prompt, or text that its
grammar forces); one forward pass takes the next stretch of every row. Rows that end leave the batch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from havoc.config import InferenceConfig
from havoc.errors import InputError
from havoc.inference.constraint import Constraint
from havoc.inference.sampling import choose, penalise_repetition
from havoc.inference.stopping import StopText
from havoc.model import HavocModel, KVCache, load_model
from havoc.tokenizer import TextStream, Tokenizer

PREFILL_CHUNK = 512


@dataclass(frozen=True)
class Chunk:
    """A piece of a stream: whole characters, and why it ended if it did."""

    text: str
    tokens: tuple[int, ...] = ()
    finish_reason: str | None = None


@dataclass(frozen=True)
class Generation:
    """A finished continuation.

    ``logprobs`` are those of the model at temperature 1, among the tokens its constraint allowed.
    """

    text: str
    tokens: tuple[int, ...]
    logprobs: tuple[float, ...]
    finish_reason: str  # "stop" or "length"
    prompt_tokens: int

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


@dataclass
class _Row:
    """One sequence on its way."""

    index: int
    prompt: list[int]
    params: InferenceConfig
    generator: torch.Generator
    stop: StopText
    stream: TextStream
    constraint: Constraint | None
    limit: int  # tokens that may be generated
    pending: list[int]  # tokens not yet fed
    tokens: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    finish_reason: str | None = None

    @property
    def needs_token(self) -> bool:
        return not self.pending and self.finish_reason is None


class Engine:
    """A model and its tokenizer, ready to generate.

    Parameters
    ----------
    model, tokenizer
        They must belong together.
    config
        Default sampling, and the size of batches.
    """

    def __init__(
        self, model: HavocModel, tokenizer: Tokenizer, config: InferenceConfig | None = None
    ) -> None:
        if tokenizer.vocab_size > model.config.vocab_size:
            raise InputError(
                f"the tokenizer has {tokenizer.vocab_size} pieces,"
                f" the model knows {model.config.vocab_size}"
            )
        self.model, self.tokenizer = model.eval(), tokenizer
        self.config = config or InferenceConfig()
        if self.config.num_threads:
            torch.set_num_threads(self.config.num_threads)

    @classmethod
    def load(cls, folder: str | Path, config: InferenceConfig | None = None) -> Engine:
        """Open a model directory: weights, ``config.json``, ``tokenizer.model``."""
        chosen = config or InferenceConfig()
        device = chosen.device
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        dtype = getattr(torch, chosen.dtype)
        model = load_model(folder, device=device, dtype=dtype)
        return cls(model, Tokenizer.load(folder), chosen)

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
        rows = [
            self._row(i, prompt, chosen, constraints[i] if constraints else None)
            for i, prompt in enumerate(prompts)
        ]
        for start in range(0, len(rows), self.config.max_batch_size):
            group = rows[start : start + self.config.max_batch_size]
            for _ in self._decode(group, self._cache_for(group)):
                pass
        return [_finished(row) for row in rows]

    def stream(
        self,
        prompt: str | Sequence[int],
        params: InferenceConfig | None = None,
        constraint: Constraint | None = None,
    ) -> Iterator[Chunk]:
        """Continue one prompt, piece by piece; close the iterator to stop early."""
        row = self._row(0, prompt, params or self.config, constraint)
        silent: tuple[int, ...] = ()  # tokens of a character that is not whole yet
        for _, chunk in self._decode([row], self._cache_for([row])):
            silent += chunk.tokens
            if chunk.text or chunk.finish_reason:
                yield Chunk(chunk.text, silent, chunk.finish_reason)
                silent = ()

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
        rows = [
            self._row(i, prompt, greedy if i == 0 else sampled, constraint_factory())
            for i in range(n)
        ]
        cache = self._cache_for(rows[:1])
        last = rows[0].pending[-1:]
        self._prefill(rows[0].pending[:-1], cache)
        cache = cache.select([0] * n)
        for row in rows:
            row.pending = list(last)
        for _ in self._decode(rows, cache):
            pass
        best: dict[tuple[int, ...], float] = {}
        for row in rows:
            if row.finish_reason == "stop":
                ended = row.tokens[-1] == self.tokenizer.eos_id
                tokens = tuple(row.tokens[:-1] if ended else row.tokens)
                best.setdefault(tokens, math.fsum(row.logprobs))
        return sorted(best.items(), key=lambda item: (-item[1], item[0]))

    @torch.inference_mode()
    def score(self, prompt: Sequence[int], continuation: Sequence[int]) -> list[float]:
        """Return the log-probability of each token of a continuation."""
        if not prompt or not continuation:
            raise InputError("score: both the prompt and the continuation need tokens")
        ids = [*prompt, *continuation]
        tokens = torch.tensor([ids[:-1]], device=self._device)
        select = torch.zeros_like(tokens, dtype=torch.bool)
        select[0, len(prompt) - 1 :] = True
        logits = self.model(tokens, select=select).float().log_softmax(-1)
        wanted = torch.tensor(list(continuation), device=self._device)
        return logits.gather(1, wanted[:, None])[:, 0].tolist()

    # One batch

    @property
    def _device(self) -> torch.device:
        return self.model.norm.weight.device

    def _row(
        self,
        index: int,
        prompt: str | Sequence[int],
        params: InferenceConfig,
        constraint: Constraint | None,
    ) -> _Row:
        text = isinstance(prompt, str)
        ids = self.tokenizer.encode(str(prompt), bos=True) if text else [int(i) for i in prompt]
        strange = next((i for i in ids if not 0 <= i < self.tokenizer.vocab_size), None)
        if strange is not None:
            raise InputError(f"prompt: the tokenizer has no token {strange}")
        room = self.model.config.max_seq_len - len(ids)
        if not ids:
            raise InputError("prompt: at least one token is needed")
        if room < 1:
            raise InputError(
                f"prompt: {len(ids)} tokens, the model takes {self.model.config.max_seq_len}"
                " with at least one to generate"
            )
        generator = torch.Generator()
        if params.seed is None:
            generator.seed()
        else:
            generator.manual_seed(params.seed + index)
        return _Row(
            index=index,
            prompt=ids,
            params=params,
            generator=generator,
            stop=StopText(params.stop_sequences),
            stream=TextStream(self.tokenizer),
            constraint=constraint,
            limit=min(params.max_new_tokens, room),
            pending=list(ids),
        )

    def _cache_for(self, rows: Sequence[_Row]) -> KVCache:
        longest = max(len(row.prompt) + row.limit for row in rows)
        return self.model.new_cache(len(rows), longest)

    @torch.inference_mode()
    def _prefill(self, tokens: Sequence[int], cache: KVCache) -> None:
        for start in range(0, len(tokens), PREFILL_CHUNK):
            part = torch.tensor([tokens[start : start + PREFILL_CHUNK]], device=self._device)
            self.model.hidden(part, cache=cache)

    def _decode(self, rows: list[_Row], cache: KVCache) -> Iterator[tuple[_Row, Chunk]]:
        """Run rows to their end; yield what each has to say as it comes."""
        while rows:
            logits = self._feed(rows, cache)
            for row, scores in zip(rows, logits, strict=True):
                if row.needs_token:
                    yield row, self._advance(row, scores)
            alive = [i for i, row in enumerate(rows) if row.finish_reason is None]
            if len(alive) < len(rows):
                rows = [rows[i] for i in alive]
                cache = cache.select(alive)

    @torch.inference_mode()
    def _feed(self, rows: Sequence[_Row], cache: KVCache) -> Tensor:
        """Feed the next stretch of every row; return the logits after it, (rows, vocab)."""
        room = min(PREFILL_CHUNK, cache.capacity - max(cache.lengths))
        parts = [row.pending[:room] for row in rows]
        width = max(map(len, parts))
        padded = [part + [self.tokenizer.pad_id] * (width - len(part)) for part in parts]
        counts = [len(part) for part in parts]
        hidden = self.model.hidden(
            torch.tensor(padded, device=self._device), cache=cache, counts=counts
        )
        for row, count in zip(rows, counts, strict=True):
            row.pending = row.pending[count:]
        last = torch.tensor([count - 1 for count in counts], device=self._device)
        ends = hidden[torch.arange(len(rows), device=self._device), last]
        return self.model.output(ends).float()[:, : self.tokenizer.vocab_size].cpu()

    def _advance(self, row: _Row, logits: Tensor) -> Chunk:
        """Choose the row's next token, and with it those that its grammar forces."""
        allowed = None
        if row.constraint is not None and not row.constraint.finished:
            allowed = torch.from_numpy(row.constraint.allowed())
        if row.constraint is not None and (allowed is None or not len(allowed)):
            return self._end(row, "stop")
        if allowed is not None:
            masked = torch.full_like(logits, -torch.inf)
            masked[allowed] = logits[allowed]
            logits = masked
        seen = [*row.prompt, *row.tokens]
        scores = penalise_repetition(logits, seen, row.params.repetition_penalty)
        token = choose(scores, row.params, row.generator)
        row.logprobs.append(float(logits.log_softmax(-1)[token]))
        return self._take(row, token)

    def _take(self, row: _Row, token: int) -> Chunk:
        row.tokens.append(token)
        if token == self.tokenizer.eos_id:
            return self._end(row, "stop", (token,))
        taken = [token]
        if row.constraint is not None:
            row.constraint.consume(token)
            for forced in row.constraint.forced():
                if len(row.tokens) >= row.limit or forced == self.tokenizer.eos_id:
                    break
                row.constraint.consume(forced)
                row.tokens.append(forced)
                row.logprobs.append(0.0)  # it had no alternative
                taken.append(forced)
        text = row.stop.push(row.stream.push(*taken))
        if row.stop.found:
            return self._end(row, "stop", tuple(taken), text)
        if row.constraint is not None and row.constraint.finished:
            return self._end(row, "stop", tuple(taken), text)
        if len(row.tokens) >= row.limit:
            return self._end(row, "length", tuple(taken), text)
        row.pending = taken
        return Chunk(text, tuple(taken))

    def _end(self, row: _Row, reason: str, tokens: tuple[int, ...] = (), text: str = "") -> Chunk:
        """Finish a row and let go of the text that was held back."""
        row.finish_reason = reason
        if not row.stop.found:
            text += row.stop.push(row.stream.finish()) + row.stop.finish()
        if row.stop.found:
            row.finish_reason = "stop"
        return Chunk(text, tokens, row.finish_reason)


def _finished(row: _Row) -> Generation:
    assert row.finish_reason is not None
    return Generation(
        text=row.stop.text,
        tokens=tuple(row.tokens),
        logprobs=tuple(row.logprobs),
        finish_reason=row.finish_reason,
        prompt_tokens=len(row.prompt),
    )
