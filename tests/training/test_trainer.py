"""What one step does, what the run records, and what it does when numbers break."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from tiny_run import TINY, fingerprint, make_loader

from havoc.config import HavocConfig, TrainingConfig
from havoc.errors import InputError
from havoc.model import HavocModel, load_model, save_model
from havoc.training import RowLoader, Trainer, TrainingDiverged, mean_loss, progress
from havoc.training.checkpoints import CheckpointFailed
from havoc.training.compiling import apart
from havoc.training.data import Batch
from havoc.training.precision import Precision, choose_device, multiplies_natively

MakeTrainer = Callable[..., Trainer]


class ListLoader:
    """Gives out the batches of a list, over and over."""

    def __init__(self, batches: list[Batch]) -> None:
        self._batches, self._at = batches, 0

    def next_batch(self) -> Batch:
        self._at += 1
        return self._batches[(self._at - 1) % len(self._batches)]

    def state_dict(self) -> dict[str, Any]:
        return {"fingerprint": "list", "at": self._at}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._at = state["at"]


def batch(weights: list[list[float]], seed: int = 0) -> Batch:
    tokens = torch.randint(300, (len(weights), 5), generator=torch.Generator().manual_seed(seed))
    return Batch(tokens[:, :-1], tokens[:, 1:], torch.tensor(weights))


def test_accumulated_micro_batches_equal_one_large_batch(make_trainer: MakeTrainer) -> None:
    """The mean is over the tokens of the whole step, so uneven masks do not matter."""
    small = [batch([[1, 1, 1, 1]], 1), batch([[0, 0, 0, 1]], 2), batch([[0, 2, 0.5, 0]], 3)]
    joined = Batch(
        *(torch.cat([getattr(b, f) for b in small]) for f in ("tokens", "targets", "weights"))
    )
    results = []
    for name, batches, steps in (("apart", small, 3), ("joined", [joined], 1)):
        model = HavocModel.from_config(TINY.replace(dropout=0.0), seed=1)
        trainer = make_trainer(
            name,
            model=model,
            loader=ListLoader(batches),
            gradient_accumulation_steps=steps,
            max_steps=3,
        )
        report = trainer.train()
        results.append((report.loss, torch.cat([p.flatten() for p in model.parameters()])))
    assert results[0][0] == pytest.approx(results[1][0], rel=1e-5)
    torch.testing.assert_close(results[0][1], results[1][1], rtol=1e-4, atol=1e-5)


def test_one_step_equals_torchs_adamw_by_hand(make_trainer: MakeTrainer) -> None:
    shape = TINY.replace(dropout=0.0)
    model, reference = (HavocModel.from_config(shape, seed=1) for _ in range(2))
    one = batch([[1, 1, 0, 1]], 4)
    make_trainer(
        model=model, loader=ListLoader([one]), gradient_accumulation_steps=1, max_steps=1,
        warmup_steps=0, max_grad_norm=0.5, token_dropout=0.0,
    ).train()  # fmt: skip
    logits = reference(one.tokens)[0].log_softmax(-1)
    losses = -logits[torch.arange(4), one.targets[0]]
    (losses[[0, 1, 3]].mean()).backward()
    torch.nn.utils.clip_grad_norm_(reference.parameters(), 0.5)
    matrices = [
        p for n, p in reference.named_parameters() if n.startswith("blocks") and p.dim() == 2
    ]
    rest = [p for p in reference.parameters() if not any(p is m for m in matrices)]
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": rest, "weight_decay": 0.0}]
    torch.optim.AdamW(groups, lr=1e-2, betas=(0.9, 0.95), fused=False, foreach=False).step()
    for ours, theirs in zip(model.parameters(), reference.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-4)


def test_a_tiny_model_learns_its_rows_by_heart(make_trainer: MakeTrainer) -> None:
    trainer = make_trainer(
        max_steps=120, model=HavocModel.from_config(TINY.replace(dropout=0.0), seed=1), log_every=1
    )
    report = trainer.train()
    first = json.loads((trainer.folder / "logs/metrics.jsonl").read_text().splitlines()[0])
    assert first["loss"] > 5.5
    assert report.loss < 1.0


def test_metrics_log_and_tracking_say_the_same(make_trainer: MakeTrainer) -> None:
    class Recorder:
        run_id = "r1"

        def __init__(self) -> None:
            self.steps: dict[int, dict[str, float]] = {}
            self.params: dict[str, Any] = {}
            self.tags: dict[str, str] = {}

        def log_params(self, params: Mapping[str, Any]) -> None:
            self.params.update(params)

        def log_metrics(self, metrics: Mapping[str, float], step: int) -> None:
            self.steps.setdefault(step, {}).update(metrics)

        def set_tags(self, tags: Mapping[str, str]) -> None:
            self.tags.update(tags)

        def log_artifact(self, path: Path) -> None:
            raise AssertionError("nothing to keep here")

    recorder = Recorder()
    trainer = make_trainer(max_steps=4, log_every=2, logger=recorder, facts={"git": "abc"})
    report = trainer.train()
    lines = [
        json.loads(x) for x in (trainer.folder / "logs/metrics.jsonl").read_text().splitlines()
    ]
    assert [x["step"] for x in lines] == [2, 4]
    assert {x["step"]: x["loss"] for x in lines} == {
        s: m["loss"] for s, m in recorder.steps.items()
    }
    assert recorder.params["training.batch_size"] == 2
    assert recorder.params["model.parameters"] == TINY.num_parameters
    assert recorder.tags["git"] == "abc"
    assert recorder.tags["data"] == trainer.loader.state_dict()["fingerprint"]
    assert report.tokens == lines[-1]["tokens"] == 4 * 2 * 2 * 12
    assert report.checkpoint is not None
    state = json.loads((report.checkpoint / "training_state.json").read_text())
    assert state["run_id"] == "r1"


def test_a_step_with_a_loss_that_is_not_finite_changes_nothing(make_trainer: MakeTrainer) -> None:
    good, bad = batch([[1, 1, 1, 1]]), batch([[1, 1, float("inf"), 1]])
    trainer = make_trainer(
        loader=ListLoader([good, bad, good]),
        gradient_accumulation_steps=1,
        max_steps=3,
        ema_decay=0.5,
    )
    report = trainer.train()
    assert (report.steps, report.skipped_steps) == (3, 1)
    assert all(p.isfinite().all() for p in trainer.model.parameters())
    assert trainer.average is not None
    assert all(v.isfinite().all() for v in trainer.average.values())
    assert "passed over" in (trainer.folder / "logs/train.log").read_text()


@pytest.mark.parametrize("policy", [{"nonfinite": "stop"}, {"max_nonfinite": 3}])
def test_a_run_that_diverges_stops(make_trainer: MakeTrainer, policy: dict[str, Any]) -> None:
    trainer = make_trainer(
        loader=ListLoader([batch([[float("inf"), 1, 1, 1]])]), max_steps=9, **policy
    )
    with pytest.raises(TrainingDiverged, match="a lower learning_rate"):
        trainer.train()
    assert trainer.schedule.step == (0 if "nonfinite" in policy else 2)


def test_data_without_a_token_to_learn_is_refused(make_trainer: MakeTrainer) -> None:
    with pytest.raises(InputError, match="no token to learn from"):
        make_trainer(loader=ListLoader([batch([[0, 0, 0, 0]])])).train()


def test_a_time_budget_ends_the_run_and_its_learning_rate(
    make_trainer: MakeTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A clock of its own: beside other programs one real step may take the whole budget.
    ticks = itertools.count()
    monkeypatch.setattr(progress, "time", SimpleNamespace(perf_counter=lambda: 0.004 * next(ticks)))
    trainer = make_trainer(max_steps=10**6, max_seconds=0.3, schedule="linear", warmup_steps=1)
    report = trainer.train()
    assert report.stopped == "finished"
    assert 0.3 <= report.seconds < 0.4
    rates = [
        json.loads(line)["learning_rate"]
        for line in (trainer.folder / "logs/metrics.jsonl").read_text().splitlines()
    ]
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] < 0.3 * rates[0]


def test_the_average_of_weights_is_the_one_of_the_definition(make_trainer: MakeTrainer) -> None:
    trainer = make_trainer(max_steps=1, ema_decay=0.75)
    start = {n: p.detach().clone() for n, p in trainer.model.named_parameters()}
    trainer.train()
    average = trainer.averaged_state()
    for name, parameter in trainer.model.named_parameters():
        torch.testing.assert_close(average[name], 0.75 * start[name] + 0.25 * parameter.detach())
    assert average["output.weight"] is average["embedding.weight"]


def test_a_finished_model_opens_from_its_directory_and_from_its_checkpoint(
    make_trainer: MakeTrainer, tmp_path: Path
) -> None:
    trainer = make_trainer(max_steps=2)
    report = trainer.train()
    save_model(tmp_path / "model", TINY, trainer.averaged_state())
    tokens = torch.arange(9)[None]
    expected = trainer.model.eval()(tokens)
    assert torch.equal(load_model(tmp_path / "model")(tokens), expected)
    assert report.checkpoint is not None
    assert torch.equal(load_model(report.checkpoint)(tokens), expected)


def test_validation_loss_is_the_weighted_mean_over_batches() -> None:
    model = HavocModel.from_config(TINY, seed=1).eval()
    loader = make_loader()
    batches = [loader.next_batch() for _ in range(3)]
    logits = [model(b.tokens, segments=b.segments).log_softmax(-1) for b in batches]
    total = sum(
        -(z.gather(-1, b.targets[..., None])[..., 0] * b.weights).sum()
        for z, b in zip(logits, batches, strict=True)
    )
    weight = sum(b.weights.sum() for b in batches)
    assert mean_loss(model, batches) == pytest.approx((total / weight).item(), rel=1e-5)


def test_automatic_precision_is_float32_where_bfloat16_would_be_emulated() -> None:
    cpu = torch.device("cpu")
    native = multiplies_natively(cpu, torch.bfloat16)
    chosen = Precision.choose(TrainingConfig(use_amp="auto"), cpu)
    assert chosen.dtype == (torch.bfloat16 if native else None)
    forced = Precision.choose(TrainingConfig(use_amp=True), cpu)
    assert forced.dtype == torch.bfloat16
    assert forced.emulated is not native
    assert Precision.choose(TrainingConfig(use_amp=False), cpu).name == "float32"


@pytest.mark.parametrize("name", ["gpu", "cuda:99"])
def test_a_device_that_is_not_there_is_refused(name: str) -> None:
    if name == "cuda:99" and torch.cuda.is_available():
        pytest.skip("a GPU is there")
    with pytest.raises(InputError, match="device"):
        choose_device(name)


def test_without_a_compiler_training_goes_on_eagerly(
    make_trainer: MakeTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(function: Callable[..., Any], **_: object) -> Callable[..., Any]:
        def run(*args: Any, **named: Any) -> Any:
            raise RuntimeError("no C++ compiler")

        return run

    monkeypatch.setattr(torch, "compile", broken)
    compiled, plain = make_trainer("c", compile=True), make_trainer("p")
    assert compiled.train().loss == plain.train().loss
    assert "no C++ compiler" in (compiled.folder / "logs/train.log").read_text()


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_compiled_graph_of_wide_heads_in_bfloat16_is_kept(make_trainer: MakeTrainer) -> None:
    """With two threads it transposes; what GCC 12.2 makes of that unasked is far from torch's."""
    torch.set_num_threads(2)
    shape = HavocConfig(
        vocab_size=300, d_model=128, num_layers=1, num_heads=4, num_kv_heads=2, head_dim=64,
        mlp_hidden_dim=96, max_seq_len=256, tie_embeddings=True,
    )  # fmt: skip
    tokens = np.random.default_rng(1).integers(0, 300, (8, 257))
    changes = {"batch_size": 8, "gradient_accumulation_steps": 1, "use_amp": True, "max_steps": 2}
    compiled, plain = (
        make_trainer(
            name, model=HavocModel.from_config(shape, seed=1), loader=RowLoader(tokens, 8),
            compile=name == "c", **changes,
        )
        for name in ("c", "p")
    )  # fmt: skip
    assert compiled.train().loss == pytest.approx(plain.train().loss, rel=0.01)
    assert "eagerly" not in (compiled.folder / "logs/train.log").read_text()


