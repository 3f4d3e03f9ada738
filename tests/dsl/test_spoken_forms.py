"""Products with a blank, initial values, uncertainties and levels as people type them are read as they are meant."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from havoc.dsl.grounding.ground import ground
from havoc.dsl.grounding.math_text import read_math
from havoc.dsl.labels import labels_of
from havoc.srs.symbol_values import with_symbol_values, without_doubles


def expressions(request: str) -> list[Any]:
    return [s.value for s in ground(request).of("e")]


def numbers(request: str) -> list[tuple[str, str | None]]:
    return [(s.value.text, s.value.unit) for s in ground(request).of("n")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("x^2 y + y^3", "x^2*y + y^3"),
        ("3x² y - 1", "3*x^2*y - 1"),
        ("x^2 y z", "x^2*y*z"),
        ("x e^-x", "x*e^(-x)"),
        ("2 e^(-3t)", "2*e^(-3*t)"),
        ("x (1 - x)", "x*(1 - x)"),
        ("(x+1) (x-2)", "(x+1)*(x-2)"),
        ("(2x^2 y)/(4 x y^2)", "(2*x^2*y)/(4*x*y^2)"),
        ("2 x + 3 y = 12", "2*x + 3*y = 12"),
        ("z = 4 - 2 x^2", "z = 4 - 2*x^2"),
        ("from 0 to 1 x^2", "x^2"),
        ("∫_0^1 (x^2 + 1) dx", "x^2 + 1"),
    ],
)
def test_a_blank_between_factors_is_a_product(written: str, meant: str) -> None:
    assert expressions(f"work with {written}, please") == [read_math(meant)]


@pytest.mark.parametrize(
    "request_text",
    [
        "mean 5 s 3 n 12",
        "lengths 3 h - 4 h",
        "n = 25 s = 4.1",
        "factors x 2 to 3 and y 4 to 5",
        "in run 5 x = 3 was used",
    ],
)
def test_numbers_with_names_and_units_stay_what_they_are(request_text: str) -> None:
    assert expressions(request_text) == []


@pytest.mark.parametrize(
    ("value", "slope"),
    list(
        product(("y(0) = 10", "y(0)=10", "y(t=0) = 10"), ("y'(0) = 3", "dy(0) = 3", "dy/dt(0) = 3"))
    ),
)
def test_initial_values_are_the_numbers_behind_the_sign(value: str, slope: str) -> None:
    request = f"y'' + 4y = 0, {value}, {slope}"
    assert numbers(request) == [("10", None), ("3", None)]
    labels = labels_of(ground(request))
    assert [labels[t] for t in ("<n0>", "<n1>")] == [{"initial"}] * 2


def test_a_probability_of_zero_is_no_initial_value() -> None:
    assert ("0", None) in numbers("P(0) = 0.3 for a Poisson count, what is lambda")


@pytest.mark.parametrize("sign", ["±", "+/-", "+-"])
def test_names_with_uncertainties_make_a_quotient_an_expression(sign: str) -> None:
    request = f"R = V/I with V = 12 {sign} 0.1, I = 2 {sign} 0.05"
    assert expressions(request) == [read_math("R = V/I")]
    assert [n for n, _ in numbers(request)] == ["12", "0.1", "2", "0.05"]
    assert expressions("A/B test with A = 5 and B = 6") == []


def test_concise_uncertainties_are_in_units_of_the_last_place() -> None:
    request = "uncertainty of m*a for m = 2.00(1) a = 9.8(12)"
    assert [n for n, _ in numbers(request)] == ["2.00", "0.01", "9.8", "1.2"]
    assert ("12", None) in numbers("levels 9.8 (12) of the table")


@pytest.mark.parametrize(
    "order", [("V = 12 ± 0.1", "I = 2 ± 0.05"), ("I = 2 ± 0.05", "V = 12 ± 0.1")]
)
def test_values_are_given_in_the_order_of_the_symbols(order: tuple[str, str]) -> None:
    grounded = ground(f"uncertainty of V/I, {order[0]}, {order[1]}")
    text = {s.token: s.value.text for s in grounded.of("n")}
    program = "<op:maths.error_propagation> <p:expression> <e0> <p:values> <list> <n0> <n2> </list>"
    program += " <p:uncertainty> <list> <n1> <n3> </list> <)>"
    mended = with_symbol_values(tuple(program.split()), grounded)
    given = [text[t] for t in mended if t in text]
    assert given == ["12", "2", "0.1", "0.05"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("how many parts: power 90, alpha 5, sigma 2", [("90", "%"), ("5", "%"), ("2", None)]),
        ("sample size for power of 80 and confidence 95", [("80", "%"), ("95", "%")]),
        ("95 confidence limits please", [("95", "%")]),
        ("laser power 80, 90 and 100 W", [("80", "watt"), ("90", "watt"), ("100", "watt")]),
        ("power = 0.9, alpha 0.05, how many", [("0.9", None), ("0.05", None)]),
    ],
)
def test_levels_without_a_sign_are_percentages(
    words: str, expected: list[tuple[str, str | None]]
) -> None:
    found = numbers(words)
    assert found == expected or (words.startswith("laser") and ("80", "%") not in found)


def test_a_normal_distribution_in_brackets_is_said_in_words() -> None:
    labels = labels_of(ground("weights N(250, 4): share above 255"))
    assert "mean" in labels["<n0>"]
    assert "sd" in labels["<n1>"]


@pytest.mark.parametrize(
    ("sign", "parameter"),
    [("<=", "at_most"), ("≤", "at_most"), (">=", "at_least"), ("≥", "at_least")],
)
def test_a_bound_that_holds_its_end_is_not_a_strict_one(sign: str, parameter: str) -> None:
    labels = labels_of(ground(f"P(X {sign} 13) for a Poisson count"))["<n0>"]
    assert labels - {"lsl", "usl"} == {parameter}  # beside a specification it is a limit of it


def test_a_function_equal_to_something_is_an_equation() -> None:
    assert expressions("solve cos(x) = x near 0.7") == [read_math("cos(x) = x")]


def test_an_initial_value_is_not_the_place_of_the_solution_too() -> None:
    grounded = ground("y'' + 4y = 0, y(0) = 10, y'(0) = 3")
    program = "<op:maths.ode> <p:equations> <e0> <p:initial> <list> <n0> <n1> </list>"
    doubled = tuple(f"{program} <p:at> <n0> <)>".split())
    assert without_doubles(doubled, grounded) == tuple(f"{program} <)>".split())
    asked = ground("y'' + 4y = 0, y(0) = 10, y'(0) = 3, value at 7")
    wanted = tuple(f"{program} <p:at> <n2> <)>".split())
    assert without_doubles(wanted, asked) == wanted


def test_a_ratio_of_several_numbers_is_a_list_and_a_time_is_none() -> None:
    grounded = ground("expected 9:3:3:1, found 315 108 101 32")
    lists = [list(s.value.texts) for s in grounded.of("c")]
    assert lists == [["9", "3", "3", "1"], ["315", "108", "101", "32"]]
    assert ground("it began at 9:30:00 today").of("c") == []


def test_hypothesised_spreads_are_told_from_those_found() -> None:
    labels = labels_of(ground("n 25, stdev 1.37, hypothesized stdev 1.25"))
    assert "sigma" in labels["<n2>"]
    assert labels_of(ground("compute P(13 ≤ X ≤ 20)")).get("<n0>") is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("d^2/dx^2 of e^(-x^2)", "second derivative of <e0> <#expr>"),
        ("d³/dt³ of sin(2t)", "third derivative of <e0> <#expr>"),
        ("d^2/dx^2 of x^3*y", "second derivative with respect to <v0> of <e0> <#expr>"),
        ("17^-1 mod 43", "inverse of <n0> <#int> mod <n1> <#int>"),
    ],
)
def test_exponents_that_are_no_powers_are_said_in_words(written: str, meant: str) -> None:
    assert ground(written).text == meant


def test_the_inverse_of_a_matrix_in_brackets_is_said_in_words() -> None:
    assert ground("[[1,2],[3,4]]^-1").text.startswith("inverse of <t0>")


def test_words_with_uncertainties_make_an_expression() -> None:
    request = "speed = distance/time; distance 100 ± 0.5 m, time 9.8 ± 0.1 s"
    assert expressions(request) == [read_math("distance/time")]


def test_a_start_other_than_zero_is_told_from_the_value_there() -> None:
    labels = labels_of(ground("y' = y - x with y(1) = 2, give y at 3"))
    assert labels["<n0>"] == {"start"}
    assert labels["<n1>"] == {"initial"}


def test_points_in_brackets_have_an_x_and_a_y() -> None:
    columns = ground("line through (1,2.1),(2,3.9),(3,6.2)").of("c")
    assert [c.value.name for c in columns] == ["x", "y"]


def test_pairs_between_commas_are_points_where_the_words_speak_of_a_line() -> None:
    pairs = "1 2.2, 2 3.9, 3 6.1, 4 8.2"
    columns = ground(f"regression {pairs}").of("c")
    assert [(c.value.name, list(c.value.texts)) for c in columns] == [
        ("x", ["1", "2", "3", "4"]),
        ("y", ["2.2", "3.9", "6.1", "8.2"]),
    ]
    assert [len(c.value.texts) for c in ground(f"mean of {pairs}").of("c")] == [8]


def test_a_second_derivative_keeps_its_order() -> None:
    grounded = ground("second derivative of sin(3x) at 0")
    program = ("<op:maths.diff>", "<p:expression>", "<e0>", "<p:at>", "<n0>", "<)>")
    assert with_symbol_values(program, grounded) == (*program[:-1], "<p:order>", "<d2>", "<)>")
    first = ground("derivative of sin(3x) at 0")
    assert with_symbol_values(program, first) == program


def test_a_list_behind_a_numbered_name_in_brackets_has_that_name() -> None:
    columns = ground("is sample 1 (23, 25, 28, 22) below sample 2 (30, 27, 31, 29)?").of("c")
    assert [c.value.name for c in columns] == ["sample 1", "sample 2"]


def test_a_yield_behind_a_comma_is_a_name() -> None:
    columns = ground("temp 20 30 40 50, yield 61 66 70 77. which at 45?").of("c")
    assert [c.value.name for c in columns] == ["temp", "yield"]


def test_expected_and_found_counts_are_told_by_their_names() -> None:
    labels = labels_of(ground("expected: 25 25 25 25, found: 30 20 28 22"))
    assert labels["<c0>"] == {"expected", "proportions"}
    assert labels["<c1>"] == {"observed"}


def test_fewer_than_is_a_strict_bound() -> None:
    assert labels_of(ground("fewer than 13 calls when 16 are usual"))["<n0>"] == {"below"}


@pytest.mark.parametrize(
    ("words", "slot"),
    [
        ("15 accidents in 3 years", "<n1>"),
        ("out of 1000 mails 31 bounced", "<n0>"),
        ("45 of 300 customers complained", "<n1>"),
        ("12 bad parts of 200", "<n1>"),
    ],
)
def test_what_events_are_counted_in_is_no_count_of_them(words: str, slot: str) -> None:
    assert {"exposure", "n"} <= labels_of(ground(words))[slot]


@pytest.mark.parametrize("words", ["a life of 900 and a slope of 2.1", "a shift of 2.5 in mean"])
def test_a_quantity_behind_of_is_not_what_events_are_counted_in(words: str) -> None:
    assert all("exposure" not in p for p in labels_of(ground(words)).values())


@pytest.mark.parametrize("words", ["99 % CI of the mean", "95% limits of sigma", "90% upper limit"])
def test_a_percentage_before_an_interval_is_its_level(words: str) -> None:
    assert labels_of(ground(words))["<n0>"] == {"confidence", "alpha"}


@pytest.mark.parametrize("words", ["95% tolerance limits", "limits, 95% coverage", "95% of them"])
def test_other_percentages_are_no_levels_of_an_interval(words: str) -> None:
    assert "confidence" not in labels_of(ground(words)).get("<n0>", ())
