"""Asking for curves, counts, pass/fail, robust fits, power transformations, and comparisons beyond Tukey."""

from __future__ import annotations

from havoc.curriculum.lesson import (
    Cell,
    Data,
    Expr,
    Fixed,
    Groups,
    Lesson,
    Num,
    Option,
    TableOf,
    Words,
    alpha_options,
)

LINE = TableOf({"y": Data(), "x": Data()}, rows=(7, 14))
THREE = TableOf({"y": Data(), "a": Data(), "b": Data(), "c": Data()}, rows=(12, 20))
COUNTS = TableOf(
    {
        "y": Data(
            low=0,
            high=30,
            integers=True,
            names=("defects", "scratches", "faults", "calls", "stops", "pinholes"),
        ),
        "x": Data(),
    },
    rows=(8, 16),
)
COUNTS_ON = TableOf(
    {
        "y": Data(
            low=0, high=30, integers=True, names=("defects", "scratches", "faults", "errors")
        ),
        "x": Data(),
        "w": Data(
            low=5, high=60, integers=True, names=("area", "hours", "inspected", "units", "metres")
        ),
    },
    rows=(8, 16),
)
PASS_FAIL = TableOf(
    {
        "y": Fixed(
            ("0", "1", "0", "1", "0", "0", "1", "1", "0", "1", "1", "0"),
            ("fail", "cracked", "leak", "passed", "reject", "ok", "defective"),
        ),
        "x": Data(low=20, high=80),
    },
    rows=(12, 12),
)
PASS_FAIL_TWO = TableOf(
    {
        "y": Fixed(
            ("0", "1", "0", "1", "0", "0", "1", "1", "0", "1", "1", "0", "1", "0", "0", "1"),
            ("fail", "cracked", "leak", "passed", "reject"),
        ),
        "a": Data(low=20, high=80),
        "b": Data(low=1, high=9),
    },
    rows=(16, 16),
)
POSITIVE = Groups((3, 4), (5, 8))

CONFIDENCE = Option(
    "confidence={conf}",
    ("(with|at) {conf} confidence", "{conf} (intervals|limits|CI)"),
    {"conf": Num(0.8, 0.99, choices=("95%", "99%", "90%", "0.9"))},
    0.12,
)
AT = Option(
    "at=[{v}]",
    (
        "(and|then|) (predict|estimate|forecast) at {v}",
        "(what|which value) (do we get|comes out|is expected) at {v}",
        "(also|) (evaluate|read) it at {v}",
    ),
    {"v": Num(20, 70, 1)},
    0.3,
)

