"""Capability indices against R qcc and figures computed by two tools."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statements import run

from havoc.errors import InputError, NeedsClarification
from havoc.tools.values import Sample, Table

QCC = Path(__file__).parents[1] / "data" / "qcc"
ORACLE = json.loads((QCC / "qcc_oracle.json").read_text())
ROWS = """25.1 24.9 25.3 25.0
25.4 25.2 25.1 25.6
24.8 25.0 24.7 25.1
25.2 25.5 25.3 25.0
25.0 24.6 25.1 24.9
25.3 25.1 25.4 25.2
24.9 25.2 25.0 24.8
25.6 25.3 25.2 25.5"""


def shafts() -> Table:
    rows = [line.split() for line in ROWS.splitlines()]
    return Table(tuple(Sample(f"x{j}", tuple(r[j] for r in rows)) for j in range(4)))


def rings() -> Table:
    with (QCC / "pistonrings.csv").open() as lines:
        texts = [row["diameter"] for row in csv.DictReader(lines)][:125]
    return Table((Sample("diameter", tuple(texts)),))


@pytest.mark.parametrize(
    ("estimator", "cpk"), [("rbar", 1.663), ("pooled_uncorrected", 1.650), ("moving_range", 1.701)]
)
def test_piston_rings_cpk_depends_on_the_named_estimator(estimator: str, cpk: float) -> None:
    found = run(
        f"c = quality.capability(d.diameter, spec=73.95..74.05, subgroup=5, estimator={estimator})",
        d=rings(),
    )
    assert found["cpk"] == pytest.approx(cpk, abs=1e-3)


def test_piston_rings_indices_agree_with_qcc() -> None:
    found = run(
        "c = quality.capability(d.diameter, spec=73.95..74.05, subgroup=5, estimator=rbar)",
        d=rings(),
    )
    indices = {row["_row"]: row["Value"] for row in ORACLE["piston_capability"]["indices"]}
    # qcc takes d2 from a table of 3 decimals.
    for key, name in (("cp", "Cp"), ("cpl", "Cp_l"), ("cpu", "Cp_u"), ("cpm_within", "Cpm")):
        assert found[key] == pytest.approx(indices[name], rel=1e-4)


def test_shafts_with_sigma_from_mean_range() -> None:
    found = run("c = quality.capability(d, spec=24..26, estimator=rbar)", d=shafts())
    assert found["cp"] == pytest.approx(1.6147064674509792)
    assert found["cpk"] == pytest.approx(1.3977302858872562)
    assert found["pp"] == pytest.approx(1.3351650580376906)
    assert found["ppk"] == pytest.approx(1.1557522533638778)
    assert found["sigma_within"] == pytest.approx(0.20643586933762806)


def test_shafts_with_the_pooled_default_of_minitab() -> None:
    found = run("c = quality.capability(d, lsl=24, usl=26)", d=shafts())
    assert found["cpk"] == pytest.approx(1.5240759415644078)
    assert found["estimator"] == "pooled standard deviation / c4(df + 1)"


def test_ppm_of_a_normal_process_on_each_side() -> None:
    found = run("c = quality.capability_summary(mean=4.95, sd=.1, target=5, tolerance=0.3)")
    assert found["ppm_below"] == pytest.approx(6209.665325776133)
    assert found["ppm_above"] == pytest.approx(232.62907903552502)
    assert found["ppm_total"] == pytest.approx(6442.294404811658)


def test_a_one_sided_specification_gives_one_sided_indices() -> None:
    found = run("c = quality.capability([9.8, 10.1, 10.0, 9.9, 10.3], usl=11)").result.values
    assert "cp" not in found
    assert found["cpk"] == found["cpu"]
    assert found["ppm_below_overall"] == 0


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 999), min_size=12, max_size=12).filter(lambda v: len(set(v)) > 2))
def test_confidence_limits_enclose_the_index(values: list[int]) -> None:
    found = run("c = quality.capability(x, spec=0..1000, subgroup=3)", x=Sample.of(values))
    assert found["cp_ci_low"] < found["cp"] < found["cp_ci_high"]
    assert found["ppk_ci_low"] < found["ppk"] < found["ppk_ci_high"]


def test_cp_interval_holds_its_level() -> None:
    # Cp's interval is exact: df s²/sigma² is chi-square.
    found = run("c = quality.capability_summary(mean=0, sd=1, lsl=-3, usl=3, n=20)")
    assert found["cp_ci_low"] == pytest.approx((stats.chi2.ppf(0.025, 19) / 19) ** 0.5)


def test_missing_and_contradictory_specifications() -> None:
    with pytest.raises(NeedsClarification, match="specification limits"):
        run("c = quality.capability([1, 2, 3, 4, 5])")
    with pytest.raises(NeedsClarification, match="nominal"):
        run("c = quality.capability([1, 2, 3, 4, 5], tolerance=1)")
    with pytest.raises(InputError, match="not below"):
        run("c = quality.capability([1, 2, 3, 4, 5], lsl=9, usl=3)")
    with pytest.raises(InputError, match="once"):
        run("c = quality.capability([1, 2, 3, 4, 5], spec=1..5, usl=3)")
    with pytest.raises(InputError, match="at least 5"):
        run("c = quality.capability([1, 2, 3], usl=3)")
