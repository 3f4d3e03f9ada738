"""The reasoning stack with a scripted planner: every stage but the language model is the real one."""

from __future__ import annotations

import math
import threading
from dataclasses import replace
from typing import Any

import pytest

from havoc.config import SrsConfig
from havoc.dsl.executor import Execution, run_text
from havoc.dsl.grounding.slots import Grounded
from havoc.errors import InputError
from havoc.inference.planner import Candidate, Plan
from havoc.srs.pipeline import STAGES, answer, stages
from havoc.srs.state import Request, Stack
from havoc.tools.operation import Operation, operations

T_TEST = "<op:stats.t_test_one> <p:x> <c0> <p:target> <n0> <)>"
FILL = "fill weights: 502 498 505 499 503 507 501 504 500 506. off target 500?"


class Scripted:
    """Proposes what it is told to, with the log-probabilities given."""

    name = "scripted"

    def __init__(self, *programs: tuple[str, float]) -> None:
        self.candidates = tuple(Candidate(tuple(p.split()), lp) for p, lp in programs)

    def first(self, grounded: Grounded) -> dict[str, float]:
        return {self.candidates[0].tokens[0]: 0.9, "<explain>": 0.1}

    def propose(self, grounded: Grounded, n: int = 4, max_tokens: int = 96) -> Plan:
        return Plan(self.candidates[:n], self.first(grounded))


def ask(text: str, *programs: tuple[str, float], **config: Any) -> dict[str, Any]:
    return answer(Request(text), Stack(Scripted(*programs), run_text, config=SrsConfig(**config)))


def test_an_answer_has_its_numbers_computed_audited_and_linked() -> None:
    out = ask(FILL, (T_TEST, -0.05))
    assert out["status"] == "answered"
    assert out["audit"]["passed"]
    values = out["results"][0]["values"]
    assert values["mean"] == pytest.approx(502.5)
    assert f"[{values['statistic']:.4g}](#v:r1.statistic)" in out["answer"]
    assert "stats.t_test_one(" in out["program"]
    assert set(out["timings_ms"]) == {name for name, _ in STAGES}


def test_an_impossible_request_is_refused_with_its_reason_and_nothing_else_is_answered() -> None:
    out = ask(
        "box behnken with 2 factors",
        ("<op:doe.box_behnken> <p:n_factors> <n0> <)>", -0.2),
        ("<op:doe.full_factorial> <p:n_factors> <n0> <)>", -2.0),
    )
    assert out["status"] == "refused"
    assert "3" in out["answer"]
    assert out["results"] == []


def test_a_missing_input_ends_in_one_question() -> None:
    out = ask("is it on target 5?", ("<op:stats.t_test_one> <p:x> <ask> <p:target> <n0> <)>", -0.1))
    assert out["status"] == "needs_clarification"
    assert out["question"].endswith(".")
    assert "data" in out["question"]


def test_doubt_between_two_methods_is_asked_not_guessed() -> None:
    text = "line a: 5 6 7 8 line b: 6 7 8 10 what do you say"
    pair = [f"<op:stats.{op}> <p:x> <c0> <p:y> <c1> <)>" for op in ("t_test_two", "t_test_paired")]
    out = ask(text, (pair[0], -0.9), (pair[1], -0.95))
    assert out["status"] == "needs_clarification"
    assert "(a)" in out["question"]


def test_what_is_out_of_scope_is_refused() -> None:
    assert ask("write a poem", ("<refuse>", -0.01))["status"] == "refused"


def test_an_open_question_without_passages_is_not_answered_from_nothing() -> None:
    assert ask("what is a box-behnken design", ("<explain>", -0.01))["status"] == "refused"


def test_unequal_variances_bring_the_better_method_beside_the_asked_one() -> None:
    text = "pooled t test of a: 10 10.1 9.9 10 10.1 9.9 10 10.05 b: 9 14 7 15 6 16 5 13"
    program = "<op:stats.t_test_two> <p:x> <c0> <p:y> <c1> <p:equal_variances=true> <)>"
    out = ask(text, (program, -0.05))
    assert [r["operation"] for r in out["results"]] == ["stats.t_test_two", "stats.t_test_two"]
    assert "equal_variances=false" in out["program"]
    assert out["results"][0]["values"]["df"] != out["results"][1]["values"]["df"]


def test_a_number_that_fails_its_recomputation_is_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    original = operations()["stats.t_test_one"]

    def corrupted(**arguments: Any) -> Any:
        result = original.function(**arguments)
        return replace(
            result, values={**result.values, "statistic": result.values["statistic"] * 1.01}
        )

    broken: dict[str, Operation] = {
        **operations(),
        "stats.t_test_one": replace(original, function=corrupted),
    }
    monkeypatch.setattr("havoc.dsl.executor.operations", lambda: broken)
    out = ask(FILL, (T_TEST, -0.05))
    assert not out["audit"]["passed"]
    assert out["results"][0]["values"]["statistic"] is None
    assert "withheld" in out["answer"]


