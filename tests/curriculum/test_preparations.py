"""Preparations: a statement in front of any lesson, on whose result the lesson then works."""

from __future__ import annotations

import random

import pytest

from havoc.curriculum.chains import with_earlier
from havoc.curriculum.generator import (
    Example,
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
        ran += _passes(example)
        if ran >= 3:
            break
    assert ran >= 3, (made, ran)


def _passes(example: Example) -> bool:
    try:
        program = lexicalise(example.program, example.grounded)
        return run_text(program, files=example.attached).passed
    except InputError:
        return False


def _prepared(lesson, preparation, rng):  # type: ignore[no-untyped-def]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rendering, "_preparation", lambda self: preparation)
        patch.setattr(Rendering, "_with_earlier", lambda self, last: (last,))
        return make_example(lesson, rng)


def _chained(lesson, rng):  # type: ignore[no-untyped-def]
    with pytest.MonkeyPatch.context() as patch:
        fitting = [p for p in PREPARATIONS if suits(p, lesson)]
        patch.setattr(Rendering, "_preparation", lambda self: self.rng.choice(fitting))
        patch.setattr(
            Rendering, "_with_earlier", lambda self, p: with_earlier(p, fitting, lesson, self.rng)
        )
        return make_example(lesson, rng)


def test_several_preparations_each_work_on_the_result_of_the_last() -> None:
    ran = 0
    for seed in range(60):
        lesson = LESSONS["table_group_mean" if seed % 2 else "stats.describe"]
        try:
            example = _chained(lesson, random.Random(seed))
        except Misaligned:
            continue
        calls = " ".join(example.program).split(" <;> ")
        assert 2 <= len(calls) <= 4
        assert all(f"<res{k}" in call for k, call in enumerate(calls) if k)
        assert all("<t0>" not in call for call in calls[1:])
        ran += _passes(example)
    assert ran >= 20


def test_a_column_is_not_meant_before_it_is_made() -> None:
    for seed in range(30):
        last = BY_NAME["derive_ratio"]
        fitting = [p for p in PREPARATIONS if suits(p, LESSONS["stats.describe"])]
        chain = with_earlier(last, fitting, LESSONS["stats.describe"], random.Random(seed))
        assert chain[-1] is last
        assert 2 <= len(chain) <= 3
        assert not any("{t.x}" in p.statement or p.makes for p in chain[:-1])


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
