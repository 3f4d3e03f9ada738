"""What makes the groups of a question, and which are wanted: ``per region``, ``which month``, ``top 3 reps``."""

from __future__ import annotations

from dataclasses import dataclass, replace

from havoc.dsl.grounding.column_names import name_parts
from havoc.dsl.grounding.loose_names import stem
from havoc.dsl.grounding.slots import COLUMN, NUMBER, words_of
from havoc.srs.date_groups import said_part
from havoc.srs.questions.words import CELL, NO, Reading

MOST = frozenset(
    "highest largest greatest most biggest best top maximum longest oldest strongest".split()
)
LEAST = frozenset("lowest smallest least fewest minimum shortest youngest weakest".split())
_FASTEST = frozenset("fastest slowest quickest cheapest worst".split())  # which end is told by both
_BY = frozenset("by per each every across".split())
_WHICH = frozenset("which what wich".split())
VERSUS = frozenset("vs versus compared compare comparing separately respectively".split())
_PARTS = frozenset(
    """month months monthly year years yearly annual quarter quarters quarterly weekday weekdays week weeks weekly hour
    hours hourly""".split()
)
_ADVERBS = frozenset("monthly yearly annual quarterly weekly hourly".split())


@dataclass(frozen=True)
class Groups:
    """Columns that make the groups, the part of dates, how many are asked for ("": all), ``only`` which cells."""

    columns: tuple[str, ...] = ()
    part: str | None = None
    first: str = ""
    which: str = "largest"
    ranked: bool = False
    only: tuple[str, ...] = ()


def read_groups(reading: Reading) -> Groups | None:
    """The groups that the words ask for; None where they ask for some that cannot be told."""
    groups = _top(reading) or _asked_which(reading) or _by(reading) or Groups()
    part = _part(reading)
    if part == "":
        return None
    if part is not None:
        dates = reading.dates()
        if len(dates) != 1 or groups.columns not in ((), (dates[0],)):
            return None
        groups = replace(
            groups, columns=(dates[0],), part=part, ranked=groups.ranked or _ranks(reading)
        )
    if not groups.columns:
        groups = _compared(reading) or groups
    return groups


def _ranks(reading: Reading) -> bool:
    return bool((MOST | LEAST) & set(reading.words))


def _part(reading: Reading) -> str | None:
    """The part of dates that makes the groups; "" where more than one may."""
    words = reading.words
    spoken = [
        i
        for i, w in enumerate(words)
        if w in _PARTS
        and not reading.roles[i]
        and (w in _ADVERBS or set(words[max(0, i - 2) : i]) & (_BY | _WHICH | {"at", "of"}))
    ]
    if not spoken:
        return None
    if not (set(words) & (_ADVERBS | _WHICH | _BY)):
        return None
    part = said_part(reading.grounded.text)
    reading.mark("part", *spoken)
    return part or ""


def _top(reading: Reading) -> Groups | None:
    """``top 3 reps by total revenue``, ``the five districts with the highest mean rent``."""
    words = reading.words
    for at in range(len(words)):
        if not reading.open(at, NUMBER):
            continue
        before, behind = words[max(0, at - 1) : at], words[at + 1 : at + 2]
        ranked = set(before) & {"top", "bottom", "best", "first"}
        column = at + 1
        if behind and behind[0] in MOST | LEAST:
            column, ranked = at + 2, set(behind)
        if not (column < len(words) and reading.open(column, COLUMN)):
            continue
        if not reading.makes_groups(words[column]) or not words[column].startswith("<g"):
            continue
        rest = set(words[column + 1 : column + 5])
        if not ranked and not ({"with", "by", "having"} & rest and rest & (MOST | LEAST)):
            continue
        reading.mark("number", at)
        reading.mark("group", column)
        least = bool((ranked | rest) & (LEAST | {"bottom"}))
        return Groups((words[column],), None, words[at], "smallest" if least else "largest", True)
    return None


def _asked_which(reading: Reading) -> Groups | None:
    """``which region has the highest ...``."""
    words = reading.words
    for at in range(len(words) - 1):
        if words[at] not in _WHICH or not (_ranks(reading) or _FASTEST & set(words)):
            continue
        place = (
            at + 3 if words[at + 2 : at + 3] == ["of"] else at + 1
        )  # "which port of embarkation"
        if reading.open(place, COLUMN) and reading.makes_groups(words[place]):
            reading.mark("group", *range(at + 1, place))
            _mark_all(reading, words[place])
            return Groups((words[place],), ranked=True)
    return None


