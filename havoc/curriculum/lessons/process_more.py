"""Asking for multivariate charts with memory and for the plans of the sampling standard."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Groups, Lesson, Num, Option, TableOf, Words
from havoc.curriculum.lessons.quality_lives import B_OPTIONS, LIFE_TABLE, LIVES
from havoc.curriculum.lessons.quality_measurement import GRR, PART_NAMES, PEOPLE, TOLERANCE
from havoc.curriculum.lessons.spc_more import ARL
from havoc.curriculum.lessons.spc_variables import PHASE1, STATE

PAIR = TableOf({"a": Data(), "b": Data()}, rows=(14, 24))
LAMBDA = Num(0.05, 0.4, choices=("0.05", "0.1", "0.2", "0.3", "0.15"))
WANTED = Option(
    "arl0={arl}",
    (
        "in-control ARL (of|) {arl}",
        "one false alarm in {arl} points",
        "ARL0 = {arl}",
        "ARL0 {arl}",
        "a false alarm every {arl} (points|samples)",
        "in-control run length {arl}",
        "average run length {arl} when in control",
    ),
    {"arl": Num(100, 1000, choices=("200", "370", "500", "1000"))},
    0.25,
)
WEIGHT = Option(
    "weight={lam}",
    (
        "lambda (=|) {lam}",
        "(with|) weight {lam}",
        "λ = {lam}",
        "r = {lam}",
        "smoothing constant {lam}",
        "lambda={lam}",
        "smoothing {lam}",
    ),
    {"lam": LAMBDA},
    0.4,
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
            "mewma {t.a} {t.b}",
            "Minitab Multivariate Charts > Multivariate EWMA, {t.a} and {t.b}",
            "exponentially weighted hotelling chart for {t.a} and {t.b}",
            "T2 is too slow for small shifts of {t.a} and {t.b}; use the multivariate ewma",
            "{t.a} and {t.b} are correlated and may creep away slowly together; which chart with memory alarms (MEWMA)",
            "Lowry's MEWMA, variables {t.a}, {t.b}, " + STATE,
            "joint EWMA of {t.a}, {t.b} (vector), first signal",
            "did the pair {t.a}, {t.b} drift a little? MEWMA chart",
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
            "Minitab multivariate EWMA chart on every column of {g}",
            "MEWMA for {g}, all characteristics together",
            "all columns of {g} are monitored for small joint drifts, MEWMA",
            "exponentially weighted multivariate chart, {g}, a row per part",
            "which row of {g} signals first on a multivariate EWMA",
            "Lowry MEWMA of the whole table {g}",
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
            "mcusum {t.a} {t.b}",
            "Crosier's multivariate cusum on {t.a}, {t.b}, first signal",
            "cumulative sum chart for the vector of {t.a} and {t.b}",
            "{t.a} and {t.b} may have shifted together by a little for good: multivariate CUSUM",
            "watch two correlated characteristics {t.a} and {t.b} with cumulative sums, " + STATE,
            "joint cusum of {t.a} and {t.b}",
            "since when did {t.a} together with {t.b} move? MCUSUM",
            "multivariate cumulative sum (Crosier) with variables {t.a}, {t.b}, is the mean vector off",
            "small lasting shift of the mean vector ({t.a}, {t.b}): MCUSUM with limit",
        ),
        {"t": PAIR},
        (
            Option(
                "k={k}",
                (
                    "k = {k}",
                    "reference value {k}",
                    "k={k}",
                    "slack {k}",
                    "allowance {k}",
                ),
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
            "mewma.crit(l = {lam}, L0 = {arl}, p = {p})",
            "p = {p}, lambda = {lam}, ARL0 = {arl}: H of the MEWMA",
            "control limit of a multivariate ewma for {p} quality characteristics; smoothing {lam}; one false alarm per {arl}",
            "ARL0 {arl} wanted, {p} variables, weight {lam}: MEWMA limit",
            "choose the limit of the MEWMA so that the in-control run length is {arl}, r = {lam}, p = {p}",
            "upper limit h4 for the multivariate exponentially weighted chart, {p} characteristics, lambda={lam}, in-control ARL {arl}",
            "MEWMA: number of variables {p}, weight {lam}, ARL0 = {arl}, limit?",
            "where does the alarm limit of a multivariate ewma lie, p={p}, lambda={lam}, false alarm once in {arl} points",
            "design of an MEWMA chart; variables: {p}; smoothing: {lam}; in-control ARL: {arl}",
        ),
        {
            "p": Num(2, 6, integer=True),
            "lam": LAMBDA,
            "arl": Num(100, 600, choices=("200", "370", "500")),
        },
        (
            Option(
                "shift={d}",
                (
                    "and (its|the) ARL at a shift of {d}",
                    "shift {d}",
                    "and the run length for a shift of {d}",
                    "out-of-control ARL at distance {d}",
                    "noncentrality {d}",
                ),
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
            "mewma.arl(l = {lam}, h = {h}, p = {p})",
            "p = {p}, lambda = {lam}, h = {h}: ARL of the MEWMA",
            "how many points until a multivariate ewma alarms, limit {h}, {p} variables, smoothing {lam}",
            "run length of the MEWMA with limit h4 = {h}; r = {lam}; {p} characteristics",
            "false alarm interval of a MEWMA ({p} variables, lambda {lam}, h {h})",
            ARL + ": MEWMA, {p} characteristics, h={h}, weight={lam}",
            "MEWMA h={h}, lambda={lam}, p={p}: average run length",
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
    "inspection=tightened",
    (
        "tightened (inspection|)",
        "(under|on) tightened inspection",
        "tightened",
        "severity: tightened",
        "the supplier is on tightened inspection",
        "we have switched to tightened",
    ),
    {},
    0.25,
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
"z1.4 lot {lot} aql {aql}",
"AQL table: lot size {lot}, AQL {aql}, code letter, n, Ac, Re",
"AASingle('Normal') style lookup: N = {lot}, AQL {aql}, " + STANDARD,
"a delivery of {lot} (pieces|cartons|units) arrives; by " + STANDARD + " with AQL {aql}, how many do I inspect and when do I reject",
"the contract says AQL {aql} according to " + STANDARD + ". We got {lot} parts. Plan?",
"{lot} (garments|toys|phones|shirts) for a pre-shipment inspection, AQL {aql}: how many to check, how many defects are allowed (" + STANDARD + "|AQL chart|AQL table)",
"which letter and which sample size from the " + STANDARD + " tables when the batch is {lot} and the AQL {aql}",
"Stichprobenplan / sampling scheme ISO 2859-1, lot {lot}, AQL {aql}",
"acceptance number and rejection number from the standard tables, batch of {lot}, acceptable quality limit {aql}",
"N = {lot}; AQL = {aql}; " + STANDARD + "; n = ?, Ac = ?, Re = ?",
"goods inward clerk asks: {lot} came in, our AQL is {aql}, how many do I take per " + STANDARD,
"military standard 105 plan, lot or batch size {lot}, AQL of {aql}",
"how many samples from a batch of {lot} at AQL {aql}, following " + STANDARD + ", and what are Ac and Re",
"lot: {lot}\nAQL: {aql}\nstandard: " + STANDARD + "\nwant: n, Ac, Re",
),
        {"lot": LOT, "aql": AQL},
        (
            Option("level=III", ("(general|) (inspection|) level III", "G-III",
"inspection level III",
"general level 3",
"level 3 (inspection|)",
"GIL III",
), {}, 0.15),
            Option("level=I", ("(general|) inspection level I", "G-I",
"inspection level I",
"general level 1",
"reduced effort: level I",
"GIL I",
), {}, 0.15),
            Option("level=II", ("(general|) (inspection|) level II", "G-II",
"inspection level II",
"general level 2",
"the usual level II",
"GIL II",
), {}, 0.2),
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
            "expanded gage rr {t.x} {t.p} {t.o}",
            "Minitab (Gage R&R Study (Expanded)|Expanded Gage R&R), measurement {t.x}, part {t.p}, operator {t.o}",
            "some readings are missing, so the crossed ANOVA does not work: R&R of {t.x} by {t.p} and {t.o} with unequal repeats",
            "unbalanced MSA: {t.x} measured by {t.o} on {t.p}, not equally often",
            "{t.o} did not measure all {t.p} the same number of times; how much of {t.x} is measurement error",
            "lme4 style variance components for an incomplete gauge study, {t.x}, {t.p}, {t.o}",
            "gage study with gaps in the data ({t.p}, {t.o}, {t.x}), repeatability and reproducibility",
            "incomplete gauge R&R: reading {t.x}; part {t.p}; operator {t.o}",
        ),
        {"t": UNEVEN},
        (
            TOLERANCE,
            Option(
                "interaction=false",
                (
                    "(without|no) interaction",
                    "leave out the (part by operator|part*operator|) interaction",
                    "main effects only",
                    "no part*operator term",
                ),
                {},
                0.12,
            ),
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
            "gage stability {g}",
            "AIAG stability study: master part read several times per occasion, {g}, a row per occasion",
            "control chart of the master readings to see if the measuring system drifts: {g}",
            "each row of {g} holds the repeats on the control standard of one day; is the (balance|CMM|spectrometer|analyser) stable",
            "has the gauge changed since calibration? repeats on the master, one line per day, {g}",
            "measurement stability (drift) from check standard data {g}, rows are sessions",
            "should we recalibrate, does the instrument wander? check standard repeats per week in rows, {g}",
            "is the gauge itself in control over time? master readings, a row per check, {g}",
        ),
        {"g": Groups((3, 4), (7, 14), table_only=True)},
        (
            Option(
                "reference={ref}",
                (
                    "(master|reference value|true value) {ref}",
                    "the (master|check standard) is {ref}",
                    "reference = {ref}",
                    "certified value {ref}",
                    "true value of the master {ref}",
                ),
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
            "lognormal {t.x} life",
            "Minitab Parametric Distribution Analysis, lognormal, {t.x}, no censoring",
            "ln T ~ N(mu, sigma): estimate from the lives {t.x}, B10",
            "T ~ LogN(mu, sigma), failure times {t.x}",
            "fatigue lives {t.x} follow a lognormal; median life and B10",
            "log-normal failure time model for {t.x}, MLE of mu and sigma",
            "how long do they last if life is lognormal: {t.x}",
            "LogNormalFitter on the complete lives {t.x}",
            "lognormal life distribution of {t.x}: B10, median, mu, sigma",
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
            "survreg(Surv({t.x}, {t.d}) ~ 1, dist = 'lognormal')",
            "Minitab Parametric Distribution Analysis (Right Censoring), variable {t.x}, censoring column {t.d}, Lognormal",
            "right-censored lives {t.x} with event indicator {t.d}, lognormal mu and sigma",
            "some units were still running ({t.d} is 1 for failures); lognormal life from {t.x}",
            "lognormal MLE, suspensions marked in {t.d}, times {t.x}, B10",
            "fatigue test with run-outs ({t.d} = 0), cycles {t.x}, lognormal model",
            "lognormal median life with censored units, {t.x}, event flag {t.d}",
            "life data with suspensions, {t.x} and {t.d}, log-normal distribution",
            "log-normal reliability model: time {t.x}, censoring in {t.d} (0 = still running)",
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
            "Minitab capability (normal) with the Johnson transformation, {t.x}, upper spec {u}",
            "Johnson SB/SU transformation, then capability of {t.x} for a maximum of {u}",
            "skewed data {t.x}, at most {u} allowed, use Johnson's curves: Ppk",
            "Ppk of {t.x} by Johnson (not Box-Cox), USL = {u}",
            "transform {t.x} with the Johnson family and tell how capable we are against {u} as upper limit",
            "johnson capability: usl {u}, data {t.x}",
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
        "(we|they) changed the (tool|supplier|recipe|method) at point {s}",
        "stage change at (observation|point) {s}",
        "(second|new) phase from (reading|point) {s} on",
        "break at point {s}",
        "recalculate the limits from (reading|point) {s}",
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
            "Minitab I-MR with stages, {t.x}",
            "before/after individuals chart of {t.x} with limits for each stage",
            "single readings {t.x}: did the change help? XmR with a break in the limits",
            "staged (I-MR|XmR|individuals) chart, {t.x}",
            "process behaviour chart of {t.x} with recalculated limits",
            "individuals and moving range chart by stage of {t.x}",
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
