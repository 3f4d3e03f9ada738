"""Every example of docs/inference.md, run as it stands against a server."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from live import serving
from scripted import runtime, scripted_stages
from tiny_model import make_model

from havoc.serving import chat
from havoc.serving.app import create_app
from havoc.serving.runtime import load_runtime
from havoc.srs.state import Stack

GUIDE = Path(__file__).parents[2] / "docs" / "inference.md"
BLOCKS = re.findall(r"^```(sh|python|js)\n(.*?)^```", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
COMMANDS = {
    "sh": ["sh", "-euc"],
    "python": [sys.executable, "-c"],
    "js": ["node", "--input-type=module", "-e"],
}


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    text = load_runtime(make_model(tmp_path_factory.mktemp("model") / "m"))
    stack = Stack(planner=None, execute=runtime().execute)  # type: ignore[arg-type]
    patched = pytest.MonkeyPatch()
    patched.setattr(chat, "stages", scripted_stages)
    with serving(create_app(replace(text, stack=stack))) as found:
        yield found
    patched.undo()
    text.need_engine().close()


def test_the_guide_has_examples_in_three_languages():
    assert {language for language, _ in BLOCKS} == set(COMMANDS)


@pytest.mark.parametrize(
    ("language", "code"), BLOCKS, ids=[f"{n}-{b[0]}" for n, b in enumerate(BLOCKS)]
)
def test_an_example_of_the_guide_runs(language, code, address):
    program = COMMANDS[language][0]
    if shutil.which(program) is None or ("curl" in code and shutil.which("curl") is None):
        pytest.skip(f"{program} or curl is not installed")
    code = code.replace("http://127.0.0.1:3000", address).replace("curl -s", "curl -fs")
    done = subprocess.run(
        [*COMMANDS[language], code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_guide_names_every_route():
    text = GUIDE.read_text()
    for path in create_app(runtime()).openapi()["paths"]:
        shown = re.sub(r"\{\w+\}", "{", path).split("{")[0].rstrip("/")
        assert shown in text, path
