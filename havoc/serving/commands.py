"""``havoc serve`` and ``havoc keys``."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

State = Annotated[
    Path | None, typer.Option(help="State folder (else HAVOC_STATE, else ~/.local/state/havoc).")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

keys_app = typer.Typer(help="API keys of the server.", no_args_is_help=True, add_completion=False)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 3000,
    model: Annotated[Path | None, typer.Option(help="Model folder.")] = None,
    champion: Annotated[
        bool, typer.Option("--champion", help="Serve the registry's champion, and follow it.")
    ] = False,
    auth: Annotated[
        bool | None,
        typer.Option("--auth/--no-auth", help="Ask for API keys; always on beyond this machine."),
    ] = None,
    cors: Annotated[
        list[str] | None, typer.Option(help="Origin whose pages may call; may be repeated.")
    ] = None,
    state: State = None,
    log: Annotated[str, typer.Option(help="Log lines as text or json.")] = "text",
    follow: Annotated[
        float | None, typer.Option(min=0, help="Seconds between looks for a newer model.")
    ] = None,
    drain: Annotated[
        int, typer.Option(min=0, help="Seconds that answers get to finish when stopped.")
    ] = 120,
    slots: Annotated[int, typer.Option(min=1, help="Answers worked on at a time.")] = 2,
    queue: Annotated[int, typer.Option(min=0, help="Answers that may wait.")] = 16,
) -> None:
    """Serve the web UI and the API."""
    from havoc.errors import InputError
    from havoc.serving.server import Listening
    from havoc.serving.server import serve as start

    if log not in ("text", "json"):
        raise InputError(f"--log is text or json, not '{log}'")
    if champion and model is not None:
        raise InputError("--champion and --model name two models; give one")
    for origin in cors or ():
        if not origin.startswith(("http://", "https://")) or origin.rstrip("/").count("/") != 2:
            raise InputError(f"--cors takes an origin such as https://lab.example, not '{origin}'")
    every = follow if follow is not None else (30.0 if champion else 0.0)
    listening = Listening(
        host,
        port,
        auth,
        [o.rstrip("/") for o in cors or ()],
        state,
        log,
        every,
        drain,
        slots,
        queue,
    )
    start(listening, model, champion)


def _keys(state: Path | None) -> Any:
    from havoc.serving.keys import Keys
    from havoc.serving.state import Database, state_folder

    return Keys(Database(state or state_folder()))


@keys_app.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose key, or what for.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(help="ask, run, read, metrics, admin; may be repeated (ask, run and read)."),
    ] = None,
    rate: Annotated[int, typer.Option(min=1, help="Requests a minute.")] = 120,
    days: Annotated[float | None, typer.Option(help="Days until it expires.")] = None,
    state: State = None,
    as_json: Json = False,
) -> None:
    """Make a key and print it: it is shown this once, only its hash is kept."""
    from havoc.serving.keys import DEFAULT_SCOPES

    key, secret = _keys(state).create(name, tuple(scope or DEFAULT_SCOPES), rate, days)
    print(json.dumps({"id": key.id, "key": secret, "scopes": key.scopes}) if as_json else secret)


@keys_app.command("list")
def list_keys(state: State = None, as_json: Json = False) -> None:
    """List the keys, never what they are."""
    known = _keys(state).all()
    if as_json:
        print(json.dumps([{**vars(k), "state": k.state} for k in known]))
        return
    row: Callable[..., str] = "{:8}  {:20}  {:7}  {:>6}  {:10}  {:10}  {}".format
    print(row("id", "name", "state", "rate", "created", "used", "scopes"))
    for key in known:
        used, made = _day(key.used), _day(key.created)
        print(row(key.id, key.name[:20], key.state, key.rate, made, used, " ".join(key.scopes)))


@keys_app.command()
def revoke(key: Annotated[str, typer.Argument(help="Id or name.")], state: State = None) -> None:
    """Revoke a key; running servers refuse it from the next request on."""
    gone = _keys(state).revoke(key)
    print(f"revoked {gone.id} ({gone.name})")


def _day(seconds: float | None) -> str:
    return "never" if seconds is None else datetime.fromtimestamp(seconds, UTC).date().isoformat()
