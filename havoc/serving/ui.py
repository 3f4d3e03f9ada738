"""The built web UI at ``/``, or what the server is in JSON.

The build writes into ``havoc/serving/static``, which is package data: the wheel and the bento carry
it. Files under ``assets/`` have their content's hash in their name and are kept by browsers for
good; the page itself is asked for again each time.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

import havoc

IMMUTABLE = "public, max-age=31536000, immutable"
FOLDERS = (
    Path(__file__).parent / "static",
    Path(havoc.__file__).parents[1] / "frontend" / "dist",
)


class UiFiles(StaticFiles):
    """Static files with the cache rule of each kind.

    ``routes`` are the API's: a path of theirs with another method is 405, not a missing file.
    """

    def __init__(self, folder: Path, routes: Sequence[BaseRoute]) -> None:
        super().__init__(directory=folder, html=True)
        self._routes = [r for r in routes if isinstance(r, Route)]

    async def get_response(self, path: str, scope: Scope) -> Response:
        if any(r.matches(scope)[0] is Match.PARTIAL for r in self._routes):
            raise HTTPException(405)
        response = await super().get_response(path, scope)
        hashed = path.startswith("assets/") and response.status_code in (200, 304)
        response.headers["cache-control"] = IMMUTABLE if hashed else "no-cache"
        return response


def built_ui() -> Path | None:
    """The folder of the built web UI, if there is one."""
    named = os.environ.get("HAVOC_UI")
    for folder in ([Path(named)] if named else []) + list(FOLDERS):
        if (folder / "index.html").is_file():
            return folder
    return None


def add_ui(app: FastAPI, ui: Path | None) -> None:
    """Mount the UI; the last of all routes, because it answers to every path."""
    folder = ui or built_ui()
    if folder is not None:
        app.mount("/", UiFiles(folder, list(app.routes)), name="ui")
        return

    @app.get("/")
    async def description() -> dict[str, Any]:
        """What this server is and where to look."""
        return {
            "name": "HAVOC",
            "version": havoc.__version__,
            "endpoints": sorted(str(path) for path in app.openapi()["paths"]),
            "docs": "/docs",
        }
