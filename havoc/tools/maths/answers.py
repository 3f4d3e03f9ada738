"""What the mathematical operations share: the variable meant, an answer's text, a bound on time."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import mpmath
import sympy

from havoc.errors import InputError, NeedsClarification
from havoc.tools.expression import Call, Expression, Name, Relation, free_symbols, show
from havoc.tools.maths.convert import CONSTANTS, NotWritable, from_sympy, number_or_text
from havoc.tools.maths.numeric import DIGITS, Undefined, evaluate
from havoc.tools.operation import Invariant
from havoc.tools.result import Result

T = TypeVar("T")
CPU_SECONDS = 6.0


class TooLong(RuntimeError):
    """Sympy did not come to an end within the time given to it."""


@contextmanager
def _cpu_limit(seconds: float) -> Iterator[None]:
    """Interrupt after so much processor time; only the main thread can be interrupted so."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(
        signal, "SIGVTALRM"
    ):
        yield
        return

    def stop(*_: Any) -> None:
        raise TooLong

    previous = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)


def bounded(compute: Callable[[], T], seconds: float = CPU_SECONDS) -> T | None:
    """What ``compute`` gives, or None where sympy takes too long or gives up."""
    try:
        with _cpu_limit(seconds):
            return compute()
    except (TooLong, NotImplementedError, RecursionError):
        return None
    except (ValueError, TypeError, AttributeError, ArithmeticError, KeyError) as error:
        if isinstance(error, InputError):
            raise
        return None  # sympy's internal failures come as any of these


def body(expression: Expression) -> Expression:
    """The right side of a definition ``y == f(x)``; any other expression as it is."""
    if (
        isinstance(expression, Relation)
        and expression.op == "=="
        and isinstance(expression.left, Name | Call)
    ):
        return expression.right
    if isinstance(expression, Relation):
        raise InputError("an expression is needed, not an equation (maths.solve solves equations)")
    return expression


def finite_body(expression: Expression) -> Expression:
    """The same, refusing infinity alone."""
    found = body(expression)
    if isinstance(found, Name) and found.id in ("oo", "inf", "infinity"):
        raise InputError("an expression is needed; infinity alone is none")
    return found


def the_variable(expression: Expression, given: Name | None, purpose: str) -> str:
    """The variable meant: as given, the only one there is, or ``x``.

    Raises
    ------
    NeedsClarification
        Several could be meant.
    """
    if given is not None:
        return given.id
    found = free_symbols(body(expression))
    if len(found) == 1:
        return found[0]
    if not found:
        return "x"
    if "x" in found:
        return "x"
    raise NeedsClarification(f"{purpose} with respect to which variable: {' or '.join(found)}?")


def symbols_in(*expressions: Expression, beside: Sequence[str] = ()) -> tuple[str, ...]:
    """Names that need a value: all but constants, with those in ``beside`` counted as variables."""
    constants = frozenset(CONSTANTS) - frozenset(beside)
    found = dict.fromkeys(n for e in expressions for n in free_symbols(e, constants))
    return tuple(found)


def tree_of(value: Any, decimals: bool = False) -> Expression:
    """The tree of a sympy answer.

    Raises
    ------
    InputError
        The answer needs functions our expressions do not have.
    """
    try:
        return from_sympy(value, decimals)
    except NotWritable as problem:
        name = str(problem).rsplit(".", 1)[-1].rstrip("'>")
        raise InputError(f"no closed form in elementary functions was found ({name})") from None


def shortest(*forms: Any) -> Any:
    """The form with the fewest operations; ties go to the earlier one."""
    return min((f for f in forms if f is not None), key=lambda f: (sympy.count_ops(f), len(str(f))))


def simpler(value: Any) -> Any:
    """The simplest of some equal forms."""
    simplified = bounded(lambda: sympy.simplify(value), 3.0)
    factored = bounded(lambda: sympy.factor(value), 2.0)
    plain = [f for f in (simplified, factored) if f is not None and not f.has(sympy.Piecewise)]
    return shortest(value, *plain)


def real_value(tree: Expression, point: Mapping[str, float]) -> float | None:
    """The tree's value at a point as a float; None where it has none or is not real."""
    try:
        with mpmath.workdps(DIGITS):
            value = evaluate(tree, {k: mpmath.mpf(v) for k, v in point.items()})
            if mpmath.im(value) != 0 or not mpmath.isfinite(value):
                return None
            return float(mpmath.re(value))
    except (Undefined, OverflowError):
        return None


def same_text(result: Result, key: str = "expression") -> dict[str, Any]:
    """For a verifier: the text reported is the text of the tree that was checked."""
    return {key: show(result.extra[key])}


def agrees(difference: float) -> Invariant:
    """For a verifier: nothing differs."""
    return Invariant(difference, 0.0, 1e-12)


__all__ = [
    "TooLong",
    "agrees",
    "body",
    "bounded",
    "number_or_text",
    "real_value",
    "same_text",
    "shortest",
    "simpler",
    "symbols_in",
    "the_variable",
    "tree_of",
]
