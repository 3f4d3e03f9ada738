"""Asking how many values let the extremes cover a share (Wilks), and for lives from a failure rate."""

from __future__ import annotations

from havoc.curriculum.lesson import Lesson, Num, Option

SHARE = Num(0.8, 0.999, choices=("95%", "99%", "90%", "0.95", "0.99", "0.9", "99.9%", "98%"))
CERTAINTY = Num(0.8, 0.99, choices=("95%", "99%", "90%", "0.95", "0.9", "80%"))
CONFIDENCE = Option(
    "confidence={conf}",
    (
        "(with|at) {conf} (confidence|certainty|probability)",
        "confidence (level|) {conf}",
        "{conf} (sure|confident)",
    ),
    {"conf": CERTAINTY},
    0.6,
)
PARTS = "(parts|values|readings|samples|units|runs|measurements)"
RATE = Num(0.00002, 0.02, 5, choices=("0.0004", "0.001", "2e-4", "0.00025", "5e-5", "0.002", "0.0001", "1e-4", "0.0125"))  # fmt: skip
HOURS = "(h|hours|cycles|)"
A_RATE = "(failure rate|hazard rate|constant hazard|failure rate lambda|lambda)"
LESSONS: tuple[Lesson, ...] = (
    Lesson(
        "quality_tolerance_sample_size",
        "quality.tolerance_sample_size(coverage={p}, {options})",
        (
            f"how many {PARTS} so that (the smallest and the largest|min and max|the extremes|the range) (cover|hold|contain) {{p}} of the population",
            "(Wilks|wilks) (sample size|formula|number of runs) for {p} (coverage|of the population), (both sides|two-sided)",
            "sample size for a (distribution-free|nonparametric) tolerance interval (from the extremes|) that holds {p} of the population",
            "n (needed|required) so that (min to max|lowest to highest value) covers {p} whatever the distribution",
            f"without assuming normality(,|:) how many {PARTS} until their range holds {{p}} of (all|the population)",
            f"number of {PARTS} for which {{p}} of the population lie between the least and the greatest of them",
        ),
        {"p": SHARE},
        (CONFIDENCE,),
    ),
    Lesson(
        "quality_tolerance_sample_size_upper",
        "quality.tolerance_sample_size(coverage={p}, side=upper, {options})",
        (
            f"how many {PARTS} so that {{p}} of the population (is|lies|are) below the largest (of them|one)",
            "(Wilks|wilks) (first order|one-sided) sample size for {p} (coverage|quantile)",
            f"n so that the (maximum|highest value) of the {PARTS} is above {{p}} of the population",
            "how many runs until the (maximum|worst one) bounds {p} of (all|the) outcomes, one-sided(, no distribution assumed|)",
        ),
        {"p": SHARE},
        (CONFIDENCE,),
        weight=0.5,
    ),
    Lesson(
        "quality_exponential_life_rate",
        "quality.exponential_life(rate={r}, t={t}, {options})",
        (
            f"{A_RATE} {{r}} per hour, (probability of surviving|reliability at|what fraction survives) {{t}} {HOURS}",
            f"(constant|) {A_RATE} (of|=|is) {{r}}: R({{t}})",
            f"exponential life, {A_RATE} {{r}}, (survival|reliability) at {{t}} {HOURS}",
            f"a (lamp|relay|valve|board) fails at a constant rate of {{r}} per (hour|cycle)(;|,|.) what (fraction|share) (survives|lasts) {{t}} {HOURS}(?|)",
            "R(t) = exp(-lambda t) with lambda = {r} and t = {t}",
            f"the life is exponential with {A_RATE} {{r}} per hour; (chance|probability) to (last|run) {{t}} {HOURS}",
        ),
        {"r": RATE, "t": Num(20, 5000, integer=True)},
        (),
    ),
    Lesson(
        "quality_exponential_life_rate_median",
        "quality.exponential_life(rate={r}, {options})",
        (
            f"{A_RATE} {{r}} per hour, (MTBF and median life|median life|mean life|B10)(?|)",
            f"constant {A_RATE} (of|=) {{r}}: (mean time to failure|mean life and median|half of them are dead when)(?|)",
            f"exponential life with {A_RATE} {{r}}, what is the (median|mean) life",
        ),
        {"r": RATE},
        (),
        weight=0.5,
    ),
)  # fmt: skip
