"""From lessons to examples: render a request, ground it with the code that serves users, write its program in slots.

An example whose values the grounding did not find is thrown away and counted: what the model learns is exactly
what it will see.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial, wraps
from typing import Any, TypeVar

from havoc.curriculum import data as make
from havoc.curriculum.chains import in_order, with_earlier
from havoc.curriculum.declared import missing_input_lessons, with_defaults, with_terms
from havoc.curriculum.dressing import dressed, joined, text_and_spans
from havoc.curriculum.in_line import WRITTEN_IN_LINE, in_line
from havoc.curriculum.lesson import (
    Cell,
    Data,
    Expr,
    FactorList,
    Groups,
    Interval,
    Lesson,
    Num,
    Option,
    Sym,
    TableOf,
    Word,
    Words,
)
from havoc.curriculum.lexicon import FILES
from havoc.curriculum.listed import with_lists
from havoc.curriculum.noise import add_noise
from havoc.curriculum.notes import with_notes
from havoc.curriculum.phrasings import with_phrasings
from havoc.curriculum.preparations import (
    PREPARATIONS,
    Preparation,
    program_after,
    suits,
    with_columns,
)
from havoc.curriculum.programs import Bindings, Misaligned, program_tokens_of
from havoc.curriculum.rendering import (
    Part,
    expression_parts,
    factor_parts,
    interval_parts,
    labelled_lists,
    list_text,
    number_parts,
    pasted,
    word_parts,
)
from havoc.curriculum.templates import expand, fields_of
from havoc.curriculum.wider import wider_lessons
from havoc.dsl.grounding.ground import ground
from havoc.dsl.grounding.slots import Grounded
from havoc.dsl.planning import gives_data
from havoc.tools.values import Labels, Table


@dataclass(frozen=True)
class Example:
    """One request with its program. ``text`` is what the model reads, ``program`` what it should write."""

    lesson: str
    request: str
    text: str
    program: tuple[str, ...]
    grounded: Grounded = field(repr=False, compare=False)
    attached: Mapping[str, Table] = field(default_factory=dict, repr=False, compare=False)

    @property
    def family(self) -> str:
        return self.lesson.split(".")[0]


@cache
def all_lessons() -> tuple[Lesson, ...]:
    """The lessons of every module of ``curriculum.lessons``, names unique."""
    package = importlib.import_module("havoc.curriculum.lessons")
    lessons: list[Lesson] = []
    for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
        declared = importlib.import_module(f"havoc.curriculum.lessons.{module}").LESSONS
        lessons += (
            with_notes(with_phrasings(with_defaults(with_lists(with_terms(lesson)))))
            for lesson in declared
        )
    lessons += [w for x in tuple(lessons) for w in wider_lessons(x, partial(_is_trained, x))]
    lessons += missing_input_lessons()
    names = [x.name for x in lessons]
    doubled = {n for n in names if names.count(n) > 1}
    if doubled:
        raise ValueError(f"lessons share a name: {sorted(doubled)}")
    return tuple(lessons)


SPLITS = ("train", "phrasing", "combination")
# one template in nine, one combination of options and one of preparation and lesson in nine, is never trained on
_HELD_OUT = 9
# shares of requests with a preparation; said twice in other words; about a file, with notes on the method
_PREPARED, _RESTATED, _NOTED = 0.14, 0.12, 0.5
_CHAINED = 0.3  # of requests with a preparation: one or two more before it
_AT_LENGTH = 0.4  # of requests about a file: said up to four times over, with more notes
_TWICE = 0.05  # of the lessons that have companions: two questions in one request
_FURTHER = (
    ". ",
    ". Also, ",
    " and ",
    ", and ",
    "; ",
    ". Then ",
    ", then ",
    "\n",
    ". And ",
    " plus ",
    ". Besides, ",
)


R = TypeVar("R")


def _once_a_lesson(function: Callable[..., R]) -> Callable[..., R]:
    """Remember results by the lesson's name and templates: a lesson holds dicts and has no hash."""
    found: dict[tuple[Any, ...], R] = {}

    @wraps(function)
    def remembered(lesson: Lesson, *more: str) -> R:
        key = (lesson.name, lesson.ask, *more)
        if key not in found:
            found[key] = function(lesson, *more)
        return found[key]

    return remembered


