"""Asking for probabilities and quantiles of counts: binomial, Poisson, hypergeometric, geometric, negative binomial."""

from __future__ import annotations

from collections.abc import Mapping

from havoc.curriculum.lesson import Field, Lesson, Num
from havoc.curriculum.lessons.stats_distributions import said, templates

# What is counted, in the words of its bound; the figure {k} stands in each.
_BOUNDS: Mapping[str, tuple[str, str, str]] = {
    "exactly": (
        "exactly={k}",
        "(exactly {k}|precisely {k}|just {k}|{k} on the dot|a count of {k}|X = {k}, no more and no fewer)",
        "P(X = {k})",
    ),
    "at_most": (
        "at_most={k}",
        "(at most {k}|no more than {k}|up to {k}|not more than {k}|a maximum of {k}|{k} or fewer|{k} or less|not exceeding {k})",
        "P(X (<=|≤) {k})",
    ),
    "at_least": (
        "at_least={k}",
        "(at least {k}|no fewer than {k}|not less than {k}|a minimum of {k}|{k} or more|{k} and up|{k} or above)",
        "P(X (>=|≥) {k})",
    ),
    "above": (
        "above={k}",
        "(more than {k}|over {k}|above {k}|exceeding {k}|strictly more than {k}|greater than {k}|in excess of {k})",
        "P(X > {k})",
    ),
    "below": (
        "below={k}",
        "(fewer than {k}|less than {k}|under {k}|below {k}|strictly fewer than {k})",
        "P(X < {k})",
    ),
}
# Words that say the bound without its usual phrase, software's calls and tables among them.
_MORE: Mapping[str, tuple[str, ...]] = {
    "exactly": (
        "KIND GIVEN(,|;|:) (pmf|probability mass|density|point probability) at (k =|x =|) {k}",
        "KIND, (cumulative = FALSE|not cumulative|single value)(,|;) GIVEN(,|;) (x|k) = {k}",
    ),
    "at_most": (
        "KIND GIVEN(,|;|:) (cdf|cumulative probability|cumulative|lower tail) at (k =|x =|) {k}",
        "KIND, (cumulative = TRUE|cumulative table)(,|;) GIVEN(,|;) (x|k|c) = {k}",
    ),
    "at_least": (
        "KIND GIVEN(,|;|:) (upper tail|right tail) from (k =|x =|) {k} (on|upwards), {k} (itself included|counts too|inclusive)",
        "(is it|would it be) (luck|unusual|surprising) to see {k} or more(?|:|;) KIND GIVEN",
    ),
    "above": (
        "KIND GIVEN(,|;|:) (survival function|sf|upper tail|right tail) (beyond|past|above) (k =|x =|) {k}, {k} (itself excluded|not counted|excluded)",
        "one minus (the cdf|F|the cumulative probability) at {k}, KIND, GIVEN",
    ),
    "below": (
        "KIND GIVEN(,|;|:) (lower tail|left tail) below (k =|x =|) {k}, {k} (itself excluded|not counted|excluded)",
        "KIND GIVEN(,|;|:) strictly (fewer|less) than {k}",
    ),
}


