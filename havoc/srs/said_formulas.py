"""New columns whose formula a request says outright: in signs, or in words such as "dividing a by b".

``a new column waste_rate by dividing waste by made`` derives ``waste / made``, whatever was proposed for it;
``index = (high - low) / open`` likewise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.hints import words_without_hints
from havoc.dsl.grounding.slots import NUMBER, NUMERIC, Grounded, once, request_words
from havoc.srs.calls import calls_of, joined, movable, moved, runs
from havoc.tools.values import Labels

Tokens = tuple[str, ...]
_NAME = re.compile(r"<s\d+>")
# Words that say nothing within a formula.
_EMPTY = frozenset(
    """the a an column columns values variable variables field fields both up together two three these
    each corresponding their its"""
    .split()
)  # fmt: skip
_SIGNS = {
    ("+",): "<+>",
    ("-",): "<->",
    ("−",): "<->",
    ("–",): "<->",
    ("*",): "<*>",
    ("×",): "<*>",
    ("·",): "<*>",
    ("/",): "</>",
    ("÷",): "</>",
    ("plus",): "<+>",
    ("minus",): "<->",
    ("times",): "<*>",
    ("multiplied", "by"): "<*>",
    ("divided", "by"): "</>",
}
_SUMS = ("<+>", "<->")
_PRODUCTS = ("<*>", "</>")
# What stands before a formula in signs, besides the new column's name.
_OPENS = frozenset(
    "= : as is by of formula equals equal compute computed calculate calculated define".split()
)
_LIST = frozenset(", and & with to".split())
# Words before the columns, the sign between them, and the words between two of them.
_PHRASES: tuple[tuple[tuple[str, ...], str, tuple[tuple[str, ...], ...]], ...] = (
    *(((w,), "</>", (("by",),)) for w in ("dividing", "divide", "divides")),
    *(
        (("ratio", link), "</>", (("to",), ("and",), ("over",), ("divided", "by"), ("by",), ("/",)))
        for link in ("of", "between")
    ),
    (("quotient", "of"), "</>", (("and",), ("by",))),
    *(((w,), "<*>", (("by",), ("with",), ("and",), ("times",))) for w in ("multiplying", "multiply", "multiplies")),
    (("product", "of"), "<*>", (("and",), ("with",), ("by",))),
    *(
        (words, "<->", (("and",), ("minus",)))
        for words in (("difference", "between"), ("difference", "of"), ("differences", "between"))
    ),
    *(((w,), "<+>", (("and",), ("to",), ("with",), ("plus",))) for w in ("adding", "add", "adds", "summing")),
    *(((w,), "<+>", (("and",), ("with",), ("plus",))) for w in ("combining", "totalling")),
    (("sum", "of"), "<+>", (("and",), ("plus",))),
    (("total", "of"), "<+>", (("and",), ("plus",))),
)  # fmt: skip
# Functions of one column: "the square root of a", "log ( a )", "pct change of a".
_FUNCTIONS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("common", "logarithm"), "log10"),
    (("common", "log"), "log10"),
    (("decimal", "logarithm"), "log10"),
    (("log", "10"), "log10"),
    (("log", "2"), "log2"),
    (("natural", "logarithm"), "log"),
    (("natural", "log"), "log"),
    (("logarithm",), "log"),
    (("log",), "log"),
    (("ln",), "log"),
    (("square", "root"), "sqrt"),
    (("sqrt",), "sqrt"),
    (("percentage", "change"), "pct_change"),
    (("percent", "change"), "pct_change"),
    (("pct", "_", "change"), "pct_change"),
    (("cumulative", "sum"), "cumsum"),
    (("cumsum",), "cumsum"),
    (("absolute", "value"), "abs"),
    (("min", "-", "max", "scaling"), "minmax"),
    (("z", "-", "score"), "zscore"),
    (("z", "-", "scores"), "zscore"),
)
_OF_FUNCTION = frozenset(
    "of in ( function transform transformation transformed value scaled to for from".split()
)
_ON_A_SCALE = re.compile(r"(?:in|on|to)(?: an?)? (?:log|logarithmic)(?: (10|2))? scale\b")
_SUBTRACTS = frozenset(("subtracting", "subtract", "subtracts"))
_AVERAGES = frozenset(("average", "mean", "averaging"))
_FURTHEST = 16  # words between a new column's name and its formula


@dataclass(frozen=True)
class Said:
    """A formula in program tokens, and where it stands among the words; ``name`` is the new column's slot."""

    name: str
    tokens: Tokens
    start: int
    end: int


