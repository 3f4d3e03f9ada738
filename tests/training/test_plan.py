"""The plan: memory against measured peaks, operations and parameters against counts, what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from havoc.config import HavocConfig, TrainingConfig
from havoc.errors import InputError
from havoc.model import HavocModel
from havoc.model.lora import adapter_state, add_adapters
from havoc.training.plan import (
    GB,
    Device,
    block_parameters,
    find_device,
    make_plan,
    memory,
    plan_text,
    trained_parameters,
)

NARROW: dict[str, Any] = {
    "vocab_size": 4096, "d_model": 256, "num_layers": 6, "num_heads": 8, "num_kv_heads": 2,
    "head_dim": 32, "mlp_hidden_dim": 704, "max_seq_len": 256, "tie_embeddings": True,
}  # fmt: skip
WIDE = {
    **NARROW, "d_model": 512, "head_dim": 64, "mlp_hidden_dim": 1408, "num_layers": 8,
    "tie_embeddings": False, "vocab_size": 8000,
}  # fmt: skip
ONCE: dict[str, Any] = {"gradient_accumulation_steps": 1}
CASES = {
    "float32": (NARROW, {"batch_size": 8, "use_amp": False, **ONCE}),
    "bfloat16, muon": (WIDE, {"batch_size": 2, "use_amp": True, "optimizer": "muon", **ONCE}),
    "bfloat16": (NARROW, {"batch_size": 8, "use_amp": True, **ONCE}),
    "accumulated": (WIDE, {"batch_size": 1, "use_amp": False, "gradient_accumulation_steps": 2}),
    "checkpointed": (
        {**NARROW, "num_layers": 12},
        {"batch_size": 8, "use_amp": True, "activation_checkpointing": True, **ONCE},
    ),
    "adapters": (
        {**WIDE, "num_layers": 6, "tie_embeddings": True},
        {"batch_size": 2, "use_amp": True, "lora_rank": 8, **ONCE},
    ),
}
QUICK = ("float32", "bfloat16, muon")


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="reads Linux's /proc")
@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[] if n in QUICK else pytest.mark.slow) for n in CASES]
)
def test_memory_is_within_a_tenth_of_the_measured_peak(name: str) -> None:
    shape, changes = CASES[name]
    recipe = {"device": "cpu", "max_steps": 2, "checkpoint_every": 0, "seq_len": 256, **changes}
    # Freed memory goes back at once, so that what is resident is what is held.
    tight = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}
    run = subprocess.run(
        [
            sys.executable,
            str(Path(__file__).with_name("measure_memory.py")),
            json.dumps(shape),
            json.dumps(recipe),
        ],
        env={**os.environ, **tight, "MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    expected = memory(HavocConfig(**shape), TrainingConfig(**recipe), on_cpu=True)
    assert expected.total == pytest.approx(int(run.stdout), rel=0.1)


def test_parameters_of_blocks_and_adapters_are_those_of_the_model() -> None:
    shape = HavocConfig(**NARROW)
    model = HavocModel.from_config(shape)
    assert block_parameters(shape) == sum(p.numel() for p in model.blocks[0].parameters())
    add_adapters(model, 4, 16.0)
    counted = sum(w.numel() for w in adapter_state(model).values())
    assert trained_parameters(shape, TrainingConfig(lora_rank=4)) == counted


def test_of_split_matrices_a_device_has_its_part_and_the_rest_whole() -> None:
    shape = HavocConfig(**NARROW)
    model = HavocModel.from_config(shape, device="meta")
    split = [p for n, p in model.named_parameters() if n.startswith("blocks.") and p.dim() == 2]
    here = shape.num_parameters - sum(p.numel() for p in split) // 2
    config = TrainingConfig(tensor_parallel=2, use_amp=False, seq_len=256, optimizer="muon")
    needs = memory(shape, config, devices=2)
    assert needs.weights == 4 * here
    # Muon keeps one moment of the matrices, AdamW two of the rest.
    assert needs.optimizer == 8 * here - 4 * sum(p.numel() for p in split) // 2
    whole = memory(shape, config.replace(tensor_parallel=1), devices=1)
    assert needs.activations < whole.activations
    plan = make_plan(shape, config.replace(replicas=2), find_device("h100"), devices=8)
    said = "matrices split over 2, weights, gradients and optimiser sharded over 2, 2 copies"
    assert said in plan_text(plan)


def test_seven_billion_in_full_do_not_fit_on_24_gigabytes() -> None:
    plan = make_plan(HavocConfig(), TrainingConfig(batch_size=1), find_device("rtx4090"))
    assert not plan.fits
    # Weights, gradients and two moments in float32: 16 bytes a weight, whatever else there is.
    assert plan.needs.total > 12 * HavocConfig().num_parameters
    text = plan_text(plan)
    assert "It does not fit" in text
    assert "lora_rank 16" not in text  # 30 GB of float32 weights do not fit either
    assert "cpu_offload" not in text or "host memory" in text


def test_remedies_do_what_they_say() -> None:
    config = TrainingConfig(batch_size=8)
    plan = make_plan(HavocConfig(), config, find_device("a100-80"), devices=4)
    assert not plan.fits
    assert plan.remedies()
    assert all(other.fits for _, other in plan.remedies())
    wide = make_plan(HavocConfig(), config.replace(batch_size=1), find_device("h100"), devices=64)
    assert wide.fits


def test_time_and_cost_follow_from_operations() -> None:
    shape = HavocConfig(**NARROW)
    device = Device(10 * GB, 1e12)
    plan = make_plan(
        shape, TrainingConfig(seq_len=256), device, devices=2, tokens=1e9, utilisation=0.5, price=3
    )
    facts = plan.to_json()
    assert facts["hours"] == pytest.approx(1e9 * shape.flops_per_token(256) / 1e12 / 3600)
    assert facts["cost"] == pytest.approx(facts["hours"] * 2 * 3)
    assert facts["steps"] == -(-(10**9) // (4 * 8 * 256 * 2))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"devices": 0}, "devices: at least 1"),
        ({"utilisation": 1.5}, "utilisation"),
        ({"tokens": 0.0}, "tokens: above 0"),
        ({"devices": 3, "config": TrainingConfig(replicas=2)}, "does not divide 3 devices"),
        ({"config": TrainingConfig(seq_len=8192)}, "seq_len: 8192 is above max_seq_len 4096"),
    ],
)
def test_impossible_plans_are_refused(changes: dict[str, Any], said: str) -> None:
    config = changes.pop("config", TrainingConfig())
    with pytest.raises(InputError, match=said):
        make_plan(HavocConfig(), config, find_device("h100"), **changes)


def test_an_unknown_device_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="a100-80"):
        find_device("a100-8")
