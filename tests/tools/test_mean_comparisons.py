"""Welch, Games-Howell, Dunnett and split-plot analyses against R, scipy and published tables."""

from __future__ import annotations

import numpy as np
import pytest
from linear_data import oracle, table
from scipy import stats
from statements import run

from havoc.errors import InputError, NeedsClarification
from havoc.tools.stats.range_integrals import dunnett_upper, solve_upper

BOOK = oracle("textbook/textbook_oracle")
GROUPS = [[7.4, 8.5, 7.2, 8.2, 8.9], [9.8, 8.8, 8.4, 9.3], [12.8, 9.7, 8.7, 9.2, 10.1, 11]]


def test_welch_of_the_etch_rates_is_rs():
    r = run("stats.welch_anova(rate ~ power, data=d)", d=table("textbook/etch_oneway"))
    assert r["F"] == pytest.approx(BOOK["etch_oneway"]["welchF"])


def test_welch_of_two_groups_is_the_squared_welch_t():
    a, b = GROUPS[:2]
    r = run(f"stats.welch_anova(groups={[a, b]})")
    t = stats.ttest_ind(a, b, equal_var=False)
    assert [r["F"], r["df2"], r["p_value"]] == pytest.approx([t.statistic**2, t.df, t.pvalue])


def test_games_howell_agrees_with_scipys_unequal_tukey():
    r = run(f"stats.games_howell(groups={GROUPS})")
    other = stats.tukey_hsd(*GROUPS, equal_var=False)
    wanted = [other.pvalue[i][j] for i, j in ((0, 1), (0, 2), (1, 2))]
    assert r["p_values"] == pytest.approx(wanted, rel=1e-6)


def test_dunnett_agrees_with_scipy_to_its_simulation_error():
    r = run(f"stats.dunnett(groups={GROUPS})")
    other = stats.dunnett(*map(np.array, GROUPS[1:]), control=np.array(GROUPS[0]), rng=1)
    assert r["p_values"] == pytest.approx(list(other.pvalue), abs=1e-3)
    one = run(f"stats.dunnett(groups={GROUPS}, alternative=greater)")
    other = stats.dunnett(
        *map(np.array, GROUPS[1:]), control=np.array(GROUPS[0]), alternative="greater", rng=1
    )
    assert one["p_values"] == pytest.approx(list(other.pvalue), abs=1e-3)


@pytest.mark.parametrize(
    ("k", "df", "critical"),
    # Dunnett (1964), New tables for multiple comparisons with a control, two-sided 5%
    [(2, 10, 2.57), (3, 10, 2.76), (4, 16, 2.71), (5, 20, 2.73), (2, 60, 2.27), (9, 30, 2.86)],
)
def test_dunnetts_published_critical_values(k, df, critical):
    weights = [np.sqrt(0.5)] * k
    found = solve_upper(lambda t: dunnett_upper(t, weights, df), 0.05, 2.5)
    assert found == pytest.approx(critical, abs=0.006)


def test_the_control_may_be_named():
    r = run(
        'stats.dunnett(value=[5, 6, 7, 9, 8, 7], by=["n", "n", "old", "old", "a", "a"], control="OLD")'
    )
    assert (r["control"], r["pairs"]) == ("old", ["n - old", "a - old"])
    with pytest.raises(InputError, match="no group 'ol'"):
        run('stats.dunnett(value=[5, 6, 7, 9], by=["n", "n", "old", "old"], control="ol")')


def test_groups_without_spread_are_refused():
    with pytest.raises(InputError, match="all equal"):
        run("stats.welch_anova(groups=[[1, 1, 1], [2, 3, 4]])")
    with pytest.raises(InputError, match="at least two each"):
        run("stats.games_howell(groups=[[1], [2, 3, 4]])")


def test_oats_by_strata():
    r = run(
        "doe.anova_split_plot(response=d.Y, whole=[d.V], sub=[d.N], block=d.B)",
        d=table("textbook/oats"),
    )
    strata = BOOK["oats"]["strata"]
    assert r["terms"] == ["V", "N", "V:N"]
    assert r["F"] == pytest.approx(
        [strata["Error: B:V"]["F"][0], *strata["Error: Within"]["F"][:2]]
    )
    assert r["p_values"] == pytest.approx(
        [strata["Error: B:V"]["p"][0], *strata["Error: Within"]["p"][:2]]
    )
    assert r["ms_whole_plot_error"] == pytest.approx(601.33056)
    assert r["ss_blocks"] == pytest.approx(strata["Error: B"]["ss"])


def test_npk_confounds_the_triple_interaction_with_its_blocks():
    r = run(
        "doe.anova_split_plot(response=d.yield, sub=[d.N, d.P, d.K], whole_plot=d.block)",
        d=table("textbook/npk"),
    )
    within = BOOK["npk"]["within"]
    assert r["ss"] == pytest.approx(within["ss"][:-1])
    assert r["F"] == pytest.approx(within["F"][:-1])
    assert any("N:P:K" in w for w in r.result.warnings)


def test_a_split_plot_without_blocks_is_asked_back_and_an_unbalanced_one_refused():
    with pytest.raises(NeedsClarification):
        run("doe.anova_split_plot(response=[1, 2, 3, 4], sub=[[1, 2, 1, 2]])")
    d = table("textbook/oats")
    with pytest.raises(InputError, match="not balanced"):
        run(
            "doe.anova_split_plot(response=d.Y, whole=[d.V], sub=[d.N], block=d.B)",
            d=d.take(range(71)),
        )
