"""Asking for summaries, normality, tests on counts and correlation."""

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
)

ONE = TableOf({"x": Data((7, 24))}, forms=("inline", "attached"))
PLENTY = TableOf({"x": Data((12, 30))}, forms=("inline", "attached"))
TWENTY = TableOf({"x": Data((20, 32))}, forms=("inline", "attached"))
TWO = TableOf({"x": Data((5, 14)), "y": Data((5, 14))}, rows=(5, 14))
PAIRS = TableOf({"x": Data(), "y": Data()}, rows=(5, 14))
LONG = TableOf({"x": Data(), "by": Words((2, 2))}, forms=("pasted", "attached"), rows=(8, 20))
XY = TableOf({"x": Data(), "y": Data()}, rows=(8, 18))

STORY = "((from|in) (our|the) @place|on the night shift|after the overhaul|since Monday|with the new supplier|for the audit|before I call the vendor|)"
CONFIDENCE = Option(
    "confidence={conf}",
    (
        "(with|use|at) (a|the|) {conf} (confidence interval|confidence|interval|ci)",
        "(I want|give me|show) (the|a) {conf} (ci|confidence limits|confidence band|interval)",
        "confidence (level|) (=|of|:|) {conf}",
        "{conf} (limits|confidence limits|CI) please",
        "(interval|CI|limits) (at|with) {conf}( coverage| level|)",
        "(be|I must be|we want to be) {conf} (sure|certain|confident)",
        "conf.level (=|) {conf}",
    ),
    {
        "conf": Num(
            0.8, 0.999, choices=("90%", "99%", "95%", "98%", "0.9", "0.99", "0.95", "80%", "99.9%")
        )
    },
    0.25,
)
ALPHA = alpha_options(0.2)

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
        "(descriptive statistics|summary statistics|descriptives|basic statistics|Display Descriptive Statistics|describe()|df.describe) (for|of|on|) {t.x}",
        "n, @mean, @sd, (SE mean|standard error|min, Q1, median, Q3, max|minimum and maximum|median, quartiles) (of|for) {t.x}",
        "xbar and s (of|for|from) {t.x}",
        "{t.x}: (x-bar|xbar|mean) = ? s = ?",
        "(calculate|compute|find) the (sample mean, median and standard deviation|sample variance and range|arithmetic mean|sample standard deviation|mean and the 95% interval around it) (of|for) the (following|) (sample|readings|) {t.x}",
        "(what|which) numbers would you (put in the report|tell a customer|quote) about {t.x} (to say where they lie and how they scatter|, I have to characterise them)",
        "(how big|how large) is the (scatter|variation|spread|noise) (of|in) {t.x}, and (the|what) (average|mean) (do I have|is it|)(?|)",
        "(five|5)(-| )(number|point) summary (of|for) {t.x}",
        "mean ± (s|sd|standard error) (for|of) {t.x}",
        "{t.x} - (just the basics|stats please|key figures|usual figures|mean/sd/median)",
        "relative standard deviation (RSD|%RSD|in percent|) (of|for) {t.x}",
        "at the @place (we|I) recorded {t.x}. (summarise the readings|what is the average and how much do they vary|give me the statistics)",
        "please to give mean value, deviation and median from {t.x}",
        "AVERAGE, STDEV.S, MEDIAN, QUARTILE (of|for) {t.x}",
        "(mode|most frequent value|most common value) (and median|and mean|, median and mean|) of {t.x}",
        "@mean, median and mode (of|for) {t.x}",
        "(geometric|harmonic|trimmed|geometric and arithmetic) mean (of|for|from) {t.x}",
        "(MAD|median absolute deviation|mean absolute deviation|average deviation from the mean) (of|for|in) {t.x}",
        "how (precise|repeatable) are {t.x} (mean, sd and standard error|as mean and standard error|in terms of the standard error of the mean)(?|)",
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
                "quartiles (at|by|from) (n+1|(n + 1) p) (positions|rule|)",
                "(exclude|excluding) the median (in|from) the (halves|quartiles)",
            ),
            {},
            0.12,
        ),
        Option(
            "trim={trim}",
            (
                "(and|with|also) the (trimmed|truncated) mean, {trim} (off|from|cut at) each (end|side|tail)",
                "{trim} trimmed (mean|average)(?| too| as well)",
                "(trim|trimming|cut|drop) {trim} (at|of the values at|from) (each|either|both) (end|ends|side|sides|tail|tails)",
                "trimmed mean (leaving|that leaves) out the (top and bottom|largest and smallest) {trim}",
                "(scipy.stats.trim_mean|trim_mean) with {trim}",
                "trim = {trim}",
                "mean(x, trim = {trim})",
            ),
            {
                "trim": Num(
                    0.02, 0.25, choices=("10%", "5%", "20%", "0.1", "0.05", "0.2", "25%", "15%")
                )
            },
            0.1,
        ),
    ),
)