def split_of_template(lesson: Lesson, template: str) -> str:
    """ "phrasing" for the templates kept back, of lessons that have enough of them."""
    held = len(lesson.ask) >= 8 and _digest(lesson.name + template) % _HELD_OUT == 0
    return "phrasing" if held else "train"


def _is_trained(lesson: Lesson, template: str) -> bool:
    return split_of_template(lesson, template) == "train"


@_once_a_lesson
def _templates_of(lesson: Lesson, split: str) -> tuple[str, ...]:
    """The templates of a lesson that belong to a split."""
    return tuple(t for t in lesson.ask if split_of_template(lesson, t) == split)


def is_held_combination(lesson: Lesson, arguments: list[str]) -> bool:
    """Whether a choice of two or more options is kept back."""
    return (
        len(arguments) >= 2 and _digest(lesson.name + "|".join(sorted(arguments))) % _HELD_OUT == 0
    )


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


class Rendering:
    """One lesson being rendered: its parts, its tables, the options chosen."""

    def __init__(self, lesson: Lesson, rng: random.Random, split: str | None = None) -> None:
        self.lesson, self.rng, self.split = lesson, rng, split
        self.parts: list[Part] = []
        self.attached: dict[str, Table] = {}
        self.tables: dict[str, make.Shown] = {}
        self.arguments: list[str] = []
        self.said: dict[str, list[Part]] = {}
        self.long = lesson.long is not None and rng.random() < 0.5
        self.fields: dict[str, Any] = dict(lesson.fields)
        self.companion: Lesson | None = None
        self.preparation = self._preparation()
        self.preparations: tuple[Preparation, ...] = ()  # all of them, in their order
        if self.preparation is not None:
            self.preparations = self._with_earlier(self.preparation)
            for preparation in self.preparations:
                self.fields.update(preparation.fields)
            self.fields["t"] = with_columns(lesson, self.preparations)

    def _preparation(self) -> Preparation | None:
        """What is done to the table first: sometimes, and of the split's own compositions."""
        wanted = self.split == "combination"
        if wanted and _has_held_combination(self.lesson) and self.rng.random() < 0.5:
            return None
        if not wanted and (self.split == "phrasing" or self.rng.random() >= _PREPARED):
            return None
        fitting = [
            p for p in _fitting(self.lesson) if is_held_preparation(self.lesson, p) == wanted
        ]
        if not fitting:
            return None
        return self.rng.choices(fitting, [p.weight for p in fitting])[0]

    def _with_earlier(self, preparation: Preparation) -> tuple[Preparation, ...]:
        """The preparation, in training sometimes behind others."""
        if self.split not in (None, "train") or self.rng.random() >= _CHAINED:
            return (preparation,)
        free = [p for p in _fitting(self.lesson) if not is_held_preparation(self.lesson, p)]
        return with_earlier(preparation, free, self.lesson, self.rng)

    def render(self) -> tuple[str, dict[str, list[tuple[int, int]]]]:
        """The request's text and the spans of each field in it."""
        rng = self.rng
        options = self._options()
        template = self._template()
        self.companion = None if options else self._companion()
        second = self._second_template()
        mentioned = fields_of(template) | fields_of(second)
        for preparation in self.preparations:
            mentioned = mentioned | fields_of(preparation.statement)
        for name, spec in self.fields.items():
            if isinstance(spec, TableOf | Groups):
                self.tables[name] = make.show_table(name, spec, rng, self.long, mentioned)
                if self.tables[name].form == "attached":
                    self.attached[rng.choice(FILES)] = self.tables[name].table
        at_length = bool(self.attached) and rng.random() < _AT_LENGTH
        main = self._asked(template)
        if self.companion is not None:
            main = [*main, Part(rng.choice(_FURTHER)), *self._expanded(second)]
        else:
            for _ in range(rng.choice((1, 2, 2, 3)) if at_length else rng.random() < _RESTATED):
                between = Part(rng.choice((". ", "\n", "? ", " - ")))
                main = [*main, between, *self._asked(self._template())]
        main += self._notes(at_length)
        said = [self._expanded(rng.choice(o.say)) for o in options]
        blocks = self._data_blocks(mentioned)
        parts = add_noise(joined(main, said, rng), rng)
        parts = dressed(parts, rng)
        for block in blocks:
            before = rng.random() < 0.2
            parts = (
                [*block, Part("\n"), *parts]
                if before
                else [*parts, Part(rng.choice(("\n", "\n\n", " "))), *block]
            )
        return text_and_spans(parts)

    def _asked(self, template: str) -> list[Part]:
        """The main sentence, what is done to the table first included."""
        main = self._expanded(template)
        if len(self.preparations) > 1:
            said = [self._expanded(x) for x in in_order(self.preparations, self.rng)]
            return [*(part for parts in said for part in parts), *main]
        return main if self.preparation is None else self._prepared(main, self.preparation)

    def _notes(self, at_length: bool) -> list[Part]:
        """Up to three sentences on the method, or eight, in any order."""
        rng = self.rng
        share = _NOTED if self.attached else _NOTED / 4  # who asks about a file asks at length
        if not self.lesson.notes or (not at_length and rng.random() >= share):
            return []
        wanted = rng.choice((2, 4, 6, 8) if at_length else (1, 1, 2, 2, 3))
        wanted = min(wanted, len(self.lesson.notes))
        parts: list[Part] = []
        for note in rng.sample(self.lesson.notes, wanted):
            parts += [Part(rng.choice((". ", ". ", "\n", " "))), *self._expanded(note)]
        return parts

    def _template(self) -> str:
        """One of the templates of the split (all of them where there is no split)."""
        if self.split is None:
            return self.rng.choice(self.lesson.ask)
        wanted = "phrasing" if self.split == "phrasing" else "train"
        return self.rng.choice(_templates_of(self.lesson, wanted))

    def _companion(self) -> Lesson | None:
        """Another lesson on the same data, asked in the same breath: sometimes, where no option could be either's."""
        if self.preparation is not None or self.long or self.split not in (None, "train"):
            return None
        if self.rng.random() >= _TWICE:
            return None
        others = companions(self.lesson)
        if not others:
            return None
        other = self.rng.choices(others, [weight_of(x) for x in others])[0]
        self.fields = {**other.fields, **self.fields}
        return other

    def _second_template(self) -> str:
        if self.companion is None:
            return ""
        return self.rng.choice(_templates_of(self.companion, "train"))

    def _prepared(self, main: list[Part], preparation: Preparation) -> list[Part]:
        """The preparation in words, before the sentence or behind it."""
        rng = self.rng
        if preparation.behind and rng.random() < 0.45:
            return [
                *main,
                Part(rng.choice((" ", " ", ", "))),
                *self._expanded(rng.choice(preparation.behind)),
            ]
        return [
            *self._expanded(rng.choice(preparation.before)),
            Part(rng.choice((" ", " ", "\n"))),
            *main,
        ]

    def _options(self) -> list[Option]:
        """Options drawn at random until they belong to the split."""
        free = self.split == "combination" and self.preparation is not None
        while True:
            chosen = self._drawn()
            if free:
                break
            held = is_held_combination(self.lesson, _arguments(chosen))
            if self.split is None or held == (self.split == "combination"):
                break
        for option in chosen:
            self.fields.update(option.fields)
        self.arguments += _arguments(chosen)
        self.rng.shuffle(chosen)
        return chosen

    def _drawn(self) -> list[Option]:
        chosen: list[Option] = []
        for option in self.lesson.options:
            key = option.argument.split("=")[0]
            if self.rng.random() < option.p and all(
                c.argument.split("=")[0] != key for c in chosen
            ):
                chosen.append(option)
        return chosen

    def _expanded(self, template: str) -> list[Part]:
        parts: list[Part] = []
        for text, name in expand(template, self.rng):
            parts += [Part(text)] if name is None else self._field(name)
        return parts

    def _field(self, name: str) -> list[Part]:
        """The field's text; said twice it is the same."""
        if name not in self.said:
            parts = self._render_field(name)
            if isinstance(self.fields.get(name.split(".")[0]), TableOf | Groups):
                return parts
            self.said[name] = parts
        return self.said[name]

    def _render_field(self, name: str) -> list[Part]:
        rng, base = self.rng, name.split(".")[0]
        spec = self.fields.get(base)
        match spec:
            case Num():
                return number_parts(name, spec, rng)
            case Interval():
                return interval_parts(name, spec, rng)
            case FactorList():
                return factor_parts(name, spec, rng)
            case Expr():
                return expression_parts(name, spec, rng)
            case Word() | Sym():
                return word_parts(name, spec, rng)
            case Cell(column):
                return self._cell(name, column)
            case TableOf() | Groups():
                made = next((p.makes for p in self.preparations if p.makes), None)
                if made and name == "t.x":
                    return self._field(made)
                return self._mention(name)
        raise ValueError(f"lesson '{self.lesson.name}' has no field '{name}'")

    def _cell(self, name: str, column: str) -> list[Part]:
        base, key = column.split(".")
        column_shown = self.tables[base].columns[key]
        if isinstance(column_shown, Labels):
            cells = list(column_shown.levels)
        else:
            cells = [t for t in column_shown.texts if t is not None]  # machines 1, 2, 3
        taken = {p.text for parts in self.said.values() for p in parts}
        return [Part(self.rng.choice([c for c in cells if c not in taken] or cells), name)]

    def _mention(self, name: str) -> list[Part]:
        """A table or one of its columns in the sentence: the numbers themselves, its name, or 'the data'."""
        base, _, key = name.partition(".")
        shown = self.tables[base]
        if (
            shown.form in WRITTEN_IN_LINE
            and not shown.placed
            and (not key or self.rng.random() < 0.5)
        ):
            shown.placed = True
            return in_line(base, shown.form, list(shown.columns.items()), self.rng)
        if not key:
            if shown.form == "inline" and not shown.placed and self.rng.random() < 0.6:
                shown.placed = True
                return labelled_lists(
                    base, list(shown.columns), list(shown.columns.values()), self.rng
                )
            return [Part(self.rng.choice(make.DATA_PHRASES[shown.form]))]
        if key not in shown.columns:
            raise ValueError(f"lesson '{self.lesson.name}': table field has no column '{name}'")
        if shown.form == "inline" and len(shown.columns) == 1 and not shown.placed:
            shown.placed = True
            column = shown.columns[key]
            texts = column.texts if not isinstance(column, Labels) else column.items
            named = self.rng.random() < 0.4
            return [
                Part(column.name + self.rng.choice((": ", " ", " = ")) if named else ""),
                Part(list_text(texts, self.rng), name),
            ]
        return [Part(make.mention(shown.columns[key].name, self.rng), "@mention")]

    def _data_blocks(self, mentioned: set[str]) -> list[list[Part]]:
        blocks = []
        for name, shown in self.tables.items():
            if shown.form == "pasted":
                blocks.append(
                    [
                        Part("\n"),
                        Part(pasted(shown.table, self.rng, shown.header), name),
                        Part("\n"),
                    ]
                )
            elif shown.form in WRITTEN_IN_LINE and not shown.placed:
                blocks.append(in_line(name, shown.form, list(shown.columns.items()), self.rng))
            elif shown.form == "inline" and not shown.placed:
                blocks.append(
                    labelled_lists(
                        name, list(shown.columns), list(shown.columns.values()), self.rng
                    )
                )
        return blocks

    def program(self) -> str:
        text = self.lesson.long if self.long and self.lesson.long else self.lesson.program
        text = text.replace("{options}", ", ".join(self.arguments))
        if self.companion is not None:
            text += "; " + self.companion.program.replace("{options}", "")
        for preparation in reversed(self.preparations):
            text = program_after(preparation, text)
        return text