@once
def said_formulas(grounded: Grounded) -> list[Said]:
    """Return the formulas of new columns that a request says, each with the slot that names its column."""
    words = _plain(grounded)
    names = new_names(grounded)
    named = bool(names & set(words))
    if not named and not _NEW_COLUMN.search(" ".join(request_words(grounded.text))):
        return []
    found: list[Said] = []
    at = 0
    while at < len(words):
        read = formula_at(words, at, _OPENS | names)
        if read is not None:
            tokens, end = read
            tokens, end = scaled(words, tokens, end)
            # a new column that the request does not name is given a name
            name = _name_of(words, at, end, names, found) if named else v.ASK
            if name is not None:
                found.append(Said(name, tokens, at, end))
            at = end
        else:
            at += 1
    return _consistent(found)


def _consistent(found: Sequence[Said]) -> list[Said]:
    """Each name once; a name with two formulas is said in more than one way, and has none."""
    kept: dict[str, Said] = {}
    unlike: set[str] = set()
    for said in found:
        before = kept.setdefault(said.name, said)
        if _terms(before.tokens) != _terms(said.tokens):
            unlike.add(said.name)
    return [s for s in kept.values() if s.name not in unlike]


def _terms(tokens: Tokens) -> list[str]:
    terms = [t for t in tokens if t not in (v.OPEN, v.CLOSE)]
    return terms if {"<->", "</>"} & set(terms) else sorted(terms)


def _plain(grounded: Grounded) -> list[str]:
    """The words without the hints at numbers and without those that say nothing."""
    out: list[str] = []
    for word in words_without_hints(grounded):
        if NUMBER.fullmatch(word) and "base" in out[-2:]:
            word = grounded.slot(word).value.text
        if word not in _EMPTY:
            out.append(word)
    return out


def new_names(grounded: Grounded) -> set[str]:
    """Return the slots of words that are no cell of a table."""
    cells = {c for s in grounded.of("g") if isinstance(s.value, Labels) for c in s.value.levels}
    return {s.token for s in grounded.of("s") if str(s.value) not in cells}


def formula_at(
    words: Sequence[str], at: int, opens: Container[str] = _OPENS | {"("}
) -> tuple[Tokens, int] | None:
    """Return the formula that begins at a place, and where it ends; one in signs stands behind a word of ``opens``."""
    for reader in (_phrase, _subtraction, _average, _function, _scale):
        read = reader(words, at)
        if read is not None:
            return read
    before = words[at - 1] if at else ""
    if before in opens:
        read = _sum(words, at)
        if (
            read is not None
            and sum(bool(NUMERIC.fullmatch(t)) for t in read[0])
            and len(read[0]) > 2
        ):
            return read
    return None


# ---- in words -----------------------------------------------------------------------------------------------


def _phrase(words: Sequence[str], at: int) -> tuple[Tokens, int] | None:
    for begin, sign, links in _PHRASES:
        if tuple(words[at : at + len(begin)]) != begin:
            continue
        columns, end = _columns(words, at + len(begin), links)
        if len(columns) < 2 or (sign in ("</>", "<->") and len(columns) > 2):
            return None
        return _chained(columns, sign), end
    return None


def _subtraction(words: Sequence[str], at: int) -> tuple[Tokens, int] | None:
    """``subtracting a from b`` is ``b - a``."""
    if words[at] not in _SUBTRACTS:
        return None
    columns, end = _columns(words, at + 1, (("from",),))
    return (_chained(columns[::-1], "<->"), end) if len(columns) == 2 else None


