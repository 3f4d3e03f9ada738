"""Table operations against pandas: which rows stay, what the cells hold, what is said about it."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statements import expression, run

from havoc.errors import InputError
from havoc.tools.table.cells import Trace, evaluate, known_functions
from havoc.tools.values import Labels, Sample, Table

LOTS = Table(
    (
        Sample("thickness", ("10.2", "9.8", "10.5", None, "14.0", "10.1", "9.9", "10.0")),
        Sample("speed", ("1", "2", "3", "4", "5", "6", "7", "8")),
        Labels("line", ("A", "B", "A", "B", "B", "A", None, "B")),
        Labels("date", tuple(f"2024-0{m}-15" for m in range(1, 9))),
    ),
    "t",
)


def texts(ran, column: str) -> list:
    found = ran.result.data.column(column)
    return list(found.texts if isinstance(found, Sample) else found.items)


# --- rows ----------------------------------------


def test_a_filter_keeps_the_rows_and_says_how_many_were_undecided():
    ran = run('table.filter(t, where=thickness > 10 and line == "A")', t=LOTS)
    assert texts(ran, "thickness") == ["10.2", "10.5", "10.1"]
    assert (ran["rows_in"], ran["rows_out"], ran["dropped"]) == (8, 3, 5)
    undecided = run("table.filter(t, where=thickness > 10)", t=LOTS)
    assert undecided["undecided"] == 1
    assert "missing cell" in undecided.result.warnings[0]


def test_a_missing_cell_does_not_matter_where_the_other_side_decides():
    ran = run("table.filter(t, where=thickness > 100 or speed == 4)", t=LOTS)
    assert texts(ran, "speed") == ["4"]


def test_words_are_compared_with_words_and_dates_by_their_parts():
    assert run('table.count(t, where=line != "A")', t=LOTS)["count"] == 4
    assert run("table.count(t, where=month(date) >= 7)", t=LOTS)["count"] == 2
    assert run('table.count(t, where=contains(date, "-03-") == true)', t=LOTS)["count"] == 1


def test_sorting_is_stable_and_puts_missing_cells_last():
    ran = run("table.sort(t, by=[thickness], order=descending)", t=LOTS)
    assert texts(ran, "thickness")[0] == "14.0"
    assert texts(ran, "thickness")[-1] is None


def test_the_largest_values_come_with_their_rows_and_labels():
    ran = run("table.top(t, by=thickness, n=2)", t=LOTS)
    assert (ran["values"], ran["rows"], ran["labels"]) == ([14.0, 10.5], [5, 3], ["B", "A"])


def test_ties_at_the_edge_are_kept_on_request_and_mentioned_otherwise():
    tied = Table((Sample("x", ("3", "2", "2", "1")),), "t")
    assert run("table.top(t, by=x, n=2, ties=true)", t=tied)["rows_out"] == 3
    assert "same value" in run("table.top(t, by=x, n=2)", t=tied).result.warnings[0]


def test_incomplete_rows_are_dropped_in_the_columns_named():
    assert run("table.drop_missing(t)", t=LOTS)["rows_out"] == 6
    assert run("table.drop_missing(t, columns=[line])", t=LOTS)["rows_out"] == 7


def test_duplicates_are_numbers_that_are_equal_not_texts_that_are():
    table = Table((Sample("x", ("1", "1.0", "2")), Labels("w", ("a", "a", "a"))), "t")
    assert run("table.drop_duplicates(t)", t=table)["rows_out"] == 2


def test_outliers_by_fences_and_by_z_scores():
    ran = run("table.remove_outliers(t, column=thickness)", t=LOTS)
    assert (ran["outliers"], ran["rows"]) == ([14.0], [5])
    assert run("table.remove_outliers(t, column=thickness, method=zscore)", t=LOTS)["count"] == 0
    two = run("table.remove_outliers(t, column=thickness, method=zscore, threshold=2)", t=LOTS)
    assert two["count"] == 1


def test_a_sample_of_rows_is_the_same_for_the_same_seed():
    first, again = (run("table.sample(t, n=4, seed=3)", t=LOTS) for _ in range(2))
    assert texts(first, "speed") == texts(again, "speed")
    with pytest.raises(InputError, match="9 rows cannot be drawn from 8"):
        run("table.sample(t, n=9)", t=LOTS)


@pytest.mark.parametrize(("how", "drawn"), [("n=3", 3), ("share=75%", 6), ("share=0.2", 2)])
def test_the_two_parts_of_a_split_are_the_whole_table(how, drawn):
    first = run(f"table.sample(t, {how}, seed=5)", t=LOTS)
    rest = run(f"table.sample(t, {how}, seed=5, part=rest)", t=LOTS)
    assert (first["rows_out"], rest["rows_out"]) == (drawn, 8 - drawn)
    numbered = [*texts(first, "speed"), *texts(rest, "speed")]  # 1 to 8, each row its own
    assert sorted(numbered) == list("12345678")


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("", "n=10, or share=70%"),
        (", n=2, share=0.5", "not both"),
        (", share=0.01", "leaves one part empty"),
    ],
)
def test_a_split_that_is_none_is_refused(how, message):
    with pytest.raises(InputError, match=message):
        run(f"table.sample(t{how})", t=LOTS)


NUMBERED = Table((Sample("line", ("1", "2")), Sample("price", ("3", "4"))), "u")
EMPTY = Table((Sample("x", (None, None)), Sample("y", ("1", "2"))), "t")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("table.melt(t, columns=[speed, speed])", "named twice"),
        ("table.fill_missing(t, columns=[thickness], method=constant, value=inf)", "not a finite"),
        ("table.join(t, u, on=[line])", "words in 't' .row 1: 'A'.: rows cannot be matched"),
        ("table.scale(empty, columns=[x], method=minmax)", "nothing to scale"),
    ],
)
def test_what_cannot_be_done_with_a_table_is_refused_with_the_reason(text, message):
    with pytest.raises(InputError, match=message):
        run(text, t=LOTS, u=NUMBERED, empty=EMPTY)


# --- columns ----------------------------------------


def test_sums_of_decimal_numbers_are_exact():
    table = Table((Sample("a", ("0.1",)), Sample("b", ("0.2",))), "t")
    assert texts(run("table.derive(t, c=a + b)", t=table), "c") == ["0.3"]


def test_a_row_without_a_value_becomes_missing_and_is_said():
    table = Table((Sample("a", ("1", "2")), Sample("b", ("0", "4"))), "t")
    ran = run("table.derive(t, q=a/b, z=where(b == 0, 0, a/b))", t=table)
    assert texts(ran, "q") == [None, "0.5"]
    assert texts(ran, "z") == ["0", "0.5"]
    assert "row 1" in ran.result.warnings[0]


def test_changes_along_the_rows_are_in_percent_of_the_row_before():
    table = Table((Sample("close", ("100", "110", "99")),), "t")
    assert texts(run("table.derive(t, r=pct_change(close))", t=table), "r") == [None, "10", "-10"]


def test_a_later_column_may_use_an_earlier_one_and_a_condition_gives_0_or_1():
    ran = run("table.derive(t, twice=2*speed, fast=twice > 10)", t=LOTS)
    assert texts(ran, "fast") == ["0"] * 5 + ["1"] * 3


def test_words_are_taken_apart():
    table = Table((Labels("cases", ("630308[495000-801000]", "1,234 kg", "none so far")),), "t")
    ran = run(
        'table.derive(t, n=number(cases), low=number(before(after(cases, "["), "-")))', t=table
    )
    assert texts(ran, "n") == ["630308", "1234", None]
    assert texts(ran, "low") == ["495000", None, None]


@pytest.mark.parametrize(
    ("written", "part", "wanted"),
    [
        ("2024-02-29", "day", "29"),
        ("15-May-2017", "month", "5"),
        ("19-Jan-18", "year", "2018"),
        ("Sep 17, 2017", "weekday", "7"),
        ("2015-07-24 11:40:51", "hour", "11"),
        ("20240131", "month", "1"),
        ("00:01:30", "seconds", "90"),
        ("Apr 13  2017 12:00:00 AM", "hour", "0"),
        ("1996-04", "quarter", "2"),
        ("31/01/2015 00:00", "month", "1"),
        ("1970-01-02", "day_number", "1"),
    ],
)
def test_dates_as_people_write_them(written, part, wanted):
    table = Table((Labels("when", (written, None)),), "t")
    ran = run(f"table.date_part(t, column=when, part={part})", t=table)
    assert texts(ran, f"when_{part}") == [wanted, None]


def test_a_date_that_may_be_day_or_month_first_is_refused():
    table = Table((Labels("when", ("01/02/2015", "03/04/2015")),), "t")
    with pytest.raises(InputError, match="day first or month first"):
        run("table.date_part(t, column=when, part=month)", t=table)


@pytest.mark.parametrize(
    ("method", "wanted"),
    [("mean", "10.64285714285714"), ("median", "10.1"), ("forward", "10.5"), ("backward", "14.0")],
)
def test_missing_cells_are_filled_each_way_named(method, wanted):
    ran = run(f"table.fill_missing(t, columns=[thickness], method={method})", t=LOTS)
    assert float(texts(ran, "thickness")[3]) == pytest.approx(float(wanted))
    assert ran["filled"] == 1


def test_words_are_filled_with_the_mode_or_a_constant():
    assert (
        texts(run("table.fill_missing(t, columns=[line], method=mode)", t=LOTS), "line")[6] == "B"
    )
    ran = run('table.fill_missing(t, columns=[line], method=constant, value="none")', t=LOTS)
    assert texts(ran, "line")[6] == "none"
    with pytest.raises(InputError, match="holds words"):
        run("table.fill_missing(t, columns=[line], method=mean)", t=LOTS)


def test_bins_hold_their_upper_edge():
    table = Table((Sample("x", ("0", "1", "2", "3", "4")),), "t")
    ran = run("table.bin(t, column=x, bins=2)", t=table)
    assert (texts(ran, "x_bin"), ran["counts"]) == (["1", "1", "1", "2", "2"], [3, 2])


def test_one_hot_columns_add_to_one_where_the_word_is_known():
    ran = run("table.encode(t, columns=[line])", t=LOTS)
    assert texts(ran, "line_A") == ["1", "0", "1", "0", "0", "1", None, "0"]


# --- groups and shapes ----------------------------------------


def test_groups_are_aggregated_and_the_extremes_named():
    ran = run("table.group(t, by=[line], column=thickness, aggregate=mean)", t=LOTS)
    assert (ran["groups"], ran["n"]) == (["A", "B"], [3, 3])
    assert ran["max_group"] == "B"
    assert ran["rows_without_group"] == 1


def test_values_are_counted_most_frequent_first():
    ran = run("table.value_counts(t, column=line)", t=LOTS)
    assert (ran["levels"], ran["counts"], ran["missing"]) == (["B", "A"], [4, 3], 1)
    assert run("table.value_counts(t, column=line, at_least=4)", t=LOTS)["n_unique"] == 1


def test_an_overview_counts_the_missing_cells_of_each_column():
    ran = run("table.describe(t)", t=LOTS)
    assert ran["missing"] == [1, 0, 1, 0]
    assert ran["complete_rows"] == 6


def test_a_wide_table_becomes_long_and_wide_again():
    wide = Table(
        (Labels("part", ("p", "q")), Sample("a", ("1", "2")), Sample("b", ("3", None))), "t"
    )
    long = run("table.melt(t, columns=[a, b])", t=wide)
    assert long["rows_out"] == 3
    back = run("table.pivot(t, rows=part, columns=group, values=value)", t=long.result.data)
    assert back.result.data.columns == wide.columns


def test_a_join_keeps_unmatched_rows_only_if_asked_and_counts_them():
    prices = Table((Labels("line", ("A", "C")), Sample("price", ("5", "6"))), "prices")
    inner = run("table.join(t, u, on=[line])", t=LOTS, u=prices)
    assert (inner["rows_out"], inner["matched"], inner["unmatched"]) == (3, 3, 5)
    left = run("table.join(t, u, on=[line], how=left)", t=LOTS, u=prices)
    assert left["rows_out"] == 8
    assert texts(left, "price")[1] is None


# --- refusals ----------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("table.filter(t, where=thicknes > 1)", "no column 'thicknes'; did you mean 'thickness'?"),
        ("table.derive(t, x=line*2)", "line holds words, not numbers (row 1: 'A')"),
        ("table.derive(t, x=logg(speed))", "no column function 'logg'"),
        ("table.derive(t, x=sqrt(speed, 2, 3))", "sqrt does not take 3 argument(s)"),
        ("table.derive(t, x=lag(speed, 50))", "from 1 to 8"),
        ("table.filter(t, where=line > 3)", "compares a word with a number"),
        ("table.derive(t, x=month(line))", "no dates"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(text, words):
    with pytest.raises(InputError) as refusal:
        run(text, t=LOTS)
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


# --- properties ----------------------------------------

numbers = st.none() | st.decimals(-1000, 1000, allow_nan=False, places=2).map(str)
tables = st.integers(2, 8).flatmap(
    lambda n: st.tuples(
        st.lists(numbers, min_size=n, max_size=n),
        st.lists(numbers, min_size=n, max_size=n),
        st.lists(st.none() | st.sampled_from(["a", "b", "c"]), min_size=n, max_size=n),
    ).map(
        lambda c: Table(
            (Sample("x", tuple(c[0])), Sample("y", tuple(c[1])), Labels("w", tuple(c[2]))), "t"
        )
    )
)
ONE_NUMBER = (
    "ln log10 log2 exp sqrt abs sign floor ceil round sin mean median sd var sum min max count lag lead diff "
    "pct_change cumsum rolling_mean rank zscore minmax is_missing"
).split()


@settings(max_examples=60, deadline=None)
@given(tables, st.sampled_from(ONE_NUMBER))
def test_every_function_of_numbers_agrees_with_pandas(table, function):
    if function == "rolling_mean" and table.n_rows < 3:
        return
    run(f"table.derive(t, new={function}(x))", t=table)  # the audit recomputes by pandas


def test_values_whose_squares_overflow_keep_their_spread():
    table = Table((Sample("x", ("0.00", "355.24", "700")),), "t")
    derived = run("table.derive(t, new=exp(x))", t=table)
    assert derived["sd"] == [pytest.approx(5.85567149822002e303, rel=1e-12)]


@settings(max_examples=40, deadline=None)
@given(
    tables,
    st.sampled_from(
        ["x + y", "x*y - 3", "x/y", "where(x > y, x, y)", "coalesce(x, y)", "max(x, y)"]
    ),
)
def test_every_operator_agrees_with_numpy(table, text):
    run(f"table.derive(t, new={text})", t=table)


@settings(max_examples=40, deadline=None)
@given(
    tables,
    st.sampled_from(["x > 0", 'x > y and w == "a"', 'x <= y or w != "b"', "not(x > 0) == 1"]),
)
def test_filtering_and_counting_agree_and_lose_no_row(table, condition):
    kept = run(f"table.filter(t, where={condition})", t=table)
    assert kept["rows_out"] + kept["dropped"] == table.n_rows
    assert run(f"table.count(t, where={condition})", t=table)["count"] == kept["rows_out"]


@settings(max_examples=30, deadline=None)
@given(tables, st.sampled_from(["mean", "median", "sum", "count", "sd", "range"]))
def test_groups_agree_with_pandas(table, aggregate):
    if all(w is None for w in table.column("w").items):
        return
    run(f"table.group(t, by=[w], column=x, aggregate={aggregate})", t=table)


@settings(max_examples=30, deadline=None)
@given(tables)
def test_sorting_filling_and_reshaping_agree_with_pandas(table):
    run("table.sort(t, by=[w, x])", t=table)
    run("table.drop_duplicates(t, columns=[w])", t=table)
    run("table.fill_missing(t, columns=[x, w], method=forward)", t=table)
    run("table.melt(t, columns=[x, y])", t=table)
    run("table.describe(t)", t=table)


def test_every_function_that_is_offered_can_be_called():
    table = Table((Sample("x", ("1", "2", "3")), Labels("w", ("2024-01-02",) * 3)), "t")
    forms = ("f(x)", "f(w)", "f(x, 2)", 'f(w, "-")', "f(x > 1, x, 0)", "f(x, x)", "f(x, 0.5)")
    for function in known_functions():
        worked = 0
        for form in forms:
            try:
                evaluate(expression(form.replace("f(", f"{function}(", 1)), table, Trace())
                worked += 1
            except InputError:
                continue
        assert worked, function


# --- the audit ----------------------------------------


def test_the_audit_sees_a_changed_cell():
    ran = run("table.derive(t, double=2*speed)", t=LOTS)
    column = Sample("double", ("2", "4", "6", "8", "10", "12", "14", "17"))
    data = dataclasses.replace(ran.result.data, columns=(*LOTS.columns, column))
    corrupted = dataclasses.replace(ran.result, data=data)
    assert not all(c.passed for c in ran.operation.audit(ran.arguments, corrupted))


def test_the_audit_sees_a_row_too_many():
    ran = run("table.filter(t, where=speed > 4)", t=LOTS)
    rows = (3, 4, 5, 6, 7)
    corrupted = dataclasses.replace(ran.result, data=LOTS.take(rows), extra={"rows": rows})
    assert not all(c.passed for c in ran.operation.audit(ran.arguments, corrupted))


def test_pandas_gives_the_same_group_means():
    ran = run("table.group(t, by=[line], column=thickness, aggregate=mean)", t=LOTS)
    frame = pd.DataFrame({"w": LOTS.column("line").items, "x": LOTS.sample("thickness").values})
    assert ran["values"] == pytest.approx(frame.groupby("w")["x"].mean().tolist())


DATES = Table(
    (
        Labels("day", ("2024-01-31", "2024-02-29", "2024-02-01", "2023-02-01", None)),
        Labels("line", ("A", "A", "B", "A", "B")),
        Sample("y", ("1", "2", "4", "8", "3")),
    )
)


@pytest.mark.parametrize(
    ("part", "groups", "values"),
    [
        ("month", ["1", "2"], [1, 14]),
        ("year", ["2023", "2024"], [8, 7]),
        ("year_month", ["2023-02", "2024-01", "2024-02"], [8, 1, 6]),
        ("weekday", ["3", "4"], [9, 6]),
    ],
)
def test_dates_make_groups_by_a_part_of_them(part, groups, values):
    program = f"table.group(t, by=day, part={part}, column=y, aggregate=sum)"
    found = run(program, t=DATES).result.values
    assert found["groups"] == groups
    assert found["values"] == values
    assert found["rows_without_group"] == 1


def test_a_part_of_dates_beside_words_makes_their_groups_together():
    found = run("table.group(t, by=[line, day], part=month, column=y)", t=DATES).result.values
    assert found["groups"] == ["A / 1", "A / 2", "B / 2"]
    assert found["values"] == [1, 5, 4]


def test_a_part_of_no_dates_is_refused():
    with pytest.raises(InputError, match="no month to take"):
        run("table.group(t, by=line, part=month, column=y)", t=DATES)
