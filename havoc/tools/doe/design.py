"""What every design has in common: factors and their coding, run order, tables, and the recount.

A design is built in coded units (-1 to 1 for a numeric factor's low to high end, a level's number
for a categorical one), then randomised and written in the experimenter's own units. The verifiers
go back from the written tables.
"""

from __future__ import annotations

import operator
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np

from havoc.errors import InputError, NeedsClarification
from havoc.tools.operation import Invariant, Param
from havoc.tools.result import Figure, Result, ResultTable, Value, table_of
from havoc.tools.values import Factor, FloatArray, Labels, Number, Range, Sample, Table

MAX_RUNS = 20_000
FACTORS = "factors: name=low..high for a range, name=[level, level, ...] for chosen levels"
N_FACTORS = Param("how many factors, where only their number is known (named A, B, C ...)", ge=1)
SEED = Param("seed of the random run order", ge=0)
CENTERS = Param("centre points added", ge=0, le=100)
# I is left out: it is the identity of a defining relation.
LETTERS = tuple("ABCDEFGHJKLMNOPQRSTUVWXYZ") + tuple(string.ascii_lowercase.replace("i", ""))

Coding = tuple[tuple[float, ...], ...]

COMMON_OUTPUTS: Mapping[str, str] = {
    "design": "name of the design",
    "runs": "number of runs",
    "factors": "number of factors",
    "distinct_settings": "number of distinct factor settings",
    "center_points": "number of centre points",
    "blocks": "number of blocks",
    "orthogonal": "whether the main effects are estimated independently of each other",
    "seed": "seed of the run order",
}


MOST_FACTORS = 300


def resolve_factors(
    factors: Sequence[Factor], n_factors: int | None, least: int = 1, most: int | None = None
) -> tuple[Factor, ...]:
    """Return the factors as given, or ``n_factors`` generic ones coded -1..1.

    Raises
    ------
    NeedsClarification
        If neither is given.
    InputError
        If both are given and disagree, or there are too few or too many.
    """
    if not factors and n_factors is None:
        raise NeedsClarification("which factors, and over which ranges (or: how many factors)?")
    if factors and n_factors is not None and n_factors != len(factors):
        raise InputError(f"{len(factors)} factors are named but n_factors is {n_factors}")
    if n_factors is not None and n_factors > MOST_FACTORS:
        raise InputError(f"at most {most or MOST_FACTORS} factors are possible, not {n_factors}")
    found = tuple(factors) or generic_factors(n_factors or 0)
    if len(found) < least:
        raise InputError(f"at least {least} factors are needed, not {len(found)}")
    if most is not None and len(found) > most:
        raise InputError(f"at most {most} factors are possible, not {len(found)}")
    return found


def generic_factors(n: int) -> tuple[Factor, ...]:
    """``n`` factors A, B, C ... (X1, X2 ... beyond 50) with the coded range -1..1."""
    coded = Range(Number("-1"), Number("1"))
    return tuple(Factor(name, range=coded) for name in letters_for(n))


def letters_for(n: int) -> tuple[str, ...]:
    return LETTERS[:n] if n <= len(LETTERS) else tuple(f"X{i}" for i in range(1, n + 1))


def effect_letters(factors: Sequence[Factor]) -> tuple[str, ...]:
    """One letter a factor: its own name where all are distinct capitals, else A, B, C ..."""
    own = tuple(f.name for f in factors)
    if all(len(name) == 1 and name.isalpha() and name not in "Ii" for name in own):
        return own
    return letters_for(len(factors))


def level_count(factor: Factor, ranged: int = 2) -> int:
    """Number of levels; a range counts as ``ranged``."""
    return ranged if factor.range is not None else len(factor.levels)


def require_two_levels(factors: Sequence[Factor], instead: str) -> None:
    for f in factors:
        if level_count(f) != 2:
            raise InputError(
                f"factor '{f.name}' has {level_count(f)} levels; a two-level design needs two "
                f"(use {instead} for more)"
            )


def require_numeric(factors: Sequence[Factor], design: str) -> None:
    """Refuse categorical factors and lists of more than two levels where a range is needed."""
    for f in factors:
        if f.categorical:
            raise InputError(
                f"factor '{f.name}' is categorical; a {design} needs numeric ranges "
                "(doe.optimal takes categorical factors)"
            )
        if len(f.levels) > 2:
            raise InputError(f"factor '{f.name}' needs a range low..high in a {design}")


