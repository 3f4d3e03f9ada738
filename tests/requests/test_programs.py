"""The operations and the language can say what people ask: a program by hand for every request of the set."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from havoc.dsl.executor import Execution, run_text
from havoc.errors import InputError
from havoc.evaluation.scoring import read_requests, score
from havoc.tools.values import Labels, Sample

REQUESTS = Path(__file__).parents[2] / "benchmarks" / "requests"
PROGRAMS = Path(__file__).parent / "programs"
ALL = {r["id"]: r for r in read_requests(REQUESTS / "dev.jsonl")}
REFUSED = {
    "Z05": "at least 3 factors",
    "Z07": "at least 2 values",
    "Z08": "take 12 or 16",
}
ANSWERED = sorted(ALL.keys() - REFUSED.keys())

# Where the value that is asked for stands: under its own name, or (name, list of labels, label), or "step.name[i]".
_LONGLEY = {f"b{i}": ("coefficients", "coefficient_names", f"x{i}") for i in range(1, 7)}
_EFFECTS = ("T", "C", "K", "TC", "TK", "CK", "TCK")
PLACES: dict[str, dict[str, str | tuple[str, str, str]]] = {
    "T02": {"t": "statistic"},
    "T03": {"t": "statistic", "mean_diff": "mean_difference", "sd_diff": "sd_difference"},
    "T04": {"t": "statistic"},
    "T05": {"t": "statistic"},
    "T06": {
        "F": "overall.F",
        "p_value": "overall.p_value",
        "df_between": "overall.df_between",
        "df_within": "overall.df_within",
        "tukey_p_600_750": ("p_values", "pairs", "750C - 600C"),
        "n_pairs_significant_at_05": "pairs.n_significant",
    },
    "T11": {"chi2": "statistic", "expected_day_scratch": "expected[0][0]"},
    "T17": {"A2": "statistic"},
    "R01": {"pred_45": "predicted"},
    "R03": {
        "b_temp": ("coefficients", "coefficient_names", "temp"),
        "b_feed": ("coefficients", "coefficient_names", "feed"),
        "pred": "predicted",
        "ci_low": "mean_ci_low",
        "ci_high": "mean_ci_high",
    },
    "R10": {**_LONGLEY, "resid_sd": "s"},
    "S06": {"cbar": "c_bar", "out_of_control_samples": "out_of_control"},
    "S08": {"ewma_1": "ewma[0]", "ewma_30": "ewma[29]"},
    "S09": {"C_plus_at_signal": "c_at_signal", "max_C_minus": "max_c_minus"},
    "P05": {"n_per_group": "n"},
    "D07": {"R2000": "reliability", "B10": "b_life"},
    "D09": {"p": "reliability"},
    "G21": {f"vertex_{c}": f"vertices[{i}]" for i, c in enumerate("ABC")},
    "G23": {"abs_det_X": "abs_det"},
    "G29": {"distinct": "second.distinct_settings"},
    "X01": {e: ("effects", "effect_names", e) for e in _EFFECTS},
    "X04": {
        "x1_s": ("stationary", "factors", "x1"),
        "x2_s": ("stationary", "factors", "x2"),
        "y_s": "predicted",
        "eig1": "eigenvalues[0]",
        "eig2": "eigenvalues[1]",
    },
    "X10": {
        **{f"x{i}": ("stationary", "factors", f"x{i}") for i in range(1, 5)},
        "largest_eig": "largest_eigenvalue",
    },
    "X12": {
        "F_V": ("F", "terms", "V"),
        "F_N": ("F", "terms", "N"),
        "F_NV": ("F", "terms", "V:N"),
        "p_V": ("p_values", "terms", "V"),
    },
    "Y01": {"expr": "expression", "value_at_1": "value"},
    "Y05": {name: ("solution", "variables", name) for name in "xyz"},
    "Y15": {"q": ("at", "variables", "q"), "cost": "value"},
    "Y17": {"expr": "expression", "value_at_s1": "value"},
    "Y19": {"lbf_ft": "torque.value", "F": "temperature.value"},
}
NOT_ONE_VALUE = {("G29", "same_order_twice")}  # tested below


@cache
def run(request_id: str) -> Execution:
    program = (PROGRAMS / f"{request_id}.havoc").read_text(encoding="utf-8")
    return run_text(program, base_dir=REQUESTS / "data")


def asked(request_id: str, key: str) -> Any:
    """The one value that answers this part of the request."""
    place = PLACES.get(request_id, {}).get(key, key)
    steps: dict[str, dict[str, Any]] = {
        s.name: dict(s.result.values) for s in run(request_id).steps
    }
    if isinstance(place, tuple):
        name, labels, label = place
        values = next(v for v in reversed(steps.values()) if name in v)
        return values[name][values[labels].index(label)]
    path, _, indices = place.partition("[")
    step, _, name = path.rpartition(".")
    value: Any = steps[step or next(reversed(steps))][name]
    for index in indices.rstrip("]").split("][") if indices else ():
        value = value[int(index)]
    return value


def settings(request_id: str, step: int = 0) -> list[list[Any]]:
    """The rows of a design's table, in run order."""
    table = run(request_id).steps[step].result.data
    assert table is not None
    columns = [c.values if isinstance(c, Sample) else c.items for c in table.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def test_every_request_has_a_program_and_every_program_a_request():
    assert {p.stem for p in PROGRAMS.glob("*.havoc")} == ALL.keys()
    assert {i for i, r in ALL.items() if r["kind"] == "refuse_or_ask"} == REFUSED.keys()


@pytest.mark.parametrize("request_id", ANSWERED)
def test_a_program_answers_the_request_and_passes_its_audit(request_id):
    executed = run(request_id).to_json()
    assert not [c for c in executed["audit"]["checks"] if not c["passed"]]
    verdict = score(ALL[request_id], {"status": "answered", "answer": "", **executed})
    assert verdict.passed, verdict.why


@pytest.mark.parametrize("request_id", ANSWERED)
def test_what_is_asked_for_is_the_value_of_that_name_not_some_number_in_the_output(request_id):
    request = ALL[request_id]
    for key, expected in request["expected"].items():
        if (request_id, key) in NOT_ONE_VALUE:
            continue
        found = asked(request_id, key)
        only: dict[str, Any] = {"status": "answered", "answer": "", "audit": {"passed": True}}
        only["results"] = [{"values": {key: found}}]
        verdict = score({**request, "expected": {key: expected}, "alt": []}, only)
        assert verdict.passed, f"{key}: {found} instead of {expected}"


@pytest.mark.parametrize("request_id", sorted(REFUSED))
def test_what_cannot_be_is_refused_with_the_reason(request_id):
    with pytest.raises(InputError, match=REFUSED[request_id]):
        run(request_id)


def test_the_same_seed_gives_the_same_run_order_and_each_corner_once():
    first, second = settings("G29", 0), settings("G29", 1)
    assert first == second
    corners = {tuple(row[-3:]) for row in first}
    assert corners == {(a, b, c) for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)}
    assert len(first) == 8


def test_the_latin_hypercube_has_one_point_in_each_of_twenty_slices():
    table = run("G18").steps[0].result.data
    assert table is not None
    for name, low, high in (("speed", 500, 1500), ("temp", 20, 80), ("load", 1, 5)):
        values = table.sample(name).values
        assert sorted(int(20 * (x - low) / (high - low)) for x in values) == list(range(20))


def test_the_replicated_factorial_lists_each_setting_twice():
    table = run("G01").steps[0].result.data
    assert table is not None
    catalyst = table.column("catalyst")
    assert isinstance(catalyst, Labels)
    rows = list(
        zip(table.sample("temp").values, table.sample("time").values, catalyst.items, strict=True)
    )
    assert all(rows.count(row) == 2 for row in rows)
    assert set(rows) == {(a, b, c) for a in (150, 180) for b in (20, 40) for c in ("A", "B")}


def test_a_numbered_block_is_no_factor_of_the_surface():
    assert run("X10").steps[0].result.values["factors"] == ["x1", "x2", "x3", "x4"]
    assert run("X10").steps[0].result.values["nature"] == "saddle point"
