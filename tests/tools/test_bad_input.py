"""Bad input for every operation: an answer that its audit confirms, or a refusal of one clear line.

Each example of the registry is called with one argument replaced by what people send by mistake
(``broken``: missing, infinite, empty, one value, all alike, words for numbers, negative, huge, tiny, of
other length ...). The choice is the same in every run; ``HAVOC_BAD_INPUTS=all`` tries every variant.
"""

from __future__ import annotations

import math
import os
import random
from collections.abc import Iterator
from typing import Any

import pytest
from broken import broken_programs, on_a_table

from havoc.dsl.executor import Execution, run_text
from havoc.errors import InputError
from havoc.tools.operation import get, operations
from havoc.tools.result import flatten
from havoc.tools.table_io import read_table_bytes
from havoc.tools.values import Table

EACH = 8  # variants of an operation in an ordinary run
LONGEST = 400  # characters of a refusal
SLOW = {  # right, but seconds for each variant
    "spc.arl_mewma", "spc.chart_design", "stats.dunnett", "stats.games_howell", "stats.tukey",
    "maths.sum", "maths.integrate", "maths.ode", "maths.series",
}  # fmt: skip


def variants(name: str) -> Iterator[tuple[str, str]]:
    pool = {
        text: label for example in get(name).examples for label, text in broken_programs(example)
    }
    found = sorted((label, text) for text, label in pool.items())
    if os.environ.get("HAVOC_BAD_INPUTS") == "all":
        return iter(found)
    random.Random(name).shuffle(found)
    return iter(found[: 2 if name in SLOW else EACH])


def endless(run: Execution) -> list[str]:
    """Places of results and their tables that hold no finite number."""

    def bad(value: Any) -> bool:
        return any(isinstance(v, float) and not math.isfinite(v) for v in flatten(value))

    results = [step.result for step in run.steps]
    return [k for r in results for k, v in r.values.items() if bad(v)] + [
        t.name for r in results for t in r.tables if bad([list(row) for row in t.rows])
    ]


def faults(program: str, **tables: Table) -> list[str]:
    try:
        files = {f"{name}.csv": table for name, table in tables.items()}
        run = run_text(program, files=files)
    except InputError as refusal:
        text = str(refusal)
        return [f"refusal: {text!r}"] if "\n" in text or not 10 < len(text) <= LONGEST else []
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]
    failed = [f"audit: {c.name}" for s in run.steps for c in s.checks if not c.passed]
    return failed + [f"not finite: {place}" for place in endless(run)]


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::FutureWarning")
@pytest.mark.parametrize("name", sorted(operations()))
def test_bad_input_is_answered_soundly_or_refused_in_one_line(name: str) -> None:
    wrong = {f"{label}\n{text}": found for label, text in variants(name) if (found := faults(text))}
    assert wrong == {}


