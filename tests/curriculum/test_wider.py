"""Lists of columns as long as people's: every one of them named in the request stands in the program, in its order."""

from __future__ import annotations

import random
import re

import pytest

from havoc.curriculum.generator import all_lessons, make_example, split_of_template
from havoc.curriculum.programs import Misaligned
from havoc.curriculum.wider import LENGTHS, wider_lessons

WIDER = [x for x in all_lessons() if x.name.endswith("_columns")]


def test_lists_of_every_length_are_taught() -> None:
    assert {int(re.search(r"\.(\d)_columns", x.name)[1]) for x in WIDER} == set(LENGTHS)  # type: ignore[index]
    assert {"stats.regression", "stats.holdout", "spc.t2"} <= {x.last_operation for x in WIDER}


@pytest.mark.parametrize("lesson", WIDER[::5], ids=lambda x: x.name)
def test_the_program_lists_what_the_request_lists(lesson) -> None:  # type: ignore[no-untyped-def]
    made = 0
    for seed in range(12):
        try:
            example = make_example(lesson, random.Random(seed), "train")
        except Misaligned:
            continue
        calls = " ".join(example.program).split(" <;> ")
        call = next(c for c in calls if c.startswith(f"<op:{lesson.last_operation}>"))
        listed = re.search(r"<list> (.*?) </list>", call)
        assert listed, call
        columns = re.findall(r"<[cs]\d+>", listed[1])  # <s0>: a column just made
        assert len(columns) == int(lesson.name.split(".")[-1][0])
        assert len(set(columns)) == len(columns)
        made += 1
    assert made >= 8


def test_sentences_kept_back_of_a_lesson_are_kept_back_of_its_longer_lists() -> None:
    lesson = next(x for x in all_lessons() if x.name == "multiple regression")
    held = {t for t in lesson.ask if split_of_template(lesson, t) == "phrasing"}
    all_of_them = wider_lessons(lesson, lambda template: True)
    trained = wider_lessons(lesson, lambda template: template not in held)
    assert held
    assert len(trained[0].ask) < len(all_of_them[0].ask)
    assert set(trained[0].ask) <= set(all_of_them[0].ask)
