"""Asking for equivalence, z tests, resampling, corrections, percentiles, matrices, series, fits."""

from __future__ import annotations

from havoc.curriculum.lesson import (
    Data,
    Groups,
    Lesson,
    Num,
    Option,
    TableOf,
    alpha_options,
    alternative_options,
)

ONE = TableOf({"x": Data((8, 24))}, forms=("inline", "attached"))
SMALL = TableOf({"x": Data((6, 12))}, forms=("inline", "attached"))
TWO = TableOf({"x": Data(), "y": Data()}, rows=(5, 12))
ALPHA = alpha_options(0.15)
SIDED = alternative_options(0.25)
SEED = Option(
    "seed={seed}",
    ("(with|use|using) seed {seed}", "(random|) seed (=|) {seed}", "reproducible, seed {seed}"),
    {"seed": Num(0, 999, integer=True)},
    0.3,
)
CONFIDENCE = Option(
    "confidence={conf}",
    (
        "(with|at|use) (a|) {conf} (confidence|ci|interval)",
        "{conf} (limits|interval|confidence level)",
    ),
    {"conf": Num(0.8, 0.999, choices=("90%", "99%", "95%", "0.9", "0.99"))},
    0.3,
)

LESSONS: tuple[Lesson, ...] = (
    Lesson(
        "stats.equivalence",
        "stats.equivalence(x={t.x}, y={t.y}, margin={m}, {options})",
        (
            "(equivalence test|TOST|two one-sided tests) (of|for|on) {t.x} and {t.y} with (a|) margin (of|) {m}",
            "(are|can I call) {t.x} and {t.y} equivalent within (plus or minus|+/-|±|) {m}(?|)",
            "(show|prove|demonstrate) that {t.x} and {t.y} (differ by less than|are the same to within) {m}",
            "new method {t.x}, reference method {t.y}: equivalent if the means are no more than {m} apart",
            "a difference up to {m} does not matter to us; are {t.x} and {t.y} (practically|) the same(?|)",
        ),
        {"t": TWO, "m": Num(0.5, 9, 1)},
        (
            Option(
                "pairs=true",
                (
                    "(they are|measured) on the same (parts|items|samples)",
                    "(paired|matched) data",
                    "(pairs|row by row)",
                ),
                {},
                0.2,
            ),
            *alpha_options(0.1),
        ),
    ),
    Lesson(
        "stats.equivalence.target",
        "stats.equivalence(x={t.x}, target={target}, margin={m}, {options})",
        (
            "is the mean of {t.x} equivalent to {target} within (+/-|plus or minus|) {m}(?|)",
            "TOST of {t.x} against {target}, margin {m}",
            "(show|prove) that {t.x} averages {target} give or take {m} (equivalence|)",
        ),
        {"t": ONE, "target": Num(10, 90, 1), "m": Num(0.5, 9, 1)},
        ALPHA,
        weight=0.6,
    ),
    Lesson(
        "stats.equivalence.no_margin",
        "stats.equivalence(x={t.x}, y={t.y}, margin=<ask>)",
        (
            "equivalence test for {t.x} and {t.y}",
            "are {t.x} and {t.y} practically equivalent (TOST)(?|)",
        ),
        {"t": TWO},
        weight=0.2,
    ),
    Lesson(
        "stats.z_test",
        "stats.z_test(x={t.x}, target={target}, sigma={s}, {options})",
        (
            "z test (of|on|for) {t.x} against {target}, (known sigma|sigma known to be|sigma =) {s}",
            "(process sigma|long-run sigma) is {s} (for sure|known|), does {t.x} average {target}(?|)",
            "the standard deviation is known ({s}); test {t.x} vs {target} by z",
            "{t.x}, mu0 {target}, known sigma {s}: z and p",
        ),
        {"t": ONE, "target": Num(10, 90, 1), "s": Num(0.5, 9, 1)},
        (*ALPHA, *SIDED),
    ),
    Lesson(
        "stats.z_test.summary",
        "stats.z_test(mean={m}, n={n}, target={target}, sigma={s}, {options})",
        (
            "z test: mean {m}, n {n}, mu0 {target}, (known|population) sigma {s}",
            "{n} (parts|units) average {m}, sigma is known to be {s}, is the process mean {target}(?|)",
            "xbar {m} from n={n}, sigma (known|from history) {s}, H0 mu = {target}, z please",
        ),
        {
            "m": Num(40, 60, 1),
            "n": Num(4, 60, integer=True),
            "target": Num(40, 60, 1),
            "s": Num(1, 8, 1),
        },
        (*ALPHA, *SIDED),
    ),
    Lesson(
        "stats.bootstrap",
        "stats.bootstrap(x={t.x}, {options})",
        (
            "bootstrap (interval|confidence interval|ci|limits) (for|of) the mean of {t.x}",
            "(resample|bootstrap) {t.x} (for|to get) an interval of the (mean|average)",
            "bootstrap {t.x}",
            "resampling limits for the average of {t.x}",
        ),
        {"t": ONE},
        (CONFIDENCE, SEED),
        weight=0.8,
    ),
    Lesson(
        "stats.bootstrap.median",
        "stats.bootstrap(x={t.x}, statistic=median, {options})",
        (
            "bootstrap (interval|confidence interval|ci|limits) (for|of) the median of {t.x}",
            "how sure is the median of {t.x}? (resample it|bootstrap)",
            "(confidence interval|limits) for the median {t.x} by (resampling|bootstrap)",
        ),
        {"t": ONE},
        (CONFIDENCE, SEED),
        weight=0.7,
    ),
    Lesson(
        "stats.bootstrap.sd",
        "stats.bootstrap(x={t.x}, statistic=sd, {options})",
        (
            "bootstrap (interval|ci|limits) (for|of) the (standard deviation|sd) of {t.x}",
            "resampled limits of the (sd|standard deviation) of {t.x}",
        ),
        {"t": ONE},
        (CONFIDENCE, SEED),
        weight=0.4,
    ),
    Lesson(
        "stats.permutation_test",
        "stats.permutation_test(x={t.x}, y={t.y}, {options})",
        (
            "(permutation|randomisation|randomization|shuffle|relabelling) test (of|on|for) {t.x} and {t.y}",
            "compare {t.x} and {t.y} by (shuffling the labels|permutation|regrouping)",
            "how often would random (regrouping|shuffling) give a gap as large as between {t.x} and {t.y}(?|)",
        ),
        {"t": TWO},
        (*SIDED, SEED),
        weight=0.7,
    ),
    *(
        Lesson(
            f"stats.adjust_p_values.{method}",
            f"stats.adjust_p_values(p={{t.p}}{argument})",
            (
                f"adjust (the|these) p values {{t.p}} {how}",
                f"(multiple testing|multiplicity) correction of (the p values|) {{t.p}} {how}",
                f"{{t.p}}: which (p values|of these) survive {how}",
            ),
            {
                "t": TableOf(
                    {"p": Data((3, 8), 0.001, 0.2, names=("p", "p value", "p_value", "pval"))},
                    forms=("inline",),
                )
            },
            weight=0.4,
        )
        for method, argument, how in (
            ("holm", "", "(by holm|holm's method|with holm|after correction)"),
            ("bonferroni", ", method=bonferroni", "(with|by|after) bonferroni"),
            (
                "fdr",
                ", method=benjamini_hochberg",
                "(with benjamini-hochberg|by FDR|controlling the false discovery rate|BH)",
            ),
        )
    ),
    Lesson(
        "stats.percentile",
        "stats.percentile(x={t.x}, p={p})",
        (
            "(the|) {p} (percentile|quantile|point|fractile) of {t.x}",
            "(which|what) value do {p} of {t.x} (stay below|not exceed)(?|)",
            "percentile {p} (of|in|for) {t.x}",
            "below what value (lie|are|fall) {p} of {t.x}(?|)",
        ),
        {
            "t": ONE,
            "p": Num(
                0.05, 0.95, choices=("90%", "0.9", "95%", "0.95", "10%", "0.05", "80%", "75%")
            ),
        },
    ),
    Lesson(
        "stats.correlation_matrix",
        "stats.correlation_matrix(x={g}, {options})",
        (
            "correlation matrix (of|for|on) {g}",
            "(all|every) pairwise (correlations|correlation coefficients) (of|in|for) {g}",
            "(which|what) columns (of|in) {g} are most (strongly|) (correlated|related)(?|)",
            "(covariance matrix|covariances) (of|for) {g}",
            "(heat map|heatmap) of the correlations in {g}",
            "how do the columns of {g} hang together(?|)",
        ),
        {"g": Groups((3, 5), (6, 12), table_only=True)},
        (
            Option(
                "method=spearman",
                ("(spearman|rank correlations)", "(by|with) spearman", "on the ranks"),
                {},
                0.2,
            ),
        ),
    ),
    Lesson(
        "stats.autocorrelation",
        "stats.autocorrelation(x={t.x}, {options})",
        (
            "autocorrelation (function|) (of|for|in) {t.x}",
            "(ACF|acf|correlogram) (of|for) {t.x}",
            "(are|is) successive (readings|values) (of|in) {t.x} independent(?|)",
            "(ljung-box|ljung box|portmanteau) test (on|for) {t.x}",
            "serial correlation in {t.x}(?|)",
            "does each value of {t.x} depend on the one before(?|)",
        ),
        {"t": ONE},
        (
            Option(
                "lags={k}",
                ("(up to|to|with) lag {k}", "{k} lags", "first {k} lags"),
                {"k": Num(2, 8, integer=True)},
                0.3,
            ),
        ),
        weight=0.8,
    ),
    *(
        Lesson(
            f"stats.distribution_fit.{family}",
            f"stats.distribution_fit(x={{t.x}}, distribution={family})",
            (
                f"fit (a|an|) {family} (distribution|model|) to {{t.x}}",
                f"(maximum likelihood|ML|MLE) {family} (fit|parameters) (of|for) {{t.x}}",
                f"{family} parameters (of|for|from) {{t.x}}",
                f"estimate the {family} parameters from {{t.x}}",
            ),
            {"t": ONE},
            weight=0.35,
        )
        for family in ("weibull", "lognormal", "gamma", "exponential", "normal")
    ),
    Lesson(
        "stats.distribution_fit.best",
        "stats.distribution_fit(x={t.x})",
        (
            "(which|what) distribution (fits|describes|suits) {t.x} best(?|)",
            "find the best (fitting|) distribution for {t.x}",
            "compare distribution fits (of|for) {t.x}",
            "is {t.x} more like a lognormal or a gamma or something else(?|)",
            "distribution identification for {t.x}",
        ),
        {"t": SMALL},
        weight=0.8,
    ),
)
