"""Averages beside mean and median, and the deviations that go with them: what ``stats.describe`` tells of a column."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from scipy import stats

from havoc.tools.operation import Recomputed
from havoc.tools.values import Sample

OUTPUTS = {
    "mode": "the value that comes most often (a list where several do; none where no value repeats)",
    "trimmed_mean": "mean without the smallest and the largest share ``trim`` of the values",
    "geometric_mean": "geometric mean, where all values are positive",
    "harmonic_mean": "harmonic mean, where all values are positive",
    "mad": "median absolute deviation from the median, as it is (times 1.4826 it estimates sigma)",
    "mean_deviation": "mean absolute deviation from the mean",
}
_MOST_MODES = 10
_CHUNK = 500  # mantissas of at least one half whose product is still far from the smallest float


def averages(sample: Sample, scaled: list[int], scale: int, trim: float) -> dict[str, Any]:
    """Exactly, in the sample's ``integers`` over ``scale``, but for the two means that roots or reciprocals make.

    The trimmed mean leaves out floor(``trim`` n) values at each end, as R's ``mean(x, trim)``.
    """
    ordered = sorted(scaled)
    n, total = len(ordered), sum(ordered)
    cut = math.floor(Fraction(repr(trim)) * n)
    kept = ordered[cut : n - cut]
    twice = ordered[(n - 1) // 2] + ordered[n // 2]  # the median
    away = sorted(abs(2 * v - twice) for v in ordered)
    mode = _mode(Counter(ordered))
    found: dict[str, Any] = {
        "mode": [v / scale for v in mode] if len(mode) > 1 else mode[0] / scale if mode else None,
        "trimmed_mean": Fraction(sum(kept), len(kept)) / scale,
        "mad": Fraction(away[(n - 1) // 2] + away[n // 2], 4) / scale,
        "mean_deviation": Fraction(sum(abs(n * v - total) for v in ordered), n * n) / scale,
    }
    if ordered[0] > 0:
        floats = sample.values.tolist()
        found["geometric_mean"] = math.exp(math.fsum(map(math.log, floats)) / n)
        found["harmonic_mean"] = n / math.fsum(1 / v for v in floats)
    return found


def _mode(counts: Mapping[int, int]) -> list[Fraction]:
    most = max(counts.values())
    modes = sorted(v for v, c in counts.items() if c == most)
    return [] if most == 1 or len(modes) > _MOST_MODES else [Fraction(v) for v in modes]


def averages_again(sample: Sample, trim: float) -> dict[str, Any]:
    """By numpy and scipy on what each value exceeds the least by; the geometric mean from mantissas and exponents."""
    exact = sample.exact
    least = min(exact)
    offsets = np.array([float(v - least) for v in exact])
    distinct, counts = np.unique(sample.values, return_counts=True)
    modes = distinct[counts == counts.max()].tolist()
    told = counts.max() > 1 and len(modes) <= _MOST_MODES
    above = offsets[offsets > offsets.mean()] - offsets.mean()
    found: dict[str, Any] = {
        "mode": (modes[0] if len(modes) == 1 else modes) if told else None,
        "trimmed_mean": float(stats.trim_mean(offsets, trim)) + least,
        "mad": float(stats.median_abs_deviation(offsets)),
        "mean_deviation": 2 * float(above.sum()) / len(offsets),
    }
    if least > 0:
        mantissas, exponents = np.frexp(sample.values)
        chunks = np.split(mantissas, range(_CHUNK, len(mantissas), _CHUNK))
        logs = math.fsum(math.log2(float(c.prod())) for c in chunks) + int(exponents.sum())
        found["geometric_mean"] = Recomputed(2.0 ** (logs / len(offsets)), 1e-10)
        found["harmonic_mean"] = float(stats.hmean(sample.values))
    return found
