"""Asking for definitive screening, mixture and optimal designs, and for a design's quality or power."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, FactorList, Lesson, Num, Option, TableOf
from havoc.curriculum.lessons.doe_factorial import SEED

EXTRA = Option(
    "extra_runs=4",
    (
        "(with|plus|add) (four|4) (extra|additional|fake-factor) runs",
        "with (two|2) (fake|dummy) factors",
    ),
    {},
    0.15,
)

DEFINITIVE = (
    Lesson(
        "doe_definitive_screening",
        "doe.definitive_screening({factors}, {options})",
        (
            "@make a (definitive screening|DSD|definitive screening design|jones-nachtsheim) (@design|) (for|with|on|in) {factors}",
            "(DSD|definitive screening) {factors}",
            "{factors} - (definitive screening|DSD) @please",
            "(screen|screening of) {factors} at three levels so that curvature shows (up|) and main effects stay clear of (everything second-order|squares and interactions)",
            "three-level screening of {factors} in about twice as many runs as factors",
            "(conference matrix|conference-matrix based) screening (@design|) with {factors}",
            "a screening @design for {factors} that can (also|already) see quadratic effects (DSD|definitive)",
            "modern (jones and nachtsheim|definitive) screening plan, {factors}",
        ),
        {"factors": FactorList((4, 7), "range")},
        (SEED, EXTRA),
    ),
    Lesson(
        "doe_definitive_screening_count",
        "doe.definitive_screening(n_factors={k}, {options})",
        (
            "(definitive screening|DSD) (@design|) (for|with|in) {k} (continuous|numeric|quantitative|) @factors",
            "how many runs (does|has) a (definitive screening design|DSD) (need|take|have|) (for|with) {k} @factors",
            "DSD, k = {k}",
            "{k} (continuous|) factors definitive screening: are main effects (aliased|correlated) with (squares|quadratics|interactions|second-order terms)?",
            "{k} quantitative @factors, three levels, definitive screening",
            "(jones-nachtsheim|DSD) matrix for {k} variables(, correlations too|)",
            "which correlations (occur|are there) in a definitive screening design of {k} factors",
            "size of a DSD with {k} variables",
        ),
        {"k": Num(4, 12, integer=True)},
        (SEED, EXTRA),
    ),
)

COMPONENTS = "(components|ingredients|constituents|materials)"
INTERIOR = Option(
    "interior=true",
    (
        "(with|plus|add) (interior|axial|check) (points|blends)",
        "(augmented|augment it) with (the centroid and axial|interior) (points|blends)",
    ),
    {},
    0.15,
)
MIX_REPLICATES = Option(
    "replicates={r}",
    (
        "{r} (replicates|repeats|times each|of each blend)",
        "(make|mix|prepare) (each|every) blend {r} times",
    ),
    {"r": Num(2, 3, integer=True)},
    0.15,
)

MIXTURES = (
    Lesson(
        "doe_simplex_lattice",
        "doe.simplex_lattice(n_components={q}, degree={m}, {options})",
        (
            "simplex[- ]lattice {{q}, {m}}(, list the blends|)",
            "@make a (simplex lattice|simplex-lattice) (@design|) (with|for|of) {q} "
            + COMPONENTS
            + " and degree {m}",
            "({q},{m}) (simplex lattice|lattice) mixture @design",
            "mixture @design(:|,) {q} " + COMPONENTS + ", lattice of degree {m}",
            "(which|what) (blends|mixtures) are in a {q} component simplex lattice of (order|degree) {m}",
            "scheffé lattice for {q} " + COMPONENTS + ", m = {m}",
        ),
        {"q": Num(3, 5, integer=True), "m": Num(2, 4, integer=True)},
        (INTERIOR, MIX_REPLICATES, SEED),
    ),
    Lesson(
        "doe_simplex_lattice_quadratic",
        "doe.simplex_lattice(n_components={q}, degree=2, {options})",
        (
            "(mixture|blend|blending|formulation) @design for {q} "
            + COMPONENTS
            + ", quadratic (scheffé|scheffe|) (model|)",
            "{q} "
            + COMPONENTS
            + " that add (up|) to 100 percent, pure (blends|ones) and 50/50 (blends|binaries)",
            "(formulation|recipe) (experiment|study) with {q} "
            + COMPONENTS
            + ": simplex lattice, quadratic",
        ),
        {"q": Num(3, 6, integer=True)},
        (INTERIOR, MIX_REPLICATES, SEED),
        weight=0.6,
    ),
    Lesson(
        "doe_simplex_centroid",
        "doe.simplex_centroid(n_components={q}, {options})",
        (
            "@make a (simplex centroid|simplex-centroid) (@design|) (with|for|of) {q} "
            + COMPONENTS,
            "(simplex centroid|centroid mixture @design), {q} " + COMPONENTS,
            "equal blends of every subset of {q} " + COMPONENTS,
            "mixture @design with all 50:50, one third each and so on (blends|mixes) of {q} "
            + COMPONENTS,
            "how many blends has a simplex centroid of {q} " + COMPONENTS,
            "{q} component (mixture|blend|formulation) @design up to the (overall|) centroid",
        ),
        {"q": Num(3, 5, integer=True)},
        (
            MIX_REPLICATES,
            SEED,
            Option("interior=true", ("(with|plus) axial (points|check blends)",), {}, 0.12),
        ),
    ),
    Lesson(
        "doe_mixture_lower_bounds",
        "doe.extreme_vertices(lower=[{a}, {b}, {c}], {options})",
        (
            "(mixture|blend|formulation) of three "
            + COMPONENTS
            + " with lower (limits|bounds) A >= {a}, B >= {b}, C >= {c}: (vertices|corner blends|purest blends) (in real proportions|)?",
            "three "
            + COMPONENTS
            + ", at least {a}, {b} and {c} of each, (what are the extreme blends|which are the vertices)",
            "minimum (shares|proportions|fractions) {a} {b} {c} for A B C in a three component mixture, give (me|) the (extreme|vertex) (blends|points)",
            "pseudocomponents: lower bounds {a} for A, {b} for B, {c} for C, real (proportions|compositions) of the (pure|vertex) blends",
            "x1 >= {a}, x2 >= {b}, x3 >= {c}, sum 1 - the corner mixtures (please|)",
        ),
        {
            "a": Num(0.05, 0.3, 2),
            "b": Num(0.05, 0.3, 2),
            "c": Num(0.05, 0.3, 2),
        },
        (SEED,),
    ),
    Lesson(
        "doe_extreme_vertices",
        "doe.extreme_vertices(lower=[{a}, {b}, {c}], upper=[{d}, {e}, {f}], {options})",
        (
            "extreme vertices (@design|) for (three "
            + COMPONENTS
            + "|A, B, C): lower {a} {b} {c}, upper {d} {e} {f}",
            "(constrained|bounded) (mixture|blend|formulation): A at least {a}, B at least {b}, C at least {c} and at most {d}, {e}, {f}",
            "three component mixture; minima {a}, {b}, {c}; maxima {d}, {e}, {f}; (corners of the feasible region|which vertices|extreme blends)?",
            "lower limits {a}, {b}, {c} and upper limits {d}, {e}, {f} on the (shares|proportions) of three "
            + COMPONENTS
            + ", McLean-Anderson (design|vertices)",
        ),
        {
            "a": Num(0.1, 0.2, 2),
            "b": Num(0.1, 0.2, 2),
            "c": Num(0.1, 0.2, 2),
            "d": Num(0.45, 0.7, 2),
            "e": Num(0.45, 0.7, 2),
            "f": Num(0.45, 0.7, 2),
        },
        (
            SEED,
            Option(
                "edges=true",
                (
                    "(with|plus|and) (the|) edge (midpoints|centroids)",
                    "include midpoints of the edges",
                ),
                {},
                0.2,
            ),
        ),
    ),
)

OPTIMAL_WORDS = "(optimal design|custom design|computer-generated design|algorithmic design)"
CRITERIA = (
    Option(
        "criterion=I",
        (
            "I-optimal",
            "(I-optimality|I optimal|IV-optimal)",
            "(aim at|best for) (good|precise) predictions",
            "minimise the average prediction variance",
        ),
        {},
        0.2,
    ),
    Option(
        "criterion=A",
        ("A-optimal", "A-optimality", "minimise the average variance of the coefficients"),
        {},
        0.1,
    ),
    Option("criterion=D", ("D-optimal", "d optimality", "D-opt"), {}, 0.2),
    Option(
        "criterion=G",
        (
            "G-optimal",
            "G-optimality",
            "minimise the (largest|maximum|worst-case) prediction variance",
        ),
        {},
        0.1,
    ),
)
QUADRATIC = (
    "(full quadratic|quadratic|second-order|second order|response surface|curved) (model|fit|)"
)
TWO_WAY = "(model with (all|) two-factor interactions|main effects and (all|) (interactions|two-way interactions|2fi)|two-way interaction model)"

OPTIMAL = (
    Lesson(
        "doe_optimal_main_count",
        "doe.optimal(n_factors={k}, runs={n}, model=main, {options})",
        (
            "d-optimal plan in {n} runs: first-order model, {k} (two-level|2-level) @factors",
            "D-optimal main effects @design(,|:) {k} @factors in {n} runs (- what is det X|, determinant please|)",
            "(determinant|abs det X|largest determinant|D-criterion) (of|for) the D-optimal (saturated|) design with {n} runs and {k} (two-level|2-level) @factors",
            "optimal design for {k} main effects with {n} (experiments|@runs)",
            "odd number of runs: {n}, {k} two-level factors, main effects, use a D-optimal (plan|design)",
            "(how efficient|what D-efficiency) is the D-optimal design for {k} main effects in {n} runs",
        ),
        {
            "k": Num(4, 6, integer=True, choices=("4", "5", "6")),
            "n": Num(7, 15, integer=True, choices=("7", "9", "10", "11", "13", "14", "15")),
        },
        (SEED,),
    ),
    Lesson(
        "doe_optimal_quadratic_count",
        "doe.optimal(n_factors={k}, runs={n}, model=quadratic, {options})",
        (
            "(optimal|D-optimal|custom) @design for a "
            + QUADRATIC
            + " in {k} @factors with {n} @runs",
            "{k} @factors, {n} @runs, " + QUADRATIC + ", " + OPTIMAL_WORDS,
            OPTIMAL_WORDS + ": {n} @runs, {k} (continuous|) @factors, " + QUADRATIC,
            "coordinate exchange, {k} variables, {n} runs, " + QUADRATIC,
        ),
        {"k": Num(2, 3, integer=True), "n": Num(11, 20, integer=True)},
        (*CRITERIA, SEED),
    ),
    Lesson(
        "doe_optimal_interactions_count",
        "doe.optimal(n_factors={k}, runs={n}, model=interactions, {options})",
        (
            "(optimal|D-optimal|custom) @design, {k} @factors in {n} runs, " + TWO_WAY,
            OPTIMAL_WORDS + " for " + TWO_WAY + ", {k} @factors, {n} @runs",
            "{n} @runs to estimate {k} main effects with (all|) their two-way interactions as precisely as possible",
        ),
        {"k": Num(3, 4, integer=True), "n": Num(12, 22, integer=True)},
        (*CRITERIA, SEED),
    ),
    Lesson(
        "doe_optimal_main",
        "doe.optimal({factors}, runs={n}, model=main, {options})",
        (
            "(D-optimal|optimal|custom) @design for main effects of {factors} in {n} @runs",
            "{factors}: {n} @runs, " + OPTIMAL_WORDS + ", main effects only",
            "odd budget of {n} @runs for {factors}, linear model, (choose|pick) the best runs (by coordinate exchange|)",
            OPTIMAL_WORDS + " with {n} runs, linear model in {factors}",
        ),
        {"factors": FactorList((2, 4), "mixed"), "n": Num(13, 22, integer=True)},
        (*CRITERIA, SEED),
    ),
    Lesson(
        "doe_optimal_quadratic",
        "doe.optimal({factors}, runs={n}, model=quadratic, {options})",
        (
            "(D-optimal|optimal|custom|I-optimal) @design for a "
            + QUADRATIC
            + " in {factors}, {n} @runs",
            "{factors}; " + QUADRATIC + "; {n} @runs; " + OPTIMAL_WORDS,
            "(best|most informative) {n} @runs to fit a " + QUADRATIC + " to {factors}",
            "we can only (afford|do) {n} @runs, " + QUADRATIC + " in {factors}: " + OPTIMAL_WORDS,
        ),
        {"factors": FactorList((2, 3), "range"), "n": Num(11, 20, integer=True)},
        (*CRITERIA, SEED),
    ),
    Lesson(
        "doe_optimal_interactions",
        "doe.optimal({factors}, runs={n}, model=interactions, {options})",
        (
            "(D-optimal|optimal|custom) @design, " + TWO_WAY + ", {factors}, {n} @runs",
            "{factors}, "
            + TWO_WAY
            + ", choose {n} @runs (optimally|by D-optimality|with an exchange algorithm)",
        ),
        {"factors": FactorList((2, 3), "mixed"), "n": Num(22, 30, integer=True)},
        (*CRITERIA, SEED),
        weight=0.7,
    ),
    Lesson(
        "doe_optimal_size_unknown",
        "doe.optimal({factors}, runs=<ask>, model=quadratic)",
        (
            "D-optimal design for a " + QUADRATIC + " in {factors}",
            OPTIMAL_WORDS + " (for|in|with) {factors}, " + QUADRATIC,
        ),
        {"factors": FactorList((2, 4), "range")},
        weight=0.3,
    ),
)

AUGMENT = (
    Lesson(
        "doe_augment_fraction",
        "doe.fractional_factorial(n_factors={k}, fraction=half); doe.augment(design=r1, runs={n}, model=interactions, {options})",
        (
            "take the half fraction of {k} @factors and (augment|extend) it by {n} runs (for|so that) all two-factor interactions (are estimable|)",
            "half fraction in {k} @factors first, then {n} (follow-up|more|extra|additional) runs (chosen|) for the interactions",
            "(augment|extend|add {n} D-optimal runs to) a half fraction of {k} @factors, {n} new runs, interaction model",
        ),
        {"k": Num(4, 4, integer=True, choices=("4",)), "n": Num(4, 8, integer=True)},
        (SEED,),
        weight=0.5,
    ),
    Lesson(
        "doe_augment_table",
        "doe.augment(design={t}, runs={n}, model={model}, {options})".replace("{model}", "main"),
        (
            "these runs have been made, add {n} more for a main effects model: {t}",
            "(augment|extend) my design by {n} runs, main effects (model|), {t}",
            "{t} which {n} (additional|further|follow-up) runs (would|) improve the main effects estimates most",
        ),
        {
            "t": TableOf(
                {"a": Data(low=1, high=9), "b": Data(low=10, high=40)}, ("pasted", "attached")
            ),
            "n": Num(3, 8, integer=True),
        },
        (SEED,),
        weight=0.5,
    ),
)

QUALITY = "(D-efficiency|efficiency|VIFs|variance inflation|prediction variance|power of each term|alias matrix)"
EFFECT = Option(
    "effect={s}",
    (
        "for (an effect|effects) of {s} (sigma|standard deviations|sd)",
        "signal to noise (ratio|) {s}",
        "effects of size {s} (sd|sigma)",
    ),
    {"s": Num(1, 3, 1)},
    0.2,
)
EVALUATE = (
    Lesson(
        "doe_evaluate_composite",
        "doe.central_composite(n_factors={k}); doe.evaluate(design=r1, model=quadratic, {options})",
        (
            "how good is a (central composite|CCD) in {k} @factors for the (quadratic|second-order) model: "
            + QUALITY,
            "(evaluate|assess|judge) a (CCD|central composite) with {k} @factors, " + QUALITY,
            "{k} factor CCD, " + QUALITY + " for the full quadratic",
        ),
        {"k": Num(2, 4, integer=True)},
        (EFFECT,),
        weight=0.6,
    ),
    Lesson(
        "doe_evaluate_screening",
        "doe.plackett_burman(n_factors={k}); doe.evaluate(design=r1, model=main, {options})",
        (
            "(evaluate|assess) a plackett-burman with {k} @factors for main effects: " + QUALITY,
            "(alias matrix|how do interactions bias main effects) (of|in) a (PB|plackett-burman) with {k} @factors",
            "power of the main effects in a (PB|plackett-burman) @design for {k} @factors",
        ),
        {"k": Num(6, 11, integer=True)},
        (EFFECT,),
        weight=0.6,
    ),
    Lesson(
        "doe_evaluate_box_behnken",
        "doe.box_behnken(n_factors={k}); doe.evaluate(design=r1, model=quadratic, {options})",
        (
            "(evaluate|assess|diagnostics of) a box-behnken in {k} @factors, " + QUALITY,
            QUALITY + " of the {k} factor box-behnken (design|) (for a quadratic|)",
        ),
        {"k": Num(3, 5, integer=True)},
        (EFFECT,),
        weight=0.5,
    ),
    Lesson(
        "doe_evaluate_table",
        "doe.evaluate(design={t}, model=main, {options})",
        (
            "(evaluate|assess|judge) this design for main effects: {t}",
            "{t} what is the "
            + QUALITY
            + " of this (plan|design|set of runs) for a main effects model",
            "(are the factors|are these columns) (confounded|collinear|correlated|orthogonal)? VIFs of this (design|experimental plan) please {t}",
            "how (good|efficient) is my (plan|design|experiment) for main effects, {t}",
        ),
        {
            "t": TableOf(
                {
                    "a": Data(low=1, high=9),
                    "b": Data(low=10, high=40),
                    "c": Data(low=100, high=300),
                },
                ("pasted", "attached"),
            )
        },
        (EFFECT,),
        weight=0.6,
    ),
)

NOISE = "(sd|sigma|standard deviation|noise|error sd|run-to-run sd|std dev)"
POWER = (
    Lesson(
        "doe_power_replicates",
        "doe.factorial_power(n_factors={k}, effect={e}, sd={s}, power={p}, {options})",
        (
            "how many replicates of a 2^{k} (factorial|) to (detect|find|see) an effect of {e} with {p} power, "
            + NOISE
            + " {s}",
            "2^{k} factorial, "
            + NOISE
            + " = {s}, want {p} power for an effect of {e}: (replicates|replicates per corner|how often must I repeat it)?",
            "(replicates|repetitions) (needed|required) in a {k} factor two-level factorial: effect {e}, "
            + NOISE
            + " {s}, power {p}",
            "{k} two-level @factors, effects (high minus low|) as small as {e} (matter|count), "
            + NOISE
            + " {s}, {p} chance of finding them: number of replicates?",
            "sample size for a 2^{k}: smallest interesting effect {e}, {p} power, "
            + NOISE
            + " {s}",
            "how often (do I|must we) repeat each corner of a 2^{k} so that a difference of {e} shows up with probability {p} when {s} is the "
            + NOISE,
        ),
        {
            "k": Num(2, 5, integer=True),
            "e": Num(0.8, 4, 1),
            "s": Num(0.5, 2.5, 1),
            "p": Num(
                0.8, 0.95, percent=True, choices=("80%", "90%", "95%", "0.8", "0.9", "85%", "0.95")
            ),
        },
        (
            Option(
                "alpha={a}",
                ("(at|with) alpha (=|) {a}", "significance level {a}", "α = {a}"),
                {"a": Num(0.01, 0.1, choices=("0.05", "0.01", "0.10", "5%", "1%"))},
                0.35,
            ),
            Option(
                "model=main",
                ("main effects only", "(fitting|with) just the main effects"),
                {},
                0.12,
            ),
            Option(
                "model=interactions",
                (
                    "main effects and two-factor interactions (fitted|)",
                    "model up to two-way interactions",
                ),
                {},
                0.12,
            ),
            Option("model=full", ("full model", "with all interactions (in the model|)"), {}, 0.12),
        ),
    ),
    Lesson(
        "doe_power_power",
        "doe.factorial_power(n_factors={k}, effect={e}, sd={s}, replicates={r}, {options})",
        (
            "(what|which) power (has|does) a 2^{k} (factorial|) with {r} replicates (have|) for an effect of {e}, "
            + NOISE
            + " {s}",
            "power of a {k} factor two-level factorial with {r} replicates, effect {e}, "
            + NOISE
            + " {s}",
            "2^{k}, {r} replicates, "
            + NOISE
            + " {s}: chance of (detecting|seeing|finding) an effect of {e}?",
            "will {r} repeats of a 2^{k} be enough to see an effect of {e} when the "
            + NOISE
            + " is {s}",
        ),
        {
            "k": Num(2, 5, integer=True),
            "e": Num(0.8, 4, 1),
            "s": Num(0.5, 2.5, 1),
            "r": Num(2, 5, integer=True),
        },
        (),
    ),
    Lesson(
        "doe_power_effect",
        "doe.factorial_power(n_factors={k}, sd={s}, replicates={r}, power={p})",
        (
            "smallest (effect|detectable effect|difference) a 2^{k} with {r} replicates can (detect|find|show) with {p} power, "
            + NOISE
            + " {s}",
            "detectable effect: 2^{k}, {r} replicates, " + NOISE + " {s}, power {p}",
            "how small an effect can we (see|detect) in {r} replicates of a {k} factor factorial at {p} power if the "
            + NOISE
            + " is {s}",
        ),
        {
            "k": Num(2, 5, integer=True),
            "s": Num(0.5, 2.5, 1),
            "r": Num(2, 5, integer=True),
            "p": Num(0.8, 0.95, percent=True, choices=("80%", "90%", "95%", "0.8", "0.9")),
        },
    ),
)

LESSONS: tuple[Lesson, ...] = (
    *DEFINITIVE,
    *MIXTURES,
    *OPTIMAL,
    *AUGMENT,
    *EVALUATE,
    *POWER,
)