def _arguments(options: Iterable[Option]) -> list[str]:
    return [o.argument for o in options if not o.says_default]


def is_held_preparation(lesson: Lesson, preparation: Preparation) -> bool:
    """Whether this preparation is never trained on before this lesson."""
    return _digest(f"{lesson.name}<-{preparation.name}") % _HELD_OUT == 0


@_once_a_lesson
def _fitting(lesson: Lesson) -> tuple[Preparation, ...]:
    return tuple(p for p in PREPARATIONS if suits(p, lesson))


@_once_a_lesson
def companions(lesson: Lesson) -> tuple[Lesson, ...]:
    """Lessons that ask something else of the same data: nothing but the data has a name in both."""
    return tuple(x for x in all_lessons() if _goes_with(x, lesson))


def _goes_with(other: Lesson, lesson: Lesson) -> bool:
    if any(";" in x.program or "<ask>" in x.program for x in (lesson, other)):
        return False
    shared = lesson.fields.keys() & other.fields.keys()
    option_fields = {f for o in lesson.options for f in o.fields}
    if len(shared) != 1 or option_fields & other.fields.keys():
        return False
    (data,) = shared
    mine, its = lesson.fields[data], other.fields[data]
    if lesson.last_operation == other.last_operation or any(
        gives_data(x.last_operation) for x in (lesson, other)
    ):
        return False  # whether "it" is the data or what became of it, nobody could tell
    if isinstance(mine, Groups):
        return mine == its
    return (
        isinstance(mine, TableOf)
        and isinstance(its, TableOf)
        and set(mine.forms) <= set(its.forms)
        and all(
            key in mine.columns and _alike(mine.columns[key], c) for key, c in its.columns.items()
        )
    )


