"""Desirability of several responses, and the recognition of a filled design."""

from __future__ import annotations

import numpy as np
import pytest
from linear_data import oracle, table
from statements import run

from havoc.errors import InputError, NeedsClarification
from havoc.tools.values import Labels, Sample, Table

GRID = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)]


def grid_table(*responses) -> Table:
    columns = [Sample.of([p[i] for p in GRID], name) for i, name in enumerate("ab")]
    return Table(
        (
            *columns,
            *(Sample.of([float(f(*p)) for p in GRID], f"y{i}") for i, f in enumerate(responses, 1)),
        )
    )


def test_two_responses_that_pull_apart_meet_in_the_middle():
    # y1 rises with a, y2 as well: D = sqrt((1 + a)/2 (1 - a)/2) is largest at a = 0
    d = grid_table(lambda a, b: 10 + a - b * b, lambda a, b: 5 + a + b * b)
    r = run("doe.desirability(factors=[d.a, d.b], maximize=[d.y1], minimize=[d.y2])", d=d)
    assert r["settings"] == pytest.approx([0, 0], abs=1e-3)
    assert r["predicted"] == pytest.approx([10, 5], abs=1e-3)
    assert r["overall"] == pytest.approx(np.sqrt((10 - 8) / 3 * (7 - 5) / 3), abs=1e-5)


def test_a_target_is_met_exactly_where_it_can_be():
    d = grid_table(lambda a, b: 10 + 2 * a, lambda a, b: 5 + b)
    r = run(
        "doe.desirability(factors=[d.a, d.b], maximize=[d.y2], on_target=[d.y1], "
        "low=[4, 8], high=[6, 12], target=[11])",
        d=d,
    )
    assert r["predicted"] == pytest.approx([6, 11], abs=1e-4)
    assert r["overall"] == pytest.approx(1, abs=1e-4)


def test_goals_that_cannot_be_met_together_are_said():
    d = grid_table(lambda a, b: 10 + a, lambda a, b: 5 + a)
    r = run(
        "doe.desirability(factors=[d.a, d.b], maximize=[d.y1], minimize=[d.y2], low=[10.5, 4], high=[11, 4.5])",
        d=d,
    )
    assert r["overall"] == 0
    assert any("conflict" in w for w in r.result.warnings)


def test_missing_goals_and_targets_are_asked_for():
    d = grid_table(lambda a, b: 10 + a)
    with pytest.raises(NeedsClarification, match="maximised"):
        run("doe.desirability(factors=[d.a, d.b])", d=d)
    with pytest.raises(NeedsClarification, match="target"):
        run("doe.desirability(factors=[d.a, d.b], on_target=[d.y1])", d=d)
    with pytest.raises(InputError, match="one value a response"):
        run("doe.desirability(factors=[d.a, d.b], maximize=[d.y1], low=[1, 2])", d=d)


@pytest.mark.parametrize(
    ("file", "response", "applied"),
    [
        ("textbook/filtration_2_4", "y", "doe.effects"),
        ("textbook/ccd_yield", "y", "doe.fit_rsm"),
        ("rsm/ChemReact", "Yield", "doe.fit_rsm"),
        ("textbook/warpbreaks", "breaks", "stats.anova"),
    ],
)
def test_the_kind_of_experiment_is_read_from_its_settings(file, response, applied):
    d = table(file)
    assert run(f"doe.analyse(data=d, response=d.{response})", d=d)["analysis"] == applied


def test_run_order_is_no_factor_and_block_is_a_block():
    d = table("rsm/ChemReact")
    order = Sample.of(list(range(1, 15)), "RunOrder")
    d = Table((order, *d.columns))
    r = run("doe.analyse(data=d, response=d.Yield)", d=d)
    wanted = oracle("rsm/rsm_oracle")["ChemReact_SO"]["stationary_actual"]
    assert r["stationary"] == pytest.approx(list(wanted.values()))


def test_a_table_without_factors_is_asked_back():
    d = Table((Sample.of([1, 2, 3], "y"), Labels("lot", ("a", "a", "a"))))
    with pytest.raises(NeedsClarification):
        run("doe.analyse(data=d, response=d.y)", d=d)


