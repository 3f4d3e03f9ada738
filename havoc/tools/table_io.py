"""Reading a table from a file, with every number kept as the decimal text in which it was written.

CSV, TSV, semicolon and bar files (decimal commas too), spreadsheets (xlsx), Parquet, JSON lines and
JSON arrays. The format is told by the first bytes, then by the extension. What the reader had to
decide (an encoding, a thousands separator, the name of an empty header) stands in ``Table.notes``;
what it cannot decide stays words. A number with a thousands separator is read as one only where no
other reading is possible.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from havoc.errors import InputError
from havoc.tools.values import MISSING_TEXTS, Column, Labels, Sample, Table

DELIMITERS = (",", ";", "\t", "|")
MISSING_CELLS = MISSING_TEXTS | {"#n/a", "<na>", "-nan", "nat"}
MISSING_AMONG_NUMBERS = MISSING_CELLS | {"--", ".", "missing", "undefined"}  # words elsewhere
# one way to match digits: two would try every split of a long run of them
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_DECIMAL_COMMA = re.compile(r"[+-]?(?:\d+(?:,\d*)?|,\d+)(?:[eE][+-]?\d{1,3})?")
_COMMA_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?")
_DOT_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d*)?")
_SPACE_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(?:[ \u00a0\u202f'’]\d{3})+(?:\.\d*)?")
_CURRENCY = "$€£¥"
_LONGEST_NUMBER = 200
_SNIFFED_LINES = 50


@dataclass(frozen=True)
class ReadLimits:
    """The largest table that is read; a larger one is refused before it costs memory."""

    bytes: int = 64_000_000
    rows: int = 1_000_000
    columns: int = 4_000
    cells: int = 20_000_000


def read_table(path: Path, name: str | None = None, limits: ReadLimits | None = None) -> Table:
    """Read a file as a table.

    Raises
    ------
    InputError
        No such file, or see ``read_table_bytes``.
    """
    limits = limits or ReadLimits()
    try:
        if path.is_dir():
            raise InputError(f"'{path.name}' is a folder, not a file")
        size = path.stat().st_size
        if size > limits.bytes:
            raise InputError(f"'{path.name}' has {size:,} bytes; at most {limits.bytes:,} are read")
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"there is no file '{path}'") from None
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise InputError(f"'{path.name}' cannot be read: {reason}") from None
    return read_table_bytes(data, path.name, name, limits)


def read_table_bytes(
    data: bytes, filename: str, name: str | None = None, limits: ReadLimits | None = None
) -> Table:
    """Read the bytes of a file called ``filename`` as a table.

    Raises
    ------
    InputError
        An empty, too large, broken or ragged file; the message names the line and column.
    """
    limits = limits or ReadLimits()
    if len(data) > limits.bytes:
        raise InputError(f"'{filename}' has {len(data):,} bytes; at most {limits.bytes:,} are read")
    if not data.strip():
        raise InputError(f"'{filename}' is empty")
    extension = Path(filename).suffix.lower()
    if data.startswith(b"PAR1"):
        columns, notes = _parquet(data, filename, limits)
    elif data.startswith(b"PK\x03\x04"):
        grid, notes = _xlsx(data, filename, limits)
        columns = _columns_of(grid, filename, ",", notes, limits)
    elif data.startswith(b"\xd0\xcf\x11\xe0") or extension == ".xls":
        raise InputError(f"'{filename}' is an old .xls workbook; save it as .xlsx or CSV")
    else:
        text, notes = _decode(data, filename)
        if extension in (".json", ".jsonl", ".ndjson") or re.match(r"\s*(\[\s*)?\{", text):
            grid = _json(text, filename, limits)
            columns = _columns_of(grid, filename, ",", notes, limits, header=True)
        else:
            grid, delimiter = _delimited(text, filename, limits, notes)
            columns = _columns_of(grid, filename, delimiter, notes, limits)
    return Table(tuple(columns), name or Path(filename).stem or "data", filename, tuple(notes))


def csv_text(table: Table) -> str:
    """The table as CSV; reading it gives the same columns back."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.names)
    cells = [c.texts if isinstance(c, Sample) else c.items for c in table.columns]
    # a missing cell of a one-column table is quoted by csv, so that it is not a blank line
    writer.writerows([["" if t is None else t for t in row] for row in zip(*cells, strict=True)])
    return out.getvalue()


# --- text ----------------------------------------


