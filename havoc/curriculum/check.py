"""Check lessons: ``python -m havoc.curriculum.check [module ...]`` renders each, grounds it and runs its program.

``python -m havoc.curriculum.check FILE.txt ...`` checks each template of files of further phrasings.
"""

from __future__ import annotations

import importlib
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from havoc.curriculum.generator import Example, all_lessons, make_example
from havoc.curriculum.lesson import Lesson
from havoc.curriculum.phrasings import EVERY, read_phrasings
from havoc.curriculum.programs import Misaligned
from havoc.curriculum.templates import parse_template
from havoc.dsl.executor import run_text
from havoc.dsl.planning import lexicalise
from havoc.dsl.vocabulary import EXPLAIN, REFUSE
from havoc.errors import InputError, NeedsClarification

WORDS_ALONE = (EXPLAIN, REFUSE)


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
        if example.program[0] in WORDS_ALONE:
            counts["ok"] += 1  # a word instead of a program: nothing to run
            continue
        try:
            text = lexicalise(example.program, example.grounded)
            execution = run_text(text, files=example.attached)
            counts["ok" if execution.passed and not asks else "audit failed"] += 1
        except NeedsClarification as question:
            counts["ok" if asks else f"asks: {question}"] += 1
        except InputError as error:
            counts[f"refused: {str(error)[:110]}"] += 1
    return counts, shown


def faults_of_phrasings(path: Path, n: int = 5, seed: int = 0) -> Iterator[str]:
    """What is wrong with a file of phrasings: unknown lessons, options and fields, values the grounding misses."""
    lessons = {x.name: x for x in all_lessons()}
    for (name, argument), templates in read_phrasings(path).items():
        having = [
            x
            for x in (
                lessons.values() if name == EVERY else [lessons[name]] if name in lessons else []
            )
            if not argument or any(o.argument == argument for o in x.options)
        ]
        if not having:
            yield f"[{name} | {argument}]: no such lesson or option"
            continue
        for template in templates:
            fault = _fault_of(template, having[0], argument, n, seed)
            if fault:
                yield f"[{name}{' | ' * bool(argument)}{argument}] {template!r}: {fault}"


def _fault_of(template: str, lesson: Lesson, argument: str, n: int, seed: int) -> str:
    """The fault of one template, rendered ``n`` times; empty where most renderings are grounded."""
    try:
        parse_template(template)
    except ValueError as error:
        return str(error)
    if argument:
        said = [
            replace(o, say=(template,), p=1.0) for o in lesson.options if o.argument == argument
        ]
        lesson = replace(lesson, options=tuple(said), notes=())
    else:
        lesson = replace(lesson, ask=(template,), options=(), notes=())
    missed: Counter[str] = Counter()
    for i in range(n):
        try:
            make_example(lesson, random.Random(f"{seed}:{template}:{i}"))
        except Misaligned as reason:
            missed[str(reason)] += 1
        except ValueError as error:
            return str(error)
    return (
        f"{sum(missed.values())} of {n} not grounded: {next(iter(missed))}"
        if 2 * sum(missed.values()) > n
        else ""
    )


def main(modules: list[str]) -> int:
    files = [Path(m) for m in modules if m.endswith(".txt")]
    if files:
        faults = [fault for path in files for fault in faults_of_phrasings(path)]
        print("\n".join([*faults, f"{len(faults)} faults"]))
        return 1 if faults else 0
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
