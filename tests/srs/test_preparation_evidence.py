"""Fillings, missing cells, conditions and parts of the week are those that the request says."""

from __future__ import annotations

import pytest

from havoc.dsl.executor import run_text
from havoc.dsl.grounding.ground import ground
from havoc.dsl.planning import lexicalise
from havoc.srs.calls import calls_of, joined
from havoc.srs.conditions import filtered, with_equalled
from havoc.srs.date_groups import by_said_part, by_weekend
from havoc.srs.named_levels import by_named_levels
from havoc.srs.preparation_evidence import as_overview, counts_missing, with_fill_methods
from havoc.srs.table_evidence import impossible, takes_whole_table, unused_cells
from havoc.tools.values import Labels, Sample, Table

DAYS = tuple(f"2024-03-{day:02d}" for day in range(4, 18))  # Monday to Sunday, twice
FILE = {
    "trips.csv": Table(
        (
            Labels("date", DAYS),
            Sample("fare", tuple(str(10 + i) for i in range(14))),
            Sample("rider_age", tuple(str(20 + 3 * i) for i in range(14))),
            Sample("transfers", ("0", "1", "2", "1") * 3 + ("0", "2")),
            Sample("refunded", ("0", "1") * 7),
            Sample("DelayFromPlan", tuple(str(3 * i % 7) for i in range(14))),
            Labels("line", ("red", "blue") * 7),
            Labels("zone", ("inner", "outer", "far", "inner", "outer", "far", "inner") * 2),
        ),
        name="trips",
        source="trips.csv",
    )
}


def program_of(tokens: tuple[str, ...], request: str) -> str:
    return lexicalise(tokens, ground(request, FILE)).split("\n", 1)[1].strip()


def column(request: str, name: str) -> str:
    return next(s.token for s in ground(request, FILE).of("c", "g") if s.value.name == name)


@pytest.mark.parametrize(
    ("words", "method"),
    [
        ("fill the missing fare with the median of the column", "median"),
        ("impute missing fares by their mean, then report the median", "mean"),
        ("missing values of fare are replaced with the most frequent value", "mode"),
        ("use median imputation: replace NaN in fare by the median", "median"),
    ],
)
def test_missing_cells_are_filled_as_is_said(words: str, method: str) -> None:
    other = "mode" if method != "mode" else "mean"
    proposed = f"<op:table.fill_missing> <p:columns> <c0> <p:data> <t0> <p:method={other}> <)>"
    tokens = with_fill_methods(tuple(proposed.split()), ground(words, FILE))
    assert f"<p:method={method}>" in tokens
    assert f"<p:method={other}>" not in tokens


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("how many missing values are there in each column?", True),
        ("what percentage of the fare values is missing?", True),
        ("are there any missing values in the file?", True),
        ("fill the missing values and count the number of rows", False),
        ("ignore missing values; how many fares are above 12?", False),
        ("how many fares are above 12?", False),
        ("correlate fare with age; do not consider any missing values", False),
        ("Mann-Whitney test of fare by line, the number of missing values aside", False),
    ],
)
def test_missing_cells_that_are_asked_about_need_an_overview(words: str, asked: bool) -> None:
    grounded = ground(words, FILE)
    assert counts_missing(grounded.text) is asked
    proposed = tuple("<op:table.value_counts> <p:column> <c0> <p:data> <t0> <)>".split())
    told = as_overview(proposed, grounded)
    assert (told[0] == "<op:table.describe>") is asked


@pytest.mark.parametrize(
    ("request_", "condition"),
    [
        ("mean fare of riders with at least 2 transfers", "transfers >= 2"),
        ("mean fare of those older than 30", "rider_age > 30"),
        ("mean fare of riders over 30 years of rider age", "rider_age > 30"),
        ("mean fare of trips with 2 transfers", "transfers == 2"),
        ("mean fare of the trips that were refunded", "refunded == 1"),
        ("mean fare of red refunded trips", 'line == "red" and refunded == 1'),
    ],
)
def test_conditions_that_a_program_leaves_out_are_added(request_: str, condition: str) -> None:
    grounded = ground(request_, FILE)
    fare = column(request_, "fare")
    calls = filtered([["<op:stats.describe>", "<p:x>", fare, "<)>"]], grounded)
    assert f"where={condition})" in program_of(joined(calls), request_)


def test_a_condition_is_added_to_those_of_a_filter() -> None:
    request = "how many trips on the red line cost a fare over 15?"
    grounded = ground(request, FILE)
    fare = column(request, "fare")
    count = ["<op:table.count>", "<p:where>", fare, "<gt>", "<n0>", "<p:data>", "<t0>", "<)>"]
    calls = filtered([count], grounded)
    assert 'where=fare > 15 and line == "red"' in program_of(joined(calls), request)


