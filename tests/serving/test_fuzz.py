"""Input that nobody wrote: our OpenAPI description against the server, and mutated texts by the thousand.

``benchmarks/fuzz.py`` runs the same with a hundred thousand inputs.
"""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from scripted import ScriptedEngine, runtime, scripted_stages

from havoc.dsl.grounding.ground import ground
from havoc.errors import InputError
from havoc.serving import chat
from havoc.serving.app import create_app
from havoc.tools.table_io import read_table_bytes

ROOT = Path(__file__).parents[2]


def _fuzz():
    spec = importlib.util.spec_from_file_location("fuzz", ROOT / "benchmarks" / "fuzz.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz"] = module
    spec.loader.exec_module(module)
    return module


fuzz = _fuzz()
APP = create_app(runtime(ScriptedEngine()))
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", APP)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(autouse=True, scope="module")
def stages():
    patched = pytest.MonkeyPatch()
    patched.setattr(chat, "stages", scripted_stages)
    yield
    patched.undo()


def conforms(case) -> None:
    case.call_and_validate(checks=CHECKS, timeout=120)


# /reload answers 503 by design here: this server was given its model
PART = SCHEMA.exclude(path="/reload")
QUICK = hypothesis.settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@PART.parametrize()
@QUICK
def test_the_server_does_what_its_description_says(case):
    conforms(case)


@pytest.mark.slow
@PART.parametrize()
@hypothesis.settings(QUICK, max_examples=300)
def test_the_server_does_what_its_description_says_at_length(case):
    conforms(case)


@pytest.mark.parametrize(
    ("name", "count"), [("parser", 300), ("table reader", 1500)], ids=["parser", "table reader"]
)
def test_mutated_texts_are_read_or_refused(name, count, capsys):
    draw = random.Random(2026)
    seeds, act = {
        "parser": (fuzz.programs(), fuzz.parsed),
        "table reader": (fuzz.TABLES, fuzz.read),
    }[name]
    assert fuzz.run(name, count, lambda: fuzz.mutated(seeds, draw), act) == 0, capsys.readouterr()


@pytest.mark.parametrize(
    "number", ["9" * 400, "1e400", "-1e999999999", "3e99999999999", "03e1803e1803e1803e101"]
)
def test_numbers_that_no_float_holds_are_refused_before_they_are_built(number):
    with pytest.raises(InputError, match=r"too many digits|beyond the largest number"):
        ground(f"mean of {number} 4 5 6 7", {})


@pytest.mark.parametrize("text", [",", '"\n"', ";;;;\n;;;;", "\n" * 60 + "2;3,20\n", ",\u2028"])
def test_files_without_a_cell_are_refused_in_words(text):
    with pytest.raises(ValueError, match=r"'x.csv' (has|is)"):
        read_table_bytes(text.encode(), "x.csv")
