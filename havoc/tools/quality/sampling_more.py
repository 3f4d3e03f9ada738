"""Double sampling by attributes and single sampling by variables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
from scipy import special, stats

from havoc.errors import InputError
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.quality.sampling import DEFAULT_P, Alpha, Aql, Beta, Ltpd
from havoc.tools.quality.tolerance import factor_again
from havoc.tools.result import Assumption, Figure, Result, Value, table_of


def _double(p: float, n1: int, c1: int, r1: int, n2: int, c2: int) -> tuple[float, float, float]:
    """Acceptance in all and on the first sample, and the average sample number."""
    first = float(special.bdtr(c1, n1, p))
    second, undecided = 0.0, 0.0
    for d in range(c1 + 1, min(r1, n1 + 1)):
        here = float(stats.binom.pmf(d, n1, p))
        undecided += here
        if c2 >= d:
            second += here * float(special.bdtr(c2 - d, n2, p))
    return first + second, first, n1 + n2 * undecided


def _double_again(
    p: float, n1: int, c1: int, r1: int, n2: int, c2: int
) -> tuple[float, float, float]:
    """The same in exact rationals, over every pair of numbers found."""
    q = Fraction(repr(float(p)))

    def mass(n: int, d: int) -> Fraction:
        return math.comb(n, d) * q**d * (1 - q) ** (n - d)

    first = sum((mass(n1, d) for d in range(c1 + 1)), Fraction(0))
    accepted, undecided = first, Fraction(0)
    for d in range(c1 + 1, min(r1, n1 + 1)):
        here = mass(n1, d)
        undecided += here
        accepted += here * sum((mass(n2, e) for e in range(min(c2 - d, n2) + 1)), Fraction(0))
    return float(accepted), float(first), float(n1 + n2 * undecided)


def _verify_double(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    n1, c1, n2, c2 = (arguments[k] for k in ("n1", "c1", "n2", "c2"))
    r1 = c2 + 1 if arguments["r1"] is None else arguments["r1"]
    p = arguments["p"] or DEFAULT_P
    rows = [_double_again(v, n1, c1, r1, n2, c2) for v in p]
    return {
        "p": list(p),
        "pa": [r[0] for r in rows],
        "pa_first": [r[1] for r in rows],
        "asn": [r[2] for r in rows],
        "r1": r1,
    }


@operation(
    "quality.double_sampling",
    outputs={
        "p": "fractions nonconforming",
        "pa": "probability of acceptance at each",
        "pa_first": "probability of acceptance on the first sample",
        "asn": "average sample number (second sample inspected in full)",
        "r1": "rejection number of the first sample",
    },
    reference="Montgomery (2013), Statistical Quality Control, section 15.3",
    verifier=_verify_double,
    examples=("d = quality.double_sampling(n1=50, c1=1, n2=100, c2=3, p=[2%, 5%])",),
    terms=("double sampling plan", "average sample number", "ASN"),
)
def double_sampling(
    n1: Annotated[int, Param("size of the first sample", ge=1, le=2000)],
    c1: Annotated[int, Param("acceptance number of the first sample", ge=0)],
    n2: Annotated[int, Param("size of the second sample", ge=1, le=2000)],
    c2: Annotated[int, Param("acceptance number of both samples together", ge=0)],
    r1: Annotated[
        int | None, Param("rejection number of the first sample; otherwise c2 + 1", ge=1)
    ] = None,
    p: Annotated[
        tuple[float, ...], Param("fractions nonconforming", ge=0, le=1, fraction=True)
    ] = (),
) -> Result:
    """Operating characteristic and average sample number of a double sampling plan.

    Accept on up to c1 in the first sample, reject on r1 or more, otherwise take the second sample
    and accept on up to c2 in both together (binomial).
    """
    reject = c2 + 1 if r1 is None else r1
    if not c1 < reject or c2 < c1 or c1 >= n1:
        raise InputError("a double plan needs c1 < r1, c1 <= c2 and c1 < n1")
    fractions = p or DEFAULT_P
    rows = [_double(v, n1, c1, reject, n2, c2) for v in fractions]
    values: dict[str, Value] = {
        "p": list(fractions),
        "pa": [r[0] for r in rows],
        "pa_first": [r[1] for r in rows],
        "asn": [r[2] for r in rows],
        "r1": reject,
    }
    grid = np.linspace(0, min(1.0, 3 * (c2 + 2) / (n1 + n2)), 61)
    figure = Figure(
        "oc_curve",
        "Operating characteristic of the double plan",
        {"p": grid.tolist(),
         "pa": [_double(float(v), n1, c1, reject, n2, c2)[0] for v in grid],
         "marks": [], "x_label": "fraction nonconforming", "y_label": "probability of acceptance"},
    )  # fmt: skip
    table = [(v, *row) for v, row in zip(fractions, rows, strict=True)]
    return Result(
        values,
        "At a fraction of {p[0]} the plan accepts with probability {pa[0]} and inspects {asn[0]} "
        "items on average.",
        tables=(table_of("double plan", ("p", "Pa", "Pa first", "ASN"), table),),
        figures=(figure,),
    )


def _known(aql: float, ltpd: float, alpha: float, beta: float) -> tuple[int, float]:
    za, zb = float(special.ndtri(1 - alpha)), float(special.ndtri(1 - beta))
    z1, z2 = float(special.ndtri(1 - aql)), float(special.ndtri(1 - ltpd))
    n = math.ceil(((za + zb) / (z1 - z2)) ** 2 - 1e-9)
    return n, (za * z2 + zb * z1) / (za + zb)


def _unknown(aql: float, ltpd: float, alpha: float, beta: float) -> tuple[int, float]:
    """Smallest n whose k for the consumer's risk also meets the producer's (noncentral t)."""
    z1, z2 = float(special.ndtri(1 - aql)), float(special.ndtri(1 - ltpd))

    def factor(n: int) -> float:
        return float(stats.nct.isf(beta, n - 1, math.sqrt(n) * z2)) / math.sqrt(n)

    def fine(n: int) -> bool:
        root = math.sqrt(n)
        return float(stats.nct.sf(factor(n) * root, n - 1, root * z1)) >= 1 - alpha

    high = 2
    while not fine(high):
        high *= 2
        if high > 100_000:
            raise InputError("AQL and LTPD are too near each other for a plan within reach")
    low = max(1, high // 2)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fine(middle) else (middle, high)
    return high, factor(high)


def _accept(n: int, k: float, p: float, sigma: str) -> float:
    z = float(special.ndtri(1 - p))
    if sigma == "known":
        return float(special.ndtr((z - k) * math.sqrt(n)))
    return float(stats.nct.sf(k * math.sqrt(n), n - 1, z * math.sqrt(n)))


def _accept_again(n: int, k: float, p: float) -> float:
    """P(mean + k s below the limit) by quadrature over s, the mean in closed form."""
    df = n - 1
    z = float(stats.norm.isf(p))
    node, weight = np.polynomial.legendre.leggauss(400)
    top = 1 + 10 / math.sqrt(2 * df) + (8 / df if df < 8 else 0)
    s = top / 2 * (node + 1)
    log_density = (
        math.log(2)
        + df / 2 * math.log(df / 2)
        - float(special.gammaln(df / 2))
        + (df - 1) * np.log(s)
        - df * s * s / 2
    )
    inside = special.ndtr(math.sqrt(n) * (z - k * s))
    return float(top / 2 * weight @ (np.exp(log_density) * inside))


def _verify_variables(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    aql, ltpd = arguments["aql"], arguments["ltpd"]
    alpha, beta = arguments["alpha"], arguments["beta"]
    if arguments["sigma"] == "known":
        za, zb = stats.norm.isf(alpha), stats.norm.isf(beta)
        z1, z2 = stats.norm.isf(aql), stats.norm.isf(ltpd)
        n = math.ceil(((za + zb) / (z1 - z2)) ** 2 - 1e-9)
        k = float(z2 + zb * (z1 - z2) / (za + zb))
        root = math.sqrt(n)
        pa = [float(stats.norm.sf((k - z) * root)) for z in (z1, z2)]
        return {"n": n, "k": k, "pa_aql": pa[0], "pa_ltpd": pa[1]} | {
            "producer_risk": 1 - pa[0], "consumer_risk": pa[1]}  # fmt: skip

    def factor(n: int) -> float:
        # P(accept at the LTPD) = beta: a tolerance bound with content 1 - ltpd, confidence 1 - beta.
        return factor_again("upper", n, 1 - ltpd, 1 - beta)

    reported = max(2, int(result.values["n"]))  # type: ignore[arg-type]
    found = reported
    while _accept_again(found, factor(found), aql) < 1 - alpha:
        found += 1
        if found > reported + 2:
            break
    while found > 2 and _accept_again(found - 1, factor(found - 1), aql) >= 1 - alpha:
        found -= 1
        if found < reported - 2:
            break
    k = factor(found)
    pa_aql, pa_ltpd = _accept_again(found, k, aql), _accept_again(found, k, ltpd)
    again = {"k": k, "pa_aql": pa_aql, "pa_ltpd": pa_ltpd, "producer_risk": 1 - pa_aql,
             "consumer_risk": pa_ltpd}  # fmt: skip
    loose: dict[str, Any] = {key: Recomputed(v, 1e-5) for key, v in again.items()}
    return {"n": found, **loose}


@operation(
    "quality.variables_plan",
    outputs={
        "n": "sample size",
        "k": "acceptance constant: accept if (USL - mean)/s is at least k",
        "pa_aql": "probability of acceptance at the AQL",
        "pa_ltpd": "probability of acceptance at the LTPD",
        "producer_risk": "probability of rejecting a lot at the AQL",
        "consumer_risk": "probability of accepting a lot at the LTPD",
    },
    reference="Montgomery (2013), Statistical Quality Control, section 16.2; Wallis (1947)",
    verifier=_verify_variables,
    examples=(
        "v = quality.variables_plan(aql=1%, ltpd=6%)",
        "v = quality.variables_plan(aql=1%, ltpd=5%, sigma=known)",
    ),
    terms=("variables sampling plan", "sampling by variables", "k method", "acceptance constant"),
)
def variables_plan(
    aql: Aql,
    ltpd: Ltpd,
    alpha: Alpha = 0.05,
    beta: Beta = 0.1,
    sigma: Annotated[
        Literal["unknown", "known"], Param("whether the process standard deviation is known")
    ] = "unknown",
) -> Result:
    """Single sampling plan by variables (k method) for one specification limit.

    Measure n items and accept if (USL - mean)/s >= k, or (mean - LSL)/s >= k. Exact: noncentral t
    for an unknown sigma. Needs a normal characteristic.
    """
    if aql >= ltpd:
        raise InputError(f"the AQL ({aql:g}) must be below the LTPD ({ltpd:g})")
    n, k = (_known if sigma == "known" else _unknown)(aql, ltpd, alpha, beta)
    pa_aql, pa_ltpd = _accept(n, k, aql, sigma), _accept(n, k, ltpd, sigma)
    return Result(
        {
            "n": n,
            "k": k,
            "pa_aql": pa_aql,
            "pa_ltpd": pa_ltpd,
            "producer_risk": 1 - pa_aql,
            "consumer_risk": pa_ltpd,
        },
        "Measure {n} items; accept the lot if the distance of the mean from the limit is at least "
        "{k} standard deviations. Producer's risk {producer_risk}, consumer's risk {consumer_risk}.",
        assumptions=(
            Assumption("normality", None, "the characteristic must be normal; check on past lots"),
        ),
    )
