"""Operations of which no word of a request speaks, where it asks for plain figures of a table.

``the average load on cold days`` is no control chart. In 97 of 100 taught requests of charts, and in 98 and more of
those of the other operations here, one of the words below stands, or no such figure is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from havoc.dsl.grounding.slots import Grounded, request_words
from havoc.dsl.methods import method_words
from havoc.srs.split_evidence import said_split

# The beginnings of words that speak of an operation, by the operation or its family.
_SPOKEN: Mapping[str, tuple[str, ...]] = {
    "<op:spc.": tuple(
        """chart control limit kart carta carte cusum ewma spc shift signal xbar stable stability special assignable
        individuals mr imr xmr qcc shewhart ucl lcl laney subgroup warning drift hotelling mewma grafi constant
        monitor""".split()
    ),
    "<op:quality.pareto>": tuple(
        "pareto vital few biggest cumulative most trivial rank main common frequent occur".split()
    ),
    "<op:stats.bootstrap>": tuple("boot resampl replac draw simul efron sampling".split()),
    "<op:stats.outliers>": tuple(
        """outl iqr interquart fence box whisker tukey z score sigma mad beyond extreme odd strange outside hampel grubb
        freak suspicious wild anomal unusual stray deviat far exceed implausib abnorm ausrei aberr sd""".split()
    ),
    "<op:stats.normality>": tuple(
        """normal gauss bell shapiro wilk anderson lillief agostino jarque kolmogorov distribut symmetr ks ad skew
        kurtos qq""".split()
    ),
    "<op:stats.autocorrelation>": tuple(
        """autocorr acf lag serial memory neighbour previous correlog durbin consecutive series ljung box order
        successive after independent random yesterday""".split()
    ),
    "<op:stats.t_test_paired>": tuple(
        """pair before after same twice both repeated differ depend match each change vs versus against first second
        ahead""".split()
    ),
    "<op:maths.svd>": ("svd", "singular", "decompos"),
    "<op:stats.stationarity>": tuple(
        "stationar unit adf fuller kpss walk integrated differenc revert return arma arima".split()
    ),
}
# Words of which at least one stands in 97 of 100 taught requests of these operations (from four letters on their
# beginnings do): two numbers are no degrees of freedom of which nobody speaks.
_CALLED_BY: Mapping[str, tuple[str, ...]] = {
    "<op:stats.f_": tuple(
        "f pf qf fisher snedecor variance var df dof gdl fg freedom liberté numerator denominator".split()
    ),
    "<op:stats.t_probability>": tuple("t student gosset df dof gdl fg freedom nu ν pt qt".split()),
    "<op:stats.t_quantile>": tuple(
        "t student gosset df dof gdl fg freedom nu ν pt qt critical".split()
    ),
    "<op:stats.chi_square_prob": tuple(
        "chi χ khi x chisq pchisq df dof gdl fg freedom ν nu pearson goodness".split()
    ),
    "<op:stats.chi_square_quant": tuple(
        "chi χ khi x chisq qchisq df dof gdl fg freedom ν nu pearson critical".split()
    ),
    "<op:stats.gamma_": tuple("gamma erlang shape scale theta θ".split()),
    "<op:stats.beta_": tuple("beta β shape alpha α".split()),
    "<op:stats.weibull_": tuple("weibull shape scale eta η characteristic modulus beta β".split()),
    "<op:quality.capability_nonnormal>": tuple(
        """normal nonnormal anderson skew box transform percentile johnson bell gauss weibull lognormal tail asymm
        distribut shape""".split()
    ),
}
_FIGURES = re.compile(
    r"\b(?:average|mean|median|standard deviation|variance|skewness|kurtosis|percentage|proportion|share|fraction"
    r"|how many|highest|lowest|largest|smallest|correlation|coefficient|maximum|minimum|percentile|count|number of)\b"
)
_SUMMARISED = re.compile(
    r"<op:stats\.(?:t_test_one|wilcoxon|sign_test|variance_one)> <p:x> (<c\d+>) <p:(?:target|median|sd|variance)> <ask>"
    r" <\)>"
)
_FITS = ("<op:stats.regression>", "<op:stats.logistic>")
_JUDGES = ("<op:stats.holdout>", "<op:table.sample>")


def unasked(tokens: Sequence[str], text: str) -> set[str]:
    """Return the operations of a program of which no word speaks, though figures are asked for."""
    odd = {t for t in tokens for family in _SPOKEN if t.startswith(family)}
    if not odd or not _FIGURES.search(" ".join(request_words(text))):
        return set()
    words = method_words(text)
    return {
        t
        for t in odd
        for family, beginnings in _SPOKEN.items()
        if t.startswith(family) and not any(w.startswith(beginnings) for w in words)
    }


_CHANCE = frozenset("probability chance chances likely odds likelihood".split())
_PLANNED = tuple(
    """design factor experiment doe run screen trial plan factorial block level replic effect sample hypercube lattice
    mixture fraction split array""".split()
)
_NO_PLANS = frozenset(
    """analyse anova_split_plot desirability effects evaluate factorial_power fit_rsm signal_to_noise
    steepest_ascent""".split()
)


def plans_a_chance(tokens: Sequence[str], text: str) -> bool:
    """Whether a program plans an experiment where a probability is asked for and no word speaks of one."""
    plans = any(t.startswith("<op:doe.") and t[8:-1] not in _NO_PLANS for t in tokens)
    if not plans:
        return False
    words = method_words(text)
    return bool(_CHANCE & set(words)) and not any(w.startswith(_PLANNED) for w in words)


_EXTREME = re.compile(
    r"\b(?:maxi|mini)mi[sz]e (?:the (?:function )?|f = )?(?:[a-z]+ ){0,3}(?:\( <v\d+> \) )?(?:= )?<e\d+>"
)
_EXTREMES = ("<op:maths.maximise>", "<op:maths.minimise>", "<op:maths.gradient>")


def overlooks_extreme(tokens: Sequence[str], text: str) -> bool:
    """Whether a program does something else with an expression that the request wants largest or smallest."""
    operations = [t for t in tokens if t.startswith("<op:")]
    said = _EXTREME.search(text) is not None
    return bool(operations) and said and not any(t in _EXTREMES for t in operations)


def plans_what_was_done(tokens: Sequence[str], grounded: Grounded) -> bool:
    """Whether a program plans an experiment anew, though the request brings a table of its results."""
    builders = [
        t
        for t in tokens
        if t.startswith("<op:doe.") and t[8:-1] not in _NO_PLANS and t[8:-1] not in _ON_TABLES
    ]
    pasted = {s.token for s in grounded.of("t") if s.start >= 0}
    return bool(builders) and any(s.table in pasted for s in grounded.of("c"))


_ON_TABLES = frozenset("augment fold_over extreme_vertices".split())


def uncalled(tokens: Sequence[str], text: str) -> set[str]:
    """Return the operations of a program that only stand for what their own words call, of which none is there."""
    odd = {t for t in tokens for family in _CALLED_BY if t.startswith(family)}
    if not odd:
        return set()
    words = [w for w in method_words(text) if w != "normality"]  # which is asked for by itself
    return {
        t
        for t in odd
        for family, called in _CALLED_BY.items()
        if t.startswith(family)
        and not any(w == c or (len(c) > 3 and w.startswith(c)) for w in words for c in called)
    }


_TESTED = tuple(
    """test hypoth signif target differ off equal claim nominal spec aim goal label suppos should shall must than
    against versus vs from true reject null prove evidence conform compar set standard refer expect on meet
    p_value""".split()
)


def without_test(tokens: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Return a summary in place of one test that lacks its target, where plain figures are asked for and no test.

    ``what is the mean of 1 2 3 4?`` is no test of a mean.
    """
    words = [w for w in request_words(text) if w not in ("standard", "deviation")]
    summary = _SUMMARISED.fullmatch(" ".join(tokens))
    if summary is None or not _FIGURES.search(" ".join(request_words(text))):
        return tokens
    if any(w.startswith(_TESTED) for w in words):
        return tokens
    return ("<op:stats.describe>", "<p:x>", summary[1], "<)>")


def fits_without_split(tokens: Sequence[str], grounded: Grounded) -> bool:
    """Whether a model is fitted to all rows, though the request splits them into training and test."""
    if not any(t in _FITS for t in tokens) or any(t in _JUDGES for t in tokens):
        return False
    return said_split(grounded)[0] is not None
