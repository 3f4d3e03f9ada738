"""The plans of ANSI/ASQ Z1.4 against cells of the printed tables."""

from __future__ import annotations

import pytest
from statements import run

from havoc.errors import InputError
from havoc.tools.quality.standard_plans import AQLS, CODES, cell, code_letter, find_plan

COLUMNS = (0.65, 1.0, 1.5, 2.5, 4.0, 6.5, 10.0, 15.0)
# Rejection numbers of MIL-STD-105E Tables II-A and II-B as reprinted in the tables of the National
# Institute of Building Sciences (FMOC); v and ^ are arrows.
NORMAL = """
A v v v v v 1 ^ v
B v v v v 1 ^ v 2
C v v v 1 ^ v 2 3
D v v 1 ^ v 2 3 4
E v 1 ^ v 2 3 4 6
F 1 ^ v 2 3 4 6 8
G ^ v 2 3 4 6 8 11
H v 2 3 4 6 8 11 15
J 2 3 4 6 8 11 15 22
K 3 4 6 8 11 15 22 ^
L 4 6 8 11 15 22 ^ ^
M 6 8 11 15 22 ^ ^ ^
N 8 11 15 22 ^ ^ ^ ^
P 11 15 22 ^ ^ ^ ^ ^
Q 15 22 ^ ^ ^ ^ ^ ^
"""
TIGHTENED = """
A v v v v v v v v
B v v v v v 1 v v
C v v v v 1 v v 2
D v v v 1 v v 2 3
E v v 1 v v 2 3 4
F v 1 v v 2 3 4 6
G 1 v v 2 3 4 6 9
H v v 2 3 4 6 9 13
J v 2 3 4 6 9 13 19
K 2 3 4 6 9 13 19 ^
L 3 4 6 9 13 19 ^ ^
"""


@pytest.mark.parametrize(("severity", "printed"), [("normal", NORMAL), ("tightened", TIGHTENED)])
def test_cells_are_those_of_the_printed_table(severity: str, printed: str) -> None:
    for line in printed.strip().splitlines():
        letter, *cells = line.split()
        for aql, wanted in zip(COLUMNS, cells, strict=True):
            found = cell(CODES.index(letter), AQLS.index(aql), severity)
            text = {"down": "v", "up": "^"}.get(str(found)) or str(int(found) + 1)
            assert text == wanted, (severity, letter, aql)


@pytest.mark.parametrize(
    ("lot", "level", "letter"),
    [(8, "II", "A"), (25, "II", "C"), (280, "I", "E"), (1200, "II", "J"), (1201, "II", "K"),
     (3200, "III", "L"), (500, "S-4", "E"), (10**6, "III", "R")],
)  # fmt: skip
def test_code_letters_of_table_one(lot: int, level: str, letter: str) -> None:
    assert code_letter(lot, level) == letter


def test_every_cell_leads_to_a_plan() -> None:
    for severity in ("normal", "tightened"):
        for aql in range(len(AQLS)):
            for letter in CODES[:-1]:
                assert find_plan(letter, aql, severity).n >= 2


def test_the_textbook_lot_of_2000_at_an_aql_of_0_65() -> None:
    # Montgomery (2013), section 15.4.3: N = 2000, AQL 0.65 %, level II
    plan = run("p = quality.standard_plan(lot=2000, aql=0.65%)")
    assert (plan["code_letter"], plan["n"], plan["c"]) == ("K", 125, 2)
    tight = run("p = quality.standard_plan(lot=2000, aql=0.65, inspection=tightened)")
    assert (tight["n"], tight["c"]) == (125, 1)


def test_an_aql_outside_the_standard_is_refused_with_its_neighbours() -> None:
    with pytest.raises(InputError, match=r"no AQL of 2; its nearest are 1\.5 and 2\.5"):
        run("p = quality.standard_plan(lot=2000, aql=2)")


def test_a_sample_as_large_as_the_lot_is_full_inspection() -> None:
    plan = run("p = quality.standard_plan(lot=30, aql=0.15)")
    assert plan["n"] == 30
    assert any("every item" in w for w in plan.result.warnings)
