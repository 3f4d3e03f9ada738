"""Effects and response surfaces against Box-Hunter-Hunter, Montgomery and R's rsm."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linear_data import oracle, table
from statements import run

from havoc.errors import InputError, NeedsClarification
from havoc.tools.values import Sample, Table

BOOK = oracle("textbook/textbook_oracle")
RSM = oracle("rsm/rsm_oracle")


@pytest.mark.parametrize(
    ("file", "key", "factors"),
    [
        ("bhh_pilot_2_3", "bhh_pilot", "TCK"),
        ("bhh_process_2_4", "bhh_process", "ABCD"),
        ("filtration_2_4", "filtration", "ABCD"),
        ("plasma_2_3", "plasma", "ABC"),
    ],
)
def test_published_effects(file, key, factors):
    d = table(f"textbook/{file}")
    columns = ", ".join(f"d.{f}" for f in factors)
    r = run(f"doe.effects(d.y, factors=[{columns}])", d=d)
    wanted = {n.replace(":", ""): v for n, v in BOOK[key]["effects"].items()}
    assert dict(zip(r["effect_names"], r["effects"], strict=True)) == pytest.approx(wanted)


@pytest.mark.parametrize("key", ["filtration", "bhh_process"])
def test_lenths_margins(key):
    file = {"filtration": "filtration_2_4", "bhh_process": "bhh_process_2_4"}[key]
    d = table(f"textbook/{file}")
    r = run("doe.effects(d.y, factors=[d.A, d.B, d.C, d.D])", d=d)
    assert r["pse"] == pytest.approx(BOOK[key]["PSE"])
    assert r["me"] == pytest.approx(BOOK[key]["ME_t"])
    assert r["sme"] == pytest.approx(BOOK[key]["SME_t"])


def test_filtration_names_the_five_active_effects():
    d = table("textbook/filtration_2_4")
    r = run("doe.effects(d.y, factors=[d.A, d.B, d.C, d.D])", d=d)
    assert r["active"] == ["A", "C", "D", "AC", "AD"]


@pytest.mark.parametrize(
    "how",
    ["names=[T, C, K]", 'runs=["(1)", "t", "c", "tc", "k", "tk", "ck", "tck"]'],
)
def test_standard_order_and_treatment_labels_give_the_same_effects(how):
    r = run(f"doe.effects([60, 72, 54, 68, 52, 83, 45, 80], {how})")
    assert r["effects"] == [23, -5, 1.5, 1.5, 10, 0, 0.5]


def test_repeated_runs_are_judged_by_t_tests():
    d = table("textbook/plasma_2_3")
    r = run("doe.effects(d.y, factors=[d.A, d.B, d.C])", d=d)
    book = BOOK["plasma"]["anova"]
    p = dict(zip(r["effect_names"], r["p_values"], strict=True))
    for term, wanted in zip(book["terms"][:-1], book["p"][:-1], strict=True):
        assert p[term.replace(":", "")] == pytest.approx(wanted)
    assert r["s"] ** 2 == pytest.approx(2252.5625)


def test_curvature_of_montgomerys_yield_example():
    # Montgomery (2013), example 6.7: SS curvature 0.0027, F = 0.06
    r = run(
        "doe.effects([39.3, 40.9, 40.0, 41.5, 40.3, 40.5, 40.7, 40.2, 40.6], "
        "factors=[[-1, 1, -1, 1, 0, 0, 0, 0, 0], [-1, -1, 1, 1, 0, 0, 0, 0, 0]])"
    )
    assert r["curvature"] == pytest.approx(-0.035)
    assert r["F_curvature"] == pytest.approx(0.0027222222 / 0.043)
    assert r["effects"] == pytest.approx([1.55, 0.65, -0.05])


def test_a_half_fraction_says_what_is_confounded():
    a = [-1, 1, -1, 1, -1, 1, -1, 1]
    b = [-1, -1, 1, 1, -1, -1, 1, 1]
    c = [-1, -1, -1, -1, 1, 1, 1, 1]
    d = [x * y * z for x, y, z in zip(a, b, c, strict=True)]
    y = [45, 100, 45, 65, 75, 60, 80, 96]  # Montgomery (2013), example 8.1
    r = run(f"doe.effects({y}, factors=[{a}, {b}, {c}, {d}])")
    effects = dict(zip(r["effect_names"], r["effects"], strict=True))
    by_position = list(effects.values())
    assert by_position[:4] == [19, 1.5, 14, 16.5]
    assert by_position[4:] == [-1, -18.5, 19]
    assert all(r["aliases"][4:])


def test_twelve_plackett_burman_runs_give_main_effects_only():
    first = [1, 1, -1, 1, 1, 1, -1, -1, -1, 1, -1]
    rows = [first[-k:] + first[:-k] for k in range(11)] + [[-1] * 11]
    columns = [[row[j] for row in rows] for j in range(5)]
    y = [float(3 * row[0] + 2 + i % 3) for i, row in enumerate(rows)]
    r = run(f"doe.effects({y}, factors={columns})")
    assert len(r["effects"]) == 5
    assert any("not a regular fraction" in w for w in r.result.warnings)


def test_effects_of_what_is_no_two_level_design_are_refused():
    with pytest.raises(InputError, match="standard order"):
        run("doe.effects([1, 2, 3, 4, 5])")
    with pytest.raises(InputError, match="not balanced"):
        run("doe.effects([1, 2, 3, 4], factors=[[-1, -1, -1, 1], [-1, 1, -1, 1]])")
    with pytest.raises(InputError, match="not orthogonal"):
        run("doe.effects([1, 2, 3, 4], factors=[[-1, -1, 1, 1], [-1, -1, 1, 1]])")
    with pytest.raises(InputError, match="3 level"):
        run("doe.effects([1, 2, 3, 5], factors=[[-1, 0.5, 1, 1], [-1, 1, -1, 1]])")


SETS = {
    "ChemReact_SO": ("doe.fit_rsm(response=d.Yield, factors=[d.Time, d.Temp], block=d.Block)", "rsm/ChemReact"),
    "heli_SO": ("doe.fit_rsm(ave ~ factor(block) + quadratic(x1, x2, x3, x4), data=d)", "rsm/heli"),
}  # fmt: skip


@pytest.mark.parametrize("key", list(SETS))
def test_rsm_reproduces_r(key):
    statement, file = SETS[key]
    r = run(statement, d=table(file))
    wanted = RSM[key]
    assert r["coefficients"] == pytest.approx(list(wanted["coef"].values()), rel=1e-8, abs=1e-9)
    assert r["se"] == pytest.approx(list(wanted["se"].values()), rel=1e-8)
    assert [r["r2"], r["s"]] == pytest.approx([wanted["r2"], wanted["sigma"]])
    anova = wanted["anova"]
    assert r["group_df"] == anova["Df"][:4]
    assert r["group_ss"] == pytest.approx(anova["Sum Sq"][:4])
    assert r["group_F"] == pytest.approx(anova["F value"][:4])
    assert r["group_p"] == pytest.approx(anova["Pr(>F)"][:4])
    assert [r["F_lof"], r["p_lof"]] == pytest.approx([anova["F value"][5], anova["Pr(>F)"][5]])
    assert [r["df_lof"], r["df_pure"]] == anova["Df"][5:]
    assert r["stationary_coded"] == pytest.approx(
        list(wanted["stationary_coded"].values()), rel=1e-7
    )
    assert r["eigenvalues"] == pytest.approx(wanted["eigenvalues"])
    axes = r.result.table("canonical axes")
    for j, name in enumerate(axes.columns[1:]):
        wanted_row = [abs(v) for v in wanted["eigenvectors"][j]]
        assert [abs(v) for v in axes.column(name)] == pytest.approx(wanted_row)


def test_natural_units_of_the_chemical_reaction():
    statement, file = SETS["ChemReact_SO"]
    r = run(statement, d=table(file))
    assert r["stationary"] == pytest.approx(list(RSM["ChemReact_SO"]["stationary_actual"].values()))
    assert r["nature"] == "maximum"


def test_montgomerys_central_composite_example():
    d = table("textbook/ccd_yield")
    r = run("doe.fit_rsm(response=d.y, factors=[d.x1, d.x2])", d=d)
    book = BOOK["ccd_yield"]
    assert r["stationary"] == pytest.approx(list(book["xs"].values()), rel=1e-6)
    assert r["predicted"] == pytest.approx(book["yhat_xs"])
    assert r["eigenvalues"] == pytest.approx(book["eig"])
    assert r["nature"] == "maximum"
    assert r["inside"] is True


def test_helicopter_is_a_saddle_point():
    statement, file = SETS["heli_SO"]
    r = run(statement, d=table(file))
    assert (r["nature"], r["inside"]) == ("saddle point", True)
    assert r["largest_eigenvalue"] == pytest.approx(3.258222, abs=1e-6)


def test_codata_fit_and_eigenvalues():
    r = run("doe.fit_rsm(y ~ SO(x1, x2), data=d)", d=table("rsm/codata"))
    wanted = RSM["codata_SO"]
    assert r["coefficients"] == pytest.approx(list(wanted["coef"].values()))
    assert r["eigenvalues"] == pytest.approx(wanted["eigenvalues"])
    assert r["near_stationary"] == pytest.approx(list(wanted["stationary"].values()))


@pytest.mark.parametrize("point", range(5))
def test_the_ridge_path_of_the_helicopter_is_rs(point):
    r = run(
        "doe.steepest_ascent(ave ~ factor(block) + quadratic(x1, x2, x3, x4), data=d, steps=4)",
        d=table("rsm/heli"),
    )
    wanted = RSM["heli_ridge_steepest"]
    assert r["path"][point] == pytest.approx(
        [wanted[f"x{i}"][point] for i in range(1, 5)], abs=6e-4
    )
    assert r["predicted"][point] == pytest.approx(wanted["yhat"][point], abs=0.02)


def test_a_first_order_path_follows_the_coefficients():
    # Montgomery (2013), example 11.1: y = 40.44 + 0.775 x1 + 0.325 x2, 5 minutes give 2.1 degrees
    r = run(
        "doe.steepest_ascent(response=[39.3, 40.9, 40.0, 41.5, 40.3, 40.5, 40.7, 40.2, 40.6], "
        "factors=[[30, 40, 30, 40, 35, 35, 35, 35, 35], [150, 150, 160, 160, 155, 155, 155, 155, 155]], "
        "order=first)"
    )
    assert r["coefficients"] == pytest.approx([0.775, 0.325])
    assert r["predicted"][0] == pytest.approx(40.44, abs=0.005)
    minutes, degrees = np.array(r["path"][1]) - np.array(r["path"][0])
    assert 5 * degrees / minutes == pytest.approx(2.1, abs=0.01)


def test_descent_goes_the_other_way():
    d = table("textbook/ccd_yield")
    up, down = (
        run(
            f"doe.steepest_ascent(response=d.y, factors=[d.x1, d.x2], order=first, direction={way})",
            d=d,
        )
        for way in ("ascent", "descent")
    )
    assert up["path"][2] == pytest.approx([-v for v in down["path"][2]])


def test_low_and_high_set_the_coding():
    d = table("rsm/ChemReact")
    a = run("doe.fit_rsm(response=d.Yield, factors=[d.Time, d.Temp], block=d.Block)", d=d)
    b = run(
        "doe.fit_rsm(response=d.Yield, factors=[d.Time, d.Temp], block=d.Block, "
        "low=[75, 165], high=[95, 185])",
        d=d,
    )
    assert b["stationary"] == pytest.approx(a["stationary"])
    assert b["eigenvalues"] == pytest.approx([4 * v for v in a["eigenvalues"]])


def test_a_response_surface_without_factors_is_asked_back():
    with pytest.raises(NeedsClarification):
        run("doe.fit_rsm(response=[1, 2, 3])")
    with pytest.raises(InputError, match="second order"):
        run("doe.fit_rsm(y ~ x1^3, data=d)", d=table("rsm/codata"))


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.integers(-20, 20), min_size=6, max_size=6).filter(lambda b: any(b[1:])),
    st.integers(1, 9),
    st.integers(-50, 50),
)
def test_a_surface_without_noise_is_found_again_in_any_units(b, half, center):
    coded = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    natural = [(center + half * x, center - half * y) for x, y in coded]
    y = [b[0] + b[1] * u + b[2] * v + b[3] * u * v + b[4] * u * u + b[5] * v * v for u, v in coded]
    columns = list(zip(*natural, strict=True))
    d = Table((
        Sample.of(y, "y"), Sample.of(columns[0], "u"), Sample.of([-v for v in columns[1]], "v"),
    ))  # fmt: skip
    r = run("doe.fit_rsm(response=d.y, factors=[d.u, d.v])", d=d)
    fitted = dict(zip(r["coefficient_names"], r["coefficients"], strict=True))
    wanted = dict(zip(["intercept", "u", "v", "u:v", "u^2", "v^2"], b, strict=True))
    assert fitted == pytest.approx(wanted, abs=1e-6)
    assert np.isfinite(r["ss_error"])
