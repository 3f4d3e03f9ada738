"""What a result says in plain words, how to read it, what to do next: rules as data, one module a family.

A rule names the operations it is for, a text with ``{key}`` places for the result's own numbers, and the condition
under which it is said. A test holds that every operation that decides something has both kinds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from havoc.dsl.executor import Step
from havoc.srs.guidance import doe, maths, quality, spc, stats, tests
from havoc.srs.guidance.rule import Rule

_MODULES = (doe, spc, quality, tests, stats, maths)
READ: tuple[Rule, ...] = tuple(r for m in _MODULES for r in m.READ)
NEXT: tuple[Rule, ...] = tuple(r for m in _MODULES for r in m.NEXT)

# where an operation has no rule of its own, or none of them applies
ANY_READ = (
    Rule(
        "doe.*",
        "The table is the design as it is to be run; its quality is in the quantities above it.",
    ),
    Rule("spc.*", "Limits describe what the process does by itself, not what is wanted of it."),
    Rule(
        "quality.*",
        "The numbers hold for the process, the gage or the lots that the data came from.",
    ),
    Rule(
        "stats.*",
        "The numbers hold for the population that the data were drawn from, and under the "
        "assumptions.",
    ),
)
ANY_NEXT = (
    Rule(
        "doe.*", "Run the experiment in the order given, and attach the responses for the analysis."
    ),
    Rule("spc.*", "Look for the causes of what signals, and go on charting."),
    Rule("quality.*", "Confirm on new data before relying on the number."),
    Rule("stats.*", "Plot the data beside the number before acting on it."),
)
VERDICT: tuple[Rule, ...] = (*spc.VERDICT, *quality.VERDICT)


def verdict(step: Step) -> str:
    """The result in plain words, before the operation's own sentence; where that says it already, nothing."""
    return next(_said(VERDICT, step), "")


def reading(step: Step) -> list[str]:
    """How to read the step's numbers: sentences with ``{key}`` places."""
    return list(_said(READ, step)) or list(_said(ANY_READ, step))


def advice(step: Step) -> list[str]:
    """What to do next, most useful first."""
    return list(_said(NEXT, step)) or list(_said(ANY_NEXT, step))


def _said(rules: Sequence[Rule], step: Step) -> Iterator[str]:
    for rule in rules:
        if any(fnmatchcase(step.operation, p) for p in rule.operations.split()) and rule.applies(
            step.result.values, step.arguments
        ):
            yield rule.text
