"""Asking for mathematics: calculus, algebra, equations, matrices, optima, units."""

from __future__ import annotations

from havoc.curriculum.lesson import Expr, Groups, Lesson, Num, Option, Sym

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
EQUATION = Expr(
    (
        "x^2 - 5*x + 6 == 0", "2*x + 7 == 19", "x^3 - 4*x == 0", "x^2 + x - 12 == 0", "exp(x) == 5", "3*x^2 == 27", "x^2 - 2*x - 8 == 0",
        "sqrt(x) == x - 6", "5*x - 3 == 2*x + 9", "x^2 == 2", "ln(x) == 2", "4*x^2 - 4*x + 1 == 0", "x^3 == 27", "0.5*x^2 - 3*x + 4 == 0",
        "cos(x) == x", "x*exp(x) == 3", "1/x == 4", "x^4 - 10*x^2 + 9 == 0", "7 - 2*x == 1", "x^2 + 3*x - 28 == 0", "2^x == 100", "x^5 - x - 1 == 0",
    )
)  # fmt: skip
LINE_ONE = Expr(
    (
        "x + y == 10",
        "2*x + 3*y == 12",
        "x - 4*y == 1",
        "5*x + y == 20",
        "3*x + 2*y == 16",
        "x + 2*y == 7",
    )
)
LINE_TWO = Expr(
    (
        "x - y == 2",
        "4*x - y == 5",
        "x + 5*y == 11",
        "3*x - 2*y == 4",
        "2*x - y == 3",
        "x - 3*y == 2",
    )
)
PLANES = (
    Expr(("x + y + z == 6", "2*x + y - z == 3", "x - y + 2*z == 5", "3*x + y + z == 10")),
    Expr(("x - y + z == 2", "x + 2*y + 3*z == 14", "2*x - y - z == 1", "4*x - y + z == 7")),
    Expr(("2*x + 3*y - z == 5", "x + y - 2*z == 4", "x - 3*y + z == 1", "5*x + 2*y - 3*z == 8")),
)
INEQUALITY = Expr(
    (
        "x^2 - 4 < 0", "2*x + 3 > 11", "x^2 - 5*x + 6 >= 0", "abs(x - 3) <= 2", "1/x < 2", "x^2 > 9", "3*x - 7 <= 8", "x^3 - x > 0",
        "(x - 1)*(x + 4) < 0", "x^2 + x - 6 <= 0", "5 - 2*x >= 1", "x^2 < 2*x + 3",
    )
)  # fmt: skip
REDUCIBLE = Expr(
    (
        "(x^2 - 1)/(x - 1)", "sin(x)^2 + cos(x)^2", "(x^3 - 8)/(x - 2)", "2*x + 3*x - x", "(x^2 + 2*x + 1)/(x + 1)", "exp(x)*exp(2*x)",
        "ln(x^2) - ln(x)", "1/x + 1/(x + 1)", "(a + b)^2 - (a - b)^2", "sqrt(8)*x/2", "(x^2 - 9)/(x + 3)", "x^5/x^2 + 4*x^3", "tan(x)*cos(x)",
    )
)  # fmt: skip
PRODUCT = Expr(
    (
        "(x + 2)^3", "(x - 1)*(x + 5)", "(2*x + 3)^2", "(x + y)^4", "x*(x - 3)*(x + 1)", "(a - b)*(a + b)", "(3*x - 1)*(x^2 + 2)", "(1 + x)^5",
        "(x + 1)*(x + 2)*(x + 3)", "4*(x - 2)^2 - 7", "(x^2 + 1)^3",
    )
)  # fmt: skip
FACTORABLE = Expr(
    (
        "x^2 - 5*x + 6", "x^3 - 6*x^2 + 11*x - 6", "x^2 - 9", "2*x^2 + 5*x + 3", "x^4 - 1", "x^3 - 8", "x^2 + 6*x + 9", "6*x^2 - x - 2",
        "x^3 + x^2 - 4*x - 4", "a^2 - b^2", "x^4 - 5*x^2 + 4", "3*x^2 - 12",
    )
)  # fmt: skip
POLYNOMIAL = Expr(
    (
        "x^3 - 2*x - 5", "2*x^3 - 4*x + 1", "x^4 - 3*x^2 + 1", "x^3 - 6*x^2 + 11*x - 6", "x^5 - x - 1", "x^2 + 4*x + 13", "3*x^4 + 2*x^3 - x + 2",
        "0.5*x^3 - 1.2*x + 0.3", "x^6 - 1", "4*x^3 - 9*x + 2",
    )
)  # fmt: skip
IN_T = Expr(
    (
        "t*exp(-2*t)", "sin(3*t)", "exp(-t)", "t^2", "cos(2*t)", "exp(-3*t)*sin(t)", "1 - exp(-t)", "t^3*exp(-t)", "5*exp(-0.5*t)", "t", "2*t + 1", "t*cos(t)",
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
TERMS = Expr(("k^2", "1/k^2", "k", "k^3", "1/2^k", "2*k + 1", "k*(k + 1)", "3^k", "1/(k*(k + 1))"))
BOWL = Expr(
    (
        "5000/q + 2*q + 30", "x^2 - 6*x + 11", "(x - 3)^2 + 4", "x^4 - 8*x^2", "2*x^2 + 8*x + 3", "100/v + 0.5*v", "exp(x) - 3*x", "0.3*h^2 - 12*h + 200",
        "x^2 + y^2 - 4*x + 2*y", "8*n + 720/n", "4*x^2 - x", "(a - 2)^2 + (b + 1)^2", "x*ln(x)", "3*t + 48/t",
    )
)  # fmt: skip
HILL = Expr(
    (
        "40*p - 0.5*p^2", "x*exp(-x)", "10*x - x^2", "-2*x^2 + 12*x - 5", "300*q - 3*q^2 - 1200", "6*t - t^3", "x*(20 - x)", "5 - (x - 2)^2",
        "ln(x) - x/4", "100*v - 2.5*v^2", "8*x*y - x^2*y - x*y^2", "t*exp(-0.2*t)",
    )
)  # fmt: skip

VARIABLE = Option(
    "variable={v}",
    (
        "(with respect to|w.r.t.|wrt|in terms of) {v}",
        "(treating|taking|using|with) {v} as (the|) variable",
        "({v} is the variable|the variable is {v})",
    ),
    {"v": Sym(("x",))},
    0.15,
)

CALCULUS = (
    Lesson(
        "maths_diff",
        "maths.diff(expression={e}, {options})",
        (
            "(differentiate|take the derivative of|derive|find the derivative of|d/dx of) {e}",
            "(what is|what's|give me|need|compute) the (derivative|first derivative|slope function|differential quotient) of {e}",
            "(derivative|deriv|d/dx|first derivative)(:|,| of|) {e}",
            "how (fast|quickly|steeply) does {e} (change|grow|rise|climb)(, as a formula|) (?|)",
            "(rate of change|gradient|steepness|slope) of (the curve|the function|y =|f(x) =|) {e}",
            "f(x) = {e}, (what is|find|give|compute) f'(x)",
            "(let|suppose|given|take) y = {e}(.|;|,) (find|what is|determine|calculate) dy/dx",
            "{e} (-|:|;|,) (differentiate|derive|derivative please|take its derivative)",
            "I (forgot|never learned|am unsure) how to (differentiate|derive) {e}(, can you do it|)",
            "(apply|use) the (chain|product|quotient) rule (on|to) {e}",
            "the (velocity|speed|feed rate|heating rate) (belonging to|for) (position|path|temperature) {e} (is|please|?)",
            "(sensitivity|marginal cost|marginal change) of {e} (please|as a formula|)",
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
                ),
                {"a": Num(1, 9, 1, choices=("2", "3", "0.5", "1.5", "4", "2.25", "7"))},
                0.3,
            ),
        ),
        weight=2.0,
    ),
    Lesson(
        "maths_diff_second",
        "maths.diff(expression={e}, order=2)",
        (
            "(second derivative|2nd derivative|d2/dx2|f''|curvature term) of {e}",
            "(differentiate|derive) {e} (twice|two times)",
            "(what is|find|compute|give me) the (second|2nd) derivative of {e}",
            "(acceleration|convexity) (for|when|if) (the path|the position|the function) is {e}",
            "{e} (-|:|,) (derive it twice|second derivative|2nd derivative)",
            "f(x) = {e}; f''(x) (=|is|)?",
        ),
        {"e": SMOOTH},
    ),
    Lesson(
        "maths_integrate_indefinite",
        "maths.integrate(expression={e}, {options})",
        (
            "(integrate|antiderivative of|find the integral of|indefinite integral of|integral of) {e}",
            "(what is|find|give me|compute|determine) (an|the) (antiderivative|indefinite integral|primitive|stem function) of {e}",
            "{e} (-|:|,|;) (integrate|antiderivative|integral please|integrate it)",
            "which function has {e} as its derivative",
            "(undo the differentiation of|reverse the derivative|go back from the derivative) {e}",
            "(evaluate|solve|work out) the integral of {e} dx",
            "F(x) for f(x) = {e}",
            "I need to integrate {e}( by parts| by hand but check me| for a report|)",
            "(primitive|integral)(:|,) {e}",
            "what (do I|do you|does one) get when (integrating|you integrate) {e}",
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
        ),
        {
            "e": BOUNDED,
            "a": Num(0, 2, 1, choices=("0", "1", "0.5", "2")),
            "b": Num(3, 9, 1, choices=("3", "4", "5", "6", "8", "3.5")),
        },
        weight=1.5,
    ),
    Lesson(
        "maths_limit",
        "maths.limit(expression={e}, variable={v}, to={a}, {options})",
        (
            "(limit|lim) of {e} as {v} (goes to|tends to|approaches|->) {a}",
            "(what is|find|compute|determine) the limit of {e} (when|as|for) {v} (approaches|goes to|tends to|gets close to) {a}",
            "(where does|towards what does|what value does) {e} (head|tend|settle|go|approach) (as|when) {v} (nears|approaches|goes to) {a}",
            "{e}, {v} -> {a}(, limit|: limit|)",
            "(behaviour|limiting value) of {e} (near|at|close to) {v} = {a}",
            "lim {v}->{a} {e}",
        ),
        {
            "e": Expr(
                (
                    "sin(x)/x",
                    "(x^2 - 1)/(x - 1)",
                    "(1 - cos(x))/x^2",
                    "(exp(x) - 1)/x",
                    "x/(x + 2)",
                    "(x^2 + 3*x)/(2*x)",
                    "ln(1 + x)/x",
                    "sqrt(x + 4)",
                )
            ),
            "v": Sym(("x",)),
            "a": Num(0, 3, 0, integer=True, choices=("0", "1", "2")),
        },
        (
            Option(
                "side=right",
                (
                    "from (the right|above)",
                    "(right-hand|right sided|one-sided from the right) limit",
                    "(coming|approaching) from the right",
                ),
                {},
                0.1,
            ),
            Option(
                "side=left",
                (
                    "from (the left|below)",
                    "(left-hand|left sided|one-sided from the left) limit",
                    "(coming|approaching) from the left",
                ),
                {},
                0.1,
            ),
        ),
    ),
    Lesson(
        "maths_series",
        "maths.series(expression={e}, {options})",
        (
            "(taylor|maclaurin|power) (series|expansion|polynomial) of {e}",
            "(expand|develop) {e} (in|into) a (taylor|power|maclaurin) series",
            "(approximate|replace) {e} by a (polynomial|taylor polynomial|power series)",
            "(linearise|linearize|series for) {e}",
            "(what is|find|give me) the (series expansion|taylor polynomial|maclaurin polynomial) of {e}",
            "{e} (-|:|,) (taylor series|series expansion|expand as a series)",
            "first (terms|few terms) of the (taylor series|power series) of {e}",
        ),
        {
            "e": Expr(
                (
                    "exp(x)",
                    "sin(x)",
                    "cos(x)",
                    "exp(x)*cos(x)",
                    "ln(1 + x)",
                    "1/(1 - x)",
                    "sqrt(1 + x)",
                    "exp(-x^2)",
                    "atan(x)",
                )
            )
        },
        (
            Option(
                "order={n}",
                (
                    "(to|up to|through|of) order {n}",
                    "(up to|with terms to) the power {n}",
                    "of degree {n}",
                ),
                {"n": Num(2, 8, integer=True)},
                0.5,
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
        ),
        {
            "e": TERMS,
            "k": Sym(("k",)),
            "a": Num(1, 3, integer=True, choices=("1", "2", "3")),
            "b": Num(5, 60, integer=True),
        },
    ),
    Lesson(
        "maths_laplace",
        "maths.laplace(expression={e})",
        (
            "(laplace transform|laplace) of {e}",
            "(transform|take) {e} (to|into) the (s-domain|laplace domain|s domain|image space)",
            "(what is|find|compute) the laplace transform of (f(t) =|) {e}",
            "{e} (-|:|,) laplace transform",
            "F(s) (for|when|if) f(t) = {e}",
            "(image function|s-domain representation|transfer from time to s) of {e}",
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
        ),
        {"e": IN_S},
    ),
)

ALGEBRA = (
    Lesson(
        "maths_simplify",
        "maths.simplify(expression={e})",
        (
            "(simplify|reduce|tidy up|clean up|shorten) {e}",
            "(can you|please|could you) (make|write) {e} (simpler|shorter|more compact)",
            "(simplest|shortest|reduced) form of {e}",
            "what does {e} (reduce|simplify|boil down|collapse) to",
            "{e} (-|:|,) (simplify|can this be simplified|simplify it)",
            "is there a (shorter|simpler) way to write {e}",
            "cancel (what can be cancelled|common terms|everything possible) in {e}",
        ),
        {"e": REDUCIBLE},
    ),
    Lesson(
        "maths_expand",
        "maths.expand(expression={e})",
        (
            "(expand|multiply out|open the brackets of|remove the brackets from) {e}",
            "(write|give me) {e} (without|with no) (brackets|parentheses)",
            "{e} (-|:|,) (multiply it out|expand|expand the brackets)",
            "(expanded|multiplied out) (form|version) of {e}",
            "what is {e} (multiplied out|as a sum of powers|as a plain polynomial)",
            "(binomial expansion|distribute the product) (of|in) {e}",
        ),
        {"e": PRODUCT},
    ),
    Lesson(
        "maths_factor",
        "maths.factor(expression={e})",
        (
            "(factor|factorise|factorize) {e}",
            "(write|express) {e} as a product( of factors|)",
            "(split|break|take apart|decompose) {e} into (factors|linear factors|a product)",
            "{e} (-|:|,) (factor it|factorise|as a product please)",
            "(factored|factorised|product) form of {e}",
            "which factors (make up|multiply to|give) {e}",
        ),
        {"e": FACTORABLE},
    ),
    Lesson(
        "maths_polynomial_roots",
        "maths.polynomial_roots(expression={e})",
        (
            "(all|) (roots|zeros|zeroes) of the polynomial {e}",
            "(find|compute|list) (all|every|the) (real and complex|complex|) (roots|zeros) of (the polynomial|) {e}",
            "where (is|does) the polynomial {e} (zero|vanish|cross the axis|equal zero)",
            "polynomial {e}(:|,|;) (roots|zeros|its zeros)",
            "(characteristic|polynomial) roots (for|of) {e}",
            "poles of a (system|filter|controller) with (denominator|characteristic polynomial) {e}",
        ),
        {"e": POLYNOMIAL},
    ),
)

EQUATIONS = (
    Lesson(
        "maths_solve",
        "maths.solve(equations={e}, {options})",
        (
            "(solve|resolve|crack) {e}",
            "(solve|find the solution of|find the solutions of|find x in|find x such that) (the equation|) {e}",
            "(for which|for what|which) (x|values of x|x-values) (does|is) {e} (hold|true|satisfied|)",
            "(what is|what's|find|determine) x (if|when|given that|,|where) {e}",
            "{e} (-|:|;|,) (solve|solve for x|x = ?|what is x|find x)",
            "(roots|solutions|zeros) of (the equation|) {e}",
            "(I need|give me|want) (all|the) (solutions|x values|roots) (of|for|to) {e}",
            "(quadratic formula|solve by hand or not,|equation)(:|) {e}",
            "where (does|do) (the two sides|left and right|both sides) (meet|agree) in {e}",
            "(rearrange|isolate|make x the subject of) {e}",
            "help me with (my homework|this equation|the algebra)(:|,) {e}",
        ),
        {"e": EQUATION},
        weight=2.0,
    ),
    Lesson(
        "maths_solve_two",
        "maths.solve(equations=[{a}, {b}])",
        (
            "(solve|resolve) {a} and {b}",
            "(solve the system|system of equations|simultaneous equations|two equations two unknowns)(:|,|) {a}(;|,| and) {b}",
            "(find|determine|what are) x and y (with|such that|if|when|given) {a} and {b}",
            "{a}, {b} (-|:|,) (solve|solve the system|solve for x and y|x and y?)",
            "where do the lines {a} and {b} (cross|meet|intersect)",
            "(intersection|common point|crossing point) of {a} and {b}",
            "both {a} and {b} (hold|are true|must be satisfied)(:|,|;) what are (the unknowns|x and y)",
        ),
        {"a": LINE_ONE, "b": LINE_TWO},
    ),
    Lesson(
        "maths_solve_three",
        "maths.solve(equations=[{a}, {b}, {c}])",
        (
            "(solve|solve the system|solve the linear system|three equations)(:|) {a}, {b}, {c}",
            "{a}; {b}; {c} (-|:|,|) (solve|solve the system|find x, y and z)",
            "(find|determine) x, y and z (from|given|such that) {a}, {b} and {c}",
            "(simultaneous|linear|3x3) (equations|system)(:|,) {a} and {b} and {c}",
        ),
        {"a": PLANES[0], "b": PLANES[1], "c": PLANES[2]},
    ),
    Lesson(
        "maths_inequality",
        "maths.solve(equations={e})",
        (
            "(solve|resolve) (the inequality|) {e}",
            "for (which|what) (x|values of x) is {e}",
            "(where|when) (is|does) {e} (hold|true|satisfied|)",
            "{e} (-|:|,) (which x|solution set|range of x|solve the inequality)",
            "(range|interval|set) of x (with|where|satisfying|such that) {e}",
            "which x (satisfy|fulfil|are allowed by) {e}",
        ),
        {"e": INEQUALITY},
    ),
    Lesson(
        "maths_minimise",
        "maths.minimise(expression={e}, {options})",
        (
            "(minimise|minimize|make as small as possible) {e}",
            "(find|where is|locate|determine) the (minimum|lowest point|smallest value|least value) of {e}",
            "(cheapest|lowest cost|optimal|most economic) (setting|order quantity|lot size|speed|choice) (for|when|if) the cost is {e}",
            "(cost|loss|energy|waste|total cost) (=|is|function) {e}(,|;|:) (minimise it|where is it lowest|what is best|find the optimum)",
            "what (value|setting) (keeps|makes) {e} (lowest|smallest|minimal)",
            "{e} (-|:|,) (minimum|min please|where is the minimum|argmin)",
            "how low can {e} (go|get)(, and where|)",
            "(bottom|valley) of (the curve|the function|) {e}",
        ),
        {"e": BOWL},
        (
            Option(
                "where={w}",
                ("(with|for|where|subject to|given|provided that) {w}",),
                {"w": Expr(("x > 0", "q > 0", "t > 0", "v > 0"))},
                0.0,
            ),
        ),
    ),
    Lesson(
        "maths_maximise",
        "maths.maximise(expression={e})",
        (
            "(maximise|maximize|make as large as possible) {e}",
            "(find|where is|locate|determine) the (maximum|highest point|largest value|greatest value|peak|top) of {e}",
            "(profit|yield|throughput|revenue|output) (=|is|function) {e}(,|;|:) (maximise it|where is it highest|best price|find the optimum)",
            "what (value|setting|price) (gives|makes) the (largest|highest|greatest) {e}",
            "{e} (-|:|,) (maximum|max please|where is the maximum|argmax)",
            "how (high|large|big) can {e} (go|get|become)(, and where|)",
            "(peak|summit|crest) of (the curve|the function|) {e}",
        ),
        {"e": HILL},
    ),
)

MATRIX2 = Groups((2, 2), (2, 2), integers=True, table_only=True)
MATRIX3 = Groups((3, 3), (3, 3), integers=True, table_only=True)


def _matrix(
    name: str, operation: str, ask: tuple[str, ...], weight: float = 0.5
) -> tuple[Lesson, ...]:
    return tuple(
        Lesson(f"{name}_{n}", f"maths.{operation}(matrix={{g}})", ask, {"g": size}, weight=weight)
        for n, size in (("2", MATRIX2), ("3", MATRIX3))
    )


LESSONS: tuple[Lesson, ...] = (
    *CALCULUS,
    *ALGEBRA,
    *EQUATIONS,
)
