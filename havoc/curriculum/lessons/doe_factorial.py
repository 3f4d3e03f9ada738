"""Asking for full and fractional factorial and Plackett-Burman designs."""

from __future__ import annotations

from havoc.curriculum.lesson import FactorList, Lesson, Num, Option

RANGES = FactorList((2, 5), "range")
MIXED = FactorList((2, 5), "mixed")
TWO_LEVEL = FactorList((4, 7), "range")

SEED = Option(
    "seed={seed}",
    (
        "(with|use|using|and|) (random|) seed (=|of|) {seed}",
        "(randomise|randomize|shuffle) (the run order|the order|it|) with seed {seed}",
        "(rng|random) seed {seed} (please|so that I can repeat it|for the run order|)",
        "seed the (shuffling|randomisation|run order) with {seed}",
        "(run order|order of the runs) (must|should) be (reproducible|repeatable), seed {seed}",
    ),
    {"seed": Num(0, 2026, integer=True)},
    0.15,
)
CENTERS = Option(
    "centers={c}",
    (
        "(with|plus|and|add|including|throw in) {c} (cent(er|re) points|cent(er|re) runs|cent(er|re)points|mid points|midpoints)",
        "{c} (replicates of the|repeated|runs at the) (cent(er|re)|cent(er|re) point|middle)",
        "(and|also|) run the (middle|cent(er|re)) (setting|point) {c} times",
        "(cent(er|re) points|cp|CPs|nc) (=|:|) {c}",
        "{c} (check|pure error|curvature) (runs|points) in the (middle|cent(er|re))",
    ),
    {"c": Num(2, 8, integer=True)},
    0.3,
)
REPLICATES = Option(
    "replicates={r}",
    (
        "(with|in|using|and|) {r} (replicates|replications|repeats|full replicates|copies|reps)",
        "(each|every) (combination|setting|corner|treatment|cell|run) {r} times",
        "replicated {r} times",
        "(repeat|run) (everything|the whole thing|all of it|each run|it) {r} times",
        "n (=|of) {r} per (cell|corner|combination|treatment)",
    ),
    {"r": Num(2, 4, integer=True)},
    0.3,
)
ORDER = Option(
    "randomize=false",
    (
        "(in|list it in|keep the|keep it in) (standard|yates|systematic) order",
        "(do not|don't|without) (randomise|randomize|randomising|shuffling|randomizing) (it|the order|the runs|)",
        "(no randomisation|unrandomised|not randomised|no shuffling), (please|standard order|)",
    ),
    {},
    0.08,
)
COMMON = (CENTERS, REPLICATES, SEED, ORDER)

STORY = (
    "(for our|on the|for the) (coating line|etch tool|injection mould|mixer|oven|reactor|press|welding cell|"
    "printer|fermenter|tablet press|extruder|plating bath|paint booth|lathe|dryer|bonding step|brewing kettle)"
)
RUN_LIST = (
    "(list the runs|show me the runs|give me the run sheet|print the table|run order please|)"
)

FULL_OPTIONS = (
    *COMMON,
    Option(
        "blocks=2",
        (
            "(in|split into|divided into|over|run in) (two|2) (blocks|days|shifts|batches of material)",
            "(half of it today, half tomorrow|morning and afternoon as blocks)",
            "with (two|2) blocks",
        ),
        {},
        0.1,
    ),
)

