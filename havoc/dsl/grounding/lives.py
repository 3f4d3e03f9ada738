"""Lives of units of which some had not failed, and values written once for several: put as two lists and in full.

``120, 190+, 210, >300`` is "failed: 120, 210; suspended: 190, 300"; survivors that were all stopped at one time are
"3 suspended at 500". ``10 units on test 500 h ... the rest still running`` says how many: those that are not listed.
``500 (x3), 512`` is 500, 500, 500, 512. A year beside a failure rate per hour is 8,760 hours.
"""

from __future__ import annotations

import re
from decimal import Decimal

from havoc.dsl.grounding.numbers import UNIT, WORDS, whole
from havoc.dsl.grounding.rewriting import Rewriting

_PLAIN = r"(?:\d+\.\d+|\.\d+|\d+)(?:[eE]\d+)?"
_CUE = re.compile(
    r"(?i)\b(?:weibull|surviv\w*|kaplan|km|li(?:fe|ves)|fail\w*|censor\w*|suspen\w*|mtbf|mttf|reliab\w*|b-?10|"
    r"died|deaths?|run[- ]?outs?|fatigue|lognormal|still running|eta)\b"
)
_MARK_BEFORE = r"(?:[>≥]=?[ ]?)"
_MARK_BEHIND = (
    r"(?:[ ]?[+*]|[ ]?\((?:\+|c|s|cens\w*|susp\w*|running|still running|runout|run-out|survived)\)"
    r"|[ ](?:censored|suspended|susp\.?|still running|runout|run-out)(?![\w]| (?:at|after)\b))"
)
_IN = rf"(?:[ ]?(?:{UNIT.pattern})(?!\w))?"
_ITEM = rf"(?:{_MARK_BEFORE})?{_PLAIN}{_IN}(?:{_MARK_BEHIND}(?!\w|\.\d){_IN})?"
_LIVES = re.compile(
    rf"(?<![\w.+*/^-])(?<![\d)] ){_ITEM}"
    rf"(?:(?:[ \t]*[,;][ \t]*(?:and )?|[ \t]+(?:and )?|\n){_ITEM}){{2,200}}(?!\w|\.\d|[ ]?[=^])",
    re.IGNORECASE,
)
_GLUED = re.compile(r"(?<=\d)c(?=[,;\s)]|$)")  # "1400c"
_ONE = re.compile(
    rf"(?P<before>{_MARK_BEFORE})?(?P<value>{_PLAIN}(?:[ ]?(?:{UNIT.pattern})(?!\w))?)(?P<behind>{_MARK_BEHIND})?",
    re.IGNORECASE,
)
_REPEATED = re.compile(
    rf"(?<![\w.^/*+-])(?P<value>[-−]?{_PLAIN})[ ]?"
    r"\((?:[x×*][ ]?(?P<a>\d{1,2})|(?P<b>\d{1,2})[ ]?(?:[x×]|times?))\)"
    r"(?=[ ]*[,;\n.)]|[ ]+[-−\d]|[ ]*$|[ ]+and\b|[ ]*:)"
)
_RUNNING = (
    r"(?:still )?(?:running|alive|working|survived|surviving|unfailed|suspended|censored"
    r"|operating|ok|good|going)"
)
_LEFT = re.compile(
    rf"(?i)\b(?:(?:and )?(?:all )?(?:the )?(?:rest|others?|remaining(?: units| ones| parts)?|remainder)(?: of them)?)"
    rf"(?: (?P<n>\d{{1,4}}|{'|'.join(WORDS)})(?: units| ones| parts)?)?"
    rf"(?: (?:are|is|were|was|had|have|did|kept|all|been))*(?: {_RUNNING}| not fail(?:ed)?)+"
    rf"(?:[ ](?:at|until|after|when)(?: the end)?(?: of the test)?)?"
    rf"(?:[ ]?(?P<at>{_PLAIN})[ ]?(?P<unit>{UNIT.pattern})?(?!\w))?"
)
_ON_TEST = re.compile(
    rf"(?i)(?<![\w.])(?P<n>\d{{1,4}}|{'|'.join(WORDS)})(?P<what> [a-z]+(?: [a-z]+)?)"
    r"(?P<test>(?: (?:were|are|was))?(?: put)?(?: on|under)? (?:a )?(?:life )?test(?:ed|s|ing)?)"
    rf"(?:(?P<for> (?:for|until|to|at|of))?[ ](?P<at>{_PLAIN})[ ]?(?P<unit>{UNIT.pattern})(?!\w))?"
)
_FAILED_LIST = re.compile(
    rf"(?i)\b(?:fail\w*|died|broke)\b[^\d\n.;]{{0,40}}(?P<run>{_PLAIN}(?:[ ]?(?:{UNIT.pattern}))?"
    rf"(?:(?:[ ]*,[ ]*(?:and )?|[ ]+(?:and )?){_PLAIN}(?:[ ]?(?:{UNIT.pattern}))?){{1,200}})(?![\w])"
)
_STOPPED = re.compile(  # "suspended: 800 h (6 units)", "survivors at 500 500 500"
    rf"(?i)\b(?P<word>suspended|suspensions|censored|survivors|still running|running|unfailed)"
    rf"(?: (?:at|after))?[ ]?[:=]?[ ]"
    rf"(?P<first>{_PLAIN})(?P<unit>[ ]?(?:{UNIT.pattern}))?(?!\w)"
    rf"(?:[ ]?\((?:x[ ]?)?(?P<n>\d{{1,3}})(?:[ ]?(?:units?|off|pcs|pieces|parts|samples|x|times))?\)"
    rf"|(?P<more>(?:[, ]+(?P=first)(?:[ ]?(?:{UNIT.pattern}))?(?![\w.])){{1,99}}))"
)


