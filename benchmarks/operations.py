"""Speed and quality of the operations beside peers, on this machine, in one run.

    python benchmarks/operations.py [--quick] [--json FILE] [--rounds N] [--clock wall|cpu]
                                    [--only WORD ...] [--pyoptex-python PYTHON]

Peers of the extra ``bench``: process-improve (designs), statsmodels (analysis of variance), shewhart
and mfgqc (charts), mfgqc (gage R&R). No Python package gives average run lengths: the peer is R's spc,
where ``Rscript`` and the package are installed (Debian: r-base-core, r-cran-spc). pyoptex needs an
older pandas, so it runs in an environment of its own (``python -m venv D && D/bin/pip install
pyoptex==1.2.1``, then ``--pyoptex-python D/bin/python``). What is not installed is left out and said to be.

Programs of a task take turns for ``--rounds`` rounds, each round begun by another; times are medians,
with the least and the greatest beside them; what takes more than ``LONG`` seconds takes one turn.
Charts are timed at growing sizes, and a peer that would need more than ``PATIENCE`` seconds at the next
size stops there; ``growth`` is the power of the number of points with which a time rose. ``--clock cpu``
measures processor time, which a busy machine changes little. Imports, compilation and the making of the
data are outside of the clock; ours starts from decimal texts, peers from floats. ``havoc, audited`` is
the operation and its audit. Where programs find the same number, the last column has it: they must
agree to 1 in 1,000; counts of points beyond limits to 1 in 100, since mfgqc rounds d2 to 1.128 (its limits
lie 0.03 % farther out, which moves 15 of 2,668 points of a million inside).

Every design is judged by the same function here: |X'X|^(1/p)/n of the model matrix in -1..1 coding; ours
are the operation with its search, peers with their default number of starts. ``ratios`` holds peer over
ours (time) or ours over peer (efficiency): above 1 we are better.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import json
import math
import shutil
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
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
k, model, runs, tries, clock = json.loads(sys.argv[1])
now = time.process_time if clock == "cpu" else time.perf_counter
levels = [-1, 0, 1] if model == "quadratic" else [-1, 1]
factors = [Factor(f"x{j}", type="continuous", min=-1, max=1, levels=levels) for j in range(k)]
kind = "quad" if model == "quadratic" else "tfi"
terms = partial_rsm_names({f.name: kind for f in factors})
fn = default_fn(factors, Dopt(), model2Y2X(terms, factors))
params = create_parameters(factors, fn, nruns=runs)
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    create_fixed_structure_design(params, n_tries=1)
    began = now()
    design, _ = create_fixed_structure_design(params, n_tries=tries)
    seconds = now() - began
print(json.dumps({"seconds": seconds, "design": design.to_numpy(float).tolist()}))
"""


SPC = r"""
library(spc)
a <- commandArgs(TRUE)
shifts <- c(0, 0.5, 1, 2)
find <- if (a[1] == "ewma") function(m) xewma.arl(as.numeric(a[2]), as.numeric(a[3]), m, sided = "two") else
  function(m) xcusum.arl(as.numeric(a[2]), as.numeric(a[3]), m, sided = "two")
invisible(find(1))
times <- system.time(for (i in 1:200) found <- sapply(shifts, find))
cat(times[["elapsed"]] / 200, times[["user.self"]] / 200, found[2])
"""
ROUNDS = 5
AGREE = 1e-3
LONG = 5.0
PATIENCE = 60.0
SIZES = (1_000, 10_000, 100_000, 1_000_000)


class TooSlow(Exception):
    """A peer that is not tried at this size; the message says why."""


@dataclass
class Program:
    """One program at one task: ``run`` takes the round's number, gives (seconds, answer)."""

    name: str
    run: Callable[[int], tuple[float, float | None]]


