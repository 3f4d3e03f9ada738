"""Training speed: our trainer against a plain loop over transformers' Llama of the same shape.

Both train the same weights on the same tokens, in float32, with AdamW and gradient clipping, on the
same threads. Rounds alternate, so that a busy machine slows both; the figure is the median step.

    python benchmarks/training.py [--quick] [--json] [--model havoc_nano] [--threads 2]
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from havoc.config import HavocConfig, TrainingConfig, load_config
from havoc.model import HavocModel
from havoc.model.conversion import llama_config, to_llama
from havoc.training import Batch, RowLoader, Trainer


class TimedLoader(RowLoader):
    """Notes when each batch is asked for: one step is the time between two requests."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked: list[float] = []

    def next_batch(self) -> Batch:
        self.asked.append(time.perf_counter())
        return super().next_batch()


def make_rows(model: HavocConfig, batch: int, seq_len: int) -> np.ndarray:
    """Return random rows; the values do not matter to the speed."""
    return np.random.default_rng(0).integers(1, model.vocab_size, (4 * batch, seq_len + 1))


def our_steps(
    model: HavocConfig, batch: int, seq_len: int, steps: int, learnt: float
) -> list[float]:
    """Return seconds of our trainer's steps; a share ``learnt`` of the tokens has weight."""
    rows = make_rows(model, batch, seq_len)
    weights = (np.random.default_rng(1).random(rows.shape) < learnt).astype(np.float32)
    segments = np.zeros_like(rows) + np.arange(seq_len + 1) // 64 if learnt < 1 else None
    loader = TimedLoader(rows, batch, weights=weights, segments=segments)
    config = TrainingConfig(
        batch_size=batch,
        gradient_accumulation_steps=1,
        max_steps=steps + 2,
        warmup_steps=1,
        use_amp=False,
        log_every=steps + 2,
        eval_every=0,
        checkpoint_every=0,
        device="cpu",
    )
    with tempfile.TemporaryDirectory() as folder:
        built = HavocModel.from_config(model)
        Trainer(built, config, loader, Path(folder), show_progress=False).train()
    return [b - a for a, b in zip(loader.asked[1:], loader.asked[2:], strict=False)]


def plain_steps(model: HavocConfig, batch: int, seq_len: int, steps: int) -> list[float]:
    """Return seconds of the steps of a plain loop over transformers' model."""
    import transformers

    described = llama_config(model, bos_id=1, eos_id=2, pad_id=0)
    llama = transformers.LlamaForCausalLM(transformers.LlamaConfig(**described))
    llama.load_state_dict(to_llama(HavocModel.from_config(model).state_dict()))
    optimiser = torch.optim.AdamW(llama.parameters(), lr=1e-4, betas=(0.9, 0.95))
    rows = torch.from_numpy(make_rows(model, batch, seq_len))
    times = []
    for step in range(steps + 1):
        start = time.perf_counter()
        ids = rows[(step % 4) * batch : (step % 4 + 1) * batch]
        llama(input_ids=ids, labels=ids, use_cache=False).loss.backward()
        torch.nn.utils.clip_grad_norm_(llama.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        times.append(time.perf_counter() - start)
    return times[1:]


def measure(
    model: HavocConfig, batch: int, seq_len: int, rounds: int, steps: int
) -> dict[str, Any]:
    """Time all three in turn; return medians in tokens a second."""
    kinds = {
        "havoc": lambda: our_steps(model, batch, seq_len, steps, 1.0),
        "transformers": lambda: plain_steps(model, batch, seq_len, steps),
        "havoc, 30 % of packed tokens learnt": lambda: our_steps(model, batch, seq_len, steps, 0.3),
    }
    times: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(rounds):
        for name, run in kinds.items():
            times[name] += run()
    tokens = batch * seq_len
    speeds = {name: tokens / statistics.median(t) for name, t in times.items()}
    best = {name: tokens / min(t) for name, t in times.items()}
    return {
        "parameters": model.num_parameters,
        "batch": batch,
        "seq_len": seq_len,
        "threads": torch.get_num_threads(),
        "tokens_per_second": {name: round(v) for name, v in speeds.items()},
        "tokens_per_second_best_step": {name: round(v) for name, v in best.items()},
        "ratio_to_transformers": round(speeds["havoc"] / speeds["transformers"], 3),
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--model", default="havoc_nano", help="name in configs/model")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--seq-len", type=int, default=256)
    parser.add_argument("--threads", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    model = load_config(HavocConfig, arguments.model)
    rounds, steps = (1, 2) if arguments.quick else (4, 4)
    result = measure(model, arguments.batch, arguments.seq_len, rounds, steps)
    if arguments.json:
        print(json.dumps(result))
        return
    print(f"{result['parameters']:,} parameters, {result['threads']} threads, float32")
    for name, speed in result["tokens_per_second"].items():
        print(f"{name:40} {speed:8,} tokens/s")
    print(f"ratio to transformers {result['ratio_to_transformers']}")


if __name__ == "__main__":
    main()
