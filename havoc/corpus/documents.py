"""Reading and writing documents: what the corpus is made of, wherever it comes from."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from havoc.errors import InputError

DOMAINS = ("math", "stats", "engineering", "general")
PAGED = (".pdf", ".html", ".htm", ".xhtml", ".docx", ".epub")
SUFFIXES = (".txt", ".md", ".jsonl", ".parquet", *PAGED)
UNKNOWN_LICENCE = "unknown"
# Beside a file, what REUSE (reuse.software, version 3.3) puts there: SPDX-License-Identifier.
LICENCE_SUFFIX = ".license"
TEXT_KEYS = ("text", "content", "body")
# A text file may be a whole library: it is read in pieces of this size.
MAX_CHARACTERS = 200_000
PARQUET_ROWS = 256


@dataclass(frozen=True)
class Document:
    """A text with where it is from."""

    id: str
    source: str
    domain: str
    title: str
    text: str
    licence: str = UNKNOWN_LICENCE

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


# Told the file, and why it or one record of it was left out.
Quarantine = Callable[[Path, str], None]


def read_folder(
    folder: Path, domain: str, quarantine: Quarantine | None = None
) -> Iterator[Document]:
    """Yield the documents of every readable file under ``folder``, files by path.

    What cannot be read is an ``InputError``, or with ``quarantine`` is told to it and left out: a
    record of a .jsonl or .parquet file alone, else the file from the damage on.
    """
    for path in readable_files(folder):
        name = path.relative_to(folder).as_posix()
        yield from read_file(path, domain, name=name, quarantine=quarantine)


def readable_files(folder: Path) -> list[Path]:
    """The files under ``folder`` that documents are read from, by path; none without the folder."""
    return sorted(
        p
        for p in folder.rglob("*")
        if p.is_file() and p.suffix.lower() in SUFFIXES and not p.name.startswith(".")
    )


def read_file(
    path: Path, domain: str, *, name: str | None = None, quarantine: Quarantine | None = None
) -> Iterator[Document]:
    """Yield the documents of one file, whatever of ``SUFFIXES`` it is."""
    licence = declared_licence(path)
    try:
        for document in _documents(path, domain, name or path.name, quarantine):
            known = document.licence != UNKNOWN_LICENCE or licence == UNKNOWN_LICENCE
            yield document if known else replace(document, licence=licence)
    except InputError as error:
        if quarantine is None:
            raise
        quarantine(path, str(error))


def _documents(
    path: Path, domain: str, name: str, quarantine: Quarantine | None
) -> Iterator[Document]:
    suffix = path.suffix.lower()
    if suffix in (".txt", ".md"):
        return _read_text(path, domain, name)
    if suffix in (".jsonl", ".parquet"):
        records = _jsonl_records(path) if suffix == ".jsonl" else _parquet_records(path)
        return _from_records(records, path, domain, name, quarantine)
    if suffix in PAGED:
        from havoc.corpus.readers import READERS

        return READERS[suffix](path, domain, name)
    raise InputError(
        f"{path}: cannot read {suffix or 'a file without suffix'}; "
        f"expected one of {', '.join(SUFFIXES)}"
    )


def declared_licence(path: Path) -> str:
    """The licence that a file ``NAME.license`` beside this one declares, as REUSE has it."""
    beside = path.with_name(path.name + LICENCE_SUFFIX)
    if not beside.is_file():
        return UNKNOWN_LICENCE
    declared = re.search(
        r"SPDX-License-Identifier:\s*(\S.*)", beside.read_text(encoding="utf-8", errors="replace")
    )
    return declared[1].strip() if declared else UNKNOWN_LICENCE


def title_of(name: str) -> str:
    """What a file without a title of its own is called: its name in words."""
    return Path(name).stem.replace("_", " ").replace("-", " ")


def _read_text(path: Path, domain: str, name: str) -> Iterator[Document]:
    title = title_of(name)
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


# A record's number and place, and the record, or what is wrong with it.
Record = tuple[int, str, Mapping[str, Any] | InputError]


def _jsonl_records(path: Path) -> Iterator[Record]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            where = f"{path}:{number}"
            try:
                record = json.loads(line)
            except ValueError as error:
                wrong = InputError(f"{where}: not a JSON object on one line ({error})")
                yield number, where, wrong
                continue
            if not isinstance(record, dict):
                kind = type(record).__name__
                yield number, where, InputError(f"{where}: expected a JSON object, found {kind}")
                continue
            yield number, where, record


def _parquet_records(path: Path) -> Iterator[Record]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        known = {*TEXT_KEYS, "id", "source", "domain", "title", "licence", "license"}
        columns = [c for c in file.schema_arrow.names if c in known]
        number = 0
        for batch in file.iter_batches(batch_size=PARQUET_ROWS, columns=columns):
            for record in batch.to_pylist():
                number += 1
                yield number, f"{path} row {number}", record
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"{path}: not a readable Parquet file ({error})") from error


def _from_records(
    records: Iterator[Record], path: Path, domain: str, name: str, quarantine: Quarantine | None
) -> Iterator[Document]:
    for number, where, record in records:
        try:
            if isinstance(record, InputError):
                raise record
            yield _from_record(record, domain, name, number, where)
        except InputError as error:
            if quarantine is None:
                raise
            quarantine(path, str(error))


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
        licence=str(record.get("licence") or record.get("license") or UNKNOWN_LICENCE),
    )
