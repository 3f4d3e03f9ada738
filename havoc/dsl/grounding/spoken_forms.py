"""Forms in which equations, uncertainties and levels are typed, put as the readers behind expect them.

A product with a blank gets its sign (``x^2 y``, ``-0.1 (T - 20)``), ``y(0) = 10`` beside a differential equation is an
initial value, ``2.00(5)`` beside talk of uncertainty is 2.00 ± 0.05, ``N(250, 4)`` a normal distribution, ``9:3:3:1`` a
list, ``at most one`` a number, ``power 90, alpha 5`` are percentages, ``d^2/dx^2`` is a second derivative and
``[[1, 2], [3, 4]]^-1`` an inverse.
"""

from __future__ import annotations

import re

from havoc.dsl.grounding.rewriting import Rewriting

_VARIABLE = "[tuvwxyz]"
_INSIDE = r"\((?=[^()]*[-+*/^])(?=[^()]*[A-Za-z])(?:[A-Za-z](?![A-Za-z])|[-+*/^.\d\s²³])+\)"
_ALONE = r"(?<![\w'.^_}])(?<!\bto )(?<!\band )(?<!\bat )(?<!\bfrom )"  # "∫_0^1 x" and "from 0 to 1 x" end there
_BEFORE_BRACKET = re.compile(
    rf"(?P<left>[=+*/(-]\s?[-−]?\d+(?:\.\d+)?|\)|(?<![\w']){_VARIABLE}(?:\^\d|[²³])?)[ ](?={_INSIDE})"
)
_POWER_AND_VARIABLE = re.compile(
    rf"(?P<left>(?<![\w'.])(?:\d+(?:\.\d+)?)?{_VARIABLE}(?:\^\d+|[²³]))[ ](?={_VARIABLE}(?![\w'(]))"
)
_BEFORE_EXPONENTIAL = re.compile(
    rf"(?P<left>{_ALONE}(?:\d+(?:\.\d+)?|{_VARIABLE}|{_VARIABLE}\^\d))[ ](?=e\^[-−(a-z\d])"
)
_NUMBER_AND_VARIABLE = re.compile(  # "2 x + 3 y = 12": a sign of arithmetic stands before or behind
    r"(?:(?P<sign>[-+*/] ?)|"
    + _ALONE
    + r")(?P<left>\d+(?:\.\d+)?)[ ](?=[u-z]\s?(?P<next>[-+*/^]\s?[\w(.]|=\s?[-−]?[\d.]|[ ][t-z][\^²³]))"
)
_VARIABLE_AND_POWER = re.compile(
    rf"(?<![\w'.])(?P<left>{_VARIABLE})[ ](?={_VARIABLE}(?:\^\d|[²³]))"
)
_NEXT_FACTOR = re.compile(rf"(?<=\*)(?P<left>{_VARIABLE})[ ](?={_VARIABLE}(?![\w'(=]))")
_INVERSE = re.compile(
    r"(?P<of>\[\[[^\n]{1,200}?\]\]|(?<![\w.^])\d+(?=\s?\^\s?\(?-1\)? ?mod))\s?\^\s?\(?-1\)?"
)
_HIGHER_DERIVATIVE = re.compile(
    r"(?<!\w)d\s?(?:\^\s?(?P<n>[234])|(?P<s>[²³]))\s?/\s?d(?P<v>[a-z])\s?(?:\^\s?[234]|[²³])(?:\s+of\b)?(?!\s*=)"
)
_ORDERS = {"2": "second", "²": "second", "3": "third", "³": "third", "4": "fourth"}

_DERIVATIVE = re.compile(r"\bd[A-Za-z]\s?/\s?d[a-z]\b|[A-Za-z](?:''?|′′?|″)|\bd2?[t-zT]\b")
_INITIAL = re.compile(
    r"(?<![\w'′″])(?:(?P<dy>d)(?=[A-Za-z]))?(?P<y>[A-Za-z])(?P<by>\s?/\s?d[a-z])?(?P<p>'|′)?"
    r"\s?\(\s?(?:[a-z]\s?=\s?)?0(?:\.0)?\s?\)\s?(?:=|is)\s?(?=[-+−]?\.?\d)"
)

