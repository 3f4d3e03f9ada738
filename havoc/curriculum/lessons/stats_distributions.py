"""Asking for probabilities and quantiles of known distributions."""

from __future__ import annotations

from collections.abc import Mapping

from havoc.curriculum.lesson import Field, Lesson, Num

ASK = "(what is|what's|compute|find|give me|calculate|tell me|I need|work out|)"
CHANCE = "(the probability|the chance|the odds|the likelihood|P|prob)"
SHARE = (
    "(what fraction|what share|what proportion|what percentage|how many percent|what part|how much)"
)
BELOW = "(below|under|less than|smaller than|at most|lower than|short of|not exceeding)"
ABOVE = "(above|over|more than|greater than|at least|exceeding|larger than|beyond|past)"


def said(text: str) -> str:
    for word, choices in (
        ("ASK", ASK),
        ("CHANCE", CHANCE),
        ("SHARE", SHARE),
        ("BELOW", BELOW),
        ("ABOVE", ABOVE),
    ):
        text = text.replace(word, choices)
    return text


def templates(*texts: str) -> tuple[str, ...]:
    return tuple(said(t) for t in texts)


PERCENTILE = Num(
    0.01,
    0.99,
    choices=(
        "95%",
        "0.95",
        "0.99",
        "99%",
        "0.05",
        "5%",
        "10%",
        "0.1",
        "90%",
        "0.9",
        "0.975",
        "0.025",
        "0.5",
        "1%",
        "2.5%",
        "75%",
    ),
)


def continuous(
    kind: str,
    arguments: str,
    named: str,
    fields: Mapping[str, Field],
    low: Num,
    high: Num,
    weight: float = 1.0,
    below: tuple[str, ...] = (),
    above: tuple[str, ...] = (),
    between: tuple[str, ...] = (),
    quantile: tuple[str, ...] = (),
) -> tuple[Lesson, ...]:
    """Four lessons of one distribution; ``named`` says it with its parameters."""
    name = f"stats.{kind}_probability"
    return (
        Lesson(
            f"{name}.below",
            f"{name}({arguments}, below={{b}})",
            templates(
                f"ASK CHANCE (of a value|that x is|that it is|to be) BELOW {{b}} (for|with|under|if it follows) {named}",
                f"{named}: SHARE (is|lies|falls|comes out) BELOW {{b}}(?|)",
                f"P(X < {{b}}) (for|where X is|with|,) {named}",
                f"(cdf|cumulative probability|area to the left) (at|of) {{b}}, {named}",
                f"{named}, (lower tail|left tail|F) (at|up to) {{b}}",
                f"how (likely|probable|often) is (it to get|a result|something) BELOW {{b}} (under|with) {named}",
                *below,
            ),
            {**fields, "b": low},
            weight=weight,
        ),
        Lesson(
            f"{name}.above",
            f"{name}({arguments}, above={{a}})",
            templates(
                f"ASK CHANCE (of a value|that x is|that it is|to be) ABOVE {{a}} (for|with|under|if it follows) {named}",
                f"{named}: SHARE (is|lies|falls|comes out) ABOVE {{a}}(?|)",
                f"P(X > {{a}}) (for|where X is|with|,) {named}",
                f"(upper tail|survival function|area to the right|right tail|exceedance probability) (at|of|beyond) {{a}}, {named}",
                f"how (likely|probable|often) is (it to get|a result|something) ABOVE {{a}} (under|with) {named}",
                *above,
            ),
            {**fields, "a": high},
            weight=weight,
        ),
        Lesson(
            f"{name}.between",
            f"{name}({arguments}, above={{a}}, below={{b}})",
            templates(
                f"ASK CHANCE (of a value|that x is|that it is|to be) (between|inside|within) {{a}} and {{b}} (for|with|under|if it follows) {named}",
                f"{named}: SHARE (is|lies|falls|comes out) (between|in the window|from) {{a}} (and|to) {{b}}(?|)",
                f"P({{a}} < X < {{b}}) (for|where X is|with|,) {named}",
                f"area (between|from) {{a}} (and|to) {{b}} (under|of) {named}",
                *between,
            ),
            {**fields, "a": low, "b": high},
            weight=weight,
        ),
        Lesson(
            f"stats.{kind}_quantile",
            f"stats.{kind}_quantile({arguments}, p={{p}})",
            templates(
                f"ASK (the|) {{p}} (quantile|percentile|point|fractile) of {named}",
                f"{named}: (value|point|x) (below which|under which) {{p}} (lies|falls|of it lies)",
                f"(inverse cdf|ppf|inverse) of {named} at {{p}}",
                f"(which|what) value (is not exceeded with|has cumulative) probability {{p}} (under|for) {named}(?|)",
                f"(critical value|cut-off|cutoff) x with P(X < x) = {{p}}, {named}",
                *quantile,
            ),
            {**fields, "p": PERCENTILE},
            weight=weight,
        ),
    )


