"""Asking for differential equations, gradients, uncertainty of a result, and whole numbers."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Expr, Lesson, Num, TableOf

FIRST_ORDER = Expr(
    (
        "dy == -0.5*y", "dy == 2*y", "dy == 0.3*(20 - y)", "dy + 4*y == 8", "dy == y*(1 - y)", "dy == -0.02*y", "dy + 2*y == 6", "dy == 3 - 0.1*y",
        "dy == 0.05*y*(10 - y)", "dy == -y^2", "2*dy + 3*y == 12", "dy == 1.5*y - 3",
        "dy/dt == -0.4*y", "dy/dt == 2 - 0.1*y", "dy/dx == x*y", "dT/dt == -0.08*(T - 22)", "dN/dt == 0.03*N", "dv/dt == 9.81 - 0.2*v", "dc/dt == -0.6*c",
    )
)  # fmt: skip
SECOND_ORDER = Expr(
    (
        "d2y + 3*dy + 2*y == 0", "d2y + 9*y == 0", "d2y == -4*y", "d2y + 2*dy + y == 0", "d2y + 4*dy + 13*y == 0", "d2y - 5*dy + 6*y == 0",
        "2*d2y + 8*dy + 6*y == 0", "d2y + 0.4*dy + 4*y == 0",
    )
)  # fmt: skip
FIELD = Expr(
    (
        "x^2*y + y^2", "x^2 + 3*x*y - y^2", "x*exp(-y)", "sin(x)*cos(y)", "x^3 - 2*x*y + y^2", "ln(x^2 + y^2)", "4*x^2 + x*y + 3*y^2", "x/y + y",
        "x*y*z + z^2", "sqrt(x^2 + y^2 + 1)", "a^2*b + 3*b", "2*x^2 - 5*x*y",
    )
)  # fmt: skip
PLACE = Num(0.5, 6, 1, choices=("1", "2", "3", "0.5", "1.5", "4"))
BEGIN = Num(0.5, 40, 1, choices=("1", "2", "5", "10", "0.5", "100", "25"))
TINY = Num(0.01, 0.9, 2, choices=("0.1", "0.05", "0.2", "0.02", "0.5", "0.01", "0.3"))
SIZE = Num(1.5, 60, 2)
ODE = "(differential equation|ODE|ordinary differential equation)"

EQUATIONS = (
    Lesson(
        "maths_ode_general",
        "maths.ode({e})",
        (
            "(solve|general solution of) the " + ODE + " {e}",
            "(which|what) (function|y(t)) (satisfies|fulfils|obeys) {e}",
            ODE + " {e}, (closed form|general solution|solve it)",
            "{e} (dy means y prime|where dy is the derivative of y), (solve|find y)",
            "find y (from|given) {e}",
        ),
        {"e": FIRST_ORDER},
    ),
    Lesson(
        "maths_ode_initial",
        "maths.ode({e}, initial=[{y}], at={t})",
        (
            "(solve|integrate) {e} with initial value {y}; (what is the solution|value) at t = {t}",
            "{e}, starting (from|at) {y}: (how large|what) is y at {t}",
            "initial value problem {e}, initial value {y}, value at {t}",
            ODE + " {e}, initial value {y}, evaluate at {t}",
            "y starts at {y} and {e}; where is it at {t}",
        ),
        {"e": FIRST_ORDER, "y": BEGIN, "t": PLACE},
    ),
    Lesson(
        "maths_ode_second",
        "maths.ode({e})",
        (
            "(solve|general solution of) the second(-| )order " + ODE + " {e}",
            "{e} with d2y the second derivative: (solve|find y)",
            "(damped oscillator|spring and mass|vibration) equation {e}, (solve it|what is the motion)",
        ),
        {"e": SECOND_ORDER},
        weight=0.7,
    ),
    Lesson(
        "maths_ode_second_initial",
        "maths.ode({e}, initial=[{y}, {v}], at={t})",
        (
            "solve {e} with initial value {y} and initial slope {v}, value at {t}",
            "oscillator {e}, displaced by {y}, initial velocity {v}: position at t = {t}",
            "{e}; start {y}, slope {v}; y at {t}",
        ),
        {"e": SECOND_ORDER, "y": BEGIN, "v": Num(-3, 3, 1, choices=("0", "1", "-2")), "t": PLACE},
        weight=0.7,
    ),
    Lesson(
        "maths_ode_system",
        "maths.ode([{a}, {b}], initial=[{x}, {y}], at={t})",
        (
            "(solve|integrate) the system {a}, {b} from x = {x}, y = {y} (up|) to t = {t}",
            "coupled equations {a} and {b}, starting at {x} and {y}; where are they at {t}",
        ),
        {
            "a": Expr(("dx == 2*y", "dx == x*(1 - 0.5*y)", "dx == -0.2*x + 0.1*y", "dx == 3*x - y")),
            "b": Expr(("dy == -4*x", "dy == y*(0.3*x - 0.8)", "dy == 0.2*x - 0.1*y", "dy == x - 2*y")),
            "x": Num(0.5, 9, 1, choices=("1", "2", "3.5")), "y": Num(0.5, 9, 1, choices=("1", "2", "4")), "t": PLACE,
        },
        weight=0.6,
    ),
    Lesson(
        "maths_gradient",
        "maths.gradient({e})",
        (
            "(gradient|all partial derivatives|partials|nabla) of {e}",
            "(differentiate|derive) {e} with respect to (every|each) variable",
            "grad f for f = {e}",
            "partial derivatives of {e}",
        ),
        {"e": FIELD},
    ),
    Lesson(
        "maths_gradient_at",
        "maths.gradient({e}, at=[{a}, {b}])",
        (
            "(gradient|gradient and Hessian|Hessian) of {e} at x = {a}, y = {b}",
            "how steep is {e} at x={a} and y={b}",
            "second derivatives (Hessian matrix|) of {e} at x = {a}, y = {b}",
            "gradient vector of {e}, evaluated where x is {a} and y is {b}",
        ),
        {"e": Expr(("x^2*y + y^2", "x^2 + 3*x*y - y^2", "x*exp(-y)", "x^3 - 2*x*y + y^2", "4*x^2 + x*y + 3*y^2")),
         "a": PLACE, "b": PLACE},
    ),
)  # fmt: skip

UNCERTAIN = (
    Lesson(
        "maths_error_propagation_two",
        "maths.error_propagation({e}, values=[{x}, {y}], uncertainty=[{u}, {v}])",
        (
            "(error propagation|propagate the errors|uncertainty|propagation of uncertainty) (for|of) {e} with x = {x} ± {u} and y = {y} ± {v}",
            "x = {x} +/- {u}, y = {y} +/- {v}: uncertainty of {e}",
            "combined (standard|) uncertainty of {e}: x = {x} (uncertainty {u}), y = {y} (uncertainty {v})",
            "how (uncertain|accurate) is {e} when x is {x} (u = {u}) and y is {y} (u = {v})",
            "GUM budget for {e}, x = {x} ± {u}, y = {y} ± {v}",
            "(gaussian error propagation|error bars) of {e}; x={x}±{u}; y={y}±{v}",
        ),
        {
            "e": Expr(
                (
                    "4*x*y",
                    "100*x/y",
                    "2*x + y",
                    "x^2*y",
                    "x^2 - y^2",
                    "x*y^2/2",
                    "sqrt(x*y)",
                    "x*exp(-y/50)",
                    "pi*x^2*y",
                )
            ),
            "x": SIZE,
            "y": SIZE,
            "u": TINY,
            "v": TINY,
        },
        weight=1.4,
    ),
)
WHOLE = Num(12, 9999, integer=True)
NUMBERS = (
    Lesson(
        "maths_gcd_two",
        "maths.gcd([{a}, {b}])",
        (
            "(gcd|greatest common divisor|highest common factor|HCF) of {a} and {b}",
            "(lcm|least common multiple|lowest common multiple|LCM) of {a} and {b}",
            "largest number that divides both {a} and {b}",
            "smallest number that {a} and {b} both divide",
        ),
        {"a": WHOLE, "b": WHOLE},
    ),
    Lesson(
        "maths_gcd_list",
        "maths.gcd({t.x})",
        (
            "(gcd|greatest common divisor|common factor) of {t.x}",
            "(lcm|least common multiple) of {t.x}",
        ),
        {"t": TableOf({"x": Data(n=(3, 6), low=4, high=90, integers=True)}, forms=("inline",))},
        weight=0.5,
    ),
    Lesson(
        "maths_prime_factors",
        "maths.prime_factors({n})",
        (
            "(prime factors|prime factorization|prime factorisation|prime decomposition) of {n}",
            "is {n} (a prime|prime|a prime number)",
            "factor {n} into primes",
            "(how many|number of) divisors (has|does) {n} (have|)",
            "(Euler's totient|phi) of {n}",
        ),
        {"n": Num(20, 99999, integer=True)},
    ),
    Lesson(
        "maths_modular_power",
        "maths.modular_power({a}, modulus={m}, exponent={k})",
        (
            "{a} to the power {k} modulo {m}",
            "remainder of {a}^{k} divided by {m}",
            "{a}^{k} mod {m}",
        ),
        {"a": Num(2, 60, integer=True), "k": Num(2, 300, integer=True), "m": Num(5, 200, integer=True)},
        weight=0.6,
    ),
    Lesson(
        "maths_modular_inverse",
        "maths.modular_inverse({a}, modulus={m})",
        (
            "(inverse|modular inverse|multiplicative inverse) of {a} (mod|modulo) {m}",
            "which number times {a} leaves 1 modulo {m}",
        ),
        {"a": Num(2, 60, integer=True), "m": Num(61, 61, choices=("61", "67", "71", "97", "101"))},
        weight=0.4,
    ),
)  # fmt: skip

LESSONS: tuple[Lesson, ...] = (*EQUATIONS, *UNCERTAIN, *NUMBERS)
