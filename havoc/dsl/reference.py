"""The operations as others see them: JSON schemas and reference pages, all from the registry."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from havoc.tools import FAMILIES
from havoc.tools.operation import Kind, Operation, Parameter, operations
from havoc.tools.result import plain

TITLES = {
    "table": "Tables",
    "doe": "Design of experiments",
    "spc": "Statistical process control",
    "quality": "Quality and reliability",
    "stats": "Statistics",
    "maths": "Mathematics",
}
WRITTEN: Mapping[Kind, str] = {
    Kind.NUMBER: "0.05",
    Kind.INTEGER: "3",
    Kind.BOOLEAN: "true",
    Kind.CHOICE: "one of the words listed",
    Kind.TEXT: '"words"',
    Kind.RANGE: "150..200 degC",
    Kind.NUMBERS: "[1, 2, 3]",
    Kind.SAMPLE: "runs.rate or [1, 2, 3]",
    Kind.SAMPLES: "[runs.a, runs.b] or runs",
    Kind.LABELS: 'runs.gas or ["a", "b"]',
    Kind.COLUMN: "runs.rate",
    Kind.COLUMNS: "[runs.a, runs.b]",
    Kind.TABLE: "runs",
    Kind.FORMULA: "rate ~ power*gas + I(power^2)",
    Kind.EXPRESSION: "x^2*sin(x)",
    Kind.EXPRESSIONS: "[x + y == 3, x - y == 1]",
    Kind.SYMBOL: "x",
    Kind.SYMBOLS: "[x, y]",
    Kind.CONDITION: 'rate > 3 and gas == "a"',
    Kind.MATRIX: "[[1, 2], [3, 4]]",
    Kind.FACTORS: 'temperature=150..200 degC, catalyst=["A", "B"]',
    Kind.ASSIGNMENTS: "ratio=a/b",
}
"""How a value of each kind is written."""


def schemas(family: str | None = None) -> list[dict[str, Any]]:
    """The schema of every operation, or of one family's, sorted by name."""
    return [schema(o) for o in operations().values() if family in (None, o.family)]


def schema(operation: Operation) -> dict[str, Any]:
    """What a form, a caller or a reader needs to know of one operation, as plain JSON."""
    return {
        "name": operation.name,
        "family": operation.family,
        "summary": operation.summary,
        "description": _prose(operation),
        "parameters": [_parameter(p, operation) for p in operation.parameters],
        "outputs": dict(operation.outputs),
        "reference": operation.reference,
        "examples": list(operation.examples),
        "terms": list(operation.terms),
    }


def _prose(operation: Operation) -> str:
    """The description up to the first numpydoc section."""
    lines = operation.description.split("\n")
    ends = (i for i, line in enumerate(lines) if set(line) == {"-"} and i)
    return "\n".join(lines[: next(ends, len(lines) + 1) - 1]).strip()


def _parameter(parameter: Parameter, operation: Operation) -> dict[str, Any]:
    limits = parameter.limits
    given = {
        "choices": list(parameter.choices) or None,
        "unit": limits.unit,
        "minimum": limits.ge,
        "exclusive_minimum": limits.gt,
        "maximum": limits.le,
        "exclusive_maximum": limits.lt,
        "min_length": limits.min_length,
        "fraction": limits.fraction or None,
        "variadic": parameter is operation.variadic or None,
    }
    return {
        "name": parameter.name,
        "kind": parameter.kind.value,
        "doc": parameter.doc,
        "required": parameter.required,
        "default": _default(parameter.default),
        "written": WRITTEN[parameter.kind],
        **{key: value for key, value in given.items() if value is not None},
    }


def _default(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_default(v) for v in value]
    return plain(value) if isinstance(value, bool | int | float | str | None) else str(value)


def pages(folder: Path | None = None) -> dict[str, str]:
    """The reference pages: file name to Markdown, one a family and an index.

    They show the pictures that lie in ``folder / "figures"`` (``havoc.dsl.pictures`` draws them).
    """
    shown: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("figures/*.svg")) if folder else ():
        shown.setdefault(re.sub(r"(?<=[a-z0-9])_\d+$", "", path.stem), []).append(path)
    families = {f: [o for o in operations().values() if o.family == f] for f in FAMILIES}
    found = {f"{family}.md": _page(family, ops, shown) for family, ops in families.items() if ops}
    found["README.md"] = _index({f: ops for f, ops in families.items() if ops})
    return found


def write_pages(folder: Path) -> list[Path]:
    """Write the pages into ``folder``, with the pictures that lie there; return those that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, text in pages(folder).items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def section(name: str) -> str:
    """The part of a page that describes one operation."""
    return "\n".join(_section(operations()[name]))


def _index(families: Mapping[str, list[Operation]]) -> str:
    lines = ["# Operations", "", "Written by `havoc ops --docs docs/operations`.", ""]
    for family, members in families.items():
        lines += [f"## [{TITLES[family]}]({family}.md)", ""]
        lines += [f"- [`{o.name}`]({family}.md#{_anchor(o.name)}): {o.summary}" for o in members]
        lines.append("")
    return "\n".join(lines)


def _anchor(name: str) -> str:
    """GitHub's anchor of a heading: lower case, without punctuation."""
    return "".join(ch for ch in name.lower() if ch.isalnum() or ch in "-_")


def _page(family: str, members: list[Operation], shown: Mapping[str, list[Path]]) -> str:
    lines = [f"# {TITLES[family]}", ""]
    for operation in members:
        lines += _section(operation, shown.get(operation.name, ()))
    return "\n".join(lines)


def _section(operation: Operation, pictures: Sequence[Path] = ()) -> list[str]:
    described = schema(operation)
    lines = [f"## {operation.name}", "", f"{operation.summary}.", ""]
    if described["description"]:
        lines += [described["description"], ""]
    lines += ["```", *operation.examples, "```", ""]
    if pictures:
        from havoc.dsl.pictures import title_of  # the renderer is slow to import
    for path in pictures:
        title = title_of(path.read_text(encoding="utf-8"))
        lines += [f"![{title}](figures/{path.name})", ""]
    lines += ["| parameter | kind | default | meaning |", "|---|---|---|---|"]
    lines += [_row(p) for p in described["parameters"]]
    lines += ["", "| value | meaning |", "|---|---|"]
    lines += [f"| `{key}` | {_cell(text)} |" for key, text in operation.outputs.items()]
    return [*lines, "", f"Reference: {operation.reference}", ""]


def _row(parameter: Mapping[str, Any]) -> str:
    default = "required" if parameter["required"] else f"`{_shown(parameter['default'])}`"
    notes = [parameter["doc"]]
    if "choices" in parameter:
        notes.append("one of " + ", ".join(f"`{c}`" for c in parameter["choices"]))
    if "unit" in parameter:
        notes.append(f"in {parameter['unit']}")
    signs = (
        ("minimum", "at least"),
        ("exclusive_minimum", "above"),
        ("maximum", "at most"),
        ("exclusive_maximum", "below"),
    )
    notes += [f"{word} {parameter[key]:g}" for key, word in signs if key in parameter]
    meaning = _cell("; ".join(n for n in notes if n))
    return f"| `{parameter['name']}` | {parameter['kind']} | {default} | {meaning} |"


def _shown(default: Any) -> str:
    if default is None:
        return "none"
    return str(default).lower() if isinstance(default, bool) else str(default)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
