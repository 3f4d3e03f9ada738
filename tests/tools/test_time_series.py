"""Forecasts, decomposition and the unit root test, against statsmodels and published figures."""

from __future__ import annotations

import numpy as np
import pytest
from statements import run

from havoc.errors import InputError, NeedsClarification

# Hyndman and Athanasopoulos (2018), Forecasting, 2nd ed., section 7.1: oil production, 1996 to 2013
OIL = (
    "[445.36, 453.20, 454.41, 422.38, 456.04, 440.39, 425.19, 486.21, 500.43, 521.28, 508.95, "
    "488.89, 509.87, 456.72, 473.82, 525.95, 549.83, 542.34]"
)


def test_oil_forecast_is_the_textbooks() -> None:
    # alpha 0.8339 there, with a fitted starting level of 446.6; forecast 542.68 for every horizon
    found = run(f"f = stats.exponential_smoothing({OIL}, horizon=3)")
    assert found["alpha"] == pytest.approx(0.834, abs=5e-3)
    assert found["forecast"] == [pytest.approx(542.68, abs=0.05)] * 3
    assert found["high"][2] > found["high"][0]


def test_a_straight_line_is_continued_without_error() -> None:
    line = ", ".join(str(3 + 2 * i) for i in range(12))
    found = run(
        f"f = stats.exponential_smoothing([{line}, 27.1], trend=linear, alpha=0.5, beta=0.5)"
    )
    assert found["forecast"][0] == pytest.approx(29.07, abs=0.1)


def test_seasonal_forecasts_repeat_the_season() -> None:
    rng = np.random.default_rng(5)
    y = [20 + 0.3 * i + (4, -6, 1, 1)[i % 4] + rng.normal(0, 0.2) for i in range(40)]
    text = ", ".join(f"{v:.3f}" for v in y)
    found = run(f"f = stats.exponential_smoothing([{text}], trend=linear, season=4, horizon=4)")
    wanted = [20 + 0.3 * i + (4, -6, 1, 1)[i % 4] for i in range(40, 44)]
    assert found["forecast"] == pytest.approx(wanted, abs=0.8)


def test_decomposition_finds_the_season_that_was_put_in() -> None:
    y = ", ".join(str(100 + 2 * i + (10, -4, -9, 3)[i % 4]) for i in range(20))
    found = run(f"d = stats.decompose([{y}], season=4)")
    assert found["indices"] == pytest.approx([10, -4, -9, 3])
    assert found["residual_sd"] == pytest.approx(0, abs=1e-9)


def test_a_random_walk_is_not_stationary_and_noise_is() -> None:
    rng = np.random.default_rng(11)
    noise = rng.normal(size=200).round(3)
    walk = noise.cumsum().round(3)
    for series, stationary in ((noise, True), (walk, False)):
        text = ", ".join(map(str, series))
        assert run(f"r = stats.stationarity([{text}])")["stationary"] is stationary


def test_what_cannot_be_is_refused_or_asked() -> None:
    with pytest.raises(NeedsClarification, match="season"):
        run("d = stats.decompose([1, 2, 3, 4, 5, 6, 7])")
    with pytest.raises(InputError, match="10 are needed"):
        run("d = stats.decompose([1, 2, 3, 1, 2, 3, 2], season=4)")
    with pytest.raises(InputError, match="above 0"):
        run("d = stats.decompose([1, 0, 3, 1, 2, 3, 2, 4], season=3, model=multiplicative)")
