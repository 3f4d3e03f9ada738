"""Objections to designs and their analyses: aliases, no estimate of error."""

from __future__ import annotations

from collections.abc import Iterator

from havoc.dsl.executor import Step
from havoc.srs.state import Objection


def aliasing(step: Step) -> Iterator[Objection]:
    """Active effects that are mixed up with others."""
    v = step.result.values
    names, aliases, active = v.get("effect_names"), v.get("aliases"), v.get("active")
    if not isinstance(names, list) or not isinstance(aliases, list) or not isinstance(active, list):
        return
    mixed = [
        f"{n} with {a}"
        for n, a in zip(names, aliases, strict=False)
        if a and a != [] and n in active
    ]
    if mixed:
        told = "; ".join(str(m) for m in mixed[:3])
        yield Objection(
            step.name,
            "aliased effects",
            f"active effects are mixed up: {told}",
            "serious",
            advice=f"active effects are mixed up with others ({told}): this experiment alone cannot tell which it is; "
            "add the fold-over, or runs that separate them",
        )


def no_error(step: Step) -> Iterator[Objection]:
    """Tests of effects without repeated runs."""
    v = step.result.values
    if step.operation in ("doe.effects", "doe.analyse") and v.get("pse") is not None:
        yield Objection(
            step.name,
            "no repeated runs",
            "the error is judged from the small effects",
            "warning",
            advice="the error is judged from the small effects themselves; confirm what "
            "looks active by new runs",
        )
