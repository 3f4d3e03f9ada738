"""One rule of the guidance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Values = Mapping[str, Any]
Condition = Callable[[Values, Values], bool]  # of the result's values and the operation's arguments


def _always(values: Values, arguments: Values) -> bool:
    return True


@dataclass(frozen=True)
class Rule:
    """``operations``: patterns separated by blanks. ``text``: a sentence; ``{key}`` is a value of the result."""

    operations: str
    text: str
    when: Condition = _always

    def applies(self, values: Values, arguments: Values) -> bool:
        return self.when(values, arguments)


def has(*keys: str) -> Condition:
    """All of these values are there."""
    return lambda v, a: all(v.get(k) is not None for k in keys)


def true(key: str) -> Condition:
    """The value is there and true (or not empty, not zero)."""
    return lambda v, a: bool(v.get(key))


def false(key: str) -> Condition:
    """The value is there and false (or empty, or zero)."""
    return lambda v, a: key in v and v[key] is not None and not v[key]


def below(key: str, limit: float) -> Condition:
    """The value is a number below the limit."""
    return lambda v, a: _number(v.get(key)) and v[key] < limit


def at_least(key: str, limit: float) -> Condition:
    """The value is a number, the limit or more."""
    return lambda v, a: _number(v.get(key)) and v[key] >= limit


def both(*conditions: Condition) -> Condition:
    """All the conditions hold."""
    return lambda v, a: all(c(v, a) for c in conditions)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