def test_a_number_beside_a_column_of_kinds_is_one_of_its_cells() -> None:
    request = "fare of trips with transfers 2"
    grounded = ground(request, FILE)
    fare, transfers = column(request, "fare"), column(request, "transfers")
    wrong = ("<op:table.filter>", "<p:where>", fare, "<eq>", "<n0>", "<p:data>", "<t0>", "<)>")
    assert with_equalled(wrong, grounded)[2] == transfers


def test_a_condition_that_no_row_meets_is_not_meant() -> None:
    request = "fare above 99"
    call = ["<op:table.filter>", "<p:where>", "<c0>", "<gt>", "<n0>", "<p:data>", "<t0>", "<)>"]
    assert impossible([call], ground(request, FILE)) == 1
    assert impossible([call], ground("fare above 12", FILE)) == 0


def test_of_cells_that_are_listed_none_is_left_out() -> None:
    grounded = ground("fare of the inner, outer and far zone", FILE)
    zone = next(s.token for s in grounded.of("g") if s.value.name == "zone")
    cells = {s.value: s.token for s in grounded.of("s")}
    two = f"<op:table.filter> <p:where> {zone} <eq> {cells['inner']} <or> {zone} <eq> {cells['outer']}"
    tokens = tuple(
        f"{two} <p:data> <t0> <)> <;> <op:stats.describe> <p:x> <res1.> <c0> <)>".split()
    )
    assert unused_cells(tokens, grounded) == {cells["far"]}


def test_weekends_are_compared_with_weekdays() -> None:
    request = "test whether the fare differs between weekends and weekdays (t-test)"
    grounded = ground(request, FILE)
    fare = column(request, "fare")
    test = ["<op:stats.t_test_two>", "<p:x>", fare, "<p:by>", column(request, "date"), "<)>"]
    program = lexicalise(joined(by_weekend([test], grounded)), grounded)
    done = run_text(program, files=FILE)
    assert [s.result.values.get("rows_out") for s in done.steps[:2]] == [10, 4]
    assert done.steps[2].operation == "stats.t_test_two"
    mean = lexicalise(
        joined(by_weekend([["<op:stats.describe>", "<p:x>", fare, "<)>"]], grounded)), grounded
    )
    steps = run_text(mean, files=FILE).steps
    assert [s.result.values["n"] for s in steps if s.operation == "stats.describe"] == [10, 4]


def test_a_figure_of_which_weekday_is_largest_is_one_of_groups() -> None:
    request = "which day of the week has the highest average fare?"
    grounded = ground(request, FILE)
    fare = column(request, "fare")
    top = ["<op:table.top>", "<p:by>", fare, "<p:data>", "<t0>", "<)>"]
    program = program_of(joined(by_said_part([top], grounded)), request)
    assert "by=trips.date, column=trips.fare, aggregate=mean, part=weekday" in program


def test_all_in_another_sense_asks_for_no_whole_table() -> None:
    whole = tuple("<op:spc.xbar_r> <p:x> <t0> <)>".split())
    assert takes_whole_table(whole, ground("mean of fare and rider_age for all riders", FILE))
    assert not takes_whole_table(whole, ground("fare, rider_age and all other columns", FILE))


def test_the_word_before_a_relation_names_a_column() -> None:
    grounded = ground("the mean delay", FILE)
    assert "DelayFromPlan" in {
        s.value.name for s in grounded.of("c") if s.token in grounded.text.split(" | ")[0]
    }


def test_a_filter_that_keeps_every_level_is_none_and_its_column_makes_groups() -> None:
    request = "mean fare of the red and the blue line in each zone"
    grounded = ground(request, FILE)
    line, zone, fare = (column(request, name) for name in ("line", "zone", "fare"))
    cells = [s.token for s in grounded.of("s")]
    keep = [
        "<op:table.filter>",
        "<p:where>",
        line,
        "<eq>",
        cells[0],
        "<or>",
        line,
        "<eq>",
        cells[1],
    ]
    group = ["<op:table.group>", "<p:by>", "<res1.>", zone, "<p:column>", "<res1.>", fare]
    calls = [[*keep, "<p:data>", "<t0>", "<)>"], [*group, "<p:data>", "<res1>", "<)>"]]
    program = program_of(joined(by_named_levels(calls, grounded)), request)
    assert program == "r1 = table.group(data=trips, by=[trips.zone, trips.line], column=trips.fare)"
    one = [[*keep[:5], "<p:data>", "<t0>", "<)>"], calls[1]]
    assert joined(by_named_levels(one, grounded)) == joined(one)


def test_programs_are_taken_apart_and_joined() -> None:
    tokens = tuple("<op:a.b> <p:x> <c0> <)> <;> <op:c.d> <p:x> <res1> <)>".split())
    assert joined(calls_of(tokens)) == tokens
