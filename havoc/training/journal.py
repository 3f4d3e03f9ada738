"""What a run tells: a log file, one JSON line a logged step, a progress bar, and the run logger."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from havoc.tracking import RunLogger


class Journal:
    """The record of one run.

    Parameters
    ----------
    folder
        Takes ``train.log`` and ``metrics.jsonl``.
    logger
        The tracking service.
    show_progress
        Draw a bar, if there is a terminal to draw on.
    silent
        Write nothing: of several processes only the first tells.
    """

    def __init__(
        self, folder: Path, logger: RunLogger, *, show_progress: bool = True, silent: bool = False
    ) -> None:
        self.silent = silent
        self.metrics_path = folder / "metrics.jsonl"
        self.logger = logger
        self._log = logging.getLogger(f"havoc.training.{id(self)}")
        self._log.setLevel(logging.INFO)
        self._log.propagate = False
        if not silent:
            folder.mkdir(parents=True, exist_ok=True)
            handler = logging.FileHandler(folder / "train.log", encoding="utf-8")
            handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
            self._log.addHandler(handler)
        show_progress = show_progress and not silent
        console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("training"),
            BarColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not (show_progress and console.is_terminal),
        )
        self._task = self._bar.add_task("", total=1.0)
        self._bar.start()

    def say(self, message: str, *, warning: bool = False) -> None:
        """Write a line to the log."""
        if self.silent:
            return
        self._log.log(logging.WARNING if warning else logging.INFO, message)

    def rewind(self, step: int) -> None:
        """Forget figures logged after a step: the run goes on from there."""
        if self.silent or not self.metrics_path.exists():
            return
        kept = []
        for line in self.metrics_path.read_text(encoding="utf-8").splitlines():
            try:
                if json.loads(line)["step"] <= step:
                    kept.append(line + "\n")
            except (ValueError, KeyError):
                self.say("metrics.jsonl: a line cut short was dropped", warning=True)
        self.metrics_path.write_text("".join(kept), encoding="utf-8")

    def metrics(self, step: int, values: Mapping[str, float]) -> None:
        """Record the figures of a step."""
        if self.silent:
            return
        clean = {k: v if math.isfinite(v) else None for k, v in values.items()}
        with self.metrics_path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"step": step, **clean}) + "\n")
        self.logger.log_metrics({k: v for k, v in values.items() if math.isfinite(v)}, step)
        self.say(f"step {step} " + " ".join(f"{k} {v:.6g}" for k, v in values.items()))

    def progress(self, share: float, text: str) -> None:
        """Move the bar."""
        self._bar.update(self._task, completed=share, description=text)

    def close(self) -> None:
        """Take the bar away and close the log."""
        self._bar.stop()
        for handler in list(self._log.handlers):
            handler.close()
            self._log.removeHandler(handler)


def flat(prefix: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values under dotted names."""
    return {f"{prefix}.{name}": value for name, value in values.items()}
