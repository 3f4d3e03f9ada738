"""Asking for charts from one column in subgroups, with limits of stages, and with limits that are given."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Groups, Interval, Lesson, Num, Option, TableOf, Words
from havoc.curriculum.lessons.spc_attributes import BAD_ONLY, COUNT_ONLY
from havoc.curriculum.lessons.spc_memory import CUSUM_OPTIONS, EWMA_OPTIONS
from havoc.curriculum.lessons.spc_variables import LIMITS, RULES, STATE

SINGLE = TableOf({"x": Data(n=(24, 40), low=0, high=60)})
LABELLED = TableOf(
    {
        "x": Data(low=0, high=60),
        "s": Words((5, 5), names=("batch", "machine", "operator", "supplier")),
    },
    rows=(20, 20),
)
SIZE = Num(2, 4, integer=True)
IN_BLOCKS = "(in|with|using) (subgroups|samples) of {n}"

MEMORY = (
    Lesson(
        "spc_ewma_size",
        "spc.ewma(x={t.x}, subgroup={n}, {options})",
        (
            "@plot an EWMA chart of {t.x} " + IN_BLOCKS,
            "EWMA of the means of every {n} consecutive readings in {t.x}",
            "exponentially weighted chart, subgroup size {n}, data {t.x}",
            "Minitab EWMA chart, single column {t.x}, subgroup size {n}",
            "average {n} readings at a time from {t.x} and put the averages on an EWMA, " + STATE,
            "small shifts, {n} pieces per sample, all in {t.x}: exponentially weighted moving average",
            "n = {n}; EWMA; {t.x}",
            "is there a slow drift in {t.x} when taken {n} by {n} (EWMA of the sample means)",
        ),
        {"t": SINGLE, "n": SIZE},
        EWMA_OPTIONS[:4],
        weight=0.5,
    ),
    Lesson(
        "spc_ewma_by",
        "spc.ewma(x={t.x}, by={t.s}, {options})",
        (
            "@plot an EWMA chart of {t.x}, one subgroup per {t.s}",
            "EWMA of the {t.s} means of {t.x}, " + STATE,
            "Minitab EWMA chart, data {t.x}, subgroup IDs {t.s}",
            "exponentially weighted moving average of {t.x}, subgroups given by {t.s}",
            "average {t.x} within each {t.s} and smooth the averages exponentially, with limits",
            "{t.s} marks the subgroup, {t.x} the reading: exponentially weighted chart",
        ),
        {"t": LABELLED},
        EWMA_OPTIONS[:2],
        weight=0.4,
    ),
    Lesson(
        "spc_cusum_size",
        "spc.cusum(x={t.x}, subgroup={n}, {options})",
        (
            "@plot a CUSUM chart of {t.x} " + IN_BLOCKS,
            "tabular cusum of the means of every {n} consecutive readings in {t.x}",
            "cumulative sum chart, subgroup size {n}, data {t.x}",
            "Minitab CUSUM chart, single column {t.x}, subgroup size {n}",
            "average {n} readings at a time from {t.x} and add up their deviations (cusum), "
            + STATE,
            "a small lasting shift is feared, {n} pieces per sample, all in {t.x}: cusum",
            "n = {n}; CUSUM; {t.x}",
            "since when are the means of {n} off? cumulative sums of {t.x}",
        ),
        {"t": SINGLE, "n": SIZE},
        CUSUM_OPTIONS[:4],
        weight=0.5,
    ),
    Lesson(
        "spc_cusum_by",
        "spc.cusum(x={t.x}, by={t.s}, {options})",
        (
            "@plot a CUSUM chart of {t.x}, one subgroup per {t.s}",
            "cusum of the {t.s} means of {t.x}, " + STATE,
            "Minitab CUSUM chart, data {t.x}, subgroup IDs {t.s}",
            "cumulative sum chart of {t.x}, subgroups given by {t.s}",
            "average {t.x} within each {t.s} and sum the deviations of the averages, tabular cusum",
            "{t.s} marks the subgroup, {t.x} the reading: CUSUM",
        ),
        {"t": LABELLED},
        CUSUM_OPTIONS[:2],
        weight=0.4,
    ),
    Lesson(
        "spc_median_size",
        "spc.median(x={t.x}, subgroup={n}, {options})",
        (
            "@plot a median chart of {t.x} " + IN_BLOCKS,
            "medians of every {n} consecutive readings of {t.x} on a control chart",
            "median and range chart, subgroup size {n}, data {t.x}",
            "x-tilde chart, n = {n}: {t.x}",
            "take {t.x} {n} at a time, chart the medians, " + STATE,
            "robust chart (medians not means), {n} per subgroup, {t.x}",
            LIMITS + " for the medians of {n} successive values in {t.x}",
        ),
        {"t": SINGLE, "n": Num(3, 4, integer=True)},
        RULES[:3],
        weight=0.4,
    ),
    Lesson(
        "spc_t2_by",
        "spc.t2(x=[{t.a}, {t.b}], subgroup={n})",
        (
            "hotelling T2 chart of {t.a} and {t.b} " + IN_BLOCKS,
            "T² chart of subgroup mean vectors of {t.a} and {t.b}, subgroup size {n}",
            "Minitab Tsquared chart, variables {t.a} and {t.b}, subgroup size {n}",
            "multivariate control chart for the averages of {n} rows of {t.a} and {t.b}",
            "monitor {t.a} with {t.b} jointly, {n} parts per sample (Hotelling)",
            "T-squared, n={n} rows a subgroup: {t.a}, {t.b}",
        ),
        {"t": TableOf({"a": Data(), "b": Data()}, rows=(20, 24)), "n": Num(3, 4, integer=True)},
        weight=0.4,
    ),
)

CHANGE = (
    "(new limits|separate limits|limits anew) from {unit} {s} on",
    "(the process was changed|a change was made) at {unit} {s}",
    "a new stage (starts|begins) at {unit} {s}",
    "(the|) (supplier|tool|recipe|form|software) was replaced (before|at) {unit} {s}, so split the limits there",
    "recalculate the limits from {unit} {s}",
)


def _changes(unit: str) -> Option:
    """The first point of a new stage, in the words of a chart's points."""
    say = tuple(text.replace("{unit}", unit) for text in CHANGE)
    return Option("stages={s}", say, {"s": Num(9, 11, integer=True)}, 1.0)


