"""Names of methods in a request."""

from __future__ import annotations

import pytest

from havoc.curriculum.generator import all_lessons, examples
from havoc.curriculum.method_names import LEAST, candidates, counted
from havoc.dsl.grounding.ground import ground
from havoc.dsl.methods import (
    ABSENT,
    SHORT,
    absent_method,
    method_names,
    method_words,
    named_methods,
)
from havoc.tools.operation import operations


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("defects per unit -- c-chart please", {"spc.c"}),
        ("Mann-Whitney on these", {"stats.mann_whitney"}),
        ("X-bar/R or X-bar/S chart?", set()),
        ("c chart or np chart?", {"spc.c", "spc.np"}),
        ("path of steepest ascent", {"doe.steepest_ascent", "maths.gradient"}),
        ("a chart of it", set()),
    ],
)
def test_a_name_stands_for_the_operations_that_are_meant_by_it(text: str, meant: set[str]) -> None:
    assert named_methods(ground(text).text) == meant


def test_every_name_is_declared_and_means_operations_that_exist() -> None:
    assert set(method_names()) <= candidates() | {tuple(name.split()) for name in SHORT}
    assert {o for meant in method_names().values() for o in meant} <= set(operations())


def test_fresh_taught_requests_mean_what_the_list_says() -> None:
    agreeing = against = 0
    for example in examples(all_lessons(), "methods", 700):
        meant = {t[4:-1] for t in example.program if t.startswith("<op:")}
        named = named_methods(example.text)
        if meant and named:
            agreeing += bool(meant & named)
            against += not meant & named
    assert agreeing > 100
    assert against <= 0.05 * agreeing


def test_names_that_mean_many_things_are_left_out() -> None:
    words = method_words("run chart of it")
    one = [(words, frozenset({"spc.run_chart"}))] * LEAST
    many = [(words, frozenset({f"spc.{k}"})) for k in "abcdefgh" for _ in range(LEAST)]
    assert counted(one)["run", "chart"] == ["spc.run_chart"]
    assert ("run", "chart") not in counted(many)
    assert counted(one[1:]) == {}  # too few to tell


def test_no_absent_method_has_the_name_of_an_operation() -> None:
    known = {" ".join(name) for name in method_names()}
    assert not known & set(ABSENT)
    assert absent_method(ground("PCA of these columns please").text) == "pca"
    assert absent_method(ground("is the mean of 1 2 3 above 2").text) is None
