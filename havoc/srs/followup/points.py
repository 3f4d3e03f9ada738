"""Which points are to be left out: by number, by position, by value, or as the outliers they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from havoc.dsl.ast import Program
from havoc.errors import InputError, NeedsClarification
from havoc.srs.followup import program as change
from havoc.srs.samples import far_out, present, samples
from havoc.tools.values import Sample, Table

_VERB = r"(?:drop|remove|exclude|excluding|omit|leave out|leaving out|without|ignore|skip|take out|delete|minus)"
_THING = (
    r"(?:data ?points?|points?|values?|observations?|obs|rows?|samples?|subgroups?|readings?|measurements?|runs?|"
    r"lots?|batch(?:es)?|days?|items?|#)"
)
_LIST = r"\d+(?:\s*(?:,|and|&|\bor\b)\s*\d+)*(?:\s*(?:-|to|through)\s*\d+)?"
_BY_NUMBER = re.compile(
    rf"\b{_VERB}\s+(?:the\s+)?(?:{_THING}\s*(?:number|no\.?|nr\.?|#)?\s*({_LIST})|({_LIST})(?:st|nd|rd|th)\s+{_THING})",
    re.IGNORECASE,
)
_BY_END = re.compile(
    rf"\b{_VERB}\s+(?:the\s+)?(first|last)\s*(\d+|one|two|three|four|five)?\s*{_THING}?",
    re.IGNORECASE,
)
_OUTLIERS = re.compile(rf"\b{_VERB}\s+(?:the\s+|that\s+|any\s+)?outliers?\b", re.IGNORECASE)
_SIGNALS = re.compile(
    rf"\b{_VERB}\s+(?:the\s+|those\s+|these\s+|all\s+)?(?:out[- ]of[- ]control|signalling|bad|flagged)\s*{_THING}",
    re.IGNORECASE,
)
_BY_VALUE = re.compile(
    rf"\b{_VERB}\s+(?:the\s+)?(?:value\s+|reading\s+)?([-−]?\d+(?:\.\d+)?)(?![\d.]|\s*%)",
    re.IGNORECASE,
)
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}


@dataclass(frozen=True)
class LeftOut:
    """Points by number from 1, in words, and the part of the text that said so."""

    points: tuple[int, ...]
    said: str
    start: int
    end: int


def points_left_out(text: str, program: Program, attached: Mapping[str, Table]) -> LeftOut | None:
    """The points that the text asks to leave out, or None."""
    for pattern, points in (
        (_BY_NUMBER, _numbered),
        (_SIGNALS, _signals),
        (_OUTLIERS, _outliers),
        (_BY_END, _at_the_end),
        (_BY_VALUE, _valued),
    ):
        match = pattern.search(text)
        if match:
            found = points(match, program, attached)
            if found:
                told = ", ".join(map(str, found))
                said = f"without point{'s' if len(found) > 1 else ''} {told}"
                return LeftOut(found, said, *match.span())
    return None


def _numbered(
    match: re.Match[str], program: Program, attached: Mapping[str, Table]
) -> tuple[int, ...]:
    text = match[1] or match[2]
    span = re.search(r"(\d+)\s*(?:-|to|through)\s*(\d+)$", text)
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    if span:
        numbers = [*numbers[:-2], *range(int(span[1]), int(span[2]) + 1)]
    return tuple(dict.fromkeys(numbers))


def _at_the_end(
    match: re.Match[str], program: Program, attached: Mapping[str, Table]
) -> tuple[int, ...]:
    count = _WORDS.get((match[2] or "one").casefold()) or int(match[2])
    n = len(_sample(program, attached))
    if count >= n:
        raise InputError(f"the data have {n} points only")
    return tuple(
        range(1, count + 1) if match[1].casefold() == "first" else range(n - count + 1, n + 1)
    )


def _valued(
    match: re.Match[str], program: Program, attached: Mapping[str, Table]
) -> tuple[int, ...]:
    wanted = float(match[1].replace("−", "-"))
    values = _sample(program, attached).values
    return tuple(i for i, v in enumerate(values, 1) if v == wanted)


def _outliers(
    match: re.Match[str], program: Program, attached: Mapping[str, Table]
) -> tuple[int, ...]:
    sample = _sample(program, attached)
    if sample.n_missing:
        raise NeedsClarification("Which points are meant? Please give their numbers.")
    found = tuple(i + 1 for i in far_out(present(sample)))
    if not found:
        raise InputError(
            "no value lies far from the others (modified z score above 3.5); name the points to leave out"
        )
    return found


def _signals(
    match: re.Match[str], program: Program, attached: Mapping[str, Table]
) -> tuple[int, ...]:
    """The points that the last chart signalled, found by running it again."""
    from havoc.dsl.executor import run_program

    execution = run_program(program, files=attached)
    for step in reversed(execution.steps):
        found = step.result.values.get("out_of_control") or step.result.values.get("signal_points")
        if isinstance(found, list) and found:
            return tuple(int(p) for p in found if isinstance(p, int | float))
    raise InputError("the last chart has no points out of control")


def _sample(program: Program, attached: Mapping[str, Table]) -> Sample:
    """The data of the last call: its first numeric column or list."""
    from havoc.dsl.executor import run_program

    execution = run_program(program, files=attached)
    for step in reversed(execution.steps):
        found = samples(step)
        if found:
            return found[0]
    raise InputError("the last program has no list of values to leave points out of")


__all__ = ["LeftOut", "change", "points_left_out"]
