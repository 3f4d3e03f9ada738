"""An index in a bucket of S3: built, searched, changed in place, read and restored as it was, as in a folder."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_rag_index import DOCS, LEXICAL, Doc, Toy

from havoc.config import RagConfig
from havoc.errors import InputError
from havoc.rag.index import Index, build_index
from havoc.rag.update import restore_version, update_index

boto3 = pytest.importorskip("boto3")
moto_server = pytest.importorskip("moto.server")
CHANGED = replace(DOCS[1], text="A moving average with memory detects a slow drift of the mean.")
NEW = Doc("spc/cusum", "CUSUM's chart", "Deviations from the target are summed up.")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    patch = pytest.MonkeyPatch()
    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        patch.setenv(key, "testing")
    patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    made = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    made.start()
    host, port = made.get_host_and_port()
    patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    boto3.client("s3").create_bucket(Bucket="plant")
    yield f"http://{host}:{port}"
    made.stop()
    patch.undo()


@pytest.fixture
def place(server: str, request: pytest.FixtureRequest) -> str:
    """A prefix with an index of the five documents."""
    where = f"s3://plant/{request.node.name}"
    build_index(where, DOCS, config=LEXICAL)
    return where


def found(where: Path | str, query: str, **options: Any) -> list[str]:
    index = Index(where, config=LEXICAL, **options)
    return [hit.passage.document for hit in index.search(query)]


def test_it_is_the_index_of_a_folder(place: str, tmp_path: Path) -> None:
    build_index(tmp_path / "i", DOCS, config=LEXICAL)
    here, there = Index(place, config=LEXICAL), Index(tmp_path / "i", config=LEXICAL)
    assert here.content == there.content
    for query in ("box-behnken design", "torque of bolts", "means with unequal variances"):
        assert [f.citation() for f in here.search(query)] == [
            f.citation() for f in there.search(query)
        ]


def test_it_is_changed_in_place_and_earlier_versions_stay(place: str, tmp_path: Path) -> None:
    first = Index(place, config=LEXICAL).manifest
    wanted = [NEW, CHANGED, *DOCS[2:]]  # one added, one changed, one deleted
    second = update_index(place, wanted, config=LEXICAL)
    assert second["content"] == build_index(tmp_path / "i", wanted, config=LEXICAL)["content"]
    assert found(place, "slow drift") == ["spc/ewma"]
    assert found(place, "box-behnken design") == []
    assert found(place, "box-behnken design", version=first["version"]) == ["doe/box-behnken"]
    back = restore_version(place, first["version"])
    assert back["content"] == first["content"]
    assert found(place, "box-behnken design") == ["doe/box-behnken"]
    assert found(place, "slow drift", version=second["version"]) == ["spc/ewma"]


def test_built_anew_it_keeps_what_readers_have_open(place: str) -> None:
    reader = Index(place, config=LEXICAL)
    manifest = build_index(place, [NEW], config=LEXICAL)
    assert [hit.passage.document for hit in reader.search("torque")] == ["eng/torque"]
    assert found(place, "torque") == []
    assert found(place, "torque", version=reader.manifest["version"]) == ["eng/torque"]
    assert len(manifest["history"]) == 2


def test_vectors_are_searched_there_too(server: str) -> None:
    build_index("s3://plant/vectors", DOCS, config=LEXICAL, embedder=Toy())
    both = Index("s3://plant/vectors", config=RagConfig(), embedder=Toy())
    assert both.search("how much scrap")[0].passage.id == "spc/p-chart#1"


@pytest.mark.parametrize("also", [[NEW], [CHANGED]], ids=["the same", "another"])
def test_of_two_updates_at_once_one_is_told_to_begin_again(also: Sequence[Doc], place: str) -> None:
    def slow() -> Iterator[Doc]:
        yield NEW
        update_index(place, also, remove_others=False, config=LEXICAL)  # another machine's

    with pytest.raises(InputError, match="another process changed this index meanwhile"):
        update_index(place, slow(), remove_others=False, config=LEXICAL)
    held = Index(place, config=LEXICAL).manifest["passages"]
    assert held == len(DOCS) + (also[0] is NEW)
    update_index(place, [NEW], remove_others=False, config=LEXICAL)
    assert Index(place, config=LEXICAL).manifest["passages"] == len(DOCS) + 1


def test_an_update_that_fails_half_way_is_not_seen_and_undone(place: str) -> None:
    def broken() -> Iterator[Doc]:
        yield from (Doc(f"d{n}", f"Title {n}", "Words of it. " * 90) for n in range(2_100))
        raise RuntimeError("the network is gone")

    before = Index(place, config=LEXICAL).manifest
    with pytest.raises(RuntimeError, match="the network is gone"):
        update_index(place, broken(), config=LEXICAL)
    assert Index(place, config=LEXICAL).manifest == before
    assert found(place, "torque") == ["eng/torque"]
    update_index(place, [*DOCS, NEW], config=LEXICAL)
    assert Index(place, config=LEXICAL).manifest["passages"] == len(DOCS) + 1


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("s3://plant", r"expected s3://BUCKET/PREFIX"),
        ("s3://plant/empty", r"s3://plant/empty: no index here"),
        ("s3://none-such/index", r"s3://none-such/index: .*bucket does not exist"),
    ],
)
def test_what_is_not_there_is_one_line(where: str, told: str, server: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        Index(where, config=LEXICAL)
    assert "\n" not in str(caught.value)


def test_a_server_that_is_away_is_one_line(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(InputError, match="s3://plant/i: Could not connect"):
        Index("s3://plant/i", config=LEXICAL)


def test_without_boto3_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "boto3":
            raise ImportError(name)
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"needs boto3; run pip install 'havoc\[cluster\]'"):
        Index("s3://plant/i", config=LEXICAL)
