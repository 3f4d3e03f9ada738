"""Asking for response-surface and space-filling designs."""

from __future__ import annotations

from havoc.curriculum.lesson import FactorList, Lesson, Num, Option
from havoc.curriculum.lessons.doe_factorial import CENTERS, ORDER, RANGES, RUN_LIST, SEED, STORY

BBD = (
    Lesson(
        "doe_box_behnken",
        "doe.box_behnken({factors}, {options})",
        (
            "@make a (box-behnken|box behnken|BBD|Box–Behnken|box benken) (@design|) (for|with|on) {factors}",
            "(box-behnken|box behnken|BBD) {factors}",
            "{factors}(.|;|,) (box-behnken|BBD|box behnken) @please",
            "(response surface|RSM|quadratic) (@design|experiment) for {factors} that (avoids|never runs|stays away from) (the|) (extreme|) corners",
            "(three-level|3-level) response surface (@design|plan) for {factors} (without corner points|, no extreme combinations)",
            STORY
            + " all at maximum at once (would be|is) (dangerous|impossible|unsafe): {factors}, second-order model, edge midpoints only",
            "how many (runs|experiments) is a (box-behnken|BBD) in {factors}?",
            "(optimisation|optimization) @design (box behnken type|of box-behnken type|BBD) with {factors}",
            "box and behnken's @design in {factors}, " + RUN_LIST,
        ),
        {"factors": FactorList((3, 5), "range")},
        (CENTERS, SEED, ORDER),
    ),
    Lesson(
        "doe_box_behnken_four_blocks",
        "doe.box_behnken(n_factors=4, blocks=3, {options})",
        (
            "(box-behnken|BBD) (for|in|with) (four|4) @factors (in|over) (three|3) (blocks|days|shifts)",
            "(four|4) factor box-behnken, (three|3) orthogonal blocks",
        ),
        {},
        (SEED,),
        weight=0.3,
    ),
    Lesson(
        "doe_box_behnken_two_blocks",
        "doe.box_behnken(n_factors={k}, blocks=2, {options})",
        (
            "(box-behnken|BBD) (for|in|with) {k} @factors (in|over) (two|2) (blocks|days|shifts)",
            "{k} factor box-behnken, (two|2) orthogonal blocks",
        ),
        {"k": Num(5, 7, integer=True)},
        (SEED,),
        weight=0.3,
    ),
    Lesson(
        "doe_box_behnken_count",
        "doe.box_behnken(n_factors={k}, {options})",
        (
            "@make a (box-behnken|box behnken|BBD) (@design|) (for|with|in) {k} @factors",
            "(how many runs|run count|number of runs) (of|for|in|is) a (box-behnken|BBD|box behnken) with {k} @factors",
            "{k} (factor|variable|factors) (box-behnken|box behnken|BBD)",
            "BBD, k={k}",
            "box-behnken matrix in coded units, {k} variables",
            "quadratic model, {k} @factors, no corners (box-behnken|BBD)",
        ),
        {"k": Num(3, 7, integer=True)},
        (CENTERS, SEED, ORDER),
    ),
)

CCD_OPTIONS = (
    CENTERS,
    SEED,
    ORDER,
    Option(
        "alpha=rotatable",
        (
            "rotatable",
            "(make it|should be|it must be) rotatable",
            "with rotatable (alpha|star distance|axial distance)",
        ),
        {},
        0.2,
    ),
    Option(
        "alpha=spherical",
        ("spherical (alpha|)", "all points on a sphere", "with spherical (alpha|star distance)"),
        {},
        0.1,
    ),
    Option(
        "alpha=orthogonal",
        (
            "orthogonal (alpha|)",
            "with (an|the|) orthogonal (alpha|axial distance)",
            "quadratic effects orthogonal",
        ),
        {},
        0.12,
    ),
    Option(
        "alpha_value={a}",
        (
            "(with|and|) (alpha|α) (=|of|:|) {a}",
            "(star|axial) (points|runs) at (±|+/-|) {a}",
            "(axial|star) distance (of|=|) {a}",
        ),
        {"a": Num(1.1, 2.5, 2)},
        0.15,
    ),
)

