"""Capability and tolerance intervals without the normal distribution."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

import mpmath
import numpy as np
from scipy import integrate, optimize, special, stats

from havoc.errors import InputError
from havoc.tools.diagnostics import p_words
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.quality.johnson import fit_again, fit_johnson
from havoc.tools.quality.life_data import fit_weibull
from havoc.tools.quality.specs import (
    MILLION,
    Limits,
    Lsl,
    Spec,
    Target,
    Tolerance,
    Usl,
    spec_limits,
)
from havoc.tools.result import Assumption, Figure, Result, Value
from havoc.tools.values import FloatArray, Sample, refuse_far_from_zero, refuse_unfit_for_logs

Method = Literal["boxcox", "johnson", "lognormal", "weibull", "nonparametric"]
LOW, HIGH = 0.00135, 0.99865  # what ±3 sigma leave outside of a normal distribution


def _boxcox(y: Any, lam: float) -> Any:
    return np.log(y) if abs(lam) < 1e-12 else (y**lam - 1) / lam


def _boxcox_likelihood(y: FloatArray, lam: float) -> float:
    z = _boxcox(y, lam)
    return float(-len(y) / 2 * math.log(float(np.var(z))) + (lam - 1) * np.log(y).sum())


def _geometric_mean(y: FloatArray) -> float:
    return math.exp(float(np.log(y).mean()))


def boxcox_lambda(y: FloatArray) -> float:
    """The power of greatest likelihood in -5..5, found on data scaled by their geometric mean."""
    scaled = y / _geometric_mean(y)
    found = optimize.minimize_scalar(
        lambda lam: -_boxcox_likelihood(scaled, lam), bounds=(-5, 5), method="bounded"
    )
    low, high = max(-5.0, found.x - 0.01), min(5.0, found.x + 0.01)
    if _slope(scaled, low) * _slope(scaled, high) > 0:
        return float(found.x)
    return float(optimize.brentq(lambda lam: _slope(scaled, lam), low, high, xtol=1e-13))


def _slope(y: FloatArray, lam: float) -> float:
    """Derivative of the Box-Cox log-likelihood in lambda."""
    logs = np.log(y)
    x = lam * logs
    z = logs if lam == 0 else np.expm1(x) / lam
    # d/dlam of expm1(lam l)/lam is l² (x e^x - expm1(x))/x²; its series where x is small.
    safe = np.where(np.abs(x) < 0.02, 1.0, x)
    near = 1 / 2 + x / 3 + x**2 / 8 + x**3 / 30 + x**4 / 144 + x**5 / 840
    far = (safe * np.exp(safe) - np.expm1(safe)) / safe**2
    dz = logs**2 * np.where(np.abs(x) < 0.02, near, far)
    centred = z - z.mean()
    return float(-len(y) * (centred @ (dz - dz.mean())) / (centred @ centred) + logs.sum())


def _percentile_indices(limits: Limits, low: float, middle: float, high: float) -> dict[str, Value]:
    """ISO 22514: Pp and Ppk from the 0.135, 50 and 99.865 percentiles."""
    lower = None if limits.lsl is None else (middle - limits.lsl) / (middle - low)
    upper = None if limits.usl is None else (limits.usl - middle) / (high - middle)
    values: dict[str, Value] = {"p_low": low, "median": middle, "p_high": high}
    if limits.width is not None:
        values["pp"] = limits.width / (high - low)
    if lower is not None:
        values["ppl"] = lower
    if upper is not None:
        values["ppu"] = upper
    values["ppk"] = min(v for v in (lower, upper) if v is not None)
    return values


def _ppm(below: float, above: float) -> dict[str, Value]:
    return {
        "ppm_below": below * MILLION,
        "ppm_above": above * MILLION,
        "ppm_total": (below + above) * MILLION,
    }


def _by_boxcox(y: FloatArray, limits: Limits) -> dict[str, Value]:
    lam = boxcox_lambda(y)
    if lam < 0 and limits.lsl is not None and limits.lsl <= 0:
        raise InputError("Box-Cox cannot transform a lower limit of 0 or less; use method=weibull")
    # On scaled data nothing is lost to cancellation; the indices do not depend on the scale.
    scale = _geometric_mean(y)
    z = _boxcox(y / scale, lam)
    mean, sd = float(z.mean()), float(z.std(ddof=1))
    ends = [
        None if v is None else float(_boxcox(np.float64(v / scale), lam)) if v > 0 else -1 / lam
        for v in (limits.lsl, limits.usl)
    ]
    moved = Limits(ends[0], ends[1], None)
    low, high = mean - 3 * sd, mean + 3 * sd
    values = _percentile_indices(moved, low, mean, high)
    del values["p_low"], values["p_high"], values["median"]
    below = 0.0 if moved.lsl is None else float(special.ndtr((moved.lsl - mean) / sd))
    above = 0.0 if moved.usl is None else float(special.ndtr((mean - moved.usl) / sd))
    factor = scale**lam
    return {
        **values,
        **_ppm(below, above),
        "lambda": lam,
        "mean_transformed": factor * mean + float(_boxcox(np.float64(scale), lam)),
        "sd_transformed": factor * sd,
    }


def _by_johnson(y: FloatArray, limits: Limits) -> dict[str, Value]:
    found = fit_johnson(y)
    for limit in (limits.lsl, limits.usl):
        if limit is not None and not found.holds(limit):
            raise InputError(
                f"the limit {limit:g} is outside of what the fitted bounded distribution can reach "
                f"({found.xi:.4g} to {found.xi + found.scale:.4g}); use another method"
            )
    z = found.transform(y)
    mean, sd = float(z.mean()), float(z.std(ddof=1))
    ends = [None if v is None else float(found.transform(v)) for v in (limits.lsl, limits.usl)]
    moved = Limits(ends[0], ends[1], None)
    values = _percentile_indices(moved, mean - 3 * sd, mean, mean + 3 * sd)
    del values["p_low"], values["p_high"], values["median"]
    below = 0.0 if moved.lsl is None else float(special.ndtr((moved.lsl - mean) / sd))
    above = 0.0 if moved.usl is None else float(special.ndtr((mean - moved.usl) / sd))
    return {
        **values, **_ppm(below, above), "mean_transformed": mean, "sd_transformed": sd,
        "johnson_type": found.kind, "gamma": found.gamma, "delta": found.delta, "xi": found.xi,
        "johnson_scale": found.scale, "z_spacing": found.z,
    }  # fmt: skip


def _verify_johnson(series: Sample, limits: Limits, result: Result) -> dict[str, Any]:
    """Percentile equations in 30 digits, the transformation in logarithms, tails by erfc."""
    texts = [t for t in series.texts if t is not None]
    spacing = float(result.values["z_spacing"])  # type: ignore[arg-type]
    p = fit_again(texts, spacing)
    best = fit_johnson(np.array(sorted(float(t) for t in texts)))

    def moved(text: str) -> float:
        u = (float(text) - p["xi"]) / p["scale"]
        inner = math.log(u + math.sqrt(u * u + 1)) if p["su"] else math.log(u) - math.log1p(-u)
        return p["gamma"] + p["delta"] * inner

    z = [moved(t) for t in texts]
    mean = math.fsum(z) / len(z)
    sd = math.sqrt(math.fsum((v - mean) ** 2 for v in z) / (len(z) - 1))
    lower = None if limits.lsl is None else (mean - moved(repr(limits.lsl))) / sd
    upper = None if limits.usl is None else (moved(repr(limits.usl)) - mean) / sd
    again: dict[str, Any] = {
        "gamma": p["gamma"], "delta": p["delta"], "xi": p["xi"], "johnson_scale": p["scale"],
        "johnson_type": "SU" if p["su"] else "SB", "z_spacing": best.z,
        "mean_transformed": mean, "sd_transformed": sd, **_indices_again(lower, upper),
    }  # fmt: skip
    if lower is not None and upper is not None:
        again["pp"] = (lower + upper) / 6
    tails = [0.0 if d is None else math.erfc(d / math.sqrt(2)) / 2 for d in (lower, upper)]
    again |= _ppm(tails[0], tails[1])
    return {k: v if isinstance(v, str) else Recomputed(v, 1e-7) for k, v in again.items()}


def _by_lognormal(y: FloatArray, limits: Limits) -> dict[str, Value]:
    logs = np.log(y)
    mu, sigma = float(logs.mean()), float(logs.std(ddof=0))
    low, middle, high = (math.exp(mu + sigma * float(special.ndtri(q))) for q in (LOW, 0.5, HIGH))
    law = stats.lognorm(sigma, scale=math.exp(mu))
    tails = _tails(law.cdf, law.sf, limits)
    return {**_percentile_indices(limits, low, middle, high), **tails, "mu": mu, "sigma": sigma}


def _by_weibull(y: FloatArray, limits: Limits) -> dict[str, Value]:
    shape, scale = fit_weibull(y, np.ones(len(y), dtype=bool))
    law = stats.weibull_min(shape, scale=scale)
    low, middle, high = (float(law.ppf(q)) for q in (LOW, 0.5, HIGH))
    tails = _tails(law.cdf, law.sf, limits)
    return {**_percentile_indices(limits, low, middle, high), **tails, "shape": shape,
            "scale": scale}  # fmt: skip


def _tails(cdf: Any, sf: Any, limits: Limits) -> dict[str, Value]:
    below = 0.0 if limits.lsl is None else float(cdf(limits.lsl))
    above = 0.0 if limits.usl is None else float(sf(limits.usl))
    return _ppm(below, above)


def _by_ranks(y: FloatArray, limits: Limits) -> dict[str, Value]:
    low, middle, high = (float(np.quantile(y, q)) for q in (LOW, 0.5, HIGH))
    below = 0.0 if limits.lsl is None else float(np.mean(y < limits.lsl))
    above = 0.0 if limits.usl is None else float(np.mean(y > limits.usl))
    return {**_percentile_indices(limits, low, middle, high), **_ppm(below, above)}


_METHODS = {
    "boxcox": _by_boxcox,
    "johnson": _by_johnson,
    "lognormal": _by_lognormal,
    "weibull": _by_weibull,
    "nonparametric": _by_ranks,
}


def _limits(arguments: Mapping[str, Any]) -> Limits:
    return spec_limits(*(arguments[k] for k in ("lsl", "usl", "spec", "target", "tolerance")))


def _quantile_again(density: Any, near: float, share: float) -> float:
    """The point up to which the density integrates to ``share``: one Newton step from ``near``."""
    inside = integrate.quad(density, 0, near, limit=300, epsabs=1e-13, epsrel=1e-12)[0]
    return float(near - (inside - share) / density(near))


def _density_again(arguments: Mapping[str, Any], y: FloatArray) -> tuple[Any, dict[str, float]]:
    """Density of the fitted law, its parameters found by another route."""
    n = len(y)
    if arguments["method"] == "lognormal":
        mu = math.fsum(math.log(v) for v in y) / n
        sigma = math.sqrt(math.fsum((math.log(v) - mu) ** 2 for v in y) / n)

        def lognormal(x: float) -> float:
            if x <= 0:
                return 0.0
            z = (math.log(x) - mu) / sigma
            return math.exp(-z * z / 2) / (x * sigma * math.sqrt(2 * math.pi))

        return lognormal, {"mu": mu, "sigma": sigma}
    # Extreme-value form: solve for the scale of log y by fixed steps of the likelihood equation.
    logs = np.log(y)

    def equation(s: float) -> float:
        w = np.exp((logs - logs.max()) / s)
        return float((w @ logs) / w.sum() - s - logs.mean())

    s = float(optimize.brentq(equation, 1e-6, 50.0, xtol=1e-15))
    shape = 1 / s
    scale = math.exp(s * float(special.logsumexp(logs / s) - math.log(n)))

    def weibull(x: float) -> float:
        if x <= 0:
            return 0.0
        return shape / scale * (x / scale) ** (shape - 1) * math.exp(-((x / scale) ** shape))

    return weibull, {"shape": shape, "scale": scale}


def _lambda_again(texts: tuple[str | None, ...], near: float) -> float:
    """One Newton step of the Box-Cox likelihood, differentiated numerically in 40 digits."""
    if abs(near) > 4.999:  # at the end of the range searched
        return near if abs(abs(near) - 5) < 1e-3 else math.copysign(5, near)
    with mpmath.workdps(40):
        logs = [mpmath.log(mpmath.mpf(t)) for t in texts if t is not None]
        middle = mpmath.fsum(logs) / len(logs)
        centred = [v - middle for v in logs]

        def likelihood(lam: mpmath.mpf) -> mpmath.mpf:
            z = [mpmath.expm1(lam * v) / lam for v in centred]
            mean = mpmath.fsum(z) / len(z)
            return -mpmath.log(mpmath.fsum((v - mean) ** 2 for v in z)) * len(z) / 2

        step, at = mpmath.mpf("1e-9"), mpmath.mpf(near) or mpmath.mpf("1e-12")
        low, here, high = (likelihood(at + d) for d in (-step, 0, step))
        return float(at - (high - low) / 2 * step / (high - 2 * here + low))


def _verify_capability(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Percentiles and tails by integrating the density; Box-Cox by its likelihood equation."""
    limits = _limits(arguments)
    series = arguments["x"].present()
    y = series.values
    again: dict[str, Any] = {"n": len(y)}
    method = arguments["method"]
    if method == "johnson":
        return again | _verify_johnson(series, limits, result)
    if method == "boxcox":
        lam = float(result.values["lambda"])  # type: ignore[arg-type]
        again["lambda"] = Recomputed(_lambda_again(series.texts, lam), 1e-6)
        with mpmath.workdps(30):
            power = mpmath.mpf(lam)

            def moved(v: float) -> mpmath.mpf:
                exact = mpmath.mpf(repr(float(v)))
                if exact <= 0:
                    return -1 / power
                return (exact**power - 1) / power if power else mpmath.log(exact)

            z = [moved(v) for v in y]
            mean = mpmath.fsum(z) / len(z)
            sd = mpmath.sqrt(mpmath.fsum((v - mean) ** 2 for v in z) / (len(z) - 1))
            again |= {"mean_transformed": float(mean), "sd_transformed": float(sd)}
            lower = None if limits.lsl is None else (mean - moved(limits.lsl)) / sd
            upper = None if limits.usl is None else (moved(limits.usl) - mean) / sd
            again |= _indices_again(lower, upper)
            if lower is not None and upper is not None:
                again["pp"] = float((lower + upper) / 6)
            tails = [
                0.0 if d is None else float(mpmath.erfc(d / mpmath.sqrt(2)) / 2)
                for d in (lower, upper)
            ]
        again |= _ppm(tails[0], tails[1])
        return again
    if method == "nonparametric":
        exact = sorted(series.exact)
        ends = [_rank_quantile(exact, Fraction(q)) for q in ("0.00135", "0.5", "0.99865")]
        below = sum(limits.lsl is not None and v < Fraction(repr(limits.lsl)) for v in exact)
        above = sum(limits.usl is not None and v > Fraction(repr(limits.usl)) for v in exact)
        again |= _ppm(below / len(exact), above / len(exact))
    else:
        density, parameters = _density_again(arguments, y)
        again |= {k: Recomputed(v, 1e-7) for k, v in parameters.items()}
        starts = [float(result.values[k]) for k in ("p_low", "median", "p_high")]  # type: ignore[arg-type]
        shares = (LOW, 0.5, HIGH)
        ends = [_quantile_again(density, s, q) for s, q in zip(starts, shares, strict=True)]
        top = ends[2] * 60
        below_share = 0.0
        if limits.lsl is not None and limits.lsl > 0:
            below_share = integrate.quad(density, 0, limits.lsl, limit=300, epsabs=1e-15)[0]
        above_share = 0.0
        if limits.usl is not None:
            edges = [limits.usl, max(limits.usl * 1.5, ends[2]), max(limits.usl * 3, top)]
            above_share = sum(
                integrate.quad(density, a, b, limit=300, epsabs=1e-16)[0]
                for a, b in ((edges[0], edges[1]), (edges[1], edges[2]))
            )
        again |= {k: Recomputed(v, 1e-5) for k, v in _ppm(below_share, above_share).items()}
    low, middle, high = ends
    lower = None if limits.lsl is None else 3 * (middle - limits.lsl) / (middle - low)
    upper = None if limits.usl is None else 3 * (limits.usl - middle) / (high - middle)
    loose = _indices_again(lower, upper) | {"p_low": low, "median": middle, "p_high": high}
    if limits.lsl is not None and limits.usl is not None:
        loose["pp"] = (limits.usl - limits.lsl) / (high - low)
    return again | {k: Recomputed(float(v), 1e-6) for k, v in loose.items()}


