"""The trainer on the packed, memory-mapped loader of the corpus: it fits, and resumes bit by bit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_run import fingerprint, token_set

from havoc.corpus.loader import MixtureLoader
from havoc.corpus.tokens import TokenSet
from havoc.errors import InputError
from havoc.training import Trainer


@pytest.fixture
def shards(tmp_path: Path) -> TokenSet:
    return token_set(tmp_path / "tokens")


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
