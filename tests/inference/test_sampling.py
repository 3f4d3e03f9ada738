"""Sampling against transformers' logits processors, and draws against their distribution."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats

from havoc.config import InferenceConfig
from havoc.inference.native.library import library
from havoc.inference.sampling import Sampler, draw, filtered, penalise_repetition

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


CASES = [
    {"temperature": 0.7, "top_k": 50, "top_p": 0.9, "repetition_penalty": 1.1},
    {"temperature": 1.0, "top_k": 0, "top_p": 1.0, "repetition_penalty": 1.0},
    {"temperature": 2.5, "top_k": 5, "top_p": 0.5, "repetition_penalty": 1.7},
    {"temperature": 0.3, "top_k": 0, "top_p": 0.95, "repetition_penalty": 0.8},
    {"temperature": 1.3, "top_k": 7, "top_p": 1.0, "repetition_penalty": 1.0, "min_p": 0.2},
    {"temperature": 1.0, "top_k": 0, "top_p": 0.01, "repetition_penalty": 1.0},
    {"temperature": 1.0, "top_k": 1000, "top_p": 0.6, "repetition_penalty": 1.2, "min_p": 0.9},
]


@pytest.mark.parametrize("params", CASES)
def test_scores_equal_those_of_transformers(params: dict[str, float]) -> None:
    chosen = InferenceConfig(**params)
    for seed in range(8):
        seen = [1, 5, 5, 17, 40]
        penalised = penalise_repetition(logits(seed), seen, chosen.repetition_penalty)
        ours = filtered(penalised, chosen)
        theirs = reference(logits(seed), chosen, seen)
        assert torch.equal(ours == -torch.inf, theirs == -torch.inf)
        torch.testing.assert_close(ours, theirs)


def sampler(params: InferenceConfig, way: str, seen: list[int] | None = None) -> Sampler:
    made = Sampler(params, 0, 60, seen or [], 64)
    if way == "torch":
        made._library = None
    elif library() is None:
        pytest.skip("the compiled kernels cannot be built here")
    return made


@pytest.mark.parametrize("params", CASES)
def test_the_compiled_sampler_draws_what_torch_draws(params: dict[str, float]) -> None:
    chosen = InferenceConfig(**params, seed=7, top_logprobs=5)
    seen = [1, 5, 5, 17, 40]
    ours, theirs = sampler(chosen, "native", seen), sampler(chosen, "torch", seen)
    generator = np.random.default_rng(1)
    for seed in range(60):
        scores = logits(seed).numpy()
        allowed = None
        if seed % 3 == 0:
            allowed = generator.integers(0, 2**32, 2, dtype=np.uint32)
        a, b = ours.choose(scores, allowed), theirs.choose(scores, allowed)
        assert a is not None
        assert b is not None
        assert a.token == b.token
        assert a.logprob == pytest.approx(b.logprob, abs=1e-5)
        assert [t for t, _ in a.top] == [t for t, _ in b.top]
        assert [p for _, p in a.top] == pytest.approx([p for _, p in b.top], abs=1e-5)


@pytest.mark.parametrize("way", ["native", "torch"])
def test_where_nothing_is_allowed_nothing_is_chosen(way: str) -> None:
    scores = logits(1).numpy()
    assert sampler(InferenceConfig(), way).choose(scores, np.zeros(2, dtype=np.uint32)) is None


def test_draws_follow_the_distribution() -> None:
    scores = torch.tensor([0.0, 1.0, -torch.inf, 2.0, -1.0])
    generator = np.random.default_rng(3)
    counts = [0] * 5
    for u in generator.random(4000):
        counts[draw(scores, float(u))] += 1
    assert counts[2] == 0
    expected = [p * 4000 for p in scores.double().softmax(-1).tolist()]
    kept = [i for i in range(5) if i != 2]
    test = stats.chisquare([counts[i] for i in kept], [expected[i] for i in kept])
    assert test.pvalue > 0.001


@pytest.mark.parametrize("way", ["native", "torch"])
def test_the_sampler_follows_the_distribution(way: str) -> None:
    scores = logits(4) / 2
    params = InferenceConfig(temperature=1.0, top_k=0, top_p=1.0, repetition_penalty=1.0, seed=2)
    made = sampler(params, way)
    counts = np.zeros(60)
    for _ in range(4000):
        chosen = made.choose(scores.numpy())
        assert chosen is not None
        counts[chosen.token] += 1
    expected = scores.double().softmax(-1).numpy() * 4000
    often = expected > 8
    grouped = [*counts[often], counts[~often].sum()], [*expected[often], expected[~often].sum()]
    assert stats.chisquare(*grouped).pvalue > 0.001


@pytest.mark.parametrize("u", [0.0, 0.3, 0.9999999999999999])
def test_a_masked_token_is_never_drawn_at_the_ends(u: float) -> None:
    assert draw(torch.tensor([-torch.inf, 0.0, -torch.inf]), u) == 1


@pytest.mark.parametrize("way", ["native", "torch"])
@pytest.mark.parametrize("params", [{"temperature": 0.0}, {"do_sample": False}])
def test_without_temperature_the_most_probable_token_is_taken(
    params: dict[str, float], way: str
) -> None:
    made = sampler(InferenceConfig(**params, repetition_penalty=1.0), way)
    for seed in range(5):
        chosen = made.choose(logits(seed).numpy())
        assert chosen is not None
        assert chosen.token == int(logits(seed).argmax())


@pytest.mark.parametrize("way", ["native", "torch"])
def test_the_same_seed_draws_the_same(way: str) -> None:
    draws = []
    for seed in (4, 4, 5):
        made = sampler(InferenceConfig(seed=seed), way)
        draws.append([made.choose(logits(s).numpy()).token for s in range(20)])  # type: ignore[union-attr]
    assert draws[0] == draws[1]
    assert draws[0] != draws[2]
