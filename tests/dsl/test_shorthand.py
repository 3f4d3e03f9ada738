"""Shorthand, tables under a sentence, rows of two values and names with numbers are read as they are meant."""

from __future__ import annotations

import time

import pytest

from havoc.dsl.grounding.ground import ground
from havoc.dsl.grounding.notation import plain_notation
from havoc.tools.values import Labels


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("maximise x*y with x, y from 1 to 4", "x from 1 to 4, y from 1 to 4"),
        ("minimise u^2+v^2, u and v between -2 and 2", "u between -2 and 2, v between -2 and 2"),
        ("{4, 3} lattice", "simplex lattice with 4 components and degree 3"),
        ("simplex-lattice {4,3}", "with 4 components and degree 3"),
        ("series of sin(x) up to x^7", "up to order 7"),
        ("into classes 0-5, 5-10 and 10-20", "with edges: 0, 5, 10, 20"),
        ("a 2^4 factorial run twice", "run with 2 replicates"),
        ("MTBF: 4 valves failed at 100, 250, 400 and 650 h", "4 failures in 1400 h"),
    ],
)
def test_shorthand_is_put_in_full(written: str, meant: str) -> None:
    assert meant in plain_notation(written)


@pytest.mark.parametrize(
    "written",
    [
        "ranges 0-5 and 10-20",
        "x and y between groups",
        "Weibull fit and MTBF of failures at 100, 250, 400 h",
        "MTBF of one repairable pump: failures at 100, 250, 400 h",
        "MTBF: 9 valves failed at 100, 250, 400 h",
        "MTBF: failures at 100, 250, 400 h, the rest still running at 500 h",
    ],
)
def test_what_may_mean_another_thing_is_left(written: str) -> None:
    assert "edges" not in plain_notation(written)
    assert "of total time" not in plain_notation(written)


def test_a_heading_behind_a_sentence_names_the_columns() -> None:
    table = ground("Please chart this. lot tested failed\n1 30 2\n2 40 1\n3 35 4").of("t")[0].value
    assert [c.name for c in table.columns] == ["lot", "tested", "failed"]
    prose = ground("Here it is. please help me\n1 30 2\n2 40 1\n3 35 4").of("t")[0].value
    assert "help" not in [c.name for c in prose.columns]


def test_two_values_behind_a_numbered_noun_are_the_rows_of_a_table() -> None:
    table = ground("test 1: 5.1 5.3; test 2: 4.9 5.0; test 3: 5.6, 5.5").of("t")[0].value
    assert [c.texts for c in table.columns] == [("5.1", "4.9", "5.6"), ("5.3", "5.0", "5.5")]


@pytest.mark.parametrize(
    ("request_text", "numbers"),
    [
        ("18 stops on press one and 11 on press two", ["18", "11"]),
        ("machine 1: 4.1 4.3 4.0; machine 2: 4.4 4.6 4.5, alpha 0.1", ["0.1"]),
        ("level one at 3 and two more", ["3", "2"]),
    ],
)
def test_numbers_that_only_name_things_are_none(request_text: str, numbers: list[str]) -> None:
    assert [s.value.text for s in ground(request_text).of("n")] == numbers


def test_how_many_rows_a_table_has_is_no_number_of_the_request() -> None:
    rows = "\njudge,w1,w2\n1,7,5\n2,6,8\n3,9,4"
    assert not ground(f"Three judges tasted two wines.{rows}").of("n")
    assert [s.value.text for s in ground(f"three judges, 5 bins{rows}").of("n")] == ["5"]


def test_a_gage_table_with_trials_beside_parts_and_people_has_a_row_for_each_reading() -> None:
    text = "Gauge R&R\npart,operator,trial 1,trial 2\n1,Al,4.1,4.2\n1,Bo,4.0,4.2\n2,Al,5.1,5.0\n2,Bo,5.2,5.1"
    table = ground(text).of("t")[0].value
    assert [len(c) for c in table.columns] == [8, 8, 8]
    assert table.columns[2].texts[:2] == ("4.1", "4.2")


def test_readings_in_blocks_by_treatments_have_a_row_for_each() -> None:
    text = "RCBD: do the glues differ?\nblock G1 G2 G3\n1 5.1 5.8 4.9\n2 5.4 6.0 5.2"
    table = ground(text).of("t")[0].value
    block = table.columns[0]
    assert isinstance(block, Labels)
    assert (block.name, block.items[:4]) == ("block", tuple("1112"))


def test_low_mid_and_high_are_levels() -> None:
    factor = ground("L9: pressure (low, mid, high), speed 1/2/3").of("f")[0].value
    assert factor.levels == ("low", "mid", "high")


def test_what_houses_with_a_pool_have_is_yes() -> None:
    rows = "\nid,sauna,rent\n1,yes,5\n2,no,4\n3,yes,7\n4,no,3\n"
    assert [s.value for s in ground(f"{rows}mean rent with a sauna").of("s")] == ["yes"]
    assert [s.value for s in ground(f"{rows}mean rent without sauna").of("s")] == ["no"]
    assert not ground(f"{rows}mean rent with and without sauna").of("s")


@pytest.mark.parametrize(
    ("request_text", "found"),
    [
        ("what is sqrt(3*4.5)?", True),
        ("compute 2*(3+4)^2", True),
        ("the range 3-5 of 2/3", False),
        ("2*3 design", False),
    ],
)
def test_sums_of_numbers_are_expressions_where_their_value_is_asked_for(
    request_text: str, found: bool
) -> None:
    assert bool(ground(request_text).of("e")) is found


@pytest.mark.parametrize(
    "unit", ["x, y, ", "3*(", "1%, ", "run 1: 2 3; ", "0-5, ", "failed at 3, 4, ", "sqrt(2*"]
)
def test_long_requests_of_these_forms_are_read_at_once(unit: str) -> None:
    text = "minimise, accepted, MTBF, compute " + unit * (20_000 // len(unit))
    begun = time.perf_counter()
    plain_notation(text)
    assert time.perf_counter() - begun < 1.0


def test_columns_of_words_between_blanks_are_a_table() -> None:
    rows = (
        "hot dark 31",
        "hot pale 28",
        "cool dark 25",
        "cool pale 22",
        "hot dark 30",
        "hot pale 27",
    )
    text = "\n".join(("two-way anova", "oven pan rise", *rows))
    (slot,) = ground(text).of("t")
    assert [c.name for c in slot.value.columns] == ["oven", "pan", "rise"]
    prose = "we like these\nhot dark 31 now\nand so on 2 3\nlow and behold 4"
    assert not ground(prose).of("t")


@pytest.mark.parametrize(
    ("request_text", "name"),
    [
        ("target 20, sigma 3: 19 22 21 20 23", "x"),
        ("with confidence 95 %: 4.1 4.3 4.2 4.4", "x"),
        ("press 3: 19 22 21 20 23", "press 3"),
    ],
)
def test_a_statistic_or_a_sign_is_no_name_of_a_list(request_text: str, name: str) -> None:
    assert [s.value.name for s in ground(request_text).of("c")] == [name]


def test_a_quotient_of_letters_is_a_model() -> None:
    assert ground("fit r = k*s/(m + s)").of("e")
    assert not ground("either A/B or C/D").of("e")
