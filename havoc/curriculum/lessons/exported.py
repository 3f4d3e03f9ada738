"""Asking about a whole file: no column is named, their names and contents say which is which."""

from __future__ import annotations

from collections.abc import Sequence

from havoc.curriculum.lesson import Data, Fixed, Interval, Lesson, TableOf, Words
from havoc.curriculum.lessons.doe_analysis import (
    Runs,
    box_behnken_runs,
    composite_runs,
    two_level_runs,
)

FILE = "(the|this|my|attached|the attached) (csv|file|table|sheet|data|data set|dataset|export)"
SHOWN = "(attached|data attached|data in the csv|see the file|file attached|table below|data below|as in the sheet|runs and results in the csv)"
_BOTH = ("pasted", "attached")
_Y = ("y", "Y", "response", "result", "yield", "measured")


def _design(names: Sequence[tuple[str, ...]], runs: Runs) -> TableOf:
    factors = {
        f"x{i}": Fixed(tuple(f"{run[i]:.9g}" for run in runs), said) for i, said in enumerate(names)
    }
    return TableOf({**factors, "y": Data(names=_Y)}, forms=_BOTH, rows=(len(runs), len(runs)))


_CODED = (("x1", "A", "X1"), ("x2", "B", "X2"), ("x3", "C", "X3"))
_NAMED = (("temp", "temperature", "T"), ("time", "minutes", "t"), ("conc", "pH", "catalyst"))

