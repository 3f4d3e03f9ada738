"""Data in the forms in which engineers paste them: censored lives, pairs, cells of several readings, coded levels."""

from __future__ import annotations

import pytest

from havoc.dsl.grounding.ground import ground
from havoc.dsl.grounding.lives import rewrite_lives
from havoc.dsl.grounding.pairs import find_pairs
from havoc.dsl.grounding.rewriting import Rewriting


def columns(text: str) -> dict[str, tuple]:
    """The columns of the request's one table by name."""
    grounded = ground(text)
    (token,) = [s.token for s in grounded.of("t")]
    return {
        c.name: getattr(c, "texts", None) or getattr(c, "items", None)
        for c in grounded.tables[token].columns
    }


def _numbers(text: str) -> list[str]:
    return [s.value.text for s in ground(text).of("n")]


# ---- lives --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "listed",
    [
        "31, 44+, 58, 60+, 71",
        "31 44+ 58 60+ 71",
        "31, >44, 58, > 60, 71",
        "31, 44 (censored), 58, 60 (c), 71",
        "31; 44 suspended; 58; 60 suspended; 71",
        "31\n44+\n58\n60+\n71",
    ],
)
def test_marked_times_are_suspended(listed):
    got = columns(f"Weibull fit of the lives {listed}\nplease")
    assert got["failed"] == ("31", "58", "71")
    assert got["suspended"][:2] == ("44", "60")


def test_a_star_marks_only_where_the_words_say_so():
    starred = columns("survival times 5 6* 8 9* 12 (* = censored), Kaplan-Meier")
    assert starred["suspended"][:2] == ("6", "9")
    assert "suspended" not in ground("reliability: 5 6* 8 9* 12").text


@pytest.mark.parametrize(
    "survivors",
    [
        "survivors at 900 900 900",
        "suspended: 900 (3 units)",
        "suspended at 900 (x3)",
        "censored: 900, 900, 900",
    ],
)
def test_survivors_of_one_time_are_counted(survivors):
    text = f"lognormal fit, failed at 210, 340, 415, 600; {survivors}"
    assert _numbers(text) == ["3", "900"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (
            "8 units on test 700 h. failures at 90, 210, 350, the rest still running. Weibull",
            ["5", "700"],
        ),
        (
            "Ten pumps were tested for 40 days; 7 failed at 3, 8, 12, 19, 20, 31, 36, others survived",
            ["3", "40"],
        ),
    ],
)
def test_the_rest_are_those_that_are_not_listed(text, numbers):
    got = ground(text)
    found = [s.value.text for s in got.of("n")]
    assert found[-2:] == numbers
    assert got.request == text  # places and words of the request are the ones that were written


@pytest.mark.parametrize(
    "text",
    ["5 + 3, 12 + 4", "failure rates of 3 in 200 + 5 in 100", "is x > 4, 5 and 6 in a failure?"],
)
def test_sums_and_comparisons_are_no_lives(text):
    rewriting = Rewriting(text)
    rewrite_lives(rewriting)
    assert rewriting.text == text


@pytest.mark.parametrize(
    "listed", ["20 (x3), 21, 19 (x2)", "20 (3x), 21, 19 (2 times)", "20 (×3); 21; 19 (×2)"]
)
def test_repeated_values_count_as_often(listed):
    assert columns(f"mean of {listed}")["x"] == ("20", "20", "20", "21", "19", "19")


# ---- pairs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "p chart, inspected/rejected: 80/3, 95/4, 70/6",
        "Shift: inspected / rejected\nearly: 80/3\nlate: 95/4\nnight: 70/6\np chart",
    ],
)
def test_a_heading_names_the_numbers_of_pairs(text):
    got = columns(text)
    assert got["inspected"] == ("80", "95", "70")
    assert got["rejected"] == ("3", "4", "6")


@pytest.mark.parametrize(
    "listed", ["3/80, 4/95, 6/70", "3 of 80; 4 of 95; 6 of 70", "3/80 4/95 6/70"]
)
def test_counts_out_of_what_was_inspected(listed):
    got = columns(f"p chart of defectives {listed}")
    assert got == {"count": ("3", "4", "6"), "inspected": ("80", "95", "70")}


def test_two_named_pairs_are_rows_of_a_table_of_counts():
    got = columns("old 88/12, new 79/21, pass/fail, is there a difference?")
    assert got == {"group": ("old", "new"), "pass": ("88", "79"), "fail": ("12", "21")}


def test_the_number_of_a_line_is_no_input():
    assert _numbers("Line 1: 9/150; line 2: 4/140. defect rates differ?") == [
        "9",
        "150",
        "4",
        "140",
    ]


