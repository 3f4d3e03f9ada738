"""Ground a request: claim its tables, lists, expressions, ranges, numbers, columns and words, in that order.

What one reader has claimed the next leaves alone. The result is the delexicalised text (words, slot tokens and a
short hint of each number's size) and the slots.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from difflib import get_close_matches

from havoc.dsl.criteria import judged_numbers
from havoc.dsl.grounding.arithmetic import find_arithmetic
from havoc.dsl.grounding.cells import coded_cells, new_names, spoken_cells, written_cell
from havoc.dsl.grounding.cells_of_several import (
    by_operator,
    by_row_and_column,
    by_trial,
    find_tables_of_several,
)
from havoc.dsl.grounding.column_names import bare_name, name_pattern, same_name
from havoc.dsl.grounding.counting import (
    counted_things,
    counts_of_a_gage_study,
    dimensions,
    item_numbers,
    mere_counts,
    numbered_names,
    numbers_classes,
    rounded_places,
    sides_of,
)
from havoc.dsl.grounding.design_words import find_generators
from havoc.dsl.grounding.factor_tables import find_factors
from havoc.dsl.grounding.hints import number_hint, schema_words
from havoc.dsl.grounding.limits import find_limits
from havoc.dsl.grounding.loose_names import loosely_named, names_loosely
from havoc.dsl.grounding.math_text import find_math
from havoc.dsl.grounding.models import find_models, is_jargon
from havoc.dsl.grounding.notation import rewrite
from havoc.dsl.grounding.numbers import (
    NUMBER_UNIT,
    UNIT,
    WORDS,
    names_next,
    read_number,
    unit_of,
)
from havoc.dsl.grounding.pairs import find_pairs
from havoc.dsl.grounding.ranges import (
    FoundList,
    FoundRange,
    find_lists,
    find_ranges,
    find_standard_order,
    short_levels,
)
from havoc.dsl.grounding.rewriting import Rewriting
from havoc.dsl.grounding.samples import (
    find_dated,
    find_numbered,
    find_samples,
    find_samples_at_settings,
    find_subgroups,
    find_two_values,
)
from havoc.dsl.grounding.short_tables import find_short_tables, find_verdicts
from havoc.dsl.grounding.slots import Grounded, Slot, SlotBook, column_kind, words_of
from havoc.dsl.grounding.text_tables import find_tables, without_numbering
from havoc.dsl.grounding.treatments import find_treatments
from havoc.errors import InputError
from havoc.tools.expression import Expression, Name, Relation, free_symbols
from havoc.tools.values import Column, Factor, Labels, Number, Range, Sample, Table

MAX_TEXT_TOKENS = 260
MOST_CLAIMS = 2000  # a pasted table or list is one


@dataclass(frozen=True)
class _Claim:
    start: int
    end: int
    kind: str
    value: object


class _Reader:
    """Collects the claims on one request's text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.claims: list[_Claim] = []
        self._spans: list[tuple[int, int]] = []  # of the claims, which never overlap, in order
        self.labels: list[tuple[int, int]] = []  # the words that name an inline list stay words

    def free(self) -> list[tuple[int, int]]:
        """The stretches no one has claimed."""
        out, position = [], 0
        for c in sorted(self.claims, key=lambda c: c.start):
            if c.start > position:
                out.append((position, c.start))
            position = max(position, c.end)
        if position < len(self.text):
            out.append((position, len(self.text)))
        return out

    def is_free(self, start: int, end: int) -> bool:
        before = bisect_left(self._spans, (end, 0))
        # Of those that begin before it the last one ends last.
        return before == 0 or self._spans[before - 1][1] <= start

    def claim(self, start: int, end: int, kind: str, value: object) -> None:
        if self.is_free(start, end):
            if len(self.claims) >= MOST_CLAIMS:
                raise InputError(
                    f"more than {MOST_CLAIMS} separate numbers, names and ranges stand in the request;"
                    " attach the data as a file"
                )
            self.claims.append(_Claim(start, end, kind, value))
            insort(self._spans, (start, end))

    def release(self, claim: _Claim) -> None:
        self.claims.remove(claim)
        self._spans.remove((claim.start, claim.end))


