"""A trainer over a tiny model; one thread, because more only wait for each other at this size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_run import RUN, TINY, make_loader

from havoc.config import TrainingConfig
from havoc.model import HavocModel
from havoc.training import Trainer


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def make_trainer(tmp_path: Path) -> Callable[..., Trainer]:
    def make(folder: str = "run", *, seed: int = 1, **changes: Any) -> Trainer:
        options = {
            name: changes.pop(name)
            for name in ("loader", "validate", "logger", "facts", "allow_mismatch", "model")
            if name in changes
        }
        model = options.pop("model", None) or HavocModel.from_config(TINY, seed=seed)
        loader = options.pop("loader", None) or make_loader()
        config = TrainingConfig(**{**RUN, **changes})
        return Trainer(model, config, loader, tmp_path / folder, show_progress=False, **options)

    return make
