"""Samples made ready: missing values dropped and said, groups split, exact moments."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from havoc.errors import InputError, NeedsClarification
from havoc.tools.stats.precise import Mp, mpf
from havoc.tools.values import Labels, Sample, complete_cases


@dataclass(frozen=True)
class Moments:
    """Central moments of decimal data, exact. ``m2, m3, m4`` are means of powers of deviations."""

    n: int
    mean: Fraction
    m2: Fraction
    m3: Fraction
    m4: Fraction

    @property
    def variance(self) -> Fraction:
        """With divisor n - 1."""
        return self.m2 * self.n / (self.n - 1)

    @property
    def sd(self) -> float:
        return math.sqrt(self.variance)


def integers(sample: Sample) -> tuple[list[int], int]:
    """The data as integers over one denominator, so that sums of powers are exact and fast."""
    exact = sample.exact
    denominator = math.lcm(*(f.denominator for f in exact))
    return [f.numerator * (denominator // f.denominator) for f in exact], denominator


def moments(sample: Sample) -> Moments:
    """Central moments from exact deviations n*x - sum(x)."""
    scaled, denominator = integers(sample)
    n, total = len(scaled), sum(scaled)
    deviations = [n * v - total for v in scaled]
    unit = n * denominator
    return Moments(
        n,
        Fraction(total, unit),
        Fraction(sum(d**2 for d in deviations), n * unit**2),
        Fraction(sum(d**3 for d in deviations), n * unit**3),
        Fraction(sum(d**4 for d in deviations), n * unit**4),
    )


@dataclass(frozen=True)
class PowerSums:
    """Raw sums of powers: the other route to the moments, for verifiers."""

    n: int
    s1: Fraction
    s2: Fraction
    s3: Fraction
    s4: Fraction

    @staticmethod
    def of(sample: Sample) -> PowerSums:
        scaled, d = integers(sample.present())
        s1, s2, s3, s4 = (Fraction(sum(v**k for v in scaled), d**k) for k in (1, 2, 3, 4))
        return PowerSums(len(scaled), s1, s2, s3, s4)

    @property
    def mean(self) -> Mp:
        return mpf(self.s1 / self.n)

    @property
    def ss(self) -> Fraction:
        return self.s2 - self.s1**2 / self.n

    @property
    def variance(self) -> Mp:
        return mpf(self.ss / (self.n - 1))

    @property
    def m3(self) -> Mp:
        mean = self.s1 / self.n
        return mpf(self.s3 / self.n - 3 * mean * self.s2 / self.n + 2 * mean**3)

    @property
    def m4(self) -> Mp:
        mean = self.s1 / self.n
        return mpf((self.s4 - 4 * mean * self.s3 + 6 * mean**2 * self.s2) / self.n - 3 * mean**4)


def clean(sample: Sample, least: int = 1) -> tuple[Sample, list[str]]:
    """Drop missing values, with the sentence that says so; refuse fewer than ``least`` values."""
    present = sample.present()
    if len(present) < least:
        values = "value" if least == 1 else "values"
        raise InputError(
            f"'{sample.name}' has {len(present)} usable values; at least {least} {values} are "
            f"needed"
        )
    if not sample.n_missing:
        return present, []
    verb = "value was" if sample.n_missing == 1 else "values were"
    return present, [f"{sample.n_missing} missing {verb} left out of '{sample.name}'."]


def split(x: Sample, group: Labels) -> tuple[tuple[Sample, ...], list[str]]:
    """Long form to one sample a group, in order of first appearance."""
    (values, labels), dropped = complete_cases(x, group)
    assert isinstance(values, Sample)
    assert isinstance(labels, Labels)
    rows: dict[str, list[int]] = {level: [] for level in labels.levels}
    for i, level in enumerate(labels.items):
        rows[str(level)].append(i)
    groups = tuple(
        Sample(level, tuple(values.texts[i] for i in at), x.unit) for level, at in rows.items()
    )
    verb = "row was" if dropped == 1 else "rows were"
    said = [f"{dropped} {verb} left out: '{x.name}' or '{group.name}' is missing."]
    return groups, said if dropped else []


def two_groups(
    x: Sample, y: Sample | None, group: Labels | None, least: int = 2
) -> tuple[Sample, Sample, list[str]]:
    """Two samples from two columns, or from a value column and a group column with two groups."""
    if y is not None and group is not None:
        raise InputError("give either a second sample y or a column of groups, not both")
    if group is not None:
        groups, said = split(x, group)
        if len(groups) != 2:
            found = ", ".join(g.name for g in groups[:6])
            raise InputError(
                f"'{group.name}' must hold exactly two groups, it holds {len(groups)} ({found}); "
                "compare more than two with stats.anova"
            )
        for g in groups:
            clean(g, least)
        return groups[0], groups[1], said
    if y is None:
        raise NeedsClarification(
            f"what is '{x.name}' to be compared with: a second sample (y) or the groups of a "
            "column (by)?"
        )
    first, said_x = clean(x.unpadded(), least)
    second, said_y = clean(y.unpadded(), least)
    return first, second, said_x + said_y


def several_groups(
    samples: tuple[Sample, ...], group: Labels | None, least: int = 2, fewest: int = 2
) -> tuple[tuple[Sample, ...], list[str]]:
    """Groups from several columns (wide), or from one value column and a group column (long)."""
    said: list[str] = []
    if group is not None:
        if len(samples) != 1:
            raise InputError("with a group column give exactly one column of values")
        groups, said = split(samples[0], group)
    else:
        cleaned = [clean(s.unpadded(), least) for s in samples]
        groups = tuple(s for s, _ in cleaned)
        said = [line for _, lines in cleaned for line in lines]
    if len(groups) < fewest:
        raise InputError(f"at least {fewest} groups are needed, not {len(groups)}")
    for g in groups:
        clean(g, least)
    return groups, said


def paired(x: Sample, y: Sample, least: int = 2) -> tuple[Sample, Sample, list[str]]:
    """Rows where both are present; unequal lengths are refused."""
    if len(x) != len(y):
        raise InputError(
            f"paired samples must be of equal length: '{x.name}' has {len(x)} values, "
            f"'{y.name}' {len(y)}"
        )
    (a, b), dropped = complete_cases(x, y)
    assert isinstance(a, Sample)
    assert isinstance(b, Sample)
    if len(a) < least:
        raise InputError(f"at least {least} complete pairs are needed, not {len(a)}")
    verb = "pair was" if dropped == 1 else "pairs were"
    return a, b, [f"{dropped} incomplete {verb} left out."] if dropped else []


def differences(x: Sample, y: Sample) -> Sample:
    """x - y in exact decimals."""
    with localcontext() as context:
        context.prec = 400
        pairs = zip(x.texts, y.texts, strict=True)
        texts = tuple(str(Decimal(str(a)) - Decimal(str(b))) for a, b in pairs)
    return Sample(f"{x.name} - {y.name}", texts, x.unit)


def level(alpha: float, confidence: float | None) -> float:
    """The confidence level of an interval: as asked, else 1 - alpha."""
    return 1 - alpha if confidence is None else confidence
