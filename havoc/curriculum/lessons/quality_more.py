"""Asking about raters, further sampling plans, non-normal capability, nested gages."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Fixed, Interval, Lesson, Num, Option, TableOf, Words
from havoc.curriculum.lessons.quality_capability import COVER, LOWER, SURE, UPPER
from havoc.curriculum.lessons.quality_measurement import GRR, PART_NAMES, PEOPLE, TOLERANCE
from havoc.curriculum.lessons.quality_sampling_life import ALPHA, AQL, BETA, LTPD

JUDGES = Words((2, 3), names=("grade", "type", "method", "group", "treatment"))
JUDGE_1 = Words((2, 3), names=("rater_1", "inspector_A", "appraiser1", "judge_1", "Rater A"))
JUDGE_2 = Words((2, 3), names=("rater_2", "inspector_B", "appraiser2", "judge_2", "Rater B"))
RATINGS = TableOf({"a": JUDGE_1, "b": JUDGE_2}, forms=("pasted", "attached"), rows=(12, 20))
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
            "kappa {t.a} {t.b}",
            "Minitab attribute agreement analysis, columns {t.a} and {t.b}",
            "kappa2(cbind({t.a}, {t.b})) like in R irr",
            "cohen_kappa_score({t.a}, {t.b})",
            "percent agreement and kappa, rater 1 {t.a}, rater 2 {t.b}",
            "two (doctors|graders|inspectors|pathologists|visual checkers) judged the same items, {t.a} and {t.b}. Do they see the same thing or is the agreement luck?",
            "visual inspection: can I rely on the verdicts? one judge in {t.a}, the other in {t.b}",
            "is the agreement of {t.a} with {t.b} better than chance",
            "how consistent are the verdicts {t.a} and {t.b} on the same pieces",
            "(MSA for attributes|attribute MSA|attributive measurement system analysis): appraiser columns {t.a} and {t.b}",
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
            "fleiss kappa {t.a} {t.b} {t.c}",
            "Minitab attribute agreement analysis with appraisers {t.a}, {t.b}, {t.c}",
            "kappam.fleiss(cbind({t.a}, {t.b}, {t.c}))",
            "three (inspectors|graders|nurses|tasters) judged the same items ({t.a}, {t.b}, {t.c}). how well do they agree",
            "do {t.a}, {t.b} and {t.c} give the same verdicts, beyond luck",
            "between-appraiser agreement: {t.a}, {t.b}, {t.c} (all raters, kappa)",
            "is our visual inspection consistent from one inspector to another: {t.a}, {t.b}, {t.c}",
            "agreement of three raters {t.a}, {t.b}, {t.c} in percent and as kappa",
            "do our graders {t.a}, {t.b} and {t.c} need training, or do they agree well enough",
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
            "Minitab attribute agreement analysis, appraisers {t.a} and {t.b}, known standard {t.c}",
            "true class {t.c}; judged by {t.a} and by {t.b}; how often are they right (kappa vs standard)",
            "appraiser versus standard: {t.a}, {t.b}, standard column {t.c}",
            "which inspector, {t.a} or {t.b}, is closer to the expert's verdict {t.c}? attribute agreement",
            "go/no-go check of {t.a} and {t.b} with the known result {t.c}",
            "effectiveness of the inspectors {t.a} and {t.b} when the master says {t.c}",
            "who judges correctly, {t.a} or {t.b}, if {t.c} holds the right answers? percent correct and kappa",
            "attribute gauge study with reference {t.c}, appraisers {t.a} and {t.b}",
            "misses and false alarms of {t.a} and {t.b} against the truth in {t.c}",
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
            "fleiss kappa, ratings per category are counted in {g}",
            "kappa for many raters, {g} has one line per part and one column per verdict (counts)",
            "multi-rater agreement (Fleiss) from the count table {g}",
            "each row of {g} tells how many inspectors gave each verdict; how well do they agree (fleiss kappa)",
            "Fleiss' κ of {g}",
            "agreement of several judges beyond chance, fleiss, counts in {g}",
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
            "cohen's κ from the confusion matrix {g}",
            "two raters' cross table {g} (diagonal = agreement), cohen kappa",
            "rows = first inspector, columns = second inspector, counts {g}, cohen's kappa please",
            "agreement beyond chance from the square table {g}, cohen",
            "pass/fail cross tabulation {g}: observed agreement, expected agreement and Cohen kappa",
            "kappa (two raters, cross-tabulated counts) of {g}",
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

PLANS = (
    Lesson(
        "quality_double_sampling",
        "quality.double_sampling(n1={n}, c1={c}, n2={m}, c2={d}, {options})",
        (
            "double sampling plan n1={n}, c1={c}, n2={m}, c2={d}: (OC|probability of acceptance|ASN)",
            "double plan: first sample {n}, accept on {c}, second sample {m}, accept on {d} in both; (Pa|ASN|average sample number)",
            "average sample number of a double sampling plan with n1 {n}, c1 {c}, n2 {m} and c2 {d}",
            "double plan n1 {n} c1 {c} n2 {m} c2 {d}",
            "first take {n}: accept with {c} or fewer; else take {m} more: accept with {d} or fewer in total. OC and ASN?",
            "OC2c(n = c({n}, {m}), c = c({c}, {d})) double sampling",
            "two-stage acceptance sampling: n1 = {n}, Ac1 = {c}, n2 = {m}, Ac2 = {d}; acceptance probability",
            "how many units does the double plan inspect on average (ASN); first {n} with {c}, second {m} with {d} cumulative",
            "inspector draws {n} pieces, passes the lot at {c} bad, otherwise draws {m} further and passes at {d} bad overall: probability of acceptance",
            "double sampling (n1,c1) = ({n}, {c}), then n2 = {m} and c2 = {d}: operating characteristic",
            "is the double plan n1={n}, n2={m}, c1={c}, c2={d} good? OC, ASN",
            "second chance sampling: {n} first (Ac {c}), {m} more if unclear (Ac {d} cumulative), how often is the lot accepted",
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
                (
                    "at {p} (defective|nonconforming)",
                    "for p = {p}",
                    "if {p} are bad",
                    "lot quality {p}",
                    "fraction defective {p}",
                    "incoming quality of {p}",
                ),
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
            "variables plan aql {aql} rql {ltpd}",
            "Minitab Acceptance Sampling by Variables (Create/Compare), AQL {aql}, RQL {ltpd}",
            "find.plan(PRP = c({aql}, .95), CRP = c({ltpd}, .10), type = 'normal')",
            "(xbar - L)/s >= k plan: n and k for p1 = {aql}, p2 = {ltpd}",
            "we measure a dimension (not just go/no-go) at incoming inspection: AQL {aql}, RQL {ltpd}; n and k",
            "ISO 3951 style plan by variables, good lots {aql} nonconforming, bad lots {ltpd}; sample size and k",
            "with measured values a smaller sample is enough; how many and which k for {aql} acceptable and {ltpd} rejectable",
            "acceptability constant k and n, measurements normal, producer point {aql}, consumer point {ltpd}",
            "plan by variables: AQL = {aql}, RQL = {ltpd}, k and n",
        ),
        {"aql": AQL, "ltpd": LTPD},
        (
            ALPHA,
            BETA,
            Option(
                "sigma=known",
                (
                    "(known|given) sigma",
                    "sigma is known",
                    "standard deviation known",
                    "sigma known (from history|)",
                    "sigma method",
                    "(process|) sd known",
                ),
                {},
                0.2,
            ),
            Option(
                "sigma=unknown",
                (
                    "sigma unknown",
                    "with s (estimated|) from the sample",
                    "s method",
                    "unknown standard deviation",
                    "sigma not known",
                ),
                {},
                0.15,
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
            "nonnormal capability {t.x} spec {s}",
            "Minitab (Capability Analysis (Nonnormal)|Stat > Quality Tools > Capability Analysis > Nonnormal), {t.x}, specs {s}",
            "the histogram of {t.x} has a long tail, so the usual Cpk is wrong; capability for {s}",
            "normality test failed for {t.x}, what is Ppk with limits {s}",
            "Pp, Ppk from percentiles (ISO 22514|P0.135 and P99.865|Clements) for {t.x} with {s} allowed",
            "(flatness|runout|waiting time|particle count|roughness|burr height) {t.x}, not bell-shaped; is the process capable of {s}",
            "can I ship {t.x} against {s}? The data are clearly not gaussian, so take a capability method for that",
            "capability without the normal assumption: data {t.x}, tolerance {s}",
        ),
        {"t": SKEWED, "s": Interval(1, 99)},
        (
            Option(
                "method=boxcox",
                (
                    "(by|with) (a|) box-cox (transformation|)",
                    "box cox transform",
                    "box-cox",
                    "Box-Cox lambda (estimated|)",
                    "power transformation (Box-Cox)",
                ),
                {},
                0.25,
            ),
            Option(
                "method=weibull",
                (
                    "(by|with) a (fitted|) weibull (fit|distribution|)",
                    "weibull percentiles",
                    "weibull",
                    "weibull distribution (assumed|)",
                    "assume weibull",
                ),
                {},
                0.2,
            ),
            Option(
                "method=lognormal",
                (
                    "(by|with) a lognormal (fit|distribution|)",
                    "assume lognormal",
                    "lognormal",
                    "(by|with) logs (lognormal)",
                    "log-normal distribution",
                ),
                {},
                0.2,
            ),
            Option(
                "method=nonparametric",
                (
                    "nonparametric",
                    "(by|with) empirical percentiles",
                    "without any distribution",
                    "by the sample percentiles",
                    "non-parametric",
                ),
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
            "nonnormal Ppk, {t.x}, upper spec {hi}",
            "{t.x} piles up near zero with a long right tail, at most {hi} is allowed: capability (nonnormal)",
            "Minitab Capability Analysis (Nonnormal), {t.x}, upper spec {hi}, no lower spec",
            "skewed data {t.x}; one-sided limit USL = {hi}; Ppu without normality",
            "(particles|waiting time|leak rate|burr height) {t.x} is not normal; max {hi}; capable?",
            "transform {t.x} to normal and give Ppk for an upper limit of {hi}",
            "Ppk of {t.x}, skewed to the right, with the upper tolerance {hi}",
            "nonnormal, one-sided: {t.x} against USL={hi}",
            "how capable are we of staying under {hi} when {t.x} is far from gaussian",
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
            "nonparametric tolerance interval {t.x}",
            "Minitab Tolerance Intervals (Nonnormal), nonparametric method, {t.x}",
            "nptol.int({t.x})",
            "tolerance limits from the smallest and largest values of {t.x} (no distribution assumed)",
            "order statistics that enclose most of the population, {t.x}, any distribution",
            "skewed values {t.x}: where does the bulk of the production lie, distribution-free tolerance limits",
            "set limits for individual (vials|units|boards) from {t.x} without a normal model (tolerance, Wilks)",
            "(robust|rank based|nonparametric) tolerance bounds from the sample {t.x}",
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
            "nested gage rr {t.x} {t.p} {t.o}",
            "Minitab Gage R&R Study (Nested), parts {t.p}, operators {t.o}, measurement {t.x}",
            "pull tests destroy the {t.p}, so no {t.o} sees another's {t.p}: repeatability and reproducibility of {t.x}",
            "{t.x} = operator + part(operator) + error, operators {t.o}, parts {t.p}; variance components of the gauge",
            "the specimens are used up by the test, each {t.o} got a batch of own {t.p}; is the measurement system of {t.x} ok",
            "measurement system analysis for a destructive test: {t.x}, {t.p} nested in {t.o}",
            "nested MSA, {t.p}({t.o}), reading {t.x}",
            "nested GR&R {t.x}; part column {t.p}; operator column {t.o}",
            "no part can be measured twice by another person: {t.x}, {t.p}, {t.o}, gauge study",
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
            "gage bias {t.x} reference {ref}",
            "Minitab bias study with one reference, {ref}, repeated readings {t.x}",
            "bias = mean(x) - {ref} with t and p for the gauge, readings {t.x}",
            "we weighed the {ref} standard many times and got {t.x}. Is the scale off?",
            "(calibration|verification) weight {ref}, balance shows {t.x}; is there a systematic error",
            "certified reference material {ref}, lab results {t.x}; is our method biased (gage bias study)",
            "should we recalibrate the (micrometer|thermometer|pH meter|scale)? true value {ref}, repeated readings {t.x}",
            "AIAG bias study, independent sample method, reference {ref}, data {t.x}",
            "trueness of the measuring instrument: repeats {t.x} against the master {ref}",
            "systematic error of the gauge on a master of {ref}, repeated readings {t.x}",
            "does the average reading of the gauge differ from the master {ref}? repeats: {t.x} (bias study, MSA)",
        ),
        {"t": TableOf({"x": Data(n=(10, 20), low=20, high=60)}), "ref": Num(25, 55, 2)},
        (
            Option(
                "tolerance={w}",
                (
                    "tolerance (width|) {w}",
                    "% bias for a tolerance of {w}",
                    "T = {w}",
                    "tolerance = {w}",
                    "percent of tolerance, tolerance {w}",
                ),
                {"w": Num(5, 50, 1)},
                0.2,
            ),
        ),
    ),
)

LESSONS: tuple[Lesson, ...] = (*AGREEMENT, *PLANS, *NONNORMAL, *GAGES)
