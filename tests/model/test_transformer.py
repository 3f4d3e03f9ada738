"""Properties of the model: causality, packing, the cache, initialisation."""

from __future__ import annotations

import math

import pytest
import torch

from havoc.config import HavocConfig
from havoc.errors import InputError
from havoc.model import HavocModel, SigmaModel

TINY = HavocConfig(
    vocab_size=300,
    d_model=32,
    num_layers=2,
    num_heads=4,
    num_kv_heads=2,
    head_dim=8,
    mlp_hidden_dim=64,
    max_seq_len=48,
    tie_embeddings=True,
)


@pytest.fixture(scope="module")
def model() -> HavocModel:
    built = HavocModel.from_config(TINY, seed=2).eval()
    with torch.no_grad():  # larger weights, so that a wrong position or mask shows
        for parameter in built.parameters():
            if parameter.dim() == 2:
                parameter.mul_(4)
    return built


def tokens_of(batch: int, seq_len: int, seed: int = 0) -> torch.Tensor:
    return torch.randint(300, (batch, seq_len), generator=torch.Generator().manual_seed(seed))


def test_sigma_model_is_the_same_class() -> None:
    assert SigmaModel is HavocModel


def test_the_seven_billion_model_builds_without_memory() -> None:
    model = HavocModel.from_config(HavocConfig(), device="meta")
    assert sum(p.numel() for p in model.parameters()) == HavocConfig().num_parameters
    assert all(p.is_meta for p in model.parameters())


def test_no_layer_has_a_bias() -> None:
    model = HavocModel.from_config(TINY, device="meta")
    assert not [name for name, _ in model.named_parameters() if "bias" in name]


def test_a_meta_model_brought_to_life_equals_one_built_at_once() -> None:
    built = HavocModel.from_config(TINY, seed=4)
    torch.manual_seed(99)
    revived = HavocModel.from_config(TINY, device="meta").materialize("cpu", seed=4)
    tokens = tokens_of(1, 9)
    assert torch.equal(built(tokens), revived(tokens))
    assert revived.output.weight is revived.embedding.weight


def test_an_untrained_model_is_as_unsure_as_chance() -> None:
    model = HavocModel.from_config(TINY.replace(tie_embeddings=False))
    tokens = tokens_of(4, 32)
    loss = torch.nn.functional.cross_entropy(model(tokens).flatten(0, 1), tokens.flatten())
    assert abs(loss.item() - math.log(300)) < 0.1


def test_a_token_does_not_see_later_ones(model: HavocModel) -> None:
    tokens = tokens_of(1, 20)
    changed = tokens.clone()
    changed[0, 12:] = (changed[0, 12:] + 7) % 300
    before, after = model(tokens), model(changed)
    assert torch.equal(before[:, :12], after[:, :12])
    assert not torch.allclose(before[:, 12:], after[:, 12:])


def test_packed_documents_do_not_see_each_other(model: HavocModel) -> None:
    first, second = tokens_of(1, 11, seed=1), tokens_of(1, 9, seed=2)
    packed = torch.cat((first, second), dim=1)
    segments = torch.tensor([[0] * 11 + [1] * 9])
    logits = model(packed, segments=segments)
    torch.testing.assert_close(logits[:, :11], model(first), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(logits[:, 11:], model(second), rtol=1e-4, atol=1e-4)


def test_selected_logits_are_those_of_the_full_output(model: HavocModel) -> None:
    tokens = tokens_of(2, 10)
    select = torch.zeros(2, 10, dtype=torch.bool)
    select[0, 3] = select[1, 9] = select[1, 2] = True
    torch.testing.assert_close(model(tokens, select=select), model(tokens)[select])


def test_decoding_with_a_cache_equals_the_full_pass(model: HavocModel) -> None:
    tokens = tokens_of(2, 30)
    cache = model.new_cache(2, 30)
    pieces = [model(part, cache=cache) for part in tokens.split([13, 1, 1, 5, 1, 9], dim=1)]
    assert cache.lengths == [30, 30]
    torch.testing.assert_close(torch.cat(pieces, dim=1), model(tokens), rtol=1e-4, atol=1e-4)


def test_rows_of_different_length_decode_as_they_would_alone(model: HavocModel) -> None:
    rows = [tokens_of(1, n, seed=n) for n in (5, 12, 8)]
    padded = torch.zeros(3, 12, dtype=torch.long)
    for i, row in enumerate(rows):
        padded[i, : row.shape[1]] = row[0]
    cache = model.new_cache(3, 24)
    first = model(padded, cache=cache, counts=[5, 12, 8])
    step = tokens_of(3, 2, seed=77)
    second = model(step, cache=cache, counts=[2, 1, 2])
    third = model(step[:, :1], cache=cache)
    for i, row in enumerate(rows):
        taken = 2 if i != 1 else 1
        alone = torch.cat((row, step[i : i + 1, :taken], step[i : i + 1, :1]), dim=1)
        expected = model(alone)[0]
        seen = torch.cat((first[i, : row.shape[1]], second[i, :taken], third[i]))
        torch.testing.assert_close(seen, expected, rtol=1e-4, atol=1e-4)


def test_cache_rows_can_be_copied_and_reordered(model: HavocModel) -> None:
    tokens = tokens_of(2, 8)
    cache = model.new_cache(2, 12)
    model(tokens, cache=cache)
    chosen = cache.select([1, 1, 0])
    step = tokens_of(3, 1, seed=5)
    logits = model(step, cache=chosen)[:, 0]
    whole = torch.cat((tokens[[1, 1, 0]], step), dim=1)
    torch.testing.assert_close(logits, model(whole)[:, -1], rtol=1e-4, atol=1e-4)
    assert cache.lengths == [8, 8]


def test_activation_checkpointing_leaves_gradients_as_they_are() -> None:
    gradients = []
    for switch in (False, True):
        model = HavocModel.from_config(TINY, seed=1).train()
        model.activation_checkpointing = switch
        model(tokens_of(2, 12)).square().mean().backward()
        gradients.append(torch.cat([p.grad.flatten() for p in model.parameters()]))
    torch.testing.assert_close(gradients[0], gradients[1])


def test_more_tokens_than_the_model_can_place_are_refused(model: HavocModel) -> None:
    with pytest.raises(InputError, match="49 tokens exceed max_seq_len 48"):
        model(tokens_of(1, 49))
