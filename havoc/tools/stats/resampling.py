"""Bootstrap intervals and permutation tests by seed, and corrections for several p values."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.stats import checks
from havoc.tools.stats.samples import PowerSums, clean, two_groups
from havoc.tools.stats.t_tests import Alpha, Sides
from havoc.tools.values import FloatArray, Labels, Sample, near_zero

TIE = 10**9  # differences of means closer than this part of the range are tied
Statistic = Literal["mean", "median", "sd"]
Seed = Annotated[int, Param("seed of the random numbers", ge=0)]


def _statistic(rows: FloatArray, statistic: str) -> FloatArray:
    """Of each row."""
    if statistic == "mean":
        return rows.mean(axis=1)
    return np.median(rows, axis=1) if statistic == "median" else rows.std(axis=1, ddof=1)


def _resampled(x: FloatArray, statistic: str, resamples: int, seed: int) -> FloatArray:
    """The statistic of each resample, in blocks that fit in memory."""
    rng, n = np.random.default_rng(seed), len(x)
    block, found = max(1, 2_000_000 // n), []
    for start in range(0, resamples, block):
        rows = rng.integers(0, n, (min(block, resamples - start), n))
        found.append(_statistic(x[rows], statistic))
    return np.concatenate(found)


def _one_by_one(x: FloatArray, statistic: str, resamples: int, seed: int) -> list[float]:
    """The same resamples drawn from the same stream, each summed by itself in exact order."""
    rng, n = np.random.default_rng(seed), len(x)
    block, found = max(1, 2_000_000 // n), []
    for start in range(0, resamples, block):
        for row in rng.integers(0, n, (min(block, resamples - start), n)).tolist():
            values = sorted(float(x[i]) for i in row)
            if statistic == "median":
                found.append((values[(n - 1) // 2] + values[n // 2]) / 2)
                continue
            mean = math.fsum(values) / n
            if statistic == "mean":
                found.append(mean)
            else:
                found.append(math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (n - 1)))
    return found


def _verify_bootstrap(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    sample = arguments["x"].present()
    x, b = sample.values, arguments["resamples"]
    found = sorted(_one_by_one(x, arguments["statistic"], b, arguments["seed"]))
    tail = (1 - arguments["confidence"]) / 2

    def at(p: float) -> float:
        position = (b - 1) * p
        i = min(int(position), b - 2)
        return found[i] + (position - i) * (found[i + 1] - found[i])

    sums = PowerSums.of(sample)
    ordered = sorted(sample.exact)
    n = len(ordered)
    estimate = {
        "mean": sums.mean,
        "median": (ordered[(n - 1) // 2] + ordered[n // 2]) / 2,
        "sd": sums.variance**0.5,
    }[arguments["statistic"]]
    mean = math.fsum(found) / b
    return {
        "estimate": estimate,
        "ci_low": at(tail),
        "ci_high": at(1 - tail),
        "se": math.sqrt(math.fsum((v - mean) ** 2 for v in found) / (b - 1)),
        "bias": mean - float(estimate),
        "resamples": b,
    }


@operation(
    "stats.bootstrap",
    outputs={
        "estimate": "the statistic of the data",
        "ci_low": "lower percentile limit",
        "ci_high": "upper percentile limit",
        "se": "bootstrap standard error",
        "bias": "mean of the resamples minus the estimate",
        "resamples": "number of resamples",
    },
    reference="Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 13",
    verifier=_verify_bootstrap,
    examples=(
        "ci = stats.bootstrap([4.1, 5.2, 6.3, 4.8, 5.9, 7.1, 9.4], statistic=median, seed=7)",
    ),
    terms=("bootstrap confidence interval", "confidence interval of a median", "resampling"),
)
def bootstrap(
    x: Annotated[Sample, Param("measurements", min_length=3)],
    statistic: Annotated[Statistic, Param("mean, median or sd")] = "mean",
    resamples: Annotated[int, Param("number of resamples", ge=100, le=20_000)] = 4000,
    confidence: Annotated[float, Param("confidence level", gt=0, lt=1, fraction=True)] = 0.95,
    seed: Seed = 1,
) -> Result:
    """Confidence interval of a mean, median or standard deviation by resampling (percentile bootstrap).

    Deterministic for a seed.
    """
    sample, said = clean(x, 3)
    v = sample.values
    if len(v) * resamples > 20_000_000:
        raise InputError("that is too much to resample; take fewer resamples")
    found = _resampled(v, statistic, resamples, seed)
    estimate = float(_statistic(v[None, :], statistic)[0])
    low, high = np.quantile(found, [(1 - confidence) / 2, (1 + confidence) / 2])
    values: dict[str, Any] = {"estimate": estimate, "ci_low": float(low), "ci_high": float(high)}
    values |= {"se": float(found.std(ddof=1)), "bias": float(found.mean()) - estimate}
    values["resamples"] = resamples
    if len(v) < 10:
        said.append("With fewer than 10 values a bootstrap interval is too narrow.")
    counts, edges = np.histogram(found, 30)
    data = {"counts": counts.tolist(), "edges": edges.tolist(), "label": statistic}
    columns = ("estimate", "se", "bias", "ci_low", "ci_high")
    return Result(
        values,
        f"The {statistic} is {{estimate}}, with bootstrap limits {{ci_low}} and {{ci_high}} from "
        "{resamples} resamples.",
        (table_of("bootstrap", columns, [[values[c] for c in columns]]),),
        (Figure("histogram", f"Resampled {statistic}", data),),
        (checks.independence(),),
        tuple(said),
    )


EXACT_BELOW = 20_000


def _verify_permutation(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    first, second, _ = two_groups(arguments["x"], arguments["y"], arguments["by"])
    a, b = first.exact, second.exact
    pool, m = [*a, *b], len(a)
    n = len(pool)
    total = sum(pool)
    # one group's sum decides the difference; integers avoid ties lost to rounding
    scale = math.lcm(*(v.denominator for v in pool))
    whole = [int(v * scale) for v in pool]
    tie = Fraction(max(whole) - min(whole)) * m * (n - m) / TIE
    seen = abs(n * sum(whole[:m]) - m * sum(whole)) - tie
    signed = n * sum(whole[:m]) - m * sum(whole)
    if math.comb(n, m) <= EXACT_BELOW:
        sums = [sum(whole[i] for i in c) for c in itertools.combinations(range(n), m)]
        extra = 0
    else:
        rng = np.random.default_rng(arguments["seed"])
        sums = [
            sum(whole[i] for i in rng.permutation(n)[:m].tolist())
            for _ in range(arguments["resamples"])
        ]
        extra = 1
    gaps = [n * s - m * sum(whole) for s in sums]
    hits = {
        "two-sided": sum(abs(g) >= seen for g in gaps),
        "less": sum(g <= signed + tie for g in gaps),
        "greater": sum(g >= signed - tie for g in gaps),
    }[arguments["alternative"]]
    return {
        "difference": sum(a) / m - (total - sum(a)) / (n - m),
        "p_value": (hits + extra) / (len(gaps) + extra),
        "permutations": len(gaps),
        "n_1": m,
        "n_2": n - m,
    }


@operation(
    "stats.permutation_test",
    outputs={
        "difference": "first mean minus second",
        "p_value": "share of the regroupings at least as extreme",
        "significant": "whether p is below alpha",
        "permutations": "number of regroupings (all of them where they are few)",
        "n_1": "size of the first sample",
        "n_2": "size of the second sample",
    },
    reference="Good (2005), Permutation, Parametric and Bootstrap Tests of Hypotheses, 3rd ed.",
    verifier=_verify_permutation,
    examples=(
        "test = stats.permutation_test([4.2, 4.8, 5.1, 4.6], [5.0, 5.6, 5.2, 5.9])",
        "test = stats.permutation_test([1, 3, 5, 7, 9, 12, 8, 4, 6, 2], [3, 5, 7, 9, 11, 14, 10, 6, 8, 4], seed=3)",
    ),
    terms=("permutation test", "randomisation test"),
)
def permutation_test(
    x: Annotated[Sample, Param("first sample, or the column of values when by is given")],
    y: Annotated[Sample | None, Param("second sample")] = None,
    by: Annotated[Labels | None, Param("column that names the two groups (long form)")] = None,
    alternative: Sides = "two-sided",
    resamples: Annotated[
        int, Param("random regroupings when not all are tried", ge=100, le=20_000)
    ] = 5000,
    seed: Seed = 1,
    alpha: Alpha = 0.05,
) -> Result:
    """Compare two means by regrouping the values at random (permutation test).

    All regroupings are tried when there are at most 20000, else random ones by seed.
    """
    first, second, said = two_groups(x, y, by)
    (near_first, near_second), _ = near_zero((first, second))
    pool, m = np.concatenate([near_first, near_second]), len(first)
    n = len(pool)
    if n * resamples > 20_000_000:
        raise InputError("that is too much to regroup; use stats.t_test_two")
    exact = math.comb(n, m) <= EXACT_BELOW
    if exact:
        rows = np.array(list(itertools.combinations(range(n), m)))
    else:
        rng = np.random.default_rng(seed)
        rows = np.array([rng.permutation(n)[:m] for _ in range(resamples)])
    sums = pool[rows].sum(axis=1)
    gaps = sums / m - (pool.sum() - sums) / (n - m)
    seen = float(near_first.mean() - near_second.mean())
    close = float(np.ptp(pool)) / TIE
    hits = {
        "two-sided": np.sum(np.abs(gaps) >= abs(seen) - close),
        "less": np.sum(gaps <= seen + close),
        "greater": np.sum(gaps >= seen - close),
    }[alternative]
    extra = 0 if exact else 1
    p = (int(hits) + extra) / (len(gaps) + extra)
    values: dict[str, Any] = {"difference": seen, "p_value": p, "significant": p < alpha}
    values |= {"permutations": len(gaps), "n_1": m, "n_2": n - m}
    verdict = "differ" if p < alpha else "show no evidence of a difference"
    counts, edges = np.histogram(gaps, 30)
    data = {"counts": counts.tolist(), "edges": edges.tolist(), "at": seen, "label": "difference"}
    columns = ("difference", "p_value", "permutations")
    return Result(
        values,
        f"The means {verdict}: difference {{difference}}, p = {{p_value}} over {{permutations}} regroupings.",
        (table_of("permutation test", columns, [[values[c] for c in columns]]),),
        (Figure("histogram", "Differences under regrouping", data),),
        (
            checks.independence(
                "values must be exchangeable between the groups if they do not differ"
            ),
        ),
        tuple(said),
    )


Method = Literal[
    "holm", "bonferroni", "hochberg", "benjamini_hochberg", "benjamini_yekutieli", "sidak"
]


def _adjusted(p: list[float], method: str) -> list[float]:
    """Adjusted p values, in the order given."""
    n = len(p)
    order = sorted(range(n), key=lambda i: p[i])
    if method == "bonferroni":
        return [min(1.0, n * v) for v in p]
    if method == "sidak":
        return [-math.expm1(n * math.log1p(-v)) if v < 1 else 1.0 for v in p]
    found, running = [0.0] * n, 0.0
    if method == "holm":
        for rank, i in enumerate(order):
            running = max(running, (n - rank) * p[i])
            found[i] = min(1.0, running)
        return found
    harmonic = sum(1 / k for k in range(1, n + 1)) if method == "benjamini_yekutieli" else 1.0
    running = 1.0
    for rank in range(n - 1, -1, -1):
        i = order[rank]
        factor = n - rank if method == "hochberg" else harmonic * n / (rank + 1)
        running = min(running, factor * p[i])
        found[i] = running
    return found


STATSMODELS = {
    "holm": "holm",
    "bonferroni": "bonferroni",
    "hochberg": "simes-hochberg",
    "benjamini_hochberg": "fdr_bh",
    "benjamini_yekutieli": "fdr_by",
    "sidak": "sidak",
}


def _verify_adjust(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    from statsmodels.stats.multitest import multipletests

    p = arguments["p"].present().values
    with np.errstate(divide="ignore"):  # a p value of 1 under sidak
        again = multipletests(p, arguments["alpha"], STATSMODELS[arguments["method"]])[1]
    return {
        "adjusted": again.tolist(),
        "rejected": int(np.sum(again <= arguments["alpha"])),
        "n": len(p),
    }


@operation(
    "stats.adjust_p_values",
    outputs={
        "adjusted": "adjusted p values in the order given",
        "rejected": "how many are at or below alpha",
        "n": "number of p values",
    },
    reference="Holm (1979), Scand. J. Statistics 6; Benjamini and Hochberg (1995), JRSS B 57",
    verifier=_verify_adjust,
    examples=("adj = stats.adjust_p_values([0.01, 0.04, 0.03, 0.2, 0.005], method=holm)",),
    terms=("Bonferroni", "Holm", "Benjamini-Hochberg", "false discovery rate", "multiple testing"),
)
def adjust_p_values(
    p: Annotated[Sample, Param("p values", min_length=1)],
    method: Annotated[
        Method,
        Param("holm, bonferroni, hochberg, benjamini_hochberg (FDR), benjamini_yekutieli, sidak"),
    ] = "holm",
    alpha: Alpha = 0.05,
) -> Result:
    """Adjust several p values for multiple testing."""
    sample, said = clean(p, 1)
    raw = [float(v) for v in sample.values]
    for text, v in zip(sample.texts, raw, strict=True):
        if not 0 <= v <= 1:
            raise InputError(f"{text} is not a p value: it must lie between 0 and 1")
    adjusted = _adjusted(raw, method)
    rejected = sum(v <= alpha for v in adjusted)
    values: dict[str, Any] = {"adjusted": adjusted, "rejected": rejected, "n": len(raw)}
    rows = [[i, a, b] for i, (a, b) in enumerate(zip(raw, adjusted, strict=True), 1)]
    return Result(
        values,
        f"{{rejected}} of {{n}} p values stay at or below {alpha:g} after {method.replace('_', '-')} adjustment.",
        (table_of("p values", ("number", "p", "adjusted"), rows),),
        warnings=tuple(said),
    )
