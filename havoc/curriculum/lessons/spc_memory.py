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
    ),
    {"mu": Num(15, 45)},
    0.45,
)
SIGMA = Option(
    "sigma={sd}",
    (
        "(sigma|sd|standard deviation|process sigma) (=|is|of|:|) {sd}",
        "(known|given|assume) (sigma|standard deviation) (of|=|) {sd}",
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
    ),
    {"lam": Num(0.05, 0.5, choices=("0.05", "0.1", "0.2", "0.25", "0.3", "0.4", ".15", "0.10"))},
    0.5,
)
WIDTH = Option(
    "L={L}",
    ("(L|width|multiplier) (=|of|) {L}", "limits at {L} sigma(s|) of the ewma", "(and|) L={L}"),
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
        ("(steady state|asymptotic|constant|flat) limits", "with the limiting (control|) limits"),
        {},
        0.1,
    ),
    Option(
        "limits=exact",
        ("(exact|time-varying|time varying) limits", "limits that widen at the start"),
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
        ),
        {"k": Num(0.25, 1.0, choices=("0.5", "0.25", "0.75", "1", ".5"))},
        0.45,
    ),
    Option(
        "h={h}",
        (
            "(with|and|) h (=|of|:|) {h}",
            "(decision interval|decision limit|H|threshold) (=|of|at|) {h}",
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
        ),
        {"g": SUBGROUPS},
        CUSUM_OPTIONS[:2],
        weight=0.5,
    ),
)

LESSONS: tuple[Lesson, ...] = (*EWMA, *CUSUM)
