from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

from havoc.dsl.executor import run_text
from havoc.errors import InputError
from havoc.tools.figures import DRAWERS, save_figures
from havoc.tools.operation import operations

TOOLS = Path(__file__).parents[2] / "havoc" / "tools"
# operations whose examples show every kind of figure, the quick ones of each family
SHOWN = (
    "doe.effects", "doe.evaluate", "doe.factorial_power", "doe.fit_rsm", "doe.steepest_ascent",
    "quality.capability", "quality.double_sampling", "quality.gage_linearity", "quality.gage_rr",
    "quality.gage_nested", "quality.kaplan_meier", "quality.weibull_fit", "spc.c", "spc.cusum",
    "stats.anova", "stats.beta_probability", "stats.binomial_probability", "stats.chi_square_fit",
    "stats.chi_square_independence", "stats.correlation", "stats.describe", "stats.dunnett",
    "stats.equal_variances", "stats.grubbs", "stats.nonlinear", "stats.normality",
    "stats.polynomial", "stats.outliers",
)  # fmt: skip


def kinds_in_code() -> set[str]:
    """The first argument of every ``Figure(...)`` in the operations."""
    found = set()
    for path in TOOLS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "Figure"
                and node.args
            ):
                kind = node.args[0]
                if isinstance(kind, ast.Constant):
                    found.add(kind.value)
    return found


@cache
def results(name: str) -> list[dict]:
    return [
        result
        for example in operations()[name].examples
        for result in run_text(example).to_json()["results"]
    ]


def test_every_kind_of_figure_that_an_operation_makes_has_a_drawer():
    assert kinds_in_code() <= set(DRAWERS)


@pytest.mark.parametrize("name", SHOWN)
def test_figures_are_drawn_from_their_data_alone_and_always_the_same(name, tmp_path):
    made = [r for r in results(name) if r["figures"]]
    assert made
    for number, result in enumerate(made):
        first = save_figures([result], tmp_path / f"a{number}")
        again = save_figures([result], tmp_path / f"b{number}")
        for path, other in zip(first, again, strict=True):
            drawn = path.read_text(encoding="utf-8")
            assert drawn == other.read_text(encoding="utf-8")
            assert ElementTree.fromstring(drawn).tag.endswith("svg")
            assert "no curve in these data" not in drawn


def test_the_operations_shown_cover_every_kind_that_is_drawn():
    drawn = {f["kind"] for name in SHOWN for r in results(name) for f in r["figures"]}
    assert kinds_in_code() - drawn == set()


def test_a_control_chart_marks_its_signals():
    from matplotlib.figure import Figure

    chart = next(f for r in results("spc.c") for f in r["figures"])["data"]
    axes = Figure().add_subplot()
    DRAWERS["control_chart"](axes, chart)
    marked = next(line for line in axes.lines if line.get_label() == "signal")
    assert list(marked.get_xdata()) == [6, 20]


def test_a_folder_that_cannot_be_written_is_bad_input(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        save_figures(results("stats.describe"), tmp_path / "file")
