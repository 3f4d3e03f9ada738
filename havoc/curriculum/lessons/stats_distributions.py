"""Asking for probabilities and quantiles of known continuous distributions."""

from __future__ import annotations

from collections.abc import Mapping

from havoc.curriculum.lesson import Field, Lesson, Num

SPOKEN = {
    "ASK": "(what is|what's|compute|find|give me|calculate|tell me|I need|work out|determine|)",
    "CHANCE": "(the probability|the chance|the odds|the likelihood|P|prob|the prob.)",
    "SHARE": "(what fraction|what share|what proportion|what percentage|how many percent|what part|how much|what %)",
    "BELOW": "(below|under|less than|smaller than|at most|lower than|short of|not exceeding|no more than|up to|beneath)",
    "ABOVE": "(above|over|more than|greater than|at least|exceeding|larger than|beyond|past|in excess of|higher than|no less than)",
    "ANDALSO": "(| and (explain|show) (it|the steps)| and draw (it|the curve)| as a percentage and in ppm| to 4 decimals)",
}


def said(text: str, **own: str) -> str:
    """The template with its words in capitals replaced by the alternatives they stand for."""
    for word, choices in {**own, **SPOKEN}.items():
        text = text.replace(word, choices)
    return text


def templates(*texts: str, **own: str) -> tuple[str, ...]:
    return tuple(said(t, **own) for t in texts)


PERCENTILE = Num(
    0.01,
    0.99,
    choices=tuple(
        "95% 0.95 0.99 99% 0.05 5% 10% 0.1 90% 0.9 0.975 0.025 0.5 1% 2.5% 75% 0.01 25% 80% .95 97.5%".split()
    ),
)
UPPER_TAIL = Num(
    0.01, 0.2, choices=tuple("5% 0.05 0.01 1% 0.025 2.5% 10% 0.1 .05 .01 0.005 0.5% 20%".split())
)

