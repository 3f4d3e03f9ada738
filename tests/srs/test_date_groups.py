"""Groups of dates are made by the part of them that a request speaks of."""

from __future__ import annotations

import pytest

from havoc.dsl.grounding.ground import ground
from havoc.srs.date_groups import by_said_part, said_part
from havoc.tools.values import Labels, Sample, Table

FILE = {
    "plant": Table(
        (
            Labels("made", ("2024-01-02", "2024-01-03", "2024-02-03")),
            Labels("line", ("A", "B", "A")),
            Sample("output_qty", ("10", "20", "40")),
        )
    )
}
GROUP = "<op:table.group> <p:by> <g0> <p:column> <c0> <p:data> <t0> <p:aggregate=mean> <)>"
PART = "<op:table.date_part> <p:column> <g0> <p:data> <t0> <p:part=month> <)>"


@pytest.mark.parametrize(
    ("request_text", "part"),
    [
        ("average output for each month", "month"),
        ("monthly output", "month"),
        ("which weekday has the most rows", "weekday"),
        ("mean by day of the week", "weekday"),
        ("mean per month and year", "year_month"),
        ("extract the month", None),
        ("by line", None),
        ("per month or per hour", None),
    ],
)
def test_the_part_that_is_said(request_text: str, part: str | None) -> None:
    assert said_part(request_text) == part


def test_groups_of_dates_are_made_by_the_part_that_is_said() -> None:
    grounded = ground("mean output by month of made", FILE)
    assert grounded.of("g")[0].value.name == "made"
    whole = by_said_part([GROUP.split()], grounded)
    assert whole == [[*GROUP.split()[:-1], "<p:part=month>", "<)>"]]
    assert by_said_part(whole, grounded) == whole
    other = ground("mean output by line each month", FILE)
    assert other.of("g")[0].value.name == "line"
    assert by_said_part([GROUP.split()], other) == [GROUP.split()]


def test_a_part_of_dates_becomes_groups_where_figures_of_each_are_asked_for() -> None:
    asked = ground("take the month of made and give the total output per month", FILE)
    (call,) = by_said_part([PART.split()], asked)
    assert call[0] == "<op:table.group>"
    assert {"<p:aggregate=sum>", "<p:part=month>", "<c0>"} <= set(call)
    counted = ground("made: which month has the most rows", FILE)
    assert "<p:aggregate=count>" in by_said_part([PART.split()], counted)[0]
    only = ground("extract the month of made", FILE)
    assert by_said_part([PART.split()], only) == [PART.split()]
