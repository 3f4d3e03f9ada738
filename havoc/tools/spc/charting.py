"""What every control chart shares: subgroups, phases, exclusions, limits, signals, the picture.

A chart is a function ``draw(keep)`` from the points that set the limits to its panels; ``assemble``
finds the signals and builds the result, ``recompute`` does the same from a second ``draw`` (exact
rationals) with the rules found window by window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt

from havoc.errors import InputError, NeedsClarification
from havoc.tools.operation import Param
from havoc.tools.result import Assumption, Figure, Result, ResultTable, Value, table_of
from havoc.tools.spc.run_rules import (
    RULES_DOC,
    RuleSet,
    Signal,
    find_by_window,
    find_signals,
    rules_of,
    signal_table,
)
from havoc.tools.spc.stages import (
    NO_ARRANGEMENT,
    Arrangement,
    arranged,
    by_stage,
    exclusion_table,
)
from havoc.tools.values import FloatArray, Labels, Range, Sample

Keep = npt.NDArray[np.bool_]
LEAST_POINTS = 5
ADVISED_POINTS = 20
MOST_LISTED = 5_000
Baseline = Annotated[
    Range | None, Param("points that set the limits (phase I), such as 1..25; the rest is judged")
]
Phase1 = Annotated[
    int | None, Param("number of first points that set the limits (phase I)", ge=LEAST_POINTS)
]
Exclude = Annotated[
    tuple[float, ...], Param("numbers of points left out of the limits but still shown", ge=1)
]
Rules = Annotated[RuleSet, Param(RULES_DOC)]
Sigmas = Annotated[float, Param("distance of the limits from the center in sigma", gt=0, le=6)]
By = Annotated[Labels | None, Param("column that says which subgroup a reading belongs to")]
Size = Annotated[int | None, Param("number of consecutive readings in a subgroup", ge=2, le=1000)]
Layout = Annotated[
    Literal["auto", "rows", "columns"],
    Param("whether the rows or the columns of a table are the subgroups; auto: rows"),
]


@dataclass(frozen=True)
class Subgroups:
    """Rational subgroups in time order."""

    labels: tuple[str, ...]
    samples: tuple[Sample, ...]
    notes: tuple[str, ...] = ()

    @property
    def sizes(self) -> list[int]:
        return [len(s) for s in self.samples]


def read_subgroups(
    x: tuple[Sample, ...], subgroup: int | None, by: Labels | None, layout: str, least: int = 2
) -> Subgroups:
    """Read subgroups from a wide table, or from one column with a size or a column of labels.

    Raises
    ------
    NeedsClarification
        One column and nothing that says which readings belong together.
    InputError
        A subgroup with fewer than ``least`` readings, or columns that do not fit together.
    """
    x, notes = _without_index(x)
    if by is not None:
        labels, groups = _by_label(x, by)
    elif len(x) > 1:
        columns = layout == "columns" or (layout == "auto" and _named_as_groups(x))
        if not columns and len({len(c) for c in x}) > 1:
            raise InputError(
                f"the columns have different lengths ({', '.join(str(len(c)) for c in x)}): give "
                "layout=columns if each is a subgroup"
            )
        if columns:
            labels, groups = [c.name for c in x], [list(c.texts) for c in x]
        else:
            groups = [list(row) for row in zip(*(c.texts for c in x), strict=True)]
            labels = [str(i) for i in range(1, len(groups) + 1)]
        if subgroup is not None and subgroup != max(len(g) for g in groups):
            raise InputError(
                f"subgroup={subgroup}, but the table holds subgroups of {max(map(len, groups))}"
            )
    elif subgroup is None:
        raise NeedsClarification(
            f"Which readings of '{x[0].name}' form a subgroup? Give subgroup=size or by=column."
        )
    else:
        texts = x[0].texts
        groups = [list(texts[i : i + subgroup]) for i in range(0, len(texts), subgroup)]
        labels = [str(i) for i in range(1, len(groups) + 1)]
        if len(groups[-1]) < max(subgroup, least) and len(groups) > 1:
            notes.append(
                f"The last {len(groups[-1])} of {len(texts)} readings do not fill a subgroup of "
                f"{subgroup} and were left out."
            )
            labels, groups = labels[:-1], groups[:-1]
    missing = sum(t is None for g in groups for t in g)
    if missing:
        notes.append(f"{missing} missing readings were left out; their subgroups are smaller.")
    samples = [Sample(str(lb), tuple(g)).present() for lb, g in zip(labels, groups, strict=True)]
    filled = [(lb, s) for lb, s in zip(labels, samples, strict=True) if len(s)]
    for label, sample in filled:
        if len(sample) < least:
            raise InputError(
                f"subgroup {label} has {len(sample)} reading; this chart needs at least {least} in "
                "each (for single readings use spc.i_mr)"
            )
    return Subgroups(tuple(f[0] for f in filled), tuple(f[1] for f in filled), tuple(notes))


def _without_index(x: tuple[Sample, ...]) -> tuple[tuple[Sample, ...], list[str]]:
    """Leave out a first column that only numbers the rows."""
    words = {
        "sample",
        "subgroup",
        "group",
        "no",
        "nr",
        "id",
        "#",
        "n",
        "batch",
        "lot",
        "day",
        "obs",
    }
    if len(x) > 2 and x[0].name.strip(" .").casefold() in words:
        counting = [str(i) for i in range(1, len(x[0]) + 1)]
        if list(x[0].texts) == counting:
            return x[1:], [f"Column '{x[0].name}' only numbers the subgroups and was not charted."]
    return x, []


def _named_as_groups(x: tuple[Sample, ...]) -> bool:
    """Lists written side by side and columns called group1, group2 ... are subgroups themselves."""
    stems = {c.name.rstrip("0123456789").strip(" _-").casefold() for c in x}
    return stems <= {"group", "subgroup"}


def _by_label(x: tuple[Sample, ...], by: Labels) -> tuple[list[str], list[list[str | None]]]:
    if len(x) != 1:
        raise InputError(f"with by={by.name} give one column of readings, not {len(x)}")
    if len(x[0]) != len(by):
        raise InputError(
            f"'{x[0].name}' has {len(x[0])} readings but '{by.name}' has {len(by)} labels"
        )
    groups: dict[str, list[str | None]] = {level: [] for level in by.levels}
    for text, label in zip(x[0].texts, by.items, strict=True):
        if label is None:
            raise InputError(f"'{by.name}' has an empty cell: every reading needs its subgroup")
        groups[label].append(text)
    return list(groups), list(groups.values())


@dataclass(frozen=True)
class Panel:
    """One chart: plotted values with center, limits and standard error point by point.

    ``first`` is the number of the first plotted point, ``se`` what the run rules measure in.
    """

    prefix: str
    name: str
    y: FloatArray
    center: FloatArray
    se: FloatArray
    lcl: FloatArray
    ucl: FloatArray
    rules: str = "limits"
    first: int = 1


@dataclass(frozen=True)
class Setup:
    """What the user said about phases, exclusions and rules."""

    labels: tuple[str, ...]
    rules: str
    sigmas: float = 3.0
    baseline: Range | None = None
    exclude: tuple[float, ...] = ()
    estimated: bool = True
    title: str = "Control chart"
    phase1: int | None = None
    arrangement: Arrangement = NO_ARRANGEMENT

    @property
    def parts(self) -> list[tuple[int, int]]:
        """First and last index of each stage."""
        if self.arrangement.stages and (self.baseline is not None or self.phase1 is not None):
            raise InputError("either stages or a baseline (phase1) sets the limits, not both")
        return self.arrangement.parts(len(self.labels))

    def levelled(self, y: FloatArray) -> FloatArray:
        """The points that set the limits, each stage about the mean of all: what checks look at."""
        keep = self.keep
        if not self.arrangement.stages:
            return y[keep]
        level = np.array(y, dtype=float)
        for a, b in self.parts:
            used = level[a:b][keep[a:b]]
            level[a:b] += y[keep].mean() - (used.mean() if len(used) else 0.0)
        return level[keep]

    @property
    def keep(self) -> Keep:
        keep = self.in_baseline
        for e in self.exclude:
            if e != int(e) or e > len(keep):
                raise InputError(f"exclude={e:g}: there is no such point (points 1 to {len(keep)})")
            keep[int(e) - 1] = False
        if self.estimated and keep.sum() < LEAST_POINTS:
            raise InputError(
                f"{int(keep.sum())} points are too few to set control limits: at least "
                f"{LEAST_POINTS}, better {ADVISED_POINTS} or more, or give the known parameters"
            )
        return keep

    @property
    def in_baseline(self) -> Keep:
        n = len(self.labels)
        if self.phase1 is not None:
            if self.baseline is not None or self.phase1 > n:
                raise InputError(
                    f"phase1={self.phase1} needs as many points ({n} given) and no baseline"
                )
            return np.arange(n) < self.phase1
        if self.baseline is None:
            return np.ones(n, dtype=bool)
        low, high = self.baseline.low.exact, self.baseline.high.exact
        if low < 1 or high > n or low.denominator * high.denominator != 1:
            raise InputError(f"baseline={self.baseline} is not a range of the points 1 to {n}")
        keep = np.zeros(n, dtype=bool)
        keep[int(low) - 1 : int(high)] = True
        return keep


Drawing = tuple[list[Panel], dict[str, Value]]
Draw = Callable[[Keep], Drawing]
Finder = Callable[[FloatArray, FloatArray, Sequence[Any]], list[Signal]]


def panel_signals(panel: Panel, setup: Setup, find: Finder = find_signals) -> list[Signal]:
    """Signals of one panel: beyond its own limits (they may be cut at 0), and the run rules."""
    z = np.where(panel.se > 0, (panel.y - panel.center) / np.where(panel.se > 0, panel.se, 1), 0.0)
    # Where the standard error is 0 (p = 0) every departure from the center is beyond the limits.
    moved = (panel.se <= 0) & (np.abs(panel.y - panel.center) > 1e-12)
    z = np.where(moved, np.sign(panel.y - panel.center) * 99.0, z)
    rules = rules_of(panel.rules, setup.sigmas)

    def within(part: slice) -> list[Signal]:
        shift = panel.first - 1 + part.start
        found = find(z[part], panel.y[part], rules)
        return [Signal(s.point + shift, s.first + shift, s.rule) for s in found]

    return by_stage(panel, setup.parts, within)


def scalar_or_list(a: FloatArray) -> Value:
    return float(a[0]) if np.ptp(a) == 0 else [float(v) for v in a]


def chart_values(drawing: Drawing, setup: Setup, find: Finder) -> dict[str, Value]:
    """The named values of a chart: limits (a list where they vary), estimates, signals."""
    panels, estimates = drawing
    values: dict[str, Value] = dict(estimates)
    violations = []
    remaining = 0
    for panel in panels:
        signals = panel_signals(panel, setup, find)
        remaining += sum(not _rests_on_excluded(s, panel, setup) for s in signals)
        out = sorted({s.point for s in signals if s.rule.m == 1})
        values[f"{panel.prefix}center"] = scalar_or_list(panel.center)
        values[f"{panel.prefix}ucl"] = scalar_or_list(panel.ucl)
        values[f"{panel.prefix}lcl"] = scalar_or_list(panel.lcl)
        values[f"{panel.prefix}out_of_control"] = [int(p) for p in out]
        violations += [f"{panel.name}, {s}" for s in signals]
        if not panel.prefix:
            values["signal_points"] = sorted({s.point for s in signals})
            values["first_signal"] = min((s.point for s in signals), default=None)
    values["violations"] = violations
    values["n_out"] = sum(len(values[f"{p.prefix}out_of_control"]) for p in panels)  # type: ignore[arg-type,misc]
    values["n_violations"] = len(violations)
    values["points"] = len(setup.labels)
    if setup.exclude:
        values["n_remaining"] = remaining
    return values


def _rests_on_excluded(signal: Signal, panel: Panel, setup: Setup) -> bool:
    """Whether a signal is at a point that was left out, or at a range that such a point is part of."""
    touched = range(signal.point - panel.first + 1, signal.point + 1)
    return any(int(e) in touched for e in setup.exclude)


def before_exclusion(draw: Draw, setup: Setup) -> dict[str, Value]:
    """Center and limits as they were with the excluded points, to show their effect."""
    if not setup.exclude:
        return {}
    found: dict[str, Value] = {}
    for panel in draw(setup.in_baseline)[0]:
        for key, a in (("center", panel.center), ("ucl", panel.ucl), ("lcl", panel.lcl)):
            found[f"{panel.prefix}{key}_before"] = scalar_or_list(a)
    return found


def _arranged(draw: Draw, setup: Setup) -> Draw:
    least = LEAST_POINTS if setup.estimated else 1
    return arranged(draw, setup.arrangement, len(setup.labels), least, setup.sigmas)


def recompute(draw: Draw, setup: Setup) -> dict[str, Any]:
    """The values again, from the verifier's ``draw`` and the rules' definition."""
    draw = _arranged(draw, setup)
    values = chart_values(draw(setup.keep), setup, find_by_window)
    return {**values, **before_exclusion(draw, setup)}


def chart_outputs(prefixes: Mapping[str, str], **others: str) -> dict[str, str]:
    """Declared outputs of a chart with the given panels (prefix -> name)."""
    outputs: dict[str, str] = {}
    for prefix, name in prefixes.items():
        outputs |= {
            f"{prefix}center": f"center line of the {name} chart",
            f"{prefix}ucl": f"upper control limit of the {name} chart (a list where it varies)",
            f"{prefix}lcl": f"lower control limit of the {name} chart",
            f"{prefix}out_of_control": f"points beyond the limits of the {name} chart",
            f"{prefix}center_before": f"center of the {name} chart before points were excluded",
            f"{prefix}ucl_before": f"UCL of the {name} chart before points were excluded",
            f"{prefix}lcl_before": f"LCL of the {name} chart before points were excluded",
        }
    return {
        **outputs,
        "signal_points": "points of the main chart that break any rule",
        "first_signal": "first point of the main chart that breaks a rule",
        "violations": "each broken rule with its point",
        "n_violations": "number of broken rules",
        "n_out": "points beyond the limits, all charts",
        "n_remaining": "broken rules at points that were not left out",
        "points": "points plotted",
        **others,
    }


@dataclass(frozen=True)
class Notes:
    """What an operation adds to the common result."""

    warnings: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    center_words: str = "{center}"
    extra_tables: tuple[ResultTable, ...] = field(default=())


def assemble(draw: Draw, setup: Setup, notes: Notes) -> Result:
    """Find the signals and build the chart's result."""
    draw = _arranged(draw, setup)
    drawing = draw(setup.keep)
    values = {**chart_values(drawing, setup, find_signals), **before_exclusion(draw, setup)}
    panels = drawing[0]
    signals = [(p, s) for p in panels for s in panel_signals(p, setup)]
    return Result(
        values,
        _conclusion(values, setup, notes, panels),
        tables=(
            _limits_table(panels),
            signal_table([(p.name, s) for p, s in signals]),
            _points_table(panels, setup, signals),
            *exclusion_table(setup.exclude, setup.arrangement),
            *notes.extra_tables,
        ),
        figures=tuple(_figure(p, setup, [s for q, s in signals if q is p]) for p in panels),
        assumptions=notes.assumptions,
        warnings=(*notes.warnings, *_warnings(setup, values)),
    )