def _average(words: Sequence[str], at: int) -> tuple[Tokens, int] | None:
    """``the average of a, b and c`` row by row, where it is what a new column is."""
    if (
        words[at] not in _AVERAGES
        or at == 0
        or words[at - 1] not in ("as", "is", "=", "by", "represents")
    ):
        return None
    begin = at + 2 if words[at + 1 : at + 2] == ["of"] else at + 1
    columns, end = _columns(words, begin, (("and",),))
    if not 2 <= len(columns) <= 9:
        return None
    return (v.OPEN, *_chained(columns, "<+>"), v.CLOSE, "</>", f"<d{len(columns)}>"), end


def _function(words: Sequence[str], at: int) -> tuple[Tokens, int] | None:
    """``square root of a`` or ``log ( a )``; ``log of a to base 10`` is the decimal one."""
    for begin, name in _FUNCTIONS:
        if tuple(words[at : at + len(begin)]) != begin:
            continue
        end = at + len(begin)
        for _ in range(3):
            if end < len(words) and words[end] in _OF_FUNCTION:
                end += 1
        if end >= len(words) or end == at + len(begin) or not NUMERIC.fullmatch(words[end]):
            return None
        name = _with_base(name, words[max(0, at - 4) : at], words[end + 1 : end + 7])
        return (f"<fn:{name}>", words[end], v.END_CALL), end + 1
    return None


def _scale(words: Sequence[str], at: int) -> tuple[Tokens, int] | None:
    """``a in logarithmic scale ( base 10 )``, ``a on a log scale``: the natural logarithm where no base is said."""
    if not NUMERIC.fullmatch(words[at]):
        return None
    read = _ON_A_SCALE.match(" ".join(words[at + 1 : at + 8]))
    if read is None:
        return None
    end = at + 1 + len(read.group().split(" "))
    name = "log10" if read[1] == "10" else _with_base("log", (), words[end : end + 7])
    return (f"<fn:{name}>", words[at], v.END_CALL), end


def _with_base(name: str, before: Sequence[str], behind: Sequence[str]) -> str:
    """The logarithm to the base that stands at it: "decadic log", "base 10 log", "log of a to base 2"."""
    if name != "log":
        return name
    if {"decadic", "decimal", "common"} & set(before[-1:]):
        return "log10"
    for words in (before, behind):
        if "base" in words:
            base = [w for w in words[words.index("base") + 1 :] if w != "-"][:1]
            return {"10": "log10", "2": "log2"}.get("".join(base), name)
    return name


def _columns(
    words: Sequence[str], at: int, links: Sequence[tuple[str, ...]]
) -> tuple[list[str], int]:
    """Columns and numbers one after the other, joined by commas or one of the ``links``, and where they end."""
    found: list[str] = []
    end = at
    while at < len(words):
        if not (NUMERIC.fullmatch(words[at]) or (found and NUMBER.fullmatch(words[at]))):
            break
        found.append(words[at])
        at = end = at + 1
        while at < len(words) and words[at].isalpha() and _skipped(words, at, links):
            at += 1  # "high price and low price"
        if words[at : at + 2] == [",", "and"]:
            at += 2
            continue
        link = next((k for k in ((",",), *links) if tuple(words[at : at + len(k)]) == k), None)
        if link is None:
            break
        at += len(link)
    return found, end


def _skipped(words: Sequence[str], at: int, links: Sequence[tuple[str, ...]]) -> bool:
    """Whether a word behind a column is one of its own: a link or a comma follows it at once."""
    rest = words[at + 1 :]
    own = not any(tuple(words[at : at + len(k)]) == k for k in links) and words[at] != "and"
    return own and any(tuple(rest[: len(k)]) == k for k in ((",",), *links))


def _chained(columns: Sequence[str], sign: str) -> Tokens:
    out = [columns[0]]
    for column in columns[1:]:
        out += [sign, column]
    return tuple(out)


