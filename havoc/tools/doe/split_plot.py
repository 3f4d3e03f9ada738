"""Split-plot and strip-plot designs for factors that are hard to change."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

import numpy as np

from havoc.errors import InputError
from havoc.tools.doe.design import (
    COMMON_OUTPUTS,
    FACTORS,
    N_FACTORS,
    SEED,
    Plan,
    design_result,
    level_count,
    recount,
    resolve_factors,
)
from havoc.tools.doe.factorial import crossed
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.result import Result, table_of
from havoc.tools.values import Factor


def _counts(factors: Sequence[Factor], hard: int, levels: int) -> tuple[int, int]:
    """Combinations of the hard-to-change factors and of the others."""
    sizes = [level_count(f, levels) for f in factors]
    return math.prod(sizes[:hard]), math.prod(sizes[hard:])


def strata(layout: str, a: int, b: int, replicates: int) -> list[tuple[str, str, int]]:
    """(stratum, term, degrees of freedom); replicates are blocks in a strip-plot.

    Montgomery (2013), sections 14.4 and 14.5.3.
    """
    if layout == "split_plot":
        return [
            ("whole plot", "hard-to-change factors", a - 1),
            ("whole plot", "whole-plot error", a * (replicates - 1)),
            ("subplot", "easy-to-change factors", b - 1),
            ("subplot", "hard x easy", (a - 1) * (b - 1)),
            ("subplot", "subplot error", a * (b - 1) * (replicates - 1)),
        ]
    return [
        ("block", "replicates", replicates - 1),
        ("row strip", "hard-to-change factors", a - 1),
        ("row strip", "row error", (a - 1) * (replicates - 1)),
        ("column strip", "easy-to-change factors", b - 1),
        ("column strip", "column error", (b - 1) * (replicates - 1)),
        ("cell", "hard x easy", (a - 1) * (b - 1)),
        ("cell", "cell error", (a - 1) * (b - 1) * (replicates - 1)),
    ]


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Plots recognised by their settings: the hard-to-change factors are constant in each."""
    again = recount(arguments, result)
    factors, hard = result.extra["factors"], arguments["hard"]
    table = result.table("design")
    settings = [row[-len(factors) :] for row in table.rows]
    plots = table.column(next(c for c in table.columns if c.rstrip("_") == "whole plot"))
    held: dict[int, set[tuple[Any, ...]]] = {}
    for plot, row in zip(plots, settings, strict=True):
        held.setdefault(plot, set()).add(row[:hard])
    changes = sum(len(v) - 1 for v in held.values())
    a, b = len({r[:hard] for r in settings}), len({r[hard:] for r in settings})
    sizes = Counter(plots)
    again["whole_plots"] = len(held)
    again["whole_plot_settings"], again["subplot_settings"] = a, b
    again["runs_per_whole_plot"] = max(sizes.values())
    again["replicates"] = len(settings) // (a * b)
    again["hard_changes"] = sum(u != v for u, v in itertools.pairwise(plots))
    n, w, r = len(settings), len(held), len(settings) // (a * b)
    if arguments["layout"] == "split_plot":
        again["whole_plot_error_df"] = w - a
        again["subplot_error_df"] = n - 1 - (w - 1) - (b - 1) - (a - 1) * (b - 1)
    else:
        again["whole_plot_error_df"] = w - 1 - (r - 1) - (a - 1)
        rows_and_columns = (w - 1) + (r * b - 1) - (r - 1)
        again["subplot_error_df"] = n - 1 - rows_and_columns - (a - 1) * (b - 1)
    again["hard-to-change factors stay put in a whole plot"] = Invariant(changes, 0)
    again["every combination equally often"] = Invariant(len(set(Counter(settings).values())), 1)
    return again


