"""How much work is done at once, how much may wait, and when a caller is told to come back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable


class Busy(Exception):
    """The queue is full: HTTP 429."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("the server is busy; try again later")
        self.retry_after = retry_after


class Admission:
    """At most ``slots`` pieces of work at a time and ``queue`` waiting.

    A caller first takes a ticket, which is refused at once when the queue is full, and then waits
    for its slot, so that a streaming response can begin before its work does. ``told`` hears how
    much is inside whenever that changes.
    """

    def __init__(
        self,
        slots: int = 2,
        queue: int = 16,
        retry_after: int = 2,
        told: Callable[[int], None] = lambda inside: None,
    ) -> None:
        self._slots = asyncio.Semaphore(slots)
        self.capacity, self.retry_after = slots + queue, retry_after
        self.inside = 0
        self._told = told

    def ticket(self) -> Ticket:
        """A place in the queue.

        Raises
        ------
        Busy
            If there is none.
        """
        if self.inside >= self.capacity:
            raise Busy(self.retry_after)
        self._count(1)
        return Ticket(self)

    def _count(self, change: int) -> None:
        self.inside += change
        self._told(self.inside)

    @contextlib.asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """A ticket and its slot in one, for work that answers at its end."""
        async with self.ticket().slot():
            yield


class Ticket:
    """A place in the queue; given back exactly once.

    At the latest when nobody holds it any more: a generator that was never begun runs no ``finally``.
    """

    def __init__(self, admission: Admission) -> None:
        self._admission: Admission | None = admission

    def __del__(self) -> None:
        self.give_back()

    def give_back(self) -> None:
        if self._admission is not None:
            self._admission._count(-1)
            self._admission = None

    @contextlib.asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for a slot, hold it, and give the ticket back at the end."""
        try:
            assert self._admission is not None, "the ticket was given back"
            async with self._admission._slots:
                yield
        finally:
            self.give_back()