def scaled(words: Sequence[str], tokens: Tokens, end: int) -> tuple[Tokens, int]:
    """Return a formula with what is done to it next: ``... and multiplying by 90``."""
    at = end
    while at < len(words) and words[at] in (",", "and", "then", "result", "it"):
        at += 1
    for begin, sign in ((("multiplying",), "<*>"), (("multiply",), "<*>"), (("multiplied",), "<*>"),
                        (("dividing",), "</>"), (("times",), "<*>"), (("*",), "<*>")):  # fmt: skip
        if tuple(words[at : at + 1]) == begin:
            at += 1
            while at < len(words) and words[at] in ("by", "result", "it", "this", "with"):
                at += 1
            if at < len(words) and NUMBER.fullmatch(words[at]):
                inner = tokens if len(tokens) == 1 else (v.OPEN, *tokens, v.CLOSE)
                if sign == "<*>" and not set(tokens) & set(_SUMS):
                    inner = tokens
                return (*inner, sign, words[at]), at + 1
    return tokens, end


# ---- in signs -----------------------------------------------------------------------------------------------


def _sum(words: Sequence[str], at: int) -> tuple[Tokens, int] | None:
    return _joined(words, at, _SUMS, _product)


def _product(words: Sequence[str], at: int) -> tuple[Tokens, int] | None:
    return _joined(words, at, _PRODUCTS, _atom)


def _joined(
    words: Sequence[str],
    at: int,
    signs: Sequence[str],
    operand: Callable[[Sequence[str], int], tuple[Tokens, int] | None],
) -> tuple[Tokens, int] | None:
    first = operand(words, at)
    if first is None:
        return None
    tokens, at = first
    while True:
        sign = _sign(words, at)
        if sign is None or sign[0] not in signs:
            return tokens, at
        other = operand(words, sign[1])
        if other is None:
            return tokens, at
        tokens, at = (*tokens, sign[0], *other[0]), other[1]


def _sign(words: Sequence[str], at: int) -> tuple[str, int] | None:
    for length in (2, 1):
        sign = _SIGNS.get(tuple(words[at : at + length]))
        if sign is not None:
            return sign, at + length
    return None


def _atom(words: Sequence[str], at: int) -> tuple[Tokens, int] | None:
    if at >= len(words):
        return None
    if words[at] in ("(", "["):
        inner = _sum(words, at + 1)
        if inner is None or inner[1] >= len(words) or words[inner[1]] not in (")", "]"):
            return None
        tokens = inner[0] if len(inner[0]) == 1 else (v.OPEN, *inner[0], v.CLOSE)
        return tokens, inner[1] + 1
    if not (NUMERIC.fullmatch(words[at]) or NUMBER.fullmatch(words[at])):
        return None
    end = at + 1
    if end < len(words) and words[end].isalpha() and _sign(words, end) is None:
        after = _sign(words, end + 1)
        if after is not None or words[end + 1 : end + 2] == [")"]:
            end += 1  # "high price - low price"
    return (words[at],), end


# ---- whose formula it is ------------------------------------------------------------------------------------


def _name_of(
    words: Sequence[str], start: int, end: int, names: set[str], found: Sequence[Said]
) -> str | None:
    """The new column's name: the nearest one before the formula, or one that it is called behind it."""
    taken = found[-1].end if found else 0
    for at in range(start - 1, max(taken, start - _FURTHEST) - 1, -1):
        if words[at] in names:
            return words[at]
    for at in range(end, min(len(words), end + 10)):
        if words[at] in names:
            called = set(words[end:at]) & {"called", "call", "named", "name", "as", "it", "label"}
            return words[at] if called else None
        if words[at] in (".", "?"):
            break
    return None


_NEW_COLUMN = re.compile(
    r"\b(?:new|additional|extra|derived)(?: [a-z]+)? (?:features?|columns?|variables?|fields?)\b"
    r"|\bfeature engineering\b"
    r"|\b(?:create|add|make|derive|construct|generate|engineer) (?:an? )?(?:[a-z]+ )?"
    r"(?:feature|column|variable|field)\b"
)


# ---- programs -----------------------------------------------------------------------------------------------


