"""Imported by the fork server: loads every operation once, for all workers.

Workers do not run the main module. ``multiprocessing`` would import it anew in each, since a function
sent to a process may live there; ours never do, and a command line or a BentoML service takes up to
two seconds to import, many times what a program takes to run.
"""

from __future__ import annotations

import multiprocessing.spawn

from havoc.tools.bind import unit_registry
from havoc.tools.operation import operations


def _without_main(_: str) -> None:
    """Stand in for what imports the main module."""


for _name in ("_fixup_main_from_name", "_fixup_main_from_path"):
    if hasattr(multiprocessing.spawn, _name):  # private: where it is gone, the module is imported
        setattr(multiprocessing.spawn, _name, _without_main)

operations()
unit_registry()
