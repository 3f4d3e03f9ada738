"""Designs for second-order models: central composite and Box-Behnken."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np

from havoc.errors import InputError
from havoc.tools.doe import two_level
from havoc.tools.doe.design import (
    COMMON_OUTPUTS,
    FACTORS,
    N_FACTORS,
    SEED,
    design_result,
    effect_letters,
    plan_of,
    recount,
    require_numeric,
    resolve_factors,
)
from havoc.tools.doe.generators import minimum_aberration, possible_runs
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.result import Result
from havoc.tools.values import Factor, FloatArray

CUBES = {"full": 0, "half": 1, "quarter": 2, "eighth": 3}

# Box and Behnken (1960), Technometrics 2: which factors vary together. For 6, 7, 11, 12 and 16
# factors the sets are cyclic; 9 is the lines of the affine plane of order 3, one class of them
# twice; 10 joins each edge of the complete graph on 5 points with the triangle on the other 3.
BOX_BEHNKEN_CENTERS = {3: 3, 4: 3, 5: 6, 6: 6, 7: 6, 9: 10, 10: 10, 11: 12, 12: 12, 16: 12}
BOX_BEHNKEN_SIZES = tuple(BOX_BEHNKEN_CENTERS)


def second_order(coded: FloatArray) -> FloatArray:
    """Model matrix: 1, linear, squares, two-factor products."""
    k = coded.shape[1]
    pairs = [coded[:, i] * coded[:, j] for i, j in itertools.combinations(range(k), 2)]
    return np.column_stack([np.ones(len(coded)), coded, coded**2, *pairs])


def box_behnken_sets(k: int) -> list[tuple[int, ...]]:
    """The sets of factors that vary together, the others at their centres."""
    if k in (3, 4, 5):
        return list(itertools.combinations(range(k), 2))
    if k == 9:
        points = list(itertools.product(range(3), repeat=2))
        lines = [
            tuple(sorted(i for i, (x, y) in enumerate(points) if (a * x + b * y) % 3 == c))
            for a, b in ((0, 1), (1, 0), (1, 1), (1, 2))
            for c in range(3)
        ]
        return lines + lines[:3]
    if k == 10:
        edges = list(itertools.combinations(range(5), 2))
        return [
            tuple(sorted(edges.index(f) for f in edges if f == e or not set(f) & set(e)))
            for e in edges
        ]
    base: dict[int, list[tuple[int, ...]]] = {
        6: [(0, 1, 3)],
        7: [(0, 1, 3)],
        11: [(1, 3, 4, 5, 9)],
        12: [(0, 1, 4, 6)],
    }
    starts = base.get(k, [(0, 1, 5, 8), (0, 2, 8, 10)])
    found = [tuple(sorted((i + s) % k for i in start)) for start in starts for s in range(k)]
    return list(dict.fromkeys(found))


def box_behnken_points(k: int) -> list[list[int]]:
    """Base runs in coded units; sets of five factors take the half fraction of resolution V."""
    rows = []
    for chosen in box_behnken_sets(k):
        size = len(chosen)
        cube = minimum_aberration(size, 16) if size == 5 else two_level.full(size)
        for corner in cube.coded():
            row = [0] * k
            for i, v in zip(chosen, corner, strict=True):
                row[i] = v
            rows.append(row)
    return rows


def box_behnken_blocks(k: int, blocks: int) -> list[int]:
    """The block, from 1, of each base run, in blocks orthogonal to the second-order model.

    Four factors: the three ways to pair them. Five: two cycles of pairs. Nine: the five classes of
    parallel lines. Otherwise each set's runs are halved by the product of its signs.
    """
    sets = box_behnken_sets(k)
    sizes = {len(s) for s in sets}
    best = {4: 3, 5: 2, 9: 5}.get(k, 2 if sizes <= {3, 4} else 1)
    if blocks != best:
        raise InputError(
            f"a Box-Behnken design for {k} factors "
            + (
                f"can be run in {best} orthogonal blocks"
                if best > 1
                else "has no orthogonal blocks"
            )
            + f", not {blocks}"
        )
    runs = len(box_behnken_points(k)) // len(sets)
    if k == 4:
        pairing: dict[tuple[int, ...], int] = {(0, 1): 1, (2, 3): 1, (0, 2): 2, (1, 3): 2}
        of_set = [pairing.get(s, 3) for s in sets]
    elif k == 5:
        of_set = [1 if (b - a) in (1, 4) else 2 for a, b in sets]
    elif k == 9:
        of_set = [1 + i // 3 for i in range(len(sets))]
    else:
        return [1 if np.prod([v for v in row if v]) > 0 else 2 for row in box_behnken_points(k)]
    return [b for b in of_set for _ in range(runs)]


def _moments(result: Result) -> tuple[FloatArray, int]:
    coded = result.table("coded design")
    return np.array([row[1:] for row in coded.rows], dtype=float), len(coded.rows)


def _verify_box_behnken(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    again = recount(arguments, result)
    x, n = _moments(result)
    edge = (x != 0).any(axis=1)
    again["base_runs"] = int(edge.sum())
    again["parameters"] = math.comb(x.shape[1] + 2, 2)
    again["error_df"] = n - again["parameters"]
    if again["center_points"]:
        singular = np.linalg.svd(second_order(x), compute_uv=False)
        again["every second-order term is estimable"] = Invariant(
            float((singular > 1e-9 * singular[0]).sum()), again["parameters"]
        )
    again["three levels in each factor"] = Invariant(
        sum(set(column) != {-1.0, 0.0, 1.0} for column in x.T.tolist()), 0
    )
    odd = x.T @ (x**2)
    again["odd moments vanish"] = Invariant(float(np.abs(odd).max()), 0)
    again["orthogonal_blocks"] = _orthogonal_blocks(result, x)
    return again


@operation(
    "doe.box_behnken",
    outputs={
        **COMMON_OUTPUTS,
        "base_runs": "runs without centre points",
        "orthogonal_blocks": "whether the block effect is independent of the model, if blocked",
        "parameters": "coefficients of the full second-order model",
        "error_df": "degrees of freedom left by the second-order model",
    },
    reference="Box and Behnken (1960), Technometrics 2, 455-475",
    verifier=_verify_box_behnken,
    examples=(
        "design = doe.box_behnken(temperature=150..200 degC, pressure=1..5 bar, time=10..30 min, "
        "centers=3, seed=7)",
        "design = doe.box_behnken(n_factors=6)",
        "design = doe.box_behnken(n_factors=4, blocks=3, centers=3)",
    ),
    terms=("Box-Behnken", "BBD", "three-level response surface design", "no extreme corners"),
)
def box_behnken(
    factors: Annotated[tuple[Factor, ...], Param(FACTORS)] = (),
    n_factors: Annotated[int | None, N_FACTORS] = None,
    centers: Annotated[
        int | None, Param("centre points (default: as published, 3 for 3 factors)", ge=0, le=100)
    ] = None,
    blocks: Annotated[int, Param("orthogonal blocks: 3 for 4 factors, 2 for 5 ...", ge=1)] = 1,
    seed: Annotated[int, SEED] = 1,
    randomize: Annotated[bool, Param("whether the run order is random")] = True,
) -> Result:
    """Build a Box-Behnken design.

    Three levels for each of 3 to 7, 9 to 12 or 16 numeric factors, fit for a full second-order
    model, never with all factors at their extremes together.
    """
    found = resolve_factors(factors, n_factors)
    k = len(found)
    if k < 3:
        raise InputError(
            f"a Box-Behnken design needs at least 3 factors, not {k}; "
            "doe.central_composite takes 2 factors (9 settings)"
        )
    if k not in BOX_BEHNKEN_SIZES:
        near = [n for n in BOX_BEHNKEN_SIZES if n < k][-1:] + [
            n for n in BOX_BEHNKEN_SIZES if n > k
        ][:1]
        raise InputError(
            f"there is no Box-Behnken design for {k} factors (the nearest: "
            f"{' or '.join(map(str, near))}); doe.central_composite takes {k} factors"
            if k <= 10
            else f"there is no Box-Behnken design for {k} factors "
            f"(the nearest: {' or '.join(map(str, near))})"
        )
    require_numeric(found, "Box-Behnken design")
    rows = box_behnken_points(k)
    n_centers = BOX_BEHNKEN_CENTERS[k] if centers is None else centers
    kinds = ["edge"] * len(rows) + ["center"] * n_centers
    block: list[int] = []
    if blocks > 1:
        block = box_behnken_blocks(k, blocks) + [1 + i % blocks for i in range(n_centers)]
    plan = plan_of(
        f"Box-Behnken design for {k} factors",
        found,
        [*rows, *([[0] * k] * n_centers)],
        block,
        kinds,
    )
    parameters = math.comb(k + 2, 2)
    warnings = []
    if n_centers % blocks:
        warnings.append(
            f"With {n_centers} centre points in {blocks} blocks the blocks are not quite "
            "orthogonal; take a multiple of the number of blocks."
        )
    if n_centers == 0:
        warnings.append(
            "Without a centre point the full second-order model cannot be fitted; add at least one."
        )
    elif n_centers == 1:
        warnings.append("With one centre point there is no pure error; take at least three.")
    return design_result(
        plan,
        "The {design} needs {runs} runs: {base_runs} edge points and {center_points} centre "
        "points.",
        seed,
        randomize,
        {
            "base_runs": len(rows),
            "orthogonal_blocks": n_centers % blocks == 0 if blocks > 1 else None,
            "parameters": parameters,
            "error_df": plan.runs - parameters,
        },
        warnings=warnings,
    )


def axial_distance(
    word: str, k: int, cube: int, centers: int, axial_centers: int, blocked: bool
) -> float:
    """The distance of the axial points from the centre, in units of the cube's half width.

    Rotatable: fourth root of the cube's runs. Spherical: sqrt(k). Orthogonal: between blocks, where
    the axial points are a block (Montgomery 2013, section 11.4.3); otherwise among the squares.
    """
    n0 = centers + axial_centers
    if word == "rotatable":
        return float(cube**0.25)
    if word == "spherical":
        return math.sqrt(k)
    if word == "orthogonal" and blocked:
        return math.sqrt(cube * (2 * k + axial_centers) / (2 * (cube + centers)))
    total = cube + 2 * k + n0
    return math.sqrt((math.sqrt(cube * total) - cube) / 2)


def cube_points(k: int, part: str) -> tuple[two_level.Fraction2, str | None]:
    """The cube, and a warning where its fraction is below resolution V."""
    p = CUBES[part]
    runs = (1 << k) >> p
    if p and (k < 3 or runs < 4 or runs <= k):
        raise InputError(
            f"a {part} fraction of {k} factors is too small for a central composite design"
        )
    if k > 10:
        raise InputError(f"a central composite design takes up to 10 factors, not {k}")
    if runs not in possible_runs(k):
        raise InputError(f"a {part} cube of {k} factors is not available; use a smaller fraction")
    design = minimum_aberration(k, runs)
    if p and (design.resolution or 9) < 5:
        name = two_level.roman(design.resolution)
        return design, (
            f"The {part} fraction of the cube has resolution {name}, below V: some two-factor "
            "interactions are estimated together with other effects."
        )
    return design, None


def _verify_central_composite(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Moments of the written coded table, exact where the coding is."""
    again = recount(arguments, result)
    x, n = _moments(result)
    k = x.shape[1]
    written = result.table("design")
    kinds = written.column(next(c for c in written.columns if c.rstrip("_") == "type"))
    cube = np.array([kind == "cube" for kind in kinds])
    axial = np.array([kind == "axial" for kind in kinds])
    half_width = float(np.abs(x[cube]).max())
    reach = float(np.abs(x[axial]).max())
    again["alpha"] = reach / half_width
    if arguments["type"] != "faced":
        asked = arguments["alpha_value"]
        again["alpha as asked for"] = Invariant(
            _meets(arguments["alpha"], x, again["alpha"]) if asked is None else again["alpha"],
            asked or 1,
            1e-7,
        )
    again["cube_points"] = int(cube.sum())
    again["axial_points"] = int(axial.sum())
    again["parameters"] = math.comb(k + 2, 2)
    again["error_df"] = n - again["parameters"]
    again["axial_value"] = reach
    again["cube_value"] = half_width
    fourth, mixed = float((x[:, 0] ** 4).sum()), float((x[:, 0] ** 2 * x[:, 1] ** 2).sum())
    again["rotatable"] = abs(fourth - 3 * mixed) <= 1e-8 * fourth
    again["orthogonal_blocks"] = _orthogonal_blocks(result, x)
    singular = np.linalg.svd(second_order(x), compute_uv=False)
    again["every second-order term is estimable"] = Invariant(
        float((singular > 1e-9 * singular[0]).sum()), again["parameters"]
    )
    return again


