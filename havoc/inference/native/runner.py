"""A model whose every step is one call into the compiled kernels.

Weights are packed once, as float32, bfloat16 or 8-bit integers in groups of 32 with a float16 scale
(the values of llama.cpp's q8_0); activations stay float32, or are rounded to 8 bits a group beside
integer weights. What a sequence gets is the same to the last bit whatever shares its batch, however
its prompt is cut, and however many threads work.
"""

from __future__ import annotations

import ctypes
import os
import weakref
from array import array
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from havoc.config import HavocConfig
from havoc.errors import InputError
from havoc.inference.native.library import INSTRUCTIONS, Shape, library

TYPES = {"float32": 0, "bfloat16": 1, "int8": 2}
_WEIGHTS = {  # name within a block, Weight of model.h
    "attention_norm.weight": 3,
    "mlp_norm.weight": 4,
    "attention.query.weight": 5,
    "attention.key.weight": 6,
    "attention.value.weight": 7,
    "attention.output.weight": 8,
    "mlp.gate.weight": 9,
    "mlp.up.weight": 10,
    "mlp.down.weight": 11,
}
_ERRORS = {-1: "out of memory", -2: "a sequence is longer than the model takes", -3: "bad argument"}


def supports(config: HavocConfig, dtype: str) -> bool:
    """Whether the kernels are there and take this model."""
    return dtype in TYPES and config.head_dim <= 256 and library() is not None


class NativeRunner:
    """Runs a model by the compiled kernels; see ``havoc.inference.runner.Runner``.

    Parameters
    ----------
    config, state
        Shape and ``state_dict`` of the model; the weights are copied.
    dtype
        How weights are kept: float32, bfloat16 or int8.
    threads
        Threads that share a step.
    instructions
        best, or avx512, avx2, portable for tests.
    """

    def __init__(
        self,
        config: HavocConfig,
        state: Mapping[str, Tensor],
        dtype: str = "float32",
        threads: int = 1,
        instructions: str = "best",
    ) -> None:
        found = library()
        if found is None:
            raise InputError("the compiled kernels are not available")
        self._library = found
        self.config, self.dtype, self.threads = config, dtype, threads
        shape = Shape(
            config.vocab_size, config.d_model, config.num_layers, config.num_heads,
            config.num_kv_heads, config.head_dim, config.mlp_hidden_dim, config.max_seq_len,
            config.tie_embeddings, TYPES[dtype], threads, INSTRUCTIONS[instructions],
            config.rms_norm_eps,
        )  # fmt: skip
        cos, sin = _angles(config)
        self._model = self._library.havoc_model_new(
            ctypes.byref(shape), cos.ctypes.data, sin.ctypes.data
        )
        if not self._model:
            raise MemoryError("no memory for the model's weights")
        # Not __del__: that runs while weak references still answer, so another thread could be
        # handed this runner (``runner_for``) in the middle of the release and use freed memory.
        release = weakref.finalize(self, _release, found.havoc_model_free, self._model, os.getpid())
        release.atexit = False  # a daemon thread may be in a step when the interpreter ends
        self._load(state)

    def _load(self, state: Mapping[str, Tensor]) -> None:
        self._put(0, 0, state["embedding.weight"])
        if not self.config.tie_embeddings:
            self._put(1, 0, state["output.weight"])
        self._put(2, 0, state["norm.weight"])
        for layer in range(self.config.num_layers):
            for name, which in _WEIGHTS.items():
                self._put(which, layer, state[f"blocks.{layer}.{name}"])

    def _put(self, which: int, layer: int, weight: Tensor) -> None:
        data = weight.detach().to(device="cpu", dtype=torch.float32).contiguous()
        self._check(self._library.havoc_model_load(self._model, which, layer, data.data_ptr()))

    @property
    def kernels(self) -> str:
        """The instruction set in use."""
        return self._library.havoc_kernels(0).decode()

    @property
    def weight_bytes(self) -> int:
        """Memory of the packed weights."""
        return self._library.havoc_weight_bytes(self._model)

    @property
    def cache_bytes(self) -> int:
        """Memory taken for keys and values so far."""
        return self._library.havoc_cache_bytes(self._model)

    @property
    def cache_pages(self) -> int:
        """Pages of 16 tokens that sequences hold; shared ones count once."""
        return self._library.havoc_cache_pages(self._model)

    def reserve(self, tokens: int) -> None:
        """Take memory for so many tokens now."""
        self._check(self._library.havoc_cache_reserve(self._model, tokens))

    def open(self) -> int:
        """Begin a sequence."""
        return self._check(self._library.havoc_sequence_new(self._model))

    def fork(self, sequence: int, length: int) -> int:
        """Begin a sequence with the first ``length`` tokens of another; whole pages are shared."""
        return self._check(self._library.havoc_sequence_fork(self._model, sequence, length))

    def length(self, sequence: int) -> int:
        """Return the tokens a sequence holds."""
        return self._check(self._library.havoc_sequence_length(self._model, sequence))

    def close(self, sequence: int) -> None:
        """Give a sequence's pages back."""
        self._library.havoc_sequence_free(self._model, sequence)

    def forward(
        self,
        sequences: Sequence[int],
        tokens: Sequence[Sequence[int]],
        want: Sequence[int],
    ) -> np.ndarray:
        """Feed each sequence its tokens; return the logits wanted, (rows, vocab) float32."""
        which, wanted = array("i", sequences), array("B", want)
        counts = array("i", [len(part) for part in tokens])
        ids = array("i", [t for part in tokens for t in part])
        rows = sum(w if w < 2 else n for w, n in zip(want, counts, strict=True))
        logits = np.empty((rows, self.config.vocab_size), dtype=np.float32)
        status = self._library.havoc_forward(
            self._model,
            len(counts),
            which.buffer_info()[0],
            counts.buffer_info()[0],
            ids.buffer_info()[0],
            wanted.buffer_info()[0],
            logits.ctypes.data,
        )
        if status == -1:
            raise MemoryError("no memory for the key/value cache")
        self._check(status)
        return logits

    @staticmethod
    def _check(status: int) -> int:
        if status < 0:
            raise ValueError(_ERRORS.get(status, f"error {status}"))
        return status


def _release(free: Callable[[int], None], model: int, owner: int) -> None:
    if os.getpid() == owner:  # a forked child has the memory but not the threads to be joined
        free(model)


def _angles(config: HavocConfig) -> tuple[np.ndarray, np.ndarray]:
    """Return cosines and sines, (max_seq_len, head_dim / 2), as ``havoc.model.blocks.Rotary``."""
    exponent = torch.arange(0, config.head_dim, 2, dtype=torch.int64).float() / config.head_dim
    frequency = 1.0 / config.rope_theta**exponent
    angle = torch.outer(torch.arange(config.max_seq_len).float(), frequency)
    return angle.cos().contiguous().numpy(), angle.sin().contiguous().numpy()
