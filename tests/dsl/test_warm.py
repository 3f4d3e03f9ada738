"""What the fork server runs beforehand must run, or it would warm nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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


def test_workers_do_not_import_the_main_module_anew(tmp_path: Path) -> None:
    # a command line or a service takes longer to import than a program takes to run
    script = tmp_path / "service.py"
    script.write_text(
        "from havoc.dsl.bounded import run_bounded\n"
        "with open('imported', 'a') as file:\n"
        "    file.write(__name__ + ' ')\n"
        "if __name__ == '__main__':\n"
        "    for _ in range(2):\n"
        "        print(run_bounded('r = stats.describe(x=[1, 2, 6])').steps[0].operation)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "imported").read_text() == "__main__ "
