"""Asking for blocked designs, signal-to-noise ratios, short-run charts and accelerated or demonstration tests."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Fixed, Groups, Lesson, Num, Option, TableOf, Words

SEED = Option(
    "seed={seed}",
    ("seed {seed}", "(use|with) seed {seed}"),
    {"seed": Num(1, 99, integer=True)},
    0.06,
)
CONFIDENCE = Option(
    "confidence={C}",
    ("(with|at) {C} confidence", "C = {C}", "confidence (level|) {C}", "{C} confidence"),
    {"C": Num(0.8, 0.95, choices=("90%", "95%", "80%", "0.9", "0.95"))},
    0.4,
)
GOALS = (
    (
        "smaller",
        "(smaller is better|smaller the better|smaller-the-better|lower is better|we want it small)",
    ),
    (
        "larger",
        "(larger is better|larger the better|larger-the-better|bigger is better|we want it large)",
    ),
    ("nominal", "(nominal is best|nominal the best|on target is best|nominal-the-best)"),
)
RUNS = TableOf(
    {
        "a": Fixed(("1", "1", "2", "2"), ("A", "speed", "oil", "P")),
        "b": Fixed(("1", "2", "1", "2"), ("B", "feed", "die", "Q")),
        "x": Data(low=10, high=60, names=("y1", "rep1", "trial_1")),
        "y": Data(low=10, high=60, names=("y2", "rep2", "trial_2")),
    },
    rows=(4, 4),
    forms=("pasted", "attached"),
)
SHORT = TableOf(
    {
        "x": Data(low=5, high=60, names=("reading", "measured", "value", "diameter", "length")),
        "p": Words((2, 3), names=("part", "product", "job", "partno", "setup")),
        "n": Data(low=5, high=60, names=("nominal", "target", "drawing")),
    },
    rows=(8, 16),
    forms=("pasted", "attached"),
)

LESSONS: tuple[Lesson, ...] = (
    Lesson(
        "doe_randomized_blocks",
        "doe.randomized_blocks(treatments={k}, blocks={b}, {options})",
        (
            "(randomized|randomised) (complete|) block (design|experiment|plan)(:|,| with|) {k} treatments (in|and|,) {b} blocks",
            "RCBD(:| with|,|) {k} treatments(,| and|) {b} blocks",
            "compare {k} (treatments|recipes|methods|feeds|varieties), each once in (each of|) {b} (batches|days|blocks|fields|ovens)",
            "{k} (coatings|formulas|tips) on {b} (batches|specimens|days) of material: randomised block design please",
            "plan an experiment with {k} treatments where each of {b} (days|lots|batches) is a block",
            "block on (batch|day|operator): {b} blocks, {k} treatments, random order within blocks",
            "lay out {k} treatments in {b} complete blocks",
            "every treatment in every block, {k} treatments {b} blocks, run list",
        ),
        {"k": Num(3, 8, integer=True), "b": Num(3, 10, integer=True)},
        (
            Option(
                "replicates={r}",
                ("each treatment {r} times in a block", "{r} replicates (in each block|per block)"),
                {"r": Num(2, 4, integer=True)},
                0.12,
            ),
            SEED,
        ),
        weight=0.7,
    ),
    Lesson(
        "doe_latin_square",
        "doe.latin_square(size={k}, {options})",
        (
            "(make|build|randomise|randomize|give me|generate|draw) a (latin|Latin) square of (size|order) {k}",
            "(latin|Latin) square {k}x{k}",
            "latin square design(:|,| for|) {k} treatments",
            "{k} treatments with two (nuisance factors|blocking factors) (day and operator|rows and columns|), latin square",
            "{k} (gasolines|tyres|machines), block on (driver and car|day and operator): latin square",
            "row-column design, each of {k} treatments once a row and once a column",
            "{k} by {k} latin square (randomised|)",
        ),
        {"k": Num(3, 9, integer=True)},
        (SEED,),
        weight=0.6,
    ),
    *(
        Lesson(
            f"doe_signal_to_noise_{goal}",
            f"doe.signal_to_noise(x={{g}}, goal={goal})",
            (
                f"(taguchi|) (S/N|SN|signal-to-noise|signal to noise) (ratio|ratios|)(,| with|:|) {said}(,|:|) (for|) {{g}}",
                f"(signal-to-noise|S/N) ratio of each (trial|run)(:|) {{g}}. {said}",
                f"taguchi analysis, {said}: {{g}}",
                f"{said}: which trial has the best S/N? {{g}}",
                f"compute taguchi's S/N for the repeats {{g}}, {said}",
            ),
            {"g": Groups(k=(3, 5), n=(3, 4))},
            weight=0.35,
        )
        for goal, said in GOALS
    ),
    *(
        Lesson(
            f"doe_signal_to_noise_factors_{goal}",
            f"doe.signal_to_noise(x=[{{t.x}}, {{t.y}}], goal={goal}, factors=[{{t.a}}, {{t.b}}])",
            (
                f"taguchi analysis of {{t.x}} and {{t.y}} (with|by) factors {{t.a}} and {{t.b}}, {said}",
                f"which levels of {{t.a}} and {{t.b}} give the best (S/N|signal-to-noise ratio) of {{t.x}} and {{t.y}}? {said}",
                f"S/N ratios from repeats {{t.x}}, {{t.y}}; factors {{t.a}}, {{t.b}}; {said}",
                f"most robust setting of {{t.a}} and {{t.b}} by signal to noise, responses {{t.x}} {{t.y}}, {said}",
            ),
            {"t": RUNS},
            weight=0.25,
        )
        for goal, said in GOALS
    ),
    Lesson(
        "spc_short_run",
        "spc.short_run(x={t.x}, part={t.p}, nominal={t.n}, {options})",
        (
            "short run (control|) chart of {t.x}, (part|product) {t.p}, nominal {t.n}",
            "(DNOM|deviation from nominal) chart(:|,|) {t.x} by {t.p} with nominals {t.n}",
            "several (parts|products) on one chart: {t.x}, {t.p}, {t.n}",
            "chart {t.x} as deviations from {t.n} over the jobs in {t.p}",
            "our batches are small and every {t.p} has its own {t.n}; control chart {t.x}",
            "small lots of different {t.p}: is {t.x} in control against {t.n}",
            "short-run SPC for {t.x} ({t.p}, {t.n})",
        ),
        {"t": SHORT},
        (
            Option(
                "method=z",
                ("standardised (z)", "(Z-MR|z chart|divide by each part's sigma)"),
                {},
                0.15,
            ),
        ),
        weight=0.6,
    ),
    Lesson(
        "spc_short_run_means",
        "spc.short_run(x={t.x}, part={t.p}, {options})",
        (
            "short run (control|) chart of {t.x} by {t.p} (without nominals|, use each part's mean|)",
            "chart {t.x} for all {t.p} together, each about its own mean, short run",
            "(short-run|short run) SPC, {t.x} with {t.p} changing",
            "one control chart for {t.x} though {t.p} changes often",
        ),
        {"t": SHORT},
        (
            Option(
                "method=z",
                ("standardised (z)", "(Z-MR|z chart|divide by each part's sigma)"),
                {},
                0.3,
            ),
        ),
        weight=0.4,
    ),
    Lesson(
        "quality_arrhenius",
        "quality.arrhenius(use={u}, stress={s}, energy={e}, {options})",
        (
            "(arrhenius|Arrhenius) (acceleration|) (factor|) (between|from) {u} (and|to) {s}(,| with|) (Ea|activation energy) (=|of|) {e} (eV|)",
            "acceleration factor(:|) use at {u}, test at {s}, Ea {e}",
            "AF for {s} against {u}, activation energy {e} eV",
            "how much faster does it age at {s} than at {u} (if|with) Ea (is|=) {e}",
            "(burn-in|oven test|life test) at {s}; what is the (arrhenius|acceleration) factor relative to {u}, Ea = {e}",
            "one hour at {s} equals how many at {u}? activation energy {e}",
            "thermal acceleration, field temperature {u}, chamber {s}, {e} eV",
        ),
        {
            "u": Num(20, 60, integer=True, unit=("C", "°C", "degC")),
            "s": Num(80, 150, integer=True, unit=("C", "°C", "degC")),
            "e": Num(0.3, 1.2, choices=("0.7", "0.6", "0.5", "0.65", "0.8", "1.0", ".7", "0.9")),
        },
        (
            Option(
                "hours={h}",
                (
                    "the test runs {h} (h|hours)",
                    "test time {h} hours",
                    "what do {h} hours of test stand for",
                ),
                {"h": Num(100, 3000, integer=True)},
                0.2,
            ),
            Option(
                "life={h}",
                (
                    "we need {h} (h|hours) in (use|the field)",
                    "to cover {h} hours of field life",
                    "wanted life {h} h",
                ),
                {"h": Num(5000, 90000, integer=True)},
                0.2,
            ),
        ),
    ),
    Lesson(
        "quality_demonstration_time",
        "quality.demonstration_test(reliability={R}, time={t}, shape={b}, units={n}, {options})",
        (
            "how long (do we|must I|to) test {n} units (to show|to demonstrate|for|to prove) (R|reliability|a reliability of) (=|) {R} at {t} (h|hours|cycles|), (shape|beta|weibull shape) (=|) {b}",
            "(test time|duration|test duration) for {n} units, reliability {R} at {t}, weibull (beta|shape) {b}, no failures",
            "demonstration test: {n} samples, target {R} at {t}, beta {b}. test time each?",
            "zero failure test of {n} units proving {R} at {t} with (beta|shape) {b}: hours per unit",
            "parametric binomial, n = {n}, R = {R}, t = {t}, beta = {b}; how long",
            "we have only {n} units; how many hours each so that {R} survive {t} (is shown|is demonstrated), shape parameter {b}",
        ),
        {
            "R": Num(0.8, 0.99, choices=("90%", "95%", "0.9", "0.95", "99%", "0.99", "0.8")),
            "t": Num(100, 5000, integer=True),
            "b": Num(1.0, 3.5, decimals=1),
            "n": Num(3, 40, integer=True),
        },
        (CONFIDENCE,),
        weight=0.7,
    ),
    Lesson(
        "quality_demonstration_units",
        "quality.demonstration_test(reliability={R}, time={t}, shape={b}, test_time={T}, {options})",
        (
            "how many units (must run|to test) for {T} (hours|cycles|) each to (show|demonstrate) a reliability of {R} at {t}, (weibull|) (shape|beta) (=|) {b}",
            "sample size for a demonstration test: {T} per unit, target {R} at {t}, beta {b}",
            "number of units, test time {T}, reliability {R} at {t}, weibull shape {b}, zero failures",
            "each unit can be tested for {T}; units needed to prove {R} at {t} with shape {b}",
        ),
        {
            "R": Num(0.8, 0.99, choices=("90%", "95%", "0.9", "0.95", "99%", "0.99", "0.8")),
            "t": Num(100, 2000, integer=True),
            "b": Num(1.0, 3.5, decimals=1),
            "T": Num(300, 6000, integer=True),
        },
        (CONFIDENCE,),
        weight=0.5,
    ),
)
