"""Asking for summaries, t tests, normality, tests on counts and correlation."""

from __future__ import annotations

from havoc.curriculum.lesson import (
    Data,
    Groups,
    Lesson,
    Num,
    Option,
    TableOf,
    Words,
    alpha_options,
    alternative_options,
    hypothesis_options,
)

ONE = TableOf({"x": Data((7, 24))}, forms=("inline", "attached"))
PLENTY = TableOf({"x": Data((12, 30))}, forms=("inline", "attached"))
TWENTY = TableOf({"x": Data((20, 32))}, forms=("inline", "attached"))
TWO = TableOf({"x": Data((5, 14)), "y": Data((5, 14))}, rows=(5, 14))
PAIRS = TableOf({"x": Data(), "y": Data()}, rows=(5, 14))
LONG = TableOf({"x": Data(), "by": Words((2, 2))}, forms=("pasted", "attached"), rows=(8, 20))
XY = TableOf({"x": Data(), "y": Data()}, rows=(8, 18))

PLACE = "(filling line|bottling hall|paint shop|dye house|bakery|foundry|pharmacy|assay lab|call centre|saw mill|clean room|plating tank|weld cell|cnc lathe|smt line|hospital ward|warehouse|tablet press|granulator|kiln|test bench|fermenter|anodising bath|paper mill)"
STORY = f"((from|in) (our|the) {PLACE}|on the night shift|after the overhaul|since Monday|with the new supplier|for the audit|before I call the vendor|)"
CONFIDENCE = Option(
    "confidence={conf}",
    (
        "(with|use|at) (a|the|) {conf} (confidence interval|confidence|interval|ci)",
        "(I want|give me|show) (the|a) {conf} (ci|confidence limits|confidence band|interval)",
        "confidence (level|) (=|of|:|) {conf}",
        "{conf} (limits|confidence limits|CI) please",
    ),
    {
        "conf": Num(
            0.8, 0.999, choices=("90%", "99%", "95%", "98%", "0.9", "0.99", "0.95", "80%", "99.9%")
        )
    },
    0.25,
)
SIDED = alternative_options(0.3)
ALPHA = alpha_options(0.2)
T_OPTIONS = (*ALPHA, *SIDED)

DESCRIBE = Lesson(
    "stats.describe",
    "stats.describe(x={t.x}, {options})",
    (
        "(summarise|summarize|describe|characterise) {t.x}",
        "(give me|I need|show|print) (the|) (summary|descriptive|basic) (statistics|stats|figures) (of|for|on) {t.x} {story}".replace(
            "{story}", STORY
        ),
        "(mean|average) and (sd|standard deviation|stdev|sigma) (of|for) {t.x}(?|, please|)",
        "(what is|what's|compute|find|tell me) the (median|quartiles|interquartile range|IQR|skewness|kurtosis|range|standard error|coefficient of variation|CV|variance|standard deviation|mean|average) (of|in|for) {t.x}",
        "{t.x} -> (mean, sd, median, min, max|n, mean, sd|five number summary|all the usual stats)",
        "how (spread out|variable|scattered|skewed|lopsided) (is|are) {t.x}(?|)",
        "(where is the centre|where do they sit|what is typical) and how wide is the (scatter|spread) (for|of) {t.x}",
        "(confidence interval|95 percent interval|CI) (for|of|around) the (mean|average) of {t.x}",
        "(quick|rough|short|full) (overview|profile|look) (of|at) {t.x}, (numbers only|just the figures|no test|please)",
        "(I just|we) want (a feel for|to get to know|an overview of) {t.x} (before anything else|first|)",
        "column (stats|summary) {t.x}",
        "(largest|smallest|biggest|highest|lowest) (value|reading), (average|mean) and (spread|scatter) (of|in) {t.x}",
        "(boil|cook) {t.x} down to a few numbers",
        "(kurtosis|skewness|skew) and (variance|standard deviation|median) {t.x}",
        "my boss asks for the (average|mean|typical value) and (variability|standard deviation) {story}: {t.x}".replace(
            "{story}", STORY
        ),
        "lag 1 autocorrelation, mean and standard deviation of {t.x}",
    ),
    {"t": ONE},
    (
        CONFIDENCE,
        Option(
            "quartiles=exclusive",
            (
                "quartiles (the way|like|as) minitab (does|computes them)",
                "(use|with) exclusive quartiles",
                "(n+1|JMP|minitab style|quartile.exc) quartiles",
                "(as|like) (QUARTILE.EXC|minitab) (for the quartiles|)",
            ),
            {},
            0.12,
        ),
    ),
)