FULL_FACTORIAL = (
    Lesson(
        "doe_full_factorial",
        "doe.full_factorial({factors}, {options})",
        (
            "@make (a|the|) full factorial (@design|) (for|with|in|on) {factors}",
            "(full|complete) factorial(,|:|) {factors}",
            "{factors} (-|:|;|.) (full|complete) factorial @please",
            "I (want|would like|need) to (run|try|test) (every|each) (possible|) combination of {factors}",
            "all (possible|) (combinations|settings combinations) of {factors} @please",
            "(cross|fully cross) {factors} (and randomise the order|into one plan|)",
            "(how many|what number of) @runs (do I need|are needed|does it take) to (cover|try) (all|every) (combinations|combination) of {factors}?",
            "we (vary|are changing|can set) {factors} "
            + STORY
            + ", (make|give|list) (all|the) combinations in random order",
            "(which|what) @runs (make up|are in) a (full|complete) factorial (experiment|) with {factors}? "
            + RUN_LIST,
            "(list|enumerate|write down|tabulate) (every|each) treatment combination for {factors}",
            "(two|2)-level factorial with no fractionation: {factors}",
            "need to know (all|every one of) the interactions, (nothing|no effects) aliased: {factors}",
            "a (crossed|fully crossed|full) @design " + STORY + " with {factors}",
            "(dear colleague|hi|hello|good morning), (could|can|would) you (set up|lay out) the complete factorial (experiment|plan) in {factors} for (me|us|next week)?",
            "every corner of {factors}, (shuffled|in random order|randomised)",
            "(all|the full set of) (high and low|low/high) combinations for {factors}",
            "(test|run|experiment) (matrix|grid|sheet) with each level of each of {factors} (combined|paired|met) with each of the others",
            "nothing confounded please, just the whole factorial: {factors}",
        ),
        {"factors": MIXED},
        FULL_OPTIONS,
        weight=1.5,
    ),
    Lesson(
        "doe_full_factorial_count",
        "doe.full_factorial(n_factors={k}, {options})",
        (
            "@make a 2^{k} (full|) factorial (@design|) " + RUN_LIST,
            "2^{k} (@design|factorial) (in|with) (random|randomised) (run|) order",
            "(full|complete) (two-level|2-level|two level) factorial (in|for|with) {k} (@factors|)",
            "{k} @factors(,|) (all|every) combination(s|) (at|of|,) (high and low|two levels|two settings)",
            "(corners of|all corners of|run order for) a {k} (factor|variable) (cube|factorial|two-level @design)",
            "how many (runs|trials) (is|are in|has) a (full|complete) factorial with {k} (two-level|2-level|) @factors",
            "two to the {k} @design, @please " + RUN_LIST,
            "(randomise|randomize|shuffle) a 2^{k} (experiment|factorial|) (for me|)",
            "complete factorial, {k} (generic|coded|unnamed) (variables|@factors), low/high each",
            "the order in which to run (all the|the) corners of a 2^{k}",
            "k = {k}, two levels each, full factorial @please",
        ),
        {"k": Num(2, 6, integer=True)},
        FULL_OPTIONS,
    ),
    Lesson(
        "doe_three_level_factorial",
        "doe.full_factorial(n_factors={k}, levels=3, {options})",
        (
            "@make a 3^{k} (full|) factorial",
            "three-level (full|) factorial in {k} @factors",
            "{k} @factors (each|all) at three levels, (every|all) combination(s|)",
            "(full|complete) 3^{k} (@design|layout|plan) " + RUN_LIST,
            "low, middle and high for (each of|all) {k} @factors, fully crossed",
            "how many runs is a 3^{k}?",
        ),
        {"k": Num(2, 4, integer=True)},
        (REPLICATES, SEED),
        weight=0.6,
    ),
    Lesson(
        "doe_three_level_factorial_named",
        "doe.full_factorial({factors}, levels=3, {options})",
        (
            "(full|complete) factorial at (three|3) levels of each: {factors}",
            "{factors}, low mid high for (each|all of them), (every|all) combination(s|)",
            "(cross|combine) {factors} with three @levels (each|apiece)",
            "@make a three-level factorial (over|for|on) {factors}",
            "three settings (per|for each) (factor|knob|variable): {factors}; (all|every) combination(s|)",
        ),
        {"factors": FactorList((2, 3), "range")},
        (REPLICATES, SEED),
        weight=0.6,
    ),
)

