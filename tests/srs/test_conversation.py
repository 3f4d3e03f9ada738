"""Conversation: what is said after an answer changes its program, asks for another view, or uses its data."""

from __future__ import annotations

from typing import Any

import pytest

from havoc.dsl.executor import run_text
from havoc.dsl.grounding.slots import Grounded
from havoc.errors import InputError, NeedsClarification
from havoc.inference.planner import Candidate, Plan
from havoc.srs.conversation import Turn, earlier_tables, last_program, turns_of
from havoc.srs.followup import read_edit
from havoc.srs.pipeline import answer
from havoc.srs.state import Request, Stack
from havoc.tools.values import Labels, Sample, Table

FILL = "r1 = stats.t_test_one(x=[502, 498, 505, 499, 503, 507, 501, 504], target=500)\n"
CHART = "r1 = spc.i_mr(x=[5, 6, 5, 7, 6, 5, 6, 7, 5, 6, 25, 6])\n"
PAIRS = (
    "data = table(before=[86, 92, 75, 81, 90], after=[82, 89, 74, 76, 88])\n"
    "r1 = stats.t_test_paired(x=data.before, y=data.after)\n"
)
SIZE = "r1 = stats.sample_size_t_two(difference=2, sd=3, power=90%)\n"
DESIGN = "r1 = doe.central_composite(temperature=150..180 degC, time=20..40 min, centers=5)\n"
ETCH = 'etch = data("etch.csv")\nr1 = stats.anova(rate ~ power, data=etch)\n'
RATE = Sample("rate", ("1", "2", "3", "4", "5", "6", "7.5", "8"))
POWER = Sample("power", ("10", "10", "20", "20", "30", "30", "40", "40"))
LINE = Labels("line", ("A", "B", "A", "B", "A", "B", "Alpha", "Alpha"))
FILES = {"etch.csv": Table((RATE, POWER, LINE), source="etch.csv")}


@pytest.mark.parametrize(
    ("last", "text", "holds"),
    [
        (FILL, "same with alpha 0.01", "alpha=0.01)"),
        (FILL, "now at 99% confidence please", "confidence=99%)"),
        (FILL, "and at the 1% level?", "alpha=0.01)"),
        (FILL, "what if the target were 505?", "target=505)"),
        (FILL, "same for target 501,5 and alpha 0.1", "target=501.5, alpha=0.1)"),
        (FILL, "now drop point 7", "[502, 498, 505, 499, 503, 507, 504]"),
        (FILL, "leave out the 2nd and the last", None),
        (FILL, "without the last two values", "[502, 498, 505, 499, 503, 507]"),
        (FILL, "without 507", "[502, 498, 505, 499, 503, 501, 504]"),
        (FILL, "redo it two-sided with alpha .1", 'alpha=0.1, alternative="two-sided")'),
        (CHART, "drop point 11", "exclude=[11])"),
        (CHART, "leave out points 3 and 11", "exclude=[3, 11])"),
        (CHART, "exclude the out of control points", "exclude=[11])"),
        (CHART, "now with Nelson rules", "rules=nelson)"),
        (PAIRS, "drop point 2", "before=[86, 75, 81, 90], after=[82, 74, 76, 88]"),
        (PAIRS, "one-sided, greater", "alternative=greater)"),
        (SIZE, "80% power", "power=80%)"),
        (SIZE, "what if sd is 4", "sd=4, power=90%)"),
        (SIZE, "and with alpha 0.01 and power 95%?", "power=95%, alpha=0.01)"),
        (DESIGN, "make it 3 center points", "centers=3)"),
        (DESIGN, "face centered instead", "type=faced)"),
        (ETCH, "only line A", 'table.filter(etch, where=line == "A")'),
        (ETCH, "without line B", 'table.filter(etch, where=line != "B")'),
        (ETCH, "only power above 15", "table.filter(etch, where=power > 15)"),
        (ETCH, "drop row 3", 'table(rate=[1, 2, 4, 5, 6, 7.5, 8], power=[10, 10, 20, 30, 30, 40, 40]'),
        (FILL, "and is it normal?", None),
        (FILL, "now a sign test of it", None),
        (FILL, "power of a t test with n = 20 and sd 3", None),
        (FILL, "same for 5 6 7 8 9 10 against target 7", None),
        (CHART, "show a histogram of it", None),
        (CHART, "same with 3 and 4", None),
    ],
)  # fmt: skip
def test_what_is_said_after_an_answer_changes_its_program_or_is_left_to_the_planner(
    last: str, text: str, holds: str | None
) -> None:
    edit = read_edit(text, last, FILES)
    if holds is None:
        assert edit is None
        return
    assert edit is not None
    assert holds in edit.program
    assert edit.said
    assert run_text(edit.program, files=FILES).steps


GROUPS = "[[23.1, 24.0, 22.8], [25.6, 26.1, 25.0], [22.0, 21.6, 22.7]]"
ANOVA = f"r1 = stats.anova(groups={GROUPS}, alpha=0.1)\n"


