"""Questions about the columns of an attached file, asked at length: the task, then how it is to be done."""

from __future__ import annotations

from havoc.curriculum.lesson import (
    Cell,
    Data,
    Field,
    Lesson,
    Num,
    Option,
    TableOf,
    Word,
    Words,
    alpha_options,
)

FILE = ("attached",)
X = TableOf({"x": Data()}, forms=FILE, rows=(12, 20))
XY = TableOf({"x": Data(), "y": Data()}, forms=FILE, rows=(10, 18))
XYZ = TableOf({"x": Data(), "y": Data(), "z": Data()}, forms=FILE, rows=(10, 18))
XG = TableOf({"x": Data(), "g": Words((2, 5))}, forms=FILE, rows=(10, 18))
XG2 = TableOf({"x": Data(), "g": Words((2, 2))}, forms=FILE, rows=(10, 18))
XGH = TableOf({"x": Data(), "g": Words((2, 3)), "h": Words((2, 3))}, forms=FILE, rows=(10, 18))
GH = TableOf({"g": Words((2, 4)), "h": Words((2, 4))}, forms=FILE, rows=(12, 20))

_CALC = (
    "(Calculate|Compute|Find|Determine|Work out|Get|Report|What is|What are|Give|Provide|Obtain)"
)
_CHECK = "(Check|Test|Verify|Determine|Examine|Assess|Find out|Investigate|Decide|See)"
_COL = "(column|variable|field|values|feature|attribute|data|)"
_IN = "(in the (dataset|data set|file|table|data|csv|provided dataset|given dataset)|of the dataset|recorded in the dataset|across all rows|)"
_WHO = "(by|of|among|paid by|for|across) (the|all|) (passengers|customers|patients|players|items|countries|samples|individuals|cars|houses|records|employees|parts|students|)"
_STATS = "(mean and standard deviation|mean, median and standard deviation|average|mean|mean value|mean and median|median and range|minimum and maximum|mean, standard deviation, minimum, and maximum|standard deviation|variance|median|skewness|kurtosis|summary statistics|average value|arithmetic mean and sample standard deviation|interquartile range|quartiles)"
_CREATE = "(Create|Generate|Add|Make|Construct|Define|Engineer)"
_THEN = "(Then, |Then |After that, |Next, |Afterwards |And |Finally, |)"
_ALPHA = alpha_options(0.12)
NEW = Word(
    (
        "ratio",
        "total",
        "score",
        "margin",
        "density",
        "growth",
        "FamilySize",
        "PriceRange",
        "experience_score",
        "power_ratio",
        "net_value",
        "difference",
        "bmi_index",
        "daily_change",
        "rooms_per_person",
        "spread",
    )
)
AMOUNTS = TableOf(
    {"p": Data(low=1, high=900), "q": Data(low=1, high=50)}, forms=FILE, rows=(10, 16)
)
AMOUNTS_Y = TableOf(
    {"p": Data(low=1, high=900), "q": Data(low=1, high=50), "y": Data()}, forms=FILE, rows=(10, 16)
)

