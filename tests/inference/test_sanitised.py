"""The kernels under the compiler's sanitisers: no address, no undefined step.

Each run is a process of its own, in which the engine's tests use a library compiled for the
occasion; the library that the install built is left alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from havoc.inference.native import build

TESTS = Path(__file__).parents[1]
# The runtime must come first; libstdc++ beside it, or it does not see exceptions being thrown.
PRELOADED = ("libasan.so", "libstdc++.so.6")
FLAGS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g", "-O1")
CHOSEN = ["test_native.py", "test_engine.py", "test_scheduler.py"]
LEFT_OUT = "variable or compiler"  # about finding and building the library


def runtime(name: str) -> str | None:
    """Return where the compiler keeps a library of its own; None where it has none."""
    found = build.compiler()
    if found is None:
        return None
    query = [found, f"-print-file-name={name}"]
    run = subprocess.run(query, capture_output=True, text=True, check=False)
    path = Path(run.stdout.strip())
    return str(path.resolve()) if path.is_absolute() and path.exists() else None


@pytest.mark.slow
@pytest.mark.parametrize("threads", ["1", "2"])
def test_the_kernels_pass_under_the_sanitisers(threads: str, tmp_path: Path) -> None:
    libraries = [runtime(name) for name in PRELOADED]
    if None in libraries:
        pytest.skip("the compiler has no sanitisers here")
    target = tmp_path / "sanitised.so"
    build.build(target, extra=FLAGS)
    environment = {
        **os.environ,
        "LD_PRELOAD": ":".join(filter(None, libraries)),
        "ASAN_OPTIONS": "detect_leaks=0",  # the interpreter's own
        "UBSAN_OPTIONS": "print_stacktrace=1",
        "ENGINE_THREADS": threads,
        "PYTHONMALLOC": "malloc",
        "PYTHONPATH": str(TESTS),
        "SANITISED_KERNELS": str(target),
    }
    files = [str(TESTS / "inference" / name) for name in CHOSEN]
    command = [sys.executable, "-X", "faulthandler", "-m", "pytest", "-q", "-x"]
    command += [
        "-p",
        "inference.sanitised",
        "-p",
        "no:cacheprovider",
        "-k",
        f"not ({LEFT_OUT})",
        *files,
    ]
    run = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    assert run.returncode == 0, (run.stdout + run.stderr)[-4000:]