def _indices_again(lower: Any, upper: Any) -> dict[str, Any]:
    found = {"ppl": lower, "ppu": upper}
    again = {k: float(v / 3) for k, v in found.items() if v is not None}
    return {**again, "ppk": min(again.values())}


def _rank_quantile(ordered: list[Fraction], share: Fraction) -> float:
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (place - low) * (ordered[high] - ordered[low]))


@operation(
    "quality.capability_nonnormal",
    outputs={
        "pp": "performance index",
        "ppk": "performance index towards the nearer limit",
        "ppl": "towards the lower limit",
        "ppu": "towards the upper limit",
        "p_low": "0.135 percentile",
        "median": "median of the fitted distribution",
        "p_high": "99.865 percentile",
        "ppm_below": "expected parts per million below",
        "ppm_above": "expected parts per million above",
        "ppm_total": "expected parts per million outside",
        "lambda": "Box-Cox power",
        "mean_transformed": "mean after transformation",
        "sd_transformed": "standard deviation after transformation",
        "johnson_type": "Johnson family: SU unbounded, SB bounded",
        "gamma": "Johnson gamma",
        "delta": "Johnson delta (eta)",
        "xi": "Johnson xi (epsilon)",
        "johnson_scale": "Johnson lambda",
        "z_spacing": "spacing of the four percentiles the Johnson fit rests on",
        "mu": "lognormal mu",
        "sigma": "lognormal sigma",
        "shape": "Weibull shape",
        "scale": "Weibull scale",
        "n": "readings",
    },
    reference="ISO 22514-4; Box and Cox (1964); Clements (1989); Chou, Polansky and Mason (1998), "
    "J. Quality Technology 30(2)",
    verifier=_verify_capability,
    examples=(
        "c = quality.capability_nonnormal([1.2, 0.7, 2.9, 1.6, 0.9, 4.1, 1.1, 2.2, 1.4, 0.8, 3.3, "
        "1.9], usl=9)",
        "c = quality.capability_nonnormal([1.2, 0.7, 2.9, 1.6, 0.9, 4.1, 1.1, 2.2, 1.4, 0.8, 3.3, "
        "1.9], usl=9, lsl=0.1, method=lognormal)",
        "c = quality.capability_nonnormal([1.2, 0.7, 2.9, 1.6, 0.9, 4.1, 1.1, 2.2, 1.4, 0.8, 3.3, "
        "1.9], usl=9, method=weibull)",
        "c = quality.capability_nonnormal([1.2, 0.7, 2.9, 1.6, 0.9, 4.1, 1.1, 2.2, 1.4, 0.8, 3.3, "
        "1.9], spec=0..9, method=nonparametric)",
        "c = quality.capability_nonnormal([1.2, 0.7, 2.9, 1.6, 0.9, 4.1, 1.1, 2.2, 1.4, 0.8, 3.3, "
        "1.9], usl=4.5, method=johnson)",
    ),
    terms=("non-normal capability", "Box-Cox capability", "Weibull capability", "skewed data Ppk"),
)
def capability_nonnormal(
    x: Annotated[Sample, Param("readings", min_length=8)],
    lsl: Lsl = None,
    usl: Usl = None,
    spec: Spec = None,
    target: Target = None,
    tolerance: Tolerance = None,
    method: Annotated[
        Method, Param("Box-Cox transformation, a fitted distribution, or the data's percentiles")
    ] = "boxcox",
) -> Result:
    """Capability of a skewed process: Pp and Ppk by transformation or by percentiles.

    boxcox transforms readings and limits by the power of greatest likelihood and uses the normal
    indices there; johnson does so with the member of Johnson's system; lognormal and weibull fit
    that distribution and compare the limits with its 0.135, 50 and 99.865 percentiles;
    nonparametric takes the percentiles of the data.
    """
    limits = spec_limits(lsl, usl, spec, target, tolerance)
    y = x.present().values
    if len(y) < 8 or np.ptp(y) == 0:
        raise InputError("capability needs at least 8 readings that vary")
    if method not in ("nonparametric", "johnson") and y.min() <= 0:
        raise InputError(f"method={method} needs readings above 0; the smallest is {y.min():g}")
    if method == "nonparametric":
        refuse_far_from_zero(x)
    else:
        refuse_unfit_for_logs(np.abs(y[y != 0]), "distribution of positive values")
    values = {**_METHODS[method](y, limits), "n": len(y)}
    warnings = [f"{x.n_missing} missing readings were left out."] if x.n_missing else []
    if len(y) < 100:
        warnings.append(
            "With fewer than about 100 readings the tails are largely a matter of the model."
        )
    if method == "nonparametric" and len(y) < 1000:
        warnings.append(
            "Percentiles this far out cannot be read from so few readings: they are the extremes."
        )
    words = {"boxcox": "Box-Cox transformation, lambda {lambda}",
             "johnson": "Johnson transformation, {johnson_type}", "lognormal": "lognormal fit",
             "weibull": "Weibull fit, shape {shape}", "nonparametric": "percentiles of the data"}  # fmt: skip
    indices = "Pp = {pp}, Ppk = {ppk}" if "pp" in values else "Ppk = {ppk}"
    return Result(
        values,
        f"{indices} ({words[method]}); expected outside: {{ppm_total}} ppm.",
        figures=(_histogram(y, limits, _fitted_curve(y, method, values)),),
        assumptions=(_check(y, method, values),),
        warnings=tuple(warnings),
    )


