"""Turn a numpydoc/reStructuredText docstring into plain paragraphs, one line at a time.

Line-wise on purpose: one regular expression over a whole docstring with optional nested groups can
backtrack for minutes on the longest of them; here every expression sees one line and has no nested
repetition.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass

DROPPED_SECTIONS = frozenset(
    {
        "references",
        "see also",
        "raises",
        "warns",
        "methods",
        "attributes",
        "citing",
        "array api standard support",
        "version added",
    }
)
KEPT_DIRECTIVES = frozenset({"math", "note", "warning", "tip", "important", "attention", "rubric"})
# Openings of paragraphs that many docstrings share and that say nothing of the subject.
BOILERPLATE = (
    "array api standard support",
    "read more in the",
    "for more information on the array api",
    "please see the documentation",
    "this docstring was copied from",
    "the documentation for this function is inherited",
    "extra keyword arguments",
    "beginning in scipy 1.9",
)

_UNDERLINE = re.compile(r"^([=\-~^*#\"'+.])\1{2,}\s*$")
_DIRECTIVE = re.compile(r"^(\s*)\.\.\s+([A-Za-z][\w:+-]*)::\s?(.*)$")
_CITATION_BODY = re.compile(r"^(\s*)\.\.\s+(\[[^\]]+\]|_[^:]+:|\|[^|]+\|)")
_COMMENT = re.compile(r"^(\s*)\.\.(\s|$)")
_ROLE = re.compile(r":[A-Za-z][\w.:+-]*:`([^`]*)`")
_CITATION = re.compile(r"\s*\[[\w.+-]{1,24}\]_")
_LINK = re.compile(r"`([^`<]+?)\s*<[^`>]*>`_{0,2}")
_LITERAL = re.compile(r"``([^`]+)``")
_TICKED = re.compile(r"`([^`]+)`_{0,2}")
_STRONG = re.compile(r"(?<![\w*])\*\*([A-Za-z][^*]{0,80})\*\*(?![\w*])")
_EMPHASIS = re.compile(r"(?<![\w*])\*([A-Za-z][^*\s]{0,40}(?: [^*\s]{1,40}){0,6})\*(?![\w*])")
_TEMPLATE = re.compile(r"%\(\w+\)s")
_EMPTY = re.compile(r"(?<=\s)(\(\)|\[\])(?=[\s.,;]|$)")
_SIGNATURE = re.compile(r"^[\w.]+\(.*\)(\s*->\s*\S.*)?$")
_RULE = re.compile(r"^[\s=\-+|~*_.]{4,}$")
_FIELD = re.compile(r"^(\S[^:]{0,80}?)\s+:\s+(\S.*)$")
_BULLET = re.compile(r"^([-*+•]|\d{1,2}[.)]|\(\w\)|#\.)\s+")


@dataclass(frozen=True)
class Block:
    """A run of lines with one indentation: a paragraph, an item or a display formula."""

    indent: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(line.strip() for line in self.lines)


def clean_docstring(raw: str, *, parameters: bool = True) -> str:
    """Return the prose of a docstring as paragraphs separated by blank lines, or ``""``.

    Parameters
    ----------
    raw : str
        The docstring as it stands in the source.
    parameters : bool
        Keep the texts of the parameter and return tables, one paragraph an entry.
    """
    lines = inspect.cleandoc(raw.replace("\r\n", "\n").replace("\t", "    ")).split("\n")
    if lines and _SIGNATURE.match(lines[0].strip()):
        lines = lines[1:]
    kept = list(_without_markup(_without_doctests(_sections(lines, parameters))))
    paragraphs: list[str] = []
    for block in _blocks(kept):
        text = _inline(block.text)
        if not _is_prose(text):
            continue
        if paragraphs and _BULLET.match(text) and _BULLET.match(paragraphs[-1]):
            paragraphs[-1] += "\n" + text
        else:
            paragraphs.append(text)
    return "\n\n".join(paragraphs)


def _sections(lines: list[str], parameters: bool) -> Iterator[str]:
    """Leave out the section headings, and the sections that only point elsewhere."""
    dropping = False
    table = False
    skip = False
    for i, line in enumerate(lines):
        if skip:
            skip = False
            continue
        following = lines[i + 1] if i + 1 < len(lines) else ""
        if line.strip() and not line.startswith(" ") and _UNDERLINE.match(following):
            heading = line.strip().rstrip(":").lower()
            dropping = heading in DROPPED_SECTIONS
            table = heading in {"parameters", "returns", "yields", "other parameters", "receives"}
            dropping = dropping or (table and not parameters)
            skip = True
            yield ""
            continue
        if dropping or _UNDERLINE.match(line):
            continue
        if table and line and not line.startswith(" "):
            entry = _FIELD.match(line)
            yield ""
            if entry:
                yield f"{entry.group(1).strip('*')}: {entry.group(2).rstrip('., ')}."
            else:
                yield line.rstrip(": ") + (":" if following.startswith(" ") else "")
            continue
        # A table entry's text belongs to its name: same paragraph, so no indentation.
        yield line[4:] if table and line.startswith("    ") else line


def _without_doctests(lines: Iterator[str]) -> Iterator[str]:
    """Cut each ``>>>`` block to its closing blank line, and the sentence that introduces it."""
    held: list[str] = []
    cutting = False
    for line in lines:
        stripped = line.strip()
        if stripped.startswith(">>>"):
            cutting = True
            held = _without_introduction(held)
            continue
        if cutting:
            cutting = bool(stripped)
            continue
        if not stripped and held and not held[-1].rstrip().endswith(":"):
            yield from held
            held = []
        held.append(line)
    yield from held


def _without_introduction(held: list[str]) -> list[str]:
    while held and not held[-1].strip():
        held.pop()
    if held and held[-1].rstrip().endswith(":"):
        while held and held[-1].strip():
            held.pop()
    return [*held, ""]


def _without_markup(lines: Iterator[str]) -> Iterator[str]:
    """Drop directives with what is indented under them, but for those whose content is text."""
    skip_deeper_than: int | None = None
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if skip_deeper_than is not None:
            if not line.strip() or indent > skip_deeper_than:
                continue
            skip_deeper_than = None
        if match := _DIRECTIVE.match(line):
            if match.group(2).lower() in KEPT_DIRECTIVES:
                yield ""
                yield match.group(3)
                continue
            skip_deeper_than = indent
            yield ""
            continue
        if _CITATION_BODY.match(line) or _COMMENT.match(line):
            skip_deeper_than = indent
            continue
        if _RULE.match(line) and line.strip():
            continue
        yield line


def _blocks(lines: list[str]) -> Iterator[Block]:
    """Group lines into paragraphs and list items."""
    current: list[str] = []
    indent = 0
    for line in [*lines, ""]:
        stripped = line.strip()
        this = len(line) - len(line.lstrip())
        if not stripped or _BULLET.match(stripped) or (current and this < indent):
            if current:
                yield Block(indent, tuple(current))
            current = []
        if stripped and stripped != "::":
            if not current:
                indent = this
            current.append(line)


def _inline(text: str) -> str:
    """Unwrap roles, links, literals, emphasis and citations within one paragraph."""
    text = _ROLE.sub(lambda m: _role_text(m.group(1)), text)
    text = _CITATION.sub("", text)
    text = _LINK.sub(r"\1", text)
    text = _LITERAL.sub(r"\1", text)
    text = _TICKED.sub(lambda m: _role_text(m.group(1)), text)
    text = _STRONG.sub(r"\1", text)
    text = _EMPHASIS.sub(r"\1", text)
    text = _EMPTY.sub("", _TEMPLATE.sub("", text))
    if text.endswith("::"):
        text = text[:-1]
    return re.sub(r"[ \t]+", " ", text).strip()


def _role_text(content: str) -> str:
    """The words a reader sees of ``:role:`content```: ``~a.b.c`` shows ``c``."""
    if "<" in content and content.endswith(">"):
        content = content[: content.index("<")]
    content = content.strip()
    return content.rsplit(".", 1)[-1] if content.startswith("~") else content


def _is_prose(text: str) -> bool:
    if not any(c.isalpha() for c in text):
        return False
    lowered = text.lower()
    if lowered.startswith(BOILERPLATE):
        return False
    return not lowered.startswith(("in [", "out[", "import ", "from ", "http://", "https://"))
