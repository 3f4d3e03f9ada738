"""Text from outside into ``data/``: streamed, masked, in Parquet shards, resumable at any moment.

A source becomes the folder ``data/<domain>/<name>`` with ``part-00000.parquet`` and so on, and a
journal. A shard is written to a hidden file, synced and renamed; the journal, replaced the same
way after it, says how far the shards reach. A run that is killed loses at most the shard it was
writing: the next one drops what the journal does not know and reads on from there. Nothing is
lost and nothing stands twice, and the shards are those of a run that was never stopped.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from havoc.corpus.documents import UNKNOWN_LICENCE, Document, read_file
from havoc.corpus.fetching import SourceFile, bring, list_files
from havoc.corpus.personal import Masker
from havoc.corpus.recipe import Source
from havoc.disk import sync, write_whole
from havoc.errors import InputError

SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("id", "source", "domain", "title", "licence", "text")]
)
JOURNAL = ".ingest.json"
# Written as soon as so much is held: memory does not grow with the size of a shard or a source.
ROW_GROUP_CHARACTERS = 1_000_000
REASONS_KEPT = 1000


@dataclass
class Journal:
    """How far a source has been taken."""

    source: dict[str, Any]
    shards: int = 0
    documents: int = 0
    characters: int = 0
    files: dict[str, str] = field(default_factory=dict)  # wholly taken, by name: their version
    current: str = ""
    current_version: str = ""
    records: int = 0  # of the current file
    masked: dict[str, int] = field(default_factory=dict)
    licences: dict[str, int] = field(default_factory=dict)
    quarantined: list[dict[str, str]] = field(default_factory=list)
    left_out: int = 0
    done: bool = False


def ingest(
    sources: Mapping[str, Source],
    data: Path,
    *,
    progress: Callable[[str], None] = lambda message: None,
) -> dict[str, dict[str, Any]]:
    """Take every source of a recipe into ``data``; return what each brought.

    Sources that are done are left alone, so that the same command goes on with an interrupted
    recipe or one that has grown.
    """
    report = {}
    for name, source in sources.items():
        folder = data / source.domain / name
        journal = ingest_source(name, source, folder, progress=progress)
        report[name] = {
            "folder": folder.as_posix(),
            **{k: v for k, v in asdict(journal).items() if k not in ("source", "files")},
            "files": len(journal.files),
        }
    return report


def ingest_source(
    name: str,
    source: Source,
    folder: Path,
    *,
    progress: Callable[[str], None] = lambda message: None,
) -> Journal:
    """Take one source into ``folder``, from where its journal stands."""
    folder.mkdir(parents=True, exist_ok=True)
    journal = _open_journal(name, source, folder)
    if journal.done:
        progress(f"{name}: done before, {journal.documents} documents")
        return journal
    _drop_unknown(folder, journal)
    masker = Masker(source.region) if source.mask_personal_data else None
    if masker is not None:
        masker.counts.update(journal.masked)
    shard = _Shard(folder, source.shard_characters)
    for file in _remaining(list_files(source), journal, name):
        fresh = file.name != journal.current
        skip = 0 if fresh else journal.records
        if fresh:
            journal.current, journal.current_version, journal.records = file.name, file.version, 0
        for document in _documents(file, folder, name, source, journal, skip):
            if masker is not None:
                document = replace(document, text=masker.mask(document.text))
            shard.add(document)
            _count(journal, document)
            if shard.full or _enough(journal, source):
                shard.commit(journal, masker)
                progress(f"{name}: {journal.documents} documents, {journal.shards} shards")
            if _enough(journal, source):
                break
        else:
            journal.files[file.name] = file.version
            journal.current = ""
            continue
        break
    journal.done = True
    shard.commit(journal, masker)
    _sweep(folder)
    progress(f"{name}: {journal.documents} documents, {journal.left_out} left out")
    return journal


def _documents(
    file: SourceFile, folder: Path, name: str, source: Source, journal: Journal, skip: int
) -> Iterator[Document]:
    """The documents of a file, the first ``skip`` of them left out; what is bad is noted."""

    def quarantine(path: Path, why: str) -> None:
        refused.append(why.replace(str(path), file.name))

    refused: list[str] = []
    try:
        path = bring(file, folder)
    except InputError as error:
        if type(error) is not InputError:  # the source is away: no fault of the file
            raise
        _refuse(journal, file, [str(error)])
        return
    number = 0
    for document in read_file(
        path, source.domain, name=f"{name}/{file.name}", quarantine=quarantine
    ):
        number += 1
        if number <= skip:
            refused.clear()  # noted before the interruption
            continue
        journal.records = number
        _refuse(journal, file, refused)
        said = (document.licence, file.licence, source.licence)
        licence = next((x for x in said if x != UNKNOWN_LICENCE), UNKNOWN_LICENCE)
        yield replace(document, source=name, licence=licence)
    _refuse(journal, file, refused)
    path.unlink(missing_ok=True)


def _refuse(journal: Journal, file: SourceFile, reasons: list[str]) -> None:
    for reason in reasons:
        journal.left_out += 1
        if len(journal.quarantined) < REASONS_KEPT:
            journal.quarantined.append({"file": file.name, "reason": reason})
    reasons.clear()


def _remaining(files: list[SourceFile], journal: Journal, name: str) -> Iterator[SourceFile]:
    """The files still to take, the one that was interrupted first."""
    for file in files:
        before = journal.files.get(file.name)
        if file.name == journal.current:
            before = journal.current_version
        if before is not None and before != file.version:
            raise InputError(
                f"{name}: {file.name} has changed at its source since it was taken; "
                "remove the source's folder to take it again"
            )
    yield from (f for f in files if f.name == journal.current)
    yield from (f for f in files if f.name != journal.current and f.name not in journal.files)


def _count(journal: Journal, document: Document) -> None:
    journal.documents += 1
    journal.characters += len(document.text)
    journal.licences[document.licence] = journal.licences.get(document.licence, 0) + 1


def _enough(journal: Journal, source: Source) -> bool:
    documents, characters = source.most_documents, source.most_characters
    return (documents is not None and journal.documents >= documents) or (
        characters is not None and journal.characters >= characters
    )


class _Shard:
    """The shard being written: row groups go to a hidden file, ``commit`` makes it count."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.size = size
        self._rows: list[Document] = []
        self._held = 0
        self._characters = 0
        self._writer: pq.ParquetWriter | None = None
        self._partial = folder / ".part.parquet.partial"

    @property
    def full(self) -> bool:
        return self._characters >= self.size

    def add(self, document: Document) -> None:
        self._rows.append(document)
        self._held += len(document.text)
        self._characters += len(document.text)
        if self._held >= ROW_GROUP_CHARACTERS:
            self._write()

    def commit(self, journal: Journal, masker: Masker | None) -> None:
        """Make the shard visible, then the journal that knows of it."""
        self._write()
        if self._writer is not None:
            self._writer.close()
            sync(self._partial)
            os.replace(self._partial, self.folder / _part(journal.shards))
            sync(self.folder)
            journal.shards += 1
        self._writer, self._characters = None, 0
        journal.masked = dict(Counter(masker.counts)) if masker is not None else {}
        text = json.dumps(asdict(journal), ensure_ascii=False, indent=1) + "\n"
        write_whole(self.folder / JOURNAL, text)

    def _write(self) -> None:
        if not self._rows:
            return
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._partial, SCHEMA, compression="zstd")
        columns = {f: [getattr(d, f) for d in self._rows] for f in SCHEMA.names}
        self._writer.write_table(pa.table(columns, schema=SCHEMA))
        self._rows, self._held = [], 0


