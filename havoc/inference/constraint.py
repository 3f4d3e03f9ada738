"""What a program may say next.

``Constraint`` is all the engine knows of a grammar; ``GrammarConstraint`` is the one of llguidance over
the pieces of our tokenizer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from llguidance import LLMatcher, LLTokenizer, TokenizerWrapper

from havoc.errors import InputError
from havoc.tokenizer import Tokenizer


class Constraint(Protocol):
    """State of a grammar along one sequence."""

    @property
    def finished(self) -> bool:
        """Whether nothing may follow."""

    def allowed(self) -> np.ndarray:
        """Return the ids of the tokens that may come next; the end token where it may end."""

    def forced(self) -> Sequence[int]:
        """Return tokens that must come next, perhaps none."""

    def consume(self, token: int) -> None:
        """Take the next token."""


def bits_of(constraint: Constraint, vocab_size: int) -> np.ndarray:
    """Return the allowed tokens as a bit each, packed in 32-bit words."""
    packed = getattr(constraint, "bits", None)
    if packed is not None:
        return packed()
    flags = np.zeros(-(-vocab_size // 32) * 32, dtype=bool)
    flags[np.asarray(constraint.allowed(), dtype=np.int64)] = True
    return np.packbits(flags, bitorder="little").view(np.uint32)


class Grammars:
    """Compiles grammars for one tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self._engine = LLTokenizer(TokenizerWrapper(_Pieces(tokenizer)))

    def compile(self, grammar: str) -> GrammarConstraint:
        """Compile a grammar in llguidance's Lark dialect.

        Raises
        ------
        InputError
            If the grammar is wrong, with the compiler's word on it.
        """
        matcher = LLMatcher(self._engine, LLMatcher.grammar_from_lark(grammar))
        if matcher.is_error():
            raise InputError(f"grammar: {matcher.get_error().splitlines()[0]}")
        return GrammarConstraint(matcher, self.tokenizer)

    def compile_schema(self, schema: Mapping[str, Any]) -> GrammarConstraint:
        """Compile a JSON schema: what is written is a value of it, without idle space.

        Raises
        ------
        InputError
            If the schema is wrong or asks for what the compiler does not know.
        """
        try:
            grammar = LLMatcher.grammar_from_json_schema(
                json.dumps(schema), {"whitespace_flexible": False}
            )
        except ValueError as error:
            raise InputError(f"JSON schema: {str(error).splitlines()[0]}") from None
        matcher = LLMatcher(self._engine, grammar)
        if matcher.is_error():
            raise InputError(f"JSON schema: {matcher.get_error().splitlines()[0]}")
        return GrammarConstraint(matcher, self.tokenizer)


class GrammarConstraint:
    """A compiled grammar along one sequence."""

    def __init__(self, matcher: LLMatcher, tokenizer: Tokenizer) -> None:
        self._matcher, self._tokenizer = matcher, tokenizer

    @property
    def finished(self) -> bool:
        """Whether the program is complete and cannot go on."""
        return self._matcher.is_stopped()

    def allowed(self) -> np.ndarray:
        """Return the ids that keep the text inside the grammar."""
        size = self._tokenizer.vocab_size
        return np.flatnonzero(np.unpackbits(self.bits().view(np.uint8), bitorder="little")[:size])

    def bits(self) -> np.ndarray:
        """Return them as a bit each, packed in 32-bit words."""
        return np.frombuffer(self._matcher.compute_bitmask(), dtype=np.uint32)

    def forced(self) -> Sequence[int]:
        """Return the tokens of text that only the grammar decides."""
        return self._matcher.compute_ff_tokens()

    def consume(self, token: int) -> None:
        """Take a token; one outside the grammar is a fault of the caller."""
        if not self._matcher.consume_token(token):
            piece = self._tokenizer.token_bytes[token]
            raise ValueError(f"token {token} ({piece!r}) is not allowed here")


class _Pieces:
    """The tokenizer as llguidance wants to see it."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self.eos_token_id, self.bos_token_id = tokenizer.eos_id, tokenizer.bos_id
        self.special_token_ids = sorted(tokenizer.special_ids)
        # Specials are named by bytes that no text holds.
        self.tokens = [
            b"\xff" + tokenizer.pieces[i].encode() if i in tokenizer.special_ids else piece
            for i, piece in enumerate(tokenizer.token_bytes)
        ]

    def __call__(self, text: str | bytes) -> list[int]:
        return self._tokenizer.encode(
            text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        )
