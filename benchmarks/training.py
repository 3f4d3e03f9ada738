"""Training speed and memory, side by side with others at the same shape.

Ours through the trainer (float32, bfloat16, bfloat16 compiled); transformers' Llama in a plain
float32 loop and in its own best form (bfloat16 autocast, torch.compile, fused AdamW); litgpt's GPT
in that form (extra ``bench``). All train the same number of tokens a step, clip gradients and use
AdamW. Rounds alternate, so that a busy machine slows all; the figure is the median step.

    python benchmarks/training.py [--quick] [--json FILE] [--sizes 1M 5M] [--threads N]
                                  [--clock wall|cpu] [--memory] [--rounds N] [--steps N]
                                  [--only "havoc compiled" "transformers best" ...]

``--clock cpu`` with one thread measures processor time, which a busy machine changes little.
``--json`` writes ``{"ratios": {"peer:measure": r}}``: above 1 where ours is better.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from havoc.config import HavocConfig, TrainingConfig
from havoc.model import HavocModel
from havoc.model.conversion import llama_config
from havoc.tracking import NullLogger
from havoc.training import RowLoader, Trainer
from havoc.training.journal import Journal

BATCH, SEQ_LEN = 8, 256
Step = Callable[[], object]


def shape(width: int, layers: int, heads: int, head_dim: int, mlp: int, vocab: int) -> HavocConfig:
    """Return a tied model with half as many key heads as query heads."""
    return HavocConfig(
        vocab_size=vocab, d_model=width, num_layers=layers, num_heads=heads,
        num_kv_heads=heads // 2, head_dim=head_dim, mlp_hidden_dim=mlp, max_seq_len=SEQ_LEN,
        tie_embeddings=True,
    )  # fmt: skip


SIZES = {
    "1M": shape(128, 4, 4, 32, 384, 2048),
    "5M": shape(256, 6, 8, 32, 704, 4096),
    "15M": shape(384, 8, 6, 64, 1024, 4096),
    "50M": shape(640, 10, 10, 64, 1792, 8192),
}


def rows(model: HavocConfig) -> np.ndarray:
    """Return random rows; the values do not matter to the speed."""
    return np.random.default_rng(0).integers(1, model.vocab_size, (4 * BATCH, SEQ_LEN + 1))


def ours(model: HavocConfig, folder: Path, *, amp: bool, compiled: bool) -> Step:
    """Return one step of the trainer: loader, loss, clipping, optimiser and counters."""
    config = TrainingConfig(
        batch_size=BATCH, gradient_accumulation_steps=1, max_steps=10**6, use_amp=amp,
        compile=compiled, device="cpu", eval_every=0, checkpoint_every=0,
    )  # fmt: skip
    loader = RowLoader(rows(model), BATCH)
    trainer = Trainer(HavocModel.from_config(model), config, loader, folder, show_progress=False)
    journal = Journal(folder / "logs", NullLogger(), show_progress=False)
    return lambda: trainer._step(journal)


def loop(
    model: torch.nn.Module,
    loss: Callable[[torch.Tensor], torch.Tensor],
    ids: torch.Tensor,
    amp: bool,
    fused: bool,
) -> Step:
    """Return one step of a plain loop."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.95), fused=fused)
    at = 0

    def step() -> None:
        nonlocal at
        batch = ids[at * BATCH : (at + 1) * BATCH]
        at = (at + 1) % 4
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=amp):
            value = loss(batch)
        value.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)

    return step


def transformers_step(model: HavocConfig, *, best: bool) -> Step:
    """Return a step of transformers' Llama."""
    import transformers

    described = llama_config(model, bos_id=1, eos_id=2, pad_id=0)
    llama = transformers.LlamaForCausalLM(transformers.LlamaConfig(**described))
    called = torch.compile(llama) if best else llama
    ids = torch.from_numpy(rows(model))[:, :-1].contiguous()
    return loop(
        llama, lambda b: called(input_ids=b, labels=b, use_cache=False).loss, ids, best, best
    )


