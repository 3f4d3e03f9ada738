"""What each stage adds: the same requests with one stage, or one habit of a stage, switched off.

The planner's proposals are kept between the variants, so that they differ in nothing else, and cost little.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from havoc.dsl.executor import Execution, Step
from havoc.dsl.grounding.slots import Grounded
from havoc.evaluation.requests import Outcome, outcomes, summarised
from havoc.inference.planner import Plan
from havoc.srs.state import Proposer, Stack
from havoc.tools.operation import get

# name -> what is changed in the stack's configuration
VARIANTS: dict[str, dict[str, Any]] = {
    "all stages": {},
    "without MODE's doubt (never asks back)": {"clarify_below": 0.0},
    "without ARGUE": {"argue": False},
    "without ARBITER's better method": {"replans": 0},
    "without ARBITER's coverage": {"weight_coverage": 0.0},
    "one candidate": {"candidates": 1},
    "without AUDIT": {"audit": False},
}
WRONG_BY = 1.01  # a result that is off by one per cent


class Remembering:
    """A planner that proposes for a request once."""

    def __init__(self, planner: Proposer) -> None:
        self.planner, self.name = planner, planner.name
        self._first: dict[str, dict[str, float]] = {}
        self._plans: dict[tuple[str, int], Plan] = {}

    def first(self, grounded: Grounded) -> dict[str, float]:
        if grounded.text not in self._first:
            self._first[grounded.text] = self.planner.first(grounded)
        return self._first[grounded.text]

    def propose(self, grounded: Grounded, n: int = 4, max_tokens: int = 96) -> Plan:
        key = grounded.text, n
        if key not in self._plans:
            self._plans[key] = self.planner.propose(grounded, n, max_tokens)
        return self._plans[key]


def ablate(
    path: Path, stack: Stack, progress: Callable[[str], None] = lambda message: None
) -> dict[str, dict[str, Any]]:
    """Share right and answered wrong of every variant, and wrong numbers reported with and without AUDIT."""
    kept = replace(stack, planner=Remembering(stack.planner))
    table: dict[str, dict[str, Any]] = {}
    for name, change in VARIANTS.items():
        if name == "without AUDIT":
            continue  # without it there is no draft: it is measured on wrong results below
        found = outcomes(path, replace(kept, config=stack.config.replace(**change)))
        table[name] = _row(found)
        progress(f"{name}: {table[name]['right']} right, {table[name]['answered_wrong']} wrong")
    faulty = replace(kept, execute=lambda *a, **k: wrong(stack.execute(*a, **k)))
    caught = outcomes(path, faulty)
    withheld = sum(o.status == "failed" or "audit not passed" in o.verdict.why for o in caught)
    executed = sum(o.status in ("answered", "failed") for o in caught)
    table["wrong results, caught by AUDIT"] = {
        "requests": executed, "right": withheld, "share": round(withheld / max(1, executed), 4),
        "answered_wrong": executed - withheld, "asked": 0,
    }  # fmt: skip
    return table


def _row(found: list[Outcome]) -> dict[str, Any]:
    figures = summarised(found)
    asked = figures["statuses"].get("needs_clarification", 0)
    kept = ("requests", "right", "share", "answered_wrong", "objected", "amended")
    return {**{k: figures[k] for k in kept}, "asked": asked}


def wrong(execution: Execution) -> Execution:
    """The execution as if each operation had computed one number wrongly: off by one per cent, and audited so."""
    return replace(execution, steps=tuple(_wrong_step(s) for s in execution.steps))


def _wrong_step(step: Step) -> Step:
    values: Mapping[str, Any] = step.result.values
    for key, value in values.items():
        if isinstance(value, float) and value != 0:
            result = replace(step.result, values={**values, key: value * WRONG_BY})
            checks = tuple(get(step.operation).audit(step.arguments, result))
            return replace(step, result=result, checks=checks)
    return step
