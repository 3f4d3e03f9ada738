"""A tiny model, rows to train on, and a fingerprint of a state."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import Any

import numpy as np
import torch

from havoc.config import HavocConfig
from havoc.corpus.tokens import Encoded, Group, TokenSet, build_tokens
from havoc.training import RowLoader

TINY = HavocConfig(
    vocab_size=300, d_model=16, num_layers=2, num_heads=2, num_kv_heads=1, head_dim=8,
    mlp_hidden_dim=24, max_seq_len=24, tie_embeddings=True, dropout=0.1,
)  # fmt: skip
RUN: dict[str, Any] = {
    "batch_size": 2,
    "gradient_accumulation_steps": 2,
    "max_steps": 8,
    "warmup_steps": 2,
    "learning_rate": 1e-2,
    "min_lr": 1e-3,
    "use_amp": False,
    "token_dropout": 0.2,
    "log_every": 1,
    "eval_every": 0,
    "checkpoint_every": 0,
    "device": "cpu",
}


def rows(count: int = 11, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    tokens = generator.integers(0, 300, (count, 13))
    weights = generator.choice([0.0, 1.0, 2.5], (count, 13)).astype(np.float32)
    segments = np.sort(generator.integers(0, 3, (count, 13)), axis=1)
    return tokens, weights, segments


def make_loader(seed: int = 0) -> RowLoader:
    tokens, weights, segments = rows()
    return RowLoader(tokens, 2, weights=weights, segments=segments, seed=seed)


def token_set(folder: Path) -> TokenSet:
    """Build a few shards in a folder, or open those that are there."""
    if folder.exists():
        return TokenSet(folder)
    draw = random.Random(4)

    def documents(name: str, weighted: bool) -> list[Encoded]:
        made = []
        for i in range(30):
            ids = [draw.randrange(300) for _ in range(draw.randrange(3, 11))]
            weights = [0.0, *[draw.choice([0.5, 2.0]) for _ in ids[1:]]] if weighted else None
            made.append(Encoded(f"{name}{i}", ids, weights, 10))
        return made

    groups = [
        Group("stats", "stream", documents("s", False)),
        Group("pairs", "packed", documents("p", True)),
    ]
    build_tokens(folder, groups, seq_len=12, vocab_size=300, pad_id=0)
    return TokenSet(folder)


def fingerprint(state: Any) -> str:
    """Return one SHA-256 over every tensor and number of a nested state."""
    digest = hashlib.sha256()

    def add(value: Any) -> None:
        if isinstance(value, torch.Tensor):
            digest.update(value.detach().cpu().contiguous().numpy().tobytes())
        elif isinstance(value, dict):
            for key in sorted(value, key=str):
                digest.update(str(key).encode())
                add(value[key])
        elif isinstance(value, list | tuple):
            for item in value:
                add(item)
        else:
            digest.update(repr(value).encode())

    add(state)
    return digest.hexdigest()
