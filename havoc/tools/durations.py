"""Columns of durations written ``HH:MM:SS``, as numbers of seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from havoc.tools.values import Labels, Sample

_DURATION = re.compile(r"(?:(\d{1,5}) days?,? )?(\d{1,5}):([0-5]\d):([0-5]\d(?:\.\d{1,9})?)")


@dataclass(frozen=True)
class Seconds(Sample):
    """A column of a file that holds durations, read in seconds."""


@lru_cache(64)
def in_seconds(column: Labels) -> Seconds | None:
    """Return a column whose cells are all ``HH:MM:SS``, of whatever number of hours, in seconds; None for another.

    Parameters
    ----------
    column
        Cells such as ``00:04:30``, ``126:00:00`` or ``2 days 01:00:00``; missing ones stay so.
    """
    present = [t for t in column.items if t is not None]
    if not present or any(not _DURATION.fullmatch(t.strip()) for t in present):
        return None
    texts = tuple(None if t is None else _seconds(t.strip()) for t in column.items)
    return Seconds(column.name, texts, "s")


def _seconds(cell: str) -> str:
    found = _DURATION.fullmatch(cell)
    assert found is not None
    days, hours, minutes = (int(g or 0) for g in found.groups()[:3])
    whole = 86_400 * days + 3_600 * hours + 60 * minutes
    return format(Decimal(whole) + Decimal(found[4]), "f")


def is_clock(column: Labels) -> bool:
    """Whether such cells are times of day: none beyond midnight, and never earlier than the one above."""
    found = in_seconds(column)
    if found is None:
        return False
    values = [float(t) for t in found.texts if t is not None]
    ascending = all(a <= b for a, b in pairwise(values))
    return ascending and len(set(values)) > 1 and max(values) < 86_400
