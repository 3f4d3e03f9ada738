"""Dates as people write them in tables; a column is read by one format that fits every cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from havoc.errors import InputError

_DAYS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d %Y",
    "%d.%m.%Y",
    "%Y-%b-%d",
    "%Y-%m",
    "%Y",
)
_DAY_FIRST = ("%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y")
_MONTH_FIRST = ("%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y")
_TIMES = ("", " %H:%M:%S", " %H:%M", "T%H:%M:%S", " %I:%M:%S %p", " %I:%M %p", " %H:%M:%S.%f")
_CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")


def parse_dates(cells: Sequence[str | None], name: str) -> list[datetime | None]:
    """Read a column of dates or times of day.

    Raises
    ------
    InputError
        A cell that is no date; a column that could be day first or month first.
    """
    plain = [None if c is None else re.sub(r"\s+", " ", c.strip()).removesuffix("Z") for c in cells]
    chosen = date_format([c for c in plain if c is not None], name)
    return [None if c is None else datetime.strptime(c, chosen) for c in plain]


def date_format(present: Sequence[str], name: str) -> str:
    """The one format in which every cell can be read."""
    if not present:
        raise InputError(f"{name} has no dates: every cell is missing")
    for day in _DAYS:
        for clock in _TIMES:
            if _all_fit(present, day + clock):
                return day + clock
    for clock in _CLOCKS:
        if _all_fit(present, clock):
            return clock
    for clock in _TIMES:
        for first, second in zip(_DAY_FIRST, _MONTH_FIRST, strict=True):
            fits = [_all_fit(present, day + clock) for day in (first, second)]
            if all(fits):
                raise InputError(
                    f"{name} may be day first or month first ('{present[0]}'); write YYYY-MM-DD"
                )
            if any(fits):
                return (first if fits[0] else second) + clock
    bad = next((c for c in present if not _any_fit(c)), present[0])
    row = present.index(bad) + 1
    raise InputError(f"{name} holds no dates of one form (cell {row}: '{bad}')")


def _all_fit(present: Sequence[str], pattern: str) -> bool:
    return all(_fits(c, pattern) for c in present)


def _any_fit(cell: str) -> bool:
    days = (*_DAYS, *_DAY_FIRST, *_MONTH_FIRST)
    return any(_fits(cell, day + clock) for day in days for clock in _TIMES)


def _fits(cell: str, pattern: str) -> bool:
    try:
        datetime.strptime(cell, pattern)
    except ValueError:
        return False
    return len(cell) > 4 or pattern == "%Y"


def _seconds(d: datetime) -> int:
    return d.hour * 3600 + d.minute * 60 + d.second


# Every part is a whole number, so that it can be grouped and compared.
DATE_PARTS: Mapping[str, Callable[[datetime], int]] = {
    "year": lambda d: d.year,
    "quarter": lambda d: (d.month - 1) // 3 + 1,
    "month": lambda d: d.month,
    "week": lambda d: d.isocalendar().week,
    "day": lambda d: d.day,
    "weekday": lambda d: d.isoweekday(),
    "hour": lambda d: d.hour,
    "minute": lambda d: d.minute,
    "day_number": lambda d: d.toordinal() - date(1970, 1, 1).toordinal(),
    "seconds": _seconds,
}
