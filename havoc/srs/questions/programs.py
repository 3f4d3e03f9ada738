"""The program of a plain question about a table: what is asked for, of what, for which rows and groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.numbers import unit_of
from havoc.dsl.grounding.slots import COLUMN, NUMBER, Grounded
from havoc.dsl.methods import named_methods
from havoc.srs.calls import joined
from havoc.srs.questions.builder import Program, Proposal
from havoc.srs.questions.conditions import Condition, read_conditions, read_flags, where_of
from havoc.srs.questions.figures import (
    HOW_MANY,
    confidence_of,
    figures_of,
    first_rows,
    own_figure,
    percentile,
)
from havoc.srs.questions.formulas import read_formula
from havoc.srs.questions.groups import LEAST, MOST, VERSUS, Groups, read_groups
from havoc.srs.questions.preparations import Preparation, read_preparations
from havoc.srs.questions.shares import SHARES, share
from havoc.srs.questions.tests import (
    SPOKEN,
    named_test,
    said_regression,
    write_regression,
    write_test,
)
from havoc.srs.questions.unread import ROWS, says_more
from havoc.srs.questions.words import CELL, Reading, reading_of

_BEFORE = frozenset("before change changes changed".split())  # what a preparation does to a figure
_BOTH = frozenset(
    "before original raw itself untransformed".split()
)  # a column and what is made of it
MOST_FIGURES = 4


def said_question(grounded: Grounded) -> Proposal | None:
    """The program of a plain question; None where a slot has no place in it, or more is asked for."""
    reading = reading_of(grounded)
    if reading is None:
        return None
    program = Program(reading)
    if not _written(reading, program) or program.too_long:
        return None
    if all(call[0] == "<op:stats.describe>" for call in program.calls):
        return None  # of all rows: a model reads that as well, and more ways of saying it
    tokens = joined(program.calls)
    if reading.left_over() or says_more(reading, tokens):
        return None
    named = named_methods(grounded.text)
    if named and named.isdisjoint(t[4:-1] for t in tokens if t.startswith("<op:")):
        return None
    return Proposal(tokens, tuple(reading.extra))


def _written(reading: Reading, program: Program) -> bool:
    """Read the words from what is most surely told to what is left, and write what they ask for."""
    preparations = read_preparations(reading)
    formula = read_formula(reading)
    groups = read_groups(reading)
    if preparations is None or groups is None:
        return False
    _mark_units_and_names(reading)
    conditions = read_conditions(reading)
    if conditions is None:
        return False
    if groups.only:
        ways = tuple((groups.columns[0], "<eq>", cell) for cell in groups.only)
        conditions.append(Condition(groups.columns[0], ways, len(reading.words)))
    words = reading.words
    if not groups.only and {c.column for c in conditions} & set(groups.columns):
        return False
    bounded = [c.column for c in conditions]
    if VERSUS & set(words) and len(set(bounded)) < len(bounded):
        return False  # "under 20 compared with over 60" are two groups
    test = named_test(reading)
    if test is not None and not groups.columns:
        groups = _only_groups(reading, groups)
    plain = test is None and not groups.columns and formula is None and not preparations
    if plain and _correlation(reading, program, conditions):
        return True
    shared = [i for i, w in enumerate(words) if w in SHARES and not reading.roles[i]]
    if shared and formula is None and test is None:
        return not preparations and share(reading, program, groups, conditions, shared[0])
    model = said_regression(reading)
    figures = figures_of(reading)
    conditions += read_flags(reading) if not figures or reading.measures() else []
    measured = reading.measures()
    if formula is not None:
        if measured and not (_BOTH & set(words) and set(measured) <= set(formula[1])):
            return False
        measured = [*measured, formula[0]]
    measured = measured or [p.column for p in preparations[-1:]]
    compared = preparations and _BEFORE & set(words)
    if compared and (groups.columns or test or formula or conditions or len(measured) != 1):
        return False
    if compared:
        reading.mark("prepared", *(i for i, w in enumerate(words) if w in _BEFORE))
        program.call("<op:stats.describe>", "<p:x>", *program.column(measured[0]))
    if not _prepared(program, preparations, conditions):
        return False
    if formula is not None:
        program.derive(*formula)
    if model is not None:
        write_regression(program, model)
        return not (groups.columns or test or formula or measured or compared)
    if test is not None:
        reading.mark("test", *(i for i, w in enumerate(words) if w in SPOKEN))
        reading.mark("measured", *(i for i, w in enumerate(words) if w in measured))
        return write_test(reading, program, groups, test, measured, figures)
    if {"correlation", "correlate", "correlated"} & set(words):
        return _correlation(reading, program, [], measured) and not groups.columns
    most = {"most", "fewest"} & set(words) and groups.columns and conditions
    if (most or HOW_MANY.search(" ".join(words))) and not figures and not measured:
        return _counts(reading, program, groups, conditions)
    if not measured or (len(measured) > 1 and any(map(reading.makes_groups, measured))):
        return False
    return _tells(reading, program, groups, measured, figures)


def _mark_units_and_names(reading: Reading) -> None:
    """Units in which figures are wanted, and columns that name the rows: neither is a condition."""
    places = range(len(reading.words))
    reading.mark("unit", *[i for i in places if reading.open(i, CELL) and _is_unit(reading, i)])
    names = [
        i for i in places if reading.open(i, COLUMN) and reading.names_things(reading.words[i])
    ]
    reading.mark("thing", *names)


def _prepared(
    program: Program, preparations: Sequence[Preparation], conditions: Sequence[Condition]
) -> bool:
    """Write what is done to the table first, in the order said; whether that order is plain."""
    if preparations and conditions:
        if max(c.at for c in conditions) > preparations[0].at:
            return False  # which comes first is not for sure
        program.keep(conditions)
    for p in preparations:
        program.prepare(p.operation, p.column, p.options)
    if not program.calls or not any(c[0] == "<op:table.filter>" for c in program.calls):
        program.keep(conditions)
    return True


def _only_groups(reading: Reading, groups: Groups) -> Groups:
    """The one column of words that nothing else has taken, where a test needs groups."""
    places = [i for i in range(len(reading.words)) if reading.open(i, COLUMN)]
    found = {
        w
        for w in (reading.words[i] for i in places)
        if w.startswith("<g") and reading.makes_groups(w)
    }
    if len(found) != 1:
        return groups
    (column,) = found
    reading.mark("group", *(i for i in places if reading.words[i] == column))
    return replace(groups, columns=(column,))


def _is_unit(reading: Reading, at: int) -> bool:
    """Whether a word is the unit in which a figure is wanted, and no cell: "in percent"."""
    said = str(reading.slot(reading.words[at]).value)
    cells = any(said in s.value.levels for s in reading.grounded.of("g"))
    return (
        not cells
        and reading.words[max(0, at - 1) : at] in (["in"], ["as"], ["to"], ["into"], ["from"])
        and unit_of(said) is not None
    )


def _correlation(
    reading: Reading,
    program: Program,
    conditions: list[Condition],
    columns: Sequence[str] | None = None,
) -> bool:
    """Write the correlation of the two measured columns, those given or all that are left."""
    words = reading.words
    if not {"correlation", "correlate", "correlated"} & set(words):
        return False
    if columns is None:
        conditions = [*conditions, *(read_flags(reading) if len(reading.measures()) > 2 else [])]
        columns = reading.measures()
    matrix = "matrix" in words and len(columns) > 2
    if len(columns) != 2 and not matrix:
        return False
    program.keep(conditions)
    x, y = (program.column(c) for c in columns[:2])
    method = [f"<p:method={m}>" for m in ("spearman", "kendall") if m in words]
    if not method and {"rank", "ranks", "rs", "rho", "tau"} & set(words):
        return False
    program.call("<op:stats.correlation>", "<p:x>", *x, "<p:y>", *y, *method)
    if matrix:
        program.calls.pop()
        x = [t for c in columns for t in program.column(c)]
        program.call("<op:stats.correlation_matrix>", "<p:x>", v.OPEN, *x, v.CLOSE, *method)
    said = {*columns, "matrix", "correlation", "correlate", "correlated"}
    reading.mark("measured", *(i for i, w in enumerate(words) if w in said))
    return not NUMBER.search(" ".join(words[i] for i in reading.left_over()))


def _counts(
    reading: Reading, program: Program, groups: Groups, conditions: Sequence[Condition]
) -> bool:
    """How many rows there are: of each group, or that meet the conditions."""
    if len(groups.columns) == 1 and groups.part is None:
        column = program.column(groups.columns[0])
        program.call("<op:table.value_counts>", "<p:data>", program.source, "<p:column>", *column)
        program.first_groups(groups, "count")
        return True
    if groups.columns:
        program.group(groups, None, "count")
        return not groups.first
    if not conditions:
        return False
    program.calls.clear()
    where = ("<p:where>", *where_of(conditions))
    program.call("<op:table.count>", *where, "<p:data>", reading.table.token)
    return True


def _tells(
    reading: Reading,
    program: Program,
    groups: Groups,
    measured: Sequence[str],
    figures: Sequence[str],
) -> bool:
    """Figures of the measured columns, for each group or for all rows; or the first rows by one of them."""
    words = reading.words
    reading.mark(
        "measured", *(i for i, w in enumerate(words) if w in measured and not reading.roles[i])
    )
    ranked = (MOST | LEAST) & set(words)
    if groups.columns:
        if not figures:
            figures = ["sum"] if {"most", "fewest"} & ranked else own_figure(program, measured)
        if set(figures) <= {"min", "max"} and ranked and groups.ranked:
            return False  # "the phase of the highest reading" is a row
        if not figures or "summary" in figures or len(measured) * len(figures) > MOST_FIGURES:
            return False
        for column in measured:
            for figure in figures:
                name = program.group(groups, column, figure)
        if groups.first:
            if len(measured) * len(figures) > 1:
                return False
            program.first_groups(groups, name)
        return True
    share = percentile(reading)
    if share is not None:
        if len(measured) > 1 or figures:
            return False
        program.call("<op:stats.percentile>", "<p:x>", *program.column(measured[0]), "<p:p>", share)
        return True
    first = first_rows(reading)
    if first is not None and len(measured) == 1:
        which = "smallest" if (ranked & LEAST or "bottom" in words) else "largest"
        program.top(program.column(measured[0]), first, which)
        return True
    if not figures or len(measured) > MOST_FIGURES or (ranked and ROWS & set(words)):
        return False
    confidence = confidence_of(reading)
    for column in measured:
        program.call("<op:stats.describe>", "<p:x>", *program.column(column), *confidence)
    return True
