"""A pytest plugin: the run uses the library that ``SANITISED_KERNELS`` names."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

import pytest

from havoc.inference.native import library


def _opened() -> ctypes.CDLL:
    found = library._open(Path(os.environ["SANITISED_KERNELS"]), "")
    if found is None:
        raise pytest.UsageError("the sanitised kernels do not load")
    return found


# Before the runner is imported, which takes the function by name.
_found = _opened()
library.library = lambda: _found  # type: ignore[assignment]
from havoc.inference.native import runner  # noqa: E402

assert runner.library() is _found
