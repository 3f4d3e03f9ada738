"""Readings far from zero beside their spread: results are those of the shifted readings."""

from __future__ import annotations

from decimal import Decimal

import pytest
from statements import run

from havoc.dsl.executor import run_text

NEAR = [0.7, 1.6, 0.7, -2.6, 1.8, 0.9, -1.1, 1.2, 0.7, 0.6, 0.1, 1.1, -1.5, -0.3, -1.0, 1.2, 0.1,
        -0.6, 1.6, 1.3, -0.7, 2.7, -0.9, 0.8, 1.8]  # fmt: skip
BASE = 10**12


def written(values: list[float], base: int) -> str:
    """The list with ``base`` added in decimal arithmetic."""
    return "[" + ", ".join(str(base + Decimal(str(v))) for v in values) + "]"


STATEMENTS = {
    "quality.capability({x}, lsl={low}, usl={high}, target={base})": (
        "cp", "cpk", "pp", "ppk", "cpm", "sigma_within", "ppm_total_overall",
    ),
    "quality.capability({x}, lsl={low}, usl={high}, subgroup=5)": ("cp", "cpk", "sigma_within"),
    "quality.gage_type1({x}, reference={base}, tolerance=20)": ("cg", "cgk", "bias", "t_bias"),
    "quality.gage_bias({x}, reference={base})": ("bias", "sd", "t"),
    "quality.tolerance_interval({x})": ("sd",),
    "spc.rules({x}, rules=nelson)": ("sigma", "signal_points"),
    "spc.i_mr({x}, rules=nelson)": ("sigma", "mr_ucl"),
    "spc.xbar_r({x}, subgroup=5)": ("sigma", "r_ucl"),
    "spc.ewma({x})": ("sigma",),
    "spc.cusum({x})": ("sigma", "c_plus", "c_minus", "signals_up", "signals_down", "n_plus"),
    "spc.cusum({x}, target={base}, k=0.3, h=1)": ("c_plus", "c_minus", "first_signal", "c_at_signal"),
    "spc.cusum({x}, subgroup=5)": ("sigma", "c_plus", "c_minus", "n_minus"),
    "spc.run_chart({x})": ("runs_up_down", "p_trends"),
}  # fmt: skip


@pytest.mark.parametrize("statement", sorted(STATEMENTS))
def test_a_distant_origin_changes_no_spread(statement: str) -> None:
    made = [
        run(
            "r = " + statement.format(x=written(NEAR, base), base=base, low=base - 8, high=base + 8)
        )
        for base in (0, BASE)
    ]
    for key in STATEMENTS[statement]:
        assert made[1][key] == pytest.approx(made[0][key], rel=1e-9), key


def test_a_cusum_that_returns_to_zero_is_zero() -> None:
    # 0.1 - 0.1 in sigma, summed in floats: the sum is 0 at every second point, and its counter too
    made = run("r = spc.cusum([10.6, 10.4, 10.6, 10.4, 10.7, 10.3], target=10, sigma=1, k=0.5)")
    assert made["n_plus"] == [1, 0, 1, 0, 1, 0]
    assert made["c_plus"] == pytest.approx([0.1, 0, 0.1, 0, 0.2, 0])


def test_linearity_of_large_references_has_its_slope() -> None:
    reference = [2.0, 2.0, 4.0, 4.0, 6.0, 6.0, 8.0, 8.0]
    seen = [2.7, 2.5, 4.4, 4.1, 6.3, 5.9, 8.2, 7.8]
    near, far = (
        run(
            f"r = quality.gage_linearity({written(seen, base)}, "
            f"reference={written(reference, base)})"
        )
        for base in (0, BASE)
    )
    for key in ("slope", "s", "se_slope", "bias", "t_bias", "r2"):
        assert far[key] == pytest.approx(near[key], rel=1e-9), key


@pytest.mark.parametrize(
    "expression",
    [
        "x - mean(x)", "(x - mean(x))/sd(x)", "zscore(x)", "minmax(x)", "diff(x)", "x - max(x)",
        "abs(x - median(x))", "2*(x - 1000000000010)^2", "x - y", "(x - min(x))/(max(x) - min(x))",
        "x/count(x) - mean(x)/count(x)", "-x + sum(x)/4",
    ],
)  # fmt: skip
def test_columns_derived_near_1e12_are_those_near_zero(expression: str) -> None:
    def derived(start: int) -> list[float]:
        rows = ["0.2", "-0.2", "0.5", "4.0"]
        x = ", ".join(str(Decimal(start) + 10 + Decimal(v)) for v in rows)
        moved = expression.replace("1000000000010", str(start + 10))
        step = run_text(
            f"t = table(x=[{x}], y=[{start + 1}, {start + 2}, {start + 3}, {start + 5}])\n"
            f"r = table.derive(t, new={moved})"
        ).steps[-1]
        assert all(c.passed for c in step.checks)
        return step.result.data.column("new").values.tolist()

    assert derived(10**12) == pytest.approx(derived(0), rel=1e-12, nan_ok=True)
