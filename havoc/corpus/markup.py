"""HTML as Markdown: headings, paragraphs, lists, tables and programs; no navigation, no scripts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

# Elements that hold no text of the page itself.
NOT_TEXT = (
    "script", "style", "noscript", "template", "svg", "iframe", "nav", "aside", "form", "button",
    "footer", "dialog",
)  # fmt: skip
_HEADINGS = {f"h{n}": "#" * n for n in range(1, 7)}
_BLOCKS = frozenset({"p", "dd", "dt", "figcaption", "blockquote", "address", "summary"})
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Page:
    """The text of one HTML page, and what it says of itself; empty where it says nothing."""

    title: str
    heading: str
    licence: str
    text: str


def html_page(content: bytes) -> Page:
    """Read HTML (bytes: the encoding is found from a mark, a declaration, or the bytes)."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(content, "lxml")
    licence = _licence(soup)
    title = _words(soup.title) if soup.title else ""
    for element in soup(NOT_TEXT):
        element.decompose()
    body = soup.find("main") or soup.find("article") or soup.body or soup
    blocks: list[str] = []
    _gather(body, blocks)
    heading = next((_words(h) for h in body.find_all(["h1", "h2"])), "")
    return Page(title or heading, heading, licence, "\n\n".join(b for b in blocks if b.strip()))


def _gather(element: Any, blocks: list[str]) -> None:
    """Add the blocks of text under ``element`` in their order.

    Text directly in a container stands for a paragraph of its own. The walk keeps its own stack:
    generated pages nest deeper than Python's.
    """
    from bs4.element import NavigableString, PreformattedString

    todo = [iter(element.children)]
    loose: list[str] = []

    def flush() -> None:
        if text := _SPACE.sub(" ", "".join(loose)).strip():
            blocks.append(text)
        loose.clear()

    while todo:
        child = next(todo[-1], None)
        if child is None:
            flush()
            todo.pop()
        elif isinstance(child, NavigableString):
            if not isinstance(child, PreformattedString):  # comments and declarations
                loose.append(str(child))
        elif child.name in _INLINE:
            loose.append("\n" if child.name == "br" else child.get_text())
        else:
            flush()
            block = _block(child)
            if block is None:
                todo.append(iter(child.children))
            else:
                blocks.append(block)


_INLINE = frozenset(
    "a abbr b bdi bdo br cite code data del dfn em font i img ins kbd label mark math q s samp "
    "small span strong sub sup time tt u var wbr".split()
)


def _block(element: Any) -> str | None:
    """The Markdown of a block that is written as one; None for a container to look into."""
    name = element.name
    if name in _HEADINGS:
        text = _words(element)
        return f"{_HEADINGS[name]} {text}" if text else ""
    if name == "pre":
        return f"```\n{element.get_text().strip(chr(10))}\n```"
    if name == "table":
        rows = [[_words(c) for c in row.find_all(["th", "td"])] for row in element.find_all("tr")]
        return "\n".join(" | ".join(cells) for cells in rows if any(cells))
    if name in ("ul", "ol"):
        return "\n".join(f"- {text}" for li in element.find_all("li") if (text := _words(li)))
    return _words(element) if name in _BLOCKS else None


def _words(element: Any) -> str:
    return _SPACE.sub(" ", element.get_text(" " if element.name == "li" else "")).strip()


def _licence(soup: Any) -> str:
    """The page's licence: rel=license (HTML standard), else Dublin Core's metadata."""
    for element in soup.find_all(["link", "a"], rel="license"):
        if address := element.get("href"):
            return str(address)
    for element in soup.find_all("meta"):
        name = str(element.get("name") or element.get("property") or "").lower()
        if name in ("dcterms.license", "dc.rights", "dcterms.rights", "license", "copyright"):
            return str(element.get("content") or "")
    return ""
