"""Evaluation: figures of answered requests, stages switched off, the report, the gate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from havoc.dsl.executor import run_text
from havoc.dsl.grounding.slots import Grounded
from havoc.errors import InputError
from havoc.evaluation.ablation import Remembering, ablate, wrong
from havoc.evaluation.calibration import reliability
from havoc.evaluation.regression import compared, falls
from havoc.evaluation.report import summary, write_report
from havoc.evaluation.requests import measure_requests, style_of
from havoc.evaluation.run import measure, read_details, told
from havoc.inference.planner import Candidate, Plan
from havoc.srs.state import Stack

FILL = "fill weights: 502 498 505 499 503 507 501 504 500 506. off target 500?"
SURE = "<op:stats.t_test_one> <p:x> <c0> <p:target> <n0> <)>"
REQUESTS = [
    {"id": "a", "kind": "test", "request": FILL, "expected": {"mean": 502.5}, "tol": 1e-6},
    {
        "id": "b",
        "kind": "test",
        "request": FILL + " please",
        "expected": {"mean": 9.9},
        "tol": 1e-6,
    },
    {"id": "c", "kind": "refuse_or_ask", "request": "a poem about 500", "expected": {}},
]


class Scripted:
    """A t test for data, two equally likely readings for anything else."""

    name = "scripted"

    def __init__(self) -> None:
        self.asked = 0

    def first(self, grounded: Grounded) -> dict[str, float]:
        return {"<op:stats.t_test_one>": 1.0}

    def propose(self, grounded: Grounded, n: int = 4, max_tokens: int = 96) -> Plan:
        self.asked += 1
        if grounded.of("c"):
            return Plan((Candidate(tuple(SURE.split()), -0.1),), self.first(grounded))
        doubt = ("<op:spc.constants> <p:n> <d5> <)>", "<op:spc.arl_shewhart> <)>")
        return Plan(tuple(Candidate(tuple(d.split()), -1.0) for d in doubt), self.first(grounded))


@pytest.fixture
def stack() -> Stack:
    return Stack(Scripted(), run_text)


@pytest.fixture
def requests(tmp_path: Path) -> Path:
    path = tmp_path / "set.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in REQUESTS))
    return path


def test_the_figures_tell_right_from_wrong_from_asked(stack: Stack, requests: Path) -> None:
    figures = measure_requests(requests, stack)
    assert (figures["right"], figures["answered_wrong"]) == (2, 1)
    assert figures["kinds"] == {"refuse_or_ask": "1/1", "test": "1/2"}
    assert figures["statuses"]["needs_clarification"] == 1
    assert list(figures["failed"]) == ["b"]
    assert figures["calibration"]["table"][-1]["n"] == 2


def test_without_its_doubt_the_stack_answers_what_it_should_ask(
    stack: Stack, requests: Path
) -> None:
    table = ablate(requests, stack)
    assert table["all stages"]["answered_wrong"] == 1
    assert table["without MODE's doubt (never asks back)"]["answered_wrong"] == 2


def test_wrong_results_are_caught_by_the_audit(stack: Stack, requests: Path) -> None:
    row = ablate(requests, stack)["wrong results, caught by AUDIT"]
    assert row["requests"] == 2
    assert row["answered_wrong"] == 0


def test_a_planted_error_is_one_per_cent_of_one_number() -> None:
    right = run_text("r = stats.describe([1, 2, 3, 4, 5.5])")
    bad = wrong(right)
    changed = {
        k for k, v in right.steps[0].result.values.items() if bad.steps[0].result.values[k] != v
    }
    assert len(changed) == 1
    assert not bad.passed


def test_the_variants_share_the_planners_proposals(requests: Path) -> None:
    planner = Scripted()
    ablate(requests, Stack(planner, run_text))
    assert planner.asked == 2 * len(REQUESTS)  # once for each number of candidates
    kept = Remembering(planner)
    grounded = Grounded("x", "x", ())
    assert kept.propose(grounded) is kept.propose(grounded)


@pytest.mark.parametrize(
    ("record", "style"),
    [
        ({"request": "x", "data": "a.csv"}, "attached file"),
        ({"request": "test\n1,2\n3,4\n5,6"}, "pasted table"),
        ({"request": FILL}, "list in the text"),
        ({"request": "box behnken 3 factors"}, "terse"),
        ({"request": "could you " * 10}, "in words"),
    ],
)
def test_styles_of_requests(record: dict[str, Any], style: str) -> None:
    assert style_of(record) == style


def test_confidence_that_is_the_share_right_has_no_error() -> None:
    assert reliability([(0.75, True), (0.75, True), (0.75, True), (0.75, False)])["ece"] == 0
    assert reliability([(0.9, False), (None, True)])["ece"] == pytest.approx(0.9)
    assert reliability([])["table"] == []


def _metrics(right: int, n: int = 200) -> dict[str, Any]:
    figures = {
        "requests": n, "right": right, "share": right / n, "answered_wrong": 0, "statuses": {},
        "kinds": {"spc": f"{right}/{n}"}, "styles": {"terse": f"{right}/{n}"},
        "failed": {"S1": "missing <b>"},
        "calibration": {"ece": 0.1, "table": [{"confidence": 0.5, "right": 0.6, "n": 4}]},
        "latency_s": {"median": 0.1, "max": 1.0},
    }  # fmt: skip
    programs = {
        "known": {"exact": 0.9, "result": right / n, "n": n,
            "families": {"spc": right / n}, "family_counts": {"spc": n}},
        "calibration": {"ece": 0.05, "table": [{"confidence": 0.5, "right": 0.6, "n": 4}]},
        "latency_ms": {"median": 9.0, "p95": 20.0},
    }  # fmt: skip
    return {"requests": {"dev": figures}, "programs": programs}


def test_a_family_that_falls_by_more_than_chance_is_named() -> None:
    found = falls(_metrics(120), _metrics(180))
    assert "programs.known.spc" in [f.name for f in found]
    assert str(found[0]).endswith("0.600 after 0.900 (200 requests)")
    assert falls(_metrics(176), _metrics(180)) == []
    assert falls(_metrics(4, 10), _metrics(6, 10)) == []  # ten requests cannot tell
    assert len(compared(_metrics(1), _metrics(1))) == 5


def test_the_report_is_one_page_with_its_plots_inside(tmp_path: Path) -> None:
    metrics = {
        **_metrics(120),
        "ablation": {"dev": {"all stages": {"right": 1, "answered_wrong": 0}}},
    }
    write_report(tmp_path, metrics, _metrics(180))
    page = (tmp_path / "report.html").read_text()
    assert page.count("<svg") == 7
    assert "missing &lt;b&gt;" in page
    assert "class=fell" in page
    assert json.loads((tmp_path / "metrics.json").read_text()) == summary(metrics)
    assert read_details(tmp_path / "details.json")["requests"]["dev"]["right"] == 120


def test_everything_in_one_go(stack: Stack, requests: Path) -> None:
    found = measure(stack, [requests], ablation=True)
    text = told(found)
    assert text.startswith("set: 2 of 3 right, 1 answered wrong")
    assert "without ARGUE" in text
    with pytest.raises(InputError, match="local model only"):
        measure(stack, [requests], programs=5)


def test_a_file_that_is_no_evaluation_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("[]")
    with pytest.raises(InputError, match="no 'requests'"):
        read_details(path)
