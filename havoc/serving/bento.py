"""The service as a bento: the same FastAPI application, mounted at the root.

The model store's entry ``havoc_lm`` holds two folders, ``model`` (weights, ``config.json``,
tokenizer) and ``index``; the bento names the entry's exact version. BentoML adds /livez, /readyz
and /metrics. Admission is the application's: a limit of BentoML's would refuse the web UI too.
"""

from __future__ import annotations

from pathlib import Path

import bentoml
from starlette.types import ASGIApp, Receive, Scope, Send

from havoc.serving.app import create_app
from havoc.serving.runtime import load_runtime

MODEL_NAME = "havoc_lm"
_mounted: list[ASGIApp] = []


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The application that the service made when it started."""
    await _mounted[-1](scope, receive, send)


@bentoml.asgi_app(application, path="/")
@bentoml.service(name="havoc", traffic={"timeout": 600}, workers=1)
class HavocService:
    """One process, one model: batching is inside, replicas are outside."""

    bundle = bentoml.models.BentoModel(f"{MODEL_NAME}:latest")

    def __init__(self) -> None:
        folder = Path(self.bundle.path)
        index = folder / "index"
        runtime = load_runtime(folder / "model", index if index.is_dir() else None)
        _mounted.append(create_app(runtime))
