"""Reading capability, measurement systems, sampling plans, tolerance intervals and life data. After AIAG (2010),
Measurement Systems Analysis, 4th ed.; Montgomery (2013), Statistical Quality Control; Meeker and Escobar (1998)."""

from __future__ import annotations

from havoc.srs.guidance.rule import Condition, Rule, Values, at_least, below, has

_CAP = "quality.capability quality.capability_summary quality.capability_nonnormal"
_GRR = "quality.gage_rr quality.gage_nested"
_PLANS = "quality.sampling_plan quality.variables_plan quality.double_sampling quality.oc_curve"
_TOLERANCE = "quality.tolerance_*"
_LIFE = "quality.weibull_fit quality.weibull_life quality.exponential_life quality.kaplan_meier quality.mtbf"

_INDEX = ("cpk", "ppk")


def _capable(low: float, high: float) -> Condition:
    """The index that is reported lies from ``low`` to under ``high``."""

    def holds(v: Values, a: Values) -> bool:
        index = next((v[k] for k in _INDEX if v.get(k) is not None), None)
        return index is not None and low <= index < high

    return holds


VERDICT = (
    Rule(_CAP, "The process is not capable: it cannot keep the limits.", _capable(-1e9, 1)),
    Rule(_CAP, "The process is barely capable.", _capable(1, 1.33)),
    Rule(
        _CAP,
        "The process looks capable, though its lower confidence limit is under 1.33: more "
        "readings are needed to "
        "be sure.",
        lambda v, a: (v.get("cpk") or 0) >= 1.33 and (v.get("cpk_ci_low") or 9) < 1.33,
    ),
    Rule(_CAP, "The process is capable.", _capable(1.33, 1e9)),
)

READ = (
    Rule(
        _CAP,
        "At least 1.33 is usually asked of a running process, 1.5 of a new one, 1.67 where "
        "safety is at stake "
        "(Montgomery); compare the lower confidence limit with it, not only the estimate.",
    ),
    Rule(
        _CAP,
        "Cpk is the distance from the mean to the nearer limit in units of three standard "
        "deviations; Cp is what a "
        "centred process would have.",
        has("cpk"),
    ),
    Rule(
        "quality.capability",
        "Cp and Cpk use the scatter inside subgroups (what the process could do), Pp and Ppk the "
        "scatter of all values "
        "(what it did).",
        has("cpk", "ppk"),
    ),
    Rule(
        "quality.capability_nonnormal",
        "Ppk is computed from quantiles of the fitted shape instead of the normal "
        "distribution's; the tail decides.",
    ),
    Rule(
        _GRR,
        "Under 10 % of the study variation a gage is usually called acceptable, up to 30 % "
        "marginal, above that not "
        "acceptable; 5 or more distinct categories are wanted (AIAG).",
    ),
    Rule(
        "quality.gage_type1",
        "Cg judges the scatter of the gage alone, Cgk its scatter and bias; 1.33 is the usual "
        "limit for both.",
    ),
    Rule(
        "quality.gage_bias",
        "A bias is shown when the confidence interval leaves zero out; small samples leave it "
        "undecided.",
    ),
    Rule(
        "quality.gage_linearity",
        "A slope other than zero means that the bias changes with the size measured, so one "
        "correction does not fit all.",
    ),
    Rule(
        "quality.kappa quality.attribute_agreement",
        "Kappa is the agreement beyond chance: 1 is perfect, 0 is what guessing would give; "
        "above 0.75 is usually wanted "
        "(AIAG).",
    ),
    Rule(
        _PLANS,
        "The producer's risk is the chance to reject a good lot, the consumer's risk the chance "
        "to accept a bad one; both "
        "hold at the two fractions named, and the curve tells the rest.",
    ),
    Rule(
        _TOLERANCE,
        "A tolerance interval holds a share of the single values, with the confidence named; a "
        "confidence interval would "
        "only hold the mean.",
    ),
    Rule(
        "quality.weibull_fit quality.weibull_life",
        "A shape below 1 tells of early failures, 1 of failures at random, above 1 of wear-out; "
        "the scale is the time by "
        "which 63.2 % have failed.",
    ),
    Rule(
        "quality.kaplan_meier",
        "Each step is a failure; units that were taken off count as long as they were watched.",
    ),
    Rule(
        "quality.mtbf quality.exponential_life",
        "An MTBF is no life: with a constant failure rate only 36.8 % of units survive a time "
        "equal to it.",
    ),
    Rule(
        "quality.success_run",
        "The demonstration holds only if no more failures occur than allowed, and if the test is "
        "like the field.",
    ),
)

NEXT = (
    Rule(
        "quality.capability quality.capability_summary",
        "Centre the process first: the spread would allow more than the position does.",
        lambda v, a: _both_numbers(v, "cp", "cpk") and v["cp"] - v["cpk"] > 0.1 and v["cp"] >= 1,
    ),
    Rule(
        "quality.capability quality.capability_summary",
        "Reduce the spread: even a centred process would not keep the limits well.",
        below("cp", 1.33),
    ),
    Rule(
        _CAP,
        "Keep the control chart running: a capability holds only while the process is stable.",
    ),
    Rule(
        "quality.capability",
        "Pp is well below Cp, so the process moves between subgroups: find out why on the "
        "control chart.",
        lambda v, a: _both_numbers(v, "cp", "pp") and v["pp"] < 0.85 * v["cp"],
    ),
    Rule(
        _GRR,
        "Improve the measurement before studying the process: see whether repeatability (the "
        "gage) or reproducibility "
        "(the operators) is the larger part.",
        at_least("pct_study_var_grr", 10),
    ),
    Rule(
        _GRR,
        "Repeat the study when gage, operators or parts change.",
    ),
    Rule(
        "quality.gage_type1 quality.gage_bias quality.gage_linearity",
        "Calibrate or correct the gage where a bias is shown, then study repeatability and "
        "reproducibility on parts.",
    ),
    Rule(
        "quality.kappa quality.attribute_agreement",
        "Look at the parts on which the raters disagree, and sharpen the definition with them.",
    ),
    Rule(
        _PLANS,
        "Draw the sample at random from the whole lot, and write down beforehand what counts as "
        "nonconforming.",
    ),
    Rule(
        _TOLERANCE,
        "Compare the interval with the specification: if it fits inside, the share covered is "
        "demonstrated.",
    ),
    Rule(
        "quality.weibull_fit quality.kaplan_meier",
        "Keep the running units on test: each further failure narrows the limits.",
    ),
    Rule(
        "quality.weibull_life quality.exponential_life quality.mtbf quality.success_run",
        "Check the assumed life distribution on failure times before promising the number to a "
        "customer.",
    ),
)


def _both_numbers(v: object, *keys: str) -> bool:
    return all(isinstance(v.get(k), int | float) for k in keys)  # type: ignore[attr-defined]
