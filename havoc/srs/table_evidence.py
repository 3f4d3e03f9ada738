"""What a request says outright about a table: comparisons in words, cells, several columns, quantities asked for.

``how many have scrap over 5`` asks for ``scrap > 5`` whatever comparison was proposed; ``skewness of a and of b`` is
about both columns; the means of a column of words, or dates of a column without any, cannot be had.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.numbers import WORDS
from havoc.dsl.grounding.slots import COLUMN, NUMBER, NUMERIC, Grounded, Slot, once, request_words
from havoc.errors import InputError
from havoc.srs.calls import columns_of_input, end_of_input
from havoc.tools.operation import operations
from havoc.tools.table.dates import date_format
from havoc.tools.values import Labels

MOST_CALLS = 5  # of a program that is lengthened
MOST_CELLS = 2  # named and left out that count
_OPPOSITE = {"<gt>": "<le>", "<lt>": "<ge>", "<ge>": "<lt>", "<le>": "<gt>", "<eq>": "<ne>"}
_MORE = """older greater larger higher heavier longer taller bigger hotter warmer faster wider deeper later thicker
 stronger richer more""".split()
_LESS = """less younger smaller lower lighter
 shorter cooler colder slower earlier thinner weaker cheaper fewer""".split()
# What stands before a number, the longest first.
COMPARISONS: tuple[tuple[str, str], ...] = (
    *((f"{w} than or equal to", "<ge>") for w in _MORE),
    *((f"{w} than or equal to", "<le>") for w in _LESS),
    ("> or =", "<ge>"),
    ("< or =", "<le>"),
    ("> =", "<ge>"),
    ("< =", "<le>"),
    ("! =", "<ne>"),
    ("≥", "<ge>"),
    ("≤", "<le>"),
    ("≠", "<ne>"),
    ("at least", "<ge>"),
    ("no less than", "<ge>"),
    ("no fewer than", "<ge>"),
    ("not less than", "<ge>"),
    ("minimum of", "<ge>"),
    ("at most", "<le>"),
    ("no more than", "<le>"),
    ("not more than", "<le>"),
    ("up to", "<le>"),
    ("maximum of", "<le>"),
    ("not exceeding", "<le>"),
    ("not equal to", "<ne>"),
    ("other than", "<ne>"),
    ("equal to", "<eq>"),
    ("exactly", "<eq>"),
    ("equals", "<eq>"),
    *((f"{w} than", "<gt>") for w in _MORE),
    *((f"{w} than", "<lt>") for w in _LESS),
    ("above", "<gt>"),
    ("over", "<gt>"),
    ("exceeding", "<gt>"),
    ("exceeds", "<gt>"),
    ("exceed", "<gt>"),
    ("exceeded", "<gt>"),
    ("beyond", "<gt>"),
    (">", "<gt>"),
    ("below", "<lt>"),
    ("under", "<lt>"),
    ("<", "<lt>"),
)
_BEHIND: Mapping[tuple[str, str], str] = {
    **{
        (link, w): "<ge>"
        for link in ("or", "and")
        for w in ("more", "above", "over", "higher", "older", "greater", "longer", "up", "upwards")
    },
    **{
        (link, w): "<le>"
        for link in ("or", "and")
        for w in ("less", "fewer", "below", "under", "lower", "younger", "shorter")
    },
}
_NOT = frozenset(("not", "never", "isn", "aren"))
_RESULT = re.compile(r"<res(\d)>")

# Quantities of a column that people ask for, and the calls behind which they are told of it.
_QUANTITIES = frozenset(
    """mean means average median std sd stdev deviation variance skewness kurtosis skew quartile quartiles percentile
    range minimum maximum""".split()
)
_ASKED = frozenset(
    "calculate compute report give determine find what show tell get then new resulting also state".split()
)
_SHAPE = frozenset("skewness kurtosis skew".split())
_OF_A_COLUMN = ("table.remove_outliers", "table.drop_missing", "table.fill_missing")
_EACH = ("stats.describe", "stats.normality", "stats.outliers")
_BETWEEN_COLUMNS = (
    ("and",),
    (",",),
    (",", "and"),
    ("and", "of"),
    ("and", "the"),
    ("and", "of", "the"),
    ("as", "well", "as"),
)
# Words that ask for a whole table.
_WHOLE = frozenset(
    """matrix matrices pairs pairwise pair which remaining numeric numerical table subgroups overview
    whole""".split()
)
_EVERY = re.compile(
    r"\b(?:all|every|each|both|others?|rest)(?: (?:of|the|them|other))*(?: (?:columns?|variables?|features?|predictors?"
    r"|measurements?|groups?|factors?|parameters?|data|three|four|five|six)\b|$| [.,;?!|])"
)
_PUTS = frozenset(
    "replace replacing fill filling impute imputing encode encoding map mapping code coded".split()
)
_INTO = frozenset("with by as to".split())
_FEW = 10  # groups that any column may make; more only where rows share them
_OF_GROUPS = (
    "stats.anova",
    "stats.chi_square_independence",
    "stats.equal_variances",
    "stats.kruskal_wallis",
    "stats.tukey",
    "stats.dunnett",
)
_FIGURES = {
    **{w: w for w in ("mean", "median", "range", "sum", "sd", "min", "max", "count")},
    **{"average": "mean", "averages": "mean", "means": "mean", "medians": "median", "total": "sum"},
    **{"std": "sd", "stdev": "sd", "minimum": "min", "maximum": "max", "ranges": "range"},
}
_TWO_GROUPS = ("stats.t_test_two", "stats.mann_whitney")


# ---- comparisons --------------------------------------------------------------------------------------------


def said_comparisons(text: str) -> dict[str, str]:
    """Return, by number, the comparison that the words at it say: ``at least <n0>`` is ``<ge>``."""
    words = request_words(text)
    found: dict[str, str] = {}
    for at, word in enumerate(words):
        if NUMBER.fullmatch(word):
            said = comparison_behind(words, at) or comparison_before(words, at)
            if said:
                found[word] = said
    return found


def comparison_before(words: Sequence[str], at: int) -> str | None:
    """Return the comparison that the words in front of a number say."""
    end = at - 1 if at and words[at - 1] in WORDS else at
    for phrase, comparison in COMPARISONS:
        parts = phrase.split(" ")
        begin = end - len(parts)
        if begin >= 0 and list(words[begin:end]) == parts:
            negated = begin > 0 and words[begin - 1] in _NOT
            return _OPPOSITE.get(comparison, comparison) if negated else comparison
    return None


def comparison_behind(words: Sequence[str], at: int) -> str | None:
    """Return the comparison that the words behind a number say: ``5 or more``."""
    for place in range(at + 1, min(at + 4, len(words) - 1)):
        said = _BEHIND.get((words[place], words[place + 1]))
        if said:
            return said
        if words[place].startswith(("<n", "<c", "<g")) or words[place] in ".,;:?()":
            return None
    return None


def with_comparisons(tokens: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Return the program with the comparisons of its conditions as the request says them."""
    if not any(t in v.COMPARISONS for t in tokens):
        return tokens
    said = said_comparisons(text)
    out = list(tokens)
    for at in range(1, len(out) - 1):
        if out[at] in v.COMPARISONS and out[at + 1] in said and not out[at - 1].startswith("<g"):
            out[at] = said[out[at + 1]]
    return tuple(out)


