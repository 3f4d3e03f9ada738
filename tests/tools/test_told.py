"""What a quality engineer reads: conclusions, cautions and figures say what the numbers say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from statements import Ran, run

from havoc.dsl.executor import conclusion_text, run_text
from havoc.srs.markdown import filled
from havoc.srs.tracing import agrees
from havoc.tools.figures import draw
from havoc.tools.values import Labels, Table


def told(ran: Ran) -> str:
    return conclusion_text(ran.result)


def test_points_beyond_the_limits_are_named_chart_by_chart() -> None:
    ran = run("spc.i_mr([5, 5.1, 4.9, 5.2, 5, 5.1, 9.5, 5, 4.9, 5.1, 5, 5.2])")
    assert "7 on the Individuals chart; 7, 8 on the Moving range chart" in told(ran)
    meanings = {row[0]: row[5] for row in ran.result.table("signals").rows}
    assert meanings["Moving range"].startswith("a jump between neighbouring readings")
    assert meanings["Individuals"].startswith("a large shift")


def test_a_point_beyond_an_ewma_limit_means_a_sustained_shift() -> None:
    ran = run(
        "spc.ewma([5, 5.1, 4.9, 5.2, 5, 5.1, 5.5, 5.6, 5.9, 6.1, 6, 6.2], target=5, sigma=0.1)"
    )
    assert {row[5][:15] for row in ran.result.table("signals").rows} == {"a sustained shi"}


def test_a_tiny_p_value_is_not_said_to_be_zero() -> None:
    ran = run("spc.i_mr([5, 5.1, 4.9, 5.2, 5, 5.1, 9.5, 5, 4.9, 5.1, 5, 5.2])")
    (normal,) = [a for a in ran.result.assumptions if a.name == "normality"]
    assert "p < 0.0001" in normal.detail


def test_gage_verdicts_of_study_variation_and_of_tolerance_stand_side_by_side() -> None:
    ran = run(
        "quality.gage_rr([5.0, 5.1, 5.2, 5.1, 6.0, 6.1, 6.2, 6.2, 7.1, 7.0, 7.1, 7.3], "
        'part=["a", "a", "a", "a", "b", "b", "b", "b", "c", "c", "c", "c"], '
        'operator=["x", "x", "y", "y", "x", "x", "y", "y", "x", "x", "y", "y"], tolerance=0.5)'
    )
    assert ran["pct_study_var_grr"] < 30 < ran["pct_tolerance_grr"]
    assert "% of the variance): acceptable" in told(ran) or "): marginal" in told(ran)
    assert "% of the tolerance: not acceptable" in told(ran)


def test_attribute_agreement_tells_each_rater_against_the_standard() -> None:
    ran = run(
        'quality.attribute_agreement([["g", "b", "g", "g", "b", "g"], ["g", "b", "b", "g", "b", "g"]], '
        'standard=["g", "b", "g", "g", "b", "g"])'
    )
    assert "Judged as the standard: rater 1 100 %, rater 2 83.3333 %, all together 83.3333 %." in (
        told(ran)
    )
    assert [row[1] for row in ran.result.table("against the standard").rows] == [
        100, pytest.approx(500 / 6)
    ]  # fmt: skip


@pytest.mark.parametrize(("events", "key", "end"), [(0, "ci_low", 0), (35, "ci_high", 1)])
def test_a_wilson_interval_without_or_with_all_events_ends_exactly(
    events: int, key: str, end: int
) -> None:
    assert run(f"stats.proportion_one(events={events}, n=35)")[key] == end


def test_three_values_are_no_proof_against_normality() -> None:
    ran = run("stats.t_test_two([88.1, 88.1, 88.4], [90.2, 90.2, 90.1])")
    assert [a.met for a in ran.result.assumptions if a.name.startswith("normal")] == [None, None]


def test_too_few_ranked_pairs_to_reach_five_per_cent_are_said_to_be() -> None:
    few = run("stats.wilcoxon([86, 92, 75, 81], [82, 92, 74, 76])").result.warnings
    assert any("no two-sided p below 0.25 is possible" in w for w in few)
    enough = run("stats.wilcoxon([86, 92, 75, 81, 90, 95], [82, 89, 74, 76, 88, 89])")
    assert not any("is possible" in w for w in enough.result.warnings)


def test_figures_of_replicated_effects_draw_the_margin_of_their_t_tests() -> None:
    """Lenth's margin would leave every bar below it where the conclusion calls four effects active."""
    table = (
        "doe.effects([60, 72, 54, 68, 52, 83, 45, 80, 61, 71, 55, 69, 53, 82, 44, 81], factors=["
        + ", ".join(str([-1 if not i >> f & 1 else 1 for i in range(8)] * 2) for f in range(3))
        + "])"
    )
    ran = run(table)
    pareto = next(f for f in ran.result.figures if f.kind == "pareto")
    beyond = {
        n for n, v in zip(pareto.data["names"], pareto.data["values"], strict=True)
        if v > pareto.data["me"]
    }  # fmt: skip
    assert beyond == set(ran["active"])
    assert ran["n_active"] > 0


