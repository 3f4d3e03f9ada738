"""What the request's words and a table's own names say of the parts that columns play in one operation.

``flaws on thickness`` says which of two columns is the response; ``defects`` and ``units inspected`` what a chart
counts and in how much; columns called before and after are pairs; two samples that may ``differ`` are no line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.cells import NO, YES
from havoc.dsl.grounding.slots import NUMERIC, Grounded, once, request_words, words_of
from havoc.srs.calls import calls_of, end_of_input, joined

Tokens = tuple[str, ...]

# ---- the response of a fit ----------------------------------------------------------------------------------

_FITS = frozenset(
    f"<op:stats.{o}>"
    for o in "regression polynomial logistic poisson_regression robust_regression nonlinear".split()
)
# Of 500 taught fits in which one of these stands between two columns, all but some effects "of <c0> on <c1>" have the
# first as response.
_RESPONSE_FIRST = (
    ("on",),
    ("against",),
    ("versus",),
    ("vs",),
    ("vs", "."),
    ("by",),
    ("from",),
    ("over",),
    ("as", "a", "function", "of"),
    ("depends", "on"),
    ("depend", "on"),
    ("depending", "on"),
)
# Behind "predict <c0>" these lead to what it is predicted from, in all of 50 taught requests.
_GIVEN = frozenset("at for when if with from given using".split())
_PREDICT = frozenset("predict predicting estimate forecast expected expect".split())
_SURFACE = re.compile(
    r"\b(?:surface|model|polynomial|fit)(?: of| for)? (?:the )?(<c\d+>)"
    r" (?:in|on|over|from|vs|against|with) (?:the )?(<c\d+>)"
)
_EFFECT = frozenset("effect effects influence impact acts act".split())


@once
def said_axes(grounded: Grounded) -> frozenset[tuple[str, str]]:
    """Return the pairs (response, predictor) of numeric columns that the request says: ``flaws on thickness``."""
    words = _with_names(grounded)
    found = set()
    for at, word in enumerate(words):
        if not NUMERIC.fullmatch(word) or _EFFECT & set(words[max(0, at - 4) : at]):
            continue
        for link in _RESPONSE_FIRST:
            behind = words[at + 1 : at + 3 + len(link)]
            for article in ((), ("the",)):
                full = [*link, *article]
                if behind[: len(full)] == full and len(behind) > len(full):
                    other = behind[len(full)]
                    if NUMERIC.fullmatch(other) and other != word:
                        found.add((word, other))
        before = [w for w in words[max(0, at - 2) : at] if w != "the"]
        behind = [w for w in words[at + 1 : at + 4] if w != "the"]
        predicted = before[-1:] and before[-1] in _PREDICT and behind[:1] and behind[0] in _GIVEN
        if predicted and len(behind) > 1 and NUMERIC.fullmatch(behind[1]) and behind[1] != word:
            found.add((word, behind[1]))
    found |= {(a, b) for a, b in _SURFACE.findall(" ".join(words)) if a != b}
    found |= {(a, c) for a, b in found for c in _joined_to(b, words) if c != a}
    return frozenset(found if not {(b, a) for a, b in found} & found else ())


def _joined_to(column: str, words: Sequence[str]) -> list[str]:
    """The columns that follow one with commas or "and" between: ``load and speed``."""
    out: list[str] = []
    for place in (i for i, word in enumerate(words) if word == column):
        at = place + 1
        while words[at : at + 1] and words[at] in (",", "and", "&"):
            if not NUMERIC.fullmatch((words[at + 1 : at + 2] or [""])[0]):
                break
            out.append(words[at + 1])
            at += 2
    return out


def _with_names(grounded: Grounded) -> list[str]:
    """The request's words with the columns in place of the names of lists that are told apart from their values."""
    words = request_words(grounded.text)
    inline = [s for s in grounded.of("c") if s.start >= 0 and s.value.name not in ("x", "y")]
    for slot in inline:
        name = words_of(slot.value.name)
        at = 0
        while name and at + len(name) <= len(words):
            value_behind = slot.token in words[at + len(name) : at + len(name) + 5]
            if words[at : at + len(name)] == name and not value_behind:
                words[at : at + len(name)] = [slot.token]
            at += 1
    return words


_RSM = "<op:doe.fit_rsm>"
_OF_A_SURFACE = ("<p:response>", "<p:factors>")


