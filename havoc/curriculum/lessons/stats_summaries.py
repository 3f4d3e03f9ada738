"""Asking from summaries: intervals of a mean, a spread or a correlation, two spreads, and where the next value lies."""

from __future__ import annotations

from havoc.curriculum.lesson import (
    Data,
    Lesson,
    Num,
    Option,
    TableOf,
    alternative_options,
)

ONE = TableOf({"x": Data((5, 20))}, forms=("inline", "attached"))
LEVEL = Num(0.8, 0.999, choices=("90%", "99%", "95%", "95 %", "0.9", "0.99", "98%", "0.95", "90 percent", "99 %"))  # fmt: skip
CONFIDENCE = Option(
    "confidence={conf}",
    (
        "(with|at|use) (a|) {conf} (confidence|certainty|confidence level|)",
        "{conf} (ci|confidence|limits|interval|sure)",
        "confidence (level|) {conf}",
        "(I|we) (want|need) to be {conf} (sure|certain)",
    ),
    {"conf": LEVEL},
    0.35,
)
N = Num(4, 90, integer=True)
MEAN = Num(20, 90, 2, unit=("mm", "g", "N", "s", "°C", "MPa"))
SD = Num(0.2, 9, 2, unit=("mm", "g", "N", "s", "°C", "MPa"))
THINGS = (
    "(parts|readings|samples|shots|bags|measurements|specimens|rods|tablets|values|observations)"
)
CI = "(confidence interval|CI|ci|confidence limits|interval|confidence bounds|uncertainty interval)"
TRUE = "(the|) (true|population|process|real|long-run|) (mean|average|mu|expectation)"
MEAN_ASK = (
    f"n = {{n}}, (xbar|mean|average|x-bar|M) (=|) {{m}}, (s|sd|SD|standard deviation) (=|) {{s}}. {CI} (for|of) {TRUE}(, please|?|)",
    f"(mean|average) {{m}}, (sd|s|standard deviation|stdev) {{s}}, {{n}} {THINGS}(:|;|,|.) (give me|I need|what is|compute|) (a|the|) {CI} of {TRUE}",
    f"(I|we) (measured|tested|weighed|took) {{n}} {THINGS}: (mean|average) {{m}}, (sd|standard deviation) {{s}}. (How (well|precisely|exactly) do (I|we) know {TRUE}|How far can {TRUE} be from that|what are the limits of {TRUE})(?|)",
    f"{{n}} {THINGS} (averaged|gave|had a mean of|came out at) {{m}} with (a|an|) (standard deviation|sd|s) of {{s}}(;|,|.) (between which limits|in which range|where) (does|is|lies|must) {TRUE}(?|)",
    f"{CI} (for|of) {TRUE} from (a summary|summary statistics|n, mean and sd|the report): n {{n}}, mean {{m}}, sd {{s}}",
    "(estimate|bracket) mu with limits: x-bar {m}, s {s}, sample size {n}",
    "{m} ± how much(?|)(,| if) s = {s} (and|,) n = {n} (, sigma not known|)",
    "(no raw data|raw data are gone|only the summary is left): (mean|average) {m}, (scatter|sd) {s}, {n} {THINGS}. (margin of error|error bar|error bars|uncertainty) of the (mean|average)(?|)".replace("{THINGS}", THINGS),
    "(t interval|t-interval|one-sample t interval|student interval) (for|with|of) (mean|xbar) {m}, (sd|s) {s}, n {n}",
    "xbar ± t s/sqrt(n) (with|for) xbar = {m}, s = {s}, n = {n}",
    "(standard error|SE|sem) and (confidence limits|interval) of the mean(:|,|;) {m} (mean|), {s} (sd|), {n} {THINGS}".replace("{THINGS}", THINGS),
    f"(sample of|) {{n}}, (sample mean|mean) {{m}}, sample (standard deviation|sd) {{s}} -> {CI} for (mu|μ|the mean)",
    f"what can (I|we) say about {TRUE} if {{n}} {THINGS} have (mean|average) {{m}} and (sd|standard deviation|s) {{s}}(?|)",
    "how (sure|certain) (is|am I of) the average {m} of {n} (pieces|parts|bottles), (which|they) (scatter|vary) with s = {s}(?|)",
)  # fmt: skip
MEAN_INTERVAL = Lesson(
    "stats.t_test_one_summary.interval",
    "stats.t_test_one_summary(n={n}, mean={m}, sd={s}, {options})",
    MEAN_ASK,
    {"n": N, "m": MEAN, "s": SD},
    (CONFIDENCE,),
    weight=1.2,
)
MEAN_INTERVAL_LEVEL = Lesson(
    "stats.t_test_one_summary.level",
    "stats.t_test_one_summary(n={n}, mean={m}, sd={s}, confidence={conf})",
    (
        f"{{conf}} {CI} (for|of) {TRUE}(:|,|;|?) n {{n}}, (mean|xbar|average) {{m}}, (s|sd) {{s}}",
        f"n = {{n}}, (xbar|mean) = {{m}}, s = {{s}}(.|;|,) {{conf}} {CI} (for|of) {TRUE} (please|?|)",
        f"(mean|average) {{m}}, sd {{s}}, {{n}} {THINGS}; (give me|find|compute|build|) (a|the|) {{conf}} {CI} (of|for|on) {TRUE}",
        f"(construct|set up|work out|state) (a|the) {{conf}} {CI} for mu: sample size {{n}}, sample mean {{m}}, sample (sd|standard deviation) {{s}}",
        f"with {{conf}} (confidence|certainty), where (does|is) {TRUE} (lie|)(?|) {{n}} {THINGS}, mean {{m}}, standard deviation {{s}}",
        f"(limits|bounds) that hold {TRUE} with {{conf}} (confidence|certainty|probability)(:|;|,) (mean|average) {{m}} of {{n}}, s {{s}}",
        "{n} {THINGS} averaged {m}, sd {s}; {conf} (error|margin of error|half width) of that average(?|)".replace("{THINGS}", THINGS),
    ),
    {"n": N, "m": MEAN, "s": SD, "conf": LEVEL},
)  # fmt: skip
_SIGMA = "(sigma|σ|the (true|process|population|) (standard deviation|sd|spread|scatter))"
_SIGMA_2 = "(sigma squared|sigma^2|σ²|the (true|population|process|) variance)"
VARIANCE_INTERVAL = Lesson(
    "stats.variance_one_summary",
    "stats.variance_one_summary(n={n}, sd={s}, {options})",
    (
        f"(s|sd|standard deviation) (=|) {{s}}, n (=|) {{n}}(.|;|,) {CI} (for|of) {_SIGMA}(?|)",
        f"{{n}} {THINGS} (scatter|vary|spread) with (a standard deviation of|s =|sd) {{s}}; (how well do I know|limits for|{CI} of) {_SIGMA}(?|)",
        f"{CI} (for|of) {_SIGMA} from (a|the) sample (sd|standard deviation) (of|) {{s}} (with|and|,) {{n}} {THINGS}",
        f"(chi-square|chi square|chi2) {CI} for {_SIGMA}: n = {{n}}, s = {{s}}",
        f"the (repeatability|precision|sd) of {{n}} {THINGS} is {{s}}. (How uncertain is that figure|Between which limits lies {_SIGMA}|how far off can it be)(?|)",
        f"(between|in) which (limits|bounds) is {_SIGMA} if {{n}} {THINGS} gave (s =|sd) {{s}}(?|)",
        f"s from {{n}} {THINGS}: {{s}}; (upper and lower|lower and upper|) (limits|bounds) of {_SIGMA}",
        f"how (uncertain|precise|well known) is an s of {{s}} from (only|) {{n}} {THINGS}(?|)",
        "(Minitab 1 variance, summarized data|1 Variance with sample standard deviation): sample size {n}, (standard deviation|stdev) {s}",
        "n={n} s={s} -> ci sigma",
        f"bracket {_SIGMA}: sample (sd|standard deviation) {{s}} on {{n}} (degrees|values|pieces|parts)".replace("(degrees|values", "(values"),
    ),
    {"n": N, "s": SD},
    (CONFIDENCE,),
)  # fmt: skip
VARIANCE_INTERVAL_2 = Lesson(
    "stats.variance_one_summary.variance",
    "stats.variance_one_summary(n={n}, variance={v}, {options})",
    (
        f"(sample|) variance (=|of|) {{v}} (from|of|with|,) (n =|) {{n}} {THINGS}(;|,|.) {CI} (for|of) {_SIGMA_2}(?|)",
        f"(the|a) variance (of|from) {{n}} {THINGS} (is|was|came to) {{v}}. {CI} (for|of) {_SIGMA_2}",
        f"n = {{n}}, sample variance {{v}}: (limits|bounds|{CI}) (for|of) {_SIGMA_2}",
        f"{CI} (for|of) {_SIGMA_2} (if|when|where) the sample variance is {{v}} and n is {{n}}",
        f"from {{n}} {THINGS} I get a variance of {{v}}; how (well|precisely) do I know {_SIGMA_2}(?|)",
        f"(chi-square|chi2) (interval|limits) of {_SIGMA_2}: variance {{v}}, sample size {{n}}",
        "Minitab 1 variance, summarized: sample size {n}, sample variance {v}",
    ),
    {"n": N, "v": Num(0.1, 60, 2)},
    (CONFIDENCE,),
    weight=0.6,
)
_SPREAD_TESTS = (
    "(is|was) {_S} (different from|other than|equal to|still) {g}? {n} {THINGS} (gave|have|had) (s =|sd|a standard deviation of) {s}",
    "H0: (sigma|σ) = {g}(;|,|.) (n =|sample size|) {n}, (s =|sample sd) {s}",
    "n = {n}, s = {s}, test (sigma =|against sigma0 =|that the standard deviation is) {g}",
    "the (maker|supplier|data sheet|specification|spec) (says|claims|states|promises) (a|) (sigma|sd|standard deviation) of {g}(;|,) {n} {THINGS} gave {s}. (Agree|Does it hold|Can that be|believable)(?|)",
    "(s|sd) of {n} {THINGS} is {s}, (allowed|rated|historical|required) (is|) {g}: (chi-square test|significant|a real difference|did the spread change)(?|)",
    "chi-square test of a standard deviation: sample sd {s}, n {n}, hypothesised sd {g}",
    "(historical|usual|old) sigma {g}. now {n} {THINGS} with (s|sd) {s}, (changed|different|a change of spread|same scatter)(?|)",
    "1 variance test, summarized data, n {n}, stdev {s}, hypothesized (standard deviation|stdev) {g}",
)
VARIANCE_TEST = Lesson(
    "stats.variance_one_summary.test",
    "stats.variance_one_summary(n={n}, sd={s}, sigma={g}, {options})",
    tuple(t.replace("{THINGS}", THINGS).replace("{_S}", _SIGMA) for t in _SPREAD_TESTS),
    {"n": N, "s": Num(0.2, 5, 2), "g": Num(0.2, 5, 2)},
    (*alternative_options(0.2), CONFIDENCE),
    weight=0.8,
)
VARIANCE_TEST_LESS = Lesson(
    "stats.variance_one_summary.test_less",
    "stats.variance_one_summary(n={n}, sd={s}, sigma={g}, alternative=less)",
    tuple(
        t.replace("{THINGS}", THINGS).replace("{_S}", _SIGMA)
        for t in (
            "(can|may) (I|we) (claim|say|state) (that|) {_S} is (under|below|less than|smaller than) {g} (when|if) {n} {THINGS} (gave|had|showed) s = {s}(?|)",
            "prove (that|) {_S} is (below|under|less than) {g}: n {n}, s {s}",
            "n = {n}, s = {s}. Ha: (sigma|σ) < {g}",
            "is the scatter (really|significantly|) (smaller|lower|less) than {g}? sd {s} from {n} {THINGS}",
            "we must stay (below|under) a (sigma|standard deviation) of {g}; {n} {THINGS} gave {s}. (shown|proven|can we claim it)(?|)",
        )
    ),
    {"n": N, "s": Num(0.2, 3, 2), "g": Num(2, 6, 2)},
    weight=0.5,
)
VARIANCE_TEST_MORE = Lesson(
    "stats.variance_one_summary.test_more",
    "stats.variance_one_summary(n={n}, sd={s}, sigma={g}, alternative=greater)",
    tuple(
        t.replace("{THINGS}", THINGS).replace("{_S}", _SIGMA)
        for t in (
            "(sd|s) of {n} {THINGS} is {s}(;|,) the (spec|limit|requirement|contract) says at most {g}. (Do I fail|Is it exceeded|really worse|is the limit broken)(?|)",
            "does {_S} exceed {g}? s = {s}, n = {n}",
            "n = {n}, s = {s}. Ha: (sigma|σ) > {g}",
            "has the (scatter|spread|standard deviation) (risen|gone up|increased|grown) (above|from) {g}? now s = {s} from {n} {THINGS}",
            "is the sd (significantly|really|) (larger|higher|greater) than {g} (with|given) s = {s} and {n} {THINGS}(?|)",
        )
    ),
    {"n": N, "s": Num(2, 6, 2), "g": Num(0.2, 4, 2)},
    weight=0.5,
)
VARIANCE_TEST_2 = Lesson(
    "stats.variance_one_summary.test_variance",
    "stats.variance_one_summary(n={n}, variance={v}, sigma_squared={g}, {options})",
    tuple(
        t.replace("{THINGS}", THINGS)
        for t in (
            "(sample|) variance {v} (of|from) {n} {THINGS}, (is it|test whether it is) different from {g}(?|)",
            "H0: (sigma^2|σ²|sigma squared) = {g}(;|,) sample variance {v}, n = {n}",
            "the variance was {g}, now it is {v} in a sample of {n}. (changed|different)(?|)",
            "chi-square test of a variance: n {n}, sample variance {v}, hypothesised variance {g}",
            "1 variance test, summarized, n {n}, sample variance {v}, hypothesized variance {g}",
        )
    ),
    {"n": N, "v": Num(1, 40, 1), "g": Num(1, 40, 1)},
    alternative_options(0.25),
    weight=0.4,
)
VARIANCE_DATA_2 = Lesson(
    "stats.variance_one.test_variance",
    "stats.variance_one(x={t.x}, variance={v}, {options})",
    (
        "(is|does) the variance of {t.x} (equal to|equal|different from|still) {v}(?|)",
        "chi-square test (of|that) the variance (is|=) {v}, data {t.x}",
        "H0 (sigma^2|σ²|sigma squared) = {v}, {t.x}",
        "(the|our) (old|usual|historical|known) variance (was|is) {v}(.|;|,) (now|new data|this week): {t.x}. (changed|did it change|different)(?|)",
        "1 variance test: hypothesised variance {v}, (sample|data) {t.x}",
        "variance should be {v}; {t.x} (agrees|fits|or not)(?|)",
    ),
    {"t": ONE, "v": Num(0.02, 60, 2)},
    alternative_options(0.3),
    weight=0.5,
)
WHO = "(line|machine|group|lab|method|gauge|supplier|operator)"
VARIANCE_TWO = Lesson(
    "stats.variance_two_summary",
    "stats.variance_two_summary(n_1={n}, n_2={o}, sd_1={s}, sd_2={q}, {options})",
    tuple(
        t.replace("{THINGS}", THINGS)
        for t in (
            "s1 = {s} (with|from|on) {n} (parts|values|pieces|), s2 = {q} (with|from|on) {o} (parts|values|pieces|)(:|;|,) (equal|same|different) (spread|scatter|variances|sigma)(?|)",
            "(compare|test) two standard deviations: {s} (n = {n}) (and|against|vs) {q} (n = {o})",
            "n1 = {n}, s1 = {s}, n2 = {o}, s2 = {q}. (F test|F-test|are the variances equal|H0: sigma1 = sigma2|ratio of the variances)(?|)",
            f"{WHO} A: sd {{s}} from {{n}}, {WHO} B: sd {{q}} from {{o}}. (is one more variable|which is more consistent|same repeatability|is the scatter the same)(?|)",
            "F test (from|for|with) (sd|s|standard deviations) {s} and {q}, (n|sizes|sample sizes) {n} and {o}",
            "standard deviations {s} and {q}, sample sizes {n} and {o}: (equal variances|F and p|F test)(?|)",
            "(is|was) the (scatter|spread) {s} of {n} {THINGS} (larger|smaller|different) (than|from) {q} of {o} (others|of the other lot|) (or chance|)(?|)",
            "Minitab 2 variances, summarized: sample 1 size {n} stdev {s}, sample 2 size {o} stdev {q}",
            "{n} {THINGS} scatter with s = {s}, {o} others with s = {q}: (does the spread differ|same sigma|homogeneous)(?|)",
        )
    ),
    {"n": N, "o": N, "s": Num(0.2, 9, 2), "q": Num(0.2, 9, 2)},
    (CONFIDENCE, *alternative_options(0.1)),
    weight=0.9,
)  # fmt: skip
VARIANCE_TWO_2 = Lesson(
    "stats.variance_two_summary.variances",
    "stats.variance_two_summary(n_1={n}, n_2={o}, variance_1={s}, variance_2={q}, {options})",
    (
        "(sample|) variances {s} and {q} (from|with|of) {n} and {o} (values|parts|degrees|observations): (F test|equal|F and p|do they differ)(?|)".replace("degrees|", ""),
        "n1 = {n}, variance {s}; n2 = {o}, variance {q}. (F test|same variance|equal variances|ratio)(?|)",
        f"{WHO} A: n {{n}}, variance {{s}}; {WHO} B: n {{o}}, variance {{q}}. (is the spread the same|F test)(?|)",
        "F = (ratio of|) variances {s} over {q}, sample sizes {n} and {o}, p value",
        "compare the variance {s} (n = {n}) with {q} (n = {o})",
    ),
    {"n": N, "o": N, "s": Num(0.5, 60, 1), "q": Num(0.5, 60, 1)},
    (CONFIDENCE,),
    weight=0.4,
)  # fmt: skip
NEXT = "(the|a|one) (next|further|future|new|coming|additional|single new|single future) (value|reading|measurement|observation|part|result|single value)"
PI = "(prediction interval|prediction limits|PI|prediction bounds)"
_PREDICT = (
    f"(in which range|between which limits|within what bounds|where) (will|does|should) {NEXT} (fall|lie|be|land|come)(?|) DATA",
    f"{PI} (for|of) {NEXT}(:|,|;| from) DATA",
    f"DATA(:|.|;) (predict|bracket) {NEXT}",
    f"DATA(.|;|,) {PI} (please|for {NEXT}|)",
    f"what (can|should|do) (I|we) expect (of|from|for) {NEXT}(?|,) (give limits|with limits|as an interval)(:|.|) DATA",
    f"DATA. (limits|a range) that will hold {NEXT}",
    f"I will take one more (reading|part|measurement); (give|tell me) the {PI} for it: DATA",
    f"(normal|) (theory|) {PI} for a (single|) future observation(:|,|;) DATA",
    f"how (high|low|far) (can|may|could) {NEXT} (be|go|come out)(?|) DATA, (both limits|upper and lower limit|interval)",
)
_LEVELS = (
    f"DATA(:|.|;|,) {{conf}} {PI} (for|of) {NEXT}",
    f"{{conf}} {PI} (for|of|on) {NEXT}(:|,|;|,|) DATA",
    f"(in which range|between which limits) will {NEXT} fall with {{conf}} (probability|confidence|certainty)(?|) DATA",
    f"DATA; (where|in which range) will {NEXT} (fall|be|lie), {{conf}}(?|)",
)
_FURTHER = (
    f"DATA(:|.|;) {PI} (for|that holds) (all of|) the next {{k}} (values|readings|parts|observations)",
    "limits that (all|) the next {k} (parts|readings|measurements) will (respect|stay within|lie in)(:|,|;) DATA",
    f"{PI} for {{k}} (further|future|more|additional) (values|readings|observations) (at once|simultaneously|)(:|,) DATA",
    "we will make {k} more (parts|measurements); (between which limits will all of them lie|where will they all be)(?|) DATA",
)


