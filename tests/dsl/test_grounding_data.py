"""GROUND reads the mathematics and the data that people paste, in signs and lines as they come."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havoc.dsl.grounding.ground import ground
from havoc.dsl.grounding.rewriting import Rewriting
from havoc.dsl.grounding.slots import Grounded
from havoc.tools.expression import show
from havoc.tools.values import Labels, Sample, Table

QUICK = settings(max_examples=30, deadline=None)
cents = st.integers(1, 99999).map(lambda v: f"{v // 100}.{v % 100:02d}")
lists = st.lists(cents, min_size=3, max_size=8)


def columns(found: Grounded) -> list[tuple[str | None, ...]]:
    """The values of each column of the request's tables, without the padding of shorter lists."""
    samples = [c for t in found.of("t") for c in t.value.columns]
    return [tuple(c.texts if isinstance(c, Sample) else c.items) for c in samples]


def table(text: str) -> Table:
    (slot,) = ground(text).of("t")
    assert isinstance(slot.value, Table)
    return slot.value


# ---- mathematics --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "trees"),
    [
        ("y = Vmax*S/(Km+S)", ["y == Vmax*S/(Km + S)"]),
        ("fit v = Vmax * [S] / (Km + [S])", ["v == Vmax*S/(Km + S)"]),
        ("k = A*exp(-Ea/(R*T))", ["k == A*exp(-Ea/(R*T))"]),
        ("C = C0*exp(-k_el*t)", ["C == C0*exp(-k_el*t)"]),
        ("fit y = A exp(-k t) + C", ["y == A*exp(-k*t) + C"]),
        ("solve y' = -2y", ["d*y == -2*y"]),
        ("y'' + 3y' + 2y = 0", ["d2*y + 3*d*y + 2*y == 0"]),
        ("y′ = 3x", ["d*y == 3*x"]),
        ("dy/dt = -k y", ["d*y/d*t == -k*y"]),
        ("dT/dt = -0.08*(T - 22)", ["dT/d*t == -0.08*(T - 22)"]),
        ("∫_0^1 x^2 dx", ["x^2"]),
        ("∫₀¹ x² dx", ["x^2"]),
        ("int_0^1 x^2 dx", ["x^2"]),
        ("lim x→0 sin(x)/x", ["sin(x)/x"]),
        ("lim_{x→0} sin(x)/x", ["sin(x)/x"]),
        ("sum_{k=1}^{10} k^2", ["k^2"]),
        ("∑_{k=1}^{n} k²", ["k^2"]),
        ("√(x+1)", ["sqrt(x + 1)"]),
        ("√x", ["sqrt(x)"]),
        ("e^{-x}", ["e^(-x)"]),
        ("x₁ + x₂ = 5", ["x1 + x2 == 5"]),
        ("2x₁ + 3x₂ = 5, x₁ - x₂ = 1", ["2*x1 + 3*x2 == 5", "x1 - x2 == 1"]),
    ],
)
def test_mathematics_in_signs(text: str, trees: list[str]) -> None:
    assert [show(s.value) for s in ground(text).of("e")] == trees


@pytest.mark.parametrize(
    ("text", "words", "ends"),
    [
        ("∫_0^1 x^2 dx", "∫ <e0> <#expr> <v0> <f0> <n0> <n1>", ["0", "1"]),
        ("∫_{0}^{∞} e^{-x} dx", "from <n0> 0 to <e1>", ["0"]),
        ("lim x→0 sin(x)/x", "lim <v0> → <n0> 0 <e0>", ["0"]),
        ("sum_{k=1}^{10} k^2", "sum of <e0> <#expr> for <v0>", ["1", "10"]),
        ("y' = -2y, y(0)=1", "<e0> <#eq> , <v0> initial value = <n0> 1", ["1"]),
        ("√2", "sqrt ( <n0> 2 )", ["2"]),
    ],
)
def test_ends_of_integrals_limits_and_sums_are_numbers(
    text: str, words: str, ends: list[str]
) -> None:
    found = ground(text)
    assert words in found.text
    assert [s.value.text for s in found.of("n")] == ends


@pytest.mark.parametrize(
    "text",
    [
        "t = (xbar - mu0)/(s/sqrt(n))",
        "Cpk = min((USL - mean)/(3*sigma), (mean - LSL)/(3*sigma))",
        "rate = (parts/hour)*2",
        "a p' chart and u' chart",
        "x' = A x with A = [[1,2],[3,4]]",
    ],
)
def test_formulas_that_are_only_spoken_of_are_no_models(text: str) -> None:
    assert not [s for s in ground(text).of("e") if "==" in show(s.value)]


@pytest.mark.parametrize("text", ["[[1,2],[3,4]]", "[1 2; 3 4]", "[1, 2; 3, 4]"])
def test_a_matrix_is_a_table_of_its_rows(text: str) -> None:
    assert columns(ground(f"determinant of {text}")) == [("1", "3"), ("2", "4")]


