"""A resumed run is bit-identical to one that was never stopped."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_run import TINY, fingerprint, make_loader

from havoc.config import TrainingConfig
from havoc.errors import InputError
from havoc.model import HavocModel
from havoc.training import RowLoader, Trainer
from havoc.training.data import Batch

MakeTrainer = Callable[..., Trainer]


class Interrupted(Exception):
    """The process died here."""


class DyingLoader:
    """Gives out batches, then dies."""

    def __init__(self, inner: RowLoader, batches: int) -> None:
        self._inner, self._left = inner, batches

    def next_batch(self) -> Batch:
        if self._left == 0:
            raise Interrupted
        self._left -= 1
        return self._inner.next_batch()

    def state_dict(self) -> dict[str, Any]:
        return self._inner.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._inner.load_state_dict(state)


def whole_state(trainer: Trainer) -> str:
    return fingerprint(
        [
            trainer.model.state_dict(),
            trainer.optimisers.state_dict(),
            trainer.loader.state_dict(),
            trainer.scaler.state_dict(),
            trainer.average,
            torch.get_rng_state(),
        ]
    )


def losses(trainer: Trainer) -> list[tuple[int, float]]:
    lines = (trainer.folder / "logs" / "metrics.jsonl").read_text().splitlines()
    return [(entry["step"], entry["loss"]) for entry in map(json.loads, lines)]


VARIANTS: dict[str, dict[str, Any]] = {
    "adamw": {},
    "muon and an average": {"optimizer": "muon", "ema_decay": 0.9},
    "bfloat16": {"use_amp": True},
    "float16 with a scaler": {"use_amp": True, "amp_dtype": "float16", "max_nonfinite": 50},
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_killed_and_resumed_equals_uninterrupted(make_trainer: MakeTrainer, variant: str) -> None:
    changes = {"max_steps": 9, "checkpoint_every": 3, **VARIANTS[variant]}
    whole = make_trainer("whole", **changes)
    whole.train()
    dying = make_trainer("killed", **changes, loader=DyingLoader(make_loader(), 2 * 5 + 1))
    with pytest.raises(Interrupted):
        dying.train()
    torch.manual_seed(12345)
    resumed = make_trainer("killed", **changes, seed=99)
    report = resumed.train()
    assert (report.resumed_from, report.steps) == (3, 9)
    assert whole_state(resumed) == whole_state(whole)
    assert losses(resumed) == losses(whole)


def test_the_dropout_of_this_test_is_real(make_trainer: MakeTrainer) -> None:
    first, second = make_trainer("a", max_steps=3), make_trainer("b", max_steps=3, **{"seed": 1})
    second.config = second.config.replace(seed=7)
    first.train()
    second.train()
    assert whole_state(first) != whole_state(second)


def test_a_damaged_newest_checkpoint_falls_back_and_ends_the_same(
    make_trainer: MakeTrainer,
) -> None:
    whole = make_trainer("whole", max_steps=6)
    whole.train()
    broken = make_trainer("broken", max_steps=6, checkpoint_every=2)
    broken.train()
    (broken.folder / "checkpoint_step_6" / "optimizer.pt").write_bytes(b"")
    resumed = make_trainer("broken", max_steps=6, checkpoint_every=2, seed=50)
    assert resumed.train().resumed_from == 4
    assert whole_state(resumed) == whole_state(whole)


def test_validation_leaves_no_trace(make_trainer: MakeTrainer) -> None:
    def validate(model: HavocModel) -> dict[str, float]:
        assert not model.training
        torch.rand(100)
        return {"loss": 1.5}

    plain = make_trainer("plain", max_steps=4)
    plain.train()
    watched = make_trainer("watched", max_steps=4, eval_every=1, validate=validate)
    assert watched.train().validation == {"loss": 1.5}
    assert whole_state(plain) == whole_state(watched)


def test_a_longer_run_goes_on_from_a_finished_one(make_trainer: MakeTrainer) -> None:
    make_trainer(max_steps=4, schedule="constant").train()
    longer = make_trainer(max_steps=6, schedule="constant", seed=3)
    longer.train()
    whole = make_trainer("whole", max_steps=6, schedule="constant")
    whole.train()
    assert whole_state(longer) == whole_state(whole)
    assert "resuming with max_steps 6, before 4" in (longer.folder / "logs/train.log").read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_step_saves_and_leaves(make_trainer: MakeTrainer, number: int) -> None:
    before = signal.getsignal(number)

    class Signalling(RowLoader):
        def next_batch(self) -> Batch:
            if self._next == 4:
                signal.raise_signal(number)
            return super().next_batch()

    loader = make_loader()
    loader.__class__ = Signalling
    trainer = make_trainer(loader=loader)
    report = trainer.train()
    assert report.stopped == "signal"
    assert report.checkpoint is not None
    assert report.steps < 8
    assert signal.getsignal(number) is before
    whole, resumed = make_trainer("whole"), make_trainer()
    whole.train()
    resumed.train()
    assert whole_state(resumed) == whole_state(whole)


def test_a_process_killed_outright_resumes_bit_by_bit(
    tmp_path: Path, make_trainer: MakeTrainer
) -> None:
    script = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from tiny_run import RUN, TINY, make_loader
from havoc.config import TrainingConfig
from havoc.model import HavocModel
from havoc.training import Trainer, checkpoints
real, renames = os.replace, 0
def replace(source, target):
    global renames
    renames += 1
    if renames == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    real(source, target)
os.replace = replace
config = TrainingConfig(**{**RUN, "checkpoint_every": 2, "num_threads": 1})
Trainer(HavocModel.from_config(TINY, seed=1), config, make_loader(), Path(sys.argv[2]),
        show_progress=False).train()
"""
    run = subprocess.run(
        [sys.executable, "-c", script, str(Path(__file__).parent), str(tmp_path / "killed")],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    resumed, whole = make_trainer("killed"), make_trainer("whole")
    assert resumed.train().resumed_from == 2
    whole.train()
    assert whole_state(resumed) == whole_state(whole)
    assert not list((tmp_path / "killed").glob("*.tmp-*"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"loader": make_loader(seed=4)}, "other data"),
        ({"facts": {"tokenizer_sha256": "another"}}, "other tokenizer_sha256"),
        ({"model": HavocModel.from_config(TINY.replace(num_layers=1))}, "another shape"),
        ({"optimizer": "muon"}, "was trained with optimizer adamw"),
        ({"learning_rate": 0.5}, "was trained with learning_rate 0.0.*, not 0.5; take another"),
    ],
)
def test_a_run_of_other_data_or_shape_is_refused(
    make_trainer: MakeTrainer, change: dict[str, Any], said: str
) -> None:
    make_trainer(max_steps=2).train()
    with pytest.raises(InputError, match=said):
        make_trainer(max_steps=4, **change).train()


