"""The figures of the reference pages are those the examples give, and comparing them can fail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from havoc.dsl.pictures import figures_of, picture, pictures, same_picture, title_of, write_pictures
from havoc.tools.operation import operations
from havoc.tools.result import Figure

FOLDER = Path(__file__).parents[2] / "docs" / "operations" / "figures"
LINE = Figure("line", "Density: 0.00125 & less", {"x": [0, 1, 2], "y": [0.00125, 0.0011, 0.0004]})


def stale(drawn: dict[str, str]) -> list[str]:
    files = {name: FOLDER / name for name in drawn}
    return [
        name
        for name, path in files.items()
        if not path.exists() or not same_picture(path.read_text(encoding="utf-8"), drawn[name])
    ]


def test_some_pictures_in_docs_are_what_the_examples_give():
    shown = sorted({n for n in operations() if (FOLDER / f"{n}.svg").exists()})
    assert len(shown) > 100
    assert not stale(pictures(shown[::12])), "run: havoc ops --docs docs/operations"


@pytest.mark.slow
def test_the_pictures_in_docs_are_all_that_the_examples_give():
    drawn = pictures()
    assert not stale(drawn), "run: havoc ops --docs docs/operations"
    assert {path.name for path in FOLDER.iterdir()} == set(drawn)


def test_every_picture_is_on_the_page_of_its_family():
    for path in FOLDER.iterdir():
        page = FOLDER.parent / f"{path.name.partition('.')[0]}.md"
        assert f"![{title_of(path.read_text())}](figures/{path.name})" in page.read_text()


def test_all_pictures_together_stay_small():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 3_000_000


def test_words_and_numbers_of_a_picture_stay_as_they_are():
    svg = picture(LINE)
    assert title_of(svg) == LINE.title
    assert ">0.0004<" in svg
    assert ">Density: 0.00125 &amp; less<" in svg


def test_places_are_written_to_a_hundredth_of_a_point():
    svg = picture(LINE)
    assert len(svg) < 9_000
    assert same_picture(svg, picture(LINE))


@pytest.mark.parametrize(
    "other",
    [
        replace(LINE, title="Density"),
        replace(LINE, data={**LINE.data, "y": [0.00125, 0.0009, 0.0004]}),
        replace(LINE, data={**LINE.data, "marked": [1, 0.0011]}),
        replace(LINE, data={**LINE.data, "x": [0, 10, 20]}),
    ],
    ids=["other words", "another value", "one point more", "another scale"],
)
def test_a_picture_that_shows_something_else_is_told_from_it(other):
    assert not same_picture(picture(LINE), picture(other))


def test_a_place_moved_by_less_than_a_point_is_the_same_picture():
    svg = picture(LINE)
    moved = svg.replace(' y="', ' y="0', 1)  # 0291.44: the same number
    assert moved != svg
    assert same_picture(svg, moved)


def test_an_operation_without_figures_has_no_picture():
    assert figures_of("maths.factor") == ()
    assert pictures(["maths.factor"]) == {}


def test_writing_draws_what_is_missing_and_deletes_what_no_operation_gives(tmp_path, monkeypatch):
    monkeypatch.setattr("havoc.dsl.pictures.operations", lambda: {
        n: operations()[n] for n in ("stats.dixon", "stats.grubbs", "maths.factor")
    })  # fmt: skip
    (tmp_path / "stats.gone.svg").write_text("<svg/>")
    changed, many = write_pictures(tmp_path)
    assert {p.name for p in changed} == {"stats.gone.svg", "stats.dixon.svg", "stats.grubbs.svg"}
    assert many == 2
    assert {p.name for p in tmp_path.iterdir()} == {"stats.dixon.svg", "stats.grubbs.svg"}
    assert write_pictures(tmp_path) == ([], 2)
