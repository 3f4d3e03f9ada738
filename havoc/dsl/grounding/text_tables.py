"""Tables pasted into a request: CSV, TSV, Markdown, columns of blanks, rows split by semicolons."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from havoc.dsl.grounding.numbers import SIGNED, UNIT, number_text, unit_of
from havoc.tools.values import MISSING_TEXTS, Column, Labels, Sample, Table

_CELL_NUMBER = re.compile(rf"^[\s(]*({SIGNED})\s*%?\)?$")
_DECIMAL_COMMA = re.compile(r"^[-+]?\d+,\d+$")
_LABELLED = re.compile(  # "before: 1 2 3" and "before 1.2, 1.3" are lists, not rows of a table
    r"^[^:=\d|;\t]{1,40}[^:=|;\t]{0,10}[:=]\s*[-+]?\.?\d|^[A-Za-z][^:=\d|;\t,]{0,40}\s[-+]?\d+\.\d+\s*,"
)
_MISSING = MISSING_TEXTS | frozenset(  # marks that are a missing value in a column of numbers only
    ("n.d.", "n.d", "nd", "n.a.", "n.a", "--", "---", "—", "–", ".", "*", "missing", "#n/a", "#na")
)
_LEVELS = {"+": "1", "-": "-1", "−": "-1", "–": "-1", "—": "-1", "0": "0"}  # of a factor, coded
_QUANTITY = re.compile(rf"^({SIGNED})\s?([^\d\s].{{0,14}})$")
PROSE_HEADER = re.compile(
    r"[?!:.]$|\b(?:these?|those|this|the|is|are|do|does|of|my|our|your|for|with|between|please|compare|it|have|has)\b",
    re.IGNORECASE,
)
_WIDE = "  "  # two blanks or more, so that a cell may have one
_SEPARATORS = ("\t", "|", ";", ",", _WIDE, None)  # None: runs of blanks
LEAST_LIST = 3


@dataclass(frozen=True)
class FoundTable:
    """A table and the characters it stood in."""

    table: Table
    start: int
    end: int
    inline: bool = False  # labelled lists in running text: each column has a place of its own
    spans: tuple[tuple[int, int], ...] = ()  # of each column, where inline


def find_tables(text: str) -> list[FoundTable]:
    """Find the block tables of a request (two lines or more), then rows written in one line."""
    blocks = _block_tables(text)
    return [
        *blocks,
        *(w for w in _worded_blocks(text) if not any(_overlap(w, b) for b in blocks)),
        *_row_tables(text),
        *_pairs_in_commas(text),
        *_pairs_with_units(text),
    ]


# ---- blocks of lines ----------------------------------------------------------------------------------------


MOST_LINES_ABOVE = 40  # of a table in one run with it; each begins another search through the run


def _block_tables(text: str) -> list[FoundTable]:
    lines = _lines(text)
    found: list[FoundTable] = []
    i = misses = 0
    while i < len(lines):
        block, reached = _longest_block(lines, i)
        if block is None:
            misses = misses + 1 if reached > i + 1 else 0
            i = reached if misses > MOST_LINES_ABOVE else i + 1
            continue
        misses = 0
        last, table = block
        found.append(FoundTable(table, lines[i][0], lines[last][1]))
        i = last + 1
    return found


_LED = re.compile(  # "gage study: part,A,B" above "1,2.5,2.6": the words before the heading are the request's
    r"[^,;|\t\n]{2,80}[:?][ ]+(?=(?P<heading>[A-Za-z_#][^\n\d:]*[,;|\t][^\n:]*)$)"
)


_LED_BY_A_SENTENCE = re.compile(  # "p chart. day inspected bad" above "1 200 6"
    r"[^\n]{2,160}?[.:?!;][ ]++(?P<heading>[A-Za-z_#][^\s.,:;?!|]*+(?:[ \t]+[A-Za-z_#][^\s.,:;?!|]*+){1,11})[ \t]*$"
)


def _heads(heading: str, below: str) -> bool:
    """Whether words are the names of the columns of a line of numbers, one each, and no sentence."""
    names, cells = heading.split(), below.split()
    numbers = sum(_numeric(c) is not None for c in cells)
    return (
        len(names) == len(cells)
        and numbers >= max(1, len(cells) - 2)
        and len(set(names)) == len(names)
        and not PROSE_HEADER.search(heading)
    )


def _lines(text: str) -> list[tuple[int, int, str]]:
    """The lines with something in them; of a heading that stands behind other words, the heading."""
    lines = [(m.start(), m.end(), m.group()) for m in re.finditer(r"[^\n]+", text)]
    for i, (_, below) in enumerate(pairwise(lines)):
        start, end, line = lines[i]
        led = _LED.match(line)
        sign = next((s for s in "\t|;," if led and s in led["heading"]), "")
        blank = _LED_BY_A_SENTENCE.match(line)
        if blank and _heads(blank["heading"], below[2]):
            lines[i] = start + blank.start("heading"), end, blank["heading"]
        elif led and sign and 0 < below[2].strip("| ").count(sign) == led["heading"].count(sign):
            lines[i] = start + led.end(), end, line[led.end() :]
    return lines


def _longest_block(
    lines: Sequence[tuple[int, int, str]], first: int
) -> tuple[tuple[int, Table] | None, int]:
    """The longest run of lines from ``first`` that is one table, by the separator that fits best; where runs ended."""
    best: tuple[int, Table] | None = None
    reached = first
    for separator in _SEPARATORS:
        rows: list[list[str]] = []
        for _, _, line in lines[first:]:
            cells = _cells(line, separator)
            if cells is None:
                if rows and separator == "|" and set(line.strip()) <= set("|-: +"):
                    rows.append([])  # a Markdown rule
                    continue
                break
            if separator is None and len(rows) > 1 and not any(map(_numeric, cells)):
                break  # "what matters here" below two columns of numbers
            before = len(rows[-1] or rows[0]) if rows else len(cells)
            if len(cells) != before and not (len(rows) == 1 and len(cells) == before + 1):
                break  # only a header may lack the row labels' name
            rows.append(cells)
        last = first + len(rows) - 1
        reached = max(reached, last + 1)
        kept = [r for r in rows if r]
        if separator is None and len(kept) > 1 and _is_prose_above(kept):
            continue
        table = _table_of_rows(kept) or (_table_of_words(kept) if separator else None)
        if table is not None and (best is None or last > best[0]):
            best = (last, table)
    return best, reached


def _cells(line: str, separator: str | None) -> list[str] | None:
    stripped = line.strip()
    counted = separator == _WIDE and _counts_columns(re.split(r"[ ]{2,}", stripped))
    if not stripped or (_LABELLED.match(stripped) and not counted):
        return None
    if separator is None:
        cells = stripped.split()
        if len(cells) < 2 or len(cells) > 40:
            return None
        numeric = sum(bool(_CELL_NUMBER.match(c)) or c in _LEVELS for c in cells)
        if len(cells) == 2 and numeric == 1 and _CELL_NUMBER.match(cells[0]) and unit_of(cells[1]):
            return None  # 10.2 mm
        # prose has blanks too: all but a leading label must be numbers, or (a header) no cell may be long
        return (
            cells
            if numeric >= len(cells) - 1
            or (numeric == 0 and len(cells) <= 8 and len(stripped) < 60)
            else None
        )
    if separator not in stripped:
        return None
    if separator == _WIDE:
        cells = re.split(r"[ ]{2,}", stripped)
        numeric = sum(bool(_CELL_NUMBER.match(c)) or c in _LEVELS for c in cells)
        named = re.match(r"[A-Za-z][\w.#]* \d+$", cells[0])  # "Day 1": one cell, not two
        fits = (numeric == len(cells) - 1 and named) or numeric == 0 or counted
        return cells if len(cells) > 2 and fits else None
    if '"' in stripped and separator != "|":
        return _quoted_cells(stripped, separator)
    if separator == "|":
        if set(stripped) <= set("|-: +"):
            return None
        stripped = stripped.strip("|")
    cells = [c.strip() for c in stripped.split(separator)]
    if separator == "," and _looks_like_prose(cells):
        return None
    return cells if len(cells) >= 2 else None


def _counts_columns(cells: Sequence[str]) -> bool:
    """``Machine:  1  2  3``: a name and the numbers of the columns below."""
    return list(cells[1:]) == [str(i) for i in range(1, len(cells))] and len(cells) > 2


def _quoted_cells(line: str, separator: str) -> list[str] | None:
    """The cells of a line of CSV in which some are quoted: ``"1,234",2``."""
    cells = [
        c.strip() for c in next(csv.reader([line], delimiter=separator, skipinitialspace=True))
    ]
    if len(cells) < 2 or any('"' in c for c in cells) or _looks_like_prose(cells):
        return None
    return cells


def _looks_like_prose(cells: Sequence[str]) -> bool:
    return any(len(c.split()) > 4 for c in cells)


def _table_of_rows(rows: list[list[str]]) -> Table | None:
    if len(rows) < 2:
        return None
    numeric = [
        [bool(_numeric(c)) or c.casefold() in _MISSING or c in _LEVELS for c in row] for row in rows
    ]
    header: list[str] | None = None
    bare = not any(_numeric(c) or c in _LEVELS for c in rows[0])
    if len(rows) > 2 and not _numeric(rows[0][0]) and _counts_columns(rows[0]):
        bare = not any(_counts_columns(r) for r in rows[1:]) and not _numeric(rows[1][0])
        rows = [[rows[0][0].rstrip(":"), *rows[0][1:]], *rows[1:]] if bare else rows
    if bare or (sum(numeric[0]) <= 1 < sum(numeric[1])):
        header, rows, numeric = rows[0], rows[1:], numeric[1:]
    if not rows:
        return None
    width = max(len(r) for r in rows)
    if width < 2 or not (
        any(all(n) for n in zip(*numeric, strict=False))
        or any(_quantities(c) for c in zip(*rows, strict=False))
    ):
        return None  # no column of numbers
    if (
        header is None
        and all(not n[0] and all(n[1:]) for n in numeric)
        and len({len(r) for r in rows}) == 1
    ):
        return Table(
            tuple(
                column_of(r[1:], name)
                for r, name in zip(rows, _unique([r[0] for r in rows]), strict=True)
            )
        )
    if header is None and len(rows) < 2:
        return None
    if header is not None and len(header) == width - 1:
        header = ["", *header]
    if header is not None and len(header) != width:
        return None
    rows = [r + [""] * (width - len(r)) for r in rows]
    if any(len(r) != width for r in rows):
        return None
    names = (
        _unique(
            [(h.strip() or f"row{i}" if i else h.strip() or "row") for i, h in enumerate(header)]
        )
        if header
        else None
    )
    columns = [
        column_of([r[j] for r in rows], names[j] if names else f"x{j + 1}") for j in range(width)
    ]
    if not any(isinstance(c, Sample) for c in columns):
        return None
    return Table(tuple(columns))


def _is_prose_above(rows: list[list[str]]) -> bool:
    """``compare these two`` above rows of numbers is a sentence, no heading."""
    first = " ".join(rows[0])
    numbers = all(_numeric(c) for c in rows[1])
    return numbers and not any(map(_numeric, rows[0])) and bool(PROSE_HEADER.search(first))


def _table_of_words(rows: list[list[str]]) -> Table | None:
    """A heading and rows of words that repeat: ``sex,smoker`` above ``m,yes``, a line for each person."""
    if len(rows) < 4:
        return None
    header, body = rows[0], rows[1:]
    columns = list(zip(*body, strict=False))
    if len({len(r) for r in rows}) > 1 or len(set(header)) < len(header):
        return None
    if any(not c or len(c) > 24 or len(c.split()) > 3 for r in rows for c in r):
        return None
    if any(
        _numeric(name) or name in column or len(set(column)) > max(2, len(column) // 2)
        for name, column in zip(header, columns, strict=True)
    ):
        return None
    return Table(tuple(Labels(n, tuple(c)) for n, c in zip(header, columns, strict=True)))


def _numeric(cell: str) -> str | None:
    """Decimal text of a cell that is one number (a decimal comma allowed), else None."""
    if _DECIMAL_COMMA.match(cell) and not re.match(r"^[-+]?\d{1,3},\d{3}$", cell):
        return number_text(cell.replace(",", "."))
    match = _CELL_NUMBER.match(cell)
    return number_text(match[1]) if match else None


def column_of(cells: Sequence[str], name: str) -> Column:
    """A column of numbers where every present cell is one, else of words."""
    name, unit = split_unit(name)
    stripped = [c.strip() for c in cells]
    if {"+"} < set(stripped) <= set(_LEVELS):
        return Sample(name, tuple(_LEVELS[c] for c in stripped), unit)
    texts = [None if c.casefold() in _MISSING else _numeric(c) or c for c in stripped]
    if any(t is not None for t in texts) and all(t is None or _numeric(t) for t in texts):
        return Sample(name, tuple(texts), unit)
    measured = _quantities(stripped)
    if measured is not None:
        return Sample(name, measured[0], unit or measured[1])
    return Labels(name, tuple(None if c.casefold() in MISSING_TEXTS else c for c in stripped))


def _quantities(cells: Sequence[str]) -> tuple[tuple[str | None, ...], str] | None:
    """The numbers of cells that each have the same unit behind them, and the unit."""
    found = [None if c.casefold() in _MISSING else _QUANTITY.match(c) or c for c in cells]
    matches = [m for m in found if isinstance(m, re.Match)]
    units = {unit_of(m[2].strip()) for m in matches}
    if (
        len(matches) < 2
        or len(units) != 1
        or None in units
        or any(isinstance(m, str) for m in found)
    ):
        return None
    texts = tuple(number_text(m[1]) if isinstance(m, re.Match) else None for m in found)
    return texts, str(units.pop())


def split_unit(name: str) -> tuple[str, str | None]:
    """``temp C`` -> (temp, degC); ``load (kg)`` keeps its name and gives the unit."""
    bracket = re.search(r"[(\[]([^)\]]+)[)\]]\s*$", name)
    if bracket:
        return name, unit_of(bracket[1])
    words = name.split()
    if len(words) > 1 and unit_of(words[-1]):
        return " ".join(words[:-1]), unit_of(words[-1])
    return name, None


_NUMBERING = re.compile(
    r"(?i)^(?:run|runs|std|stand(?:ard)?|run ?order|std ?order|standard order|trial|test|exp|experiment|obs|"
    r"observation|sample|subgroup|no|nr|id|#|row|"
    r"(?:run|trial|test|exp|experiment|sample|subgroup|obs) ?(?:no|nr|number|id|#))\.?$"
)


_ORDER = re.compile(r"(?i)^(?:run|std|run ?order|std ?order|standard order|order)$")


def without_numbering(table: Table, text: str) -> Table:
    """The table without a column that only numbers its rows from one, unless the words plot something against it."""
    kept = []
    for c in table.columns:
        name = c.name.replace("_", " ").strip()
        order = [str(i + 1) for i in range(len(c))]
        numbers = isinstance(c, Sample) and (
            list(c.texts) == order or (bool(_ORDER.match(name)) and set(c.texts) == set(order))
        )
        wanted = re.search(
            rf"(?i)\b(?:against|vs\.?|versus|over|by|with|column) (?:the )?{re.escape(name)}\b",
            text,
        )
        if not (numbers and len(c) >= LEAST_LIST and _NUMBERING.match(name) and not wanted):
            kept.append(c)
    if (
        len(kept) == len(table.columns)
        or len(kept) < 2
        or not any(isinstance(c, Sample) for c in kept)
    ):
        return table
    return Table(tuple(kept), table.name)


def _unique(names: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return out


def _overlap(a: FoundTable, b: FoundTable) -> bool:
    return a.start < b.end and b.start < a.end


LEAST_ROWS = 4


def _worded_blocks(text: str) -> list[FoundTable]:
    """Columns of blanks of which two or more hold words: ``temp time pull`` above lines as ``low short 51``."""
    lines = [(m.start(), m.end(), m.group()) for m in re.finditer(r"[^\n]+", text)]
    found: list[FoundTable] = []
    i = 0
    while i < len(lines) - LEAST_ROWS:
        header = lines[i][2].split()
        rows: list[list[str]] = []
        if 2 < len(header) <= 12 and not any(map(_numeric, header)):
            kinds = [_numeric(c) is not None for c in lines[i + 1][2].split()]
            for _, _, line in lines[i + 1 :]:
                cells = line.split()
                if [_numeric(c) is not None for c in cells] != kinds:
                    break
                rows.append(cells)
            fits = len(kinds) == len(header) and any(kinds) and kinds.count(False) > 1
            words = [set(c) for c, k in zip(zip(*rows, strict=True), kinds, strict=False) if not k]
            repeat = all(len(w) <= len(rows) // 2 for w in words)
            heading = not PROSE_HEADER.search(lines[i][2]) and len(set(header)) == len(header)
            if len(rows) >= LEAST_ROWS and fits and repeat and heading:
                columns = tuple(column_of([r[j] for r in rows], n) for j, n in enumerate(header))
                found.append(FoundTable(Table(columns), lines[i][0], lines[i + len(rows)][1]))
                i += len(rows)
        i += 1
    return found


# ---- rows in one line: "x, y: 1, 2; 3, 4; 5, 6" -------------------------------------------------------------

# Possessive, since a list of a hundred numbers has no second reading: backtracking into one takes seconds.
_CELL = rf"(?>{SIGNED})"
_ROW = rf"\(?\s*+{_CELL}(?:(?:\s*+,\s*+|\s++){_CELL})++\s*+\)?"
_ROWS = re.compile(rf"(?<![\d.]){_ROW}(?:\s*+;\s*+{_ROW}){{2,}}")
_PAIR = rf"\(\s*+{_CELL}(?:\s*+,\s*+{_CELL})++\s*+\)"
_BLANK_PAIRS = re.compile(  # two numbers between commas, three times or more
    rf"(?<![\w.,;-]){SIGNED}[ ]+{SIGNED}(?:[ ]*,[ ]*{SIGNED}[ ]+{SIGNED}){{2,}}(?![\w.]|[ ]*,[ ]*[-+−.\d]|[ ]+[-+−.\d])"
)
_PAIRS = re.compile(rf"{_PAIR}(?:\s*+,?\s*+{_PAIR}){{2,}}")
_MATRIX = re.compile(
    rf"\[\s*\[\s*{SIGNED}(?:[\s,]+{SIGNED})*\s*\](?:\s*,?\s*\[\s*{SIGNED}(?:[\s,]+{SIGNED})*\s*\])*\s*\]"
)
_SHORT_MATRIX = re.compile(
    rf"\[\s*{SIGNED}(?:[\s,]+{SIGNED})+(?:\s*;\s*{SIGNED}(?:[\s,]+{SIGNED})+)+\s*\]"
)


def _row_tables(text: str) -> list[FoundTable]:
    found: list[FoundTable] = []
    for pattern, mark in ((_MATRIX, "["), (_SHORT_MATRIX, "["), (_ROWS, ";"), (_PAIRS, "(")):
        if mark not in text:
            continue
        for match in pattern.finditer(text):
            if any(f.start < match.end() and match.start() < f.end for f in found):
                continue
            rows = _split_rows(match.group())
            if rows is None:
                continue
            start, names = match.start(), None
            if pattern in (_ROWS, _PAIRS):
                start, names = _heading(text[: match.start()], len(rows[0]))
                pieces = [p.strip() for p in match.group().split(";")]
                if names is None and all(_DECIMAL_COMMA.match(p) for p in pieces):
                    continue  # 12,5; 13,1; 12,9 are three numbers with decimal commas
            if names is None and pattern is _PAIRS and len(rows[0]) == 2:
                names = ["x", "y"]  # points of a plane
            names = names or [f"x{j + 1}" for j in range(len(rows[0]))]
            columns = tuple(column_of([r[j] for r in rows], names[j]) for j in range(len(rows[0])))
            found.append(FoundTable(Table(columns), start, match.end()))
    return found


_ABOUT_A_LINE = re.compile(
    r"\b(?:regress\w*|line|linear|fit\w*|points?|slope|trend|correlat\w*|calibration|x y|x,y|x/y)\b",
    re.IGNORECASE,
)


def _pairs_in_commas(text: str) -> list[FoundTable]:
    """``regression 1 2.2, 2 3.9, 3 6.1``: an x and a y between commas, where the words speak of a line."""
    if not _ABOUT_A_LINE.search(text):
        return []
    found = []
    for match in _BLANK_PAIRS.finditer(text):
        rows = [p.split() for p in match.group().split(",")]
        xs = [float(r[0].replace("−", "-")) for r in rows]
        if all(a < b for a, b in pairwise(xs)):
            columns = tuple(
                column_of([number_text(r[j]) for r in rows], name) for j, name in enumerate("xy")
            )
            found.append(FoundTable(Table(columns), match.start(), match.end()))
    return found


_UNIT_PAIRS = re.compile(  # "1 mm 62, 2 mm 58": a setting with its unit, and one value
    rf"(?<![\w.,;-])(?P<x>{SIGNED})[ ]?(?P<u>{UNIT.pattern})(?!\w)[ ]?[:=]?[ ]?"
    rf"(?P<y>{SIGNED})(?![\w.]\d|[ ]?[a-zA-Z%°])"
)
_PAIR_JOINT = re.compile(r"[ ]*[,;\n]\s*(?:and[ ]+)?(?:at[ ]+)?")


def _pairs_with_units(text: str) -> list[FoundTable]:
    """``1 mm 62, 2 mm 58, 3 mm 51``: three or more settings of one unit that rise, each with its value."""
    found: list[FoundTable] = []
    position = 0
    while (first := _UNIT_PAIRS.search(text, position)) is not None:
        run = [first]
        while (joint := _PAIR_JOINT.match(text, run[-1].end())) is not None:
            more = _UNIT_PAIRS.match(text, joint.end())
            if more is None or unit_of(more["u"]) != unit_of(first["u"]):
                break
            run.append(more)
        position = run[-1].end()
        texts = [number_text(m["x"]) for m in run]
        if len(run) > 2 and all(float(a) < float(b) for a, b in pairwise(texts)):
            columns = (
                Sample("x", tuple(texts), unit_of(first["u"])),
                Sample("y", tuple(number_text(m["y"]) for m in run)),
            )
            found.append(FoundTable(Table(columns), first.start(), position))
    return found


def _split_rows(block: str) -> list[list[str]] | None:
    pieces = re.split(r";|\]\s*,?\s*\[|\)\s*,?\s*\(", block.strip().strip("[]()"))
    rows = [[number_text(n) for n in re.findall(SIGNED_CELL, piece)] for piece in pieces]
    return rows if rows and len(rows[0]) >= 1 and len({len(r) for r in rows}) == 1 else None


SIGNED_CELL = r"[-+−]?(?:\d+\.\d+|\.\d+|\d+)(?:[eE][-+]?\d+)?"


def _heading(before: str, width: int) -> tuple[int, list[str] | None]:
    """Column names written right before the rows: "(temp C, feed, viscosity):"."""
    match = re.search(
        r"(?:\(\s*)?([A-Za-z_][^:;().?!\n]*(?:,[^:;().?!\n]*)+)\)?\s*[:=]?\s*$", before
    )
    if match is None:
        return len(before), None
    names = [n.strip() for n in match[1].split(",")]
    if len(names) < width:
        return len(before), None
    extra = names[:-width] if len(names) > width else []
    names = names[-width:]
    first = names[0].split()
    shift = 0
    if not before[: match.start(1)].rstrip().endswith("(") and len(first) > 1:
        # "CCD results x1": the words before the first name belong to the sentence
        keep = first[-2:] if unit_of(first[-1]) and len(first) > 1 else first[-1:]
        shift = len(names[0]) - len(" ".join(keep))
        names[0] = " ".join(keep)
    offset = sum(len(e) + 1 for e in match[1].split(",")[: len(extra)])
    if any(not n for n in names) or len(set(names)) < width:
        return len(before), None
    return match.start(1) + offset + shift, names
