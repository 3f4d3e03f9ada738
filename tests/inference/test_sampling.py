"""Sampling against transformers' logits processors, and draws against their distribution."""

from __future__ import annotations

import pytest
import torch
from scipy import stats

from havoc.config import InferenceConfig
from havoc.inference.sampling import choose, draw, filtered, penalise_repetition

transformers = pytest.importorskip("transformers")


def logits(seed: int, size: int = 60) -> torch.Tensor:
    return torch.randn(size, generator=torch.Generator().manual_seed(seed)) * 3


def reference(scores: torch.Tensor, params: InferenceConfig, seen: list[int]) -> torch.Tensor:
    processors = transformers.LogitsProcessorList()
    if params.repetition_penalty != 1.0:
        processors.append(transformers.RepetitionPenaltyLogitsProcessor(params.repetition_penalty))
    if params.temperature != 1.0:
        processors.append(transformers.TemperatureLogitsWarper(params.temperature))
    if params.top_k:
        processors.append(transformers.TopKLogitsWarper(params.top_k))
    if params.top_p < 1.0:
        processors.append(transformers.TopPLogitsWarper(params.top_p))
    if params.min_p > 0.0:
        processors.append(transformers.MinPLogitsWarper(params.min_p))
    return processors(torch.tensor([seen]), scores.clone()[None])[0]


@pytest.mark.parametrize(
    "params",
    [
        {"temperature": 0.7, "top_k": 50, "top_p": 0.9, "repetition_penalty": 1.1},
        {"temperature": 1.0, "top_k": 0, "top_p": 1.0, "repetition_penalty": 1.0},
        {"temperature": 2.5, "top_k": 5, "top_p": 0.5, "repetition_penalty": 1.7},
        {"temperature": 0.3, "top_k": 0, "top_p": 0.95, "repetition_penalty": 0.8},
        {"temperature": 1.3, "top_k": 7, "top_p": 1.0, "repetition_penalty": 1.0, "min_p": 0.2},
        {"temperature": 1.0, "top_k": 0, "top_p": 0.01, "repetition_penalty": 1.0},
        {"temperature": 1.0, "top_k": 1000, "top_p": 0.6, "repetition_penalty": 1.2, "min_p": 0.9},
    ],
)
def test_scores_equal_those_of_transformers(params: dict[str, float]) -> None:
    chosen = InferenceConfig(**params)
    for seed in range(8):
        seen = [1, 5, 5, 17, 40]
        penalised = penalise_repetition(logits(seed), seen, chosen.repetition_penalty)
        ours = filtered(penalised, chosen)
        theirs = reference(logits(seed), chosen, seen)
        assert torch.equal(ours == -torch.inf, theirs == -torch.inf)
        torch.testing.assert_close(ours, theirs)


def test_draws_follow_the_distribution() -> None:
    scores = torch.tensor([0.0, 1.0, -torch.inf, 2.0, -1.0])
    generator = torch.Generator().manual_seed(3)
    counts = [0] * 5
    for _ in range(4000):
        counts[draw(scores, generator)] += 1
    assert counts[2] == 0
    expected = [p * 4000 for p in scores.double().softmax(-1).tolist()]
    kept = [i for i in range(5) if i != 2]
    test = stats.chisquare([counts[i] for i in kept], [expected[i] for i in kept])
    assert test.pvalue > 0.001


def test_a_masked_token_is_never_drawn_at_the_ends() -> None:
    scores = torch.tensor([-torch.inf, 0.0, -torch.inf])
    for seed in range(50):
        assert draw(scores, torch.Generator().manual_seed(seed)) == 1


@pytest.mark.parametrize("params", [{"temperature": 0.0}, {"do_sample": False}])
def test_without_temperature_the_most_probable_token_is_taken(params: dict[str, float]) -> None:
    chosen = InferenceConfig(**params)
    for seed in range(5):
        scores = logits(seed)
        assert choose(scores, chosen, torch.Generator()) == int(scores.argmax())


def test_the_same_seed_draws_the_same() -> None:
    params = InferenceConfig()
    draws = [
        [choose(logits(s), params, generator) for s in range(20)]
        for generator in (torch.Generator().manual_seed(4), torch.Generator().manual_seed(4))
    ]
    assert draws[0] == draws[1]
