"""Imported by the fork server: runs a few operations' own examples, so that no worker does this work again.

A worker serves one program. What an operation makes once in a process (the parser, constants of control charts, the
registry of units, modules that are imported when used) would otherwise be made anew for each program, and takes far
longer than the program itself. Forked workers find it ready.
"""

from __future__ import annotations

import contextlib
import gc

import havoc.dsl.bounded  # noqa: F401  # what a worker looks up first
from havoc.dsl.executor import run_text
from havoc.tools.operation import operations

# one for each thing that is slow once: what is made, or loaded, is told behind it
EXAMPLES = (
    "stats.t_test_one",  # the parser
    "spc.i_mr",  # range constants of pairs
    "spc.xbar_r",  # of larger groups
    "quality.capability",
    "maths.diff",  # sympy's modules
    "maths.integrate",
    "stats.normality",  # statsmodels' modules
    "stats.tukey",  # the studentised range
    "stats.logistic",  # models of statsmodels
    "maths.convert_units",  # exact registry of units
    "stats.exponential_smoothing",
    "quality.tolerance_interval",
)


def warm() -> None:
    """Run the examples; what fails here fails again, and is told, where it is asked for."""
    known = operations()
    for name in EXAMPLES:
        with contextlib.suppress(Exception):
            run_text(known[name].examples[0])
    gc.collect()
    gc.freeze()  # workers need not copy the pages of what never dies


warm()