SUMMARIES = (
    Lesson(
        "question_describe",
        "stats.describe(x={t.x})",
        (
            f"{_CALC} the {_STATS} of the {{t.x}} {_COL} {_IN}",
            f"{_CALC} the {_STATS} (of|for) (all|) {{t.x}} {_WHO}",
            f"(What is|What was) the {_STATS} {{t.x}} {_IN}(?|)",
            f"(What is|How large is|How high is) the (average|mean|typical|median) {{t.x}} (recorded|observed|measured|reported|) {_IN}(?|)",
            "(Compute|Calculate) the (arithmetic|) (mean|average) (as|by taking) the sum (of all values|of the values) divided by the (number|total number) of (observations|values) for {t.x}",
            "(How are|Describe how) the {t.x} (values|data|figures) (distributed|spread)(?|,) (mean, sd, quartiles|centre and spread)",
            f"(Explore|Summarise|Describe|Examine) the distribution of (the|) {{t.x}} {_COL} by (computing|calculating|giving) (its|the) {_STATS}",
            f"(I want to know|Tell me|Show me) the {_STATS} of {{t.x}}",
            "{t.x}: (mean|average), (sd|standard deviation)(, min, max|, median|)",
            f"(What is|What's|Give me|Find) the (mean|average|typical) (value of|number of|amount of|) (the|) {{t.x}} {_COL} (across|over|for) all (rows|years|countries|groups|people|items)(?|)",
            f"(Perform|Do|Run) (basic|) (descriptive statistics|arithmetic mean and standard deviation calculations|a descriptive analysis) (on|of|for) the {{t.x}} {_COL} {_IN}",
            f"(On average, how|How) (large|high|big|much|long) (is|was) {{t.x}} {_IN}(?|)",
            f"(Is|Was) (the distribution of|) {{t.x}} (skewed|symmetric)(?|) {_CALC} (its|the) (skewness|skewness and kurtosis)",
            "(highest|lowest|largest and smallest) (value of|) {t.x}, (its|and the) (range|mean|median)",
        ),
        {"t": X},
        weight=3.2,
    ),
    Lesson(
        "question_correlation",
        "stats.correlation(x={t.x}, y={t.y}, {options})",
        (
            f"{_CALC} the (Pearson|) correlation coefficient (\\(r\\)|r|) between (the|) {{t.x}} (and|and the) {{t.y}} {_COL}",
            "(Is there|Is there any) (a|) (linear relationship|correlation|association|linear correlation|relationship) between (the|) {t.x} and (the|) {t.y}(?|) (Assess|Measure) (the|its) strength and direction (by Pearson's r|of the linear relationship|)",
            f"{_CHECK} (whether|if) {{t.x}} and {{t.y}} are (correlated|linearly related|associated|related)( and how strongly|, and report r|)",
            "(How strongly|How closely|How) (is|are) {t.x} (related|correlated|linked|associated) (to|with) {t.y}(?|)",
            "(Find|Explore|Investigate|Examine|Study) the (relationship|correlation|link) between {t.x} and {t.y}(.| by a correlation.| using Pearson's method.) (Give the coefficient|Report the correlation coefficient|Is it linear)(.|)",
            "(Assess|Test) the significance of the (correlation|linear relationship) between {t.x} and {t.y} (using|with) a two-tailed test",
            "(Does|Do) {t.x} (go up|rise|increase|grow) (with|when|as) {t.y}( rises| increases|)(?|) (correlation|r) please",
            "(correlate|correlation of) {t.x} (with|and) {t.y}",
            "(Perform|Run|Do) a correlation analysis (of|on|between) (the|) {t.x} and {t.y} (columns|variables|)",
        ),
        {"t": XY},
        (
            Option(
                "method=spearman",
                ("(use|using|by) (Spearman|Spearman's rank correlation|ranks)", "Spearman's rho"),
                {},
                0.1,
            ),
            Option(
                "method=pearson",
                ("(use|using|by) (the|) (Pearson|Pearson's) (method|correlation coefficient|)",),
                {},
                0.1,
            ),
            *_ALPHA,
        ),
        weight=2.6,
    ),
    Lesson(
        "question_two_correlations",
        "stats.correlation(x={t.x}, y={t.y}); stats.correlation(x={t.x}, y={t.z})",
        (
            "(Calculate|Compute|Report) the (Pearson|) correlation (coefficients|) between {t.x} and {t.y}, and between {t.x} and {t.z}",
            "correlations of {t.x} with {t.y} and with {t.z}",
            "(How does|Does) {t.x} (correlate|go) with {t.y} and (with|) {t.z}(?|)",
        ),
        {"t": XYZ},
        weight=0.6,
    ),
    Lesson(
        "question_strongest_correlation_of_one",
        "stats.correlation_matrix(x={t}, y={t.x})",
        (
            "(Which|What) (variable|column|feature)(s|) (has|have|shows) the (strongest|highest|largest) correlation (with|to) (the|) {t.x}(?|)",
            "(which|what) (of the (other|) columns|measurement|quantity) (goes|moves|correlates) (most|best) with {t.x}(?|)",
            "(rank|sort|list) (all|the) (other|) (variables|columns) by (their|) correlation with {t.x}",
            "(Calculate|Compute) the (Pearson|) correlation (coefficients|) between {t.x} and (all|every) other (numerical|numeric|) (columns|variables)(. Which is the strongest?|)",
            "(is there|) (any|some) (column|variable) that (drives|explains|predicts) {t.x}(?|) correlations (with all others|) please",
            "strongest (driver|correlate|predictor) of {t.x} (among all columns|in the table|)(?|)",
        ),
        {"t": XYZ},
        weight=0.6,
    ),
    Lesson(
        "question_strongest_correlation",
        "stats.correlation_matrix(x={t})",
        (
            "(Calculate|Compute|Make|Show) the correlation matrix of (all|the) (numeric|numerical|) (columns|variables)",
            "(correlations|Pearson correlations) between all (pairs of|) (numerical|numeric|) (columns|variables)",
            "(Which pair of|Which two) (variables|columns) (is|are) (most strongly|most) correlated(?|)",
            "(heat map|heatmap|matrix) of (the|) correlations (between the columns|)",
        ),
        {"t": XYZ},
        weight=0.8,
    ),
)

