"""Reading designs and their analyses. After Montgomery (2013), Design and Analysis of Experiments, and Box, Hunter and
Hunter (2005), Statistics for Experimenters."""

from __future__ import annotations

from havoc.srs.guidance.rule import Rule, Values, at_least, below, both, false, has, true

_DESIGNS = (
    "doe.full_factorial doe.fractional_factorial doe.plackett_burman doe.definitive_screening "
    "doe.box_behnken "
    "doe.central_composite doe.optimal doe.augment doe.fold_over doe.taguchi doe.split_plot"
)
_SPACE = "doe.latin_hypercube doe.space_filling"
_MIXTURE = "doe.simplex_lattice doe.simplex_centroid doe.extreme_vertices"
_EFFECTS = "doe.effects doe.analyse"


def _resolution(*wanted: str) -> object:
    def holds(v: Values, a: Values) -> bool:
        return v.get("resolution") in wanted

    return holds


READ = (
    Rule(
        "doe.full_factorial",
        "Every combination is run, so every main effect and interaction can be estimated "
        "separately.",
    ),
    Rule(
        "doe.fractional_factorial doe.fold_over",
        "Resolution III: main effects are mixed up with two-factor interactions, so an active "
        "effect may be either.",
        _resolution("III"),  # type: ignore[arg-type]
    ),
    Rule(
        "doe.fractional_factorial doe.fold_over",
        "Resolution IV: main effects are clear of two-factor interactions, which are mixed up "
        "with each other.",
        _resolution("IV"),  # type: ignore[arg-type]
    ),
    Rule(
        "doe.fractional_factorial doe.fold_over",
        "Resolution V or more: main effects and two-factor interactions are clear of each other.",
        _resolution("V", "VI", "VII", "VIII"),  # type: ignore[arg-type]
    ),
    Rule(
        "doe.plackett_burman",
        "Each two-factor interaction is spread over many main effects: use it to screen, not to "
        "model.",
    ),
    Rule(
        "doe.definitive_screening",
        "Main effects are clear of squares and interactions; three levels show curvature of "
        "single factors.",
    ),
    Rule(
        "doe.box_behnken",
        "The design fits a full quadratic model and never runs all factors at their extremes "
        "together.",
    ),
    Rule(
        "doe.central_composite",
        "The design fits a full quadratic model; its axial points lie alpha times as far out as "
        "its corners.",
    ),
    Rule(
        "doe.central_composite",
        "It is rotatable: the precision of a prediction depends only on the distance from the "
        "centre.",
        true("rotatable"),
    ),
    Rule(
        "doe.optimal doe.augment doe.evaluate",
        "D-efficiency compares with an ideal orthogonal design, which may not exist for this "
        "number of runs: use it to "
        "compare designs, not as a mark.",
    ),
    Rule(
        "doe.evaluate",
        "A variance inflation of 1 means that a term is estimated as precisely as in an "
        "orthogonal design; above 5 the "
        "terms can hardly be told apart.",
    ),
    Rule(
        "doe.taguchi",
        "Balanced columns give main effects; interactions are assumed to be absent unless "
        "columns are kept free for them.",
    ),
    Rule(
        "doe.split_plot",
        "Factors that are hard to change are compared between whole plots, with fewer degrees of "
        "freedom than the others.",
    ),
    Rule(
        _SPACE,
        "The points spread over the whole region: meant for computer experiments and for models "
        "whose shape is unknown.",
    ),
    Rule(
        _MIXTURE,
        "The shares of a blend add up to 1, so the effect of one component is always against the "
        "others.",
    ),
    Rule(
        _EFFECTS,
        "An effect is the change of the mean response from the low to the high setting of a "
        "factor; the coefficient is "
        "half of it.",
        has("effects"),
    ),
    Rule(
        _EFFECTS,
        "Lenth's margin takes most effects to be noise; effects beyond it stand out, the others "
        "are not shown to be zero.",
        has("me"),
    ),
    Rule(
        "doe.fit_rsm doe.analyse",
        "Lack of fit compares the model's misses with the scatter of repeated runs: a small p "
        "says that the model is too "
        "simple.",
        has("p_lof"),
    ),
    Rule(
        "doe.fit_rsm doe.analyse",
        "The stationary point is a saddle: the response rises in some directions and falls in "
        "others, so it is no optimum.",
        lambda v, a: v.get("nature") == "saddle point" or "saddle" in str(v.get("nature")),
    ),
    Rule(
        "doe.fit_rsm doe.analyse",
        "The stationary point lies outside the region that was run: it is an extrapolation.",
        lambda v, a: v.get("inside") is False,
    ),
    Rule(
        "doe.fit_rsm doe.analyse",
        "The signs of the eigenvalues tell the shape (all negative: a maximum; all positive: a "
        "minimum; mixed: a saddle), "
        "their sizes how sharply the response changes.",
        has("eigenvalues"),
    ),
    Rule(
        "doe.anova_split_plot",
        "Whole-plot factors are tested against the scatter between whole plots, the others "
        "against the scatter inside them.",
    ),
    Rule(
        "doe.steepest_ascent",
        "The path goes where the fitted plane rises fastest; the fitted numbers far out are "
        "extrapolations.",
    ),
    Rule(
        "doe.desirability",
        "Overall desirability runs from 0 (some response is out of its limits) to 1 (all at "
        "their targets).",
    ),
    Rule(
        "doe.factorial_power",
        "Power is the probability of finding an effect of this size if it is really there.",
    ),
)

