"""Asking for differential equations, gradients, uncertainty of a result, and whole numbers."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Expr, Lesson, Num, Option, TableOf

FIRST_ORDER = Expr(
    (
        "dy == -0.5*y", "dy == 0.3*(20 - y)", "dy + 4*y == 8", "dy == y*(1 - y)", "dy == -0.02*y", "dy + 2*y == 6", "dy == 3 - 0.1*y",
        "dy == 0.05*y*(10 - y)", "dy == -y^2", "2*dy + 3*y == 12", "dy == 1.5*y - 3",
        "dy/dt == -0.4*y", "dy/dt == 2 - 0.1*y", "dy/dx == x*y", "dT/dt == -0.08*(T - 22)", "dv/dt == 9.81 - 0.2*v",
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
            "(dsolve|ode|DSolve)(:| of| for|) {e}",
            "(separate the variables|separation of variables|integrating factor)(:|;|,) {e}",
            "(decay|growth|cooling|charging|dilution) (law|model|equation) {e}(;|,|.) (what is the solution|which curve follows|give the general solution)",
            "(solution|general solution|closed form)(:|;|,) {e}, a " + ODE,
            "the (rate|derivative) is tied to the (state|value itself) by {e}(;|,|.) (what function is that|solve it analytically|how does it evolve)",
            "{e} is my " + ODE + "(;|,|.) (please solve|what is y|the general solution with constants please)",
            "(which|what) (curves|functions) obey {e}(, arbitrary constant included|)",
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
            "(IVP|odeint|solve_ivp|ode45)(:|,) {e}, start value {y}, (evaluate|end) at {t}",
            "at time zero the value is {y}, then {e} holds; (value|how much is left|what is reached) at time {t}",
            "a tank (starts with|holds at first) {y} and obeys {e}(;|.|,) (content|level|concentration) at t = {t}(?|)",
            "start from {y}, follow {e} until t = {t}(;|:|,) (final value|where do we end)",
            "(I|we) begin with {y}; the law is {e}; what will it be at {t}",
            "(cooling|decay|growth|charging): {e}; initially {y}(;|,|.) (temperature|amount|value) at {t}",
            "initial condition {y}, equation {e}, wanted: the (solution|value) at t = {t}",
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
            "(homogeneous|linear) " + ODE + " of second order: {e}(, general solution|)",
            "(is|will) the (motion|circuit|swing) {e} (overdamped|underdamped|oscillating)? (solve|show the solution)",
            "(dsolve|DSolve)(:|) {e} (second order|of order two)",
            "(RLC circuit|pendulum|beam)(:|,) {e}(;|,|.) (find the general solution|what does y look like)",
            "y with {e}, both constants left free",
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
            "(spring|pendulum|car body) {e}: released at {y} with velocity {v}(;|,|.) (where is it|position) at {t}",
            "initial position {y}, initial speed {v}, law {e}(;|:|,) y at t = {t}",
            "second order initial value problem: {e}, value {y} and slope {v} at the start, (evaluate|result) at {t}",
            "(ode45|solve_ivp)(:|,) {e}, starts at {y}, derivative {v}, until {t}",
            "at the start the value is {y} and its derivative {v}; {e} holds; what is the value at {t}",
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
            "(two tanks|prey and predator|two species|reaction partners): {a}, {b}, start values {x} for x and {y} for y; state at {t}",
            "(system of ODEs|ODE system|coupled system|odeint)(:|,) {a} and {b}(;|,) x starts at {x}, y starts at {y}(;|,) (values|both) at t = {t}",
            "initially x is {x} and y is {y}, then {a} and {b}; (how much of each|what are x and y) at {t}",
            "integrate {a}, {b} numerically, initial x {x}, initial y {y}, end time {t}",
            "{a}; {b}; initial values x {x} and y {y}; (wanted|give me): x and y at {t}",
            "simulate {a} together with {b} until {t}; start: x {x}, y {y}",
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
            "∇ of {e}",
            "(direction of steepest ascent|steepest slope|uphill direction) of {e}, as a formula",
            "{e} (-|:|;|,) (gradient|all partial derivatives|grad|partials)",
            "(vector of first derivatives|gradient vector|gradient and Hessian|Hessian matrix) of {e}",
            "all sensitivity coefficients of {e}(, one for each input|)",
            "how does {e} react to each of its variables (one at a time|separately)(?|, partial derivatives)",
            "(what are|find|compute|list) the partial derivatives of {e}",
            "response model {e}(;|,|.) (gradient please|which partial derivatives has it|in which direction does it rise fastest)",
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
            "in which direction does {e} rise (fastest|most steeply), standing at x = {a}, y = {b}",
            "{e} (-|:|;|,) (gradient|grad|partial derivatives) at x = {a} and y = {b}",
            "at x = {a} and y = {b}: (slopes in both directions|both partial derivatives|gradient) of {e}",
            "∇ of {e} at the point x = {a}, y = {b}",
            "(current settings|operating point|base point): x = {a}, y = {b}. (Steepest ascent direction|Gradient|Sensitivities) of {e}",
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
            "measured: x = {x} ± {u}, y = {y} ± {v}. (Result and error|Value and uncertainty|Error bar|Standard uncertainty) of {e}",
            "u_c of {e}(;|,|:) x {x} with u {u}(;|,) y {y} with u {v}",
            "(I measured|we read) x as {x} with standard uncertainty {u} and y as {y} with standard uncertainty {v}(;|.|,) how sure is {e}",
            "how do the errors {u} in x = {x} and {v} in y = {y} (carry over|propagate|add up) in {e}",
            "(measurement equation|model equation) {e}, inputs x = {x}, u(x) = {u}, y = {y}, u(y) = {v}(;|,|:) (uncertainty budget|combined uncertainty|contributions)",
            "(tolerance|error) of {e} when x is {x}, give or take {u}, and y is {y}, give or take {v}(, as standard deviations|)",
            "(delta method|law of propagation|Taylor propagation|RSS) for {e}: x = {x}, sd {u}; y = {y}, sd {v}",
            "which input dominates the uncertainty of {e}, x = {x} ± {u} or y = {y} ± {v}",
            "(ISO 17025|GUM|calibration lab|EURACHEM) (exercise|budget|sheet): {e} with x = {x} (u {u}) and y = {y} (u {v})",
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
        (
            Option(
                "coverage_factor={c}",
                (
                    "(coverage factor|expansion factor) (k|) (=|of|) {c}",
                    "(with|use|using|take) k = {c}",
                    "expanded (uncertainty|) with (k =|a coverage factor of|the factor) {c}",
                    "U = {c} u_c",
                ),
                {"c": Num(2, 3, choices=("3", "2.58", "1.96", "2.5", "1.65"))},
                0.15,
            ),
        ),
        weight=1.4,
    ),
    Lesson(
        "maths_error_propagation_one",
        "maths.error_propagation({e}, values=[{x}], uncertainty=[{u}])",
        (
            "(error propagation|propagate the error|uncertainty|propagation of uncertainty) (for|of) {e} with x = {x} ± {u}",
            "x = {x} +/- {u}: (uncertainty|error|standard uncertainty) of {e}",
            "how (uncertain|accurate) is {e} when x is {x} (u = {u})",
            "(I measured|we read) x = {x} with a standard uncertainty of {u}(;|.|,) what is the uncertainty of {e}",
            "an error of {u} in x = {x} (becomes|gives|turns into) what error in {e}",
            "(delta method|GUM|error bar): {e}, x = {x}, sd {u}",
            "x {x}, u(x) {u}(;|,|:) combined standard uncertainty of {e}",
            "how far does the uncertainty {u} of x carry over to {e} at x = {x}",
        ),
        {"e": Expr(("pi*x^2/4", "4*pi*x^3/3", "x^2 + 3*x", "100/x", "2*sqrt(x)", "5*exp(-x/20)", "3*ln(x)", "x^3")), "x": SIZE, "u": TINY},
        weight=0.6,
    ),
    Lesson(
        "maths_error_propagation_three",
        "maths.error_propagation({e}, values=[{x}, {y}, {z}], uncertainty=[{u}, {v}, {w}])",
        (
            "(error propagation|propagate the errors|uncertainty|propagation of uncertainty) (for|of) {e} with x = {x} (u = {u}), y = {y} (u = {v}) and z = {z} (u = {w})",
            "x = {x} with error {u}, y = {y} with error {v}, z = {z} with error {w}: (uncertainty|combined uncertainty) of {e}",
            "combined (standard|) uncertainty of {e}: x = {x} (uncertainty {u}), y = {y} (uncertainty {v}), z = {z} (uncertainty {w})",
            "(uncertainty|GUM) budget, {e}: x {x} with u {u}; y {y} with u {v}; z {z} with u {w}",
            "how (sure|accurate) is {e} if x is {x}, sd {u}, y is {y}, sd {v}, and z is {z}, sd {w}",
            "three inputs: x = {x}, sd {u}; y = {y}, sd {v}; z = {z}, sd {w}. (Standard deviation|Error bar|Uncertainty) of {e}",
            "measured x = {x}, u(x) = {u}; y = {y}, u(y) = {v}; z = {z}, u(z) = {w}; (which contributes most to|value and error of) {e}",
            "(tolerance stack|stack-up|error budget) for {e} with x = {x}, sigma {u}; y = {y}, sigma {v}; z = {z}, sigma {w}(, standard uncertainties|)",
        ),
        {
            "e": Expr(("x*y*z", "4*x*y/z", "x + 2*y - 3*z", "x*y^2*z", "x^2*y/z", "2*x + 3*y + z")),
            "x": SIZE, "y": SIZE, "z": SIZE, "u": TINY, "v": TINY, "w": TINY,
        },
        weight=0.6,
    ),
)  # fmt: skip
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
            "(gcd|GCD|lcm|LCM|math.gcd)({a}, {b})",
            "(what|which) is the (greatest|highest|largest) common (divisor|factor|denominator) of {a} and {b}",
            "reduce the ratio {a} to {b} to lowest terms, what is the common factor",
            "two machines are serviced every {a} and every {b} days(;|,|.) when do both (fall on|meet on) the same day",
            "largest square tile that fits {a} by {b} without a rest, side length as common divisor",
            "(are|check whether) {a} and {b} (coprime|relatively prime)",
            "Euclid's algorithm (for|on|with) {a} and {b}",
            "after how many steps do cycles of {a} and {b} coincide, i.e. the least common multiple",
        ),
        {"a": WHOLE, "b": WHOLE},
    ),
    Lesson(
        "maths_gcd_list",
        "maths.gcd({t.x})",
        (
            "(gcd|greatest common divisor|common factor) of {t.x}",
            "(lcm|least common multiple) of {t.x}",
            "largest number that divides all of {t.x}",
            "(smallest|least) number that all of these divide: {t.x}",
            "(common divisor|common factor|common multiple|HCF)(:|,) {t.x}",
            "(what do|which factor do) {t.x} have in common(, greatest common divisor|, as a divisor)",
            "cycles of {t.x} (days|steps) start together(;|,|.) after how many do they coincide again, LCM",
            "(np.gcd.reduce|np.lcm.reduce|GCD|LCM) (over|of) {t.x}",
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
            "(decompose|split|break) {n} into (its|) (prime numbers|primes|prime factors)",
            "(factorint|primefactors|factorise the number|factorize the integer) {n}",
            "which primes (divide|multiply to|make up) {n}",
            "can {n} (parts|pieces) be packed in equal rows? (list|show) its (divisors|prime factors)",
            "{n} (-|:|,) (prime or not|prime factors|is it prime)",
            "(check|test) (whether|if) {n} is (prime|a prime number|composite)",
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
            "what (is left|remains|remainder is left) when {a} to the power {k} is divided by {m}",
            "modular exponentiation(:|,) base {a}, exponent {k}, modulus {m}",
            "(pow|powermod|modpow) with base {a}, exponent {k} and modulus {m}",
            "raise {a} to the {k}th power modulo {m}",
            "base {a}, modulus {m}, exponent {k}(:|;|,) (modular power|remainder of the power)",
            "residue of {a}^{k} modulo {m}",
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
            "(solve|find x in) {a} times x is congruent to 1 modulo {m}",
            "modular inverse(:|,) base {a}, modulus {m}",
            "(invert|reciprocal of) {a} in arithmetic (mod|modulo) {m}",
            "modulo {m}, what (undoes|is the inverse of|cancels) multiplication by {a}",
            "extended Euclid: inverse of {a} (mod|modulo) {m}",
            "modulus {m}, number {a}(:|;|,) (its|the) multiplicative inverse",
        ),
        {"a": Num(2, 60, integer=True), "m": Num(61, 61, choices=("61", "67", "71", "97", "101"))},
        weight=0.4,
    ),
)  # fmt: skip

LESSONS: tuple[Lesson, ...] = (*EQUATIONS, *UNCERTAIN, *NUMBERS)
