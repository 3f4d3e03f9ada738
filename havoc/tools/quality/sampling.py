"""Acceptance sampling by attributes: operating characteristic, single plans for AQL and LTPD."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

import mpmath
import numpy as np
from scipy import optimize, special, stats

from havoc.errors import InputError
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.result import Figure, Result, Value, table_of

Law = Literal["binomial", "poisson", "hypergeometric"]
Aql = Annotated[
    float, Param("acceptable quality level, fraction nonconforming", gt=0, lt=1, fraction=True)
]
Ltpd = Annotated[
    float, Param("quality to be rejected (LTPD, RQL), fraction", gt=0, lt=1, fraction=True)
]
Alpha = Annotated[float, Param("producer's risk at the AQL", gt=0, lt=1, fraction=True)]
Beta = Annotated[float, Param("consumer's risk at the LTPD", gt=0, lt=1, fraction=True)]
Lot = Annotated[int | None, Param("lot size", ge=1)]
LawOf = Annotated[Law, Param("distribution of the number found; hypergeometric needs the lot size")]
MAX_SAMPLE = 100_000


def acceptance(n: int, c: int, p: float, law: str, lot: int | None) -> float:
    """Probability that a lot of fraction ``p`` nonconforming is accepted by the plan (n, c)."""
    if law == "binomial":
        return float(special.bdtr(c, n, p))
    if law == "poisson":
        return float(special.pdtr(c, n * p))
    assert lot is not None
    return float(stats.hypergeom.cdf(c, lot, round(lot * p), n))


def acceptance_again(n: int, c: int, p: float, law: str, lot: int | None) -> float:
    """The same summed term by term in 40 digits, or in exact rationals."""
    if law == "hypergeometric":
        assert lot is not None
        bad = round(lot * p)
        ways = sum(
            math.comb(bad, d) * math.comb(lot - bad, n - d)
            for d in range(max(0, n - lot + bad), min(c, bad, n) + 1)
        )
        return float(Fraction(ways, math.comb(lot, n)))
    with mpmath.workdps(40):
        q = mpmath.mpf(repr(p))
        if law == "poisson":
            terms = (mpmath.exp(-n * q) * (n * q) ** d / mpmath.factorial(d) for d in range(c + 1))
        else:
            terms = (
                mpmath.binomial(n, d) * q**d * (1 - q) ** (n - d) for d in range(min(c, n) + 1)
            )
        return float(mpmath.fsum(terms))


def check_lot(law: str, lot: int | None, n: int = 1) -> None:
    if law == "hypergeometric" and lot is None:
        raise InputError("distribution=hypergeometric needs the lot size (lot=...)")
    if lot is not None and n > lot:
        raise InputError(f"the sample of {n} is larger than the lot of {lot}")


def find_plan(
    aql: float, ltpd: float, alpha: float, beta: float, law: str, lot: int | None
) -> tuple[int, int]:
    """Smallest n over rising c that meets the consumer's risk and then the producer's."""
    most = lot if law == "hypergeometric" and lot is not None else MAX_SAMPLE
    n = 1
    for c in range(0, 2000):
        n = _least_sample(max(n, c + 1), c, ltpd, beta, law, lot, most)
        if n > most:
            break
        if acceptance(n, c, aql, law, lot) >= 1 - alpha:
            return n, c
    raise InputError(
        "no single plan within reach separates these: AQL and LTPD are too near each other"
        + ("" if lot is None else " for this lot")
    )


def _least_sample(
    start: int, c: int, ltpd: float, beta: float, law: str, lot: int | None, most: int
) -> int:
    """Smallest n from ``start`` with acceptance at the LTPD not above beta; it falls as n grows."""
    low, high = start - 1, start
    while high <= most and acceptance(high, c, ltpd, law, lot) > beta:
        low, high = high, high * 2
    if high > most:
        if low >= most or acceptance(most, c, ltpd, law, lot) > beta:
            return most + 1
        high = most
    while high - low > 1:
        middle = (low + high) // 2
        if acceptance(middle, c, ltpd, law, lot) > beta:
            low = middle
        else:
            high = middle
    return high


def _oc_figure(n: int, c: int, law: str, lot: int | None, most: float, marks: list[Any]) -> Figure:
    p = np.linspace(0, min(1.0, most), 101)
    pa = [acceptance(n, c, float(v), law, lot) for v in p]
    return Figure(
        "oc_curve",
        f"Operating characteristic, n = {n}, c = {c}",
        {"p": p.tolist(), "pa": pa, "marks": marks, "x_label": "fraction nonconforming",
         "y_label": "probability of acceptance"},
    )  # fmt: skip


def _quality_at(n: int, c: int, pa: float, law: str) -> float:
    """Fraction nonconforming at which the plan accepts with probability ``pa``."""
    if law == "poisson":
        return float(special.pdtri(c, pa)) / n
    return float(special.betaincinv(c + 1, n - c, 1 - pa))


def _quality_again(n: int, c: int, pa: float, law: str) -> float:
    def miss(p: float) -> float:
        return acceptance_again(n, c, p, law, None) - pa

    # Above n p = c + 1 + 20 √(c + 1) acceptance is nil.
    most = (c + 1 + 20 * math.sqrt(c + 1)) / n
    return float(optimize.brentq(miss, 1e-12, most if law == "poisson" else min(1 - 1e-12, most),
                                 xtol=1e-15, rtol=1e-14))  # fmt: skip


def _verify_plan(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Acceptance numbers tried one by one, samples one by one around the answer."""
    law, lot = arguments["distribution"], arguments["lot"]
    aql, ltpd = arguments["aql"], arguments["ltpd"]
    alpha, beta = arguments["alpha"], arguments["beta"]
    best = None
    n = 1
    for c in range(int(result.values["c"]) + 2):  # type: ignore[arg-type]
        n = max(n, c + 1)
        while acceptance_again(n, c, ltpd, law, lot) > beta:
            n += 1
        if acceptance_again(n, c, aql, law, lot) >= 1 - alpha:
            best = (n, c)
            break
    assert best is not None
    n, c = best
    pa_aql = acceptance_again(n, c, aql, law, lot)
    pa_ltpd = acceptance_again(n, c, ltpd, law, lot)
    return {
        "n": n,
        "c": c,
        "r": c + 1,
        "pa_aql": pa_aql,
        "pa_ltpd": pa_ltpd,
        "producer_risk": 1 - pa_aql,
        "consumer_risk": pa_ltpd,
    }


