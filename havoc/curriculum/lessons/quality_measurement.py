"""Asking about measuring systems: gage R&R, linearity, type 1 studies."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Fixed, Lesson, Num, Option, TableOf

PART_NAMES = ("part", "piece", "specimen", "unit", "wafer")
PEOPLE = ("operator", "appraiser", "inspector", "technician")
# Five parts, two operators, two trials: every combination equally often, sorted by operator.
STUDY = TableOf(
    {
        "x": Data(names=("measurement", "reading", "value", "thickness", "diameter", "length")),
        "p": Fixed(tuple(str(1 + i % 5) for i in range(20)), PART_NAMES),
        "o": Fixed(tuple(str(1 + i // 10) for i in range(20)), PEOPLE),
    },
    forms=("pasted", "attached"),
    rows=(20, 20),
)
GRR = "(gage R&R|gauge R&R|gage r and r|GRR|R&R|gage repeatability and reproducibility|MSA)"
TOLERANCE = Option(
    "tolerance={w}",
    (
        "(tolerance|tolerance width|total tolerance) (is|of|=|) {w}",
        "(and|) % tolerance (for|with|on) a tolerance (width|) of {w}",
        "(specification|spec) width {w}",
    ),
    {"w": Num(5, 90, 1)},
    0.25,
)
GRR_OPTIONS = (
    TOLERANCE,
    Option(
        "method=range",
        (
            "(by|with|use|using) the (range|average and range|AIAG range|X-bar/R) method",
            "(average|)-range method (please|)",
            "not ANOVA(,|) the range method",
        ),
        {},
        0.15,
    ),
    Option(
        "method=anova",
        (
            "(by|with|use|using) (the|) ANOVA (method|)",
            "anova method",
            "variance components by anova",
        ),
        {},
        0.15,
    ),
    Option(
        "alpha={a}",
        (
            "pool the interaction (if|when) (its|) p (is|) (>|above|over) {a}",
            "(interaction|) pooling (threshold|limit|at) {a}",
        ),
        {"a": Num(0.05, 0.25, choices=("0.25", "0.05", "0.1", "0.2"))},
        0.15,
    ),
    Option(
        "study={k}",
        ("study variation (as|with|=|multiplier) {k} (sigma|sd|)", "multiplier {k}"),
        {"k": Num(5, 6, choices=("6", "5.15"))},
        0.06,
    ),
)

GAGE_RR = (
    Lesson(
        "quality_gage_rr",
        "quality.gage_rr(x={t.x}, part={t.p}, operator={t.o}, {options})",
        (
            "@do a (crossed|) " + GRR + " (study|analysis|) on {t.x} by {t.p} and {t.o}",
            GRR + ": {t.x}, {t.p}, {t.o}",
            "(is|can) (the|our|this) (gage|gauge|measurement system|caliper|measuring device|tester) (good enough|capable|fit for use|trustworthy)? {t.x} by {t.o} on {t.p}",
            "(repeatability|equipment variation) and (reproducibility|appraiser variation) of {t.x} ({t.p}, {t.o})",
            "how much of the variation in {t.x} is the gage and how much the {t.p}? {t.o} measured each one more than once",
            "%study variation, %contribution and (ndc|number of distinct categories) from {t.x}, {t.p}, {t.o}",
            "measurement system analysis of {t.x}; {t.o} is who measured, {t.p} what was measured",
            "variance components (EV, AV, PV|part, operator, repeatability) of {t.x} for {t.p} x {t.o}",
            "each {t.o} measured each {t.p} repeatedly ({t.x}), crossed R&R",
            "how many distinct categories can the gauge tell apart? {t.x}, {t.p}, {t.o}",
            "do the {t.o}s agree when they measure {t.p}? {t.x}, " + GRR,
        ),
        {"t": STUDY},
        GRR_OPTIONS,
        weight=1.4,
    ),
    Lesson(
        "quality_gage_rr_no_data",
        "quality.gage_rr(x=<ask>, part=<ask>, operator=<ask>)",
        (
            "@do a " + GRR + " study (for me|for our caliper|on our gauge|)",
            "is our measurement system good enough? please do a " + GRR,
            "I need the ndc of (my|our) gage",
        ),
        weight=0.3,
    ),
)

LINEARITY = (
    Lesson(
        "quality_gage_linearity",
        "quality.gage_linearity(x={t.y}, reference={t.r}, {options})",
        (
            "gage linearity (study|) (of|for|with) {t.y} against {t.r}",
            "linearity and bias of the (gage|gauge|instrument|sensor): reference {t.r}, measured {t.y}",
            "does the bias of the (scale|gauge|sensor|probe) depend on (size|the level|the reference value)? {t.y} vs {t.r}",
            "bias = {t.y} - {t.r}; (slope|line) of the bias over the reference, is it significant",
            "(calibration|master) values {t.r}, readings {t.y}; (is the gauge linear|linearity study|slope, intercept, R2 of the bias)",
            "AIAG linearity study, columns {t.r} (reference) and {t.y} (reading)",
            "is our (instrument|gage) off by the same amount over the whole range? {t.r} true, {t.y} read",
        ),
        {
            "t": TableOf(
                {
                    "r": Data(low=1, high=60, names=("reference", "master", "true_value", "ref")),
                    "y": Data(low=1, high=60, names=("measured", "reading", "observed", "y")),
                },
                rows=(10, 18),
            )
        },
        (
            Option(
                "process_variation={pv}",
                (
                    "process variation (of|is|=|) {pv}",
                    "(%linearity|percent linearity) for a process (spread|variation) of {pv}",
                ),
                {"pv": Num(5, 60, 1)},
                0.25,
            ),
        ),
    ),
)

TYPE1 = (
    Lesson(
        "quality_gage_type1",
        "quality.gage_type1(x={t.x}, reference={ref}, tolerance={w}, {options})",
        (
            "(type 1|type-1|type I|type one) (gage|gauge) study: (reference|master) {ref}, tolerance {w}, readings {t.x}",
            "(Cg and Cgk|Cg, Cgk|cg/cgk) for {t.x}, (master|reference|standard) (value|) {ref}, tolerance (width|) {w}",
            "one (master|part|gauge block) of {ref} measured again and again: {t.x}; tolerance {w}; (capability of the gage|Cg/Cgk|is the gauge fit)",
            "gauge capability from repeats on a single master, {t.x}, nominal {ref}, tolerance field {w}",
            "bias and repeatability of one gauge on the reference part {ref}: {t.x}, T = {w}, Cgk?",
        ),
        {
            "t": TableOf({"x": Data(n=(10, 30), low=20, high=60)}),
            "ref": Num(25, 55, 2),
            "w": Num(10, 90, 1),
        },
        (
            Option(
                "percent={K}",
                (
                    "(K =|K=|K|with) {K} (% of the tolerance|percent of tolerance)",
                    "{K} percent of the tolerance",
                ),
                {"K": Num(10, 30, choices=("20", "10", "15", "25"))},
                0.15,
            ),
            Option(
                "spread={L}",
                ("(L =|L=) {L}", "(gage|) spread (of|) {L} (sigma|standard deviations)"),
                {"L": Num(4, 6, choices=("6", "4", "5.15"))},
                0.12,
            ),
        ),
    ),
)

LESSONS: tuple[Lesson, ...] = (*GAGE_RR, *LINEARITY, *TYPE1)
