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


Runs = list[tuple[float, ...]]


def two_level_runs(k: int) -> Runs:
    """All corners in standard order, coded."""
    return [tuple(1 if i >> f & 1 else -1 for f in range(k)) for i in range(2**k)]


def composite_runs(k: int, axial: float, centres: int) -> Runs:
    """Corners, axial points, centre points."""
    stars = [tuple(s * axial if f == j else 0 for f in range(k)) for j in range(k) for s in (-1, 1)]
    return [*two_level_runs(k), *stars, *[(0,) * k] * centres]


def box_behnken_runs() -> Runs:
    """The design for three factors, with three centre points."""
    edges = [(*p, 0) for p in two_level_runs(2)]
    points: Runs = [tuple(p[(i + j) % 3] for j in range(3)) for i in range(3) for p in edges]
    return [*points, *[(0, 0, 0)] * 3]


def _two_level(k: int, low: str = "-1", high: str = "1", repeats: int = 1) -> TableOf:
    runs = two_level_runs(k) * repeats
    columns: dict[str, Data | Words | Fixed] = {"y": Data(names=RESPONSES)}
    for f, key in enumerate("abcd"[:k]):
        columns[key] = Fixed(tuple(high if run[f] > 0 else low for run in runs), NAMES)
    return TableOf(columns, rows=(len(runs), len(runs)))


def _composite(unit: float, centre: float) -> TableOf:
    points = composite_runs(2, 1.4142, 5)
    columns: dict[str, Data | Words | Fixed] = {"y": Data(names=RESPONSES)}
    for j, key in enumerate("ab"):
        cells = tuple(f"{centre + unit * p[j]:g}" for p in points)
        columns[key] = Fixed(cells, NAMES)
    return TableOf(columns, rows=(13, 13))


