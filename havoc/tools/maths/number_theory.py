"""Whole numbers: greatest common divisor, prime factors, arithmetic modulo a number."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import reduce
from typing import Annotated, Any

import sympy

from havoc.errors import InputError
from havoc.tools.maths.answers import bounded
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.result import Result, table_of
from havoc.tools.values import Sample

_HARDY = "Hardy and Wright (2008), An Introduction to the Theory of Numbers, 6th ed., "
LARGEST = 10**18
# These bases make the Miller-Rabin test a proof below 3.3e24 (Sorenson and Webster 2017).
_BASES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)


def _whole(x: Sample) -> list[int]:
    if x.n_missing:
        raise InputError(f"'{x.name}' has empty cells")
    for i, value in enumerate(x.exact, 1):
        if value.denominator != 1 or value == 0 or abs(value) > LARGEST:
            raise InputError(
                f"whole numbers from 1 to 10^18 are needed; number {i} is {float(value):g}"
            )
    return [abs(int(v)) for v in x.exact]


def _euclid(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a


def _verify_gcd(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Euclid's algorithm; the reported numbers divide and are divided, exactly."""
    numbers = _whole(arguments["x"])
    gcd = reduce(_euclid, numbers)
    lcm = reduce(lambda a, b: a // _euclid(a, b) * b, numbers)
    found = int(result.values["gcd"]), int(result.values["lcm"])  # type: ignore[arg-type]
    left = sum(n % found[0] for n in numbers) + sum(found[1] % n for n in numbers)
    return {
        "gcd": gcd,
        "lcm": lcm,
        "n": len(numbers),
        "exactly": Invariant(float(abs(found[0] - gcd) + abs(found[1] - lcm) + left), 0.0),
    }


@operation(
    "maths.gcd",
    outputs={
        "gcd": "greatest common divisor",
        "lcm": "least common multiple",
        "n": "how many numbers",
    },
    reference=_HARDY + "sections 2.9 and 5.1",
    verifier=_verify_gcd,
    examples=("r = maths.gcd([84, 36, 120])",),
    terms=("greatest common divisor", "gcd", "lcm", "least common multiple", "common factor"),
)
def gcd(x: Annotated[Sample, Param("whole numbers", min_length=2)]) -> Result:
    """Find the greatest common divisor and the least common multiple of whole numbers."""
    numbers = _whole(x)
    if len(numbers) < 2:
        raise InputError("at least two numbers are needed")
    multiple = math.lcm(*numbers)
    if multiple > 10**300:
        raise InputError("the least common multiple is too large (more than 300 digits)")
    return Result(
        {"gcd": math.gcd(*numbers), "lcm": multiple, "n": len(numbers)},
        "The greatest common divisor is {gcd}, the least common multiple {lcm}.",
    )


def is_prime(n: int) -> bool:
    """Miller and Rabin's test with bases that make it a proof in this range."""
    if n < 2:
        return False
    for p in _BASES:
        if n % p == 0:
            return n == p
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in _BASES:
        x = pow(base, odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def _verify_factors(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The factors are primes and their product is the number, exactly."""
    n = arguments["n"]
    primes: list[int] = list(result.values["primes"])  # type: ignore[call-overload, arg-type]
    powers: list[int] = list(result.values["exponents"])  # type: ignore[call-overload, arg-type]
    product = math.prod(p**k for p, k in zip(primes, powers, strict=True))
    totient, divisors, rest = n, 1, n
    for p in primes:
        power = 0
        while rest % p == 0:
            rest, power = rest // p, power + 1
        totient, divisors = totient // p * (p - 1), divisors * (power + 1)
    again = "*".join(f"{p}^{k}" if k > 1 else f"{p}" for p, k in zip(primes, powers, strict=True))
    return {
        "primes": primes,
        "exponents": powers,
        "product": Invariant(float(abs(product - n)), 0.0),
        "all prime": Invariant(float(sum(not is_prime(p) for p in primes)), 0.0),
        "rising": Invariant(float(primes != sorted(set(primes))), 0.0),
        "expression": again or "1",
        "is_prime": is_prime(n),
        "n_divisors": divisors,
        "totient": totient,
        "n": n,
    }


@operation(
    "maths.prime_factors",
    outputs={
        "expression": "the factorisation",
        "primes": "the prime factors, rising",
        "exponents": "how often each divides the number",
        "is_prime": "whether the number is a prime",
        "n_divisors": "number of divisors",
        "totient": "Euler's totient: how many smaller numbers have no common factor with it",
        "n": "the number",
    },
    reference=_HARDY + "sections 1.3 and 5.5",
    verifier=_verify_factors,
    examples=("r = maths.prime_factors(360)", "r = maths.prime_factors(1000003)"),
    terms=("prime factorization", "is it prime", "prime number", "divisors", "totient"),
)
def prime_factors(
    n: Annotated[int, Param("whole number to factor", ge=1, le=LARGEST)],
) -> Result:
    """Factor a whole number into primes, and tell whether it is one."""
    found = bounded(lambda: sympy.factorint(n))
    if found is None:
        raise InputError(f"{n} could not be factored within the time allowed")
    factors = sorted((int(p), int(k)) for p, k in found.items())
    values = {
        "expression": "*".join(f"{p}^{k}" if k > 1 else f"{p}" for p, k in factors) or "1",
        "primes": [p for p, _ in factors],
        "exponents": [k for _, k in factors],
        "is_prime": len(factors) == 1 and factors[0][1] == 1,
        "n_divisors": math.prod(k + 1 for _, k in factors),
        "totient": math.prod(p ** (k - 1) * (p - 1) for p, k in factors),
        "n": n,
    }
    words = "{n} is a prime." if values["is_prime"] else "{n} = {expression}; it is not a prime."
    return Result(values, words, tables=(table_of("factors", ("prime", "exponent"), factors),))


def _verify_mod(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Square and multiply."""
    base, exponent, modulus = (arguments[k] for k in ("base", "exponent", "modulus"))
    residue = 1 % modulus
    for bit in bin(exponent)[2:]:
        residue = residue * residue % modulus
        residue = residue * base % modulus if bit == "1" else residue
    found = int(result.values["residue"])  # type: ignore[arg-type]
    return {"residue": residue, "exactly": Invariant(float(abs(found - residue)), 0.0)}


Modulus = Annotated[int, Param("modulus", ge=2, le=LARGEST)]


@operation(
    "maths.modular_power",
    outputs={"residue": "remainder from 0 to modulus - 1"},
    reference=_HARDY + "chapter 5",
    verifier=_verify_mod,
    examples=("r = maths.modular_power(7, exponent=222, modulus=11)",),
    terms=("modular exponentiation", "remainder", "modulo", "mod"),
)
def modular_power(
    base: Annotated[int, Param("whole number", ge=-LARGEST, le=LARGEST)],
    modulus: Modulus,
    exponent: Annotated[int, Param("power; 1 for the remainder itself", ge=0, le=LARGEST)] = 1,
) -> Result:
    """Compute the remainder of a whole number, or of a power of it, modulo a number."""
    return Result({"residue": pow(base, exponent, modulus)}, "The remainder is {residue}.")


def _verify_inverse(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Multiplied back it leaves 1, and only one number from 1 to the modulus does."""
    base, modulus = arguments["base"], arguments["modulus"]
    found = int(result.values["inverse"])  # type: ignore[arg-type]
    return {
        "inverse": found,
        "base times inverse": Invariant(float(base * found % modulus), 1.0, 0.0),
        "in range": Invariant(float(0 < found < modulus), 1.0, 0.0),
    }


@operation(
    "maths.modular_inverse",
    outputs={"inverse": "the number from 1 to modulus - 1 that gives remainder 1 with the base"},
    reference=_HARDY + "section 5.4",
    verifier=_verify_inverse,
    examples=("r = maths.modular_inverse(3, modulus=26)",),
    terms=("modular inverse", "multiplicative inverse modulo"),
)
def modular_inverse(
    base: Annotated[int, Param("whole number", ge=1, le=LARGEST)], modulus: Modulus
) -> Result:
    """Find the multiplicative inverse of a whole number modulo a number."""
    common = math.gcd(base, modulus)
    if common != 1:
        raise InputError(f"{base} has no inverse modulo {modulus}: both are divisible by {common}")
    return Result({"inverse": pow(base, -1, modulus)}, "The inverse is {inverse}.")
