"""Asking for calculus: derivatives, integrals, limits, series, sums, Laplace transforms."""

from __future__ import annotations

from havoc.curriculum.lesson import Expr, Lesson, Num, Option, Sym

SMOOTH = Expr(
    (
        "x^2*sin(x)", "exp(2*x)*cos(x)", "3*x^4 - 2*x^2 + 7", "ln(x)/x", "sqrt(1 + x^2)", "x*exp(-x)", "sin(x)^2", "1/(1 + x^2)",
        "5*x^3 - 4*x + 1", "tan(x)", "x^3*ln(x)", "exp(-x^2/2)", "cos(3*x + 1)", "2*x^5 - x", "(x + 1)/(x - 2)", "0.4*x^2 + 1.7*x",
        "x/(x^2 + 4)", "sqrt(x)*exp(x)", "12*x - 0.3*x^2", "atan(x)", "x^2*exp(3*x)", "sin(2*x)/x", "4*x^2 + 3*x - 9", "(2*x - 1)^5",
    )
)  # fmt: skip
INTEGRABLE = Expr(
    (
        "x^2", "x*exp(-x)", "sin(x)", "1/(1 + x^2)", "3*x^2 + 2*x + 1", "cos(2*x)", "x*sin(x)", "exp(-2*x)", "sqrt(x)", "x^3 - x",
        "1/x", "ln(x)", "x*cos(x)", "exp(x)", "0.5*x + 2", "x^2*exp(x)", "5*x^4 - 6*x", "1/(x + 3)", "x*sqrt(x)", "7 - 0.2*x^2",
    )
)  # fmt: skip
BOUNDED = Expr(
    (
        "x^2", "exp(-x)", "sin(x)", "1/(1 + x^2)", "3*x^2 + 2*x", "cos(x)", "x*exp(-x)", "sqrt(x + 1)", "x^3 + 4", "2*x + 5",
        "exp(-x^2)", "ln(x + 2)", "10 - x", "x^2/(1 + x)", "sqrt(1 + x^3)", "5*exp(-0.3*x)", "sin(x)^2", "x*sqrt(x + 4)",
    )
)  # fmt: skip
IN_T = Expr(
    (
        "t*exp(-2*t)", "sin(3*t)", "exp(-t)", "t^2", "cos(2*t)", "exp(-3*t)*sin(t)", "1 - exp(-t)", "t^3*exp(-t)", "5*exp(-0.5*t)", "4*t", "2*t + 1", "t*cos(t)",
    )
)  # fmt: skip
IN_S = Expr(
    (
        "1/(s + 2)",
        "1/(s^2 + 9)",
        "s/(s^2 + 4)",
        "3/(s*(s + 1))",
        "1/(s + 1)^2",
        "5/s^2",
        "2/((s + 1)*(s + 3))",
    )
)
TERMS = Expr(
    ("k^2", "1/k^2", "3*k - 2", "k^3", "1/2^k", "2*k + 1", "k*(k + 1)", "2*3^k", "1/(k*(k + 1))")
)
TWO_VARIABLES = Expr(
    (
        "x^2*y + y^2", "x^2 + 3*x*y - y^2", "x*exp(-y)", "sin(x)*cos(y)", "x^3 - 2*x*y + y^2", "ln(x^2 + y^2)", "4*x^2 + x*y + 3*y^2",
        "12 + 3*x - 2*y + 0.5*x*y", "sqrt(x^2 + y^2)", "x^2*y^3", "exp(x*y)", "40 + 2.5*x - 1.2*y - 0.3*x*y",
    )
)  # fmt: skip
DECAYING = Expr(
    ("exp(-x)", "x*exp(-x)", "exp(-2*x)", "exp(-x^2)", "1/(1 + x^2)", "x^2*exp(-x)", "5*exp(-0.3*x)", "exp(-x/4)", "1/(x + 1)^2")
)  # fmt: skip
PERIODIC = Expr(("sin(x)", "cos(x)^2", "sin(x)^2", "x*sin(x)", "x*cos(x)", "sin(2*x)", "1 + cos(x)", "x^2*sin(x)"))  # fmt: skip
INFINITY = Expr(("infinity", "∞", "infinity", "inf"))

