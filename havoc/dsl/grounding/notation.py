"""Notations that are put into plain words before anything is read: LaTeX, and commas that are decimal points.

LaTeX ``\\int_0^1 x^2 dx`` becomes "integral of x^2 from 0 to 1": the structure of a request stands in its words, and
the mathematics that is left is read as any other (``math_text``).
"""

from __future__ import annotations

import re

from havoc.dsl.grounding.counting import rewrite_series
from havoc.dsl.grounding.distribution_signs import rewrite_distributions
from havoc.dsl.grounding.formula_signs import rewrite_exponents, rewrite_formulas
from havoc.dsl.grounding.lives import rewrite_lives
from havoc.dsl.grounding.rewriting import Rewriting
from havoc.dsl.grounding.shorthand import rewrite_shorthand
from havoc.dsl.grounding.signs import (
    rewrite_designs,
    rewrite_lines,
    rewrite_numbers,
    rewrite_statistics,
)

_GROUP = r"(?:\{((?:[^{}]|\{[^{}]*\})*)\}|(\\?[A-Za-z]+|[-+]?\d+(?:\.\d+)?))"
_BODY = r"(?P<body>[^$\n,;?]+?)"
_INTEGRAL = re.compile(
    rf"\\int(?:\\limits)?\s*(?:_\s*{_GROUP}\s*\^\s*{_GROUP})?\s*{_BODY}\s*(?:\\,|\\;|\s)*\\?(?:mathrm\{{d\}}|d)\s?(?P<v>[a-z])\b"
)
_DERIVATIVE = re.compile(
    rf"\\d?frac\s*\{{\s*d(?:\^\{{?(?P<n>\d)\}}?)?\s*\}}\s*\{{\s*d(?P<v>[a-z])(?:\^\{{?\d\}}?)?\s*\}}\s*{_BODY}(?=\$|\n|$|[?;]|\.(?!\d))"
)
_LIMIT = re.compile(
    rf"\\lim(?:\\limits)?\s*_\s*\{{\s*(?P<v>[a-z])\s*(?:\\to|\\rightarrow|->)\s*(?P<at>[^{{}}]+)\}}\s*{_BODY}(?=\$|\n|$|[?;]|\.(?!\d))"
)
_SUM = re.compile(
    rf"\\sum(?:\\limits)?\s*_\s*\{{\s*(?P<v>[a-z])\s*=\s*(?P<low>[^{{}}]+)\}}\s*\^\s*{_GROUP}\s*{_BODY}(?=\$|\n|$|[?;]|\.(?!\d))"
)
_CASES = re.compile(
    r"\\begin\{(?:cases|aligned|align\*?)\}(.*?)\\end\{(?:cases|aligned|align\*?)\}", re.S
)
_MATRIX = re.compile(r"\\begin\{[pbvBV]?matrix\}(.*?)\\end\{[pbvBV]?matrix\}", re.S)
_MARK = "\x00"
_ORDINAL = {"2": "second ", "3": "third ", "4": "fourth "}
_SIGNS = {
    r"\infty": "infinity", r"\pm": "±", r"\leq": "<=", r"\le": "<=", r"\geq": ">=", r"\ge": ">=", r"\neq": "!=",
    r"\%": "%", r"\degree": "°", r"^\circ": "°", r"^{\circ}": "°", r"\to": "->",
}  # fmt: skip

_DECIMAL_COMMA = re.compile(
    r"(?<![\w.,;{(\[/-])([-+−]?\d+),(\d{1,2}|\d{4,})(?![\w,.]|\s*[)\]}/])(?!\s*,\s*\d)"
)
_HEADED_ROWS = re.compile(  # "x,y" and below it "1,2" and "2,4": columns, not decimal commas
    r"^[^\S\n]*+[^\s,;|][^,;|\n]{0,40},(?=[^\W\d])[^\s,;|][^,;|\n?.!]{0,40}\n(?P<rows>(?:[^,;|\n]{0,40},(?:[^\s,;|][^,;|\n]{0,40})?(?:\n|\Z)){2,})",
    re.MULTILINE,
)
_COUNTED = re.compile(
    r"\b(?:points?|rows?|columns?|runs?|samples?|values?|groups?|lags?|subgroups?|days?|lots?|levels?|factors?)\s*$",
    re.IGNORECASE,
)


# "2. Is the mean ...": the number of a question in a list of them, which no operation asks for.
_ITEM = re.compile(
    r"(?m)^[ \t]*(?:Q(?:uestion)?[ \t]*)?\d{1,2}[.):][ \t]+(?=[A-Z][a-z]*[ \t]+[A-Za-z])"
)