def rewrite_lives(text: Rewriting) -> None:
    """Put lists of lives with marks, of survivors, and with repeated values in full."""
    if "(" in text.text:
        text.sub(_REPEATED, _in_full)
    if "1" in text.text or "k" in text.text:
        text.sub(_PER_THOUSAND, lambda m: _rate(m, "1e-5"))
    text.sub(_FIT, lambda m: _rate(m, "1e-9"))
    if _OF_A_LIFE.search(text.text) and _IN_HOURS.search(text.text):
        text.sub(_LONGER, _hours)
    if not _CUE.search(text.text):
        return
    if "censor" in text.text.casefold():
        text.sub(_GLUED, " (c)")
    if re.search(r"[>≥+*(]|censored|suspended|susp|running|run-?out", text.text):
        text.sub(_LIVES, _two_lists)
    text.sub(_STOPPED, _at_one_time)
    _the_rest(text)


_OF_A_LIFE = re.compile(
    r"(?i)\b(?:failure rate|hazard rate|mtbf|mttf|mean time (?:to|between) failures?|characteristic life|constant rate|"
    r"eta|lambda|weibull|exponential)\b"
)
_IN_HOURS = re.compile(r"(?i)(?:\bper |/[ ]?)(?:hour|hr|h)\b|\d[ ]?(?:hours?|hrs?|h)\b")
_LONGER = re.compile(
    r"(?i)(?<![\w./])(?<!per )(?P<n>\d+(?:\.\d+)?|an?|one|half a)"
    r" (?P<unit>years?|yrs?|months?|weeks?|days?)\b(?! ago\b)"
)
_HOURS = {"y": 8760, "m": 730, "w": 168, "d": 24}  # a month is a twelfth of a year
_PER_THOUSAND = re.compile(
    r"(?i)(?<![\w.])(?P<n>\d+(?:\.\d+)?)[ ]?(?:%|percent|per cent) ?(?:per|/)[ ]?"
    r"(?:1000|1,000|k|kilo)[ ]?-?(?:hours?|hrs?|h)\b"
)
_FIT = re.compile(r"(?<![\w.])(?P<n>\d+(?:\.\d+)?)[ ]?FITs?\b")
_SAID = {"a": "1", "an": "1", "one": "1", "half a": "0.5"}


