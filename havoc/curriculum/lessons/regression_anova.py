"""Asking for regressions, analyses of variance and comparisons of several means."""

from __future__ import annotations

from havoc.curriculum.lesson import (
    Data,
    Fixed,
    Groups,
    Lesson,
    Num,
    Option,
    TableOf,
    Words,
    alpha_options,
)

LINE = TableOf({"y": Data(), "x": Data()}, rows=(5, 14))
TWO = TableOf({"y": Data(), "a": Data(), "b": Data()}, rows=(8, 18))
THREE = TableOf({"y": Data(), "a": Data(), "b": Data(), "c": Data()}, rows=(9, 20))
MIXED = TableOf({"y": Data(), "x": Data(), "g": Words((2, 3))}, ("pasted", "attached"), (10, 18))
WEIGHTED = TableOf(
    {"y": Data(), "x": Data(), "w": Data(low=1, high=9, integers=True)}, rows=(6, 14)
)

CONFIDENCE = Option(
    "confidence={conf}",
    (
        "(with|and|give|use) {conf} (confidence|prediction|) (limits|intervals|bands|bounds)",
        "(at|with) {conf} confidence",
        "(intervals|limits|CIs|confidence limits) at {conf}",
        "{conf} (CI|CIs|PI|interval|intervals) please",
    ),
    {"conf": Num(0.8, 0.99, choices=("95%", "99%", "90%", "0.95", "0.99", "80%"))},
    0.2,
)
ORIGIN = Option(
    "intercept=false",
    (
        "(force|forced|forcing) (it|the line|the fit|) through (the origin|zero|0)",
        "(no|without|drop the|leave out the) (intercept|constant|offset|constant term)",
        "the line (must|has to|should) (pass|go) through (the origin|zero|(0,0))".replace(
            "(0,0)", "zero"
        ),
        "(zero|no) offset(,|) (the reading is zero at zero load|because zero in gives zero out|)",
    ),
    {},
    0.15,
)
AT = Option(
    "at=[{v}]",
    (
        "(and|then|) (predict|forecast|estimate|what do we get|what should I expect|what comes out) at {v}",
        "(what|which value) (does it|does the line|does the model) (give|predict) (for|at) {v}",
        "(also|and|) (with|) (a|the|) prediction (interval|) (at|for) {v}",
        "(interpolate|read off|evaluate it|extrapolate) at {v}",
        "(prediction|expected value|best guess|forecast) (for|when (it|x) is) {v}",
        "plug in {v}",
    ),
    {"v": Num(5, 95, 1)},
    0.4,
)
AT_TWO = Option(
    "at=[{v}, {w}]",
    (
        "(and|then|) (predict|estimate|what do we get|what should I expect) at {v} and {w}",
        "(with|and|) (a|the|) prediction (at|for) {v} and {w}",
        "(what|which value) does the model (give|predict) (for|at) {v} and {w}",
        "(prediction|expected value|mean response|confidence interval for the mean) at {v} (and|,) {w}",
    ),
    {"v": Num(5, 95, 1), "w": Num(5, 95, 1)},
    0.3,
)

