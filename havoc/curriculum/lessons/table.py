"""Asking for work on tables: rows, new columns, groups, counts, missing cells, shapes; and what follows from it."""

from __future__ import annotations

from havoc.curriculum.lesson import Cell, Data, Lesson, Num, Option, TableOf, Word, Words

BY_GROUP = TableOf({"x": Data(), "g": Words((2, 4))}, forms=("pasted", "attached"))
TWO = TableOf({"x": Data(), "y": Data()}, forms=("pasted", "attached"))
TWO_GROUPED = TableOf({"x": Data(), "y": Data(), "g": Words((2, 4))}, forms=("pasted", "attached"))
ONE = TableOf({"x": Data(), "g": Words((2, 5))}, forms=("pasted", "attached"))
POSITIVE = TableOf(
    {"x": Data(low=1, high=900), "y": Data(low=1, high=50)}, forms=("pasted", "attached")
)
CROSSED = TableOf(
    {"x": Data(), "g": Words((2, 3)), "h": Words((2, 3))}, forms=("pasted", "attached")
)
LIMIT = Num(20, 80, 1)
SHARE = Num(0.5, 0.8, choices=("50%", "60%", "70%", "75%", "80%", "0.7", "0.75"))
SPLIT_SEED = Option(
    "seed={s}",
    (
        "(with|use|using) (the|) seed {s}",
        "seed (=|of|) {s}",
        "random_state={s}",
        "set.seed({s})",
    ),
    {"s": Num(10, 99, integer=True)},
    0.4,
)
NAME = Word(
    (
        "ratio",
        "total",
        "score",
        "gap",
        "index",
        "spread_ab",
        "combined",
        "rate_new",
        "area",
        "excess",
    )
)

