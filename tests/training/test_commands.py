"""``havoc train``, ``plan``, ``export`` and ``import``: whole runs, and what is refused at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from tiny_model import SENTENCES, make_shards
from tiny_run import TINY

from havoc import cli
from havoc.config import HavocConfig, TrainingConfig
from havoc.errors import InputError
from havoc.model import load_model
from havoc.tokenizer import train_tokenizer
from havoc.training.feasible import refuse_impossible

SHAPE = {k: v for k, v in TINY.to_dict().items() if k not in ("vocab_size", "dropout")}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tokenizer and shards made with it."""
    folder = tmp_path_factory.mktemp("made")
    make_shards(folder / "tokens", folder / "tokenizer")
    return folder


@pytest.fixture(autouse=True)
def _untracked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAVOC_TRACKING", "off")


def havoc(*words: Any) -> int:
    return cli._status([str(w) for w in words])


def train(made: Path, output: Path, *words: Any, **changes: Any) -> int:
    recipe = {
        "batch_size": 2, "gradient_accumulation_steps": 1, "max_steps": 3, "warmup_steps": 1,
        "use_amp": "false", "log_every": 1, "device": "cpu", "max_seconds": 1000, "seq_len": 16,
        "optimizer": "adamw", "checkpoint_every": 2, "eval_every": 0, **changes,
    }  # fmt: skip
    options = [x for k, v in recipe.items() for x in (f"--training.{k}", v)]
    shape = [x for k, v in SHAPE.items() for x in (f"--model.{k}", v)]
    places = ["--tokens", made / "tokens", "--tokenizer", made / "tokenizer", "--output", output]
    return havoc("train", *places, *options, *shape, *words)


def test_a_run_is_exported_imported_and_continued_with_adapters(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(made, tmp_path / "run") == 0
    base = tmp_path / "run" / "model"
    entries = (tmp_path / "run/logs/metrics.jsonl").read_text()
    assert '"validation.stats.bits_per_byte"' in entries
    assert havoc("export", base, tmp_path / "hf") == 0
    assert havoc("import", tmp_path / "hf", tmp_path / "back") == 0
    assert train(made, tmp_path / "tuned", "--init", tmp_path / "back", lora_rank=2) == 0
    tuned = tmp_path / "tuned" / "model"
    adapters = load_file(tuned / "adapter.safetensors")
    assert len(adapters) == 2 * 7 * TINY.num_layers
    before, after = load_model(base).state_dict(), load_model(tuned).state_dict()
    assert torch.equal(before["embedding.weight"], after["embedding.weight"])
    assert not torch.equal(before["blocks.0.mlp.up.weight"], after["blocks.0.mlp.up.weight"])
    checkpoint = load_model(tmp_path / "tuned" / "checkpoint_step_3").state_dict()
    assert all(torch.equal(checkpoint[n], w) for n, w in after.items())
    assert "loss" in capsys.readouterr().out


def test_a_used_folder_and_other_tokenizers_are_refused(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(made, tmp_path / "run", max_steps=1) == 0
    assert train(made, tmp_path / "run", "--no-resume", max_steps=1) == 2
    assert "holds checkpoints up to step 1" in capsys.readouterr().err
    other = tmp_path / "other"
    shutil.copytree(made, other)
    train_tokenizer(SENTENCES * 2, 390).save(other / "tokenizer")
    assert train(other, tmp_path / "new") == 2
    assert "made with another tokenizer" in capsys.readouterr().err
    assert train(made, tmp_path / "new", "--model.vocab_size", 1000) == 2
    assert "vocab_size: 1000, but" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_plan_is_printed_for_people_and_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert havoc("plan", "--device", "h100", "--devices", 8, "--price", 2.5) == 0
    assert "It fits." in capsys.readouterr().out
    assert havoc("plan", "--json", "--model.num_layers", 16) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["parameters"] == HavocConfig(num_layers=16).num_parameters
    assert havoc("plan", "--device", "h10") == 2
    assert "h100" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "given", "said"),
    [
        ({}, {"seq_len": 32}, "rows of 32 tokens are above max_seq_len 24"),
        ({"seq_len": 8}, {}, "seq_len: 8, but the token shards have rows of 12"),
        ({}, {"vocab_size": 301}, "made with 301 pieces, the model has 300"),
        ({"lora_rank": 2, "optimizer": "muon"}, {}, "take adamw with lora_rank"),
        ({"tensor_parallel": 2}, {}, "tensor_parallel: 2 does not divide num_kv_heads 1"),
        ({"batch_size": 10**9}, {}, r"needs about .* GB, .* GB are free"),
    ],
)
def test_what_cannot_work_is_refused_before_any_work(
    changes: dict[str, Any], given: dict[str, Any], said: str
) -> None:
    config = TrainingConfig(device="cpu", **changes)
    with pytest.raises(InputError, match=said):
        refuse_impossible(TINY, config, **{"seq_len": 12, "vocab_size": 300, **given})


def test_the_memory_estimate_can_be_overridden() -> None:
    config = TrainingConfig(device="cpu", batch_size=10**9)
    refuse_impossible(TINY, config, seq_len=12, vocab_size=300, allow_memory=True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"replicas": 2}, "replicas: 2 does not divide the 1 processes"),
        ({"tensor_parallel": 2}, "tensor_parallel: 2 does not divide the 1 processes"),
        ({"cpu_offload": True}, "torch sees no GPU"),
        ({"keep_best": True, "eval_every": 0}, "keep_best: needs validation"),
        ({"min_lr": 1e-3}, "min_lr: 0.001 is above learning_rate"),
    ],
)
def test_settings_that_contradict_are_refused(changes: dict[str, Any], said: str) -> None:
    from havoc.training.parallel import Parallel

    if "cpu_offload" in changes and torch.cuda.is_available():
        pytest.skip("a GPU is there")
    with pytest.raises(InputError, match=said):
        Parallel.detect(TrainingConfig(**changes))


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_torchrun_starts_the_same_command_on_two_processes(made: Path, tmp_path: Path) -> None:
    output = tmp_path / "run"
    options = [x for k, v in SHAPE.items() for x in (f"--model.{k}", str(v))]
    recipe = {"max_steps": "3", "batch_size": "2", "seq_len": "16", "max_seconds": "1000"}
    recipe |= {"optimizer": "adamw", "compile": "false", "device": "cpu"}
    options += [x for k, v in recipe.items() for x in (f"--training.{k}", v)]
    places = ["--tokens", made / "tokens", "--tokenizer", made / "tokenizer", "--output", output]
    run = subprocess.run(
        [
            sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2",
            "-m", "havoc", "train", *map(str, places), *options,
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HAVOC_TRACKING": "off", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-3000:]
    assert (output / "checkpoint_step_3" / "shards" / ".metadata").exists()
    assert "2 processes" in (output / "logs" / "train.log").read_text()
    joined = load_model(output / "checkpoint_step_3").state_dict()
    final = load_model(output / "model").state_dict()
    assert all(torch.equal(joined[name], weight) for name, weight in final.items())