def with_formulas(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return the program with the formulas of its new columns as the request says them.

    What is asked of the new column, "its correlation with b", is asked of it and not of a column of which the request
    speaks in the formula alone. A program without a new column gets it where that says what it is for.
    """
    said = said_formulas(grounded)
    if not said or not runs(tokens):
        return tokens
    calls = [_data_last(call) for call in calls_of(tokens)]
    by_name = {s.name: s.tokens for s in said}
    if "<op:table.derive>" in tokens:
        calls = [_with(call, by_name) for call in calls]
        return joined(calls if v.ASK in by_name else _using(calls, grounded, said))
    if v.ASK in by_name:
        return tokens
    return joined(_preceded(calls, grounded, said))


def _data_last(call: Sequence[str]) -> list[str]:
    """The call with its new columns before its table, as they are read here."""
    if call[0] != "<op:table.derive>" or call[1:2] != ("<p:data>",):
        return list(call)
    return [call[0], *call[3:-1], *call[1:3], call[-1]]


def only_formula(grounded: Grounded) -> Tokens | None:
    """The program that makes the one new column which the request defines, and nothing else."""
    said = said_formulas(grounded)
    slots = {s.token: s for s in grounded.slots}
    tables = {slots[t].table for s in said for t in s.tokens if t in slots and NUMERIC.fullmatch(t)}
    if len(said) != 1 or len(tables) != 1:
        return None
    (new,), (table,) = said, tables
    return ("<op:table.derive>", new.name, *new.tokens, "<p:data>", str(table), v.END_CALL)


def lacks_formula(tokens: Tokens, grounded: Grounded) -> bool:
    """Whether the request says a new column's formula, and a program makes no new column."""
    made = "<op:table.derive>" in tokens or not runs(tokens)
    return not made and bool(said_formulas(grounded))


def _with(call: list[str], said: dict[str, Tokens]) -> list[str]:
    given = list(assignments(call))
    if call[0] != "<op:table.derive>" or len(given) != 1:
        return call
    ((begin, end),) = given
    formula = said.get(call[begin])
    return call if formula is None else [*call[: begin + 1], *formula, *call[end:]]


def _using(calls: list[list[str]], grounded: Grounded, said: Sequence[Said]) -> list[list[str]]:
    """The calls behind a new column with it in the place of columns that only its formula needs."""
    words = _plain(grounded)
    place = next((i for i, c in enumerate(calls) if c[0] == "<op:table.derive>"), None)
    if place is None or place >= len(v.RESULTS):
        return calls
    made = [s for s in said if s.name == calls[place][1]]
    if len(made) != 1 or any(made[0].name in call for call in calls[place + 1 :]):
        return calls
    (new,) = made
    elsewhere = set(words[: new.start] + words[new.end :])
    own = {t for t in new.tokens if NUMERIC.fullmatch(t)} - elsewhere
    return calls[: place + 1] + [
        _exchanged(call, own, new.name, place) for call in calls[place + 1 :]
    ]


def _exchanged(call: list[str], own: set[str], name: str, place: int) -> list[str]:
    taken = [i for i, t in enumerate(call) if t in own]
    if len(taken) != 1 or (call[0].startswith("<op:table.") and "<p:where>" in call):
        return call
    (at,) = taken
    begin = at - 1 if call[at - 1].endswith(".>") else at
    return [*call[:begin], f"{v.RESULTS[place][:-1]}.>", name, *call[at + 1 :]]


def _preceded(calls: list[list[str]], grounded: Grounded, said: Sequence[Said]) -> list[list[str]]:
    """The calls behind a new column that they were written without, where one of them then uses it."""
    first = only_formula(grounded)
    if first is None or len(calls) > len(v.RESULTS) or not all(map(movable, calls)):
        return calls
    (new,) = said
    whole = _using([list(first), *(moved(call) for call in calls)], grounded, said)
    return whole if any(new.name in call for call in whole[1:]) else calls


def assignments(call: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the new columns of a call stand: the place of a name, and the place behind its expression."""
    begin = None
    at, depth = 1, 0
    while (
        at < len(call)
        and not call[at].startswith("<p:")
        and not (call[at] == v.END_CALL and not depth)
    ):
        depth += call[at].startswith("<fn:") - (call[at] == v.END_CALL)
        inside = call[at - 1] in (*v.ARITHMETIC, v.OPEN) or call[at - 1].startswith("<fn:")
        named = _NAME.fullmatch(call[at]) or call[at] == v.ASK
        if named and not inside and (begin is None or at > begin + 1):
            if begin is not None:
                yield begin, at
            begin = at
        at += 1
    if begin is not None:
        yield begin, at
