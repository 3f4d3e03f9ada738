"""Documents cut into passages that can be cited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

# Worked lessons are thousands of variations on one text: they would fill every list of results.
NOT_INDEXED = frozenset({"lessons"})
# A list of books answers no question, and has every word of the subject in it.
NOT_CITED = frozenset({"References"})
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z(])")


class Text(Protocol):
    """What is asked of a document."""

    @property
    def id(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def domain(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def licence(self) -> str: ...


@dataclass(frozen=True)
class Passage:
    """A stretch of one document, small enough to read and to cite.

    ``id`` is the document's id and the passage's number in it; ``section`` the headings above it.
    """

    id: str
    document: str
    source: str
    domain: str
    title: str
    section: str
    licence: str
    text: str

    @property
    def heading(self) -> str:
        return f"{self.title}: {self.section}" if self.section else self.title

    @property
    def searched(self) -> str:
        """What the index sees: dotted names are taken apart into words."""
        return f"{_words(self.title)}. {self.section}\n{self.text}"

    def citation(self) -> dict[str, str]:
        """Return what a reader needs to find the passage."""
        return {
            "id": self.id,
            "source": self.source,
            "title": self.title,
            "section": self.section,
            "licence": self.licence,
        }


def passages(
    documents: Iterable[Text], *, chunk_chars: int = 1200, chunk_overlap: int = 150
) -> Iterator[Passage]:
    """Cut documents into passages, leaving out lessons and what packages keep private."""
    for document in documents:
        if document.source in NOT_INDEXED or _is_private(document.title):
            continue
        number = 0
        for section, text in _sections(document.text, document.title):
            if section in NOT_CITED:
                continue
            for piece in _pieces(text, chunk_chars, chunk_overlap):
                number += 1
                yield Passage(
                    id=f"{document.id}#{number}",
                    document=document.id,
                    source=document.source,
                    domain=document.domain,
                    title=document.title,
                    section=section,
                    licence=document.licence,
                    text=piece,
                )


def _is_private(title: str) -> bool:
    last = title.rsplit(".", 1)[-1]
    return " " not in title and last.startswith("_")


def _words(title: str) -> str:
    if "." not in title or " " in title:
        return title
    return f"{title} {' '.join(re.split(r'[._]', title))}"


def _sections(text: str, title: str) -> Iterator[tuple[str, str]]:
    """Split Markdown at its headings; the section is the path of headings below the title."""
    path: list[tuple[int, str]] = []
    held: list[str] = []
    fenced = False
    for line in text.split("\n"):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        match = None if fenced else _HEADING.match(line)
        if match is None:
            held.append(line)
            continue
        if any(part.strip() for part in held):
            yield " > ".join(name for _, name in path), "\n".join(held).strip()
        held = []
        level = len(match[1])
        path = [entry for entry in path if entry[0] < level]
        if match[2] != title:
            path.append((level, match[2]))
    if any(part.strip() for part in held):
        yield " > ".join(name for _, name in path), "\n".join(held).strip()


def _pieces(text: str, size: int, overlap: int) -> Iterator[str]:
    """Join paragraphs up to ``size`` characters; the next piece repeats the end of the last one."""
    held = ""
    for unit in _units(text, size):
        joined = f"{held}\n\n{unit}" if held else unit
        if held and len(joined) > size:
            yield held
            tail = _tail(held, min(overlap, size - len(unit) - 2))
            joined = f"{tail}\n\n{unit}" if tail else unit
        held = joined
    if held:
        yield held


def _units(text: str, size: int) -> Iterator[str]:
    """Yield paragraphs, what is too long by sentences, and sentences too long by length."""
    for paragraph in re.split(r"\n\s*\n", text):
        if len(paragraph) <= size:
            if paragraph.strip():
                yield paragraph.strip("\n")
            continue
        held = ""
        for sentence in _SENTENCE_END.split(paragraph):
            for start in range(0, len(sentence), size):
                part = sentence[start : start + size]
                if held and len(held) + 1 + len(part) > size:
                    yield held
                    held = ""
                held = f"{held} {part}" if held else part
        if held:
            yield held


def _tail(text: str, overlap: int) -> str:
    """Return the last whole sentences of ``text`` that fit in ``overlap`` characters."""
    if "```" in text:
        return ""
    tail = ""
    for sentence in reversed(_SENTENCE_END.split(text)):
        joined = f"{sentence} {tail}" if tail else sentence
        if len(joined) > overlap:
            break
        tail = joined
    return tail