def litgpt_step(model: HavocConfig, *, best: bool) -> Step:
    """Return a step of litgpt's GPT, its output layer tied as ours is."""
    from litgpt.config import Config
    from litgpt.model import GPT

    gpt = GPT(
        Config(
            block_size=SEQ_LEN, vocab_size=model.vocab_size, padded_vocab_size=model.vocab_size,
            n_layer=model.num_layers, n_head=model.num_heads, n_embd=model.d_model,
            n_query_groups=model.num_kv_heads, head_size=model.head_dim, rotary_percentage=1.0,
            parallel_residual=False, bias=False, norm_class_name="RMSNorm",
            mlp_class_name="LLaMAMLP", intermediate_size=model.mlp_hidden_dim,
        )
    )  # fmt: skip
    gpt.lm_head.weight = gpt.transformer.wte.weight
    called = torch.compile(gpt) if best else gpt
    ids = torch.from_numpy(rows(model))[:, :-1].contiguous()

    def loss(batch: torch.Tensor) -> torch.Tensor:
        logits = called(batch)[:, :-1].flatten(0, 1).float()
        return torch.nn.functional.cross_entropy(logits, batch[:, 1:].flatten())

    return loop(gpt, loss, ids, best, best)


def contestants(
    model: HavocConfig, folder: Path, *, compiled: bool
) -> dict[str, Callable[[], Step]]:
    """Return what can run here, by name."""
    found: dict[str, Callable[[], Step]] = {
        "havoc float32": lambda: ours(model, folder / "a", amp=False, compiled=False),
        "havoc bfloat16": lambda: ours(model, folder / "b", amp=True, compiled=False),
    }
    if compiled:
        found["havoc compiled"] = lambda: ours(model, folder / "c", amp=True, compiled=True)
    peers = {"transformers": transformers_step, "litgpt": litgpt_step}
    for name, build in peers.items():
        if importlib.util.find_spec(name) is None:
            print(f"{name} is not installed (extra bench); left out", file=sys.stderr)
            continue
        found[f"{name} plain"] = lambda build=build: build(model, best=False)  # type: ignore[misc]
        if compiled:
            found[f"{name} best"] = lambda build=build: build(model, best=True)  # type: ignore[misc]
    return found


def ceiling(clock: Callable[[], float], dtype: torch.dtype) -> float:
    """Return this machine's operations a second in large matrix products of a type."""
    a, b = (torch.randn(1024, 1024).to(dtype) for _ in range(2))
    best = 0.0
    for _ in range(12):
        start = clock()
        a @ b
        best = max(best, 2 * 1024**3 / (clock() - start))
    return best


def time_steps(
    model: HavocConfig,
    *,
    compiled: bool,
    rounds: int,
    steps: int,
    clock: Callable[[], float],
    only: Sequence[str] | None = None,
) -> tuple[dict[str, float], dict[str, float]]:
    """Return tokens a second, and seconds of the first step, by contestant."""
    with tempfile.TemporaryDirectory() as folder:
        running, first = {}, {}
        for name, build in contestants(model, Path(folder), compiled=compiled).items():
            if only and name not in only:
                continue
            running[name] = build()
            start = time.perf_counter()
            running[name]()
            first[name] = time.perf_counter() - start
            running[name]()
        for log in sorted(Path(folder).rglob("train.log")):  # compiling may have failed
            print(log.read_text(encoding="utf-8"), end="", file=sys.stderr)
        times: dict[str, list[float]] = {name: [] for name in running}
        for _ in range(rounds):
            for name, step in running.items():
                for _ in range(steps):
                    start = clock()
                    step()
                    times[name].append(clock() - start)
    return {n: BATCH * SEQ_LEN / statistics.median(t) for n, t in times.items()}, first


