"""Analysis of variance of split-plot experiments, each factor against its own error."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, Any

from havoc.errors import InputError, NeedsClarification
from havoc.tools.diagnostics import by_randomisation, normal_residuals
from havoc.tools.expression import Binary, Expression, Formula, Name
from havoc.tools.formula import Model, build, label, table_of_columns
from havoc.tools.least_squares import CrossProducts
from havoc.tools.linear_model import LinearFit, f_upper, f_upper_again
from havoc.tools.operation import Param, operation
from havoc.tools.result import Result, table_of
from havoc.tools.values import Column, Labels, Sample, as_labels, complete_cases

WHOLE, SUB = "whole plots", "subplots"
OUTPUTS = {
    "terms": "names of the terms, whole-plot terms first",
    "strata": "stratum in which each term is tested",
    "df": "degrees of freedom of the terms",
    "ss": "sums of squares of the terms",
    "ms": "mean squares of the terms",
    "F": "F of each term against its own error",
    "p_values": "p value of each term",
    "ms_whole_plot_error": "mean square of the whole-plot error",
    "df_whole_plot_error": "degrees of freedom of the whole-plot error",
    "ms_error": "mean square of the subplot error",
    "df_error": "degrees of freedom of the subplot error",
    "ss_blocks": "sum of squares of the blocks",
    "df_blocks": "degrees of freedom of the blocks",
    "var_whole_plot": "variance component of the whole plots",
    "var_subplot": "variance component of the subplots",
    "whole_plots": "number of whole plots",
    "n": "runs used",
    "alpha": "significance level",
    "n_significant": "terms with p below alpha",
}


@dataclass(frozen=True)
class Layout:
    """A split-plot experiment: its model with all terms, and the role of each."""

    model: Model
    whole: tuple[str, ...]
    sub: tuple[str, ...]
    block: str | None
    plots: int
    n_dropped: int

    def role(self, term: int) -> str:
        names = {c.column for a in self.model.terms[term] for c in [self.model.codings[a]]}
        if names == {self.block}:
            return "blocks"
        if names == {WHOLE}:
            return WHOLE
        return SUB if names & set(self.sub) else "treatments"

    def terms(self, role: str) -> list[int]:
        return [t for t in range(len(self.model.terms)) if self.role(t) == role]


def layout_of(
    response: Sample,
    whole: Sequence[Column] | None,
    sub: Sequence[Column],
    block: Labels | None,
    whole_plot: Labels | None,
) -> Layout:
    """Number the whole plots and build the model; only balanced experiments are taken."""
    if block is None and whole_plot is None:
        raise NeedsClarification("which column tells the blocks (or the whole plots) apart?")
    factors = [*(whole or ()), *sub]
    extra = [c for c in (block, whole_plot) if c is not None]
    columns, dropped = complete_cases(response, *factors, *extra)
    if dropped:
        raise InputError(
            f"{dropped} run(s) have a missing value; a split-plot analysis by strata needs them all"
        )
    y, named = columns[0], [as_labels(c) for c in columns[1:]]
    keys = named[: len(whole or ())] + ([] if block is None else [named[len(factors)]])
    if whole_plot is not None:
        keys = [as_labels(whole_plot)]
    plots = tuple(
        "·".join(str(v) for v in row) for row in zip(*(k.items for k in keys), strict=True)
    )
    table = table_of_columns([y, *columns[1 : len(factors) + 1]])
    names = table.names[1:]
    blocks = [] if block is None else [replace(as_labels(block), name=_free(block.name, names))]
    table = table_of_columns([*table.columns, *blocks, Labels(WHOLE, plots)])
    w, s = names[: len(whole or ())], names[len(whole or ()) :]
    _check_balance(table.columns[1 : len(factors) + 1], plots)
    formula = Formula(Name(table.names[0]), _crossed(w, s, [b.name for b in blocks]))
    model = build(formula, table, contrasts="sum", factors="all")
    name = blocks[0].name if blocks else None
    return Layout(model, w, s, name, len(set(plots)), 0)


def _free(name: str, taken: Sequence[str]) -> str:
    return name if name not in taken else f"{name} (block)"


def _crossed(whole: Sequence[str], sub: Sequence[str], blocks: Sequence[str]) -> Expression:
    product: Expression | None = None
    for name in (*whole, *sub):
        product = Name(name) if product is None else Binary("*", product, Name(name))
    assert product is not None
    total: Expression = Name(WHOLE)
    for b in blocks:
        total = Binary("+", Name(b), total)
    return Binary("+", total, product)


def _check_balance(factors: Sequence[Column], plots: Sequence[str]) -> None:
    cells = list(zip(*(as_labels(c).items for c in factors), strict=True))
    counts = {cells.count(c) for c in set(cells)}
    wanted = 1
    for c in factors:
        wanted *= len(as_labels(c).levels)
    sizes = {plots.count(p) for p in set(plots)}
    if len(set(cells)) != wanted or len(counts) > 1 or len(sizes) > 1:
        raise InputError(
            "the experiment is not balanced (every combination equally often, whole plots of equal "
            "size), so its strata do not separate; fit a mixed model instead"
        )
    if sizes == {1}:
        raise InputError("each whole plot has one run only, so there are no subplots")


def _strata(layout: Layout) -> tuple[dict[int, tuple[int, Fraction]], tuple[int, Fraction]]:
    """Sequential sums of squares: blocks, whole-plot terms, whole plots, subplot terms; and the rest."""
    model = layout.model
    order = [
        *layout.terms("blocks"),
        *layout.terms("treatments"),
        *layout.terms(WHOLE),
        *layout.terms(SUB),
    ]
    indices = [0] + [j for t in order for j in model.term_columns(t)]
    rss, independent = CrossProducts(model.columns, model.response).sequential_rss(indices)
    found, position = {}, 1
    for t in order:
        width = len(model.term_columns(t))
        df = sum(independent[position : position + width])
        found[t] = (df, rss[position] - rss[position + width])
        position += width
    return found, (model.n - sum(independent), rss[-1])


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """From totals of cells, by inclusion and exclusion (Hinkelmann and Kempthorne, chapter 13)."""
    layout = _layout(arguments)
    model = layout.model
    y = model.response.fractions
    grand = sum(y, Fraction(0)) ** 2 / len(y)
    everything = sum((v * v for v in y), Fraction(0)) - grand

    def between(names: Sequence[str]) -> Fraction:
        cells: dict[Any, list[Fraction]] = {}
        columns = [as_labels(model.table.column(n)).items for n in names]
        for i, v in enumerate(y):
            cells.setdefault(tuple(c[i] for c in columns), []).append(v)
        return sum((sum(c, Fraction(0)) ** 2 / len(c) for c in cells.values()), Fraction(0)) - grand

    def own(names: Sequence[str]) -> Fraction:
        total = Fraction(0)
        for size in range(1, len(names) + 1):
            sign = (-1) ** (len(names) - size)
            total += sign * sum(
                (between(c) for c in itertools.combinations(names, size)), Fraction(0)
            )
        return total

    shown = dict(zip(result.values["terms"], result.values["df"], strict=True))  # type: ignore[arg-type]
    rows = []
    for role in ("treatments", SUB):
        for t in layout.terms(role):
            if label(model.terms[t]) in shown:
                names = [model.codings[a].column for a in model.terms[t]]
                df = 1
                for n in names:
                    df *= len(as_labels(model.table.column(n)).levels) - 1
                rows.append((role, df, own(names)))
    blocks = between([layout.block]) if layout.block else Fraction(0)
    plots = between([WHOLE])
    df_blocks = len(as_labels(model.table.column(layout.block)).levels) - 1 if layout.block else 0
    df_whole = layout.plots - 1 - df_blocks - sum(d for r, d, _ in rows if r == "treatments")
    whole = plots - blocks - sum((v for r, _, v in rows if r == "treatments"), Fraction(0))
    df_error = len(y) - layout.plots - sum(d for r, d, _ in rows if r == SUB)
    error = everything - plots - sum((v for r, _, v in rows if r == SUB), Fraction(0))
    return _values(
        rows, (df_whole, whole), (df_error, error), (df_blocks, blocks), layout, arguments["alpha"],
        f_upper_again,
    ) | {"n": len(y)}  # fmt: skip


def _layout(arguments: Mapping[str, Any]) -> Layout:
    return layout_of(*(arguments[k] for k in ("response", "whole", "sub", "block", "whole_plot")))


def _values(
    rows: Sequence[tuple[str, int, Fraction]],
    whole: tuple[int, Fraction],
    error: tuple[int, Fraction],
    blocks: tuple[int, Fraction],
    layout: Layout,
    alpha: float,
    tail: Any,
) -> dict[str, Any]:
    """Tests from degrees of freedom and sums of squares."""
    f: list[float | None] = []
    p: list[float | None] = []
    for role, df, ss in rows:
        against = whole if role == "treatments" else error
        if not against[0] or not against[1]:
            f.append(None)
            p.append(None)
            continue
        value = float(ss / df / (against[1] / against[0]))
        f.append(value)
        p.append(tail(value, df, against[0]))
    values: dict[str, Any] = {
        "df": [df for _, df, _ in rows],
        "ss": [float(ss) for _, _, ss in rows],
        "ms": [float(ss / df) for _, df, ss in rows],
        "F": f,
        "p_values": p,
        "df_whole_plot_error": whole[0],
        "df_error": error[0],
        "whole_plots": layout.plots,
        "alpha": alpha,
        "n_significant": sum(v is not None and v < alpha for v in p),
    }
    if error[0]:
        values["ms_error"] = values["var_subplot"] = float(error[1] / error[0])
    if whole[0]:
        values["ms_whole_plot_error"] = float(whole[1] / whole[0])
    if whole[0] and error[0]:
        size = layout.model.n // layout.plots
        gap = (whole[1] / whole[0] - error[1] / error[0]) / size
        values["var_whole_plot"] = max(0.0, float(gap))
    if blocks[0]:
        values |= {"df_blocks": blocks[0], "ss_blocks": float(blocks[1])}
    return values


@operation(
    "doe.anova_split_plot",
    outputs=OUTPUTS,
    reference="Montgomery (2013), Design and Analysis of Experiments, section 14.4; Yates (1935)",
    verifier=_verify,
    examples=(
        "r = doe.anova_split_plot(response=[30, 34, 29, 35, 41, 26, 37, 38, 33, 36, 42, 36], "
        "whole=[[1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]], "
        'sub=[["lo", "lo", "lo", "hi", "hi", "hi", "lo", "lo", "lo", "hi", "hi", "hi"]], '
        "block=[1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2])",
    ),
    terms=(
        "split-plot",
        "split plot analysis",
        "hard-to-change factors",
        "whole-plot error",
        "strata",
        "main plots and subplots",
    ),
)
def anova_split_plot(
    response: Annotated[Sample, Param("measurements", min_length=4)],
    sub: Annotated[tuple[Column, ...], Param("factors applied to subplots (easy to change)")],
    whole: Annotated[
        tuple[Column, ...] | None, Param("factors applied to whole plots (hard to change)")
    ] = None,
    block: Annotated[Labels | None, Param("blocks or replicates of whole plots")] = None,
    whole_plot: Annotated[
        Labels | None, Param("number of the whole plot, where blocks do not tell them apart")
    ] = None,
    alpha: Annotated[float, Param("significance level", gt=0, lt=1, fraction=True)] = 0.05,
) -> Result:
    """Analyse a split-plot experiment: whole-plot factors against the whole-plot error.

    A factor that was set once for a whole group of runs has fewer independent repeats than runs, so
    it is tested against the variation between whole plots; factors changed from run to run and all
    interactions with them are tested against the variation within. The whole plots are the
    combinations of block and whole-plot factors, or ``whole_plot``. For balanced experiments.
    """
    layout = layout_of(response, whole, sub, block, whole_plot)
    model = layout.model
    sums, error = _strata(layout)
    rows, terms, confounded = [], [], []
    for role in ("treatments", SUB):
        for t in layout.terms(role):
            df, ss = sums[t]
            if df:
                rows.append((role, df, ss))
                terms.append(label(model.terms[t]))
            else:
                confounded.append(label(model.terms[t]))
    plots = sums[layout.terms(WHOLE)[0]]
    blocks = sums[layout.terms("blocks")[0]] if layout.block else (0, Fraction(0))
    values: dict[str, Any] = {
        "terms": terms,
        "strata": [WHOLE if role == "treatments" else SUB for role, _, _ in rows],
        "n": model.n,
    }
    values |= _values(rows, plots, error, blocks, layout, alpha, f_upper)
    residuals = LinearFit(model).residuals
    return Result(
        values=values,
        conclusion=_conclusion(values),
        tables=(_table(values, plots, error, blocks),),
        assumptions=(normal_residuals(residuals, "subplot residuals"), by_randomisation()),
        warnings=tuple(_warnings(values, confounded)),
        extra={"layout": layout},
    )


def _table(
    values: Mapping[str, Any],
    plots: tuple[int, Fraction],
    error: tuple[int, Fraction],
    blocks: tuple[int, Fraction],
) -> Any:
    def line(name: str, part: tuple[int, Fraction]) -> list[Any]:
        df, ss = part
        return [name, df, float(ss), float(ss / df) if df else None, None, None]

    rows: list[list[Any]] = []
    if blocks[0]:
        rows.append(line("blocks", blocks))
    keys = ("terms", "df", "ss", "ms", "F", "p_values")
    tested = list(zip(*(values[k] for k in keys), values["strata"], strict=True))
    rows += [list(r[:-1]) for r in tested if r[-1] == WHOLE]
    rows.append(line("whole-plot error", plots))
    rows += [list(r[:-1]) for r in tested if r[-1] == SUB]
    rows.append(line("subplot error", error))
    return table_of("analysis of variance", ("source", "df", "ss", "ms", "F", "p_value"), rows)


def _conclusion(values: Mapping[str, Any]) -> str:
    parts = []
    for i, (term, p) in enumerate(zip(values["terms"], values["p_values"], strict=True)):
        if p is not None:
            verdict = "significant" if p < values["alpha"] else "not significant"
            safe = term.replace("{", "{{").replace("}", "}}")
            parts.append(f"{safe} is {verdict} (F = {{F[{i}]}}, p = {{p_values[{i}]}})")
    if not parts:
        return "No degrees of freedom are left for an error, so nothing can be tested."
    return "; ".join(parts) + "."


def _warnings(values: Mapping[str, Any], confounded: Sequence[str]) -> list[str]:
    found = []
    if confounded:
        found.append(
            f"Confounded with the whole plots and so not tested within them: {', '.join(confounded)}."
        )
    df = values["df_whole_plot_error"]
    if any(s == WHOLE for s in values["strata"]) and df < 5:
        found.append(
            f"The whole-plot error has only {df} degrees of freedom: whole-plot factors are tested "
            "with little power."
        )
    if values.get("var_whole_plot") == 0.0:
        found.append("The whole-plot variance component is estimated as zero.")
    return found