T_ONE = Lesson(
    "stats.t_test_one",
    "stats.t_test_one(x={t.x}, target={target}, {options})",
    (
        "(one|1)(-| )sample t(-| )test (of|on|for) {t.x} (against|vs|versus|with mu0 =|with mu =) {target}",
        "(is|does) the (mean|average) of {t.x} (differ from|deviate from|different from|equal to|still at|stay at) {target}",
        "(are|is) {t.x} (on average|in the mean) (off|away from|different from|not) {target}(?|)",
        "(nominal|label|setpoint|aim|reference|certified value|spec target) (is|=|says|) {target}, (we got|readings|measured|observed) {t.x}. (biased?|is there a bias?|off centre?|on aim or not?|are we off?)",
        "{t.x} - (does it|do they) (hit|meet|miss|match) (the|a) (nominal|setpoint|reference|aim) of {target}(?|, statistically speaking?)",
        "H0: mu = {target} (for|with|on) {t.x}",
        "mu0={target}, {t.x}, (t and p|t, df, p|p value please|ci too)",
        "(check|see|test|verify) whether the (process|true|population) (mean|average) is {target} given {t.x}",
        "(our|the) {place} (should|is supposed to|ought to) (average|run at|deliver) {target}. (here is what I measured|I measured|we saw): {t.x}. (is it luck|chance or real|should I adjust)(?|)".replace(
            "{place}", PLACE
        ),
        "(compare|test) the (average|mean) of {t.x} (with|to|against) (the|a) (fixed|known|required|stated|advertised) value (of|) {target}",
        "(has|did) the level (moved|shifted|drifted) (away|) from {target}? {t.x}",
        "t test {t.x} vs {target}",
        "does {t.x} support a mean of {target}",
        "(we claim|the datasheet promises|the standard asks for) {target}; the lab found {t.x}. (can we keep the claim|is the claim tenable|p value)(?|)",
        "(significant|real|genuine) (deviation|departure|shift) from {target} in {t.x}(?|)",
        "single sample, test (mean|average) against {target}: {t.x}",
        "(evidence|proof) that {t.x} (average|averages|centre) (is not|isn't|differs from) {target}",
    ),
    {"t": ONE, "target": Num(1, 99, 1)},
    (*T_OPTIONS, *hypothesis_options()),
    weight=1.3,
)
T_ONE_ASK = Lesson(
    "stats.t_test_one.no_data",
    "stats.t_test_one(x=<ask>, target={target})",
    (
        "is (my|our|the) (process|machine|line|filler) on (target|aim|setpoint) {target}(?|)",
        "(run|do) a one-sample t test against {target}",
        "(does|is) (our|the) (mean|average) (equal|differ from|off from|match) (the nominal|) {target}(?|)",
        "test whether we are on (target|aim|nominal) {target} please",
        "the (label|datasheet|drawing) says {target}, are we off(?|)",
    ),
    {"target": Num(1, 500, 1)},
    weight=0.25,
)
T_ONE_SUMMARY = Lesson(
    "stats.t_test_one_summary",
    "stats.t_test_one_summary(n={n}, mean={m}, sd={s}, target={target}, {options})",
    (
        "n (=|is|) {n}, (mean|xbar|x-bar|average|ybar) (=|of|) {m}, (sd|s|stdev|st dev|standard deviation) (=|of|) {s}. (test|compare) (against|with|vs) (mu0 =|mu =|the target|) {target}",
        "(sample of|) {n} (parts|units|bottles|specimens|pieces|tablets) (averaged|had a mean of|gave a mean of) {m} with (a|) (standard deviation|sd|s) (of|) {s}; (is that different from|does that differ from|is it really not|test against) {target}(?|)",
        "t test from (summary|summarised data|the report): mean {m}, sd {s}, n {n}, (hypothesised mean|null value|mu0|reference) {target}",
        "(mean|average) {m} (+/- sd|sd) {s} from {n} (readings|measurements|shots|samples) against (a|the|) (nominal|spec|label|claim) (of|) {target}: (t and p|t, df and p|significant?|p-value)",
        "(I only have|all I have is|no raw data, just) n={n}, mean={m}, s={s}. (does the mean differ from|test the mean against|H0 is mu =) {target}",
        "(calculate|give me|find) (t and p|the t statistic|the p value) (for|from) x-bar {m}, s {s}, n {n} and mu {target}",
        "supplier (quotes|reports) a (mean|average) of {m} and a standard deviation of {s} over {n} (rolls|lots|drums|parts). we need {target}. is (it|the mean) off(?|)",
        "H0 mean {target}; observed {m}, s {s}, sample size {n}",
        "{n} (observations|values), average {m}, spread {s}, (reference|should be|target) {target} - one-sample t",
    ),
    {
        "n": Num(4, 80, integer=True),
        "m": Num(40, 60, 2),
        "s": Num(0.5, 9, 2),
        "target": Num(38, 62, 1),
    },
    (*T_OPTIONS, *hypothesis_options()),
)