def ground(request: str, attached: Mapping[str, Table] | None = None) -> Grounded:
    """Ground ``request`` with its ``attached`` tables (name -> table)."""
    plain = Rewriting(request)
    for written, meant in (("\r\n", "\n"), ("\r", "\n"), ("\u00a0", " ")):
        plain.replace(written, meant)
    rewrite(plain)
    text = plain.text
    reader = _Reader(text)
    attached = dict(attached or {})
    factors, rules = find_factors(text)
    for factor in factors:
        reader.claim(factor.start, factor.end, "range", factor)
    for start, end in rules:
        reader.claim(start, end, "plain", "")
    first = (
        *find_treatments(text),
        *find_tables_of_several(text),
        *find_subgroups(text),
        *find_dated(text),
        *find_two_values(text),
    )
    for found in first:
        reader.claim(found.start, found.end, "table", by_operator(found, text).table)
    for listed in (
        *find_numbered(text),
        *find_samples_at_settings(text),
        *find_samples(text),
        *find_verdicts(text),
    ):
        reader.claim(listed.start, listed.end, "list", listed.column)
    pairs, row_names = find_pairs(text)
    for found in (*pairs, *find_short_tables(text), *find_tables(text)):
        pasted = by_row_and_column(by_trial(by_operator(found, text), text), text).table
        reader.claim(found.start, found.end, "table", without_numbering(pasted, text))
    counts_of_places = (*judged_numbers(text), *rounded_places(text))
    for start, end in (*row_names, *item_numbers(text), *counts_of_places):
        reader.claim(start, end, "plain", text[start:end])
    given = [c for table in attached.values() for c in table.columns]
    for start, end, level in coded_cells(text, given):
        reader.claim(start, end, "word", level)
    _claim_notations(reader, attached)
    _claim_math(reader, {bare_name(c.name).casefold() for c in given if len(c.name) > 1})
    order = find_standard_order(text)
    if order is not None:
        reader.claim(order.start, order.end, "list", order.column)
    for listed in find_lists(text, reader.free()):
        if attached and numbers_classes(listed.column):
            continue
        reader.claim(listed.start, listed.end, "list", listed.column)
        reader.labels.append((listed.label, listed.start))
        _claim_number_in_name(reader, listed)
    _claim_quoted(reader)
    tables = _tables(reader, attached)
    columns = [c.name for t, inline in tables if not inline for c in t.columns]
    lengths = {len(c.present()) for _, c in _columns(tables) if isinstance(c, Sample)}
    things = (*counted_things(text), *counts_of_a_gage_study(text)) if columns else ()
    sides = {n for c in reader.claims if isinstance(c.value, Table) for n in sides_of(c.value)}
    kinds = (*dimensions(text, sides), *numbered_names(text))
    for start, end in (*mere_counts(text, lengths), *things, *kinds):
        reader.claim(start, end, "plain", text[start:end])
    for r in find_ranges(text, reader.free()):
        if not _lists_columns(r, columns):
            reader.claim(r.start, r.end, "range", r)
    _claim_mentions(reader, tables)
    _claim_numbers(reader)
    _claim_symbols(reader)
    return _in_request(_assemble(reader, tables), plain, request)


def _claim_number_in_name(reader: _Reader, listed: FoundList) -> None:
    """The number in a list's name, ``machine 2: 5.1 5.3 5.0``, is no number of the request."""
    written = reader.text[max(0, listed.label) : listed.start]
    if re.fullmatch(r"[^\W\d_]{2,}[ ]?#?\d{1,3}", listed.column.name):
        for digits in re.finditer(r"\d{1,3}", written):
            at = max(0, listed.label)
            reader.claim(at + digits.start(), at + digits.end(), "plain", digits.group())


def _in_request(grounded: Grounded, plain: Rewriting, request: str) -> Grounded:
    """The slots at their places in the request as it was written."""
    placed = []
    for slot in grounded.slots:
        start, end = plain.origin(slot.start, slot.end)
        placed.append(replace(slot, start=start, end=end))
    return replace(grounded, request=request, slots=tuple(placed))


def _lists_columns(found: FoundRange, columns: Sequence[str]) -> bool:
    """``(ref, y)`` and ``cost / distance`` name columns of a table, not levels of a factor."""
    levels = found.value.levels if isinstance(found.value, Factor) else ()
    words = [v for v in levels if isinstance(v, str)]
    return any(
        any(same_name(v, c) for c in columns) or names_loosely(v, columns)
        for v in (*words, " ".join(words))
    )


