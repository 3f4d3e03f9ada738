"""Asking for mathematics: matrices, units, and what is missing."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Field, Groups, Lesson, Num, Sym, TableOf, Word

MATRIX2 = Groups((2, 2), (2, 2), integers=True, table_only=True)
MATRIX3 = Groups((3, 3), (3, 3), integers=True, table_only=True)


def _matrix(
    name: str, operation: str, ask: tuple[str, ...], weight: float = 0.5
) -> tuple[Lesson, ...]:
    return tuple(
        Lesson(f"{name}_{n}", f"maths.{operation}(matrix={{g}})", ask, {"g": size}, weight=weight)
        for n, size in (("2", MATRIX2), ("3", MATRIX3))
    )


MATRICES = (
    *_matrix(
        "maths_determinant",
        "determinant",
        (
            "(determinant|det) of (the matrix|this matrix|) {g}",
            "(compute|find|what is|calculate) the determinant (of|for) (the|this|) (matrix|array) {g}",
            "{g} (-|:|) (determinant|det|what is its determinant)",
            "is (this matrix|the matrix below) singular, determinant please {g}",
            "(by which factor does this|how much does this linear) map (scale|change) (areas|volumes) {g}",
            "(det|np.linalg.det|MDETERM)(:|) {g}",
            "(can|does) the (system|matrix) {g} (be inverted|have a unique solution)? (its|the) determinant decides",
            "(Sarrus|cofactor expansion|Laplace expansion)(:|,) determinant of {g}",
            "(I need|give me) (only|just) the determinant, nothing else, for (the matrix|) {g}",
            "(signed|) (area|volume) spanned by the rows of {g}(, i.e. its determinant|: determinant)",
        ),
    ),
    *_matrix(
        "maths_inverse",
        "inverse",
        (
            "(invert|inverse of|find the inverse of) (the matrix|this matrix|) {g}",
            "(compute|find|what is|calculate) the (inverse|reciprocal matrix) (of|for) (the|this|) matrix {g}",
            "{g} (-|:|) (inverse|invert it|A^-1 please)",
            "(matrix inversion|A inverse)(:|) {g}",
            "undo (this|the) linear map, (which|what) matrix (does it|reverses it) {g}",
            "(inv|np.linalg.inv|MINVERSE|solve)(:|) (inverse of|invert) {g}",
            "which matrix times {g} gives the identity",
            "(the|our) mixing (matrix|coefficients) {g}(;|,|.) (I need|find) the (unmixing|inverse) matrix",
            "(Gauss-Jordan|adjugate)(:|,) inverse of (the matrix|) {g}",
            "(is|can) {g} (invertible|be inverted)? (If so|then) give me the inverse",
        ),
    ),
    *_matrix(
        "maths_eigenvalues",
        "eigenvalues",
        (
            "(eigenvalues|eigenvalues and eigenvectors|eigenvectors|spectrum|eigendecomposition) of (the matrix|this matrix|) {g}",
            "(compute|find|what are|calculate) the (eigenvalues|characteristic values|principal values|eigen values) (of|for) (the|this|) matrix {g}",
            "{g} (-|:|) (eigenvalues|eigenvalues and vectors|diagonalise it)",
            "(natural modes|is it stable: modes|principal stresses|principal axes) of {g}",
            "(diagonalise|diagonalize) (the matrix|) {g}",
            "(eig|eigen|np.linalg.eig)(:|) {g}",
            "(characteristic roots|latent roots|lambda) of (the matrix|) {g}",
            "in which directions does the map {g} only stretch, and by how much",
            "stress tensor {g}(:|,|;) (principal stresses and directions|principal values)",
            "(is|does) the linear system x' = A x with A = {g} (stable|decay)? eigenvalues please",
            "(vibration|coupling|transition) matrix {g}(;|,|.) (I need|find) its (eigenvalues|eigenvalues and eigenvectors)",
        ),
    ),
    *_matrix(
        "maths_rank",
        "rank",
        (
            "(rank|the rank) of (the matrix|this matrix|) {g}",
            "(how many|number of) (independent rows|linearly independent columns|independent equations) (in|has|are in) {g}",
            "{g} (-|:|) (rank|what rank does it have)",
            "(are|check whether) the (rows|columns) (linearly|) independent, rank please {g}",
            "(does this matrix have|is this of) full rank(?|) {g}",
            "(matrix_rank|rank of A|row rank)(:|) {g}",
            "(compute|find|determine) the rank (of|for) {g}",
            "dimension of the (column space|image|row space) of {g}",
            "is one (row|column) of {g} a combination of the others? give the rank",
            "(are|is) any of the equations with coefficients {g} redundant (?|;|:) rank of the matrix",
        ),
    ),
    *_matrix(
        "maths_svd",
        "svd",
        (
            "(svd|singular value decomposition|singular values) of (the matrix|this matrix|) {g}",
            "(compute|find|what are|give me) the singular values (of|for) (the|this|) matrix {g}",
            "{g} (-|:|) (svd|singular values please)",
            "(decompose|factor) the matrix by singular values {g}",
            "(np.linalg.svd|svd|U S V)(:|) {g}",
            "condition of the matrix {g}, singular values please",
            "how much does {g} stretch a vector at most and at least (singular values|, i.e. its singular values)",
            "(is|check whether) {g} (is|) ill-conditioned(?|:|,) (do|from) a singular value decomposition",
        ),
    ),
)  # fmt: skip

# As people write them; grounding turns each into pint's spelling.
UNITS = (
    ("length", ("mm", "cm", "m", "km"), ("inch", "ft", "mil")),
    ("small_length", ("um", "nm", "mm"), ("mil", "inch")),
    ("pressure", ("psi", "bar", "atm"), ("kPa", "MPa", "mbar", "torr")),
    ("temperature", ("°C", "degC", "deg C", "celsius"), ("°F", "degF", "fahrenheit", "kelvin")),
    ("mass", ("kg", "g", "mg"), ("lb", "oz")),
    ("torque", ("N·m", "N*m"), ("lbf·ft", "lbf*ft", "ft-lb")),
    ("speed", ("m/s", "mm/s", "m/min"), ("km/h", "mph")),
    ("volume", ("l", "ml", "liters"), ("gal",)),
    ("energy", ("kJ", "J"), ("kWh",)),
    ("time", ("min", "hours", "days"), ("seconds", "s", "weeks")),
    ("concentration", ("g/l", "mg/l"), ("g/ml",)),
    ("rate", ("kg/h", "lb/h"), ("lb/h", "kg/h")),
)
NUMBERS = (
    "75",
    "12.5",
    "180",
    "0.8",
    "3.2",
    "1500",
    "42",
    "6.35",
    "250",
    "30",
    "1.25",
    "990",
    "17",
    "0.05",
    "64.7",
    "5",
    "100",
    "2",
    "88.2",
    "365",
)
CONVERT = (
    "(convert|change|turn|translate|recalculate) {q} (to|into) {to}",
    "(what is|what's|how much is) {q} in {to}?",
    "{q} (to|into) {to}",
    "(I need|give me|express|write) {q} in {to}.",
    "{q} (-|:|,) (convert to|change to|to) {to}",
    "(the drawing|the datasheet|the gauge|the supplier|the manual|the recipe) says {q}(,|;) (what is that|how much is that|please convert|can you convert it) to {to}",
    "(unit conversion|conversion|units)(:|) {q} to {to}",
    "(our|the) (american|german|overseas|lab) (customer|plant|colleague) sent {q}(,|:) (change it|convert it|convert) to {to}",
    "go from {q} to {to}",
    "{q}(;|,|.) (can you give me|what would be|I want to know) that in {to}?",
    "(bring|rescale|translate) {q} (over|) to {to}(, exact factor|, please|)",
    "(CONVERT function|unit converter|converter)(:|,) from {q} to {to}",
    "(a limit|a setting|a reading|a value) of {q} (must be entered|is to be written|has to be given) in {to}.",
    "(I am bad at units|not sure about the factor)(:|;|,) {q} into {to}",
    "(the spec|our sheet) has {q}(,|;) (we work|I think|they think) in {to}.",
    "(set point|target|measured)(:|) {q}(,|;) (convert|transform|recompute) (it|this) to {to}",
    "how many {to} (are|is|make|in|does|equal|correspond to) {q}",
    "{q} as {to}(?|)",
    "{q} (->|=>|→) {to}",
    "(what's|whats|give me) {q} in {to} (please|pls|thanks)",
)
QUOTED = (
    "how many {to} (are|is|make|equal|correspond to) {q}",
    "our (customer|plant|display|spec|software) uses {to}(,|:) (how much is|convert|what is) {q}",
    "(convert|change|turn) {q} to {to}",
    "in {to}, (how much|what) is {q}",
    "unit wanted: {to}(;|,) (given|value)(:|) {q}",
    "target unit {to}, (amount|quantity) {q}",
    "(express|write|give) {q} (in the unit|with the unit|as) {to}",
    "the form asks for {to}(,|;) (I|we) have {q}",
)


def _quantities(units: tuple[str, ...]) -> Num:
    texts = [f"{n}{' ' if i % 3 else ''}{u}" for i, n in enumerate(NUMBERS) for u in units]
    return Num(0, 2000, choices=tuple(texts))


def _conversions() -> tuple[Lesson, ...]:
    made = []
    for name, here, there in UNITS:
        for suffix, source, target in (("", here, there), ("_back", there, here)):
            fields: dict[str, Field] = {"q": _quantities(source), "to": Sym(target)}
            program = "maths.convert_units(quantity={q}, to={to})"
            made.append(
                Lesson(f"maths_convert_{name}{suffix}", program, CONVERT, fields, weight=0.25)
            )
            quoted: dict[str, Field] = {
                "q": _quantities(source),
                "to": Word(tuple(u for u in target if u != "deg C")),
            }
            made.append(
                Lesson(f"maths_convert_{name}{suffix}_quoted", program, QUOTED, quoted, weight=0.05)
            )
    return tuple(made)


CONVERSIONS = _conversions()
TWO_CONVERSIONS = (
    Lesson(
        "maths_convert_torque_and_temperature",
        "maths.convert_units(quantity={a}, to={u}); maths.convert_units(quantity={b}, to={w})",
        (
            "(convert|change|turn) {a} to {u} and {b} to {w}",
            "{a} to {u}(,|;| and) {b} to {w}",
            "(two conversions|units|conversions)(:|) {a} to {u}, {b} to {w}",
            "(I need|please convert) {a} to {u}( as well as|, then| and also) {b} to {w}",
            "the tightening torque is {a} and the oven {b}(;|,|.) (change|convert) the first to {u}(,| and) the second to {w}",
            "(first|1.) {a} into {u}(;|,) (second|2.|then) {b} into {w}",
            "for the overseas plant: {a} to {u}(;|,| and) {b} to {w}",
            "(both|these two) please: {a} to {u}(;|,| and) {b} to {w}",
        ),
        {
            "a": _quantities(("N·m", "N*m")),
            "u": Sym(("lbf·ft", "ft-lb")),
            "b": _quantities(("°C", "degC", "deg C")),
            "w": Sym(("°F", "degF")),
        },
        weight=0.3,
    ),
    Lesson(
        "maths_convert_length_and_pressure",
        "maths.convert_units(quantity={a}, to={u}); maths.convert_units(quantity={b}, to={w})",
        (
            "(convert|change|recalculate) {a} to {u} and {b} to {w}",
            "{a} to {u}(,|;| and) {b} to {w}",
            "(both in other units|conversions)(:|) {a} to {u}, {b} to {w}",
            "(I need|please convert) {a} to {u}( as well as|, then| and also) {b} to {w}",
            "the drawing says {a} and the pump {b}(;|,|.) (change|convert) the first to {u}(,| and) the second to {w}",
            "(first|1.) {a} into {u}(;|,) (second|2.|then) {b} into {w}",
            "for the overseas plant: {a} to {u}(;|,| and) {b} to {w}",
            "(both|these two) please: {a} to {u}(;|,| and) {b} to {w}",
        ),
        {
            "a": _quantities(("mm", "cm")),
            "u": Sym(("inch", "ft")),
            "b": _quantities(("psi", "bar")),
            "w": Sym(("kPa", "MPa")),
        },
        weight=0.3,
    ),
)

_MINE = "(my|the|this|that) (function|formula|expression|curve|model)"
MISSING = (
    Lesson(
        "maths_diff_missing",
        "maths.diff(expression=<ask>)",
        (
            f"(can you|please|could you|) (differentiate|derive) (it|a function for me|{_MINE})",
            "I need (a|the) derivative",
            "take the derivative",
            f"(what is|find|compute) the (derivative|slope|rate of change) of {_MINE}",
            "(differentiate|derivative)( please| for me|)",
            "(can you do|do you know|are you able to do) derivatives(?|, I need one)",
            f"how (fast|steeply) does {_MINE} (change|rise)",
            "I want to differentiate something",
        ),
        weight=0.3,
    ),
    Lesson(
        "maths_evaluate_missing",
        "maths.evaluate(expression=<ask>)",
        (
            "(can you|could you|please) (calculate|compute|evaluate) (something|an expression|a formula|it) for me",
            "(evaluate|calculate|compute) (my|the) (expression|formula|term)",
            "I (have|need) a (calculation|sum|formula) (to do|to be worked out)",
            "(can you|could you) be my calculator(?| for a moment)",
            "(work out|compute) the value of (my|the) (expression|term|formula)",
            "(I need|do) (a|some) (arithmetic|calculation)( please|)",
            "put the numbers into (my|the) formula",
            "(evaluate|calculate)( please| for me|)",
        ),
        weight=0.3,
    ),
    Lesson(
        "maths_solve_missing",
        "maths.solve(equations=<ask>)",
        (
            "(please|can you|) solve (my|an|the) equation",
            "I (have|need to solve) an equation(, can you solve it|)",
            "solve for x",
            "(find|what is) the unknown",
            "(I have|solve|can you solve) (a system of equations|simultaneous equations|two equations)( please|)",
            "(rearrange|solve) (my|the|a) formula( for me| please|)",
            "(what are|find) the (roots|solutions) of (my|the) equation",
            "help me with (an|my) equation",
        ),
        weight=0.3,
    ),
    Lesson(
        "maths_convert_units_missing",
        "maths.convert_units(quantity=<ask>, to={to})",
        (
            "(how much is that|convert it|convert this) (to|into|in) {to}",
            "what is it in {to}",
            "(convert|change) (my value|the reading|my measurement|the spec) (to|into) {to}",
            "I need (it|the value|the result|the limit) in {to}",
            "(unit conversion|convert) to {to}( please|)",
            "(give|show) me (that|the same|the number) in {to}",
            "(can|could) you (convert|change) (something|a value) (to|into) {to}",
            "from my unit to {to}",
        ),
        {"to": Word(("kPa", "mm", "inch", "kg", "psi"))},
        weight=0.3,
    ),
    Lesson(
        "maths_minimise_missing",
        "maths.minimise(expression=<ask>)",
        (
            f"(minimise|minimize) {_MINE}",
            f"(find|where is) the minimum of {_MINE}",
            "(I want|we need) the cheapest (setting|lot size)(, I can give you the cost formula| from our cost formula|)",
            f"(can you|please) find (the|) (lowest|smallest) value of {_MINE}",
            "(my|our) cost function (has|needs) a minimum(, where is it|; find it)",
            "(minimise|minimize) something for me",
            f"at which point is {_MINE} (smallest|lowest)",
            f"how small can {_MINE} get",
        ),
        weight=0.2,
    ),
    Lesson(
        "maths_integrate_missing",
        "maths.integrate(expression=<ask>)",
        (
            f"(integrate|find the integral of) {_MINE}",
            "I need (an|the) integral",
            f"area under {_MINE}",
            "(can you do|do you know) integrals(?|, I have one)",
            "(integrate|integral)( please| for me|)",
            f"(what is|compute) the (integral|antiderivative) of {_MINE}",
            "take the integral",
            "I want to integrate something",
        ),
        weight=0.2,
    ),
)

LINEAR_SYSTEMS = (
    Lesson(
        "maths_linear_solve",
        "maths.linear_solve(matrix={g}, rhs={t.b})",
        (
            "solve A x = b, A is {g} and b is {t.b}",
            "(solve|find|work out) the linear system with coefficient matrix {g} and right-hand side {t.b}",
            "unknowns of the linear equations: matrix {g}, right side {t.b}",
            "linear solve, coefficients {g}, (constants|rhs|b) {t.b}",
            "which vector x gives {t.b} when multiplied by the matrix {g}",
            "gaussian elimination please: {g} times x equals {t.b}",
            "back out x from the (matrix|coefficients) {g} (and|with) the (vector|load vector) {t.b}",
            "the balance equations have coefficients {g}, the totals are {t.b}; solve for the flows",
            "(np.linalg.solve|A\\\\b|mldivide|MMULT with MINVERSE)(:|,) A {g}, b {t.b}",
            "(mesh currents|node voltages|forces in the truss)(:|,) matrix {g}, right-hand side {t.b}, (unknowns|solution) please",
            "three linear equations in matrix form, coefficients {g}, right-hand side {t.b}: what are the unknowns",
            "(Cramer's rule|LU|LU decomposition) (for|with) the matrix {g} and the vector {t.b}",
        ),
        {
            "g": Groups(k=(3, 3), n=(3, 3), integers=True, table_only=True),
            "t": TableOf({"b": Data(n=(3, 3), low=1, high=60, integers=True)}, forms=("inline",)),
        },
    ),
)

LESSONS: tuple[Lesson, ...] = (
    *LINEAR_SYSTEMS,
    *MATRICES,
    *CONVERSIONS,
    *TWO_CONVERSIONS,
    *MISSING,
)
