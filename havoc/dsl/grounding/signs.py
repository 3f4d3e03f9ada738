"""Signs and figures of speech of numbers, statistics and designs, put into the words that the planner knows.

``1.5×10⁻⁶`` becomes ``1.5e-6``, ``x̄ = 10.2`` becomes ``xbar = 10.2``, ``2⁵⁻¹`` becomes ``2^(5-1)``. What can be read
in two ways is left as it is.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from havoc.dsl.grounding.numbers import WORDS, whole
from havoc.dsl.grounding.rewriting import Rewriting

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ᵏᵖⁿ", "0123456789-+kpn")
SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉₋ₖₙ", "0123456789-kn")
_SUP = "[⁰¹²³⁴⁵⁶⁷⁸⁹]"
_SUB = re.compile("[₀₁₂₃₄₅₆₇₈₉]+")
_NUM = r"(?:\d+\.\d+|\.\d+|\d+)"

# ---- numbers ------------------------------------------------------------------------------------------------

_THIN = re.compile(r"(?<=\d)[\u2009\u202f'’](?=\d{3}(?!\d))")
_POINTED = re.compile(r"(?<![\w.,])(\d{1,3}(?:\.\d{3})+),(\d+)(?![\w.,])")
_BLANK_GROUPS = re.compile(r"(?<![\w.,])(?<!\d )(?:\d{1,3}(?: \d{3}){2,})(?![\w.,]|\s\d)")
_BLANK_LIST = re.compile(r"(?<![\w.,])(?<!\d )\d{1,2} \d{3}(?:[,;] ?\d{1,2} \d{3})++")
_POWER = (
    rf"(?:(?:\^|\*\*)\s?(?:(?P<e>[-+−]?\d+)|[({{]\s?(?P<b>[-+−]?\d+)\s?[)}}])|(?P<s>[⁻⁺]?{_SUP}+))"
)
_SCIENTIFIC = re.compile(
    rf"(?<![\w.^/,])(?P<m>[-+−]?\d+(?:[.,]\d+)?)\s?[×·∙⋅x*]\s?10\s?{_POWER}(?![\w^]|\.\d)"
)
_POWER_OF_TEN = re.compile(
    rf"(?<![\w.^*/×·,)(-])(?<![-+*/=] )10{_POWER}(?![\w^(]|\.\d|\s?[-+*/^×·])"
)
_PARTS = {"hundred": 2, "thousand": 3, "mille": 3, "million": 6}
_ONES = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6"}
_IN_A = re.compile(
    rf"\b(?P<n>{'|'.join(_ONES)}|{_NUM}) in (?:a|one) (?P<p>hundred|thousand|million)\b",
    re.IGNORECASE,
)
_PER_MILLE = re.compile(
    rf"(?<![\w.,])(?P<n>{_NUM})(?:\s?‰|\s+per (?:thousand|mille)\b)", re.IGNORECASE
)
_PART_PERCENT = re.compile(
    r"\b(?:(?P<half>(?:one[ -])?half)|(?P<quarter>(?:a |one )?quarter))(?: of)? (?:a |one )?per ?cent\b",
    re.IGNORECASE,
)
_WORD_PERCENT = re.compile(  # "one percent of them" is a share too; "half a percent" stands above
    rf"(?i)\b(?P<n>one|{'|'.join(WORDS)})(?: |-)(?:per ?cent|pct|%|percentage points?)(?!\w)"
)
_ORDINAL = r"\d{1,2}(?:\.\d+)?[ ]?(?:st|nd|rd|th)"
_PERCENTILES = re.compile(  # "10th percentile", "5th, 50th and 95th percentiles"
    rf"(?i)(?<![\w.,]){_ORDINAL}(?:(?:[ ]?,[ ]?(?:and )?|[ ]and[ ]){_ORDINAL}){{0,9}}(?=[ -](?:percent|cent)iles?\b)"
)


def rewrite_numbers(text: Rewriting) -> None:
    """Thousands, powers of ten and shares in words become plain decimals."""
    text.sub(_THIN, "")
    text.sub(_POINTED, _pointed)
    text.sub(
        _BLANK_GROUPS, lambda m: m.group().replace(" ", "") if " 0" in m.group() else m.group()
    )
    text.sub(_BLANK_LIST, _blank_list)
    if "10" in text.text:
        text.sub(_SCIENTIFIC, lambda m: f"{m['m'].replace(',', '.')}e{_exponent(m)}")
        text.sub(_POWER_OF_TEN, _power_of_ten)
    text.sub(
        _IN_A, lambda m: _share(_ONES.get(m["n"].casefold(), m["n"]), _PARTS[m["p"].casefold()])
    )
    text.sub(_PERCENTILES, lambda m: re.sub(r"(?i)(?<=\d)[ ]?(?:st|nd|rd|th)\b", "%", m.group()))
    text.sub(_PER_MILLE, lambda m: _share(m["n"], 3))
    text.sub(_PART_PERCENT, lambda m: "0.5%" if m["half"] else "0.25%")
    text.sub(_WORD_PERCENT, lambda m: f"{1 if m['n'].casefold() == 'one' else whole(m['n'])}%")


def _pointed(m: re.Match[str]) -> str:
    """``1.234,5 mm``: a decimal comma, unless the line could be a row of two cells."""
    line = m.string[m.string.rfind("\n", 0, m.start()) + 1 :].split("\n", 1)[0]
    if not re.search(r"[^\W\d_]|;", line) and "\n" in m.string:
        return m.group()
    return m[1].replace(".", "") + "." + m[2]


def _blank_list(m: re.Match[str]) -> str:
    """``1 234, 1 250, 1 198``: thousands, unless the first parts rise as the x of pairs do."""
    first = [int(x) for x in re.findall(r"(\d{1,2}) \d{3}", m.group())]
    rising = all(a < b for a, b in pairwise(first))
    goes_on = re.compile(r"[\w.]| ?[\d,;]").match(m.string, m.end())
    return m.group() if rising or goes_on else re.sub(r"(\d) (\d{3})", r"\1\2", m.group())


def _exponent(m: re.Match[str]) -> str:
    text = m["e"] or m["b"] or m["s"].translate(SUPERSCRIPTS)
    return text.replace("−", "-").removeprefix("+")


def _power_of_ten(m: re.Match[str]) -> str:
    """``10^-3`` and ``10^6``; a small power may be a design or a count of levels."""
    exponent = _exponent(m)
    return f"1e{exponent}" if exponent.startswith("-") or int(exponent) >= 4 else m.group()


def _share(text: str, places: int) -> str:
    value = format(Decimal(text).scaleb(-places), "f")
    return value.rstrip("0").rstrip(".") if "." in value else value


# ---- statistics ---------------------------------------------------------------------------------------------

_IS = r"\s*(?:=|:|≈)\s*"
_BAR = re.compile(rf"(?<![\w])([A-Za-z])[\u0304\u0305]\s?(\d?)(?={_IS}|\s+[-−]?\d)")
_Y_BAR = re.compile(rf"(?<!\w)ȳ(\d?)(?={_IS}|\s+[-−]?\d)")
_HAT = re.compile(rf"(?<!\w)p\u0302\s?(\d?)(?={_IS}|\s+\.?\d)")
_SQUARE = r"(?:²|\^\{?2\}?|\*\*2)"
_VARIANCE = re.compile(
    rf"(?<![\w^*/+(.-])(?<![-+*/=] )(?:s|S|σ|sigma)_?(?:(?P<a>\d?){_SQUARE}(?P<b>\d?))(?P<is>{_IS})(?=\.?\d)"
    rf"(?!{_NUM}\s*[-+*/^])"
)
_SOLVE = re.compile(r"\b(?:solve|equation|roots?|for)\b[^.?!\n]*$", re.IGNORECASE)
_R_SQUARE = re.compile(
    r"(?<![\w^*/+(.-])(?<![-+*/=] )([rR])(?:\^2|\*\*2)(?=\s*[=:]\s*0?\.\d+(?!\s*[-+*/^]))"
)
_POWER_OF_TEST = re.compile(
    rf"(?<![\w.])1\s?[-−–]\s?(?:beta|β)(?:{_IS}|\s*(?:≥|>=)\s*|\s+)(?=0?\.\d|\d\d\s?%)"
)
_CHAIN = re.compile(
    rf"(?<!\w)(?P<s>[A-Za-zμσ]{{1,5}})(?P<u>_?)1\s*=\s*(?P=s)(?P=u)2(?P<c>\s*=\s*(?P=s)(?P=u)3)?\s*=\s*(?P<v>[-−]?{_NUM})"
)


def rewrite_statistics(text: Rewriting) -> None:
    """Letters with bars and hats, squares that are variances, and one value for several names."""
    text.sub(_SUB, lambda m: m.group().translate(SUBSCRIPTS))
    text.sub(_BAR, r"\1bar\2")
    text.sub(_Y_BAR, r"ybar\1")
    text.sub(_HAT, r"phat\1")
    text.sub(_VARIANCE, _variance)
    text.sub(_R_SQUARE, r"\1²")
    text.sub(_POWER_OF_TEST, "power = ")
    text.sub(_CHAIN, _chain)


def _variance(m: re.Match[str]) -> str:
    if _SOLVE.search(m.string[max(0, m.start() - 60) : m.start()]):
        return m.group()
    return f"variance{m['a'] or m['b']}{m['is']}"


def _chain(m: re.Match[str]) -> str:
    indices = "123" if m["c"] else "12"
    return ", ".join(f"{m['s']}{m['u']}{i} = {m['v']}" for i in indices)


# ---- designs ------------------------------------------------------------------------------------------------

_DESIGN = r"(?:fraction\w*|factorial|design|screening|runs?|resolution)"
_SUPER_POWER = re.compile(rf"(?<![\w.^])(\d+)((?:{_SUP}|[ᵏⁿ])+)(⁻(?:{_SUP}|ᵖ)+)?")
_OPEN_POWER = re.compile(
    rf"(?<![\w.^*/+-])([23])(?:\^|\*\*)(\d{{1,2}})\s?[-−–]\s?(\d)(?![\w.^*/])(?=[ -]{_DESIGN}\b|\s*_\{{?[IV])",
    re.IGNORECASE,
)
_LOST_POWER = re.compile(
    r"(?<=fractional factorial )2([3-9])[-−–]([1-4])(?![\w.-])"
    r"|(?<![\w.^-])2([3-9])[-−–]([1-4])(?= fractional factorial)",
    re.IGNORECASE,
)
_RESOLUTION = re.compile(r"(?<=\d[)}])\s?_\s?\{?(III|IV|VI|V)\}?(?!\w)")
_PB = re.compile(r"\bPB-?(\d{1,2})\b")
_ARRAY = re.compile(r"\b(L\d{1,2})\s?\(\s?(\d+)\^(\d+)(?:\s?[x×*·]\s?(\d+)\^(\d+))?\s?\)")
_THREE = re.compile(r"(?<![\w.])(\d+)[xX](\d+)[xX](\d+)(?![\w.])")
_LIMIT = re.compile(r"\b([UL][SCT]L)(?=\d)")
_TWICE = re.compile(
    r"\b(replicat\w+|repeat\w*(?: (?:it|them|everything|(?:each|every|all)(?: [a-z]+)?))?"
    r"|(?:each|every) (?:run|trial|combination|corner|treatment|setting)"
    r"|(?:designs?|factorial|experiment|plan|fraction|it all|everything)"
    r"(?: is| are| was)? (?:run|done|carried out|made)|(?<=, )run) (twice|thrice)\b",
    re.IGNORECASE,
)


def rewrite_designs(text: Rewriting) -> None:
    """Powers and names of designs as they are typed, and limits without a blank before their number."""
    text.sub(_SUPER_POWER, _super_power)
    text.sub(_OPEN_POWER, r"\1^(\2-\3)")
    text.sub(_LOST_POWER, lambda m: f"2^({m[1] or m[3]}-{m[2] or m[4]})")
    text.sub(_RESOLUTION, r" resolution \1")
    text.sub(_PB, r"PB \1")
    text.sub(_ARRAY, lambda m: f"{m[1]} ({m[2]}^{m[3]}" + (f" x {m[4]}^{m[5]})" if m[4] else ")"))
    text.sub(_THREE, r"\1 x \2 x \3")
    text.sub(_LIMIT, r"\1 ")
    text.sub(_TWICE, _so_often)


def _so_often(m: re.Match[str]) -> str:
    n = 2 if m[2].casefold() == "twice" else 3
    whole_design = re.search(r"(?i)(?:run|done|carried out|made)$", m[1])
    return f"{m[1]} with {n} replicates" if whole_design else f"{m[1]} {n} times"


def _super_power(m: re.Match[str]) -> str:
    base, power = m[1], m[2].translate(SUPERSCRIPTS)
    return f"{base}^({power}{m[3].translate(SUPERSCRIPTS)})" if m[3] else f"{base}^{power}"


# ---- lines --------------------------------------------------------------------------------------------------

_NUMBERED = re.compile(r"(?m)^([ \t]*)(\d{1,3})([).:])[ \t]+(?=[-+−]?\.?\d)")
_BULLET = re.compile(
    r"(?m)^[ \t]*([•·*‣–-])[ \t]+(?=[-+−]?\.?\d[\d.,eE+-]*[ \t]*[^\W\d_]{0,3}[ \t]*$)"
)
_R_VECTOR = re.compile(r"(?:=|<-)\s*c\((?=(?:\s*[-+−.\d][-\d.eE]*\s*,){2})")


def rewrite_lines(text: Rewriting) -> None:
    """Row numbers and bullets before the lines of a list go; R's ``c(1, 2)`` is a list in brackets."""
    numbers = list(_NUMBERED.finditer(text.text))
    if len(numbers) >= 3 and [int(m[2]) for m in numbers] == list(range(1, len(numbers) + 1)):
        text.sub(_NUMBERED, "")
    bullets = _BULLET.findall(text.text)
    if len(bullets) >= 3 and len(set(bullets)) == 1:
        text.sub(_BULLET, "")
    text.sub(_R_VECTOR, lambda m: "= (")
