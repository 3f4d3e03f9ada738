"""Differential equations, gradients, propagated uncertainty, whole numbers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statements import run

from havoc.errors import InputError
from havoc.tools.table_io import read_table_bytes


def test_cooling_follows_newtons_law_however_the_derivative_is_written() -> None:
    wanted = 20 + 70 * math.exp(-1.2)
    for left in ("dT", "dT/dt", "d*T/d*t"):
        found = run(f"r = maths.ode({left} == 0.1*(20 - T), where=T(0) == 90, at=12)")
        assert found["values"] == [pytest.approx(wanted, rel=1e-9)]
        assert found["expression"] == "20 + 70*exp(-0.1*t)"


def test_a_second_derivative_by_x_squared_is_read() -> None:
    found = run("r = maths.ode(d^2*y/d*x^2 + 4*y == 0, initial=[1, 0], at=1)")
    assert found["variable"] == "x"
    assert found["values"] == [pytest.approx(math.cos(2))]


def test_van_der_pol_is_integrated_numerically() -> None:
    # Hairer and Wanner: y(2000) for mu = 1000 is stiff; at mu = 1 the explicit method follows it.
    found = run("r = maths.ode(d2y == (1 - y^2)*dy - y, initial=[2, 0], at=10)")
    assert found["method"] == "numerical integration"
    assert found["values"] == [pytest.approx(-2.008340784, rel=1e-6)]


def test_a_solution_that_blows_up_on_the_way_is_refused() -> None:
    with pytest.raises(InputError, match="grows without"):
        run("r = maths.ode(dy == y^2 + exp(y), initial=[1], at=5)")


@pytest.mark.parametrize("name", ["rank", "determinant", "inverse", "eigenvalues", "svd"])
def test_a_table_with_a_missing_cell_is_no_matrix(name: str) -> None:
    table = read_table_bytes(b"a,b\n1,2\n,3\n", "t.csv")
    with pytest.raises(InputError, match="no missing cells: `a`, row 2"):
        run(f"r = maths.{name}(t)", t=table)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("maths.ode(y == 3*x)", "derivative"),
        ("maths.ode(3*y)", "differential equation is needed"),
        ("maths.ode(d2y == -y, initial=[1], at=2)", "2 initial values"),
        ("maths.ode(dy == sin(y^2) + t, variable=t)", "no closed form"),
        ("maths.gcd([4, 2.5])", "whole numbers"),
        ("maths.modular_inverse(6, modulus=9)", "divisible by 3"),
        ("maths.error_propagation(m/V, values=[1], uncertainty=[0.1, 0.2])", "2 values"),
        ("maths.error_propagation(m/V, values=[1, 0], uncertainty=[0.1, 0.2])", "no value there"),
        (
            "maths.error_propagation(x*y, values=[1, 2], uncertainty=[1, 1], "
            "correlation=[[1, 2], [2, 1]])",
            "contradict",
        ),
    ],
)
def test_what_cannot_be_is_refused(call: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        run(f"r = {call}")


def test_uncertainty_of_a_quotient_adds_relative_variances() -> None:
    found = run("r = maths.error_propagation(m/V, values=[12.53, 4.82], uncertainty=[0.02, 0.05])")
    relative = math.hypot(0.02 / 12.53, 0.05 / 4.82)
    assert found["relative_percent"] == pytest.approx(100 * relative)


def test_gum_example_h2_resistance_of_simultaneous_measurements() -> None:
    # JCGM 100:2008, example H.2: R = V/I cos(phi) from correlated V, I, phi
    found = run(
        "r = maths.error_propagation(V/I*cos(phi), values=[4.9990, 0.019661, 1.04446], "
        "uncertainty=[0.0032, 0.0000095, 0.00075], "
        "correlation=[[1, -0.36, 0.86], [-0.36, 1, -0.65], [0.86, -0.65, 1]])"
    )
    assert found["value"] == pytest.approx(127.732, abs=5e-3)
    assert found["uncertainty"] == pytest.approx(0.071, abs=2e-3)


@settings(max_examples=40, deadline=None)
@given(n=st.integers(2, 10**12))
def test_factors_multiply_back(n: int) -> None:
    found = run(f"r = maths.prime_factors({n})")
    product = math.prod(p**k for p, k in zip(found["primes"], found["exponents"], strict=True))
    assert product == n


@settings(max_examples=40, deadline=None)
@given(a=st.integers(1, 10**9), b=st.integers(1, 10**9))
def test_gcd_times_lcm_is_the_product(a: int, b: int) -> None:
    found = run(f"r = maths.gcd([{a}, {b}])")
    assert found["gcd"] * found["lcm"] == a * b


def test_gradient_of_a_saddle() -> None:
    found = run("r = maths.gradient(x^2 - y^2, at=[1, 1])")
    assert found["values"] == [2, -2]
    assert found["hessian_eigenvalues"] == [-2, 2]


@pytest.mark.parametrize(
    ("integral", "value"),
    [
        ("abs(x), x, -1, 2", 2.5),
        ("abs(x - 1), x, 0, 3", 2.5),
        ("sign(x), x, -1, 2", 1.0),
        ("floor(x), x, 0, 3", 3.0),
        ("max(x, 0), x, -1, 2", 2.0),
        ("exp(-abs(x)), x, -oo, oo", 2.0),
    ],
)
def test_integrals_go_across_kinks_and_jumps(integral: str, value: float) -> None:
    assert run(f"r = maths.integrate({integral})")["value"] == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize("integrand", ["abs(x)", "abs(x^2 - 1)", "max(x, 0)*x"])
def test_antiderivatives_are_joined_where_their_pieces_meet(integrand: str) -> None:
    # The audit differentiates them on both sides of the places where the pieces meet.
    assert run(f"r = maths.integrate({integrand}, x)")["method"] == "closed form"


def test_an_inverse_transform_with_an_impulse_is_refused() -> None:
    with pytest.raises(InputError, match="impulse"):
        run("r = maths.laplace(5, direction=inverse)")
