"""GROUND reads the notations of drawings, textbooks and tables of designs."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havoc.dsl.grounding.ground import ground
from havoc.tools.values import Factor, Number, Range

QUICK = settings(max_examples=40, deadline=None)
cents = st.integers(1, 99999)
units = st.sampled_from(["", " mm", " kg", " bar", "mm"])


def decimal(value: int) -> str:
    return f"{value // 100}.{value % 100:02d}"


def interval(text: str) -> Range:
    """The one range of a request, with a name or without."""
    (found,) = ground(text).of("f", "r")
    value = found.value.range if isinstance(found.value, Factor) else found.value
    assert isinstance(value, Range)
    return value


def numbers(text: str) -> list[str]:
    return [s.value.text for s in ground(text).of("n")]


def exact(text: str) -> list[Fraction]:
    return [Fraction(n) for n in numbers(text)]


# ---- limits -------------------------------------------------------------------------------------------------


@QUICK
@given(
    st.integers(1000, 99999),
    st.integers(1, 400),
    st.integers(1, 400),
    st.sampled_from(
        [
            "{n} +{u}/-{d}{unit}",
            "{n} -{d}/+{u}{unit}",
            "{n}{unit} +{u}/−{d}",
            "{n} (+{u}/-{d}){unit}",
            "spec {n} +{u} -{d}{unit}",
            "{n}+{u}/-{d}{unit}",
            "Ø {n} +{u} -{d}",
        ]
    ),
    units,
)
def test_an_unequal_tolerance_is_the_range_that_it_allows(
    nominal: int, up: int, down: int, form: str, unit: str
) -> None:
    text = form.format(n=decimal(nominal), u=decimal(up), d=decimal(down), unit=unit)
    found = interval(f"is it capable? {text}")
    assert (found.low.exact, found.high.exact) == (
        Fraction(nominal - down, 100),
        Fraction(nominal + up, 100),
    )
    if "{unit}" in form and unit:
        assert found.unit == unit.strip()


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("shaft 20 +0.033/+0.020", "20.02", "20.033"),
        ("20 +0/-0.2", "19.8", "20"),
        ("20 +0.2/0", "20", "20.2"),
        ("24.5 mm +0.3 mm / -0.1 mm", "24.4", "24.8"),
    ],
)
def test_both_steps_may_have_the_same_sign_or_be_zero(text: str, low: str, high: str) -> None:
    found = interval(text)
    assert (found.low.text, found.high.text) == (low, high)


@pytest.mark.parametrize(
    "text",
    ["compute 24.5 + 0.3 - 0.1", "errors 1.5 +0.3 -0.1 0.2", "residuals 0.5 +0.3 -0.1", "5 + 3/4"],
)
def test_sums_and_lists_with_signs_are_no_tolerances(text: str) -> None:
    assert ground(text).of("f", "r") == []


@QUICK
@given(
    cents,
    st.integers(1, 5000),
    st.sampled_from(
        [
            "spec [{a}, {b}]",
            "spec limits [{a}; {b}]",
            "limits: [{a}, {b}]",
            "between [{a}, {b}]",
            "{a}≤x≤{b}",
            "{a} <= x <= {b}",
            "{a} < d < {b}",
            "it must hold that {a} ≤ width ≤ {b}",
        ]
    ),
)
def test_an_interval_keeps_its_ends(low: int, width: int, form: str) -> None:
    found = interval(form.format(a=decimal(low), b=decimal(low + width)))
    assert (found.low.exact, found.high.exact) == (
        Fraction(low, 100),
        Fraction(low + width, 100),
    )


def test_two_numbers_in_brackets_are_a_list_without_a_word_of_limits() -> None:
    (column,) = (s.value for s in ground("mean of [9.8, 10.2]").of("c"))
    assert column.texts == ("9.8", "10.2")


@pytest.mark.parametrize("text", ["P(3 <= X <= 8)", "P(9.8 < x < 10.2) for a normal"])
def test_the_event_of_a_probability_is_no_range(text: str) -> None:
    assert ground(text).of("f", "r") == []
    assert len(numbers(text)) == 2


@QUICK
@given(
    st.integers(100, 9999),
    st.integers(1, 20),
    st.sampled_from(["spec {n} ± {p}%", "{n} mm ± {p} %", "nominal {n} +/- {p}%"]),
)
def test_a_tolerance_in_percent_is_a_share_of_the_nominal(
    nominal: int, percent: int, form: str
) -> None:
    found = interval(form.format(n=decimal(nominal), p=percent))
    middle, half = Fraction(nominal, 100), Fraction(nominal * percent, 10000)
    assert (found.low.exact, found.high.exact) == (middle - half, middle + half)


def test_percent_of_a_quantity_in_percent_may_be_points_and_stays_so() -> None:
    assert str(interval("humidity 40 ± 5%")) == "35..45 %"
    assert str(interval("coverage 95% ± 2%")) == "93..97 %"


@QUICK
@given(
    cents,
    cents,
    st.sampled_from(
        [
            "LSL{a} USL{b}",
            "LSL={a}/USL={b}",
            "LSL {a} / USL {b}",
            "LSL={a}, USL={b}",
            "LSL: {a}; USL: {b}",
        ]
    ),
)
def test_limits_by_their_letters_are_two_numbers(a: int, b: int, form: str) -> None:
    text = form.format(a=decimal(a), b=decimal(b))
    assert exact(text) == [Fraction(a, 100), Fraction(b, 100)]


# ---- designs ------------------------------------------------------------------------------------------------

SUPER = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


@QUICK
@given(
    st.integers(4, 9),
    st.integers(1, 3),
    st.sampled_from(
        [
            "2^({k}-{p})",
            "2^{{{k}-{p}}}",
            "2**({k}-{p})",
            "2^{k}-{p}",
            "super",
            "a fractional factorial 2{k}-{p}",
            "2^{{{k}-{p}}}_{{IV}}",
        ]
    ),
)
def test_a_fraction_is_its_three_numbers(k: int, p: int, form: str) -> None:
    power = f"2{f'{k}-{p}'.translate(SUPER)}" if form == "super" else form.format(k=k, p=p)
    assert numbers(f"make a {power} design")[:3] == ["2", str(k), str(p)]


def test_figures_that_are_no_fraction_are_left() -> None:
    assert numbers("lines 25-1 and 26-2") == ["25", "1", "26", "2"]
    assert numbers("what is 2^5-1") == ["2", "5", "1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2³ full factorial", ["2", "3"]),
        ("PB12 for 9 factors", ["12", "9"]),
        ("PB-12", ["12"]),
        ("L9(3^4) array", ["3", "4"]),
        ("L18(2^1×3^7)", ["2", "1", "3", "7"]),
        ("L18 for 5 factors", ["5"]),
        ("3 x 4", ["3", "4"]),
        ("5×5×5", ["5", "5", "5"]),
        ("10x3x2 gauge study", ["10", "3", "2"]),
        ("10 parts x 3 operators x 2 trials", ["10", "3", "2"]),
        ("2 by 3", ["2", "3"]),
    ],
)
def test_sizes_of_designs_are_their_numbers(text: str, expected: list[str]) -> None:
    assert numbers(text) == expected
    assert ground(text).of("e") == []


words = st.text(st.sampled_from("ABC"), min_size=2, max_size=3).filter(
    lambda w: len(set(w)) == len(w)
)


@QUICK
@given(
    st.lists(words, min_size=1, max_size=3),
    st.sampled_from(["=", " = ", "=-"]),
    st.sampled_from([", ", "; ", " and ", ","]),
)
def test_generators_are_one_word_as_the_operation_takes_them(
    made: list[str], sign: str, joint: str
) -> None:
    said = [f"{letter}{sign}{word}" for letter, word in zip("DEF", made, strict=False)]
    found = ground(f"fractional factorial, 6 factors, {joint.join(said)}; list the runs")
    assert [s.value for s in found.of("s")] == [
        ", ".join(said).replace(" =", "=").replace("= ", "=")
    ]


@pytest.mark.parametrize(
    "text", ["PV=NRT", "F=MA design", "with E=IR", 'generators "D=AB, E=AC"', "the design has A=5"]
)
def test_other_equations_of_letters_are_no_generators(text: str) -> None:
    assert [s.value for s in ground(text).of("s")] in ([], ["D=AB, E=AC"])


def test_a_defining_relation_is_one_word_for_each_of_its_words() -> None:
    (word,) = ground("resolution of I = ABD = ACE").of("s")
    assert word.value == "I=ABD, I=ACE"


# ---- statistics ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("n=20, s²=4.5", "variance =", ["20", "4.5"]),
        ("n=20 s²=4.5", "variance =", ["20", "4.5"]),
        ("s^2 = 4.5", "variance =", ["4.5"]),
        ("σ²=4.5", "variance =", ["4.5"]),
        ("s₁² = 4.5", "variance 1 =", ["4.5"]),
        ("s1²=4.5, s2²=3.2", "variance 2 =", ["4.5", "3.2"]),
        ("x̄ = 10.2", "xbar =", ["10.2"]),
        ("X̄=10.2", "xbar =", ["10.2"]),
        ("x̄₁ = 10.1, x̄2=10.5", "xbar 2 =", ["10.1", "10.5"]),
        ("ȳ = 3", "ybar =", ["3"]),
        ("p̂=0.12", "phat =", ["0.12"]),
        ("1-beta=0.9", "power =", ["0.9"]),
        ("1 - β = .9, α = 0.05", "power =", ["0.9", "0.05"]),
        ("1−β=90%", "power =", ["90"]),
        ("n1=n2=20", "n 2 =", ["20", "20"]),
        ("n₁ = n₂ = n₃ = 8", "n 3 =", ["8", "8", "8"]),
        ("mu0 = 5", "mu 0 =", ["5"]),
        ("μ₀ = 5", "μ 0 =", ["5"]),
        ("H0: mu1 - mu2 = 0", "mu 2 =", ["0"]),
        ("H₀: μ = 50", "h 0 : μ =", ["50"]),
        ("r²=0.85", "r 2 =", ["0.85"]),
        ("R^2 = .9", "r 2 =", ["0.9"]),
        ("t(18)=2.31", "t (", ["18", "2.31"]),
        ("5 out of 120", "out of", ["5", "120"]),
        ("5/120 defective", "/", ["5", "120"]),
        ("a dozen parts", "dozen", ["12"]),
    ],
)
def test_statistics_are_words_and_numbers(text: str, words: str, expected: list[str]) -> None:
    found = ground(text)
    assert words in found.text
    assert numbers(text) == expected
    assert found.of("e") == []


@pytest.mark.parametrize("text", ["solve s^2 = 16", "solve r^2 = 16 for r", "solve σ² = 4"])
def test_a_square_to_be_solved_stays_an_equation(text: str) -> None:
    assert len(ground(text).of("e")) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("half a percent", "0.5"),
        ("half of a per cent", "0.5"),
        ("a quarter percent", "0.25"),
        ("one in a thousand", "0.001"),
        ("2 in a million", "0.000002"),
        ("3 per thousand", "0.003"),
        ("3‰", "0.003"),
        ("1.2e-3", "1.2e-3"),
        ("1.2E-03", "1.2e-3"),
        ("10^-3", "1e-3"),
        ("10⁻³", "1e-3"),
        ("10^6 cycles", "1e6"),
        ("12'500 units", "12500"),
        ("n = 1 250 000", "1250000"),
        ("1 250 mm", "1250"),
        ("1.234,5 mm", "1234.5"),
        ("12.500,75", "12500.75"),
    ],
)
def test_shares_powers_and_thousands_are_one_number(text: str, value: str) -> None:
    text = text.replace("1 250 mm", "1\u202f250 mm")
    assert exact(text) == [Fraction(value)]


@QUICK
@given(
    st.integers(-999, 999),
    st.integers(-12, 12),
    st.sampled_from(
        [
            "{m}×10^{e}",
            "{m} x 10^{e}",
            "{m}*10^{e}",
            "{m}·10^({e})",
            "{c}·10{s}",
            "{m} × 10{s}",
            "{m}·10^{{{e}}}",
        ]
    ),
)
def test_a_power_of_ten_is_read_exactly(hundredths: int, exponent: int, form: str) -> None:
    mantissa = f"{hundredths / 100:.2f}"
    text = form.format(
        m=mantissa, c=mantissa.replace(".", ","), e=exponent, s=str(exponent).translate(SUPER)
    )
    assert exact(f"alpha {text}") == [Fraction(f"{mantissa}e{exponent}")]


def test_one_in_a_number_stays_a_count_of_cases() -> None:
    assert numbers("1 in 1000") == ["1", "1000"]
    assert numbers("3 per 1000") == ["3", "1000"]


# ---- places -------------------------------------------------------------------------------------------------


@QUICK
@given(
    st.sampled_from(
        [
            "x̄ = 9.5, ",
            "n₁ = n₂ = 7, ",
            "2⁵⁻¹ design ",
            "half a percent, ",
            "∫₀¹ x² dx and ",
            "5×10⁻³, ",
            "1\r\n2\r\n",
        ]
    ),
    cents,
)
def test_a_slot_keeps_its_place_in_the_request_as_it_was_written(before: str, value: int) -> None:
    request = f"{before}the weight is {decimal(value)}kg"
    found = ground(request)
    slot = found.of("n")[-1]
    assert isinstance(slot.value, Number)
    assert request[slot.start : slot.end] == f"{decimal(value)}kg"
    assert found.request == request


@pytest.mark.parametrize("item", ["2. ", "3) ", "Q4: ", "Question 5. "])
def test_the_number_of_a_question_is_no_value(item: str) -> None:
    found = ground(item + "Is the mean of these above 10? 11 12 14 9 13")
    assert [s.value.text for s in found.of("n")] == ["10"]


def test_numbers_that_begin_a_request_are_values() -> None:
    assert [s.value.text for s in ground("5 factors, 2 levels each").of("n")] == ["5", "2"]
    assert [s.value.text for s in ground("2.5 Ohm is the limit").of("n")] == ["2.5"]


@pytest.mark.parametrize("words", ["degree-2 polynomial", "polynomial of order-2", "lag-2 terms"])
def test_a_number_joined_by_a_hyphen_is_read(words: str) -> None:
    (found,) = ground(f"fit a {words}").of("n")
    assert found.value.text == "2"


@pytest.mark.parametrize(
    "request_text",
    [
        "how many kPa are 5 bar",
        "5 bar as kPa",
        "5 bar -> kPa",
        "5 bar→kPa",
        "whats 5 bar in kPa pls",
    ],
)
def test_a_wanted_unit_is_read(request_text: str) -> None:
    found = ground(request_text)
    assert [s.value for s in found.of("s")] == ["kPa"]
    assert [str(s.value) for s in found.of("n")] == ["5 bar"]


def test_a_letter_after_as_is_a_name() -> None:
    assert not ground("take the log of a and keep it as t.").of("s")
