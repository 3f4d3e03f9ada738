"""Lessons derived from the registry: an operation's own terms, its defaults said in words, and what people ask for
without giving the data.

A new operation is taught its declared terms and defaults without a line here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from havoc.curriculum.lesson import Lesson, Option, TableOf
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
    operation = operations().get(lesson.last_operation)
    terms = terms_of(operation) if operation else ""
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


_TWO_SIDED = (
    "(two|2)(-| |)(sided|tailed) (test|please|)",
    "(a|with a|use a|using a|as a) (two|2)(-| )(sided|tailed) (test|alternative|interval)",
    "(in|) (either|both) (direction|directions|sides)",
    "(not one-sided|both tails|both sides)",
)
# How people say what is the default anyway; other choices are called by their own names.
_DEFAULTS_SAID: dict[tuple[str, object], tuple[str, ...]] = {
    ("alternative", "two-sided"): _TWO_SIDED,
    ("one_sided", False): _TWO_SIDED,
    ("side", "two-sided"): _TWO_SIDED,
    ("sides", "two-sided"): _TWO_SIDED,
    ("randomize", True): (
        "(in|with a|) (random|randomised|randomized) (run|) order",
        "(randomise|randomize|shuffle) (the runs|the order|it|them) (please|)",
    ),
    ("intercept", True): ("(with|including) (an|the|) (intercept|constant)",),
    ("terminated", "time"): (
        "time(-| )(terminated|truncated|censored) (test|)",
        "(the|) test (was|) stopped at a (fixed|planned|set) time",
        "type (I|1) censored",
    ),
    ("method", "pearson"): ("(pearson|Pearson's|Pearson) (r|coefficient|correlation|)",),
    ("equal_variances", False): ("(not assuming|without assuming|unequal) (equal|) variances",),
    ("sd_known", True): ("(sigma|sd|standard deviation) (is|) known",),
    ("type", "II"): ("type (II|2) (sums of squares|SS|tests)",),
    ("limits", "exact"): ("(exact|time-varying|time varying) (control|) limits",),
}
_SAID = 0.12  # how often a default is said


def with_defaults(lesson: Lesson) -> Lesson:
    """The lesson with options that say a default of its last operation: they add words and no argument."""
    operation = operations().get(lesson.last_operation)
    if operation is None or "{options}" not in lesson.program:
        return lesson
    offered = {o.argument.split("=")[0] for o in lesson.options}
    taught = {o.argument for o in lesson.options}
    last = lesson.program.rsplit(f"{operation.name}(", 1)[1]
    said = []
    for p in operation.parameters:
        if re.search(rf"\b{p.name}=", last) or f"{p.name}={str(p.default).lower()}" in taught:
            continue  # the program has it, or the lesson writes the default out
        words = _DEFAULTS_SAID.get((p.name, p.default))
        if words is None and p.kind is Kind.CHOICE and p.name in offered and p.default is not None:
            name = str(p.default).replace("_", " ")
            words = (f"(with|by|use|using|) (the|) {name} {p.name.replace('_', ' ')}",)
        if words is not None:
            said.append(Option(f"{p.name}=", words, {}, _SAID))
    return replace(lesson, options=(*lesson.options, *said)) if said else lesson


def missing_input_lessons() -> Iterator[Lesson]:
    """For each operation on data: its terms without any data, which ends in a question."""
    for operation in operations().values():
        needed = [p for p in operation.parameters if p.required]
        terms = terms_of(operation)
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


# Terms of an operation that need an argument or further inputs.
_FURTHER = frozenset(
    {
        "ancova",
        "factorial",
        "kendall tau",
        "pooled t test",
        "prediction interval",
        "regression through the origin",
        "two-way",
        "weighted least squares",
    }
)


def _particular(operation: Operation, term: str) -> bool:
    """Whether a term names a choice that is no default ('inverse Laplace transform'), or needs further inputs."""
    choices = {
        re.sub(r"[_-]", " ", str(c)).casefold()
        for p in operation.parameters
        if p.kind is Kind.CHOICE
        for c in p.choices
        if c != p.default
    }
    if term.casefold() in _FURTHER:
        return True
    words = term.casefold().replace("-", " ")
    return any(re.search(rf"\b{re.escape(c)}\b", words) for c in choices)


def terms_of(operation: Operation) -> str:
    """The declared terms as alternatives of a template, without those that ask for more than the defaults."""
    usable = [
        t
        for t in operation.terms
        if re.fullmatch(r"[\w' -]{3,60}", t) and not _particular(operation, t)
    ]
    return f"({'|'.join(usable)})" if len(usable) > 1 else "".join(usable)
