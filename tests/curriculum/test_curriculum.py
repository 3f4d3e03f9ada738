"""The curriculum: every operation taught, every example grounded, held-out splits kept apart."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from havoc.curriculum.build import build_curriculum
from havoc.curriculum.check import check_lesson, faults_of_phrasings
from havoc.curriculum.generator import (
    all_lessons,
    companions,
    examples,
    is_held_combination,
    split_of_template,
)
from havoc.curriculum.listed import with_lists
from havoc.curriculum.phrasings import EVERY, phrasings, read_phrasings
from havoc.curriculum.templates import expand, fields_of, parse_template
from havoc.tools.operation import operations

LESSONS = all_lessons()
DEV = Path(__file__).resolve().parents[2] / "benchmarks" / "requests" / "dev.jsonl"


def test_every_operation_has_a_lesson() -> None:
    taught = {
        n
        for n in operations()
        if any(f"{n}(" in x.program or f"{n}(" in (x.long or "") for x in LESSONS)
    }
    assert sorted(set(operations()) - taught) == []


def test_examples_are_found_again_by_the_grounding() -> None:
    dropped: Counter[str] = Counter()
    made = list(examples(LESSONS, "test", 400, dropped))
    assert sum(dropped.values()) <= 0.04 * len(made), dropped.most_common(5)


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda x: x.name)
def test_a_lessons_programs_run(lesson: object) -> None:
    counts, _ = check_lesson(lesson, 6)  # type: ignore[arg-type]
    assert counts["ok"] >= 4, counts


def test_a_sample_of_programs_runs() -> None:
    rng = random.Random(3)
    for lesson in rng.sample(LESSONS, 25):
        counts, _ = check_lesson(lesson, 3)
        assert counts["ok"] >= 1, (lesson.name, counts)


def test_the_same_seed_gives_the_same_examples() -> None:
    first = [(e.text, e.program) for e in examples(LESSONS, 7, 30)]
    assert first == [(e.text, e.program) for e in examples(LESSONS, 7, 30)]


def test_held_out_phrasings_and_combinations_are_never_trained_on() -> None:
    held = [t for x in LESSONS for t in x.ask if split_of_template(x, t) == "phrasing"]
    assert len(held) > 50
    lesson = next(x for x in LESSONS if len(x.options) >= 3)
    arguments = [o.argument for o in lesson.options]
    assert is_held_combination(lesson, arguments) == is_held_combination(lesson, arguments[::-1])


def test_no_lesson_copies_a_development_request() -> None:
    """No template shares eight words in a row with a request that is kept for evaluation."""
    requests = [json.loads(line)["request"] for line in DEV.read_text().splitlines()]
    forbidden = {g for r in requests for g in _grams(r)}
    rng = random.Random(0)
    for lesson in LESSONS:
        for template in lesson.ask:
            text = "".join(t for t, name in expand(template, rng) if name is None)
            assert not _grams(text) & forbidden, (lesson.name, template)


def _grams(text: str, n: int = 8) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z]+", text.lower())
    return {tuple(words[i : i + n]) for i in range(len(words) - n + 1)}


def test_brackets_without_alternatives_are_text() -> None:
    assert "".join(t for t, _ in expand("P(X < 3)", random.Random(0))) == "P(X < 3)"


def test_an_unknown_word_list_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown word list"):
        parse_template("@nonsense text")


def test_the_curriculum_is_the_same_bytes_whatever_the_number_of_processes(tmp_path: Path) -> None:
    for processes in (1, 2):
        build_curriculum(
            tmp_path / str(processes),
            pairs=60,
            heldout=10,
            lessons_per_operation=0,
            processes=processes,
        )
    one, two = ((tmp_path / p / "pairs.jsonl").read_bytes() for p in ("1", "2"))
    assert one == two
    assert one.count(b"\n") == 60


def test_every_further_phrasing_belongs_to_a_lesson_and_names_its_fields_alone() -> None:
    lessons = {x.name: x for x in LESSONS}
    for (name, argument), templates in phrasings().items():
        having = [
            (x, o.fields if o else {})
            for x in (LESSONS if name == EVERY else [lessons[name]])
            for o in (x.options if argument else (None,))
            if o is None or o.argument == argument
        ]
        assert having, f"[{name} | {argument}] names no option"
        known = [set(x.fields) | set(fields) for x, fields in having]
        for template in templates:
            parse_template(template)
            used = {f.split(".")[0] for f in fields_of(template)}
            assert all(used <= k for k in known), f"[{name} | {argument}] {template}: {used}"


def test_a_file_of_phrasings_names_what_is_wrong_with_it(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text(
        "# a remark\n[stats.describe]\nhow wide is {t.x}\nhow (wide is {t.x}\nhow wide is {q}\n"
        "[stats.nothing]\nwhat\n[stats.describe | confidence={conf}]\nbe {conf} sure\n"
    )
    faults = list(faults_of_phrasings(bad))
    assert [f.split("]")[0] for f in faults] == ["[stats.describe"] * 2 + ["[stats.nothing | "]
    bad.write_text("how wide is {t.x}\n")
    with pytest.raises(ValueError, match="line 1: a template before the first heading"):
        read_phrasings(bad)


def test_two_questions_about_the_same_data_are_two_calls_in_the_order_asked() -> None:
    lessons = {x.name: x for x in LESSONS}
    described = {x.name for x in companions(lessons["stats.describe"])}
    assert "stats.normality" in described
    assert not {x for x in described if lessons[x].last_operation.startswith("table.")}
    with_limits = {x.name for x in companions(lessons["quality_capability"])}
    assert "quality_capability" not in with_limits
    made = examples((lessons["stats.describe"],), "twice", 300, split="train")
    doubled = [e for e in made if e.program[0] == "<op:stats.describe>" and "<;>" in e.program]
    assert doubled
    for e in doubled:
        second = e.program[e.program.index("<;>") + 1]
        assert second.removeprefix("<op:").removesuffix(">") in {
            lessons[x].last_operation for x in described
        }


def test_inputs_are_listed_by_name_in_any_order_with_options_among_them() -> None:
    plan = next(x for x in LESSONS if x.last_operation == "quality.sampling_plan")
    listed = replace(plan, ask=with_lists(replace(plan, ask=())).ask)
    made = list(examples((listed,), "listed", 60))
    firsts = {next(t for t in e.program if t.startswith("<p:")) for e in made}
    assert len(firsts) >= 3, firsts
    assert any(
        e.program.index("<p:aql>") < e.program.index("<p:beta>") < e.program.index("<p:ltpd>")
        for e in made
        if "<p:beta>" in e.program
    )
    for e in made:  # arguments in the order of the request
        slots = [t for t in e.program if t.startswith("<n")]
        assert slots == sorted(slots, key=e.text.split().index)
