"""Run logging: the small protocol that training, evaluation and packaging write to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol


class RunLogger(Protocol):
    """Where a run's parameters, metrics and files go."""

    @property
    def run_id(self) -> str:
        """Name under which the run can be continued; empty where there is none."""

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Record what the run was started with."""

    def log_metrics(self, metrics: Mapping[str, float], step: int) -> None:
        """Record figures of one step."""

    def set_tags(self, tags: Mapping[str, str]) -> None:
        """Record what the run is of: code, data, stage."""

    def log_artifact(self, path: Path) -> None:
        """Keep a file or folder with the run."""


class NullLogger:
    """Keeps nothing."""

    run_id = ""

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Do nothing."""

    def log_metrics(self, metrics: Mapping[str, float], step: int) -> None:
        """Do nothing."""

    def set_tags(self, tags: Mapping[str, str]) -> None:
        """Do nothing."""

    def log_artifact(self, path: Path) -> None:
        """Do nothing."""
