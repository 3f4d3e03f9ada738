"""``havoc serve``: the application under uvicorn."""

from __future__ import annotations

import socket
from pathlib import Path

from havoc.errors import InputError

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(host: str, port: int, model: Path | None = None) -> None:
    """Listen until told to stop.

    Raises
    ------
    InputError
        If the address cannot be used, or the model that was named is not there.
    """
    listener = listen(host, port)
    try:
        from havoc.serving.app import create_app
        from havoc.serving.runtime import load_runtime
        from havoc.serving.services import ServerSettings

        runtime = load_runtime(model)
        hosts = ("localhost", "127.0.0.1", "[::1]") if host in LOOPBACK else ()
        app = create_app(runtime, ServerSettings(hosts=hosts))
    except BaseException:
        listener.close()
        raise
    import uvicorn

    address = listener.getsockname()
    print(f"HAVOC answers at http://{host}:{address[1]}", flush=True)
    for problem in runtime.problems.values():
        print(f"note: {problem}", flush=True)
    config = uvicorn.Config(
        app, log_level="warning", server_header=False, timeout_graceful_shutdown=30
    )
    uvicorn.Server(config).run(sockets=[listener])


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