BLOCKED = (
    Lesson(
        "doe_mixed_levels_three",
        "doe.full_factorial(level_counts=[{a}, {b}, {c}], {options})",
        (
            "{a} x {b} x {c} factorial",
            "(mixed-level|mixed level|general) (full|) factorial with {a}, {b} and {c} levels "
            + RUN_LIST,
            "three factors having {a}, {b} and {c} @levels, (every|all) combination(s|), how many runs",
            "factor A has {a} levels, B has {b}, C has {c}: full factorial",
        ),
        {"a": Num(2, 4, integer=True), "b": Num(2, 5, integer=True), "c": Num(3, 6, integer=True)},
        (REPLICATES, SEED),
        weight=0.6,
    ),
    Lesson(
        "doe_mixed_levels_two",
        "doe.full_factorial(level_counts=[{a}, {b}], {options})",
        (
            "{a} by {b} factorial (@design|experiment|)",
            "two-way (layout|factorial) with {a} levels of one and {b} levels of the other factor",
            "two factors, {a} and {b} @levels, fully crossed",
        ),
        {"a": Num(2, 4, integer=True), "b": Num(3, 6, integer=True)},
        (REPLICATES, SEED),
        weight=0.5,
    ),
    Lesson(
        "doe_blocked_factorial",
        "doe.full_factorial(n_factors={k}, blocks={b})",
        (
            "@make a 2^{k} (factorial|@design) in {b} blocks",
            "(how do I|how to|best way to) (split|divide|block) a 2^{k} (factorial|) (into|over) {b} (blocks|days|batches)?",
            "{k} two-level @factors, {b} blocks(, what is confounded|, which effect is lost|)?",
            "which (interactions|effects) are confounded with blocks (when|if) a 2^{k} is run in {b} blocks",
            "confounding scheme for a 2^{k} in {b} blocks",
            "(I can only make|we only manage) part of a 2^{k} per (day|shift|batch), so use {b} blocks (sacrificing|losing) only high-order interactions",
        ),
        {"k": Num(4, 6, integer=True), "b": Num(2, 4, integer=True, choices=("2", "4"))},
        weight=0.7,
    ),
    Lesson(
        "doe_replicates_as_blocks",
        "doe.full_factorial({factors}, replicates={b}, blocks={b})",
        (
            "full factorial in {factors}, {b} (replicates|repeats), each (replicate|repeat) (is|being|as) a block",
            "(run|do) the complete factorial of {factors} once (a|per) (day|shift|batch), {b} (days|shifts|batches) in all as blocks",
            "{factors}: all combinations, block on replicate, {b} of them",
            "randomised complete blocks, {b} blocks, treatments are all combinations of {factors}",
        ),
        {"factors": FactorList((2, 3), "mixed"), "b": Num(2, 4, integer=True)},
        weight=0.5,
    ),
)

FRACTION_OPTIONS = (
    CENTERS,
    SEED,
    REPLICATES,
    Option(
        "blocks=2",
        ("(in|over) (two|2) (blocks|days|shifts)", "blocked in two", "split in two blocks"),
        {},
        0.08,
    ),
)
ALIASES = "(what is aliased with what|show the aliases|defining relation please|alias structure too|generators as well|)"