def _box_behnken() -> TableOf:
    points = box_behnken_runs()
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
    "(contrasts|effect estimates|contrast sums), (sums of squares|SS) and (percent contribution|% contribution)(:|,|) factors {FACTORS}, response {t.y}",
    "(response|y|output)(:| =|) {t.y}(;|,) (two-level factors|factors|inputs)(:| =|) {FACTORS}(;|,|.|) (effects|factorial effects|half-normal plot|which are active)",
    "(Minitab Analyze Factorial Design|FrF2 DanielPlot|JMP screening platform|BsMD LenthPlot|Design-Expert effects list)(:|,|;) {t.y} (against|by|with factors) {FACTORS}",
    "A, B, AB and so on(:|,|;) (what are|estimate) (their|the) effects when the factors are {FACTORS} and the response {t.y}",
    "(no|without) replicates(,|;) so (no|without a) pure error(;|,|:) (which|what) effects of {FACTORS} on {t.y} (are beyond the noise|exceed the margin of error|are active)(, Lenth|)",
    "(going|switching|changing) from low to high(:|,) how much does {t.y} change for each of {FACTORS} and their combinations",
    "(we|the night shift|students) (ran|did|finished) every low/high combination of {FACTORS}(;|.|,) {t.y} is the (result|outcome|reading)(;|.|,) (which knobs count|what did we learn|the effects please)",
    "(vital few|biggest effect|ranking of effects|order of importance)(?|:|,|) (two-level|2-level|coded) {FACTORS} (versus|and their effect on|->) {t.y}",
    "(pareto|half-normal|normal probability) (chart|plot) of (the|) (standardised|standardized|) effects(:|,|;) {t.y}, {FACTORS}",
    "(main effect|main effects) and (interaction effects|cross effects|two-factor interactions) from my (2^k|factorial|high/low) (trial|experiment|runs)(:|,|;) {FACTORS} (set|varied), {t.y} (measured|observed)",
    "effect = ybar+ - ybar-(:|,|;) (compute|give) it for {FACTORS} and all interactions, y = {t.y}",
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
            f"y = {{t.y}} (in|by) (standard|Yates|yates) order, 2^{k}(:|,|;) (contrasts and effects|main effects and interactions|effects)",
            "(treatment combinations|runs) (1), a, b, ab(, ...|)(:|,|) {t.y}(;|,|.) (estimate|compute) (the|all) (factorial|main and interaction|) effects",
            f"{{t.y}} are the (results|responses|yields) of a 2^{k} in (standard|Yates) order(;|,|.) (which effects are active|estimate the effects|half-normal plot)",
            "(Yates|yates) (algorithm|table|method)(:|,|) {t.y}",
            "(low low|minus minus) first, (first factor|A) changing fastest (standard order)(:|,) {t.y}(;|,|.) (effects please|what matters)",
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
    "(rsm|SO)({t.y} ~ SO({FACTORS}))",
    "(Minitab Analyze Response Surface Design|Design-Expert quadratic model|JMP response surface effects|R package rsm)(:|,|;) {t.y}, {FACTORS}",
    "(response|y)(:| =|) {t.y}(;|,) (factors|x|inputs)(:| =|) {FACTORS}(;|,|.|) (second-order model|quadratic surface|RSM fit|canonical form)",
    "y = b0 + sum bi xi + sum bii xi^2 + sum bij xi xj(,|;|:) y is {t.y}, x are {FACTORS}(, fit and find the stationary point|)",
    "(the top|the summit|the highest point|the sweet spot|the valley) of {t.y} (as|when) {FACTORS} (vary|change)(, fitted quadratic|, response surface|: where is it)",
    "(what setting|which setting|where) of {FACTORS} should we run (for|to get) the best {t.y}(, curved model|, second-order surface|, from the response surface design)",
    "(does|is) the quadratic model of {t.y} in {FACTORS} (adequate|show lack of fit|fit well)(, lack-of-fit F|, pure error)",
    "(hill|ridge|saddle|bowl)(?|:|,) (shape|nature) of the (fitted|second-order) surface of {t.y} in {FACTORS}",
    "(axial and centre runs|star points|edge midpoints) (included|are in the data)(;|,|:) (fit|estimate) the (full second-order|quadratic) model for {t.y} with {FACTORS}",
    "(b0, bi, bii, bij|linear, square and interaction coefficients|regression coefficients of the second-order model) for {t.y} in {FACTORS}",
    "(our|the) (etcher|reactor|oven|moulding press|fermenter|coater) was (run|tuned) by a response surface design in {FACTORS}(;|.|,) {t.y} (came out|was the yardstick)(;|.|,) (where is the optimum|fit it and locate the optimum)",
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
            "(half-normal|pareto) plot of (effects|my effects) (please|)",
            "(which|what) (factors|knobs) matter in (our|my|the) two-level (design|trial)",
            "(calculate|get) main effects and interactions (from|of) (my|our) 2^k (experiment|factorial)",
            "(Lenth|Yates) analysis of (our|my) factorial (please|)",
            "(we ran|I did) a factorial last week, what are the effects",
            "(effects|contrasts) of the (screening|factorial) (design|experiment) please",
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
            "(rsm|RSM) with blocks(:|,|) {t.y} ~ {t.g} + SO({t.a}, {t.b})",
            "(response|y)(:| =|) {t.y}(;|,) (factors|x)(:| =|) {t.a}, {t.b}(;|,) (block|blocks)(:| =|) {t.g}(;|,|.|) (second-order model|quadratic fit|response surface)",
            "(cube and star|factorial and axial) (parts|portions|runs) were (made|run) on different {t.g}s(;|,|.) (quadratic|second-order) fit of {t.y} in {t.a} and {t.b} with that as block",
            "(where is the optimum|best setting) of {t.a} and {t.b} for {t.y}, (given|knowing) the runs were (blocked|split) by {t.g}(, response surface|)",
            "(take|strip) out {t.g} as a block, then (the|fit the) (quadratic|second-order) surface of {t.y} over {t.a} and {t.b}",
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
            "(response surface|RSM) analysis (please|of my data|for our process)",
            "(where is|find) the (peak|stationary point) of (my|our) response surface",
            "(fit|estimate) a (second-order|full quadratic) (model|surface) (to my design|for me|please)",
            "(analyse|evaluate) (my|our) (CCD|central composite design)",
            "(contour plot|surface plot) of (my|the) (response surface|second-order model)",
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
            "(split-plot|split plot) (anova|analysis)(:|,) (whole|WP) {t.w}, (sub|SP) {t.s}, (block|rep) {t.g}, y {t.y}",
            "(aov with Error|aov)({t.y} ~ {t.w} * {t.s} + Error({t.g}/{t.w}))",
            "(sp.plot|lmer) as in R(:|,|;) {t.y}, whole plots {t.w}, subplots {t.s}, replicates {t.g}",
            "(two error terms|restricted randomisation|restricted randomization|not fully randomised)(:|,|;) {t.w} on whole plots, {t.s} within, {t.g} blocks, (response|) {t.y}",
            "(one|each) {t.w} (setting|level) was used for a whole {t.g} run and {t.s} varied inside(;|,|.) (test the effects on|which effects are real for) {t.y}(, split-plot errors|)",
            "(whole-plot factor|hard factor)(:| =|) {t.w}(;|,) (sub-plot factor|easy factor)(:| =|) {t.s}(;|,) (blocks|replicates)(:| =|) {t.g}(;|,) (response|result)(:| =|) {t.y}",
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
            "(path|method) of steepest ascent(:|,|;) (response|) {t.y}, (factors|) {t.a}, {t.b}",
            "(rsm steepest|steepest() in R)(:|,|;|) {t.y} ~ {t.a}, {t.b}",
            "(the first-order region|we are far from the optimum)(;|,|:) (how|in which ratio) should {t.a} and {t.b} (be changed|move) to (climb|increase|gain) {t.y}",
            "(next few|follow-up|confirmation) (trials|runs|settings) (along|on) the (uphill path|path of steepest ascent) (for|of) {t.y} in {t.a} and {t.b}",
            "(where should|which way do) we (go|walk) (next|from here) (with|in) {t.a} and {t.b} to (raise|get more) {t.y} quickest",
            "(coordinates|points|table) of the (path of|) steepest ascent, {t.y} (against|over) {t.a} and {t.b}",
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
            "(path|method) of steepest descent(:|,|;) (response|) {t.y}, (factors|) {t.a}, {t.b}",
            "(next few|follow-up) (trials|runs|settings) (along|on) the downhill path of {t.y} in {t.a} and {t.b}",
            "(in which ratio|how) should {t.a} and {t.b} be changed to (cut|shrink|bring down) {t.y} (quickest|as fast as possible)",
            "(where should|which way do) we (go|walk) (next|from here) (with|in) {t.a} and {t.b} to (lower|get less) {t.y}",
            "{t.y} is (bad|a loss|a defect rate), so (descend|go downhill)(:|,|;) (path|points along the gradient) in {t.a} and {t.b}",
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
            "(Derringer-Suich|Derringer and Suich|desirability function|D = (d1 d2)^(1/2))(:|,) max {t.y}, min {t.z}, x = {t.a}, {t.b}",
            "(Minitab response optimizer|JMP prediction profiler|Design-Expert numerical optimisation)(:|,) goal maximise {t.y}, goal minimise {t.z}, (factors|over) {t.a} {t.b}",
            "(goals|targets)(:|) {t.y} (up|max|as high as possible), {t.z} (down|min|as low as possible)(;|,) (factors|knobs)(:|) {t.a} and {t.b}(;|,|.|) (optimise|find the compromise)",
            "(simultaneous|joint|multi-objective) optimisation(:|,) {t.y} larger-the-better, {t.z} smaller-the-better, in {t.a} and {t.b}",
            "where do {t.a} and {t.b} (give|bring) (plenty of|a lot of|most) {t.y} without (too much|a lot of) {t.z}",
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
            "desirability(:|,) max {t.y}, max {t.z}, (factors|x =) {t.a}, {t.b}",
            "(both|the two responses) {t.y} and {t.z} (up|as high as possible|larger-the-better)(;|,|:) (best|compromise) setting of {t.a} and {t.b}",
            "(Minitab response optimizer|Derringer-Suich)(:|,) maximise {t.y} and maximise {t.z} over {t.a}, {t.b}",
            "(want|need) (much|a lot) of {t.y} and of {t.z} (at the same time|together)(;|,|:) how to set {t.a} and {t.b}",
            "(goals|targets)(:|) {t.y} max, {t.z} max(;|,) factors(:|) {t.a} and {t.b}(, overall desirability|)",
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
            "(max|maximise) {t.y}, (low|lower|worst) {p}, (high|upper|target) {u}(;|,) {t.z} target {v}, (lower|low) {q}, (upper|high) {w}(;|,) (factors|over) {t.a}, {t.b}(, desirability|)",
            "(desirability|response optimizer)(:|,) {t.y} larger-the-better, {p} (worthless|is zero) and {u} (perfect|is one); {t.z} nominal-the-best at {v}, limits {q} and {w}; factors {t.a}, {t.b}",
            "set {t.a} and {t.b} so that {t.y} is high (useless below {p}, full marks at {u}) and {t.z} (hits|is on) {v} (no less than {q}, no more than {w})",
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
            "(analyse|analyze) (my|our|this) (doe|design) (for|with) (response|result) {t.y}(, whatever (fits|is appropriate)|)",
            "(completed|filled-in|returned) run sheet, (results|response) in {t.y}(;|,|.|:) (what are the conclusions|do the analysis|which factors matter)",
            "(response column|y|result column)(:| is| =) {t.y}(;|,|.) (all|the) other columns are (the factors|design columns)(;|,|.) (analyse|evaluate|effects and significance)",
            "(the experiment is finished|all trials are made)(;|,|.) {t.y} (holds|contains) the (outcome|results)(;|,|.) (which settings are best|what has an effect|now what)",
            "(DOE|doe) (results|evaluation|report)(:|,) response {t.y}",
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
            "(completed|filled-in) response surface (run sheet|design), (results|response) in {t.y}(;|,|.|:) (do the analysis|analyse the design)",
            "(analyse|analyze|evaluate) the (CCD|central composite) table, {t.y} is the response column",
            "(DOE|design) (results|evaluation)(:|,) response {t.y}(, other columns are factors|)",
            "(response column|y)(:| is| =) {t.y}(;|,|.) the rest (are|is) the (factors|design)(;|,|.) analyse the (design|experiment)",
            "(the experiment|our design) is finished, {t.y} (was measured|holds the results)(;|,|.) (analyse|evaluate) it",
            "(do the|run the) (appropriate|usual) (doe|design) analysis (of|for) {t.y}",
        ),
        {"t": _composite(1, 0)},
        weight=0.3,
    ),
)
