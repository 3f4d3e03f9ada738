"""Asking for full factorial and Plackett-Burman designs."""

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
            "(expand.grid(factors)|expand.grid|pyDOE fullfact|fullfact|ff2n)(:|,| of| for) {factors}",
            "(Minitab Create Factorial Design, full|Stat > DOE > Factorial > Create, full factorial|JMP full factorial design)(:|,|;) {factors}",
            "(factors and levels|inputs|variables|factors)(:| =) {factors}(;|.|,) (want|needed|to do|please)(:|) (every combination|full factorial|complete factorial, random run order|all treatment combinations)",
            "(we can afford|there is time and money for) every combination of {factors}(;|,|.) (give|write|print) the (run sheet|plan|schedule) in random order",
            "(my student|a new colleague|the trainee) (wants|is going) to vary {factors} (one at a time|OFAT); (show|give) (him|her) the (full|complete) factorial instead",
            "(neither resolution nor fractions|no fraction, no screening|not a fraction but the whole thing)(:|,) {factors}",
            "please to make me table with all combination of {factors}",
            "(for the textbook exercise|exercise)(:|,) write out the (treatment combinations|full factorial design) for {factors}",
            "(orthogonal|balanced) (plan|@design) where {factors} (meet|occur|are run) in all combinations",
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
            "ff2n({k})",
            "2**{k} (full factorial|factorial design|all runs)",
            "(n_factors|number of factors|factors|k)(:|=| =) {k}(,|;) (design|type)(:|=| =) full factorial(,|;) (levels|two levels|-1/+1)",
            "(coded|-1/+1|plus and minus|±1) (design matrix|matrix|table of signs) (of|for) a (full|complete) {k}-factor (two-level|) factorial",
            "(complete|full) replicate of the 2^{k} (in random order|, run order randomised|@please)",
            "(we have|there are|I got) {k} (knobs|settings|dials|variables), each on low or high; I want to (try|run|see) every setting together with every other",
            "all interactions of {k} two-level @factors must be estimable, (nothing|none) aliased: (list the runs|which runs|design please)",
            "(2 to the power {k}|2 to the power of {k}) @design(, run order please|, which runs|)",
            "(how big|how many experiments) (is|does) the whole factorial (with|of) {k} (@factors|inputs) at two levels(, list them too|, and in what order|)",
            "{k}-factor full factorial",
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
            "3**{k} (design|factorial|full factorial)",
            "{k} (variables|@factors) with (three|3) @levels (each|apiece), (all|every) (combination|combinations|treatment combinations)",
            "pyDOE fullfact with {k} factors of (three|3) levels",
            "(every|each) of {k} @factors (takes|is run at) -1, 0 and +1, (full|complete) (grid|factorial)",
            "(how many|number of) @runs (for|in|has) a (full|complete) factorial of {k} three-level @factors",
            "(levels|number of levels)(:|=| =) 3(,|;) (factors|k)(:|=| =) {k}(,|;) full factorial",
            "three to the {k} (@design|factorial|experiment), (run order|list of runs) @please",
            "(grid|lattice) with (three|3) points (per|along each) axis, {k} axes, all nodes as runs",
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
            "{factors}(;|,|:) three levels (each|for every one) (low, centre, high), (full|complete) factorial, random order",
            "(I want|we need) the (minimum, midpoint and maximum|low, mid and high setting) of each of {factors} in all combinations",
            "fullfact, (three|3) levels per factor(:|,) {factors}",
            "3-level full factorial(:|,|;) {factors}",
            "(to see curvature|because of curvature) use (three|3) levels of {factors} and run (every|each) combination",
            "(full|complete) grid(:|,|;) {factors}, each at (three|3) equally spaced values",
            "(multi-level|general) full factorial, all factors at (three|3) levels: {factors}",
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
            "(general|mixed) full factorial(,|:|;) (levels|level counts|number of levels)(:|=|) {a}, {b}, {c}",
            "{a} machines, {b} operators and {c} materials, run (every|each) (combination|triple) in random order",
            "(cross|combine) a factor with {a} levels, (one|another) with {b} and a third with {c}, (full factorial|all combinations)",
            "(how many|number of) @runs (in|for|has) a {a} x {b} x {c} (factorial|@design)",
            "(fullfact|gen.factorial|pyDOE fullfact) ([{a}, {b}, {c}]|with levels {a}, {b}, {c})",
            "{a} temperatures, {b} times, {c} catalysts(:|,|;) (every|each) combination, full factorial run list",
            "three factors at {a}, {b} and {c} @levels respectively(:|,|;) (complete|full) factorial",
            "(general factorial design|multilevel factorial) {a} * {b} * {c}",
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
            "{a} x {b} factorial(, run order please|, randomised|)",
            "(general|mixed-level) full factorial with (two|2) factors of {a} and {b} levels",
            "{a} (ovens|presses|recipes) crossed with {b} (speeds|temperatures|dwell times), (all pairs|every pair) in random order",
            "(level counts|levels)(:|=| =) {a}, {b}(,|;) full factorial",
            "A has {a} levels, B has {b} levels(:|,|;) (full factorial|all combinations|run table)",
            "how many @runs is a {a} by {b} (factorial|crossed design)",
            "(fullfact|gen.factorial|pyDOE fullfact) with {a} and {b} levels",
            "(every|each) of {a} settings of one factor with (every|each) of {b} settings of the other, randomised",
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
            "2^{k} (factorial|) (run|laid out) over {b} (days|shifts|ovens|furnace loads), (blocks confounded with high-order interactions|what is lost|block generators please)",
            "(factors|k)(:|=| =) {k}(,|;) blocks(:|=| =) {b}(,|;) (two-level|) full factorial",
            "(one|a) batch of raw material is not enough for the 2^{k}; use {b} batches as blocks",
            "(block generators|confounded effects|defining contrasts) (of|for) (a|the) 2^{k} in {b} blocks",
            "(all|every) combination of {k} two-level @factors, (spread|divided|distributed) over {b} blocks (so that main effects stay clear|)",
            "Minitab full factorial, {k} factors, number of blocks {b}",
            "(which|what) runs go (in|into) (which|each) block (when|if) a 2^{k} is (split|divided) in {b}",
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
            "(RCBD|randomised complete block design|randomized complete block design) with all combinations of {factors}, {b} blocks",
            "{b} (days|operators|lots), each (does|runs|gets) the (whole|complete|full) factorial of {factors} as its own block",
            "{factors}(;|,|:) full factorial, (replicates|replicated) {b} times, one block per replicate",
            "repeat the full factorial in {factors} on {b} (days|shifts|machines), (days|these) being blocks",
        ),
        {"factors": FactorList((2, 3), "mixed"), "b": Num(2, 4, integer=True)},
        weight=0.5,
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
            "(pbdesign|pb design|Minitab Plackett-Burman|FrF2 pb|pyDOE pbdesign)(:|,| for| with) {factors}",
            "(a dozen|lots of|many|too many) (candidate|possible|suspected) causes(:|,) {factors}(;|.|,) (find the vital few|which are the vital few|rank them), main effects only, as few runs as possible",
            "(saturated|non-regular|nonregular) (two-level|orthogonal) screening @design (for|with|on) {factors}, main effects",
            "(robustness|ruggedness) (study|test) of (the|our) (HPLC|assay|titration|dissolution) method, plackett-burman, {factors}",
            "(hadamard|Hadamard matrix) (based|) (screening|main-effects) (@design|plan) (with|for|in) {factors}",
            "(cheapest|shortest|leanest) main-effects (plan|@design|screen)(:|,|;) {factors}",
            "(factors|inputs)(:|) {factors}(;|.|,) (design|type)(:|) plackett-burman",
            "(first round|step one|early phase)(:|,) sort the important from the unimportant among {factors}, (forget|ignoring|no) interactions, (minimum|fewest) orthogonal runs",
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
            "pbdesign({k})",
            "(Minitab|JMP) (plackett-burman|Plackett-Burman) (with|,) {k} factors",
            "(hadamard|saturated|nonregular) (design|plan|array) for {k} main effects",
            "(n_factors|factors|k)(:|=| =) {k}(,|;) (design|type)(:|=| =) (plackett-burman|PB)",
            "(we have|there are) {k} (suspects|possible causes|candidate causes|variables) and little money; main effects only, (fewest|least) orthogonal runs",
            "(robustness|ruggedness) of (an assay|a method|the test) in {k} (parameters|conditions), plackett-burman (plan|@design)",
            "how many (runs|trials) does (plackett-burman|a PB|Plackett and Burman's plan) (need|take) for {k} @factors",
            "(smallest|next larger) multiple of four that holds {k} main effects (as an orthogonal two-level design|: the plackett-burman plan)",
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
            "(PB|plackett-burman)(:|,) (runs|N)(:|=| =) {n}(,|;) (factors|k)(:|=| =) {k}",
            "(plackett-burman|PB) (matrix|plan) of {n} trials (holding|carrying|to hold) {k} @factors (with dummy columns for error|and the rest dummies|)",
            "{k} @factors on a {n}-run (plackett-burman|PB|hadamard matrix)",
            "only {n} (trials|runs|batches) allowed, {k} @factors, (plackett-burman|PB|main effects by plackett-burman)",
            "pbdesign, {k} factors, {n} runs",
            "is {n} runs of (plackett-burman|PB) (enough|sufficient|ok) for {k} @factors? (show it|list the runs|)",
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
            "PB, {n} runs",
            "PB with N = {n} (design|matrix|)",
            "(hadamard|cyclic) (matrix|generator row) (for|of) the {n}-run (plackett-burman|PB)",
            "(write out|print|lay out) (Plackett and Burman's|the plackett-burman) design (with|of|in) N = {n}",
            "N={n} (plackett-burman|PB)(, as many factors as fit|, all columns|)",
            "how many @factors (fit|go) into a {n}-run (plackett-burman|PB)(, list it|, show the matrix|)",
            "(plackett-burman|PB) (design|) with {n} (rows|experiments|trials), fully saturated",
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
    *PLACKETT_BURMAN,
)
