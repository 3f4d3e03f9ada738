"""Compiled stand-ins for a model's blocks, and what to do when compiling fails.

A graph is compiled when a batch of its shape is first met, and its backward half only when gradients
are first asked for: either may fail, long after ``torch.compile`` itself has returned.
"""

from __future__ import annotations

import math
import os
import platform
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from havoc.model import HavocModel

Block = Callable[..., Tensor]
# Of compiled gradients from eager ones, as a share of a weight's: bfloat16 alone makes hundredths.
MOST_APART = 0.5
_LIBRARY = re.compile(r"ImportError: (?P<path>\S+\.so): ")  # what the loader of the system says


def graph_options() -> dict[str, Any]:
    """Return torch.compile's options for the C++ compiler of a processor's graphs.

    GCC 12.2's vectoriser of straight-line code leaves most of torch's transposition of bfloat16 out
    (32 by 32, AVX-512; a head width of 64 and two threads meet it). torch, whose code is vectorised
    as it is written, turns the one of loops off and leaves this one on. It has no setting for flags
    but the processor's: a ``TORCHINDUCTOR_CPP_MARCH`` of one's own comes before this.
    """
    on_linux_x86 = sys.platform == "linux" and platform.machine() == "x86_64"
    if not on_linux_x86 or "TORCHINDUCTOR_CPP_MARCH" in os.environ:
        return {}
    return {"cpp.march": "native -fno-tree-slp-vectorize"}


def compiled_blocks(model: HavocModel) -> list[Block]:
    """Return stand-ins for the blocks: alike, they share one graph for each shape of a batch.

    The whole stream as one graph takes twice as long to compile and is no faster.
    """
    options = graph_options()
    return [torch.compile(b.forward, dynamic=False, options=options) for b in model.blocks]


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


def apart(found: Sequence[Tensor | None], wanted: Sequence[Tensor | None]) -> float:
    """Return the largest distance of a gradient from the wanted one, as a share of that one's length.

    Infinite where one is missing or not a number; 0 where those wanted are not finite themselves, as
    when float16 overflows: then there is nothing to compare with.
    """
    lengths = [0.0 if w is None else w.float().norm().item() for w in wanted]
    if not math.isfinite(sum(lengths)):
        return 0.0
    # Gradients that are nothing beside the others are rounding alone.
    least = 1e-6 * max(lengths, default=0.0)
    furthest = 0.0
    for one, other, length in zip(found, wanted, lengths, strict=True):
        if one is None or other is None:
            return math.inf
        distance = (one.float() - other.float()).norm().item()
        if not math.isfinite(distance):
            return math.inf
        if distance:
            furthest = max(furthest, distance / max(length, least) if least else math.inf)
    return furthest