def _with(asks: tuple[str, ...], data: str) -> tuple[str, ...]:
    return tuple(a.replace("DATA", data) for a in asks)


SUMMARY = f"((mean|xbar|average) (=|) {{m}}, (s|sd) (=|) {{s}}, n (=|) {{n}}|n = {{n}}, (mean|xbar) {{m}}, (sd|s) {{s}}|{{n}} {THINGS} with (mean|average) {{m}} and (sd|standard deviation) {{s}})"
BOUND = (
    Option(
        "alternative=less",
        (
            "(only|just) an upper (bound|limit)",
            "(upper|one-sided upper) (bound|limit) (only|alone)",
            "I only (need|care for) the (upper|high) side",
        ),
        {},
        0.06,
    ),
    Option(
        "alternative=greater",
        (
            "(only|just) a lower (bound|limit)",
            "(lower|one-sided lower) (bound|limit) (only|alone)",
            "I only (need|care for) the (lower|low) side",
        ),
        {},
        0.06,
    ),
)
PREDICTION = tuple(
    Lesson(
        f"{operation}{suffix}",
        f"{operation}({arguments}{more})",
        _with(asks, data),
        {**fields, **extra},
        options,
        weight=weight,
    )
    for operation, arguments, data, fields in (
        ("stats.prediction_interval", "x={t.x}", "{t.x}", {"t": ONE}),
        (
            "stats.prediction_interval_summary",
            "n={n}, mean={m}, sd={s}",
            SUMMARY,
            {"n": N, "m": MEAN, "s": SD},
        ),
    )
    for suffix, more, asks, extra, options, weight in (
        ("", ", {options}", _PREDICT, {}, (CONFIDENCE, *BOUND), 1.0),
        (".level", ", confidence={conf}", _LEVELS, {"conf": LEVEL}, (), 0.7),
        (
            ".further",
            ", further={k}, {options}",
            _FURTHER,
            {"k": Num(2, 20, integer=True)},
            (CONFIDENCE,),
            0.5,
        ),
    )
)
CORRELATION = Lesson(
    "stats.correlation_summary",
    "stats.correlation_summary(correlation={r}, n={n}, {options})",
    (
        "r = {r} (from|with|of|on|,) (n =|) {n} (pairs|points|parts|samples|)(.|,|;|:) (significant|is that significant|is it real|p value|t and p)(?|)",
        "(is|can) a correlation of {r} (with|from|in) {n} (pairs|points|samples) (significant|be chance|different from zero|real)(?|)",
        "(correlation|r|Pearson's r|corr) (of|=|) {r}, n = {n}(,|;|:) (confidence limits|confidence interval|ci|Fisher z interval|limits|interval)",
        "{CI} (for|of) (rho|ρ|the (true|population|) correlation): r {r}, n {n}".replace("{CI}", CI),
        "test (H0:|whether|) rho = 0 (when|with|,) r = {r} and n = {n}",
        "we found r = {r} in {n} (batches|people|lots|pairs); (how sure is it|how far can the true one be|how much is it worth)(?|)",
        "the paper reports r = {r} (n = {n}): (p|p value|interval|is it significant)(?|)",
        "Fisher z (transform|interval|transformation) (for|of|with) r {r} and {n} (pairs|points)",
        "how (certain|precise|reliable) is a correlation coefficient of {r} out of {n} (pairs|measurements|points)(?|)",
        "t = r sqrt((n-2)/(1-r^2)) with r {r} and n {n}(,|;) (and|) p".replace("(1-r^2)", "(one minus r squared)"),
        "{n} (pairs|points) gave (a correlation of|r =|a Pearson correlation of) {r}. (chance|just chance|luck) or (real|not)(?|)",
    ),
    {
        "r": Num(0.2, 0.95, 2, choices=("0.62", "-0.41", "0.3", "0.85", "-0.7", "0.48", ".55", "0.91", "-0.28", "0.37", "0.74", "0.52")),
        "n": Num(6, 90, integer=True),
    },
    (CONFIDENCE, *alternative_options(0.12)),
)  # fmt: skip

LESSONS: tuple[Lesson, ...] = (
    MEAN_INTERVAL,
    MEAN_INTERVAL_LEVEL,
    VARIANCE_INTERVAL,
    VARIANCE_INTERVAL_2,
    VARIANCE_TEST,
    VARIANCE_TEST_LESS,
    VARIANCE_TEST_MORE,
    VARIANCE_TEST_2,
    VARIANCE_DATA_2,
    VARIANCE_TWO,
    VARIANCE_TWO_2,
    *PREDICTION,
    CORRELATION,
)