def _claim_notations(reader: _Reader, attached: Mapping[str, Table]) -> None:
    """What has a notation of its own: limits, generators of a design, models in symbols, times of day."""
    text = reader.text
    for r in find_limits(text, reader.free()):
        reader.claim(r.start, r.end, "range", r)
    for start, end, generators in find_generators(text):
        reader.claim(start, end, "word", generators)
    names = {c.name for table, _ in _tables(reader, attached) for c in table.columns}
    columns = {n.casefold() for name in names for n in (name, bare_name(name))}
    for start, end, tree in find_models(text, columns):
        reader.claim(start, end, "math", tree)
    for match in _TIME.finditer(text):
        reader.claim(match.start(), match.end(), "time", match.group())


_HOUR = r"[012]?\d:[0-5]\d"
_TIME = re.compile(  # 08:15 is no pair of numbers; 14:30 may be a ratio unless the words say a time
    rf"(?<![\w:.])(?:0\d:[0-5]\d(?::[0-5]\d)?|{_HOUR}:[0-5]\d|(?<=\bat ){_HOUR}|(?<=\buntil ){_HOUR}"
    rf"|(?<=\bsince ){_HOUR}|{_HOUR}(?=\s?(?:am|pm|h|Uhr)\b))(?![\d:]|\.\d)"
)


# ---- claims -------------------------------------------------------------------------------------------------


def _claim_math(reader: _Reader, columns: Set[str] = frozenset()) -> None:
    """Expressions, but those of the ``columns`` of an attached table: what they are of is read word by word."""
    for start, end, tree in find_math(reader.text):
        if columns & {s.casefold() for s in free_symbols(tree)}:
            continue
        if not is_jargon(tree):
            reader.claim(start, end, "math", tree)
    for start, end, tree in find_arithmetic(reader.text):
        reader.claim(start, end, "math", tree)
    for match in re.finditer(
        r"(?<![\w.])[-−]?\s?(?:infinity|∞|inf|pi|π)(?![\w])", reader.text, re.IGNORECASE
    ):
        word = match.group().casefold()
        value: Expression = Name("pi" if word.endswith(("pi", "π")) else "oo")
        if word[0] in "-−":
            from havoc.tools.expression import Neg

            value = Neg(value)
        reader.claim(match.start(), match.end(), "math", value)


def _claim_quoted(reader: _Reader) -> None:
    pattern = re.compile(
        r"[\"“”]([^\"“”\n]{1,60})[\"“”]|(?<!\w)['‘]([^'‘’\n]{1,60})['’](?!\w)|`([^`\n]{1,60})`"
    )
    for match in pattern.finditer(reader.text):
        said = match[1] or match[2] or match[3]
        # df.query("x > 5") quotes a condition, 'groupby' function what is to be done
        if not re.search(r"[<>]|[!=]=", said) and not _OF_CODE.match(reader.text, match.end()):
            reader.claim(match.start(), match.end(), "quoted", said)
    for match in _UNIT_WANTED.finditer(reader.text):
        word = match.group()
        if unit_of(word):
            reader.claim(match.start(), match.end(), "unit", unit_of(word))


_OF_CODE = re.compile(
    r"\s+(?:functions?|methods?|commands?|procedures?|routines?|package|library)\b(?!\s+columns?\b)"
)
_POLITE = r"(?=\s*[?.,;!)]|\s*$|\s+(?:please|pls|plz|thanks|thx)\b)"
_UNIT_WANTED = re.compile(
    rf"(?<=\bto )(?:{UNIT.pattern})(?![\w])|(?<=\binto )(?:{UNIT.pattern})"
    rf"|(?<=\bin )(?:{UNIT.pattern}){_POLITE}"
    rf"|(?:(?<=\bas )|(?<=[-=]>)|(?<=[-=]> )|(?<=→)|(?<=→ ))(?=\S\S)(?:{UNIT.pattern}){_POLITE}"
    rf"|(?<=\bhow many )(?:{UNIT.pattern})(?=\s+(?:are|is|in|make|does|do|would|equal|correspond)\b)",
    re.IGNORECASE,
)


