"""Small tables that are written in one line of a request."""

from __future__ import annotations

import pytest

from havoc.dsl.grounding.ground import ground
from havoc.dsl.grounding.short_tables import find_short_tables, find_verdicts


def columns(text: str) -> dict[str, tuple]:
    """The columns of the request's first table by name."""
    grounded = ground(text)
    (token,) = [s.token for s in grounded.of("t")]
    return {
        c.name: getattr(c, "texts", None) or getattr(c, "items", None)
        for c in grounded.tables[token].columns
    }


@pytest.mark.parametrize(
    "text",
    [
        "pareto: dents 12, runs in paint 30, burrs 5",
        "pareto of dents: 12; runs in paint: 30; burrs: 5",
        "12 dents, 30 runs in paint and 5 burrs, do an 80/20",
        "the vital few?\ndents (12)\nruns in paint (30)\nburrs (5)",
    ],
)
def test_kinds_with_their_counts(text):
    got = columns(text)
    assert got["category"] == ("dents", "runs in paint", "burrs")
    assert got["count"] == ("12", "30", "5")


@pytest.mark.parametrize("text", ["dents 12, burrs 5, chips 9 on 20 parts", "pareto of column a"])
def test_no_counts_where_nothing_is_to_be_ranked(text):
    assert not ground(text).of("t")


@pytest.mark.parametrize("sign", [" ± ", "±", " +/- ", "+-"])
def test_parts_with_tolerances(sign):
    got = columns(f"worst case of 10{sign}0.1, 20{sign}0.15 and 5{sign}0.05")
    assert got == {"nominal": ("10", "20", "5"), "tolerance": ("0.1", "0.15", "0.05")}


def test_named_factors_with_tolerances_stay_factors():
    grounded = ground("design with heat 175 ± 25, time 30 ± 5, speed 100 ± 10")
    assert not grounded.of("t")
    assert len(grounded.of("f")) == 3


def test_named_rows_of_a_design():
    got = columns("evaluate A B C: 1 1 1, 1 -1 -1, -1 1 -1, -1 -1 1")
    assert got == {
        "A": ("1", "1", "-1", "-1"),
        "B": ("1", "-1", "1", "-1"),
        "C": ("1", "-1", "-1", "1"),
    }


@pytest.mark.parametrize(
    "text", ["kappa of 45 5 | 8 42", "kappa: 45 5 / 8 42", "kappa 45, 5 | 8, 42"]
)
def test_rows_of_counts_between_bars(text):
    assert columns(text) == {"x1": ("45", "8"), "x2": ("5", "42")}


def test_labelled_lists_between_bars_stay_lists():
    assert columns("A: 1 2 3 | B: 4 5 6") == {"A": ("1", "2", "3"), "B": ("4", "5", "6")}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ann: P P F P F; Bob: P F F P F", ("Ann", "Bob")),
        ("A P P F P F ; B P F F P F", ("A", "B")),
        (
            "inspector 1 = p, p, f, p, f\ninspector 2 = p, f, f, p, f",
            ("inspector 1", "inspector 2"),
        ),
    ],
)
def test_verdicts_of_raters(text, names):
    got = columns(text)
    assert tuple(got) == names
    assert list(got.values()) == [("p", "p", "f", "p", "f"), ("p", "f", "f", "p", "f")]


@pytest.mark.parametrize(
    "text", ["a p p f p f and nothing else", "A: P P F P; B: P F F P F", "yes no yes"]
)
def test_no_verdicts_of_one_rater_or_of_unequal_lists(text):
    assert not ground(text).of("g")


@pytest.mark.parametrize("piece", ["a b ", "1 2 ", "p f ", "a b: 1 1, ", "pareto ", "12 a b "])
def test_long_requests_end(piece):
    """Matching is bounded from each place; without bounds this takes longer than a test may."""
    text = piece * 20_000
    assert not find_short_tables(text)
    find_verdicts(text)
