"""ARGUE: what speaks against each result: assumptions that fail, and what an expert would object to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from havoc.dsl.executor import Step
from havoc.srs.alternatives import remedy_for
from havoc.srs.objections import OBJECTORS, multiplicity
from havoc.srs.objections.data import MEAN_BASED
from havoc.srs.samples import samples
from havoc.srs.state import Objection, Run, Stack, State

ENOUGH = 30  # values from which the mean is near normal whatever the values are (Montgomery 2013)
# first word of an objection -> words of an operation's own warning that say the same
_SAME = {
    "outlier": ("outl", "far from"),
    "extrapolation": ("extrapol",),
    "dependent": ("autocorrel", "alike"),
    "many": ("degrees of freedom",),
    "collinear": ("inflation", "collinear"),
    "no": ("no pure error", "repeated"),
    "rare": ("lower limit",),
}
_ORDER = {"serious": 0, "warning": 1, "note": 2}


def run(state: State, stack: Stack) -> State:
    """Raise the objections to each executed run."""
    objections = [o for r in state.runs if r.execution is not None for o in objections_to(r)]
    return replace(state, objections=tuple(objections))


def objections_to(run: Run) -> list[Objection]:
    """What speaks against a run's results, most serious first; each with the better method, if one is known."""
    assert run.execution is not None
    steps = run.execution.steps
    found = [o for step in steps for o in (*_assumptions(step), *_expert(step), *_warnings(step))]
    found += multiplicity(steps)
    return sorted(found, key=lambda o: _ORDER[o.severity])


def _assumptions(step: Step) -> Iterator[Objection]:
    for a in step.result.assumptions:
        if a.met is None:
            yield Objection(step.name, a.name, a.detail, "note")
        elif not a.met:
            yield _with_remedy(Objection(step.name, a.name, a.detail, "warning"), step)


def _expert(step: Step) -> Iterator[Objection]:
    said = " ".join(step.result.warnings).casefold()
    for objector in OBJECTORS:
        for objection in objector(step):
            told = any(w in said for w in _SAME.get(objection.name.split()[0], ()))
            objection = replace(objection, advice="" if told else objection.advice)
            yield _with_remedy(objection, step)


def _warnings(step: Step) -> Iterator[Objection]:
    return (Objection(step.name, "warning", w, "warning") for w in step.result.warnings)


def _with_remedy(objection: Objection, step: Step) -> Objection:
    """The objection with the better method; serious then, unless the sample bears it."""
    remedy = remedy_for(step, objection.name)
    if remedy is None or _bearable(objection, step):
        return objection
    return replace(objection, severity="serious", remedy=remedy.operation)


def _bearable(objection: Objection, step: Step) -> bool:
    """Tests on means of many values bear values that are not normal."""
    if "normal" not in objection.name or step.operation not in MEAN_BASED:
        return False
    if not step.operation.startswith(("stats.t_test", "stats.anova", "stats.tukey")):
        return False
    sizes = [len(s) for s in samples(step)]
    return bool(sizes) and min(sizes) >= ENOUGH
