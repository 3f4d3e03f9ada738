"""GROUND reads back exactly what was rendered, in every supported form."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havoc.dsl.grounding.ground import ground
from havoc.dsl.grounding.notation import plain_notation
from havoc.dsl.grounding.slots import Grounded
from havoc.tools.expression import show
from havoc.tools.values import Labels, Sample, Table

QUICK = settings(max_examples=40, deadline=None)
places = st.integers(1, 4)
decimals = st.decimals(-9999, 9999, places=2).map(str)
positive = st.decimals("0.01", 9999, places=2).map(str)
rows_of_two = st.lists(st.tuples(positive, positive), min_size=3, max_size=9)


def exact(texts: tuple[str | None, ...]) -> list[Fraction | None]:
    return [None if t is None else Fraction(t) for t in texts]


def table_of(found: Grounded) -> Table:
    (slot,) = found.of("t")
    return slot.value  # type: ignore[no-any-return]


def _csv(rows: list[tuple[str, str]]) -> str:
    return "\n".join(["load,wear", *(",".join(r) for r in rows)])


def _tsv(rows: list[tuple[str, str]]) -> str:
    return "\n".join(["load\twear", *("\t".join(r) for r in rows)])


def _markdown(rows: list[tuple[str, str]]) -> str:
    return "\n".join(["| load | wear |", "|:---|---:|", *(f"| {a} | {b} |" for a, b in rows)])


def _blanks(rows: list[tuple[str, str]]) -> str:
    return "\n".join(["load  wear", *(f"{a}  {b}" for a, b in rows)])


def _semicolons(rows: list[tuple[str, str]]) -> str:
    return "\n".join(["load;wear", *(";".join(r) for r in rows)])


def _decimal_commas(rows: list[tuple[str, str]]) -> str:
    return "\n".join(["load;wear", *(f"{a};{b}".replace(".", ",") for a, b in rows)])


def _labelled_lists(rows: list[tuple[str, str]]) -> str:
    return f"load: {' '.join(a for a, _ in rows)} wear: {' '.join(b for _, b in rows)}"


def _piped_lists(rows: list[tuple[str, str]]) -> str:
    return f"load: {' '.join(a for a, _ in rows)} | wear: {' '.join(b for _, b in rows)}"


def _assigned(rows: list[tuple[str, str]]) -> str:
    return f"load = [{', '.join(a for a, _ in rows)}], wear = [{', '.join(b for _, b in rows)}]"


FORMS = (
    _csv, _tsv, _markdown, _blanks, _semicolons, _decimal_commas, _labelled_lists, _piped_lists, _assigned,
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.__name__.strip("_"))
@QUICK
@given(rows=rows_of_two)
def test_two_columns_are_read_back_exactly(form, rows) -> None:  # type: ignore[no-untyped-def]
    table = table_of(ground(f"is there a relation?\n\n{form(rows)}"))
    assert table.names == ("load", "wear")
    for j, column in enumerate(table.columns):
        assert isinstance(column, Sample)
        assert exact(column.texts) == [Fraction(r[j]) for r in rows]


@QUICK
@given(
    st.lists(st.tuples(st.sampled_from(["A", "B", "west", "old tool"]), positive), min_size=4, max_size=10),
    st.sampled_from([",", "\t", ";", "|"]),
)  # fmt: skip
def test_groups_in_a_table_are_read_back(rows: list[tuple[str, str]], separator: str) -> None:
    lines = [f"tool{separator}wear", *(separator.join(r) for r in rows)]
    table = table_of(ground("do the tools differ?\n" + "\n".join(lines) + "\n"))
    tool, wear = table.columns
    assert isinstance(tool, Labels)
    assert tool.items == tuple(r[0] for r in rows)
    assert exact(wear.texts) == [Fraction(r[1]) for r in rows]  # type: ignore[union-attr]


@QUICK
@given(
    st.lists(st.one_of(positive, st.none()), min_size=1, max_size=9),
    st.sampled_from(["NA", "N/A", "NaN"]),
    st.sampled_from([", ", " ", "; "]),
)
def test_values_that_are_missing_keep_their_place(
    more: list[str | None], missing: str, separator: str
) -> None:
    items = ["5.5", "5.75", "6", *more]
    text = separator.join(missing if i is None else i for i in items)
    (column,) = (s.value for s in ground(f"mean of: {text}").of("c"))
    assert exact(column.texts) == [None if i is None else Fraction(i) for i in items]


@QUICK
@given(decimals, st.sampled_from(["mm", "kg", "degC", "bar", "%", "h", "N"]))
def test_a_number_keeps_its_digits_and_its_unit(number: str, unit: str) -> None:
    found = [s.value for s in ground(f"the setting is {number} {unit} today").of("n")]
    assert [Fraction(n.text) for n in found] == [Fraction(number)]
    assert found[0].unit == {"h": "hour"}.get(unit, unit)


@QUICK
@given(st.integers(0, 999), st.integers(0, 99), st.sampled_from(["mm", "kg", "bar"]))
def test_decimal_commas_in_running_text_are_points(whole: int, part: int, unit: str) -> None:
    text = f"der Sollwert ist {whole},{part:02d} {unit}"
    (number,) = (s.value for s in ground(text).of("n"))
    assert Fraction(number.text) == Fraction(f"{whole}.{part:02d}")
    assert number.unit == unit


@pytest.mark.parametrize(
    "text",
    [
        "the set {3,2} of them", "drop points 3,11", "factors (1,5) and (2,7)", "n = 1,234 parts and 5.5 mm",
        "runs 1,2 and 2.5 bar",
    ],
)  # fmt: skip
def test_other_commas_are_left_alone(text: str) -> None:
    assert plain_notation(text) == text


@QUICK
@given(
    st.fixed_dictionaries(
        {
            "n": st.integers(2, 500),
            "mean": positive,
            "sd": positive,
            "alpha": st.sampled_from(["0.05", "0.01"]),
        }
    ),
    st.sampled_from(
        [
            "n={n}, xbar={mean}, s={sd}, alpha={alpha}",
            "mean {mean} (sd {sd}, n = {n}), alpha {alpha}",
            "a sample of {n} gave a mean of {mean} and a standard deviation of {sd}; test at {alpha}",
        ],
    ),
)
def test_summary_statistics_are_all_found(given_: dict[str, object], form: str) -> None:
    found = {Fraction(s.value.text) for s in ground(form.format(**given_)).of("n")}
    assert found == {Fraction(str(v)) for v in given_.values()}


@QUICK
@given(
    st.integers(-200, 200),
    st.integers(1, 300),
    st.sampled_from(["{a}..{b}", "{a} to {b}", "from {a} to {b}", "between {a} and {b}"]),
)
def test_a_range_keeps_its_ends(low: int, width: int, form: str) -> None:
    text = f"temperature {form.format(a=low, b=low + width)} C"
    (factor,) = (s.value for s in ground(f"full factorial with {text}").of("f"))
    assert (factor.range.low.exact, factor.range.high.exact) == (low, low + width)


@pytest.mark.parametrize(
    ("text", "words", "tree", "numbers"),
    [
        (r"$\int_0^1 x^2 e^{-x} dx$", "integral of", "x^2*e^(-x)", ["0", "1"]),
        (r"compute $\int_{0}^{2} \frac{1}{1+x^2}\,dx$", "integral of", "1/(1 + x^2)", ["0", "2"]),
        (r"$$\frac{d}{dx}\left(x^2\sin x\right)$$", "derivative of", "x^2*sin(x)", []),
        (r"$\lim_{x\to 0} \frac{\sin x}{x}$", "limit of", "sin(x)/x", ["0"]),
        (r"\sum_{k=1}^{10} k^2", "sum of", "k^2", ["1", "10"]),
    ],
)  # fmt: skip
def test_latex_structures_become_words_slots_and_limits(
    text: str, words: str, tree: str, numbers: list[str]
) -> None:
    found = ground(text)
    assert words in found.text
    assert [show(s.value) for s in found.of("e")] == [tree]
    assert [s.value.text for s in found.of("n")] == numbers


def test_latex_matrices_and_systems_are_read() -> None:
    matrix = table_of(ground(r"determinant of \begin{pmatrix}1 & 2.5\\ 3 & -4\end{pmatrix}"))
    assert [[float(c) for c in r] for r in matrix.rows()] == [[1.0, 2.5], [3.0, -4.0]]
    system = ground(r"solve \begin{cases} x+y=3 \\ x-y=1 \end{cases}")
    assert [show(s.value) for s in system.of("e")] == ["x + y == 3", "x - y == 1"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("machine 1 gave 10.2, 10.4, 10.1 and machine 2 gave 10.8, 10.9, 11.0", ["machine 1", "machine 2"]),
        ("day 1: 5.1 5.2 5.3\nday 2: 5.0 5.1 5.4", ["day 1", "day 2"]),
        ("line A 5.1, 5.3, 5.2, 5.0 vs line B 5.5, 5.6, 5.4, 5.7", ["line A", "line B"]),
        ("before 86 92 75 after 82 89 74", ["before", "after"]),
    ],
)  # fmt: skip
def test_lists_are_called_what_the_text_calls_them(text: str, names: list[str]) -> None:
    assert [s.value.name for s in ground(text).of("c")] == names


def test_a_fraction_of_counts_is_two_numbers_and_no_factor() -> None:
    found = ground("12/400 and 25/420 failed")
    assert found.of("f") == []
    assert [s.value.text for s in found.of("n")] == ["12", "400", "25", "420"]


TABLES = {
    "etch.csv": Table((Sample("Etch_Rate", ("1", "2", "3")), Labels("Tool ID", ("A", "B", "A")))),
    "wear.csv": Table(
        (Sample("wear (mm)", ("4", "5", "6"), "mm"), Sample("hours", ("1", "2", "3")))
    ),
}


@pytest.mark.parametrize(
    ("said", "column"),
    [
        ("Etch_Rate", "Etch_Rate"), ("etch rate", "Etch_Rate"), ("ETCH RATE", "Etch_Rate"), ("etch-rate", "Etch_Rate"),
        ("tool id", "Tool ID"), ("wear", "wear (mm)"), ("hours", "hours"), ("'Etch_Rte'", "Etch_Rate"),
    ],
)  # fmt: skip
def test_columns_of_several_files_are_matched_exactly_by_case_unit_and_spelling(
    said: str, column: str
) -> None:
    found = ground(f"what about {said}?", TABLES)
    assert len(found.of("t")) == 2
    (slot,) = [s for s in found.slots if s.token in found.text.split("|")[0].split()]
    assert slot.value.name == column
