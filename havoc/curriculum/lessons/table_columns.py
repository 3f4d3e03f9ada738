"""Asking for new columns, dates, and work on tables that a result follows from."""

from __future__ import annotations

from havoc.curriculum.lesson import Cell, Data, Fixed, Lesson, Num, Option, TableOf, Words
from havoc.curriculum.lessons.table import BY_GROUP, NAME, POSITIVE, TWO_GROUPED

_BINARY = (
    ("sum", "+", "(sum of|total of|add) {t.x} and {t.y}", "{t.x} plus {t.y}"),
    ("difference", "-", "(difference between|gap between) {t.x} and {t.y}", "{t.x} minus {t.y}"),
    ("product", "*", "(product of) {t.x} and {t.y}", "{t.x} (times|multiplied by) {t.y}"),
    (
        "ratio",
        "/",
        "(ratio of|quotient of) {t.x} (to|and) {t.y}",
        "{t.x} (divided by|over|per) {t.y}",
    ),
)
_UNARY = (
    ("log", "log({t.x})", "(natural log|log|ln|natural logarithm|logarithm) (of|) {t.x}"),
    (
        "log10",
        "log10({t.x})",
        "(log10|base 10 log|common logarithm|decadic log|log base 10) (of|) {t.x}",
    ),
    ("sqrt", "sqrt({t.x})", "(square root|root|sqrt) (of|) {t.x}"),
    (
        "pct_change",
        "pct_change({t.x})",
        "(percent change|percentage change|daily return|relative change from the row before) (of|in) {t.x}",
    ),
    (
        "lag",
        "lag({t.x})",
        "{t.x} (of the row before|lagged by one|shifted by one row|of the previous row)",
    ),
    ("cumsum", "cumsum({t.x})", "(running total|cumulative sum|cumulated sum) (of|) {t.x}"),
    ("rank", "rank({t.x})", "(rank|ranks|rank order) (of|) {t.x}"),
)
COLUMNS = (
    *(
        Lesson(
            f"table_derive_{name}",
            f"table.derive(data={{t}}, {{new}}={{t.x}} {op} {{t.y}})",
            (
                f"(add|create|make|compute|derive|generate) (a|the) (new|) (column|feature|variable|field) (called|named|) {{new}} (as|that is|equal to|from|=) (the|) ({one}|{two}) {{t}}",
                f"{{new}} = {two} (as a new column|in the table|for every row) {{t}}",
                f"(extend|enrich) {{t}} (by|with) {{new}}, (the|) ({one}|{two})",
                f"for (each|every) row (compute|work out) {two}(,| and) call it {{new}} {{t}}",
            ),
            {"t": POSITIVE, "new": NAME},
            weight=0.6,
        )
        for name, op, one, two in _BINARY
    ),
    *(
        Lesson(
            f"table_derive_{name}",
            f"table.derive(data={{t}}, {{new}}={formula})",
            (
                f"(add|create|make|compute|derive) (a|the) (new|) (column|feature|variable) (called|named|) {{new}} (with|as|holding|containing) the {words} {{t}}",
                f"{{new}} (=|:|is) the {words} (in|of|for) {{t}}",
                f"(put|write|store) the {words} (into|in) a (new|) column {{new}} {{t}}",
                f"(transform|convert) {{t.x}}(:|,) {words}(,| and) name it {{new}} {{t}}",
            ),
            {"t": POSITIVE, "new": NAME},
            weight=0.5,
        )
        for name, formula, words in _UNARY
    ),
    Lesson(
        "table_scale_minmax",
        "table.scale(data={t}, columns={t.x}, method=minmax)",
        (
            "(min-max|minmax|min max) (normalise|normalize|scale|scaling of|normalisation of) {t.x} {t}",
            "(scale|rescale|normalise|normalize|squeeze) {t.x} (to|between|into) (the range|) (0 and 1|0..1|zero to one|the unit interval) {t}",
            "(bring|map) {t.x} to the unit interval {t}",
        ),
        {"t": BY_GROUP},
    ),
    Lesson(
        "table_scale_zscore",
        "table.scale(data={t}, columns={t.x}, method=zscore)",
        (
            "(standardise|standardize|z-score|z score|studentise) {t.x} {t}",
            "(z-scores|z scores|standard scores|standardised values) (of|for) {t.x} {t}",
            "(subtract the mean and divide by the standard deviation|centre and scale) (for|in|of) {t.x} {t}",
            "{t.x} in (units of its standard deviation|standard units) {t}",
        ),
        {"t": BY_GROUP},
    ),
    Lesson(
        "table_bin",
        "table.bin(data={t}, column={t.x}, bins={k}, {options})",
        (
            "(bin|cut|bucket|discretise|classify) {t.x} (into|in) {k} (bins|classes|buckets|categories|groups|intervals) {t}",
            "{k} (classes|bins|categories|brackets) (of|from|out of) {t.x} {t}",
            "(turn|make) {t.x} (into|to) a (categorical|class) variable with {k} (levels|classes) {t}",
        ),
        {"t": BY_GROUP, "k": Num(2, 6, integer=True)},
        (
            Option(
                "method=equal_count",
                (
                    "(equally filled|with equal counts|of equal size|by quantiles)",
                    "(quantile|equal-frequency) (bins|classes)",
                ),
                {},
                0.3,
            ),
            Option("method=equal_width", ("(equally wide|of equal width|equidistant)",), {}, 0.15),
        ),
    ),
    Lesson(
        "table_encode",
        "table.encode(data={t}, columns={t.g}, method=one_hot)",
        (
            "(one-hot|one hot|dummy) (encode|code) {t.g} {t}",
            "(dummy variables|indicator columns|0/1 columns|one-hot columns) (for|of|from) {t.g} {t}",
            "(make|create) a (0/1|yes/no|binary) column for (each|every) level of {t.g} {t}",
        ),
        {"t": BY_GROUP},
    ),
    Lesson(
        "table_encode_number",
        "table.encode(data={t}, columns={t.g}, method=number)",
        (
            "(label encode|integer encode|code as numbers|number the levels of) {t.g} {t}",
            "(turn|convert|map) the words (of|in) {t.g} (to|into) (numbers|integers|codes) {t}",
            "(label|ordinal) encoding (of|for) {t.g} {t}",
        ),
        {"t": BY_GROUP},
    ),
    Lesson(
        "table_select",
        "table.select(data={t}, columns=[{t.x}, {t.g}], keep=true)",
        (
            "(keep|select|show|take) (only|just) the columns {t.x} and {t.g} (of|from|in) {t}",
            "(only|just) {t.x} and {t.g}, (drop|without) the other columns {t}",
        ),
        {"t": TWO_GROUPED},
    ),
    Lesson(
        "table_drop_column",
        "table.select(data={t}, columns={t.y}, keep=false)",
        (
            "(drop|remove|delete|leave out) the column {t.y} (of|from|in) {t}",
            "{t} without (the column|) {t.y}(, please|)",
            "I (do not|don't) need (the column|) {t.y}(, take it out|) {t}",
        ),
        {"t": TWO_GROUPED},
    ),
)

