"""Power, and the sample size that gives a wanted power: t tests and analysis of variance."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any

from havoc.errors import InputError, NeedsClarification
from havoc.tools.operation import Param, operation
from havoc.tools.result import Figure, Result, table_of
from havoc.tools.stats import power_functions as pf

Difference = Annotated[float, Param("true difference to detect, in the unit of sd")]
Sd = Annotated[
    float, Param("standard deviation; 1 when the difference is given in standard deviations", gt=0)
]
Alpha = Annotated[float, Param("significance level", gt=0, lt=1, fraction=True)]
Sides = Annotated[bool, Param("true: one-sided test; false: two-sided")]
Wanted = Annotated[float, Param("power wanted", gt=0, lt=1, fraction=True)]
REFERENCE = (
    "Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed.; "
    "checked against R pwr"
)
OUTPUTS = {
    "power": "probability of finding the effect",
    "n": "sample size (of each group where there are several)",
    "total": "total number of observations",
    "effect_size": "standardised effect: Cohen's d, f, h, w or r",
}


def answer(
    n: int,
    total: int,
    power: float,
    effect: float,
    curve: Callable[[int], float],
    wanted: float | None,
    per: str = "",
) -> Result:
    """The result of a power or sample size operation, with the power curve around it."""
    sizes = sorted(
        {max(2, round(n * f)) for f in (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2)}
    )
    rows = [[size, curve(size)] for size in sizes if size >= 4]
    values = {"n": n, "total": total, "power": power, "effect_size": effect}
    if wanted is None:
        conclusion = f"With {{n}} observations{per} the power is {{power}}."
    else:
        conclusion = (
            f"{{n}} observations{per} ({{total}} in all) are needed; the power is then {{power}}."
        )
    figure = Figure(
        "power_curve",
        "Power and sample size",
        {"n": [r[0] for r in rows], "power": [r[1] for r in rows], "at": n},
    )
    said = []
    if wanted is None and power < 0.8:
        said.append(
            "A power below 0.8 is usually held too low: a true effect of this size would "
            "often be missed."
        )
    said.append("The figures stand or fall with the effect and standard deviation assumed.")
    return Result(
        values,
        conclusion,
        (table_of("power curve", ("n", "power"), rows),),
        (figure,),
        warnings=tuple(said),
    )


def _effect(difference: float, sd: float) -> float:
    if difference == 0:
        raise InputError(
            "a difference of 0 cannot be detected: give the smallest difference that matters"
        )
    return difference / sd


def _two(arguments: Mapping[str, Any]) -> bool:
    return not arguments["one_sided"]


def _one_curve(
    d: float, alpha: float, two: bool, power: Callable[..., float]
) -> Callable[[int], float]:
    return lambda n: power(d * math.sqrt(n), n - 1, alpha, two)


def _verify_one(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    d = arguments["difference"] / arguments["sd"]
    curve = _one_curve(d, arguments["alpha"], _two(arguments), pf.t_power_again)
    n = (
        arguments["n"]
        if "n" in arguments
        else pf.confirmed(curve, arguments["power"], 2, result.values["n"])
    )
    return {"n": n, "total": n, "power": curve(n), "effect_size": d}


@operation(
    "stats.power_t_one",
    outputs=OUTPUTS,
    reference=REFERENCE,
    verifier=_verify_one,
    examples=("power = stats.power_t_one(n=20, difference=0.5, sd=1)",),
    terms=("power of a one-sample t test",),
)
def power_t_one(
    n: Annotated[int, Param("number of observations", ge=2)],
    difference: Difference,
    sd: Sd = 1.0,
    alpha: Alpha = 0.05,
    one_sided: Sides = False,
) -> Result:
    """Power of a one-sample t test to detect a difference from the target."""
    d = _effect(difference, sd)
    curve = _one_curve(d, alpha, not one_sided, pf.t_power)
    return answer(n, n, curve(n), d, curve, None)


@operation(
    "stats.sample_size_t_one",
    outputs=OUTPUTS,
    reference=REFERENCE,
    verifier=_verify_one,
    examples=("size = stats.sample_size_t_one(difference=0.5, sd=1, power=0.9)",),
    terms=("sample size for a one-sample t test", "how many samples to detect a shift of the mean"),
)
def sample_size_t_one(
    difference: Difference,
    sd: Sd = 1.0,
    power: Wanted = 0.8,
    alpha: Alpha = 0.05,
    one_sided: Sides = False,
) -> Result:
    """Sample size for a one-sample t test to detect a shift from the target with a wanted power."""
    d = _effect(difference, sd)
    curve = _one_curve(d, alpha, not one_sided, pf.t_power)
    n = pf.smallest(curve, power, 2)
    return answer(n, n, curve(n), d, curve, power)


@operation(
    "stats.power_t_paired",
    outputs=OUTPUTS,
    reference=REFERENCE,
    verifier=_verify_one,
    examples=("power = stats.power_t_paired(n=15, difference=2, sd=3)",),
    terms=("power of a paired t test",),
)
def power_t_paired(
    n: Annotated[int, Param("number of pairs", ge=2)],
    difference: Difference,
    sd: Annotated[float, Param("standard deviation of the differences of pairs", gt=0)] = 1.0,
    alpha: Alpha = 0.05,
    one_sided: Sides = False,
) -> Result:
    """Power of a paired t test to detect a mean difference between pairs."""
    d = _effect(difference, sd)
    curve = _one_curve(d, alpha, not one_sided, pf.t_power)
    return answer(n, n, curve(n), d, curve, None)


@operation(
    "stats.sample_size_t_paired",
    outputs=OUTPUTS,
    reference=REFERENCE,
    verifier=_verify_one,
    examples=("size = stats.sample_size_t_paired(difference=2, sd=3, power=0.9)",),
    terms=("how many pairs", "sample size for a paired t test"),
)
def sample_size_t_paired(
    difference: Difference,
    sd: Annotated[float, Param("standard deviation of the differences of pairs", gt=0)] = 1.0,
    power: Wanted = 0.8,
    alpha: Alpha = 0.05,
    one_sided: Sides = False,
) -> Result:
    """Number of pairs for a paired t test to detect a mean difference with a wanted power."""
    d = _effect(difference, sd)
    curve = _one_curve(d, alpha, not one_sided, pf.t_power)
    n = pf.smallest(curve, power, 2)
    return answer(n, n, curve(n), d, curve, power)


def _two_curve(
    d: float, alpha: float, two: bool, power: Callable[..., float], second: Callable[[int], int]
) -> Callable[[int], float]:
    def curve(n: int) -> float:
        m = second(n)
        return power(d * math.sqrt(n * m / (n + m)), n + m - 2, alpha, two)

    return curve


def _verify_two(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    d = arguments["difference"] / arguments["sd"]
    ratio = arguments.get("ratio", 1.0)
    fixed = arguments.get("n_2")

    def second(n: int) -> int:
        return fixed if fixed is not None else math.ceil(ratio * n - 1e-9)

    curve = _two_curve(d, arguments["alpha"], _two(arguments), pf.t_power_again, second)
    n = (
        arguments["n"]
        if "n" in arguments
        else pf.confirmed(curve, arguments["power"], 2, result.values["n"])
    )
    return {"n": n, "n_2": second(n), "total": n + second(n), "power": curve(n), "effect_size": d}


@operation(
    "stats.power_t_two",
    outputs=OUTPUTS | {"n_2": "size of the second group"},
    reference=REFERENCE,
    verifier=_verify_two,
    examples=("power = stats.power_t_two(n=20, difference=0.8)",),
    terms=("power of a two-sample t test", "power with n in each group"),
)
def power_t_two(
    n: Annotated[
        int, Param("number of observations in each group (in the first, if n_2 is given)", ge=2)
    ],
    difference: Difference,
    sd: Sd = 1.0,
    n_2: Annotated[int | None, Param("size of the second group if it differs", ge=2)] = None,
    alpha: Alpha = 0.05,
    one_sided: Sides = False,
) -> Result:
    """Power of a two-sample t test to detect a difference between two means."""
    d = _effect(difference, sd)
    second = n if n_2 is None else n_2
    two = not one_sided
    power = _two_curve(d, alpha, two, pf.t_power, lambda _: second)(n)
    curve = _two_curve(d, alpha, two, pf.t_power, lambda k: max(2, round(k * second / n)))
    found = answer(
        n,
        n + second,
        power,
        d,
        curve,
        None,
        " in each group" if second == n else " in the first group",
    )
    return _with(found, n_2=second)


@operation(
    "stats.sample_size_t_two",
    outputs=OUTPUTS | {"n_2": "size of the second group"},
    reference=REFERENCE,
    verifier=_verify_two,
    examples=("size = stats.sample_size_t_two(difference=0.5, sd=1, power=0.8)",),
    terms=(
        "sample size to compare two means",
        "how many per group",
        "sample size for a two-sample t test",
    ),
)
def sample_size_t_two(
    difference: Difference,
    sd: Sd = 1.0,
    power: Wanted = 0.8,
    alpha: Alpha = 0.05,
    one_sided: Sides = False,
    ratio: Annotated[float, Param("size of the second group over that of the first", gt=0)] = 1.0,
) -> Result:
    """Sample size of each group for a two-sample t test with a wanted power."""
    d = _effect(difference, sd)

    def second(n: int) -> int:
        return math.ceil(ratio * n - 1e-9)

    curve = _two_curve(d, alpha, not one_sided, pf.t_power, second)
    n = pf.smallest(curve, power, max(2, math.ceil(2 / ratio)))
    per = " in each group" if ratio == 1 else " in the first group"
    return _with(answer(n, n + second(n), curve(n), d, curve, power, per), n_2=second(n))


def _with(result: Result, **more: Any) -> Result:
    return replace(result, values={**result.values, **more})


def _f_effect(
    effect: float | None, means: tuple[float, ...] | None, sd: float, groups: int | None
) -> tuple[float, int]:
    """Cohen's f and the number of groups, from f or from the means expected."""
    if means is not None:
        if effect is not None:
            raise InputError("give either the effect f or the expected means, not both")
        if groups is not None and groups != len(means):
            raise InputError(f"groups is {groups} but {len(means)} means are given")
        center = math.fsum(means) / len(means)
        effect, groups = (
            math.sqrt(math.fsum((m - center) ** 2 for m in means) / len(means)) / sd,
            len(means),
        )
    if effect is None or groups is None:
        raise NeedsClarification(
            "what effect shall be found: effect= (Cohen's f) with groups=, or means= with sd=?"
        )
    if effect <= 0:
        raise InputError(
            "equal means cannot be told apart: give the smallest differences that matter"
        )
    return effect, groups


