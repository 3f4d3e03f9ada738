"""Run rules: their definitions, and the running-count search against a look at every window."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havoc.tools.bind import bind
from havoc.tools.operation import get
from havoc.tools.spc.run_rules import RULE_SETS, find_by_window, find_signals
from havoc.tools.values import Number, Sample


def signals(z: list[float], rules: str) -> list[tuple[int, str]]:
    y = np.array(z, dtype=float)
    return [(s.point, s.rule.name) for s in find_signals(y, y, RULE_SETS[rules])]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([-3.5, -2.5, -1.5, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5]),
             min_size=1, max_size=45),
    st.sampled_from(sorted(RULE_SETS)),
)  # fmt: skip
def test_running_counts_find_what_windows_find(z: list[float], name: str) -> None:
    y = np.array(z)
    assert find_signals(y, y, RULE_SETS[name]) == find_by_window(y, y, RULE_SETS[name])


def test_western_electric_signals_at_the_eighth_point_and_nelson_at_the_ninth() -> None:
    z = [0.4, 0.3, 0.5, 0.2, 0.6, 0.4, 0.3, 0.5, 0.4]
    assert signals(z, "western_electric") == [
        (8, "Western Electric 4"),
        (9, "Western Electric 4"),
    ]
    assert signals(z, "nelson") == [(9, "Nelson 2")]


def test_six_rising_points_are_five_steps() -> None:
    assert signals([-0.5, -0.3, 0.1, 0.2, 0.4, 0.6], "nelson") == [(6, "Nelson 3")]
    assert signals([-0.5, -0.3, 0.1, 0.1, 0.4, 0.6], "nelson") == []


def test_fourteen_alternating_points() -> None:
    z = [0.5 if i % 2 else -0.5 for i in range(14)]
    assert (14, "Nelson 4") in signals(z, "nelson")
    assert (13, "Nelson 4") not in signals(z, "nelson")


def test_fifteen_points_near_the_center_and_eight_away_from_it() -> None:
    assert (15, "Nelson 7") in signals([0.5, -0.5, 0.2] * 5, "nelson")
    assert (8, "Nelson 8") in signals([1.5, -1.5, 1.2, -1.3, 1.4, 1.1, -1.6, -1.2], "nelson")


def test_a_point_on_the_limit_is_not_beyond_it() -> None:
    assert signals([3.0, -3.0], "limits") == []
    assert signals([3.001], "limits") == [(1, "beyond limits")]


def test_westgard_rejects_a_jump_across_both_two_s_limits() -> None:
    assert (2, "Westgard R-4s") in signals([2.2, -2.3], "westgard")
    assert (2, "Westgard 2-2s") in signals([2.2, 2.3], "westgard")


@pytest.mark.parametrize("rules", ["western_electric", "nelson"])
def test_false_alarms_in_control_are_as_rare_as_published(rules: str) -> None:
    # Champ and Woodall (1987): in-control ARL 91.75 for the four Western Electric rules.
    y = np.random.default_rng(1).standard_normal(40_000)
    found = {s.point for s in find_signals(y, y, RULE_SETS[rules])}
    rate = len(found) / len(y)
    assert 1 / 110 < rate < 1 / 40


def test_the_operation_names_rule_point_and_meaning() -> None:
    operation = get("spc.rules")
    arguments = bind(
        operation,
        [Sample.of([0, 1, -1, 0.5, 3.4])],
        {"center": Number("0"), "sigma": Number("1")},
    )
    result = operation.run(arguments)
    assert result.values["signal_points"] == [5]
    assert result.table("signals").rows[0][3] == "Nelson 1"
    assert all(c.passed for c in operation.audit(arguments, result))
