"""Requests that list their inputs by name, in any order: ``AQL 1%, beta 0.1; LTPD: 6%``.

People who know what an operation takes write its inputs as a list. Derived from the lessons' programs, such lists
teach that the word before a number says what the number is, wherever it stands in the list.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace

from havoc.curriculum.declared import terms_of
from havoc.curriculum.lesson import Lesson, Num
from havoc.dsl.labels import CALLED
from havoc.tools.operation import operations

_IS = "(=| = |: | | )"
_LISTS = 6  # templates for each lesson
_FRAMES = (
    "{term}: {list}",
    "{list}: {term}",
    "{term}, {list}",
    "{list} - {term}",
    "given {list}, {term}",
    "{term} (with|for) {list}",
    "{term}\n{list}",
    "{list}. {term} please",
)
_CALL = re.compile(r"(\w+\.\w+)\(((?:\w+=\{[\w.]+\}(?:, )?)*)(?:\{options\})?\)")


def with_lists(lesson: Lesson) -> Lesson:
    """The lesson with requests that list its numbers by name, where it has several, all of them nameable."""
    call = _CALL.fullmatch(lesson.program)
    if call is None:
        return lesson
    given = dict(re.findall(r"(\w+)=\{([\w.]+)\}", call[2]))
    numbers = {p: f for p, f in given.items() if isinstance(lesson.fields.get(f), Num)}
    data = [f for p, f in given.items() if p not in numbers]
    term = terms_of(operations()[call[1]])
    if len(numbers) < 2 or len(data) > 1 or not term or not numbers.keys() <= CALLED.keys():
        return lesson
    rng = random.Random(lesson.name)
    made = []
    for frame in rng.sample(_FRAMES, _LISTS):
        named = [f"({'|'.join(CALLED[p])}){_IS}{{{f}}}" for p, f in numbers.items()]
        rng.shuffle(named)
        listed = rng.choice((", ", ", ", "; ", "\n", " ")).join(named)
        text = frame.replace("{term}", term).replace("{list}", listed)
        made.append(text + "".join(f": {{{f}}}" for f in data))
    return replace(lesson, ask=(*lesson.ask, *made))