_BOUND_IN_WORDS = re.compile(  # "one" alone may be anything; behind these words it is a number
    r"(?i)\b(?P<bound>at (?:most|least)|no more than|not more than|no fewer than|no less than|more than|fewer than|"
    r"less than|exactly|precisely) (?P<n>one|zero|none)\b"
    r"(?! (?:of|another|side|sided|tail\w*|way|third|half|hundred|thousand|million))"
)
_NONE_OF_THEM = re.compile(  # "probability none of them is dead": a count
    r"(?i)\b(?P<asked>(?:prob\w*|chances?|odds|how likely|likelihood|risk)\b[^.?!\n]{0,40}?\b)(?:none|no one|not one)"
    r"(?= (?:of|is|are|was|were|fails?|will|has|have)\b|[?.]|$)"
)
_SHARE = re.compile(r"(?i)\bproportions?|\bpercent|\bshares?\b|\bpolls?\b|\bsurvey|\bvoters?\b|%")
_POINTS = re.compile(
    r"(?i)(?:(?<=within )|(?<=± )|(?<=±)|(?<=plus or minus )|(?<=margin of )|(?<=\+/- )|(?<=by ))(?P<n>\d+(?:\.\d+)?)"
    r" (?:percentage |percent |pct\.? )?points\b"
)
_BY_CONSTANT = re.compile(  # the estimate of sigma, not two levels of a factor
    r"(?i)\b(?P<of>m?r|s)(?:[ -]?bar|̄)\s?/\s?(?:d_?2|c_?4)\b"
)
_WITH = re.compile(r"(?i)(?<![\w/])w/(?P<o>o)?(?:[ ]|(?=\d))(?=[ ]?[\w(])")
_BARS = re.compile(
    r"(?<![\w.|])(?<!\|[ ])[-−]?\d+(?:\.\d+)?(?:[ ]?\|[ ]?[-−]?\d+(?:\.\d+)?){2,400}(?![ ]?\||[\w]|\.\d)"
)
_RATIO = re.compile(r"(?<![\w:.])\d{1,3}(?::\d{1,3}){2,}(?![\w:])")

_UNCERTAIN = re.compile(r"(?i)uncertain|propagat|\berrors?\b|combined|\bGUM\b|±|\+/-")
_CONCISE = re.compile(r"(?<![\w.])(?P<value>\d+\.(?P<places>\d+))\((?P<last>\d{1,2})\)(?![\w(])")

_NORMAL = re.compile(
    r"(?<![\w^])N\s?\(\s?(?P<mean>[-+−]?\d+(?:\.\d+)?)\s?[,;]\s?(?:(?:sigma|σ|sd)\s?=?\s?)?(?P<sd>\d+(?:\.\d+)?)\s?\)"
)

_TEST = re.compile(
    r"(?i)\b(?:sample sizes?|how many|detect|alpha|significance|confidence|effect size|per group|pairs|power of the)\b"
)
_END = (
    r"(?=\s*(?:$|[,;:?!)\n/]|\.(?!\d)"
    r"|(?:and|with|alpha|beta|conf\w*|sigma|sd|n|for|to|on|effect|delta|power|please)\b))"
)
_LEVEL_BEFORE = re.compile(
    r"(?i)\b(?P<name>(?:power|confidence|conf|coverage|reliability|certainty)(?: level)?"
    r"(?:\s?[=:]\s?| of | at | is | ))"
    rf"(?P<n>[5-9]\d(?:\.\d+)?){_END}"
)
_ALPHA = re.compile(
    rf"(?i)\b(?P<name>(?:alpha|significance(?: level)?|level of significance)(?:\s?[=:]\s?| of | at | is | ))"
    rf"(?P<n>1|2|5|10){_END}"
)
_LEVEL_BEHIND = re.compile(
    r"(?<![\w.,=/-])(?P<n>[89]\d(?:\.\d+)?)(?P<name> (?:confidence|conf|CI|ci|certainty|power)\b)"
)


