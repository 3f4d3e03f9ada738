"""PLAN's language model: programs for a grounded request, written under its grammar.

The grammar (``havoc.dsl.planning``) is compiled for each request; at each step only tokens it admits are scored, so
every candidate type-checks. Beam search keeps the most probable programs; their log-probabilities are sums over
admitted tokens, renormalised, and so compare between candidates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from llguidance import LLMatcher, LLTokenizer, TokenizerWrapper

from havoc.dsl.grounding.slots import Grounded
from havoc.dsl.planning import request_grammar
from havoc.dsl.vocabulary import program_tokens
from havoc.errors import InputError
from havoc.model.directory import load_model
from havoc.model.transformer import HavocModel
from havoc.tokenizer.plans import END, PlanCodec
from havoc.tokenizer.tokenizer import Tokenizer

PROMPT_LIMIT = 448


@dataclass(frozen=True)
class Candidate:
    """A program in planner tokens with its log-probability."""

    tokens: tuple[str, ...]
    logprob: float
    source: str = "model"

    @property
    def operations(self) -> tuple[str, ...]:
        return tuple(t[4:-1] for t in self.tokens if t.startswith("<op:"))


@dataclass(frozen=True)
class Plan:
    """What the model proposes: candidates, best first, and how probable each first token was."""

    candidates: tuple[Candidate, ...]
    first: dict[str, float]


@dataclass
class _Beam:
    tokens: list[int]
    logprob: float
    matcher: LLMatcher
    done: bool = False


class Planner:
    """A trained model, its tokenizer and the constraint, ready to propose programs."""

    def __init__(self, model: HavocModel, tokenizer: Tokenizer, name: str = "havoc") -> None:
        self.model, self.codec, self.name = model, PlanCodec(tokenizer), name
        known = [t for t in program_tokens() if self.codec.knows(t)]
        self.vocabulary = [END, *known]
        self.ids = torch.tensor([self.codec.id_of(t) for t in self.vocabulary])

    @classmethod
    def load(cls, folder: str | Path) -> Planner:
        """Open a model directory (weights, config.json, tokenizer.model)."""
        folder = Path(folder)
        if not folder.is_dir():
            raise InputError(
                f"there is no model at {folder}; run the pipeline first (make run) or name one with --model"
            )
        return cls(load_model(folder), Tokenizer.load(folder), folder.name)

    @cached_property
    def _constraint(self) -> LLTokenizer:
        vocabulary = self.vocabulary

        class Pieces:
            eos_token_id = 0
            bos_token_id = None
            tokens = [t.encode() for t in vocabulary]  # noqa: RUF012
            special_token_ids = list(range(len(vocabulary)))  # noqa: RUF012

            def __call__(self, text: str | bytes) -> list[int]:
                return []

        return LLTokenizer(TokenizerWrapper(Pieces()))

    @torch.inference_mode()
    def first(self, grounded: Grounded) -> dict[str, float]:
        """Probability of each admitted first token: which operation, or explain, or refuse."""
        matcher = LLMatcher(self._constraint, self._grammar(grounded))
        prompt = self.codec.prompt(grounded.text, PROMPT_LIMIT)
        logits = self.model.output(self.model.hidden(torch.tensor([prompt]))[:, -1])[
            :, self.ids
        ].float()
        return self._first(_Beam([], 0.0, matcher), logits[0])

    def _first(self, root: _Beam, logits: torch.Tensor) -> dict[str, float]:
        allowed, scores = self._scored(root, logits)
        return {
            self.vocabulary[int(t)]: math.exp(float(s))
            for t, s in zip(allowed, scores, strict=True)
        }

    @torch.inference_mode()
    def propose(self, grounded: Grounded, n: int = 4, max_tokens: int = 96) -> Plan:
        """The ``n`` most probable programs by beam search.

        Parameters
        ----------
        grounded : the request with its slots.
        n : candidates wanted, which is also the width of the beam.
        max_tokens : longest program; what is not finished by then is dropped.
        """
        matcher = LLMatcher(self._constraint, self._grammar(grounded))
        if matcher.is_error():
            raise AssertionError(f"the request's grammar does not compile: {matcher.get_error()}")
        prompt = self.codec.prompt(grounded.text, PROMPT_LIMIT)
        cache = self.model.new_cache(1, len(prompt) + max_tokens + 1)
        hidden = self.model.hidden(torch.tensor([prompt]), cache=cache)
        logits = self.model.output(hidden[:, -1])[:, self.ids].float()
        beams = [_Beam([], 0.0, matcher)]
        first: dict[str, float] = {}
        finished: list[_Beam] = []
        for _ in range(max_tokens):
            grown = self._grow(beams, logits, n)
            if not first:
                first = self._first(beams[0], logits[0])
            finished += [b for _, b in grown if b.done]
            alive = [(i, b) for i, b in grown if not b.done]
            worst = (
                sorted((b.logprob for b in finished), reverse=True)[n - 1]
                if len(finished) >= n
                else -math.inf
            )
            alive = [(i, b) for i, b in alive if b.logprob > worst][:n]
            if not alive:
                break
            beams = [b for _, b in alive]
            cache = cache.select([i for i, _ in alive])
            step = self.ids[torch.tensor([[b.tokens[-1]] for b in beams])]
            logits = self.model.output(self.model.hidden(step, cache=cache)[:, -1])[
                :, self.ids
            ].float()
        finished.sort(key=lambda b: -b.logprob)
        return Plan(
            tuple(
                Candidate(tuple(self.vocabulary[t] for t in b.tokens[:-1]), b.logprob)
                for b in finished[:n]
            ),
            first,
        )

    def _grammar(self, grounded: Grounded) -> str:
        from havoc.tools.operation import operations

        known = {n: o for n, o in operations().items() if self.codec.knows(f"<op:{n}>")}
        return request_grammar(grounded, known, self.codec.knows)

    def _allowed(self, beam: _Beam) -> np.ndarray:
        bits = np.frombuffer(beam.matcher.compute_bitmask(), dtype=np.uint8)
        return np.flatnonzero(np.unpackbits(bits, bitorder="little")[: len(self.vocabulary)])

    def _scored(self, beam: _Beam, logits: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
        allowed = self._allowed(beam)
        scores = torch.log_softmax(logits[torch.from_numpy(allowed)], -1).numpy()
        return allowed, scores

    def _grow(self, beams: list[_Beam], logits: torch.Tensor, n: int) -> list[tuple[int, _Beam]]:
        """The best ``2n`` one-token continuations over all beams, as (row, beam)."""
        options: list[tuple[float, int, int]] = []
        for row, beam in enumerate(beams):
            allowed, scores = self._scored(beam, logits[row])
            best = np.argsort(-scores)[: 2 * n]
            options += [(beam.logprob + float(scores[k]), row, int(allowed[k])) for k in best]
        options.sort(key=lambda o: (-o[0], o[1], o[2]))
        grown = []
        for logprob, row, token in options[: 2 * n]:
            matcher = beams[row].matcher.deep_copy()
            done = token == 0
            if not done:
                matcher.consume_token(token)
            grown.append((row, _Beam([*beams[row].tokens, token], logprob, matcher, done)))
        return grown
