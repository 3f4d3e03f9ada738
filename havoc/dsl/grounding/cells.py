"""Cells of a table's columns of words that a request names, and names that it gives to columns yet to be made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from havoc.dsl.grounding.column_names import name_parts, name_pattern
from havoc.tools.values import Column, Labels

MOST_LEVELS = 200  # a column with more words holds names or remarks
_SEXES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset(("f", "female", "w", "woman")), r"women|woman|females?|girls?"),
    (frozenset(("m", "male", "man")), r"men|man|males?|boys?"),
)
# Words of any request that may also be a cell: "both more than 5 and ...", "other things being equal".
_ORDINARY = frozenset(
    "both none other others left right open start total mean long short high".split()
)
_CODE = re.compile(r"(?=[\w./-]*\d)(?=[\w./-]*[^\W\d])[^\W_][\w./]*[-./]\w[\w./-]*")
# "a new feature called waiting_ratio", "create AgeGroup by", "call it BMI": names that no ordinary word is
_SIGN = r"[^\W\d]\w*(?:_\w+|[a-z][A-Z]\w*)|[A-Z]{3,}[a-z]*"
_NEW_NAME = re.compile(
    r"\b(?i:columns?|features?|variables?|fields?|attributes?|create|make|compute|calculate|derive|define|add|generate"
    r"|(?:call|name|label)\s+(?:it|this|them|that))\s+(?i:(?:called|named|labelled|as|with the name)\s+)?"
    rf"(?P<name>{_SIGN})(?!\w)"
)
_CALLED = re.compile(
    r"\b(?:(?:column|feature|variable|field|attribute)\s+(?:called|named|labelled|with the name)"
    r"|(?:call|name|label)\s+(?:it|this))\s+(?P<name>[^\W\d]\w{2,})(?!\w)",
    re.IGNORECASE,
)


def written_cell(columns: Sequence[Column], text: str) -> str | None:
    """The cell that a text is, whatever its case, as the table writes it; None where it is none."""
    for column in columns:
        if isinstance(column, Labels):
            for level in column.levels:
                if level.casefold() == text.casefold():
                    return level
    return None


def spoken_cells(text: str, columns: Sequence[Column]) -> Iterator[tuple[int, int, str]]:
    """Where the request names a cell, with the cell as the table writes it: ``failed`` is the verdict ``fail``.

    Short words only as they are written; a column of M and F also by "men" and "women".
    """
    for column in columns:
        if not isinstance(column, Labels) or len(column.levels) > MOST_LEVELS:
            continue
        for level in sorted(column.levels, key=len, reverse=True):  # "off-peak" before "peak"
            if not 2 <= len(level) <= 40 or level.isdigit():
                continue
            ending = r"(?:e?s|ed|y)?" if len(level) > 3 and level.isalpha() else ""
            for found in re.finditer(
                rf"(?<!\w){re.escape(level)}{ending}(?!\w)", text, re.IGNORECASE
            ):
                ordinary = level.casefold() in _ORDINARY and found.group() != level
                ordinary = ordinary and not _of_its_column(text[found.end() :], column)
                if found.group() == level or (len(level) > 3 and not ordinary):
                    yield found.start(), found.end(), level
        yield from _sexes(text, column)
        yield from _having(text, column)


YES = frozenset(("yes", "y", "true", "ja", "si", "sì", "oui", "present"))
NO = frozenset(("no", "n", "false", "nein", "non", "absent"))
_WITH = r"(?:with|having|has|have|had|mit|con)"
_WITHOUT = r"(?:without|lacking|(?:with|have|has|having) no|ohne|senza)"


def _having(text: str, column: Labels) -> Iterator[tuple[int, int, str]]:
    """The cell "yes" in ``houses with a pool`` and "no" in ``without``, not in ``with and without a pool``."""
    yes = [level for level in column.levels if level.casefold() in YES]
    no = [level for level in column.levels if level.casefold() in NO]
    if len(column.levels) != 2 or len(yes) != 1 or len(no) != 1:
        return
    name = name_pattern(column.name).pattern
    found = []
    for words, level in ((_WITHOUT, no[0]), (_WITH, yes[0])):
        pattern = rf"\b(?P<said>{words}(?: an?| the| any)?) (?={name})"
        found += [(m, level) for m in re.finditer(pattern, text, re.IGNORECASE)]
    if len({level for _, level in found}) == 1 and not _EITHER.search(text):
        for match, level in found:
            yield match.start("said"), match.end("said"), level


_EITHER = re.compile(r"(?i)\b(?:with (?:and|or|vs\.?|versus) without|with/without)\b")


def _of_its_column(behind: str, column: Labels) -> bool:
    """Whether a word of its column's name stands right behind a cell: "left-footed" of a preferred foot."""
    word = re.match(r"[ -]?([^\W\d_]+)", behind[:40])
    parts = [p.casefold()[:4] for p in name_parts(column.name) if len(p) > 2]
    return word is not None and any(word[1].casefold().startswith(p) for p in parts)


def coded_cells(text: str, columns: Sequence[Column]) -> Iterator[tuple[int, int, str]]:
    """Cells that are codes, as the table writes them: ``M-03`` is a machine and no difference."""
    codes = {
        level
        for column in columns
        if isinstance(column, Labels) and len(column.levels) <= MOST_LEVELS
        for level in column.levels
        if _CODE.fullmatch(level)
    }
    if codes:
        for found in re.finditer(r"(?<![\w.-])[^\W_][\w./-]{1,39}", text):
            word = found.group().rstrip("./-")
            if word in codes:
                yield found.start(), found.start() + len(word), word


def _sexes(text: str, column: Labels) -> Iterator[tuple[int, int, str]]:
    """Cells of a column of the two sexes, in other words."""
    if len(column.levels) != 2:
        return
    said = [
        (level, words)
        for level in column.levels
        for codes, words in _SEXES
        if level.casefold() in codes
    ]
    if len(said) != len(column.levels):
        return
    for level, words in said:
        for found in re.finditer(rf"(?<![\w-])(?:{words})(?!\w)", text, re.IGNORECASE):
            yield found.start(), found.end(), level


def new_names(text: str, quoted: Sequence[str] = ()) -> Iterator[tuple[int, int, str]]:
    """Where a request names a column that is yet to be made, without quotation marks, or ``quoted`` elsewhere."""
    found = dict.fromkeys(q for q in quoted if re.fullmatch(r"[^\W\d]\w{3,}", q))
    for pattern in (_NEW_NAME, _CALLED):
        for match in pattern.finditer(text):
            if match["name"].casefold() not in _NO_NAMES:
                found[match["name"]] = None
    for name in found:
        for match in re.finditer(rf"(?<![\w.]){re.escape(name)}(?![\w(]|\.\w)", text):
            yield match.start(), match.end(), name


_NO_NAMES = frozenset(
    "ANOVA MANOVA ANCOVA GLM PCA RMSE MSE MAE CUSUM EWMA MEWMA SPC DOE CCD IQR ARL AND THE FOR by from as the that"
    " which and with using for this above below".split()
)
