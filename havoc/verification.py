"""``havoc verify``: run an answer's program again and say whether every number is the same."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from havoc import seal
from havoc.errors import InputError
from havoc.tools.values import Table

TOLERANCE = (
    1e-9  # relative; a number within it on another machine is the same number, differently rounded
)
# ``[1.33](#v:r2.cpk)``, an entry of a list ``#v:r2.ci.b``: positions are letters, as a spreadsheet's columns are
_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.)+)\]\(#v:(\w+)\.(\w+)((?:\.[a-z]+)*)\)")
_DATA = re.compile(r"""\bdata\(\s*["']([^"']+)["']""")
SHOWN = 6e-4  # a number in the text is rounded: half a unit of its fourth digit


@dataclass(frozen=True)
class Finding:
    """One thing compared."""

    name: str
    outcome: str  # "same" | "rounded" | "differs" | "missing"
    was: Any = None
    now: Any = None


@dataclass(frozen=True)
class Verification:
    """What verifying an answer came to."""

    program: str
    unbroken: bool | None
    signed: bool | None
    findings: tuple[Finding, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def numbers(self) -> int:
        return len(self.findings)

    @property
    def differing(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.outcome in ("differs", "missing"))

    @property
    def passed(self) -> bool:
        changed = any(state != "same" for state in self.inputs.values())
        broken = self.unbroken is False or self.signed is False
        return not (self.differing or changed or broken)

    def to_json(self) -> dict[str, Any]:
        return {
            "passed": self.passed,
            "seal": _said(self.unbroken),
            "signature": _said(self.signed),
            "inputs": dict(self.inputs),
            "numbers": self.numbers,
            "same": sum(f.outcome == "same" for f in self.findings),
            "rounded": sum(f.outcome == "rounded" for f in self.findings),
            "differing": [vars(f) for f in self.differing],
        }


def _said(state: bool | None) -> str:
    return {True: "valid", False: "broken", None: "none"}[state]


def read_answer(path: Path) -> dict[str, Any]:
    """Read the object of ``havoc ask --json`` (or ``/chat``'s, whose ``reasoning`` holds it)."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"'{path}' cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise InputError(f"'{path}' is not one JSON object ({error})") from None
    if isinstance(document, dict) and isinstance(document.get("reasoning"), dict):
        document = document["reasoning"]
    if not isinstance(document, dict) or not {"status", "results", "program"} <= document.keys():
        raise InputError(
            f"'{path}' is not an answer: expected an object with status, program and results, as"
            " havoc ask --json prints it"
        )
    return document


def verify(
    document: Mapping[str, Any],
    tables: Mapping[str, Table] | None = None,
    folder: Path | None = None,
) -> Verification:
    """Run the program of an answer again and compare every number, in the results and in the text.

    Parameters
    ----------
    tables
        Attached tables by file name; ``folder`` is where ``data`` may read others.

    Raises
    ------
    InputError
        If the answer has no program or no result (it asked back), or its data are not given.
    """
    from havoc.dsl.bounded import run_bounded

    program = str(document.get("program") or "")
    status = document.get("status", "unknown")
    if not program.strip():
        raise InputError(f"there is no program to run again: the answer's status is '{status}'")
    if not document["results"] and status != "answered":  # the program is one that was considered
        raise InputError(f"there is no result to compare: the answer's status is '{status}'")
    _need_data(program, tables or {}, folder)
    again = run_bounded(program, files=dict(tables or {}), base_dir=folder).to_json()
    findings = [
        *_compare_results(document["results"], again["results"]),
        *_compare_text(str(document.get("answer", "")), document["results"]),
    ]
    return Verification(
        program,
        seal.unbroken(document),
        seal.signed(document),
        tuple(findings),
        _compare_inputs(document, tables or {}),
    )


def _need_data(program: str, tables: Mapping[str, Table], folder: Path | None) -> None:
    for name in _DATA.findall(program):
        if name not in tables and (folder is None or not (folder / name).is_file()):
            raise InputError(f"the program reads '{name}'; give it with --data {name}")


def _compare_inputs(document: Mapping[str, Any], tables: Mapping[str, Table]) -> dict[str, str]:
    recorded = seal.inputs_of(document)
    return {
        name: (
            "not given"
            if name not in tables
            else "same"
            if seal.table_digest(tables[name]) == digest
            else "changed"
        )
        for name, digest in recorded.items()
    }


def _compare_results(before: list[Any], after: list[Any]) -> Iterator[Finding]:
    if len(before) != len(after):
        yield Finding("results", "differs", len(before), len(after))
    for old, new in zip(before, after, strict=False):
        name = str(old.get("name", "result"))
        for part in ("operation", "values", "tables", "figures"):
            yield from compare(f"{name}.{part}", old.get(part), new.get(part))


def compare(name: str, was: Any, now: Any) -> Iterator[Finding]:
    """One finding for each number and text of two nested values. What was withheld (None) is not compared."""
    if isinstance(was, Mapping):
        named = now if isinstance(now, Mapping) else {}
        for key, value in was.items():
            if key not in named:
                yield Finding(f"{name}.{key}", "missing", value)
            else:
                yield from compare(f"{name}.{key}", value, named[key])
    elif isinstance(was, list | tuple):
        items = list(now) if isinstance(now, list | tuple) else []
        if len(items) != len(was):
            yield Finding(name, "differs", f"{len(was)} entries", f"{len(items)} entries")
        for i, (a, b) in enumerate(zip(was, items, strict=False)):
            yield from compare(f"{name}[{i}]", a, b)
    elif was is not None:
        yield Finding(name, _outcome(was, now), was, now)


def _outcome(was: Any, now: Any) -> str:
    if was == now and isinstance(was, bool) == isinstance(now, bool):
        return "same"
    if any(isinstance(v, bool) or not isinstance(v, int | float) for v in (was, now)):
        return "differs"
    if math.isnan(was) and math.isnan(now):
        return "same"
    return "rounded" if math.isclose(was, now, rel_tol=TOLERANCE, abs_tol=1e-12) else "differs"


def _compare_text(answer: str, results: list[Any]) -> Iterator[Finding]:
    """Each linked number of the text against the value that it names."""
    values = {str(r.get("name")): r.get("values", {}) for r in results}
    for shown, step, key, positions in _LINK.findall(answer):
        if key not in values.get(step, {}):
            continue  # a place in a table; the table itself was compared
        value: Any = values[step][key]
        for letters in positions.split(".")[1:]:
            place = _place(letters)
            value = value[place] if isinstance(value, list) and place < len(value) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        try:
            number = float(shown.replace(",", "").replace("−", "-"))
        except ValueError:
            continue
        same = abs(number - value) <= SHOWN * abs(value) + 1e-12
        yield Finding(f"text {step}.{key}{positions}", "same" if same else "differs", shown, value)


def _place(letters: str) -> int:
    """``a`` -> 0, ``z`` -> 25, ``aa`` -> 26."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("a") + 1
    return number - 1


def verification_text(found: Verification) -> str:
    """A verification for a terminal: every difference, then one line."""
    lines = [f"differs  {f.name}: was {f.was!r}, now {f.now!r}" for f in found.differing]
    lines += [f"input    {name}: {state}" for name, state in found.inputs.items()]
    same = sum(f.outcome == "same" for f in found.findings)
    rounded = sum(f.outcome == "rounded" for f in found.findings)
    told = f"{same} of {found.numbers} numbers and texts are the same"
    if rounded:
        told += f", {rounded} within {TOLERANCE:g} (another machine's rounding)"
    lines.append(f"seal     {_said(found.unbroken)}; signature {_said(found.signed)}")
    lines.append(("VERIFIED: " if found.passed else "NOT VERIFIED: ") + told)
    return "\n".join(lines)
