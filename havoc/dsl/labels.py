"""What people call an input, and which number or column of a request is called so.

``n = 30, xbar 12.4, s 0.3`` says of each number what it is. The words are declared once: the curriculum teaches
requests that list inputs by them, and while a program is written they speak against giving a number that is
called one input to another.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from havoc.dsl.design_labels import notation_labels
from havoc.dsl.grounding.numbers import WORDS
from havoc.dsl.grounding.slots import COLUMN, NUMBER, Grounded, once, words_of

# By the name of the parameter.
CALLED: Mapping[str, tuple[str, ...]] = {
    "above": ("above", "greater than", "over", "more than"),
    "alpha": ("alpha", "significance level", "level of significance", "producer's risk"),
    "aql": ("AQL", "aql", "acceptable quality level"),
    "arl0": ("ARL0", "in-control ARL", "arl 0"),
    "at_least": ("at least", ">=", "no fewer than", "minimum"),
    "at_most": ("at most", "<=", "no more than", "maximum"),
    "below": ("below", "less than", "under"),
    "beta": ("beta", "consumer's risk"),
    "c": ("c", "acceptance number", "Ac"),
    "c1": ("c1", "Ac1"),
    "c2": ("c2", "Ac2"),
    "chance": ("p", "chance", "success probability", "probability of an event"),
    "confidence": ("confidence", "conf", "conf. level", "confidence level"),
    "correlation": ("r", "correlation", "corr"),
    "defectives": ("defectives in the lot", "bad units in the lot", "D"),
    "degree": ("degree", "m"),
    "df": ("df", "DF", "degrees of freedom", "nu"),
    "df_1": ("df1", "numerator df", "df numerator", "first df"),
    "df_2": ("df2", "denominator df", "df denominator", "second df"),
    "difference": ("difference", "delta", "difference to detect", "true difference", "diff"),
    "effect": ("effect", "effect size"),
    "events": ("events", "number of events", "x", "count"),
    "events_1": ("x1", "events 1", "first count"),
    "events_2": ("x2", "events 2", "second count"),
    "exactly": ("exactly", "precisely", "x ="),
    "exposure": ("exposure", "unit-hours", "area of opportunity", "t"),
    "exposure_1": ("exposure 1", "t1", "first exposure"),
    "exposure_2": ("exposure 2", "t2", "second exposure"),
    "failures": ("failures", "number of failures", "r", "fails"),
    "h": ("h", "decision interval", "H"),
    "high": ("high", "upper bound", "maximum", "b"),
    "k": ("k", "reference value", "slack", "K"),
    "L": ("L", "width of the limits", "limit width"),
    "log_mean": ("log mean", "mu of the logs", "mean of ln x", "mu"),
    "log_sd": ("log sd", "sigma of the logs", "sd of ln x", "sigma"),
    "lot": ("lot", "lot size", "N", "population size"),
    "low": ("low", "lower bound", "minimum", "a"),
    "lower": ("lower", "lower limit", "from"),
    "lsl": ("LSL", "lsl", "lower spec limit", "lower specification limit", "lower limit"),
    "ltpd": ("LTPD", "RQL", "ltpd", "lot tolerance percent defective", "LQ"),
    "margin": ("margin", "margin of error", "E", "half width", "precision"),
    "mean": ("mean", "xbar", "average", "x-bar", "avg", "mu", "mean value"),
    "mean_1": ("mean1", "xbar1", "mean of the first", "mean 1"),
    "mean_2": ("mean2", "xbar2", "mean of the second", "mean 2"),
    "mean_difference": ("dbar", "mean difference", "mean of the differences"),
    "mtbf": ("MTBF", "mtbf", "mean time between failures"),
    "n": ("n", "n", "sample size", "number of observations", "size"),
    "n1": ("n1", "first sample"),
    "n2": ("n2", "second sample"),
    "n_1": ("n1", "size of the first", "n 1"),
    "n_2": ("n2", "size of the second", "n 2"),
    "n_components": ("components", "number of components", "q"),
    "n_factors": ("factors", "number of factors", "k"),
    "null": ("null value", "H0 value", "hypothesised value", "null hypothesis"),
    "p": ("p", "probability", "cumulative probability", "area to the left"),
    "p_1": ("p1", "first proportion"),
    "p_2": ("p2", "second proportion"),
    "power": ("power", "desired power", "target power"),
    "rate": ("failure rate", "hazard rate", "constant failure rate"),
    "ratio": ("ratio", "ratio of the standard deviations"),
    "reference": ("reference", "master", "reference value", "true value"),
    "replicates": ("replicates", "reps", "replications"),
    "runs": ("runs", "number of runs", "run budget"),
    "scale": ("scale", "scale parameter", "eta", "characteristic life"),
    "sd": ("sd", "s", "sigma", "standard deviation", "std dev", "stdev", "SD", "st. dev."),
    "sd_1": ("s1", "sd1", "sd of the first", "standard deviation 1"),
    "sd_2": ("s2", "sd2", "sd of the second", "standard deviation 2"),
    "sd_difference": ("s_d", "sd of the differences", "sd diff"),
    "shape": ("shape", "shape parameter", "beta"),
    "shape_1": ("first shape", "shape 1", "alpha"),
    "shape_2": ("second shape", "shape 2", "beta"),
    "sigma": ("sigma", "known sigma", "process sigma", "true sd"),
    "sigma_squared": ("sigma squared", "hypothesised variance", "hypothesized variance"),
    "subgroup": ("subgroup size", "subgroups of"),
    "target": ("target", "mu0", "target value", "nominal"),
    "time": ("test time", "total time", "time on test", "T"),
    "tolerance": ("tolerance", "tol", "half tolerance"),
    "upper": ("upper", "upper limit", "to"),
    "usl": ("USL", "usl", "upper spec limit", "upper specification limit", "upper limit"),
    "variance": ("variance", "sample variance", "var"),
    "variance_1": ("variance 1", "first variance", "variance of the first"),
    "variance_2": ("variance 2", "second variance", "variance of the second"),
    "weight": ("lambda", "weight", "smoothing constant", "lam"),
}

# Read so, but not taught: each of them is also the name of something else that the same request may give.
_HYPOTHESISED = (
    "hypothesised sd",
    "hypothesized sd",
    "hypothesised standard deviation",
    "hypothesized standard deviation",
    "hypothesized stdev",
    "sigma 0",
)
_OF_DIFFERENCES = (
    "sd of the differences",
    "sd of differences",
    "s of the differences",
    "sigma of the differences",
    "standard deviation of the differences",
    "standard deviation of differences",
)
_MEAN = ("mean", "average", "avg", "mean value", "true mean", "mu", "mu0")
_ALSO: Mapping[str, tuple[str, ...]] = {
    "target": _MEAN,
    "null": (*_MEAN, "p"),
    "chance": ("probability",),
    "difference": ("shift", "mean shift", "change"),
    "above": ("no less than", "not less than", ">"),  # listed as "> = 5" it would be another bound
    "below": ("fewer than", "<"),
    "at_least": ("no less than", "not less than", "≥"),
    "at_most": ("≤",),
    "lsl": (">=", "≥", "at least", "minimum", "min"),
    "usl": ("<=", "≤", "at most", "maximum", "max"),
    "initial": ("initial value", "initial slope", "initial velocity", "initial condition"),
    "alpha": (
        "confidence",
        "conf",
        "conf. level",
        "confidence level",
        "producer risk",
        "producers risk",
    ),
    "beta": ("consumer risk", "consumers risk"),
    "rate": ("rate",),
    # "reliability at 2000 h" names a time, "reliability 0.95" itself: which of them an operation takes decides
    "t": (
        "reliability",
        "survival",
        "survival probability",
        "unreliability",
        "hazard",
        "mission time",
    ),
    "reliability": ("reliability", "r"),
    "effect": (
        "effect size f",
        "effect size d",
        "effect size w",
        "effect size h",
        "cohens f",
        "cohens d",
        "cohens w",
    ),
    "sd": (*_HYPOTHESISED, *_OF_DIFFERENCES),  # where the data are given; of a paired test
    "coverage": (
        "coverage",
        "cover",
        "covers",
        "covering",
        "contains",
        "containing",
        "contain",
        "captures",
    ),
    "defects": ("defects", "number of defects", "total defects", "nonconformities"),
    "opportunities": ("opportunities", "opportunities per unit", "opportunities for a defect"),
    "sd_difference": _OF_DIFFERENCES,
    "shape": ("weibull modulus", "modulus"),
    "shift": ("shift", "mean shift"),
    "sigma": ("sd", "s", "standard deviation", "stdev", *_HYPOTHESISED),
    "sigma_squared": ("variance",),
    "test_share": (
        "test size",
        "test_size",
        "test share",
        "test set",
        "testing set",
        "test fraction",
    ),
    "train_share": ("training set", "train set", "train size", "train_size"),
    "units": ("units", "number of units", "units inspected"),
}
# Names of columns that say what part their values play, by the parameter.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "block": ("block", "blocks"),
    "operator": ("operator", "operators", "appraiser", "appraisers", "inspector", "inspectors"),
    "part": ("part", "parts", "part no", "part number"),
    "expected": ("expected", "expected count", "expected counts"),
    "observed": ("observed", "found", "counted", "observed count", "observed counts"),
    "reference": (
        "reference",
        "ref",
        "master",
        "reference value",
        "standard",
        "truth",
        "true value",
    ),
    "response": ("response", "y"),
    "nominal": ("nominal", "nominals"),
    "size": (
        "sample size",
        "inspected",
        "checked",
        "items inspected",
        "lot size",
        "units inspected",
        "number inspected",
        "no inspected",
        "n inspected",
        "inspected units",
        "sampled",
    ),
    "status": ("status",),
    "suspended": ("suspended", "suspensions", "censored times"),
    "tolerance": ("tolerance", "tolerances"),
}
_ALSO_ROLES = {
    "reference": frozenset(("reference", "standard")),
    "expected": frozenset(("expected", "proportions")),
}  # 9:3:3:1
# Words at a column in the request that say the same: ``B blocks``, ``V varieties whole plot``, ``blocks: B``.
_BESIDE: Mapping[tuple[str, ...], str] = {
    ("block",): "block",
    ("blocks",): "block",
    ("as", "block"): "block",
    ("as", "blocks"): "block",
    ("blocked", "by"): "block",
    ("response",): "response",
    ("operator",): "operator",
    ("operators",): "operator",
    ("appraiser",): "operator",
    ("appraisers",): "operator",
    ("whole", "plot"): "whole",
    ("whole", "plots"): "whole",
    ("whole", "plot", "factor"): "whole",
    ("subplot",): "sub",
    ("subplots",): "sub",
    ("subplot", "factor"): "sub",
    ("sub", "plot"): "sub",
    ("sub", "-", "plot"): "sub",
    ("split", "plot"): "sub",
}
_SMALL = frozenset(
    "against and or vs versus on over by in to for of with from per as between is the".split()
)
# Said behind a number: ``90 % power``, ``5 replicates``.
_BEHIND = frozenset(
    "power confidence coverage df replicates reps runs factors components failures events defects units"
    " opportunities".split()
)
# More names behind a number, with what they may name: ``a 1 sigma shift``, ``3-sigma limits``, ``30 % for testing``.
_PHRASES_BEHIND: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("parts", "each"): ("n",),
    ("pieces", "each"): ("n",),
    ("units", "each"): ("n",),
    ("specimens", "each"): ("n",),
    ("per", "group"): ("n",),
    ("suspended", "at"): ("n_censored",),
    ("test", "units"): ("units",),
    ("test", "pieces"): ("units",),
    ("units", "on", "test"): ("units",),
    ("samples", "on", "test"): ("units",),
    ("%", "defective"): ("p",),
    ("%", "defectives"): ("p",),
    ("%", "nonconforming"): ("p",),
    ("%", "bad"): ("p",),
    ("sigma", "shift"): ("shift",),
    ("sigma", "mean", "shift"): ("shift",),
    ("sd", "shift"): ("shift",),
    ("sigma", "limits"): ("L", "sigmas"),
    ("sigma", "limit"): ("L", "sigmas"),
    ("sigma", "chart"): ("L", "sigmas"),
    ("sigma", "control"): ("L", "sigmas"),
    ("sigma", "shewhart"): ("L", "sigmas"),
    ("center", "points"): ("centers",),
    ("center", "point"): ("centers",),
    ("center", "runs"): ("centers",),
    ("centre", "points"): ("centers",),
    ("centre", "point"): ("centers",),
    ("centre", "runs"): ("centers",),
    ("blocks",): ("blocks",),
    ("levels",): ("levels", "level_counts", "groups"),
    ("for", "testing"): ("test_share",),
    ("for", "test"): ("test_share",),
    ("for", "the", "test"): ("test_share",),
    ("test", "set"): ("test_share",),
    ("test", "data"): ("test_share",),
    ("testing", "set"): ("test_share",),
    ("for", "training"): ("train_share",),
    ("for", "the", "training"): ("train_share",),
    ("train", "set"): ("train_share",),
    ("training", "set"): ("train_share",),
    ("training", "data"): ("train_share",),
}
# An article or a word of any sentence names an input only where a sign says so: ``a = 2``.
_ONLY_WITH_SIGN = frozenset(
    "a b x t d q r m e c k h to from count size factors minimum maximum over under".split()
)
_SIGNS = ("=", ":")
_HEDGES = ("about", "around", "roughly", "approximately", "approx", "ca", "circa", "nearly", "some")
_BETWEEN = frozenset(
    (*_SIGNS, "is", "of", "at", "was", "be", "~", "(", "came", "out", "comes", *_HEDGES)
)
_BOUNDS = (("<", "="), (">", "="))
_AT_THE_CENTRE = ("in", "at", "into", "with")  # `4 runs in the middle` are no budget of runs
_SLOT = re.compile(r"<[a-z]\d+>")
_LONGEST = 6  # words of a name


@cache
def _named() -> Mapping[tuple[str, ...], frozenset[str]]:
    """Each name, in the words of the text a model reads, with the parameters it may stand for."""
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for names_of in (CALLED, _ALSO):
        for parameter, names in names_of.items():
            for name in names:
                found[tuple(words_of(name))].add(parameter)
    return {name: frozenset(parameters) for name, parameters in found.items()}


@cache
def _roles() -> Mapping[tuple[str, ...], str]:
    return {tuple(words_of(n)): p for p, names in COLUMNS.items() for n in names}


@once
def labels_of(grounded: Grounded) -> dict[str, frozenset[str]]:
    """Return, by slot, the parameters that the words at a number, or a column's own name, say it is for.

    What has no such words is left out.
    """
    named = {
        slot.token: _roles().get(tuple(words_of(slot.value.name.replace("_", " "))))
        for slot in grounded.of("c", "g")
    }
    columns = {t: _ALSO_ROLES.get(role, frozenset((role,))) for t, role in named.items() if role}
    return _beside(grounded) | columns | _numbers(grounded)


def _beside(grounded: Grounded) -> dict[str, frozenset[str]]:
    """Columns that the request itself calls something, where all it calls them is one thing."""
    words = grounded.text.split(" ")
    found: dict[str, set[str]] = defaultdict(set)
    for at, word in enumerate(words):
        if word == "|":
            break  # from here on the columns are listed
        if COLUMN.fullmatch(word):
            role = _role_behind(words, at) or _role_before(words, at)
            if role:
                found[word].add(role)
    return {token: frozenset(roles) for token, roles in found.items() if len(roles) == 1}


def _role_behind(words: list[str], at: int) -> str | None:
    """``V varieties whole plot``: at once, or behind one word of its own; ``V against whole plot error`` is none."""
    for place in (at + 1, at + 2):
        for length in (3, 2, 1):
            role = _BESIDE.get(tuple(words[place : place + length]))
            after = words[place + length] if place + length < len(words) else ""
            if role and after not in (*_SIGNS, "error", "errors") and not _SLOT.fullmatch(after):
                return role
        if place >= len(words) or not words[place].isalpha() or words[place] in _SMALL:
            return None
    return None


def _role_before(words: list[str], at: int) -> str | None:
    end = at
    while end > 0 and at - end < 3 and words[end - 1] in _BETWEEN:
        end -= 1
    return next(
        (r for n in (3, 2, 1) if n <= end and (r := _BESIDE.get(tuple(words[end - n : end])))), None
    )


def _numbers(grounded: Grounded) -> dict[str, frozenset[str]]:
    words = grounded.text.split(" ")
    found: dict[str, frozenset[str]] = {}
    free = 0  # words before here are taken: they stand behind an earlier number
    for at, word in enumerate(words):
        if not NUMBER.fullmatch(word):
            continue
        begin = at - (
            words[at - 1] in WORDS
        )  # "in two <n0> years": the number in words, then its slot
        named = _before(words, begin, free)
        # `5 runs 3 factors` has names behind, `runs 5 factors 3` and `f = 5 power 3` before
        lone = not named and words[at - 1] not in _SIGNS
        behind = _behind(words, at, lone=lone)
        if behind:
            named, free = _named()[(words[behind],)], behind + 1
        phrase = _phrase_behind(words, at)
        if phrase:
            named, free = frozenset(_PHRASES_BEHIND[tuple(words[slice(*phrase)])]), phrase[1]
        place = _starts(words, at)
        if place:
            named = _PLACED[place]
        if not named and _is_whole(words, begin):
            named = _WHOLES
        if not named and _is_level(words, at):
            named = _LEVELS
        if named:
            found[word] = found.get(word, frozenset()) | named
    found |= dict(notation_labels(words))
    return _first_and_second(found)


# Said once for each of two samples, in their order: ``s1^2 = 14.5 (n = 12), s2^2 = 10.8 (n = 10)``.
_OF_TWO = ("n", "mean", "sd")


def _first_and_second(found: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Two numbers that are called alike belong to the first sample and to the second."""
    out = dict(found)
    for name in _OF_TWO:
        called = [slot for slot, names in found.items() if name in names]
        if len(called) == 2:
            for slot, place in zip(called, "12", strict=True):
                out[slot] = out[slot] | {f"{name}_{place}"}
    return out