def _alike(mine: object, its: object) -> bool:
    """Whether a column drawn for one lesson serves the other: cells of the same kind."""
    if isinstance(mine, Data) and isinstance(its, Data):
        ranges = [(x.low, x.high, x.integers) for x in (mine, its)]
        return ranges[0] == ranges[1] and not its.names
    return mine == its


def lessons_of(lessons: tuple[Lesson, ...], split: str) -> tuple[Lesson, ...]:
    """The lessons that have examples of a split."""
    if split == "phrasing":
        return tuple(x for x in lessons if _templates_of(x, split))
    if split == "combination":
        return tuple(
            x
            for x in lessons
            if _has_held_combination(x) or any(is_held_preparation(x, p) for p in _fitting(x))
        )
    return lessons


def _has_held_combination(lesson: Lesson) -> bool:
    """Some pair of its options is kept back (and not so rare that drawing it would take long)."""
    common = _arguments(o for o in lesson.options if o.p >= 0.1)
    return any(
        is_held_combination(lesson, [a, b])
        for i, a in enumerate(common)
        for b in common[i + 1 :]
        if a.split("=")[0] != b.split("=")[0]
    )


# What few people ask for and many lessons teach: the lesser distributions, arithmetic of remainders.
_RARE = re.compile(
    r"stats\.(?:beta|gamma|geometric|negative_binomial|uniform|lognormal|f|chi_square|hypergeometric|weibull)_"
    r"(?:probability|quantile)|maths\.(?:modular|prime|gcd)|table\.(?:date_part|melt|pivot|encode)|doe\.taguchi"
)


