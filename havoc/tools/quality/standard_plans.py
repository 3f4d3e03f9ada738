"""Single sampling plans of ANSI/ASQ Z1.4 (MIL-STD-105E, ISO 2859-1), and their operating characteristic.

The master tables have a structure, which is what is held here: both sample sizes and AQLs go up in steps
of about 10^(1/5), so that the acceptance number depends only on the sum of a code letter's and an AQL's
place. Checked in the tests against cells of the printed tables.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np

from havoc.errors import InputError
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.quality.sampling import acceptance, acceptance_again
from havoc.tools.result import Figure, Result, Value, table_of

CODES = "ABCDEFGHJKLMNPQRS"
SIZES = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000, 3150)
AQLS = (
    0.010, 0.015, 0.025, 0.040, 0.065, 0.10, 0.15, 0.25, 0.40, 0.65, 1.0, 1.5, 2.5, 4.0, 6.5, 10.0,
    15.0, 25.0, 40.0, 65.0, 100.0, 150.0, 250.0, 400.0, 650.0, 1000.0,
)  # fmt: skip
LARGEST_FRACTION = 10.0  # AQLs above 10 are nonconformities per 100 items, not percent
# Table I: lots up to this size, and the code letter at S-1, S-2, S-3, S-4, I, II, III
LETTERS: tuple[tuple[float, str], ...] = (
    (8, "AAAAAAB"), (15, "AAAAABC"), (25, "AABBBCD"), (50, "ABBCCDE"), (90, "BBCCCEF"),
    (150, "BBCDDFG"), (280, "BCDEEGH"), (500, "BCDEFHJ"), (1200, "CCEFGJK"), (3200, "CDEGHKL"),
    (10000, "CDFGJLM"), (35000, "CDFHKMN"), (150000, "DEGJLNP"), (500000, "DEGJMPQ"),
    (math.inf, "DEHKNQR"),
)  # fmt: skip
LEVELS = ("S-1", "S-2", "S-3", "S-4", "I", "II", "III")
# Acceptance number by (place of the code letter + place of the AQL); -1: the plan above, +1: below
NORMAL = {14: 0, 17: 1, 18: 2, 19: 3, 20: 5, 21: 7, 22: 10, 23: 14, 24: 21, 25: 30, 26: 44}
TIGHTENED = {15: 0, 18: 1, 19: 2, 20: 3, 21: 5, 22: 8, 23: 12, 24: 18, 25: 27, 26: 41}
LAST_OF_LARGE = "E"  # acceptance numbers above 21 (normal) or 18 (tightened) are for letters A to E
Severity = Literal["normal", "tightened"]


@dataclass(frozen=True)
class Plan:
    letter: str  # from the lot size
    used: str  # after following the table's arrows
    n: int
    c: int


def code_letter(lot: int, level: str) -> str:
    """Table I."""
    row = next(letters for most, letters in LETTERS if lot <= most)
    return row[LEVELS.index(level)]


def cell(letter: int, aql: int, severity: str) -> int | str:
    """Acceptance number of a cell, or the arrow in it."""
    table = NORMAL if severity == "normal" else TIGHTENED
    place = letter + aql
    first = min(table)
    if severity == "tightened" and letter == 0 and place == first:
        return "down"  # Table II-B has no plan of two items that accepts none
    if place in table and (place < 25 or CODES[letter] <= LAST_OF_LARGE):
        return table[place]
    if severity == "normal":
        return "up" if place == 15 or place > 24 else "down"
    return "up" if place > 24 else ("down" if place < first or place in (16, 17) else "up")


def find_plan(letter: str, aql: int, severity: str) -> Plan:
    """Follow the arrows from a code letter to its plan."""
    rows = CODES[:-1] if severity == "normal" else CODES
    here = start = rows.index(letter)
    turned = False
    while True:
        found = cell(here, aql, severity)
        if not isinstance(found, str):
            return Plan(letter, rows[here], SIZES[here], found)
        step = 1 if found == "down" and not turned else -1
        if here + step >= len(rows):  # an arrow at the table's edge: the plan above it
            step, turned, here = -1, True, start
        if here + step < 0:  # nothing above the first letter
            step, here = 1, start
            while isinstance(cell(here, aql, severity), str):
                here += 1
            continue
        here += step


def _place(aql: float) -> int:
    for i, listed in enumerate(AQLS):
        if math.isclose(aql, listed, rel_tol=1e-9):
            return i
    near = sorted(AQLS, key=lambda v: abs(math.log(v / aql)))[:2]
    raise InputError(
        f"the standard has no AQL of {aql:g}; its nearest are {min(near):g} and {max(near):g}"
    )


def _law(aql: float) -> str:
    return "binomial" if aql <= LARGEST_FRACTION else "poisson"


def _accept(n: int, c: int, quality: float, law: str, again: bool = False) -> float:
    """Probability of acceptance at a quality in percent (or nonconformities per 100 items)."""
    function = acceptance_again if again else acceptance
    return function(n, c, quality / 100, law, None)


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The plan again by walking the table row by row; acceptance summed in 40 digits."""
    lot, aql = arguments["lot"], arguments["aql"]
    place, severity = _place(aql), arguments["inspection"]
    letters = dict(zip(LEVELS, next(w for most, w in LETTERS if lot <= most), strict=True))
    letter = letters[arguments["level"]]
    rows = CODES[:-1] if severity == "normal" else CODES
    plans = {
        r: cell(i, place, severity)
        for i, r in enumerate(rows)
        if not isinstance(cell(i, place, severity), str)
    }
    at = rows.index(letter)
    direct = plans.get(letter)
    below = next((r for r in rows[at + 1 :] if r in plans), None)
    above = next((r for r in reversed(rows[:at]) if r in plans), None)
    down = cell(at, place, severity) == "down" and below is not None
    used = letter if direct is not None else (below if down else above) or below
    assert used is not None
    n, c = SIZES[CODES.index(used)], int(plans[used])
    law = _law(aql)
    whole = n >= lot
    n = min(n, lot)
    again: dict[str, Any] = {
        "code_letter": letter,
        "plan_letter": used,
        "n": n,
        "c": c,
        "r": c + 1,
        "aql": aql,
        "lot": lot,
        "listed sample size": Invariant(float(n in SIZES or whole), 1.0),
    }
    if not whole:
        again["pa_aql"] = _accept(n, c, aql, law, again=True)
        again["producer_risk"] = 1 - again["pa_aql"]
        for key, level in (("p95", 0.95), ("p10", 0.1)):
            if key in result.values:
                at_p = _accept(n, c, 100 * float(result.values[key]), law, again=True)  # type: ignore[arg-type]
                again[key] = result.values[key]
                again[f"acceptance at {key}"] = Invariant(at_p, level, 1e-8)
    return again


