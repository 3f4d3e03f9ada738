"""The compiled runner against the model in torch; and bit for bit against itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from inference.tiny_engine import GREEDY, model, tokenizer

from havoc.config import HavocConfig, InferenceConfig
from havoc.errors import InputError
from havoc.inference import runner as runners
from havoc.inference.engine import Engine
from havoc.inference.native import build, library
from havoc.inference.native.runner import NativeRunner
from havoc.inference.runner import EVERY, LAST, NOTHING, TorchRunner, round_to_int8, runner_for
from havoc.model import HavocModel

needs_kernels = pytest.mark.skipif(
    library.library() is None, reason="no compiled kernels and no C++ compiler on this machine"
)
SHAPES = {
    "odd widths": HavocConfig(
        vocab_size=499, d_model=36, num_layers=2, num_heads=6, num_kv_heads=2, head_dim=10,
        mlp_hidden_dim=50, max_seq_len=96, tie_embeddings=False,
    ),
    "tied, no groups": HavocConfig(
        vocab_size=512, d_model=64, num_layers=2, num_heads=4, num_kv_heads=4, head_dim=16,
        mlp_hidden_dim=176, max_seq_len=128, tie_embeddings=True,
    ),
    "one key head": HavocConfig(
        vocab_size=301, d_model=8, num_layers=1, num_heads=3, num_kv_heads=1, head_dim=2,
        mlp_hidden_dim=9, max_seq_len=80, tie_embeddings=True, rms_norm_eps=1e-3, rope_theta=500.0,
    ),
}  # fmt: skip
SETS = ["best", "avx512", "avx2", "portable"]


def built(config: HavocConfig) -> HavocModel:
    made = HavocModel.from_config(config, seed=3)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in made.parameters():
            if parameter.dim() == 2:
                parameter.mul_(6)
            else:
                parameter.mul_(torch.rand(parameter.shape, generator=generator) + 0.5)
    return made.eval()


def ids(config: HavocConfig, count: int = 70) -> list[int]:
    generator = torch.Generator().manual_seed(2)
    return torch.randint(0, config.vocab_size, (count,), generator=generator).tolist()


@torch.inference_mode()
def by_torch(made: HavocModel, tokens: list[int]) -> np.ndarray:
    return made(torch.tensor([tokens]))[0].float().numpy()


@needs_kernels
@pytest.mark.parametrize("instructions", SETS)
@pytest.mark.parametrize("shape", SHAPES)
def test_float32_logits_are_those_of_the_model(shape: str, instructions: str) -> None:
    made, tokens = built(SHAPES[shape]), ids(SHAPES[shape])
    runner = NativeRunner(made.config, made.state_dict(), "float32", 1, instructions)
    found = runner.forward([runner.open()], [tokens], [EVERY])
    np.testing.assert_allclose(found, by_torch(made, tokens), atol=3e-5)


@needs_kernels
@pytest.mark.parametrize("shape", SHAPES)
def test_bfloat16_logits_are_those_of_the_rounded_weights(shape: str) -> None:
    made, tokens = built(SHAPES[shape]), ids(SHAPES[shape])
    runner = NativeRunner(made.config, made.state_dict(), "bfloat16")
    with torch.no_grad():
        for parameter in made.parameters():
            if parameter.dim() == 2:
                parameter.copy_(parameter.bfloat16().float())
    found = runner.forward([runner.open()], [tokens], [EVERY])
    np.testing.assert_allclose(found, by_torch(made, tokens), atol=3e-5)


@needs_kernels
@pytest.mark.parametrize("shape", SHAPES)
def test_int8_logits_are_those_of_torch_within_the_rounding_of_activations(shape: str) -> None:
    made, tokens = built(SHAPES[shape]), ids(SHAPES[shape])
    runner = NativeRunner(made.config, made.state_dict(), "int8")
    found = runner.forward([runner.open()], [tokens], [EVERY])
    fallback = TorchRunner(runners._rounded(made))
    expected = fallback.forward([fallback.open()], [tokens], [EVERY])
    exact = by_torch(made, tokens)
    # Activations are rounded to 8 bits too; that may cost about what rounding the weights costs.
    assert np.abs(found - expected).std() < 1.5 * np.abs(expected - exact).std()
    assert np.corrcoef(found.ravel(), exact.ravel())[0, 1] > 0.995


def test_weights_are_rounded_as_q8_0_of_gguf_does() -> None:
    gguf = pytest.importorskip("gguf")
    weights = torch.randn(6, 96, generator=torch.Generator().manual_seed(4))
    q8 = gguf.quants.quantize(weights.numpy(), gguf.GGMLQuantizationType.Q8_0)
    theirs = gguf.quants.dequantize(q8, gguf.GGMLQuantizationType.Q8_0)
    np.testing.assert_array_equal(round_to_int8(weights).numpy(), theirs)


@needs_kernels
@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "int8"])
def test_the_x86_sets_agree_to_the_last_bit(dtype: str) -> None:
    made, tokens = built(SHAPES["odd widths"]), ids(SHAPES["odd widths"])
    found = {}
    for instructions in ("avx512", "avx2", "portable"):
        runner = NativeRunner(made.config, made.state_dict(), dtype, 1, instructions)
        found[instructions] = runner.forward([runner.open()], [tokens], [EVERY])
    if "avx2" in _kernels():
        assert np.array_equal(found["avx512"], found["avx2"])
    np.testing.assert_allclose(found["avx2"], found["portable"], atol=2e-5)


def _kernels() -> set[str]:
    opened = library.library()
    assert opened is not None
    return {opened.havoc_kernels(i).decode() for i in library.INSTRUCTIONS.values()}


@needs_kernels
@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "int8"])
def test_results_do_not_depend_on_the_batch_or_the_cut_of_the_prompt(
    dtype: str, threads: int
) -> None:
    made, tokens = built(SHAPES["odd widths"]), ids(SHAPES["odd widths"])
    runner = NativeRunner(made.config, made.state_dict(), dtype, threads)
    whole = runner.forward([runner.open()], [tokens], [EVERY])
    steps, parts = runner.open(), []
    for start, end in [
        (0, 1),
        (1, 20),
        (20, 21),
        (21, 22),
        (22, 39),
        *((i, i + 1) for i in range(39, 70)),
    ]:
        parts.append(runner.forward([steps], [tokens[start:end]], [EVERY]))
    assert np.array_equal(np.concatenate(parts), whole)
    for batch in (2, 3, 5, 8, 11):
        rows = [runner.open() for _ in range(batch)]
        lengths = [7 + 5 * i for i in range(batch)]
        runner.forward(rows, [tokens[:n] for n in lengths], [NOTHING] * batch)
        found = runner.forward(rows, [[tokens[n]] for n in lengths], [LAST] * batch)
        assert np.array_equal(found, whole[lengths])
        for row in rows:
            runner.close(row)


@pytest.fixture(params=["native", "torch"])
def runner(request: pytest.FixtureRequest) -> Iterator[runners.Runner]:
    made = built(SHAPES["tied, no groups"])
    if request.param == "torch":
        yield TorchRunner(made)
        return
    if library.library() is None:
        pytest.skip("no compiled kernels and no C++ compiler on this machine")
    yield NativeRunner(made.config, made.state_dict(), "float32", 2)


def test_a_fork_goes_its_own_way(runner: runners.Runner) -> None:
    tokens = ids(runner.config)
    expected = by_torch(built(runner.config), tokens)
    first = runner.open()
    runner.forward([first], [tokens[:37]], [NOTHING])
    for length in (1, 16, 20, 32, 37):
        fork = runner.fork(first, length)
        assert runner.length(fork) == length
        other = [(t + 1) % runner.config.vocab_size for t in tokens[length : length + 9]]
        runner.forward([fork], [other], [NOTHING])  # must not reach the pages of the first
        again = runner.fork(first, length)
        found = runner.forward([again], [tokens[length:40]], [LAST])
        np.testing.assert_allclose(found[0], expected[39], atol=3e-5)
        runner.close(fork)
        runner.close(again)
    found = runner.forward([first], [tokens[37:40]], [LAST])
    np.testing.assert_allclose(found[0], expected[39], atol=3e-5)


def test_rows_of_unequal_feed_share_a_step(runner: runners.Runner) -> None:
    tokens = ids(runner.config)
    expected = by_torch(built(runner.config), tokens)
    rows = [runner.open() for _ in range(3)]
    runner.forward(rows, [tokens[:5], tokens[:9], tokens[:2]], [NOTHING] * 3)
    found = runner.forward(rows, [tokens[5:6], tokens[9:12], tokens[2:8]], [LAST, EVERY, NOTHING])
    np.testing.assert_allclose(found, expected[[5, 9, 10, 11]], atol=3e-5)


@needs_kernels
def test_pages_are_shared_and_come_back() -> None:
    made = built(SHAPES["tied, no groups"])
    runner = NativeRunner(made.config, made.state_dict())
    first = runner.open()
    runner.forward([first], [ids(made.config, 40)], [NOTHING])
    assert runner.cache_pages == 3  # 16 + 16 + 8
    forks = [runner.fork(first, 40) for _ in range(5)]
    assert runner.cache_pages == 3 + 5  # the last page, which is not full, is copied
    for sequence in [first, *forks]:
        runner.close(sequence)
    assert runner.cache_pages == 0


@needs_kernels
def test_wrong_arguments_are_refused() -> None:
    made = built(SHAPES["one key head"])
    runner = NativeRunner(made.config, made.state_dict())
    row = runner.open()
    with pytest.raises(ValueError, match="longer than the model takes"):
        runner.forward([row], [[1] * 81], [LAST])
    with pytest.raises(ValueError, match="bad argument"):
        runner.forward([row], [[301]], [LAST])
    with pytest.raises(ValueError, match="bad argument"):
        runner.forward([row + 1], [[1]], [LAST])
    with pytest.raises(ValueError, match="bad argument"):
        runner.fork(row, 3)


# Runners come and go with their engines


@needs_kernels
def test_a_runner_being_freed_is_not_handed_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = library.library()
    assert opened is not None
    made, free, handed = built(SHAPES["one key head"]), opened.havoc_model_free, []

    def freeing(pointer: int) -> None:
        if not handed:  # another engine asks for the model's runner just now
            handed.append(runner_for(made))
        free(pointer)

    monkeypatch.setattr(opened, "havoc_model_free", freeing)
    runner_for(made)  # nobody keeps it
    (second,) = handed
    assert second._model, "the runner that was being freed"
    expected = by_torch(made, [1, 2, 3])
    found = second.forward([second.open()], [[1, 2, 3]], [EVERY])
    np.testing.assert_allclose(found, expected, atol=3e-5)


CHURN = """
import threading
from inference.tiny_engine import GREEDY, model, tokenizer
from havoc.inference.engine import Engine
expected = Engine(model(), tokenizer()).generate([[2, 300, 301, 9]], GREEDY)[0].tokens

