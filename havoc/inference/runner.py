"""What runs a model: sequences of keys and values, and one step over several of them.

Two runners keep one contract. ``NativeRunner`` is the compiled one; ``TorchRunner`` serves GPUs and
machines without the compiled kernels. ``runner_for`` chooses.
"""

from __future__ import annotations

import copy
import threading
import weakref
from collections.abc import Sequence
from typing import Protocol
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor

from havoc.config import HavocConfig, InferenceConfig
from havoc.errors import InputError
from havoc.inference.native.runner import NativeRunner, supports
from havoc.model import HavocModel

NOTHING, LAST, EVERY = 0, 1, 2  # the logits that a step returns of a sequence


class Runner(Protocol):
    """A model with the sequences it is in the middle of."""

    config: HavocConfig

    def open(self) -> int:
        """Begin a sequence."""

    def fork(self, sequence: int, length: int) -> int:
        """Begin a sequence with the first ``length`` tokens of another."""

    def length(self, sequence: int) -> int:
        """Return the tokens a sequence holds."""

    def close(self, sequence: int) -> None:
        """Forget a sequence."""

    def forward(
        self, sequences: Sequence[int], tokens: Sequence[Sequence[int]], want: Sequence[int]
    ) -> np.ndarray:
        """Feed each sequence its next tokens.

        Returns
        -------
        np.ndarray
            (rows, vocab) float32: for each sequence in turn no row, the logits after its last token
            or after every token, as ``want`` says (NOTHING, LAST, EVERY).
        """


class TorchRunner:
    """Runs a model by torch, on the device and in the type of its weights."""

    def __init__(self, model: HavocModel) -> None:
        self.model, self.config = model.eval(), model.config
        weight = model.norm.weight
        self._slots = _Slots(self.config, weight.dtype, weight.device)
        self._lock = threading.RLock()

    @torch.inference_mode()
    def open(self) -> int:
        with self._lock:
            return self._slots.take()

    @torch.inference_mode()
    def fork(self, sequence: int, length: int) -> int:
        with self._lock:
            made = self._slots.take()
            self._slots.copy(sequence, made, length)
            return made

    def length(self, sequence: int) -> int:
        return self._slots.lengths[sequence]

    def close(self, sequence: int) -> None:
        with self._lock:
            self._slots.release(sequence)

    @torch.inference_mode()
    def forward(
        self, sequences: Sequence[int], tokens: Sequence[Sequence[int]], want: Sequence[int]
    ) -> np.ndarray:
        rows: list[list[Tensor]] = [[] for _ in sequences]
        by_count: dict[int, list[int]] = {}
        for i, part in enumerate(tokens):
            by_count.setdefault(len(part), []).append(i)
        with self._lock:
            for members in by_count.values():  # equal lengths need no padding
                ids = torch.tensor([list(tokens[i]) for i in members], device=self._slots.device)
                view = _View(self._slots, [sequences[i] for i in members], ids.shape[1])
                hidden = self.model.hidden(ids, cache=view)  # type: ignore[arg-type]
                for i, row in zip(members, hidden, strict=True):
                    if want[i]:
                        rows[i].append(row[-1:] if want[i] == LAST else row)
        wanted = [part for row in rows for part in row]
        if not wanted:
            return np.empty((0, self.config.vocab_size), dtype=np.float32)
        return self.model.output(torch.cat(wanted)).float().cpu().numpy()


class _Slots:
    """Keys and values of every sequence, a slot each; grows by doubling."""

    def __init__(self, config: HavocConfig, dtype: torch.dtype, device: torch.device) -> None:
        self.config, self.device = config, device
        self.lengths: dict[int, int] = {}
        shape = (config.num_layers, 0, config.num_kv_heads, 0, config.head_dim)
        self.keys = torch.zeros(shape, dtype=dtype, device=device)
        self.values = torch.zeros_like(self.keys)

    def take(self) -> int:
        slot = next(i for i in range(len(self.lengths) + 1) if i not in self.lengths)
        self.lengths[slot] = 0
        self.grow(slots=slot + 1)
        return slot

    def release(self, slot: int) -> None:
        self.lengths.pop(slot, None)

    def copy(self, source: int, target: int, length: int) -> None:
        self.keys[:, target, :, :length] = self.keys[:, source, :, :length]
        self.values[:, target, :, :length] = self.values[:, source, :, :length]
        self.lengths[target] = length

    def grow(self, slots: int = 0, capacity: int = 0) -> None:
        _, have, _, room, _ = self.keys.shape
        if slots <= have and capacity <= room:
            return
        have = max(slots, 2 * have) if slots > have else have
        room = max(capacity, min(2 * room, self.config.max_seq_len)) if capacity > room else room
        for name in ("keys", "values"):
            old: Tensor = getattr(self, name)
            made = old.new_zeros((old.shape[0], have, old.shape[2], room, old.shape[4]))
            made[:, : old.shape[1], :, : old.shape[3]] = old
            setattr(self, name, made)