def _tables(reader: _Reader, attached: Mapping[str, Table]) -> list[tuple[Table, bool]]:
    """The request's tables in order: attached ones, pasted ones, then one that holds all inline lists."""
    tables = [(table, False) for table in attached.values()]
    for c in sorted(reader.claims, key=lambda c: c.start):
        if c.kind == "table":
            assert isinstance(c.value, Table)
            tables.append((c.value, False))
    lists = [c for c in sorted(reader.claims, key=lambda c: c.start) if c.kind == "list"]
    if lists:
        tables.append((_inline_table([c.value for c in lists]), True))  # type: ignore[misc]
    return tables


def _inline_table(columns: list[Column]) -> Table:
    names: dict[str, int] = {}
    longest = max(len(c) for c in columns)
    out: list[Column] = []
    for c in columns:
        names[c.name] = names.get(c.name, 0) + 1
        name = c.name if names[c.name] == 1 else f"{c.name}_{names[c.name]}"
        pad = (None,) * (longest - len(c))
        out.append(
            Sample(name, c.texts + pad, c.unit)
            if isinstance(c, Sample)
            else Labels(name, c.items + pad)
        )
    return Table(tuple(out))


def _columns(tables: list[tuple[Table, bool]]) -> list[tuple[int, Column]]:
    return [(t, c) for t, (table, _) in enumerate(tables) for c in table.columns]


def _claim_mentions(reader: _Reader, tables: list[tuple[Table, bool]]) -> None:
    """Columns and cells that the request names; quoted text that is neither becomes a word."""
    columns = _columns(tables)
    quoted = [c for c in reader.claims if c.kind == "quoted"]
    for claim in quoted:
        reader.release(claim)
        match = next((tc for tc in columns if same_name(tc[1].name, str(claim.value))), None)
        cell = written_cell([c for _, c in columns], str(claim.value))
        if match is None and cell is None:
            close = get_close_matches(
                str(claim.value), [c.name for _, c in columns], n=1, cutoff=0.85
            )
            match = next((tc for tc in columns if close and tc[1].name == close[0]), None)
        if match is not None:
            reader.claim(claim.start, claim.end, "mention", match)
        else:
            reader.claim(claim.start, claim.end, "word", cell or str(claim.value))
    for t, column in sorted(columns, key=lambda tc: -len(tc[1].name)):
        for found in name_pattern(column.name).finditer(reader.text):
            before = reader.text[max(0, found.start() - 1) : found.start()]
            named = any(a <= found.start() < b for a, b in reader.labels)
            joined = before == "-" or (
                before == "/" and not _beside(reader.text, found.start(), columns)
            )
            article = column.name == "a" and re.match(r"a [\w-]", reader.text[found.start() :])
            if not joined and not named and not article:
                reader.claim(found.start(), found.end(), "mention", (t, column))
    for start, end, level in spoken_cells(reader.text, [c for _, c in columns]):
        reader.claim(start, end, "word", level)
    brought = [
        (t, c) for t, (table, inline) in enumerate(tables) if not inline for c in table.columns
    ]
    if brought:
        words = [str(c.value) for c in reader.claims if c.kind == "word"]
        for start, end, name in new_names(reader.text, words):
            reader.claim(start, end, "word", name)
    for spoken in loosely_named(reader.text, reader.free(), [c.name for _, c in brought]):
        reader.claim(spoken.start, spoken.end, "mention", brought[spoken.place])


def _beside(text: str, at: int, columns: Sequence[tuple[int, Column]]) -> bool:
    """Whether the word before a slash is a column too: ``pass/fail``."""
    word = re.search(r"([^\W\d][\w ]{0,40})/$", text[max(0, at - 42) : at])
    said = word[1] if word else ""
    return any(
        re.search(rf"{name_pattern(c.name).pattern}$", said, re.IGNORECASE) for _, c in columns
    )


# "two-sided", "2-tailed", "three-way", "two-sample t": part of a method's name, no quantity
_NAMES_A_METHOD = re.compile(
    r"[ -]?(?:sided|tailed|tails?\b|way\b|sample[ -](?:[tzfF]|pooled|test|proportion|poisson)\b)",
    re.IGNORECASE,
)


