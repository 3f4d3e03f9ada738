"""The ``corpus`` step: from raw text to Parquet shards and a report of what was removed and why."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from havoc.config import DataConfig
from havoc.corpus.contamination import Decontaminator
from havoc.corpus.documents import DOMAINS, SUFFIXES, Document, Quarantine, cut, read_folder
from havoc.corpus.duplicates import DuplicateFinder
from havoc.corpus.normalise import normalise
from havoc.corpus.personal import Masker
from havoc.corpus.quality import RULE_NAMES, QualityRules, judge
from havoc.errors import InputError

SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("id", "source", "domain", "title", "licence", "text")]
)
EXAMPLES_PER_RULE = 3
EXAMPLE_CHARACTERS = 120
REPORT = "report.json"


# Lessons made from one template differ in their numbers, and that difference is what they teach.
ALIKE_ON_PURPOSE = frozenset({"lessons", "handbook"})
SHARD_CHARACTERS = 64_000_000


@dataclass
class CorpusReport:
    """Counts of what came in, what went out and why."""

    read: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    kept_characters: Counter[str] = field(default_factory=Counter)
    by_source: Counter[str] = field(default_factory=Counter)
    by_licence: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    removed_characters: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    masked: Counter[str] = field(default_factory=Counter)
    quarantined: list[dict[str, str]] = field(default_factory=list)

    def remove(
        self, rule: str, document: Document, characters: int | None = None, **why: Any
    ) -> None:
        """Note that ``document`` goes; ``characters`` where it holds its beginning alone."""
        self.removed[rule] += 1
        self.removed_characters[rule] += len(document.text) if characters is None else characters
        shown = self.examples.setdefault(rule, [])
        if len(shown) < EXAMPLES_PER_RULE:
            shown.append({"id": document.id, "text": document.text[:EXAMPLE_CHARACTERS], **why})

    def keep(self, document: Document, characters: int | None = None) -> None:
        """Note that ``document`` stays."""
        self.kept[document.domain] += 1
        self.kept_characters[document.domain] += (
            len(document.text) if characters is None else characters
        )
        self.by_source[document.source] += 1
        self.by_licence[document.licence] += 1

    def as_dict(self) -> dict[str, Any]:
        rules = (*RULE_NAMES, "contaminated", "exact duplicate", "near duplicate")
        return {
            "documents_read": sum(self.read.values()),
            "documents_kept": sum(self.kept.values()),
            "characters_kept": sum(self.kept_characters.values()),
            "domains": {
                domain: {
                    "read": self.read[domain],
                    "kept": self.kept[domain],
                    "characters": self.kept_characters[domain],
                }
                for domain in DOMAINS
            },
            "sources": dict(sorted(self.by_source.items())),
            "licences": dict(sorted(self.by_licence.items())),
            "masked": dict(sorted(self.masked.items())),
            "quarantined": self.quarantined,
            "removed": {
                rule: {
                    "documents": self.removed[rule],
                    "characters": self.removed_characters[rule],
                    "examples": self.examples.get(rule, []),
                }
                for rule in rules
            },
        }


def build_corpus(
    data: Path,
    output: Path,
    *,
    evaluation_files: Sequence[Path] = (),
    config: DataConfig | None = None,
    most_documents: int | None = None,
    most_bytes: int | None = None,
    progress: Callable[[str], None] = lambda message: None,
) -> dict[str, Any]:
    """Clean all under ``data/<domain>/`` into Parquet shards in ``output``; return the report.

    A file or record that cannot be read is left out, and the report says which and why. ``output``
    is replaced as a whole at the end: a run that is stopped leaves the last one as it was.

    Parameters
    ----------
    data, output : Path
        The folder of raw text, and where the shards go.
    evaluation_files : sequence of Path
        Requests in .jsonl files that must not be trained on.
    config : DataConfig, optional
        Thresholds of the rules.
    most_documents, most_bytes : int, optional
        Take at most so many documents of each source, and so much text in all: for a quick run.
    progress : callable
        Told in one line how far it is.
    """
    config = config or DataConfig()
    partial = output.with_name(output.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    report = CorpusReport()
    forbidden = Decontaminator.from_files(evaluation_files, config.decontamination_words)

    def quarantine(path: Path, why: str) -> None:
        report.quarantined.append({"file": path.relative_to(data).as_posix(), "reason": why})
        progress(f"left out: {why}")

    every = _read_all(data, config.max_chars, quarantine)
    documents = _limited(every, most_documents, most_bytes)
    kept = clean(documents, forbidden, config, report)
    writer = ShardWriter(partial, SHARD_CHARACTERS)
    for number, document in enumerate(kept, start=1):
        writer.add(document)
        if number % 5000 == 0:
            progress(f"{number} documents kept of {sum(report.read.values())}")
    shards = writer.close()
    if not shards:
        shutil.rmtree(partial)
        raise nothing_left(data, report)
    summary = report.as_dict() | {"evaluation_requests": forbidden.count, "shards": shards}
    put_in_place(partial, output, summary)
    progress(f"{summary['documents_kept']} of {summary['documents_read']} documents kept")
    return summary


def nothing_left(data: Path, report: CorpusReport) -> InputError:
    """What to say where no document passed."""
    return InputError(
        f"{data}: no document passed the filters ({sum(report.read.values())} read, "
        f"{len(report.quarantined)} files or records left out); expected {', '.join(SUFFIXES)} "
        "files in " + ", ".join(f"{data.name}/{domain}" for domain in DOMAINS)
    )


def put_in_place(partial: Path, output: Path, summary: dict[str, Any]) -> None:
    """Add the report to the shards in ``partial`` and make them the corpus ``output``."""
    (partial / REPORT).write_text(json.dumps(summary, indent=1, ensure_ascii=False) + "\n")
    shutil.rmtree(output, ignore_errors=True)
    partial.rename(output)


def clean(
    documents: Iterator[Document],
    forbidden: Decontaminator,
    config: DataConfig,
    report: CorpusReport,
) -> Iterator[Document]:
    """Yield the documents that pass every rule, normalised; note the others in ``report``."""
    alone = Alone(forbidden, config)
    finder = duplicate_finder(config)
    for raw in documents:
        document = alone.passed(raw, report)
        if document is None:
            continue
        if (same := finder.exact(document.id, document.text)) is not None:
            report.remove("exact duplicate", document, of=same)
        elif document.source not in ALIKE_ON_PURPOSE and (
            like := finder.near(document.id, document.text)
        ):
            report.remove("near duplicate", document, of=like[0], similarity=round(like[1], 3))
        else:
            report.keep(document)
            yield document


def duplicate_finder(config: DataConfig) -> DuplicateFinder:
    """The finder of exact and near duplicates that ``config`` describes."""
    return DuplicateFinder(
        config.minhash_threshold, config.shingle_words, config.minhash_permutations
    )


class Alone:
    """The rules that need nothing but the document itself."""

    def __init__(self, forbidden: Decontaminator, config: DataConfig) -> None:
        self._forbidden = forbidden
        self._rules = QualityRules(
            min_characters=config.min_chars,
            min_letter_share=config.min_alpha_share,
            max_repeated_line_share=config.max_duplicate_line_share,
        )
        self._masker = Masker() if config.mask_personal_data else None

    def passed(self, raw: Document, report: CorpusReport) -> Document | None:
        """Return the document, normalised and masked, or None and why in ``report``."""
        report.read[raw.domain] += 1
        document = replace(raw, title=normalise(raw.title), text=normalise(raw.text))
        if self._masker is not None:
            document = replace(document, text=self._masker.mask(document.text))
            report.masked = self._masker.counts
        if verdict := judge(document.text, self._rules):
            report.remove(verdict.rule, document, measured=verdict.measured)
        elif overlap := self._forbidden.overlap(document.text):
            report.remove("contaminated", document, request=overlap.request, words=overlap.words)
        else:
            return document
        return None


def _read_all(data: Path, max_characters: int, quarantine: Quarantine) -> Iterator[Document]:
    for domain in DOMAINS:
        for document in read_folder(data / domain, domain, quarantine):
            yield from cut(document, max_characters)


def _limited(
    documents: Iterator[Document], most_documents: int | None, most_bytes: int | None
) -> Iterator[Document]:
    """Yield at most so many documents of each source, and so many bytes in all."""
    taken: Counter[str] = Counter()
    size = 0
    for document in documents:
        taken[document.source] += 1
        if most_documents is not None and taken[document.source] > most_documents:
            continue
        size += len(document.text.encode())
        if most_bytes is not None and size > most_bytes:
            return
        yield document


class ShardWriter:
    """Writes documents to ``corpus-00000.parquet`` and so on, each of about ``size`` characters."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.size = size
        self._rows: list[Document] = []
        self._characters = 0
        self._shards: list[str] = []

    def add(self, document: Document) -> None:
        self._rows.append(document)
        self._characters += len(document.text)
        if self._characters >= self.size:
            self._flush()

    def close(self) -> list[str]:
        self._flush()
        return self._shards

    def _flush(self) -> None:
        if not self._rows:
            return
        self._shards.append(write_shard(self.folder, len(self._shards), self._rows))
        self._rows, self._characters = [], 0


def write_shard(folder: Path, number: int, rows: Sequence[Document]) -> str:
    """Write one shard; return its name."""
    name = f"corpus-{number:05d}.parquet"
    columns = {f: [getattr(d, f) for d in rows] for f in SCHEMA.names}
    table = pa.table(columns, schema=SCHEMA)
    pq.write_table(table, folder / name, compression="zstd", row_group_size=4096)
    return name


def read_corpus(folder: Path, *, batch_size: int = 1024) -> Iterator[Document]:
    """Yield the documents of a built corpus in their order."""
    shards = sorted(folder.glob("corpus-*.parquet"))
    if not shards:
        raise InputError(f"{folder}: no corpus here; run the step 'corpus' first")
    for shard in shards:
        for batch in pq.ParquetFile(shard).iter_batches(batch_size=batch_size):
            for row in batch.to_pylist():
                yield Document(**row)
