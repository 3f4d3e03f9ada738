"""Open questions: sentences of passages that speak of what was asked, with citations, or nothing."""

from __future__ import annotations

import re

from havoc.srs.explain import content_words, explained
from havoc.srs.state import Passage

BOX = Passage(
    "a", "Box-Behnken designs", "handbook",
    "Keywords: Box-Behnken, response surface.\n\nIts points are the midpoints of the edges of the cube. "
    "A Box-Behnken design fits a full quadratic model with three levels of each factor.\n\n"
    "| a | b |\n|---|---|\n\n```havoc\nd = doe.box_behnken(n_factors=3)\n```\n",
    0.9,
)  # fmt: skip
CAPITAL = Passage(
    "b", "str.isascii", "pandas", "It checks capital and lowercase letters of a string.", 0.8
)


def test_every_sentence_is_from_a_passage_and_carries_its_citation() -> None:
    text = explained("when do I use a Box-Behnken design?", [CAPITAL, BOX]) or ""
    body, sources = text.split("### Sources")
    assert body.startswith("A Box-Behnken design fits a full quadratic model")
    for paragraph in body.strip().split("\n\n"):
        said, number = re.fullmatch(r"(.*) \[\[(\d)\]\]\(#c:\2\)", paragraph, re.DOTALL).groups()  # type: ignore[union-attr]
        assert int(number) == 2
        for sentence in re.split(r"(?<=\.) ", said):
            assert sentence in BOX.text
    assert "Box-Behnken designs, handbook" in sources


def test_passages_that_share_a_word_only_answer_nothing() -> None:
    assert explained("what is the capital of France?", [CAPITAL]) is None
    assert explained("how do I bake bread?", [BOX, CAPITAL]) is None
    assert explained("what is it?", [BOX]) is None


def test_headings_tables_code_and_keywords_are_not_quoted() -> None:
    text = explained("what is a Box-Behnken design", [BOX]) or ""
    assert "Keywords" not in text
    assert "|" not in text.split("### Sources")[0]
    assert "doe.box_behnken" not in text


def test_endings_do_not_hide_a_word() -> None:
    assert content_words("designs") == content_words("design")
    assert content_words("estimation of Cpk") & content_words("estimated Cpk")
