"""Taguchi's orthogonal arrays, built from finite fields and difference schemes.

Linear arrays (L4, L8, L9, L16, L25, L27, L32, L64, L81 and the four-level L16) hold every linear
combination of their basic columns. L18, L36 and L54 are difference schemes over the integers
modulo 3 developed with an array in one more column (Hedayat, Sloane and Stufken 1999, chapter 6).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache

import numpy as np

from havoc.tools.doe.hadamard import IntMatrix, field
from havoc.tools.doe.screening import plackett_burman_columns

# Functions whose differences take each value equally often: over the integers modulo 5 with a
# border, and over pairs (modulo 2, modulo 6). Found by search; the tests count the differences.
_BORDERED_5 = (0, 1, 2, 2, 1)
_GROUP_12 = (0, 1, 2, 1, 0, 2, 1, 1, 0, 0, 0, 0)

NAMES = (
    "L4", "L8", "L9", "L12", "L16", "L16b", "L18", "L25", "L27", "L32", "L36", "L54", "L64", "L81",
)  # fmt: skip


@dataclass(frozen=True)
class OrthogonalArray:
    """Levels 0, 1, 2 ... ``levels[j]`` is the number of levels of column ``j``."""

    name: str
    rows: IntMatrix
    levels: tuple[int, ...]

    @property
    def runs(self) -> int:
        return len(self.rows)


@cache
def array(name: str) -> OrthogonalArray:
    """The array of that name; L16b is the four-level one (4^5)."""
    match name:
        case "L4" | "L8" | "L16" | "L32" | "L64":
            rows = linear(2, int(name[1:]).bit_length() - 1)
        case "L9" | "L27" | "L81":
            rows = linear(3, {9: 2, 27: 3, 81: 4}[int(name[1:])])
        case "L16b":
            rows = linear(4, 2)
        case "L25":
            rows = linear(5, 2)
        case "L12":
            rows = (1 - plackett_burman_columns(12)) // 2
        case "L18":
            split = np.array([[j % 2, j // 2] for j in range(6)])
            rows = developed(scheme_6(), split)
        case "L36":
            rows = developed(scheme_12(), array("L12").rows)
        case "L54":
            third = np.array([[i * j % 3 for j in range(3)] for i in range(3)])
            larger = (np.kron(scheme_6(), np.ones((3, 3), int)) + np.tile(third, (6, 6))) % 3
            rows = developed(larger, array("L18").rows)
        case _:
            raise ValueError(f"no array {name}")
    ordered = rows[np.lexsort(rows.T[::-1])]
    return OrthogonalArray(name, ordered, tuple(int(c.max()) + 1 for c in ordered.T))


def linear(q: int, m: int) -> IntMatrix:
    """All columns of the linear array in q^m runs, in Taguchi's order (1, 2, 12, 3, 13, ...)."""
    add, times = field(q)
    points = list(itertools.product(range(q), repeat=m))
    columns = []
    for last in range(m):
        for before in itertools.product(range(q), repeat=last):
            weights = (*reversed(before), 1, *((0,) * (m - last - 1)))
            column = []
            for point in points:
                total = 0
                for w, v in zip(weights, point, strict=True):
                    total = int(add[total, times[w, v]])
                column.append(total)
            columns.append(column)
    return np.array(columns).T


def scheme_6() -> IntMatrix:
    """A 6 x 6 difference scheme modulo 3."""
    core = [[_BORDERED_5[(i - j) % 5] for j in range(5)] for i in range(5)]
    return np.pad(np.array(core), ((1, 0), (1, 0)))


def scheme_12() -> IntMatrix:
    """A 12 x 12 difference scheme modulo 3."""
    elements = list(itertools.product(range(2), range(6)))
    value = dict(zip(elements, _GROUP_12, strict=True))
    return np.array([[value[((a - c) % 2, (b - d) % 6)] for c, d in elements] for a, b in elements])


def developed(scheme: IntMatrix, expansion: IntMatrix) -> IntMatrix:
    """Add 0, 1, 2 to every column of a difference scheme; ``expansion`` replaces the column number."""
    rows = []
    for j, column in enumerate(scheme.T):
        for shift in range(3):
            rows.append([*expansion[j], *((column + shift) % 3)])
    return np.array(rows)
