"""Asking about raters, censored lives, further sampling plans, non-normal capability, nested gages."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Fixed, Interval, Lesson, Num, Option, TableOf, Words
from havoc.curriculum.lessons.quality_capability import COVER, LOWER, SURE, UPPER
from havoc.curriculum.lessons.quality_measurement import GRR, PART_NAMES, PEOPLE, TOLERANCE
from havoc.curriculum.lessons.quality_sampling_life import ALPHA, AQL, BETA, LTPD

JUDGES = Words((2, 3), names=("grade", "type", "method", "group", "treatment"))
RATINGS = TableOf({"a": JUDGES, "b": JUDGES}, forms=("pasted", "attached"), rows=(12, 20))
THREE = TableOf(
    {"a": JUDGES, "b": JUDGES, "c": JUDGES}, forms=("pasted", "attached"), rows=(12, 20)
)
AGREEMENT = (
    Lesson(
        "quality_attribute_agreement",
        "quality.attribute_agreement(x=[{t.a}, {t.b}])",
        (
            "(kappa|Cohen's kappa|cohen kappa) (between|of|for) {t.a} and {t.b}",
            "do the two (inspectors|raters|judges) {t.a} and {t.b} agree (beyond chance|)",
            "attribute agreement (analysis|) of {t.a} and {t.b}",
            "inter-rater agreement, columns {t.a} and {t.b}",
            "go/no-go gauge: how well do {t.a} and {t.b} match",
        ),
        {"t": RATINGS},
    ),
    Lesson(
        "quality_attribute_agreement_three",
        "quality.attribute_agreement(x=[{t.a}, {t.b}, {t.c}])",
        (
            "(Fleiss kappa|fleiss' kappa|kappa) of the (three|) (raters|inspectors) {t.a}, {t.b}, {t.c}",
            "agreement among {t.a}, {t.b} and {t.c}",
            "attribute gage study with raters {t.a}, {t.b}, {t.c}",
        ),
        {"t": THREE},
        weight=0.7,
    ),
    Lesson(
        "quality_attribute_agreement_standard",
        "quality.attribute_agreement(x=[{t.a}, {t.b}], standard={t.c})",
        (
            "how well do {t.a} and {t.b} match the (standard|truth|reference|master) {t.c}",
            "attribute agreement of {t.a} and {t.b} against the standard {t.c}",
            "raters {t.a}, {t.b}; correct answer {t.c}; kappa and percent right",
        ),
        {"t": THREE},
        weight=0.7,
    ),
    Lesson(
        "quality_kappa_fleiss",
        "quality.kappa(counts={g}, kind=fleiss)",
        (
            "(Fleiss|fleiss') kappa from the counts {g} (rows are parts, columns categories|)",
            "{g}: how many raters chose each category, (fleiss|multi-rater) kappa",
        ),
        {
            "g": TableOf(
                {
                    "a": Fixed(("4", "2", "0", "3", "1", "4"), ("good", "pass", "A")),
                    "b": Fixed(("1", "2", "1", "2", "0", "1"), ("rework", "doubtful", "B")),
                    "c": Fixed(("0", "1", "4", "0", "4", "0"), ("scrap", "fail", "C")),
                },
                forms=("pasted", "attached"),
                rows=(6, 6),
            )
        },
        weight=0.4,
    ),
    Lesson(
        "quality_kappa_cohen",
        "quality.kappa(counts={g}, kind=cohen)",
        (
            "(Cohen's|cohen) kappa of the (2x2|cross|agreement) table {g}",
            "{g} is rater 1 against rater 2 in counts, kappa",
        ),
        {
            "g": TableOf(
                {
                    "a": Data(low=1, high=40, integers=True, names=("pass", "good", "ok")),
                    "b": Data(low=1, high=40, integers=True, names=("fail", "bad", "nok")),
                },
                forms=("pasted", "attached"),
                rows=(2, 2),
            )
        },
        weight=0.4,
    ),
)

LIVES = Data(
    n=(6, 16), low=20, high=900, names=("hours", "cycles", "life", "km", "time_to_failure")
)
STATUS = Fixed(tuple("1101111011"), ("failed", "status", "event", "broken"))
LIFE_TABLE = TableOf(
    {"x": Data(low=20, high=900, names=("hours", "cycles", "life")), "d": STATUS}, rows=(10, 10)
)
B_OPTIONS = (
    Option("b=5", ("(and|) (the|) B5 life", "B5"), {}, 0.08),
    Option("b=1", ("(and|) (the|) B1 life", "B1"), {}, 0.08),
    Option(
        "t={m}",
        ("reliability at {m} (h|hours|)", "survival to {m}"),
        {"m": Num(30, 700, integer=True)},
        0.15,
    ),
)
LIFE = (
    Lesson(
        "quality_weibull_fit",
        "quality.weibull_fit(x={t.x}, {options})",
        (
            "(fit a weibull|weibull fit|weibull analysis) (to|of|for) (the failure times|) {t.x}",
            "(shape and scale|beta and eta) of a weibull for {t.x} (all failed|)",
            "{t.x} are times to failure, weibull, B10 and mean life",
            "life data analysis of {t.x}: weibull (parameters|MLE)",
            "(bearings|pumps|relays|belts) failed at {t.x}; is it wear-out (weibull beta|)?",
        ),
        {"t": TableOf({"x": LIVES})},
        B_OPTIONS,
    ),
    Lesson(
        "quality_weibull_fit_status",
        "quality.weibull_fit(x={t.x}, status={t.d}, {options})",
        (
            "weibull fit with censoring: {t.x}, {t.d} (1 = failed|tells who failed)",
            "(fit a weibull|weibull analysis) to {t.x}, censored where {t.d} is 0",
            "(suspensions|survivors) marked by {t.d}: beta, eta and B10 of {t.x}",
        ),
        {"t": LIFE_TABLE},
        B_OPTIONS,
    ),
    Lesson(
        "quality_weibull_fit_stopped",
        "quality.weibull_fit(x={t.x}, n_censored={c}, censor_time={T}, {options})",
        (
            "failures at {t.x}, {c} more (units|parts) (still running|unfailed|survived) at {T}: weibull",
            "weibull (fit|MLE), failure times {t.x}, test stopped at {T} with {c} survivors",
            "{t.x} failed, {c} (censored|suspended) at {T}; shape, scale, B10",
        ),
        {
            "t": TableOf({"x": LIVES}),
            "c": Num(2, 20, integer=True),
            "T": Num(950, 1500, integer=True),
        },
        B_OPTIONS[:2],
    ),
    Lesson(
        "quality_kaplan_meier",
        "quality.kaplan_meier(x={t.x}, status={t.d}, {options})",
        (
            "(Kaplan-Meier|kaplan meier|KM|product limit) (curve|estimate|) of {t.x} with {t.d} (as event|)",
            "survival curve (without a distribution|nonparametric) of {t.x}, censoring in {t.d}",
            "median survival of {t.x} ({t.d} marks failures|)",
        ),
        {"t": LIFE_TABLE},
        B_OPTIONS[2:],
    ),
    Lesson(
        "quality_kaplan_meier_all",
        "quality.kaplan_meier(x={t.x}, {options})",
        (
            "kaplan-meier of {t.x}, nothing censored",
            "empirical survival function of {t.x}",
        ),
        {"t": TableOf({"x": LIVES})},
        B_OPTIONS[2:],
        weight=0.4,
    ),
    Lesson(
        "quality_success_run",
        "quality.success_run(reliability={R}, {options})",
        (
            "how many (units|parts|samples) (must|should) (pass|survive) without failure to (prove|demonstrate|show) {R} reliability",
            "success run (test|) sample size, reliability {R}",
            "zero-failure test (plan|) for a reliability of {R}",
            "(bogey|demonstration) test: n for {R} reliability",
        ),
        {"R": Num(0.9, 0.99, choices=("90%", "95%", "99%", "0.9", "0.95"))},
        (
            Option(
                "confidence={C}",
                ("(with|at|and) {C} confidence", "confidence (level|) {C}", "C = {C}"),
                {"C": Num(0.8, 0.95, choices=("90%", "95%", "80%", "0.9"))},
                0.6,
            ),
            Option(
                "failures={f}",
                ("{f} failures allowed", "allowing {f} failures"),
                {"f": Num(1, 4, integer=True)},
                0.15,
            ),
        ),
    ),
    Lesson(
        "quality_success_run_shown",
        "quality.success_run(n={n}, {options})",
        (
            "{n} units tested without a failure, what reliability (is demonstrated|does that prove)",
            "(all|) {n} of {n} (parts|units) survived; demonstrated reliability",
            "no failures in {n} tests: lower bound of the reliability",
        ),
        {"n": Num(10, 200, integer=True)},
        (
            Option(
                "confidence={C}",
                ("(with|at) {C} confidence", "confidence {C}"),
                {"C": Num(0.8, 0.95, choices=("90%", "95%", "80%", "0.9"))},
                0.6,
            ),
        ),
        weight=0.7,
    ),
)

PLANS = (
    Lesson(
        "quality_double_sampling",
        "quality.double_sampling(n1={n}, c1={c}, n2={m}, c2={d}, {options})",
        (
            "double sampling plan n1={n}, c1={c}, n2={m}, c2={d}: (OC|probability of acceptance|ASN)",
            "double plan: first sample {n}, accept on {c}, second sample {m}, accept on {d} in both; (Pa|ASN|average sample number)",
            "average sample number of a double sampling plan with n1 {n}, c1 {c}, n2 {m} and c2 {d}",
        ),
        {
            "n": Num(20, 90, integer=True),
            "c": Num(0, 1, choices=("0", "1")),
            "m": Num(40, 180, integer=True),
            "d": Num(3, 6, integer=True),
        },
        (
            Option(
                "p={p}",
                ("at {p} (defective|nonconforming)", "for p = {p}"),
                {"p": Num(1, 8, choices=("1%", "2%", "5%", "0.03"))},
                0.5,
            ),
        ),
        weight=0.7,
    ),
    Lesson(
        "quality_variables_plan",
        "quality.variables_plan(aql={aql}, ltpd={ltpd}, {options})",
        (
            "(variables|by variables|measured) sampling plan, AQL {aql}, (LTPD|RQL) {ltpd}",
            "acceptance sampling by variables (k method|): n and k for AQL {aql} and LTPD {ltpd}",
            "(measurements|variables data) instead of counts: sample size and acceptance constant, {aql} good, {ltpd} bad",
        ),
        {"aql": AQL, "ltpd": LTPD},
        (
            ALPHA,
            BETA,
            Option(
                "sigma=known",
                ("(known|given) sigma", "sigma is known", "standard deviation known"),
                {},
                0.2,
            ),
            Option(
                "sigma=unknown", ("sigma unknown", "with s (estimated|) from the sample"), {}, 0.15
            ),
        ),
        weight=0.7,
    ),
)

SKEWED = TableOf({"x": Data(n=(12, 40), low=5, high=95)})
NONNORMAL = (
    Lesson(
        "quality_capability_nonnormal",
        "quality.capability_nonnormal(x={t.x}, spec={s}, {options})",
        (
            "(non-normal|nonnormal) (process|) capability of {t.x}, (spec|limits) {s}",
            "{t.x} is skewed; Ppk against {s}",
            "capability (of|for) non-normal data {t.x}, specification {s}",
            "data are not normal: {t.x}; capability for {s} anyway",
        ),
        {"t": SKEWED, "s": Interval(1, 99)},
        (
            Option(
                "method=boxcox",
                ("(by|with) (a|) box-cox (transformation|)", "box cox transform"),
                {},
                0.25,
            ),
            Option(
                "method=weibull",
                ("(by|with) a (fitted|) weibull (fit|distribution|)", "weibull percentiles"),
                {},
                0.2,
            ),
            Option(
                "method=lognormal",
                ("(by|with) a lognormal (fit|distribution|)", "assume lognormal"),
                {},
                0.2,
            ),
            Option(
                "method=nonparametric",
                ("nonparametric", "(by|with) empirical percentiles"),
                {},
                0.1,
            ),
        ),
    ),
    Lesson(
        "quality_capability_nonnormal_upper",
        "quality.capability_nonnormal(x={t.x}, usl={hi}, {options})",
        (
            "(roughness|runout|concentricity|leak rate|flatness) {t.x}, skewed, max {hi}: Ppk",
            "non-normal capability, only USL {hi}, {t.x}",
            "Box-Cox capability of {t.x} with upper limit {hi}",
        ),
        {"t": SKEWED, "hi": Num(96, 140, 1)},
        (),
        weight=0.6,
    ),
    Lesson(
        "quality_tolerance_nonparametric",
        "quality.tolerance_nonparametric(x={t.x}, {options})",
        (
            "(nonparametric|non-parametric|distribution-free) tolerance (interval|limits) (of|for|from) {t.x}",
            "tolerance limits for {t.x} without assuming normality",
            "wilks tolerance limits from {t.x}",
            "{t.x} is not normal; tolerance interval by order statistics",
        ),
        {"t": TableOf({"x": Data(n=(20, 60))})},
        (COVER, SURE, UPPER, LOWER),
    ),
)

# Two operators with five parts of their own, each measured twice.
NESTED = TableOf(
    {
        "x": Data(names=("measurement", "reading", "force", "strength")),
        "p": Fixed(tuple(str(1 + i // 2) for i in range(20)), PART_NAMES),
        "o": Fixed(tuple(str(1 + i // 10) for i in range(20)), PEOPLE),
    },
    forms=("pasted", "attached"),
    rows=(20, 20),
)
GAGES = (
    Lesson(
        "quality_gage_nested",
        "quality.gage_nested(x={t.x}, part={t.p}, operator={t.o}, {options})",
        (
            "(nested|destructive) " + GRR + " (of|on) {t.x}, {t.p} within {t.o}",
            "destructive test: every {t.o} had (own|different) {t.p}s; " + GRR + " of {t.x}",
            "each {t.p} belongs to one {t.o} only, gage study of {t.x}",
        ),
        {"t": NESTED},
        (TOLERANCE,),
        weight=0.8,
    ),
    Lesson(
        "quality_gage_bias",
        "quality.gage_bias(x={t.x}, reference={ref}, {options})",
        (
            "(bias|gage bias|gauge bias) study: (reference|master) {ref}, readings {t.x}",
            "does the gauge read (off|too high|wrong)? master {ref}, repeats {t.x}",
            "is the (bias|offset) of the instrument significant: true value {ref}, {t.x}",
            "accuracy of the scale against {ref}: {t.x}, bias with confidence interval",
        ),
        {"t": TableOf({"x": Data(n=(10, 20), low=20, high=60)}), "ref": Num(25, 55, 2)},
        (
            Option(
                "tolerance={w}",
                ("tolerance (width|) {w}", "% bias for a tolerance of {w}"),
                {"w": Num(5, 50, 1)},
                0.2,
            ),
        ),
    ),
)

LESSONS: tuple[Lesson, ...] = (*AGREEMENT, *LIFE, *PLANS, *NONNORMAL, *GAGES)