def _claim_numbers(reader: _Reader) -> None:
    for begin, stop in reader.free():
        stretch = reader.text[begin:stop]
        for match in NUMBER_UNIT.finditer(stretch):
            start = begin + match.start()
            before = reader.text[max(0, start - 1) : start]
            sign = match["number"][0] in "+-−"
            by = re.search(r"\d\s?[x×]$", reader.text[max(0, start - 3) : start]) is not None  # 2x3
            if (
                (before.isalpha() and not by)
                or before in ("_",)
                or (before == "." and start > 1 and reader.text[start - 2].isdigit())
            ):
                continue
            if _NAMES_A_METHOD.match(stretch, match.end("number")):
                continue
            found = read_number(match)
            start, end = begin + found.start, begin + found.end
            number = found.number
            if number.unit and names_next(reader.text, start, end, found.unit_text or ""):
                number, end = Number(number.text), begin + match.end("number")
            if sign and (before.isalnum() or before in (")", "]")):
                start += 1
                number = Number(number.text.lstrip("-"), number.unit)
            reader.claim(start, end, "number", number)
        for match in re.finditer(r"\b(" + "|".join(WORDS) + r")\b", stretch, re.IGNORECASE):
            if _NAMES_A_METHOD.match(stretch, match.end()):
                continue
            value = Number(str(WORDS[match[1].casefold()]))
            reader.claim(begin + match.start(), begin + match.end(), "number_word", value)


def _claim_symbols(reader: _Reader) -> None:
    """The variables of the request's expressions, where they stand alone in the text."""
    symbols: list[str] = []
    for c in reader.claims:
        if c.kind == "math":
            symbols += [s for s in free_symbols(c.value) if s not in symbols]  # type: ignore[arg-type]
    for symbol in symbols:
        for match in re.finditer(rf"(?<![\w']){re.escape(symbol)}(?![\w'])", reader.text):
            if symbol not in ("a", "I", "A"):
                reader.claim(match.start(), match.end(), "symbol", symbol)
    if symbols:
        for match in re.finditer(r"\bd([a-z])\b", reader.text):
            if match[1] in symbols:
                reader.claim(match.start(), match.end(), "symbol", match[1])


# ---- the delexicalised text ---------------------------------------------------------------------------------


def _assemble(reader: _Reader, tables: list[tuple[Table, bool]]) -> Grounded:
    book = SlotBook()
    table_slots: dict[int, Slot] = {}
    column_slots: dict[tuple[int, str], Slot] = {}
    places = _table_places(reader, tables)
    for t, (table, _) in enumerate(tables):
        start, end = places.get(t, (-1, -1))
        slot = book.add("t", table, start, end)
        if slot is not None:
            table_slots[t] = slot
    _name_columns(reader, tables, table_slots, column_slots, book)
    pieces: list[str] = []
    position = 0
    symbols: dict[str, Slot] = {}
    for claim in sorted(reader.claims, key=lambda c: c.start):
        pieces += words_of(reader.text[position : claim.start])
        pieces += _tokens_of(claim, reader, tables, table_slots, column_slots, book, symbols)
        position = claim.end
    pieces += words_of(reader.text[position:])
    pieces = pieces[:MAX_TEXT_TOKENS] + schema_words(tables, table_slots, column_slots)
    by_token = {s.token: table_slots_table(s, tables, table_slots) for s in table_slots.values()}
    return Grounded(reader.text, " ".join(pieces), tuple(book.slots), by_token)


def table_slots_table(
    slot: Slot, tables: list[tuple[Table, bool]], table_slots: Mapping[int, Slot]
) -> Table:
    return next(tables[t][0] for t, s in table_slots.items() if s is slot)


def _table_places(reader: _Reader, tables: list[tuple[Table, bool]]) -> dict[int, tuple[int, int]]:
    places = {}
    for c in reader.claims:
        if c.kind == "table":
            for t, (table, _) in enumerate(tables):
                if table is c.value:
                    places[t] = (c.start, c.end)
    return places


