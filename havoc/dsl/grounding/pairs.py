"""Pairs of numbers in one line, each behind the name of its row or alone, as a table.

``Mon: 12/200, Tue: 9/180`` are counts of what was inspected, ``12/10, 15/13`` befores and afters, ``A 90/10, B 85/15``
the rows of a table of counts, ``400: 1.2e4; 350: 3.5e4`` points of a curve.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from havoc.dsl.grounding.numbers import SIGNED, UNIT, number_text
from havoc.dsl.grounding.ranges import PLAIN
from havoc.dsl.grounding.text_tables import FoundTable
from havoc.tools.values import Column, Labels, Sample, Table

_LABEL = r"(?P<label>[A-Za-z][A-Za-z'.-]{0,20}(?:[ ](?:[A-Za-z]{1,12}|#?\d{1,4}))?(?:\d{1,4})?|\d{1,3}(?=[ ]?[:)=]))"
_END = rf"(?![\w/^%]|\.\d|[ ]?(?:{UNIT.pattern})(?!\w))"
_SLASHED = re.compile(
    rf"(?<![\w./^-])(?:{_LABEL}[ ]?[:=)-]?[ ]{{0,3}}|[(])?(?<![\w./])(?P<a>{PLAIN})/(?P<b>{PLAIN}){_END}",
    re.IGNORECASE,
)
_OUT_OF = re.compile(
    rf"(?<![\w./^-])(?:{_LABEL}[ ]?[:=)-]?[ ]{{0,3}})?(?<![\w./])(?P<a>\d+)[ ](?:out of|of|from|in)[ ](?P<b>\d+){_END}",
    re.IGNORECASE,
)
_ARROWED = re.compile(
    rf"(?<![\w./^-])(?:{_LABEL}[ ]?[:=)-]?[ ]{{0,3}})?(?<![\w./])(?P<a>{PLAIN})[ ]?(?:->|→|=>)[ ]?(?P<b>{PLAIN}){_END}",
    re.IGNORECASE,
)
_WORDED = re.compile(
    r"(?<![\w.])(?P<label>[A-Za-z][\w'-]{0,20}"
    r"(?: (?!ha[sd]\b|have\b|gave\b|with\b)[A-Za-z\d][\w'-]{0,20})?)[ ]?[:=-]?[ ]"
    r"(?:(?:has|had|have|gave|with|made|were|got)[ ])?"
    r"(?P<a>\d+)[ ](?P<first>[A-Za-z][\w-]{0,14})"
    r"[ ]?(?:,|/|and|&)?[ ]?(?P<b>\d+)[ ](?P<second>[A-Za-z][\w-]{0,14})(?!\w)"
)
_FOUR_COUNTS = re.compile(
    r"(?i)\bfisher|\bmcnemar|\bodds\b|\b2\s?[x×]\s?2\b"
)  # which take their four counts one by one
_COLONED = re.compile(
    rf"(?<![\w./:^-])(?P<label>)(?P<a>{SIGNED})[ ]?(?::|->|→|=>)[ ]?(?P<b>{SIGNED})(?![\w/:^%]|\.\d)"
)
_JOINT = re.compile(r"\)?[ \t]*(?:[,;|]|\n)?\s*(?:and[ ]+|vs\.?[ ]+|[-*•][ ]+)?")
# Of what counts and readings speak, and of what levels of factors do: "time 20/40, heat 150/180" are none.
_COUNTS = re.compile(
    r"(?i)\b(?:charts?|defect\w*|reject\w*|inspect\w*|fail\w*|pass\w*|bad|good|nonconform\w*|faulty|before|after|paired|"
    r"proportions?|rates?|differ\w*|signed|scrap\w*|flaws?|errors?|yes|no|cured|sick|counts?|tested|sampled|checked|"
    r"broken|complaints?|returned|ok|nok|kappa|chi\w*|homogen\w*|wilcoxon|sign test|x/y|xy|regression|line|fit)\b"
)
_LEVELS = re.compile(
    r"(?i)\b(?:factorial|fraction\w*|designs?|levels?|doe|ccd|box|behnken|taguchi|hypercube|burman|screening|factors?|"
    r"replicates|centre|center|low|high)\b"
)
_HEADING = re.compile(
    r"(?i)(?:(?P<row>[A-Za-z][\w ]{0,20}?)[ ]?[:,;|-][ ]*)?(?<![\w/])(?P<a>[A-Za-z#][\w ]{0,20}?)[ ]?"
    r"(?:/|\bvs\.?|\bversus\b|->|→|[ ]:[ ]|(?<=\w):(?=\w))[ ]?"
    r"(?P<b>[A-Za-z#][\w]{0,20})(?:[ ](?:counts?|numbers?|figures?|data|scores?))?[ ]?[:=)]?\s*$"
)
_NAMED_PAIR = re.compile(
    r"(?i)(?<![\w/])(?P<a>pass\w*|fail\w*|bad|good|ok|nok|yes|no|before|after|defect\w*|reject\w*|nonconform\w*)"
    r"[ ]?/[ ]?(?P<b>[a-z]{2,14})(?![\w/])"
)
_CHANGED = re.compile(
    r"(?i)\b(?:paired|pairs|before|after|pre|post|change\w*|improve\w*|drop\w*|wilcoxon|signed)\b"
)
_LEAST = 3


def _worded(text: str) -> Iterator[FoundTable]:
    """``men: 45 yes 55 no; women: 60 yes, 40 no``: counts behind the name of their group, before that of their kind."""
    for run in _runs(_WORDED, text):
        kinds = {(m["first"].casefold(), m["second"].casefold()) for m in run}
        labels = [m["label"] for m in run]
        first, second = next(iter(kinds))
        if len(kinds) > 1 or first == second or len({x.casefold() for x in labels}) < len(run):
            continue
        columns: tuple[Column, ...] = (
            Labels("group", tuple(labels)),
            Sample(run[0]["first"], tuple(m["a"] for m in run)),
            Sample(run[0]["second"], tuple(m["b"] for m in run)),
        )
        yield FoundTable(Table(columns), run[0].start(), run[-1].end())


def find_pairs(text: str) -> tuple[list[FoundTable], list[tuple[int, int]]]:
    """Return the tables of pairs, and the numbers that are names of rows where only two pairs stand (``Line 1``)."""
    tables: list[FoundTable] = []
    names: list[tuple[int, int]] = []
    if not _FOUR_COUNTS.search(text):
        tables += _worded(text)
    for pattern in (_SLASHED, _OUT_OF, _ARROWED, _COLONED):
        for run in _runs(pattern, text):
            if pattern in (_SLASHED, _OUT_OF) and (
                not _COUNTS.search(text) or _LEVELS.search(text)
            ):
                continue
            if pattern in (_ARROWED, _COLONED) and (len(run) < _LEAST or _are_times(run)):
                continue
            labels = [(m["label"] or "").strip() for m in run]
            if not any(labels[1:]):
                labels = [""] * len(run)  # the word before the first names all of them
            if len({bool(label) for label in labels}) > 1 or (
                labels[0] and len(set(labels)) < len(run)
            ):
                continue
            larger = any(float(m["a"]) > float(m["b"]) for m in run)
            if len(run) < _LEAST and not (pattern is _SLASHED and labels[0] and larger):
                if labels[0]:
                    names += [_digits_of(m) for m in run if re.search(r"\d", m["label"])]
                continue
            if not any(run[0].start() < t.end and t.start < run[-1].end() for t in tables):
                tables.append(
                    _table(text, run, labels, pattern is _COLONED, larger, pattern is _ARROWED)
                )
    return tables, names


def _runs(pattern: re.Pattern[str], text: str) -> Iterator[list[re.Match[str]]]:
    position = 0
    while (first := pattern.search(text, position)) is not None:
        run = [first]
        while (more := pattern.match(text, _JOINT.match(text, run[-1].end()).end())) is not None:  # type: ignore[union-attr]
            run.append(more)
        position = run[-1].end()
        if len(run) > 1:
            yield run


def _digits_of(m: re.Match[str]) -> tuple[int, int]:
    digits = re.search(r"\d+", m["label"])
    assert digits is not None
    return m.start("label") + digits.start(), m.start("label") + digits.end()


def _are_times(run: Sequence[re.Match[str]]) -> bool:
    """``8:15, 9:30, 10:45``: hours and minutes; the faces ``1:15, 2:25, 3:18`` of a die are counted from one."""
    if [m["a"] for m in run] == [str(i) for i in range(1, len(run) + 1)]:
        return False
    return all(re.fullmatch(r"[012]?\d:[0-5]\d", m.group()) for m in run)


def _table(
    text: str,
    run: Sequence[re.Match[str]],
    labels: Sequence[str],
    coloned: bool,
    larger: bool,
    arrowed: bool = False,
) -> FoundTable:
    start = run[0].start() if labels[0] else run[0].start("a")
    heading = _HEADING.search(text[max(0, start - 70) : start])
    first, second, row = "x", "y", "group"
    if heading is not None:
        first, second = heading["a"].split()[-1], heading["b"]
        row = (heading["row"] or "group").split()[-1]
    elif coloned and [m["a"] for m in run] == [str(i) for i in range(1, len(run) + 1)]:
        first, second = "value", "count"
    elif arrowed:
        first, second = ("before", "after") if _CHANGED.search(text) else ("x", "y")
    elif not coloned:
        named = _NAMED_PAIR.search(text)
        first, second = (
            (named["a"], named["b"]) if named else ("x", "y") if larger else ("count", "inspected")
        )
    if first.casefold() == second.casefold():
        first, second = "x", "y"
    columns: tuple[Column, ...] = (
        Sample(first, tuple(number_text(m["a"]) for m in run)),
        Sample(second, tuple(number_text(m["b"]) for m in run)),
    )
    if labels[0]:
        row = row if row.casefold() not in (first.casefold(), second.casefold()) else "group"
        columns = (Labels(row, tuple(labels)), *columns)
    return FoundTable(Table(columns), start, run[-1].end())