class _View:
    """Some slots as the cache of one pass; what ``HavocModel.hidden`` asks of a ``KVCache``."""

    def __init__(self, slots: _Slots, rows: list[int], added: int) -> None:
        self._slots, self._rows = slots, rows
        self.lengths = [slots.lengths[r] for r in rows]
        self._added, self._end = added, max(self.lengths) + added
        slots.grow(capacity=self._end)
        self._index = torch.tensor(rows, device=slots.device)
        self._positions = self.positions(added)

    def positions(self, seq_len: int) -> Tensor:
        start = torch.tensor(self.lengths, device=self._slots.device)
        return start[:, None] + torch.arange(seq_len, device=self._slots.device)

    def mask(self, seq_len: int) -> Tensor | None:
        if seq_len == 1 and len(set(self.lengths)) == 1:
            return None
        slots = torch.arange(self._end, device=self._slots.device)
        return (slots[None, None, :] <= self._positions[:, :, None])[:, None]

    def store(self, layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        keys, values = self._slots.keys[layer], self._slots.values[layer]
        keys[self._index[:, None], :, self._positions] = key.transpose(1, 2)
        values[self._index[:, None], :, self._positions] = value.transpose(1, 2)
        if self._rows == list(range(self._rows[0], self._rows[0] + len(self._rows))):
            part = slice(self._rows[0], self._rows[0] + len(self._rows))
            return keys[part, :, : self._end], values[part, :, : self._end]
        return keys[self._index, :, : self._end], values[self._index, :, : self._end]

    def advance(self, counts: int) -> None:
        for row in self._rows:
            self._slots.lengths[row] += counts


# Weak at both ends: a runner lives as long as its users, and must not keep its model alive here.
_Known = dict[tuple[str, int, str], "weakref.ref[Runner]"]
_runners: WeakKeyDictionary[HavocModel, _Known] = WeakKeyDictionary()
_runners_lock = threading.Lock()


def runner_for(model: HavocModel, config: InferenceConfig | None = None) -> Runner:
    """Return the runner of a finished model; the same one for the same model and options.

    Parameters
    ----------
    model
        Its weights are taken as they are now.
    config
        ``dtype``, ``num_threads`` and ``kernels`` are looked at.

    Raises
    ------
    InputError
        If native kernels are demanded and cannot be had.
    """
    chosen = config or InferenceConfig()
    key = (chosen.dtype, chosen.num_threads, chosen.kernels)
    with _runners_lock:
        known = _runners.setdefault(model, {})
        runner = known[key]() if key in known else None
        if runner is None:
            runner = _make(model, chosen)
            known[key] = weakref.ref(runner)
        return runner


def _make(model: HavocModel, config: InferenceConfig) -> Runner:
    on_cpu = model.norm.weight.device.type == "cpu"
    usable = on_cpu and config.kernels != "torch" and supports(model.config, config.dtype)
    if usable:
        threads = config.num_threads or torch.get_num_threads()
        return NativeRunner(model.config, model.state_dict(), config.dtype, threads)
    if config.kernels == "native":
        raise InputError(
            "kernels: native ones need a CPU, a type of float32, bfloat16 or int8, and either the"
            " library that the install builds or a C++ compiler; auto falls back to torch"
        )
    if config.num_threads:
        torch.set_num_threads(config.num_threads)
    if config.dtype == "int8":
        return TorchRunner(_rounded(model))
    dtype: torch.dtype = getattr(torch, config.dtype)
    if model.norm.weight.dtype != dtype:
        model = copy.deepcopy(model).to(dtype)
    return TorchRunner(model)


def _rounded(model: HavocModel) -> HavocModel:
    """A float32 copy whose matrices hold the values that 8 bits a weight can hold."""
    made = copy.deepcopy(model).float()
    with torch.no_grad():
        for parameter in made.parameters():
            if parameter.dim() == 2:
                parameter.copy_(round_to_int8(parameter))
    return made


def round_to_int8(weights: Tensor, group: int = 32) -> Tensor:
    """Round weights to 8-bit integers with a float16 scale for each 32 along the inputs.

    Parameters
    ----------
    weights
        (outputs, inputs); the last group of a row may be short.

    Returns
    -------
    Tensor
        The rounded weights as float32, the values of llama.cpp's q8_0.
    """
    outputs, inputs = weights.shape
    padded = torch.nn.functional.pad(weights.float(), (0, -inputs % group))
    parts = padded.view(outputs, -1, group)
    scale = parts.abs().amax(-1, keepdim=True) / 127
    scaled = (parts * torch.where(scale > 0, 1 / scale, 0.0)).double()
    whole = (scaled.abs() + 0.5).floor().float().copysign(parts)  # halves away from zero, as in C
    return (whole * scale.half().float()).view(outputs, -1)[:, :inputs]