CCD = (
    Lesson(
        "doe_central_composite",
        "doe.central_composite({factors}, {options})",
        (
            "@make a (central composite|CCD|central composite design) (for|with|on|in) {factors}",
            "(CCD|central composite|central-composite) {factors}",
            "{factors} (-|:|.|;) (CCD|central composite) @please",
            "(response surface|RSM) (@design|experiment) (with|for) {factors}, (cube,|factorial,|corners,) (star|axial) and cent(er|re) points",
            "(star|axial) points added to the factorial in {factors}, for a quadratic (model|fit)",
            "box-wilson @design in {factors}",
            "(what are|list) the (axial|star) settings of a (CCD|central composite) in {factors}?",
            STORY + " we want a full second-order model in {factors}; central composite",
            "how many runs has a (CCD|central composite design) with {factors}, and what is alpha",
            "composite @design, {factors}, " + RUN_LIST,
        ),
        {"factors": RANGES},
        CCD_OPTIONS,
    ),
    Lesson(
        "doe_central_composite_count",
        "doe.central_composite(n_factors={k}, {options})",
        (
            "@make a (central composite|CCD) (@design|) (for|in|with) {k} @factors",
            "{k} (factor|factors|variables) (CCD|central composite)(: alpha and number of runs|, what is alpha|)",
            "(alpha|axial distance|star distance) (and run count|) (of|for) a (CCD|central composite) in {k} @factors",
            "how many runs is a (CCD|central composite design) with {k} (variables|@factors)",
            "CCD, k={k}, " + RUN_LIST,
            "central composite in coded units for {k} variables",
        ),
        {"k": Num(2, 6, integer=True)},
        CCD_OPTIONS,
    ),
    Lesson(
        "doe_central_composite_faced",
        "doe.central_composite({factors}, type=faced, {options})",
        (
            "(face-centered|face centred|faced|face-centred|FCC|CCF|face centered) (central composite|CCD|@design) (for|in|with) {factors}",
            "(CCD|central composite) in {factors}, (star|axial) points on the faces",
            "{factors}, three levels each, (CCF|face-centred composite)",
            "(CCD|composite @design) with alpha 1 (face-centred|faced|on the faces) for {factors}",
            "we cannot go (outside|beyond) the ranges: face-centred CCD in {factors}",
        ),
        {"factors": RANGES},
        (CENTERS, SEED),
        weight=0.7,
    ),
    Lesson(
        "doe_central_composite_faced_count",
        "doe.central_composite(n_factors={k}, type=faced, {options})",
        (
            "(face-centered|face centred|faced|face-centred|CCF) (central composite|CCD) (for|in|with) {k} @factors",
            "{k} factor (CCF|face-centered CCD)",
            "CCD with the star points on the cube's faces, {k} variables",
        ),
        {"k": Num(2, 5, integer=True)},
        (CENTERS, SEED),
        weight=0.5,
    ),
    Lesson(
        "doe_central_composite_inscribed",
        "doe.central_composite({factors}, type=inscribed, {options})",
        (
            "(inscribed|CCI) (central composite|CCD|@design) (for|in|with) {factors}",
            "(CCD|central composite) in {factors} where the (limits|ranges|ends) are the (star|axial) points",
            "shrink the cube so that the axial points (stay|fit) within {factors}: (inscribed|CCI) CCD",
        ),
        {"factors": RANGES},
        (CENTERS, SEED),
        weight=0.5,
    ),
    Lesson(
        "doe_central_composite_half",
        "doe.central_composite(n_factors={k}, cube=half, {options})",
        (
            "(CCD|central composite) (in|with|for) {k} @factors (with|using|on) a half(-| )fraction (cube|factorial|core|part)",
            "{k} factors, central composite with only half the cube",
            "(half|half-replicate) cube (CCD|central composite) for {k} variables(: alpha|, how many runs|)",
            "@make a (CCD|composite @design) whose factorial (part|portion|core) is a half fraction, {k} @factors",
        ),
        {"k": Num(5, 7, integer=True)},
        CCD_OPTIONS[:4],
        weight=0.7,
    ),
    Lesson(
        "doe_central_composite_half_named",
        "doe.central_composite({factors}, cube=half, {options})",
        (
            "(CCD|central composite) in {factors} with a half-fraction cube",
            "{factors}: composite @design, (resolution V|half) fraction for the cube",
            "central composite, half the factorial part, {factors}",
        ),
        {"factors": FactorList((5, 6), "range")},
        CCD_OPTIONS[:4],
        weight=0.4,
    ),
    Lesson(
        "doe_central_composite_equal_blocks",
        "doe.central_composite(n_factors={k}, alpha=orthogonal, centers={c}, axial_centers={c})",
        (
            "CCD for {k} @factors in two orthogonal blocks, {c} cent(er|re) points in each (block|of them)",
            "orthogonally blocked central composite, {k} @factors, {c} cent(er|re) runs per block: what is alpha",
            "alpha so that cube and star blocks are orthogonal, {k} variables, {c} cent(er|re) points each",
        ),
        {"k": Num(2, 6, integer=True), "c": Num(2, 6, integer=True)},
        weight=0.5,
    ),
    Lesson(
        "doe_central_composite_blocks",
        "doe.central_composite(n_factors={k}, alpha=orthogonal, centers={c}, axial_centers={s})",
        (
            "CCD (in|for) {k} @factors in two orthogonal blocks, {c} cent(er|re) points with the cube and {s} with the (star|axial points)",
            "alpha for orthogonal blocking, {k} @factors, n0 = {c} (cube|factorial) and {s} (star|axial)",
            "central composite, {k} variables, orthogonally blocked: cube block with {c} cent(er|re) points, axial block with {s}",
            "(star|axial) distance that makes the blocks orthogonal, k={k}, ({c}, {s}) cent(er|re) points",
        ),
        {
            "k": Num(2, 6, integer=True),
            "c": Num(2, 6, integer=True),
            "s": Num(2, 6, integer=True),
        },
        weight=0.6,
    ),
)

