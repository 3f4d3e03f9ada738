"""A runner straight from a model directory.

The compiled kernels pack each weight as it is read from the mapped file, so that a served model is in
memory once. Where torch runs the model, or the weights must be put together first (adapters, shards),
``load_model`` makes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from havoc.config import HavocConfig, InferenceConfig
from havoc.errors import InputError
from havoc.inference.native.runner import NativeRunner, supports
from havoc.inference.runner import Runner, runner_for
from havoc.model import load_model
from havoc.model.directory import CONFIG, WEIGHTS, read_description
from havoc.options import from_mapping


def open_runner(folder: str | Path, config: InferenceConfig | None = None) -> Runner:
    """Open a model directory, on the CPU.

    Parameters
    ----------
    folder
        Weights and ``config.json``.
    config
        ``dtype``, ``num_threads`` and ``kernels`` are looked at.

    Raises
    ------
    InputError
        If a file is missing or damaged, the weights do not fit the shape, or native kernels are
        demanded and cannot be had.
    """
    place, chosen = Path(folder), config or InferenceConfig()
    described = read_description(place)
    shape = from_mapping(HavocConfig, described["model"], str(place / CONFIG))
    ready = (place / WEIGHTS).exists() and not (described.get("training") or {}).get("lora_rank")
    if not ready or chosen.kernels == "torch" or not supports(shape, chosen.dtype):
        return runner_for(load_model(place), chosen)
    threads = chosen.num_threads or torch.get_num_threads()
    try:
        with safe_open(place / WEIGHTS, framework="pt") as file:
            weights = _Mapped(file)
            _check_shapes(weights, shape, place)
            return NativeRunner(shape, weights, chosen.dtype, threads)
    except (SafetensorError, OSError):
        raise InputError(f"{place / WEIGHTS}: damaged or cut short") from None


class _Mapped(Mapping[str, Tensor]):
    """The tensors of an open file; each is read when it is asked for, and kept by nobody."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def __getitem__(self, name: str) -> Tensor:
        return self._file.get_tensor(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._file.keys())

    def __len__(self) -> int:
        return len(self._file.keys())

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of a tensor, without reading it."""
        return tuple(self._file.get_slice(name).get_shape())


def _check_shapes(weights: _Mapped, config: HavocConfig, place: Path) -> None:
    """Refuse what does not fit: the kernels read as much memory as the shape says."""
    wanted = weight_shapes(config)
    given = {name: weights.shape(name) for name in weights}
    if config.tie_embeddings and "embedding.weight" in given:
        given.setdefault("output.weight", given["embedding.weight"])
    for name in sorted(wanted.keys() | given.keys()):
        if wanted.get(name) != given.get(name):
            what = (
                f"{name} is missing" if name not in given
                else f"{name} is not part of the model" if name not in wanted
                else f"{name} is {given[name]}, not {wanted[name]}"
            )  # fmt: skip
            raise InputError(f"{place}: the weights do not fit config.json: {what}")


def weight_shapes(config: HavocConfig) -> dict[str, tuple[int, ...]]:
    """The shapes of ``HavocModel.state_dict`` by name.

    Written out, since making a model without memory imports 80 MB of torch's compiler.
    """
    width, queries = config.d_model, config.num_heads * config.head_dim
    keys, hidden = config.num_kv_heads * config.head_dim, config.mlp_hidden_dim
    block = {
        "attention_norm": (width,), "mlp_norm": (width,),
        "attention.query": (queries, width), "attention.key": (keys, width),
        "attention.value": (keys, width), "attention.output": (width, queries),
        "mlp.gate": (hidden, width), "mlp.up": (hidden, width), "mlp.down": (width, hidden),
    }  # fmt: skip
    shapes: dict[str, tuple[int, ...]] = {
        "embedding.weight": (config.vocab_size, width),
        "output.weight": (config.vocab_size, width),
        "norm.weight": (width,),
    }
    for layer in range(config.num_layers):
        shapes |= {f"blocks.{layer}.{name}.weight": shape for name, shape in block.items()}
    return shapes
