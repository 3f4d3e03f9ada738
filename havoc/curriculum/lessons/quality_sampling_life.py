"""Asking for acceptance sampling plans, MTBF limits and life figures."""

from __future__ import annotations

from havoc.curriculum.lesson import Lesson, Num, Option

AQL = Num(0.2, 2.5, choices=("0.4%", "0.65%", "1%", "1.5%", "2.5%", "0.01", "0.015", "1.0%", "2%"))
LTPD = Num(5, 15, choices=("5%", "6%", "8%", "10%", "12%", "0.08", "0.1", "7%", "9%"))
ALPHA = Option(
    "alpha={a}",
    (
        "(producer's risk|producers risk|producer risk|alpha) (of|=|) {a}",
        "(accept|pass) good lots all but {a} of the time",
    ),
    {"a": Num(0.01, 0.1, choices=("5%", "0.05", "1%", "0.1", "0.01"))},
    0.3,
)
BETA = Option(
    "beta={b}",
    (
        "(consumer's risk|consumers risk|consumer risk|beta) (of|=|) {b}",
        "(accept|pass) bad lots (at most|only) {b} of the time",
    ),
    {"b": Num(0.05, 0.1, choices=("10%", "0.1", "5%", "0.05"))},
    0.3,
)
POISSON = Option(
    "distribution=poisson", ("(with|use) (the|a) poisson (distribution|approximation|)",), {}, 0.08
)
BINOMIAL = Option(
    "distribution=binomial", ("binomial(ly|)", "(with|use) the binomial (distribution|)"), {}, 0.08
)

PLANS = (
    Lesson(
        "quality_sampling_plan",
        "quality.sampling_plan(aql={aql}, ltpd={ltpd}, {options})",
        (
            "(single|attribute|attributes|) sampling plan (with|for) (an|) AQL (of|=|) {aql} and (an|) (LTPD|RQL|LQ) (of|=|) {ltpd}",
            "AQL {aql}, LTPD {ltpd}, n and c",
            "how many (parts|pieces) (must|should) we (inspect|pull) and how many bad ones may we accept: AQL {aql}, (LTPD|RQL) {ltpd}",
            "(acceptance sampling|incoming inspection|goods-in): accept lots at {aql} defective, reject lots at {ltpd}; (sample size and acceptance number|n, c)",
            "find n and c: producer quality {aql}, consumer quality {ltpd}",
            "smallest single plan that passes {aql} lots and stops {ltpd} lots",
            "lot acceptance plan; good is {aql} nonconforming, unacceptable is {ltpd}",
            "(sample size|n) and acceptance number (c|) for acceptable quality level {aql} and rejectable quality level {ltpd}",
        ),
        {"aql": AQL, "ltpd": LTPD},
        (ALPHA, BETA, POISSON, BINOMIAL),
    ),
    Lesson(
        "quality_sampling_plan_lot",
        "quality.sampling_plan(aql={aql}, ltpd={ltpd}, distribution=hypergeometric, lot={lot}, {options})",
        (
            "lots of {lot} (pieces|parts|units), AQL {aql}, LTPD {ltpd}, exact (hypergeometric|finite lot) single plan",
            "(hypergeometric|finite-lot) sampling plan for a lot size of {lot}: AQL {aql} and RQL {ltpd}",
            "single plan, N = {lot} hypergeometric, AQL = {aql}, LTPD = {ltpd}",
        ),
        {"aql": AQL, "ltpd": LTPD, "lot": Num(300, 3000, integer=True)},
        (ALPHA, BETA),
        weight=0.5,
    ),
    Lesson(
        "quality_sampling_plan_no_ltpd",
        "quality.sampling_plan(aql={aql}, ltpd=<ask>)",
        (
            "sampling plan for (an|) AQL (of|) {aql}",
            "how many should I sample for AQL {aql}",
        ),
        {"aql": AQL},
        weight=0.3,
    ),
)