def _decode(data: bytes, filename: str) -> tuple[str, list[str]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in data:
        raise InputError(f"'{filename}' is not a text file and not one of xlsx, parquet or JSON")
    else:
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        notes = []
        if encoding in ("cp1252", "latin-1"):
            notes.append(f"the file is not UTF-8; it was read as {encoding}")
        if not text.strip():
            break
        return text, notes
    if encodings == ["utf-16"] and len(data) > 2:
        raise InputError(f"'{filename}' starts like UTF-16 text but is not")
    raise InputError(f"'{filename}' is empty")


def _delimited(
    text: str, filename: str, limits: ReadLimits, notes: list[str]
) -> tuple[list[list[str]], str]:
    """Rows of cells, the header first, each as long as the header."""
    delimiter = _sniff(text)
    if delimiter == " ":
        rows = [(i, line.split()) for i, line in enumerate(text.splitlines(), 1)]
    else:
        rows = _csv_rows(text, filename, delimiter)
    first = next((i for i, (_, row) in enumerate(rows) if any(cell.strip() for cell in row)), None)
    if first is None:
        raise InputError(f"'{filename}' has no cell with anything in it")
    header = rows[first][1]
    while (
        len(header) > 1
        and not header[-1].strip()
        and _column_is_empty(rows[first + 1 :], len(header) - 1)
    ):
        header = header[:-1]
    width, grid, blank = len(header), [header], 0
    body = rows[first + 1 :]
    while body and not any(cell.strip() for cell in body[-1][1]):
        if width == 1 and body[-1][1]:
            break  # a quoted empty cell of a one-column file is a missing value
        body.pop()
    for line, row in body:
        if not row and width > 1:
            blank += 1
            continue
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            raise InputError(
                f"'{filename}', line {line}: {len(row)} cells where the header has {width} "
                f"(cell {width + 1} is '{_short(next(c for c in row[width:] if c.strip()))}')"
            )
        if len(row) < width and row:
            raise InputError(
                f"'{filename}', line {line}: {len(row)} cells where the header has {width}; "
                f"nothing stands in column '{_short(header[len(row)].strip())}'"
            )
        grid.append([*row[:width], *[""] * (width - len(row))])
        if len(grid) - 1 > limits.rows:
            raise InputError(f"'{filename}' has more than {limits.rows:,} rows")
    if blank:
        notes.append(f"{blank} blank line{'s' if blank > 1 else ''} skipped")
    return grid, delimiter


def _column_is_empty(rows: Sequence[tuple[int, list[str]]], index: int) -> bool:
    return all(len(row) <= index or not row[index].strip() for _, row in rows)


def _csv_rows(text: str, filename: str, delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        skipinitialspace=delimiter != "\t",
        strict=True,
    )
    rows = []
    try:
        for row in reader:
            rows.append((reader.line_num, row))
    except csv.Error as error:
        words = {"unexpected end of data": "a quotation mark is opened and never closed"}
        reason = words.get(str(error), str(error))
        raise InputError(f"'{filename}', line {reader.line_num}: {reason}") from None
    return rows


def _sniff(text: str) -> str:
    """The delimiter that cuts the header and most of the first lines into as many cells."""
    lines = [line for line in text.splitlines() if line.strip()][:_SNIFFED_LINES]
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        counts = []
        try:
            for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter != "\t"):
                counts.append(len(row))
        except csv.Error:
            continue
        if counts[0] < 2:
            continue
        score = (sum(c == counts[0] for c in counts) / len(counts), counts[0])
        if score > best_score:
            best, best_score = delimiter, score
    if best_score[1] == 0:
        widths = {len(line.split()) for line in lines}
        numeric = all(_NUMBER.fullmatch(cell) for line in lines[1:] for cell in line.split())
        if len(widths) == 1 and widths != {1} and len(lines) > 1 and numeric:
            return " "
    return best


# --- cells to columns ----------------------------------------


def _columns_of(
    grid: Sequence[Sequence[str]],
    filename: str,
    delimiter: str,
    notes: list[str],
    limits: ReadLimits,
    header: bool | None = None,
) -> list[Column]:
    first = [cell.strip() for cell in grid[0]]
    width = len(first)
    if width > limits.columns or width * len(grid) > limits.cells:
        raise InputError(
            f"'{filename}' has {width:,} columns and {len(grid):,} rows; "
            f"at most {limits.columns:,} columns and {limits.cells:,} cells are read"
        )
    if header is None:
        header = not all(_NUMBER.fullmatch(cell.replace("−", "-")) for cell in first)
    if header and len(grid) < 2:
        raise InputError(f"'{filename}' has a header and no rows")
    body = grid[1:] if header else grid
    if not header:
        first = ["x"] if width == 1 else [f"x{i}" for i in range(1, width + 1)]
        notes.append(f"no header (the first line holds numbers): columns are called {first[0]}...")
    names = _unique_names(first, notes)
    stripped = [[cell.strip() for cell in row] for row in body]
    columns = list(zip(*stripped, strict=True))
    comma = delimiter != "," and _has_decimal_commas(columns)
    if comma:
        notes.append("numbers have decimal commas")
    return [
        _column(name, cells, delimiter, comma, notes)
        for name, cells in zip(names, columns, strict=True)
    ]


