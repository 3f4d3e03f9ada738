"""From text to the tree of a program; a mistake is one line: where, what, and what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, reduce
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import (
    UnexpectedCharacters,
    UnexpectedEOF,
    UnexpectedInput,
    UnexpectedToken,
    VisitError,
)

from havoc.dsl import grammar
from havoc.dsl.ast import Argument, Boolean, Interval, List, Program, Statement, Value
from havoc.errors import InputError
from havoc.tools.expression import (
    Binary,
    Call,
    Expression,
    Formula,
    Name,
    Neg,
    Num,
    Reference,
    Relation,
    Text,
)
from havoc.tools.values import Number

MAX_CHARACTERS = 2_000_000
MAX_DEPTH = 60
MAX_TREE_DEPTH = 200
_BOOLEANS = {"true": True, "false": False}
_ESCAPES = {"n": "\n", "t": "\t"}


def parse(text: str) -> Program:
    """Parse a program.

    Raises
    ------
    InputError
        With line, column and what was expected there.
    """
    if len(text) > MAX_CHARACTERS:
        raise InputError(
            f"the program has {len(text)} characters; at most {MAX_CHARACTERS} are read"
        )
    text = (
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "").replace("\u00a0", " ")
    )
    _refuse_deep_nesting(text)
    try:
        tree = _lark().parse(text)
    except UnexpectedInput as error:
        raise InputError(_syntax_message(error, text)) from None
    try:
        program: Program = _Builder().transform(tree)
    except VisitError as error:
        raise error.orig_exc from None
    _refuse_repeated_names(program)
    _refuse_deep_trees(program)
    return program


@cache
def _lark() -> Lark:
    return Lark(
        grammar.for_lark(),
        parser="lalr",
        lexer="contextual",
        propagate_positions=True,
        maybe_placeholders=False,
    )


def _refuse_deep_nesting(text: str) -> None:
    """Brackets and signs nest by recursion later on; 60 levels are more than anyone writes."""
    depth = 0
    for match in re.finditer(
        r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\\n]|\\.)*`|#[^\n]*|[(\[]|[)\]]|(?:-\s*){60}|(?:\^\s*[\w.]+\s*){60}',
        text,
    ):
        token = match.group()
        depth += (token in "([") - (token in ")]")
        if depth > MAX_DEPTH or token[0] in "-^":
            line = text.count("\n", 0, match.start()) + 1
            raise InputError(f"line {line}: nested more than {MAX_DEPTH} levels deep")


def _refuse_deep_trees(program: Program) -> None:
    """A sum of thousands of terms leans to the left that deep, and is walked by recursion."""
    for statement in program.statements:
        todo: list[tuple[Any, int]] = [(a.value, 0) for a in statement.arguments]
        while todo:
            node, depth = todo.pop()
            if depth > MAX_TREE_DEPTH:
                raise InputError(
                    f"line {statement.line}: an expression has more than {MAX_TREE_DEPTH}"
                    " operators in a row; give long sums as a list"
                )
            match node:
                case Binary(_, left, right) | Relation(_, left, right) | Formula(left, right):
                    todo += [(left, depth + 1), (right, depth + 1)]
                case Interval(low, high):
                    todo += [(low, depth + 1), (high, depth + 1)]
                case Neg(operand):
                    todo.append((operand, depth + 1))
                case Call(_, items) | List(items):
                    todo += [(item, depth + 1) for item in items]


def _refuse_repeated_names(program: Program) -> None:
    first: dict[str, int] = {}
    for name, statement in zip(program.names, program.statements, strict=True):
        if name in first:
            raise InputError(
                f"line {statement.line}: the name '{name}' is already used on line {first[name]};"
                " choose another"
            )
        first[name] = statement.line


@v_args(inline=True)
class _Builder(Transformer[Token, Program]):
    """Builds the tree of ``havoc.dsl.ast`` bottom up; one method a rule of the grammar."""

    def start(self, *lines: Any) -> Program:
        statements: list[Statement] = []
        above: list[str] = []
        for item in lines:
            if isinstance(item, Statement):
                statements.append(
                    Statement(
                        item.target,
                        item.operation,
                        item.arguments,
                        tuple(above),
                        item.comment,
                        item.line,
                        item.column,
                    )
                )
                above = []
            elif isinstance(item, str) and not isinstance(item, Token):
                above.append(item)
        return Program(tuple(statements), tuple(above))

    def line(self, *parts: Any) -> Statement | str | None:
        comments = [_comment(p) for p in parts if isinstance(p, Token)]
        statements = [p for p in parts if isinstance(p, Statement)]
        if not statements:
            return comments[0] if comments else None
        s = statements[0]
        comment = comments[0] if comments else None
        return Statement(s.target, s.operation, s.arguments, (), comment, s.line, s.column)

    @v_args(inline=False, meta=True)
    def statement(self, meta: Any, parts: list[Any]) -> Statement:
        target = str(parts[0]) if len(parts) == 2 else None
        operation, arguments = parts[-1]
        return Statement(target, operation, arguments, line=meta.line, column=meta.column)

    def call(self, *parts: Any) -> tuple[str, tuple[Argument, ...]]:
        names = [str(p) for p in parts if isinstance(p, Token)]
        arguments = parts[-1] if isinstance(parts[-1], tuple) else ()
        return ".".join(names), arguments

    def arguments(self, *items: Argument) -> tuple[Argument, ...]:
        named = False
        for item in items:
            if named and item.keyword is None:
                place = f"line {item.line}, column {item.column}"
                raise InputError(f"{place}: an unnamed value cannot follow a named one")
            named = named or item.keyword is not None
        return items

    @v_args(inline=False, meta=True)
    def argument(self, meta: Any, parts: list[Any]) -> Argument:
        place = {"line": meta.line, "column": meta.column}
        if len(parts) == 1:
            return Argument(_truth(parts[0]), **place)
        keyword: Name = parts[0]
        return Argument(_truth(parts[1]), keyword.id, keyword.quoted, **place)

    def name(self, token: Token) -> Name:
        return _name(token)

    keyword = name

    def formula(self, response: Expression, terms: Expression) -> Formula:
        return Formula(response, terms)

    def interval(self, *parts: Any) -> Interval:
        *sign, low, high = parts
        if isinstance(low, Token):
            low = Num(Number(str(low)[:-2]))
        return Interval(Neg(low) if sign else low, high)

    def list(self, *items: Value) -> List:
        return List(tuple(_truth(item) for item in items))

    def disjunction(self, *parts: Expression) -> Expression:
        return reduce(lambda left, right: Relation("or", left, right), parts)

    def conjunction(self, *parts: Expression) -> Expression:
        return reduce(lambda left, right: Relation("and", left, right), parts)

    def relation(self, left: Expression, *rest: Any) -> Expression:
        return Relation(str(rest[0]), left, rest[1]) if rest else left

    def sum(self, first: Expression, *rest: Any) -> Expression:
        for op, operand in zip(rest[::2], rest[1::2], strict=True):
            first = Binary(str(op), first, operand)
        return first

    product = sum

    def interaction(self, *parts: Expression) -> Expression:
        return reduce(lambda left, right: Binary(":", left, right), parts)

    def signed(self, *parts: Any) -> Expression:
        return Neg(parts[1]) if len(parts) == 2 else parts[0]

    exponent = signed

    def power(self, base: Expression, *rest: Any) -> Expression:
        return Binary("^", base, rest[1]) if rest else base

    def text(self, token: Token) -> Text:
        return Text(_unquoted(token))

    def number(self, number: Token, unit: Token | None = None) -> Num:
        return Num(Number(str(number), None if unit is None else str(unit)))

    def reference(self, first: Token, member: Name | None = None) -> Name | Reference:
        return _name(first) if member is None else Reference(str(first), member)

    def function(self, function: Token, *arguments: Expression) -> Call:
        return Call(str(function), arguments)


def _truth(item: Value) -> Value:
    """``true`` and ``false`` standing alone are truth values, elsewhere names."""
    if isinstance(item, Name) and not item.quoted and item.id in _BOOLEANS:
        return Boolean(_BOOLEANS[item.id])
    return item


def _name(token: Token) -> Name:
    return Name(_unquoted(token), quoted=True) if token.startswith("`") else Name(str(token))


def _unquoted(token: str) -> str:
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m.group(1), m.group(1)), token[1:-1])


def _comment(token: Token) -> str:
    return token[1:].strip()


_WORDS = {
    "NAME": "a name",
    "QUOTED": "a name in backticks",
    "NUMBER": "a number",
    "RANGE_LOW": "a range low..high",
    "STRING": 'a text in "double quotes"',
    "UNIT": "a unit",
    "LPAR": "'('",
    "RPAR": "')'",
    "LSQB": "'['",
    "RSQB": "']'",
    "EQUAL": "'='",
    "COMMA": "','",
    "DOT": "'.'",
    "TILDE": "'~'",
    "NL": "the end of the line",
    "$END": "the end of the program",
    "COMMENT": "",
    "__ANON_0": "'..'",
}
_OPERATORS = {"PLUS", "MINUS", "TIMES", "DIVIDE", "POWER", "COLON", "COMPARE", "AND", "OR"}
_OPERANDS = {"NAME", "QUOTED", "NUMBER", "STRING", "LPAR"}


def _expected(terminals: Iterable[str]) -> str:
    """What may stand there, in words; kinds of operators and of values are summed up."""
    wanted = set(terminals)
    words: list[str] = []
    if wanted >= _OPERANDS:
        words.append("a value (a number, name, text, list or expression)")
        wanted -= {*_OPERANDS, "MINUS", "LSQB", "RANGE_LOW"}
    if len(wanted & _OPERATORS) > 2:
        words.append("an operator")
        wanted -= {*_OPERATORS, "TILDE", "UNIT"}
    words += sorted(filter(None, (_WORDS.get(t, t.lower()) for t in wanted)))
    return " or ".join(words) if len(words) < 3 else ", ".join(words[:-1]) + " or " + words[-1]


def _syntax_message(error: UnexpectedInput, text: str) -> str:
    line, column = error.line, error.column
    if (isinstance(error, UnexpectedToken) and error.token.type == "$END") or isinstance(
        error, UnexpectedEOF
    ):
        last = text.rstrip("\n").split("\n")
        line, column, found = len(last), len(last[-1]) + 1, "the program ends here"
    elif isinstance(error, UnexpectedToken):
        found = (
            "the line ends here"
            if error.token.type == "NL"
            else f"'{error.token}' cannot stand here"
        )
    else:
        character = text[error.pos_in_stream] if error.pos_in_stream is not None else "?"
        found = f"'{character}' cannot stand here"
    expected: Iterable[str] = ()
    if isinstance(error, UnexpectedToken):
        expected = error.accepts or error.expected
    elif isinstance(error, UnexpectedCharacters):
        expected = error.allowed or ()
    words = _expected(expected)
    hint = _hint(text, line, column)
    return (
        f"line {line}, column {column}: {found}" + (f"; expected {words}" if words else "") + hint
    )


def _hint(text: str, line: int, column: int) -> str:
    """The mistakes people make most, said plainly."""
    written = text.split("\n")[line - 1] if 0 < line <= text.count("\n") + 1 else ""
    here = written[column - 1 : column]
    if here == "'":
        return ' (texts stand in "double quotes")'
    if here == "=" and written.count("(") > written.count(")", 0, column):
        return " (an equation is written with ==)"
    if re.match(r"[\d.]+[eE]", written[column - 1 :]):
        return " (put a blank between a number and a unit that begins with e)"
    if re.match(r"[^\W\d]\w*[*/^]", written[column - 1 :]) and re.search(
        r"\d\s*$", written[: column - 1]
    ):
        return " (a product is written with *, and an operator after a unit has blanks around it)"
    return ""