LESSONS: tuple[Lesson, ...] = (
    Lesson(
        "cubic",
        "stats.polynomial(y={t.y}, x={t.x}, degree=3, {options})",
        (
            "(cubic|third-degree|third degree|3rd order|third order) (polynomial|fit|curve|regression) (of|for|through) {t.y} (against|on|vs|over) {t.x}",
            "(fit|put) a (cubic|degree three polynomial|polynomial of degree 3) (through|to) {t.y} (by|over|versus) {t.x}",
            "{t.y} = a + b {t.x} + c {t.x}^2 + d {t.x}^3(, find a, b, c, d|, coefficients please|)",
        ),
        {"t": LINE},
        (AT, CONFIDENCE),
        weight=0.5,
    ),
    Lesson(
        "polynomial of second degree",
        "stats.polynomial(y={t.y}, x={t.x}, degree=2, {options})",
        (
            "(polynomial of degree two|degree 2 polynomial|second degree polynomial|polyfit of order 2) (of|for|through) {t.y} (on|against|vs|over) {t.x}",
            "(polynomial|polyfit)(,|) (degree|order) (2|two)(:|,|) {t.y} (vs|over|against) {t.x}",
        ),
        {"t": LINE},
        (AT, CONFIDENCE),
        weight=0.4,
    ),
    Lesson(
        "polynomial of a degree",
        "stats.polynomial(y={t.y}, x={t.x}, degree={k}, {options})",
        (
            "(polynomial|polynomial regression|polyfit) of (degree|order) {k} (for|of|through) {t.y} (on|against|vs|over) {t.x}",
            "(fit|estimate) a degree {k} polynomial (to|of) {t.y} (in|over|versus) {t.x}",
            "(least squares polynomial|curve fit)(,|) order {k}(,|:|) {t.y} (vs|as a function of) {t.x}",
        ),
        {"t": LINE, "k": Num(2, 4, integer=True)},
        (AT, CONFIDENCE),
        weight=0.5,
    ),
    Lesson(
        "stepwise",
        "stats.stepwise(y={t.y}, x=[{t.a}, {t.b}, {t.c}], {options})",
        (
            "(stepwise|step-wise) (regression|selection) of {t.y} (on|from|among) {t.a}, {t.b} (and|,) {t.c}",
            "(pick|choose|select|find) the (useful|best|relevant) (predictors|variables|inputs) (for|of) {t.y} (out of|among|from) {t.a}, {t.b}, {t.c}",
            "(variable|feature|subset|term) selection for {t.y}(:|,) candidates {t.a}, {t.b}, {t.c}",
            "which of {t.a}, {t.b}, {t.c} should (stay in|be kept in|enter) the (model|regression) for {t.y}",
            "(reduce|prune|trim) the model of {t.y} with {t.a}, {t.b}, {t.c} (to what is significant|stepwise|automatically)",
        ),
        {"t": THREE},
        (
            Option(
                "method=backward",
                (
                    "(by|with|using) backward (elimination|selection)",
                    "start from the full model and drop terms",
                ),
                {},
                0.25,
            ),
            Option(
                "method=forward",
                ("(by|with|using) forward (selection|inclusion)", "start empty and add terms"),
                {},
                0.25,
            ),
        ),
        weight=0.6,
    ),
    Lesson(
        "logistic",
        "stats.logistic(y={t.y}, x=[{t.x}], {options})",
        (
            "(logistic|logit|binary logistic) (regression|model|fit) (of|for) {t.y} (on|against|by) {t.x}",
            "how does the (probability|chance|risk|odds) of {t.y} (depend on|change with|rise with|vary with) {t.x}",
            "(odds ratio|log odds) (for|of) {t.y} per unit of {t.x}",
            "{t.y} is (yes/no|pass/fail|0/1|binary|a go/no-go result)(,|;) (model|explain|predict) it (by|from|with) {t.x}",
            "(predict|model) (pass or fail|whether it fails|a yes/no outcome) {t.y} from {t.x}",
            "(dose-response|probability of failure curve|S-curve) (of|for) {t.y} (versus|over) {t.x}",
            "at (which|what) {t.x} does {t.y} become (likely|more likely than not)(, logistic fit|, logit)",
        ),
        {"t": PASS_FAIL},
        (AT, CONFIDENCE),
        weight=0.8,
    ),
    Lesson(
        "logistic on two",
        "stats.logistic(y={t.y}, x=[{t.a}, {t.b}], {options})",
        (
            "(logistic|logit) (regression|model) of {t.y} on {t.a} and {t.b}",
            "(odds ratios|probability model) for {t.y} (with|from) {t.a} and {t.b}",
            "(which of|how do) {t.a} and {t.b} (influence|affect|change) the (chance|odds|probability) of {t.y}",
        ),
        {"t": PASS_FAIL_TWO},
        (CONFIDENCE,),
        weight=0.4,
    ),
    Lesson(
        "poisson regression",
        "stats.poisson_regression(y={t.y}, x=[{t.x}], {options})",
        (
            "(poisson|Poisson|log-linear) (regression|model) (of|for) (the count of|) {t.y} (on|against|by) {t.x}",
            "how (does|do) the (number|count|rate) of {t.y} (depend on|change with|grow with) {t.x}(, poisson|, rate ratio|, they are counts)",
            "(rate ratio|count model|count regression) (for|of) {t.y} per unit {t.x}",
            "{t.y} (are|is) counts(,|;) (regress|model) (them|it) on {t.x}",
            "(GLM|glm) with log link(:|,) {t.y} ~ {t.x}",
        ),
        {"t": COUNTS},
        (AT, CONFIDENCE),
        weight=0.6,
    ),
    Lesson(
        "poisson regression with exposure",
        "stats.poisson_regression(y={t.y}, x=[{t.x}], exposure={t.w}, {options})",
        (
            "poisson regression of {t.y} on {t.x} with (exposure|offset log) {t.w}",
            "(model|regress) {t.y} per {t.w} (on|against|by) {t.x}(, poisson|, counts with unequal exposure|, as a rate)",
            "(rate|count) of {t.y} (given|for|over) {t.w} (inspected|of exposure) as a function of {t.x}(, log-linear|, poisson)",
        ),
        {"t": COUNTS_ON},
        (CONFIDENCE,),
        weight=0.3,
    ),
    Lesson(
        "robust regression",
        "stats.robust_regression(y={t.y}, x=[{t.x}], {options})",
        (
            "(robust|huber|outlier-resistant|outlier resistant|M-estimator) (regression|line|fit) (of|for) {t.y} (on|against|vs) {t.x}",
            "(fit|draw) a line of {t.y} (on|over) {t.x} that (wild points|outliers|a few bad readings|odd values) (do not|cannot|don't) (spoil|pull|drag|distort)",
            "regression of {t.y} on {t.x}(,|;|) (there are outliers|some readings are garbage|a few gross errors are in it), (use a robust method|robust please|down-weight them)",
            "(slope|trend) of {t.y} (over|against) {t.x} (insensitive to|protected from|resistant to) (outliers|spikes)",
        ),
        {"t": LINE},
        (AT,),
        weight=0.5,
    ),
    Lesson(
        "nonlinear",
        "stats.nonlinear(y={t.y}, x=[{t.x}], model={m}, {options})",
        (
            "(fit|estimate the parameters of) {m} to {t.y} (with|where|,) x (=|is|being) {t.x}",
            "(nonlinear|non-linear) (regression|least squares|fit)(:|,|) {t.y} = {m} (with|,) x = {t.x}",
            "(curve fit|curve fitting|fit the curve) {m} (through|to|for) {t.y} (vs|against|over) {t.x}",
            "(find|estimate) the (constants|parameters) in {m} (from|using) {t.y} (response|measured|) and {t.x} as x",
        ),
        {
            "t": TableOf(
                {
                    "y": Fixed(
                        ("8.3", "10.3", "13.4", "16.0", "17.1", "18.2", "19.8", "19.9"),
                        ("signal", "conversion", "uptake", "height", "output"),
                    ),
                    "x": Fixed(
                        ("1", "2", "3", "4", "5", "7", "9", "11"),
                        ("time", "dose", "conc", "day", "hours"),
                    ),
                },
                rows=(8, 8),
            ),
            "m": Expr(
                (
                    "a*(1 - exp(-b*x))",
                    "a*x/(b + x)",
                    "a - b*exp(-c*x)",
                    "a*x^b",
                    "a + b*log(x)",
                    "a + b*sqrt(x)",
                )
            ),
        },
        (CONFIDENCE,),
        weight=0.5,
    ),
    Lesson(
        "box-cox",
        "stats.box_cox(y={t.y}, {options})",
        (
            "(box-cox|box cox|Box-Cox|power) transformation (of|for) {t.y}",
            "(which|what) (transformation|power|lambda) (makes|would make|turns) {t.y} (normal|symmetric|gaussian)(, box-cox|)",
            "should (I|we) (take the log|take logs|transform|use the square root) of {t.y}(?|, box cox|) ",
            "(best|optimal|maximum likelihood) lambda for {t.y}",
            "{t.y} is skewed(;|,) (suggest|find) a (power|transformation)(, box-cox|)",
        ),
        {
            "t": TableOf(
                {
                    "y": Data(
                        low=2,
                        high=60,
                        integers=True,
                        names=(
                            "life",
                            "resistivity",
                            "count",
                            "size",
                            "wait",
                            "cycles",
                            "dose",
                            "delay",
                        ),
                    )
                },
                rows=(10, 24),
            )
        },
        (CONFIDENCE,),
        weight=0.5,
    ),
    Lesson(
        "box-cox by group",
        "stats.box_cox(y={t.y}, by=[{t.g}], {options})",
        (
            "box-cox (lambda|power|transformation) (of|for) {t.y} (within|by|given|with groups) {t.g}",
            "(which|what) transformation of {t.y} (stabilises|evens out|equalises) the (variance|spread) (across|between|over) {t.g}",
        ),
        {
            "t": TableOf(
                {
                    "y": Data(
                        low=2,
                        high=60,
                        integers=True,
                        names=(
                            "life",
                            "resistivity",
                            "count",
                            "size",
                            "wait",
                            "cycles",
                            "dose",
                            "delay",
                        ),
                    ),
                    "g": Words((2, 3)),
                },
                ("pasted", "attached"),
                (12, 18),
            )
        },
        (CONFIDENCE,),
        weight=0.3,
    ),
    Lesson(
        "welch anova",
        "stats.welch_anova(groups={g}, {options})",
        (
            "(welch|Welch's|welchs) (anova|ANOVA|analysis of variance|F test)(:| on| for) {g}",
            "(compare|test) the @means of {g} (without assuming|not assuming) equal (variances|spreads)",
            "(are|do) the averages (equal|differ)(,|) (the groups have|with) (unequal|different|very different) (variances|scatter|spreads)(:|,|) {g}",
            "(anova|one-way) (for|with) (heteroscedastic|unequal variance|unequal-variance) groups(:|) {g}",
            "(variances are not the same|spread is clearly unequal)(,|;) (which|do the right) (anova|F test) for the means(:|) {g}",
        ),
        {"g": Groups((3, 5), (5, 9))},
        alpha_options(),
        "stats.welch_anova(value={g.value}, by=[{g.by}], {options})",
        0.8,
    ),
    Lesson(
        "games-howell",
        "stats.games_howell(groups={g}, {options})",
        (
            "(games-howell|games howell|Games-Howell) (test|comparisons|post hoc|)(:| on| for) {g}",
            "(pairwise|all pairs|post hoc) comparisons (without|not assuming) equal (variances|spreads)(:| of| for) {g}",
            "which pairs @differ (when|if|given that) the (variances|spreads) are (unequal|not equal|different)(:|?|) {g}",
            "post hoc (after|for|following) (a|) welch (anova|test)(:|) {g}",
        ),
        {"g": Groups((3, 4), (5, 9))},
        alpha_options(),
        "stats.games_howell(value={g.value}, by=[{g.by}], {options})",
        0.6,
    ),
    Lesson(
        "dunnett",
        "stats.dunnett(groups={g}, {options})",
        (
            "(dunnett|Dunnett's test|dunnett test)(:| on| for|,) {g}(, first is the control|)",
            "(compare|test) each (treatment|group|recipe) (with|against|to) the (control|standard|reference|first one)(:|,) {g}",
            "(treatments|all others|new recipes) versus (control|the standard|the baseline)(:|,) {g}",
            "(which|what) (groups|treatments|ones) @differ from the (control|reference|standard) (group|)(:|?|) {g}",
            "(many-to-one|many to one) comparisons(:|) {g}",
        ),
        {"g": Groups((3, 5), (4, 8))},
        (
            *alpha_options(0.15),
            Option(
                "alternative=greater",
                (
                    "(only|is any) (higher|larger|better) than the control",
                    "one-sided, above the control",
                ),
                {},
                0.1,
            ),
            Option(
                "alternative=less",
                (
                    "(only|is any) (lower|smaller|worse) than the control",
                    "one-sided, below the control",
                ),
                {},
                0.1,
            ),
        ),
        weight=0.6,
    ),
    Lesson(
        "dunnett with a named control",
        "stats.dunnett(value={t.y}, by=[{t.g}], control={c}, {options})",
        (
            "dunnett (test|comparison|) of {t.y} by {t.g} (with|against) {c} as (the|) control",
            "(compare|test) (all|every|each) {t.g} (on|for) {t.y} (with|against) (the control|) {c}",
            "(control|reference|standard) (is|=) {c}(;|,|.) {t.y} (by|per|for each) {t.g}(, dunnett|, which differ from it|)",
        ),
        {
            "t": TableOf(
                {
                    "y": Data(),
                    "g": Words(
                        (3, 4), ("supplier", "treatment", "coating", "resin", "method", "material")
                    ),
                },
                ("pasted", "attached"),
                (12, 18),
            ),
            "c": Cell("t.g"),
        },
        alpha_options(0.15),
        weight=0.4,
    ),
)
