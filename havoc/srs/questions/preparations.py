"""What is done to a table before a question is answered: cells filled, rows with gaps or outliers left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from havoc.dsl.grounding.slots import COLUMN, NUMBER, NUMERIC
from havoc.srs.preparation_evidence import FILL_METHODS
from havoc.srs.questions.words import Reading

_FILL = frozenset("fill filling filled impute imputing imputed replace replacing replaced".split())
_GONE = frozenset(
    """drop dropping remove removing delete deleting exclude excluding discard ignore ignoring leave leaving omit
    without eliminate""".split()
)
_MISSING = frozenset("missing blank blanks empty null nulls nan nans gap gaps na missings".split())
_OUTLIERS = frozenset("outlier outliers".split())
_ENDS = frozenset(". ; ? ! then : ( )".split())
_TASKS = frozenset(
    """calculate compute report give tell find what show get determine give state how which return afterwards
    provide""".split()
)
_IQR = frozenset("iqr interquartile tukey quartile".split())
_Z = re.compile(r"\bz - scores?\b|\bz scores?\b|\bzscores?\b|\bstandard deviations\b")


@dataclass(frozen=True)
class Preparation:
    """A call that returns the table prepared: its operation and arguments without the table, its column and place."""

    operation: str
    column: str
    options: tuple[str, ...]
    at: int


def read_preparations(reading: Reading) -> list[Preparation] | None:
    """The preparations that the words ask for, their clauses marked; None where one is not said in full."""
    found: list[Preparation] = []
    for start, end in list(_clauses(reading.words)):
        clause = set(reading.words[start:end])
        if clause & _OUTLIERS:
            if any(p.operation == "table.remove_outliers" for p in found):
                continue
            if not _removes(reading.words):
                return None  # they are only counted
            made = _outliers(reading, start, end)
        elif clause & _MISSING and clause & _FILL:
            made = _filled(reading, start, end)
        elif clause & _MISSING and clause & _GONE:
            made = _dropped(reading, start, end)
        else:
            continue
        if made is None:
            return None
        if all((p.operation, p.column) != (made.operation, made.column) for p in found):
            found.append(made)
    if found and found[-1].operation == "table.remove_outliers":
        _mark_removals(reading, found[-1])
    return found


def _removes(words: list[str]) -> bool:
    """Whether outliers are to be left out: "remove them", and not "do not remove any"."""
    places = [i for i, w in enumerate(words) if w in _GONE]
    denied = any({"not", "don", "never", "no"} & set(words[max(0, i - 2) : i]) for i in places)
    return bool(places) and not denied


def _clauses(words: list[str]) -> Iterator[tuple[int, int]]:
    """Stretches between full stops, "then", and an "and" or a comma before the next thing to do."""
    start = 0
    for at, word in enumerate([*words, "."]):
        behind = set(words[at + 1 : at + 3])
        if word in _ENDS or (word in ("and", ",") and behind & _TASKS):
            if at > start:
                yield start, at
            start = at + 1


def _only_column(reading: Reading, start: int, end: int) -> str | None:
    columns = {w for w in reading.words[start:end] if COLUMN.fullmatch(w)}
    return columns.pop() if len(columns) == 1 else None


def _filled(reading: Reading, start: int, end: int) -> Preparation | None:
    words = reading.words
    column = _only_column(reading, start, end)
    text = " ".join(words[start:end])
    said = {m for phrase, m in FILL_METHODS.items() if re.search(rf"\b{phrase}\b", text)}
    numbers = [w for w in words[start:end] if NUMBER.fullmatch(w)]
    if column is None:
        return None
    if not said and len(numbers) == 1 and {"with", "by", "to"} & set(words[start:end]):
        options: tuple[str, ...] = ("<p:method=constant>", "<p:value>", numbers[0])
    elif len(said) == 1 and not numbers:
        options = (f"<p:method={said.pop()}>",)
    else:
        return None
    reading.mark("prepared", *range(start, end))
    return Preparation("table.fill_missing", column, options, start)


def _dropped(reading: Reading, start: int, end: int) -> Preparation | None:
    column = _only_column(reading, start, end)
    clause = reading.words[start:end]
    gone = next(i for i, w in enumerate(clause) if w in _GONE)
    if column is not None and column not in clause[gone:]:
        return None  # "the mean of x; ignore what is empty"
    if column is None or any(NUMBER.fullmatch(w) for w in reading.words[start:end]):
        return None
    reading.mark("prepared", *range(start, end))
    return Preparation("table.drop_missing", column, (), start)


def _outliers(reading: Reading, start: int, end: int) -> Preparation | None:
    """Outliers of one column by a method that is named; a number near it is the method's threshold."""
    words = reading.words
    whole = range(len(words))
    begin = max((i + 1 for i in range(start) if words[i] in _ENDS), default=0)
    if any(COLUMN.fullmatch(w) for w in words[begin:start]):
        begin = start  # what is said of another column
    near = [i for i in whole if begin <= i < end or (i >= end and not _ends_task(words[end:i]))]
    text = " ".join(words[i] for i in near)
    by_iqr, by_z = bool(_IQR & set(text.split(" "))), _Z.search(text) is not None
    columns = list(dict.fromkeys(w for w in words[start:end] if NUMERIC.fullmatch(w)))
    if len(columns) != 1 or by_iqr == by_z:
        return None
    numbers = [i for i in near if NUMBER.fullmatch(words[i])]
    if len(numbers) > 1:
        return None
    method = "<p:method=iqr>" if by_iqr else "<p:method=zscore>"
    threshold = ("<p:threshold>", words[numbers[0]]) if numbers else ()
    reading.mark("prepared", *range(start, end), *numbers)
    return Preparation("table.remove_outliers", columns[0], (method, *threshold), start)


def _ends_task(words: list[str]) -> bool:
    """Whether another thing to do stands among words."""
    return bool(_TASKS & set(words)) or any(COLUMN.fullmatch(w) for w in words)


def _mark_removals(reading: Reading, removal: Preparation) -> None:
    """What is said again of the outliers: "remove them", "without them", "after removal"."""
    words = reading.words
    for at, word in enumerate(words):
        if word in _GONE | {"removal"} and not reading.roles[at]:
            reading.mark("prepared", at)
        if word in _OUTLIERS and not reading.roles[at]:
            reading.mark("prepared", at)