def _f_effect_again(arguments: Mapping[str, Any]) -> tuple[float, int]:
    means = arguments["means"]
    if means is None:
        return arguments["effect"], arguments["groups"]
    k = len(means)
    pairs = math.fsum((a - b) ** 2 for a in means for b in means)
    return math.sqrt(pairs / 2) / k / arguments["sd"], k


def _verify_anova(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    f, k = _f_effect_again(arguments)

    def curve(n: int) -> float:
        return pf.f_power_again(f * f * k * n, k - 1, k * (n - 1), arguments["alpha"])

    n = (
        arguments["n"]
        if "n" in arguments
        else pf.confirmed(curve, arguments["power"], 2, result.values["n"])
    )
    return {"n": n, "total": k * n, "power": curve(n), "effect_size": f}


Effect = Annotated[float | None, Param("Cohen's f (0.1 small, 0.25 medium, 0.4 large)", gt=0)]
Groups = Annotated[int | None, Param("number of groups", ge=2)]
Means = Annotated[
    tuple[float, ...] | None,
    Param("expected group means, instead of effect and groups", min_length=2),
]


@operation(
    "stats.power_anova",
    outputs=OUTPUTS,
    reference=REFERENCE,
    verifier=_verify_anova,
    examples=("power = stats.power_anova(n=20, groups=4, effect=0.25)",),
    terms=("power of a one-way analysis of variance",),
)
def power_anova(
    n: Annotated[int, Param("number of observations in each group", ge=2)],
    groups: Groups = None,
    effect: Effect = None,
    means: Means = None,
    sd: Sd = 1.0,
    alpha: Alpha = 0.05,
) -> Result:
    """Power of a one-way analysis of variance with equal groups.

    The effect is Cohen's f: the standard deviation of the group means over that within groups.
    """
    f, k = _f_effect(effect, means, sd, groups)

    def curve(size: int) -> float:
        return pf.f_power(f * f * k * size, k - 1, k * (size - 1), alpha)

    return answer(n, k * n, curve(n), f, curve, None, " in each group")


@operation(
    "stats.sample_size_anova",
    outputs=OUTPUTS,
    reference=REFERENCE,
    verifier=_verify_anova,
    examples=(
        "size = stats.sample_size_anova(groups=4, effect=0.25, power=0.8)",
        "size = stats.sample_size_anova(means=[10, 11, 12.5], sd=2, power=0.9)",
    ),
    terms=("sample size for one-way ANOVA", "how many per group to compare several means"),
)
def sample_size_anova(
    groups: Groups = None,
    effect: Effect = None,
    means: Means = None,
    sd: Sd = 1.0,
    power: Wanted = 0.8,
    alpha: Alpha = 0.05,
) -> Result:
    """Observations in each group for a one-way analysis of variance with a wanted power."""
    f, k = _f_effect(effect, means, sd, groups)

    def curve(size: int) -> float:
        return pf.f_power(f * f * k * size, k - 1, k * (size - 1), alpha)

    n = pf.smallest(curve, power, 2)
    return answer(n, k * n, curve(n), f, curve, power, " in each group")
