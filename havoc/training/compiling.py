"""Compiled stand-ins for a model's blocks, and what to do when compiling fails.

A graph is compiled when a batch of its shape is first met, and its backward half only when gradients
are first asked for: either may fail, long after ``torch.compile`` itself has returned.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from havoc.model import HavocModel

Block = Callable[..., Tensor]
_LIBRARY = re.compile(r"ImportError: (?P<path>\S+\.so): ")  # what the loader of the system says


def compiled_blocks(model: HavocModel) -> list[Block]:
    """Return stand-ins for the blocks: alike, they share one graph for each shape of a batch.

    The whole stream as one graph takes twice as long to compile and is no faster.
    """
    return [torch.compile(block.forward, dynamic=False) for block in model.blocks]


def remove_damaged(error: BaseException) -> Path | None:
    """Remove the library that torch could not load from its cache, and forget what was compiled.

    A compiler that is killed leaves half a file, which torch takes for whole at every later run.

    Returns
    -------
    The file, or None where the error is of another kind: trying again would not help.
    """
    found = _LIBRARY.search(str(error))
    if found is None or not (path := Path(found["path"])).is_file():
        return None
    path.unlink()
    torch.compiler.reset()
    return path
