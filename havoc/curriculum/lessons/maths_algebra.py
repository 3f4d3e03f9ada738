"""Asking for mathematics: matrices, units, and what is missing."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Field, Groups, Lesson, Num, Sym, TableOf, Word
from havoc.curriculum.lessons.maths import _matrix

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
        ),
    ),
)  # fmt: skip

# As people write them; grounding turns each into pint's spelling.
UNITS = (
    ("length", ("mm", "cm", "m", "km"), ("inch", "ft", "mil")),
    ("small_length", ("um", "nm", "mm"), ("mil", "inch", "um")),
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
)
QUOTED = (
    "how many {to} (are|is|make|equal) {q}",
    "our (customer|plant|display|spec|software) uses {to}(,|:) (how much is|convert|what is) {q}",
    "(convert|change|turn) {q} to {to}",
    "in {to}, (how much|what) is {q}",
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
            quoted: dict[str, Field] = {"q": _quantities(source), "to": Word(target)}
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

MISSING = (
    Lesson(
        "maths_diff_missing",
        "maths.diff(expression=<ask>)",
        (
            "(can you|please|) (differentiate|derive) (my function|it|the function|a function for me)",
            "I need (a|the) derivative",
            "take the derivative",
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
        ),
        weight=0.3,
    ),
    Lesson(
        "maths_convert_units_missing",
        "maths.convert_units(quantity=<ask>, to={to})",
        ("(how much is that|convert it|convert this) (to|into|in) {to}", "what is it in {to}"),
        {"to": Word(("kPa", "mm", "inch", "kg", "psi"))},
        weight=0.3,
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
