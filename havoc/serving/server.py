"""``havoc serve``: the application under uvicorn, drained when it is told to stop."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import havoc
from havoc.errors import InputError
from havoc.serving.security import LOOPBACK, name_of

if TYPE_CHECKING:
    from fastapi import FastAPI


@dataclass(frozen=True)
class Listening:
    """Where and for whom the server listens.

    Parameters
    ----------
    host, port : address; port 0 takes a free one.
    auth : whether keys are asked for; None asks for them unless the address is this machine's alone.
    cors : origins whose pages may call the server.
    state : folder of runs, keys and the audit log; None takes the usual one.
    log : "text" or "json".
    follow : seconds between looks for a newer model; 0 only when told (SIGHUP, POST /reload).
    drain : seconds that answers in the making get when the server is stopped.
    slots, queue : answers worked on at a time, and waiting.
    """

    host: str = "127.0.0.1"
    port: int = 3000
    auth: bool | None = None
    cors: Sequence[str] = ()
    state: Path | None = None
    log: str = "text"
    follow: float = 0.0
    drain: int = 120
    slots: int = 2
    queue: int = 16

    @property
    def local(self) -> bool:
        return self.host in ("127.0.0.1", "localhost", "::1")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names it answers to; none means any. A page that may call it may also be before it."""
        pages = tuple(name_of(origin.partition("://")[2]) for origin in self.cors)
        return LOOPBACK + pages if self.local else ()


def serve(listening: Listening, model: Path | None = None, champion: bool = False) -> None:
    """Listen until told to stop.

    Raises
    ------
    InputError
        If the address cannot be used, the model that was named is not there, or the server would
        be open to others without a key.
    """
    auth = listening.auth if listening.auth is not None else not listening.local
    if not auth and not listening.local:
        raise InputError(
            f"without keys the server listens on this machine only, not on {listening.host};"
            " leave --no-auth out"
        )
    listener = listen(listening.host, listening.port)
    try:
        application, problems = _application(listening, auth, model, champion)
    except BaseException:
        listener.close()
        raise
    import uvicorn

    address = listener.getsockname()
    shown = f"[{listening.host}]" if ":" in listening.host else listening.host
    print(f"HAVOC answers at http://{shown}:{address[1]}", flush=True)
    for problem in problems:
        print(f"note: {problem}", flush=True)
    config = uvicorn.Config(
        application,
        log_config=None,
        access_log=False,  # the application writes its own, with the request's id
        server_header=False,
        timeout_graceful_shutdown=listening.drain,
        limit_concurrency=1000,
    )
    uvicorn.Server(config).run(sockets=[listener])


def _application(
    listening: Listening, auth: bool, model: Path | None, champion: bool
) -> tuple[FastAPI, list[str]]:
    from havoc.serving import logs, telemetry
    from havoc.serving.app import create_app
    from havoc.serving.keys import Keys
    from havoc.serving.models import ChampionSource, FolderSource, first
    from havoc.serving.services import ServerSettings
    from havoc.serving.state import Database, state_folder

    logs.configure(listening.log)
    telemetry.configure(havoc.__version__)
    state = listening.state or state_folder()
    if auth:
        database = Database(state)
        known = Keys(database).any_valid()
        database.close()
        if not known:
            raise InputError("there is no API key yet: havoc keys create NAME makes one")
    problems: list[str] = []
    source = ChampionSource(state / "models") if champion else FolderSource(model)
    runtime, version = first(source, problems.append)
    settings = ServerSettings(
        slots=listening.slots,
        queue=listening.queue,
        hosts=listening.hosts,
        cors=listening.cors,
        state=state,
        auth=auth,
        follow=listening.follow,
    )
    return create_app(runtime, settings, source=source, version=version), problems


def listen(host: str, port: int) -> socket.socket:
    """Bind the address before anything slow is loaded."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, proto)
    except (OSError, UnicodeError) as error:
        raise InputError(f"'{host}' is not an address: {error}") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise InputError(f"cannot listen on {host}:{port}: {reason}; try another --port") from None
    return listener
