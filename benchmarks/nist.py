"""Correct digits on the NIST Statistical Reference Datasets, beside statsmodels and numpy.

    python benchmarks/nist.py [--quick] [--json FILE] [--markdown FILE]

Ours are the public operations ``stats.regression``, ``stats.anova`` and ``stats.describe`` on the data as
printed; the peers get the same numbers as float64, called the way their documentation shows. The figure
is NIST's: -log10 of the relative error against the certified value, the smallest over all coefficients
and standard errors of a set, at most 15.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "tools")]

from linear_data import DATA, correct_digits, oracle, simon_lesage, table  # noqa: E402

from havoc.tools.bind import bind  # noqa: E402
from havoc.tools.operation import get  # noqa: E402
from havoc.tools.table_io import read_table  # noqa: E402
from havoc.tools.values import Table, as_labels  # noqa: E402

MOST = 15.0
SLOW = {"SmLs03", "SmLs06", "SmLs09"}  # 18,009 values each; left out by --quick
Row = tuple[str, str, dict[str, float]]


def run(name: str, **arguments: Any) -> dict[str, Any]:
    operation = get(name)
    bound = bind(operation, (), arguments)
    result = operation.run(bound)
    failed = [c.name for c in operation.audit(bound, result) if not c.passed]
    assert not failed, (name, failed)
    return dict(result.values)


def digits(values: Sequence[float], certified: Sequence[str]) -> float:
    """The smallest number of agreeing digits, between 0 and 15."""
    found = (correct_digits(float(v), c) for v, c in zip(values, certified, strict=True))
    return max(0.0, min(MOST, *(f if math.isfinite(f) else 0.0 for f in found), MOST))


def _safe(compute: Callable[[], float]) -> float:
    try:
        return compute()
    except (np.linalg.LinAlgError, ValueError, ZeroDivisionError, FloatingPointError):
        return 0.0


def linear() -> list[Row]:
    import statsmodels.api as sm

    rows: list[Row] = []
    for name, certified in oracle("nist/linear_certified").items():
        data = table(f"nist/{name}")
        y = data.sample("y")
        xs = [c for c in data.samples() if c.name != "y"]
        no_intercept = name.startswith("NoInt")
        if len(certified["beta"]) > len(xs) + 1:  # powers of one predictor
            degree = len(certified["beta"]) - 1
            ours = run("stats.polynomial", y=y, x=xs[0], degree=degree)
            design = np.column_stack([xs[0].values ** k for k in range(degree + 1)])
        else:
            ours = run("stats.regression", y=y, x=xs, intercept=not no_intercept)
            columns = [c.values for c in xs]
            design = np.column_stack(columns if no_intercept else [np.ones(len(y)), *columns])
        beta, se = certified["beta"], certified["se"]

        def fitted(
            method: str, design: Any = design, y: Any = y, beta: Any = beta, se: Any = se
        ) -> float:
            fit = sm.OLS(y.values, design).fit(method=method)
            return min(digits(fit.params, beta), digits(fit.bse, se))

        def least(design: Any = design, y: Any = y, beta: Any = beta) -> float:
            return digits(np.linalg.lstsq(design, y.values, rcond=None)[0], beta)

        rows.append(
            (
                "regression",
                name,
                {
                    "havoc": min(digits(ours["coefficients"], beta), digits(ours["se"], se)),
                    "statsmodels pinv": _safe(lambda f=fitted: f("pinv")),
                    "statsmodels qr": _safe(lambda f=fitted: f("qr")),
                    "numpy lstsq": _safe(least),
                },
            )
        )
    return rows


def anova(quick: bool) -> list[Row]:
    import statsmodels.api as sm
    from statsmodels.formula.api import ols

    rows: list[Row] = []
    for name, certified in oracle("nist/anova_certified").items():
        if quick and name in SLOW:
            continue
        data = simon_lesage(int(name[4:])) if name.startswith("SmLs") else table(f"nist/{name}")
        data = Table((as_labels(data.columns[0]), data.columns[1]))
        ours = run("stats.anova", value=data.columns[1], by=[data.columns[0]])["F"]
        frame = data.frame()
        frame.columns = ["g", "y"]

        def peer(frame: Any = frame, certified: Any = certified) -> float:
            found = sm.stats.anova_lm(ols("y ~ C(g)", data=frame).fit())["F"].iloc[0]
            return digits([found], [certified["F"]])

        rows.append(
            ("one-way F", name,
             {"havoc": digits([ours], [certified["F"]]), "statsmodels anova_lm": _safe(peer)})
        )  # fmt: skip
    return rows


def univariate() -> list[Row]:
    rows: list[Row] = []
    for name, certified in oracle("nist/univariate_certified").items():
        y = read_table(DATA / "nist" / f"{name}.csv").samples()[0]
        ours = run("stats.describe", x=y)
        wanted = [certified["mean"], certified["sd"]]
        theirs = [float(np.mean(y.values)), float(np.std(y.values, ddof=1))]
        rows.append(
            ("mean and sd", name,
             {"havoc": digits([ours["mean"], ours["sd"]], wanted), "numpy": digits(theirs, wanted)})
        )  # fmt: skip
    return rows


def markdown(rows: Sequence[Row]) -> str:
    """A table a kind of statistic: sets down, programs across."""
    lines = []
    for kind in dict.fromkeys(r[0] for r in rows):
        part = [r for r in rows if r[0] == kind]
        names = list(part[0][2])
        lines += [f"| {kind} | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
        lines += [
            f"| {name} | {' | '.join(f'{found[n]:.1f}' for n in names)} |"
            for _, name, found in part
        ]
        lines += ["| smallest | " + " | ".join(f"{min(r[2][n] for r in part):.1f}" for n in names)
                  + " |", ""]  # fmt: skip
    return "\n".join(lines)


def ratios(rows: Sequence[Row]) -> dict[str, float]:
    """Our smallest digits over a peer's (its 0 counted as 1), for each kind; above 1 is better."""
    found = {}
    for kind in dict.fromkeys(r[0] for r in rows):
        part = [r[2] for r in rows if r[0] == kind]
        for peer in part[0]:
            if peer != "havoc":
                own, other = (min(r[k] for r in part) for k in ("havoc", peer))
                found[f"{peer}:digits, {kind}"] = own / max(other, 1.0)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="leave the three largest sets out")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--markdown", type=Path)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    rows = [*linear(), *anova(arguments.quick), *univariate()]
    text = markdown(rows)
    print(text)
    least = min(r[2]["havoc"] for r in rows)
    print(f"smallest of ours: {least:.1f} digits in {len(rows)} sets")
    if arguments.markdown:
        arguments.markdown.write_text(text + "\n", encoding="utf-8")
    if arguments.json:
        document = {
            "ratios": ratios(rows),
            "sets": [{"kind": k, "set": n, **f} for k, n, f in rows],
        }
        arguments.json.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return 0 if least >= 13 else 1


if __name__ == "__main__":
    sys.exit(main())
