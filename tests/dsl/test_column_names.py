"""Columns of a file as people write of them: in full where the name is short, with the small words between."""

from __future__ import annotations

import pytest

from havoc.dsl.grounding.column_names import names_column
from havoc.dsl.grounding.ground import ground
from havoc.tools.values import Sample, Table


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("gdpPercap", "the logarithm of the GDP per capita"),
        ("avg. num. agents talking", "the average number of agents talking"),
        ("No. of rejects", "how does the number of rejects change"),
        ("max_temp", "does maximum temperature matter"),
        ("temp (C)", "is temperature significant"),
        ("pct_scrap", "percentage of scrap by line"),
        ("fillWeight", "fill weight by head"),
    ],
)
def test_a_column_is_read_short_and_in_full(name: str, text: str) -> None:
    assert names_column(text, name)
    grounded = ground(text, {"f": Table((Sample(name, ("1", "2")), Sample("other", ("3", "5"))))})
    said = grounded.text.split(" | ")[0].split(" ")
    assert [s.value.name for s in grounded.of("c") if s.token in said] == [name]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("max", "what is the maximum of y"),
        ("no", "the number of rejects"),
        ("age", "the average agent"),
        ("min_load", "the minimum of the loads"),
    ],
)
def test_what_speaks_of_something_else_names_no_column(name: str, text: str) -> None:
    assert not names_column(text, name)
