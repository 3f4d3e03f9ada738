"""What a design's request says in letters: the generators of a fraction, ``D = AB, E = AC``."""

from __future__ import annotations

import re

_LETTER = "[A-HJK]"
_GENERATOR = rf"(?:{_LETTER}|I)[ ]?=[ ]?[-+−±]?{_LETTER}{{2,}}(?:[ ]?=[ ]?[-+−±]?{_LETTER}{{2,}})*(?![\w*/^(])"
_GENERATORS = re.compile(
    rf"(?<![\w*/=.-])(?<![*/=.-] ){_GENERATOR}(?:(?:\s*(?:,|;|&|\band\b)\s*(?:and\s+)?|\s+){_GENERATOR})*"
)
_QUOTED = re.compile(r"[\"“”][^\"“”\n]*[\"“”]|(?<!\w)['‘][^'‘’\n]*['’](?!\w)|`[^`\n]*`")
_CUE = re.compile(
    r"\b(?:generat\w*|defining|fraction\w*|factorial|designs?|resolution|alias\w*|confound\w*|screening)\b",
    re.IGNORECASE,
)


def find_generators(text: str) -> list[tuple[int, int, str]]:
    """The generators of a request about designs: (start, end, ``"D=AB, E=AC"``)."""
    if not _CUE.search(text):
        return []
    found = []
    quoted = [m.span() for m in _QUOTED.finditer(text)]
    for match in _GENERATORS.finditer(text):
        if any(a < match.end() and match.start() < b for a, b in quoted):
            continue
        pieces = re.findall(_GENERATOR, match.group())
        relations = [r for p in pieces for r in _relations(p)]
        if all(target not in word for target, word in relations):
            found.append((match.start(), match.end(), ", ".join(f"{t}={w}" for t, w in relations)))
    return found


def _relations(piece: str) -> list[tuple[str, str]]:
    """``I=ABD=ACE`` is I=ABD and I=ACE."""
    target, *words = (p.strip().replace("−", "-").lstrip("+±") for p in piece.split("="))
    return [(target, word) for word in words]