# ---- lists --------------------------------------------------------------------------------------------------


@QUICK
@given(
    lists,
    lists,
    st.sampled_from([", ", " ", "; "]),
    st.sampled_from(["compare these two", "do they differ?", "t-test:"]),
)
def test_two_lines_of_numbers_to_be_compared_are_two_samples(
    first: list[str], second: list[str], separator: str, ask: str
) -> None:
    found = ground(f"{ask}\n{separator.join(first)}\n{separator.join(second)}")
    got = [[Fraction(t) for t in c if t is not None] for c in columns(found)]
    assert got == [[Fraction(t) for t in first], [Fraction(t) for t in second]]


def test_three_lines_are_samples_where_three_are_spoken_of() -> None:
    found = ground("anova of three lots\n1.1 1.2 1.3\n1.4 1.5 1.6 1.7\n1.2 1.1 1.2")
    assert [len([t for t in c if t]) for c in columns(found)] == [3, 4, 3]


def test_two_lines_that_may_be_a_table_stay_one() -> None:
    assert len(columns(ground("is there an association?\n10 20 30\n15 25 35"))) == 3
    assert len(columns(ground("10.1 10.2 10.3 10.4\n10.5 10.6 10.7 10.8"))) == 4


@QUICK
@given(
    lists,
    st.sampled_from(["{i}) {v}", "{i}. {v}", "{i}: {v}", "- {v}", "• {v}"]),
    st.sampled_from(["", " mm"]),
)
def test_row_numbers_and_bullets_are_no_data(values: list[str], form: str, unit: str) -> None:
    lines = [form.format(i=i, v=v) + unit for i, v in enumerate(values, 1)]
    (column,) = (s.value for s in ground("mean of\n" + "\n".join(lines)).of("c"))
    assert [Fraction(t) for t in column.texts] == [Fraction(v) for v in values]
    assert column.unit == (unit.strip() or None)


@QUICK
@given(lists, st.sampled_from(["n.d.", "NA", "n.a.", "-", "–", "--"]))
def test_marks_of_missing_values_between_commas(values: list[str], mark: str) -> None:
    text = ", ".join([values[0], mark, *values[1:]])
    (column,) = (s.value for s in ground(f"mean of {text}").of("c"))
    assert [t and Fraction(t) for t in column.texts] == [
        Fraction(values[0]), None, *map(Fraction, values[1:]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.2 mm, 10.3 mm, 10.1 mm", [("10.2", "10.3", "10.1")]),
        ("A: 1 2 3 | B: 4 5 6", [("1", "2", "3"), ("4", "5", "6")]),
        ("A = {1, 2, 3}, B = {4, 5, 6}", [("1", "2", "3"), ("4", "5", "6")]),
        ("A = c(1, 2, 3), B = c(4,5,6)", [("1", "2", "3"), ("4", "5", "6")]),
        ("1,234.5 1,250.1 1,198.7", [("1234.5", "1250.1", "1198.7")]),
        ("1'234 1'250 1'198", [("1234", "1250", "1198")]),
        ("1 234, 1 250, 1 198", [("1234", "1250", "1198")]),
        ("1,234 1,250 1,198 below 1,300.5", [("1234", "1250", "1198")]),
    ],
)
def test_lists_in_other_signs(text: str, expected: list[tuple[str, ...]]) -> None:
    assert columns(ground(text)) == expected


def test_what_may_be_a_decimal_comma_or_a_thousand_stays_a_decimal() -> None:
    assert columns(ground("1,234 1,250 1,198")) == [("1.234", "1.250", "1.198")]


# ---- tables -------------------------------------------------------------------------------------------------


@QUICK
@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 99)), min_size=2, max_size=9))
def test_whole_numbers_below_a_heading_are_no_decimal_commas(rows: list[tuple[int, int]]) -> None:
    text = "slope?\nx,y\n" + "\n".join(f"{a},{b}" for a, b in rows)
    assert columns(ground(text)) == [tuple(str(r[j]) for r in rows) for j in (0, 1)]


def test_decimal_commas_below_a_sentence_stay_decimals() -> None:
    assert columns(ground("Werte, bitte mitteln\n12,5\n13,1\n12,9")) == [("12.5", "13.1", "12.9")]


@QUICK
@given(
    st.lists(st.tuples(cents, cents), min_size=2, max_size=6),
    st.sampled_from([",", "\t", ";", "|"]),
    st.sampled_from(["150 °C", "150°C"]),
)
def test_cells_with_their_unit_are_numbers(
    rows: list[tuple[str, str]], separator: str, form: str
) -> None:
    unit = form.removeprefix("150")
    lines = [f"temp{separator}yield", *(f"{a}{unit}{separator}{b}" for a, b in rows)]
    temp, _ = table("\n".join(lines)).columns
    assert isinstance(temp, Sample)
    assert (temp.unit, [Fraction(str(t)) for t in temp.texts]) == (
        "degC", [Fraction(a) for a, _ in rows],
    )  # fmt: skip


