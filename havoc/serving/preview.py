"""What an uploaded table looks like: the answer of ``POST /data/preview``."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Any

from havoc.tools.values import Column, Labels, Sample, Table

HEAD_ROWS = 20
MOST_LEVELS = 20
_BRACKETED = re.compile(r"[(\[]([^()\[\]]{1,20})[)\]]\s*$")
_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?|\d{1,2}[./]\d{1,2}[./]\d{4}"
)


def preview(table: Table, size: int) -> dict[str, Any]:
    """Columns with type, unit, missing cells and levels; what the reader decided; the first rows.

    Parameters
    ----------
    table : as it was read.
    size : bytes of the file.
    """
    head = table.take(range(min(HEAD_ROWS, table.n_rows)))
    columns = [describe(c) for c in table.columns]
    return {
        "name": table.source or table.name,
        "bytes": size,
        "rows": table.n_rows,
        "columns": columns,
        "groups": [c["name"] for c in columns if c["group"]],
        "decimal_comma": any("decimal comma" in note for note in table.notes),
        "notes": list(table.notes),
        "head": head.rows(),
    }


def describe(column: Column) -> dict[str, Any]:
    """One column; ``group`` says that its few levels can tell groups apart."""
    texts = column.texts if isinstance(column, Sample) else column.items
    counts = Counter(t for t in texts if t is not None)
    few = 2 <= len(counts) <= MOST_LEVELS and len(counts) < sum(counts.values())
    levels = [{"value": v, "count": n} for v, n in counts.items()] if few else []
    bracketed = _BRACKETED.search(column.name)
    unit = column.unit if isinstance(column, Sample) else None
    return {
        "name": column.name,
        "type": _type(column),
        "unit": unit or (bracketed[1] if bracketed and isinstance(column, Sample) else None),
        "missing": column.n_missing,
        "distinct": len(counts),
        "levels": levels,
        "group": few and (isinstance(column, Labels) or all(_is_whole(v) for v in counts)),
        **(_range(column) if isinstance(column, Sample) else {}),
    }


def _type(column: Column) -> str:
    if isinstance(column, Sample):
        return "number"
    present = [t for t in column.items if t is not None]
    return "date" if present and all(_DATE.fullmatch(t) for t in present) else "words"


def _range(column: Sample) -> dict[str, float | None]:
    present = [float(v) for v in column.values if math.isfinite(v)]
    if not present:
        return {"minimum": None, "maximum": None, "mean": None}
    mean = math.fsum(present) / len(present)
    return {
        "minimum": min(present),
        "maximum": max(present),
        "mean": mean if math.isfinite(mean) else None,
    }


def _is_whole(text: str) -> bool:
    return text.lstrip("+-").isdecimal()