_LINE_ASK = (
    "@please (fit|draw|put|lay|estimate|find) (a|the|) (straight line|line|linear trend|trend line|best-fit line|regression line) (of|for) {t.y} (against|on|versus|vs|as a function of) {t.x}",
    "(regress|run a regression of|do a simple linear regression of|linear regression:) {t.y} (on|against|vs|versus) {t.x}",
    "(slope|slope and intercept|slope, intercept and R2|gradient|r squared|r-squared and slope|equation of the line) (of|for) {t.y} (vs|against|versus|on|over) {t.x}",
    "how (much|strongly|fast) does {t.y} (rise|change|go up|go down|drop|move|increase|vary) (per unit of|with|for each unit of|when we raise|as we change) {t.x}",
    "(does|is) {t.y} (depend on|driven by|explained by|linearly related to|a linear function of) {t.x}(, and by how much|, and how well|)",
    "(calibration|calibrate|make a calibration curve|work out the calibration line|standard curve)(:|) {t.x} (is the|are the|as) (standard|reference|known amount|input), {t.y} (is the|are the|as) (response|signal|reading|output)",
    "(least squares|OLS|ordinary least squares|lsq) fit(,|:|) {t.y} ~ {t.x}",
    "(how well|how reliably) (can|could) we (predict|forecast|infer|estimate) {t.y} from {t.x}",
    "@please (give me|report|I need|find) the (linear model|line|equation|relationship) (that links|linking|between) {t.y} (to|with|and) {t.x}",
    "(line fit|linfit|trendline) {t.x} -> {t.y}",
    "(on|for|at) (the|our) (load cell|spectrometer|dosing pump|thermocouple|flow meter|oven|titration|balance|scale) we (set|varied|stepped) {t.x} and (read|recorded|logged) {t.y}(.|;) (fit a line|what is the slope|is it linear, and what is the slope)",
    "(x is|take x as|with x =) {t.x}(,| and) (y is|y as|y =) {t.y}(.|;|,) (fit a line|linear regression|regression please|slope and intercept)",
    "is the (slope|trend) of {t.y} (over|against|in|with) {t.x} (@significant|real|different from zero|just noise)",
    "(ANOVA table and coefficients|standard errors and t values|p value of the slope|residual standard error|s and R-sq) (for|of) the (regression|line|fit) of {t.y} on {t.x}",
    "(predict|model|explain) {t.y} (by|from|using|with) {t.x} (with a straight line|linearly|by linear regression|, simple regression)",
    "every (extra|additional) (unit|degree|minute|gram|step) of {t.x} (adds|costs|gives|takes) how much {t.y}",
)

_MULTI_ASK = (
    "(multiple|multivariable|multi-variable|multilinear) regression of {t.y} on {t.a} (and|,|&) {t.b}@please",
    "(regress|run a regression of|fit) {t.y} (on|against|from|by) (both|) {t.a} and {t.b}",
    "(predict|model|explain|estimate) {t.y} (from|by|using|with) {t.a} and {t.b} (together|jointly|at once|by least squares|) ",
    "{t.y} as a (linear|) function of {t.a} and {t.b}(,|:) (coefficients|equation|coefficients and p values|R2 and s|fit it)",
    "which of {t.a} and {t.b} (drives|matters for|explains|moves|influences) {t.y}(, linear model|, use regression| once the other is held fixed)",
    "(does|do) {t.b} (still|) (add anything|help|matter|contribute) (to|for|in) (predicting|explaining) {t.y} (once|when|after) {t.a} is (in the model|known|accounted for)",
    "(linear model|lm|OLS|least squares)(:|,|) {t.y} ~ {t.a} + {t.b}",
    "(coefficients|partial slopes|beta weights|regression equation|standard errors) for {t.y} (with|on|given) predictors {t.a}, {t.b}",
    "(two|2) (predictors|inputs|regressors|explanatory variables), {t.a} and {t.b}(,|;) (response|output|outcome) {t.y}(.|,|) (fit|regression|multiple regression)",
    "(on|for) (the|our) (reactor|dryer|extruder|mill|still|kiln|press|fermenter) (we logged|I recorded|the historian has) {t.a}, {t.b} and {t.y}(.|;) (build|fit|give me) (a|the) (regression|linear|prediction) (model|equation) for {t.y}",
    "how (does|do) {t.a} and {t.b} (affect|influence|change|shift) {t.y}(,|?|) (regression with standard errors|multiple linear regression|a linear equation please)",
    "(are|check whether) {t.a} and {t.b} (collinear|too correlated|confounded)(, and what is|; fit) the (regression|model) for {t.y}",
    "adjusted R2(, F and p|) (for|of) a model of {t.y} with {t.a} and {t.b}",
)

