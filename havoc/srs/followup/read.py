"""From what is said after an answer to a change of its program, or to None: then it is a request of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from havoc.dsl.ast import Boolean, List, Program, Statement
from havoc.dsl.formatter import format_program
from havoc.dsl.grounding.ground import ground
from havoc.dsl.parser import parse
from havoc.errors import InputError, NeedsClarification
from havoc.srs.followup import program as change
from havoc.srs.followup.methods import other_method
from havoc.srs.followup.points import points_left_out
from havoc.srs.followup.words import CHOICES, CUES, PARAMETERS
from havoc.tools.expression import Name, Num, Relation, Text
from havoc.tools.operation import Kind, Operation, Parameter
from havoc.tools.values import Labels, Number, Sample, Table

MAX_WORDS = 30
FEW_WORDS = 4  # so short that only a change can be meant: "80% power", "one-sided"
_NUMBER = r"[-+−]?(?:\d+\.\d+|\.\d+|\d+,\d+|\d+)"
_FILL = r"(?:\s|:|=|\bof\b|\bto\b|\bis\b|\bwas\b|\bwere\b|\bat\b|\bby\b|\bbe\b|\bwith\b)*"
_WHY = re.compile(
    r"^\W*(?:but |and |ok |so )?(?:why\b|how come|explain (?:this|that|it)|what does (?:this|that|it|the \w+) mean|"
    r"how (?:do|should) i read|what do you mean|are you sure|how (?:sure|certain|reliable)\b|"
    r"(?:can|should|may) (?:i|we) (?:trust|believe|rely on) (?:this|that|it|the result)|"
    r"what (?:are|were) the assumptions|(?:which|what) assumptions|"
    r"(?:say (?:it|that) )?in (?:plain |simple |other )?words)",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"^\W*(?:but |and |so |ok |now |then )*what "
    r"(?:(?:should|do|can|must) (?:i|we) do(?: now| next| about (?:it|this|that))?"
    r"|next|now|is next|comes next)\W*$|^\W*(?:and )?(?:the )?next steps?\W*$",
    re.IGNORECASE,
)
_SHOW = re.compile(
    r"\b(?:show|plot|draw|display|see|give)\b.*?\b(residuals?|chart|plot|graph|figure|picture|table|design|points?)\b",
    re.IGNORECASE,
)
_PLOT_IT = re.compile(
    r"^\W*(?:now |and |please |ok )*(?:show|plot|draw|graph|chart)(?: me)? (?:it|this|that|them)"
    r"(?: again| please)*\W*$",
    re.IGNORECASE,
)
_UNDO = re.compile(
    r"^\W*(?:no,? |ok,? |please )*(?:undo|revert|go back|take (?:that|it) back|back to (?:the )?(?:one )?before)\b"
    r"[^\d]{0,25}$",
    re.IGNORECASE,
)
_EXPORT = re.compile(
    r"\b(?:export|download|save)\b.*\b(?:it|this|that|design|table|data|results?|runs?|csv|file)\b"
    r"|\b(?:as|to|into|in) (?:an? )?(?:csv|excel|xlsx)\b",
    re.IGNORECASE,
)
_OTHER_FORMAT = re.compile(
    r"\b(excel|xlsx?|spreadsheet|pdf|docx|word|json|html|png|svg|latex)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Edit:
    """A changed program, in words what was changed, and how it is shown (``why``, ``next``, ``show``, ``export``)."""

    program: str
    said: str = ""
    view: str = ""


def undoes(text: str) -> bool:
    """Whether a text takes the last change back."""
    return _UNDO.search(text) is not None


def read_edit(text: str, last: str, attached: Mapping[str, Table]) -> Edit | None:
    """The change of the ``last`` program that ``text`` asks for; None where it is no change of it.

    Raises
    ------
    InputError
        The change is impossible (there is no point 70).
    NeedsClarification
        Something is missing to make it (which side?).
    """
    lowered = f" {text.casefold()} "
    words = len(text.split())
    if not last.strip() or words > MAX_WORDS:
        return None
    aside = _WHY.search(text) or _NEXT.search(text)
    if words > FEW_WORDS and not aside and not any(c in lowered for c in CUES):
        return None
    try:
        program = parse(last)
    except InputError:
        return None
    if not change.calls(program):
        return None
    if aside:
        return Edit(last, view="why" if _WHY.search(text) else "next")
    if _brings_data(text):
        return None
    view = _view(text, last)
    return view or _edited(text, program, attached)


def _brings_data(text: str) -> bool:
    return bool(ground(text).of("t", "e"))


def _view(text: str, last: str) -> Edit | None:
    if re.search(_NUMBER, text):
        return None
    if _EXPORT.search(text):
        other = _OTHER_FORMAT.search(text)
        return Edit(last, view=f"export:{other[1].casefold()}" if other else "export")
    if _PLOT_IT.search(text):
        return Edit(last, view="show:chart")
    shown = _SHOW.search(text)
    if shown and not _other_method(text):
        return Edit(last, view=f"show:{shown[1].casefold().rstrip('s')}")
    return None


def _other_method(text: str) -> bool:
    """A chart or a plot of its own, which is another operation."""
    kinds = (
        r"\b(?:control|x-?bar|individuals|pareto|histogram|box|probability|scatter|normal|i-?mr|ewma|cusum|run|"
        r"main effects?|interaction|contour|p|np|c|u)[ -]?(?:chart|plot|graph)"
    )
    return re.search(kinds, text, re.IGNORECASE) is not None


def _edited(text: str, program: Program, attached: Mapping[str, Table]) -> Edit | None:
    """All the changes that the text asks for; None if a number in it is left over."""
    rest, said = text, []
    dropped = points_left_out(rest, program, attached)
    if dropped is not None:
        program = change.without_points(program, dropped.points, attached)
        said.append(dropped.said)
        rest = rest[: dropped.start] + " " + rest[dropped.end :]
    for step in (_parameters, _choices, _rows):
        program, rest, more = step(rest, program, attached)
        said += more
    if not any(c.startswith(_METHOD_CHOICES) for c in said):
        other = other_method(rest, program)
        if other is not None:
            program, word, summary = other
            rest = rest.replace(word, " ")
            said.append(f"by another method ({summary})")
    if not said:
        _refuse_unknown(text, program)
        return None
    if re.search(_NUMBER, rest):
        return None
    return Edit(format_program(program), _as_one(said))


_METHOD_CHOICES = ("method ", "equal variances ", "estimator ", "rules ", "type ")
_SAME = re.compile(r"^\W*(?:and |now |ok |then )?(?:the )?same\b", re.IGNORECASE)


def _refuse_unknown(text: str, program: Program) -> None:
    """``same with alpha 0.01`` after an operation that has no alpha: say so, and what there is."""
    if not _SAME.search(text):
        return
    last = change.calls(program)[0][2]
    for name in ("alpha", "confidence", "power"):
        if name not in last.by_name and re.search(rf"\b{name}\b", text, re.IGNORECASE):
            known = [p.name for p in last.parameters if p.kind in (Kind.NUMBER, Kind.INTEGER)]
            there = f"; what can be changed: {', '.join(known)}" if known else ""
            raise InputError(f"'{last.name}' has no {name}{there}")


def _as_one(changes: list[str]) -> str:
    """``With alpha 0.01, without point 7``: what was changed, to stand before a colon."""
    told = [c if c.startswith(("without ", "only ", "by ")) else f"with {c}" for c in changes]
    for i in range(1, len(told)):  # one "with" for changes that follow each other
        if changes[i] != told[i] and changes[i - 1] != told[i - 1]:
            told[i] = changes[i]
    text = ", ".join(told)
    return text[0].upper() + text[1:]


# ---- parameters ---------------------------------------------------------------------------------------------

Change = tuple[Program, str, list[str]]


def _parameters(text: str, program: Program, attached: Mapping[str, Table]) -> Change:
    said: list[str] = []
    for at, statement, operation in change.calls(program):
        for parameter in _scalars(operation, statement):
            found = _named_number(text, parameter)
            if found is None:
                continue
            number, start, end = found
            program, told = _set(program, at, parameter, number)
            said.append(told)
            text = text[:start] + " " + text[end:]
    if not said:
        return _level(text, program)
    return program, text, said


def _scalars(operation: Operation, statement: Statement) -> Iterator[Parameter]:
    """The numbers that can be changed: those given first, then those with a default."""
    given = change.by_name(statement, operation)
    numbers = [p for p in operation.parameters if p.kind in (Kind.NUMBER, Kind.INTEGER)]
    single = [p for p in operation.parameters if p.kind is Kind.NUMBERS and p.name == "at"]
    yield from sorted([*numbers, *single], key=lambda p: p.name not in given)


def _named_number(text: str, parameter: Parameter) -> tuple[str, int, int] | None:
    """``alpha 0.01``, ``alpha = 1%``, ``99% confidence``, ``5 centre points``."""
    names = (parameter.name.replace("_", " "), *PARAMETERS.get(parameter.name, ()))
    for name in sorted(names, key=len, reverse=True):
        word = rf"(?<![\w]){re.escape(name)}(?:s|es)?(?![\w])"
        for pattern in (
            rf"{word}{_FILL}(?P<n>{_NUMBER})(?P<p>\s?%)?",
            rf"(?P<n>{_NUMBER})(?P<p>\s?%)?\s*-?\s*{word}",
        ):
            match = re.search(pattern, text, re.IGNORECASE)
            if match:
                return _decimal(match["n"]) + ("%" if match["p"] else ""), *match.span()
    return None


def _decimal(text: str) -> str:
    plain = text.replace("−", "-").replace(",", ".").lstrip("+")
    return re.sub(r"^(-?)\.", r"\g<1>0.", plain)


def _set(program: Program, at: int, parameter: Parameter, number: str) -> tuple[Program, str]:
    if parameter.kind is Kind.INTEGER and ("%" in number or "." in number):
        raise InputError(f"'{parameter.name}' is a whole number, not {number}")
    percent = number.endswith("%")
    text = number.rstrip("%")
    if parameter.limits.fraction and not percent and Fraction(text) > 1:
        percent = True  # 99 confidence
    value = Num(Number(text, "%" if percent else None))
    program = _without_rival(program, at, parameter.name)
    stored = List((value,)) if parameter.kind is Kind.NUMBERS else value
    told = f"{parameter.name.replace('_', ' ')} {text}{'%' if percent else ''}"
    return change.with_argument(program, at, parameter.name, stored), told


def _without_rival(program: Program, at: int, name: str) -> Program:
    """Alpha and confidence say the same: the new one replaces the other."""
    rival = {"alpha": "confidence", "confidence": "alpha"}.get(name)
    return change.without_argument(program, at, rival) if rival else program


def _level(text: str, program: Program) -> Change:
    """A bare level (``at 1%``, ``same at 0.01``), or a confidence where there is only alpha."""
    for at, _, operation in change.calls(program):
        taken = operation.by_name
        sure = re.search(rf"({_NUMBER})\s?%?\s*(?:confidence|ci|confident)\b", text, re.IGNORECASE)
        if sure and "alpha" in taken:
            level = Fraction(_decimal(sure[1]))
            alpha = 1 - (level / 100 if level > 1 else level)
            return _levelled(program, at, "alpha", alpha, text.replace(sure[0], " "))
        risk = re.search(
            rf"\b(?:alpha|significance(?: level)?)\b{_FILL}({_NUMBER})(\s?%)?", text, re.IGNORECASE
        )
        if risk and "alpha" not in taken and "confidence" in taken:
            sure_of = 1 - Fraction(_decimal(risk[1])) / (100 if risk[2] else 1)
            return _levelled(program, at, "confidence", sure_of, text.replace(risk[0], " "))
        bare = re.search(rf"\b(?:at|with|about|the)\s+({_NUMBER})(\s?%)?(?:\s+level)?", text)
        if bare and "alpha" in taken:
            level = Fraction(_decimal(bare[1])) / (100 if bare[2] else 1)
            if level in {Fraction(x) for x in ("0.1", "0.05", "0.025", "0.01", "0.005", "0.001")}:
                return _levelled(program, at, "alpha", level, text.replace(bare[0], " "))
    return program, text, []


def _levelled(program: Program, at: int, name: str, level: Fraction, rest: str) -> Change:
    """The call ``at`` with another alpha or confidence, and what the text says besides."""
    told = f"{float(level):.6g}"
    return change.with_argument(program, at, name, Num(Number(told))), rest, [f"{name} {told}"]


# ---- choices ------------------------------------------------------------------------------------------------


def _choices(text: str, program: Program, attached: Mapping[str, Table]) -> Change:
    said: list[str] = []
    lowered = text.casefold()
    for at, _, operation in change.calls(program):
        for parameter in operation.parameters:
            found = _chosen(lowered, parameter)
            if found is None:
                continue
            choice, word = found
            value = Boolean(choice == "true") if parameter.kind is Kind.BOOLEAN else _choice(choice)
            program = change.with_argument(program, at, parameter.name, value)
            told = parameter.name.replace("_", " ")
            said.append(f"{told} {choice.replace('_', ' ')}")
            text = re.sub(re.escape(word), " ", text, flags=re.IGNORECASE)
            lowered = text.casefold()
        if said:
            break
    return program, text, said


def _choice(choice: str) -> Name | Text:
    return Name(choice) if re.fullmatch(r"[A-Za-z_]\w*", choice) else Text(choice)


def _chosen(text: str, parameter: Parameter) -> tuple[str, str] | None:
    choices = parameter.choices or (("true", "false") if parameter.kind is Kind.BOOLEAN else ())
    sided = re.search(r"\b(?:one|single)[ -](?:sided|tailed)\b", text)
    for choice in choices:
        own = (
            () if parameter.kind is Kind.BOOLEAN or len(choice) < 3 else (choice.replace("_", " "),)
        )
        for word in (*CHOICES.get((parameter.name, choice), ()), *own):
            if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text):
                return choice, sided.group() if sided and parameter.name == "alternative" else word
    if sided and "greater" in choices:
        raise NeedsClarification("One-sided in which direction: greater or less?")
    return None


# ---- rows ---------------------------------------------------------------------------------------------------

_KEEP = re.compile(r"\b(?:only|just|restrict(?:ed)? to|limit(?:ed)? to|keep|for)\b", re.IGNORECASE)
_LEAVE = re.compile(
    r"\b(?:without|exclude|excluding|drop|remove|leave out|omit|ignore|except|but not)\b",
    re.IGNORECASE,
)
_COMPARE = {
    ">=": ">=", "<=": "<=", ">": ">", "<": "<", "=": "==", "is": "==", "above": ">", "over": ">", "at least": ">=",
    "below": "<", "under": "<", "at most": "<=", "greater than": ">", "less than": "<", "more than": ">",
}  # fmt: skip


def _rows(text: str, program: Program, attached: Mapping[str, Table]) -> Change:
    keep, leave = _KEEP.search(text), _LEAVE.search(text)
    if not keep and not leave:
        return program, text, []
    for variable, table in change.tables_of(program, attached).items():
        found = _cell(text, table) or _comparison(text, table)
        if found is None:
            continue
        condition, told, word = found
        if leave and not keep:
            condition = Relation({"==": "!=", ">": "<=", "<": ">=", ">=": "<", "<=": ">"}[condition.op],
                                 condition.left, condition.right)  # fmt: skip
        changed = change.with_filter(program, variable, condition)
        said = f"without {told}" if leave and not keep else f"only {told}"
        return changed, text.replace(word, " "), [said]
    return program, text, []


def _cell(text: str, table: Table) -> tuple[Relation, str, str] | None:
    """A level of a text column that the text names."""
    best: tuple[Relation, str, str] | None = None
    for column in table.columns:
        if not isinstance(column, Labels):
            continue
        for level in column.levels:
            match = re.search(rf"(?<!\w){re.escape(level)}(?!\w)", text, re.IGNORECASE)
            if (
                match
                and (match.group() == level or len(level) > 2)
                and (best is None or len(level) > len(best[2]))
            ):
                best = (
                    Relation("==", Name(column.name), Text(level)),
                    f"{column.name} {level}",
                    match.group(),
                )
    return best


def _comparison(text: str, table: Table) -> tuple[Relation, str, str] | None:
    """``temp above 180`` for a numeric column."""
    words = "|".join(sorted(map(re.escape, _COMPARE), key=len, reverse=True))
    for column in table.columns:
        if not isinstance(column, Sample):
            continue
        name = re.escape(column.name).replace("_", r"[\s_]?")
        match = re.search(
            rf"(?<!\w){name}\s*(?:is\s+)?({words})\s*({_NUMBER})", text, re.IGNORECASE
        )
        if match:
            op, number = _COMPARE[match[1].casefold()], _decimal(match[2])
            relation = Relation(op, Name(column.name), Num(Number(number)))
            return relation, match.group(), match.group()
    return None
