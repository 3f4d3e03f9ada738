"""GROUND tells numbers that count what is given, and names in series, from values."""

from __future__ import annotations

import pytest

from havoc.dsl.grounding.ground import ground


def numbers(request_text: str) -> list[str]:
    return [s.value.text for s in ground(request_text).of("n")]


@pytest.mark.parametrize(
    "request_text",
    [
        "cusum on the 5 readings 9.45, 7.99, 9.29, 11.66, 12.16; target 10",
        "5 repeats: 10.003 10.001 10.004 9.999 10.002. master 10",
        "these 5 measured values 1.5 2.5 3.5 1.5 2.5 against 10",
        "8 shots 1.5 2.5 3.5 1.5 2.5 1.8 1.9 2.2 against 10",
    ],
)
def test_the_count_of_a_given_list_is_no_value(request_text: str) -> None:
    assert numbers(request_text) == ["10"]


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        ("the first 5 readings of 1 2 3 4 5", "5"),
        ("6 runs of 1.5 2.5 3.5 1.5 2.5 2.2", "6"),
        ("4 readings: 1.5 2.5 3.5 1.5 2.5", "4"),
        ("5 values per subgroup: 1.5 2.5 3.5 1.5 2.5", "5"),
        ("samples of 5 values 1.5 2.5 3.5 1.5 2.5", "5"),
        ("1.5 2.5 3.5 1.5 2.5, is the mean 5?", "5"),
    ],
)
def test_other_numbers_beside_a_list_stay_values(request_text: str, expected: str) -> None:
    assert expected in numbers(request_text)


def test_two_by_two_is_a_kind_of_table_unless_it_is_a_design() -> None:
    assert numbers("2x2: old 1 fail, 9 pass; new 7 fail, 4 pass") == ["1", "9", "7", "4"]
    assert numbers("a 2x2 factorial please") == ["2", "2"]


@pytest.mark.parametrize("series", ["x1..x4", "x1 to x4", "x1, ..., x4", "x1-x4", "x1 … x4"])
def test_a_series_of_names_is_written_out(series: str) -> None:
    assert ground(f"quadratic model in {series} please").text.count("x") == 4


@pytest.mark.parametrize("formula", ["y = x1-x4", "x1-x2 over time", "a*x1 - x3*2"])
def test_a_difference_is_no_series(formula: str) -> None:
    assert "x 2 , x 3" not in ground(formula).text


@pytest.mark.parametrize(
    "written", ["~ N(25, 0.02)", "~N(25, 0.02²)", "follows N(25; 0.02^2)", "is N(μ=25, σ=0.02)"]
)
def test_a_normal_distribution_gives_its_mean_and_standard_deviation(written: str) -> None:
    found = ground(f"diameter {written}, share above 25.03?")
    assert numbers(f"diameter {written}, share above 25.03?") == ["25", "0.02", "25.03"]
    assert "mean <n0>" in found.text
    assert "sd <n1>" in found.text


def test_three_values_with_uncertainties_give_their_numbers() -> None:
    assert numbers("x = 19.9 ± 0.1, y = 7.8 ± 0.2, z = 14.7 ± 0.3: error of x*y/z") == [
        "19.9", "0.1", "7.8", "0.2", "14.7", "0.3",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        ("Do this:\n1. Drop duplicates.\n2. Fill with 7.\n3. Mean of x", ["7"]),
        ("Step 1: drop what is missing. Step 2: mean above 4. Then stop", ["4"]),
        ("(1) Drop it. (2) Mean above 8.", ["8"]),
        ("The mean is 2. Then compare it with 3. Is it larger?", ["2", "3"]),
    ],
)
def test_numbers_of_steps_are_no_values(request_text: str, expected: list[str]) -> None:
    assert numbers(request_text) == expected
