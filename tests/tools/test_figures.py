"""Figures: every kind that an operation makes can be drawn, the same data give the same image."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

import havoc.tools
from havoc.dsl.executor import run_text
from havoc.errors import InputError
from havoc.tools.figures import draw, kinds
from havoc.tools.operation import get, operations
from havoc.tools.result import Figure

CHART = Figure(
    "control_chart",
    "Thickness",
    {
        "point": [1, 2, 3, 4, 5],
        "value": [10.0, 10.2, None, 14.0, 9.9],
        "center": [10.1] * 5,
        "ucl": [11.0, 11.0, 11.0, 12.0, 12.0],
        "lcl": [None, None, None, 9.0, 9.0],
        "violations": [{"point": 4, "rule": "beyond limits"}, {"point": 4, "rule": "rule 5"}],
        "phase": ["before", "before", "before", "after", "after"],
        "excluded": [2],
        "y_label": "thickness",
    },
)


def test_every_kind_of_figure_an_operation_makes_has_a_drawing():
    root = Path(havoc.tools.__file__).parent
    made = {
        kind
        for path in root.rglob("*.py")
        for kind in re.findall(r'\bFigure\(\s*"(\w+)"', path.read_text())
    }
    assert made
    assert made <= set(kinds())


def test_an_svg_is_well_formed_and_a_png_is_a_png():
    svg = draw(CHART)
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert draw(CHART, "png").startswith(b"\x89PNG")


def test_the_same_figure_gives_the_same_bytes():
    assert draw(CHART) == draw(CHART)


def test_each_violating_point_is_named():
    without = Figure("control_chart", "Thickness", {**CHART.data, "violations": []})
    assert len(draw(CHART)) > len(draw(without)) + 500


def test_an_unknown_kind_and_missing_data_are_refused():
    with pytest.raises(
        InputError, match=r"no figure of kind 'histogramm'; did you mean 'histogram'"
    ):
        draw(Figure("histogramm", "x", {}))
    with pytest.raises(InputError, match=r"the figure 'x' lacks 'edges'"):
        draw(Figure("histogram", "x", {"counts": [1]}))


@pytest.mark.parametrize(
    "name",
    [
        "doe.effects",
        "doe.fit_rsm",
        "quality.capability",
        "quality.gage_rr",
        "quality.kaplan_meier",
        "quality.oc_curve",
        "quality.weibull_fit",
        "spc.cusum",
        "spc.i_mr",
        "spc.xbar_r",
        "stats.anova",
        "stats.chi_square_independence",
        "stats.normality",
        "stats.outliers",
        "stats.power_t_two",
        "stats.regression",
        "stats.tukey",
    ],
)
def test_the_figures_of_an_operation_are_drawn(name):
    drawn = 0
    for step in run_text(get(name).examples[0]).steps:
        for figure in step.result.figures:
            assert draw(figure, "png").startswith(b"\x89PNG")
            drawn += 1
    assert drawn


def test_the_power_of_no_effect_is_the_significance_level():
    step = run_text("r = doe.factorial_power(n_factors=3, effect=1.5, sd=1, power=0.9)").steps[0]
    curve = step.result.figures[0].data
    assert (curve["x"][0], curve["y"][0]) == (0.0, 0.05)
    assert curve["y"] == sorted(curve["y"])


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(operations()))
def test_every_figure_of_every_example_is_drawn(name):
    for example in get(name).examples:
        for step in run_text(example).steps:
            for figure in step.result.figures:
                assert draw(figure).startswith(b"<?xml")
