"""Mixture designs: the settings are proportions that add up to a total."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

import numpy as np

from havoc.errors import InputError, NeedsClarification
from havoc.tools.doe.design import (
    MAX_RUNS,
    letters_for,
    plain_fraction,
    unused_name,
)
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.result import Result, ResultTable, table_of
from havoc.tools.values import Factor, Sample, Table

MAX_COMPONENTS = 12
COMPONENTS = "components: name=low..high gives a component's smallest and largest share"
N_COMPONENTS = Param("how many components, where only their number is known", ge=2)
LOWER = Param("smallest share of each component, in order", ge=0)
UPPER = Param("largest share of each component, in order", ge=0)
TOTAL = Param("what the shares add up to: 1, or 100 for percent", gt=0)
REPLICATES = Param("how often each blend is made", ge=1, le=50)
SEED = Param("seed of the random run order", ge=0)
RANDOMIZE = Param("whether the run order is random")

OUTPUTS: Mapping[str, str] = {
    "design": "name of the design",
    "runs": "number of runs",
    "components": "number of components",
    "distinct_blends": "number of distinct blends",
    "blends": "the distinct blends, in real proportions",
    "vertices": "the extreme blends (pure blends where nothing bounds them)",
    "vertex_count": "number of extreme blends",
    "levels": "distinct shares that occur",
    "row_sum": "what the shares of a blend add up to",
    "replicates": "how often each blend is made",
    "centroid": "the blend in the middle of the region",
    "seed": "seed of the run order",
}
Blend = tuple[Fraction, ...]


@dataclass(frozen=True)
class Region:
    """Components with their bounds, all in shares of ``total``."""

    names: tuple[str, ...]
    lower: Blend
    upper: Blend
    total: Fraction

    @property
    def q(self) -> int:
        return len(self.names)

    @property
    def slack(self) -> Fraction:
        """What is left to distribute above the lower bounds."""
        return self.total - sum(self.lower)

    @property
    def simplex(self) -> bool:
        """Whether only the lower bounds shape the region."""
        return all(hi >= lo + self.slack for lo, hi in zip(self.lower, self.upper, strict=True))

    def from_pseudo(self, share: Sequence[Fraction]) -> Blend:
        return tuple(lo + s * self.slack for lo, s in zip(self.lower, share, strict=True))


def region_of(
    factors: tuple[Factor, ...],
    n_components: int | None,
    lower: tuple[float, ...] | None,
    upper: tuple[float, ...] | None,
    total: float,
) -> Region:
    """Read the components and their bounds.

    Raises
    ------
    NeedsClarification
        If there are no components.
    InputError
        If the bounds disagree with each other or leave no blend.
    """
    whole = Fraction(repr(total))
    counts = {len(given) for given in (factors, lower or (), upper or ()) if given}
    counts |= {n_components} if n_components is not None else set()
    if not counts:
        raise NeedsClarification("which components (or how many), and within which bounds?")
    if len(counts) > 1:
        raise InputError(f"the numbers of components disagree: {sorted(counts)}")
    (q,) = counts
    if not 2 <= q <= MAX_COMPONENTS:
        raise InputError(f"a mixture has 2 to {MAX_COMPONENTS} components here, not {q}")
    for f in factors:
        if f.range is None:
            raise InputError(f"component '{f.name}' needs a range of shares low..high")
    names = tuple(f.name for f in factors) or letters_for(q)
    low = tuple(f.range.low.exact for f in factors if f.range) or (Fraction(0),) * q
    high = tuple(f.range.high.exact for f in factors if f.range) or (whole,) * q
    if lower is not None:
        low = tuple(Fraction(repr(v)) for v in lower)
    if upper is not None:
        high = tuple(Fraction(repr(v)) for v in upper)
    high = tuple(min(v, whole) for v in high)
    for name, lo, hi in zip(names, low, high, strict=True):
        if 0 < lo < whole / 10**9:
            raise InputError(f"component '{name}': a lower bound of {float(lo):g} is 0: write 0")
        if lo > hi:
            raise InputError(
                f"component '{name}': its lower bound {float(lo):g} exceeds {float(hi):g}"
            )
    if sum(low) > whole or sum(high) < whole:
        raise InputError(
            f"no blend adds up to {float(whole):g}: the lower bounds add up to "
            f"{float(sum(low)):g}, the upper ones to {float(sum(high)):g}"
        )
    return Region(names, low, high, whole)


def lattice(q: int, degree: int) -> list[Blend]:
    """All blends whose shares are multiples of 1/degree, the first component's largest first."""
    counts = [c for c in itertools.product(range(degree, -1, -1), repeat=q - 1) if sum(c) <= degree]
    return [tuple(Fraction(v, degree) for v in (*c, degree - sum(c))) for c in counts]


