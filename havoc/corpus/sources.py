"""The ``data`` step: raw text in ``data/{math,stats,engineering,general}/``, made offline.

Three sources, each in its own files, so that what a person puts beside them is never touched: the
documentation of the installed scientific packages, the handbook, and the generated lessons. The
same versions give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from havoc.corpus.cleaning import clean_docstring
from havoc.corpus.docstrings import harvest, package_version
from havoc.corpus.documents import DOMAINS, Document, JsonlWriter
from havoc.corpus.handbook import read_articles

PACKAGES = ("numpy", "pandas", "scipy", "statsmodels", "sympy")
LICENCES = dict.fromkeys(PACKAGES, "BSD-3-Clause")
PROJECT_LICENCE = "Apache-2.0"
MIN_CHARACTERS = 60
# The description of a parameter that a hundred functions share is worth reading a few times.
MAX_PARAGRAPH_REPEATS = 3

# First match wins: longest prefixes first.
ROUTES: tuple[tuple[str, str], ...] = (
    ("scipy.stats", "stats"),
    ("scipy.cluster", "stats"),
    ("scipy.signal", "engineering"),
    ("scipy.ndimage", "engineering"),
    ("scipy.constants", "engineering"),
    ("scipy.spatial", "engineering"),
    ("scipy.interpolate", "engineering"),
    ("scipy.optimize", "engineering"),
    ("scipy.io", "general"),
    ("scipy", "math"),
    ("statsmodels", "stats"),
    ("sympy.stats", "stats"),
    ("sympy.physics", "engineering"),
    ("sympy.utilities", "general"),
    ("sympy.printing", "general"),
    ("sympy.parsing", "general"),
    ("sympy.codegen", "general"),
    ("sympy", "math"),
    ("numpy.random", "stats"),
    ("numpy.linalg", "math"),
    ("numpy.fft", "engineering"),
    ("numpy.polynomial", "math"),
    ("numpy.matrixlib", "math"),
    ("numpy.ma", "general"),
    ("numpy.lib", "general"),
    ("numpy", "math"),
    ("pandas", "general"),
)

Progress = Callable[[str], None]
Lesson = str | Mapping[str, Any]


@dataclass(frozen=True)
class SourceFile:
    """One file written by the step."""

    path: str
    documents: int
    characters: int
    sha256: str


def domain_of(name: str) -> str:
    """Return the domain whose folder the documentation of the dotted ``name`` goes to."""
    for prefix, domain in ROUTES:
        if name == prefix or name.startswith(prefix + "."):
            return domain
    return "general"


def build_sources(
    data: Path,
    *,
    handbook: Path | None = None,
    lessons: Iterable[Lesson] = (),
    packages: Sequence[str] = PACKAGES,
    progress: Progress = lambda message: None,
) -> dict[str, Any]:
    """Write the project's own sources under ``data`` and return what was written.

    Parameters
    ----------
    data : Path
        The folder of the raw text. Files a person has put into its domain folders stay as they are.
    handbook : Path, optional
        The folder of the handbook's articles.
    lessons : iterable of str or mapping
        Texts of worked problems; a mapping has ``text``, and may have
        ``id``, ``title`` and ``domain``.
    packages : sequence of str
        Installed packages whose documentation is read.
    progress : callable
        Told in one line what has been done.
    """
    for domain in DOMAINS:
        (data / domain).mkdir(parents=True, exist_ok=True)
    files: list[SourceFile] = []
    if handbook is not None:
        files += _write(data, "handbook", read_articles(handbook))
        progress(f"handbook: {sum(f.documents for f in files)} articles")
    written = _write(data, "lessons", _lessons(lessons))
    files += written
    progress(f"lessons: {sum(f.documents for f in written)} texts")
    seen: Counter[bytes] = Counter()
    for package in sorted(packages):
        written = _write(data, package, package_documents(package, seen))
        files += written
        progress(
            f"{package} {package_version(package)}: {sum(f.documents for f in written)} documents, "
            f"{sum(f.characters for f in written) / 1e6:.1f} million characters"
        )
    return _report(files, packages)


def package_documents(package: str, seen: Counter[bytes] | None = None) -> Iterator[Document]:
    """Yield the cleaned documentation of one installed package.

    ``seen`` counts paragraphs, over several packages when it is shared: one that has come
    ``MAX_PARAGRAPH_REPEATS`` times already is left out.
    """
    seen = Counter() if seen is None else seen
    texts: set[bytes] = set()
    names: Counter[str] = Counter()
    for docstring in harvest(package):
        text = _without_repeats(clean_docstring(docstring.text), seen)
        if len(text) < MIN_CHARACTERS:
            continue
        key = _digest(text)
        if key in texts:
            continue
        texts.add(key)
        names[docstring.name] += 1
        count = names[docstring.name]
        yield Document(
            id=docstring.name if count == 1 else f"{docstring.name}#{count}",
            source=package,
            domain=domain_of(docstring.name),
            title=docstring.name,
            text=text,
            licence=LICENCES.get(package, "unknown"),
        )


def _without_repeats(text: str, seen: Counter[bytes]) -> str:
    kept = []
    for paragraph in text.split("\n\n"):
        key = _digest(paragraph)
        seen[key] += 1
        if seen[key] <= MAX_PARAGRAPH_REPEATS:
            kept.append(paragraph)
    return "\n\n".join(kept)


def _lessons(lessons: Iterable[Lesson]) -> Iterator[Document]:
    for number, lesson in enumerate(lessons, start=1):
        record: Mapping[str, Any] = {"text": lesson} if isinstance(lesson, str) else lesson
        domain = record.get("domain")
        yield Document(
            id=str(record.get("id") or f"lesson-{number:06d}"),
            source="lessons",
            domain=domain if domain in DOMAINS else "stats",
            title=str(record.get("title") or ""),
            text=str(record["text"]),
            licence=PROJECT_LICENCE,
        )


def _write(data: Path, source: str, documents: Iterable[Document]) -> list[SourceFile]:
    """Write one file a domain, named for the source; remove the one that has nothing any more."""
    name = f"havoc_{source}.jsonl"
    writers: dict[str, JsonlWriter] = {}
    for document in documents:
        if document.domain not in writers:
            writers[document.domain] = JsonlWriter(data / document.domain / name)
        writers[document.domain].add(document)
    files = []
    for domain in DOMAINS:
        if domain not in writers:
            (data / domain / name).unlink(missing_ok=True)
            continue
        w = writers[domain]
        w.close()
        files.append(SourceFile(f"{domain}/{name}", w.documents, w.characters, w.sha256))
    return files


def _report(files: list[SourceFile], packages: Sequence[str]) -> dict[str, Any]:
    by_domain = {
        domain: {
            "documents": sum(f.documents for f in files if f.path.startswith(domain + "/")),
            "characters": sum(f.characters for f in files if f.path.startswith(domain + "/")),
        }
        for domain in DOMAINS
    }
    return {
        "versions": {package: package_version(package) for package in sorted(packages)},
        "domains": by_domain,
        "files": {
            f.path: {"documents": f.documents, "characters": f.characters, "sha256": f.sha256}
            for f in files
        },
    }


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=8).digest()