THING = "(shaft diameter|fill weight|tablet mass|coating thickness|bore|resistance|delivery time|wall thickness|pull strength|viscosity|hole position|moisture|film gauge)"
NORMAL = continuous(
    "normal",
    "mean={m}, sd={s}",
    "(a normal distribution|normal|gaussian|N|a bell curve|normally distributed data) (with|,|:|) (mean|average|mu) (=|of|) {m} (and|,) (sd|sigma|standard deviation) (=|of|) {s}",
    {"m": Num(48, 52, 1), "s": Num(2, 5, 1)},
    Num(44, 49, 1),
    Num(51, 56, 1),
    1.2,
    below=(
        f"{THING} averages {{m}} with sigma {{s}} (and is normal|, normal). SHARE (is|comes out|falls) BELOW {{b}}(?|)",
        f"(if|assuming) {THING} is normal, mean {{m}}, sd {{s}}: how much (scrap|reject) BELOW the lower limit {{b}}",
        "mean {m} sd {s}, (chance|percent|fraction) BELOW {b} (if gaussian|assuming normal|normal)",
    ),
    above=(
        f"{THING} averages {{m}} with sigma {{s}} (and is normal|, normal). SHARE (is|comes out|ends up) ABOVE {{a}}(?|)",
        f"{THING} ~ N({{m}}, {{s}}), how many (percent|of them) are ABOVE the upper limit {{a}}",
        "mean {m} sd {s}, (chance|percent|fraction) ABOVE {a} (if gaussian|assuming normal|normal)",
    ),
    between=(
        f"{THING} is normal with average {{m}} and sigma {{s}}; SHARE (lies|falls|is) (between|within the limits|from) {{a}} (and|to) {{b}}(?|)",
        "mean {m} sd {s}, (fraction|percent|yield) (within|between) {a} and {b} (if gaussian|assuming normal|normal)",
    ),
    quantile=(
        f"{THING} is normal (with|,) mean {{m}} and sd {{s}}; what value do {{p}} of them stay below",
    ),
)
STANDARD = (
    Lesson(
        "stats.normal_probability.z_below",
        "stats.normal_probability(below={z})",
        templates(
            "ASK CHANCE (that|of) (a standard normal|z|Z) (is|) BELOW {z}",
            "phi({z})",
            "standard normal cdf at {z}",
            "(area|probability) (to the left of|left of|up to) z = {z}",
            "z table (entry|value|lookup) (for|at) {z}",
            "P(Z <= {z})",
        ),
        {"z": Num(-3, 3, 2)},
    ),
    Lesson(
        "stats.normal_probability.z_above",
        "stats.normal_probability(above={z})",
        templates(
            "ASK CHANCE (that|of) (a standard normal|z|Z) (is|) ABOVE {z}",
            "(area|probability) (to the right of|right of|beyond) z = {z}",
            "standard normal upper tail at {z}",
            "P(Z > {z})",
            "one-sided p value (of|for) z = {z}",
        ),
        {"z": Num(-3, 3, 2)},
    ),
    Lesson(
        "stats.normal_quantile.z",
        "stats.normal_quantile(p={p})",
        templates(
            "(z value|z score|standard normal quantile|z) (for|at|of) (p =|probability|cumulative probability|) {p}",
            "(critical z|z critical value) (for|at) {p}",
            "(invert|inverse of) the standard normal at {p}",
            "which z has {p} below it",
            "phi inverse of {p}",
        ),
        {
            "p": Num(
                0.01,
                0.99,
                choices=(
                    "0.95",
                    "0.975",
                    "0.99",
                    "0.995",
                    "0.9",
                    "0.05",
                    "97.5%",
                    "90%",
                    "0.001",
                    "0.999",
                    "0.8",
                    "99.5%",
                ),
            )
        },
    ),
)
DF = {"df": Num(2, 40, integer=True)}
T = continuous(
    "t",
    "df={df}",
    "(a t distribution|student's t|t|the t distribution) (with|,|on) {df} (degrees of freedom|df|d.f.)",
    DF,
    Num(-2.5, 0.5, 2),
    Num(0.6, 3, 2),
    below=("t = {b} (with|on) {df} df, (left tail|lower tail|cumulative) probability",),
    above=("t = {a} (with|on) {df} df, (one-sided p|one-tailed p|upper tail|right tail)",),
    quantile=(
        "(t table|t critical value|critical t) (for|at) {p} (and|with|,) {df} (degrees of freedom|df)",
    ),
)
CHI = continuous(
    "chi_square",
    "df={df}",
    "(a chi-square distribution|chi-square|chi-squared|chi2|the chi squared distribution) (with|,|on) {df} (degrees of freedom|df|d.f.)",
    {"df": Num(2, 15, integer=True)},
    Num(1, 6, 2),
    Num(7, 25, 2),
    0.8,
    above=("chi2 = {a} (with|on) {df} df, (p value|tail probability|p)",),
    quantile=(
        "(chi-square table|chi2 critical value|critical chi-square) (for|at) {p} (and|with|,) {df} (degrees of freedom|df)",
    ),
)
F = continuous(
    "f",
    "df_1={v}, df_2={w}",
    "(an F distribution|F|the F distribution|Fisher's F) (with|,|on) {v} and {w} (degrees of freedom|df|d.f.)",
    {"v": Num(2, 9, integer=True), "w": Num(5, 40, integer=True)},
    Num(0.3, 1.4, 2),
    Num(1.6, 6, 2),
    0.8,
    above=("F = {a} (with|on) {v} and {w} df, (p value|tail probability|p)",),
    quantile=(
        "(F table|critical F|F critical value) (for|at) {p} (with|,) {v} and {w} (df|degrees of freedom)",
    ),
)
EXPONENTIAL = continuous(
    "exponential",
    "mean={m}",
    "(an exponential distribution|exponential|exponentially distributed time|exponential waiting time) (with|,|of) (mean|average) {m}",
    {"m": Num(100, 900, 0)},
    Num(50, 300, 0),
    Num(400, 1500, 0),
    above=(
        "(calls|customers|jams|alarms) arrive on average every {m} minutes at random; chance of waiting ABOVE {a} minutes",
        "time between events is exponential with mean {m}. P(longer than {a})(?|)",
    ),
    below=("(next|time to the next) event is exponential, mean {m}; chance it comes within {b}",),
)
WEIBULL = continuous(
    "weibull",
    "shape={k}, scale={s}",
    "(a weibull distribution|weibull|weibull distributed strength) (with|,|:|) shape {k} (and|,) scale {s}",
    {"k": Num(0.8, 3.5, 1), "s": Num(200, 900, 0)},
    Num(60, 300, 0),
    Num(350, 1200, 0),
    0.8,
)
LOGNORMAL = continuous(
    "lognormal",
    "log_mean={m}, log_sd={s}",
    "(a lognormal distribution|lognormal|log-normal|lognormally distributed data) (with|,|:) (log mean|mean of the logs|mu) {m} (and|,) (log sd|sd of the logs|sigma) {s}",
    {"m": Num(1, 3, 1), "s": Num(0.2, 0.9, 1)},
    Num(1, 6, 1),
    Num(7, 30, 1),
    0.8,
)
GAMMA = continuous(
    "gamma",
    "shape={k}, scale={s}",
    "(a gamma distribution|gamma|gamma distributed demand) (with|,|:|) shape {k} (and|,) scale {s}",
    {"k": Num(1.5, 6, 1), "s": Num(1, 5, 1)},
    Num(1, 8, 1),
    Num(9, 40, 1),
    0.6,
)
BETA = continuous(
    "beta",
    "shape_1={a1}, shape_2={b1}",
    "(a beta distribution|beta|beta distributed fraction) (with|,|:|) (alpha|first shape|a) {a1} (and|,) (beta|second shape|b) {b1}",
    {"a1": Num(1, 6, 1), "b1": Num(1, 9, 1)},
    Num(0.1, 0.4, 2),
    Num(0.5, 0.9, 2),
    0.5,
)
UNIFORM = continuous(
    "uniform",
    "low={l}, high={h}",
    "(a uniform distribution|uniform|rectangular distribution|evenly distributed) (from|between|on) {l} (to|and) {h}",
    {"l": Num(0, 4, 1), "h": Num(16, 25, 1)},
    Num(5, 9, 1),
    Num(10, 15, 1),
    0.6,
)