@operation(
    "quality.sampling_plan",
    outputs={
        "n": "sample size",
        "c": "acceptance number",
        "r": "rejection number",
        "pa_aql": "probability of acceptance at the AQL",
        "pa_ltpd": "probability of acceptance at the LTPD",
        "producer_risk": "probability of rejecting a lot at the AQL",
        "consumer_risk": "probability of accepting a lot at the LTPD",
    },
    reference="Montgomery (2013), Statistical Quality Control, section 15.2",
    verifier=_verify_plan,
    examples=(
        "plan = quality.sampling_plan(aql=1%, ltpd=6%)",
        "plan = quality.sampling_plan(aql=2%, ltpd=15%, distribution=hypergeometric, lot=200)",
    ),
    terms=("single sampling plan", "AQL and LTPD", "acceptance sampling", "n and c"),
)
def sampling_plan(
    aql: Aql,
    ltpd: Ltpd,
    alpha: Alpha = 0.05,
    beta: Beta = 0.1,
    distribution: LawOf = "binomial",
    lot: Lot = None,
) -> Result:
    """Single sampling plan by attributes for an AQL and an LTPD.

    Finds the smallest sample n and acceptance number c that accept lots at the AQL with probability
    at least 1 - alpha and lots at the LTPD with probability at most beta.
    """
    if aql >= ltpd:
        raise InputError(f"the AQL ({aql:g}) must be below the LTPD ({ltpd:g})")
    check_lot(distribution, lot)
    n, c = find_plan(aql, ltpd, alpha, beta, distribution, lot)
    pa_aql = acceptance(n, c, aql, distribution, lot)
    pa_ltpd = acceptance(n, c, ltpd, distribution, lot)
    marks = [{"p": aql, "pa": pa_aql, "name": "AQL"}, {"p": ltpd, "pa": pa_ltpd, "name": "LTPD"}]
    warnings = []
    if lot is not None and distribution != "hypergeometric" and n > lot / 10:
        warnings.append(
            "The sample is more than a tenth of the lot: distribution=hypergeometric fits better."
        )
    return Result(
        {
            "n": n,
            "c": c,
            "r": c + 1,
            "pa_aql": pa_aql,
            "pa_ltpd": pa_ltpd,
            "producer_risk": 1 - pa_aql,
            "consumer_risk": pa_ltpd,
        },
        "Take {n} items; accept the lot with up to {c} nonconforming, reject it with {r} or more. "
        "Producer's risk {producer_risk}, consumer's risk {consumer_risk}.",
        figures=(_oc_figure(n, c, distribution, lot, 2 * ltpd, marks),),
        warnings=tuple(warnings),
    )


