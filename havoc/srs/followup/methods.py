"""Another method for the same data, by its name: "use Games-Howell instead", "try a rank test"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from havoc.dsl.ast import Argument, Program, Statement
from havoc.errors import InputError
from havoc.srs.followup import program as change
from havoc.tools.operation import Kind, operations

_SWITCH = re.compile(
    r"\b(?:instead|use|using|try|switch to|rather|redo (?:it )?(?:with|as)|do (?:it )?with)\b",
    re.IGNORECASE,
)
# operations that answer one question of the same arguments -> how people call them
_SETS: tuple[dict[str, str], ...] = (
    {
        "stats.anova": r"anova|analysis of variance|f[- ]test",
        "stats.welch_anova": r"welch(?:'s)?",
        "stats.kruskal_wallis": r"kruskal|rank test|rank anova|non-?parametric",
        "stats.tukey": r"tukey|hsd",
        "stats.games_howell": r"games",
        "stats.dunnett": r"dunnett",
        "stats.equal_variances": r"levene|brown|bartlett|equal(?:ity of)? variances?",
    },
    {
        "stats.t_test_two": r"t[- ]test|student",
        "stats.mann_whitney": r"mann|rank[- ]?sum|rank test|u[- ]test|non-?parametric",
        "stats.permutation_test": r"permutation|randomi[sz]ation test",
        "stats.variance_two": r"f[- ]test|variance test",
    },
    {
        "stats.t_test_paired": r"paired t|t[- ]test",
        "stats.wilcoxon": r"wilcoxon|signed[- ]rank|rank test|non-?parametric",
        "stats.sign_test": r"sign test",
    },
    {
        "stats.t_test_one": r"t[- ]test|student",
        "stats.wilcoxon": r"wilcoxon|signed[- ]rank|rank test|non-?parametric",
        "stats.sign_test": r"sign test",
    },
    {"spc.p": r"p[- ]chart", "spc.np": r"np[- ]chart", "spc.laney_p": r"laney"},
    {"spc.u": r"u[- ]chart", "spc.laney_u": r"laney"},
    {"spc.xbar_r": r"range chart|ranges|x-?bar.{0,12}\br\b", "spc.xbar_s": r"x-?bar.{0,12}\bs\b|standard deviations?"},
    {
        "spc.i_mr": r"individuals|i-?mr|shewhart",
        "spc.ewma": r"ewma|exponentially weighted",
        "spc.cusum": r"cu-?sum|cumulative sum",
        "spc.moving_average": r"moving average",
    },
    {"stats.regression": r"least squares|ols|ordinary", "stats.robust_regression": r"robust|huber"},
    {"quality.capability": r"normal capability", "quality.capability_nonnormal": r"non-?normal|box-?cox|weibull"},
)  # fmt: skip
_RENAMED = {("stats.t_test_one", "target"): "median", ("stats.wilcoxon", "median"): "target"}
_ALIKE = ({Kind.SAMPLE, Kind.SAMPLES}, *({k} for k in Kind))
_BONFERRONI = re.compile(r"\b(?:bonferroni|holm|hochberg|sidak|šid[aá]k)\b", re.IGNORECASE)
_FAMILIES = ("stats.tukey", "stats.games_howell", "stats.dunnett")


def other_method(text: str, program: Program) -> tuple[Program, str, str] | None:
    """The program with its last call by another method, what of the text said so, and in words which.

    Raises
    ------
    InputError
        The method is known, and does not do what the last call does.
    """
    if not _SWITCH.search(text):
        return None
    lacking = ""
    for at, statement, operation in change.calls(program):
        for name, said in _named(text, operation.name):
            changed = _replaced(program, at, statement, name)
            if not isinstance(changed, str):
                return changed, said, operations()[name].summary
            lacking = lacking or changed
        _refuse_adjustment(text, operation.name)
    if lacking:
        raise InputError(lacking)
    return None


def _named(text: str, operation: str) -> Iterator[tuple[str, str]]:
    """Operations that can stand for this one and that the text names, with the words that do."""
    for known in _SETS:
        for name, words in known.items() if operation in known else ():
            match = re.search(rf"(?<![\w-])(?:{words})(?![\w])", text, re.IGNORECASE)
            if match and name != operation:
                yield name, match.group()


def _refuse_adjustment(text: str, operation: str) -> None:
    """Bonferroni and its kind adjust p values, which a test of all groups has none of."""
    asked = _BONFERRONI.search(text)
    if asked and operation in _FAMILIES:
        raise InputError(
            f"'{operation}' pays for the number of comparisons already, with no need of "
            f"{asked.group().capitalize()}; that adjusts a list of p values "
            "(stats.adjust_p_values): give the p values to adjust"
        )
    if asked and operation in ("stats.anova", "stats.welch_anova"):
        raise InputError(
            f"'{operation}' is one test, there is nothing to adjust; to compare the groups in pairs "
            "with the number of comparisons paid for, ask for Tukey or Games-Howell"
        )


def _replaced(program: Program, at: int, statement: Statement, name: str) -> Program | str:
    """The statement as a call of ``name`` with every argument that this one takes too; else what it lacks."""
    old = operations()[statement.operation]
    new = operations()[name]
    kept: list[Argument] = []
    for parameter, argument in change.by_name(statement, old).items():
        here = _RENAMED.get((old.name, parameter), parameter)
        there = here if here in new.by_name else parameter
        takes = new.by_name.get(there)
        if takes is not None and {takes.kind, old.by_name[parameter].kind} in _ALIKE:
            kept.append(Argument(argument.value, there))
    missing = [
        p.name for p in new.parameters if p.required and p.name not in {a.keyword for a in kept}
    ]
    if missing:
        return f"'{name}' also needs {', '.join(missing)}: give it with the request"
    changed = Statement(statement.target, name, tuple(kept))
    statements = (*program.statements[:at], changed, *program.statements[at + 1 :])
    return replace(program, statements=statements)
