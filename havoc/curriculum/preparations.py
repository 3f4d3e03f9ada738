"""What people have done to a table before the analysis itself: filter, clean, fill, a new column; composed with any lesson.

A preparation is one statement in front of a lesson's program, whose table it becomes: ``{t}`` turns into ``r1``,
``{t.x}`` into ``r1.{t.x}``, and every later result moves up by one. Held-out compositions are those of one
preparation with one lesson.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from havoc.curriculum.lesson import Cell, Data, Field, Fixed, Lesson, Num, TableOf, Word, Words
from havoc.curriculum.programs import split_outside
from havoc.tools.operation import Kind, get

# Arguments of these kinds name columns of the call's own table and stay bare.
_BARE = frozenset({Kind.FORMULA, Kind.CONDITION, Kind.ASSIGNMENTS, Kind.SYMBOL, Kind.SYMBOLS})


@dataclass(frozen=True)
class Preparation:
    """``statement`` and how it is said before (``before``) or behind (``behind``) the lesson's sentence.

    ``columns`` are added to the lesson's table; ``fields`` are other fields. ``makes``: the field that names a new
    column, which the lesson then asks about in place of its own ``stands_for``.
    """

    name: str
    statement: str
    before: tuple[str, ...]
    behind: tuple[str, ...] = ()
    columns: Mapping[str, Data | Words] = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)
    makes: str | None = None
    weight: float = 1.0


_LIMIT = Num(20, 80, 1)
_NEW = Word(
    (
        *"""ratio total size score gap index spread combined rate area excess density efficiency margin yield_pct loss