def discrete(
    kind: str,
    arguments: str,
    named: str,
    fields: Mapping[str, Field],
    k: Num,
    weight: float = 1.0,
    stories: tuple[str, str, str] | None = None,
    at_least_from: Num | None = None,
) -> tuple[Lesson, ...]:
    """Exactly, at most, at least and between; a story is a scene that ends before the question."""
    name = f"stats.{kind}_probability"
    scene = stories or ("", "", "")
    lessons = []
    for suffix, argument, phrases, tail in (
        ("exactly", "exactly={k}", "(exactly|precisely|just) {k}", "P(X = {k})"),
        (
            "at_most",
            "at_most={k}",
            "(at most|no more than|up to|not more than|{k} or fewer, that is at most) {k}",
            "P(X <= {k})",
        ),
        (
            "at_least",
            "at_least={k}",
            "(at least|no fewer than|not less than|a minimum of) {k}",
            "P(X >= {k})",
        ),
    ):
        phrases = phrases.replace("{k} or fewer, that is at most", "a maximum of")
        asks = [
            f"ASK CHANCE of {phrases} {{what}} (for|with|under|in) {named}",
            f"{named}: CHANCE of {phrases}",
            f"{tail} (for|where X is|with|,) {named}",
            f"how (likely|probable) (is|are) {phrases} (events|successes|hits|) (with|under) {named}",
        ]
        asks += [f"{s} ASK CHANCE (of|to find|to see|of getting) {phrases}(?|)" for s in scene if s]
        asks += [f"{s} how (likely|probable) (is|are) {phrases}(?|)" for s in scene if s]
        lessons.append(
            Lesson(
                f"{name}.{suffix}",
                f"{name}({arguments}, {argument})",
                tuple(said(a.replace("{what}", "(events|successes|hits|)")) for a in asks),
                {**fields, "k": (at_least_from or k) if suffix == "at_least" else k},
                weight=weight,
            )
        )
    lessons.append(
        Lesson(
            f"{name}.between",
            f"{name}({arguments}, at_least={{k}}, at_most={{j}})",
            tuple(
                said(a)
                for a in (
                    f"ASK CHANCE of {{k}} to {{j}} (events|successes|hits|) (inclusive|) (for|with|under) {named}",
                    f"{named}: CHANCE of at least {{k}} but at most {{j}}",
                    f"P({{k}} <= X <= {{j}}) (for|with|,) {named}",
                    *(
                        f"{s} ASK CHANCE of (at least|) {{k}} (and|but|up to) (at most|no more than) {{j}}"
                        for s in scene
                        if s
                    ),
                )
            ),
            {**fields, "k": k, "j": Num(k.high + 1, k.high + 5, integer=True)},
            weight=weight * 0.5,
        )
    )
    return tuple(lessons)


