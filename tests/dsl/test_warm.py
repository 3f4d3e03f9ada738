"""What the fork server runs beforehand must run, or it would warm nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from havoc.dsl.executor import run_text
from havoc.tools.operation import operations

LOOK = (
    "import havoc.dsl.warm as w; print(*w.EXAMPLES)"  # in a process of its own: importing runs them
)


@pytest.fixture(scope="module")
def examples() -> list[str]:
    found = subprocess.run(
        [sys.executable, "-c", LOOK], capture_output=True, text=True, check=True, timeout=300
    )
    return found.stdout.splitlines()[-1].split()


def test_each_example_that_warms_a_worker_runs(examples: list[str]) -> None:
    assert len(examples) >= 10
    for name in examples:
        assert run_text(operations()[name].examples[0]).passed, name