def _hours(m: re.Match[str]) -> str:
    """``1 year`` beside a rate per hour is 8,760 hours of operation."""
    n = Decimal(_SAID.get(m["n"].casefold(), m["n"]))
    return f"{(n * _HOURS[m['unit'][0].casefold()]).normalize():f} hours"


def _rate(m: re.Match[str], per: str) -> str:
    """``0.5 % per 1000 h`` and ``50 FIT`` (failures in 1e9 hours) as a rate per hour."""
    return f"{(Decimal(m['n']) * Decimal(per)).normalize():f} per hour"


def _in_full(m: re.Match[str]) -> str:
    times = int(m["a"] or m["b"])
    around = re.search(r"([,;])[ ]*$", m.string[: m.start()]) or re.match(
        r"[ ]*([,;])", m.string[m.end() :]
    )
    blanks = re.match(r"[ ]+[-−\d]", m.string[m.end() :])
    joint = f"{around[1]} " if around else " " if blanks else ", "
    return joint.join([m["value"]] * times) if 1 <= times <= 60 else m.group()


def _two_lists(m: re.Match[str]) -> str:
    """Failures and suspensions apart, where two values or more are not marked and one or more is."""
    failed: list[str] = []
    suspended: list[str] = []
    for one in _ONE.finditer(m.group()):
        (suspended if one["before"] or one["behind"] else failed).append(one["value"])
    before = m.string[: m.start()].rstrip(" ")[-1:]
    compared = before.isalpha() and m.group()[0] in ">≥" and len(suspended) == 1  # "x > 4, 5, 6"
    if len(failed) < 2 or not suspended or before in ("<", ">") or compared:
        return m.group()
    stars = [one for one in _ONE.finditer(m.group()) if (one["behind"] or "").strip() == "*"]
    if stars and not re.search(
        r"(?i)censor|suspen|surviv|running|run-?out|not fail|\*[ ]?=", m.string
    ):
        return m.group()
    behind = m.group()[len(m.group().rstrip()) :]
    joined = f"failed: {', '.join(failed)}" if len(failed) > 2 else f"failed: [{', '.join(failed)}]"
    led = ": " if m.string[: m.start()].endswith(" ") and before.isalpha() else ""
    return f"{led}{joined}; {_suspended(suspended)}{behind}"


def _suspended(times: list[str]) -> str:
    if len(set(times)) == 1:
        return f"{len(times)} suspended at {times[0]}"
    return f"suspended: [{', '.join(times)}]"


def _at_one_time(m: re.Match[str]) -> str:
    n = int(m["n"]) if m["n"] else 1 + len(re.findall(_PLAIN, m["more"]))
    parted = "; " if re.search(r"\d[ ]*$", m.string[: m.start()]) else ""
    return f"{parted}{n} suspended at {m['first']}{m['unit'] or ''}"


def _the_rest(text: Rewriting) -> None:
    """``10 units on test 500 h; failures at 88, 150; the rest still running``: 8 suspended at 500 h."""
    left, on_test, listed = (p.search(text.text) for p in (_LEFT, _ON_TEST, _FAILED_LIST))
    if left is None or listed is None or (on_test is None and not left["n"]):
        return
    failures = len(re.findall(_PLAIN, re.sub(UNIT, " ", listed["run"])))
    running = whole(left["n"]) if left["n"] or on_test is None else whole(on_test["n"]) - failures
    time = left if left["at"] or on_test is None else on_test
    if running < 1 or time["at"] is None:
        return
    behind = f"{running} suspended at {time['at']} {time['unit'] or ''}".rstrip()
    if re.search(r"[\d,][ ,]*$", text.text[: left.start()]):
        behind = f"; {behind}"  # no item of the list before it
    text.sub(re.compile(re.escape(left.group())), lambda _: behind)
    if on_test is not None:
        plain = f"{on_test['what'].strip()}{on_test['test']}"
        text.sub(re.compile(re.escape(on_test.group())), lambda _: plain)
