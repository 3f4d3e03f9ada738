"""Asking for mixture designs: simplex lattices and centroids, extreme vertices."""

from __future__ import annotations

from havoc.curriculum.lesson import FactorList, Lesson, Num, Option
from havoc.curriculum.lessons.doe_factorial import SEED

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

LESSONS: tuple[Lesson, ...] = (
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
            "(SLD|mixexp SLD|Minitab simplex lattice|AlgDesign gen.mixture)(:|,|;) {q} "
            + COMPONENTS
            + ", degree {m}",
            "(components|q)(:|=| =) {q}(,|;) (degree|order|m)(:|=| =) {m}(,|;) (simplex lattice|mixture design)",
            "(shares|proportions) 0, 1/m, 2/m ... 1 with m = {m} for {q} "
            + COMPONENTS
            + " (simplex lattice|lattice)",
            "(triangular|simplex) grid of blends, {q} "
            + COMPONENTS
            + ", {m} (steps|divisions) per edge(, simplex lattice|)",
            "(Scheffé|scheffe|Scheffe) (polynomial|model) of degree {m} in {q} "
            + COMPONENTS
            + "(:|,|;) the lattice (design|of blends)",
            "how many blends has the simplex lattice with {q} " + COMPONENTS + " and degree {m}",
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
            "(components|q)(:|=| =) {q}(,|;) (model|terms)(:|=| =) quadratic(,|;) (simplex lattice|mixture design)",
            "x1 + ... + xq = 1, q = {q}, quadratic (Scheffé|mixture) model(:|,|;) which blends",
            "(our|the) (paint|alloy|dough|feed|detergent|glass|solvent) has {q} "
            + COMPONENTS
            + " (adding to 100 percent|summing to one)(;|,|.) (quadratic mixture design|pure and 50/50 blends)",
            "vertices and edge midpoints of the simplex, {q} " + COMPONENTS,
            "(Minitab|JMP|Design-Expert) mixture @design, {q} " + COMPONENTS + ", quadratic",
            "binary blending of {q} "
            + COMPONENTS
            + "(:|,|;) (pure ones and all pairs half and half|lattice of second degree)",
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
            "(SCD|mixexp SCD|Minitab simplex centroid|JMP simplex centroid)(:|,|;) {q} "
            + COMPONENTS,
            "(components|q)(:|=| =) {q}(,|;) (design|type)(:|=| =) simplex centroid",
            "2^q - 1 blends with q = {q}(, simplex centroid|)",
            "pure blends, all binary, ternary ... equal mixtures of {q} " + COMPONENTS,
            "(special cubic|full cubic) mixture model in {q} "
            + COMPONENTS
            + "(:|,|;) (the simplex centroid|centroid design)",
            "(our|the) (paint|alloy|dough|feed|detergent|glass|solvent) has {q} "
            + COMPONENTS
            + "(;|,|.) centroid (mixture|) @design (please|)",
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
            "L-pseudocomponents(:|,|;) L = ({a}, {b}, {c})(, vertices in real proportions|, vertex blends|)",
            "(A at least|A >=|A not below) {a}, (B at least|B >=|B not below) {b}, (C at least|C >=|C not below) {c}, sum to one(:|,|;) (extreme|vertex|corner) blends",
            "(lower bounds|minima|lower constraints)(:|=| =) {a}, {b}, {c}(,|;) three "
            + COMPONENTS
            + "(,|;) (vertices|extreme vertices|mixture design)",
            "recipe must hold no less than {a} of A, {b} of B and {c} of C(;|,|.) which corner (blends|recipes) are possible",
            "(Minitab|JMP|mixexp) extreme vertices, lower {a} {b} {c}",
            "x1, x2, x3 are shares with minima {a}, {b}, {c}(:|,|;) (vertices|corner mixtures) of the region",
        ),
        {
            "a": Num(0.05, 0.3, 2),
            "b": Num(0.05, 0.3, 2),
            "c": Num(0.05, 0.3, 2),
        },
        (SEED,),
    ),
    Lesson(
        "doe_extreme_vertices_ranges",
        "doe.extreme_vertices({parts}, {options})",
        (
            "@make (an|the|) extreme (vertices|vertex) (@design|) (for|with|of) {parts}",
            "(extreme vertices|McLean-Anderson|XVERT)(:|,|;) {parts}",
            "(mixture|blend|formulation) of {parts}(:|;|.|,) (extreme vertices|vertices of the region|corner blends) @please",
            "{parts}(;|.|,) (the parts|the shares|all) (add up|sum) to (one|100 %|the whole), which (blends|mixtures|recipes) (should|shall) (we|I) (make|try|prepare)",
            "constrained mixture (design|plan|experiment)(:|,|;) {parts}",
            "the (shares|fractions|proportions) may only (lie|vary|be) within {parts}(;|.) (blends|mixtures) to (test|prepare) please",
            "(our|the) (recipe|formulation|alloy|coating|resin blend) (holds|has|is made of) {parts} (and nothing else|), (plan|design) the (trial|test|) (blends|mixtures)",
            "(limits|bounds) of the (components|ingredients)(:|,) {parts}. (mixture design|vertices of the allowed region|extreme vertices) @please",
            "(JMP|Minitab|mixexp) (mixture|extreme vertices) (design|), {parts}",
            "(ingredients|components) with (lower and upper|both) (limits|bounds) {parts} - (mixture plan|extreme vertices design|the corner points)",
            "(each|every) (ingredient|component) has a (minimum and a maximum|range)(:|;|,) {parts}(.|;) (blends|recipes) at the corners of (what is allowed|the region)",
            "(since|because) the (parts|shares) must total 1 a factorial is (no use|impossible)(:|;) {parts}, (mixture design|which blends instead)?",
        ),
        {"parts": FactorList((3, 4), "shares")},
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
            "(Minitab|JMP|mixexp Xvert) extreme vertices(:|,|;) lower {a} {b} {c}, upper {d} {e} {f}",
            "A from {a} up, B from {b} up, C from {c} up; (no more than|at most) {d}, {e}, {f}; sum one: extreme vertices",
            "(minima|lower bounds)(:|=| =) {a}, {b}, {c}(;|,) (maxima|upper bounds)(:|=| =) {d}, {e}, {f}(;|,|.) (constrained mixture design|extreme vertices)",
            "recipe with at least {a}, {b}, {c} and at most {d}, {e}, {f} of three "
            + COMPONENTS
            + "(;|,|:) (which extreme blends|vertices of the allowed region)",
            "(McLean and Anderson|XVERT) (design|algorithm)(:|,|;) lower {a}, {b}, {c}, upper {d}, {e}, {f}",
            "(irregular|constrained) simplex region, L = ({a}, {b}, {c}), U = ({d}, {e}, {f}), extreme vertices",
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
