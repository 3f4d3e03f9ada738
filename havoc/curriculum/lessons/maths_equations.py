"""Asking for algebra: simplify, expand, factor, roots, equations, formulas solved for a symbol, optima of a formula."""

from __future__ import annotations

from havoc.curriculum.lesson import Expr, Lesson, Sym

EQUATION = Expr(
    (
        "x^2 - 5*x + 6 == 0", "2*x + 7 == 19", "x^3 - 4*x == 0", "x^2 + x - 12 == 0", "3*exp(x) == 5", "3*x^2 == 27", "x^2 - 2*x - 8 == 0",
        "x - 6 == sqrt(x)", "5*x - 3 == 2*x + 9", "x^2 == 2", "2*ln(x) == 5", "4*x^2 - 4*x + 1 == 0", "x^3 == 27", "0.5*x^2 - 3*x + 4 == 0",
        "x == cos(x)", "x*exp(x) == 3", "1/x == 4", "x^4 - 10*x^2 + 9 == 0", "7 - 2*x == 1", "x^2 + 3*x - 28 == 0", "2^x == 100", "x^5 - x - 1 == 0",
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
# Formulas of physics and of the plant by the symbol they are solved for.
FORMULAS = (
    ("t", ("h = g*t^2/2", "v = a*t + u", "Q = m*c*t", "s = v*t + s0", "N = N0*exp(-k*t)", "y = 5*t - 4*z")),
    ("r", ("A = pi*r^2", "V = 4*pi*r^3/3", "F = k*q/r^2", "P = 3*r^2 + 2*b", "v = sqrt(2*k/r)")),
    ("x", ("y = m*x + b", "2*x + 3*y = 12", "x^2 + y^2 = 25", "y = (x - 1)/(x + 2)", "z = (x - m)/q", "y = k*x^2")),
    ("m", ("E = m*c^2", "y = m*x + b", "E = m*v^2/2", "T = 2*pi*sqrt(m/k)", "y = k*m - q")),
    ("h", ("V = pi*r^2*h", "v = sqrt(2*g*h)", "A = 2*pi*r*h + 2*pi*r^2", "E = m*g*h + E0")),
    ("v", ("E = m*v^2/2", "p = m*v + q", "t = s/v + u", "2*x = v*t + y")),
    ("s", ("v^2 = u^2 + 2*b*s", "n = (z*s/e)^2", "u = s^2/n + b")),
    ("n", ("e = z*s/sqrt(n)", "P*V = n*R*T", "u = s^2/n + b")),
)  # fmt: skip
TWO_SQUARES = Expr(("x^2 + y^2", "x^2 + 2*y^2 - 4*x", "(x - 3)^2 + (y - 1)^2", "2*x^2 + y^2 + x*y", "x^2 + y^2 - 2*y", "3*x^2 + 5*y^2"))  # fmt: skip
TWO_HILLS = Expr(("12*x + 8*y - x^2 - y^2", "20 - x^2 - y^2", "10*x + 6*y - 2*x^2 - y^2", "x + 4*y - x^2 - y^2"))  # fmt: skip
CONSTRAINT = Expr(("x + y == 10", "x + y == 4", "2*x + y == 5", "x - y == 1", "x + 3*y == 6", "x + y >= 7", "2*x + y >= 9"))  # fmt: skip
CEILING = Expr(("x + y == 10", "x + y == 4", "2*x + y == 5", "x + y <= 6", "2*x + 3*y <= 12", "x + 2*y <= 5"))  # fmt: skip

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
            "(collect|combine) (like terms|what belongs together) in {e}",
            "(bring|put) {e} (over|onto) (a|one) common denominator and (reduce|simplify) it",
            "(simplify|FullSimplify|simplify expression)(:| -) {e}",
            "(this|my) formula (is too long|looks clumsy|is a mess)(:|,) {e}(.|;|,) (what is it in short|make it shorter)",
            "(trig|algebraic|power|log) (identities|rules) (applied to|on) {e}(, simplest result|)",
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
            "get rid of the (brackets|parentheses) in {e}",
            "(FOIL|use the binomial theorem on|Pascal's triangle for) {e}",
            "expand({e})",
            "(coefficients|polynomial) you get (from|when you multiply out) {e}",
            "(carry out|do) the multiplication in {e}",
            "(in|into) (standard|normal|general) form please(:|,) {e}",
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
            "factor({e})",
            "(take out|pull out|find) (the|) (common|linear) factors (of|in|from) {e}",
            "put brackets back: {e} (as a product|in factors)",
            "(undo|reverse) the multiplication that gave {e}",
            "(factorisation|factorization) of the polynomial {e}",
            "{e} = (something)(something)(?|; find the factors|, which factors)",
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
            "roots({e})",
            "is the (loop|system|filter) with characteristic polynomial {e} stable(?|:|;) (give|show) (me|) the (roots|poles)",
            "(numerically|to many digits) all the zeros of {e}(, complex ones too|, multiplicities too|)",
            "the polynomial {e} has how many real roots, and which",
            "(numpy|Matlab) roots of the polynomial {e}",
            "(x-intercepts|axis crossings) of the polynomial {e}",
        ),
        {"e": POLYNOMIAL},
    ),
)  # fmt: skip

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
            "(Goal Seek|fsolve|solver|uniroot|root finder)(:| on| for|) {e}",
            "solve({e})",
            "how (large|big) must x be (so that|for|to get) {e}",
            "(a number|some unknown) x satisfies {e}. (Find it|Which number is it|What is it)",
            "at what x (do we get|does it hold that|is) {e}",
            "the unknown (dose|length|time) x obeys {e}(;|,|.) (how much is it|what is it|calculate x)",
            "(numerical|exact|symbolic) solution of {e}",
            "{e}, (which x works|is there a solution|how many solutions are there and which)",
            "(complete the square|use the pq formula|use the abc formula|factor and solve)(:|,|;) {e}",
        ),
        {"e": EQUATION},
        weight=2.0,
    ),
    *(
        Lesson(
            f"maths_solve_for_{symbol}",
            "maths.solve(equations={e}, variables={v})",
            (
                "(solve|rearrange|transpose|resolve) {e} for {v}",
                "{e}(,|;|:| -) (solve for|find|isolate|rearrange for|express) {v}",
                "(make|I want) {v} the subject of {e}",
                "{v} = ? (from|if|given) {e}",
                "(what is|give me|write|find|express) {v} (in terms of the other quantities|as a function of the rest|explicitly) (when|if|given|from) {e}",
                "from {e} (work out|get|deduce|derive) (a formula for|an expression for) {v}",
                "(turn|flip) {e} around (so that|until) {v} stands alone",
                "our (formula|law|sheet|standard) says {e}(;|,|.) I need {v}",
                "solve({e}, {v})",
                "(how do I|how to|can you) (get|extract) {v} out of {e}",
                "the unknown is {v}(,|;|:) {e}",
            ),
            {"e": Expr(tuple(f.replace(" = ", " == ") for f in formulas)), "v": Sym((symbol,))},
            weight=0.25,
        )
        for symbol, formulas in FORMULAS
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
            "(elimination|substitution|Cramer's rule)(:|,|;) {a}(,|;) {b}",
            "(mass balance|blend|two pumps|two alloys)(:|,) {a} and {b}. (Find both|How much of each|What are x and y)",
            "I have two equations, {a} and {b}(,|;|.) (two unknowns|find the two numbers|please solve both)",
            "x and y from {a}; {b}",
            "(which pair|what values) (x, y|of x and y) (fulfil|satisfy|solve) both {a} and {b}",
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
            "three unknowns, three equations: {a}; {b}; {c}",
            "where do the planes {a}, {b} and {c} (meet|intersect)",
            "(Gauss|Gaussian|Gauss-Jordan) elimination (for|of|on)(:|) {a}, {b}, {c}",
            "(mass balance|mesh currents|recipe)(:|,|;) {a} and {b} and {c}(;|,|.) what are x, y, z",
            "(the conditions|these must hold|all true at once)(:|) {a}, {b}, {c}(.|;) (Find|Give me) the (unknowns|solution)",
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
            "(how far|between which bounds) may x (go|vary|move) so that {e} (still|) (holds|is true)",
            "the requirement is {e}(;|,|.) (what does it mean for x|admissible x|allowed settings of x)",
            "(inequality|inequation)(:|) {e}",
            "solution interval of {e}",
            "x must (obey|satisfy|meet) {e}(;|,|.) (give|show|tell) me the (interval|range)",
        ),
        {"e": INEQUALITY},
    ),
)  # fmt: skip

