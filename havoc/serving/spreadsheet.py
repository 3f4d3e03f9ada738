"""Tables as an XLSX workbook that a spreadsheet will not execute: every text is stored as text."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from havoc.tools.result import ResultTable

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_TITLE = 31  # of a sheet, by the format
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what XML cannot hold


def workbook(tables: Sequence[ResultTable]) -> bytes:
    """One sheet a table, headers bold and frozen; numbers are numbers, with the digits a spreadsheet holds."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    taken: set[str] = set()
    for table in tables:
        page = book.create_sheet(_title(table.name, taken))
        _fill(page, table)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(page: Worksheet, table: ResultTable) -> None:
    from openpyxl.styles import Font

    for i, row in enumerate((table.columns, *table.rows), start=1):
        for j, value in enumerate(row, start=1):
            _put(page, i, j, value)
    for cell in page[1]:
        cell.font = Font(bold=True)
    page.freeze_panes = "A2"


def _put(page: Worksheet, row: int, column: int, value: Any) -> None:
    if value is None:
        return
    cell = page.cell(row, column)
    if not isinstance(value, str):
        cell.value = value
        return
    text = _CONTROL.sub(" ", value)
    cell.value = text
    if cell.data_type != "s":  # openpyxl takes =1+1 for a formula, #N/A for an error
        cell.data_type = "s"
    if text[:1] in ("=", "+", "-", "@", "\t", "\r"):
        cell.quotePrefix = True  # stays text when someone edits the cell


def _title(name: str, taken: set[str]) -> str:
    """A sheet's name as the format admits it, of which there is only one."""
    base = _FORBIDDEN.sub(" ", name).strip(" '")[:_LONGEST_TITLE] or "table"
    title, k = base, 1
    while title.casefold() in taken:
        k += 1
        title = f"{base[: _LONGEST_TITLE - len(str(k)) - 1]} {k}"
    taken.add(title.casefold())
    return title
