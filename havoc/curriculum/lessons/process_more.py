"""Asking for multivariate charts with memory and for the plans of the sampling standard."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Groups, Lesson, Num, Option, TableOf
from havoc.curriculum.lessons.spc_more import ARL
from havoc.curriculum.lessons.spc_variables import PHASE1, STATE

PAIR = TableOf({"a": Data(), "b": Data()}, rows=(14, 24))
LAMBDA = Num(0.05, 0.4, choices=("0.05", "0.1", "0.2", "0.3", "0.15"))
WANTED = Option(
    "arl0={arl}",
    ("in-control ARL (of|) {arl}", "one false alarm in {arl} points", "ARL0 = {arl}"),
    {"arl": Num(100, 1000, choices=("200", "370", "500", "1000"))},
    0.25,
)
WEIGHT = Option(
    "weight={lam}", ("lambda (=|) {lam}", "(with|) weight {lam}", "λ = {lam}"), {"lam": LAMBDA}, 0.4
)

CHARTS = (
    Lesson(
        "spc_mewma",
        "spc.mewma(x=[{t.a}, {t.b}], {options})",
        (
            "@plot a (MEWMA|multivariate EWMA|multivariate exponentially weighted moving average) chart (of|for) {t.a} and {t.b}",
            "small (joint|simultaneous|multivariate) (shifts|drifts) of {t.a} and {t.b}: MEWMA, "
            + STATE,
            "MEWMA on {t.a}, {t.b}",
            "watch {t.a} and {t.b} together for small shifts with a multivariate ewma",
        ),
        {"t": PAIR},
        (WEIGHT, WANTED, PHASE1),
    ),
    Lesson(
        "spc_mewma_table",
        "spc.mewma(x={g}, {options})",
        (
            "(MEWMA|multivariate EWMA) chart of all (columns|characteristics) in {g}",
            "multivariate ewma on {g}, each row one part",
        ),
        {"g": Groups((2, 4), (14, 22), table_only=True)},
        (WEIGHT,),
        weight=0.5,
    ),
    Lesson(
        "spc_mcusum",
        "spc.mcusum(x=[{t.a}, {t.b}], {options})",
        (
            "@plot a (MCUSUM|multivariate CUSUM|Crosier CUSUM) chart (of|for) {t.a} and {t.b}",
            "multivariate cumulative sum of {t.a} and {t.b}, " + STATE,
            "MCUSUM on {t.a}, {t.b}",
        ),
        {"t": PAIR},
        (
            Option(
                "k={k}",
                ("k = {k}", "reference value {k}"),
                {"k": Num(0.25, 1, choices=("0.25", "0.5", "0.75", "1"))},
                0.3,
            ),
            WANTED,
            PHASE1,
        ),
    ),
    Lesson(
        "spc_arl_mewma",
        "spc.arl_mewma(p={p}, weight={lam}, arl0={arl}, {options})",
        (
            "(limit|h4|h) of a MEWMA (chart|) (of|with|for) {p} (variables|characteristics), lambda {lam}, for an in-control ARL of {arl}",
            "MEWMA design: {p} characteristics, weight {lam}, ARL0 {arl}",
        ),
        {
            "p": Num(2, 6, integer=True),
            "lam": LAMBDA,
            "arl": Num(100, 600, choices=("200", "370", "500")),
        },
        (
            Option(
                "shift={d}",
                ("and (its|the) ARL at a shift of {d}", "shift {d}"),
                {"d": Num(0.5, 3, choices=("0.5", "1", "1.5", "2"))},
                0.4,
            ),
        ),
        weight=0.6,
    ),
    Lesson(
        "spc_arl_mewma_h",
        "spc.arl_mewma(p={p}, weight={lam}, h={h})",
        (
            ARL + " of a MEWMA with {p} variables, lambda {lam} and h = {h}",
            "multivariate ewma, {p} characteristics, weight {lam}, limit {h}: " + ARL,
        ),
        {"p": Num(2, 6, integer=True), "lam": LAMBDA, "h": Num(7, 15, 2)},
        weight=0.5,
    ),
)

LOT = Num(60, 40000, integer=True)
AQL = Num(
    0.4, 6.5, choices=("0.4", "0.65", "1.0", "1.5", "2.5", "4.0", "1.5%", "2.5%", "0.65%", "1%")
)
STANDARD = "(ANSI Z1.4|ANSI/ASQ Z1.4|MIL-STD-105E|ISO 2859-1|Z1.4|ISO 2859)"
SEVERITY = Option(
    "inspection=tightened", ("tightened (inspection|)", "(under|on) tightened inspection"), {}, 0.25
)
PLANS = (
    Lesson(
        "quality_standard_plan",
        "quality.standard_plan(lot={lot}, aql={aql}, {options})",
        (
            STANDARD + " (single|) (plan|sampling plan) for a lot of {lot} (pieces|parts|units|), AQL {aql}",
            "(sample size|n|how many to inspect) and (accept/reject numbers|Ac and Re|acceptance number) (by|from|after) " + STANDARD + ": lot {lot}, AQL {aql}",
            "lot size {lot}, AQL {aql}, " + STANDARD + " (code letter|table lookup|)",
            "what does " + STANDARD + " (say|prescribe) for lots of {lot} at AQL {aql}",
            "(code letter|sample size code letter) and plan for {lot} (pieces|units) at an AQL of {aql}",
            "incoming inspection after " + STANDARD + ", N = {lot}, AQL = {aql}",
        ),
        {"lot": LOT, "aql": AQL},
        (
            Option("level=III", ("(general|) (inspection|) level III", "G-III"), {}, 0.15),
            Option("level=I", ("(general|) inspection level I", "G-I"), {}, 0.15),
            Option("level=II", ("(general|) (inspection|) level II", "G-II"), {}, 0.2),
            SEVERITY,
        ),
        weight=1.3,
    ),
)  # fmt: skip

LESSONS: tuple[Lesson, ...] = (*CHARTS, *PLANS)
