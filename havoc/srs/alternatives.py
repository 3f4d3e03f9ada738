"""Which method answers the same question when an objection holds against the one that was used.

A table, not code: (operation, word in the objection's name) -> the better call, with the arguments it keeps.
References: Welch (1951), Games and Howell (1976), Conover (1999) Practical Nonparametric Statistics, Laney (2002),
Montgomery (2013).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from havoc.dsl.ast import Argument, Boolean, List, Program, Statement
from havoc.dsl.executor import Step
from havoc.dsl.formatter import format_program
from havoc.dsl.parser import parse
from havoc.tools.expression import Name
from havoc.tools.operation import operations

_TWO = ("x", "y", "by", "alpha", "alternative")
_GROUPS = ("formula", "data", "groups", "value", "by", "alpha")
_CHART = ("x", "size", "center", "baseline", "phase1", "exclude", "rules", "sigmas")
_FIT = ("formula", "data", "y", "x", "at")
_SPEC = ("x", "lsl", "usl", "spec", "target", "tolerance")
_TOLERANCE = ("x", "coverage", "confidence", "side")


@dataclass(frozen=True)
class Remedy:
    """``operation`` with the arguments named in ``keep`` (renamed by ``rename``) and those in ``set``.

    ``why``: the first words of the paragraph that gives its result, ending where a colon can follow.
    """

    operation: str
    keep: tuple[str, ...]
    why: str
    set: Mapping[str, bool | str] = field(default_factory=dict)
    rename: Mapping[str, str] = field(default_factory=dict)
    differs: str = "The two disagree: rely on this one, which does not need what fails here."


_WELCH = Remedy(
    "stats.t_test_two",
    _TWO,
    "Because the spreads differ, Welch's t test was run as well",
    {"equal_variances": False},
)
_RANKS_TWO = "Because {what}, the rank test of Mann and Whitney was run as well"
_NOT_NORMAL, _OUTLIER = "the data do not look normal", "single values stand out"
_SIGNED = "Because {what}, Wilcoxon's signed-rank test was run as well"
_KRUSKAL = "Because {what}, the rank test of Kruskal and Wallis was run as well"
_SPEARMAN = "Because {what}, the rank correlation of Spearman was computed as well"
_LANEY = "Because the counts vary more than chance, Laney's chart was drawn as well"
_USUAL = "The two disagree: if such variation between samples is usual here rely on this one, else look for its causes."

REMEDIES: dict[tuple[str, str], Remedy] = {
    ("stats.t_test_two", "variance"): _WELCH,
    ("stats.t_test_two", "normal"): Remedy(
        "stats.mann_whitney", _TWO, _RANKS_TWO.format(what=_NOT_NORMAL)
    ),
    ("stats.t_test_two", "outlier"): Remedy(
        "stats.mann_whitney", _TWO, _RANKS_TWO.format(what=_OUTLIER)
    ),
    **{
        ("stats.t_test_one", word): Remedy(
            "stats.wilcoxon",
            ("x", "target", "alpha", "alternative"),
            _SIGNED.format(what=what),
            rename={"target": "median"},
        )
        for word, what in (("normal", _NOT_NORMAL), ("outlier", _OUTLIER))
    },
    **{
        ("stats.t_test_paired", word): Remedy(
            "stats.wilcoxon", ("x", "y", "alpha", "alternative"), _SIGNED.format(what=what)
        )
        for word, what in (("normal", _NOT_NORMAL), ("outlier", _OUTLIER))
    },
    ("stats.anova", "variance"): Remedy(
        "stats.welch_anova", _GROUPS, "Because the spreads differ, Welch's analysis was run as well"
    ),
    **{
        ("stats.anova", word): Remedy(
            "stats.kruskal_wallis", ("groups", "value", "by", "alpha"), _KRUSKAL.format(what=what)
        )
        for word, what in (("normal", _NOT_NORMAL), ("outlier", _OUTLIER))
    },
    ("stats.tukey", "variance"): Remedy(
        "stats.games_howell",
        _GROUPS,
        "Because the spreads differ, Games and Howell's test was run as well",
    ),
    ("stats.variance_two", "normal"): Remedy(
        "stats.equal_variances",
        ("x", "y", "alpha"),
        "Because the F test needs normal data, the test of Brown and Forsythe was run as well",
        rename={"x": "groups", "y": "groups"},
    ),
    **{
        ("stats.correlation", word): Remedy(
            "stats.correlation",
            ("x", "y", "alpha"),
            _SPEARMAN.format(what=what),
            {"method": "spearman"},
        )
        for word, what in (("normal", _NOT_NORMAL), ("outlier", _OUTLIER))
    },
    ("stats.regression", "outlier"): Remedy(
        "stats.robust_regression",
        _FIT,
        "Because single rows pull the line, a robust fit was computed as well",
    ),
    ("spc.p", "binomial variation"): Remedy("spc.laney_p", _CHART, _LANEY, differs=_USUAL),
    ("spc.np", "binomial variation"): Remedy("spc.laney_p", _CHART, _LANEY, differs=_USUAL),
    ("spc.u", "poisson variation"): Remedy("spc.laney_u", _CHART, _LANEY, differs=_USUAL),
    ("quality.capability", "normal"): Remedy(
        "quality.capability_nonnormal",
        _SPEC,
        "Because the data do not look normal, the capability of a transformed scale was computed as well",
    ),
    ("quality.tolerance_interval", "normal"): Remedy(
        "quality.tolerance_nonparametric",
        _TOLERANCE,
        "Because the data do not look normal, the distribution-free interval was computed as well",
    ),
}


def remedy_for(step: Step, objection: str) -> Remedy | None:
    """The better call when an objection (by its name) holds against ``step``, or None."""
    known = operations()
    for (operation, word), remedy in REMEDIES.items():
        if operation != step.operation or word not in objection.casefold():
            continue
        if remedy.set and all(step.arguments.get(k) == v for k, v in remedy.set.items()):
            continue  # it is done so already
        if remedy.operation in known and _can_stand_in(remedy, step):
            return remedy
    return None


def _can_stand_in(remedy: Remedy, step: Step) -> bool:
    """Whether the better call can say what was asked: every argument that carries the data is taken over."""
    takes = operations()[remedy.operation].by_name
    given = {k for k, v in step.arguments.items() if v is not None and v != ()}
    data = {"x", "y", "groups", "value", "by", "formula", "data", "size", "target"} & given
    if remedy.operation.startswith("quality."):
        data -= {"by"}
    carried = {remedy.rename.get(k, k) for k in remedy.keep if k in given}
    needed = {p.name for p in takes.values() if p.required}
    return data <= set(remedy.keep) and needed <= carried | set(remedy.set)


def better_program(program: str, step: Step, remedy: Remedy) -> tuple[str, str] | None:
    """The program with the better method added as its last statement, and that statement's name."""
    tree = parse(program)
    named = dict(zip(tree.names, tree.statements, strict=True))
    if step.name not in named:
        return None
    arguments = _arguments(named[step.name], remedy)
    target = _free_name(tree)
    better = Statement(target, remedy.operation, arguments)
    return format_program(replace(tree, statements=(*tree.statements, better))), target


def _arguments(original: Statement, remedy: Remedy) -> tuple[Argument, ...]:
    takes = operations()[remedy.operation].by_name
    order = [p.name for p in operations()[original.operation].parameters]
    kept: dict[str, Argument] = {}
    for i, a in enumerate(original.arguments):
        name = a.keyword or order[i]
        new = remedy.rename.get(name, name)
        if name not in remedy.keep or new in remedy.set or new not in takes:
            continue
        value = a.value
        if new in kept:  # two samples become the groups of one list
            value = List((kept[new].value, value))
        kept[new] = Argument(value, new)
    for name, given in remedy.set.items():
        kept[name] = Argument(Boolean(given) if isinstance(given, bool) else Name(given), name)
    return tuple(kept.values())


def _free_name(tree: Program) -> str:
    n = len(tree.statements) + 1
    while f"r{n}" in tree.names:
        n += 1
    taken = {int(m[1:]) for m in tree.names if m[0] == "r" and m[1:].isdigit()}
    return f"r{max(taken, default=0) + 1}" if taken else f"r{n}"
