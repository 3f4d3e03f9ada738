"""Reading and writing documents: what the corpus is made of, wherever it comes from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from havoc.errors import InputError

DOMAINS = ("math", "stats", "engineering", "general")
SUFFIXES = (".txt", ".md", ".jsonl", ".parquet")
TEXT_KEYS = ("text", "content", "body")
# A text file may be a whole library: it is read in pieces of this size.
MAX_CHARACTERS = 200_000


@dataclass(frozen=True)
class Document:
    """A text with where it is from."""

    id: str
    source: str
    domain: str
    title: str
    text: str
    licence: str = "unknown"

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


class JsonlWriter:
    """Writes documents a line each; the file appears whole on ``close`` or not at all."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.documents = 0
        self.characters = 0
        self._partial = path.with_name(f".{path.name}.partial")
        self._stream = self._partial.open("wb")
        self._hash = hashlib.sha256()

    def add(self, document: Document) -> None:
        line = (document.as_json() + "\n").encode()
        self._stream.write(line)
        self._hash.update(line)
        self.documents += 1
        self.characters += len(document.text)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def close(self) -> None:
        self._stream.close()
        self._partial.replace(self.path)


def read_folder(folder: Path, domain: str) -> Iterator[Document]:
    """Yield the documents of every readable file under ``folder``, files by path."""
    if not folder.is_dir():
        return
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.suffix.lower() in SUFFIXES and not path.name.startswith("."):
            yield from read_file(path, domain, name=path.relative_to(folder).as_posix())


def read_file(path: Path, domain: str, *, name: str | None = None) -> Iterator[Document]:
    """Yield the documents of one .txt, .md, .jsonl or .parquet file."""
    name = name or path.name
    suffix = path.suffix.lower()
    if suffix in (".txt", ".md"):
        yield from _read_text(path, domain, name)
    elif suffix == ".jsonl":
        yield from _read_jsonl(path, domain, name)
    elif suffix == ".parquet":
        yield from _read_parquet(path, domain, name)
    else:
        raise InputError(
            f"{path}: cannot read {suffix or 'a file without suffix'}; "
            f"expected one of {', '.join(SUFFIXES)}"
        )


def _read_text(path: Path, domain: str, name: str) -> Iterator[Document]:
    title = path.stem.replace("_", " ").replace("-", " ")
    try:
        with path.open(encoding="utf-8-sig") as stream:
            for number, text in enumerate(_pieces(stream, MAX_CHARACTERS), start=1):
                yield Document(f"{name}#{number}", name, domain, _heading(text) or title, text)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8"
        ) from error


def cut(document: Document, max_characters: int) -> Iterator[Document]:
    """Yield ``document``, in pieces cut at lines when it is longer than ``max_characters``."""
    if len(document.text) <= max_characters:
        yield document
        return
    lines = document.text.splitlines(keepends=True)
    for number, text in enumerate(_pieces(lines, max_characters), start=1):
        yield replace(document, id=f"{document.id}/{number}", text=text)


def _pieces(lines: Iterable[str], max_characters: int) -> Iterator[str]:
    """Cut lines into pieces of at most ``max_characters``, at a blank line when one is near."""
    held: list[str] = []
    size = 0
    for line in lines:
        full = size + len(line) > max_characters
        if held and (full or (size > 0.8 * max_characters and not line.strip())):
            yield "".join(held).strip()
            held, size = [], 0
        held.append(line)
        size += len(line)
    if rest := "".join(held).strip():
        yield rest


def _heading(text: str) -> str:
    first = text.split("\n", 1)[0]
    return first.lstrip("# ").strip() if first.startswith("#") else ""


def _read_jsonl(path: Path, domain: str, name: str) -> Iterator[Document]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except ValueError as error:
                raise InputError(
                    f"{path}:{number}: not a JSON object on one line ({error})"
                ) from error
            if not isinstance(record, dict):
                raise InputError(
                    f"{path}:{number}: expected a JSON object, found {type(record).__name__}"
                )
            yield _from_record(record, domain, name, number, f"{path}:{number}")


def _read_parquet(path: Path, domain: str, name: str) -> Iterator[Document]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"{path}: not a readable Parquet file ({error})") from error
    known = [*TEXT_KEYS, "id", "source", "domain", "title", "licence"]
    columns = [c for c in file.schema_arrow.names if c in known]
    number = 0
    for batch in file.iter_batches(batch_size=1024, columns=columns):
        for record in batch.to_pylist():
            number += 1
            yield _from_record(record, domain, name, number, f"{path} row {number}")


def _from_record(
    record: Mapping[str, Any], domain: str, name: str, number: int, where: str
) -> Document:
    text = next((record[k] for k in TEXT_KEYS if isinstance(record.get(k), str)), None)
    if text is None:
        raise InputError(f"{where}: no text; expected a string under one of {', '.join(TEXT_KEYS)}")
    return Document(
        id=str(record.get("id") or f"{name}#{number}"),
        source=str(record.get("source") or name),
        domain=record["domain"] if record.get("domain") in DOMAINS else domain,
        title=str(record.get("title") or ""),
        text=text,
        licence=str(record.get("licence") or "unknown"),
    )
