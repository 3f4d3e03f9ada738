"""More ways to ask for what the lessons teach, kept as text: ``*.txt`` beside this file.

Format
------
A heading in brackets names a lesson, ``[stats.describe]``; each line under it is one template (``lesson`` describes
their language; ``\\n`` writes a line break). ``[stats.describe | confidence={conf}]`` names an option of the lesson:
its lines are further ways to say it. ``[* | alpha={alpha}]`` is for every lesson with such an option. Lines that
begin with ``#`` are remarks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from havoc.curriculum.lesson import Lesson, Option

_HEADING = re.compile(r"\[([^|\]]+?)(?: \| (\S.*?))?\]")
EVERY = "*"


Phrasings = Mapping[tuple[str, str], tuple[str, ...]]


def read_phrasings(path: Path) -> Phrasings:
    """Templates of one file by (lesson, argument of the option or "").

    Raises
    ------
    ValueError
        A line stands before the first heading; the file and the line are named.
    """
    found: dict[tuple[str, str], list[str]] = {}
    lines: list[str] | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        heading = _HEADING.fullmatch(line)
        if heading:
            lines = found.setdefault((heading[1], heading[2] or ""), [])
        elif lines is None:
            raise ValueError(f"{path.name}, line {number}: a template before the first heading")
        else:
            lines.append(line.replace("\\n", "\n"))
    return {key: tuple(dict.fromkeys(lines)) for key, lines in found.items()}


@cache
def phrasings() -> Phrasings:
    """Templates of all files."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for path in sorted(Path(__file__).parent.glob("*.txt")):
        for key, lines in read_phrasings(path).items():
            found[key] = (*found.get(key, ()), *lines)
    return found


def with_phrasings(lesson: Lesson) -> Lesson:
    """The lesson with the further ways to ask for it and to say its options."""
    ask = phrasings().get((lesson.name, ""), ())
    return replace(
        lesson,
        ask=tuple(dict.fromkeys((*lesson.ask, *ask))),
        options=tuple(_with_sayings(lesson.name, o) for o in lesson.options),
    )


def _with_sayings(lesson: str, option: Option) -> Option:
    more = (
        *phrasings().get((lesson, option.argument), ()),
        *phrasings().get((EVERY, option.argument), ()),
    )
    return replace(option, say=tuple(dict.fromkeys((*option.say, *more)))) if more else option
