"""Which method answers the same question when an assumption does not hold.

A table, not code: (operation, word in the assumption's name) -> the better call, with the arguments it keeps.
References: Welch (1951), Conover (1999) Practical Nonparametric Statistics, Montgomery (2013) chapter 3.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from havoc.dsl.ast import Argument, Boolean, Statement
from havoc.dsl.executor import Step
from havoc.dsl.parser import parse
from havoc.tools.expression import Name
from havoc.tools.operation import operations


@dataclass(frozen=True)
class Remedy:
    """``operation`` with the arguments named in ``keep`` and those in ``set`` in place of the original's."""

    operation: str
    keep: tuple[str, ...] = ()
    set: dict[str, object] = field(default_factory=dict)


REMEDIES: dict[tuple[str, str], Remedy] = {
    ("stats.t_test_two", "variance"): Remedy(
        "stats.t_test_two", ("x", "y", "group", "alpha", "alternative"), {"equal_variances": False}
    ),
    ("stats.t_test_two", "normal"): Remedy(
        "stats.mann_whitney", ("x", "y", "group", "alpha", "alternative")
    ),
    ("stats.t_test_one", "normal"): Remedy(
        "stats.wilcoxon", ("x", "target", "alpha", "alternative")
    ),
    ("stats.t_test_paired", "normal"): Remedy("stats.wilcoxon", ("x", "y", "alpha", "alternative")),
    ("stats.anova", "variance"): Remedy("stats.welch_anova", ("groups", "value", "by", "alpha")),
    ("stats.anova", "normal"): Remedy("stats.kruskal_wallis", ("groups", "value", "by", "alpha")),
    ("stats.correlation", "normal"): Remedy(
        "stats.correlation", ("x", "y", "alpha"), {"method": "spearman"}
    ),
    ("stats.chi_square_independence", "expected"): Remedy("stats.fisher_exact", ("counts",)),
}


def remedy_for(step: Step, assumption: str) -> str | None:
    """The better operation when ``assumption`` of ``step`` does not hold, or None."""
    found = _find(step, assumption)
    return found.operation if found else None


def _find(step: Step, assumption: str) -> Remedy | None:
    known = operations()
    for (operation, word), remedy in REMEDIES.items():
        if (
            operation != step.operation
            or word not in assumption.casefold()
            or remedy.operation not in known
        ):
            continue
        if any(_same(step.arguments.get(k), v) for k, v in remedy.set.items()):
            continue  # it is done so already
        taken = known[remedy.operation].by_name
        given = {k for k in step.arguments if step.arguments[k] is not None}
        needed = {p.name for p in known[remedy.operation].parameters if p.required}
        if needed <= (given | set(remedy.set)) and not (
            {"x", "y", "groups", "value", "by", "formula"} & given - set(taken)
        ):
            return remedy
    return None


def _same(a: object, b: object) -> bool:
    return a == b


def better_program(program: str, step: Step, assumption: str) -> str | None:
    """The program with the better method added behind the step it amends, or None."""
    from havoc.dsl.formatter import format_program

    remedy = _find(step, assumption)
    if remedy is None:
        return None
    tree = parse(program)
    position = next(
        i for i, s in enumerate(tree.statements) if (s.target or tree.names[i]) == step.name
    )
    original = tree.statements[position]
    takes = operations()[remedy.operation].by_name
    kept = tuple(
        a
        for a in original.arguments
        if a.keyword in remedy.keep and a.keyword in takes and a.keyword not in remedy.set
    )
    added = tuple(
        Argument(Boolean(v) if isinstance(v, bool) else Name(str(v)), k)
        for k, v in remedy.set.items()
    )
    target = f"r{len([s for s in tree.statements if '.' in s.operation]) + 1}"
    better = Statement(target, remedy.operation, (*kept, *added))
    statements = (*tree.statements, better)
    return format_program(type(tree)(statements, tree.below))