def _verify_oc(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    n, c = arguments["n"], arguments["c"]
    law, lot = arguments["distribution"], arguments["lot"]
    p = arguments["p"] or DEFAULT_P
    pa = [acceptance_again(n, c, v, law, lot) for v in p]
    again: dict[str, Any] = {"p": list(p), "pa": pa}
    if law != "hypergeometric":
        for name, level in LEVELS:
            again[name] = Recomputed(_quality_again(n, c, level, law), 1e-8)
    if lot is not None:
        again["ati"] = [n + (1 - a) * (lot - n) for a in pa]
        again["aoq"] = [a * v * (1 - n / lot) for a, v in zip(pa, p, strict=True)]
        if law != "hypergeometric":
            best = _aoql_again(n, c, law)
            again["aoql"] = Recomputed(best * (lot - n) / lot, 1e-8)
    return again


def _aoql_again(n: int, c: int, law: str) -> float:
    """Largest p Pa(p), by golden section."""
    low, high = 0.0, min(1.0, (c + 3) / n * 3)
    g = (math.sqrt(5) - 1) / 2
    a, b = high - g * (high - low), low + g * (high - low)
    for _ in range(90):
        if a * acceptance(n, c, a, law, None) > b * acceptance(n, c, b, law, None):
            high, b = b, a
            a = high - g * (high - low)
        else:
            low, a = a, b
            b = low + g * (high - low)
    middle = (low + high) / 2
    return middle * acceptance_again(n, c, middle, law, None)


def _aoql(n: int, c: int, law: str) -> float:
    high = min(1.0, (c + 3) / n * 3)
    grid = np.linspace(0, high, 2001)
    best = grid[int(np.argmax([p * acceptance(n, c, float(p), law, None) for p in grid]))]
    step = high / 2000
    found = optimize.minimize_scalar(
        lambda p: -p * acceptance(n, c, p, law, None),
        bounds=(max(0.0, best - step), min(1.0, best + step)),
        method="bounded",
        options={"xatol": 1e-13},
    )
    return -float(found.fun)


DEFAULT_P = (0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.15, 0.2)
LEVELS = (("p95", 0.95), ("p50", 0.5), ("p10", 0.1))


@operation(
    "quality.oc_curve",
    outputs={
        "p": "fractions nonconforming",
        "pa": "probability of acceptance at each",
        "p95": "quality accepted 95 % of the time",
        "p50": "quality accepted half of the time (indifference quality)",
        "p10": "quality accepted 10 % of the time",
        "aoq": "average outgoing quality with rectifying inspection (lot given)",
        "aoql": "its limit",
        "ati": "average total inspection",
    },
    reference="Montgomery (2013), Statistical Quality Control, section 15.2",
    verifier=_verify_oc,
    examples=(
        "oc = quality.oc_curve(n=89, c=2)",
        "oc = quality.oc_curve(n=89, c=2, p=[1%, 3%], lot=10000)",
        "oc = quality.oc_curve(n=20, c=1, p=[2%, 5%, 10%], lot=100, distribution=hypergeometric)",
    ),
    terms=("OC curve", "operating characteristic", "probability of acceptance", "AOQL", "ATI"),
)
def oc_curve(
    n: Annotated[int, Param("sample size", ge=1, le=MAX_SAMPLE)],
    c: Annotated[int, Param("acceptance number", ge=0)],
    p: Annotated[
        tuple[float, ...],
        Param("fractions nonconforming to evaluate", ge=0, le=1, fraction=True),
    ] = (),
    distribution: LawOf = "binomial",
    lot: Lot = None,
) -> Result:
    """Operating characteristic of a single sampling plan.

    The probability that a lot is accepted as a function of its fraction nonconforming; with a lot
    size also the average outgoing quality of rectifying inspection, p Pa (N-n)/N, and the average
    total inspection.
    """
    if c >= n:
        raise InputError(f"an acceptance number of {c} in a sample of {n} accepts everything")
    check_lot(distribution, lot, n)
    fractions = p or DEFAULT_P
    pa = [acceptance(n, c, v, distribution, lot) for v in fractions]
    values: dict[str, Value] = {"p": list(fractions), "pa": pa}
    if distribution != "hypergeometric":
        values |= {name: _quality_at(n, c, level, distribution) for name, level in LEVELS}
    columns = [list(fractions), pa]
    names = ["p", "Pa"]
    if lot is not None:
        values["aoq"] = aoq = [v * a * (lot - n) / lot for v, a in zip(fractions, pa, strict=True)]
        values["ati"] = ati = [n + (1 - a) * (lot - n) for a in pa]
        columns, names = [*columns, aoq, ati], [*names, "AOQ", "ATI"]
        if distribution != "hypergeometric":
            values["aoql"] = _aoql(n, c, distribution) * (lot - n) / lot
    most = max(*fractions, 2 * (c + 1) / n)
    words = "The plan accepts with probability {pa[0]} at a fraction of {p[0]}"
    words += " and with {pa[1]} at {p[1]}." if len(fractions) > 1 else "."
    if distribution != "hypergeometric":
        words += " It accepts 95 % of lots at {p95} and 10 % at {p10}."
    return Result(
        values,
        words,
        tables=(table_of("operating characteristic", names, list(zip(*columns, strict=True))),),
        figures=(_oc_figure(n, c, distribution, lot, most, []),),
    )
