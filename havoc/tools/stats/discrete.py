"""Probabilities of counts: binomial, Poisson, hypergeometric, geometric, negative binomial.

The count asked about is written by ``exactly``, or by a lower bound (``at_least``, ``above``) and an upper one
(``at_most``, ``below``); both: what lies between. ``above`` and ``below`` leave the count itself out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from scipy import stats

from havoc.errors import InputError, NeedsClarification
from havoc.tools.operation import Param, operation
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.stats.precise import beta_cdf, ctx, mpf
from havoc.tools.stats.tails import outward

Exactly = Annotated[int | None, Param("probability of exactly this count", ge=0)]
AtLeast = Annotated[int | None, Param("probability of this count or more", ge=0)]
AtMost = Annotated[int | None, Param("probability of this count or fewer", ge=0)]
Above = Annotated[int | None, Param("probability of more than this count", ge=0)]
Below = Annotated[int | None, Param("probability of fewer than this count", ge=1)]
Chance = Annotated[float, Param("probability of the event in one trial", ge=0, le=1, fraction=True)]
Share = Annotated[
    float, Param("probability at or below the wanted count", gt=0, lt=1, fraction=True)
]
BOOK = "Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, 3rd ed."
OUTPUTS = {
    "p": "probability of the counts asked for",
    "p_other": "probability of all other counts (1 - p)",
    "p_exactly": "probability of exactly the count named, when one bound is given",
    "mean": "expected count",
    "sd": "standard deviation of the count",
}
QUANTILE = {
    "quantile": "smallest count with at least probability p at or below it",
    "p_at_most": "probability of that count or fewer",
    "mean": "expected count",
    "sd": "standard deviation of the count",
}


@dataclass(frozen=True)
class Discrete:
    """One distribution by scipy, and by the definition of its probabilities."""

    scipy: Any
    pmf: Callable[[int], Any]  # 40 digits
    ratio: Callable[[int], Any]  # pmf(k + 1) / pmf(k)
    moments: tuple[Any, Any]  # mean, variance in closed form
    mode: Any  # the likeliest count, its fraction dropped
    name: str
    first: int = 0
    last: int | None = None  # end of the support
    cdf: Callable[[int], Any] | None = None  # in closed form, where sums have too many terms


def _bounds(
    exactly: int | None,
    at_least: int | None,
    at_most: int | None,
    above: int | None,
    below: int | None,
) -> tuple[int | None, int | None]:
    """The first and the last count asked about; None where there is no such bound."""
    if above is not None:
        if at_least is not None:
            raise InputError("give either at_least= or above=, not both")
        at_least = above + 1
    if below is not None:
        if at_most is not None:
            raise InputError("give either at_most= or below=, not both")
        at_most = below - 1
    if exactly is not None:
        if at_least is not None or at_most is not None:
            raise InputError("give either exactly= or bounds of the count, not both")
        return exactly, exactly
    if at_least is None and at_most is None:
        raise NeedsClarification(
            "the probability of which count: exactly=, at_least=, at_most=, above= or below=?"
        )
    if at_least is not None and at_most is not None and at_least > at_most:
        raise InputError(f"no count is at least {at_least} and at most {at_most}")
    return at_least, at_most


def probability(d: Discrete, *asked: int | None) -> Result:
    """The probability of the counts asked about: ``exactly, at_least, at_most, above, below``."""
    low, high = _bounds(*asked)
    if low is not None and low == high:
        p = float(d.scipy.pmf(low))
        other = float(d.scipy.cdf(low - 1) + d.scipy.sf(low))
    elif low is None:
        p, other = float(d.scipy.cdf(high)), float(d.scipy.sf(high))
    elif high is None:
        p, other = float(d.scipy.sf(low - 1)), float(d.scipy.cdf(low - 1))
    else:
        other = float(d.scipy.cdf(low - 1) + d.scipy.sf(high))
        p = (
            float(np.sum(d.scipy.pmf(np.arange(low, high + 1))))
            if high - low < 10_000
            else 1 - other
        )
    values: dict[str, Any] = {"p": p, "p_other": other}
    values |= {"mean": float(d.scipy.mean()), "sd": float(d.scipy.std())}
    if low is None or high is None:
        values["p_exactly"] = float(d.scipy.pmf(high if low is None else low))
    words = (
        f"exactly {low}"
        if low == high
        else f"{high} or fewer"
        if low is None
        else f"{low} or more"
        if high is None
        else f"{low} to {high}"
    )
    table = table_of("probability", ("quantity", "value"), list(values.items()))
    return Result(
        values,
        f"The probability of {words} is {{p}} ({d.name}).",
        (table,),
        (_figure(d, low, high),),
    )


def _figure(d: Discrete, low: int | None, high: int | None) -> Figure:
    ends = [v for v in (low, high) if v is not None]
    start = int(min([d.scipy.ppf(0.0005), *ends]))
    stop = int(max([d.scipy.ppf(0.9995), *ends]))
    counts = np.unique(np.linspace(start, stop, min(stop - start + 1, 200)).astype(int))
    data = {
        "counts": counts.tolist(),
        "probability": d.scipy.pmf(counts).tolist(),
        "at_least": low,
        "at_most": high,
    }
    return Figure("discrete_distribution", d.name, data)


def probability_again(d: Discrete, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """By summing the definition, on whichever side is finite."""
    low, high = _bounds(
        *(arguments[k] for k in ("exactly", "at_least", "at_most", "above", "below"))
    )
    start = d.first if low is None else max(low, d.first)
    if high is None and d.last is None:
        other = total(d, d.first, start - 1)
        p = 1 - other
        if p < 1e-6:  # few digits are left: sum the tail itself
            p = _tail(d, start)
    else:
        stop = d.last if high is None else high if d.last is None else min(high, d.last)
        assert stop is not None
        p = total(d, start, stop)
        other = 1 - p
    again = {"p": p, "p_other": other, "mean": d.moments[0], "sd": ctx.sqrt(d.moments[1])}
    if low is None or high is None:
        bound = high if low is None else low
        assert bound is not None
        inside = bound >= d.first and (d.last is None or bound <= d.last)
        again["p_exactly"] = d.pmf(bound) if inside else mpf(0)
    return again


def total(d: Discrete, start: int, stop: int) -> Any:
    """P(start <= X <= stop), from the largest term outward until terms no longer count."""
    if stop < start:
        return mpf(0)
    top = min(max(int(d.mode), start), stop)
    return outward(d.pmf, d.ratio, top, start, stop)


def _tail(d: Discrete, start: int) -> Any:
    summed, k, term = mpf(0), start, d.pmf(start)
    while True:
        summed, term, k = summed + term, term * d.ratio(k), k + 1
        if term < summed * ctx.mpf(10) ** -30 and k > d.moments[0]:
            return summed


def quantile(d: Discrete, p: float) -> Result:
    q = max(int(d.scipy.ppf(p)), d.first)  # scipy has 0 trials for a sure event
    values = {
        "quantile": q,
        "p_at_most": d.scipy.cdf(q),
        "mean": d.scipy.mean(),
        "sd": d.scipy.std(),
    }
    table = table_of("quantile", ("quantity", "value"), [(k, float(v)) for k, v in values.items()])
    return Result(
        values,
        f"The count is {{quantile}} or fewer with probability {{p_at_most}}, the first to "
        f"reach {p:g} ({d.name}).",
        (table,),
        (_figure(d, None, q),),
    )


def quantile_again(d: Discrete, arguments: Mapping[str, Any]) -> dict[str, Any]:
    wanted = mpf(arguments["p"]) * (1 - mpf(10) ** -13)
    moments = {"mean": d.moments[0], "sd": ctx.sqrt(d.moments[1])}
    if d.cdf is not None:
        k = _first_count(d.cdf, wanted, d.first)
        return {"quantile": k, "p_at_most": d.cdf(k), **moments}
    term, k = d.pmf(d.first), d.first
    summed = term
    while summed < wanted and k != d.last:
        term *= d.ratio(k)
        summed, k = summed + term, k + 1
    if k == d.last:
        summed = mpf(1)
    return {"quantile": k, "p_at_most": summed, **moments}


def _first_count(cdf: Callable[[int], Any], wanted: Any, first: int) -> int:
    """The first count whose ``cdf`` reaches what is wanted, by halving."""
    low, high = first - 1, first + 1
    while cdf(high) < wanted:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if cdf(middle) < wanted:
            low = middle
        else:
            high = middle
    return high


def declared(
    make: Callable[..., Discrete], arguments: tuple[str, ...], example: str, *terms: str
) -> Any:
    """``@operation("stats.<name of the function>")`` with the verifier that goes with it."""

    def declare(function: Callable[..., Result]) -> Callable[..., Result]:
        again, outputs = (
            (quantile_again, QUANTILE)
            if function.__name__.endswith("quantile")
            else (probability_again, OUTPUTS)
        )

        def verify(given: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
            return again(make(*(given[a] for a in arguments)), given)

        name = f"stats.{function.__name__}"
        return operation(
            name, outputs=outputs, reference=BOOK, verifier=verify, examples=(example,), terms=terms
        )(function)

    return declare


def _binomial(n: int, chance: float) -> Discrete:
    q = mpf(chance)
    return Discrete(
        stats.binom(n, chance),
        lambda k: math.comb(n, k) * q**k * (1 - q) ** (n - k),
        lambda k: q / (1 - q) * (n - k) / (k + 1) if q < 1 else mpf(0),
        (n * q, n * q * (1 - q)),
        (n + 1) * q,
        f"binomial distribution, {n} trials, probability {chance:g}",
        0,
        n,
    )


Trials = Annotated[int, Param("number of trials (sample size)", ge=1, le=200_000)]


@declared(
    _binomial,
    ("n", "chance"),
    "p = stats.binomial_probability(n=20, chance=0.05, at_most=2)",
    "binomial probability",
    "probability of k defectives in a sample",
)
def binomial_probability(
    n: Trials,
    chance: Chance,
    exactly: Exactly = None,
    at_least: AtLeast = None,
    at_most: AtMost = None,
    above: Above = None,
    below: Below = None,
) -> Result:
    """Probability of a number of events in n independent trials.

    For example of at most 2 defectives in a sample of 20 when 5% are defective.
    """
    return probability(_binomial(n, chance), exactly, at_least, at_most, above, below)


@declared(
    _binomial,
    ("n", "chance"),
    "q = stats.binomial_quantile(p=0.95, n=20, chance=0.05)",
    "binomial percentile",
)
def binomial_quantile(
    p: Share,
    n: Trials,
    chance: Chance,
) -> Result:
    """Smallest count with at least probability p at or below it, in n independent trials."""
    return quantile(_binomial(n, chance), p)


def _poisson(mean: float) -> Discrete:
    m = mpf(mean)
    return Discrete(
        stats.poisson(mean),
        lambda k: ctx.exp(k * ctx.log(m) - m - ctx.loggamma(k + 1)),
        lambda k: m / (k + 1),
        (m, m),
        m,
        f"Poisson distribution with mean {mean:g}",
    )


Expected = Annotated[
    float, Param("expected number of events (rate times exposure)", gt=0, le=200_000)
]


@declared(
    _poisson,
    ("mean",),
    "p = stats.poisson_probability(mean=2.5, at_least=4)",
    "Poisson probability",
    "probability of a number of defects",
)
def poisson_probability(
    mean: Expected,
    exactly: Exactly = None,
    at_least: AtLeast = None,
    at_most: AtMost = None,
    above: Above = None,
    below: Below = None,
) -> Result:
    """Probability of a number of events when a known number is expected (Poisson)."""
    return probability(_poisson(mean), exactly, at_least, at_most, above, below)


@declared(_poisson, ("mean",), "q = stats.poisson_quantile(p=0.95, mean=2.5)", "Poisson percentile")
def poisson_quantile(p: Share, mean: Expected) -> Result:
    """Smallest count with at least probability p at or below it (Poisson)."""
    return quantile(_poisson(mean), p)


def _hypergeometric(lot: int, defectives: int, n: int) -> Discrete:
    if defectives > lot or n > lot:
        raise InputError(
            f"a lot of {lot} cannot hold {defectives} defectives and give a sample of {n}"
        )
    total = math.comb(lot, n)
    m, size = mpf(defectives), mpf(lot)
    variance = n * m / size * (1 - m / size) * (size - n) / (size - 1) if lot > 1 else mpf(0)
    return Discrete(
        stats.hypergeom(lot, defectives, n),
        lambda k: mpf(math.comb(defectives, k) * math.comb(lot - defectives, n - k)) / total,
        lambda k: mpf((defectives - k) * (n - k)) / ((k + 1) * (lot - defectives - n + k + 1)),
        (n * m / size, variance),
        (n + 1) * (m + 1) / (size + 2),
        f"hypergeometric distribution, sample of {n} from {lot} with {defectives} defectives",
        max(0, n - (lot - defectives)),
        min(n, defectives),
    )


Lot = Annotated[int, Param("size of the lot", ge=1, le=200_000)]
Defectives = Annotated[int, Param("number of defectives in the lot", ge=0)]
Drawn = Annotated[int, Param("size of the sample drawn without replacement", ge=1)]


@declared(
    _hypergeometric,
    ("lot", "defectives", "n"),
    "p = stats.hypergeometric_probability(lot=100, defectives=5, n=20, at_most=1)",
    "hypergeometric probability",
    "sampling without replacement from a lot",
)
def hypergeometric_probability(
    lot: Lot,
    defectives: Defectives,
    n: Drawn,
    exactly: Exactly = None,
    at_least: AtLeast = None,
    at_most: AtMost = None,
    above: Above = None,
    below: Below = None,
) -> Result:
    """Probability of a number of defectives in a sample drawn without replacement from a lot."""
    return probability(
        _hypergeometric(lot, defectives, n), exactly, at_least, at_most, above, below
    )


@declared(
    _hypergeometric,
    ("lot", "defectives", "n"),
    "q = stats.hypergeometric_quantile(p=0.95, lot=100, defectives=8, n=20)",
    "hypergeometric percentile",
)
def hypergeometric_quantile(p: Share, lot: Lot, defectives: Defectives, n: Drawn) -> Result:
    """Smallest count of defectives with at least probability p at or below it, without replacement."""
    return quantile(_hypergeometric(lot, defectives, n), p)


Success = Annotated[
    float, Param("probability of the event in one trial", gt=0, le=1, fraction=True)
]


def _geometric(chance: float) -> Discrete:
    q = mpf(chance)
    return Discrete(
        stats.geom(chance),
        lambda k: q * (1 - q) ** (k - 1) if k >= 1 else mpf(0),
        lambda k: 1 - q,
        (1 / q, (1 - q) / q**2),
        1,
        f"geometric distribution, probability {chance:g} in each trial",
        1,
        cdf=lambda k: 1 - (1 - q) ** k,
    )


@declared(
    _geometric,
    ("chance",),
    "p = stats.geometric_probability(chance=0.1, at_most=5)",
    "geometric probability",
    "trials until the first event",
)
def geometric_probability(
    chance: Success,
    exactly: Exactly = None,
    at_least: AtLeast = None,
    at_most: AtMost = None,
    above: Above = None,
    below: Below = None,
) -> Result:
    """Probability of the number of trials up to and including the first event."""
    return probability(_geometric(chance), exactly, at_least, at_most, above, below)


@declared(
    _geometric,
    ("chance",),
    "q = stats.geometric_quantile(p=0.95, chance=0.1)",
    "geometric percentile",
    "trials until the first event with a given certainty",
)
def geometric_quantile(p: Share, chance: Success) -> Result:
    """Number of trials within which the first event comes with at least probability p."""
    return quantile(_geometric(chance), p)


def _negative_binomial(events: int, chance: float) -> Discrete:
    q = mpf(chance)
    return Discrete(
        stats.nbinom(events, chance),
        lambda k: math.comb(k + events - 1, k) * q**events * (1 - q) ** k,
        lambda k: (1 - q) * (k + events) / (k + 1),
        (events * (1 - q) / q, events * (1 - q) / q**2),
        (events - 1) * (1 - q) / q,
        f"negative binomial distribution, failures before event {events}, probability {chance:g}",
        cdf=lambda k: beta_cdf(q, mpf(events), mpf(k + 1)) if q < 1 else mpf(1),
    )


WaitedFor = Annotated[int, Param("number of events waited for (r)", ge=1)]


@declared(
    _negative_binomial,
    ("events", "chance"),
    "p = stats.negative_binomial_probability(events=3, chance=0.4, at_most=5)",
    "negative binomial probability",
    "failures before the r-th success",
)
def negative_binomial_probability(
    events: WaitedFor,
    chance: Success,
    exactly: Exactly = None,
    at_least: AtLeast = None,
    at_most: AtMost = None,
    above: Above = None,
    below: Below = None,
) -> Result:
    """Probability of the number of failures before the r-th event."""
    return probability(_negative_binomial(events, chance), exactly, at_least, at_most, above, below)


@declared(
    _negative_binomial,
    ("events", "chance"),
    "q = stats.negative_binomial_quantile(p=0.5, events=3, chance=0.2)",
    "negative binomial percentile",
)
def negative_binomial_quantile(p: Share, events: WaitedFor, chance: Success) -> Result:
    """Smallest number of failures before the r-th event with at least probability p at or below it."""
    return quantile(_negative_binomial(events, chance), p)
