"""The runs a client may come back to: their events, their end, their cancellation, their archive.

All of it lives in the event loop, so nothing is locked. The store is bounded: the oldest finished
runs leave memory first (the archive still has them), and a run that nobody has listened to for a
while, or that takes too long, is cancelled. A run belongs to the key that asked; to any other it
does not exist.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool

from havoc.serving.problems import NotFound
from havoc.serving.state import Archived, Event, RunArchive

END = "done"
log = logging.getLogger("havoc.serving")


class UnknownRun(NotFound):
    """No such run, or it has been forgotten."""

    code = "unknown_run"


@dataclass
class Run:
    """One answer in the making. ``stop`` tells the work, in whatever thread, that it may end."""

    id: str
    owner: str = ""
    created: float = field(default_factory=time.time)
    events: list[Event] = field(default_factory=list)
    finished: bool = False
    listeners: int = 0
    stop: threading.Event = field(default_factory=threading.Event)
    task: asyncio.Task[None] | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, name: str, data: dict) -> None:
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

    def cancel(self, code: str = "cancelled", message: str = "the run was cancelled") -> None:
        """End the run for its listeners now; a program is killed, other work stops at its next step."""
        self.stop.set()
        if not self.finished:
            self.add("error", {"code": code, "message": message, "retryable": True})
            self.add(END, {"status": "cancelled"})

    def expire(self, message: str) -> None:
        if not self.finished:
            self.cancel("timeout", message)

    @contextlib.contextmanager
    def listener(self) -> Iterator[None]:
        self.listeners += 1
        try:
            yield
        finally:
            self.listeners -= 1


Produce = Callable[[Run], AsyncGenerator[Event, None]]


class RunStore:
    """The latest runs by id.

    Parameters
    ----------
    capacity : runs held in memory.
    abandoned_after : seconds without a listener after which an unfinished run is cancelled.
    longest : seconds after which a run is cancelled in any case.
    archive : where finished runs are kept for good; None keeps them in memory alone.
    """

    def __init__(
        self,
        capacity: int = 200,
        abandoned_after: float = 15.0,
        longest: float = 300.0,
        archive: RunArchive | None = None,
    ) -> None:
        self.capacity, self.abandoned_after, self.longest = capacity, abandoned_after, longest
        self.archive = archive
        self._runs: OrderedDict[str, Run] = OrderedDict()

    def start(self, produce: Produce, owner: str = "") -> Run:
        """Begin a run that takes its events from ``produce(run)``."""
        run = Run(secrets.token_urlsafe(12), owner)
        self._runs[run.id] = run
        self._forget()
        run.task = asyncio.create_task(self._drive(run, produce(run)))
        self._watch(run)
        text = f"the answer took longer than {self.longest:g} s and was stopped"
        asyncio.get_running_loop().call_later(self.longest, run.expire, text)
        return run

    @property
    def ids(self) -> list[str]:
        """The runs in memory, oldest first."""
        return list(self._runs)

    async def get(self, identity: str, owner: str = "") -> Run:
        """A run of this owner, from memory or from the archive.

        Raises
        ------
        UnknownRun
            If there is none, or it is somebody else's.
        """
        run = self._runs.get(identity)
        if run is None and self.archive is not None:
            found = await run_in_threadpool(self.archive.get, identity)
            run = _restored(found) if found is not None else None
        if run is None or run.owner != owner:
            raise UnknownRun(f"there is no run '{identity[:40]}'; it may have been forgotten")
        return run

    async def close(self) -> None:
        """Cancel what is still running, when the server stops."""
        tasks = [r.task for r in self._runs.values() if r.task and not r.task.done()]
        for run in self._runs.values():
            run.cancel("stopped", "the server was stopped; ask again")
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _drive(self, run: Run, events: AsyncGenerator[Event, None]) -> None:
        """Take events until the end, which is announced only when the archive has it."""
        await self._note_begin(run)
        async with contextlib.aclosing(events) as produced:
            async for name, data in produced:
                if name == END and not run.finished:
                    await self._keep(run, [*run.events, (name, data)])
                run.add(name, data)
                if run.finished:
                    break
        if run.stop.is_set():
            await self._keep(run, run.events)

    async def _note_begin(self, run: Run) -> None:
        if self.archive is not None:
            await self._archived(self.archive.begin, run.id, run.owner)

    async def _keep(self, run: Run, events: list[Event]) -> None:
        if self.archive is not None:
            await self._archived(self.archive.finish, run.id, list(events))

    async def _archived(self, write: Callable[..., None], *content: object) -> None:
        """A full disk must not take the answer from those who listen."""
        try:
            await run_in_threadpool(write, *content)
        except Exception:
            log.exception("a run could not be archived")

    def _watch(self, run: Run) -> None:
        def look() -> None:
            if run.finished:
                return
            if run.listeners == 0:
                run.cancel("abandoned", "nobody listened to the run any more")
            else:
                self._watch(run)

        asyncio.get_running_loop().call_later(self.abandoned_after, look)

    def _forget(self) -> None:
        for identity in [i for i, r in self._runs.items() if r.finished]:
            if len(self._runs) <= self.capacity:
                return
            del self._runs[identity]


def _restored(found: Archived) -> Run:
    """A run as it was; one that the server's end cut short says so."""
    if found.events is not None:
        return Run(found.id, found.owner, found.created, found.events, finished=True)
    run = Run(found.id, found.owner, found.created)
    run.add("meta", {"run_id": found.id, "created": int(found.created)})
    run.cancel("interrupted", "the server was stopped during this answer; ask again")
    return run
