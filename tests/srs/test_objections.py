# ruff: noqa: E501 (the programs are read more easily on one line)
"""ARGUE and ARBITER: what an expert would object to, and the better method beside the one asked for."""

from __future__ import annotations

import pytest
from srs.answering import answered

from havoc.srs.places import stripped

LINE = "y=[2.3, 3.9, 6.2, 7.8, 10.1, 11.9], x=[10, 20, 30, 40, 50, 60]"
WALK = "[5, 5.2, 5.3, 5.5, 5.6, 5.5, 5.4, 5.2, 5.1, 4.9, 4.8, 4.7, 4.8, 5, 5.1, 5.3, 5.4, 5.6, 5.7, 5.6, 5.4, 5.3]"
WIDE = "[9, 14, 7, 15, 6, 16, 5, 13]"
NARROW = "[10, 10.1, 9.9, 10, 10.1, 9.9, 10, 10.05]"
ODD = "[5.1, 5.2, 4.9, 5.0, 5.1, 5.0, 9.8, 5.1, 5.0, 4.9]"


@pytest.mark.parametrize(
    ("objection", "program"),
    [
        ("outlier", f"r1 = stats.describe({ODD})"),
        ("dependent values", f"r1 = stats.t_test_one({WALK}, target=5)"),
        ("low power", "r1 = stats.t_test_two(x=[5, 6, 7, 5.5], y=[5.2, 6.1, 7.4, 5.4])"),
        ("extrapolation", f"r1 = stats.regression({LINE}, at=[90])"),
        ("wasteful estimator", "r1 = spc.xbar_r([" + ", ".join(str(5 + i % 7) for i in range(60)) + "], subgroup=12)"),
        ("few events", "r1 = stats.proportion_two(events_1=1, n_1=20, events_2=6, n_2=20)"),
        ("rare events", "r1 = spc.c([1, 0, 2, 1, 0, 0, 1, 3, 0, 1, 0, 2])"),
        ("no repeated runs", "r1 = doe.effects([60, 72, 54, 68, 52, 83, 45, 80], names=[T, C, K])"),
        ("collinear predictors", "r1 = stats.regression(y=[1, 2.1, 2.9, 4.2, 5, 6.1], x=[[1, 2, 3, 4, 5, 6], [1.1, 2, 3.1, 4, 5.1, 6]])"),
        ("many coefficients", "r1 = stats.regression(y=[1, 2.1, 2.9, 4.2, 5, 6.1], x=[[1, 2, 3, 4, 5, 6], [3, 1, 4, 1, 5, 9]])"),
    ],
)  # fmt: skip
def test_an_expert_would_object(objection: str, program: str) -> None:
    state = answered(program)
    assert any(objection in o.name for o in state.objections), state.objections
    assert "### To keep in mind" in state.answer


@pytest.mark.parametrize(
    "program",
    [
        f"r1 = stats.regression({LINE}, at=[45])",
        "r1 = stats.t_test_one([502, 498, 505, 499, 503, 507, 501, 504, 500, 506, 503, 502], target=500)",
        "r1 = stats.proportion_two(events_1=60, n_1=200, events_2=90, n_2=210)",
    ],
)
def test_sound_work_meets_no_objection_of_ours(program: str) -> None:
    own = [o for o in answered(program).objections if o.severity != "note" and o.name != "warning"]
    assert own == []


def test_three_tests_at_once_are_objected_to_unless_they_are_adjusted() -> None:
    three = "\n".join(
        f"r{i} = stats.t_test_two(x=[5, 6, 7, 5.{i}, 6], y=[8, 9, 10, 9.{i}, 8])" for i in (1, 2, 3)
    )
    assert any(o.name == "several tests" for o in answered(three).objections)
    adjusted = f"{three}\nr4 = stats.adjust_p_values([0.01, 0.02, 0.03])"
    assert not any(o.name == "several tests" for o in answered(adjusted).objections)


def test_an_active_effect_that_is_aliased_is_a_serious_objection() -> None:
    program = (
        "t = table(A=[-1, 1, -1, 1, -1, 1, -1, 1], B=[-1, -1, 1, 1, -1, -1, 1, 1], C=[1, -1, -1, 1, 1, -1, -1, 1], "
        "D=[-1, -1, -1, -1, 1, 1, 1, 1], y=[45, 95, 46, 96, 46.5, 95.5, 45.2, 96.1])\n"
        "r1 = doe.effects(response=t.y, factors=[t.A, t.B, t.C, t.D])"
    )
    found = [o for o in answered(program).objections if o.name == "aliased effects"]
    assert found
    assert found[0].severity == "serious"


@pytest.mark.parametrize(
    ("program", "better"),
    [
        (f"r1 = stats.t_test_two(x={NARROW}, y={WIDE}, equal_variances=true)", "equal_variances=false"),
        (f"r1 = stats.t_test_one({ODD}, target=5.2)", "stats.wilcoxon(x=[5.1, 5.2, 4.9, 5.0, 5.1, 5.0, 9.8, 5.1, 5.0, 4.9], median=5.2)"),
        ("r1 = stats.anova(groups=[[1, 1.1, 1, 0.9, 1], [2, 3, 1, 4, 6], [9, 1, 15, 3, 22]])", "stats.kruskal_wallis(groups="),
        ("r1 = stats.variance_two(x=[1, 1.1, 0.9, 1, 1.05, 9], y=[1, 2, 3, 4, 5, 6])", "stats.equal_variances(groups=[[1, 1.1, 0.9, 1, 1.05, 9], [1, 2, 3, 4, 5, 6]])"),
        ("r1 = stats.correlation([1, 2, 3, 4, 5, 6, 7, 8, 9, 40], [1, 2, 3, 4, 5, 6, 7, 8, 9, 2])", "method=spearman"),
        ("r1 = stats.regression(y=[1.1, 2, 2.9, 4.2, 5, 6.1, 7, 20], x=[1, 2, 3, 4, 5, 6, 7, 8])", "stats.robust_regression(y="),
        ("r1 = spc.p([12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11], size=50)", "spc.laney_p(x="),
        ("r1 = quality.capability([1, 1.1, 1.2, 1.05, 1.3, 1, 1.1, 5.2, 1, 1.1, 1.15, 1.2, 2.9, 1, 1.02], usl=6)", "quality.capability_nonnormal(x="),
    ],
)  # fmt: skip
def test_the_better_method_stands_beside_the_one_asked_for(program: str, better: str) -> None:
    state = answered(program)
    assert state.chosen is not None
    assert state.chosen.program.startswith(program.split("(")[0])
    assert better in state.chosen.program.splitlines()[-1]
    (amendment,) = state.amendments
    second = stripped(state.answer).split("\n\n")[1]
    assert second.startswith(amendment.reason)
    assert all(c.passed for c in state.checks)


def test_methods_that_disagree_say_so_and_the_doubtful_one_draws_no_conclusion() -> None:
    state = answered(
        "r1 = spc.p([12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11], size=50)"
    )
    first, second = state.answer.split("\n\n")[:2]
    assert "not in control" not in first
    assert "The two disagree" in second


def test_many_values_bear_values_that_are_not_normal() -> None:
    flat = ", ".join(f"{1 + i % 20}" for i in range(100))
    state = answered(f"r1 = stats.t_test_one([{flat}], target=10)")
    assert any(o.name.startswith("normal") for o in state.objections if o.severity == "warning")
    assert state.amendments == ()


def test_without_argue_nothing_is_objected_or_amended() -> None:
    state = answered(f"r1 = stats.t_test_one({ODD}, target=5.2)", argue=False)
    assert state.objections == ()
    assert state.amendments == ()
