"""Factorial, fractional, Plackett-Burman, response-surface and space-filling designs."""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havoc.errors import InputError, NeedsClarification
from havoc.tools.bind import bind
from havoc.tools.doe import two_level
from havoc.tools.doe.generators import minimum_aberration
from havoc.tools.doe.hadamard import conference, hadamard
from havoc.tools.doe.screening import plackett_burman_columns
from havoc.tools.operation import get
from havoc.tools.result import Result
from havoc.tools.values import Number, Range

DATA = Path(__file__).parents[1] / "data"


def span(low: object, high: object, unit: str | None = None) -> Range:
    return Range(Number(str(low)), Number(str(high)), unit)


def written(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return [written(v) for v in value] if isinstance(value, list) else value
    return Number(repr(value))


def run(name: str, **keywords: Any) -> Result:
    """Bind, run and audit an operation as a program would."""
    operation = get(name)
    arguments = bind(operation, (), {k: written(v) for k, v in keywords.items()})
    result = operation.run(arguments)
    failed = [c for c in operation.audit(arguments, result) if not c.passed]
    assert not failed, failed
    result.conclusion.format(**result.values)
    return result


def coded(result: Result) -> np.ndarray:
    return np.array([row[1:] for row in result.table("coded design").rows], dtype=float)


@cache
def catalogue() -> dict[str, dict[str, Any]]:
    return json.loads((DATA / "minimum_aberration.json").read_text())["designs"]


@pytest.mark.parametrize("size", sorted(catalogue()))
def test_fraction_has_the_published_word_length_pattern_and_resolution(size: str) -> None:
    runs, factors = map(int, size.split("_"))
    published = catalogue()[size]
    design = minimum_aberration(factors, runs)
    wanted = published["word_length_pattern"]
    assert list(design.word_length_pattern[2 : 2 + len(wanted)]) == wanted[: max(0, factors - 2)]
    assert design.resolution == published["resolution"]
    assert design.word_length_pattern[:2] == (0, 0)


@pytest.mark.parametrize("size", ["16_5", "16_6", "32_7", "32_8", "32_9", "64_10", "128_12"])
def test_clear_interactions_match_the_catalogue(size: str) -> None:
    runs, factors = map(int, size.split("_"))
    result = run("doe.fractional_factorial", n_factors=factors, runs=runs)
    assert result.values["clear_two_factor_interactions"] == catalogue()[size]["clear"]


def test_every_catalogued_size_is_covered() -> None:
    assert len(catalogue()) == 219


def test_full_factorial_lists_each_combination_once_per_replicate() -> None:
    result = run(
        "doe.full_factorial",
        temp=span(150, 180, "degC"),
        time=span(20, 40),
        catalyst=["A", "B"],
        replicates=2,
    )
    assert result.values["runs"] == 16
    assert result.values["distinct_settings"] == 8
    rows = Counter(row[2:] for row in result.table("design").rows)
    assert set(rows) == set(itertools.product((150, 180), (20, 40), ("A", "B")))
    assert set(rows.values()) == {2}


def test_run_order_is_fixed_by_the_seed_and_changes_with_it() -> None:
    first, again, other = (run("doe.full_factorial", n_factors=3, seed=s) for s in (42, 42, 43))
    assert first.tables == again.tables
    assert first.tables[0] != other.tables[0]
    assert len({row[2:] for row in first.tables[0].rows}) == 8


@pytest.mark.parametrize(
    ("factors", "blocks", "lost"),
    # Montgomery (2013), table 7.9, by the length of the words lost.
    [
        (3, 2, [3]),
        (3, 4, [2, 2, 2]),
        (4, 2, [4]),
        (4, 4, [2, 3, 3]),
        (5, 2, [5]),
        (5, 4, [3, 3, 4]),
        (6, 2, [6]),
        (6, 8, [3, 3, 3, 3, 4, 4, 4]),
        (7, 8, [4] * 7),
    ],
)
def test_blocks_confound_only_the_textbook_orders(
    factors: int, blocks: int, lost: list[int]
) -> None:
    result = run("doe.full_factorial", n_factors=factors, blocks=blocks)
    assert sorted(len(word) for word in result.values["confounded"]) == lost
    sizes = Counter(result.table("design").column("block"))
    assert set(sizes.values()) == {2**factors // blocks}


def test_each_replicate_can_be_a_block() -> None:
    result = run("doe.full_factorial", a=[1, 2, 4], b=["x", "y"], replicates=3, blocks=3)
    table = result.table("design")
    for block in (1, 2, 3):
        rows = {row[3:] for row in table.rows if row[2] == block}
        assert len(rows) == 6


def test_centre_points_stand_at_every_level_of_a_categorical_factor() -> None:
    result = run("doe.full_factorial", t=span(0, 10), c=["x", "y"], centers=2)
    centers = [row[3:] for row in result.table("design").rows if row[2] == "center"]
    assert Counter(centers) == {(5, "x"): 2, (5, "y"): 2}


@given(
    st.lists(st.integers(2, 4), min_size=1, max_size=4),
    st.integers(1, 2),
    st.integers(0, 99),
)
@settings(max_examples=25, deadline=None)
def test_full_factorial_is_balanced_and_orthogonal(
    counts: list[int], replicates: int, seed: int
) -> None:
    factors = {f"f{i}": [f"v{j}" for j in range(n)] for i, n in enumerate(counts)}
    result = run("doe.full_factorial", **factors, replicates=replicates, seed=seed)
    assert result.values["runs"] == math.prod(counts) * replicates
    assert result.values["orthogonal"] is True
    for i, n in enumerate(counts):
        shares = Counter(row[2 + i] for row in result.table("design").rows)
        assert len(shares) == n
        assert len(set(shares.values())) == 1


def test_seven_factors_in_eight_runs_is_resolution_three() -> None:
    result = run("doe.fractional_factorial", n_factors=7, runs=8)
    assert (result.values["runs"], result.values["factors"]) == (8, 7)
    assert result.values["resolution"] == "III"
    assert result.values["orthogonal"] is True
    assert dict(result.table("aliases").rows)["A"] == "BD = CE = FG"


def test_half_fraction_of_five_factors_has_the_textbook_defining_relation() -> None:
    result = run("doe.fractional_factorial", n_factors=5, fraction="half")
    assert result.values["defining_relation"] == "I = ABCDE"
    assert result.values["generators"] == ["E = ABCD"]
    assert result.values["resolution"] == "V"


def test_generators_with_signs_hold_in_the_design() -> None:
    result = run("doe.fractional_factorial", n_factors=6, generators="E=ABC, F=-BCD")
    x = coded(result)
    assert (x[:, 4] == x[:, 0] * x[:, 1] * x[:, 2]).all()
    assert (x[:, 5] == -x[:, 1] * x[:, 2] * x[:, 3]).all()
    assert result.values["defining_relation"] == "I = ABCE = -ADEF = -BCDF"


def test_generators_may_name_the_factors() -> None:
    factors = {"temp": span(1, 2), "time": span(1, 2), "gas": ["N2", "Ar"]}
    result = run("doe.fractional_factorial", **factors, generators="gas = temp*time")
    x = coded(result)
    assert (x[:, 2] == x[:, 0] * x[:, 1]).all()


@given(st.integers(3, 24), st.sampled_from([8, 16, 32, 64]))
@settings(max_examples=20, deadline=None)
def test_defining_words_multiply_to_one_in_every_run(factors: int, runs: int) -> None:
    if not runs.bit_length() - 1 < factors < runs:
        return
    design = minimum_aberration(factors, runs)
    x = np.array(design.coded())
    assert (x.T @ x == runs * np.eye(factors)).all()
    if factors - design.basic <= 7:
        words = design.words()
        assert all((x[:, list(word)].prod(axis=1) == sign).all() for sign, word in words)
        counts = Counter(len(word) for _, word in words)
        lengths = range(1, factors + 1)
        assert tuple(counts[i] for i in lengths) == design.word_length_pattern


@pytest.mark.parametrize(
    ("keywords", "said"),
    [
        ({"n_factors": 8, "runs": 16, "resolution": 5}, "needs 64 runs"),
        ({"n_factors": 7, "runs": 12}, "8 runs"),
        ({"n_factors": 9, "runs": 8}, "take 16 runs"),
        ({"n_factors": 15, "resolution": 5}, "resolution IV"),
        ({"n_factors": 5, "generators": "D=AB, E=AB"}, "resolution II"),
        ({"n_factors": 5, "generators": "D=AX"}, "'AX'"),
        ({"n_factors": 5, "generators": "D=AE, E=AD"}, "depends on itself"),
    ],
)
def test_impossible_fractions_are_refused_with_the_nearest(keywords: dict, said: str) -> None:
    with pytest.raises(InputError, match=said):
        run("doe.fractional_factorial", **keywords)


def test_a_fraction_without_a_size_is_asked_for() -> None:
    with pytest.raises(NeedsClarification, match=r"8 runs \(resolution III\), 16 runs"):
        run("doe.fractional_factorial", n_factors=5)


@pytest.mark.parametrize("n", range(4, 101, 4))
def test_hadamard_matrices_of_every_order_to_100(n: int) -> None:
    h = hadamard(n)
    assert (np.abs(h) == 1).all()
    assert (h @ h.T == n * np.eye(n)).all()
    x = plackett_burman_columns(n)
    assert (x.T @ x == n * np.eye(n - 1)).all()
    assert (x.sum(axis=0) == 0).all()


@pytest.mark.parametrize("n", [4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 26, 28, 30, 32])
def test_conference_matrices(n: int) -> None:
    c = conference(n)
    assert c is not None
    assert (np.diag(c) == 0).all()
    assert (c @ c.T == (n - 1) * np.eye(n)).all()


def test_ten_factors_take_the_twelve_run_plackett_burman() -> None:
    result = run("doe.plackett_burman", n_factors=10)
    assert result.values["runs"] == 12
    assert result.values["type"] == "Plackett-Burman"
    assert result.values["max_alias"] == pytest.approx(1 / 3)


def test_twelve_run_design_begins_with_the_published_row() -> None:
    result = run("doe.plackett_burman", n_factors=11, randomize=False)
    first = coded(result)[0]
    assert "".join("+" if v > 0 else "-" for v in first) == "++-+++---+-"


def test_folding_over_frees_main_effects_of_interactions() -> None:
    result = run("doe.plackett_burman", n_factors=11, foldover=True)
    x = coded(result)
    assert result.values["resolution"] == "IV"
    pairs = itertools.combinations(range(11), 2)
    assert all(not (x.T @ (x[:, i] * x[:, j])).any() for i, j in pairs)


def test_fourteen_runs_are_refused_with_twelve_or_sixteen() -> None:
    with pytest.raises(InputError, match="12 or 16"):
        run("doe.plackett_burman", runs=14)


@pytest.mark.parametrize(
    ("factors", "alpha"),
    # R rsm, ccd() with n0 = (4, 4) and orthogonal blocks.
    [(2, 1.41421), (3, 1.82574), (4, 2.19089), (5, 2.49444), (6, 2.74398)],
)
def test_alpha_for_orthogonal_blocks(factors: int, alpha: float) -> None:
    result = run(
        "doe.central_composite", n_factors=factors, alpha="orthogonal", centers=4, axial_centers=4
    )
    assert result.values["alpha"] == pytest.approx(alpha, abs=5e-6)
    assert result.values["orthogonal_blocks"] is True


@pytest.mark.parametrize(
    ("factors", "alpha"),
    [(2, 1.414214), (3, 1.681793), (4, 2.0), (5, 2.378414), (6, 2.828427), (7, 3.363586)],
)
def test_alpha_for_rotatability(factors: int, alpha: float) -> None:
    result = run("doe.central_composite", n_factors=factors)
    assert result.values["alpha"] == pytest.approx(alpha, abs=5e-7)
    assert result.values["rotatable"] is True


def test_half_cube_in_five_factors() -> None:
    result = run("doe.central_composite", n_factors=5, cube="half", alpha="rotatable", centers=6)
    assert result.values["alpha"] == 2
    assert result.values["runs"] == 32


def test_orthogonal_alpha_without_blocks_makes_squares_uncorrelated() -> None:
    x = coded(run("doe.central_composite", n_factors=3, alpha="orthogonal", centers=6))
    squares = x**2 - (x**2).mean(axis=0)
    products = squares.T @ squares
    assert abs(products[0, 1]) < 1e-9


def test_axial_distance_may_be_chosen() -> None:
    result = run("doe.central_composite", n_factors=3, alpha_value=1.5)
    assert result.values["alpha"] == 1.5
    assert coded(result).max() == 1.5


def test_spherical_alpha_puts_all_points_at_one_distance() -> None:
    x = coded(run("doe.central_composite", n_factors=4, alpha="spherical", centers=1))
    squared = (x**2).sum(axis=1)
    assert np.ptp(squared[squared > 0]) < 1e-12


def test_inscribed_design_stays_within_the_ranges() -> None:
    result = run("doe.central_composite", a=span(0, 10), b=span(5, 6), type="inscribed")
    column = result.table("design").column("a")
    assert (min(column), max(column)) == (0, 10)


def test_rotatable_design_predicts_equally_well_at_equal_distance() -> None:
    x = coded(run("doe.central_composite", n_factors=2, centers=5))
    model = np.column_stack([np.ones(len(x)), x, x**2, x[:, 0] * x[:, 1]])
    inverse = np.linalg.inv(model.T @ model)
    angles = np.linspace(0, 2 * np.pi, 13)
    points = np.column_stack([np.cos(angles), np.sin(angles)])
    at = np.column_stack([np.ones(13), points, points**2, points[:, 0] * points[:, 1]])
    variance = np.einsum("ij,jk,ik->i", at, inverse, at)
    assert np.ptp(variance) < 1e-12


def test_composite_of_four_factors_cannot_use_a_half_cube() -> None:
    with pytest.raises(InputError, match="larger cube"):
        run("doe.central_composite", n_factors=4, cube="half")


@pytest.mark.parametrize(
    ("factors", "runs"),
    # Box and Behnken (1960), without centre points.
    [
        (3, 12),
        (4, 24),
        (5, 40),
        (6, 48),
        (7, 56),
        (9, 120),
        (10, 160),
        (11, 176),
        (12, 192),
        (16, 384),
    ],
)
def test_box_behnken_base_runs(factors: int, runs: int) -> None:
    result = run("doe.box_behnken", n_factors=factors)
    assert result.values["base_runs"] == runs


def test_box_behnken_of_two_factors_is_refused() -> None:
    with pytest.raises(InputError, match="at least 3 factors"):
        run("doe.box_behnken", n_factors=2)


def test_box_behnken_of_eight_factors_names_the_nearest() -> None:
    with pytest.raises(InputError, match="7 or 9"):
        run("doe.box_behnken", n_factors=8)


def test_box_behnken_refuses_a_categorical_factor() -> None:
    with pytest.raises(InputError, match="categorical"):
        run("doe.box_behnken", a=span(0, 1), b=span(0, 1), c=["x", "y"])


@given(
    st.sampled_from(["random", "centered", "maximin", "correlation", "discrepancy"]),
    st.integers(2, 25),
    st.integers(1, 5),
    st.integers(0, 999),
)
@settings(max_examples=15, deadline=None)
def test_latin_hypercube_has_one_point_a_slice(
    criterion: str, runs: int, factors: int, seed: int
) -> None:
    ranges = {f"x{i}": span(500 * i - 7.5, 500 * i + 11) for i in range(factors)}
    result = run("doe.latin_hypercube", **ranges, runs=runs, criterion=criterion, seed=seed)
    assert result.values["points_per_stratum"] == 1
    for i in range(factors):
        column = np.array(result.table("design").column(f"x{i}"))
        slices = np.floor(runs * (column - (500 * i - 7.5)) / 18.5 + 1e-9)
        assert sorted(slices) == list(range(runs))


def test_latin_hypercube_repeats_for_its_seed() -> None:
    ranges = {"speed": span(500, 1500), "temp": span(20, 80), "load": span(1, 5)}
    first, again = (run("doe.latin_hypercube", **ranges, runs=20, seed=7) for _ in range(2))
    assert first.tables == again.tables


def test_maximin_spreads_points_further_than_a_random_hypercube() -> None:
    random = run("doe.latin_hypercube", n_factors=3, runs=12, seed=2)
    best = run("doe.space_filling", n_factors=3, runs=12, method="maximin", seed=2)
    assert best.values["min_distance"] > random.values["min_distance"]


@pytest.mark.parametrize("method", ["sobol", "halton", "random"])
def test_space_filling_takes_categorical_factors(method: str) -> None:
    result = run("doe.space_filling", x=span(0, 1), gas=["a", "b", "c"], runs=16, method=method)
    assert set(result.table("design").column("gas")) == {"a", "b", "c"}


@pytest.mark.parametrize("name", ["C", "I", "Q", "run", "std", "type", "alpha", "seed", "block"])
def test_a_factor_may_have_any_name(name: str) -> None:
    factors = {name: span(0, 10), "b": span(0, 10), "c": span(0, 10)}
    for operation, more in (
        ("doe.full_factorial", {"centers": 2, "replicates": 2, "blocks": 2}),
        ("doe.fractional_factorial", {"fraction": "half"}),
        ("doe.box_behnken", {}),
        ("doe.central_composite", {}),
        ("doe.plackett_burman", {}),
        ("doe.latin_hypercube", {"runs": 6}),
    ):
        result = run(operation, **factors, **more)
        assert name in result.data.names
        assert result.values["factors"] == 3


def test_settings_are_exact_in_the_experimenters_decimals() -> None:
    result = run("doe.box_behnken", a=span("0.1", "0.3"), b=span("1.1", "1.2"), c=span(1, 2))
    assert set(result.table("design").column("a")) == {0.1, 0.2, 0.3}
    assert set(result.table("design").column("b")) == {1.1, 1.15, 1.2}


def test_nothing_given_is_a_question() -> None:
    for name in ("doe.full_factorial", "doe.box_behnken", "doe.plackett_burman"):
        with pytest.raises(NeedsClarification, match="which factors"):
            run(name)


def test_the_audit_catches_a_changed_setting() -> None:
    operation = get("doe.fractional_factorial")
    arguments = bind(operation, (), {"n_factors": Number("5"), "runs": Number("8")})
    result = operation.run(arguments)
    table = result.table("coded design")
    row = table.rows[0]
    broken = type(table)(table.name, table.columns, ((row[0], -row[1], *row[2:]), *table.rows[1:]))
    object.__setattr__(result, "tables", (result.tables[0], broken, *result.tables[2:]))
    assert not all(c.passed for c in operation.audit(arguments, result))


def test_full_design_has_no_words() -> None:
    assert two_level.full(4).resolution is None


@pytest.mark.parametrize(("factors", "blocks"), [(4, 3), (5, 2), (6, 2), (7, 2), (9, 5), (10, 2)])
def test_box_behnken_blocks_are_orthogonal_to_the_second_order_model(
    factors: int, blocks: int
) -> None:
    result = run("doe.box_behnken", n_factors=factors, blocks=blocks, centers=2 * blocks)
    x, block = coded(result), np.array(result.table("design").column("block"))
    pairs = [x[:, i] * x[:, j] for i, j in itertools.combinations(range(factors), 2)]
    model = np.column_stack([x, x**2, *pairs])
    means = np.array([model[block == b].mean(axis=0) for b in range(1, blocks + 1)])
    assert np.ptp(means, axis=0).max() < 1e-12
    assert result.values["orthogonal_blocks"] is True


def test_box_behnken_of_eleven_factors_has_no_orthogonal_blocks() -> None:
    with pytest.raises(InputError, match="orthogonal blocks"):
        run("doe.box_behnken", n_factors=11, blocks=2)


def test_level_counts_alone_make_a_mixed_factorial() -> None:
    result = run("doe.full_factorial", level_counts=[2, 3, 4])
    assert result.values["runs"] == 24
    assert result.values["levels"] == [2, 3, 4]
