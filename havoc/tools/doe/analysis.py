"""Analyse a filled design as what it is: the kind of experiment is read from its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from havoc.errors import InputError, NeedsClarification
from havoc.tools.doe import effects as two_level
from havoc.tools.doe import rsm_fit
from havoc.tools.doe.design_columns import is_point_type
from havoc.tools.doe.rsm_model import BLOCKS
from havoc.tools.doe.two_level_data import contrasts, read
from havoc.tools.operation import Operation, Param, get, operation
from havoc.tools.result import Result
from havoc.tools.stats import anova as variance
from havoc.tools.values import Column, Labels, Sample, Table, as_labels, loose_name

RECORD_KEEPING = frozenset(
    {
        "run",
        "runs",
        "runorder",
        "std",
        "stdorder",
        "standardorder",
        "order",
        "nr",
        "no",
    }
)
OUTPUTS = {
    **variance.OUTPUTS,
    **rsm_fit.OUTPUTS,
    **two_level.OUTPUTS,
    "factors": "names of the factors, or their number (two-level experiments)",
    "analysis": "the operation that was applied",
    "kind": "the kind of experiment recognised",
}


def _plan(arguments: Mapping[str, Any]) -> tuple[Operation, dict[str, Any], str]:
    """The operation that fits the design, its arguments, and what was recognised."""
    data, response = arguments["data"], arguments["response"]
    factors, block = _roles(data, response)
    operation_, given, kind = _choose(response, factors, block)
    filled = {p.name: given.get(p.name, p.default) for p in operation_.parameters}
    return operation_, filled, kind


def _roles(data: Table, response: Sample) -> tuple[list[Column], Labels | None]:
    factors: list[Column] = []
    block: Labels | None = None
    for c in data.columns:
        if c.name == response.name or loose_name(c.name) in RECORD_KEEPING:
            continue
        if is_point_type(c):
            continue
        if loose_name(c.name) in BLOCKS:
            block = as_labels(c) if len(as_labels(c).levels) > 1 else None
        elif len(as_labels(c).levels) > 1:
            factors.append(c)
    if not factors:
        raise NeedsClarification("which columns of the table are the factors?")
    if len(response) != data.n_rows:
        raise InputError("the response is not a column of this table")
    return factors, block


def _choose(
    response: Sample, factors: list[Column], block: Labels | None
) -> tuple[Operation, dict[str, Any], str]:
    numeric = all(isinstance(c, Sample) for c in factors)
    if block is None:
        try:
            contrasts(read(response, factors, None, None), None)
            return (
                get("doe.effects"),
                {"response": response, "factors": tuple(factors)},
                f"two-level experiment in {len(factors)} factors",
            )
        except InputError:
            pass  # not a two-level design: the next kind is tried
    k = len(factors)
    needed = (k + 1) * (k + 2) // 2
    if numeric and all(len(as_labels(c).levels) >= 3 for c in factors) and len(response) > needed:
        given = {"response": response, "factors": tuple(factors), "block": block}
        return get("doe.fit_rsm"), given, f"response surface design in {k} factors"
    by = tuple(factors) if block is None else (*factors, block)
    return get("stats.anova"), {"value": response, "by": by}, f"factorial experiment in {k} factors"


def _verify(arguments: Mapping[str, Any], result: Result) -> Mapping[str, Any]:
    """The second route of the operation applied."""
    operation_, given, _ = _plan(arguments)
    return operation_.verifier(given, result)


@operation(
    "doe.analyse",
    outputs=OUTPUTS,
    reference="Montgomery (2013), Design and Analysis of Experiments, chapters 5, 6 and 11",
    verifier=_verify,
    examples=(
        "t = table(T=[-1, 1, -1, 1, -1, 1, -1, 1], C=[-1, -1, 1, 1, -1, -1, 1, 1], "
        "K=[-1, -1, -1, -1, 1, 1, 1, 1], yield=[60, 72, 54, 68, 52, 83, 45, 80])\n"
        "r = doe.analyse(data=t, response=t.yield)",
    ),
    terms=("analyse a design", "analyse an experiment", "DOE analysis", "evaluate the experiment"),
    tolerance=1e-6,
)
def analyse(
    data: Annotated[Table, Param("the filled design: a column a factor, and the response")],
    response: Annotated[Sample, Param("the response's column")],
) -> Result:
    """Analyse a filled design table: the kind of experiment is recognised from its settings.

    Orthogonal two-level designs get effects with Lenth's method or t tests (``doe.effects``), designs with three
    or more numeric levels a second-order surface (``doe.fit_rsm``), others an analysis of variance
    (``stats.anova``). Columns of the run and standard order and of the kind of point (``type`` with words
    such as factorial, center, axial) are left aside; a column called block is a block.
    """
    operation_, given, kind = _plan({"data": data, "response": response})
    result = operation_.run(given)
    return replace(
        result,
        values={**result.values, "analysis": operation_.name, "kind": kind},
        conclusion=f"Recognised as a {kind}. {result.conclusion}",
    )
