"""Linear regression by exact least squares."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, Any

import numpy as np

from havoc.errors import InputError, NeedsClarification
from havoc.tools.diagnostics import residual_checks, residual_figure, unusual_rows
from havoc.tools.expression import Binary, Formula, Num
from havoc.tools.formula import INTERCEPT, Model, build, formula_of, table_of_columns
from havoc.tools.least_squares import CrossProducts, ExactColumn, fitted, orthogonality, root, sweep
from havoc.tools.linear_model import (
    LinearFit,
    f_upper,
    f_upper_again,
    t_quantile,
    t_quantile_again,
    t_two_sided,
    t_two_sided_again,
)
from havoc.tools.operation import Invariant, Param, Recomputed, operation
from havoc.tools.result import Figure, Result, ResultTable, table_of
from havoc.tools.stats.residual_figures import OUTPUTS as RESIDUAL_OUTPUTS
from havoc.tools.stats.residual_figures import residual_figures, residual_figures_again
from havoc.tools.values import Labels, Number, Sample, Table

OUTPUTS = {
    "coefficient_names": "names of the model's columns, in order",
    "coefficients": "estimates, in the same order",
    "intercept": "the constant term (models with an intercept)",
    "slope": "the coefficient of the only predictor (straight lines)",
    "se": "standard errors of the coefficients",
    "t": "t statistics of the coefficients",
    "p_values": "two-sided p values of the coefficients",
    "ci_low": "lower confidence limits of the coefficients",
    "ci_high": "upper confidence limits of the coefficients",
    "slope_se": "standard error of the slope (straight lines)",
    "t_slope": "t of the slope (straight lines)",
    "p_slope": "p value of the slope (straight lines)",
    "r2": "coefficient of determination",
    "r2_adj": "adjusted R-squared",
    "r2_pred": "predicted R-squared, from PRESS",
    "press": "prediction error sum of squares",
    "s": "residual standard deviation",
    "n": "rows used",
    "F": "F of the whole regression",
    "p_value": "p value of the whole regression",
    "df_model": "degrees of freedom of the regression",
    "df_error": "degrees of freedom of the error",
    "ss_model": "regression sum of squares",
    "ss_error": "residual sum of squares",
    "ss_total": "total sum of squares",
    "ms_error": "residual mean square",
    "vif": "variance inflation factors of the columns after the intercept",
    "confidence": "confidence level of the intervals",
    "predicted": "predicted response (a number for one setting, a list for several)",
    "mean_ci_low": "lower confidence limit of the mean there",
    "mean_ci_high": "upper confidence limit of the mean there",
    "pi_low": "lower prediction limit for a single new observation there",
    "pi_high": "upper prediction limit for a single new observation there",
    **RESIDUAL_OUTPUTS,
}


def model_from(
    formula: Formula | None,
    data: Table | None,
    y: Sample | None,
    x: Sequence[Sample] | None,
    intercept: bool = True,
) -> Model:
    """The model from either way of writing it: formula and table, or y and x columns."""
    if formula is not None:
        if y is not None or x is not None:
            raise InputError("give a formula with data, or y and x, not both")
        if data is None:
            raise NeedsClarification(f"which table holds the columns of {formula}? (data=...)")
    else:
        if y is None or not x:
            raise NeedsClarification("which is the response y and which are the predictors x?")
        named = [
            replace(s, name=re.sub(r"^group(\d+)$", r"x\1", s.name) if s.name != y.name else "x")
            for s in x
        ]
        data = table_of_columns([y, *named])
        formula = formula_of(data.columns[0], data.columns[1:])
    if not intercept:
        formula = Formula(formula.response, Binary("-", formula.terms, Num(Number("1"))))
    return build(formula, data)


def fit_from(arguments: Mapping[str, Any]) -> LinearFit:
    model = model_from(
        arguments["formula"],
        arguments["data"],
        arguments["y"],
        arguments["x"],
        arguments["intercept"],
    )
    return LinearFit(model, weights_for(model, arguments["weights"]))


def weights_for(model: Model, weights: Sample | None) -> ExactColumn | None:
    if weights is None:
        return None
    if len(weights) != model.n + model.n_dropped:
        raise InputError(f"there are {len(weights)} weights for {model.n + model.n_dropped} rows")
    chosen = ExactColumn.of_sample(weights.take(model.kept_rows))
    if min(chosen.numerators) <= 0:
        raise InputError("weights must be above 0; leave a row out to ignore it")
    return chosen


def verify_regression(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Sweep on rationals with residuals by definition; incomplete beta by mpmath; VIF by regression."""
    fit = fit_from(arguments)
    model, weights, level = fit.model, fit.weights, arguments["confidence"]
    again = sweep(model.columns, model.response, weights)
    columns = [model.columns[j] for j in again.kept]
    residuals = model.response - fitted(columns, again.coefficients)
    weighted = residuals if weights is None else residuals * weights
    df = model.n - len(again.kept)
    deviations = _total_by_definition(model, weights)
    found: dict[str, Any] = {
        "coefficients": [float(b) for b in again.coefficients],
        "n": len(residuals),
        "df_error": df,
        "df_model": len(again.kept) - int(model.intercept),
        "ss_error": float(again.rss),
        "ss_total": float(deviations),
        "ss_model": float(deviations - again.rss),
        "confidence": level,
        "normal equations": Invariant(float(orthogonality(columns, weighted)), 0.0, 0.0),
    }
    if model.intercept:
        found["intercept"] = float(again.coefficients[0])
    if deviations:
        found["r2"] = float((deviations - again.rss) / deviations)
    if df and again.rss:
        found |= _verify_tests(again, df, deviations, model.intercept, level)
        found |= _verify_press(fit, weighted, residuals, again, deviations)
    elif df:
        found |= {"s": 0.0, "ms_error": 0.0, "se": [0.0] * len(again.kept)}
        found["r2_adj"] = 1.0
    if "slope" in result.values:
        found["slope"] = found["coefficients"][-1]
        if "t" in found:
            found["slope_se"] = found["se"][-1]
            found["t_slope"], found["p_slope"] = found["t"][-1], found["p_values"][-1]
    if "vif" in result.values:
        found["vif"] = _vif_by_regression(fit)
    found |= residual_figures_again(residuals, again.rss, found.get("r2"), found.get("slope"))
    if "predicted" in result.values:
        found |= _verify_prediction(arguments, model, again, df, level)
    return {k: v for k, v in found.items() if k in result.values or isinstance(v, Invariant)}