@pytest.mark.parametrize(
    ("last", "text", "program"),
    [
        (ANOVA, "use Games-Howell instead", f"stats.games_howell(groups={GROUPS}, alpha=0.1)"),
        (ANOVA, "try a Kruskal-Wallis test", f"stats.kruskal_wallis(groups={GROUPS}, alpha=0.1)"),
        (FILL, "use a signed-rank test instead", "median=500)"),
        (CHART, "use an EWMA instead", "spc.ewma(x=[5, 6,"),
        (PAIRS, "redo it with a sign test", "stats.sign_test(x=data.before, y=data.after)"),
    ],
)
def test_another_method_takes_over_the_data_and_what_it_understands(
    last: str, text: str, program: str
) -> None:
    edit = read_edit(text, last, {})
    assert edit is not None
    assert program in edit.program
    assert edit.said.startswith("By another method (")
    assert run_text(edit.program).steps


def test_a_method_that_does_something_else_is_refused_with_the_reason() -> None:
    with pytest.raises(InputError, match="one test, there is nothing to adjust"):
        read_edit("use a Bonferroni instead", ANOVA, {})
    with pytest.raises(InputError, match=r"'spc\.i_mr' has no alpha; what can be changed: center"):
        read_edit("same with alpha 0.01", CHART, {})
    holm = "r1 = stats.adjust_p_values([0.01, 0.04, 0.03], method=holm)\n"
    edit = read_edit("use a Bonferroni instead", holm, {})
    assert edit is not None
    assert "method=bonferroni" in edit.program


def test_a_conversation_of_many_turns_keeps_what_was_changed() -> None:
    """Each turn starts from the program of the one before; every number is audited again."""
    turns = (
        ("drop point 11", "exclude=[11]", "Without point 11: The process looks in control apart"),
        ("now with Nelson rules", "rules=nelson", "With rules nelson: The process looks in control"),
        ("why?", "exclude=[11], rules=nelson", "The process looks in control apart from what"),
        ("show the chart", "rules=nelson", "[[figure:r1.1]]"),
        ("export it", "rules=nelson", "The table 'limits' of r1 as CSV:"),
        ("use an EWMA instead", "spc.ewma(", "By another method (EWMA control chart"),
        ("what if the weight were 0.4", "weight=0.4", "With weight 0.4:"),
    )  # fmt: skip
    program = CHART
    for text, holds, begins in turns:
        out = say(text, program)
        assert out["status"] == "answered", text
        assert out["audit"]["passed"], text
        assert holds in out["program"], text
        assert out["answer"].startswith(begins), out["answer"][:200]
        program = out["program"]
    assert "exclude=[11]" in program


def test_points_left_out_are_not_counted_in_the_conclusion() -> None:
    first = say("drop point 11", CHART)["answer"].split("\n\n")[0]
    assert "Apart from what was left out no point breaks a rule." in first
    assert "Look for special causes" not in first
    two = say("drop point 4", CHART)  # the point that stands out is still there
    assert "The process is not in control." in two["answer"].split("\n\n")[0]
    assert two["results"][0]["values"]["n_remaining"] >= 1


def test_several_changes_are_told_in_one_sentence() -> None:
    out = say("now drop point 7 and use alpha 0.01", FILL)
    assert out["answer"].startswith("Without point 7, with alpha 0.01: There is no evidence")


def test_a_change_that_cannot_be_made_says_why() -> None:
    with pytest.raises(InputError, match="no point 70: the data have 8 points"):
        read_edit("drop point 70", FILL, {})
    with pytest.raises(InputError, match="no value lies far"):
        read_edit("drop the outliers", FILL, {})


def test_a_change_that_can_be_meant_in_two_ways_is_asked_about() -> None:
    with pytest.raises(NeedsClarification, match="greater or less"):
        read_edit("one-sided", FILL, {})
    two = "r1 = stats.t_test_two(x=[1, 2, 3, 4], y=[2, 3, 4, 9])\n"
    with pytest.raises(NeedsClarification, match="first or the second"):
        read_edit("drop point 4", two, {})


class Asked:
    """Remembers what it was asked, and proposes one program."""

    name = "asked"

    def __init__(self, program: str) -> None:
        self.program, self.asked = tuple(program.split()), []  # type: ignore[var-annotated]

    def first(self, grounded: Grounded) -> dict[str, float]:
        self.asked.append(grounded)
        return {self.program[0]: 1.0}

    def propose(self, grounded: Grounded, n: int = 4, max_tokens: int = 96) -> Plan:
        self.asked.append(grounded)
        return Plan((Candidate(self.program, -0.01),), {})


def say(text: str, last: str, planner: Asked | None = None) -> dict[str, Any]:
    planner = planner or Asked("<refuse>")
    request = Request(text, FILES if "etch.csv" in last else {}, history=(Turn("before", last),))
    return answer(request, Stack(planner, run_text))


def test_a_changed_program_is_answered_without_the_model() -> None:
    planner = Asked("<refuse>")
    out = say("same with alpha 0.01", FILL, planner)
    assert out["status"] == "answered"
    assert planner.asked == []
    assert out["candidates"][0]["source"] == "edit"
    assert out["answer"].startswith("With alpha 0.01:")
    assert out["audit"]["passed"]


