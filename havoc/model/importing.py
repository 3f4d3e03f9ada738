"""A Llama-layout folder with a SentencePiece tokenizer becomes a HAVOC model to go on from."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from havoc.errors import InputError
from havoc.model.conversion import config_from_llama, from_llama
from havoc.model.directory import save_model
from havoc.model.transformer import HavocModel
from havoc.model.vocabulary import TOKENIZER, Vocabulary

INDEX = "model.safetensors.index.json"


def import_model(source: Path, target: Path) -> HavocModel:
    """Read a Llama-layout folder and write a model folder.

    Parameters
    ----------
    source
        ``config.json``, ``model.safetensors`` (or its parts with their index), ``tokenizer.model``.
    target
        Model folder; not there yet.

    Raises
    ------
    InputError
        If a part is missing or damaged, the architecture is another, or the tokenizer has more
        pieces than the embedding has rows.
    """
    if target.exists():
        raise InputError(f"{target} exists already; choose another place or remove it")
    try:
        described = json.loads((source / "config.json").read_text(encoding="utf-8"))
    except OSError:
        raise InputError(f"no model at {source}: config.json is missing") from None
    except ValueError:
        raise InputError(f"{source / 'config.json'}: not readable as JSON") from None
    config = config_from_llama(described)
    words = Vocabulary.read(source)
    if len(words.pieces) > config.vocab_size:
        raise InputError(
            f"{source / TOKENIZER}: {len(words.pieces)} pieces, but vocab_size is"
            f" {config.vocab_size}"
        )
    state = {n: w.float() for n, w in from_llama(_read_weights(source), config).items()}
    model = HavocModel.from_config(config)
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        first = str(error).splitlines()[1].strip() if "\n" in str(error) else str(error)
        raise InputError(f"{source}: the weights do not fit config.json: {first}") from None
    save_model(target, config, model.state_dict(), {"imported_from": source.name})
    shutil.copyfile(source / TOKENIZER, target / TOKENIZER)
    return model


def _read_weights(source: Path) -> dict[str, Tensor]:
    index = source / INDEX
    names = {"model.safetensors"}
    if index.exists():
        try:
            names = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
        except (ValueError, KeyError, AttributeError):
            raise InputError(f"{index}: not readable as an index of weights") from None
    state: dict[str, Tensor] = {}
    for name in sorted(names):
        path = source / Path(name).name  # an index may not point out of the folder
        try:
            state |= load_file(path)
        except FileNotFoundError:
            raise InputError(f"no weights at {source}: {path.name} is missing") from None
        except (SafetensorError, OSError):
            raise InputError(f"{path}: damaged or cut short") from None
    return state
