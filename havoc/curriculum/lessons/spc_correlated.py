"""Asking for control charts of autocorrelated readings: a model, and a chart of its residuals."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Lesson, Num, Option, TableOf
from havoc.curriculum.lessons.spc_variables import RULES, SIGMAS, STATE

READINGS = {"t": TableOf({"x": Data(n=(20, 36))}, rows=(20, 36))}
CORRELATED = (
    "(autocorrelated|serially correlated|correlated in time|not independent|self-correlated)"
)
FIRST = Option(
    "phase1={k}",
    (
        "(fit|estimate|set) (it|the model|model and limits) (on|from|with) the first {k} (readings|values|points)",
        "phase (I|1|one): the first {k}",
        "the first {k} (readings|points) (are|were) in control",
        "model from points 1 to {k}, (the rest|later ones) (is|are) to be judged",
        "the first {k} only as reference",
        "(baseline|reference period) of {k} readings",
    ),
    {"k": Num(12, 18, integer=True)},
    0.2,
)

LESSONS = (
    Lesson(
        "spc_residual_chart",
        "spc.residual_chart(x={t.x}, {options})",
        (
            "(residual|residuals) (control|) chart (of|for|from) {t.x}",
            "{t.x} are " + CORRELATED + ", (make|give me|draw) a control chart of the residuals",
            "control chart for " + CORRELATED + " (data|readings|measurements) {t.x}",
            "(fit|use) (an|a) (AR(1)|first-order autoregressive|autoregressive) model (to|on) {t.x} and chart (the|its) residuals",
            "(the|our) readings {t.x} follow one another closely (tank|furnace|sensor every minute). "
            + STATE
            + " with the autocorrelation taken out",
            "each value depends on the one before: {t.x}. (chart|control chart of) the residuals (of an AR(1)|)",
            "special cause chart (after Alwan and Roberts|) of {t.x}",
            "individuals chart of the AR(1) residuals, {t.x}",
            "x(t) = c + phi x(t-1): fit it to {t.x} and put the errors on an individuals chart",
            "too many false alarms on my I-MR because the data are "
            + CORRELATED
            + ": {t.x}. What do the residuals say?",
            "remove the serial correlation from {t.x}, then control limits for what is left",
            "(lag-1|lag one|first-order) autocorrelation spoils my chart of {t.x}; chart the residuals instead",
            "predict every reading of {t.x} from the last one and chart the prediction errors",
            "time series model for {t.x}, residuals within 3 sigma?",
            "SPC with " + CORRELATED + " observations: {t.x}",
            "(the|my) process has inertia, so {t.x} wander around the mean: "
            + STATE
            + " by the residuals of an autoregression",
            "arima(1,0,0) on {t.x}, then Shewhart limits for its residuals",
            "is there a special cause in {t.x} once the autocorrelation is modelled",
            "model-based control chart (autoregressive), {t.x}",
            "chart of the one-step-ahead errors of {t.x}, AR(1)",
            "sensor log {t.x}, strongly " + CORRELATED + ": residual chart please",
            "AR1-residuals X chart: {t.x}",
            "automatic readings every few seconds, {t.x}: I want limits that allow for the dependence between neighbours",
            "phi, constant and the chart of the residuals for {t.x}",
            "moving range limits are far too narrow for {t.x} since neighbours are alike; use an autoregressive model and its residuals",
            "decorrelate {t.x} with an AR(1) and check for out-of-control points",
            "Residuenkarte (residual chart) for {t.x}",
            "whiten {t.x} by a first-order autoregression, individuals chart of the innovations",
            "the innovations of {t.x}: any beyond three sigma?",
            "reactor temperature each minute {t.x}. Neighbours are alike. Which ones are special causes, judged by residuals",
        ),
        READINGS,
        (*RULES, SIGMAS, FIRST),
        notes=(
            "Readings taken close together resemble each other, so ordinary limits are too narrow.",
        ),
    ),
    Lesson(
        "spc_residual_chart_ewma",
        "spc.residual_chart(x={t.x}, model=ewma, {options})",
        (
            "(chart|control chart of) the residuals of an EWMA (prediction|forecast|model) (of|for) {t.x}",
            "{t.x} (drift|wander), predict each by an EWMA and chart the (residuals|errors)",
            "(EWMA|exponentially weighted) one-step-ahead forecast errors of {t.x} on an individuals chart",
            "residual chart with (an EWMA|the EWMA|exponential smoothing) as the model, {t.x}",
            "the mean of {t.x} wanders (like a random walk|); use an EWMA model and chart what it leaves",
            "IMA(1,1) process {t.x}: residual control chart",
            "exponentially smoothed prediction for {t.x}, residuals against 3-sigma limits",
            CORRELATED + " readings {t.x} without a fixed mean: EWMA residual chart",
            "autocorrelation with a moving level, {t.x}: control chart of the EWMA's prediction errors",
            "how far is each reading of {t.x} from its EWMA forecast; which are out of control",
            "smooth {t.x} exponentially, and an I-MR of the errors",
            "moving centre line EWMA for {t.x}: residuals and their limits",
            "non-stationary series {t.x}; special causes by the residuals from an EWMA",
            "ARIMA(0,1,1) of {t.x} by its EWMA; residuals chart",
            "optimal lambda for predicting {t.x} by an EWMA, and the control chart of the errors",
            "HoltWinters without trend and season on {t.x}, then chart its residuals",
            "forecast every value of {t.x} by exponential smoothing; are the forecast errors in control?",
            "the level of {t.x} never stays put. EWMA as predictor, individuals chart for the rest",
            "level wanders, neighbours alike: {t.x}. EWMA-based residual chart",
            "chart for a drifting " + CORRELATED + " process: {t.x}, EWMA residuals",
            "EWMA-Prognosefehler (forecast errors) of {t.x} as control chart",
            "tool wear makes {t.x} creep; take the EWMA forecast away and judge the residuals",
            "use model ewma in the residual control chart of {t.x}",
            "special cause chart of {t.x} with the EWMA as its model",
        ),
        READINGS,
        (
            Option(
                "weight={w}",
                (
                    "(with|use|) (lambda|weight|λ|smoothing constant) (=|of|) {w}",
                    "smoothing weight {w}",
                    "lambda fixed at {w}",
                    "weight of the newest reading {w}",
                ),
                {"w": Num(0.1, 0.9, choices=("0.2", "0.3", "0.4", "0.5", "0.6", "0.8", "0.85"))},
                0.25,
            ),
            *RULES,
            SIGMAS,
            FIRST,
        ),
    ),
)