def _total_by_definition(model: Model, weights: ExactColumn | None) -> Fraction:
    y = model.response.fractions
    w = weights.fractions if weights is not None else (Fraction(1),) * len(y)
    mean = (
        sum(map(lambda a, b: a * b, w, y), Fraction(0)) / sum(w) if model.intercept else Fraction(0)
    )
    return sum((a * (b - mean) ** 2 for a, b in zip(w, y, strict=True)), Fraction(0))


def _verify_tests(
    again: Any, df: int, total: Fraction, intercept: bool, level: float
) -> dict[str, Any]:
    ms = again.rss / df
    k = len(again.kept) - int(intercept)
    se = [root(ms * again.inverse[i][i]) for i in range(len(again.kept))]
    b = [float(c) for c in again.coefficients]
    t = [x / s for x, s in zip(b, se, strict=True)]
    quantile = t_quantile_again(level, df)
    found: dict[str, Any] = {
        "s": root(ms),
        "ms_error": float(ms),
        "se": se,
        "t": t,
        "p_values": [t_two_sided_again(x, df) for x in t],
        "ci_low": [x - quantile * s for x, s in zip(b, se, strict=True)],
        "ci_high": [x + quantile * s for x, s in zip(b, se, strict=True)],
    }
    if k and total:
        found["F"] = float((total - again.rss) / k / ms)
        found["p_value"] = f_upper_again(found["F"], k, df)
    if total:
        found["r2_adj"] = float(1 - ms / (total / (df + k)))
    return found