def _unique_names(header: Sequence[str], notes: list[str]) -> list[str]:
    """Empty and repeated headers get the names pandas gives them, which people know."""
    names: list[str] = []
    for i, cell in enumerate(header):
        name = cell or f"Unnamed: {i}"
        base, k = name, 1
        while name in names or (k > 1 and name in header):
            name, k = f"{base}.{k}", k + 1
        names.append(name)
        if name != cell:
            problem = f"the repeated header '{cell}'" if cell else "no header"
            notes.append(f"column {i + 1} has {problem}: called '{name}'")
    return names


def _has_decimal_commas(columns: Iterable[Sequence[str]]) -> bool:
    """Whether some column can only be decimal commas (3,14 is not a group of three)."""
    for cells in columns:
        present = [c.replace("−", "-") for c in cells if c.casefold() not in MISSING_CELLS]
        if (
            any("," in c for c in present)
            and all(_DECIMAL_COMMA.fullmatch(c) or _DOT_GROUPS.fullmatch(c) for c in present)
            and any("," in c and not _COMMA_GROUPS.fullmatch(c) for c in present)
        ):
            return True
    return False


def _column(
    name: str, cells: Sequence[str], delimiter: str, comma: bool, notes: list[str]
) -> Column:
    items = tuple(None if c.casefold() in MISSING_CELLS else c for c in cells)
    present = [c for c in items if c is not None]
    if not present:
        return Sample(name, items)
    unit = _common_unit(present)
    bare = tuple(None if c is None else _without_unit(c, unit) for c in items)
    texts = tuple(None if c is None else _number_text(c, delimiter, comma) for c in bare)
    bad = [
        i
        for i, (c, t) in enumerate(zip(bare, texts, strict=True))
        if t is None and c is not None and c.casefold() not in MISSING_AMONG_NUMBERS
    ]
    if not bad and any(t is not None for t in texts):
        if any(c is not None and "," in c for c in bare) and not comma:
            notes.append(f"column '{name}': commas are thousands separators")
        return Sample(name, texts, unit)
    if bad and len(bad) * 2 < len(present):
        verb, first = "is" if len(bad) == 1 else "are", _short(items[bad[0]] or "")
        notes.append(
            f"column '{name}' is read as words: {len(bad)} of its {len(present)} cells "
            f"{verb} not a number (row {bad[0] + 1}: '{first}')"
        )
    return Labels(name, items)


def _common_unit(present: Sequence[str]) -> str | None:
    """``%`` or a currency sign that every cell carries."""
    if all(c.endswith("%") for c in present):
        return "%"
    for sign in _CURRENCY:
        if all(c.lstrip("+-").startswith(sign) for c in present):
            return sign
    return None


def _without_unit(cell: str, unit: str | None) -> str:
    return cell if unit is None else cell.replace(unit, "", 1).strip()


def _number_text(cell: str, delimiter: str, comma: bool) -> str | None:
    """The cell as a decimal number Python reads, or None if it is not certainly one."""
    if len(cell) > _LONGEST_NUMBER:
        return None
    cell = cell.replace("−", "-")
    if comma:
        if _DECIMAL_COMMA.fullmatch(cell):
            cell = cell.replace(",", ".")
        elif _DOT_GROUPS.fullmatch(cell) and ("," in cell or cell.count(".") > 1):
            cell = cell.replace(".", "").replace(",", ".")
    elif _COMMA_GROUPS.fullmatch(cell) and (delimiter == "," or cell.count(",") > 1 or "." in cell):
        cell = cell.replace(",", "")
    elif _SPACE_GROUPS.fullmatch(cell):
        cell = re.sub(r"[ \u00a0\u202f'’]", "", cell)
    if not _NUMBER.fullmatch(cell) or not cell.isascii() or not math.isfinite(float(cell)):
        return None
    cell = cell.lstrip("+")
    return cell[:-1] if cell.endswith(".") else cell


def _short(cell: str) -> str:
    return cell if len(cell) <= 40 else cell[:37] + "..."


# --- other formats ----------------------------------------


def _xlsx(data: bytes, filename: str, limits: ReadLimits) -> tuple[list[list[str]], list[str]]:
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > 8 * limits.bytes:
                raise InputError(f"'{filename}' unpacks to more than {8 * limits.bytes:,} bytes")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except InputError:
        raise
    except Exception:  # a broken workbook raises KeyError, ValueError, zipfile and XML errors alike
        raise InputError(f"'{filename}' is not a readable .xlsx workbook") from None
    notes: list[str] = []
    try:
        for sheet in book.worksheets:
            grid = _sheet(sheet, filename, limits)
            if grid:
                if len(book.worksheets) > 1:
                    others = [s.title for s in book.worksheets if s is not sheet]
                    notes.append(f"sheet '{sheet.title}' was read; not read: {', '.join(others)}")
                return grid, notes
    except InputError:
        raise
    except Exception:  # as above: the sheets are parsed lazily
        raise InputError(f"'{filename}' is not a readable .xlsx workbook") from None
    finally:
        book.close()
    raise InputError(f"'{filename}' has no cells")