def centroids(q: int, most: int | None = None) -> list[Blend]:
    """Equal blends of every subset of (at most ``most``) components, smallest subsets first."""
    found = []
    for size in range(1, (most or q) + 1):
        for chosen in itertools.combinations(range(q), size):
            found.append(tuple(Fraction(int(i in chosen), size) for i in range(q)))
    return found


def axial_blends(q: int) -> list[Blend]:
    """Halfway between the overall centroid and each vertex: check blends inside the region."""
    return [
        tuple(Fraction(q + 1, 2 * q) if i == j else Fraction(1, 2 * q) for j in range(q))
        for i in range(q)
    ]


def extreme_points(region: Region) -> list[Blend]:
    """The vertices of the bounded region: all but one component at a bound (exact rationals)."""
    found: dict[Blend, None] = {}
    bounds = list(zip(region.lower, region.upper, strict=True))
    for free in range(region.q):
        others = [bounds[i] for i in range(region.q) if i != free]
        for ends in itertools.product(*others):
            rest = region.total - sum(ends)
            if bounds[free][0] <= rest <= bounds[free][1]:
                found[(*ends[:free], rest, *ends[free:])] = None
    return sorted(found, reverse=True)


def edge_midpoints(region: Region, vertices: Sequence[Blend]) -> list[Blend]:
    """Midpoints of vertices that share all but one of their bounds."""

    def active(v: Blend) -> set[tuple[int, int]]:
        at_low = {(i, 0) for i in range(region.q) if v[i] == region.lower[i]}
        return at_low | {(i, 1) for i in range(region.q) if v[i] == region.upper[i]}

    found = []
    for u, v in itertools.combinations(vertices, 2):
        shared = active(u) & active(v)
        # An edge is where q - 2 bounds hold and nothing else separates its two ends.
        between = [w for w in vertices if w not in (u, v) and shared <= active(w)]
        if len({i for i, _ in shared}) >= region.q - 2 and not between:
            found.append(tuple((a + b) / 2 for a, b in zip(u, v, strict=True)))
    return found


