"""Asking for control charts of counts: p, np, c, u and Laney's versions."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Field, Lesson, Num, Option, TableOf
from havoc.curriculum.lessons.spc_variables import CHART, LIMITS, STATE, WHERE

REJECTS = ("rejects", "defective", "scrap", "failed", "nonconforming", "bad", "returns", "faulty")
FLAWS = ("defects", "flaws", "scratches", "errors", "blemishes", "voids", "complaints", "bugs")
CHECKED = ("inspected", "checked", "lot_size", "n", "sample_size", "produced", "tested", "shipped")
UNITS = ("units", "area", "length_m", "boards", "invoices", "hours", "square_m", "pages")

BAD = Data(n=(12, 26), low=1, high=18, integers=True, names=REJECTS)
COUNT = Data(n=(12, 26), low=1, high=25, integers=True, names=FLAWS)
BAD_ONLY = TableOf({"x": BAD})
COUNT_ONLY = TableOf({"x": COUNT})
BAD_AND_SIZE = TableOf(
    {"x": BAD, "n": Data(low=90, high=260, integers=True, names=CHECKED)}, rows=(10, 20)
)
COUNT_AND_SIZE = TableOf(
    {"x": COUNT, "n": Data(low=3, high=30, integers=True, names=UNITS)}, rows=(10, 20)
)
SIZE: dict[str, Field] = {"t": BAD_ONLY, "n": Num(40, 500, integer=True)}
PHASE = CHART

TARGET_P = Option(
    "center={p0}",
    ("(standard|target|known|historical) (fraction|proportion|p|rate) (of|=|) {p0}", "p0 = {p0}"),
    {"p0": Num(0.01, 0.12, 3, percent=True)},
    0.1,
)
TARGET_C = Option(
    "center={c0}",
    ("(standard|target|known|historical) (count|mean|average|c) (of|=|) {c0}", "c0 = {c0}"),
    {"c0": Num(3, 15, 1)},
    0.08,
)

P = (
    Lesson(
        "spc_p",
        "spc.p(x={t.x}, size={n}, {options})",
        (
            "@plot a (p|p-|proportion defective|fraction nonconforming|percent defective) chart: {t.x}, {n} (inspected|checked|sampled) each (time|day|lot|)",
            "p chart, n={n}, @defectives {t.x}",
            "(fraction|proportion|percentage) of @defectives over time, samples of {n}: {t.x}. "
            + STATE,
            "{n} (units|parts|pieces) (per|a) sample, @defectives found {t.x}; @plot the proportion chart",
            "(is|has) our (reject|scrap|failure|defect) rate (stable|changed|in control)? {n} checked per (day|shift|lot), bad: {t.x}",
            "fraction nonconforming " + WHERE + ", constant sample of {n}: {t.x}",
            LIMITS + " for the proportion of @defectives: {t.x} out of {n} each",
            "p-bar and p chart limits; number bad {t.x}; sample size {n}",
            "what share is bad and does it vary by more than chance: {t.x} of {n} each",
        ),
        SIZE,
        (*PHASE, TARGET_P),
    ),
    Lesson(
        "spc_p_sizes",
        "spc.p(x={t.x}, size={t.n}, {options})",
        (
            "@plot a (p|proportion|fraction defective) chart of {t.x} out of {t.n}",
            "{t.x} is the number of @defectives, {t.n} the (number inspected|sample size): (p chart|fraction nonconforming chart), "
            + STATE,
            "(proportion|share|percentage) {t.x}/{t.n} over time with (varying|variable|stair-step) (control|) limits",
            "unequal sample sizes {t.n}, rejected {t.x}: p-chart",
            "(reject|scrap|failure) rate chart, numerator {t.x}, denominator {t.n}",
            "does the fraction {t.x} of {t.n} (stay|run) in control?",
        ),
        {"t": BAD_AND_SIZE},
        (*PHASE, TARGET_P),
    ),
    Lesson(
        "spc_np",
        "spc.np(x={t.x}, size={n}, {options})",
        (
            "@plot an (np|np-|number nonconforming|number defective) chart: {t.x}, (constant|fixed|) sample size {n}",
            "np chart, n={n}, {t.x}",
            "chart the number (not the proportion|itself) of @defectives in samples of {n}: {t.x}",
            "count of bad (parts|units) per {n} checked: {t.x}; np " + LIMITS,
            "(how many|number of) rejects per {n} (pieces|parts): {t.x}, np-chart " + WHERE,
            "n p-bar and " + LIMITS + ", {n} inspected each, {t.x}",
        ),
        SIZE,
        PHASE,
    ),
    Lesson(
        "spc_laney_p",
        "spc.laney_p(x={t.x}, size={t.n}, {options})",
        (
            "@plot a (laney|laney p'|p prime|p'|p′) chart of {t.x} out of {t.n}",
            "(very|) large samples {t.n}, almost every point is out on the p chart of {t.x}: use laney's (p'|version|correction)",
            "overdispersed proportions {t.x}/{t.n}, p-prime chart",
            "p chart adjusted for overdispersion (sigma z|laney|) with {t.x} bad of {t.n}",
            "laney p-prime: {t.x} of {t.n}",
        ),
        {"t": BAD_AND_SIZE},
        PHASE[:4],
        weight=0.6,
    ),
    Lesson(
        "spc_laney_p_constant",
        "spc.laney_p(x={t.x}, size={n}, {options})",
        (
            "laney (p'|p prime|p-prime) chart, {n} per sample, {t.x} @defectives",
            "p' chart (overdispersion|between-sample variation) for {t.x}, samples of {n}",
        ),
        SIZE,
        (),
        weight=0.3,
    ),
    Lesson(
        "spc_p_no_size",
        "spc.p(x={t.x}, size=<ask>)",
        (
            "p chart for {t.x} @defectives",
            "@plot a fraction defective chart of {t.x}",
            "proportion nonconforming chart, rejects: {t.x}",
        ),
        {"t": BAD_ONLY},
        weight=0.4,
    ),
)

C = (
    Lesson(
        "spc_c",
        "spc.c(x={t.x}, {options})",
        (
            "@plot a (c|c-|count) chart of {t.x}",
            "c chart, {t.x}",
            "@defects (per|on each) (panel|roll|car|board|sheet|casting|unit|garment), (same|equal) size (each|every) time: {t.x}. "
            + STATE,
            "(count|number) of @defects in (equal|constant) (areas|samples|inspection units): {t.x}; "
            + LIMITS,
            "{t.x} @defects found on successive (units|panels|pieces) - poisson (chart|limits)",
            "c-bar ± 3 root c-bar for {t.x}",
            "(weekly|daily|monthly) (accidents|breakdowns|complaints|stoppages) {t.x}, (c-chart|chart of counts), "
            + STATE,
            "how many @defects per unit is normal for us and which ones are too many: {t.x}",
            "counts {t.x} " + WHERE + ", each from one identical unit; are they in control",
            "nonconformities (not nonconforming units), constant opportunity: {t.x}",
        ),
        {"t": COUNT_ONLY},
        (*PHASE, TARGET_C),
        weight=1.2,
    ),
    Lesson(
        "spc_u",
        "spc.u(x={t.x}, size={t.n}, {options})",
        (
            "@plot a (u|u-|defects per unit) chart of {t.x} (with|per|over|on) {t.n}",
            "{t.x} @defects on {t.n} (units|): u chart, " + STATE,
            "(rate of|) @defects per unit when the (amount|area|number of units) inspected varies: {t.x} and {t.n}",
            "u-chart, counts {t.x}, sample sizes {t.n}",
            "nonconformities per unit, varying (area|opportunity|lot size) {t.n}, found {t.x}; "
            + LIMITS,
            "(chart|control) {t.x} divided by {t.n}, Poisson, unequal (areas|units)",
        ),
        {"t": COUNT_AND_SIZE},
        PHASE,
    ),
    Lesson(
        "spc_u_constant",
        "spc.u(x={t.x}, size={n}, {options})",
        (
            "u chart: {t.x} @defects in samples of {n} units each",
            "@defects per unit, {n} units inspected (every time|per sample|each), counts {t.x}",
            "average number of @defects per unit and its " + LIMITS + ", {n} units a sample: {t.x}",
        ),
        {"t": COUNT_ONLY, "n": Num(2, 20, integer=True)},
        PHASE,
        weight=0.6,
    ),
    Lesson(
        "spc_laney_u",
        "spc.laney_u(x={t.x}, size={t.n}, {options})",
        (
            "@plot a (laney u'|u prime|u'|u′|laney u) chart of {t.x} per {t.n}",
            "overdispersed counts {t.x} on {t.n}: u-prime chart",
            "u chart corrected for extra variation (laney|sigma z), counts {t.x}, units {t.n}",
            "laney u-prime: {t.x} @defects, {t.n} units",
        ),
        {"t": COUNT_AND_SIZE},
        PHASE[:4],
        weight=0.6,
    ),
)

LESSONS: tuple[Lesson, ...] = (*P, *C)
