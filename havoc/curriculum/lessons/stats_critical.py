"""Asking for two-sided critical values of t and of the normal distribution, and for waiting times from their rate."""

from __future__ import annotations

from havoc.curriculum.lesson import Lesson, Num

BOTH = "(two-sided|two sided|two-tailed|two tailed|both sides|both tails|2-sided)"
DF = "(df|degrees of freedom|d.f.|DF)"
ALPHA = Num(
    0.01, 0.1, choices=("5%", "0.05", "1%", "0.01", "10%", "0.1", "0.10", "2%", "5 %", ".05")
)
LEVEL = Num(0.9, 0.99, choices=("95%", "99%", "90%", "0.95", "0.99", "98%", "95 %", ".95"))
FREEDOM = {"df": Num(2, 60, integer=True)}
_OF_T = (
    f"(critical t|t critical value|critical value of t|t table value) {BOTH} (at|for|) {{q}} (with|and|,) {{df}} {DF}",
    f"{BOTH} (critical t|t value|t cut-off) (for|at) alpha (=|) {{q}}, {{df}} {DF}",
    f"t table(:|,) {BOTH}, alpha {{q}}, {{df}} {DF}",
    f"{{df}} {DF}, {{q}} split over both tails(:|,) t",
    "t_(alpha/2) (for|with) alpha = {q} and df = {df}".replace("_(alpha/2)", " alpha half"),
    f"(beyond|outside) which ±t (does|lies) {{q}} in all, {{df}} {DF}(?|)",
    f"reject when the absolute t (is above|exceeds) what? alpha {{q}}, {{df}} {DF}",
    f"T.INV.2T (with probability|of) {{q}} and {{df}} {DF}",
)
_OF_Z = (
    f"(critical z|z critical value|z value|z) {BOTH} (at|for|) {{q}}",
    f"{BOTH} (critical z|z cut-off) (for|at) alpha (=|) {{q}}",
    "z alpha half for alpha = {q}",
    "(beyond|outside) which ±z (does|lies) {q} in all(?|)",
    "reject when the absolute z (is above|exceeds) what at alpha {q}(?|)",
    f"normal table, {BOTH}, {{q}}",
)
_MIDDLE_T = (
    f"t (for|of|in) a {{p}} confidence interval with {{df}} {DF}",
    f"(which|what) t (goes|is used) with {{p}} (confidence|limits) and {{df}} {DF}(?|)",
    f"the middle {{p}} of t with {{df}} {DF} lies between what",
    f"t multiplier for {{p}} confidence limits, {{df}} {DF}",
    f"{{p}} {BOTH} t, {{df}} {DF}",
)
_MIDDLE_Z = (
    "z (for|of|in) a {p} confidence interval",
    "(which|what) z (goes|is used) with {p} (confidence|confidence limits)(?|)",
    "the middle {p} of (the standard normal|a standard normal|z) lies between what",
    "z multiplier for {p} confidence limits",
    f"{{p}} {BOTH} z",
    "between which ±z lie {p} of all values",
)
RATED = {
    "r": Num(0.02, 6, 2, choices=("0.2", "0.5", "1.5", "0.05", "3", "0.1", "2", "0.25", "0.8", "4"))
}
LAW = "(exponential|exponentially distributed|Exp|memoryless)"
PER = "(per (minute|hour|day|second)|)"
A_WAIT = "(waiting time|time between events|gap|time to the next call|time between arrivals)"
RATES = (
    Lesson(
        "stats.exponential_probability.rate_above",
        "stats.exponential_probability(rate={r}, above={a})",
        (
            f"{A_WAIT} {LAW} with rate {{r}} {PER}(.|,|;|:) (P(wait more than {{a}})|probability of more than {{a}}|chance to wait over {{a}})(?|)",
            f"{LAW}, rate (=|) {{r}}: (P(X > {{a}})|upper tail at {{a}}|probability above {{a}})",
            "arrivals come at a rate of {r} per (minute|hour), at random; chance of no arrival for {a} (minutes|hours|)",
        ),
        {**RATED, "a": Num(2, 30, integer=True)},
        weight=0.5,
    ),
    Lesson(
        "stats.exponential_probability.rate_below",
        "stats.exponential_probability(rate={r}, below={b})",
        (
            f"{A_WAIT} {LAW} with rate {{r}} {PER}(.|,|;|:) (P(wait less than {{b}})|probability of less than {{b}}|chance to wait under {{b}})(?|)",
            f"{LAW}, rate (=|) {{r}}: (P(X < {{b}})|cdf at {{b}}|probability below {{b}})",
            "arrivals come at a rate of {r} per (minute|hour), at random; chance that the next comes within {b} (minutes|hours|)",
        ),
        {**RATED, "b": Num(2, 30, integer=True)},
        weight=0.5,
    ),
    Lesson(
        "stats.exponential_quantile.rate",
        "stats.exponential_quantile(p={p}, rate={r})",
        (
            f"{{p}} (quantile|percentile) of an {LAW} time with rate {{r}}",
            f"{A_WAIT} {LAW} with rate {{r}} {PER}: which time is not exceeded with probability {{p}}",
            f"{LAW}, rate (=|) {{r}}: {{p}} point",
        ),
        {**RATED, "p": LEVEL},
        weight=0.4,
    ),
)
LESSONS: tuple[Lesson, ...] = (
    *RATES,
    Lesson(
        "stats.t_quantile.two_sided",
        "stats.t_quantile(df={df}, p=1-{q}, two_sided=true)",
        _OF_T,
        {**FREEDOM, "q": ALPHA},
    ),
    Lesson(
        "stats.t_quantile.middle",
        "stats.t_quantile(df={df}, p={p}, two_sided=true)",
        _MIDDLE_T,
        {**FREEDOM, "p": LEVEL},
        weight=0.7,
    ),
    Lesson(
        "stats.normal_quantile.two_sided",
        "stats.normal_quantile(p=1-{q}, two_sided=true)",
        _OF_Z,
        {"q": ALPHA},
        weight=0.8,
    ),
    Lesson(
        "stats.normal_quantile.middle",
        "stats.normal_quantile(p={p}, two_sided=true)",
        _MIDDLE_Z,
        {"p": LEVEL},
        weight=0.6,
    ),
)