def mixture_result(
    region: Region,
    name: str,
    conclusion: str,
    kinds: Mapping[str, Sequence[Blend]],
    vertices: Sequence[Blend],
    replicates: int,
    seed: int,
    randomize: bool,
    warnings: Sequence[str] = (),
) -> Result:
    """Randomise and write the blends (kind -> blends)."""
    points = [(kind, b) for kind, blends in kinds.items() for b in blends] * replicates
    if len(points) > MAX_RUNS:
        raise InputError(
            f"the design would have {len(points)} runs; at most {MAX_RUNS} are allowed"
        )
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(points)).tolist() if randomize else range(len(points))
    cells = [[plain_fraction(v) for v in points[i][1]] for i in order]
    heads = [unused_name(h, region.names) for h in ("run", "std", "type")]
    rows = [
        [n, i + 1, points[i][0], *row]
        for n, (i, row) in enumerate(zip(order, cells, strict=True), 1)
    ]
    distinct = list(dict.fromkeys(b for _, b in points))
    centroid = [sum(column, Fraction(0)) / len(vertices) for column in zip(*vertices, strict=True)]
    pseudo = [
        [
            plain_fraction((v - lo) / region.slack) if region.slack else 0
            for v, lo in zip(b, region.lower, strict=True)
        ]
        for b in (points[i][1] for i in order)
    ]
    bounds = [
        [name, plain_fraction(lo), plain_fraction(hi)]
        for name, lo, hi in zip(region.names, region.lower, region.upper, strict=True)
    ]
    columns = [Sample.of(range(1, len(points) + 1), heads[0])]
    columns += [
        Sample.of(c, n) for n, c in zip(region.names, zip(*cells, strict=True), strict=True)
    ]
    return Result(
        {
            "design": name,
            "runs": len(points),
            "components": region.q,
            "distinct_blends": len(distinct),
            "blends": [[plain_fraction(v) for v in b] for b in distinct],
            "vertices": [[plain_fraction(v) for v in b] for b in vertices],
            "vertex_count": len(vertices),
            "levels": [plain_fraction(v) for v in sorted({v for b in distinct for v in b})],
            "row_sum": float(region.total),
            "replicates": replicates,
            "centroid": [plain_fraction(v) for v in centroid],
            "seed": seed,
        },
        conclusion,
        (
            table_of("design", [*heads, *region.names], rows),
            table_of(
                "pseudocomponents",
                [heads[0], *region.names],
                [[n, *p] for n, p in enumerate(pseudo, 1)],
            ),
            table_of("components", ["component", "lower", "upper"], bounds),
        ),
        warnings=tuple(warnings),
        data=Table(tuple(columns), "design"),
        extra={"region": region},
    )