DISTRIBUTIONS = (
    Lesson(
        "question_normality",
        "stats.normality(x={t.x}, {options})",
        (
            f"{_CHECK} (if|whether) the (distribution of|values of|) (the|) {{t.x}} {_COL} (adheres to|follows|comes from|fits) a normal distribution",
            f"(Is|Are) (the|) {{t.x}} {_COL} normally distributed(?|)",
            "(Does|Do) (the|) (distribution of|) {t.x} (adhere to|follow|resemble) a (normal|Gaussian) distribution(?|)",
            "(Perform|Run|Do|Apply|Conduct) a normality test (on|for|of) (the|) {t.x} (column|values|)",
            "(Explore|Examine|Investigate) the distribution of (the|) {t.x} (column|) and (determine|decide|say) (if|whether) it is normal",
            "(Can|May) {t.x} be (treated|regarded|considered) as (normal|Gaussian|normally distributed)(?|)",
        ),
        {"t": X},
        (
            Option(
                "method=shapiro_wilk",
                (
                    "(using|use|with|by|conduct|perform) (the|a|) Shapiro(-| )Wilk (test|test for normality|)",
                    "Shapiro(-| )Wilk",
                ),
                {},
                0.4,
            ),
            Option(
                "method=lilliefors",
                (
                    "(using|use|with|by) (the|a|) (Kolmogorov-Smirnov|KS|K-S|Kolmogorov Smirnov|Lilliefors) test",
                ),
                {},
                0.12,
            ),
            Option(
                "method=dagostino_pearson",
                (
                    "(using|use|with|by) (the|) (D'Agostino|D'Agostino-Pearson|D'Agostino and Pearson's|scipy normaltest|normaltest\\(\\)|K2|omnibus) (test|function|)",
                ),
                {},
                0.12,
            ),
            Option(
                "method=anderson_darling",
                ("(using|use|with|by) (the|an|) Anderson(-| )Darling test",),
                {},
                0.12,
            ),
            *_ALPHA,
        ),
        weight=2.0,
    ),
    Lesson(
        "question_skewness",
        "stats.describe(x={t.x})",
        (
            f"{_CHECK} (if|whether) {{t.x}} is (normal|normally distributed|symmetric|skewed). (Assume|Consider|Call) (it|the distribution) (as|) normal if (the|its) (absolute value of|) skewness is (between -0.5 and 0.5|less than 0.5|below 0.5)",
            "(Calculate|Compute) the (skewness|kurtosis|skewness and kurtosis|skew) of (the|) {t.x} (column|) (and|to) (judge|decide|say) (whether it is normal|its shape)",
            "(Is|How) {t.x} (skewed|lopsided)(?|) (Use|Take) (the|) (Fisher-Pearson|) (coefficient of|) skewness",
        ),
        {"t": X},
        weight=0.6,
    ),
    Lesson(
        "question_outliers_iqr",
        "stats.outliers(x={t.x}, method=iqr)",
        (
            f"(Are there|Identify|Find|Detect|Determine|Count|List) (any|the|all|) outliers (in|of) (the|) {{t.x}} {_COL} (using|with|by|based on) (the|) (IQR|interquartile range|1.5 IQR|1.5 * IQR|quartile|box plot|boxplot|Tukey) (method|rule|criterion|)",
            "(How many|What number of) outliers (are there|does it have) in {t.x} (by|using|according to) the (interquartile range|IQR|quartile) (method|rule)(?|)",
            "(Values|Any value|Any values|Data points) (below|that fall below) Q1 - 1.5 IQR or above Q3 + 1.5 IQR (are|is|count as) (outliers|an outlier). (How many are there in|Count those in|Find them in) {t.x}(?|)",
            "(outlier|outliers) (check|detection) (of|on|for) {t.x}, (IQR|interquartile range|fences)",
        ),
        {"t": X},
        weight=1.2,
    ),
    Lesson(
        "question_outliers_z",
        "stats.outliers(x={t.x}, method=z_score, limit={k})",
        (
            f"(Identify|Find|Detect|Are there|Count|List) (any|the|all|) outliers (in|of) (the|) {{t.x}} {_COL} (using|with|by|based on) (the|) (z-score|Z score|Z-score|standard score) (method|) (with|and|at) a (threshold|limit|cut-off|z-score threshold) of {{k}}",
            "(How many|Which) (values|data points) of {t.x} have a (z-score|Z-score) (greater|larger|higher|more) than {k} (or less than minus that|in absolute value|)(?|)",
            "(Any|Every) (data point|value) more than {k} (standard deviations|sigma) (from|away from) the mean is an outlier. (Count|Find|Report) (them|those) in {t.x}",
        ),
        {"t": X, "k": Num(2, 3.5, 1, choices=("3", "3", "2.5", "2", "3.5"))},
        weight=1.0,
    ),
)

