"""Asking for process capability and tolerance intervals."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Field, Groups, Interval, Lesson, Num, Option, TableOf
from havoc.curriculum.lessons.spc_variables import WHERE

INDICES = "(Cp and Cpk|Cpk|Cp, Cpk, Pp, Ppk|cp/cpk|Cp Cpk|Pp and Ppk|Ppk|capability indices|the capability)"
ABILITY = "(is|are) (the|our|my) (process|machine|line|parts) (capable|good enough|able to hold the tolerance)"
UNITS = ("mm", "g", "um", "N", "V", "ml", "MPa", "µm")

CONFIDENCE = Option(
    "confidence={conf}",
    (
        "(with|at) {conf} confidence (limits|intervals|)",
        "{conf} (CI|confidence interval|confidence limits)",
        "confidence level (of|) {conf}",
    ),
    {"conf": Num(0.9, 0.99, choices=("90%", "95%", "99%", "0.9", "0.99"))},
    0.12,
)
WITHIN = (
    Option(
        "estimator=rbar",
        (
            "(within sigma|sigma within|short-term sigma|sigma) (from|by|=) (R-bar/d2|Rbar/d2|the average range|mean range over d2)",
            "(using|with|by) (the|) (average range|R-bar|range method)",
        ),
        {},
        0.16,
    ),
    Option(
        "estimator=pooled",
        (
            "(within sigma|sigma within|sigma) (from|by|=) (the|) pooled (standard deviation|sd|s)",
            "(as|like|the way) minitab (does by default|default|does it)",
            "pool the subgroup (variances|standard deviations) with c4",
        ),
        {},
        0.12,
    ),
    Option(
        "estimator=sbar",
        ("(sigma|within sigma) from s-bar/c4", "(by|with) the average subgroup standard deviation"),
        {},
        0.06,
    ),
    Option(
        "estimator=pooled_uncorrected",
        ("pooled sd (without|no) (c4|unbiasing|bias correction)",),
        {},
        0.04,
    ),
)
MOVING = Option(
    "estimator=moving_range",
    ("(sigma|within sigma) from the moving range", "(by|with) (the|) moving range(s|)"),
    {},
    0.1,
)
TARGET = Option(
    "target={T}",
    ("(target|nominal|aim) (is|=|of|:|) {T}", "(also|and) Cpm (with|for) target {T}"),
    {"T": Num(30, 70)},
    0.15,
)

ONE: dict[str, Field] = {
    "t": TableOf({"x": Data(n=(10, 40), low=10, high=90)}),
    "s": Interval(1, 99, UNITS),
}
SIDES: dict[str, Field] = {
    "t": TableOf({"x": Data(n=(10, 40), low=20, high=80)}),
    "lo": Num(2, 18, 1),
    "hi": Num(82, 99, 1),
}
WIDE: dict[str, Field] = {
    "g": Groups((2, 5), (6, 12), table_only=True),
    "s": Interval(1, 99, UNITS),
}

CAPABILITY = (
    Lesson(
        "quality_capability",
        "quality.capability(x={t.x}, spec={s}, {options})",
        (
            "@compute " + INDICES + " (of|for) {t.x}, @spec {s}",
            "{t.x}; (spec|tolerance|specification|limits) {s}; " + INDICES,
            "(customer|drawing) (asks for|requires|tolerance is) {s}. we measured {t.x}. "
            + ABILITY
            + "?",
            "(capability study|capability analysis|process capability) (of|for|on) {t.x}, (specs|limits|specification) {s}",
            "how many (ppm|parts per million|rejects) should we expect outside {s} given {t.x}, and "
            + INDICES,
            WHERE + ": {t.x}, allowed {s}, report " + INDICES,
            "can we hold {s}? {t.x}",
            "tolerance field {s}, readings {t.x}, (how capable|capability)",
            "short and long term capability of {t.x} against {s}",
        ),
        ONE,
        (MOVING, TARGET, CONFIDENCE),
        weight=1.3,
    ),
    Lesson(
        "quality_capability_sides",
        "quality.capability(x={t.x}, lsl={lo}, usl={hi}, {options})",
        (
            "{t.x}, LSL (=|:|) {lo}(,| and) USL (=|:|) {hi}, " + INDICES,
            "(lower|min) (spec|limit) {lo}, (upper|max) (spec|limit) {hi}; @compute "
            + INDICES
            + " for {t.x}",
            "@compute " + INDICES + " of {t.x} with USL={hi} and LSL={lo}",
            "{t.x} must lie above {lo} and below {hi}; " + ABILITY,
            "lower spec limit {lo}, upper spec limit {hi}, data {t.x}; what Ppk do we (run at|have)",
        ),
        SIDES,
        (MOVING, TARGET, CONFIDENCE),
    ),
    Lesson(
        "quality_capability_upper",
        "quality.capability(x={t.x}, usl={hi}, {options})",
        (
            "{t.x}, only an upper (spec|limit) (of|) {hi}: " + INDICES,
            "(max|maximum|USL|upper limit) {hi}, no lower (one|limit|spec), {t.x}, (Cpk|Ppk|capability)",
            "capability of {t.x} (one-sided|with one limit), USL {hi}",
            "{t.x} may not exceed {hi}; how capable are we",
        ),
        SIDES,
        (CONFIDENCE,),
        weight=0.7,
    ),
    Lesson(
        "quality_capability_lower",
        "quality.capability(x={t.x}, lsl={lo}, {options})",
        (
            "{t.x}, only a lower (spec|limit) (of|) {lo}: " + INDICES,
            "(min|minimum|LSL|lower limit) {lo}, no upper (one|limit|spec), {t.x}, (Cpk|Ppk|capability)",
            "(strength|burst pressure|pull-off force) {t.x} must be at least {lo}; Ppk?",
            "capability of {t.x}, nothing may fall below {lo}",
        ),
        SIDES,
        (CONFIDENCE,),
        weight=0.7,
    ),
    Lesson(
        "quality_capability_subgroups",
        "quality.capability(x={g}, spec={s}, {options})",
        (
            "@compute "
            + INDICES
            + " from {g} (rows are subgroups|each row is a subgroup), @spec {s}",
            "{g}: subgroups in rows; specification {s}; " + INDICES,
            "capability study with rational subgroups (rows), limits {s}, {g}",
            "(specs|limits|tolerance) {s}, subgroup data {g}, within and overall capability",
            ABILITY + "? subgroups (a row each|line by line) {g}, tolerance {s}",
            "sixpack style: {g}, {s}, " + INDICES,
        ),
        WIDE,
        (*WITHIN, TARGET, CONFIDENCE),
        weight=1.2,
    ),
    Lesson(
        "quality_capability_size",
        "quality.capability(x={t.x}, spec={s}, subgroup={n}, {options})",
        (
            "@compute " + INDICES + " of {t.x}, subgroups of {n}, @spec {s}",
            "{t.x} in subgroups of {n}; (specification|limits) {s}; " + INDICES,
            "subgroup size {n}, spec {s}, {t.x}: capability",
        ),
        {**ONE, "n": Num(2, 4, integer=True)},
        (*WITHIN, CONFIDENCE),
        weight=0.7,
    ),
    Lesson(
        "quality_capability_tolerance",
        "quality.capability(x={t.x}, target={T}, tolerance={w}, {options})",
        (
            "nominal {T}, (tolerance|allowed deviation) of {w} (either way|each side|on both sides): "
            + INDICES
            + " of {t.x}",
            "{t.x}, target {T} with plus or minus {w}; " + INDICES,
            "should be {T}, may be off by {w}; measured {t.x}; " + ABILITY,
        ),
        {
            "t": TableOf({"x": Data(n=(10, 40), low=30, high=70)}),
            "T": Num(40, 60, 1),
            "w": Num(5, 30, 1),
        },
        (MOVING, CONFIDENCE),
        weight=0.6,
    ),
    Lesson(
        "quality_capability_no_spec",
        "quality.capability(x={t.x}, spec=<ask>)",
        (
            "@compute " + INDICES + " of {t.x}",
            "capability study on {t.x} @please",
            "what is my Cpk? {t.x}",
        ),
        {"t": TableOf({"x": Data(n=(10, 30))})},
        weight=0.5,
    ),
    Lesson(
        "quality_capability_no_data",
        "quality.capability(x=<ask>, spec={s})",
        (
            "what is the Cpk for a tolerance of {s}",
            "calculate our process capability, specification {s}",
            ABILITY + " for {s}?",
        ),
        {"s": Interval(1, 99, UNITS)},
        weight=0.4,
    ),
)

SUMMARY_FIELDS: dict[str, Field] = {
    "m": Num(40, 60, 1),
    "sd": Num(1, 9, 2),
    "s": Interval(10, 90, UNITS),
}
N_OPTION = Option(
    "n={n}",
    (
        "(from|based on|n =|n=) {n} (parts|readings|measurements|pieces|)",
        "{n} (parts|pieces) measured",
    ),
    {"n": Num(25, 200, integer=True)},
    0.2,
)
SUMMARY = (
    Lesson(
        "quality_capability_summary",
        "quality.capability_summary(mean={m}, sd={sd}, spec={s}, {options})",
        (
            "mean {m}, @sd {sd}, (spec|tolerance|limits) {s}: " + INDICES,
            "(process|line) (average|mean) (is|of|) {m} and sigma (is|of|) {sd}. (what|how many) ppm (lie|fall|are) outside {s}",
            "xbar = {m}, s = {sd}, specification {s}, Cpk and ppm",
            "(normal process|normally distributed) with mean {m} and sd {sd}: (fraction|percentage|ppm) out of {s}",
            "what yield do I get for {s} when the process runs at {m} with a standard deviation of {sd}",
            "{s} required; we run at {m} with sigma {sd}; " + INDICES,
            "expected (scrap|reject|defect) rate, each side and total, centre {m} spread {sd} limits {s}",
            "mu={m} sigma={sd} spec {s} parts per million",
        ),
        SUMMARY_FIELDS,
        (N_OPTION, TARGET, CONFIDENCE),
    ),
    Lesson(
        "quality_capability_summary_sides",
        "quality.capability_summary(mean={m}, sd={sd}, lsl={lo}, usl={hi}, {options})",
        (
            "mean {m} sd {sd} LSL {lo} USL {hi} " + INDICES,
            "(ppm|fraction|share) below {lo} and above {hi} if the (mean|average) is {m} and the standard deviation {sd}",
            "average {m}, sigma {sd}, nothing under {lo}, nothing over {hi}; capability and ppm",
            "gaussian, mu {m}, sigma {sd}; what goes below {lo} or above {hi} in ppm; Cpk?",
        ),
        {**SUMMARY_FIELDS, "lo": Num(10, 35, 1), "hi": Num(65, 90, 1)},
        (N_OPTION, CONFIDENCE),
    ),
    Lesson(
        "quality_capability_summary_tolerance",
        "quality.capability_summary(mean={m}, sd={sd}, target={T}, tolerance={w}, {options})",
        (
            "average {m}, stdev {sd}, nominal {T} tolerance {w} each way: ppm outside",
            "should be {T} and may be off by {w}; process mean {m}, s {sd}; " + INDICES,
        ),
        {**SUMMARY_FIELDS, "T": Num(45, 55, 1), "w": Num(8, 30, 1)},
        (N_OPTION,),
        weight=0.4,
    ),
    Lesson(
        "quality_capability_summary_upper",
        "quality.capability_summary(mean={m}, sd={sd}, usl={hi}, {options})",
        (
            "mean {m}, sd {sd}, only a maximum of {hi}: Cpk and ppm (above|over)",
            "upper spec {hi} only, process at {m} with sigma {sd}, Cpu",
        ),
        {**SUMMARY_FIELDS, "hi": Num(65, 90, 1)},
        (N_OPTION,),
        weight=0.3,
    ),
    Lesson(
        "quality_capability_summary_lower",
        "quality.capability_summary(mean={m}, sd={sd}, lsl={lo}, {options})",
        (
            "mean {m}, sd {sd}, only a minimum of {lo}: Cpk and ppm (below|under)",
            "lower spec {lo} only, process at {m} with sigma {sd}, Cpl",
        ),
        {**SUMMARY_FIELDS, "lo": Num(10, 35, 1)},
        (N_OPTION,),
        weight=0.3,
    ),
)

COVER = Option(
    "coverage={cov}",
    (
        "(covering|containing|that holds|for|with) {cov} of (the|) (population|parts|production|output|units)",
        "(coverage|content|p) (of|=|) {cov}",
        "{cov} (coverage|content)",
    ),
    {"cov": Num(0.9, 0.99, choices=("90%", "95%", "99%", "0.99", "0.9", "99.5%", "0.95"))},
    0.6,
)
SURE = Option(
    "confidence={conf}",
    (
        "(with|at) {conf} confidence",
        "(and|at) (a|) confidence (level|) (of|=|) {conf}",
        "{conf} (sure|confident)",
    ),
    {"conf": Num(0.9, 0.99, choices=("90%", "95%", "99%", "0.95", "0.9", "98%"))},
    0.5,
)
UPPER = Option(
    "side=upper",
    (
        "(upper|one-sided upper) (bound|limit|tolerance limit|side) (only|)",
        "one-sided, upper",
        "only the (top|high|upper) end matters",
    ),
    {},
    0.2,
)
LOWER = Option(
    "side=lower",
    (
        "(lower|one-sided lower) (bound|limit|tolerance limit|side) (only|)",
        "one-sided, lower",
        "only the (bottom|low|lower) end matters",
    ),
    {},
    0.2,
)
TOLERANCE = (
    Lesson(
        "quality_tolerance_interval",
        "quality.tolerance_interval(x={t.x}, {options})",
        (
            "(statistical|normal|) tolerance (interval|limits|bounds) (for|of|from) {t.x}",
            "{t.x}: tolerance interval @please",
            "between which (values|limits) (does|will) (nearly all|most) of the (population|production) lie, {t.x}, as a tolerance interval",
            "(not a confidence interval but|) a tolerance interval from {t.x}",
            "k factor and (tolerance limits|tolerance bound) for {t.x}",
            "range that holds the bulk of future (parts|units|batches), from {t.x}",
            "from the sample {t.x} set (limits|a window) for individual (units|tablets|parts), normal tolerance limits",
        ),
        {"t": TableOf({"x": Data(n=(8, 30))})},
        (COVER, SURE, UPPER, LOWER),
    ),
    Lesson(
        "quality_tolerance_summary",
        "quality.tolerance_summary(mean={m}, sd={sd}, n={n}, {options})",
        (
            "tolerance (interval|limits|bound) (for|from|with) n={n}, mean {m}, @sd {sd}",
            "n = {n}, xbar = {m}, s = {sd}: (statistical|normal|) tolerance (interval|limits|bound)",
            "{n} (parts|specimens|tablets) averaged {m} with standard deviation {sd}; where do (most|nearly all) of the (others|population) lie (tolerance limits|)",
            "k factor for n {n}, and the tolerance limits around {m} with s {sd}",
            "sample of {n}, mean {m}, s {sd}, tolerance bound",
        ),
        {"m": Num(10, 200, 1), "sd": Num(0.2, 9, 2), "n": Num(8, 80, integer=True)},
        (COVER, SURE, UPPER, LOWER),
    ),
)

LESSONS: tuple[Lesson, ...] = (*CAPABILITY, *SUMMARY, *TOLERANCE)
