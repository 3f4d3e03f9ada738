"""Which planner tokens may come next, compiled call by call.

The programs admitted are calls (``havoc.dsl.planning.call_grammar``) with ``<;>`` between them, or
``<explain>``, or ``<refuse>``. One grammar with a rule for every operation of the registry took most of
a tenth of a second a request to compile; here the first token of a call is looked up, and only the
operations that a beam takes are compiled. A call may use the earlier results that hold data, no others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from llguidance import LLMatcher, LLTokenizer, TokenizerWrapper

from havoc.dsl.grounding.slots import Grounded
from havoc.dsl.planning import MAX_STATEMENTS, Results, call_grammar, gives_data
from havoc.dsl.vocabulary import EXPLAIN, NEXT, REFUSE, RESULTS
from havoc.tools.operation import Operation

END_INDEX = 0  # of the end token in a vocabulary


class Vocabulary:
    """Planner tokens, the end token first, and the operations that a model was trained with."""

    def __init__(self, tokens: Sequence[str], operations: Mapping[str, Operation]) -> None:
        self.tokens, self.operations = list(tokens), dict(operations)
        self.index = {token: i for i, token in enumerate(self.tokens)}
        starts = [self.index[token] for token in self.operations]
        whole = [self.index[t] for t in (EXPLAIN, REFUSE) if t in self.index]
        self.starts = np.array(sorted(starts))
        self.first = np.array(sorted([*starts, *whole]))
        after = [END_INDEX, *([self.index[NEXT]] if NEXT in self.index else [])]
        self.after, self.end = np.array(after), np.array([END_INDEX])

    @cached_property
    def constraint(self) -> LLTokenizer:
        """The vocabulary as llguidance wants to see it: every token is special."""
        names = self.tokens

        class Pieces:
            eos_token_id = END_INDEX
            bos_token_id = None
            tokens = [t.encode() for t in names]  # noqa: RUF012
            special_token_ids = list(range(len(names)))  # noqa: RUF012

            def __call__(self, text: str | bytes) -> list[int]:
                return []

        return LLTokenizer(TokenizerWrapper(Pieces()))


class Admission:
    """The grammar of one request.

    Raises
    ------
    AssertionError
        From ``State.after``, if the grammar of an operation does not compile.
    """

    def __init__(self, vocabulary: Vocabulary, grounded: Grounded) -> None:
        self.vocabulary, self._grounded = vocabulary, grounded
        self._compiled: dict[tuple[int, Results], LLMatcher] = {}

    def start(self) -> State:
        """Return the state before the first token."""
        return State(self, 0, self.vocabulary.first)

    def call(self, token: int, later: Results) -> LLMatcher:
        """Return a fresh matcher that has taken the first token of a call."""
        key = (token, later)
        if key not in self._compiled:
            operation = self.vocabulary.operations[self.vocabulary.tokens[token]]
            grammar = call_grammar(operation, self._grounded, later)
            matcher = LLMatcher(self.vocabulary.constraint, grammar)
            matcher.consume_token(token)
            if matcher.is_error():
                raise AssertionError(f"{operation.name}: {matcher.get_error()}")
            self._compiled[key] = matcher
        return self._compiled[key].deep_copy()


@dataclass(frozen=True)
class State:
    """Where a program stands; not changed by going on.

    ``allowed`` holds the tokens that may come next, rising; ``results`` the earlier results that hold data.
    """

    admission: Admission
    statements: int
    allowed: np.ndarray
    matcher: LLMatcher | None = None
    results: Results = ()
    operation: str = ""

    def after(self, token: int) -> State:
        """Return the state after an allowed token other than the end."""
        vocabulary = self.admission.vocabulary
        if self.matcher is not None:
            return self._within(self.matcher.deep_copy(), token)
        name = vocabulary.tokens[token]
        if name in (EXPLAIN, REFUSE):
            return State(self.admission, self.statements, vocabulary.end)
        if name == NEXT:
            return State(self.admission, self.statements, vocabulary.starts, None, self.results)
        matcher = self.admission.call(token, self.results)
        return replace(self, operation=vocabulary.operations[name].name)._standing(matcher)

    def _within(self, matcher: LLMatcher, token: int) -> State:
        if not matcher.consume_token(token):
            raise ValueError(f"{self.admission.vocabulary.tokens[token]} is not allowed here")
        return self._standing(matcher)

    def _standing(self, matcher: LLMatcher) -> State:
        vocabulary = self.admission.vocabulary
        if matcher.is_stopped():  # the call is complete
            done = self.statements + 1
            allowed = vocabulary.after if done < MAX_STATEMENTS else vocabulary.end
            given = RESULTS[done - 1 : done] if gives_data(self.operation) else ()
            return State(self.admission, done, allowed, None, self.results + given)
        bits = np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8)
        flags = np.unpackbits(bits, bitorder="little")[: len(vocabulary.tokens)]
        return replace(self, allowed=np.flatnonzero(flags), matcher=matcher)
