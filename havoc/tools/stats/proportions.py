"""Proportions and rates: one, two, paired (McNemar), Poisson."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

from scipy import stats
from scipy.special import betaincinv

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Result, table_of
from havoc.tools.stats import checks, precise, tails
from havoc.tools.stats.contingency import Alpha
from havoc.tools.stats.precise import ctx, mpf
from havoc.tools.stats.t_tests import Sides

MOST = 100_000_000  # above it the inverse of the beta function loses the tenth digit
Events = Annotated[int, Param("number of events (defectives, successes)", ge=0)]
Size = Annotated[int, Param("number of items", ge=1, le=MOST)]
Level = Annotated[float, Param("confidence level", gt=0, lt=1, fraction=True)]
Interval = Literal["wilson", "exact", "wald", "agresti_coull"]
BOOK = "Brown, Cai and DasGupta (2001), Statistical Science 16, 101-133"


def _share(events: int, n: int) -> None:
    if events > n:
        raise InputError(
            f"{events} events among {n} items cannot be: events must not exceed the items"
        )


def interval_of(events: int, n: int, confidence: float, method: str) -> tuple[float, float]:
    """Confidence interval of a proportion."""
    z, p = float(stats.norm.ppf((1 + confidence) / 2)), events / n
    tail = (1 - confidence) / 2
    if method == "exact":
        low = 0.0 if events == 0 else float(betaincinv(events, n - events + 1, tail))
        high = 1.0 if events == n else float(betaincinv(events + 1, n - events, 1 - tail))
        return low, high
    if method == "agresti_coull":
        n, p = n + z * z, (events + z * z / 2) / (n + z * z)  # type: ignore[assignment]
    if method == "wilson":
        centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    else:
        centre, half = p, z * math.sqrt(p * (1 - p) / n)
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    if method == "wilson":  # its ends at no event and at every item are 0 and 1, rounding or not
        return (0.0 if events == 0 else low), (1.0 if events == n else high)
    return low, high


def interval_again(events: int, n: int, confidence: float, method: str) -> tuple[Any, Any]:
    """Wilson by the roots of its quadratic; exact by binomial tails; the others in 40 digits."""
    z = precise.normal_quantile((1 + mpf(confidence)) / 2)
    tail = (1 - mpf(confidence)) / 2
    p = mpf(events) / n
    if method == "wilson":
        a, b, c = 1 + z**2 / n, -(2 * p + z**2 / n), p**2
        root = ctx.sqrt(b * b - 4 * a * c)
        return (-b - root) / (2 * a), (-b + root) / (2 * a)
    if method == "exact":

        def at_least(k: int, chance: Any) -> Any:
            return tails.binomial(n, chance).at_least(k) if 0 < chance < 1 else mpf(int(chance))

        low, high = mpf(0), mpf(1)
        centre, reach = events / n, 9 / math.sqrt(n)
        start, end = max(0.0, centre - reach), min(1.0, centre + reach)
        if events > 0:
            low = precise.quantile(lambda q: at_least(events, q), tail, start, end)
        if events < n:
            high = precise.quantile(lambda q: at_least(events + 1, q), 1 - tail, start, end)
        return low, high
    size = n + z**2 if method == "agresti_coull" else mpf(n)
    centre = (events + z**2 / 2) / size if method == "agresti_coull" else p
    half = z * ctx.sqrt(centre * (1 - centre) / size)
    return max(mpf(0), centre - half), min(mpf(1), centre + half)


def binomial_p_again(events: int, n: int, null: float, alternative: str) -> Any:
    """By the definition in 40 digits; two-sided adds all counts no more likely than the one seen."""
    return _p_again(tails.binomial(n, Fraction(repr(null))), events, alternative)


def _p_again(count: tails.Count, seen: int, alternative: str) -> Any:
    if alternative == "less":
        return count.at_most(seen)
    if alternative == "greater":
        return count.at_least(seen)
    return count.no_likelier(seen)


def _verify_one(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    events, n, null = arguments["events"], arguments["n"], arguments["null"]
    low, high = interval_again(events, n, arguments["confidence"], arguments["interval"])
    again: dict[str, Any] = {"proportion": Fraction(events, n), "ci_low": low, "ci_high": high}
    again |= {"events": events, "n": n}
    if null is not None:
        q = mpf(Fraction(repr(null)))
        again["statistic"] = (events - n * q) / ctx.sqrt(n * q * (1 - q))
        again["p_value"] = binomial_p_again(events, n, null, arguments["alternative"])
    return again


@operation(
    "stats.proportion_one",
    outputs={
        "proportion": "events over items",
        "ci_low": "lower confidence limit",
        "ci_high": "upper confidence limit",
        "statistic": "z of the normal approximation, when a null proportion is given",
        "p_value": "exact binomial p value, when a null proportion is given",
        "significant": "whether p is below alpha",
        "events": "number of events",
        "n": "number of items",
    },
    reference=BOOK,
    verifier=_verify_one,
    examples=(
        "p = stats.proportion_one(events=7, n=120)",
        "p = stats.proportion_one(events=14, n=120, null=0.05, interval=exact)",
    ),
    terms=(
        "proportion with confidence interval",
        "Wilson interval",
        "Clopper-Pearson",
        "binomial test",
    ),
)
def proportion_one(
    events: Events,
    n: Size,
    null: Annotated[
        float | None, Param("proportion to test against", gt=0, lt=1, fraction=True)
    ] = None,
    alternative: Sides = "two-sided",
    interval: Annotated[
        Interval, Param("wilson, exact (Clopper-Pearson), wald or agresti_coull")
    ] = "wilson",
    confidence: Level = 0.95,
    alpha: Alpha = 0.05,
) -> Result:
    """Estimate a proportion with its confidence interval, and test it against a value (exact).

    The test is the exact binomial one; its two-sided p adds all counts no more likely than the one
    seen.
    """
    _share(events, n)
    low, high = interval_of(events, n, confidence, interval)
    values: dict[str, Any] = {"proportion": events / n, "ci_low": low, "ci_high": high}
    values |= {"events": events, "n": n}
    conclusion = "The proportion is {proportion}, with confidence limits {ci_low} and {ci_high}"
    said = []
    if null is not None:
        p = float(stats.binomtest(events, n, null, alternative=alternative).pvalue)
        z = (events - n * null) / math.sqrt(n * null * (1 - null))
        values |= {"statistic": z, "p_value": p, "significant": p < alpha}
        verb = "differs from" if p < alpha else "shows no evidence of differing from"
        conclusion += f"; it {verb} {null:g} (exact p = {{p_value}})"
    if interval == "wald" and min(events, n - events) < 10:
        said.append("The Wald interval is poor with so few events; wilson or exact is better.")
    columns = ("events", "n", "proportion", "ci_low", "ci_high")
    return Result(
        values,
        conclusion + ".",
        (table_of("proportion", columns, [[values[c] for c in columns]]),),
        assumptions=(checks.independence("items must fail independently with one probability"),),
        warnings=tuple(said),
    )


def _verify_two(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    x1, n1, x2, n2 = (arguments[k] for k in ("events_1", "n_1", "events_2", "n_2"))
    p1, p2 = Fraction(x1, n1), Fraction(x2, n2)
    # z^2 is the chi-square of the 2 by 2 table
    total, events = n1 + n2, x1 + x2
    determinant = x1 * (n2 - x2) - x2 * (n1 - x1)
    chi2 = Fraction(total * determinant**2, n1 * n2 * events * (total - events))
    z = ctx.sign(determinant) * precise.sqrt(chi2)
    confidence = arguments["confidence"]
    low1, high1 = interval_again(x1, n1, confidence, "wilson")
    low2, high2 = interval_again(x2, n2, confidence, "wilson")
    d = mpf(p1 - p2)
    return {
        "proportion_1": p1,
        "proportion_2": p2,
        "difference": p1 - p2,
        "statistic": z,
        "p_value": precise.p_value(z, precise.normal_cdf, arguments["alternative"]),
        "ci_low": d - ctx.sqrt((mpf(p1) - low1) ** 2 + (high2 - mpf(p2)) ** 2),
        "ci_high": d + ctx.sqrt((high1 - mpf(p1)) ** 2 + (mpf(p2) - low2) ** 2),
        "relative_risk": p1 / p2 if p2 else None,
        "odds_ratio": Fraction(x1 * (n2 - x2), x2 * (n1 - x1)) if x2 * (n1 - x1) else None,
    }


@operation(
    "stats.proportion_two",
    outputs={
        "proportion_1": "first proportion",
        "proportion_2": "second proportion",
        "difference": "first minus second",
        "statistic": "z with the pooled proportion",
        "p_value": "p value",
        "significant": "whether p is below alpha",
        "ci_low": "lower confidence limit of the difference (Newcombe)",
        "ci_high": "upper confidence limit of the difference (Newcombe)",
        "relative_risk": "first proportion over second (none when the second is 0)",
        "odds_ratio": "odds ratio (none when undefined)",
    },
    reference="Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; Fleiss (1981)",
    verifier=_verify_two,
    examples=("test = stats.proportion_two(events_1=24, n_1=400, events_2=11, n_2=380)",),
    terms=("two-proportion z test", "compare two defect rates", "difference of proportions"),
)
def proportion_two(
    events_1: Events,
    n_1: Size,
    events_2: Events,
    n_2: Size,
    alternative: Sides = "two-sided",
    confidence: Level = 0.95,
    alpha: Alpha = 0.05,
) -> Result:
    """Compare two proportions: z test, and Newcombe's interval of the difference.

    z² is Pearson's chi-square of the 2 by 2 table, without continuity correction.
    """
    _share(events_1, n_1)
    _share(events_2, n_2)
    p1, p2, pooled = events_1 / n_1, events_2 / n_2, (events_1 + events_2) / (n_1 + n_2)
    if pooled in (0, 1):
        raise InputError("no item (or every item) shows the event: there is nothing to compare")
    z = (p1 - p2) / math.sqrt(pooled * (1 - pooled) * (1 / n_1 + 1 / n_2))
    tails = {"two-sided": 2 * stats.norm.sf(abs(z)), "less": stats.norm.cdf(z)}
    p = float(tails.get(alternative, stats.norm.sf(z)))
    low1, high1 = interval_of(events_1, n_1, confidence, "wilson")
    low2, high2 = interval_of(events_2, n_2, confidence, "wilson")
    values: dict[str, Any] = {"proportion_1": p1, "proportion_2": p2, "difference": p1 - p2}
    values |= {"statistic": z, "p_value": p, "significant": p < alpha}
    values["ci_low"] = p1 - p2 - math.hypot(p1 - low1, high2 - p2)
    values["ci_high"] = p1 - p2 + math.hypot(high1 - p1, p2 - low2)
    values["relative_risk"] = p1 / p2 if events_2 else None
    cross = events_2 * (n_1 - events_1)
    values["odds_ratio"] = events_1 * (n_2 - events_2) / cross if cross else None
    said = []
    smallest = min(pooled, 1 - pooled) * min(n_1, n_2)
    if smallest < 5:
        said.append("Fewer than 5 events are expected in a group: use stats.fisher_exact instead.")
    rows = [["group 1", events_1, n_1, p1], ["group 2", events_2, n_2, p2]]
    verdict = "differ" if p < alpha else "show no evidence of a difference"
    return Result(
        values,
        f"The proportions {{proportion_1}} and {{proportion_2}} {verdict} (z = {{statistic}}, "
        "p = {p_value}); the difference is {difference}, between {ci_low} and {ci_high}.",
        (table_of("proportions", ("group", "events", "n", "proportion"), rows),),
        assumptions=(checks.independence("items must fail independently with one probability"),),
        warnings=tuple(said),
    )


def _verify_mcnemar(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    b, c = arguments["b"], arguments["c"]
    n = b + c
    tail = tails.binomial(n, Fraction(1, 2)).at_most(min(b, c))
    chi2 = Fraction((b - c) ** 2, n)
    corrected = Fraction(max(0, abs(b - c) - 1) ** 2, n)
    return {
        "p_value": min(mpf(1), 2 * tail),
        "statistic": chi2,
        "p_chi_square": 1 - precise.chi2_cdf(mpf(chi2), 1),
        "statistic_corrected": corrected,
        "p_corrected": 1 - precise.chi2_cdf(mpf(corrected), 1),
        "discordant": n,
    }


@operation(
    "stats.mcnemar",
    outputs={
        "p_value": "exact p value",
        "significant": "whether p is below alpha",
        "statistic": "chi-square without correction",
        "p_chi_square": "its p value",
        "statistic_corrected": "chi-square with continuity correction",
        "p_corrected": "its p value",
        "discordant": "number of pairs that disagree",
    },
    reference="Agresti (2013), Categorical Data Analysis, 3rd ed., section 11.1",
    verifier=_verify_mcnemar,
    examples=("test = stats.mcnemar(b=15, c=5)",),
    terms=("McNemar test", "paired proportions", "before and after pass or fail"),
)
def mcnemar(
    b: Annotated[int, Param("pairs that changed one way (yes then no)", ge=0)],
    c: Annotated[int, Param("pairs that changed the other way (no then yes)", ge=0)],
    alpha: Alpha = 0.05,
) -> Result:
    """Compare paired yes/no outcomes from the two counts of pairs that disagree (McNemar)."""
    n = b + c
    if n == 0:
        raise InputError("no pair disagrees: there is nothing to test")
    p = float(stats.binomtest(b, n, 0.5).pvalue)
    chi2, corrected = (b - c) ** 2 / n, max(0, abs(b - c) - 1) ** 2 / n
    values: dict[str, Any] = {"p_value": p, "significant": p < alpha, "discordant": n}
    values |= {"statistic": chi2, "p_chi_square": float(stats.chi2.sf(chi2, 1))}
    values |= {
        "statistic_corrected": corrected,
        "p_corrected": float(stats.chi2.sf(corrected, 1)),
    }
    verdict = "differ" if p < alpha else "show no evidence of a difference"
    columns = ("discordant", "statistic", "p_chi_square", "p_value")
    return Result(
        values,
        f"The paired proportions {verdict}: exact p = {{p_value}} over {{discordant}} pairs that disagree.",
        (table_of("McNemar test", columns, [[values[k] for k in columns]]),),
        assumptions=(checks.independence("pairs must be independent of each other"),),
    )


def rate_interval_again(events: int, exposure: Any, confidence: float) -> tuple[Any, Any]:
    """Exact limits from Poisson tails."""
    tail = (1 - mpf(confidence)) / 2

    def at_least(k: int, mean: Any) -> Any:
        return tails.poisson(mean).at_least(k) if mean > 0 else mpf(0)

    low, reach = mpf(0), 9 * math.sqrt(events)
    start, end = max(0.0, events - reach), events + reach + 1
    if events:
        low = precise.quantile(lambda m: at_least(events, m), tail, start, end)
    high = precise.quantile(lambda m: at_least(events + 1, m), 1 - tail, start, end)
    return low / exposure, high / exposure


def rate_interval(events: int, exposure: float, confidence: float) -> tuple[float, float]:
    """Garwood's exact limits by chi-square quantiles."""
    tail = (1 - confidence) / 2
    low = float(stats.chi2.ppf(tail, 2 * events)) / 2 if events else 0.0
    return low / exposure, float(stats.chi2.isf(tail, 2 * events + 2)) / 2 / exposure