_DAYS = (
    (
        "2024-01-15",
        "2024-01-29",
        "2024-02-12",
        "2024-02-26",
        "2024-03-11",
        "2024-03-25",
        "2024-04-08",
    ),
    (
        "03-Jan-2023",
        "17-Feb-2023",
        "02-Mar-2023",
        "19-Apr-2023",
        "05-May-2023",
        "23-Jun-2023",
        "11-Jul-2023",
        "30-Aug-2023",
    ),
    ("14.02.2022", "28.02.2022", "15.03.2022", "31.03.2022", "13.04.2022", "29.04.2022"),
    ("2023/11/20", "2023/11/21", "2023/12/18", "2023/12/19", "2024/01/22", "2024/01/23"),
)
_PARTS = (
    ("month", "(month|month number|calendar month)"),
    ("year", "(year|calendar year)"),
    ("weekday", "(weekday|day of the week|week day)"),
    ("quarter", "(quarter|quarter of the year)"),
    ("day", "(day of the month|day number in the month)"),
)
DATES = tuple(
    Lesson(
        f"table_date_part_{part}_{i}",
        f"table.date_part(data={{t}}, column={{t.d}}, part={part})",
        (
            f"(extract|get|take|pull) the {words} (from|of|out of) {{t.d}} {{t}}",
            f"(add|create|make|append) a column (with|for|holding) the {words} of {{t.d}} {{t}}",
            f"(which|what) {words} (belongs to|goes with) each {{t.d}}(?|) {{t}}",
            f"(break|split) {{t.d}} down, I need the {words} {{t}}",
            f"{{t}} (-|:) {words} of {{t.d}} as a (new|separate) column",
        ),
        {
            "t": TableOf(
                {"d": Fixed(cells, ("date", "day", "when", "received", "produced")), "x": Data()},
                forms=("pasted", "attached"),
                rows=(len(cells), len(cells)),
            )
        },
        weight=0.2,
    )
    for part, words in _PARTS
    for i, cells in enumerate(_DAYS)
)

