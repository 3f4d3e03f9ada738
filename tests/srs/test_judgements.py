"""Rules of the request about its results, told in the answer with the figures that meet them or do not."""

from __future__ import annotations

import pytest
from srs.answering import answered

from havoc.srs.places import links, stripped

READINGS = "[9.8, 10.1, 9.9, 10.4, 10.2, 9.7, 10.0, 10.3, 10.1, 9.9, 10.2, 9.8]"
CAPABILITY = f"r1 = quality.capability(x={READINGS}, lsl=9, usl=11)"
CORRELATION = "r1 = stats.correlation(x=[1, 2, 3, 4, 5, 6, 7, 8], y=[2, 1, 4, 3, 7, 5, 8, 6])"
MODEL = (
    "r1 = stats.regression(y=[1.1, 2.0, 2.9, 4.2, 5.1, 5.8, 7.1, 8.0],"
    " x=[[1, 2, 3, 4, 5, 6, 7, 8], [3, 1, 4, 1, 5, 9, 2, 6]])"
)


def _told(program: str, request: str) -> str:
    state = answered(program, request)
    assert state.status == "answered", state.answer
    assert all(c.passed for c in state.checks), [c for c in state.checks if not c.passed]
    found = [p for p in state.answer.split("\n\n") if "rule of the request" in p]
    assert len(found) <= 1
    return stripped(found[0]) if found else ""


def test_the_rule_that_is_met_is_quoted_with_its_figures() -> None:
    rules = (
        "Consider it weak if the absolute value of r is less than 0.5. "
        "Consider it strong if the absolute value of r is at least 0.5."
    )
    told = _told(CORRELATION, rules)
    assert "“Consider it strong if" in told
    assert "weak" not in told
    assert "the correlation is 0.8" in told


@pytest.mark.parametrize(
    ("rule", "meant"),
    [
        ("Call it capable if Cpk is at least 9.33, otherwise call it marginal", "so call it marginal"),
        ("Consider the process to be capable if Cpk is at least 9.33", "so not capable"),
        ("Call it capable if Cpk is at least 9.33. If not, sort the lot.", "so sort the lot"),
    ],
)  # fmt: skip
def test_a_rule_that_fails_says_what_the_request_says_of_it(rule: str, meant: str) -> None:
    told = _told(CAPABILITY, rule)
    assert "does not apply" in told
    assert meant in told


def test_a_rule_on_each_predictor_is_told_for_each_but_the_constant() -> None:
    told = _told(MODEL, "Call a predictor to be significant if its p-value is below 0.05 for each.")
    assert told.count("significant, its p-value is") == 2
    assert "not significant" in told
    assert "ntercept" not in told


def test_results_that_a_rule_does_not_speak_of_are_not_judged() -> None:
    assert _told(CORRELATION, "Call it capable if Cpk is at least 1.33") == ""
    assert _told(CAPABILITY, "Is the process capable?") == ""


def test_numbers_of_a_judgement_lead_to_what_they_show() -> None:
    state = answered(CAPABILITY, "It passes if Cpk is above 0.1 and the mean is above 5")
    paragraph = next(p for p in state.answer.split("\n\n") if "rule of the request" in p)
    assert {(link.step, link.key) for link in links(paragraph)} == {("r1", "cpk"), ("r1", "mean")}
