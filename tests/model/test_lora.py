"""Adapters: they start as nothing, train alone, and merge into the same model."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from havoc.config import HavocConfig
from havoc.errors import InputError
from havoc.model import HavocModel, load_model, save_model
from havoc.model.lora import adapter_state, add_adapters, merged

TINY = HavocConfig(
    vocab_size=300, d_model=16, num_layers=2, num_heads=2, num_kv_heads=1, head_dim=8,
    mlp_hidden_dim=24, max_seq_len=24, tie_embeddings=True,
)  # fmt: skip
TOKENS = torch.arange(18)[None]


def test_a_new_adapter_changes_nothing() -> None:
    plain, adapted = (HavocModel.from_config(TINY, seed=2) for _ in range(2))
    add_adapters(adapted, 4, 16.0)
    assert torch.equal(plain(TOKENS), adapted(TOKENS))


def test_only_adapters_learn_and_their_number_is_the_formula() -> None:
    model = HavocModel.from_config(TINY, seed=2)
    add_adapters(model, 3, 16.0)
    trained = [n for n, p in model.named_parameters() if p.requires_grad]
    assert set(trained) == set(adapter_state(model))
    # query, key, value, output, gate, up, down: rank times (in + out)
    sides = [(16, 16), (16, 8), (16, 8), (16, 16), (16, 24), (16, 24), (24, 16)]
    expected = TINY.num_layers * sum(3 * (a + b) for a, b in sides)
    assert sum(w.numel() for w in adapter_state(model).values()) == expected


def test_merging_gives_the_same_logits_in_the_plain_layout(tmp_path: Path) -> None:
    model = HavocModel.from_config(TINY, seed=2)
    add_adapters(model, 4, 8.0)
    with torch.no_grad():
        for weight in adapter_state(model).values():
            weight.normal_(0, 0.1, generator=torch.Generator().manual_seed(weight.numel()))
    save_model(tmp_path, TINY, merged(model.state_dict(), 8.0 / 4))
    torch.testing.assert_close(load_model(tmp_path)(TOKENS), model(TOKENS), rtol=1e-4, atol=1e-5)
    untouched = HavocModel.from_config(TINY, seed=2)(TOKENS)
    assert not torch.allclose(untouched, model(TOKENS), atol=1e-2)


def test_a_rank_above_the_matrices_is_refused() -> None:
    with pytest.raises(InputError, match="lora_rank: 9 is above the smallest width of a matrix, 8"):
        add_adapters(HavocModel.from_config(TINY), 9, 16.0)


def test_the_gradient_of_an_adapter_is_that_of_its_definition() -> None:
    """Against the definition by hand: the layer's output and both gradients."""
    model = HavocModel.from_config(TINY, seed=2)
    add_adapters(model, 4, 8.0)
    layer = model.blocks[0].mlp.down
    with torch.no_grad():
        layer.lora_b.normal_()
    x = torch.randn(5, 24)
    a, b = (p.detach().clone().requires_grad_() for p in (layer.lora_a, layer.lora_b))
    expected = x @ (layer.weight + 2.0 * b @ a).T
    torch.testing.assert_close(layer(x), expected)
    layer(x).square().sum().backward()
    expected.square().sum().backward()
    torch.testing.assert_close(layer.lora_a.grad, a.grad, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(layer.lora_b.grad, b.grad, rtol=1e-4, atol=1e-4)
