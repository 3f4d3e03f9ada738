"""Preparations of a table that a request tells one after the other: remove duplicates, fill, scale, make a column.

``Remove duplicates. Fill flux with its mean, then normalise area with min-max and give its mean`` is a program of four
calls in that order. Long chains are rarely proposed whole; where a request tells two steps or more in words that mean
one thing, they are written as it tells them, before what the program analyses, or what the request plainly asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import COLUMN, NUMERIC, Grounded, once, request_words
from havoc.srs.calls import calls_of, joined, runs
from havoc.srs.preparation_evidence import FILL_METHODS, FILLS
from havoc.srs.said_formulas import Tokens, said_formulas
from havoc.tools.values import Range

MOST = 5  # calls of a program that is written so
_REMOVES = (
    r"(?:remov(?:e|es|ed|ing|al)|drop(?:s|ped|ping)?|delet(?:e|es|ed|ing|ion)|eliminat(?:e|es|ed|ing)|discard(?:s|ed|ing)?"
    r"|exclud(?:e|es|ed|ing)|get(?:ting)? rid of)"
)
_GAPS = r"(?:missing|null|nulls|nan|nans|empty|blank|incomplete)"
_SCALES = r"(?:normali[sz](?:e|es|ed|ing|ation)|standardi[sz](?:e|es|ed|ing|ation)|(?:re)?scal(?:e|es|ed|ing))"
_WORD = r"(?: (?![.;|])[^ ]+)"
_STEPS = (
    ("drop_duplicates", re.compile(rf"\b{_REMOVES}{_WORD}{{0,5}}? duplicat\w*|\bdeduplicate\b|\bdrop _ duplicates\b")),
    ("drop_missing", re.compile(rf"\b{_REMOVES}{_WORD}{{0,8}}? {_GAPS}\b"
    rf"|\b{_REMOVES}{_WORD}{{0,3}}? (?:without|lacking|with no)\b")),
    ("fill_missing", re.compile(rf"\b{FILLS}\b")),
    ("scale", re.compile(rf"\b{_SCALES}\b")),
    ("log", re.compile(r"\b(?:transform(?:s|ed|ing)?|appl(?:y|ies|ied|ying))\b[^.;|]*?\blog(?:arithm(?:ic)?)?\b")),
)  # fmt: skip
_MIN_MAX = re.compile(
    r"\bmin - max\b|\bminmax\w*|\bbetween(?: <n\d+>)? (?:0|zero) and|\b(?:0|zero)(?: <n\d+>)?(?: -| to) (?:<n\d+> )?1\b"
)
_Z_SCORE = re.compile(
    r"\bz - scores?\b|\bzscores?\b|\bstandardi[sz]|\bstandard ?scaler\b|\bunit variance\b"
)
_FILLED = re.compile(rf"\b(?P<method>{'|'.join(FILL_METHODS)})\b")
# ``in line with <s0> and in load with the median``
_FILLED_BY = re.compile(
    rf"(<[cg]\d+>)(?: column)? (?:with|by|using)(?: (?:the|a|its))* (<[sn]\d+>|{'|'.join(FILL_METHODS)})(?![\w-])"
)
_CORRELATION = re.compile(
    r"\bcorrelation(?: coefficients?)?(?: \( r \))? (?:between|of)(?: the)? (?P<x><[cs]\d+>)(?: column)? and(?: the)?"
    r" (?P<y><[cs]\d+>)"
)
_SUMMARY = re.compile(
    r"\b(?:mean|average|median|standard deviation|variance|skewness)(?:,? (?:and|,)? ?(?:the )?(?:mean|median"
    r"|standard deviation|variance|skewness))* (?:of|for)(?: the)?(?: (?:new|resulting|scaled|normalized|filled))?"
    r" (?P<x><[cs]\d+>)"
)
_STOP = re.compile(
    r" [.;|](?: |$)|(?: ,)?(?: and)?(?: then)? (?:give|calculate|compute|find|report|show|tell|what|determine"
    r"|provide)\b"
)
_NEGATED = frozenset("no not without don never nor avoid".split())


@dataclass(frozen=True)
class Step:
    """A preparation: its call on the request's table, and where it is told."""

    at: int
    call: Tokens


