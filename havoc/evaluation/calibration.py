"""How well confidence agrees with being right: expected calibration error (Naeini et al. 2015)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def reliability(pairs: Sequence[tuple[float | None, bool]], bins: int = 10) -> dict[str, Any]:
    """ECE and the reliability table of (confidence, right) pairs: mean confidence against share right, by bins.

    Parameters
    ----------
    bins : of equal width over 0 to 1; empty ones are left out.
    """
    known = [(float(c), bool(r)) for c, r in pairs if c is not None]
    table, error = [], 0.0
    for i in range(bins):
        low, high = i / bins, (i + 1) / bins
        inside = [(c, r) for c, r in known if low <= c < high or (i == bins - 1 and c >= 1)]
        if not inside:
            continue
        confidence = sum(c for c, _ in inside) / len(inside)
        right = sum(r for _, r in inside) / len(inside)
        error += len(inside) / len(known) * abs(confidence - right)
        table.append(
            {"confidence": round(confidence, 4), "right": round(right, 4), "n": len(inside)}
        )
    return {"ece": round(error, 4), "table": table}
