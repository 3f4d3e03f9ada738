"""The model against transformers' Llama, which nobody here wrote: logits, gradients, conversion."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from havoc.config import HavocConfig
from havoc.errors import InputError
from havoc.model import HavocModel
from havoc.model.conversion import config_from_llama, from_llama, llama_config, to_llama

transformers = pytest.importorskip("transformers")

SHAPES = [
    HavocConfig(**shape, vocab_size=300, max_seq_len=64)
    for shape in (
        {"d_model": 32, "num_layers": 2, "num_heads": 4, "num_kv_heads": 4, "head_dim": 8,
         "mlp_hidden_dim": 48, "tie_embeddings": False},
        {"d_model": 32, "num_layers": 3, "num_heads": 4, "num_kv_heads": 2, "head_dim": 8,
         "mlp_hidden_dim": 64, "tie_embeddings": True},
        {"d_model": 24, "num_layers": 1, "num_heads": 6, "num_kv_heads": 1, "head_dim": 16,
         "mlp_hidden_dim": 40, "tie_embeddings": False, "rope_theta": 500_000.0},
        {"d_model": 40, "num_layers": 2, "num_heads": 4, "num_kv_heads": 2, "head_dim": 6,
         "mlp_hidden_dim": 32, "tie_embeddings": True, "rms_norm_eps": 1e-3},
    )
]  # fmt: skip


def build_llama(config: HavocConfig) -> torch.nn.Module:
    described = llama_config(config, bos_id=1, eos_id=2, pad_id=0)
    return transformers.LlamaForCausalLM(transformers.LlamaConfig(**described)).eval()


def build_pair(config: HavocConfig) -> tuple[HavocModel, torch.nn.Module]:
    ours, theirs = HavocModel.from_config(config, seed=3), build_llama(config)
    with torch.no_grad():  # norms that are not all one, so that their order matters
        for parameter in ours.parameters():
            if parameter.dim() == 1:
                parameter.copy_(torch.linspace(0.5, 1.5, parameter.numel()))
    theirs.load_state_dict(to_llama(ours.state_dict()))
    return ours, theirs


def draw_tokens(config: HavocConfig, batch: int = 2, seq_len: int = 17) -> torch.Tensor:
    generator = torch.Generator().manual_seed(5)
    # Not 0: transformers gives the padding token no gradient.
    return torch.randint(1, config.vocab_size, (batch, seq_len), generator=generator)


@pytest.mark.parametrize("config", SHAPES)
def test_logits_and_gradients_equal_those_of_llama(config: HavocConfig) -> None:
    ours, theirs = build_pair(config)
    tokens = draw_tokens(config)
    logits, expected = ours(tokens), theirs(tokens).logits
    torch.testing.assert_close(logits, expected, rtol=1e-5, atol=1e-5)
    for output in (logits, expected):
        flat = output[:, :-1].flatten(0, 1)
        torch.nn.functional.cross_entropy(flat, tokens[:, 1:].flatten()).backward()
    reference = {n: p.grad for n, p in theirs.named_parameters()}
    for name, parameter in ours.named_parameters():
        torch.testing.assert_close(
            parameter.grad, reference[next(iter(to_llama({name: parameter})))], rtol=1e-4, atol=1e-6
        )


GRID = [
    HavocConfig(
        vocab_size=260, d_model=heads * head_dim, num_layers=2, num_heads=heads,
        num_kv_heads=kv_heads, head_dim=head_dim, mlp_hidden_dim=40, max_seq_len=32,
        tie_embeddings=tied, rope_theta=theta,
    )
    for heads, kv_heads in ((4, 4), (4, 2), (6, 2), (8, 1))
    for head_dim in (8, 16)
    for tied in (True, False)
    for theta in (1e4, 1e6)
]  # fmt: skip


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize(
    "config",
    GRID,
    ids=lambda c: (
        f"{c.num_heads}/{c.num_kv_heads}x{c.head_dim}"
        f"-{'tied' if c.tie_embeddings else 'apart'}-{c.rope_theta:g}"
    ),
)
def test_the_grid_of_shapes_in_both_types(config: HavocConfig, dtype: torch.dtype) -> None:
    """Logits and every gradient; in bfloat16 the two may round apart, so by the norm of each."""
    ours, theirs = (model.to(dtype) for model in build_pair(config))
    theirs.model.rotary_emb.inv_freq = build_llama(config).model.rotary_emb.inv_freq
    tokens = draw_tokens(config)
    share = 1e-5 if dtype == torch.float32 else 0.02
    logits, expected = ours(tokens), theirs(tokens).logits
    assert (logits - expected).float().norm() <= share * expected.float().norm()
    for output in (logits, expected):
        flat = output[:, :-1].flatten(0, 1).float()
        torch.nn.functional.cross_entropy(flat, tokens[:, 1:].flatten()).backward()
    reference = {n: p.grad for n, p in theirs.named_parameters()}
    for name, parameter in ours.named_parameters():
        wanted = reference[next(iter(to_llama({name: parameter})))].float()
        assert parameter.grad is not None
        assert (parameter.grad.float() - wanted).norm() <= 3 * share * wanted.norm() + 1e-7, name


@pytest.mark.slow
def test_one_layer_of_the_seven_billion_equals_that_of_llama() -> None:
    """Its true widths, forward and back, in float32; vocabulary cut to what one layer needs."""
    config = HavocConfig(num_layers=1, vocab_size=1000)
    ours, theirs = build_pair(config)
    tokens = draw_tokens(config, batch=1, seq_len=64)
    logits, expected = ours(tokens), theirs(tokens).logits
    torch.testing.assert_close(logits, expected, rtol=1e-3, atol=1e-4)
    logits.square().mean().backward()
    expected.square().mean().backward()
    ours_gradient = ours.blocks[0].attention.query.weight.grad
    theirs_gradient = theirs.model.layers[0].self_attn.q_proj.weight.grad
    assert ours_gradient is not None
    assert (ours_gradient - theirs_gradient).norm() < 1e-3 * theirs_gradient.norm()


def test_the_seven_billion_has_exactly_the_parameters_of_its_table() -> None:
    """Counted by hand from the widths: embedding, output, 32 blocks, the last norm."""
    attention = 2 * 4096 * 32 * 128 + 2 * 4096 * 8 * 128
    block = attention + 3 * 4096 * 11_008 + 2 * 4096
    expected = 2 * 70_000 * 4096 + 32 * block + 4096
    assert expected == 6_244_405_248
    model = HavocModel.from_config(HavocConfig(), device="meta")
    assert sum(p.numel() for p in model.parameters()) == expected


@pytest.mark.parametrize("config", SHAPES)
def test_conversion_both_ways_is_the_identity(config: HavocConfig) -> None:
    model = HavocModel.from_config(config, seed=1)
    back = from_llama(to_llama(model.state_dict()), config)
    assert set(back) == set(model.state_dict())
    assert all(torch.equal(back[name], weight) for name, weight in model.state_dict().items())
    described = llama_config(config, bos_id=1, eos_id=2, pad_id=0)
    assert config_from_llama(described) == config


def test_a_checkpoint_written_by_transformers_opens_here(tmp_path: Path) -> None:
    import json

    from safetensors.torch import load_file

    theirs = build_llama(SHAPES[1])
    theirs.save_pretrained(tmp_path)
    config = config_from_llama(json.loads((tmp_path / "config.json").read_text()))
    ours = HavocModel.from_config(config)
    ours.load_state_dict(from_llama(load_file(tmp_path / "model.safetensors"), config))
    tokens = draw_tokens(config)
    torch.testing.assert_close(ours(tokens), theirs(tokens).logits, rtol=1e-5, atol=1e-5)


def test_parameter_count_equals_that_of_llama() -> None:
    for config in SHAPES:
        assert config.num_parameters == build_llama(config).num_parameters()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model_type": "gpt2"}, "model_type"),
        ({"attention_bias": True}, "attention_bias"),
        ({"rope_parameters": {"rope_type": "llama3", "rope_theta": 5e5}}, "rope_scaling"),
        ({"hidden_act": "gelu"}, "hidden_act"),
    ],
)
def test_another_architecture_is_refused(change: dict[str, object], said: str) -> None:
    described = llama_config(SHAPES[0], bos_id=1, eos_id=2, pad_id=0)
    with pytest.raises(InputError, match=said):
        config_from_llama({**described, **change})


def test_missing_and_foreign_weights_are_refused() -> None:
    state = to_llama(HavocModel.from_config(SHAPES[0]).state_dict())
    with pytest.raises(InputError, match="no place"):
        from_llama({**state, "model.layers.0.self_attn.q_proj.bias": torch.zeros(1)}, SHAPES[0])
    state.pop("lm_head.weight")
    with pytest.raises(InputError, match=r"lacks 1 weights, the first output\.weight"):
        from_llama(state, SHAPES[0])
