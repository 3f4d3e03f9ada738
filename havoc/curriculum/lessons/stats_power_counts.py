"""Asking for power and sample size of tests on counts and correlations, and of estimates."""

from __future__ import annotations

from havoc.curriculum.lesson import Lesson, Num, Option
from havoc.curriculum.lessons.stats_power import (
    ALPHA,
    MISSED,
    POWER_OPTIONS,
    SD,
    SIZE_OPTIONS,
    WANTED,
    N,
)

P_LOW = Num(0.02, 0.09, 3, percent=True)
P_HIGH = Num(0.11, 0.3, 3, percent=True)
ARCSINE = Option(
    "method=arcsine",
    (
        "(use|by|with) (the|) arcsine (method|transformation|approximation)",
        "(with|by|via) cohen's h",
        "(arcsin|arcsine|arc sine|angular) (transformed|transform|formula)",
        "arcsine version",
    ),
    {},
    0.12,
)
PROPORTIONS = (
    Lesson(
        "stats.sample_size_proportion_two",
        "stats.sample_size_proportion_two(p_1={p}, p_2={q}, {options})",
        (
            "@howmany @things per (group|line|arm) to @detect a (drop|change|difference) in (the defect rate|the reject rate|scrap|proportion|failure rate) from {p} to {q}",
            "sample size to compare (two proportions|two percentages|two defect rates) {p} (and|vs|versus) {q}",
            "(scrap|reject rate|yield loss) should go from {p} to {q}; how many parts per group do we have to inspect to prove it",
            "two proportions, p1={p}, p2={q}, n per group",
            "(is it|I want to know whether it is) {q} instead of {p}: n of each to tell two fractions apart",
            "p1 = {p}, p2 = {q}, n (each|per group) = ?",
            "(Power and Sample Size|Stat > Power and Sample Size) > 2 Proportions, baseline {p}, comparison {q}",
            "(power.prop.test|NormalIndPower|G*Power two proportions) p1={p} p2={q}, solve for n",
            "H0: p1 = p2; if truly {p} and {q}, @howmany @things in each group",
            "(A/B test|conversion test|split test): (rate|conversion) {p} against {q}, (visitors per variant|sample per arm)",
            "our scrap is {p}. if the new @thingchanged brings it to {q}, @howmany @things with old and new until that is (proved|significant|sure)",
            "(cure rate|complaint rate|failure rate|infection rate) {p} in one arm, {q} in the other: (patients per arm|units per group|group size)",
            "difference between two percentages, {p} and {q}: required n in both groups",
            "for prove the rejects go down of {p} to {q}, how many parts is needed before and after",
        ),
        {"p": P_HIGH, "q": P_LOW},
        (*SIZE_OPTIONS, ARCSINE),
    ),
    Lesson(
        "stats.power_proportion_two",
        "stats.power_proportion_two(n={n}, p_1={p}, p_2={q}, {options})",
        (
            "power to (compare|tell apart) (proportions|percentages|defect rates) {p} and {q} with {n} (per group|in each group|each)",
            "{n} parts from each line, true reject rates {p} and {q}: power",
            "two proportions p1={p} p2={q} n={n} each, power?",
            "with {n} inspected before and {n} after, can we @detect a fall from {p} to {q} rejects",
            "n={n} p1={p} p2={q} two-proportion power",
            "(power.prop.test|Power and Sample Size 2 Proportions|G*Power two proportions): n {n}, p1 {p}, p2 {q}, power",
            "(probability|chance) of (noticing|proving|missing) that the (defect rate|failure rate) went from {p} to {q} with {n} parts in each sample",
            "(is|are) {n} (parts|patients|visitors|calls) per (arm|group|variant) enough to see {p} against {q}(?|)",
            "p1 = {p}, p2 = {q}, {n} each: (1 - beta|beta|power of the z test)",
            "two groups of {n}, (cure rates|complaint rates|reject rates) {p} and {q}: how likely is a significant difference",
        ),
        {"n": Num(60, 900, integer=True), "p": P_HIGH, "q": P_LOW},
        (*POWER_OPTIONS, ARCSINE),
        weight=0.8,
    ),
    Lesson(
        "stats.sample_size_proportion_one",
        "stats.sample_size_proportion_one(p={p}, null={q}, {options})",
        (
            "@howmany @things to show that the (defect rate|fraction|proportion) is {p} rather than the (historical|claimed|usual|standard) {q}",
            "sample size for a (one-proportion|single proportion) test, true p {p}, null {q}",
            "(claimed|contract) reject rate {q}; we fear {p}. n to test one proportion",
            "one proportion: p0={q}, p1={p}, n?",
            "(Power and Sample Size|Stat > Power and Sample Size) > 1 Proportion, hypothesized {q}, comparison {p}",
            "H0: p = {q}; if it is really {p}, @howmany @things to (reject it|notice|find out)",
            "the supplier promises {q} rejects, we believe it is {p}: @howmany @things must we inspect to prove him wrong",
            "n for a binomial test with p0 {q} (and|against|vs) p1 {p}",
            "target (error|complaint) rate is {q}. @howmany (calls|orders|parts) to @detect that it has risen to {p}",
            "(test of|testing) a single percentage: null {q}, alternative {p}, required sample",
        ),
        {"p": P_HIGH, "q": P_LOW},
        SIZE_OPTIONS,
        weight=0.8,
    ),
    Lesson(
        "stats.power_proportion_one",
        "stats.power_proportion_one(n={n}, p={p}, null={q}, {options})",
        (
            "power of a (one-proportion|single proportion) test with {n} items, true rate {p}, null {q}",
            "{n} units inspected, real fraction {p}, claimed {q}: power",
            "one proportion: n={n}, p0={q}, p1={p}, power?",
            "with {n} parts inspected, would we see that the reject rate is {p} and not {q}(?|) (power|how likely)",
            "H0: p = {q}, truth {p}, n = {n}: (power|1 - beta|beta)",
            "(Power and Sample Size 1 Proportion|binomial test power): sample {n}, hypothesized {q}, comparison {p}",
            "chance that {n} (calls|orders|units) reveal a rise of the (error|defect) rate from {q} to {p}",
            "is a check of {n} enough against a claimed {q} when the true share is {p}(?|)",
        ),
        {"n": Num(60, 900, integer=True), "p": P_HIGH, "q": P_LOW},
        POWER_OPTIONS,
        weight=0.6,
    ),
)
OTHERS = (
    Lesson(
        "stats.sample_size_correlation",
        "stats.sample_size_correlation(correlation={r}, {options})",
        (
            "@howmany (pairs|points|observations) to @detect a correlation of {r}",
            "sample size for (r|rho|a correlation) (=|of|) {r}",
            "n to show that a correlation of {r} is (real|not zero|significant)",
            "(want|plan) to test rho = 0, expected r {r}, sample size",
            "r={r}, n=? (correlation test|test of rho = 0|pearson)",
            "@howmany (pairs|points|parts measured on both) before a correlation of {r} is (significant|more than luck|believable)",
            "(pwr.r.test|G*Power bivariate correlation|sample size for pearson correlation) r {r}",
            "how long must I collect data to prove that the two variables are related, correlation about {r} (pairs needed|number of pairs)(?|)",
            "expected pearson's r is {r}; required number of (subjects|pairs|points)",
        ),
        {"r": Num(0.2, 0.7, 2)},
        SIZE_OPTIONS,
    ),
    Lesson(
        "stats.power_correlation",
        "stats.power_correlation(n={n}, correlation={r}, {options})",
        (
            "power to @detect a correlation of {r} with {n} (pairs|points|observations)",
            "n={n}, r={r}, power of the correlation test",
            "how likely is a significant r with {n} pairs if the true correlation is {r}",
            "(pwr.r.test|G*Power correlation) n {n} r {r}, power",
            "rho = {r}, {n} pairs: (power|1 - beta|beta|chance of p below alpha)",
            "(is|are) {n} (points|pairs) enough to show a correlation of {r}(?|)",
            "if the true rho is {r}, would {n} (data points|pairs) reveal it(?|) (power please|)",
            "chance to find that x and y are correlated, with {n} observations, when r is really {r}",
        ),
        {"n": N, "r": Num(0.2, 0.7, 2)},
        POWER_OPTIONS,
        weight=0.8,
    ),
    Lesson(
        "stats.sample_size_chi_square",
        "stats.sample_size_chi_square(effect={w}, df={df}, {options})",
        (
            "sample size for a chi-square test, effect (size|) w (=|) {w}, {df} degrees of freedom",
            "total count for chi-squared with cohen's w {w} and df {df}",
            "@howmany counts (in all|altogether) for a contingency test, w={w}, df={df}",
            "w={w} df={df} chi2, n?",
            "(pwr.chisq.test|G*Power chi-square|GofChisquarePower) effect size w {w}, df {df}, solve for N",
            "contingency table with {df} df, effect {w} (cohen's w|w|phi): (total N|how many cases|@howmany people)",
            "chi-square test of independence, {df} degrees of freedom: n to find an association of w {w}",
            "@howmany (answers|defects|cases) must be classified for a chi-square test with {df} df to @detect w = {w}",
        ),
        {"w": Num(0.15, 0.5, 2), "df": Num(2, 9, integer=True)},
        (WANTED, MISSED, ALPHA),
        weight=0.6,
    ),
    Lesson(
        "stats.power_chi_square",
        "stats.power_chi_square(n={n}, effect={w}, df={df}, {options})",
        (
            "power of a chi-square test with n = {n}, w = {w}, df = {df}",
            "chi-squared, total count {n}, cohen's w {w}, {df} degrees of freedom: power",
            "{n} counts in the table, effect w {w}, df {df}, what power",
            "n={n} w={w} df={df} chi2 power",
            "(pwr.chisq.test|G*Power chi-square): N {n}, effect size w {w}, df {df}, power",
            "(is|are) {n} (cases|answers|counts) enough for a chi-square test with {df} df to @detect w = {w}(?|)",
            "chance that a contingency test ({df} df) on {n} cases finds an association of w {w}",
            "w = {w}, df = {df}, total {n}: (1 - beta|beta|power)",
        ),
        {"n": Num(40, 300, integer=True), "w": Num(0.15, 0.5, 2), "df": Num(2, 9, integer=True)},
        (ALPHA,),
        weight=0.5,
    ),
)
CONFIDENCE = Option(
    "confidence={conf}",
    (
        "(with|at|to|for) {conf} (confidence|certainty|confidence level)",
        "{conf} (confidence|confident|ci|confidence interval|sure|certain|two-sided interval)",
        "(I|we) (want|need|have) to be {conf} (sure|certain|confident)",
        "conf.level (=|) {conf}",
        "(confidence level|confidence) (=|:|of|) {conf}",
    ),
    {
        "conf": Num(
            0.9, 0.99, choices=("90%", "95%", "99%", "0.95", "0.99", "0.9", "98%", "95 percent")
        )
    },
    0.6,
)
POPULATION = Option(
    "population={population}",
    (
        "(population|lot|finite population|lot size|population size) (of|=|is|) {population}",
        "(there are|out of|we have) (only|) {population} (customers|units|records|people|parts) in (all|total)",
        "with (a|the) finite population correction(, N = |, N=| for N = ){population}",
        "N = {population}",
    ),
    {"population": Num(300, 9000, integer=True)},
    0.2,
)
ESTIMATE = (
    Lesson(
        "stats.sample_size_mean",
        "stats.sample_size_mean(margin={e}, sd={s}, {options})",
        (
            "@howmany @things to (estimate|know|pin down|get) the (mean|average) (to within|within|to|with an error of at most) (plus or minus|+/-|±|) {e} (if|when|given) (sigma|sd|the standard deviation) (is|=) {s}",
            "sample size for a margin of error of {e} on the (mean|average), sd {s}",
            "the (interval|confidence interval) for the (mean|average) should not be wider than +/- {e}, sigma {s}, n?",
            "(want|need) the average to within {e}, scatter {s}, how many readings",
            "n for half width {e}, standard deviation {s}",
            "(precision|accuracy) of {e} on the mean, known sigma {s}: number of @things",
            "E = {e}, sigma = {s}, n = ? (for the mean|to estimate mu)",
            "n = (z sigma / E)^2 with (E|margin) {e} and sigma {s}",
            "sigma={s} margin={e} mean n",
            "(how often|how many times) must I (measure|repeat the measurement|weigh) so that the average is (good|accurate|exact|certain) to {e}? one reading scatters with (sd|sigma) {s}",
            "(Power and Sample Size|Sample Size for Estimation) mean (normal|), standard deviation {s}, margin of error {e}",
            "(standard deviation|sd) is {s}. (we want|the customer wants) to report the mean with an (uncertainty|error) of (no more than|at most) {e}. how many @things(?|)",
            "@howmany (customers|patients|tablets|samples) should be (measured|sampled|asked) to estimate the population mean with an error below {e} when the population standard deviation is {s}",
            "the confidence limits of the average must lie within {e} (of it|on either side|); (spread|scatter) {s}: sample size",
            "averaging n readings, sd {s} each, until the mean is known to (within|) {e}: n",
            "xbar ± {e}, sigma {s}: number of observations",
            "how many sample for know the mean with maximum error {e} and deviation {s}",
        ),
        {"e": Num(0.1, 0.9, 2), "s": Num(1, 5, 2)},
        (
            CONFIDENCE,
            Option(
                "sd_known=false",
                (
                    "(sigma is unknown|the sd is only an estimate|sigma will be estimated|use t not z|sd from a pilot)",
                    "(with|use) the t distribution",
                ),
                {},
                0.2,
            ),
        ),
        weight=1.2,
    ),
    Lesson(
        "stats.sample_size_proportion",
        "stats.sample_size_proportion(margin={e}, p={p}, {options})",
        (
            "@howmany @things to (estimate|know) a (proportion|percentage|fraction defective|reject rate) of about {p} (to within|within|with a margin of) (plus or minus|+/-|±|) {e}",
            "sample size for a margin of error {e} on a proportion near {p}",
            "(expected|guessed) fraction {p}, want it within {e}, n?",
            "the defect share is roughly {p}; how many parts must I check to know it to {e}",
            "p={p} E={e} n? (proportion|)",
            "n = z^2 p (1 - p)/E^2 with p {p}, E {e}",
            "(Sample Size for Estimation|estimate) proportion {p}, margin of error {e}",
            "(pilot|last year's audit|experience) says about {p} (are bad|say yes|fail); (survey|inspection|audit) size to pin the share down to {e}",
            "@howmany (customers|records|parts|invoices) to ask so that a share of {p} has an error of (only|at most|no more than) {e}",
            "the confidence interval for a (yield|proportion|percentage) near {p} should be plus minus {e}: how many",
            "(reject rate|complaint rate|share of yes) around {p}, (desired|wanted) precision {e}, sample size please",
            "how many units must we inspect to estimate our fraction nonconforming (roughly {p}) with a margin of {e}",
        ),
        {"e": Num(0.01, 0.05, 3, percent=True), "p": Num(0.06, 0.5, 2, percent=True)},
        (CONFIDENCE, POPULATION),
    ),
    Lesson(
        "stats.sample_size_proportion.worst",
        "stats.sample_size_proportion(margin={e}, {options})",
        (
            "(survey|poll|audit) size for a margin of error of {e} (on a percentage|), (no idea of the proportion|worst case|nothing known)",
            "@howmany (records|people|items) to estimate (any|an unknown) proportion within {e}",
            "sample size for a percentage to within {e}, unknown p",
            "p unknown, (so take p = half|worst case), E = {e}, n?",
            "how many (customers|voters|employees|invoices) must I (ask|survey|check) for a margin of error of {e}(?|)",
            "(survey|opinion poll|questionnaire) accurate to {e}: how many (answers|respondents)",
            "(we know nothing about the rate|no pilot data|most conservative case): sample size to estimate a (proportion|share) within {e}",
            "@howmany records should an auditor draw to know the share of errors to {e}, we have no guess of it",
        ),
        {"e": Num(0.01, 0.08, 3, percent=True)},
        (CONFIDENCE, POPULATION),
        weight=0.7,
    ),
)
ASK = (
    Lesson(
        "stats.sample_size_mean.no_margin",
        "stats.sample_size_mean(margin=<ask>, sd={s})",
        (
            "how many readings to estimate the mean, sigma is {s}",
            "sample size to estimate an average when the sd is {s}",
            "n to know the mean, sd {s}",
            "sigma = {s}, how many readings do we need for a good average",
            "how many samples for estimating mu with sigma {s}",
        ),
        {"s": SD},
        weight=0.2,
    ),
)

LESSONS: tuple[Lesson, ...] = (
    *PROPORTIONS,
    *OTHERS,
    *ESTIMATE,
    *ASK,
)
