"""A lesson's program template, written in the planner's tokens with the slots that grounding found."""

from __future__ import annotations

import re
from collections.abc import Mapping

from havoc.curriculum.data import Shown
from havoc.curriculum.rendering import cells
from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import Grounded, Slot
from havoc.tools.operation import Kind, Operation, Parameter, get


class Misaligned(Exception):
    """A value of the lesson has no slot of the wanted kind where it was written."""


_FOR_FIELD = {
    "number": "n",
    "interval": "rf",
    "factor": "f",
    "expression": "e",
    "symbol": "v",
    "word": "s",
}
_VALUE_TOKEN = re.compile(
    r"<ask>|\{[\w.]+\}|r\d\.?|1-|==|!=|<=|>=|\^2|[<>~+\-*/:()\[\],]|[A-Za-z_][\w-]*|\d+"
)


class Bindings:
    """Finds the slot of each field of a rendered lesson."""

    def __init__(
        self,
        grounded: Grounded,
        spans: Mapping[str, list[tuple[int, int]]],
        tables: Mapping[str, Shown],
    ) -> None:
        self.grounded, self.spans, self.tables = grounded, spans, tables

    def slots_at(self, name: str) -> list[Slot]:
        spans = self.spans.get(name, [])[:1]
        return [s for s in self.grounded.slots if any(s.start < b and a < s.end for a, b in spans)]

    def factors(self, name: str) -> list[str]:
        keys = sorted(
            (k for k in self.spans if k.startswith(name + ".")),
            key=lambda k: int(k.rsplit(".", 1)[1]),
        )
        tokens = []
        for key in keys:
            found = [s for s in self.slots_at(key) if s.kind == "f"]
            if len(found) != 1:
                raise Misaligned(f"factor not found: '{self._text(key)}'")
            tokens.append(found[0].token)
        return tokens

    def _text(self, name: str) -> str:
        return " / ".join(self.grounded.request[a:b] for a, b in self.spans.get(name, []))

    def table(self, name: str) -> str:
        shown = self.tables[name]
        for slot in self.grounded.of("t"):
            if (
                shown.form == "attached"
                and slot.start < 0
                and slot.value.names == shown.table.names
            ):
                return slot.token
            if shown.form in ("pasted", "counted", "toleranced") and any(
                slot.start < b and a < slot.end for a, b in self.spans.get(name, [])
            ):
                if (
                    len(slot.value.columns) != len(shown.table.columns)
                    or slot.value.n_rows != shown.table.n_rows
                ):
                    raise Misaligned("pasted table read with another shape")
                return slot.token
        if shown.form in ("inline", "verdicts"):
            found = {self.column(name, key).table for key in shown.columns}
            if len(found) == 1 and None not in found:
                token = found.pop()
                assert token is not None
                columns = [s for s in self.grounded.of("c", "g") if s.table == token]
                if len(columns) != len(shown.columns):
                    raise Misaligned("inline lists mixed with other lists")
                return token
        raise Misaligned(f"table not found ({shown.form})")

    def column(self, name: str, key: str) -> Slot:
        shown = self.tables[name]
        if shown.form in ("inline", "verdicts"):
            found = [s for s in self.slots_at(f"{name}.{key}") if s.kind in "cg"]
            if len(found) != 1 or len([t for t in cells(found[0].value) if t]) != len(
                shown.columns[key]
            ):
                raise Misaligned("inline list not found or cut")
            return found[0]
        token = self.table(name)
        slots = [s for s in self.grounded.of("c", "g") if s.table == token]
        position = shown.table.columns.index(shown.columns[key])
        wanted = self.grounded.tables[token].columns[position].name
        for s in slots:
            if s.value.name == wanted:
                return s
        raise Misaligned("column not found in table")

    def tokens(self, name: str, kind: Kind) -> list[str]:
        """The tokens of ``{name}`` where a parameter of ``kind`` stands."""
        base, _, key = name.partition(".")
        if base in self.tables:
            if not key:
                return [self.table(base)]
            return [self.column(base, key).token]
        found = self.slots_at(base)
        if key in ("low", "high"):
            numbers = [s for s in found if s.kind == "n"]
            if len(numbers) != 2:
                raise Misaligned(f"ends of a range not found: '{self._text(base)}'")
            return [numbers[key == "high"].token]
        wanted = {
            Kind.RANGE: "rf", Kind.EXPRESSION: "env", Kind.EXPRESSIONS: "ev", Kind.SYMBOL: "vs",
            Kind.SYMBOLS: "vs", Kind.TEXT: "sn",
            Kind.CONDITION: "ns", Kind.ASSIGNMENTS: "ns", Kind.FORMULA: "s",
        }.get(kind, "n")  # fmt: skip
        exact = [s for s in found if s.kind in wanted]
        if kind is Kind.EXPRESSION:
            exact = [s for s in exact if s.kind == "e"] or exact
        if len({s.token for s in exact}) != 1:
            raise Misaligned(f"'{self._text(base)}' is no single {'/'.join(wanted)} slot")
        return [exact[0].token]


