"""The model that answers, and how a newer one takes its place without dropping a request.

A new runtime is loaded beside the old one and then put in its place at once: requests that have
begun keep the one they began with. If it cannot be loaded, the old one goes on and the log says why.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from starlette.concurrency import run_in_threadpool

from havoc.errors import InputError
from havoc.serving.metrics import Metrics
from havoc.serving.problems import Unavailable
from havoc.serving.runtime import Runtime, load_runtime

log = logging.getLogger("havoc.serving")


class Source(Protocol):
    """Where runtimes come from."""

    def version(self) -> str:
        """What would be loaded now; another text, another model."""

    def load(self) -> Runtime: ...


@dataclass(frozen=True)
class FolderSource:
    """A model folder (by default the pipeline's) and its index."""

    model: Path | None = None
    index: Path | None = None

    def version(self) -> str:
        """Times and sizes of the files that make the model."""
        from havoc.serving.runtime import INDEX, MODEL

        folders = (self.model or MODEL, self.index or INDEX)
        names = ("model.safetensors", "model.pt", "config.json", "manifest.json")
        files = [folder / name for folder in folders for name in names]
        stats = [f.stat() for f in files if f.exists()]
        return " ".join(f"{s.st_mtime_ns}.{s.st_size}" for s in stats)

    def load(self) -> Runtime:
        return load_runtime(self.model, self.index)


@dataclass(frozen=True)
class ChampionSource:
    """The version of the model registry that bears the alias ``champion``.

    Its files are fetched once into ``cache``, a folder a version.
    """

    cache: Path
    name: str = "havoc"

    def version(self) -> str:
        from havoc.registry import Registry

        champion = Registry(self.name).champion()
        if champion is None:
            raise InputError(f"the model '{self.name}' has no champion; run the pipeline first")
        return str(champion.number)

    def load(self) -> Runtime:
        number = self.version()
        folder = self.cache / f"{self.name}-{number}"
        if not folder.is_dir():
            self._fetch(number, folder)
        parts = _artifacts(folder)
        return load_runtime(parts["model"], parts.get("index"))

    def _fetch(self, number: str, folder: Path) -> None:
        """Download beside, then rename: a folder that is there is whole."""
        from havoc.registry import download

        draft = folder.with_name(folder.name + ".partial")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        download(self.name, number, draft)
        draft.rename(folder)


def _artifacts(folder: Path) -> dict[str, Path]:
    """Where an MLflow model keeps its artifacts, by name."""
    import yaml

    described: Mapping[str, Any] = yaml.safe_load((folder / "MLmodel").read_text())
    kept = described["flavors"]["python_function"].get("artifacts", {})
    found = {name: (folder / entry["path"]).resolve() for name, entry in kept.items()}
    outside = [n for n, path in found.items() if not path.is_relative_to(folder.resolve())]
    if outside or "model" not in found:
        raise InputError(f"{folder}: not a model that HAVOC registered")
    return found


@dataclass
class Models:
    """The current runtime, and its successor when there is one."""

    current: Runtime
    metrics: Metrics
    source: Source | None = None
    loaded: str = ""
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def reload(self) -> Runtime:
        """Load again and take the new one.

        Raises
        ------
        Unavailable
            If nothing can be loaded; the old one goes on.
        """
        if self.source is None:
            raise Unavailable("this server was given its model and cannot load another")
        async with self._busy:
            try:
                version = await run_in_threadpool(self.source.version)
                fresh = await run_in_threadpool(self.source.load)
                fresh.need_stack()
            except Exception as error:
                self.metrics.reloads.labels("failed").inc()
                log.exception("the model was not reloaded")
                reason = str(error) if isinstance(error, InputError) else type(error).__name__
                raise Unavailable(
                    f"the model was not reloaded, the old one goes on: {reason}"
                ) from None
            self.current, self.loaded = fresh, version
        self.metrics.reloads.labels("loaded").inc()
        log.info("the model is now %s", fresh.model)
        return fresh

    async def follow(self, seconds: float) -> None:
        """Look every ``seconds`` whether there is another model, and take it; until cancelled."""
        assert self.source is not None
        while True:
            await asyncio.sleep(seconds)
            with contextlib.suppress(Exception):  # told by the log and the figures
                if await run_in_threadpool(self.source.version) != self.loaded:
                    await self.reload()


def first(source: Source, say: Callable[[str], None] = lambda text: None) -> tuple[Runtime, str]:
    """The runtime to begin with, and its version."""
    version = source.version()
    runtime = source.load()
    for problem in runtime.problems.values():
        say(problem)
    return runtime, version