def _quality(n: int, c: int, pa: float, law: str) -> float:
    from scipy import special

    if law == "poisson":
        return float(special.pdtri(c, pa)) / n
    return float(special.betaincinv(c + 1, n - c, 1 - pa))


@operation(
    "quality.standard_plan",
    outputs={
        "code_letter": "sample size code letter",
        "plan_letter": "letter of the plan used after the table's arrows",
        "n": "sample size",
        "c": "acceptance number (Ac)",
        "r": "rejection number (Re)",
        "pa_aql": "probability of accepting a lot at the AQL",
        "producer_risk": "probability of rejecting it",
        "p95": "fraction (or nonconformities per item) accepted 95 % of the time",
        "p10": "fraction (or nonconformities per item) accepted 10 % of the time",
        "aql": "acceptance quality limit in percent or per 100 items",
        "lot": "lot size",
    },
    reference="ANSI/ASQ Z1.4-2003 (MIL-STD-105E), Tables I, II-A and II-B",
    verifier=_verify,
    examples=(
        "plan = quality.standard_plan(lot=2000, aql=1.5)",
        "plan = quality.standard_plan(lot=500, aql=0.65, level=I, inspection=tightened)",
    ),
    terms=("ANSI Z1.4", "MIL-STD-105E", "ISO 2859-1", "AQL table", "code letter", "Ac Re"),
)
def standard_plan(
    lot: Annotated[int, Param("lot size", ge=2)],
    aql: Annotated[
        float,
        Param("AQL in percent nonconforming or nonconformities per 100 items", unit="%", gt=0),
    ],
    level: Annotated[
        Literal["S-1", "S-2", "S-3", "S-4", "I", "II", "III"],
        Param("inspection level; II unless agreed otherwise"),
    ] = "II",
    inspection: Annotated[
        Severity, Param("normal, or tightened after 2 of 5 lots were rejected")
    ] = "normal",
) -> Result:
    """Single sampling plan of ANSI/ASQ Z1.4 (MIL-STD-105E, ISO 2859-1) for a lot size and an AQL.

    The code letter of Table I leads to the plan of Table II-A (normal) or II-B (tightened), along
    the table's arrows. AQLs up to 10 are percent nonconforming (binomial), larger ones are
    nonconformities per 100 items (Poisson). Reduced inspection (Table II-C) is not held.
    """
    place = _place(aql)
    letter = code_letter(lot, level)
    plan = find_plan(letter, place, inspection)
    n, law = min(plan.n, lot), _law(aql)
    values: dict[str, Value] = {
        "code_letter": letter, "plan_letter": plan.used, "n": n, "c": plan.c, "r": plan.c + 1,
        "aql": aql, "lot": lot,
    }  # fmt: skip
    words = (
        "Code letter {code_letter}: take {n} items of the lot of {lot}; accept with up to {c} "
        "nonconforming, reject with {r} or more."
    )
    warnings = []
    if plan.used != letter:
        warnings.append(
            f"The table's arrow leads from code letter {letter} to {plan.used}, so that the sample "
            f"is {plan.n} instead of {SIZES[CODES.index(letter)]}."
        )
    if plan.n >= lot:
        warnings.append("The sample size reaches the lot size: inspect every item.")
        return Result(values, words, warnings=tuple(warnings))
    pa = _accept(plan.n, plan.c, aql, law)
    p95, p10 = (_quality(plan.n, plan.c, v, law) for v in (0.95, 0.1))
    values |= {"pa_aql": pa, "producer_risk": 1 - pa, "p95": p95, "p10": p10}
    warnings.append(
        "A plan of the standard protects in a series of lots with its switching rules: tightened "
        "after 2 of 5 lots are rejected, back to normal after 5 are accepted in a row."
    )
    grid = np.linspace(0, 1.6 * p10, 101)
    marks = [
        {"p": v, "pa": a, "name": k} for v, a, k in ((aql / 100, pa, "AQL"), (p10, 0.1, "10 %"))
    ]
    return Result(
        values,
        words + " A lot at the AQL is accepted with probability {pa_aql}.",
        tables=(
            table_of("plan", ("code letter", "n", "Ac", "Re"), [(plan.used, n, plan.c, plan.c + 1)]),
        ),
        figures=(
            Figure("oc_curve", f"Operating characteristic, n = {n}, c = {plan.c}", {
                "p": grid.tolist(),
                "pa": [_accept(plan.n, plan.c, 100 * float(v), law) for v in grid],
                "marks": marks,
                "x_label": "fraction nonconforming" if law == "binomial"
                else "nonconformities per item",
                "y_label": "probability of acceptance",
            }),
        ),
        warnings=tuple(warnings),
    )  # fmt: skip
