"""The handbook is whole, plain, and every number in it is what our operations give now."""

from __future__ import annotations

from pathlib import Path

import pytest

from havoc.corpus.handbook import Article, articles, parse_article, read_articles
from havoc.corpus.handbook_examples import CONTENTS, contents, main, programs, refreshed
from havoc.errors import InputError

HANDBOOK = Path(__file__).parents[2] / "docs" / "handbook"
ARTICLES = articles(HANDBOOK)

EXAMPLE = """---
title: A test
topic: tests
keywords: [one, two]
---

The mean is 0.00<!-- r.mean --> and p is 0.0e-1<!-- r.p_value -->; {about} 0%<!-- r.p_value -->.

```havoc show=r.df,r/t_test
r = stats.t_test_one([502, 498, 505, 499], target=500)
```
"""


def _article(folder: Path, text: str) -> Article:
    path = folder / "tests" / "example.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return parse_article(path)


@pytest.mark.parametrize("article", ARTICLES, ids=[f"{a.topic}/{a.slug}" for a in ARTICLES])
def test_every_output_and_number_of_an_article_is_current(article: Article) -> None:
    _, stale = refreshed(article)
    assert stale == []


def test_the_handbook_covers_the_field() -> None:
    count = {
        topic: sum(a.topic == topic for a in ARTICLES) for topic in {a.topic for a in ARTICLES}
    }
    assert len(ARTICLES) >= 100
    least = {"doe": 12, "spc": 8, "tests": 6, "capability": 3, "measurement": 3, "reliability": 3}
    least |= {"sampling": 2, "power": 2, "distributions": 4, "tolerance": 2, "maths": 4}
    assert all(count.get(topic, 0) >= n for topic, n in least.items()), count
    assert count["anova"] + count["regression"] >= 5


def test_the_table_of_contents_lists_every_article() -> None:
    assert (HANDBOOK / "README.md").read_text().endswith(CONTENTS + contents(HANDBOOK))


def test_articles_are_of_a_length_that_can_be_read_at_once() -> None:
    for article in ARTICLES:
        prose = [part for i, part in enumerate(article.plain.split("```")) if i % 2 == 0]
        words = len(" ".join(prose).split())
        assert 300 <= words <= 1000, f"{article.path}: {words} words"


def test_articles_have_programs_references_and_a_title_of_their_own() -> None:
    assert len({a.title for a in ARTICLES}) == len(ARTICLES)
    for article in ARTICLES:
        assert programs(article), article.path
        assert "## References" in article.body, article.path
        assert "## Pitfalls" in article.body, article.path


def test_readers_do_not_see_where_a_number_comes_from() -> None:
    for document in read_articles(HANDBOOK):
        assert "<!--" not in document.text
        assert document.text.startswith(f"# {document.title}\n")
        assert document.licence == "Apache-2.0"


def test_stale_numbers_and_outputs_are_found_and_written(tmp_path: Path) -> None:
    article = _article(tmp_path, EXAMPLE)
    body, stale = refreshed(article)
    assert "The mean is 501.00<!-- r.mean --> and p is 5.7e-01<!-- r.p_value -->" in body
    assert "{about} 57%<!-- r.p_value -->." in body
    assert "```output\nr: There is no evidence" in body
    assert "\ndf = 3\n" in body
    assert "\nt test:\nn  mean " in body
    assert len(stale) == 4
    assert main([str(tmp_path), "--check"]) == 1
    assert main([str(tmp_path)]) == 0
    assert main([str(tmp_path), "--check"]) == 0
    again = parse_article(article.path)
    assert refreshed(again) == (again.body, [])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("r.mean", "q.mean"), "no statement 'q'"),
        (("r.mean", "r.maen"), "gives no 'maen'; did you mean 'mean'"),
        (("show=r.df", "show=r.dff"), "gives no 'dff'"),
        (("r/t_test", "r/nothing"), "has no table 'nothing'; there are t_test"),
        (("show=", "shows="), "expected show="),
        (("stats.t_test_one", "stats.t_tset_one"), "there is no operation"),
    ],
)
def test_a_wrong_name_in_an_article_is_named(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    article = _article(tmp_path, EXAMPLE.replace(*change))
    with pytest.raises(InputError, match=message):
        refreshed(article)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("No front matter.", "no front matter"),
        ("---\ntitle: x\n---\ntext", "lacks topic, keywords"),
        ("---\ntitle: [\n---\ntext", "not YAML"),
        ("---\ntitle: x\ntopic: spc\nkeywords: [a]\n---\ntext", "the folder is 'tests'"),
    ],
)
def test_a_broken_front_matter_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _article(tmp_path, text)
