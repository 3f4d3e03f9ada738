"""Find or build the compiled kernels, and declare their functions.

The library that the install put beside the sources is taken if it was made from these very sources;
else it is compiled once, to that place (where a bento finds it) or, if it may not be written, into
the user's cache folder; without a compiler there is none, and the engine runs on torch.
``HAVOC_NATIVE=off`` asks for that.
"""

from __future__ import annotations

import ctypes
import logging
import os
import platform
from ctypes import POINTER, c_char_p, c_double, c_float, c_int, c_int32, c_size_t, c_void_p
from functools import cache
from pathlib import Path

from havoc.inference.native import build

log = logging.getLogger(__name__)

INSTRUCTIONS = {"best": 0, "portable": 1, "avx2": 2, "avx512": 3}


class Shape(ctypes.Structure):
    """``havoc::Shape`` of model.h."""

    _fields_ = (
        *(
            (name, c_int32)
            for name in (
                "vocab", "d_model", "layers", "heads", "kv_heads", "head_dim", "mlp",
                "max_seq_len", "tied", "type", "threads", "instructions",
            )
        ),
        ("eps", c_float),
    )  # fmt: skip


class Choice(ctypes.Structure):
    """``havoc::Choice`` of choose.h."""

    _fields_ = (
        ("logits", c_void_p),
        ("mask", c_void_p),
        ("seen", c_void_p),
        ("top_ids", c_void_p),
        ("top_logprobs", c_void_p),
        ("uniform", c_double),
        ("vocab", c_int32),
        ("seen_count", c_int32),
        ("top_k", c_int32),
        ("greedy", c_int32),
        ("top_count", c_int32),
        ("penalty", c_float),
        ("temperature", c_float),
        ("top_p", c_float),
        ("min_p", c_float),
        ("token", c_int32),
        ("logprob", c_float),
    )


SIGNATURES = {
    "havoc_source": (c_char_p, ()),
    "havoc_kernels": (c_char_p, (c_int,)),
    "havoc_model_new": (c_void_p, (POINTER(Shape), c_void_p, c_void_p)),
    "havoc_model_free": (None, (c_void_p,)),
    "havoc_model_load": (c_int, (c_void_p, c_int, c_int, c_void_p)),
    "havoc_weight_bytes": (c_size_t, (c_void_p,)),
    "havoc_cache_bytes": (c_size_t, (c_void_p,)),
    "havoc_cache_pages": (c_int, (c_void_p,)),
    "havoc_cache_reserve": (c_int, (c_void_p, c_int)),
    "havoc_sequence_new": (c_int, (c_void_p,)),
    "havoc_sequence_fork": (c_int, (c_void_p, c_int, c_int)),
    "havoc_sequence_length": (c_int, (c_void_p, c_int)),
    "havoc_sequence_free": (None, (c_void_p, c_int)),
    "havoc_forward": (
        c_int,
        (c_void_p, c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p),
    ),
    "havoc_choose": (c_int, (POINTER(Choice),)),
}


@cache
def library() -> ctypes.CDLL | None:
    """Return the library, or None where it can be neither found nor built."""
    if os.environ.get("HAVOC_NATIVE", "").lower() in {"off", "0", "no"}:
        return None
    try:
        wanted = build.source_hash()
    except OSError:
        wanted = ""
    beside = build.HERE / build.NAME
    found = _open(beside, wanted)
    if found is not None or not wanted:
        return found
    cached = cache_folder() / f"{platform.machine()}-{wanted}" / build.NAME
    found = _open(cached, wanted)
    if found is not None:
        return found
    reason = "no place to build in"
    for target in (beside, cached):
        try:
            build.build(target)
        except OSError:  # not ours to write
            continue
        except build.BuildError as error:
            reason = str(error)
            break
        return _open(target, wanted)
    log.warning("decoding runs on torch, which is slower: %s", reason)
    return None


def cache_folder() -> Path:
    """Return where a library compiled on first use is kept."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "havoc" / "native"


def _open(path: Path, wanted: str) -> ctypes.CDLL | None:
    """Load a library; None if it is not there, does not load, or is of other sources."""
    if not path.exists():
        return None
    # Looked up before it is loaded: the loader would give a library once loaded from this path again,
    # whatever is built there since.
    if wanted.encode() not in path.read_bytes():
        return None
    try:
        opened = ctypes.CDLL(str(path))
        for name, (result, arguments) in SIGNATURES.items():
            function = getattr(opened, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError) as error:
        log.warning("%s does not load (%s)", path, error)
        return None
    return opened
