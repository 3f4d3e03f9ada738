"""A training over several processes: torchrun starts them, the step waits for them and tells what became of them.

``training_processes`` of the profile says how many there are in all; 1 trains in the step's own process. They are
started on this machine unless HAVOC_TORCHRUN holds the whole command of another launcher, such as ``srun --nodes=8
--ntasks-per-node=1 torchrun --nnodes=8 --nproc_per_node=8 --rdzv_backend=c10d --rdzv_endpoint=HOST:29500`` (an
environment variable and no parameter: where they run changes nothing in the result). All of them see the project's
folder.

Whoever drives the step sees one process: it holds the step's lock, is told to stop, and gives the one line.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from havoc.config import Settings
from havoc.disk import write_whole
from havoc.errors import InputError
from havoc.tracking import SESSION
from pipelines import places, profile, running
from pipelines.provenance import session
from pipelines.training import train_model

TORCHRUN = "HAVOC_TORCHRUN"
SAVING_SECONDS = 600  # that processes told to stop have for their checkpoint
RESULT, STOPPED = "result.json", "stopped"
_prctl = getattr(ctypes.CDLL(None), "prctl", None)  # looked up before any fork


def train(stage: str, settings: Settings, say: Callable[[str], None]) -> dict[str, Any]:
    """Train one stage in as many processes as the profile says; return its report.

    Raises
    ------
    InputError, RuntimeError
        With the line of the process that failed first.
    KeyboardInterrupt
        If this process was told to stop: the others have saved their checkpoint.
    """
    processes = settings.pipeline.training_processes
    if processes == 1:
        return train_model(stage, settings, say)
    folder = places.STEP_LOGS / f"{stage}.processes"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    say(f"{processes} processes, their messages in {folder}/torchrun.log")
    status, told = _run(_command(stage, processes, folder), folder)
    if told or (folder / STOPPED).exists():
        raise KeyboardInterrupt("stopped; its checkpoint is kept, run it again to go on")
    if status or not (folder / RESULT).exists():
        raise _reason(folder, status)
    report: dict[str, Any] = json.loads((folder / RESULT).read_text())
    return {**report, "processes": processes}


def _command(stage: str, processes: int, folder: Path) -> list[str]:
    here = [
        *(sys.executable, "-m", "torch.distributed.run", "--standalone"),
        f"--nproc_per_node={processes}",
        f"--shutdown_timeout={SAVING_SECONDS}",
    ]
    given = shlex.split(os.environ.get(TORCHRUN, ""))
    return [*(given or here), "-m", "pipelines.launching", stage, str(processes), str(folder)]


def _run(command: list[str], folder: Path) -> tuple[int, bool]:
    """Run the launcher; its exit status, and whether this process was told to stop meanwhile."""
    environment = {"OMP_NUM_THREADS": "1", **os.environ, SESSION: session()}
    with (folder / "torchrun.log").open("w") as log:
        try:
            # In a session of its own: Ctrl-C reaches it once, through us. A second signal would end it at once.
            # With the step's lock: until all have ended no other run of the step may begin.
            launcher = subprocess.Popen(
                command, env=environment, stderr=log, start_new_session=True,
                preexec_fn=_end_with_us, pass_fds=running.held_locks(),
            )  # fmt: skip
        except OSError as error:
            raise InputError(f"{TORCHRUN}: {error.strerror}: {command[0]}") from error
        with _handed_on(launcher) as told:
            return launcher.wait(), bool(told)


def _end_with_us() -> None:
    """In the new process, before its program: Linux tells it to stop when this one is killed."""
    if _prctl is not None:
        _prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


@contextlib.contextmanager
def _handed_on(launcher: subprocess.Popen[bytes]) -> Iterator[list[int]]:
    """Hand the first SIGTERM or Ctrl-C on as SIGTERM, which saves; a second one ends all at once."""
    told: list[int] = []

    def hand_on(number: int, frame: FrameType | None) -> None:
        told.append(number)
        with contextlib.suppress(ProcessLookupError):
            launcher.send_signal(signal.SIGTERM if len(told) == 1 else signal.SIGKILL)

    before = {s: signal.signal(s, hand_on) for s in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _reason(folder: Path, status: int) -> Exception:
    """Why the launcher failed: what the process that failed first said, for the others fail after it."""
    failures = [json.loads(p.read_text()) for p in folder.glob("failure-*.json")]
    first = min(failures, key=lambda f: float(f["time"]), default=None)
    if first is not None and first["input"]:
        return InputError(first["line"])
    line = str(first["line"]) if first else f"a process was lost (torchrun ended with {status})"
    return RuntimeError(f"{line}; more in {folder}/torchrun.log")


def main(stage: str, processes: int, folder: Path) -> int:
    """One of the processes: what torchrun runs."""
    if _prctl is not None:
        _prctl(1, signal.SIGKILL)  # lives no longer than its launcher, which lets it save
    rank = int(os.environ.get("RANK", "0"))
    if rank:  # one keeps the run's record
        os.environ["HAVOC_TRACKING"] = "off"
    try:
        started = int(os.environ.get("WORLD_SIZE", "1"))
        if started != processes:
            raise InputError(
                f"{TORCHRUN} starts {started} processes, training_processes is {processes}"
            )
        report = train_model(stage, profile.settings(), lambda line: print(f"  {line}", flush=True))
    except KeyboardInterrupt:  # all stop at the same step, whichever was told to
        if rank == 0:
            write_whole(folder / STOPPED, "")
        return 130
    except Exception as error:
        text = next((s.strip() for s in str(error).splitlines() if s.strip()), "")
        bad = isinstance(error, InputError)
        line = text if bad else f"{type(error).__name__}: {text[:300]}"
        with contextlib.suppress(OSError):
            said = {"time": time.time(), "input": bad, "line": line}
            write_whole(folder / f"failure-{rank}.json", json.dumps(said))
        if bad:
            return 2
        raise
    if rank == 0:
        write_whole(folder / RESULT, json.dumps(report, default=str))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
