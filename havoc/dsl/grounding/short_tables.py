"""Small tables written in one line: ``scratches 45, dents 12``, ``10 ± 0.1, 20 ± 0.15``, ``A B: 1 1, 1 -1``,
``45 5 | 8 42``, and verdicts of raters: ``P P F P``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from havoc.dsl.grounding.numbers import SIGNED, number_text
from havoc.dsl.grounding.ranges import PLAIN, FoundList
from havoc.dsl.grounding.text_tables import FoundTable, column_of
from havoc.tools.values import Column, Labels, Sample, Table

_BLANK = r"[ \t]*"
_COUNT_CUE = re.compile(
    r"\b(?:pareto|vital few|80[/-]20|account(?:s|ing)? for most|most of (?:the|our|all)|which few|"
    r"biggest (?:contributors?|causes?)|main (?:causes?|defects?|reasons?))\b",
    re.IGNORECASE,
)
_KIND = r"[A-Za-z][\w'/-]*(?: [A-Za-z][\w'/-]*){0,3}?"
_COUNTED = re.compile(
    rf"(?<![\w.])(?P<kind>{_KIND})(?P<sign>{_BLANK}[:=(]{_BLANK}|[ \t]+(?:-[ \t]+|x[ ]?)?)"
    r"(?P<count>\d+(?:\.\d+)?)\)?(?![\w%]|[.,]\d)"
)
_COUNT_FIRST = re.compile(
    rf"(?<![\w.])(?P<count>\d+)(?P<sign>[ \t]+|x[ ]?)(?P<kind>{_KIND})(?={_BLANK}(?:[,;|\n.?!]|$|\band\b))"
)
_ASK = re.compile(  # what stands before the first kind is no part of its name
    r"(?:.*\b(?:pareto|analysis|chart|diagram|rule|plot))?(?: ?\b(?:of|for|on|from|with|my|our|the|these|are|is))*\s+",
    re.IGNORECASE,
)
_NEXT = re.compile(rf"{_BLANK}[,;|\n]\s*(?:and[ ]+)?|{_BLANK}\n\s*(?:[-*•][ ]*)?|[ ]+(?:and|&)[ ]+")
_NO_KIND = frozenset(
    "n k p c m mean sd sigma std stdev alpha beta power lot total sum units unit parts items days hours top first last "
    "at in of to from with by than over under the a an".split()
)
_PLUS_MINUS = re.compile(
    rf"(?<![\w.^/±-])(?P<nominal>{PLAIN})(?:[ ]?mm)?{_BLANK}(?:±|\+/[-−]|\+-){_BLANK}"
    rf"(?P<half>{PLAIN})(?:[ ]?mm)?(?![\w^%])"
)
_PM_NEXT = re.compile(rf"{_BLANK}(?:[,;|+\n]|\band\b)\s*(?:and[ ]+)?")
_TAKEN_OFF = r"(?:[-−–][ ](?!\d)|\bminus\b|\bless\b|\blessens?\b|\bsubtract\w*\b)"
_PM_NAMED = re.compile(  # parts of a stack may have names: "A 25±0.1, B 40±0.15", "housing 50±0.1 minus shaft 20±0.05"
    rf"{_BLANK}(?:[,;|+\n]|\band\b|\bplus\b|{_TAKEN_OFF}|[-−–][ ])\s*(?:(?:and|then)[ ]+)?(?:{_TAKEN_OFF}[ ]*)?"
    rf"(?:(?:the[ ]+)?[A-Za-z]\w{{0,14}}(?:[ ][A-Za-z]\w{{0,14}})?{_BLANK}[:=]?{_BLANK})?"
)
_STACK_CUE = re.compile(
    r"\b(?:stack\w*|rss|root[- ]sum|worst[- ]case|assembl\w*|gap)\b", re.IGNORECASE
)
_NAMED_ROWS = re.compile(
    rf"(?<![\w.])(?P<names>[A-Za-z]\w{{0,24}}(?:[, ][ ]?[A-Za-z]\w{{0,24}}){{1,11}}){_BLANK}[:=]\s*"
    rf"(?P<rows>{SIGNED}(?:[ \t]+{SIGNED})+(?:{_BLANK}[,;|]\s*{SIGNED}(?:[ \t]+{SIGNED})+){{2,200}})(?![\w.])"
)
_BARRED = re.compile(
    r"(?<![\w.|;,-])(?<![|;,\d] )"
    r"(?P<rows>\d++(?:[ \t,]++\d++){1,11}(?:[ \t]*[|/][ \t]*\d++(?:[ \t,]++\d++){1,11}){1,20})(?![\w.])"
)
_VERDICT = (
    r"(?:pass|fail|passed|failed|p|f|ok|nok|ng|go|no-?go|good|bad|accept|reject|acc|rej|"
    r"yes|no|y|n|a|r|g|b|np|c|nc)"
)
_VERDICTS = re.compile(
    rf"(?<![\w/-]){_VERDICT}(?![\w/-])(?:(?:{_BLANK},{_BLANK}|[ \t]+){_VERDICT}(?![\w/-])){{3,200}}",
    re.IGNORECASE,
)
_RATER = re.compile(
    r"(?:(?<=^)|(?<=[\n,;|.(])|(?<=[:;|] ))\s*(?P<name>[A-Za-z][\w ]{0,24}?)[ ]?[:=][ ]*$"
)
LEAST_COUNTS, LEAST_PARTS = 3, 3


def find_short_tables(text: str) -> list[FoundTable]:
    """Tables in one line that no other reader takes."""
    return [*_counts(text), *_tolerances(text), *_named_rows(text), *_barred(text)]


def find_verdicts(text: str) -> list[FoundList]:
    """Each rater's verdicts as a column of words, where two or more raters judged as many parts."""
    runs = [m for m in _VERDICTS.finditer(text) if _is_verdicts(m.group())]
    lists = [tuple(_words(m.group())) for m in runs]
    led = _led_by_names(lists)
    if led:
        lists = [v[1:] for v in lists]
    if len(runs) < 2 or len({len(v) for v in lists}) > 1 or len(set().union(*map(set, lists))) < 2:
        return []
    found = []
    for i, (match, words) in enumerate(zip(runs, lists, strict=True), 1):
        before = _RATER.search(text[: match.start()])
        name = before["name"].strip() if before else f"rater {i}"
        if led:
            name = match.group().split()[0]
        label = before.start("name") if before else match.start()
        found.append(FoundList(Labels(name, words), match.start(), match.end(), label))
    return found