GROUPED = (
    Lesson(
        "question_group_highest",
        "table.group(data={t}, by={t.g}, column={t.x}, aggregate=mean)",
        (
            "(Which|What) {t.g} has the (highest|lowest|largest|smallest|greatest) (average|mean|average value of) {t.x}(?|)",
            "(Calculate|Compute|Find) the (average|mean) (of|) {t.x} (for each|by|per|grouped by|within each) {t.g} and (report|return|name|give) the {t.g} with the (highest|lowest|largest) (average|mean)( value|)",
            "(What is|Compare|Show) the (mean|average) {t.x} (for each|of each|across|across the different|by) {t.g}(s|)",
            "(Group|Aggregate) (the data|the rows|) by {t.g} and (calculate|take) the (mean|average) of {t.x} (in each group|for each group|)",
        ),
        {"t": XG},
        weight=1.4,
    ),
    Lesson(
        "question_group_median",
        "table.group(data={t}, by={t.g}, column={t.x}, aggregate=median)",
        (
            "(Which|What) {t.g} has the (highest|lowest) median {t.x}(?|)",
            "(Calculate|Compute|Find|Report) the median (of|) {t.x} (for each|by|per|grouped by) {t.g}",
        ),
        {"t": XG},
        weight=0.6,
    ),
    Lesson(
        "question_group_sum",
        "table.group(data={t}, by={t.g}, column={t.x}, aggregate=sum)",
        (
            "(Which|What) {t.g} has the (highest|lowest|largest) (total|sum of) {t.x}(?|)",
            "(Calculate|Compute|Find|Report) the (total|sum of|overall) {t.x} (for each|by|per|grouped by) {t.g}",
        ),
        {"t": XG},
        weight=0.6,
    ),
    Lesson(
        "question_top_row",
        "table.top(data={t}, by={t.x}, n=1, which=largest)",
        (
            "(Find|Identify|Which is|What is|Report) the {t.g} (with|having|that has) the (highest|largest|maximum|greatest) {t.x} (value|)(?|)",
            "(Which|What) {t.g} (corresponds to|belongs to|has) the (maximum|highest|largest) {t.x}(?|)",
            "(Extract|Return|Give) the {t.g} (corresponding to|of) the (highest|largest) {t.x}",
        ),
        {"t": XG},
        weight=0.8,
    ),
    Lesson(
        "question_bottom_row",
        "table.top(data={t}, by={t.x}, n=1, which=smallest)",
        (
            "(Find|Identify|Which is|What is|Report) the {t.g} (with|having|that has) the (lowest|smallest|minimum|least) {t.x} (value|)(?|)",
            "(Which|What) {t.g} (corresponds to|belongs to|has) the (minimum|lowest|smallest) {t.x}(?|)",
        ),
        {"t": XG},
        weight=0.5,
    ),
    Lesson(
        "question_most_common",
        "table.value_counts(data={t}, column={t.g})",
        (
            "(What is|Which is|Find) the most (common|frequent) {t.g} (in the dataset|)(?|)",
            "(How many|Count the number of) (unique|distinct|different) (values|categories|{t.g}|levels) (are there|does {t.g} have|in {t.g})(?|)",
            "(Count|How many) (records|rows|people|items|entries) (there are|are there|) (for each|in each|per|of each) {t.g}(?|)",
            "(What|Which) (share|proportion|percentage) of (the rows|the records|all) (falls|is) in each {t.g} (category|)(?|)",
        ),
        {"t": XG},
        weight=0.8,
    ),
    Lesson(
        "question_count_value",
        "table.count(data={t}, where={t.x} == {v})",
        (
            "(Are there|Is there) any (rows|records|entries|items|{t.g}|people) (in the dataset|) (that have|with) (a|an|) {t.x} of {v}(?|) (If yes, how many|How many|Count them)(?|)",
            "(How many|Count the|Number of) (rows|records|entries|items|people|cases) (that|) (have|with) (a|an|) {t.x} (of|equal to|exactly|=) {v}(?|)",
            "(Count|Find) (how often|how many times) {t.x} (is|equals|takes the value) {v}",
            "(In how many|For how many) (rows|records|cases) (is|does) {t.x} (equal|equal to|exactly) {v}(?|)",
        ),
        {
            "t": TableOf(
                {"x": Data(low=1, high=6, integers=True), "g": Words((2, 5))},
                forms=FILE,
                rows=(12, 20),
            ),
            "v": Cell("t.x"),
        },
        weight=0.6,
    ),
    Lesson(
        "question_count_above",
        "table.count(data={t}, where={t.x} > {v})",
        (
            "(How many|Count the|Number of) (rows|records|entries|items|people|cases) (that|) (have|with) (a|an|) {t.x} (above|over|greater than|larger than|exceeding|of more than) {v}(?|)",
            "(In how many|For how many) (rows|records|cases) (is|does) {t.x} (above|exceed|greater than|more than) {v}(?|)",
            "(What|Which) (number|share|percentage|proportion) of (the|) (rows|records|people|items) (has|have) (a|an|) {t.x} (above|over|greater than) {v}(?|)",
        ),
        {"t": XG, "v": Num(10, 90, 1)},
        weight=0.5,
    ),
    Lesson(
        "question_count_below",
        "table.count(data={t}, where={t.x} < {v})",
        (
            "(How many|Count the|Number of) (rows|records|entries|items|people|cases) (that|) (have|with) (a|an|) {t.x} (below|under|less than|smaller than|lower than) {v}(?|)",
            "(What|Which) (number|share|percentage|proportion) of (the|) (rows|records|people|items) (has|have) (a|an|) {t.x} (below|under|less than) {v}(?|)",
        ),
        {"t": XG, "v": Num(10, 90, 1)},
        weight=0.4,
    ),
    Lesson(
        "question_missing",
        "table.describe(data={t})",
        (
            "(What is|Calculate|Find) the (percentage|number|share|count) of (missing|null|NaN) values in (the|) {t.x} (column|)(?|)",
            "(How many|Which) (columns|values) (have|are) (missing|null) (values|)(?|)",
            "(How many|Count the) (missing|null|empty) (values|cells) (there are|are there|) in {t.x}(?|)",
            "(Can you|Could you|) (detect|find|see|identify) (any|the) (missing|null|NaN) (values|data) in the (dataset|file|table)(?|) (If yes, how many|How many) (missing values|) (are there|) (for|in) each column(?|)",
            "(Are there|Does the (dataset|file|table) have) (any|) (missing|null|empty) (values|cells|entries)(?|)",
            "(missing|null|NaN) (values|counts) (per|by|for each) (column|variable)",
            "(What|Which) (percentage|share|proportion) of {t.x} is (missing|empty|null)(?|)",
        ),
        {"t": X},
        weight=0.9,
    ),
)

