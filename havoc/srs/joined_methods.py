"""Two methods that one request asks for by their names: ``determinant and inverse of [[2, 1], [5, 3]]``.

Where the best program runs one of them and another proposed program the other one, both are run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from havoc.dsl.grounding.slots import Grounded, request_words
from havoc.inference.planner import Candidate
from havoc.srs.calls import calls_of, joined

# Words that ask for one operation; what they share with others is left out.
_ASKS: Mapping[str, str] = {
    "maths.determinant": r"determinants?",
    "maths.inverse": r"inverses?",
    "maths.rank": r"rank(?: and \w+)? of (?:the |this )?(?:matrix|<t\d)|and rank of|matrix rank",
    "maths.eigenvalues": r"eigenvalues?",
    "maths.gcd": r"gcd|lcm|greatest common|least common",
    "maths.prime_factors": r"prime factors?|prime factori[sz]ation",
    "maths.diff": r"derivatives?",
    "maths.integrate": r"integrals?",
    "quality.capability": r"cpk?|ppk?|capability|capable",
    "quality.gage_bias": r"bias",
    "quality.tolerance_interval": r"tolerance interval",
    "spc.i_mr": r"individuals chart|i - mr|imr|control chart",
    "stats.autocorrelation": r"autocorrelation|autocorrelated",
    "stats.correlation": r"correlation|correlated",
    "stats.equal_variances": r"variances|spreads",
    "stats.grubbs": r"grubbs",
    "stats.mann_whitney": r"mann - whitney|mann whitney",
    "stats.anova": r"anova|analysis of variance",
    "stats.normality": r"(?:are|is) (?:these|they|this|it|the data) normal|normality|"
    r"normally distributed|check for normal|test for normal",
    "stats.prediction_interval": r"prediction interval",
    "stats.regression": r"regression|regress",
    "stats.t_test_two": r"compare the means|means differ|mean difference|t - test",
    "stats.tukey": r"tukey",
    "stats.variance_two": r"variances|spreads|f - test",
}
_PATTERNS = {o: re.compile(rf"\b(?:{words})\b") for o, words in _ASKS.items()}
_TWO = re.compile(r"\b(?:and|also|then|plus|as well as|both)\b|[;+&]")
_ALIKE = frozenset((frozenset(("stats.equal_variances", "stats.variance_two")),))
LEAST = (
    14.0  # nats below the best program: what was not proposed in earnest says nothing of its inputs
)


def _asked(grounded: Grounded) -> frozenset[str]:
    text = " ".join(request_words(grounded.text))
    return frozenset(o for o, words in _PATTERNS.items() if words.search(text))


def lacks_another(operations: Sequence[str], grounded: Grounded) -> bool:
    """Whether a program of two operations leaves out one of two that the request asks for, for another one."""
    asked = _asked(grounded)
    found = asked & set(operations)
    return len(operations) == 2 and len(asked) == 2 and len(found) == 1 and asked not in _ALIKE


def with_other_method(candidates: Sequence[Candidate], grounded: Grounded) -> tuple[Candidate, ...]:
    """Return the candidates with one before them that runs the first and another method which the request names."""
    if not candidates or len(candidates[0].operations) != 1:
        return tuple(candidates)
    first = candidates[0]
    text = " ".join(request_words(grounded.text))
    asked = _asked(grounded)
    (done,) = first.operations
    if done not in asked or len(asked) < 2 or not _TWO.search(text):
        return tuple(candidates)
    for other in candidates[1:]:
        new = [c for c in calls_of(other.tokens) if c[0] != f"<op:{done}>"]
        if (
            len(new) == 1
            and other.logprob > first.logprob - LEAST
            and new[0][0][4:-1] in asked
            and frozenset((done, new[0][0][4:-1])) not in _ALIKE
            and not any(t.startswith("<res") or t == "<ask>" for t in new[0])
        ):
            both = joined([*calls_of(first.tokens), new[0]])
            rest = (c for c in candidates[1:] if c.tokens != both)
            low = replace(first, logprob=first.logprob - LEAST)
            return (replace(first, tokens=both), *rest, low)
    return tuple(candidates)
