"""The corpus step: what is kept, what is removed, and that the report says why."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from havoc.corpus.build import build_corpus, read_corpus
from havoc.corpus.contamination import Decontaminator
from havoc.corpus.duplicates import DuplicateFinder
from havoc.corpus.quality import QualityRules, judge
from havoc.errors import InputError

PROSE = (
    "A control chart shows a characteristic of a process against time, with a centre line at the "
    "average and limits three standard deviations away on either side; a point beyond a limit "
    "asks for an assignable cause, and so does a long run above the centre. "
)
OTHER = (
    "The least squares estimate of a slope divides the sum of cross products by the sum of squares "
    "of the regressor, and its standard error falls as the points are spread further apart along "
    "the axis, which is why the ends of a range are good places to measure. "
)


def _data(folder: Path, **files: list[dict[str, str]]) -> Path:
    for domain, records in files.items():
        path = folder / "data" / domain / "records.jsonl"
        path.parent.mkdir(parents=True)
        path.write_text("".join(json.dumps(r) + "\n" for r in records))
    return folder / "data"


def test_shards_carry_source_domain_and_licence(tmp_path: Path) -> None:
    records = [{"id": "a", "text": PROSE, "source": "book", "licence": "CC0-1.0"}]
    report = build_corpus(_data(tmp_path, stats=records), tmp_path / "corpus")
    (row,) = pq.read_table(tmp_path / "corpus" / report["shards"][0]).to_pylist()
    assert (row["id"], row["source"], row["domain"], row["licence"]) == (
        *("a", "book", "stats"),
        "CC0-1.0",
    )
    assert row["text"] == PROSE.strip()
    assert report["licences"] == {"CC0-1.0": 1}
    assert json.loads((tmp_path / "corpus" / "report.json").read_text()) == report


def test_every_removed_document_is_counted_under_one_rule(tmp_path: Path) -> None:
    near = PROSE * 4 + OTHER
    records = [
        {"id": "kept", "text": PROSE * 4},
        {"id": "same", "text": "  " + (PROSE * 4).upper()},
        {"id": "near", "text": near},
        {"id": "short", "text": "Too short."},
        {"id": "symbols", "text": "a = 1; " + "{}[]();:=+-*/ 12 34 " * 20},
        {"id": "leak", "text": OTHER},
    ]
    requests = tmp_path / "requests.jsonl"
    requests.write_text(
        json.dumps({"id": "Q1", "request": OTHER.replace(",", " -- ").upper()}) + "\n"
    )
    report = build_corpus(
        _data(tmp_path, stats=records), tmp_path / "corpus", evaluation_files=[requests]
    )
    removed = {rule: r["documents"] for rule, r in report["removed"].items() if r["documents"]}
    assert [d.id for d in read_corpus(tmp_path / "corpus")] == ["kept"]
    assert removed == {"short": 1, "few letters": 1, "contaminated": 2, "exact duplicate": 1}
    assert report["documents_read"] == report["documents_kept"] + sum(removed.values())
    assert report["removed"]["contaminated"]["examples"][0]["request"] == "requests.jsonl:Q1"
    assert report["removed"]["exact duplicate"]["examples"][0]["of"] == "kept"


def test_the_same_data_gives_the_same_shards(tmp_path: Path) -> None:
    data = _data(tmp_path, math=[{"text": OTHER}], stats=[{"text": PROSE}])
    one = build_corpus(data, tmp_path / "one")
    two = build_corpus(data, tmp_path / "two")
    assert one == two
    names = sorted(p.name for p in (tmp_path / "one").iterdir())
    assert names == ["corpus-00000.parquet", "report.json"]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_lessons_that_differ_in_their_numbers_are_all_kept(tmp_path: Path) -> None:
    lessons = [{"source": "lessons", "text": PROSE * 2 + f" Its value is {n}."} for n in range(5)]
    report = build_corpus(_data(tmp_path, stats=lessons), tmp_path / "corpus")
    assert report["documents_kept"] == 5


def test_nothing_left_is_an_input_error_and_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no document passed the filters"):
        build_corpus(_data(tmp_path, stats=[{"text": "Short."}]), tmp_path / "corpus")
    assert not (tmp_path / "corpus").exists()
    assert not (tmp_path / "corpus.partial").exists()


def test_a_quick_run_takes_a_part_of_each_source(tmp_path: Path) -> None:
    rows = [
        {"source": s, "text": f"{PROSE} Note {n} of {s}, on subject {n * 7}. {OTHER}"}
        for s in ("lessons", "handbook")
        for n in range(9)
    ]
    data = _data(tmp_path, stats=rows)
    few = build_corpus(data, tmp_path / "few", most_documents=4)
    assert few["sources"] == {"handbook": 4, "lessons": 4}
    small = build_corpus(data, tmp_path / "small", most_bytes=3000)
    assert small["characters_kept"] <= 3000
    assert small["documents_kept"] >= 1


def test_a_corpus_that_was_not_built_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="run the step 'corpus' first"):
        next(read_corpus(tmp_path))


def test_near_duplicates_are_those_above_the_jaccard_similarity_of_shingles() -> None:
    words = [f"w{i}" for i in range(400)]
    base, close, far = words, [*words[:390], *"abcdefghij"], [*words[:200], *map(str, range(200))]

    def shingles(w: list[str]) -> set[tuple[str, ...]]:
        return {tuple(w[i : i + 5]) for i in range(len(w) - 4)}

    def jaccard(a: list[str], b: list[str]) -> float:
        return len(shingles(a) & shingles(b)) / len(shingles(a) | shingles(b))

    assert jaccard(base, close) > 0.9
    assert jaccard(base, far) < 0.5
    finder = DuplicateFinder(threshold=0.8)
    assert finder.near("base", " ".join(base)) is None
    found = finder.near("close", " ".join(close))
    assert found is not None
    assert found[0] == "base"
    assert found[1] == pytest.approx(jaccard(base, close), abs=0.1)
    assert finder.near("far", " ".join(far)) is None


def test_an_inequality_and_its_reverse_are_not_duplicates() -> None:
    finder = DuplicateFinder()
    assert finder.exact("a", "x > 5") is None
    assert finder.exact("b", "x < 5") is None
    assert finder.exact("c", "X  >  5") == "a"


def test_thirteen_words_in_a_row_are_an_overlap_and_twelve_are_not() -> None:
    request = " ".join(f"r{chr(97 + i)}" for i in range(20))
    words = request.split()
    forbidden = Decontaminator([("Q", request)], ngram=13)
    assert forbidden.overlap("so " + " ".join(words[3:16]) + " it ends") is not None
    assert forbidden.overlap("so " + " ".join(words[3:15]) + " it ends") is None


def test_a_short_request_is_found_whole_within_a_document() -> None:
    forbidden = Decontaminator([("Q", "What is the mean of 3, 5?"), ("R", "is 7 prime")])
    assert forbidden.overlap("We ask: what is the MEAN of 3 5 and no more").request == "Q"  # type: ignore[union-attr]
    assert forbidden.overlap("we ask what is the mean of 3 6 and no more") is None
    assert forbidden.overlap("Is 7 prime?").request == "R"  # type: ignore[union-attr]
    assert forbidden.overlap("it is said that is 7 prime or so") is None


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("mean of n", "short"),
        ("norm gamma beta weibull " * 20, "no sentence"),
        ("the mean of the " + "mean " * 300, "monotonous"),
        (
            "the cat\ufffd sat on the mat and looked at a very large number of other things then "
            * 2,
            "broken characters",
        ),
    ],
)
def test_each_rule_names_what_it_caught(text: str, rule: str) -> None:
    verdict = judge(text, QualityRules())
    assert verdict is not None
    assert verdict.rule == rule


def test_formulas_do_not_condemn_a_technical_paragraph() -> None:
    text = (
        "The capability index is C_{pk} = \\min((U - m)/(3 s), (m - L)/(3 s)) where m is the mean "
        "and s the standard deviation, and U and L are the limits of the specification of the part."
    )
    assert judge(text, QualityRules()) is None
