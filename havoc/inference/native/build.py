"""Compile the kernels with the system's C++ compiler; used by the install and on first use.

Only the standard library is needed here: ``setup.py`` runs this file before anything is installed.
One library holds all instruction sets and chooses at run time, so it may be built on one machine
and used on another of the same architecture.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
NAME = "_engine.so"
FLAGS = (
    "-std=c++17",
    "-O3",
    "-fPIC",
    "-shared",
    "-pthread",
    "-fvisibility=hidden",
    "-fno-math-errno",
    # Only the products and sums written as one are one: results must not depend on the compiler.
    "-ffp-contract=off",
)
# Without the C++ runtime as a dependency the library also loads in a container that has none.
STATIC = ("-static-libstdc++", "-static-libgcc")


class BuildError(Exception):
    """The kernels could not be compiled; the message says why."""


def sources() -> list[Path]:
    """Return every file the library is made of."""
    return sorted(p for p in HERE.iterdir() if p.suffix in {".cpp", ".h", ".inc"})


def source_hash() -> str:
    """Return a name for this state of the sources and flags."""
    digest = hashlib.sha256(" ".join(FLAGS).encode())
    for path in sources():
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def compiler() -> str | None:
    """Return the C++ compiler: ``$CXX``, else g++, clang++ or c++ of the path."""
    names = [os.environ.get("CXX", ""), "g++", "clang++", "c++"]
    return next((found for name in names if name and (found := shutil.which(name))), None)


def build(target: Path, extra: Sequence[str] = ()) -> None:
    """Compile the library to ``target``; whole or not at all.

    Parameters
    ----------
    target
        File to write.
    extra
        Flags after the usual ones, for example a sanitiser's.

    Raises
    ------
    BuildError
        If there is no compiler, or it fails.
    """
    found = compiler()
    if found is None:
        raise BuildError("no C++ compiler (g++ or clang++) was found")
    target.parent.mkdir(parents=True, exist_ok=True)
    units = [str(p) for p in sources() if p.suffix == ".cpp"]
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        draft = Path(folder) / NAME
        named = f'-DHAVOC_SOURCE="{source_hash()}"'
        command = [found, *FLAGS, *extra, named, *units, "-o", str(draft)]
        for runtime in (() if extra else STATIC, ()):
            try:
                run = subprocess.run(
                    [*command, *runtime], capture_output=True, text=True, timeout=300, check=False
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                raise BuildError(f"{found} failed: {error}") from None
            if run.returncode == 0:
                os.replace(draft, target)
                return
    last = next((line for line in run.stderr.splitlines() if "error" in line), "no reason given")
    raise BuildError(f"{found} failed: {last}")


if __name__ == "__main__":
    build(HERE / NAME)
