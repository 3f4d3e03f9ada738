"""Reading tests of means, ranks, spreads, proportions and counts. After Montgomery (2013) and Wasserstein and Lazar
(2016), The ASA Statement on p-Values."""

from __future__ import annotations

from havoc.srs.guidance.rule import Rule, at_least, below, both, false, has, true

_P = (
    "stats.t_test_* stats.z_test stats.mann_whitney stats.wilcoxon stats.sign_test "
    "stats.permutation_test "
    "stats.anova stats.welch_anova stats.kruskal_wallis stats.friedman stats.proportion_two "
    "stats.fisher_exact "
    "stats.mcnemar stats.chi_square_independence stats.chi_square_fit stats.variance_* "
    "stats.equal_variances "
    "stats.poisson_rate_two stats.correlation stats.correlation_summary"
)
_PAIRS = "stats.tukey stats.games_howell stats.dunnett"
_MEANS = "stats.t_test_* stats.z_test"

READ = (
    Rule(
        _P,
        "p = {p_value} is how often data at least this far from the null hypothesis come up when "
        "it is true; "
        "it is not the probability that the hypothesis is true.",
        has("p_value"),
    ),
    Rule(
        _P,
        "No evidence of a difference is not evidence of none: the test may simply have been too "
        "small.",
        both(has("p_value"), false("significant")),
    ),
    Rule(
        _MEANS,
        "Every value inside the confidence interval is compatible with the data; if all of them "
        "matter in "
        "practice, or none does, the question is settled.",
        has("ci_low", "ci_high"),
    ),
    Rule(
        _MEANS,
        "Cohen's d = {effect_size}: the size of the difference in standard deviations (0.2 is "
        "small, 0.5 medium, "
        "0.8 large by Cohen's convention).",
        has("effect_size"),
    ),
    Rule(
        "stats.anova stats.welch_anova stats.kruskal_wallis stats.friedman",
        "The test says that some groups differ, not which.",
        true("significant"),
    ),
    Rule(
        "stats.anova",
        "The error mean square is the variance inside the groups; its square root is the "
        "ordinary scatter of "
        "one value.",
    ),
    Rule(
        _PAIRS,
        "The error rate holds for all pairs together: the chance of even one false difference is "
        "at most the "
        "family level.",
    ),
    Rule(
        "stats.mann_whitney stats.wilcoxon stats.sign_test stats.kruskal_wallis stats.friedman",
        "It compares ranks: it asks whether values of one side tend to be larger, whatever their "
        "distribution.",
    ),
    Rule(
        "stats.chi_square_independence",
        "Cramér's V = {cramers_v}: the strength of the association from 0 to 1; p alone grows "
        "with the number of "
        "counts.",
        has("cramers_v"),
    ),
    Rule(
        "stats.chi_square_independence stats.chi_square_fit",
        "Look where the counts depart most from what was expected: that is where the statistic "
        "comes from.",
    ),
    Rule(
        "stats.fisher_exact stats.mcnemar stats.sign_test stats.permutation_test",
        "The p value is exact: it needs no large counts.",
    ),
    Rule(
        "stats.proportion_one stats.poisson_rate_one stats.variance_one*",
        "The confidence limits hold what the data are compatible with; the interval narrows with "
        "the square root "
        "of the number of observations.",
    ),
    Rule(
        "stats.proportion_two stats.poisson_rate_two stats.variance_two*",
        "Judge the interval of the difference or the ratio, not only whether p is below the level.",
    ),
    Rule(
        "stats.prediction_interval*",
        "This is where single further values will lie; the mean is known far more closely, and an interval for a "
        "share of all parts is a tolerance interval.",
    ),
    Rule(
        "stats.equivalence",
        "Equivalence is shown when the whole interval lies inside the bounds; a large p of a "
        "test of difference "
        "shows nothing of the kind.",
    ),
    Rule(
        "stats.equal_variances stats.variance_two",
        "If the spreads differ, Welch's t test or Welch's analysis of variance does not mind.",
    ),
    Rule(
        "stats.normality",
        "A small sample passes almost always and a very large one almost never: look at the "
        "probability plot too.",
    ),
    Rule(
        "stats.grubbs stats.dixon stats.outliers",
        "An outlier is a value to explain, not one to delete: keep it unless its cause is known.",
    ),
    Rule(
        "stats.adjust_p_values",
        "Adjusted p values can be compared with the level as they are; the adjustment pays for "
        "testing several "
        "hypotheses.",
    ),
)

