"""Asking about lives with and without censoring, and about demonstrated reliability."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Fixed, Lesson, Num, Option, TableOf

LIVES = Data(
    n=(6, 16), low=20, high=900, names=("hours", "cycles", "life", "km", "time_to_failure")
)
STATUS = Fixed(tuple("1101111011"), ("failed", "status", "event", "broken"))
LIFE_TABLE = TableOf(
    {"x": Data(low=20, high=900, names=("hours", "cycles", "life")), "d": STATUS}, rows=(10, 10)
)
B_OPTIONS = (
    Option(
        "b=5",
        (
            "(and|) (the|) B5 life",
            "B5",
            "L5 (life|)",
            "B5 life please",
        ),
        {},
        0.08,
    ),
    Option(
        "b=1",
        (
            "(and|) (the|) B1 life",
            "B1",
            "L1 (life|)",
            "B1 life please",
        ),
        {},
        0.08,
    ),
    Option(
        "t={m}",
        (
            "reliability at {m} (h|hours|)",
            "survival to {m}",
            "R({m})",
            "reliability after {m} (h|hours|cycles|)",
            "share still alive at {m}",
            "what survives {m}",
        ),
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
            "weibull {t.x}",
            "Minitab (Stat > Reliability/Survival > Distribution Analysis (Right Censoring)|Parametric Distribution Analysis), weibull, {t.x}, no censoring",
            "survreg / WeibullFitter on the complete lives {t.x}",
            "T ~ Weibull(beta, eta): estimate both from {t.x}",
            "MLE of beta and eta, failure times {t.x}, and the B10",
            "life test finished, all broke: {t.x}. (infant mortality, random or wear-out|what is the shape)? weibull please",
            "how long do our (lamps|seals|springs|batteries|hinges) live? failures at {t.x}; weibull, characteristic life",
            "when will ten percent of them have failed, judging by the failure times {t.x}, with a weibull model",
            "weibull probability plot slope and eta from {t.x}",
            "estimate the characteristic life and the slope: {t.x}",
            "(reliability|warranty) analysis of the times {t.x} by a two-parameter weibull distribution",
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
            "weibull {t.x} censor column {t.d}",
            "Minitab Parametric Distribution Analysis (Right Censoring), variable {t.x}, censoring column {t.d}, Weibull",
            "survreg(Surv({t.x}, {t.d}) ~ 1, dist = 'weibull')",
            "Surv({t.x}, {t.d}), weibull shape and scale",
            "some units were still running: {t.d} is 1 for failures, lives {t.x}; weibull estimate",
            "right-censored lives {t.x} with event indicator {t.d}, estimate eta and beta (weibull)",
            "field returns: {t.x}, {t.d} says if it really failed; weibull slope and characteristic life",
            "not all parts failed (see {t.d}), how long do they last: weibull of {t.x}",
        ),
        {"t": LIFE_TABLE},
        B_OPTIONS,
    ),
    Lesson(
        "quality_weibull_fit_stopped",
        "quality.weibull_fit(x={t.x}, n_censored={c}, censor_time={T}, {options})",
        (
            "failures at {t.x}, whereas {c} more (units|parts) (still running|unfailed|survived) at {T}: weibull",
            "weibull (fit|MLE), failure times {t.x}, test stopped at {T} with {c} survivors",
            "{t.x} failed, {c} (censored|suspended) at {T}; shape, scale, B10",
            "weibull MLE with type I censoring at {T}: failures {t.x}, survivors {c}",
            "we stopped the test at {T}; {c} were alive; the others died at {t.x}. Weibull beta and eta?",
            "{c} run-outs at {T} and failures {t.x} (fatigue test), weibull",
            "Weibayes not needed, ordinary weibull fit; {c} suspensions at {T}; failure times {t.x}",
            "life test truncated at {T} with {c} unbroken, broken ones: {t.x}, characteristic life by weibull",
            "weibull analysis: failed: {t.x}; still good: {c} at {T}",
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
            "kaplan meier {t.x} {t.d}",
            "survfit(Surv({t.x}, {t.d}) ~ 1)",
            "KaplanMeierFitter().fit({t.x}, event_observed={t.d})",
            "Minitab Nonparametric Distribution Analysis (Right Censoring), {t.x}, censoring column {t.d}",
            "S(t) without assuming a distribution; times {t.x}; event indicator {t.d}",
            "what share of the (units|patients|pumps) is still alive as time goes on? {t.x} with {t.d} = 1 for the event (survival curve)",
            "product-limit survival estimate, right censoring flagged in {t.d}, times {t.x}",
            "how long do half of them last, no model assumed, {t.x}, {t.d} (Kaplan-Meier|survival curve)",
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
            "Kaplan-Meier survival curve from the complete times {t.x}",
            "S(t) step function of {t.x}, everything failed",
            "nonparametric survival curve, no censoring, {t.x}",
            "survfit(Surv({t.x}) ~ 1)",
            "product limit estimate of {t.x}, all units failed",
            "what fraction is still alive after each failure in {t.x} (no distribution assumed)",
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
            "success run n reliability {R}",
            "n = ln(1-C)/ln(R), R = {R}",
            "we want to claim a reliability of {R}; how many test units without a failure",
            "test to zero failures so that R >= {R}, sample size",
            "(validation|design verification|process validation) needs {R} reliability: sample size by the success run theorem",
            "how many devices must work in the test to be able to say that {R} of all work",
            "how many units to test for attribute data in verification, {R} reliability, (c = 0|no failure allowed|zero failures)",
            "binomial reliability demonstration, R = {R}; sample size",
            "bayes success run theorem: R {R}; number of tests",
            "Minitab demonstration test plan, reliability {R}, sample size needed",
        ),
        {"R": Num(0.9, 0.99, choices=("90%", "95%", "99%", "0.9", "0.95"))},
        (
            Option(
                "confidence={C}",
                (
                    "(with|at|and) {C} confidence",
                    "confidence (level|) {C}",
                    "C = {C}",
                    "C {C}",
                    "{C} confidence (level|)",
                    "CL = {C}",
                    "{C} sure",
                    "confidence of {C}",
                ),
                {"C": Num(0.8, 0.95, choices=("90%", "95%", "80%", "0.9"))},
                0.6,
            ),
            Option(
                "failures={f}",
                (
                    "{f} failures allowed",
                    "allowing {f} failures",
                    "up to {f} failures (are ok|)",
                    "with {f} failures permitted",
                    "f = {f}",
                ),
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
            "reliability shown by {n} successes and no failure",
            "R_lower = (1-C)^(1/n), n = {n}",
            "success run: n = {n}, zero failures, R?",
            "we tested {n} (devices|airbags|locks|pumps) and every one worked. What reliability may we claim",
            "{n} trials, {n} passes; lower confidence bound of the reliability",
            "what does a run of {n} successes prove about reliability",
            "zero failures among {n}: demonstrated reliability (success run theorem)",
            "how reliable is it at least when none of {n} failed",
        ),
        {"n": Num(10, 200, integer=True)},
        (
            Option(
                "confidence={C}",
                (
                    "(with|at) {C} confidence",
                    "confidence {C}",
                    "C {C}",
                    "{C} confidence (level|)",
                    "CL = {C}",
                    "{C} sure",
                    "confidence of {C}",
                ),
                {"C": Num(0.8, 0.95, choices=("90%", "95%", "80%", "0.9"))},
                0.6,
            ),
        ),
        weight=0.7,
    ),
)

LESSONS: tuple[Lesson, ...] = LIFE