_LEVELS = frozenset(("confidence", "alpha"))
_INTERVALS = frozenset("ci interval limits bounds margin".split())
_OF_OTHERS = frozenset(
    "tolerance coverage population control spec specification reliability".split()
)


def _is_level(words: list[str], at: int) -> bool:
    """Whether a percentage stands right before an interval: ``95 % ci``, ``99 % upper limit``."""
    behind = words[at + 1 : at + 6]
    if "%" not in behind or not _OF_OTHERS.isdisjoint(words):
        return False
    digits, said = "".join(behind[: behind.index("%")]), behind[behind.index("%") + 1 :]
    if said[:1] in (["upper"], ["lower"]) and said[1:2] in (["limit"], ["bound"]):
        return True
    return digits in ("80", "90", "95", "98", "99") and said[:1] != [] and said[0] in _INTERVALS


# What events are counted in: ``12 of 200``, ``15 accidents in 3 years``, ``out of 1000 mails 31 bounced``.
_WHOLES = frozenset(
    "exposure exposure_1 exposure_2 n n_1 n_2 lot time t size population groups".split()
)
_FURTHEST = 6  # words between a count and what it is counted in


def _is_whole(words: list[str], at: int) -> bool:
    """Whether a number stands behind "out of", or behind "of" or "in" that follow a count closely."""
    if words[max(0, at - 2) : at] == ["out", "of"]:
        return True
    if at < 2 or words[at - 1] not in ("of", "in"):
        return False
    furthest = _FURTHEST if words[at - 1] == "in" else 5  # "12 bad parts of 200"
    for word in reversed(words[max(0, at - 1 - furthest) : at - 1]):
        if NUMBER.fullmatch(word):
            return True
        if not (word.isalnum() or word.startswith("<#")) or word in _SMALL or word in ("a", "but"):
            return False
    return False


