"""What outlives a restart: finished answers and API keys, in one SQLite file.

The file lies in ``HAVOC_STATE``, else ``$XDG_STATE_HOME/havoc``, else ``~/.local/state/havoc``, in a
folder that only its owner may enter. A finished run is on the disk before its listeners hear of
its end, so that a crash loses no answer that anyone has seen.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from havoc.errors import InputError

Event = tuple[str, dict[str, Any]]
FILE = "state.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, created REAL NOT NULL, finished REAL,
    bytes INTEGER NOT NULL DEFAULT 0, events BLOB
) STRICT;
CREATE INDEX IF NOT EXISTS runs_created ON runs (created);
CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, hash BLOB NOT NULL, scopes TEXT NOT NULL,
    rate INTEGER NOT NULL, created REAL NOT NULL, expires REAL, revoked REAL, used REAL
) STRICT;
"""


def state_folder() -> Path:
    """Where the server keeps its state unless told otherwise."""
    named = os.environ.get("HAVOC_STATE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "havoc"


class Database:
    """One connection, used by one thread at a time.

    Parameters
    ----------
    folder : made when missing, with access for its owner alone.

    Raises
    ------
    InputError
        If the folder or the file cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._lock = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            new = not self.path.exists()
            self._connection = sqlite3.connect(
                self.path, timeout=10, check_same_thread=False, isolation_level=None
            )
            if new:
                self.path.chmod(0o600)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise InputError(
                f"the state folder '{folder}' cannot be used: {error}; name another with HAVOC_STATE"
            ) from None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection inside a transaction: all of it or nothing."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def close(self) -> None:
        with self._lock:
            self._connection.close()


@dataclass(frozen=True)
class Archived:
    """A run as it was kept; ``events`` is None where the server stopped before its end."""

    id: str
    owner: str
    created: float
    events: list[Event] | None


class RunArchive:
    """Finished runs on disk, the oldest dropped beyond ``capacity`` runs or ``most_bytes``."""

    def __init__(
        self, database: Database, capacity: int = 5000, most_bytes: int = 2_000_000_000
    ) -> None:
        self._database = database
        self.capacity, self.most_bytes = capacity, most_bytes

    def begin(self, identity: str, owner: str) -> None:
        """Note that a run has begun, so that after a crash it is known to have been cut."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO runs (id, owner, created) VALUES (?, ?, ?)",
                (identity, owner, time.time()),
            )

    def finish(self, identity: str, events: Sequence[Event]) -> None:
        """Keep a run's events for good; on return they are on the disk."""
        blob = zlib.compress(json.dumps(list(events), separators=(",", ":")).encode(), 3)
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE runs SET finished = ?, events = ?, bytes = ? WHERE id = ?",
                (time.time(), blob, len(blob), identity),
            )
            self._drop_oldest(connection)

    def get(self, identity: str) -> Archived | None:
        found = self._database.rows(
            "SELECT id, owner, created, events FROM runs WHERE id = ?", (identity,)
        )
        if not found:
            return None
        name, owner, created, blob = found[0]
        if blob is None:
            return Archived(name, owner, created, None)
        events = [(event, data) for event, data in json.loads(zlib.decompress(blob))]
        return Archived(name, owner, created, events)

    def _drop_oldest(self, connection: sqlite3.Connection) -> None:
        count, size = connection.execute("SELECT COUNT(*), TOTAL(bytes) FROM runs").fetchone()
        while count > self.capacity or (size > self.most_bytes and count > 1):
            oldest, length = connection.execute(
                "SELECT id, bytes FROM runs ORDER BY created LIMIT 1"
            ).fetchone()
            connection.execute("DELETE FROM runs WHERE id = ?", (oldest,))
            count, size = count - 1, size - length
