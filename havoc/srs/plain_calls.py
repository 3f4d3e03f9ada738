"""Calls that can be read off a request without a model: a sum of numbers to be worked out, bins with given edges.

They are put before what was proposed; where a planner proposes them itself nothing changes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import Grounded, request_words
from havoc.inference.planner import Candidate
from havoc.tools.expression import Name, Relation, free_symbols

SURE = 3.0  # nats before the best proposed program
_CONSTANTS = frozenset(("pi", "e", "oo"))
_BINS = re.compile(
    r"\b(?:bins?|binned|binning|bands?|buckets?|classes|intervals|cut|histogram|histogramme)\b"
)
_OTHER_TASK = re.compile(
    r"\b(?:solve|simplify|factori?[sz]e|expand|derivative|integral|integrate|differentiate|limit|series|prime|convert)\b"
)


def with_plain_calls(candidates: Sequence[Candidate], grounded: Grounded) -> tuple[Candidate, ...]:
    """Return the proposed programs with a call before them that the request leaves no choice about."""
    tokens = (
        _extreme(grounded) or _evaluation(grounded) or _bins(grounded) or _chart_constants(grounded)
    )
    if tokens is None or not candidates or any(c.tokens == tokens for c in candidates[:1]):
        return tuple(candidates)
    best = max(c.logprob for c in candidates)
    others = (c for c in candidates if c.tokens != tokens)
    return (Candidate(tokens, min(0.0, best + SURE), "words"), *others)


def _evaluation(grounded: Grounded) -> tuple[str, ...] | None:
    """The value of the one expression of a request that holds nothing but numbers."""
    expressions = grounded.of("e")
    if len(expressions) != 1 or grounded.of("n", "r", "f", "t", "v"):
        return None
    if set(free_symbols(expressions[0].value)) - _CONSTANTS or _OTHER_TASK.search(grounded.text):
        return None
    if isinstance(expressions[0].value, (Relation, Name)):
        return None
    return ("<op:maths.evaluate>", "<p:expression>", expressions[0].token, v.END_CALL)


_EXTREME = re.compile(r"\b(?P<what>maxi|mini)mi[sz]e (?:the )?(?:function )?(?P<e><e\d+>)")


def _extreme(grounded: Grounded) -> tuple[str, ...] | None:
    """The largest or smallest value of an expression whose every symbol has a range."""
    said = _EXTREME.search(grounded.text)
    if said is None or len(grounded.of("e")) != 1:
        return None
    symbols = set(free_symbols(grounded.slot(said["e"]).value)) - _CONSTANTS
    ranged = {s.value.name: s.token for s in grounded.of("f") if s.value.range is not None}
    if not symbols or set(ranged) != symbols:
        return None
    operation = f"<op:maths.{said['what']}mise>"
    return (operation, "<p:expression>", said["e"], *ranged.values(), v.END_CALL)


def _bins(grounded: Grounded) -> tuple[str, ...] | None:
    """A column cut at the edges that the request lists under this name."""
    words = " ".join(request_words(grounded.text))
    columns = grounded.of("c")
    edges = [
        s for s in columns if s.start >= 0 and s.value.name.casefold() in ("edges", "cut points")
    ]
    if len(edges) != 1 or not _BINS.search(words):
        return None
    others = [s for s in columns if s is not edges[0]]
    said = [s for s in others if s.token in words.split(" ")]
    chosen = said if len(said) == 1 else others
    if len(chosen) != 1 or chosen[0].table is None:
        return None
    return (
        "<op:table.bin>",
        "<p:data>",
        chosen[0].table,
        "<p:column>",
        chosen[0].token,
        "<p:edges>",
        edges[0].token,
        v.END_CALL,
    )


_CENTRE = re.compile(
    r"\b(?:x - double - bar|x double bar|xbarbar|xbar bar|grand (?:mean|average)|x - bar - bar"
    r"|overall mean|mean of (?:the )?means)\b"
)
_MEAN_SPREAD = re.compile(
    r"\b(?:[rs] - bar|[rs]bar|(?:average|mean) (?:range|standard deviation|sd))\b"
)
_SUBGROUP = re.compile(
    r"\b(?:n|subgroup size|subgroups? of(?: size)?|samples? of(?: size)?|sample size)(?: =| :| of| is)? (<n\d+>)"
)


def _chart_constants(grounded: Grounded) -> tuple[str, ...] | None:
    """The constants for limits of which the request gives the grand mean, the mean range and the subgroup size."""
    words = " ".join(request_words(grounded.text))
    size = _SUBGROUP.search(words)
    if (
        grounded.of("c")
        or size is None
        or not _CENTRE.search(words)
        or not _MEAN_SPREAD.search(words)
    ):
        return None
    return ("<op:spc.constants>", "<p:n>", size[1], v.END_CALL)
