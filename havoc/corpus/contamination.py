"""Keep the evaluation requests out of what the model is trained on."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from havoc.errors import InputError

_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?")
REQUEST_KEYS = ("request", "question", "prompt", "text")
# The first words of every forbidden run: documents are scanned for these alone.
_KEY = 5


@dataclass(frozen=True)
class Overlap:
    """A run of words that a document shares with an evaluation request."""

    request: str
    words: str


class Decontaminator:
    """Finds documents that share ``ngram`` words in a row with a request, or hold a shorter one.

    Words are compared in lower case without punctuation, so that a request does not slip through
    by its layout. A request of fewer than five words is matched only as a whole document.
    """

    def __init__(self, requests: Iterable[tuple[str, str]], ngram: int = 13) -> None:
        self._runs: defaultdict[tuple[str, ...], list[tuple[tuple[str, ...], str]]] = defaultdict(
            list
        )
        self._whole: dict[tuple[str, ...], str] = {}
        self.count = 0
        for name, text in requests:
            words = tuple(_WORD.findall(text.lower()))
            self.count += 1
            if len(words) < _KEY:
                self._whole.setdefault(words, name)
            elif len(words) <= ngram:
                self._runs[words[:_KEY]].append((words, name))
            else:
                for start in range(len(words) - ngram + 1):
                    run = words[start : start + ngram]
                    self._runs[run[:_KEY]].append((run, name))

    @classmethod
    def from_files(cls, paths: Sequence[Path], ngram: int = 13) -> Decontaminator:
        """Read requests from .jsonl files, each under one of ``REQUEST_KEYS``."""
        return cls((pair for path in paths for pair in _requests(path)), ngram)

    def overlap(self, text: str) -> Overlap | None:
        """Return what ``text`` shares with a request, or None."""
        words = _WORD.findall(text.lower())
        if len(words) < _KEY:
            name = self._whole.get(tuple(words))
            return Overlap(name, " ".join(words)) if name else None
        keys = zip(*(words[i:] for i in range(_KEY)), strict=False)
        for start, key in enumerate(keys):
            for run, name in self._runs.get(key, ()):
                if tuple(words[start : start + len(run)]) == run:
                    return Overlap(name, " ".join(run))
        return None


def _requests(path: Path) -> Iterable[tuple[str, str]]:
    if not path.is_file():
        raise InputError(f"{path}: no such file of evaluation requests")
    with path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except ValueError as error:
                raise InputError(
                    f"{path}:{number}: not a JSON object on one line ({error})"
                ) from error
            text = next((record[k] for k in REQUEST_KEYS if isinstance(record.get(k), str)), None)
            if text is None:
                expected = ", ".join(REQUEST_KEYS)
                raise InputError(
                    f"{path}:{number}: no request; expected a string under one of {expected}"
                )
            yield f"{path.name}:{record.get('id', number)}", text
