"""Scoring an answer object against a request with expected values.

A request passes when it was answered, its audit passed, and every expected value stands among the named values of its
results or the numbers and words of the answer's text; a table's cells count for values that are not whole numbers. A
request that cannot be answered as asked passes when it was refused or answered by a question.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from havoc.errors import InputError

_NUMBER = re.compile(r"[-+−]?\d[\d,]*\.?\d*(?:[eE][-+]?\d+)?")
_TEXT_TOLERANCE = 6e-4  # a text shows rounded figures


@dataclass(frozen=True)
class Verdict:
    """Whether one request passed, and if not, why."""

    id: str
    kind: str
    passed: bool
    why: str


def read_requests(path: Path) -> list[dict[str, Any]]:
    """Read a request file: one JSON object a line with ``id``, ``request``, ``kind``, ``expected``."""
    requests = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError:
            raise InputError(f"{path}: line {number} is not JSON") from None
        if not isinstance(record, dict) or "request" not in record:
            raise InputError(f"{path}: line {number} has no 'request'")
        requests.append(record)
    return requests


def score(request: Mapping[str, Any], output: Mapping[str, Any]) -> Verdict:
    """Score one answer object."""
    passed, why = _passes(request, output)
    return Verdict(str(request.get("id", "")), str(request.get("kind", "")), passed, why)


def _passes(request: Mapping[str, Any], output: Mapping[str, Any]) -> tuple[bool, str]:
    status = output.get("status")
    if request.get("kind") == "refuse_or_ask":
        return status in ("needs_clarification", "refused"), f"status {status}"
    if status != "answered":
        return (
            False,
            f"status {status}: {str(output.get('question') or output.get('answer'))[:100]}",
        )
    if not (output.get("audit") or {}).get("passed"):
        return False, "audit not passed"
    found = _Found.of(output)
    expected = request.get("expected") or {}
    alternatives = request.get("alt") or []
    missing: list[str] = []
    for other in [expected, *(alternatives if isinstance(alternatives, list) else [alternatives])]:
        wanted = {**expected, **other}
        missing = [
            k
            for k, v in wanted.items()
            if not found.has(v, _tolerance(request, k), _flips(request))
        ]
        if not missing:
            return True, "ok"
    return False, f"missing {missing}"


def _tolerance(request: Mapping[str, Any], key: str) -> tuple[float, float]:
    """Relative and absolute tolerance; published answers are rounded to ``decimals`` places."""
    decimals = (request.get("decimals") or {}).get(key)
    if decimals is not None:
        return 0.0, 0.51 * 10.0**-decimals
    return float(request.get("tol") or 0), 0.0


def _flips(request: Mapping[str, Any]) -> bool:
    return "sign" in (request.get("note") or "")


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for v in value.values():
            yield from _leaves(v)
    elif isinstance(value, list | tuple):
        for v in value:
            yield from _leaves(v)
    else:
        yield value


def _numbers(text: str) -> list[float]:
    found = []
    for match in _NUMBER.findall(text):
        try:
            found.append(float(match.replace(",", "").replace("−", "-")))
        except ValueError:
            continue
    return found


@dataclass(frozen=True)
class _Found:
    """What an answer object holds."""

    values: Sequence[Any]
    numbers: Sequence[float]
    cells: Sequence[float]
    text: str
    printed: Sequence[float]

    @classmethod
    def of(cls, output: Mapping[str, Any]) -> _Found:
        results = output.get("results") or []
        values = [v for r in results for v in _leaves(r.get("values") or {})]
        numbers = [
            float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)
        ]
        for v in values:
            if isinstance(v, str):
                numbers += _numbers(v)
        cells = [
            float(v)
            for r in results
            for t in r.get("tables") or []
            for v in _leaves(t.get("rows") or [])
            if isinstance(v, int | float) and not isinstance(v, bool)
        ]
        text = output.get("answer") or ""
        return cls(values, numbers, cells, text, _numbers(text))

    def has(self, value: Any, tolerance: tuple[float, float], flips: bool) -> bool:
        if isinstance(value, bool):
            return any(v is value for v in self.values) or str(value).lower() in self.text.lower()
        if isinstance(value, int | float):
            fine = [*self.numbers, *(self.cells if value != int(value) else [])]
            loose = (max(tolerance[0], _TEXT_TOLERANCE), tolerance[1])
            return any(_close(n, value, tolerance, flips) for n in fine) or any(
                _close(n, value, loose if not tolerance[1] else tolerance, flips)
                for n in self.printed
            )
        if isinstance(value, list | tuple):
            return all(self.has(v, tolerance, flips) for v in value)
        if isinstance(value, Mapping):
            return all(self.has(v, tolerance, flips) for v in value.values())
        return self._has_word(str(value).strip())

    def _has_word(self, word: str) -> bool:
        pattern = r"(?<![A-Za-z0-9])" + re.escape(word.lower()) + r"(?![A-Za-z0-9])"
        if re.search(pattern, self.text.lower()):
            return True
        words = [v for v in self.values if isinstance(v, str)]
        return any(v.strip().lower() == word.lower() or _same_expression(v, word) for v in words)


def _close(a: float, b: float, tolerance: tuple[float, float], flips: bool) -> bool:
    if not math.isfinite(a):
        return False
    relative, absolute = tolerance
    for x in (a, -a) if flips else (a,):
        margin = absolute or max(
            relative * abs(b),
            1e-6 * max(1.0, abs(b)) if not relative else 0.0,
            1e-6 if b == 0 else 0,
        )
        if abs(x - b) <= margin:
            return True
    return False


def _same_expression(a: str, b: str) -> bool:
    """Whether two written expressions are equal, by our own reader: nothing is evaluated as Python."""
    import sympy

    from havoc.dsl.grounding.math_text import read_math
    from havoc.tools.maths.convert import to_sympy

    try:
        difference = sympy.simplify(to_sympy(read_math(a)) - to_sympy(read_math(b)))
    except Exception:  # an answer's word that is no expression is simply another word
        return False
    return bool(difference == 0)
