"""One spelling for one character, without changing what technical text means.

Unicode's own compatibility form (NFKC) would turn ``x²`` into ``x2`` and ``½`` into ``1⁄2``, so
it is applied only to characters that are mere typography: ligatures, full-width forms,
mathematical letters.
"""

from __future__ import annotations

import re
import unicodedata


def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {}
    typographic = (
        range(0xFB00, 0xFB07),  # ligatures: ﬁ
        range(0xFF01, 0xFF5F),  # full-width forms
        range(0x1D400, 0x1D800),  # mathematical bold, italic, double-struck letters
    )
    for block in typographic:
        for code in block:
            table[code] = unicodedata.normalize("NFKC", chr(code))
    table[0x00B5] = "μ"  # the micro sign is the letter mu
    table[0x2126] = "Ω"
    table[0x212B] = "Å"
    for dash in "\u2010\u2011\u2012\u2212\ufe63":
        table[ord(dash)] = "-"
    for quote in "\u2018\u2019\u201a\u201b\u2032":
        table[ord(quote)] = "'"
    for quote in "\u201c\u201d\u201e\u201f\u2033":
        table[ord(quote)] = '"'
    for space in "\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))):
        table[ord(space)] = " "
    table[0x2026] = "..."
    for unseen in "\u00ad\u200b\u200c\u200d\u2060\ufeff":
        table[ord(unseen)] = None
    for code in [*range(0x20), *range(0x7F, 0xA0)]:
        if chr(code) not in "\n\t":
            table[code] = None
    table[0x0B] = table[0x0C] = table[0x85] = "\n"
    table[0x2028] = table[0x2029] = "\n"
    return table


_TABLE = _table()
_INNER_SPACES = re.compile(r"(?<=\S)[ \t]{2,}(?=\S)")
_BLANK_LINES = re.compile(r"\n{3,}")


def normalise(text: str) -> str:
    """Return ``text`` with one form for each symbol, dash, quote, space and line end.

    Examples
    --------
    >>> normalise("5\\u00a0µm  ± 0.1 ﬁnal\\r\\n\\r\\n\\r\\n\\r\\nx² − 1")
    '5 μm ± 0.1 final\\n\\nx² - 1'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", text).translate(_TABLE)
    fenced = False
    lines = []
    for line in text.split("\n"):
        line = line.rstrip()
        if line.lstrip().startswith("```"):
            fenced = not fenced
        # Columns inside a fenced block are aligned with spaces: they carry meaning there.
        lines.append(line if fenced else _INNER_SPACES.sub(" ", line))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n").rstrip()
