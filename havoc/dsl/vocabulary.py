"""The pieces a planned program is written with: one reserved token each, all derived from the registry.

A program in these tokens is the DSL with its literals replaced by slots:
``<op:spc.i_mr> <p:x> <c0> <p:rules=nelson> <)>`` stands for ``spc.i_mr(x=data.weight, rules=nelson)``.
"""

from __future__ import annotations

from functools import cache

from havoc.dsl.grounding.slots import HINTS, slot_tokens
from havoc.tools.operation import Kind, Operation, Parameter, operations

END_CALL, NEXT, OPEN, CLOSE, ASK, COMPLEMENT = "<)>", "<;>", "<list>", "</list>", "<ask>", "<1->"
EXPLAIN, REFUSE = "<explain>", "<refuse>"
TILDE, SQUARE, QUADRATIC = "<~>", "<sq>", "<quad>"
ARITHMETIC = {"<+>": "+", "<->": "-", "<*>": "*", "</>": "/", "<:>": ":"}
COMPARISONS = {"<eq>": "==", "<ne>": "!=", "<lt>": "<", "<le>": "<=", "<gt>": ">", "<ge>": ">="}
JOINS = {"<and>": "and", "<or>": "or"}
FUNCTIONS = (
    "log",
    "log10",
    "log2",
    "sqrt",
    "exp",
    "abs",
    "zscore",
    "minmax",
    "lag",
    "pct_change",
    "cumsum",
    "rank",
)
RESULTS = tuple(f"<res{i}>" for i in (1, 2, 3))
DIGITS = tuple(f"<d{i}>" for i in range(10))
ROLES = ("<pad>", "<|user|>", "<|plan|>", "<|assistant|>", "<|doc|>", "<|end|>")


def op_token(operation: Operation) -> str:
    return f"<op:{operation.name}>"


def op_name(token: str) -> str:
    """The operation that a token calls."""
    return token.removeprefix("<op:").removesuffix(">")


def param_tokens(parameter: Parameter) -> list[str]:
    """The token (or tokens, one a choice) that names a parameter."""
    match parameter.kind:
        case Kind.FACTORS | Kind.ASSIGNMENTS:
            return []
        case Kind.CHOICE:
            return [f"<p:{parameter.name}={c}>" for c in parameter.choices]
        case Kind.BOOLEAN:
            return [f"<p:{parameter.name}={v}>" for v in ("true", "false")]
    return [f"<p:{parameter.name}>"]


def function_token(name: str) -> str:
    return f"<fn:{name}>"


@cache
def program_tokens() -> tuple[str, ...]:
    """Every token a planned program may hold, in a fixed order."""
    fixed = [
        END_CALL,
        NEXT,
        OPEN,
        CLOSE,
        ASK,
        COMPLEMENT,
        EXPLAIN,
        REFUSE,
        TILDE,
        SQUARE,
        QUADRATIC,
        *ARITHMETIC,
        *COMPARISONS,
        *JOINS,
    ]
    named = [function_token(f) for f in FUNCTIONS]
    results = [*RESULTS, *(f"{r[:-1]}.>" for r in RESULTS)]
    ops = [op_token(o) for o in operations().values()]
    params = sorted(
        {t for o in operations().values() for p in o.parameters for t in param_tokens(p)}
    )
    return tuple(dict.fromkeys([*fixed, *named, *results, *DIGITS, *slot_tokens(), *ops, *params]))


def reserved_tokens() -> tuple[str, ...]:
    """All tokens the tokenizer keeps whole: roles, hints and the program's."""
    return (*ROLES, *HINTS, *program_tokens())
