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
            "run all 8 tests",
            "(perform|do|turn on) all tests for special causes",
            "nelson",
            "rules: nelson",
            "(test|judge|evaluate) it (by|after|according to) Nelson",
            "(the|Lloyd) Nelson (1984|) tests (please|)",
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
            "WECO",
            "rules: western electric",
            "Western Electric (handbook|) (criteria|tests|alarms)",
            "(the|) AT&T run rules",
            "(zone A|zones A B C) rules by western electric",
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
            "only points outside the limits (are signals|please|)",
            "rule 1 only",
            "test 1 only",
            "(one point|points) beyond 3 sigma (only|and nothing else)",
            "(ignore|forget|leave out) the run rules",
            "basic Shewhart criterion only",
        ),
        {},
        0.08,
    ),
    Option(
        "rules=westgard",
        (
            "(with|using|apply) (the|) westgard (multirule|rules|multi-rules)",
            "westgard 1-3s, 2-2s, R-4s",
            "Westgard",
            "rules: westgard",
            "(clinical|laboratory) QC rules (by|of) Westgard",
            "check 1-3s / 2-2s / R-4s / 4-1s / 10x",
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
        "{m} (points|samples|subgroups) of phase I, then monitoring",
        "(calibrate|estimate) the limits on the first {m}, the rest is phase II",
        "use the first {m} as (base period|reference period|baseline)",
        "the (process|machine) was known to be good for the first {m} (points|subgroups|samples), (take the limits from there|limits from them)",
        "limits from points up to number {m}",
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
        "(drop|skip|remove|omit) (point|subgroup|sample) (no. |number |#|){drop} from the limits (calculation|)",
        "limits without number {drop}",
        "(point|subgroup|sample) {drop} (was a typo|was a sensor fault|had an explained cause|was a power cut), do not use it for the limits",
    ),
    {"drop": Num(1, 5, integer=True)},
    0.1,
)
SIGMAS = Option(
    "sigmas={w}",
    (
        "(with|use|at) {w}(-| )sigma limits",
        "limits at (±|+/-|) {w} (sigma|standard errors)",
        "k = {w} sigma limits",
        "(control|action) limits (set|placed) at plus and minus {w} sigma",
        "multiple of sigma {w}",
        "{w} sigma instead of 3",
        "not three sigma but {w} sigma limits",
    ),
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
            "mu0 = {mu}",
            "(standards|standard) given: mean {mu}",
            "(use|take) {mu} as (the|) centre line",
            "process mean known to be {mu}",
            "around the (historical|long-term|target) mean {mu}",
        ),
        {"mu": Num(20, 80)},
        0.06,
    ),
    Option(
        "sigma={sd}",
        (
            "(known|given|standard|historical) (sigma|standard deviation|process sigma|sd) (of|=|is|) {sd}",
            "we know (sigma|the standard deviation) (is|=) {sd}",
            "sigma0 = {sd}",
            "(use|take) {sd} as (the|) process (sigma|standard deviation)",
            "sd = {sd} (from history|known|given)",
            "(historical|long-term) scatter {sd}",
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
            "(Minitab|JMP|minitab's) (Stat > Control Charts > Variables Charts for Subgroups > Xbar-R|Xbar-R chart|XBar R control chart builder), {g}, observations for a subgroup are in one row of columns",
            "qcc(x, type = 'xbar') (and|plus) type = 'R' on {g}",
            "every row of {g} is a handful of pieces taken at the same moment. Did the centering or the piece-to-piece spread change over time? (range based limits|Rbar based|ranges please)",
            "(mean|average) X-double-bar, R-bar, UCL_xbar, LCL_xbar, UCL_R, LCL_R from {g}, a row is one subgroup",
            "X̿ ± A2·R̄ for {g}, rows = subgroups",
            "(operator|setter|night shift) measures a few (cans|shafts|tablets|vials|wafers) each (hour|half hour|shift) and writes them in a row: {g}. Average and range (chart|charts), "
            + STATE,
            "(can you|please|) draw (the|two) panels: averages on top and ranges below, for the samples in {g}",
            "estimate sigma from the mean range of the rows of {g} and give the "
            + LIMITS
            + " for averages and ranges",
            "for small subgroups the range is enough: make the Shewhart mean chart of {g}",
            "for the following data construct an x-bar chart and an R chart and comment on statistical control. {g}",
            "did anything assignable happen between the hourly samples? use the sample ranges as yardstick. {g}",
            "(SPC|spc|variables control chart|Mittelwert-Spannweiten-Karte|mean-range card): x-quer R, {g}",
            "is (our|the) filler @stable? {g} has one row per (hour|sample); range chart first, then mean chart",
            "check of the subgroup averages against the variation inside the subgroups, X-bar and R, data {g}",
            "should the operator have adjusted the machine at any sample? averages and ranges of {g} with "
            + LIMITS,
            "{g}\nwant: centre lines, UCL and LCL, both charts (x-bar, R)",
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
            "chop the stream {t.x} into subgroups of {n} and give "
            + LIMITS
            + " for averages and for ranges",
            "{n} (pieces|parts|vials|cups) at a time were gauged, one after the other, {t.x}; X-bar and R, "
            + STATE,
            "subgroup size = {n}; xbar-R; data = {t.x}",
            "Minitab Xbar-R with all observations in one column {t.x} and subgroup size {n}",
            "qcc xbar and R charts with n = {n} from the vector {t.x}",
            "the log {t.x} was taken in handfuls of {n}; do the handful averages wander more than the handful ranges allow?",
            "construct X̄ and R charts using samples of size n = {n} for {t.x}",
            "(is|has) the (dosing|fill|cutting|etch) step @stable when I look at means of {n} with R-bar limits? {t.x}",
            "{t.x} ... make subgroups of {n} from it, average-and-range charts @please",
            "A2 R-bar limits with n={n} for the series {t.x}",
            "the readings {t.x} come {n} per hour in order. hourly means and hourly ranges on a control chart",
            "we sample {n} consecutive units each time: {t.x}. which (samples|subgroups) have an odd average or an odd range",
            "mean chart with range based sigma, {n} observations in each sample, data in one row: {t.x}",
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
            "xbar-R, data column {t.x}, subgroup ID column {t.s}",
            "Minitab Xbar-R, all observations in one column: {t.x}; subgroup sizes: {t.s}",
            "mean and range per {t.s} for {t.x} as a Shewhart chart, " + STATE,
            "are the {t.s} averages of {t.x} @stable compared with the ranges inside a {t.s}",
            "readings {t.x} were taken together within each {t.s}; make averages and ranges charts",
            "control chart ({t.x} ~ subgroups {t.s}), X-bar with R",
            "X̄ and R, rational subgroup = {t.s}, characteristic = {t.x}",
            "which {t.s} has an unusual mean or an unusual range of {t.x}? control chart with R-bar/d2",
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
            "X̄ and R charts from the single column {t.x}, I have not decided how to group",
            "average and range chart of {t.x} @please",
            "Xbar-R on {t.x} in subgroups",
            "form rational subgroups of {t.x} and chart averages with ranges",
            "(R chart|range chart) and X-bar chart for {t.x}, " + STATE,
            "chart subgroup means and ranges, one long list {t.x}",
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
            "Xbar-S chart in Minitab, subgroups across the rows of {g}",
            "qcc(type = 'S') and qcc(type = 'xbar', std.dev = 'UWAVE-SD') for {g}",
            "each line of {g} is a sample; I want the standard deviation of each line on a chart, and the average of each line too",
            "X̿ ± A3·S̄ and B3·S̄, B4·S̄ for {g}, rows = subgroups",
            "(large subgroups|subgroups are too big for the range|many pieces per sample), so use s instead of R: {g}, "
            + STATE,
            "did the (spread|standard deviation) or the level of the hourly samples in {g} change? (s chart|x-bar and s chart)",
            "construct x-bar and s control charts for the data and comment. {g}",
            "means with within-row standard deviations, " + LIMITS + ", {g}",
            "process (mean|level) and process (sigma|standard deviation) over the subgroups in {g}, shewhart charts for both",
            "x-quer s card, mean-standard deviation chart, of {g}",
            "(hospital|clinic|lab|bakery) takes several readings a day, one day per row, {g}: (Xbar S|x-bar with S chart)",
            "{g}\nwant: X-bar limits, S limits, any out of control subgroup",
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
                    "estimate sigma by the pooled standard deviation",
                    "pooled standard deviation (method|)",
                    "s_p as the estimate of sigma",
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
            "Minitab Xbar-S, single column {t.x}, subgroup size {n}",
            "S chart with n={n} for {t.x}, and the averages chart",
            "A3, B3, B4 limits with samples of {n} from the stream {t.x}",
            "{n} readings each time, {t.x}: does the standard deviation within the samples stay put, and the mean? (xbar-S|s chart)",
            "construct x-bar and s charts using n = {n} for {t.x}",
            "use standard deviations and not ranges: subgroups of {n} from {t.x}, " + STATE,
            "mean and sigma chart (X-bar S), samples of {n} taken in order, data {t.x}",
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
            "x-bar and s chart, data {t.x}, subgroup ID {t.s}",
            "standard deviation per {t.s} and average per {t.s} of {t.x} as Shewhart charts",
            "use s (not R) within each {t.s} to judge the averages of {t.x}, " + STATE,
            "mean and standard deviation control charts for {t.x}; samples are marked in {t.s}",
            "is any {t.s} odd in its mean or its standard deviation of {t.x}? Xbar-S",
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
            "Minitab (Stat > Control Charts > Variables Charts for Individuals > I-MR|I-MR chart) of {t.x}",
            "qcc(type = 'xbar.one') on {t.x}",
            "{t.x} came in this order. noise or did something change? (shewhart limits for singles|individual chart)",
            "is it just noise or a real change in the sequence? single values one after the other: {t.x}. (individuals chart|XmR|natural process limits please)",
            "x-bar ± 3 MR-bar/1.128 for {t.x}",
            "UCL, LCL and centre line for single observations, {t.x}",
            "monthly (KPI|cost|absence|downtime|sales) figures {t.x} - (signal or noise|should I react|do I need to explain any month)? Wheeler's (XmR|process behaviour chart)",
            "should the operator react to any of these single readings, or leave the (process|machine) alone? (control chart|individuals control chart) {t.x}",
            "(one titration|one viscosity|one assay|one hardness test) per batch, {t.x}, construct a control chart for individuals and a moving range chart",
            "(waiting times|door-to-needle times|turnaround times|ticket times) {t.x} in time order, (I chart|I-chart|individuals chart), "
            + STATE,
            "control chart (individual observations), estimate sigma by MR-bar/d2, {t.x}",
            "I have a list {t.x}, one number per batch. is (my|the) process in statistical control",
            "X chart and MR chart, data: {t.x}; want: limits and out of control points",
            "(would you|should we) adjust the (oven|pump|scale|doser) because of the last readings? {t.x} are single values in order, chart them with natural limits",
            "einzelwertkarte (individuals card) with moving range for {t.x}",
            "are there assignable causes in {t.x}? subgroup size is one",
            "I want to watch a slow process, sample size one: {t.x}, " + LIMITS,
            "shewhart chart, n = 1, {t.x}",
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
                    "median MR (method|)",
                    "sigma from the median of the moving ranges",
                    "use median(MR)/0.954",
                ),
                {},
                0.07,
            ),
            Option(
                "estimator=sd",
                (
                    "(with|using) the overall (standard deviation|sd) (instead of the moving range|)",
                    "sigma from the ordinary (sample|) standard deviation",
                    "limits from the sample standard deviation s, not MR",
                    "mean ± 3 s",
                    "sigma = stdev of all values",
                ),
                {},
                0.07,
            ),
            Option(
                "span={k}",
                (
                    "(moving range|MR) of {k} (readings|points)",
                    "span {k} (moving range|)",
                    "moving ranges over {k} (consecutive|successive|) values",
                    "length of moving range {k}",
                    "MR length {k}",
                ),
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
            "individuals and moving range chart, how do I get one from you",
            "make an XmR chart of our daily figures",
            "I would like an ImR chart of my batches @please",
            "can you plot a process behaviour chart for my KPI",
            "chart my single readings with control limits",
            "I-MR please",
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
            "test {t.x} for 2 of 3 beyond two sigma, 4 of 5 beyond one sigma and the other pattern tests",
            "supplementary (run|) rules on {t.x}: list each violation with its position",
            "(tests for special causes|Minitab tests 1-8|pattern tests) on the values {t.x}, only the violations",
            "nine in a row on one side, six in a row rising, fourteen alternating ... is any such pattern in {t.x}",
            "(is there|do you see) an unnatural pattern in {t.x} according to the sensitizing rules",
            "apply the run rules to the sequence {t.x} and (tell|list) which rule fails where",
            "stratification, mixture, trends, runs: check the series {t.x} with the (eight|nelson) tests",
            "which of the sensitizing rules does {t.x} break",
            "rule check only: {t.x}",
            "spc.rules on {t.x}",
            "(zone test|zones A, B and C) violations in {t.x}",
        ),
        {"t": TableOf({"x": Data(n=(12, 30))})},
        (
            *RULES[1:],
            Option(
                "center={mu}",
                (
                    "(centre|center|mean|centre line) (is|=|of|at) {mu}",
                    "around a mean of {mu}",
                    "mu0 = {mu}",
                    "(standards|standard) given: mean {mu}",
                    "(use|take) {mu} as (the|) centre line",
                    "process mean known to be {mu}",
                    "around the (historical|long-term|target) mean {mu}",
                ),
                {"mu": Num(20, 80)},
                0.25,
            ),
            Option(
                "sigma={sd}",
                (
                    "(sigma|sd|standard deviation) (is|=|of) {sd}",
                    "with sigma {sd}",
                    "sigma0 = {sd}",
                    "(use|take) {sd} as (the|) process (sigma|standard deviation)",
                    "sd = {sd} (from history|known|given)",
                    "(historical|long-term) scatter {sd}",
                ),
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
            "d2({n}), c4({n}), A2({n})",
            "n = {n} -> d2, d3, c4",
            "look up the factor for estimating sigma from R-bar when each sample has {n} items",
            "unbiasing constants (d2, c4) for samples of {n}",
            "I have subgroups of {n}. Which multipliers for R-bar and s-bar go into the chart limits?",
            "by what do I divide the average range to get sigma when there are {n} values in a subgroup",
            "by what do I divide s-bar with n = {n} to remove the bias",
            "textbook appendix of factors for constructing variables control charts, row n = {n}",
            "how big is A3 at subgroup size {n}, and B3, B4",
            "(control limit factors|limit factors|SPC factors|Shewhart factors) {n} observations in sample",
            "d2 value, sample size {n}",
        ),
        {"n": Num(2, 25, integer=True)},
        weight=0.6,
    ),
)

LESSONS: tuple[Lesson, ...] = (*XBAR_R, *XBAR_S, *IMR, *RUN_RULES, *CONSTANTS)
