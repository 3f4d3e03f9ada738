"""Sums to be worked out: ``sqrt(2*9.81*3.2)`` anywhere, ``3*(2+5)^2`` behind "compute" or before "= ?"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from havoc.dsl.grounding.math_text import read_math
from havoc.errors import InputError
from havoc.tools.expression import Expression, free_symbols

_NUM = r"(?>(?:\d++(?:\.\d++)?|\.\d++)(?:[eE][-+]?\d++)?)"
_CALLED = r"(?:sqrt|exp|ln|log10|log2|log|sin|cos|tan|asin|acos|atan|sinh|cosh|tanh|abs|√)"
_SUM = re.compile(
    rf"(?<![\w.^*/)(+-])(?<![)(*/^+-] )"
    rf"(?P<sum>[-−]?(?:(?:{_CALLED}\s?\(|\(|{_NUM}|\bpi\b|π|\)|\s?[-+*/^×·÷]\s?|,)){{3,60}})(?![\w.(])"
)
_ASKED = re.compile(
    r"(?i)(?:\b(?:compute|calculate|evaluate|work out|what is|what's|whats|how much is|value of|result of|berechne"
    r"|calcola)(?: the)?(?: value(?: of)?)?:?)\s*$"
)
_CALL = re.compile(rf"{_CALLED}\s?\(")
_OPERATOR = re.compile(r"[-+*/^×·÷]")
_A_DESIGN = re.compile(r"[23]\s?\^\s?\(?\d+\s?-\s?\d+\)?|[\d.×\s]+")  # 2^5-1, 5×5×5
_EQUALS = re.compile(r"\s*=\s*(?:\?|$)")
_ANSWERED = re.compile(r"\s*(?:=\s*(?:\?|$)|\?\s*$|please\b|$)")


def find_arithmetic(text: str) -> Iterator[tuple[int, int, Expression]]:
    """Expressions of numbers alone, where a value is asked for: (start, end, tree)."""
    if "(" not in text and not re.search(r"[*^×·÷+/]", text):
        return
    for match in _SUM.finditer(text):
        written = match["sum"].rstrip(" ,")
        end = match.start() + len(written)
        operators = len(_OPERATOR.findall(written))
        called = _CALL.search(written) is not None
        before = text[: match.start()]
        asked = _ASKED.search(before) is not None and _ANSWERED.match(text[end:]) is not None
        alone = not before.strip() and _EQUALS.match(text[end:]) is not None
        several = operators > 1 or "*" in written or "^" in written
        if not (called and (operators or asked)) and not (several and (asked or alone)):
            continue
        if _A_DESIGN.fullmatch(written):
            continue
        try:
            tree = read_math(written)
        except InputError:
            continue
        if not set(free_symbols(tree)) - {"pi", "e"}:
            yield match.start(), end, tree
