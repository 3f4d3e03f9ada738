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
        return out
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