def test_points_of_a_curve_behind_colons():
    assert columns("fit load : deflection 10:1.2; 20:2.1; 30:3.4") == {
        "load": ("10", "20", "30"),
        "deflection": ("1.2", "2.1", "3.4"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "2 level factorial: heat 150/180, time 20/40, speed 100/300",  # levels of factors
        "readings 8:15 9:30 10:45",  # times of day
        "integrate 1/2 + 3/4 x",
    ],
)
def test_levels_times_and_fractions_are_no_pairs(text):
    assert find_pairs(text) == ([], [])


def test_long_requests_end():
    for piece in ("1/2 ", "a 1/2, ", "1:2 ", "3 of ", "5+ "):
        text = "defect " + piece * 20_000
        tables, names = find_pairs(text)
        assert all(0 <= t.start < t.end <= len(text) for t in tables)
        assert all(text[a:b].isdigit() for a, b in names)
        lives = Rewriting("weibull " + piece * 20_000)
        rewrite_lives(lives)
        assert lives.text.startswith("weibull ")


# ---- tables -------------------------------------------------------------------------------------------------


def test_coded_levels_as_signs():
    got = columns("effects of\nA B y\n- - 5.1\n+ - 6.2\n- + 4.8\n+ + 7.0")
    assert got == {
        "A": ("-1", "1", "-1", "1"),
        "B": ("-1", "-1", "1", "1"),
        "y": ("5.1", "6.2", "4.8", "7.0"),
    }


def test_readings_in_one_cell_are_runs():
    got = columns("Heat  Dose  Yield\nlow   low   8, 9\nhigh  low   6, 7\nlow   high  5, 4")
    assert got["Heat"] == ("low", "low", "high", "high", "low", "low")
    assert got["Yield"] == ("8", "9", "6", "7", "5", "4")


@pytest.mark.parametrize(
    "text",
    [
        "gage R&R\nPart  Op A       Op B\n1     2.4 2.5    2.6 2.7\n2     3.4 3.5    3.6 3.7",
        "gage R&R\nPart | Op A | Op B\n1 | 2.4, 2.5 | 2.6, 2.7\n2 | 3.4, 3.5 | 3.6, 3.7",
    ],
)
def test_a_gage_study_by_part_and_operator(text):
    got = columns(text)
    assert got["operator"] == ("Op A", "Op A", "Op B", "Op B") * 2
    assert got["value"] == ("2.4", "2.5", "2.6", "2.7", "3.4", "3.5", "3.6", "3.7")


@pytest.mark.parametrize("heading", ["part,A1,A2,B1,B2", "part,A_1,A_2,B_1,B_2", "part,A,A,B,B"])
def test_columns_of_trials_of_a_gage_study(heading):
    got = columns(f"gauge study: {heading}\n1,2.4,2.5,2.6,2.7\n2,3.4,3.5,3.6,3.7")
    assert got["part"] == ("1", "2") * 4
    assert got["operator"] == ("A",) * 4 + ("B",) * 4
    assert got["value"] == ("2.4", "3.4", "2.5", "3.5", "2.6", "3.6", "2.7", "3.7")


def test_columns_of_trials_of_no_gage_study_stay():
    assert list(columns("compare\npart,A1,A2,B1\n1,2.4,2.5,2.6\n2,3.4,3.5,3.6")) == [
        "part",
        "A1",
        "A2",
        "B1",
    ]


def test_how_many_took_part_in_a_gage_study_is_no_input():
    text = "GRR, 2 operators, 5 parts, 3 trials, tolerance 4\npart,op,y\n1,A,2\n1,B,3\n2,A,4"
    assert _numbers(text) == ["4"]


def test_a_column_that_numbers_the_runs_is_left_out():
    table = "Run,Heat,Yield\n1,50,8\n2,70,9\n3,50,7\n4,70,6"
    assert list(columns(f"effects of\n{table}")) == ["Heat", "Yield"]
    assert list(columns(f"regress yield against run\n{table}")) == ["Run", "Heat", "Yield"]


@pytest.mark.parametrize("label", ["{}:00", "{}am", "S{}", "sample {}:"])
def test_lines_of_readings_are_subgroups(label):
    lines = "\n".join(f"{label.format(h)} 5.{h} 5.3 4.9" for h in (7, 8, 9))
    assert columns(f"xbar and R chart\n{lines}") == {
        "x1": ("5.7", "5.8", "5.9"),
        "x2": ("5.3",) * 3,
        "x3": ("4.9",) * 3,
    }


def test_one_value_behind_each_number_is_one_list():
    assert columns("trial 1: 4.2 trial 2: 4.4, trial 3 = 4.1") == {"trial": ("4.2", "4.4", "4.1")}