def _led_by_names(lists: list[tuple[str, ...]]) -> bool:
    """Whether each list begins with the letter of its rater: ``A P P F P; B P F F P``."""
    first = [v[0] for v in lists]
    rest = {w for v in lists for w in v[1:]}
    return len(set(first)) == len(first) > 1 and not rest & set(first) and len(rest) > 1


def _words(run: str) -> list[str]:
    return [w.casefold() for w in re.findall(r"[A-Za-z][A-Za-z-]*", run)]


def _is_verdicts(run: str) -> bool:
    """Whether a run of short words is a list: at most three different ones, and they repeat."""
    words = _words(run)
    return len(set(words)) <= 3 and len(words) > len(set(words))


def _counts(text: str) -> Iterator[FoundTable]:
    """``scratches 45, dents 12, burrs 3`` or ``45 scratches, 12 dents``, where kinds are to be ranked."""
    if not _COUNT_CUE.search(text):
        return
    for pattern in (_COUNTED, _COUNT_FIRST):
        for run in runs_of(pattern, _NEXT, text):
            kinds = [m["kind"].strip() for m in run]
            ask = _ASK.match(kinds[0])
            start = run[0].start()
            if ask and pattern is _COUNTED:
                kinds[0] = kinds[0][ask.end() :]
                start += ask.end()
            if (
                not kinds[0]
                or len(run) < LEAST_COUNTS
                or len({k.casefold() for k in kinds}) < len(kinds)
            ):
                continue
            lettered = all(re.fullmatch("[A-Z]", k) for k in kinds)
            if not lettered and any(k.casefold().split()[0] in _NO_KIND for k in kinds):
                continue
            columns = (
                Labels("category", tuple(kinds)),
                Sample("count", tuple(number_text(m["count"]) for m in run)),
            )
            yield FoundTable(Table(columns), start, run[-1].end())
            return


def _tolerances(text: str) -> Iterator[FoundTable]:
    """``10 ± 0.1, 20 ± 0.15, 5 ± 0.05``: the parts of an assembly; named factors have their names between."""
    stacked = _STACK_CUE.search(text) is not None
    joint = _PM_NAMED if stacked else _PM_NEXT
    for run in runs_of(_PLUS_MINUS, joint, text):
        if len(run) < (2 if stacked else LEAST_PARTS):
            continue
        columns = [
            Sample(name, tuple(number_text(m[key]) for m in run))
            for name, key in (("nominal", "nominal"), ("tolerance", "half"))
        ]
        between = [text[a.end() : b.start()] for a, b in pairwise(run)]
        off = [re.search(rf"{_TAKEN_OFF}|[-−–][ ]", gap) is not None for gap in between]
        if stacked and any(off):
            columns.append(Sample("direction", ("1", *("-1" if o else "1" for o in off))))
        yield FoundTable(Table(tuple(columns)), run[0].start(), run[-1].end())


def runs_of(
    pattern: re.Pattern[str], joint: re.Pattern[str], text: str
) -> Iterator[list[re.Match[str]]]:
    """Matches that follow each other with nothing but a joint between."""
    position = 0
    while (first := pattern.search(text, position)) is not None:
        run = [first]
        while (between := joint.match(text, run[-1].end())) is not None:
            more = pattern.match(text, between.end())
            if more is None:
                break
            run.append(more)
        yield run
        position = run[-1].end()


def _named_rows(text: str) -> Iterator[FoundTable]:
    """``A B C: 1 1 1, 1 -1 -1, -1 1 -1``: names, then rows of as many numbers."""
    for match in _NAMED_ROWS.finditer(text):
        names = re.findall(r"[A-Za-z]\w*", match["names"])
        rows = [re.findall(SIGNED, r) for r in re.split(r"[,;|]", match["rows"])]
        width = len(rows[0])
        if width < 2 or any(len(r) != width for r in rows) or len(names) < width:
            continue
        names = names[-width:]
        if len({n.casefold() for n in names}) < width:
            continue
        start = [m.start() for m in re.finditer(r"[A-Za-z]\w*", match["names"])][-width]
        columns: tuple[Column, ...] = tuple(
            column_of([number_text(r[j]) for r in rows], names[j]) for j in range(width)
        )
        yield FoundTable(Table(columns), match.start("names") + start, match.end())


def _barred(text: str) -> Iterator[FoundTable]:
    """``45 5 | 8 42``: the rows of a table of counts."""
    for match in _BARRED.finditer(text):
        mark = "|" if "|" in match["rows"] else "/"
        rows = [re.findall(r"\d+", r) for r in match["rows"].split(mark)]
        width = len(rows[0])
        if any(len(r) != width for r in rows) or width > 12:
            continue
        columns = tuple(Sample(f"x{j + 1}", tuple(r[j] for r in rows)) for j in range(width))
        yield FoundTable(Table(columns), match.start("rows"), match.end("rows"))