def _verify_press(
    fit: LinearFit, weighted: ExactColumn, residuals: ExactColumn, again: Any, total: Fraction
) -> dict[str, Any]:
    """Leverages x'Cx in rationals where that is quick, else from the singular vectors."""
    p = len(again.kept)
    columns = [fit.model.columns[j] for j in again.kept]
    if fit.n * p * p <= 30_000:
        h = np.array([spread for _, spread in fit_rows(columns, again)])
        if fit.weights is not None:
            h = h * fit.weights.floats
    else:
        matrix = np.column_stack([c.floats for c in columns])
        if fit.weights is not None:
            matrix = matrix * np.sqrt(fit.weights.floats)[:, None]
        u, singular, _ = np.linalg.svd(matrix / np.linalg.norm(matrix, axis=0), full_matrices=False)
        h = (u[:, singular > singular[0] * 1e-13] ** 2).sum(axis=1)
    if (h > 1 - 1e-9).any():
        return {}
    press = float((residuals.floats * weighted.floats / (1 - h) ** 2).sum())
    found: dict[str, Any] = {"press": Recomputed(press, 1e-6)}
    if total:
        found["r2_pred"] = Recomputed(1 - press / float(total), 1e-6)
    return found


def fit_rows(columns: Sequence[ExactColumn], solution: Any) -> list[tuple[float, float]]:
    """Mean and leverage row by row, straight from the definition x'b and x'Cx."""
    p = range(len(columns))
    rows = zip(*(c.fractions for c in columns), strict=True)
    return [
        (
            float(sum((row[i] * solution.coefficients[i] for i in p), Fraction(0))),
            float(
                sum((row[i] * solution.inverse[i][j] * row[j] for i in p for j in p), Fraction(0))
            ),
        )
        for row in rows
    ]


def _vif_by_regression(fit: LinearFit) -> list[float]:
    columns = fit.kept_columns
    products = CrossProducts(columns, columns[0])
    found = []
    for j in range(1, len(columns)):
        others = [i for i in range(len(columns)) if i != j]
        found.append(float(products.rss([0], j)[0] / products.rss(others, j)[0]))
    return found


def _verify_prediction(
    arguments: Mapping[str, Any], model: Model, again: Any, df: int, level: float
) -> dict[str, Any]:
    table = settings(model, arguments["at"], arguments["new_data"])
    assert table is not None
    columns = [model.at(table)[j] for j in again.kept]
    rows = fit_rows(columns, again)
    found: dict[str, Any] = {"predicted": [m for m, _ in rows]}
    if df:
        half = t_quantile_again(level, df) * root(again.rss / df)
        found["mean_ci_low"] = [m - half * h**0.5 for m, h in rows]
        found["mean_ci_high"] = [m + half * h**0.5 for m, h in rows]
        found["pi_low"] = [m - half * (1 + h) ** 0.5 for m, h in rows]
        found["pi_high"] = [m + half * (1 + h) ** 0.5 for m, h in rows]
    return {k: v[0] if len(v) == 1 else v for k, v in found.items()}


@operation(
    "stats.regression",
    outputs=OUTPUTS,
    reference="Montgomery, Peck and Vining (2012), Introduction to Linear Regression Analysis, "
    "chapters 2-4 and 9; exact elimination after Bareiss (1968)",
    verifier=verify_regression,
    examples=(
        "r = stats.regression(y=[2.3, 3.9, 6.2, 7.8, 10.1, 11.9], x=[10, 20, 30, 40, 50, 60], at=[45])",
        "r = stats.regression(y=[3.1, 4.9, 7.2, 8.8, 11.1, 12.7], "
        "x=[[1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 4]], at=[3.5, 3])",
        "r = stats.regression(y=[3, 4, 4], x=[4, 5, 6], intercept=false)",
    ),
    terms=(
        "linear regression",
        "multiple regression",
        "fit a line",
        "calibration line",
        "least squares",
        "slope and intercept",
        "regression through the origin",
        "weighted least squares",
        "prediction interval",
        "trend line",
    ),
)
def regression(
    formula: Annotated[Formula | None, Param("model such as y ~ x1 + x2 + x1:x2")] = None,
    data: Annotated[Table | None, Param("table with the formula's columns")] = None,
    y: Annotated[Sample | None, Param("response, instead of a formula", min_length=2)] = None,
    x: Annotated[tuple[Sample, ...] | None, Param("predictor column or columns")] = None,
    at: Annotated[
        tuple[float, ...] | None,
        Param("predict at these predictor values, in the order of the predictors"),
    ] = None,
    new_data: Annotated[Table | None, Param("predict at the rows of this table")] = None,
    weights: Annotated[Sample | None, Param("weight of each row (1 / variance)")] = None,
    intercept: Annotated[bool, Param("false: through the origin")] = True,
    confidence: Annotated[
        float, Param("confidence level of the intervals", gt=0, lt=1, fraction=True)
    ] = 0.95,
) -> Result:
    """Fit a linear regression by least squares, with tests, intervals and diagnostics.

    Estimates, standard errors and sums of squares are computed in exact rational arithmetic from
    the decimals as written, and rounded once at the end. ``at`` predicts at given settings, with a
    confidence interval for the mean and a prediction interval for one new observation. Columns of
    words enter as indicator columns against their first level. Without an intercept, R-squared is
    about zero, not about the mean.
    """
    model = model_from(formula, data, y, x, intercept)
    return regression_result(model, weights, at, new_data, confidence)


