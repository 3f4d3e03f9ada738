"""What is learnt in equal time: bits per byte on held-out text, HAVOC's recipe beside others.

All train the same shape from the same weights on the same packed rows, for the same seconds, one
thread each, at the same time:

- ``havoc``: ``configs/training/pretrain_laptop.yaml`` as it stands, its rates, course and warmup;
- ``havoc finetune``: ``configs/training/finetune_laptop.yaml``, whose rates are for longer runs;
- ``adamw cosine``: the plain recipe of most papers, in the same trainer;
- ``nanochat``: its published optimiser settings (Muon 0.02 on matrices, AdamW 0.004 on the output
  layer with beta1 0.8, no decay, no warmup, the last 40 % linearly to 0), in the same trainer. Its
  own rate for the embedding, 0.2, is for one that is not tied to the output layer;
- ``litgpt``: its GPT with the defaults of ``litgpt pretrain`` (AdamW 4e-4, 0.9, 0.95, weight decay
  0.1 on everything, cosine to a tenth), if it is installed (extra ``bench``).

    python benchmarks/learning.py [--seconds 120] [--clock wall|cpu] [--quick] [--only NAME ...]
                                  [--text DIR] [--set NAME=VALUE ...] [--json FILE]

The text is this repository's own documentation unless a folder is named, of Markdown files or, as the
pipeline's ``data/stats``, of JSON lines with a ``text`` each. Seconds are those of the
clock; where other programs share the cores they are no equal share, and ``--clock cpu`` is fair:
each takes the steps that so many seconds of its processor time hold, by a step's median beforehand.
``--set muon_learning_rate=0.008`` changes ``havoc`` in one thing (and names the result so).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import yaml

from havoc.config import HavocConfig, TrainingConfig, load_config
from havoc.corpus.loader import MixtureLoader
from havoc.corpus.tokens import Group, TokenSet, build_tokens, encode_text
from havoc.model import HavocModel
from havoc.tokenizer import train_tokenizer
from havoc.tracking import NullLogger
from havoc.training import Trainer
from havoc.training.journal import Journal
from havoc.training.run import group_validator

SEQ_LEN, BATCH = 256, 8
SHAPE: dict[str, Any] = {
    "d_model": 128, "num_layers": 4, "num_heads": 4, "num_kv_heads": 2, "head_dim": 32,
    "mlp_hidden_dim": 384, "max_seq_len": SEQ_LEN, "tie_embeddings": True,
}  # fmt: skip


def read_documents(text: Path) -> list[str]:
    """Return the texts of a folder: its Markdown files and the lines of its JSON lines."""
    found = [p.read_text(encoding="utf-8") for p in sorted(text.rglob("*.md"))]
    for path in sorted(text.rglob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            found += [json.loads(line)["text"] for line in lines]
    if not found:
        raise SystemExit(f"--text: no Markdown or JSON lines under {text}")
    return found


def build_data(text: Path, folder: Path) -> TokenSet:
    """Tokenize the documents of a folder; a fifth of them are held out."""
    documents = read_documents(text)
    tokenizer = train_tokenizer(documents, 2048)
    group = Group("docs", "stream", [encode_text(d, tokenizer) for d in documents])
    build_tokens(
        folder, [group], seq_len=SEQ_LEN, vocab_size=tokenizer.vocab_size, pad_id=0,
        validation_share=0.2,
    )  # fmt: skip
    return TokenSet(folder)


OURS = {"havoc": "pretrain_laptop", "havoc finetune": "finetune_laptop"}


def recipe(name: str, limits: dict[str, Any]) -> TrainingConfig:
    """Return the settings of a recipe; ``limits`` are steps or seconds.

    A name ``havoc muon_learning_rate=0.008`` is ours but for that.
    """
    shared: dict[str, Any] = {
        "batch_size": BATCH, "gradient_accumulation_steps": 1, "seq_len": SEQ_LEN,
        "short_rows": None, "compile": False, "eval_every": 0, "eval_batches": 1000,
        "checkpoint_every": 0, "device": "cpu", "use_amp": "auto", "num_threads": 1, **limits,
    }  # fmt: skip
    if name.startswith("havoc"):
        words = [w for w in name.split() if "=" not in w]
        changes = [w.split("=", 1) for w in name.split() if "=" in w]
        ours = load_config(TrainingConfig, OURS[" ".join(words)]).to_dict()
        changed = {n: yaml.safe_load(v) for n, v in changes}
        return TrainingConfig(**{**ours, **changed, **shared})
    if name == "nanochat":
        return TrainingConfig(
            **shared, optimizer="muon", muon_learning_rate=0.02, learning_rate=0.004, min_lr=0.0,
            warmup_steps=0, schedule="wsd", decay_share=0.4, beta1=0.8, weight_decay=0.0,
        )  # fmt: skip
    return TrainingConfig(**shared, learning_rate=1e-3, min_lr=1e-4, warmup_steps=40)


def trainer_of(name: str, shards: TokenSet, limits: dict[str, Any], folder: Path) -> Trainer:
    """Return a trainer at its start."""
    model = HavocModel.from_config(
        HavocConfig(**SHAPE, vocab_size=int(shards.manifest["vocab_size"])), seed=1
    )
    return Trainer(
        model, recipe(name, limits), MixtureLoader(shards, {"docs": 1.0}, batch_size=BATCH),
        folder, show_progress=False, validate=group_validator(shards, BATCH, 1000),
    )  # fmt: skip


def pace(step: Callable[[], object], count: int = 12) -> float:
    """Return the processor seconds of a step, the median after two."""
    times = []
    for _ in range(count):
        start = time.process_time()
        step()
        times.append(time.process_time() - start)
    return statistics.median(times[2:])


def run_ours(name: str, tokens: Path, seconds: float, clock: str) -> dict[str, float]:
    """Train by the trainer; return bits per byte and how much was seen."""
    shards = TokenSet(tokens)
    limits: dict[str, Any] = {"max_steps": 10**6, "max_seconds": seconds}
    with tempfile.TemporaryDirectory() as folder:
        if clock == "cpu":
            trial = trainer_of(name, shards, limits, Path(folder) / "trial")
            journal = Journal(Path(folder) / "logs", NullLogger(), show_progress=False)
            steps = round(seconds / pace(lambda: trial._step(journal)))
            limits = {"max_steps": steps, "max_seconds": None}
        start = time.process_time()
        report = trainer_of(name, shards, limits, Path(folder) / "run").train()
        spent = time.process_time() - start
    return {
        "processor_seconds": spent,  # the validation at the end included
        "bits_per_byte": report.validation["docs.bits_per_byte"],
        "steps": report.steps,
        "tokens": report.tokens,
        "waiting_share": report.waiting_share,
    }


def run_litgpt(tokens: Path, seconds: float, clock: str) -> dict[str, float]:
    """Train litgpt's GPT by its defaults; the same rows in the same order."""
    from litgpt.config import Config
    from litgpt.model import GPT

    shards = TokenSet(tokens)
    vocab = int(shards.manifest["vocab_size"])
    gpt = GPT(
        Config(
            block_size=SEQ_LEN, vocab_size=vocab, padded_vocab_size=vocab, n_layer=4, n_head=4,
            n_embd=128, n_query_groups=2, head_size=32, rotary_percentage=1.0, bias=False,
            parallel_residual=False, norm_class_name="RMSNorm", mlp_class_name="LLaMAMLP",
            intermediate_size=384,
        )
    )  # fmt: skip
    torch.manual_seed(1)
    gpt.apply(gpt._init_weights)
    optimiser = torch.optim.AdamW(
        gpt.parameters(), lr=4e-4, betas=(0.9, 0.95), weight_decay=0.1, fused=True
    )
    loader = MixtureLoader(shards, {"docs": 1.0}, batch_size=BATCH)
    now = time.process_time if clock == "cpu" else time.perf_counter
    start, steps = now(), 0
    while (done := (now() - start) / seconds) < 1:
        rate = 4e-5 + 3.6e-4 * 0.5 * (1 + math.cos(math.pi * done))
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (steps + 1) / 40)
        batch = loader.next_batch()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = gpt(torch.from_numpy(batch.tokens)).flatten(0, 1).float()
        targets = torch.from_numpy(batch.targets).flatten()
        torch.nn.functional.cross_entropy(logits, targets).backward()
        torch.nn.utils.clip_grad_norm_(gpt.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        steps += 1

    class Wrapped(torch.nn.Module):
        """Gives litgpt's model the face that our validator asks for."""

        norm = gpt.transformer.ln_f

        def loss(self, tokens: Any, targets: Any, weights: Any, segments: Any) -> torch.Tensor:
            losses = torch.nn.functional.cross_entropy(
                gpt(tokens).flatten(0, 1).float(), targets.flatten(), reduction="none"
            )
            return (losses * weights.flatten()).sum()

    gpt.eval()
    figures = group_validator(shards, BATCH, 1000)(Wrapped())  # type: ignore[arg-type]
    return {
        "bits_per_byte": figures["docs.bits_per_byte"],
        "steps": steps,
        "tokens": steps * BATCH * SEQ_LEN,
    }


def compete(
    name: str, tokens: Path, seconds: float, clock: str, together: Any, results: Any
) -> None:
    """Run one contestant in this process, starting with the others."""
    torch.set_num_threads(1)
    together.wait()
    if name == "litgpt":
        results.put((name, run_litgpt(tokens, seconds, clock)))
    else:
        results.put((name, run_ours(name, tokens, seconds, clock)))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--seconds", type=float, default=120.0, help="of training, for each")
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
    parser.add_argument("--quick", action="store_true", help="30 seconds")
    parser.add_argument("--only", nargs="+", help="of the contestants, these")
    parser.add_argument("--set", action="append", default=[], help="havoc, one thing changed")
    parser.add_argument("--text", type=Path, default=Path(__file__).parents[1] / "docs")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    seconds = 30.0 if given.quick else given.seconds
    names = [*OURS, "adamw cosine", "nanochat"]
    if importlib.util.find_spec("litgpt"):
        names.append("litgpt")
    else:
        print("litgpt is not installed (extra bench); left out", file=sys.stderr)
    names = [n for n in names if given.only is None or n in given.only]
    names += [f"havoc {change}" for change in given.set]
    os.environ["OMP_NUM_THREADS"] = "1"
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        tokens = Path(folder) / "tokens"
        shards = build_data(given.text, tokens)
        print(f"{shards.rows('docs') * SEQ_LEN:,} tokens to train on, {seconds:.0f} seconds each")
        together, results = context.Barrier(len(names)), context.Queue()
        running = [
            context.Process(
                target=compete, args=(n, tokens, seconds, given.clock, together, results)
            )
            for n in names
        ]
        for process in running:
            process.start()
        # By processor time, on however few cores and beside however many others.
        patience = 600 + seconds * (4 if given.clock == "wall" else 60)
        found = dict(results.get(timeout=patience) for _ in names)
        for process in running:
            process.join()
    for name in names:
        facts = found[name]
        bits, steps = facts["bits_per_byte"], facts["steps"]
        print(f"{name:32}{bits:8.4f} bits per byte after {steps:,} steps")
    peers = [n for n in names if not n.startswith("havoc")]
    best = min((f["bits_per_byte"] for n, f in found.items() if n in OURS), default=math.nan)
    ratios = {f"{n}:bits_per_byte": found[n]["bits_per_byte"] / best for n in peers}
    if given.json:
        document = {"ratios": ratios, "results": found, "seconds": seconds}
        given.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
