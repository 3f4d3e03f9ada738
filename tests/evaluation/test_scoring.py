"""Scoring: what counts as a right answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from havoc.errors import InputError
from havoc.evaluation.programs import Judged, calibration
from havoc.evaluation.scoring import read_requests, score

REQUESTS = Path(__file__).resolve().parents[2] / "benchmarks" / "requests"


def output(
    text: str = "", values: dict[str, Any] | None = None, passed: bool = True, **more: Any
) -> dict[str, Any]:
    results = [
        {"operation": "stats.t_test_one", "values": values or {}, "tables": more.pop("tables", [])}
    ]
    return {
        "status": "answered",
        "answer": text,
        "results": results,
        "audit": {"passed": passed},
        **more,
    }


REQUEST = {"id": "q", "kind": "test", "expected": {"t": 3.1527, "df": 11}, "tol": 0.001}


def test_every_expected_value_must_be_there() -> None:
    assert score(REQUEST, output(values={"statistic": 3.15273, "df": 11})).passed
    assert not score(REQUEST, output(values={"statistic": 3.15273})).passed


def test_a_value_in_the_text_counts() -> None:
    assert score(REQUEST, output("t = 3.153 on 11 degrees of freedom")).passed


def test_a_whole_number_in_a_table_does_not_count() -> None:
    table = [{"name": "x", "columns": ["a"], "rows": [[11], [3.1527]]}]
    assert not score(REQUEST, output(tables=table)).passed


def test_a_failed_audit_is_no_answer() -> None:
    assert not score(REQUEST, output(values={"statistic": 3.1527, "df": 11}, passed=False)).passed


def test_refusing_is_right_where_it_is_expected_and_only_there() -> None:
    impossible = {"id": "z", "kind": "refuse_or_ask", "expected": {}}
    for status in ("refused", "needs_clarification"):
        assert score(impossible, {"status": status}).passed
        assert not score(REQUEST, {"status": status}).passed
    assert not score(impossible, output()).passed


def test_equal_expressions_are_equal() -> None:
    request = {"id": "y", "kind": "symbolic", "expected": {"expr": "x*(3*x + 2)*exp(3*x)"}}
    assert score(request, output(values={"expression": "(3*x^2 + 2*x)*exp(3*x)"})).passed
    assert not score(request, output(values={"expression": "3*x^2*exp(3*x)"})).passed


def test_our_scorer_agrees_with_the_request_sets_own(tmp_path: Path) -> None:
    """The script that came with the requests and ours pass the same outputs."""
    requests = read_requests(REQUESTS / "dev.jsonl")
    outputs = []
    for i, r in enumerate(requests):
        given = {k: v for k, v in r["expected"].items() if k not in ("action", "reason")}
        good = output(values=given if i % 3 else {})
        outputs.append({"id": r["id"], **good, "status": "refused" if i % 5 == 0 else "answered"})
    path = tmp_path / "out.jsonl"
    path.write_text("\n".join(json.dumps(o) for o in outputs))
    command = [sys.executable, str(REQUESTS / "score.py"), str(REQUESTS / "dev.jsonl"), str(path)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    ours = sum(score(r, o).passed for r, o in zip(requests, outputs, strict=True))
    assert f"passed {ours}/{len(requests)}" in printed


def test_calibration_is_perfect_where_confidence_is_the_share_right() -> None:
    judged = [Judged("x", True, True, right, 0.75, 1.0) for right in (True, True, True, False)]
    assert calibration(judged)["ece"] == pytest.approx(0.0)
    assert calibration([Judged("x", True, True, False, 0.95, 1.0)])["ece"] == pytest.approx(0.95)


def test_a_request_file_that_is_no_json_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": 1, "request": "a"}\nnot json\n')
    with pytest.raises(InputError, match="line 2"):
        read_requests(path)
