"""An index changed in place is that of a fresh build; every version can be read and restored."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from test_rag_index import DOCS, LEXICAL, Doc, Toy

from havoc.errors import InputError
from havoc.rag.index import Index, build_index
from havoc.rag.update import restore_version, update_index

ROOT = Path(__file__).parents[2]
CHANGED = replace(DOCS[1], text="A moving average with memory detects a slow drift of the mean.")
NEW = Doc("spc/cusum", "CUSUM's chart", "Deviations from the target are summed up.")


def found(index: Index, query: str) -> list[str]:
    return [hit.passage.document for hit in index.search(query)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build_index(tmp_path / "i", DOCS, config=LEXICAL)
    return tmp_path / "i"


def test_an_update_gives_what_a_fresh_build_gives(folder: Path, tmp_path: Path) -> None:
    wanted = [NEW, CHANGED, *DOCS[2:]]  # one added, one changed, one deleted, another order
    manifest = update_index(folder, wanted, config=LEXICAL)
    fresh = build_index(tmp_path / "fresh", wanted, config=LEXICAL)
    assert manifest["content"] == fresh["content"]
    assert {k: manifest["history"][-1][k] for k in ("added", "changed", "deleted")} == {
        "added": 1,
        "changed": 1,
        "deleted": 1,
    }
    here, there = Index(folder, config=LEXICAL), Index(tmp_path / "fresh", config=LEXICAL)
    assert found(here, "box-behnken design") == []
    assert found(here, "slow drift") == ["spc/ewma"]
    assert found(here, "exponentially weighted") == []
    for query in ("summed deviations", "torque of bolts", "means with unequal variances"):
        assert found(here, query) == found(there, query) != []


def test_only_what_differs_is_embedded(tmp_path: Path) -> None:
    seen: list[str] = []

    class Counting(Toy):
        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            seen.extend(texts)
            return super().embed(texts)

    build_index(tmp_path / "i", DOCS, config=LEXICAL, embedder=Counting())
    seen.clear()
    update_index(tmp_path / "i", [*DOCS, NEW], config=LEXICAL, embedder=Counting())
    assert [text.split(".")[0] for text in seen] == ["CUSUM's chart"]
    index = Index(tmp_path / "i", embedder=Toy())
    assert index.by_meaning
    assert "spc/cusum" in found(index, "summed deviations")


def test_nothing_to_do_makes_no_version(folder: Path) -> None:
    before = Index(folder, config=LEXICAL).manifest
    assert update_index(folder, reversed(DOCS), config=LEXICAL) == before
    assert Index(folder, config=LEXICAL).manifest == before


def test_some_documents_can_be_added_without_naming_the_others(folder: Path) -> None:
    manifest = update_index(folder, [NEW], remove_others=False, config=LEXICAL)
    assert manifest["passages"] == len(DOCS) + 1
    assert manifest["history"][-1]["deleted"] == 0


def test_earlier_versions_are_read_and_restored(folder: Path) -> None:
    first = Index(folder, config=LEXICAL).manifest
    second = update_index(folder, DOCS[:2], config=LEXICAL)
    third = update_index(folder, [*DOCS[:2], NEW], config=LEXICAL)
    assert found(Index(folder, config=LEXICAL), "torque") == []
    old = Index(folder, config=LEXICAL, version=first["version"])
    assert found(old, "torque") == ["eng/torque"]
    assert old.content == first["content"]
    assert found(old, "summed deviations") == []
    back = restore_version(folder, first["version"])
    assert back["content"] == first["content"]
    assert found(Index(folder, config=LEXICAL), "torque") == ["eng/torque"]
    middle = Index(folder, config=LEXICAL, version=second["version"])
    assert middle.manifest["passages"] == 2
    assert [h["version"] for h in back["history"]] == [
        first["version"],
        second["version"],
        third["version"],
        back["version"],
    ]
    with pytest.raises(InputError, match="no version 999 of this index; there are"):
        Index(folder, config=LEXICAL, version=999)
    with pytest.raises(InputError, match="no version 999"):
        restore_version(folder, 999)


def test_an_open_index_does_not_see_an_update(folder: Path) -> None:
    index = Index(folder, config=LEXICAL)
    update_index(folder, DOCS[:1], config=LEXICAL)
    assert found(index, "torque") == ["eng/torque"]


def test_an_update_that_fails_half_way_is_not_seen_and_undone(folder: Path) -> None:
    many = [
        Doc(f"d{n}", f"Title {n}", f"Text {n}. " + "Words of it. " * 90) for n in range(2_100)
    ]  # some are written

    def broken() -> object:
        yield from many
        yield from DOCS[:2]
        raise RuntimeError("the disk is gone")

    before = Index(folder, config=LEXICAL)
    with pytest.raises(RuntimeError, match="the disk is gone"):
        update_index(folder, broken(), config=LEXICAL)  # type: ignore[arg-type]
    after = Index(folder, config=LEXICAL)
    assert after.manifest == before.manifest
    assert found(after, "words of it") == found(before, "words of it")
    update_index(folder, [*DOCS, NEW], config=LEXICAL)
    assert Index(folder, config=LEXICAL).manifest["passages"] == len(DOCS) + 1


UPDATE = """
import sys
from dataclasses import dataclass
from pathlib import Path
from havoc.config import RagConfig
from havoc.rag.update import update_index

@dataclass(frozen=True)
class Doc:
    id: str
    title: str
    text: str
    source: str = "handbook"
    domain: str = "stats"
    licence: str = "Apache-2.0"

docs = [Doc(f"d{n}", f"Title {n}", f"Text {n}. " + "Words of it. " * 90) for n in range(1500)]
print("ready", flush=True)
update_index(Path(sys.argv[1]), docs, config=RagConfig(embedder="none"))
"""


def test_a_killed_update_leaves_an_index_that_answers(folder: Path) -> None:
    chance = random.Random(8)
    before = Index(folder, config=LEXICAL).content
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", UPDATE, str(folder)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.random() * 0.3)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        index = Index(folder, config=LEXICAL)
        if index.content == before:
            assert found(index, "torque") == ["eng/torque"]
    update_index(folder, DOCS, config=LEXICAL)
    assert Index(folder, config=LEXICAL).content == before
    assert found(Index(folder, config=LEXICAL), "torque") == ["eng/torque"]


def test_refusals_are_one_line(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no index here"):
        update_index(tmp_path / "none", DOCS, config=LEXICAL)
    with pytest.raises(InputError, match="built with the embedder none, here is toy"):
        update_index(folder, DOCS, config=LEXICAL, embedder=Toy())
    with pytest.raises(InputError, match="two documents have the id 'doe/box-behnken'"):
        update_index(folder, [*DOCS, DOCS[0]], config=LEXICAL)
    with pytest.raises(InputError, match="no passages to index"):
        update_index(folder, [], config=LEXICAL)
    assert found(Index(folder, config=LEXICAL), "torque") == ["eng/torque"]
