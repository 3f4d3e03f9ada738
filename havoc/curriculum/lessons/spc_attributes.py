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
    (
        "(standard|target|known|historical) (fraction|proportion|p|rate) (of|=|) {p0}",
        "p0 = {p0}",
        "p-bar known: {p0}",
        "standard given p = {p0}",
        "against the (standard|historical|contract) fraction {p0}",
        "(centre|center) line {p0}",
        "(our|the) long-term reject rate is {p0}, use it",
    ),
    {"p0": Num(0.01, 0.12, 3, percent=True)},
    0.1,
)
TARGET_C = Option(
    "center={c0}",
    (
        "(standard|target|known|historical) (count|mean|average|c) (of|=|) {c0}",
        "c0 = {c0}",
        "c-bar known: {c0}",
        "standard given c = {c0}",
        "(centre|center) line {c0}",
        "against a (standard|historical) average of {c0} per unit",
    ),
    {"c0": Num(3, 15, 1)},
    0.08,
)

P = (
    Lesson(
        "spc_p",
        "spc.p(x={t.x}, size={n}, {options})",
        (
            "@plot a (p|p-|proportion defective|fraction nonconforming|percent defective) chart: {t.x} with {n} (inspected|checked|sampled) each (time|day|lot|)",
            "p chart, n={n}, @defectives {t.x}",
            "(fraction|proportion|percentage) of @defectives over time, samples of {n}: {t.x}. "
            + STATE,
            "{n} (units|parts|pieces) (per|a) sample, @defectives found {t.x}; @plot the proportion chart",
            "(is|has) our (reject|scrap|failure|defect) rate (stable|changed|in control)? {n} checked per (day|shift|lot), bad: {t.x}",
            "fraction nonconforming " + WHERE + ", constant sample of {n}: {t.x}",
            LIMITS + " for the proportion of @defectives: {t.x} out of {n} each",
            "p-bar and p chart limits; number bad {t.x}; sample size {n}",
            "what share is bad and does it vary by more than chance: {t.x} of {n} each",
            "p chart n {n} data {t.x}",
            "Minitab (Stat > Control Charts > Attributes Charts > P|P chart), variable {t.x}, subgroup size {n}",
            "qcc({t.x}, sizes = {n}, type = 'p')",
            "p-bar ± 3 sqrt(p-bar(1-p-bar)/n), n = {n}, rejects per sample: {t.x}",
            "we pull {n} units every (hour|day|shift) and count the bad ones: {t.x}. (is it luck|did something change|is any day special), as a fraction?",
            "attribute data, constant subgroup of {n}, nonconforming {t.x}; p-bar, UCL, LCL",
            "percent (bad|nonconforming|rejected) per (day|lot|batch) on a control chart, each of size {n}, number bad: {t.x}",
            "out of {n} (invoices|calls|orders|patients|deliveries|swabs) per week the wrong ones were {t.x}; error rate chart, "
            + STATE,
            "is the error (rate|percentage) in control when {n} are audited each month? errors (one per item at most) {t.x}",
            "control chart for fraction nonconforming, samples of size {n}, the number of nonconforming items is {t.x}. Construct the chart",
            "should I call the supplier about any lot? {n} from each lot were tested, failed: {t.x} (p chart)",
            "yield loss proportion per lot of {n}: {t.x} failing chips (p-chart|proportion chart|binomial chart)",
            "(bad pieces|rejects|nonconforming cans) {t.x}\nsample size {n}\nwant: p chart limits and signals",
            "binomial proportions over time, n={n} each, successes {t.x}, Shewhart limits",
            "not a test of two proportions, a chart: {n} per lot, {t.x} nonconforming, fraction with 3-sigma limits",
            "each item is good or bad (a unit counts once however many flaws it has), {n} looked at, bad units {t.x}; proportion chart",
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
            "p chart {t.x} / {t.n}",
            "Minitab P chart, variable {t.x}, subgroup sizes in {t.n}",
            "qcc({t.x}, sizes = {t.n}, type = 'p')",
            "p-bar ± 3 sqrt(p-bar(1-p-bar)/n_i), counts {t.x}, n_i = {t.n}",
            "each (day|week|lot) a different number was looked at ({t.n}) and {t.x} failed. Was any (day|week|lot) really worse than the others?",
            "infection (proportion|percentage), readmission share or no-show percentage: {t.x} of {t.n}, attribute chart with limits that move with the sample size",
            "percentage late = {t.x}/{t.n}; (is the percentage in control|which months are unusual); p chart",
            "is the scrap share {t.x} over {t.n} just wobbling by chance",
            "first pass yield complement: {t.x} bad units, {t.n} built; proportion control chart",
            "control chart for fraction nonconforming with variable sample size, nonconforming {t.x}, sample size {t.n}",
            "did the new (supplier|nozzle|form|training) change the fraction defective over time? bad {t.x}, checked {t.n}, chart it",
            "every unit is either good or bad; bad = {t.x}, total = {t.n}, " + STATE,
        ),
        {"t": BAD_AND_SIZE},
        (*PHASE, TARGET_P),
    ),
    Lesson(
        "spc_np",
        "spc.np(x={t.x}, size={n}, {options})",
        (
            "@plot an (np|np-|number nonconforming|number defective) chart: {t.x}, (constant|fixed|) sample size {n}",
            "np chart, n={n}, (bad|rejected|nonconforming|count): {t.x}",
            "chart the number (not the proportion|itself) of @defectives in samples of {n}: {t.x}",
            "count of bad (parts|units) per {n} checked: {t.x}; np " + LIMITS,
            "(how many|number of) rejects per {n} (pieces|parts): {t.x}, np-chart " + WHERE,
            "n p-bar and " + LIMITS + ", {n} inspected each, {t.x}",
            "np chart n {n} data {t.x}",
            "Minitab NP chart, variable {t.x}, subgroup size {n}",
            "qcc({t.x}, sizes = {n}, type = 'np')",
            "n p-bar ± 3 sqrt(n p-bar (1 - p-bar)), n = {n}, {t.x}",
            "I want to see the counts of rejected units and not percentages, {n} units each time: {t.x}, "
            + STATE,
            "operators find counts easier than fractions: number of nonconforming units in a constant {n}, {t.x}, (np chart|number defective chart)",
            "(number|count) of nonconforming items per sample of {n}, control chart in numbers: {t.x}",
            "np control limits: sample of {n} every shift, number rejected {t.x}",
            "out of {n} pills always the same amount is checked, broken ones {t.x}; chart the number broken (np)",
            "how many bad units per {n} is normal and which samples are too bad: {t.x}, number-nonconforming chart",
            "each item is good or bad; same sample of {n}; plot the count of bad units itself: {t.x}",
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
            "laney p' {t.x} {t.n}",
            "Minitab Laney P' chart, variable {t.x}, subgroup sizes {t.n}",
            "the p chart limits look too tight because {t.n} is huge; correct for it with sigma z; {t.x} bad",
            "big denominators {t.n}, counts {t.x}: p' (Laney) with between-subgroup variation",
            "qicharts2 qic(chart = 'pp') of {t.x} over {t.n}",
            "proportions {t.x}/{t.n} vary more than binomial; the Laney adjusted proportion chart, "
            + STATE,
            "p-prime control chart ({t.x} of {t.n}), overdispersion allowed",
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
            "Minitab Laney P', variable {t.x}, subgroup size {n}",
            "the binomial limits are too tight: Laney's P-prime for {t.x} rejects in {n} each",
            "samples of {n} (huge), rejects {t.x}, p' with sigma z",
            "overdispersed fraction defective, constant n = {n}, counts {t.x}, laney chart",
            "p prime chart: n={n}, bad {t.x}",
            "laney's correction of the p chart, {n} checked each, nonconforming: {t.x}",
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
            "p chart of {t.x}",
            "Minitab P chart for the column {t.x}",
            "fraction nonconforming over time from the reject counts {t.x}",
            "is our reject proportion in control? bad ones found: {t.x}",
            "percent defective chart, number bad {t.x}",
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
            "c chart {t.x}",
            "Minitab (Stat > Control Charts > Attributes Charts > C|C chart) of {t.x}",
            "qcc({t.x}, type = 'c')",
            "c-bar, UCL, LCL for the counts {t.x} (Poisson)",
            "how many (scratches|pinholes|typos|knots|inclusions) per (sheet|door|page|metre|wafer): {t.x}. is any of them unusual or is it luck",
            "each (wafer|windscreen|bolt of cloth|circuit board|garment) is inspected fully, one item may have several @defects, counts {t.x}, control chart",
            "number of (falls|needle sticks|machine stops|tickets|no-shows) each month, similar exposure, {t.x}; c-chart, "
            + STATE,
            "nonconformities per inspection unit, constant size: {t.x}. Construct the control chart",
            "should we stop the line because of the last (panel|roll|sheet)? @defects counted per (panel|roll|sheet): {t.x} (c chart)",
            "poisson counts over time {t.x}, same area of opportunity, Shewhart limits",
            "@defects per (car|bike|fridge) coming off the line {t.x}: is the count in control",
            "counts of @defects, not of bad units, always one unit: {t.x}",
            "count chart with a constant opportunity: {t.x}; want: centre line, limits, signals",
            "several flaws can sit on one item and every item has the same size, so not a p chart: {t.x}",
            "is the Poisson mean of {t.x} constant over time? c chart limits",
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
            "u chart {t.x} / {t.n}",
            "Minitab U chart, variable {t.x}, subgroup sizes in {t.n}",
            "qcc({t.x}, sizes = {t.n}, type = 'u')",
            "u-bar ± 3 sqrt(u-bar/n_i), counts {t.x}, n_i = {t.n}",
            "errors per (page|invoice|100 hours|patient day|km|square metre) where the amount differs: {t.x} events in {t.n}, "
            + STATE,
            "the rolls are not equally long: @defects {t.x}, length {t.n}. is the rate per unit of length stable",
            "infections per patient day (counts {t.x}, days {t.n}), rate control chart",
            "(a unit can have many @defects|several @defects on one unit are possible) and the number of units changes: {t.x} on {t.n}; DPU chart",
            "defects per unit (DPU) = {t.x}/{t.n} with limits that follow the sample size",
            "control chart for average nonconformities per unit, total {t.x}, units inspected {t.n}",
            "Poisson rate over time, numerator {t.x}, exposure {t.n}, Shewhart limits",
            "(accidents|incidents|stoppages) {t.x} per exposure {t.n}: which period is out of control (u-chart)",
            "did the rate of @defects per unit change? {t.x} in {t.n} units",
            "several flaws can sit on one item and the lots have unequal numbers of items: flaws {t.x}, items {t.n}; chart per item",
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
            "Minitab U chart, variable {t.x}, subgroup size {n}",
            "qcc({t.x}, sizes = {n}, type = 'u')",
            "u-bar ± 3 sqrt(u-bar/n) with n = {n} units, @defects {t.x}",
            "every sample is {n} units and we count all @defects on them: {t.x}; DPU (chart|control chart), "
            + STATE,
            "chart the @defects per unit (not per sample) for samples of {n}: {t.x}",
            "inspect {n} (boards|shirts|chairs) a day, total number of @defects {t.x}, average per unit under control?",
            "nonconformities per unit, n={n}, totals {t.x}, u-chart",
            "average flaws per item, {n} items in each sample, flaws counted {t.x}, control limits for the average",
            "defects per unit chart, constant sample of {n} units, counts {t.x}",
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
            "laney u' {t.x} {t.n}",
            "Minitab Laney U' chart, variable {t.x}, subgroup sizes {t.n}",
            "qicharts2 qic(chart = 'up') of {t.x} over {t.n}",
            "Poisson limits are too tight for {t.x} per {t.n}; correct with sigma z (Laney U prime)",
            "@defects per unit {t.x}/{t.n} vary more than Poisson, Laney's chart, " + STATE,
            "u-prime control chart, counts {t.x}, exposure {t.n}, overdispersion allowed",
            "u chart with between-sample variation, Laney, counts {t.x} and units {t.n}",
            "the u chart of {t.x} per {t.n} alarms all the time although nothing is wrong; use Laney's u'",
        ),
        {"t": COUNT_AND_SIZE},
        PHASE[:4],
        weight=0.6,
    ),
)

LESSONS: tuple[Lesson, ...] = (*P, *C)