def _part(number: int) -> str:
    return f"part-{number:05d}.parquet"


def _open_journal(name: str, source: Source, folder: Path) -> Journal:
    path = folder / JOURNAL
    described = source.to_dict()
    if not path.exists():
        return Journal(described)
    try:
        journal = Journal(**json.loads(path.read_text()))
    except (ValueError, TypeError) as error:
        raise InputError(f"{path}: damaged; remove the source's folder to take it again") from error
    if journal.source != described:
        changed = sorted(k for k in described if journal.source.get(k) != described[k])
        raise InputError(
            f"{name}: the recipe has another {', '.join(changed)} than the journal in {folder}; "
            "remove that folder to take the source again, or give the source another name"
        )
    return journal


def _drop_unknown(folder: Path, journal: Journal) -> None:
    """Remove what the journal does not know: it is of the moment of an interruption."""
    _sweep(folder)
    known = {_part(number) for number in range(journal.shards)}
    for path in folder.glob("part-*.parquet"):
        if path.name not in known:
            path.unlink()
    if lost := sorted(name for name in known if not (folder / name).is_file()):
        raise InputError(f"{folder}: {lost[0]} is gone; remove the folder to take the source again")


def _sweep(folder: Path) -> None:
    for path in folder.glob(".fetched*"):
        path.unlink()
    (folder / ".part.parquet.partial").unlink(missing_ok=True)
