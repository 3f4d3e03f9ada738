"""What the request's words say of the parts that its numbers play in one operation.

``n=20 mean=5.42 s=0.31 ... n=25 mean=5.61 s=0.28`` are two samples and no sample with a target; with ``power 85 %`` a
number of units is asked for and not the power; ``start a=11`` is where an iteration starts; 15 of one kind and 6 of the
other, of 90 checked, are the discordant pairs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from havoc.dsl import vocabulary as v
from havoc.dsl.fitting import within
from havoc.dsl.grounding.slots import NUMBER, NUMERIC, Grounded, once, request_words
from havoc.dsl.labels import labels_of
from havoc.srs.calls import calls_of, joined
from havoc.tools.expression import Binary, Call, Expression, Neg, Relation, free_symbols
from havoc.tools.operation import Kind, operations
from havoc.tools.values import Number

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


_LINES = ("<op:stats.regression>", "<op:stats.robust_regression>", "<op:stats.polynomial>")


def overlooks_model(tokens: Sequence[str], grounded: Grounded) -> bool:
    """Whether a line is laid where the request gives a model that is none: ``fit y = a*x/(b + x)``."""
    if not any(t in _LINES for t in tokens):
        return False
    models = [s for s in grounded.of("e") if isinstance(s.value, Relation)]
    return any(_is_curved(s.value.right) and s.token not in tokens for s in models)


def _is_curved(tree: Expression) -> bool:
    match tree:
        case Call(_, _):
            return bool(free_symbols(tree))
        case Binary(op, left, right):
            divided = op in ("/", "^") and bool(free_symbols(right))
            return divided or _is_curved(left) or _is_curved(right)
        case Neg(operand):
            return _is_curved(operand)
    return False


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
_VARIANCE = "<op:stats.variance_one_summary>"
_SIGMA = re.compile(
    r"\bsigma(?: is| was| be)?(?: <| >| ≤| ≥| =| below| above| under| over| at most| less than| more than)+"
    r" (<n\d+>)"
)


def with_claimed_sigma(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return the test of a variance with the sigma that is compared as the claimed one, and s as the sample's."""
    said = _SIGMA.search(" ".join(request_words(grounded.text)))
    if said is None or _VARIANCE not in tokens or not {"<p:sd>", "<p:sigma>"} <= set(tokens):
        return tokens
    out = list(tokens)
    s, claimed = (out.index(p) + 1 for p in ("<p:sd>", "<p:sigma>"))
    if out[s] == said[1] and NUMBER.fullmatch(out[claimed]):
        out[s], out[claimed] = out[claimed], out[s]
    return tuple(out)


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


_AGAINST = {
    f"<op:stats.{o}>": inputs
    for o, inputs in (
        ("t_test_one", ("target",)),
        ("t_test_one_summary", ("target",)),
        ("z_test", ("target",)),
        ("proportion_one", ("null",)),
        ("poisson_rate_one", ("null",)),
        ("variance_one", ("sd", "variance")),
        ("variance_one_summary", ("sigma", "sigma_squared")),
    )
}
_OF_A_NORM = (
    r"(?: (?:the|its|our|an?|of|is|allowed|target|nominal|limit|mean|claimed|required|specified|agreed|usual|norm|"
    r"label|permitted|promised|standard|stated|maximum|minimum|rate)){0,3} "
)
_SIDES = {
    "less": r"\b(?:below|under|less than|lower than|smaller than|beneath|short of|fewer than)",
    "greater": r"\b(?:above|over|more than|greater than|higher than|larger than|exceeds?|exceeding|beyond|worse than)",
}


