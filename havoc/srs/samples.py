"""The numeric samples that a step worked on, and which of their values lie far out."""

from __future__ import annotations

import numpy as np

from havoc.dsl.executor import Step
from havoc.tools.operation import get
from havoc.tools.values import FloatArray, Sample

FAR_OUT = 3.5  # Iglewicz and Hoaglin (1993): the modified z score that marks an outlier


def samples(step: Step) -> list[Sample]:
    """The step's numeric samples, split by its labels where it has one column and groups."""
    taken = get(step.operation).by_name
    found: list[Sample] = []
    for name, value in step.arguments.items():
        if name in ("at", "size") or name not in taken:
            continue
        if isinstance(value, Sample):
            found.append(value)
        elif isinstance(value, tuple) and value and all(isinstance(v, Sample) for v in value):
            found += value
    labels = step.arguments.get("by")
    if len(found) == 1 and labels is not None:
        return _split(found[0], labels)
    if step.operation == "stats.t_test_paired" and len(found) == 2:
        return _differences(*found)
    return found


def _split(sample: Sample, labels: object) -> list[Sample]:
    column = labels[0] if isinstance(labels, tuple) and labels else labels
    items = getattr(column, "items", getattr(column, "texts", None))
    if items is None or len(items) != len(sample):
        return [sample]
    groups: dict[str, list[int]] = {}
    for i, item in enumerate(items):
        groups.setdefault(str(item), []).append(i)
    if len(groups) > len(sample) // 2:
        return [sample]
    return [
        Sample(f"{sample.name} of {name}", tuple(sample.texts[i] for i in rows))
        for name, rows in groups.items()
    ]


def _differences(x: Sample, y: Sample) -> list[Sample]:
    if len(x) != len(y):
        return []
    values = [float(v) if np.isfinite(v) else None for v in x.values - y.values]
    return [Sample.of(values, f"{x.name} - {y.name}")]


def present(sample: Sample) -> FloatArray:
    values = sample.values
    return values[np.isfinite(values)]


def far_out(values: FloatArray) -> list[int]:
    """Positions of the values with a modified z score beyond 3.5; none where half the values are equal."""
    if len(values) < 5:
        return []
    away = np.abs(values - np.median(values))
    mad = float(np.median(away))
    if mad == 0:
        return []
    return [int(i) for i in np.flatnonzero(0.6745 * away / mad > FAR_OUT)]
