"""Citations beside computed numbers, and columns that were not named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from srs.answering import chosen

from havoc.dsl.grounding.ground import ground
from havoc.inference.planner import Candidate
from havoc.srs import answer, audit
from havoc.srs.columns import assumed_columns
from havoc.srs.state import Passage, Request, Run, State
from havoc.tools.values import Labels, Sample, Table

FILL = "r1 = stats.t_test_one(x=[502, 498, 505, 499, 503, 507], target=500)"
ABOUT = Passage(
    "t#3", "One mean: Worked example", "handbook", "```\nr = stats.t_test_one(x=a.b)\n```", 0.1
)
NEAR = Passage("c#1", "Cpk", "handbook", "A capability compares the spread with the limits.", 0.9)


@dataclass(frozen=True)
class Found:
    passage: Any
    score: float


@dataclass(frozen=True)
class Stored:
    id: str
    heading: str
    source: str
    text: str


class Shelf:
    """An index of two passages."""

    def search(self, query: str, k: int) -> list[Found]:
        return [Found(Stored(p.id, p.title, p.source, p.text), p.score) for p in (NEAR, ABOUT)]


def answered_with(passages: tuple[Passage, ...], index: Shelf | None) -> State:
    state, stack = chosen(FILL)
    stack = replace(stack, index=index)
    return answer.run(audit.run(replace(state, passages=passages), stack), stack)


def test_a_computed_answer_cites_only_what_shows_its_operation() -> None:
    state = answered_with((NEAR,), Shelf())
    assert state.passages == (ABOUT,)
    assert "[[1]](#c:1) One mean: Worked example, handbook" in state.answer
    assert "Cpk" not in state.answer


def test_nothing_is_cited_where_nothing_shows_it() -> None:
    state = answered_with((NEAR,), None)
    assert state.passages == ()
    assert "(#c:" not in state.answer
    assert "### Sources" in state.answer  # the operation's own reference


NUMBERS = ("1", "2", "3", "4")
FILE = Table(
    (Sample("tensile strength (MPa)", NUMBERS), Sample("oven_temp", NUMBERS), Labels("line", ("A", "B", "A", "B"))),
    source="bars.csv",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "assumed"),
    [
        ("mean of the tensile strengths", []),
        ("mean tensile-strength in MPa?", []),
        ("mean of the strenght", ["tensile strength (MPa)"]),
        ("how strong are they on average", ["tensile strength (MPa)"]),
    ],
)
def test_a_column_that_the_request_does_not_name_is_told(text: str, assumed: list[str]) -> None:
    grounded = ground(text, {"bars.csv": FILE})
    run = Run(Candidate(("<op:stats.describe>", "<p:x>", "<c0>", "<)>"), -0.1))
    state = State(Request(text), grounded=grounded, chosen=run)
    assert assumed_columns(state) == assumed


def test_the_only_column_of_its_kind_is_no_choice() -> None:
    table = Table((FILE.columns[0], FILE.columns[2]), source="bars.csv")
    grounded = ground("describe it", {"bars.csv": table})
    run = Run(Candidate(("<op:stats.describe>", "<p:x>", "<c0>", "<)>"), -0.1))
    assert assumed_columns(State(Request("describe it"), grounded=grounded, chosen=run)) == []