NEXT = (
    Rule(
        _DESIGNS + " " + _SPACE + " " + _MIXTURE,
        "Run the rows in the order of the column 'run' (randomised with the seed shown), and "
        "write the response beside them.",
    ),
    Rule(
        "doe.fractional_factorial",
        "Leave runs for a fold-over, which separates what is aliased if an ambiguous effect "
        "turns out active.",
        lambda v, a: v.get("resolution") in ("III", "IV"),
    ),
    Rule(
        "doe.full_factorial doe.fractional_factorial doe.plackett_burman",
        "Add three to five centre points: they estimate the error and show curvature.",
        both(false("center_points")),
    ),
    Rule(
        _DESIGNS + " " + _MIXTURE,
        "When the responses are in, attach the table and ask for the analysis.",
    ),
    Rule(
        "doe.evaluate",
        "Compare with a design of a few runs more: if the standard errors hardly change, keep "
        "this one.",
    ),
    Rule(
        _SPACE,
        "When the responses are in, fit the model of your choice: a response surface for a first look.",
    ),
    Rule(
        _EFFECTS,
        "Look at the interaction plots of the active pairs before choosing settings, and confirm "
        "with a few new runs.",
        true("n_active"),
    ),
    Rule(
        _EFFECTS,
        "Nothing stands out: widen the ranges, replicate, or look for a factor that was left out.",
        both(has("n_active"), false("n_active")),
    ),
    Rule(
        "doe.fit_rsm doe.analyse",
        "Confirm the predicted optimum by three or more new runs there.",
        both(has("stationary"), lambda v, a: v.get("inside") is not False),
    ),
    Rule(
        "doe.fit_rsm doe.analyse",
        "Move the region towards the stationary point (steepest ascent) and run again.",
        lambda v, a: v.get("inside") is False,
    ),
    Rule(
        "doe.fit_rsm doe.analyse",
        "Try a richer model or a transformation: the lack of fit is significant.",
        below("p_lof", 0.05),
    ),
    Rule(
        "doe.anova_split_plot",
        "More whole plots, not more subplots, sharpen the test of the whole-plot factors.",
    ),
    Rule(
        "doe.steepest_ascent",
        "Run along the path until the response turns, then place a second-order design there.",
    ),
    Rule(
        "doe.desirability",
        "Confirm the settings by new runs, and see how fast the desirability falls around them.",
    ),
    Rule(
        "doe.factorial_power",
        "Build the design with this number of replicates.",
        at_least("power", 0.8),
    ),
    Rule(
        "doe.factorial_power",
        "Add replicates, or accept that only a larger effect can be found.",
        below("power", 0.8),
    ),
)
