"""Asking for rank tests, variances, outliers, proportions and rates."""

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
)

ONE = TableOf({"x": Data((8, 22))}, forms=("inline", "attached"))
TWO = TableOf({"x": Data(), "y": Data()}, rows=(5, 14))
LONG2 = TableOf({"x": Data(), "by": Words((2, 2))}, forms=("pasted", "attached"), rows=(8, 20))
GROUPS = Groups((3, 5), (5, 9))
BLOCKS = Groups((3, 5), (4, 8), table_only=True)
ALPHA = alpha_options(0.15)
SIDED = alternative_options(0.25)
OPTIONS = (*ALPHA, *SIDED)
CONFIDENCE = Option(
    "confidence={conf}",
    (
        "(with|at|use) (a|) {conf} (confidence interval|confidence|ci|limits)",
        "{conf} (ci|confidence limits|interval)",
        "confidence (level|) {conf}",
    ),
    {"conf": Num(0.8, 0.999, choices=("90%", "99%", "95%", "0.9", "0.99", "98%", "0.95"))},
    0.25,
)

RANKS = (
    Lesson(
        "stats.mann_whitney",
        "stats.mann_whitney(x={t.x}, y={t.y}, {options})",
        (
            "(mann-whitney|mann whitney|mann-whitney U|U test|wilcoxon rank sum|rank sum test|MWU) (test|) (on|of|for|between) {t.x} and {t.y}",
            "(nonparametric|non-parametric|distribution-free|rank based) comparison of {t.x} (and|with|against) {t.y}",
            "{t.x} and {t.y} are (clearly|) (skewed|not normal|ordinal), (compare|test) them (by ranks|without assuming normality|nonparametrically)",
            "(does|do) {t.x} tend to be (larger|smaller|higher|lower) than {t.y}(?|) (no normality|use ranks|rank test)",
            "compare the medians of two (independent|unrelated) samples {t.x} and {t.y}",
            "(instead of a|like a) t test but for (ugly|skewed|non normal) data: {t.x} vs {t.y}",
            "hodges-lehmann shift (between|of) {t.x} and {t.y}",
        ),
        {"t": TWO},
        OPTIONS,
    ),
    Lesson(
        "stats.mann_whitney.long",
        "stats.mann_whitney(x={t.x}, by={t.by}, {options})",
        (
            "(mann-whitney|rank sum test|U test) (of|on) {t.x} by {t.by}",
            "nonparametric comparison of {t.x} (between|for) the two {t.by} (groups|levels)",
            "do the {t.by} groups have the same median {t.x}, no normality please",
            "rank test, response {t.x}, two groups in {t.by}",
        ),
        {"t": LONG2},
        OPTIONS,
        weight=0.6,
    ),
    Lesson(
        "stats.wilcoxon",
        "stats.wilcoxon(x={t.x}, y={t.y}, {options})",
        (
            "(wilcoxon|wilcoxon signed rank|signed-rank|signed rank) test (on|of|for) (the pairs|paired data|) {t.x} and {t.y}",
            "(paired|matched) (data|samples) {t.x} {t.y}, differences (not normal|skewed), (use ranks|nonparametric paired test|signed ranks)",
            "before {t.x}, after {t.y}: (nonparametric|rank based|distribution-free) paired test",
            "same (parts|people) twice, {t.x} and {t.y}, (signed rank|wilcoxon) please",
            "is the median of the paired differences {t.x} - {t.y} zero(?|)",
        ),
        {"t": TWO},
        OPTIONS,
    ),
    Lesson(
        "stats.wilcoxon.one",
        "stats.wilcoxon(x={t.x}, median={m}, {options})",
        (
            "(wilcoxon|signed rank) test (of|whether) the median of {t.x} (is|equals|against) {m}",
            "is the (median|middle) of {t.x} {m}? (data are not normal|signed ranks|wilcoxon)",
            "one-sample (wilcoxon|signed rank test) {t.x} vs {m}",
            "nonparametric test of {t.x} against a target median {m}",
        ),
        {"t": ONE, "m": Num(5, 90, 1)},
        OPTIONS,
        weight=0.7,
    ),
    Lesson(
        "stats.sign_test",
        "stats.sign_test(x={t.x}, median={m}, {options})",
        (
            "sign test (of|on|for) {t.x} against (a median of|) {m}",
            "(count|how many) above and below {m} in {t.x}, (sign test|is the median {m} tenable)(?|)",
            "median of {t.x} = {m}? by the sign test",
            "sign test, hypothesised median {m}, data {t.x}",
        ),
        {"t": ONE, "m": Num(5, 90, 1)},
        OPTIONS,
        weight=0.6,
    ),
    Lesson(
        "stats.sign_test.pairs",
        "stats.sign_test(x={t.x}, y={t.y}, {options})",
        (
            "sign test (on|for) the pairs {t.x} and {t.y}",
            "how many pairs went up and how many down, {t.x} to {t.y}, (sign test|is it more than chance)(?|)",
            "paired data {t.x} {t.y}: only the signs of the differences",
        ),
        {"t": TWO},
        OPTIONS,
        weight=0.5,
    ),
    Lesson(
        "stats.kruskal_wallis",
        "stats.kruskal_wallis(groups={g}, {options})",
        (
            "(kruskal-wallis|kruskal wallis|kruskal|H test|KW) (test|) (on|of|for) {g}",
            "(nonparametric|rank based|distribution-free) (one-way anova|comparison of several groups|oneway) (on|for|of) {g}",
            "compare {g} (by ranks|without normality|with a rank test)",
            "(do|are) the medians of {g} (the same|equal|different)(?|)",
            "anova alternative for skewed groups {g}",
        ),
        {"g": GROUPS},
        ALPHA,
        long="stats.kruskal_wallis(value={g.value}, by={g.by}, {options})",
    ),
    Lesson(
        "stats.kruskal_wallis.long",
        "stats.kruskal_wallis(value={t.x}, by={t.by}, {options})",
        (
            "(kruskal-wallis|kruskal wallis|H test) (of|on) {t.x} by {t.by}",
            "(rank based|nonparametric) comparison of {t.x} (across|over|between) (all|the) {t.by} (groups|levels)",
            "median {t.x} per {t.by}, are they equal (kruskal|by ranks)(?|)",
        ),
        {
            "t": TableOf(
                {"x": Data(), "by": Words((3, 4))}, forms=("pasted", "attached"), rows=(12, 24)
            )
        },
        ALPHA,
        weight=0.7,
    ),
    Lesson(
        "stats.friedman",
        "stats.friedman(groups={g}, {options})",
        (
            "friedman test (on|for|of) {g}",
            "(rows are|each row is) (a block|blocks|a person|a taster), columns are treatments: (rank test|friedman) {g}",
            "(repeated measures|randomised blocks) by ranks (on|for) {g}",
            "do the (tasters|judges|panelists) agree that the (columns|products) differ? {g} friedman",
            "nonparametric two-way (block) analysis of {g}",
        ),
        {"g": BLOCKS},
        ALPHA,
        weight=0.7,
    ),
)
SPREAD = (
    Lesson(
        "stats.variance_one",
        "stats.variance_one(x={t.x}, {options})",
        (
            "(confidence interval|ci|limits) (for|of|on) the (standard deviation|sd|variance|sigma) of {t.x}",
            "how (uncertain|precise|well known) is the (sd|standard deviation|sigma) of {t.x}(?|)",
            "{t.x}: sigma with its (confidence limits|interval|ci)",
            "chi-square interval for sigma from {t.x}",
            "estimate the (process|) (spread|standard deviation) of {t.x} with an interval",
        ),
        {"t": ONE},
        (CONFIDENCE,),
    ),
    Lesson(
        "stats.variance_one.test",
        "stats.variance_one(x={t.x}, sd={s}, {options})",
        (
            "(is|does) the (standard deviation|sd|sigma) of {t.x} (equal to|equal|different from|still) {s}(?|)",
            "chi-square test (of|that) the (sd|standard deviation) (is|=) {s}, data {t.x}",
            "H0 sigma = {s}, {t.x}",
            "has the spread of {t.x} (changed|moved) from {s}(?|)",
        ),
        {"t": ONE, "s": Num(0.5, 8, 1)},
        OPTIONS,
        weight=0.7,
    ),
    Lesson(
        "stats.variance_two",
        "stats.variance_two(x={t.x}, y={t.y}, {options})",
        (
            "F test (of|for|on) (the|) (two|) variances (of|) {t.x} and {t.y}",
            "(is|which one is) {t.x} (more variable|noisier|less consistent|more scattered) than {t.y}(?|)",
            "ratio of variances {t.x} over {t.y} (with its interval|and p|F and p)",
            "compare the (spreads|standard deviations|variances|repeatability) of {t.x} and {t.y}",
            "do {t.x} and {t.y} have the same (spread|variance|scatter|precision)(?|)",
            "(precision|consistency) of two (gauges|machines|methods): {t.x}; {t.y}",
        ),
        {"t": TWO},
        OPTIONS,
    ),
    *(
        Lesson(
            f"stats.equal_variances.{method}",
            f"stats.equal_variances(groups={{g}}, {argument}{{options}})",
            (
                f"{names} (test|) (on|of|for) {{g}}",
                f"(are|is) the (variances|spreads|standard deviations) (of|in) {{g}} (equal|the same|homogeneous)(?|) {use}",
                f"homogeneity of (variance|variances) {use} (for|of) {{g}}",
                f"{{g}}: (equal spreads|same scatter|homoscedastic)(?|) {use}",
            ),
            {"g": GROUPS},
            ALPHA,
            long=f"stats.equal_variances(value={{g.value}}, by={{g.by}}, {argument}{{options}})",
            weight=weight,
        )
        for method, argument, names, use, weight in (
            (
                "default",
                "",
                "(brown-forsythe|levene around medians|test for equal variances)",
                "(p please||before the anova|check it)",
                1.0,
            ),
            (
                "levene",
                "method=levene, ",
                "(levene|levene's|classic levene)",
                "(with|by|using) (classic|the mean-based) levene",
                0.6,
            ),
            (
                "bartlett",
                "method=bartlett, ",
                "(bartlett|bartlett's)",
                "(with|by|using) bartlett",
                0.6,
            ),
        )
    ),
    Lesson(
        "stats.equal_variances.no_data",
        "stats.equal_variances(groups=<ask>)",
        (
            "(are|check whether) (my|the) variances (are|) equal(?|)",
            "run levene's test",
            "test homogeneity of variances for my groups",
        ),
        weight=0.2,
    ),
)
OUTLIERS = (
    Lesson(
        "stats.outliers",
        "stats.outliers(x={t.x}, {options})",
        (
            "(any|are there|find|list|count|flag|spot) (the|) outliers in {t.x}(?|)",
            "(how many|which) (values|readings|points) (in|of) {t.x} are (outliers|suspicious|far off|outlying)(?|)",
            "(IQR rule|tukey fences|boxplot rule|box plot whiskers|1.5 IQR rule) (on|for) {t.x}",
            "do any of {t.x} (stick out|stand apart|look odd|look wrong)(?|)",
            "(odd ones out|wild values|strange readings) in {t.x}",
            "outlier (limits|fences) for {t.x}",
        ),
        {"t": ONE},
    ),
    Lesson(
        "stats.outliers.z",
        "stats.outliers(x={t.x}, method=z_score, limit={k})",
        (
            "(values|readings|points) (in|of) {t.x} with a z-score (above|over|beyond|of more than) {k}",
            "how many of {t.x} lie more than {k} (standard deviations|sigma|sd) from the mean",
            "outliers of {t.x} by z score, threshold {k}",
            "count {t.x} beyond {k} (sd|sigma|standard deviations)",
        ),
        {"t": ONE, "k": Num(1.5, 3.5, choices=("2", "3", "2.5", "3.0", "1.5", "2.0"))},
    ),
    Lesson(
        "stats.outliers.mad",
        "stats.outliers(x={t.x}, method=modified_z)",
        (
            "(modified z|modified z-score|MAD|median absolute deviation|robust z) outliers in {t.x}",
            "outliers of {t.x} by (the MAD|the modified z-score|median and MAD)",
        ),
        {"t": ONE},
        weight=0.5,
    ),
    Lesson(
        "stats.grubbs",
        "stats.grubbs(x={t.x}, {options})",
        (
            "(grubbs|grubbs'|grubb's|ESD single|maximum normed residual) test (on|for|of) {t.x}",
            "is the most extreme (value|reading) (of|in) {t.x} an outlier(?| grubbs)",
            "(may|can) I (reject|discard|throw out) the (worst|most extreme|farthest) value of {t.x}(?|) (grubbs|by a proper test|)",
            "test for a single outlier (in|on) {t.x}",
        ),
        {"t": ONE},
        ALPHA,
    ),
    Lesson(
        "stats.dixon",
        "stats.dixon(x={t.x})",
        (
            "(dixon|dixon's Q|Q test|dixon Q) (test|) (on|for|of) {t.x}",
            "Q test: can the suspect value in {t.x} be rejected(?|)",
            "(lab|titration) replicates {t.x}, reject the suspect one by (dixon|Q test)(?|)",
            "gap over range for the suspect in {t.x}",
        ),
        {"t": TableOf({"x": Data((4, 10))}, forms=("inline",))},
        weight=0.6,
    ),
)
EVENTS = Num(1, 14, integer=True)
ITEMS = Num(60, 400, integer=True)
THINGS = "(rejects|defectives|failures|errors|complaints|late deliveries|bad welds|broken vials)"
FROM = "(parts|units|orders|boards|samples|seals|tablets|calls)"
PROPORTIONS = (
    Lesson(
        "stats.proportion_one",
        "stats.proportion_one(events={e}, n={n}, {options})",
        (
            f"{{e}} {THINGS} (in|among|out of|of) {{n}} {FROM}: (confidence interval|limits|interval) (for|of) the (proportion|rate|share|fraction)",
            "(defect rate|fraction defective|proportion) and its (ci|confidence interval) (for|from) {e} (of|out of|in) {n}",
            "(wilson|score) interval for {e} of {n}",
            f"we saw {{e}} {THINGS} in {{n}}, (how sure is that rate|what is the true rate likely to be|between which limits is the true share)(?|)",
            "x = {e}, n = {n}, proportion with interval",
        ),
        {"e": EVENTS, "n": ITEMS},
        (
            CONFIDENCE,
            Option(
                "interval=exact",
                (
                    "(exact|clopper-pearson|clopper pearson) (interval|limits|)",
                    "use the exact binomial limits",
                ),
                {},
                0.2,
            ),
        ),
    ),
    Lesson(
        "stats.proportion_one.test",
        "stats.proportion_one(events={e}, n={n}, null={p}, {options})",
        (
            f"{{e}} {THINGS} (in|of|out of) {{n}} {FROM}, (is that|does that|is the rate) (different from|differ from|really not) {{p}}(?|)",
            "(binomial|one-proportion|exact binomial) test: {e} of {n} against {p}",
            f"(contract|target|claim|history) says {{p}} {THINGS}, we found {{e}} in {{n}}. (significant|worse|within reason|off)(?|)",
            "H0: p = {p}, observed {e} out of {n}",
        ),
        {"e": EVENTS, "n": ITEMS, "p": Num(0.02, 0.12, 3, percent=True)},
        OPTIONS,
    ),
    Lesson(
        "stats.proportion_two",
        "stats.proportion_two(events_1={a}, n_1={n}, events_2={b}, n_2={m}, {options})",
        (
            f"{{a}} {THINGS} (in|of|out of) {{n}} (before|on line 1|for A|last month) and {{b}} (in|of|out of) {{m}} (after|on line 2|for B|this month): (different|is the rate the same|improved|significant)(?|)",
            "(two-proportion|2-proportion|two proportions) (z test|test|z) {a}/{n} vs {b}/{m}",
            "compare the (defect rates|reject rates|yields lost|fractions) {a} of {n} and {b} of {m}",
            "difference of two proportions, {a} out of {n} against {b} out of {m}, with (interval|confidence interval)",
            f"supplier A: {{a}} {THINGS} from {{n}}, supplier B: {{b}} from {{m}}, who is better, or is it chance",
        ),
        {"a": EVENTS, "n": ITEMS, "b": EVENTS, "m": ITEMS},
        OPTIONS,
    ),
    Lesson(
        "stats.mcnemar",
        "stats.mcnemar(b={b}, c={c}, {options})",
        (
            "mcnemar('s|) test, discordant (pairs|counts) {b} and {c}",
            "same (parts|people|boards) tested twice: {b} went from pass to fail, {c} from fail to pass; (changed|is that a real change|mcnemar)(?|)",
            "paired yes/no data, {b} changed one way and {c} the other",
            "two inspection methods on the same items disagree {b} times one way and {c} the other way, (equal|is one stricter)(?|)",
        ),
        {"b": Num(1, 40, integer=True), "c": Num(1, 40, integer=True)},
        ALPHA,
        weight=0.7,
    ),
    Lesson(
        "stats.poisson_rate_one",
        "stats.poisson_rate_one(events={e}, exposure={x}, {options})",
        (
            "{e} (defects|flaws|accidents|stops|breakdowns) (in|on|over) {x} (metres|hours|panels|days|units): (rate with confidence limits|confidence interval of the rate|limits for the rate)",
            "poisson rate (with|and) (exact|) (interval|limits), {e} events, exposure {x}",
            "(exact|garwood) (limits|interval) for {e} events in {x} (hours|units|days)",
            "we counted {e} (blemishes|alarms|incidents) in {x} (square metres|weeks|shifts), how well do we know the rate",
        ),
        {"e": Num(2, 40, integer=True), "x": Num(5, 90, integer=True)},
        (CONFIDENCE,),
    ),
    Lesson(
        "stats.poisson_rate_one.test",
        "stats.poisson_rate_one(events={e}, exposure={x}, null={r}, {options})",
        (
            "{e} (defects|flaws|accidents|stops) in {x} (metres|hours|panels|days), is the rate (still|really) {r} (each|per unit|)(?|)",
            "poisson test: {e} events, exposure {x}, null rate {r}",
            "(expected|historic) rate {r}, seen {e} over {x} (units|days): significant(?|)",
        ),
        {"e": Num(2, 40, integer=True), "x": Num(5, 90, integer=True), "r": Num(0.1, 0.9, 2)},
        OPTIONS,
        weight=0.7,
    ),
    Lesson(
        "stats.poisson_rate_two",
        "stats.poisson_rate_two(events_1={a}, events_2={b}, exposure_1={x}, exposure_2={y}, {options})",
        (
            "{a} (defects|accidents|stops) in {x} (hours|metres|panels) against {b} in {y}: (same rate|compare the rates|is one worse)(?|)",
            "compare two poisson rates, {a} events over {x} and {b} events over {y}",
            "rate ratio (of|for) {a} per {x} versus {b} per {y} (with limits|and p|)",
            "site one had {a} (incidents|leaks) in {x} weeks, site two {b} in {y} weeks, (real difference|different rates)(?|)",
        ),
        {
            "a": Num(3, 40, integer=True),
            "b": Num(3, 40, integer=True),
            "x": Num(10, 90, integer=True),
            "y": Num(10, 90, integer=True),
        },
        OPTIONS,
        weight=0.8,
    ),
)

LESSONS: tuple[Lesson, ...] = (*RANKS, *SPREAD, *OUTLIERS, *PROPORTIONS)