def _name_columns(
    reader: _Reader,
    tables: list[tuple[Table, bool]],
    table_slots: Mapping[int, Slot],
    column_slots: dict[tuple[int, str], Slot],
    book: SlotBook,
) -> None:
    """Give each column its slot: mentioned columns first, in order of mention, then the others."""
    mentioned: list[tuple[int, Column]] = [
        claim.value  # type: ignore[misc]
        for claim in sorted(reader.claims, key=lambda c: c.start)
        if claim.kind == "mention"
    ]
    lists = [c for c in sorted(reader.claims, key=lambda c: c.start) if c.kind == "list"]
    order: list[tuple[int, Column]] = []
    for t, (table, inline) in enumerate(tables):
        columns = list(table.columns)
        named = [c for mt, c in mentioned if mt == t and not inline]
        order += [(t, c) for c in dict.fromkeys(named)] + [
            (t, c) for c in columns if c not in named
        ]
    for t, column in order:
        if t not in table_slots or (t, column.name) in column_slots:
            continue
        start, end = -1, -1
        if tables[t][1]:
            claim = lists[tables[t][0].columns.index(column)]
            start, end = claim.start, claim.end
        slot = book.add(column_kind(column), column, start, end, table_slots[t].token)
        if slot is not None:
            column_slots[(t, column.name)] = slot


def _tokens_of(
    claim: _Claim,
    reader: _Reader,
    tables: list[tuple[Table, bool]],
    table_slots: Mapping[int, Slot],
    column_slots: Mapping[tuple[int, str], Slot],
    book: SlotBook,
    symbols: dict[str, Slot],
) -> list[str]:
    value = claim.value
    match claim.kind:
        case "table":
            t = next(t for t, (table, _) in enumerate(tables) if table is value)
            return [table_slots[t].token] if t in table_slots else []
        case "list":
            t, (table, _) = next((t, x) for t, x in enumerate(tables) if x[1])
            lists = [c for c in sorted(reader.claims, key=lambda c: c.start) if c.kind == "list"]
            column = table.columns[lists.index(claim)]
            slot = column_slots.get((t, column.name))
            if slot is None:
                return []
            factor = short_levels(column)
            extra = book.add("f", factor, claim.start, claim.end) if factor else None
            return [slot.token] + ([extra.token] if extra else [])
        case "mention":
            t, column = value  # type: ignore[misc]
            slot = column_slots.get((t, column.name))
            return [slot.token] if slot else words_of(reader.text[claim.start : claim.end])
        case "range":
            assert isinstance(value, FoundRange)
            return _range_tokens(value, reader, book)
        case "number" | "number_word":
            assert isinstance(value, Number)
            slot = book.add("n", value, claim.start, claim.end)
            spoken = (
                words_of(reader.text[claim.start : claim.end])
                if claim.kind == "number_word"
                else number_hint(value)
            )
            return (
                ([*spoken, slot.token] if claim.kind == "number_word" else [slot.token, *spoken])
                if slot
                else spoken
            )
        case "math":
            slot = book.add("e", value, claim.start, claim.end)
            hint = (
                "<#eq>"
                if isinstance(value, Relation)
                else "pi"
                if value == Name("pi")
                else "<#expr>"
            )
            return [slot.token, hint] if slot else []
        case "symbol":
            known = symbols.get(str(value)) or book.add("v", str(value), claim.start, claim.end)
            if known is None:
                return words_of(str(value))
            symbols[str(value)] = known
            return [known.token]
        case "time" | "plain":
            return words_of(str(value))
        case "word" | "unit":
            said = next((s for s in book.slots if s.kind == "s" and s.value == value), None)
            slot = said or book.add("s", str(value), claim.start, claim.end)
            return [slot.token] if slot else words_of(str(value))
    return []


def _range_tokens(found: FoundRange, reader: _Reader, book: SlotBook) -> list[str]:
    ranges = sum(
        c.kind == "range" and isinstance(c.value, FoundRange) and bool(c.value.ends)
        for c in reader.claims
    )
    slot = book.add(
        "r" if isinstance(found.value, Range) else "f", found.value, found.start, found.end
    )
    out = [slot.token] if slot else []
    # "x = 5 ± 0.1" may be a value and its uncertainty as well as the range of a factor.
    most = 4 if re.search(r"±|\+/?-", reader.text[found.start : found.end]) else 2
    if found.ends and ranges <= most and len(found.ends) == 2:
        for number, start, end in found.ends:
            end_slot = book.add("n", number, start, end)
            out += [end_slot.token] if end_slot else []
    return out
