"""docs/extending.md, followed to the letter: the operation and the lesson in it work in every face."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import havoc

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"<!-- file: (\S+) -->\n```python\n(.*?)```", PAGE, flags=re.DOTALL))

CHECK = """
import importlib.util, json, sys
from pathlib import Path
folder = Path(sys.argv[1])

def load(name, file):
    spec = importlib.util.spec_from_file_location(name, folder / file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module

from havoc.tools.operation import get, operations
operations()
load("havoc.tools.stats.variation", "havoc/tools/stats/variation.py")
from dataclasses import replace
from havoc.dsl.executor import run_text
from havoc.dsl.reference import pages, schema
from havoc.errors import InputError
found = get("stats.variation")
step = run_text(found.examples[0]).steps[0]
false = replace(step.result, values={**step.result.values, "percent": 99.0})
refused = ""
try:
    run_text("r = stats.variation([1, -2])")
except InputError as error:
    refused = str(error)
lesson = load("lesson_of_the_page", "havoc/curriculum/lessons/variation.py").LESSONS[0]
from havoc.curriculum.check import check_lesson
counts, _ = check_lesson(lesson, 6)
tool = None
try:
    from havoc.serving.mcp_tools import by_tool_name, input_schema
    tool = input_schema(by_tool_name()["stats_variation"])["required"]
except ImportError:
    pass
print(json.dumps({
    "values": step.result.values, "passed": all(c.passed for c in step.checks),
    "caught": any(not c.passed for c in found.audit(step.arguments, false)),
    "refused": refused, "schema": schema(found)["parameters"][0]["kind"],
    "page": "stats.variation" in pages()["stats.md"], "lesson": counts["ok"], "tool": tool,
}))
"""


def test_the_page_names_two_files_and_both_are_in_their_rooms() -> None:
    assert list(FILES) == [
        "havoc/tools/stats/variation.py",
        "havoc/curriculum/lessons/variation.py",
    ]
    for name in FILES:
        assert (ROOT / name).parent.is_dir()
        assert not (ROOT / name).exists(), "the page's example became real: choose another"


def test_following_the_page_gives_an_operation_in_every_face(tmp_path: Path) -> None:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    out = subprocess.run(
        [sys.executable, "-c", CHECK, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=Path(havoc.__file__).parents[1],
        timeout=300,
    )
    assert out.returncode == 0, out.stderr[-2000:]
    found = json.loads(out.stdout.strip().splitlines()[-1])
    assert abs(found["values"]["percent"] - 1.8257418583505536) < 1e-9
    assert found["passed"]
    assert found["caught"], "the verifier can fail"
    assert "above 0" in found["refused"]
    assert found["schema"] == "sample"
    assert found["page"]
    assert found["lesson"] >= 4
    assert found["tool"] in (["x"], None)


def test_the_page_is_formatted_as_the_house_is(tmp_path: Path) -> None:
    for name, text in FILES.items():
        path = tmp_path / Path(name).name
        path.write_text(text, encoding="utf-8")
        for command in (["format", "--check", "--line-length=100"], ["check", "--line-length=120"]):
            done = subprocess.run(
                [sys.executable, "-m", "ruff", *command, str(path)], capture_output=True, text=True
            )
            assert done.returncode == 0, done.stdout
