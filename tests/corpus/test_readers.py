"""PDF, HTML, DOCX and EPUB become documents that say where they are from; what is damaged says so."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from havoc.config import RagConfig
from havoc.corpus.build import build_corpus, read_corpus
from havoc.corpus.documents import SUFFIXES, declared_licence, read_file
from havoc.corpus.readers import licence_id
from havoc.errors import InputError
from havoc.rag.index import Index, build_index

PARAGRAPH = (
    "The pump is started against a closed valve, and the pressure is read after a minute. When it "
    "is below four bar, the impeller is worn and has to be replaced by one of the same series. "
)


def write_pdf(path: Path, pages: list[str]) -> Path:
    """A PDF by matplotlib: real fonts and content streams, made by nobody here."""
    import matplotlib.pyplot as plt
    from matplotlib.backends.backend_pdf import PdfPages

    with PdfPages(path, metadata={"Title": "Pump manual"}) as book:
        for text in pages:
            figure = plt.figure(figsize=(8, 11))
            figure.text(0.05, 0.95, text, va="top", family="monospace", size=9, wrap=False)
            book.savefig(figure)
            plt.close(figure)
    return path


def write_docx(path: Path) -> Path:
    import docx

    document = docx.Document()
    document.core_properties.title = "Wear report"
    document.add_heading("Findings", 1)
    document.add_paragraph("The seal leaks.")
    document.add_paragraph("replace it", style="List Bullet")
    table = document.add_table(2, 2)
    for row, words in zip(table.rows, (("run", "bar"), ("1", "4.2")), strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    document.add_heading("Conclusion", 2)
    document.save(str(path))
    return path


HTML = b"""<!doctype html><html><head><meta charset="iso-8859-1"><title>Torque</title>
<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">
<script>var x = "not text";</script></head><body><nav>Home | About</nav><main><h1>Torque</h1>
<p>Bolts are <b>tight</b>ened to 50&nbsp;N&middot;m at 20 \xb0C.</p>loose words
<ul><li>first</li><li>second</li></ul><table><tr><th>size</th><th>torque</th></tr>
<tr><td>M8</td><td>25</td></tr></table><pre>x = 1
  y = 2</pre><!-- a remark --></main><footer>imprint</footer></body></html>"""


def write_epub(path: Path, **more: str) -> Path:
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    package = """<package xmlns="http://www.idpf.org/2007/opf"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>On wear</dc:title>
        <dc:rights>https://creativecommons.org/licenses/by-sa/4.0/</dc:rights></metadata><manifest>
        <item id="b" href="two%20b.xhtml" media-type="application/xhtml+xml"/>
        <item id="a" href="one.xhtml" media-type="application/xhtml+xml"/>
        <item id="c" href="cover.png" media-type="image/png"/></manifest>
        <spine><itemref idref="a"/><itemref idref="b"/></spine></package>"""
    files = {
        "META-INF/container.xml": container,
        "OEBPS/book.opf": package,
        "OEBPS/two b.xhtml": "<html><body><h1>Second</h1><p>Abrasion.</p></body></html>",
        "OEBPS/one.xhtml": "<html><body><h1>First</h1><p>Adhesion.</p></body></html>",
    } | more
    with zipfile.ZipFile(path, "w") as book:
        for name, text in files.items():
            book.writestr(name, text)
    return path


def test_a_pdf_gives_its_pages_without_running_heads(tmp_path: Path) -> None:
    pages = [
        f"Pump manual, revision 3\n\nChapter of page {word}.\n"
        + "\n".join(f"Line {n} about the {word} impeller and its bear-\ning." for n in range(12))
        + f"\n\npage {number}"
        for number, word in enumerate(("first", "second", "third", "fourth"), start=1)
    ]
    found = list(read_file(write_pdf(tmp_path / "pump.pdf", pages), "engineering"))
    assert [d.id for d in found] == [f"pump.pdf#page={n}" for n in (1, 2, 3, 4)]
    assert found[1].title == "Pump manual, p. 2"
    assert "Line 7 about the second impeller and its bearing." in found[1].text
    assert all("revision" not in d.text and "page 2" not in d.text for d in found)


def test_a_nearly_empty_page_goes_with_the_next(tmp_path: Path) -> None:
    text = "\n".join([PARAGRAPH[:80]] * 8)
    found = list(read_file(write_pdf(tmp_path / "p.pdf", ["Title", text, text]), "stats"))
    assert [d.id for d in found] == ["p.pdf#page=1-2", "p.pdf#page=3"]
    assert found[0].text.startswith("Title")


def test_html_keeps_the_text_and_leaves_the_page_around_it(tmp_path: Path) -> None:
    (tmp_path / "t.html").write_bytes(HTML)
    (only,) = read_file(tmp_path / "t.html", "engineering")
    assert (only.title, only.licence) == ("Torque", "CC-BY-4.0")
    assert only.text.split("\n\n") == [
        "# Torque",
        "Bolts are tightened to 50 N·m at 20 °C.",
        "loose words",
        "- first\n- second",
        "size | torque\nM8 | 25",
        "```\nx = 1\n  y = 2\n```",
    ]


def test_deeply_nested_html_is_read(tmp_path: Path) -> None:
    (tmp_path / "d.html").write_text("<div>" * 200 + "inside" + "</div>" * 200)
    (only,) = read_file(tmp_path / "d.html", "general")
    assert only.text == "inside"


def test_docx_keeps_headings_lists_and_tables_in_their_order(tmp_path: Path) -> None:
    (only,) = read_file(write_docx(tmp_path / "r.docx"), "engineering")
    assert only.title == "Wear report"
    assert only.text.split("\n\n") == [
        "# Findings",
        "The seal leaks.",
        "- replace it",
        "run | bar\n1 | 4.2",
        "## Conclusion",
    ]


def test_epub_gives_its_chapters_in_reading_order(tmp_path: Path) -> None:
    found = list(read_file(write_epub(tmp_path / "b.epub"), "engineering"))
    assert [(d.title, d.id) for d in found] == [
        ("On wear: First", "b.epub#OEBPS/one.xhtml"),
        ("On wear: Second", "b.epub#OEBPS/two b.xhtml"),
    ]
    assert {d.licence for d in found} == {"CC-BY-SA-4.0"}


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".epub"])
@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", b"PK\x03\x04 half a zip file"])
def test_a_damaged_file_is_one_line_with_its_name(
    tmp_path: Path, suffix: str, content: bytes
) -> None:
    path = tmp_path / f"damaged{suffix}"
    path.write_bytes(content)
    with pytest.raises(InputError, match=f"damaged{suffix}: (not a readable|no text)") as caught:
        list(read_file(path, "stats"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.99])
def test_a_file_cut_short_is_refused_or_read_but_no_defect(tmp_path: Path, share: float) -> None:
    whole = [
        write_pdf(tmp_path / "w.pdf", [PARAGRAPH] * 2),
        write_docx(tmp_path / "w.docx"),
        write_epub(tmp_path / "w.epub"),
    ]
    for path in whole:
        content = path.read_bytes()
        path.write_bytes(content[: int(share * len(content))])
        try:
            list(read_file(path, "stats"))
        except InputError as error:
            assert path.name in str(error)  # noqa: PT017 (either outcome is right)


def test_protected_scanned_and_bloated_files_say_what_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=write_pdf(tmp_path / "p.pdf", [PARAGRAPH]))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    blank = PdfWriter()
    blank.add_blank_page(200, 200)
    blank.write(tmp_path / "scan.pdf")
    write_epub(tmp_path / "drm.epub", **{"META-INF/encryption.xml": "<encryption/>"})
    for name, words in (
        ("locked.pdf", "encrypted PDF"),
        ("scan.pdf", "a scan needs OCR first"),
        ("drm.epub", "encrypted EPUB"),
    ):
        with pytest.raises(InputError, match=words):
            list(read_file(tmp_path / name, "stats"))
    monkeypatch.setattr("havoc.corpus.readers.MOST_UNPACKED", 100)
    with pytest.raises(InputError, match="unpacks to more than"):
        list(read_file(write_epub(tmp_path / "big.epub"), "stats"))


def test_an_epub_cannot_read_files_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the password")
    entity = f'<!DOCTYPE p [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    book = write_epub(
        tmp_path / "x.epub",
        **{"OEBPS/one.xhtml": f"{entity}<html><body><p>Before &e; after.</p></body></html>"},
    )
    assert "password" not in " ".join(d.text for d in read_file(book, "stats"))


def test_a_licence_beside_a_file_holds_where_the_file_says_none(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PARAGRAPH)
    (tmp_path / "a.txt.license").write_text("SPDX-License-Identifier: CC0-1.0\n")
    (tmp_path / "b.jsonl").write_text(json.dumps({"text": PARAGRAPH, "license": "MIT"}))
    (tmp_path / "b.jsonl.license").write_text("SPDX-License-Identifier: CC0-1.0\n")
    assert [d.licence for d in read_file(tmp_path / "a.txt", "stats")] == ["CC0-1.0"]
    assert [d.licence for d in read_file(tmp_path / "b.jsonl", "stats")] == ["MIT"]
    assert declared_licence(tmp_path / "c.txt") == "unknown"
    assert licence_id("All rights reserved,\n 2020") == "All rights reserved, 2020"


def test_bad_files_and_records_are_left_out_with_the_reason(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "engineering"
    folder.mkdir(parents=True)
    lines = [f"Step {n}: turn valve {n * 3} until gauge {n + 7} is at rest." for n in range(9)]
    write_pdf(folder / "good.pdf", ["\n".join(lines)])
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7 damaged")
    (folder / "bad.txt").write_bytes(b"\xff\xfe\x00")
    rows = [
        '{"text": 7}',
        "not json",
        json.dumps({"text": f"Of {'wear and seals ' * 3}. {PARAGRAPH * 2}"}),
    ]
    (folder / "rows.jsonl").write_text("\n".join(rows))
    report = build_corpus(tmp_path / "data", tmp_path / "corpus")
    assert {d.id for d in read_corpus(tmp_path / "corpus")} == {"good.pdf#page=1", "rows.jsonl#3"}
    reasons = {
        (q["file"].split("/")[-1], q["reason"].split(": ", 1)[1][:14])
        for q in report["quarantined"]
    }
    assert reasons == {
        ("bad.pdf", "not a readable"),
        ("bad.txt", "not UTF-8 text"),
        ("rows.jsonl", "no text; expec"),
        ("rows.jsonl", "not a JSON obj"),
    }


def test_a_citation_names_the_page(tmp_path: Path) -> None:
    pages = ["\n".join([PARAGRAPH[:88]] * 6), "The cavitation noise is heard at the inlet.\n" * 12]
    documents = read_file(write_pdf(tmp_path / "pump.pdf", pages), "engineering")
    config = RagConfig(embedder="none")
    build_index(tmp_path / "index", documents, config=config)
    best = Index(tmp_path / "index", config=config).search("noise of cavitation")[0]
    assert best.citation()["title"] == "Pump manual, p. 2"
    assert best.citation()["id"] == "pump.pdf#page=2#1"


def test_every_suffix_that_is_promised_has_a_reader(tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        path = tmp_path / f"empty{suffix}"
        path.write_bytes(b"")
        try:
            list(read_file(path, "stats"))
        except InputError as error:
            assert "cannot read" not in str(error)  # noqa: PT017 (either outcome is right)