def _sheet(sheet: Any, filename: str, limits: ReadLimits) -> list[list[str]]:
    grid: list[list[str]] = []
    for row in sheet.iter_rows(values_only=True):
        cells = [_cell_text(v) for v in row[: limits.columns + 1]]
        if grid or any(cells):
            grid.append(cells)
        if len(grid) > limits.rows + 1:
            raise InputError(f"'{filename}' has more than {limits.rows:,} rows")
    while grid and not any(grid[-1]):
        grid.pop()
    width = max((i + 1 for row in grid for i, c in enumerate(row) if c), default=0)
    return [[*row[:width], *[""] * (width - len(row))] for row in grid]


def _cell_text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() if not math.isfinite(value):
            return "" if math.isnan(value) else str(value)
        case float() if value == int(value) and abs(value) < 1e15:
            return str(int(value))
        case int() | float():
            return repr(value)
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
    return str(value).replace("\x00", "")


def _parquet(data: bytes, filename: str, limits: ReadLimits) -> tuple[list[Column], list[str]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(data))
        rows, width = file.metadata.num_rows, len(file.schema_arrow)
        if rows > limits.rows or width > limits.columns or rows * width > limits.cells:
            raise InputError(f"'{filename}' has {rows:,} rows and {width:,} columns: too many")
        table = file.read()
    except (pa.ArrowException, OSError):
        raise InputError(f"'{filename}' is not a readable Parquet file") from None
    if not rows or not width:
        raise InputError(f"'{filename}' has no rows")
    notes: list[str] = []
    names = _unique_names([n.strip() for n in table.column_names], notes)
    columns: list[Column] = []
    for name, column in zip(names, table.columns, strict=True):
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        if pa.types.is_nested(kind) or pa.types.is_binary(kind):
            raise InputError(f"'{filename}', column '{name}': {kind} is no cell of a table")
        columns.append(_parquet_column(name, column, kind, filename))
    return columns, notes


def _parquet_column(name: str, column: Any, kind: Any, filename: str) -> Column:
    import numpy as np
    import pyarrow as pa

    values = column.to_pylist()
    if pa.types.is_floating(kind):
        narrow = {16: np.float16, 32: np.float32}.get(kind.bit_width)
        texts: list[str | None] = []
        for i, v in enumerate(values, 1):
            if v is None or math.isnan(v):
                texts.append(None)
            elif math.isinf(v):
                raise InputError(f"'{filename}', column '{name}', row {i}: {v} is not finite")
            else:  # the shortest text that gives a narrow float back, not its digits as a double
                texts.append(str(narrow(v)) if narrow else repr(v))
        return Sample(name, tuple(texts))
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return Sample(name, tuple(None if v is None else str(v) for v in values))
    if pa.types.is_null(kind):
        return Sample(name, (None,) * len(values))
    return Labels(name, tuple(None if v is None else _cell_text(v) for v in values))


def _json(text: str, filename: str, limits: ReadLimits) -> list[list[str]]:
    def constant(word: str) -> None:
        return None

    def number(written: str) -> str:
        return written

    def load(part: str, where: str) -> Any:
        try:
            return json.loads(part, parse_float=number, parse_int=number, parse_constant=constant)
        except json.JSONDecodeError as error:
            place = f"{where}, character {error.colno}"
            raise InputError(f"'{filename}', {place}: {error.msg}") from None
        except RecursionError:
            raise InputError(f"'{filename}', {where}: nested too deeply") from None

    if text.lstrip().startswith("["):
        records = load(text, "as a JSON array")
    else:
        lines = [(i, line) for i, line in enumerate(text.splitlines(), 1) if line.strip()]
        records = [load(line, f"line {i}") for i, line in lines[: limits.rows + 1]]
    if len(records) > limits.rows:
        raise InputError(f"'{filename}' has more than {limits.rows:,} rows")
    keys: Counter[str] = Counter()
    for i, record in enumerate(records, 1):
        if not isinstance(record, dict):
            raise InputError(f"'{filename}', record {i}: an object {{...}} is needed")
        keys.update(record.keys())
    if not keys:
        raise InputError(f"'{filename}' has no rows")
    grid = [list(keys)]
    for i, record in enumerate(records, 1):
        row = []
        for key in keys:
            value = record.get(key)
            if isinstance(value, dict | list):
                raise InputError(f"'{filename}', record {i}, '{key}': nested, so no table cell")
            row.append(_cell_text(value))
        grid.append(row)
    return grid
