"""What a run counts and what it comes to."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from havoc.errors import InputError


class TrainingDiverged(InputError):
    """The loss or its gradient is not finite, and the configuration says to stop."""


@dataclass
class TrainingReport:
    """What a run came to."""

    stopped: str  # "finished", "signal" or "asked"
    steps: int
    tokens: int
    seconds: float
    tokens_per_second: float
    loss: float
    precision: str
    skipped_steps: int
    validation: dict[str, float] = field(default_factory=dict)
    checkpoint: Path | None = None
    resumed_from: int | None = None
    best_checkpoint: Path | None = None
    waiting_share: float = 0.0  # of the time, spent waiting for data


@dataclass
class Counters:
    """Counters that belong to the state of a run."""

    tokens: int = 0
    skipped: int = 0
    skipped_in_row: int = 0
    loss: float = math.nan
    best_loss: float | None = None
    best_step: int | None = None

    def improves(self, step: int, figures: Mapping[str, float]) -> bool:
        """Note a validation; return whether it is the best so far."""
        score = validation_loss(figures)
        if not math.isfinite(score) or (self.best_loss is not None and score >= self.best_loss):
            return False
        self.best_loss, self.best_step = score, step
        return True


def validation_loss(figures: Mapping[str, float]) -> float:
    """Return ``loss`` of a validation, or the mean of its groups' ``<group>.loss``; else nan."""
    if "loss" in figures:
        return float(figures["loss"])
    losses = [float(v) for name, v in figures.items() if name.endswith(".loss")]
    return sum(losses) / len(losses) if losses else math.nan


class Clock:
    """Seconds and speed of a run, those before it was resumed included."""

    def __init__(self, seconds: float, tokens: int) -> None:
        self._start = time.perf_counter()
        self._before, self._first = seconds, tokens
        self._last, self._last_tokens = self._start, tokens

    def leave_out(self, seconds: float) -> None:
        """Forget that many seconds, the last ones."""
        self._start += seconds
        self._last = min(self._last + seconds, time.perf_counter())

    def seconds(self) -> float:
        """Return the seconds trained so far."""
        return self._before + time.perf_counter() - self._start

    def here(self) -> float:
        """Return the seconds of this process."""
        return time.perf_counter() - self._start

    def pace(self, tokens: int) -> float:
        """Return tokens a second since the last call."""
        now = time.perf_counter()
        speed = (tokens - self._last_tokens) / (now - self._last)
        self._last, self._last_tokens = now, tokens
        return speed

    def overall(self, tokens: int) -> float:
        """Return tokens a second since the start of this process."""
        return (tokens - self._first) / (time.perf_counter() - self._start)