TWO_ASK = (
    "(two|2)(-| )sample t(-| )test (of|between|for|on) {t.x} (and|vs|versus|against) {t.y}",
    "(do|are) the (means|averages) of {t.x} and {t.y} (differ|different|the same|equal|distinguishable)",
    "(is there a|any) (difference|real difference|significant difference) (between|in mean between|in the average of) {t.x} and {t.y}(?|)",
    "(compare|contrast) (the means of|the averages of|on average|) {t.x} (with|to|and|against) {t.y}",
    "is {t.x} (better|higher|bigger|stronger|longer|different) than {t.y} or (is it|just) (luck|noise|chance)(?|)",
    "(supplier|machine|mould|operator|batch|recipe|lab|method) one: {t.x}, (supplier|machine|mould|operator|batch|recipe|lab|method) two: {t.y}. (same mean|which one is higher, and is it real|significant|do they agree on average)(?|)",
    "{t.x} vs {t.y} (t test|t, df and p|p value|confidence interval of the difference|ci for the difference)",
    "(unrelated|independent|separate) (samples|groups|batches) {t.x} and {t.y}: (equal means|difference of means|test the means)(?|)",
    "how much (higher|lower|bigger|more) is {t.x} than {t.y} on average, with (an interval|a confidence interval|limits)",
    "we (changed|swapped) the (tool|nozzle|resin|oil|recipe) {story}: old {t.x}; new {t.y}. (did it make|does it make|is there) (a|any) difference(?|)".replace(
        "{story}", STORY
    ),
    "(can I|may we) say that {t.x} and {t.y} (come from|have) the same (mean|average|level)(?|)",
    "(A/B|ab) (comparison|test): A {t.x} B {t.y}, (difference in means|which mean is larger)(?|)",
)
T_TWO = Lesson(
    "stats.t_test_two",
    "stats.t_test_two(x={t.x}, y={t.y}, {options})",
    (
        *TWO_ASK,
        "welch (t|) test {t.x} {t.y}",
        "unequal variance(s|) t test (of|on) {t.x} and {t.y}",
        "{t.x} and {t.y} have (different|unequal) (spreads|variances|scatter), compare their (means|averages) (anyway|with Welch)",
    ),
    {"t": TWO},
    T_OPTIONS,
    weight=1.3,
)
T_POOLED = Lesson(
    "stats.t_test_two.pooled",
    "stats.t_test_two(x={t.x}, y={t.y}, equal_variances=true, {options})",
    (
        "(pooled|classic|equal-variance|equal variance|ordinary student) (two-sample|) t(-| )test (of|on|for|between) {t.x} and {t.y}",
        "{t.x} vs {t.y}, (assume|assuming|with) equal (variances|spreads|standard deviations), (t test|compare means|test the means)",
        "student's two sample t with (a|) pooled (sd|standard deviation|variance) on {t.x} and {t.y}",
        "(compare|test) the means of {t.x} and {t.y}, (pool the variances|variances pooled|pooled sd|we may take the variances as equal)",
        "(are|do) {t.x} and {t.y} (different|differ) on average? (use the|with a) pooled (estimate|variance|sd|standard deviation|t)",
        "(homoscedastic|same variance) (t test|comparison of means) {t.x} {t.y}",
        "n1 + n2 - 2 degrees of freedom t test for {t.x} and {t.y}",
        "pooled t: {t.x} / {t.y}",
        "what is the pooled (sd|standard deviation) and (t|p) for {t.x} against {t.y}",
    ),
    {"t": TWO},
    T_OPTIONS,
    weight=0.8,
)
T_TWO_LONG = Lesson(
    "stats.t_test_two.long",
    "stats.t_test_two(x={t.x}, by={t.by}, {options})",
    (
        "(does|is) (the mean|average|mean|) {t.x} (depend on|differ by|differ between the two|different for the two levels of) {t.by}(?|)",
        "(two|2)-sample t test (of|on) {t.x} (by|split by|grouped by|for the two groups in) {t.by}",
        "compare (the mean|mean|average|) {t.x} between the (two|2) {t.by} (groups|levels|values)",
        "t test: {t.x} by {t.by}",
        "is {t.x} (higher|lower|different) for one {t.by} than (for|) the other(?|)",
        "(welch|t test), response {t.x}, (groups in|group column|grouping) {t.by}",
        "do both {t.by} levels (have|give|share) the same (average|mean) {t.x}(?|)",
        "(difference|gap) in (average|mean) {t.x} between the {t.by} categories, (with ci|is it real|p value)",
    ),
    {"t": LONG},
    T_OPTIONS,
    weight=0.9,
)
T_TWO_SUMMARY = Lesson(
    "stats.t_test_two_summary",
    "stats.t_test_two_summary(n_1={n}, mean_1={m}, sd_1={s}, n_2={o}, mean_2={k}, sd_2={q}, {options})",
    (
        "(group|sample|line|machine|lab) 1: n={n}, mean={m}, sd={s}; (group|sample|line|machine|lab) 2: n={o}, mean={k}, sd={q}. (do the means differ|t test|compare the means)(?|)",
        "n1={n} xbar1={m} s1={s} n2={o} xbar2={k} s2={q}, (t, df, p|two-sample t|difference in means|p value)",
        "{n} (parts|units|runs) with mean {m} and (sd|standard deviation) {s} against {o} (parts|units|runs) with mean {k} and (sd|standard deviation) {q}: (is the difference real|significantly different|different on average)(?|)",
        "(two-sample|welch) t test from (summaries|summary statistics|published figures): {n}, {m}, {s} and {o}, {k}, {q} (n, mean, sd each|)",
        "the old (process|tool|batch) gave {n} (values|readings) averaging {m} (s = {s}|, sd {s}), the new one {o} averaging {k} (s = {q}|, sd {q}). (better|changed|different|is that luck)(?|)",
        "(paper|report) says n = {n}, {m} +/- {s} for (control|A|before) and n = {o}, {k} +/- {q} for (treatment|B|the other). (test|compare) the (two|) means",
        "no raw data: first sample size {n} mean {m} sd {s}, second sample size {o} mean {k} sd {q}, are the averages equal",
    ),
    {
        "n": Num(4, 60, integer=True),
        "m": Num(40, 60, 2),
        "s": Num(1, 9, 2),
        "o": Num(4, 60, integer=True),
        "k": Num(40, 60, 2),
        "q": Num(1, 9, 2),
    },
    (
        Option(
            "equal_variances=true",
            (
                "(pooled|assume equal variances|equal variances|use the pooled sd|pool the sds)",
                "with a pooled (variance|standard deviation|sd)",
                "the variances may be taken as equal",
            ),
            {},
            0.3,
        ),
        *T_OPTIONS,
    ),
)
T_PAIRED = Lesson(
    "stats.t_test_paired",
    "stats.t_test_paired(x={t.x}, y={t.y}, {options})",
    (
        "paired t(-| )test (of|on|for|between) {t.x} and {t.y}",
        "(before|pre): {t.x} (after|post): {t.y}. (did it change|did anything change|any change|did the treatment work|improvement)(?|)",
        "same (parts|units|patients|specimens|samples|operators|boards) measured twice, {t.x} then {t.y}, (is there a shift|mean difference|do the two differ)(?|)",
        "(each|every) (part|specimen|wafer|bottle|person) was (measured|tested|weighed) by both (gauges|methods|labs|scales): {t.x} and {t.y}. (do they agree on average|is one biased|systematic difference)(?|)",
        "matched pairs {t.x} {t.y}, (test the mean difference|t and p|is the mean difference zero)",
        "(row by row|pairwise|pair by pair) (difference|differences) between {t.x} and {t.y}: (zero on average|significant|real)(?|)",
        "(dependent|repeated measures|matched) (samples|) t test {t.x} vs {t.y}",
        "did {t.x} (change|drop|rise) to {t.y} on the same (items|specimens|units)(?|)",
        "the two columns {t.x} and {t.y} are paired (by row|), test whether they differ",
        "(two|both) (readings|tests) on each (item|sample|blank): {t.x}; {t.y}. paired comparison please",
        "mean of the differences {t.x} minus {t.y}, with (interval|confidence interval|p value)",
        "(linked|blocked by part|within-subject) comparison of {t.x} with {t.y}",
    ),
    {"t": PAIRS},
    T_OPTIONS,
    weight=1.2,
)
T_PAIRED_SUMMARY = Lesson(
    "stats.t_test_paired_summary",
    "stats.t_test_paired_summary(n={n}, mean_difference={m}, sd_difference={s}, {options})",
    (
        "{n} pairs, mean difference {m}, (sd|standard deviation) of the differences {s}: (paired t|t and p|significant)(?|)",
        "paired t test from (summary|summaries): dbar={m}, sd={s}, n={n}",
        "(the differences of|differences over) {n} (pairs|matched parts|before-after pairs) (average|averaged) {m} with (a|) (standard deviation|sd) (of|) {s}, is (it|that) (really not zero|zero|significant)(?|)",
        "average (gain|loss|change|difference) per (pair|part|patient) {m}, sd of the (changes|differences) {s}, n = {n} pairs, test it",
        "d-bar {m}, s_d {s}, {n} pairs. p-value?",
    ),
    {"n": Num(4, 40, integer=True), "m": Num(0.5, 9, 2), "s": Num(1, 9, 2)},
    T_OPTIONS,
    weight=0.7,
)
PAIR_CONTRAST = Lesson(
    "stats.t_test_two.not_paired",
    "stats.t_test_two(x={t.x}, y={t.y}, {options})",
    (
        "different (parts|people|specimens|units) in each (group|list): {t.x} and {t.y}. (is there a shift|do the two differ|compare the means)(?|)",
        "two separate (batches|lots|sets of parts), {t.x} then {t.y}, (is there a shift|mean difference|do they differ on average)(?|)",
        "the two columns {t.x} and {t.y} are not paired, test whether their means differ",
        "(each|every) (gauge|lab|crew) tested its own (parts|specimens): {t.x} and {t.y}. (do they agree on average|is one higher)(?|)",
    ),
    {"t": TWO},
    T_OPTIONS,
    weight=0.5,
)

