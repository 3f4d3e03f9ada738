"""PDF, HTML, DOCX and EPUB files as documents in plain Markdown.

Parsing is left to libraries (the extra ``havoc[ingest]``): pypdf, Beautiful Soup on lxml, and
python-docx. What is kept is what a citation needs: a document of a PDF is a page, or a few where
pages are nearly empty, and its id ends in the fragment of RFC 8118, ``manual.pdf#page=12``; one of
an EPUB is a chapter. A file that cannot be read is an ``InputError`` that says why.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from havoc.corpus.documents import UNKNOWN_LICENCE, Document, title_of
from havoc.corpus.markup import Page, html_page
from havoc.errors import InputError, first_line

# A page with less text than this (a title page, a plate) goes with the next one.
MIN_PAGE_CHARACTERS = 400
# A line that is on so large a share of the pages is a running head, not text.
RUNNING_SHARE = 0.5
RUNNING_LEAST = 3
# An EPUB is a zip file: what it unpacks to must be bounded before it is unpacked.
MOST_UNPACKED = 500_000_000
_DIGITS = re.compile(r"\d+")
_HYPHENATED = re.compile(r"(?<=[a-zäöüéß])-\n(?=[a-zäöüéß])")
_CREATIVE = re.compile(r"creativecommons\.org/(licenses|publicdomain)/([a-z-]+)/(\d\.\d)", re.I)


def read_pdf(path: Path, domain: str, name: str) -> Iterator[Document]:
    """Yield the pages of a PDF; running heads and hyphens at line ends are taken out."""
    with _library("pypdf"):
        import pypdf
        from pypdf.errors import PyPdfError
    # Strict parsing would refuse files that every viewer opens; damage is found page by page.
    with _named(path, "PDF", (PyPdfError, OSError, ValueError, KeyError, AttributeError)):
        reader = pypdf.PdfReader(path, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(f"{path}: encrypted PDF; save it without a password")
        facts = reader.metadata
        title = str((facts.title if facts else "") or title_of(name))
        licence = _pdf_licence(reader)
        pages = _without_running_heads([page.extract_text() or "" for page in reader.pages])
    if not any(text.strip() for text in pages):
        raise InputError(f"{path}: no text on its {len(pages)} pages; a scan needs OCR first")
    for first, last, text in _joined(pages):
        span = str(first) if first == last else f"{first}-{last}"
        yield Document(f"{name}#page={span}", name, domain, f"{title}, p. {span}", text, licence)


def read_html(path: Path, domain: str, name: str) -> Iterator[Document]:
    """Yield the text of an HTML page without its navigation, scripts and forms."""
    with _library("bs4", "lxml"):
        page = html_page(path.read_bytes())
    if not page.text:
        raise InputError(f"{path}: no text in this HTML page")
    title = page.title or title_of(name)
    yield Document(f"{name}#1", name, domain, title, page.text, licence_id(page.licence))


def read_docx(path: Path, domain: str, name: str) -> Iterator[Document]:
    """Yield the text of a Word document: headings, paragraphs, lists and tables in their order."""
    with _library("docx"):
        import docx
        from docx.opc.exceptions import OpcError
        from docx.table import Table
    from zipfile import BadZipFile

    with _named(path, "DOCX", (OpcError, BadZipFile, KeyError, ValueError, OSError)):
        document = docx.Document(str(path))
        blocks = []
        for item in document.iter_inner_content():
            if isinstance(item, Table):
                rows = [" | ".join(cell.text.strip() for cell in row.cells) for row in item.rows]
                blocks.append("\n".join(rows))
            elif text := item.text.strip():
                blocks.append(_styled(text, item.style.name if item.style else ""))
        title = document.core_properties.title or title_of(name)
    text = "\n\n".join(block for block in blocks if block.strip())
    if not text:
        raise InputError(f"{path}: no text in this DOCX file")
    yield Document(f"{name}#1", name, domain, title, text)


def read_epub(path: Path, domain: str, name: str) -> Iterator[Document]:
    """Yield the chapters of an EPUB in reading order (EPUB 3.3: container, package, spine)."""
    with _library("bs4", "lxml"):
        from lxml import etree
    from zipfile import BadZipFile, ZipFile

    faults = (BadZipFile, KeyError, ValueError, OSError, etree.XMLSyntaxError)
    with _named(path, "EPUB", faults), ZipFile(path) as book:
        if sum(entry.file_size for entry in book.infolist()) > MOST_UNPACKED:
            raise InputError(f"{path}: unpacks to more than {MOST_UNPACKED / 1e6:.0f} MB")
        if "META-INF/encryption.xml" in book.namelist():
            raise InputError(f"{path}: encrypted EPUB; only books without copy protection are read")
        title, licence, chapters = _package(book)
        found = [(place, html_page(book.read(place))) for place in chapters]
    if not any(page.text for _, page in found):
        raise InputError(f"{path}: no text in this EPUB")
    for place, page in found:
        if page.text:
            yield Document(
                f"{name}#{place}",
                name,
                domain,
                _chapter_title(title or title_of(name), page),
                page.text,
                licence_id(page.licence or licence),
            )


READERS: dict[str, Callable[[Path, str, str], Iterator[Document]]] = {
    ".pdf": read_pdf,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".docx": read_docx,
    ".epub": read_epub,
}


def licence_id(text: str) -> str:
    """Return the SPDX identifier of a Creative Commons address, else the words as they are.

    Examples
    --------
    >>> licence_id("https://creativecommons.org/licenses/by-sa/4.0/")
    'CC-BY-SA-4.0'
    >>> licence_id("https://creativecommons.org/publicdomain/zero/1.0/")
    'CC0-1.0'
    """
    if match := _CREATIVE.search(text):
        kind = match[2].lower()
        if match[1].lower() == "publicdomain":
            return f"CC0-{match[3]}" if kind == "zero" else "public domain"
        return f"CC-{kind.upper()}-{match[3]}"
    return " ".join(text.split())[:120] or UNKNOWN_LICENCE


@contextmanager
def _library(*names: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] not in names:
            raise
        raise InputError(
            f"reading this needs {error.name}; run pip install 'havoc[ingest]'"
        ) from error


@contextmanager
def _named(path: Path, kind: str, faults: tuple[type[Exception], ...]) -> Iterator[None]:
    """Turn a library's failure into one line that names the file."""
    try:
        yield
    except InputError:
        raise
    except faults as error:
        why = f"{type(error).__name__}: {first_line(error)}"
        raise InputError(f"{path}: not a readable {kind} file ({why})") from error