def test_a_mismatch_that_is_allowed_is_said(make_trainer: MakeTrainer) -> None:
    make_trainer(max_steps=2).train()
    allowed = make_trainer(
        max_steps=3, loader=make_loader(seed=4), weight_decay=0.3, allow_mismatch=True
    )
    assert allowed.train().steps == 3
    said = (allowed.folder / "logs/train.log").read_text()
    assert "resuming on other data, as allowed" in said
    assert "resuming with weight_decay 0.3, before" in said


def test_starting_anew_in_a_used_folder_is_refused(make_trainer: MakeTrainer) -> None:
    make_trainer(max_steps=2).train()
    with pytest.raises(InputError, match="holds checkpoints up to step 2"):
        make_trainer(max_steps=2).train(resume=False)


def test_configurations_are_stored_as_they_were(make_trainer: MakeTrainer) -> None:
    trainer = make_trainer(max_steps=1)
    path = trainer.train().checkpoint
    assert path is not None
    saved = json.loads((path / "config.json").read_text())
    assert TrainingConfig(**saved["training"]) == trainer.config
    assert sorted(p.name for p in path.iterdir()) == [
        "config.json", "manifest.json", "model.pt", "optimizer.pt", "scaler.pt", "scheduler.pt",
        "training_state.json",
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_compiled_steps_resume_bit_by_bit(make_trainer: MakeTrainer) -> None:
    shape = TINY.replace(dropout=0.0)
    changes = {"max_steps": 6, "checkpoint_every": 2, "compile": True, "use_amp": True}
    whole = make_trainer("whole", model=HavocModel.from_config(shape, seed=1), **changes)
    whole.train()
    dying = make_trainer(
        "killed",
        model=HavocModel.from_config(shape, seed=1),
        loader=DyingLoader(make_loader(), 2 * 3 + 1),
        **changes,
    )
    with pytest.raises(Interrupted):
        dying.train()
    torch.compiler.reset()
    resumed = make_trainer("killed", model=HavocModel.from_config(shape, seed=9), **changes)
    assert resumed.train().resumed_from == 2
    assert whole_state(resumed) == whole_state(whole)
    assert "training goes on eagerly" not in (resumed.folder / "logs/train.log").read_text()