STAGED = (
    Lesson(
        "spc_xbar_r_stages",
        "spc.xbar_r(x={g}, {options})",
        (
            "@plot an X-bar R chart of {g}, rows are subgroups",
            "(mean and range|Xbar-R|average and range) chart, one subgroup a row, {g}",
            "staged Xbar-R chart of {g}",
            "before and after: averages and ranges of the rows of {g}",
            "did the change help? xbar-R of {g} with limits for each stage",
            "Minitab Xbar-R with stages, subgroups across rows of {g}",
        ),
        {"g": Groups((2, 5), (18, 24), table_only=True)},
        (_changes("(subgroup|sample)"),),
        weight=0.4,
    ),
    Lesson(
        "spc_p_stages",
        "spc.p(x={t.x}, size={n}, {options})",
        (
            "p chart, {n} checked each time, @defectives {t.x}",
            "fraction nonconforming chart, samples of {n}, bad: {t.x}",
            "before and after: proportion of @defectives, n = {n}, counts {t.x}",
            "did the change lower the reject rate? {n} inspected each, rejected {t.x}; p chart with limits for each stage",
            "staged p chart, sample size {n}, nonconforming {t.x}",
        ),
        {
            "t": TableOf(
                {
                    "x": Data(
                        n=(18, 26),
                        low=1,
                        high=18,
                        integers=True,
                        names=("rejects", "defective", "scrap", "bad"),
                    )
                }
            ),
            "n": Num(40, 500, integer=True),
        },
        (_changes("(sample|point|week|lot)"),),
        weight=0.4,
    ),
    Lesson(
        "spc_c_stages",
        "spc.c(x={t.x}, {options})",
        (
            "c chart of {t.x}",
            "@defects per unit counted on equal units: {t.x}, (count|c) chart with limits for each stage",
            "before and after: counts of @defects {t.x}, c-chart",
            "staged c chart, {t.x}",
            "did the change lower the number of @defects? counts {t.x}, c chart",
        ),
        {
            "t": TableOf(
                {
                    "x": Data(
                        n=(18, 26),
                        low=1,
                        high=25,
                        integers=True,
                        names=("defects", "flaws", "errors", "complaints"),
                    )
                }
            ),
        },
        (_changes("(unit|point|week|sample)"),),
        weight=0.4,
    ),
)

