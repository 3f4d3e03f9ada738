"""Hypotheses as they are written: ``H1: mu > 100``, ``Ha: p1 < p2``, ``H0: mu <= 5``."""

from __future__ import annotations

import re
from collections.abc import Sequence

_QUANTITY = (
    r"(?:the )?(?:true |population |process )?(?:mu|μ|mean|median|p|π|pi|sigma|σ|sd|variance|rho|ρ|lambda|λ|theta|θ"
    r"|m|d|delta|δ|average|rate|proportion|difference|effect)(?: (?:_ )?[12dxy0])?(?: \^ (?:<n\d+> )?2)?"
)
_SIGN = (
    r"(?P<sign>> =|< =|≥|≤|! =|≠|< >|>|<|is (?:greater|larger|higher|more) than|is (?:less|smaller|lower) than"
    r"|(?:is )?not equal to|exceeds|differs from|(?:greater|larger|higher) than|(?:less|smaller|lower) than)"
)
_ALTERNATIVE = re.compile(
    r"\b(?:h (?:_ )?(?:1|a)|ha|alternative(?: hypothesis)?|alternatively)(?: is| that)?(?: :)?(?: |: )"
    rf"(?P<left>{_QUANTITY})(?: - (?P<less>{_QUANTITY}))? {_SIGN}"
)
_NULL = re.compile(rf"\bh (?:_ )?0(?: is| that)?(?: :)? (?P<left>{_QUANTITY}) {_SIGN}")
_GREATER = (">", "> =", "≥", "exceeds")
_LESS = ("<", "< =", "≤")


def said_alternative(words: Sequence[str]) -> str | None:
    """The alternative that a request writes with a sign: less, greater or two_sided; None where it writes none.

    ``mu2 > mu1`` and ``mu2 - mu1 > 0`` say that the first is less. A null hypothesis with a sign says the opposite.
    """
    text = " ".join(words)
    found = _ALTERNATIVE.search(text)
    if found:
        side = _side(found["sign"])
        turned = found["left"].endswith((" 2", " y"))
        return {"less": "greater", "greater": "less"}.get(side, side) if turned else side
    null = _NULL.search(text)
    if null:
        return {"> =": "less", "≥": "less", "< =": "greater", "≤": "greater"}.get(null["sign"])
    return None


def _side(sign: str) -> str:
    if sign in _GREATER or "great" in sign or "larg" in sign or "high" in sign or "more" in sign:
        return "greater"
    if sign in _LESS or "less" in sign or "small" in sign or "low" in sign:
        return "less"
    return "two_sided"
