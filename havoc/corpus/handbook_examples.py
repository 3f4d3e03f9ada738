"""Run the handbook's programs and keep its outputs and numbers current.

    python -m havoc.corpus.handbook_examples docs/handbook          write what is stale
    python -m havoc.corpus.handbook_examples docs/handbook --check  only say what is

The programs of an article are one program, run in order. A fence may say what is shown besides each
conclusion: ``` ```havoc show=r.cpk,r.mean,d/design``` shows two values and the table "design".
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from havoc.corpus.handbook import Article, articles
from havoc.dsl.executor import Execution, Step, conclusion_text, run_text
from havoc.dsl.parser import parse
from havoc.errors import InputError, nearest
from havoc.tools.result import ResultTable

MAX_ROWS = 20
MAX_ITEMS = 12
CONTENTS = "## Articles\n\n"
_BLOCK = re.compile(
    r"^```havoc(?P<info>[^\n]*)\n(?P<program>.*?)^```\n(?:\n?^```output\n(?P<output>.*?)^```\n)?",
    re.MULTILINE | re.DOTALL,
)
_NUMBER = re.compile(
    r"(?P<shown>-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?%?|[\w^+-]+)"
    r"<!--\s*(?P<name>\w+)\.(?P<key>\w+)(?P<index>(?:\[\d+\])*)\s*-->"
)


@dataclass(frozen=True)
class Stale:
    """Something in an article that is not what its programs give now."""

    path: Path
    what: str
    written: str
    current: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what} is written {self.written!r}, now {self.current!r}"


def programs(article: Article) -> list[str]:
    """Return the article's programs, one a block."""
    return [match["program"] for match in _BLOCK.finditer(article.body)]


def run_article(article: Article) -> Execution:
    """Run an article's programs as one; a failed audit is an ``InputError``."""
    text = "\n".join(program.rstrip("\n") for program in programs(article))
    try:
        execution = run_text(text)
    except InputError as error:
        raise InputError(f"{article.path}: {error}") from error
    for step in execution.steps:
        failed = [check.name for check in step.checks if not check.passed]
        if failed:
            raise InputError(
                f"{article.path}: {step.name} = {step.operation} fails its audit: "
                f"{', '.join(failed)}"
            )
    return execution


def refreshed(article: Article) -> tuple[str, list[Stale]]:
    """Return the article's body with current outputs and numbers, and what was stale."""
    if not programs(article):
        return article.body, []
    execution = run_article(article)
    stale: list[Stale] = []
    steps = {step.name: step for step in execution.steps}

    def block(match: re.Match[str]) -> str:
        names = parse(match["program"]).names
        shown = _shown(match["info"], article)
        output = "".join(_render(steps[n], shown.get(n, [])) for n in names if n in steps)
        if match["output"] != output:
            stale.append(Stale(article.path, "an output", match["output"] or "", output))
        return f"```havoc{match['info']}\n{match['program']}```\n\n```output\n{output}```\n"

    def number(match: re.Match[str]) -> str:
        origin = f"{match['name']}.{match['key']}{match['index']}"
        value = _value(steps, match, article)
        current = _like(value, match["shown"])
        if current != match["shown"]:
            stale.append(Stale(article.path, origin, match["shown"], current))
        return f"{current}<!-- {origin} -->"

    return _NUMBER.sub(number, _BLOCK.sub(block, article.body)), stale


def check(folder: Path) -> list[Stale]:
    """Return everything in the handbook that is stale."""
    return [entry for article in articles(folder) for entry in refreshed(article)[1]]


def refresh(article: Article) -> list[Stale]:
    """Rewrite the article's file if an output or a number is stale; return what was."""
    body, stale = refreshed(article)
    if stale:
        front = article.path.read_text(encoding="utf-8").split("---\n", 2)[1]
        article.path.write_text(f"---\n{front}---\n\n{body}", encoding="utf-8")
    return stale


def _shown(info: str, article: Article) -> dict[str, list[str]]:
    """Read ``show=r.cpk,d/design`` into the parts wanted of each step."""
    shown: dict[str, list[str]] = {}
    info = info.strip()
    if info and not info.startswith("show="):
        raise InputError(f"{article.path}: '```havoc {info}': expected show=name.value,name/table")
    for item in filter(None, info.removeprefix("show=").split(",")):
        match = re.fullmatch(r"(\w+)([./])(\w+)", item.strip())
        if match is None:
            raise InputError(
                f"{article.path}: cannot show '{item}'; expected name.value, name/table"
            )
        shown.setdefault(match[1], []).append(match[2] + match[3])
    return shown