RATE = Num(0.01, 0.3, 2, percent=True)
BINOMIAL = discrete(
    "binomial",
    "n={n}, chance={p}",
    "(a binomial|binomial|binomial distribution) (with|,) n (=|) {n} (and|,) p (=|) {p}",
    {"n": Num(10, 80, integer=True), "p": RATE},
    Num(0, 5, integer=True),
    1.2,
    (
        "{n} (parts|chips|bottles|invoices) are (drawn|checked|inspected) and {p} of production is (bad|defective|wrong);",
        "(each|every) (weld|seed|call|attempt) (fails|works|succeeds) with probability {p}, {n} of them independently;",
        "a lot is {p} defective and I take a sample of {n};",
    ),
)
BINOMIAL_QUANTILE = Lesson(
    "stats.binomial_quantile",
    "stats.binomial_quantile(n={n}, chance={p}, p={q})",
    templates(
        "ASK (the|) {q} (quantile|percentile) of a binomial with n {n} and p {p}",
        "(largest|highest) number of rejects to expect with {q} certainty in {n} parts when each is bad with probability {p}",
        "binomial n={n} p={p}: smallest k with P(X <= k) at least {q}",
        "how many (failures|rejects) will {q} of samples of {n} not exceed, rate {p}",
    ),
    {
        "n": Num(10, 80, integer=True),
        "p": RATE,
        "q": Num(0.9, 0.99, choices=("0.95", "95%", "0.99", "99%", "0.9", "90%")),
    },
    weight=0.6,
)
POISSON = discrete(
    "poisson",
    "mean={m}",
    "(a poisson|poisson|poisson distribution) (with|,|of) (mean|rate|lambda) (=|of|) {m}",
    {"m": Num(0.8, 9, 1)},
    Num(0, 6, integer=True),
    1.1,
    (
        "on average {m} (defects|pinholes|scratches|accidents|calls|breakdowns) per (roll|panel|month|hour|shift|sheet);",
        "we (expect|see on average) {m} (flaws|alarms|complaints|stops) a (week|unit|day), at random;",
        "(blemishes|typing errors|particles) occur at {m} per (unit|page|wafer), poisson;",
    ),
)
POISSON_QUANTILE = Lesson(
    "stats.poisson_quantile",
    "stats.poisson_quantile(mean={m}, p={q})",
    templates(
        "ASK (the|) {q} (quantile|percentile) of a poisson with mean {m}",
        "poisson lambda {m}: smallest k with P(X <= k) at least {q}",
        "(demand|defects) average {m} per day; what number is not exceeded on {q} of days (poisson|)",
        "spares to stock so that {q} of months are covered when {m} are used a month on average",
    ),
    {
        "m": Num(0.8, 12, 1),
        "q": Num(0.9, 0.99, choices=("0.95", "95%", "0.99", "99%", "0.9", "90%")),
    },
    weight=0.6,
)
HYPERGEOMETRIC = discrete(
    "hypergeometric",
    "lot={lot}, defectives={d}, n={n}",
    "(a hypergeometric|hypergeometric|hypergeometric distribution) (with|,) lot size {lot}, {d} defectives (in the lot|), sample {n}",
    {
        "lot": Num(40, 300, integer=True),
        "d": Num(8, 14, integer=True),
        "n": Num(8, 25, integer=True),
    },
    Num(0, 3, integer=True),
    0.8,
    (
        "a (box|lot|shipment|crate) of {lot} holds {d} bad ones and {n} are drawn without replacement;",
        "{d} of {lot} (fuses|modules|vials) are faulty, {n} are picked at random without putting back;",
        "",
    ),
)
GEOMETRIC = discrete(
    "geometric",
    "chance={p}",
    "(a geometric|geometric|geometric distribution) (with|,) p (=|) {p}",
    {"p": Num(0.05, 0.5, 2, percent=True)},
    Num(1, 8, integer=True),
    0.6,
    (
        "(each|every) try succeeds with probability {p}; number of tries until the first success:",
        "trials until the first (hit|event|failure), {p} each time;",
        "",
    ),
)
NEGATIVE = discrete(
    "negative_binomial",
    "events={r}, chance={p}",
    "(a negative binomial|negative binomial|negative binomial distribution) (with|,) r (=|) {r} (and|,) p (=|) {p}",
    {"r": Num(2, 8, integer=True), "p": Num(0.1, 0.7, 2, percent=True)},
    Num(0, 8, integer=True),
    0.5,
    (
        "failures before success number {r} when each trial succeeds with {p};",
        "we go on until {r} good ones, each good with probability {p}; number of bad ones before that:",
        "",
    ),
)
NO_BOUND = Lesson(
    "stats.normal_quantile.tails",
    "stats.normal_quantile(mean={m}, sd={s}, p={p})",
    templates(
        "(where|at what value) should (I|we) set the limit so that {p} of a normal process with mean {m} and sd {s} stays below it",
        "upper limit that {p} of parts respect, average {m}, sigma {s}, bell shaped",
        "mean {m}, sd {s}, find the {p} point of the normal",
    ),
    {
        "m": Num(20, 80, 1),
        "s": Num(1, 6, 1),
        "p": Num(0.9, 0.999, choices=("99%", "95%", "0.99", "99.9%", "0.95", "97.5%")),
    },
)
OUTSIDE = Lesson(
    "stats.normal_probability.outside",
    "stats.normal_probability(mean={m}, sd={s}, above={a}, below={b})",
    templates(
        "SHARE (is|lies|falls) outside {a} and {b} (when|if) the mean is {m} and (sigma|sd) {s} (and it is normal|, normal)",
        "normal with mean {m}, sd {s}: (reject rate|fraction) outside the limits {a} and {b}",
        "CHANCE to miss the window from {a} to {b} for a gaussian, mean {m}, sd {s}",
    ),
    {"m": Num(48, 52, 1), "s": Num(2, 5, 1), "a": Num(40, 46, 1), "b": Num(54, 60, 1)},
    weight=0.8,
)

LESSONS: tuple[Lesson, ...] = (
    *NORMAL,
    *STANDARD,
    NO_BOUND,
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
    *BINOMIAL,
    BINOMIAL_QUANTILE,
    *POISSON,
    POISSON_QUANTILE,
    *HYPERGEOMETRIC,
    *GEOMETRIC,
    *NEGATIVE,
)
