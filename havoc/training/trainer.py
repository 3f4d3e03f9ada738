"""The trainer.

One step: take the micro-batches of the whole step first, so that the loss is the mean over all of
their weighted tokens whatever their sizes; accumulate gradients; clip; step. Nothing of a step
depends on the clock unless the run has a time budget, so a resumed run is bit-identical to one that
was never stopped.
"""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from torch import Tensor

import havoc
from havoc.config import TrainingConfig
from havoc.errors import InputError
from havoc.model import HavocModel
from havoc.tracking import NullLogger, RunLogger
from havoc.training import checkpoints
from havoc.training.checkpoints import Checkpoint
from havoc.training.data import Batch, Loader, to_device
from havoc.training.journal import Journal, flat
from havoc.training.optimisers import Optimisers
from havoc.training.precision import Precision, choose_device
from havoc.training.schedule import Schedule

Validator = Callable[[HavocModel], Mapping[str, float]]


class TrainingDiverged(RuntimeError):
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


@dataclass
class _Progress:
    """Counters that belong to the state of a run."""

    tokens: int = 0
    skipped: int = 0
    skipped_in_row: int = 0
    loss: float = math.nan


class _Clock:
    """Seconds and speed of a run, those before it was resumed included."""

    def __init__(self, seconds: float, tokens: int) -> None:
        self._start = time.perf_counter()
        self._before, self._first = seconds, tokens
        self._last, self._last_tokens = self._start, tokens

    def seconds(self) -> float:
        """Return the seconds trained so far."""
        return self._before + time.perf_counter() - self._start

    def pace(self, tokens: int) -> float:
        """Return tokens a second since the last call."""
        now = time.perf_counter()
        speed = (tokens - self._last_tokens) / (now - self._last)
        self._last, self._last_tokens = now, tokens
        return speed

    def overall(self, tokens: int) -> float:
        """Return tokens a second since the start of this process."""
        return (tokens - self._first) / (time.perf_counter() - self._start)