def _meets(word: str, x: FloatArray, alpha: float) -> float:
    """1 where the moments of the design have the property that ``alpha`` is to achieve."""
    if word == "rotatable":
        return float((x[:, 0] ** 4).sum() / (3 * (x[:, 0] ** 2 * x[:, 1] ** 2).sum()))
    if word == "spherical":
        return alpha / math.sqrt(x.shape[1])
    return 1.0  # orthogonality of blocks or squares: see orthogonal_blocks, and the tests


def _orthogonal_blocks(result: Result, x: FloatArray) -> bool | None:
    written = result.table("design")
    head = next((c for c in written.columns[:3] if c.rstrip("_") == "block"), None)
    if head is None:
        return None
    block = np.array(written.column(head))
    model = second_order(x)[:, 1:]
    means = np.array([model[block == b].mean(axis=0) for b in sorted(set(block.tolist()))])
    return bool(np.abs(means - model.mean(axis=0)).max() < 1e-8)


@operation(
    "doe.central_composite",
    outputs={
        **COMMON_OUTPUTS,
        "alpha": "distance of the axial points, in half widths of the cube",
        "type": "circumscribed, inscribed or faced",
        "cube_points": "factorial points",
        "axial_points": "axial (star) points",
        "axial_value": "coded value of the axial points",
        "cube_value": "coded value of the cube's corners",
        "rotatable": "whether the prediction variance depends only on the distance from the centre",
        "orthogonal_blocks": "whether the block effect is independent of the model, if blocked",
        "parameters": "coefficients of the full second-order model",
        "error_df": "degrees of freedom left by the second-order model, before blocks",
    },
    reference="Box and Wilson (1951); Montgomery (2013), Design and Analysis of Experiments, "
    "section 11.4",
    verifier=_verify_central_composite,
    examples=(
        "design = doe.central_composite(temperature=150..180 degC, time=20..40 min, centers=5)",
        "design = doe.central_composite(n_factors=5, cube=half, alpha=rotatable, centers=6)",
        "design = doe.central_composite(x=0..10, y=-5..5, z=1..2, type=faced)",
        "design = doe.central_composite(n_factors=3, alpha=orthogonal, centers=4, axial_centers=4)",
    ),
    terms=(
        "central composite",
        "CCD",
        "response surface design",
        "star points",
        "axial points",
        "rotatable",
        "face-centered",
        "CCF",
        "CCI",
        "CCC",
    ),
)
def central_composite(
    factors: Annotated[tuple[Factor, ...], Param(FACTORS)] = (),
    n_factors: Annotated[int | None, N_FACTORS] = None,
    type: Annotated[
        Literal["circumscribed", "inscribed", "faced"],
        Param("axial points outside the ranges, all within them, or on the faces"),
    ] = "circumscribed",
    alpha: Annotated[
        Literal["rotatable", "orthogonal", "spherical"],
        Param("what the axial distance is to achieve"),
    ] = "rotatable",
    alpha_value: Annotated[
        float | None, Param("axial distance, if you choose it yourself", gt=0, le=100)
    ] = None,
    cube: Annotated[
        Literal["full", "half", "quarter", "eighth"], Param("part of the cube that is run")
    ] = "full",
    centers: Annotated[
        int, Param("centre points; with axial_centers: those run with the cube", ge=0, le=100)
    ] = 5,
    axial_centers: Annotated[
        int | None,
        Param("centre points run with the axial points, as a second block", ge=0, le=100),
    ] = None,
    seed: Annotated[int, SEED] = 1,
    randomize: Annotated[bool, Param("whether the run order is random")] = True,
) -> Result:
    """Build a central composite design.

    A two-level cube (or a fraction of it), axial points at distance alpha, and centre points, for
    a full second-order model. Circumscribed: the ranges are the cube, axial points lie beyond them.
    Inscribed: the ranges are the axial points. Faced: alpha is 1. With ``axial_centers`` cube and
    axial points are two blocks, orthogonal if alpha is orthogonal.
    """
    found = resolve_factors(factors, n_factors, least=2)
    require_numeric(found, "central composite design")
    k = len(found)
    corners, low_resolution = cube_points(k, cube)
    blocked = axial_centers is not None
    star = axial_centers or 0
    distance = alpha_value or axial_distance(alpha, k, corners.runs, centers, star, blocked)
    distance = 1.0 if type == "faced" else distance
    shrink = 1 / distance if type == "inscribed" and distance > 1 else 1.0
    reach = 1.0 if type == "inscribed" and distance > 1 else distance
    rows = [[shrink * v for v in row] for row in corners.coded()]
    kinds = ["cube"] * len(rows) + ["center"] * centers
    rows += [[0.0] * k] * centers
    for i, end in itertools.product(range(k), (-reach, reach)):
        rows.append([end if j == i else 0.0 for j in range(k)])
    rows += [[0.0] * k] * star
    kinds += ["axial"] * (2 * k) + ["center"] * star
    first = corners.runs + centers
    block = [1] * first + [2] * (len(rows) - first) if blocked else []
    name = f"{type} central composite design for {k} factors"
    plan = plan_of(name, found, rows, block, kinds)
    parameters = math.comb(k + 2, 2)
    _require_estimable(plan.matrix(), parameters, cube, k)
    values = {
        "alpha": distance,
        "type": type,
        "cube_points": corners.runs,
        "axial_points": 2 * k,
        "axial_value": reach,
        "cube_value": shrink,
        "rotatable": math.isclose(distance**4, corners.runs, rel_tol=1e-8),
        "orthogonal_blocks": _blocks_orthogonal(distance, k, corners.runs, centers, star)
        if blocked
        else None,
        "parameters": parameters,
        "error_df": plan.runs - parameters,
    }
    warnings = [low_resolution] if low_resolution else []
    if factors and type == "circumscribed" and distance > 1:
        warnings.append(_reach_warning(found, distance))
    if centers + star < 2:
        warnings.append("With fewer than two centre points there is no pure error.")
    return design_result(
        plan,
        "The {design} needs {runs} runs: {cube_points} cube, {axial_points} axial and "
        "{center_points} centre points, with alpha {alpha}.",
        seed,
        randomize,
        values,
        warnings=warnings,
    )


