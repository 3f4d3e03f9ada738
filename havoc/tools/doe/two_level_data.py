"""A two-level experiment as it was run, and the contrasts it can estimate."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from havoc.errors import InputError
from havoc.tools.expression import Name
from havoc.tools.values import Column, Labels, Sample, complete_cases

LOW_WORDS = frozenset({"low", "lo", "off", "no", "old", "-", "−", "minus", "l"})
MAX_FACTORS = 20
LETTERS = tuple("ABCDEFGHJKLMNOPQRSTU")


@dataclass(frozen=True)
class TwoLevel:
    """A two-level experiment: signs of the factorial runs, and the centre runs."""

    names: tuple[str, ...]
    signs: tuple[tuple[int, ...], ...]  # one tuple of -1, 1 a factor
    y: tuple[Fraction, ...]
    centers: tuple[Fraction, ...]
    response: str
    n_dropped: int = 0
    levels: tuple[tuple[str, str], ...] = ()  # low and high of each factor, where columns give them

    @property
    def n(self) -> int:
        return len(self.y)

    def column(self, subset: Sequence[int]) -> tuple[int, ...]:
        product = [1] * self.n
        for f in subset:
            product = [a * b for a, b in zip(product, self.signs[f], strict=True)]
        return tuple(product)

    def label(self, subset: Sequence[int]) -> str:
        joint = "" if all(len(n) == 1 for n in self.names) else ":"
        return joint.join(self.names[i] for i in subset)


def read(
    response: Sample,
    factors: Sequence[Column] | None,
    names: Sequence[Name] | None,
    runs: Labels | None,
) -> TwoLevel:
    """The experiment from factor columns, treatment labels or standard order."""
    if factors is not None:
        return _from_columns(response, factors)
    if response.n_missing:
        raise InputError(
            "a run without a response: give the factor columns, and that run is dropped"
        )
    if runs is not None:
        return _from_labels(response, runs, names)
    n = len(response)
    k = n.bit_length() - 1
    if n != 1 << k or n < 4:
        raise InputError(
            f"{n} responses are not 2^k in standard order; give the factor columns (factors=...) or "
            "the treatment labels (runs=...)"
        )
    if names is not None and len(names) != k:
        raise InputError(
            f"{n} responses in standard order are {k} factors, but {len(names)} are named; for "
            "a fraction or for repeated runs give factors=... or runs=..."
        )
    found = tuple(x.id for x in names) if names else LETTERS[:k]
    signs = tuple(tuple(1 if run >> f & 1 else -1 for run in range(n)) for f in range(k))
    return TwoLevel(found, signs, response.exact, (), response.name)


def _from_labels(response: Sample, runs: Labels, names: Sequence[Name] | None) -> TwoLevel:
    if len(runs) != len(response):
        raise InputError(f"{len(runs)} run labels for {len(response)} responses")
    texts = ["" if t is None or t.strip() in ("(1)", "1") else t.strip() for t in runs.items]
    if names is None:
        letters = tuple(dict.fromkeys(ch.casefold() for t in texts for ch in t))
        shown = dict.fromkeys(ch for t in texts for ch in t)
        found = tuple(next(s for s in shown if s.casefold() == c) for c in letters)
    else:
        found = tuple(n.id for n in names)
    order = sorted(range(len(found)), key=lambda i: -len(found[i]))
    rows = []
    for text in texts:
        rest, high = text.casefold(), set()
        while rest:
            match = next((i for i in order if rest.startswith(found[i].casefold())), None)
            if match is None:
                raise InputError(f"the run label '{text}' is not made of {', '.join(found)}")
            high.add(match)
            rest = rest[len(found[match]) :].lstrip(" :*·")
        rows.append(tuple(1 if i in high else -1 for i in range(len(found))))
    signs = tuple(zip(*rows, strict=True))
    return TwoLevel(found, signs, response.exact, (), response.name)


def _from_columns(response: Sample, factors: Sequence[Column]) -> TwoLevel:
    if len(factors) > MAX_FACTORS:
        raise InputError(f"at most {MAX_FACTORS} factors, not {len(factors)}")
    complete, dropped = complete_cases(response, *factors)
    y = complete[0]
    assert isinstance(y, Sample)
    if not len(y):
        raise InputError(f"no run has a value of '{response.name}' and of every factor")
    coded = [_coded(c) for c in complete[1:]]
    rows = list(zip(*coded, strict=True))
    center = [i for i, r in enumerate(rows) if any(v == 0 for v in r)]
    numeric = [isinstance(c, Sample) for c in complete[1:]]
    for i in center:
        if any(v != 0 for v, is_numeric in zip(rows[i], numeric, strict=True) if is_numeric):
            raise InputError(
                f"run {i + 1} is neither a corner nor the centre of the two-level design; for designs "
                "of three or more levels use doe.fit_rsm"
            )
    corners = [i for i in range(len(rows)) if i not in set(center)]
    signs = tuple(tuple(int(rows[i][f]) for i in corners) for f in range(len(coded)))
    exact = y.exact
    names = tuple(c.name for c in factors)
    if len(set(names)) < len(names):  # lists without names of their own
        names = LETTERS[: len(names)]
    return TwoLevel(
        names,
        signs,
        tuple(exact[i] for i in corners),
        tuple(exact[i] for i in center),
        response.name,
        dropped,
        tuple(_levels(c, s, corners) for c, s in zip(complete[1:], signs, strict=True)),
    )


def _levels(column: Column, signs: Sequence[int], corners: Sequence[int]) -> tuple[str, str]:
    """The low and the high level as they were written, with the column's unit."""
    cells = column.items if isinstance(column, Labels) else column.texts
    unit = getattr(column, "unit", None)
    low, high = (str(cells[corners[signs.index(side)]]) for side in (-1, 1))
    return (low, high) if unit is None else (f"{low} {unit}", f"{high} {unit}")


