"""Groups by the months, weekdays ... of dates: ``the average output for each month`` is no group for each day."""

from __future__ import annotations

import re
from collections.abc import Sequence

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import Grounded, request_words
from havoc.srs.table_evidence import holds_dates
from havoc.tools.operation import operations

_PARTS = {
    **dict.fromkeys(("month", "months", "monthly"), "month"),
    **dict.fromkeys(("year", "years", "yearly", "annual"), "year"),
    **dict.fromkeys(("quarter", "quarters", "quarterly"), "quarter"),
    **dict.fromkeys(("weekday", "weekdays"), "weekday"),
    **dict.fromkeys(("week", "weeks", "weekly"), "week"),
    **dict.fromkeys(("hour", "hours", "hourly"), "hour"),
}
_OF_EACH = frozenset(
    "each every per by which what monthly yearly annual quarterly weekly hourly highest lowest".split()
)
_SUMS = frozenset("total totals sum sums".split())
_COUNTS = frozenset("count counts many number frequency most fewest".split())
_MEANS = frozenset("average averages mean means".split())


def said_part(text: str) -> str | None:
    """Return the part of dates that makes the groups, where the request speaks of one: month, year_month ..."""
    words = request_words(text)
    if not _OF_EACH & set(words):
        return None
    joined = " ".join(words)
    if re.search(r"\b(?:months? (?:and|-|/) years?|years? (?:and|-|/) months?)\b", joined):
        return "year_month"
    if re.search(r"\bdays? of (?:the )?week\b", joined):
        return "weekday"
    found = {_PARTS[w] for w in words if w in _PARTS}
    return found.pop() if len(found) == 1 else None


def by_said_part(calls: Sequence[Sequence[str]], grounded: Grounded) -> list[list[str]]:
    """Return a program's calls with its groups of dates made by the part that the request says.

    A part of dates taken as the last call becomes groups, where figures for each are asked for.
    """
    out = [list(call) for call in calls]
    if not out or out[-1][0] not in ("<op:table.group>", "<op:table.date_part>"):
        return _asked_groups(out, grounded)
    last = out[-1]
    slots = {s.token: s for s in grounded.of("g")}
    dates = [t for t in last if t in slots and holds_dates(slots[t].value)]
    if len(dates) != 1:
        return out
    part = said_part(grounded.text)
    if last[0] == "<op:table.group>":
        taken = any(t.startswith("<p:part=") for t in last)
        if part is not None and not taken:
            last[-1:] = [f"<p:part={part}>", v.END_CALL]
        return out
    group = _grouped(last, dates[0], part, grounded)
    return [*out[:-1], group] if group else out


_WEEKEND = frozenset("weekend weekends".split())
_WORKDAYS = re.compile(r"\b(?:weekdays?|week days?|working days?|workdays?|business days?)\b")
_COMPARES = ("<op:stats.t_test_two>", "<op:stats.mann_whitney>")


def by_weekend(calls: Sequence[Sequence[str]], grounded: Grounded) -> list[list[str]]:
    """Return a program that compares weekends with weekdays, where the request speaks of both.

    A test of two samples is made of the two parts; for other figures each part is summarised.
    """
    out = [list(call) for call in calls]
    words = request_words(grounded.text)
    if not _WEEKEND & set(words) or not _WORKDAYS.search(" ".join(words)):
        return out
    dates = [s for s in grounded.of("g") if holds_dates(s.value)]
    if len(dates) != 1 or any("<p:where>" in call or "<res" in " ".join(call) for call in out):
        return out
    test = next((call for call in out if call[0] in _COMPARES), None)
    columns = {t for call in out for t in call if t.startswith("<c")} & set(words)
    if len(columns) > 1 and test is not None and "<p:x>" in test:
        columns &= {test[test.index("<p:x>") + 1]}
    if len(columns) != 1:
        return out
    (column,) = columns
    (date,) = dates
    source = ("<p:data>", str(date.table), v.END_CALL)
    day = ("<p:where>", "<fn:weekday>", date.token, v.END_CALL)
    parts = [["<op:table.filter>", *day, sign, "<d5>", *source] for sign in ("<le>", "<gt>")]
    if test is None:
        return [
            parts[0],
            ["<op:stats.describe>", "<p:x>", "<res1.>", column, v.END_CALL],
            parts[1],
            ["<op:stats.describe>", "<p:x>", "<res3.>", column, v.END_CALL],
        ]
    options = []
    for at, token in enumerate(test[1:-1], 1):
        if token.startswith("<p:") and "=" in token:
            options.append(token)
        elif token == "<p:alpha>":
            options += test[at : at + (3 if test[at + 1] == v.COMPLEMENT else 2)]
    samples = ["<p:x>", "<res1.>", column, "<p:y>", "<res2.>", column]
    return [*parts, [test[0], *samples, *options, v.END_CALL]]


_BY_PART = re.compile(
    r"\b(?:which|what|each|every|per|by) (?:calendar )?(?:months?|quarters?|weekdays?|years?|hours?|weeks?|days? of)\b"
)
_UNGROUPED = ("<op:table.top>", "<op:stats.describe>", "<op:table.value_counts>", "<op:stats.outliers>",
              "<op:table.sort>", "<op:table.count>")  # fmt: skip


def _asked_groups(calls: list[list[str]], grounded: Grounded) -> list[list[str]]:
    """The groups of "which month had the highest total cost" in the place of one call that makes none."""
    text = " ".join(request_words(grounded.text))
    part = said_part(grounded.text)
    dates = [s for s in grounded.of("g") if holds_dates(s.value)]
    if part is None or len(calls) != 1 or len(dates) != 1 or not _BY_PART.search(text):
        return calls
    if calls[0][0] not in _UNGROUPED or "<p:where>" in calls[0]:
        return calls
    (date,) = dates
    group = _grouped(
        ["<op:table.date_part>", "<p:data>", str(date.table), "<p:column>", date.token, v.END_CALL],
        date.token,
        part,
        grounded,
    )
    return calls if group is None else [group]


def _grouped(
    call: Sequence[str], dates: str, part: str | None, grounded: Grounded
) -> list[str] | None:
    """The groups that are asked for in place of a part of dates; None where only the part is."""
    given = next((t for t in call if t.startswith("<p:part=")), None)
    part = part if part == "year_month" or given is None else given[len("<p:part=") : -1]
    if part is None or f"<p:part={part}>" not in v.param_tokens(
        operations()["table.group"].by_name["part"]
    ):
        return None
    words = set(request_words(grounded.text))
    if not words & _OF_EACH:
        return None
    columns = [s.token for s in grounded.of("c") if s.token in words]
    at = call.index(dates)
    source = call[at - 1 : at] if call[at - 1].startswith("<res") else []
    table = call[call.index("<p:data>") + 1]
    if len(columns) == 1 and words & (_MEANS | _SUMS):
        aggregate = "sum" if words & _SUMS else "mean"
        figures = ["<p:column>", *source, columns[0], f"<p:aggregate={aggregate}>"]
    elif not columns and words & _COUNTS:
        figures = ["<p:aggregate=count>"]
    else:
        return None
    by = ["<p:by>", *source, dates]
    return ["<op:table.group>", "<p:data>", table, *by, *figures, f"<p:part={part}>", v.END_CALL]
