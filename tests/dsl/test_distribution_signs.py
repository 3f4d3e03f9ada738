"""Distributions in the sign of a function, percentiles, shares and counts in words are read as they are meant."""

from __future__ import annotations

import time

import pytest

from havoc.dsl.grounding.ground import ground
from havoc.dsl.grounding.notation import plain_notation
from havoc.dsl.labels import labels_of


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("X ~ Bin(12, 0.25)", "binomial distribution with n = 12 and p = 0.25"),
        ("X ~ B(12, 0.25)", "binomial distribution with n = 12 and p = 0.25"),
        ("quartile of Gamma(2.5, 4)", "gamma distribution with shape 2.5 and scale 4"),
        ("Gamma(shape=2.5; scale=4)", "gamma distribution with shape 2.5 and scale 4"),
        ("Weibull(2.2, 900) lives", "weibull distribution with shape 2.2 and scale 900"),
        ("Weibull(900, 2.2) lives", "weibull distribution with shape 2.2 and scale 900"),
        ("Poisson(6.5)", "poisson distribution with mean 6.5"),
        ("T ~ t(9)", "t distribution with 9 degrees of freedom"),
        ("chi2(7)", "chi-square distribution with 7 degrees of freedom"),
        ("arrivals ~ U(3, 9)", "uniform distribution from 3 to 9"),
        ("X ~ N(80, sd 3)", "normal with mean 80 and sd 3"),
    ],
)
def test_a_distribution_in_the_sign_of_a_function_is_put_in_words(written: str, meant: str) -> None:
    assert meant in plain_notation(written)


@pytest.mark.parametrize(
    "written", ["gamma(5)", "f(2)", "t(0) = 3", "Bin(3, 4)", "U(2, 7) and exp(2)"]
)
def test_functions_and_values_stay_as_they_are(written: str) -> None:
    assert plain_notation(written) == written


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        ("the 95th percentile of a normal with mean 8 and sd 2", ["95%", "8", "2"]),
        ("5th and 95th percentiles of the lot, mean 8", ["5%", "95%", "8"]),
        ("about seven percent of seventy pieces", ["7%", "70"]),
        ("one percent scrap among ninety", ["1%", "90"]),
        ("half a percent", ["0.5%"]),
        ("the 3rd subgroup of the 25th", ["3", "25"]),
    ],
)
def test_percentiles_and_shares_in_words_are_shares(request_text: str, expected: list[str]) -> None:
    numbers = [s.value for s in ground(request_text).of("n")]
    assert [f"{n.text}{n.unit or ''}" for n in numbers] == expected


@pytest.mark.parametrize(
    ("request_text", "counts"),
    [
        ("2 of 30 lamps fail; I take 4. Chance that none of the 4 fails?", True),
        ("how likely is it that none is bad among 4?", True),
        ("none of the charts shows a signal. chance?", False),
    ],
)
def test_none_of_them_is_a_count_where_a_probability_is_asked_for(
    request_text: str, counts: bool
) -> None:
    assert ("exactly 0" in plain_notation(request_text)) is counts


def test_hedges_stand_between_a_name_and_its_number() -> None:
    grounded = ground("sigma is about 4, s around 3, coverage roughly 90 %")
    names = [labels_of(grounded)[s.token] for s in grounded.of("n")]
    assert ["sd" in n or "coverage" in n for n in names] == [True, True, True]


def test_a_long_request_of_brackets_is_read_at_once() -> None:
    text = "Gamma(" * 2500 + "beta(1, " * 600
    begun = time.perf_counter()
    plain_notation(text[:20_000])
    assert time.perf_counter() - begun < 1.0
