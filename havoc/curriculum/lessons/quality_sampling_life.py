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
        "α (=|) {a}",
        "PR = {a}",
        "producer risk at most {a}",
        "(reject|refuse) good lots (only|at most) {a} of the time",
        "supplier's risk {a}",
    ),
    {"a": Num(0.01, 0.1, choices=("5%", "0.05", "1%", "0.1", "0.01"))},
    0.3,
)
BETA = Option(
    "beta={b}",
    (
        "(consumer's risk|consumers risk|consumer risk|beta) (of|=|) {b}",
        "(accept|pass) bad lots (at most|only) {b} of the time",
        "β (=|) {b}",
        "CR = {b}",
        "consumer risk at most {b}",
        "customer's risk {b}",
        "buyer's risk of {b}",
    ),
    {"b": Num(0.05, 0.1, choices=("10%", "0.1", "5%", "0.05"))},
    0.3,
)
POISSON = Option(
    "distribution=poisson",
    (
        "(with|use) (the|a) poisson (distribution|approximation|)",
        "Poisson",
        "type = 'poisson'",
        "by poisson (approximation|)",
    ),
    {},
    0.08,
)
BINOMIAL = Option(
    "distribution=binomial",
    (
        "binomial(ly|)",
        "(with|use) the binomial (distribution|)",
        "by the binomial",
        "type B (binomial|)",
        "type = 'binomial'",
        "(large|infinite) lot, binomial",
    ),
    {},
    0.08,
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
            "sampling plan aql {aql} rql {ltpd}",
            "Minitab (Acceptance Sampling by Attributes|Stat > Quality Tools > Acceptance Sampling by Attributes), AQL {aql}, RQL {ltpd}",
            "find.plan(PRP = c({aql}, .95), CRP = c({ltpd}, .10)) like R's AcceptanceSampling",
            "p1 = {aql}, p2 = {ltpd}: n, c",
            "(p0|p_1|PRQ) = {aql} and (p1|p_2|CRQ) = {ltpd}, single sampling plan by attributes",
            "lots with {ltpd} defective should be rejected nearly always and lots with {aql} accepted nearly always, how many to test",
            "how many must I check in a delivery so that {aql} bad is fine but {ltpd} bad is caught",
            "goods inward: supplier and we agreed on {aql} as acceptable, {ltpd} as intolerable; give sample size and accept number",
            "what n and c separate a good process ({aql} nonconforming) from a poor one ({ltpd})",
            "RQL/LTPD = {ltpd}; AQL = {aql}; find the single plan",
            "limiting quality {ltpd}, acceptable quality limit {aql}: (sample size and Ac|n and Ac)",
            "design an OC curve that goes through the producer point {aql} and the consumer point {ltpd}",
            "(vials|capsules|connectors|bags) lot release by go/no-go: (AQL|acceptable) {aql}, (LTPD|unacceptable) {ltpd}; n, Ac, Re",
            "tolerated fraction {aql}, forbidden fraction {ltpd}; smallest attribute sampling scheme with n and c",
            "AQL: {aql}\nLTPD: {ltpd}\nwant: n, c",
            "what lot sampling gives good protection against {ltpd} bad without punishing {aql} bad (n, c)",
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
            "isolated lot N = {lot}, AQL {aql}, LQ {ltpd}, hypergeometric (type A) plan",
            "single sampling plan by the hypergeometric distribution: lot {lot}, p1 {aql}, p2 {ltpd}",
            "the lot has only {lot} (units|pieces) so use sampling without replacement (hypergeometric): good {aql}, bad {ltpd}, n and c",
            "find.plan type = 'hypergeom', N = {lot}, producer {aql}, consumer {ltpd}",
            "finite population of {lot}, AQL {aql}, RQL {ltpd}, exact hypergeometric sample size and acceptance number",
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
            "n and c for AQL {aql} (attributes|single plan|)",
            "our AQL is {aql}. sample size?",
            "acceptance plan, acceptable quality level {aql}",
            "single sampling plan AQL = {aql}",
            "how many parts must be inspected, AQL {aql}",
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
            "oc curve n {n} c {c}",
            "Minitab acceptance sampling, compare user defined plan: sample size {n}, acceptance number {c}",
            "OC2c(n = {n}, c = {c})",
            "Pa(p) = P(X <= c) with n = {n} and c = {c}, plotted over the fraction defective",
            "inspect {n}, reject the lot at more than {c} bad ones. How much protection is that (OC curve|operating characteristic)?",
            "take {n} from each lot, Ac = {c}: producer's and consumer's risk over all qualities",
            "how (strict|steep|good) is the plan ({n}, {c})? OC curve, AOQ",
            "which quality is accepted half of the time (indifference quality) with n={n}, c={c}; the whole curve please",
            "acceptance number {c} and sample size {n}: probability of acceptance for several fractions defective",
            "our incoming inspection tests {n} (ampoules|screws|bags) and allows {c} failures; show how acceptance depends on lot quality",
            "the supplier proposes n = {n}, c = {c}. should I agree? operating characteristic curve",
            "for the plan sample size {n} / acceptance number {c} draw acceptance probability against percent defective",
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
                    "lots of {lot} with rectifying inspection (AOQ, ATI|)",
                    "rejected lots are screened, lot size {lot}",
                    "lot size is {lot}",
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
            "Pa n {n} c {c} p {p}",
            "P(accept; p = {p}) for the single plan n = {n}, c = {c}",
            "P(X <= {c}), n = {n}, p = {p}, acceptance sampling: probability of acceptance",
            "the true defect rate is {p}; the inspector takes {n} and passes the lot with {c} or fewer bad; chance that it passes",
            "a lot with {p} defective comes in. What is the risk that sample {n} with acceptance number {c} lets it through",
            "how often is a lot at quality {p} accepted by (n = {n}, Ac = {c})",
            "consumer's risk at {p} of a plan with sample size {n} and acceptance number {c}",
            "acceptance probability; sample size: {n}; Ac: {c}; fraction nonconforming: {p}",
            "single plan n={n}, c={c}: if the supplier delivers {p} bad, what share of lots passes",
            "Pa at {p}, n={n}, Ac={c}, Re=c+1",
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
            "OC points at p = {p} and p = {q} of the plan with n = {n} and c = {c}",
            "producer's risk at {p} and consumer's risk at {q}, single plan n={n}, c={c}",
            "n = {n}, Ac = {c}: chance to pass a lot with {p} defective, and one with {q} defective",
            "how often do we accept at {p} and how often at {q}, when we check {n} and allow {c} bad",
            "Pa({p}) and Pa({q}) with sample size {n} and acceptance number {c}",
            "the plan takes {n} and accepts on {c}. alpha at quality {p}? beta at quality {q}?",
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
        (
            "(at|with) {conf} (confidence|)",
            "{conf} (confidence|one-sided|CI|bound)",
            "conf(idence|.|) {conf}",
            "CL = {conf}",
            "{conf} sure",
        ),
        {"conf": Num(0.8, 0.95, choices=("90%", "95%", "80%", "60%", "0.9", "0.95"))},
        0.5,
    ),
    Option(
        "terminated=failure",
        (
            "failure(-| )(terminated|truncated)",
            "(stopped|ended) at the last failure",
            "type II censored test",
            "failure-censored",
            "(we|they) stopped (the test|) at the (r-th|last) failure",
            "type 2 censoring",
        ),
        {},
        0.15,
    ),
    Option(
        "terminated=time",
        (
            "time(-| )(terminated|truncated)",
            "(stopped|ended) at a (set|fixed|planned) time",
            "time-censored",
            "fixed duration test",
            "(we|they) stopped (the test|) at a planned time",
        ),
        {},
        0.15,
    ),
    Option(
        "side=lower",
        (
            "(lower|one-sided lower) (limit|bound|confidence limit) (only|)",
            "(one sided|one-sided) lower",
            "lower confidence bound",
            "at least (how much|)",
            "single-sided lower (limit|bound)",
            "only the (worst case|lower) (side|bound) matters",
        ),
        {},
        0.25,
    ),
    Option(
        "mission={m}",
        (
            "(reliability|survival) (for|over|at) a mission of {m} (h|hours|)",
            "and R at {m} hours",
            "reliability at {m} (h|hours|)",
            "chance to run {m} (h|hours|) (without failure|)",
        ),
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
            "mtbf {r} failures {T} hours",
            "r = {r}, T = {T} " + HOURS + ": theta-hat = T/r and chi-square limits on " + ASK_MTBF,
            "2T/chi2 limits for the " + ASK_MTBF + " with total time {T} and {r} failures",
            "MIL-HDBK-781 style demonstration: {T} total "
            + HOURS
            + ", {r} chargeable failures, "
            + ASK_MTBF
            + " limits",
            "(pumps|servers|drives|ventilators|robots) logged {T} "
            + HOURS
            + " together with {r} failures. how good is the "
            + ASK_MTBF
            + " estimate",
            "point estimate and confidence limits for lambda: {r} failures, exposure {T} " + HOURS,
            "exponential life test, accumulated {T} "
            + HOURS
            + ", {r} failures observed; interval for the mean life",
            "total time on test {T}, number of failures {r}: what "
            + ASK_MTBF
            + " may the data sheet state",
            "the field reported {r} failures; total operating time {T} "
            + HOURS
            + "; "
            + ASK_MTBF
            + " with bounds please",
            "is our "
            + ASK_MTBF
            + " promise safe? we saw {r} failures in {T} "
            + HOURS
            + " (constant failure rate)",
            "failure rate per hour and its bounds when {r} units died over {T} "
            + HOURS
            + " cumulated",
            "reliability test with replacement: {r} failures, {T} device-hours; "
            + ASK_MTBF
            + " interval",
            "what "
            + ASK_MTBF
            + " can I put on the data sheet after {T} "
            + HOURS
            + " with {r} failures (with confidence)",
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
            "zero failures, total test time {T}: lower bound of " + ASK_MTBF,
            "{T} " + HOURS + " without a failure; at least what " + ASK_MTBF + " is proven",
            "nothing broke in {T} "
            + HOURS
            + ". What is the smallest "
            + ASK_MTBF
            + " consistent with that",
            "r = 0, T = {T}; lower " + ASK_MTBF + " limit (chi-square|)",
            "mtbf 0 failures {T} " + HOURS + " lower",
            "no field failures so far, fleet total {T} "
            + HOURS
            + ", conservative "
            + ASK_MTBF
            + " claim please",
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
            "B10 weibull beta {b} eta {eta}",
            "T ~ Weibull(beta = {b}, eta = {eta}); B10, MTTF",
            "T ~ Weibull(shape {b}, scale {eta}), mean life and L10",
            "R(t) = exp(-(t/eta)^beta) with beta = {b} and eta = {eta}, find L10, median and mean life",
            "weibull (k|m|shape) = {b}, (lambda|theta|scale) = {eta}: average @lifetime and B10",
            "L10 bearing life when the weibull slope is {b} and the characteristic life {eta}",
            "characteristic life {eta} and weibull slope {b}; (when should we replace preventively|when is a tenth broken|B10)?",
            "warranty planning: weibull, scale {eta}, shape {b}; B10 and mean life (please|)",
            "how long do they live on average, weibull with eta {eta} and beta {b}; also B10",
            "the (seals|relays|lamps|batteries) follow a weibull life with a shape of {b} and a scale of {eta}; MTTF = eta Gamma(1+1/beta)",
            "weibull: shape {b}; scale {eta}; want: MTTF, median, B10",
            "given beta = {b} (wear-out or not) and eta = {eta}, what are the mean life and the B10 life of the weibull",
        ),
        {"b": SHAPE, "eta": SCALE},
        (
            Option(
                "b=1",
                (
                    "B1 life",
                    "B1",
                    "when has 1 percent failed",
                    "L1",
                    "B1 life please",
                    "1 % failed",
                ),
                {},
                0.08,
            ),
            Option(
                "b=5",
                (
                    "B5 life",
                    "B5",
                    "the B5 instead of the B10",
                    "L5",
                    "B5 life please",
                ),
                {},
                0.08,
            ),
            Option(
                "b={q}",
                (
                    "(time|age) by which {q} percent (have|will have) failed",
                    "{q} percent (failed|fail) by when",
                    "B life at {q} percent",
                    "age at which {q} % are dead",
                ),
                {"q": Num(1, 50, choices=("1", "5", "20", "50", "25"))},
                0.15,
            ),
            Option(
                "location={g}",
                (
                    "(failure-free|guarantee|minimum) (time|life) (of|) {g}",
                    "(gamma|location) = {g}",
                    "t0 = {g}",
                    "three-parameter weibull with location {g}",
                    "shifted by {g}",
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
            "R({t}) for Weibull(beta={b}, eta={eta})",
            "weibull reliability t={t} beta={b} eta={eta}",
            "exp(-(t/eta)^beta) with t = {t}, eta = {eta}, beta = {b}",
            "T ~ Weibull(shape {b}, scale {eta}): P(T > {t})",
            "what fraction is still alive at {t} with characteristic life {eta} and weibull slope {b}",
            "probability that the (seal|pump|battery|switch) is still working at {t} (h|cycles|) given weibull shape {b} and scale {eta}",
            "warranty ends at {t}; life is weibull with beta {b}, eta {eta}; how many survive and what is the hazard then",
            "reliability after {t} (hours|cycles|), eta {eta}, beta {b}",
            "how sure can we be that it lasts {t} (h|cycles|km|), weibull life: slope {b}, characteristic life {eta}",
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
            "reliability mtbf {m} t {t}",
            "R(t) = exp(-t/MTBF), MTBF = {m}, t = {t}",
            "T ~ Exp(mean {m}): P(T > {t})",
            "theta = {m}, mission time {t}, exponential reliability",
            "will it survive a mission of {t} (h|hours|)? the "
            + ASK_MTBF
            + " is {m} and failures are random (no wear-out)",
            "probability of no failure in {t} (h|hours|) of operation for equipment with an "
            + ASK_MTBF
            + " of {m} (h|hours|)",
            "(pump|router|infusion pump|PLC|sensor) has an "
            + ASK_MTBF
            + " of {m} (h|hours|). what is the chance that it runs {t} (h|hours|) straight",
            "mission time {t}, mean time between failures {m}, constant hazard; reliability",
            "exponential failure law, mean life {m}, survival at {t}",
            "what percentage of units with mean life {m} (constant failure rate) is alive at {t}",
            "no wear-out, mean life {m}: will {t} (h|hours|) pass without failure, with what probability",
            ASK_MTBF + " {m}; mission {t}; reliability = exp(-t/MTBF)",
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
            "mtbf {m} -> failure rate, median, B10",
            "lambda = 1/{m}, exponential: median life and B10",
            "T ~ Exp with mean {m}; when has half of them failed",
            "half of the units fail by when, " + ASK_MTBF + " {m} (hours|h|), constant hazard",
            "random failures only (no wear-out), mean life {m}: failure rate per hour, median life, B10 life",
            "convert an " + ASK_MTBF + " of {m} into a failure rate and a B10 life (exponential)",
            "exponential life with mean {m}, median and failure rate please",
            "what does an "
            + ASK_MTBF
            + " of {m} (hours|h|) mean in failures per hour, and when is half of the fleet down",
            ASK_MTBF + " is {m}, memoryless; median time to failure",
        ),
        {"m": Num(200, 9000, integer=True)},
        (
            Option(
                "b=5",
                (
                    "B5 life",
                    "B5 too",
                    "L5",
                    "B5 life please",
                ),
                {},
                0.1,
            ),
            Option(
                "b={q}",
                (
                    "time until {q} percent failed",
                    "B life at {q} percent",
                    "age at which {q} % are dead",
                ),
                {"q": Num(1, 50, choices=("1", "5", "20"))},
                0.15,
            ),
        ),
        weight=0.6,
    ),
)

LESSONS: tuple[Lesson, ...] = (*PLANS, *OC, *MTBF, *LIFE)
