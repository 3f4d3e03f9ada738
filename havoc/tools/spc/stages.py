"""Stages with limits of their own, limits set by the user, and the reasons for leaving points out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from havoc.errors import InputError
from havoc.tools.operation import Param
from havoc.tools.result import ResultTable, Value, table_of
from havoc.tools.values import FloatArray, Range

if TYPE_CHECKING:
    from havoc.tools.spc.charting import Draw, Drawing, Keep, Panel

Stages = Annotated[
    tuple[float, ...],
    Param("first point of each new stage (process change), whose limits are set anew", ge=2),
]
Reasons = Annotated[
    str | None, Param("why the points are left out (assignable causes), in their order, with ;")
]
ControlLimits = Annotated[
    Range | None,
    Param("control limits set by the user, such as 9.2..10.8, instead of computed ones"),
]
NO_LIMITS: Range | None = None


@dataclass(frozen=True)
class Arrangement:
    """What was said of stages, frozen limits and reasons."""

    stages: tuple[float, ...] = ()
    reasons: str | None = None
    limits: Range | None = None

    def starts(self, n: int) -> list[int]:
        """First index of each stage, the first stage included.

        Raises
        ------
        InputError
            A stage that starts outside the points, or before the one written earlier.
        """
        starts = [1, *(int(s) for s in self.stages)]
        for before, s in zip(starts, self.stages, strict=False):
            if s != int(s) or s > n or int(s) <= before:
                raise InputError(
                    f"stages={', '.join(f'{v:g}' for v in self.stages)}: first points of new "
                    f"stages are needed, rising, from 2 to {n}"
                )
        return [s - 1 for s in starts]

    def parts(self, n: int) -> list[tuple[int, int]]:
        starts = self.starts(n)
        return list(zip(starts, [*starts[1:], n], strict=True))

    def reason_of(self, exclude: Sequence[float]) -> list[str]:
        """The reason of each point left out; one reason may stand for all."""
        if self.reasons is None:
            return ["not given"] * len(exclude)
        if not exclude:
            raise InputError("reasons are given, but no point is left out (exclude=[...])")
        parts = [p.strip() for p in self.reasons.split(";")]
        if len(parts) == 1:
            return parts * len(exclude)
        if len(parts) != len(exclude):
            raise InputError(
                f"{len(exclude)} points are left out, but {len(parts)} reasons are given (with ;)"
            )
        return parts


NO_ARRANGEMENT = Arrangement()


def arranged(draw: Draw, arrangement: Arrangement, n: int, least: int, sigmas: float) -> Draw:
    """The same chart with limits by stage, or with the user's limits on its main panel."""

    def drawn(keep: Keep) -> Drawing:
        parts = arrangement.parts(n)
        if len(parts) == 1:
            whole = draw(keep)
        else:
            for k, (a, b) in enumerate(parts, 1):
                if keep[a:b].sum() < least:
                    raise InputError(
                        f"stage {k} (points {a + 1} to {b}) has {int(keep[a:b].sum())} points: too "
                        f"few to set its limits, at least {least} are needed"
                    )
            at = np.arange(n)
            masks = [keep & (at >= a) & (at < b) for a, b in parts]
            whole = _spliced([draw(m) for m in masks], parts)
        if arrangement.limits is None:
            return whole
        panels, estimates = whole
        return [_frozen(panels[0], arrangement.limits, sigmas), *panels[1:]], estimates

    return drawn


def _spliced(drawings: list[Drawing], parts: list[tuple[int, int]]) -> Drawing:
    """Center, limits and standard errors of each stage at its points."""
    panels = []
    for k, panel in enumerate(drawings[0][0]):
        columns: dict[str, FloatArray] = {}
        for key in ("center", "se", "lcl", "ucl"):
            line = np.array(getattr(panel, key), dtype=float)
            for (a, b), (others, _) in zip(parts, drawings, strict=True):
                low = max(0, a - panel.first + 1)
                line[low : b - panel.first + 1] = getattr(others[k], key)[low : b - panel.first + 1]
            columns[key] = line
        panels.append(replace(panel, **columns))  # type: ignore[arg-type]
    estimates: dict[str, Value] = {}
    for key in drawings[0][1]:
        found = [e.get(key) for _, e in drawings]
        estimates[key] = found[0] if all(v == found[0] for v in found) else found
    return panels, estimates


def _frozen(panel: Panel, limits: Range, sigmas: float) -> Panel:
    low, high = float(limits.low.exact), float(limits.high.exact)
    one = np.ones(len(panel.y))
    return replace(
        panel,
        center=one * (low + high) / 2,
        se=one * (high - low) / 2 / sigmas,
        lcl=one * low,
        ucl=one * high,
    )


def by_stage(
    panel: Panel, parts: Sequence[tuple[int, int]], find: Callable[[slice], list[Any]]
) -> list[Any]:
    """Signals found stage by stage: no pattern runs over a change of the process.

    A point made of several readings (a moving range) is not judged where they are of two stages.
    """
    found = []
    for k, (a, b) in enumerate(parts):
        low = a if k else max(0, a - panel.first + 1)
        high = b - panel.first + 1
        if high > low:
            found += find(slice(low, high))
    return found


def exclusion_table(exclude: Sequence[float], arrangement: Arrangement) -> tuple[ResultTable, ...]:
    """Points left out with their reasons."""
    if not exclude:
        return ()
    rows = list(zip((int(e) for e in exclude), arrangement.reason_of(exclude), strict=True))
    return (table_of("left out of the limits", ("point", "reason"), rows),)
