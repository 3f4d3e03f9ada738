"""Tests of life in a shorter time: acceleration by temperature, and demonstration tests of a Weibull life."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

import mpmath
from scipy import special

from havoc.errors import InputError, NeedsClarification
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.quality.specs import Confidence
from havoc.tools.result import Assumption, Result, Value
from havoc.tools.stats.power_functions import smallest

BOLTZMANN = 8.617333262e-5  # eV/K, CODATA 2018
ZERO_CELSIUS = 273.15
MOST_UNITS = 10**7


def _verify_arrhenius(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The two reaction rates themselves and their quotient, in 30 digits."""
    with mpmath.workdps(30):
        k = mpmath.mpf("8.617333262e-5")

        def rate(celsius: float) -> Any:
            kelvin = mpmath.mpf(repr(celsius)) + mpmath.mpf("273.15")
            return mpmath.exp(-mpmath.mpf(repr(arguments["energy"])) / (k * kelvin))

        factor = rate(arguments["stress"]) / rate(arguments["use"])
        again = {"factor": float(factor), "energy": arguments["energy"]}
        if arguments["hours"] is not None:
            again["use_hours"] = float(factor * mpmath.mpf(repr(arguments["hours"])))
        if arguments["life"] is not None:
            again["test_hours"] = float(mpmath.mpf(repr(arguments["life"])) / factor)
        return {k: Recomputed(v, 1e-9) for k, v in again.items()}


@operation(
    "quality.arrhenius",
    outputs={
        "factor": "acceleration factor: hours in use that one hour of test stands for",
        "use_hours": "time in use that the test time stands for",
        "test_hours": "test time that stands for the wanted life",
        "energy": "activation energy in eV",
    },
    reference="JEDEC JEP122H (2016), section 5; NIST/SEMATECH e-Handbook 8.1.5.1",
    verifier=_verify_arrhenius,
    examples=(
        "a = quality.arrhenius(use=55, stress=125, energy=0.7)",
        "a = quality.arrhenius(use=40, stress=105, energy=0.6, hours=1000)",
    ),
    terms=("Arrhenius", "acceleration factor", "accelerated life test", "activation energy"),
)
def arrhenius(
    use: Annotated[float, Param("temperature in use", unit="degC", gt=-273)],
    stress: Annotated[float, Param("temperature of the test", unit="degC", gt=-273)],
    energy: Annotated[float, Param("activation energy in eV", gt=0, le=5)],
    hours: Annotated[float | None, Param("test time, to express as time in use", gt=0)] = None,
    life: Annotated[float | None, Param("life in use that the test must stand for", gt=0)] = None,
) -> Result:
    """Acceleration factor of a life test at a higher temperature (Arrhenius model).

    AF = exp((Ea/k) (1/T_use - 1/T_stress)) with temperatures in kelvin and k = 8.617333e-5 eV/K.
    """
    if stress <= use:
        raise InputError(f"the test at {stress:g} degC must be hotter than the use at {use:g} degC")
    warm, hot = use + ZERO_CELSIUS, stress + ZERO_CELSIUS
    factor = math.exp(energy / BOLTZMANN * (hot - warm) / (hot * warm))
    values: dict[str, Value] = {"factor": factor, "energy": energy}
    words = "One hour of the test stands for {factor} hours in use"
    if hours is not None:
        values["use_hours"] = factor * hours
        words += "; the whole test for {use_hours}"
    if life is not None:
        values["test_hours"] = life / factor
        words += "; the wanted life needs {test_hours} hours of test"
    same = Assumption(
        "same failure mechanism at both temperatures",
        None,
        "a new mechanism at the test temperature (melting, another reaction) breaks the model",
    )
    energy_known = Assumption(
        "activation energy known",
        None,
        "the factor is very sensitive to it; tests at two or more temperatures estimate it",
    )
    return Result(values, words + ".", assumptions=(same, energy_known))


def _failing(n: int, failures: int, confidence: float) -> float:
    """Upper confidence limit of the share that fails in the test (Clopper and Pearson)."""
    return float(special.betaincinv(failures + 1, n - failures, confidence))


def _units(share: float, failures: int, confidence: float) -> int:
    """Fewest units with which at most ``failures`` failures show a failing share below ``share``."""
    return smallest(
        lambda n: -_failing(n, failures, confidence),
        -share,
        failures + 1,
        MOST_UNITS,
        "more than ten million units would be needed: test longer",
    )