GIVEN = "(fixed|existing|agreed|given|customer's|current|last year's)"
FIXED = (
    Lesson(
        "spc_i_mr_limits",
        "spc.i_mr(x={t.x}, control_limits={cl})",
        (
            "individuals chart of {t.x} with " + GIVEN + " control limits {cl}",
            "use the control limits {cl} (and do not compute new ones|): I-MR chart of {t.x}",
            "do not recompute the limits, they are {cl}: XmR of {t.x}",
            "I-MR, " + GIVEN + " LCL and UCL {cl}, readings {t.x}",
            "which single readings of {t.x} fall outside our " + GIVEN + " control limits of {cl}? individuals chart",
            "individuals chart, control limits {cl}, data {t.x}, " + STATE,
            "plot the individual values {t.x} against " + GIVEN + " control limits {cl}",
            "phase II monitoring of single values with limits frozen at {cl}: {t.x} (individuals chart)",
        ),
        {"t": TableOf({"x": Data(n=(10, 30))}), "cl": Interval(10, 90)},
        weight=0.5,
    ),
    Lesson(
        "spc_xbar_r_limits",
        "spc.xbar_r(x={g}, control_limits={cl})",
        (
            "X-bar R chart of {g} (rows are subgroups) with " + GIVEN + " control limits {cl} for the mean",
            "average and range chart, one subgroup a row, {g}, use the limits {cl} for the averages",
            "do not recompute the limits of the mean chart, they are {cl}: Xbar-R of {g}, subgroups in rows",
            "Xbar-R, " + GIVEN + " LCL and UCL {cl} on the averages, rows of {g}",
            "which subgroup averages (rows) of {g} fall outside our " + GIVEN + " control limits of {cl}? Xbar-R",
            "mean and range chart with limits frozen at {cl}: {g}, each row one subgroup",
        ),
        {"g": Groups((2, 5), (6, 12), table_only=True), "cl": Interval(10, 90)},
        weight=0.4,
    ),
    Lesson(
        "spc_p_limits",
        "spc.p(x={t.x}, size={n}, rules=none)",
        (
            "p chart without any tests, {n} checked each time, @defectives {t.x}",
            "just the p chart and its limits, flag nothing; sample size {n}; bad: {t.x}",
            "fraction defective chart, n = {n}, rejects {t.x}, no tests for special causes at all",
            "p chart, turn all tests off, samples of {n}, nonconforming {t.x}",
            "plot the proportion of @defectives ({n} each: {t.x}) and do not mark any signals",
        ),
        {"t": BAD_ONLY, "n": Num(40, 500, integer=True)},
        weight=0.2,
    ),
    Lesson(
        "spc_c_no_rules",
        "spc.c(x={t.x}, rules=none)",
        (
            "c chart of {t.x} without any tests",
            "just the c chart of {t.x} and its limits, flag nothing",
            "c chart, turn all tests off, {t.x}",
            "count chart of {t.x}, no tests for special causes at all",
            "@defects {t.x}: c chart, do not mark any signals",
        ),
        {"t": COUNT_ONLY},
        weight=0.2,
    ),
    Lesson(
        "spc_i_mr_no_rules",
        "spc.i_mr(x={t.x}, rules=none)",
        (
            "individuals chart of {t.x} without any tests",
            "just the I-MR chart of {t.x} and its limits, flag nothing",
            "I-MR, turn all tests off, {t.x}",
            "XmR chart of {t.x}, no tests for special causes at all",
            "single readings {t.x}: chart them, do not mark any signals",
        ),
        {"t": TableOf({"x": Data(n=(10, 30))})},
        weight=0.3,
    ),
)  # fmt: skip

LESSONS: tuple[Lesson, ...] = (*MEMORY, *STAGED, *FIXED)