NORMAL_ASK = (
    "(are|is) {t.x} (normal|normally distributed|gaussian|bell shaped|from a normal population)(?|)",
    "(normality test|test for normality|test of normality|check normality) (on|of|for) {t.x}",
    "(can|may) I (treat|regard|assume) {t.x} (as|to be) (normal|gaussian|normally distributed)(?|)",
    "(does|do) {t.x} follow a (normal|gaussian|bell) (distribution|curve)(?|)",
    "(is|are) the (distribution|data|readings) {t.x} (close enough to|near|compatible with) (normal|gaussian|a bell curve)(?|)",
    "(before|so that) I (run|do) (a t test|capability|a control chart|anova): (is|are) {t.x} normal(?|)",
    "goodness of fit to (the|a) normal (distribution|), {t.x}",
    "any (departure|deviation) from normality in {t.x}(?|)",
    "normal probability plot and (p value|test) for {t.x}",
    "is a normal model (ok|okay|fine|justified|reasonable) for {t.x}",
    "gaussian or not: {t.x}",
)
NORMALITY = Lesson(
    "stats.normality",
    "stats.normality(x={t.x}, {options})",
    (
        *NORMAL_ASK,
        "anderson(-| )darling (test|normality test|A2|a-squared|) (on|for|of) {t.x}",
        "AD (statistic|test) and p for {t.x}",
        "A-squared for {t.x}, (mean and sd estimated|parameters estimated from the data), (with p|and p)",
    ),
    {"t": PLENTY},
    ALPHA,
    weight=1.2,
)
METHODS = tuple(
    Lesson(
        f"stats.normality.{method}",
        f"stats.normality(x={{t.x}}, method={method}, {{options}})",
        (
            f"{names} (test|normality test|) (on|of|for) {{t.x}}",
            f"(are|is) {{t.x}} (normal|gaussian|normally distributed)(?|) (use|with|by|run the) {names}",
            f"(check|test) {{t.x}} for normality (with|using|by means of) (the|) {names}",
            f"{names}: {{t.x}}",
            f"(statistic|result) and p of {names} for {{t.x}}",
            f"normality by {names}, data {{t.x}}",
        ),
        {"t": TWENTY if method == "dagostino_pearson" else PLENTY},
        ALPHA,
        weight=0.5,
    )
    for method, names in (
        ("shapiro_wilk", "(shapiro-wilk|shapiro wilk|shapiro|SW|the W statistic)"),
        (
            "lilliefors",
            "(lilliefors|kolmogorov-smirnov|KS|kolmogorov smirnov|KS with lilliefors correction)",
        ),
        (
            "dagostino_pearson",
            "(d'agostino-pearson|dagostino|d'agostino|omnibus K2|K-squared skewness and kurtosis)",
        ),
    )
)