FRACTIONS = (
    Lesson(
        "doe_fraction_half_count",
        "doe.fractional_factorial(n_factors={k}, fraction=half, {options})",
        (
            "@make a half(-| )fraction (of|for|with|in) {k} @factors " + ALIASES,
            "half of a 2^{k} (factorial|) " + ALIASES,
            "2^({k}-1) (fractional factorial|@design|) " + ALIASES,
            "{k} (two-level|2-level|) @factors but only half the (runs|combinations), which half?",
            "(best|right) half fraction for {k} (variables|@factors) (@please|)",
            "(1/2|one half|one-half) fraction, {k} @factors, " + ALIASES,
            "we cannot afford the whole 2^{k}, (do|give me) half of it",
            "(what|which) resolution (do I get|has|results) (with|from) a half fraction (of|in) {k} @factors",
        ),
        {"k": Num(4, 7, integer=True)},
        FRACTION_OPTIONS,
    ),
    Lesson(
        "doe_fraction_half",
        "doe.fractional_factorial({factors}, fraction=half, {options})",
        (
            "@make a half(-| )fraction (for|of|with|in) {factors} " + ALIASES,
            "{factors}: (only|just) half of the (full|complete) factorial",
            "half-replicate in {factors} " + ALIASES,
            "(cut|halve|reduce) the full factorial of {factors} (to half|by half|) " + ALIASES,
            "fractional factorial, half, {factors}",
            STORY + " we have {factors}; (take|run) the (best|) half fraction",
        ),
        {"factors": FactorList((4, 6), "range")},
        FRACTION_OPTIONS,
    ),
    Lesson(
        "doe_fraction_quarter_count",
        "doe.fractional_factorial(n_factors={k}, fraction=quarter, {options})",
        (
            "@make a quarter(-| )fraction (of|for|with|in) {k} @factors " + ALIASES,
            "2^({k}-2) (fractional factorial|@design|) " + ALIASES,
            "(1/4|one quarter|one-fourth|a fourth) of (the|a) 2^{k} " + ALIASES,
            "(quarter|1/4) replicate with {k} @factors",
            "{k} variables, (a quarter|one fourth) of all combinations, " + ALIASES,
            "only (a quarter|25 percent) of the 2^{k} runs fits the budget",
        ),
        {"k": Num(5, 8, integer=True)},
        FRACTION_OPTIONS,
        weight=0.8,
    ),
    Lesson(
        "doe_fraction_quarter",
        "doe.fractional_factorial({factors}, fraction=quarter, {options})",
        (
            "quarter fraction (for|of|in) {factors} " + ALIASES,
            "{factors}, (1/4|one fourth|a quarter) of the full factorial",
            "@make the (1/4|quarter) replicate of {factors}",
        ),
        {"factors": FactorList((5, 7), "range")},
        FRACTION_OPTIONS,
        weight=0.5,
    ),
    Lesson(
        "doe_fraction_eighth_count",
        "doe.fractional_factorial(n_factors={k}, fraction=eighth, {options})",
        (
            "(1/8|one eighth|one-eighth|eighth) fraction (of|for|with|in) {k} @factors " + ALIASES,
            "2^({k}-3) (fractional factorial|@design|) " + ALIASES,
            "an eighth of (the|a) 2^{k}",
        ),
        {"k": Num(6, 9, integer=True)},
        FRACTION_OPTIONS,
        weight=0.4,
    ),
    Lesson(
        "doe_fraction_sixteenth_count",
        "doe.fractional_factorial(n_factors={k}, fraction=sixteenth, {options})",
        (
            "(1/16|one sixteenth|sixteenth) fraction (of|for|with|in) {k} @factors " + ALIASES,
            "2^({k}-4) (fractional factorial|@design|) " + ALIASES,
            "a sixteenth of (the|a) 2^{k}",
        ),
        {"k": Num(7, 9, integer=True)},
        FRACTION_OPTIONS,
        weight=0.4,
    ),
    Lesson(
        "doe_fraction_runs_count",
        "doe.fractional_factorial(n_factors={k}, runs={n}, {options})",
        (
            "@make a (fractional factorial|two-level fraction|screening @design) for {k} @factors in {n} @runs "
            + ALIASES,
            "{k} @factors {n} runs (two-level|2 level|2-level|) (screening|screen|fraction)",
            "(screen|screening of|look at) {k} (variables|@factors) (in|with|using) (only|just|no more than) {n} (experiments|@runs)",
            "{k} factors in {n} runs, (what|which) resolution (is that|do I get|can we reach)? "
            + ALIASES,
            "(what are|give me|show) the generators (and defining relation|) for {k} factors in {n} runs",
            "(minimum aberration|best) (fraction|design) with {n} runs for {k} two-level @factors",
            "{n}-run (fraction|fractional factorial|two-level @design) for {k} @factors",
            "budget is {n} @runs and there are {k} (things to vary|knobs|two-level @factors): which fraction?",
            "how are the effects (aliased|confounded) with {k} two-level @factors in {n} runs",
            "regular fraction(,|:) k={k}(,|) N={n}",
            "{n} experiments, {k} @factors at two levels, fractional factorial @please",
        ),
        {
            "k": Num(5, 7, integer=True),
            "n": Num(8, 16, integer=True, choices=("8", "16")),
        },
        FRACTION_OPTIONS,
        weight=1.2,
    ),
    Lesson(
        "doe_fraction_runs_many",
        "doe.fractional_factorial(n_factors={k}, runs={n}, {options})",
        (
            "{k} @factors in {n} runs, regular (two-level|) fraction " + ALIASES,
            "(fractional factorial|fraction) with {k} (two-level|2-level) @factors and {n} @runs",
            "@make a {n}-run (fractional factorial|two-level @design) for {k} variables",
            "(screening|screen) (experiment|@design|) with {k} @factors, {n} @runs (available|at most|)",
            "word length pattern of the best {n}-run fraction for {k} factors",
        ),
        {
            "k": Num(9, 15, integer=True),
            "n": Num(16, 64, integer=True, choices=("16", "32", "64")),
        },
        (CENTERS, SEED),
        weight=0.7,
    ),
    Lesson(
        "doe_fraction_runs",
        "doe.fractional_factorial({factors}, runs={n}, {options})",
        (
            "fractional factorial (in|with) {n} runs for {factors} " + ALIASES,
            "{factors} in {n} (two-level|) @runs, (screening|a fraction) " + ALIASES,
            "(screen|which matter among) {factors} with (only|just|) {n} @runs",
            "we (have|can do) {n} @runs "
            + STORY
            + ", (vary|factors) {factors}: fractional factorial please",
            "@make a {n}-run fraction of the factorial (in|over|of) {factors}",
        ),
        {
            "factors": FactorList((5, 7), "range"),
            "n": Num(8, 16, integer=True, choices=("8", "16")),
        },
        FRACTION_OPTIONS,
    ),
    Lesson(
        "doe_fraction_resolution_5_count",
        "doe.fractional_factorial(n_factors={k}, resolution=5, {options})",
        (
            "@make a resolution (V|5|five) (@design|fraction|fractional factorial) (for|in|with) {k} @factors",
            "{k} @factors, resolution (V|5), (how many runs|smallest number of runs|fewest runs)?",
            "(smallest|cheapest|fewest runs) (fraction|@design) for {k} @factors with (all|) main effects and two-factor interactions (clear|not aliased with each other|free of each other)",
            "res V for {k} variables",
            "want {k} main effects and every two-factor interaction (estimable|separately|unaliased with one another), as few runs as possible, two levels",
            "how many runs does resolution (V|5) take with {k} @factors",
        ),
        {"k": Num(5, 10, integer=True)},
        FRACTION_OPTIONS,
        weight=0.9,
    ),
    Lesson(
        "doe_fraction_resolution_4_count",
        "doe.fractional_factorial(n_factors={k}, resolution=4, {options})",
        (
            "@make a resolution (IV|4|four) (@design|fraction|fractional factorial) (for|in|with) {k} @factors",
            "{k} @factors, resolution (IV|4), (how many runs|smallest number of runs|fewest runs)?",
            "res IV screening for {k} variables " + ALIASES,
            "(fewest|smallest number of) @runs so that main effects of {k} two-level @factors are (clear of|not aliased with|free from) two-factor interactions",
            "{k} factors, main effects must not be (mixed up|confounded) with two-way interactions, (cheapest|smallest) fraction",
        ),
        {"k": Num(4, 14, integer=True)},
        FRACTION_OPTIONS,
        weight=0.9,
    ),
    Lesson(
        "doe_fraction_resolution_3_count",
        "doe.fractional_factorial(n_factors={k}, resolution=3, {options})",
        (
            "resolution (III|3|three) (@design|fraction|fractional factorial) (for|in|with) {k} @factors",
            "res III screening of {k} variables " + ALIASES,
            "(smallest|saturated) (regular|two-level) fraction for {k} @factors, resolution (III|3) is (enough|fine|ok)",
        ),
        {"k": Num(5, 12, integer=True)},
        FRACTION_OPTIONS,
        weight=0.5,
    ),
    Lesson(
        "doe_fraction_resolution_5",
        "doe.fractional_factorial({factors}, resolution=5, {options})",
        (
            "resolution (V|5) (@design|fraction) for {factors}",
            "{factors}; main effects and two-way interactions all clear, (smallest|cheapest) fraction (resolution V|)",
            "@make a res V fractional factorial with {factors}",
        ),
        {"factors": FactorList((5, 7), "range")},
        FRACTION_OPTIONS,
        weight=0.5,
    ),
    Lesson(
        "doe_fraction_resolution_4",
        "doe.fractional_factorial({factors}, resolution=4, {options})",
        (
            "resolution (IV|4) (@design|fraction) for {factors}",
            "{factors}: (screening|fraction) with main effects clear of two-factor interactions (resolution IV|)",
            "@make a res IV fractional factorial with {factors}",
        ),
        {"factors": FactorList((4, 7), "range")},
        FRACTION_OPTIONS,
        weight=0.5,
    ),
    Lesson(
        "doe_fraction_runs_and_resolution",
        "doe.fractional_factorial(n_factors={k}, runs={n}, resolution=4, {options})",
        (
            "{k} factors, {n} runs, resolution (IV|4|four) (@please|possible?|)",
            "is there a resolution IV @design for {k} @factors in {n} runs?",
            "(want|need) resolution (IV|4) with {k} @factors in {n} (experiments|@runs)",
        ),
        {"k": Num(6, 8, integer=True), "n": Num(16, 32, integer=True, choices=("16", "32"))},
        weight=0.5,
    ),
    Lesson(
        "doe_fraction_size_unknown",
        "doe.fractional_factorial(n_factors={k}, runs=<ask>)",
        (
            "@make a fractional factorial for {k} @factors",
            "a fraction of the 2^{k} @please",
            "{k} @factors, fractional factorial",
            "I'd like to run only part of a 2^{k} factorial",
        ),
        {"k": Num(5, 9, integer=True)},
        weight=0.4,
    ),
)

