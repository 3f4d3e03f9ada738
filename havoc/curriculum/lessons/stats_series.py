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
        "(horizon|h|steps|n.ahead|periods ahead) (=|:) {h}",
        "{h} (forecasts|predictions)",
        "for the (next|coming) {h} (months|quarters|periods|values|years)",
    ),
    {"h": Num(2, 12, integer=True)},
    0.5,
)
ALPHA_WEIGHT = Option(
    "alpha={a}",
    (
        "smoothing constant {a}",
        "(with|) alpha (=|) {a}",
        "weight {a}",
        "(smoothing_level|damping factor|level weight) (=|of|) {a}",
    ),
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
            "(single|one-parameter|brown's simple) exponential smoothing, {t.x}",
            "(SimpleExpSmoothing|ses()|Stat > Time Series > Single Exp Smoothing|FORECAST.ETS) (for|on|of) {t.x}",
            "exponentially weighted forecast (of|for) {t.x}",
            "{t.x} in time order: next value(?|), (exponential smoothing|weights falling off exponentially)",
            "what demand should we plan for after {t.x} (exponential smoothing|smoothing)(?|)",
            "no trend, no season: predict what comes after {t.x}",
            "forecast the next (month|week|day|period) from {t.x}",
            "{t.x} so far; give a smoothed level and the forecast (with limits|)",
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
            "(Holt|holt()|double exp smoothing|Stat > Time Series > Double Exp Smoothing|two-parameter smoothing) on {t.x}",
            "{t.x} keeps (rising|growing|falling): what comes next (with a trend|holt)(?|)",
            "level and trend smoothing (of|for) {t.x}, forecast",
            "exponential smoothing of {t.x} that follows the trend",
            "next values of a growing series {t.x} (trend exponential smoothing|holt linear)",
            "trend-corrected exponential smoothing, {t.x}",
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
            "(ExponentialSmoothing seasonal|hw()|HoltWinters|Winters' method|winters method) on {t.x}, period {m}",
            "{t.x} has a trend and repeats every {m} values: forecast",
            "predict {t.x} with level, trend and season, seasonal period {m}",
            "winters smoothing {t.x} season length {m}",
            "demand {t.x} goes up and has a cycle of {m} (periods|values|months), what comes next (holt-winters|)(?|)",
            "m = {m}: triple exponential smoothing of {t.x}",
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
            "(seasonal_decompose|decompose()|STL|Stat > Time Series > Decomposition) of {t.x} with period {m}",
            "(deseasonalise|deseasonalize|seasonally adjust|remove the season from) {t.x}, season length {m}",
            "classical decomposition {t.x}, m = {m}",
            "trend, seasonal and (irregular|remainder|residual) parts of {t.x}; cycle of {m}",
            "{t.x} repeats every {m} values: what is the pattern and what is left(?|)",
            "which of the {m} (months|quarters|positions|seasons) is (high|low), series {t.x}, seasonal (indices|factors)",
            "split off the cycle of {m} from {t.x}",
            "take the seasonal pattern (of period {m}|, period {m},|of length {m}) out of {t.x}",
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
            "(adfuller|adf.test|ur.df|Augmented Dickey-Fuller Test) on {t.x}",
            "H0: unit root, {t.x}",
            "may I fit an ARMA model to {t.x} or must I difference it first(?|)",
            "is {t.x} a random walk(?|)",
            "mean reverting or not: {t.x}",
            "does the level of {t.x} stay (constant|put) in the long run, (ADF|unit root test)(?|)",
            "test {t.x} for stationarity",
            "does {t.x} need differencing(?|)",
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
