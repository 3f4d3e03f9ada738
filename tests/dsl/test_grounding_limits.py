"""Requests that repeat one thing thousands of times: read, or refused in a line, never a failure inside."""

from __future__ import annotations

import pytest

from havoc.dsl.grounding.ground import ground
from havoc.errors import InputError

REPEATED = (
    "alpha=0.05 ", "x+y ", "(1,2),", "A: 1 2 3 | ", "150-200 ", "'a' ", "x^2+", "=", "((((", "1e5", "-", "10 ± 2 ",
    "\n;*", "_,±-,$\n1", "low 1 / high 2 ", "$x$ ",
)  # fmt: skip


@pytest.mark.parametrize("part", REPEATED)
def test_what_is_repeated_without_end_is_read_or_refused(part: str) -> None:
    said = ""
    try:
        length = len(ground((part * 9000)[:9000]).text.split())
    except InputError as error:
        said, length = str(error), 0
    assert length < 1000
    assert not said or "attach the data as a file" in said


def test_long_lists_and_tables_are_one_thing() -> None:
    numbers = ", ".join(f"{i % 89}.5" for i in range(3000))
    (column,) = ground(f"individuals chart of {numbers}").of("c")
    assert len(column.value.texts) == 3000
    rows = "\n".join(f"{i % 7},{i % 11}" for i in range(3000))
    found = ground(f"Correlate a and b\na,b\n{rows}")
    assert len(found.of("c")) == 2


def test_a_sum_of_dozens_of_terms_is_still_an_expression() -> None:
    terms = " + ".join(f"{k}*x^{k}" for k in range(2, 12))
    assert ground(f"differentiate {terms}").of("e")
