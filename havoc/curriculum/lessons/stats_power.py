"""Asking for power and sample size of t tests and of the analysis of variance."""

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
        "(type (I|1) error|alpha|alpha error|alpha risk|producer's risk|sig.level) (=|of|:|) {alpha}",
        "(α|alpha) = {alpha}",
        "(false alarm|false positive) (risk|rate|probability) (of|at most|) {alpha}",
        "(test at|tested at|at) the {alpha} level",
    ),
    {"alpha": Num(0.01, 0.1, choices=("0.05", "0.01", "0.1", "5%", "1%", "10%", ".05", "0.02"))},
    0.3,
)
CONFIDENT = Option(
    "alpha=1-{conf}",
    (
        "(at|with|for) {conf} (confidence|confidence level)",
        "{conf} (confidence|confident|sure that a difference found is real)",
        "confidence level (=|of|:|) {conf}",
    ),
    {"conf": Num(0.9, 0.99, choices=("95%", "99%", "90%", "0.95", "0.99", "0.9", "95 %"))},
    0.12,
)
MISSED = Option(
    "power=1-{beta}",
    (
        "(with|at|for|) (beta|β|a beta|a beta risk) (=|of|) {beta}",
        "(type (II|2) error|consumer's risk|beta risk|beta error) (of|=|at most|) {beta}",
        "(risk|chance|probability) of (missing it|overlooking it|not seeing it|a miss) (at most|of|no more than|only|) {beta}",
        "(miss it|overlook it) (in|at most) {beta} of the cases",
    ),
    {
        "beta": Num(
            0.05, 0.2, choices=("0.1", "0.2", "10%", "20%", "5%", "0.05", ".1", ".2", "0.10")
        )
    },
    0.15,
)
WANTED = Option(
    "power={power}",
    (
        "(with|at|for|and|to get|to reach) (a|) (power|probability of detection|chance of seeing it) (of|=|) {power}",
        "power (=|of|at least|) {power}",
        "{power} power",
        "(want|need|target) {power} power",
        "beta risk such that power is {power}",
        "(want to|should|must) (catch|find|see) it {power} of the time",
        "(be|we want to be|I'd like to be) {power} (sure|certain) (to find it|not to miss it|of seeing it)",
        "(with|) a {power} (chance|probability) (of success|of detecting it|to see it|of a significant result)",
        "(sensitivity|detection probability|power level|desired power|target power) (of|=|:|) {power}",
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
        "(only|just) (higher|lower|an improvement|a worsening) (matters|is tested|counts)",
        "(upper|lower) tail only",
        "alternative (one.sided|one-sided|greater|less)",
    ),
    {},
    0.15,
)
SIZE_OPTIONS = (WANTED, MISSED, ALPHA, CONFIDENT, ONE_SIDED)
POWER_OPTIONS = (ALPHA, CONFIDENT, ONE_SIDED)


