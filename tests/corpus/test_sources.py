"""Raw text from installed packages, the handbook, lessons and a person's own files."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from havoc.corpus.docstrings import harvest, public_name
from havoc.corpus.documents import MAX_CHARACTERS, read_folder
from havoc.corpus.sources import MAX_PARAGRAPH_REPEATS, build_sources, domain_of, package_documents
from havoc.errors import InputError

# A small real package keeps the test fast: patsy comes with statsmodels.
PACKAGE = "patsy"


def _bytes(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.jsonl")}


def test_the_same_versions_give_the_same_bytes(tmp_path: Path) -> None:
    lessons = ["Find the average of 2 and 4. It is 3.", {"text": "x = 2", "domain": "math"}]
    first = build_sources(tmp_path / "a", packages=[PACKAGE], lessons=lessons)
    second = build_sources(tmp_path / "b", packages=[PACKAGE], lessons=iter(lessons))
    assert first == second
    assert _bytes(tmp_path / "a") == _bytes(tmp_path / "b")
    assert first["domains"]["math"]["documents"] == 1


def test_files_of_a_person_are_left_alone_and_stale_ones_of_ours_go(tmp_path: Path) -> None:
    build_sources(tmp_path, packages=[], lessons=["A lesson."])
    mine = tmp_path / "stats" / "notes.txt"
    mine.write_text("My own notes.")
    build_sources(tmp_path, packages=[])
    assert mine.read_text() == "My own notes."
    assert not (tmp_path / "stats" / "havoc_lessons.jsonl").exists()
    assert not list(tmp_path.rglob("*.partial"))


def test_documents_carry_id_source_domain_title_and_text(tmp_path: Path) -> None:
    build_sources(tmp_path, packages=[PACKAGE])
    lines = (tmp_path / "general" / f"havoc_{PACKAGE}.jsonl").read_text().splitlines()
    records = [json.loads(line) for line in lines]
    assert {"id", "source", "domain", "title", "text"} <= set(records[0])
    assert len({r["id"] for r in records}) == len(records)
    text = next(r["text"] for r in records if r["title"] == "patsy.highlevel.dmatrix")
    assert "design matrix" in text
    assert ">>>" not in text


def test_a_paragraph_that_many_functions_share_is_kept_a_few_times() -> None:
    paragraphs = Counter(p for d in package_documents("scipy") for p in d.text.split("\n\n"))
    assert max(paragraphs.values()) == MAX_PARAGRAPH_REPEATS


def test_compiled_functions_have_their_documentation_too() -> None:
    names = {d.name for d in harvest("numpy")}
    assert {"numpy.exp", "numpy.random.Generator.normal"} <= names


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("scipy.stats.ttest_ind", "stats"),
        ("scipy.special.gamma", "math"),
        ("scipy.signal.butter", "engineering"),
        ("sympy.physics.mechanics.kane", "engineering"),
        ("sympy.solvers.solve", "math"),
        ("sympy.stats.Normal", "stats"),
        ("pandas.DataFrame.merge", "general"),
        ("scipy.statsx", "math"),
    ],
)
def test_documentation_goes_to_the_domain_it_is_about(name: str, domain: str) -> None:
    assert domain_of(name) == domain


def test_private_modules_are_left_out_of_names() -> None:
    assert public_name("scipy.stats._stats_py.ttest_ind") == "scipy.stats.ttest_ind"
    assert public_name("scipy._lib._util._lazy") == "scipy._lazy"


def test_every_format_a_person_may_bring_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Plain text.")
    (tmp_path / "b.md").write_text("# Torque\n\nTighten it.")
    (tmp_path / "c.jsonl").write_text('{"text": "one"}\n\n{"content": "two", "title": "T"}\n')
    pq.write_table(pa.table({"text": ["three"], "other": [1]}), tmp_path / "d.parquet")
    (tmp_path / "e.xyz").write_bytes(b"ignored")
    found = list(read_folder(tmp_path, "general"))
    assert [d.text for d in found] == [
        "Plain text.",
        "# Torque\n\nTighten it.",
        "one",
        "two",
        "three",
    ]
    assert [d.title for d in found] == ["a", "Torque", "", "T", ""]
    assert len({d.id for d in found}) == 5


def test_a_book_is_cut_at_paragraphs(tmp_path: Path) -> None:
    paragraph = "word " * 200
    (tmp_path / "book.txt").write_text("\n\n".join([paragraph] * 1000))
    pieces = [d.text for d in read_folder(tmp_path, "stats")]
    assert len(pieces) > 4
    assert all(piece.endswith("word") for piece in pieces)
    assert max(map(len, pieces)) <= MAX_CHARACTERS
    assert "".join(pieces).count("word") == 200_000


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("x.jsonl", b'{"text": "ok"}\n{"text": \n', r"x\.jsonl:2: not a JSON object"),
        ("x.jsonl", b'{"txt": "ok"}\n', "expected a string under one of text, content, body"),
        ("x.jsonl", b"[1]\n", "expected a JSON object, found list"),
        ("x.txt", b"\xff\xfe\x00a", "not UTF-8"),
        ("x.parquet", b"no parquet", "not a readable Parquet file"),
    ],
)
def test_a_broken_file_is_named_in_one_line(
    tmp_path: Path, name: str, content: bytes, expected: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=expected) as caught:
        list(read_folder(tmp_path, "stats"))
    assert "\n" not in str(caught.value)


def test_a_package_that_is_not_installed_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'no_such_package' is not installed"):
        build_sources(tmp_path, packages=["no_such_package"])