def regression_result(
    model: Model,
    weights: Sample | None,
    at: tuple[float, ...] | None,
    new_data: Table | None,
    confidence: float,
) -> Result:
    """Everything ``stats.regression`` reports on a model."""
    fit = LinearFit(model, weights_for(model, weights))
    values = {"n": fit.n, "confidence": confidence, **estimates(fit, confidence)}
    values |= residual_figures(fit, values.get("slope"))
    warnings = fit_warnings(fit)
    tables = [coefficient_table(fit, confidence), anova_table(fit)]
    wanted = settings(model, at, new_data)
    if wanted is not None:
        predictions = predict(fit, wanted, confidence)
        tables.insert(1, prediction_table(wanted, predictions))
        warnings += extrapolation(model, wanted)
        one = wanted.n_rows == 1
        values |= {k: v[0] if one else v for k, v in predictions.items()}
    if "vif" in values and max(values["vif"]) > 10:
        worst = fit.names[1:][int(np.argmax(values["vif"]))]
        warnings.append(
            f"The predictors are strongly related (largest variance inflation factor above 10, "
            f"'{worst}'): single coefficients are poorly determined, predictions within the data are not."
        )
    figures = (line_figure(fit, confidence), residual_figure(fit))
    return Result(
        values=values,
        conclusion=_conclusion(fit, values),
        tables=tuple(tables),
        figures=tuple(f for f in figures if f is not None),
        assumptions=tuple(residual_checks(fit)),
        warnings=tuple(warnings),
        data=residual_table(fit),
        extra={"fit": fit},
    )


def estimates(fit: LinearFit, confidence: float) -> dict[str, Any]:
    """The values of a fit, without predictions."""
    b, names = fit.coefficients.tolist(), fit.names
    values: dict[str, Any] = {
        "coefficient_names": list(names),
        "coefficients": b,
        "r2": fit.r2,
        "r2_adj": fit.r2_adj,
        "s": fit.sigma,
        "df_model": fit.df_model,
        "df_error": fit.df_error,
        "ss_model": float(fit.sst - fit.rss),
        "ss_error": float(fit.rss),
        "ss_total": float(fit.sst),
        "ms_error": None if fit.ms_error is None else float(fit.ms_error),
    }
    if fit.model.intercept:
        values["intercept"] = b[0]
    line = len(names) - int(fit.model.intercept) == 1
    if line:
        values["slope"] = b[-1]
    if fit.standard_errors is not None:
        values["se"] = fit.standard_errors.tolist()
        if not fit.exact_fit:
            values |= _tests(fit, confidence)
            if line:
                values["slope_se"] = values["se"][-1]
                values["t_slope"], values["p_slope"] = values["t"][-1], values["p_values"][-1]
    if fit.model.intercept and len(names) > 2 and fit.weights is None:
        values["vif"] = [
            float(fit.solution.inverse[j][j] * c.centred().sum_of_squares())
            for j, c in enumerate(fit.kept_columns)
            if j
        ]
    return {k: v for k, v in values.items() if v is not None}