NEXT = (
    Rule(
        "stats.t_test_* stats.z_test stats.mann_whitney stats.proportion_two",
        "If a smaller difference than the interval's width matters, ask for the sample size that "
        "would find it.",
        false("significant"),
    ),
    Rule(
        "stats.t_test_two stats.t_test_paired stats.mann_whitney stats.permutation_test "
        "stats.wilcoxon stats.sign_test",
        "Decide whether the difference is large enough to matter in practice; then look for its "
        "cause.",
        true("significant"),
    ),
    Rule(
        "stats.t_test_one stats.t_test_one_summary stats.z_test",
        "Check the settings or the calibration before correcting the mean, and confirm with new "
        "data.",
        true("significant"),
    ),
    Rule(
        "stats.t_test_two_summary stats.t_test_paired_summary",
        "With the single values at hand, normality and outliers could be checked as well.",
    ),
    Rule(
        "stats.anova",
        "Ask which groups differ: Tukey's test for all pairs, Dunnett's against a control.",
        true("significant"),
    ),
    Rule(
        "stats.welch_anova",
        "Ask which groups differ by Games and Howell's test, which allows unequal spreads too.",
        true("significant"),
    ),
    Rule(
        "stats.kruskal_wallis stats.friedman",
        "Compare the pairs by rank tests with Holm's adjustment.",
        true("significant"),
    ),
    Rule(
        "stats.anova stats.welch_anova stats.kruskal_wallis stats.friedman",
        "Ask for the power of this comparison against the smallest difference that would matter.",
        false("significant"),
    ),
    Rule(
        _PAIRS,
        "Act on the pairs that differ; for the others ask how large a difference this experiment "
        "could have seen.",
    ),
    Rule(
        "stats.chi_square_independence stats.fisher_exact stats.mcnemar",
        "Look for the cause in the cells that stand out; an association in counts is not yet a "
        "cause.",
        true("significant"),
    ),
    Rule(
        "stats.chi_square_independence stats.chi_square_fit stats.fisher_exact stats.mcnemar",
        "Collect more counts if a difference of practical size cannot be excluded.",
        false("significant"),
    ),
    Rule(
        "stats.chi_square_fit",
        "Replace the assumed distribution by one that follows the counts, or find what disturbs "
        "it.",
        true("significant"),
    ),
    Rule(
        "stats.proportion_one stats.poisson_rate_one stats.variance_one*",
        "If the interval is too wide to decide, ask for the sample size for the width you need.",
    ),
    Rule(
        "stats.variance_two* stats.equal_variances",
        "Find what makes one side scatter more before comparing the means.",
        true("significant"),
    ),
    Rule(
        "stats.variance_two* stats.equal_variances",
        "The usual comparisons of means may assume equal spreads here, though Welch's costs "
        "little.",
        false("significant"),
    ),
    Rule(
        "stats.poisson_rate_two",
        "Check that both counts were taken by the same definition of a defect before acting.",
    ),
    Rule(
        "stats.equivalence",
        "Report the bounds and why they were chosen before the data were seen.",
    ),
    Rule(
        "stats.normality",
        "Continue with methods that need no normality: rank tests, a Box-Cox transformation, a "
        "fitted distribution.",
        below("p_value", 0.05),
    ),
    Rule(
        "stats.normality",
        "Methods that assume normality can be used; look at the plot for a tail that bends.",
        at_least("p_value", 0.05),
    ),
    Rule(
        "stats.grubbs stats.dixon stats.outliers",
        "Check how the value was taken; if you leave it out, give the result with and without it.",
    ),
    Rule(
        "stats.adjust_p_values",
        "Follow up the hypotheses that survive; the others are not refuted, only not shown.",
    ),
)
