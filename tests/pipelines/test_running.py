"""Running a step: alone, its checks blocking, its failure one line, nothing half-written taken for whole."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from small_project import ROOT

from havoc.errors import InputError
from pipelines import checks, running

HOLD = """
import sys, time
from pipelines.running import alone
with alone("corpus"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty project: only its parameters."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HAVOC_CONFIGS", str(ROOT / "configs"))
    (tmp_path / "params.yaml").write_text((ROOT / "params.yaml").read_text())
    (tmp_path / "logs" / "steps").mkdir(parents=True)


def run(step: Any, name: str = "bento") -> int:
    return running.run(name, step)


def failure(name: str = "bento") -> str:
    return Path(f"logs/steps/{name}.failure").read_text().strip()


def test_a_step_writes_its_report_and_its_few_figures() -> None:
    assert run(lambda settings: {"megabytes": 9.5, "bento": "havoc:x", "labels": {"a": "b"}}) == 0
    report = json.loads(Path("artifacts/reports/bento.json").read_text())
    assert report["labels"] == {"a": "b"}
    figures = json.loads(Path("artifacts/metrics/bento.json").read_text())
    assert set(figures) == {"seconds", "megabytes"}
    assert not Path("logs/steps/bento.failure").exists()


def test_bad_input_is_its_own_line_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    def step(settings: Any) -> dict[str, Any]:
        raise InputError("data: no document passed the filters")

    assert run(step) == 2
    assert failure() == "bento: data: no document passed the filters"
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_defect_is_one_line_with_the_traceback_in_the_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def step(settings: Any) -> dict[str, Any]:
        raise KeyError("shards")

    assert run(step) == 1
    assert failure().startswith("bento: KeyError: 'shards' (details in")
    assert "Traceback" in Path("logs/steps/bento.log").read_text()
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        RuntimeError("PytorchStreamWriter failed writing file data/0: file write failed"),
        RuntimeError("lance error: LanceError(IO): No space left on device (os error 28)"),
        RuntimeError("(sqlite3.OperationalError) database or disk is full"),
    ],
    ids=["python", "torch", "lancedb", "sqlite"],
)
def test_a_full_disk_is_told_as_one_whatever_library_meets_it(error: Exception) -> None:
    def step(settings: Any) -> dict[str, Any]:
        raise RuntimeError("wrapped") from error

    assert run(step) == 1
    assert "the disk is full" in failure()
    assert "make room and run it again" in failure()


def test_a_check_that_does_not_pass_fails_the_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(settings: Any, report: Any) -> tuple[bool, str]:
        return False, "0 of 1 planted copy removed"

    monkeypatch.setitem(checks.CHECKS, "bento", (never,))
    assert run(lambda settings: {"megabytes": 1.0}) == 2
    assert failure() == "bento: check never failed: 0 of 1 planted copy removed"
    report = json.loads(Path("artifacts/reports/bento.json").read_text())
    assert report["checks"]["never"]["passed"] is False


def test_a_second_run_of_a_step_says_who_runs_it() -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True, env=_environment()
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert run(lambda settings: {}, "corpus") == 2
        assert f"another process runs this step now (process {holder.pid})" in failure("corpus")
    finally:
        holder.kill()
        holder.wait()
    with running.alone("corpus"):  # the kernel gave up the lock of the killed process
        pass


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def test_a_step_stops_when_the_dvc_above_it_is_killed(tmp_path: Path) -> None:
    """Nobody would record its result; a training saves its checkpoint at SIGTERM."""
    # what pytest's own process does with SIGTERM must not be handed down
    step = (
        "import os, signal, time\n"
        "from pipelines.running import _stop_with_parent\n"
        "signal.signal(signal.SIGTERM, signal.SIG_DFL)\n"
        "signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])\n"
        "_stop_with_parent()\n"
        "open('child', 'w').write(str(os.getpid()))\n"
        "time.sleep(60)\n"
    )
    (tmp_path / "step.py").write_text(step)
    above = "import subprocess, sys; subprocess.run([sys.executable, 'step.py'])"
    parent = subprocess.Popen([sys.executable, "-c", above], env=_environment())
    child = _wait_for(tmp_path / "child")
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    for _ in range(600):
        if not _alive(child):
            return
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    pytest.fail("the step went on without its dvc")


def _wait_for(path: Path) -> int:
    for _ in range(1200):
        if path.exists() and path.read_text():
            return int(path.read_text())
        time.sleep(0.05)
    raise AssertionError(f"{path} was not written")


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state != "Z"


def test_a_small_disk_that_runs_full_leaves_the_last_result(tmp_path: Path) -> None:
    """A real full disk: a file system of one megabyte, where this user may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this user may not mount a file system")
    try:
        target = disk / "report.json"
        running.write_json(target, {"run": 1})
        filled = {"run": 2, "much": "x" * 2_000_000}
        with pytest.raises(OSError, match="No space left") as caught:
            running.write_json(target, filled)
        assert running.is_disk_full(caught.value)
        assert json.loads(target.read_text()) == {"run": 1}
    finally:
        subprocess.run(["umount", str(disk)], check=False)
