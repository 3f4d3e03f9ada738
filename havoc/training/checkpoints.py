"""Checkpoints: all of a run's state, written so that a crash at any moment leaves a valid one.

``checkpoint_step_N/`` holds ``model.pt optimizer.pt scheduler.pt scaler.pt training_state.json
config.json``, ``ema.pt`` where an average is kept, and ``manifest.json``, written last, with the
size and SHA-256 of each and a hash of what it says itself. Several processes write ``shards/`` in
place of the model and optimiser files. The folder is written under a temporary name, every file is
synced to disk, and then it is renamed. A folder is a checkpoint only if its manifest verifies.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import random
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from havoc.disk import sync
from havoc.errors import InputError, first_line
from havoc.training.parallel import Parallel

MANIFEST = "manifest.json"
SEAL = "manifest_sha256"  # of the manifest without this entry; those of before have none
FORMAT = "havoc-checkpoint-1"
_NAME = re.compile(r"checkpoint_step_(\d+)")


class CheckpointFailed(InputError):
    """A checkpoint could not be written; those before it stand as they were."""


@dataclass(frozen=True)
class Checkpoint:
    """A verified checkpoint folder."""

    path: Path
    manifest: dict[str, Any]

    @property
    def step(self) -> int:
        """Optimiser steps done."""
        return int(self.manifest["step"])

    def tensors(self, name: str) -> Any:
        """Load one of the tensor files; code in it is never run."""
        return torch.load(self.path / f"{name}.pt", map_location="cpu", weights_only=True)

    def json(self, name: str) -> dict[str, Any]:
        """Load one of the JSON files."""
        return json.loads((self.path / f"{name}.json").read_text(encoding="utf-8"))


def write_checkpoint(
    folder: Path,
    step: int,
    tensors: Mapping[str, Any],
    texts: Mapping[str, Mapping[str, Any]],
    facts: Mapping[str, Any],
    *,
    parallel: Parallel | None = None,
    write_shards: Callable[[Path], None] | None = None,
) -> Path:
    """Write ``checkpoint_step_<step>`` into a folder.

    Parameters
    ----------
    tensors
        What goes into ``<name>.pt``.
    texts
        What goes into ``<name>.json``.
    facts
        Entries of the manifest: tokenizer hash, data fingerprint, code version.
    parallel
        The processes that write together; each calls this, the first writes what is not sharded.
    write_shards
        Writes one process's part into the folder it is given.

    Raises
    ------
    CheckpointFailed
        If the disk is full or the folder cannot be written. Nothing is left of the attempt.
    """
    together = parallel or Parallel()
    target = folder / f"checkpoint_step_{step}"
    if together.from_first(together.first and verify(target) is not None):
        return target  # the same step of the same run has the same content
    draft = folder / f"{target.name}.tmp-{together.from_first(os.getpid())}"
    try:
        if together.first:
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(parents=True)
        together.barrier()
        if write_shards is not None:
            write_shards(draft)
        if together.first:
            _write_files(draft, tensors, texts)
        written: dict[str, Any] = {}
        for part in together.gather(_described(draft, together)):
            written.update(part)
        if together.first:
            manifest = {"format": FORMAT, "step": step, "files": written, **facts}
            _publish(draft, target, {**manifest, SEAL: _seal(manifest)})
        together.barrier()
    except (OSError, RuntimeError) as error:  # torch turns a full disk into a RuntimeError
        reason = _reason(error, draft)
        shutil.rmtree(draft, ignore_errors=True)
        raise CheckpointFailed(f"{target} could not be written: {reason}") from error
    return target


def _reason(error: OSError | RuntimeError, draft: Path) -> str:
    """Return why a file could not be written.

    torch says only that its length is wrong ("unexpected pos"); what the system says of a megabyte
    more tells a full disk, a quota and a limit of a file's size apart.
    """
    if isinstance(error, OSError):
        return error.strerror or str(error)
    try:
        if draft.is_dir():
            (draft / "more").write_bytes(bytes(1 << 20))
    except OSError as refused:
        return refused.strerror or str(refused)
    return first_line(error)


def _write_files(
    draft: Path, tensors: Mapping[str, Any], texts: Mapping[str, Mapping[str, Any]]
) -> None:
    for name, content in tensors.items():
        torch.save(content, draft / f"{name}.pt")
    for name, text in texts.items():
        (draft / f"{name}.json").write_text(json.dumps(text, indent=1), encoding="utf-8")


def _described(draft: Path, together: Parallel) -> dict[str, dict[str, Any]]:
    """Sync the files that this process wrote; return their sizes and hashes by relative name."""
    files = {}
    for path in sorted(p for p in draft.rglob("*") if p.is_file()):
        shard = re.match(r"__(\d+)_", path.name)  # as torch.distributed.checkpoint names them
        if together.rank == (int(shard[1]) if shard else 0):
            name = path.relative_to(draft).as_posix()
            files[name] = {"size": path.stat().st_size, "sha256": file_sha256(path)}
            sync(path)
    return files


def _publish(draft: Path, target: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest, and give the folder its name once everything is on disk."""
    (draft / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    sync(draft / MANIFEST)
    for folder in {(draft / name).parent for name in manifest["files"]} | {draft}:
        sync(folder)
    shutil.rmtree(target, ignore_errors=True)  # one that did not verify
    os.replace(draft, target)
    sync(target.parent)


def _seal(manifest: Mapping[str, Any]) -> str:
    """Return the hash of what a manifest says, whatever its layout."""
    said = {name: value for name, value in manifest.items() if name != SEAL}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(path: Path) -> Checkpoint | None:
    """Return the checkpoint at a path, or None if it is absent, incomplete or damaged."""
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        sealed = manifest.get(SEAL) in (None, _seal(manifest))
        intact = (
            sealed
            and manifest["format"] == FORMAT
            and all(
                (path / name).stat().st_size == facts["size"]
                and file_sha256(path / name) == facts["sha256"]
                for name, facts in manifest["files"].items()
            )
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Checkpoint(path, manifest) if intact else None


def steps_in(folder: Path) -> dict[int, Path]:
    """Return the checkpoint folders by step, newest first, valid or not."""
    if not folder.is_dir():
        return {}
    found = {
        int(match[1]): path
        for path in folder.iterdir()
        if path.is_dir() and (match := _NAME.fullmatch(path.name))
    }
    return dict(sorted(found.items(), reverse=True))


def newest_valid(folder: Path) -> tuple[Checkpoint | None, list[Path]]:
    """Return the newest checkpoint that verifies, and the newer ones that did not."""
    damaged: list[Path] = []
    for path in steps_in(folder).values():
        checkpoint = verify(path)
        if checkpoint is not None:
            return checkpoint, damaged
        damaged.append(path)
    return None, damaged


def open_checkpoint(path: Path) -> Checkpoint:
    """Open one checkpoint, or refuse it in one line."""
    if not path.is_dir():
        raise InputError(f"no checkpoint at {path}")
    checkpoint = verify(path)
    if checkpoint is None:
        raise InputError(f"{path}: incomplete or damaged, its manifest does not verify")
    return checkpoint


def prune(folder: Path, keep_last: int, keep: int | None = None) -> None:
    """Remove drafts of runs that died, and all but the newest checkpoints and step ``keep``."""
    for draft in folder.glob("checkpoint_step_*.tmp-*"):
        shutil.rmtree(draft, ignore_errors=True)
    for step, path in list(steps_in(folder).items())[keep_last:]:
        if step != keep:
            shutil.rmtree(path, ignore_errors=True)


def random_state() -> dict[str, Any]:
    """Return the state of every random generator a run may draw from, as JSON values."""
    version, words, gauss = random.getstate()
    legacy = np.random.get_state(legacy=False)
    assert isinstance(legacy, dict)
    inner = legacy["state"]
    return {
        "python": [version, list(words), gauss],
        "numpy": {
            "bit_generator": legacy["bit_generator"],
            "state": {"key": inner["key"].tolist(), "pos": int(inner["pos"])},
            "has_gauss": int(legacy["has_gauss"]),
            "gauss": float(legacy["gauss"]),
        },
        "torch": _packed(torch.get_rng_state()),
        "cuda": [_packed(s) for s in torch.cuda.get_rng_state_all()],
    }


def restore_random_state(state: Mapping[str, Any]) -> None:
    """Put every random generator back."""
    version, words, gauss = state["python"]
    random.setstate((version, tuple(words), gauss))
    found = state["numpy"]
    inner = {"key": np.array(found["state"]["key"], np.uint32), "pos": found["state"]["pos"]}
    np.random.set_state({**found, "state": inner})
    torch.set_rng_state(_unpacked(state["torch"]))
    if state["cuda"] and len(state["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all([_unpacked(s) for s in state["cuda"]])


def _packed(state: torch.Tensor) -> str:
    return base64.b64encode(state.numpy().tobytes()).decode()


def _unpacked(text: str) -> torch.Tensor:
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.uint8)