def _blocks_orthogonal(distance: float, k: int, cube: int, centers: int, star: int) -> bool:
    """Equal mean squares in both blocks; odd moments vanish in each by symmetry."""
    in_cube = cube / (cube + centers)
    in_star = 2 * distance**2 / (2 * k + star)
    return math.isclose(in_cube, in_star, rel_tol=1e-8)


def _require_estimable(coded: FloatArray, parameters: int, cube: str, k: int) -> None:
    if np.linalg.matrix_rank(second_order(coded)) < parameters:
        raise InputError(
            f"with a {cube} cube for {k} factors and these centre points the full second-order "
            "model cannot be estimated; use a larger cube or add centre points"
        )


def _reach_warning(factors: Sequence[Factor], distance: float) -> str:
    letters = effect_letters(factors)
    shown = []
    for _, f in list(zip(letters, factors, strict=True))[:6]:
        middle, half = (f.low + f.high) / 2, (f.high - f.low) / 2
        unit = f" {f.unit}" if f.unit else ""
        low, high = middle - distance * half, middle + distance * half
        shown.append(f"{f.name} {low:.6g} to {high:.6g}{unit}")
    return (
        "The axial points lie outside the ranges given ("
        + "; ".join(shown)
        + "): check that they can be run, or use type=inscribed or type=faced."
    )
