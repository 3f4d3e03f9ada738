"""Reading results of mathematics and of tables."""

from __future__ import annotations

from havoc.srs.guidance.rule import Rule, Values, has

READ = (
    Rule(
        "maths.integrate maths.diff maths.limit maths.series maths.sum maths.laplace "
        "maths.simplify maths.expand "
        "maths.factor",
        "The expression is exact; the decimals are its value to the digits shown.",
        has("expression"),
    ),
    Rule(
        "maths.series",
        "The polynomial is close near the point of expansion only.",
    ),
    Rule(
        "maths.minimise maths.maximise",
        "The point is the extreme value in the range searched, not necessarily beyond it.",
    ),
)

NEXT = (
    Rule(
        "maths.minimise maths.maximise",
        "Check that the point can be set in practice, and how flat the curve is around it.",
    ),
    Rule(
        "maths.solve maths.polynomial_roots",
        "Put the solutions into the original equation if it was rearranged by hand.",
    ),
    Rule(
        "table.filter table.remove_outliers table.drop_missing table.drop_duplicates",
        "Say in the report how many rows were left out, and why.",
        lambda v, a: _left_out(v),
    ),
)


def _left_out(v: Values) -> bool:
    return v.get("rows_out") is not None and v["rows_out"] < v.get("rows_in", 0)
