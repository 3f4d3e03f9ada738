"""Columns of a table are found by the words people use for them, and never where two could be meant."""

from __future__ import annotations

import random

import pytest

from havoc.curriculum.columns import QUANTITIES, styled
from havoc.dsl.grounding.ground import ground
from havoc.dsl.grounding.loose_names import loosely_named, names_loosely
from havoc.tools.values import Labels, Sample, Table

HEADERS = (
    "MeltTemp_C",
    "inj_press_bar",
    "cycle_time_s",
    "scrap_pcs",
    "AnnualSalaryUSD",
    "YearsExp",
    "salvage_in_thousands_of_dollars",
    "dest_country",
    "damaged_flag",
    "hardness_HRC",
    "no_of_occupants",
    "SibSp",
    "gdppercap",
    "Pclass",
    "PartNo",
    "review_count",
    "number_of_hits",
    "total_visits",
    "total_visits_per_hundred",
)


def named(text: str, headers: tuple[str, ...] = HEADERS) -> list[str]:
    """The headers that a text names, where the longest phrase at a place counts."""
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, str]] = []
    for spoken in loosely_named(text, [(0, len(text))], headers):
        if all(spoken.end <= a or spoken.start >= b for a, b in taken):
            taken.append((spoken.start, spoken.end))
            found.append((spoken.start, headers[spoken.place]))
    return [name for _, name in sorted(found)]


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("melt temperature against injection pressure", ["MeltTemp_C", "inj_press_bar"]),
        ("temperatures by cycle time", ["MeltTemp_C", "cycle_time_s"]),
        ("the temperature of the melt", ["MeltTemp_C"]),
        ("salary and years of experience", ["AnnualSalaryUSD", "YearsExp"]),
        ("their salvages", ["salvage_in_thousands_of_dollars"]),
        ("which country of destination", ["dest_country"]),
        ("how many were damaged", ["damaged_flag"]),
        ("the number of occupants", ["no_of_occupants"]),
        ("siblings/spouses aboard", ["SibSp"]),
        ("GDP per capita", ["gdppercap"]),
        ("in each passenger class", ["Pclass"]),
        ("the number of reviews", ["review_count"]),
        ("the total number of visits", ["total_visits"]),
        ("scrap on the line", ["scrap_pcs"]),
    ],
)
def test_headers_are_found_by_other_words(text: str, headers: list[str]) -> None:
    assert named(text) == headers


@pytest.mark.parametrize(
    "text",
    [
        "how many parts are there",  # of them, not their PartNo
        "the number of parts",
        "the ball was hit by a player",
        "compute the mean and the number of rows at a level of significance",
        "during the conduct of the test",
        "AgeGroup",
    ],
)
def test_words_of_any_question_name_no_header(text: str) -> None:
    assert named(text) == []


def test_a_word_that_fits_two_headers_names_neither() -> None:
    headers = ("MeltTemp_C", "RoomTempC")
    assert named("the temperature", headers) == []
    assert named("the room temperature", headers) == ["RoomTempC"]


def test_every_style_of_a_header_is_found_by_its_plain_words() -> None:
    rng = random.Random(5)
    for name in QUANTITIES:
        if len(name.split()) == 1 or any(len(w) < 3 or not w.isalpha() for w in name.split()):
            continue
        for unit in ("", "_mm", "_kg", " (bar)"):
            header = styled(name, rng)
            if len(header.split()) == 1 and "_" not in header and unit == "_mm":
                continue
            text = f"what is the mean {name} here"
            table = Table(
                (Sample(header + unit, ("1.5", "2.5", "2.0")), Sample("zzz", ("4", "6", "9")))
            )
            slots = ground(text, {"data": table}).of("c")
            said = ground(text, {"data": table}).text.split(" | <t")[0]
            assert slots[0].value.name == header + unit, name
            assert "<c0>" in said, (name, header + unit, said)