PLAN = {"n": Num(30, 200, integer=True), "c": Num(1, 6, integer=True)}
OC = (
    Lesson(
        "quality_oc_curve",
        "quality.oc_curve(n={n}, c={c}, {options})",
        (
            "(OC curve|operating characteristic|OC-curve|operating characteristic curve) (of|for) (the|a) plan n={n}, c={c}",
            "@plot the OC curve, sample {n}, acceptance number {c}",
            "n = {n}, c = {c}: probability of acceptance (against|versus|over) lot quality",
            "how well does a plan of {n} with acceptance number {c} (discriminate|protect us)",
            "we (inspect|sample) {n} and accept up to {c} bad; what are the chances a bad lot gets through",
        ),
        PLAN,
        (
            POISSON,
            Option(
                "lot={lot}",
                (
                    "(lot|batch) (size|of) {lot}",
                    "(and the|also) AOQL and ATI for lots of {lot}",
                    "N = {lot}",
                ),
                {"lot": Num(1000, 20000, integer=True)},
                0.3,
            ),
        ),
    ),
    Lesson(
        "quality_oc_curve_at",
        "quality.oc_curve(n={n}, c={c}, p={p}, {options})",
        (
            "(probability|chance) (that|of) (a lot is accepted|acceptance) at {p} (defective|nonconforming) with n={n}, c={c}",
            "Pa at p = {p} for n = {n}, c = {c}",
            "if {p} of the lot is bad, how (likely|often) do we accept it with {n} sampled and {c} allowed",
        ),
        {**PLAN, "p": Num(0.5, 9, choices=("1%", "2%", "3%", "5%", "0.02", "0.04", "8%"))},
        (POISSON,),
        weight=0.7,
    ),
    Lesson(
        "quality_oc_curve_two",
        "quality.oc_curve(n={n}, c={c}, p=[{p}, {q}])",
        (
            "acceptance probability of the plan (n={n}, c={c}) at {p} and at {q} defective",
            "Pa for lots with {p} and {q} bad, n={n} c={c}",
        ),
        {
            **PLAN,
            "p": Num(0.5, 2, choices=("0.5%", "1%", "1.5%", "0.01")),
            "q": Num(5, 9, choices=("5%", "6%", "8%", "0.07")),
        },
        weight=0.4,
    ),
)

HOURS = "(hours|unit-hours|device hours|machine hours|h|operating hours)"
ASK_MTBF = "(MTBF|mean time between failures|MTTF)"
MTBF_OPTIONS = (
    Option(
        "confidence={conf}",
        ("(at|with) {conf} (confidence|)", "{conf} (confidence|one-sided|CI|bound)"),
        {"conf": Num(0.8, 0.95, choices=("90%", "95%", "80%", "60%", "0.9", "0.95"))},
        0.5,
    ),
    Option(
        "terminated=failure",
        (
            "failure(-| )(terminated|truncated)",
            "(stopped|ended) at the last failure",
            "type II censored test",
        ),
        {},
        0.15,
    ),
    Option(
        "terminated=time",
        ("time(-| )(terminated|truncated)", "(stopped|ended) at a (set|fixed|planned) time"),
        {},
        0.15,
    ),
    Option(
        "side=lower",
        (
            "(lower|one-sided lower) (limit|bound|confidence limit) (only|)",
            "(one sided|one-sided) lower",
        ),
        {},
        0.25,
    ),
    Option(
        "mission={m}",
        ("(reliability|survival) (for|over|at) a mission of {m} (h|hours|)", "and R at {m} hours"),
        {"m": Num(50, 900, integer=True)},
        0.12,
    ),
)
MTBF = (
    Lesson(
        "quality_mtbf",
        "quality.mtbf(failures={r}, time={T}, {options})",
        (
            ASK_MTBF
            + " (limit|bound|confidence interval|with confidence limits) (from|for|with) {r} failures in {T} "
            + HOURS,
            "{r} failures (in|over|during) {T} "
            + HOURS
            + ", (chi-square|chi square|) (limit|bound|interval) (on|for) the "
            + ASK_MTBF,
            "{T} "
            + HOURS
            + " on test, {r} (broke|failures|failed); "
            + ASK_MTBF
            + " and its (limits|lower bound)",
            "(demonstrated|proven) " + ASK_MTBF + " after {T} " + HOURS + " with {r} failures",
            "failure rate with confidence limits, {r} events in {T} " + HOURS,
            "fleet ran {T} "
            + HOURS
            + " and had {r} breakdowns, what "
            + ASK_MTBF
            + " can we claim",
        ),
        {"r": Num(1, 15, integer=True), "T": Num(2000, 60000, integer=True)},
        MTBF_OPTIONS,
    ),
    Lesson(
        "quality_mtbf_zero",
        "quality.mtbf(failures=0, time={T}, side=lower, {options})",
        (
            "(no|zero|without any|not a single) failure(s|) in {T} "
            + HOURS
            + ": what "
            + ASK_MTBF
            + " (can we claim|is demonstrated|lower bound)",
            ASK_MTBF + " lower limit, zero failures, {T} " + HOURS,
        ),
        {"T": Num(2000, 60000, integer=True)},
        MTBF_OPTIONS[:1],
        weight=0.5,
    ),
)

