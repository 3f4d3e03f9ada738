"""Running a program in a process that can be killed: same result, bounded time and memory.

A fork server with every operation already imported, and what they make once already made
(``warm``), starts each worker in a few milliseconds, so that a worker serves one program only and
nothing of it is left for the next.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from havoc.dsl.ast import Program
from havoc.dsl.executor import Execution, Limits, run_program
from havoc.dsl.parser import parse
from havoc.errors import InputError, NeedsClarification
from havoc.tools.table_io import ReadLimits, read_table_bytes
from havoc.tools.values import Table

START_SECONDS = 120.0  # the first worker waits for the server to import everything
LOOK_SECONDS = 0.05
_REFUSALS = {kind.__name__: kind for kind in (InputError, NeedsClarification)}


class Cancelled(Exception):
    """The caller has gone; the worker was killed."""


def run_bounded(
    text: str | Program,
    *,
    files: Mapping[str, Table] | None = None,
    base_dir: Path | None = None,
    limits: Limits | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Execution:
    """Run a program as ``run_text`` does, in a worker that is killed when it exceeds ``limits``.

    The results' ``extra`` objects stay behind in the worker. ``cancelled`` is asked every 50 ms
    whether anyone still wants the answer.

    Raises
    ------
    InputError, NeedsClarification
        As ``run_text``; and where time or memory ran out.
    Cancelled
        Where ``cancelled`` said so; the worker is killed.
    """
    limits = limits or Limits()
    return _in_worker(_run, (text, dict(files or {}), base_dir, limits), limits, cancelled)


def read_bounded(
    data: bytes,
    name: str,
    *,
    limits: Limits | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Table:
    """Read a file's bytes as ``read_table_bytes`` does, in a worker bounded as a program is.

    Raises
    ------
    InputError
        As ``read_table_bytes``; and where time or memory ran out.
    Cancelled
        Where ``cancelled`` said so; the worker is killed.
    """
    limits = limits or Limits()
    return _in_worker(_read, (data, name, limits), limits, cancelled, "reading of a file")


def _in_worker(
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    limits: Limits,
    cancelled: Callable[[], bool] | None,
    what: str = "program",
) -> Any:
    ours, theirs = _context().Pipe(duplex=False)
    worker = _context().Process(  # type: ignore[attr-defined]
        target=_work, args=(theirs, function, arguments, limits), daemon=True
    )
    prepare()
    try:
        worker.start()
        theirs.close()
        return _outcome(ours, limits, cancelled, what)
    finally:
        if worker.is_alive():
            worker.kill()
        worker.join()
        ours.close()


def prepare() -> None:
    """Start the fork server in the background, so that the first program need not wait for it."""
    if _context().get_start_method() == "forkserver":
        from multiprocessing import resource_tracker
        from multiprocessing.forkserver import ensure_running

        resource_tracker.ensure_running()  # first: starting it unblocks the signal again
        # Ctrl-C reaches every process of a terminal. It is ours to act on: the server and its workers,
        # who inherit what this thread blocks, would die of it where they stand and print where that was.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            ensure_running()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@cache
def _context() -> multiprocessing.context.BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["havoc.dsl.preload", "havoc.dsl.warm"])
    return context


def _outcome(
    ours: Connection, limits: Limits, cancelled: Callable[[], bool] | None, what: str
) -> Any:
    try:
        if not _arrived(ours, START_SECONDS, cancelled):
            raise RuntimeError("the worker process did not start")
        ours.recv()
    except (EOFError, ConnectionResetError):
        raise RuntimeError("the worker process ended before it started its work") from None
    try:
        if not _arrived(ours, limits.seconds, cancelled):
            raise InputError(
                f"the {what} ran longer than {limits.seconds:g} s and was stopped;"
                " take less data or fewer runs"
            )
        kind, content = ours.recv()
    except (EOFError, ConnectionResetError):
        raise InputError(
            f"the {what} was stopped: it needs more than the {limits.memory_mb} MB it may use"
        ) from None
    if kind == "done":
        return content
    if kind in _REFUSALS:
        raise _REFUSALS[kind](content)
    raise RuntimeError(f"the worker process failed:\n{content}")


def _arrived(ours: Connection, seconds: float, cancelled: Callable[[], bool] | None) -> bool:
    """Whether the worker says something within ``seconds``."""
    if cancelled is None:
        return ours.poll(seconds)
    end = time.monotonic() + seconds
    while not ours.poll(min(LOOK_SECONDS, max(0.0, end - time.monotonic()))):
        if cancelled():
            raise Cancelled("nobody waits for the program any more")
        if time.monotonic() >= end:
            return False
    return True


def _work(
    theirs: Connection,
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    limits: Limits,
) -> None:
    from havoc.tools.operation import operations

    operations()
    theirs.send("started")
    _limit(limits)
    try:
        theirs.send(("done", function(*arguments)))
    except InputError as error:
        theirs.send((type(error).__name__, str(error)))
    except MemoryError:
        # leave no room for the message's own allocation to fail: the closed pipe says it
        os._exit(1)
    except Exception:
        theirs.send(("failure", traceback.format_exc()))


def _run(
    text: str | Program, files: dict[str, Table], base_dir: Path | None, limits: Limits
) -> Execution:
    # parsed here, so that a text of millions of characters is bounded too
    program = parse(text) if isinstance(text, str) else text
    execution = run_program(program, files=files, base_dir=base_dir, limits=limits)
    steps = tuple(replace(s, result=replace(s.result, extra={})) for s in execution.steps)
    return replace(execution, steps=steps)


def _read(data: bytes, name: str, limits: Limits) -> Table:
    return read_table_bytes(data, name, limits=ReadLimits(rows=limits.rows))


def _limit(limits: Limits) -> None:
    """Bound address space and processor time of this process, where the system can."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        space = pages * resource.getpagesize() + limits.memory_mb * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (space, space))
        # the wall clock is kept by the caller; this ends a worker whose caller has gone
        seconds = int(limits.seconds * (os.cpu_count() or 1)) + 10
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