SURFACE = (
    "(fit|build) a (second-order|second order|quadratic|full quadratic) (model|surface|response surface) to " + FILE + "(, where is the optimum|; stationary point and eigenvalues|, please|)",
    "(RSM|response surface) analysis, " + SHOWN,
    "(CCD|composite design|RSM|response surface|design) (results|data) (attached|in the csv|below)(:|;|,) (second-order fit|full quadratic|quadratic model)(; max or saddle|; lack of fit|, stationary point|)",
    "second-order (fit|model) of " + FILE + "(;|,|:) (canonical analysis|is it a maximum or a saddle|where does it peak)(?|)",
    "(we|I) (ran|did|finished) the (response surface|optimisation) (runs|experiment)(;|,|.) " + SHOWN + "(;|,|.) (quadratic model and optimum|where is the best setting|find the optimum) please",
    "(lack of fit|R squared|residual sd|stationary point) of the (quadratic|second-order) model(;|,|:) " + SHOWN,
    "which settings (are best|give the maximum|maximise the response)? (curved|quadratic|second-order) model for " + FILE,
    "rsm() with SO() on " + FILE,
    "(evaluate|analyse|analyze) (our|the) (CCD|Box-Behnken|response surface design|RSM trial)(,|;|:) " + SHOWN,
)  # fmt: skip
IN_BLOCKS = (
    "(second-order|quadratic|full quadratic) (model|surface|fit) (with|plus|and) blocks, " + SHOWN,
    "(response surface|RSM) (run|done|carried out) in blocks(,|;|:) " + SHOWN + "(;|,|.) (quadratic model|lack of fit and optimum|stationary point)",
    "(model|fit) (the response|y) ~ (block|blocks) + full quadratic (in|of) the factors(;|,|:) " + SHOWN,
    "(block effect|blocks) (and|plus) (full quadratic|second-order terms) (for|from) " + FILE + "(, lack of fit|, residual sd and R2|)",
    "(adjust|correct) for the (block|day) and fit the (quadratic|second-order) surface to " + FILE,
    "rsm(y ~ Block + SO(...)) on " + FILE,
    "(blocked|in two blocks) (CCD|composite|Box-Behnken|RSM) (design|experiment), " + SHOWN + "(;|,|:) (second-order analysis|where is the optimum)",
)  # fmt: skip
EFFECTS = (
    "(effects|main effects and interactions|factorial effects) (from|of|for) " + FILE,
    "(analyse|analyze|evaluate) (our|the|my) (factorial|two-level|2^3|screening) (experiment|trial|design|runs)(,|;|:) " + SHOWN,
    "which (factors|effects|knobs) (matter|are active|count|stand out)(?|) (two-level factorial|full factorial|factorial), " + SHOWN,
    "(half-normal|Pareto) (plot|chart) of the effects(;|,|:) " + SHOWN,
    "(unreplicated|single replicate) (factorial|2^3), " + SHOWN + "(;|,|:) (Lenth|active effects|which are real)",
    "(we|I) (ran|did) all (corners|combinations) (once|)(;|,|.) " + SHOWN + "(;|,|.) (what are the effects|effects please|main effects, interactions)",
    "(DOE|factorial) results (in|as) " + FILE + "(;|,|:) (estimate the effects|effects and interactions|what did we learn)",
    "(compute|give me) (main effects|all effects|the effects table) (for|from) the (design|experiment) in " + FILE,
)  # fmt: skip
REGRESSION = (
    "(multiple |)regression (on|with) all (predictors|columns|variables|x)(;|,|:) " + SHOWN,
    "(regress|model) (the response|y) on (everything else|all the others|all predictors|the rest) in " + FILE,
    "(linear|OLS|least squares) (model|fit) with (all|every) (predictor|x|input)(s|)(;|,|:) " + SHOWN,
    "(fit|run) (a|the) (multiple|linear) (linear |)(regression|model) (to|on) " + FILE + "(, all predictors|, coefficients and R2|, coefficients please|)",
    "(coefficients|estimates and standard errors|R squared and s) of the (full|complete) (linear|regression) model(;|,|:) " + SHOWN,
    "lm(y ~ ., data) (for|with|on) " + FILE,
    "how (well|far) do the (inputs|predictors|x columns) explain the (response|output)(?|) (linear model|regression), " + SHOWN,
)  # fmt: skip
ANOVA = (
    "(one-way|one way|single factor) (ANOVA|anova|analysis of variance)(,|;|:) " + SHOWN,
    "(do|are) the (group|treatment) means (differ|different|all equal|the same)(?|) " + SHOWN,
    "(anova|ANOVA|F test) (of|for|on) " + FILE,
    "(compare|test) the (groups|treatments|batches|suppliers) in " + FILE + "(, F and p|, anova|)",
    "is there (any|a real|a significant) (difference|effect) (between|among) the (groups|treatments|levels) in " + FILE + "(?|)",
    "aov() on " + FILE + "(, table please|)",
    "between and within (sum of squares|mean squares), F(;|,|:) " + SHOWN,
)  # fmt: skip
SURVIVAL = (
    "(Kaplan-Meier|kaplan meier|KM|product limit) (curve|estimate|survival|)(,|;|:|) " + SHOWN,
    "(survival|survivor|reliability) (curve|function) (from|of|for) " + FILE + "(, no model|, Kaplan-Meier|, nonparametric)",
    "(median|percent) (survival|surviving) with censoring, Kaplan-Meier(,|;|:) " + SHOWN,
    "survfit(Surv(time, status) ~ 1) on " + FILE,
    "(nonparametric|model-free) (survival|reliability) (of|from) " + FILE + " with (the |)(censored|suspended) units",
)  # fmt: skip
WEIBULL = (
    "(Weibull|weibull) (fit|analysis|plot)(,|;|:|) (with|including) (the |)(censored|suspended) (units|items|ones)(,|;|:|) " + SHOWN,
    "(shape and scale|beta and eta|B10) of a Weibull (fit|model)(,|;|:) (failures and suspensions|some censored) in " + FILE,
    "(fit|estimate) a (Weibull|weibull) (life |)(distribution|model) to " + FILE + ", (censored|suspended) (items|units) flagged",
    "survreg Weibull on " + FILE,
    "life data (analysis|), Weibull(,|;|:) " + SHOWN + "(;|,) (status|the flag) says (who|what) failed",
)  # fmt: skip
P_CHART = (
    "(p chart|p-chart|control chart of the fraction defective|proportion chart)(,|;|:|) " + SHOWN,
    "is the (fraction|share|proportion|percentage) (defective|nonconforming|of rejects) (stable|in control)(?|) (sizes differ|sample sizes vary|)(,|;|:|) " + SHOWN,
    "(fraction|share) defective over time with varying (lot|sample) sizes, (control chart|p chart|limits)(,|;|:) " + SHOWN,
    "(chart|plot) the (reject|defect) (rate|share) (from|in) " + FILE + " with control limits(, p chart|)",
    "(p chart|p-chart) (for|from|of) " + FILE,
)  # fmt: skip
U_CHART = (
    "(u chart|u-chart|control chart of defects per unit)(,|;|:|) " + SHOWN,
    "(defects|nonconformities|errors) per unit over time, (control chart|u chart|in control?)(,|;|:|) " + SHOWN,
    "(u chart|u-chart) (for|from|of) " + FILE,
    "(chart|plot) the defects per (unit|area|metre) (from|in) " + FILE + " with control limits",
)  # fmt: skip
XBAR = (
    "(Xbar-R|xbar r|X-bar and R|mean and range) (chart|charts|)(,|;|:|) " + SHOWN,
    "(Xbar-R|x-bar R|mean and range) (chart|control chart) (from|for|of) " + FILE,
    "(are|is) the (subgroup means|process) (stable|in control)(?|) (Xbar and R|mean and range chart), " + SHOWN,
    "(subgrouped|subgroup) data (in|as) " + FILE + "(,|;|:) (Xbar-R|averages and ranges) chart please",
)  # fmt: skip
SPLIT = (
    "(split-plot|split plot) (anova|analysis|ANOVA)(,|;|:|) " + SHOWN,
    "(analyse|analyze|test) the (split-plot|split plot) (experiment|trial|design) (in|of) " + FILE,
    "(F tests|tests) against the right error (terms|strata) for the split-plot in " + FILE,
    "(whole-plot|main-plot) and (subplot|sub-plot) (effects|F tests|errors)(,|;|:) " + SHOWN,
    "(split-plot|split plot) (trial|experiment) (done|finished)(;|,|.) " + SHOWN + "(;|,|.) (which effects are real|anova with two errors)",
)  # fmt: skip
LINEARITY = (
    "gage linearity (study|and bias|)(,|;|:|) " + SHOWN,
    "(linearity|linearity and bias) (of|for) the (gauge|gage|instrument)(,|;|:) " + SHOWN,
    "(does|is) the (bias|gauge error) (change|constant|the same) over the range(?|) " + SHOWN,
    "(linearity|bias against size) (from|of) " + FILE + "(, slope and %linearity|)",
)  # fmt: skip
TWO = (
    "(two-sample|two sample|Welch|welch) t( |-)test(,|;|:|) " + SHOWN,
    "(do|does) the two groups (differ|have the same mean)(?|) (t test|Welch test|), " + SHOWN,
    "t.test (on|for) " + FILE + "(, two groups|, both groups)",
    "(compare|test) the two (groups|lines|machines|methods) in " + FILE + "(, means|, t test|, is the mean different)",
)  # fmt: skip