_ANOVA_ASK = (
    "(one-way|one way|oneway|single factor|1-way) (ANOVA|analysis of variance|anova)(,|:| on| for) {g}",
    "(are|is there a difference between|do) the @means (of|in) {g} @different",
    "(do|did) (these|the) @groups (really|) @differ (in (mean|average|level)|on average|)(:|,) {g}",
    "ANOVA (table|) (please|) (with|including|incl.|and) (F and p|F ratio|sums of squares|mean squares|df and F)(:| for| -) {g}",
    "(is|are) (at least one|any|one) of the @means (off|different|out of line|unlike the rest)(:|?|) {g}",
    "(compare|test|check) (the|all|) @means (of|across|over|for) (all|these|the) (groups|samples|suppliers|batches|settings|conditions|lots|recipes)(:|) {g}",
    "(analysis of variance|AOV|anova|f test) {g}",
    "(does|did) the (treatment|setting|supplier|recipe|temperature|machine|tool|operator|material) (matter|make a difference|have an effect|change the result)(:|?|) {g}",
    "F (and|&) p (for|of) (equality of|equal|the difference between) (several|the|) @means(:|) {g}",
    "(between|between-group) versus (within|within-group) @variance (for|of|in)(:|) {g}",
    "(more than two|several|multiple) @groups(,|) (same|equal) mean(s|) or not(:|?) {g}",
    "is (the|any) (difference|gap|spread) (between|among) the (averages|means|groups) (bigger|larger|more) than (noise|chance|run-to-run scatter|the scatter within)(:|?) {g}",
    "(eta squared|effect size and F|mean square error|pooled error) (from|of|in) (an|a|the) (anova|analysis of variance|one-way layout)(:| on| for) {g}",
    "we (tried|ran|made|tested) (a few|several|some) (formulations|coatings|resins|nozzles|temperatures|furnaces|fertilisers|suppliers)(;|.|,) (is any of them better|do they differ|same or not|equal averages)(?|:|) {g}",
)

_TUKEY_ASK = (
    "(tukey|Tukey's test|Tukey HSD|tukey's honest significant differences|HSD|tukey kramer) (on|for|:) {g}",
    "(which|what) (pairs|groups|of the groups|means|of them) (@differ|are different|stand apart) (from each other|)(:|?| in) {g}",
    "(pairwise|pair-wise|all pairs|each against each|post hoc|post-hoc|posthoc) (comparison|comparisons|test|tests) (of|for|on|:) {g}",
    "(multiple comparisons|all pairwise differences) (with|by|using) (Tukey|tukey's method|family-wise error control|the studentized range)(:| for|) {g}",
    "(who|which one|what group) is different from (whom|which|what)(:|?|) {g}",
    "(compact letter display|letters|grouping letters|connecting letters) (for|of|from a tukey test on) {g}",
    "(simultaneous|adjusted|family-wise) (intervals|confidence intervals|p values) (for|of) (all|the) (differences|pairs)(:| of) {g}",
    "(after the anova|now) (tell me|show me|find) which (ones|groups|levels) (are apart|differ|separate)(:|,|) (tukey|honest significant difference)(:|) {g}",
    "(rank|sort) the (groups|means) and (say|tell me|show) which are (not|) significantly different(, tukey|, all pairs)(:|) {g}",
    "compare every (pair|group with every other|mean with every other)(:|,|) {g}",
    "how many (pairs|of the pairs|pairwise differences) are significant(, tukey|, honest significant difference|)(:|?) {g}",
    "(Tukey adjusted|HSD) p (values|value) (between|among) (all|the) (suppliers|coatings|lots|recipes|groups|machines)(:|) {g}",
)

# crossed in balance: a cycles through three levels, b through two
_TWO_FACTOR = TableOf(
    {
        "y": Data(),
        "a": Words((3, 3)),
        "b": Fixed(
            ("A", "B") * 6,
            (
                "recipe",
                "oven",
                "mould",
                "press",
                "vendor2",
                "shift2",
                "side",
                "gasket",
                "nozzle type",
            ),
        ),
    },
    ("pasted", "attached"),
    (12, 12),
)

