"""Optimal designs, and the augmentation of a design by optimal runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np

from havoc.errors import InputError, NeedsClarification
from havoc.tools.doe.constraint import holds
from havoc.tools.doe.design import (
    COMMON_OUTPUTS,
    FACTORS,
    N_FACTORS,
    SEED,
    Plan,
    coded_level,
    design_result,
    recount,
    resolve_factors,
)
from havoc.tools.doe.design_columns import design_factors, settings_of
from havoc.tools.doe.design_model import DesignModel, IntArray, model_of
from havoc.tools.doe.efficiency import (
    EFFICIENCY_OUTPUTS,
    constraint_on,
    efficiencies,
    exact_efficiencies,
    level_words,
    region_moments,
)
from havoc.tools.doe.exchange import Search, exchange
from havoc.tools.doe.screening import plackett_burman_columns
from havoc.tools.expression import Formula, Relation
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.result import Result
from havoc.tools.values import Factor, FloatArray, Table

MAX_OPTIMAL_RUNS = 200
MAX_PARAMETERS = 120

MODEL = Param("the model to estimate: main effects, with interactions, full second order")
FORMULA = Param("the model as a formula instead: y ~ a*b + a^2")
CRITERION = Param(
    "D: precise coefficients together, A: on average, I: precise predictions on average, "
    "G: the least precise prediction made as precise as can be"
)
LEVELS = Param(
    "candidate settings of a range (default: 2; 3 for squares; 11 under a constraint)", ge=2, le=21
)
STARTS = Param(
    "local searches, from random designs and then from the best found with some runs replaced "
    "(default: as many as take a fraction of a second)",
    ge=1,
    le=10_000,
)
CONSTRAINT = Param("condition every run must fulfil, such as temperature + 10*time <= 400")

OUTPUTS: Mapping[str, str] = {
    **COMMON_OUTPUTS,
    **EFFICIENCY_OUTPUTS,
    "criterion": "what was optimised",
    "model": "the model the design is for",
}


def criterion_weight(
    model: DesignModel, criterion: str, condition: Relation | None
) -> FloatArray | None:
    if criterion == "D":
        return None
    return np.eye(model.parameters) if criterion == "A" else region_moments(model, condition)


def screening_start(model: DesignModel, runs: int) -> list[IntArray]:
    """A good start for two-level main effects: orthogonal columns, one run more or one fewer.

    With a multiple of 4 runs it is optimal, with one more it is D-optimal (Cheng 1980).
    """
    k = len(model.factors)
    if model.model != "main" or any(len(b) != 2 for b in model.base):
        return []
    found = []
    for n in (runs, runs - 1, runs + 1):
        if n % 4 == 0 and 4 <= n <= 100 and n > k:
            columns = plackett_burman_columns(n)[:, :k]
            rows = columns[:runs] if n >= runs else np.vstack([columns, np.ones((1, k))])
            found.append(((rows + 1) // 2).astype(np.intp))
    return found


def optimal_plan(name: str, model: DesignModel, picked: IntArray) -> Plan:
    coded = [
        tuple(
            coded_level(f, int(i), model.levels(f)) for f, i in zip(model.factors, row, strict=True)
        )
        for row in picked
    ]
    settings = [tuple(model.settings[j][int(i)] for j, i in enumerate(row)) for row in picked]
    return Plan(name, model.factors, tuple(coded), tuple(settings))


def _settings_written(result: Result, factors: Sequence[Factor]) -> list[tuple[Any, ...]]:
    return [row[-len(factors) :] for row in result.table("design").rows]


def _violations(
    condition: Relation | None, factors: Sequence[Factor], rows: Sequence[Sequence[Any]]
) -> int:
    if condition is None:
        return 0
    columns = {
        f.name: np.array([row[j] for row in rows], dtype=object if f.categorical else float)
        for j, f in enumerate(factors)
    }
    return int((~np.broadcast_to(holds(condition, columns, level_words(factors)), len(rows))).sum())


def _model(arguments: Mapping[str, Any], factors: tuple[Factor, ...]) -> DesignModel:
    return model_of(
        factors,
        arguments["model"],
        arguments["formula"],
        arguments["levels"],
        arguments["constraint"] is not None,
    )


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Determinant by exact elimination, variances by QR, from the written settings."""
    factors = result.extra["factors"]
    rows = _settings_written(result, factors)
    again = recount(arguments, result)
    again |= exact_efficiencies(_model(arguments, factors), rows, arguments["constraint"])
    again["runs that break the constraint"] = Invariant(
        _violations(arguments["constraint"], factors, rows), 0
    )
    return again


