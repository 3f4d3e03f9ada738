"""Asking for uncertainties of formulas with symbols of their own, and for differential equations from y(0)."""

from __future__ import annotations

from havoc.curriculum.lesson import Expr, Lesson, Num

TINY = Num(0.01, 0.9, 2, choices=("0.1", "0.05", "0.2", "0.02", "0.5", "0.01", "0.3"))
SIZE = Num(1.5, 60, 2)
PM = "(±|+/-|+-)"
# An expression of two symbols in the order in which they first appear in it.
FORMULAS = (
    ("V/I", "V", "I"),
    ("U*I", "U", "I"),
    ("m/V", "m", "V"),
    ("I^2*R", "I", "R"),
    ("A*B", "A", "B"),
    ("A/B", "A", "B"),
    ("F/A", "F", "A"),
    ("m*g", "m", "g"),
    ("s/t", "s", "t"),
    ("a + 2*b", "a", "b"),
    ("p*q^2", "p", "q"),
    ("L1 - L2", "L1", "L2"),
)
RESULTS = "(R|P|Q|z|W|y)"
_TWO = (
    "{e} with FIRST = {x} PM {u}, SECOND = {y} PM {v}",
    "FIRST = {x} PM {u} and SECOND = {y} PM {v}, (error|uncertainty|error bar) of {e}(?|)",
    "{e}; FIRST = {x} PM {u}; SECOND = {y} PM {v}. (combined uncertainty|propagate|what is the error of the result)(?|)",
    "(measured|given)(:|) SECOND = {y} PM {v}, FIRST = {x} PM {u}. (What is|Compute) {e} and its (error|uncertainty)",
    "(how big is|give) the uncertainty of {e} if FIRST is {x} PM {u} and SECOND is {y} PM {v}(?|)",
    "FIRST {x} PM {u}, SECOND {y} PM {v}: {e} PM (what|how much)(?|)".replace(" PM (what", " ± (what"),
    "(I have|the meters show) FIRST = {x} PM {u} (and|,) SECOND = {y} PM {v}; (I need|now) {e} with its error",
)  # fmt: skip
UNCERTAINTY = tuple(
    Lesson(
        f"maths_uncertainty_of_{i}",
        "maths.error_propagation({e}, values=[{x}, {y}], uncertainty=[{u}, {v}])",
        tuple(t.replace("FIRST", first).replace("SECOND", second).replace("PM", PM) for t in _TWO),
        {"e": Expr((expression,)), "x": SIZE, "y": SIZE, "u": TINY, "v": TINY},
        weight=0.2,
    )
    for i, (expression, first, second) in enumerate(FORMULAS)
)
FIRST_ORDER = Expr(
    (
        "dy == -0.5*y", "dy == 0.3*(20 - y)", "dy + 4*y == 8", "dy == y*(1 - y)", "dy + 2*y == 6", "dy == 3 - 0.1*y",
        "dy/dt == -0.4*y", "dy/dt == 2 - 0.1*y", "2*dy + 3*y == 12", "dy/dx == x*y", "dy == -0.1*(y - 20)",
    )
)  # fmt: skip
SECOND_ORDER = Expr(
    (
        "d2y + 3*dy + 2*y == 0", "d2y + 9*y == 0", "d2y == -4*y", "d2y + 2*dy + y == 0", "d2y + 4*dy + 13*y == 0",
        "d2y - 5*dy + 6*y == 0", "2*d2y + 8*dy + 6*y == 0", "d2y + 0.4*dy + 4*y == 0",
    )
)  # fmt: skip
BEGIN = Num(0.5, 40, 1, choices=("1", "2", "5", "10", "0.5", "100", "25"))
SLOPE = Num(-3, 3, 1, choices=("0", "1", "-2", "0"))
PLACE = Num(0.5, 6, 1, choices=("1", "2", "3", "0.5", "1.5", "4"))
ODE = "(differential equation|ODE|initial value problem|IVP)"
AT_ZERO = "y(0) (=|=) {y}"
BOTH = "y(0) = {y}(,| and|;) (y'(0)|dy(0)) = {v}"
STARTED = (
    Lesson(
        "maths_ode_from_zero",
        "maths.ode({e}, initial=[{y}])",
        (
            f"(solve|) {{e}}, {AT_ZERO}",
            f"(solve|integrate) {{e}} (with|where|given|if) {AT_ZERO}",
            f"{{e}}; {AT_ZERO}. (y as a function of time|find y|closed form|solution)(?|)",
            f"(the|) {ODE} {{e}} with {AT_ZERO}: (solve it|what is y|give the solution)",
            f"{AT_ZERO} and {{e}}. (which function is y|what is the solution|how does y go)(?|)",
            "(solve|) {e} with initial value {y}(, give the formula|, closed form|)",
            "y starts at {y} and follows {e}; (give|find) the (function|formula|curve)",
        ),
        {"e": FIRST_ORDER, "y": BEGIN},
    ),
    Lesson(
        "maths_ode_from_zero_at",
        "maths.ode({e}, initial=[{y}], at={t})",
        (
            f"{{e}}, {AT_ZERO}; (what is|find) y({{t}})",
            f"(solve|) {{e}} with {AT_ZERO} and (give|tell me) the value at {{t}}",
            f"{AT_ZERO}, {{e}}: y at {{t}}(?|)",
            f"{ODE} {{e}}, {AT_ZERO}, value at {{t}} (please|)",
        ),
        {"e": FIRST_ORDER, "y": BEGIN, "t": PLACE},
        weight=0.6,
    ),
    Lesson(
        "maths_ode_second_from_zero",
        "maths.ode({e}, initial=[{y}, {v}])",
        (
            f"(solve|) {{e}}, {BOTH}",
            f"(solve|integrate) {{e}} (with|where|given|if) {BOTH}",
            f"{{e}}; {BOTH}. (find y|closed form|what is the motion|solution)(?|)",
            f"(the|) {ODE} {{e}} with {BOTH}: (solve it|what is y|give the solution)",
            "{e}, initial value {y}, initial slope {v}: (solution|formula) please",
            "(oscillator|spring) {e} released at {y} with velocity {v}, (give the formula|which function is the motion)",
        ),
        {"e": SECOND_ORDER, "y": BEGIN, "v": SLOPE},
    ),
    Lesson(
        "maths_ode_second_from_zero_at",
        "maths.ode({e}, initial=[{y}, {v}], at={t})",
        (
            f"{{e}}, {BOTH}; (what is|find) y({{t}})",
            f"(solve|) {{e}} with {BOTH} and (give|tell me) the value at {{t}}",
            f"{BOTH}, {{e}}: y at {{t}}(?|)",
        ),
        {"e": SECOND_ORDER, "y": BEGIN, "v": SLOPE, "t": PLACE},
        weight=0.5,
    ),
    Lesson(
        "maths_ode_from_start",
        "maths.ode({e}, initial=[{y}], start={s})",
        (
            "(solve|) {e}, y({s}) = {y}",
            "(solve|integrate) {e} (with|where|given) y({s}) = {y}",
            "{e}; y({s}) = {y}. (find y|solution)(?|)",
            "(the|) " + ODE + " {e} with y({s}) = {y}: (solve it|what is y)",
        ),
        {"e": FIRST_ORDER, "y": BEGIN, "s": Num(1, 5, integer=True)},
        weight=0.4,
    ),
)  # fmt: skip
LESSONS: tuple[Lesson, ...] = (*UNCERTAINTY, *STARTED)
