"""Running one step: alone, its checks after it, its report, and one line that says why it failed.

The checks belong to the step, not to a driver, so that whatever blocks under Dagster blocks under ``dvc repro`` too.
Whoever drives reads what became of it from ``logs/steps``: NAME.log (what it said), NAME.failure (the one line).
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import re
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from havoc.config import Settings
from havoc.errors import InputError
from pipelines import checks, places, profile
from pipelines.figures import figures_of

_FULL = re.compile(r"no space left|disk is full|disk full|file write failed|unexpected pos", re.I)


def say(message: str) -> None:
    """Progress, one line."""
    print(f"  {message}", flush=True)
    if _log:
        with contextlib.suppress(OSError), _log[-1].open("a", encoding="utf-8") as file:
            file.write(message + "\n")


_log: list[Path] = []  # of the step that this process runs
_locks: list[int] = []


def run(name: str, step: Callable[[Settings], dict[str, Any]]) -> int:
    """Run a step as a command: its exit status, 0 done, 2 bad input, 1 a failure, 130 stopped."""
    places.STEP_LOGS.mkdir(parents=True, exist_ok=True)
    if "DVC_STAGE" in os.environ:
        _stop_with_parent()
    failure = places.STEP_LOGS / f"{name}.failure"
    _log.append(places.STEP_LOGS / f"{name}.log")
    print(f"== {name}", flush=True)
    try:
        with alone(name):
            failure.unlink(missing_ok=True)
            _log[-1].write_text("")
            report = run_step(name, step)
    except InputError as error:
        return _fail(failure, f"{name}: {error}", 2)
    except KeyboardInterrupt as stopped:
        return _fail(failure, f"{name}: {str(stopped) or 'interrupted; run it again'}", 130)
    except Exception as error:
        return _fail(failure, f"{name}: {_one_line(error)}", 1)
    print(f"== {name} done in {report['seconds']} s", flush=True)
    return 0


def run_step(
    name: str, step: Callable[[Settings], dict[str, Any]], settings: Settings | None = None
) -> dict[str, Any]:
    """Run a step and its checks; write its report to ``artifacts/reports``, the figures to ``artifacts/metrics``.

    Raises
    ------
    InputError
        If a check that blocks did not pass. What the step wrote stays, unrecorded, to be looked at.
    """
    settings = settings or profile.settings()
    for line in profile.other_versions():
        say(line)
    began = time.perf_counter()
    report = {**step(settings)}
    found = checks.run_checks(name, settings, report)
    report = {"seconds": round(time.perf_counter() - began, 2), **report}
    if found:
        report["checks"] = {c.name: asdict(c) for c in found}
    write_json(places.REPORTS / f"{name}.json", report)
    write_json(places.METRICS / f"{name}.json", figures_of(name, report))
    failed = [c for c in found if not c.passed]
    for check in failed:
        say(f"check {check.name}: {check.detail}")
    if failed and name not in checks.FAIL_THE_NEXT:
        raise InputError("; ".join(f"check {c.name} failed: {c.detail}" for c in failed))
    return report


def write_json(path: Path, value: Any) -> None:
    """Write JSON, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.partial")
    draft.write_text(json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n")
    draft.replace(path)


@contextlib.contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold the step's lock: two runs of one step would write into the same places.

    The kernel gives the lock up when the process ends, however it ends.
    """
    path = places.STEP_LOGS / f"{name}.lock"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise InputError(
                f"another process runs this step now ({file.read().strip() or 'unknown'});"
                " wait for it, or stop it"
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        _locks.append(file.fileno())
        try:
            yield
        finally:
            _locks.remove(file.fileno())


def held_locks() -> tuple[int, ...]:
    """The open files whose locks this process holds: a child that has one too keeps the step locked."""
    return tuple(_locks)


def _stop_with_parent() -> None:
    """Ask Linux to stop this process when the ``dvc`` that started it is killed: nobody would record its result."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _fail(path: Path, line: str, status: int) -> int:
    line = " ".join(line.split())
    print(line, file=sys.stderr, flush=True)
    with contextlib.suppress(OSError):  # a full disk has no room for the line either
        path.write_text(line + "\n", encoding="utf-8")
    return status


def _one_line(error: Exception) -> str:
    """What happened in one line; the traceback goes to the step's log (HAVOC_DEBUG=1 prints it)."""
    text = traceback.format_exc()
    if os.environ.get("HAVOC_DEBUG") == "1":
        print(text, file=sys.stderr)
    if is_disk_full(error):
        free = shutil.disk_usage(".").free / 1e6
        return f"the disk is full ({free:.0f} MB free): make room and run it again"
    with contextlib.suppress(OSError), _log[-1].open("a", encoding="utf-8") as file:
        file.write(text)
    first = next((s.strip() for s in str(error).splitlines() if s.strip()), "")
    return f"{type(error).__name__}: {first[:300]} (details in {_log[-1]})"


def is_disk_full(error: BaseException | None) -> bool:
    """Whether a failure, or what it was raised from, says that there is no room: libraries say it in many ways."""
    while error is not None:
        if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
            return True
        if _FULL.search(str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False
