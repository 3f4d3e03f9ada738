"""Polynomials, and choosing predictors step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal

from havoc.errors import InputError
from havoc.tools.diagnostics import residual_checks
from havoc.tools.expression import Binary, Expression, Formula, Name, Num
from havoc.tools.formula import Model, build, table_of_columns
from havoc.tools.least_squares import CrossProducts, sweep
from havoc.tools.linear_model import LinearFit, f_upper, f_upper_again, t_two_sided
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.result import Result, table_of
from havoc.tools.stats.regression import (
    OUTPUTS,
    coefficient_table,
    equation,
    estimates,
    fit_warnings,
    model_from,
    regression_result,
    verify_regression,
)
from havoc.tools.values import Number, Sample, Table


def polynomial_formula(y: Sample, x: Sample, degree: int) -> tuple[Formula, Table]:
    table = table_of_columns([y, x])
    name = table.names[1]
    terms: Expression = Name(name)
    for k in range(2, degree + 1):
        terms = Binary("+", terms, Binary("^", Name(name), Num(Number(str(k)))))
    return Formula(Name(table.names[0]), terms), table


def _verify_polynomial(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The regression's second route, and the last term's test as the gain over one degree less."""
    formula, table = polynomial_formula(arguments["y"], arguments["x"], arguments["degree"])
    rest = {k: arguments[k] for k in ("at", "confidence")}
    found = verify_regression(
        {"formula": formula, "data": table, "y": None, "x": None, "weights": None, "new_data": None,
         "intercept": True, **rest},
        result,
    )  # fmt: skip
    found["degree"] = len(result.values["coefficients"]) - 1  # type: ignore[arg-type]
    if "p_highest" in result.values:
        model = build(formula, table)
        whole = sweep(model.columns, model.response)
        less = sweep(model.columns[:-1], model.response)
        df = model.n - whole.rank
        found["p_highest"] = f_upper_again(float((less.rss - whole.rss) * df / whole.rss), 1, df)
    return found


@operation(
    "stats.polynomial",
    outputs=OUTPUTS
    | {"degree": "degree of the polynomial", "p_highest": "p value of the highest power"},
    reference="Montgomery, Peck and Vining (2012), Introduction to Linear Regression Analysis, chapter 7",
    verifier=_verify_polynomial,
    examples=(
        "r = stats.polynomial(y=[2.1, 3.9, 9.2, 15.8, 25.3, 35.9], x=[1, 2, 3, 4, 5, 6], at=[3.5])",
        "r = stats.polynomial(y=[1, 0, 1.2, 7.7, 27.4, 63], x=[0, 1, 2, 3, 4, 5], degree=3)",
    ),
    terms=(
        "polynomial regression",
        "quadratic fit",
        "cubic fit",
        "curve of second degree",
        "parabola",
    ),
)
def polynomial(
    y: Annotated[Sample, Param("response", min_length=3)],
    x: Annotated[Sample, Param("predictor", min_length=3)],
    degree: Annotated[int, Param("degree", ge=1, le=10)] = 2,
    at: Annotated[tuple[float, ...] | None, Param("predict at these values of x")] = None,
    confidence: Annotated[float, Param("confidence level", gt=0, lt=1, fraction=True)] = 0.95,
) -> Result:
    """Fit a polynomial of one predictor by exact least squares.

    Coefficients from the constant upwards. Exact arithmetic makes even degree 10 right to the last digit,
    but a high degree that fits the points well may swing wildly between and beyond them.
    """
    formula, table = polynomial_formula(y, x, degree)
    model = build(formula, table)
    distinct = len(set(model.columns[1].numerators))
    if distinct <= degree:
        raise InputError(
            f"a polynomial of degree {degree} needs at least {degree + 1} different values of x, not {distinct}"
        )
    base = regression_result(model, None, at, None, confidence)
    fit: LinearFit = base.extra["fit"]
    values: dict[str, Any] = {**base.values, "degree": degree}
    warnings = list(base.warnings)
    if fit.standard_errors is not None and fit.ms_error:
        t = float(fit.coefficients[-1] / fit.standard_errors[-1])
        values["p_highest"] = t_two_sided(t, fit.df_error)
        if values["p_highest"] > 0.05 and degree > 1:
            warnings.append("The highest power is not significant: a lower degree would do.")
    warnings = [w for w in warnings if "strongly related" not in w]  # powers always are
    return Result(
        values=values,
        conclusion=base.conclusion,
        tables=base.tables,
        figures=base.figures,
        assumptions=base.assumptions,
        warnings=tuple(warnings),
        data=base.data,
        extra=base.extra,
    )


