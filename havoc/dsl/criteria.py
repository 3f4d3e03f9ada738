"""Rules by which a request wants its results judged: ``call it capable if Cpk is at least 1.33, otherwise not``.

A rule has conditions on quantities of the result and what is to be said where they hold. It changes no program: its
numbers are no inputs of an operation, and the answer tells which of the rules the computed figures meet.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

LONGEST = 600  # characters of a rule

# Quantities as people call them, and the name under which results give them.
QUANTITIES: Mapping[str, str] = {
    "adjusted r-squared": "r2_adj",
    "r-squared": "r2",
    "p-value": "p_value",
    "correlation": "correlation",
    "skewness": "skewness",
    "kurtosis": "kurtosis",
    "effect size": "effect_size",
    "test statistic": "statistic",
    "standard deviation": "sd",
    "mean": "mean",
    "median": "median",
    "cpk": "cpk",
    "ppk": "ppk",
    "cpm": "cpm",
    "cp": "cp",
    "pp": "pp",
    "gage r&r": "pct_study_var_grr",
    "distinct categories": "ndc",
    "kappa": "kappa",
    "power": "power",
}
_CALLED: tuple[tuple[str, str], ...] = (
    (r"adj(?:usted|\.)?\s*r(?:[- ]?squared|\s?\^?2|²)", "adjusted r-squared"),
    (r"r[- ]squared|r\s?\^\s?2|r²|r2\b|coefficient of determination", "r-squared"),
    (r"p[- ]?values?|p(?=\s*(?:[<>≤≥=]|is\b|was\b|values?\b))", "p-value"),
    (
        r"correlation(?: coefficient)?(?: \(r\))?|r[- ]values?|pearson's r|r(?=\s*(?:[<>≤≥|]|is\b))|coefficient r",
        "correlation",
    ),
    (r"skewness|skew", "skewness"),
    (r"(?:excess )?kurtosis", "kurtosis"),
    (r"effect size|cohen's d", "effect size"),
    (r"(?:test[- ])?statistic", "test statistic"),
    (r"standard deviation|std(?:\.? dev(?:iation)?)?", "standard deviation"),
    (r"mean|average", "mean"),
    (r"median", "median"),
    (r"cpk", "cpk"),
    (r"ppk", "ppk"),
    (r"cpm", "cpm"),
    (r"cp", "cp"),
    (r"pp", "pp"),
    (r"(?:%\s?)?(?:gage|gauge) r&r|%\s?grr|grr", "gage r&r"),
    (r"ndc|(?:number of )?distinct categories", "distinct categories"),
    (r"kappa", "kappa"),
    (r"power", "power"),
)
_QUANTITY = re.compile(
    rf"(?<![\w-])(?:{'|'.join(f'(?P<q{i}>{words})' for i, (words, _) in enumerate(_CALLED))})(?![\w&])"
)
_NUMBER = r"(?<![\w.])(?P<{0}>[-−+]?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?)(?![\w])(?:\s?(?:%|percent))?"
_EQUAL = r"(?:\s+or\s+(?:is\s+)?(?:equals?(?: to)?|the same as)|\s*=)?"
_COMPARED = re.compile(
    rf"(?P<between>(?:between|(?:in|within|inside)(?: of)?(?: the)? (?:range|interval)(?: of| from)?|from)\s+"
    rf"{_NUMBER.format('low')}\s*(?:and|to|-|–)\s*{_NUMBER.format('high')})"
    rf"|(?P<word>(?:not\s+)?(?:greater than|more than|larger than|higher than|bigger than|above|over|exceed(?:s|ing)?"
    rf"|less than|lower than|smaller than|below|under|at least|at most|no less than|no more than"
    rf"|>=|<=|≥|≤|>|<){_EQUAL})\s*{_NUMBER.format('bound')}"
    r"(?:\s+or\s+(?:more|higher|better|greater|above|less|lower|below))?"
)
_OPPOSITE = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}
_HOLDS: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip
_SENTENCE = re.compile(r"[^\n;{}]+?(?:(?<!\bvs)[.!?](?=\s|$|[}\"])|(?=[\n;{}])|$)")
_IF = re.compile(r"\b(?:if|when|whenever|provided(?: that)?|as long as|where)\b")
_ELSE = re.compile(r"[,;]?\s*(?:and\s+|or\s+)?\b(?:otherwise|else|if not)\b,?\s*")
_JUDGES = re.compile(
    r"\b(?:consider(?:ed)?|regard(?:ed)?|treat|call(?:ed)?|report|conclude|infer|state|say|tell|accept|reject|assume"
    r"|declare|judged?|deem(?:ed)?|classif(?:y|ied)|label|fail to|then it is|pass(?:es)?|flag|is|are|means?|indicates?"
    r"|answer|write|interpret)\b"
)
_EACH = re.compile(r"\b(?:each|both|either|all|every|any|predictors?|coefficients?)\b")
_SAID = re.compile(
    r"\b(?:to be|as being|as|is|are|to|(?:call|consider|deem|declare|judge|label)\s+(?:it|them|this|that))\s+"
    r"(?:an?\s+|the\s+)?"
    r"(?P<said>(?:statistically\s+)?[a-z][\w-]*(?:\s(?:distribut\w+|correlat\w+|significant|normal))?)\s*$"
)


@dataclass(frozen=True)
class Condition:
    """A comparison of a quantity of a result, or of its absolute value, with a number of the request."""

    quantity: str
    comparison: str  # > >= < <=
    bound: float
    absolute: bool = False

    def holds(self, value: float) -> bool:
        """Whether the quantity's value meets it."""
        return _HOLDS[self.comparison](abs(value) if self.absolute else value, self.bound)


