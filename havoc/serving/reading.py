"""Tables out of a request: files, and what was typed in."""

from __future__ import annotations

from collections.abc import Callable

from havoc.dsl.bounded import read_bounded
from havoc.dsl.executor import Limits
from havoc.errors import InputError
from havoc.serving.rerun import table_of
from havoc.serving.schemas import ChatRequest, RunRequest
from havoc.tools.table_io import read_table_bytes
from havoc.tools.values import Table

# Short text is read here, in milliseconds. What may cost more than it shows (a large file, or one
# that is packed) is read in a process that can be killed.
READ_HERE_BYTES = 100_000
PACKED = (b"PK", b"PAR1")
LIMITS = Limits(seconds=20.0)


def read_table(data: bytes, name: str, stop: Callable[[], bool]) -> Table:
    """Read a file's bytes; given up once ``stop`` says so.

    Raises
    ------
    InputError
        If it is not a table, too large, or takes too long.
    """
    if len(data) > READ_HERE_BYTES or data.startswith(PACKED):
        return read_bounded(data, name, limits=LIMITS, cancelled=stop)
    return read_table_bytes(data, name)


def tables_of(body: ChatRequest | RunRequest, stop: Callable[[], bool]) -> dict[str, Table]:
    """Attached files and typed-in tables by name.

    Raises
    ------
    InputError
        As ``read_table``; and where two have the same name.
    """
    names = [a.name for a in body.attachments] + [t.name for t in body.tables]
    twice = next((n for n in names if names.count(n) > 1), None)
    if twice is not None:
        raise InputError(f"two tables are called '{twice}'")
    files = {a.name: read_table(a.data(), a.name, stop) for a in body.attachments}
    return files | {t.name: table_of(t) for t in body.tables}
