"""What an answer looks like: its parts, their order, and the places its numbers link to."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache

import pytest
from srs.answering import answered

from havoc.srs.guidance import NEXT, READ, VERDICT
from havoc.srs.places import letters, links, place, position, stripped, value_at
from havoc.srs.state import State
from havoc.srs.tracing import agrees
from havoc.srs.writing import SECTIONS
from havoc.tools.operation import operations

OPERATIONS = sorted(operations())
FILL = "r1 = stats.t_test_one(x=[502, 498, 505, 499, 503, 507, 501, 504, 500, 506], target=500)"


@cache
def of_example(name: str) -> State:
    return answered(operations()[name].examples[0])


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_answered_in_the_agreed_form(name: str) -> None:
    state = of_example(name)
    assert state.status == "answered"
    assert all(c.passed for c in state.checks), [c for c in state.checks if not c.passed]
    first = state.answer.split("\n\n")[0]
    assert not first.startswith(("#", "|", "-", "[["))
    assert not re.search(r"\{[a-z]\w*(\[\d+\])?\}", first)
    titles = re.findall(r"^### (.+)$", state.answer, re.MULTILINE)
    known = [t for t in titles if t in SECTIONS]
    assert known == sorted(known, key=SECTIONS.index)
    assert {"Program", "Sources"} <= set(titles)
    if not name.startswith(("table.", "maths.")):
        assert {"How to read it", "What to do next"} <= set(titles)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_link_leads_to_the_number_it_shows(name: str) -> None:
    state = of_example(name)
    assert state.chosen is not None
    assert state.chosen.execution is not None
    steps = {s.name: s for s in state.chosen.execution.steps}
    found = list(links(state.answer))
    for link in found:
        there, value = value_at(steps, link)
        assert there, link
        assert agrees(link.shown, [value]), link
    numeric = any(
        isinstance(v, int | float) and not isinstance(v, bool)
        for s in steps.values()
        for v in s.result.values.values()
    )
    assert found or not numeric


def test_the_first_paragraph_gives_conclusion_number_and_uncertainty() -> None:
    text = stripped(answered(FILL).answer).split("\n\n")[0]
    assert text.startswith("The mean 502.5 ")
    assert "p = 0.02" in text
    assert "With 95% confidence the mean lies between 500.3 and 504.7." in text


def test_the_level_of_an_interval_is_the_one_asked_for() -> None:
    text = answered(FILL.replace("target=500", "target=500, alpha=0.01")).answer
    assert "With 99% confidence" in text


def test_the_terms_of_a_fitted_model_keep_their_signs_and_names() -> None:
    state = answered(
        "r = stats.regression(y=[3.1, 0.4, 6.2, 1.1, 4.6, 0.2, 7.9, 2.0],"
        " x=[[1, 2, 3, 4, 5, 6, 7, 8], [2, 5, 1, 7, 4, 9, 2, 8], [5, 3, 8, 1, 9, 2, 7, 4]])"
    )
    first = stripped(state.answer.split("\n\n")[0])
    assert re.search(r"·x1 - [\d.]+·x2", first), first
    assert all(c.passed for c in state.checks), [c for c in state.checks if not c.passed]


def test_figures_stand_on_lines_of_their_own() -> None:
    lines = answered(FILL).answer.split("\n")
    assert "[[figure:r1.1]]" in lines


def test_the_level_of_detail_changes_how_much_is_said_and_nothing_else() -> None:
    brief, normal, full = (answered(FILL, detail=d).answer for d in ("brief", "normal", "full"))
    first = normal.split("\n\n")[0]
    assert brief.startswith(first)
    assert full.startswith(first)
    assert "### " not in brief
    assert len(brief) < len(normal) < len(full)
    assert "### Audit" in full
    assert "### Audit" not in normal


def test_a_long_table_is_cut_and_says_so_unless_it_is_the_design_itself() -> None:
    points = ", ".join(str(20 + i % 5) for i in range(30))
    chart = answered(f"r1 = spc.c([{points}])").answer
    assert "The first 12 of 30 rows; the result holds all of them." in chart
    design = answered("r1 = doe.full_factorial(n_factors=4, replicates=2)").answer
    assert "The first" not in design
    assert design.count("\n| [") >= 32


def test_the_answer_of_a_process_says_first_whether_it_is_in_control() -> None:
    calm = answered("r1 = spc.i_mr([5, 6, 5, 7, 6, 5, 6, 7, 5, 6, 5, 6])").answer
    wild = answered("r1 = spc.i_mr([5, 6, 5, 7, 6, 5, 6, 7, 5, 6, 25, 6])").answer
    assert calm.startswith("The process looks in control.")
    assert wild.startswith("The process is not in control.")


def test_capability_from_few_readings_is_not_called_certain() -> None:
    program = (
        "r1 = quality.capability([25.1, 24.9, 25.3, 25.4, 25.2, 25.1, 24.8, 25.0], spec=23..27)"
    )
    assert "more readings are needed to be sure" in answered(program).answer.split("\n\n")[0]


def test_every_rule_of_the_guidance_is_for_operations_that_are_there() -> None:
    for rule in (*READ, *NEXT, *VERDICT):
        for pattern in rule.operations.split():
            assert any(fnmatchcase(o, pattern) for o in OPERATIONS), pattern


@pytest.mark.parametrize(
    ("n", "text"), [(0, "a"), (25, "z"), (26, "aa"), (701, "zz"), (702, "aaa")]
)
def test_positions_are_written_as_spreadsheet_columns_are(n: int, text: str) -> None:
    assert letters(n) == text
    assert position(text) == n


def test_a_link_adds_no_number_but_the_result_name() -> None:
    assert re.findall(r"\d+", place("r2", "expected", 1, 30)) == ["2"]


def test_a_summary_that_is_cut_short_passes_its_audit() -> None:
    values = ", ".join(str(100.25 + 3.5 * (7 * k % 31)) for k in range(31))
    state = answered(f"r1 = stats.describe(x=[{values}])")
    assert "further quantities" in state.answer
    assert [c for c in state.checks if not c.passed] == []


def test_the_length_of_a_list_that_is_cut_short_is_known_to_the_audit() -> None:
    cells = ", ".join(f'"w{i % 40}"' for i in range(80))
    state = answered(f"t = table(g=[{cells}])\nr = table.encode(t, columns=[g])")
    assert "(40 in all)" in state.answer
    assert all(c.passed for c in state.checks), [c for c in state.checks if not c.passed]
