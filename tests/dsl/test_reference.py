from __future__ import annotations

import json
from pathlib import Path

from havoc.dsl.reference import WRITTEN, pages, schemas, write_pages
from havoc.tools.operation import Kind, operations

DOCS = Path(__file__).parents[2] / "docs" / "operations"


def test_every_operation_has_a_schema_with_every_parameter_and_output():
    found = {s["name"]: s for s in schemas()}
    assert set(found) == set(operations())
    for name, operation in operations().items():
        assert [p["name"] for p in found[name]["parameters"]] == list(operation.by_name)
        assert found[name]["outputs"] == dict(operation.outputs)
    json.dumps(schemas(), allow_nan=False)


def test_a_schema_states_limits_choices_and_defaults():
    schema = next(s for s in schemas("stats") if s["name"] == "stats.t_test_one")
    parameters = {p["name"]: p for p in schema["parameters"]}
    assert parameters["alternative"]["choices"] == ["two-sided", "less", "greater"]
    alpha = parameters["alpha"]
    assert (alpha["required"], alpha["default"], alpha["exclusive_maximum"]) == (False, 0.05, 1)
    assert parameters["target"]["required"] is True


def test_every_kind_of_parameter_says_how_it_is_written():
    assert set(WRITTEN) == set(Kind)


def test_the_reference_pages_in_docs_are_current():
    stale = [
        n for n, t in pages(DOCS).items() if not (DOCS / n).exists() or (DOCS / n).read_text() != t
    ]
    assert not stale, "run: havoc ops --docs docs/operations"


def test_writing_the_pages_twice_changes_nothing(tmp_path):
    assert len(write_pages(tmp_path)) == len(pages())
    assert write_pages(tmp_path) == []