def _written(result: Result) -> tuple[Region, list[tuple[Any, ...]], ResultTable]:
    region: Region = result.extra["region"]
    table = result.table("design")
    return region, [row[-region.q :] for row in table.rows], table


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Counts and sums of the written blends; vertices by solving for every set of active bounds."""
    region, rows, table = _written(result)
    distinct = list(dict.fromkeys(sorted(rows, reverse=True)))
    vertices = solved_vertices(region)
    reported = [tuple(b) for b in result.values["blends"]]  # type: ignore[union-attr]
    tolerance = 1e-9 * float(region.total)
    outside = sum(
        not (float(lo) - tolerance <= v <= float(hi) + tolerance)
        for row in rows
        for v, lo, hi in zip(row, region.lower, region.upper, strict=True)
    )
    missing = sum(
        min(np.abs(np.array(v) - np.array(w)).max() for w in vertices) > tolerance
        for v in result.values["vertices"]  # type: ignore[union-attr]
    )
    sums = [math.fsum(row) for row in rows]
    return {
        "runs": len(table.rows),
        "components": len(table.columns) - 3,
        "distinct_blends": len(distinct),
        "blends": [list(b) for b in reported if b in set(distinct)],
        "vertices": [list(v) for v in sorted(vertices, reverse=True)],
        "vertex_count": len(vertices),
        "levels": sorted({v for row in rows for v in row}),
        "row_sum": max(sums, key=lambda s: abs(s - float(region.total))),
        "replicates": len(rows) // len(distinct),
        "centroid": [math.fsum(c) / len(vertices) for c in zip(*vertices, strict=True)],
        "seed": arguments["seed"],
        "all blends lie within the bounds": Invariant(outside, 0),
        "every vertex is extreme": Invariant(float(missing), 0),
        "run order is a permutation": Invariant(
            sum(a != b for a, b in enumerate(sorted(r[1] for r in table.rows), 1)), 0
        ),
    }


def solved_vertices(region: Region) -> list[tuple[float, ...]]:
    """Vertices in floating point: solve q - 1 active bounds with the sum, keep what is feasible."""
    q, total = region.q, float(region.total)
    low = np.array([float(v) for v in region.lower])
    high = np.array([float(v) for v in region.upper])
    found: dict[tuple[float, ...], tuple[float, ...]] = {}
    for chosen in itertools.combinations(range(q), q - 1):
        for ends in itertools.product((0, 1), repeat=q - 1):
            x = np.zeros(q)
            for i, end in zip(chosen, ends, strict=True):
                x[i] = high[i] if end else low[i]
            (last,) = set(range(q)) - set(chosen)
            x[last] = total - math.fsum(x)
            if (x >= low - 1e-9 * total).all() and (x <= high + 1e-9 * total).all():
                found.setdefault(tuple(np.round(x / total, 9).tolist()), tuple(x.tolist()))
    return list(found.values())


@operation(
    "doe.simplex_lattice",
    outputs=OUTPUTS,
    reference="Scheffé (1958), Journal of the Royal Statistical Society B 20; Cornell (2002), "
    "Experiments with Mixtures",
    verifier=_verify,
    examples=(
        "design = doe.simplex_lattice(n_components=3, degree=2)",
        "design = doe.simplex_lattice(lower=[0.2, 0.1, 0.3], degree=2)",
        "design = doe.simplex_lattice(resin=0.3..1, filler=0.1..0.8, hardener=0.1..0.8, degree=2, "
        "interior=true)",
    ),
    terms=("simplex lattice", "mixture design", "blend design", "{3,2} design", "Scheffe"),
)
def simplex_lattice(
    factors: Annotated[tuple[Factor, ...], Param(COMPONENTS)] = (),
    n_components: Annotated[int | None, N_COMPONENTS] = None,
    degree: Annotated[
        int, Param("steps between 0 and 1: the m of a {q, m} lattice", ge=1, le=10)
    ] = 2,
    lower: Annotated[tuple[float, ...] | None, LOWER] = None,
    total: Annotated[float, TOTAL] = 1.0,
    interior: Annotated[bool, Param("whether to add the centroid and axial check blends")] = False,
    replicates: Annotated[int, REPLICATES] = 1,
    seed: Annotated[int, SEED] = 1,
    randomize: Annotated[bool, RANDOMIZE] = True,
) -> Result:
    """Build a simplex-lattice mixture design.

    All blends whose shares are multiples of 1/degree. With lower bounds the lattice is laid over
    the pseudocomponents, so that its vertices are the purest blends the bounds allow.
    """
    region = region_of(factors, n_components, lower, None, total)
    _require_simplex(region)
    kinds = _by_kind(region, lattice(region.q, degree), interior)
    vertices = [region.from_pseudo(b) for b in lattice(region.q, 1)]
    return mixture_result(
        region,
        f"{{{region.q}, {degree}}} simplex lattice",
        "The {design} needs {runs} runs of {distinct_blends} distinct blends; every blend adds up "
        "to {row_sum}.",
        kinds,
        sorted(vertices, reverse=True),
        replicates,
        seed,
        randomize,
    )


@operation(
    "doe.simplex_centroid",
    outputs=OUTPUTS,
    reference="Scheffé (1963), Journal of the Royal Statistical Society B 25, 235-263",
    verifier=_verify,
    examples=(
        "design = doe.simplex_centroid(n_components=3)",
        "design = doe.simplex_centroid(lower=[10, 20, 5, 0], total=100, interior=true)",
    ),
    terms=("simplex centroid", "mixture design", "blend design", "equal blends"),
)
def simplex_centroid(
    factors: Annotated[tuple[Factor, ...], Param(COMPONENTS)] = (),
    n_components: Annotated[int | None, N_COMPONENTS] = None,
    lower: Annotated[tuple[float, ...] | None, LOWER] = None,
    total: Annotated[float, TOTAL] = 1.0,
    interior: Annotated[bool, Param("whether to add axial check blends")] = False,
    replicates: Annotated[int, REPLICATES] = 1,
    seed: Annotated[int, SEED] = 1,
    randomize: Annotated[bool, RANDOMIZE] = True,
) -> Result:
    """Build a simplex-centroid mixture design.

    The pure components, and the equal blends of every two, three ... and all of them: 2^q - 1
    blends. Lower bounds are handled by pseudocomponents.
    """
    region = region_of(factors, n_components, lower, None, total)
    _require_simplex(region)
    kinds = _by_kind(region, centroids(region.q), interior)
    vertices = [region.from_pseudo(b) for b in lattice(region.q, 1)]
    return mixture_result(
        region,
        f"simplex centroid for {region.q} components",
        "The {design} needs {runs} runs of {distinct_blends} distinct blends; every blend adds up "
        "to {row_sum}.",
        kinds,
        sorted(vertices, reverse=True),
        replicates,
        seed,
        randomize,
    )


def _require_simplex(region: Region) -> None:
    if not region.simplex:
        at = next(i for i in range(region.q) if region.upper[i] < region.lower[i] + region.slack)
        raise InputError(
            f"the upper bound of '{region.names[at]}' cuts the simplex: use doe.extreme_vertices"
        )


def _by_kind(region: Region, shares: Sequence[Blend], interior: bool) -> dict[str, list[Blend]]:
    """Blends by how many components they mix, in real proportions."""
    shares = list(shares)
    if interior:
        centre = (Fraction(1, region.q),) * region.q
        shares += [b for b in [centre, *axial_blends(region.q)] if b not in shares]
    names = {1: "vertex", 2: "binary", region.q: "interior"}
    kinds: dict[str, list[Blend]] = {}
    for share in shares:
        mixed = sum(v > 0 for v in share)
        kinds.setdefault(names.get(mixed, f"{mixed}-blend"), []).append(region.from_pseudo(share))
    return kinds


@operation(
    "doe.extreme_vertices",
    outputs=OUTPUTS,
    reference="McLean and Anderson (1966), Technometrics 8, 447-454; Snee and Marquardt (1974)",
    verifier=_verify,
    examples=(
        "design = doe.extreme_vertices(A=0.2..0.6, B=0.1..0.5, C=0.3..0.7)",
        "design = doe.extreme_vertices(lower=[0.4, 0.1, 0.1, 0.03], upper=[0.6, 0.5, 0.5, 0.08], "
        "edges=true)",
    ),
    terms=("extreme vertices", "constrained mixture", "bounded mixture", "upper and lower limits"),
)
def extreme_vertices(
    factors: Annotated[tuple[Factor, ...], Param(COMPONENTS)] = (),
    lower: Annotated[tuple[float, ...] | None, LOWER] = None,
    upper: Annotated[tuple[float, ...] | None, UPPER] = None,
    total: Annotated[float, TOTAL] = 1.0,
    edges: Annotated[bool, Param("whether to add the midpoints of the edges")] = False,
    centroid: Annotated[bool, Param("whether to add the overall centroid")] = True,
    replicates: Annotated[int, REPLICATES] = 1,
    seed: Annotated[int, SEED] = 1,
    randomize: Annotated[bool, RANDOMIZE] = True,
) -> Result:
    """Build an extreme-vertices design for a mixture with lower and upper bounds.

    The corners of the region that the bounds leave, the midpoints of its edges if wanted, and the
    overall centroid. With lower bounds only, the vertices are the purest blends possible.
    """
    region = region_of(factors, None, lower, upper, total)
    vertices = extreme_points(region)
    if len(vertices) < 2:
        raise InputError("the bounds leave a single blend: nothing can be varied")
    kinds: dict[str, list[Blend]] = {"vertex": list(vertices)}
    if edges:
        kinds["edge"] = edge_midpoints(region, vertices)
    if centroid:
        middle = tuple(sum(c, Fraction(0)) / len(vertices) for c in zip(*vertices, strict=True))
        kinds["centroid"] = [middle]
    return mixture_result(
        region,
        f"extreme vertices design for {region.q} components",
        "The {design} has {vertex_count} vertices and needs {runs} runs; every blend adds up to "
        "{row_sum}.",
        kinds,
        vertices,
        replicates,
        seed,
        randomize,
        _unreachable(region, vertices),
    )


def _unreachable(region: Region, vertices: Sequence[Blend]) -> list[str]:
    """Bounds that no blend attains."""
    remarks = []
    for i, name in enumerate(region.names):
        reached = (min(v[i] for v in vertices), max(v[i] for v in vertices))
        low_cut = reached[0] > region.lower[i]
        if low_cut or reached[1] < region.upper[i] < region.total:
            remarks.append(
                f"{name} can only reach {float(reached[0]):g} to {float(reached[1]):g} "
                "because of the other components' bounds."
            )
    return remarks
