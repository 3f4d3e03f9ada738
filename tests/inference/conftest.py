"""One thread: more only wait for each other at this size. ``ENGINE_THREADS`` asks for more."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import torch


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(int(os.environ.get("ENGINE_THREADS", "1")))
    yield
    torch.set_num_threads(before)