# ---- what cannot be, and what is left out --------------------------------------------------------------------


def impossible(calls: Sequence[Sequence[str]], grounded: Grounded) -> int:
    """Return how many calls ask of a table what it does not hold.

    The mean of a column of words, dates where there are none, a key that one of two tables lacks, two groups of a
    column with more, and a new column called like a cell.
    """
    slots = {s.token: s for s in grounded.slots}
    return sum(_impossible(call, slots) for call in calls)


def _impossible(call: Sequence[str], slots: Mapping[str, Slot]) -> bool:
    operation = v.op_name(call[0])
    check = _CHECKS.get(operation)
    return check is not None and check(call, slots)


def _fills_words(call: Sequence[str], slots: Mapping[str, Slot]) -> bool:
    averaged = {"<p:method=mean>", "<p:method=median>"} & set(call) or not any(
        t.startswith("<p:method=") for t in call
    )
    return bool(averaged) and any(t.startswith("<g") for t in call)


def _dates_of_others(call: Sequence[str], slots: Mapping[str, Slot]) -> bool:
    columns = [slots[t].value for t in call if COLUMN.fullmatch(t) and t in slots]
    return any(isinstance(c, Labels) and not holds_dates(c) for c in columns)


def _joins_nothing(call: Sequence[str], slots: Mapping[str, Slot]) -> bool:
    tables = [slots[t].value for t in call if t.startswith("<t") and t in slots]
    keys = [slots[t].value.name for t in call if COLUMN.fullmatch(t) and t in slots]
    return any(key not in {c.name for c in table.columns} for key in keys for table in tables)


