"""Sentences that explain a method, or say how its result is to be judged and reported, and change no program.

People who ask at length about a file say what they want in one sentence and explain it in three: how a mean is made,
when they call a correlation significant, which library they would have used. Whoever reads them must not take the
words of the explanation for another task.
"""

from __future__ import annotations

from dataclasses import replace

from havoc.curriculum.lesson import Lesson

_LIBRARY = (
    "(Use|Using) (the|) (pandas|numpy|scipy|scipy.stats|statsmodels|sklearn|Python's built-in|built-in) (library|functions|function|module|package|methods) (to (compute|calculate|find|get) (it|them|this|the result)|for (this|the calculation)|)(.|)",
    "(Convert|Change|Cast) (the|) (data types|data type|type|values) (of the (column|columns)|) (from (string|text|object) |)to (numeric|numbers|integer|float|Int64)( before (calculating|performing calculations|the analysis)|)(.|)",
    "(Ignore|Exclude|Skip|Leave out|Do not consider|Drop) (the|those|any|) (records|rows|entries|values|data points) (where|in which|with) (the|a|) (column|value|values) (is|are) (null|empty|missing|NaN|not available)(.|)",
    "(Consider|Include|Take|Use) only (the|) (rows|records|entries) (that have a|with a) (recorded|valid|known|non-null|non-missing) (value|entry)(.|)",
    "(Report|Round|Give|Provide|Express) (your|the) (answer|answers|result|results|values|value) (rounded off|rounded|) (to|with) (two|three|four|2|3|4|1|one) decimal (places|place|)(.|)",
    "(Do this|Make the calculation|Do it) for (the complete|all|the whole) data(, not for (one|a single) group|)(.|)",
)
_P_VALUE = (
    "(Consider|Regard|Treat|Call) (the|a|any) (relationship|difference|correlation|association|result|effect) (to be|as|) (statistically|) significant (if|when) the p-value is (less than|below|smaller than|under) (0.05|alpha|the significance level|.05)(.|)",
    "If the p-value is (greater than or equal to|larger than|above|at least|more than) (0.05|alpha), (report|say|state|conclude) that there is no significant (correlation|difference|relationship|effect|association)(.|)",
    "(Report|Give|State|Provide) the (p-value|p value) (associated with the test|of the test|and the decision|as well|)(.|)",
    "(Assess|Judge|Decide on) (the|) significance (using|with|by|at) (a two-tailed test|the p-value|the usual level)(.|)",
)
_PEARSON = (
    "(Calculate|Compute|Use) the (Pearson|) correlation coefficient ((r)|r|) to (assess|measure|quantify|judge) the strength and (the|) direction of the (linear|) relationship(.|)",
    "(Consider|Call) the relationship (to be|) (linear|strong) if (the p-value is less than 0.05 and|) the (absolute|) value of r is (greater than or equal to|above|at least) (0.5|0.7)(.|)",
    "(A|) (positive|negative) (r|coefficient) means that (both|the two) (rise together|move in (the same|opposite) (direction|directions))(.|)",
)
_NORMAL = (
    "(Consider|Regard|Treat) the (data|distribution|values) (to be|as|) normal(ly distributed|) if the p-value is (greater than|above|larger than|at least) 0.05(.|)",
    "If the p-value is (less than|below|at most) 0.05, (reject|we reject) the null hypothesis and (report|conclude|state) that the data (is|are) not (normally distributed|normal)(.|)",
    "(Report|State|Say|Conclude) (whether|if) the (data|column|distribution) is (normal or not normal|normally distributed or not)(.|)",
    "The null hypothesis is that the (data|sample) (was|were|is) drawn from a normal distribution(.|)",
    "(Accept|Keep) the null hypothesis of normality (if|when) p (>|is above) 0.05(, and reject it otherwise|)(.|)",
)
_MEAN = (
    "(For the mean|To get the mean|The mean is found if you), (sum up|add up|add) all (values|observations) and divide by (the count|their number|the number of (values|observations|data points))(.|)",
    "(The standard deviation is|For the standard deviation, use|Calculate the standard deviation as) the square root of the (average|mean) squared (deviation|distance) from the mean(.|)",
    "(Calculate|Compute) the (arithmetic|) mean (and the (population|sample) standard deviation|)(.|)",
    "Do not (use|report|compute) (modes|medians|medians or modes|any other (form|kind) of average)(.|)",
    "(The average|It) (should|must) (be|include) (all|the) (rows|recorded values|entries|observations) (of the column|in the (dataset|file|table))(.|)",
    "(Perform|Do|Make) (arithmetic mean and standard deviation|mean|basic descriptive) (calculations|statistics) on the column(.|)",
)
_SHAPE = (
    "(Use|Take) (the|) Fisher-Pearson coefficient of skewness(.|)",
    "(A|) skewness (value|) (between|from) -0.5 (and|to) 0.5 (indicates|means) (that|) the distribution is (approximately|roughly|) (symmetric|normal)(.|)",
    "(A|) (skewness|value) (greater than|above) 0.5 (means|indicates|shows) a distribution skewed to the right(.|)",
)
_IQR = (
    "(An observation|A value|A data point|Outliers) (is an outlier|is considered an outlier|are values) (if it lies|that lie|that fall) (below|less than) Q1 - 1.5 (*|times|x|) (the|) IQR or above Q3 + 1.5 (*|times|x|) (the|) IQR(.|)",
    "The (IQR|interquartile range) is (Q3 - Q1|the difference between the third and (the|) first quartile|the 75th minus the 25th percentile)(.|)",
    "(A|The) z-score (is|tells) (the number of standard deviations from the mean|how many standard deviations a value is away from the mean|the (value|difference) minus the mean divided by the standard deviation)(.|)",
    "(Report|Give|State) (the|) (number|count|total number) of outliers( found| and their values|)(.|)",
    "Do not (remove|delete|drop) (any|the) (data|outliers|rows) (while|when|during) (calculating|counting|the calculation)(.|)",
)
_GROUP = (
    "(Group|Aggregate) the (data|rows|records) (first|) and (then|) (take|calculate|compute) the (mean|average|statistic) (in|of|for) each group(.|)",
    "(Report|Return|Give|Name) the (group|category|one) with the (highest|lowest|largest) value(.|)",
    "(Calculate|Compute) (it|the (average|value)) for each (group|category|level) separately(.|)",
    "(Are there|Do you see) (any|) differences between the (groups|categories|different types)(?|)",
)
_TEST = (
    "(Use|Perform|Apply) (an|a|) (independent|two-sample|independent samples|suitable) (test|t-test) (assuming|with) (unequal|equal|possibly unequal) variances(.|)",
    "The null hypothesis (is|states) that (there is no difference|the (means|groups) are (equal|the same))(.|)",
    "(Report|Provide) the (t-statistic|test statistic|statistic) and the p-value(.|)",
    "(Compare|First calculate) the (means|averages) of the groups( and then test them|)(.|)",
)
_FIT = (
    "(Use|Fit) (the|a|) (simple|ordinary least squares|OLS|multiple|) linear regression (method|model|algorithm|)(.|)",
    "(Report|Give|Provide) the (slope|coefficients|coefficient) and the (intercept|R-squared|R2)( of the model| value|)(.|)",
    "(The|) (feature|features|predictors) (is|are) the independent (variable|variables), the (other|target) is the dependent (variable|one)(.|)",
    "(Evaluate|Judge) the (fit|model) by (its|the) (R-squared|coefficient of determination|R2)(.|)",
)
_HOLD_OUT = (
    "(Evaluate|Measure) the (model|performance) (using|by|with) the (mean squared error|MSE|root mean squared error|R-squared|accuracy) on the (test|testing|held-out) (set|data)(.|)",
    "(The|) MSE is the (average|mean) (of the squares of the|squared) (difference|errors|differences) between (actual|observed) and predicted values(.|)",
    "(Train|Fit) the model on the training (set|data) (and|, then) (predict|make predictions) (for|on) the (test|testing) (set|data)(.|)",
    "(Use|Take) (sklearn's|the sklearn|scikit-learn) (train_test_split|LinearRegression|linear regression) (function|)(.|)",
)
_COUNT = (
    "(Count|Consider) only (those|rows|records|the ones) (for which|where) (the|) (condition|value) (is (exactly|) (met|fulfilled|equal)|holds)(.|)",
    "(This|The) (count|number|answer) (should|must) be a (non-negative|whole) (integer|number)(.|)",
    "If yes, how many( are there|)(?|)",
)
_MISSING = (
    "(The|) missing values (are|may be) (represented|shown|coded) as (NaN|null|blank cells|empty)( in (pandas|the (table|file))|)(.|)",
    "(Report|Give) the (percentage|share|number) (for each column|of the rows|)(.|)",
    "(Divide|Take) the number of missing (values|cells) (by|over) the (total|) number of rows(.|)",
)

