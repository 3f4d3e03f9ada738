"""Rules by which a request wants its results judged."""

from __future__ import annotations

import time

import pytest

from havoc.dsl.criteria import Condition, judged_numbers, rules_of
from havoc.dsl.grounding.ground import ground


@pytest.mark.parametrize(
    ("request_text", "conditions"),
    [
        ("Call it capable if Cpk is at least 1.33.", [("cpk", ">=", 1.33, False)]),
        ("It passes when Cpk >= 1.33 and Ppk > 1.2", [("cpk", ">=", 1.33, False), ("ppk", ">", 1.2, False)]),
        ("Accept the gage if %GRR is below 10%", [("gage r&r", "<", 10.0, False)]),
        ("treat them as unrelated if |r| < 0.3", [("correlation", "<", 0.3, True)]),
        (
            "Regard the data as normal if the skewness does not matter and p is not less than 0.1",
            [],  # its first part is no comparison
        ),
        (
            "Regard it as normal if the skewness lies between -1 and 1",
            [("skewness", ">=", -1.0, False), ("skewness", "<=", 1.0, False)],
        ),
        ("If the p-value is not greater than 0.01, we reject the lot", [("p-value", "<=", 0.01, False)]),
        ("If R-squared exceeds 0.9 report a good fit", [("r-squared", ">", 0.9, False)]),
        ("If p is below 0.05 or r above 0.5, report it", []),  # either: not read
        ("If the p-value is less than 0.05, take the logarithm of the column", []),  # what to do, not to say
        ("Is there a difference if the mean is above 5 in one group?", []),
    ],
)  # fmt: skip
def test_conditions_are_comparisons_of_named_quantities(
    request_text: str, conditions: list[tuple[str, str, float, bool]]
) -> None:
    rules = rules_of(request_text)
    found = [(c.quantity, c.comparison, c.bound, c.absolute) for r in rules for c in r.conditions]
    assert found == conditions


def test_what_is_said_otherwise_stands_in_the_sentence_or_after_it() -> None:
    (one,) = rules_of("Call it capable if Cpk is at least 1.33, otherwise not capable.")
    assert one.otherwise == "not capable"
    first, second = rules_of(
        "Report a strong relation if r is above 0.8. Call it weak if r is below 0.3. Otherwise, say moderate."
    )
    assert (first.otherwise, second.otherwise) == ("", "say moderate")
    assert second.said == "weak"


def test_a_condition_compares_absolute_values_where_the_rule_says_so() -> None:
    assert Condition("correlation", "<", 0.3, absolute=True).holds(-0.2)
    assert not Condition("correlation", "<", 0.3, absolute=True).holds(-0.5)
    assert Condition("correlation", "<", 0.3).holds(-0.5)


def test_bounds_of_results_are_no_inputs_but_levels_of_significance_are() -> None:
    text = "Consider it linear if the p-value is less than 0.01 and the absolute value of r is at least 0.6."
    assert [text[a:b] for a, b in judged_numbers(text)] == ["0.6"]
    numbers = [s.value.text for s in ground(text).of("n")]
    assert numbers == ["0.01"]


def test_long_requests_are_read_in_time_that_grows_with_their_length() -> None:
    text = "call it good if the mean of the values is above the mean " * 3000
    began = time.process_time()
    assert rules_of(text) == ()
    assert list(judged_numbers(text)) == []
    assert time.process_time() - began < 5  # quadratic reading takes minutes
