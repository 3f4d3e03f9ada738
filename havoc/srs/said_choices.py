"""Choices of an operation that the request says in their own words: ``Bartlett``, ``rotatable``, ``Western Electric``.

A program that leaves such a choice out, or makes another one of the same option, is given the one that is said. Only
words that mean nothing else beside the operation's name are taken: ``random`` or ``normal`` may be anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import request_words, words_of
from havoc.srs.hypotheses import said_alternative
from havoc.tools.operation import Kind, Parameter, operations

# By the option, the choices whose words are as good as a name.
_TELLING = {
    "alpha": "rotatable orthogonal spherical",
    "direction": "ascent descent",
    "estimator": "rbar sbar",
    "distribution": "poisson hypergeometric",
    "fraction": "half quarter eighth sixteenth",
    "inspection": "tightened",
    "method": "bartlett levene brown_forsythe anderson_darling shapiro_wilk lilliefors pearson spearman kendall"
    " bonferroni hochberg benjamini_hochberg benjamini_yekutieli sidak holm johnson arcsine sobol halton maximin",
    "interval": "wald agresti_coull wilson",
    "limits": "asymptotic",
    "model": "multiplicative",
    "rules": "western_electric nelson westgard",
    "type": "inscribed",
}
_CHOICES = {option: frozenset(words.split()) for option, words in _TELLING.items()}
_NOT = frozenset("no not without than instead non never".split())


def with_said_choices(tokens: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Return the program with the choices that the request says by name, where it says one of an option."""
    words = request_words(text)
    out = list(tokens)
    begin = 0
    while begin < len(out):
        end = next((i for i in range(begin, len(out)) if out[i] == v.NEXT), len(out))
        if out[begin].startswith("<op:"):
            call = _chosen(out[begin:end], words)
            out[begin:end], end = call, begin + len(call)
        begin = end + 1
    return without_unsaid_none(tuple(out), text)


_BOUND = re.compile(
    r"\b(?P<side>lower|upper) (?:(?!limit|bound)[^ ]+ ){0,7}?(?:confidence )?(?:bound|limit)\b"
    r"|\b(?P<only>lower|upper) (?:one - sided )?confidence\b"
)
_OF_A_SPECIFICATION = re.compile(r"\b(?:spec\w*|control|warning|action|limits)\b")
_STEPS = re.compile(
    r"\b(?P<way>forward|backward)s?(?: -)? ?(?:stepwise|selection|elimination|regression|steps?)\b"
)
_ONE_SIDED = re.compile(
    r"(?<!not )(?<!non )(?<!not a )\b(?:one|single|1|ein)(?: -)? ?(?:sided|tailed|seitig\w*)\b|\beinseitig\w*"
)


def _in_a_phrase(p: Parameter, text: str) -> str | None:
    """A choice that a phrase says: ``lower 95 % bound``, ``forward selection``, ``one-sided``."""
    if p.name == "side" and {"lower", "two-sided"} <= set(p.choices):
        said = {m["side"] or m["only"] for m in _BOUND.finditer(text)}
        return said.pop() if len(said) == 1 and not _OF_A_SPECIFICATION.search(text) else None
    if p.name == "method" and {"forward", "backward"} <= set(p.choices):
        ways = {m["way"] for m in _STEPS.finditer(text)}
        return ways.pop() if len(ways) == 1 else None
    return None


def _chosen(call: list[str], words: Sequence[str]) -> list[str]:
    operation = operations().get(v.op_name(call[0]))
    for p in operation.parameters if operation else ():
        if p.kind is Kind.BOOLEAN and p.name == "one_sided" and _ONE_SIDED.search(" ".join(words)):
            call = _with_one_side(call)
        if p.kind is not Kind.CHOICE:
            continue
        said = _choice(p, words)
        if said is None:
            continue
        token = f"<p:{p.name}={said}>"
        given = [i for i, t in enumerate(call) if t.startswith(f"<p:{p.name}=")]
        if given:
            call = [*call[: given[0]], token, *call[given[0] + 1 :]]
        elif said != p.default:
            call = [*call[:-1], token, call[-1]]
    return call


def _choice(p: Parameter, words: Sequence[str]) -> str | None:
    phrase = _in_a_phrase(p, " ".join(words))
    if phrase is not None:
        return phrase
    if p.name in _CHOICES:
        return _said(p, words)
    if p.name == "level":
        return _level(p, words)
    if p.name == "alternative":
        return said_alternative(words) or _with_its_option(p, words)
    return _with_its_option(p, words)


def _with_one_side(call: list[str]) -> list[str]:
    if any(t.startswith("<p:one_sided=") for t in call):
        return ["<p:one_sided=true>" if t.startswith("<p:one_sided=") else t for t in call]
    return [*call[:-1], "<p:one_sided=true>", call[-1]]


def _with_its_option(p: Parameter, words: Sequence[str]) -> str | None:
    """The one choice that stands right before the option's own name: ``time terminated``, ``exclusive quartiles``."""
    option = words_of(p.name.replace("_", " "))
    found = [c for c in p.choices if _stands([*words_of(c.replace("_", " ")), *option], words)]
    return found[0] if len(found) == 1 else None


def _said(p: Parameter, words: Sequence[str]) -> str | None:
    """The one choice of an option that stands in the words; the longest where one holds another."""
    found = [
        c
        for c in p.choices
        if c in _CHOICES[p.name] and _stands(words_of(c.replace("_", " ")), words)
    ]
    longest = [c for c in found if not any(c != other and c in other for other in found)]
    return longest[0] if len(longest) == 1 else None


_WITHOUT = frozenset("no none without only just not plain 3 three sigma".split())


def without_unsaid_none(tokens: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Return the program without a choice of no rules of a chart where no word speaks of rules left out."""
    if _WITHOUT & set(request_words(text)):
        return tokens
    return tuple(t for t in tokens if t != "<p:rules=none>")


def _level(p: Parameter, words: Sequence[str]) -> str | None:
    """``level II``, ``level S-3``: what stands behind the option's own name."""
    joined = " ".join(words)
    said = [
        c
        for c in p.choices
        if re.search(rf"\blevel {' '.join(words_of(c))}(?![\w-])(?! -)", joined)
    ]
    return said[0] if len(said) == 1 else None


def _stands(name: Sequence[str], words: Sequence[str]) -> bool:
    length = len(name)
    plain = [w for w in words if w not in "-'’`"]
    return any(
        plain[at : at + length] == list(name) and (at == 0 or plain[at - 1] not in _NOT)
        for at in range(len(plain) - length + 1)
    )
