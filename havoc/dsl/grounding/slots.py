"""The typed slots of a request, and the delexicalised text the language model reads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from havoc.tools.values import Column, Table

# kind -> how many slots of the kind a request may have; the tokenizer reserves one piece for each
CAPACITY = {
    "n": 32,  # number
    "r": 8,  # range without a name
    "f": 12,  # factor: named range or levels
    "t": 4,  # table
    "c": 32,  # numeric column
    "g": 16,  # text column
    "e": 8,  # expression or equation
    "v": 8,  # variable of an expression
    "s": 12,  # word: quoted text or a cell of a text column
}

# Tokens of slots: a number, a column of either kind, a numeric column.
NUMBER = re.compile(r"<n\d+>")
COLUMN = re.compile(r"<[cg]\d+>")
NUMERIC = re.compile(r"<c\d+>")
R = TypeVar("R")


@dataclass(frozen=True)
class Slot:
    """One thing found in a request.

    ``value``: Number (n), Range (r), Factor (f), Table (t), Sample (c), Labels (g), Expression (e), str (v, s).
    ``start, end``: its characters in the request, or (-1, -1) where it came with an attached file.
    ``table``: for a column, the token of its table.
    """

    token: str
    kind: str
    value: Any
    start: int = -1
    end: int = -1
    table: str | None = None


@dataclass(frozen=True)
class Grounded:
    """A request with its slots: ``text`` is what the model reads."""

    request: str
    text: str
    slots: tuple[Slot, ...]
    tables: dict[str, Table] = field(default_factory=dict)  # token -> table

    def of(self, *kinds: str) -> list[Slot]:
        return [s for s in self.slots if s.kind in kinds]

    def slot(self, token: str) -> Slot:
        for s in self.slots:
            if s.token == token:
                return s
        raise KeyError(token)


def once(function: Callable[[Grounded], R]) -> Callable[[Grounded], R]:
    """Keep what is read of a request with the request: each of a dozen proposed programs asks for it."""
    key = f"once {function.__module__}.{function.__qualname__}"

    @wraps(function)
    def kept(grounded: Grounded) -> R:
        found = grounded.__dict__
        if key not in found:
            found[key] = function(grounded)
        value: R = found[key]
        return value

    return kept


class SlotBook:
    """Hands out slot tokens in order of appearance; past the capacity a kind gets no more."""

    def __init__(self) -> None:
        self.slots: list[Slot] = []
        self._count = dict.fromkeys(CAPACITY, 0)

    def add(
        self, kind: str, value: Any, start: int = -1, end: int = -1, table: str | None = None
    ) -> Slot | None:
        i = self._count[kind]
        if i >= CAPACITY[kind]:
            return None
        self._count[kind] += 1
        slot = Slot(f"<{kind}{i}>", kind, value, start, end, table)
        self.slots.append(slot)
        return slot


_WORD = re.compile(r"[a-z]+|\d+|[^\sa-z\d]")


def request_words(text: str) -> list[str]:
    """Return the words of the request in the text that a model reads: those before its list of columns."""
    return text.partition(" | <t")[0].split(" ")


def words_of(text: str) -> list[str]:
    """Lower-case words and signs as a model reads them; a literal ``<`` never looks like a slot."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return [w for w in _WORD.findall(plain) if w not in "\"'`"]


def column_kind(column: Column) -> str:
    from havoc.tools.values import Sample

    return "c" if isinstance(column, Sample) else "g"


def slot_tokens() -> list[str]:
    """Every slot token there can be."""
    return [f"<{kind}{i}>" for kind, n in CAPACITY.items() for i in range(n)]


HINTS: Sequence[str] = (
    "<#int>",
    "<#frac>",
    "<#dec>",
    "<#neg>",
    "<#cat>",
    "<#num>",
    "<#words>",
    "<#eq>",
    "<#expr>",
)