def ends(factor: Factor) -> tuple[Fraction, Fraction]:
    """Low and high end, exactly as written; two listed levels keep their order."""
    if factor.range is not None:
        return factor.range.low.exact, factor.range.high.exact
    exact = [level.exact for level in factor.levels if isinstance(level, Number)]
    return (exact[0], exact[1]) if len(exact) == 2 else (min(exact), max(exact))


def plain_fraction(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def natural(factor: Factor, coded: float) -> Any:
    """The setting in the factor's own units of a coded value (of a level's number: categorical)."""
    if factor.categorical:
        n = len(factor.levels)
        return str(factor.levels[round((coded + 1) / 2) if n == 2 else round(coded)])
    low, high = ends(factor)
    return plain_fraction((low + high) / 2 + (high - low) / 2 * Fraction(coded))


def natural_level(factor: Factor, index: int, of: int) -> Any:
    """Setting number ``index`` of ``of`` equally spaced (a range) or listed levels."""
    if factor.range is None:
        level = factor.levels[index]
        return plain_fraction(level.exact) if isinstance(level, Number) else level
    low, high = ends(factor)
    return plain_fraction(low + (high - low) * Fraction(index, of - 1))


def coded_level(factor: Factor, index: int, of: int) -> float:
    """Coded value of level ``index``: -1..1, or the level's number for three or more categories."""
    if factor.categorical:
        return float(index) if of > 2 else 2.0 * index - 1.0
    if factor.range is None:
        low, high = ends(factor)
        level = factor.levels[index]
        assert isinstance(level, Number)
        return float((2 * level.exact - low - high) / (high - low))
    return float(Fraction(2 * index, of - 1) - 1)


@dataclass(frozen=True)
class Plan:
    """A design in standard order, before it is randomised."""

    name: str
    factors: tuple[Factor, ...]
    coded: Coding
    settings: tuple[tuple[Any, ...], ...]  # the same in natural units
    block: tuple[int, ...] = ()
    kind: tuple[str, ...] = ()  # factorial, axial, center ... of each run
    extra_columns: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def runs(self) -> int:
        return len(self.coded)

    def matrix(self) -> FloatArray:
        return np.array(self.coded, dtype=np.float64)


def plan_of(
    name: str,
    factors: tuple[Factor, ...],
    coded: Any,
    block: Sequence[int] = (),
    kind: Sequence[str] = (),
) -> Plan:
    """Make a plan from coded rows; numeric settings are exact in the units of the ranges."""
    rows = tuple(tuple(float(v) for v in row) for row in coded)
    if len(rows) > MAX_RUNS:
        raise InputError(f"the design would have {len(rows)} runs; at most {MAX_RUNS} are allowed")
    settings = tuple(tuple(natural(f, v) for f, v in zip(factors, r, strict=True)) for r in rows)
    return Plan(name, factors, rows, settings, tuple(block), tuple(kind))


def with_replicates(plan: Plan, replicates: int) -> Plan:
    """Repeat every run, replicate by replicate."""
    if plan.runs * replicates > MAX_RUNS:
        raise InputError(
            f"the design would have {plan.runs * replicates} runs; at most {MAX_RUNS} are allowed"
        )
    return replace(
        plan,
        coded=plan.coded * replicates,
        settings=plan.settings * replicates,
        block=plan.block * replicates,
        kind=plan.kind * replicates,
    )


def with_centers(plan: Plan, centers: int, per_block: bool = False) -> Plan:
    """Add centre points, at every combination of the categorical factors' levels.

    In a blocked plan they are dealt out to the blocks in turn (``per_block``: to each block).
    """
    if not centers:
        return plan
    if all(f.categorical for f in plan.factors):
        raise InputError("centre points need at least one numeric factor")
    combos: list[tuple[float, ...]] = [()]
    for f in plan.factors:
        values = [0.0]
        if f.categorical:
            n = len(f.levels)
            values = [coded_level(f, i, n) for i in range(n)]
        combos = [(*c, v) for c in combos for v in values]
    labels = sorted(set(plan.block)) or [1]
    points = [c for _ in range(centers * (len(labels) if per_block else 1)) for c in combos]
    blocks = tuple(labels[i // len(combos) % len(labels)] for i in range(len(points)))
    settings = tuple(
        tuple(natural(f, v) for f, v in zip(plan.factors, p, strict=True)) for p in points
    )
    return replace(
        plan,
        coded=plan.coded + tuple(points),
        settings=plan.settings + settings,
        block=plan.block + blocks if plan.block else (),
        kind=(plan.kind or ("factorial",) * plan.runs) + ("center",) * len(points),
    )


def run_order(plan: Plan, seed: int, randomize: bool) -> list[int]:
    """Standard-order positions in the order they are to be run: random within each block."""
    generator = np.random.default_rng(seed)
    labels = sorted(set(plan.block)) or [0]
    order: list[int] = []
    for label in labels:
        rows = [i for i in range(plan.runs) if not plan.block or plan.block[i] == label]
        order += [rows[i] for i in generator.permutation(len(rows))] if randomize else rows
    return order


def unused_name(wanted: str, taken: Sequence[str]) -> str:
    """``wanted``, or with underscores added where a factor has that name."""
    while wanted in taken:
        wanted += "_"
    return wanted


def design_result(
    plan: Plan,
    conclusion: str,
    seed: int = 1,
    randomize: bool = True,
    values: Mapping[str, Value] | None = None,
    tables: Sequence[ResultTable] = (),
    warnings: Sequence[str] = (),
    **parts: Any,
) -> Result:
    """Randomise a plan and write it: tables "design" and "coded design", data, and the counts."""
    order = run_order(plan, seed, randomize)
    names = [f.name for f in plan.factors]
    lead: dict[str, list[Any]] = {
        "run": list(range(1, plan.runs + 1)),
        "std": [i + 1 for i in order],
    }
    if plan.block:
        lead["block"] = [plan.block[i] for i in order]
    if plan.kind:
        lead["type"] = [plan.kind[i] for i in order]
    for key, column in plan.extra_columns.items():
        lead[key] = [column[i] for i in order]
    heads = [unused_name(key, names) for key in lead]
    settings = [plan.settings[i] for i in order]
    coded = [
        [coded_cell(f, v) for f, v in zip(plan.factors, plan.coded[i], strict=True)] for i in order
    ]
    written = table_of(
        "design",
        heads + names,
        [[*cells, *row] for *cells, row in zip(*lead.values(), settings, strict=True)],
    )
    in_code = table_of(
        "coded design", [heads[0], *names], [[n, *row] for n, row in enumerate(coded, 1)]
    )
    counts: dict[str, Value] = {
        "design": plan.name,
        "runs": plan.runs,
        "factors": len(plan.factors),
        "distinct_settings": len(set(plan.settings)),
        "center_points": sum(k == "center" for k in plan.kind),
        "blocks": len(set(plan.block)) or 1,
        "orthogonal": is_orthogonal(plan),
        "seed": seed,
    }
    parts.setdefault("figures", _points_figure(plan))
    return Result(
        {**counts, **(values or {})},
        conclusion,
        (written, in_code, factor_table(plan.factors), *tables),
        warnings=tuple(warnings),
        data=design_data(plan.factors, lead, heads, settings),
        extra={"factors": plan.factors, "coded": tuple(plan.coded[i] for i in order)},
        **parts,
    )


def _points_figure(plan: Plan) -> tuple[Figure, ...]:
    """Where the runs lie in the first two numeric factors."""
    numeric = [j for j, f in enumerate(plan.factors) if not f.categorical][:2]
    if len(numeric) < 2:
        return ()
    x, y = ([float(row[j]) for row in plan.settings] for j in numeric)
    labels = [
        f"{f.name}, {f.unit or (f.range.unit if f.range else None)}"
        if f.unit or (f.range and f.range.unit)
        else f.name
        for f in (plan.factors[j] for j in numeric)
    ]
    title = f"Runs of the {plan.name}"
    return (Figure("scatter", title, {"x": x, "y": y, "labels": labels}),)


def design_data(
    factors: Sequence[Factor],
    lead: Mapping[str, list[Any]],
    heads: Sequence[str],
    settings: Sequence[Sequence[Any]],
) -> Table:
    """The design as a data table: run, block and whole plot, then the factors in natural units."""
    columns: list[Sample | Labels] = [
        Sample.of(cells, head)
        for head, (key, cells) in zip(heads, lead.items(), strict=True)
        if key not in ("std", "type")
    ]
    for j, f in enumerate(factors):
        cells = [row[j] for row in settings]
        if f.categorical:
            columns.append(Labels(f.name, tuple(str(c) for c in cells)))
        else:
            columns.append(Sample.of(cells, f.name, f.unit))
    return Table(tuple(columns), "design")


def coded_cell(factor: Factor, coded: float) -> Any:
    """What the coded table shows: the number, or the word where a factor has three or more."""
    if factor.categorical and len(factor.levels) > 2:
        return natural(factor, coded)
    return int(coded) if coded == int(coded) else coded


def factor_table(factors: Sequence[Factor]) -> ResultTable:
    rows: list[list[Any]] = []
    for letter, f in zip(effect_letters(factors), factors, strict=True):
        if f.range is not None:
            low, high = (plain_fraction(v) for v in ends(f))
            rows.append([letter, f.name, f.unit or "", low, high, ""])
        else:
            listed = ", ".join(v.text if isinstance(v, Number) else v for v in f.levels)
            rows.append([letter, f.name, f.unit or "", None, None, listed])
    return table_of("factors", ["letter", "factor", "unit", "low", "high", "levels"], rows)


def effect_columns(plan: Plan) -> list[FloatArray]:
    """Centred main-effect columns of each factor: one for a number, all indicators for words."""
    coded = plan.matrix()
    blocks = []
    for j, f in enumerate(plan.factors):
        column = coded[:, j : j + 1]
        if f.categorical and len(f.levels) > 2:
            column = (column == np.arange(len(f.levels))).astype(float)
        blocks.append(column - column.mean(axis=0))
    return blocks


def is_orthogonal(plan: Plan) -> bool:
    """Whether the main effects of every two factors are uncorrelated."""
    columns = effect_columns(plan)
    return not any(
        np.any(np.abs(columns[i].T @ columns[j]) > 1e-8 * plan.runs)
        for i in range(len(columns))
        for j in range(i)
    )


def recount(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The verifier's part that all designs share, from the written tables alone.

    Natural columns are recomputed from the coded table by interpolation between the ends, the
    counts by counting, orthogonality by products of exact rationals, run order as a permutation.
    """
    factors: tuple[Factor, ...] = result.extra["factors"]
    written, coded = result.table("design"), result.table("coded design")
    heads = written.columns[: len(written.columns) - len(factors)]
    again: dict[str, Any] = {
        "runs": len(written.rows),
        "factors": len(written.columns) - len(heads),
        "distinct_settings": len({row[len(heads) :] for row in written.rows}),
        "center_points": _count(written, heads, "type", "center"),
        "blocks": len(set(written.column(heads[2]))) if _has(heads, 2, "block") else 1,
        "seed": arguments["seed"],
        "orthogonal": _orthogonal_exactly(factors, coded),
        "run order is a permutation": Invariant(
            sum(
                a != b
                for a, b in zip(
                    sorted(written.column(heads[1])), written.column(heads[0]), strict=True
                )
            ),
            0,
        ),
    }
    for f in factors:
        if not f.categorical and f.range is not None:
            low, high = f.low, f.high
            again[f"design:{f.name}"] = [
                low * (1 - float(c)) / 2 + high * (1 + float(c)) / 2 for c in coded.column(f.name)
            ]
    return again


def _has(heads: Sequence[str], place: int, key: str) -> bool:
    return len(heads) > place and heads[place].rstrip("_") == key


def _count(written: ResultTable, heads: Sequence[str], key: str, word: str) -> int:
    head = next((h for h in heads if h.rstrip("_") == key), None)
    return 0 if head is None else sum(v == word for v in written.column(head))


def _orthogonal_exactly(factors: Sequence[Factor], coded: ResultTable) -> bool:
    blocks: list[list[list[int]]] = []
    n, scale = len(coded.rows), 10**9
    for f in factors:
        cells = coded.column(f.name)
        if f.categorical and len(f.levels) > 2:
            columns = [[scale * (c == level) for c in cells] for level in f.levels]
        else:
            columns = [[round(Fraction(c) * scale) for c in cells]]
        blocks.append(columns)
    limit = n * n * scale * scale // 10**7
    return not any(
        abs(n * sum(map(operator.mul, u, v)) - sum(u) * sum(v)) > limit
        for i, first in enumerate(blocks)
        for second in blocks[:i]
        for u in first
        for v in second
    )
