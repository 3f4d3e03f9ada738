"""Asking for control charts of measurements, run rules and chart constants."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Groups, Lesson, Num, Option, TableOf, Words

WHERE = (
    "(on|from|at|for) (the|our) (filling|coating|moulding|injection moulding|welding|grinding|turning|plating|"
    "etch|lithography|packaging|extrusion|milling|tablet press|bottling|printing|paint|casting) (line|process|cell|station|machine|tool|operation)"
)
ASK_STATE = (
    "(is it|is the process|are we|is this) @stable",
    "(which|what) (points|subgroups|samples|ones) (are out|signal|are out of control|should we look into)",
    "(flag|mark|list) (the|any) (points beyond the limits|special causes|signals|suspicious points)",
    "(tell me|say) (if|whether) (anything|something) (special happened|is off|has shifted)",
)
STATE = "(" + "|".join(ASK_STATE) + ")"
LIMITS = "(control limits|UCL and LCL|limits|center line and limits|centre line, UCL, LCL|3-sigma limits|natural limits)"

RULES = (
    Option(
        "rules=nelson",
        (
            "(with|using|apply|check|and) (the|all|) (nelson|Nelson's|nelson 1-8) (rules|tests|)",
            "(all|the) eight (run|) tests",
            "nelson('s|) (run|) rules (on|please|too|)",
        ),
        {},
        0.14,
    ),
    Option(
        "rules=western_electric",
        (
            "(with|using|apply|check) (the|) (western electric|WE|WECO|AT&T|western-electric) (rules|zone rules|zone tests|run rules)",
            "(WECO|western electric) (please|rules on|too|)",
            "zone (rules|tests) (of|from|as in) (the|) (western electric|AT&T) (handbook|)",
        ),
        {},
        0.14,
    ),
    Option(
        "rules=limits",
        (
            "(only|just) (points|those) (outside|beyond) the limits (count|matter|)",
            "(no|without|skip the) run rules",
            "3-sigma (limits|test) only",
        ),
        {},
        0.08,
    ),
    Option(
        "rules=westgard",
        (
            "(with|using|apply) (the|) westgard (multirule|rules|multi-rules)",
            "westgard 1-3s, 2-2s, R-4s",
        ),
        {},
        0.04,
    ),
)
PHASE1 = Option(
    "phase1={m}",
    (
        "(limits|base the limits|compute the limits|set the limits|freeze the limits) (from|on|with) the first {m} (points|samples|subgroups|)",
        "the first {m} (points|samples|subgroups) are (phase I|phase 1|the baseline|the reference|our trial period)",
        "(phase I|phase 1|baseline) (=|is|:) (the|) first {m}",
        "(use|take) only the first {m} (points|subgroups|samples) (for|to get) the limits(, judge the rest by them|)",
    ),
    {"m": Num(5, 8, integer=True)},
    0.12,
)
EXCLUDE = Option(
    "exclude={drop}",
    (
        "(leave|take) (point|sample|subgroup|number|no.) {drop} out (of the limits|of the calculation|)",
        "(excluding|without|ignoring|disregard|exclude|omit) (point|sample|subgroup|number) {drop}(, we know the cause|, cause known|)",
        "(point|sample|subgroup) {drop} had (a known|an assignable|a special) cause, (recompute|redo the limits) without it",
    ),
    {"drop": Num(1, 5, integer=True)},
    0.1,
)
SIGMAS = Option(
    "sigmas={w}",
    ("(with|use|at) {w}(-| )sigma limits", "limits at (±|+/-|) {w} (sigma|standard errors)"),
    {"w": Num(2, 4, choices=("2", "2.5", "3.09", "3.5"))},
    0.05,
)
CHART = (*RULES, PHASE1, EXCLUDE, SIGMAS)
KNOWN = (
    Option(
        "center={mu}",
        (
            "(known|given|standard|nominal|historical) (mean|centre|center line|level) (of|=|is|) {mu}",
            "(centre|center) line (at|fixed at|=) {mu}",
        ),
        {"mu": Num(20, 80)},
        0.06,
    ),
    Option(
        "sigma={sd}",
        (
            "(known|given|standard|historical) (sigma|standard deviation|process sigma|sd) (of|=|is|) {sd}",
            "we know (sigma|the standard deviation) (is|=) {sd}",
        ),
        {"sd": Num(0.5, 9)},
        0.06,
    ),
)

WIDE = Groups((2, 5), (6, 12), table_only=True)
SINGLE = TableOf({"x": Data(n=(24, 40))})
BY_LABEL = TableOf(
    {"x": Data(), "s": Words((5, 5), names=("batch", "machine", "operator", "supplier"))},
    rows=(15, 25),
)

XBAR_R = (
    Lesson(
        "spc_xbar_r",
        "spc.xbar_r(x={g}, {options})",
        (
            "@plot an (x-bar and R|xbar-R|X̄-R|Xbar R|x bar R|mean and range) (control|) chart (for|of|from|with) {g}",
            "(xbar r|Xbar-R|x-bar/R|average and range) chart, subgroups (are|in) the rows: {g}",
            "{g}. each (row|line) is a subgroup, (range chart|control chart with ranges), " + STATE,
            "rational subgroups as rows in {g}; " + LIMITS + " from the average range",
            "A2, D3, D4 limits for {g}, please (one subgroup a line|rows are subgroups|)",
            "(control chart|shewhart chart) of subgroup means (using|with|and) ranges, {g}",
            "(hourly|periodic) samples " + WHERE + " ({g}): means and ranges chart, " + STATE,
            "Rbar/d2 (control|) limits for {g}",
            "what are the " + LIMITS + " of the mean chart and the range chart for {g}?",
            "we (pull|take|measure) a few (pieces|parts) every hour, see {g}. (chart the averages and the ranges|X-bar R)",
            "(our|the) quality manager wants X̄ and R (charts|) from {g}; " + STATE,
            "R-bar, grand average and " + LIMITS + " of {g}",
            "chart the subgroup averages and how wide each subgroup is (range) in {g}",
        ),
        {"g": WIDE},
        (*CHART, *KNOWN),
        weight=1.4,
    ),
    Lesson(
        "spc_xbar_r_size",
        "spc.xbar_r(x={t.x}, subgroup={n}, {options})",
        (
            "@plot an (x-bar R|Xbar-R|X̄-R|mean and range|x-bar and range) chart of {t.x} (with|in|using) subgroups of {n}",
            "{t.x}: (every|each) {n} consecutive (values|readings) form a subgroup, (xbar-r|X-bar and R|means and ranges)",
            "(xbar-R|average-range chart), n={n}, (data|readings): {t.x}",
            "group {t.x} in (blocks|runs|sets) of {n} and @plot the range-based mean chart, "
            + STATE,
            "subgroup size {n}; {t.x}; " + LIMITS + " by average range",
            "(samples|subgroups) of size {n} taken in order from {t.x}: R chart and X-bar chart",
            WHERE + " we logged {t.x}; take {n} at a time, range method, " + STATE,
            "mean/range control chart for {t.x}, {n} per subgroup",
        ),
        {"t": SINGLE, "n": Num(2, 4, integer=True)},
        CHART,
    ),
    Lesson(
        "spc_xbar_r_by",
        "spc.xbar_r(x={t.x}, by={t.s}, {options})",
        (
            "@plot an (x-bar R|Xbar-R|mean and range) chart of {t.x}, subgroups (by|from|given by|in column) {t.s}",
            "(range-based|average and range) control chart of {t.x}, one subgroup per {t.s}",
            "{t.s} tells the subgroup, {t.x} the reading: X̄-R, " + STATE,
            "chart {t.x} by {t.s} (means with ranges|xbar and R|x-bar, R)",
            "treat each {t.s} as a rational subgroup of {t.x}; " + LIMITS + " from R-bar",
        ),
        {"t": BY_LABEL},
        (*RULES, SIGMAS),
        weight=0.7,
    ),
    Lesson(
        "spc_xbar_no_size",
        "spc.xbar_r(x={t.x}, subgroup=<ask>)",
        (
            "@plot an (x-bar R|Xbar-R|X̄-R|mean and range) chart of {t.x}",
            "(xbar and R|X-bar/R) (control|) chart for {t.x}, " + STATE,
            "mean-and-range chart, {t.x}",
            "subgroup the readings {t.x} and @plot an Xbar-R chart",
        ),
        {"t": SINGLE},
        weight=0.4,
    ),
)

XBAR_S = (
    Lesson(
        "spc_xbar_s",
        "spc.xbar_s(x={g}, {options})",
        (
            "@plot an (x-bar and S|xbar-S|X̄-S|Xbar S|x bar s|mean and standard deviation) (control|) chart (for|of|from|with) {g}",
            "(xbar s|Xbar-S|x-bar/S) chart, subgroups (are|in) the rows: {g}",
            "{g}. each (row|line) is a subgroup, (standard deviation chart|S chart with the means), "
            + STATE,
            LIMITS + " for means and subgroup standard deviations, {g}, rows are subgroups",
            "A3, B3, B4 limits for {g} (one subgroup per line|)",
            "(control chart|shewhart chart) of subgroup means (using|with|and) standard deviations, {g}",
            "s-bar over c4 as sigma: mean chart of {g}, " + STATE,
            "chart the averages and the standard deviation within each (row|subgroup) of {g}",
            "(samples|hourly samples) " + WHERE + " ({g}): S chart rather than R chart, " + STATE,
            "sbar, grand mean and " + LIMITS + " of {g}",
        ),
        {"g": WIDE},
        (
            *CHART,
            *KNOWN,
            Option(
                "estimator=pooled",
                (
                    "(with|using) (the|a) pooled (standard deviation|sd|s)",
                    "pool the (variances|standard deviations) for sigma",
                ),
                {},
                0.12,
            ),
        ),
    ),
    Lesson(
        "spc_xbar_s_size",
        "spc.xbar_s(x={t.x}, subgroup={n}, {options})",
        (
            "@plot an (x-bar S|Xbar-S|X̄-S|mean and standard deviation) chart of {t.x} (with|in) subgroups of {n}",
            "{t.x}: (every|each) {n} consecutive (values|readings) form a subgroup, (xbar-s|X-bar and S)",
            "subgroup size {n}; {t.x}; mean chart and S chart",
            "(control|) chart of averages and standard deviations, {n} readings a subgroup, {t.x}",
            "cut {t.x} into samples of {n}; S chart and mean chart, " + STATE,
        ),
        {"t": SINGLE, "n": Num(3, 4, integer=True)},
        CHART[:4],
        weight=0.7,
    ),
    Lesson(
        "spc_xbar_s_by",
        "spc.xbar_s(x={t.x}, by={t.s}, {options})",
        (
            "@plot an (x-bar S|Xbar-S|mean and standard deviation) chart of {t.x}, subgroups (by|from|given by) {t.s}",
            "S chart and means of {t.x}, one subgroup per {t.s}, " + STATE,
            "xbar-s with {t.s} as subgroup label and {t.x} as reading",
        ),
        {"t": BY_LABEL},
        (*RULES, SIGMAS),
        weight=0.4,
    ),
)

IMR = (
    Lesson(
        "spc_i_mr",
        "spc.i_mr(x={t.x}, {options})",
        (
            "@plot an (I-MR|individuals|XmR|X-mR|individuals and moving range|I and MR|IMR) (control|) chart (for|of|from|with) {t.x}",
            "(one|a single) (reading|value|measurement) per (batch|day|shift|lot|hour): {t.x}. "
            + STATE,
            "{t.x} - individuals chart @please, " + STATE,
            LIMITS + " for individual (values|readings|measurements) {t.x}",
            "(no subgroups|n=1|subgroup size 1|single readings), {t.x}, (control chart|is it in control|natural process limits)",
            "moving range chart (and individuals|) of {t.x}",
            "process behaviour chart, {t.x}",
            "(XmR|X-MR|imr) {t.x}",
            "MR-bar, sigma from it and the " + LIMITS + " for {t.x}",
            "(we|I) only get one (result|assay|test|value) a (day|batch|week): {t.x}; (control chart|chart it|"
            + "anything unusual)",
            "is (the|our) @process @stable over time? individual readings in order: {t.x}",
            "(spot|find) (outliers|special causes|out-of-control points) in the sequence {t.x} with a shewhart chart for individuals",
            "mean ± 2.66 MR limits for {t.x}",
            "(destructive test|slow test|expensive lab test), so single values {t.x}: " + STATE,
            "levey-jennings style chart from the moving range for {t.x}",
        ),
        {"t": TableOf({"x": Data(n=(10, 30))})},
        (
            *CHART,
            *KNOWN,
            Option(
                "estimator=median_moving_range",
                (
                    "(with|using|from) the median moving range",
                    "robust(ly|) by the median of the moving ranges",
                ),
                {},
                0.07,
            ),
            Option(
                "estimator=sd",
                (
                    "(with|using) the overall (standard deviation|sd) (instead of the moving range|)",
                    "sigma from the ordinary (sample|) standard deviation",
                ),
                {},
                0.07,
            ),
            Option(
                "span={k}",
                ("(moving range|MR) of {k} (readings|points)", "span {k} (moving range|)"),
                {"k": Num(3, 4, integer=True)},
                0.05,
            ),
        ),
        weight=1.5,
    ),
    Lesson(
        "spc_i_mr_no_data",
        "spc.i_mr(x=<ask>)",
        (
            "@plot an (I-MR|individuals|XmR) chart (for me|of my process|of our process|)",
            "is (my|our|the) @process @stable?",
            "(can you|could you|please) check (my|our) @process for special causes",
            "I need a control chart for single readings",
        ),
        weight=0.4,
    ),
)

RUN_RULES = (
    Lesson(
        "spc_rules",
        "spc.rules(x={t.x}, {options})",
        (
            "(check|test|run) {t.x} (against|for|with|through) (the|) run rules",
            "(which|what) (nelson|run) rules (are|does|get) (broken|violated|triggered) (by|in) {t.x}",
            "{t.x}: (nelson|zone|run) (tests|rules) only, no chart needed",
            "look for (runs, trends and zone violations|non-random patterns|trends and runs) in {t.x}",
            "any (rule violations|run-rule signals|nelson violations) in {t.x}? (name them|list rule and point|)",
            "(apply|use) the eight nelson tests (to|on) the series {t.x}",
            "which pattern tests fire on {t.x} and at which point",
        ),
        {"t": TableOf({"x": Data(n=(12, 30))})},
        (
            *RULES[1:],
            Option(
                "center={mu}",
                ("(centre|center|mean|centre line) (is|=|of|at) {mu}", "around a mean of {mu}"),
                {"mu": Num(20, 80)},
                0.25,
            ),
            Option(
                "sigma={sd}",
                ("(sigma|sd|standard deviation) (is|=|of) {sd}", "with sigma {sd}"),
                {"sd": Num(0.5, 9)},
                0.25,
            ),
        ),
        weight=0.8,
    ),
)

CONSTANTS = (
    Lesson(
        "spc_constants",
        "spc.constants(n={n})",
        (
            "(control chart|chart|shewhart|SPC) (constants|factors) for (subgroups of|subgroup size|n=|samples of|a sample size of) {n}",
            "(what is|what's|give me|need|value of) (d2|c4|A2|A3|D4|B4|d3|D3) for (n =|n=|n|subgroup size|subgroups of) {n}",
            "A2, D3 and D4 (if|when) (n is|the subgroup size is|I take) {n}",
            "(table|list) of (constants|factors) (A2 A3 B3 B4 D3 D4 d2 c4|d2 d3 c4) at n={n}",
            "(which|what) (d2|unbiasing constant|factor) (do I use|belongs to) (with|to|for) {n} (readings|pieces|measurements) (per subgroup|)",
            "how does the average range of {n} normal readings relate to sigma (d2|)",
            "B3 and B4 for s charts, n {n}",
            "E2 (and|,) d2 for (a moving range of|n =) {n}",
            "xbar chart factors, subgroups of {n}",
        ),
        {"n": Num(2, 25, integer=True)},
        weight=0.6,
    ),
)

LESSONS: tuple[Lesson, ...] = (*XBAR_R, *XBAR_S, *IMR, *RUN_RULES, *CONSTANTS)