def _tests(fit: LinearFit, confidence: float) -> dict[str, Any]:
    assert fit.standard_errors is not None
    b, se, df = fit.coefficients, fit.standard_errors, fit.df_error
    half = t_quantile(confidence, df) * se
    values: dict[str, Any] = {
        "t": (b / se).tolist(),
        "p_values": [t_two_sided(v, df) for v in b / se],
        "ci_low": (b - half).tolist(),
        "ci_high": (b + half).tolist(),
    }
    if fit.f_statistic is not None:
        values["F"] = fit.f_statistic
        values["p_value"] = f_upper(fit.f_statistic, fit.df_model, df)
    if fit.press is not None:
        values["press"] = fit.press
        if fit.sst:
            values["r2_pred"] = 1 - fit.press / float(fit.sst)
    return values


def fit_warnings(fit: LinearFit) -> list[str]:
    found = []
    if fit.model.n_dropped:
        found.append(
            f"{fit.model.n_dropped} row(s) with a missing value were left out; {fit.n} were used."
        )
    if fit.aliased:
        found.append(
            f"Not estimable from these data, so left out: {', '.join(fit.aliased)} "
            "(exact combinations of the terms before them)."
        )
    if fit.df_error == 0:
        found.append(
            "There are as many coefficients as rows: the fit is exact by construction and gives "
            "no measure of error."
        )
    elif fit.exact_fit:
        found.append("The model fits every row exactly, so tests and intervals have no meaning.")
    elif fit.df_error < 5:
        found.append(f"Only {fit.df_error} degrees of freedom are left for the error.")
    if not fit.model.intercept:
        found.append("Without an intercept R-squared is about zero and not comparable with others.")
    return found + unusual_rows(fit)


def settings(model: Model, at: tuple[float, ...] | None, new_data: Table | None) -> Table | None:
    """Where to predict, as a table of the model's predictors."""
    if at is not None and new_data is not None:
        raise InputError("give at or new_data, not both")
    names = model.predictors()
    if new_data is not None:
        return Table(tuple(replace(new_data.column(n), name=n) for n in names), "predict at")
    if at is None:
        return None
    if not at or len(at) % len(names):
        raise InputError(
            f"at needs {len(names)} value(s) a setting, in the order {', '.join(names)}; "
            f"it has {len(at)}"
        )
    columns: list[Sample | Labels] = []
    for k, name in enumerate(names):
        column = model.table.column(name)
        if isinstance(column, Labels):
            raise InputError(f"'{name}' holds words: give the settings as a table (new_data=...)")
        texts = tuple(_text(v) for v in at[k :: len(names)])
        columns.append(Sample(name, texts, column.unit))
    return Table(tuple(columns), "predict at")