def discrete(
    kind: str,
    arguments: str,
    named: str,
    law: str,
    given: str,
    fields: Mapping[str, Field],
    k: Num,
    weight: float = 1.0,
    stories: tuple[str, ...] = (),
    at_least_from: Num | None = None,
    calls: Mapping[str, tuple[str, ...]] | None = None,
    seen: str = "(events|successes|hits|)",
) -> tuple[Lesson, ...]:
    """Exactly, at most, at least and between; a story is a scene that ends before the question.

    ``calls``: whole templates per bound (software's calls, plain questions); ``seen``: what is counted.
    """
    name = f"stats.{kind}_probability"
    own = {
        "NAMED": named, "LAW": law, "GIVEN": given, "KIND": kind.replace("_", "(-| |)"), "SEEN": seen,
    }  # fmt: skip
    calls = calls or {}
    lessons = []
    bounds = {"below": Num(max(1, k.low), k.high, integer=True)}
    if at_least_from:
        bounds["at_least"] = at_least_from
    for suffix, (argument, phrases, tail) in _BOUNDS.items():
        asks = [
            f"ASK CHANCE of {phrases} SEEN (for|with|under|in) NAMED",
            f"NAMED: CHANCE of {phrases} SEENANDALSO",
            f"{tail} (for|where X is|with|,) NAMED",
            f"how (likely|probable) (is|are) {phrases} SEEN (with|under) NAMED",
            f"X ~ LAW(,|;|:) (find|compute|want|) {tail}( = ?|)",
            f"let X (have|follow|be) NAMED. (Find|Determine|Evaluate) {tail}ANDALSO",
            *_MORE[suffix],
            *(f"{s} ASK CHANCE (of|to find|to see|of getting) {phrases} SEEN(?|)" for s in stories),
            *(f"{s} how (likely|probable|often) (is|are) {phrases}(?|)" for s in stories),
            *calls.get(suffix, ()),
        ]
        lessons.append(
            Lesson(
                f"{name}.{suffix}",
                f"{name}({arguments}, {argument})",
                templates(*asks, **own),
                {**fields, "k": bounds.get(suffix, k)},
                weight=weight,
            )
        )
    both = (
        "ASK CHANCE of {k} to {j} SEEN (inclusive|) (for|with|under) NAMED",
        "NAMED: CHANCE of at least {k} but at most {j}",
        "P({k} <= X <= {j}) (for|with|,) NAMED",
        "X ~ LAW(,|;|:) P({k} (<=|≤) X (<=|≤) {j})",
        "KIND GIVEN(,|;|:) (probability|share|mass) (from|between) {k} (to|and) {j} (inclusive|both included|ends included)",
        "no fewer than {k} and no more than {j} SEEN, NAMED(:|;|,) (how likely|what chance|probability)",
        "let X (have|follow|be) NAMED. (Find|Determine) the probability that X is at least {k} and at most {j}",
        *(f"{s} ASK CHANCE of (at least|) {{k}} (and|but|up to) (at most|no more than) {{j}}" for s in stories),
    )  # fmt: skip
    lessons.append(
        Lesson(
            f"{name}.between",
            f"{name}({arguments}, at_least={{k}}, at_most={{j}})",
            templates(*both, **own),
            {**fields, "k": k, "j": Num(k.high + 1, k.high + 5, integer=True)},
            weight=weight * 0.5,
        )
    )
    return tuple(lessons)


NONE = "(no|not a single|not one|zero|not any)"
SOME = "(at least one|one or more|any|some)"


def none_and_some(
    kind: str, arguments: str, fields: Mapping[str, Field], scenes: tuple[str, ...], bad: str
) -> tuple[Lesson, ...]:
    """None at all and at least one, where no figure is written; a scene says all but the question."""
    name = f"stats.{kind}_probability"
    none = (
        f"ASK CHANCE (of|to find|to see) {NONE} {bad}(?|)",
        f"how (likely|probable|often) is it that there (is|are) {NONE} {bad}(?|)",
        f"(will|does) it (usually|often|mostly) (go|happen) without {bad}? give the probability of none",
        "(probability|chance) that all (is|are|goes) (well|fine|clean|good)(?|)",
        "P(X = zero)(?| please)",
    )
    some = (
        f"ASK CHANCE (of|to find|to see|of catching) {SOME} {bad}(?|)",
        f"how (likely|probable|often) is it that (there is|we find|I see) {SOME} {bad}(?|)",
        f"(probability|chance) (that|of) not all (is|are|being) (well|fine|clean|good), that is {SOME} {bad}",
        f"(shall|will|would) we (notice|catch|see) it, i.e. P({SOME} {bad})(?|)",
    )
    return (
        Lesson(
            f"{name}.none",
            f"{name}({arguments}, exactly=0)",
            tuple(said(f"{s} {a}") for s in scenes for a in none),
            fields,
            weight=0.7,
        ),
        Lesson(
            f"{name}.some",
            f"{name}({arguments}, at_least=1)",
            tuple(said(f"{s} {a}") for s in scenes for a in some),
            fields,
            weight=0.7,
        ),
    )