LESSONS: tuple[Lesson, ...] = (
    Lesson(
        "regression line",
        "stats.regression(y={t.y}, x=[{t.x}], {options})",
        _LINE_ASK,
        {"t": LINE},
        (AT, CONFIDENCE, ORIGIN),
        weight=2.5,
    ),
    Lesson(
        "regression line and prediction",
        "stats.regression(y={t.y}, x=[{t.x}], at=[{v}], {options})",
        (
            "(fit|draw) a line (of|for|through) {t.y} (vs|on|against) {t.x} and (predict|give|estimate|tell me) {t.y} (at|for|when it is) {v}",
            "(what|which) {t.y} (do|should|would|can) (we|I|you) (expect|predict|get) (at|for|when) {t.x} (=|of|is|equals) {v}",
            "(predict|forecast|estimate|interpolate) {t.y} (at|for) {t.x} (=|of|equal to|) {v} (from|using|with|based on) a (line|linear fit|regression|straight line)",
            "(prediction interval|confidence and prediction interval|95 percent bounds|uncertainty) (for|of) {t.y} (at|when) {t.x} (=|is|of) {v}(, linear regression|, straight line|)",
            "if (I|we) (set|put|turn|raise) {t.x} to {v}(,|) what {t.y} (comes out|will I see|results|should come out)(, linear model|)",
            "(calibration line|regression) {t.y} on {t.x}(,|;) (then|and) (read|evaluate|predict) at {v}",
        ),
        {"t": LINE, "v": Num(5, 95, 1)},
        (CONFIDENCE,),
    ),
    Lesson(
        "multiple regression",
        "stats.regression(y={t.y}, x=[{t.a}, {t.b}], {options})",
        _MULTI_ASK,
        {"t": TWO},
        (AT_TWO, CONFIDENCE, ORIGIN),
        weight=1.5,
    ),
    Lesson(
        "multiple regression on three",
        "stats.regression(y={t.y}, x=[{t.a}, {t.b}, {t.c}], {options})",
        (
            "(multiple|linear|) regression of {t.y} on {t.a}, {t.b} (and|,) {t.c}",
            "(predict|model|explain) {t.y} (by|from|using) {t.a}, {t.b} and {t.c}",
            "(lm|OLS|linear model|least squares)(:|) {t.y} ~ {t.a} + {t.b} + {t.c}",
            "(coefficients|coefficients to many digits|standard errors|equation) for {t.y} with (three|3) (predictors|inputs|regressors): {t.a}, {t.b}, {t.c}",
            "which of {t.a}, {t.b}, {t.c} (drives|moves|explains|matters for) {t.y}(, regression|, linear model|)",
            "(regress|fit) {t.y} against all of {t.a}, {t.b}, {t.c}",
        ),
        {"t": THREE},
        (CONFIDENCE,),
    ),
    Lesson(
        "regression with interaction",
        "stats.regression(formula={t.y} ~ {t.a}*{t.b}, data={t}, {options})",
        (
            "(regress|fit|model) {t.y} on {t.a}, {t.b} and their (interaction|product|cross term)",
            "(regression|linear model) (of|for) {t.y} (with|including) (the|an) interaction (of|between) {t.a} and {t.b}",
            "does the effect of {t.a} on {t.y} depend on {t.b}(, regression with a cross term|, numeric interaction)",
            "{t.y} ~ {t.a} * {t.b}(,|) (fit it|regression|as a regression|least squares)",
            "(is there|do we need) a product term {t.a} x {t.b} in the regression for {t.y}",
        ),
        {"t": TWO},
        (CONFIDENCE,),
        weight=0.6,
    ),
    Lesson(
        "regression with a square",
        "stats.regression(formula={t.y} ~ {t.x} + {t.x}^2, data={t}, {options})",
        (
            "(fit|draw) a (parabola|quadratic|second degree curve|curve of second order|2nd order polynomial) (of|for|through) {t.y} (vs|on|against|over) {t.x}",
            "(quadratic|second-order|second order|curvilinear) regression of {t.y} on {t.x}",
            "(is there|do I need|test for) (a bend|curvature|a squared term|a quadratic term) in {t.y} (versus|against|over) {t.x}",
            "(regress|model) {t.y} on {t.x} and {t.x} squared",
            "{t.y} = b0 + b1 {t.x} + b2 {t.x}²(,|) (find the coefficients|estimate|fit)",
            "(polynomial of degree two|parabolic fit|parabolic trend) for {t.y} in {t.x}",
        ),
        {"t": LINE},
        (CONFIDENCE,),
        weight=0.8,
    ),
    Lesson(
        "weighted regression",
        "stats.regression(y={t.y}, x=[{t.x}], weights={t.w}, {options})",
        (
            "weighted (least squares|regression|linear fit|line) of {t.y} on {t.x} (with|using) weights {t.w}",
            "(WLS|wls)(:|,|) {t.y} (vs|on|~) {t.x}(,|;) weights (in|are|from|=) {t.w}",
            "(regress|fit) {t.y} (on|against) {t.x}(,|) (weight|weighting) (each row|each point|the rows|the points) (by|with) {t.w}",
            "(line|fit) {t.y} over {t.x} where {t.w} (says|tells|is) how (much|strongly) each (point|row|value) counts",
            "the points are not equally precise, {t.w} holds the weights(;|.) (regress|fit) {t.y} on {t.x}",
        ),
        {"t": WEIGHTED},
        (CONFIDENCE,),
        weight=0.5,
    ),
    Lesson(
        "regression through the origin",
        "stats.regression(y={t.y}, x=[{t.x}], intercept=false, {options})",
        (
            "(regression|line|fit|slope) through (the origin|zero) (for|of) {t.y} (on|vs|against) {t.x}",
            "{t.y} = b * {t.x} (without|with no|no) (constant|intercept|offset)(,|:|) (find b|estimate the slope|fit)",
            "(proportional|proportionality|pure proportional) (fit|model|constant|factor) (between|of) {t.y} (and|to) {t.x}(, no intercept|, through zero|)",
            "(no-intercept|zero intercept) (regression|fit) of {t.y} on {t.x}",
            "{t.y} must be zero when {t.x} is zero(;|,) (fit|estimate) the (line|slope) (that way|accordingly|)",
        ),
        {"t": LINE},
        (CONFIDENCE,),
        weight=0.5,
    ),
    Lesson(
        "regression with groups",
        "stats.regression(formula={t.y} ~ {t.x} + {t.g}, data={t}, {options})",
        (
            "(regress|model|fit) {t.y} on {t.x} with {t.g} as (an indicator|a dummy|a categorical predictor|dummy variables)",
            "(parallel lines|common slope, separate intercepts) (of|for) {t.y} on {t.x} (by|per|for each) {t.g}",
            "regression of {t.y} on {t.x}, (allowing|with) a (shift|different level|step) (for each|per|between) {t.g}",
            "{t.y} ~ {t.x} + {t.g}(,|) (regression|linear model|fit by least squares)",
        ),
        {"t": MIXED},
        (CONFIDENCE,),
        weight=0.5,
    ),
    Lesson(
        "regression of what on what",
        "stats.regression(y=<ask>)",
        (
            "(fit|draw|run) a (regression|straight line|linear model) (for me|please|)",
            "(I need|please do|can you do) a linear regression",
            "what is the slope and the intercept",
            "calibrate my (sensor|load cell|instrument|gauge) with a straight line",
        ),
        weight=0.2,
    ),
    Lesson(
        "anova",
        "stats.anova(groups={g}, {options})",
        _ANOVA_ASK,
        {"g": Groups((3, 5), (4, 8))},
        alpha_options(),
        "stats.anova(value={g.value}, by=[{g.by}], {options})",
        2.0,
    ),
    Lesson(
        "anova by column",
        "stats.anova(value={t.y}, by=[{t.g}], {options})",
        (
            "(one-way|) (anova|analysis of variance) of {t.y} (by|on|across|over) {t.g}",
            "does {t.y} (depend on|differ between|vary by|change with|differ by) {t.g}(, anova|, on average|)",
            "(is|test whether) mean {t.y} (the same|equal|different) (for every|in each|across|between) {t.g}",
            "(effect|influence|impact) of {t.g} on {t.y}(,|:|) (F test|anova|F and p)",
            "(F|F ratio|F statistic) and (p|p value) for {t.g} (as a factor in|on) {t.y}",
            "{t.y} grouped by {t.g}(,|:|) (equal means or not|do the averages differ|anova)",
        ),
        {"t": TableOf({"y": Data(), "g": Words((3, 4))}, ("pasted", "attached"), (9, 18))},
        alpha_options(),
    ),
    Lesson(
        "two-way anova",
        "stats.anova(value={t.y}, by=[{t.a}, {t.b}], {options})",
        (
            "(two-way|two way|2-way|twoway|two factor|two-factor|factorial) (anova|analysis of variance) of {t.y} (by|on|for|with) {t.a} and {t.b}",
            "(main effects and interaction|main effects plus interaction|both factors and their interaction) of {t.a} and {t.b} on {t.y}",
            "(does|do) {t.a} and {t.b} (affect|influence|matter for|change) {t.y}(, and do they interact|, with interaction|)",
            "is there an interaction (between|of) {t.a} and {t.b} (for|on|in) {t.y}",
            "anova table (for|of) {t.y} (with|crossed by) {t.a} x {t.b}",
            "{t.y} measured (for|at|under) every {t.a} and {t.b}(,|;) (which factor|what) matters(?|)",
        ),
        {"t": _TWO_FACTOR},
        (
            *alpha_options(),
            Option(
                "type=III",
                (
                    "(with|use|using) type (III|3) (sums of squares|SS)",
                    "type III please",
                    "marginal sums of squares",
                ),
                {},
                0.15,
            ),
            Option(
                "type=I",
                (
                    "(with|use|using) (type I|type 1|sequential) (sums of squares|SS)",
                    "in sequential order",
                    "(SS|sums of squares) type I",
                ),
                {},
                0.1,
            ),
        ),
    ),
    Lesson(
        "anova formula",
        "stats.anova(formula={t.y} ~ {t.a}*{t.b}, data={t}, {options})",
        (
            "(anova|aov|analysis of variance)(:|,|) {t.y} ~ {t.a}*{t.b}",
            "{t.y} ~ {t.a} * {t.b}(,|) (anova|analysis of variance|F table)",
            "(analyse|analyze) the variance of {t.y} with the model {t.a}*{t.b}",
        ),
        {"t": _TWO_FACTOR},
        alpha_options(),
        weight=0.5,
    ),
    Lesson(
        "randomised blocks",
        "stats.anova(formula={t.y} ~ {t.a} + {t.b}, data={t}, {options})",
        (
            "(randomised|randomized) (complete|) block (design|experiment|anova|analysis)(:|,|) (response|) {t.y}, treatment {t.a}, blocks {t.b}",
            "(anova|analysis of variance) of {t.y} (for|by) {t.a} (with|using|blocking on|blocked by) {t.b} (as blocks|as block|)",
            "effect of {t.a} on {t.y} (after removing|allowing for|adjusting for|taking out) (the blocks|block differences in|the block effect of) {t.b}",
            "{t.y} ~ {t.a} + {t.b}(,|) (anova without interaction|additive anova|anova, no interaction)",
            "{t.b} (is|are) (just|only) (a nuisance|a block|blocks)(;|,) (does|test whether) {t.a} (matters|matter|changes|shifts) {t.y}(, anova|)",
        ),
        {"t": _TWO_FACTOR},
        alpha_options(),
        weight=0.7,
    ),
    Lesson(
        "analysis of covariance",
        "stats.anova(formula={t.y} ~ {t.g} + {t.x}, data={t}, covariates=[{t.x}], {options})",
        (
            "(ANCOVA|ancova|analysis of covariance) of {t.y} (by|on|for) {t.g} with {t.x} as (the|a|) (covariate|covariable)",
            "do the {t.g} groups differ in {t.y} (once|after|when) {t.x} is (adjusted for|accounted for|taken into account|controlled for)(, ancova|)",
            "(compare|test) {t.g} on {t.y}, (covariate|concomitant variable) {t.x}",
            "(adjust|correct) {t.y} for {t.x} and (test|compare|check) {t.g}(, analysis of covariance|, ancova)",
        ),
        {"t": MIXED},
        alpha_options(),
        weight=0.5,
    ),
    Lesson(
        "anova of nothing",
        "stats.anova(groups=<ask>)",
        (
            "(do|run) an (anova|analysis of variance) (for me|please|)",
            "are the means of my (groups|suppliers|batches) different",
            "(I want|we need) to compare the averages of several (lines|suppliers|recipes) by anova",
        ),
        weight=0.2,
    ),
    Lesson(
        "tukey",
        "stats.tukey(groups={g}, {options})",
        _TUKEY_ASK,
        {"g": Groups((3, 5), (4, 8))},
        alpha_options(),
        "stats.tukey(value={g.value}, by=[{g.by}], {options})",
        1.5,
    ),
    Lesson(
        "tukey by column",
        "stats.tukey(value={t.y}, by=[{t.g}], {options})",
        (
            "(tukey|HSD|pairwise tukey|all pairs) (of|for|on) {t.y} (by|across|between|over) {t.g}",
            "which {t.g} (pairs|levels) @differ in {t.y}(, tukey|, post hoc|, pairwise)",
            "(pairwise|post hoc|multiple) comparisons of {t.y} between (levels of|the|every pair of|) {t.g}",
            "(compare|contrast) all {t.g} with each other (for|on) {t.y}(, family-wise|, tukey|)",
        ),
        {"t": TableOf({"y": Data(), "g": Words((3, 4))}, ("pasted", "attached"), (9, 18))},
        alpha_options(),
    ),
    Lesson(
        "tukey within a model",
        "stats.tukey(formula={t.y} ~ {t.a} + {t.b}, data={t}, factor={t.a}, {options})",
        (
            "(tukey|pairwise comparisons|HSD|post hoc) (of|for) {t.a} in the (model|additive model|anova) {t.y} ~ {t.a} + {t.b}",
            "which levels of {t.a} differ in {t.y} (adjusting for|allowing for|with|given) {t.b} (in the model|as block|as blocks|as second factor)(, tukey|)",
            "adjusted means of {t.a} (for|on) {t.y}, {t.b} (as block|in the model too|accounted for)(, all pairs|, tukey letters)",
        ),
        {"t": _TWO_FACTOR},
        alpha_options(),
        weight=0.5,
    ),
    Lesson(
        "anova then tukey",
        "stats.anova(groups={g}); stats.tukey(groups={g}, {options})",
        (
            "(anova|analysis of variance|F test) (and|plus|followed by|then|with) (tukey|pairwise comparisons|HSD|post hoc tests)(:| on| for) {g}",
            "(do|are) the @means @differ(,|) and (which|if so which|then which) pairs(, tukey|)(:|?) {g}",
            "is (the factor|it|the treatment|the supplier|temperature) @significant(,|) and (which|what) (levels|pairs|groups) @differ(, tukey|)(:|?) {g}",
            "(overall|global) F (first|) (and|,) (then|afterwards|) (each pair|all pairs|who differs from whom)(:|) {g}",
            "(test|compare) the @means (overall|all at once) and (then|also) pair by pair(:|,) {g}",
            "are (they|these groups|the batches) different, and (between which|who is the odd one out|where is the difference)(:|?) {g}",
        ),
        {"g": Groups((3, 5), (4, 8))},
        alpha_options(),
        "stats.anova(value={g.value}, by=[{g.by}]); stats.tukey(value={g.value}, by=[{g.by}], {options})",
        1.5,
    ),
)
