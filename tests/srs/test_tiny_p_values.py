"""A p value too small for a float is told as small, never as 0, wherever it is shown."""

from __future__ import annotations

import re

import pytest

from havoc.dsl.executor import run_text
from havoc.dsl.text import execution_text
from havoc.srs.markdown import filled, result_table, value_text, without_equals
from havoc.tools.result import vanished

PROGRAM = "t = stats.t_test_one_summary(n=400000, mean=12.05, sd=0.11, target=12)"


def test_the_text_of_a_run_says_that_p_is_small() -> None:
    text = execution_text(run_text(PROGRAM))
    assert "p < 1e-12)" in text
    assert re.search(r"\| p_value +\| < 1e-12 +\|", text)
    assert not re.search(r"p(_value)? *[=|] *0 *[|).]", text)


def test_an_answer_links_the_small_p_to_its_place() -> None:
    step = run_text(PROGRAM).steps[0]
    assert step.result.values["p_value"] == 0
    sentence = filled("p = {p_value}, t = {statistic}", step, frozenset())
    assert sentence.startswith("p < [1e-12](#v:t.p_value), t = [287.5]")
    assert value_text(step, "p_value", 0.0) == "< [1e-12](#v:t.p_value)"
    assert "< [1e-12](#v:t.tables.a.a.e)" in result_table(step, 0, step.result.tables[0], 5)


@pytest.mark.parametrize("key", ["p", "statistic", "difference"])
def test_a_zero_that_is_no_p_value_stays_zero(key: str) -> None:
    assert not vanished(key, 0.0)
    assert without_equals(f"x = {{{key}}}", {key: 0.0}) == f"x = {{{key}}}"


def test_a_p_value_that_is_not_zero_is_told() -> None:
    assert not vanished("p_value", 3e-200)
    text = execution_text(run_text("t = stats.t_test_one_summary(n=9, mean=13, sd=1, target=12)"))
    assert "< 1e-12" not in text
