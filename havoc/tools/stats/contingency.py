"""Counts: independence in a table, goodness of fit, Fisher's exact test."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
from scipy import stats
from scipy.stats import contingency

from havoc.errors import InputError, NeedsClarification
from havoc.tools.operation import Param, operation
from havoc.tools.result import Assumption, Figure, Result, table_of
from havoc.tools.stats import checks, precise
from havoc.tools.values import Labels, Sample, Table, complete_cases

Alpha = Annotated[float, Param("significance level", gt=0, lt=1, fraction=True)]

MOST_COUNTED = 1e9  # beyond, no float64 tells the observed from the expected


def counts_of(sample: Sample) -> list[int]:
    """Whole numbers, zero or more."""
    if sample.n_missing:
        raise InputError(f"'{sample.name}' has an empty cell; write 0 where nothing was counted")
    for text, exact in zip(sample.texts, sample.exact, strict=True):
        if exact < 0 or exact.denominator != 1:
            raise InputError(f"'{sample.name}' holds {text}, which is not a count (0, 1, 2 ...)")
        if exact > MOST_COUNTED:
            raise InputError(
                f"'{sample.name}' holds {text}: counts above {MOST_COUNTED:g} are refused"
            )
    return [int(v) for v in sample.exact]


def cross_counts(
    counts: Table | None, rows: Labels | None, columns: Labels | None
) -> tuple[list[list[int]], list[str], list[str]]:
    """The counts and the names of rows and columns, from a table of counts or two label columns."""
    if counts is not None and rows is None and columns is None:
        numeric = counts.samples()
        words = [c for c in counts.columns if isinstance(c, Labels)]
        if not numeric:
            raise InputError(f"table '{counts.name}' has no column of counts")
        if len(words) > 1:
            raise InputError(
                "a table of counts has at most one column of names; for raw data give rows= "
                "and columns="
            )
        matrix = [list(r) for r in zip(*(counts_of(c) for c in numeric), strict=True)]
        names = words[0].items if words else [f"row {i}" for i in range(1, len(matrix) + 1)]
        return matrix, [str(v) for v in names], [c.name for c in numeric]
    if counts is not None:
        raise InputError("give either a table of counts, or rows= and columns=, not both")
    if rows is None or columns is None:
        raise NeedsClarification(
            "which table of counts, or which two columns (rows and columns), shall be tested?"
        )
    (a, b), _ = complete_cases(rows, columns)
    assert isinstance(a, Labels)
    assert isinstance(b, Labels)
    pairs = list(zip(a.items, b.items, strict=True))
    matrix = [[pairs.count((r, c)) for c in b.levels] for r in a.levels]
    return matrix, list(a.levels), list(b.levels)


def small_expected(expected: Sequence[float]) -> Assumption:
    """Cochran's rule: no expected count below 1, at most a fifth below 5."""
    low = sum(e < 5 for e in expected)
    met = min(expected) >= 1 and low <= 0.2 * len(expected)
    detail = (
        f"{low} of {len(expected)} expected counts are below 5, the smallest is {min(expected):.3g}"
    )
    return Assumption("expected counts large enough for chi-square", met, detail)


