"""The trainer.

One step: take the micro-batches of the whole step first, so that the loss is the mean over all of
their weighted tokens whatever their sizes; accumulate gradients; clip; step. Nothing of a step
depends on the clock unless the run has a time budget, so a resumed run is bit-identical to one that
was never stopped. One process and many take the same path (``havoc.training.parallel``).
"""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from torch import Tensor

import havoc
from havoc.config import TrainingConfig
from havoc.errors import InputError
from havoc.model import HavocModel
from havoc.model.lora import add_adapters, merged
from havoc.tracking import NullLogger, RunLogger
from havoc.training import checkpoints
from havoc.training.compiling import MOST_APART, apart, compiled_blocks, remove_damaged
from havoc.training.data import Batch, Loader, hide_tokens, to_device
from havoc.training.journal import Journal, flat
from havoc.training.optimisers import Optimisers
from havoc.training.parallel import Parallel, clip_gradients, shard
from havoc.training.precision import Precision, choose_device
from havoc.training.profiling import profiled
from havoc.training.progress import Clock, Counters, TrainingDiverged, TrainingReport
from havoc.training.resume import refuse_mismatch
from havoc.training.schedule import Schedule
from havoc.training.state import Weights

Validator = Callable[[HavocModel], Mapping[str, float]]


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
        self.parallel = Parallel.detect(config)
        if self.device.type == "cuda" and self.parallel.size > 1:
            self.device = torch.device("cuda", self.parallel.local_rank)
        self.model = model.to(self.device)
        self.model.activation_checkpointing = config.activation_checkpointing
        if config.lora_rank:
            add_adapters(model, config.lora_rank, config.lora_alpha, seed=config.seed)
        shard(model, config, self.parallel)
        self.config, self.loader, self.folder = config, loader, folder
        self.precision = Precision.choose(config, self.device)
        self.scaler = self.precision.scaler()
        self.optimisers = Optimisers(model, config)
        self.schedule = Schedule(config)
        self.average = _copies(model) if config.ema_decay else None
        self.weights = Weights(model, self.optimisers, self.average)
        self.stop_asked = ""
        # Sharded blocks are compiled where they are sharded (``shard``).
        alone = config.compile and not self.parallel.sharded
        self._blocks = compiled_blocks(model) if alone else None
        self._shapes: set[tuple[int, ...]] = set()  # of batches that were trained on before
        self._compiled = False  # in the last step
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
        self._counters = Counters()
        self._waited = 0.0

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
        # Each process draws its own dropout; those that split one copy draw the same.
        torch.manual_seed(self.config.seed + self.parallel.data_rank)
        journal = Journal(
            self._log_folder,
            self._logger,
            show_progress=self._show_progress,
            silent=not self.parallel.first,
        )
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
        """Return the whole weights to keep: their moving average if there is one, adapters merged.

        With several processes all of them call this.
        """
        scale = self.config.lora_alpha / max(self.config.lora_rank, 1)
        return merged(self.weights.full(), scale)

    # One run

    def _run(self, journal: Journal, resumed: int | None) -> TrainingReport:
        config, schedule, counters = self.config, self.schedule, self._counters
        clock = Clock(schedule.seconds, counters.tokens)
        validation: dict[str, float] = {}
        validated = -1
        self._waited = 0.0
        with profiled(config.profile_steps, self._log_folder, journal) as tick:
            while not schedule.finished and not self._stop_agreed():
                before = clock.seconds()
                figures = self._step(journal)
                if self._compiled:
                    # Compiling takes nothing from a budget of seconds.
                    clock.leave_out(clock.seconds() - before)
                schedule.step += 1
                schedule.seconds = self.parallel.from_first(clock.seconds())
                if schedule.step % config.log_every == 0 or schedule.finished:
                    figures["tokens_per_second"] = clock.pace(counters.tokens)
                    journal.metrics(schedule.step, {**figures, "tokens": counters.tokens})
                journal.progress(self._share(), f"loss {counters.loss:.3f} step {schedule.step}")
                best = False
                if config.eval_every and schedule.step % config.eval_every == 0:
                    validation, validated = self._evaluate(journal), schedule.step
                    best = counters.improves(schedule.step, validation) and config.keep_best
                due = config.checkpoint_every and schedule.step % config.checkpoint_every == 0
                if best or due:
                    self._save()
                schedule.seconds = self.parallel.from_first(clock.seconds())
                tick()
        if validated != schedule.step and not self.stop_asked:
            validation = self._evaluate(journal)
            counters.improves(schedule.step, validation)
        saved = self._save()
        journal.say(f"{self.stop_asked or 'finished'} at step {schedule.step}, saved {saved}")
        return TrainingReport(
            stopped=self.stop_asked or "finished",
            steps=schedule.step,
            tokens=counters.tokens,
            seconds=clock.seconds(),
            tokens_per_second=clock.overall(counters.tokens),
            loss=counters.loss,
            precision=self.precision.name,
            skipped_steps=counters.skipped,
            validation=validation,
            checkpoint=saved,
            resumed_from=resumed,
            best_checkpoint=self._best(),
            waiting_share=self._waited / max(clock.here(), 1e-9),
        )

    def _stop_agreed(self) -> bool:
        """Stop at the same step everywhere, whichever process was asked to."""
        if self.parallel.size > 1 and self.parallel.total(bool(self.stop_asked))[0]:
            self.stop_asked = self.stop_asked or "signal"
        return bool(self.stop_asked)

    def _best(self) -> Path | None:
        if not self.config.keep_best or self._counters.best_step is None:
            return None
        return self.folder / f"checkpoint_step_{self._counters.best_step}"

    def _share(self) -> float:
        share = self.schedule.step / self.config.max_steps
        if self.config.max_seconds is not None:
            share = max(share, self.schedule.seconds / self.config.max_seconds)
        return min(share, 1.0)

    def _step(self, journal: Journal) -> dict[str, float]:
        """Do one optimiser step; return its figures."""
        self.model.train()
        factor = self.schedule.factor
        batches, total = self._take_batches()
        self.optimisers.zero_grad()
        self.optimisers.set_factor(factor)
        loss_sum = self._accumulate(batches, total, journal)
        self.optimisers.unscale(self.scaler)
        norm = clip_gradients(self.model.parameters(), self.config.max_grad_norm)
        norm_value = norm.item()
        tokens = sum(b.tokens.numel() for b in batches)
        loss_value, all_tokens = self.parallel.total(loss_sum.item(), tokens)
        loss_value /= self.parallel.size
        finite = math.isfinite(loss_value) and math.isfinite(norm_value)
        if finite or self.scaler.is_enabled():  # the scaler must see an overflow to shrink
            self.optimisers.step(self.scaler)
        self._note(finite, loss_value, norm_value, journal)
        if self.average is not None and finite:
            for name, parameter in self.model.named_parameters():
                self.average[name].lerp_(parameter.detach(), 1 - self.config.ema_decay)
        self._counters.tokens += int(all_tokens) // self.parallel.tensor
        return {
            "loss": loss_value,
            "gradient_norm": norm_value,
            "learning_rate": self.config.learning_rate * factor,
        }

    def _take_batches(self) -> tuple[list[Batch], float]:
        """Return the micro-batches of a step and the weight of their tokens, all processes'."""
        start = time.perf_counter()
        steps = range(self.config.gradient_accumulation_steps)
        batches = [to_device(self.loader.next_batch(), self.device) for _ in steps]
        if share := self.config.token_dropout:
            batches = [hide_tokens(b, share, self.model.predicted) for b in batches]
        self._waited += time.perf_counter() - start
        (total,) = self.parallel.total(
            sum(float(b.weights.sum(dtype=torch.float64)) for b in batches)
        )
        if total <= 0:
            raise InputError("a whole step of data has no token to learn from: every weight is 0")
        return batches, total

    def _accumulate(self, batches: list[Batch], total: float, journal: Journal) -> Tensor:
        """Add up the gradients of a step; return its loss, of this process."""
        shapes = {tuple(b.tokens.shape) for b in batches} - self._shapes
        self._compiled = self._blocks is not None and bool(shapes)
        if not self._compiled:  # nothing to compile, so nothing that could fail for that
            return self._gradients(batches, total)
        self._shapes |= shapes
        before = checkpoints.random_state()
        try:
            return self._compared(self._gradients(batches, total), batches, total, journal)
        except RuntimeError as error:  # no compiler, or a graph it cannot take
            damaged, reason = remove_damaged(error), str(error).splitlines()[0]
            if damaged is None:
                self._blocks, what = None, "training goes on eagerly"
            else:
                self._blocks, what = compiled_blocks(self.model), "compiling anew"
                self._shapes.clear()
            journal.say(f"torch.compile failed, {what}: {reason}", warning=True)
            # Some gradients may be there already, and some dropout drawn.
            self.optimisers.zero_grad()
            checkpoints.restore_random_state(before)
            loss_sum = self._accumulate(batches, total, journal)
            self._compiled = True  # the time that was lost counts as compiling
            return loss_sum

    def _compared(
        self, loss_sum: Tensor, batches: list[Batch], total: float, journal: Journal
    ) -> Tensor:
        """Hold the first gradients of a graph against those of torch without it; keep the right ones.

        On a processor the graph goes through whatever C++ compiler is there, and one was met that
        left most of a transposition out: not a number in one shape, and it could be wrong unseen.
        """
        if self.device.type != "cpu" or self.model.config.dropout:  # drawn otherwise in a graph
            return loss_sum
        trained = [p for p in self.model.parameters() if p.grad is not None]
        compiled = [p.grad for p in trained]
        self.optimisers.zero_grad()
        blocks, self._blocks = self._blocks, None
        # The same to the last bit, and two sets of gradients are no peak where nothing else is kept.
        kept, self.model.activation_checkpointing = self.model.activation_checkpointing, True
        try:
            eager_sum = self._gradients(batches, total)
        finally:
            self.model.activation_checkpointing = kept
        distance = apart(compiled, [p.grad for p in trained])
        if distance <= MOST_APART:
            self._blocks = blocks
            for parameter, gradient in zip(trained, compiled, strict=True):
                parameter.grad = gradient
            return loss_sum
        journal.say(
            "torch.compile computes other gradients than torch without it (distance"
            f" {distance:.2g}; a fault of the C++ compiler?): training goes on eagerly",
            warning=True,
        )
        return eager_sum

    def _gradients(self, batches: list[Batch], total: float) -> Tensor:
        loss_sum = torch.zeros((), device=self.device)
        for batch in batches:
            given = (batch.tokens, batch.targets, batch.weights, batch.segments)
            with self.precision.autocast():
                loss = self.model.loss(*given, blocks=self._blocks)
            # FSDP takes the mean of the processes' gradients, and the sum is wanted.
            loss = loss * (self.parallel.size / total)
            self.scaler.scale(loss).backward()
            loss_sum += loss.detach()
        return loss_sum

    def _note(self, finite: bool, loss: float, norm: float, journal: Journal) -> None:
        """Count a step that was passed over, or stop the run."""
        if finite:
            self._counters.loss, self._counters.skipped_in_row = loss, 0
            return
        self._counters.skipped += 1
        self._counters.skipped_in_row += 1
        where = f"step {self.schedule.step + 1}: loss {loss}, gradient norm {norm}"
        journal.say(f"{where}: passed over", warning=True)
        overflow = self.scaler.is_enabled() and math.isfinite(loss)  # the scale was too large
        stop = self.config.nonfinite == "stop" and not overflow
        limit = 1 if stop else self.config.max_nonfinite
        if self._counters.skipped_in_row >= limit:
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
        small = {"scheduler": self.schedule.state_dict(), "scaler": self.scaler.state_dict()}
        random = self.parallel.gather(checkpoints.random_state())
        texts = {
            "training_state": {
                **vars(self._counters),
                "step": self.schedule.step,
                "loader": self.loader.state_dict(),
                "random": random[0],
                **({"random_by_rank": random} if len(random) > 1 else {}),
                "data_processes": self.parallel.data_size,
                "precision": self.precision.name,
                "run_id": self._logger.run_id,
            },
            "config": {"model": self.model.config.to_dict(), "training": self.config.to_dict()},
        }
        many = self.parallel.sharded
        path = checkpoints.write_checkpoint(
            self.folder,
            self.schedule.step,
            small if many else {**small, **self.weights.files()},
            texts,
            self._facts,
            parallel=self.parallel,
            write_shards=self.weights.write_shards if many else None,
        )
        if self.parallel.first:
            keep = self._counters.best_step if self.config.keep_best else None
            checkpoints.prune(self.folder, self.config.keep_last, keep)
        return path

    def _refuse_used_folder(self) -> None:
        found = checkpoints.steps_in(self.folder)
        if found:
            raise InputError(
                f"{self.folder} holds checkpoints up to step {max(found)}; resume, or take another"
            )

    def _resume(self, journal: Journal) -> int | None:
        """Load the newest valid checkpoint; return its step."""
        found = checkpoints.newest_valid(self.folder) if self.parallel.first else None
        checkpoint, damaged = self.parallel.from_first(found)
        for path in damaged:
            journal.say(f"{path} is incomplete or damaged and was passed over", warning=True)
        if checkpoint is None:
            return None
        refuse_mismatch(
            checkpoint,
            self.model.config,
            self.config,
            self._facts,
            allowed=self._allow_mismatch,
            say=lambda text: journal.say(text, warning=True),
        )
        self.weights.load(checkpoint, self.parallel)
        self.schedule.load_state_dict(checkpoint.tensors("scheduler"))
        self.scaler.load_state_dict(checkpoint.tensors("scaler"))
        state = checkpoint.json("training_state")
        self.loader.load_state_dict(state["loader"])
        self._counters = Counters(**{n: state[n] for n in vars(Counters()) if n in state})
        if state["precision"] != self.precision.name:
            journal.say(f"resuming in {self.precision.name}", warning=True)
        self._restore_random(state, journal)
        journal.rewind(checkpoint.step)
        return checkpoint.step

    def _restore_random(self, state: Mapping[str, Any], journal: Journal) -> None:
        saved = state.get("random_by_rank", [state["random"]])
        reading = state.get("data_processes", len(saved))
        if (len(saved), reading) == (self.parallel.size, self.parallel.data_size):
            checkpoints.restore_random_state(saved[self.parallel.rank])
            return
        journal.say(
            f"resuming with {self.parallel.size} processes, "
            + (f"before {len(saved)}:" if len(saved) != self.parallel.size else "split anew:")
            + " dropout is drawn anew from the seed",
            warning=True,
        )
        torch.manual_seed(self.config.seed + self.schedule.step + self.parallel.data_rank)

    def _announce(self, journal: Journal, resumed: int | None) -> None:
        parameters = self.model.config.num_parameters
        journal.say(
            f"{parameters:,} parameters, {self.precision.name} on {self.device},"
            f" {self.parallel.size} processes of {torch.get_num_threads()} threads"
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