SPACE_SEED = Option("seed={seed}", SEED.say, SEED.fields, 0.4)
LATIN = (
    Lesson(
        "doe_latin_hypercube",
        "doe.latin_hypercube({factors}, runs={n}, {options})",
        (
            "@make a (latin hypercube|LHS|latin hypercube sample|LHD) (of|with) {n} (points|runs|samples) (over|for|in|on) {factors}",
            "{n} (point|run|sample) (latin hypercube|LHS) on {factors}",
            "{factors}; (LHS|latin hypercube) with {n} (points|runs|samples)",
            "(sample|explore|cover) {factors} with {n} simulation runs, latin hypercube",
            "computer experiment(:|,) {n} runs, {factors}, one point per slice (of each variable|)",
            "{n} (stratified|evenly stratified) points in {factors}, each (variable|range) cut in {n} (slices|bins) used once",
            "latin hypercube (sampling|) for our (CFD|FEM|finite element|process|thermal) model, {n} runs, inputs {factors}",
        ),
        {"factors": FactorList((2, 5), "range"), "n": Num(8, 40, integer=True)},
        (
            SPACE_SEED,
            Option(
                "criterion=maximin",
                (
                    "maximin",
                    "(spread|push) the points as far apart as possible",
                    "maximise the minimum distance",
                ),
                {},
                0.15,
            ),
            Option(
                "criterion=centered",
                ("(centred|centered) in the (slices|cells|strata)", "midpoints of the slices"),
                {},
                0.1,
            ),
            Option(
                "criterion=correlation",
                (
                    "with (low|minimal) correlation between (the columns|variables)",
                    "minimise correlations",
                ),
                {},
                0.1,
            ),
        ),
    ),
    Lesson(
        "doe_latin_hypercube_count",
        "doe.latin_hypercube(n_factors={k}, runs={n}, {options})",
        (
            "(latin hypercube|LHS|LHD) with {n} points in {k} (dimensions|dims|variables|@factors)",
            "{n} x {k} latin hypercube",
            "@make a latin hypercube, {k} inputs, {n} samples",
        ),
        {"k": Num(2, 8, integer=True), "n": Num(8, 50, integer=True)},
        (SPACE_SEED,),
        weight=0.5,
    ),
)


def _sequence(method: str, called: str) -> Lesson:
    return Lesson(
        f"doe_space_filling_{method}",
        f"doe.space_filling({{factors}}, runs={{n}}, method={method}, {{options}})",
        (
            f"{{n}} {called} (over|for|in|on) {{factors}}",
            f"@make {called} with {{n}} points in {{factors}}",
            f"{{factors}}: {{n}} {called}",
            f"(fill|cover|sample) the space of {{factors}} with {{n}} {called}",
            f"space-filling @design, {called}, {{n}} runs, {{factors}}",
        ),
        {"factors": FactorList((2, 4), "range"), "n": Num(8, 64, integer=True)},
        (SPACE_SEED,),
        weight=0.4,
    )


SPACE = (
    _sequence("sobol", "(sobol|Sobol'|quasi-random sobol|sobol sequence) points"),
    _sequence("halton", "(halton|halton sequence|quasi-random halton) points"),
    _sequence("maximin", "(maximin|as far apart as possible|maximally separated) points"),
    _sequence("random", "(uniform random|purely random|monte carlo) points"),
)

LESSONS: tuple[Lesson, ...] = (*BBD, *CCD, *LATIN, *SPACE)