# ---------------------------------------------------------------- stepwise


def _walk(
    products: CrossProducts, model: Model, method: str, enter: float, remove: float
) -> tuple[list[int], list[tuple[str, str, float]]]:
    """Terms in the final model, and the steps taken (action, term, p)."""
    terms = list(range(len(model.terms)))
    chosen = [*terms] if method == "backward" else []
    steps: list[tuple[str, str, float]] = []

    def p_of(term: int, others: Sequence[int]) -> float:
        base = _columns_of(model, others)
        rss0, rank0 = products.rss(base)
        rss1, rank1 = products.rss(sorted([*base, *model.term_columns(term)]))
        df, left = rank1 - rank0, model.n - rank1
        if df == 0 or left < 1:
            return 1.0
        if rss1 == 0:
            return 0.0 if rss0 else 1.0
        return f_upper(float((rss0 - rss1) / df / (rss1 / left)), df, left)

    for _ in range(4 * len(terms) + 1):
        moved = False
        if method != "backward":
            open_ = [t for t in terms if t not in chosen]
            best = min(((p_of(t, chosen), t) for t in open_), default=(1.0, -1))
            if best[0] < enter:
                chosen.append(best[1])
                steps.append(("enter", model.labels[best[1]], best[0]))
                moved = True
        if method != "forward" and chosen:
            worst = max((p_of(t, [o for o in chosen if o != t]), t) for t in chosen)
            if worst[0] > remove:
                chosen.remove(worst[1])
                steps.append(("remove", model.labels[worst[1]], worst[0]))
                moved = True
        if not moved:
            break
    return sorted(chosen), steps


def _columns_of(model: Model, terms: Sequence[int]) -> list[int]:
    wanted = set(terms)
    return [j for j, t in enumerate(model.assign) if t in wanted or t == -1]


def _candidates(arguments: Mapping[str, Any]) -> Model:
    model = model_from(*(arguments[k] for k in ("formula", "data", "y", "x")))
    if not model.intercept:
        raise InputError("stepwise selection keeps the intercept")
    return model


def _final_formula(model: Model, chosen: Sequence[int]) -> Formula:
    total: Expression | None = None
    for t in chosen:
        joined: Expression = model.terms[t][0]
        for atom in model.terms[t][1:]:
            joined = Binary(":", joined, atom)
        total = joined if total is None else Binary("+", total, joined)
    if total is None:
        total = Num(Number("1"))
    return Formula(model.formula.response, total)


