"""``make run``: data, the whole pipeline, one question, and what to open next.

Every part does only what is stale; interrupted, the next run goes on where this one was.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

from havoc.errors import InputError
from pipelines import places
from pipelines.dvc_stage import data_status

QUESTION = (
    "Design a Box-Behnken DOE for temperature 150-200 degC, pressure 1-5 bar "
    "and time 10-30 min with 3 center points"
)
PATIENCE_SECONDS = 120.0  # for what was interrupted to end
ASKED_BACK = 3  # exit status of `havoc ask`: it needs clarification
NEXT = """
What to open next
  havoc ask "is 502 498 505 499 503 507 off target 500?"    ask something of your own
  havoc ask "..." --data measurements.csv                    ... about a file
  havoc serve                                                the service, on http://127.0.0.1:3000
  make dev                                                   Dagster, on http://127.0.0.1:3001
  make mlflow                                                MLflow, on http://127.0.0.1:5000
  artifacts/evaluation/report.html                           how good the model is
(the commands live in .venv/bin: source .venv/bin/activate)
"""


def main() -> int:
    """Run everything; the exit status of the first part that fails."""
    began = time.perf_counter()
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
    }
    try:
        _data(environment)
        _call([sys.executable, "-m", "dvc", "repro"], environment)
        print(
            f"\nThe pipeline is up to date ({time.perf_counter() - began:.0f} s). Asking:\n  {QUESTION}\n",
            flush=True,
        )
        _ask(environment)
    except subprocess.CalledProcessError as error:
        return error.returncode or 1
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ninterrupted; run it again to go on", file=sys.stderr)
        return 130
    print(NEXT)
    return 0


def _call(command: list[str], environment: dict[str, str]) -> None:
    status = _status(command, environment)
    if status:
        raise subprocess.CalledProcessError(status, command)


def _status(command: list[str], environment: dict[str, str]) -> int:
    """Run a command to its end; interrupted, it is given time to put its things away.

    Ctrl-C reaches it too: a training saves its checkpoint, DVC takes its locks back. ``subprocess.run`` would kill it
    after a quarter of a second.
    """
    process = subprocess.Popen(command, env=environment)
    try:
        return process.wait()
    except KeyboardInterrupt:
        with contextlib.suppress(KeyboardInterrupt, subprocess.TimeoutExpired):  # a second Ctrl-C
            process.wait(PATIENCE_SECONDS)
        process.terminate()
        raise


def _ask(environment: dict[str, str]) -> None:
    """Ask the one question; that a planner trained for moments asks back is no failure of the pipeline."""
    command = [sys.executable, "-m", "havoc", "ask", QUESTION]
    status = _status(command, environment)
    if status == ASKED_BACK:
        print(
            "\n(The planner asks back. After the few steps of the profile smoke it knows no better;"
            " after those of laptop it answers.)",
            flush=True,
        )
    elif status:
        raise subprocess.CalledProcessError(status, command)


def _data(environment: dict[str, str]) -> None:
    """Build ``data/`` where it was not finished before; say whether it is what ``data.dvc`` records."""
    if not (places.REPORTS / "data.json").exists() or not places.DATA.exists():
        _call([sys.executable, "-m", "pipelines.steps", "data"], environment)
    version, same = data_status()
    if same:
        print(f"data/ is what data.dvc records ({version})", flush=True)
    else:
        print(
            "data/ is not what data.dvc records: other package versions, or files of your own; both are fine",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