SHAPE = Num(0.7, 4, 2)
SCALE = Num(200, 9000, integer=True)
LIFE = (
    Lesson(
        "quality_weibull_life",
        "quality.weibull_life(shape={b}, scale={eta}, {options})",
        (
            "weibull with (shape|beta|slope) {b} and (scale|eta|characteristic life) {eta}: (B10|mean life|MTTF|B10 and mean life)",
            "(beta|shape) = {b}, (eta|scale|characteristic life) = {eta} (h|hours|cycles|), weibull, (B-life|B10 life|median life|mean @lifetime)",
            "weibull, beta {b}, eta {eta}: when have 10 percent failed, mean life",
            "@lifetime follows a weibull, beta {b}, eta {eta} (km|cycles|h|); (B10|median|MTTF|expected life)",
        ),
        {"b": SHAPE, "eta": SCALE},
        (
            Option("b=1", ("B1 life", "B1", "when has 1 percent failed"), {}, 0.08),
            Option("b=5", ("B5 life", "B5", "the B5 instead of the B10"), {}, 0.08),
            Option(
                "b={q}",
                (
                    "(time|age) by which {q} percent (have|will have) failed",
                    "{q} percent (failed|fail) by when",
                ),
                {"q": Num(1, 50, choices=("1", "5", "20", "50", "25"))},
                0.15,
            ),
            Option(
                "location={g}",
                (
                    "(failure-free|guarantee|minimum) (time|life) (of|) {g}",
                    "(gamma|location) = {g}",
                ),
                {"g": Num(10, 150, integer=True)},
                0.1,
            ),
        ),
    ),
    Lesson(
        "quality_weibull_life_at",
        "quality.weibull_life(shape={b}, scale={eta}, t={t}, {options})",
        (
            "weibull (shape|beta) {b} (scale|eta) {eta}: reliability (at|after|for) {t} (h|hours|cycles|)",
            "R at {t} for a weibull with (beta|shape) {b} and (eta|characteristic life) {eta}",
            "(share|fraction|probability) (surviving|still running|not failed) after {t} (h|cycles|hours|) if life is weibull with shape {b}, scale {eta}",
            "hazard (rate|) and reliability at {t}, weibull, beta={b}, eta={eta}",
            "(bearing|seal|relay|pump|LED) life is weibull, slope {b}, scale {eta} h. what survives {t} h",
        ),
        {"b": SHAPE, "eta": SCALE, "t": Num(50, 4000, integer=True)},
        (),
    ),
    Lesson(
        "quality_exponential_life",
        "quality.exponential_life(mtbf={m}, t={t}, {options})",
        (
            "constant failure rate, "
            + ASK_MTBF
            + " {m} (h|hours|): (probability of surviving|reliability at|chance to run) {t} (h|hours|)",
            "exponential life with mean {m}: R at {t}",
            ASK_MTBF
            + " = {m} (hours|h|), (chance|probability) (it|that the unit) (runs|works|survives) {t} (hours|h|) without failure",
            "exponential(ly distributed|) @lifetime, "
            + ASK_MTBF
            + " {m}; what fraction (outlives|lasts) {t}",
        ),
        {"m": Num(200, 9000, integer=True), "t": Num(20, 5000, integer=True)},
        (),
    ),
    Lesson(
        "quality_exponential_life_median",
        "quality.exponential_life(mtbf={m}, {options})",
        (
            "median life (if|when) the "
            + ASK_MTBF
            + " is {m} (hours|h|) (and the failure rate constant|, exponential|)",
            "exponential life, " + ASK_MTBF + " {m}: (median|half-life|B10)",
            "failure rate and median @lifetime for an " + ASK_MTBF + " of {m}, constant hazard",
        ),
        {"m": Num(200, 9000, integer=True)},
        (
            Option("b=5", ("B5 life", "B5 too"), {}, 0.1),
            Option(
                "b={q}",
                ("time until {q} percent failed",),
                {"q": Num(1, 50, choices=("1", "5", "20"))},
                0.15,
            ),
        ),
        weight=0.6,
    ),
)

LESSONS: tuple[Lesson, ...] = (*PLANS, *OC, *MTBF, *LIFE)