@dataclass
class Task:
    title: str
    programs: list[Program]
    rounds: int
    answer: str = ""  # what the second figure is; "D-efficiency" is compared, not required to agree
    points: int | None = None  # size of the data, where a task comes at several sizes
    agree: float = AGREE  # how far apart, relatively, answers may lie

    def measure(self, said: list[str]) -> tuple[list[dict[str, Any]], dict[str, float]]:
        times: dict[str, list[float]] = {}
        answers: dict[str, list[float]] = {}
        failed: set[str] = set()
        for number in range(self.rounds):
            turn = number % len(self.programs)
            for program in self.programs[turn:] + self.programs[:turn]:
                if program.name in failed or max(times.get(program.name, [0.0])) > LONG:
                    continue
                try:
                    seconds, answer = program.run(number)
                except TooSlow as reason:
                    failed.add(program.name)
                    said.append(str(reason))
                    continue
                except Exception as problem:  # a peer that fails is said to, not hidden
                    if program.name.startswith("havoc"):
                        raise
                    failed.add(program.name)
                    said.append(
                        f"{program.name} failed on {self.title}: {type(problem).__name__}: {problem}"
                    )
                    continue
                times.setdefault(program.name, []).append(seconds)
                if answer is not None:
                    answers.setdefault(program.name, []).append(answer)
        rows = []
        for name, found in times.items():
            row: dict[str, Any] = {
                "task": self.title,
                "program": name,
                "seconds": statistics.median(found),
                "least": min(found),
                "greatest": max(found),
            }
            if self.points is not None:
                row["points"] = self.points
            if name in answers:
                row[self.answer] = statistics.median(answers[name])
            rows.append(row)
        return rows, self._ratios({r["program"]: r for r in rows})

    def _ratios(self, rows: dict[str, dict[str, Any]]) -> dict[str, float]:
        own, ratios = rows["havoc"], {}
        for name, row in rows.items():
            if self.answer != "D-efficiency" and self.answer in row and self.answer in own:
                gap = abs(row[self.answer] / own[self.answer] - 1)
                assert gap < self.agree, (self.title, name, row[self.answer], own[self.answer])
            if name.startswith("havoc"):
                continue
            ratios[f"{name}:time, {self.title}"] = row["seconds"] / own["seconds"]
            if self.answer == "D-efficiency":
                ratios[f"{name}:efficiency, {self.title}"] = own[self.answer] / row[self.answer]
        return ratios


