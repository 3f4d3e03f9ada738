"""Figures of a file for each month, weekday, hour ... of its dates: groups by a part of them."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Fixed, Lesson, TableOf
from havoc.curriculum.lessons.data_questions import FILE

_NAMES = ("date", "prod_date", "shipped", "order date", "measured on", "logged", "received", "day")
_TIMED = ("timestamp", "time stamp", "recorded at", "start time", "logged", "date_time")
_DAYS: tuple[tuple[str, ...], ...] = (
    (
        "2023-01-15",
        "2023-01-28",
        "2023-02-03",
        "2023-02-21",
        "2023-04-12",
        "2023-04-30",
        "2024-01-09",
        "2024-03-17",
        "2024-03-29",
        "2024-07-02",
    ),
    (
        "03/14/2022",
        "03/28/2022",
        "04/15/2022",
        "05/31/2022",
        "05/13/2022",
        "11/29/2022",
        "12/24/2022",
        "01/16/2023",
        "02/17/2023",
    ),
    (
        "03-Jan-2021",
        "17-Feb-2021",
        "02-Mar-2021",
        "19-Mar-2021",
        "05-May-2021",
        "23-Jun-2021",
        "11-Jan-2022",
        "30-Aug-2022",
    ),
)
_TIMES: tuple[tuple[str, ...], ...] = (
    (
        "2022-05-01 06:10:00",
        "2022-05-01 06:40:00",
        "2022-05-01 14:05:00",
        "2022-05-02 14:20:00",
        "2022-05-02 22:15:00",
        "2022-05-03 06:30:00",
        "2022-05-03 22:45:00",
        "2022-05-04 23:00:00",
    ),
    ("06:10:12", "06:40:55", "14:05:00", "14:20:31", "22:15:09", "07:30:00", "22:45:27"),
)
_EACH = {
    "month": "(for each month|per month|by month|month by month|for every calendar month|in each month of the year|monthly)",
    "year": "(for each year|per year|by year|year by year|for every calendar year|in each year)",
    "year_month": "(for each month and year|per month and year|for each month and year combination|by year and month|for every month of every year)",
    "quarter": "(for each quarter|per quarter|by quarter|quarter by quarter|in every quarter of the year)",
    "weekday": "(for each weekday|per weekday|by day of the week|for every day of the week|by weekday)",
    "hour": "(for each hour|per hour|by hour of the day|hour by hour|for every hour of the day)",
}
_WORD = {
    "month": "month",
    "year": "year",
    "year_month": "month and year combination",
    "quarter": "quarter",
    "weekday": "(weekday|day of the week)",
    "hour": "hour",
}


def _table(cells: tuple[str, ...], names: tuple[str, ...]) -> TableOf:
    rows = (len(cells), len(cells))
    return TableOf({"d": Fixed(cells, names), "x": Data()}, forms=FILE, rows=rows)


def _figures(part: str, i: int, table: TableOf) -> tuple[Lesson, ...]:
    each, word = _EACH[part], _WORD[part]
    return (
        Lesson(
            f"question_date_mean_{part}_{i}",
            f"table.group(data={{t}}, by={{t.d}}, column={{t.x}}, aggregate=mean, part={part})",
            (
                f"(Calculate|Compute|Find|Give|Report) the (average|mean) (of|) {{t.x}} {each}, (going by|taken from|according to) {{t.d}}",
                f"(Extract|Take|Derive|Get) the {word} (from|of) (the|) {{t.d}} (column|) and (compute|calculate|report) the (mean|average) {{t.x}} {each}",
                f"(Which|What) {word} (of {{t.d}}|in {{t.d}}) has the (highest|lowest|largest|smallest) (average|mean) {{t.x}}(?|)",
                f"(average|mean) {{t.x}} {each} ({{t.d}})",
                f"(Perform|Do) (comprehensive|) data preprocessing on the {{t.d}} column to extract the {word}. (Calculate|Compute) the average {{t.x}} {each}. (Return|Report) the {word} (which has|with) the highest average",
                f"(How does|Show how) the (average|mean) {{t.x}} (change|differ|vary) {each}(?|) (Dates|The dates) are in {{t.d}}",
                f"{{t.x}} averaged {each} of {{t.d}}, (please|which is highest|as a table)",
                f"(Group|Bundle|Pool) the rows by the {word} (of|in) {{t.d}} and (take|give) the mean of {{t.x}} in each group",
                f"is {{t.x}} seasonal(?|) (means|averages) {each}, date column {{t.d}}",
            ),
            {"t": table},
            weight=0.08,
        ),
        Lesson(
            f"question_date_sum_{part}_{i}",
            f"table.group(data={{t}}, by={{t.d}}, column={{t.x}}, aggregate=sum, part={part})",
            (
                f"(Calculate|Compute|Find|Give) the total (of|) {{t.x}} {each} (going by|based on|from) {{t.d}}",
                f"(Which|What) {word} (of {{t.d}}|) (had|has) the (highest|largest|lowest|smallest) (total|sum of|overall) {{t.x}}(?|)",
                f"(totals|sums) of {{t.x}} {each}, dates: {{t.d}}",
                f"(Extract|Take|Derive) the {word} (from|of) {{t.d}} and (add up|sum|total) {{t.x}} {each}",
                f"(Add up|Sum) {{t.x}} over {{t.d}} {each}",
                f"how much {{t.x}} (in all|in total|altogether) {each}(?|) ({{t.d}})",
            ),
            {"t": table},
            weight=0.04,
        ),
        Lesson(
            f"question_date_count_{part}_{i}",
            f"table.group(data={{t}}, by={{t.d}}, aggregate=count, part={part})",
            (
                f"(Count|How many are|Number of) the (rows|records|orders|entries|samples|events|shipments) {each} (of|by|using) {{t.d}}",
                f"(How many|What number of) (rows|records|orders|cases|entries|events|deliveries) (are there|fall|were there) {each}(?|) (use|see) {{t.d}}",
                f"(Which|What) {word} (of {{t.d}}|in {{t.d}}) has the (most|fewest) (rows|records|entries|events|orders)(?|)",
                f"(Extract|Take) the {word} (from|of) {{t.d}} and count the (rows|records|cases|parcels) {each}",
                f"(record counts|frequencies|how often) {each}, {{t.d}}",
            ),
            {"t": table},
            weight=0.04,
        ),
    )


def _of_days() -> tuple[Lesson, ...]:
    return tuple(
        lesson
        for part in ("month", "year", "year_month", "quarter", "weekday")
        for i, cells in enumerate(_DAYS)
        for lesson in _figures(part, i, _table(cells, _NAMES))
    )


def _of_times() -> tuple[Lesson, ...]:
    return tuple(
        lesson
        for i, cells in enumerate(_TIMES)
        for lesson in _figures("hour", i, _table(cells, _TIMED))
    )


LESSONS: tuple[Lesson, ...] = (*_of_days(), *_of_times())
