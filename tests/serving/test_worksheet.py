"""A design goes out as a worksheet and comes back filled, recognised as what it is."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from havoc.dsl.executor import run_text
from havoc.errors import InputError
from havoc.serving.worksheet import design_of, write_worksheet
from havoc.tools.result import Result

CCD = "d = doe.central_composite(temperature=150..200 degC, time=10..30 min, centers=4, seed=3)"
FRACTION = "d = doe.fractional_factorial(n_factors=5, runs=16, centers=3, seed=2)"


def design(program: str) -> Result:
    return design_of([s.result for s in run_text(program).steps])


def truth(coded: list[float]) -> float:
    return 80 - 2 * coded[0] ** 2 - 3 * coded[1] ** 2 + coded[0] + 0.01 * sum(coded)


def filled_csv(program: str, folder: Path) -> Path:
    path, other = write_worksheet(design(program), folder / "runs.csv", ["yield"])
    rows, coded = (list(csv.DictReader(p.open())) for p in (path, other))
    assert all(row["yield"] == "" for row in rows)
    for k, (row, code) in enumerate(zip(rows, coded, strict=True)):
        assert row["RunOrder"] == code["RunOrder"]
        settings = [float(v) for name, v in code.items() if name != "RunOrder"]
        row["yield"] = f"{truth(settings) + 0.05 * (k % 3):.3f}"
    with path.open("w", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize(
    ("program", "kind"),
    [
        (CCD, "response surface design in 2 factors"),
        (FRACTION, "two-level experiment in 5 factors"),
    ],
)
def test_a_filled_csv_is_recognised_as_its_design(program: str, kind: str, tmp_path: Path) -> None:
    path = filled_csv(program, tmp_path)
    text = f'd = data("{path.name}")\nr = doe.analyse(d, d.yield)'
    step = run_text(text, base_dir=tmp_path).steps[-1]
    assert step.result.values["kind"] == kind
    assert all(c.passed for c in step.checks)


def test_a_workbook_holds_natural_and_coded_units(tmp_path: Path) -> None:
    (path,) = write_worksheet(design(CCD), tmp_path / "runs.xlsx", ["yield", "purity"])
    book = load_workbook(path)
    assert book.sheetnames == ["worksheet", "coded"]
    heads = [c.value for c in book["worksheet"][1]]
    assert heads[-4:] == ["temperature", "time", "yield", "purity"]
    assert [c.value for c in book["worksheet"][2]][-2:] == [None, None]
    assert book["worksheet"].max_row == book["coded"].max_row


def test_json_holds_both(tmp_path: Path) -> None:
    (path,) = write_worksheet(design(CCD), tmp_path / "runs.json", ["yield"])
    found = json.loads(path.read_text())
    assert len(found["worksheet"]) == len(found["coded"]) == 12
    assert found["worksheet"][0]["yield"] is None


def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="builds no design"):
        design("r = stats.describe([1, 2, 3])")
    with pytest.raises(InputError, match="must end in"):
        write_worksheet(design(CCD), tmp_path / "runs.doc", ["yield"])
    with pytest.raises(InputError, match="needs a name"):
        write_worksheet(design(CCD), tmp_path / "runs.csv", ["Time"])