def _verify_demonstration(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The chance of passing by luck, summed term by term in 30 digits."""
    a = arguments
    n: Any = result.values["units"]
    time: Any = result.values["test_time"]
    with mpmath.workdps(30):

        def luck(units: int, test_time: float) -> Any:
            ratio = mpmath.mpf(repr(test_time)) / mpmath.mpf(repr(a["time"]))
            survive = mpmath.mpf(repr(a["reliability"])) ** (ratio ** mpmath.mpf(repr(a["shape"])))
            return mpmath.fsum(
                mpmath.binomial(units, i) * (1 - survive) ** i * survive ** (units - i)
                for i in range(a["failures"] + 1)
            )

        again: dict[str, Any] = {k: a[k] for k in ("reliability", "time", "failures", "shape")}
        reached = luck(n, time)
        again["confidence"] = Recomputed(float(1 - reached), 1e-9)
        again["total_time"] = Recomputed(n * time, 1e-12)
        if a["units"] is not None:
            # The time was solved for: the chance must be what was asked.
            again["units"] = a["units"]
            exact = abs(1 - reached - mpmath.mpf(repr(a["confidence"]))) < mpmath.mpf("1e-8")
            again["test_time"] = time if exact else -1.0
        else:
            fewer = n - 1 <= a["failures"] or luck(n - 1, time) > 1 - a["confidence"]
            again["units"] = n if reached <= 1 - a["confidence"] + 1e-12 and fewer else -1
            again["test_time"] = a["test_time"]
    return again


@operation(
    "quality.demonstration_test",
    outputs={
        "units": "units on test",
        "test_time": "test time of each unit",
        "total_time": "test time of all units together, without failures",
        "failures": "failures allowed",
        "reliability": "reliability to be shown",
        "time": "time for which it is to be shown",
        "confidence": "confidence that the test reaches",
        "shape": "Weibull shape assumed",
    },
    reference="Meeker and Escobar (1998), section 10.6; O'Connor and Kleyner (2012), section 14.4",
    verifier=_verify_demonstration,
    examples=(
        "d = quality.demonstration_test(reliability=0.95, time=1000, shape=2, units=10)",
        "d = quality.demonstration_test(reliability=0.9, time=500, shape=1.5, test_time=800)",
    ),
    terms=(
        "reliability demonstration test",
        "parametric binomial",
        "Weibayes test plan",
        "zero failure test time",
    ),
)
def demonstration_test(
    reliability: Annotated[float, Param("reliability to be shown", gt=0, lt=1, fraction=True)],
    time: Annotated[float, Param("time for which it is to be shown", gt=0)],
    shape: Annotated[float, Param("Weibull shape, known from before", gt=0.05, le=20)],
    units: Annotated[int | None, Param("units that can be tested", ge=1, le=MOST_UNITS)] = None,
    test_time: Annotated[float | None, Param("test time of each unit", gt=0)] = None,
    confidence: Confidence = 0.9,
    failures: Annotated[int, Param("failures allowed", ge=0, le=1000)] = 0,
) -> Result:
    """Plan a test that demonstrates a reliability for a Weibull life: test time or number of units.

    Parametric binomial: a unit survives the test time T with R^((T/t)^β). With ``units`` the time
    per unit is found, with ``test_time`` the number of units.
    """
    if units is None and test_time is None:
        raise NeedsClarification("How many units can be tested, or how long can each be tested?")
    if units is not None and test_time is not None:
        raise InputError("give the units or the test time: the other one is what is found")
    if units is not None:
        if units <= failures:
            raise InputError(f"{failures} failures allowed of {units} units show nothing")
        survive = math.log1p(-_failing(units, failures, confidence))
        test_time = time * (survive / math.log(reliability)) ** (1 / shape)
        reached = confidence
    else:
        share = -math.expm1(math.log(reliability) * (test_time / time) ** shape)  # type: ignore[operator]
        units = _units(share, failures, confidence)
        reached = float(special.betainc(failures + 1, units - failures, share))
    values: dict[str, Value] = {
        "units": units,
        "test_time": test_time,
        "total_time": units * test_time,  # type: ignore[operator]
        "failures": failures,
        "reliability": reliability,
        "time": time,
        "confidence": reached,
        "shape": shape,
    }
    words = (
        "Test {units} units for {test_time} each with at most {failures} failures: that shows a "
        "reliability of {reliability} at {time} (confidence {confidence})."
    )
    known = Assumption(
        "Weibull shape known",
        None,
        "it comes from earlier data, not from this test; a smaller true shape needs a longer test "
        "where the test is longer than the mission",
    )
    return Result(values, words, assumptions=(known,))
