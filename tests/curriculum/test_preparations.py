"""Preparations: a statement in front of any lesson, on whose result the lesson then works."""

from __future__ import annotations

import random

import pytest

from havoc.curriculum.generator import (
    Rendering,
    all_lessons,
    is_held_preparation,
    make_example,
)
from havoc.curriculum.preparations import PREPARATIONS, program_after, suits
from havoc.curriculum.programs import Misaligned
from havoc.dsl.executor import run_text
from havoc.dsl.planning import lexicalise
from havoc.errors import InputError

LESSONS = {x.name: x for x in all_lessons()}
BY_NAME = {p.name: p for p in PREPARATIONS}


def test_a_filter_moves_the_lesson_onto_its_result() -> None:
    program = program_after(BY_NAME["word"], "stats.correlation(x={t.x}, y={t.y})")
    assert program == (
        "table.filter(data={t}, where={t.pg} == {pw}); stats.correlation(x=r1.{t.x}, y=r1.{t.y})"
    )


def test_columns_of_a_formula_stay_bare_and_later_results_move_up() -> None:
    program = program_after(
        BY_NAME["drop_any_missing"],
        "stats.anova({t.y} ~ {t.g}, data={t}); stats.tukey(value=r1.{t.y}, by={t.g})",
    )
    assert program == (
        "table.drop_missing(data={t}); stats.anova({t.y} ~ {t.g}, data=r1); "
        "stats.tukey(value=r2.{t.y}, by=r1.{t.g})"
    )


def test_a_new_column_stands_for_the_lessons_own() -> None:
    program = program_after(BY_NAME["derive_ratio"], "stats.describe(x={t.x})")
    assert program.endswith("stats.describe(x=r1.{pn})")


@pytest.mark.parametrize("preparation", PREPARATIONS, ids=lambda p: p.name)
def test_prepared_requests_are_grounded_and_run(preparation: object) -> None:
    """Each preparation before a lesson on one column: most examples run (a filter may leave too few rows)."""
    ran = made = 0
    for seed in range(40):
        lesson = LESSONS["table_group_mean" if seed % 2 else "stats.describe"]
        rendering_rng = random.Random(seed)
        try:
            example = _prepared(lesson, preparation, rendering_rng)
        except Misaligned:
            continue
        made += 1
        assert sum(t.startswith("<op:") for t in example.program) == 2
        try:
            ran += run_text(
                lexicalise(example.program, example.grounded), files=example.attached
            ).passed
        except InputError:
            continue
        if ran >= 3:
            break
    assert ran >= 3, (made, ran)


def _prepared(lesson, preparation, rng):  # type: ignore[no-untyped-def]
    chosen = Rendering._preparation
    Rendering._preparation = lambda self: preparation  # type: ignore[method-assign]
    try:
        return make_example(lesson, rng)
    finally:
        Rendering._preparation = chosen  # type: ignore[method-assign]


def test_held_compositions_are_never_trained_on() -> None:
    pairs = [(x, p) for x in LESSONS.values() for p in PREPARATIONS if suits(p, x)]
    held = [is_held_preparation(x, p) for x, p in pairs]
    assert 0.05 < sum(held) / len(held) < 0.2


def test_the_splits_take_their_own_compositions() -> None:
    lesson = LESSONS["stats.describe"]
    for split, wanted in (("train", False), ("combination", True)):
        drawn = [Rendering(lesson, random.Random(i), split).preparation for i in range(200)]
        chosen = [p for p in drawn if p is not None]
        assert chosen
        assert all(is_held_preparation(lesson, p) == wanted for p in chosen)
    assert all(
        Rendering(lesson, random.Random(i), "phrasing").preparation is None for i in range(50)
    )