ROWS = (
    Lesson(
        "table_filter_above",
        "table.filter(data={t}, where={t.x} > {v})",
        (
            "(keep|show|give me|list|select) (only|just|) (the|) rows (where|in which|with|whose) {t.x} (is|being|) (above|over|greater than|larger than|more than|beyond) {v} {t}",
            "(filter|subset) {t} (to|on|by) {t.x} > {v}",
            "(throw out|drop|remove|discard) (everything|all rows|the rest|whatever is) (up to|not above) {v} in {t.x}(, keep the rest|) {t}",
            "which (rows|entries|lots|records) have (a|) {t.x} (exceeding|higher than|above|over) {v}(?|) {t}",
            "{t} (only|just) {t.x} > {v} please",
            "(reduce|cut down|restrict) the table to {t.x} (above|over|>) {v} {t}",
        ),
        {"t": BY_GROUP, "v": LIMIT},
    ),
    Lesson(
        "table_filter_below",
        "table.filter(data={t}, where={t.x} < {v})",
        (
            "(keep|show|give me|list|select) (only|just|) (the|) rows (where|in which|with|whose) {t.x} (is|being|) (below|under|less than|smaller than|lower than) {v} {t}",
            "(filter|subset) {t} (to|on|by) {t.x} < {v}",
            "which (rows|entries|lots|records) (fall|are|stay) (short of|below|under) {v} in {t.x}(?|) {t}",
            "{t} (only|just) {t.x} < {v} please",
            "(restrict|limit) the (table|sheet|list) to {t.x} (below|under|<) {v} {t}",
        ),
        {"t": BY_GROUP, "v": LIMIT},
    ),
    Lesson(
        "table_filter_word",
        "table.filter(data={t}, where={t.g} == {w})",
        (
            "(keep|show|give me|list|select) (only|just|) (the|) rows (where|with|in which) {t.g} (is|equals|=) {w} {t}",
            "(filter|subset) {t} (to|on|by) {t.g} (=|==|equal to) {w}",
            "(only|just) {w}( please|) from the column {t.g} {t}",
            "(pull|pick) (out|) (all|the) (records|entries|rows) of {t.g} {w} {t}",
            "{t} I (only care about|am only interested in|need just) {t.g} {w}",
        ),
        {"t": BY_GROUP, "w": Cell("t.g")},
    ),
    Lesson(
        "table_filter_not_word",
        "table.filter(data={t}, where={t.g} != {w})",
        (
            "(exclude|leave out|drop|remove|ignore) (the|all|) rows (where|with) {t.g} (is|equals|=) {w} {t}",
            "(everything|all rows) (but|except|other than) {t.g} {w} {t}",
            "{t} without {t.g} {w}(, please|)",
            "(take|throw) {w} out of {t.g} {t}",
        ),
        {"t": BY_GROUP, "w": Cell("t.g")},
    ),
    Lesson(
        "table_sort",
        "table.sort(data={t}, by={t.x}, {options})",
        (
            "(sort|order|arrange|line up) {t} by {t.x}",
            "(sort|order) the (rows|table|sheet|list|entries) (by|on|according to) {t.x} {t}",
            "{t} (-|:|) (sorted|ordered) by {t.x}( please|)",
            "(bring|put) the rows (in|into) (the|) order of {t.x} {t}",
            "I want {t.x} in order, rows with it {t}",
        ),
        {"t": BY_GROUP},
        (
            Option(
                "order=descending",
                (
                    "(largest|highest|biggest) first",
                    "(descending|in descending order|from high to low|decreasing|downwards)",
                ),
                {},
                0.45,
            ),
            Option(
                "order=ascending",
                (
                    "(smallest|lowest) first",
                    "(ascending|in ascending order|from low to high|increasing)",
                ),
                {},
                0.2,
            ),
        ),
    ),
    Lesson(
        "table_top",
        "table.top(data={t}, by={t.x}, n={n}, which=largest)",
        (
            "(the|show the|give me the|list the|which are the) {n} (rows|entries|records|lots) with the (largest|highest|biggest|greatest) {t.x} {t}",
            "(top|best) {n} (by|of|in|according to) {t.x} {t}",
            "{n} (largest|highest|biggest) values of {t.x}(, with their rows|) {t}",
            "where is {t.x} (highest|largest)(,|?) (first|) {n} (please|rows) {t}",
        ),
        {"t": BY_GROUP, "n": Num(2, 6, integer=True)},
    ),
    Lesson(
        "table_top_one",
        "table.top(data={t}, by={t.x}, n=1, which=largest)",
        (
            "which (row|entry|record|lot) has the (largest|highest|biggest|maximum|greatest) {t.x}(?|) {t}",
            "(find|show|locate) the row (with|of) the (maximum|highest|peak) {t.x} {t}",
            "where does {t.x} (peak|reach its maximum|top out)(?|) {t}",
            "(who|what|which) (holds the record|comes first|leads|is number one) in {t.x}(?|) {t}",
        ),
        {"t": BY_GROUP},
    ),
    Lesson(
        "table_bottom",
        "table.top(data={t}, by={t.x}, n={n}, which=smallest)",
        (
            "(the|show the|give me the|list the|which are the) {n} (rows|entries|records|lots) with the (smallest|lowest|least) {t.x} {t}",
            "(bottom|worst|last) {n} (by|of|in|according to) {t.x} {t}",
            "{n} (smallest|lowest) values of {t.x}(, with their rows|) {t}",
        ),
        {"t": BY_GROUP, "n": Num(2, 6, integer=True)},
    ),
    Lesson(
        "table_sample",
        "table.sample(data={t}, n={n}, {options})",
        (
            "(draw|pick|take|select|give me) {n} (random rows|rows at random|rows randomly) (from|of|out of) {t}",
            "(random|arbitrary) (sample|subset|selection) of {n} rows (from|of) {t}",
            "(choose|pull) {n} (records|entries|lines) by chance {t}",
            "{t} (-|:|) {n} rows at random(, please|)",
        ),
        {"t": BY_GROUP, "n": Num(2, 5, integer=True)},
        (
            Option(
                "seed={s}",
                ("(with|use|using) (the|) seed {s}", "seed (=|of|) {s}"),
                {"s": Num(10, 99, integer=True)},
                0.4,
            ),
        ),
    ),
    Lesson(
        "table_sample_share",
        "table.sample(data={t}, share={p}, {options})",
        (
            "(draw|take|pick|select) {p} of the rows (of {t}|, {t}) at random",
            "random (sample|subset) of {p} of {t}",
            "(split|divide|partition) {t} at random(,|:) {p} (of the rows|of them) (in|for|go to) the (first part|training set|training part)",
            "training (part|set|rows) (of|from) {t}, {p} (of the rows|) at random",
            "df.sample(frac={p}) {t}",
            "slice_sample(prop = {p}) {t}",
            "I need {p} of the (rows|records) of {t}, chosen by chance",
            "(first|larger) part of a random {p} split of {t}",
            "(keep|give me) a random {p} of {t} (to fit with|to train on|)",
            "draw lots for {p} of {t}",
            "{t}: {p} of the lines by lottery",
            "the calibration rows, {p} of {t}, drawn at random",
        ),
        {"t": BY_GROUP, "p": SHARE},
        (SPLIT_SEED,),
        weight=0.4,
    ),
    Lesson(
        "table_sample_rest",
        "table.sample(data={t}, share={p}, part=rest, {options})",
        (
            "(the|give me the) (rest|remaining rows|other part) of a random {p} split of {t}",
            "(the|) rows (left over|that remain|not drawn) when {p} of {t} are drawn at random",
            "test (part|set|rows) (of|from) {t}, the other {p} (being|are) for training",
            "(split|divide) {t} at random, {p} for training; (I want|show|give) the (test rows|others|remaining rows)",
            "draw {p} of {t} at random and (return|show|keep) what is left",
            "the complement of a random {p} sample of {t}",
            "validation rows: everything of {t} but a random {p}",
            "(hold-out|holdout|held-out) rows of {t} after {p} were drawn for the fit",
            "train_test_split of {t}, train_size={p}: the test rows",
            "{t}: {p} go to calibration by lot; list those that do not",
            "which (rows|records) of {t} are not among a random {p}",
            "the second part of the split of {t} ({p} went into the first, at random)",
        ),
        {"t": BY_GROUP, "p": SHARE},
        (SPLIT_SEED,),
        weight=0.4,
    ),
    Lesson(
        "table_drop_duplicates",
        "table.drop_duplicates(data={t})",
        (
            "(remove|drop|delete|throw out) (the|all|any|) (duplicates|duplicate rows|repeated rows|double entries|doublets) (in|from|of) {t}",
            "(deduplicate|dedupe|make unique) {t}",
            "are there (duplicate|repeated|identical) rows in {t}, (drop them|how many)",
            "(how many|count the) duplicate (rows|entries) (are|) in {t}",
            "(each|every) row (only|just) once(, please|) {t}",
        ),
        {"t": CROSSED},
    ),
    Lesson(
        "table_remove_outliers_iqr",
        "table.remove_outliers(data={t}, column={t.x}, method=iqr)",
        (
            "(remove|drop|throw out|clean away|kick out) (the|all|) outliers (in|of|from) {t.x} (by|with|using) (the|) (iqr|interquartile|1.5 iqr|box plot|tukey) (rule|method|fences|criterion) {t}",
            "(iqr|quartile|boxplot) (outlier|) (cleaning|filter|removal) (of|on|for) {t.x} {t}",
            "(clean|filter) {t.x} by (tukey's fences|the quartile rule|the whiskers of a box plot) {t}",
            "(drop|delete) rows (beyond|outside) Q1 - 1.5 IQR and Q3 + 1.5 IQR in {t.x} {t}",
        ),
        {"t": BY_GROUP},
    ),
    Lesson(
        "table_remove_outliers_z",
        "table.remove_outliers(data={t}, column={t.x}, method=zscore, threshold={k})",
        (
            "(remove|drop|throw out|delete) (rows|outliers) (in|of) {t.x} (with|having) (a|an|) (absolute|) z(-|)score (above|over|beyond|greater than) {k} {t}",
            "(z-score|z score|standard score) (outlier|) (cleaning|filter|removal) (of|on|for) {t.x} (with|at) (a threshold of|threshold|cut-off) {k} {t}",
            "(discard|kick out) everything more than {k} (standard deviations|sigma|sd) (away from|off) the mean of {t.x} {t}",
        ),
        {"t": BY_GROUP, "k": Num(1.5, 3.5, 1, choices=("2", "2.5", "3", "1.5", "3.5"))},
    ),
)