VARIABLE = Option(
    "variable={v}",
    (
        "(with respect to|w.r.t.|wrt|in terms of) {v}",
        "(treating|taking|using|with) {v} as (the|) variable",
        "({v} is the variable|the variable is {v})",
        "(the|) variable (is|=|:) {v}",
        "({v} varies|everything depends on {v}|as a function of {v})",
    ),
    {"v": Sym(("x",))},
    0.15,
)
CURVE = "(the function|the curve|the formula|the expression|)"

DERIVATIVES = (
    Lesson(
        "maths_diff",
        "maths.diff(expression={e}, {options})",
        (
            "(differentiate|take the derivative of|derive|find the derivative of|d/dx of) {e}",
            "(what is|what's|give me|need|compute) the (derivative|first derivative|slope function|differential quotient|derived function) of {e}",
            "(derivative|deriv|d/dx|first derivative|diff)(:|,| of|) {e}",
            "how (fast|quickly|steeply) does {e} (change|grow|rise|climb)(, as a formula|) (?|)",
            "(rate of change|gradient|steepness|slope) of (the curve|the function|y =|f(x) =|) {e}",
            "f(x) = {e}, (what is|find|give|compute) f'(x)",
            "(let|suppose|given|take) y = {e}(.|;|,) (find|what is|determine|calculate) dy/dx",
            "{e} (-|:|;|,) (differentiate|derive|derivative please|take its derivative|d/dx|f prime)",
            "I (forgot|never learned|am unsure) how to (differentiate|derive) {e}(, can you do it|)",
            "(apply|use) the (chain|product|quotient|power) rule (on|to) {e}",
            "the (velocity|speed|feed rate|heating rate) (belonging to|for) (position|path|temperature) {e} (is|please|?)",
            "(sensitivity|marginal cost|marginal change|marginal revenue) of {e} (please|as a formula|)",
            f"(symbolic|analytical|exact|closed-form) derivative of {CURVE} {{e}}",
            f"which function describes the slope of {CURVE} {{e}}",
            "our (yield|cost|signal|temperature|growth) model is {e}(.|;|,) (I|we) need (its|the) (first derivative|slope formula|rate of change)",
            f"(tangent slope|slope of the tangent) (to|of) {CURVE} {{e}}",
            "(instantaneous|local) rate (of change|) of {e}",
            "(please|can you|help me) (check my homework|check my work|do exercise)(:|,|;) (derivative of|differentiate|f'(x) for f(x) =) {e}",
            "when (one|you) (differentiates|derive|differentiate) {e}(,|) what (comes out|do you get|is the result)",
            "(how sensitive is|how strongly reacts) {e} (to a small change|to small changes)(?|, derivative please)",
        ),
        {"e": SMOOTH},
        (
            VARIABLE,
            Option(
                "at={a}",
                (
                    "(at|for|in|evaluated at|at the point) x (=|equal to|) {a}",
                    "(and|then) (its|the) value at {a}",
                    "when x is {a}",
                    "at {a}",
                    "(numerically|as a number) (at|in|for) (the point|x =|) {a}",
                    "f'({a}) (please|is wanted|= ?|)",
                    "(especially|in particular) (where|at) x = {a}",
                    "(plug in|insert|substitute) x = {a}",
                ),
                {"a": Num(1, 9, 1, choices=("2", "3", "0.5", "1.5", "4", "2.25", "7", "10", "0.1"))},
                0.3,
            ),
        ),
        weight=2.0,
    ),
    Lesson(
        "maths_diff_second",
        "maths.diff(expression={e}, order=2)",
        (
            "(second derivative|2nd derivative|d2/dx2|f''|curvature term|second order derivative) of {e}",
            "(differentiate|derive) {e} (twice|two times|2 times in a row)",
            "(what is|find|compute|give me) the (second|2nd) derivative of {e}",
            "(acceleration|convexity) (for|when|if) (the path|the position|the function) is {e}",
            "{e} (-|:|,) (derive it twice|second derivative|2nd derivative|f double prime)",
            "f(x) = {e}; f''(x) (=|is|)?",
            "(is|where is) {e} (convex or concave|bending upward)? (I need|give me) (the|its) second derivative",
            "the derivative of the derivative of {e}",
            "how does the slope of {e} itself change, i.e. the second derivative",
            "given the displacement {e}, (find|what is) the acceleration",
            "(let|suppose) y = {e}(.|;) (find|determine) the second derivative (y''|of y|)",
        ),
        {"e": SMOOTH},
    ),
    Lesson(
        "maths_diff_third",
        "maths.diff(expression={e}, order=3)",
        (
            "(third derivative|3rd derivative|f'''|third order derivative) of {e}",
            "(differentiate|derive) {e} (three times|3 times|thrice)",
            "(what is|find|compute) the (third|3rd) derivative of {e}",
            "{e} (-|:|,|;) (derive it three times|third derivative|3rd derivative)",
            "the jerk if the position is {e}(, that is the third derivative|, third derivative please)",
            "f(x) = {e}(;|,|) (I need|find) the third derivative",
            "take the derivative of {e} again and again, three times in all",
            "(let|suppose) y = {e}(.|;) (find|determine) the third derivative of y",
        ),
        {"e": SMOOTH},
        weight=0.4,
    ),
    Lesson(
        "maths_diff_partial",
        "maths.diff(expression={e}, variable={v})",
        (
            "(partial derivative|partial) of {e} (with respect to|w.r.t.|wrt|in|by) {v}",
            "(differentiate|derive) {e} (partially|) (with respect to|wrt|by|for) {v}",
            "diff({e}, {v})",
            "∂/∂{v} (of|) {e}",
            "how does {e} change with {v} (if|when|while) everything else (stays|is held) (constant|fixed)",
            "the function is {e}(;|,|.) (find|what is|give me) the partial derivative (for|in|with respect to) {v}",
            "{e} (-|:|;|,) (derivative|partial derivative|slope) (in|by|with respect to|along) {v} (only|)",
            "effect of a small change of {v} on {e}, the other variable fixed",
            "(sensitivity|sensitivity coefficient) of {e} (to|with respect to) {v}",
            "hold the rest constant and differentiate {e} (with respect to|for) {v}",
            "(Sympy|Mathematica|Maple|Matlab): diff({e}, {v})",
        ),
        {"e": TWO_VARIABLES, "v": Sym(("x", "y"))},
        weight=0.7,
    ),
)  # fmt: skip
INTEGRALS = (
    Lesson(
        "maths_integrate_indefinite",
        "maths.integrate(expression={e}, {options})",
        (
            "(integrate|antiderivative of|find the integral of|indefinite integral of|integral of) {e}",
            "(what is|find|give me|compute|determine) (an|the) (antiderivative|indefinite integral|primitive|stem function|general integral) of {e}",
            "{e} (-|:|,|;) (integrate|antiderivative|integral please|integrate it|integral without limits)",
            "which function has {e} as its derivative",
            "(undo the differentiation of|reverse the derivative|go back from the derivative) {e}",
            "(evaluate|solve|work out) the integral of {e} dx",
            "F(x) for f(x) = {e}",
            "I need to integrate {e}( by parts| by hand but check me| for a report| by substitution|)",
            "(primitive|integral|int|antiderivative)(:|,) {e}",
            "what (do I|do you|does one) get when (integrating|you integrate) {e}",
            "∫ {e} dx( = ?|, please| + C|)",
            "f'(x) = {e}(.|;|,) (what is f|find f(x)|recover f|which f has this slope)",
            "the (rate|flow|speed|growth rate) is {e}(;|.|,) (give me|what is) the (amount|volume|distance|total) as a function, up to a constant",
            "(symbolic|closed-form|analytical) integral of {e}(, no limits|)",
            "(is there|does there exist|can you find) (a|an) (closed form|elementary) (antiderivative|integral) (of|for) {e}",
        ),
        {"e": INTEGRABLE},
        (VARIABLE,),
        weight=1.3,
    ),
    Lesson(
        "maths_integrate_definite",
        "maths.integrate(expression={e}, lower={a}, upper={b})",
        (
            "(integrate|integral of|definite integral of) {e} from {a} to {b}",
            "(area|the area) (under|below|beneath) {e} (between|from) {a} (and|to) {b}",
            "(compute|evaluate|what is|find|work out) the (definite|) integral of {e} (between|from) {a} (and|to|up to) {b}",
            "{e}(,|:| -) integrate (from|between) {a} (to|and) {b}",
            "(how much|what total) (flows|accumulates|is deposited|builds up) from {a} to {b} (when|if) the rate is {e}",
            "integral with lower limit {a} and upper limit {b} of {e}",
            "(total|accumulated) (dose|charge|volume|heat) from {a} to {b}, rate {e}",
            "∫ {e} dx (with limits|from) {a} (and|to) {b}",
            "integrate({e}, (x, {a}, {b}))",
            "(quad|integral|NIntegrate|trapz) of {e} over the interval from {a} to {b}",
            "x from {a} to {b}(,|;|:) (area under the curve|AUC|definite integral|integrate) {e}",
            "f(x) = {e}(.|;|,) (find|what is) the area (it encloses with the x axis|under the graph|under f) between x = {a} and x = {b}",
            "the pump delivers {e} litres per minute(;|,|.) how (many litres|much) between minute {a} and minute {b}",
            "the (distance|path) covered from second {a} to second {b} if the (speed|velocity) is {e}",
            "(work|energy) done (when moving|along the way) from {a} to {b} against the force {e}",
            "(add up|sum|accumulate) {e} continuously from {a} to {b} (as an integral|, i.e. integrate|, integral)",
            "lower bound {a}, upper bound {b}, integrand {e}",
        ),
        {
            "e": BOUNDED,
            "a": Num(0, 2, 1, choices=("0", "1", "0.5", "2")),
            "b": Num(3, 9, 1, choices=("3", "4", "5", "6", "8", "3.5", "10", "7.2")),
        },
        weight=1.5,
    ),
    Lesson(
        "maths_integrate_improper",
        "maths.integrate(expression={e}, lower={a}, upper={b})",
        (
            "(integrate|integral of|improper integral of) {e} from {a} to {b}",
            "(area under|total area below) {e} from {a} (all the way|on|) to {b}",
            "(does the integral of|is the area under) {e} from {a} to {b} (converge|finite)(?|, and to what)",
            "∫ {e} dx, x from {a} to {b}",
            "{e} (-|:|,|;) integrate from {a} to {b}",
            "(compute|evaluate) the (improper|) integral of {e} with lower limit {a} and upper limit {b}",
            "how much (is released|leaks out|accumulates) in total from {a} to {b} when the rate is {e}",
            "integrate({e}, (x, {a}, {b}))",
        ),
        {"e": DECAYING, "a": Num(0, 2, integer=True, choices=("0", "1", "2")), "b": INFINITY},
        weight=0.7,
    ),
    Lesson(
        "maths_integrate_period",
        "maths.integrate(expression={e}, lower={a}, upper={b})",
        (
            "(integrate|integral of|definite integral of) {e} from {a} to {b}",
            "area under {e} between {a} and {b}",
            "∫ {e} dx from {a} to {b}",
            "{e}(,|:|;) (limits|x from) {a} to {b}(,|;) (integrate|definite integral)",
            "(compute|evaluate) the integral of {e} over the (half wave|half period|range) from {a} to {b}",
            "integrate({e}, (x, {a}, {b}))",
            "lower limit {a}, upper limit {b}, integrand {e}",
            "(work|energy|charge) over the angle from {a} to {b}, with {e} per radian",
        ),
        {"e": PERIODIC, "a": Num(0, 1, integer=True, choices=("0", "1")), "b": Expr(("pi", "π"))},
        weight=0.5,
    ),
)  # fmt: skip
SIDES = tuple(
    Option(
        f"side={side}",
        (
            f"from (the {side}|{other})",
            f"({side}-hand|{side} sided|{side}-sided|one-sided from the {side}) limit",
            f"(coming|approaching) from (the {side}|{other})",
            f"(only|just) for x {word} than the point",
        ),
        {},
        0.1,
    )
    for side, other, word in (("right", "above", "larger"), ("left", "below", "smaller"))
)
LIMIT_ASK = (
    "(limit|lim) of {e} as {v} (goes to|tends to|approaches|->|→) {a}",
    "(what is|find|compute|determine) the limit of {e} (when|as|for) {v} (approaches|goes to|tends to|gets close to) {a}",
    "(where does|towards what does|what value does) {e} (head|tend|settle|go|approach) (as|when) {v} (nears|approaches|goes to) {a}",
    "{e}, {v} -> {a}(, limit|: limit|)",
    "(behaviour|behavior|limiting value) of {e} (near|at|close to|for) {v} = {a}",
    "lim {v}->{a} {e}",
    "lim ({v} -> {a}) of {e}",
    "does {e} have a limit (when|as) {v} (goes|tends) to {a}",
    "let {v} go to {a} in {e}(;|,|:) (what remains|what is left|what comes out|limit)",
    "what happens to {e} (if|when) {v} (gets closer and closer to|approaches|tends to) {a}",
    "(l'Hopital|use l'Hospital's rule|use l'Hôpital)(:|,|;) {e} as {v} tends to {a}",
    "{v} tends to {a}(:|;|,) (limit of|limiting value of|what does this tend to:) {e}",
)
SERIES = (
    Lesson(
        "maths_limit",
        "maths.limit(expression={e}, variable={v}, to={a}, {options})",
        LIMIT_ASK,
        {
            "e": Expr(
                (
                    "sin(x)/x", "(x^2 - 1)/(x - 1)", "(1 - cos(x))/x^2", "(exp(x) - 1)/x", "x/(x + 2)", "(x^2 + 3*x)/(2*x)", "ln(1 + x)/x", "sqrt(x + 4)",
                    "tan(x)/x", "(x^3 - 8)/(x - 2)", "(sqrt(1 + x) - 1)/x", "sin(3*x)/x",
                )
            ),
            "v": Sym(("x",)),
            "a": Num(0, 3, 0, integer=True, choices=("0", "1", "2")),
        },
        SIDES,
    ),
    Lesson(
        "maths_limit_infinity",
        "maths.limit(expression={e}, variable={v}, to={a})",
        (
            *LIMIT_ASK,
            "(long-run|final|steady-state|end) value of {e} (for|as) {v} (to|tends to|goes to) {a}",
            "horizontal asymptote of {e} for {v} -> {a}",
            "{e} for very large {v}, that is {v} -> {a}",
        ),
        {
            "e": Expr(("(2*x + 1)/(x - 3)", "x*exp(-x)", "5*(1 - exp(-0.2*x))", "(3*x^2 - 1)/(x^2 + x)", "ln(x)/x", "(1 + 1/x)^x", "atan(x)", "100*x/(20 + x)", "sqrt(x^2 + x) - x")),
            "v": Sym(("x",)),
            "a": INFINITY,
        },
        weight=0.6,
    ),
    Lesson(
        "maths_series",
        "maths.series(expression={e}, {options})",
        (
            "(taylor|maclaurin|power) (series|expansion|polynomial) of {e}",
            "(expand|develop) {e} (in|into|as) a (taylor|power|maclaurin) series",
            "(approximate|replace) {e} by a (polynomial|taylor polynomial|power series)",
            "(linearise|linearize|series for) {e}",
            "(what is|find|give me) the (series expansion|taylor polynomial|maclaurin polynomial) of {e}",
            "{e} (-|:|,) (taylor series|series expansion|expand as a series|power series)",
            "first (terms|few terms) of the (taylor series|power series) of {e}",
            "f(x) = {e}(;|,|.) (Taylor|Maclaurin) (polynomial|series|expansion) (please|)",
            "(near|close to) the point, what polynomial (mimics|behaves like|approximates) {e}",
            "series({e})",
            "local polynomial (approximation|expansion) (of|for) {e}",
            "write {e} as a sum of powers (Taylor|power series|, Maclaurin)",
        ),
        {
            "e": Expr(
                ("exp(x)", "sin(x)", "cos(x)", "exp(x)*cos(x)", "ln(1 + x)", "1/(1 + 2*x)", "sqrt(1 + x)", "exp(-x^2)", "atan(x)", "1/(3 + x)", "1/(1 + x^2)")
            )
        },
        (
            Option(
                "order={n}",
                (
                    "(to|up to|through|of) order {n}",
                    "(up to|with terms to) the power {n}",
                    "of degree {n}",
                    "(order|degree|order =) {n}",
                    "(stop|truncate|cut) (at|after) (order|degree|the power) {n}",
                    "{n} is the highest power",
                ),
                {"n": Num(2, 8, integer=True)},
                0.5,
            ),
            Option(
                "around={c}",
                (
                    "(around|about|at|near) x = {c}",
                    "(around|about) (the point|) {c}",
                    "(centred|centered|developed) (at|in|around) (x =|) {c}",
                    "(expansion point|centre|center) (=|:|) {c}",
                ),
                {"c": Num(1, 4, choices=("1", "2", "3", "0.5"))},
                0.2,
            ),
        ),
    ),
    Lesson(
        "maths_sum",
        "maths.sum(expression={e}, variable={k}, lower={a}, upper={b})",
        (
            "(sum|add up|total) {e} (for|over) {k} (from|=) {a} to {b}",
            "(what is|compute|evaluate|find) the sum of {e} (for|over|with) {k} (from|running from|going from) {a} to {b}",
            "sigma (notation|) {e}(,|;) {k} = {a} (to|up to|..) {b}",
            "(summation|series sum)(:|) {e}(,|) {k} from {a} to {b}",
            "{k} runs from {a} to {b}(;|:|,) (add|sum) {e}",
            "Σ {e}, {k} = {a}..{b}",
            "sum({e}, {k}, {a}, {b})",
            "(add|put) together all the terms {e} with {k} = {a} up to {k} = {b}",
            "first term {k} = {a}, last term {k} = {b}, general term {e}: (total|sum|what do they add up to)",
            "partial sum of {e}, index {k}, from {a} to {b}",
            "(week|day|step) {k} costs {e}(;|,|.) what do {k} = {a} to {b} cost together",
        ),
        {"e": TERMS, "k": Sym(("k",)), "a": Num(1, 3, integer=True, choices=("1", "2", "3")), "b": Num(5, 60, integer=True)},
    ),
    Lesson(
        "maths_sum_infinite",
        "maths.sum(expression={e}, variable={k}, lower={a}, upper={b})",
        (
            "(sum|infinite sum|infinite series) of {e} (for|over|with) {k} from {a} to {b}",
            "does the series {e} converge, {k} from {a} to {b}(?|, and to what)",
            "Σ {e} for {k} = {a} to {b}",
            "{k} from {a} to {b}(:|;|,) (sum|add up) {e}",
            "(what is|find|compute) the (value|sum) of the (infinite|geometric|convergent|) series with terms {e}, {k} running from {a} to {b}",
            "adding {e} for ever, {k} = {a} up to {b}: what is the total",
            "sum({e}, ({k}, {a}, {b}))",
            "limit of the partial sums of {e} as {k} runs from {a} to {b}",
        ),
        {"e": Expr(("1/k^2", "1/2^k", "1/(k*(k + 1))", "1/3^k", "1/k^4", "k/2^k")), "k": Sym(("k",)),
         "a": Num(1, 2, integer=True, choices=("1", "2")), "b": INFINITY},
        weight=0.4,
    ),
    Lesson(
        "maths_laplace",
        "maths.laplace(expression={e})",
        (
            "(laplace transform|laplace|Laplace-transform) of {e}",
            "(transform|take) {e} (to|into) the (s-domain|laplace domain|s domain|image space)",
            "(what is|find|compute) the laplace transform of (f(t) =|) {e}",
            "{e} (-|:|,) laplace transform",
            "F(s) (for|when|if) f(t) = {e}",
            "(image function|s-domain representation|transfer from time to s) of {e}",
            "(the|our) (input|disturbance|impulse response|signal) is {e}(;|,|.) (what is it|I need it|give it) in the (s|Laplace) domain",
            "laplace({e})",
            "(control engineering|controls exercise|signals and systems)(:|,) transform {e} from time to the s plane, Laplace",
        ),
        {"e": IN_T},
    ),
    Lesson(
        "maths_laplace_inverse",
        "maths.laplace(expression={e}, direction=inverse)",
        (
            "(inverse laplace transform|inverse laplace|back-transform) of {e}",
            "(transform|bring) {e} back (from|out of) the (s-domain|laplace domain|image space)",
            "which (time function|signal) has the laplace transform {e}",
            "{e} (-|,|:|;) (invert the laplace transform|inverse laplace please)",
            "(time response|time-domain function) (belonging to|behind|for) F(s) = {e}",
            "(undo|reverse|invert) the laplace transform {e}",
            "ilaplace({e})",
            "F(s) = {e}(;|,|.) (find|what is|I need) f(t)",
            "impulse response of the transfer function {e}(, inverse Laplace|, as a function of time)",
            "from the s domain back to time(:|,|;) {e}",
        ),
        {"e": IN_S},
    ),
)  # fmt: skip

LESSONS: tuple[Lesson, ...] = (*DERIVATIVES, *INTEGRALS, *SERIES)