def poisson_two_sided(events: int, mean: float) -> float:
    """The probability of all counts no more likely than the one seen (as R's poisson.test)."""
    bound = float(stats.poisson.pmf(events, mean)) * (1 + 1e-7)
    mode = int(mean)
    if stats.poisson.pmf(mode, mean) <= bound:
        return 1.0
    within = lambda k: stats.poisson.pmf(k, mean) <= bound  # noqa: E731
    below = _first(lambda i: within(mode - i), mode + 1)  # steps down from the mode
    above = _first(lambda i: within(mode + i), None)
    return float(stats.poisson.cdf(mode - below, mean) + stats.poisson.sf(mode + above - 1, mean))


def _first(holds: Callable[[int], bool], most: int | None) -> int:
    """The first count above 0 for which ``holds`` is true from there on; ``most`` where it never is."""
    low, high = 0, 1
    while (most is None or high < most) and not holds(high):
        low, high = high, 2 * high
    if most is not None and high >= most:
        high = most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _verify_rate(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    events, exposure = arguments["events"], mpf(Fraction(repr(arguments["exposure"])))
    low, high = rate_interval_again(events, exposure, arguments["confidence"])
    again: dict[str, Any] = {"rate": events / exposure, "ci_low": low, "ci_high": high}
    if arguments["null"] is None:
        return again
    mean = mpf(Fraction(repr(arguments["null"]))) * exposure
    return again | {"p_value": _p_again(tails.poisson(mean), events, arguments["alternative"])}


@operation(
    "stats.poisson_rate_one",
    outputs={
        "rate": "events per unit of exposure",
        "ci_low": "lower exact confidence limit",
        "ci_high": "upper exact confidence limit",
        "p_value": "exact p value, when a null rate is given",
        "significant": "whether p is below alpha",
    },
    reference="Garwood (1936), Biometrika 28, 437-442",
    verifier=_verify_rate,
    examples=(
        "r = stats.poisson_rate_one(events=14, exposure=20)",
        "r = stats.poisson_rate_one(events=14, exposure=20, null=0.4)",
    ),
    terms=("Poisson rate with confidence interval", "defects per unit", "test of a rate"),
)
def poisson_rate_one(
    events: Annotated[int, Param("number of events counted", ge=0, le=MOST)],
    exposure: Annotated[float, Param("units, time or area observed", gt=0)] = 1.0,
    null: Annotated[float | None, Param("rate to test against", gt=0)] = None,
    alternative: Sides = "two-sided",
    confidence: Level = 0.95,
    alpha: Alpha = 0.05,
) -> Result:
    """Estimate a rate of events with exact limits (Poisson), and test it against a value."""
    low, high = rate_interval(events, exposure, confidence)
    values: dict[str, Any] = {"rate": events / exposure, "ci_low": low, "ci_high": high}
    conclusion = "The rate is {rate}, with exact confidence limits {ci_low} and {ci_high}"
    if null is not None:
        mean = null * exposure
        p = {
            "less": float(stats.poisson.cdf(events, mean)),
            "greater": float(stats.poisson.sf(events - 1, mean)),
        }.get(alternative)
        if p is None:
            p = poisson_two_sided(events, mean)
        values |= {"p_value": p, "significant": p < alpha}
        verb = "differs from" if p < alpha else "shows no evidence of differing from"
        conclusion += f"; it {verb} {null:g} (exact p = {{p_value}})"
    columns = ("rate", "ci_low", "ci_high")
    return Result(
        values,
        conclusion + ".",
        (table_of("rate", columns, [[values[c] for c in columns]]),),
        assumptions=(checks.independence("events must come at random, at one constant rate"),),
    )


def _verify_rates(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    x1, x2 = arguments["events_1"], arguments["events_2"]
    e1, e2 = (Fraction(repr(arguments[f"exposure_{i}"])) for i in (1, 2))
    n, share = x1 + x2, float(e1 / (e1 + e2))
    p = binomial_p_again(x1, n, share, arguments["alternative"])
    low, high = interval_again(x1, n, arguments["confidence"], "exact")
    scale = mpf(e2 / e1)
    return {
        "rate_1": x1 / e1,
        "rate_2": x2 / e2,
        "difference": x1 / e1 - x2 / e2,
        "ratio": (x1 / e1) / (x2 / e2) if x2 else None,
        "p_value": p,
        "ci_low": scale * low / (1 - low),
        "ci_high": scale * high / (1 - high) if x2 else None,
    }


@operation(
    "stats.poisson_rate_two",
    outputs={
        "rate_1": "first rate",
        "rate_2": "second rate",
        "difference": "first rate minus second",
        "ratio": "first rate over second (none when the second is 0)",
        "p_value": "exact conditional p value",
        "significant": "whether p is below alpha",
        "ci_low": "lower exact confidence limit of the ratio",
        "ci_high": "upper exact confidence limit of the ratio (none when unbounded)",
    },
    reference="Przyborowski and Wilenski (1940), Biometrika 31, 313-323",
    verifier=_verify_rates,
    examples=(
        "test = stats.poisson_rate_two(events_1=14, events_2=30, exposure_1=20, exposure_2=25)",
    ),
    terms=("compare two Poisson rates", "compare two defect counts", "rate ratio"),
)
def poisson_rate_two(
    events_1: Annotated[int, Param("events of the first", ge=0, le=MOST)],
    events_2: Annotated[int, Param("events of the second", ge=0, le=MOST)],
    exposure_1: Annotated[float, Param("units, time or area of the first", gt=0)] = 1.0,
    exposure_2: Annotated[float, Param("units, time or area of the second", gt=0)] = 1.0,
    alternative: Sides = "two-sided",
    confidence: Level = 0.95,
    alpha: Alpha = 0.05,
) -> Result:
    """Compare two rates of events exactly (Poisson): given their sum, one count is binomial."""
    n = events_1 + events_2
    if n == 0:
        raise InputError("no events at all: there is nothing to compare")
    share = exposure_1 / (exposure_1 + exposure_2)
    p = float(stats.binomtest(events_1, n, share, alternative=alternative).pvalue)
    low, high = interval_of(events_1, n, confidence, "exact")
    r1, r2 = events_1 / exposure_1, events_2 / exposure_2
    values: dict[str, Any] = {"rate_1": r1, "rate_2": r2, "difference": r1 - r2}
    values |= {"ratio": r1 / r2 if events_2 else None, "p_value": p, "significant": p < alpha}
    values["ci_low"] = exposure_2 / exposure_1 * low / (1 - low)
    values["ci_high"] = exposure_2 / exposure_1 * high / (1 - high) if events_2 else None
    verdict = "differ" if p < alpha else "show no evidence of a difference"
    rows = [["1", events_1, exposure_1, r1], ["2", events_2, exposure_2, r2]]
    return Result(
        values,
        f"The rates {{rate_1}} and {{rate_2}} {verdict} (exact p = {{p_value}}).",
        (table_of("rates", ("group", "events", "exposure", "rate"), rows),),
        assumptions=(checks.independence("events must come at random, at constant rates"),),
    )