@pytest.mark.parametrize("name", ["type", "PtType", "point type"])
def test_the_kind_of_point_is_no_factor(name):
    kinds = ("factorial",) * 4 + ("center",) * 3
    columns = (
        Sample.of([-1, 1, -1, 1, 0, 0, 0], "a"),
        Sample.of([-1, -1, 1, 1, 0, 0, 0], "b"),
        Sample.of([10.1, 12.3, 11.2, 15.9, 12.4, 12.2, 12.6], "y"),
    )
    bare, told = (
        run("doe.analyse(data=d, response=d.y)", d=Table(c))
        for c in (columns, (Labels(name, kinds), *columns))
    )
    assert told.result.values == bare.result.values


def test_a_factor_may_be_called_type():
    d = Table(
        (
            Labels("type", ("old", "old", "new alloy", "new alloy", "cast", "cast")),
            Sample.of([3.1, 3.3, 4.0, 4.2, 5.1, 5.0], "y"),
        )
    )
    r = run("doe.analyse(data=d, response=d.y)", d=d)
    assert r["analysis"] == "stats.anova"
    assert r["terms"] == ["type"]


def test_of_equally_desirable_settings_the_furthest_is_taken():
    # With a ramp that ends at 7.5 every a above -0.5 is fully desirable at b = 0; the largest response
    # is at a = 1.
    d = grid_table(lambda a, b: 8 + a - b * b)
    r = run("doe.desirability(factors=[d.a, d.b], maximize=[d.y1], low=[5], high=[7.5])", d=d)
    assert r["overall"] == pytest.approx(1)
    assert r["settings"] == pytest.approx([1, 0], abs=1e-3)


@pytest.mark.parametrize("seed", range(12))
def test_no_point_of_a_fine_grid_is_better_or_as_good_and_further(seed):
    # Two linear responses of random slopes, ramps that end inside of what can be reached.
    rng = np.random.default_rng(seed)
    slopes = np.round(rng.uniform(-2, 2, (2, 2)), 1)
    highs = [
        20 + round(float(f) * np.abs(s).sum(), 2)
        for f, s in zip(rng.uniform(0.1, 0.9, 2), slopes, strict=True)
    ]
    d = grid_table(*(lambda a, b, s=s: 20 + s[0] * a + s[1] * b for s in slopes))
    r = run(
        "doe.desirability(factors=[d.a, d.b], maximize=[d.y1, d.y2], order=first, "
        f"low=[10, 10], high=[{highs[0]}, {highs[1]}])",
        d=d,
    )
    a, b = (v.ravel() for v in np.meshgrid(np.linspace(-1, 1, 201), np.linspace(-1, 1, 201)))

    def judged(p, q):
        y = [20 + s[0] * p + s[1] * q for s in slopes]
        ramps = [(v - 10) / (h - 10) for v, h in zip(y, highs, strict=True)]
        overall = np.sqrt(np.prod([np.clip(v, 0, 1) for v in ramps], axis=0))
        return overall, sum(np.maximum(v - 1, 0) for v in ramps)

    overall, further = judged(a, b)
    assert r["overall"] >= overall.max() - 1e-7
    if overall.max() >= r["overall"] - 1e-9:
        assert judged(*r["settings"])[1] >= further[overall >= r["overall"] - 1e-9].max() - 1e-3


def test_a_search_that_ends_on_the_end_of_a_ramp_goes_on():
    # The start handed over lies on the end of the ramp exactly, where the excess is still 0.
    from havoc.tools.doe import desirability as module

    d = grid_table(lambda a, b: 8 + a)
    goal = module._goals(
        {"factors": (d.sample("a"), d.sample("b")), "maximize": (d.sample("y1"),), "minimize": None,
         "on_target": None, "target": None, "low": (5.0,), "high": (8.5,), "order": "first"}
    )  # fmt: skip
    end = module._beyond(goal, np.array([0.5, 0.0]), [(-1.0, 1.0), (-1.0, 1.0)])
    assert end[0] == pytest.approx(1, abs=1e-6)
