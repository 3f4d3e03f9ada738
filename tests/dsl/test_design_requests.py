"""How designs are asked for: what names a factor, and how often a run is made."""

from __future__ import annotations

import pytest

from havoc.dsl.grounding.ground import ground


@pytest.mark.parametrize("design", ["full factorial", "a Box-Behnken", "CCD", "screening design"])
def test_the_design_is_no_part_of_a_factors_name(design):
    factors = ground(f"{design} temp 20-40, pH 5-7").of("f")
    assert [f.value.name for f in factors] == ["temp", "pH"]


@pytest.mark.parametrize(
    ("said", "times"),
    [
        ("replicated twice", "2"),
        ("repeat everything twice", "2"),
        ("each run twice", "2"),
        ("every combination thrice", "3"),
    ],
)
def test_how_often_in_one_word(said, times):
    grounded = ground(f"2^3 factorial, {said}")
    assert grounded.of("n")[-1].value.text == times


def test_twice_alone_stays_a_word():
    assert not ground("twice the effect of the first").of("n")