PLACKETT_BURMAN = (
    Lesson(
        "doe_plackett_burman",
        "doe.plackett_burman({factors}, {options})",
        (
            "@make a (plackett-burman|plackett burman|PB|Plackett–Burman|placket-burman) (@design|) (for|with|on) {factors}",
            "(plackett-burman|plackett burman|PB) (screening|) {factors}",
            "{factors} - main effects only, as few (orthogonal|) runs as possible",
            "just (screen|rank) the main effects of {factors} in the (smallest|fewest|cheapest) orthogonal (array|two-level design|set of runs)",
            "which of {factors} (matters|matter)? (main effects will do|ignore interactions), (minimal|least) number of runs",
            STORY + " we want a plackett-burman on {factors}",
            "ruggedness (test|study) of {factors} by plackett-burman",
            "no interactions expected, screen {factors} with a (PB|plackett burman) (plan|@design|)",
        ),
        {"factors": FactorList((5, 9), "mixed")},
        (
            CENTERS,
            SEED,
            Option(
                "foldover=true",
                (
                    "(folded over|with (a|the|its) fold-?over|plus its mirror image|with the reflection)",
                    "(and|then) fold it over",
                ),
                {},
                0.12,
            ),
        ),
    ),
    Lesson(
        "doe_plackett_burman_count",
        "doe.plackett_burman(n_factors={k}, {options})",
        (
            "@make a (plackett-burman|plackett burman|PB) (@design|) for {k} @factors",
            "(plackett-burman|plackett burman|PB), {k} (two-level|2-level|) @factors, how many runs?",
            "{k} (two-level|2-level) @factors(,|;) main effects (only|are enough|will do), (fewest|minimum|least) (orthogonal|) runs",
            "(smallest|leanest|most economical) orthogonal two-level screening (@design|plan) for {k} main effects",
            "screen {k} @factors, no interactions, orthogonal, minimal run count",
            "only the main effects of {k} variables interest me, orthogonal and as (small|short|cheap) as possible",
            "how few runs can (estimate|give) {k} main effects (independently|orthogonally)?",
            "ruggedness testing with {k} @factors, plackett-burman",
            "{k} knobs, I don't care about interactions, give me the shortest balanced two-level plan",
        ),
        {"k": Num(5, 23, integer=True)},
        (CENTERS, SEED),
    ),
    Lesson(
        "doe_plackett_burman_runs",
        "doe.plackett_burman(n_factors={k}, runs={n}, {options})",
        (
            "{k} @factors in {n} runs (two-level|2-level|) screening, main effects",
            "(plackett-burman|plackett burman|PB) with {n} runs for {k} @factors",
            "{n}-run (plackett-burman|plackett burman|PB|screening) (@design|) for {k} @factors",
            "(screen|screening of) {k} variables in {n} (experiments|@runs)",
            "{n} run PB, {k} factors, (is it orthogonal|list it|)",
        ),
        {
            "k": Num(6, 11, integer=True),
            "n": Num(12, 24, integer=True, choices=("12", "20", "24")),
        },
        (CENTERS, SEED),
    ),
    Lesson(
        "doe_plackett_burman_size",
        "doe.plackett_burman(runs={n}, {options})",
        (
            "@make a (plackett-burman|plackett burman|PB) (@design|) (in|with|of) {n} runs",
            "(plackett-burman|plackett burman|PB) {n}",
            "the {n}-run (plackett-burman|plackett burman|PB) (matrix|@design|plan)",
            "is there a plackett-burman with {n} runs",
            "(show|print|list) the PB {n} (matrix|array)",
        ),
        {
            "n": Num(
                8,
                48,
                integer=True,
                choices=("8", "12", "16", "20", "24", "28", "32", "36", "44", "48"),
            )
        },
        (SEED,),
        weight=0.6,
    ),
)

LESSONS: tuple[Lesson, ...] = (
    *FULL_FACTORIAL,
    *BLOCKED,
    *FRACTIONS,
    *PLACKETT_BURMAN,
)
