"""Lessons derived from the registry: an operation's own terms, and what people ask for without giving the data.

A new operation is taught its declared terms without a line here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from havoc.curriculum.lesson import Lesson, TableOf
from havoc.dsl.vocabulary import ASK
from havoc.tools.operation import Kind, Operation, operations

_DATA = frozenset(
    {Kind.SAMPLE, Kind.SAMPLES, Kind.TABLE, Kind.LABELS, Kind.COLUMN, Kind.COLUMNS, Kind.MATRIX}
)
_ONLY_FIELDS = re.compile(r"\w+\.\w+\((?:\w+=\{t(?:\.\w+)?\}(?:, )?)+(?:\{options\})?\)")
_DO = "(make|do|run|calculate|compute|I need|give me|show|perform|please do|can you do|)"
_YOURS = (
    "(my|our|the|these|this) (data|measurements|file|numbers|readings|results|values|table|study)"
)


def with_terms(lesson: Lesson) -> Lesson:
    """The lesson with templates of its operation's declared terms, where all it needs is columns of one table."""
    if not _ONLY_FIELDS.fullmatch(lesson.program) or not isinstance(
        lesson.fields.get("t"), TableOf
    ):
        return lesson
    operation = operations().get(lesson.program.split("(")[0])
    terms = _terms(operation) if operation else ""
    columns = list(dict.fromkeys(re.findall(r"\{t\.\w+\}", lesson.program)))
    if not terms or len(lesson.fields) > 1 or not 1 <= len(columns) <= 2:
        return lesson
    what = " (and|,|with) ".join(columns)
    return replace(
        lesson,
        ask=(
            *lesson.ask,
            f"{_DO} (a|an|the|) {terms} (of|for|on|with|from) {what}",
            f"{terms}(:|,| -|) {what}",
            f"{what}(:|,| -) {terms}( please| of these|)",
        ),
    )


def missing_input_lessons() -> Iterator[Lesson]:
    """For each operation on data: its terms without any data, which ends in a question."""
    for operation in operations().values():
        needed = [p for p in operation.parameters if p.required]
        terms = _terms(operation)
        if not needed or not terms or any(p.kind not in _DATA for p in needed):
            continue
        inputs = ", ".join(f"{p.name}={ASK}" for p in needed)
        yield Lesson(
            f"missing.{operation.name}",
            f"{operation.name}({inputs})",
            (
                f"{_DO} (a|an|the|) {terms} (of|for|on|with|from) {_YOURS}",
                f"{_DO} (a|an|the|) {terms}( please|, please|)",
                f"(I|we) (want|need|would like) (a|an|the|) {terms}( of {_YOURS}| for my report|)",
                f"(can|could) (you|I|we) (do|get|have|make) (a|an|the|) {terms}(?|)",
            ),
            weight=0.07,
        )


def _terms(operation: Operation) -> str:
    """The declared terms as alternatives of a template."""
    usable = [t for t in operation.terms if re.fullmatch(r"[\w' -]{3,60}", t)]
    return f"({'|'.join(usable)})" if usable else ""
