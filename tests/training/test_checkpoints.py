"""Checkpoints survive a crash at any moment."""

from __future__ import annotations

import os
import random
import resource
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from havoc.errors import InputError
from havoc.training import checkpoints


def write(folder: Path, step: int) -> Path:
    tensors = {"model": {"w": torch.full((4,), float(step))}, "optimizer": {}}
    return checkpoints.write_checkpoint(folder, step, tensors, {"config": {"a": 1}}, {"data": "d"})


class PowerCut(BaseException):
    """The machine stops here."""


def crash_points(monkeypatch: pytest.MonkeyPatch, folder: Path) -> int:
    """Return how many writes to disk one checkpoint makes."""
    count = 0
    for name in ("fsync", "replace"):
        real = getattr(os, name)

        def counted(*args: object, real: object = real) -> object:
            nonlocal count
            count += 1
            return real(*args)  # type: ignore[operator]

        monkeypatch.setattr(os, name, counted)
    write(folder, 1)
    monkeypatch.undo()
    return count


def test_after_a_crash_at_any_write_the_newest_valid_step_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = crash_points(monkeypatch, tmp_path / "count")
    assert points >= 6
    for point in range(points):
        folder = tmp_path / str(point)
        write(folder, 1)
        seen = 0
        for name in ("fsync", "replace"):
            real = getattr(os, name)

            def failing(*args: object, real: object = real, point: int = point) -> object:
                nonlocal seen
                seen += 1
                if seen > point:
                    raise PowerCut
                return real(*args)  # type: ignore[operator]

            monkeypatch.setattr(os, name, failing)
        with pytest.raises(PowerCut):
            write(folder, 2)
        monkeypatch.undo()
        found, _ = checkpoints.newest_valid(folder)
        assert found is not None
        expected = 2 if point == points - 1 else 1  # the last is after the rename
        assert found.step == expected
        assert found.tensors("model")["w"][0] == expected
        write(folder, 2)
        newest, _ = checkpoints.newest_valid(folder)
        assert newest is not None
        assert newest.step == 2


def test_a_disk_that_fills_at_any_file_leaves_the_newest_valid_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = 4  # model, optimizer, config, manifest
    for point in range(files):
        folder = tmp_path / str(point)
        write(folder, 1)
        seen = 0

        def full(real: Any, *args: Any, point: int = point, **named: Any) -> Any:
            nonlocal seen
            seen += 1
            if seen > point:
                raise OSError(28, "No space left on device")
            return real(*args, **named)

        with monkeypatch.context() as broken:
            broken.setattr(torch, "save", partial(full, torch.save))
            real = Path.write_text
            broken.setattr(
                Path, "write_text", lambda *a, real=real, full=full, **n: full(real, *a, **n)
            )
            with pytest.raises(checkpoints.CheckpointFailed, match="No space left on device"):
                write(folder, 2)
        assert seen == point + 1
        assert [p.name for p in folder.iterdir()] == ["checkpoint_step_1"]
        found, damaged = checkpoints.newest_valid(folder)
        assert found is not None
        assert (found.step, damaged) == (1, [])


def test_torch_that_cannot_write_more_names_the_reason_of_the_system(tmp_path: Path) -> None:
    """torch itself says "unexpected pos"; here a file may have 100 kB, as a disk may be full."""
    write(tmp_path, 1)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(checkpoints.CheckpointFailed, match=r"step_2 .*: File too large$"):
            checkpoints.write_checkpoint(tmp_path, 2, {"model": torch.zeros(10**5)}, {}, {})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [p.name for p in tmp_path.iterdir()] == ["checkpoint_step_1"]


@pytest.mark.parametrize("name", ["model.pt", "optimizer.pt", "config.json", "manifest.json"])
@pytest.mark.parametrize("how", ["cut by a byte", "a bit flipped", "emptied"])
def test_damage_to_any_file_is_noticed(tmp_path: Path, name: str, how: str) -> None:
    write(tmp_path, 1)
    file = write(tmp_path, 2) / name
    content = bytearray(file.read_bytes())
    if how == "a bit flipped":  # in the manifest, in a hash
        at = content.index(b"sha256") + 12 if name == "manifest.json" else len(content) // 2
        content[at] ^= 1
    file.write_bytes({"cut by a byte": content[:-1], "emptied": b""}.get(how, content))
    found, damaged = checkpoints.newest_valid(tmp_path)
    assert found is not None
    assert found.step == 1
    assert [p.name for p in damaged] == ["checkpoint_step_2"]


def test_a_bit_flipped_anywhere_in_a_manifest_changes_nothing_unseen(tmp_path: Path) -> None:
    path = write(tmp_path, 2)
    whole = checkpoints.verify(path)
    assert whole is not None
    file = path / "manifest.json"
    content = file.read_bytes()
    unnoticed = 0
    for at in range(len(content)):
        file.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        found = checkpoints.verify(path)
        if found is not None:  # white space, or the name of the entry that seals it
            unnoticed += 1
            facts = {n: v for n, v in found.manifest.items() if n in whole.manifest}
            kept = {n: v for n, v in whole.manifest.items() if n != checkpoints.SEAL}
            assert kept.items() <= facts.items()
    assert unnoticed < len(content) // 4


def damage(path: Path, how: str) -> None:
    file = path / "model.pt"
    if how == "truncated":
        file.write_bytes(file.read_bytes()[:-9])
    elif how == "one bit flipped":
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(bytes(content))
    elif how == "file missing":
        file.unlink()
    elif how == "manifest missing":
        (path / "manifest.json").unlink()
    else:
        (path / "manifest.json").write_text('{"format": ')


@pytest.mark.parametrize(
    "how", ["truncated", "one bit flipped", "file missing", "manifest missing", "manifest broken"]
)
def test_a_damaged_checkpoint_is_passed_over(tmp_path: Path, how: str) -> None:
    write(tmp_path, 1)
    damage(write(tmp_path, 2), how)
    found, damaged = checkpoints.newest_valid(tmp_path)
    assert found is not None
    assert found.step == 1
    assert [p.name for p in damaged] == ["checkpoint_step_2"]
    with pytest.raises(InputError, match="does not verify"):
        checkpoints.open_checkpoint(tmp_path / "checkpoint_step_2")


def test_steps_are_ordered_as_numbers(tmp_path: Path) -> None:
    for step in (9, 10, 100):
        write(tmp_path, step)
    assert list(checkpoints.steps_in(tmp_path)) == [100, 10, 9]


def test_only_the_newest_are_kept_and_drafts_go(tmp_path: Path) -> None:
    for step in (1, 2, 3, 4):
        write(tmp_path, step)
    shutil.copytree(tmp_path / "checkpoint_step_1", tmp_path / "checkpoint_step_5.tmp-77")
    checkpoints.prune(tmp_path, 2)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["checkpoint_step_3", "checkpoint_step_4"]


def test_random_generators_continue_where_they_stood() -> None:
    random.seed(1)
    np.random.seed(1)
    torch.manual_seed(1)
    random.gauss(0, 1)
    np.random.standard_normal()
    state = checkpoints.random_state()
    first = (random.random(), random.gauss(0, 1), np.random.rand(), torch.rand(3).tolist())
    checkpoints.restore_random_state(state)
    again = (random.random(), random.gauss(0, 1), np.random.rand(), torch.rand(3).tolist())
    assert first == again


def test_a_missing_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no checkpoint at"):
        checkpoints.open_checkpoint(tmp_path / "checkpoint_step_3")
    assert checkpoints.newest_valid(tmp_path / "nowhere") == (None, [])
