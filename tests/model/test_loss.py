"""The chunked loss against torch's own cross-entropy."""

from __future__ import annotations

import pytest
import torch

from havoc.config import HavocConfig
from havoc.model import HavocModel
from havoc.model.loss import CHUNK_ROWS, linear_cross_entropy


@pytest.mark.parametrize("rows", [1, 7, CHUNK_ROWS, CHUNK_ROWS + 3])
def test_loss_and_gradients_equal_those_of_torch(rows: int) -> None:
    generator = torch.Generator().manual_seed(rows)
    hidden = torch.randn(rows, 12, generator=generator, requires_grad=True)
    weight = torch.randn(30, 12, generator=generator, requires_grad=True)
    targets = torch.randint(30, (rows,), generator=generator)
    scale = torch.rand(rows, generator=generator)
    ours = linear_cross_entropy(hidden, weight, targets, scale)
    expected = torch.nn.functional.cross_entropy(hidden @ weight.T, targets, reduction="none")
    expected = (expected * scale).sum()
    torch.testing.assert_close(ours, expected, rtol=1e-5, atol=1e-5)
    found = torch.autograd.grad(3 * ours, (hidden, weight))
    wanted = torch.autograd.grad(3 * expected, (hidden, weight))
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-4)


def test_large_logits_do_not_overflow() -> None:
    hidden, weight = torch.full((2, 4), 100.0), torch.eye(4) * 100
    targets, scale = torch.tensor([0, 1]), torch.ones(2)
    loss = linear_cross_entropy(hidden, weight, targets, scale)
    torch.testing.assert_close(loss, 2 * torch.log(torch.tensor(4.0)), rtol=1e-3, atol=0)


def test_under_autocast_the_loss_is_near_that_of_full_precision() -> None:
    generator = torch.Generator().manual_seed(0)
    hidden = torch.randn(9, 16, generator=generator, requires_grad=True)
    weight = torch.randn(20, 16, generator=generator, requires_grad=True)
    targets, scale = torch.randint(20, (9,), generator=generator), torch.ones(9)
    full = linear_cross_entropy(hidden, weight, targets, scale)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        narrow = linear_cross_entropy(hidden, weight, targets, scale)
    torch.testing.assert_close(narrow, full, rtol=0.02, atol=0.02)
    assert torch.autograd.grad(narrow, weight)[0].dtype == torch.float32


def test_masked_tokens_neither_count_nor_teach() -> None:
    config = HavocConfig(
        vocab_size=300, d_model=16, num_layers=1, num_heads=2, num_kv_heads=1, head_dim=8,
        mlp_hidden_dim=24, max_seq_len=16,
    )  # fmt: skip
    model = HavocModel.from_config(config)
    tokens = torch.randint(300, (2, 8), generator=torch.Generator().manual_seed(1))
    targets = tokens.roll(-1, 1)
    weights = torch.zeros(2, 8)
    weights[0, 3], weights[1, 5] = 1.0, 2.5
    changed = targets.clone()
    changed[0, 0] = (changed[0, 0] + 1) % 300
    assert torch.equal(model.loss(tokens, targets, weights), model.loss(tokens, changed, weights))
    logits = model(tokens).log_softmax(-1)
    expected = -(logits[0, 3, targets[0, 3]] + 2.5 * logits[1, 5, targets[1, 5]])
    torch.testing.assert_close(model.loss(tokens, targets, weights), expected)


def test_a_loss_over_some_pieces_is_the_softmax_over_them_alone() -> None:
    shape = HavocConfig(
        vocab_size=300,
        d_model=16,
        num_layers=1,
        num_heads=2,
        num_kv_heads=1,
        head_dim=8,
        mlp_hidden_dim=16,
    )
    model = HavocModel.from_config(shape, seed=1)
    tokens = torch.randint(0, shape.vocab_size, (2, 6), generator=torch.Generator().manual_seed(0))
    pieces = [3, 5, 8, 13]
    targets = torch.tensor(pieces)[torch.arange(12) % 4].reshape(2, 6)
    logits = model(tokens)[..., pieces]
    expected = torch.nn.functional.cross_entropy(
        logits.reshape(-1, 4).float(), (torch.arange(12) % 4), reduction="sum"
    )
    model.predict_only(pieces)
    loss = model.loss(tokens, targets, torch.ones(2, 6))
    assert float(loss) == pytest.approx(float(expected), rel=1e-5)
    loss.backward()
    assert model.embedding.weight.grad is not None