def _verify_independence(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    matrix, _, _ = cross_counts(arguments["counts"], arguments["rows"], arguments["columns"])
    row, column = [sum(r) for r in matrix], [sum(c) for c in zip(*matrix, strict=True)]
    n, log = sum(row), precise.ctx.log
    # chi-square = n (sum O^2 / (R C) - 1): another form than the sum over (O - E)^2 / E
    chi2 = n * (
        sum(
            Fraction(o * o, row[i] * column[j])
            for i, r in enumerate(matrix)
            for j, o in enumerate(r)
        )
        - 1
    )
    df = (len(row) - 1) * (len(column) - 1)
    entropy = sum(o * log(o) for r in matrix for o in r if o) + n * log(n)
    g = 2 * (entropy - sum(v * log(v) for v in row) - sum(v * log(v) for v in column))
    expected = [[Fraction(r * c, n) for c in column] for r in row]
    return {
        "statistic": chi2,
        "df": df,
        "p_value": 1 - precise.chi2_cdf(precise.mpf(chi2), df),
        "likelihood_ratio": g,
        "likelihood_ratio_p": 1 - precise.chi2_cdf(g, df),
        "n": n,
        "expected": expected,
        "min_expected": min(min(r) for r in expected),
        "cramers_v": precise.sqrt(chi2 / (n * min(len(row) - 1, len(column) - 1))),
        **(_two_by_two_again(matrix) if len(row) == len(column) == 2 else {}),
    }


def _two_by_two_again(matrix: Sequence[Sequence[int]]) -> dict[str, Any]:
    """Yates's correction by n (|ad - bc| - n/2)² over the product of the four sums."""
    (a, b), (c, d) = matrix
    n = a + b + c + d
    short = max(Fraction(0), abs(a * d - b * c) - Fraction(n, 2))
    corrected = n * short**2 / ((a + b) * (c + d) * (a + c) * (b + d))
    return {
        "statistic_corrected": corrected,
        "p_corrected": 1 - precise.chi2_cdf(precise.mpf(corrected), 1),
        "odds_ratio": Fraction(a * d, b * c) if b * c else None,
        "relative_risk": Fraction(a * (c + d), c * (a + b)) if c else None,
    }


@operation(
    "stats.chi_square_independence",
    outputs={
        "statistic": "Pearson's chi-square",
        "df": "degrees of freedom",
        "p_value": "p value",
        "significant": "whether p is below alpha",
        "likelihood_ratio": "likelihood-ratio chi-square G",
        "likelihood_ratio_p": "p value of G",
        "n": "total count",
        "expected": "expected counts, row by row",
        "min_expected": "smallest expected count",
        "cramers_v": "Cramér's V",
        "statistic_corrected": "chi-square with Yates's continuity correction (2 by 2)",
        "p_corrected": "its p value",
        "odds_ratio": "odds of the first column in row 1 over those in row 2 (2 by 2)",
        "relative_risk": "share of the first column in row 1 over that in row 2 (2 by 2)",
    },
    reference="Agresti (2013), Categorical Data Analysis, 3rd ed., section 3.2",
    verifier=_verify_independence,
    examples=("test = stats.chi_square_independence([[42, 18, 10], [35, 27, 8], [28, 15, 17]])",),
    terms=(
        "chi-square test of independence",
        "contingency table",
        "association of two categorical variables",
        "homogeneity",
    ),
)
def chi_square_independence(
    counts: Annotated[
        Table | None, Param("table of counts; a column of words names its rows")
    ] = None,
    rows: Annotated[Labels | None, Param("raw data: the column whose values become rows")] = None,
    columns: Annotated[
        Labels | None, Param("raw data: the column whose values become columns")
    ] = None,
    alpha: Alpha = 0.05,
) -> Result:
    """Test whether rows and columns of a table of counts are independent (Pearson's chi-square).

    Takes the table of counts, or two columns of raw labels. The verdict is without continuity correction; of a 2 by 2
    table the corrected test is told beside it.
    """
    matrix, row_names, column_names = cross_counts(counts, rows, columns)
    if min(len(row_names), len(column_names)) < 2:
        raise InputError(
            f"independence needs at least 2 rows and 2 columns; this table is "
            f"{len(row_names)} by {len(column_names)}"
        )
    observed = np.array(matrix, dtype=float)
    for names, sums in ((row_names, observed.sum(1)), (column_names, observed.sum(0))):
        if not sums.all():
            raise InputError(f"'{names[int(np.argmin(sums))]}' has no counts at all: leave it out")
    test = stats.chi2_contingency(observed, correction=False)
    g = stats.chi2_contingency(observed, correction=False, lambda_="log-likelihood")
    n, expected = observed.sum(), test.expected_freq
    p = float(test.pvalue)
    values: dict[str, Any] = {
        "statistic": test.statistic,
        "df": test.dof,
        "p_value": p,
        "significant": p < alpha,
        "likelihood_ratio": g.statistic,
        "likelihood_ratio_p": g.pvalue,
        "n": int(n),
        "expected": expected,
        "min_expected": expected.min(),
        "cramers_v": math.sqrt(test.statistic / (n * (min(observed.shape) - 1))),
    }
    if observed.shape == (2, 2):
        corrected = stats.chi2_contingency(observed, correction=True)
        (a, b), (c, d) = observed.tolist()
        values |= {
            "statistic_corrected": corrected.statistic,
            "p_corrected": corrected.pvalue,
            "odds_ratio": a * d / (b * c) if b * c else None,
            "relative_risk": a * (c + d) / (c * (a + b)) if c else None,
        }
    share = np.outer(1 - observed.sum(1) / n, 1 - observed.sum(0) / n)
    residuals = (observed - expected) / np.sqrt(expected * share)
    enough = small_expected(expected.ravel().tolist())
    said = []
    if not enough.met:
        said.append(
            "Some expected counts are small: confirm with Fisher's exact test (2 by 2) or "
            "join categories."
        )
    header = ("row", *column_names)
    tables = tuple(
        table_of(
            name, header, [[r, *cells] for r, cells in zip(row_names, block.tolist(), strict=True)]
        )
        for name, block in (
            ("observed", observed),
            ("expected counts", expected),
            ("adjusted residuals", residuals),
        )
    )
    figure = Figure(
        "mosaic", "Observed counts", {"rows": row_names, "columns": column_names, "counts": matrix}
    )
    verdict = (
        "Rows and columns are associated"
        if p < alpha
        else "There is no evidence against independence"
    )
    return Result(
        values,
        f"{verdict} (chi-square {{statistic}} with {{df}} degrees of freedom, p = {{p_value}}; "
        f"Cramér's V {{cramers_v}}).",
        tables,
        (figure,),
        (enough, checks.independence("each item must be counted in one cell only")),
        tuple(said),
    )


def _expected_fractions(
    observed: Sample, expected: Sample | None, proportions: Sample | None
) -> list[Fraction]:
    counts = counts_of(observed)
    n = sum(counts)
    if expected is not None and proportions is not None:
        raise InputError("give expected counts or proportions, not both")
    given = expected if expected is not None else proportions
    if given is None:
        return [Fraction(n, len(counts))] * len(counts)
    if len(given) != len(counts):
        raise InputError(
            f"there are {len(counts)} observed counts but {len(given)} expected values"
        )
    weights: list[Fraction] = list(given.exact)
    if min(weights) <= 0:
        raise InputError("expected values must be above 0")
    if expected is not None and abs(sum(weights, Fraction(0)) - n) > Fraction(n, 1000):
        raise InputError(
            f"the expected counts add up to {float(sum(weights)):g}, the observed to {n}; "
            "give proportions= if ratios are meant"
        )
    return [n * w / sum(weights) for w in weights]


def _verify_fit(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    observed = counts_of(arguments["observed"])
    expected = _expected_fractions(
        arguments["observed"], arguments["expected"], arguments["proportions"]
    )
    chi2 = sum(Fraction(o * o) / e for o, e in zip(observed, expected, strict=True)) - sum(observed)
    df = len(observed) - 1 - arguments["estimated"]
    return {
        "statistic": chi2,
        "df": df,
        "p_value": 1 - precise.chi2_cdf(precise.mpf(chi2), df),
        "n": sum(observed),
        "expected": expected,
        "min_expected": min(expected),
    }


@operation(
    "stats.chi_square_fit",
    outputs={
        "statistic": "chi-square",
        "df": "degrees of freedom",
        "p_value": "p value",
        "significant": "whether p is below alpha",
        "n": "total count",
        "expected": "expected counts",
        "min_expected": "smallest expected count",
    },
    reference="Agresti (2013), Categorical Data Analysis, 3rd ed., section 1.5",
    verifier=_verify_fit,
    examples=(
        "test = stats.chi_square_fit([22, 17, 20, 26, 22, 13])",
        "test = stats.chi_square_fit([315, 108, 101, 32], proportions=[9, 3, 3, 1])",
    ),
    terms=("chi-square goodness of fit", "are counts equal", "observed against expected counts"),
)
def chi_square_fit(
    observed: Annotated[Sample, Param("observed counts", min_length=2)],
    expected: Annotated[Sample | None, Param("expected counts; equal if not given")] = None,
    proportions: Annotated[
        Sample | None, Param("expected proportions or ratios, such as 9 3 3 1")
    ] = None,
    estimated: Annotated[
        int, Param("parameters estimated from the data, taken off the degrees of freedom", ge=0)
    ] = 0,
    alpha: Alpha = 0.05,
) -> Result:
    """Test whether counts follow expected counts or proportions (equal shares if none given)."""
    counts = counts_of(observed)
    if sum(counts) == 0:
        raise InputError("all counts are zero")
    e = np.array([float(v) for v in _expected_fractions(observed, expected, proportions)])
    df = len(counts) - 1 - estimated
    if df < 1:
        raise InputError(
            f"{len(counts)} categories and {estimated} estimated parameters leave no degree of "
            f"freedom"
        )
    o = np.array(counts, dtype=float)
    chi2 = float(np.sum((o - e) ** 2 / e))
    p = float(stats.chi2.sf(chi2, df))
    values: dict[str, Any] = {
        "statistic": chi2,
        "df": df,
        "p_value": p,
        "significant": p < alpha,
        "n": sum(counts),
    }
    values |= {"expected": e, "min_expected": e.min()}
    enough = small_expected(e.tolist())
    said = () if enough.met else ("Some expected counts are small: join neighbouring categories.",)
    rows = [
        [i + 1, a, b, (a - b) ** 2 / b]
        for i, (a, b) in enumerate(zip(counts, e.tolist(), strict=True))
    ]
    verdict = (
        "The counts depart from what was expected"
        if p < alpha
        else "The counts agree with what was expected"
    )
    return Result(
        values,
        f"{verdict} (chi-square {{statistic}} with {{df}} degrees of freedom, p = {{p_value}}).",
        (table_of("counts", ("category", "observed", "expected", "contribution"), rows),),
        (
            Figure(
                "bars", "Observed and expected counts", {"observed": counts, "expected": e.tolist()}
            ),
        ),
        (enough, checks.independence("each item must be counted in one category only")),
        said,
    )


def _tail(a: int, r1: int, r2: int, c1: int, odds: Any, upper: bool) -> Any:
    """P(X >= a) or P(X <= a) of Fisher's noncentral hypergeometric distribution, by enumeration."""
    support = range(max(0, c1 - r2), min(r1, c1) + 1)
    weights = {k: math.comb(r1, k) * math.comb(r2, c1 - k) * odds**k for k in support}
    return sum(w for k, w in weights.items() if (k >= a if upper else k <= a)) / sum(
        weights.values()
    )


def _odds_bound(a: int, r1: int, r2: int, c1: int, p: Any, upper_tail: bool) -> Any:
    """The odds ratio at which the tail has probability p (None where there is none)."""
    if a == (max(0, c1 - r2) if upper_tail else min(r1, c1)):
        return precise.mpf(0) if upper_tail else None
    sign = 1 if upper_tail else -1
    log_odds = precise.quantile(
        lambda t: _tail(a, r1, r2, c1, precise.ctx.exp(sign * t), upper_tail), p
    )
    return precise.ctx.exp(sign * log_odds)


def _verify_fisher(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    a, b, c, d = (arguments[k] for k in "abcd")
    r1, r2, c1 = a + b, c + d, a + c
    support = range(max(0, c1 - r2), min(r1, c1) + 1)
    total = math.comb(r1 + r2, c1)
    chance = {k: Fraction(math.comb(r1, k) * math.comb(r2, c1 - k), total) for k in support}
    p = {
        "two-sided": sum(v for v in chance.values() if v <= chance[a]),
        "less": sum(v for k, v in chance.items() if k <= a),
        "greater": sum(v for k, v in chance.items() if k >= a),
    }[arguments["alternative"]]
    tail = (1 - precise.mpf(arguments["confidence"])) / 2
    return {
        "p_value": p,
        "odds_ratio": Fraction(a * d, b * c) if b * c else None,
        "ci_low": _odds_bound(a, r1, r2, c1, tail, True),
        "ci_high": _odds_bound(a, r1, r2, c1, tail, False),
        "proportion_1": Fraction(a, r1),
        "proportion_2": Fraction(c, r2),
        "difference": Fraction(a, r1) - Fraction(c, r2),
    }


@operation(
    "stats.fisher_exact",
    outputs={
        "p_value": "exact p value",
        "significant": "whether p is below alpha",
        "odds_ratio": "sample odds ratio ad/bc (none when b or c is 0)",
        "ci_low": "lower exact confidence limit of the odds ratio",
        "ci_high": "upper exact confidence limit of the odds ratio (none when unbounded)",
        "proportion_1": "a / (a + b)",
        "proportion_2": "c / (c + d)",
        "difference": "proportion_1 minus proportion_2",
    },
    reference="Agresti (2013), Categorical Data Analysis, 3rd ed., sections 3.5 and 16.6",
    verifier=_verify_fisher,
    examples=("test = stats.fisher_exact(a=1, b=9, c=7, d=4)",),
    terms=("Fisher exact test", "2x2 table", "small counts", "compare two fail and pass counts"),
)
def fisher_exact(
    a: Annotated[int, Param("count in group 1, outcome 1 (such as fail)", ge=0)],
    b: Annotated[int, Param("count in group 1, outcome 2 (such as pass)", ge=0)],
    c: Annotated[int, Param("count in group 2, outcome 1", ge=0)],
    d: Annotated[int, Param("count in group 2, outcome 2", ge=0)],
    alternative: Annotated[
        Literal["two-sided", "less", "greater"],
        Param("is the odds ratio not 1, below 1 or above 1"),
    ] = "two-sided",
    alpha: Alpha = 0.05,
    confidence: Annotated[
        float, Param("confidence level of the odds ratio's interval", gt=0, lt=1, fraction=True)
    ] = 0.95,
) -> Result:
    """Test association in a 2 by 2 table exactly (Fisher), from its four counts.

    The two-sided p adds the probabilities of all tables no more likely than the one seen, as R
    does. The interval of the odds ratio is the exact conditional one.
    """
    table = np.array([[a, b], [c, d]])
    if 0 in table.sum(0) or 0 in table.sum(1):
        raise InputError(
            "a row or column of the 2 by 2 table is all zero: there is nothing to compare"
        )
    if table.sum() > 100_000:
        raise InputError("with more than 100000 counts use stats.chi_square_independence")
    p = float(stats.fisher_exact(table, alternative).pvalue)
    interval = contingency.odds_ratio(table).confidence_interval(confidence)
    values = {
        "p_value": p,
        "significant": p < alpha,
        "odds_ratio": a * d / (b * c) if b * c else None,
        "ci_low": interval.low,
        "ci_high": interval.high if math.isfinite(interval.high) else None,
        "proportion_1": a / (a + b),
        "proportion_2": c / (c + d),
        "difference": a / (a + b) - c / (c + d),
    }
    said = (
        []
        if b * c
        else ["A zero count makes the odds ratio infinite; only its lower limit is given."]
    )
    verdict = (
        "The two groups differ" if p < alpha else "There is no evidence that the two groups differ"
    )
    rows = [["group 1", a, b, a / (a + b)], ["group 2", c, d, c / (c + d)]]
    return Result(
        values,
        f"{verdict}: proportions {{proportion_1}} and {{proportion_2}} (exact p = {{p_value}}).",
        (table_of("counts", ("group", "outcome 1", "outcome 2", "proportion"), rows),),
        assumptions=(checks.independence("each item must be counted in one cell only"),),
        warnings=tuple(said),
    )