price_range drift delta feature adjusted normalized share growth load FamilySize experience_score total_charges
RoomsPerPerson temp_range ratio_ab IsLarge waiting_ratio SleepDebt unit_cost net_weight BMI class_total""".split(),
        "Price Range",
        "power-to-weight ratio",
        "Daily Return",
        "net weight",
        "cost per unit",
        "mean level",
        "Abandonment Rate",
        "age times dose",
        "total cost",
    )
)
PRE = "(First,|First|To begin with,|Start by|Step 1:|1.|)"
_THEN = "(Then|After that|Next|Afterwards|And then)"
_MAKE = "(create|add|make|generate|compute|derive|build|engineer|introduce|define)"
_COLUMN = "(a new column|a column|a new feature|a feature|a new variable|a new field)"
_CALLED = "(called|named||with the name|labelled)"

_FILTERS = (
    Preparation(
        "above",
        "table.filter(data={t}, where={t.p} > {pv})",
        (
            "(For|Considering|Taking|Using|Looking at) (only|just|) (the|those|) (rows|records|cases|samples|entries) (where|with|in which|whose) {t.p} (is|) (above|over|greater than|more than|larger than|exceeding|>) {pv}(,|:)",
            "(Keep|Select|Use|Filter to|Take) (only|just|) (the|) (rows|records|cases|samples) (where|with) {t.p} (is|) (above|over|greater than|more than|larger than|>) {pv}(.|, then|, and then|;)",
            "(If|When) {t.p} (is above|exceeds|is over|is higher than|is greater than) {pv}(,|:)",
        ),
        (
            "(but|) (only|just|) (for|among|in) (rows|records|cases|those|samples|parts) (where|with|whose|having) (a|) {t.p} (is|) (above|over|greater than|more than|larger than|>) {pv}",
            "(when|where|whenever) {t.p} (is above|exceeds|is over|is greater than|>) {pv}",
        ),
        {"p": Data()},
        {"pv": _LIMIT},
    ),
    Preparation(
        "below",
        "table.filter(data={t}, where={t.p} < {pv})",
        (
            "(For|Considering|Taking|Using|Looking at) (only|just|) (the|those|) (rows|records|cases|samples|entries) (where|with|in which|whose) {t.p} (is|) (below|under|less than|smaller than|lower than|<) {pv}(,|:)",
            "(Keep|Select|Use|Filter to|Take) (only|just|) (the|) (rows|records|cases|samples) (where|with) {t.p} (is|) (below|under|less than|smaller than|lower than|<) {pv}(.|, then|, and then|;)",
        ),
        (
            "(but|) (only|just|) (for|among|in) (rows|records|cases|those|samples|parts) (where|with|whose|having) (a|) {t.p} (is|) (below|under|less than|smaller than|<) {pv}",
            "(when|where|whenever) {t.p} (is below|is under|stays below|is less than|<) {pv}",
        ),
        {"p": Data()},
        {"pv": _LIMIT},
    ),
    Preparation(
        "word",
        "table.filter(data={t}, where={t.pg} == {pw})",
        (
            "(For|Among|Considering|Within|In|Looking at) (only|just|) (the|) {t.pg} {pw}(,|:)",
            "(For|Among|Considering|Taking|Using) (only|just|) (the|those|) (rows|records|cases|people|parts|entries|samples) (where|with|in which|whose) {t.pg} (is|=|equals|being) {pw}(,|:)",
            "(Keep|Select|Use|Filter to|Take|Restrict to) (only|just|) (the|) (rows|records|cases) (where|with|of) {t.pg} (is|=|equal to|) {pw}(.|, then|, and then|;)",
            "(Among|Of|For) the {pw} (ones|rows|cases|group|entries|samples)(,|:)",
        ),
        (
            "(but|) (only|just|) (for|in|within|among) (the|) {t.pg} {pw}",
            "(for|in|within|among|of) (the|) {pw} (group|rows|cases|ones|parts|only|samples|{t.pg}|)",
            "(for|among|in) (rows|records|those|cases|samples) (where|with|whose) {t.pg} (is|=|equals|==) {pw}",
        ),
        {"pg": Words((2, 4))},
        {"pw": Cell("t.pg")},
        weight=2.0,
    ),
    Preparation(
        "not_word",
        "table.filter(data={t}, where={t.pg} != {pw})",
        (
            "(Leave out|Exclude|Drop|Ignore|Without) (the|all|) (rows|records|cases|samples|) (of|with|from|where) {t.pg} (is|=|) {pw}(,|. Then|;)",
            "(Everything|All rows) (but|except) {t.pg} {pw}(:|,)",
        ),
        (
            "(without|excluding|leaving out|except|ignoring) (the|) (rows|cases|) (of|with|) {t.pg} {pw}",
            "(where|with|if) {t.pg} (is not|isn't|!=) {pw}",
        ),
        {"pg": Words((2, 4))},
        {"pw": Cell("t.pg")},
    ),
    Preparation(
        "word_and_above",
        "table.filter(data={t}, where={t.pg} == {pw} and {t.p} > {pv})",
        (
            "(For|Among|Considering|Using) (only|just|) (the|) (rows|records|cases|samples|) (where|with|of) {t.pg} (is|=|) {pw} and {t.p} (is|) (above|over|greater than|more than|>) {pv}(,|:)",
        ),
        (
            "(only|) (for|among|of|in) (the|) (rows|cases|those|) (with|where|of|) {t.pg} (is|=|) {pw} (and|with|whose) {t.p} (is|) (above|over|greater than|>) {pv}",
        ),
        {"pg": Words((2, 4)), "p": Data()},
        {"pw": Cell("t.pg"), "pv": _LIMIT},
    ),
    Preparation(
        "two_words",
        "table.filter(data={t}, where={t.pg} == {pw} and {t.ph} == {pu})",
        (
            "(For|Among|Considering|Using) (only|just|) (the|) (rows|records|cases|samples|) (where|with|of) {t.pg} (is|=|) {pw} and {t.ph} (is|=|) {pu}(,|:)",
        ),
        (
            "(only|) (for|among|of|in) (the|) (rows|cases|those|) (with|where|of|) {t.pg} (is|=|) {pw} and {t.ph} (is|=|) {pu}",
        ),
        {"pg": Words((2, 4)), "ph": Words((2, 3))},
        {"pw": Cell("t.pg"), "pu": Cell("t.ph")},
    ),
)

_CLEANING = (
    Preparation(
        "outliers_iqr",
        "table.remove_outliers(data={t}, column={t.x}, method=iqr)",
        (
            f"{PRE} (remove|drop|exclude|filter out|eliminate|get rid of) (the|any|all|) outliers (in|of|from) (the|) {{t.x}} (column|values|) (by|with|using|based on|according to) (the|) (iqr|interquartile range|1.5 iqr|1.5*IQR|box plot|Tukey) (rule|method|fences|criterion|approach)(.|, then|, and then|;)",
            f"{PRE} (remove|drop|exclude) (rows|values|data) (outside|beyond) Q1 - 1.5 IQR (and|or|to) Q3 + 1.5 IQR (in|of) {{t.x}}(.|, then|;)",
        ),
        (
            "(after|once) (the|) (removing|dropping|excluding) (the|) outliers (in|of) {t.x} (by|with|using) (the|) (iqr|interquartile range|1.5 iqr|quartile) (rule|method|)",
        ),
    ),
    Preparation(
        "outliers_z",
        "table.remove_outliers(data={t}, column={t.x}, method=zscore, threshold={pk})",
        (
            f"{PRE} (remove|drop|exclude|filter out|eliminate) (the|any|all|) outliers (in|of|from) (the|) {{t.x}} (column|values|) (by|with|using|based on) (the|) (z-score|z score|standard score) (method|) (with|at|and) a (threshold|cut-off|limit) of {{pk}}(.|, then|, and then|;)",
            f"{PRE} (remove|drop|discard) (rows|values|data points) (with|whose) {{t.x}} (is|) more than {{pk}} (standard deviations|sigma|sd) (from|away from) (the|its) mean(.|, then|;)",
        ),
        (
            "(after|once) (removing|dropping) (the|) outliers (in|of) {t.x} (with|having) (a|an absolute|) (z-score|z score) (above|over|beyond|greater than) {pk}",
        ),
        fields={"pk": Num(1.5, 3.5, 1, choices=("2", "2.5", "3", "3", "3", "1.5", "3.5"))},
    ),
    Preparation(
        "drop_missing",
        "table.drop_missing(data={t}, columns={t.x})",
        (
            f"{PRE} (remove|drop|delete|exclude) (the|all|any|) (rows|records|entries) (with|having|where there are) (missing|null|empty|NaN) (values|cells|) (in|of) (the|) {{t.x}} (column|)(.|, then|, and then|;)",
        ),
        (
            "(after|once) (dropping|removing|deleting) (the|) rows (with|having) (missing|null|empty) {t.x} (values|)",
        ),
    ),
    Preparation(
        "drop_any_missing",
        "table.drop_missing(data={t})",
        (
            f"{PRE} (remove|drop|delete) (the|all|any|) (rows|records|lines) (with|having|that contain) (any|) (missing|null|empty|NaN) (values|cells|data|fields)(.|, then|, and then|;)",
        ),
        ("(after|once) (dropping|removing) (all|the|) incomplete rows",),
    ),
    Preparation(
        "fill_mean",
        "table.fill_missing(data={t}, columns={t.x}, method=mean)",
        (
            f"{PRE} (fill|replace|impute|fill in|handle) (the|any|all|) (missing|null|empty|NaN) (values|cells|entries|data) (in|of) (the|) {{t.x}} (column|) (with|by|using) (the|its) (mean|average) (value|of the column|)(.|, then|, and then|;)",
        ),
        (
            "(after|once) (filling|replacing|imputing) (the|) missing {t.x} (values|) (with|by) (the|its|their) (mean|average)",
        ),
    ),
    Preparation(
        "fill_median",
        "table.fill_missing(data={t}, columns={t.x}, method=median)",
        (
            f"{PRE} (fill|replace|impute|fill in|handle) (the|any|all|) (missing|null|empty|NaN) (values|cells|entries|data) (in|of) (the|) {{t.x}} (column|) (with|by|using) (the|its) median (value|of the column|)(.|, then|, and then|;)",
        ),
        (
            "(after|once) (filling|replacing|imputing) (the|) missing {t.x} (values|) (with|by) (the|its|their) median",
        ),
    ),
    Preparation(
        "duplicates",
        "table.drop_duplicates(data={t})",
        (
            f"{PRE} (remove|drop|delete) (the|all|any|) (duplicates|duplicate rows|repeated rows|duplicated records)(.|, then|, and then|;)",
        ),
        ("(after|once) (dropping|removing) (the|) duplicate(s| rows|d rows)",),
        weight=0.6,
    ),
)

_OPERATORS = (
    (
        "sum",
        "{t.p} + {t.q}",
        "(the sum of|the total of|adding|summing|adding up) {t.p} and {t.q}",
        "{t.p} (plus|+) {t.q}",
    ),
    (
        "difference",
        "{t.p} - {t.q}",
        "(the difference between|the gap between|the difference of) {t.p} and {t.q}",
        "{t.p} (minus|-) {t.q}",
    ),
    (
        "product",
        "{t.p} * {t.q}",
        "(the product of|multiplying) {t.p} (and|by) {t.q}",
        "{t.p} (times|multiplied by|*) {t.q}",
    ),
    (
        "ratio",
        "{t.p} / {t.q}",
        "(the ratio of|the quotient of|dividing) {t.p} (to|and|by) {t.q}",
        "{t.p} (divided by|over|per|/) {t.q}",
    ),
)
_FUNCTIONS = (
    (
        "log",
        "log({t.p})",
        "(the natural log|the log|the logarithm|the natural logarithm|a log transformation) of {t.p}",
    ),
    (
        "log10",
        "log10({t.p})",
        "(the base 10 log|log10|the common logarithm|the logarithm with base 10) of {t.p}",
    ),
    ("sqrt", "sqrt({t.p})", "(the square root|the sqrt) of {t.p}"),
    (
        "pct_change",
        "pct_change({t.p})",
        "(the percentage change|the percent change|the relative change) (of|in) {t.p} (from the previous row|from the previous day|from the row before|)",
    ),
)
_AMOUNTS = {"p": Data(low=1, high=900), "q": Data(low=1, high=50)}


def _derived(name: str, formula: str, *ways: str) -> Preparation:
    both = f"({'|'.join(ways)})"
    return Preparation(
        f"derive_{name}",
        f"table.derive(data={{t}}, {{pn}}={formula})",
        (
            f"{PRE} {_MAKE} {_COLUMN} {_CALLED} {{pn}} (by|as|from|that is|which is|equal to|using|=) {both}(.|, then|, and then|;)",
            f"{PRE} {_MAKE} {{pn}} (as|=|from|by) {both}(.|, then|, and then|;)",
            f"(Let|Define|With) {{pn}} (be|=|as) {both}(.|;|,)",
            f"{PRE} (calculate|work out|compute) {both} (for each row|for every row|) (and|,) (call|name|store) it (as|) {{pn}}(.|;)",
        ),
        (
            f"(, where|where) {{pn}} (is|=|means|is defined as) {both}",
            f"with {{pn}} = {both}",
        ),
        columns=_AMOUNTS if "{t.q}" in formula else {"p": _AMOUNTS["p"]},
        fields={"pn": _NEW},
        makes="pn",
        weight=1.3,
    )


PREPARATIONS: tuple[Preparation, ...] = (
    *_FILTERS,
    *_CLEANING,
    *(_derived(name, formula, *ways) for name, formula, *ways in _OPERATORS),
    *(_derived(name, formula, way) for name, formula, way in _FUNCTIONS),
)


def table_field(lesson: Lesson) -> str | None:
    """The one table field a preparation may stand before; None where there is none, or an input is missing."""
    tables = [k for k, f in lesson.fields.items() if isinstance(f, TableOf)]
    others = {"Groups"} & {type(f).__name__ for f in lesson.fields.values()}
    if len(tables) != 1 or others or "<ask>" in lesson.program or "(" not in lesson.program:
        return None
    if lesson.program.count(";") > 1:
        return None
    spec = lesson.fields[tables[0]]
    assert isinstance(spec, TableOf)
    return tables[0] if {"pasted", "attached"} & set(spec.forms) else None


def suits(preparation: Preparation, lesson: Lesson) -> bool:
    """Whether the preparation's own columns exist in the lesson's table."""
    name = table_field(lesson)
    if name is None or name != "t":
        return False
    spec = lesson.fields[name]
    assert isinstance(spec, TableOf)
    if any(isinstance(c, Fixed) for c in spec.columns.values()):
        return False  # a design's rows belong together
    numeric = isinstance(spec.columns.get("x"), Data)
    if preparation.makes:
        return numeric and "{t.x}" in lesson.program
    if "{t.x}" in preparation.statement:
        return numeric
    return True


def with_columns(lesson: Lesson, preparations: Sequence[Preparation]) -> TableOf:
    """The lesson's table with the preparations' columns, in a form that has several columns."""
    spec = lesson.fields["t"]
    added = {name: c for p in preparations for name, c in p.columns.items()}
    assert isinstance(spec, TableOf)
    forms = tuple(f for f in spec.forms if f in ("pasted", "attached")) or ("attached",)
    if set(spec.forms) == {"inline", "attached"} and len(spec.columns) + len(added) > 1:
        forms = ("pasted", "attached")
    sizes = [c.n for c in spec.columns.values() if isinstance(c, Data)]
    rows = sizes[0] if len(spec.columns) == 1 and sizes else spec.rows
    return TableOf({**spec.columns, **added}, forms=forms, rows=rows)


def program_after(preparation: Preparation, program: str) -> str:
    """The preparation's statement, then the lesson's program on its result."""
    statements = [s for s in split_outside(program, ";") if s.strip()]
    return "; ".join([preparation.statement, *(_moved(s, preparation) for s in statements)])


def _moved(statement: str, preparation: Preparation) -> str:
    match = re.fullmatch(r"\s*([a-z_]+\.\w+)\((.*)\)\s*", statement, re.DOTALL)
    if match is None:
        raise ValueError(f"not a call: {statement}")
    operation = get(match[1])
    positional = [p for p in operation.parameters if p is not operation.variadic]
    arguments = []
    for k, argument in enumerate(a.strip() for a in split_outside(match[2], ",") if a.strip()):
        key, separator, _ = argument.partition("=")
        key = key.strip()
        kind = Kind.NUMBER
        if separator and key in operation.by_name:
            kind = operation.by_name[key].kind
        elif separator and operation.variadic is not None:
            kind = operation.variadic.kind
        elif k < len(positional):
            kind = positional[k].kind
        arguments.append(_on_result(argument, kind in _BARE, preparation))
    return f"{match[1]}({', '.join(arguments)})"


def _on_result(argument: str, bare: bool, preparation: Preparation) -> str:
    text = re.sub(r"\br(\d)\b", lambda m: f"r{int(m[1]) + 1}", argument)
    text = text.replace("{t}", "r1")
    made = "{" + preparation.makes + "}" if preparation.makes else "{t.x}"
    text = text.replace("{t.x}", made)
    if bare:
        return text
    names = re.escape(made) + r"|\{t\.\w+\}"
    return re.sub(rf"(?<![.\w])({names})", r"r1.\1", text)
