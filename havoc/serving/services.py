"""What the routes work with, and the limits they keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from havoc.serving.admission import Admission
from havoc.serving.runs import RunStore
from havoc.serving.runtime import Runtime


@dataclass(frozen=True)
class ServerSettings:
    """Limits of the server.

    ``hosts`` are the names it answers to (empty: any), ``ui`` the folder of the built web UI.
    """

    slots: int = 2
    queue: int = 16
    max_body_bytes: int = 32_000_000
    hosts: Sequence[str] = ()
    ui: Path | None = None
    run_capacity: int = 200
    abandoned_after: float = 60.0


@dataclass(frozen=True)
class Services:
    """What the routes work with."""

    runtime: Runtime
    admission: Admission
    runs: RunStore