TESTS = (
    Lesson(
        "question_two_groups",
        "stats.t_test_two(x={t.x}, by={t.g}, {options})",
        (
            "(Is there|Determine if there is|Test whether there is) a (significant|statistically significant|) difference in (the|) (average|mean|) {t.x} between the (two|) {t.g} (groups|categories|levels)(?|)",
            "(Is|Are) (the|) {t.x} (significantly|) different (between|for) (the two|both) {t.g}(s|) (groups|)(?|) (Use|Perform|By) (a|an independent|an independent samples) t-test",
            "(Do|Does) (the|) {t.x} (differ|depend|vary) (between|on|by) (the two|) {t.g} (groups|)(?|) (t-test|t test|independent t-test)",
            "(Compare|Test) the mean {t.x} (of|between) the (two|) {t.g} groups (with|by|using) (a|an independent|a two-sample) t-test",
            "(Calculate|Compute) the mean {t.x} (for|of) (each|both) {t.g} separately and test (if|whether) the difference is significant",
        ),
        {"t": XG2},
        _ALPHA,
        weight=1.0,
    ),
    Lesson(
        "question_two_groups_ranks",
        "stats.mann_whitney(x={t.x}, by={t.g})",
        (
            "(Test|Determine|Check) (if|whether) {t.x} (differs|is different) between the (two|) {t.g} groups (utilising|using|with|by) the Mann-Whitney (U|) test",
            "Mann-Whitney (U|) test of {t.x} (by|between|across) {t.g}",
            "(non-parametric|nonparametric|rank based) (test|comparison) of {t.x} between (the two|) {t.g} (groups|)",
        ),
        {"t": XG2},
        weight=0.6,
    ),
    Lesson(
        "question_many_groups",
        "stats.anova(value={t.x}, by={t.g})",
        (
            "(Is there|Determine if there is) a (significant|statistically significant|) difference in (the|) (average|mean|) {t.x} (between|among|across) the (different|various|) {t.g}(s| groups| categories| levels)(?|)",
            "(Perform|Run|Do|Use) (a|an|) (one-way|) (ANOVA|analysis of variance) (of|for|to compare) {t.x} (across|by|among|between) {t.g}",
            "(Does|Do) (the|) (mean|average|) {t.x} (differ|vary|depend) (across|by|on|among) {t.g}(?|) (ANOVA|one-way ANOVA|analysis of variance)",
        ),
        {"t": TableOf({"x": Data(), "g": Words((3, 5))}, forms=FILE, rows=(12, 20))},
        weight=1.0,
    ),
    Lesson(
        "question_independence",
        "stats.chi_square_independence(rows={t.g}, columns={t.h})",
        (
            "(Is there|Determine if there is|Test for) (an|a significant|a) (association|relationship|dependence) between {t.g} and {t.h}(?|) (Use|By) (a|the) chi-square(d|) test",
            "(Are|Is) {t.g} and {t.h} (independent|related|associated)(?|)",
            "(chi-square|chi-squared|chi square) test of (independence|association) (between|of|for) {t.g} and {t.h}",
        ),
        {"t": GH},
        weight=0.8,
    ),
    Lesson(
        "question_regression",
        "stats.regression(y={t.y}, x=[{t.x}, {t.z}])",
        (
            "(Can we|Can you|Could we) predict {t.y} (based on|from|using|by) {t.x} and {t.z}(?|)",
            "(Perform|Run|Fit|Build|Use|Apply) (a|an|) (multiple|) linear regression (analysis|model|) (with|using) {t.x} and {t.z} as (predictors|features|independent variables) and {t.y} as (the|) (response|target|dependent variable|outcome)",
            "(Model|Explain|Predict) {t.y} (by|with|from) {t.x} and {t.z} (in|with|by) a linear (model|regression)",
            "(How do|Do) {t.x} and {t.z} (affect|influence|predict|explain) {t.y}(?|) (regression|linear model)",
        ),
        {"t": XYZ},
        weight=1.0,
    ),
    Lesson(
        "question_regression_one",
        "stats.regression(y={t.y}, x={t.x})",
        (
            "(Can we|Can you) predict {t.y} (based on|from|using|by) {t.x}(?|) (linear regression|simple linear regression|a straight line|)",
            "(Perform|Run|Fit|Build|Use|Apply) (a|) (simple|) linear regression (with|using) {t.x} as (the|) (predictor|feature|independent variable) and {t.y} as (the|) (response|target|dependent variable|outcome)",
            "(slope|intercept|R-squared|equation) of the (line|regression) of {t.y} on {t.x}",
        ),
        {"t": XY},
        weight=0.8,
    ),
)


