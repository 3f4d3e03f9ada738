"""Reading regressions, descriptions, distributions, power and resampling."""

from __future__ import annotations

from havoc.srs.guidance.rule import Rule, at_least, below, both, has

_FIT = "stats.regression stats.polynomial stats.robust_regression stats.stepwise stats.nonlinear"
_SIZE = "stats.sample_size_*"
_POWER = "stats.power_*"
_PROBABILITY = "stats.*_probability stats.*_quantile"

READ = (
    Rule(
        "stats.regression stats.polynomial stats.stepwise",
        "R² = {r2} is the share of the variation that the model explains; s is the typical "
        "distance of a value "
        "from the fitted line, in units of the response.",
        has("r2"),
    ),
    Rule(
        "stats.regression stats.polynomial stats.nonlinear",
        "The confidence interval at a setting is for the mean there; the prediction interval, "
        "wider, is for one "
        "new value.",
        has("pi_low"),
    ),
    Rule(
        "stats.regression stats.robust_regression stats.stepwise",
        "A coefficient is the change of the response for one unit of its predictor with the "
        "others held fixed; "
        "it shows association, and cause only if the predictor was set at random.",
    ),
    Rule(
        "stats.robust_regression",
        "Rows with a small weight hardly count: look at them first.",
    ),
    Rule(
        "stats.polynomial",
        "Trust the curve inside the range of the data only: powers run away outside of it.",
    ),
    Rule(
        "stats.nonlinear",
        "The parameters' intervals rest on a linear approximation at the fitted values.",
    ),
    Rule(
        "stats.logistic",
        "An odds ratio above 1 raises the odds for each unit of the predictor, below 1 lowers "
        "them; 1 means no effect.",
    ),
    Rule(
        "stats.poisson_regression",
        "A rate ratio multiplies the expected count for each unit of the predictor; 1 means no "
        "effect.",
    ),
    Rule(
        "stats.stepwise",
        "The p values of selected terms are too small, because the data chose the terms.",
    ),
    Rule(
        "stats.describe",
        "Mean and standard deviation describe a symmetric heap of values; where mean and median "
        "differ much, "
        "the quartiles tell more.",
    ),
    Rule(
        "stats.percentile",
        "Extreme percentiles of a small sample rest on one or two values.",
    ),
    Rule(
        "stats.correlation stats.correlation_matrix",
        "A correlation measures how closely points follow a line (or, by ranks, a rising curve); "
        "it says nothing "
        "of cause, and a plot shows what it hides.",
    ),
    Rule(
        "stats.autocorrelation",
        "Values that depend on their predecessors make ordinary limits and standard errors too "
        "narrow.",
    ),
    Rule(
        "stats.bootstrap",
        "The limits come from resampling the data: they hold what this sample can tell, and are "
        "rough below some "
        "20 values.",
    ),
    Rule(
        "stats.box_cox",
        "A power of 1 leaves the data as they are, 0 stands for the logarithm, 0.5 for the "
        "square root, -1 for the "
        "reciprocal; any power inside the interval does as well.",
    ),
    Rule(
        "stats.distribution_fit",
        "The smallest AIC fits best among those tried; the probability plot tells whether it "
        "fits well.",
    ),
    Rule(
        "stats.normal_* stats.lognormal_* stats.weibull_* stats.exponential_* stats.gamma_* "
        "stats.beta_* "
        "stats.uniform_* stats.t_probability stats.t_quantile stats.f_* "
        "stats.chi_square_probability "
        "stats.chi_square_quantile",
        "The probability is an area under the density; far in the tail it depends entirely on "
        "the distribution "
        "being the right one.",
    ),
    Rule(
        "stats.binomial_* stats.poisson_probability stats.poisson_quantile stats.geometric_* "
        "stats.negative_binomial_* stats.hypergeometric_*",
        "The count is whole: 'more than' and 'at least' differ by the probability of the count "
        "itself.",
    ),
    Rule(
        _POWER,
        "Power is the probability of finding the effect assumed, if it is really there; 0.8 is "
        "usual, 0.9 careful.",
    ),
    Rule(
        _SIZE,
        "The size holds for the effect and the scatter assumed: half the effect needs about four "
        "times as many.",
    ),
)

NEXT = (
    Rule(
        "stats.regression stats.polynomial",
        "Look at the residuals for curvature, funnels and single points before using the model.",
    ),
    Rule(
        "stats.regression",
        "Check the fit with runs that were not used for it if you want to predict.",
        has("predicted"),
    ),
    Rule(
        "stats.robust_regression",
        "Compare with ordinary least squares; if they differ, explain the rows with small weights.",
    ),
    Rule(
        "stats.stepwise",
        "Confirm the selected model on new data, or by cross-validation.",
    ),
    Rule(
        "stats.nonlinear",
        "Plot the curve over the data, and add values where it bends.",
    ),
    Rule(
        "stats.logistic stats.poisson_regression",
        "Check that the predicted values follow what was observed in groups of rows.",
    ),
    Rule(
        "stats.describe stats.percentile",
        "Plot the values in time order: a summary hides drift.",
    ),
    Rule(
        "stats.correlation stats.correlation_matrix",
        "Look at the scatter plot; fit a regression if one variable is to be predicted from the "
        "other.",
    ),
    Rule(
        "stats.autocorrelation",
        "Sample less often, or chart the residuals of a time-series model.",
        below("p_value", 0.05),
    ),
    Rule(
        "stats.autocorrelation",
        "Ordinary control charts and tests can be used as far as independence goes.",
        at_least("p_value", 0.05),
    ),
    Rule(
        "stats.bootstrap",
        "Use more data if the limits are too wide; more resamples do not narrow them.",
    ),
    Rule(
        "stats.box_cox",
        "Transform, analyse, and turn the limits back into the original units for the report.",
    ),
    Rule(
        "stats.distribution_fit",
        "Look at the plot in the tail that matters before reading probabilities off it.",
    ),
    Rule(
        _PROBABILITY,
        "Check on data that the distribution and its parameters hold for your process.",
    ),
    Rule(
        _POWER,
        "Ask for the sample size that reaches a power of 0.9 if this one is too low.",
        both(has("power"), below("power", 0.8)),
    ),
    Rule(
        _POWER,
        "Run the comparison as planned, and keep to the number decided on beforehand.",
        at_least("power", 0.8),
    ),
    Rule(
        _SIZE,
        "Add a margin for lost units, and fix the number before the first measurement.",
    ),
    Rule(
        "stats.power_t_* stats.sample_size_t_*",
        "If the standard deviation is a guess, ask again with a larger one.",
    ),
)