CERTAINTY = Num(0.9, 0.99, choices=("0.95", "95%", "0.99", "99%", "0.9", "90%", ".95", "0.999", "99.9%"))  # fmt: skip
RATE = Num(0.01, 0.3, 2, percent=True)
TRIALS = Num(10, 80, integer=True)
BAD = "(defective|bad one|reject|nonconforming item|failure|faulty part|dud|defect)"
BINOMIAL = discrete(
    "binomial",
    "n={n}, chance={p}",
    "((a binomial|binomial|binomial distribution|a Binomial variable) (with|,) (n|trials|sample size) (=|) {n} (and|,|;) (p|probability|event probability|π) (=|) {p}|(a binomial|binomial) (with|,) p (=|) {p} (and|,|;) n (=|) {n}|{n} Bernoulli trials with p = {p})",
    "(Bin({n}, {p})|B({n}, {p})|B(n = {n}, p = {p})|Binomial({n}; {p})|Binom(n={n}, π={p}))",
    "((n|trials) (=|:|) {n}(,|;| and) (p|event probability|success probability) (=|:|) {p}|p = {p}(,|;) n = {n})",
    {"n": TRIALS, "p": RATE},
    Num(0, 5, integer=True),
    1.2,
    (
        "{n} (parts|chips|bottles|invoices) are (drawn|checked|inspected) and {p} of production is (bad|defective|wrong);",
        "(each|every) (weld|seed|call|attempt) (fails|works|succeeds) with probability {p}, {n} of them independently;",
        "a lot is {p} defective and I take a sample of {n};",
        "the (line|supplier|machine|oven) makes {p} (scrap|rejects|seconds); from a (big|running) production we pick {n};",
        "{p} of patients (react|relapse|respond), {n} are (treated|enrolled), independently of each other.",
        "we send {n} (letters|offers|surveys), (each|every one) is answered with a chance of {p}.",
        "n = {n} (devices|sensors|valves) (run|are switched on), each has a {p} chance to (fail|trip|leak).",
    ),
    calls={
        "exactly": (
            "dbinom({k}, size = {n}, prob = {p})",
            "BINOM.DIST with number_s {k}, trials {n}, probability {p}, cumulative FALSE",
            "{k} (rejects|hits|bad ones) in {n}, (rate|each with chance) {p}(,|:|;) (how likely is that very count|probability of that exact number)",
        ),
        "at_most": (
            "pbinom({k}, size = {n}, prob = {p})",
            "(acceptance|acceptance probability): sample {n}, the lot has {p} defective, we accept with at most {k} (rejects|bad ones)(,|;|:) binomial probability please",
            "BINOM.DIST with number_s {k}, trials {n}, probability {p}, cumulative TRUE",
        ),
        "at_least": (
            "{k} or more (rejects|hits|bad ones) in {n}, (rate|each with chance) {p}(,|:|;) (how likely|probability|is that luck)",
            "the machine should run at {p} (scrap|rejects), today {n} (parts|pieces) had {k} bad ones. How (likely|probable) are {k} or more by chance",
        ),
    },
)
BINOMIAL_EDGES = none_and_some(
    "binomial",
    "n={n}, chance={p}",
    {"n": TRIALS, "p": RATE},
    (
        "we (check|inspect|sample) {n} parts from a process with {p} rejects.",
        "binomial, n = {n}, p = {p}(:|;|.)",
        "(each|every) (pump|weld|pixel|trial) fails with probability {p}(,|;) there are {n} of them, independent.",
        "the scrap rate is {p}. If I take {n} pieces,",
    ),
    BAD,
)
BINOMIAL_QUANTILE = Lesson(
    "stats.binomial_quantile",
    "stats.binomial_quantile(n={n}, chance={p}, p={q})",
    templates(
        "ASK (the|) {q} (quantile|percentile) of a binomial with n {n} and p {p}",
        "(largest|highest) number of rejects to expect with {q} certainty in {n} parts when each is bad with probability {p}",
        "binomial n={n} p={p}: smallest k with P(X <= k) at least {q}",
        "how many (failures|rejects) will {q} of samples of {n} not exceed, rate {p}",
        "qbinom({q}, size = {n}, prob = {p})",
        "(inverse cumulative|inverse cdf|ppf) binomial at {q}(,|;|:) trials {n}, event probability {p}",
        "BINOM.INV with trials {n}, probability_s {p}, alpha {q}",
        "X ~ Bin({n}, {p})(,|;|:) which k is not exceeded with probability {q}",
        "each of {n} guests (cancels|does not come) with probability {p}; how many cancellations cover {q} of evenings",
        "(alarm limit|upper limit) for the number of bad ones in samples of {n}, rate {p}, so that {q} of the samples stay at or below it (binomial|)",
        "{n} (machines|pumps), each down with probability {p}: how many spare ones cover {q} of the days",
    ),
    {"n": TRIALS, "p": RATE, "q": CERTAINTY},
    weight=0.6,
)
MEAN_COUNT = Num(0.8, 9, 1)
COUNTED = "(defects|pinholes|scratches|accidents|calls|breakdowns|stops|complaints|blemishes|typos|colonies|particles)"
POISSON = discrete(
    "poisson",
    "mean={m}",
    "(a poisson|poisson|poisson distribution|a Poisson variable|a Poisson process) (with|,|of) (a|) (mean|rate|lambda|average|expectation|λ|mu) (=|of|) {m}",
    "(Poi({m})|Poisson({m})|Po({m})|Pois(λ = {m})|Poisson(mean {m}))",
    "((lambda|λ|mean|mu|average) (=|:|) {m})",
    {"m": MEAN_COUNT},
    Num(0, 6, integer=True),
    1.1,
    (
        "on average {m} (defects|pinholes|scratches|accidents|calls|breakdowns) per (roll|panel|month|hour|shift|sheet);",
        "we (expect|see on average) {m} (flaws|alarms|complaints|stops) a (week|unit|day), at random;",
        "(blemishes|typing errors|particles) occur at {m} per (unit|page|wafer), poisson;",
        "the (desk|hotline|emergency room|gate) gets {m} (calls|patients|trucks) (an hour|a shift) on average.",
        "{m} (bugs|weeds|bubbles|knots|colonies) per (module|plot|pane|board|dish) is the long-run average.",
        "DPU = {m}, counts are Poisson.",
        "(usually|normally) we have {m} (incidents|near misses|failures) per (quarter|year|month).",
    ),
    calls={
        "exactly": (
            "dpois({k}, (lambda =|) {m})",
            "POISSON.DIST({k}, {m}, FALSE)",
            f"{{k}} {COUNTED} when {{m}} are expected(,|:|;) (probability|how likely is this very number)",
        ),
        "at_most": (
            "ppois({k}, (lambda =|) {m})",
            "POISSON.DIST({k}, {m}, TRUE)",
            f"we hope for {{k}} {COUNTED} or fewer, the average is {{m}}; what are our chances",
        ),
        "at_least": (
            f"(is it|would it be) (luck|chance|bad luck|unusual) to get {{k}} or more {COUNTED} when {{m}} is the (average|norm)? (give the|) Poisson probability",
            f"today we had {{k}} {COUNTED}, the average is {{m}} a day; how (likely|probable) is it to have {{k}} or more",
        ),
    },
    seen="(events|defects|occurrences|)",
)
POISSON_EDGES = none_and_some(
    "poisson",
    "mean={m}",
    {"m": MEAN_COUNT},
    (
        f"on average there are {{m}} {COUNTED} per (roll|panel|month|hour|shift|sheet).",
        "Poisson, (lambda|λ|mean) = {m}(:|;|.)",
        "DPU is {m}, flaws fall at random.",
        f"we (usually|normally) count {{m}} {COUNTED} (a day|a week|on each board).",
    ),
    "(defect|event|flaw|occurrence|incident)",
)
POISSON_QUANTILE = Lesson(
    "stats.poisson_quantile",
    "stats.poisson_quantile(mean={m}, p={q})",
    templates(
        "ASK (the|) {q} (quantile|percentile) of a poisson with (mean|lambda|rate) {m}",
        "poisson lambda {m}: smallest k with P(X <= k) at least {q}",
        "(demand|defects) average {m} per day; what number is not exceeded on {q} of days (poisson|)",
        "spares to stock so that {q} of months are covered when {m} are used a month on average",
        "qpois({q}, (lambda =|) {m})",
        "(inverse cumulative|inverse cdf|ppf) Poisson at {q}(,|;|:) (mean|lambda) {m}",
        "X ~ Poi({m})(,|;|:) which k is not exceeded with probability {q}",
        "{m} (patients|calls|trucks) come an hour on average, at random. How many (beds|agents|docks) do we need to cope in {q} of the hours",
        "service level {q}, Poisson demand with mean {m}: what stock (do I|must we) keep",
        "(alarm limit|upper limit) for a count that averages {m} so that {q} of the (days|units) stay at or below it, Poisson",
        "how many breakdowns (a month|a week) should (I|we) plan for to be right {q} of the time, average {m}, random",
    ),
    {"m": Num(0.8, 12, 1), "q": CERTAINTY},
    weight=0.6,
)
LOT = {
    "lot": Num(40, 300, integer=True),
    "d": Num(8, 14, integer=True),
    "n": Num(8, 25, integer=True),
}
HYPERGEOMETRIC = discrete(
    "hypergeometric",
    "lot={lot}, defectives={d}, n={n}",
    "(a hypergeometric|hypergeometric|hypergeometric distribution) (with|,) ((lot size|population size|N =|population) {lot}, {d} (defectives|successes|marked items) (in the lot|in it|), (sample|sample size|n =|draws) {n}|(sample|sample size|n =) {n} from (a lot of|N =) {lot} with {d} (defectives|successes|marked))",
    "(Hyp(N = {lot}, K = {d}, n = {n})|H(lot {lot}; bad {d}; sample {n})|Hypergeometric(N={lot}; D={d}; n={n}))",
    "((N|lot|population) (=|:|) {lot}(,|;) (D|K|M|defectives|successes in it) (=|:|) {d}(,|;) (n|sample|draws) (=|:|) {n})",
    LOT,
    Num(0, 3, integer=True),
    0.8,
    (
        "a (box|lot|shipment|crate) of {lot} holds {d} bad ones and {n} are drawn without replacement;",
        "{d} of {lot} (fuses|modules|vials) are faulty, {n} are picked at random without putting back;",
        "the lot has {lot} pieces, {d} of them nonconforming; the inspector takes {n} of them.",
        "we open {n} of {lot} (cartons|drums|pallets); {d} (are|got) (wet|damaged|mislabelled).",
        "a (drawer|tray|bin) with {lot} (resistors|seeds|bearings), {d} wrong ones among them. I grab {n} at once.",
    ),
    seen="(bad ones|defectives|of them|)",
)  # fmt: skip
HYPERGEOMETRIC_EDGES = none_and_some(
    "hypergeometric",
    "lot={lot}, defectives={d}, n={n}",
    LOT,
    (
        "a lot of {lot} contains {d} defectives(,|;) we draw {n} without replacement.",
        "{d} out of {lot} (vials|fuses|cartons) are bad, the inspector opens {n} of them.",
        "hypergeometric, N = {lot}, D = {d}, n = {n}(:|;|.)",
    ),
    "(defective|bad one|faulty piece)",
)
GEOMETRIC = discrete(
    "geometric",
    "chance={p}",
    "(a geometric|geometric|geometric distribution|a geometric variable counting trials) (with|,) (p|success probability|chance) (=|of|) {p}",
    "(Geo({p})|Geometric({p})|G(p = {p})|Geom(p={p}))",
    "((p|chance per trial|success probability) (=|:|) {p})",
    {"p": Num(0.05, 0.5, 2, percent=True)},
    Num(1, 8, integer=True),
    0.6,
    (
        "(each|every) try succeeds with probability {p}; number of tries until the first success:",
        "trials until the first (hit|event|failure), {p} each time;",
        "{p} of the (boards|calls|castings) are bad, I look at one after the other until the first bad one. Pieces looked at:",
        "we (retry|repeat|shoot) until it works, it works with chance {p} each time. Attempts needed, the last one counted:",
    ),
    seen="(trials|tries|)",
)
NEGATIVE = discrete(
    "negative_binomial",
    "events={r}, chance={p}",
    "(a negative binomial|negative binomial|negative binomial distribution|a Pascal distribution of failures) (with|,) (r|size|successes) (=|) {r} (and|,|;) (p|prob|success probability) (=|) {p}",
    "(NB({r}, {p})|NegBin(r = {r}, p = {p})|NB(size {r}; prob {p}))",
    "((r|size) (=|:|) {r}(,|;| and) (p|prob) (=|:|) {p})",
    {"r": Num(2, 8, integer=True), "p": Num(0.1, 0.7, 2, percent=True)},
    Num(0, 8, integer=True),
    0.5,
    (
        "failures before success number {r} when each trial succeeds with {p};",
        "we go on until {r} good ones, each good with probability {p}; number of bad ones before that:",
        "drilling until {r} wells (hit|strike), chance {p} each; dry holes on the way:",
        "the inspector stops at {r} good pieces, each is good with {p}. Bad pieces met before:",
    ),
    seen="(failures|bad ones|)",
)
HYPERGEOMETRIC_QUANTILE = Lesson(
    "stats.hypergeometric_quantile",
    "stats.hypergeometric_quantile(lot={lot}, defectives={d}, n={n}, p={q})",
    templates(
        "ASK (the|) {q} (quantile|percentile) of a hypergeometric with (lot|N =) {lot}, {d} (defectives|bad ones) and sample {n}",
        "hypergeometric N={lot} D={d} n={n}: smallest (k|count) with (P(X <= k)|cumulative probability) at least {q}",
        "qhyper with {d} bad in {lot}, {n} drawn, probability {q}",
        "a lot of {lot} holds {d} bad ones, we draw {n} without replacement: which number of bad ones is not exceeded with probability {q}",
        "{d} of {lot} (cartons|fuses|vials) are faulty, the inspector opens {n}; how many faulty ones (at most|) will he find in {q} of the cases",
        "(alarm limit|upper limit) for the bad ones in a sample of {n} out of {lot} with {d} bad, so that {q} of samples stay at or below it",
        "(inverse cumulative|inverse cdf|ppf) hypergeometric at {q}(,|;|:) population {lot}, {d} successes in it, sample {n}",
    ),
    {**LOT, "q": CERTAINTY},
    weight=0.4,
)
GEOMETRIC_QUANTILE = Lesson(
    "stats.geometric_quantile",
    "stats.geometric_quantile(chance={p}, p={q})",
    templates(
        "ASK (the|) {q} (quantile|percentile) of a geometric (distribution|) with (p|success probability) {p}",
        "geometric p={p}: smallest (k|number of trials) with P(X <= k) at least {q}",
        "(each|every) (try|attempt|trial|call) succeeds with probability {p}; how many (tries|attempts) to be {q} sure of (a|the first|at least one) success",
        "(by|until) which trial will the first (success|hit|failure) have come with {q} (certainty|probability) if (each has a chance of|p =) {p}",
        "p = {p} (each time|per trial). number of trials needed so that the first event has happened with probability {q}",
        "{p} of the (castings|boards) are bad; how many must I (look at|open|test) to meet the first bad one with {q} (certainty|probability)",
        "(inverse cumulative|inverse cdf|ppf) geometric at {q}, (event|success) probability {p}",
        "how often must I (roll|draw|knock|spin) to have it once with {q} (certainty|confidence), chance {p} a time",
        "Geo({p}), {q} percentile of the number of (trials|tries)",
    ),
    {"p": Num(0.02, 0.5, 2, percent=True), "q": CERTAINTY},
    weight=0.5,
)
NEGATIVE_QUANTILE = Lesson(
    "stats.negative_binomial_quantile",
    "stats.negative_binomial_quantile(events={r}, chance={p}, p={q})",
    templates(
        "ASK (the|) {q} (quantile|percentile) of a negative binomial with r {r} and p {p}",
        "negative binomial r={r} p={p}: smallest (k|number of failures) with P(X <= k) at least {q}",
        "qnbinom({q}, size = {r}, prob = {p})",
        "how many failures before success number {r} will {q} of the runs not exceed, each trial succeeds with {p}",
        "we need {r} good ones, each is good with probability {p}; how many bad ones should we (plan|allow) for to be {q} sure",
        "(inverse cumulative|inverse cdf|ppf) negative binomial at {q}, size {r}, prob {p}",
        "drilling until {r} wells (hit|strike), chance {p} each: dry holes not exceeded with probability {q}",
    ),
    {"r": Num(2, 8, integer=True), "p": Num(0.1, 0.7, 2, percent=True), "q": CERTAINTY},
    weight=0.4,
)

LESSONS: tuple[Lesson, ...] = (
    HYPERGEOMETRIC_QUANTILE,
    GEOMETRIC_QUANTILE,
    NEGATIVE_QUANTILE,
    *BINOMIAL,
    *BINOMIAL_EDGES,
    BINOMIAL_QUANTILE,
    *POISSON,
    *POISSON_EDGES,
    POISSON_QUANTILE,
    *HYPERGEOMETRIC,
    *HYPERGEOMETRIC_EDGES,
    *GEOMETRIC,
    *NEGATIVE,
)
