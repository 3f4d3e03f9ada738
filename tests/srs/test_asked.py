"""What a request asks for by name stands in the first paragraph and at the head of the quantities."""

from __future__ import annotations

import pytest
from srs.answering import answered

from havoc.srs.markdown import label
from havoc.srs.places import stripped

SUMMARY = "r1 = stats.describe(x=[12, 15, 15, 11, 14, 60, 13, 15, 12, 14])"


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ("mean, median and mode of these", "As asked: mode 15."),
        ("what is the interquartile range?", "As asked: interquartile range 2.75."),
        (
            "the variance and the geometric mean please",
            "As asked: variance 218.8, geometric mean 15.53.",
        ),
        ("IQR and Q3", "As asked: iqr 2.75."),
        (
            "is it skewed? skewness?",
            "As asked: skewness 3.107 (positive skewness: the longer tail is on the right).",
        ),
    ],
)
def test_a_quantity_asked_for_by_name_is_told_at_once(request_: str, said: str) -> None:
    state = answered(SUMMARY, request_)
    first, table = stripped(state.answer).split("\n\n")[:2]
    assert first.endswith(said)
    assert all(c.passed for c in state.checks)
    head = [row.split("|")[2].strip() for row in table.split("\n")[2:5]]
    assert any(cell[:4] in said for cell in head)


def test_nothing_is_added_where_the_conclusion_tells_it() -> None:
    assert "As asked" not in answered(SUMMARY, "mean and median of these").answer


def test_an_ordinary_word_or_an_input_asks_for_no_quantity() -> None:
    program = "r1 = stats.t_test_one(x=[502, 498, 505, 499, 503], target=500, alpha=0.01)"
    assert (
        "As asked" not in answered(program, "total of points, rows, alpha 0.01: off target?").answer
    )


def test_the_errors_of_a_line_are_told_when_asked_for() -> None:
    program = "r1 = stats.regression(y=[2.3, 3.9, 6.2, 7.8, 10.1], x=[10, 20, 30, 40, 50])"
    first = stripped(answered(program, "fit a line, RMSE and Durbin-Watson").answer).split("\n\n")[
        0
    ]
    assert "As asked: rmse " in first
    assert "durbin watson " in first


def test_a_label_ends_before_a_bracket_that_its_mark_stands_in() -> None:
    assert (
        label("lower limit of Cohen's d (noncentral t; by inversion)") == "lower limit of Cohen's d"
    )
    assert label("mean (of all); rounded") == "mean (of all)"
