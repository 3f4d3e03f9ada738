"""Plain matrix products against torch's fused attention: same values, same gradients."""

from __future__ import annotations

import pytest
import torch

from havoc.config import HavocConfig
from havoc.model import HavocModel
from havoc.model.attention import MOST_SCORES, additive, attend, by_matrices
from havoc.model.transformer import segment_mask


def inputs(heads: int, kv_heads: int, dtype: torch.dtype) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(heads)
    shapes = [(3, n, 19, 8) for n in (heads, kv_heads, kv_heads)]
    return [torch.randn(s, generator=generator).to(dtype).requires_grad_() for s in shapes]


@pytest.mark.parametrize(("heads", "kv_heads"), [(4, 4), (6, 2), (3, 1)])
@pytest.mark.parametrize("packed", [True, False])
def test_both_ways_agree(heads: int, kv_heads: int, packed: bool) -> None:
    segments = torch.tensor([[0] * 7 + [1] * 12, [0] * 19, [0] * 18 + [1]])
    mask = segment_mask(segments) if packed else None
    tensors = inputs(heads, kv_heads, torch.float32)
    bias = additive(mask, 19, torch.float32, torch.device("cpu"))
    results = []
    for given in (mask, bias):
        mixed = attend(*tensors, given, causal=given is None)
        results.append((mixed, *torch.autograd.grad(mixed.square().sum(), tensors)))
    for ours, theirs in zip(*results, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-5)


def test_bfloat16_products_are_as_exact_as_bfloat16_can_be() -> None:
    mask = segment_mask(torch.tensor([[0] * 9 + [1] * 10]).expand(3, -1))
    exact = inputs(6, 2, torch.float32)
    rounded = [t.detach().bfloat16().requires_grad_() for t in exact]
    wanted = attend(*exact, mask, causal=False)
    bias = additive(mask, 19, torch.bfloat16, torch.device("cpu"))
    found = attend(*rounded, bias, causal=False)
    assert (found.float() - wanted).norm() < 0.01 * wanted.norm()
    for a, b in zip(
        torch.autograd.grad(found.float().sum(), rounded),
        torch.autograd.grad(wanted.sum(), exact),
        strict=True,
    ):
        assert (a.float() - b).norm() < 0.02 * b.norm()


def test_matrix_products_are_for_training_in_bfloat16_on_a_cpu_within_memory() -> None:
    cpu = torch.device("cpu")
    assert by_matrices(torch.bfloat16, cpu, 16, 6, 256)
    assert not by_matrices(torch.float32, cpu, 16, 6, 256)
    assert not by_matrices(torch.bfloat16, torch.device("meta"), 16, 6, 256)
    assert not by_matrices(torch.bfloat16, cpu, 1, MOST_SCORES // 256, 257)
    with torch.no_grad():
        assert not by_matrices(torch.bfloat16, cpu, 16, 6, 256)


def test_a_step_in_bfloat16_has_nearly_the_gradient_of_float32() -> None:
    config = HavocConfig(
        vocab_size=300, d_model=32, num_layers=2, num_heads=4, num_kv_heads=2, head_dim=8,
        mlp_hidden_dim=48, max_seq_len=32,
    )  # fmt: skip
    tokens = torch.randint(300, (2, 32), generator=torch.Generator().manual_seed(1))
    segments = torch.tensor([[0] * 10 + [1] * 22]).expand(2, -1)
    gradients = []
    for narrow in (False, True):
        model = HavocModel.from_config(config, seed=3)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=narrow):
            model.loss(tokens, tokens.roll(-1, 1), torch.ones(2, 32), segments).backward()
        gradients.append(torch.cat([p.grad.flatten() for p in model.parameters()]))
    assert torch.nn.functional.cosine_similarity(*gradients, dim=0) > 0.999
