"""One spelling for one symbol, and technical meaning kept."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havoc.corpus.normalise import normalise


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("x² + y³", "x² + y³"),
        ("½ inch", "½ inch"),
        ("5\u00a0\u00b5m", "5 μm"),
        ("10 \u2126", "10 Ω"),
        ("\u2212 3.2", "- 3.2"),
        ("\ufb01nal \uff11\uff12", "final 12"),
        ("\U0001d465\U0001d6fc", "xα"),
        ("x\u0304", "x\u0304"),
        ("\u201coff target\u201d it\u2019s", '"off target" it\'s'),
        ("a\u200bb\u00adc\ufeff", "abc"),
        ("Z\u030a", "Z\u030a"),
        ("A\u030a", "Å"),
        ("a   b\t c  \n\n\n\n d", "a b c\n\n d"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
    ],
)
def test_symbols_have_one_form(raw: str, expected: str) -> None:
    assert normalise(raw) == expected


def test_columns_in_a_fenced_block_stay_aligned() -> None:
    block = "```output\nmean   sd\n1.2    0.3\n```"
    assert normalise(block) == block


def test_full_width_digits_agree_with_the_compatibility_form_of_unicode() -> None:
    digits = "".join(chr(c) for c in range(0xFF10, 0xFF1A))
    assert normalise(digits) == unicodedata.normalize("NFKC", digits)


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
