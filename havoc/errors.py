"""The errors a person can cause, each one line: what was wrong, where, and what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class InputError(ValueError):
    """What was asked cannot be done as asked. The message is shown as it is: exit status 2, HTTP 4xx."""


class NeedsClarification(InputError):
    """An input is missing; the message is the one question to ask. Exit status 3."""


class AuditFailed(RuntimeError):
    """A reported number did not survive its re-computation."""


def first_line(error: BaseException) -> str:
    """What another library's error says, in one line of at most 200 characters; its kind where it says nothing."""
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__


def nearest(word: str, known: Iterable[str], n: int = 1) -> str:
    """Return ``"; did you mean 'x'?"`` for the closest of ``known``, or an empty string.

    Examples
    --------
    >>> nearest("box_benken", ["box_behnken", "full_factorial"])
    "; did you mean 'box_behnken'?"
    """
    close = difflib.get_close_matches(word, list(known), n=n, cutoff=0.5)
    if not close:
        return ""
    return "; did you mean " + " or ".join(f"'{c}'" for c in close) + "?"