def _require_size(model: DesignModel, runs: int, fixed: int = 0) -> None:
    p = model.parameters
    if p > MAX_PARAMETERS:
        raise InputError(f"the model has {p} coefficients; at most {MAX_PARAMETERS} are possible")
    if runs + fixed < p:
        raise InputError(
            f"{runs + fixed} runs cannot estimate the {p} coefficients of the "
            f"{model.described} model: at least {p} runs are needed"
        )
    if runs > MAX_OPTIMAL_RUNS:
        raise InputError(f"at most {MAX_OPTIMAL_RUNS} runs can be optimised, not {runs}")


@operation(
    "doe.optimal",
    outputs=OUTPUTS,
    reference="Cook and Nachtsheim (1980), Technometrics 22, 315-324; Meyer and Nachtsheim (1995), "
    "Technometrics 37, 60-69; Atkinson, Donev and Tobias (2007), Optimum Experimental Designs",
    verifier=_verify,
    examples=(
        "design = doe.optimal(n_factors=6, runs=7, model=main)",
        "design = doe.optimal(temperature=150..180 degC, time=20..40 min, "
        'catalyst=["A", "B", "C"], runs=16, model=quadratic, criterion=I, seed=3)',
        "design = doe.optimal(temperature=150..180, time=20..40, runs=12, model=quadratic, "
        "constraint=temperature + time <= 210)",
        "design = doe.optimal(x=0..10, z=1..2, runs=9, formula=y ~ x*z + x^2)",
    ),
    terms=(
        "D-optimal",
        "I-optimal",
        "A-optimal",
        "G-optimal",
        "optimal design",
        "custom design",
        "coordinate exchange",
        "constrained region",
        "disallowed combinations",
    ),
    tolerance=1e-7,
)
def optimal(
    factors: Annotated[tuple[Factor, ...], Param(FACTORS)] = (),
    n_factors: Annotated[int | None, N_FACTORS] = None,
    runs: Annotated[int | None, Param("number of runs", ge=2)] = None,
    model: Annotated[
        Literal["main", "interactions", "quadratic", "pure_quadratic"], MODEL
    ] = "main",
    formula: Annotated[Formula | None, FORMULA] = None,
    criterion: Annotated[Literal["D", "A", "I", "G"], CRITERION] = "D",
    constraint: Annotated[Relation | None, CONSTRAINT] = None,
    levels: Annotated[int | None, LEVELS] = None,
    starts: Annotated[int | None, STARTS] = None,
    seed: Annotated[int, SEED] = 1,
    randomize: Annotated[bool, Param("whether the run order is random")] = True,
) -> Result:
    """Build an optimal (custom) design by row or coordinate exchange.

    Any number of runs, numeric and categorical factors, constraints on the settings, for the model
    you want to estimate. D-optimal designs estimate the coefficients best, I-optimal ones predict
    best over the region on average, G-optimal ones at the worst place of it, A-optimal ones have
    the smallest average coefficient variance. Whole runs are exchanged where all combinations of
    the candidate settings can be listed, single coordinates where they are too many.
    """
    found = resolve_factors(factors, n_factors)
    design_model = model_of(found, model, formula, levels, constraint is not None)
    if runs is None:
        raise NeedsClarification(
            f"how many runs? The {design_model.described} model has {design_model.parameters} "
            f"coefficients, so at least that many"
        )
    _require_size(design_model, runs)
    search = Search(
        design_model,
        runs,
        criterion_weight(design_model, criterion, constraint),
        np.zeros((0, design_model.parameters)),
        constraint_on(design_model, constraint),
        starts,
        seed,
        criterion == "G",
    )
    given = screening_start(design_model, runs) if constraint is None else []
    picked = exchange(search, given)
    plan = optimal_plan(f"{criterion}-optimal design", design_model, picked)
    x = design_model.expand(design_model.points(picked))
    values = {
        **efficiencies(design_model, x, constraint),
        "criterion": criterion,
        "model": design_model.described,
    }
    return design_result(
        plan,
        "The {design} in {runs} runs estimates the {parameters} coefficients of the {model} model: "
        "D-efficiency {d_efficiency} %, |det X| {abs_det}.",
        seed,
        randomize,
        values,
        warnings=_remarks(values["error_df"], search),
    )


def _remarks(error_df: int, search: Search) -> list[str]:
    found = []
    if search.starts is not None and search.tried < search.starts:
        found.append(
            f"Only {search.tried} of the {search.starts} starts asked for were made: the search is "
            "large, and more would take minutes."
        )
    if error_df == 0:
        found.append(
            "The design is saturated: no degrees of freedom are left to estimate error or lack of "
            "fit; add a few runs if you can."
        )
    return found


