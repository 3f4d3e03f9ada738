"""The handbook: articles in Markdown whose numbers are made by our own operations.

An article is ``docs/handbook/<topic>/<slug>.md``: front matter (title, topic, keywords), prose,
programs in fenced ``havoc`` blocks each followed by an ``output`` block, and numbers within
sentences followed by a comment that names their origin, as in ``F is 66.80<!-- r.f_statistic
-->``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from havoc.corpus.documents import Document
from havoc.errors import InputError

MADE_THINGS = ("doe", "spc", "capability", "measurement", "reliability", "sampling", "tolerance")
TOPIC_DOMAINS = {"maths": "math"} | dict.fromkeys(MADE_THINGS, "engineering")
ORIGIN = re.compile(r"<!--\s*([A-Za-z_]\w*)\.([\w.\[\]]+)\s*-->")


@dataclass(frozen=True)
class Article:
    """One article as it stands in its file."""

    path: Path
    slug: str
    title: str
    topic: str
    keywords: tuple[str, ...]
    body: str

    @property
    def domain(self) -> str:
        return TOPIC_DOMAINS.get(self.topic, "stats")

    @property
    def plain(self) -> str:
        """The text for readers and for training: without the comments that name origins."""
        keywords = f"Keywords: {', '.join(self.keywords)}."
        return f"# {self.title}\n\n{keywords}\n\n{ORIGIN.sub('', self.body).strip()}\n"


def parse_article(path: Path) -> Article:
    """Read one article; a missing or incomplete front matter is an ``InputError``."""
    text = path.read_text(encoding="utf-8")
    parts = text.split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise InputError(
            f"{path}: no front matter; expected title, topic and keywords between two lines '---'"
        )
    try:
        front = yaml.safe_load(parts[1])
    except yaml.YAMLError as error:
        raise InputError(f"{path}: the front matter is not YAML: {error}") from error
    missing = [
        k for k in ("title", "topic", "keywords") if not isinstance(front, dict) or not front.get(k)
    ]
    if missing:
        raise InputError(f"{path}: the front matter lacks {', '.join(missing)}")
    if front["topic"] != path.parent.name:
        raise InputError(
            f"{path}: topic is {front['topic']!r}, but the folder is {path.parent.name!r}"
        )
    return Article(
        path,
        path.stem,
        front["title"],
        front["topic"],
        tuple(front["keywords"]),
        parts[2].strip() + "\n",
    )


def articles(folder: Path) -> list[Article]:
    """Return every article under ``folder`` in the order of their paths."""
    return [parse_article(p) for p in sorted(folder.glob("*/*.md"))]


def read_articles(folder: Path) -> Iterator[Document]:
    """Yield the handbook as documents."""
    for article in articles(folder):
        yield Document(
            id=f"handbook/{article.topic}/{article.slug}",
            source="handbook",
            domain=article.domain,
            title=article.title,
            text=article.plain,
            licence="Apache-2.0",
        )
