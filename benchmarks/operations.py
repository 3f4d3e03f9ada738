"""Speed and quality of the operations beside peers, on this machine, in one run.

    python benchmarks/operations.py [--quick] [--json FILE] [--pyoptex-python PYTHON]

Peers: process-improve (extra ``bench``) and statsmodels in this environment; pyoptex needs an older
pandas, so it runs in an environment of its own (``python -m venv D && D/bin/pip install pyoptex==1.2.1``,
then ``--pyoptex-python D/bin/python``); without it its rows are left out and said to be.

Every design is judged by the same function here: |X'X|^(1/p)/n of the model matrix in -1..1 coding. Times
are wall clock; ours are the operation with its search, peers with their default number of starts. Imports
and compilation are outside of the clock. ``ratios`` holds peer over ours (time) or ours over peer
(efficiency): above 1 we are better.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from havoc.tools.bind import bind  # noqa: E402
from havoc.tools.expression import Name  # noqa: E402
from havoc.tools.operation import get  # noqa: E402
from havoc.tools.values import Labels, Sample  # noqa: E402

PROBLEMS = {
    "6 factors, quadratic, 32 runs": (6, "quadratic", 32),
    "10 factors, interactions, 64 runs": (10, "interactions", 64),
}
PYOPTEX = r"""
import contextlib, io, json, sys, time
import numpy as np
from pyoptex.doe.fixed_structure import Factor, create_fixed_structure_design, create_parameters, default_fn
from pyoptex.doe.fixed_structure.metric import Dopt
from pyoptex.utils.model import model2Y2X, partial_rsm_names
k, model, runs, tries = json.loads(sys.argv[1])
levels = [-1, 0, 1] if model == "quadratic" else [-1, 1]
factors = [Factor(f"x{j}", type="continuous", min=-1, max=1, levels=levels) for j in range(k)]
kind = "quad" if model == "quadratic" else "tfi"
terms = partial_rsm_names({f.name: kind for f in factors})
fn = default_fn(factors, Dopt(), model2Y2X(terms, factors))
params = create_parameters(factors, fn, nruns=runs)
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    create_fixed_structure_design(params, n_tries=1)
    began = time.perf_counter()
    design, _ = create_fixed_structure_design(params, n_tries=tries)
    seconds = time.perf_counter() - began
