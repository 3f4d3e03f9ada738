"""What the request's words say of the parts that numbers and columns play in one operation.

``n=20 mean=5.42 s=0.31 ... n=25 mean=5.61 s=0.28`` are two samples and no sample with a target; ``flaws on thickness``
says which of two columns is the response; with ``power 85 %`` a number of units is asked for and not the power; ``start
a=11`` is where an iteration starts; 15 of one kind and 6 of the other, of 90 checked, are the discordant pairs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from havoc.dsl.grounding.slots import NUMBER, NUMERIC, Grounded, once, request_words, words_of
from havoc.dsl.labels import labels_of
from havoc.srs.calls import calls_of, end_of_input, joined

Tokens = tuple[str, ...]

# ---- numbers ------------------------------------------------------------------------------------------------

_PAIRED = (("n_1", "n_2"), ("mean_1", "mean_2"), ("sd_1", "sd_2"))
LEAST_POWER = 0.5  # "5 power" is none
_PERCENT_POWER = re.compile(r"(<n\d+>) (?:<#\w+> |(?:[\d.] )+)?% power\b")
_SUMMARY = ("mean", "sd", "sigma", "n")


@once
def two_summaries(grounded: Grounded) -> bool:
    """Whether the request gives sizes, means or standard deviations of two samples: two of the three kinds twice."""
    called = [names for slot, names in labels_of(grounded).items() if NUMBER.fullmatch(slot)]
    twice = [all(any(name in c for c in called) for name in pair) for pair in _PAIRED]
    return sum(twice) > 1


def takes_one_of_two(tokens: Sequence[str], grounded: Grounded) -> int:
    """Return how many calls take one summary, though the request gives those of two samples."""
    if not two_summaries(grounded):
        return 0
    calls = [c for c in calls_of(tokens) if c[0].startswith("<op:stats.")]
    taken = [{n for n in _SUMMARY if f"<p:{n}>" in c} for c in calls]
    return sum(len(t) > 1 for t in taken) if len(calls) == 1 else 0


def finds_the_given_power(tokens: Sequence[str], grounded: Grounded) -> int:
    """Return how many calls compute a power though the request gives it: it asks for a number of units."""
    called = {slot for slot, names in labels_of(grounded).items() if "power" in names}
    called |= set(_PERCENT_POWER.findall(grounded.text))
    shares = [
        float(s.value.exact) / (100 if s.value.unit == "%" else 1)
        for s in grounded.of("n")
        if s.token in called
    ]
    if not any(LEAST_POWER <= share < 1 for share in shares):
        return 0
    return sum(t.startswith("<op:stats.power_") for t in tokens)


_START = re.compile(r"\b(?:start|starts|starting|initial|initially|guess|guesses)\b")
_PREDICT = re.compile(r"\b(?:predict\w*|forecast\w*|at [a-z] =|expected|value at)\b")
_NONLINEAR = "<op:stats.nonlinear>"


def with_start(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return the program with the values behind "start" as where a fit starts, not as where it is read off."""
    text = " ".join(request_words(grounded.text))
    if _NONLINEAR not in tokens or "<p:start>" in tokens or not _START.search(text):
        return tokens
    if _PREDICT.search(text):
        return tokens
    return tuple("<p:start>" if t == "<p:at>" else t for t in tokens)


_MCNEMAR = "<op:stats.mcnemar>"
MOST_KINDS = 3  # gauges, files ... that a request compares