class Clock:
    """Seconds of a call, by the wall or by the processor."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.now = time.process_time if kind == "cpu" else time.perf_counter

    def __call__(self, compute: Callable[[], Any]) -> tuple[float, Any]:
        began = self.now()
        found = compute()
        return self.now() - began, found


def operate(name: str, *values: Any, audit: bool = False, **arguments: Any) -> Any:
    operation = get(name)
    bound = bind(operation, values, arguments)
    result = operation.run(bound)
    if audit:
        failed = [c.name for c in operation.audit(bound, result) if not c.passed]
        assert not failed, (name, failed)
    return result


def ours(
    clock: Clock,
    name: str,
    arguments: Callable[[int], dict[str, Any]],
    answer: Callable[[Any], float] | None = None,
) -> list[Program]:
    """The operation without and with its audit; ``arguments`` are made anew for each round."""

    def run(number: int, audit: bool) -> tuple[float, float | None]:
        given = arguments(number)
        seconds, result = clock(lambda: operate(name, audit=audit, **given))
        return seconds, None if answer is None else answer(result)

    return [
        Program("havoc", lambda number: run(number, False)),
        Program("havoc, audited", lambda number: run(number, True)),
    ]


def installed(said: list[str], *packages: str) -> list[str]:
    found = [p for p in packages if importlib.util.find_spec(p) is not None]
    missing = sorted(set(packages) - set(found))
    if missing:
        said.append(f"not installed, left out: {', '.join(missing)}")
    return found


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


def design_tasks(clock: Clock, python: str | None, quick: bool, rounds: int) -> list[Task]:
    found = []
    for title, problem in PROBLEMS.items():
        programs = [
            Program("havoc", lambda number, p=problem: our_design(clock, *p)),
            Program("process-improve", lambda number, p=problem: process_improve(clock, *p)),
        ]
        if python:
            tries = 5 if quick else 10
            programs.append(
                Program("pyoptex", lambda number, p=problem, t=tries: pyoptex(clock, python, *p, t))
            )
        found.append(Task(title, programs, rounds, "D-efficiency"))
    return found


def our_design(clock: Clock, k: int, model: str, runs: int) -> tuple[float, float]:
    seconds, result = clock(
        lambda: operate("doe.optimal", n_factors=k, model=Name(model), runs=runs)
    )
    coded = [row[1:] for row in result.table("coded design").rows]
    return seconds, efficiency(coded, model)


def process_improve(clock: Clock, k: int, model: str, runs: int) -> tuple[float, float]:
    from process_improve.experiments import Factor, generate_design

    factors = [Factor(name=f"x{j}", low=-1, high=1) for j in range(k)]
    seconds, found = clock(
        lambda: generate_design(factors, design_type="d_optimal", budget=runs, model_type=model)
    )
    frame = found.design_coded if hasattr(found, "design_coded") else found.design
    return seconds, efficiency(frame[[f.name for f in factors]].to_numpy(float), model)


def pyoptex(
    clock: Clock, python: str, k: int, model: str, runs: int, tries: int
) -> tuple[float, float]:
    task = json.dumps([k, model, runs, tries, clock.kind])
    out = subprocess.run(
        [python, "-c", PYOPTEX, task], capture_output=True, text=True, check=True, timeout=600
    )
    found = json.loads(out.stdout.strip().splitlines()[-1])
    return float(found["seconds"]), efficiency(found["design"], model)


def anova_task(clock: Clock, n: int, rounds: int) -> Task:
    import pandas as pd
    import statsmodels.api as sm
    from statsmodels.formula.api import ols

    rng = np.random.default_rng(1)
    which = rng.integers(0, 5, n)
    values = np.round(rng.normal(size=n) + 0.01 * which, 3)
    texts, items = tuple(f"{v:.3f}" for v in values), tuple("abcde"[i] for i in which)
    frame = pd.DataFrame({"y": values, "g": list(items)})

    def peer(number: int) -> tuple[float, float]:
        seconds, table = clock(lambda: sm.stats.anova_lm(ols("y ~ C(g)", data=frame).fit()))
        return seconds, float(table["F"].iloc[0])

    own = ours(
        clock,
        "stats.anova",
        lambda number: {"value": Sample("y", texts), "by": [Labels("g", items)]},
        lambda result: float(result.values["F"]),
    )
    return Task(f"one-way ANOVA, {n:,} rows", [*own, Program("statsmodels", peer)], rounds, "F")


def chart_tasks(clock: Clock, sizes: Sequence[int], rounds: int, said: list[str]) -> Iterator[Task]:
    """The chart at each size; peers carry what they took from one size to the next."""
    last: dict[str, tuple[int, float]] = {}
    for points in sizes:
        yield chart_task(clock, points, rounds, said, last)


def patient(
    name: str, points: int, last: dict[str, tuple[int, float]], run: Callable[[int], Any]
) -> Callable[[int], Any]:
    """``run``, unless the time it took at another size says that it would take too long here."""

    def tried(number: int) -> Any:
        before, seconds = last.get(name, (points, 0.0))
        if before < points and seconds * points / before > PATIENCE:
            raise TooSlow(
                f"{name} stopped at {before:,} points ({seconds:.2f} s): {points:,} would take at least "
                f"{seconds * points / before:.0f} s"
            )
        found = run(number)
        last[name] = (points, found[0])
        return found

    return tried


def growth(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Power of the number of points with which the time of each program rose from size to size."""
    found = {}
    sized = sorted((r for r in rows if "points" in r), key=lambda r: (r["program"], r["points"]))
    for one, two in itertools.pairwise(sized):
        if one["program"] == two["program"]:
            key = f"{one['program']}: {one['points']:,} to {two['points']:,} points"
            steps = math.log(two["points"] / one["points"])
            found[key] = math.log(two["seconds"] / one["seconds"]) / steps
    return found