print(json.dumps({"seconds": seconds, "design": design.to_numpy(float).tolist()}))
"""


def operate(name: str, *values: Any, audit: bool = False, **arguments: Any) -> Any:
    operation = get(name)
    bound = bind(operation, values, arguments)
    result = operation.run(bound)
    if audit:
        failed = [c.name for c in operation.audit(bound, result) if not c.passed]
        assert not failed, (name, failed)
    return result


def timed(compute: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = compute()
    return time.perf_counter() - began, found


def efficiency(design: Sequence[Sequence[float]], model: str) -> float:
    """D-efficiency relative to an orthogonal design, of runs coded -1..1."""
    x = np.asarray(design, dtype=float)
    pairs = itertools.combinations(range(x.shape[1]), 2)
    columns = [np.ones(len(x)), *x.T, *(x[:, i] * x[:, j] for i, j in pairs)]
    if model == "quadratic":
        columns += [c * c for c in x.T]
    matrix = np.column_stack(columns)
    sign, log = np.linalg.slogdet(matrix.T @ matrix)
    return float(np.exp(log / matrix.shape[1]) / len(x)) if sign > 0 else 0.0


def our_design(k: int, model: str, runs: int) -> tuple[float, float]:
    seconds, result = timed(
        lambda: operate("doe.optimal", n_factors=k, model=Name(model), runs=runs)
    )
    coded = [row[1:] for row in result.table("coded design").rows]
    return seconds, efficiency(coded, model)


def process_improve_design(k: int, model: str, runs: int) -> tuple[float, float]:
    from process_improve.experiments import Factor, generate_design

    factors = [Factor(name=f"x{j}", low=-1, high=1) for j in range(k)]
    seconds, found = timed(
        lambda: generate_design(factors, design_type="d_optimal", budget=runs, model_type=model)
    )
    frame = found.design_coded if hasattr(found, "design_coded") else found.design
    return seconds, efficiency(frame[[f.name for f in factors]].to_numpy(float), model)


def pyoptex_design(python: str, k: int, model: str, runs: int, tries: int) -> tuple[float, float]:
    task = json.dumps([k, model, runs, tries])
    out = subprocess.run(
        [python, "-c", PYOPTEX, task], capture_output=True, text=True, check=True, timeout=600
    )
    found = json.loads(out.stdout.strip().splitlines()[-1])
    return float(found["seconds"]), efficiency(found["design"], model)


def designs(
    python: str | None, quick: bool, said: list[str]
) -> tuple[list[dict[str, Any]], dict[str, float]]:
    rows, ratios = [], {}
    operate("doe.optimal", n_factors=3, runs=8)  # imports outside of the clock
    for title, (k, model, runs) in PROBLEMS.items():
        peers: dict[str, Callable[[], tuple[float, float]]] = {
            "process-improve": lambda p=(k, model, runs): process_improve_design(*p)
        }
        if python:
            tries = 5 if quick else 10
            peers["pyoptex"] = lambda p=(k, model, runs), t=tries: pyoptex_design(python, *p, t)
        seconds, own = our_design(k, model, runs)
        rows.append({"task": title, "program": "havoc", "seconds": seconds, "efficiency": own})
        for name, build in peers.items():
            try:
                peer_seconds, other = build()
            except Exception as problem:  # a peer that fails is said to, not hidden
                said.append(f"{name} failed on {title}: {type(problem).__name__}: {problem}"[:300])
                continue
            rows.append(
                {"task": title, "program": name, "seconds": peer_seconds, "efficiency": other}
            )
            ratios[f"{name}:efficiency, {title}"] = own / other if other else 99.0
            ratios[f"{name}:time, {title}"] = peer_seconds / seconds
    return rows, ratios


def anova_rows(n: int) -> tuple[list[dict[str, Any]], dict[str, float]]:
    import statsmodels.api as sm
    from statsmodels.formula.api import ols

    rng = np.random.default_rng(1)
    which = rng.integers(0, 5, n)
    values = np.round(rng.normal(size=n) + 0.01 * which, 3)
    y = Sample("y", tuple(f"{v:.3f}" for v in values))
    g = Labels("g", tuple("abcde"[i] for i in which))
    title = f"one-way ANOVA, {n:,} rows"
    ours, result = timed(lambda: operate("stats.anova", value=y, by=[g]))
    import pandas as pd

    frame = pd.DataFrame({"y": values, "g": list(g.items)})
    theirs, table = timed(lambda: sm.stats.anova_lm(ols("y ~ C(g)", data=frame).fit()))
    assert abs(float(table["F"].iloc[0]) / float(result.values["F"]) - 1) < 1e-6
    rows = [
        {"task": title, "program": "havoc (exact)", "seconds": ours},
        {"task": title, "program": "statsmodels", "seconds": theirs},
    ]
    return rows, {f"statsmodels:time, {title}": theirs / ours}


def own_times(quick: bool) -> list[dict[str, Any]]:
    rng = np.random.default_rng(2)
    points = 100_000 if quick else 1_000_000
    series = Sample("x", tuple(f"{v:.3f}" for v in rng.normal(10, 1, points)))
    part = np.repeat(np.arange(50), 25)
    operator = np.tile(np.repeat(np.arange(5), 5), 50)
    reading = (
        rng.normal(0, 2, 50)[part] + rng.normal(0, 0.7, 5)[operator] + rng.normal(0, 0.5, 1250)
    )
    gage = {
        "x": Sample("x", tuple(f"{v:.4f}" for v in reading)),
        "part": Labels("part", tuple(map(str, part))),
        "operator": Labels("operator", tuple(map(str, operator))),
    }
    predictors = np.round(rng.normal(size=(10_000, 10)), 4)
    response = np.round(predictors @ np.arange(1, 11) + rng.normal(size=10_000), 4)
    columns = [Sample(f"x{j}", tuple(f"{v:.4f}" for v in predictors[:, j])) for j in range(10)]
    fit = {"y": Sample("y", tuple(f"{v:.4f}" for v in response)), "x": columns}
    tasks: dict[str, Callable[[], Any]] = {
        f"individuals chart, all Nelson rules, {points:,} points": lambda: operate(
            "spc.i_mr", series, rules=Name("nelson")
        ),
        "gage R&R, 50 parts, 5 operators, 5 trials": lambda: operate("quality.gage_rr", **gage),
        "the same with its audit": lambda: operate("quality.gage_rr", audit=True, **gage),
        "ARL of an EWMA chart, 3 shifts": lambda: operate(
            "spc.arl_ewma", weight=0.1, L=2.814, shift=[0.5, 1.0, 2.0]
        ),
        "ARL of a CUSUM chart, 3 shifts": lambda: operate(
            "spc.arl_cusum", k=0.5, h=5.0, shift=[0.5, 1.0, 2.0]
        ),
        "regression, 10,000 rows by 10 columns": lambda: operate("stats.regression", **fit),
        "the same with its audit in exact rationals": lambda: operate(
            "stats.regression", audit=True, **fit
        ),
    }
    return [{"task": t, "program": "havoc", "seconds": timed(f)[0]} for t, f in tasks.items()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--quick", action="store_true", help="smaller tables, fewer starts of peers"
    )
    parser.add_argument("--json", type=Path)
    parser.add_argument("--pyoptex-python", help="Python of an environment that has pyoptex")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    said = [] if arguments.pyoptex_python else ["pyoptex left out: no --pyoptex-python"]
    rows, ratios = designs(arguments.pyoptex_python, arguments.quick, said)
    more, other = anova_rows(100_000 if arguments.quick else 1_000_000)
    rows, ratios = [*rows, *more, *own_times(arguments.quick)], {**ratios, **other}
    for row in rows:
        extra = f"  D-efficiency {row['efficiency']:.4f}" if "efficiency" in row else ""
        print(f"{row['task']:52} {row['program']:16} {row['seconds']:8.2f} s{extra}")
    for key, ratio in ratios.items():
        print(f"{ratio:6.2f}  {key}")
    print("\n".join(said))
    if arguments.json:
        document = {"ratios": ratios, "rows": rows, "notes": said}
        arguments.json.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