_PLACED = {n: frozenset((n,)) for n in ("start", "initial")}


def _starts(words: list[str], at: int) -> str | None:
    """``y(1) = 2`` beside a differential equation: 1 is where it starts, 2 the value there."""

    def opens(place: int) -> bool:
        function = words[place - 2] if place >= 2 else ""
        named = re.fullmatch(r"<v\d+>|[a-z]", function) is not None and function != "p"
        behind = words[place + 1 : place + 5]
        closed = ")" in behind and behind[behind.index(")") + 1 :][:1] == ["="]
        return named and words[place - 1] == "(" and closed

    if opens(at):
        return "start"
    inside = next((i for i in range(at - 3, max(at - 6, 1), -1) if NUMBER.fullmatch(words[i])), 0)
    sure = words[at - 2 : at] == [")", "="]
    return "initial" if sure and inside and opens(inside) else None


def _before(words: list[str], at: int, free: int) -> frozenset[str] | None:
    for before in (at, at - 1):  # "<=" is no "<" before a sign; ">= = 3" is listed so
        bound = tuple(words[before - 2 : before]) if before - 2 >= free else ()
        if bound in _BOUNDS and (before == at or words[before] == "="):
            return _named()[bound]
    end = at
    while end > free and at - end < 3 and words[end - 1] in _BETWEEN:
        end -= 1
    if "(" in words[end:at] and not _closed(words, at):
        return None  # P(5 <= X <= 20): the name of a function
    sure = any(w in _SIGNS for w in words[end:at])
    if end < at:
        end = _before_aside(words, end, free)
    for length in range(min(_LONGEST, end - free), 0, -1):
        name = tuple(words[end - length : end])
        if words[end] == "of" and name[-1] in ("mean", "average", "avg"):
            return None  # the mean of so many
        if name in _named() and (sure or length > 1 or name[0] not in _ONLY_WITH_SIGN):
            return _named()[name]
    return None