def chart_task(
    clock: Clock,
    points: int,
    rounds: int,
    said: list[str],
    last: dict[str, tuple[int, float]],
) -> Task:
    """Individuals chart with the eight Nelson rules; the answer is the count of points beyond limits."""
    values = np.random.default_rng(2).normal(10, 1, points).round(3)
    texts = tuple(f"{v:.3f}" for v in values)
    programs = ours(
        clock,
        "spc.i_mr",
        lambda number: {"x": Sample("x", texts), "rules": Name("nelson")},
        lambda result: float(len(result.values["out_of_control"])),
    )

    def by_shewhart(number: int) -> tuple[float, float]:
        import shewhart

        seconds, found = clock(lambda: shewhart.imr(values, rules="nelson"))
        return seconds, float(sum(s.rule == "nelson_1" and s.chart == "i" for s in found.signals))

    def by_mfgqc(number: int) -> tuple[float, float]:
        import mfgqc
        import pandas as pd

        data = mfgqc.load(pd.DataFrame({"x": values}), measure="x")
        seconds, found = clock(lambda: data.control_chart(kind="i_mr", rules="nelson"))
        return seconds, float(
            sum(v.rule == "nelson_1" and v.chart == "location" for v in found.violations)
        )

    peers = {"shewhart": by_shewhart, "mfgqc": by_mfgqc}
    programs += [Program(p, patient(p, points, last, peers[p])) for p in installed(said, *peers)]
    title = f"individuals chart, all Nelson rules, {points:,} points"
    return Task(title, programs, rounds, "points beyond the limits", points, agree=0.01)


def gage_task(clock: Clock, rounds: int, said: list[str]) -> Task:
    rng = np.random.default_rng(3)
    part = np.repeat(np.arange(50), 25)
    operator = np.tile(np.repeat(np.arange(5), 5), 50)
    reading = np.round(
        rng.normal(0, 2, 50)[part] + rng.normal(0, 0.7, 5)[operator] + rng.normal(0, 0.5, 1250), 4
    )
    programs = ours(
        clock,
        "quality.gage_rr",
        lambda number: {
            "x": Sample("x", tuple(f"{v:.4f}" for v in reading)),
            "part": Labels("part", tuple(map(str, part))),
            "operator": Labels("operator", tuple(map(str, operator))),
        },
        lambda result: float(result.values["pct_study_var_grr"]),
    )

    def by_mfgqc(number: int) -> tuple[float, float]:
        import mfgqc
        import pandas as pd

        columns = {"x": reading, "part": part, "operator": operator}
        frame = pd.DataFrame({**columns, "trial": np.tile(np.arange(5), 250)})
        roles = {"part": "part", "operator": "operator", "replicate": "trial"}
        data = mfgqc.load(frame, measure="x", roles=roles)
        seconds, found = clock(lambda: data.gage_rr())
        return seconds, float(found.pct_study["GRR"])

    programs += [Program(p, by_mfgqc) for p in installed(said, "mfgqc")]
    title = "gage R&R, 50 parts, 5 operators, 5 trials"
    return Task(title, programs, rounds, "% study variation of GRR")


def arl_tasks(clock: Clock, rounds: int, said: list[str]) -> list[Task]:
    """In control and at three shifts; each round asks for another chart, since ours remembers them."""
    rscript = shutil.which("Rscript")
    if rscript is not None:
        asked = [rscript, "-e", "library(spc)"]
        if subprocess.run(asked, capture_output=True, check=False).returncode:
            rscript = None
    if rscript is None:
        said.append("R with its package spc is not installed: average run lengths without a peer")
    charts: dict[str, tuple[str, Callable[[int], dict[str, float]]]] = {
        "EWMA": ("spc.arl_ewma", lambda number: {"weight": 0.1 + number / 1000, "L": 2.814}),
        "CUSUM": ("spc.arl_cusum", lambda number: {"k": 0.5 + number / 1000, "h": 5.0}),
    }
    shifts = {"shift": [0.5, 1.0, 2.0]}
    found = []
    for title, (name, chart) in charts.items():
        other = {k: v + 0.0005 for k, v in chart(0).items()}
        operate(name, **other, **shifts)  # nodes of the quadrature, made once, outside of the clock
        plain, audited = ours(
            clock, name, lambda n, c=chart: {**c(n), **shifts}, lambda r: float(r.values["arl1"][0])
        )
        again = lambda n, c=chart: {**{k: v + 0.0001 for k, v in c(n).items()}, **shifts}  # noqa: E731
        audited = ours(clock, name, again)[1]
        programs = [plain, audited]
        if rscript is not None:

            def by_r(number: int, kind: str = title.lower(), c: Any = chart) -> tuple[float, float]:
                given = [str(v) for v in c(number).values()]
                out = subprocess.run(
                    [rscript, "-e", SPC, kind, *given], capture_output=True, text=True, check=True
                )
                wall, processor, arl = map(float, out.stdout.split())
                return (processor if clock.kind == "cpu" else wall), arl

            programs.append(Program("R spc", by_r))
        found.append(
            Task(f"ARL of {title}, in control and 3 shifts", programs, rounds, "ARL at 0.5")
        )
    return found