def test_half_a_library_that_a_killed_compiler_left_is_removed_and_compiled_anew(
    make_trainer: MakeTrainer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The backward half fails, as torch does it: when gradients are asked for."""
    library = tmp_path / "half.main.so"
    library.write_bytes(b"\x7fELF")

    class Loading(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
            return x.clone()

        @staticmethod
        def backward(ctx: Any, *gradients: Any) -> Any:
            if library.exists():
                raise RuntimeError(f"InductorError: ImportError: {library}: file too short")
            return gradients[0]

    def compiling(function: Callable[..., Any], **_: object) -> Callable[..., Any]:
        return lambda *args, **named: Loading.apply(function(*args, **named))

    monkeypatch.setattr(torch, "compile", compiling)
    compiled, plain = make_trainer("c", compile=True), make_trainer("p")
    assert compiled.train().loss == plain.train().loss
    said = (compiled.folder / "logs/train.log").read_text()
    assert said.count("compiling anew") == 1
    assert "goes on eagerly" not in said
    assert not library.exists()


@pytest.mark.parametrize("right", [True, False])
def test_a_graph_that_computes_other_gradients_is_not_used(
    make_trainer: MakeTrainer, monkeypatch: pytest.MonkeyPatch, right: bool
) -> None:
    """As a C++ compiler at fault makes it: the loss is right, its gradient is not."""
    calls = 0

    def compiling(function: Callable[..., Any], **_: object) -> Callable[..., Any]:
        def run(*args: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            y = function(*args, **named)
            return y if right else 3 * y - 2 * y.detach()

        return run

    monkeypatch.setattr(torch, "compile", compiling)
    shape = TINY.replace(dropout=0.0)
    compiled = make_trainer("c", model=HavocModel.from_config(shape, seed=1), compile=True)
    plain = make_trainer("p", model=HavocModel.from_config(shape, seed=1))
    compiled.train()
    plain.train()
    assert fingerprint(compiled.model.state_dict()) == fingerprint(plain.model.state_dict())
    said = (compiled.folder / "logs/train.log").read_text()
    assert ("computes other gradients" in said) is not right
    first_step = shape.num_layers * compiled.config.gradient_accumulation_steps
    assert (calls == first_step) is not right


def test_the_distance_of_gradients() -> None:
    wanted = [torch.tensor([3.0, 4.0]), torch.tensor([1e-9])]
    assert apart(wanted, wanted) == 0
    assert apart([torch.tensor([3.0, 9.0]), wanted[1]], wanted) == pytest.approx(1.0)
    assert apart([wanted[0], torch.tensor([2e-9])], wanted) < 1e-3  # nothing beside the other
    assert apart([wanted[0], torch.tensor([torch.nan])], wanted) == math.inf
    assert apart([wanted[0], None], wanted) == math.inf
    assert apart(wanted, [torch.tensor([torch.inf, 0.0]), wanted[1]]) == 0  # an overflow


def test_the_best_checkpoint_outlives_newer_ones(make_trainer: MakeTrainer) -> None:
    course = iter([3.0, 1.0, 2.0, 2.5, 2.5, 2.5])
    trainer = make_trainer(
        max_steps=6,
        eval_every=1,
        checkpoint_every=1,
        keep_last=2,
        keep_best=True,
        validate=lambda model: {"math.loss": next(course), "stats.loss": 1.0},
    )
    report = trainer.train()
    assert report.best_checkpoint == trainer.folder / "checkpoint_step_2"
    names = sorted(p.name for p in trainer.folder.glob("checkpoint_step_*"))
    assert names == ["checkpoint_step_2", "checkpoint_step_5", "checkpoint_step_6"]


def test_the_best_is_remembered_when_a_run_is_resumed(make_trainer: MakeTrainer) -> None:
    kept = {"eval_every": 1, "keep_best": True, "keep_last": 1, "schedule": "constant"}
    make_trainer(max_steps=2, validate=lambda model: {"loss": 0.5}, **kept).train()
    longer = make_trainer(max_steps=4, validate=lambda model: {"loss": 0.7}, **kept)
    report = longer.train()
    assert report.best_checkpoint is not None
    assert report.best_checkpoint.name == "checkpoint_step_1"
    assert report.best_checkpoint.is_dir()


def test_the_profiler_records_the_steps_asked_for(make_trainer: MakeTrainer) -> None:
    trainer = make_trainer(max_steps=7, profile_steps=2)
    trainer.train()
    folder = trainer.folder / "logs" / "profile"
    events = json.loads((folder / "trace.json").read_text())["traceEvents"]
    assert len({e["name"] for e in events if e["name"].startswith("ProfilerStep#")}) == 2
    assert "aten::mm" in (folder / "operators.txt").read_text()


def test_a_full_disk_stops_the_run_in_one_line_and_spoils_nothing(
    make_trainer: MakeTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = make_trainer(max_steps=4, checkpoint_every=2)
    real = torch.save

    def full(content: Any, path: Path) -> None:
        if "checkpoint_step_4" in str(path) and "optimizer" in str(path):
            raise OSError(28, "No space left on device", str(path))
        real(content, path)

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(CheckpointFailed, match=r"checkpoint_step_4 .*No space left on device"):
        trainer.train()
    monkeypatch.undo()
    found = [p.name for p in trainer.folder.glob("checkpoint_*")]
    assert found == ["checkpoint_step_2"]
    assert make_trainer(max_steps=4, checkpoint_every=2).train().resumed_from == 2
