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
# As instruments export it, with a running trial; whoever asks leaves the columns to be found.
EXPORTED = TableOf(
    {
        "p": Fixed(tuple(str(1 + i % 5) for i in range(20)), ("part", "Part", "part_no", "sample", "piece")),
        "o": Fixed(tuple("ABCD"[i // 10] for i in range(20)), ("operator", "Operator", "appraiser", "inspector")),
        "t": Fixed(tuple(str(1 + i // 5 % 2) for i in range(20)), ("trial", "Trial", "replicate", "repeat", "run")),
        "x": Data(names=("y", "measurement", "value", "reading", "result", "Measurement", "diameter")),
    },
    forms=("pasted", "attached"),
    rows=(20, 20),
)  # fmt: skip
GRR = "(gage R&R|gauge R&R|gage r and r|GRR|R&R|gage repeatability and reproducibility|MSA)"
TOLERANCE = Option(
    "tolerance={w}",
    (
        "(tolerance|tolerance width|total tolerance) (is|of|=|) {w}",
        "(and|) % tolerance (for|with|on) a tolerance (width|) of {w}",
        "(specification|spec) width {w}",
        "T = {w}",
        "tolerance {w}",
        "USL - LSL = {w}",
        "P/T ratio (with|for) a tolerance of {w}",
        "(customer|drawing) tolerance band {w}",
        "%tolerance wanted, tolerance = {w}",
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
            "Xbar and R (method|)",
            "long form with ranges",
            "average & range",
            "EV, AV from ranges (AIAG long form|K1 K2 K3|)",
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
            "with an ANOVA table",
            "two-way anova",
            "ANOVA (please|)",
            "(analysis of variance|ANOVA) method and not the range method",
        ),
        {},
        0.15,
    ),
    Option(
        "alpha={a}",
        (
            "pool the interaction (if|when) (its|) p (is|) (>|above|over) {a}",
            "(interaction|) pooling (threshold|limit|at) {a}",
            "alpha to remove the interaction term (=|) {a}",
            "drop the interaction above p = {a}",
        ),
        {"a": Num(0.05, 0.25, choices=("0.25", "0.05", "0.1", "0.2"))},
        0.15,
    ),
    Option(
        "study={k}",
        (
            "study variation (as|with|=|multiplier) {k} (sigma|sd|)",
            "multiplier {k}",
            "{k} standard deviations as study variation",
            "k = {k} for the study variation",
            "study var = {k} * SD",
        ),
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
            "gage rr {t.x} {t.p} {t.o}",
            "Minitab (Stat > Quality Tools > Gage Study > Gage R&R Study (Crossed)|Gage R&R Study (Crossed)), part numbers {t.p}, operators {t.o}, measurement data {t.x}",
            "ss.rr(var = {t.x}, part = {t.p}, appr = {t.o}) like in R's SixSigma package",
            "JMP variability chart and gauge R&R: response {t.x}, part {t.p}, grouping {t.o}",
            "can we trust the (numbers|readings|values) from our (caliper|micrometer|CMM|balance|HPLC|hardness tester|torque wrench)? {t.x} taken by {t.o} on {t.p}",
            "is it the {t.p} that differ or the people measuring them? {t.x}, person in {t.o}",
            "should we buy a better (gauge|gage|instrument)? {t.x} was measured by each {t.o} on each {t.p} (twice|several times)",
            "{t.x} = part + operator + part*operator + error; part is {t.p}, operator is {t.o}; variance components and %R&R",
            "AIAG MSA (4th edition|manual|study): {t.x}, appraisers {t.o}, parts {t.p}, is GRR below 10 percent or at least below 30",
            "VDA 5 style measurement process study, procedure 2 (GRR): {t.x} by {t.p} and {t.o}",
            "sigma gage, sigma repeatability, sigma reproducibility out of {t.x}; operators in {t.o}; pieces in {t.p}",
            "every {t.o} gauged every {t.p} more than once. How big is the measurement error in {t.x} relative to the total variation?",
            "before we start the (DOE|SPC|capability study) we want to know if the measurement system for {t.x} is acceptable, {t.p} and {t.o} are in the table",
            "does the result {t.x} depend on who measures? columns {t.o} (who) and {t.p} (what was measured), repeated; gauge study",
            "precision to tolerance, number of distinct categories, % of study variation; data {t.x} / {t.p} / {t.o}",
            "(measuring system analysis|measurement systems evaluation|test method validation|intermediate precision study): which share of the variance of {t.x} is repeatability, {t.o}, and {t.p}",
            "part-to-part variation against gauge variation for {t.x} with parts {t.p} and inspectors {t.o}",
            "the lab technicians ({t.o}) tested the same {t.p} repeatedly, response {t.x}: (R and R|repeatability and reproducibility) @please",
            "can this gauge tell good {t.p} from bad ones? {t.x} by {t.o}, " + GRR,
        ),
        {"t": STUDY},
        GRR_OPTIONS,
        weight=1.4,
    ),
    Lesson(
        "quality_gage_rr_exported",
        "quality.gage_rr(x={t.x}, part={t.p}, operator={t.o}, {options})",
        (
            "@do a (crossed|) "
            + GRR
            + " (study|analysis|) (on|with|of) (the|this|my) (csv|file|table|data|attached file|export|sheet)",
            GRR
            + " crossed, (data|readings|measurements) (in|are in) the (csv|file|table|attachment|sheet)",
            GRR + ", AIAG (style|format|layout) data (attached|in the file|in the csv|as exported)",
            "(see|from) the (attached|enclosed|) (csv|file|table|sheet)(:|,|;) %contribution, %study variation (of total GRR|) and (ndc|number of distinct categories)",
            "(is|can) (the|our|this) (gage|gauge|caliper|micrometer|CMM|measurement system) (capable|acceptable|good enough)? (every operator measured every part more than once|all operators measured all parts repeatedly)(;|,|.) (data attached|the file has it all|table below)",
            "(how much of the variation is the gage|how big is the measurement error)(;|,) (parts, operators and trials|operators, parts, repeats) (are|as) in the (csv|file|table)",
            "(repeatability and reproducibility|EV and AV|repeatability, reproducibility, part to part) (from|of) the (study|trial) in the (csv|file|table)(, please|)",
            "(variance components|ndc and %GRR|total gage R&R in percent) for the (attached|) (crossed|) study please",
            "MSA (study|data) (attached|in the csv|below)(;|,|:) (part, operator, trial, reading|usual columns)(;|,) (do the R&R|gage R&R please|is the gauge ok)",
            "(we|I) (ran|did) the (gauge study|R&R trials) (yesterday|last week|)(;|,) (results|readings) in the (csv|file|table)(;|,|.) (how good is the gauge|can we trust it|is it below 10 or 30 percent)?",
            "(do|does) (our people|the operators|the shifts) measure alike(,|?) (crossed study|each part several times)(;|,) (file|table|csv) attached",
            "(analyse|analyze|evaluate) (the|my|this) (measurement system|gage|gauge) (study|data)(, crossed|, all operators all parts|)",
        ),
        {"t": EXPORTED},
        GRR_OPTIONS,
    ),
    Lesson(
        "quality_gage_rr_no_data",
        "quality.gage_rr(x=<ask>, part=<ask>, operator=<ask>)",
        (
            "@do a " + GRR + " study (for me|for our caliper|on our gauge|)",
            "is our measurement system good enough? please do a " + GRR,
            "I need the ndc of (my|our) gage",
            "how do I know if my gauge is ok? run a " + GRR + " for me",
            "do the " + GRR + " of our (micrometer|CMM|scale|tester)",
            "we need a " + GRR + " before the audit",
            "how many distinct categories does our gauge see",
            "check the repeatability and reproducibility of our measurement system",
            "MSA for our (torque tester|leak tester|caliper) please",
            "% study variation of the gage wanted",
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
            "gage linearity {t.r} {t.y}",
            "Minitab (Stat > Quality Tools > Gage Study > Gage Linearity and Bias Study|Gage Linearity and Bias), reference values {t.r}, measurement data {t.y}",
            "bias_i = {t.y} - {t.r}; regress it on {t.r}; (linearity|%linearity|slope and intercept)",
            "is the error of the (balance|thermometer|load cell|flow meter|pressure transmitter|micrometer) the same for small and big masters? masters {t.r}, displayed {t.y}",
            "linearity of the gauge over its working range, master parts {t.r}, what it showed {t.y}",
            "we measured gauge blocks of known size {t.r} and got {t.y}. Does the bias grow with the size?",
            "{t.y} was read where {t.r} would be right; bias at each level and linearity of the gage",
            "(calibration|verification|MSA) data: certified {t.r}, indicated {t.y}. Is the measuring device linear and unbiased across the range",
            "should we recalibrate because the bias changes along the range? {t.r} is the standard, {t.y} the reading; linearity study",
            "does our (instrument|probe|meter) need a correction that depends on the value? reference {t.r} reading {t.y}, gage linearity study",
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
                    "PV = {pv}",
                    "(total|) process (variation|spread) {pv}",
                    "6 sigma of the process is {pv}",
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
            "cgk reference {ref} tolerance {w} data {t.x}",
            "Minitab (Stat > Quality Tools > Gage Study > Type 1 Gage Study|Type 1 Gage Study), measurements {t.x}, reference {ref}, tolerance {w}",
            "SixSigma / qualityTools cg(x, target = {ref}, tolerance = {w}), x = {t.x}",
            "Cg = 0.2 T / 6 s and Cgk, tolerance T = {w}, master {ref}, the readings are {t.x}",
            "VDA 5 / procedure 1 (measuring equipment capability): reference {ref}, T = {w}, repeats {t.x}",
            "Verfahren 1 (type-1 study), master {ref}, tolerance {w}, data {t.x}",
            "can I use this (gauge|probe|CMM|balance) for a tolerance of {w}? I measured the master of {ref} many times, got {t.x} (Cg, Cgk|type 1 study)",
            "one operator, one part of known size {ref}, repeated readings {t.x}; tolerance width is {w}; type 1 gauge study",
            "tolerance {w}, true value {ref}: is the gauge capable in bias and repeatability (Cg Cgk at least 1.33)? readings {t.x}",
            "measuring equipment approval: Cg and Cgk from {t.x}; standard = {ref}; tolerance = {w}",
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
                    "K = {K}",
                    "{K} % of the tolerance for Cg",
                    "use {K} percent of the tolerance in the numerator",
                ),
                {"K": Num(10, 30, choices=("20", "10", "15", "25"))},
                0.15,
            ),
            Option(
                "spread={L}",
                (
                    "(L =|L=) {L}",
                    "(gage|) spread (of|) {L} (sigma|standard deviations)",
                    "study variation (number of standard deviations) {L}",
                    "{L} s in the denominator",
                    "L = {L}",
                ),
                {"L": Num(4, 6, choices=("6", "4", "5.15"))},
                0.12,
            ),
        ),
    ),
)

LESSONS: tuple[Lesson, ...] = (*GAGE_RR, *LINEARITY, *TYPE1)