def test_units_in_brackets_belong_to_the_columns() -> None:
    found = table("Temp (°C),Yield [%]\n150,80.1\n160,82.3")
    assert [c.unit for c in found.columns if isinstance(c, Sample)] == ["degC", "%"]


@pytest.mark.parametrize("mark", ["n.d.", "NA", "-", "--", "–", "*", ".", "", "n/a"])
def test_marks_of_missing_values_in_a_table(mark: str) -> None:
    assert columns(ground(f"a,b\n1,{mark}\n2,3\n3,4")) == [("1", "2", "3"), (None, "3", "4")]


@QUICK
@given(
    st.lists(
        st.tuples(st.sampled_from("mf"), st.sampled_from(["yes", "no"])), min_size=6, max_size=20
    ),
    st.sampled_from([",", "\t", ";", "|"]),
)
def test_a_table_of_words_only_is_a_table(rows: list[tuple[str, str]], separator: str) -> None:
    text = "\n".join([f"sex{separator}smoker", *(separator.join(r) for r in rows)])
    sex, smoker = table(f"are they independent?\n{text}").columns
    assert isinstance(sex, Labels)
    assert isinstance(smoker, Labels)
    assert list(zip(sex.items, smoker.items, strict=True)) == rows


def test_quoted_cells_may_hold_the_separator() -> None:
    assert columns(ground('a,b\n"1,234",2\n"1,250",3')) == [("1234", "1250"), ("2", "3")]


def test_a_sentence_above_numbers_is_no_heading() -> None:
    assert columns(ground("what is this here\n1 2 3 4\n5 6 7 8\n9 10 11 12"))[0] == ("1", "5", "9")


def test_times_of_day_are_no_pairs_of_numbers() -> None:
    assert [s.value.text for s in ground("at 08:15 it was 20.3").of("n")] == ["20.3"]
    assert columns(ground("time,temp\n08:15,20.1\n08:30,20.4"))[0] == ("08:15", "08:30")
    assert len(ground("a ratio of 3:15").of("n")) == 2


# ---- places -------------------------------------------------------------------------------------------------


@given(st.text("abc12", max_size=12))
def test_a_rewriting_knows_where_its_parts_came_from(text: str) -> None:
    import re

    rewriting = Rewriting(text)
    rewriting.sub(re.compile("a+"), "xyz")
    rewriting.sub(re.compile("1"), "")
    for i, ch in enumerate(rewriting.text):
        start, end = rewriting.origin(i, i + 1)
        assert text[start:end] == ch or (ch in "xyz" and set(text[start:end]) == {"a"})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("50 rpm 12.1 12.4 11.9; 75 rpm 12.8 13.0 12.7", ["50 rpm", "75 rpm"]),
        ("speeds: 50 rpm: 12.1 12.4 11.9; 75 rpm: 12.8 13.0 12.7 - any change?", ["50 rpm", "75 rpm"]),
        ("50 C: 12.1, 12.4, 11.9\n60 C: 12.8, 13.0, 12.7", ["50 C", "60 C"]),
        ("10 bar: 5, 6, 7, 20 bar: 7, 8, 9, 30 bar: 5, 4, 6", ["10 bar", "20 bar", "30 bar"]),
        ("1: 5.1 5.2 5.3; 2: 6.1 6.2 6.0", ["1", "2"]),
        ("8:30 5.1 5.2 5.0; 9:30 5.3 5.1 5.0", ["8:30", "9:30"]),
        ("Tukey on a: 20 22 19 b: 25 27 26 c: 21 20 22", ["a", "b", "c"]),
        ("are the variances of 3.1 3.4 2.9 and 4.1 2.2 5.0 equal", ["x", "x_2"]),
        ("correlate temp 20 25 30 35 with yield 61 66 70 77", ["temp", "yield"]),
    ],
)  # fmt: skip
def test_samples_in_one_line_are_columns_of_their_names(text: str, names: list[str]) -> None:
    (table,) = ground(text).tables.values()
    assert [c.name for c in table.columns] == names
    assert len({len(c.present()) for c in table.columns}) == 1


@pytest.mark.parametrize(
    "text",
    ["at 20 C 3 replicates, 30 C 4 replicates", "temp 150 to 190 C, time 10 to 30 min, 3 center points"],
)  # fmt: skip
def test_settings_without_values_are_no_samples(text: str) -> None:
    assert not ground(text).tables


def test_the_symbol_of_the_next_number_is_no_unit() -> None:
    grounded = ground("EWMA lambda .2 L 2.7, n=30 xbar 5.02 s 0.03, k 0.5 h 4; it took 5 h")
    units = [s.value.unit for s in grounded.of("n")]
    assert units == [None] * 7 + ["hour"]
