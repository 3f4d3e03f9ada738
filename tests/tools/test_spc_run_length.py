"""Average run lengths against R spc and printed tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from statements import run

from havoc.errors import InputError, NeedsClarification
from havoc.tools.spc.run_length import (
    arl_cusum_by_chain,
    arl_cusum_of,
    arl_ewma_by_chain,
    arl_ewma_of,
)

TABLES = json.loads((Path(__file__).parents[1] / "data" / "arl_tables.json").read_text())


def test_shewhart_run_lengths_at_every_tabled_shift() -> None:
    table = TABLES["shewhart"]
    for shift, arl in zip(table["shift"], table["ARL"], strict=True):
        found = run(f"a = spc.arl_shewhart(shift={shift})")
        assert found["arl0"] == pytest.approx(370.398347344959)
        assert found["arl1"] == pytest.approx(arl, rel=1e-10)


def test_ewma_run_lengths_agree_with_the_integral_equation_of_r_spc() -> None:
    table = TABLES["ewma_two_sided_zero_state"]
    for i, shift in enumerate(table["shift"]):
        for j, (weight, width) in enumerate(zip(table["lambda"], table["L"], strict=True)):
            found = arl_ewma_of(shift, weight, width)
            assert found == pytest.approx(table["ARL"][i][j], rel=1e-9)


def test_lucas_and_saccucci_table_3() -> None:
    table = TABLES["published_lucas_saccucci_1990_table3"]
    for key, weight, width in (
        ("lambda0.5_L3.071", 0.5, 3.071),
        ("lambda0.03_L2.437", 0.03, 2.437),
    ):
        for shift, arl in zip(table["shift"], table[key], strict=True):
            # printed to 3 digits
            assert arl_ewma_of(shift, weight, width) == pytest.approx(arl, rel=6e-3)


@pytest.mark.parametrize(
    ("key", "sides"),
    [("cusum_two_sided_k05", "two-sided"), ("cusum_one_sided_k05", "one-sided")],
)
def test_cusum_run_lengths_agree_with_r_spc(key: str, sides: str) -> None:
    table = TABLES[key]
    for i, shift in enumerate(table["shift"]):
        for j, h in enumerate(table["h"]):
            found = arl_cusum_of(shift, 0.5, h, sides)
            assert found == pytest.approx(table["ARL"][i][j], rel=1e-9)


def test_a_head_start_shortens_the_run_after_a_shift() -> None:
    table = TABLES["cusum_FIR_h4_half"]
    for shift, arl in zip(table["shift"], table["ARL"], strict=True):
        assert arl_cusum_of(shift, 0.5, 4.0, "two-sided", 2.0) == pytest.approx(arl, rel=1e-9)


@pytest.mark.parametrize("shift", [0.0, 0.5, 2.0])
def test_integral_equation_and_markov_chain_agree(shift: float) -> None:
    chain = arl_ewma_by_chain(shift, 0.2, 2.962)
    assert chain == pytest.approx(arl_ewma_of(shift, 0.2, 2.962), rel=1e-5)
    chain = arl_cusum_by_chain(shift, 0.5, 5.0, "two-sided", 0.0)
    assert chain == pytest.approx(arl_cusum_of(shift, 0.5, 5.0, "two-sided"), rel=1e-5)


def test_ewma_width_for_a_wanted_run_length() -> None:
    for arl0 in (370, 500):
        table = TABLES[f"ewma_L_for_ARL0_{arl0}"]
        for weight, width in list(zip(table["lambda"], table["L"], strict=True))[1::2]:
            found = run(f"d = spc.chart_design(arl0={arl0}, chart=ewma, weight={weight})")
            # the table for 370 was made for 370.4
            assert found["L"] == pytest.approx(width, rel=3e-4)


def test_cusum_interval_for_a_wanted_run_length() -> None:
    table = TABLES["cusum_h_for_ARL0_370"]
    for k, h in list(zip(table["k"], table["h_two_sided"], strict=True))[1::2]:
        found = run(f"d = spc.chart_design(arl0=370.398, chart=cusum, k={k}, shift=1)")
        assert found["h"] == pytest.approx(h, rel=1e-5)


def test_a_design_without_the_shift_to_find_is_asked_for_it() -> None:
    with pytest.raises(NeedsClarification, match="Which shift"):
        run("d = spc.chart_design(arl0=370, chart=cusum)")
    with pytest.raises(InputError, match="below h"):
        run("a = spc.arl_cusum(k=0.5, h=4, head_start=5)")