MISSING_CELLS = (
    Lesson(
        "table_drop_missing",
        "table.drop_missing(data={t})",
        (
            "(drop|remove|delete|leave out) (the|all|any|) rows with (missing|empty|blank) (cells|values|entries|fields) (in|from) {t}",
            "(complete|fully filled) (cases|rows) only {t}",
            "(get rid of|throw away) incomplete (rows|records|lines) {t}",
            "(listwise deletion|dropna|drop the NaNs) (on|of|in) {t}",
            "{t} (-|:|) (keep only complete rows|without the gaps)",
        ),
        {"t": CROSSED},
    ),
    Lesson(
        "table_drop_missing_column",
        "table.drop_missing(data={t}, columns={t.x})",
        (
            "(drop|remove|delete|leave out) (the|all|) rows (where|in which) {t.x} is (missing|empty|blank|not filled in|null) {t}",
            "(keep|only|keep only) rows (that have|with) (a|some) value (of|in|for) {t.x} {t}",
            "rows without {t.x} (can|should|must) go {t}",
        ),
        {"t": CROSSED},
    ),
    Lesson(
        "table_fill_mean",
        "table.fill_missing(data={t}, columns={t.x}, method=mean)",
        (
            "(fill|replace|impute|patch) (the|) (missing|empty|blank) (values|cells|entries) (in|of) {t.x} (with|by) the (mean|average)( of the column|) {t}",
            "mean imputation (of|for|on) {t.x} {t}",
            "(plug|put) the (average|mean) into the (gaps|holes|blanks) of {t.x} {t}",
        ),
        {"t": BY_GROUP},
    ),
    Lesson(
        "table_fill_median",
        "table.fill_missing(data={t}, columns={t.x}, method=median)",
        (
            "(fill|replace|impute|patch) (the|) (missing|empty|blank) (values|cells|entries) (in|of) {t.x} (with|by) the median( of the column|) {t}",
            "median imputation (of|for|on) {t.x} {t}",
            "(plug|put) the (median|middle value) into the (gaps|holes|blanks) of {t.x} {t}",
        ),
        {"t": BY_GROUP},
    ),
    Lesson(
        "table_fill_mode",
        "table.fill_missing(data={t}, columns={t.g}, method=mode)",
        (
            "(fill|replace|impute|patch) (the|) (missing|empty|blank) (values|cells|entries|words) (in|of) {t.g} (with|by) the (mode|most frequent value|most common entry) {t}",
            "mode imputation (of|for|on) {t.g} {t}",
            "(plug|put) the most (frequent|common) (word|entry|level) into the (gaps|holes|blanks) of {t.g} {t}",
        ),
        {"t": BY_GROUP},
    ),
    Lesson(
        "table_fill_forward",
        "table.fill_missing(data={t}, columns={t.x}, method=forward)",
        (
            "(forward fill|ffill|fill forward|carry forward) {t.x} {t}",
            "(fill|replace) (gaps|missing values|holes) (in|of) {t.x} (with|by) the (value before|previous value|last known value|last observation) {t}",
            "(last observation carried forward|LOCF) (for|on) {t.x} {t}",
        ),
        {"t": BY_GROUP},
    ),
    Lesson(
        "table_fill_constant",
        "table.fill_missing(data={t}, columns={t.x}, method=constant, value={v})",
        (
            "(fill|replace|set) (the|) (missing|empty|blank) (values|cells|entries) (in|of) {t.x} (with|by|to) {v} {t}",
            "(put|write|use) {v} where {t.x} is (missing|empty|blank) {t}",
            "(treat|count) missing {t.x} as {v} {t}",
        ),
        {"t": BY_GROUP, "v": Num(0, 50, 1, choices=("0", "1", "10", "99", "25.5"))},
    ),
)