NORMAL_ASK = (
    "(are|is) {t.x} (normal|normally distributed|gaussian|bell shaped|from a normal population)(?|)",
    "(normality test|test for normality|test of normality|check normality) (on|of|for) {t.x}",
    "(can|may) I (treat|regard|assume) {t.x} (as|to be) (normal|gaussian|normally distributed)(?|)",
    "(does|do) {t.x} follow a (normal|gaussian|bell) (distribution|curve)(?|)",
    "(is|are) the (distribution|data|readings) {t.x} (close enough to|near|compatible with) (normal|gaussian|a bell curve)(?|)",
    "(before|so that) I (run|do) (a t test|capability|a control chart|anova): (is|are) {t.x} normal(?|)",
    "goodness of fit to (the|a) normal (distribution|), {t.x}",
    "(is|are) {t.x} (skewed or bell-shaped|normal or not|gaussian enough for a t test|normal enough for capability)(?|)",
    "H0: (the|) (data|sample|population) (come from|comes from|is) a normal (distribution|), {t.x}",
    "do I need (ranks|a transformation|a nonparametric test) or (is|are) {t.x} (normal|normally distributed)(?|)",
    "Stat > Basic Statistics > Normality Test, variable {t.x}",
    "(the|our) residuals {t.x}: (are they normal|check their normality|normal at alpha 5 percent or not)",
    "@test whether {t.x} (could come|come|comes) from a (normal|gaussian) (population|distribution|process)",
    "{t.x} from the @place: (normal distribution yes or no|does a bell curve describe them|normality ok)(?|)",
    "(p-value|p value) for normality of {t.x}",
    "may the normal (assumption|law|model) be kept for {t.x}(?|)",
    "the customer only accepts capability figures for normal data. {t.x}: normal(?|)",
    "is distributed {t.x} like the normal one(?|)",
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
        "(anderson-darling|AD) goodness-of-fit (to|against|for) the normal (distribution|), {t.x}",
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
            f"{names} on {{t.x}}: (p above or below alpha|normal or not|reject normality)(?|)",
            f"H0 normal, {{t.x}}, {names}",
            f"my (boss|professor|auditor|reviewer) wants {names} for {{t.x}}",
            f"(run|perform|do|apply) {names} on {{t.x}} (to see if they are normal|as the test of normality|before the t test|)",
            f"according to {names}, (may|can) {{t.x}} be called normal(?|)",
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
        "(chisq.test|chi2_contingency|CHISQ.TEST|Chi-Square Test for Association|crosstab chi-square) (for|on|with) {g}",
        "H0: (rows and columns are independent|no association|independence), {g}",
        "(rejects|complaints|defect types|blood groups|choices) by (shift|supplier|site|gender|line) {g} - (does the shift matter|is there a pattern|do the groups differ|independent or not)(?|)",
        "(r x c|rxc|k x m|two way) table of counts {g}, (test whether row and column go together|chi square|are the two attributes related)",
        "is the (kind of defect|answer|outcome|result) @different from (row to row|group to group|machine to machine)? counted: {g}",
        "observed frequencies {g}. (test|decide) whether the two (attributes|classifications|categorical variables) are (independent|related)",
        "(are|is) the split over the columns (the same|alike) for all rows, or does it depend on the row? {g}",
        "(homogeneity|association) of (the|) (proportions|counts|table) {g}: chi-square, degrees of freedom, p",
        "we counted {g} at the @place; (is it luck that the rows look different|does one variable tell something about the other|are the classes linked)(?|)",
        "(row percentages|shares) in {g}: (equal or not|significantly different)(?|)",
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
        "(pd.crosstab|crosstab|two-way table) of {t.a} and {t.b} with (chi-square|chi2 and p|a test)",
        "do the {t.a} groups have the same (mix|breakdown|distribution) of {t.b}(?|)",
        "is {t.b} (more common|distributed differently) for some {t.a} than for others? (both are labels|chi-square|categorical)",
        "chisq.test({t.a}, {t.b})",
        "H0: {t.a} and {t.b} are independent",
        "relationship between two (qualitative|nominal|categorical|text) (variables|columns) {t.a} and {t.b}",
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
        "(chisq.test|scipy chisquare|Chi-Square Goodness-of-Fit|one-way chi-square) (for|on|of) {t.o} (with equal proportions|)",
        "H0: (all categories equally likely|p1 = p2 = ... = pk|uniform|equal proportions), counts {t.o}",
        "are the (accidents|breakdowns|rejects|calls|stops) (spread|distributed) evenly over the (days|shifts|machines|cavities)? {t.o}",
        "{t.o} (per cavity|per day|per head|per shift|per category): (is one worse than the rest|any preference|just random)(?|)",
        "(a die|the feeder|a roulette wheel|the random generator) gave {t.o}; (is it fair|biased|fair or loaded)(?|)",
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
        "H0: (proportions|ratio) {t.p}, (observed|counts) {t.o}",
        "(mendel|genetics|mendelian|theory) predicts {t.p}, the (field|experiment|lab) gave {t.o}; (compatible|consistent|does the theory hold)(?|)",
        "(chisq.test with p =|chi-square goodness-of-fit, specific proportions) {t.p} for {t.o}",
        "expected shares in proportion {t.p}, counts {t.o}: (has the mix changed|significant departure|goodness of fit)(?|)",
        "is the (product mix|defect mix|split) {t.o} still (as|like) (last year's|the planned|the historical) {t.p}(?|)",
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
        "2x2 (table|) {a} and {b} over {c} and {d}, (small counts|tiny numbers|few cases), (exact test|exact p value|fisher)",
        "{a} of one kind and {b} of the other for A; {c} and {d} for B: (fisher's exact|exact) p",
        "is {a} fail {b} pass (different from|worse than|better than) {c} fail {d} pass? (counts are small|use an exact test|fisher)",
        "exact test of a two by two table with cells {a} and {b}; {c} and {d}",
        "(odds ratio|OR) with exact (interval|limits) for {a} {b} vs {c} {d}",
        "treated: {a} yes {b} no, control: {c} yes {d} no, fisher exact",
        "(fisher.test|scipy fisher_exact|Fisher's Exact Test) a={a}, b={b}, c={c}, d={d}",
        "a = {a}; b = {b}; c = {c}; d = {d}; (small sample|few counts) 2x2, exact p",
        "{a} {b} / {c} {d} - (exact p|fisher|exact two by two test|hypergeometric p)",
        "row 1: {a} and {b}, row 2: {c} and {d}. (too few for chi-square|expected counts under 5|small numbers), so (fisher|the exact test) please",
        "only {a} (failures|rejects|cures) and {b} (survivors|good ones|others) with the old, {c} and {d} with the new; (do they differ|is there an association), (exact|by fisher, numbers are tiny)(?|)",
        "exact test of (independence|association|equal proportions) for a 2 x 2 table, (first row|row one) {a} / {b}, (second row|row two) {c} / {d}",
    ),
    {
        "a": Num(1, 12, integer=True),
        "b": Num(2, 15, integer=True),
        "c": Num(1, 12, integer=True),
        "d": Num(2, 15, integer=True),
    },
    (
        *ALPHA,
        Option(
            "alternative=greater",
            (
                "(one-sided|one-tailed)(,|:|) (greater|upper|right|alternative greater)",
                "(H1|alternative)(:|) (odds ratio|OR) > 1",
                "(only whether|is) the first (group|row) has the (higher|larger) share",
                "alternative = 'greater'",
            ),
            {},
            0.12,
        ),
        Option(
            "alternative=less",
            (
                "(one-sided|one-tailed)(,|:|) (less|lower|left|alternative less)",
                "(H1|alternative)(:|) (odds ratio|OR) < 1",
                "(only whether|is) the first (group|row) has the (lower|smaller) share",
                "alternative = 'less'",
            ),
            {},
            0.12,
        ),
    ),
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
        "rho = ? for {t.x} and {t.y}, (pearson|linear), H0: rho = 0",
        "(cor.test|pearsonr|CORREL|np.corrcoef|Stat > Basic Statistics > Correlation) (for|of|on|with) {t.x} and {t.y}",
        "does {t.x} have anything to do with {t.y}(?|)",
        "(do|does) high {t.x} (come|go) with (high|low) {t.y}(?|)",
        "is a (positive|negative|linear) (trend|relationship) between {t.x} and {t.y} (there|visible|significant), as a (correlation|single number r)(?|)",
        "(product moment|product-moment|sample) correlation {t.x} {t.y}",
        "(could|can) (I|we) use {t.x} as a (stand-in|proxy|surrogate) for {t.y}, how well do they correlate(?|)",
        "test whether {t.x} and {t.y} are (uncorrelated|linearly unrelated|linearly associated), no (line|equation|model) needed",
        "a scatter of {t.x} against {t.y} looks like (a cloud|a cigar): (what is the r|correlation|how strong is it)(?|)",
        "correlation coefficient r (with|and) (p-value|interval|its significance): {t.x} (vs|and|with) {t.y}",
        "at the @place, is {t.x} linked to {t.y}? (r please|by correlation|how strongly)",
        "(it exists|there is) a relation among {t.x} and {t.y}? (say me the coefficient|calculate the correlation)",
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
            f"{names} and p for {{t.x}} (and|vs|against) {{t.y}}",
            f"is there a monotone (link|relationship) between {{t.x}} and {{t.y}}, (as|by) {names}(?|)",
            f"(not linear|with outliers|ordinal data): association of {{t.x}} and {{t.y}} by {names}",
            f"(cor.test with method|cor method|scipy|SciPy) {names}, {{t.x}} and {{t.y}}",
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
            "step 1 normality of {t.x}, step 2 t test of the mean (vs|against) {target}",
            "first see if {t.x} are normal; afterwards tell me whether the @mean is {target}",
            "(do|run) both on {t.x}: (a normality test|anderson-darling) and (a one-sample t test|a t test) with mu0 = {target}",
            "check the assumption of normality before you compare the mean of {t.x} with {target} by a t test",
            "are {t.x} normal? if I may, (test|then test) mu = {target} too",
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
            "mean, sd (and|, also) a normality p value (for|of) {t.x}",
            "(describe|characterise|profile) {t.x} and run a normality test on (it|them)",
            "average and scatter of {t.x}; are they normal as well(?|)",
            "basic statistics of {t.x}, (then|and then|and) check the bell shape by a test",
            "graphical summary figures for {t.x}: statistics and (anderson-darling|normality)",
        ),
        {"t": PLENTY},
        (),
        weight=0.4,
    ),
)

LESSONS: tuple[Lesson, ...] = (
    DESCRIBE,
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
