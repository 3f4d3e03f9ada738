"""The course of the learning rate."""

from __future__ import annotations

import math

import pytest

from havoc.config import TrainingConfig
from havoc.training.schedule import Schedule

BASE = {"learning_rate": 1.0, "min_lr": 0.1, "warmup_steps": 10, "max_steps": 110}


def factor_at(step: int, seconds: float = 0.0, **changes: object) -> float:
    schedule = Schedule(TrainingConfig(**{**BASE, **changes}))
    schedule.step, schedule.seconds = step, seconds
    return schedule.factor


@pytest.mark.parametrize("kind", ["cosine", "wsd", "linear", "constant"])
def test_warmup_is_linear_and_ends_at_the_peak(kind: str) -> None:
    assert [factor_at(s, schedule=kind) for s in (0, 4, 9, 10)] == pytest.approx([0.1, 0.5, 1, 1])


def test_without_warmup_it_starts_at_the_peak() -> None:
    assert factor_at(0, warmup_steps=0) == 1.0


@pytest.mark.parametrize(
    ("kind", "quarter", "half"),
    [
        ("cosine", 0.1 + 0.9 * (0.5 + 0.5 * math.cos(math.pi / 4)), 0.55),
        ("linear", 0.775, 0.55),
        ("wsd", 1.0, 1.0),
        ("constant", 1.0, 1.0),
    ],
)
def test_courses_have_their_shape(kind: str, quarter: float, half: float) -> None:
    assert factor_at(35, schedule=kind) == pytest.approx(quarter)
    assert factor_at(60, schedule=kind) == pytest.approx(half)


@pytest.mark.parametrize("kind", ["cosine", "wsd", "linear"])
def test_it_ends_at_the_floor(kind: str) -> None:
    assert factor_at(110, schedule=kind) == pytest.approx(0.1)
    assert factor_at(500, schedule=kind) == pytest.approx(0.1)


def test_wsd_falls_linearly_over_its_last_share() -> None:
    assert factor_at(70, schedule="wsd", decay_share=0.4) == pytest.approx(1.0)
    assert factor_at(90, schedule="wsd", decay_share=0.4) == pytest.approx(0.55)


def test_with_a_time_budget_the_elapsed_share_decides() -> None:
    timed = {"schedule": "linear", "max_seconds": 100.0, "max_steps": 10**6}
    assert factor_at(500, 50.0, **timed) == pytest.approx(0.55, abs=1e-3)
    assert factor_at(500, 100.0, **timed) == pytest.approx(0.1)


def test_a_run_ends_by_steps_or_by_time() -> None:
    schedule = Schedule(TrainingConfig(**{**BASE, "max_seconds": 5.0}))
    assert not schedule.finished
    schedule.seconds = 5.0
    assert schedule.finished
    schedule.seconds, schedule.step = 0.0, 110
    assert schedule.finished
