"""Shorthand that says several things at once, put in full: one range for two variables, ``{3, 2} simplex lattice``.

``x, y between 0 and 5`` is a range for each, ``up to x^4`` the order of a series, ``bins 0-10, 10-20, 20-50`` the edges
of the bins, and ``MTBF: failures at 120, 340 and 560 h`` so many failures in so many hours together.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from havoc.dsl.grounding.numbers import WORDS, whole
from havoc.dsl.grounding.rewriting import Rewriting

_NUM = r"[-+−]?(?:\d+\.\d+|\.\d+|\d+)"
_SHARED = re.compile(  # of one-letter variables, where something is to be made largest or smallest
    r"(?<![\w*^/+(-])(?P<names>[a-z](?:\d?)(?:(?:,| and|, and) [a-z]\d?|,[a-z]\d?){1,3})"
    r"(?: both| each| all)?(?: is| are)? "
    rf"(?P<range>(?:between|from|in) \[?{_NUM}(?: and | to |\.\.|, ?){_NUM}\]?)(?![\w.^*])"
)
_OPTIMISED = re.compile(r"(?i)\b(?:minim|maxim|optim|smallest|largest|lowest|highest|constrain)")
_LATTICE = re.compile(
    r"(?i)\{\s?(?P<q>\d{1,2})\s?,\s?(?P<m>\d)\s?\}(?P<name>[ -]*(?:simplex[ -]?)?lattice(?: design)?)"
    r"|(?P<first>simplex[ -]?lattice(?: design)?) ?[({]\s?(?P<a>\d{1,2})\s?,\s?(?P<b>\d)\s?[)}]"
)
_UP_TO_POWER = re.compile(
    r"(?i)\b(?P<up>up to|to|through|including)(?: the)?(?: term| order)?(?: of)? (?:order )?"
    r"[a-z]\s?(?:\^|\*\*)\s?(?P<n>\d)(?![\d.(])"
)
_SERIES = re.compile(r"(?i)\b(?:taylor|maclaurin|series|expansion|expand)\b")
_TO = rf"{_NUM}\s?(?:-|–|to|\.\.)\s?{_NUM}"
_BANDS = re.compile(
    rf"(?i)(?P<before>\b(?:bins?|bands?|classes|intervals?|groups|buckets?|ranges?|cut\w*)\b:?(?: of)? ?[(\[]?)"
    rf"(?P<bands>{_TO}(?:\s?(?:,|;|and|, and)\s?{_TO}){{1,30}})(?![\w.])"
)
_BAND = re.compile(rf"({_NUM})\s?(?:-|–|to|\.\.)\s?({_NUM})")


def rewrite_shorthand(text: Rewriting) -> None:
    """Put these forms in full."""
    if _OPTIMISED.search(text.text):
        text.sub(_SHARED, _for_each)
    if "attice" in text.text:
        text.sub(_LATTICE, _lattice)
    if _SERIES.search(text.text):
        text.sub(_UP_TO_POWER, r"\g<up> order \g<n>")
    text.sub(_BANDS, _edges)
    if _ACCEPTED.search(text.text):
        text.sub(_PERCENTAGES, _as_fractions)
    if _MTBF.search(text.text) and not _FITTED.search(text.text):
        text.sub(_FAILED_AT, _in_total)


def _for_each(m: re.Match[str]) -> str:
    names = re.findall(r"[a-z]\d?", m["names"].replace(" and", ","))
    return ", ".join(f"{name} {m['range']}" for name in names)


def _lattice(m: re.Match[str]) -> str:
    q, degree = m["q"] or m["a"], m["m"] or m["b"]
    name = (m["name"] or m["first"]).strip(" -")
    return f"{name if 'simplex' in name.casefold() else f'simplex {name}'} with {q} components and degree {degree}"


def _edges(m: re.Match[str]) -> str:
    """Bands that touch each other; others are ranges of their own."""
    bands = _BAND.findall(m["bands"])
    if any(a[1] != b[0] for a, b in pairwise(bands)):
        return m.group()
    edges = ", ".join([bands[0][0], *(high for _, high in bands)])
    return f"{m['before'].rstrip(' ([')} with edges: {edges}" if len(bands) > 1 else m.group()


_ACCEPTED = re.compile(r"(?i)\b(?:accept\w*|oc|pa|double sampling)\b")
_AND = r"(?:[ ]?,[ ]?(?:and )?|[ ]and[ ])"
_SHARE = r"\d+(?:\.\d+)?"
_PERCENTAGES = re.compile(  # a dozen at most: more are data
    rf"(?<![\w.])(?<!, ){_SHARE}[ ]?%(?:{_AND}{_SHARE}[ ]?%){{2,11}}(?!{_AND}\d)"
    rf"|(?<![\w.,])(?<!, ){_SHARE}(?:{_AND}{_SHARE}){{2,11}}[ ]?%(?!{_AND}\d)"
)


def _as_fractions(m: re.Match[str]) -> str:
    """Qualities at which a plan is judged are a list of fractions."""
    return re.sub(
        r"(\d+(?:\.\d+)?)[ ]?%?",
        lambda n: f"{(Decimal(n[1]) / 100).normalize():f}",
        m.group(),
    )


# ---- failures at listed times, and the rate that is constant ---------------------------------------------------

_MTBF = re.compile(r"(?i)\b(?:mtbf|mttf|mean time (?:between|to) failures?)\b")
_FITTED = re.compile(r"(?i)\b(?:weibull|lognormal|kaplan|plot|fit\w*|trend|laplace)\b")
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(WORDS)})"
_TIME = r"\d+(?:\.\d+)?"
_FAILED_AT = re.compile(
    rf"(?i)(?:(?P<n>{_COUNT}) (?:[a-z]+ ){{0,2}})?(?:(?:lives|failure times|times to failure|times between failures)"
    rf"(?: were| are)?:?|failed (?:at|after)|failures? (?:at|after)|broke down (?:at|after)) "
    rf"(?P<times>{_TIME}(?:[ ]?(?:h|hours|hrs))?(?:(?:, and |, | and | ){_TIME}(?:[ ]?(?:h|hours|hrs))?){{2,60}})"
    r"(?P<unit> ?(?:h|hours|hrs|cycles|km|days))?(?![\w.])"
)
_OF_ONE = re.compile(
    r"(?i)\b(?:repair\w*|same|one|single|a|the) (?:\w+ )?(?:machine|system|pump|unit|line|robot)\b|\boperating time\b"
)


def _in_total(m: re.Match[str]) -> str:
    """Lives of units that were all run until they failed: their number and their sum. Times of one system are left."""
    times = re.findall(_TIME, m["times"])
    if (m["n"] and whole(m["n"]) != len(times)) or re.search(
        r"(?i)\b(?:censor|suspend|surviv|running|still|rest|remaining|others|stopped|terminated)",
        m.string,
    ):
        return m.group()
    if _OF_ONE.search(m.string) and not m["n"] and "between" not in m.group():
        return m.group()
    total = sum(map(Decimal, times), Decimal(0))
    unit = (m["unit"] or " hours").strip()
    return f"{len(times)} failures in {total.normalize():f} {unit} of total time"