def with_said_axes(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return the fits with a response and a predictor that stand the other way round in each other's place."""
    if not any(t in _FITS or t == _RSM for t in tokens) or not said_axes(grounded):
        return tokens
    calls = []
    for call in calls_of(tokens):
        turn: dict[str, str] = {}
        response, predictors = ("<p:y>", "<p:x>") if call[0] in _FITS else _OF_A_SURFACE
        if (call[0] in _FITS or call[0] == _RSM) and response in call and predictors in call:
            y = call[call.index(response) + 1]
            at = call.index(predictors) + 1
            xs = call[at : end_of_input(call, at)]
            turned = [a for a, b in said_axes(grounded) if b == y and a in xs]
            turn = {y: turned[0], turned[0]: y} if len(turned) == 1 else {}
        calls.append([turn.get(t, t) for t in call])
    return joined(calls)


_LOGISTIC = "<op:stats.logistic>"


def with_two_outcomes(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return a logistic regression with the one column of two values as its response, where it took another one."""
    levels = {s.token: len(set(s.value.present().texts)) for s in grounded.of("c")}
    calls = []
    for call in calls_of(tokens):
        turn: dict[str, str] = {}
        if call[0] == _LOGISTIC and {"<p:y>", "<p:x>"} <= set(call):
            y = call[call.index("<p:y>") + 1]
            at = call.index("<p:x>") + 1
            two = [t for t in call[at : end_of_input(call, at)] if levels.get(t) == 2]
            if levels.get(y, 2) > 2 and len(two) == 1:
                turn = {y: two[0], two[0]: y}
        calls.append([turn.get(t, t) for t in call])
    return joined(calls)


_ATTRIBUTES = ("<op:spc.u>", "<op:spc.p>", "<op:spc.np>", "<op:spc.laney_p>", "<op:spc.laney_u>")
_SIZE = re.compile(
    r"(?i)\b(?:units?|inspected|checked|tested|sampled|sizes?|n|area|length|produced|made|total|lot size|sqm|m2)\b"
)
_EVENTS = re.compile(
    r"(?i)\b(?:defect\w*|flaws?|faults?|bad|reject\w*|nonconform\w*|scrap\w*|fail\w*|errors?|complaints?|events?|"
    r"blemish\w*|nok|faulty|broken|leak\w*|cracks?|scratches|counts?)\b"
)


def with_counted_column(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return a chart of counts with the column of what was counted and that of what was inspected in their places.

    Where the names of two columns of its table, and of no others, say so.
    """
    columns = grounded.of("c")
    calls = []
    for call in calls_of(tokens):
        new = list(call)
        if call[0] in _ATTRIBUTES and "<p:x>" in call and "<p:size>" in call:
            at, of = call.index("<p:x>") + 1, call.index("<p:size>") + 1
            tables = {s.table for s in columns if s.token in (call[at], call[of])}
            names = {s.token: s.value.name.replace("_", " ") for s in columns if s.table in tables}
            counted = [t for t, n in names.items() if _EVENTS.search(n) and not _SIZE.search(n)]
            sizes = [t for t, n in names.items() if _SIZE.search(n) and not _EVENTS.search(n)]
            if len(counted) == len(sizes) == 1 and {call[at], call[of]} <= set(names):
                new[at], new[of] = counted[0], sizes[0]
        calls.append(new)
    return joined(calls)


_STEPWISE = "<op:stats.stepwise>"
_STACK = "<op:quality.tolerance_stack>"


def with_all_candidates(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return a stepwise selection among all other numeric columns where the request names no predictor."""
    words = set(request_words(grounded.text))
    calls = []
    for call in calls_of(tokens):
        new = list(call)
        if call[0] == _STEPWISE and {"<p:y>", "<p:x>"} <= set(call) and v.OPEN in call:
            y, at = call[call.index("<p:y>") + 1], call.index(v.OPEN)
            table = next((s.table for s in grounded.of("c") if s.token == y), None)
            others = [s.token for s in grounded.of("c") if s.table == table and s.token != y]
            inside = call[at + 1 : call.index(v.CLOSE, at)]
            if set(inside) <= set(others) and not words & set(others):
                new[at + 1 : at + 1 + len(inside)] = others
        calls.append(new)
    return joined(calls)


def with_directions(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return a tolerance stack with the column that says which parts are taken off."""
    said = [s for s in grounded.of("c") if s.value.name == "direction"]
    if len(said) != 1 or "<p:direction>" in tokens or said[0].token in tokens:
        return tokens
    calls = [list(call) for call in calls_of(tokens)]
    for call in calls:
        if call[0] == _STACK:
            call[-1:] = ["<p:direction>", said[0].token, call[-1]]
    return joined(calls)


# ---- pairs, samples and blocks ------------------------------------------------------------------------------

_TWO = "<op:stats.t_test_two>"
_BEFORE = re.compile(r"(?i)\b(?:before|pre|baseline|vorher|prima)\b")
_AFTER = re.compile(r"(?i)\b(?:after|post|follow ?up|nachher|dopo)\b")


def with_pairs(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return the test of two means as one of pairs where its columns, of one length, are a before and an after."""
    columns = {s.token: s.value for s in grounded.of("c")}
    calls = [list(call) for call in calls_of(tokens)]
    for call in calls:
        if call[0] != _TWO or not {"<p:x>", "<p:y>"} <= set(call):
            continue
        x, y = (columns.get(call[call.index(p) + 1]) for p in ("<p:x>", "<p:y>"))
        if x is None or y is None or len(x.present()) != len(y.present()):
            continue
        names = [c.name.replace("_", " ") for c in (x, y)]
        before = [bool(_BEFORE.search(n)) for n in names]
        after = [bool(_AFTER.search(n)) for n in names]
        if any(before) and any(after) and before != after:
            call[0] = "<op:stats.t_test_paired>"
            call[:] = [t for t in call if not t.startswith("<p:equal_variances")]
    return joined(calls)


_SIGNIFICANT = re.compile(
    r"\b(?:is|are) (?:it|this|that|they|the (?:difference|change|loss|gain|drop|rise|effect|shift))"
    r" (?:statistically |really )?significant|significantly (?:different|higher|lower|better|worse|more|less)"
)
_DIFFER = re.compile(r"\b(?:differs?|different|difference|compare|same|equal)\b")
_OF_A_LINE = re.compile(
    r"regress|fit|\bline|slope|predict|relat|depend|model|effect|correl|trend|least|against|explain|influence|calibr"
    r"|intercept|coeff|\bx\b|curve"
)
_LINES = ("<op:stats.regression>", "<op:stats.robust_regression>", "<op:stats.polynomial>")


_HAS = re.compile(r"(<s\d+>) (<g\d+>)")


def overlooks_having(tokens: Sequence[str], grounded: Grounded) -> bool:
    """Whether a program groups by a column of yes and no of which the request wants one: ``loss without alarm``."""
    plain = " ".join(tokens)
    for cell, column in _HAS.findall(" ".join(request_words(grounded.text))):
        value = grounded.slot(cell).value
        if str(value).casefold() in YES | NO and column in tokens:
            return f"{column} <eq> {cell}" not in plain
    return False


def only_describes(tokens: Sequence[str], grounded: Grounded) -> bool:
    """Whether a program sums columns up and tests nothing, though the request asks whether it is significant."""
    calls = calls_of(tokens)
    plain = all(call[0] == "<op:stats.describe>" for call in calls)
    return plain and bool(_SIGNIFICANT.search(" ".join(request_words(grounded.text))))


def lays_a_line(tokens: Sequence[str], grounded: Grounded) -> bool:
    """Whether a program fits a line, where the words ask whether samples differ and none speaks of a line."""
    numbers_alone = v.TILDE in tokens and not any(t.startswith("<g") for t in tokens)
    if not any(t in _LINES for t in tokens) and not numbers_alone:
        return False
    text = " ".join(request_words(grounded.text))
    return bool(_DIFFER.search(text)) and not _OF_A_LINE.search(text)


_COMPARES = tuple(f"<op:stats.{o}>" for o in ("anova", "tukey", "dunnett", "kruskal_wallis"))
_BLOCKS = re.compile(r"\b(?:between|among|compare|across) (?:the )?blocks?\b|\bblock effect\b")


def compares_blocks(tokens: Sequence[str], grounded: Grounded) -> int:
    """Return how many calls compare the blocks of an experiment alone, though there are treatments in them."""
    blocks = {s.token for s in grounded.of("g") if s.value.name.casefold() in ("block", "blocks")}
    if not blocks or len(grounded.of("g")) < 2 or _BLOCKS.search(grounded.text):
        return 0
    groups = {s.token for s in grounded.of("g")}
    found = 0
    for call in calls_of(tokens):
        if call[0] in _COMPARES:
            compared = {t for t in call if t in groups}
            factor = call[call.index("<p:factor>") + 1] if "<p:factor>" in call else ""
            found += bool(compared) and (compared <= blocks or factor in blocks)
    return found


# ---- everything that is read so -----------------------------------------------------------------------------


def with_said_columns(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return the program with its columns in the parts that the request's words and their names give them."""
    for rewrite in (
        with_said_axes,
        with_two_outcomes,
        with_counted_column,
        with_all_candidates,
        with_directions,
        with_pairs,
    ):
        tokens = rewrite(tokens, grounded)
    return tokens
