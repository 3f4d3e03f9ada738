"""Values behind a noun and its number (``trial 1: 12.3, trial 2: 12.8``), and samples one after another.

Those are a line each, where the words say that they are to be compared, or stand each behind the setting that it was
taken at (``50 rpm 12.1 12.4 11.9; 75 rpm 12.8 13.0 12.7``); lines of a chart of subgroups are the rows of a table.
"""

from __future__ import annotations

import re

from havoc.dsl.grounding.numbers import UNIT, number_text, unit_of
from havoc.dsl.grounding.ranges import PLAIN, FoundList
from havoc.dsl.grounding.short_tables import runs_of
from havoc.dsl.grounding.text_tables import PROSE_HEADER, FoundTable, column_of
from havoc.tools.values import Labels, Sample, Table

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
_SETTING = rf"(?:\d{{1,2}}:[0-5]\d|\d+(?:\.\d+)?)(?![\w.])(?:[ ]?(?:{UNIT.pattern})(?!\w))?"
_NEXT = rf"[ \t]*,[ \t]*(?:and[ ]+)?{_SETTING}[ ]?[:=]"  # behind a comma only where a sign tells it from a value
_VALUES = rf"(?:{PLAIN}(?:(?!{_NEXT})[ \t]*,[ \t]*|[ \t]+)){{1,200}}{PLAIN}"
_AT = re.compile(
    rf"(?<![\w.^])(?:(?P<label>\d{{1,2}}:[0-5]\d(?!\w)|\d+(?:\.\d+)?[ ]?(?P<unit>{UNIT.pattern})(?!\w))"
    rf"(?P<sign>[ ]?[:=][ \t]+|[ ]?(?:->|→|-|–)[ ]+|[ \t]+)|(?P<number>\d+(?:\.\d+)?)(?P<colon>[ ]?[:=][ \t]+))"
    rf"(?P<values>{_VALUES})"
    rf"(?=[ \t]*(?:[;|/\n(]|$|[.?!](?:\s|$)|[-–—][ ]?[A-Za-z]|,?[ \t]*[A-Za-z])|{_NEXT})"
)
_AFTER = re.compile(r"[ \t]*[;|/,\n]?[ \t\n]*(?:and[ ]+)?(?:at[ ]+)?")


_NUMBERED = re.compile(
    rf"(?<![\w.])(?P<noun>[A-Za-z]{{3,16}})[ ]?(?:#|no\.?[ ]?)?(?P<at>\d{{1,2}})(?:[ ]?[:=][ ]?|[ ]+(?:is |was )?)"
    rf"(?P<value>{PLAIN})(?P<unit>[ ]?(?:{UNIT.pattern})(?!\w))?(?![\w:=^/]|\.\d)"
)
_SERIES = (
    "mon tue wed thu fri sat sun".split(),
    "jan feb mar apr may jun jul aug sep oct nov dec".split(),
)
_DAY = re.compile(
    rf"(?i)(?<![\w.])(?P<day>(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{{0,6}})\.?"
    rf"[ ]?(?:[:=-][ ]?|[ ]+)\(?(?P<value>{PLAIN})\)?(?![\w:=^/]|\.\d|[ ]?{PLAIN})"
)
_NEXT_NUMBERED = re.compile(r"[ \t]*[,;|\n]?[ \t\n]*(?:and[ ]+)?")


def find_numbered(text: str) -> list[FoundList]:
    """One list of the values that stand each behind one noun and its number: ``trial 1: 12.3 trial 2: 12.8 ...``.

    Three or more, numbered from one without a gap.
    """
    found: list[FoundList] = []
    position = 0
    while (first := _NUMBERED.search(text, position)) is not None:
        run = [first]
        while True:
            joint = _NEXT_NUMBERED.match(text, run[-1].end())
            more = _NUMBERED.match(text, joint.end()) if joint else None
            if more is None or more["noun"].casefold() != first["noun"].casefold():
                break
            run.append(more)
        position = run[-1].end()
        numbers = [int(m["at"]) for m in run]
        if len(run) < 3 or numbers != list(range(1, len(run) + 1)):
            continue
        goes_on = re.match(rf"[ \t]*[,;]?[ \t]*{PLAIN}(?![\w.])", text[position:])
        if goes_on is None:
            unit = unit_of((first["unit"] or "").strip())
            texts = tuple(number_text(m["value"]) for m in run)
            found.append(
                FoundList(
                    Sample(first["noun"], texts, unit), first.start(), position, first.start()
                )
            )
    return found


