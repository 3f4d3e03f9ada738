"""Requests that join, wait, share, leave and fail, in one engine."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Sequence

import numpy as np
import pytest
from inference.tiny_engine import GREEDY, engine, model, tokenizer

from havoc.config import InferenceConfig
from havoc.inference.engine import Engine
from havoc.inference.request import shared
from havoc.inference.runner import TorchRunner
from havoc.model import HavocModel

SAMPLED = InferenceConfig(temperature=1.2, top_k=0, top_p=0.95, max_new_tokens=24, seed=11)
LONG = [2, *(260 + i % 200 for i in range(39))]


class Watched:
    """A runner that remembers what each step was fed, and waits at each step if told to."""

    def __init__(self) -> None:
        self._runner = TorchRunner(model())
        self.config = self._runner.config
        self.steps: list[list[int]] = []
        self.open_sequences = 0
        self.gate: threading.Semaphore | None = None

    def open(self) -> int:
        self.open_sequences += 1
        return self._runner.open()

    def fork(self, sequence: int, length: int) -> int:
        self.open_sequences += 1
        return self._runner.fork(sequence, length)

    def length(self, sequence: int) -> int:
        return self._runner.length(sequence)

    def close(self, sequence: int) -> None:
        self.open_sequences -= 1
        self._runner.close(sequence)

    def forward(
        self, sequences: Sequence[int], tokens: Sequence[Sequence[int]], want: Sequence[int]
    ) -> np.ndarray:
        if self.gate is not None:
            assert self.gate.acquire(timeout=20)
        self.steps.append([len(part) for part in tokens])
        return self._runner.forward(sequences, tokens, want)


def watched(size: int = 4) -> tuple[Engine, Watched]:
    runner = Watched()
    return Engine(runner, tokenizer(), InferenceConfig(max_batch_size=size)), runner


def test_a_request_joins_a_batch_under_way_and_changes_nothing() -> None:
    alone = [engine().generate([LONG[:n]], SAMPLED)[0].tokens for n in (5, 9)]
    made, runner = watched()
    runner.gate = threading.Semaphore(3)
    first = made.submit(LONG[:5], SAMPLED)
    while len(runner.steps) < 3:
        first.done.wait(0.01)
    second = made.submit(LONG[:9], SAMPLED)
    runner.gate.release(100)
    assert [first.result().tokens, second.result().tokens] == alone
    assert [5] in runner.steps
    assert [1, 9] in runner.steps  # one decodes while the other's prompt is read
    assert [1, 1] in runner.steps


def test_no_more_than_a_batch_runs_and_a_free_slot_is_filled_at_once() -> None:
    made, runner = watched(size=2)
    runner.gate = threading.Semaphore(0)
    lengths = [3, 12, 6, 2]
    requests = [
        made.submit(LONG[: 4 + i], GREEDY.replace(max_new_tokens=n)) for i, n in enumerate(lengths)
    ]
    runner.gate.release(100)
    for request, n in zip(requests, lengths, strict=True):
        assert len(request.result().tokens) == n
    assert max(map(len, runner.steps)) == 2
    # The long one decodes alone only after the other three are through: no idle slot before.
    assert sum(map(sum, runner.steps)) == sum(4 + i + n - 1 for i, n in enumerate(lengths))
    assert len(runner.steps) <= 14  # 23 turns in two slots, the first step perhaps alone


def test_a_long_prompt_is_read_in_pieces_beside_those_that_decode(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("havoc.inference.scheduler.PREFILL_BESIDE", 8)
    made, runner = watched()
    runner.gate = threading.Semaphore(2)
    first = made.submit(LONG[:3], GREEDY.replace(max_new_tokens=20))
    while len(runner.steps) < 2:
        first.done.wait(0.01)
    second = made.submit([*LONG[:2], *LONG[4:]], GREEDY.replace(max_new_tokens=4))
    runner.gate.release(100)
    found = second.result()
    first.result()
    assert [1, 8] in runner.steps
    assert max(step[-1] for step in runner.steps) == 8
    assert (
        found.tokens
        == engine().generate([[*LONG[:2], *LONG[4:]]], GREEDY.replace(max_new_tokens=4))[0].tokens
    )


def test_a_shared_beginning_is_computed_once() -> None:
    made, runner = watched()
    params = GREEDY.replace(max_new_tokens=3)
    first = made.generate([[*LONG[:30], 250]], params)[0]
    fed = sum(map(sum, runner.steps))
    second = made.generate([[*LONG[:30], 251, 252]], params)[0]
    assert sum(map(sum, runner.steps)) - fed == 2 + 2  # its own two, and two of three generated
    assert made.figures()["engine_reused_tokens"] == 30
    assert first.tokens == engine().generate([[*LONG[:30], 250]], params)[0].tokens
    assert second.tokens == engine().generate([[*LONG[:30], 251, 252]], params)[0].tokens


def test_candidates_share_one_prefill() -> None:
    made, runner = watched(size=8)
    params = SAMPLED.replace(max_new_tokens=5)
    made.generate_candidates(LONG, lambda: None, 4, params)
    prompts = sum(n for step in runner.steps for n in step if n > 1)
    assert prompts == len(LONG)
    assert sum(map(sum, runner.steps)) <= len(LONG) + 3 + 4 * 4  # each feeds the last token itself


def test_equal_requests_at_once_share_their_prefill_and_keep_their_seeds() -> None:
    made, runner = watched(size=8)
    together = made.generate([LONG] * 4, SAMPLED)
    assert [g.tokens for g in together] == [
        engine().generate([LONG], SAMPLED.replace(seed=11 + i))[0].tokens for i in range(4)
    ]
    assert sum(n for step in runner.steps for n in step if n > 1) == len(LONG)


def test_a_cancelled_request_leaves_before_the_next_step() -> None:
    made, runner = watched()
    runner.gate = threading.Semaphore(2)
    doomed = made.submit(LONG[:5], GREEDY.replace(max_new_tokens=40))
    while len(runner.steps) < 2:
        doomed.done.wait(0.01)
    doomed.cancel()
    runner.gate.release(1)  # the step that was under way
    other = made.submit(LONG[:7], GREEDY.replace(max_new_tokens=2))
    runner.gate.release(100)
    assert doomed.result().finish_reason == "cancelled"
    assert len(doomed.result().tokens) <= 3
    other.result()
    assert len(runner.steps) <= 5
    assert runner.open_sequences == 0  # nothing was worth keeping


def test_a_closed_stream_is_a_cancelled_request() -> None:
    made, runner = watched()
    stream = made.stream(LONG[:5], GREEDY.replace(max_new_tokens=40))
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    made.generate([LONG[:6]], GREEDY.replace(max_new_tokens=2))
    assert made.figures()["engine_cancelled"] == 1
    assert made.figures()["batch_size"] == 0
    assert len(runner.steps) < 40


def test_a_waiting_request_can_be_cancelled() -> None:
    made, runner = watched(size=1)
    runner.gate = threading.Semaphore(0)
    first = made.submit(LONG[:5], GREEDY)
    second = made.submit(LONG[:6], GREEDY)
    second.cancel()
    runner.gate.release(100)
    assert second.result().finish_reason == "cancelled"
    assert first.result().finish_reason == "length"
    assert [6] not in runner.steps


class Broken:
    """A grammar that fails at its second token."""

    finished = False

    def __init__(self) -> None:
        self._calls = 0

    def allowed(self) -> np.ndarray:
        self._calls += 1
        if self._calls == 2:
            raise RuntimeError("the grammar broke")
        return np.array([270, 280])

    def forced(self) -> Sequence[int]:
        return ()

    def consume(self, token: int) -> None:
        return None


def test_a_constraint_that_fails_ends_its_own_request_only() -> None:
    made, _ = watched()
    broken = made.submit(LONG[:5], GREEDY, Broken())
    other = made.submit(LONG[:6], GREEDY)
    with pytest.raises(RuntimeError, match="the grammar broke"):
        broken.result()
    assert other.result().tokens == engine().generate([LONG[:6]], GREEDY)[0].tokens


def test_a_step_that_fails_ends_its_requests_and_not_the_engine() -> None:
    made, runner = watched()
    good, runner._runner.forward = runner._runner.forward, None  # type: ignore[assignment,method-assign]
    with pytest.raises(TypeError):
        list(made.stream(LONG[:5], GREEDY))
    runner._runner.forward = good  # type: ignore[method-assign]
    found = made.generate([LONG[:5]], GREEDY)[0]
    assert found.tokens == engine().generate([LONG[:5]], GREEDY)[0].tokens


def test_many_threads_get_what_one_would() -> None:
    made = engine(4)
    found: dict[int, str] = {}

    def ask(i: int) -> None:
        pieces = made.stream(LONG[: 4 + i], SAMPLED.replace(seed=i))
        found[i] = "".join(piece.text for piece in pieces)

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i, text in found.items():
        assert text == engine().generate([LONG[: 4 + i]], SAMPLED.replace(seed=i))[0].text
    assert len(found) == 12


def test_a_closed_engine_ends_what_it_holds_and_takes_no_more() -> None:
    made, runner = watched()
    runner.gate = threading.Semaphore(1)
    request = made.submit(LONG[:5], GREEDY)
    while not runner.steps:
        request.done.wait(0.01)
    runner.gate.release(1)
    made.close()
    assert request.result().finish_reason == "cancelled"
    assert runner.open_sequences == 0
    with pytest.raises(RuntimeError, match="closed"):
        made.submit(LONG[:5], GREEDY)


def test_an_engine_nobody_holds_leaves_no_thread_and_no_sequence() -> None:
    made, runner = watched()
    made.generate([LONG], GREEDY)
    thread = made.scheduler._thread
    assert thread is not None
    assert runner.open_sequences == 1  # kept for prompts that begin the same
    del made
    gc.collect()
    thread.join(timeout=20)
    assert not thread.is_alive()
    assert runner.open_sequences == 0


def test_a_model_nobody_holds_is_let_go() -> None:
    for kernels in ("torch", "auto"):
        own = HavocModel.from_config(model().config)
        gone = weakref.ref(own)
        made = Engine(own, tokenizer(), InferenceConfig(kernels=kernels))
        assert Engine(own, tokenizer(), InferenceConfig(kernels=kernels)).runner is made.runner
        made.generate([LONG], GREEDY)
        made.close()
        del own, made
        gc.collect()
        assert gone() is None


def test_alternatives_are_told_with_their_log_probabilities() -> None:
    params = GREEDY.replace(max_new_tokens=4, top_logprobs=3)
    found = engine().generate([LONG[:5]], params)[0]
    assert len(found.top) == 4
    for token, logprob, top in zip(found.tokens, found.logprobs, found.top, strict=True):
        assert top[0][0] == token
        assert top[0][1] == pytest.approx(logprob, abs=1e-6)
        assert [p for _, p in top] == sorted((p for _, p in top), reverse=True)
    chunks = list(engine().stream(LONG[:5], params))
    assert tuple(t for c in chunks for t in c.top) == found.top
    assert tuple(p for c in chunks for p in c.logprobs) == found.logprobs


@pytest.mark.parametrize(
    ("first", "second", "length"),
    [([], [1], 0), ([1, 2, 3], [1, 2, 3], 3), ([1, 2, 3], [1, 2, 4, 5], 2), ([1], [2], 0),
     ([1, 2, 3, 4, 5], [1, 2, 3], 3), ([0, 1, 2, 3, 9, 5], [0, 1, 2, 3, 4, 5], 4)],
)  # fmt: skip
def test_common_beginnings_are_measured(first: list[int], second: list[int], length: int) -> None:
    assert shared(first, second) == length == shared(second, first)


def test_a_request_that_cannot_begin_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    made, runner = watched()
    opened = runner.open

    def refuse() -> int:
        monkeypatch.setattr(runner, "open", opened)
        raise MemoryError("no memory for a sequence")

    monkeypatch.setattr(runner, "open", refuse)
    refused = made.submit([2, 300, 301], GREEDY)
    with pytest.raises(MemoryError, match="no memory for a sequence"):
        refused.result()
    assert len(made.submit([2, 300, 301], GREEDY).result().tokens) > 0
