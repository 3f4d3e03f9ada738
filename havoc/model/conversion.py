"""Weights and configurations to and from the Llama layout of Hugging Face checkpoints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from torch import Tensor

from havoc.config import HavocConfig
from havoc.errors import InputError

_OUTSIDE = {
    "embedding.weight": "model.embed_tokens.weight",
    "norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}
_IN_BLOCK = {
    "attention_norm.weight": "input_layernorm.weight",
    "attention.query.weight": "self_attn.q_proj.weight",
    "attention.key.weight": "self_attn.k_proj.weight",
    "attention.value.weight": "self_attn.v_proj.weight",
    "attention.output.weight": "self_attn.o_proj.weight",
    "mlp_norm.weight": "post_attention_layernorm.weight",
    "mlp.gate.weight": "mlp.gate_proj.weight",
    "mlp.up.weight": "mlp.up_proj.weight",
    "mlp.down.weight": "mlp.down_proj.weight",
}
_FROM_OUTSIDE = {theirs: ours for ours, theirs in _OUTSIDE.items()}
_FROM_BLOCK = {theirs: ours for ours, theirs in _IN_BLOCK.items()}


def to_llama(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Rename the weights of a HavocModel to the Llama layout."""
    return {
        _renamed(name, _OUTSIDE, _IN_BLOCK, "blocks", "model.layers"): w
        for name, w in state.items()
    }


def from_llama(state: Mapping[str, Tensor], config: HavocConfig) -> dict[str, Tensor]:
    """Rename the weights of a Llama-layout checkpoint to those of a HavocModel.

    Raises
    ------
    InputError
        If a weight has no place here (a bias, another architecture) or one is missing.
    """
    renamed = {
        _renamed(name, _FROM_OUTSIDE, _FROM_BLOCK, "model.layers", "blocks"): weight
        for name, weight in state.items()
        if not name.endswith("rotary_emb.inv_freq")
    }
    if config.tie_embeddings and "embedding.weight" in renamed:
        renamed.setdefault("output.weight", renamed["embedding.weight"])
    expected = set(_OUTSIDE) | {
        f"blocks.{layer}.{name}" for layer in range(config.num_layers) for name in _IN_BLOCK
    }
    missing = sorted(expected - set(renamed))
    if missing:
        raise InputError(f"the checkpoint lacks {len(missing)} weights, the first {missing[0]}")
    return renamed


def _renamed(
    name: str, outside: Mapping[str, str], block: Mapping[str, str], here: str, there: str
) -> str:
    if name in outside:
        return outside[name]
    match = re.fullmatch(re.escape(here) + r"\.(\d+)\.(.+)", name)
    if match and match[2] in block:
        return f"{there}.{match[1]}.{block[match[2]]}"
    raise InputError(f"weight '{name}' has no place in the other layout")


def llama_config(config: HavocConfig, *, bos_id: int, eos_id: int, pad_id: int) -> dict[str, Any]:
    """Return the ``config.json`` with which transformers, vLLM and llama.cpp open the weights."""
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": config.vocab_size,
        "hidden_size": config.d_model,
        "intermediate_size": config.mlp_hidden_dim,
        "num_hidden_layers": config.num_layers,
        "num_attention_heads": config.num_heads,
        "num_key_value_heads": config.num_kv_heads,
        "head_dim": config.head_dim,
        "max_position_embeddings": config.max_seq_len,
        "rms_norm_eps": config.rms_norm_eps,
        "rope_theta": config.rope_theta,
        "rope_parameters": {"rope_type": "default", "rope_theta": config.rope_theta},
        "tie_word_embeddings": config.tie_embeddings,
        "hidden_act": "silu",
        "attention_bias": False,
        "mlp_bias": False,
        "attention_dropout": 0.0,
        "initializer_range": config.init_std,
        "bos_token_id": bos_id,
        "eos_token_id": eos_id,
        "pad_token_id": pad_id,
        "torch_dtype": "float32",
    }


def config_from_llama(found: Mapping[str, Any]) -> HavocConfig:
    """Read the ``config.json`` of a Llama-layout checkpoint; refuse what HavocModel is not."""
    if found.get("model_type") not in ("llama", "mistral"):
        raise InputError(f"model_type: expected llama or mistral, got {found.get('model_type')!r}")
    for switch in ("attention_bias", "mlp_bias", "sliding_window"):
        if found.get(switch):
            raise InputError(f"{switch}: HavocModel has none")
    if found.get("hidden_act", "silu") != "silu":
        raise InputError(f"hidden_act: expected silu, got {found['hidden_act']!r}")
    rope = found.get("rope_parameters") or found.get("rope_scaling") or {}
    if rope.get("rope_type", rope.get("type", "default")) != "default":
        raise InputError("rope_scaling: only plain rotary embeddings can be read")
    heads = int(found["num_attention_heads"])
    return HavocConfig(
        vocab_size=found["vocab_size"],
        d_model=found["hidden_size"],
        num_layers=found["num_hidden_layers"],
        num_heads=heads,
        num_kv_heads=found.get("num_key_value_heads") or heads,
        head_dim=found.get("head_dim") or found["hidden_size"] // heads,
        mlp_hidden_dim=found["intermediate_size"],
        max_seq_len=found.get("max_position_embeddings", 2048),
        rope_theta=rope.get("rope_theta") or found.get("rope_theta") or 10_000.0,
        rms_norm_eps=found.get("rms_norm_eps", 1e-6),
        tie_embeddings=bool(found.get("tie_word_embeddings", False)),
        init_std=found.get("initializer_range", 0.02),
    )