MOST_NAMED = 5  # points beyond the limits that the conclusion names one by one


def _beyond(values: Mapping[str, Value], panels: Sequence[Panel]) -> str:
    """Points beyond the limits, of each chart by itself where the second one has some too."""
    if all(not values[f"{p.prefix}out_of_control"] for p in panels[1:]):
        return "{n_out} of {points}"
    parts = []
    for p in panels:
        key = f"{p.prefix}out_of_control"
        found = values[key]
        assert isinstance(found, list)
        named = ", ".join(f"{{{key}[{i}]}}" for i in range(min(len(found), MOST_NAMED)))
        more = " and more" if len(found) > MOST_NAMED else ""
        parts.append(f"{named or 'none'}{more} on the {p.name} chart")
    return "; ".join(parts)


def _conclusion(
    values: Mapping[str, Value], setup: Setup, notes: Notes, panels: Sequence[Panel]
) -> str:
    text = _where(values, setup, notes)
    if not values["n_violations"]:
        return text + "None of the {points} points breaks a rule: no sign of a special cause."
    if setup.exclude:
        if not values["n_remaining"]:
            return text + "Apart from what was left out no point breaks a rule."
        return (
            text
            + "Broken rules at points that were not left out: {n_remaining}. Look for special causes there."
        )
    text += (
        f"Points beyond the limits: {_beyond(values, panels)}"
        if values["n_out"]
        else "No point lies beyond the limits"
    )
    if setup.rules in ("western_electric", "nelson", "westgard"):
        text += "; signals of all rules together: {n_violations}"
    return text + ". Look for special causes at the points listed."