_TWO_VALUES = re.compile(  # "run 1: 10.2 10.8; run 2: 12.1 11.7": three values and more are lists of their own
    rf"(?<![\w.])(?P<noun>[A-Za-z]{{2,16}})[ ]?(?:#|no\.?[ ]?)?(?P<at>\d{{1,2}})[ ]?[:=][ ]?"
    rf"(?P<a>{PLAIN})(?:[ ]?[,/][ ]?|[ ]+)(?P<b>{PLAIN})(?![\w:=^/]|\.\d|[ ]?[,/]?[ ]?{PLAIN})"
)


def find_two_values(text: str) -> list[FoundTable]:
    """The pairs of values that stand behind one noun and its number, as rows: three or more, numbered from one."""
    found: list[FoundTable] = []
    for run in runs_of(_TWO_VALUES, _NEXT_NUMBERED, text):
        one_noun = len({m["noun"].casefold() for m in run}) == 1
        if (
            len(run) > 2
            and one_noun
            and [int(m["at"]) for m in run] == list(range(1, len(run) + 1))
        ):
            columns = tuple(
                column_of([number_text(m[key]) for m in run], name)
                for key, name in (("a", "x1"), ("b", "x2"))
            )
            found.append(FoundTable(Table(columns), run[0].start(), run[-1].end()))
    return found


_SUBGROUPS = re.compile(
    r"(?i)\bx-?bar|x̄|\bsubgroups?\b|\b[rs][ -]charts?\b|\bcontrol (?:charts?|limits?)\b"
)
_LED_LINE = re.compile(
    r"(?im)^[ \t]*(?P<label>\d{1,2}(?::[0-5]\d)?[ ]?(?:am|pm|h|uhr)\b|\d{1,2}:[0-5]\d|"
    r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|[a-z]{1,10}[ ]?#?\d{1,3})[ \t]*[:|=-]?[ \t,]+(?P<values>"
    + rf"{PLAIN}(?:[ \t]*,[ \t]*{PLAIN}|[ \t]+{PLAIN})"
    + r"{1,24})[ \t]*$"
)


def find_dated(text: str) -> list[FoundTable]:
    """Values each behind its weekday or month, three or more in their order: ``Mon 5, Tue 8, Wed 3``."""
    found: list[FoundTable] = []
    position = 0
    while (first := _DAY.search(text, position)) is not None:
        run = [first]
        while True:
            joint = _NEXT_NUMBERED.match(text, run[-1].end())
            more = _DAY.match(text, joint.end()) if joint else None
            if more is None or not _follows(run[-1]["day"], more["day"]):
                break
            run.append(more)
        position = run[-1].end()
        if len(run) >= 3:
            name = "day" if first["day"][:3].casefold() in _SERIES[0] else "month"
            columns = (
                Labels(name, tuple(m["day"] for m in run)),
                Sample("value", tuple(number_text(m["value"]) for m in run)),
            )
            found.append(FoundTable(Table(columns), first.start(), position))
    return found


def _follows(a: str, b: str) -> bool:
    """Whether one weekday or month comes after another in the same week or year, or begins the next."""
    pair = a[:3].casefold(), b[:3].casefold()
    return any(set(pair) <= set(names) for names in _SERIES) and pair[0] != pair[1]


