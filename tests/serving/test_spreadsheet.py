"""Workbooks: numbers with every digit, and no text that a spreadsheet would execute."""

from __future__ import annotations

import io
import zipfile

import httpx
import openpyxl
import pytest
from fastapi.testclient import TestClient
from scripted import runtime

from havoc.serving.app import create_app
from havoc.serving.spreadsheet import MEDIA_TYPE, workbook
from havoc.tools.result import ResultTable

HOSTILE = (
    "=1+1",
    '=HYPERLINK("http://x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "#N/A",
    "'=1",
)


def sheet(content: bytes, name: str) -> list[list[object]]:
    page = openpyxl.load_workbook(io.BytesIO(content))[name]
    return [[c.value for c in row] for row in page.iter_rows()]


def test_numbers_are_numbers_and_empty_cells_are_empty() -> None:
    rows = ((1, 1 / 3, None), (-1, 1e-300, "B"))
    content = workbook([ResultTable("runs", ("run", "y", "line"), rows)])
    head, first, second = sheet(content, "runs")
    assert head == ["run", "y", "line"]
    assert first == [1, pytest.approx(1 / 3, rel=1e-15), None]
    assert second == [-1, pytest.approx(1e-300, rel=1e-15, abs=0), "B"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula(text: str) -> None:
    content = workbook([ResultTable("t", (text,), ((text,),))])
    page = openpyxl.load_workbook(io.BytesIO(content))["t"]
    for cell in (page["A1"], page["A2"]):
        assert cell.data_type == "s"
        assert str(cell.value).strip() == text.strip()
    parts = zipfile.ZipFile(io.BytesIO(content))
    assert "<f>" not in "".join(
        parts.read(n).decode() for n in parts.namelist() if n.endswith(".xml")
    )


def test_titles_are_made_to_fit_and_told_apart() -> None:
    long = "a table: with [every] sign that is / not allowed, and long"
    titles = openpyxl.load_workbook(
        io.BytesIO(workbook([ResultTable(long, ("a",), ()), ResultTable(long, ("a",), ())]))
    ).sheetnames
    assert len(set(titles)) == 2
    assert all(0 < len(t) <= 31 for t in titles)


def post(body: object) -> httpx.Response:
    return TestClient(create_app(runtime()), base_url="http://localhost").post(
        "/data/xlsx", json=body
    )


def test_the_route_writes_what_it_is_given() -> None:
    table = {"name": "effects", "columns": ["term", "effect"], "rows": [["T", 23.5], ["=C", None]]}
    answer = post({"tables": [table]})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert sheet(answer.content, "effects") == [["term", "effect"], ["T", 23.5], ["=C", None]]


def test_a_ragged_table_is_refused_in_one_line() -> None:
    answer = post({"tables": [{"name": "t", "columns": ["a", "b"], "rows": [[1, 2], [3]]}]})
    assert answer.status_code == 400
    assert "'t': row 2 has 1 cells, there are 2 columns" in answer.json()["error"]["message"]
