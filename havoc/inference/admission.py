"""Which planner tokens may come next, compiled argument by argument.

The programs admitted are calls with ``<;>`` between them, or ``<explain>``, or ``<refuse>``. A call is an
operation, arguments in any order, each parameter at most once and the required ones all, and ``<)>``; what an
argument may hold says ``havoc.dsl.planning.argument_grammar``. One grammar with a rule for every operation of
the registry took most of a tenth of a second a request to compile; here only the arguments that a beam writes
are compiled. A call may use the earlier results that hold data, no others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from llguidance import LLMatcher, LLTokenizer, TokenizerWrapper

from havoc.dsl.grounding.slots import Grounded
from havoc.dsl.labels import labels_of
from havoc.dsl.methods import named_methods
from havoc.dsl.planning import MAX_STATEMENTS, Results, argument_grammar, gives_data
from havoc.dsl.vocabulary import END_CALL, EXPLAIN, NEXT, REFUSE, RESULTS, param_tokens
from havoc.tools.operation import Kind, Operation

END_INDEX = 0  # of the end token in a vocabulary


class Vocabulary:
    """Planner tokens, the end token first, and the operations that a model was trained with."""

    def __init__(self, tokens: Sequence[str], operations: Mapping[str, Operation]) -> None:
        self.tokens, self.operations = list(tokens), dict(operations)
        self.index = {token: i for i, token in enumerate(self.tokens)}
        starts = [self.index[token] for token in self.operations]
        whole = [self.index[t] for t in (EXPLAIN, REFUSE) if t in self.index]
        self.starts = np.array(sorted(starts))
        self.tables = frozenset(
            self.index[token] for token, o in self.operations.items() if o.family == "table"
        )
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
    """The grammar of one request."""

    def __init__(self, vocabulary: Vocabulary, grounded: Grounded) -> None:
        self.vocabulary, self._grounded = vocabulary, grounded
        self._calls: dict[tuple[int, Results], Call] = {}
        named = named_methods(grounded.text)
        self.methods = frozenset(
            vocabulary.index[token] for token, o in vocabulary.operations.items() if o.name in named
        )
        labels = labels_of(grounded)
        self.labels = {vocabulary.index[s]: n for s, n in labels.items() if s in vocabulary.index}
        self.alike = {  # numbers without a name, with the names of those of the same value
            vocabulary.index[slot.token]: frozenset().union(
                *(n for s, n in labels.items() if grounded.slot(s).value == slot.value)
            )
            for slot in (grounded.of("n") if labels else ())
            if slot.token not in labels and slot.token in vocabulary.index
        }

    def start(self) -> State:
        """Return the state before the first token."""
        return State(self, 0, self.vocabulary.first)

    def call(self, token: int, later: Results) -> Call:
        """What may stand in the call that a token begins."""
        key = (token, later)
        if key not in self._calls:
            operation = self.vocabulary.operations[self.vocabulary.tokens[token]]
            self._calls[key] = Call(self.vocabulary, operation, self._grounded, later)
        return self._calls[key]


class Call:
    """The arguments that one operation may have in one request, each compiled when it is first written.

    Raises
    ------
    AssertionError
        If the grammar of an argument does not compile.
    """

    def __init__(
        self, vocabulary: Vocabulary, operation: Operation, grounded: Grounded, later: Results
    ) -> None:
        self.operation, self._vocabulary = operation, vocabulary
        self._end = vocabulary.index[END_CALL]
        self._compiled: dict[str, LLMatcher] = {}
        self.begins: dict[int, str] = {}  # first token of an argument -> the parameter
        self._grammars: dict[str, str] = {}
        for p in operation.parameters:
            grammar = argument_grammar(p, grounded, later)
            if grammar is None:
                continue
            names = param_tokens(p)
            if p.kind not in (Kind.CHOICE, Kind.BOOLEAN):
                self._grammars[p.name] = f"start: {grammar}"
            firsts = [vocabulary.index[t] for t in names] if names else self._firsts(p.name)
            self.begins |= dict.fromkeys(firsts, p.name)
        given = set(self.begins.values())
        self.required = frozenset(p.name for p in operation.parameters if p.required) & given
        self.all = frozenset(given)

    def next(self, open: frozenset[str]) -> list[int]:
        """The tokens that may follow a complete argument, while those parameters are not written yet."""
        tokens = [token for token, name in self.begins.items() if name in open]
        return tokens if open & self.required else [*tokens, self._end]

    def argument(self, token: int) -> LLMatcher | None:
        """A fresh matcher that has taken the first token of an argument; None if that is all of it."""
        name = self.begins[token]
        if name not in self._grammars:
            return None
        matcher = self._matcher(name).deep_copy()
        matcher.consume_token(token)
        return None if matcher.is_stopped() else matcher

    def _firsts(self, name: str) -> list[int]:
        return _allowed(self._matcher(name), len(self._vocabulary.tokens)).tolist()

    def _matcher(self, name: str) -> LLMatcher:
        if name not in self._compiled:
            matcher = LLMatcher(self._vocabulary.constraint, self._grammars[name])
            if matcher.is_error():
                raise AssertionError(f"{self.operation.name}, {name}: {matcher.get_error()}")
            self._compiled[name] = matcher
        return self._compiled[name]


def _allowed(matcher: LLMatcher, size: int) -> np.ndarray:
    bits = np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8)
    return np.flatnonzero(np.unpackbits(bits, bitorder="little")[:size])


@dataclass(frozen=True)
class State:
    """Where a program stands; not changed by going on.

    ``allowed`` holds the tokens that may come next, rising; ``results`` the earlier results that hold data; within
    a call, ``open`` the parameters not written yet and ``matcher`` the argument of the parameter ``writing`` that is
    not complete or may go on; ``told`` whether a method that the request names is in the program.
    """

    admission: Admission
    statements: int
    allowed: np.ndarray
    results: Results = ()
    call: Call | None = None
    open: frozenset[str] = frozenset()
    matcher: LLMatcher | None = None
    writing: str = ""
    told: bool = False

    @property
    def other_methods(self) -> np.ndarray | None:
        """Which operations that may come next are none of the methods that the request names, as 1 and 0.

        None where no operation comes next, the request names none, or the program has one already. What prepares
        a table may stand before any method.
        """
        methods = self.admission.methods
        if self.call is not None or self.told or not methods:
            return None
        vocabulary = self.admission.vocabulary
        free = methods | vocabulary.tables
        return np.isin(self.allowed, vocabulary.starts) & ~np.isin(self.allowed, list(free))

    @property
    def named(self) -> np.ndarray | None:
        """What the request calls the numbers and columns that may come next: 1 this input, -1 another of the call,
        0 neither.

        None where it names none of them.
        """
        labels = self.admission.labels
        if self.matcher is None or self.call is None or not labels:
            return None
        found = np.zeros(len(self.allowed))
        for place, token in enumerate(self.allowed.tolist()):
            names = labels.get(token, frozenset()) & self.call.all
            if self.writing in names | self.admission.alike.get(token, frozenset()):
                found[place] = 1
            elif names:
                found[place] = -1
        return found if found.any() else None

    def after(self, token: int) -> State:
        """Return the state after an allowed token other than the end."""
        vocabulary = self.admission.vocabulary
        if self.call is not None:
            return self._in_call(self.call, token)
        name = vocabulary.tokens[token]
        if name in (EXPLAIN, REFUSE):
            return State(self.admission, self.statements, vocabulary.end)
        if name == NEXT:
            return replace(self, allowed=vocabulary.starts)
        call = self.admission.call(token, self.results)
        told = self.told or token in self.admission.methods
        return replace(self, call=call, open=call.all, told=told)._standing(call, None)

    def _in_call(self, call: Call, token: int) -> State:
        if token not in self.allowed:
            raise ValueError(f"{self.admission.vocabulary.tokens[token]} is not allowed here")
        if self.matcher is not None and not (
            self.matcher.is_accepting() and token in call.next(self.open)
        ):
            matcher = self.matcher.deep_copy()
            matcher.consume_token(token)
            return self._standing(call, None if matcher.is_stopped() else matcher)
        if token not in call.begins:
            return self._ended(call)
        name = call.begins[token]
        rest = replace(self, open=self.open - {name}, writing=name)
        return rest._standing(call, call.argument(token))

    def _standing(self, call: Call, matcher: LLMatcher | None) -> State:
        """Before the next token of a call, ``matcher`` being the argument that is not complete or may go on."""
        if matcher is None:
            allowed = np.array(sorted(call.next(self.open)))
        else:
            allowed = _allowed(matcher, len(self.admission.vocabulary.tokens))
            if matcher.is_accepting():
                within = allowed[allowed != END_INDEX]
                allowed = np.union1d(within, call.next(self.open)).astype(np.int64)
        return replace(self, allowed=allowed, matcher=matcher)

    def _ended(self, call: Call) -> State:
        vocabulary = self.admission.vocabulary
        done = self.statements + 1
        allowed = vocabulary.after if done < MAX_STATEMENTS else vocabulary.end
        given = RESULTS[done - 1 : done] if gives_data(call.operation.name) else ()
        return State(self.admission, done, allowed, self.results + given, told=self.told)
