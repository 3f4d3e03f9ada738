from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havoc.dsl.constants import fold
from havoc.dsl.parser import parse
from havoc.errors import InputError


def folded(text: str):
    value = parse(f"f.g({text})").statements[0].arguments[0].value
    return fold(value, lambda name: pytest.fail(f"looked up {name}"))


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("1-95%", "0.05", None),
        ("95%", "95", "%"),
        ("-2.50", "-2.50", None),
        ("4/3", "4/3", None),
        ("1/8", "0.125", None),
        ("0.1+0.2", "0.3", None),
        ("-(1/4)", "-0.25", None),
        ("2*3 mm", "6", "mm"),
        ("6 mm / 2 mm", "3", None),
        ("10 bar + 5 bar", "15", "bar"),
        ("2^10", "1024", None),
        ("2^-2", "0.25", None),
        ("sqrt(2)", "1.4142135623730951", None),
        ("8^(1/3)", "2.0", None),
    ],
)
def test_constant_arithmetic_is_exact(text, number, unit):
    result = folded(text)
    assert (result.text, result.unit) == (number, unit)


@settings(max_examples=100, deadline=None)
@given(st.fractions(max_denominator=10**6), st.fractions(max_denominator=10**6))
def test_folding_agrees_with_rational_arithmetic(a: Fraction, b: Fraction):
    left = f"({a.numerator})/{a.denominator}"
    right = f"({b.numerator})/{b.denominator}"
    assert folded(f"{left} + {right}").exact == a + b
    assert folded(f"({left})*({right})").exact == a * b


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1/0", "division by zero"),
        ("0^-1", "division by zero"),
        ("5 bar + 3 mm", "units .* do not go together"),
        ("2 mm ^ 2", "units .* do not go together"),
        ("1e999", "beyond the largest number"),
        ("1e999999999", "too many digits"),
        ("10^400", "beyond"),
        ("9^9^9^9", "not a finite real number"),
        ("(-8)^(1/3)", "not a finite real number"),
        ("5 parsnips", "'parsnips' is not a known unit"),
        ("x == 3", "a number is needed, not x == 3"),
    ],
)
def test_arithmetic_that_has_no_number_is_refused(text, message):
    with pytest.raises(InputError, match=message):
        folded(text)
