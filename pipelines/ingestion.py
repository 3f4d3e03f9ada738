"""What lies under ``data/``: each file of a domain read through, with what is in it and what is wrong with it."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from havoc.corpus.documents import SUFFIXES, read_file
from havoc.errors import InputError
from pipelines import places

EXCERPT = 160


@dataclass
class DomainReport:
    """What a domain's folder holds."""

    domain: str
    files: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)
    licences: Counter[str] = field(default_factory=Counter)
    samples: list[dict[str, str]] = field(default_factory=list)

    @property
    def documents(self) -> int:
        return sum(f["documents"] for f in self.files)

    @property
    def characters(self) -> int:
        return sum(f["characters"] for f in self.files)

    @property
    def sha256(self) -> str:
        """One hash of all files: their paths and contents."""
        text = "".join(f"{f['file']} {f['sha256']}\n" for f in self.files)
        return hashlib.sha256(text.encode()).hexdigest()


def examine(domain: str, data: Path = places.DATA) -> DomainReport:
    """Read every file of a domain through; one that cannot be read is a problem with its reason."""
    report = DomainReport(domain)
    for path in domain_files(domain, data):
        name = path.relative_to(data).as_posix()
        documents = characters = 0
        try:
            for document in read_file(path, domain, name=name):
                documents += 1
                characters += len(document.text)
                report.licences[document.licence] += 1
                if documents == 1:
                    text = " ".join(document.text.split())[:EXCERPT]
                    report.samples.append({"file": name, "title": document.title, "text": text})
        except InputError as error:
            report.problems.append({"file": name, "problem": str(error)})
            continue
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        row = {"documents": documents, "characters": characters, "sha256": sha256}
        report.files.append({"file": name, **row})
    return report


def domain_files(domain: str, data: Path = places.DATA) -> list[Path]:
    """The files of a domain that would be read, by path."""
    folder = data / domain
    if not folder.is_dir():
        return []
    found = (p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
    return sorted(p for p in found if p.suffix.lower() in SUFFIXES)


def signature(domain: str, data: Path = places.DATA) -> str:
    """A cheap mark of a domain's folder that changes when a file is added, changed or taken away."""
    entries = []
    for path in domain_files(domain, data):
        facts = path.stat()
        entries.append(f"{path.relative_to(data)} {facts.st_size} {facts.st_mtime_ns}")
    return hashlib.md5("\n".join(entries).encode(), usedforsecurity=False).hexdigest()