def _pdf_licence(reader: Any) -> str:
    """The rights that the file's metadata (XMP, Dublin Core) declare."""
    try:
        rights = (reader.xmp_metadata.dc_rights if reader.xmp_metadata else None) or {}
    except Exception:  # metadata are free text: a fault in them is no fault of the pages
        return UNKNOWN_LICENCE
    return licence_id(str(rights.get("x-default") or next(iter(rights.values()), "")))


def _without_running_heads(pages: list[str]) -> list[str]:
    """Drop lines that stand first or last on many pages, page numbers aside; join split words."""
    lines = [[line.strip() for line in text.split("\n") if line.strip()] for text in pages]
    edges: Counter[str] = Counter()
    for page in lines:
        edges.update({_DIGITS.sub("0", line) for line in (*page[:2], *page[-2:])})
    often = max(RUNNING_LEAST, RUNNING_SHARE * len(pages))
    running = {line for line, count in edges.items() if count >= often}

    def body(page: list[str]) -> str:
        last = len(page) - 3
        kept = [
            line
            for place, line in enumerate(page)
            if not ((place < 2 or place > last) and _DIGITS.sub("0", line) in running)
        ]
        return _HYPHENATED.sub("", "\n".join(kept))

    return [body(page) for page in lines]


def _joined(pages: list[str]) -> Iterator[tuple[int, int, str]]:
    """Yield first page, last page and text; nearly empty pages go with those that follow."""
    first, held = 1, ""
    for number, text in enumerate(pages, start=1):
        held = f"{held}\n\n{text}".strip() if held else text.strip()
        if not held:
            first = number + 1
        elif len(held) >= MIN_PAGE_CHARACTERS or number == len(pages):
            yield first, number, held
            first, held = number + 1, ""


def _styled(text: str, style: str) -> str:
    if match := re.fullmatch(r"Heading (\d)", style or ""):
        return f"{'#' * int(match[1])} {text}"
    if style == "Title":
        return f"# {text}"
    return f"- {text}" if (style or "").startswith("List") else text


def _package(book: Any) -> tuple[str, str, list[str]]:
    """Title, licence and the chapters' places of an EPUB."""
    from posixpath import dirname, join, normpath
    from urllib.parse import unquote

    from lxml import etree

    # Entities are not resolved and nothing is fetched: a book is input from outside.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    container = etree.fromstring(book.read("META-INF/container.xml"), parser)
    place = next(iter(container.xpath("//*[local-name()='rootfile']/@full-path")), None)
    if place is None:
        raise ValueError("its container names no package")
    package = etree.fromstring(book.read(place), parser)

    def words(element: str) -> str:
        found = package.xpath(f"//*[local-name()='metadata']/*[local-name()='{element}']/text()")
        return " ".join(str(found[0]).split()) if found else ""

    files = {
        item.get("id"): normpath(join(dirname(place), unquote(item.get("href", ""))))
        for item in package.xpath("//*[local-name()='manifest']/*[local-name()='item']")
        if "html" in (item.get("media-type") or "")
    }
    spine = package.xpath("//*[local-name()='spine']/*[local-name()='itemref']/@idref")
    return words("title"), words("rights"), [files[i] for i in spine if i in files]


def _chapter_title(book: str, page: Page) -> str:
    return f"{book}: {page.heading}" if page.heading and page.heading != book else book