def _new_column(
    name: str, formula: str, ways: str, after: str, program: str, spec: TableOf
) -> Lesson:
    return Lesson(
        f"question_new_{name}_{after.split()[0].strip('(').split('|')[0].lower()}_{program.split('.')[1].split('(')[0]}",
        f"table.derive(data={{t}}, {{n}}={formula}); {program}",
        (
            f"{_CREATE} a new (column|feature|variable) (called|named|) {{n}} (by|as|that is|using|which is) {ways}. {_THEN}{after}",
            f"{_CREATE} {{n}} (as|by|from|=) {ways}(.|;|,) {_THEN}{after}",
            f"{_THEN}{after}, where {{n}} is {ways}",
            f"(Perform feature engineering by creating|By creating|Using feature engineering, create) (a|the) (new|) feature {{n}} (as|from|by) {ways}. {_THEN}{after}",
        ),
        {"t": spec, "n": NEW},
        weight=0.45,
    )


WAYS = (
    ("sum", "{t.p} + {t.q}", "(summing|adding|adding up|the sum of|the total of) (the|) {t.p} and {t.q} (columns|)"),
    ("difference", "{t.p} - {t.q}", "(subtracting {t.q} from {t.p}|the difference between {t.p} and {t.q}|{t.p} minus {t.q}|calculating the difference between the {t.p} and {t.q} values)"),
    ("product", "{t.p} * {t.q}", "(multiplying|the product of) (the|) {t.p} (column|) (by|with|and) (the|) {t.q} (column|)"),
    ("ratio", "{t.p} / {t.q}", "(dividing {t.p} by {t.q}|the ratio of {t.p} to {t.q}|calculating the ratio of {t.p} and {t.q}|{t.p} / {t.q}|{t.p} per {t.q})"),
    ("log", "log({t.p})", "(the|taking the) (natural|) (log|logarithm) (transformation|) of {t.p}"),
    ("log10", "log10({t.p})", "(the|taking the) (logarithm with base 10|base 10 logarithm|log10|common logarithm) of {t.p}"),
    ("change", "pct_change({t.p})", "(the percentage change|the percent change) (in|of) (the|) {t.p} (from the previous (day|row|month|year)|from one row to the next|)"),
)  # fmt: skip
NEW_COLUMNS = tuple(
    _new_column(name, formula, ways, after, program, spec)
    for name, formula, ways in WAYS
    for after, program, spec in (
        (
            "(Calculate|Compute|Report|Find) (the|its|) (mean and standard deviation|mean|average|summary statistics|mean, median and standard deviation) of (the|) {n} (column|)",
            "stats.describe(x=r1.{n})",
            AMOUNTS,
        ),
        (
            "(Calculate|Compute|Find|Report) the (Pearson|) correlation (coefficient|) between {n} and {t.y}",
            "stats.correlation(x=r1.{n}, y={t.y})",
            AMOUNTS_Y,
        ),
        (
            "(Check|Test|Determine) (if|whether) {n} (follows|adheres to|comes from) a normal distribution",
            "stats.normality(x=r1.{n})",
            AMOUNTS,
        ),
    )
)

