"""A design as a worksheet to fill in: run order, settings in natural and coded units, empty responses.

The names of the record-keeping columns are those that ``doe.analyse`` leaves aside, so that the filled file
is recognised as the design that it is.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from havoc.errors import InputError
from havoc.serving.spreadsheet import workbook
from havoc.tools.result import Result, ResultTable

KEPT = {"run": "RunOrder", "std": "StdOrder", "type": "PtType"}
FORMATS = (".csv", ".xlsx", ".json")


def design_of(results: Sequence[Result]) -> Result:
    """The last result that is a design.

    Raises
    ------
    InputError
        None of them is.
    """
    for result in reversed(results):
        if {"design", "coded design"} <= {t.name for t in result.tables}:
            return result
    raise InputError("the program builds no design (such as doe.box_behnken)")


def worksheet(result: Result, responses: Sequence[str]) -> tuple[ResultTable, ResultTable]:
    """The sheet to fill in, and the same runs in coded units."""
    written, coded = result.table("design"), result.table("coded design")
    heads = [KEPT.get(c.rstrip("_"), c) for c in written.columns]
    taken = {h.casefold() for h in heads}
    doubled = [r for r in responses if r.casefold() in taken or not r.strip()]
    if doubled:
        raise InputError(f"the response '{doubled[0]}' needs a name that no column has")
    empty = (None,) * len(responses)
    sheet = ResultTable(
        "worksheet", (*heads, *responses), tuple((*row, *empty) for row in written.rows)
    )
    return sheet, ResultTable("coded", ("RunOrder", *coded.columns[1:]), coded.rows)


def write_worksheet(result: Result, path: Path, responses: Sequence[str]) -> list[Path]:
    """Write the worksheet; the suffix says how. A CSV file has its coded settings in a second file.

    Raises
    ------
    InputError
        A suffix other than .csv, .xlsx or .json; a file that cannot be written.
    """
    sheet, coded = worksheet(result, responses)
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"'{path.name}' must end in {', '.join(FORMATS)}")
    try:
        if path.suffix.lower() == ".xlsx":
            path.write_bytes(workbook((sheet, coded)))
            return [path]
        if path.suffix.lower() == ".json":
            document = {"worksheet": _records(sheet), "coded": _records(coded)}
            path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
            return [path]
        other = path.with_name(f"{path.stem}.coded.csv")
        for table, target in ((sheet, path), (coded, other)):
            target.write_text(_csv(table), encoding="utf-8")
        return [path, other]
    except OSError as error:
        raise InputError(f"'{path}' cannot be written: {error.strerror}") from None


def _records(table: ResultTable) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def _csv(table: ResultTable) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(["" if v is None else v for v in row] for row in table.rows)
    return out.getvalue()
