"""The words of a request about one table, and what each of its columns, cells and numbers has been read as."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from havoc.dsl.grounding.column_names import bare_name, name_parts, names_column
from havoc.dsl.grounding.hints import words_without_hints
from havoc.dsl.grounding.loose_names import RELATIONS, stem
from havoc.dsl.grounding.numbers import WORDS
from havoc.dsl.grounding.slots import COLUMN, NUMBER, NUMERIC, Grounded, Slot, words_of
from havoc.srs.conditions import ORDINARY_CELLS
from havoc.srs.table_evidence import holds_dates
from havoc.tools.values import Labels, Table

_EMPTY = frozenset("the a an their its column columns respectively please".split())
CELL = re.compile(r"<s\d+>")
FEW = 12  # levels of a column that stands for kinds
# Cells that say yes, and those that say no.
YES = frozenset("1 yes y true t".split())
NO = frozenset("0 no n false f".split())


@dataclass
class Reading:
    """Words without hints and articles; ``roles`` tells by place what a word was read as, "" where it is open.

    ``extra``: slots that the program needs and no word of the request is: cells, and names of new columns.
    """

    grounded: Grounded
    table: Slot
    words: list[str]
    roles: list[str] = field(default_factory=list)
    extra: list[Slot] = field(default_factory=list)
    _levels: dict[str, set[str]] = field(default_factory=dict)

    def slot(self, token: str) -> Slot:
        return next((s for s in self.extra if s.token == token), None) or self.grounded.slot(token)

    def open(self, at: int, *patterns: Any) -> bool:
        """Whether a place holds a word of one of the patterns that has not been read yet."""
        inside = 0 <= at < len(self.words) and not self.roles[at]
        return inside and any(p.fullmatch(self.words[at]) for p in patterns)

    def mark(self, role: str, *places: int) -> None:
        for at in places:
            self.roles[at] = role

    def left_over(self) -> list[int]:
        """Places of slots that have not been read."""
        return [
            i
            for i, w in enumerate(self.words)
            if not self.roles[i] and w[0] == "<" and len(w) > 2 and w[1:-1].isalnum()
        ]

    def add(self, kind: str, value: object) -> str:
        """The token of a slot with a value: an earlier one, or a new one behind all of the request."""
        for slot in (*self.grounded.of(kind), *self.extra):
            if slot.kind == kind and slot.value == value:
                return slot.token
        number = len(self.grounded.of(kind)) + sum(s.kind == kind for s in self.extra)
        slot = Slot(f"<{kind}{number}>", kind, value, table=self.table.token)
        self.extra.append(slot)
        return slot.token

    def measures(self) -> list[str]:
        """Numeric columns that nothing else has taken."""
        places = (i for i in range(len(self.words)) if self.open(i, NUMERIC))
        return list(dict.fromkeys(self.words[i] for i in places))

    def levels(self, token: str) -> set[str]:
        """The distinct cells of a column, as they are written."""
        if token not in self._levels:  # asked for at every word
            column = self.slot(token).value
            cells = column.levels if isinstance(column, Labels) else column.present().texts
            self._levels[token] = set(cells)
        return self._levels[token]

    def is_flag(self, token: str) -> bool:
        """Whether a column says yes or no of each row."""
        said = {x.casefold() for x in self.levels(token)}
        return len(said) == 2 and bool(said & YES) and bool(said & NO)

    def states(self, token: str) -> bool:
        """Whether the request says a column's whole name, up to "within" or "at": a guest is no repeat guest."""
        name = bare_name(self.slot(token).value.name)
        own = list(takewhile(lambda p: p not in RELATIONS, map(str.casefold, name_parts(name))))
        words = words_of(self.grounded.request)
        bare = [w.removeprefix(x) for w in words for x in ("un", "non") if len(w) > 6]
        said = {stem(w) for w in (*words, *bare)}
        return all(stem(p) in said for p in own) or names_column(self.grounded.request, name)

    def yes(self, token: str) -> str:
        """The slot or digit of the cell that says yes in such a column."""
        cell = next(x for x in self.levels(token) if x.casefold() in YES)
        return "<d1>" if NUMERIC.fullmatch(token) else self.add("s", cell)

    def names_things(self, token: str) -> bool:
        """Whether a column names or numbers the rows: hardly two cells are alike."""
        column = self.slot(token).value
        if not isinstance(column, Labels):
            whole = all(t is None or t.isdigit() for t in column.texts)
            return whole and len(self.levels(token)) == len(column) > FEW
        return len(column.levels) > max(FEW, len(column.items) // 2)

    def makes_groups(self, token: str) -> bool:
        """Whether the cells of a column may be kinds of rows."""
        if not COLUMN.fullmatch(token):
            return False
        column = self.slot(token).value
        if isinstance(column, Labels):
            return not self.names_things(token) and not holds_dates(column)
        return len(self.levels(token)) <= FEW or len(self.levels(token)) <= len(column) // 5

    def dates(self) -> list[str]:
        """The columns of dates of the table."""
        return [s.token for s in self.grounded.of("g") if holds_dates(s.value)]


def reading_of(grounded: Grounded) -> Reading | None:
    """The words to be read of a request about one attached table; None for any other."""
    tables = grounded.of("t")
    if len(tables) != 1 or not isinstance(tables[0].value, Table) or not tables[0].value.source:
        return None
    out: list[str] = []
    for word in words_without_hints(grounded):
        if NUMBER.fullmatch(word):
            if out and COLUMN.fullmatch(out[-1]):
                header = name_parts(grounded.slot(out[-1]).value.name)
                if str(grounded.slot(word).value.text) in header:  # "readmitted within 30 d"
                    continue
            if out and out[-1] in WORDS:
                out.pop()
        denied = _denied_flag(word, grounded)
        if denied:
            out += ["not", denied]
        elif word and word not in _EMPTY:
            out.append(word)
    out = [_ordinary(out, i, grounded) for i in range(len(out))]
    if not any(w.startswith("<") for w in out):
        return None
    return Reading(grounded, tables[0], out, [""] * len(out))


def _denied_flag(word: str, grounded: Grounded) -> str | None:
    """The column of yes and no that a word denies: ``uninsured``."""
    for prefix in ("un", "non"):
        rest = word.removeprefix(prefix)
        if rest == word or len(rest) < 5 or not rest.isalpha():
            continue
        for slot in grounded.of("c", "g"):
            cells = slot.value.levels if slot.kind == "g" else slot.value.present().texts
            own = [stem(p.casefold()) for p in name_parts(bare_name(slot.value.name))]
            if own == [stem(rest)] and len(set(cells)) == 2:
                return slot.token
    return None


def _ordinary(words: list[str], at: int, grounded: Grounded) -> str:
    """A word that is also a cell, as the word that it is where its column is not near: "I am new to this"."""
    if not CELL.fullmatch(words[at]):
        return words[at]
    cell = str(grounded.slot(words[at]).value)
    near = words[max(0, at - 3) : at + 4]
    own = [s for s in grounded.of("g") if cell in s.value.levels]
    behind = {stem(w) for w in words[at + 1 : at + 3]}  # "right-footed" of a preferred foot
    of_near = any(
        s.token in near or behind & {stem(p.casefold()) for p in name_parts(s.value.name)}
        for s in own
    )
    ordinary = bool(own) and cell.casefold() in ORDINARY_CELLS and not of_near
    return cell.casefold() if ordinary else words[at]
