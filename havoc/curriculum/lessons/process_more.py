"""Asking for multivariate charts with memory and for the plans of the sampling standard."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Groups, Lesson, Num, Option, TableOf, Words
from havoc.curriculum.lessons.quality_measurement import GRR, PART_NAMES, PEOPLE, TOLERANCE
from havoc.curriculum.lessons.quality_more import B_OPTIONS, LIFE_TABLE, LIVES
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


UNEVEN = TableOf(
    {
        "x": Data(n=(14, 24), low=20, high=60),
        "p": Words((3, 4), names=PART_NAMES),
        "o": Words((2, 3), names=PEOPLE),
    },
    forms=("pasted", "attached"),
    rows=(16, 24),
)
GAGES = (
    Lesson(
        "quality_gage_expanded",
        "quality.gage_expanded(x={t.x}, part={t.p}, operator={t.o}, {options})",
        (
            "(unbalanced|incomplete|uneven) " + GRR + " (of|on) {t.x}, {t.p}, {t.o}",
            GRR + " of {t.x} with missing readings ({t.p} by {t.o}|)",
            "expanded " + GRR + ": {t.x} by {t.p} and {t.o}",
            "not every {t.o} measured every {t.p} equally often; gage study of {t.x} (REML|)",
        ),
        {"t": UNEVEN},
        (
            TOLERANCE,
            Option("interaction=false", ("(without|no) interaction",), {}, 0.12),
        ),
    ),
    Lesson(
        "quality_gage_stability",
        "quality.gage_stability(x={g}, {options})",
        (
            "(stability study|gage stability|stability of the gage) from {g} (rows are days|one row per occasion|)",
            "does the (gauge|instrument|scale) drift? master readings {g}",
            "the same master was read (every week|every day|repeatedly), {g}: is the measuring device stable",
            "stability over time of a measuring system, {g}",
        ),
        {"g": Groups((3, 4), (7, 14), table_only=True)},
        (
            Option(
                "reference={ref}",
                ("(master|reference value|true value) {ref}",),
                {"ref": Num(20, 60, 2)},
                0.4,
            ),
        ),
    ),
)

LIFE = (
    Lesson(
        "quality_lognormal_fit",
        "quality.lognormal_fit(x={t.x}, {options})",
        (
            "(fit a lognormal|lognormal fit|lognormal life analysis) (to|of|for) (the failure times|) {t.x}",
            "(mu and sigma|median life) of a lognormal for (the lives|) {t.x}",
            "{t.x} are cycles to failure (fatigue|), lognormal, B10 and median life",
        ),
        {"t": TableOf({"x": LIVES})},
        B_OPTIONS,
    ),
    Lesson(
        "quality_lognormal_fit_status",
        "quality.lognormal_fit(x={t.x}, status={t.d}, {options})",
        (
            "lognormal fit with censoring: {t.x}, {t.d} (1 = failed|tells who failed)",
            "lognormal life of {t.x}, censored where {t.d} is 0",
        ),
        {"t": LIFE_TABLE},
        B_OPTIONS,
        weight=0.7,
    ),
)

SKEWED = TableOf({"x": Data(n=(15, 30), low=1, high=20)})
JOHNSON = (
    Lesson(
        "quality_capability_johnson",
        "quality.capability_nonnormal(x={t.x}, usl={u}, method=johnson)",
        (
            "capability of {t.x} by a johnson transformation, USL {u}",
            "(johnson|johnson system) transform of {t.x}, Ppk against an upper (spec|) limit of {u}",
        ),
        {"t": SKEWED, "u": Num(60, 90, 1)},
        weight=0.4,
    ),
)

STAGES = Option(
    "stages={s}",
    (
        "(new limits|separate limits|limits anew) from point {s} on",
        "(the process was changed|a change was made) (before|at) point {s}",
        "a new stage (starts|begins) at point {s}",
        "split (the limits|the chart|) at point {s}",
    ),
    {"s": Num(9, 11, integer=True)},
    1.0,
)
CHANGED = (
    Lesson(
        "spc_i_mr_stages",
        "spc.i_mr(x={t.x}, {options})",
        (
            "(individuals|I-MR|ImR|XmR) chart of {t.x}",
            "@plot an individuals chart (of|for) {t.x}",
        ),
        {"t": TableOf({"x": Data(n=(18, 30))})},
        (STAGES,),
        weight=0.5,
    ),
)

LESSONS: tuple[Lesson, ...] = (
    *CHARTS,
    *PLANS,
    *GAGES,
    *LIFE,
    *JOHNSON,
    *CHANGED,
)
