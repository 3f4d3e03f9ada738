"""A tokenizer and an untrained model whose weights are large enough to have opinions."""

from __future__ import annotations

from functools import cache

import torch

from havoc.config import HavocConfig, InferenceConfig
from havoc.inference.engine import Engine
from havoc.model import HavocModel
from havoc.tokenizer import Tokenizer, train_tokenizer

TEXTS = [f"the mean of {i} is {i * 7 % 50} °C\nr = stats.mean(x{i})" for i in range(80)]
GREEDY = InferenceConfig(do_sample=False, repetition_penalty=1.0, max_new_tokens=12)


@cache
def tokenizer() -> Tokenizer:
    return train_tokenizer(TEXTS, 480, reserved=["<|user|>", "stats.mean("])


@cache
def model() -> HavocModel:
    config = HavocConfig(
        vocab_size=500, d_model=32, num_layers=2, num_heads=4, num_kv_heads=2, head_dim=8,
        mlp_hidden_dim=48, max_seq_len=64, tie_embeddings=False,
    )  # fmt: skip
    built = HavocModel.from_config(config, seed=8)
    with torch.no_grad():
        for parameter in built.parameters():
            if parameter.dim() == 2:
                parameter.mul_(6)
    return built.eval()


def engine(max_batch_size: int = 8) -> Engine:
    return Engine(model(), tokenizer(), InferenceConfig(max_batch_size=max_batch_size))
