"""A test that a question names, of a measured column between groups: ``Welch test of rents in A and B``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import COLUMN, NUMBER
from havoc.dsl.labels import labels_of
from havoc.dsl.methods import named_methods
from havoc.srs.questions.builder import Program
from havoc.srs.questions.groups import Groups
from havoc.srs.questions.words import Reading

# By the operation, its inputs for what is measured and for the groups.
_OF_GROUPS: Mapping[str, tuple[str, str]] = {
    "stats.t_test_two": ("<p:x>", "<p:by>"),
    "stats.mann_whitney": ("<p:x>", "<p:by>"),
    "stats.kruskal_wallis": ("<p:value>", "<p:by>"),
    "stats.anova": ("<p:value>", "<p:by>"),
    "stats.welch_anova": ("<p:value>", "<p:by>"),
    "stats.equal_variances": ("<p:value>", "<p:by>"),
    "stats.tukey": ("<p:value>", "<p:by>"),
}
_OF_TWO = ("stats.t_test_two", "stats.mann_whitney")
_METHODS = {
    "shapiro": "shapiro_wilk",
    "anderson": "anderson_darling",
    "levene": "levene",
    "bartlett": "bartlett",
}
_PARTS = (  # a test by words that stand for it and stand apart
    ({"welch", "test"}, "stats.t_test_two"),
    ({"unpaired", "test"}, "stats.t_test_two"),
    ({"mann", "whitney"}, "stats.mann_whitney"),
    ({"kruskal", "wallis"}, "stats.kruskal_wallis"),
    ({"anova"}, "stats.anova"),
    ({"levene"}, "stats.equal_variances"),
    ({"bartlett"}, "stats.equal_variances"),
    ({"tukey"}, "stats.tukey"),
    ({"shapiro"}, "stats.normality"),
    ({"anderson", "darling"}, "stats.normality"),
)
_SIDED = {"less": frozenset("lower less smaller fewer shorter".split()),
          "greater": frozenset("higher greater larger more longer".split())}  # fmt: skip
# Words of tests that need no place of their own.
SPOKEN = frozenset(
    """test tests testing tested hypothesis null significance significant significantly level p whether different
    differ differs difference differences effect normal normally distributed normality anova welch levene tukey hsd
    variance variances t mann whitney kruskal wallis shapiro wilk bartlett reject transformed transform
    independent alpha equal unequal assume assuming if influence depend depends run""".split()
)


def named_test(reading: Reading) -> str | None:
    """The one test that the words name; None where they name none, or more."""
    words = set(reading.words)
    found = {operation for said, operation in _PARTS if said <= words}
    if "t" in words and "test" in words and "paired" not in words and "one" not in words:
        found |= {"stats.t_test_two"} & (
            named_methods(reading.grounded.text) | {"stats.t_test_two"}
        )
    if "two" in words and "way" in words:
        return None
    return found.pop() if len(found) == 1 else None


def write_test(
    reading: Reading,
    program: Program,
    groups: Groups,
    operation: str,
    measured: Sequence[str],
    figures: Sequence[str],
) -> bool:
    """Write the test of one measured column, between the groups of one column where it is one of groups."""
    if len(measured) != 1 or groups.part or groups.first:
        return False
    options = _level(reading)
    if options is None:
        return False
    words = set(reading.words)
    methods = [m for word, m in _METHODS.items() if word in words]
    if operation in ("stats.normality", "stats.equal_variances"):
        options = [*options, *(f"<p:method={m}>" for m in methods[:1])]
    if operation == "stats.normality":
        if groups.columns or len(methods) > 1:
            return False
        program.call("<op:stats.normality>", "<p:x>", *program.column(measured[0]), *options)
        if figures:
            program.call("<op:stats.describe>", "<p:x>", *program.column(measured[0]))
        return True
    if len(groups.columns) != 1 or "summary" in figures:
        return False
    two = len(groups.only) == 2 or len(reading.levels(groups.columns[0])) == 2
    if (operation in _OF_TWO) != two and operation in _OF_TWO:
        return False
    for figure in figures:
        if figure != "var":  # which is what is compared
            program.group(groups, measured[0], figure)
    value, by = _OF_GROUPS[operation]
    column = program.column(groups.columns[0])
    column = [v.OPEN, *column, v.CLOSE] if operation in ("stats.anova", "stats.tukey") else column
    if operation == "stats.t_test_two" and ("pooled" in words or {"assume", "equal"} <= words):
        options = [*options, "<p:equal_variances=true>"]
    if operation in _OF_TWO and {"sided", "tailed"} & words and {"one", "1"} & words:
        return False  # which of the two is the first is not for sure
    program.call(f"<op:{operation}>", value, *program.column(measured[0]), by, *column, *options)
    return True


def _level(reading: Reading) -> list[str] | None:
    """The level of significance, where the words give one; None where a number is something else."""
    labels = labels_of(reading.grounded)
    found: list[str] = []
    for at, word in enumerate(reading.words):
        if not reading.open(at, NUMBER):
            continue
        value = reading.slot(word).value
        share = float(value.exact) / (100 if value.unit == "%" else 1)
        level = {"level", "significance", "alpha", "p", "at", "test"} & set(
            reading.words[max(0, at - 4) : at + 3]
        )
        if "alpha" not in labels.get(word, ()) and not (level and 0 < share <= 0.2):
            return None
        reading.mark("level", at, *([at - 1] if reading.words[at - 1] == "=" else []))
        found.append(word)
    shares = {str(reading.slot(w).value.exact) for w in found}
    if len(shares) > 1:
        return None
    return ["<p:alpha>", found[0]] if found else []


_REGRESSION = re.compile(
    r"\b(?:regress|regression of|fit|fitting) (?P<y><c\d+>) (?:on|onto|against|versus|vs|over|with) "
    r"(?P<x><c\d+>(?:(?: ,| and| , and) <c\d+>)*)(?= |$)"
)
_OTHER_MODELS = frozenset(
    """logistic polynomial quadratic cubic robust ridge stepwise split train predict prediction interaction poisson
    exponential nonlinear weighted""".split()
)
_OF_MODEL = frozenset(
    """regress regression fit fitting linear model slope slopes intercept coefficient coefficients r residual standard
    error squared""".split()
)


def said_regression(reading: Reading) -> tuple[str, tuple[str, ...]] | None:
    """The response and predictors of a straight line that the words ask for, its words marked."""
    words = reading.words
    found = _REGRESSION.search(" ".join(words))
    if found is None or _OTHER_MODELS & set(words):
        return None
    response, predictors = found["y"], tuple(dict.fromkeys(COLUMN.findall(found["x"])))
    if response in predictors:
        return None
    said = {response, *predictors, *_OF_MODEL}
    reading.mark("model", *(i for i, w in enumerate(words) if w in said and not reading.roles[i]))
    return response, predictors


def write_regression(program: Program, model: tuple[str, tuple[str, ...]]) -> None:
    """Write the regression of a response on its predictors."""
    response, predictors = model
    x = [t for p in predictors for t in program.column(p)]
    x = x if len(predictors) == 1 else [v.OPEN, *x, v.CLOSE]
    program.call("<op:stats.regression>", "<p:y>", *program.column(response), "<p:x>", *x)