@dataclass(frozen=True)
class Rule:
    """What a request wants said where conditions hold.

    ``text`` is the request's own sentence; ``said`` the word that it gives the case, where there is just one;
    ``otherwise`` what it wants said where the conditions do not hold, "" if it does not say; ``each`` whether it
    speaks of several values of one result, as the p values of a model's predictors.
    """

    text: str
    conditions: tuple[Condition, ...]
    said: str = ""
    otherwise: str = ""
    each: bool = False


def rules_of(request: str) -> tuple[Rule, ...]:
    """The rules of a request in its order; sentences with conditions that are no comparisons are none."""
    found: list[Rule] = []
    for sentence, _ in _sentences(request):
        said = sentence.strip(" .-•*")
        if found and not found[-1].otherwise and (other := _ELSE.match(said.lower())):
            found[-1] = replace(found[-1], otherwise=said[other.end() :])
            continue
        rule = _rule(" ".join(said.split()))
        if rule is not None and rule not in found:
            found.append(rule)
    return tuple(found)


def _rule(sentence: str) -> Rule | None:
    lowered = sentence.lower()
    parts = _parts(lowered)
    if parts is None:
        return None
    before, condition, otherwise = parts
    conditions = tuple(_conditions(condition))
    if not conditions:
        return None
    said = _SAID.search(before.rstrip(" ,"))
    each = _EACH.search(lowered) is not None
    return Rule(sentence, conditions, said["said"] if said else "", otherwise, each)


def judged_numbers(request: str) -> Iterator[tuple[int, int]]:
    """Places of the numbers that bound a result: inputs of no operation. The level of a p value is one."""
    for sentence, at in _sentences(request):
        lowered = sentence.lower()
        parts = _parts(lowered)
        if parts is None:
            continue
        start = lowered.index(parts[1]) if parts[1] else 0
        for quantity, _, match in _comparisons(parts[1]):
            if quantity == "p-value":
                continue
            for name in ("low", "high", "bound"):
                if match[name] is not None:
                    low, high = match.span(name)
                    yield at + start + low, at + start + high


def _sentences(request: str) -> Iterator[tuple[str, int]]:
    for match in _SENTENCE.finditer(request):
        if 10 < len(match.group()) <= LONGEST and not match.group().endswith("?"):
            yield match.group(), match.start()


def _parts(sentence: str) -> tuple[str, str, str] | None:
    """What stands before the condition of a sentence that judges, the condition, and what is said otherwise."""
    found = _IF.search(sentence)
    if found is None:
        return None
    before, rest = sentence[: found.start()].strip(), sentence[found.end() :]
    otherwise = ""
    if other := _ELSE.search(rest):
        rest, otherwise = rest[: other.start()], rest[other.end() :].strip(" .")
    compared = list(_comparisons(rest))
    if not compared:
        return None
    end = compared[-1][2].end()
    if not _JUDGES.search(before or rest[end:]):
        return None
    return before, rest[:end], otherwise


def _comparisons(text: str) -> Iterator[tuple[str, bool, re.Match[str]]]:
    """Each comparison with the quantity named last before it, and whether its absolute value is meant."""
    previous = 0
    quantity, absolute = "", False
    for match in _COMPARED.finditer(text):
        between = text[previous : match.start()]
        for named in _QUANTITY.finditer(between):
            quantity = next(q for i, (_, q) in enumerate(_CALLED) if named[f"q{i}"])
            absolute = (
                re.search(r"absolute|magnitude|\|\s*$|\babs\b", between[: named.start()])
                is not None
            )
        previous = match.end()
        if quantity:
            yield quantity, absolute, match


def _conditions(text: str) -> Iterator[Condition]:
    """All comparisons of a condition; none where a part of it is something else."""
    found = list(_comparisons(text))
    clauses = re.split(r"\band\b", _COMPARED.sub("#", text))
    if re.search(r"\bor\b", _COMPARED.sub("#", text)) or any("#" not in c for c in clauses):
        return
    for quantity, absolute, match in found:
        if match["between"]:
            for name, comparison in (("low", ">="), ("high", "<=")):
                yield Condition(quantity, comparison, _value(match, name), absolute)
            continue
        yield Condition(quantity, _sign(match), _value(match, "bound"), absolute)


def _value(match: re.Match[str], name: str) -> float:
    return float(Decimal(match[name].replace("−", "-")))


def _sign(match: re.Match[str]) -> str:
    word = match["word"]
    positive = word.removeprefix("not ")
    if re.match(r"at least|no less|≥|>=", positive):
        sign = ">="
    elif re.match(r"at most|no more|≤|<=", positive):
        sign = "<="
    elif re.match(r"less|lower|smaller|below|under|<", positive):
        sign = "<"
    else:
        sign = ">"
    if re.search(r"equal|same|=", positive) and len(sign) == 1:
        sign += "="
    if positive != word:
        sign = _OPPOSITE[sign]
    return sign
