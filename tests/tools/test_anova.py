"""Analysis of variance and comparisons against NIST StRD, R and Montgomery."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linear_data import correct_digits, oracle, simon_lesage, table
from scipy import stats
from statements import run

from havoc.dsl.executor import run_text
from havoc.errors import InputError, NeedsClarification
from havoc.tools.values import Labels, Sample, Table

CERTIFIED = oracle("nist/anova_certified")
BOOK = oracle("textbook/textbook_oracle")
TENSILE = (
    "[[23.1, 24.0, 22.8, 23.5, 24.2], [25.6, 26.1, 25.0, 24.9, 25.8], "
    "[22.0, 21.6, 22.7, 22.3, 21.9], [24.4, 24.9, 23.8, 24.1, 25.0]]"
)


@pytest.mark.parametrize("name", list(CERTIFIED))
def test_nist_one_way_sets_are_right_to_thirteen_digits(name):
    rows = simon_lesage(int(name[4:])) if name.startswith("SmLs") else table(f"nist/{name}")
    r = run("stats.anova(y ~ group, data=d)", d=rows)
    for key in ("ss_between", "ss_within", "F", "r2", "ms_between", "ms_within"):
        assert correct_digits(r[key], CERTIFIED[name][key]) >= 13
    assert correct_digits(r["s"], CERTIFIED[name]["resid_sd"]) >= 13


@pytest.mark.parametrize(
    ("file", "formula", "key"),
    [
        ("battery_life", "life ~ mat*temp", "battery_life"),
        ("penicillin.data", "yield ~ blend + treat", "penicillin"),
        ("poison.data", "y ~ poison*treat", "poison"),
        ("warpbreaks", "breaks ~ wool*tension", "warpbreaks"),
        ("PlantGrowth", "weight ~ group", "PlantGrowth"),
        ("etch_oneway", "rate ~ power", "etch_oneway"),
        ("plasma_2_3", "y ~ A*B*C", "plasma"),
    ],
)
@pytest.mark.parametrize("kind", ["I", "II", "III"])
def test_balanced_data_give_the_published_table_whatever_the_type(file, formula, key, kind):
    r = run(f'stats.anova({formula}, data=d, type="{kind}")', d=table(f"textbook/{file}"))
    book = BOOK[key]["anova"]
    got = r.result.table("analysis of variance")
    order = [
        got.column("source").index(t.replace("factor(", "").replace(")", ""))
        for t in book["terms"][:-1]
    ]
    for column, name in (("ss", "ss"), ("F", "F"), ("p_value", "p"), ("df", "df")):
        assert [got.column(column)[i] for i in order] == pytest.approx(book[name][:-1], rel=1e-8)
    assert r["ss_error"] == pytest.approx(book["ss"][-1])
    assert r["df_error"] == book["df"][-1]


@pytest.mark.parametrize("kind", ["I", "II", "III"])
def test_unbalanced_two_way_agrees_with_statsmodels(kind):
    import statsmodels.api as sm
    import statsmodels.formula.api as smf

    rows = table("textbook/battery_life").take([i for i in range(36) if i not in (0, 5, 6, 20)])
    r = run(f'stats.anova(life ~ mat*temp, data=d, type="{kind}")', d=rows)
    frame = rows.frame()
    fit = smf.ols("life ~ C(mat, Sum)*C(temp, Sum)", frame).fit()
    other = sm.stats.anova_lm(fit, typ={"I": 1, "II": 2, "III": 3}[kind])
    wanted = [other.loc[t, "sum_sq"] for t in other.index if t not in ("Intercept", "Residual")]
    assert r["ss"] == pytest.approx(wanted)
    assert any("unbalanced" in w for w in r.result.warnings)


def test_four_annealing_temperatures():
    r = run(f"stats.anova(groups={TENSILE})")
    assert r["F"] == pytest.approx(39.109632446134434)
    assert r["p_value"] == pytest.approx(1.3570924061182215e-07)
    assert (r["df_between"], r["df_within"]) == (3, 16)
    assert r["ms_error"] == pytest.approx(0.263)
    pairs = run(f"stats.tukey(groups={TENSILE})")
    assert [pairs[k] for k in ("F", "p_value", "df_between")] == [
        r[k] for k in ("F", "p_value", "df_between")
    ]
    assert pairs["n_significant"] == 5
    p = dict(zip(pairs["pairs"], pairs["p_values"], strict=True))
    assert p["group4 - group1"] == pytest.approx(0.05240439189653445, rel=1e-6)


def test_tukey_agrees_with_r_on_etch_rates():
    r = run("stats.tukey(rate ~ power, data=d)", d=table("textbook/etch_oneway"))
    book = BOOK["etch_oneway"]["tukey"]["factor(power)"]
    got = {
        pair.replace(" ", ""): row
        for pair, *row in zip(
            *(r[k] for k in ("pairs", "differences", "ci_low", "ci_high", "p_values")), strict=True
        )
    }
    for i, pair in enumerate(book["pairs"]):
        wanted = [book[k][i] for k in ("diff", "lwr", "upr")]
        assert got[pair][:3] == pytest.approx(wanted, rel=1e-5)
        assert got[pair][3] == pytest.approx(book["p"][i], rel=1e-4, abs=1e-8)


def test_tukey_of_one_factor_uses_the_whole_models_error():
    r = run(
        "stats.tukey(breaks ~ wool + tension, data=d, factor=tension)",
        d=table("textbook/warpbreaks"),
    )
    book = BOOK["warpbreaks"]["tukey_tension"]["tension"]
    assert r["differences"] == pytest.approx(book["diff"])
    assert r["p_values"] == pytest.approx(book["p"], rel=1e-5)
    assert r["letters"] == ["a", "b", "b"]


def test_tukey_kramer_agrees_with_scipy_on_unequal_groups():
    groups = [
        [24.5, 23.5, 26.4, 27.1, 29.9],
        [28.4, 34.2, 29.5, 32.2],
        [26.1, 28.3, 24.3, 26.2, 27.8, 25],
    ]
    r = run(f"stats.tukey(groups={groups})")
    other = stats.tukey_hsd(*groups)
    wanted = [other.pvalue[i][j] for i, j in ((0, 1), (0, 2), (1, 2))]
    assert r["p_values"] == pytest.approx(wanted, rel=1e-6)


def test_covariates_stay_numeric():
    import statsmodels.api as sm
    import statsmodels.formula.api as smf

    rows = Table(
        (
            Sample("y", ("5.1", "6.2", "7.4", "6.0", "7.3", "8.1", "4.2", "5.9")),
            Labels("g", ("a", "a", "a", "b", "b", "b", "c", "c")),
            Sample("x", ("1", "2", "3", "1.5", "2.5", "3.5", "1", "2")),
        )
    )
    r = run("stats.anova(y ~ g + x, data=d, covariates=[x])", d=rows)
    fit = smf.ols("y ~ C(g) + x", rows.frame()).fit()
    other = sm.stats.anova_lm(fit, typ=2)
    assert r["df"] == [2, 1]
    assert r["ss"] == pytest.approx([other.loc["C(g)", "sum_sq"], other.loc["x", "sum_sq"]])


def test_value_and_two_group_columns_are_crossed():
    d = table("textbook/battery_life")
    r = run("stats.anova(value=d.life, by=[d.mat, d.temp])", d=d)
    assert r["terms"] == ["mat", "temp", "mat:temp"]


def test_unrepeated_cells_are_analysed_without_interaction():
    r = run(
        "stats.anova(value=d.yield, by=[d.blend, d.treat])", d=table("textbook/penicillin.data")
    )
    assert r["terms"] == ["blend", "treat"]
    assert r["ss_error"] == pytest.approx(226)


def test_a_missing_value_is_left_out_and_counted():
    rows = Table((Sample("a", ("1", "2", None, "4")), Sample("b", ("5", "6", "7", None))))
    r = run("stats.anova(groups=d)", d=rows)
    assert r["counts"] == [3, 3]
    assert any("1 missing value(s)" in w for w in r.result.warnings)


def test_what_is_no_comparison_is_refused():
    with pytest.raises(NeedsClarification):
        run("stats.anova(groups=[[1, 2, 3]])")
    with pytest.raises(InputError, match="only one level"):
        run('stats.anova(value=[1, 2, 3], by=["a", "a", "a"])')
    long = tuple(map(str, range(40)))
    many = Table((Sample("y", long), Sample("x", long)))
    with pytest.raises(InputError, match="measured quantity"):
        run("stats.anova(y ~ x, data=d)", d=many)
    with pytest.raises(InputError, match="no spread or no repeats"):
        run("stats.tukey(groups=[[1, 1], [2, 2]])")


values = st.lists(st.integers(-500, 500).map(lambda i: i / 10), min_size=2, max_size=6)


@settings(max_examples=25, deadline=None)
@given(st.lists(values, min_size=2, max_size=4))
def test_one_way_f_is_scipys_and_sums_of_squares_add_up(groups):
    r = run(f"stats.anova(groups={groups})")
    assert r["ss_between"] + r["ss_within"] == pytest.approx(r["ss_total"])
    if r.result.values.get("F") is not None and r["ss_within"] > 1e-6:
        assert r["F"] == pytest.approx(stats.f_oneway(*groups).statistic, rel=1e-6, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda p: p[0] < p[1])))
def test_groups_share_a_letter_exactly_if_they_do_not_differ(different):
    from havoc.tools.stats.comparisons import compact_letters

    letters = compact_letters("abcde", [5.0, 4.0, 3.0, 2.0, 1.0], {frozenset(p) for p in different})
    for i in range(5):
        for j in range(i + 1, 5):
            assert bool(set(letters[i]) & set(letters[j])) == ((i, j) not in different)


def test_a_long_table_has_the_sums_of_squares_of_rational_arithmetic():
    # 6,000 rows: whole numbers of 64 bits and one residual a distinct row, against plain fractions.
    values = [f"{(7919 * i) % 10007 / 1000:.3f}" for i in range(6000)]
    groups = ["abc"[(i * i + i // 7) % 3] for i in range(6000)]
    d = Table((Sample("y", tuple(values)), Labels("g", tuple(groups))))
    r = run("stats.anova(y ~ g, data=d)", d=d)
    by = {g: [Fraction(v) for v, h in zip(values, groups, strict=True) if h == g] for g in "abc"}
    means = {g: sum(v) / len(v) for g, v in by.items()}
    within = sum((x - means[g]) ** 2 for g, v in by.items() for x in v)
    grand = sum(map(Fraction, values)) / len(values)
    between = sum(len(v) * (means[g] - grand) ** 2 for g, v in by.items())
    assert r["ss_within"] == float(within)
    assert r["ss_between"] == float(between)
    residual = r.result.data.sample("residual").values
    assert residual[5] == float(Fraction(values[5]) - means[groups[5]])


def test_whole_numbers_beyond_64_bits_keep_every_digit():
    rows = [["100000000000000000001.5", "100000000000000000003.5"],
            ["100000000000000000002.5", "100000000000000000006.5"]]  # fmt: skip
    r = run(f"stats.anova(groups=[[{', '.join(rows[0])}], [{', '.join(rows[1])}]])")
    assert r["ss_within"] == 2 + 8
    assert r["ss_between"] == 4


def test_covariates_alone_are_one_cell() -> None:
    """An analysis of variance without a factor tells of its covariates, whatever their number."""
    result = run_text(
        "t = table(y=[8.1, 8.4, 7.9, 8.2, 8.0, 8.3], x=[8.6, 8.8, 8.5, 8.3, 8.9, 8.4])\n"
        "r = stats.anova(formula=y ~ x + I(x^2), data=t)"
    )
    assert len(result.steps[-1].result.values["F"]) == 2
