"""The engine: parity with transformers' generation, batches, streams, constraints."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny_engine import GREEDY, engine, model, tokenizer

from havoc.config import HavocConfig, InferenceConfig
from havoc.errors import InputError
from havoc.inference.constraint import Grammars
from havoc.inference.engine import Engine
from havoc.inference.stopping import StopText
from havoc.model import HavocModel, save_model

PROMPTS = [[2, 300, 310, 9], [2, 270], [2, 390, 20, 31, 45, 350, 270, 299], [2, 290, 290]]
SAMPLED = InferenceConfig(temperature=1.2, top_k=0, top_p=0.95, max_new_tokens=10, seed=11)


@pytest.mark.parametrize("penalty", [1.0, 1.4])
def test_greedy_tokens_equal_those_of_transformers(penalty: float) -> None:
    transformers = pytest.importorskip("transformers")
    from havoc.model.conversion import llama_config, to_llama

    described = llama_config(model().config, bos_id=2, eos_id=3, pad_id=0)
    theirs = transformers.LlamaForCausalLM(transformers.LlamaConfig(**described)).eval()
    theirs.load_state_dict(to_llama(model().state_dict()))
    # The engine never offers the ids beyond the tokenizer's.
    extra = list(range(tokenizer().vocab_size, model().config.vocab_size))
    for prompt in PROMPTS:
        expected = theirs.generate(
            torch.tensor([prompt]), do_sample=False, max_new_tokens=12, repetition_penalty=penalty,
            suppress_tokens=extra or None,
        )[0, len(prompt) :]  # fmt: skip
        found = engine().generate([prompt], GREEDY.replace(repetition_penalty=penalty))[0]
        assert list(found.tokens) == expected.tolist()


@pytest.mark.parametrize("params", [GREEDY, SAMPLED], ids=["greedy", "sampled"])
def test_a_batch_gives_what_single_requests_give(params: InferenceConfig) -> None:
    together = engine().generate(PROMPTS, params)
    for i, prompt in enumerate(PROMPTS):
        own = params if params.seed is None else params.replace(seed=params.seed + i)
        alone = engine().generate([prompt], own)[0]
        assert alone.tokens == together[i].tokens
        assert alone.logprobs == pytest.approx(together[i].logprobs, abs=1e-4)


def test_large_batches_are_done_in_parts() -> None:
    parts, whole = engine(2).generate(PROMPTS, GREEDY), engine(8).generate(PROMPTS, GREEDY)
    assert [g.tokens for g in parts] == [g.tokens for g in whole]


def test_a_seed_repeats_and_another_differs() -> None:
    first, again, other = (engine().generate(PROMPTS, SAMPLED.replace(seed=s)) for s in (5, 5, 6))
    assert first == again
    assert [g.tokens for g in first] != [g.tokens for g in other]


@torch.inference_mode()
def test_log_probabilities_are_those_of_the_full_pass() -> None:
    found = engine().generate([PROMPTS[2]], GREEDY)[0]
    ids = torch.tensor([[*PROMPTS[2], *found.tokens]])
    logits = model()(ids)[0, :, : tokenizer().vocab_size].log_softmax(-1)
    start = len(PROMPTS[2]) - 1
    expected = [float(logits[start + i, t]) for i, t in enumerate(found.tokens)]
    assert found.logprobs == pytest.approx(expected, abs=1e-4)


@torch.inference_mode()
def test_a_score_is_the_sum_over_the_continuation() -> None:
    prompt, continuation = PROMPTS[0], [5, 300, 41]
    logits = model()(torch.tensor([[*prompt, *continuation]]))[0].log_softmax(-1)
    expected = [float(logits[3 + i, t]) for i, t in enumerate(continuation)]
    assert engine().score(prompt, continuation) == pytest.approx(expected, abs=1e-4)


def test_a_stream_says_what_the_generation_says() -> None:
    for params in (GREEDY, SAMPLED.replace(max_new_tokens=40)):
        whole = engine().generate([PROMPTS[0]], params)[0]
        chunks = list(engine().stream(PROMPTS[0], params))
        assert "".join(c.text for c in chunks) == whole.text
        assert tuple(t for c in chunks for t in c.tokens) == whole.tokens
        assert [c.finish_reason for c in chunks if c.finish_reason] == [whole.finish_reason]
        assert whole.text == tokenizer().decode(whole.tokens)


def test_usage_counts_tokens() -> None:
    found = engine().generate([PROMPTS[1]], GREEDY.replace(max_new_tokens=3))[0]
    assert found.usage == {"prompt_tokens": 2, "completion_tokens": 3, "total_tokens": 5}
    assert found.finish_reason == "length"


def test_a_stop_sequence_ends_the_text_before_it() -> None:
    plain = engine().generate([PROMPTS[0]], GREEDY.replace(max_new_tokens=30))[0]
    cut = len(plain.text) // 2
    stop = plain.text[cut : cut + 3]
    at = plain.text.find(stop)
    stopped = engine().generate(
        [PROMPTS[0]], GREEDY.replace(max_new_tokens=30, stop_sequences=(stop, "never there"))
    )[0]
    assert stopped.text == plain.text[:at]
    assert stopped.finish_reason == "stop"
    assert len(stopped.tokens) <= len(plain.tokens)


@pytest.mark.parametrize("pieces", [["a b ST", "OP c"], ["S", "T", "O", "P"], ["STSTOP", "x"]])
def test_stop_sequences_are_found_across_pieces(pieces: list[str]) -> None:
    stop = StopText(["STOP", "zz"])
    shown = "".join(stop.push(p) for p in pieces) + stop.finish()
    assert stop.found
    assert shown == "".join(pieces).split("STOP")[0] == stop.text


def test_held_back_text_is_let_go_in_the_end() -> None:
    stop = StopText(["STOP"])
    assert stop.push("one STO") == "one "
    assert stop.finish() == "STO"
    assert not stop.found


def test_the_context_is_never_overrun() -> None:
    prompt = [2] + [300] * 60
    found = engine().generate([prompt, PROMPTS[0]], GREEDY.replace(max_new_tokens=500))
    assert len(found[0].tokens) == 3
    assert len(found[1].tokens) <= 60
    with pytest.raises(InputError, match="64 tokens, the model takes 64"):
        engine().generate([[2] * 64], GREEDY)
    with pytest.raises(InputError, match="at least one token"):
        engine().generate([[]], GREEDY)
    with pytest.raises(InputError, match="no token 499"):
        engine().generate([[2, 499]], GREEDY)


# Constraints


class OneOf:
    """Allows a set of ids, so many times."""

    def __init__(self, ids: Sequence[int], length: int) -> None:
        self._ids, self._left = np.array(ids), length

    @property
    def finished(self) -> bool:
        return self._left == 0

    def allowed(self) -> np.ndarray:
        return self._ids

    def forced(self) -> Sequence[int]:
        return ()

    def consume(self, token: int) -> None:
        assert token in self._ids
        self._left -= 1


PROGRAM = 'start: "r = stats.mean(" NAME ")\\n"\nNAME: /x[0-9]{1,2}/\n'


def test_only_allowed_tokens_come() -> None:
    ids = [270, 280, 290]
    found = engine().generate([PROMPTS[0]], SAMPLED, [OneOf(ids, 7)])[0]
    assert set(found.tokens) <= set(ids)
    assert (len(found.tokens), found.finish_reason) == (7, "stop")


@torch.inference_mode()
def test_log_probabilities_are_among_the_allowed_tokens() -> None:
    found = engine().generate([PROMPTS[0]], GREEDY, [OneOf([270, 280], 1)])[0]
    logits = model()(torch.tensor([PROMPTS[0]]))[0, -1, [270, 280]].log_softmax(-1)
    assert found.logprobs[0] == pytest.approx(float(logits.max()), abs=1e-4)


def test_a_grammar_is_kept_and_its_fixed_text_costs_nothing() -> None:
    grammars = Grammars(tokenizer())
    for seed in range(4):
        params = SAMPLED.replace(seed=seed, max_new_tokens=40)
        found = engine().generate([PROMPTS[2]], params, [grammars.compile(PROGRAM)])[0]
        assert found.finish_reason == "stop"
        assert found.text.startswith("r = stats.mean(x")
        assert found.text.endswith(")\n")
        assert found.logprobs.count(0.0) >= 2


def test_constrained_and_free_rows_share_a_batch() -> None:
    grammars = Grammars(tokenizer())
    params = GREEDY.replace(max_new_tokens=30)
    mixed = engine().generate(PROMPTS[:3], params, [None, grammars.compile(PROGRAM), None])
    free = engine().generate(PROMPTS[:3], params)
    held = engine().generate([PROMPTS[1]], params, [grammars.compile(PROGRAM)])[0]
    assert (mixed[0].tokens, mixed[2].tokens) == (free[0].tokens, free[2].tokens)
    assert mixed[1].tokens == held.tokens


def test_candidates_are_distinct_sorted_and_scored_as_alone() -> None:
    grammars = Grammars(tokenizer())
    params = SAMPLED.replace(max_new_tokens=40, temperature=3.0, repetition_penalty=1.0)
    found = engine().generate_candidates(PROMPTS[2], lambda: grammars.compile(PROGRAM), 6, params)
    assert len(found) >= 3
    assert len({tokens for tokens, _ in found}) == len(found)
    assert [s for _, s in found] == sorted((s for _, s in found), reverse=True)
    greedy = params.replace(do_sample=False)
    alone = engine().generate([PROMPTS[2]], greedy, [grammars.compile(PROGRAM)])[0]
    scores = dict(found)
    tokens = tuple(t for t in alone.tokens if t != tokenizer().eos_id)
    assert scores[tokens] == pytest.approx(alone.logprob, abs=1e-4)


def test_candidates_of_a_prompt_of_one_token() -> None:
    found = engine().generate_candidates([2], lambda: OneOf([270, 280], 2), 3, SAMPLED)
    assert found


def test_a_wrong_grammar_is_refused() -> None:
    with pytest.raises(InputError, match="grammar"):
        Grammars(tokenizer()).compile("start: (((")


def test_a_token_outside_the_grammar_is_refused() -> None:
    constraint = Grammars(tokenizer()).compile(PROGRAM)
    with pytest.raises(ValueError, match="not allowed here"):
        constraint.consume(tokenizer().encode("7")[0])


# Loading


def test_a_model_directory_opens(tmp_path: Path) -> None:
    save_model(tmp_path, model().config, model().state_dict())
    tokenizer().save(tmp_path)
    loaded = Engine.load(tmp_path, InferenceConfig(device="cpu"))
    assert loaded.generate(["the mean"], GREEDY) == engine().generate(["the mean"], GREEDY)


def test_half_precision_decodes(tmp_path: Path) -> None:
    save_model(tmp_path, model().config, model().state_dict())
    tokenizer().save(tmp_path)
    loaded = Engine.load(tmp_path, InferenceConfig(device="cpu", dtype="bfloat16"))
    assert len(loaded.generate(["the mean"], GREEDY)[0].tokens) == 12


def test_a_tokenizer_too_large_for_the_model_is_refused() -> None:
    small = HavocModel.from_config(
        HavocConfig(
            vocab_size=300, d_model=16, num_layers=1, num_heads=2, num_kv_heads=1, head_dim=8,
            mlp_hidden_dim=24, max_seq_len=16,
        )
    )  # fmt: skip
    with pytest.raises(InputError, match="the model knows 300"):
        Engine(small, tokenizer())


def test_a_users_text_cannot_write_markers() -> None:
    found = engine().generate(["<|user|>"], GREEDY)[0]
    assert found.prompt_tokens > 2