def come_and_go():
    for _ in range(40):
        assert Engine(model(), tokenizer()).generate([[2, 300, 301, 9]], GREEDY)[0].tokens == expected

threads = [threading.Thread(target=come_and_go) for _ in range(4)]
[t.start() for t in threads]
[t.join() for t in threads]
print("through")
"""


@needs_kernels
@pytest.mark.parametrize("threads", ["1", "2"])
def test_engines_come_and_go_in_many_threads(threads: str) -> None:
    """In a process of its own: what once went wrong here was a segmentation fault."""
    environment = {
        **os.environ,
        "OMP_NUM_THREADS": threads,
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    command = [sys.executable, "-X", "faulthandler", "-c", CHURN]
    run = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert (run.returncode, run.stdout.strip()) == (0, "through"), run.stderr[-2000:]


# Where the kernels are not


def test_without_kernels_the_engine_runs_on_torch_and_says_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prompts = [[2, 300, 301, 9], [2, 310]]
    here = Engine(model(), tokenizer()).generate(prompts, GREEDY)
    monkeypatch.setattr(runners, "supports", lambda config, dtype: False)
    monkeypatch.setattr(runners, "_runners", type(runners._runners)())
    there = Engine(model(), tokenizer())
    assert isinstance(there.runner, TorchRunner)
    assert [g.tokens for g in there.generate(prompts, GREEDY)] == [g.tokens for g in here]
    with pytest.raises(InputError, match="C\\+\\+ compiler"):
        runner_for(model(), InferenceConfig(kernels="native"))


def test_the_variable_switches_the_kernels_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAVOC_NATIVE", "off")
    assert library.library.__wrapped__() is None


def test_without_a_compiler_there_is_no_library_and_no_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(build, "NAME", "_none.so")
    monkeypatch.setattr(build, "compiler", lambda: None)
    assert library.library.__wrapped__() is None


def test_a_failing_compiler_is_named_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "c++"
    script.write_text("#!/bin/sh\necho 'error: it does not like you' >&2\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setenv("CXX", str(script))
    with pytest.raises(build.BuildError, match="it does not like you"):
        build.build(tmp_path / "out.so")
    assert not (tmp_path / "out.so").exists()


@needs_kernels
def test_a_library_of_other_sources_is_not_used(tmp_path: Path) -> None:
    opened = library.library()
    assert opened is not None
    copied = tmp_path / build.NAME
    shutil.copy(opened._name, copied)
    assert library._open(copied, "another hash") is None
    assert library._open(copied, build.source_hash()) is not None
    damaged = tmp_path / "damaged.so"
    damaged.write_bytes(b"not a library")
    assert library._open(damaged, build.source_hash()) is None
