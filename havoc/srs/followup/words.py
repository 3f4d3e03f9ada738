"""The words people use for parameters and choices when they change their mind."""

from __future__ import annotations

# parameter -> how people call it, beside its own name
PARAMETERS: dict[str, tuple[str, ...]] = {
    "alpha": ("significance level", "significance", "type i error", "α"),
    "confidence": ("confidence level", "confidence", "confidence interval", "interval", "conf", "ci"),
    "sd": ("standard deviation", "stdev", "std dev", "sigma", "noise"),
    "sigma": ("standard deviation", "stdev", "sd", "σ"),
    "n": ("sample size", "observations"),
    "target": ("nominal", "mu0", "mu", "reference value", "label"),
    "median": ("target",),
    "usl": ("upper spec limit", "upper specification limit", "upper spec", "upper limit"),
    "lsl": ("lower spec limit", "lower specification limit", "lower spec", "lower limit"),
    "subgroup": ("subgroup size", "subgroups of", "groups of", "subgroup"),
    "centers": ("center points", "centre points", "center point", "centre point", "center runs", "centers"),
    "replicates": ("replications", "replicate", "repeats"),
    "difference": ("delta", "shift", "effect"),
    "effect": ("effect size", "difference"),
    "weight": ("lambda", "λ"),
    "at": ("setting", "x"),
    "n_factors": ("factors",),
    "runs": ("run",),
    "sigmas": ("sigma limits", "sigma"),
    "aql": ("acceptable quality level",),
    "ltpd": ("rql", "lot tolerance"),
    "coverage": ("cover", "content"),
    "time": ("hours", "test time"),
    "failures": ("failure",),
}  # fmt: skip

# (parameter, choice as the DSL has it) -> how people say it, beside its own words
CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("equal_variances", "false"): ("welch", "unequal variances", "without pooling"),
    ("equal_variances", "true"): ("pooled", "equal variances", "student's"),
    ("alternative", "two-sided"): ("two sided", "two-sided", "two tailed", "two-tailed", "both sides"),
    ("alternative", "greater"): ("greater", "larger", "higher", "above", "upper tail", "upper-tailed"),
    ("alternative", "less"): ("less", "smaller", "lower", "below", "lower tail", "lower-tailed"),
    ("rules", "western_electric"): ("western electric", "weco", "we rules"),
    ("rules", "limits"): ("only the limits", "no run rules", "limits only"),
    ("estimator", "rbar"): ("r-bar", "r bar", "average range"),
    ("estimator", "sbar"): ("s-bar", "s bar"),
    ("estimator", "pooled"): ("pooled",),
    ("method", "shapiro_wilk"): ("shapiro",),
    ("method", "anderson_darling"): ("anderson darling", "anderson-darling"),
    ("method", "boxcox"): ("box-cox", "box cox"),
    ("type", "faced"): ("face centered", "face-centered", "face centred", "face-centred", "faced"),
}  # fmt: skip

# what shows that the earlier answer is meant
CUES = (
    "same", "again", "now", "what if", "instead", "what about", "how about", "redo", "repeat", "rerun", "re-run",
    "change", "make it", "use ", "but ", "and with", "and if", "with ", "try ", "drop", "remove", "exclude", "omit",
    "leave out", "leaving out", "without", "ignore", "only", "just ", "why", "show", "plot", "draw", "export",
    "download", "save", "restrict", "limit", "at the ", "at ", "set ", "suppose", "switch", "keep", "give me the ",
)  # fmt: skip
