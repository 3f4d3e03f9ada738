"""Personal data are masked where they check as such, and the numbers of technical text are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from havoc.config import DataConfig
from havoc.corpus.build import build_corpus, read_corpus
from havoc.corpus.handbook import read_articles
from havoc.corpus.personal import Masker
from havoc.errors import InputError

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to bob.smith+lab@example.co.uk.", "write to <EMAIL>."),
        ("call +49 30 901820 today", "call <PHONE> today"),
        # numbers of the card industry's test sets
        ("card 4111 1111 1111 1111, thanks", "card <CARD>, thanks"),
        ("3782-822463-10005", "<CARD>"),
        ("6011000990139424", "<CARD>"),
        # examples of the IBAN registry
        ("IBAN DE89 3704 0044 0532 0130 00 AND MORE", "IBAN <IBAN> AND MORE"),
        ("GB29NWBK60161331926819", "<IBAN>"),
        ("SSN 078-05-1120", "SSN <SSN>"),
        ("from 93.184.216.34 at noon", "from <IP> at noon"),
        ("key AKIAIOSFODNN7EXAMPLE", "key <SECRET>"),
    ],
)
def test_what_checks_is_masked(text: str, masked: str) -> None:
    assert Masker().mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "card 4111 1111 1111 1112",  # the Luhn sum is wrong
        "lot 1234567812345670",  # the sum is right, but no issuer has it
        "the values 4111111111111111.5 and 0.4111111111111111",
        "DE89 3704 0044 0532 0130 01",
        "666-12-3456 and 1978-05-1120",
        "version 1.2.3.4, host 192.168.1.1, 127.0.0.1",
        "x = a @ b.T; y@2.5 and @decorator.name",
        "+5.25 +1234567 (+/- 0.5) 1e+10",
        "runs 502 498 505 499 503 507 and 030 901820",
        "F(2, 7.12197) = 12.6923, p = 0.00448738",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    masker = Masker()
    assert masker.mask(text) == text
    assert not masker.counts


def test_national_numbers_need_a_region_and_a_word() -> None:
    assert (
        Masker("DE").mask("Tel. 030 901820 or lot 030 901820") == "Tel. <PHONE> or lot 030 901820"
    )
    assert Masker().mask("Tel. 030 901820") == "Tel. 030 901820"
    with pytest.raises(InputError, match="'Germany' is no country code"):
        Masker("Germany")


def test_nothing_in_the_handbook_is_taken_for_personal_data() -> None:
    masker = Masker("US")
    for article in read_articles(ROOT / "docs" / "handbook"):
        assert masker.mask(article.text) == article.text


def test_masking_again_changes_nothing() -> None:
    masker = Masker()
    once = masker.mask("bob@example.com, +49 30 901820, 4111 1111 1111 1111")
    assert masker.mask(once) == once
    assert dict(masker.counts) == {"email": 1, "phone": 1, "card": 1}


def test_the_corpus_is_masked_where_the_configuration_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "stats"
    folder.mkdir(parents=True)
    text = "The shift report is sent to the plant by bob@example.com, who reads it. " * 4
    (folder / "a.txt").write_text(text)
    report = build_corpus(
        tmp_path / "data", tmp_path / "on", config=DataConfig(mask_personal_data=True)
    )
    assert report["masked"] == {"email": 4}
    assert "example.com" not in next(read_corpus(tmp_path / "on")).text
    assert build_corpus(tmp_path / "data", tmp_path / "off")["masked"] == {}
    assert "bob@example.com" in next(read_corpus(tmp_path / "off")).text