def _coded(column: Column) -> list[int]:
    """-1 low, 1 high, 0 for the exact middle of a numeric factor."""
    if isinstance(column, Labels):
        if len(column.levels) != 2:
            raise InputError(
                f"factor '{column.name}' has {len(column.levels)} levels; two are needed here"
            )
        low = column.levels[0]
        if column.levels[1].casefold() in LOW_WORDS:
            low = column.levels[1]
        return [-1 if v == low else 1 for v in column.items]
    values = column.exact
    low_value, high_value = min(values), max(values)
    middle = (low_value + high_value) / 2
    levels = set(values)
    if low_value == high_value or not levels <= {low_value, middle, high_value}:
        raise InputError(
            f"factor '{column.name}' has {len(levels)} level(s); a two-level design has two, and "
            "their middle for centre runs"
        )
    return [-1 if v == low_value else 1 if v == high_value else 0 for v in values]


@dataclass(frozen=True)
class Contrast:
    subset: tuple[int, ...]
    column: tuple[int, ...]
    aliases: tuple[str, ...]


def contrasts(experiment: TwoLevel, max_order: int | None) -> tuple[list[Contrast], bool]:
    """The estimable contrasts, lowest order first, with their aliases; and whether the design is regular.

    Raises
    ------
    InputError
        If main effects are not balanced and orthogonal.
    """
    n, k = experiment.n, len(experiment.names)
    for i in range(k):
        if sum(experiment.signs[i]) != 0:
            raise InputError(
                f"factor '{experiment.names[i]}' is not balanced over the runs; use stats.regression"
            )
    regular = True
    for i, j in itertools.combinations(range(k), 2):
        inner = sum(experiment.column((i, j)))
        if inner != 0:
            a, b = experiment.names[i], experiment.names[j]
            raise InputError(
                f"factors '{a}' and '{b}' are not orthogonal in these runs; use stats.regression"
            )
    found: dict[tuple[int, ...], tuple[tuple[int, ...], list[str]]] = {}
    distinct = len(set(zip(*experiment.signs, strict=True)))
    highest = min(k, max_order or k) if k <= 10 else min(k, max_order or 3)
    for size in range(1, highest + 1):
        for subset in itertools.combinations(range(k), size):
            column = experiment.column(subset)
            if abs(sum(column)) == n:
                continue
            negative = tuple(-v for v in column)
            if column in found or negative in found:
                owner, others = found[column if column in found else negative]
                if len(subset) <= max(3, len(owner)):
                    others.append(("" if column in found else "-") + experiment.label(subset))
                continue
            mixed = (sum(a * b for a, b in zip(column, c, strict=True)) != 0 for c in found)
            if sum(column) or any(mixed):
                regular = False
                continue
            found[column] = (subset, [])
        if not regular or (size >= 2 and len(found) >= distinct - 1):
            break
    if not regular:
        found = {c: v for c, v in found.items() if len(v[0]) == 1}
    return [Contrast(s, c, tuple(a)) for c, (s, a) in found.items()], regular
