"""Distribution-free tolerance intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

import numpy as np
from scipy import special

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.quality.specs import Confidence
from havoc.tools.quality.tolerance import Coverage, SideOf
from havoc.tools.result import Result, Value, table_of
from havoc.tools.values import Sample


def _two_sided_ranks(n: int, coverage: float, confidence: float) -> tuple[int, int, float] | None:
    """Ranks (low, high) whose spacings hold the confidence, as near to symmetric as can be."""
    for dropped in range(n - 1, 1, -1):
        # P(content of n + 1 - dropped spacings >= coverage)
        reached = float(special.bdtr(n - dropped, n, coverage))
        if reached >= confidence:
            low = (dropped + 1) // 2
            return low, n + 1 - (dropped - low), reached
    return None


def _one_sided_rank(n: int, coverage: float, confidence: float) -> tuple[int, float] | None:
    for dropped in range(n, 0, -1):
        reached = float(special.bdtr(n - dropped, n, coverage))
        if reached >= confidence:
            return dropped, reached
    return None


def _needed(coverage: float, confidence: float, side: str) -> int:
    """Smallest n for which the extremes themselves are the limits."""
    n = 1
    drop = 2 if side == "two-sided" else 1
    while n < drop or special.bdtr(n - drop, n, coverage) < confidence:
        n += 1
        if n > 1_000_000:
            raise InputError("no sample within reach gives this coverage")
    return n


def _exact_reached(n: int, dropped: int, coverage: Fraction) -> float:
    """P(at most n - dropped of n fall inside the share), summed in rationals."""
    return float(
        1
        - sum(
            (math.comb(n, j) * coverage**j * (1 - coverage) ** (n - j)
             for j in range(n - dropped + 1, n + 1)),
            Fraction(0),
        )
    )  # fmt: skip


def _verify_tolerance(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    ordered = sorted(arguments["x"].present().exact)
    n, side = len(ordered), arguments["side"]
    coverage = Fraction(repr(arguments["coverage"]))
    confidence = arguments["confidence"]
    least = 2 if side == "two-sided" else 1
    dropped = least
    while dropped + 1 <= n and _exact_reached(n, dropped + 1, coverage) >= confidence:
        dropped += 1
    if side == "two-sided":
        dropped = max(least, min(dropped, n - 1))
    again: dict[str, Any] = {
        "achieved_confidence": _exact_reached(n, dropped, coverage),
        "coverage": arguments["coverage"],
        "confidence": confidence,
        "n": n,
    }
    if side == "two-sided":
        low = (dropped + 1) // 2
        again |= {"lower": float(ordered[low - 1]), "upper": float(ordered[n - (dropped - low)])}
    elif side == "lower":
        again["lower"] = again["bound"] = float(ordered[dropped - 1])
    else:
        again["upper"] = again["bound"] = float(ordered[n - dropped])
    needed = least
    while _exact_reached(needed, least, coverage) < confidence:
        needed += 1
    again["needed_n"] = needed
    return again


@operation(
    "quality.tolerance_nonparametric",
    outputs={
        "lower": "lower tolerance limit",
        "upper": "upper tolerance limit",
        "bound": "the one-sided bound",
        "achieved_confidence": "confidence that these limits reach",
        "needed_n": "smallest sample whose extremes would reach the confidence",
        "coverage": "share of the population",
        "confidence": "confidence asked for",
        "n": "sample size",
    },
    reference="Wilks (1941); Krishnamoorthy and Mathew (2009), chapter 8",
    verifier=_verify_tolerance,
    examples=(
        "t = quality.tolerance_nonparametric([5, 3, 9, 4, 7, 6, 8, 2, 5, 6, 7, 4, 5, 6, 3, 8, 9, 1, "
        "4, 6], coverage=80%, confidence=90%)",
        "t = quality.tolerance_nonparametric([5, 3, 9, 4, 7, 6, 8, 2, 5, 6], coverage=90%, "
        "side=upper)",
    ),
    terms=("nonparametric tolerance interval", "distribution-free tolerance limits", "Wilks"),
)
def tolerance_nonparametric(
    x: Annotated[Sample, Param("measurements", min_length=2)],
    coverage: Coverage = 0.95,
    confidence: Confidence = 0.95,
    side: SideOf = "two-sided",
) -> Result:
    """Distribution-free tolerance interval from order statistics.

    Takes the narrowest pair of ordered values, counted in from both ends, that holds ``coverage`` of
    the population with the confidence. Where the sample is too small even for its extremes, these
    are given with the confidence that they reach, and the sample needed.
    """
    y = np.sort(x.present().values)
    n = len(y)
    if n < 2:
        raise InputError("a tolerance interval needs at least 2 values")
    values: dict[str, Value] = {"coverage": coverage, "confidence": confidence, "n": n}
    values["needed_n"] = _needed(coverage, confidence, side)
    if side == "two-sided":
        ranks = _two_sided_ranks(n, coverage, confidence)
        low, high, reached = ranks or (1, n, float(special.bdtr(n - 2, n, coverage)))
        values |= {"lower": float(y[low - 1]), "upper": float(y[high - 1])}
        words = "Between {lower} and {upper} lies at least {coverage} of the population"
    else:
        found = _one_sided_rank(n, coverage, confidence)
        drop, reached = found or (1, float(special.bdtr(n - 1, n, coverage)))
        place = drop - 1 if side == "lower" else n - drop
        values |= {side: float(y[place]), "bound": float(y[place])}
        words = f"At least {{coverage}} lies {'above' if side == 'lower' else 'below'} {{bound}}"
    values["achieved_confidence"] = reached
    warnings = [f"{x.n_missing} missing values were left out."] if x.n_missing else []
    if reached < confidence:
        warnings.append(
            "The sample is too small for the confidence asked for: even its extremes do not reach it."
        )
    return Result(
        values,
        words + ", with confidence {achieved_confidence}.",
        tables=(table_of("tolerance interval", ("", "value"), list(values.items())),),
        warnings=tuple(warnings),
    )


def _verify_size(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """By the order statistics' own formula (Wilks 1941), in rationals."""
    coverage, side = Fraction(repr(arguments["coverage"])), arguments["side"]

    def reached(n: int) -> float:
        inside = coverage**n
        if side == "two-sided":
            inside += n * (1 - coverage) * coverage ** (n - 1)
        return float(1 - inside)

    n = result.values["n"]
    assert isinstance(n, int)
    least = 2 if side == "two-sided" else 1
    enough = reached(n) >= arguments["confidence"]
    fewer = n > least and reached(n - 1) >= arguments["confidence"]
    told = {"coverage": arguments["coverage"], "confidence": arguments["confidence"]}
    return {"n": n if enough and not fewer else -1, "achieved_confidence": reached(n), **told}