OVERVIEW = (
    Lesson(
        "table_describe",
        "table.describe(data={t})",
        (
            "(describe|summarise|summarize|profile|give me an overview of) (the|this|) (table|data set|dataset|file|sheet) {t}",
            "(how many|count the) (missing|empty|blank|null) (values|cells|entries) (in each column|per column|are there|by column)(?|) {t}",
            "what is in {t}(, columns, counts and gaps|, please|)",
            "(overview|data quality check|summary) (of|for) {t}",
            "(which columns|what columns) (are there|have gaps|have missing values|contain nulls)(?|) {t}",
            "(what percentage|which share) of (each column|the cells) is missing(?|) {t}",
            "(quick|first) look at {t}",
        ),
        {"t": CROSSED},
    ),
    Lesson(
        "table_count_all",
        "table.count(data={t})",
        (
            "how many (rows|records|entries|lines|observations) (are there|are|does it have|do I have) in {t}",
            "(count|number of) (the|) (rows|records|lines) (in|of) {t}",
            "(size|length|row count) of {t}",
        ),
        {"t": CROSSED},
    ),
    Lesson(
        "table_count_above",
        "table.count(data={t}, where={t.x} > {v})",
        (
            "how many (rows|records|entries|lots) (have|with|show) (a|) {t.x} (above|over|greater than|larger than|exceeding) {v}(?|) {t}",
            "(count|number of) (rows|records|entries) (where|with) {t.x} > {v} {t}",
            "how often (is|was|does) {t.x} (above|over|exceed|beyond) {v}(?|) {t}",
            "(what percentage|which fraction|how much) of {t.x} is (above|over|greater than) {v}(?|) {t}",
        ),
        {"t": BY_GROUP, "v": LIMIT},
    ),
    Lesson(
        "table_count_word",
        "table.count(data={t}, where={t.g} == {w})",
        (
            "how many (rows|records|entries|lots) (have|with|are) {t.g} {w}(?|) {t}",
            "(count|number of) (rows|records|entries) (where|with) {t.g} (is|=) {w} {t}",
            "how often does {w} (occur|appear|come up) in {t.g}(?|) {t}",
        ),
        {"t": BY_GROUP, "w": Cell("t.g")},
    ),
    Lesson(
        "table_value_counts",
        "table.value_counts(data={t}, column={t.g})",
        (
            "how many (of each|rows of each|rows for each) {t.g}( are there|)(?|) {t}",
            "(frequency table|frequencies|tally|value counts|breakdown|counts) (of|for|by) {t.g} {t}",
            "(which|what) {t.g} (is|occurs) (most often|the most common|most frequent|the mode)(?|) {t}",
            "(distinct|unique|different) (values|entries|levels) (of|in) {t.g}(, with counts|, how many|) {t}",
            "(count|tally) the (levels|entries|categories) of {t.g} {t}",
            "how are the rows (spread|distributed) over {t.g}(?|) {t}",
        ),
        {"t": BY_GROUP},
    ),
)

