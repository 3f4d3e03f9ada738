"""Tests of normality with the mean and standard deviation estimated from the data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from scipy import special, stats

from havoc.errors import InputError
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.stats import checks, precise
from havoc.tools.stats.describe import adjusted_shape
from havoc.tools.stats.samples import PowerSums, clean, moments
from havoc.tools.values import FloatArray, Sample

MOST_SHAPIRO = 5000  # values for which Royston's p was fitted
LEAST = {"anderson_darling": 8, "shapiro_wilk": 3, "lilliefors": 5, "dagostino_pearson": 20}


def standardised(sample: Sample) -> FloatArray:
    """Ordered z scores, from exact deviations."""
    m = moments(sample)
    return np.array(sorted(float(v - m.mean) for v in sample.exact)) / m.sd


def anderson_darling_p(adjusted: float) -> float:
    """D'Agostino and Stephens (1986), table 4.9, case 3 (mean and variance unknown)."""
    a = adjusted
    if a >= 0.6:
        return math.exp(1.2937 - 5.709 * a + 0.0186 * a * a) if a < 153 else 0.0
    if a >= 0.34:
        return math.exp(0.9177 - 4.279 * a - 1.38 * a * a)
    if a >= 0.2:
        return 1 - math.exp(-8.318 + 42.796 * a - 59.938 * a * a)
    return 1 - math.exp(-13.436 + 101.14 * a - 223.73 * a * a)


def lilliefors_p(d: float, n: int) -> float:
    """Dallal and Wilkinson (1986); above 0.1 Stephens' (1974) modified statistic, as R nortest."""
    scaled, size = (d, n) if n <= 100 else (d * (n / 100) ** 0.49, 100)
    p = math.exp(
        -7.01256 * scaled**2 * (size + 2.78019)
        + 2.99587 * scaled * math.sqrt(size + 2.78019)
        - 0.122119
        + 0.974598 / math.sqrt(size)
        + 1.67997 / size
    )
    if p <= 0.1:
        return p
    k = (math.sqrt(n) - 0.01 + 0.85 / math.sqrt(n)) * d
    pieces = (
        (0.302, (1.0,)),
        (0.5, (2.76773, -19.828315, 80.709644, -138.55152, 81.218052)),
        (0.9, (-4.901232, 40.662806, -97.490286, 94.029866, -32.355711)),
        (1.31, (6.198765, -19.558097, 23.186922, -12.234627, 2.423045)),
    )
    for end, coefficients in pieces:
        if k <= end:
            return sum(c * k**i for i, c in enumerate(coefficients))
    return 0.0


def _statistics(sample: Sample, method: str) -> tuple[float, float, float | None]:
    """Statistic, p, and the adjusted statistic where the method has one."""
    z, n = standardised(sample), len(sample)
    if method == "anderson_darling":
        i = np.arange(1, n + 1)
        a2 = (
            -n - float(np.sum((2 * i - 1) * (special.log_ndtr(z) + special.log_ndtr(-z[::-1])))) / n
        )
        adjusted = a2 * (1 + 0.75 / n + 2.25 / n**2)
        return a2, anderson_darling_p(adjusted), adjusted
    if method == "shapiro_wilk":
        w, p = stats.shapiro(z)
        return float(w), float(p), None
    if method == "lilliefors":
        f, i = special.ndtr(z), np.arange(n)
        d = float(max(np.max((i + 1) / n - f), np.max(f - i / n)))
        return d, lilliefors_p(d, n), None
    k2, p = stats.normaltest(z)
    return float(k2), float(p), None


def taken_method(method: str, n: int) -> str:
    """Return the test that is made of ``n`` values: Anderson-Darling in place of Shapiro-Wilk where those are many."""
    return "anderson_darling" if method == "shapiro_wilk" and n > MOST_SHAPIRO else method