def test_a_letter_of_several_is_no_unit():
    got = columns("brand A: 1 2 3; brand B: 2 3 4; brand C: 5 6 7")
    assert list(got) == ["brand A", "brand B", "brand C"]


def test_a_list_is_not_called_what_a_number_is():
    grounded = ground("target 5 sigma 2, shift of one sigma: 4 5 6 7")
    assert [c.value.name for c in grounded.of("c")] == ["x"]
    assert "sigma <n1>" in grounded.text


@pytest.mark.parametrize(("said", "number"), [("at most one", "1"), ("exactly none", "0")])
def test_bounds_in_words(said, number):
    assert number in _numbers(f"probability of {said} in the sample")


# ---- designs ------------------------------------------------------------------------------------------------


def _factors(text: str) -> dict[str, tuple[str, ...]]:
    return {
        s.value.name: (s.value.range.low.text, s.value.range.high.text)
        if s.value.range
        else tuple(getattr(v, "text", v) for v in s.value.levels)
        for s in ground(text).of("f")
    }


@pytest.mark.parametrize(
    "listed",
    [
        "heat: 150, 200\ndose: 5, 9",
        "| factor | low | high |\n|---|---|---|\n| heat | 150 | 200 |\n| dose | 5 | 9 |",
        "heat,150,200\ndose,5,9",
        "heat\t150\t200\ndose\t5\t9",
        "- heat 150 to 200\n- dose 5 to 9",
        "heat {150, 200}, dose {5, 9}",
        "heat: 150 -> 200; dose: 5 -> 9",
    ],
)
def test_factors_listed_where_a_design_is_wanted(listed):
    grounded = f"full factorial design please\n{listed}\nwith 3 center points"
    assert _factors(grounded) == {"heat": ("150", "200"), "dose": ("5", "9")}


def test_the_middle_of_three_levels_is_the_centre_of_a_range():
    listed = "heat,150,175,200\ndose,5,7,9"
    assert _factors(f"Box-Behnken\n{listed}") == {"heat": ("150", "200"), "dose": ("5", "9")}
    assert _factors(f"L9 design\n{listed}")["heat"] == ("150", "175", "200")


@pytest.mark.parametrize(
    "text",
    [
        "compare these\nold: 150, 200\nnew: 5, 9",
        "analyse the design: yields\nheat: 150, 200\ndose: 5, 9",
    ],
)
def test_lists_of_readings_are_no_factors(text):
    assert not any(s.value.range for s in ground(text).of("f"))


@pytest.mark.parametrize(
    "listed",
    [
        "(1)=8, a=9, b=7, ab=6",
        "(1): 8; a: 9; b: 7; ab: 6",
        "(1) 8\na 9\nb 7\nab 6",
    ],
)
def test_responses_behind_treatment_labels(listed):
    assert columns(f"effects of {listed}") == {
        "A": ("-1", "1", "-1", "1"),
        "B": ("-1", "-1", "1", "1"),
        "y": ("8", "9", "7", "6"),
    }


def test_replicated_responses_behind_treatment_labels():
    got = columns("(1): 8 7\na: 9 9\nb: 7 6\nab: 6 5\neffects?")
    assert got["y"] == ("8", "7", "9", "9", "7", "6", "6", "5")
    assert got["A"] == ("-1", "-1", "1", "1") * 2


def test_readings_by_the_names_of_rows_and_columns():
    table = "     B1  B2  B3\nX    9.3 9.4 9.6\nY    9.5 9.7 9.9"
    got = columns(f"RCBD, blocks are columns\n{table}\nanova")
    assert got["row"] == ("X",) * 3 + ("Y",) * 3
    assert got["column"] == ("B1", "B2", "B3") * 2
    assert got["value"] == ("9.3", "9.4", "9.6", "9.5", "9.7", "9.9")
    assert list(columns(f"chi-square\n{table}")) == ["row", "B1", "B2", "B3"]


def test_rows_named_by_a_word_and_a_number_below_counted_columns():
    table = "Machine:  1     2     3\nDay 1    14.1  13.8  15.2\nDay 2    14.5  13.9  15.0"
    got = columns(f"days are blocks, do machines differ\n{table}")
    assert got["row"] == ("Day 1",) * 3 + ("Day 2",) * 3
    assert got["column"] == ("1", "2", "3") * 2
    assert got["value"] == ("14.1", "13.8", "15.2", "14.5", "13.9", "15.0")


def test_replicates_by_the_names_of_rows_and_columns():
    got = columns("two-way\n       low      high\nold    28 29    30 31\nnew    23 24    26 27")
    assert got["row"] == ("old",) * 4 + ("new",) * 4
    assert got["group"] == ("low", "low", "high", "high") * 2