def _where(values: Mapping[str, Value], setup: Setup, notes: Notes) -> str:
    """Center and limits in words; of each stage where there are several."""
    if setup.arrangement.stages and isinstance(values["center"], list):

        def named(key: str, i: int) -> str:
            return f"{{{key}[{i}]}}" if isinstance(values[key], list) else f"{{{key}}}"

        stages = [
            f"stage {k}: center {named('center', a)}, limits {named('lcl', a)} to {named('ucl', a)}"
            for k, (a, _) in enumerate(setup.parts, 1)
        ]
        text = "; ".join(stages)
        return text[0].upper() + text[1:] + ". "
    if isinstance(values["ucl"], list):
        lower = "{lcl[0]}" if isinstance(values["lcl"], list) else "{lcl}"
        limits = f"limits that vary with the point ({lower} to {{ucl[0]}} at the first)"
    else:
        limits = "limits {lcl} to {ucl}"
    return f"Center {notes.center_words}, {limits}. "


def _warnings(setup: Setup, values: Mapping[str, Value]) -> list[str]:
    warnings = []
    used = int(setup.keep.sum())
    if setup.estimated and used < ADVISED_POINTS:
        warnings.append(
            f"The limits rest on {used} points; with fewer than {ADVISED_POINTS} to 25 they are "
            "uncertain and should be revised as data come in."
        )
    if setup.exclude and setup.arrangement.reasons is None:
        warnings.append(
            f"{len(setup.exclude)} points were left out of the limits; leave points out only where "
            "a special cause was found and removed, and write it down (reasons=...)."
        )
    if setup.arrangement.limits is not None:
        warnings.append(
            "The limits are those given, not computed from these data; the zones of the run rules "
            "are thirds of them."
        )
    elif not setup.exclude and setup.estimated and setup.in_baseline.all() and values["n_out"]:
        warnings.append(
            "The points beyond the limits helped to set these limits: once their causes are found, "
            "compute the limits again without them (exclude=...)."
        )
    return warnings


