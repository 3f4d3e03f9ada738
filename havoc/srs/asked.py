"""Which quantities of a result the request asks for by name: they are told first, whatever else the result holds."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from havoc.dsl.executor import Step
from havoc.srs.markdown import is_number
from havoc.tools.operation import get

MOST = 5  # quantities added to the conclusion
_WORD = re.compile(r"[a-zà-ÿ]+|\d+")
_HEAD = re.compile(r"[;:(,].*", re.DOTALL)
_SHOWN = re.compile(r"\{(\w+)")
_SHORTEST = 3  # letters of a name; shorter ones stand in any sentence
# Names of quantities that are ordinary words of any request.
_ORDINARY = frozenset(
    "value rows points model order total count runs factor limit level signal upper lower above below equal events"
    " size shape scale start given columns degree start horizon time missing new distance".split()
)


def asked_quantities(step: Step, request: str) -> dict[str, str]:
    """The single numbers of a result that stand in the request by their own name or their description, with that name.

    ``interquartile range of x`` asks for ``iqr``, ``the trimmed mean`` for ``trimmed_mean``. What the program gave
    itself (``alpha``) is not asked for.
    """
    said = _words(request)
    operation = get(step.operation)
    names: dict[str, str] = {}
    spans: dict[str, list[range]] = {}
    for key, value in step.result.values.items():
        if not is_number(value) or key in operation.by_name or key in _ORDINARY:
            continue
        name, head = key.replace("_", " "), _HEAD.sub("", operation.outputs[key]).strip()
        for words, told in ((_words(name), name), (_words(head), head)):
            enough = len(name) >= _SHORTEST if told is name else len(words) > 1
            if enough and (places := _places(said, words)):
                names[key], spans[key] = told, places
                break
    return {key: names[key] for key in names if _stands_alone(spans[key], spans.values())}


def _stands_alone(places: Sequence[range], every: Collection[Sequence[range]]) -> bool:
    """Whether a name stands somewhere that is no part of a longer one: ``range`` in ``interquartile range``."""
    longer = [other for others in every for other in others]
    return any(
        not any(len(o) > len(p) and o.start <= p.start and p.stop <= o.stop for o in longer)
        for p in places
    )


def asked_sentence(step: Step, request: str) -> str:
    """A sentence on the asked quantities that the operation's own conclusion leaves out, with their places to fill."""
    told = set(_SHOWN.findall(step.result.conclusion))
    missing = [(k, n) for k, n in asked_quantities(step, request).items() if k not in told]
    parts = [f"{name} {{{key}}}{_sign_of(key, step)}" for key, name in missing[:MOST]]
    return f"As asked: {', '.join(parts)}." if parts else ""


def _sign_of(key: str, step: Step) -> str:
    """What the sign of a skewness says."""
    value = step.result.values[key]
    if not key.startswith("skewness") or not isinstance(value, float):
        return ""
    if value == 0:
        return " (no skewness)"
    side, sign = ("right", "positive") if value > 0 else ("left", "negative")
    return f" ({sign} skewness: the longer tail is on the {side})"


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _places(words: Sequence[str], phrase: Sequence[str]) -> list[range]:
    """Where the phrase stands in the text, a plural's s aside."""
    n = len(phrase)
    return [
        range(i, i + n)
        for i in range(len(words) - n + 1)
        if n and all(w in (p, f"{p}s") for w, p in zip(words[i : i + n], phrase, strict=False))
    ]
