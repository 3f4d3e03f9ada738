"""Stop sequences in a stream of text."""

from __future__ import annotations

from collections.abc import Sequence


class StopText:
    """Passes text on until a stop sequence; holds back what might be the start of one."""

    def __init__(self, sequences: Sequence[str] = ()) -> None:
        self._sequences = [s for s in sequences if s]
        self._held = ""
        self._passed: list[str] = []
        self.found = False

    @property
    def text(self) -> str:
        """All that was passed on."""
        return "".join(self._passed)

    def push(self, text: str) -> str:
        """Take more text; return what can be shown."""
        if self.found:
            return ""
        text = self._held + text
        places = [at for s in self._sequences if (at := text.find(s)) >= 0]
        if places:
            self.found, self._held = True, ""
            return self._pass(text[: min(places)])
        keep = max((_overlap(text, s) for s in self._sequences), default=0)
        self._held = text[len(text) - keep :]
        return self._pass(text[: len(text) - keep])

    def finish(self) -> str:
        """Return what was held back, when no more text comes."""
        held, self._held = self._held, ""
        return "" if self.found else self._pass(held)

    def _pass(self, text: str) -> str:
        self._passed.append(text)
        return text


def _overlap(text: str, sequence: str) -> int:
    """Length of the longest end of ``text`` that begins ``sequence``."""
    for size in range(min(len(text), len(sequence) - 1), 0, -1):
        if text.endswith(sequence[:size]):
            return size
    return 0
