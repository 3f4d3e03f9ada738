"""Broken calls: a statement with one of its arguments replaced by what people send by mistake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from havoc.dsl.ast import Argument, Boolean, Interval, List, Program, Statement, Value
from havoc.dsl.formatter import format_program
from havoc.dsl.parser import parse
from havoc.tools.expression import Expression, Name, Neg, Num, Text
from havoc.tools.values import Number

NAN, INF, WORD = Name("nan"), Name("inf"), Text("abc")
PAIRS = (("lsl", "usl"), ("low", "high"), ("lower", "upper"), ("aql", "ltpd"), ("p_1", "p_2"))


def num(text: str) -> Expression:
    return Neg(Num(Number(text[1:]))) if text.startswith("-") else Num(Number(text))


HUGE, TINY = num("1e300"), num("1e-300")


def is_number(value: Value) -> bool:
    return isinstance(value, Num) or (isinstance(value, Neg) and isinstance(value.operand, Num))


def negative(value: Expression) -> Expression:
    return value.operand if isinstance(value, Neg) else Neg(value)


def broken_numbers(value: Expression) -> Iterator[tuple[str, Value]]:
    yield "not a number", NAN
    yield "infinite", INF
    yield "a word", WORD
    yield "zero", num("0")
    yield "one", num("1")
    yield "negative", negative(value)
    yield "a fraction", num("0.37")
    yield "huge", HUGE
    yield "large", num("1000000")
    yield "tiny", TINY
    yield "a list", List((value, value))
    yield "an empty list", List(())


def broken_lists(value: List) -> Iterator[tuple[str, Value]]:
    items = value.items
    first = items[0]
    yield "no values", List(())
    yield "one value", List((first,))
    yield "two values", List(items[:2])
    yield "constant values", List((first,) * len(items))
    yield "one value short", List(items[:-1])
    yield "a missing value", List((NAN, *items[1:]))
    yield "every value missing", List((NAN,) * len(items))
    yield "an infinite value", List((INF, *items[1:]))
    yield "a word among them", List((*items[:-1], WORD))
    yield "one number for all", num("3")
    yield "a word for all", WORD
    if is_number(first):
        yield "one huge value", List((*items[:-1], HUGE))
        yield "one tiny value", List((*items[:-1], TINY))
        yield "huge values", List(tuple(num(f"{i}e300") for i in range(1, len(items) + 1)))
        yield "tiny values", List(tuple(num(f"{i}e-300") for i in range(1, len(items) + 1)))
        yield "values near 1e12", List(tuple(_moved(i) for i in items))
        yield "negative values", List(tuple(negative(i) if is_number(i) else i for i in items))
        yield "zeros", List((num("0"),) * len(items))
    if isinstance(first, List):
        for name, inner in broken_lists(first):
            yield f"first list: {name}", List((inner, *items[1:]))
        yield "nested once more", List((value, value))


def _moved(value: Value) -> Value:
    if not isinstance(value, Num) or value.number.unit:
        return value
    whole, dot, rest = value.number.text.partition(".")
    return num(str(10**12 + int(whole)) + dot + rest) if whole.isdigit() else value


def broken_values(value: Value) -> Iterator[tuple[str, Value]]:
    """What ``value`` may be replaced by, each with its name."""
    match value:
        case List():
            yield from broken_lists(value)
        case Interval(low, high):
            yield "low above high", Interval(high, low)
            yield "no width", Interval(low, low)
            yield "infinite range", Interval(low, INF)
            yield "huge range", Interval(num("-1e300"), HUGE)
            yield "tiny range", Interval(num("0"), TINY)
            yield "a number for a range", low
        case Boolean():
            yield "a word for a truth", WORD
            yield "a number for a truth", num("2")
        case Text():
            yield "no text", Text("")
            yield "other text", WORD
            yield "a number for text", num("3")
        case _ if is_number(value):
            yield from broken_numbers(value)
        case _:
            yield "another word", Name("abc")
            yield "a number for an expression", num("3")
            yield "infinity", INF


def _swapped(statement: Statement) -> Iterator[tuple[str, Statement]]:
    by = {a.keyword: a for a in statement.arguments}
    for low, high in PAIRS:
        if low in by and high in by:
            put = {low: by[high].value, high: by[low].value}
            changed = tuple(
                replace(a, value=put.get(a.keyword or "", a.value)) for a in statement.arguments
            )
            yield f"{low} and {high} swapped", replace(statement, arguments=changed)


def broken_statements(statement: Statement) -> Iterator[tuple[str, Statement]]:
    for i, argument in enumerate(statement.arguments):
        rest_before, rest_after = statement.arguments[:i], statement.arguments[i + 1 :]
        label = argument.keyword or f"argument {i + 1}"
        yield f"{label} left out", replace(statement, arguments=(*rest_before, *rest_after))
        for name, value in broken_values(argument.value):
            changed: Argument = replace(argument, value=value)
            yield (
                f"{label}: {name}",
                replace(statement, arguments=(*rest_before, changed, *rest_after)),
            )
    yield from _swapped(statement)


def broken_programs(text: str) -> Iterator[tuple[str, str]]:
    """Each broken variant of a program, one argument of one statement at a time, with its name."""
    program = parse(text)
    for i, statement in enumerate(program.statements):
        for name, changed in broken_statements(statement):
            statements = (*program.statements[:i], changed, *program.statements[i + 1 :])
            yield name, format_program(Program(statements))


def on_a_table(text: str) -> Iterator[str]:
    """Each variant of a program that takes ``t`` or its column ``v`` where a list was written."""
    program = parse(text)
    for i, statement in enumerate(program.statements):
        for j, argument in enumerate(statement.arguments):
            if not isinstance(argument.value, List):
                continue
            for reference in ("t", "t.v"):
                changed = replace(argument, value=Name("REFERENCE"))
                arguments = (*statement.arguments[:j], changed, *statement.arguments[j + 1 :])
                statements = list(program.statements)
                statements[i] = replace(statement, arguments=arguments)
                written = format_program(Program(tuple(statements)))
                yield 't = data("t.csv")\n' + written.replace("REFERENCE", reference)