def _two_of_many(call: Sequence[str], slots: Mapping[str, Slot]) -> bool:
    if "<p:by>" not in call:
        return False
    at = call.index("<p:by>") + 1
    group = slots.get(call[at])
    if group is None:  # of a result's column only that rows which all differ are no groups
        return _all_differ(slots.get(call[at + 1]))
    column = group.value
    levels = column.levels if isinstance(column, Labels) else set(column.present().texts)
    return len(levels) != 2


def _all_differ(slot: Slot | None) -> bool:
    if slot is None or slot.kind != "c":
        return False
    texts = slot.value.present().texts
    return len(texts) > 2 and len(set(texts)) == len(texts)


def _measures_its_result(call: Sequence[str], slots: Mapping[str, Slot]) -> bool:
    """Whether a gage study is made of what it computes: of a column "bias" instead of the readings."""
    outputs = operations()[v.op_name(call[0])].outputs
    named = (slots[t].value.name.casefold() for t in call if t.startswith("<c") and t in slots)
    return any(name in outputs for name in named)


def _groups_of_names(call: Sequence[str], slots: Mapping[str, Slot]) -> bool:
    """Whether groups are made of a column of words in which hardly two rows are alike."""
    columns = [slots[t].value for t in call if t.startswith("<g") and t in slots]
    if call[0] != "<op:stats.chi_square_independence>" and _groups_of_readings(call, slots):
        return True
    if call[0] == "<op:stats.chi_square_independence>" and _cross_tabulates_readings(call, slots):
        return True
    return any(len(c.levels) > max(_FEW, len(c.items) // 2) for c in columns)


def _groups_of_readings(call: Sequence[str], slots: Mapping[str, Slot]) -> bool:
    """Whether the one column that makes groups, or all predictors of an analysis of variance, are all different."""
    if v.TILDE in call and "<p:covariates>" not in call:
        at = call.index(v.TILDE)
        given = [t for t in call[at : end_of_input(call, at)] if COLUMN.fullmatch(t)]
        return bool(given) and all(_all_differ(slots.get(t)) for t in given)
    given = [call[i] for i in columns_of_input(call, "by")]
    return len(given) == 1 and _all_differ(slots.get(given[0]))


def _groups_by_decimals(call: Sequence[str], slots: Mapping[str, Slot]) -> bool:
    """Whether rows are put together by readings that all differ, which are no years or numbers of anything."""
    at = call.index("<p:by>") + 1 if "<p:by>" in call else 0
    slot = slots.get(call[at]) if at else None
    return _all_differ(slot) and any("." in str(t) for t in slot.value.texts if t)  # type: ignore[union-attr]


def _cross_tabulates_readings(call: Sequence[str], slots: Mapping[str, Slot]) -> bool:
    """Whether rows or columns of a table of counts are made of readings that hardly repeat."""
    given = [call[call.index(p) + 1] for p in ("<p:rows>", "<p:columns>") if p in call]
    return any(
        slots[t].kind == "c"
        and len(set(x := slots[t].value.present().texts)) > max(_FEW, len(x) // 2)
        for t in given
        if t in slots
    )


def _groups_of_one_row(call: Sequence[str], slots: Mapping[str, Slot]) -> bool:
    """Whether each row of a table of some length is its own group: "batches" are its rows, and no groups."""
    columns = [slots[t].value for t in call if t.startswith("<g") and t in slots]
    if any(t.startswith(("<p:part=", "<p:aggregate=max", "<p:aggregate=min")) for t in call):
        return False  # the largest of them is one that may be asked for
    return any(_FEW < len(c.items) == len(c.levels) for c in columns if isinstance(c, Labels))


def _counts_no_counts(call: Sequence[str], slots: Mapping[str, Slot]) -> bool:
    """Whether a chart of counts is made of a column that holds others than whole numbers from 0 up."""
    if "<p:x>" not in call:
        return False
    x = slots.get(call[list(call).index("<p:x>") + 1])
    if x is None or not NUMERIC.fullmatch(x.token):
        return False
    return any(v < 0 or v.denominator != 1 for v in x.value.present().exact)


def _named_like_a_cell(call: Sequence[str], slots: Mapping[str, Slot]) -> bool:
    new = slots.get(call[1]) if len(call) > 1 and call[1].startswith("<s") else None
    return new is not None and bool(_columns_of_cell(str(new.value), slots.values()))


def _keeps_nothing(call: Sequence[str], slots: Mapping[str, Slot]) -> bool:
    """Whether a condition on a column's numbers holds in no row."""
    if "<or>" in call:
        return False
    for at in range(1, len(call) - 1):
        compared = _HOLDS.get(call[at])
        column, number = slots.get(call[at - 1]), slots.get(call[at + 1])
        if compared and column is not None and number is not None:
            numeric = NUMERIC.fullmatch(column.token) and NUMBER.fullmatch(number.token)
            if numeric and not any(
                compared(x, float(number.value.exact)) for x in column.value.present().values
            ):
                return True
    return False


_HOLDS: Mapping[str, Callable[[float, float], bool]] = {
    "<gt>": operator.gt,
    "<ge>": operator.ge,
    "<lt>": operator.lt,
    "<le>": operator.le,
    "<eq>": operator.eq,
}
_CHECKS: Mapping[str, Callable[[Sequence[str], Mapping[str, Slot]], bool]] = {
    "table.count": _keeps_nothing,
    "table.filter": _keeps_nothing,
    "table.fill_missing": _fills_words,
    "table.date_part": _dates_of_others,
    "table.join": _joins_nothing,
    "table.derive": _named_like_a_cell,
    **dict.fromkeys(("spc.c", "spc.u", "spc.np"), _counts_no_counts),
    **dict.fromkeys(_TWO_GROUPS, _two_of_many),
    "quality.gage_linearity": _measures_its_result,
    "table.group": lambda call, slots: (
        _groups_by_decimals(call, slots) or _groups_of_one_row(call, slots)
    ),
    **dict.fromkeys(_OF_GROUPS, _groups_of_names),
}


@cache
def holds_dates(column: Labels) -> bool:
    """Whether the first cells of a column are dates or times, day or month first."""
    try:
        date_format([c for c in column.items if c is not None][:50], column.name)
    except InputError as error:
        return "day first" in str(error)
    return True


def _columns_of_cell(cell: str, slots: Iterable[Slot]) -> set[str]:
    return {s.token for s in slots if s.kind == "g" and cell in s.value.levels}


def unused_cells(tokens: Sequence[str], grounded: Grounded) -> set[str]:
    """Return the cells that the request names and of whose column a program takes no notice.

    One that is to be put into a column, ``fill it with "No"``, is no condition.
    """
    used = set(tokens)
    words = request_words(grounded.text)
    puts = bool(_PUTS & set(words))
    found = set()
    for slot in grounded.of("s"):
        if slot.token in words and slot.token not in used:
            if puts and words[words.index(slot.token) - 1] in _INTO:
                continue
            columns = _columns_of_cell(str(slot.value), grounded.slots)
            if (columns and not columns & used) or columns & set(_columns_of_one_cell(tokens)):
                found.add(slot.token)
    return found


def _columns_of_one_cell(tokens: Sequence[str]) -> Iterator[str]:
    """The columns of which a program keeps the rows of some cells, named one by one."""
    for at in range(1, len(tokens) - 1):
        if tokens[at] == "<eq>" and tokens[at - 1].startswith("<g"):
            yield tokens[at - 1]


@once
def asks_for_whole(grounded: Grounded) -> bool:
    """Whether words ask for all columns of a table."""
    words = request_words(grounded.text)
    return bool(_WHOLE & set(words)) or _EVERY.search(" ".join(words)) is not None


def takes_whole_table(tokens: Sequence[str], grounded: Grounded) -> bool:
    """Whether a program analyses a whole table, though the request names some of its columns and speaks of no more."""
    analysed = any(t.startswith("<op:") and not t.startswith("<op:table.") for t in tokens)
    if not analysed or asks_for_whole(grounded):
        return False
    words = set(request_words(grounded.text))
    if any(COLUMN.fullmatch(t) for t in tokens):
        return False
    for slot in grounded.of("t"):
        columns = [s.token for s in grounded.of("c", "g") if s.table == slot.token]
        said = sum(c in words for c in columns)
        if slot.token in tokens and said >= 2 and len(columns) >= said + 2:
            return True
    return False


# ---- several columns, and quantities asked for ------------------------------------------------------------------


def lengthened(calls: Sequence[Sequence[str]], grounded: Grounded) -> list[list[str]]:
    """Return a program's calls with those that the request asks for besides: each column, each quantity named."""
    out = [list(call) for call in calls]
    if not 0 < len(out) <= len(v.RESULTS) or not all(call[0].startswith("<op:") for call in out):
        return out
    words = request_words(grounded.text)
    more = _summary(out, words, grounded)
    if more:
        out.append(more)
    for other in (*_together(out, words), *_aggregated(out[-1], words)):
        if len(out) < MOST_CALLS:
            out.append(other)
    return out


def _together(calls: Sequence[Sequence[str]], words: Sequence[str]) -> Iterator[list[str]]:
    """The last call once more for each column that the request names in one breath with its own."""
    last = calls[-1]
    columns = [t for t in last if COLUMN.fullmatch(t)]
    if v.op_name(last[0]) not in _EACH or len(columns) != 1:
        return
    used = {t for call in calls for t in call}
    for other in _listed_with(columns[0], words):
        if other not in used:
            yield [other if t == columns[0] else t for t in last]


def _aggregated(call: Sequence[str], words: Sequence[str]) -> Iterator[list[str]]:
    """Groups once more for each figure of a list: ``the median and the range of y for each line``."""
    given = [t for t in call if t.startswith("<p:aggregate=")]
    if call[0] != "<op:table.group>" or "<p:column>" not in call or len(given) > 1:
        return
    figure = given[0][len("<p:aggregate=") : -1] if given else "mean"
    said = " ".join(words).replace("standard deviation", "sd").split(" ")
    chain: list[str] = []
    for word in said:
        if word in _FIGURES:
            chain.append(_FIGURES[word])
        elif word not in (",", "and", "the"):
            if figure in chain and len(chain) > 1:
                break
            chain = []
    for other in dict.fromkeys(chain if figure in chain else ()):
        if other != figure:
            rest = [t for t in call[:-1] if t not in given]
            yield [*rest, f"<p:aggregate={other}>", v.END_CALL]


def _listed_with(column: str, words: Sequence[str]) -> list[str]:
    """Numeric columns in a list with one: ``<c0> , <c1> and the <c2>``, by nothing but commas and "and"."""
    places = [i for i, w in enumerate(words) if NUMERIC.fullmatch(w)]
    chains: list[list[str]] = []
    for before, place in zip([None, *places], places, strict=False):
        between = tuple(words[before + 1 : place]) if before is not None else None
        if between in _BETWEEN_COLUMNS and chains:
            chains[-1].append(words[place])
        elif "between" in words[max(0, place - 3) : place]:
            chains.append([])  # of a pair, which is asked about as such
        else:
            chains.append([words[place]])
    found = [c for chain in chains if column in chain for c in chain if c != column]
    return list(dict.fromkeys(found))


def _asks_for_quantities(words: Sequence[str]) -> bool:
    """Whether a figure of a column is asked for: ``then give the mean``, not ``fill with the mean``."""
    return any(
        w in _QUANTITIES and _ASKED & set(words[max(0, i - 6) : i]) for i, w in enumerate(words)
    )


def _summary(
    calls: Sequence[Sequence[str]], words: Sequence[str], grounded: Grounded
) -> list[str] | None:
    """The summary of the column that the last call cleaned, kept rows for or tested, where asked for."""
    last = calls[-1]
    operation = v.op_name(last[0])
    shaped = bool(_SHAPE & set(words))  # a rule on the skewness needs it, whatever is asked for
    normality = operation == "stats.normality"
    if (
        (normality and not shaped)
        or not (normality or _asks_for_quantities(words))
        or any("<op:stats.describe>" in call for call in calls)
    ):
        return None
    columns = [t for t in last if NUMERIC.fullmatch(t)]
    result = v.RESULTS[len(calls) - 1]
    if operation == "stats.normality" and len(columns) == 1:
        at = list(last).index(columns[0])
        source = [last[at - 1]] if last[at - 1].startswith("<res") else []
        return ["<op:stats.describe>", "<p:x>", *source, columns[0], v.END_CALL]
    if operation == "table.filter":
        said = {s.token for s in grounded.of("c")} & set(words)
        columns = sorted(said - {t for call in calls for t in call})
    elif operation not in _OF_A_COLUMN:
        return None
    if len(columns) != 1:
        return None
    return ["<op:stats.describe>", "<p:x>", f"{result[:-1]}.>", columns[0], v.END_CALL]
