"""Text from outside: each kind of source, kills at any moment, bounded memory, honest refusals."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from havoc.corpus.documents import read_folder
from havoc.corpus.fetching import SourceAway, download, list_files
from havoc.corpus.ingest import ingest
from havoc.corpus.recipe import Source, load_recipe
from havoc.errors import InputError

ROOT = Path(__file__).parents[2]


def rows(count: int, width: int = 200) -> list[dict[str, str]]:
    return [{"text": f"Row {n} of wear and seals. " + "x y " * (width // 4)} for n in range(count)]


def write_jsonl(path: Path, records: list[dict[str, str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(r) + "\n" for r in records).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def shards(folder: Path) -> dict[str, str]:
    return {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.glob("part-*"))
    }


def ids(folder: Path) -> list[str]:
    return [d.id for d in read_folder(folder, "stats")]


def take(name: str, source: Source, data: Path) -> dict[str, Any]:
    return ingest({name: source}, data)[name]


class Site(http.server.BaseHTTPRequestHandler):
    """Files by path; Range is honoured; the first ``breaks`` answers end half way."""

    files: ClassVar[dict[str, bytes]] = {}
    breaks = 0
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        content = type(self).files.get(self.path)
        type(self).asked.append(f"{self.path} {self.headers.get('Range', '')}".strip())
        if content is None:
            self.send_error(404)
            return
        start = int((self.headers.get("Range") or "bytes=0-")[6:].rstrip("-"))
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        kind = "application/json" if self.path.startswith("/api") else "application/octet-stream"
        self.send_header("Content-Type", kind)
        self.end_headers()
        part = content[start:]
        if type(self).breaks > 0:
            type(self).breaks -= 1
            part = part[: len(part) // 2]
        self.wfile.write(part)
        self.close_connection = True

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    Site.files, Site.breaks, Site.asked = {}, 0, []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_folder_is_taken_with_licences_masks_and_reasons(tmp_path: Path) -> None:
    plant = tmp_path / "plant"
    write_jsonl(
        plant / "a.jsonl.gz", [*rows(3), {"text": "Ask bob@example.com.", "license": "MIT"}]
    )
    (plant / "b.txt").write_text("Text.")
    (plant / "b.txt.license").write_text("SPDX-License-Identifier: CC0-1.0")
    (plant / "bad.pdf").write_bytes(b"%PDF damaged")
    (plant / "c.exe").write_bytes(b"MZ")
    source = Source(location=str(plant), domain="engineering", licence="CC-BY-4.0")
    report = take("plant", source, tmp_path / "data")
    found = list(read_folder(tmp_path / "data" / "engineering", "engineering"))
    assert [d.id for d in found] == [f"plant/a.jsonl.gz#{n}" for n in (1, 2, 3, 4)] + [
        "plant/b.txt#1"
    ]
    assert [d.licence for d in found] == ["CC-BY-4.0"] * 3 + ["MIT", "CC0-1.0"]
    assert {d.source for d in found} == {"plant"}
    assert found[3].text == "Ask <EMAIL>."
    assert found[4].title == "b"
    assert report["masked"] == {"email": 1}
    assert report["licences"] == {"CC-BY-4.0": 3, "MIT": 1, "CC0-1.0": 1}
    assert [q["file"] for q in report["quarantined"]] == ["bad.pdf", "c.exe"]
    assert report["left_out"] == 2


def test_taken_again_nothing_is_doubled(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in" / "a.jsonl", rows(5))
    source = Source(location=str(tmp_path / "in"), shard_characters=500)
    folder = tmp_path / "data" / "general" / "s"
    take("s", source, tmp_path / "data")
    before = shards(folder)
    assert len(before) == 2
    take("s", source, tmp_path / "data")
    assert shards(folder) == before
    with pytest.raises(InputError, match="the recipe has another licence than the journal"):
        take("s", source.replace(licence="MIT"), tmp_path / "data")


def test_limits_stop_a_source(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in" / "a.jsonl", rows(50))
    few = Source(location=str(tmp_path / "in"), most_documents=7)
    assert take("few", few, tmp_path / "data")["documents"] == 7
    little = Source(location=str(tmp_path / "in"), most_characters=1000)
    assert 1000 <= take("little", little, tmp_path / "data")["characters"] < 1300


def test_a_file_by_url_survives_a_broken_connection(tmp_path: Path, site: str) -> None:
    content = "".join(json.dumps(r) + "\n" for r in rows(400)).encode()
    Site.files = {"/d/a.jsonl": content}
    Site.breaks = 2
    waits: list[float] = []
    download(f"{site}/d/a.jsonl", tmp_path / "got", pause=waits.append)
    assert (tmp_path / "got").read_bytes() == content
    half, rest = len(content) // 2, len(content) - len(content) // 2
    assert Site.asked == [
        "/d/a.jsonl",
        f"/d/a.jsonl bytes={half}-",
        f"/d/a.jsonl bytes={half + rest // 2}-",
    ]
    assert waits == [2.0, 4.0]
    digest = hashlib.sha256(content).hexdigest()
    source = Source(kind="url", location=f"{site}/d/a.jsonl", sha256=digest)
    assert take("u", source, tmp_path / "data")["documents"] == 400


def test_refusals_of_a_server_are_one_line(tmp_path: Path, site: str) -> None:
    Site.files = {"/a.txt": b"Text."}
    wrong = Source(kind="url", location=f"{site}/a.txt", sha256="0" * 64)
    report = take("wrong", wrong, tmp_path / "data")
    assert "SHA-256 is" in report["quarantined"][0]["reason"]
    gone = take("gone", Source(kind="url", location=f"{site}/b.txt"), tmp_path / "data")
    assert gone["quarantined"][0]["reason"].endswith("the server says 404")
    with pytest.raises(SourceAway, match="run it again to go on"):
        download("http://127.0.0.1:9/x", tmp_path / "x", tries=2, pause=lambda seconds: None)


def test_a_bucket_of_s3_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    boto3 = pytest.importorskip("boto3")
    from moto.server import ThreadedMotoServer

    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(key, "testing")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
        client.create_bucket(Bucket="plant")
        body = "".join(json.dumps(r) + "\n" for r in rows(4)).encode()
        client.put_object(Bucket="plant", Key="reports/2026/a.jsonl", Body=body)
        client.put_object(Bucket="plant", Key="reports/notes.txt", Body=b"Notes.")
        client.put_object(Bucket="plant", Key="other/b.jsonl", Body=body)
        source = Source(
            kind="s3", location="s3://plant/reports", files="*.jsonl", endpoint=endpoint
        )
        take("s3", source, tmp_path / "data")
        with pytest.raises(SourceAway, match="s3://none/x"):
            list_files(source.replace(location="s3://none/x"))
    finally:
        server.stop()
    assert ids(tmp_path / "data" / "general") == [f"s3/2026/a.jsonl#{n}" for n in (1, 2, 3, 4)]


def test_a_dataset_of_the_hub_is_taken_at_one_commit(tmp_path: Path, site: str) -> None:
    commit = "c0ffee" * 6 + "abcd"
    pq.write_table(pa.table({"text": [r["text"] for r in rows(3)]}), tmp_path / "p.parquet")
    tree = [
        {"type": "file", "path": path, "size": 9, "oid": oid}
        for path, oid in (("README.md", "a" * 40), ("data/train.parquet", "b" * 40))
    ]
    api = "/api/datasets/own/set"
    about = json.dumps({"id": "own/set", "sha": commit, "siblings": []}).encode()
    Site.files = {
        f"{api}/revision/main": about,
        f"{api}/tree/{commit}?recursive=true&expand=false": json.dumps(tree).encode(),
        f"{api}/tree/{commit}?recursive=True&expand=False": json.dumps(tree).encode(),
        f"/datasets/own/set/resolve/{commit}/data/train.parquet": (
            tmp_path / "p.parquet"
        ).read_bytes(),
    }
    source = Source(kind="hub", location="own/set", files="data/*.parquet", endpoint=site)
    take("hub", source, tmp_path / "data")
    assert ids(tmp_path / "data" / "general") == [f"hub/data/train.parquet#{n}" for n in (1, 2, 3)]


RUN = """
import sys
from havoc.corpus.ingest import ingest
from havoc.corpus.recipe import load_recipe
from pathlib import Path
ingest(load_recipe(sys.argv[1]), Path(sys.argv[2]), progress=lambda line: print(line, flush=True))
"""


def start(recipe: Path, data: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(recipe), str(data)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_killed_at_any_moment_nothing_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl.gz", "c.jsonl"):
        records = [*rows(90), {"body": "Mail bob@example.com."}, {"nothing": "here"}, *rows(60)]
        write_jsonl(tmp_path / "in" / name, records)
    source = Source(location=str(tmp_path / "in"), shard_characters=1500)
    whole = take("s", source, tmp_path / "whole")
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(f"s:\n  location: {tmp_path / 'in'}\n  shard_characters: 1500\n")
    chance = random.Random(4)
    kills = 0
    while kills < 40:
        process = start(recipe, tmp_path / "data")
        assert process.stdout is not None
        for _ in range(chance.randint(1, 45)):  # so many shards, then somewhere in the next
            if not process.stdout.readline():
                break
        if process.poll() is None:
            time.sleep(chance.choice((0.0, 0.001, 0.003)))
            process.kill()
            kills += 1
        process.stdout.close()
        if process.wait() == 0:
            break
    assert kills >= 3
    journal = take("s", source, tmp_path / "data")
    assert shards(tmp_path / "data" / "general" / "s") == shards(
        tmp_path / "whole" / "general" / "s"
    )
    assert journal == {**whole, "folder": journal["folder"]}
    assert journal["masked"] == {"email": 3}
    assert journal["left_out"] == 3
    assert not list((tmp_path / "data").rglob("*.partial"))


MEMORY = """
import resource, sys
from havoc.corpus.ingest import ingest
from havoc.corpus.recipe import Source
from pathlib import Path
source = Source(location=sys.argv[1], mask_personal_data=False, shard_characters=int(sys.argv[3]))
ingest({"s": source}, Path(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def test_memory_does_not_grow_with_the_source(tmp_path: Path) -> None:
    def megabytes(documents: int) -> float:
        folder = tmp_path / str(documents)
        write_jsonl(folder / "in" / "a.jsonl", rows(documents, width=8000))
        command = [
            sys.executable,
            "-c",
            MEMORY,
            str(folder / "in"),
            str(folder / "data"),
            "999999999",
        ]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        return float(done.stdout)

    # 3 and 32 million characters: held at once the larger would be 29 MB more, or a multiple
    assert megabytes(4_000) < megabytes(400) + 20


def test_a_file_that_changes_between_two_runs_is_named(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in" / "a.jsonl", rows(9))
    source = Source(location=str(tmp_path / "in"), shard_characters=300)
    folder = tmp_path / "data" / "general" / "s"
    take("s", source, tmp_path / "data")
    journal = folder / ".ingest.json"
    state = json.loads(journal.read_text())
    journal.write_text(json.dumps(state | {"done": False}))
    write_jsonl(tmp_path / "in" / "a.jsonl", rows(10))
    with pytest.raises(InputError, match=r"a\.jsonl has changed at its source"):
        take("s", source, tmp_path / "data")
    journal.write_text("{")
    with pytest.raises(InputError, match="damaged"):
        take("s", source, tmp_path / "data")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no source in this recipe"),
        ("a: 7", "source 'a': expected 'kind'"),
        ("A b: {kind: path}", "a name is of small letters"),
        ("a: {kind: htub, location: x/y}", "did you mean 'hub'"),
        ("a: {kind: s3, location: bucket}", "expected s3://BUCKET/PREFIX for kind s3"),
        ("a: {kind: url, location: 'ftp://x'}", "expected http"),
        ("a: {kind: path, location: x, licens: y}", "did you mean 'licence'"),
        ("a: {kind: url, location: 'https://x/y', sha256: abc}", "64 hexadecimal digits"),
    ],
)
def test_a_wrong_recipe_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        load_recipe(path)


def test_the_recipes_that_come_with_it_are_whole() -> None:
    big = load_recipe("sources_7b")
    characters = sum(s.most_characters or 9.6e9 * 4 for s in big.values() if s.kind == "hub")
    assert 80e9 < characters / 4 < 120e9  # at about four characters a token
    assert {s.kind for s in load_recipe("example").values()} == {"path", "url", "s3", "hub"}
    assert all(s.mask_personal_data for s in big.values())
