"""A model directory made in a second: untrained, but with the real vocabulary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from havoc.config import HavocConfig
from havoc.corpus.tokens import Encoded, Group, build_tokens
from havoc.dsl.vocabulary import reserved_tokens
from havoc.model import HavocModel, save_model
from havoc.tokenizer import Tokenizer, train_tokenizer

TEXTS = ["the mean of the batch is on target and the spread is small", "temperature 150 to 200"]
SHAPE = {
    "d_model": 16,
    "num_layers": 1,
    "num_heads": 2,
    "num_kv_heads": 1,
    "head_dim": 8,
    "mlp_hidden_dim": 16,
    "max_seq_len": 640,
    "tie_embeddings": True,
}


def make_tokenizer() -> Tokenizer:
    reserved = reserved_tokens()
    return train_tokenizer(TEXTS * 20, len(reserved) + 400, reserved=reserved)


SENTENCES = [TEXTS[0]] * 40


def make_shards(folder: Path, tokenizer: Path, texts: Sequence[str] = SENTENCES) -> None:
    """Token shards of a few rows of 16 tokens, and the tokenizer that they were made with."""
    pieces = train_tokenizer(SENTENCES, 400)
    pieces.save(tokenizer)
    documents = [
        Encoded(f"{i} {t}", pieces.encode(t, bos=True, eos=True), bytes=len(t))
        for i, t in enumerate(texts)
    ]
    build_tokens(
        folder,
        [Group("stats", "stream", documents)],
        seq_len=16,
        vocab_size=pieces.vocab_size,
        pad_id=0,
        validation_share=0.2,
        tokenizer=pieces.sha256,
    )


def make_model(folder: Path, about: Mapping[str, str] | None = None) -> Path:
    tokenizer = make_tokenizer()
    config = HavocConfig(vocab_size=tokenizer.vocab_size, **SHAPE)
    save_model(folder, config, HavocModel.from_config(config).state_dict(), about)
    tokenizer.save(folder)
    return folder
