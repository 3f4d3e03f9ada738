"""The service as a bento: the same FastAPI application, mounted at the root.

The model store's entry ``havoc_lm`` holds two folders, ``model`` (weights, ``config.json``,
tokenizer) and ``index``; the bento names the entry's exact version. BentoML adds /livez, /readyz
and /metrics (with our figures in it). Admission is the application's: a limit of BentoML's would
refuse the web UI too. Keys are asked for as under ``havoc serve``: always, unless the address that
BentoML bound is this machine's own. State lies in ``HAVOC_STATE``; ``HAVOC_LOG`` is text or json.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
from pathlib import Path

import bentoml
from starlette.types import ASGIApp, Receive, Scope, Send

import havoc
from havoc.serving import logs, telemetry
from havoc.serving.app import create_app
from havoc.serving.keys import Keys
from havoc.serving.metrics import process_metrics
from havoc.serving.runtime import load_runtime
from havoc.serving.security import LOOPBACK
from havoc.serving.services import ServerSettings
from havoc.serving.state import Database, state_folder

MODEL_NAME = "havoc_lm"
_mounted: list[ASGIApp] = []


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The application that the service made when it started."""
    await _mounted[-1](scope, receive, send)


def bound_host() -> str:
    """The address that this process was given to listen on; all of them where it cannot be told."""
    try:
        descriptor = int(sys.argv[sys.argv.index("--fd") + 1])
        with socket.socket(fileno=os.dup(descriptor)) as listener:
            return str(listener.getsockname()[0])
    except (ValueError, IndexError, OSError):
        return "0.0.0.0"


@bentoml.asgi_app(application, path="/")
@bentoml.service(name="havoc", traffic={"timeout": 600}, workers=1)
class HavocService:
    """One process, one model: batching is inside, replicas are outside."""

    bundle = bentoml.models.BentoModel(f"{MODEL_NAME}:latest")

    def __init__(self) -> None:
        logs.configure(os.environ.get("HAVOC_LOG", "json"))
        telemetry.configure(havoc.__version__)
        folder = Path(self.bundle.path)
        index = folder / "index"
        self.runtime = load_runtime(folder / "model", index if index.is_dir() else None)
        local = bound_host() in ("127.0.0.1", "::1")
        state = state_folder()
        if not local and not Keys(Database(state)).any_valid():
            logging.getLogger("havoc.serving").warning(
                "there is no API key, so nothing can be asked: havoc keys create NAME makes one"
            )
        settings = ServerSettings(hosts=LOOPBACK if local else (), state=state, auth=not local)
        _mounted.append(create_app(self.runtime, settings, metrics=process_metrics()))

    async def __metrics__(self, figures: str) -> str:
        """BentoML's figures, which hold our counters already, with the engine's."""
        told = (f"havoc_{k} {v}\n" for k, v in self.runtime.figures().items())
        return figures + "".join(told)
