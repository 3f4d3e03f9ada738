"""Questions about parts of a file: each of two subsets, before and after a cleaning, rates by group, two models."""

from __future__ import annotations

from havoc.curriculum.lesson import Cell, Data, Lesson, Num, TableOf, Words
from havoc.curriculum.lessons.data_questions import (
    AMOUNTS,
    FILE,
    NEW,
    WAYS,
    XY,
    XYZ,
    X,
)

_XYG = TableOf({"x": Data(), "y": Data(), "g": Words((2, 4))}, forms=FILE, rows=(18, 26))
_XG01 = TableOf(
    {"x": Data(low=0, high=1, integers=True), "g": Words((2, 5))}, forms=FILE, rows=(14, 22)
)
_PQG = TableOf({**AMOUNTS.columns, "g": Words((2, 5))}, forms=FILE, rows=(12, 18))
_FIGURES = "(mean|average|mean and standard deviation|mean and sd|average and standard deviation|mean and median|median|mean, median and standard deviation)"
_EACH = "(separately|each on its own|one after the other|in turn|respectively|for each of them|)"

SUBSETS = (
    Lesson(
        "question_levels_correlations",
        "table.filter(data={t}, where={t.g} == {w}); stats.correlation(x=r1.{t.x}, y=r1.{t.y});"
        " table.filter(data={t}, where={t.g} == {u}); stats.correlation(x=r3.{t.x}, y=r3.{t.y})",
        (
            f"(Calculate|Compute|Find|Report) the (Pearson|) correlation (coefficient|) (between|of) {{t.x}} and {{t.y}} (for|in|among) {{w}} and (for|in|) {{u}} {_EACH}",
            "(How does|Does) the (correlation|relationship|link) (between|of) {t.x} and {t.y} differ (between|for) {w} and {u}(?|) (r for each|Pearson's r in both|Give both coefficients)",
            "r of {t.x} and {t.y}, once (with|where) {t.g} is {w} and once (with|where) it is {u}",
            "(Is|Are) {t.x} and {t.y} (as strongly|equally) (correlated|related|linked) (in|for|among) {w} as (in|for|among) {u}(?|)",
            "(Split|Separate) the (rows|data|records) by {t.g} ({w}, {u}|into {w} and {u}) and correlate {t.x} with {t.y} (in each part|within each|both times)",
            "{t.x} vs {t.y}: correlation coefficient for the {w} (rows|cases|records|ones|) and another for the {u} (rows|cases|records|ones|)",
            "Report the correlation (of|between) {t.x} and {t.y} separately for {t.g} {w} and {t.g} {u}",
        ),
        {"t": _XYG, "w": Cell("t.g"), "u": Cell("t.g")},
        weight=0.5,
    ),
    Lesson(
        "question_levels_describe",
        "table.filter(data={t}, where={t.g} == {w}); stats.describe(x=r1.{t.x});"
        " table.filter(data={t}, where={t.g} == {u}); stats.describe(x=r3.{t.x})",
        (
            f"(Calculate|Compute|Report|Give) the {_FIGURES} (of|for) {{t.x}} (for|of|in) {{w}} and (for|of|in|) {{u}} {_EACH}",
            f"{_FIGURES} of {{t.x}}: {{w}} (versus|against|and) {{u}}",
            "(How do|Compare how) {w} and {u} (differ|compare) in {t.x}(?|) (just|only) the (summary|descriptive) (statistics|figures) of each, no test",
            "Summarise {t.x} twice: once for {t.g} {w}, once for {t.g} {u}",
            "what is the (typical|average) {t.x} of {w}, and what of {u}(?|)",
        ),
        {"t": _XYG, "w": Cell("t.g"), "u": Cell("t.g")},
        weight=0.4,
    ),
    Lesson(
        "question_group_rate",
        "table.group(data={t}, by={t.g}, column={t.x}, aggregate=mean)",
        (
            "(What is|What's|Calculate|Compute|Report|Find) the {t.x} (rate|share|percentage|proportion|ratio) (by|per|for each|in each|of each|within each) {t.g}(?|)",
            "(Which|What) {t.g} has the (highest|lowest|largest|smallest|best|worst) {t.x} (rate|share|percentage|proportion)(?|)",
            "{t.x} rate (by|per) {t.g}",
            "what (share|fraction|proportion|percentage) of (each|every) {t.g} is {t.x}(?|) (it is coded 0/1|1 means yes|)",
            "(How|In what way) does the (rate|share) of {t.x} (vary|change|differ) (across|over|between) {t.g}(s|)(?|) no test needed",
            "share of ones in {t.x}, {t.g} by {t.g}",
        ),
        {"t": _XG01},
        weight=0.6,
    ),
    Lesson(
        "question_count_bounds",
        "table.count(data={t}, where={t.x} > {v} and {t.y} < {u})",
        (
            "(How many|Count the|Number of) (rows|records|cases|days|people|items) (with|have|having|where) {t.x} (above|over|of more than|greater than) {v} and {t.y} (below|under|of less than|smaller than) {u}(?|)",
            "(rows|records|days|cases) with {t.x} (above|over|more than) {v} and {t.y} (below|under|less than) {u}: how many(?|)",
            "{t.x} > {v} and {t.y} < {u} - (count|how many times|how often)(?|)",
            "(What percentage|What share) of the (rows|records|cases|days) has {t.x} over {v} while {t.y} is under {u}(?|)",
        ),
        {"t": XY, "v": Num(5, 50, 1), "u": Num(50, 95, 1)},
        weight=0.4,
    ),
    Lesson(
        "question_count_cell_above",
        "table.count(data={t}, where={t.g} == {w} and {t.x} > {v})",
        (
            "(How many|Count the|Number of) (rows|records|cases|people|items|jobs) (of|in|from|with|on) {t.g} {w} (have|with|and|having) {t.x} (above|over|of more than|greater than) {v}(?|)",
            "(How many|Number of) {w} (rows|records|cases|) (with|have) {t.x} (over|above) {v}(?|)",
            "Find the number of (records|jobs|cases|people) with more than {v} {t.x} (on|in|at|for) {t.g} {w}",
            "{w}, {t.x} over {v}: (count|how many)(?|)",
        ),
        {"t": _XYG, "w": Cell("t.g"), "v": Num(5, 50, 1)},
        weight=0.4,
    ),
    Lesson(
        "question_two_conditions_describe",
        "table.filter(data={t}, where={t.g} == {w} and {t.x} > {v}); stats.describe(x=r1.{t.y})",
        (
            f"(What is|Calculate|Compute|Report) the {_FIGURES} (of|) {{t.y}} (of|for|among|in) {{w}} (rows|records|cases|ones|) with {{t.x}} (above|over|of more than|greater than) {{v}}(?|)",
            f"(Among|For|Of|Considering only) {{w}} (with|whose|where) {{t.x}} (is|) (above|over|more than) {{v}}, {_FIGURES} {{t.y}}(?|)",
            f"(Use|Keep|Take) only (rows|records) (where|with) {{t.g}} (is|=|equals) {{w}} and {{t.x}} (exceeds|is above|>) {{v}}. (Then|Next|After that), (report|compute|give) the {_FIGURES} of {{t.y}}",
            f"{_FIGURES} {{t.y}}, {{t.g}} {{w}} and {{t.x}} over {{v}} only",
        ),
        {"t": _XYG, "w": Cell("t.g"), "v": Num(5, 40, 1)},
        weight=0.5,
    ),
)
CLEANED = tuple(
    Lesson(
        f"question_before_and_after_{name}",
        f"stats.describe(x={{t.x}}); {step}; stats.describe(x=r2.{{t.x}})",
        (
            f"(Calculate|Compute|Report|Give) the {_FIGURES} of {{t.x}} before and after {doing}",
            f"{_FIGURES} of {{t.x}} (with|as it is), then {doing}, and the same again",
            f"(How much|In what way) (does|do) {doing} change the {_FIGURES} of {{t.x}}(?|) (Show|Give|Report) both",
            f"Report the {_FIGURES} of {{t.x}}. (Then|Next|After that) (try|do it by|go on with) {doing} and report (it|them) (again|anew|once more)",
        ),
        {"t": X},
        weight=0.3,
    )
    for name, step, doing in (
        (
            "outliers_iqr",
            "table.remove_outliers(data={t}, column={t.x}, method=iqr)",
            "(removing|dropping|excluding) (the|its|all) outliers (by|with|using) the (IQR|interquartile range) (rule|method)",
        ),
        (
            "outliers_z",
            "table.remove_outliers(data={t}, column={t.x}, method=zscore)",
            "(removing|dropping|excluding) (the|its|all) outliers (by|with|using) (the|) (z-score|Z-score) (method|rule)",
        ),
        (
            "filling_mean",
            "table.fill_missing(data={t}, columns={t.x}, method=mean)",
            "(filling|replacing|imputing) (the|its|all) (missing|empty|NaN) (values|cells) (by|with) the (mean|average)",
        ),
        (
            "filling_median",
            "table.fill_missing(data={t}, columns={t.x}, method=median)",
            "(filling|replacing|imputing) (the|its|all) (missing|empty|NaN) (values|cells) (by|with) the median",
        ),
    )
)
FILLED = tuple(
    Lesson(
        f"question_filled_{method}_then_describe",
        f"table.fill_missing(data={{t}}, columns={{t.x}}, method={method}); stats.describe(x=r1.{{t.x}})",
        (
            f"(Fill|Replace|Impute) (the|any|all|) (missing|empty|null|NaN) (values|cells|entries|) (of|in) {{t.x}} (with|by) the {said} (of the column|of that column|). (Then|Next|After that|Afterwards), (compute|calculate|report|give) the {_FIGURES} (of {{t.x}}|of the column|after imputation|of the imputed column|)",
            f"(Fill|Impute) missing {{t.x}} (values|) with the {said} (of the column|), then {_FIGURES} {{t.x}} (after imputation|after the filling|)",
            f"{_FIGURES} of {{t.x}} once the (gaps|blanks|missing cells) (are|have been) (filled|imputed) (with|by) the {said}",
            f"(Handle|Treat) (the|) missing (values|data) in {{t.x}} by {said} imputation and (report|give|calculate) the new {_FIGURES}",
        ),
        {"t": X},
        weight=0.3,
    )
    for method, said in (("mean", "(mean|average)"), ("median", "median"), ("mode", "(mode|most frequent value|most common value)"))
)  # fmt: skip
MODELS = (
    Lesson(
        "question_two_models",
        "stats.regression(y={t.y}, x={t.x}); stats.regression(y={t.y}, x=[{t.x}, {t.z}])",
        (
            "(Compare|Report|Give) the (R2|R-squared|fit) of a (model|linear regression|regression) of {t.y} (with|on) (only|just) {t.x} and of one (with|on) {t.x} and {t.z}",
            "(Does|Would) adding {t.z} (improve|help|raise) the (prediction|model|R-squared|R2|fit) of {t.y} (from|on|by) {t.x}(?|)",
            "(Fit|Build) two linear models (for|of|to predict) {t.y}: (one|the first) (with|from|on) {t.x} (only|alone|), (the other|the second|one) (with|from|on) {t.x} and {t.z}. (Compare|Report) (them|R2|their R-squared)",
            "{t.y} ~ {t.x} against {t.y} ~ {t.x} + {t.z}: (which fits better|R2 of both|compare)(?|)",
            "regression of {t.y} on {t.x}, then with {t.z} (as well|added|besides): how much (better|more is explained)(?|)",
        ),
        {"t": XYZ},
        weight=0.4,
    ),
)
NEW_BY_GROUP = tuple(
    Lesson(
        f"question_new_{name}_by_group",
        f"table.derive(data={{t}}, {{n}}={formula}); table.group(data=r1, by=r1.{{t.g}}, column=r1.{{n}}, aggregate=mean)",
        (
            f"(Create|Add|Make|Generate) a (new|) (column|feature|variable) (called|named|) {{n}} (by|as|=|which is) {ways}. (Which|What) {{t.g}} has the (highest|lowest|largest|smallest) (mean|average) {{n}}(?|)",
            f"(Create|Add|Compute) {{n}} (as|by|from|=) {ways}(.|;|,) (Then|then|) (report|give|calculate) the (mean|average) {{n}} (for|of|by|per) each {{t.g}}",
            f"(mean|average) {{n}} (by|per|for every) {{t.g}}, where {{n}} is {ways}",
            f"With {{n}} being {ways}, how does its (mean|average) (differ|vary) (over|across|by) {{t.g}}(?|)",
        ),
        {"t": _PQG, "n": NEW},
        weight=0.35,
    )
    for name, formula, ways in WAYS
    if name in ("sum", "difference", "product", "ratio")
)

LESSONS: tuple[Lesson, ...] = (*SUBSETS, *CLEANED, *FILLED, *MODELS, *NEW_BY_GROUP)
