"""Signs of mathematics outside of LaTeX (``∫_0^1``, ``lim_{x→0}``, ``√2``, ``y''``), put as the lessons put them."""

from __future__ import annotations

import re

from havoc.dsl.grounding.rewriting import Rewriting
from havoc.dsl.grounding.signs import SUBSCRIPTS, SUPERSCRIPTS
from havoc.dsl.grounding.spoken_forms import rewrite_spoken_forms

_END = r"(?:\{([^{}]{1,20})\}|\(([^()]{1,20})\)|([-−]?(?:\d+(?:\.\d+)?|∞|π|[a-z](?![a-z]))))"
_SMALL_ENDS = re.compile(r"∫\s?([₋₀-₉]+)\s?([⁻⁰¹²³⁴-⁹]+|(?=\^))")
_INTEGRAL = re.compile(
    rf"(?:∫|(?<![\\\w])[Ii]nt(?=_))\s?_\s?{_END}\s?\^\s?{_END}\s*(?P<body>[^$\n,;?]{{1,200}}?)\s*\bd(?P<v>[a-z])\b"
)
_LIMIT = re.compile(r"(?<![\\\w])([Ll]im)\s?_\s?(?:\{([^{}\n]{3,30})\}|\(([^()\n]{3,30})\))")
_ARROW = re.compile(r"\s*(?:→|->|\bto\b)\s*")
_SUM = re.compile(
    rf"(?:∑|Σ|(?<![\\\w])[Ss]um)\s?_\s?[{{(]\s?(?P<v>[a-z])\s?=\s?(?P<low>[^{{}}()\n]{{1,20}}?)\s?[}})]\s?\^\s?{_END}"
    r"\s*(?P<body>[^$\n,;?]{1,200}?)(?=\$|\n|$|[,;?]|\.(?!\d)| for\b| and\b)"
)
_ROOT = re.compile(r"([√∛])\s?(?:(\d+(?:\.\d+)?|[A-Za-z](?!\w))|(?=\()|\{([^{}]*)\})")
_BRACES = re.compile(r"(?<![23])\^\s?\{([^{}]*)\}|(?<=[23])\^\{([^\w{}][^{}]*)\}")  # but 2^{5-1}
_INDEX = re.compile(r"(?<=[A-Za-z])_\{(\w{1,6})\}")
_PRIMED = re.compile(
    r"(?<![\w'′])(?P<k>\d+(?:\.\d+)?)?\s?\*?\s?(?P<y>[A-Zac-oq-tv-z])(?P<p>''|'|′′|″|′)(?![\w'′(])"
    r"(?!\s*=\s*[Aa] (?P=y)\b)"  # x' = A x is a system, its matrix stands elsewhere
)
_RATE = r"(?:d(?P<y>[A-Za-z])\s?/\s?d(?P<t>[a-z])|(?P<dy>d2?[a-z]))"
_PRODUCT = re.compile(
    rf"(?P<left>(?<!\w){_RATE}\s*=\s*[-+−]?\s?)(?P<k>[A-Za-z]|\d*\.?\d+)[ ](?P<v>[A-Za-z])(?![\w'(])"
)


def rewrite_formulas(text: Rewriting) -> None:
    """Integrals, limits and sums with their ends in words; roots as functions; y' as dy."""
    rewrite_spoken_forms(text)
    if "∫" in text.text or "nt_" in text.text:
        text.sub(_SMALL_ENDS, _small_ends)
        text.sub(_INTEGRAL, _integral)
    text.sub(_LIMIT, lambda m: f"{m[1]} {_ARROW.sub('->', m[2] or m[3])} ")
    text.sub(_SUM, lambda m: f"sum of {m['body']} for {m['v']} from {m['low']} to {_first(m, 3)} ")
    text.sub(_ROOT, _root)
    if "=" in text.text:
        text.sub(_PRIMED, _primed)
        text.sub(_PRODUCT, _product)


def rewrite_exponents(text: Rewriting) -> None:
    """``e^{-x}`` is ``e^(-x)``, ``x^{2}`` is ``x^2`` and ``k_{el}`` is ``k_el``."""
    text.sub(_BRACES, _exponent)
    text.sub(_INDEX, r"_\1")


def _exponent(m: re.Match[str]) -> str:
    inside = m[1] or m[2] or ""
    return f"^{inside}" if re.fullmatch(r"\d+|[A-Za-z]", inside) else f"^({inside})"


def _first(m: re.Match[str], group: int) -> str:
    return next(g for g in m.groups()[group - 1 :] if g is not None).strip()


def _small_ends(m: re.Match[str]) -> str:
    high = f"^{{{m[2].translate(SUPERSCRIPTS)}}}" if m[2] else ""
    return f"∫_{{{m[1].translate(SUBSCRIPTS)}}}{high}"


def _integral(m: re.Match[str]) -> str:
    low = next(g for g in m.groups()[:3] if g is not None)
    high = next(g for g in m.groups()[3:6] if g is not None)
    return f"∫ {m['body']} d{m['v']} from {low.strip()} to {high.strip()}"


def _root(m: re.Match[str]) -> str:
    name = "sqrt" if m[1] == "√" else "cbrt"
    inside = m[2] or m[3]
    return f"{name}({inside})" if inside else name


def _primed(m: re.Match[str]) -> str:
    """``3y'`` in an equation is ``3*dy``; a p' chart, a quotation and minutes are left alone."""
    before = m.string[m.string.rfind("\n", 0, m.start()) + 1 : m.start()]
    quoted = len(re.findall(r"(?<!\w)'", before)) > len(re.findall(r"(?<=\w)'(?!\w)", before))
    sides = (
        re.match(r"[^=\n?;]{0,40}=", m.string[m.end() :]),
        re.search(r"=[^=\n?;]{0,40}$", before),
    )
    if quoted or all(s is None or re.search("[A-Za-z]{4,}", s.group()) for s in sides):
        return m.group()
    order = 2 if len(m["p"]) == 2 or m["p"] == "″" else 1
    name = f"d{m['y']}" if order == 1 else f"d2{m['y']}"
    return f"{m['k']}*{name}" if m["k"] else name


def _product(m: re.Match[str]) -> str:
    """``dy/dt = -k y``: a product, where the letter behind the blank is the one that is differentiated."""
    own = m["y"] or (m["dy"] or "")[-1:]
    if m["v"] not in (own, m["t"]):
        return m.group()
    return f"{m['left']}{m['k']}*{m['v']}"