T_ONE = (
    Lesson(
        "stats.sample_size_t_one",
        "stats.sample_size_t_one(difference={d}, sd={s}, {options})",
        (
            "@howmany @things (do I need|are needed|should I take|) to @detect (a shift|an offset|a drift|a bias) of {d} from (target|nominal|the setpoint|the reference) (if|when|given that) (sigma|the sd|the standard deviation) is {s}",
            "(sample size|n) for a (one-sample|single sample) t test, (difference|delta|shift) {d}, (sd|sigma|standard deviation) {s}",
            "(one-sample|1-sample) t: (delta|effect|offset) {d}, sd {s}, n = ?",
            "we (worry about|care about) the mean being {d} off (nominal|aim), scatter is {s}. (how large a sample|sample size|n)(?|)",
            "(plan|size) a test of one mean (against a fixed value|against target): smallest shift that matters {d}, standard deviation {s}",
            "(want|need) to @detect a {d} departure of the (process|) mean from its aim, st dev {s}, @howmany @things",
            "n? one-sample t, delta={d}, sigma={s}",
            "sigma = {s}, delta = {d}, (1-sample t|one-sample t|one mean): n",
            "the (process|filler|coater|scale) has a (sd|standard deviation|sigma) of {s}; @howmany @things before a (change|drift|error) of {d} in its mean (would show up|is found|cannot hide)(?|)",
            "(Power and Sample Size|Stat > Power and Sample Size) > 1-Sample t, difference {d}, standard deviation {s}",
            "(pwr.t.test type one.sample|TTestPower|G*Power one sample t), mean difference {d}, (sd|sigma) {s}, solve for n",
            "H0: mu = mu0. @howmany @things so that a true mean {d} away is (found|detected|noticed) (sigma {s}|, sigma {s}|, sd {s})",
            "at the @place we want to notice when the average is off by {d}. readings scatter with sd {s}. (how big must the sample be|sample size for the check against target)(?|)",
            "smallest (offset|bias) from the reference worth (finding|detecting): {d}; (repeatability|sd) {s}; (how often must I measure|number of readings|n)(?|)",
            "how much data to prove that the mean is {d} above or below the (nominal|target|spec centre), (noise|scatter) {s}(?|)",
            "for verify one mean against standard, shift {d}, deviation {s}, how much sample is need",
        ),
        {"d": DIFFERENCE, "s": SD},
        SIZE_OPTIONS,
    ),
    Lesson(
        "stats.power_t_one",
        "stats.power_t_one(n={n}, difference={d}, sd={s}, {options})",
        (
            "(power|what power|how much power) (do I have|is there|has a one-sample t test|) with {n} @things to @detect a shift of {d} from (target|nominal) (if|when) (sigma|sd|the standard deviation) is {s}",
            "power of a (one-sample|single-sample) t test: n={n}, (delta|difference|shift)={d}, (sd|sigma)={s}",
            "with {n} readings and sd {s}, (what is the chance|how likely is it) that (I|we) @detect an offset of {d} from the setpoint",
            "(is|are) {n} @things enough to @detect a {d} bias against a fixed reference, scatter {s}(?|) (power please|)",
            "n={n}, delta={d}, sigma={s}, one-sample t, power = ?",
            "(1 - beta|1-β|beta|type II error|risk of missing it) for (a|) one-sample t test: n {n}, (delta|shift) {d}, sigma {s}",
            "we check {n} @things per (day|lot|shift) against (nominal|target); sd {s}. (how likely is it that a drift of {d} is found|chance to notice a drift of {d}|would we notice a drift of {d})(?|)",
            "(pwr.t.test|Power and Sample Size 1-Sample t|G*Power one sample): sample size {n}, difference {d}, standard deviation {s}, solve for power",
            "sd {s}, true mean {d} off aim, {n} @things: (power|probability of rejecting H0|chance of a significant result)",
            "if the mean were really {d} away from the reference, would {n} readings with (standard deviation|scatter) {s} (show it|prove it)? (power|how sure)",
            "(is my|is the) sample of {n} (too small|big enough) to find a shift of the mean of {d} from target, sigma {s}(?|)",
        ),
        {"n": N, "d": DIFFERENCE, "s": SD},
        POWER_OPTIONS,
    ),
)
T_STANDARDISED = tuple(
    Lesson(
        f"stats.sample_size_t_{kind}.standardised",
        f"stats.sample_size_t_{kind}(difference={{d}}, {{options}})",
        (
            f"(sample size|n) for a {name} t test, (effect size|cohen's d|standardised effect|d{extra}) (=|of|) {{d}}",
            f"{name} t, (delta/sigma|effect size d|cohen's d|dz) {{d}}, n?",
            f"@howmany {unit} to @detect (a shift|an effect|a change) of {{d}} (sigma|standard deviations|sd units) ({test})",
            f"G*Power {software}, effect size {{d}}, total sample size",
            f"{test}, effect {{d}} (standard deviations|sd), @howmany {unit}",
        ),
        {"d": Num(0.3, 1.5, 2)},
        SIZE_OPTIONS,
        weight=0.5,
    )
    for kind, name, extra, unit, test, software in (
        (
            "one",
            "(one-sample|single-sample|1-sample)",
            "",
            "@things",
            "(one mean against a fixed value|one-sample t|test of one mean)",
            "(difference from constant|one sample case)",
        ),
        (
            "paired",
            "(paired|matched pairs)",
            "z",
            "pairs",
            "(paired t|before and after on the same parts|matched pairs)",
            "(matched pairs|two dependent means)",
        ),
    )
)
T_PAIRED = (
    Lesson(
        "stats.sample_size_t_paired",
        "stats.sample_size_t_paired(difference={d}, sd={s}, {options})",
        (
            "@howmany pairs (do I need|are needed|) to @detect a mean difference of {d} (when|if) the (sd|standard deviation) of the differences is {s}",
            "sample size (for a|) paired t test, difference {d}, sd of (the|) differences {s}",
            "before/after study: expected change {d}, sd of changes {s}, @howmany (subjects|parts|pairs)",
            "@howmany parts must be measured with both gauges to @detect a bias of {d} (sd of the paired differences {s})",
            "matched pairs design, delta {d}, s_d {s}, n pairs?",
            "paired t, s_d = {s}, delta = {d}: number of pairs",
            "(Power and Sample Size|Stat > Power and Sample Size) > Paired t, difference {d}, standard deviation of (paired|) differences {s}",
            "the same @items with and without (coating|treatment|the additive): differences scatter with sd {s}, a mean change of {d} matters; (how many pairs|how many must we test)(?|)",
            "(pwr.t.test type paired|G*Power matched pairs), mean of differences {d}, sd of differences {s}, solve for n",
            "@howmany (patients|cows|parts|boards) measured before and after (are needed|do we need|) to @detect an average (gain|drop|change) of {d}, individual changes have standard deviation {s}",
            "each @item is its own control; smallest average change worth seeing {d}, sd of the individual differences {s}; n?",
            "(planning|we plan) a comparison of two (gauges|labs|methods) on the same @items: offset {d} to be found, sd of the differences {s}, pairs needed",
        ),
        {"d": DIFFERENCE, "s": SD},
        SIZE_OPTIONS,
        weight=0.7,
    ),
    Lesson(
        "stats.power_t_paired",
        "stats.power_t_paired(n={n}, difference={d}, sd={s}, {options})",
        (
            "power of a paired t test with {n} pairs, mean difference {d}, sd of (the|) differences {s}",
            "{n} pairs, true change {d}, sd of changes {s}: (power|chance to @detect it)",
            "(with|given) {n} before/after pairs can I @detect a change of {d} when differences scatter with sd {s}(?|) (what power|power|)",
            "paired comparison, n={n}, delta={d}, s_d={s}, power?",
            "paired t: s_d = {s}, delta = {d}, n = {n} pairs -> power",
            "{n} @items measured twice, (expected|true) mean change {d}, (standard deviation|sd) of the changes {s}. (how likely is a significant paired t|will we see it|power)(?|)",
            "(is|are) {n} pairs enough (to @detect|for) an average change of {d}, differences with sd {s}(?|)",
            "(Power and Sample Size Paired t|G*Power matched pairs|pwr.t.test paired): {n} pairs, difference {d}, sd of differences {s}, power",
            "chance of (missing|finding) a bias of {d} between two gauges with {n} common parts, sd of the paired differences {s}",
            "matched design with {n} pairs: delta {d}, sd of d {s}; type II error or power",
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
        (
            "@howmany @things per (group|machine|arm|supplier|treatment) to @detect a difference of {d} (between two means|between the two) (if|when|with) (sigma|sd|standard deviation) {s}",
            "(sample size|n per group) for a two-sample t test, (difference|delta) {d}, (sd|sigma|common sd) {s}",
            "(compare|comparing) two (suppliers|machines|recipes|methods|moulds): smallest difference worth knowing {d}, st dev {s}. (how large|how big) must each (group|sample) be(?|)",
            "two independent groups, delta {d}, sd {s}, n each?",
            "(plan|size) an A against B (trial|comparison): gap of {d} in the means, scatter {s} in both",
            "(I|we) want to @detect a gap of {d} between old and new, sd about {s}; @howmany @things of each",
            "n per arm: delta={d}, sigma={s}, 2-sample t",
            "sigma {s}, delta {d}, two (groups|samples), n (each|per group) = ?",
            "(Power and Sample Size|Stat > Power and Sample Size) > 2-Sample t, difference {d}, standard deviation {s}",
            "(pwr.t.test|power.t.test|TTestIndPower|G*Power two independent means) with delta {d}, sd {s}, solve for n",
            "H0: mu1 = mu2; @howmany @things from each so that a difference of {d} is not missed, common sigma {s}",
            "we @changed the @thingchanged and hope for {d} (more|less) on average; the scatter is {s}. @howmany @things with the old and with the new (to prove it|)",
            "(trial|study|experiment) with a treatment and a control group: (clinically relevant|practically relevant|smallest interesting) difference {d}, (within-group|) sd {s}, (group size|patients per arm|how many in each arm)",
            "how much data (must we collect|do I need) from both (machines|lines|ovens) before a difference of {d} between their means is (more than noise|visible|significant), noise is {s}(?|)",
            "for compare two machine mean, difference {d}, standard deviation {s}, how many piece each",
            "our (readings|parts) scatter by {s} (standard deviation). is supplier B {d} better than A? how many of each do we have to measure to find out",
            "my boss wants to see a {d} improvement proved; sd {s}; (runs with each setting|n with each recipe|trials per condition)(?|)",
            "(two-group|A/B|side by side) test, minimum detectable difference {d}, sd {s}, sample size",
        ),
        {"d": DIFFERENCE, "s": SD},
        SIZE_OPTIONS,
        weight=1.2,
    ),
    Lesson(
        "stats.sample_size_t_two.standardised",
        "stats.sample_size_t_two(difference={d}, {options})",
        (
            "n per group for (cohen's d|an effect size d|d) (=|of|) {d}, two-sample t",
            "@howmany per group to @detect a difference of {d} (standard deviations|sd|sigma) between two groups",
            "two groups, standardised effect {d}, sample size each",
            "sample size to tell apart two means that lie {d} sigma from each other",
            "d = {d} (cohen|Cohen's d), (independent t|two-sample t|two groups): n each",
            "G*Power: t tests, difference between two independent means, effect size d {d}, (sample size|n per group)",
            "@howmany per group for a (small|medium|large|) standardized effect of {d} between two groups",
            "standardised difference (delta over sigma|delta by sigma) {d}, two-sample t, n per group",
            "(TTestIndPower().solve_power|pwr.t.test|pwr::pwr.t.test) with effect_size {d} for n, two samples",
        ),
        {"d": Num(0.3, 1.5, 2)},
        SIZE_OPTIONS,
    ),
    Lesson(
        "stats.power_t_two",
        "stats.power_t_two(n={n}, difference={d}, sd={s}, {options})",
        (
            "(power|what power) with {n} per group to @detect a difference of {d} (between two means|) (if|when|with) (sd|sigma) {s}",
            "power of a two-sample t test, n={n} each, difference {d}, sd {s}",
            "{n} @things from each of two (machines|lines|suppliers), true gap {d}, st dev {s}: (power|chance of finding it|how likely is a significant result)(?|)",
            "(is|are) {n} per arm enough for a difference of {d} with scatter {s}(?|) power please",
            "n={n} delta={d} sigma={s} two-sample t power",
            "(two|2)-sample t: sigma = {s}, delta = {d}, n = {n} each, (power|1 - beta|beta)",
            "(power.t.test|Power and Sample Size 2-Sample t|G*Power two independent means): n {n} per group, delta {d}, sd {s}",
            "old against new, {n} @things of each, sd {s}: (would|will) a real difference of {d} (show|be significant|be noticed)(?|)",
            "how (likely|probable) is it that we (miss|find) a difference of {d} between the two groups, when each has {n} and the sd is {s}",
            "(trial|study) with {n} per arm, sd {s}, (relevant|expected) difference {d}: (power|is it underpowered)(?|)",
            "I can only afford {n} runs with each setting; sd {s}; the effect I hope for is {d}. (is that worth the effort|chance of success|power)(?|)",
            "is sample {n} in each group too small to @detect a gap of {d} in the means (sd {s}|, sd {s}|, sigma {s})(?|)",
        ),
        {"n": N, "d": DIFFERENCE, "s": SD},
        POWER_OPTIONS,
    ),
    Lesson(
        "stats.power_t_two.standardised",
        "stats.power_t_two(n={n}, difference={d}, {options})",
        (
            "power for (cohen's d|effect size d|d) (=|of|) {d} with {n} (in each group|per group|each)",
            "{n} per group, true difference {d} (standard deviations|sigma|sd units): power",
            "two-sample t, n per group {n}, standardised difference {d}, what is the power",
            "how likely am I to @detect a {d} sigma difference between two groups of {n}",
            "d = {d}, n = {n} per group, (independent t|two-sample t), power",
            "G*Power post hoc: two independent means, effect size d {d}, {n} in each group",
            "standardised difference {d} with {n} each, two groups: (power|1 - beta|beta)",
            "(is|are) {n} (subjects|parts) per group enough for a standardized effect of {d}(?|)",
        ),
        {"n": N, "d": Num(0.3, 1.5, 2)},
        POWER_OPTIONS,
    ),
)
T_UNEQUAL = (
    Lesson(
        "stats.power_t_two.unequal",
        "stats.power_t_two(n={n}, difference={d}, sd={s}, n_2={o}, {options})",
        (
            "power of a two-sample t test with {n} in the first group and {o} in the second, difference {d}, sd {s}",
            "n1={n}, n2={o}, delta={d}, sigma={s}, power",
            "{n} (old|treated|A) and {o} (new|control|B) @things, sd {s}: (can I @detect a difference of {d}|power for a difference of {d})(?|)",
            "unequal groups, {n} against {o}: chance to see a mean difference of {d} when the (sd|scatter) is {s}",
            "difference of means {d}, standard deviation {s}, group sizes {n} and {o}: what power",
        ),
        {"n": N, "o": N, "d": DIFFERENCE, "s": SD},
        POWER_OPTIONS,
        weight=0.5,
    ),
    Lesson(
        "stats.sample_size_t_two.ratio",
        "stats.sample_size_t_two(difference={d}, sd={s}, ratio={r}, {options})",
        (
            "two-sample t, difference {d}, sd {s}, (group size ratio|allocation ratio|n2 over n1|ratio of the group sizes) {r}: (n1 and n2|sample sizes)",
            "@howmany @things to @detect a difference of {d} (sd {s}|, sd {s}|with sd {s}), second group {r} times as large as the first",
            "unequal allocation ({r} to one|{r}:1), delta {d}, sigma {s}, two means: n in each",
            "delta={d} sd={s} ratio={r} n1 n2?",
        ),
        {"d": DIFFERENCE, "s": SD, "r": Num(1.5, 4, choices=("2", "3", "1.5", "4"))},
        SIZE_OPTIONS,
        weight=0.4,
    ),
)
ANOVA = (
    Lesson(
        "stats.sample_size_anova",
        "stats.sample_size_anova(groups={k}, effect={f}, {options})",
        (
            "(sample size|n per group|n) for (a|) one-way (anova|analysis of variance) with {k} (groups|levels|treatments), (effect size|cohen's f|f) (=|of|) {f}",
            "@howmany @things per (group|level|supplier|machine) to compare {k} (groups|machines|suppliers|treatments) at (effect|f) {f}",
            "{k} groups anova, f = {f}, total sample size?",
            "oneway anova planning: {k} treatments, cohen f {f}",
            "k={k}, f={f}, anova, n per group",
            "G*Power F tests, ANOVA fixed effects one-way, effect size f {f}, number of groups {k}, (total sample size|n per group)",
            "(pwr.anova.test|FTestAnovaPower|power one-way ANOVA) k {k} f {f}, solve for n",
            "effect size f of {f}: @howmany @things in each of {k} (groups|recipes|fields|ovens) to see that not all means are equal",
            "comparing {k} (catalysts|suppliers|diets|alloys|ovens) in one experiment, cohen's f {f}; (replicates per treatment|how many of each|group size)(?|)",
        ),
        {"k": Num(3, 8, integer=True), "f": Num(0.15, 0.6, 2)},
        (WANTED, MISSED, ALPHA),
    ),
    Lesson(
        "stats.sample_size_anova.means",
        "stats.sample_size_anova(means={t.m}, sd={s}, {options})",
        (
            "n per group for (one-way anova|anova) if the group means are {t.m} and the (sd|standard deviation) within groups is {s}",
            "expected (means|averages) {t.m} with (sigma|error sd|sd) {s}, @howmany per group (for anova|to see that they differ)",
            "treatments averaging {t.m}, noise {s}: sample size of each (for a one-way analysis|)",
            "one-way layout, (true|assumed) group means {t.m}, within-group standard deviation {s}, replicates needed",
            "(power.anova.test|Power and Sample Size One-Way ANOVA) with means {t.m} and (sd|sigma) {s}, solve for n",
            "@howmany replicates of each treatment if we expect {t.m} on average and the error has sd {s} (and want the F test significant|)",
            "we think the (suppliers|ovens|recipes) average {t.m}; scatter inside each is {s}; @howmany @things per group for the anova to see it",
            "mu_i = {t.m}, sigma = {s}, anova, n each?",
        ),
        {
            "t": TableOf(
                {"m": Data((3, 5), 10, 20, names=("mean", "average", "expected", "level"))},
                forms=("inline",),
            ),
            "s": Num(1, 4, 1),
        },
        (WANTED, MISSED, ALPHA),
        weight=0.6,
    ),
    Lesson(
        "stats.power_anova",
        "stats.power_anova(n={n}, groups={k}, effect={f}, {options})",
        (
            "power of (a|) one-way anova with {n} per group, {k} groups, (effect size|cohen's f|f) (=|of|) {f}",
            "{k} (groups|machines|suppliers|treatments) of {n} each, f = {f}, (power|what is the power|chance of a significant F)",
            "anova power: n per group {n}, groups {k}, cohen f {f}",
            "(is|are) {n} per group enough to compare {k} groups when f is {f}(?|) (power|)",
            "k={k} n={n} f={f} anova power",
            "f = {f}, {k} groups, n = {n} each, (power|1 - beta|beta) of the F test",
            "(pwr.anova.test|G*Power ANOVA one-way|FTestAnovaPower): effect size f {f}, {k} groups, {n} per group, solve for power",
            "how likely is it that an anova over {k} (machines|ovens|diets) with {n} values each finds an effect of f {f}(?|)",
            "would {n} replicates of {k} treatments (do|be enough|suffice) for cohen's f {f}(?|) (power|)",
        ),
        {"n": N, "k": Num(3, 8, integer=True), "f": Num(0.15, 0.6, 2)},
        (ALPHA,),
    ),
)
ANOVA_MEANS = Lesson(
    "stats.power_anova.means",
    "stats.power_anova(n={n}, means={t.m}, sd={s}, {options})",
    (
        "power of a one-way anova with {n} per group if the (true|) means are {t.m} and the (sd|standard deviation) is {s}",
        "(expected|true|assumed) group means {t.m}; error sd {s}; {n} replicates each; power of the F test",
        "(is|are) {n} @things per treatment enough when the treatments average {t.m} and scatter with sd {s}(?|)",
        "(power.anova.test|Power One-Way ANOVA): means {t.m}; sd {s}; n per group {n}",
        "chance that the anova sees a difference between groups averaging {t.m}; sigma {s}; {n} in each",
    ),
    {
        "n": N,
        "t": TableOf(
            {"m": Data((3, 5), 10, 20, names=("mean", "average", "expected", "level"))},
            forms=("inline",),
        ),
        "s": Num(1, 4, 1),
    },
    (ALPHA,),
    weight=0.4,
)
ASK = (
    Lesson(
        "stats.sample_size_t_two.no_difference",
        "stats.sample_size_t_two(difference=<ask>, sd={s})",
        (
            "@howmany @things per group do I need to compare two (machines|suppliers|recipes|methods), sd is {s}",
            "sample size for a two-sample t test, standard deviation {s}",
            "comparing two means with sigma {s}, n per group?",
            "@howmany @things from each machine to see a difference, scatter is {s}",
            "two groups, sd {s}: how many in each",
            "n per arm please, standard deviation {s}, t test",
            "(Power and Sample Size|G*Power) 2-Sample t, standard deviation {s}",
        ),
        {"s": SD},
        weight=0.25,
    ),
)

LESSONS: tuple[Lesson, ...] = (
    *T_ONE,
    *T_STANDARDISED,
    *T_PAIRED,
    *T_TWO,
    *T_UNEQUAL,
    *ANOVA,
    ANOVA_MEANS,
    *ASK,
)
