"""``havoc eval``: everything that can be measured of a stack, in one go."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from havoc.errors import InputError
from havoc.evaluation.ablation import ablate
from havoc.evaluation.regression import falls
from havoc.evaluation.report import write_report
from havoc.evaluation.requests import measure_requests
from havoc.srs.state import Stack


def measure(
    stack: Stack,
    files: Sequence[Path],
    programs: int = 0,
    ablation: bool = False,
    progress: Callable[[str], None] = lambda message: None,
) -> dict[str, Any]:
    """Requests of every file, held-out programs, and the files again with stages switched off.

    Parameters
    ----------
    programs : held-out pairs of each split that are judged; 0 leaves them out.
    """
    found: dict[str, Any] = {
        "requests": {p.stem: measure_requests(p, stack, progress) for p in files}
    }
    if programs:
        from havoc.evaluation.programs import measure_programs
        from havoc.inference.planner import Planner

        if not isinstance(stack.planner, Planner):
            raise InputError("held-out programs are judged on a local model only")
        beam = stack.config.candidates
        found["programs"] = measure_programs(stack.planner, programs, beam=beam, progress=progress)
    if ablation:
        found["ablation"] = {p.stem: ablate(p, stack, progress) for p in files}
    return found


def read_details(path: Path) -> dict[str, Any]:
    """The ``details.json`` of an earlier evaluation."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InputError(f"'{path}' is no details.json of an evaluation") from None
    if not isinstance(found, dict) or "requests" not in found:
        raise InputError(f"'{path}' is no details.json of an evaluation: it has no 'requests'")
    return found


def told(found: Mapping[str, Any]) -> str:
    """The figures for a terminal."""
    lines = []
    for name, figures in found.get("requests", {}).items():
        lines.append(
            f"{name}: {figures['right']} of {figures['requests']} right, "
            f"{figures['answered_wrong']} answered wrong"
        )
        lines += [f"  {key}: {why}" for key, why in figures["failed"].items()]
    for split, figures in found.get("programs", {}).items():
        if isinstance(figures, Mapping) and "result" in figures:
            lines.append(f"programs, {split}: {figures['result']:.3f} right by result")
    for name, table in found.get("ablation", {}).items():
        lines.append(f"{name}, stages switched off:")
        lines += [
            f"  {variant}: {row['right']} right, {row['answered_wrong']} wrong"
            for variant, row in table.items()
        ]
    return "\n".join(lines)


__all__ = ["falls", "measure", "read_details", "told", "write_report"]
