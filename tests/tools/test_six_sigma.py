"""Defect rates, yields, tolerance chains, Pareto, reported indices, accelerated and demonstration tests."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from havoc.errors import InputError, NeedsClarification
from havoc.tools.operation import get
from havoc.tools.values import Labels, Sample


def run(name: str, **arguments):
    """The result of an operation, its audit passed."""
    operation = get(name)
    bound = {p.name: p.default for p in operation.parameters} | arguments
    result = operation.run(bound)
    failed = [c for c in operation.audit(bound, result) if not c.passed]
    assert not failed
    return result


def sample(*values: float, name: str = "x", unit: str | None = None) -> Sample:
    return Sample.of(values, name, unit)


@pytest.mark.parametrize(
    ("dpmo", "sigma"),
    # Sigma levels with the shift of 1.5, as printed in ISO 13053-1:2011, table A.1.
    [(308_538, 2.0), (66_807, 3.0), (6_210, 4.0), (233, 5.0)],
)
def test_sigma_levels_of_the_standard_table(dpmo, sigma):
    result = run("quality.dpmo", defects=dpmo, units=1_000_000)
    assert result.values["sigma_level"] == pytest.approx(sigma, abs=2e-3)
    assert result.values["dpmo"] == dpmo


def test_dpmo_counts_opportunities_and_refuses_what_cannot_be():
    result = run("quality.dpmo", defects=34, units=1200, opportunities=8, shift=0.0)
    assert result.values["dpmo"] == pytest.approx(34e6 / 9600)
    assert result.values["sigma_level"] == pytest.approx(stats.norm.isf(34 / 9600))
    with pytest.raises(InputError, match="cannot come from 10 units"):
        run("quality.dpmo", defects=11, units=10)
    assert "sigma_level" not in run("quality.dpmo", defects=0, units=10).values


def test_rolled_yield_reads_percent_and_shares_alike():
    percent = run("quality.rolled_yield", x=sample(98.5, 97, 99.2, 95)).values
    shares = run("quality.rolled_yield", x=sample(0.985, 0.97, 0.992, 0.95)).values
    assert percent["rolled_percent"] == pytest.approx(shares["rolled_percent"])
    assert percent["rolled_percent"] == pytest.approx(100 * np.prod([0.985, 0.97, 0.992, 0.95]))
    assert percent["normalised_percent"] == pytest.approx(
        100 * stats.gmean([0.985, 0.97, 0.992, 0.95])
    )
    with pytest.raises(InputError, match="up to 100"):
        run("quality.rolled_yield", x=sample(98, 120))


def test_stack_bounds_what_a_simulation_gives():
    nominal, half, sign = [50.0, 20.0, 29.5], [0.2, 0.1, 0.1], [1, -1, -1]
    got = run(
        "quality.tolerance_stack",
        nominal=sample(*nominal),
        tolerance=sample(*half),
        direction=sample(*sign),
    ).values
    assert got["nominal"] == pytest.approx(0.5)
    rng = np.random.default_rng(1)
    parts = rng.normal(nominal, np.array(half) / 3, (200_000, 3)) @ np.array(sign)
    assert got["sd"] == pytest.approx(parts.std(), rel=0.01)
    inside = np.mean(abs(parts - got["nominal"]) <= got["rss"])
    assert inside == pytest.approx(0.9973, abs=5e-4)
    uniform = rng.uniform(-1, 1, (200_000, 3)) * half
    assert np.abs(uniform.sum(axis=1)).max() <= got["worst_case"]


def test_pareto_agrees_with_pandas_and_adds_up_rows():
    rng = np.random.default_rng(2)
    kinds = rng.choice(["dent", "scratch", "burr", "other"], 200, p=[0.5, 0.3, 0.15, 0.05])
    cost = rng.integers(1, 90, 200).astype(float)
    got = run("quality.pareto", x=Labels("kind", tuple(kinds)), counts=sample(*cost)).values
    sums = pd.Series(cost).groupby(kinds).sum().sort_values(ascending=False)
    assert got["counts"] == sums.tolist()
    assert got["top"] == sums.index[0]
    reached = sums.cumsum() / sums.sum()
    assert got["vital_few"] == int((reached < 0.8).sum()) + 1
    counted = run("quality.pareto", x=Labels("kind", tuple(kinds))).values
    assert counted["counts"] == pd.Series(kinds).value_counts().tolist()
    with pytest.raises(InputError, match="2 different"):
        run("quality.pareto", x=Labels("kind", ("a", "a")))


def test_interval_of_a_reported_cpk_is_that_of_its_data():
    x = np.random.default_rng(3).normal(10, 0.1, 60)
    arguments = {"x": (sample(*x),), "lsl": 9.6, "usl": 10.5}
    whole = run("quality.capability", **arguments).values
    got = run("quality.capability_index", cpk=whole["ppk"], cp=whole["pp"], n=60).values
    for end in ("low", "high"):
        assert got[f"cpk_ci_{end}"] == pytest.approx(whole[f"ppk_ci_{end}"])
        assert got[f"cp_ci_{end}"] == pytest.approx(whole[f"pp_ci_{end}"])
    outside = stats.norm.sf(3 * whole["ppl"]) + stats.norm.sf(3 * whole["ppu"])
    assert got["ppm_total"] == pytest.approx(1e6 * outside)


def test_indices_that_contradict_each_other_are_refused():
    with pytest.raises(InputError, match="cannot be above"):
        run("quality.capability_index", cpk=1.4, cp=1.2)
    with pytest.raises(InputError, match="give the index"):
        run("quality.capability_index")


def test_sample_size_for_a_cpk_by_simulation():
    got = run("quality.sample_size_cpk", required=1.33, actual=1.6).values
    n, rng = got["n"], np.random.default_rng(4)
    y = rng.normal(0, 1, (20_000, n))
    mean, sd = y.mean(axis=1), y.std(axis=1, ddof=1)
    estimate = np.minimum(4.8 - mean, 4.8 + mean) / (3 * sd)
    shown = np.mean(estimate >= got["least_estimate"])
    assert shown == pytest.approx(0.8, abs=0.03)
    with pytest.raises(InputError, match="must be the larger"):
        run("quality.sample_size_cpk", required=1.6, actual=1.33)


def test_acceleration_factor_as_published():
    # JEDEC: 55 degC in use, 125 degC in test, 0.7 eV: about 78.
    got = run("quality.arrhenius", use=55.0, stress=125.0, energy=0.7, hours=1000.0).values
    assert got["factor"] == pytest.approx(77.6, abs=0.5)
    assert got["use_hours"] == pytest.approx(1000 * got["factor"])
    with pytest.raises(InputError, match="must be hotter"):
        run("quality.arrhenius", use=125.0, stress=55.0, energy=0.7)


@pytest.mark.parametrize(
    ("reliability", "confidence", "units"),
    # The success-run table of every reliability text: zero failures, test as long as the mission.
    [(0.9, 0.9, 22), (0.9, 0.95, 29), (0.95, 0.9, 45), (0.95, 0.95, 59), (0.99, 0.95, 299)],
)
def test_a_test_as_long_as_the_mission_is_the_success_run(reliability, confidence, units):
    common = {"reliability": reliability, "time": 1000.0, "shape": 2.0, "confidence": confidence}
    got = run("quality.demonstration_test", test_time=1000.0, **common).values
    assert got["units"] == units
    back = run("quality.demonstration_test", units=units, **common).values
    assert back["test_time"] <= 1000
    fewer = run("quality.demonstration_test", units=units - 1, **common).values
    assert fewer["test_time"] > 1000


def test_demonstration_with_failures_by_the_binomial():
    got = run("quality.demonstration_test", reliability=0.9, time=500.0, shape=1.5, units=40,
              failures=2).values  # fmt: skip
    survive = 0.9 ** ((got["test_time"] / 500) ** 1.5)
    assert stats.binom.cdf(2, 40, 1 - survive) == pytest.approx(0.1)
    with pytest.raises(NeedsClarification):
        run("quality.demonstration_test", reliability=0.9, time=500.0, shape=1.5)


def test_blocks_and_squares_are_balanced_whatever_the_seed():
    for seed in range(5):
        blocks = run("doe.randomized_blocks", blocks=5, treatments=4, replicates=2, seed=seed)
        frame = pd.DataFrame(blocks.table().rows, columns=["run", "block", "treatment"])
        assert (pd.crosstab(frame["block"], frame["treatment"]) == 2).all(axis=None)
        square = run("doe.latin_square", size=6, seed=seed).table("design")
        frame = pd.DataFrame(square.rows, columns=["run", "row", "column", "treatment"])
        for a, b in (("row", "column"), ("row", "treatment"), ("column", "treatment")):
            assert (pd.crosstab(frame[a], frame[b]) == 1).all(axis=None)
    orders = {tuple(run("doe.latin_square", size=6, seed=s).table("design").column("treatment"))
              for s in range(5)}  # fmt: skip
    assert len(orders) == 5


def test_signal_to_noise_by_numpy():
    data = np.array([[12.0, 15, 11], [9, 8, 10], [14, 13, 16]])
    trials = tuple(sample(*row, name=f"t{i}") for i, row in enumerate(data))
    expected = {
        "smaller": -10 * np.log10((data**2).mean(axis=1)),
        "larger": -10 * np.log10((1 / data**2).mean(axis=1)),
        "nominal": 20 * np.log10(data.mean(axis=1) / data.std(axis=1, ddof=1)),
    }
    for goal, ratios in expected.items():
        got = run("doe.signal_to_noise", x=trials, goal=goal, layout="columns").values
        assert got["sn"] == pytest.approx(ratios.tolist())
        assert got["best_trial"] == 1 + int(ratios.argmax())
    with pytest.raises(InputError, match="positive values"):
        run("doe.signal_to_noise", x=(sample(0, 1), sample(2, 3)), goal="larger", layout="columns")


def test_short_run_is_the_individuals_chart_of_the_deviations():
    rng = np.random.default_rng(5)
    nominal = np.repeat([10.0, 25.0, 40.0], 6)
    x = nominal + rng.normal(0, 0.2, 18)
    part = Labels("part", tuple(np.repeat(["A", "B", "C"], 6)))
    got = run("spc.short_run", x=sample(*x), part=part, nominal=sample(*nominal)).values
    same = run("spc.i_mr", x=sample(*(x - nominal))).values
    for key in ("center", "lcl", "ucl", "sigma"):
        assert got[key] == pytest.approx(same[key], abs=1e-9)
    scaled = run("spc.short_run", x=sample(*x), part=part, method="z").values
    assert (scaled["lcl"], scaled["ucl"]) == (-3, 3)
    with pytest.raises(InputError, match="at least 3"):
        run("spc.short_run", x=sample(*x[:5]), part=Labels("part", ("A", "A", "B", "B", "B")))