def with_discordant(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return McNemar's test with the two counts of changed pairs where it was given their total as one of them."""
    numbers = [s for s in grounded.of("n") if s.value.unit is None]
    if _MCNEMAR not in tokens or len(numbers) != 3:
        return tokens
    total = max(numbers, key=lambda s: s.value.exact)
    b, c = (s for s in numbers if s is not total)
    if total.token not in tokens or total.value.exact < b.value.exact + c.value.exact:
        return tokens
    small = min((b, c), key=lambda s: s.value.exact)
    if small.value.exact <= MOST_KINDS and small.token not in tokens:
        return tokens  # "2 gauges" are compared, not counted
    calls = [list(call) for call in calls_of(tokens)]
    for call in calls:
        if call[0] == _MCNEMAR and {"<p:b>", "<p:c>"} <= set(call):
            call[call.index("<p:b>") + 1] = b.token
            call[call.index("<p:c>") + 1] = c.token
    return joined(calls)


_COUNTED = re.compile(r"<op:stats\.(?:geometric|negative_binomial)_probability>")
_BOUNDS = ("at_least", "at_most", "above", "below")
_AT_THE_NTH = (
    re.compile(  # "comes at attempt number 5", "on the 5th try"; "by the 5th" is another thing
        r"(?<!up to )(?<!by )(?<!until )(?<!before )\b(?:at|on|in|im|is) (?:the )?"
        r"(?:(?:attempt|trial|try|draw|shot|versuch|part|throw|toss|test|piece|unit|item)"
        r"(?: number| no \.?| nr \.?| #)? (?P<a><n\d+>)"
        r"|(?P<b><n\d+>) (?:<#int> |(?:\d ){1,2})?(?:th|rd|nd|st) )"
    )
)


def with_exactly(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return the probability that a success comes "at attempt number 5" as that of exactly this number."""
    if not any(map(_COUNTED.fullmatch, tokens)) or "<p:exactly>" in tokens:
        return tokens
    said = _AT_THE_NTH.search(" ".join(request_words(grounded.text)))
    given = [i for i, t in enumerate(tokens) if t in {f"<p:{b}>" for b in _BOUNDS}]
    if said is None or len(given) != 1 or tokens[given[0] + 1] != (said["a"] or said["b"]):
        return tokens
    return (*tokens[: given[0]], "<p:exactly>", *tokens[given[0] + 1 :])


# ---- columns ------------------------------------------------------------------------------------------------

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
    return frozenset(found if not {(b, a) for a, b in found} & found else ())


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


def with_said_axes(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return the fits with a response and a predictor that stand the other way round in each other's place."""
    if not any(t in _FITS for t in tokens) or not said_axes(grounded):
        return tokens
    calls = []
    for call in calls_of(tokens):
        turn: dict[str, str] = {}
        if call[0] in _FITS and "<p:y>" in call and "<p:x>" in call:
            y = call[call.index("<p:y>") + 1]
            at = call.index("<p:x>") + 1
            xs = call[at : end_of_input(call, at)]
            turned = [a for a, b in said_axes(grounded) if b == y and a in xs]
            turn = {y: turned[0], turned[0]: y} if len(turned) == 1 else {}
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
    """Return a chart of counts with the column of what was counted and that of what was inspected in their places."""
    names = {s.token: s.value.name.replace("_", " ") for s in grounded.of("c")}
    calls = []
    for call in calls_of(tokens):
        turn: dict[str, str] = {}
        if call[0] in _ATTRIBUTES and "<p:x>" in call and "<p:size>" in call:
            x, size = (call[call.index(f"<p:{p}>") + 1] for p in ("x", "size"))
            if x in names and size in names:
                wrong = _SIZE.search(names[x]) and not _EVENTS.search(names[x])
                wrong = wrong and _EVENTS.search(names[size]) and not _SIZE.search(names[size])
                turn = {x: size, size: x} if wrong else {}
        calls.append([turn.get(t, t) for t in call])
    return joined(calls)


# ---- everything that is read so -----------------------------------------------------------------------------


def with_said_roles(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return the program with its numbers and columns in the parts that the request's words give them."""
    for rewrite in (
        with_start,
        with_discordant,
        with_exactly,
        with_said_axes,
        with_counted_column,
    ):
        tokens = rewrite(tokens, grounded)
    return tokens


def given_to_another(tokens: Sequence[str], grounded: Grounded) -> int:
    """Return how many calls the numbers speak against: one sample of two, a power that is given."""
    return takes_one_of_two(tokens, grounded) + finds_the_given_power(tokens, grounded)
