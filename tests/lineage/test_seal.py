"""An answer's seal shows any change, its signature cannot be made without the key."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from havoc.dsl.executor import run_text
from havoc.errors import InputError
from havoc.seal import KEY_FILE, inputs_of, seal, signed, table_digest, unbroken
from havoc.tools.table_io import read_table

PROGRAM = "w = table(x=[5.1, 4.9, 5.0, 5.2, 4.8, 5.3])\nt = stats.t_test_one(x=w.x, target=5)\n"


def made() -> dict[str, Any]:
    execution = run_text(PROGRAM).to_json()
    mean = execution["results"][-1]["values"]["mean"]
    return {
        "status": "answered",
        "answer": f"The mean is [{mean:.4g}](#v:t.mean).",
        **execution,
        "provenance": {"model": "havoc@abc", "git": "1234"},
        "timings_ms": {"mode": 1.0},
    }


def again(document: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(document, ensure_ascii=False))


def test_a_sealed_answer_is_unbroken_after_it_was_written_and_read() -> None:
    assert unbroken(again(seal(made(), "is it 5?"))) is True


def test_an_answer_without_a_seal_says_so() -> None:
    assert unbroken(made()) is None


def _value(document: dict[str, Any]) -> None:
    document["results"][-1]["values"]["mean"] *= 1 + 1e-12


def _text(document: dict[str, Any]) -> None:
    document["answer"] += " "


def _program(document: dict[str, Any]) -> None:
    document["program"] = document["program"].replace("5.1", "5.2")


def _model(document: dict[str, Any]) -> None:
    document["provenance"]["model"] = "havoc@def"


def _audit(document: dict[str, Any]) -> None:
    document["audit"]["checks"].pop()


@pytest.mark.parametrize("change", [_value, _text, _program, _model, _audit])
def test_any_change_breaks_the_seal(change: Any) -> None:
    document = again(seal(made()))
    change(document)
    assert unbroken(document) is False


def test_what_a_transport_adds_does_not_break_the_seal() -> None:
    document = again(seal(made()))
    document |= {"id": 7, "candidates": [], "timings_ms": {"mode": 9.0}}
    assert unbroken(document) is True


def test_whoever_makes_a_new_seal_still_lacks_the_signature(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("k" * 64)
    monkeypatch.setenv(KEY_FILE, str(tmp_path / "key"))
    document = seal(made())
    assert signed(again(document)) is True
    forged = copy.deepcopy(document)
    _value(forged)
    forged["provenance"] = {
        **forged["provenance"],
        "seal": seal({k: v for k, v in forged.items() if k != "provenance"})["provenance"]["seal"],
    }
    assert signed(forged) is False
    (tmp_path / "key").write_text("another" * 9)
    assert signed(document) is False


def test_a_short_or_missing_key_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("short")
    monkeypatch.setenv(KEY_FILE, str(tmp_path / "key"))
    with pytest.raises(InputError, match="holds 5 bytes, a key needs 32"):
        seal(made())
    monkeypatch.setenv(KEY_FILE, str(tmp_path / "none"))
    with pytest.raises(InputError, match="cannot be read"):
        seal(made())


def test_a_table_is_known_by_its_content_not_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,a\n2.50,b\n")
    (tmp_path / "b.csv").write_text('"x";"y"\n1;a\n2.50;b\n')
    (tmp_path / "c.csv").write_text("x,y\n1,a\n2.51,b\n")
    a, b, c = (table_digest(read_table(tmp_path / f"{n}.csv")) for n in "abc")
    assert a == b != c
    document = seal(made(), "", {"a.csv": read_table(tmp_path / "a.csv")})
    assert inputs_of(document) == {"a.csv": a}
