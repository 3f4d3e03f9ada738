"""The runs a client may come back to: their events, their end, their cancellation.

All of it lives in the event loop, so nothing is locked. The store is bounded: the oldest finished
runs go first, and a run that nobody has listened to for a while is cancelled.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from havoc.serving.problems import NotFound

Event = tuple[str, dict[str, Any]]
END = "done"


class UnknownRun(NotFound):
    """No such run, or it has been forgotten."""

    code = "unknown_run"


@dataclass
class Run:
    """One answer in the making."""

    id: str
    events: list[Event] = field(default_factory=list)
    finished: bool = False
    listeners: int = 0
    task: asyncio.Task[None] | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, name: str, data: dict[str, Any]) -> None:
        """Append an event; after the end nothing is added any more."""
        if self.finished:
            return
        self.events.append((name, data))
        self.finished = name == END
        self._changed.set()
        self._changed = asyncio.Event()

    async def changed(self, position: int) -> None:
        """Wait until there is an event after ``position``."""
        if len(self.events) <= position and not self.finished:
            await self._changed.wait()

    async def ended(self) -> None:
        while not self.finished:
            await self.changed(len(self.events))

    def cancel(self) -> None:
        """End the run for its listeners now; the work stops at its next step."""
        if self.finished:
            return
        message = {"code": "cancelled", "message": "the run was cancelled", "retryable": True}
        self.add("error", message)
        self.add(END, {"status": "cancelled"})

    @contextlib.contextmanager
    def listener(self) -> Iterator[None]:
        self.listeners += 1
        try:
            yield
        finally:
            self.listeners -= 1


class RunStore:
    """The latest runs by id.

    Parameters
    ----------
    capacity : finished runs that are remembered.
    abandoned_after : seconds without a listener after which an unfinished run is cancelled.
    """

    def __init__(self, capacity: int = 200, abandoned_after: float = 60.0) -> None:
        self.capacity, self.abandoned_after = capacity, abandoned_after
        self._runs: OrderedDict[str, Run] = OrderedDict()

    def start(self, produce: Callable[[str], AsyncGenerator[Event, None]]) -> Run:
        """Begin a run that takes its events from ``produce(run id)``."""
        run = Run(secrets.token_urlsafe(12))
        self._runs[run.id] = run
        self._forget()
        run.task = asyncio.create_task(self._drive(run, produce(run.id)))
        self._watch(run)
        return run

    @property
    def ids(self) -> list[str]:
        """The runs that are remembered, oldest first."""
        return list(self._runs)

    def get(self, identity: str) -> Run:
        if identity not in self._runs:
            raise UnknownRun(f"there is no run '{identity[:40]}'; runs are kept for a while only")
        return self._runs[identity]

    async def close(self) -> None:
        """Cancel what is still running, when the server stops."""
        tasks = [r.task for r in self._runs.values() if r.task and not r.task.done()]
        for run in self._runs.values():
            run.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _drive(self, run: Run, events: AsyncGenerator[Event, None]) -> None:
        """Take events until the end; a cancelled run's producer is closed at its next step."""
        async with contextlib.aclosing(events) as produced:
            async for name, data in produced:
                run.add(name, data)
                if run.finished:
                    break

    def _watch(self, run: Run) -> None:
        def look() -> None:
            if run.finished:
                return
            if run.listeners == 0:
                run.cancel()
            else:
                self._watch(run)

        asyncio.get_running_loop().call_later(self.abandoned_after, look)

    def _forget(self) -> None:
        for identity in [i for i, r in self._runs.items() if r.finished]:
            if len(self._runs) <= self.capacity:
                return
            del self._runs[identity]