def _mark_all(reading: Reading, token: str) -> None:
    """A column that makes the groups, wherever it is named."""
    reading.mark(
        "group", *(i for i, w in enumerate(reading.words) if w == token and not reading.roles[i])
    )


def _by(reading: Reading) -> Groups | None:
    words = reading.words
    for at in range(len(words)):
        begin = at + 1
        if words[at] == "combination" and words[begin : begin + 1] == ["of"]:
            begin += 1
        elif words[at] not in _BY:
            continue
        if words[begin : begin + 1] == ["of"]:
            begin += 1
        columns: list[str] = []
        while (
            begin < len(words)
            and reading.open(begin, COLUMN)
            and reading.makes_groups(words[begin])
        ):
            columns.append(words[begin])
            begin += 1
            listed = words[begin : begin + 1] == [","] and words[begin + 2 : begin + 3] in (
                [","],
                ["and"],
            )
            if (listed or words[begin : begin + 1] == ["and"]) and begin + 1 < len(words):
                begin += 1
            else:
                break
        if columns:
            for column in columns:
                _mark_all(reading, column)
            ranked = _ranks(reading) and words[at] != "by"
            return Groups(tuple(columns), ranked=ranked)
    return None


def _compared(reading: Reading) -> Groups | None:
    """Cells of one column told apart, or yes and no: ``women and men``, ``holidays versus normal days``."""
    words = reading.words
    versus = VERSUS & set(words) or ({"between"} & set(words) and {"not"} & set(words))
    for column in reading.grounded.of("g"):
        cells = set(column.value.levels)
        places = [
            i
            for i in range(len(words))
            if reading.open(i, CELL) and str(reading.slot(words[i]).value) in cells
        ]
        said = {str(reading.slot(words[i]).value) for i in places}
        if len(said) < 2 or (said != cells and "or" in words[places[0] : places[-1]]):
            continue
        reading.mark("group", *places)
        _mark_all(reading, column.token)
        some = dict.fromkeys(words[i] for i in places) if said != cells else ()
        return Groups((column.token,), only=tuple(some))
    flags = [w for i, w in enumerate(words) if reading.open(i, COLUMN) and reading.is_flag(w)]
    for at in range(len(words) - 2):
        if words[at] == "non":  # "smokers ... compared with non-smokers"
            other = stem(words[at + 2] if words[at + 1] == "-" else words[at + 1])
            named = [
                f
                for f in dict.fromkeys(flags)
                if other in {stem(p.casefold()) for p in name_parts(reading.slot(f).value.name)}
            ]
            if len(named) == 1:
                _mark_all(reading, named[0])
                return Groups((named[0],))
    twice = [w for w in dict.fromkeys(flags) if flags.count(w) > 1]
    denied = versus and {
        "not",
        "non",
        "without",
        "don",
        "didn",
        "weren",
        "others",
        "normal",
        "those",
    } & set(words)
    if len(twice) == 1 or (denied and flags):
        reading.mark("group", *(i for i, w in enumerate(words) if w == "normal"))
        differs = [
            i for i, w in enumerate(words) if w == "difference" and words[i + 1 : i + 2] == ["in"]
        ]
        reading.mark("group", *differs)
        _mark_all(reading, (twice or flags[-1:])[0])
        return Groups(((twice or flags[-1:])[0],))
    for at in range(1, len(words)):
        denied_here = words[
            at - 1
        ] == "without" or (  # "without" may have been read as the cell that says no
            reading.open(at - 1, CELL)
            and str(reading.slot(words[at - 1]).value).casefold() in NO
            and "without" in words_of(reading.grounded.request)
        )
        if denied_here and words[at] in flags and {"with", "and"} <= set(words[: at - 1]):
            reading.mark("group", at - 1)
            _mark_all(reading, words[at])
            return Groups((words[at],))
    pair = ("with", "and", "without")
    for at in range(len(words) - 3):
        if tuple(words[at : at + 3]) == pair and words[at + 3] in flags:
            _mark_all(reading, words[at + 3])
            return Groups((words[at + 3],))
    return None
