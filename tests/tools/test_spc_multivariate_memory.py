"""MEWMA and MCUSUM charts and their run lengths; stages, frozen limits and reasons on charts."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from statements import run

from havoc.errors import InputError
from havoc.tools.spc.multivariate_arl import arl_mewma_shifted, mcusum_limit, mewma_limit
from havoc.tools.values import Sample, Table

ARL = json.loads((Path(__file__).parents[1] / "data" / "arl_tables.json").read_text())
SERIES = "[12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 35, 36, 37, 32, 32, 38, 30, 35, 33, 31]"


def test_mewma_limits_for_an_arl_of_200_are_those_of_r_spc() -> None:
    oracle = ARL["mewma_h4_lambda0.1_ARL200"]
    for p, h in zip(oracle["p"], oracle["h4"], strict=True):
        assert mewma_limit(p, 0.1, 200.0) == pytest.approx(h, rel=1e-9)


def test_mewma_arl_after_a_shift_agrees_with_prabhu_and_runger_table_1() -> None:
    # Prabhu and Runger (1997), Table 1: p = 2, lambda = 0.1, h4 = 8.66
    for shift, arl in ((0.5, 28.1), (1.0, 10.2), (1.5, 6.12), (2.0, 4.42)):
        assert arl_mewma_shifted(2, 0.1, 8.66, shift) == pytest.approx(arl, rel=0.01)


def test_mcusum_limits_are_crosiers() -> None:
    # Crosier (1988): simulated limits for an in-control ARL of 200 at k = 0.5
    for p, h in ((2, 5.5), (5, 9.46), (10, 14.9)):
        assert mcusum_limit(p, 0.5, 200.0) == pytest.approx(h, rel=0.01)


def test_mewma_run_length_of_simulated_rows_is_the_computed_one() -> None:
    rng = np.random.default_rng(7)
    lam, h, lengths = 0.2, 12.0, []
    z, alive, step = np.zeros((4000, 3)), np.ones(4000, bool), 0
    while alive.any() and step < 3000:
        step += 1
        z = lam * (rng.normal(size=z.shape) + np.array([1.0, 0, 0])) + (1 - lam) * z
        out = alive & ((z**2).sum(axis=1) * (2 - lam) / lam > h)
        lengths += [step] * int(out.sum())
        alive &= ~out
    error = np.std(lengths) / np.sqrt(len(lengths))
    assert np.mean(lengths) == pytest.approx(arl_mewma_shifted(3, lam, h, 1.0), abs=4 * error)


def _table(rows: np.ndarray) -> Table:
    return Table(tuple(Sample.of(rows[:, j].tolist(), f"v{j}") for j in range(rows.shape[1])))


def test_multivariate_memory_charts_do_not_depend_on_units() -> None:
    rng = np.random.default_rng(3)
    rows = np.round(rng.normal(size=(30, 2)), 3)
    mixed = rows @ np.array([[10.0, 3.0], [0.0, 0.2]]) + np.array([500.0, -3.0])
    for statement, key in (("c = spc.mewma(d)", "t2"), ("c = spc.mcusum(d)", "cusum")):
        one, two = run(statement, d=_table(rows)), run(statement, d=_table(mixed))
        assert two[key] == pytest.approx(one[key], rel=1e-6)


def test_a_weight_of_one_is_hotellings_chart() -> None:
    rng = np.random.default_rng(3)
    table = _table(np.round(rng.normal(size=(30, 2)), 3))
    assert run("c = spc.mewma(d, weight=1, h=9)", d=table)["t2"] == pytest.approx(
        run("c = spc.t2(d)", d=table)["t2"]
    )


def test_each_stage_has_its_own_limits_and_no_signal_runs_over_the_change() -> None:
    whole = run(f"c = spc.i_mr({SERIES})")
    staged = run(f"c = spc.i_mr({SERIES}, stages=[11], rules=nelson)")
    first, second = (run(f"c = spc.i_mr({part})") for part in _halves())
    assert whole["n_out"] > 0
    assert staged["violations"] == []
    assert staged["center"][0] == pytest.approx(first["center"])
    assert staged["ucl"][-1] == pytest.approx(second["ucl"])
    assert staged["mr_ucl"][-1] == pytest.approx(second["mr_ucl"])


def _halves() -> tuple[str, str]:
    numbers = SERIES.strip("[]").split(", ")
    return f"[{', '.join(numbers[:10])}]", f"[{', '.join(numbers[10:])}]"


def test_stages_on_an_attribute_chart_pool_each_stage() -> None:
    staged = run(f"c = spc.p({SERIES}, size=100, stages=[11])")
    assert staged["center"][0] == pytest.approx(0.105)
    assert staged["center"][-1] == pytest.approx(0.339)


def test_reasons_for_exclusion_are_kept_and_counted() -> None:
    chart = run(f'c = spc.c({SERIES}, exclude=[11, 12], reasons="tool broke; new lot")')
    assert chart.result.table("left out of the limits").rows == (
        (11, "tool broke"),
        (12, "new lot"),
    )
    with pytest.raises(InputError, match="3 points are left out, but 2 reasons"):
        run(f'c = spc.c({SERIES}, exclude=[11, 12, 13], reasons="tool broke; new lot")')


def test_limits_set_by_the_user_are_used_as_given() -> None:
    chart = run(f"c = spc.i_mr({SERIES}, control_limits=0..30)")
    assert (chart["lcl"], chart["center"], chart["ucl"]) == (0, 15, 30)
    assert chart["out_of_control"] == [11, 12, 13, 14, 15, 16, 18, 19, 20]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("stages=[11], phase1=8", "not both"),
        ("stages=[18]", "stage 2 .* has 3 points"),
        ("stages=[15, 11]", "rising"),
        ("stages=[40]", "from 2 to 20"),
    ],
)
def test_stages_that_cannot_be_are_refused(arguments: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        run(f"c = spc.i_mr({SERIES}, {arguments})")