def test_a_bent_path_of_steepest_ascent_says_how_to_get_the_straight_one() -> None:
    args = (
        "response=[39.3, 40.9, 40.0, 41.5, 40.3, 40.5, 40.7, 40.2, 40.6], factors=[[30, 30, 40, 40, 35, "
        "35, 35, 35, 35], [150, 160, 150, 160, 155, 155, 155, 155, 155]]"
    )
    bent = run(f"doe.steepest_ascent({args})").result.warnings
    straight = run(f"doe.steepest_ascent({args}, order=first)").result.warnings
    assert any("order=first" in w for w in bent)
    assert not any("order=first" in w for w in straight)


def test_values_that_are_equally_frequent_are_said_to_be() -> None:
    lines = Table((Labels("line", ("a", "b", "c")),))
    ran = run("table.value_counts(t, column=line)", t=lines)
    assert "(1 of 3, as often as 2 others)" in told(ran)


def test_stability_of_single_readings_speaks_of_readings() -> None:
    ran = run("quality.capability([5, 5.1, 4.9, 5.2, 5, 5.1, 9.5, 5, 4.9, 5.1, 5, 5.2], spec=4..6)")
    (stable,) = [a for a in ran.result.assumptions if a.name == "stability"]
    assert stable.detail == "beyond 3-sigma limits: reading 7"


def test_press_of_a_surface_far_from_zero_passes_its_audit() -> None:
    y = [76.5, 77, 78, 79.5, 79.9, 80.3, 80, 79.7, 79.8, 78.4, 75.6, 78.5, 77]
    star = "1.41421356"
    factors = (
        f"[[-1, -1, 1, 1, 0, 0, 0, 0, 0, {star}, -{star}, 0, 0], "
        f"[-1, 1, -1, 1, 0, 0, 0, 0, 0, 0, 0, {star}, -{star}]]"
    )
    near = run(f"doe.fit_rsm(response={y}, factors={factors})")
    moved = "[" + ", ".join(f"1000000000{v:06.1f}" for v in y) + "]"
    far = run(f"doe.fit_rsm(response={moved}, factors={factors})")
    assert far["press"] == pytest.approx(near["press"], rel=1e-9)


def test_an_equation_is_written_as_by_a_person_with_large_numbers_in_plain_digits() -> None:
    (step,) = run_text(
        "r = stats.regression(y=[1459432, 1310000, 1155000, 1011000, 870000, 700123], "
        "x=[1, 2, 3, 4, 5, 6.1])"
    ).steps
    assert "y = 1605400 - 148192·x," in conclusion_text(step.result)
    linked = filled(step.result.conclusion, step, frozenset())
    assert "[1605400.1](#v:r.coefficients.a) [- 148191.7](#v:r.coefficients.b)·x" in linked
    assert agrees("- 148191.7", [step.result.values["coefficients"][1]])
    assert not agrees("148191.7", [step.result.values["coefficients"][1]])


def test_a_type_1_study_does_not_call_its_tolerance_band_limits_of_control() -> None:
    (step,) = run_text(
        "g = quality.gage_type1([10.003, 10.001, 10.004, 9.999, 10.002], reference=10, tolerance=0.06)"
    ).steps
    (figure,) = step.result.figures
    assert figure.data["limit_names"]["ucl"] == "+10 % tol."
    unnamed = {k: v for k, v in figure.data.items() if k != "limit_names"}
    assert draw(figure) != draw(replace(figure, data=unnamed))  # UCL and LCL stand there then


def test_main_effects_are_drawn_over_the_levels_as_they_were_written() -> None:
    (step,) = run_text(
        "e = doe.effects([60, 72, 54, 68], factors=[[160, 180, 160, 180], [20, 20, 40, 40]])"
    ).steps
    means = step.result.figures[2].data
    assert [m["levels"] for m in means.values()] == [["160", "180"], ["20", "40"]]
    (standard,) = run_text("e = doe.effects([60, 72, 54, 68])").steps
    assert all(m["levels"] == ["low", "high"] for m in standard.result.figures[2].data.values())
