"""Asking for power, and for the sample size of a test or an estimate."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Lesson, Num, Option, TableOf

DIFFERENCE = Num(0.4, 3, 2)
SD = Num(1, 4, 2)
N = Num(6, 80, integer=True)
POWER = Num(
    0.8,
    0.95,
    choices=(
        "80%",
        "90%",
        "95%",
        "0.8",
        "0.9",
        "0.95",
        ".8",
        ".9",
        "85%",
        "0.85",
        "80 percent",
        "90 %",
    ),
)
ALPHA = Option(
    "alpha={alpha}",
    (
        "(at|with|for|using) (an|) alpha (=|of|) {alpha}",
        "(at|with) (a|the) (significance|significance level|risk) (of|) {alpha}",
        "{alpha} (level|significance|significance level|false alarm risk)",
        "(type (I|1) error|alpha) {alpha}",
    ),
    {"alpha": Num(0.01, 0.1, choices=("0.05", "0.01", "0.1", "5%", "1%", "10%", ".05", "0.02"))},
    0.3,
)
WANTED = Option(
    "power={power}",
    (
        "(with|at|for|and|to get|to reach) (a|) (power|probability of detection|chance of seeing it) (of|=|) {power}",
        "power (=|of|at least|) {power}",
        "{power} power",
        "(want|need|target) {power} power",
        "beta risk such that power is {power}",
        "(want to|should) catch it {power} of the time",
    ),
    {"power": POWER},
    0.7,
)
ONE_SIDED = Option(
    "one_sided=true",
    (
        "one-sided",
        "(one|1)-tailed",
        "(only|just) (an increase|a decrease|one direction|more|less) (matters|counts|is of interest)",
        "(one|single) sided test",
    ),
    {},
    0.15,
)
SIZE_OPTIONS = (WANTED, ALPHA, ONE_SIDED)
POWER_OPTIONS = (ALPHA, ONE_SIDED)
HOWMANY = (
    "(how many|what number of|how big a sample of|number of|minimum number of|required number of)"
)
THINGS = "(parts|samples|units|specimens|measurements|observations|pieces|bottles|tablets|wafers|runs|readings)"
DETECT = "(detect|see|pick up|find|show|notice|catch|resolve)"


def said(text: str) -> str:
    return text.replace("HOWMANY", HOWMANY).replace("THINGS", THINGS).replace("DETECT", DETECT)


def templates(*texts: str) -> tuple[str, ...]:
    return tuple(said(t) for t in texts)


T_ONE = (
    Lesson(
        "stats.sample_size_t_one",
        "stats.sample_size_t_one(difference={d}, sd={s}, {options})",
        templates(
            "HOWMANY THINGS (do I need|are needed|should I take|) to DETECT (a shift|an offset|a drift|a bias) of {d} from (target|nominal|the setpoint|the reference) (if|when|given that) (sigma|the sd|the standard deviation) is {s}",
            "(sample size|n) for a (one-sample|single sample) t test, (difference|delta|shift) {d}, (sd|sigma|standard deviation) {s}",
            "(one-sample|1-sample) t: (delta|effect|offset) {d}, sd {s}, n = ?",
            "we (worry about|care about) the mean being {d} off (nominal|aim), scatter is {s}. (how large a sample|sample size|n)(?|)",
            "(plan|size) a test of one mean (against a fixed value|against target): smallest shift that matters {d}, standard deviation {s}",
            "(want|need) to DETECT a {d} departure of the (process|) mean from its aim, st dev {s}, HOWMANY THINGS",
        ),
        {"d": DIFFERENCE, "s": SD},
        SIZE_OPTIONS,
    ),
    Lesson(
        "stats.power_t_one",
        "stats.power_t_one(n={n}, difference={d}, sd={s}, {options})",
        templates(
            "(power|what power|how much power) (do I have|is there|has a one-sample t test|) with {n} THINGS to DETECT a shift of {d} from (target|nominal) (if|when) (sigma|sd|the standard deviation) is {s}",
            "power of a (one-sample|single-sample) t test: n={n}, (delta|difference|shift)={d}, (sd|sigma)={s}",
            "with {n} readings and sd {s}, (what is the chance|how likely is it) that (I|we) DETECT an offset of {d} from the setpoint",
            "(is|are) {n} THINGS enough to DETECT a {d} bias against a fixed reference, scatter {s}(?|) (power please|)",
        ),
        {"n": N, "d": DIFFERENCE, "s": SD},
        POWER_OPTIONS,
    ),
)
T_PAIRED = (
    Lesson(
        "stats.sample_size_t_paired",
        "stats.sample_size_t_paired(difference={d}, sd={s}, {options})",
        templates(
            "HOWMANY pairs (do I need|are needed|) to DETECT a mean difference of {d} (when|if) the (sd|standard deviation) of the differences is {s}",
            "sample size (for a|) paired t test, difference {d}, sd of (the|) differences {s}",
            "before/after study: expected change {d}, sd of changes {s}, HOWMANY (subjects|parts|pairs)",
            "HOWMANY parts must be measured with both gauges to DETECT a bias of {d} (sd of the paired differences {s})",
            "matched pairs design, delta {d}, s_d {s}, n pairs?",
        ),
        {"d": DIFFERENCE, "s": SD},
        SIZE_OPTIONS,
        weight=0.7,
    ),
    Lesson(
        "stats.power_t_paired",
        "stats.power_t_paired(n={n}, difference={d}, sd={s}, {options})",
        templates(
            "power of a paired t test with {n} pairs, mean difference {d}, sd of (the|) differences {s}",
            "{n} pairs, true change {d}, sd of changes {s}: (power|chance to DETECT it)",
            "(with|given) {n} before/after pairs can I DETECT a change of {d} when differences scatter with sd {s}(?|) (what power|power|)",
            "paired comparison, n={n}, delta={d}, s_d={s}, power?",
        ),
        {"n": N, "d": DIFFERENCE, "s": SD},
        POWER_OPTIONS,
        weight=0.7,
    ),
)
T_TWO = (
    Lesson(
        "stats.sample_size_t_two",
        "stats.sample_size_t_two(difference={d}, sd={s}, {options})",
        templates(
            "HOWMANY THINGS per (group|machine|arm|supplier|treatment) to DETECT a difference of {d} (between two means|between the two) (if|when|with) (sigma|sd|standard deviation) {s}",
            "(sample size|n per group) for a two-sample t test, (difference|delta) {d}, (sd|sigma|common sd) {s}",
            "(compare|comparing) two (suppliers|machines|recipes|methods|moulds): smallest difference worth knowing {d}, st dev {s}. (how large|how big) must each (group|sample) be(?|)",
            "two independent groups, delta {d}, sd {s}, n each?",
            "(plan|size) an A against B (trial|comparison): gap of {d} in the means, scatter {s} in both",
            "(I|we) want to DETECT a gap of {d} between old and new, sd about {s}; HOWMANY THINGS of each",
        ),
        {"d": DIFFERENCE, "s": SD},
        SIZE_OPTIONS,
        weight=1.2,
    ),
    Lesson(
        "stats.sample_size_t_two.standardised",
        "stats.sample_size_t_two(difference={d}, {options})",
        templates(
            "n per group for (cohen's d|an effect size d|d) (=|of|) {d}, two-sample t",
            "HOWMANY per group to DETECT a difference of {d} (standard deviations|sd|sigma) between two groups",
            "two groups, standardised effect {d}, sample size each",
            "sample size to tell apart two means that lie {d} sigma from each other",
        ),
        {"d": Num(0.3, 1.5, 2)},
        SIZE_OPTIONS,
    ),
    Lesson(
        "stats.power_t_two",
        "stats.power_t_two(n={n}, difference={d}, sd={s}, {options})",
        templates(
            "(power|what power) with {n} per group to DETECT a difference of {d} (between two means|) (if|when|with) (sd|sigma) {s}",
            "power of a two-sample t test, n={n} each, difference {d}, sd {s}",
            "{n} THINGS from each of two (machines|lines|suppliers), true gap {d}, st dev {s}: (power|chance of finding it|how likely is a significant result)(?|)",
            "(is|are) {n} per arm enough for a difference of {d} with scatter {s}(?|) power please",
        ),
        {"n": N, "d": DIFFERENCE, "s": SD},
        POWER_OPTIONS,
    ),
    Lesson(
        "stats.power_t_two.standardised",
        "stats.power_t_two(n={n}, difference={d}, {options})",
        templates(
            "power for (cohen's d|effect size d|d) (=|of|) {d} with {n} (in each group|per group|each)",
            "{n} per group, true difference {d} (standard deviations|sigma|sd units): power",
            "two-sample t, n per group {n}, standardised difference {d}, what is the power",
            "how likely am I to DETECT a {d} sigma difference between two groups of {n}",
        ),
        {"n": N, "d": Num(0.3, 1.5, 2)},
        POWER_OPTIONS,
    ),
)
ANOVA = (
    Lesson(
        "stats.sample_size_anova",
        "stats.sample_size_anova(groups={k}, effect={f}, {options})",
        templates(
            "(sample size|n per group|n) for (a|) one-way (anova|analysis of variance) with {k} (groups|levels|treatments), (effect size|cohen's f|f) (=|of|) {f}",
            "HOWMANY THINGS per (group|level|supplier|machine) to compare {k} (groups|machines|suppliers|treatments) at (effect|f) {f}",
            "{k} groups anova, f = {f}, total sample size?",
            "oneway anova planning: {k} treatments, cohen f {f}",
        ),
        {"k": Num(3, 8, integer=True), "f": Num(0.15, 0.6, 2)},
        (WANTED, ALPHA),
    ),
    Lesson(
        "stats.sample_size_anova.means",
        "stats.sample_size_anova(means={t.m}, sd={s}, {options})",
        templates(
            "n per group for (one-way anova|anova) if the group means are {t.m} and the (sd|standard deviation) within groups is {s}",
            "expected (means|averages) {t.m} with (sigma|error sd|sd) {s}, HOWMANY per group (for anova|to see that they differ)",
            "treatments averaging {t.m}, noise {s}: sample size of each (for a one-way analysis|)",
        ),
        {
            "t": TableOf(
                {"m": Data((3, 5), 10, 20, names=("mean", "average", "expected", "level"))},
                forms=("inline",),
            ),
            "s": Num(1, 4, 1),
        },
        (WANTED, ALPHA),
        weight=0.6,
    ),
    Lesson(
        "stats.power_anova",
        "stats.power_anova(n={n}, groups={k}, effect={f}, {options})",
        templates(
            "power of (a|) one-way anova with {n} per group, {k} groups, (effect size|cohen's f|f) (=|of|) {f}",
            "{k} (groups|machines|suppliers|treatments) of {n} each, f = {f}, (power|what is the power|chance of a significant F)",
            "anova power: n per group {n}, groups {k}, cohen f {f}",
            "(is|are) {n} per group enough to compare {k} groups when f is {f}(?|) (power|)",
        ),
        {"n": N, "k": Num(3, 8, integer=True), "f": Num(0.15, 0.6, 2)},
        (ALPHA,),
    ),
)
P_LOW = Num(0.02, 0.09, 3, percent=True)
P_HIGH = Num(0.11, 0.3, 3, percent=True)
ARCSINE = Option(
    "method=arcsine",
    (
        "(use|by|with) (the|) arcsine (method|transformation|approximation)",
        "(with|by) cohen's h",
        "arcsine version",
    ),
    {},
    0.12,
)
PROPORTIONS = (
    Lesson(
        "stats.sample_size_proportion_two",
        "stats.sample_size_proportion_two(p_1={p}, p_2={q}, {options})",
        templates(
            "HOWMANY THINGS per (group|line|arm) to DETECT a (drop|change|difference) in (the defect rate|the reject rate|scrap|proportion|failure rate) from {p} to {q}",
            "sample size to compare (two proportions|two percentages|two defect rates) {p} (and|vs|versus) {q}",
            "(scrap|reject rate|yield loss) should go from {p} to {q}; how many parts per group do we have to inspect to prove it",
            "two proportions, p1={p}, p2={q}, n per group",
            "(is it|I want to know whether it is) {q} instead of {p}: n of each to tell two fractions apart",
        ),
        {"p": P_HIGH, "q": P_LOW},
        (*SIZE_OPTIONS, ARCSINE),
    ),
    Lesson(
        "stats.power_proportion_two",
        "stats.power_proportion_two(n={n}, p_1={p}, p_2={q}, {options})",
        templates(
            "power to (compare|tell apart) (proportions|percentages|defect rates) {p} and {q} with {n} (per group|in each group|each)",
            "{n} parts from each line, true reject rates {p} and {q}: power",
            "two proportions p1={p} p2={q} n={n} each, power?",
            "with {n} inspected before and {n} after, can we DETECT a fall from {p} to {q} rejects",
        ),
        {"n": Num(60, 900, integer=True), "p": P_HIGH, "q": P_LOW},
        (*POWER_OPTIONS, ARCSINE),
        weight=0.8,
    ),
    Lesson(
        "stats.sample_size_proportion_one",
        "stats.sample_size_proportion_one(p={p}, null={q}, {options})",
        templates(
            "HOWMANY THINGS to show that the (defect rate|fraction|proportion) is {p} rather than the (historical|claimed|usual|standard) {q}",
            "sample size for a (one-proportion|single proportion) test, true p {p}, null {q}",
            "(claimed|contract) reject rate {q}; we fear {p}. n to test one proportion",
            "one proportion: p0={q}, p1={p}, n?",
        ),
        {"p": P_HIGH, "q": P_LOW},
        SIZE_OPTIONS,
        weight=0.8,
    ),
    Lesson(
        "stats.power_proportion_one",
        "stats.power_proportion_one(n={n}, p={p}, null={q}, {options})",
        templates(
            "power of a (one-proportion|single proportion) test with {n} items, true rate {p}, null {q}",
            "{n} units inspected, real fraction {p}, claimed {q}: power",
            "one proportion: n={n}, p0={q}, p1={p}, power?",
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
        templates(
            "HOWMANY (pairs|points|observations) to DETECT a correlation of {r}",
            "sample size for (r|rho|a correlation) (=|of|) {r}",
            "n to show that a correlation of {r} is (real|not zero|significant)",
            "(want|plan) to test rho = 0, expected r {r}, sample size",
        ),
        {"r": Num(0.2, 0.7, 2)},
        SIZE_OPTIONS,
    ),
    Lesson(
        "stats.power_correlation",
        "stats.power_correlation(n={n}, correlation={r}, {options})",
        templates(
            "power to DETECT a correlation of {r} with {n} (pairs|points|observations)",
            "n={n}, r={r}, power of the correlation test",
            "how likely is a significant r with {n} pairs if the true correlation is {r}",
        ),
        {"n": N, "r": Num(0.2, 0.7, 2)},
        POWER_OPTIONS,
        weight=0.8,
    ),
    Lesson(
        "stats.sample_size_chi_square",
        "stats.sample_size_chi_square(effect={w}, df={df}, {options})",
        templates(
            "sample size for a chi-square test, effect (size|) w (=|) {w}, {df} degrees of freedom",
            "total count for chi-squared with cohen's w {w} and df {df}",
            "HOWMANY counts (in all|altogether) for a contingency test, w={w}, df={df}",
        ),
        {"w": Num(0.15, 0.5, 2), "df": Num(2, 9, integer=True)},
        (WANTED, ALPHA),
        weight=0.6,
    ),
    Lesson(
        "stats.power_chi_square",
        "stats.power_chi_square(n={n}, effect={w}, df={df}, {options})",
        templates(
            "power of a chi-square test with n = {n}, w = {w}, df = {df}",
            "chi-squared, total count {n}, cohen's w {w}, {df} degrees of freedom: power",
            "{n} counts in the table, effect w {w}, df {df}, what power",
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
        "{conf} (confidence|confident|ci|confidence interval|sure)",
        "(confidence level|confidence) (=|:|of|) {conf}",
    ),
    {
        "conf": Num(
            0.9, 0.99, choices=("90%", "95%", "99%", "0.95", "0.99", "0.9", "98%", "95 percent")
        )
    },
    0.6,
)
ESTIMATE = (
    Lesson(
        "stats.sample_size_mean",
        "stats.sample_size_mean(margin={e}, sd={s}, {options})",
        templates(
            "HOWMANY THINGS to (estimate|know|pin down|get) the (mean|average) (to within|within|to|with an error of at most) (plus or minus|+/-|±|) {e} (if|when|given) (sigma|sd|the standard deviation) (is|=) {s}",
            "sample size for a margin of error of {e} on the (mean|average), sd {s}",
            "the (interval|confidence interval) for the (mean|average) should not be wider than +/- {e}, sigma {s}, n?",
            "(want|need) the average to within {e}, scatter {s}, how many readings",
            "n for half width {e}, standard deviation {s}",
            "(precision|accuracy) of {e} on the mean, known sigma {s}: number of THINGS",
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
        templates(
            "HOWMANY THINGS to (estimate|know) a (proportion|percentage|fraction defective|reject rate) of about {p} (to within|within|with a margin of) (plus or minus|+/-|±|) {e}",
            "sample size for a margin of error {e} on a proportion near {p}",
            "(expected|guessed) fraction {p}, want it within {e}, n?",
            "the defect share is roughly {p}; how many parts must I check to know it to {e}",
        ),
        {"e": Num(0.01, 0.05, 3, percent=True), "p": Num(0.06, 0.5, 2, percent=True)},
        (CONFIDENCE,),
    ),
    Lesson(
        "stats.sample_size_proportion.worst",
        "stats.sample_size_proportion(margin={e}, {options})",
        templates(
            "(survey|poll|audit) size for a margin of error of {e} (on a percentage|), (no idea of the proportion|worst case|nothing known)",
            "HOWMANY (records|people|items) to estimate (any|an unknown) proportion within {e}",
            "sample size for a percentage to within {e}, unknown p",
        ),
        {"e": Num(0.01, 0.08, 3, percent=True)},
        (CONFIDENCE,),
        weight=0.7,
    ),
)
ASK = (
    Lesson(
        "stats.sample_size_t_two.no_difference",
        "stats.sample_size_t_two(difference=<ask>, sd={s})",
        templates(
            "HOWMANY THINGS per group do I need to compare two (machines|suppliers|recipes|methods), sd is {s}",
            "sample size for a two-sample t test, standard deviation {s}",
            "comparing two means with sigma {s}, n per group?",
        ),
        {"s": SD},
        weight=0.25,
    ),
    Lesson(
        "stats.sample_size_mean.no_margin",
        "stats.sample_size_mean(margin=<ask>, sd={s})",
        templates(
            "how many readings to estimate the mean, sigma is {s}",
            "sample size to estimate an average when the sd is {s}",
        ),
        {"s": SD},
        weight=0.2,
    ),
)

LESSONS: tuple[Lesson, ...] = (
    *T_ONE,
    *T_PAIRED,
    *T_TWO,
    *ANOVA,
    *PROPORTIONS,
    *OTHERS,
    *ESTIMATE,
    *ASK,
)
