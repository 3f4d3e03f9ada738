"""Pareto analysis: which few kinds of defects make most of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Figure, Result, Value, table_of
from havoc.tools.values import Column, Sample, as_labels


def _amounts(x: Column, counts: Sample | None) -> dict[str, Fraction]:
    """The amount of each category, in the order of appearance, exact."""
    kinds = as_labels(x).items
    if counts is None:
        found = Counter(k for k in kinds if k is not None)
        return {k: Fraction(n) for k, n in found.items()}
    if len(counts.texts) != len(kinds):
        raise InputError(
            f"{len(kinds)} categories and {len(counts.texts)} counts: every category needs one"
        )
    amounts: dict[str, Fraction] = {}
    weights = iter(counts.exact)
    for kind, text in zip(kinds, counts.texts, strict=True):
        weight = Fraction(0) if text is None else next(weights)
        if weight < 0:
            raise InputError(f"the count of '{kind}' is negative")
        if kind is not None:
            amounts[kind] = amounts.get(kind, Fraction(0)) + weight
    return amounts


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Counts added up again row by row; the vital few by taking the largest until the share is reached."""
    kinds, counts = as_labels(arguments["x"]).items, arguments["counts"]
    weights = [1.0] * len(kinds) if counts is None else [
        0.0 if t is None else float(t) for t in counts.texts
    ]  # fmt: skip
    again = {k: 0.0 for k in kinds if k is not None}
    for kind, weight in zip(kinds, weights, strict=True):
        if kind is not None:
            again[kind] += weight
    total = sum(again.values())
    largest = sorted(again.values(), reverse=True)
    vital, reached = 0, 0.0
    while reached < arguments["share"] * total * (1 - 1e-12):
        reached += largest[vital]
        vital += 1
    return {
        "total": total,
        "categories": len(again),
        "top_count": largest[0],
        "top_percent": 100 * largest[0] / total,
        "vital_few": vital,
        "vital_percent": 100 * reached / total,
        "counts": largest,
    }


@operation(
    "quality.pareto",
    outputs={
        "total": "sum of all counts",
        "categories": "number of categories",
        "top": "the most frequent category",
        "top_count": "its count",
        "top_percent": "its percentage of the total",
        "vital_few": "how many of the largest categories together reach the share",
        "vital_names": "their names",
        "vital_percent": "their percentage of the total",
        "counts": "counts, the largest first",
    },
    reference="Juran's Quality Handbook, 5th ed. (1999), section 5.20; Montgomery (2013), section 5.4",
    verifier=_verify,
    examples=(
        'p = quality.pareto(x=["scratch", "dent", "colour", "other"], counts=[45, 12, 30, 5])',
        'p = quality.pareto(x=["dent", "scratch", "scratch", "dent", "scratch", "burr"])',
    ),
    terms=("Pareto chart", "Pareto analysis", "80/20", "vital few", "most frequent defects"),
)
def pareto(
    x: Annotated[Column, Param("category of each row (kind of defect, cause, machine)")],
    counts: Annotated[
        Sample | None, Param("count or cost of each row; without it each row counts once")
    ] = None,
    share: Annotated[
        float, Param("share that the vital few must reach", gt=0, le=1, fraction=True)
    ] = 0.8,
) -> Result:
    """Pareto analysis: categories by size with cumulative percentages, and the vital few.

    Rows of one category are added up. The vital few are the largest categories that together reach
    ``share`` of the total.
    """
    amounts = _amounts(x, counts)
    if len(amounts) < 2:
        raise InputError("a Pareto analysis needs at least 2 different categories")
    total = sum(amounts.values(), Fraction(0))
    if total == 0:
        raise InputError("all counts are 0: there is nothing to rank")
    ranked = sorted(amounts.items(), key=lambda item: -item[1])
    limit = Fraction(repr(share)) * total
    rows, upto, vital = [], Fraction(0), 0
    for name, amount in ranked:
        if upto < limit:
            vital += 1
        upto += amount
        rows.append((name, float(amount), float(100 * amount / total), float(100 * upto / total)))
    names = [name for name, _ in ranked]
    values: dict[str, Value] = {
        "total": float(total),
        "categories": len(ranked),
        "top": names[0],
        "top_count": rows[0][1],
        "top_percent": rows[0][2],
        "vital_few": vital,
        "vital_names": names[:vital],
        "vital_percent": rows[vital - 1][3],
        "counts": [r[1] for r in rows],
    }
    ties = sum(r[1] == rows[0][1] for r in rows) - 1
    tied = f" (as large as {ties} more)" if ties else ""
    words = (
        f"The largest category is {{top}}{tied} with {{top_percent}} % of {{total}}; "
        "{vital_few} of {categories} categories make {vital_percent} %."
    )
    figure = Figure(
        "pareto",
        f"Pareto chart of {x.name}" if x.name not in ("", "x") else "Pareto chart",
        {
            "names": names,
            "values": [r[1] for r in rows],
            "cumulative": [r[3] for r in rows],
            "x_label": ("count" if counts is None or counts.name == "x" else counts.name)
            + " (and cumulative %)",
        },
    )
    flat: tuple[str, ...] = ()
    if vital > 0.8 * len(ranked):
        flat = ("The categories are about equally frequent: no few of them stand out.",)
    return Result(
        values,
        words,
        tables=(table_of("categories", ("category", "count", "%", "cumulative %"), rows),),
        figures=(figure,),
        warnings=flat,
    )
