"""Confidence intervals of the components of a crossed gage study by modified large samples.

Each variance is a sum of mean squares with signs; its limits are those of large samples, with the
constants that make them exact where one mean square alone matters (Graybill and Wang 1980 for sums,
Ting and others 1990 for differences; Burdick, Borror and Montgomery 2005, chapters 2 and 3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scipy import special, stats

KEYS = ("repeatability", "operator", "interaction", "reproducibility", "grr", "part", "total")


@dataclass(frozen=True)
class MeanSquare:
    """A mean square and its degrees of freedom."""

    value: float
    df: int


Sum = tuple[tuple[float, MeanSquare], ...]  # coefficients, with their signs


def components(ms: Mapping[str, MeanSquare], shape: tuple[int, int, int]) -> dict[str, Sum]:
    """Each component as a sum of mean squares; ``ms`` has no interaction where that was pooled."""
    p, o, r = shape
    part, error = ms["part"], ms["error"]
    if o == 1:
        return {
            "repeatability": ((1, error),), "grr": ((1, error),),
            "part": ((1 / r, part), (-1 / r, error)),
            "total": ((1 / r, part), (1 - 1 / r, error)),
        }  # fmt: skip
    operator = ms["operator"]
    if "interaction" not in ms:
        above = ((1 / (p * r), operator), (-1 / (p * r), error))
        rest = 1 - 1 / (p * r)
        return {
            "repeatability": ((1, error),), "operator": above, "reproducibility": above,
            "grr": ((1 / (p * r), operator), (rest, error)),
            "part": ((1 / (o * r), part), (-1 / (o * r), error)),
            "total": ((1 / (o * r), part), (1 / (p * r), operator), (rest - 1 / (o * r), error)),
        }  # fmt: skip
    inter, share = ms["interaction"], (p - 1) / (p * r)
    return {
        "repeatability": ((1, error),),
        "operator": ((1 / (p * r), operator), (-1 / (p * r), inter)),
        "interaction": ((1 / r, inter), (-1 / r, error)),
        "reproducibility": ((1 / (p * r), operator), (share, inter), (-1 / r, error)),
        "grr": ((1 / (p * r), operator), (share, inter), (1 - 1 / r, error)),
        "part": ((1 / (o * r), part), (-1 / (o * r), inter)),
        "total": ((1 / (o * r), part), (1 / (p * r), operator),
                  (share - 1 / (o * r), inter), (1 - 1 / r, error)),
    }  # fmt: skip


def limits(terms: Sum, level: float) -> tuple[float, float]:
    """Lower and upper limit, neither below 0."""
    tail = (1 - level) / 2
    estimate = sum(c * m.value for c, m in terms)
    plus = [(c, m) for c, m in terms if c > 0]
    minus = [(-c, m) for c, m in terms if c < 0]

    def g(df: float) -> float:
        return 1 - df / float(stats.chi2.isf(tail, df))

    def h(df: float) -> float:
        return df / float(stats.chi2.ppf(tail, df)) - 1

    below = sum((g(m.df) * c * m.value) ** 2 for c, m in plus)
    below += sum((h(m.df) * c * m.value) ** 2 for c, m in minus)
    above = sum((h(m.df) * c * m.value) ** 2 for c, m in plus)
    above += sum((g(m.df) * c * m.value) ** 2 for c, m in minus)
    for c, m in plus:
        for d, n in minus:
            product = c * m.value * d * n.value
            f = float(stats.f.isf(tail, m.df, n.df))
            below += ((f - 1) ** 2 - (g(m.df) * f) ** 2 - h(n.df) ** 2) / f * product
            f = float(stats.f.ppf(tail, m.df, n.df))
            above += ((1 - f) ** 2 - (h(m.df) * f) ** 2 - g(n.df) ** 2) / f * product
    if minus and len(plus) == 2:  # the covering of two added mean squares together
        (c, m), (d, n) = plus
        both = m.df + n.df
        star = g(both) ** 2 * both**2 / (m.df * n.df)
        star -= g(m.df) ** 2 * m.df / n.df + g(n.df) ** 2 * n.df / m.df
        below += star * c * m.value * d * n.value
    return (
        max(0.0, estimate - math.sqrt(max(0.0, below))),
        max(0.0, estimate + math.sqrt(max(0.0, above))),
    )


def ratio_limits(
    ms: Mapping[str, MeanSquare], shape: tuple[int, int, int], level: float
) -> tuple[float, float] | None:
    """Limits of part variance over gage variance; None where one operator measured."""
    p, o, r = shape
    if o == 1:
        return None
    part, operator = ms["part"], ms["operator"]
    base = ms.get("interaction", ms["error"])
    if "interaction" in ms:
        rest = o * (p - 1) * base.value + p * o * (r - 1) * ms["error"].value
    else:
        rest = o * (p * r - 1) * base.value
    found = []
    for tail in ((1 - level) / 2, (1 + level) / 2):
        scale = part.df / float(stats.chi2.isf(tail, part.df))
        against = part.value - float(stats.f.isf(tail, part.df, base.df)) * base.value
        below = rest + o * scale * float(stats.f.isf(tail, part.df, operator.df)) * operator.value
        found.append(max(0.0, p * scale * against / below))
    return found[0], found[1]


def interval_values(
    ms: Mapping[str, MeanSquare], shape: tuple[int, int, int], level: float
) -> dict[str, Any]:
    """Limits of each variance, and of the share of the gage in the study variation."""
    values: dict[str, Any] = {}
    for key, terms in components(ms, shape).items():
        values[f"var_{key}_ci_low"], values[f"var_{key}_ci_high"] = limits(terms, level)
    ratio = ratio_limits(ms, shape, level)
    if ratio is not None:
        low, high = (100 / math.sqrt(1 + v) for v in reversed(ratio))
        values |= {"pct_study_var_grr_ci_low": low, "pct_study_var_grr_ci_high": high}
    return values


def intervals_again(
    ms: Mapping[str, MeanSquare], shape: tuple[int, int, int], level: float
) -> dict[str, Any]:
    """The same by incomplete gamma and beta functions, each limit's square as a quadratic form."""

    def chi2(share: float, df: float) -> float:
        return 2 * float(special.gammaincinv(df / 2, share))

    def f(share: float, a: float, b: float) -> float:
        x = float(special.betaincinv(a / 2, b / 2, share))
        return x / (1 - x) * b / a

    low_share, high_share = (1 - level) / 2, (1 + level) / 2
    values: dict[str, Any] = {}
    for key, terms in components(ms, shape).items():
        for side, share in (("low", high_share), ("high", low_share)):
            sign = -1.0 if side == "low" else 1.0
            own = [m.df / chi2(share if c > 0 else 1 - share, m.df) - 1 for c, m in terms]
            square = sum((a * c * m.value) ** 2 for a, (c, m) in zip(own, terms, strict=True))
            for a, (c, m) in zip(own, terms, strict=True):
                for b, (d, n) in zip(own, terms, strict=True):
                    if c > 0 > d:
                        q = f(share, m.df, n.df)
                        square -= (
                            c * d * m.value * n.value * ((q - 1) ** 2 / q - a * a * q - b * b / q)
                        )
            added = [(a, c, m) for a, (c, m) in zip(own, terms, strict=True) if c > 0]
            if side == "low" and len(added) == 2 and len(terms) == 3 and terms[2][0] < 0:
                (a, c, m), (b, d, n) = added
                whole = m.df + n.df
                joint = (whole / chi2(share, whole) - 1) ** 2 * whole**2
                square += (
                    (joint - (a * m.df) ** 2 - (b * n.df) ** 2)
                    / (m.df * n.df) * c * m.value * d * n.value
                )  # fmt: skip
            estimate = math.fsum(c * m.value for c, m in terms)
            values[f"var_{key}_ci_{side}"] = max(0.0, estimate + sign * math.sqrt(max(0.0, square)))
    p, o, r = shape
    if o > 1:
        base = ms.get("interaction", ms["error"])
        gage = components(ms, shape)["grr"]
        rest = p * o * r * math.fsum(c * m.value for c, m in gage[1:])
        for side, share in (("high", high_share), ("low", low_share)):
            part = p * ms["part"].df / chi2(share, ms["part"].df)
            top = part * (ms["part"].value - f(share, ms["part"].df, base.df) * base.value)
            beside = part / p * o * f(share, ms["part"].df, ms["operator"].df)
            ratio = max(0.0, top / (rest + beside * ms["operator"].value))
            values[f"pct_study_var_grr_ci_{side}"] = 100 * math.sqrt(1 / (1 + ratio))
    return values
