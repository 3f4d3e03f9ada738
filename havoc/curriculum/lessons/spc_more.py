"""Asking for run lengths, chart designs, multivariate, median, rare-event and run charts."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Groups, Lesson, Num, Option, TableOf
from havoc.curriculum.lessons.spc_variables import LIMITS, PHASE1, SIGMAS, STATE, WHERE

ARL = "(ARL|average run length|mean run length)"
WAIT = "(how long|how many (points|samples|subgroups)) (until|before|does it take until)"
DELTA = Num(0.25, 3, choices=("0.5", "1", "1.5", "2", "0.25", "0.75", "2.5", "3", "two"))
SHIFT = Option(
    "shift={d}",
    (
        "(for|after|at|and|given) a shift of {d} (sigma|standard deviations|sd)",
        "(if|when) the mean moves (by|) {d} sigma",
        "(out-of-control|out of control) (ARL|run length) at {d} sigma",
        "delta (=|of) {d}",
    ),
    {"d": DELTA},
    0.6,
)
SUBGROUP = Option(
    "n={n}",
    ("(with|) subgroups of {n}", "n = {n} per (subgroup|sample)", "subgroup size {n}"),
    {"n": Num(2, 9, integer=True)},
    0.2,
)

RUN_LENGTHS = (
    Lesson(
        "spc_arl_shewhart",
        "spc.arl_shewhart({options})",
        (
            ARL + " of a (shewhart|3-sigma|three sigma|standard|X-bar|individuals) chart",
            "(in-control|false alarm) " + ARL + " of (a|the) (shewhart|x-bar|individuals) chart",
            WAIT + " a (false alarm|signal) on an (individuals|X-bar|shewhart) chart",
            "how often does a 3-sigma (shewhart|) chart (cry wolf|alarm falsely)",
            "(chance|probability) of detecting (it|the shift) at once and "
            + ARL
            + " on a shewhart chart",
            "run length (properties|) of the (shewhart|x-bar) chart",
        ),
        {},
        (
            SHIFT,
            SUBGROUP,
            Option(
                "L={L}",
                ("limits at {L} sigma", "{L}-sigma limits"),
                {"L": Num(2, 3.5, choices=("2", "2.5", "3", "3.09"))},
                0.2,
            ),
            Option("sides=one-sided", ("one-sided", "only an upper limit"), {}, 0.06),
        ),
    ),
    Lesson(
        "spc_arl_shewhart_two",
        "spc.arl_shewhart(shift=[{a}, {b}], {options})",
        (
            ARL + " of the shewhart chart at shifts of {a} and {b} sigma",
            "shewhart chart: " + ARL + " for a {a} sigma and for a {b} sigma shift",
        ),
        {"a": Num(0.5, 1, choices=("0.5", "1")), "b": Num(1.5, 3, choices=("1.5", "2", "3"))},
        (SUBGROUP,),
        weight=0.4,
    ),
    Lesson(
        "spc_arl_ewma",
        "spc.arl_ewma(weight={lam}, L={L}, {options})",
        (
            ARL + " of an EWMA (chart|) with lambda {lam} and L = {L}",
            "ewma (lambda = {lam}|λ={lam}), L={L}: " + ARL + " (in control|)",
            WAIT
            + " an ewma (lambda {lam}, L {L}|with weight {lam} and width {L}) (alarms|signals)",
            "run length of the exponentially weighted chart, weight {lam}, limits {L} sigma wide",
        ),
        {
            "lam": Num(0.05, 0.5, choices=("0.05", "0.1", "0.2", "0.25", "0.4")),
            "L": Num(2.4, 3.1, 3),
        },
        (SHIFT,),
    ),
    Lesson(
        "spc_arl_cusum",
        "spc.arl_cusum(k={k}, h={h}, {options})",
        (
            ARL + " of a CUSUM (chart|) with k = {k} and h = {h}",
            "cusum k={k}, h={h}: " + ARL + " (without a shift|in control|)",
            WAIT
            + " a tabular cusum (k {k}, h {h}|with reference value {k} and decision interval {h}) (alarms|signals)",
            "run length of the cumulative sum scheme, k {k}, h {h}",
            "(false alarms|mean time between false alarms) of a cusum, h={h} and k={k}",
        ),
        {
            "k": Num(0.25, 1, choices=("0.25", "0.5", "0.75", "1")),
            "h": Num(3, 6, choices=("3", "4", "5", "4.77", "6")),
        },
        (
            SHIFT,
            Option("sides=one-sided", ("one-sided (upper|) scheme", "one side only"), {}, 0.12),
            Option(
                "head_start={f}",
                ("(with a|) head start (of|) {f}", "FIR {f}"),
                {"f": Num(1, 2.5, choices=("1", "2", "1.5"))},
                0.12,
            ),
        ),
    ),
)

WANTED = Num(150, 1000, choices=("200", "370", "500", "370.4", "300", "740", "1000"))
DESIGN_SHIFT = Option(
    "shift={d}",
    ("to (find|detect|catch) a shift of {d} sigma", "(aimed at|for) {d} sigma shifts"),
    {"d": Num(0.5, 2, choices=("0.5", "1", "1.5", "2", "0.75"))},
    0.3,
)
DESIGNS = (
    Lesson(
        "spc_design_ewma",
        "spc.chart_design(arl0={arl}, chart=ewma, weight={lam}, {options})",
        (
            "(which|what) L (gives|for|do I need for) an EWMA with lambda {lam} an in-control ARL of {arl}",
            "(design|set up) an ewma chart, lambda {lam}, ARL0 = {arl}",
            "limits width of the ewma (weight {lam}) for one false alarm in {arl} points",
        ),
        {"arl": WANTED, "lam": Num(0.05, 0.4, choices=("0.05", "0.1", "0.2", "0.25", "0.4"))},
        (DESIGN_SHIFT,),
    ),
    Lesson(
        "spc_design_ewma_best",
        "spc.chart_design(arl0={arl}, chart=ewma, shift={d})",
        (
            "(best|optimal) EWMA (lambda and L|chart) to (find|detect) a {d} sigma shift with ARL0 {arl}",
            "design an ewma for a shift of {d} sigma and an in-control ARL of {arl}",
        ),
        {"arl": WANTED, "d": Num(0.5, 2, choices=("0.5", "1", "1.5", "2"))},
        weight=0.5,
    ),
    Lesson(
        "spc_design_cusum",
        "spc.chart_design(arl0={arl}, chart=cusum, shift={d})",
        (
            "(design|set up) a CUSUM to (find|detect) a shift of {d} sigma, in-control ARL {arl}",
            "k and h of a cusum for a {d} sigma shift with ARL0 = {arl}",
            "cusum parameters: {d} sigma to be caught, one false alarm per {arl} samples",
        ),
        {"arl": WANTED, "d": Num(0.5, 2, choices=("0.5", "1", "1.5", "2"))},
    ),
    Lesson(
        "spc_design_cusum_k",
        "spc.chart_design(arl0={arl}, chart=cusum, k={k}, {options})",
        (
            "(which|what) h (gives|for) a CUSUM with k = {k} an ARL0 of {arl}",
            "decision interval of a cusum, k={k}, for an in-control average run length of {arl}",
        ),
        {"arl": WANTED, "k": Num(0.25, 1, choices=("0.25", "0.5", "0.75", "1"))},
        (DESIGN_SHIFT,),
        weight=0.6,
    ),
    Lesson(
        "spc_design_shewhart",
        "spc.chart_design(arl0={arl}, chart=shewhart, {options})",
        (
            "(how many sigmas|how wide) must (shewhart|x-bar) limits be for an ARL0 of {arl}",
            "shewhart chart with one false alarm in {arl} points: (width|limits)",
        ),
        {"arl": WANTED},
        (DESIGN_SHIFT,),
        weight=0.5,
    ),
)

WIDE = Groups((3, 5), (6, 12), table_only=True)
SINGLE = TableOf({"x": Data(n=(14, 34))})
PAIR = TableOf({"a": Data(), "b": Data()}, rows=(14, 24))
CHARTS = (
    Lesson(
        "spc_median",
        "spc.median(x={g}, {options})",
        (
            "@plot a (median chart|median and range chart|median-R chart|x-tilde chart) (of|for) {g}",
            "chart the subgroup medians (and ranges|) of {g}, rows are subgroups, " + STATE,
            "(medians instead of means|robust center), control chart with ranges for {g}",
            LIMITS + " of the medians in {g} (A6|)",
        ),
        {"g": WIDE},
        (PHASE1, SIGMAS),
        weight=0.7,
    ),
    Lesson(
        "spc_moving_average",
        "spc.moving_average(x={t.x}, {options})",
        (
            "@plot a (moving average control chart|MA chart|moving average chart) (of|for|from) {t.x}",
            "control chart of the rolling mean of {t.x}, " + STATE,
            "average of the last few points as a control chart, {t.x}",
            "moving-average " + LIMITS + " for {t.x}",
        ),
        {"t": SINGLE},
        (
            Option(
                "span={w}",
                ("(span|window|w) (of|=|) {w}", "over {w} points"),
                {"w": Num(3, 8, integer=True)},
                0.5,
            ),
            Option("target={m}", ("target {m}", "around a target of {m}"), {"m": Num(20, 80)}, 0.2),
            Option(
                "sigma={sd}",
                ("sigma {sd}", "known standard deviation {sd}"),
                {"sd": Num(0.5, 9)},
                0.2,
            ),
        ),
        weight=0.7,
    ),
    Lesson(
        "spc_g",
        "spc.g(x={t.x}, {options})",
        (
            "@plot a g(-| )chart (of|for|from) {t.x}",
            "(units|parts|cases|patients|batches) between (rejects|infections|events|failures): {t.x}, g chart",
            "rare (rejects|complications|events), counted in good (units|cases) between them {t.x}; "
            + STATE,
            "geometric chart for {t.x}",
            "{t.x} conforming items between nonconforming ones; " + LIMITS,
        ),
        {"t": TableOf({"x": Data(n=(10, 25), low=2, high=400, integers=True)})},
        (PHASE1,),
        weight=0.8,
    ),
    Lesson(
        "spc_t",
        "spc.t(x={t.x}, {options})",
        (
            "@plot a t(-| )chart (of|for|from) {t.x}",
            "(days|hours|time) between (failures|accidents|breakdowns|complaints): {t.x}, " + STATE,
            "time between rare events {t.x}; control chart",
            "(are|do) the gaps between (accidents|failures) (getting shorter|change): {t.x} (days|h)",
            "exponential times {t.x}, nelson's transformation, control chart",
        ),
        {"t": TableOf({"x": Data(n=(10, 25), low=2, high=900, integers=True)})},
        (PHASE1,),
        weight=0.8,
    ),
    Lesson(
        "spc_run_chart",
        "spc.run_chart(x={t.x}, {options})",
        (
            "@plot a run chart (of|for) {t.x}",
            "runs test (about the median|above and below the median) (on|for) {t.x}",
            "longest run and crossings of the median in {t.x}",
            "is the sequence {t.x} random over time (runs|run chart)",
            "(shift|trend|clustering|oscillation) test on a run chart, {t.x}",
            "no control limits, just a run chart of {t.x} with anhøj rules",
            "does {t.x} (drift|cluster)? run chart p values",
        ),
        {"t": SINGLE},
        (
            Option(
                "center={m}",
                ("about {m} (instead of the median|)", "center line {m}"),
                {"m": Num(20, 80)},
                0.08,
            ),
        ),
    ),
    Lesson(
        "spc_t2",
        "spc.t2(x=[{t.a}, {t.b}], {options})",
        (
            "@plot a (hotelling|T2|T²|T-squared|hotelling's T2) chart (of|for) {t.a} and {t.b}",
            "multivariate control chart (of|for|with) {t.a} and {t.b} together",
            "watch {t.a} and {t.b} jointly (they are correlated|), " + STATE,
            "hotelling T2 on {t.a}, {t.b}",
        ),
        {"t": PAIR},
        (
            Option(
                "alpha={a}",
                ("alpha {a}", "false alarm rate {a}"),
                {"a": Num(0.001, 0.05, choices=("0.001", "0.01", "0.005"))},
                0.2,
            ),
            PHASE1,
        ),
    ),
    Lesson(
        "spc_t2_table",
        "spc.t2(x={g}, {options})",
        (
            "hotelling (T2|T²) chart of all (columns|characteristics) in {g}",
            "multivariate (SPC|control chart) on {g}, each row one part",
            "T-squared statistics for {g}, which rows are out",
        ),
        {"g": Groups((2, 4), (14, 22), table_only=True)},
        (PHASE1,),
        weight=0.6,
    ),
    Lesson(
        "spc_generalized_variance",
        "spc.generalized_variance(x=[{t.a}, {t.b}], subgroup={n})",
        (
            "generalized variance chart of {t.a} and {t.b}, subgroups of {n}",
            "(joint|multivariate) spread of {t.a} and {t.b} over time, chart of the covariance determinant, {n} rows a subgroup",
            "determinant of the covariance chart for {t.a}, {t.b} (subgroup size {n}) " + WHERE,
        ),
        {"t": TableOf({"a": Data(), "b": Data()}, rows=(20, 24)), "n": Num(3, 4, integer=True)},
        weight=0.5,
    ),
)

LESSONS: tuple[Lesson, ...] = (*RUN_LENGTHS, *DESIGNS, *CHARTS)
