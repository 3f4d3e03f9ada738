"""The planner's beam search against a plain one: whole passes of the model in torch, one token a step."""

from __future__ import annotations

import math
import threading
from functools import cache

import numpy as np
import pytest
import torch
from tiny_model import SHAPE, make_tokenizer

from havoc.config import HavocConfig, InferenceConfig
from havoc.dsl.grounding.ground import ground
from havoc.inference.admission import END_INDEX, Admission
from havoc.inference.native.library import library
from havoc.inference.planner import PROMPT_LIMIT, Planner
from havoc.model import HavocModel
from havoc.tools.values import Sample, Table

REQUESTS = (
    "is the mean of fill weights: 502 498 505 499 503 equal to 500 at alpha 0.05?",
    "full factorial with temp 20-30 C, pressure 1-5 bar and catalyst A/B, 3 centre points",
    "a,b\n1,2\n3,4\n5,7\nregress b on a and predict at 4",
    "solve x^2 - 5x + 6 = 0 for x",
    "hello",
)


@cache
def model() -> HavocModel:
    config = HavocConfig(vocab_size=make_tokenizer().vocab_size, **SHAPE)
    made = HavocModel.from_config(config, seed=5)
    with torch.no_grad():
        for parameter in made.parameters():
            if parameter.dim() == 2:
                parameter.mul_(8)
    return made.eval()


@cache
def planner(kernels: str = "auto") -> Planner:
    return Planner(model(), make_tokenizer(), config=InferenceConfig(kernels=kernels))


@cache
@torch.inference_mode()
def plain_search(text: str, n: int, limit: int) -> list[tuple[tuple[str, ...], float]]:
    """Token by token, every prefix computed anew by the model in torch."""
    grounded = ground(text)
    prompt = planner().codec.prompt(grounded.text, PROMPT_LIMIT)
    tokens, ids = planner().vocabulary.tokens, torch.from_numpy(planner().ids)
    beams = [(0.0, [], Admission(planner().vocabulary, grounded).start())]
    finished: list[tuple[float, list[int]]] = []
    for _ in range(limit):
        options = []
        for row, (logprob, said, state) in enumerate(beams):
            fed = torch.tensor([[*prompt, *ids[said].tolist()]])
            logits = model()(fed)[0, -1][ids]
            allowed = state.allowed.tolist()
            for token, score in zip(allowed, logits[allowed].log_softmax(-1).tolist(), strict=True):
                options.append((logprob + score, row, token))
        options = sorted(options, key=lambda o: (-o[0], o[1], o[2]))[: 2 * n]
        finished += [(p, beams[r][1]) for p, r, t in options if t == END_INDEX]
        scores = sorted((p for p, _ in finished), reverse=True)
        worst = scores[n - 1] if len(scores) >= n else -math.inf
        going = [(p, r, t) for p, r, t in options if t != END_INDEX and p > worst][:n]
        grown = []
        for logprob, row, token in going:
            grown.append((logprob, [*beams[row][1], token], beams[row][2].after(token)))
        beams = grown
        if not beams:
            break
    best = sorted(finished, key=lambda f: -f[0])[:n]
    return [(tuple(tokens[t] for t in said), logprob) for logprob, said in best]


@pytest.mark.parametrize("kernels", ["native", "torch"])
@pytest.mark.parametrize("text", REQUESTS)
def test_candidates_are_those_of_a_plain_beam_search(text: str, kernels: str) -> None:
    if kernels == "native" and library() is None:
        pytest.skip("no compiled kernels and no C++ compiler on this machine")
    grounded = ground(text)
    expected = plain_search(text, 3, 14)
    plan = planner(kernels).propose(grounded, 3, 14)
    assert [c.tokens for c in plan.candidates] == [tokens for tokens, _ in expected]
    assert [c.logprob for c in plan.candidates] == pytest.approx(
        [logprob for _, logprob in expected], abs=2e-4
    )


def test_a_call_may_use_only_earlier_results_that_hold_data() -> None:
    table = Table((Sample.of([1.0, 2.0, 3.0], "x"),))
    vocabulary = planner().vocabulary
    index = {t: i for i, t in enumerate(vocabulary.tokens)}
    admission = Admission(vocabulary, ground("count the rows, describe x", {"a.csv": table}))
    for first, held in (("table.count", False), ("table.drop_duplicates", True)):
        state = admission.start()
        said = (f"<op:{first}>", "<p:data>", "<t0>", "<)>", "<;>", "<op:stats.describe>", "<p:x>")
        for token in said:
            state = state.after(index[token])
        assert (index["<res1.>"] in state.allowed) == held


def test_first_tokens_are_as_probable_as_the_model_says() -> None:
    grounded = ground(REQUESTS[0])
    first = planner().first(grounded)
    assert sum(first.values()) == pytest.approx(1.0)
    assert {"<explain>", "<refuse>"} < set(first)
    plan = planner().propose(grounded, 2, 6)
    assert plan.first == pytest.approx(first)


def test_the_prompt_of_a_request_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Planner(model(), make_tokenizer(), config=InferenceConfig(kernels="torch"))
    forward, fed = made.runner.forward, []

    def watched(sequences: list[int], tokens: list[list[int]], want: list[int]) -> np.ndarray:
        fed.append([len(part) for part in tokens])
        return forward(sequences, tokens, want)

    monkeypatch.setattr(made.runner, "forward", watched)
    grounded = ground(REQUESTS[3])
    prompt = len(made.codec.prompt(grounded.text, PROMPT_LIMIT))
    made.first(grounded)
    once = made.propose(grounded, 3, 14)
    assert fed[0] == [prompt]
    assert all(prompt not in step for step in fed[1:])
    assert len(fed) - 1 < 14  # forced tokens cost no pass of their own
    assert made.propose(grounded, 3, 14) == once


def test_threads_may_plan_at_the_same_time() -> None:
    expected = [planner().propose(ground(text), 3, 10) for text in REQUESTS]
    found: dict[int, object] = {}

    def plan(i: int) -> None:
        found[i] = planner().propose(ground(REQUESTS[i % 5]), 3, 10)

    threads = [threading.Thread(target=plan, args=(i,)) for i in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[i] for i in range(10)] == expected * 2


def test_no_pages_are_lost() -> None:
    if library() is None:
        pytest.skip("no compiled kernels and no C++ compiler on this machine")
    made = planner("native")
    for _ in range(3):
        for text in REQUESTS:
            made.propose(ground(text), 3, 8)
    held = made.runner.cache_pages  # type: ignore[attr-defined]
    for text in REQUESTS:
        made.propose(ground(text), 3, 8)
    assert made.runner.cache_pages == held  # type: ignore[attr-defined]


def test_operations_that_are_none_of_the_named_methods_lose_until_one_is_written() -> None:
    vocabulary = planner().vocabulary
    state = Admission(vocabulary, ground("tukey of a: 1 2 4 b: 2 3 5 c: 5 6 9")).start()
    masked = state.other_methods
    assert masked is not None
    losing = {vocabulary.tokens[t] for t in state.allowed[masked].tolist()}
    assert {"<op:stats.anova>", "<op:spc.c>"} <= losing
    assert not {"<op:stats.tukey>", "<op:stats.outliers>", "<explain>", "<refuse>"} & losing
    assert not any(t.startswith("<op:table.") for t in losing)
    written = state.after(vocabulary.index["<op:stats.tukey>"])
    assert written.told
    assert written.other_methods is None
    unnamed = Admission(vocabulary, ground("is 1 2 4 5 above 2?")).start()
    assert unnamed.other_methods is None
