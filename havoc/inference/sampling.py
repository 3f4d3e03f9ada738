"""From logits to the next token.

``Sampler`` does it for one request, in the compiled library where that is there; the functions
below say the same in torch.

The steps and their order are those of transformers' generation: repetition penalty, then (after the
grammar's mask) temperature, top-k, top-p, min-p. One uniform number is drawn a token, by inversion of
the distribution, from the row's own generator: what a request gets does not depend on its neighbours.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from havoc.inference.native.library import Choice, library

if TYPE_CHECKING:
    from havoc.config import InferenceConfig

NEVER = -1e30  # a score that stands for minus infinity


@dataclass(frozen=True)
class Chosen:
    """A token, its log-probability, and the most probable alternatives with theirs.

    Log-probabilities are those of the model at temperature 1, among the tokens allowed.
    """

    token: int
    logprob: float
    top: tuple[tuple[int, float], ...] = ()


class Sampler:
    """Chooses the tokens of one request.

    Parameters
    ----------
    params
        How; ``seed`` too.
    index
        Added to the seed, for several rows of one request.
    vocab_size
        Tokens that may be chosen; logits beyond are not looked at.
    seen
        Tokens of the prompt, for the repetition penalty.
    room
        Tokens that will be chosen at most.
    """

    def __init__(
        self, params: InferenceConfig, index: int, vocab_size: int, seen: Sequence[int], room: int
    ) -> None:
        self._params, self._vocab = params, vocab_size
        self._greedy = not params.do_sample or params.temperature == 0.0
        self._generator = torch.Generator()
        if params.seed is None:
            self._generator.seed()
        else:
            self._generator.manual_seed(params.seed + index)
        self._seen = np.empty(len(seen) + room, dtype=np.int32)
        self._seen[: len(seen)] = seen
        self._count = len(seen)
        self._library = library()
        if self._library is not None:
            self._prepare()

    def _prepare(self) -> None:
        params, top = self._params, self._params.top_logprobs
        self._top_ids = np.empty(top, dtype=np.int32)
        self._top_logprobs = np.empty(top, dtype=np.float32)
        self._choice = Choice(
            seen=self._seen.ctypes.data,
            top_ids=self._top_ids.ctypes.data,
            top_logprobs=self._top_logprobs.ctypes.data,
            vocab=self._vocab,
            top_k=params.top_k,
            greedy=self._greedy,
            top_count=top,
            penalty=params.repetition_penalty,
            temperature=params.temperature or 1.0,
            top_p=params.top_p,
            min_p=params.min_p,
        )
        self._pointer = ctypes.byref(self._choice)

    def saw(self, token: int) -> None:
        """Count a token of the text for the penalty."""
        self._seen[self._count] = token
        self._count += 1

    def choose(self, logits: np.ndarray, allowed: np.ndarray | None = None) -> Chosen | None:
        """Return the next token; None where none is allowed.

        Parameters
        ----------
        logits
            (vocab,) float32.
        allowed
            A bit a token, packed in 32-bit words; None allows all.
        """
        if self._library is None:
            return self._choose_by_torch(logits, allowed)
        choice = self._choice
        choice.logits = logits.ctypes.data
        choice.mask = None if allowed is None else allowed.ctypes.data
        choice.seen_count = self._count
        if not self._greedy:
            choice.uniform = self._uniform()
        self._library.havoc_choose(self._pointer)
        if choice.token < 0:
            return None
        top = ()
        if choice.top_count:
            pairs = zip(self._top_ids.tolist(), self._top_logprobs.tolist(), strict=True)
            top = tuple((i, p) for i, p in pairs if i >= 0)  # type: ignore[assignment]
        return Chosen(choice.token, choice.logprob, top)

    def _uniform(self) -> float:
        return float(torch.rand((), generator=self._generator, dtype=torch.float64))

    def _choose_by_torch(self, logits: np.ndarray, allowed: np.ndarray | None) -> Chosen | None:
        scores = torch.from_numpy(np.array(logits[: self._vocab]))
        if allowed is not None:
            bits = np.unpackbits(allowed.view(np.uint8), bitorder="little")[: self._vocab]
            if not bits.any():
                return None
            scores[torch.from_numpy(bits == 0)] = -torch.inf
        logprobs = scores.log_softmax(-1)
        seen = self._seen[: self._count].tolist()
        penalised = penalise_repetition(scores, seen, self._params.repetition_penalty)
        chosen = penalised if self._greedy else filtered(penalised, self._params)
        token = int(chosen.argmax()) if self._greedy else draw(chosen, self._uniform())
        top = ()
        if self._params.top_logprobs:
            best = logprobs.topk(min(self._params.top_logprobs, self._vocab))
            pairs = zip(best.indices.tolist(), best.values.tolist(), strict=True)
            top = tuple((i, p) for i, p in pairs if p > NEVER)  # type: ignore[assignment]
        return Chosen(token, float(logprobs[token]), top)


def penalise_repetition(logits: Tensor, seen: Sequence[int], penalty: float) -> Tensor:
    """Make tokens seen before less likely (Keskar et al. 2019, arXiv 1909.05858, section 4.1)."""
    if penalty == 1.0 or not seen:
        return logits
    ids = torch.tensor(sorted(set(seen)), device=logits.device)
    scores = logits[ids]
    changed = logits.clone()
    changed[ids] = torch.where(scores < 0, scores * penalty, scores / penalty)
    return changed


def keep_top_k(logits: Tensor, k: int) -> Tensor:
    """Keep the ``k`` largest logits, ties with the last included."""
    if k <= 0 or k >= logits.shape[-1]:
        return logits
    smallest = logits.topk(k).values[-1]
    return logits.masked_fill(logits < smallest, -torch.inf)


def keep_top_p(logits: Tensor, p: float) -> Tensor:
    """Keep the most probable tokens whose probabilities reach ``p`` (Holtzman et al. 2020)."""
    if p >= 1.0:
        return logits
    rising, order = logits.sort()
    dropped = rising.softmax(-1).cumsum(-1) <= 1.0 - p
    dropped[-1] = False
    return logits.masked_fill(torch.zeros_like(dropped).scatter(0, order, dropped), -torch.inf)


def keep_min_p(logits: Tensor, share: float) -> Tensor:
    """Keep tokens at least ``share`` as probable as the most probable one (arXiv 2407.01082)."""
    if share <= 0.0:
        return logits
    probabilities = logits.softmax(-1)
    return logits.masked_fill(probabilities < share * probabilities.max(), -torch.inf)


def filtered(logits: Tensor, params: InferenceConfig) -> Tensor:
    """Return logits after temperature, top-k, top-p and min-p."""
    cooled = logits / params.temperature
    cooled = keep_top_p(keep_top_k(cooled, params.top_k), params.top_p)
    return keep_min_p(cooled, params.min_p)


def draw(logits: Tensor, uniform: float) -> int:
    """Return the token of a softmax at which its cumulative sum passes a number of [0, 1)."""
    cumulative = logits.double().softmax(-1).cumsum(-1)
    index = int(torch.searchsorted(cumulative, uniform * cumulative[-1], right=True))
    return min(index, int(torch.nonzero(logits > -torch.inf)[-1]))
