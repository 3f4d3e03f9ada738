"""Power and sample size for proportions, correlation and counts; sample size for a margin."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

from scipy import stats

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Result, table_of
from havoc.tools.stats import power_functions as pf
from havoc.tools.stats import precise
from havoc.tools.stats.power import OUTPUTS, REFERENCE, Alpha, Sides, Wanted, answer

Proportion = Annotated[float, Param("proportion", gt=0, lt=1, fraction=True)]
Method = Annotated[
    Literal["normal", "arcsine"],
    Param(
        "normal: pooled normal approximation (R power.prop.test, Minitab); arcsine: Cohen's h "
        "(R pwr)"
    ),
]


def _differ(a: float, b: float) -> None:
    if a == b:
        raise InputError(f"both proportions are {a:g}: there is no difference to detect")


def cohen_h(p1: float, p2: float) -> float:
    return 2 * math.asin(math.sqrt(p1)) - 2 * math.asin(math.sqrt(p2))


def _h_again(p1: float, p2: float) -> Any:
    c, a, b = precise.ctx, precise.mpf(p1), precise.mpf(p2)
    return 2 * (c.atan2(c.sqrt(a), c.sqrt(1 - a)) - c.atan2(c.sqrt(b), c.sqrt(1 - b)))


def _verify_two(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    p1, p2 = arguments["p_1"], arguments["p_2"]
    two = not arguments["one_sided"]

    def curve(n: int) -> Any:
        return pf.two_proportions_power_again(
            n, n, p1, p2, arguments["alpha"], two, arguments["method"]
        )

    n = (
        arguments["n"]
        if "n" in arguments
        else pf.confirmed(curve, arguments["power"], 2, result.values["n"])
    )
    return {"n": n, "total": 2 * n, "power": curve(n), "effect_size": _h_again(p1, p2)}


@operation(
    "stats.power_proportion_two",
    outputs=OUTPUTS,
    reference="Fleiss (1981), Statistical Methods for Rates and Proportions; Cohen (1988), "
    "chapter 6",
    verifier=_verify_two,
    examples=("power = stats.power_proportion_two(n=400, p_1=0.10, p_2=0.05)",),
    terms=("power to compare two proportions",),
)
def power_proportion_two(
    n: Annotated[int, Param("number of items in each group", ge=2)],
    p_1: Proportion,
    p_2: Proportion,
    alpha: Alpha = 0.05,
    one_sided: Sides = False,
    method: Method = "normal",
) -> Result:
    """Power to detect the difference between two proportions."""
    _differ(p_1, p_2)

    def curve(k: int) -> float:
        return pf.two_proportions_power(k, k, p_1, p_2, alpha, not one_sided, method)

    return answer(n, 2 * n, curve(n), cohen_h(p_1, p_2), curve, None, " in each group")


@operation(
    "stats.sample_size_proportion_two",
    outputs=OUTPUTS,
    reference="Fleiss (1981), Statistical Methods for Rates and Proportions; Cohen (1988), "
    "chapter 6",
    verifier=_verify_two,
    examples=(
        "size = stats.sample_size_proportion_two(p_1=0.10, p_2=0.05, power=0.9)",
        "size = stats.sample_size_proportion_two(p_1=0.10, p_2=0.05, power=0.9, method=arcsine)",
    ),
    terms=(
        "sample size to compare two proportions",
        "how many parts to detect a drop in defect rate",
    ),
)
def sample_size_proportion_two(
    p_1: Proportion,
    p_2: Proportion,
    power: Wanted = 0.8,
    alpha: Alpha = 0.05,
    one_sided: Sides = False,
    method: Method = "normal",
) -> Result:
    """Items in each group to detect the difference between two proportions with a wanted power."""
    _differ(p_1, p_2)

    def curve(k: int) -> float:
        return pf.two_proportions_power(k, k, p_1, p_2, alpha, not one_sided, method)

    n = pf.smallest(curve, power, 2)
    return answer(n, 2 * n, curve(n), cohen_h(p_1, p_2), curve, power, " in each group")


def _verify_one(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    p0, p1 = arguments["null"], arguments["p"]
    two = not arguments["one_sided"]

    def curve(n: int) -> Any:
        return pf.one_proportion_power_again(n, p0, p1, arguments["alpha"], two)

    n = (
        arguments["n"]
        if "n" in arguments
        else pf.confirmed(curve, arguments["power"], 2, result.values["n"])
    )
    return {"n": n, "total": n, "power": curve(n), "effect_size": _h_again(p1, p0)}


@operation(
    "stats.power_proportion_one",
    outputs=OUTPUTS,
    reference="Fleiss (1981), Statistical Methods for Rates and Proportions",
    verifier=_verify_one,
    examples=("power = stats.power_proportion_one(n=200, p=0.08, null=0.05)",),
    terms=("power to test one proportion",),
)
def power_proportion_one(
    n: Annotated[int, Param("number of items", ge=2)],
    p: Annotated[float, Param("true proportion", gt=0, lt=1, fraction=True)],
    null: Annotated[
        float, Param("proportion under the null hypothesis", gt=0, lt=1, fraction=True)
    ],
    alpha: Alpha = 0.05,
    one_sided: Sides = False,
) -> Result:
    """Power to detect that a proportion differs from a given one (normal approximation)."""
    _differ(p, null)

    def curve(k: int) -> float:
        return pf.one_proportion_power(k, null, p, alpha, not one_sided)

    return answer(n, n, curve(n), cohen_h(p, null), curve, None)


@operation(
    "stats.sample_size_proportion_one",
    outputs=OUTPUTS,
    reference="Fleiss (1981), Statistical Methods for Rates and Proportions",
    verifier=_verify_one,
    examples=("size = stats.sample_size_proportion_one(p=0.08, null=0.05, power=0.9)",),
    terms=("sample size to test one proportion",),
)
def sample_size_proportion_one(
    p: Annotated[float, Param("true proportion to detect", gt=0, lt=1, fraction=True)],
    null: Annotated[
        float, Param("proportion under the null hypothesis", gt=0, lt=1, fraction=True)
    ],
    power: Wanted = 0.8,
    alpha: Alpha = 0.05,
    one_sided: Sides = False,
) -> Result:
    """Items needed to detect that a proportion differs from a given one with a wanted power."""
    _differ(p, null)

    def curve(k: int) -> float:
        return pf.one_proportion_power(k, null, p, alpha, not one_sided)

    n = pf.smallest(curve, power, 2)
    return answer(n, n, curve(n), cohen_h(p, null), curve, power)


def _verify_correlation(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    r, two = arguments["correlation"], not arguments["one_sided"]

    def curve(n: int) -> Any:
        return pf.correlation_power_again(r, n, arguments["alpha"], two)

    n = (
        arguments["n"]
        if "n" in arguments
        else pf.confirmed(curve, arguments["power"], 4, result.values["n"])
    )
    return {"n": n, "total": n, "power": curve(n), "effect_size": precise.mpf(r)}


Correlation = Annotated[float, Param("correlation to detect", gt=-1, lt=1)]


@operation(
    "stats.power_correlation",
    outputs=OUTPUTS,
    reference=REFERENCE,
    verifier=_verify_correlation,
    examples=("power = stats.power_correlation(n=50, correlation=0.4)",),
    terms=("power to detect a correlation",),
)
def power_correlation(
    n: Annotated[int, Param("number of pairs", ge=4)],
    correlation: Correlation,
    alpha: Alpha = 0.05,
    one_sided: Sides = False,
) -> Result:
    """Power to detect that a correlation differs from zero."""
    if correlation == 0:
        raise InputError(
            "a correlation of 0 cannot be detected: give the smallest one that matters"
        )

    def curve(k: int) -> float:
        return pf.correlation_power(correlation, k, alpha, not one_sided)

    return answer(n, n, curve(n), correlation, curve, None)


@operation(
    "stats.sample_size_correlation",
    outputs=OUTPUTS,
    reference=REFERENCE,
    verifier=_verify_correlation,
    examples=("size = stats.sample_size_correlation(correlation=0.3, power=0.8)",),
    terms=("sample size to detect a correlation",),
)
def sample_size_correlation(
    correlation: Correlation,
    power: Wanted = 0.8,
    alpha: Alpha = 0.05,
    one_sided: Sides = False,
) -> Result:
    """Pairs needed to detect that a correlation differs from zero with a wanted power."""
    if correlation == 0:
        raise InputError(
            "a correlation of 0 cannot be detected: give the smallest one that matters"
        )

    def curve(k: int) -> float:
        return pf.correlation_power(correlation, k, alpha, not one_sided)

    n = pf.smallest(curve, power, 4)
    return answer(n, n, curve(n), correlation, curve, power)


def _verify_chi(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    w = arguments["effect"]

    def curve(n: int) -> float:
        return pf.chi2_power_again(n * w * w, arguments["df"], arguments["alpha"])

    n = (
        arguments["n"]
        if "n" in arguments
        else pf.confirmed(curve, arguments["power"], 2, result.values["n"])
    )
    return {"n": n, "total": n, "power": curve(n), "effect_size": Fraction(repr(w))}


EffectW = Annotated[float, Param("Cohen's w (0.1 small, 0.3 medium, 0.5 large)", gt=0, le=20)]
DfTable = Annotated[
    int, Param("degrees of freedom: (rows - 1)(columns - 1), or categories - 1", ge=1)
]


@operation(
    "stats.power_chi_square",
    outputs=OUTPUTS,
    reference=REFERENCE,
    verifier=_verify_chi,
    examples=("power = stats.power_chi_square(n=100, effect=0.3, df=2)",),
    terms=("power of a chi-square test",),
)
def power_chi_square(
    n: Annotated[int, Param("total count", ge=2)], effect: EffectW, df: DfTable, alpha: Alpha = 0.05
) -> Result:
    """Power of a chi-square test of independence or fit."""

    def curve(k: int) -> float:
        return pf.chi2_power(k * effect**2, df, alpha)

    return answer(n, n, curve(n), effect, curve, None)


@operation(
    "stats.sample_size_chi_square",
    outputs=OUTPUTS,
    reference=REFERENCE,
    verifier=_verify_chi,
    examples=("size = stats.sample_size_chi_square(effect=0.3, df=2, power=0.8)",),
    terms=("sample size for a chi-square test",),
)
def sample_size_chi_square(
    effect: EffectW, df: DfTable, power: Wanted = 0.8, alpha: Alpha = 0.05
) -> Result:
    """Total count for a chi-square test with a wanted power."""

    def curve(k: int) -> float:
        return pf.chi2_power(k * effect**2, df, alpha)

    n = pf.smallest(curve, power, 2)
    return answer(n, n, curve(n), effect, curve, power)


MARGIN_OUTPUTS = {
    "n": "sample size",
    "margin": "half width of the interval with that sample size",
    "multiplier": "z or t used",
}


def _verify_mean(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    sd, margin = (
        precise.mpf(Fraction(repr(arguments["sd"]))),
        precise.mpf(Fraction(repr(arguments["margin"]))),
    )
    upper = (1 + precise.mpf(arguments["confidence"])) / 2
    z = precise.normal_quantile(upper)
    n = max(1, int(precise.ctx.ceil((z * sd / margin) ** 2 - precise.ctx.mpf(10) ** -12)))
    if arguments["sd_known"]:
        return {"n": n, "margin": z * sd / precise.sqrt(n), "multiplier": z}
    wanted = -margin / sd
    n = pf.confirmed(
        lambda k: -precise.t_quantile(upper, k - 1) / precise.sqrt(k), wanted, 2, result.values["n"]
    )
    t = precise.t_quantile(upper, n - 1)
    return {"n": n, "margin": t * sd / precise.sqrt(n), "multiplier": t}


@operation(
    "stats.sample_size_mean",
    outputs=MARGIN_OUTPUTS,
    reference="Montgomery (2013), Introduction to Statistical Quality Control, 7th ed., "
    "section 4.3",
    verifier=_verify_mean,
    examples=(
        "size = stats.sample_size_mean(margin=0.5, sd=2)",
        "size = stats.sample_size_mean(margin=0.5, sd=2, sd_known=false, confidence=0.9)",
    ),
    terms=("sample size to estimate a mean", "margin of error", "estimate the mean within"),
)
def sample_size_mean(
    margin: Annotated[float, Param("half width wanted: estimate within plus or minus this", gt=0)],
    sd: Annotated[float, Param("standard deviation", gt=0)],
    confidence: Annotated[float, Param("confidence level", gt=0, lt=1, fraction=True)] = 0.95,
    sd_known: Annotated[
        bool, Param("true: sigma is known (z); false: it will be estimated (t)")
    ] = True,
) -> Result:
    """Sample size to estimate a mean within a margin.

    n = (z sd / margin)², rounded up; with an estimated sd the smallest n with
    t(n - 1) sd / sqrt(n) <= margin.
    """
    upper = (1 + confidence) / 2
    z = float(stats.norm.ppf(upper))
    n = max(1, math.ceil((z * sd / margin) ** 2 - 1e-12))
    multiplier = z
    if not sd_known:
        n = pf.smallest(lambda k: -float(stats.t.ppf(upper, k - 1)) / math.sqrt(k), -margin / sd, 2)
        multiplier = float(stats.t.ppf(upper, n - 1))
    values = {"n": n, "margin": multiplier * sd / math.sqrt(n), "multiplier": multiplier}
    said = "The standard deviation is taken as given; if it is a guess, take more."
    table = table_of("sample size", tuple(values), [list(values.values())])
    conclusion = (
        f"{{n}} observations estimate the mean within ± {margin:g} (to be exact ± {{margin}})."
    )
    return Result(values, conclusion, (table,), warnings=(said,))


def _verify_proportion(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    p, margin = (precise.mpf(Fraction(repr(arguments[k]))) for k in ("p", "margin"))
    z = precise.normal_quantile((1 + precise.mpf(arguments["confidence"])) / 2)
    infinite = z**2 * (p - p**2) / margin**2
    lot = arguments["population"]
    # 1/n = 1/n0 + (1 - 1/n0)/N, the same correction turned over
    raw = infinite if lot is None else 1 / (1 / infinite + (1 - 1 / infinite) / lot)
    n = max(1, int(precise.ctx.ceil(raw - precise.ctx.mpf(10) ** -12)))
    share = precise.mpf(1) if lot is None else precise.mpf(lot - n) / max(lot - 1, 1)
    return {"n": n, "margin": z * precise.ctx.sqrt((p - p**2) / n * share), "multiplier": z}


@operation(
    "stats.sample_size_proportion",
    outputs=MARGIN_OUTPUTS,
    reference="Cochran (1977), Sampling Techniques, 3rd ed., section 4.4",
    verifier=_verify_proportion,
    examples=("size = stats.sample_size_proportion(margin=0.03, p=0.1)",),
    terms=(
        "sample size to estimate a proportion",
        "margin of error of a percentage",
        "survey size",
    ),
)
def sample_size_proportion(
    margin: Annotated[
        float, Param("half width wanted, as a proportion", gt=0, lt=1, fraction=True)
    ],
    p: Annotated[
        float, Param("proportion expected; 0.5 is the worst case", gt=0, lt=1, fraction=True)
    ] = 0.5,
    confidence: Annotated[float, Param("confidence level", gt=0, lt=1, fraction=True)] = 0.95,
    population: Annotated[
        int | None, Param("size of the lot, for the finite population correction", ge=2)
    ] = None,
) -> Result:
    """Sample size to estimate a proportion within a margin (normal approximation)."""
    z = float(stats.norm.ppf((1 + confidence) / 2))
    raw = z * z * p * (1 - p) / margin**2
    if population is not None:
        raw = raw / (1 + (raw - 1) / population)
    n = max(1, math.ceil(raw - 1e-12))
    share = 1.0 if population is None else (population - n) / max(population - 1, 1)
    values = {"n": n, "margin": z * math.sqrt(p * (1 - p) / n * share), "multiplier": z}
    said = []
    if n * min(p, 1 - p) < 5:
        said.append(
            "Fewer than 5 events are expected in this sample: the normal approximation is poor."
        )
    table = table_of("sample size", tuple(values), [list(values.values())])
    conclusion = (
        f"{{n}} items estimate the proportion within ± {margin:g} (to be exact ± {{margin}})."
    )
    return Result(values, conclusion, (table,), warnings=tuple(said))
