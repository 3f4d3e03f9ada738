"""Asking for quality studies with rarer inputs: subgroup columns, suspended lives, finite lots, one-sided skewed specs."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Interval, Lesson, Num, Option, TableOf, Words
from havoc.curriculum.lessons.quality_capability import ABILITY, CONFIDENCE, INDICES, WITHIN
from havoc.curriculum.lessons.quality_lives import B_OPTIONS

LABELLED = TableOf(
    {
        "x": Data(low=20, high=80),
        "s": Words((5, 5), names=("batch", "machine", "operator", "supplier")),
    },
    rows=(15, 25),
)
SKEWED = TableOf({"x": Data(n=(12, 40), low=20, high=80)})
LSL, USL = Num(2, 18, 1), Num(82, 99, 1)
CAPABILITY = (
    Lesson(
        "quality_capability_by",
        "quality.capability(x={t.x}, by={t.s}, spec={s}, {options})",
        (
            "@compute " + INDICES + " of {t.x}, one subgroup per {t.s}, @spec {s}",
            "Minitab capability analysis (normal), single column {t.x}, subgroup IDs in {t.s}, spec {s}",
            "{t.s} is the rational subgroup, {t.x} the reading, {s} the tolerance: " + INDICES,
            "within-{t.s} sigma against the tolerance {s}: Cp and Cpk of {t.x}, and Pp, Ppk overall",
            ABILITY + "? spec {s}, measured {t.x}, subgroups by {t.s}",
            "limits {s}; data {t.x}; subgroup column {t.s}; want Cp, Cpk, Pp, Ppk",
            "short-term (inside a {t.s}) and long-term capability of {t.x} for {s}",
            "can we hold {s}? {t.x} was taken in groups, see {t.s}; (Cpk and Ppk|capability study)",
        ),
        {"t": LABELLED, "s": Interval(1, 99)},
        (*WITHIN, CONFIDENCE),
        weight=0.5,
    ),
    Lesson(
        "quality_capability_sides_size",
        "quality.capability(x={t.x}, lsl={lo}, usl={hi}, subgroup={n}, {options})",
        (
            "LSL {lo} USL {hi} subgroup size {n} " + INDICES + ": {t.x}",
            "{t.x} in samples of {n}; lower limit {lo}, upper limit {hi}; within and overall capability",
            "Minitab capability analysis, column {t.x}, subgroup size {n}, lower spec {lo}, upper spec {hi}",
            "we gauge {n} parts an hour, all in {t.x}; min {lo} and max {hi} on the drawing; "
            + INDICES,
            "Cp and Cpk (subgroups of {n}) for {t.x}, USL = {hi}, LSL = {lo}",
            "nothing under {lo}, nothing over {hi}; readings {t.x} come {n} at a time; how capable",
        ),
        {"t": SKEWED, "lo": LSL, "hi": USL, "n": Num(2, 4, integer=True)},
        (*WITHIN, CONFIDENCE),
        weight=0.5,
    ),
    Lesson(
        "quality_capability_nonnormal_sides",
        "quality.capability_nonnormal(x={t.x}, lsl={lo}, usl={hi}, {options})",
        (
            "non-normal capability of {t.x}, LSL {lo}, USL {hi}",
            "{t.x} is skewed; lower limit {lo}, upper limit {hi}; Ppk for non-normal data",
            "Minitab Capability Analysis (Nonnormal), {t.x}, lower spec {lo}, upper spec {hi}",
            "the data {t.x} failed the normality test. Capability with min {lo} and max {hi}",
            "USL = {hi}, LSL = {lo}, not gaussian: {t.x}; Pp, Ppk",
            "nonnormal Ppk: lsl {lo} usl {hi} data {t.x}",
            "long tail in {t.x}, must stay above {lo} and below {hi}, capability without the normal assumption",
        ),
        {"t": SKEWED, "lo": LSL, "hi": USL},
        (
            Option("method=lognormal", ("lognormal", "(by|with) a lognormal (fit|)"), {}, 0.15),
            Option("method=weibull", ("weibull", "(by|with) a weibull (fit|)"), {}, 0.15),
            Option("method=boxcox", ("box-cox", "(by|after) Box-Cox"), {}, 0.15),
            Option("method=johnson", ("johnson", "(by|after) a Johnson transformation"), {}, 0.15),
        ),
        weight=0.6,
    ),
    Lesson(
        "quality_capability_nonnormal_lower",
        "quality.capability_nonnormal(x={t.x}, lsl={lo})",
        (
            "non-normal capability, only LSL {lo}, {t.x}",
            "(breaking strength|life|adhesion|purity) {t.x}, skewed, min {lo}: Ppk",
            "skewed data {t.x}; one-sided limit LSL = {lo}; Ppl without normality",
            "{t.x} is not normal; at least {lo} required; capable?",
            "Minitab Capability Analysis (Nonnormal), {t.x}, lower spec {lo}, no upper spec",
            "nonnormal Ppk, {t.x}, lower spec {lo}",
        ),
        {"t": SKEWED, "lo": LSL},
        weight=0.4,
    ),
)

TWO_LISTS = TableOf(
    {
        "x": Data(low=20, high=900, names=("failed", "failures", "broken")),
        "r": Data(low=400, high=1200, names=("suspended", "survivors", "removed", "running")),
    },
    rows=(6, 12),
    forms=("inline", "attached"),
)
LIFE = tuple(
    Lesson(
        f"quality_{kind}_suspended",
        f"quality.{kind}(x={{t.x}}, suspended={{t.r}}, {{options}})",
        (
            f"{words}, failures at {{t.x}}, suspensions at {{t.r}}",
            f"failure times {{t.x}}; times of units taken off unfailed {{t.r}}; {words}",
            f"{{t.x}} broke, {{t.r}} were still running when removed: {words}",
            f"{words} with right-censored times {{t.r}} and failure times {{t.x}}",
            f"multiply censored data: failed {{t.x}}, censored {{t.r}} ({words})",
            f"field data, dead units {{t.x}}, alive units (age) {{t.r}}, {words}",
        ),
        {"t": TWO_LISTS},
        options,
        weight=0.4,
    )
    for kind, words, options in (
        ("weibull_fit", "weibull (analysis|fit|beta and eta)", B_OPTIONS),
        ("lognormal_fit", "lognormal (analysis|fit|life model)", B_OPTIONS),
        (
            "kaplan_meier",
            "(Kaplan-Meier|KM|product-limit) (curve|survival estimate)",
            B_OPTIONS[2:],
        ),
    )
)

PLAN = {"n": Num(30, 90, integer=True), "c": Num(1, 4, integer=True)}
PLANS = (
    Lesson(
        "quality_oc_curve_lot",
        "quality.oc_curve(n={n}, c={c}, lot={lot}, distribution=hypergeometric)",
        (
            "OC curve by the hypergeometric distribution, lot {lot}, n={n}, c={c}",
            "type A OC curve (isolated lot) N = {lot}, n = {n}, c = {c}",
            "probability of acceptance without replacement (hypergeometric): lot of {lot}, sample {n}, acceptance number {c}",
            "OC2c(n = {n}, c = {c}, type = 'hypergeom', N = {lot})",
            "we sample {n} from a lot of only {lot} and accept up to {c} bad; exact finite-lot (hypergeometric) OC curve",
            "finite lot {lot}: operating characteristic of n = {n}, Ac = {c}, hypergeometric not binomial",
        ),
        {**PLAN, "lot": Num(200, 900, integer=True)},
        weight=0.4,
    ),
    Lesson(
        "quality_double_sampling_rejection",
        "quality.double_sampling(n1={n}, c1={c}, r1={r}, n2={m}, c2={d})",
        (
            "double sampling n1={n}, Ac1={c}, Re1={r}, n2={m}, Ac2={d}: OC and ASN",
            "double plan: first {n}, accept on {c}, reject on {r}, otherwise second {m}, accept on {d} in total; probability of acceptance",
            "double sampling plan with n1 = {n}, c1 = {c}, r1 = {r}, then n2 = {m}, c2 = {d}",
            "average sample number of the double plan: first sample {n} (acceptance {c}, rejection {r}), second sample {m} (acceptance {d})",
            "take {n}; pass at {c} bad or fewer, refuse at {r} or more, in between take {m} more and pass at {d} overall: ASN and Pa",
        ),
        {
            "n": Num(20, 90, integer=True),
            "c": Num(0, 1, choices=("0", "1")),
            "r": Num(3, 4, choices=("3", "4")),
            "m": Num(40, 180, integer=True),
            "d": Num(4, 6, choices=("4", "5", "6")),
        },
        weight=0.4,
    ),
    Lesson(
        "quality_standard_plan_special",
        "quality.standard_plan(lot={lot}, aql={aql}, level=S-2)",
        (
            "Z1.4 plan for a lot of {lot}, AQL {aql}, special inspection level S-2",
            "destructive test, special level S-2 of ISO 2859-1, lot {lot}, AQL {aql}",
            "lot size {lot}, AQL {aql}, level S-2, sample size and acceptance number from Z1.4",
            "ANSI Z1.4 S-2, N = {lot}, AQL = {aql}",
            "by ISO 2859-1 with special level S2: {lot} units, AQL of {aql}, how many do I test",
        ),
        {
            "lot": Num(60, 40000, integer=True),
            "aql": Num(0.4, 6.5, choices=("0.65", "1.0", "1.5", "2.5", "4.0", "1.5%", "2.5%")),
        },
        weight=0.25,
    ),
    Lesson(
        "quality_success_run_seen",
        "quality.success_run(n={n}, failures={f}, {options})",
        (
            "{n} units tested with {f} failures, what reliability is demonstrated",
            "demonstrated reliability: {f} failed out of {n}",
            "lower bound of the reliability from {n} tests and {f} failures (binomial|Clopper-Pearson|)",
            "{f} of the {n} devices broke in the demonstration test; reliability we may claim",
            "n = {n}, failures = {f}, demonstrated reliability R?",
            "reliability demonstration test: sample {n}, failures {f}; what reliability does that prove",
        ),
        {"n": Num(30, 200, integer=True), "f": Num(1, 4, integer=True)},
        (
            Option(
                "confidence={C}",
                ("(with|at) {C} confidence", "confidence {C}", "C = {C}", "CL = {C}"),
                {"C": Num(0.8, 0.95, choices=("90%", "95%", "80%", "0.9"))},
                0.6,
            ),
        ),
        weight=0.5,
    ),
    Lesson(
        "quality_mtbf_upper",
        "quality.mtbf(failures={r}, time={T}, side=upper, {options})",
        (
            "upper confidence limit of the MTBF, {r} failures in {T} hours",
            "at most how long is the MTBF (upper bound), {T} hours on test, {r} failures",
            "one-sided upper limit of the MTBF: r = {r}, T = {T}",
            "mtbf {r} failures {T} hours upper bound",
            "{T} hours, {r} breakdowns; upper bound on the mean time between failures",
        ),
        {"r": Num(1, 15, integer=True), "T": Num(2000, 60000, integer=True)},
        (
            Option(
                "confidence={C}",
                ("(with|at) {C} confidence", "confidence {C}"),
                {"C": Num(0.8, 0.95, choices=("90%", "95%", "80%", "0.9"))},
                0.6,
            ),
        ),
        weight=0.3,
    ),
    Lesson(
        "quality_gage_stability_by",
        "quality.gage_stability(x={t.x}, by={t.s})",
        (
            "gage stability study: master readings {t.x}, occasion {t.s}",
            "does the gauge drift from {t.s} to {t.s}? repeats on the master in {t.x} (stability study)",
            "stability of the measuring device: {t.x} read on one master, grouped by {t.s}",
            "AIAG stability, check standard readings {t.x}, subgroup {t.s}",
            "the same control standard was measured in every {t.s}, {t.x}: is the instrument stable (gage stability)",
        ),
        {
            "t": TableOf(
                {"x": Data(low=20, high=60), "s": Words((5, 5), names=("day", "batch"))},
                rows=(15, 25),
            )
        },
        weight=0.3,
    ),
)  # fmt: skip

LESSONS: tuple[Lesson, ...] = (*CAPABILITY, *LIFE, *PLANS)
