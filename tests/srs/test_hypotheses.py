"""The alternative of a test as hypotheses are written."""

from __future__ import annotations

import pytest

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.ground import ground
from havoc.dsl.grounding.slots import request_words
from havoc.srs.hypotheses import said_alternative
from havoc.srs.said_choices import with_said_choices


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("H0: mu = 40, H1: mu > 40, n = 9", "greater"),
        ("H1 mu<12.5", "less"),
        ("Ha: p ≠ 0.2", "two_sided"),
        ("H_a: mean greater than 8", "greater"),
        ("alternative hypothesis: the mean is less than 3", "less"),
        ("H1: mu1 < mu2", "less"),
        ("H1: mu2 > mu1", "less"),
        ("Ha: mu1 - mu2 > 0", "greater"),
        ("H0: mu >= 100", "less"),
        ("H0: mu = 5, two samples", None),
        ("is the mean over 5?", None),
        ("H2 pressure > 4 bar in the hydrogen line", None),
    ],
)
def test_the_sign_of_a_written_hypothesis_is_the_alternative(
    text: str, expected: str | None
) -> None:
    assert said_alternative(request_words(ground(text).text)) == expected


def test_a_written_alternative_replaces_what_was_proposed() -> None:
    text = ground("n=12, xbar=7.1, s=0.4; H1: mu > 7").text
    call = ("<op:stats.t_test_one_summary>", "<p:alternative=less>", v.END_CALL)
    assert "<p:alternative=greater>" in with_said_choices(call, text)
