"""The trainer on the packed, memory-mapped loader of the corpus: it fits, and resumes bit by bit."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_run import fingerprint

from havoc.corpus.loader import MixtureLoader
from havoc.corpus.tokens import Encoded, Group, TokenSet, build_tokens
from havoc.errors import InputError
from havoc.training import Trainer


@pytest.fixture
def shards(tmp_path: Path) -> TokenSet:
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
    build_tokens(tmp_path / "tokens", groups, seq_len=12, vocab_size=300, pad_id=0)
    return TokenSet(tmp_path / "tokens")


def loader(shards: TokenSet, seed: int = 3) -> MixtureLoader:
    return MixtureLoader(shards, {"stats": 1.0, "pairs": 2.0}, batch_size=2, seed=seed)


def test_a_run_on_shards_resumes_bit_by_bit(
    shards: TokenSet, make_trainer: Callable[..., Trainer]
) -> None:
    constant = {"schedule": "constant"}  # so that the shorter first part has the same course
    whole = make_trainer("whole", loader=loader(shards), **constant)
    whole.train()
    make_trainer("parts", loader=loader(shards), max_steps=4, **constant).train()
    resumed = make_trainer("parts", loader=loader(shards), seed=9, **constant)
    assert resumed.train().resumed_from == 4
    assert resumed.loader.state_dict() == whole.loader.state_dict()
    assert fingerprint(resumed.model.state_dict()) == fingerprint(whole.model.state_dict())


def test_shards_in_another_order_are_refused(
    shards: TokenSet, make_trainer: Callable[..., Trainer]
) -> None:
    make_trainer(loader=loader(shards), max_steps=1).train()
    with pytest.raises(InputError, match="seed"):
        make_trainer(loader=loader(shards, seed=4), max_steps=2).train()