OPTIMA = (
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
            "min of {e}",
            "(the total|total yearly|our) cost adds up to {e}(;|,|.) (which choice is the cheapest|what is the optimum|what should we choose)",
            "(economic order quantity|EOQ|lot sizing)(:|,|;) cost {e}, (find the minimum|where is it least)",
            "(scipy.optimize.minimize|fminsearch|nlm|optim|Excel Solver, min)(:| on|) {e}",
            "(least|smallest possible) (value|result|cost) of {e}",
            "at which (point|setting) does {e} (turn upward|reach its lowest value|have its minimum)",
            "set the derivative to zero: minimum of {e}",
            "loss function {e}: (best|optimal) parameters (minimise it|, smallest loss)",
        ),
        {"e": BOWL},
    ),
    Lesson(
        "maths_minimise_where",
        "maths.minimise(expression={e}, where={w})",
        (
            "(minimise|minimize|make as small as possible) {e} (subject to|with|such that|s.t.|under the constraint|given|provided that) {w}",
            "(find|where is|determine) the (minimum|smallest value) of {e} (subject to|under|on|with|if) {w}",
            "{w} must hold; (how small can {e} get|minimise {e}|find the least {e})",
            "(cost|loss|energy) {e}, constraint {w}(,|;|:) (minimise|find the optimum|cheapest point)",
            "min of {e} s.t. {w}",
            "(Lagrange|Lagrange multipliers|constrained optimum)(:|,|;) minimise {e}(,|;) {w}",
            "with the (condition|side condition|restriction) {w}, what makes {e} smallest",
            "objective: {e} -> min; constraint: {w}",
        ),
        {"e": TWO_SQUARES, "w": CONSTRAINT},
        weight=0.7,
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
            "max of {e}",
            "we earn {e}(;|,|.) (at which setting do we earn the most|what is the best choice|when is the profit greatest)",
            "the (yield|drug level|signal|response) follows {e}(;|,|.) (when|where) does it (peak|reach its highest value|culminate)",
            "(scipy|fminsearch|optim|Excel Solver, max)(:|,|;) maximise {e}",
            "(best|greatest possible|top) (value|result|profit) of {e}",
            "at which (point|setting|price) does {e} (turn downward|have its maximum|reach the top)",
            "set the derivative to zero: maximum of {e}",
            "(optimal|profit-maximising|best) (price|quantity|dose|speed) if the (gain|profit|effect) is {e}",
        ),
        {"e": HILL},
    ),
    Lesson(
        "maths_maximise_where",
        "maths.maximise(expression={e}, where={w})",
        (
            "(maximise|maximize|make as large as possible) {e} (subject to|with|such that|s.t.|under the constraint|given|provided that) {w}",
            "(find|where is|determine) the (maximum|largest value) of {e} (subject to|under|on|with|if) {w}",
            "{w} must hold; (how large can {e} get|maximise {e}|find the greatest {e})",
            "(profit|yield|output) {e}, constraint {w}(,|;|:) (maximise|find the optimum|best point)",
            "max of {e} s.t. {w}",
            "(Lagrange|Lagrange multipliers|constrained optimum)(:|,|;) maximise {e}(,|;) {w}",
            "(machine hours|the budget|the capacity) (limit us to|gives) {w}(;|,|.) the profit is {e}(;|,|.) (what is the best plan|how much can we earn)",
            "objective: {e} -> max; constraint: {w}",
        ),
        {"e": TWO_HILLS, "w": CEILING},
        weight=0.7,
    ),
)  # fmt: skip

LESSONS: tuple[Lesson, ...] = (*ALGEBRA, *EQUATIONS, *OPTIMA)