POOR_TABLES = {
    "no value": "x,v\nq,-\nr,-\ns,-\nt,-\nu,-\nw,-\n",
    "words": "x,v\nq,a\nr,b\n",
    "one row": "v,w\n3,4\n",
    "gaps": "v,w\n1,2\n,3\n4,\n5,7\n6,1\n2,2\n,\n8,3\n",
    "constant": "v,w\n1,2\n1,2\n1,2\n1,2\n1,2\n1,2\n",
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::FutureWarning")
@pytest.mark.parametrize("name", sorted(operations()))
def test_poor_tables_are_answered_soundly_or_refused_in_one_line(name: str) -> None:
    tables = {k: read_table_bytes(v.encode(), "t.csv") for k, v in POOR_TABLES.items()}
    wrong = {
        f"{kind}\n{program}": found
        for program in on_a_table(get(name).examples[0])
        for kind, table in tables.items()
        if (found := faults(program, t=table))
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("doe.desirability(factors=[[-1, 1, -1, 1, -1, 1, 0, 0, 0], [-1, -1, 1, 1, 0, 0, -1, 1, 0]], "
         "maximize=[[1000000000060, 1000000000071, 1000000000063, 1000000000075, 1000000000065, "
         "1000000000076, 1000000000068, 1000000000070, 1000000000072]])", "subtract a constant first"),
        ("doe.definitive_screening(n_factors=4, extra_runs=1000000)", "extra_runs"),
        ("stats.t_test_one([])", "the list is empty"),
        ("stats.describe([1, 2, 1e300])", "1e\\+300, too large to compute with"),
        ("stats.describe([1e-300, 2e-300])", "too small to compute with"),
        ("quality.capability([25.1, 24.9, 25.3, 25.0, 25.2], lsl=26, usl=24)", "is not below the"),
        ("quality.oc_curve(n=50, c=1, p=[nan, 0.05])", "missing or not finite"),
        ("quality.oc_curve(n=50, c=1, p=[1.5])", "not between 0 and 1"),
        ("doe.full_factorial(speed=[100], feed=1..2)", "at least two levels"),
        ("doe.full_factorial(n_factors=1000000)", "factors are possible"),
        ("quality.weibull_fit([10, 20, 1e-40, 30])", "over so many powers"),
        ("stats.exponential_smoothing([1000000000000.1, 1000000000000.4, 1000000000000.2, "
         "1000000000000.5, 1000000000000.3, 1000000000000.6])", "subtract a constant first"),
        ("maths.expand(oo)", "infinity alone"),
        ("maths.expand(2*nan)", "cannot stand in an expression"),
        ("maths.sum(1/k, k, 0.5, 9)", "whole numbers"),
        ("maths.integrate(inf)", "infinity alone"),
        ("maths.evaluate(x^2, x=1e300)", "601 digits, beyond 1.8e308"),
        ("maths.eigenvalues([[1e300, 2e300], [3e300, 1e300]])", "use another unit"),
        ("maths.eigenvalues([[1e200, 2], [3, 1]])", "powers of ten no eigenvalues"),
        ("maths.determinant([[1e300, 2], [3, 1e300]])", "beyond 1.8e308"),
        ("doe.fit_rsm(response=[6, 7, 8, 9, 7, 8, 9, 8, 7], factors=[[-1, 1000000000001, -1, "
         "1000000000001, 0, 0, 1000000000001, -1, 0], [-1, -1, 1, 1, 0, 0, 0, 0, 0]])", "mistyped"),
        ("doe.steepest_ascent(response=[39.3, 40.9, 40.0, 41.5, 40.3], factors=[[1000000000030, "
         "1000000000030, 1000000000040, 1000000000040, 1000000000035], [150, 160, 150, 160, 155]], "
         "order=first)", "subtract a constant first"),
        ("quality.capability_nonnormal([1000000000001.2, 1000000000000.7, 1000000000002.9, "
         "1000000000001.6, 1000000000000.9, 1000000000004.1, 1000000000001.1, 1000000000002.2], "
         "spec=0..9, method=nonparametric)", "subtract a constant first"),
        ("stats.chi_square_independence([[1000000000000, 2], [3, 4]])", "counts above"),
        ("stats.logistic(y=[0, 0, 1, 0, 1, 0, 1, 1], x=[1, 1, 1, 1, 1, 1, 1, 1])", "does not vary"),
        ("stats.poisson_regression(y=[2, 3, 6, 7], x=[1, 1, 1, 1])", "does not vary"),
        ("stats.poisson_regression(y=[2, 3, 6, 4000000000], x=[1, 2, 3, 4])", "counts above 1e"),
        ("stats.poisson_regression(y=[4, 9, 7, 20], x=[1, 2, 3, 4], exposure=[10, 20, 12, 1e-300])",
         "powers of ten"),
        ("stats.regression(y=[3, 4, 4], x=[0, 0, 0], intercept=false)", "no predictor is left"),
        ("stats.holdout(y=[2.1, 3.9, 6.2, 7.8, 10.1, 12.2, 13.8, 16.1], x=[1000000000001, "
         "1000000000002, 1000000000003, 1000000000004, 1000000000005, 1000000000006, 1000000000007, "
         "1000000000008])", "subtract a constant first"),
        ("stats.robust_regression(y=[1, 2, 3, 4.2, 5], x=[1000000000001, 1000000000002, "
         "1000000000003, 1000000000004, 1000000000005])", "subtract a constant first"),
        ("stats.lognormal_probability(log_mean=1000000, log_sd=0.5, above=10)", "log_mean"),
        ("stats.weibull_quantile(p=0.1, shape=1000000, scale=5000)", "shape"),
        ("spc.u([12, 15, 8, 10, 4], size=1e-300)", "sizes are all below"),
        ("maths.sum(k^2, k, 1e300, n)", "up to 1e"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_is_wrong(program: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        run_text(f"r = {program}")


def test_figures_of_a_huge_scale_that_can_be_computed_are() -> None:
    near, far = (
        run_text(
            f"r = stats.t_test_one([{', '.join(f'{v}{e}' for v in (1, 2, 3, 5))}], target=0)"
        ).steps[0]
        for e in ("", "e40")
    )
    assert far.result.values["p_value"] == pytest.approx(near.result.values["p_value"])


def test_one_subgroup_near_1e12_leaves_the_ranges_of_the_others_whole() -> None:
    def sigma(first: int) -> float:
        rows = [[first + 0.01, first - 0.01, first + 0.02], [0.0, 0.03, -0.02], [-0.03, 0.01, 0.0]]
        rows += [[0.02, 0.04, 0.01], [0.0, -0.01, 0.01], [0.03, 0.02, 0.05]]
        text = ", ".join("[" + ", ".join(f"{v:.2f}" for v in r) + "]" for r in rows)
        (step,) = run_text(f"r = spc.xbar_r([{text}])").steps
        assert all(c.passed for c in step.checks)
        return step.result.values["sigma"]

    assert sigma(10**12) == pytest.approx(sigma(0), rel=1e-9)


def test_uncertainties_whose_squares_have_no_float_are_propagated() -> None:
    (step,) = run_text(
        "r = maths.error_propagation(x*y, values=[1e200, 2], uncertainty=[1e199, 0.1])"
    ).steps
    assert all(c.passed for c in step.checks)
    assert step.result.values["uncertainty"] == pytest.approx(5**0.5 * 1e199)
