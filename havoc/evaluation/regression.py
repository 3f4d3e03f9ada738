"""The gate: no family may fall behind what the champion reached, by more than chance explains."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SIGMAS = 2.0  # a fall is held for chance up to this many standard errors
LEAST = 0.02  # and up to two points in any case


@dataclass(frozen=True)
class Fall:
    """A share that fell."""

    name: str
    before: float
    now: float
    n: int

    def __str__(self) -> str:
        return f"{self.name}: {self.now:.3f} after {self.before:.3f} ({self.n} requests)"


def shares(metrics: Mapping[str, Any]) -> dict[str, tuple[float, int]]:
    """Every share right with its number of requests, by name: splits, families, kinds and styles."""
    return dict(_shares(metrics))


def _shares(metrics: Mapping[str, Any]) -> Iterator[tuple[str, tuple[float, int]]]:
    for split, figures in metrics.get("programs", {}).items():
        if not isinstance(figures, Mapping) or "families" not in figures:
            continue
        n = int(figures.get("n", 0))
        yield f"programs.{split}", (float(figures["result"]), n)
        counts = figures.get("family_counts", {})
        for family, share in figures["families"].items():
            yield f"programs.{split}.{family}", (float(share), int(counts.get(family, 0)))
    for name, figures in metrics.get("requests", {}).items():
        yield f"requests.{name}", (float(figures["share"]), int(figures["requests"]))
        for group in ("kinds", "styles"):
            for key, text in figures.get(group, {}).items():
                right, n = map(int, text.split("/"))
                yield f"requests.{name}.{key}", (right / n if n else 0.0, n)


def falls(metrics: Mapping[str, Any], champion: Mapping[str, Any]) -> list[Fall]:
    """The shares that fell by more than chance between the champion's metrics and these, the largest first."""
    now, before = shares(metrics), shares(champion)
    found = []
    for name, (was, n_before) in before.items():
        if name not in now:
            continue
        share, n = now[name]
        pooled = (share + was) / 2
        chance = SIGMAS * math.sqrt(pooled * (1 - pooled) * (1 / max(1, n) + 1 / max(1, n_before)))
        if was - share > max(LEAST, chance):
            found.append(Fall(name, was, share, n))
    return sorted(found, key=lambda f: f.now - f.before)


def compared(
    metrics: Mapping[str, Any], champion: Mapping[str, Any]
) -> list[tuple[str, float, float]]:
    """Name, the champion's share and this one's, for every share that both have."""
    now, before = shares(metrics), shares(champion)
    return [(k, before[k][0], now[k][0]) for k in before if k in now]
