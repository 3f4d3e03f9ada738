"""The algebra of two-level designs: columns, words, aliases, blocks.

A column of a design in ``2^m`` runs is a number whose bits name the basic factors multiplied
(7 = ABC), so that the product of two columns is their exclusive or. Run ``r`` has basic factor
``i`` high where bit ``i`` of ``r`` is set: standard (Yates) order, the first factor fastest.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import xor

import numpy as np

from havoc.errors import InputError

ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
FULL = "full factorial"


def roman(resolution: int | None) -> str:
    """``4`` -> ``"IV"``; None stands for a full factorial, which aliases nothing."""
    if resolution is None:
        return FULL
    return ROMAN[resolution] if resolution < len(ROMAN) else str(resolution)


@dataclass(frozen=True)
class Fraction2:
    """A regular two-level design: ``len(columns)`` factors in ``2**basic`` runs."""

    basic: int
    columns: tuple[int, ...]
    signs: tuple[int, ...]

    @property
    def runs(self) -> int:
        return 1 << self.basic

    def coded(self) -> list[list[int]]:
        """The design in standard order: rows of -1 and 1."""
        return [
            [s * _value(c, run) for c, s in zip(self.columns, self.signs, strict=True)]
            for run in range(self.runs)
        ]

    @cached_property
    def word_length_pattern(self) -> tuple[int, ...]:
        """Number of words of length 1, 2, ... k in the defining relation.

        By the MacWilliams identity from the number of high levels in each run: the defining
        words are the dual code of the runs. Exact however many words there are.
        """
        k = len(self.columns)
        weights = [0] * (k + 1)
        for run in range(self.runs):
            weights[sum((c & run).bit_count() & 1 for c in self.columns)] += 1
        return tuple(
            sum(w * _krawtchouk(i, j, k) for j, w in enumerate(weights) if w) // self.runs
            for i in range(1, k + 1)
        )

    @property
    def resolution(self) -> int | None:
        return next((i for i, n in enumerate(self.word_length_pattern, 1) if n), None)

    def words(self) -> list[tuple[int, tuple[int, ...]]]:
        """Defining words as (sign, factor indices), by length; only for few generators."""
        basics = {c: i for i, c in enumerate(self.columns) if c.bit_count() == 1}
        generators = []
        for i, c in enumerate(self.columns):
            if basics.get(c) == i:
                continue
            parts = [basics[1 << b] for b in range(self.basic) if c >> b & 1]
            generators.append((self.signs[i], (1 << i) | sum(1 << p for p in parts)))
        found = []
        for size in range(1, len(generators) + 1):
            for chosen in itertools.combinations(generators, size):
                mask = reduce(xor, (g[1] for g in chosen))
                sign = math.prod(g[0] for g in chosen)
                found.append((sign, tuple(i for i in range(len(self.columns)) if mask >> i & 1)))
        return sorted(found, key=lambda w: (len(w[1]), w[1]))

    def alias_sets(self, order: int) -> dict[int, list[tuple[int, tuple[int, ...]]]]:
        """Effects up to ``order`` by column: the effects of one set cannot be told apart."""
        sets: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
        for size in range(1, order + 1):
            for effect in itertools.combinations(range(len(self.columns)), size):
                column = reduce(xor, (self.columns[i] for i in effect))
                sign = math.prod(self.signs[i] for i in effect)
                sets.setdefault(column, []).append((sign, effect))
        return sets


def full(k: int) -> Fraction2:
    return Fraction2(k, tuple(1 << i for i in range(k)), (1,) * k)


def _value(column: int, run: int) -> int:
    """The product of the basic factors in ``column`` at ``run``: -1 for each low one."""
    low = (column & ~run).bit_count()
    return -1 if low & 1 else 1


def _krawtchouk(i: int, j: int, k: int) -> int:
    return sum((-1) ** s * math.comb(j, s) * math.comb(k - j, i - s) for s in range(min(i, j) + 1))


def effect_name(effect: Sequence[int], letters: Sequence[str], sign: int = 1) -> str:
    joint = "" if all(len(name) == 1 for name in letters) else "*"
    return ("-" if sign < 0 else "") + joint.join(letters[i] for i in effect)


def alias_texts(design: Fraction2, letters: Sequence[str], order: int) -> list[tuple[str, str]]:
    """(effect, what it is aliased with) for every main effect, then every two-factor set."""
    texts = []
    for effects in design.alias_sets(order).values():
        sign, first = effects[0]
        if len(first) > 2:
            continue
        others = [effect_name(e, letters, s * sign) for s, e in effects[1:]]
        texts.append((len(first), first, effect_name(first, letters), " = ".join(others)))
    return [(name, aliases) for _, _, name, aliases in sorted(texts)]


def clear_effects(design: Fraction2) -> tuple[int, int]:
    """Main effects, and two-factor interactions, aliased with no other of either kind."""
    clear = [0, 0]
    for effects in design.alias_sets(2).values():
        if len(effects) == 1:
            clear[len(effects[0][1]) - 1] += 1
    return clear[0], clear[1]


# Montgomery (2013), table 7.9: preferred among arrangements that confound equally many effects of
# each order.
_TEXTBOOK_BLOCKS = {
    (3, 4): "AB AC",
    (4, 4): "ABC ACD",
    (4, 8): "AB BC CD",
    (5, 4): "ABC CDE",
    (5, 8): "ABE BCE CDE",
    (5, 16): "AB AC CD DE",
    (6, 4): "ABCF CDEF",
    (6, 8): "ABEF ABCD ACE",
    (6, 16): "ABF ACF BDF DEF",
    (7, 4): "ABCFG CDEFG",
}


def _textbook(design: Fraction2, blocks: int) -> tuple[int, ...] | None:
    words = _TEXTBOOK_BLOCKS.get((len(design.columns), blocks))
    if words is None or design != full(len(design.columns)):
        return None
    return tuple(sum(1 << (ord(ch) - ord("A")) for ch in word) for word in words.split())


def block_columns(design: Fraction2, blocks: int) -> tuple[int, ...]:
    """Columns whose signs divide the runs into ``blocks`` at the least cost in low-order effects.

    Every product of the chosen columns is confounded with blocks: no main effect may be among
    them, then as few two-factor interactions as can be, then three-factor ones, and so on.
    Exhaustive to 32 runs, beyond that by exchange from several starts.

    Raises
    ------
    InputError
        If ``blocks`` is not a power of two that leaves two runs a block, or a main effect would
        be lost.
    """
    q = blocks.bit_length() - 1
    if blocks != 1 << q or not 1 <= q < design.basic:
        raise InputError(
            f"{blocks} blocks are not possible: {design.runs} runs divide into "
            f"{', '.join(str(1 << i) for i in range(1, design.basic))} blocks"
        )
    cost = _effect_cost(design)
    if math.comb(design.runs - 1, q) <= 40_000:
        best = min(_independent_sets(design, q), key=lambda g: (_span_cost(g, cost), g))
    else:
        best = _exchange(design, q, cost)
    known = _textbook(design, blocks)
    if known is not None and _span_cost(known, cost) <= _span_cost(best, cost):
        best = known
    if any(column in design.columns for column in span(best)):
        raise InputError(
            f"{blocks} blocks of {design.runs // blocks} would confound a main effect with blocks; "
            "use fewer blocks or more runs"
        )
    return best


def span(columns: Sequence[int]) -> list[int]:
    """All products of one or more of the columns."""
    found = [0]
    for c in columns:
        found += [c ^ f for f in found]
    return found[1:]


def _independent_sets(design: Fraction2, q: int) -> list[tuple[int, ...]]:
    chosen = itertools.combinations(range(design.runs - 1, 0, -1), q)
    return [c for c in chosen if 0 not in span(c)]


def _effect_cost(design: Fraction2) -> list[int]:
    """A number for each column: effects of low order weigh more than any number of higher ones."""
    k = len(design.columns)
    depth = min(k, 8)
    counts = [[0] * (depth + 1) for _ in range(design.runs)]
    counts[0][0] = 1
    for column in design.columns:
        before = [list(c) for c in counts]
        for v in range(design.runs):
            for size in range(depth):
                counts[v ^ column][size + 1] += before[v][size]
    base = 10**9
    return [sum(n * base ** (depth - size) for size, n in enumerate(c) if size) for c in counts]


def _span_cost(columns: Sequence[int], cost: Sequence[int]) -> int:
    return sum(cost[v] for v in span(columns))


def _exchange(design: Fraction2, q: int, cost: Sequence[int]) -> tuple[int, ...]:
    generator = np.random.default_rng(0)
    best: tuple[int, tuple[int, ...]] | None = None
    for _ in range(20):
        current = [0] * q
        while 0 in span(current):
            current = [int(v) for v in generator.integers(1, design.runs, q)]
        value = _span_cost(current, cost)
        improved = True
        while improved:
            improved = False
            for i, v in itertools.product(range(q), range(1, design.runs)):
                trial = [*current[:i], v, *current[i + 1 :]]
                if 0 not in span(trial) and (new := _span_cost(trial, cost)) < value:
                    current, value, improved = trial, new, True
        if best is None or (value, tuple(current)) < best:
            best = (value, tuple(current))
    assert best is not None
    return best[1]


def block_numbers(design: Fraction2, columns: Sequence[int]) -> tuple[int, ...]:
    """The block, from 1, of each run in standard order."""
    return tuple(
        1 + sum((_value(c, run) > 0) << i for i, c in enumerate(columns))
        for run in range(design.runs)
    )


def column_name(design: Fraction2, column: int, letters: Sequence[str]) -> str:
    """The shortest effect that a column estimates."""
    for size in range(1, len(design.columns) + 1):
        for effect in itertools.combinations(range(len(design.columns)), size):
            if reduce(xor, (design.columns[i] for i in effect)) == column:
                return effect_name(effect, letters)
    raise ValueError(f"no effect has column {column}")


def confounded_effects(
    design: Fraction2, columns: Sequence[int], letters: Sequence[str]
) -> list[str]:
    """The shortest name of every effect confounded with blocks."""
    names = [column_name(design, c, letters) for c in span(columns)]
    return sorted(names, key=lambda name: (len(name), name))
