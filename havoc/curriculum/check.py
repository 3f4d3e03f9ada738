"""Check lessons: ``python -m havoc.curriculum.check [module ...]`` renders each, grounds it and runs its program."""

from __future__ import annotations

import importlib
import random
import sys
from collections import Counter

from havoc.curriculum.generator import Example, all_lessons, make_example
from havoc.curriculum.lesson import Lesson
from havoc.curriculum.programs import Misaligned
from havoc.dsl.executor import run_text
from havoc.dsl.planning import lexicalise
from havoc.errors import InputError, NeedsClarification


def check_lesson(lesson: Lesson, n: int, seed: int = 0) -> tuple[Counter[str], list[Example]]:
    """Render ``n`` examples; count "ok" and each kind of failure."""
    counts: Counter[str] = Counter()
    shown: list[Example] = []
    asks = "<ask>" in lesson.program
    for i in range(n):
        try:
            example = make_example(lesson, random.Random(f"{seed}:{lesson.name}:{i}"))
        except Misaligned as reason:
            counts[f"misaligned: {reason}"] += 1
            continue
        shown.append(example)
        try:
            text = lexicalise(example.program, example.grounded)
            execution = run_text(text, files=example.attached)
            counts["ok" if execution.passed and not asks else "audit failed"] += 1
        except NeedsClarification as question:
            counts["ok" if asks else f"asks: {question}"] += 1
        except InputError as error:
            counts[f"refused: {str(error)[:110]}"] += 1
    return counts, shown


def main(modules: list[str]) -> int:
    lessons = all_lessons()
    if modules:
        lessons = tuple(
            x
            for m in modules
            for x in importlib.import_module(f"havoc.curriculum.lessons.{m.split('.')[-1]}").LESSONS
        )
    bad = 0
    for lesson in lessons:
        counts, shown = check_lesson(lesson, 20)
        good = counts.pop("ok", 0)
        bad += good < 15
        print(f"{'  ' if good >= 15 else '! '}{lesson.name}: {good}/20")
        for reason, k in counts.most_common(4):
            print(f"      {k} x {reason}")
        if shown and good < 15:
            print(
                f"      e.g. {shown[-1].request!r}\n        -> {shown[-1].text}\n"
                f"        -> {' '.join(shown[-1].program)}"
            )
    print(f"{len(lessons)} lessons, {bad} with fewer than 15 of 20 good")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
