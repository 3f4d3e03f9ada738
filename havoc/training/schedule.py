"""The learning rate: warmup, then a course that follows steps or elapsed time."""

from __future__ import annotations

import math
from typing import Any

from havoc.config import TrainingConfig


def course(config: TrainingConfig, progress: float) -> float:
    """Return the share of the peak above the floor at a progress of 0 to 1 after warmup."""
    progress = min(max(progress, 0.0), 1.0)
    if config.schedule == "constant":
        return 1.0
    if config.schedule == "linear":
        return 1.0 - progress
    if config.schedule == "cosine":
        return 0.5 * (1.0 + math.cos(math.pi * progress))
    start = 1.0 - config.decay_share  # wsd: warmup, stable, decay
    return 1.0 if progress <= start else (1.0 - progress) / config.decay_share


class Schedule:
    """Factor of every learning rate at the coming step.

    The factor depends on the step and, where the run has a time budget, on the seconds spent; both
    are state, so a resumed run continues where it stood.
    """

    def __init__(self, config: TrainingConfig) -> None:
        self.config = config
        self.step = 0
        self.seconds = 0.0

    @property
    def finished(self) -> bool:
        """Whether the steps or the seconds are used up."""
        limit = self.config.max_seconds
        return self.step >= self.config.max_steps or (limit is not None and self.seconds >= limit)

    @property
    def factor(self) -> float:
        """Share of the peak learning rate for the coming step."""
        warmup = self.config.warmup_steps
        if self.step < warmup:
            return (self.step + 1) / warmup
        steps = max(self.config.max_steps - warmup, 1)
        progress = (self.step - warmup) / steps
        if self.config.max_seconds is not None:
            progress = max(progress, self.seconds / self.config.max_seconds)
        floor = self.config.min_lr / self.config.learning_rate
        return floor + (1.0 - floor) * course(self.config, progress)

    def state_dict(self) -> dict[str, Any]:
        """Return step and seconds."""
        return {"step": self.step, "seconds": self.seconds}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a step."""
        self.step, self.seconds = int(state["step"]), float(state["seconds"])
