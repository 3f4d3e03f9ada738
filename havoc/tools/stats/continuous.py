"""Probabilities and quantiles of continuous distributions, one operation for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from scipy import stats

from havoc.errors import InputError, NeedsClarification
from havoc.tools.operation import Param, Verifier, operation
from havoc.tools.result import Result
from havoc.tools.stats import precise
from havoc.tools.stats.precise import ctx, mpf
from havoc.tools.stats.probability import (
    PROBABILITY_OUTPUTS,
    QUANTILE_OUTPUTS,
    Above,
    Below,
    Continuous,
    Middle,
    P,
    probability,
    probability_again,
    quantile,
    quantile_again,
)

Maker = Callable[..., Continuous]
Positive = (0.0, 1.0)


def declared(
    kind: str,
    make: Maker,
    arguments: tuple[str, ...],
    example: str,
    terms: tuple[str, ...],
    reference: str,
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """``@operation`` for ``stats.<kind>_probability`` or ``_quantile``, by the function's name."""

    def declare(function: Callable[..., Result]) -> Callable[..., Result]:
        again = probability_again if function.__name__.endswith("probability") else quantile_again

        def verify(given: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
            return again(make(*(given[a] for a in arguments)), given)

        verifier: Verifier = verify
        outputs = PROBABILITY_OUTPUTS if again is probability_again else QUANTILE_OUTPUTS
        name = f"stats.{function.__name__}"
        assert function.__name__.startswith(kind)
        return operation(
            name,
            outputs=outputs,
            reference=reference,
            verifier=verifier,
            examples=(example,),
            terms=terms,
        )(function)

    return declare


BOOK = "Johnson, Kotz and Balakrishnan (1994-95), Continuous Univariate Distributions, 2nd ed."
Mean = Annotated[float, Param("mean")]
Sd = Annotated[float, Param("standard deviation", gt=0)]
Df = Annotated[float, Param("degrees of freedom", gt=0, le=100_000)]
ChiDf = Annotated[float, Param("degrees of freedom", gt=0, le=20_000)]
Shape = Annotated[float, Param("shape", gt=0, le=1_000_000)]
WeibullShape = Annotated[float, Param("shape", gt=0, le=1000)]
Scale = Annotated[float, Param("scale", gt=0)]
ExponentialMean = Annotated[float | None, Param("mean (MTBF; 1 / rate)", gt=0)]
Rate = Annotated[float | None, Param("rate, 1 / mean, instead of the mean", gt=0)]


def _normal(mean: float, sd: float) -> Continuous:
    return Continuous(
        stats.norm(mean, sd),
        lambda x: precise.normal_cdf((mpf(x) - mpf(mean)) / mpf(sd)),
        (mpf(mean), mpf(sd) ** 2),
        f"normal distribution, mean {mean:g}, standard deviation {sd:g}",
        (mean - sd, mean + sd),
        symmetric=True,
        standardised=True,
    )


@declared(
    "normal",
    _normal,
    ("mean", "sd"),
    "p = stats.normal_probability(mean=25, sd=0.02, above=24.96, below=25.03)",
    (
        "normal probability",
        "P(Z < z)",
        "fraction between two limits",
        "area under the normal curve",
    ),
    BOOK,
)
def normal_probability(
    mean: Mean = 0.0, sd: Sd = 1.0, above: Above = None, below: Below = None
) -> Result:
    """Probability that a normal value lies below, above or between bounds.

    Mean 0 and standard deviation 1 (the standard normal Z) if not given.
    """
    return probability(_normal(mean, sd), above, below)


@declared(
    "normal",
    _normal,
    ("mean", "sd"),
    "z = stats.normal_quantile(p=0.975)",
    ("normal percentile", "inverse normal", "z for a probability", "critical z value"),
    BOOK,
)
def normal_quantile(p: P, mean: Mean = 0.0, sd: Sd = 1.0, two_sided: Middle = False) -> Result:
    """Value of a normal distribution below which a given fraction lies."""
    return quantile(_normal(mean, sd), p, two_sided)


def _t(df: float) -> Continuous:
    mean = mpf(0) if df > 1 else None
    return Continuous(
        stats.t(df),
        lambda x: precise.t_cdf(mpf(x), df),
        (mean, mpf(df) / (mpf(df) - 2) if df > 2 else None),
        f"Student's t with {df:g} degrees of freedom",
        symmetric=True,
    )


@declared(
    "t",
    _t,
    ("df",),
    "p = stats.t_probability(df=10, above=2.228)",
    ("t distribution probability", "tail of Student's t"),
    BOOK,
)
def t_probability(df: Df, above: Above = None, below: Below = None) -> Result:
    """Probability that a Student t value lies below, above or between bounds."""
    return probability(_t(df), above, below)


@declared(
    "t",
    _t,
    ("df",),
    "t = stats.t_quantile(p=0.975, df=10)",
    ("critical t value", "t table", "percentile of t"),
    BOOK,
)
def t_quantile(p: P, df: Df, two_sided: Middle = False) -> Result:
    """Value of Student's t below which a given fraction lies (critical value)."""
    return quantile(_t(df), p, two_sided)


def _chi_square(df: float) -> Continuous:
    name = f"chi-square with {df:g} degrees of freedom"
    return Continuous(
        stats.chi2(df),
        lambda x: precise.chi2_cdf(mpf(x), df),
        (mpf(df), 2 * mpf(df)),
        name,
        Positive,
    )


@declared(
    "chi_square",
    _chi_square,
    ("df",),
    "p = stats.chi_square_probability(df=3, above=7.815)",
    ("chi-square tail probability",),
    BOOK,
)
def chi_square_probability(df: ChiDf, above: Above = None, below: Below = None) -> Result:
    """Probability that a chi-square value lies below, above or between bounds."""
    return probability(_chi_square(df), above, below)


@declared(
    "chi_square",
    _chi_square,
    ("df",),
    "q = stats.chi_square_quantile(p=0.95, df=3)",
    ("critical chi-square value", "chi-square table"),
    BOOK,
)
def chi_square_quantile(p: P, df: ChiDf) -> Result:
    """Value of chi-square below which a given fraction lies (critical value)."""
    return quantile(_chi_square(df), p)


def _f(df_1: float, df_2: float) -> Continuous:
    a, b = mpf(df_1), mpf(df_2)
    variance = 2 * b**2 * (a + b - 2) / (a * (b - 2) ** 2 * (b - 4)) if df_2 > 4 else None
    return Continuous(
        stats.f(df_1, df_2),
        lambda x: precise.f_cdf(mpf(x), a, b),
        (b / (b - 2) if df_2 > 2 else None, variance),
        f"F with {df_1:g} and {df_2:g} degrees of freedom",
        Positive,
    )


Df1 = Annotated[float, Param("degrees of freedom of the numerator", gt=0)]
Df2 = Annotated[float, Param("degrees of freedom of the denominator", gt=0)]


@declared(
    "f",
    _f,
    ("df_1", "df_2"),
    "p = stats.f_probability(df_1=3, df_2=16, above=3.24)",
    ("F distribution tail probability",),
    BOOK,
)
def f_probability(df_1: Df1, df_2: Df2, above: Above = None, below: Below = None) -> Result:
    """Probability that an F value lies below, above or between bounds."""
    return probability(_f(df_1, df_2), above, below)


@declared(
    "f",
    _f,
    ("df_1", "df_2"),
    "q = stats.f_quantile(p=0.95, df_1=3, df_2=16)",
    ("critical F value", "F table"),
    BOOK,
)
def f_quantile(p: P, df_1: Df1, df_2: Df2) -> Result:
    """Value of F below which a given fraction lies (critical value)."""
    return quantile(_f(df_1, df_2), p)


def _exponential(mean: float | None, rate: float | None = None) -> Continuous:
    if mean is not None and rate is not None:
        raise InputError("give either the mean or the rate, not both")
    if mean is None:
        if rate is None:
            raise NeedsClarification("which mean, or which rate (1 / mean)?")
        mean = 1 / rate
    m = mpf(mean)
    return Continuous(
        stats.expon(scale=mean),
        lambda x: -ctx.expm1(-mpf(x) / m) if x > 0 else mpf(0),
        (m, m**2),
        f"exponential distribution with mean {mean:g}",
        (0.0, mean),
    )


@declared(
    "exponential",
    _exponential,
    ("mean", "rate"),
    "p = stats.exponential_probability(mean=800, above=1000)",
    ("exponential probability", "time between events", "waiting time"),
    BOOK,
)
def exponential_probability(
    mean: ExponentialMean = None,
    above: Above = None,
    below: Below = None,
    rate: Rate = None,
) -> Result:
    """Probability that an exponential value lies below, above or between bounds."""
    return probability(_exponential(mean, rate), above, below)


@declared(
    "exponential",
    _exponential,
    ("mean", "rate"),
    "q = stats.exponential_quantile(p=0.5, mean=800)",
    ("exponential percentile",),
    BOOK,
)
def exponential_quantile(p: P, mean: ExponentialMean = None, rate: Rate = None) -> Result:
    """Value of an exponential distribution below which a given fraction lies."""
    return quantile(_exponential(mean, rate), p)


def _weibull(shape: float, scale: float) -> Continuous:
    k, s = mpf(shape), mpf(scale)
    g1, g2 = ctx.gamma(1 + 1 / k), ctx.gamma(1 + 2 / k)
    return Continuous(
        stats.weibull_min(shape, scale=scale),
        lambda x: -ctx.expm1(-((mpf(x) / s) ** k)) if x > 0 else mpf(0),
        (s * g1, s**2 * (g2 - g1**2)),
        f"Weibull distribution, shape {shape:g}, scale {scale:g}",
        (0.0, scale),
    )


@declared(
    "weibull",
    _weibull,
    ("shape", "scale"),
    "p = stats.weibull_probability(shape=1.8, scale=5000, below=2000)",
    ("Weibull probability", "fraction failing before a time"),
    BOOK,
)
def weibull_probability(
    shape: WeibullShape, scale: Scale, above: Above = None, below: Below = None
) -> Result:
    """Probability that a Weibull value lies below, above or between bounds."""
    return probability(_weibull(shape, scale), above, below)


@declared(
    "weibull",
    _weibull,
    ("shape", "scale"),
    "q = stats.weibull_quantile(p=0.1, shape=1.8, scale=5000)",
    ("Weibull percentile",),
    BOOK,
)
def weibull_quantile(p: P, shape: WeibullShape, scale: Scale) -> Result:
    """Value of a Weibull distribution below which a given fraction lies."""
    return quantile(_weibull(shape, scale), p)


def _lognormal(log_mean: float, log_sd: float) -> Continuous:
    m, s = mpf(log_mean), mpf(log_sd)
    return Continuous(
        stats.lognorm(log_sd, scale=float(ctx.exp(m))),
        lambda x: precise.normal_cdf((ctx.log(mpf(x)) - m) / s) if x > 0 else mpf(0),
        (ctx.exp(m + s**2 / 2), ctx.expm1(s**2) * ctx.exp(2 * m + s**2)),
        f"lognormal distribution, mean {log_mean:g} and standard deviation {log_sd:g} of the "
        f"logarithm",
        (0.0, float(ctx.exp(m))),
    )


# the mean and the standard deviation of the value itself must have a float
LogMean = Annotated[float, Param("mean of the natural logarithm", ge=-300, le=300)]
LogSd = Annotated[float, Param("standard deviation of the natural logarithm", gt=0, le=20)]


@declared(
    "lognormal",
    _lognormal,
    ("log_mean", "log_sd"),
    "p = stats.lognormal_probability(log_mean=2, log_sd=0.5, above=10)",
    ("lognormal probability",),
    BOOK,
)
def lognormal_probability(
    log_mean: LogMean, log_sd: LogSd, above: Above = None, below: Below = None
) -> Result:
    """Probability that a lognormal value lies below, above or between bounds."""
    return probability(_lognormal(log_mean, log_sd), above, below)


@declared(
    "lognormal",
    _lognormal,
    ("log_mean", "log_sd"),
    "q = stats.lognormal_quantile(p=0.9, log_mean=2, log_sd=0.5)",
    ("lognormal percentile",),
    BOOK,
)
def lognormal_quantile(p: P, log_mean: LogMean, log_sd: LogSd) -> Result:
    """Value of a lognormal distribution below which a given fraction lies."""
    return quantile(_lognormal(log_mean, log_sd), p)


def _gamma(shape: float, scale: float) -> Continuous:
    k, s = mpf(shape), mpf(scale)
    return Continuous(
        stats.gamma(shape, scale=scale),
        lambda x: precise.gamma_cdf(mpf(x) / s, k),
        (k * s, k * s**2),
        f"gamma distribution, shape {shape:g}, scale {scale:g}",
        (0.0, scale),
    )


@declared(
    "gamma",
    _gamma,
    ("shape", "scale"),
    "p = stats.gamma_probability(shape=2.5, scale=3, below=10)",
    ("gamma probability",),
    BOOK,
)
def gamma_probability(
    shape: Shape, scale: Scale = 1.0, above: Above = None, below: Below = None
) -> Result:
    """Probability that a gamma value lies below, above or between bounds."""
    return probability(_gamma(shape, scale), above, below)


@declared(
    "gamma",
    _gamma,
    ("shape", "scale"),
    "q = stats.gamma_quantile(p=0.9, shape=2.5, scale=3)",
    ("gamma percentile",),
    BOOK,
)
def gamma_quantile(p: P, shape: Shape, scale: Scale = 1.0) -> Result:
    """Value of a gamma distribution below which a given fraction lies."""
    return quantile(_gamma(shape, scale), p)


def _beta(shape_1: float, shape_2: float) -> Continuous:
    a, b = mpf(shape_1), mpf(shape_2)
    return Continuous(
        stats.beta(shape_1, shape_2),
        lambda x: precise.beta_cdf(mpf(x), a, b),
        (a / (a + b), a * b / ((a + b) ** 2 * (a + b + 1))),
        f"beta distribution, shapes {shape_1:g} and {shape_2:g}",
        Positive,
    )


Shape1 = Annotated[float, Param("first shape (alpha)", gt=0)]
Shape2 = Annotated[float, Param("second shape (beta)", gt=0)]


@declared(
    "beta",
    _beta,
    ("shape_1", "shape_2"),
    "p = stats.beta_probability(shape_1=2, shape_2=5, below=0.3)",
    ("beta probability",),
    BOOK,
)
def beta_probability(
    shape_1: Shape1, shape_2: Shape2, above: Above = None, below: Below = None
) -> Result:
    """Probability that a beta value lies below, above or between bounds."""
    return probability(_beta(shape_1, shape_2), above, below)


@declared(
    "beta",
    _beta,
    ("shape_1", "shape_2"),
    "q = stats.beta_quantile(p=0.95, shape_1=2, shape_2=5)",
    ("beta percentile",),
    BOOK,
)
def beta_quantile(p: P, shape_1: Shape1, shape_2: Shape2) -> Result:
    """Value of a beta distribution below which a given fraction lies."""
    return quantile(_beta(shape_1, shape_2), p)


def _uniform(low: float, high: float) -> Continuous:
    if not low < high:
        raise InputError(f"the low end {low:g} must be below the high end {high:g}")
    a, b = mpf(low), mpf(high)
    return Continuous(
        stats.uniform(low, high - low),
        lambda x: min(max((mpf(x) - a) / (b - a), mpf(0)), mpf(1)),
        ((a + b) / 2, (b - a) ** 2 / 12),
        f"uniform distribution from {low:g} to {high:g}",
        (low, high),
    )


Low = Annotated[float, Param("smallest possible value")]
High = Annotated[float, Param("largest possible value")]


@declared(
    "uniform",
    _uniform,
    ("low", "high"),
    "p = stats.uniform_probability(low=2, high=8, below=3.5)",
    ("uniform probability",),
    BOOK,
)
def uniform_probability(low: Low, high: High, above: Above = None, below: Below = None) -> Result:
    """Probability that a uniform value lies below, above or between bounds."""
    return probability(_uniform(low, high), above, below)


@declared(
    "uniform",
    _uniform,
    ("low", "high"),
    "q = stats.uniform_quantile(p=0.9, low=2, high=8)",
    ("uniform percentile",),
    BOOK,
)
def uniform_quantile(p: P, low: Low, high: High) -> Result:
    """Value of a uniform distribution below which a given fraction lies."""
    return quantile(_uniform(low, high), p)
