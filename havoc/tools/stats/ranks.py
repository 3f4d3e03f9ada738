"""Rank tests of one or two samples: Mann-Whitney, Wilcoxon signed rank, sign."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Annotated, Any

from scipy import stats

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Assumption, Result, table_of
from havoc.tools.stats import checks, precise
from havoc.tools.stats.samples import clean as cleaned
from havoc.tools.stats.samples import differences, paired, two_groups
from havoc.tools.stats.t_tests import Alpha, Sides, group_plot
from havoc.tools.values import Labels, Sample

BOOK = "Hollander, Wolfe and Chicken (2014), Nonparametric Statistical Methods, 3rd ed."
EXACT_TO = 50  # as R: exact without ties below this size
LEAST_RANKED = 6  # signed ranks from which a two-sided p below 0.05 can be reached
SIDE_OF = {
    "two-sided": "differ",
    "less": "differ (first lower)",
    "greater": "differ (first higher)",
}


def ranks_of(values: Sequence[Fraction]) -> list[Fraction]:
    """Ranks by definition: how many are smaller, ties share their mean rank."""
    counts = Counter(values)
    rank, below = {}, 0
    for v in sorted(counts):
        rank[v] = below + Fraction(counts[v] + 1, 2)
        below += counts[v]
    return [rank[v] for v in values]


def tie_sum(values: Sequence[Fraction]) -> int:
    """Sum of t^3 - t over groups of equal values."""
    return sum(t**3 - t for t in Counter(values).values())


@cache
def u_counts(m: int, n: int) -> tuple[int, ...]:
    """How many arrangements give each U: coefficients of the Gaussian binomial (m + n over m)."""
    counts = [1]
    for i in range(1, m + 1):
        top = [0] * (len(counts) + n + i)
        for k, c in enumerate(counts):  # times (1 - q^(n+i))
            top[k] += c
            top[k + n + i] -= c
        for k in range(i, len(top)):  # over (1 - q^i)
            top[k] += top[k - i]
        counts = top[: i * n + 1]
    return tuple(counts)


@cache
def signed_rank_counts(n: int) -> tuple[int, ...]:
    """How many sign patterns give each sum of positive ranks: coefficients of prod (1 + q^i)."""
    counts = [1]
    for i in range(1, n + 1):
        counts = [
            (counts[k] if k < len(counts) else 0) + (counts[k - i] if k >= i else 0)
            for k in range(len(counts) + i)
        ]
    return tuple(counts)


def exact_p(counts: Sequence[int], statistic: int, alternative: str) -> Fraction:
    total = sum(counts)
    less = Fraction(sum(counts[: statistic + 1]), total)
    greater = Fraction(sum(counts[statistic:]), total)
    if alternative == "less":
        return less
    return greater if alternative == "greater" else min(Fraction(1), 2 * min(less, greater))


def approximate_p(statistic: Fraction, mean: Fraction, variance: Fraction, alternative: str) -> Any:
    """Normal with the continuity correction of one half, in 40 digits."""
    gap, half, sd = statistic - mean, Fraction(1, 2), precise.sqrt(variance)
    if alternative == "less":
        return precise.normal_cdf(precise.mpf(gap + half) / sd)
    if alternative == "greater":
        return precise.normal_cdf(precise.mpf(half - gap) / sd)
    return min(precise.mpf(1), 2 * precise.normal_cdf(-precise.mpf(abs(gap) - half) / sd))


def median_of(values: Sequence[Fraction]) -> Fraction:
    ordered = sorted(values)
    n = len(ordered)
    return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2


def _verify_mann_whitney(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    first, second, _ = two_groups(arguments["x"], arguments["y"], arguments["by"], 1)
    a, b = first.exact, second.exact
    m, n = len(a), len(b)
    # U by counting pairs, not by rank sums
    higher, lower = sum(v > w for v in a for w in b), sum(v < w for v in a for w in b)
    u, other = (Fraction(m * n + one - two, 2) for one, two in ((higher, lower), (lower, higher)))
    ties = tie_sum([*a, *b])
    if ties == 0 and m < EXACT_TO and n < EXACT_TO:
        p: Any = exact_p(u_counts(m, n), int(u), arguments["alternative"])
    else:
        size = m + n
        variance = Fraction(m * n, 12) * (size + 1 - Fraction(ties, size * (size - 1)))
        p = approximate_p(u, Fraction(m * n, 2), variance, arguments["alternative"])
    return {
        "statistic": u,
        "u_2": other,
        "rank_sum_1": u + Fraction(m * (m + 1), 2),
        "rank_sum_2": other + Fraction(n * (n + 1), 2),
        "p_value": p,
        "n_1": m,
        "n_2": n,
        "median_1": median_of(a),
        "median_2": median_of(b),
        "difference": median_of([v - w for v in a for w in b]),
        "effect_size": 2 * u / (m * n) - 1,
    }


@operation(
    "stats.mann_whitney",
    outputs={
        "statistic": "Mann-Whitney U of the first sample (R's W)",
        "p_value": "p value",
        "significant": "whether p is below alpha",
        "n_1": "size of the first sample",
        "n_2": "size of the second sample",
        "median_1": "median of the first sample",
        "median_2": "median of the second sample",
        "difference": "Hodges-Lehmann estimate of the shift, first minus second",
        "effect_size": "rank-biserial correlation, from -1 to 1",
        "u_2": "U of the second sample (tables of U take the smaller of the two)",
        "rank_sum_1": "sum of the ranks of the first sample (Wilcoxon's rank sum)",
        "rank_sum_2": "sum of the ranks of the second sample",
    },
    reference=BOOK + ", section 4.1",
    verifier=_verify_mann_whitney,
    examples=(
        "test = stats.mann_whitney([4.2, 4.8, 5.1, 4.6, 4.9], [5.0, 5.6, 5.2, 5.9, 5.4])",
        "test = stats.mann_whitney([1, 2, 2, 3, 4, 4], [3, 4, 5, 5, 6])",
    ),
    terms=("Mann-Whitney U test", "Wilcoxon rank sum test", "nonparametric two-sample test"),
)
def mann_whitney(
    x: Annotated[Sample, Param("first sample, or the column of values when by is given")],
    y: Annotated[Sample | None, Param("second sample")] = None,
    by: Annotated[Labels | None, Param("column that names the two groups (long form)")] = None,
    alternative: Sides = "two-sided",
    alpha: Alpha = 0.05,
) -> Result:
    """Compare two independent samples by ranks (Mann-Whitney, Wilcoxon rank sum).

    Needs no normal distribution. p is exact without ties below 50 values a sample, else normal with
    corrections for ties and continuity, as in R.
    """
    first, second, said = two_groups(x, y, by, 1)
    a, b = first.exact, second.exact
    m, n = len(a), len(b)
    if m * n > 4_000_000:
        raise InputError("the samples are too large for the shift estimate; use stats.t_test_two")
    ranks = ranks_of([*a, *b])
    if len(set(ranks)) == 1:
        raise InputError("all values are equal: there is nothing to rank")
    u = sum(ranks[:m], Fraction(0)) - Fraction(m * (m + 1), 2)
    exact = tie_sum(ranks) == 0 and m < EXACT_TO and n < EXACT_TO
    floats = [float(r) for r in ranks]
    method: Any = "exact" if exact else "asymptotic"
    p = float(
        stats.mannwhitneyu(floats[:m], floats[m:], alternative=alternative, method=method).pvalue
    )
    values: dict[str, Any] = {
        "statistic": u,
        "p_value": p,
        "significant": p < alpha,
        "n_1": m,
        "n_2": n,
    }
    values |= {"median_1": median_of(a), "median_2": median_of(b)}
    values["difference"] = median_of([v - w for v in a for w in b])
    values["effect_size"] = 2 * u / (m * n) - 1
    values |= {
        "u_2": m * n - u,
        "rank_sum_1": sum(ranks[:m], Fraction(0)),
        "rank_sum_2": sum(ranks[m:], Fraction(0)),
    }
    if not exact:
        said.append("p is approximate (ties or large samples).")
    elif exact_p(u_counts(m, n), 0, "two-sided") > alpha:
        said.append("Samples this small cannot reach the significance level, whatever the data.")
    verb = "tend to" if p < alpha else "show no evidence to"
    assumed = (
        checks.independence(),
        Assumption("same shape", None, "a shift in medians is meant only if both shapes are alike"),
    )
    rows = [
        [s.name, len(s), float(median_of(s.exact)), float(values[f"rank_sum_{i}"]), float(v)]
        for i, (s, v) in enumerate(((first, u), (second, values["u_2"])), 1)
    ]
    return Result(
        values,
        f"{first.name} and {second.name} {verb} {SIDE_OF[alternative]}: U = {{statistic}}, "
        "p = {p_value}, estimated shift {difference}.",
        (table_of("samples", ("sample", "n", "median", "rank sum", "U"), rows),),
        (group_plot(f"{first.name} and {second.name}", first, second),),
        assumed,
        tuple(said),
    )


def _signed(arguments: Mapping[str, Any]) -> tuple[Sample, int, list[str]]:
    """Differences from the median asked about or between pairs; how many were zero."""
    x, y = arguments["x"], arguments["y"]
    if y is not None:
        first, second, said = paired(x, y, 1)
        gaps = differences(first, second)
    else:
        gaps, said = cleaned(x, 1)
    centre = Fraction(repr(arguments["median"]))
    kept = [v - centre for v in gaps.exact if v != centre]
    if not kept:
        raise InputError("every difference is zero: there is nothing to test")
    return (
        Sample(gaps.name, tuple(repr(float(v)) for v in kept), gaps.unit),
        len(gaps) - len(kept),
        said,
    )


def _shifted(arguments: Mapping[str, Any]) -> list[Fraction]:
    """The same differences exactly, zeros included."""
    x, y = arguments["x"], arguments["y"]
    if y is None:
        values = list(x.present().exact)
    else:
        a, b, _ = paired(x, y, 1)
        values = [p - q for p, q in zip(a.exact, b.exact, strict=True)]
    centre = Fraction(repr(arguments["median"]))
    return [v - centre for v in values]


def _verify_wilcoxon(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    every = _shifted(arguments)
    d = [v for v in every if v]
    n = len(d)
    # W+ as the number of Walsh averages above zero (ties of size count one half)
    walsh = [d[i] + d[j] for i in range(n) for j in range(i + 1)]
    above, below = sum(v > 0 for v in walsh), sum(v < 0 for v in walsh)
    w, w_minus = (Fraction(len(walsh) + x - y, 2) for x, y in ((above, below), (below, above)))
    ties = tie_sum([abs(v) for v in d])
    if ties == 0 and n < EXACT_TO and n == len(every):
        p: Any = exact_p(signed_rank_counts(n), int(w), arguments["alternative"])
    else:
        variance = Fraction(n * (n + 1) * (2 * n + 1), 24) - Fraction(ties, 48)
        p = approximate_p(w, Fraction(n * (n + 1), 4), variance, arguments["alternative"])
    centre = Fraction(repr(arguments["median"]))
    averages = [(every[i] + every[j]) / 2 for i in range(len(every)) for j in range(i + 1)]
    return {
        "statistic": w,
        "w_minus": w_minus,
        "p_value": p,
        "n": len(every),
        "n_used": n,
        "estimate": median_of(averages) + centre,
        "effect_size": 4 * w / (n * (n + 1)) - 1,
    }


@operation(
    "stats.wilcoxon",
    outputs={
        "statistic": "sum of the positive ranks W+ (R's V)",
        "w_minus": "sum of the negative ranks W- (tables of T take the smaller of the two)",
        "p_value": "p value",
        "significant": "whether p is below alpha",
        "n": "number of values or pairs",
        "n_used": "those that are not zero",
        "estimate": "Hodges-Lehmann estimate of the median (or of the median difference)",
        "effect_size": "matched-pairs rank-biserial correlation, from -1 to 1",
    },
    reference=BOOK + ", section 3.1",
    verifier=_verify_wilcoxon,
    examples=(
        "test = stats.wilcoxon([86, 92, 75, 81, 90, 95], [82, 89, 74, 76, 88, 89])",
        "test = stats.wilcoxon([4.1, 5.2, 6.3, 4.8, 5.9, 7.1], median=4)",
    ),
    terms=(
        "Wilcoxon signed rank test",
        "nonparametric paired test",
        "compare a median with a target",
    ),
)
def wilcoxon(
    x: Annotated[Sample, Param("measurements, or the first measurement of each pair")],
    y: Annotated[Sample | None, Param("second measurement of each pair")] = None,
    median: Annotated[float, Param("median under the null hypothesis")] = 0.0,
    alternative: Sides = "two-sided",
    alpha: Alpha = 0.05,
) -> Result:
    """Test a median, or the median difference of pairs, by signed ranks (Wilcoxon).

    Zero differences are left out. p is exact without ties or zeros below 50 values, else normal
    with corrections for ties and continuity, as in R.
    """
    given = {"x": x, "y": y, "median": median}
    gaps, zeros, said = _signed(given)
    every = _shifted(given)
    d = [v for v in every if v]
    n = len(d)
    if len(every) > 2000:
        raise InputError("more than 2000 values are too many for the signed rank estimate")
    sizes = ranks_of([abs(v) for v in d])
    w = sum((r for r, v in zip(sizes, d, strict=True) if v > 0), Fraction(0))
    exact = tie_sum(sizes) == 0 and n < EXACT_TO and zeros == 0
    signed = [math.copysign(float(r), v) for r, v in zip(sizes, d, strict=True)]
    method: Any = "exact" if exact else "asymptotic"
    test = stats.wilcoxon(signed, alternative=alternative, method=method, correction=not exact)
    p = float(test.pvalue)
    centre = Fraction(repr(median))
    walsh = [(every[i] + every[j]) / 2 for i in range(len(every)) for j in range(i + 1)]
    values: dict[str, Any] = {"statistic": w, "p_value": p, "significant": p < alpha}
    values["w_minus"] = Fraction(n * (n + 1), 2) - w
    values |= {"n": len(every), "n_used": n, "estimate": median_of(walsh) + centre}
    values["effect_size"] = 4 * w / (n * (n + 1)) - 1
    if zeros:
        said.append(f"{zeros} zero differences were left out of the ranks.")
    if not exact:
        said.append("p is approximate (ties, zeros or a large sample).")
    if n < LEAST_RANKED:
        said.append(
            f"With {n} values that differ from {median:g} no two-sided p below {2 ** (1 - n):g} is "
            "possible, whatever they are."
        )
    what = f"median of {x.name}" if y is None else f"median difference {x.name} - {y.name}"
    verdict = "differs from" if p < alpha else "shows no evidence of differing from"
    columns = ("n", "n_used", "statistic", "w_minus", "p_value", "estimate")
    return Result(
        values,
        f"The {what} {verdict} {median:g}: W+ = {{statistic}}, p = {{p_value}}, estimate {{estimate}}.",
        (table_of("signed rank test", columns, [[values[c] for c in columns]]),),
        (group_plot("Differences", gaps, reference=0.0),),
        (
            checks.independence("pairs must be independent of each other"),
            Assumption("symmetric differences", None, "without symmetry use the sign test"),
        ),
        tuple(said),
    )


def _verify_sign(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    every = _shifted(arguments)
    above, below = sum(v > 0 for v in every), sum(v < 0 for v in every)
    n = above + below
    chance = [Fraction(math.comb(n, k), 2**n) for k in range(n + 1)]
    p = {
        "two-sided": min(Fraction(1), 2 * sum(chance[: min(above, below) + 1])),
        "less": sum(chance[: above + 1]),
        "greater": sum(chance[above:]),
    }[arguments["alternative"]]
    centre = Fraction(repr(arguments["median"]))
    return {
        "above": above,
        "below": below,
        "equal": len(every) - n,
        "n": len(every),
        "p_value": p,
        "estimate": median_of(every) + centre,
    }


@operation(
    "stats.sign_test",
    outputs={
        "above": "values above the median asked about (or positive differences)",
        "below": "values below",
        "equal": "values equal, left out",
        "n": "number of values or pairs",
        "p_value": "exact p value",
        "significant": "whether p is below alpha",
        "estimate": "sample median (or median difference)",
    },
    reference=BOOK + ", section 3.4",
    verifier=_verify_sign,
    examples=("test = stats.sign_test([4.1, 5.2, 6.3, 4.8, 5.9, 3.1, 7.0], median=4)",),
    terms=("sign test", "test of the median", "how many went up and how many down"),
)
def sign_test(
    x: Annotated[Sample, Param("measurements, or the first measurement of each pair")],
    y: Annotated[Sample | None, Param("second measurement of each pair")] = None,
    median: Annotated[float, Param("median under the null hypothesis")] = 0.0,
    alternative: Sides = "two-sided",
    alpha: Alpha = 0.05,
) -> Result:
    """Test a median, or the median difference of pairs, by counting signs (exact binomial)."""
    given = {"x": x, "y": y, "median": median}
    gaps, zeros, said = _signed(given)
    every = _shifted(given)
    above, below = sum(v > 0 for v in every), sum(v < 0 for v in every)
    p = float(stats.binomtest(above, above + below, 0.5, alternative=alternative).pvalue)
    values: dict[str, Any] = {
        "above": above,
        "below": below,
        "equal": zeros,
        "n": len(every),
        "p_value": p,
    }
    values |= {"significant": p < alpha, "estimate": median_of(every) + Fraction(repr(median))}
    if zeros:
        said.append(f"{zeros} values equal to the median asked about were left out.")
    verdict = "differs from" if p < alpha else "shows no evidence of differing from"
    columns = ("n", "above", "below", "equal", "p_value", "estimate")
    return Result(
        values,
        f"The median {{estimate}} {verdict} {median:g}: {{above}} above, {{below}} below, "
        "exact p = {p_value}.",
        (table_of("sign test", columns, [[values[c] for c in columns]]),),
        (group_plot("Differences", gaps, reference=0.0),),
        (checks.independence(),),
        tuple(said),
    )