_BELOW = (
    "ASK CHANCE (of a value|that x is|that it is|to be|of getting something) BELOW {b} (for|with|under|if it follows) NAMED",
    "NAMED: SHARE (is|lies|falls|comes out) BELOW {b}(?|)ANDALSO",
    "P(X < {b}) (for|where X is|with|,) NAMED",
    "(cdf|cumulative probability|area to the left|cumulative distribution function) (at|of) {b}, NAMED",
    "NAMED, (lower tail|left tail|F|cdf) (at|up to) {b}",
    "how (likely|probable|often) is (it to get|a result|something|a value) BELOW {b} (under|with) NAMED",
    "X ~ LAW(,|;|.|:) (find|compute|want|) P(X (<|<=|≤) {b})( = ?|)",
    "let X (have|follow|be) NAMED. (Find|Determine|Evaluate|Compute) (P(X < {b})|the probability that X is BELOW {b}|F({b}))ANDALSO",
    "(percentile rank|cumulative share|percentile position) of {b} (in|for|under|within) NAMED",
    "(Calc > Probability Distributions > KIND|probability distribution calculator|Minitab KIND), cumulative probability, input constant {b}, GIVEN",
    "KIND GIVEN(;|,|:) (lower tail|cdf|left-hand tail|P(X <= x)|lower.tail = TRUE) x = {b}",
    "x = {b}; GIVEN; KIND (distribution|)(;|:|,) (cumulative|lower tail|area on the left|probability of less)",
    "(suppose|assume|assuming|imagine|if) (the data follow|values follow|we have) NAMED; SHARE would be BELOW {b}",
)
_ABOVE = (
    "ASK CHANCE (of a value|that x is|that it is|to be|of getting something) ABOVE {a} (for|with|under|if it follows) NAMED",
    "NAMED: SHARE (is|lies|falls|comes out) ABOVE {a}(?|)ANDALSO",
    "P(X > {a}) (for|where X is|with|,) NAMED",
    "(upper tail|survival function|area to the right|right tail|exceedance probability|complementary cdf) (at|of|beyond) {a}, NAMED",
    "how (likely|probable|often) is (it to get|a result|something|a value) ABOVE {a} (under|with) NAMED",
    "X ~ LAW(,|;|.|:) (find|compute|want|) P(X (>|>=|≥) {a})( = ?|)",
    "let X (have|follow|be) NAMED. (Find|Determine|Evaluate|Compute) (P(X > {a})|the probability that X is ABOVE {a}|the survival function at {a})ANDALSO",
    "(probability of|chance of|how often do we see) (exceeding|going past|a value beyond) {a} (for|with|under|in) NAMED",
    "KIND GIVEN(;|,|:) (upper tail|sf|survival|right-hand tail|P(X > x)|lower.tail = FALSE) x = {a}",
    "x = {a}; GIVEN; KIND (distribution|)(;|:|,) (upper tail|area on the right|probability of more|tail beyond it)",
    "(suppose|assume|assuming|imagine|if) (the data follow|values follow|we have) NAMED; SHARE would be ABOVE {a}",
    "(complement of the cdf|right tail area|upper-tail p), KIND, GIVEN, at {a}",
)
_BETWEEN = (
    "ASK CHANCE (of a value|that x is|that it is|to be) (between|inside|within) {a} and {b} (for|with|under|if it follows) NAMED",
    "NAMED: SHARE (is|lies|falls|comes out) (between|in the window|from|in the interval from) {a} (and|to) {b}(?|)ANDALSO",
    "P({a} < X < {b}) (for|where X is|with|,) NAMED",
    "area (between|from) {a} (and|to) {b} (under|of) (the curve of|) NAMED",
    "X ~ LAW(,|;|.|:) (find|compute|want|) P({a} (<|<=|≤) X (<|<=|≤) {b})( = ?|)",
    "let X (have|follow|be) NAMED. (Find|Determine|Evaluate) the probability that X (lies|falls|is) (between|in the range from) {a} (and|to) {b}",
    "KIND GIVEN(;|,|:) (probability|share|area|fraction) (between|from) {a} (and|to) {b}",
    "F({b}) minus F({a}) (for|with|under) NAMED",
    "how (likely|often|probable) is (a result|a value|it) (no lower than|of at least|above) {a} (and|but) (no higher than|at most|below) {b} (with|under|for) NAMED",
    "lower bound {a}, upper bound {b}, NAMED: (probability in between|what share is inside|area in the middle)",
    "(suppose|assume|if) (the data follow|values follow|we have) NAMED; SHARE would (land|lie|fall) between {a} and {b}",
    "(the|) (probability|chance|share) of the (window|interval|band) {a} to {b}, GIVEN, KIND",
)
_QUANTILE = (
    "ASK (the|) {p} (quantile|percentile|point|fractile) of NAMED",
    "NAMED: (value|point|x) (below which|under which) {p} (lies|falls|of it lies)",
    "(inverse cdf|ppf|inverse|percent point function) of NAMED at {p}",
    "(which|what) value (is not exceeded with|has cumulative) probability {p} (under|for) NAMED(?|)",
    "(critical value|cut-off|cutoff) x with P(X < x) = {p}, NAMED",
    "X ~ LAW(,|;|:) (find|which) (x|c|k) (so that|such that|with) P(X (<|<=|≤) (x|c|k)) = {p}",
    "let X (have|follow|be) NAMED. (Find|Determine) the (value|x|number) that X stays below with probability {p}ANDALSO",
    "KIND GIVEN(;|,|:) (quantile|inverse cumulative probability|inverse cdf|x) for (p =|a cumulative probability of|) {p}",
    "{p} of (the|all|) (values|observations|cases) are (smaller than|below) (which|what) (number|x|value)(?|) NAMED",
    "cumulative probability {p}, NAMED(:|,|;) (what x belongs to it|go back to x|read x off the curve|find the value)",
    "(Calc > Probability Distributions > KIND|Minitab KIND|JMP KIND quantile), inverse cumulative probability, input constant {p}, GIVEN",
    "where (do|must|should) (I|we|you) cut NAMED so that {p} (is|lies|remains|falls) (left of it|below the cut|underneath)",
)
_UPPER = (
    "(value|point|level|x) that is exceeded (with probability|by|in) {q} (of the cases|of the time|) (under|for|with) NAMED",
    "upper {q} (point|quantile|critical value|percentage point) of NAMED",
    "X ~ LAW(,|;|:) (find|which) (x|c) (so that|such that|with) P(X (>|>=) (x|c)) = {q}",
    "NAMED: (value|x|point) with {q} (in the upper tail|to its right|above it|in the right tail)",
    "(critical value|cut-off) for an upper tail of {q}, KIND, GIVEN",
    "(beyond|above) (which|what) (value|number|x) do (only|just|) {q} of the values lie, NAMED",
    "right-tail (probability|area|alpha) {q}(,|;|:) KIND GIVEN(,|;|:) (critical value|x|what is the cut point)",
    "KIND GIVEN(;|,|:) (inverse survival function|isf|upper quantile|upper percentage point) at {q}",
    "only {q} (should|may|shall) be (higher|larger) than x(;|:|,) NAMED(;|,) (find x|what is x|how big is x)",
)


def continuous(
    kind: str,
    arguments: str,
    named: str,
    law: str,
    given: str,
    fields: Mapping[str, Field],
    low: Num,
    high: Num,
    weight: float = 1.0,
    below: tuple[str, ...] = (),
    above: tuple[str, ...] = (),
    between: tuple[str, ...] = (),
    quantile: tuple[str, ...] = (),
    upper: tuple[str, ...] = (),
) -> tuple[Lesson, ...]:
    """Five lessons of one distribution.

    ``named`` says it with its parameters, ``law`` writes it as behind X ~, ``given`` lists the parameters alone.
    """
    name, inverse = f"stats.{kind}_probability", f"stats.{kind}_quantile"
    words = kind.replace("_", "(-| |)")
    own = {"NAMED": named, "LAW": law, "GIVEN": given, "KIND": words}
    rows = (
        ("below", name, "below={b}", (*_BELOW, *below), {"b": low}, weight),
        ("above", name, "above={a}", (*_ABOVE, *above), {"a": high}, weight),
        ("between", name, "above={a}, below={b}", (*_BETWEEN, *between), {"a": low, "b": high}, weight),
        ("quantile", inverse, "p={p}", (*_QUANTILE, *quantile), {"p": PERCENTILE}, weight),
        ("upper", inverse, "p=1-{q}", (*_UPPER, *upper), {"q": UPPER_TAIL}, 0.5 * weight),
    )  # fmt: skip
    return tuple(
        Lesson(
            inverse if suffix == "quantile" else f"{operation}.{suffix}",
            f"{operation}({arguments}, {argument})",
            templates(*asks, **own),
            {**fields, **more},
            weight=share,
        )
        for suffix, operation, argument, asks, more, share in rows
    )