def with_said_alternative(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return a test against a norm as one-sided where the words ask on which side of it: ``under the allowed 5 %``."""
    if not any(t in _AGAINST for t in tokens) or any(
        t.startswith("<p:alternative=") for t in tokens
    ):
        return tokens
    text = " ".join(request_words(grounded.text))
    calls = [list(call) for call in calls_of(tokens)]
    for call in calls:
        given = [
            call[call.index(f"<p:{p}>") + 1]
            for p in _AGAINST.get(call[0], ())
            if f"<p:{p}>" in call
        ]
        sides = {
            side
            for side, words in _SIDES.items()
            for norm in given
            if NUMBER.fullmatch(norm) and re.search(rf"{words}{_OF_A_NORM}{norm}(?![\w>])", text)
        }
        if len(sides) == 1 and not _EITHER_SIDE.search(text):
            call[-1:] = [f"<p:alternative={sides.pop()}>", call[-1]]
    return joined(calls)


_EITHER_SIDE = re.compile(
    r"\b(?:(?:above|over|more) (?:or|and|as) (?:below|under|less)|(?:below|under|less) (?:or|and) (?:above|over|more)"
    r"|two - sided|two - tailed)\b"
)


# Inputs that take several numbers, of which a request lists those that it wants told.
_LISTED = ("p", "shift", "t", "edges")


def with_listed_numbers(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return the program with the request's one list of numbers given to the input that takes several.

    ``n=80, c=2, acceptance at 1%, 3% and 5%``, where the program takes no column and leaves that input out.
    """
    lists = [s for s in grounded.of("c") if s.start >= 0]
    if len(grounded.of("c", "g")) > 2 or not lists:
        return tokens
    calls = [list(call) for call in calls_of(tokens)]
    used = {t for t in tokens if NUMERIC.fullmatch(t)}
    for call in calls:
        operation = operations().get(v.op_name(call[0]))
        if operation is None or len(calls) > 1:
            continue
        for name in _LISTED:
            p = operation.by_name.get(name)
            if p is None or p.kind is not Kind.NUMBERS or p.required or f"<p:{name}>" in call:
                continue
            free = [s for s in lists if s.token not in used]
            if name == "edges":
                free = [s for s in free if "edges" in s.value.name]
            elif used:
                free = []
            if len(free) == 1 and all(
                within(Number(x, free[0].value.unit), p.limits)
                for x in free[0].value.present().texts
                if x
            ):
                call[-1:] = [f"<p:{name}>", free[0].token, call[-1]]
                break
    return joined(calls)


_JOINS = frozenset((",", "and", "&", "or", "%"))


def with_whole_lists(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return the program with all numbers of a list of which an input that takes several was given some."""
    calls = [list(call) for call in calls_of(tokens)]
    for call in calls:
        operation = operations().get(v.op_name(call[0]))
        for name in _LISTED:
            p = operation.by_name.get(name) if operation else None
            if p is None or p.kind is not Kind.NUMBERS or f"<p:{name}>" not in call:
                continue
            at = call.index(f"<p:{name}>") + 1
            end = call.index(v.CLOSE, at) + 1 if call[at] == v.OPEN else at + 1
            given = [t for t in call[at:end] if NUMBER.fullmatch(t)]
            whole = _listed_with(given, grounded)
            others = {t for i, t in enumerate(tokens) if t in whole and t not in given}
            if len(whole) > len(set(given)) and not others:
                call[at:end] = [v.OPEN, *whole, v.CLOSE]
    return joined(calls)


def _listed_with(given: Sequence[str], grounded: Grounded) -> list[str]:
    """The run of numbers, joined by commas and "and", that the given ones stand in."""
    words = [
        w
        for w in request_words(grounded.text)
        if not w.startswith("<#") and not w.isdigit() and w != "."
    ]
    runs: list[list[str]] = [[]]
    joint = True
    for word in words:
        if NUMBER.fullmatch(word):
            runs[-1].append(word) if joint and runs[-1] else runs.append([word])
            joint = False
        elif word in _JOINS:
            joint = joint or word != "%"
        else:
            runs.append([])
            joint = False
    return next((r for r in runs if len(r) > 2 and given and set(given) <= set(r)), [])


def with_unused_for_repeated(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return the program with the one number that it leaves out in place of one that it gives to both of a pair."""
    if v.NEXT in tokens:
        return tokens
    numbers = [s.token for s in grounded.of("n") if s.token in request_words(grounded.text)]
    unused = [t for t in numbers if t not in tokens]
    twice = [t for t in numbers if tokens.count(t) == 2]
    if len(unused) != 1 or len(twice) != 1:
        return tokens
    places = [i for i, t in enumerate(tokens) if t == twice[0]]
    names = [tokens[i - 1] for i in places]
    ends = sorted(name[-3:-1] for name in names)
    if ends != ["_1", "_2"] or names[0][:-3] != names[1][:-3]:
        return tokens
    first = numbers.index(unused[0]) < numbers.index(twice[0])
    at = places[[n[-3:-1] for n in names].index("_1" if first else "_2")]
    return (*tokens[:at], unused[0], *tokens[at + 1 :])


# ---- everything that is read so -----------------------------------------------------------------------------


def with_said_roles(tokens: Tokens, grounded: Grounded) -> Tokens:
    """Return the program with its numbers in the parts that the request's words give them."""
    for rewrite in (
        with_start,
        with_discordant,
        with_exactly,
        with_claimed_sigma,
        with_said_alternative,
        with_listed_numbers,
        with_whole_lists,
        with_unused_for_repeated,
    ):
        tokens = rewrite(tokens, grounded)
    return tokens


def given_to_another(tokens: Sequence[str], grounded: Grounded) -> int:
    """Return how much of a program these words speak against: one sample of two, a given power, another model."""
    return (
        takes_one_of_two(tokens, grounded)
        + finds_the_given_power(tokens, grounded)
        + overlooks_model(tokens, grounded)
    )