def program_tokens_of(program: str, bindings: Bindings) -> list[str]:
    """Translate ``family.op(key={field}, ...); ...`` into planner tokens, arguments in the order of the request."""
    if program in ("explain", "refuse"):
        return [v.EXPLAIN if program == "explain" else v.REFUSE]
    tokens: list[str] = []
    for i, statement in enumerate(s for s in split_outside(program, ";") if s.strip()):
        match = re.fullmatch(r"\s*(?:\w+\s*=\s*)?([a-z_]+\.\w+)\((.*)\)\s*", statement, re.DOTALL)
        if match is None:
            raise ValueError(f"not a call: {statement}")
        operation = get(match[1])
        if i:
            tokens.append(v.NEXT)
        tokens += [v.op_token(operation), *_arguments(operation, match[2], bindings), v.END_CALL]
    return tokens


def split_outside(text: str, separator: str) -> list[str]:
    """The pieces between separators that stand outside brackets."""
    pieces, depth, start = [], 0, 0
    for i, ch in enumerate(text):
        depth += (ch in "([") - (ch in ")]")
        if ch == separator and depth == 0:
            pieces.append(text[start:i])
            start = i + 1
    return [*pieces, text[start:]]


def _arguments(operation: Operation, body: str, bindings: Bindings) -> list[str]:
    written: dict[str, list[str]] = {}
    loose: list[str] = []
    positional = [p for p in operation.parameters if p is not operation.variadic]
    for k, argument in enumerate(a.strip() for a in split_outside(body, ",") if a.strip()):
        key, separator, value = argument.partition("=")
        key = key.strip()
        keyword = (
            bool(separator)
            and re.fullmatch(r"[A-Za-z_]\w*|\{\w+\}", key)
            and not value.startswith("=")
        )
        if (
            keyword
            and key in operation.by_name
            and operation.by_name[key] is not operation.variadic
        ):
            written[key] = _argument(operation.by_name[key], value.strip(), bindings)
        elif keyword and operation.variadic is not None:
            target = (
                bindings.tokens(key[1:-1], Kind.ASSIGNMENTS) if key.startswith("{") else [v.ASK]
            )
            loose += target + _value(value.strip(), Kind.ASSIGNMENTS, bindings)
        elif (
            operation.variadic is not None
            and operation.variadic.kind is Kind.FACTORS
            and (argument.startswith("{") or argument == v.ASK)
        ):
            loose += [v.ASK] if argument == v.ASK else bindings.factors(argument[1:-1])
        elif not keyword and k < len(positional):
            written[positional[k].name] = _argument(positional[k], argument, bindings)
        else:
            raise ValueError(f"{operation.name} has no parameter for '{argument}'")
    given = [
        loose if p is operation.variadic else written.get(p.name, []) for p in operation.parameters
    ]
    return [t for argument in _as_asked(given, bindings.grounded.text.split()) for t in argument]