def _verify_stepwise(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The final model by sweep; and, by sweeps too, that no further step is due."""
    model = _candidates(arguments)
    selected: list[Any] = result.values["selected"]  # type: ignore[assignment]
    chosen = [t for t, name in enumerate(model.labels) if name in selected]
    names = ("coefficients", "se", "r2", "r2_adj", "s", "n", "df_error", "p_values")
    formula = _final_formula(model, chosen)
    found = verify_regression(
        {"formula": formula, "data": model.table, "y": None, "x": None, "weights": None, "at": None,
         "new_data": None, "intercept": True, "confidence": 0.95},
        Result(values={k: v for k, v in result.values.items() if k in names}),
    )  # fmt: skip
    whole = sweep([model.columns[j] for j in _columns_of(model, chosen)], model.response)
    due = 0
    for t in range(len(model.terms)):
        inside = t in chosen
        other = sorted(set(chosen) ^ {t})
        rival = sweep([model.columns[j] for j in _columns_of(model, other)], model.response)
        small, large = (rival, whole) if inside else (whole, rival)
        df, left = large.rank - small.rank, model.n - large.rank
        if df == 0 or left < 1 or large.rss == 0:
            continue
        p = f_upper_again(float((small.rss - large.rss) / df / (large.rss / left)), df, left)
        if inside and arguments["method"] != "forward":
            due += p > arguments["p_remove"]
        if not inside and arguments["method"] != "backward":
            due += p < arguments["p_enter"]
    found["further steps due"] = Invariant(float(due), 0.0)
    found["n_selected"] = len(chosen)
    found["n_candidates"] = len(model.terms)
    found["aic"] = _aic(whole.rss, model.n, whole.rank)
    found["n"] = len(model.response)
    return found


def _aic(rss: Fraction, n: int, rank: int) -> float | None:
    import math

    if rss == 0:
        return None
    return n * (math.log(2 * math.pi) + math.log(float(rss / n)) + 1) + 2 * (rank + 1)


@operation(
    "stats.stepwise",
    outputs={
        "selected": "terms of the final model",
        "n_selected": "number of them",
        "n_candidates": "terms to choose from",
        "coefficient_names": "names of the coefficients",
        "coefficients": "estimates of the final model",
        "se": "standard errors",
        "p_values": "p values, too small because the same data chose the terms",
        "r2": "R-squared",
        "r2_adj": "adjusted R-squared",
        "s": "residual standard deviation",
        "aic": "Akaike's information criterion",
        "n": "rows used",
        "df_error": "residual degrees of freedom",
    },
    reference="Draper and Smith (1998), Applied Regression Analysis, chapter 15; Harrell (2015) on its dangers",
    verifier=_verify_stepwise,
    examples=(
        "r = stats.stepwise(y=[5, 7.1, 9.2, 10.8, 13.1, 15.2, 16.8, 19.1], "
        "x=[[1, 2, 3, 4, 5, 6, 7, 8], [3, 1, 4, 1, 5, 9, 2, 6], [2, 7, 1, 8, 2, 8, 1, 8]])",
    ),
    terms=(
        "stepwise regression",
        "variable selection",
        "forward selection",
        "backward elimination",
    ),
)
def stepwise(
    formula: Annotated[Formula | None, Param("the largest model, such as y ~ a + b + c")] = None,
    data: Annotated[Table | None, Param("table with the formula's columns")] = None,
    y: Annotated[Sample | None, Param("response, instead of a formula", min_length=3)] = None,
    x: Annotated[tuple[Sample, ...] | None, Param("candidate predictors")] = None,
    method: Annotated[Literal["both", "forward", "backward"], Param("direction")] = "both",
    p_enter: Annotated[float, Param("p below which a term enters", gt=0, lt=1)] = 0.05,
    p_remove: Annotated[float, Param("p above which a term leaves", gt=0, lt=1)] = 0.10,
) -> Result:
    """Select the terms of a regression step by step, by partial F tests.

    Convenient for screening many candidates, but the p values and R-squared of the chosen model flatter it:
    check it on new data.
    """
    if method == "both" and p_remove < p_enter:
        raise InputError("p_remove must not be below p_enter, or terms enter and leave for ever")
    model = _candidates({"formula": formula, "data": data, "y": y, "x": x})
    chosen, steps = _walk(
        CrossProducts(model.columns, model.response), model, method, p_enter, p_remove
    )
    final = build(_final_formula(model, chosen), model.table)
    fit = LinearFit(final)
    kept = estimates(fit, 0.95)
    values: dict[str, Any] = {
        "selected": [model.labels[t] for t in chosen],
        "n_selected": len(chosen),
        "n_candidates": len(model.terms),
        "n": fit.n,
        "aic": _aic(fit.rss, fit.n, fit.solution.rank),
    }
    for key in (
        "coefficient_names",
        "coefficients",
        "se",
        "p_values",
        "r2",
        "r2_adj",
        "s",
        "df_error",
    ):
        if key in kept:
            values[key] = kept[key]
    text = f"Selected {{n_selected}} of {{n_candidates}} terms: {equation(fit)} (R² {{r2}})."
    if not chosen:
        text = "None of the {n_candidates} terms explains the response at this level."
    return Result(
        values={k: v for k, v in values.items() if v is not None},
        conclusion=text,
        tables=(
            table_of("steps", ("action", "term", "p_value"), steps),
            coefficient_table(fit, 0.95),
        ),
        warnings=(
            "Stepwise p values and R² are too good, since the same data chose the terms; confirm the "
            "model on new data.",
            *fit_warnings(fit),
        ),
        assumptions=tuple(residual_checks(fit)),
        extra={"fit": fit},
    )