NOTES: dict[str, tuple[str, ...]] = {
    "stats.describe": (*_MEAN, *_SHAPE, *_LIBRARY),
    "stats.correlation": (*_PEARSON, *_P_VALUE, *_LIBRARY),
    "stats.correlation_matrix": (*_PEARSON, *_LIBRARY),
    "stats.normality": (*_NORMAL, *_LIBRARY),
    "stats.outliers": (*_IQR, *_LIBRARY),
    "table.remove_outliers": (*_IQR, *_LIBRARY),
    "table.group": (*_GROUP, *_LIBRARY),
    "table.top": _LIBRARY,
    "table.value_counts": (*_COUNT, *_LIBRARY),
    "table.count": (*_COUNT, *_LIBRARY),
    "table.describe": (*_MISSING, *_LIBRARY),
    "stats.t_test_two": (*_TEST, *_P_VALUE, *_LIBRARY),
    "stats.t_test_one": _P_VALUE,
    "stats.mann_whitney": (*_P_VALUE, *_LIBRARY),
    "stats.anova": (*_P_VALUE, *_GROUP, *_LIBRARY),
    "stats.kruskal_wallis": _P_VALUE,
    "stats.chi_square_independence": _P_VALUE,
    "stats.regression": (*_FIT, *_P_VALUE, *_LIBRARY),
    "stats.holdout": (*_FIT, *_HOLD_OUT, *_LIBRARY),
}


def with_notes(lesson: Lesson) -> Lesson:
    """The lesson with the notes of its last operation, where it has none of its own."""
    notes = NOTES.get(lesson.last_operation, ())
    return replace(lesson, notes=notes) if notes and not lesson.notes else lesson
