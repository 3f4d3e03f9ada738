"""Several preparations of a table in a row, said as steps: ``1. Drop duplicates. 2. Fill ... 3. ...``."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from havoc.curriculum.lesson import Lesson
from havoc.curriculum.preparations import PRE, Preparation
from havoc.dsl.planning import MAX_STATEMENTS

_LAST_MARK = re.compile(r"\((?:[.,:;]|, (?:and )?then|\. Then|\|)+\)$")
_NUMBERED = ("{n}. ", "{n}. ", "Step {n}: ", "- ", "{n} - ")
_FIRST = ("First, ", "First ", "Start by this: ", "", "To begin with, ")
_NEXT = ("Then ", "Next, ", "After that, ", "Then, ", "", "Also, ", "Additionally, ")
_LAST = ("Finally, ", "Then ", "After that, ", "When this is done, ", "", "With the result, ")


def with_earlier(
    last: Preparation, fitting: Sequence[Preparation], lesson: Lesson, rng: random.Random
) -> tuple[Preparation, ...]:
    """One or two further preparations before the last one, that share no field or column and make no second column."""
    room = MAX_STATEMENTS - 1 - len([s for s in lesson.program.split(";") if s.strip()])
    chosen = [last]
    for _ in range(min(room, rng.choice((1, 1, 2)))):
        made = any(p.makes for p in chosen)  # a column before it is made cannot be meant
        others = [
            p
            for p in fitting
            if all(_apart(p, x) for x in chosen) and not (made and "{t.x}" in p.statement)
        ]
        if not others:
            break
        chosen.insert(0, rng.choices(others, [p.weight for p in others])[0])
    return tuple(chosen)


def _apart(one: Preparation, other: Preparation) -> bool:
    return (
        one.name != other.name
        and not one.fields.keys() & other.fields.keys()
        and not one.columns.keys() & other.columns.keys()
        and not (one.makes and other.makes)
    )


def in_order(preparations: Sequence[Preparation], rng: random.Random) -> list[str]:
    """Templates of the steps, each a sentence, and last what leads to the sentence on the analysis itself."""
    numbered = rng.random() < 0.5
    number, between = rng.choice(_NUMBERED), rng.choice(("\n", " ", "\n"))
    said = []
    for place, preparation in enumerate(preparations, 1):
        sentence = rng.choice(preparation.before).removeprefix(PRE).strip()
        lead = number.format(n=place) if numbered else rng.choice(_FIRST if place == 1 else _NEXT)
        said.append(lead + _LAST_MARK.sub("", sentence) + "." + (between if numbered else " "))
    return [*said, number.format(n=len(said) + 1) if numbered else rng.choice(_LAST)]
