"""Models in symbols of more than one letter: ``v = Vmax*S/(Km + S)``, ``k = A*exp(-Ea/(R*T))``."""

from __future__ import annotations

import re
from collections.abc import Set
from itertools import pairwise

from havoc.dsl.grounding.math_text import FUNCTIONS, GREEK, read_math
from havoc.dsl.grounding.numbers import UNITS
from havoc.dsl.grounding.ranges import STOP
from havoc.errors import InputError
from havoc.tools.expression import Binary, Expression, Name, Num, Relation, free_symbols

_ITEM = re.compile(
    r"(?P<name>[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*|\[[A-Za-z][A-Za-z0-9]{0,4}\])|(?P<num>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.]))"
    r"|(?P<op>\*\*|[-+*/^=·])|(?P<open>\()|(?P<close>\))"
)
_BEGIN = re.compile(r"(?<![\w.'/*^+-])[A-Za-z\[(]|(?<=\s)\d")
_GAP = re.compile(r"[ \t]*")
# what statistics call their quantities: formulas of those are talked of, not fitted
_SPOKEN = frozenset(
    "xbar ybar mean sd se usl lsl ucl lcl cl cp cpk pp ppk cpm mu mu0 sigma xbarbar rbar sbar mr df ss ms ssr sse sst "
    "var cov corr max min sum avg std iqr n oee mse rmse not and or of the to in is a if for by on vs".split()
)
_LONG_SYMBOL = re.compile(  # Vmax, Km, Ea, k_el, C0, qmax; no word of a sentence
    r"[A-Z][a-z]{1,3}\d?|[A-Za-z]{1,4}_\w{1,4}|[A-Za-z](?:max|min|cat|obs|eq|inf|ref|sat|app|tot|on|off)|[A-Za-z]{2}\d"
)
_SHORT_SYMBOL = re.compile(r"[A-Za-z]\d{0,2}")


def find_models(text: str, columns: Set[str]) -> list[tuple[int, int, Expression]]:
    """Formulas of short symbols with every sign written; ``columns``: names (casefolded) that are data, no symbols."""
    if not re.search(r"[*/^]|\bexp\b", text):
        return []
    found: list[tuple[int, int, Expression]] = []
    position = 0
    while position < len(text):
        begin = _BEGIN.search(text, position)
        if begin is None:
            break
        items = _items(text, begin.start())
        tree = _model(text, items, columns)
        if tree is None:
            position = items[0].end() if items else begin.end()
        else:
            found.append((items[0].start(), items[-1].end(), tree))
            position = items[-1].end()
    return found


def _items(text: str, position: int) -> list[re.Match[str]]:
    """The longest run of operands with signs between them, brackets closed."""
    items: list[re.Match[str]] = []
    whole: list[re.Match[str]] = []
    depth, operand = 0, False  # operand: whether one has just ended
    while len(items) < 80:
        gap = _GAP.match(text, position)
        match = _ITEM.match(text, gap.end() if gap else position)
        if match is None:
            break
        call = match["open"] and items and items[-1]["name"] and match.start() == items[-1].end()
        if operand and not (match["op"] or match["close"] or call):
            break
        if not operand and (match["close"] or (match["op"] and match["op"] not in "+-")):
            break
        depth += bool(match["open"]) - bool(match["close"])
        if depth < 0:
            break
        items.append(match)
        position = match.end()
        operand = not (match["op"] or match["open"])
        if operand and depth == 0:
            whole = list(items)
    return whole


def _model(text: str, items: list[re.Match[str]], columns: Set[str]) -> Expression | None:
    names = [m["name"].strip("[]") for m in items if m["name"]]
    symbols = [n for n in names if n not in FUNCTIONS and n not in GREEK]
    signs = [m["op"] for m in items if m["op"]]
    shaped = any(m["open"] for m in items) or "^" in signs or "**" in signs
    if (
        not shaped
        or len(signs) < 2
        or not {"*", "/", "^", "**"} & set(signs)
        or signs.count("=") > 1
    ):
        return None
    if all(_SHORT_SYMBOL.fullmatch(n) for n in symbols):
        return None  # single letters are read as any mathematics
    if any(_is_no_symbol(n, columns) for n in symbols) or _begins_or_ends_in_words(items):
        return None
    source = text[items[0].start() : items[-1].end()]
    try:
        return read_math(re.sub(r"\[(\w+)\]", r"\1", source))
    except InputError:
        return None


def _is_no_symbol(name: str, columns: Set[str]) -> bool:
    if _SHORT_SYMBOL.fullmatch(name):
        return False
    known = name in UNITS or name.casefold() in _SPOKEN | STOP | FUNCTIONS | GREEK | columns
    return known or not _LONG_SYMBOL.fullmatch(name)


def _begins_or_ends_in_words(items: list[re.Match[str]]) -> bool:
    """``... + 1 - Take the``, ``f(x) = ...`` and ``Gamma(1 + 1/b)``: a word of the sentence, or no function of ours."""
    for before, after in pairwise(items):
        if after["open"] and before["name"] and before["name"] not in FUNCTIONS:
            return True
    first, last = items[0], items[-1]
    led = bool(first["name"]) and len(first["name"]) > 1 and items[1].group() in "+-"
    return led or (bool(last["name"]) and len(last["name"]) > 1 and items[-2].group() in "+-")


def is_jargon(tree: Expression) -> bool:
    """R^2, T^2, X^2, S-3 and 2^k are names of things, not expressions to work on."""
    match tree:
        case Relation("==", Binary("^", Name("R" | "r"), Num()) as left, Num(share)):
            return share.exact <= 1 and is_jargon(left)  # R² = 0.85
        case Binary("^", Name(id), Num(number)):
            return (
                id in ("R", "r", "T", "X", "chi", "s", "S", "A", "cm", "Q") and number.text == "2"
            )
        case Binary("-", Name("S"), Num(level)):
            return level.text in ("1", "2", "3", "4")  # special inspection levels
        case Binary("^", Num(), exponent):
            return set(free_symbols(exponent)) <= {"k", "p", "n"}
    return False
