"""The canonical text of a program: ``parse(format_program(p)) == p``."""

from __future__ import annotations

from havoc.dsl.ast import Argument, Boolean, Interval, List, Program, Statement, Value
from havoc.tools.expression import Expression, Formula, Name, Neg, Num, show


def format_program(program: Program) -> str:
    """One statement a line; ends with a newline unless empty."""
    lines: list[str] = []
    for statement in program.statements:
        lines += [_comment(c) for c in statement.above]
        lines.append(format_statement(statement))
    lines += [_comment(c) for c in program.below]
    return "".join(f"{line}\n" for line in lines)


def format_statement(statement: Statement) -> str:
    """``name = family.operation(arguments)  # comment``"""
    target = f"{statement.target} = " if statement.target else ""
    arguments = ", ".join(_argument(a) for a in statement.arguments)
    comment = "" if statement.comment is None else f"  {_comment(statement.comment)}"
    return f"{target}{statement.operation}({arguments}){comment}"


def format_value(value: Value) -> str:
    """The text of one argument's value."""
    match value:
        case Boolean(truth):
            return "true" if truth else "false"
        case Interval(low, high):
            return _interval(low, high)
        case List(items):
            return f"[{', '.join(format_value(item) for item in items)}]"
        case Formula():
            return str(value)
    return show(value)


def _argument(argument: Argument) -> str:
    if argument.keyword is None:
        return format_value(argument.value)
    keyword = show(Name(argument.keyword, argument.quoted))
    return f"{keyword}={format_value(argument.value)}"


def _interval(low: Expression, high: Expression) -> str:
    plain = low.operand if isinstance(low, Neg) else low
    dots = ".." if isinstance(plain, Num) and plain.number.unit is None else " .. "
    return f"{show(low, 3)}{dots}{show(high, 3)}"


def _comment(text: str) -> str:
    return f"# {text}" if text else "#"
