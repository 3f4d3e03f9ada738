"""Asking for the analysis of experiments: effects, response surfaces."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Fixed, Lesson, Num, Option, TableOf, Words, alpha_options

NAMES = (
    "A", "B", "C", "D", "E", "temp", "time", "pressure", "speed", "catalyst", "pH", "feed", "power",
    "gas", "dwell", "angle", "dose", "T", "K", "P", "x1", "x2", "x3",
)  # fmt: skip
RESPONSES = (
    "y", "yield", "strength", "rate", "purity", "response", "thickness", "hardness", "viscosity", "loss",
    "roughness", "result", "adhesion", "colour",
)  # fmt: skip


def _two_level(k: int, low: str = "-1", high: str = "1", repeats: int = 1) -> TableOf:
    n = 2**k
    columns: dict[str, Data | Words | Fixed] = {"y": Data(names=RESPONSES)}
    for f, key in enumerate("abcd"[:k]):
        cells = tuple(high if i >> f & 1 else low for i in range(n)) * repeats
        columns[key] = Fixed(cells, NAMES)
    return TableOf(columns, rows=(n * repeats, n * repeats))


def _composite(unit: float, centre: float) -> TableOf:
    a = 1.4142
    points = [(-1, -1), (1, -1), (-1, 1), (1, 1), (-a, 0), (a, 0), (0, -a), (0, a), *[(0, 0)] * 5]
    columns: dict[str, Data | Words | Fixed] = {"y": Data(names=RESPONSES)}
    for j, key in enumerate("ab"):
        cells = tuple(f"{centre + unit * p[j]:g}" for p in points)
        columns[key] = Fixed(cells, NAMES)
    return TableOf(columns, rows=(13, 13))


def _box_behnken() -> TableOf:
    edges = [(-1, -1, 0), (1, -1, 0), (-1, 1, 0), (1, 1, 0)]
    points = [(p[(i) % 3], p[(i + 1) % 3], p[(i + 2) % 3]) for i in range(3) for p in edges]
    points += [(0, 0, 0)] * 3
    columns: dict[str, Data | Words | Fixed] = {"y": Data(names=RESPONSES)}
    for j, key in enumerate("abc"):
        columns[key] = Fixed(tuple(str(p[j]) for p in points), NAMES)
    return TableOf(columns, rows=(15, 15))


_EFFECTS = (
    "(estimate|compute|calculate|work out|give me) (the|all|) (effects|main effects and interactions|factorial effects|effects and interactions) (of|for) {FACTORS} on {t.y}",
    "(analyse|analyze|evaluate|work up) (this|the|my) (two-level|2-level|two level|factorial|2^k|screening) (experiment|factorial|design|trial|study)(:|,|;) factors {FACTORS}, (response|result|output) {t.y}",
    "(which|what) (effects|factors|of {FACTORS}) (are active|matter|are important|stand out|really move|are real) (for|on|in) {t.y}(, factors {FACTORS}|, two-level design|)",
    "(half-normal|half normal|daniel|normal|pareto) (plot|chart) of the effects of {FACTORS} on {t.y}",
    "(lenth|Lenth's method|lenth's PSE|pseudo standard error) (for|on|of) (the effects of|) {FACTORS}(,| on) {t.y}",
    "(high minus low|mean at high minus mean at low|plus side minus minus side) (for|of) {t.y} for each of {FACTORS} (and their interactions|with interactions|)",
    "(we ran|I ran|the team ran) a (full factorial|two-level factorial|screening design|factorial) (with|in|on) {FACTORS} and (measured|recorded|got) {t.y}(;|.|,) (what has an effect|which matter|effects please)",
    "(size of the|) effects(,|:|) {FACTORS} -> {t.y}(,|) (coded -1 and 1|two levels each|unreplicated|)",
    "(screening|factorial) (results|analysis)(:|;|) {t.y} (is|=) the (response|output)(,|;) {FACTORS} are the (knobs|factors|inputs)(;|,|) (what|which) (is active|stands out|is significant)",
    "(do|are there) (interactions|interaction effects) between {FACTORS} (in|on|for) {t.y}(, estimate all effects|, 2-level factorial|)",
)

CENTRE = Option(
    "max_order=2",
    (
        "(only|just) main effects and two-factor interactions",
        "(up to|no higher than) (two-factor|second order|2-factor) interactions",
        "ignore (three-factor|3-way|higher-order|higher) interactions",
    ),
    {},
    0.15,
)


def _effects(name: str, k: int, table: TableOf) -> Lesson:
    keys = "abcd"[:k]
    written = " (,|and|) ".join(f"{{t.{key}}}" for key in keys)
    if k == 3:
        written = "{t.a}, {t.b} (and|,|&) {t.c}"
    elif k == 2:
        written = "{t.a} (and|&) {t.b}"
    else:
        written = "{t.a}, {t.b}, {t.c} (and|,) {t.d}"
    listed = ", ".join(f"{{t.{key}}}" for key in keys)
    return Lesson(
        name,
        f"doe.effects(response={{t.y}}, factors=[{listed}], {{options}})",
        tuple(a.replace("{FACTORS}", written) for a in _EFFECTS),
        {"t": table},
        (CENTRE, *alpha_options(0.1)) if k > 2 else alpha_options(0.1),
    )


def _standard_order(k: int) -> Lesson:
    n = 2**k
    return Lesson(
        f"effects in standard order 2^{k}",
        "doe.effects(response={t.y}, {options})",
        (
            f"(2^{k}|2**{k}|two-level factorial|2 level full factorial) in (standard|yates|Yates) order(:|,|) (responses|results|yields|outcomes) {{t.y}}(.|;|) (effects|what are the effects|estimate the effects|main effects and interactions)",
            "(effects|main effects and interactions|yates algorithm|Yates analysis) (for|of|on) (these|the|) (responses|results|yields|runs) in (standard|yates|treatment) order {t.y}",
            "(runs|treatments|corners) (given|listed|written) in (standard|Yates) order(:|,|) {t.y}(;|.|) (which effects are active|compute all effects|effects please|lenth and effects)",
            "(unreplicated|single replicate) (factorial|2^k)(,|:|) (standard order|yates order)(:|,|) {t.y}(;|.|) (half-normal plot|effects|what stands out)",
            "(analyse|analyze) the factorial (whose|with) results in standard order (are|:) {t.y}",
            "(pilot plant|screening|coating) (trial|factorial), standard order(:|,) {t.y}(.|,|) (main effects?|effects|contrasts)",
        ),
        {"t": TableOf({"y": Data(n=(n, n), names=RESPONSES)}, ("inline",), (n, n))},
        alpha_options(0.1),
        weight=0.6,
    )


_SURFACE = (
    "(fit|build|estimate|run) a (response surface|second-order model|quadratic model|full quadratic|second order response surface|RSM) (for|of|to) {t.y} (in|on|with|over) {FACTORS}",
    "(where|at which settings) (is|of {FACTORS} is) (the optimum|the stationary point|{t.y} best|{t.y} highest|the peak|the best point) (of {t.y}|)(, quadratic in {FACTORS}|, second-order fit on {FACTORS}|)",
    "(analyse|analyze|evaluate) (this|the|my) (CCD|central composite|box-behnken|BBD|response surface) (design|experiment|data|)(:|,|;) (response|) {t.y}, factors {FACTORS}",
    "(stationary point|canonical analysis|eigenvalues|stationary point and eigenvalues|maximum, minimum or saddle) (for|of) {t.y} (in|as a quadratic in|over) {FACTORS}",
    "(is the surface|is it) a (maximum|minimum|peak|saddle|ridge)(?|,|) {t.y} (versus|against|over) {FACTORS}(, second order|, quadratic fit|)",
    "(lack of fit|lack-of-fit test|pure error and lack of fit) (for|of) (the|a) (quadratic|second-order) (model|surface) of {t.y} in {FACTORS}",
    "(full quadratic|linear, interaction and square terms|quadratic with interactions) in {FACTORS}(,| for) (response|) {t.y}(:|,|;|) (fit|coefficients|find the optimum|anova)",
    "which (settings|combination) of {FACTORS} (maximises|maximizes|gives the highest|gives the best|minimises) {t.y}(, response surface|, fit a second-order model|)",
    "(contour plot|contours|surface plot|response surface plot) of {t.y} over {FACTORS}",
    "(optimise|optimize) {t.y} (with|over|by) {FACTORS} (by|using|with) (a|) (response surface|RSM|quadratic fit|second-order fit)",
    "(we have|here is|I ran) a (central composite|axial|face-centred|Box-Behnken) (plan|trial|design) (in|on|with) {FACTORS}(;|,|.) {t.y} (was measured|is the response)(;|.|,) (what is the best setting|where is the top|fit it)",
    "does {t.y} (curve|have curvature|bend) (in|over|with) {FACTORS}(, fit squares too|, second order model|)",
)
AT = Option(
    "at=[{v}, {w}]",
    (
        "(and|then|) predict at {v} and {w}",
        "(also|and) (give|what is) the (expected|predicted) response at {v} and {w}",
        "(evaluate|read) the surface at {v}, {w}",
    ),
    {"v": Num(-1, 1, 1), "w": Num(-1, 1, 1)},
    0.15,
)
LEVEL = Option(
    "confidence={conf}",
    ("(with|at) {conf} confidence", "{conf} (limits|intervals|confidence intervals)"),
    {"conf": Num(0.9, 0.99, choices=("95%", "99%", "90%"))},
    0.1,
)
ORDER = (
    Option(
        "order=first",
        (
            "(first-order|first order|linear terms) only",
            "(just|only) (the|) (linear|first-order) (model|terms|part)",
            "no (squares|quadratic terms|curvature) and no interactions",
        ),
        {},
        0.06,
    ),
    Option(
        "order=interaction",
        (
            "(linear and interaction|main effects and interaction) terms only",
            "(no|without) (squares|square terms|pure quadratic terms)",
            "with interactions but no squares",
        ),
        {},
        0.06,
    ),
)


def _surface(name: str, factors: str, listed: str, table: TableOf, *options: Option) -> Lesson:
    return Lesson(
        name,
        f"doe.fit_rsm(response={{t.y}}, factors=[{listed}], {{options}})",
        tuple(a.replace("{FACTORS}", factors) for a in _SURFACE),
        {"t": table},
        (*options, LEVEL),
    )


_BLOCKED = TableOf(
    {
        **_composite(1, 0).columns,
        "g": Fixed(("1",) * 6 + ("2",) * 7, ("block", "day", "batch", "shift")),
    },
    rows=(13, 13),
)

_SPLIT = TableOf(
    {
        "y": Data(names=RESPONSES),
        "g": Fixed(
            tuple(b for b in "123" for _ in range(6)),
            ("block", "day", "replicate", "batch", "week"),
        ),
        "w": Fixed(
            tuple(w for _ in range(3) for w in ("lo", "lo", "mid", "mid", "hi", "hi")),
            ("oven", "temp", "bath", "furnace", "alloy", "pressure"),
        ),
        "s": Fixed(("A", "B") * 9, ("coating", "time", "additive", "nozzle", "position", "recipe")),
    },
    ("pasted", "attached"),
    (18, 18),
)
_TWO_RESPONSES = TableOf(
    {
        **_composite(1, 0).columns,
        "z": Data(names=("cost", "waste", "shrinkage", "impurity", "energy", "noise")),
    },
    rows=(13, 13),
)

LESSONS: tuple[Lesson, ...] = (
    _effects("effects of two factors", 2, _two_level(2, repeats=2)),
    _effects("effects of three factors", 3, _two_level(3)),
    _effects("effects of three replicated factors", 3, _two_level(3, "10", "20", 2)),
    _effects("effects of four factors", 4, _two_level(4)),
    _standard_order(2),
    _standard_order(3),
    _standard_order(4),
    Lesson(
        "effects of what",
        "doe.effects(response=<ask>)",
        (
            "(estimate|compute) the effects of my factorial",
            "which factors were active in (the|our|my) screening experiment",
            "analyse my two-level experiment",
        ),
        weight=0.2,
    ),
    _surface(
        "surface of two factors", "{t.a} and {t.b}", "{t.a}, {t.b}", _composite(1, 0), AT, *ORDER
    ),
    _surface(
        "surface in natural units",
        "{t.a} (and|,|&) {t.b}",
        "{t.a}, {t.b}",
        _composite(5, 85),
        *ORDER,
    ),
    _surface(
        "surface of three factors",
        "{t.a}, {t.b} (and|,) {t.c}",
        "{t.a}, {t.b}, {t.c}",
        _box_behnken(),
        *ORDER,
    ),
    Lesson(
        "surface in blocks",
        "doe.fit_rsm(response={t.y}, factors=[{t.a}, {t.b}], block={t.g}, {options})",
        (
            "(response surface|second-order model|full quadratic) of {t.y} in {t.a} and {t.b} with {t.g} as (the|a|) block",
            "(fit|estimate) {t.y} ~ {t.g} + (full quadratic|second-order surface) in {t.a} and {t.b}",
            "(quadratic surface|RSM) for {t.y} over {t.a}, {t.b}(,|;) (block|blocked|blocking) (on|by|is|in) {t.g}",
            "(the design was run in blocks|runs were split), see {t.g}(;|.) (stationary point|lack of fit|optimum) of {t.y} in {t.a} and {t.b}",
            "(stationary point and lack of fit|canonical analysis) for {t.y} over {t.a} and {t.b}, (removing|adjusting for|allowing for) (block|block effect) {t.g}",
        ),
        {"t": _BLOCKED},
        (LEVEL,),
        weight=0.6,
    ),
    Lesson(
        "surface of what",
        "doe.fit_rsm(response=<ask>)",
        (
            "fit a response surface (for me|please|)",
            "(find|where is) the (optimum|stationary point) of my central composite design",
            "analyse my box-behnken results",
        ),
        weight=0.2,
    ),
    Lesson(
        "split plot",
        "doe.anova_split_plot(response={t.y}, sub=[{t.s}], whole=[{t.w}], block={t.g}, {options})",
        (
            "(split-plot|split plot|splitplot) (anova|analysis|analysis of variance) of {t.y}(:|,) whole plot factor {t.w}, subplot factor {t.s}, blocks {t.g}",
            "{t.w} (was|is) hard to change (and set once per|, set for a whole run of) {t.g}, {t.s} (was|is) changed (every run|within)(;|.|,) (analyse|test) {t.y}",
            "(analyse|analyze) {t.y} with {t.w} on whole plots and {t.s} on subplots, (blocked by|blocks|replicates) {t.g}",
            "(F for|test) {t.w} against the (whole-plot|whole plot|main plot) error and {t.s} against the (subplot|residual) error, response {t.y}, blocks {t.g}",
            "main plots {t.w}, (sub plots|subplots) {t.s}, {t.g} (as replicates|as blocks)(;|,|:) (anova|which effects on {t.y} are real)",
            "(hard-to-change|hard to change|expensive to change) factor {t.w}, easy factor {t.s}, {t.g} blocks(:|,) (proper|correct) (anova|tests) for {t.y}",
        ),
        {"t": _SPLIT},
        alpha_options(0.15),
        weight=0.8,
    ),
    Lesson(
        "steepest ascent",
        "doe.steepest_ascent(response={t.y}, factors=[{t.a}, {t.b}], {options})",
        (
            "(path of|) steepest (ascent|climb) (for|of) {t.y} (in|over|with) {t.a} and {t.b}",
            "(which way|in which direction|how) (should we|do I|to) (move|change) {t.a} and {t.b} to (raise|increase|improve|climb in) {t.y} (fastest|most quickly|best)",
            "(where|what settings) (next|to try next) (for|of) {t.a} and {t.b} to (get more|increase|push up) {t.y}(, path of ascent|, follow the gradient)",
            "(gradient|uphill) (path|direction) from the centre for {t.y} over {t.a}, {t.b}",
            "(list|give me) points along the (ascent|uphill) (path|line) of {t.y} in {t.a} and {t.b}",
            "ridge (analysis|path) (of|for) {t.y} (in|over) {t.a} and {t.b}",
        ),
        {"t": _composite(5, 85)},
        (
            Option(
                "order=first",
                (
                    "(first-order|first order|linear) model",
                    "from a (plane|first-order fit)",
                    "(straight line path|linear terms only)",
                ),
                {},
                0.3,
            ),
            Option(
                "steps={k}",
                ("{k} steps", "(give me|show|list) {k} points", "(with|for|take) {k} steps"),
                {"k": Num(2, 10, integer=True)},
                0.25,
            ),
            Option(
                "step={d}",
                ("step (size|length|) {d}", "(in|with) steps of {d} coded units"),
                {"d": Num(0.25, 2, choices=("0.5", "0.25", "1.5", "2", "1"))},
                0.2,
            ),
        ),
        weight=0.8,
    ),
    Lesson(
        "steepest descent",
        "doe.steepest_ascent(response={t.y}, factors=[{t.a}, {t.b}], direction=descent, {options})",
        (
            "(path of|) steepest descent (for|of) {t.y} (in|over|with) {t.a} and {t.b}",
            "(which way|in which direction|how) (should we|do I|to) (move|change) {t.a} and {t.b} to (lower|reduce|cut|bring down) {t.y} (fastest|most quickly)",
            "(downhill|descent) path from the centre for {t.y} over {t.a} and {t.b}",
            "next settings of {t.a} and {t.b} that (reduce|decrease|shrink) {t.y}(, path of descent|, follow the gradient down)",
        ),
        {"t": _composite(5, 85)},
        (Option("order=first", ("(first-order|linear) model", "linear terms only"), {}, 0.3),),
        weight=0.5,
    ),
    Lesson(
        "desirability of two responses",
        "doe.desirability(factors=[{t.a}, {t.b}], maximize=[{t.y}], minimize=[{t.z}], {options})",
        (
            "(desirability|derringer|multi-response optimisation|multiple response optimization)(:|,) (maximise|maximize|large|high) {t.y}, (minimise|minimize|small|low) {t.z}, factors {t.a} and {t.b}",
            "(settings|best compromise) of {t.a} and {t.b} (that|to) (maximise|maximize|raise) {t.y} and (minimise|minimize|lower) {t.z} (at the same time|together|at once|)",
            "(want|we need|I want) (high|a high|much) {t.y} but (low|a low|little) {t.z}(;|,|:) (which|what) {t.a} and {t.b}",
            "(trade off|balance|compromise between) {t.y} (up|large) and {t.z} (down|small) over {t.a} and {t.b}",
            "(overall|composite) desirability with {t.y} as large as possible and {t.z} as small as possible in {t.a}, {t.b}",
        ),
        {"t": _TWO_RESPONSES},
        (),
        weight=0.7,
    ),
    Lesson(
        "desirability of two large",
        "doe.desirability(factors=[{t.a}, {t.b}], maximize=[{t.y}, {t.z}], {options})",
        (
            "(maximise|maximize) (both|) {t.y} and {t.z} (together|jointly|at once|) (over|with|by) {t.a} and {t.b}(, desirability|)",
            "(best|ideal) {t.a} and {t.b} for (both|) {t.y} and {t.z}(,| as) (both should be|each) (large|high)(, desirability|)",
            "joint optimum of {t.y} and {t.z}, larger is better for both, factors {t.a} and {t.b}",
        ),
        {"t": _TWO_RESPONSES},
        (),
        weight=0.4,
    ),
    Lesson(
        "desirability with a target",
        "doe.desirability(factors=[{t.a}, {t.b}], maximize=[{t.y}], on_target=[{t.z}], target=[{v}], low=[{p}, {q}], high=[{u}, {w}])",
        (
            "desirability(:|,) {t.y} as large as possible between {p} and {u}, {t.z} on target {v} within {q} and {w}, factors {t.a} and {t.b}",
            "(find|choose) {t.a} and {t.b}: {t.y} (high|large) (ramp|scale) {p} to {u}, hold {t.z} at {v} (allowed|acceptable) {q} to {w}",
        ),
        {
            "t": _TWO_RESPONSES,
            "v": Num(50, 55, 1),
            "q": Num(5, 20, 1),
            "w": Num(80, 99, 1),
            "p": Num(5, 20, 1),
            "u": Num(80, 99, 1),
        },
        (),
        weight=0.3,
    ),
    Lesson(
        "analyse a design",
        "doe.analyse(data={t}, response={t.y})",
        (
            "(analyse|analyze|evaluate|work up) (the|this|my) (experiment|design|doe|DOE|trial)(;|,|:) (response|the result|output) (is|=) {t.y}",
            "(here is|this is) (my|the|our) (filled|completed|finished) design (table|sheet|)(;|,|.) {t.y} (is the response|was measured)(;|.|,) (what matters|what does it say|analyse it)",
            "(what did|what do) (we|I) learn from (this|the) (doe|experiment|design of experiments) about {t.y}",
            "(do the|run the) (appropriate|right|usual|standard) (doe|DOE|design) analysis (of|for|on) {t.y}",
            "(runs|trials) are done, {t.y} is filled in(;|,) (analyse|evaluate) the design",
        ),
        {"t": _two_level(3)},
        weight=0.7,
    ),
    Lesson(
        "analyse a surface design",
        "doe.analyse(data={t}, response={t.y})",
        (
            "(analyse|analyze|evaluate) (the|this|my) (finished|filled in|completed|) (doe|design|experiment)(,|;) result column {t.y}",
            "(all runs are in|design is complete)(;|,) (response|outcome) {t.y}(.|,) (please|) analyse",
        ),
        {"t": _composite(1, 0)},
        weight=0.3,
    ),
)