_AGGREGATES = {
    "mean": "(mean|average|avg|mean value)",
    "median": "(median|middle value)",
    "sum": "(sum|total|grand total)",
    "sd": "(standard deviation|sd|st dev|spread)",
    "max": "(maximum|largest value|highest value|max)",
    "min": "(minimum|smallest value|lowest value|min)",
    "range": "(range|difference between largest and smallest|max minus min)",
}
GROUPS = (
    *(
        Lesson(
            f"table_group_{how}",
            f"table.group(data={{t}}, by={{t.g}}, column={{t.x}}, aggregate={how})",
            (
                f"{words} of {{t.x}} (by|per|for each|for every|within each|grouped by|split by|in each) {{t.g}} {{t}}",
                f"(group|aggregate|split) {{t}} by {{t.g}} and (take|give|compute|show) the {words} of {{t.x}}",
                f"(for each|per|for every) {{t.g}}(,|) (what is|give me|compute|show) the {words} of {{t.x}}(?|) {{t}}",
                f"which {{t.g}} has the (highest|largest|greatest|lowest|smallest) {words} of {{t.x}}(?|) {{t}}",
                f"{{t.x}} by {{t.g}}, {words} {{t}}",
                f"(pivot|table) of the {words} {{t.x}} (by|per|against) {{t.g}} {{t}}",
                f"(compare|break down) the {words} of {{t.x}} (across|between|over) the {{t.g}} (levels|groups|) {{t}}",
            ),
            {"t": BY_GROUP},
            weight=1.6 if how == "mean" else 0.6,
        )
        for how, words in _AGGREGATES.items()
    ),
    Lesson(
        "table_group_two",
        "table.group(data={t}, by=[{t.g}, {t.h}], column={t.x}, aggregate=mean)",
        (
            "(mean|average|avg) (of|) {t.x} (by|per|for each combination of|grouped by) {t.g} and {t.h} {t}",
            "(group|split) {t} by {t.g} and {t.h}, (mean|average) of {t.x}",
            "for each {t.g} within each {t.h}(,|) the (average|mean) {t.x} {t}",
        ),
        {"t": CROSSED},
    ),
    Lesson(
        "table_group_count",
        "table.group(data={t}, by=[{t.g}, {t.h}], aggregate=count)",
        (
            "(how many rows|number of rows|counts|row counts) (for each|per|by) combination of {t.g} and {t.h} {t}",
            "(count|tally) (the|) rows by {t.g} and {t.h} {t}",
            "(cross-tabulate|crosstab of|cell counts of) {t.g} and {t.h} {t}",
        ),
        {"t": CROSSED},
    ),
    Lesson(
        "table_pivot",
        "table.pivot(data={t}, rows={t.g}, columns={t.h}, values={t.x}, {options})",
        (
            "(pivot|unstack|spread|reshape to wide) {t}(:|,) {t.g} (down|as rows), {t.h} (across|as columns), {t.x} (inside|in the cells|as values)",
            "(cross table|pivot table|two-way table|matrix) of {t.x} with {t.g} (as rows|down the side) and {t.h} (as columns|across the top) {t}",
            "(make|turn) the long (table|list) (wide|into a wide one), rows {t.g}, columns {t.h}, values {t.x} {t}",
        ),
        {"t": CROSSED},
        (
            Option(
                "aggregate=sum",
                ("(summed|with sums|add up several)", "(totals|sums) in the cells"),
                {},
                0.2,
            ),
            Option("aggregate=median", ("(with|use) medians", "medians in the cells"), {}, 0.15),
        ),
    ),
    Lesson(
        "table_melt",
        "table.melt(data={t}, columns=[{t.x}, {t.y}])",
        (
            "(melt|stack|unpivot|gather) {t.x} and {t.y} (into one column|into long format|) {t}",
            "(make|turn) {t} (long|into long format), stacking {t.x} and {t.y}",
            "(put|bring) {t.x} and {t.y} (under each other|below each other|in one column) {t}",
        ),
        {"t": TWO},
    ),
)

LESSONS: tuple[Lesson, ...] = (
    *ROWS,
    *MISSING_CELLS,
    *OVERVIEW,
    *GROUPS,
)