def find_subgroups(text: str) -> list[FoundTable]:
    """Lines of readings, each behind its time, day or number, where a chart of subgroups is spoken of: a row each."""
    if not _SUBGROUPS.search(text):
        return []
    found: list[FoundTable] = []
    run: list[re.Match[str]] = []
    for line in (*_LED_LINE.finditer(text), None):
        values = re.findall(PLAIN, line["values"]) if line else []
        follows = line and run and line.start() - run[-1].end() <= 1
        if follows and len(values) == len(re.findall(PLAIN, run[-1]["values"])):
            run.append(line)  # type: ignore[arg-type]
            continue
        if len(run) > 2:
            rows = [re.findall(PLAIN, m["values"]) for m in run]
            columns = tuple(
                column_of([number_text(r[j]) for r in rows], f"x{j + 1}")
                for j in range(len(rows[0]))
            )
            found.append(FoundTable(Table(columns), run[0].start(), run[-1].end()))
        run = [line] if line else []
    return found


def find_samples_at_settings(text: str) -> list[FoundList]:
    """Each sample that follows the setting it was taken at, where two or more follow each other in one form.

    The settings have one unit, or a colon behind each. Their names are the settings.
    """
    found: list[FoundList] = []
    position = 0
    while (first := _AT.search(text, position)) is not None:
        run = [first]
        while (more := _AT.match(text, _AFTER.match(text, run[-1].end()).end())) is not None:  # type: ignore[union-attr]
            if not _alike(first, more):
                break
            run.append(more)
        position = run[-1].end()
        if len(run) > 1 and _settings(run):
            found += map(_at_setting, run)
    return found


def _alike(a: re.Match[str], b: re.Match[str]) -> bool:
    """Whether two samples are written in one form, at settings of one unit."""
    return _form(a) == _form(b)


def _form(m: re.Match[str]) -> tuple[str | None, str, bool]:
    return unit_of(m["unit"] or ""), (m["sign"] or m["colon"]).strip(), m["number"] is None


def _settings(run: list[re.Match[str]]) -> bool:
    """Whether the numbers before the samples are settings: each another one, and of a unit that is known."""
    known = all(not m["unit"] or unit_of(m["unit"]) for m in run)
    return known and len({_label(m) for m in run}) == len(run)


def _label(m: re.Match[str]) -> str:
    return m["label"] or m["number"]


def _at_setting(m: re.Match[str]) -> FoundList:
    texts = tuple(number_text(t) for t in re.findall(PLAIN, m["values"]))
    return FoundList(Sample(_label(m), texts), m.start(), m.end("values"), m.start())


def find_samples(text: str) -> list[FoundList]:
    """Each line of numbers as a sample of its own; lines that may be a table, or one list that runs on, are left."""
    found: list[FoundList] = []
    for block in _LINES.finditer(text):
        around = text[: block.start()] + " " + text[block.end() :]
        lines = list(re.finditer(r"[^\n]+", block.group()))
        if _has_heading(text[: block.start()], lines[0].group()):
            continue
        if _TABLE.search(around) or len(lines) != _said(around, len(lines)):
            continue
        for line in lines:
            shown = line.group()
            start = block.start() + line.start() + len(shown) - len(shown.lstrip())
            texts = tuple(number_text(t) for t in re.findall(PLAIN, shown))
            found.append(FoundList(Sample("x", texts), start, start + len(shown.strip()), start))
    return found


def _has_heading(before: str, first: str) -> bool:
    """Whether the line above holds as many names as the first line holds numbers, parted by the same sign."""
    above = before.rstrip("\n").rpartition("\n")[2].rpartition(": ")[2]
    sign = next((s for s in ",;\t" if s in first), None)
    names = [n.strip() for n in above.split(sign)]  # None: blanks
    return (
        len(names) == len(re.findall(PLAIN, first))
        and all(re.match(r"[A-Za-z#_]", n) for n in names)
        and not PROSE_HEADER.search(above.strip())
    )


def _said(around: str, lines: int) -> int:
    """How many samples the words speak of."""
    counted = _COUNT.search(around)
    if counted:
        word = counted[1].casefold()
        return _WORDS.get(word) or int(word)
    return 2 if lines == 2 and _TWO.search(around) else 0