def test_each_stage_reports_its_start_and_end() -> None:
    events = list(stages(Request(FILL), Stack(Scripted((T_TEST, -0.05)), run_text)))
    assert [e.stage for e in events if e.status == "started"] == [name for name, _ in STAGES]
    assert events[-1].stage == "done"


def test_a_stage_can_be_switched_off_where_an_answer_remains() -> None:
    assert ask(FILL, (T_TEST, -0.05), argue=False)["status"] == "answered"
    with pytest.raises(InputError, match="cannot be switched off"):
        ask(FILL, (T_TEST, -0.05), execute=False)


def test_an_empty_request_is_refused_in_one_line() -> None:
    with pytest.raises(InputError, match="empty"):
        ask("   ", (T_TEST, -0.05))


def test_doubt_about_an_input_is_asked_though_the_method_is_clear() -> None:
    text = "fill: 502 498 505 499 503 507. against 500 or 505?"
    readings = [f"<op:stats.t_test_one> <p:x> <c0> <p:target> <n{i}> <)>" for i in (0, 1)]
    extra = readings[1].replace("<)>", "<p:alternative=greater> <)>")
    unsure = ((readings[0], math.log(0.24)), (readings[1], math.log(0.2)), (extra, math.log(0.2)))
    out = ask(text, *unsure)
    assert out["status"] == "needs_clarification"
    assert "(a) 500, or (b) 505?" in out["question"]
    assert ask(text, *unsure, agree_below=0.1)["status"] == "answered"


def test_programs_that_say_the_same_in_other_words_agree() -> None:
    same = T_TEST.replace("<)>", "<p:alternative=two-sided> <)>")
    out = ask(FILL, (T_TEST, math.log(0.2)), (same, math.log(0.4)))
    assert out["status"] == "answered"
    assert out["confidence"] == pytest.approx(0.6, abs=1e-3)


def test_programs_run_side_by_side_keep_their_order_and_equal_ones_run_once() -> None:
    other = T_TEST.replace("<p:target> <n0>", "<p:target> <n0> <p:alternative=greater>")
    programs = ((T_TEST, -0.5), (other, -1.2), (T_TEST, -2.0))
    seen: list[str] = []
    together = threading.Barrier(2)  # breaks unless two programs run at the same time

    def counted(program: str, **options: Any) -> Execution:
        together.wait(timeout=60)
        seen.append(program)
        return run_text(program, **options)

    request = Request(FILL)
    beside = answer(request, Stack(Scripted(*programs), counted, programs_at_once=2))
    alone = answer(request, Stack(Scripted(*programs), run_text))
    assert len(seen) == len(set(seen)) == 2
    for name in ("status", "program", "candidates", "answer"):
        assert beside[name] == alone[name]


@pytest.mark.parametrize(
    ("text", "program"),
    [
        (
            "p chart: inspected 200 180 210 190 200, rejects 4 6 3 9 5",
            "<op:spc.p> <p:x> <c0> <p:size> <c1> <)>",
        ),
        (
            "laney chart, rejects 130 98 160 122 140 of 12000 11500 13000 12500 12800",
            "<op:spc.laney_p> <p:x> <c1> <p:size> <c0> <)>",
        ),
    ],
)
def test_two_columns_change_places_where_only_that_can_be_computed(text: str, program: str) -> None:
    out = ask(text, (program, -0.05))
    assert out["status"] == "answered"
    assert "x=data.rejects" in out["program"]


def test_data_that_are_wrong_either_way_are_refused_as_they_were_meant() -> None:
    out = ask(
        "p chart: rejects 400 6 3 9 250, inspected 200 180 210 190 200",
        ("<op:spc.p> <p:x> <c0> <p:size> <c1> <)>", -0.05),
    )
    assert out["status"] == "refused"
    assert "400 nonconforming items out of 200" in out["answer"]


@pytest.mark.parametrize(
    ("shares", "status"), [("95/99", "needs_clarification"), ("95/95", "answered")]
)
def test_a_pair_of_shares_that_can_be_read_two_ways_is_asked_about(
    shares: str, status: str
) -> None:
    text = f"{shares} tolerance interval of 12.1 12.4 12.2 12.0 12.5 12.3 12.2 12.1"
    out = ask(text, ("<op:quality.tolerance_interval> <p:x> <c0> <)>", -0.05))
    assert out["status"] == status
    assert ("coverage" in out.get("question", "")) == (status != "answered")