@operation(
    "quality.tolerance_sample_size",
    outputs={
        "n": "sample size",
        "achieved_confidence": "confidence that this sample reaches",
        "coverage": "share of the population",
        "confidence": "confidence wanted",
    },
    reference="Wilks (1941), Annals of Mathematical Statistics 12, 91-96",
    verifier=_verify_size,
    examples=(
        "size = quality.tolerance_sample_size(coverage=95%, confidence=95%)",
        "size = quality.tolerance_sample_size(coverage=99%, confidence=90%, side=upper)",
    ),
    terms=(
        "Wilks sample size",
        "sample size for a distribution-free tolerance interval",
        "how many values so that the extremes cover a share of the population",
    ),
)
def tolerance_sample_size(
    coverage: Annotated[
        float, Param("share of the population to hold", gt=0, le=0.9999, fraction=True)
    ],
    confidence: Confidence = 0.95,
    side: SideOf = "two-sided",
) -> Result:
    """Sample size for which the smallest and the largest value cover a share of the population (Wilks).

    Whatever the distribution is; on one side one of the extremes is the limit.
    """
    n = _needed(coverage, confidence, side)
    drop = 2 if side == "two-sided" else 1
    values: dict[str, Value] = {
        "n": n,
        "achieved_confidence": float(special.bdtr(n - drop, n, coverage)),
        "coverage": coverage,
        "confidence": confidence,
    }
    ends = {
        "two-sided": "between the smallest and the largest of them",
        "lower": "above the smallest of them",
        "upper": "below the largest of them",
    }[side]
    return Result(
        values,
        f"{{n}} values are needed: {ends} lies at least {{coverage}} of the population, with confidence "
        "{achieved_confidence}.",
        tables=(table_of("sample size", ("quantity", "value"), list(values.items())),),
    )
