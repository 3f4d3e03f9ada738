"""``havoc ask --session``: a conversation kept in a file."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from havoc import cli
from havoc.dsl.executor import run_text
from havoc.dsl.grounding.slots import Grounded
from havoc.errors import InputError
from havoc.inference.planner import Candidate, Plan
from havoc.srs import session
from havoc.srs.conversation import Turn
from havoc.srs.state import Stack

FILL = "fill weights: 502 498 505 499 503 507 501 504. off target 500?"
T_TEST = ("<op:stats.t_test_one>", "<p:x>", "<c0>", "<p:target>", "<n0>", "<)>")


class Planner:
    name = "scripted"

    def first(self, grounded: Grounded) -> dict[str, float]:
        return {T_TEST[0]: 1.0}

    def propose(self, grounded: Grounded, n: int = 4, max_tokens: int = 96) -> Plan:
        return Plan((Candidate(T_TEST, -0.01),), self.first(grounded))


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = SimpleNamespace(need_stack=lambda: Stack(Planner(), run_text))
    monkeypatch.setattr("havoc.serving.runtime.load_runtime", lambda *a, **k: loaded)


def ask(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        cli.main(["ask", *arguments])
    printed = capsys.readouterr()
    return int(stop.value.code or 0), printed.out, printed.err


def test_the_next_request_changes_the_program_of_the_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "talk.json")
    assert ask(capsys, FILL, "--session", file)[0] == 0
    status, out, _ = ask(capsys, "same with alpha 0.01", "--session", file, "--json")
    told: dict[str, Any] = json.loads(out)
    assert status == 0
    assert "alpha=0.01" in told["program"]
    assert [t.request for t in session.read(Path(file))] == [FILL, "same with alpha 0.01"]


def test_a_refused_change_keeps_the_conversation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "talk.json"
    ask(capsys, FILL, "--session", str(file))
    status, _, err = ask(capsys, "drop point 70", "--session", str(file))
    assert status == 2
    assert "no point 70" in err
    assert session.read(file)[-1].program == ""
    status, out, _ = ask(capsys, "now drop point 7", "--session", str(file))
    assert status == 0
    assert "without point 7" in out.split("\n")[0].casefold()


def test_brief_is_shorter_than_normal_and_links_are_not_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    brief = ask(capsys, FILL, "--detail", "brief")[1]
    normal = ask(capsys, FILL)[1]
    assert normal.startswith(brief.strip().split("\n")[0])
    assert "### Program" in normal
    assert "###" not in brief
    assert "#v:" not in normal
    assert ask(capsys, FILL, "--detail", "lots")[0] == 2


@pytest.mark.parametrize("text", ["{", '{"request": "x"}', '[{"program": "x"}]', '["x"]'])
def test_a_file_that_is_no_session_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(InputError, match="session"):
        session.read(path)


def test_turns_survive_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    session.write(path, (Turn("a", "p\n"),), "b", {"status": "refused", "program": "q"})
    assert session.read(path) == (Turn("a", "p\n"), Turn("b", ""))
    assert session.read(tmp_path / "none.json") == ()