def _limits_table(panels: list[Panel]) -> ResultTable:
    def cell(a: FloatArray) -> float | str:
        return float(a[0]) if np.ptp(a) == 0 else "varies"

    rows = [(p.name, cell(p.lcl), cell(p.center), cell(p.ucl)) for p in panels]
    return table_of("limits", ("chart", "LCL", "center", "UCL"), rows)


def _points_table(
    panels: list[Panel], setup: Setup, signals: Sequence[tuple[Panel, Signal]]
) -> ResultTable:
    columns = ["point", "label"]
    for p in panels:
        columns += [p.name] + ([f"{p.name} LCL", f"{p.name} UCL"] if np.ptp(p.ucl) else [])
    broken: dict[int, list[str]] = {}
    for p, s in signals:
        broken.setdefault(s.point, []).append(f"{p.name}: {s.rule.name}")
    shown: Iterable[int] = range(len(setup.labels))
    if len(setup.labels) > MOST_LISTED:  # of a long series the points that break a rule
        shown = [i - 1 for i in sorted(broken)][:MOST_LISTED]
    varies = [bool(np.ptp(p.ucl)) for p in panels]
    rows: list[list[Any]] = []
    for i in shown:
        row: list[Any] = [i + 1, setup.labels[i]]
        for p, wide in zip(panels, varies, strict=True):
            j = i + 1 - p.first
            cells = [p.y[j]] + ([p.lcl[j], p.ucl[j]] if wide else []) if j >= 0 else []
            row += [float(c) for c in cells] or [None] * (3 if wide else 1)
        rows.append([*row, "; ".join(broken.get(i + 1, ()))])
    return table_of("points", [*columns, "signals"], rows)


