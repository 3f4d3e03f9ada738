"""Whether results are still what EXECUTE computed, from the data that the request came with."""

from __future__ import annotations

import hashlib
import json

from havoc.dsl.executor import Execution, step_json
from havoc.srs.state import Request
from havoc.tools.operation import Check


def fingerprint(execution: Execution) -> str:
    """SHA-256 over every step's result and over what it was given, in order."""
    digest = hashlib.sha256()
    for step in execution.steps:
        digest.update(json.dumps(step_json(step), sort_keys=True, default=str).encode())
        digest.update(repr(sorted(step.arguments.items())).encode())
    return digest.hexdigest()


def integrity(execution: Execution, seal: str, request: Request) -> list[Check]:
    """One check that the results are unchanged, one for each file that the data are the request's."""
    now = fingerprint(execution)
    checks = [
        Check("results unchanged since they were computed", seal[:16], now[:16], 0.0, seal == now)
    ]
    for table in execution.tables.values():
        current = request.tables.get(table.source or "")
        if current is not None:
            same = current.columns == table.columns
            told = f"{current.n_rows} rows", f"{table.n_rows} rows"
            checks.append(Check(f"data of {table.source} current", *told, 0.0, same))
    return checks