def _text(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def predict(fit: LinearFit, table: Table, confidence: float) -> dict[str, list[float]]:
    rows = fit.predict(fit.model.at(table))
    found = {"predicted": [mean for mean, _ in rows]}
    if fit.sigma is not None:
        half = t_quantile(confidence, fit.df_error) * fit.sigma
        found["mean_ci_low"] = [m - half * np.sqrt(h) for m, h in rows]
        found["mean_ci_high"] = [m + half * np.sqrt(h) for m, h in rows]
        found["pi_low"] = [m - half * np.sqrt(1 + h) for m, h in rows]
        found["pi_high"] = [m + half * np.sqrt(1 + h) for m, h in rows]
    return found


def extrapolation(model: Model, table: Table) -> list[str]:
    found = []
    for name in model.predictors():
        seen, asked = model.table.column(name), table.column(name)
        if isinstance(seen, Sample) and isinstance(asked, Sample):
            low, high = float(np.min(seen.values)), float(np.max(seen.values))
            if (asked.values < low).any() or (asked.values > high).any():
                found.append(
                    f"Extrapolation: '{name}' was observed from {low:g} to {high:g} only; beyond "
                    "that the model is a guess."
                )
    return found


def coefficient_table(fit: LinearFit, confidence: float) -> ResultTable:
    values = estimates(fit, confidence)
    missing = [None] * len(fit.names)
    rows = zip(
        fit.names,
        values["coefficients"],
        *(values.get(k, missing) for k in ("se", "t", "p_values", "ci_low", "ci_high")),
        strict=True,
    )
    columns = ("term", "coefficient", "se", "t", "p_value", "ci_low", "ci_high")
    return table_of("coefficients", columns, list(rows))


def anova_table(fit: LinearFit) -> ResultTable:
    ms_model = float((fit.sst - fit.rss) / fit.df_model) if fit.df_model else None
    ms_error = None if fit.ms_error is None else float(fit.ms_error)
    p = None
    if fit.f_statistic is not None:
        p = f_upper(fit.f_statistic, fit.df_model, fit.df_error)
    rows = [
        ("regression", fit.df_model, float(fit.sst - fit.rss), ms_model, fit.f_statistic, p),
        ("error", fit.df_error, float(fit.rss), ms_error, None, None),
        ("total", fit.df_model + fit.df_error, float(fit.sst), None, None, None),
    ]
    return table_of("analysis of variance", ("source", "df", "ss", "ms", "F", "p_value"), rows)


def prediction_table(settings_: Table, predictions: Mapping[str, list[float]]) -> ResultTable:
    columns = (*settings_.names, *predictions)
    rows = [
        [*left, *right]
        for left, right in zip(
            settings_.rows(), zip(*predictions.values(), strict=True), strict=True
        )
    ]
    return table_of("predictions", columns, rows)


def residual_table(fit: LinearFit) -> Table:
    """The rows used with fitted values and residuals, for a following statement."""
    residuals = fit.residuals
    extra = [
        Sample.of((fit.model.response.floats - residuals).tolist(), "fitted"),
        Sample.of(residuals.tolist(), "residual"),
    ]
    taken = {c.name for c in fit.model.table.columns}
    renamed = [replace(s, name=f"{s.name}_") if s.name in taken else s for s in extra]
    return Table((*fit.model.table.columns, *renamed), "residuals")


def line_figure(fit: LinearFit, confidence: float) -> Figure | None:
    """Points, line and bands where there is one numeric predictor."""
    names = fit.model.predictors()
    if len(names) != 1 or isinstance(fit.model.table.column(names[0]), Labels):
        return None
    x = fit.model.table.sample(names[0])
    grid = np.linspace(x.values.min(), x.values.max(), 41)
    bands = predict(fit, Table((Sample.of(grid.tolist(), names[0]),)), confidence)
    return Figure(
        "regression_line",
        f"{fit.model.response_name} against {names[0]}",
        {
            "x_name": names[0],
            "y_name": fit.model.response_name,
            "x": x.values.tolist(),
            "y": fit.model.response.floats.tolist(),
            "grid": grid.tolist(),
            **bands,
        },
    )


def escaped(name: str) -> str:
    return name.replace("{", "{{").replace("}", "}}")


def equation(fit: LinearFit, limit: int = 8) -> str:
    """``y = {coefficients[0]} {coefficients[1]:signed}·x``, placeholders for the numbers."""
    parts = [
        f"{{coefficients[{i}]{':signed' if i else ''}}}"
        + ("" if name == INTERCEPT else f"·{escaped(name)}")
        for i, name in enumerate(fit.names[:limit])
    ]
    rest = " + ..." if len(fit.names) > limit else ""
    return f"{escaped(fit.model.response_name)} = {' '.join(parts)}{rest}"


def _conclusion(fit: LinearFit, values: Mapping[str, Any]) -> str:
    text = f"The fitted model is {equation(fit)}"
    if "r2" in values and "s" in values:
        text += ", with R² = {r2} and residual standard deviation s = {s}"
    text += "."
    if "p_value" in values:
        text += " The regression as a whole has F = {F}, p = {p_value}."
    predicted = values.get("predicted")
    if predicted is not None and not isinstance(predicted, list):
        text += " At the asked setting the prediction is {predicted}"
        if "pi_low" in values:
            text += ", prediction interval {pi_low} to {pi_high}"
            text += " (confidence interval of the mean {mean_ci_low} to {mean_ci_high})"
        text += "."
    return text
