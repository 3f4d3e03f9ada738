"""A finished model for other runtimes: a Hugging Face folder, or one GGUF file.

The folder opens in transformers and vLLM, the file in llama.cpp. Weights are renamed, not changed;
GGUF orders the rows of query and key projections for its rotary embedding, as llama.cpp's own
converter does.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

from havoc.config import HavocConfig
from havoc.errors import InputError, nearest
from havoc.model.conversion import llama_config, to_llama
from havoc.model.directory import load_model, save_model
from havoc.model.transformer import HavocModel
from havoc.model.vocabulary import TOKENIZER, Vocabulary

DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}
GGUF_DTYPES = ("float32", "float16", "bfloat16", "q8_0")
_GGUF_OUTSIDE = {
    "embedding.weight": "token_embd.weight",
    "norm.weight": "output_norm.weight",
    "output.weight": "output.weight",
}
_GGUF_BLOCK = {
    "attention_norm": "attn_norm",
    "attention.query": "attn_q",
    "attention.key": "attn_k",
    "attention.value": "attn_v",
    "attention.output": "attn_output",
    "mlp_norm": "ffn_norm",
    "mlp.gate": "ffn_gate",
    "mlp.up": "ffn_up",
    "mlp.down": "ffn_down",
}


def export_model(source: Path, target: Path, to: str, dtype: str = "float32") -> Path:
    """Export a model folder or checkpoint.

    Parameters
    ----------
    source
        Model folder with its tokenizer, or a checkpoint of one or several processes.
    target
        Folder to write (``hf``, ``havoc``) or file (``gguf``); not there yet.
    to
        ``hf``, ``gguf``, or ``havoc`` (a checkpoint, its shards joined and adapters merged).
    dtype
        Type of the matrices: float32, float16, bfloat16, and for GGUF also q8_0.

    Raises
    ------
    InputError
        If something is missing or already there, or the type is unknown.
    """
    writers: dict[str, Callable[[HavocModel, Path, Path, str], None]] = {
        "hf": _write_hf,
        "gguf": _write_gguf,
        "havoc": _write_havoc,
    }
    if to not in writers:
        raise InputError(f"to: expected {', '.join(writers)}, got '{to}'{nearest(to, writers)}")
    known = GGUF_DTYPES if to == "gguf" else tuple(DTYPES)
    if dtype not in known:
        raise InputError(f"dtype: expected {', '.join(known)}, got '{dtype}'")
    if target.exists():
        raise InputError(f"{target} exists already; choose another place or remove it")
    model = load_model(source)
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        writers[to](model, source, draft, dtype)
        draft.rename(target)
    finally:
        if draft.is_dir():
            shutil.rmtree(draft)
        draft.unlink(missing_ok=True)
    return target


def _vocabulary(model: HavocModel, source: Path) -> Vocabulary:
    found = Vocabulary.read(source)
    if len(found.pieces) != model.config.vocab_size:
        raise InputError(
            f"{source / TOKENIZER}: {len(found.pieces)} pieces, but the model's vocab_size is"
            f" {model.config.vocab_size}"
        )
    return found


def _write_havoc(model: HavocModel, source: Path, target: Path, dtype: str) -> None:
    state = {n: w.to(DTYPES[dtype]) for n, w in model.state_dict().items()}
    save_model(target, model.config, state, {"exported_from": source.name})
    if (source / TOKENIZER).exists():
        shutil.copyfile(source / TOKENIZER, target / TOKENIZER)


def _write_hf(model: HavocModel, source: Path, target: Path, dtype: str) -> None:
    words = _vocabulary(model, source)
    target.mkdir(parents=True)
    state = to_llama(model.state_dict())
    if model.config.tie_embeddings:
        del state["lm_head.weight"]
    weights = {name: w.to(DTYPES[dtype]).contiguous() for name, w in state.items()}
    save_file(weights, target / "model.safetensors", metadata={"format": "pt"})
    ids = {"bos_id": words.bos_id, "eos_id": words.eos_id, "pad_id": words.pad_id}
    described = llama_config(model.config, **ids) | {"torch_dtype": dtype, "dtype": dtype}
    _dump(target / "config.json", described)
    names = {f"{k}_id": getattr(words, f"{k}_id") for k in ("bos", "eos", "pad")}
    generation = {f"{k.removesuffix('_id')}_token_id": v for k, v in names.items()}
    _dump(target / "generation_config.json", generation)
    _dump(target / "tokenizer.json", words.tokenizer_json())
    tokens = {
        f"{k}_token": words.pieces[getattr(words, f"{k}_id")] for k in ("bos", "eos", "pad", "unk")
    }
    about = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "clean_up_tokenization_spaces": False,
        "model_max_length": model.config.max_seq_len,
        **tokens,
    }
    _dump(target / "tokenizer_config.json", about)
    (target / TOKENIZER).write_bytes(words.model)


def _dump(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_gguf(model: HavocModel, source: Path, target: Path, dtype: str) -> None:
    try:
        import gguf
    except ImportError:
        raise InputError("gguf: the package is missing; pip install 'havoc[export]'") from None
    words = _vocabulary(model, source)
    narrow = [m for m in (model.config.d_model, model.config.mlp_hidden_dim) if m % 32]
    if dtype == "q8_0" and narrow:
        raise InputError(f"dtype: q8_0 needs widths that 32 divides, and {narrow[0]} is not one")
    writer = gguf.GGUFWriter(target, "llama")
    _describe(writer, model.config, dtype, gguf)
    _add_tokenizer(writer, words)
    for name, weight in model.state_dict().items():
        if name == "output.weight" and model.config.tie_embeddings:
            continue
        values, kind = _gguf_tensor(name, weight, model.config, dtype, gguf)
        writer.add_tensor(gguf_name(name), values, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _describe(writer: Any, config: HavocConfig, dtype: str, gguf: Any) -> None:
    types = gguf.LlamaFileType
    file_type = {
        "float32": types.ALL_F32,
        "float16": types.MOSTLY_F16,
        "bfloat16": types.MOSTLY_BF16,
        "q8_0": types.MOSTLY_Q8_0,
    }[dtype]
    writer.add_name("HAVOC")
    writer.add_file_type(file_type)
    writer.add_context_length(config.max_seq_len)
    writer.add_embedding_length(config.d_model)
    writer.add_block_count(config.num_layers)
    writer.add_feed_forward_length(config.mlp_hidden_dim)
    writer.add_head_count(config.num_heads)
    writer.add_head_count_kv(config.num_kv_heads)
    writer.add_key_length(config.head_dim)
    writer.add_value_length(config.head_dim)
    writer.add_rope_dimension_count(config.head_dim)
    writer.add_rope_freq_base(config.rope_theta)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_vocab_size(config.vocab_size)


def _add_tokenizer(writer: Any, words: Vocabulary) -> None:
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([piece.encode() for piece in words.pieces])
    writer.add_token_scores(list(words.scores))
    writer.add_token_types([int(kind) for kind in words.kinds])
    writer.add_bos_token_id(words.bos_id)
    writer.add_eos_token_id(words.eos_id)
    writer.add_unk_token_id(words.unk_id)
    writer.add_pad_token_id(words.pad_id)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(False)


def gguf_name(name: str) -> str:
    """Return the GGUF name of a weight."""
    if name in _GGUF_OUTSIDE:
        return _GGUF_OUTSIDE[name]
    _, layer, rest = name.split(".", 2)
    return f"blk.{layer}.{_GGUF_BLOCK[rest.removesuffix('.weight')]}.weight"


def _gguf_tensor(
    name: str, weight: Tensor, config: HavocConfig, dtype: str, gguf: Any
) -> tuple[np.ndarray, Any]:
    values = weight.detach().float()
    if name.endswith("attention.query.weight"):
        values = _interleaved(values, config.num_heads)
    elif name.endswith("attention.key.weight"):
        values = _interleaved(values, config.num_kv_heads)
    array = values.contiguous().numpy()
    types = gguf.GGMLQuantizationType
    kind = {
        "float32": types.F32,
        "float16": types.F16,
        "bfloat16": types.BF16,
        "q8_0": types.Q8_0,
    }[dtype]
    if array.ndim == 1 or kind == types.F32:  # llama.cpp wants norms in float32
        return array, None
    return gguf.quants.quantize(array, kind), kind


def _interleaved(weight: Tensor, heads: int) -> Tensor:
    """Order the rows of each head in pairs (i, i + half), which llama.cpp turns together."""
    rows, columns = weight.shape
    halves = weight.view(heads, 2, rows // heads // 2, columns)
    return halves.transpose(1, 2).reshape(rows, columns)
