"""Asking for definitive screening and optimal designs, and for a design's quality or power."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, FactorList, Lesson, Num, Option, TableOf
from havoc.curriculum.lessons.doe_factorial import SEED

EXTRA = Option(
    "extra_runs=4",
    (
        "(with|plus|add) (four|4) (extra|additional|fake-factor) runs",
        "with (two|2) (fake|dummy) factors",
        "(four|4) more runs (than the minimum|for error)",
        "(extra runs|extra)(:|=| =) (four|4)",
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
            "(dsd|daewr DefScreen|JMP definitive screening platform|Minitab Create Definitive Screening Design)(:|,|;) {factors}",
            "(factors|variables|x)(:| =|) {factors}(;|.|,) (design|type|want)(:|) (DSD|definitive screening)(, random run order|, list it|)",
            "(screening and curvature|screen and see bends) in one go(:|,|;) {factors}, (three levels|low, middle, high), (DSD|definitive screening)",
            "2m+1 runs for {factors}, main effects free of (squares and interactions|second-order terms)",
            "(Jones and Nachtsheim|conference matrix) (2011|) (design|plan) (for|on) {factors}",
            "(instead of|rather than) plackett-burman use a (DSD|definitive screening design) on {factors}",
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
            "(DefScreen|dsd)({k})",
            "(factors|k|m)(:|=| =) {k}(,|;) (design|type)(:|=| =) (DSD|definitive screening)",
            "2m+1 runs with m = {k}, (definitive screening|DSD)",
            "(Minitab|JMP) definitive screening(,|:) {k} factors",
            "{k} @factors, three levels, main effects orthogonal to each other and to all second-order terms, about twice as many runs as @factors",
        ),
        {"k": Num(4, 12, integer=True)},
        (SEED, EXTRA),
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
            "minimise the (average|integrated|mean) prediction variance",
            "(we|I) (will use|need) it for prediction, so I-optimal",
        ),
        {},
        0.2,
    ),
    Option(
        "criterion=A",
        (
            "A-optimal",
            "A-optimality",
            "minimise the (average|sum|trace of the) variance of the coefficients",
            "(smallest|minimum) trace of (X'X) inverse",
        ),
        {},
        0.1,
    ),
    Option(
        "criterion=D",
        ("D-optimal", "d optimality", "D-opt", "(maximise|maximize) (det(X'X)|the determinant)"),
        {},
        0.2,
    ),
    Option(
        "criterion=G",
        (
            "G-optimal",
            "(G-optimality|G optimal)",
            "(minimise|minimize|keep down) the (worst|largest|maximum) prediction variance",
        ),
        {},
        0.1,
    ),
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
            "(optFederov|AlgDesign|JMP custom design|Minitab optimal design|PROC OPTEX)(:|,|;) main effects, {k} two-level @factors, {n} runs",
            "(runs|n|N)(:|=| =) {n}(,|;) (factors|k)(:|=| =) {k}(,|;) (criterion|)(:| |)(D-optimal)(,|;) (model|terms)(:|) main effects",
            "max det(X'X)(:|,|;) {k} two-level @factors, {n} runs, first-order model",
            "{n} runs is not a multiple of four(;|,|:) (best|D-optimal) main-effects plan for {k} @factors",
            "(as precise as possible|most information) on {k} main effects from {n} runs, (D-optimality|computer-generated design|exchange algorithm)",
            "(custom|computer-aided|algorithmic) @design, {k} two-level @factors, {n} @runs, main effects model",
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
            "(runs|n|N)(:|=| =) {n}(,|;) (factors|k)(:|=| =) {k}(,|;) (model|terms)(:|=| =) quadratic(,|;) optimal design",
            "(optFederov|AlgDesign|JMP custom design|Minitab optimal design|PROC OPTEX)(:|,|;) quadratic model, {k} @factors, {n} runs",
            "(a CCD is too large|a central composite has too many runs)(;|,|:) {n} @runs for a quadratic in {k} @factors, (optimal|computer-generated) design",
            "(most informative|best) {n} @runs (for|to estimate) all squares and interactions of {k} @factors(, optimal design|)",
            "det(X'X) as large as possible, " + QUADRATIC + ", {k} @factors, {n} runs",
            "(exchange algorithm|Fedorov|coordinate exchange)(:|,|;) {n} points, {k} (variables|@factors), "
            + QUADRATIC,
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
            "(runs|n|N)(:|=| =) {n}(,|;) (factors|k)(:|=| =) {k}(,|;) (model|terms)(:|=| =) (interactions|2fi)(,|;) optimal design",
            "(optFederov|AlgDesign|JMP custom design|Minitab optimal design)(:|,|;) main effects plus 2fi, {k} @factors, {n} runs",
            "(exchange algorithm|Fedorov|coordinate exchange)(:|,|;) {n} points, {k} @factors, "
            + TWO_WAY,
            "(most informative|best) {n} @runs for "
            + TWO_WAY
            + " in {k} @factors, "
            + OPTIMAL_WORDS,
            "{n} @runs, {k} @factors, " + TWO_WAY + ", (computer-generated|optimal) @design",
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
            "(runs|n|N)(:|=| =) {n}(;|,) factors(:|) {factors}(;|,) model(:|) main effects(;|,) (optimal design|custom design)",
            "(optFederov|AlgDesign|JMP custom design|Minitab optimal design)(:|,|;) main effects of {factors}, {n} runs",
            "(mixed levels|some are categories)(;|,|:) {factors}, {n} @runs, first-order model, "
            + OPTIMAL_WORDS,
            "(exactly|only) {n} @runs (can be paid|fit in the schedule), "
            + OPTIMAL_WORDS
            + ", linear terms of {factors}",
            "(best|most informative) {n} @runs for the main effects of {factors}, (exchange algorithm|optimal design)",
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
            "(runs|n|N)(:|=| =) {n}(;|,) factors(:|) {factors}(;|,) model(:|) quadratic(;|,) (optimal design|custom design)",
            "(optFederov|AlgDesign|JMP custom design|Minitab optimal design)(:|,|;) quadratic in {factors}, {n} runs",
            "(a CCD is too large|a box-behnken has too many runs)(;|,|:) {n} @runs, "
            + QUADRATIC
            + ", {factors}, "
            + OPTIMAL_WORDS,
            "(exchange algorithm|Fedorov|coordinate exchange)(:|,|;) {n} points in {factors}, "
            + QUADRATIC,
            "(squares and interactions|curvature too), {n} @runs, {factors}, " + OPTIMAL_WORDS,
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
            "(runs|n|N)(:|=| =) {n}(;|,) factors(:|) {factors}(;|,) model(:|) (interactions|main effects and 2fi)(;|,) (optimal design|custom design)",
            "(optFederov|AlgDesign|JMP custom design|Minitab optimal design)(:|,|;) 2fi model in {factors}, {n} runs",
            "(best|most informative) {n} @runs for " + TWO_WAY + " in {factors}, " + OPTIMAL_WORDS,
            "(exchange algorithm|Fedorov|coordinate exchange)(:|,|;) {n} points in {factors}, "
            + TWO_WAY,
            OPTIMAL_WORDS + " with {n} runs, {factors}, " + TWO_WAY,
            "(only|exactly) {n} @runs (possible|in the budget), {factors}, "
            + TWO_WAY
            + ", "
            + OPTIMAL_WORDS,
        ),
        {"factors": FactorList((2, 3), "mixed"), "n": Num(22, 30, integer=True)},
        (*CRITERIA, SEED),
        weight=0.7,
    ),
    Lesson(
        "doe_optimal_pure_quadratic_count",
        "doe.optimal(n_factors={k}, runs={n}, model=pure_quadratic, {options})",
        (
            "(optimal|D-optimal|custom) @design, {k} @factors, {n} @runs, (linear and square terms|main effects and squares|pure quadratic terms), no interactions",
            OPTIMAL_WORDS
            + ": {k} @factors, {n} @runs, (pure quadratic|main effects plus squares) model",
            "(runs|n|N)(:|=| =) {n}(,|;) (factors|k)(:|=| =) {k}(,|;) (model|terms)(:|=| =) pure quadratic(,|;) optimal design",
            "(squares but no cross terms|curvature but no interactions)(:|,|;) {k} @factors in {n} @runs, "
            + OPTIMAL_WORDS,
            "(best|most informative) {n} @runs for the linear and squared terms of {k} @factors without interactions, "
            + OPTIMAL_WORDS,
            "(JMP custom design|optFederov|AlgDesign)(:|,|;) main effects and x^2 terms only, {k} @factors, {n} runs",
            "(exchange algorithm|coordinate exchange)(:|,|;) {n} points, {k} @factors, pure quadratic model",
            "{n} @runs, {k} @factors, y = b0 + sum bi xi + sum bii xi^2 (no bij), " + OPTIMAL_WORDS,
        ),
        {"k": Num(2, 4, integer=True), "n": Num(10, 20, integer=True)},
        (*CRITERIA, SEED),
        weight=0.4,
    ),
    Lesson(
        "doe_optimal_size_unknown",
        "doe.optimal({factors}, runs=<ask>, model=quadratic)",
        (
            "D-optimal design for a " + QUADRATIC + " in {factors}",
            OPTIMAL_WORDS + " (for|in|with) {factors}, " + QUADRATIC,
            "{factors}(;|,|:) " + QUADRATIC + ", " + OPTIMAL_WORDS,
            "(choose|pick) the best runs for a " + QUADRATIC + " in {factors} by D-optimality",
            "(I-optimal|D-optimal|custom) plan for squares and interactions of {factors}, (number of runs still open|as many runs as needed)",
            "(JMP custom design|Minitab optimal design)(:|,|;) quadratic in {factors}",
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
            "half fraction with {k} @factors, then D-augment (it|the design) (with|by) {n} runs to estimate (all|the) two-factor interactions",
            "(de-alias|resolve|untangle) the two-factor interactions of a half fraction in {k} @factors (with|by) {n} (additional|extra) runs",
            "(JMP augment design|Minitab select optimal, augment|optFederov augment)(:|,|;) half fraction of {k} @factors plus {n} runs, interactions model",
            "(step 1|first)(:|) half fraction, {k} @factors(;|,) (step 2|then)(:|) {n} more runs so that interactions become estimable",
            "(we start|start) with half of the {k}-factor factorial and (can add|add) {n} runs later for the interactions(, D-optimal|)",
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
            "(JMP augment design|optFederov augment|Minitab augment)(:|,|;) {n} more runs, main effects model, {t}",
            "{n} (follow-up|further) (runs|trials) to (improve|complete|repair) (this|my) (plan|design) for main effects(:|,|) {t}",
            "(keep|hold) these runs and choose {n} (new|additional) ones (D-optimally|best) for the main effects {t}",
            "(the rig broke down half-way|some runs were lost)(;|,|:) which {n} runs should be added, main effects model {t}",
            "(existing|old) runs(:|) {t} (;|,|.) (new|extra) runs(:|=|) {n}(,|;) model(:|) main effects",
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
        "(power|powers) for (a shift|shifts|coefficients) of {s} (sd|sigma)",
        "(effect over sigma|effect size in sigmas|delta over sigma) (=|:|of) {s}",
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
            "(JMP evaluate design|Design-Expert evaluation|vif and leverage)(:|,|;) (CCD|central composite), {k} @factors, quadratic model",
            "(is|would) a (CCD|central composite) in {k} @factors (be |)(good enough|efficient) for a quadratic? "
            + QUALITY,
            QUALITY + " (of|for) the (CCD|central composite) with {k} @factors, second-order model",
            "(scaled prediction variance|prediction variance at the centre and the edge|G-efficiency) of a {k}-factor (CCD|central composite), quadratic",
            "(CCD|central composite), k = {k}, (evaluate|properties of|diagnostics for) the quadratic model",
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
            "(JMP evaluate design|color map on correlations|design diagnostics)(:|,|;) (plackett-burman|PB), {k} @factors, main effects",
            QUALITY + " (of|for) a (plackett-burman|PB) with {k} @factors, main effects model",
            "(partial aliasing|complex aliasing|bias from interactions) in a {k}-factor (plackett-burman|PB)",
            "(how good|how efficient) is a (plackett-burman|PB) for {k} main effects? " + QUALITY,
            "(PB|plackett-burman), k = {k}, (evaluate|diagnose) for main effects",
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
            "(JMP evaluate design|Design-Expert evaluation|vif and leverage)(:|,|;) (box-behnken|BBD), {k} @factors, quadratic model",
            "(is|would) a (box-behnken|BBD) in {k} @factors (be |)(good enough|efficient) for a quadratic? "
            + QUALITY,
            "(scaled prediction variance|prediction variance|G-efficiency) of a {k}-factor (box-behnken|BBD), second-order",
            "(BBD|box-behnken), k = {k}, (evaluate|properties of|diagnostics for) the quadratic model",
            "how well does a (box-behnken|BBD) with {k} @factors estimate (the squares|a second-order model)? "
            + QUALITY,
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
            "(JMP evaluate design|design diagnostics|vif of the design)(:|,|;) main effects model, {t}",
            "(is my|is this) (plan|design|set of runs) (orthogonal|balanced|good enough) for main effects(?|:) {t}",
            "(before we run it|before we spend the money)(:|,) (check|evaluate) this (plan|design), main effects, {t}",
            "(planned runs|my design matrix)(:|) {t} (;|,|.) (D-efficiency|VIF|power of each main effect)",
            QUALITY + "(,|:| of) main effects, (runs|design) {t}",
            "(what can|can) this (plan|design) (tell us|estimate) (about|of) the main effects, "
            + QUALITY
            + " {t}",
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
            "(Minitab Power and Sample Size, 2-level factorial|2-level factorial power)(:|,|;) factors {k}, effect {e}, power {p}, "
            + NOISE
            + " {s}",
            "k = {k}, (delta|Δ|effect) = {e}, (sigma|σ|s) = {s}, power = {p}(:|,|;) replicates (of the 2^k|n)?",
            "(factors|number of factors)(:|=| =) {k}(;|,) (effect|smallest effect)(:|=| =) {e}(;|,) (power)(:|=| =) {p}(;|,) "
            + NOISE
            + "(:|=| =) {s}(;|,|.) (how many replicates of the factorial|replicates per corner)",
            "(each|every) reading scatters by {s} ("
            + NOISE
            + ")(;|,|.) we run {k} two-level @factors and want to see an effect of {e} with {p} power(;|,|.|:) how many (replicates|repeats)",
            "(before the trial|for the proposal)(:|,) how many times must the 2^{k} be (run|repeated) to catch a {e} effect, {p} power, "
            + NOISE
            + " {s}",
            NOISE
            + " {s}(,|;) effect {e}(,|;) {p} power(,|;) {k} @factors at two levels(:|,|;) replicate how often",
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
            "(Minitab Power and Sample Size, 2-level factorial|2-level factorial power)(:|,|;) factors {k}, replicates {r}, effect {e}, "
            + NOISE
            + " {s}",
            "k = {k}, n = {r} replicates, (delta|Δ|effect) = {e}, (sigma|σ|s) = {s}(:|,|;) power (of the factorial|)?",
            "(factors|number of factors)(:|=| =) {k}(;|,) replicates(:|=| =) {r}(;|,) effect(:|=| =) {e}(;|,) "
            + NOISE
            + "(:|=| =) {s}(;|,|.) (power of the two-level factorial|how likely do we see the effect)",
            "we can afford {r} replicates of the 2^{k}(;|,|.) "
            + NOISE
            + " is {s}(;|,|.) (is that enough|how likely is it) to (catch|detect) an effect of {e}",
            "probability (that|of) {r} replicates of a {k}-factor factorial (reveal|revealing) an effect of {e}, "
            + NOISE
            + " {s}",
            NOISE
            + " {s}(,|;) effect {e}(,|;) {r} replicates(,|;) {k} two-level @factors(:|,|;) (power|1 - beta)",
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
            "(Minitab Power and Sample Size, 2-level factorial|2-level factorial power)(:|,|;) factors {k}, replicates {r}, power {p}, "
            + NOISE
            + " {s}, solve for effect",
            "k = {k}, n = {r} replicates, (sigma|σ|s) = {s}, power = {p}(:|,|;) (delta|minimum detectable effect)?",
            "(MDE|minimum detectable effect|smallest real effect we would see) (in|of|with) a 2^{k} (run|repeated) {r} times, {p} power, "
            + NOISE
            + " {s}",
            "we can afford {r} replicates of the 2^{k}(;|,|.) "
            + NOISE
            + " is {s}(;|,|.) what effect (size|) (is found|shows) with {p} power",
            "(factors|number of factors)(:|=| =) {k}(;|,) replicates(:|=| =) {r}(;|,) power(:|=| =) {p}(;|,) "
            + NOISE
            + "(:|=| =) {s}(;|,|.) (detectable effect|smallest effect)",
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
    *OPTIMAL,
    *AUGMENT,
    *EVALUATE,
    *POWER,
)