COMBINED = (
    Lesson(
        "table_filter_then_correlation",
        "table.filter(data={t}, where={t.g} == {w}); stats.correlation(x=r1.{t.x}, y=r1.{t.y})",
        (
            "(correlation|relation) between {t.x} and {t.y} (for|within|only for|in) {t.g} {w} {t}",
            "(for|considering only|looking only at) {t.g} {w}(,|) how (strongly|closely) are {t.x} and {t.y} (related|correlated)(?|) {t}",
            "(filter|restrict) to {t.g} {w} and (correlate|compute the correlation of) {t.x} and {t.y} {t}",
        ),
        {"t": TWO_GROUPED, "w": Cell("t.g")},
    ),
    Lesson(
        "table_filter_then_describe",
        "table.filter(data={t}, where={t.g} == {w}); stats.describe(x=r1.{t.x})",
        (
            "(mean and standard deviation|summary statistics|mean|average|descriptive statistics) of {t.x} (for|within|only for|in|where) {t.g} (is|=|) {w} {t}",
            "(describe|summarise) {t.x} (for|of) the rows (with|where) {t.g} (=|is) {w} {t}",
            "(considering|taking) only {t.g} {w}(,|:) (mean and sd|average|statistics) of {t.x} {t}",
        ),
        {"t": BY_GROUP, "w": Cell("t.g")},
    ),
    Lesson(
        "table_outliers_then_describe",
        "table.remove_outliers(data={t}, column={t.x}, method=iqr); stats.describe(x=r1.{t.x})",
        (
            "(remove|drop) the outliers (of|in) {t.x} by the (iqr|interquartile) (rule|method) and (then|) (give|compute|report) the (mean and sd|mean and standard deviation|statistics) (of the rest|) {t}",
            "(mean|average) and (sd|spread) of {t.x} after (iqr|boxplot) outlier removal {t}",
        ),
        {"t": BY_GROUP},
    ),
)

ASKS = (
    Lesson(
        "table_filter_missing",
        "table.filter(data=<ask>, where=<ask>)",
        (
            "(filter|subset) my (table|data|rows)(, please|)",
            "(keep|show) only some of (the|my) rows",
            "I (want|need) to filter (a|my) table",
        ),
        weight=0.3,
    ),
    Lesson(
        "table_group_missing",
        "table.group(data=<ask>, by=<ask>)",
        (
            "(group|aggregate) my (table|data) by (category|group|machine|something)",
            "averages per group(, please|)",
            "(I need|give me) a summary per (group|class)",
        ),
        weight=0.3,
    ),
)

_KEYED = TableOf({"k": Words((3, 4), names=("lot",)), "x": Data()}, forms=("attached",))
JOINS = (
    Lesson(
        "table_join",
        "table.join(data={a}, other={b}, on={a.k}, {options})",
        (
            "join {a} and {b} on {a.k}",
            "(merge|combine|match up|look up) the two (files|tables|sheets) by {a.k}",
            "bring the columns of the second file into the first, key {a.k}",
            "put both (files|tables) together, same {a.k} in one row",
            "vlookup of the second table into the first by {a.k}",
            "link the records of the two attachments through {a.k}",
            "I have measurements in one file and conditions in the other, match them by {a.k}",
            "sql join on {a.k} of the two attached files",
        ),
        {"a": _KEYED, "b": _KEYED},
        (
            Option(
                "how=left",
                (
                    "keep (all|every) rows of the first",
                    "left join",
                    "do not lose rows without a partner",
                ),
                {},
                0.3,
            ),
        ),
    ),
)

LESSONS: tuple[Lesson, ...] = (
    *JOINS,
    *COLUMNS,
    *DATES,
    *COMBINED,
    *ASKS,
)
