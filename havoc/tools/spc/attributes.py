"""Charts for counts: p, np, c, u, and Laney's p′ and u′ for counts that vary more than chance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

import numpy as np
from scipy import stats

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Assumption, Result, Value
from havoc.tools.spc.charting import (
    Baseline,
    Draw,
    Drawing,
    Exclude,
    Keep,
    Notes,
    Panel,
    Phase1,
    Rules,
    Setup,
    Sigmas,
    assemble,
    chart_outputs,
    recompute,
)
from havoc.tools.spc.constants import d2, tippett_moments
from havoc.tools.spc.stages import NO_LIMITS, Arrangement, ControlLimits, Reasons, Stages
from havoc.tools.spc.variables import limits_panel
from havoc.tools.values import FloatArray, Sample

Items = Annotated[Sample, Param("nonconforming items in each sample", min_length=2)]
Counts = Annotated[Sample, Param("nonconformities (defects) in each sample", min_length=2)]
SampleSize = Annotated[
    tuple[float, ...], Param("items inspected in each sample: one number or one a sample", gt=0)
]
Units = Annotated[
    tuple[float, ...], Param("inspection units in each sample: one number or one a sample", gt=0)
]
SMALLEST_SIZE = 1e-50  # counts over it still are float64 numbers


def _counts(x: Sample, size: tuple[float, ...] | None) -> tuple[Sample, FloatArray, list[str]]:
    """Counts and sample sizes in step, rows with a missing count left out."""
    n = np.ones(len(x)) if size is None else np.asarray(size, dtype=float)
    if len(n) == 1:
        n = np.full(len(x), n[0])
    if len(n) != len(x):
        raise InputError(f"'{x.name}' has {len(x)} counts but size has {len(n)} values")
    if len(n) and 0 < n.max() < SMALLEST_SIZE:
        raise InputError(f"the sizes are all below {SMALLEST_SIZE:g}, too small to compute with")
    rows = [i for i, t in enumerate(x.texts) if t is not None]
    notes = []
    if len(rows) < len(x):
        notes.append(f"{len(x) - len(rows)} samples without a count were left out; the points are "
                     "renumbered.")  # fmt: skip
    x, n = x.take(rows), n[rows]
    bad = np.flatnonzero((x.values < 0) | (x.values != np.floor(x.values)))
    if len(bad):
        i = int(bad[0])
        raise InputError(f"a count is a whole number from 0 up; point {i + 1} is {x.texts[i]}")
    return x, n, notes


def _check_items(x: Sample, n: FloatArray) -> None:
    bad = np.flatnonzero(x.values > n)
    if len(bad):
        i = int(bad[0])
        raise InputError(
            f"sample {i + 1} has {x.texts[i]} nonconforming items out of {n[i]:g}: more than were "
            "inspected (for defects per unit use spc.u)"
        )


def _setup(arguments: Mapping[str, Any], n_points: int, title: str) -> Setup:
    return Setup(
        tuple(str(i) for i in range(1, n_points + 1)),
        arguments["rules"],
        arguments["sigmas"],
        arguments["baseline"],
        arguments["exclude"],
        arguments["center"] is None,
        title,
        arguments["phase1"],
        Arrangement(arguments["stages"], arguments["reasons"], arguments["control_limits"]),
    )


_KINDS = {
    "p": ("Proportion", "p chart"),
    "np": ("Number nonconforming", "np chart"),
    "c": ("Count", "c chart"),
    "u": ("Count per unit", "u chart"),
    "laney_p": ("Proportion", "Laney p′ chart"),
    "laney_u": ("Count per unit", "Laney u′ chart"),
}


def _draw(kind: str, x: Sample, n: FloatArray, setup: Setup, known: float | None) -> Draw:
    counts = x.values

    def draw(keep: Keep) -> Drawing:
        rate = float(counts[keep].sum() / n[keep].sum())
        if known is not None:
            rate = known / n[0] if kind == "np" and known > 1 else known
        binomial = kind in ("p", "np", "laney_p")
        unit = math.sqrt(rate * (1 - rate)) if binomial else math.sqrt(rate)
        if unit == 0:
            raise InputError(
                "no nonconformity in the samples that set the limits: use spc.g or spc.t (time or "
                "units between events), or give the known rate as center"
            )
        estimates: dict[str, Value] = {"rate": rate, "total": float(counts.sum())}
        name = _KINDS[kind][0]
        if kind == "np":
            panel = limits_panel("", name, counts, n * rate, unit * np.sqrt(n), setup, floor=0.0)
        else:
            se = unit / np.sqrt(n)
            if kind.startswith("laney"):
                z = (counts / n - rate) / se
                steps = np.abs(np.diff(z))[keep[1:] & keep[:-1]]
                estimates["sigma_z"] = sigma_z = float(steps.mean()) / d2(2)
                se = se * sigma_z
            panel = limits_panel("", name, counts / n, rate, se, setup, floor=0.0)
        if binomial:
            panel = _capped(panel, n if kind == "np" else np.ones(len(n)))
        return [panel], {**estimates, **_own_names(kind, rate, n)}

    return draw


def _capped(panel: Panel, most: FloatArray) -> Panel:
    """No proportion exceeds 1: an upper limit above it is set there."""
    upper = np.minimum(panel.ucl, most)
    return Panel("", panel.name, panel.y, panel.center, panel.se, panel.lcl, upper, panel.rules)


def _own_names(kind: str, rate: float, n: FloatArray) -> dict[str, Value]:
    match kind:
        case "p" | "laney_p":
            return {"p_bar": rate}
        case "np":
            return {"p_bar": rate, "np_bar": rate * float(n[0])} if np.ptp(n) == 0 else {}
        case "c":
            return {"c_bar": rate}
    return {"u_bar": rate}


def _exact_draw(kind: str, x: Sample, n: FloatArray, setup: Setup, known: float | None) -> Draw:
    """The same with the rate and the squared standard errors as exact rationals."""
    counts = x.exact
    sizes = [Fraction(repr(float(v))) for v in n]

    def draw(keep: Keep) -> Drawing:
        used = [i for i in range(len(counts)) if keep[i]]
        rate = sum(counts[i] for i in used) / sum(sizes[i] for i in used)
        if known is not None:
            rate = Fraction(repr(known))
            if kind == "np" and known > 1:
                rate /= sizes[0]
        binomial = kind in ("p", "np", "laney_p")
        variance = rate * (1 - rate) if binomial else rate
        scale = [s if kind == "np" else Fraction(1) for s in sizes]
        y = [c if kind == "np" else c / s for c, s in zip(counts, sizes, strict=True)]
        center = [rate * k for k in scale]
        se = [math.sqrt(variance * k * k / s) for k, s in zip(scale, sizes, strict=True)]
        estimates: dict[str, Value] = {"rate": float(rate), "total": float(sum(counts))}
        if kind.startswith("laney"):
            z = [float(v - rate) / e for v, e in zip(y, se, strict=True)]
            steps = [abs(z[i] - z[i - 1]) for i in range(1, len(z)) if keep[i] and keep[i - 1]]
            sigma_z = math.fsum(steps) / len(steps) / tippett_moments(2)[0]
            estimates["sigma_z"] = sigma_z
            se = [e * sigma_z for e in se]
        limits = []
        for c, e, k in zip(center, se, scale, strict=True):
            upper = float(c) + setup.sigmas * e
            limits.append((max(0.0, float(c) - setup.sigmas * e),
                           min(upper, float(k)) if binomial else upper))  # fmt: skip
        lower, upper_all = np.array(limits).T
        panel = Panel(
            "", _KINDS[kind][0], np.array([float(v) for v in y]),
            np.array([float(c) for c in center]), np.array(se), lower, upper_all, setup.rules,
        )  # fmt: skip
        return [panel], {**estimates, **_own_names(kind, float(rate), n)}

    return draw


def _chance(kind: str, x: Sample, n: FloatArray, keep: Keep) -> tuple[Assumption, list[str]]:
    """Index of dispersion: is the variation that of the binomial or Poisson distribution?"""
    counts, sizes = x.values[keep], n[keep]
    rate = counts.sum() / sizes.sum()
    expected = sizes * rate
    variance = expected * (1 - rate) if kind in ("p", "np") else expected
    chance = "binomial" if kind in ("p", "np") else "Poisson"
    name = f"{chance} variation"
    if np.any(variance <= 0) or len(counts) < 5:
        return Assumption(name, None, "too few counts to judge"), []
    statistic = float(((counts - expected) ** 2 / variance).sum())
    df = len(counts) - 1
    high, low = float(stats.chi2.sf(statistic, df)), float(stats.chi2.cdf(statistic, df))
    p = min(1.0, 2 * min(high, low))
    detail = f"dispersion {statistic / df:.2f} times chance (chi-square {statistic:.2f}, df {df})"
    warnings = []
    if p < 0.05 and high < low:
        laney = "spc.laney_p" if kind in ("p", "np") else "spc.laney_u"
        warnings.append(
            f"The counts vary more than {chance} chance alone (special causes, or a rate that "
            f"moves between samples); if that is usual here, {laney} widens the limits."
        )
    elif p < 0.05:
        warnings.append(
            f"The counts vary less than {chance} chance: check how samples are formed and recorded."
        )
    if float(np.mean(expected)) < 5:
        warnings.append(
            f"On average {np.mean(expected):.3g} per sample: below about 5 the 3-sigma limits are "
            "poor; take larger samples or chart the time between events (spc.g, spc.t)."
        )
    return Assumption(name, bool(p >= 0.05), detail, statistic, p), warnings


def _chart(kind: str, arguments: Mapping[str, Any]) -> Result:
    x, n, notes = _counts(arguments["x"], arguments.get("size"))
    if kind in ("p", "np", "laney_p"):
        _check_items(x, n)
    setup = _setup(arguments, len(x), _KINDS[kind][1])
    assumption, warnings = _chance(kind.replace("laney_", ""), x, n, setup.keep)
    if kind.startswith("laney"):
        warnings = [w for w in warnings if "spc.laney" not in w]
    text = "{center}" if kind != "np" or np.ptp(n) == 0 else "at p = {rate}"
    draw = _draw(kind, x, n, setup, arguments["center"])
    return assemble(draw, setup, Notes((*notes, *warnings), (assumption,), text))


def _verify(kind: str) -> Any:
    def verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
        x, n, _ = _counts(arguments["x"], arguments.get("size"))
        setup = _setup(arguments, len(x), "")
        return recompute(_exact_draw(kind, x, n, setup, arguments["center"]), setup)

    return verify


_COMMON = {"rate": "rate that the limits are set from", "total": "all counts together"}
_P_BAR = {"p_bar": "mean proportion nonconforming"}
_DATA = "[12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11]"
_REFERENCE = "Montgomery (2013), Statistical Quality Control, chapter 7"
Proportion = Annotated[float | None, Param("known or target proportion", gt=0, lt=1, fraction=True)]


@operation(
    "spc.p",
    outputs=chart_outputs({"": "p"}, **_COMMON, **_P_BAR),
    reference=_REFERENCE,
    verifier=_verify("p"),
    examples=(
        f"chart = spc.p({_DATA}, size=50)",
        "chart = spc.p([3, 5, 2, 7, 4, 6], size=[100, 120, 80, 150, 100, 90], center=0.04)",
    ),
    terms=("p chart", "proportion defective", "fraction nonconforming", "percent defective"),
)
def p(
    x: Items,
    size: SampleSize,
    center: Proportion = None,
    baseline: Baseline = None,
    phase1: Phase1 = None,
    exclude: Exclude = (),
    stages: Stages = (),
    reasons: Reasons = None,
    control_limits: ControlLimits = NO_LIMITS,
    rules: Rules = "limits",
    sigmas: Sigmas = 3.0,
) -> Result:
    """p control chart of the proportion nonconforming.

    Limits p̄ ± 3 √(p̄(1-p̄)/n), cut at 0 and 1; they vary where the sample size does.
    """
    return _chart("p", locals())


@operation(
    "spc.np",
    outputs=chart_outputs({"": "np"}, np_bar="mean number nonconforming", **_COMMON, **_P_BAR),
    reference=_REFERENCE,
    verifier=_verify("np"),
    examples=(
        f"chart = spc.np({_DATA}, size=50)",
        f"chart = spc.np({_DATA}, size=50, exclude=[15])",
    ),
    terms=("np chart", "number defective", "number nonconforming"),
)
def np_(
    x: Items,
    size: SampleSize,
    center: Annotated[
        float | None, Param("known proportion, or known mean number when above 1", gt=0)
    ] = None,
    baseline: Baseline = None,
    phase1: Phase1 = None,
    exclude: Exclude = (),
    stages: Stages = (),
    reasons: Reasons = None,
    control_limits: ControlLimits = NO_LIMITS,
    rules: Rules = "limits",
    sigmas: Sigmas = 3.0,
) -> Result:
    """np control chart of the number nonconforming.

    Limits n p̄ ± 3 √(n p̄(1-p̄)); meant for samples of one size.
    """
    return _chart("np", locals())


@operation(
    "spc.c",
    outputs=chart_outputs({"": "c"}, c_bar="mean count", **_COMMON),
    reference=_REFERENCE,
    verifier=_verify("c"),
    examples=(
        "chart = spc.c([21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, "
        "39, 30, 24, 16, 19, 17, 15])",
        f"chart = spc.c({_DATA}, baseline=1..14, rules=nelson)",
    ),
    terms=("c chart", "defects per unit", "count of nonconformities", "number of defects"),
)
def c(
    x: Counts,
    center: Annotated[float | None, Param("known or target mean count", gt=0)] = None,
    baseline: Baseline = None,
    phase1: Phase1 = None,
    exclude: Exclude = (),
    stages: Stages = (),
    reasons: Reasons = None,
    control_limits: ControlLimits = NO_LIMITS,
    rules: Rules = "limits",
    sigmas: Sigmas = 3.0,
) -> Result:
    """c control chart of counts of nonconformities in samples of equal size.

    Limits c̄ ± 3 √c̄ (Poisson), the lower one not below 0.
    """
    return _chart("c", locals())


@operation(
    "spc.u",
    outputs=chart_outputs({"": "u"}, u_bar="mean count per unit", **_COMMON),
    reference=_REFERENCE,
    verifier=_verify("u"),
    examples=(
        "chart = spc.u([14, 12, 20, 11, 7, 10, 21, 16, 19, 23], "
        "size=[10, 8, 13, 10, 9.5, 10, 12, 10.5, 12, 12.5])",
        f"chart = spc.u({_DATA}, size=5)",
    ),
    terms=("u chart", "defects per unit with varying sample size", "nonconformities per unit"),
)
def u(
    x: Counts,
    size: Units,
    center: Annotated[float | None, Param("known or target count per unit", gt=0)] = None,
    baseline: Baseline = None,
    phase1: Phase1 = None,
    exclude: Exclude = (),
    stages: Stages = (),
    reasons: Reasons = None,
    control_limits: ControlLimits = NO_LIMITS,
    rules: Rules = "limits",
    sigmas: Sigmas = 3.0,
) -> Result:
    """u control chart of nonconformities per inspection unit.

    Limits ū ± 3 √(ū/n), the lower one not below 0; they vary where the number of units does.
    """
    return _chart("u", locals())


_SIGMA_Z = {"sigma_z": "variation relative to chance (1: as the plain chart)"}


@operation(
    "spc.laney_p",
    outputs=chart_outputs({"": "p′"}, **_COMMON, **_P_BAR, **_SIGMA_Z),
    reference="Laney (2002), Quality Engineering 14(4), 531-537",
    verifier=_verify("laney_p"),
    examples=(f"chart = spc.laney_p({_DATA}, size=50)",),
    terms=("Laney p' chart", "p prime chart", "overdispersed proportions"),
)
def laney_p(
    x: Items,
    size: SampleSize,
    center: Proportion = None,
    baseline: Baseline = None,
    phase1: Phase1 = None,
    exclude: Exclude = (),
    stages: Stages = (),
    reasons: Reasons = None,
    control_limits: ControlLimits = NO_LIMITS,
    rules: Rules = "limits",
    sigmas: Sigmas = 3.0,
) -> Result:
    """Laney p′ control chart, for proportions that vary more (or less) than binomial chance.

    The p chart's limits widened by sigma_z, the moving-range sigma of the standardised proportions.
    """
    return _chart("laney_p", locals())


@operation(
    "spc.laney_u",
    outputs=chart_outputs({"": "u′"}, u_bar="mean count per unit", **_COMMON, **_SIGMA_Z),
    reference="Laney (2002), Quality Engineering 14(4), 531-537",
    verifier=_verify("laney_u"),
    examples=(f"chart = spc.laney_u({_DATA}, size=[5, 6, 5, 5, 4, 5, 6, 5, 5, 5, 4, 4, 6, 5, 7, 5, "
              "5, 4, 5, 5])",),
    terms=("Laney u' chart", "u prime chart", "overdispersed counts"),
)  # fmt: skip
def laney_u(
    x: Counts,
    size: Units,
    center: Annotated[float | None, Param("known or target count per unit", gt=0)] = None,
    baseline: Baseline = None,
    phase1: Phase1 = None,
    exclude: Exclude = (),
    stages: Stages = (),
    reasons: Reasons = None,
    control_limits: ControlLimits = NO_LIMITS,
    rules: Rules = "limits",
    sigmas: Sigmas = 3.0,
) -> Result:
    """Laney u′ control chart, for counts per unit that vary more (or less) than Poisson chance.

    The u chart's limits widened by sigma_z, the moving-range sigma of the standardised rates.
    """
    return _chart("laney_u", locals())