_NEXT_ITEM = re.compile(
    r"^[ \t]*1[.):][^\n]*[.;:?!][ \t]+2[.):][ \t]+[A-Za-z]"
)  # steps in one line

# "degree-2", "lag-1": the hyphen joins, it is no minus and no range.
_JOINED = re.compile(r"(?i)\b(degree|order|lag|power|size|level)-(?=\d+\b)")


def plain_notation(text: str) -> str:
    """The request with LaTeX structures and signs in words and decimal commas as points."""
    rewriting = Rewriting(text)
    rewrite(rewriting)
    return rewriting.text


def rewrite(text: Rewriting) -> None:
    """Put the request's notations into plain words (see ``plain_notation``), keeping the places."""
    if _ITEM.match(text.text) and not _NEXT_ITEM.search(text.text):
        text.sub(_ITEM, "")
    text.sub(_JOINED, r"\1 ")
    rewrite_lives(text)
    rewrite_numbers(text)
    rewrite_shorthand(text)
    rewrite_distributions(text)
    rewrite_formulas(text)
    rewrite_statistics(text)
    if "\\" in text.text:
        _latex(text)
    rewrite_exponents(text)
    rewrite_designs(text)
    rewrite_lines(text)
    rewrite_series(text)
    if "," in text.text:
        _decimal_commas(text)


def _latex(text: Rewriting) -> None:
    for sign, plain in ((r"\left", ""), (r"\right", ""), (r"\,", " ")):
        text.replace(sign, plain)
    text.sub(_MATRIX, lambda m: _rows(m[1]))
    text.sub(_CASES, lambda m: ", ".join(_lines(m[1])))
    text.sub(_INTEGRAL, _integral)
    text.sub(_DERIVATIVE, _derivative)
    text.sub(_LIMIT, lambda m: f"limit of {_body(m)} as {m['v']} -> {_end(m['at'])} ")
    text.sub(_SUM, _sum)
    if _MARK in text.text:  # the words stand outside of the mathematics, which is marked anew
        text.replace("$", " ")
        text.replace(_MARK, "$")
    for sign, plain in _SIGNS.items():
        text.replace(sign, f" {plain}" if plain.isalpha() else plain)


def _lines(body: str) -> list[str]:
    pieces = [p.replace("&", " ").strip(" ,") for p in body.split(r"\\")]
    return [p for p in pieces if p]


def _rows(body: str) -> str:
    rows = [[c.strip() for c in r.split("&")] for r in body.split(r"\\") if r.strip()]
    return "[" + ", ".join(f"[{', '.join(r)}]" for r in rows) + "]"


def _body(m: re.Match[str]) -> str:
    return f"{_MARK}{m['body'].strip()}{_MARK}"


def _end(text: str) -> str:
    return text.strip().replace(r"\infty", "infinity").replace(r"\pi", "pi")


def _integral(m: re.Match[str]) -> str:
    low, high = m[1] or m[2], m[3] or m[4]
    body = _body(m)
    if low is None or high is None:
        return f"integral of {body} with respect to {m['v']} "
    return f"integral of {body} with respect to {m['v']} from {_end(low)} to {_end(high)} "


def _derivative(m: re.Match[str]) -> str:
    nth = _ORDINAL.get(m["n"] or "", "")
    return f"{nth}derivative of {_body(m)} with respect to {m['v']} "


def _sum(m: re.Match[str]) -> str:
    high = next(g for g in (m[3], m[4]) if g is not None)
    return f"sum of {_body(m)} for {m['v']} from {_end(m['low'])} to {_end(high)} "


def _decimal_commas(text: Rewriting) -> None:
    """``12,5 mm`` and ``alpha 0,05``, where a comma inside a number can be nothing else.

    The comma between two digits without a blank is a decimal point if the whole part is 0, or if no number of the
    text has a point: then it is the writer's habit. Lists (three numbers or more) are read by their own rules, and
    lines below a heading with a comma (``x,y``) are rows of a table.
    """
    habit = not re.search(r"\d\.\d", text.text)
    rows = [m.span("rows") for m in _HEADED_ROWS.finditer(text.text)]

    def read(m: re.Match[str]) -> str:
        before = m.string[max(0, m.start() - 30) : m.start()]
        zero = m[1].lstrip("+-−") == "0"
        in_rows = any(a <= m.start() < b for a, b in rows)
        if in_rows or not (zero or habit) or _COUNTED.search(before):
            return m.group()
        return f"{m[1]}.{m[2]}"

    text.sub(_DECIMAL_COMMA, read)