def _as_asked(arguments: list[list[str]], text: list[str]) -> list[list[str]]:
    """Arguments in the order in which the request gives their first values; those without values behind them."""
    places: dict[str, int] = {}
    for i, token in enumerate(text):
        places.setdefault(token, i)
    return sorted(arguments, key=lambda a: min((places.get(t, len(text)) for t in a), default=0))


def _argument(p: Parameter, value: str, bindings: Bindings) -> list[str]:
    if p.kind in (Kind.CHOICE, Kind.BOOLEAN):
        token = f"<p:{p.name}={value.strip(chr(34))}>"
        if token not in v.param_tokens(p):
            raise ValueError(f"'{value}' is not a choice of {p.name}")
        return [token]
    return [v.param_tokens(p)[0], *_value(value, p.kind, bindings)]


def _value(text: str, kind: Kind, bindings: Bindings) -> list[str]:
    tokens: list[str] = []
    words = _VALUE_TOKEN.findall(text)
    squares: list[int] = []
    i = 0
    while i < len(words):
        word = words[i]
        if word.startswith("{"):
            named = bool(tokens) and tokens[-1].endswith(".>")  # a column by its name: r1.{new}
            tokens += bindings.tokens(word[1:-1], Kind.FORMULA if named else kind)
        elif re.fullmatch(r"r\d\.?", word):
            tokens.append(f"<res{word[1]}.>" if word.endswith(".") else f"<res{word[1]}>")
        elif word == "1-":
            tokens.append(v.COMPLEMENT)
        elif word == v.ASK:
            tokens.append(v.ASK)
        elif word.isdigit():
            tokens.append(f"<d{word}>")
        elif word == "[" and (whole := _whole_list(words[i:], bindings)):
            tokens.append(whole)
            i += words[i:].index("]")
        elif word == "[":
            tokens.append(v.OPEN)
        elif word == "]":
            tokens.append(v.CLOSE)
        elif word == "I":
            tokens.append(v.SQUARE)
            squares.append(i)
        elif word == "quadratic":
            close = words.index(")", i)
            inner = [
                t
                for w in words[i + 2 : close]
                if w.startswith("{")
                for t in bindings.tokens(w[1:-1], kind)
            ]
            tokens += [v.QUADRATIC, v.OPEN, *inner, v.CLOSE]
            i = close
        elif word in v.FUNCTIONS:
            close = words.index(")", i)
            inner = [t for w in words[i + 2 : close] for t in bindings.tokens(w[1:-1], kind)]
            tokens += [v.function_token(word), *inner, v.END_CALL]
            i = close
        elif word in _OPERATORS:
            tokens.append(_OPERATORS[word])
        elif word not in (",", "(", ")", "^2"):
            raise ValueError(f"cannot write '{word}' in a program: {text}")
        i += 1
    return tokens


def _whole_list(words: list[str], bindings: Bindings) -> str | None:
    """``[{a}, {b}, {c}]`` whose numbers stand in one list of the request is that list."""
    fields = [w[1:-1] for w in words[1 : words.index("]")] if w.startswith("{")]
    found = [
        {s.token for s in bindings.slots_at(f) if s.kind == "c"} for f in fields if "." not in f
    ]
    if len(found) != len(fields) or not found or not all(found):
        return None
    common = set.intersection(*found)
    if len(common) != 1:
        return None
    token = common.pop()
    present = [t for t in bindings.grounded.slot(token).value.texts if t is not None]
    return token if len(present) == len(fields) else None


_OPERATORS = {
    "~": v.TILDE,
    **{sign: token for token, sign in v.ARITHMETIC.items()},
    **{sign: token for token, sign in v.COMPARISONS.items()},
    **{word: token for token, word in v.JOINS.items()},
}