def _figure(panel: Panel, setup: Setup, signals: list[Signal]) -> Figure:
    used = setup.keep
    return Figure(
        "control_chart",
        f"{setup.title}: {panel.name}" if setup.title else panel.name,
        {
            "point": list(range(panel.first, panel.first + len(panel.y))),
            "label": list(setup.labels[panel.first - 1 :]),
            "value": panel.y.tolist(),
            "center": panel.center.tolist(),
            "lcl": panel.lcl.tolist(),
            "ucl": panel.ucl.tolist(),
            "violations": [
                {"point": s.point, "rule": s.rule.name, "pattern": s.rule.words} for s in signals
            ],
            "excluded": [int(e) for e in setup.exclude],
            **_stage_names(panel, setup),
            "baseline": [int(np.flatnonzero(used)[0]) + 1, int(np.flatnonzero(used)[-1]) + 1]
            if setup.baseline is not None or setup.phase1 is not None
            else None,
            "y_label": panel.name,
        },
    )


def _stage_names(panel: Panel, setup: Setup) -> dict[str, Any]:
    if not setup.arrangement.stages:
        return {}
    names = [f"stage {k}" for k, (a, b) in enumerate(setup.parts, 1) for _ in range(b - a)]
    return {"phase": names[panel.first - 1 :]}


def independence(y: FloatArray) -> tuple[Assumption, ...]:
    """Lag-1 autocorrelation of the plotted points against its large-sample limit 1.96/sqrt(n)."""
    n = len(y)
    if n < 10 or np.ptp(y) == 0:
        return (Assumption("independence", None, "too few points to judge autocorrelation"),)
    d = y - y.mean()
    r1 = float(d[1:] @ d[:-1] / (d @ d))
    limit = 1.96 / np.sqrt(n)
    met = abs(r1) <= limit
    detail = f"lag-1 autocorrelation {r1:.3f}, limit ±{limit:.3f}" + (
        "" if met else ": the limits are not to be trusted as they stand (chart residuals instead)"
    )
    return (Assumption("independence", bool(met), detail, statistic=r1),)
