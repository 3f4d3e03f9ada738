"""Asking for charts with memory: EWMA and CUSUM."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Groups, Lesson, Num, Option, TableOf
from havoc.curriculum.lessons.spc_variables import LIMITS, PHASE1, STATE, WHERE

SERIES = TableOf({"x": Data(n=(14, 34), low=0, high=60)})
SUBGROUPS = Groups((2, 5), (8, 12), table_only=True)

TARGET = Option(
    "target={mu}",
    (
        "(target|mu0|aim|nominal|set point|goal) (=|is|of|:|) {mu}",
        "(around|about|against|relative to) (a|the|) (target|aim|nominal) (of|) {mu}",
        "it (should|is meant to) (be|run at) {mu}",
        "in-control mean {mu}",
        "mu0 = {mu}",
        "target mean {mu}",
        "(set point|setpoint|nominal value) {mu}",
        "we aim at {mu}",
        "the process is supposed to run at {mu}",
        "T = {mu}",
    ),
    {"mu": Num(15, 45)},
    0.45,
)
SIGMA = Option(
    "sigma={sd}",
    (
        "(sigma|sd|standard deviation|process sigma) (=|is|of|:|) {sd}",
        "(known|given|assume) (sigma|standard deviation) (of|=|) {sd}",
        "sigma0 = {sd}",
        "s = {sd}",
        "with scatter {sd}",
        "(historical|process) standard deviation {sd}",
        "{sd} is the known sigma",
    ),
    {"sd": Num(0.5, 6)},
    0.4,
)
WEIGHT = Option(
    "weight={lam}",
    (
        "(with|using|and|) (lambda|λ|weight|smoothing constant|smoothing) (=|of|:|) {lam}",
        "(lam|r) = {lam}",
        "weight {lam} on the newest (value|reading)",
        "{lam} smoothing (factor|parameter|constant)",
        "smoothing parameter {lam}",
        "(weight|lambda) {lam}",
        "(forgetting|discount) factor {lam}",
        "λ={lam}",
    ),
    {"lam": Num(0.05, 0.5, choices=("0.05", "0.1", "0.2", "0.25", "0.3", "0.4", ".15", "0.10"))},
    0.5,
)
WIDTH = Option(
    "L={L}",
    (
        "(L|width|multiplier) (=|of|) {L}",
        "limits at {L} sigma(s|) of the ewma",
        "(and|) L={L}",
        "limits ± {L} sigma_z",
        "width of (the|) limits {L}",
        "{L} sigma limits",
    ),
    {"L": Num(2.4, 3.2, 3)},
    0.35,
)

EWMA_OPTIONS = (
    WEIGHT,
    WIDTH,
    TARGET,
    SIGMA,
    PHASE1,
    Option(
        "limits=asymptotic",
        (
            "(steady state|asymptotic|constant|flat) limits",
            "with the limiting (control|) limits",
            "use the (steady-state|asymptotic) (control|) limits",
            "straight limits, not widening",
        ),
        {},
        0.1,
    ),
    Option(
        "limits=exact",
        (
            "(exact|time-varying|time varying) limits",
            "limits that widen at the start",
            "start-up limits (exact|)",
            "limits with the (1-(1-lambda)^2i) term",
        ),
        {},
        0.1,
    ),
)

EWMA = (
    Lesson(
        "spc_ewma",
        "spc.ewma(x={t.x}, {options})",
        (
            "@plot an (EWMA|ewma|exponentially weighted moving average|geometric moving average) (control|) chart (for|of|from|with) {t.x}",
            "EWMA, {t.x}",
            "{t.x}: exponentially weighted chart, (first signal|when does it signal|where does it alarm|"
            + STATE
            + ")",
            "(small|tiny) shifts (matter|worry us) " + WHERE + ": ewma of {t.x}",
            "ewma " + LIMITS + " and the last ewma value for {t.x}",
            "smooth {t.x} exponentially and tell me when (it|the smoothed mean) leaves its limits",
            "(detect|catch) a slow drift in {t.x} with an EWMA",
            "at which (sample|point|observation) does the ewma of {t.x} go out",
            "roberts' chart (EWMA) on {t.x}",
            "ewma chart {t.x}",
            "Minitab (Stat > Control Charts > Time-Weighted Charts > EWMA|EWMA chart), single column {t.x}, subgroup size 1",
            "qcc ewma() on {t.x}",
            "z_i = lambda x_i + (1-lambda) z_(i-1) for {t.x}, with control limits",
            "z_t = lambda y_t + (1-lambda) z_(t-1), {t.x}; does z leave its limits?",
            "the ordinary Shewhart chart is too slow for our small shifts; use exponentially weighted averages of {t.x}",
            "is there a creeping change in {t.x} that the individuals chart would miss? weighted average with memory",
            "give recent readings more weight and older ones less and warn me when the weighted mean of {t.x} is off",
            "construct an EWMA control chart for the data {t.x}",
            "the (assay|potency|viscosity|bath concentration|torque) drifts slowly, I think: {t.x}. EWMA please, "
            + STATE,
            "should we adjust? the exponentially weighted mean of {t.x} says what",
            "GMA (geometric moving average) control chart, observations {t.x}",
            "time-weighted chart (ewma) on the single readings {t.x}",
            "{t.x}\nwant: EWMA values, limits, first point out",
            "not a forecast: an exponentially weighted control chart of {t.x} with limits",
            "sensitive chart for shifts below one and a half sigma, exponentially weighted: {t.x}",
        ),
        {"t": SERIES},
        EWMA_OPTIONS,
        weight=1.2,
    ),
    Lesson(
        "spc_ewma_subgroups",
        "spc.ewma(x={g}, {options})",
        (
            "@plot an ewma (chart|) of the subgroup means, rows of {g} are subgroups",
            "EWMA on {g}, one subgroup (a|per) row, " + STATE,
            "exponentially weighted chart of row averages, {g}",
            "Minitab EWMA chart, subgroups across rows of {g}",
            "ewma for samples instead of singles: rows of {g} are the samples",
            "average every row of {g}, then smooth the averages exponentially, with limits",
            "small shifts of the sample means in {g} (one sample per row), EWMA chart",
            "exponentially weighted moving average of x-bar, subgroups in the rows of {g}",
            "is there a slow drift of the hourly means? EWMA, {g}, a row per hour",
        ),
        {"g": SUBGROUPS},
        (WEIGHT, WIDTH, PHASE1),
        weight=0.5,
    ),
)

CUSUM_OPTIONS = (
    Option(
        "k={k}",
        (
            "(with|) k (=|of|:|) {k}",
            "(reference value|slack|allowance|K) (=|of|) {k}",
            "allowance {k} sigma",
            "K = {k} sigma",
            "slack value {k}",
            "k of {k} standard deviations",
            "half the shift, k = {k}",
        ),
        {"k": Num(0.25, 1.0, choices=("0.5", "0.25", "0.75", "1", ".5"))},
        0.45,
    ),
    Option(
        "h={h}",
        (
            "(with|and|) h (=|of|:|) {h}",
            "(decision interval|decision limit|H|threshold) (=|of|at|) {h}",
            "H = {h} sigma",
            "alarm (at|when the sum passes) {h} (sigma|)",
            "h of {h} standard deviations",
        ),
        {"h": Num(3, 8, choices=("4", "5", "4.77", "8", "4.5", "5.0"))},
        0.45,
    ),
    TARGET,
    SIGMA,
    Option(
        "head_start={fir}",
        (
            "(with|) (a|) (head start|headstart|FIR) (of|=|) {fir}",
            "fast initial response, start (the sums|) at {fir}",
            "FIR cusum with head start {fir}",
            "C0 = {fir}",
            "headstart {fir}",
        ),
        {"fir": Num(1, 2.5, choices=("2", "2.5", "1.5"))},
        0.12,
    ),
    PHASE1,
)

CUSUM = (
    Lesson(
        "spc_cusum",
        "spc.cusum(x={t.x}, {options})",
        (
            "@plot a (CUSUM|cusum|cumulative sum|tabular cusum|decision interval cusum) (chart|) (for|of|on|from|with) {t.x}",
            "cusum, {t.x}",
            "{t.x}: tabular CUSUM, (when is the first signal|first alarm|when does C+ cross|which side signals)",
            "C+ and C- (for|of) {t.x}",
            "(when|at which point) did (the mean|it) start to shift (up|down|) in {t.x}? cusum",
            "(add up|accumulate) deviations of {t.x} from target and alarm when the sum is too big",
            "page's cumulative sum scheme on {t.x}, " + STATE,
            WHERE + " a small sustained shift is suspected: CUSUM of {t.x}",
            "upper and lower cusum, N+ and N-, estimate of the new mean, {t.x}",
            "(detect|find) a persistent small change in {t.x} by cumulative sums",
            "cusum chart {t.x}",
            "Minitab (Stat > Control Charts > Time-Weighted Charts > CUSUM|CUSUM chart), single column {t.x}, subgroup size 1",
            "qcc cusum() on {t.x}",
            "C_i+ = max(0, x_i - (mu0 + K) + C_(i-1)+) and C_i- for {t.x}",
            "S_H and S_L (upper and lower sums) for {t.x} with the first signal",
            "sum up how far {t.x} is from where it should be, and tell me if the sum runs away",
            "has the mean moved for good, even by a little, and since when? {t.x} (cusum|tabular cumulative sums)",
            "when did the change begin? change point by the cumulative sum chart of {t.x}",
            "set up a tabular cusum and apply it to the observations {t.x}",
            "our (meter|doser|energy bill|potency|scrap weight) may have shifted slightly: {t.x}. CUSUM, "
            + STATE,
            "should we recalibrate because of a small lasting offset? cusum of {t.x}",
            "kumulative Summe, CUSUM card for {t.x}",
            "{t.x}\nwant: C+, C-, N+, N-, signal",
            "time-weighted chart (cumulative sum) on single readings {t.x}",
            "sensitive chart for small sustained shifts by accumulated deviations: {t.x}",
            "not a plain cumulative total but the decision interval scheme (tabular CUSUM) for {t.x}",
        ),
        {"t": SERIES},
        CUSUM_OPTIONS,
        weight=1.2,
    ),
    Lesson(
        "spc_cusum_subgroups",
        "spc.cusum(x={g}, {options})",
        (
            "cusum of the subgroup means, {g}, each row a subgroup",
            "@plot a tabular cusum (chart|) for the row averages of {g}",
            "cumulative sum chart, rows of {g} are subgroups, " + STATE,
            "Minitab CUSUM chart, subgroups across rows of {g}",
            "cusum for samples instead of singles: rows of {g} are the samples",
            "average every row of {g}, then sum the deviations (tabular cusum)",
            "small lasting shifts of the sample means in {g} (one sample per row), CUSUM",
            "C+ and C- of x-bar, subgroups in the rows of {g}",
            "since when did the hourly means shift? cumulative sums, {g}, a row per hour",
        ),
        {"g": SUBGROUPS},
        CUSUM_OPTIONS[:2],
        weight=0.5,
    ),
)

LESSONS: tuple[Lesson, ...] = (*EWMA, *CUSUM)
