"""Reference data of the linear-model tests: files, and the NIST sets that a rule generates."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from havoc.tools.table_io import read_table
from havoc.tools.values import Labels, Sample, Table

DATA = Path(__file__).parents[1] / "data"


def table(name: str) -> Table:
    return read_table(DATA / f"{name}.csv")


def oracle(name: str) -> dict[str, Any]:
    return json.loads((DATA / f"{name}.json").read_text())


def simon_lesage(number: int) -> Table:
    """NIST SmLs01-09: 9 groups of 21, 201 or 2001 values that differ in the first decimal.

    Sets 4-6 are offset by 10^6 and 7-9 by 10^12, which leaves float64 few or no digits.
    """
    size = (21, 201, 2001)[(number - 1) % 3]
    offset = ("1", "1000000", "1000000000000")[(number - 1) // 3]
    texts, groups = [], []
    for group in range(1, 10):
        base = 4 if group == 1 else 3 if group % 2 == 0 else 5
        digits = [base] + [base + (-1) ** j for j in range(1, size)]
        texts += [f"{offset}.{d}" for d in digits]
        groups += [str(group)] * size
    return Table((Labels("group", tuple(groups)), Sample("y", tuple(texts))))


def correct_digits(value: float, certified: str | float) -> float:
    """Log relative error, as NIST counts agreeing digits."""
    wanted = float(certified)
    if value == wanted:
        return 16.0
    if wanted == 0:
        return -math.log10(abs(value))
    return -math.log10(abs(value - wanted) / abs(wanted))
