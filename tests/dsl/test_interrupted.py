"""Ctrl-C goes to every process of a terminal: the fork server and the workers leave it to their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

# A shell that starts a program in the background has it ignore Ctrl-C, and so its children: not here.
HEEDED = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
WHILE_LOADING = f"""
{HEEDED}
import time
from havoc.dsl.bounded import prepare
try:
    prepare()
    print("started", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
WHILE_WORKING = f"""
{HEEDED}
from havoc.dsl.bounded import run_bounded
try:
    run_bounded("r = stats.t_test_one([1, 2, 3], target=2)")
    print("started", flush=True)
    run_bounded("r = maths.ode(d2y == -4*y, variable=t, initial=[1, 0], at=1000000)")
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="there is no fork server here")
@pytest.mark.parametrize(
    ("script", "seconds"),
    [(WHILE_LOADING, 0.05), (WHILE_LOADING, 0.5), (WHILE_WORKING, 1.0)],
    ids=["just started", "loading", "working"],
)
def test_ctrl_c_ends_the_program_and_nobody_prints_a_traceback(script: str, seconds: float):
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout.readline() == "started\n"
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert (out, err) == ("interrupted\n", "")
    assert process.returncode == 0