@operation(
    "doe.split_plot",
    outputs={
        **COMMON_OUTPUTS,
        "whole_plots": "number of whole plots: settings of the hard-to-change factors",
        "whole_plot_settings": "combinations of the hard-to-change factors",
        "subplot_settings": "combinations of the other factors",
        "runs_per_whole_plot": "runs in each whole plot",
        "replicates": "replicates",
        "hard_changes": "how often the hard-to-change factors are reset between plots",
        "whole_plot_error_df": "error degrees of freedom for the hard-to-change factors",
        "subplot_error_df": "error degrees of freedom for the others and the interactions",
    },
    reference="Montgomery (2013), Design and Analysis of Experiments, sections 14.4 and 14.5; "
    "Jones and Nachtsheim (2009), Journal of Quality Technology 41, 340-361",
    verifier=_verify,
    examples=(
        "design = doe.split_plot(furnace=[800, 850, 900], coating=[1, 2, 3, 4], hard=1, "
        "replicates=2, seed=3)",
        "design = doe.split_plot(n_factors=4, hard=2, replicates=2)",
        "design = doe.split_plot(a=[1, 2, 3], b=1..2, layout=strip_plot, replicates=3)",
    ),
    terms=(
        "split-plot",
        "hard-to-change factor",
        "whole plot",
        "strip-plot",
        "restricted randomisation",
    ),
)
def split_plot(
    factors: Annotated[
        tuple[Factor, ...], Param("the hard-to-change factors first; " + FACTORS)
    ] = (),
    n_factors: Annotated[int | None, N_FACTORS] = None,
    hard: Annotated[int, Param("how many factors, the first ones, are hard to change", ge=1)] = 1,
    replicates: Annotated[int, Param("whole plots of each setting", ge=1, le=50)] = 2,
    levels: Annotated[int, Param("levels of a factor given as a range", ge=2, le=10)] = 2,
    layout: Annotated[
        Literal["split_plot", "strip_plot"],
        Param("subplots within whole plots, or rows crossed with columns"),
    ] = "split_plot",
    seed: Annotated[int, SEED] = 1,
    randomize: Annotated[
        bool, Param("whether whole plots and subplots are in random order")
    ] = True,
) -> Result:
    """Build a split-plot or strip-plot design.

    The hard-to-change factors are set once a whole plot; within it all combinations of the others
    are run in random order. In a strip-plot the others are also set once, for a strip across all
    whole plots of a replicate. The hard-to-change factors are judged against whole-plot error.
    """
    found = resolve_factors(factors, n_factors, least=2)
    if not 1 <= hard < len(found):
        raise InputError(
            f"of {len(found)} factors 1 to {len(found) - 1} can be hard to change, not {hard}"
        )
    base = crossed(found, levels)
    a, b = _counts(found, hard, levels)
    picks, plots, reps = _arrange(a, b, replicates, layout, seed, randomize)
    plan = Plan(
        f"{layout.replace('_', '-')} design",
        found,
        tuple(base.coded[i] for i in picks),
        tuple(base.settings[i] for i in picks),
        extra_columns={"whole plot": tuple(plots)},
    )
    if layout == "strip_plot":
        plan = replace(plan, extra_columns={"whole plot": tuple(plots), "replicate": tuple(reps)})
    errors = {name: df for _, name, df in strata(layout, a, b, replicates)}
    whole = errors["whole-plot error" if layout == "split_plot" else "row error"]
    sub = errors["subplot error" if layout == "split_plot" else "cell error"]
    warnings = [
        "Analyse it by strata: the hard-to-change factors against whole-plot error, not against "
        "the error of single runs."
    ]
    if whole == 0:
        warnings.append("One replicate leaves no whole-plot error: replicate the whole plots.")
    return design_result(
        plan,
        "The {design} has {runs} runs in {whole_plots} whole plots of {runs_per_whole_plot}; "
        "{whole_plot_error_df} degrees of freedom are left for whole-plot error.",
        seed,
        False,
        {
            "whole_plots": a * replicates,
            "whole_plot_settings": a,
            "subplot_settings": b,
            "runs_per_whole_plot": b,
            "replicates": replicates,
            "hard_changes": a * replicates - 1,
            "whole_plot_error_df": whole,
            "subplot_error_df": sub,
        },
        [table_of("strata", ["stratum", "term", "df"], strata(layout, a, b, replicates))],
        warnings,
    )


def _arrange(
    a: int, b: int, replicates: int, layout: str, seed: int, randomize: bool
) -> tuple[list[int], list[int], list[int]]:
    """Row of the crossed design, whole plot and replicate of each run, in run order.

    The hard-to-change factors come first and change fastest in the crossed design.
    """
    generator = np.random.default_rng(seed)

    def shuffled(n: int) -> list[int]:
        return generator.permutation(n).tolist() if randomize else list(range(n))

    whole = [(r, s) for r in range(replicates) for s in range(a)]
    if layout == "split_plot":
        whole = [whole[i] for i in shuffled(len(whole))]
    else:
        whole = [(r, s) for r in range(replicates) for s in shuffled(a)]
    columns = {r: shuffled(b) for r in range(replicates)}
    picks, plots, reps = [], [], []
    for plot, (r, setting) in enumerate(whole, 1):
        for sub in shuffled(b) if layout == "split_plot" else columns[r]:
            picks.append(setting + a * sub)
            plots.append(plot)
            reps.append(r + 1)
    return picks, plots, reps
