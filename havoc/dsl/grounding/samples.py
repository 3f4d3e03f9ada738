"""Samples written one under another, a line each, where the words say that the lines are to be compared."""

from __future__ import annotations

import re

from havoc.dsl.grounding.numbers import number_text
from havoc.dsl.grounding.ranges import PLAIN, FoundList
from havoc.tools.values import Sample

_LINE = rf"[ \t]*{PLAIN}(?:[ \t]*[,;][ \t]*{PLAIN}|[ \t]+{PLAIN}){{2,}}[ \t]*"
_LINES = re.compile(rf"(?m)^{_LINE}(?:\n{_LINE})+$")
_WORDS = {"two": 2, "both": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_COUNT = re.compile(
    r"\b(two|both|three|four|five|six|[2-6])(?: [a-z-]+)? "
    r"(?:samples|groups|lots|batches|lines|machines|sets|lists|series|tools|suppliers|operators|methods|gauges|shifts)\b",
    re.IGNORECASE,
)
_TWO = re.compile(
    r"\b(?:two|both|compare|versus|vs|differ\w*|paired|mann|welch|wilcoxon|t[- ]?test|correlat\w*|two-sample)\b",
    re.IGNORECASE,
)
_TABLE = re.compile(
    r"\b(?:chi|contingency|independen\w*|associat\w*|homogene\w*|matrix|determinant|subgroups?|rows?|columns?|table|"
    r"crosstab\w*|cross[- ]tab\w*|fisher\w*)\b",
    re.IGNORECASE,
)


def find_samples(text: str) -> list[FoundList]:
    """Each line of numbers as a sample of its own; lines that may be a table, or one list that runs on, are left."""
    found: list[FoundList] = []
    for block in _LINES.finditer(text):
        around = text[: block.start()] + " " + text[block.end() :]
        lines = list(re.finditer(r"[^\n]+", block.group()))
        if _TABLE.search(around) or len(lines) != _said(around, len(lines)):
            continue
        for line in lines:
            shown = line.group()
            start = block.start() + line.start() + len(shown) - len(shown.lstrip())
            texts = tuple(number_text(t) for t in re.findall(PLAIN, shown))
            found.append(FoundList(Sample("x", texts), start, start + len(shown.strip()), start))
    return found


def _said(around: str, lines: int) -> int:
    """How many samples the words speak of."""
    counted = _COUNT.search(around)
    if counted:
        word = counted[1].casefold()
        return _WORDS.get(word) or int(word)
    return 2 if lines == 2 and _TWO.search(around) else 0
