"""Multivariate, median, moving average, rare-event and run charts."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from statements import run

from havoc.errors import InputError
from havoc.tools.values import Sample, Table

DATA = Path(__file__).parents[1] / "data" / "qcc"
QCC = json.loads((DATA / "qcc_oracle.json").read_text())


def boiler() -> Table:
    with (DATA / "boiler.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    return Table(tuple(Sample(k, tuple(r[k] for r in rows)) for k in rows[0]))


def test_boiler_t2_statistics_agree_with_qcc() -> None:
    # qcc's documented example of this chart was made at a confidence of 0.999.
    oracle = QCC["boiler_T2"]
    limit = oracle["limits"][0][1]
    found = run("c = spc.t2(d, alpha=0.001)", d=boiler())
    assert found["t2"] == pytest.approx(oracle["statistics"], abs=1e-9)
    assert found["center"] == pytest.approx(oracle["center"])
    assert found["ucl"] == pytest.approx(limit)
    assert found["out_of_control"] == [oracle["beyond"]]


def test_ryan_subgroups_t2_limit_and_statistics() -> None:
    oracle = QCC["ryan_T2"]
    columns = tuple(Sample.of([v for row in oracle[k] for v in row], k) for k in ("X1", "X2"))
    found = run("c = spc.t2(d, subgroup=4)", d=Table(columns))
    assert found["ucl"] == pytest.approx(oracle["limits"][0][1])
    assert found["t2"] == pytest.approx(oracle["statistics"])
    assert found["covariance"] == [pytest.approx(row) for row in oracle["cov"]]


def test_t2_refuses_dependent_characteristics() -> None:
    rows = [float(i * i % 7) for i in range(12)]
    table = Table((Sample.of(rows, "a"), Sample.of([2 * v for v in rows], "b")))
    with pytest.raises(InputError, match="linearly dependent"):
        run("c = spc.t2(d)", d=table)


def test_generalised_variance_factors_of_two_characteristics_and_ten_rows() -> None:
    # Montgomery Table 11.3 uses n = 10, p = 2: b1 = 0.8889, b2 = 0.4170
    rng = np.random.default_rng(1)
    rows = np.round(rng.normal(size=(60, 2)), 3)
    table = Table((Sample.of(rows[:, 0].tolist(), "a"), Sample.of(rows[:, 1].tolist(), "b")))
    found = run("c = spc.generalized_variance(d, subgroup=10)", d=table)
    spread = (found["ucl"] - found["center"]) / 3 / found["center"]
    assert spread == pytest.approx(math.sqrt(0.4170) / 0.8889, abs=2e-4)


def test_median_chart_limits_are_a6_times_the_mean_range() -> None:
    found = run(
        "c = spc.median([[5.1, 4.9, 5.3], [5.0, 5.2, 4.8], [4.8, 5.1, 5.0], [5.3, 5.0, 5.1], "
        "[4.9, 5.0, 5.2]])"
    )
    assert found["center"] == pytest.approx((5.1 + 5.0 + 5.0 + 5.1 + 5.0) / 5)
    assert found["ucl"] - found["center"] == pytest.approx(1.187 * found["r_bar"], rel=1e-3)


def test_montgomery_moving_average_of_span_five() -> None:
    found = run(
        "c = spc.moving_average([9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.2, 10.34], "
        "span=5, target=10, sigma=1)"
    )
    assert found["moving_average"][:6] == pytest.approx([9.45, 8.72, 8.91, 9.5975, 10.11, 10.256])
    assert found["ucl"][-1] == pytest.approx(10 + 3 / math.sqrt(5))


def test_g_chart_limits() -> None:
    found = run("c = spc.g([3, 7, 0, 12, 5, 9])")
    g = 6.0
    assert found["center"] == g
    assert found["ucl"] == pytest.approx(g + 3 * math.sqrt(g * (g + 1)))
    assert found["lcl"] == 0


def test_t_chart_of_montgomery_valve_failures() -> None:
    # Montgomery Table 7.14, where the power is rounded to 0.2777: transformed mean 5.386
    hours = "286, 948, 536, 124, 816, 729, 4, 143, 431, 8, 2837, 596, 81, 227, 603, 492, 1199, 1214"
    found = run(f"c = spc.t([{hours}, 2831, 96])")
    assert found["center"] == pytest.approx(5.386, abs=5e-3)
    assert found["out_of_control"] == []


def test_run_chart_finds_a_shift_by_its_long_run() -> None:
    shifted = run("r = spc.run_chart([1, 2, 1, 3, 2, 1, 2, 1, 2, 9, 8, 9, 7, 9, 8, 9, 8, 9])")
    assert shifted["signal"] is True
    assert shifted["p_clustering"] < 0.001
    calm = run("r = spc.run_chart([5, 3, 6, 4, 7, 2, 5, 6, 3, 7, 4, 6, 2, 5, 7, 3])")
    assert calm["signal"] is False


def test_runs_test_agrees_with_its_published_moments() -> None:
    found = run("r = spc.run_chart([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])")
    # 6 above and 6 below: expected runs 7, variance 2*36*(72-12)/(144*11) = 2.7273
    assert found["runs_expected"] == pytest.approx(7)
    assert found["runs_z"] == pytest.approx((2 - 7) / math.sqrt(72 * 60 / (144 * 11)))


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("spc.g([1.5, 2, 3, 4, 5])", "whole numbers"),
        ("spc.t([1, -2, 3, 4, 5])", "negative"),
        ("spc.run_chart([3, 3, 3, 3, 3, 3, 3, 3])", "vary"),
        ("spc.t2([[1, 2, 3, 4, 5, 6]])", "at least 2"),
        ("spc.generalized_variance([[1, 2, 3, 4], [4, 2, 3, 1]], subgroup=2)", "too"),
    ],
)
def test_refusals_say_what_is_wrong(statement: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        run(f"r = {statement}")