def _verify_augment(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    factors = result.extra["factors"]
    rows = _settings_written(result, factors)
    again = recount(arguments, result)
    again |= exact_efficiencies(_model(arguments, factors), rows, arguments["constraint"])
    kinds = result.table("design").column(
        next(c for c in result.table("design").columns if c.rstrip("_") == "type")
    )
    again["new_runs"] = sum(kind == "new" for kind in kinds)
    again["existing_runs"] = arguments["design"].n_rows
    new = [row for row, kind in zip(rows, kinds, strict=True) if kind == "new"]
    again["new runs that break the constraint"] = Invariant(
        _violations(arguments["constraint"], factors, new), 0
    )
    return again


@operation(
    "doe.augment",
    outputs={
        **OUTPUTS,
        "new_runs": "runs added",
        "existing_runs": "runs there were",
    },
    reference="Atkinson, Donev and Tobias (2007), Optimum Experimental Designs, chapter 19",
    verifier=_verify_augment,
    examples=(
        "first = doe.fractional_factorial(n_factors=5, runs=8)\n"
        "more = doe.augment(first, runs=8, model=interactions)",
    ),
    terms=("augment a design", "add runs", "extend an experiment", "follow-up runs"),
    tolerance=1e-7,
)
def augment(
    design: Annotated[Table, Param("the runs already made")],
    factors: Annotated[
        tuple[Factor, ...], Param("factors with their ranges (default: as run)")
    ] = (),
    runs: Annotated[int | None, Param("number of runs to add", ge=1)] = None,
    model: Annotated[
        Literal["main", "interactions", "quadratic", "pure_quadratic"], MODEL
    ] = "interactions",
    formula: Annotated[Formula | None, FORMULA] = None,
    criterion: Annotated[Literal["D", "A", "I", "G"], CRITERION] = "D",
    constraint: Annotated[Relation | None, CONSTRAINT] = None,
    levels: Annotated[int | None, LEVELS] = None,
    starts: Annotated[int | None, STARTS] = None,
    seed: Annotated[int, SEED] = 1,
    randomize: Annotated[bool, Param("whether the new runs' order is random")] = True,
) -> Result:
    """Add optimal runs to a design.

    The runs already made stay; the new ones are chosen so that all together estimate the (larger)
    model best.
    """
    found = design_factors(design, factors)
    design_model = model_of(found, model, formula, levels, constraint is not None)
    existing = settings_of(design, found)
    fixed = design_model.expand(design_model.points_of(existing))
    if runs is None:
        short = max(1, design_model.parameters - int(np.linalg.matrix_rank(fixed)))
        raise NeedsClarification(f"how many runs shall be added? At least {short} are needed")
    _require_size(design_model, runs, len(existing))
    search = Search(
        design_model,
        runs,
        criterion_weight(design_model, criterion, constraint),
        fixed,
        constraint_on(design_model, constraint),
        starts,
        seed,
        criterion == "G",
    )
    picked = exchange(search)
    added = optimal_plan("augmented design", design_model, picked)
    order = np.random.default_rng(seed).permutation(runs) if randomize else range(runs)
    x = np.vstack([fixed, design_model.expand(design_model.points(picked))])
    values = {
        **efficiencies(design_model, x, constraint),
        "criterion": criterion,
        "model": design_model.described,
        "new_runs": runs,
        "existing_runs": len(existing),
    }
    plan = Plan(
        "augmented design",
        found,
        _coded_rows(found, existing) + tuple(added.coded[i] for i in order),
        tuple(existing) + tuple(added.settings[i] for i in order),
        kind=("existing",) * len(existing) + ("new",) * runs,
    )
    return design_result(
        plan,
        "{new_runs} runs are added to the {existing_runs} there were; together they estimate the "
        "{parameters} coefficients of the {model} model with D-efficiency {d_efficiency} %.",
        seed,
        False,
        values,
        warnings=[
            *_remarks(values["error_df"], search),
            "Treat the new runs as a block of their own if conditions may have changed meanwhile.",
        ],
    )


def _coded_rows(
    factors: Sequence[Factor], rows: Sequence[Sequence[Any]]
) -> tuple[tuple[float, ...], ...]:
    coded = []
    for row in rows:
        cells = []
        for f, v in zip(factors, row, strict=True):
            if f.categorical:
                words = [str(level) for level in f.levels]
                cells.append(coded_level(f, words.index(str(v)), len(words)))
            else:
                cells.append((2 * float(v) - f.low - f.high) / (f.high - f.low))
        coded.append(tuple(cells))
    return tuple(coded)
