"""Which input a number is called: before it, behind it, in lists of either, and that taught programs agree."""

from __future__ import annotations

import re

import pytest

from havoc.curriculum.generator import all_lessons, examples
from havoc.dsl.grounding.ground import ground
from havoc.dsl.labels import _BEHIND, _named, labels_of
from havoc.tools.operation import operations
from havoc.tools.values import Sample, Table


def _labels(request: str, operation: str) -> dict[str, set[str]]:
    """What the numbers are called among an operation's parameters, by the number as it was written."""
    grounded = ground(request)
    inputs = {p.name for p in operations()[operation].parameters}
    return {
        grounded.slot(slot).value.text: set(names & inputs)
        for slot, names in labels_of(grounded).items()
        if names & inputs
    }


@pytest.mark.parametrize(
    ("request_text", "operation", "expected"),
    [
        (
            "plan: AQL 1.5%, alpha 5%, LTPD = 7%, beta: 10%",
            "quality.sampling_plan",
            {"1.5": {"aql"}, "5": {"alpha"}, "7": {"ltpd"}, "10": {"beta"}},
        ),
        (
            "n=31, x-bar 14.2 and s of 0.4, upper tolerance bound",
            "quality.tolerance_summary",
            {"31": {"n"}, "14.2": {"mean"}, "0.4": {"sd"}},
        ),
        (
            "screening design with 9 factors 20 runs",
            "doe.plackett_burman",
            {"9": {"n_factors"}, "20": {"runs"}},
        ),
        ("25 runs in the center", "doe.plackett_burman", {}),
        ("f = 0.3 power .85, 5 groups", "stats.sample_size_anova", {".85": {"power"}}),
        ("the average of 14 results is 8.1", "stats.t_test_one_summary", {}),
        (
            "ARL of a 3-sigma chart after a 1 sigma mean shift",
            "spc.arl_shewhart",
            {"3": {"L"}, "1": {"shift"}},
        ),
        ("ARL with a shift of 1.5", "spc.arl_shewhart", {"1.5": {"shift"}}),
        ("a training set (80%) and a testing set (20%)", "stats.holdout", {"20": {"test_share"}}),
        ("use 70% for training and 30% for testing", "stats.holdout", {"30": {"test_share"}}),
        (
            "2 factors, 5 center points, 3 blocks",
            "doe.full_factorial",
            {"2": {"n_factors"}, "5": {"centers"}, "3": {"blocks"}},
        ),
        (
            "full factorial, 4 factors at 3 levels",
            "doe.full_factorial",
            {"4": {"n_factors"}, "3": {"levels", "level_counts"}},
        ),
        ("test_size=0.25, seed 7", "stats.holdout", {"0.25": {"test_share"}}),
    ],
)
def test_names_say_what_a_number_is(
    request_text: str, operation: str, expected: dict[str, set[str]]
) -> None:
    found = _labels(request_text, operation)
    assert {k.lstrip("0"): v for k, v in found.items()} == {
        k.lstrip("0"): v for k, v in expected.items()
    }


def test_a_column_is_what_its_name_says() -> None:
    table = Table(tuple(Sample(n, ("1", "2", "3")) for n in ("Part_No", "appraiser", "y", "Block")))
    grounded = ground("gauge study, see file", {"study": table})
    found = {grounded.slot(s).value.name: set(p) for s, p in labels_of(grounded).items()}
    assert found == {
        "Part_No": {"part"}, "appraiser": {"operator"}, "y": {"response"}, "Block": {"block"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "split-plot (B blocks, V varieties whole plot, N nitrogen subplot): F for V against whole plot error",
            {"B": {"block"}, "V": {"whole"}, "N": {"sub"}},
        ),
        ("Y is the yield; blocks: B", {"B": {"block"}}),
        ("block B, response Y", {"B": {"block"}, "Y": {"response"}}),
        ("V over blocks, N in blocks", {}),
    ],
)
def test_a_column_is_what_the_request_calls_it(text: str, expected: dict[str, set[str]]) -> None:
    table = Table(tuple(Sample(n, ("1", "2", "3")) for n in ("B", "V", "N", "Y")))
    grounded = ground(text, {"oats": table})
    found = {grounded.slot(s).value.name: set(p) for s, p in labels_of(grounded).items()}
    assert found == {"Y": {"response"}} | expected


def test_every_name_that_stands_behind_is_the_name_of_an_input() -> None:
    assert all((word,) in _named() for word in _BEHIND)


def test_what_is_taught_agrees_with_what_numbers_are_called() -> None:
    agreeing, against = 0, []
    for example in examples(all_lessons(), "labels", 700):
        labels, inputs, writing = labels_of(example.grounded), set[str](), ""
        for token in example.program:
            if token.startswith("<op:"):
                inputs = {p.name for p in operations()[token[4:-1]].parameters}
                writing = ""
            elif match := re.fullmatch(r"<p:(\w+)>", token):
                writing = match[1]
            elif writing and labels.get(token, frozenset()) & inputs:
                if writing in labels[token]:
                    agreeing += 1
                else:
                    against.append(f"{example.text} => {' '.join(example.program)}")
    assert agreeing > 100
    assert len(against) <= 0.03 * agreeing, "\n".join(against)