THING = "(shaft diameter|fill weight|tablet mass|coating thickness|bore|resistance|delivery time|wall thickness|pull strength|viscosity|hole position|moisture|film gauge|seal strength|line width|dough weight|assay|peel force|blood pressure|grain yield|handling time|part weight)"
ITEMS = "(parts|tablets|bottles|wafers|bags|shafts|units|vials|loaves|castings|tickets|plants|boards|lids|tubes)"
BELL = "(normal|normally distributed|gaussian|bell shaped|bell-shaped)"
GAUSS = "(if gaussian|assuming normal|normal|assuming a bell curve|, Gaussian|normality assumed)"
NORMAL = continuous(
    "normal",
    "mean={m}, sd={s}",
    "((a normal distribution|normal|gaussian|N|a bell curve|normally distributed data|a Gaussian) (with|,|:|) (mean|average|mu|µ|expectation|centre) (=|of|) {m} (and|,|;) (sd|sigma|standard deviation|st dev|σ|scatter|spread) (=|of|) {s}|(a normal|normal|a gaussian|a bell curve) (with|,|:) (sd|sigma|standard deviation|stdev) (=|of|) {s} (and|,|around|;) (mean|average|mu) (=|of|) {m})",
    "(N({m}, {s}²)|N({m}, {s}^2)|N(mu = {m}, sigma = {s})|Normal(mean {m}, sd {s})|N(µ={m}, σ={s})|N(sd {s}, mean {m}))",
    "(mean (=|:|) {m}(,|;| and|) (sd|stdev|standard deviation|sigma) (=|:|) {s}|(mu|µ) = {m}(,|;) (sigma|σ) = {s}|(sd|sigma|s) (=|) {s}(,|;) (mean|xbar|average) (=|) {m})",
    {"m": Num(48, 52, 1), "s": Num(2, 5, 1)},
    Num(44, 49, 1),
    Num(51, 56, 1),
    1.2,
    below=(
        f"{THING} averages {{m}} with sigma {{s}} (and is {BELL}|, {BELL}). SHARE (is|comes out|falls) BELOW {{b}}(?|)",
        f"(if|assuming) {THING} is {BELL}, mean {{m}}, sd {{s}}: how much (scrap|reject|is too small) BELOW the lower limit {{b}}",
        f"mean {{m}} sd {{s}}, (chance|percent|fraction) BELOW {{b}} {GAUSS}",
        f"{ITEMS} weigh {{m}} g on average, the (scatter|spread|sd|sigma) is {{s}} g(,| and) {GAUSS}: SHARE (is|are) BELOW {{b}} g",
        f"our {THING} is centred on {{m}}, standard deviation {{s}}, {BELL}. (A|One) customer rejects (all|everything) BELOW {{b}}. (How many percent is that|What do we lose|How big is the loss)",
        "pnorm({b}, mean = {m}, sd = {s})",
        f"(scores|times|strengths) are {BELL}, {{m}} on average with sd {{s}}; (someone|one) got {{b}}, SHARE (do worse|is lower|are below)",
        "z score and (left tail|lower tail) probability for x = {b} with mu = {m}, sigma = {s}",
        f"SHARE of the {ITEMS} will be BELOW {{b}}, when the process runs at {{m}} and sigma is {{s}} {GAUSS}",
        f"(is it|would it be) rare to see {THING} as low as {{b}} if the mean is {{m}} and sigma {{s}}? give the lower tail {GAUSS}",
        "scipy.stats.norm(loc={m}, scale={s}).cdf({b})",
    ),
    above=(
        f"{THING} averages {{m}} with sigma {{s}} (and is {BELL}|, {BELL}). SHARE (is|comes out|ends up) ABOVE {{a}}(?|)",
        f"{THING} ~ N({{m}}, {{s}}²), how many (percent|of them) are ABOVE the upper limit {{a}}",
        f"mean {{m}} sd {{s}}, (chance|percent|fraction) ABOVE {{a}} {GAUSS}",
        f"the {ITEMS} take {{m}} min on average with a standard deviation of {{s}} min(,| and are) {BELL}: SHARE takes ABOVE {{a}} min",
        f"(overweight|too thick|oversize): {THING} is {BELL}, mean {{m}}, sigma {{s}}, the limit is {{a}}. (What is the reject rate above it|How much is over the limit)",
        "(pnorm({a}, mean = {m}, sd = {s}, lower.tail = FALSE)|scipy.stats.norm(loc={m}, scale={s}).sf({a}))",
        f"SHARE of the {ITEMS} will be ABOVE {{a}}, when the process runs at {{m}} and sigma is {{s}} {GAUSS}",
        "z score and (right tail|upper tail) probability for x = {a} with mu = {m}, sigma = {s}",
        f"(is it|would it be) luck to see {THING} as high as {{a}} if the mean is {{m}} and sigma {{s}}? give the upper tail {GAUSS}",
        f"the tank overflows ABOVE {{a}}(,|;) the level is {BELL} with average {{m}} and sd {{s}}(,|;) how often does that happen",
    ),
    between=(
        f"{THING} is {BELL} with average {{m}} and sigma {{s}}; SHARE (lies|falls|is) (between|within the limits|from) {{a}} (and|to) {{b}}(?|)",
        f"mean {{m}} sd {{s}}, (fraction|percent|yield) (within|between) {{a}} and {{b}} {GAUSS}",
        f"how many {ITEMS} out of all (weigh|measure|come out) between {{a}} and {{b}}(,|;) {BELL}, mean {{m}}, standard deviation {{s}}",
        f"(good|usable|saleable) {ITEMS} lie between {{a}} and {{b}}. The process mean is {{m}} and the sd {{s}}, {BELL}. SHARE is (good|usable)",
        "pnorm({b}, mean = {m}, sd = {s}) minus pnorm({a}, mean = {m}, sd = {s})",
        f"SHARE of {THING} readings are at least {{a}} but at most {{b}} when mean = {{m}} and sigma = {{s}} {GAUSS}",
        "area under the normal curve between {a} and {b}; mu {m}; sigma {s}ANDALSO",
    ),
    quantile=(
        f"{THING} is {BELL} (with|,) mean {{m}} and sd {{s}}; what value do {{p}} of them stay below",
        "(qnorm({p}, mean = {m}, sd = {s})|scipy.stats.norm(loc={m}, scale={s}).ppf({p})|NORM.INV with probability {p}, mean {m}, standard_dev {s})",
        f"(where|at what value) should (I|we) set the limit so that {{p}} of a {BELL} process with mean {{m}} and sd {{s}} stays below it",
        f"upper limit that {{p}} of {ITEMS} respect, average {{m}}, sigma {{s}}, {BELL}",
        "mean {m}, sd {s}, find the {p} point of the normal",
        f"(delivery|lead|repair|turnaround) times are {BELL}, {{m}} h on average, sd {{s}} h: what time can we promise so that {{p}} are done by then",
        f"which {THING} (separates|cuts off) the lowest {{p}}(?|;|:) (mean|average) {{m}}, (sd|sigma) {{s}}, {BELL}",
        f"P{{p}} of {THING} (with|for) mu = {{m}} and sigma = {{s}} {GAUSS}",
    ),
    upper=(
        f"{THING} is {BELL} with mean {{m}} and sd {{s}}; where does the (top|highest|largest|best) {{q}} (begin|start)",
        f"set the alarm so that (only|) {{q}} of the {ITEMS} are above it, mean {{m}}, sigma {{s}} {GAUSS}",
        f"the heaviest {{q}} of {ITEMS} weigh more than what? {BELL}, average {{m}}, sd {{s}}",
    ),
)
Z = Num(-3, 3, 2)
STANDARD = (
    Lesson(
        "stats.normal_probability.z_below",
        "stats.normal_probability(below={z})",
        templates(
            "ASK CHANCE (that|of) (a standard normal|z|Z) (is|) BELOW {z}",
            "(phi|Phi|Φ|capital phi)({z})",
            "standard normal (cdf|distribution function|cumulative) at {z}",
            "(area|probability) (to the left of|left of|up to) z = {z}",
            "z table (entry|value|lookup) (for|at) {z}",
            "P(Z (<|<=|≤) {z})",
            "(pnorm|norm.cdf|normcdf|NORM.S.DIST)({z})",
            "(NORM.S.DIST|NORMSDIST) of {z}, cumulative TRUE",
            "Z ~ N(0,1)(,|;|:) (find|what is) P(Z (<|<=) {z})",
            "(I have|my) (a|) z (score|value|statistic) (of|is|=) {z}(,|;|.) (what percentile is that|which share lies below|left tail please|lower-tail p)",
            "(use the z table|read from the normal table|look up): {z}, left area",
            "z = {z} -> (cumulative probability|percentile|left tail|lower tail)",
            "SHARE of a standard (normal|gaussian|bell curve) (lies|is|falls) BELOW {z}",
        ),
        {"z": Z},
    ),
    Lesson(
        "stats.normal_probability.z_above",
        "stats.normal_probability(above={z})",
        templates(
            "ASK CHANCE (that|of) (a standard normal|z|Z) (is|) ABOVE {z}",
            "(area|probability) (to the right of|right of|beyond) z = {z}",
            "standard normal (upper tail|survival function|right tail) at {z}",
            "P(Z (>|>=|≥) {z})",
            "one-sided (upper|) p value (of|for) z = {z}",
            "pnorm({z}, lower.tail = FALSE)",
            "norm.sf({z})",
            "Q({z}) (of the standard normal|, the Q-function)",
            "Z ~ N(0,1)(,|;|:) (find|what is) P(Z (>|>=) {z})",
            "(I have|my) (a|) z (score|value|statistic) (of|is|=) {z}(,|;|.) (what lies beyond it|right tail please|upper-tail p value)",
            "z = {z} -> (upper tail|right tail|tail probability on the right|exceedance)",
            "SHARE of a standard (normal|gaussian|bell curve) (lies|is|falls) ABOVE {z}",
        ),
        {"z": Z},
    ),
    Lesson(
        "stats.normal_probability.z_between",
        "stats.normal_probability(above={a}, below={b})",
        templates(
            "P({a} (<|<=) Z (<|<=) {b})",
            "(area|probability) (between|from) z = {a} and z = {b}",
            "Z ~ N(0,1)(,|;|:) (find|what is) P({a} < Z < {b})",
            "standard normal(,|:) SHARE (lies|is) between {a} and {b}",
            "Phi({b}) minus Phi({a})",
            "(how much|what part) of the (standard normal|bell curve|z distribution) is between {a} and {b}",
            "z table: area from {a} to {b}",
            "(probability|share|percent) that a z score (lies|falls|is) (between|in the range) {a} and {b}",
        ),
        {"a": Num(-3, -0.5, 2), "b": Num(0.2, 3, 2)},
        weight=0.7,
    ),
    Lesson(
        "stats.normal_quantile.z",
        "stats.normal_quantile(p={p})",
        templates(
            "(z value|z score|standard normal quantile|z) (for|at|of) (p =|probability|cumulative probability|) {p}",
            "(critical z|z critical value) (for|at) {p}",
            "(invert|inverse of) the standard normal at {p}",
            "which z has {p} (below it|to its left|in the left tail)",
            "(phi|Phi|Φ) inverse of {p}",
            "(qnorm|NORM.S.INV|NORMSINV|norm.ppf|norminv|probit)({p})",
            "P(Z < z) = {p}(,|;) (find z|what is z|z = ?)",
            "(read the z table backwards|reverse z table lookup|z table the other way round) for {p}",
            "(which|what) (z|number of sigmas|standard score) corresponds to (an area|a cumulative area|a percentile) of {p}",
            "{p} quantile of N(0,1)",
            "(normal score|standard normal deviate|probit) for {p}",
            "how many standard deviations above the mean leave {p} (underneath|below) (in a standard normal|for a bell curve|on the bell curve)",
        ),
        {
            "p": Num(
                0.01,
                0.99,
                choices=tuple("0.95 0.975 0.99 0.995 0.9 0.05 97.5% 90% 0.001 0.999 0.8 99.5% .975 0.01 95%".split()),
            )
        },
    ),
    Lesson(
        "stats.normal_quantile.z_upper",
        "stats.normal_quantile(p=1-{q})",
        templates(
            "z (with|that leaves) {q} (in the upper tail|in the right tail|above it|to its right)",
            "upper {q} point of the standard normal",
            "P(Z > z) = {q}(,|;) (find z|what is z|z = ?)",
            "z_alpha for alpha = {q}(, one-sided|, one tail|, upper tail)",
            "critical z for a (one-sided|one-tailed|right-tailed|upper-tailed) test at alpha = {q}",
            "qnorm({q}, lower.tail = FALSE)",
            "(which|what) z is (only|) exceeded with probability {q}",
            "norm.isf({q})",
        ),
        {"q": UPPER_TAIL},
        weight=0.6,
    ),
)  # fmt: skip
DF = {"df": Num(2, 40, integer=True)}
DEGREES = "(degrees of freedom|df|d.f.|DF|dof)"
T = continuous(
    "t",
    "df={df}",
    f"(a t distribution|student's t|t|the t distribution|Student t|a t variable) ((with|,|on|having) {{df}} {DEGREES}|with (df|nu|ν) = {{df}})",
    "(t({df})|t with df = {df}|Student({df}))",
    f"((df|nu|ν|DF) = {{df}}|{{df}} {DEGREES})",
    DF,
    Num(-2.5, 0.5, 2),
    Num(0.6, 3, 2),
    below=(
        f"t = {{b}} (with|on) {{df}} {DEGREES}, (left tail|lower tail|cumulative) probability",
        "(pt|t.cdf|tcdf)({b}, (df =|) {df})",
        "T.DIST({b}, {df}, TRUE)",
        f"my t (statistic|value) is {{b}}, {{df}} {DEGREES}(;|,|.) (lower-tailed|left-tailed|one-sided lower) p(-value|)",
    ),
    above=(
        f"t = {{a}} (with|on) {{df}} {DEGREES}, (one-sided p|one-tailed p|upper tail|right tail)",
        "T.DIST.RT({a}, {df})",
        "pt({a}, (df =|) {df}, lower.tail = FALSE)",
        f"my t (statistic|value) is {{a}}, {{df}} {DEGREES}(;|,|.) (upper-tailed|right-tailed|one-sided upper) p(-value|)",
    ),
    quantile=(
        f"(t table|t critical value|critical t|Student table) (for|at) {{p}} (and|with|,) {{df}} {DEGREES}",
        "(qt|T.INV|t.ppf|tinv)({p}, (df =|) {df})",
        "t({p}; {df}) (from the table|please|quantile|)",
        f"t value with cumulative probability {{p}}, {{df}} {DEGREES}",
        f"read the t table: column {{p}} (cumulative|one minus alpha|left area), row {{df}} {DEGREES}",
    ),
    upper=(
        f"critical t for a (one-sided|one-tailed|right-tailed) test at alpha {{q}} with {{df}} {DEGREES}",
        f"t_alpha for alpha = {{q}}, (one tail|one-sided|upper tail), {{df}} {DEGREES}",
        "qt({q}, (df =|) {df}, lower.tail = FALSE)",
    ),
)
CHI = continuous(
    "chi_square",
    "df={df}",
    f"(a chi-square distribution|chi-square|chi-squared|chi2|the chi squared distribution|χ²) ((with|,|on|having) {{df}} {DEGREES}|with (df|nu|ν) = {{df}})",
    "(chi2({df})|χ²({df})|chisq(df = {df}))",
    f"((df|nu|ν|DF) = {{df}}|{{df}} {DEGREES})",
    {"df": Num(2, 15, integer=True)},
    Num(1, 6, 2),
    Num(7, 25, 2),
    0.8,
    below=(
        "(pchisq|chi2.cdf|chi2cdf)({b}, (df =|) {df})",
        "CHISQ.DIST({b}, {df}, TRUE)",
    ),
    above=(
        f"chi2 = {{a}} (with|on) {{df}} {DEGREES}, (p value|tail probability|p)",
        "(CHISQ.DIST.RT|CHIDIST|chi2.sf)({a}, {df})",
        "pchisq({a}, (df =|) {df}, lower.tail = FALSE)",
        f"(my|the) (chi-square|χ²|chi-squared|Pearson) statistic (is|came out as|=) {{a}}, {{df}} {DEGREES}(;|,|:) (is that significant, p please|what is the p-value|p = ?)",
    ),
    quantile=(
        f"(chi-square table|chi2 critical value|critical chi-square|χ² table) (for|at) {{p}} (and|with|,) {{df}} {DEGREES}",
        "(qchisq|CHISQ.INV|chi2.ppf)({p}, (df =|) {df})",
        "chi2({p}; {df}) (from the table|quantile|)",
    ),
    upper=(
        f"critical (chi-square|chi2|χ²) (value|) at alpha = {{q}} with {{df}} {DEGREES}, upper tail",
        "(CHISQ.INV.RT|CHIINV)({q}, {df})",
        f"from what chi-square on is a test with {{df}} {DEGREES} significant at (the|) {{q}} (level|)",
    ),
)  # fmt: skip
F = continuous(
    "f",
    "df_1={v}, df_2={w}",
    f"((an F distribution|F|the F distribution|Fisher's F|a Fisher-Snedecor distribution) (with|,|on|having) {{v}} and {{w}} {DEGREES}|(an F distribution|F) with (numerator|first) df (=|) {{v}} and (denominator|second) df (=|) {{w}})",
    "(F({v}, {w})|F with {v} and {w} df|F(df1 = {v}, df2 = {w}))",
    "(df1 = {v}(,|;) df2 = {w}|(numerator|num) (DF|df) (=|) {v}(,|;) (denominator|den) (DF|df) (=|) {w}|{v} over {w} df)",
    {"v": Num(2, 9, integer=True), "w": Num(5, 40, integer=True)},
    Num(0.3, 1.4, 2),
    Num(1.6, 6, 2),
    0.8,
    below=("pf({b}, df1 = {v}, df2 = {w})",),
    above=(
        f"F = {{a}} (with|on) {{v}} and {{w}} {DEGREES}, (p value|tail probability|p)",
        "pf({a}, df1 = {v}, df2 = {w}, lower.tail = FALSE)",
        "(my ANOVA|the anova table|the regression output) (shows|gives|has) F = {a}, {v} (df|) between and {w} within; (what p-value belongs to it|is it significant, p please)",
        "is an F (ratio|value|statistic) of {a} large, numerator df {v}, denominator df {w}? (p-value|tail area) please",
    ),
    quantile=(
        f"(F table|critical F|F critical value|Fisher table) (for|at) {{p}} (with|,) {{v}} and {{w}} {DEGREES}",
        "qf({p}, df1 = {v}, df2 = {w})",
        "F table, cumulative {p}, column {v}, row {w}",
    ),
    upper=(
        f"critical F at alpha = {{q}}(,| with) {{v}} and {{w}} {DEGREES}(, upper tail|)",
        "how large must F (get|be) to be significant at {q} with {v} and {w} df",
    ),
)  # fmt: skip
EXPONENTIAL = continuous(
    "exponential",
    "mean={m}",
    "(an exponential distribution|exponential|exponentially distributed time|exponential waiting time|a negative exponential) (with|,|of) (a|) (mean|average|expected value|theta|θ) (=|of|) {m}",
    "(Exp(mean = {m})|Exponential(mean {m})|Exp with theta = {m})",
    "((mean|average|theta|θ|expected value) (=|:|) {m})",
    {"m": Num(100, 900, 0)},
    Num(50, 300, 0),
    Num(400, 1500, 0),
    above=(
        "(calls|customers|jams|alarms) arrive on average every {m} minutes at random; chance of waiting ABOVE {a} minutes",
        "time between events is exponential with mean {m}. P(longer than {a})(?|)",
        "(trucks|orders|emails|patients) come at random, one every {m} s on average; how (likely|often) is a gap of more than {a} s",
        "the (time between stops|gap between arrivals|waiting time) has mean {m} min, memoryless: probability that nothing happens for {a} min",
        "no (alarm|call|jam) for {a} minutes, though usually one every {m} minutes on average (exponential)(:|;|,) how unusual is that",
    ),
    below=(
        "(next|time to the next) event is exponential, mean {m}; chance it comes within {b}",
        "(calls|customers|jams|alarms) come at random every {m} minutes on average; (probability|chance) of the next within {b} minutes",
        "(trucks|orders|emails|patients) come at random, one every {m} s on average; how (likely|often) is a gap shorter than {b} s",
        "waiting time, memoryless, {m} min on average(;|,|:) SHARE waits BELOW {b} min",
    ),
    between=(
        "(calls|customers|jams|alarms) come at random every {m} minutes on average; chance that the next comes between {a} and {b} minutes from now",
    ),
    quantile=(
        "(customers|patients|callers) wait {m} s on average, exponential: after what time are {p} of them served",
    ),
)  # fmt: skip
WEIBULL = continuous(
    "weibull",
    "shape={k}, scale={s}",
    "(a weibull distribution|weibull|weibull distributed strength|a two-parameter Weibull|a 2-parameter Weibull) (with|,|:|) ((shape|beta|β|Weibull modulus|m|slope) (=|) {k} (and|,|;) (scale|eta|η|characteristic value) (=|) {s}|(scale|eta|η) (=|) {s} (and|,|;) (shape|beta|β) (=|) {k})",
    "(Weibull(shape {k}, scale {s})|Weibull(β = {k}, η = {s})|W(scale = {s}, shape = {k}))",
    "((shape|beta|β) (=|:|) {k}(,|;| and) (scale|eta|η) (=|:|) {s}|(scale|eta) (=|:|) {s}(,|;) (shape|beta) (=|:|) {k})",
    {"k": Num(0.8, 3.5, 1), "s": Num(200, 900, 0)},
    Num(60, 300, 0),
    Num(350, 1200, 0),
    0.8,
    below=(
        "pweibull({b}, shape = {k}, scale = {s})",
        "(ceramic|glass|fibre|bond) strength is Weibull with modulus {k} and characteristic strength {s} MPa; SHARE breaks BELOW {b} MPa",
        "(wind speeds|gusts) follow a Weibull, shape {k}, scale {s}: how often BELOW {b}",
    ),
    above=(
        "pweibull({a}, shape = {k}, scale = {s}, lower.tail = FALSE)",
        "(ceramic|glass|fibre|bond) strength is Weibull with modulus {k} and characteristic strength {s} MPa; SHARE is ABOVE {a} MPa",
        "(wind speeds|gusts) follow a Weibull, shape {k}, scale {s}: how often ABOVE {a}",
    ),
    quantile=("qweibull({p}, shape = {k}, scale = {s})",),
)  # fmt: skip
LOGNORMAL = continuous(
    "lognormal",
    "log_mean={m}, log_sd={s}",
    "(a lognormal distribution|lognormal|log-normal|lognormally distributed data|a log-normal variable) (with|,|:) ((log mean|mean of the logs|mu|location|meanlog|μ) (=|) {m} (and|,|;) (log sd|sd of the logs|sigma|sdlog|σ) (=|) {s}|(sdlog|log sd|sigma of the logs) (=|) {s} (and|,|;) (meanlog|log mean|mean of the logs) (=|) {m})",
    "(LN(mu = {m}, sigma = {s})|Lognormal(meanlog {m}, sdlog {s})|lognormal(location {m}, scale {s}))",
    "((meanlog|log mean|location|mu) (=|:|) {m}(,|;| and) (sdlog|log sd|scale|sigma) (=|:|) {s})",
    {"m": Num(1, 3, 1), "s": Num(0.2, 0.9, 1)},
    Num(1, 6, 1),
    Num(7, 30, 1),
    0.8,
    below=(
        "plnorm({b}, meanlog = {m}, sdlog = {s})",
        "ln(X) is normal with mean {m} and sd {s}; P(X < {b})",
        "the logs of our (particle sizes|impurity levels|repair times) are normal, mean {m}, sd {s}. SHARE of the raw values is BELOW {b}",
    ),
    above=(
        "plnorm({a}, meanlog = {m}, sdlog = {s}, lower.tail = FALSE)",
        "ln(X) is normal with mean {m} and sd {s}; P(X > {a})",
        "the logs of our (particle sizes|impurity levels|repair times) are normal, mean {m}, sd {s}. SHARE of the raw values is ABOVE {a}",
    ),
    quantile=("qlnorm({p}, meanlog = {m}, sdlog = {s})",),
)  # fmt: skip
GAMMA = continuous(
    "gamma",
    "shape={k}, scale={s}",
    "(a gamma distribution|gamma|gamma distributed demand|a Gamma variable) (with|,|:|) ((shape|k|alpha) (=|) {k} (and|,|;) (scale|theta|θ) (=|) {s}|(scale|theta) (=|) {s} (and|,|;) (shape|k) (=|) {k})",
    "(Gamma(shape {k}, scale {s})|Gamma(k = {k}, theta = {s})|Γ(shape = {k}, scale = {s}))",
    "((shape|k) (=|:|) {k}(,|;| and) (scale|theta) (=|:|) {s})",
    {"k": Num(1.5, 6, 1), "s": Num(1, 5, 1)},
    Num(1, 8, 1),
    Num(9, 40, 1),
    0.6,
    below=("pgamma({b}, shape = {k}, scale = {s})",),
    above=("pgamma({a}, shape = {k}, scale = {s}, lower.tail = FALSE)",),
    quantile=("qgamma({p}, shape = {k}, scale = {s})",),
)
BETA = continuous(
    "beta",
    "shape_1={a1}, shape_2={b1}",
    "(a beta distribution|beta|beta distributed fraction|a Beta variable) (with|,|:|) (alpha|first shape|a|shape1|α) (=|) {a1} (and|,|;) (beta|second shape|b|shape2|β) (=|) {b1}",
    "(Beta({a1}, {b1})|Beta(alpha = {a1}, beta = {b1})|Be(shape1 {a1}, shape2 {b1}))",
    "((alpha|shape1|a) (=|:|) {a1}(,|;| and) (beta|shape2|b) (=|:|) {b1})",
    {"a1": Num(1, 6, 1), "b1": Num(1, 9, 1)},
    Num(0.1, 0.4, 2),
    Num(0.5, 0.9, 2),
    0.5,
    below=("pbeta({b}, shape1 = {a1}, shape2 = {b1})",),
    above=("pbeta({a}, shape1 = {a1}, shape2 = {b1}, lower.tail = FALSE)",),
    quantile=("qbeta({p}, shape1 = {a1}, shape2 = {b1})",),
)
UNIFORM = continuous(
    "uniform",
    "low={l}, high={h}",
    "(a uniform distribution|uniform|rectangular distribution|evenly distributed|a continuous uniform|flat distribution) (from|between|on) {l} (to|and) {h}",
    "(U({l}, {h})|Unif(min = {l}, max = {h})|Uniform({l}; {h})|R({l}, {h}))",
    "((min|lower end|a) (=|:|) {l}(,|;| and) (max|upper end|b) (=|:|) {h})",
    {"l": Num(0, 4, 1), "h": Num(16, 25, 1)},
    Num(5, 9, 1),
    Num(10, 15, 1),
    0.6,
    below=(
        "punif({b}, min = {l}, max = {h})",
        "the (bus|courier|shuttle) comes at any time from {l} to {h} min, all equally likely; CHANCE to wait BELOW {b} min",
    ),
    above=(
        "punif({a}, min = {l}, max = {h}, lower.tail = FALSE)",
        "the (bus|courier|shuttle) comes at any time from {l} to {h} min, all equally likely; CHANCE to wait ABOVE {a} min",
    ),
    quantile=("qunif({p}, min = {l}, max = {h})",),
)  # fmt: skip
OUTSIDE = Lesson(
    "stats.normal_probability.outside",
    "stats.normal_probability(mean={m}, sd={s}, above={a}, below={b})",
    templates(
        "SHARE (is|lies|falls) outside {a} and {b} (when|if) the mean is {m} and (sigma|sd) {s} (and it is normal|, normal)",
        "normal with mean {m}, sd {s}: (reject rate|fraction) outside the limits {a} and {b}",
        "CHANCE to miss the window from {a} to {b} for a gaussian, mean {m}, sd {s}",
        "X ~ N({m}, {s}²)(,|;|:) P(X < {a} or X > {b})",
        f"{THING} is {BELL}, mu = {{m}}, sigma = {{s}}. (Too small|Scrap) is below {{a}}, (too big|rework) above {{b}}(:|;|.) SHARE is (lost|thrown out|bad) in total",
        f"(both tails|the two tails|probability of either tail): below {{a}} or above {{b}}, mean {{m}}, sd {{s}}, {BELL}",
        f"how many {ITEMS} (miss|are not in|fall out of) the window {{a}} to {{b}} if they are {BELL} around {{m}} with sigma {{s}}",
        "not between {a} and {b}(,|;|:) (normal|gaussian), mean {m}, standard deviation {s}(,|;|:) (how likely|percentage|what chance)",
    ),
    {"m": Num(48, 52, 1), "s": Num(2, 5, 1), "a": Num(40, 46, 1), "b": Num(54, 60, 1)},
    weight=0.8,
)

LESSONS: tuple[Lesson, ...] = (
    *NORMAL,
    *STANDARD,
    OUTSIDE,
    *T,
    *CHI,
    *F,
    *EXPONENTIAL,
    *WEIBULL,
    *LOGNORMAL,
    *GAMMA,
    *BETA,
    *UNIFORM,
)