def peak_memory(size: str, name: str, threads: int) -> float:
    """Return the bytes that three steps of a contestant take, in a process of its own."""
    command = [sys.executable, __file__, "--peak", size, name, "--threads", str(threads)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(run.stdout.split()[-1])


def print_peak(size: str, name: str) -> None:
    """Print the rise of this process's resident memory at the peak of three steps."""

    def resident(field: str) -> int:
        found = re.search(rf"{field}:\s+(\d+) kB", Path("/proc/self/status").read_text())
        assert found is not None
        return 1024 * int(found[1])

    with tempfile.TemporaryDirectory() as folder:
        build = contestants(SIZES[size], Path(folder), compiled=True)[name]
        before = resident("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")
        step = build()
        for _ in range(3):
            step()
    print(resident("VmHWM") - before)


def ratios_of(size: str, speeds: dict[str, float]) -> dict[str, float]:
    """Return ours over theirs: our best form against each of theirs."""
    best = max(v for n, v in speeds.items() if n.startswith("havoc"))
    found = {
        f"{name}:tokens_per_second_{size}": best / v
        for name, v in speeds.items()
        if not name.startswith("havoc")
    }
    if {"transformers plain", "havoc float32"} <= speeds.keys():
        same = speeds["havoc float32"] / speeds["transformers plain"]
        found[f"transformers plain:float32_tokens_per_second_{size}"] = same
    return found


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--quick", action="store_true", help="the smallest size, nothing compiled")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
    parser.add_argument("--memory", action="store_true", help="measure peak memory too")
    parser.add_argument("--only", nargs="+", help="of the contestants, these")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each contestant")
    parser.add_argument("--steps", type=int, default=3, help="of a turn")
    parser.add_argument("--peak", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.threads:
        torch.set_num_threads(given.threads)
    if given.peak:
        print_peak(*given.peak)
        return
    clock = time.process_time if given.clock == "cpu" else time.perf_counter
    tops = {t: ceiling(clock, getattr(torch, t)) for t in ("float32", "bfloat16")}
    print(f"{torch.get_num_threads()} threads, {given.clock} time; matrix products: "
          + ", ".join(f"{t} {v / 1e9:.0f} GFLOP/s" for t, v in tops.items()))  # fmt: skip
    result: dict[str, Any] = {"ratios": {}, "ceiling": tops, "sizes": {}}
    for size in ["1M"] if given.quick else given.sizes:
        model = SIZES[size]
        rounds, steps = (3, 3) if given.quick else (given.rounds, given.steps)
        speeds, first = time_steps(
            model, compiled=not given.quick, rounds=rounds, steps=steps, clock=clock,
            only=given.only,
        )  # fmt: skip
        result["ratios"] |= ratios_of(size, speeds)
        result["sizes"][size] = {"tokens_per_second": speeds, "first_step_seconds": first}
        print(f"\n{size}: {model.num_parameters:,} parameters, {BATCH * SEQ_LEN} tokens a step")
        for name, speed in speeds.items():
            top = tops["float32" if "float32" in name or "plain" in name else "bfloat16"]
            share = speed * model.flops_per_token(SEQ_LEN) / top
            line = f"  {name:22}{speed:9,.0f} tokens/s {share:6.0%} of the ceiling"
            print(line + f", first step {first[name]:.1f} s")
        if given.memory:
            peaks = {n: peak_memory(size, n, given.threads) for n in speeds}
            result["sizes"][size]["peak_bytes"] = peaks
            print("  peak memory: " + ", ".join(f"{n} {v / 1e6:.0f} MB" for n, v in peaks.items()))
            ours_best = min(v for n, v in peaks.items() if n.startswith("havoc"))
            result["ratios"] |= {
                f"{n}:peak_memory_{size}": v / ours_best
                for n, v in peaks.items()
                if not n.startswith("havoc")
            }
    for name, ratio in result["ratios"].items():
        print(f"{name:55} {ratio:.2f}")
    if given.json:
        given.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