def test_the_program_of_the_answer_can_be_changed_again() -> None:
    first = say("same with alpha 0.01", FILL)
    again = say("now drop point 7", first["program"])
    assert "alpha=0.01" in again["program"]
    assert "501" not in again["program"]


def test_why_tells_the_method_its_assumptions_and_its_source() -> None:
    out = say("why?", FILL)
    assert "### Why this method" in out["answer"]
    assert "Montgomery (2013)" in out["answer"]
    assert "### Assumptions" in out["answer"]
    assert out["audit"]["passed"]


def test_show_gives_the_figures_and_export_the_data() -> None:
    assert "[[figure:r1.1]]" in say("show the chart", CHART)["answer"]
    exported = say("export it", DESIGN)["answer"]
    block = exported.split("```csv\n")[1].split("```")[0]
    assert len(block.strip().splitlines()) == 14
    assert "temperature,time" in block


def test_what_to_do_next_and_whether_to_trust_it_are_asked_of_the_last_result() -> None:
    after = say("and what should we do now?", CHART)["answer"]
    assert "### What to do next" in after
    assert after.startswith("The process")
    trusted = say("can I trust this result?", FILL)["answer"]
    assert "### Assumptions" in trusted
    assert read_edit("what do I do to compare two machines", CHART, {}) is None


def test_the_last_change_is_undone() -> None:
    changed = FILL.replace("target=500", "target=500, alpha=0.01")
    turns = (
        Turn("off target 500?", FILL),
        Turn("same with alpha 0.01", changed),
        Turn("why?", changed),
    )
    stack = Stack(Asked("<refuse>"), run_text)
    out = answer(Request("undo that", {}, history=turns), stack)
    assert out["answer"].startswith("Undone: There is no evidence")
    assert "alpha" not in out["program"]
    nothing = answer(Request("undo", {}, history=turns[:1]), stack)
    assert nothing["answer"] == "There is no change to undo."


def test_the_figure_is_shown_without_its_name_and_words_are_given() -> None:
    assert "[[figure:r1.1]]" in say("plot it", CHART)["answer"]
    assert "### How to read it" in say("in plain words please", CHART)["answer"]


CPK = "r1 = quality.capability(x=[9.9, 10.1, 10.0, 10.2, 9.8, 10.0, 10.1, 9.9, 10.0, 10.1], lsl=9.5, usl=10.5)\n"


@pytest.mark.parametrize(
    ("text", "given"),
    [("same with alpha 0.01", "confidence=0.99"), ("give me the 90% interval", "confidence=90%")],
)
def test_a_level_is_given_to_the_confidence_where_there_is_no_alpha(text: str, given: str) -> None:
    edit = read_edit(text, CPK, {})
    assert edit is not None
    assert given in edit.program
    assert run_text(edit.program).steps


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("export it as Excel", "which a spreadsheet opens"),
        ("save the table as xlsx", "which a spreadsheet opens"),
        ("export it as a pdf", "no pdf file"),
    ],
)
def test_another_format_than_csv_is_told_not_pretended(text: str, said: str) -> None:
    told = say(text, DESIGN)["answer"]
    assert said in told
    assert "```csv\n" in told


def test_an_impossible_change_is_refused_and_an_unclear_one_asked_about() -> None:
    assert say("drop point 70", FILL)["status"] == "refused"
    unclear = say("one-sided", FILL)
    assert unclear["status"] == "needs_clarification"
    assert "greater or less" in unclear["question"]


def test_a_request_without_data_of_its_own_gets_the_earlier_tables() -> None:
    planner = Asked("<op:stats.describe> <p:x> <c0> <)>")
    out = say("and what is the mean of the before column?", PAIRS, planner)
    assert [s.value.name for s in planner.asked[0].of("c")] == ["before", "after"]
    assert out["status"] == "answered"
    assert "before=[86, 92, 75, 81, 90]" in out["program"]


def test_a_request_with_data_of_its_own_does_not() -> None:
    planner = Asked("<op:stats.normality> <p:x> <c0> <)>")
    say("is this normal: 5.1 5.2 5.3 5.1 5.0 4.9 5.2", PAIRS, planner)
    assert len(planner.asked[0].of("t")) == 1
    assert planner.asked[0].of("t")[0].value.names != ("before", "after")


def test_the_turns_are_read_from_the_messages_alone() -> None:
    out = say("same with alpha 0.01", FILL)
    messages = [
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": "off target?"},
        {"role": "assistant", "content": out["answer"]},
        {"role": "user", "content": "thanks"},
        {"role": "assistant", "content": "Which data?"},
    ]
    turns = turns_of(messages)
    assert [t.request for t in turns] == ["off target?", "thanks"]
    assert last_program(turns) == out["program"]


def test_tables_of_a_damaged_program_are_no_tables() -> None:
    assert earlier_tables((Turn("x", "data = table(a=[1, 2"),), {}) == {}
    assert set(earlier_tables((Turn("x", PAIRS),), {})) == {"data"}
