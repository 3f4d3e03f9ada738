"""A text that is rewritten step by step and remembers which characters of the original each part came from."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher

_LONG = 400  # characters of a match beyond which its parts are not told apart


class Rewriting:
    """``sub`` as ``re.sub``; ``origin`` gives the place in the original of a stretch of what it became."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._begins: list[int] | None = (
            None  # of each character of ``text``; None: nothing was changed
        )
        self._ends: list[int] = []

    def sub(self, pattern: re.Pattern[str], replace: str | Callable[[re.Match[str]], str]) -> None:
        """Replace every match of ``pattern``."""
        edits = []
        for match in pattern.finditer(self.text):
            new = match.expand(replace) if isinstance(replace, str) else replace(match)
            if match.group() and new != match.group():
                edits.append((match.start(), match.end(), new))
        if edits:
            self._apply(edits)

    def replace(self, old: str, new: str) -> None:
        """Replace every ``old``, as ``str.replace``."""
        if old in self.text:
            self.sub(re.compile(re.escape(old)), lambda _: new)

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the original that ``text[start:end]`` came from."""
        if self._begins is None or start < 0 or end <= start:
            return start, end
        return self._begins[start], self._ends[end - 1]

    def _apply(self, edits: list[tuple[int, int, str]]) -> None:
        old_begins = self._begins if self._begins is not None else list(range(len(self.text)))
        old_ends = self._ends if self._begins is not None else list(range(1, len(self.text) + 1))
        pieces: list[str] = []
        begins: list[int] = []
        ends: list[int] = []
        position = 0
        for start, end, new in edits:
            pieces += [self.text[position:start], new]
            begins += old_begins[position:start]
            ends += old_ends[position:start]
            whole = old_begins[start], old_ends[end - 1]
            for same in _places(self.text[start:end], new):
                begins.append(whole[0] if same is None else old_begins[start + same])
                ends.append(whole[1] if same is None else old_ends[start + same])
            position = end
        pieces.append(self.text[position:])
        begins += old_begins[position:]
        ends += old_ends[position:]
        self.text, self._begins, self._ends = "".join(pieces), begins, ends


def _places(old: str, new: str) -> list[int | None]:
    """For each character of ``new``, its place in ``old`` where it was only moved."""
    out: list[int | None] = [None] * len(new)
    if len(old) > _LONG or len(new) > _LONG:
        return out
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        for i in range(block.size):
            out[block.b + i] = block.a + i
    return out