def _verify(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    sample = arguments["x"].present()
    sums, n = PowerSums.of(sample), len(sample)
    sd = precise.ctx.sqrt(sums.variance)
    z = [(precise.mpf(v) - sums.mean) / sd for v in sorted(sample.exact)]
    below = [precise.normal_cdf(v) for v in z]
    above = [precise.normal_cdf(-v) for v in z]
    population = precise.mpf(sums.ss / n)
    shape = adjusted_shape(n, float(sums.m3 / population**1.5), float(sums.m4 / population**2 - 3))
    again: dict[str, Any] = {
        "n": n,
        "mean": sums.mean,
        "sd": sd,
        "skewness": shape[0],
        "kurtosis": shape[1],
    }
    method, log = taken_method(arguments["method"], n), precise.ctx.log
    if method == "anderson_darling":
        terms = [
            (2 * i + 1) * log(below[i]) + (2 * n - 1 - 2 * i) * log(above[i]) for i in range(n)
        ]
        a2 = -n - sum(terms) / n
        from statsmodels.stats.diagnostic import normal_ad

        p = normal_ad(np.array([float(v) for v in z]))[1]
        return again | {
            "statistic": a2,
            "statistic_adjusted": a2 + a2 * (3 * n + 9) / (4 * n**2),
            "p_value": p,
        }
    if method == "shapiro_wilk":
        w, p = royston(z)
        return again | {"statistic": Recomputed(w, 1e-5), "p_value": Recomputed(p, 5e-4)}
    if method == "lilliefors":
        gaps = [
            max(precise.mpf(i + 1) / n - b, b - precise.mpf(i) / n) for i, b in enumerate(below)
        ]
        return again | {"statistic": max(gaps), "p_value": lilliefors_p(float(max(gaps)), n)}
    k2 = omnibus(n, sums.m3 / population**1.5, sums.m4 / population**2)
    return again | {"statistic": k2, "p_value": precise.ctx.exp(-k2 / 2)}


def omnibus(n: int, root_b1: Any, b2: Any) -> Any:
    """K² of D'Agostino, Belanger and D'Agostino (1990), American Statistician 44, in 40 digits."""
    c = precise.ctx
    y = root_b1 * c.sqrt(c.mpf((n + 1) * (n + 3)) / (6 * (n - 2)))
    beta2 = c.mpf(3 * (n * n + 27 * n - 70) * (n + 1) * (n + 3)) / (
        (n - 2) * (n + 5) * (n + 7) * (n + 9)
    )
    w2 = c.sqrt(2 * (beta2 - 1)) - 1
    z1 = c.asinh(y / c.sqrt(2 / (w2 - 1))) / c.sqrt(c.log(w2) / 2)
    mean = c.mpf(3 * (n - 1)) / (n + 1)
    variance = c.mpf(24 * n * (n - 2) * (n - 3)) / ((n + 1) ** 2 * (n + 3) * (n + 5))
    x = (b2 - mean) / c.sqrt(variance)
    third = c.mpf(6 * (n * n - 5 * n + 2)) / ((n + 7) * (n + 9))
    third *= c.sqrt(c.mpf(6 * (n + 3) * (n + 5)) / (n * (n - 2) * (n - 3)))
    a = 6 + 8 / third * (2 / third + c.sqrt(1 + 4 / third**2))
    ratio = (1 - 2 / a) / (1 + x * c.sqrt(2 / (a - 4)))
    root = c.sign(ratio) * abs(ratio) ** (c.mpf(1) / 3)
    z2 = (1 - 2 / (9 * a) - root) / c.sqrt(2 / (9 * a))
    return z1**2 + z2**2


def royston(ordered: list[Any]) -> tuple[float, float]:
    """Shapiro-Wilk W and p by Royston's (1995) approximation, Applied Statistics 44, AS R94."""
    n = len(ordered)
    m = [
        float(precise.normal_quantile(precise.mpf(8 * i - 3) / (8 * n + 2)))
        for i in range(1, n + 1)
    ]
    mm, u = sum(v * v for v in m), 1 / math.sqrt(n)
    c = [v / math.sqrt(mm) for v in m]
    last = (
        c[-1] + 0.221157 * u - 0.147981 * u**2 - 2.071190 * u**3 + 4.434685 * u**4 - 2.706056 * u**5
    )
    if n == 3:
        weights = [-math.sqrt(0.5), 0.0, math.sqrt(0.5)]
    elif n <= 5:
        phi = (mm - 2 * m[-1] ** 2) / (1 - 2 * last**2)
        weights = [-last, *(v / math.sqrt(phi) for v in m[1:-1]), last]
    else:
        second = (
            c[-2]
            + 0.042981 * u
            - 0.293762 * u**2
            - 1.752461 * u**3
            + 5.682633 * u**4
            - 3.582633 * u**5
        )
        phi = (mm - 2 * m[-1] ** 2 - 2 * m[-2] ** 2) / (1 - 2 * last**2 - 2 * second**2)
        weights = [-last, -second, *(v / math.sqrt(phi) for v in m[2:-2]), second, last]
    x = [float(v) for v in ordered]
    mean = sum(x) / n
    w = sum(a * v for a, v in zip(weights, x, strict=True)) ** 2 / sum((v - mean) ** 2 for v in x)
    if n == 3:
        return w, max(
            0.0, 6 / math.pi * (math.asin(math.sqrt(min(w, 1))) - math.asin(math.sqrt(0.75)))
        )
    log_n = math.log(n)
    if n <= 11:
        gamma = -2.273 + 0.459 * n
        y = -math.log(gamma - math.log(1 - w))
        mu = 0.5440 - 0.39978 * n + 0.025054 * n**2 - 6.714e-4 * n**3
        sigma = math.exp(1.3822 - 0.77857 * n + 0.062767 * n**2 - 0.0020322 * n**3)
    else:
        y = math.log(1 - w)
        mu = -1.5861 - 0.31082 * log_n - 0.083751 * log_n**2 + 0.0038915 * log_n**3
        sigma = math.exp(-0.4803 - 0.082676 * log_n + 0.0030302 * log_n**2)
    return w, float(precise.normal_cdf(-(y - mu) / sigma))


def probability_plot(sample: Sample) -> Figure:
    """Normal quantiles at (i - 0.375)/(n + 0.25) against the ordered values."""
    n, m = len(sample), moments(sample)
    q = special.ndtri((np.arange(1, n + 1) - 0.375) / (n + 0.25))
    data = {
        "quantiles": q.tolist(),
        "values": np.sort(sample.values).tolist(),
        "line": {"intercept": float(m.mean), "slope": m.sd},
        "label": sample.name,
    }
    return Figure("probability_plot", f"Normal probability plot of {sample.name}", data)


@operation(
    "stats.normality",
    outputs={
        "statistic": "A², W, D or K² of the method chosen",
        "statistic_adjusted": "A² adjusted for the sample size (Anderson-Darling only)",
        "p_value": "p value",
        "significant": "whether normality is rejected",
        "verdict": "normal where nothing speaks against it, else not normal",
        "n": "number of values",
        "mean": "mean",
        "sd": "standard deviation",
        "skewness": "adjusted skewness",
        "kurtosis": "adjusted excess kurtosis",
    },
    reference="D'Agostino and Stephens (1986), Goodness-of-Fit Techniques; Royston (1995), AS "
    "R94; Dallal and Wilkinson (1986)",
    verifier=_verify,
    examples=(
        "test = stats.normality([10.1, 9.7, 10.4, 9.9, 10.8, 9.5, 10.2, 10.0, 11.9, 9.8, "
        "10.3, 9.6])",
        "test = stats.normality([10.1, 9.7, 10.4, 9.9, 10.8, 9.5, 10.2, 10.0, 11.9, 9.8], "
        "method=shapiro_wilk)",
        "test = stats.normality([10.1, 9.7, 10.4, 9.9, 10.8, 9.5, 10.2, 10.0, 11.9, 9.8], "
        "method=lilliefors)",
        "test = stats.normality([1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 6, 6, 7, 8, 9, 11, "
        "14], method=dagostino_pearson)",
    ),
    terms=(
        "normality test",
        "Anderson-Darling",
        "Shapiro-Wilk",
        "Kolmogorov-Smirnov Lilliefors",
        "is it normal",
    ),
)
def normality(
    x: Annotated[Sample, Param("measurements", min_length=3)],
    method: Annotated[
        Literal["anderson_darling", "shapiro_wilk", "lilliefors", "dagostino_pearson"],
        Param(
            "test: anderson_darling (A²), shapiro_wilk (W), lilliefors (Kolmogorov-Smirnov "
            "D), dagostino_pearson (K²)"
        ),
    ] = "anderson_darling",
    alpha: Annotated[float, Param("significance level", gt=0, lt=1, fraction=True)] = 0.05,
) -> Result:
    """Test whether data come from a normal distribution whose mean and sd are estimated from them.

    The p of Anderson-Darling is D'Agostino and Stephens' (as Minitab); of Lilliefors, Dallal and
    Wilkinson's. The p of Shapiro-Wilk holds to 5000 values: of more the Anderson-Darling test is made.
    """
    sample, said = clean(x, 3)
    checks.must_vary(sample)
    n, m = len(sample), moments(sample)
    if n < LEAST[method]:
        raise InputError(
            f"{method} needs at least {LEAST[method]} values, not {n}; shapiro_wilk takes 3 or more"
        )
    made = taken_method(method, n)
    if made != method:
        said.append(
            f"The p of Shapiro-Wilk holds to {MOST_SHAPIRO} values, not {n}: this is the Anderson-Darling test."
        )
    statistic, p, adjusted = _statistics(sample, made)
    g1, g2 = float(m.m3) / float(m.m2) ** 1.5, float(m.m4 / m.m2**2 - 3)
    skewness, kurtosis = adjusted_shape(n, g1, g2)
    values: dict[str, Any] = {
        "statistic": statistic,
        "p_value": p,
        "significant": p < alpha,
        "verdict": "not normal" if p < alpha else "normal",
        "n": n,
    }
    if adjusted is not None:
        values["statistic_adjusted"] = adjusted
    values |= {"mean": m.mean, "sd": m.sd, "skewness": skewness, "kurtosis": kurtosis}
    if n < 20:
        said.append(
            f"With {n} values only strong departures can be seen; look at the probability plot too."
        )
    if n > 1000:
        said.append(
            "With so many values harmless departures become significant; judge by the "
            "probability plot."
        )
    if len(set(sample.exact)) < n / 2:
        said.append(
            "Many values are equal (coarse rounding), which alone can make the test reject."
        )
    verdict = (
        "The data are not normally distributed: they depart from a normal distribution"
        if p < alpha
        else "There is no evidence against a normal distribution"
    )
    return Result(
        values,
        f"{verdict} ({made.replace('_', '-')} statistic {{statistic}}, p = {{p_value}}).",
        (table_of("normality", ("method", "statistic", "p_value"), [[made, statistic, p]]),),
        (probability_plot(sample),),
        (checks.independence(),),
        tuple(said),
    )
