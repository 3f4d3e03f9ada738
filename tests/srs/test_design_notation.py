"""What ``2^4`` and ``2^(6-2)`` are, and what a chart takes that no word speaks of."""

from __future__ import annotations

import pytest

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.ground import ground
from havoc.dsl.labels import labels_of
from havoc.srs.design_notation import takes_another_design, with_said_fraction
from havoc.srs.named_limits import taken_for_another, without_strange_center


def _call(*parts: str) -> tuple[str, ...]:
    return (*parts, v.END_CALL)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a 2^4 design, 2 replicates", [{"levels"}, {"n_factors"}]),
        ("2**4 factorial, randomised", [{"levels"}, {"n_factors"}]),
        ("3^(4-1) fraction", [{"levels"}, {"n_factors"}, {"generated"}]),
        ("2^{6-2} screening", [{"levels"}, {"n_factors"}, {"generated"}]),
        ("simplex lattice {4, 3}", [{"n_components"}, {"degree"}]),
        ("a (4,2) simplex lattice", [{"n_components"}, {"degree"}]),
    ],
)
def test_numbers_of_a_designs_notation_are_called_what_they_are(
    text: str, expected: list[set[str]]
) -> None:
    labels = labels_of(ground(text))
    assert [set(labels[f"<n{i}>"]) for i in range(len(expected))] == expected


def test_a_power_in_other_requests_is_no_design() -> None:
    assert labels_of(ground("what is 2^4 modulo 5")) == {}


def test_a_name_before_an_aside_names_the_number_behind_it() -> None:
    labels = labels_of(ground("effect (high less low) of 1.5, sd (within lots) = 0.4"))
    assert "effect" in labels["<n0>"]
    assert "sd" in labels["<n1>"]


@pytest.mark.parametrize(
    ("text", "fraction"),
    [("2^(5-1) plan", "half"), ("2^(6-2) runs", "quarter"), ("2^(7-4) design", "sixteenth")],
)
def test_generators_say_the_fraction(text: str, fraction: str) -> None:
    call = _call("<op:doe.fractional_factorial>", "<p:n_factors>", "<n1>")
    found = with_said_fraction(call, ground(text))
    assert f"<p:fraction={fraction}>" in found
    sized = _call("<op:doe.fractional_factorial>", "<p:n_factors>", "<n1>", "<p:runs>", "<d8>")
    assert with_said_fraction(sized, ground(text)) == sized


@pytest.mark.parametrize(
    ("operation", "text", "wrong"),
    [
        ("fractional_factorial", "run order of a 2^3 design", True),
        ("simplex_lattice", "run order of a 2^3 design", True),
        ("full_factorial", "run order of a 2^3 design", False),
        ("fractional_factorial", "half fraction of a 2^5 design", False),
        ("fractional_factorial", "a 2^(5-1) design", False),
    ],
)
def test_a_power_alone_is_the_whole_factorial(operation: str, text: str, wrong: bool) -> None:
    assert takes_another_design(_call(f"<op:doe.{operation}>"), ground(text)) == wrong


def test_the_base_of_a_power_is_no_number_of_replicates() -> None:
    call = _call("<op:doe.factorial_power>", "<p:replicates>", "<n0>", "<p:n_factors>", "<n1>")
    assert taken_for_another(call, ground("power of a 2^4 design")) == {"<n0>"}


def test_a_centre_that_nothing_speaks_for_is_left_out() -> None:
    text = "faults a shift (400 boards each): 12 9 15 11 8 14, c chart"
    call = _call("<op:spc.c>", "<p:center>", "<n0>", "<p:x>", "<c0>")
    assert without_strange_center(call, ground(text)) == _call("<op:spc.c>", "<p:x>", "<c0>")
    said = ground(text.replace("c chart", "c chart, centre 400"))
    assert "<p:center>" in without_strange_center(call, said)
