"""Real figures of every kind for the tests and the gallery of the web UI.

``python frontend/scripts/figures.py`` runs the registry's examples and the programs below, and writes
into ``frontend/tests/figures``: ``examples.json``, for each kind at most three figures whose data differ
in shape; ``operations.json``, the schemas of a few operations; ``designs.json``, one design of each sort.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from havoc.dsl.executor import run_text
from havoc.dsl.reference import schema
from havoc.tools.operation import operations

TARGET = Path(__file__).parents[1] / "tests" / "figures"
MOST = 3

# Piston-ring diameters of Montgomery (2013), table 6.3: samples 1-40 of five would be long, so
# what stands here is short and made to show one thing each.
PROGRAMS = (
    # a chart with signals, a point left out with its reason, Nelson's rules
    "# chart: point 8 left out of the limits: gauge slipped\n"
    "chart = spc.i_mr([10.2, 10.4, 9.9, 10.1, 10.3, 9.8, 10.0, 11.9, 10.2, 10.1, 9.7, 10.0, 10.3, 10.6,"
    " 10.5, 10.7, 10.6, 10.8, 10.9, 10.7, 10.8, 11.0, 10.9, 11.1], exclude=[8], rules=nelson)",
    # phase I and phase II
    "chart = spc.xbar_r([74.030, 74.002, 74.019, 73.992, 74.008, 73.995, 73.992, 74.001, 74.011, 74.004,"
    " 73.988, 74.024, 74.021, 74.005, 74.002, 74.002, 73.996, 73.993, 74.015, 74.009, 73.992, 74.007,"
    " 74.015, 73.989, 74.014, 74.009, 73.994, 73.997, 73.985, 73.993, 73.995, 74.006, 73.994, 74.000,"
    " 74.005, 73.985, 74.003, 73.993, 74.015, 73.988, 74.008, 73.995, 74.009, 74.005, 74.004, 73.998,"
    " 74.000, 73.990, 74.007, 73.995, 74.012, 74.015, 74.030, 73.986, 74.000, 73.995, 74.010, 73.990,"
    " 74.015, 74.001, 74.030, 74.024, 74.028, 74.019, 74.035], subgroup=5, baseline=1..10,"
    " rules=western_electric)",
    # proportions with varying limits
    "chart = spc.p([12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11],"
    " size=[50, 60, 55, 50, 48, 52, 61, 50, 50, 45, 50, 55, 60, 50, 50, 47, 50, 52, 49, 50])",
    # three factors in the surface: one held
    "design = doe.box_behnken(temperature=150..200 degC, pressure=1..5 bar, time=10..30 min, seed=7)\n"
    "fit = doe.fit_rsm(response=[78.1, 84.0, 73.2, 88.4, 81.9, 77.0, 85.2, 90.1, 79.3, 87.6, 88.2, 74.9,"
    " 83.5, 88.9, 80.4], factors=[design.temperature, design.pressure, design.time])",
    # a fraction with names that need room
    "design = doe.full_factorial(temperature=150..180 degC, pressure=1..5 bar, time=10..30 min,"
    " speed=200..400 rpm, seed=3, randomize=false)\n"
    "r = doe.effects([45, 71, 48, 65, 68, 60, 80, 65, 43, 100, 45, 104, 75, 86, 70, 96],"
    " factors=[design.temperature, design.pressure, design.time, design.speed])",
)


def rounded(value: Any) -> Any:
    """Six digits are enough for a drawing and keep the file small."""
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def collect() -> list[dict[str, Any]]:
    """One entry a figure: the program, what is needed of the result, the figure."""
    kept: dict[str, set[Any]] = defaultdict(set)
    found = []
    examples = [e for o in operations().values() for e in o.examples]
    for text in (*PROGRAMS, *examples):
        run = run_text(text).to_json()
        for result in run["results"]:
            for figure in result["figures"]:
                shape = (
                    text in PROGRAMS and text,
                    *sorted(k for k, v in figure["data"].items() if v),
                )
                if figure["kind"] == "main_effects":
                    shape = (text in PROGRAMS,)
                full = len(kept[figure["kind"]]) >= MOST
                if text not in PROGRAMS and (full or shape in kept[figure["kind"]]):
                    continue
                kept[figure["kind"]].add(shape)
                values = {k: v for k, v in result["values"].items() if not isinstance(v, list)}
                short = {"name": result["name"], "operation": result["operation"], "values": values}
                found.append(
                    {"program": run["program"], "result": rounded(short), "figure": rounded(figure)}
                )
    return sorted(found, key=lambda f: f["figure"]["kind"])


DESIGNS = (
    "design = doe.box_behnken(temperature=150..200 degC, pressure=1..5 bar, time=10..30 min, seed=7)",
    'design = doe.full_factorial(temperature=150..180 degC, time=20..40 min, catalyst=["A", "B"], seed=1)',
    "first = doe.fractional_factorial(n_factors=5, runs=8, seed=2)",
    "first = doe.fractional_factorial(n_factors=5, runs=8, seed=2)\nboth = doe.fold_over(first)",
    "design = doe.central_composite(temperature=150..180 degC, time=20..40 min, centers=5)",
    "design = doe.simplex_lattice(n_components=3, degree=2)",
    "design = doe.split_plot(furnace=[800, 850, 900], coating=[1, 2, 3, 4], hard=1, seed=3)",
    "r = doe.steepest_ascent(response=[39.3, 40.9, 40.0, 41.5, 40.3, 40.5, 40.7, 40.2, 40.6],"
    " factors=[[30, 30, 40, 40, 35, 35, 35, 35, 35], [150, 160, 150, 160, 155, 155, 155, 155, 155]],"
    " order=first)",
)
OPERATIONS = (
    "doe.box_behnken", "doe.effects", "doe.full_factorial", "doe.optimal", "maths.evaluate",
    "maths.linear_solve", "maths.minimise", "maths.solve", "quality.capability", "spc.ewma", "spc.i_mr",
    "spc.moving_average", "spc.p", "spc.xbar_r", "stats.anova", "stats.regression", "stats.t_test_two",
    "table.derive", "table.filter", "table.join",
)  # fmt: skip


def designs() -> list[dict[str, Any]]:
    """The last result of each program, and the program."""
    runs = [run_text(text).to_json() for text in DESIGNS]
    return [{"program": r["program"], "result": rounded(r["results"][-1])} for r in runs]


def write(name: str, entries: list[Any]) -> None:
    lines = ",\n".join(json.dumps(e, ensure_ascii=False, separators=(",", ":")) for e in entries)
    (TARGET / name).write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    write("designs.json", designs())
    write("operations.json", [schema(operations()[name]) for name in OPERATIONS])
    write("examples.json", collect())
