"""``havoc verify``: the program is run again and every number compared."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from havoc.dsl.executor import run_text
from havoc.errors import InputError
from havoc.seal import seal
from havoc.tools.table_io import read_table
from havoc.verification import compare, read_answer, verify

PROGRAM = (
    "w = table(x=[5.1, 4.9, 5.0, 5.2, 4.8, 5.3], y=[2, 1, 2, 3, 1, 3])\n"
    "t = stats.t_test_one(x=w.x, target=5)\n"
    "d = doe.box_behnken(temperature=150..200 degC, pressure=1..5 bar, time=10..30 min, centers=3, seed=7)\n"
)


def answered(program: str = PROGRAM, **files: Any) -> dict[str, Any]:
    execution = run_text(program, files=files or None).to_json()
    return {"status": "answered", "answer": "", **execution, "provenance": {"model": "m@1"}}


def as_file(document: dict[str, Any], folder: Path) -> Path:
    path = folder / "answer.json"
    path.write_text(json.dumps(document))
    return path


def test_an_untouched_answer_is_verified_number_by_number(tmp_path: Path) -> None:
    found = verify(read_answer(as_file(seal(answered()), tmp_path)))
    assert found.passed
    assert found.unbroken is True
    assert found.numbers > 60  # a t test and a design of 15 runs
    assert not found.differing


@pytest.mark.parametrize("factor", [1 + 1e-6, -1])
def test_a_changed_number_is_named(factor: float) -> None:
    document = answered()
    document["results"][0]["values"]["p_value"] *= factor
    [differing] = verify(document).differing
    assert differing.name == "t.values.p_value"


def test_a_changed_cell_of_a_table_is_named() -> None:
    document = answered()
    document["results"][1]["tables"][0]["rows"][3][2] = 99.0
    assert [f.name for f in verify(document).differing] == ["d.tables[0].rows[3][2]"]


def test_a_number_of_the_text_that_is_not_the_value_it_names_is_found() -> None:
    document = answered()
    mean = document["results"][0]["values"]["mean"]
    document["answer"] = f"The mean is [{mean:.4g}](#v:t.mean)."
    assert verify(document).passed
    document["answer"] = "The mean is [5.2](#v:t.mean)."
    assert [f.name for f in verify(document).differing] == ["text t.mean"]


def test_rounding_of_another_machine_is_told_apart_from_a_change() -> None:
    assert [f.outcome for f in compare("x", [1.0], [1.0 + 1e-13])] == ["rounded"]
    assert [f.outcome for f in compare("x", [1.0], [1.0 + 1e-8])] == ["differs"]
    assert [f.outcome for f in compare("x", {"a": 1}, {})] == ["missing"]
    assert [f.outcome for f in compare("x", float("nan"), float("nan"))] == ["same"]


def test_other_data_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "etch.csv").write_text("rate\n501\n499\n502\n500\n")
    table = read_table(tmp_path / "etch.csv")
    program = 'd = data("etch.csv")\nt = stats.t_test_one(x=d.rate, target=500)\n'
    document = answered(program, **{"etch.csv": table})
    document = seal(document, "on target?", {"etch.csv": table})
    assert verify(document, {"etch.csv": table}).passed
    (tmp_path / "etch.csv").write_text("rate\n501\n499\n502\n500.5\n")
    found = verify(document, {"etch.csv": read_table(tmp_path / "etch.csv")})
    assert found.inputs == {"etch.csv": "changed"}
    assert not found.passed
    assert found.differing


def test_missing_data_is_asked_for_by_name() -> None:
    document = answered()
    document["program"] = 'd = data("etch.csv")\n'
    with pytest.raises(InputError, match=r"the program reads 'etch.csv'; give it with --data"):
        verify(document)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "not one JSON object"),
        ("[1]", "is not an answer"),
        ('{"status": "refused", "results": [], "program": ""}', "no program to run again"),
    ],
)
def test_bad_files_are_one_line_and_status_2(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "bad.json").write_text(content)
    run = subprocess.run(
        [sys.executable, "-m", "havoc", "verify", str(tmp_path / "bad.json")],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 2
    assert told in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1
