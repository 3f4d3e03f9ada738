"""Which figures a question asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from havoc.dsl.grounding.column_names import name_parts
from havoc.dsl.grounding.slots import NUMBER
from havoc.srs.questions.builder import Program
from havoc.srs.questions.groups import LEAST, MOST
from havoc.srs.questions.words import Reading
from havoc.tools.values import Number

FIGURES = {
    **dict.fromkeys(("mean", "means", "average", "averages", "avg"), "mean"),
    **dict.fromkeys(("median", "medians"), "median"),
    **dict.fromkeys(("total", "totals", "sum", "sums"), "sum"),
    **dict.fromkeys(("sd", "std", "stdev", "deviation", "deviations"), "sd"),
    **dict.fromkeys(("variance", "variances"), "var"),
    **dict.fromkeys(("min", "minimum", "lowest", "smallest"), "min"),
    **dict.fromkeys(("max", "maximum", "highest", "largest"), "max"),
    "range": "range",
}
_SUMMARY = frozenset(
    "skewness kurtosis quartile quartiles interquartile iqr cv coefficient variation summary descriptive".split()
)
HOW_MANY = re.compile(r"\b(?:how many|number of|count|counts|nr of)\b")
_STOPS = frozenset(": , ; . ? ! (".split())
_ONE = Number("1")


def figures_of(reading: Reading) -> list[str]:
    all_words = reading.words
    usual = [  # "use the sample standard deviation" says which one, wherever it is asked for
        i
        for i in range(len(all_words))
        if set(all_words[max(0, i - 2) : i]) & {"sample", "usual", "population"}
    ]
    words = [w for i, w in enumerate(all_words) if not reading.roles[i] and i not in usual]
    found = [FIGURES[w] for w in words if w in FIGURES]
    if len(set(found)) > 1 and set(words) & (MOST | LEAST):  # "the highest average" is an average
        ranked = {FIGURES[w] for w in words if w in FIGURES and w in MOST | LEAST}
        found = [f for f in found if f not in ranked]
    if set(words) & _SUMMARY:
        found = [*found, "summary"]
    return list(dict.fromkeys(found))


def own_figure(program: Program, measured: Sequence[str]) -> list[str]:
    """The mean where the columns are averages by their names: ``average speed on holidays versus other days``."""
    names = [{p.casefold() for p in name_parts(program.name_of(c))} for c in measured]
    return ["mean"] if all(n & {"avg", "average", "mean"} for n in names) else []


def percentile(reading: Reading) -> str | None:
    """``90th percentile``: a number of percent, as a share."""
    words = reading.words
    for at in range(1, len(words)):
        if words[at] in ("percentile", "percentiles", "quantile"):
            for place in range(at - 1, max(-1, at - 3), -1):
                if reading.open(place, NUMBER):
                    value = reading.slot(words[place]).value
                    if not 1 < value.exact < 100:
                        return words[place] if value.exact < 1 else None
                    reading.mark("number", place)
                    return reading.add("n", replace(value, text=value.text, unit="%"))
    return None


def first_rows(reading: Reading) -> str | None:
    """How many rows a ranking asks for: ``the five largest orders``, ``who scored the most``."""
    words = reading.words
    for at in range(len(words)):
        behind = words[at + 1 : at + 5]
        stop = next((i for i, w in enumerate(behind) if w in _STOPS), len(behind))
        near = {*words[max(0, at - 1) : at], *behind[:stop]}
        if not reading.open(at, NUMBER) or reading.slot(words[at]).value.exact.denominator > 1:
            continue
        if near & (MOST | LEAST | {"bottom"}):
            reading.mark("number", at)
            return words[at]
    if words[:1] == ["who"] and (MOST | LEAST) & set(words):
        return reading.add("n", _ONE)
    return None


def confidence_of(reading: Reading) -> list[str]:
    """The level of a confidence interval of a mean: ``the mean with its 95 % confidence interval``."""
    words = reading.words
    for at in range(len(words) - 1):
        if words[at : at + 2] == ["confidence", "interval"] and {"mean", "average"} & set(words):
            reading.mark("figure", at, at + 1)
            for place in (at - 1, at + 2):
                if reading.open(place, NUMBER):
                    reading.mark("figure", place)
                    return ["<p:confidence>", words[place]]
    return []