CROSS = Groups((2, 4), (2, 5), integers=True, table_only=True, row_labels=True)
CHI2 = Lesson(
    "stats.chi_square_independence",
    "stats.chi_square_independence(counts={g}, {options})",
    (
        "chi(-| )(square|squared) test (of|for) (independence|association|homogeneity) (on|for|with|) {g}",
        "(are|is) the (rows|row variable) (independent of|related to|associated with) the (columns|column variable) (in|of) {g}(?|)",
        "(does|is) the (mix|breakdown|pattern|profile) (depend on|the same for|differ across) the (rows|row categories) (in|of) {g}(?|)",
        "contingency table {g}: (independent|association|related|chi2 and p)(?|)",
        "{g} (counts|tallies|frequencies), (test independence|any association|is there a connection)(?|)",
        "(cross-tab|crosstab|cross tabulation|two-way table) {g}: chi2, df, p (and expected counts|and expected frequencies|)",
        "(expected counts|expected frequencies) and chi-square for {g}",
        "(is|are) the (defect types|complaints|failures|categories) (spread|distributed) the same way (over|across) (shifts|lines|suppliers|sites)(?|) {g}",
        "(pearson's|pearson) chi-square (on|for) the (counts|table) {g}",
        "do (rows and columns|the two classifications) go together? {g}",
        "cramer's V (and p|) for {g}",
        "(are|is) these proportions the same in every (row|group|line)? {g}",
    ),
    {"g": CROSS},
    ALPHA,
    weight=1.1,
)
RAW = TableOf({"a": Words((2, 3)), "b": Words((2, 3))}, forms=("attached",), rows=(18, 30))
CHI2_RAW = Lesson(
    "stats.chi_square_independence.raw",
    "stats.chi_square_independence(rows={t.a}, columns={t.b}, {options})",
    (
        "(is|are) {t.a} and {t.b} (independent|associated|related|linked)(?|)",
        "chi-square test of {t.a} (by|against|vs|and) {t.b}",
        "cross tabulate {t.a} and {t.b} and test (independence|association)",
        "does {t.b} depend on {t.a}, (both categorical|as categories)(?|)",
        "association between the (categories|labels) {t.a} and {t.b}, (chi2|cramer's V|p value)",
        "count {t.a} against {t.b} and (see|check) whether they go together",
    ),
    {"t": RAW},
    ALPHA,
    weight=0.7,
)
COUNTS = TableOf(
    {
        "o": Data(
            (4, 8),
            12,
            60,
            integers=True,
            names=("count", "observed", "frequency", "tally", "hits", "rejects"),
        )
    },
    forms=("inline",),
)
CHI2_FIT = Lesson(
    "stats.chi_square_fit",
    "stats.chi_square_fit(observed={t.o}, {options})",
    (
        "(are|is) the (counts|frequencies|tallies) {t.o} (equal|uniform|evenly spread|equally likely)(?|)",
        "chi(-| )square goodness of fit (for|of|on) {t.o} (to equal shares|to a uniform distribution|all equally likely|)",
        "(do|does) {t.o} (come|fall) equally (on|in) (all|each) (weekdays|cavities|heads|machines|categories|stations)(?|)",
        "is the (die|wheel|dispenser|distribution over cavities) (fair|uniform|even)? {t.o}",
        "observed counts {t.o}, (uniform|no preference|equal) expected, chi2 and p",
        "(is|are) any (category|cavity|day|head) over-represented in {t.o}(?|)",
        "goodness-of-fit chi-squared with equal expected counts: {t.o}",
    ),
    {"t": COUNTS},
    ALPHA,
    weight=0.8,
)
CHI2_RATIO = Lesson(
    "stats.chi_square_fit.ratio",
    "stats.chi_square_fit(observed={t.o}, proportions={t.p}, {options})",
    (
        "(do|does) observed {t.o} (follow|fit|match|agree with) the (ratio|ratios|proportions|shares|split) {t.p}(?|)",
        "goodness of fit of {t.o} (to|against) (the|) (ratio|proportions|mix) {t.p}",
        "chi-square: (observed|counted) {t.o}, expected (ratio|proportions) {t.p}",
        "we (counted|saw) {t.o} where the (plan|theory|recipe|contract) says {t.p}, (does it fit|chi2 and p)(?|)",
    ),
    {
        "t": TableOf(
            {
                "o": Data((4, 4), 12, 80, integers=True, names=("count", "observed", "tally")),
                "p": Data((4, 4), 1, 9, integers=True, names=("ratio", "proportion", "share")),
            },
            forms=("inline",),
            rows=(3, 6),
        )
    },
    ALPHA,
    weight=0.6,
)
FISHER = Lesson(
    "stats.fisher_exact",
    "stats.fisher_exact(a={a}, b={b}, c={c}, d={d}, {options})",
    (
        "fisher(s|'s|) exact (test|) (on|for|of) {a} {b} / {c} {d}",
        "(old|first|line 1|A): {a} (bad|failed|defective|cracked) {b} (good|passed|ok); (new|second|line 2|B): {c} (bad|failed|defective|cracked) {d} (good|passed|ok). (fisher|exact test|exact p)(?|)",
        "2x2 (table|) {a}, {b}, {c}, {d}, (small counts|tiny numbers|few cases), (exact test|exact p value|fisher)",
        "{a} of one kind and {b} of the other in group 1, {c} and {d} in group 2, (fisher's exact|exact) p",
        "is {a} fail {b} pass (different from|worse than|better than) {c} fail {d} pass? (counts are small|use an exact test|fisher)",
        "exact test of a two by two table with cells {a} {b} {c} {d}",
        "(odds ratio|OR) with exact (interval|limits) for {a} {b} vs {c} {d}",
        "treated: {a} yes {b} no, control: {c} yes {d} no, fisher exact",
    ),
    {
        "a": Num(1, 12, integer=True),
        "b": Num(2, 15, integer=True),
        "c": Num(1, 12, integer=True),
        "d": Num(2, 15, integer=True),
    },
    (*ALPHA, *SIDED),
)

