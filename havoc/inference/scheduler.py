"""Continuous batching: requests join and leave between any two steps.

One thread owns the runner's sequences. Each step feeds every request that is decoding its next
tokens (one, or a stretch that its grammar forces) and, within a budget, the next piece of the
prompts that are waiting, so that a long prompt does not hold up the others. A prompt that begins
like a sequence the cache still holds starts from there.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from havoc.inference.request import Request, shared
from havoc.inference.runner import LAST, NOTHING, Runner

log = logging.getLogger(__name__)

PREFILL_ALONE = 512  # tokens of prompts in a step when nobody decodes
PREFILL_BESIDE = 128  # and beside rows that do, which wait for it
LEAST_SHARED = 16  # a common beginning shorter than this is computed again
KEPT_SEQUENCES = 16


@dataclass
class Counts:
    """What the scheduler has done so far."""

    steps: int = 0
    fed_tokens: int = 0
    reused_tokens: int = 0
    generated_tokens: int = 0
    requests: int = 0
    cancelled: int = 0


@dataclass
class _Row:
    request: Request
    sequence: int
    feeding: list[int] = field(default_factory=list)


class Scheduler:
    """Runs requests in batches on a runner.

    Parameters
    ----------
    runner
        Whose sequences this scheduler alone opens and closes.
    max_batch_size
        Requests decoded together.
    """

    def __init__(self, runner: Runner, max_batch_size: int) -> None:
        self.runner, self.max_batch_size = runner, max_batch_size
        self.counts = Counts()
        self._waiting: deque[Request] = deque()
        self._active: list[_Row] = []
        self._kept: OrderedDict[int, list[int]] = OrderedDict()  # finished sequences, oldest first
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def submit(self, requests: Sequence[Request]) -> None:
        """Queue requests; they are served in this order."""
        with self._changed:
            if self._closed:
                raise RuntimeError("the engine is closed")
            self._waiting.extend(requests)
            self.counts.requests += len(requests)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self, wait: bool = True) -> None:
        """Stop after the step under way; requests that are not done end as cancelled."""
        with self._changed:
            self._closed = True
            self._changed.notify()
            thread = self._thread
        if thread is not None and wait:
            thread.join()

    @property
    def waiting(self) -> int:
        """Requests that have no slot yet."""
        return len(self._waiting)

    @property
    def active(self) -> int:
        """Requests in the batch."""
        return len(self._active)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not (self._waiting or self._active or self._closed):
                    self._changed.wait()
                if self._closed:
                    break
                self._admit()
            self._guarded_step()
        for request in [*self._waiting, *(row.request for row in self._active)]:
            request.finish("cancelled")
        for row in self._active:
            self.runner.close(row.sequence)
        for sequence in self._kept:
            self.runner.close(sequence)

    def _guarded_step(self) -> None:
        try:
            self._step()
        except Exception as error:  # a fault of one step must not leave its requests waiting
            log.exception("a step failed")
            for row in self._active:
                row.request.finish("cancelled", error)
                self.runner.close(row.sequence)
            self._active = []
            self._forget(keep=0)

    # Who takes part

    def _admit(self) -> None:
        """Let go of who has left, and fill the free slots."""
        for row in self._active:
            if row.request.cancelled:
                self._leave(row)
        self._active = [row for row in self._active if not row.request.cancelled]
        held = []
        while self._waiting and len(self._active) < self.max_batch_size:
            request = self._waiting.popleft()
            if request.cancelled:
                self.counts.cancelled += 1
                request.finish("cancelled")
            elif self._soon(request):
                held.append(request)
            else:
                self._take_in(request)
        self._waiting.extendleft(reversed(held))

    def _take_in(self, request: Request) -> None:
        try:
            self._active.append(self._begin(request))
        except Exception as error:  # for example no memory for its sequence: the thread goes on
            log.exception("a request could not begin")
            request.finish("cancelled", error)

    def _soon(self, request: Request) -> bool:
        """Whether a prompt under way will shortly have been fed what this one begins with."""
        have = self._best(request)[1]
        return any(
            row.request.pending
            and not row.request.tokens
            and min(shared(row.request.prompt, request.prompt), len(request.prompt) - 1)
            >= have + LEAST_SHARED
            for row in self._active
        )

    def _best(self, request: Request) -> tuple[int, int]:
        """The sequence with the longest common beginning, and its length."""
        wanted, best = request.prompt[:-1], (-1, 0)  # the last token is fed for its logits
        for row in self._active:
            length = shared(row.request.fed, wanted)
            best = (row.sequence, length) if length > best[1] else best
        for sequence, tokens in self._kept.items():
            length = shared(tokens, wanted)
            best = (sequence, length) if length > best[1] else best
        return best

    def _begin(self, request: Request) -> _Row:
        source, length = self._best(request)
        if length < LEAST_SHARED:
            return _Row(request, self.runner.open())
        if source in self._kept:
            self._kept.move_to_end(source)
        self.counts.reused_tokens += length
        request.fed, request.pending = request.prompt[:length], request.prompt[length:]
        return _Row(request, self.runner.fork(source, length))

    def _leave(self, row: _Row) -> None:
        """End a row; what it was fed stays for prompts that begin the same."""
        if row.request.finish_reason is None:
            self.counts.cancelled += 1
            row.request.finish("cancelled")
        if len(row.request.fed) >= LEAST_SHARED:
            self._kept[row.sequence] = row.request.fed
            self._forget(KEPT_SEQUENCES)
        else:
            self.runner.close(row.sequence)

    def _forget(self, keep: int) -> None:
        room = 4 * self.runner.config.max_seq_len
        while len(self._kept) > keep or sum(map(len, self._kept.values())) > room:
            sequence, _ = self._kept.popitem(last=False)
            self.runner.close(sequence)

    # One step

    def _plan(self) -> list[_Row]:
        """Say what each row is fed: those that decode all they have, prompts a share."""
        decoding = [row for row in self._active if row.request.tokens]
        budget = PREFILL_BESIDE if decoding else PREFILL_ALONE
        for row in self._active:
            pending = row.request.pending
            row.feeding = pending if row.request.tokens else pending[:budget]
            budget -= 0 if row.request.tokens else len(row.feeding)
        return [row for row in self._active if row.feeding]

    def _step(self) -> None:
        rows = self._plan()
        if not rows:
            return
        ready = [len(row.feeding) == len(row.request.pending) for row in rows]
        logits = self.runner.forward(
            [row.sequence for row in rows],
            [row.feeding for row in rows],
            [LAST if r else NOTHING for r in ready],
        )
        self.counts.steps += 1
        at = 0
        for row, complete in zip(rows, ready, strict=True):
            request = row.request
            request.fed += row.feeding
            request.pending = request.pending[len(row.feeding) :]
            self.counts.fed_tokens += len(row.feeding)
            if complete:
                self._advance(request, logits[at])
                at += 1
        for row in rows:
            if row.request.finish_reason is not None:
                self._leave(row)
        self._active = [row for row in self._active if row.request.finish_reason is None]

    def _advance(self, request: Request, logits: object) -> None:
        before = len(request.tokens)
        try:
            request.advance(logits)  # type: ignore[arg-type]
        except Exception as error:  # a constraint that fails ends its own request only
            request.finish("cancelled", error)
        self.counts.generated_tokens += len(request.tokens) - before