def rewrite_spoken_forms(text: Rewriting) -> None:
    """Put products with a blank, initial values, concise uncertainties and levels without a sign in full.

    The second number of ``N(250, 4)`` is the standard deviation, as in ``counting``.
    """
    if re.search(r"[=^+*/(²³-]", text.text):
        for product in (_BEFORE_BRACKET, _POWER_AND_VARIABLE, _BEFORE_EXPONENTIAL):
            text.sub(product, r"\g<left>*")
        text.sub(_NUMBER_AND_VARIABLE, _multiplied)
        text.sub(_VARIABLE_AND_POWER, r"\g<left>*")
        text.sub(_NEXT_FACTOR, r"\g<left>*")
        text.sub(_INVERSE, r"inverse of \g<of> ")
        text.sub(_HIGHER_DERIVATIVE, _derivative)
    if _SHARE.search(text.text):
        text.sub(_POINTS, r"\g<n>%")
    text.sub(_BY_CONSTANT, lambda m: f"{m['of']}bar ")
    text.sub(_WITH, lambda m: "without " if m["o"] else "with ")
    text.sub(_BARS, lambda m: re.sub(r"[ ]?\|[ ]?", ", ", m.group()) if _alone(m) else m.group())
    text.sub(_BOUND_IN_WORDS, lambda m: f"{m['bound']} {int(m['n'].casefold() == 'one')}")
    text.sub(_NONE_OF_THEM, r"\g<asked>exactly 0")
    text.sub(_RATIO, _listed)
    if _DERIVATIVE.search(text.text):
        text.sub(_INITIAL, _initial)
    if _UNCERTAIN.search(text.text):
        text.sub(_CONCISE, _plus_minus)
    if _TEST.search(text.text):
        text.sub(_ALPHA, r"\g<name>\g<n>%")
        text.sub(_LEVEL_BEFORE, r"\g<name>\g<n>%")
    text.sub(_NORMAL, r"normal with mean \g<mean> and sd \g<sd>")
    text.sub(_LEVEL_BEHIND, r"\g<n>%\g<name>")


def _alone(m: re.Match[str]) -> bool:
    """Whether a run of numbers between bars is one list, no row of a table: no line beside it has bars."""
    before = m.string[: m.start()].rpartition("\n")
    line_above = before[0].rpartition("\n")[2]
    below = m.string[m.end() :].partition("\n")[2].partition("\n")[0]
    return "|" not in before[2] and "|" not in line_above and "|" not in below


def _listed(m: re.Match[str]) -> str:
    """``9:3:3:1`` is a list; ``9:30:00`` a time of day."""
    parts = m.group().split(":")
    if len(parts) == 3 and all(len(p) == 2 for p in parts[1:]):
        return m.group()
    return f"({', '.join(parts)})"


def _multiplied(m: re.Match[str]) -> str:
    """``3 y`` is a product behind a sign or before one; ``5 x = 2`` behind nothing may be two things."""
    if m["next"].startswith("=") and not m["sign"]:
        return m.group()
    return f"{m['sign'] or ''}{m['left']}*"


def _derivative(m: re.Match[str]) -> str:
    """With its variable only where others stand beside it: ``d^2/dx^2 of x^2*y``."""
    behind = re.findall(r"(?<![A-Za-z])[t-z](?![A-Za-z])", m.string[m.end() : m.end() + 60])
    variable = f" with respect to {m['v']}" if set(behind) - {m["v"]} else ""
    return f"{_ORDERS[m['n'] or m['s']]} derivative{variable} of"


def _initial(m: re.Match[str]) -> str:
    slope = m["p"] or m["dy"]
    return f"{m['y']} initial {'slope' if slope else 'value'} = "


def _plus_minus(m: re.Match[str]) -> str:
    places = len(m["places"])
    digits = m["last"].rjust(places + 1, "0")
    ended = re.match(r"\s+[A-Za-z]\w?\s?=", m.string[m.end() :])  # "r = 2.0(1) h = 5.0(2)"
    return f"{m['value']} ± {digits[:-places]}.{digits[-places:]}" + ("," if ended else "")