def _render(step: Step, shown: Sequence[str]) -> str:
    lines = [f"{step.name}: {conclusion_text(step.result)}".rstrip()]
    for item in shown:
        if item[0] == ".":
            lines.append(f"{item[1:]} = {_plain(_of(step, item[1:]))}")
        else:
            lines += _table_lines(_named_table(step, item[1:]))
    lines += [f"note: {warning}" for warning in step.result.warnings]
    return "\n".join(lines) + "\n"


def _of(step: Step, key: str) -> Any:
    if key not in step.result.values:
        hint = nearest(key, step.result.values)
        raise InputError(f"{step.name} = {step.operation} gives no '{key}'{hint}")
    return step.result.values[key]


def _named_table(step: Step, name: str) -> ResultTable:
    for table in step.result.tables:
        if _slug(table.name) == name:
            return table
    known = ", ".join(_slug(t.name) for t in step.result.tables)
    raise InputError(f"{step.name} = {step.operation} has no table '{name}'; there are {known}")


def _slug(name: str) -> str:
    return re.sub(r"\W+", "_", name).strip("_")


def _table_lines(table: ResultTable) -> Iterator[str]:
    cells = [list(table.columns)]
    cells += [[_plain(cell) for cell in row] for row in table.rows[:MAX_ROWS]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(table.columns))]
    yield f"{table.name}:"
    for row in cells:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    if len(table.rows) > MAX_ROWS:
        yield f"... {len(table.rows) - MAX_ROWS} more rows"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        items = [
            f"[{_plain(item)}]" if isinstance(item, list) else _plain(item)
            for item in value[:MAX_ITEMS]
        ]
        return ", ".join(items) + (", ..." if len(value) > MAX_ITEMS else "")
    return "" if value is None else str(value)


def _value(steps: Mapping[str, Step], match: re.Match[str], article: Article) -> Any:
    if match["name"] not in steps:
        raise InputError(f"{article.path}: no statement '{match['name']}' for {match[0]!r}")
    value = _of(steps[match["name"]], match["key"])
    for index in map(int, re.findall(r"\d+", match["index"])):
        if not isinstance(value, list) or index >= len(value):
            raise InputError(f"{article.path}: {match[0]!r}: there is no such item")
        value = value[index]
    if isinstance(value, list) or value is None:
        raise InputError(f"{article.path}: {match[0]!r} names no single value")
    return value


def _like(value: Any, shown: str) -> str:
    """Write ``value`` in the form of ``shown``: as many decimals, percent, exponent."""
    if isinstance(value, bool | str):
        return _plain(value)
    number = re.fullmatch(r"-?[\d,]+(?:\.(\d+))?(e[+-]?\d+)?(%)?", shown)
    if number is None:
        return _plain(value)
    decimals = len(number[1] or "")
    value = 100 * value if number[3] else value
    if number[2]:
        return f"{value:.{decimals}e}"
    text = f"{value:,.{decimals}f}" if "," in shown else f"{value:.{decimals}f}"
    if not float(text.replace(",", "")):
        text = text.lstrip("-")
    return text + (number[3] or "")


def contents(folder: Path) -> str:
    """Return the list of articles by topic, as Markdown links relative to ``folder``."""
    lines: list[str] = []
    topic = ""
    for article in articles(folder):
        if article.topic != topic:
            topic = article.topic
            lines += ["", f"### {topic}", ""]
        lines.append(f"- [{article.title}]({article.topic}/{article.slug}.md)")
    return "\n".join(lines).strip() + "\n"


def refresh_contents(folder: Path) -> None:
    """Write the list of articles below the heading "Articles" of the folder's README, if it has one."""
    readme = folder / "README.md"
    if readme.is_file() and CONTENTS in (text := readme.read_text(encoding="utf-8")):
        head = text.split(CONTENTS)[0]
        readme.write_text(f"{head}{CONTENTS}{contents(folder)}", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Refresh or check a handbook; 0 when nothing was stale or all was refreshed."""
    parser = argparse.ArgumentParser(description="Keep the handbook's numbers current.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true", help="change nothing, fail if stale")
    options = parser.parse_args(arguments)
    stale: list[Stale] = []
    wrong = 0
    for article in articles(options.folder):
        try:
            stale += refreshed(article)[1] if options.check else refresh(article)
        except InputError as error:
            wrong += 1
            print(error, file=sys.stderr)
    for entry in stale:
        print(entry)
    if not options.check:
        refresh_contents(options.folder)
    return 2 if wrong else int(bool(stale) and options.check)


if __name__ == "__main__":
    sys.exit(main())
