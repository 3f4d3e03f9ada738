"""A finished model on disk: ``model.safetensors`` (or ``model.pt``), ``config.json``, tokenizer."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from havoc.config import HavocConfig
from havoc.errors import InputError
from havoc.model.lora import merged
from havoc.model.transformer import HavocModel
from havoc.options import from_mapping

WEIGHTS, WEIGHTS_TORCH, CONFIG = "model.safetensors", "model.pt", "config.json"
SHARDS = "shards"  # a checkpoint of several processes, by torch.distributed.checkpoint


def save_model(
    folder: Path,
    config: HavocConfig,
    state: Mapping[str, Tensor],
    about: Mapping[str, Any] | None = None,
) -> None:
    """Write a model directory; each file whole or not at all.

    Parameters
    ----------
    folder
        Made where it does not exist.
    config
        Shape of the model.
    state
        Its ``state_dict``.
    about
        Facts kept beside the shape: data fingerprint, tokenizer hash, run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = [n for n in state if not (config.tie_embeddings and n == "output.weight")]
    weights = {name: state[name].detach().cpu().contiguous() for name in names}
    draft = folder / (WEIGHTS + ".tmp")
    save_file(weights, draft)
    os.replace(draft, folder / WEIGHTS)
    described = {"format": "havoc-1", "model": config.to_dict(), "about": dict(about or {})}
    draft = folder / (CONFIG + ".tmp")
    draft.write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")
    os.replace(draft, folder / CONFIG)


def read_description(folder: Path) -> dict[str, Any]:
    """Return ``config.json`` of a model directory or checkpoint."""
    path = folder / CONFIG
    try:
        described = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"no model at {folder}: {CONFIG} is missing") from None
    except (ValueError, OSError):
        raise InputError(f"{path}: not readable as JSON") from None
    if not isinstance(described, dict) or "model" not in described:
        raise InputError(f"{path}: no 'model' entry; is this a HAVOC model?")
    return described


def load_model(
    folder: str | Path, *, device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32
) -> HavocModel:
    """Open a model directory or a checkpoint.

    Raises
    ------
    InputError
        If a file is missing or damaged, or the weights do not fit the shape.
    """
    place = Path(folder)
    described = read_description(place)
    config = from_mapping(HavocConfig, described["model"], str(place / CONFIG))
    state = _read_weights(place)
    recipe = described.get("training") or {}
    if recipe.get("lora_rank"):  # a checkpoint of a run with adapters
        state = merged(state, float(recipe["lora_alpha"]) / int(recipe["lora_rank"]))
    if config.tie_embeddings and "embedding.weight" in state:
        state.setdefault("output.weight", state["embedding.weight"])
    model = HavocModel.from_config(config)
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        first = str(error).splitlines()[1].strip() if "\n" in str(error) else str(error)
        raise InputError(f"{place}: the weights do not fit config.json: {first}") from None
    return model.to(device=device, dtype=dtype).eval()


def _read_weights(folder: Path) -> dict[str, Tensor]:
    path = folder / WEIGHTS
    if path.exists():
        try:
            return load_file(path)
        except (SafetensorError, OSError):
            raise InputError(f"{path}: damaged or cut short") from None
    if (folder / SHARDS).is_dir():
        return _read_shards(folder / SHARDS)
    path = folder / WEIGHTS_TORCH
    if not path.exists():
        raise InputError(f"no weights at {folder}: neither {WEIGHTS} nor {WEIGHTS_TORCH}")
    try:
        loaded = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch.load raises many types on damaged files
        raise InputError(f"{path}: damaged or cut short ({type(error).__name__})") from None
    return dict(loaded)


def _read_shards(folder: Path) -> dict[str, Tensor]:
    """Join the weights that several processes wrote; their averages and moments stay on disk."""
    from torch.distributed import checkpoint as dcp
    from torch.distributed.checkpoint.metadata import TensorStorageMetadata

    try:
        found = dcp.FileSystemReader(folder).read_metadata().state_dict_metadata
        state = {
            name: torch.empty(about.size, dtype=about.properties.dtype)
            for name, about in found.items()
            if name.startswith("model.") and isinstance(about, TensorStorageMetadata)
        }
        dcp.load(state, checkpoint_id=folder, no_dist=True)
    except Exception as error:  # torch raises many types on damaged files
        raise InputError(f"{folder}: damaged or cut short ({type(error).__name__})") from None
    return {name.removeprefix("model."): weight for name, weight in state.items()}
