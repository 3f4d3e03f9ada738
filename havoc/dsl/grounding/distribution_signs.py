"""Distributions in the sign of a function, put into words: ``Beta(4, 2)``.

That is a beta distribution with alpha 4 and beta 2. A letter alone is a distribution only behind ``~``: ``T ~ t(12)``,
``X ~ U(2, 7)``. The second number of ``Gamma(3, 2)`` is the scale and that of ``N(250, 4)`` (``spoken_forms``) the
standard deviation, as engineers write them; one value of ``Exp(2)`` may be a mean or a rate and is left alone.
"""

from __future__ import annotations

import re

from havoc.dsl.grounding.rewriting import Rewriting

_NUM = r"[-+−]?(?:\d+\.\d+|\.\d+|\d+)"
_KEY = r"(?:[A-Za-zα-ω]{1,12}\s?[=:]?\s?)?"  # of "Gamma(k=3, theta=2)" the names are told again
_IS = r"(?<![\w.])(?P<is>(?:~|∼|≈|\bis\b|\bas\b|\bfollows\b)\s?)?"
# name -> the words for each count of its values
_WORDED = {
    "beta": ("beta", "beta distribution with alpha {0} and beta {1}"),
    "gamma": ("gamma", "gamma distribution with shape {0} and scale {1}"),
    "weibull": ("weibull|weib", "weibull distribution with shape {0} and scale {1}"),
    "binomial": ("binomial|binom|bin", "binomial distribution with n = {0} and p = {1}"),
    "poisson": ("poisson|pois|poi", "poisson distribution with mean {0}"),
    "geometric": ("geometric|geom|geo", "geometric distribution with success probability {0}"),
    "negative": (
        "negbinomial|negbin|nbinom",
        "negative binomial distribution with r = {0} successes and success probability {1}",
    ),
    "hypergeometric": (
        "hypergeometric|hypergeom|hyper",
        "hypergeometric distribution: lot size {0}, {1} defectives in the lot, sample size {2}",
    ),
    "uniform": ("uniform|unif", "uniform distribution from {0} to {1}"),
    "lognormal": ("lognormal|lognorm", "lognormal distribution with log mean {0} and log sd {1}"),
    "student": ("student", "t distribution with {0} degrees of freedom"),
    "chi": ("chi2|chisq|chi-square|χ²|χ2", "chi-square distribution with {0} degrees of freedom"),
}
_LETTERS = {"b": "binomial", "u": "uniform", "t": "student", "po": "poisson", "ln": "lognormal"}
_LETTERS |= {"χ²": "chi", "nb": "negative", "we": "weibull"}
_CALL = re.compile(
    _IS
    + r"(?P<name>[A-Za-zχ][A-Za-z²-]{0,14}2?)(?: distribution)?\s?"
    + rf"\(\s?{_KEY}(?P<a>{_NUM})(?:\s?[,;]\s?{_KEY}(?P<b>{_NUM}))?(?:\s?[,;]\s?{_KEY}(?P<c>{_NUM}))?\s?\)",
    re.IGNORECASE,
)
_MOST_OF_A_SHAPE = 10.0


def rewrite_distributions(text: Rewriting) -> None:
    """Put ``Bin(20, 0.1)`` and its like into the words in which a distribution and its values are told."""
    if "(" in text.text:
        text.sub(_CALL, _in_words)


def _in_words(m: re.Match[str]) -> str:
    name = m["name"].casefold()
    kind = next((k for k, (names, _) in _WORDED.items() if name in names.split("|")), None)
    if kind is None and m["is"]:
        kind = _LETTERS.get(name)
    values = [v for v in (m["a"], m["b"], m["c"]) if v is not None]
    if kind is None or len(values) != _WORDED[kind][1].count("{"):
        return m.group()
    numbers = [float(v.replace("−", "-")) for v in values]
    if kind in ("binomial", "negative") and not 0 < numbers[1] < 1:
        return m.group()
    if kind == "weibull" and numbers[0] > _MOST_OF_A_SHAPE > numbers[1]:
        values.reverse()  # the characteristic life first
    return f"{m['is'] or ''}{_WORDED[kind][1].format(*values)}"
