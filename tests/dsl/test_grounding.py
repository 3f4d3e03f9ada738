"""GROUND: what a request says is found, whatever notation it is written in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havoc.dsl.grounding.ground import ground
from havoc.dsl.grounding.math_text import find_math, read_math
from havoc.dsl.grounding.slots import Grounded
from havoc.errors import InputError
from havoc.tools.expression import show
from havoc.tools.values import Factor, Labels, Sample, Table


def factors(text: str) -> list[tuple[str, str]]:
    found = ground(text).of("f")
    return [(s.value.name, str(s.value.range or [str(v) for v in s.value.levels])) for s in found]


def lists(grounded: Grounded) -> dict[str, tuple[str | None, ...]]:
    return {s.value.name: s.value.texts for s in grounded.of("c")}


@pytest.mark.parametrize(
    "text",
    [
        "temperature 150-200 degC", "temperature 150 to 200 °C", "temperature from 150 to 200 C",
        "temperature (150-200 deg C)", "temperature: 150 - 200 degC", "temperature between 150 and 200 C",
        "temperature 150..200 degC", "temperature 150/200 C", "temperature 175 ± 25 C",
        "temperature 175 +/- 25 degC", "temperature low 150 high 200 C", "temperature 150 C - 200 C",
    ],
)  # fmt: skip
def test_every_notation_of_a_range_gives_the_same_factor(text: str) -> None:
    (found,) = factors(f"make a full factorial with {text}, please")
    assert found == ("temperature", "150..200 degC")


def test_categorical_levels_are_found() -> None:
    assert factors("full factorial, catalyst A/B and gas (argon, nitrogen)") == [
        ("catalyst", "['A', 'B']"), ("gas", "['argon', 'nitrogen']"),
    ]  # fmt: skip


def test_a_factor_may_be_called_a() -> None:
    assert factors("A 10-20, B 1-5") == [("A", "10..20"), ("B", "1..5")]


numbers = st.lists(st.decimals(-9999, 9999, places=2).map(str), min_size=4, max_size=12)


@settings(max_examples=60, deadline=None)
@given(numbers, st.sampled_from([", ", " ", "; ", "\n"]))
def test_an_inline_list_is_read_back_exactly(values: list[str], separator: str) -> None:
    found = ground("are these on target? readings: " + separator.join(values))
    (texts,) = lists(found).values()
    assert [float(t or "nan") for t in texts] == [float(v) for v in values]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(*[st.decimals(0, 500, places=1).map(str)] * 3), min_size=3, max_size=8),
    st.sampled_from([",", "\t", ";", "|"]),
)
def test_a_pasted_table_is_read_back_exactly(
    rows: list[tuple[str, str, str]], separator: str
) -> None:
    lines = [separator.join(("speed", "feed", "wear")), *(separator.join(r) for r in rows)]
    (slot,) = ground("regress wear on the others\n" + "\n".join(lines) + "\n").of("t")
    assert slot.value.names == ("speed", "feed", "wear")
    got = [[float(x) for x in row] for row in slot.value.rows()]
    assert got == [[float(x) for x in r] for r in rows]


def test_decimal_commas_are_read_where_semicolons_separate() -> None:
    assert list(lists(ground("mean of 12,5; 13,1; 12,9; 13,0")).values()) == [
        ("12.5", "13.1", "12.9", "13.0")
    ]


def test_labelled_lists_become_named_columns_of_one_table() -> None:
    found = ground("same parts, before: 86,92,75,81 after: 82,89,74,76. Did we lose weight?")
    assert lists(found) == {"before": ("86", "92", "75", "81"), "after": ("82", "89", "74", "76")}
    assert len(found.of("t")) == 1


def test_a_markdown_table_keeps_its_row_labels() -> None:
    text = "is it independent?\n|  | ok | bad |\n|---|---|---|\n| day | 42 | 18 |\n| night | 28 | 15 |\n"
    (table,) = (s.value for s in ground(text).of("t"))
    assert isinstance(table.columns[0], Labels)
    assert table.sample("bad").texts == ("18", "15")


def test_rows_in_one_line_take_their_names_from_the_heading() -> None:
    (table,) = (
        s.value
        for s in ground("runs (temp C, feed lb/h, visc): 80 8 2256;93 9 2340;100 10 2426").of("t")
    )
    assert table.names == ("temp", "feed", "visc")
    assert table.sample("temp").unit == "degC"


def test_columns_named_in_the_text_become_slots() -> None:
    table = Table((Sample("Fill_Weight", ("1", "2", "3")), Labels("line", ("A", "B", "A"))))
    text = ground("does fill weight differ by line?", {"f.csv": table}).text
    assert text.startswith("does <c0> differ by <g0> ?")


def test_a_cell_of_a_text_column_becomes_a_word() -> None:
    table = Table((Labels("region", ("Americas", "Europe")), Sample("cases", ("1", "2"))))
    found = ground("mean cases where region is americas", {"f.csv": table})
    assert [s.value for s in found.of("s")] == ["Americas"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("differentiate x^2 * exp(3x)", "x^2*exp(3*x)"), ("solve x^2 - 5x + 6 = 0", "x^2 - 5*x + 6 == 0"),
        (r"integrate $\frac{1}{1+x^2}$", "1/(1 + x^2)"), ("limit of (1+1/n)^n", "(1 + 1/n)^n"),
        ("minimise C(q) = 5000/q + 2q", "5000/q + 2*q"), ("x² + 3x at 2", "x^2 + 3*x"),
    ],
)  # fmt: skip
def test_mathematics_is_found_in_running_text(text: str, expected: str) -> None:
    assert [show(tree) for _, _, tree in find_math(text)] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "n=25, xbar=101.8",
        "a t-test with p-value",
        "P(Z < 1.96)?",
        "a 3-sigma chart",
        "R^2 please",
        "temp A/B",
        "2^3 design",
    ],
)
def test_prose_is_not_mistaken_for_mathematics(text: str) -> None:
    assert ground(text).of("e") == []


def test_a_literal_slot_in_the_request_is_no_slot() -> None:
    assert "<n0>" not in ground("print <n0> please").text


def test_what_is_no_expression_is_refused() -> None:
    with pytest.raises(InputError):
        read_math("2 +")


def test_a_tolerance_is_a_range_and_its_two_numbers() -> None:
    found = ground("tolerance 5 +/- .3")
    (interval,) = found.of("f")
    assert isinstance(interval.value, Factor)
    assert str(interval.value.range) == "4.7..5.3"
    assert [s.value.text for s in found.of("n")] == ["5", "0.3"]


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("160 W: 575 542 530; 180 W: 565 593 590", [("575", "542", "530"), ("565", "593", "590")]),
        ("LSL 3.0, USL 3.6; 3.31 3.35 3.28 3.30", [("3.31", "3.35", "3.28", "3.30")]),
        ("usl 3.6, 3.31 3.35 3.28 3.30", [("3.31", "3.35", "3.28", "3.30")]),
        ("target 100 k .5 h 4: 101 99 102", [("101", "99", "102")]),
        ("1, 2 3, 4 5, 6", [("1", "2", "3", "4", "5", "6")]),
        ("5 cm 6 cm, 7 cm", [("5", "6", "7")]),
    ],
)
def test_a_number_beside_a_list_is_none_of_its_items(
    text: str, lists: list[tuple[str, ...]]
) -> None:
    assert [s.value.texts for s in ground(text, {}).of("c")] == lists
