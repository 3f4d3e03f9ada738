"""PLAN's language model: programs for a grounded request, written under its grammar.

At each step only tokens that the request's grammar admits (``havoc.inference.admission``) are scored,
so every candidate type-checks. Beam search keeps the most probable programs; their log-probabilities
are sums over admitted tokens, renormalised, and so compare between candidates. What the request itself
calls a number (``havoc.dsl.labels``) weighs on each choice of one.

All beams go on from one prefill. A token that has no alternative is not asked of the model: it waits
until a beam comes to a choice, and is then fed together with what came before it.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from havoc.config import InferenceConfig
from havoc.dsl.grounding.slots import Grounded
from havoc.dsl.planning import offered
from havoc.dsl.vocabulary import op_name, program_tokens
from havoc.errors import InputError
from havoc.inference.admission import END_INDEX, Admission, State, Vocabulary
from havoc.inference.opening import open_runner
from havoc.inference.runner import LAST, Runner, runner_for
from havoc.model.transformer import HavocModel
from havoc.tokenizer.plans import END, PlanCodec
from havoc.tokenizer.tokenizer import Tokenizer
from havoc.tools.operation import operations

PROMPT_LIMIT = 448
# Nats that a number or column gains where the request calls it this input, and loses where it calls it another.
NAMED = 8.0
# Nats that an operation loses which is none of the methods that the request calls by their names.
OTHER_METHOD = 2.0
PROMPTS_KEPT = 8  # MODE and PLAN ask about the same request one after the other


@dataclass(frozen=True)
class Candidate:
    """A program in planner tokens with its log-probability."""

    tokens: tuple[str, ...]
    logprob: float
    source: str = "model"

    @property
    def operations(self) -> tuple[str, ...]:
        return tuple(op_name(t) for t in self.tokens if t.startswith("<op:"))


@dataclass(frozen=True)
class Plan:
    """What the model proposes: candidates, best first, and how probable each first token was."""

    candidates: tuple[Candidate, ...]
    first: dict[str, float]


@dataclass
class _Sequence:
    """A sequence of the runner, and the beams that go on from it."""

    id: int
    users: int = 0


@dataclass
class _Beam:
    tokens: list[int]
    logprob: float
    state: State
    sequence: _Sequence
    pending: list[int] = field(default_factory=list)  # tokens the sequence does not hold yet
    logits: np.ndarray | None = None  # of the planner's vocabulary, after all tokens

    @property
    def undecided(self) -> bool:
        """Whether the model must be asked before the beam can go on."""
        return self.logits is None and len(self.state.allowed) > 1


@dataclass(frozen=True)
class _Option:
    """A beam with one more token."""

    logprob: float
    row: int
    token: int


class Planner:
    """A trained model, its tokenizer and the constraint, ready to propose programs.

    Parameters
    ----------
    model, tokenizer
        They must belong together. A runner may stand for the model.
    name
        What the model is called.
    config
        Type of the weights, threads and kernels.
    """

    def __init__(
        self,
        model: HavocModel | Runner,
        tokenizer: Tokenizer,
        name: str = "havoc",
        config: InferenceConfig | None = None,
    ) -> None:
        self.codec, self.name = PlanCodec(tokenizer), name
        self.runner: Runner = runner_for(model, config) if isinstance(model, HavocModel) else model
        tokens = [END, *(t for t in program_tokens() if self.codec.knows(t))]
        self.ids = np.array([self.codec.id_of(t) for t in tokens])
        known = {n: o for n, o in operations().items() if self.codec.knows(f"<op:{n}>")}
        self.vocabulary = Vocabulary(tokens, offered(known, self.codec.knows))
        self._prompts: OrderedDict[tuple[int, ...], tuple[int, np.ndarray]] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def load(cls, folder: str | Path, config: InferenceConfig | None = None) -> Planner:
        """Open a model directory (weights, config.json, tokenizer.model)."""
        folder = Path(folder)
        if not folder.is_dir():
            raise InputError(
                f"there is no model at {folder}; run the pipeline first (make run) or name one with --model"
            )
        return cls(open_runner(folder, config), Tokenizer.load(folder), folder.name, config)

    def first(self, grounded: Grounded) -> dict[str, float]:
        """Probability of each admitted first token: which operation, or explain, or refuse."""
        with self._prefilled(grounded) as (_, logits):
            return self._first(Admission(self.vocabulary, grounded).start(), logits)

    def propose(self, grounded: Grounded, n: int = 4, max_tokens: int = 96) -> Plan:
        """The ``n`` most probable programs by beam search.

        Parameters
        ----------
        grounded : the request with its slots.
        n : candidates wanted, which is also the width of the beam.
        max_tokens : longest program; what is not finished by then is dropped.
        """
        root = Admission(self.vocabulary, grounded).start()
        with self._prefilled(grounded) as (sequence, logits):
            # Two users: the beam, and _prefilled, which closes the sequence.
            beams = [_Beam([], 0.0, root, _Sequence(sequence, 2), logits=logits)]
            finished: list[tuple[float, list[int]]] = []
            try:
                for _ in range(max_tokens):
                    beams = self._step(beams, finished, n)
                    if not beams:
                        break
            finally:
                for beam in beams:
                    self._drop(beam)
            first = self._first(root, logits)
        finished.sort(key=lambda done: -done[0])
        candidates = [
            Candidate(tuple(self.vocabulary.tokens[t] for t in tokens), logprob)
            for logprob, tokens in finished[:n]
        ]
        return Plan(tuple(candidates), first)

    # The prompt

    @contextmanager
    def _prefilled(self, grounded: Grounded) -> Iterator[tuple[int, np.ndarray]]:
        """A sequence that holds the prompt, for the caller alone, and the logits after it."""
        prompt = tuple(self.codec.prompt(grounded.text, PROMPT_LIMIT))
        with self._lock:
            kept = self._prompts.pop(prompt, None)
        if kept is None:
            sequence = self.runner.open()
            logits = self.runner.forward([sequence], [prompt], [LAST])[0, self.ids]
        else:
            sequence, logits = kept
        mine = self.runner.fork(sequence, len(prompt))
        with self._lock:
            replaced = self._prompts.pop(prompt, None)  # another caller had the same request
            self._prompts[prompt] = (sequence, logits)
            old = [replaced] if replaced else []
            while len(self._prompts) > PROMPTS_KEPT:
                old.append(self._prompts.popitem(last=False)[1])
        for unused, _ in old:
            self.runner.close(unused)
        try:
            yield mine, logits
        finally:
            self.runner.close(mine)

    def _first(self, root: State, logits: np.ndarray) -> dict[str, float]:
        scores = _log_softmax(_with_labels(logits[root.allowed], root))
        return {
            self.vocabulary.tokens[t]: math.exp(s)
            for t, s in zip(root.allowed.tolist(), scores.tolist(), strict=True)
        }

    # The search

    def _step(
        self, beams: list[_Beam], finished: list[tuple[float, list[int]]], n: int
    ) -> list[_Beam]:
        """Give every beam one more token; keep the ``n`` best that can still win."""
        self._ask(beams)
        grown = _options(beams, 2 * n)
        for option in grown:
            if option.token == END_INDEX:
                finished.append((option.logprob, beams[option.row].tokens))
        worst = -math.inf
        if len(finished) >= n:
            worst = sorted((logprob for logprob, _ in finished), reverse=True)[n - 1]
        alive = [o for o in grown if o.token != END_INDEX and o.logprob > worst][:n]
        made = [_extended(beams[o.row], o) for o in alive]
        for beam in beams:
            self._drop(beam)
        return made

    def _ask(self, beams: Sequence[_Beam]) -> None:
        """Feed the beams that stand before a choice, in one pass."""
        asking = [beam for beam in beams if beam.undecided]
        if not asking:
            return
        for beam in asking:
            if beam.sequence.users > 1:
                length = self.runner.length(beam.sequence.id)
                beam.sequence.users -= 1
                beam.sequence = _Sequence(self.runner.fork(beam.sequence.id, length), 1)
        ids = [self.ids[beam.pending].tolist() for beam in asking]
        logits = self.runner.forward(
            [beam.sequence.id for beam in asking], ids, [LAST] * len(asking)
        )
        for beam, row in zip(asking, logits, strict=True):
            beam.logits, beam.pending = row[self.ids], []

    def _drop(self, beam: _Beam) -> None:
        beam.sequence.users -= 1
        if not beam.sequence.users:
            self.runner.close(beam.sequence.id)


def _options(beams: Sequence[_Beam], count: int) -> list[_Option]:
    """The most probable one-token continuations over all beams, best first."""
    options: list[_Option] = []
    for row, beam in enumerate(beams):
        allowed = beam.state.allowed
        if len(allowed) == 1:  # no alternative: probability 1
            options.append(_Option(beam.logprob, row, int(allowed[0])))
            continue
        assert beam.logits is not None
        scores = _log_softmax(_with_labels(beam.logits[allowed], beam.state))
        for k in np.argsort(-scores, kind="stable")[:count]:
            options.append(_Option(beam.logprob + float(scores[k]), row, int(allowed[k])))
    options.sort(key=lambda o: (-o.logprob, o.row, o.token))
    return options[:count]


def _with_labels(logits: np.ndarray, state: State) -> np.ndarray:
    """Speak for what the request says outright: ``n = 30`` is no mean, a Tukey test no chart."""
    named, others = state.named, state.other_methods
    if named is not None:
        logits = logits + NAMED * named
    return logits if others is None else logits - OTHER_METHOD * others


def _extended(beam: _Beam, option: _Option) -> _Beam:
    beam.sequence.users += 1
    return _Beam(
        tokens=[*beam.tokens, option.token],
        logprob=option.logprob,
        state=beam.state.after(option.token),
        sequence=beam.sequence,
        pending=[*beam.pending, option.token],
    )


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    wide = logits.astype(np.float64)
    shifted = wide - wide.max()
    return shifted - np.log(np.exp(shifted).sum())
