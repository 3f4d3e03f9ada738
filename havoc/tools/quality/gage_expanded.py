"""Gage R&R for any layout: unbalanced studies, missing readings, more sources than operators."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np

from havoc.errors import InputError
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.quality.gage_rr import (
    GRR_OUTPUTS,
    grr_conclusion,
    grr_figure,
    study_again,
    study_values,
)
from havoc.tools.quality.variance_components import indicators, reml, reml_by_equations
from havoc.tools.result import Assumption, Result, Value, table_of
from havoc.tools.values import (
    Column,
    FloatArray,
    Labels,
    Sample,
    as_labels,
    complete_cases,
    near_zero,
)


class Study:
    """Readings with the labels of each random term, in the order of the report."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        x, part, operator = arguments["x"], arguments["part"], arguments["operator"]
        more = [as_labels(c) for c in arguments["others"] or ()]
        columns, self.dropped = complete_cases(x, part, operator, *more)
        (self.y,), _ = near_zero([columns[0]])  # type: ignore[list-item]
        labels = [c for c in columns[1:] if isinstance(c, Labels)]
        names = ["part", "operator", *(c.name for c in labels[2:])]
        if len(set(names)) < len(names):
            raise InputError(f"the columns must differ: {', '.join(names)}")
        items = dict(zip(names, ([str(v) for v in c.items] for c in labels), strict=True))
        for name, values in items.items():
            if len(set(values)) < 2:
                raise InputError(f"'{name}' has one level only: nothing can be said of it")
        self.parts, self.operators = len(set(items["part"])), len(set(items["operator"]))
        terms = dict(items)
        if arguments["interaction"]:
            terms["part*operator"] = [f"{a}\t{b}" for a, b in zip(items["part"], items["operator"],
                                                                  strict=True)]  # fmt: skip
        for name, values in list(terms.items()):
            if len(set(values)) == len(values):
                if name != "part*operator":
                    raise InputError(
                        f"every reading has its own '{name}': repeatability cannot be told from it"
                    )
                del terms[name]  # single readings: the interaction is within repeatability
        if len(self.y) < len(terms) + 3 or np.ptp(self.y) == 0:
            raise InputError("too few readings that vary for these sources")
        self.names = list(terms)
        self.matrices = [indicators(v) for v in terms.values()]


def _grouped(names: list[str], v: FloatArray) -> dict[str, float]:
    """The sources of a gage study from the components."""
    by = dict(zip([*names, "repeatability"], (float(a) for a in v), strict=True))
    interaction = by.get("part*operator", 0.0)
    reproducibility = sum(a for k, a in by.items() if k not in ("part", "repeatability"))
    grr = by["repeatability"] + reproducibility
    return {
        "grr": grr, "repeatability": by["repeatability"], "reproducibility": reproducibility,
        "operator": by["operator"], "interaction": interaction, "part": by["part"],
        "total": grr + by["part"],
    }  # fmt: skip


def _values(
    study: Study, v: FloatArray, arguments: Mapping[str, Any], again: bool = False
) -> dict[str, Any]:
    variances = _grouped(study.names, v)
    sds = {k: math.sqrt(a) for k, a in variances.items()}
    values: dict[str, Any] = {f"var_{k}": a for k, a in variances.items()}
    values |= (study_again if again else study_values)(
        sds, *((arguments["study"], arguments["tolerance"]))
    )
    values |= {
        "sources": [*study.names, "repeatability"], "variances": [float(a) for a in v],
        "parts": study.parts, "operators": study.operators, "n": len(study.y),
    }  # fmt: skip
    return values


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The likelihood maximised through Henderson's equations, from elsewhere."""
    study = Study(arguments)
    start = reml(study.y, study.matrices)
    v = reml_by_equations(study.y, study.matrices, start)
    again = _values(study, v, arguments, again=True)
    return {
        k: a if isinstance(a, str | int) or k == "sources" else Recomputed(a, 2e-6)
        for k, a in again.items()
    }


@operation(
    "quality.gage_expanded",
    outputs={
        **GRR_OUTPUTS,
        "sources": "sources of variation",
        "variances": "variance of each source",
        "n": "readings used",
    },
    reference="Searle, Casella and McCulloch (1992), Variance Components, chapter 6 (REML); AIAG (2010), "
    "Measurement Systems Analysis, 4th ed.",
    verifier=_verify,
    tolerance=2e-6,
    examples=(
        "g = quality.gage_expanded([5.0, 5.1, 6.0, 6.1, 7.1, 5.2, 5.4, 6.3, 6.2, 7.0, 7.3, 6.1, 5.3], "
        'part=["a", "a", "b", "b", "c", "a", "a", "b", "b", "c", "c", "b", "a"], '
        'operator=["x", "x", "x", "x", "x", "y", "y", "y", "y", "y", "y", "z", "z"], tolerance=8)',
    ),
    terms=("unbalanced gage R&R", "expanded gage R&R", "gage study with missing readings"),
)
def gage_expanded(
    x: Annotated[Sample, Param("measured values", min_length=6)],
    part: Annotated[Labels, Param("part measured")],
    operator: Annotated[Labels, Param("who measured (appraiser)")],
    others: Annotated[
        tuple[Column, ...] | None, Param("further sources: gage, laboratory, fixture, day")
    ] = None,
    tolerance: Annotated[float | None, Param("width of the tolerance (USL - LSL)", gt=0)] = None,
    interaction: Annotated[bool, Param("whether part by operator interaction is a source")] = True,
    study: Annotated[float, Param("standard deviations of spread (6, formerly 5.15)", gt=0)] = 6.0,
) -> Result:
    """Gage R&R of an unbalanced or expanded study: readings may be missing, sources may be more.

    All sources are random; their variances are estimated by restricted maximum likelihood, which for
    a balanced study without negative estimates gives what the ANOVA method gives.
    """
    arguments = locals()
    found = Study(arguments)
    v = reml(found.y, found.matrices)
    values: dict[str, Value] = _values(found, v, arguments)
    total = float(v.sum())
    rows = [
        (name, float(a), math.sqrt(float(a)), 100 * float(a) / total)
        for name, a in zip(values["sources"], v, strict=True)  # type: ignore[arg-type]
    ]
    warnings = []
    if found.dropped:
        warnings.append(f"{found.dropped} incomplete rows were left out.")
    zero = [n for n, a in zip(found.names, v, strict=False) if a <= 0]
    if zero:
        warnings.append(f"The variance of {', '.join(zero)} is estimated as 0.")
    return Result(
        values,
        grr_conclusion(values),
        tables=(table_of("variance components", ("source", "variance", "sd", "%"), rows),),
        figures=(grr_figure(values),),
        assumptions=(
            Assumption("random sources", None, "parts and operators stand for many others"),
        ),
        warnings=tuple(warnings),
    )  # fmt: skip