def regression_task(clock: Clock, rounds: int) -> Task:
    import statsmodels.api as sm

    rng = np.random.default_rng(4)
    predictors = np.round(rng.normal(size=(10_000, 10)), 4)
    response = np.round(predictors @ np.arange(1, 11) + rng.normal(size=10_000), 4)
    columns = [tuple(f"{v:.4f}" for v in predictors[:, j]) for j in range(10)]
    texts = tuple(f"{v:.4f}" for v in response)
    matrix = sm.add_constant(predictors)

    def peer(number: int) -> tuple[float, float]:
        def fit() -> float:
            found = sm.OLS(response, matrix).fit()
            found.summary()
            return float(found.fvalue)

        return clock(fit)

    own = ours(
        clock,
        "stats.regression",
        lambda number: {
            "y": Sample("y", texts),
            "x": [Sample(f"x{j}", c) for j, c in enumerate(columns)],
        },
        lambda result: float(result.values["F"]),
    )
    title = "regression with its checks, 10,000 rows by 10 columns"
    return Task(title, [*own, Program("statsmodels", peer)], rounds, "F")


def tasks(arguments: argparse.Namespace, said: list[str]) -> Iterator[Task]:
    """One after the other, so that the data of a task are made when its turn comes."""
    clock, rounds = Clock(arguments.clock), arguments.rounds
    many = 100_000 if arguments.quick else 1_000_000
    operate("doe.optimal", n_factors=3, runs=8)  # imports outside of the clock
    makers: dict[str, Callable[[], Iterable[Task]]] = {
        "D-optimal design": lambda: design_tasks(
            clock, arguments.pyoptex_python, arguments.quick, rounds
        ),
        "one-way ANOVA": lambda: [anova_task(clock, many, rounds)],
        "individuals chart": lambda: chart_tasks(
            clock, [n for n in SIZES if n <= many], rounds, said
        ),
        "gage R&R": lambda: [gage_task(clock, rounds, said)],
        "ARL": lambda: arl_tasks(clock, rounds, said),
        "regression": lambda: [regression_task(clock, rounds)],
    }
    for kind, make in makers.items():
        if not arguments.only or any(word in kind for word in arguments.only):
            yield from make()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--quick", action="store_true", help="smaller tables, fewer starts of peers, 3 rounds"
    )
    parser.add_argument("--json", type=Path)
    parser.add_argument("--rounds", type=int, help=f"rounds of each task (default {ROUNDS})")
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
    parser.add_argument("--only", nargs="+", default=(), help="kinds of tasks that hold a word")
    parser.add_argument("--pyoptex-python", help="Python of an environment that has pyoptex")
    arguments = parser.parse_args()
    arguments.rounds = arguments.rounds or (3 if arguments.quick else ROUNDS)
    warnings.simplefilter("ignore")
    said = [] if arguments.pyoptex_python else ["pyoptex left out: no --pyoptex-python"]
    rows: list[dict[str, Any]] = []
    ratios: dict[str, float] = {}
    for task in tasks(arguments, said):
        found, other = task.measure(said)
        rows, ratios = [*rows, *found], {**ratios, **other}
        for row in found:
            answer = f"  {task.answer} {row[task.answer]:.5g}" if task.answer in row else ""
            print(
                f"{row['task']:58} {row['program']:16} {row['seconds']:9.4f} s "
                f"({row['least']:.4f}-{row['greatest']:.4f}){answer}",
                flush=True,
            )
    for key, ratio in ratios.items():
        print(f"{ratio:7.2f}  {key}")
    powers = growth(rows)
    for key, power in powers.items():
        print(f"{power:7.2f}  growth, {key}")
    print("\n".join(dict.fromkeys(said)))
    if arguments.json:
        document = {
            "ratios": ratios,
            "growth": powers,
            "rows": rows,
            "notes": said,
            "clock": arguments.clock,
        }
        arguments.json.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