def _before_aside(words: list[str], end: int, free: int) -> int:
    """The place before an aside in brackets without a number: ``an effect (high minus low) of 1.5``."""
    if words[end - 1 : end] != [")"]:
        return end
    for at in range(end - 2, max(free, end - 8) - 1, -1):
        if words[at] == "(":
            return at if at > free else end
        if _SLOT.fullmatch(words[at]) or words[at] == ")":
            return end
    return end


def _closed(words: list[str], at: int) -> bool:
    """Whether the bracket before a number holds it alone: ``sd (0.3 mm)``."""
    behind = words[at + 1 : at + 6]
    return ")" in behind and not any(
        w in (",", "<", "≤", ">", "≥") for w in behind[: behind.index(")")]
    )


def _behind(words: list[str], at: int, *, lone: bool) -> int | None:
    """The place of a name behind a number; one that stands before the next number only where it is ``lone``."""
    for place in range(at + 1, min(at + 5, len(words))):  # "9 5 % confidence"
        if words[place] in _BEHIND:
            after = words[place + 1] if place + 1 < len(words) else ""
            taken = after == "=" or (not lone and NUMBER.fullmatch(after))
            middle = words[place] in ("runs", "replicates") and after in _AT_THE_CENTRE
            return None if taken or middle or after == ":" else place
        if words[place].isalpha() or words[place] in ",;.:?()|":
            return None  # of another phrase; before it may stand the number itself, and "%"
    return None


def _phrase_behind(words: list[str], at: int) -> tuple[int, int] | None:
    """Where a longer name behind a number stands: its first word and the one after its last."""
    for place in range(at + 1, min(at + 5, len(words))):
        for length in (3, 2, 1):
            if tuple(words[place : place + length]) in _PHRASES_BEHIND:
                return place, place + length
        if words[place].isalpha() or _SLOT.fullmatch(words[place]) or words[place] in ",;.:?()|":
            return None
    return None
