"""Hadamard and conference matrices, and the finite fields they are made from."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import numpy.typing as npt

IntMatrix = npt.NDArray[np.int64]

# First rows of four symmetric circulants A, B, C, D of order 23 with AA + BB + CC + DD = 92 I,
# found by search over power spectra (92 is the one order to 100 that needs this: Baumert, Golomb
# and Hall 1962).
_WILLIAMSON_23 = (
    "+++++-++---++---++-++++",
    "+-+++--++-+--+-++--+++-",
    "+-+--+++++----+++++--+-",
    "+--++-+-+------+-+-++--",
)


def prime_power(q: int) -> tuple[int, int] | None:
    """``9`` -> ``(3, 2)``; None if q is not the power of a prime."""
    p = next((d for d in range(2, q + 1) if q % d == 0), None)
    if p is None:
        return None
    n = 0
    while q % p == 0:
        q, n = q // p, n + 1
    return (p, n) if q == 1 else None


@cache
def field(q: int) -> tuple[IntMatrix, IntMatrix]:
    """Addition and multiplication tables of the field with ``q`` elements.

    Element ``e`` is the polynomial over the prime field whose coefficients are the digits of ``e``
    in base p; products are reduced by the first monic irreducible polynomial.
    """
    power = prime_power(q)
    if power is None:
        raise ValueError(f"there is no field of {q} elements")
    p, n = power
    digits = [tuple(e // p**i % p for i in range(n)) for e in range(q)]
    number = {d: e for e, d in enumerate(digits)}
    add = np.array(
        [
            [number[tuple((a + b) % p for a, b in zip(x, y, strict=True))] for y in digits]
            for x in digits
        ]
    )
    for low in itertools.product(range(p), repeat=n):
        times = np.array([[number[_product(x, y, low, p)] for y in digits] for x in digits])
        if all(len(set(row.tolist())) == q for row in times[1:]):
            return add, times
    raise AssertionError("an irreducible polynomial exists for every degree")


def _product(
    x: tuple[int, ...], y: tuple[int, ...], low: tuple[int, ...], p: int
) -> tuple[int, ...]:
    """Product of two polynomials modulo ``t^n + low``."""
    n = len(x)
    terms = [0] * (2 * n - 1)
    for (i, a), (j, b) in itertools.product(enumerate(x), enumerate(y)):
        terms[i + j] += a * b
    for degree in range(2 * n - 2, n - 1, -1):
        for i, c in enumerate(low):
            terms[degree - n + i] -= terms[degree] * c
        terms[degree] = 0
    return tuple(t % p for t in terms[:n])


@cache
def jacobsthal(q: int) -> IntMatrix:
    """Quadratic character of all differences of the field's elements."""
    add, times = field(q)
    squares = {int(times[e, e]) for e in range(1, q)}
    character = [0 if e == 0 else 1 if e in squares else -1 for e in range(q)]
    negative = [int(np.flatnonzero(add[e] == 0)[0]) for e in range(q)]
    return np.array([[character[int(add[i, negative[j]])] for j in range(q)] for i in range(q)])


def conference(n: int) -> IntMatrix | None:
    """A conference matrix of even order: zero diagonal, ±1 elsewhere, ``C C' = (n-1) I``.

    By Paley's construction, or by doubling a skew one; None where neither applies (22, 34 ...).
    """
    if prime_power(n - 1) and n % 2 == 0:
        s = jacobsthal(n - 1)
        c = np.zeros((n, n), dtype=np.int64)
        c[0, 1:] = 1
        c[1:, 0] = 1 if n % 4 == 2 else -1
        c[1:, 1:] = s
        return c
    if n % 8 == 0 and (half := conference(n // 2)) is not None and (half == -half.T).all():
        one = np.eye(n // 2, dtype=np.int64)
        return np.block([[half, half + one], [half - one, -half]])
    return None


@cache
def hadamard(n: int) -> IntMatrix:
    """A Hadamard matrix with first column and row all ones; n is 1, 2 or a multiple of 4 to 100.

    Paley (1933) I and II, Williamson for 92, doubling otherwise.
    """
    h = _hadamard(n)
    h = h * h[:, :1]
    return h * h[:1]


def _hadamard(n: int) -> IntMatrix:
    if n <= 2:
        return np.array([[1, 1], [1, -1]], dtype=np.int64)[:n, :n]
    if n % 4:
        raise ValueError(f"a Hadamard matrix has an order that is a multiple of 4, not {n}")
    if prime_power(n - 1):
        c = conference(n)
        assert c is not None
        return c + np.eye(n, dtype=np.int64)
    if n % 8 == 4 and prime_power(n // 2 - 1):
        c = conference(n // 2)
        assert c is not None
        one = np.eye(n // 2, dtype=np.int64)
        return np.block([[c + one, c - one], [c - one, -c - one]])
    if n == 92:
        return _williamson()
    half = hadamard(n // 2)
    return np.block([[half, half], [half, -half]])


def _williamson() -> IntMatrix:
    a, b, c, d = (
        np.array([np.roll([1 if ch == "+" else -1 for ch in row], i) for i in range(len(row))])
        for row in _WILLIAMSON_23
    )
    return np.block([[a, b, c, d], [-b, a, -d, c], [-c, d, a, -b], [-d, -c, b, a]])
