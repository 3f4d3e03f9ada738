"""Asking about proportions and rates: one, two, paired."""

from __future__ import annotations

from havoc.curriculum.lesson import Lesson, Num, Option, directed_options
from havoc.curriculum.lessons.stats_ranks_and_spread import ALPHA, CONFIDENCE, OPTIONS

FIRST, SECOND = "(the|) (first|1st) (rate|one)", "(the|) (second|2nd) (rate|one)"
TWO_OPTIONS = (*ALPHA, *directed_options(FIRST, SECOND, 0.2))
EVENTS = Num(1, 14, integer=True)
ITEMS = Num(60, 400, integer=True)
THINGS = "(rejects|defectives|failures|errors|complaints|late deliveries|bad welds|broken vials)"
FROM = "(parts|units|orders|boards|samples|seals|tablets|calls)"
PROPORTIONS = (
    Lesson(
        "stats.proportion_one",
        "stats.proportion_one(events={e}, n={n}, {options})",
        (
            f"{{e}} {THINGS} (in|among|out of|of) {{n}} {FROM}: (confidence interval|limits|interval) (for|of) the (proportion|rate|share|fraction)",
            "(defect rate|fraction defective|proportion) and its (ci|confidence interval) (for|from) {e} (of|out of|in) {n}",
            "(wilson|score) interval for {e} of {n}",
            f"we saw {{e}} {THINGS} in {{n}}, (how sure is that rate|what is the true rate likely to be|between which limits is the true share)(?|)",
            "x = {e}, n = {n}, proportion with interval",
            "p-hat (=|from) {e}/{n}, (confidence interval|interval|CI)",
            "phat and its (standard error|interval) for x={e}, n={n}",
            "(prop.test|binom.test|proportion_confint|1 Proportion) x {e} n {n}",
            f"{{e}} {THINGS} in a (random|) sample of {{n}}. (find|construct|give) a confidence interval for the (true|population) (proportion|fraction)",
            "out of {n} (patients|calls|seeds|orders|chips), {e} (failed|were late|died|complained|germinated): (estimate the true rate with limits|what can the real rate be|how sure)(?|)",
            f"our audit found {{e}} {THINGS} among {{n}}; what is the worst the true share could be, and the best(?|)",
            "yield loss {e} of {n}: (point estimate and limits|rate ± what)(?|)",
            "n={n} x={e} binomial proportion interval",
        ),
        {"e": EVENTS, "n": ITEMS},
        (
            CONFIDENCE,
            Option(
                "interval=exact",
                (
                    "(exact|clopper-pearson|clopper pearson) (interval|limits|)",
                    "use the exact binomial limits",
                    "binom.test (interval|limits)",
                ),
                {},
                0.2,
            ),
            Option(
                "interval=wald",
                (
                    "(wald|normal approximation|simple normal|textbook z) (interval|limits)",
                    "p ± z sqrt of p(1-p)/n",
                    "use the wald formula",
                ),
                {},
                0.08,
            ),
            Option(
                "interval=agresti_coull",
                ("(agresti-coull|agresti coull|plus four) (interval|limits|)",),
                {},
                0.08,
            ),
        ),
    ),
    Lesson(
        "stats.proportion_one.test",
        "stats.proportion_one(events={e}, n={n}, null={p}, {options})",
        (
            f"{{e}} {THINGS} (in|of|out of) {{n}} {FROM}, (is that|does that|is the rate) (different from|differ from|really not) {{p}}(?|)",
            "(binomial|one-proportion|exact binomial) test: {e} of {n} against {p}",
            f"(contract|target|claim|history) says {{p}} {THINGS}, we found {{e}} in {{n}}. (significant|worse|within reason|off)(?|)",
            "H0: p = {p}, observed {e} out of {n}",
            "p0={p}, x={e}, n={n}, (test|p-value|z and p)",
            "(prop.test|binom.test|1 Proportion|one-sample z for a proportion) x {e}, n {n}, (hypothesized proportion|p0|p) {p}",
            f"(the supplier|the brochure|management) claims {{p}} {THINGS}. In {{n}} we counted {{e}}. (test the claim|can we reject the claim|is the claim believable)(?|)",
            "is {e} in {n} compatible with a long-run (rate|proportion) of {p}(?|)",
            "(single|one) proportion test: null {p}, {e} successes in {n} trials",
            "historically {p} (fail|are late|are bad); last month {e} of {n}. (did it change|is it luck|has the rate moved)(?|)",
            "a sample of {n} shows {e} nonconforming. (test|decide) whether the fraction nonconforming is {p}",
        ),
        {"e": EVENTS, "n": ITEMS, "p": Num(0.02, 0.12, 3, percent=True)},
        OPTIONS,
    ),
    Lesson(
        "stats.proportion_two",
        "stats.proportion_two(events_1={a}, n_1={n}, events_2={b}, n_2={m}, {options})",
        (
            f"{{a}} {THINGS} (in|of|out of) {{n}} (before|on line 1|for A|last month) and {{b}} (in|of|out of) {{m}} (after|on line 2|for B|this month): (different|is the rate the same|improved|significant)(?|)",
            "(two-proportion|2-proportion|two proportions) (z test|test|z) {a}/{n} vs {b}/{m}",
            "compare the (defect rates|reject rates|yields lost|fractions) {a} of {n} and {b} of {m}",
            "difference of two proportions, {a} out of {n} against {b} out of {m}, with (interval|confidence interval)",
            f"supplier A: {{a}} {THINGS} from {{n}}, supplier B: {{b}} from {{m}}, who is better, or is it chance",
            "x1={a} n1={n} x2={b} n2={m}, (p1 = p2?|two proportions|z and p)",
            "H0: p1 = p2; x1 = {a}, n1 = {n}, x2 = {b}, n2 = {m}",
            "(prop.test|proportions_ztest|2 Proportions|Stat > Basic Statistics > 2 Proportions): {a} of {n}, {b} of {m}",
            "{a} of {n} (recovered|germinated|converted|clicked|failed) with (treatment A|version A|the old one), {b} of {m} with (treatment B|version B|the new one). (do the rates differ|real difference|which would you choose, or is it chance)(?|)",
            "(old mould|day shift|line 1): {n} made, {a} scrapped. (new mould|night shift|line 2): {m} made, {b} scrapped. (same scrap rate|is there a difference|significant)(?|)",
            "(A/B test|split test) {a}/{n} and {b}/{m}, (is the difference in rate significant|p value)(?|)",
            "are the two (percentages|fractions nonconforming|failure rates) {a} in {n} and {b} in {m} @different",
        ),
        {"a": EVENTS, "n": ITEMS, "b": EVENTS, "m": ITEMS},
        TWO_OPTIONS,
    ),
    Lesson(
        "stats.mcnemar",
        "stats.mcnemar(b={b}, c={c}, {options})",
        (
            "mcnemar('s|) test, discordant (pairs|counts) {b} and {c}",
            "same (parts|people|boards) tested twice: {b} went from pass to fail, {c} from fail to pass; (changed|is that a real change|mcnemar)(?|)",
            "paired yes/no data, {b} changed one way and {c} the other",
            "two inspection methods on the same items disagree {b} times one way and {c} the other way, (equal|is one stricter)(?|)",
            "b={b}, c={c}, mcnemar",
            "mcnemar (chi-square|exact|test) with off-diagonal (cells|counts) {b} and {c}",
            "(before and after|paired) pass/fail results: {b} changed from fail to pass, {c} the other way round, (significant change|has the training helped|p)(?|)",
            "matched pairs, yes/no outcome, discordant {b} against {c}",
            "of the same patients {b} improved and {c} got worse, (mcnemar|paired proportions|test of change)",
            "(mcnemar.test|statsmodels mcnemar|McNemar's in JMP): b {b}, c {c}",
        ),
        {"b": Num(1, 40, integer=True), "c": Num(1, 40, integer=True)},
        ALPHA,
        weight=0.7,
    ),
    Lesson(
        "stats.poisson_rate_one",
        "stats.poisson_rate_one(events={e}, exposure={x}, {options})",
        (
            "{e} (defects|flaws|accidents|stops|breakdowns) (in|on|over) {x} (metres|hours|panels|days|units): (rate with confidence limits|confidence interval of the rate|limits for the rate)",
            "poisson rate (with|and) (exact|) (interval|limits), {e} events, exposure {x}",
            "(exact|garwood) (limits|interval) for {e} events in {x} (hours|units|days)",
            "we counted {e} (blemishes|alarms|incidents) in {x} (square metres|weeks|shifts), how well do we know the rate",
            "(poisson.test|1-Sample Poisson Rate|rate CI): events {e}, (time base|length of observation|exposure|T) {x}",
            "x = {e} events, T = {x}, lambda with limits",
            "lambda hat = {e}/{x} with (exact|) confidence (limits|interval)",
            "{e} breakdowns in {x} (days|weeks|shifts): mean rate and its (uncertainty|interval|limits)",
            "the call centre got {e} complaints in {x} days; (estimate the daily rate with limits|between which values is the true rate)",
            "defects per unit from {e} defects on {x} units, with an interval",
            "counted {e} particles on {x} wafers - rate per wafer, how uncertain is it(?|)",
        ),
        {"e": Num(2, 40, integer=True), "x": Num(5, 90, integer=True)},
        (CONFIDENCE,),
    ),
    Lesson(
        "stats.poisson_rate_one.test",
        "stats.poisson_rate_one(events={e}, exposure={x}, null={r}, {options})",
        (
            "{e} (defects|flaws|accidents|stops) in {x} (metres|hours|panels|days), is the rate (still|really) {r} (each|per unit|)(?|)",
            "poisson test: {e} events, exposure {x}, null rate {r}",
            "(expected|historic) rate {r}, seen {e} over {x} (units|days): significant(?|)",
            "lambda0 = {r}, {e} events, T = {x}: test",
            "H0: lambda = {r}; count {e} in {x} (hours|units|days)",
            "(poisson.test|1-Sample Poisson Rate) x {e}, T {x}, hypothesized rate {r}",
            "we are used to {r} (stops|alarms|defects) per (day|unit|shift). in the last {x} (days|units|shifts) there were {e}. (has it changed|luck|is that unusual)(?|)",
            "is a count of {e} over {x} (panels|hours) compatible with {r} per (panel|hour)(?|)",
        ),
        {"e": Num(2, 40, integer=True), "x": Num(5, 90, integer=True), "r": Num(0.1, 0.9, 2)},
        OPTIONS,
        weight=0.7,
    ),
    Lesson(
        "stats.poisson_rate_two",
        "stats.poisson_rate_two(events_1={a}, events_2={b}, exposure_1={x}, exposure_2={y}, {options})",
        (
            "{a} (defects|accidents|stops) in {x} (hours|metres|panels) against {b} in {y}: (same rate|compare the rates|is one worse)(?|)",
            "compare two poisson rates, {a} events over {x} and {b} events over {y}",
            "rate ratio (of|for) {a} per {x} versus {b} per {y} (with limits|and p|)",
            "site one had {a} (incidents|leaks) in {x} weeks, site two {b} in {y} weeks, (real difference|different rates)(?|)",
            "(poisson.test|2-Sample Poisson Rate): events {a} and {b}, exposures {x} and {y}",
            "H0: lambda1 = lambda2; {a} events in {x}, {b} events in {y}",
            "before: {a} accidents in {x} weeks, after: {b} accidents in {y} weeks. (did safety change|is the rate different|real or luck)(?|)",
            "defect counts {a} on {x} panels and {b} on {y} panels, (same rate per panel|is one line worse|compare)(?|)",
            "x1={a} t1={x} x2={b} t2={y} rate comparison",
            "incidence {a}/{x} (vs|versus|against) {b}/{y} (person-years|machine hours|bed days), rate ratio and p",
        ),
        {
            "a": Num(3, 40, integer=True),
            "b": Num(3, 40, integer=True),
            "x": Num(10, 90, integer=True),
            "y": Num(10, 90, integer=True),
        },
        TWO_OPTIONS,
        weight=0.8,
    ),
)

LESSONS: tuple[Lesson, ...] = PROPORTIONS
