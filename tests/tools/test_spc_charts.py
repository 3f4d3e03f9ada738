"""Control charts against R qcc and Montgomery's printed examples."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havoc.errors import InputError, NeedsClarification
from havoc.tools.bind import bind
from havoc.tools.operation import get
from havoc.tools.result import Result
from havoc.tools.spc.constants import c4, chart_factors, d2, d3, median_factor
from havoc.tools.values import Labels, Number, Range, Sample, Table

DATA = Path(__file__).parents[1] / "data"
QCC = json.loads((DATA / "qcc" / "qcc_oracle.json").read_text())
D2_TABLE = 2e-4  # qcc takes d2 from a table of 3 decimals


def run(name: str, *values: Any, **keywords: Any) -> Result:
    """Run an operation, demanding that its audit passes."""
    operation = get(name)
    arguments = bind(operation, values, keywords)
    result = operation.run(arguments)
    assert [c for c in operation.audit(arguments, result) if not c.passed] == []
    return result


def column(file: str, name: str) -> Sample:
    with (DATA / "qcc" / file).open() as lines:
        return Sample(name, tuple(row[name] for row in csv.DictReader(lines)))


def span(low: int, high: int) -> Range:
    return Range(Number(str(low)), Number(str(high)))


def number(x: float) -> Number:
    return Number(repr(x))


MONTGOMERY_9_1 = Sample(
    "x",
    tuple(
        "9.45 7.99 9.29 11.66 12.16 10.18 8.04 11.46 9.2 10.34 9.03 11.47 10.51 9.4 10.08 9.37 "
        "10.62 10.31 8.52 10.84 10.9 9.33 12.29 11.5 10.6 11.08 10.38 11.62 11.31 10.52".split()
    ),
)
CONSTANTS = json.loads((DATA / "control_chart_constants.json").read_text())["rows"]


@pytest.mark.parametrize("row", CONSTANTS)
def test_constants_agree_with_the_ten_digit_table(row: dict[str, float]) -> None:
    n = int(row["n"])
    factors = chart_factors(n, c4(n), d2(n), d3(n), median_factor(n))
    for name, expected in row.items():
        if name != "n":
            assert factors[name] == pytest.approx(expected, abs=6e-11)


def test_constants_of_the_median_chart_agree_with_the_printed_a6() -> None:
    # A6 of Ferrell/ASTM tables: n = 3, 5, 7, 9
    for n, a6 in {3: 1.187, 5: 0.691, 7: 0.508, 9: 0.412}.items():
        assert run("spc.constants", number(n)).values["A6"] == pytest.approx(a6, abs=1.5e-3)


def test_piston_rings_xbar_r_limits_frozen_at_phase_one() -> None:
    oracle = QCC["piston_xbar_new"]
    rings = column("pistonrings.csv", "diameter")
    by = Labels("sample", tuple(column("pistonrings.csv", "sample").texts))
    values = run("spc.xbar_r", rings, by=by, baseline=span(1, 25)).values
    assert values["center"] == pytest.approx(oracle["center"], abs=1e-12)
    assert values["sigma"] == pytest.approx(oracle["std.dev"], rel=D2_TABLE)
    assert values["ucl"] == pytest.approx(oracle["UCL"], abs=1e-6)
    assert values["out_of_control"] == oracle["beyond"]
    assert values["r_ucl"] == pytest.approx(QCC["piston_R_1_25"]["UCL"], rel=D2_TABLE)
    assert values["r_lcl"] == 0


def test_piston_rings_xbar_s_and_pooled_estimators() -> None:
    rings = column("pistonrings.csv", "diameter")
    phase_one = Sample("diameter", rings.texts[:125])
    sbar = run("spc.xbar_s", phase_one, subgroup=number(5)).values
    assert sbar["sigma"] == pytest.approx(QCC["piston_S_1_25"]["std.dev"], rel=1e-9)
    assert sbar["s_ucl"] == pytest.approx(QCC["piston_S_1_25"]["UCL"], rel=1e-9)
    assert sbar["ucl"] == pytest.approx(QCC["piston_xbar_uwave_sd"]["UCL"], rel=1e-12)
    pooled = run("spc.xbar_s", phase_one, subgroup=number(5), estimator="pooled").values
    assert pooled["sigma"] == pytest.approx(QCC["piston_xbar_rmsdf"]["std.dev"], rel=1e-9)


def test_the_three_forms_of_subgroup_data_give_one_chart() -> None:
    texts = column("pistonrings.csv", "diameter").texts[:125]
    labels = Labels("g", tuple(str(i // 5) for i in range(125)))
    wide = Table(tuple(Sample(f"x{j}", texts[j::5]) for j in range(5)))
    expected = run("spc.xbar_r", Sample("x", texts), subgroup=number(5)).values
    assert run("spc.xbar_r", Sample("x", texts), by=labels).values == expected
    assert run("spc.xbar_r", wide).values == expected


def test_a_column_that_numbers_the_subgroups_is_not_charted() -> None:
    texts = column("pistonrings.csv", "diameter").texts[:125]
    readings = tuple(Sample(f"x{j}", texts[j::5]) for j in range(5))
    numbers = Sample("sample", tuple(str(i) for i in range(1, 26)))
    result = run("spc.xbar_r", Table((numbers, *readings)))
    assert result.values["subgroup_size"] == 5
    assert any("only numbers the subgroups" in w for w in result.warnings)


def test_individuals_chart_of_viscosity() -> None:
    x = Sample.of(QCC["viscosity_data"])
    values = run("spc.i_mr", x).values
    assert values["center"] == pytest.approx(QCC["viscosity_I"]["center"])
    assert values["ucl"] == pytest.approx(QCC["viscosity_I"]["UCL"], rel=5e-4)
    assert values["mr_ucl"] == pytest.approx(QCC["viscosity_MR"]["UCL"], rel=5e-4)
    by_sd = run("spc.i_mr", x, estimator="sd").values
    assert by_sd["ucl"] == pytest.approx(QCC["viscosity_I_sd"]["UCL"], rel=1e-9)


def test_circuit_boards_c_chart_and_the_effect_of_excluding_two_points() -> None:
    x = column("circuit.csv", "x")
    x = Sample("x", x.texts[:26])
    oracle, without = QCC["circuit_c"], QCC["circuit_c_no6_20"]
    values = run("spc.c", x).values
    assert (values["lcl"], values["ucl"]) == pytest.approx((oracle["LCL"], oracle["UCL"]))
    assert values["out_of_control"] == [6, 20]
    revised = run("spc.c", x, exclude=[number(6), number(20)]).values
    assert revised["ucl"] == pytest.approx(without["UCL"])
    assert revised["ucl_before"] == pytest.approx(oracle["UCL"])
    assert revised["out_of_control"] == [6, 20]  # still shown, judged by the new limits


def test_orange_juice_p_and_np_charts() -> None:
    x = Sample("D", column("orangejuice.csv", "D").texts[:30])
    p = run("spc.p", x, size=number(50)).values
    assert p["ucl"] == pytest.approx(QCC["orangejuice_p"]["UCL"][0])
    assert p["out_of_control"] == [15, 23]
    np_chart = run("spc.np", x, size=number(50)).values
    assert np_chart["lcl"] == pytest.approx(QCC["orangejuice_np"]["LCL"])
    without = run("spc.p", x, size=number(50), exclude=[number(15), number(23)]).values
    assert without["ucl"] == pytest.approx(QCC["orangejuice_p_no15_23"]["UCL"][0])


def test_dyed_cloth_u_chart_has_limits_that_vary_with_the_roll() -> None:
    x, size = column("dyedcloth.csv", "x"), column("dyedcloth.csv", "size")
    values = run("spc.u", x, size=size).values
    assert values["lcl"] == pytest.approx(QCC["dyedcloth_u"]["LCL"])
    assert values["ucl"] == pytest.approx(QCC["dyedcloth_u"]["UCL"])


def test_laney_p_prime_is_the_p_chart_when_sigma_z_is_one() -> None:
    x = Sample("D", column("orangejuice.csv", "D").texts[:30])
    plain = run("spc.p", x, size=number(50)).values
    laney = run("spc.laney_p", x, size=number(50)).values
    width = (laney["ucl"] - laney["center"]) / (plain["ucl"] - plain["center"])
    assert width == pytest.approx(laney["sigma_z"])


def test_piston_rings_ewma() -> None:
    rings = column("pistonrings.csv", "diameter")
    result = run("spc.ewma", rings, subgroup=number(5), weight=number(0.2), baseline=span(1, 25))
    assert result.values["ewma"] == pytest.approx(QCC["piston_ewma"]["y"], abs=1e-10)
    limits = np.array(QCC["piston_ewma"]["limits"])
    assert result.values["ucl"] == pytest.approx(limits[:, 1], abs=1e-6)
    assert result.values["out_of_control"] == QCC["piston_ewma"]["viol"]


def test_piston_rings_cusum() -> None:
    rings = column("pistonrings.csv", "diameter")
    result = run("spc.cusum", rings, subgroup=number(5), h=number(4), baseline=span(1, 25)).values
    unit = result["H"] / 4
    up = [c / unit for c in result["c_plus"]]
    assert up == pytest.approx(QCC["piston_cusum"]["pos"], abs=5e-3)
    assert result["signals_up"] == QCC["piston_cusum"]["viol"]["upper"]


def test_montgomery_table_9_1_cusum_signals_at_29_with_5_28() -> None:
    values = run("spc.cusum", MONTGOMERY_9_1, target=number(10), sigma=number(1)).values
    assert values["first_signal"] == 29
    assert values["c_at_signal"] == pytest.approx(5.28)
    assert values["shift_began_after"] == 22
    assert values["new_mean"] == pytest.approx(11.25, abs=0.005)


def test_montgomery_ewma_example_signals_at_29() -> None:
    values = run(
        "spc.ewma", MONTGOMERY_9_1, weight=number(0.1), L=number(2.7), target=number(10),
        sigma=number(1),
    ).values  # fmt: skip
    assert values["first_signal"] == 29
    assert values["ewma"][0] == pytest.approx(9.945)
    assert values["ucl_asymptotic"] == pytest.approx(10.619422481450517)


def test_one_column_without_a_subgroup_size_is_asked_about() -> None:
    with pytest.raises(NeedsClarification, match="form a subgroup"):
        run("spc.xbar_r", Sample.of([1, 2, 3, 4, 5, 6]))


@pytest.mark.parametrize(
    ("name", "values", "keywords", "message"),
    [
        ("spc.c", [3, 4, 5], {}, "too few to set control limits"),
        ("spc.c", [3, 4.5, 5, 6, 2], {}, "whole number"),
        ("spc.p", [3, 60, 5, 6, 2], {"size": number(50)}, "more than were inspected"),
        ("spc.c", [3, 4, 5, 6, 2], {"exclude": [number(9)]}, "no such point"),
        ("spc.c", [3, 4, 5, 6, 2], {"baseline": span(0, 4)}, "not a range of the points"),
        ("spc.i_mr", [3, 3, 3, 3, 3, 3], {}, "do not vary"),
    ],
)
def test_what_cannot_be_charted_is_refused_with_the_reason(
    name: str, values: list[float], keywords: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        run(name, Sample.of(values), **keywords)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.lists(st.integers(-500, 500), min_size=4, max_size=4), min_size=6, max_size=12
    ).filter(lambda rows: len({tuple(r) for r in rows}) > 3),
    st.integers(1, 90),
    st.integers(-1000, 1000),
)
def test_limits_follow_a_change_of_units(rows: list[list[int]], factor: int, offset: int) -> None:
    if all(len(set(r)) == 1 for r in rows):
        return
    flat = [v for row in rows for v in row]
    plain = run("spc.xbar_r", Sample.of(flat), subgroup=number(4)).values
    moved = run(
        "spc.xbar_r", Sample.of([v * factor + offset for v in flat]), subgroup=number(4)
    ).values
    for key in ("center", "ucl", "lcl"):
        assert moved[key] == pytest.approx(plain[key] * factor + offset, abs=1e-6)
    assert moved["signal_points"] == plain["signal_points"]


def test_the_first_points_as_phase_one_are_a_baseline() -> None:
    x = column("circuit.csv", "x")
    first = run("spc.c", x, phase1=number(26)).values
    assert first == run("spc.c", x, baseline=span(1, 26)).values
    with pytest.raises(InputError, match="needs as many points"):
        run("spc.c", x, phase1=number(400))