class Trainer:
    """Trains a model.

    Parameters
    ----------
    model
        The model, on the CPU or already on its device.
    config
        The run.
    loader
        Micro-batches of ``config.batch_size`` sequences.
    folder
        Takes the checkpoints.
    log_folder
        Takes ``train.log`` and ``metrics.jsonl``; ``folder / "logs"`` by default.
    logger
        The tracking service.
    validate
        Called on the model in evaluation mode every ``eval_every`` steps and at the end.
    facts
        Entries of each manifest beside data and code: ``tokenizer_sha256``, ``git``. A resumed run
        refuses a checkpoint with another ``tokenizer_sha256`` or other data.
    allow_mismatch
        Resume even so, and say it in the log.
    show_progress
        Draw a bar if there is a terminal.
    """

    def __init__(
        self,
        model: HavocModel,
        config: TrainingConfig,
        loader: Loader,
        folder: Path,
        *,
        log_folder: Path | None = None,
        logger: RunLogger | None = None,
        validate: Validator | None = None,
        facts: Mapping[str, str] | None = None,
        allow_mismatch: bool = False,
        show_progress: bool = True,
    ) -> None:
        if config.num_threads:
            torch.set_num_threads(config.num_threads)
        self.device = choose_device(config.device)
        self.model = model.to(self.device)
        self.model.activation_checkpointing = config.activation_checkpointing
        self.config, self.loader, self.folder = config, loader, folder
        self.precision = Precision.choose(config, self.device)
        self.scaler = self.precision.scaler()
        self.optimisers = Optimisers(model, config)
        self.schedule = Schedule(config)
        self.average = _copies(model) if config.ema_decay else None
        self.stop_asked = ""
        self._loss: Callable[..., Tensor] = model.loss
        self._eager = not config.compile
        if config.compile:
            self._loss = torch.compile(model.loss)
        self._validate = validate
        self._facts = {
            **(facts or {}),
            "data": str(loader.state_dict()["fingerprint"]),
            "code": havoc.__version__,
        }
        self._allow_mismatch = allow_mismatch
        self._log_folder = log_folder or folder / "logs"
        self._logger: RunLogger = logger or NullLogger()
        self._show_progress = show_progress
        self._progress = _Progress()

    def train(self, *, resume: bool = True) -> TrainingReport:
        """Run until the steps or seconds are used up, or a signal asks to stop.

        Parameters
        ----------
        resume
            Continue from the newest valid checkpoint of the folder, if there is one. Without it, a
            folder that holds checkpoints is refused.

        Raises
        ------
        InputError
            If the checkpoint is of another model, tokenizer or data.
        TrainingDiverged
            If the loss stops being finite and may not be passed over.
        """
        torch.manual_seed(self.config.seed)
        journal = Journal(self._log_folder, self._logger, show_progress=self._show_progress)
        try:
            if not resume:
                self._refuse_used_folder()
            resumed = self._resume(journal)
            self._announce(journal, resumed)
            with self._signals():
                return self._run(journal, resumed)
        finally:
            journal.close()

    def averaged_state(self) -> dict[str, Tensor]:
        """Return the weights to keep: their moving average if there is one."""
        state = self.model.state_dict()
        if self.average is not None:
            state.update(self.average)
            if self.model.config.tie_embeddings:
                state["output.weight"] = state["embedding.weight"]
        return state

    # One run

    def _run(self, journal: Journal, resumed: int | None) -> TrainingReport:
        config, schedule = self.config, self.schedule
        clock = _Clock(schedule.seconds, self._progress.tokens)
        validation: dict[str, float] = {}
        validated = -1
        while not schedule.finished and not self.stop_asked:
            figures = self._step(journal)
            schedule.step += 1
            schedule.seconds = clock.seconds()
            if schedule.step % config.log_every == 0 or schedule.finished:
                figures["tokens_per_second"] = clock.pace(self._progress.tokens)
                journal.metrics(schedule.step, {**figures, "tokens": self._progress.tokens})
            journal.progress(self._share(), f"loss {self._progress.loss:.3f} step {schedule.step}")
            if config.eval_every and schedule.step % config.eval_every == 0:
                validation, validated = self._evaluate(journal), schedule.step
            if config.checkpoint_every and schedule.step % config.checkpoint_every == 0:
                self._save()
            schedule.seconds = clock.seconds()
        if validated != schedule.step and not self.stop_asked:
            validation = self._evaluate(journal)
        saved = self._save()
        journal.say(f"{self.stop_asked or 'finished'} at step {schedule.step}, saved {saved}")
        return TrainingReport(
            stopped=self.stop_asked or "finished",
            steps=schedule.step,
            tokens=self._progress.tokens,
            seconds=clock.seconds(),
            tokens_per_second=clock.overall(self._progress.tokens),
            loss=self._progress.loss,
            precision=self.precision.name,
            skipped_steps=self._progress.skipped,
            validation=validation,
            checkpoint=saved,
            resumed_from=resumed,
        )

    def _share(self) -> float:
        share = self.schedule.step / self.config.max_steps
        if self.config.max_seconds is not None:
            share = max(share, self.schedule.seconds / self.config.max_seconds)
        return min(share, 1.0)

    def _step(self, journal: Journal) -> dict[str, float]:
        """Do one optimiser step; return its figures."""
        self.model.train()
        factor = self.schedule.factor
        steps = range(self.config.gradient_accumulation_steps)
        batches = [to_device(self.loader.next_batch(), self.device) for _ in steps]
        total = sum(float(b.weights.sum(dtype=torch.float64)) for b in batches)
        if total <= 0:
            raise InputError("a whole step of data has no token to learn from: every weight is 0")
        self.optimisers.zero_grad()
        self.optimisers.set_factor(factor)
        loss_sum = torch.zeros((), device=self.device)
        for batch in batches:
            loss = self._forward(batch, journal) / total
            self.scaler.scale(loss).backward()
            loss_sum += loss.detach()
        self.optimisers.unscale(self.scaler)
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.config.max_grad_norm)
        loss_value, norm_value = loss_sum.item(), norm.item()
        finite = math.isfinite(loss_value) and math.isfinite(norm_value)
        if finite or self.scaler.is_enabled():  # the scaler must see an overflow to shrink
            self.optimisers.step(self.scaler)
        self._note(finite, loss_value, norm_value, journal)
        if self.average is not None and finite:
            for name, parameter in self.model.named_parameters():
                self.average[name].lerp_(parameter.detach(), 1 - self.config.ema_decay)
        self._progress.tokens += sum(b.tokens.numel() for b in batches)
        return {
            "loss": loss_value,
            "gradient_norm": norm_value,
            "learning_rate": self.config.learning_rate * factor,
        }

    def _forward(self, batch: Batch, journal: Journal) -> Tensor:
        with self.precision.autocast():
            if self._eager:
                return self._loss(batch.tokens, batch.targets, batch.weights, batch.segments)
            try:
                return self._loss(batch.tokens, batch.targets, batch.weights, batch.segments)
            except RuntimeError as error:  # no compiler, or a graph it cannot take
                reason = str(error).splitlines()[0]
                journal.say(
                    f"torch.compile failed, training goes on eagerly: {reason}", warning=True
                )
                self._eager, self._loss = True, self.model.loss
                return self._loss(batch.tokens, batch.targets, batch.weights, batch.segments)

    def _note(self, finite: bool, loss: float, norm: float, journal: Journal) -> None:
        """Count a step that was passed over, or stop the run."""
        if finite:
            self._progress.loss, self._progress.skipped_in_row = loss, 0
            return
        self._progress.skipped += 1
        self._progress.skipped_in_row += 1
        where = f"step {self.schedule.step + 1}: loss {loss}, gradient norm {norm}"
        journal.say(f"{where}: passed over", warning=True)
        overflow = self.scaler.is_enabled() and math.isfinite(loss)  # the scale was too large
        stop = self.config.nonfinite == "stop" and not overflow
        limit = 1 if stop else self.config.max_nonfinite
        if self._progress.skipped_in_row >= limit:
            raise TrainingDiverged(f"{where}; a lower learning_rate or float32 may help")

    def _evaluate(self, journal: Journal) -> dict[str, float]:
        """Run the validator without leaving a trace in the random state."""
        if self._validate is None:
            return {}
        state = checkpoints.random_state()
        self.model.eval()
        with torch.no_grad(), self.precision.autocast():
            figures = dict(self._validate(self.model))
        self.model.train()
        checkpoints.restore_random_state(state)
        journal.metrics(self.schedule.step, flat("validation", figures))
        return figures

    # State

    def _save(self) -> Path:
        tensors = {
            "model": self.model.state_dict(),
            "optimizer": self.optimisers.state_dict(),
            "scheduler": self.schedule.state_dict(),
            "scaler": self.scaler.state_dict(),
        }
        if self.average is not None:
            tensors["ema"] = self.average
        texts = {
            "training_state": {
                **vars(self._progress),
                "step": self.schedule.step,
                "loader": self.loader.state_dict(),
                "random": checkpoints.random_state(),
                "precision": self.precision.name,
                "run_id": self._logger.run_id,
            },
            "config": {"model": self.model.config.to_dict(), "training": self.config.to_dict()},
        }
        path = checkpoints.write_checkpoint(
            self.folder, self.schedule.step, tensors, texts, self._facts
        )
        checkpoints.prune(self.folder, self.config.keep_last)
        return path

    def _refuse_used_folder(self) -> None:
        found = checkpoints.steps_in(self.folder)
        if found:
            raise InputError(
                f"{self.folder} holds checkpoints up to step {max(found)}; resume, or take another"
            )

    def _resume(self, journal: Journal) -> int | None:
        """Load the newest valid checkpoint; return its step."""
        checkpoint, damaged = checkpoints.newest_valid(self.folder)
        for path in damaged:
            journal.say(f"{path} is incomplete or damaged and was passed over", warning=True)
        if checkpoint is None:
            return None
        self._refuse_mismatch(checkpoint, journal)
        self.model.load_state_dict(checkpoint.tensors("model"))
        self.optimisers.load_state_dict(checkpoint.tensors("optimizer"))
        self.schedule.load_state_dict(checkpoint.tensors("scheduler"))
        self.scaler.load_state_dict(checkpoint.tensors("scaler"))
        if self.average is not None:
            for name, value in checkpoint.tensors("ema").items():
                self.average[name].copy_(value)
        state = checkpoint.json("training_state")
        self.loader.load_state_dict(state["loader"])
        self._progress = _Progress(
            state["tokens"], state["skipped"], state["skipped_in_row"], state["loss"]
        )
        checkpoints.restore_random_state(state["random"])
        journal.rewind(checkpoint.step)
        return checkpoint.step

    def _refuse_mismatch(self, checkpoint: Checkpoint, journal: Journal) -> None:
        """Compare what a run may not change half way."""
        saved = checkpoint.json("config")
        if saved["model"] != self.model.config.to_dict():
            raise InputError(f"{checkpoint.path} is of a model of another shape")
        differing = [
            name
            for name in ("data", "tokenizer_sha256")
            if checkpoint.manifest.get(name) != self._facts.get(name)
        ]
        if saved["training"]["optimizer"] != self.config.optimizer:
            raise InputError(f"{checkpoint.path} was trained with {saved['training']['optimizer']}")
        if differing and not self._allow_mismatch:
            raise InputError(
                f"{checkpoint.path} was trained on other {' and '.join(differing)};"
                " take another folder, or allow the mismatch"
            )
        for name in differing:
            journal.say(f"resuming on other {name}, as allowed", warning=True)
        current = self.config.to_dict()
        for name, value in saved["training"].items():
            if current.get(name) != value:
                journal.say(
                    f"resuming with {name} {current.get(name)}, before {value}", warning=True
                )
        if checkpoint.json("training_state")["precision"] != self.precision.name:
            journal.say(f"resuming in {self.precision.name}", warning=True)

    def _announce(self, journal: Journal, resumed: int | None) -> None:
        parameters = self.model.config.num_parameters
        journal.say(
            f"{parameters:,} parameters, {self.precision.name} on {self.device},"
            f" {torch.get_num_threads()} threads"
            + ("" if resumed is None else f", resumed from step {resumed}")
        )
        if self.precision.emulated:
            name = self.precision.name
            journal.say(f"{name} is emulated here; use_amp auto or false is faster", warning=True)
        self._logger.log_params(
            {
                **flat("model", self.model.config.to_dict()),
                **flat("training", self.config.to_dict()),
                "model.parameters": parameters,
                "precision": self.precision.name,
            }
        )
        self._logger.set_tags(self._facts)

    @contextmanager
    def _signals(self) -> Any:
        """Let SIGTERM and Ctrl-C end the step, save and leave; a second one ends at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def ask(number: int, frame: FrameType | None) -> None:
            if self.stop_asked:
                raise KeyboardInterrupt
            self.stop_asked = "signal"

        previous = {s: signal.signal(s, ask) for s in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)


def _copies(model: HavocModel) -> dict[str, Tensor]:
    return {name: p.detach().clone() for name, p in model.named_parameters()}


@torch.no_grad()
def mean_loss(model: HavocModel, batches: list[Batch]) -> float:
    """Return the weighted mean cross-entropy over batches, in nats a token."""
    device = model.norm.weight.device
    total, weight = 0.0, 0.0
    for batch in batches:
        here = to_device(batch, device)
        total += model.loss(here.tokens, here.targets, here.weights, here.segments).item()
        weight += here.weights.sum().item()
    return total / weight if weight else math.nan
