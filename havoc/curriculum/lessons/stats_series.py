"""Asking for forecasts, seasonal decomposition and stationarity."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Lesson, Num, Option, TableOf

SERIES = TableOf({"x": Data(n=(14, 30), low=10, high=90)})
LONG = TableOf({"x": Data(n=(26, 40), low=10, high=90)})
AHEAD = Option(
    "horizon={h}",
    (
        "(the|) next {h} (values|periods|steps)",
        "{h} (steps|periods|values) ahead",
        "forecast horizon {h}",
    ),
    {"h": Num(2, 12, integer=True)},
    0.5,
)
ALPHA_WEIGHT = Option(
    "alpha={a}",
    ("smoothing constant {a}", "(with|) alpha (=|) {a}", "weight {a}"),
    {"a": Num(0.1, 0.8, choices=("0.2", "0.3", "0.5", "0.1"))},
    0.25,
)
FORECAST = "(forecast|predict|extrapolate)"

LESSONS: tuple[Lesson, ...] = (
    Lesson(
        "stats_exponential_smoothing",
        "stats.exponential_smoothing(x={t.x}, {options})",
        (
            FORECAST + " {t.x} by (simple|) exponential smoothing",
            "(exponential smoothing|simple exponential smoothing|SES) of {t.x}",
            "what (will|should) {t.x} be next (exponential smoothing|)",
            "(smooth|smoothed) {t.x} exponentially, (and|) " + FORECAST,
        ),
        {"t": SERIES},
        (AHEAD, ALPHA_WEIGHT),
    ),
    Lesson(
        "stats_exponential_smoothing_trend",
        "stats.exponential_smoothing(x={t.x}, trend=linear, {options})",
        (
            "(holt|holt's method|double exponential smoothing) (forecast|) (of|for) {t.x}",
            FORECAST + " {t.x} with a (linear|) trend by exponential smoothing",
        ),
        {"t": SERIES},
        (AHEAD,),
        weight=0.7,
    ),
    Lesson(
        "stats_exponential_smoothing_season",
        "stats.exponential_smoothing(x={t.x}, trend=linear, season={m}, {options})",
        (
            "(holt-winters|triple exponential smoothing) (forecast|) (of|for) {t.x}, season (of|length) {m}",
            FORECAST + " {t.x} with trend and a season of {m}",
        ),
        {"t": LONG, "m": Num(4, 12, choices=("4", "7", "12", "6"))},
        (AHEAD,),
        weight=0.7,
    ),
    Lesson(
        "stats_decompose",
        "stats.decompose(x={t.x}, season={m}, {options})",
        (
            "(decompose|split) {t.x} into trend and season, season length {m}",
            "seasonal (indices|decomposition|factors) of {t.x}, {m} values (a season|per season|a cycle)",
            "which (place|part) of the season is highest in {t.x} (period {m})",
            "how strong is the seasonality of {t.x}, period {m}",
        ),
        {"t": LONG, "m": Num(4, 12, choices=("4", "7", "12", "6"))},
        (
            Option(
                "model=multiplicative",
                ("(multiplicative|multiplicatively)", "the season multiplies"),
                {},
                0.25,
            ),
        ),
    ),
    Lesson(
        "stats_stationarity",
        "stats.stationarity(x={t.x}, {options})",
        (
            "is {t.x} stationary",
            "(dickey-fuller|ADF|augmented dickey-fuller|unit root) test (of|on|for) {t.x}",
            "does {t.x} (have a unit root|return to its level or wander like a random walk)",
        ),
        {"t": TableOf({"x": Data(n=(20, 40), low=10, high=90)})},
        (
            Option(
                "trend=true", ("(allowing for|with|around) a (linear|straight|) trend",), {}, 0.2
            ),
            Option("lags={k}", ("(with|) {k} lags",), {"k": Num(1, 3, integer=True)}, 0.2),
        ),
    ),
)
