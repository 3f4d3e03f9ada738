"""Taguchi arrays, folding over, split-plot designs."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statements import run

from havoc.errors import InputError
from havoc.tools.doe.taguchi_arrays import NAMES, array, scheme_6, scheme_12
from havoc.tools.table_io import read_table_bytes

# Taguchi (1987): runs and columns of each array by number of levels.
PUBLISHED = {
    "L4": {2: 3},
    "L8": {2: 7},
    "L9": {3: 4},
    "L12": {2: 11},
    "L16": {2: 15},
    "L16b": {4: 5},
    "L18": {2: 1, 3: 7},
    "L25": {5: 6},
    "L27": {3: 13},
    "L32": {2: 31},
    "L36": {2: 11, 3: 12},
    "L54": {2: 1, 3: 25},
    "L64": {2: 63},
    "L81": {3: 40},
}
L9 = ("1111", "1222", "1333", "2123", "2231", "2312", "3132", "3213", "3321")


@pytest.mark.parametrize("name", NAMES)
def test_array_has_the_published_shape_and_strength_two(name: str) -> None:
    found = array(name)
    assert Counter(found.levels) == PUBLISHED[name]
    assert found.runs == int("".join(ch for ch in name if ch.isdigit()))
    for i, j in itertools.combinations(range(len(found.levels)), 2):
        pairs = found.rows[:, i] * found.levels[j] + found.rows[:, j]
        counts = np.bincount(pairs, minlength=found.levels[i] * found.levels[j])
        assert len(set(counts.tolist())) == 1


def test_nine_run_array_is_the_published_one() -> None:
    assert tuple("".join(str(v + 1) for v in row) for row in array("L9").rows.tolist()) == L9


@pytest.mark.parametrize("scheme", [scheme_6, scheme_12])
def test_difference_schemes_hold_each_difference_equally_often(scheme) -> None:  # type: ignore[no-untyped-def]
    d = scheme()
    for u, v in itertools.combinations(d, 2):
        assert set(Counter(((u - v) % 3).tolist()).values()) == {len(d) // 3}


def test_four_three_level_factors_take_nine_runs() -> None:
    ran = run("d = doe.taguchi(n_factors=4, levels=3)")
    assert (ran["array"], ran["runs"], ran["strength"]) == ("L9", 9, 2)


def test_mixed_levels_take_the_eighteen_run_array() -> None:
    ran = run(
        'd = doe.taguchi(mould=["A", "B"], t=[180, 190, 200], p=[1, 2, 3], s=[5, 6, 7], w=[1, 2, 4])'
    )
    assert ran["array"] == "L18"
    assert ran["levels"] == [2, 3, 3, 3, 3]


@given(st.integers(0, 1), st.integers(1, 7), st.integers(0, 99))
@settings(max_examples=10, deadline=None)
def test_any_factors_on_an_array_stay_balanced(two: int, three: int, seed: int) -> None:
    factors = ["m=[1, 2]"] * two + [f"f{i}=[1, 2, 3]" for i in range(three)]
    ran = run(f"d = doe.taguchi({', '.join(factors)}, array=L18, seed={seed})")
    assert ran["orthogonal"] is True


def test_factors_that_do_not_fit_an_array_are_refused_with_one_that_does() -> None:
    with pytest.raises(InputError, match="L18"):
        run("d = doe.taguchi(n_factors=5, levels=3, array=L9)")


def test_fold_over_raises_resolution_three_to_four() -> None:
    first = run("d = doe.fractional_factorial(n_factors=7, runs=8)").result
    ran = run("b = doe.fold_over(first)", first=first)
    assert (ran["resolution_before"], ran["resolution"], ran["runs"]) == ("III", "IV", 16)
    assert ran["max_alias"] == 0
    assert Counter(ran.result.table("design").column("block")) == {1: 8, 2: 8}


def test_fold_over_on_one_factor_frees_its_effects() -> None:
    first = run("d = doe.fractional_factorial(n_factors=7, runs=8)").result
    ran = run("b = doe.fold_over(first, on=A)", first=first)
    x = np.array([row[1:] for row in ran.result.table("coded design").rows], dtype=float)
    interactions = [x[:, i] * x[:, j] for i, j in itertools.combinations(range(1, 7), 2)]
    assert all(x[:, 0] @ pair == 0 for pair in interactions)
    own = [x[:, 0] * x[:, j] for j in range(1, 7)]
    assert all(u @ x[:, j] == 0 for u in own for j in range(1, 7))


def test_fold_over_keeps_centre_points_and_words() -> None:
    first = run(
        'd = doe.plackett_burman(t=150..180, gas=["N2", "Ar"], p=1..3, f=1..2, centers=1)'
    ).result
    ran = run("b = doe.fold_over(first)", first=first)
    assert ran["runs"] == 2 * first.values["runs"]
    # Eight runs and their mirror images are the full factorial in four factors here.
    corners = {row[4:] for row in ran.result.table("design").rows if 165 not in row}
    assert len(corners) == 16
    assert ran["resolution"] == "V or more"


def test_fold_over_of_a_three_level_design_is_refused() -> None:
    first = run("d = doe.full_factorial(a=[1, 2, 4], b=1..2)").result
    with pytest.raises(InputError, match="folding over needs two"):
        run("b = doe.fold_over(first)", first=first)


def test_fold_over_without_a_corner_run_is_refused() -> None:
    stars = read_table_bytes(b"a,b\n-1,0\n1,0\n0,-1\n0,1\n", "stars.csv")
    with pytest.raises(InputError, match="no run of the design"):
        run("b = doe.fold_over(stars)", stars=stars)


def test_split_plot_has_montgomerys_degrees_of_freedom() -> None:
    # Montgomery (2013), table 14.16 with three replicates as whole plots completely randomised.
    ran = run("d = doe.split_plot(method=[1, 2, 3], temp=[200, 225, 250, 275], replicates=3)")
    assert (ran["runs"], ran["whole_plots"]) == (36, 9)
    assert (ran["whole_plot_error_df"], ran["subplot_error_df"]) == (6, 18)


def test_strip_plot_has_three_error_strata() -> None:
    ran = run("d = doe.split_plot(a=[1, 2, 3], b=[1, 2, 3, 4], layout=strip_plot, replicates=3)")
    rows = {(s, t): df for s, t, df in ran.result.table("strata").rows}
    assert rows["row strip", "row error"] == 4
    assert rows["column strip", "column error"] == 6
    assert rows["cell", "cell error"] == 12
    assert sum(rows.values()) == 35


@given(st.integers(1, 3), st.integers(1, 3), st.sampled_from(["split_plot", "strip_plot"]))
@settings(max_examples=12, deadline=None)
def test_hard_factors_stay_put_within_a_whole_plot(hard: int, replicates: int, layout: str) -> None:
    ran = run(
        f"d = doe.split_plot(n_factors=4, hard={hard}, replicates={replicates}, layout={layout})"
    )
    table = ran.result.table("design")
    held: dict[int, set] = {}
    for plot, row in zip(table.column("whole plot"), table.rows, strict=True):
        held.setdefault(plot, set()).add(row[-4:][:hard])
    assert all(len(v) == 1 for v in held.values())
    assert len(held) == 2**hard * replicates


def test_all_factors_hard_to_change_is_refused() -> None:
    with pytest.raises(InputError, match="1 to 1 can be hard"):
        run("d = doe.split_plot(a=1..2, b=1..2, hard=2)")
