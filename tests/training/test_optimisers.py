"""Groups of weights, AdamW and Muon."""

from __future__ import annotations

import pytest
import torch

from havoc.config import HavocConfig, TrainingConfig
from havoc.model import HavocModel
from havoc.training.optimisers import Muon, Optimisers, orthogonalise, parameter_groups

SHAPE = {
    "vocab_size": 300, "d_model": 16, "num_layers": 2, "num_heads": 2, "num_kv_heads": 1,
    "head_dim": 8, "mlp_hidden_dim": 24, "max_seq_len": 24,
}  # fmt: skip


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("kind", ["adamw", "muon"])
def test_norms_and_embeddings_never_decay(tied: bool, kind: str) -> None:
    model = HavocModel.from_config(HavocConfig(**SHAPE, tie_embeddings=tied))
    optimisers = Optimisers(model, TrainingConfig(optimizer=kind, weight_decay=0.3))
    decay = {
        id(p): group["weight_decay"]
        for optimiser in optimisers.members.values()
        for group in optimiser.param_groups
        for p in group["params"]
    }
    assert len(decay) == len(list(model.parameters()))
    for name, parameter in model.named_parameters():
        plain = "norm" in name or name.startswith("embedding")
        assert decay[id(parameter)] == (0.0 if plain else 0.3), name


def test_every_weight_is_in_one_group() -> None:
    model = HavocModel.from_config(HavocConfig(**SHAPE))
    groups = parameter_groups(model)
    assert sum(len(g) for g in groups.values()) == len(list(model.parameters()))
    assert len(groups["matrices"]) == 2 * 7


def test_a_muon_direction_has_singular_values_near_one() -> None:
    generator = torch.Generator().manual_seed(0)
    for shape in ((3, 16, 16), (2, 8, 24)):
        matrices = torch.randn(shape, generator=generator)
        values = torch.linalg.svdvals(orthogonalise(matrices))
        assert values.min() > 0.5
        assert values.max() < 1.3
        u, _, v = torch.linalg.svd(matrices, full_matrices=False)
        aligned = torch.nn.functional.cosine_similarity(
            orthogonalise(matrices).flatten(1), (u @ v).flatten(1), dim=1
        )
        assert aligned.min() > 0.97


def test_matrices_of_one_shape_step_together_as_they_would_alone() -> None:
    generator = torch.Generator().manual_seed(2)
    shapes = ((12, 6), (6, 12), (12, 6), (8, 8), (6, 6))
    starts = [torch.randn(shape, generator=generator) for shape in shapes]
    gradients = [torch.randn(shape, generator=generator) for shape in shapes]
    together = [torch.nn.Parameter(x.clone()) for x in starts]
    alone = [torch.nn.Parameter(x.clone()) for x in starts]
    for parameters in (together, *([p] for p in alone)):
        for parameter in parameters:
            place = next(i for i, x in enumerate(starts) if torch.equal(x, parameter))
            parameter.grad = gradients[place].clone()
        Muon(parameters, lr=0.1, momentum=0.9, weight_decay=0.05).step()
    for ours, theirs in zip(together, alone, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=0.01)


def test_muon_follows_torchs_own() -> None:
    generator = torch.Generator().manual_seed(1)
    start = torch.randn(12, 6, generator=generator)
    ours, theirs = torch.nn.Parameter(start.clone()), torch.nn.Parameter(start.clone())
    steppers = [
        Muon([ours], lr=0.1, momentum=0.9, weight_decay=0.05),
        torch.optim.Muon([theirs], lr=0.1, momentum=0.9, weight_decay=0.05, nesterov=True),
    ]
    for _ in range(3):
        gradient = torch.randn(12, 6, generator=generator)
        for parameter, stepper in zip((ours, theirs), steppers, strict=True):
            parameter.grad = gradient.clone()
            stepper.step()
    torch.testing.assert_close(ours, theirs, rtol=0, atol=0.02)  # theirs iterates in bfloat16


def test_both_optimisers_learn_a_batch_by_heart() -> None:
    tokens = torch.randint(300, (2, 12), generator=torch.Generator().manual_seed(3))
    for kind in ("adamw", "muon"):
        model = HavocModel.from_config(HavocConfig(**SHAPE))
        config = TrainingConfig(optimizer=kind, learning_rate=1e-2)
        optimisers, scaler = Optimisers(model, config), torch.amp.GradScaler("cpu", enabled=False)
        weights = torch.ones(2, 11)
        losses = []
        for _ in range(40):
            optimisers.zero_grad()
            loss = model.loss(tokens[:, :-1], tokens[:, 1:], weights) / 22
            loss.backward()
            optimisers.step(scaler)
            losses.append(loss.item())
        assert losses[-1] < 0.3 * losses[0], kind
