"""Questions about a file that want several results: means and their test, a table cleaned and then summarised."""

from __future__ import annotations

from havoc.curriculum.lesson import Cell, Data, Lesson, Num, TableOf, Words, alpha_options
from havoc.curriculum.lessons.data_questions import FILE, XG2, XY, XYZ, X

_OUT = "(Remove|Drop|Exclude|Delete|Filter out) (the|any|all|) outliers (from|in|of) (the|) {t.x} (column|variable|)"
_Z = "(by|using|with|based on) (the|) (z-score|Z-score|z score) (method|) (with a threshold of|and a threshold of|, threshold|where an outlier is more than|at) {k}( standard deviations| from the mean|)"
_AFTER = "(of the remaining data|afterwards|after removal|of what is left|after removing them|of the cleaned column|)"
_TWO = "(mean and standard deviation|mean and the standard deviation|new mean and standard deviation|average and spread|mean, median and standard deviation|mean)"
_XGH = TableOf({"x": Data(), "g": Words((2, 2)), "h": Words((2, 3))}, forms=FILE, rows=(12, 20))
_LIMIT = Num(2, 3.5, 1, choices=("3", "3", "2.5", "2", "3.5"))
_ALPHA = alpha_options(0.15)

MEANS_AND_TEST = (
    Lesson(
        "question_group_means_and_t",
        "table.group(data={t}, by={t.g}, column={t.x}, aggregate=mean); stats.t_test_two(x={t.x}, by={t.g}, {options})",
        (
            "(Calculate|Compute|Report|Give) the (mean|average) (of|) {t.x} (for|of|in) (each|both|the two) {t.g} (groups|categories|levels|) (separately|) and (test|check) (if|whether) (they differ|the difference is significant) (with|by|using) (a|an independent|a two-sample) t-test",
            "(Explore|Examine|Investigate) (the distribution of|) {t.x} (for|across|by) the (different|two) (values|levels) of {t.g}. (Compute|Calculate) (the|both) (mean|average) {t.x} (by group|of each group|separately) and (run|conduct|perform) a t-test",
            "mean {t.x} (by|per) {t.g}, and is the difference significant (t-test|by a t test)(?|)",
            "(What is|Compare) the (average|mean) {t.x} (of|for) each {t.g}, and are they significantly different(?|) (independent|two-sample) t-test",
        ),
        {"t": XG2},
        _ALPHA,
        weight=1.0,
    ),
    Lesson(
        "question_within_group_t",
        "table.filter(data={t}, where={t.h} == {w}); stats.t_test_two(x=r1.{t.x}, by=r1.{t.g}, {options})",
        (
            "(Among|For|Considering only|Within) (the|) {t.h} {w}, (is there|test for|determine if there is) a (significant|) difference in {t.x} between the (two|) {t.g} (groups|)(?|) t-test",
            "(Keep|Take|Use) only (rows|records) (with|where) {t.h} (is|equals|=) {w} and compare (the mean|mean) {t.x} (of|between) the (two|) {t.g} groups (by|with) a t-test",
            "t-test of {t.x} by {t.g}, {t.h} {w} only",
        ),
        {"t": _XGH, "w": Cell("t.h")},
        _ALPHA,
        weight=0.6,
    ),
)
CLEANED = (
    Lesson(
        "question_outliers_z_then_describe",
        "table.remove_outliers(data={t}, column={t.x}, method=zscore, threshold={k}); stats.describe(x=r1.{t.x})",
        (
            f"{_OUT} {_Z}. (Calculate|Compute|Report|Then give) the {_TWO} {_AFTER}",
            f"(Identify|Find|Detect) (the|) outliers (in|of) {{t.x}} {_Z}, remove them and (then|) (calculate|compute|report) the {_TWO} {_AFTER}",
            f"{_TWO} of {{t.x}} (without|after dropping|once rid of) (values|outliers|readings) (beyond|more than|with a z-score above) {{k}} (sigma|standard deviations|)",
            f"(Perform|Do) outlier detection on {{t.x}} {_Z}. (Drop|Leave out|Exclude) (these|those|them) and calculate the {_TWO} {_AFTER}",
        ),
        {"t": X, "k": _LIMIT},
        weight=1.2,
    ),
    Lesson(
        "question_outliers_iqr_then_describe",
        "table.remove_outliers(data={t}, column={t.x}, method=iqr); stats.describe(x=r1.{t.x})",
        (
            f"{_OUT} (by|using|with) the (IQR|interquartile range) (rule|method). (Calculate|Compute|Report) the {_TWO} {_AFTER}",
            f"(Identify|Find|Detect) (the|) outliers (in|of) {{t.x}} by the IQR (rule|method), remove them and (calculate|compute|report) the {_TWO} {_AFTER}",
        ),
        {"t": X},
        weight=0.7,
    ),
    Lesson(
        "question_empty_rows_then_describe",
        "table.drop_missing(data={t}, columns={t.x}); stats.describe(x=r1.{t.x})",
        (
            "(Remove|Delete|Drop) (any|the|all|each|every) (row|rows|record|records) (that has|that have|with) (a|) missing (value|values) in (the|) {t.x} (column|). (Report|Calculate|Give) (the|its) (number of rows left and the|) (mean|median|mean and median|standard deviation) of {t.x}",
            "(For|Using) the deletion strategy in {t.x}, (remove|drop) (any row|rows) (that has|with) a missing value (there|in it), then (summarise|describe) {t.x}",
        ),
        {"t": X},
        weight=0.7,
    ),
)
BOTH = (
    Lesson(
        "question_correlation_and_outliers",
        "stats.correlation(x={t.x}, y={t.y}); stats.outliers(x={t.x}, method=z_score, limit={k})",
        (
            "(Perform|Make|Do) a correlation analysis between {t.x} and {t.y}. (Additionally|Also|Then), (identify|find|count) (any|the) outliers in {t.x} (using|by) the (z-score|Z-score) method (and|with) a threshold of {k}",
            "(Calculate|Compute) the Pearson correlation (coefficient|) between {t.x} and {t.y} and (identify|count) the outliers (in|of) {t.x} whose (absolute|) (z-score|Z-score) exceeds {k}",
            "correlation of {t.x} with {t.y}; and outliers of {t.x} (beyond|above) {k} (sigma|standard deviations)",
        ),
        {"t": XY, "k": _LIMIT},
        weight=0.8,
    ),
    Lesson(
        "question_describe_two",
        "stats.describe(x={t.x}); stats.describe(x={t.y})",
        (
            "(Calculate|Compute|Report|Compare) the (mean and standard deviation|skewness and kurtosis|median|mean|summary statistics) of (both|) {t.x} and {t.y}",
            "(Perform|Do) (a|) distribution analysis (on|of) {t.x} and {t.y} separately(, then compare the skewness and kurtosis (values|)|)",
            "(summary statistics|mean and sd) (for|of) {t.x} and {t.y} (each|separately|)",
        ),
        {"t": XY},
        weight=0.8,
    ),
    Lesson(
        "question_normality_and_describe",
        "stats.normality(x={t.x}, method=shapiro_wilk); stats.describe(x={t.x})",
        (
            "(Perform|Do) a distribution analysis on (the|) {t.x} (column|). (Use|Perform) a Shapiro-Wilk test (to check for normality|). (Calculate|Report|Use scipy for) (the|) skewness and kurtosis (too|as well|)",
            "(Check|Test) {t.x} for normality (by|with) Shapiro-Wilk and (report|give) (its|the) (skewness and kurtosis|mean and standard deviation)",
        ),
        {"t": X},
        weight=0.7,
    ),
    Lesson(
        "question_correlation_and_describe",
        "stats.correlation(x={t.x}, y={t.y}); stats.describe(x={t.z})",
        (
            "(Calculate|Compute) the (Pearson|) correlation coefficient between (the|) {t.x} and {t.y} (columns|). (Finally|Then|Also|Additionally), (calculate|compute|report) the mean and standard deviation of (the|) {t.z} (column|)",
            "correlation of {t.x} and {t.y}, and (mean and sd|the summary) of {t.z}",
        ),
        {"t": XYZ},
        weight=0.7,
    ),
)
LESSONS: tuple[Lesson, ...] = (*MEANS_AND_TEST, *CLEANED, *BOTH)