def test_cells_are_found_in_other_endings_and_the_sexes_in_other_words() -> None:
    table = Table(
        (
            Labels("verdict", ("pass", "fail", "pass")),
            Labels("sex", ("F", "M", "F")),
            Sample("load_kN", ("1.0", "2.0", "4.0")),
        )
    )
    words = [s.value for s in ground("load of women that failed, and of men", {"d": table}).of("s")]
    assert words == ["F", "fail", "M"]


def test_a_new_column_has_a_name_without_quotation_marks() -> None:
    table = Table((Sample("scrap_pcs", ("1", "2")), Sample("output_qty", ("10", "20"))))
    text = "create a new column scrap_rate as scrap_pcs / output_qty, then the mean of scrap_rate"
    grounded = ground(text, {"d": table})
    assert [s.value for s in grounded.of("s")] == ["scrap_rate"]
    assert grounded.text.split(" | <t")[0].split(" ").count("<s0>") == 2


def test_how_far_to_round_and_how_many_groups_there_are_are_no_inputs() -> None:
    table = Table((Sample("y_mm", ("1.5", "2.5", "3")), Labels("g", ("a", "b", "a"))))
    text = "compare the two groups of g; give p rounded to three decimal places and y to 2 decimals"
    assert ground(text, {"d": table}).of("n") == []


def test_classes_that_are_numbered_in_the_request_are_no_data_beside_a_file() -> None:
    table = Table((Sample("y_mm", ("1.5", "2.5", "3")), Sample("grade", ("1", "2", "3"))))
    assert len(ground("mean y in grades 1, 2 and 3", {"d": table}).of("t")) == 1


def test_steps_numbered_in_one_line_are_no_inputs() -> None:
    text = "1. Remove rows with missing y. 2. Remove outliers of y. 3. Report the mean of y."
    table = Table((Sample("y", ("1.5", "2.5", "3")), Sample("grade", ("1", "2", "3"))))
    assert ground(text, {"d": table}).of("n") == []


def test_levels_that_are_columns_are_no_factor() -> None:
    table = Table((Sample("freight_cost_eur", ("1.5", "2.5")), Sample("distance_km", ("1", "2"))))
    assert ground("cost per km (freight cost / distance)", {"d": table}).of("f") == []
    assert names_loosely("distance", ("distance_km",))


WARD = (
    "ward_id",
    "Temp_C",
    "Tmax",
    "Resting BP (mmHg)",
    "LOS_days",
    "Age_years",
    "Discharged within 7 d",
)


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("mean length of stay", "LOS_days"),
        ("the average age of patients", "Age_years"),
        ("resting blood pressure over 90", "Resting BP (mmHg)"),
        ("who were discharged", "Discharged within 7 d"),
        ("hours of rest", None),
    ],
)
def test_initials_and_spans_name_a_column(text: str, header: str | None) -> None:
    assert named(text, WARD) == ([header] if header else [])


STORE = Table(
    (
        Labels("Tariff", ("day", "off-day", "day", "off-day")),
        Labels("Lane", ("L-01", "L-02", "L-03", "L-01")),
        Labels("Hand", ("Both", "Left", "Right", "Both")),
        Labels("Sky", ("snow", "clear", "snow", "clear")),
        Sample("Tmin (°C)", ("1", "2", "3", "4")),
        Sample("Load", ("5", "6", "7", "8")),
    )
)


@pytest.mark.parametrize(
    ("request_", "cells"),
    [
        ("mean load at the off-day tariff", ["off-day"]),
        ("load of lane L-02 against lane L-03", ["L-02", "L-03"]),
        ("how many rows have both a load over 5 and a minimum temperature below 3", []),
        ("mean load on snowy days", ["snow"]),
    ],
)
def test_cells_are_read_as_they_are_written(request_: str, cells: list[str]) -> None:
    grounded = ground(request_, {"store": STORE})
    assert [str(s.value) for s in grounded.of("s")] == cells


def test_a_formula_of_a_column_is_no_expression_of_its_own() -> None:
    grounded = ground("new column (1.8*Tmin + 32), its mean", {"store": STORE})
    assert not grounded.of("e")
    assert grounded.text.startswith("new column ( <n0>")