# ---- lists --------------------------------------------------------------------------------------------------


def test_numbers_between_bars_are_a_list():
    (values,) = columns("mean of 8.2|8.4|8.1|8.6").values()
    assert values == ("8.2", "8.4", "8.1", "8.6")


@pytest.mark.parametrize(
    "listed", ["Mon 5, Tue 8, Wed 3", "Mon: 5; Tue: 8; Wed: 3", "mon 5 tue 8 wed 3"]
)
def test_values_behind_weekdays(listed):
    got = columns(f"rejects {listed}")
    assert got["value"] == ("5", "8", "3")


@pytest.mark.parametrize(
    "listed",
    [
        "men: 45 yes 55 no; women: 60 yes, 40 no",
        "men has 45 yes and 55 no, women has 60 yes and 40 no",
    ],
)
def test_counts_before_the_names_of_their_kinds(listed):
    assert columns(f"association? {listed}") == {
        "group": ("men", "women"),
        "yes": ("45", "60"),
        "no": ("55", "40"),
    }


def test_changes_behind_arrows():
    got = columns("paired: part 1: 20 -> 15, part 2: 30 -> 28, part 3: 25 -> 22")
    assert (got["before"], got["after"]) == (("20", "30", "25"), ("15", "28", "22"))


def test_points_are_percentages_where_shares_are_spoken_of():
    grounded = ground("sample size for a proportion within 3 points")
    assert [(s.value.text, s.value.unit) for s in grounded.of("n")] == [("3", "%")]


def test_an_article_is_no_column():
    grounded = ground("effects of a factorial\na,b,y\n-1,-1,5\n1,-1,6\n-1,1,7\n1,1,9")
    assert "of a factorial" in grounded.text


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("failure rate 2e-5 per hour, reliability over 1 year", ["2e-5", "8760"]),
        ("MTBF 5000 h; chance to survive 3 days", ["5000", "72"]),
        ("MTBF 5 years; reliability over 1 year", ["5", "1"]),  # one unit throughout
        ("12 accidents in 3 years, rate per hour worked?", ["12", "3"]),
    ],
)
def test_longer_times_beside_hours_of_life(text, numbers):
    assert _numbers(text) == numbers


# ---- rates, stacks and settings -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("failure rate 0.5% per 1000 h, reliability at 5000 h", "0.000005"),
        ("failure rate 2 % / 1000 hours, reliability at 5000 h", "0.00002"),
        ("50 FIT, reliability at 5000 h", "0.00000005"),
    ],
)
def test_rates_per_thousand_hours_and_in_fit(text, rate):
    assert _numbers(text) == [rate, "5000"]


def test_a_month_beside_hours_of_life():
    assert _numbers("MTTF = 2000 h, P(survive 3 months)?") == ["2000", "2190"]


def test_the_rest_with_their_number():
    got = ground(
        "5 of 8 units failed at 20, 31, 45, 52, 61 h, the remaining three still running at 70 h"
    )
    assert [s.value.text for s in got.of("n")][-2:] == ["3", "70"]


@pytest.mark.parametrize("mark", ["320*, 320* (* runout)", "320c, 320c (c censored)"])
def test_marks_that_are_explained(mark):
    assert "2 suspended at" in " ".join(
        w
        for w in ground(f"weibull of the lives 102, 145, 188, {mark}")
        .text.replace("<n0> ", "2 ")
        .split()
    )


def test_named_parts_of_a_stack():
    got = columns("tolerance stack: A 25±0.1, B 40±0.15, C 12±0.05")
    assert got == {"nominal": ("25", "40", "12"), "tolerance": ("0.1", "0.15", "0.05")}


def test_settings_with_their_unit_before_one_value():
    got = columns("hardness by depth: 1 mm 62, 2 mm 58, 3 mm 51")
    assert got == {"x": ("1", "2", "3"), "y": ("62", "58", "51")}


def test_the_order_of_the_runs_is_left_out_too():
    table = "Std,Run,A,y\n1,3,-1,5\n2,1,1,6\n3,4,-1,7\n4,2,1,8"
    assert list(columns(f"effects\n{table}")) == ["A", "y"]


def test_ten_pairs_are_what_is_listed():
    assert _numbers("four pairs, d: 0.9 0.4 1.2 0.3. is the mean difference zero") == []


def test_words_below_columns_of_numbers_are_no_row():
    got = columns("heat time yield\n150 10 62\n170 10 70\n150 20 66\nsteepest ascent direction")
    assert got == {
        "heat": ("150", "170", "150"),
        "time": ("10", "10", "20"),
        "yield": ("62", "70", "66"),
    }
