"""The adapter for public benchmarks: what it reports is the model's own log-probability."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from tiny_model import make_model

from havoc.errors import InputError
from havoc.evaluation.harness import Scorer, adapter, main


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("model") / "m")


@pytest.fixture(scope="module")
def scorer(folder: Path) -> Scorer:
    return Scorer.load(folder)


def test_log_probabilities_are_those_of_the_model(scorer: Scorer) -> None:
    context, rest = [5, 6, 7], [8, 9]
    total, greedy = scorer.loglikelihood(context, rest)
    logs = torch.log_softmax(scorer.model(torch.tensor([[5, 6, 7, 8]]))[0].detach().float(), -1)
    assert total == pytest.approx(float(logs[2, 8] + logs[3, 9]), rel=1e-5)
    assert greedy == ([int(logs[2].argmax()), int(logs[3].argmax())] == rest)


def test_one_tokens_probabilities_add_up_to_one(scorer: Scorer) -> None:
    size = scorer.tokenizer.vocab_size
    some = sum(math.exp(scorer.loglikelihood([5], [t])[0]) for t in range(0, size, 50))
    assert 0 < some < 1


def test_a_text_longer_than_the_window_is_scored_in_pieces(scorer: Scorer) -> None:
    tokens = [5 + i % 40 for i in range(scorer.window + 300)]
    step = scorer.window - 1
    parts = scorer.rolling(tokens[:step])
    parts += scorer.loglikelihood([tokens[step - 1]], tokens[step:])[0]
    assert scorer.rolling(tokens) == pytest.approx(parts)


def test_a_context_longer_than_the_window_is_cut_on_its_left(scorer: Scorer) -> None:
    long = [5 + i % 40 for i in range(2 * scorer.window)]
    assert scorer.loglikelihood(long, [9, 10]) == scorer.loglikelihood(
        long[-scorer.window + 1 :], [9, 10]
    )


def test_a_continuation_ends_before_its_stop(scorer: Scorer) -> None:
    prompt = scorer.tokenizer.encode("the mean of the")
    whole = scorer.greedy(prompt, [], 12)
    stop = whole[len(whole) // 2 : len(whole) // 2 + 2]
    assert scorer.greedy(prompt, [stop], 12) == whole[: whole.index(stop)] if stop else True


def test_without_the_harness_one_line_says_how_to_get_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        import lm_eval  # noqa: F401
    except ImportError:
        with pytest.raises(InputError, match=r"havoc\[harness\]"):
            adapter(folder)
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err


def test_the_harness_takes_the_adapter(folder: Path) -> None:
    pytest.importorskip("lm_eval", reason="lm-evaluation-harness is not installed (extra harness)")
    from lm_eval.api.instance import Instance

    model = adapter(folder)
    request = Instance("loglikelihood", {}, ("the mean", " is on target"), 0)
    ((total, greedy),) = model.loglikelihood([request])
    assert total < 0
    assert isinstance(greedy, bool)
    (text,) = model.generate_until(
        [Instance("generate_until", {}, ("the mean", {"until": ["."], "max_gen_toks": 8}), 0)]
    )
    assert "." not in text