CORRELATION = Lesson(
    "stats.correlation",
    "stats.correlation(x={t.x}, y={t.y}, {options})",
    (
        "(correlation|pearson correlation|correlation coefficient|pearson's r|r) (between|of|for) {t.x} and {t.y}",
        "(are|is) {t.x} and {t.y} (correlated|related|linearly related|moving together|linked)(?|)",
        "how (strongly|closely|tightly) (does|is) {t.x} (related to|go with|linked to|associated with|track) {t.y}(?|)",
        "correlate {t.x} (with|and|against) {t.y}",
        "(does|do) {t.y} (go up|rise|move|change) (when|as|with) {t.x} (goes up|rises|does|changes|)(?|) (give me r|strength of the link|)",
        "strength of the (linear|) (association|relationship|link) between {t.x} and {t.y}",
        "r and p for {t.x} vs {t.y}",
        "is there (a|any) (link|connection|association|correlation) between {t.x} and {t.y}(?|)",
        "(correlation|r) with (its|a) confidence interval, {t.x} and {t.y}",
        "covariance and correlation of {t.x} and {t.y}",
    ),
    {"t": XY},
    (CONFIDENCE,),
    weight=1.2,
)
RANKS = tuple(
    Lesson(
        f"stats.correlation.{method}",
        f"stats.correlation(x={{t.x}}, y={{t.y}}, method={method}, {{options}})",
        (
            f"{names} (correlation|coefficient|) (between|of|for) {{t.x}} and {{t.y}}",
            f"(how strongly|do) {{t.x}} and {{t.y}} (agree|go together|move together)(?|) (use|by|with) {names}",
            f"{names}: {{t.x}} vs {{t.y}}",
            f"(monotone|nonparametric|distribution free) (association|correlation) of {{t.x}} with {{t.y}}, {names}",
            f"correlate {{t.x}} and {{t.y}} (using|with|by) {names}",
        ),
        {"t": XY},
        (CONFIDENCE,),
        weight=0.6,
    )
    for method, names in (
        (
            "spearman",
            "(spearman|spearman rank|spearman's rho|rank correlation rho|rho on the ranks)",
        ),
        ("kendall", "(kendall|kendall tau|kendall's tau-b|tau|concordance tau)"),
    )
)
COMBINED = (
    Lesson(
        "stats.normality+t_test_one",
        "stats.normality(x={t.x}); stats.t_test_one(x={t.x}, target={target}, {options})",
        (
            "(check|test) {t.x} for normality and then (t test|test) (it|the mean|them) against {target}",
            "is {t.x} normal, and is the (mean|average) {target}(?|)",
            "normality (check|) first, then a one-sample t against {target}: {t.x}",
        ),
        {"t": PLENTY, "target": Num(10, 90, 1)},
        ALPHA,
        weight=0.4,
    ),
    Lesson(
        "stats.describe+normality",
        "stats.describe(x={t.x}); stats.normality(x={t.x})",
        (
            "(summarise|describe) {t.x} and (tell me|say|check) whether (it is|they are) normal",
            "(mean, sd|summary statistics|basic stats) and a normality test for {t.x}",
            "(summary|descriptives) plus normality of {t.x}",
        ),
        {"t": PLENTY},
        (),
        weight=0.4,
    ),
)

LESSONS: tuple[Lesson, ...] = (
    DESCRIBE,
    T_ONE,
    T_ONE_ASK,
    T_ONE_SUMMARY,
    T_TWO,
    T_POOLED,
    T_TWO_LONG,
    T_TWO_SUMMARY,
    T_PAIRED,
    T_PAIRED_SUMMARY,
    PAIR_CONTRAST,
    NORMALITY,
    *METHODS,
    CHI2,
    CHI2_RAW,
    CHI2_FIT,
    CHI2_RATIO,
    FISHER,
    CORRELATION,
    *RANKS,
    *COMBINED,
)