def with_told_steps(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return the program with the preparations that the request tells, in their order, before its analysis."""
    steps = told_steps(grounded)
    if len(steps) < 2 or not runs(tokens):
        return tokens
    calls = calls_of(tokens)
    made = {call[0] for call in calls}
    if {s.call[0] for s in steps} <= made and len(calls) > len(steps):
        return tokens
    analyses = _asked(grounded, len(steps)) or _analyses(calls, len(steps))
    if analyses is None or len(steps) + len(analyses) > MOST:
        return tokens
    return joined([*(_on(s.call, i) for i, s in enumerate(steps)), *analyses])


@once
def told_steps(grounded: Grounded) -> list[Step]:
    """The preparations that a request tells outright, in the order in which it does, each once.

    None where it brings several tables, or a step of a kind that is read here is told without what it needs.
    """
    tables = grounded.of("t")
    if len(tables) != 1:
        return []
    text = " ".join(request_words(grounded.text))
    found: list[Step] = []
    marks = sorted(
        ((m.start(), kind, m) for kind, pattern in _STEPS for m in pattern.finditer(text)),
        key=lambda mark: mark[0],
    )
    for (start, kind, match), following in zip(marks, [*marks[1:], None], strict=False):
        end = _end_of(text, match.end(), following[0] if following else len(text))
        if _NEGATED & set(re.split(r"[,.;]", text[:start])[-1].split(" ")[-4:]):
            continue
        said = _with_unit_range(text[start:end], grounded)
        pairs = _FILLED_BY.findall(said) if kind == "fill_missing" else []
        if len(pairs) > 1:
            filled = (_filled(c, method, tables[0].token) for c, method in pairs)
            found += [Step(start + i, call) for i, call in enumerate(filled)]
            continue
        call = _call(kind, said, text[match.end() : end], tables[0].token)
        if call is not None:
            found.append(Step(start, call))
    found += _formulas(text, grounded, tables[0].token)
    return _each_once(sorted(found, key=lambda s: s.at))


def _end_of(text: str, begin: int, following: int) -> int:
    """Where what is said of a step ends: at the next step, or the sentence's end."""
    stop = _STOP.search(text[begin:following])
    return begin + stop.start() if stop else following


def _with_unit_range(said: str, grounded: Grounded) -> str:
    """The words of a step with ``min - max`` behind them where it names the range from 0 to 1."""
    for slot in grounded.of("r", "f"):
        found = slot.value if isinstance(slot.value, Range) else slot.value.range
        if found and slot.token in said and (found.low.exact, found.high.exact) == (0, 1):
            return f"{said} min - max"
    return said


def _call(kind: str, said: str, behind: str, table: str) -> Tokens | None:
    columns = list(dict.fromkeys(re.findall(COLUMN.pattern, said)))
    if kind == "drop_duplicates":
        return ("<op:table.drop_duplicates>", "<p:data>", table, v.END_CALL)
    if not columns:
        return None
    if kind == "drop_missing":
        return ("<op:table.drop_missing>", *_listed(columns), "<p:data>", table, v.END_CALL)
    if kind == "fill_missing":
        method = _FILLED.search(behind)
        if method is None:
            return None
        chosen = FILL_METHODS[method["method"]]
        if chosen in ("mean", "median") and any(c.startswith("<g") for c in columns):
            return None
        return (
            *("<op:table.fill_missing>", *_listed(columns), "<p:data>", table),
            *(f"<p:method={chosen}>", v.END_CALL),
        )
    numeric = [c for c in columns if NUMERIC.fullmatch(c)]
    if not numeric:
        return None
    if kind == "log":
        base = "log10" if re.search(r"\bbase(?: <n\d+>)? 1 ?0\b|\blog 10\b", said) else "log"
        formula = (f"<fn:{base}>", numeric[0], v.END_CALL)
        return ("<op:table.derive>", v.ASK, *formula, "<p:data>", table, v.END_CALL)
    scaled = _scaled(said)
    if scaled is None:
        return None
    return ("<op:table.scale>", *_listed(numeric), "<p:data>", table, scaled, v.END_CALL)


def _filled(column: str, method: str, table: str) -> Tokens:
    """A column's gaps filled by a method's word, or with a word or number."""
    how = (f"<p:method={FILL_METHODS[method]}>",) if method in FILL_METHODS else None
    given = how or ("<p:method=constant>", "<p:value>", method)
    return ("<op:table.fill_missing>", "<p:columns>", column, "<p:data>", table, *given, v.END_CALL)


def _scaled(said: str) -> str | None:
    if _MIN_MAX.search(said):
        return "<p:method=minmax>"
    return "<p:method=zscore>" if _Z_SCORE.search(said) else None


def _listed(columns: Sequence[str]) -> Tokens:
    if len(columns) == 1:
        return ("<p:columns>", columns[0])
    return ("<p:columns>", v.OPEN, *columns, v.CLOSE)


def _formulas(text: str, grounded: Grounded, table: str) -> Iterator[Step]:
    """The new columns that the request names and defines; where each is named first."""
    for said in said_formulas(grounded):
        at = text.find(said.name)
        if said.name != v.ASK and at >= 0:
            call = ("<op:table.derive>", said.name, *said.tokens, "<p:data>", table, v.END_CALL)
            yield Step(at, call)


def _each_once(steps: Sequence[Step]) -> list[Step]:
    """Each kind of step on the same columns once: requests tell what they want, then how."""
    kept: dict[tuple[str, frozenset[str]], Step] = {}
    for step in steps:
        columns = frozenset(t for t in step.call if COLUMN.fullmatch(t))
        kept.setdefault((step.call[0], columns), step)
    return list(kept.values())


# ---- calls on what the steps before them made ---------------------------------------------------------------


def _on(call: Sequence[str], count: int) -> Tokens:
    """A call on the result of ``count`` steps instead of the request's table."""
    if not count:
        return tuple(call)
    result = f"<res{count}>"
    out: list[str] = []
    bare = call[0] == "<op:table.derive>"
    for token in call:
        if token.startswith("<p:"):
            bare = token in ("<p:where>", "<p:formula>")
        new = token.startswith("<s") and call[0].startswith("<op:stats.")
        if re.fullmatch(r"<t\d+>|<res\d>", token):
            out.append(result)
        elif (COLUMN.fullmatch(token) or new) and not bare:
            out += [f"{result[:-1]}.>", token]
        elif not re.fullmatch(r"<res\d\.>", token):
            out.append(token)
    return tuple(out)


def _analyses(calls: Sequence[Sequence[str]], count: int) -> list[Tokens] | None:
    """What a program does besides preparing, on the prepared table; None where that is not plain."""
    others = [c for c in calls if not c[0].startswith("<op:table.")]
    if any(not c[0].startswith("<op:stats.") for c in others):
        return None
    return [_on(c, count) for c in others if c[0] != "<op:stats.box_cox>"]


def _asked(grounded: Grounded, count: int) -> list[Tokens]:
    """The correlations and summaries that the request plainly asks for, of the prepared table."""
    text = " ".join(request_words(grounded.text))
    made = {s.name for s in said_formulas(grounded)}
    found: dict[Tokens, int] = {}
    for match in _CORRELATION.finditer(text):
        if {t for t in match.groups() if t.startswith("<s")} <= made:
            pair = ("<p:x>", match["x"], "<p:y>", match["y"])
            found.setdefault(("<op:stats.correlation>", *pair, v.END_CALL), match.start())
    for match in _SUMMARY.finditer(text):
        filling = re.search(rf"\b{FILLS}\b[^.;|]*$", text[: match.start()])
        if not filling and (match["x"] in made or NUMERIC.fullmatch(match["x"])):
            summary = ("<op:stats.describe>", "<p:x>", match["x"], v.END_CALL)
            found.setdefault(summary, match.start())
    return [_on(call, count) for call in sorted(found, key=lambda c: found[c])]
