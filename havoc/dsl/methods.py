"""Names of methods in a request, and the operations that they may stand for.

The names are those that operations have and declare as their terms; which operations each stands for was counted in
taught requests (``havoc.curriculum.method_names`` writes the list ``methods.txt``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from havoc.dsl.grounding.slots import request_words

LIST = "methods.txt"
SKIPPED = frozenset("-,.()/'\"’")  # signs that people write within names, or not
# Methods that people ask for and no operation here is, with what comes nearest.
ABSENT: Mapping[str, str] = {
    "graeco latin square": "an orthogonal array (doe.taguchi)",
    "random forest": "a linear or logistic model judged on held-out rows (stats.holdout)",
    "gradient boosting": "a linear or logistic model judged on held-out rows (stats.holdout)",
    "xgboost": "a linear or logistic model judged on held-out rows (stats.holdout)",
    "decision tree": "a linear or logistic model judged on held-out rows (stats.holdout)",
    "neural network": "a linear or logistic model judged on held-out rows (stats.holdout)",
    "support vector": "a linear or logistic model judged on held-out rows (stats.holdout)",
    "k means": "the groups have to be known: stats.anova compares them",
    "k nearest": "a linear or logistic model judged on held-out rows (stats.holdout)",
    "cluster analysis": "the groups have to be known: stats.anova compares them",
    "principal component": "the eigenvalues of a covariance matrix (stats.correlation_matrix, maths.eigenvalues)",
    "principal components": "the eigenvalues of a covariance matrix (stats.correlation_matrix, maths.eigenvalues)",
    "pca": "the eigenvalues of a covariance matrix (stats.correlation_matrix, maths.eigenvalues)",
    "discriminant analysis": "logistic regression for two classes (stats.logistic)",
    "manova": "one analysis of variance a response (stats.anova)",
    "arima": "exponential smoothing (stats.exponential_smoothing)",
    "cox regression": "life distributions group by group (quality.weibull_fit, quality.kaplan_meier)",
    "proportional hazards": "life distributions group by group (quality.weibull_fit, quality.kaplan_meier)",
    "log rank": "survival curves group by group (quality.kaplan_meier)",
    "lasso": "stepwise selection (stats.stepwise)",
    "ridge regression": "stepwise selection (stats.stepwise)",
}

# Short forms of names that nobody writes in full, with the operations that they may stand for.
SHORT: Mapping[str, str] = {
    "kruskal": "stats.kruskal_wallis",
    "shapiro": "stats.normality",
    "taylor": "maths.series maths.error_propagation",
    "maclaurin": "maths.series",
    "two factor anova": "stats.anova",
    "parabola": "stats.polynomial doe.fit_rsm stats.regression",
    "into bins": "table.bin",
    "tost": "stats.equivalence",
    "prime factors": "maths.prime_factors",
    "prime factorisation": "maths.prime_factors",
    "prime factorization": "maths.prime_factors",
}


def method_words(text: str) -> tuple[str, ...]:
    """Return the words in which names are looked for: of the text a model reads, before its list of columns."""
    return tuple(w for w in request_words(text) if w not in SKIPPED and not w.startswith("<"))


@cache
def method_names() -> Mapping[tuple[str, ...], frozenset[str]]:
    """Each name's words with the operations that it may stand for."""
    lines = files("havoc.dsl").joinpath(LIST).read_text(encoding="utf-8").splitlines()
    found = {}
    for line in lines:
        name, operations = line.split(":")
        found[tuple(name.split())] = frozenset(operations.split())
    for name, operation in SHORT.items():
        found.setdefault(tuple(name.split()), frozenset(operation.split()))
    return found


@lru_cache(64)
def named_methods(text: str) -> frozenset[str]:
    """Return the operations that the methods named in a request may stand for; empty where it names none.

    A name within a longer one says nothing of its own: "path of steepest ascent" is no gradient.
    """
    words, names = method_words(text), method_names()
    longest = max(map(len, names))
    found: frozenset[str] = frozenset()
    at = 0
    while at < len(words):
        length = _longest(words, at, longest, names)
        if length:
            found |= names[words[at : at + length]]
        at += max(1, length)
    return found


def _longest(
    words: Sequence[str], at: int, longest: int, names: Mapping[tuple[str, ...], frozenset[str]]
) -> int:
    """How many words the longest name has that begins at a place; 0 if none does."""
    for length in range(min(longest, len(words) - at), 0, -1):
        if tuple(words[at : at + length]) in names:
            return length
    return 0


def absent_method(text: str) -> str | None:
    """Return the name of a method in a request that no operation is; None where there is none."""
    words = method_words(text)
    held = {words[at : at + n] for n in (1, 2, 3) for at in range(len(words) - n + 1)}
    return next((name for name in ABSENT if tuple(name.split()) in held), None)
