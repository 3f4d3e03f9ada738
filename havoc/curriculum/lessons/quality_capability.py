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
        "{conf} (confidence|) (bounds|limits) on Cpk",
        "(report|give|include) {conf} confidence intervals",
        "conf = {conf}",
        "CL = {conf}",
        "with {conf} certainty",
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
            "Rbar/d2 for sigma",
            "sigma-hat = R-bar/d2",
            "short-term sigma via (ranges|average range)",
            "within sd from ranges",
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
            "pooled sd",
            "sigma within by pooled standard deviation (with c4|)",
            "Minitab's default (sigma|within) estimate",
        ),
        {},
        0.12,
    ),
    Option(
        "estimator=sbar",
        (
            "(sigma|within sigma) from s-bar/c4",
            "(by|with) the average subgroup standard deviation",
            "s-bar/c4 for sigma",
            "sigma-hat = S-bar/c4",
            "within sigma by average s",
        ),
        {},
        0.06,
    ),
    Option(
        "estimator=pooled_uncorrected",
        (
            "pooled sd (without|no) (c4|unbiasing|bias correction)",
            "pooled standard deviation, do not use (the|) unbiasing (constant|constants)",
            "uncorrected pooled sd",
        ),
        {},
        0.04,
    ),
)
MOVING = Option(
    "estimator=moving_range",
    (
        "(sigma|within sigma) from the moving range",
        "(by|with) (the|) moving range(s|)",
        "MR-bar/1.128 for sigma",
        "sigma-hat = MR-bar/d2",
        "average moving range as the estimate of (sigma|short-term sigma)",
    ),
    {},
    0.1,
)
TARGET = Option(
    "target={T}",
    (
        "(target|nominal|aim) (is|=|of|:|) {T}",
        "(also|and) Cpm (with|for) target {T}",
        "T = {T}",
        "(the|our) ideal value is {T}, give Cpm as well",
        "Taguchi (index|Cpm) (with|for) T = {T}",
        "aimed at {T}",
    ),
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
            "cpk {t.x} lsl usl {s}",
            "Minitab (Stat > Quality Tools > Capability Analysis > Normal|Capability Analysis (Normal)|capability sixpack) with single column {t.x}, subgroup size 1, spec {s}",
            "process.capability(qcc object) of {t.x} with spec.limits {s}",
            "JMP distribution platform capability, column {t.x}, spec limits {s}",
            "Cp = (USL-LSL)/6s and Cpk for {t.x} when the (blueprint|drawing) says {s}",
            "can I ship? the customer wants everything at {s}, and the lot measured {t.x}",
            "does the process fit into the tolerance window {s}, is it centred? readings {t.x}",
            "do these parts hold {s} with enough margin to spare? {t.x}; " + INDICES,
            "for the PPAP (file|submission|) I need Ppk >= 1.67 (yes or no|) from {t.x}, (requirement|drawing) {s}",
            "a supplier sent {t.x} for a dimension toleranced {s}. Would you approve him (Cpk above 1.33)?",
            "(tablet|fill|coating|wafer|casting|gear) data {t.x}, registered limits {s}. estimate Cp, Cpk and the expected fraction nonconforming",
            "how does the voice of the process in {t.x} compare with the voice of the customer {s} (Cp, Cpk)",
            "how wide is our natural spread compared to the allowed {s}? measured: {t.x}",
            "process potential and process performance, tolerance {s}, sample {t.x}",
            "(machine capability|Cm and Cmk|Cm/Cmk|machine capability index) from {t.x}, tolerance {s}",
            "sigma level (Z bench) and DPMO for {t.x} against {s}",
            "{s} is allowed. {t.x} is what we got. (good enough|capable or not|is that six sigma)?",
            "should we re-centre the machine or reduce its scatter? spec {s}, data {t.x}, "
            + INDICES,
            "assuming normality, which (portion|percentage) of the output will violate {s}, and Cp, Cpk? measurements {t.x}",
            "my customer complains: limit is {s}, here the values {t.x}. please how good is capability, cp cpk",
            "give me Cp, Cpk, Pp, Ppk, % out of spec; data: {t.x}; spec: {s}",
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
            "lsl {lo} usl {hi} cpk {t.x}",
            "USL {hi}, LSL {lo}. Cp/Cpk/Pp/Ppk. data: {t.x}",
            "spec.limits = c({lo}, {hi}), process.capability, {t.x}",
            "nothing below {lo} and nothing above {hi} may be shipped. We measured {t.x}. how capable",
            "min {lo} - max {hi} on the drawing; {t.x} off the machine; " + INDICES,
            "the lower specification is {lo}, the upper one {hi}; estimate expected ppm outside and "
            + INDICES
            + " from {t.x}",
            "lower tolerance limit LTL = {lo}, upper tolerance limit UTL = {hi}, machine capability Cm, Cmk of {t.x}",
            "Minitab Capability Analysis (Normal): {t.x}, lower spec {lo}, upper spec {hi}",
            "parts under {lo} are scrap, parts over {hi} are rework; {t.x}; what are Cp and Cpk",
            "can I release the (batch|lot|line)? it has to stay over {lo} and under {hi}, results {t.x}, Ppk wanted",
            "{t.x}\nLSL: {lo}\nUSL: {hi}\nwant: " + INDICES,
            "how many sigmas fit between the mean of {t.x} and the nearer of the limits {lo} (lower) and {hi} (upper)",
            "the customer accepts anything from at least {lo} up to at most {hi}; "
            + ABILITY
            + "? {t.x}",
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
            "CPU of {t.x}, USL = {hi}",
            "usl {hi} cpk {t.x} (smaller is better|no lsl|)",
            "there is a ceiling of {hi} and no floor: " + INDICES + " of {t.x}",
            "(impurity|contamination|leak rate|emission|runout|roughness) {t.x} must stay below {hi}; one-sided Cpk",
            "legal maximum {hi}, measured {t.x}. Cpk against that maximum and the expected share above it",
            "Minitab capability (normal), upper spec {hi}, lower spec blank, {t.x}",
            "less is better, limit {hi}. is {t.x} good enough (Ppk upper)",
            "upper tolerance only, {hi}: (PPU|Ppu|CPU|Cpu) for {t.x}",
            "can I promise the customer at most {hi} when we run like this: {t.x}? capability",
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
            "CPL of {t.x}, LSL = {lo}",
            "lsl {lo} cpk {t.x} (bigger is better|no usl|)",
            "there is a floor of {lo} and no ceiling: " + INDICES + " of {t.x}",
            "(weld strength|bond pull|purity|assay|burst pressure|hardness) {t.x} must not drop under {lo}; one-sided Cpk",
            "guaranteed minimum {lo}, measured {t.x}. Cpk against that minimum and the expected share under it",
            "Minitab capability (normal), lower spec {lo}, upper spec blank, {t.x}",
            "more is better, limit {lo}. is {t.x} good enough (Ppk lower)",
            "lower tolerance only, {lo}: (PPL|Ppl|CPL|Cpl) for {t.x}",
            "can I promise the customer at least {lo} when we run like this: {t.x}? capability",
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
            "Minitab capability analysis (normal), subgroups across rows of {g}, spec {s}",
            "Cp and Cpk from within-subgroup variation, Pp and Ppk from all the values: {g}, a row is a subgroup, tolerance {s}",
            "hourly samples, one per row, {g}; drawing says {s}; can we hold it in the short term and in the long term",
            "is the gap between Cpk and Ppk big? subgroups in rows {g}, specification {s}",
            "does the process drift between subgroups eat up our tolerance {s}? within versus overall, rows are subgroups, {g}",
            "PPAP capability (AIAG SPC manual): {g} with subgroups in rows, requirement {s}",
            "{g}\neach row one subgroup\nspec {s}\nwant " + INDICES,
            "may we ship with {s} required? subgroups as rows, {g}, Cpk and Ppk with ppm",
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
            "{n} pieces per sample in time order, {t.x}; tolerance {s}; within and overall "
            + INDICES,
            "Minitab capability analysis, single column {t.x}, subgroup size {n}, specification {s}",
            "group {t.x} by {n}, sigma within from the groups, limits {s}, " + INDICES,
            "Cpk with rational subgroups of {n} (spec {s}) from {t.x}",
            "potential (within) and overall capability against {s}, {t.x} taken in samples of {n}",
            "we gauge {n} consecutive parts each hour, all in {t.x}; drawing {s}; short term Cpk, long term Ppk?",
            "customer limits are {s}; n = {n} per subgroup; {t.x}; how capable",
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
            "(target|nominal) = {T}, tolerance = ± {w}, Cp, Cpk, Cpm of {t.x}",
            "drawing {T} with an allowed deviation of {w} up or down, can the machine do it? {t.x}",
            "set point {T}, half tolerance {w}: " + INDICES + " of {t.x}",
            "the dimension is {T}, symmetrical tolerance of {w} to each side, Cpk from {t.x}",
            "nobody may be more than {w} away from the nominal {T}; {t.x}; " + ABILITY,
            "how capable are we of staying within {w} of {T}? readings {t.x}",
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
            "Cp, Cpk, Pp, Ppk from {t.x}",
            ABILITY + "? readings {t.x}",
            "Minitab capability sixpack on {t.x}",
            "process.capability of {t.x}",
            "are we six sigma? measured {t.x}, " + INDICES + " please",
            "machine capability Cmk, values {t.x}",
            "the customer asks for a Ppk, I have {t.x}",
            "is the tolerance held, in Cpk? {t.x}",
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
            "Cpk please, the spec is {s}",
            "I have to report Cp and Cpk, the drawing says {s}",
            "how capable is our machine when the tolerance is {s}",
            "capability analysis with limits {s}",
            "does our process hold {s}, in terms of Ppk?",
            "customer requirement {s}, want the capability of our line",
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
        "sample size {n}",
        "n was {n}",
        "estimated from {n} (parts|values|readings)",
        "{n} data points",
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
            "cpk mean {m} s {sd} spec {s}",
            "X ~ N({m}, sigma = {sd}), spec limits {s}: Cp, Cpk, ppm",
            "N(mu = {m}, sd = {sd}); tolerance {s}; what percentage is out of tolerance and Cpk",
            "grand mean X-double-bar {m} and sigma-hat {sd} from an in-control chart; specifications {s}; process capability ratio PCR and PCRk",
            "a (filler|lathe|press|coater|pipetting robot) is in control at {m} with scatter {sd}. the customer allows {s}. How many bad ones per million",
            "we run at {m} on average, give or take {sd} (one sigma); the spec window is {s}; are we capable",
            "specs {s}. sd {sd}. average {m}. capability?",
            "with scatter {sd} around a centre of {m}, does {s} leave us a Cpk of 1.33",
            "can I ship without sorting if limits are {s}, the mean is {m} and the standard deviation {sd}",
            "Cp=?, Cpk=?, given mu = {m}, sigma = {sd}, limits {s}",
            "a quality characteristic is normally distributed with mean {m} and standard deviation {sd}, specification {s}. Calculate Cp, Cpk and the fraction nonconforming",
            "process sigma {sd}, process centre {m}, tolerance {s}: how many sigma level and DPMO",
            "{sd} is our standard deviation and {m} our average. "
            + ABILITY
            + " for a tolerance of {s}",
            "I have only the summary (no raw data): mean {m}, stdev {sd}. Limits {s}. Please Cp, Cpk",
            "potential capability and actual capability: {s} wanted, mean {m}, @sd {sd}",
            "spec: {s}\nmean: {m}\nsd: {sd}\nwant: Cp, Cpk, expected ppm",
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
            "usl {hi} lsl {lo} xbar {m} s {sd} cp cpk",
            "LSL = {lo}; USL = {hi}; mu = {m}; sigma = {sd}; Cp, Cpk = ?",
            "Cp = (USL - LSL)/(6 sigma) with USL {hi}, LSL {lo}, sigma {sd}, and Cpk with the mean {m}",
            "standard deviation {sd}, mean {m}: how many per million fall under the lower limit {lo} or over the upper limit {hi}",
            "(shaft|bottle|chip|tablet|seal) has a lower spec limit of {lo} and an upper one of {hi}. The process averages {m} with s = {sd}. is it capable",
            "the machine makes {m} on average, sigma of {sd}; lower limit {lo}; upper limit {hi}; "
            + INDICES,
            "upper {hi} / lower {lo} / mean {m} / sd {sd}: " + INDICES,
            "min allowed {lo}, max allowed {hi}, we sit at {m} with {sd} sigma scatter. (should we recentre|are we centred|capable or not), Cpk?",
            "a process with mean {m} and standard deviation {sd} has specifications LSL = {lo} and USL = {hi}. Find Cp and Cpk and comment",
            "less than {lo} is scrap and more than {hi} is rework, mean {m}, sigma {sd}; ppm scrap, ppm rework, Cpk",
            "CPL and CPU and Cpk when xbar={m}, s={sd}, LSL={lo}, USL={hi}",
            "can I ship with LSL {lo} and USL {hi} when I produce {m} on average with an sd of {sd} (Cpk)",
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
            "Cp and Cpk, nominal {T}, half tolerance {w}, mean {m}, sigma {sd}",
            "target {T}, plus or minus {w} allowed; we run at {m} with sd {sd}; how capable",
            "drawing says {T} with {w} to either side; actual average {m}; scatter s = {sd}; Cpk?",
            "mu = {m}, sigma = {sd}, T = {T}, tolerance = {w} on each side; Cp Cpk Cpm",
            "we must stay within {w} of {T}. the process averages {m} with standard deviation {sd}. "
            + ABILITY,
            "process at {m}, @sd {sd}, wanted {T}, deviation of at most {w} tolerated: " + INDICES,
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
            "USL = {hi}, mu = {m}, sigma = {sd}, no LSL: CPU",
            "cpk usl {hi} mean {m} s {sd} one sided",
            "(impurity|roughness|leak|noise|CO) must stay under {hi}; the process averages {m} with standard deviation {sd}; (Cpk|capability), ppm over",
            "at most {hi} is allowed and there is no lower limit, sd {sd}, mean {m}, " + INDICES,
            "is {m} with a sigma of {sd} good enough against a ceiling of {hi}? Cpk",
            "one-sided upper specification {hi}; xbar = {m}, s = {sd}; process capability ratio",
            "smaller the better, max {hi}; average {m}, scatter {sd}; Ppk",
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
            "LSL = {lo}, mu = {m}, sigma = {sd}, no USL: CPL",
            "cpk lsl {lo} mean {m} s {sd} one sided",
            "(strength|purity|assay|burst pressure|life) must stay above {lo}; the process averages {m} with standard deviation {sd}; (Cpk|capability), ppm under",
            "at least {lo} is required and there is no upper limit, sd {sd}, mean {m}, " + INDICES,
            "is {m} with a sigma of {sd} good enough against a floor of {lo}? Cpk",
            "one-sided lower specification {lo}; xbar = {m}, s = {sd}; process capability ratio",
            "larger the better, min {lo}; average {m}, scatter {sd}; Ppk",
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
        "{cov} of (all|the) (units|bottles|tablets|items|individuals) (inside|within|covered)",
        "contain {cov} of (the|) (population|distribution)",
        "P = {cov}",
        "population proportion {cov}",
        "at least {cov} of (production|output|the parts)",
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
        "conf = {conf}",
        "CL = {conf}",
        "with {conf} certainty",
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
        "upper one-sided (limit|bound|)",
        "(how high does it get|no more than), upper (limit|bound)",
        "a one-sided upper tolerance bound",
        "only an upper limit",
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
        "lower one-sided (limit|bound|)",
        "at least how much, lower (limit|bound)",
        "a one-sided lower tolerance bound",
        "only a lower limit",
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
            "tolerance interval {t.x}",
            "Minitab (Stat > Quality Tools > Tolerance Intervals|Tolerance Intervals (Normal Distribution)) for {t.x}",
            "normtol.int(x) in R, package tolerance, x = {t.x}",
            "xbar ± k s so that most of the individual units are inside, {t.x} (tolerance limits|k from the tables)",
            "I do not want limits for the mean, I want limits for the individual (parts|tablets|bottles), {t.x}, tolerance interval",
            "set (release|acceptance|alert|spec|internal) limits from the validation batches {t.x} with a tolerance interval",
            "what range can we claim that our (product|output|population) stays in, given only the sample {t.x}? (statistical tolerance limits)",
            "we have no specification yet. Propose one that nearly the whole production will meet, from {t.x} by (normal|) tolerance limits",
            "ISO 16269-6 statistical tolerance interval for {t.x}",
            "coverage interval of the population, normal, from {t.x} (not prediction, not confidence|tolerance)",
            "{t.x}\nwant: tolerance interval",
            "(stability|assay|dissolution|reference range|strength) values {t.x}: where will the bulk of all future results fall, tolerance factor k s",
            "(A-basis|B-basis|design allowable) style tolerance bound from the specimens {t.x}",
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
            "tolerance interval xbar {m} s {sd} n {n}",
            "k such that {m} ± k*{sd} is a tolerance interval, n = {n}",
            "s = {sd}, n = {n}, xbar = {m}. Give the tolerance limits and k",
            "only the summary is known: {n} pieces, mean {m}, sd {sd}. Limits for the individual pieces (tolerance interval)",
            "Minitab tolerance intervals with summarized data: sample size {n}, mean {m}, standard deviation {sd}",
            "a random sample of {n} (bottles|rods|batches) gave an average of {m} and a standard deviation of {sd}. Find the tolerance interval (assume normality|)",
            "with scatter {sd} and average {m} in {n} measurements, what window can we promise for (each part|the bulk of the production), tolerance limits please",
            "internal limits from {n} validation batches, mean {m}, s {sd}, by the k s method (tolerance interval)",
            "K factor (Howe|noncentral t|exact), n={n}; limits with mean {m} and sd {sd}",
            "statistical tolerance limits; mean {m}; n {n}; sigma estimated as {sd}",
            "not the interval of the mean but of the population: n {n}, mean {m}, s {sd} (tolerance interval)",
        ),
        {"m": Num(10, 200, 1), "sd": Num(0.2, 9, 2), "n": Num(8, 80, integer=True)},
        (COVER, SURE, UPPER, LOWER),
    ),
)

LESSONS: tuple[Lesson, ...] = (*CAPABILITY, *SUMMARY, *TOLERANCE)
