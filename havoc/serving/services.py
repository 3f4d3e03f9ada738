"""What the routes work with, and the limits they keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from havoc.serving.admission import Admission
from havoc.serving.metrics import Metrics
from havoc.serving.models import Models
from havoc.serving.runs import RunStore
from havoc.serving.runtime import Runtime


@dataclass(frozen=True)
class ServerSettings:
    """Limits of the server.

    Parameters
    ----------
    slots, queue : answers and programs worked on at a time, and waiting.
    text_slots, text_queue : the same for text, which the engine writes in batches.
    max_body_bytes, body_seconds : the largest body, and how long it may take to arrive.
    hosts : names the server answers to; empty for any.
    cors : origins whose pages may call it.
    ui : the folder of the built web UI; None looks for it.
    state : folder of finished runs, keys and the audit log; None keeps runs in memory, writes no
        audit log and knows no keys.
    auth : whether a key is needed.
    run_capacity, abandoned_after, answer_seconds : see ``RunStore``.
    follow : seconds between looks for a newer model; 0 looks only when told.
    """

    slots: int = 2
    queue: int = 16
    text_slots: int = 64
    text_queue: int = 64
    max_body_bytes: int = 32_000_000
    body_seconds: float = 60.0
    hosts: Sequence[str] = ()
    cors: Sequence[str] = ()
    ui: Path | None = None
    state: Path | None = None
    auth: bool = False
    run_capacity: int = 200
    abandoned_after: float = 15.0
    answer_seconds: float = 300.0
    follow: float = 0.0


@dataclass(frozen=True)
class Services:
    """What the routes work with."""

    models: Models
    admission: Admission
    text: Admission
    runs: RunStore
    metrics: Metrics

    @property
    def runtime(self) -> Runtime:
        """The model of the moment; a request takes it once and keeps it."""
        return self.models.current