_TWO_LEVELS: dict[str, Field] = {
    "t": TableOf({"x": Data(), "g": Words((3, 5))}, forms=FILE, rows=(14, 20)),
    "w": Cell("t.g"),
    "u": Cell("t.g"),
}
CONDITIONS = (
    Lesson(
        "question_count_two",
        "table.count(data={t}, where={t.g} == {w} and {t.h} == {u})",
        (
            "(How many|Count the|What number of) (records|rows|people|cases|items) (have|are|with) {t.g} (=|equal to|) {w} and {t.h} (=|equal to|) {u}(?|)",
            "number of (rows|cases) (with|where) {t.g} is {w} and {t.h} is {u}",
        ),
        {"t": XGH, "w": Cell("t.g"), "u": Cell("t.h")},
        weight=0.5,
    ),
    Lesson(
        "question_group_two_levels",
        "table.filter(data={t}, where={t.g} == {w} or {t.g} == {u}); stats.mann_whitney(x=r1.{t.x}, by=r1.{t.g})",
        (
            "(Consider|Use|Take) only {t.g} {w} and {u}. (Compare|Test) their {t.x} (with|by|using) the Mann-Whitney (U|) test",
            "Mann-Whitney (U|) test of {t.x} between {w} and {u} (of|in) {t.g}",
        ),
        _TWO_LEVELS,
        weight=0.3,
    ),
    Lesson(
        "question_levels_t",
        "table.filter(data={t}, where={t.g} == {w} or {t.g} == {u}); stats.t_test_two(x=r1.{t.x}, by=r1.{t.g})",
        (
            "(Is there|Determine if there is) a (significant|) difference in {t.x} between {w} and {u}(?|) (t-test|two sample t-test|independent t test)",
            "(Compare|Test) (the|) (mean|average|) {t.x} (of|between|for) {w} (and|versus|against) {u} (with|by|using) a t-test",
        ),
        _TWO_LEVELS,
        weight=0.4,
    ),
)

