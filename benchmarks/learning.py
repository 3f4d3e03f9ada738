"""What is learnt in equal time: bits per byte on held-out text, HAVOC's recipe beside others.

All train the same shape from the same weights on the same packed rows, for the same seconds, one
thread each, at the same time, so that a busy machine slows all alike:

- ``havoc``: the laptop recipe (Muon, warmup-stable-decay, the machine's precision);
- ``adamw cosine``: the plain recipe of most papers, in the same trainer;
- ``nanochat``: its published optimiser settings (Muon 0.02 on matrices, AdamW 0.004 on the output
  layer with beta1 0.8, no decay, no warmup, the last 40 % linearly to 0), in the same trainer. Its
  own rate for the embedding, 0.2, is for one that is not tied to the output layer;
- ``litgpt``: its GPT with the defaults of ``litgpt pretrain`` (AdamW 4e-4, 0.9, 0.95, weight decay
  0.1 on everything, cosine to a tenth), if it is installed (extra ``bench``).

    python benchmarks/learning.py [--seconds 120] [--quick] [--text DIR] [--json FILE]

The text is this repository's own documentation unless a folder is named.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch

from havoc.config import HavocConfig, TrainingConfig, load_config
from havoc.corpus.loader import MixtureLoader
from havoc.corpus.tokens import Group, TokenSet, build_tokens, encode_text
from havoc.model import HavocModel
from havoc.tokenizer import train_tokenizer
from havoc.training import Trainer
from havoc.training.run import group_validator

SEQ_LEN, BATCH = 256, 8
SHAPE: dict[str, Any] = {
    "d_model": 128, "num_layers": 4, "num_heads": 4, "num_kv_heads": 2, "head_dim": 32,
    "mlp_hidden_dim": 384, "max_seq_len": SEQ_LEN, "tie_embeddings": True,
}  # fmt: skip


def build_data(text: Path, folder: Path) -> TokenSet:
    """Tokenize the Markdown files of a folder; a fifth of the documents are held out."""
    documents = [p.read_text(encoding="utf-8") for p in sorted(text.rglob("*.md"))]
    tokenizer = train_tokenizer(documents, 2048)
    group = Group("docs", "stream", [encode_text(d, tokenizer) for d in documents])
    build_tokens(
        folder, [group], seq_len=SEQ_LEN, vocab_size=tokenizer.vocab_size, pad_id=0,
        validation_share=0.2,
    )  # fmt: skip
    return TokenSet(folder)


def recipe(name: str, seconds: float) -> TrainingConfig:
    """Return the settings of a recipe."""
    shared: dict[str, Any] = {
        "batch_size": BATCH, "gradient_accumulation_steps": 1, "seq_len": SEQ_LEN,
        "max_steps": 10**6, "max_seconds": seconds, "eval_every": 0, "eval_batches": 1000,
        "checkpoint_every": 0, "device": "cpu", "use_amp": "auto", "num_threads": 1,
    }  # fmt: skip
    if name == "havoc":
        ours = load_config(TrainingConfig, "pretrain_laptop").to_dict()
        return TrainingConfig(**{**ours, **shared})
    if name == "nanochat":
        return TrainingConfig(
            **shared, optimizer="muon", muon_learning_rate=0.02, learning_rate=0.004, min_lr=0.0,
            warmup_steps=0, schedule="wsd", decay_share=0.4, beta1=0.8, weight_decay=0.0,
        )  # fmt: skip
    return TrainingConfig(**shared, learning_rate=1e-3, min_lr=1e-4, warmup_steps=40)


def run_ours(name: str, tokens: Path, seconds: float) -> dict[str, float]:
    """Train by the trainer; return bits per byte and how much was seen."""
    shards = TokenSet(tokens)
    config = recipe(name, seconds)
    model = HavocModel.from_config(
        HavocConfig(**SHAPE, vocab_size=int(shards.manifest["vocab_size"])), seed=1
    )
    loader = MixtureLoader(shards, {"docs": 1.0}, batch_size=BATCH)
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            model, config, loader, Path(folder), show_progress=False,
            validate=group_validator(shards, BATCH, 1000),
        )  # fmt: skip
        report = trainer.train()
    return {
        "bits_per_byte": report.validation["docs.bits_per_byte"],
        "steps": report.steps,
        "tokens": report.tokens,
        "waiting_share": report.waiting_share,
    }


def run_litgpt(tokens: Path, seconds: float) -> dict[str, float]:
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
    start, steps = time.perf_counter(), 0
    while (done := (time.perf_counter() - start) / seconds) < 1:
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


def compete(name: str, tokens: Path, seconds: float, together: Any, results: Any) -> None:
    """Run one contestant in this process, starting with the others."""
    torch.set_num_threads(1)
    together.wait()
    run = run_litgpt(tokens, seconds) if name == "litgpt" else run_ours(name, tokens, seconds)
    results.put((name, run))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--seconds", type=float, default=120.0, help="of training, for each")
    parser.add_argument("--quick", action="store_true", help="30 seconds")
    parser.add_argument("--text", type=Path, default=Path(__file__).parents[1] / "docs")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    seconds = 30.0 if given.quick else given.seconds
    names = ["havoc", "adamw cosine", "nanochat"]
    if importlib.util.find_spec("litgpt"):
        names.append("litgpt")
    else:
        print("litgpt is not installed (extra bench); left out", file=sys.stderr)
    os.environ["OMP_NUM_THREADS"] = "1"
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        tokens = Path(folder) / "tokens"
        shards = build_data(given.text, tokens)
        print(f"{shards.rows('docs') * SEQ_LEN:,} tokens to train on, {seconds:.0f} seconds each")
        together, results = context.Barrier(len(names)), context.Queue()
        running = [
            context.Process(target=compete, args=(n, tokens, seconds, together, results))
            for n in names
        ]
        for process in running:
            process.start()
        found = dict(results.get(timeout=600 + 4 * seconds) for _ in names)
        for process in running:
            process.join()
    for name in names:
        facts = found[name]
        print(
            f"{name:14}{facts['bits_per_byte']:8.4f} bits per byte after {facts['steps']:,} steps"
        )
    ratios = {
        f"{n}:bits_per_byte": found[n]["bits_per_byte"] / found["havoc"]["bits_per_byte"]
        for n in names[1:]
    }
    if given.json:
        document = {"ratios": ratios, "results": found, "seconds": seconds}
        given.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