def _lesson(name: str, program: str, ask: tuple[str, ...], table: TableOf) -> Lesson:
    return Lesson(f"exported_{name}", program, ask, {"t": table}, weight=0.6)


_STATUS = Fixed(tuple("1110111011110110"), ("status", "event", "failed", "censored"))
_LIFE = TableOf(
    {"x": Data((16, 16), 20, 900, names=("time", "hours", "cycles", "t", "days")), "d": _STATUS},
    forms=_BOTH,
    rows=(16, 16),
)
_SIZES = Data((12, 20), 80, 240, True, ("n", "inspected", "sample size", "lot size", "checked"))
_BY_BLOCK = [(b, w, s) for b in (1, 2, 3) for w in (1, 2) for s in (1, 2, 3)]
LESSONS: tuple[Lesson, ...] = (
    *(
        _lesson(f"surface_two_{kind}", "doe.fit_rsm(response={t.y}, factors=[{t.x0}, {t.x1}])", SURFACE, _design(names[:2], composite_runs(2, 1.41421356, 5)))
        for kind, names in (("coded", _CODED), ("named", _NAMED))
    ),
    *(
        _lesson(f"surface_three_{kind}", "doe.fit_rsm(response={t.y}, factors=[{t.x0}, {t.x1}, {t.x2}])", SURFACE, _design(names, box_behnken_runs()))
        for kind, names in (("coded", _CODED), ("named", _NAMED))
    ),
    _lesson(
        "surface_in_blocks", "doe.fit_rsm(response={t.y}, factors=[{t.x0}, {t.x1}, {t.x2}], block={t.g})", IN_BLOCKS,
        TableOf(
            {
                "g": Fixed(tuple("12"[i >= 8] for i in range(15)), ("block", "Block", "day", "batch")),
                **_design(_CODED, box_behnken_runs()).columns,
            },
            forms=_BOTH, rows=(15, 15),
        ),
    ),
    _lesson(
        "surface_four", "doe.fit_rsm(response={t.y}, factors=[{t.x0}, {t.x1}, {t.x2}, {t.x3}])", SURFACE,
        _design((*_CODED, ("x4", "D", "X4")), composite_runs(4, 2, 3)),
    ),
    *(
        _lesson(f"effects_{kind}", "doe.effects(response={t.y}, factors=[{t.x0}, {t.x1}, {t.x2}])", EFFECTS, _design(names, two_level_runs(3)))
        for kind, names in (("coded", _CODED), ("named", _NAMED))
    ),
    _lesson(
        "regression_two", "stats.regression(y={t.y}, x=[{t.a}, {t.b}])", REGRESSION,
        TableOf({"y": Data(names=_Y), "a": Data(names=("x1", "X1")), "b": Data(names=("x2", "X2"))}, forms=_BOTH, rows=(12, 20)),
    ),
    _lesson(
        "regression_four", "stats.regression(y={t.y}, x=[{t.a}, {t.b}, {t.c}, {t.d}])", REGRESSION,
        TableOf(
            {"y": Data(names=_Y), **{k: Data(names=(f"x{i}", f"X{i}")) for i, k in enumerate("abcd", 1)}},
            forms=_BOTH, rows=(12, 20),
        ),
    ),
    _lesson(
        "anova", "stats.anova(value={t.y}, by=[{t.g}])", ANOVA,
        TableOf({"g": Words((3, 5), ("group", "treatment", "batch", "supplier", "machine")), "y": Data(names=_Y)}, forms=_BOTH, rows=(15, 24)),
    ),
    _lesson(
        "two_groups", "stats.t_test_two(x={t.y}, by={t.g})", TWO,
        TableOf({"g": Words((2, 2), ("group", "treatment", "line", "machine", "method")), "y": Data(names=_Y)}, forms=_BOTH, rows=(14, 24)),
    ),
    _lesson("kaplan_meier", "quality.kaplan_meier(x={t.x}, status={t.d})", SURVIVAL, _LIFE),
    _lesson("weibull", "quality.weibull_fit(x={t.x}, status={t.d})", WEIBULL, _LIFE),
    _lesson(
        "p_chart", "spc.p(x={t.x}, size={t.n})", P_CHART,
        TableOf({"n": _SIZES, "x": Data((12, 20), 0, 20, True, ("defectives", "rejects", "nonconforming", "failed", "bad"))}, forms=_BOTH, rows=(12, 20)),
    ),
    _lesson(
        "u_chart", "spc.u(x={t.x}, size={t.n})", U_CHART,
        TableOf({"n": _SIZES, "x": Data((12, 20), 0, 40, True, ("defects", "flaws", "errors", "nonconformities"))}, forms=_BOTH, rows=(12, 20)),
    ),
    _lesson(
        "xbar_r", "spc.xbar_r(x={t.x}, by={t.s})", XBAR,
        TableOf(
            {"s": Fixed(tuple(str(1 + i // 4) for i in range(24)), ("subgroup", "sample", "group", "hour")), "x": Data(names=("value", "x", "measurement", "reading", "diameter"))},
            forms=_BOTH, rows=(24, 24),
        ),
    ),
    _lesson(
        "split_plot", "doe.anova_split_plot(response={t.y}, sub=[{t.s}], whole=[{t.w}], block={t.g})", SPLIT,
        TableOf(
            {
                "g": Fixed(tuple(str(b) for b, _, _ in _BY_BLOCK), ("block", "replicate", "day", "rep")),
                "w": Fixed(tuple("AB"[w - 1] for _, w, _ in _BY_BLOCK), ("whole plot", "WP", "main plot", "whole")),
                "s": Fixed(tuple("xyz"[s - 1] for _, _, s in _BY_BLOCK), ("subplot", "SP", "sub plot", "sub")),
                "y": Data(names=_Y),
            },
            forms=_BOTH, rows=(18, 18),
        ),
    ),
    _lesson(
        "linearity", "quality.gage_linearity(x={t.y}, reference={t.r})", LINEARITY,
        TableOf(
            {"b": Data((20, 20), -1, 1, names=("bias", "part", "no", "day", "deviation")), "r": Fixed(tuple(str(2 * (1 + i // 4)) for i in range(20)), ("reference", "master", "ref", "true value")), "y": Data((20, 20), 1, 11, names=("measured", "reading", "y", "result"))},
            forms=_BOTH, rows=(20, 20),
        ),
    ),
    Lesson(
        "exported_capability",
        "quality.capability(x={t.x}, spec={s})",
        (
            "(capability|capability study|Cp and Cpk|process capability)(,|;|:|) (spec|specification|tolerance) {s}(,|;|) " + SHOWN,
            "(limits|spec limits|tolerance) {s}(,|;|:) (Cpk|capability|Pp and Ppk|are we capable) (for|of|from) " + FILE,
            "(is|can) the process (capable|good enough)(?|) (it must stay|drawing says|specification) {s}(,|;|.) " + SHOWN,
            "(how capable|Cpk) is what is in " + FILE + " against {s}",
        ),
        {
            "t": TableOf(
                {"i": Fixed(tuple(str(i) for i in range(1, 31)), ("no", "id", "part", "index", "sequence")), "x": Data((30, 30), 20, 80, names=("value", "measurement", "x", "diameter", "reading"))},
                forms=_BOTH, rows=(30, 30),
            ),
            "s": Interval(10, 90),
        },
        weight=0.6,
    ),
)  # fmt: skip