def _fitted_curve(y: FloatArray, method: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Density of the fitted distribution from a little below to beyond the readings, None without one."""
    span = float(np.ptp(y))
    low = y.min() - span / 4 if method == "johnson" else max(y.min() - span / 4, y.min() / 10)
    grid = np.linspace(low, y.max() + span / 2, 201)
    if method == "nonparametric":
        return None
    if method == "lognormal":
        density = stats.lognorm.pdf(grid, values["sigma"], scale=math.exp(values["mu"]))
    elif method == "weibull":
        density = stats.weibull_min.pdf(grid, values["shape"], scale=values["scale"])
    else:
        if method == "johnson":
            found = fit_johnson(y)
            grid = grid[[found.holds(v) for v in grid]]
            z = found.transform(grid)
            mean, sd = values["mean_transformed"], values["sd_transformed"]
        else:  # on scaled data, as the indices are
            scale, lam = _geometric_mean(y), values["lambda"]
            z, own = _boxcox(grid / scale, lam), _boxcox(y / scale, lam)
            mean, sd = float(own.mean()), float(own.std(ddof=1))
        density = stats.norm.pdf((z - mean) / sd) / sd * np.gradient(z, grid)
    return {"x": grid.tolist(), "y": density.tolist()}


def _histogram(y: FloatArray, limits: Limits, curve: dict[str, Any] | None) -> Figure:
    counts, edges = np.histogram(y, bins="sturges")
    return Figure(
        "capability_histogram",
        "Process against specification",
        {"edges": edges.tolist(), "counts": counts.tolist(), "lsl": limits.lsl, "usl": limits.usl,
         "target": limits.target, "mean": float(y.mean()), "sd_within": None, "sd_overall": None,
         "n": len(y), "curve": curve},
    )  # fmt: skip


def _check(y: FloatArray, method: str, values: Mapping[str, Any]) -> Assumption:
    if method == "nonparametric":
        return Assumption("no distribution assumed", True, "percentiles of the data themselves")
    if method == "weibull":
        z = stats.norm.ppf(
            np.clip(
                stats.weibull_min.cdf(y, values["shape"], scale=values["scale"]), 1e-9, 1 - 1e-9
            )
        )
    elif method == "johnson":
        z = fit_johnson(y).transform(y)
    else:
        z = np.log(y) if method == "lognormal" else _boxcox(y, values["lambda"])
    w, p = stats.shapiro(z)
    detail = f"Shapiro-Wilk after transformation W = {w:.4f}, {p_words(p)}"
    return Assumption(f"{method} fits", bool(p >= 0.05), detail, float(w), float(p))