_SHARE = Num(0.1, 0.5, choices=("20%", "30%", "25%", "0.2", "0.3", "0.25", "40%", "0.33", "10%"))
_SEED = Option(
    "seed={s}",
    (
        "(random state|random_state|seed|random seed) (=|of|is|) {s}",
        "(use|with|set) (a|the|) (random state|random_state|seed|random seed) (of|to|=|) {s}",
    ),
    {"s": Num(0, 999, integer=True, choices=("42", "0", "1", "7", "123", "2024"))},
    0.35,
)
_SPLIT = "(Split|Divide|Partition) the (data|dataset|data set|rows) into (a|) training and (a|) (test|testing|validation) (set|sets|part|) (with|using|, keeping|with a share of|of|) {p} (for testing|for the test|as test set|held out|test rows|)"
_ERROR = "(mean squared error|MSE|MSE on the test set|test error|error on the testing set|R2 on the test set|prediction error|rmse)"
_ROWS = (24, 30)  # enough for a test share of 10 %
_SPLIT_ROWS = {
    "one": TableOf({"x": Data(), "y": Data()}, forms=FILE, rows=_ROWS),
    "two": TableOf({"x": Data(), "y": Data(), "z": Data()}, forms=FILE, rows=_ROWS),
    "logistic": TableOf(
        {"x": Data(), "y": Data(low=0, high=1, integers=True), "z": Data()}, forms=FILE, rows=_ROWS
    ),
}
HOLDOUT = tuple(
    Lesson(
        f"question_holdout_{name}",
        f"stats.holdout(y={{t.y}}, x={x}, test_share={{p}}{', model=logistic' if logistic else ''}, {{options}})",
        (
            f"(Train|Fit|Build) a {kind} (model|) to predict {{t.y}} (from|using|based on) {words}. {_SPLIT}. (Report|Evaluate|Give|Calculate) the {measure}",
            f"{_SPLIT}, (train|fit) a {kind} (model|) (for|of) {{t.y}} on {words} and (report|evaluate|give) the {measure}",
            f"(Predict|Prediction of) {{t.y}} (with|by|from) {words}: {kind}, (hold out|test share|test size|test set) {{p}}, {measure}",
            f"(Use|Apply) machine learning (techniques|) to predict {{t.y}} from {words}. {_SPLIT}. (Use|Train) a {kind} (model|) and (evaluate|measure) (its performance by|) the {measure}",
            f"how well does a {kind} (model|) of {{t.y}} on {words} predict (new|unseen) rows(?|) {{p}} (of the rows|) as test set, {measure}",
        ),
        {"t": _SPLIT_ROWS[name], "p": _SHARE},
        (_SEED,),
        weight=0.7,
    )
    for name, x, words, logistic, kind, measure in (
        ("one", "{t.x}", "{t.x}", False, "(simple|) linear regression", _ERROR),
        ("two", "[{t.x}, {t.z}]", "{t.x} and {t.z}", False, "(multiple|) linear regression", _ERROR),
        ("logistic", "[{t.x}, {t.z}]", "{t.x} and {t.z}", True, "logistic regression", "(accuracy|accuracy score|share classified right|model score)"),
    )
)  # fmt: skip

LESSONS: tuple[Lesson, ...] = (
    *HOLDOUT,
    *SUMMARIES,
    *DISTRIBUTIONS,
    *GROUPED,
    *TESTS,
    *NEW_COLUMNS,
    *CONDITIONS,
)
