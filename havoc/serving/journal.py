"""The audit log: who asked what when, as hashes, in a chain that shows whether a line was changed.

One JSON object a line. ``hash`` is the SHA-256 of the line without it; ``prev`` is the ``hash`` of the
line before, so that taking out, changing or reordering lines breaks the chain from there on. The
content of requests and answers is not in it, only its SHA-256 and length: whoever holds the content
can prove that it is what was asked.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from havoc.errors import InputError

START = "0" * 64
MOST_BYTES = 64_000_000


class Journal:
    """Appends to ``audit.jsonl``; a file that has grown too long is renamed to ``audit-N.jsonl``.

    Parameters
    ----------
    folder : must exist.
    most_bytes : length after which a new file is begun; its first line goes on with the chain.

    Raises
    ------
    InputError
        If the file cannot be written.
    """

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self.path = folder / "audit.jsonl"
        self._most = most_bytes
        self._lock = threading.Lock()
        try:
            self._prev = _last_hash(self.path)
            self._file = self._open()
        except OSError as error:
            raise InputError(f"the audit log '{self.path}' cannot be written: {error}") from None

    def _open(self) -> IO[str]:
        file = self.path.open("a", encoding="utf-8")
        self.path.chmod(0o600)
        return file

    def write(self, record: Mapping[str, Any]) -> None:
        """Append one record."""
        with self._lock:
            content = {**record, "prev": self._prev}
            self._prev = digest(content)
            self._file.write(_dump({**content, "hash": self._prev}) + "\n")
            self._file.flush()
            if self._file.tell() > self._most:
                self._turn()

    def _turn(self) -> None:
        self._file.close()
        number = 1
        while (old := self.path.with_name(f"audit-{number}.jsonl")).exists():
            number += 1
        self.path.rename(old)
        self._file = self._open()

    def close(self) -> None:
        with self._lock:
            self._file.close()


def digest(content: Mapping[str, Any]) -> str:
    """The hash of a record (without its ``hash``)."""
    return hashlib.sha256(_dump(content).encode()).hexdigest()


def verify(path: Path, prev: str | None = None) -> int:
    """The number of records, if the chain holds.

    Parameters
    ----------
    prev : hash of the line before the first; by default whatever the first line says.

    Raises
    ------
    InputError
        At the first line that was changed, or that does not follow on the one before.
    """
    count = 0
    for count, record in enumerate(_records(path), 1):
        kept = record.pop("hash", None)
        if kept != digest(record):
            raise InputError(f"{path}, line {count}: changed after it was written")
        if prev is not None and record["prev"] != prev:
            raise InputError(f"{path}, line {count}: the line before it is missing or was changed")
        prev = kept
    return count


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                record = json.loads(line)
            except ValueError:
                record = None
            if not isinstance(record, dict):
                raise InputError(f"{path}, line {number}: not a record")
            yield record


def _last_hash(path: Path) -> str:
    """The end of the chain in a file; a line that a crash cut short is ended and stays broken."""
    if not path.exists() or path.stat().st_size == 0:
        return START
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 65_536))
        lines = file.read().splitlines()
    for line in reversed(lines):
        try:
            return str(json.loads(line)["hash"])
        except (ValueError, KeyError, TypeError):
            continue
    return START


def _dump(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
