"""Quantised weights: as close as their bits allow, and the loss in perplexity measured."""

from __future__ import annotations

import pytest
import torch

from havoc.config import HavocConfig
from havoc.errors import InputError
from havoc.model import HavocModel
from havoc.model.quantise import perplexity, quantised, stored_bytes

pytest.importorskip("torchao")
SHAPE = HavocConfig(
    vocab_size=300, d_model=64, num_layers=2, num_heads=4, num_kv_heads=2, head_dim=16,
    mlp_hidden_dim=96, max_seq_len=32, tie_embeddings=True, init_std=0.1,
)  # fmt: skip


def batches() -> list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    tokens = torch.randint(300, (4, 33), generator=torch.Generator().manual_seed(1))
    return [(tokens[:, :-1], tokens[:, 1:], torch.ones(4, 32))]


@pytest.fixture(scope="module")
def trained() -> HavocModel:
    """A model that knows its rows by heart, so that a coarse weight shows."""
    model = HavocModel.from_config(SHAPE, seed=1)
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(60):
        loss = model.loss(*batches()[0]) / 128
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model.eval()


def test_perplexity_hardly_rises_with_8_bits_and_more_with_4(trained: HavocModel) -> None:
    exact = perplexity(trained, batches())
    eight = perplexity(quantised(trained, "int8"), batches())
    four = perplexity(quantised(trained, "int4"), batches())
    assert exact < 20
    assert eight == pytest.approx(exact, rel=0.01)
    assert abs(four - exact) > abs(eight - exact)
    assert four < 1.5 * exact


def test_the_model_itself_stays_as_it_was(trained: HavocModel) -> None:
    before = {n: w.clone() for n, w in trained.state_dict().items()}
    quantised(trained, "int8")
    assert all(torch.equal(before[n], w) for n, w in trained.state_dict().items())


def test_a_quantised_model_decodes_with_a_cache(trained: HavocModel) -> None:
    narrow = quantised(trained, "int8")
    tokens = batches()[0][0][:1, :9]
    cache = narrow.new_cache(1, 16)
    pieces = [narrow(part, cache=cache) for part in tokens.split([6, 1, 1, 1], dim=1)]
    torch.testing.assert_close(torch.cat(pieces, 1), narrow(tokens), rtol=1e-3, atol=1e-3)


def test_seven_billion_in_4_bits_are_a_seventh_of_float32() -> None:
    model = HavocModel.from_config(HavocConfig(), device="meta")
    outside = 2 * 70_000 * 4096 * 4
    assert stored_bytes(model) == 4 * HavocConfig().num_parameters
    assert stored_bytes(model, "int4") - outside < (stored_bytes(model) - outside) / 6


def test_what_cannot_be_quantised_is_refused(trained: HavocModel) -> None:
    with pytest.raises(InputError, match="expected int8 or int4, got 'int3'"):
        quantised(trained, "int3")
    with pytest.raises(InputError, match="int4 needs widths that 32 divides, and 48 is not"):
        quantised(HavocModel.from_config(SHAPE.replace(mlp_hidden_dim=48)), "int4")