def weight_of(lesson: Lesson) -> float:
    """How often a lesson is drawn: its own weight, halved where its operation is rarely asked for."""
    return lesson.weight * (0.5 if _RARE.search(lesson.program) else 1.0)


def make_example(lesson: Lesson, rng: random.Random, split: str | None = None) -> Example:
    """Render one example of a lesson.

    Raises
    ------
    Misaligned
        The grounding did not find a value where it was written; the reason is in the message.
    """
    rendering = Rendering(lesson, rng, split)
    request, spans = rendering.render()
    grounded = ground(request, {n: replace(t, source=n) for n, t in rendering.attached.items()})
    bindings = Bindings(grounded, spans, rendering.tables)
    program = program_tokens_of(rendering.program(), bindings)
    return Example(
        lesson.name, request, grounded.text, tuple(program), grounded, rendering.attached
    )


def examples(
    lessons: tuple[Lesson, ...],
    seed: int | str,
    n: int,
    dropped: Counter[str] | None = None,
    split: str | None = None,
) -> Iterator[Example]:
    """Yield ``n`` examples of a split, each lesson as often as its weight says; the same seed gives the same."""
    rng = random.Random(seed)
    lessons = lessons if split is None else lessons_of(lessons, split)
    weights = [weight_of(x) for x in lessons]
    made = 0
    while made < n:
        lesson = rng.choices(lessons, weights)[0]
        try:
            example = make_example(lesson, random.Random(rng.getrandbits(64)), split)
        except Misaligned as reason:
            if dropped is not None:
                dropped[lesson.name + ": " + str(reason).split("'")[0]] += 1
            continue
        made += 1
        yield example


__all__ = ["Data", "Example", "Misaligned", "Words", "all_lessons", "examples", "make_example"]
