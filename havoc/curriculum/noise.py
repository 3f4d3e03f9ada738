"""What happens to text on its way: typos, words nobody taught, lost capitals. Fields are never touched."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache

from havoc.curriculum.rendering import Part
from havoc.curriculum.thesaurus import WORDS
from havoc.tools.operation import operations

# What a word may be that the model has never seen: most words that people use are.
_KNOWN = tuple(sorted({w for said in WORDS.values() for w in re.findall(r"[a-z]{4,}", said)}))
_SYLLABLES = tuple(
    c + v
    for c in "b bl c cr d dr f fl g gr h j k l m n p pl qu r s sh st t tr v w z".split()
    for v in "aeiou"
)
_ENDINGS = (
    "",
    "",
    "n",
    "r",
    "s",
    "t",
    "ck",
    "nd",
    "ng",
    "ing",
    "ed",
    "er",
    "ly",
    "tion",
    "ment",
    "ness",
)


# Words that tell one argument or method from another; without them a request means something else.
_TELLING = frozenset(
    "without never instead than less more least most above below under over between before after lower upper greater"
    " smaller larger higher exactly each both first second last same equal".split()
)
_WORDS_A_STRANGE_ONE = 6  # a shorter request would lose the one word that says what is wanted


@cache
def _names() -> frozenset[str]:
    """The words of the operations' names and terms."""
    said = (t for o in operations().values() for t in (o.name, *o.terms))
    return frozenset(w for t in said for w in re.findall(r"[a-z]+", t.casefold()))


def add_noise(parts: list[Part], rng: random.Random) -> list[Part]:
    """Roughen the literal parts: strange words in 30% of requests, typos in 25%, 25% lose capitals."""
    if rng.random() < 0.3:
        most = len(_places(parts)) // _WORDS_A_STRANGE_ONE
        parts = _with_words_changed(parts, rng, min(most, rng.choice((1, 1, 2, 3))), _strange)
    if rng.random() < 0.25:
        parts = _with_words_changed(parts, rng, 1 + (rng.random() < 0.3), _typo)
    style = rng.random()
    if style < 0.25:
        parts = [Part(p.text.lower(), None) if p.field is None else p for p in parts]
    elif style < 0.6 and parts and parts[0].field is None:
        parts = [Part(parts[0].text[:1].upper() + parts[0].text[1:]), *parts[1:]]
    return parts


def _with_words_changed(
    parts: list[Part], rng: random.Random, n: int, change: Callable[[str, random.Random], str]
) -> list[Part]:
    out = list(parts)
    for _ in range(n):
        places = _places(out)
        if not places:
            return out
        i, match = rng.choice(places)
        word = change(match.group(), rng)
        text = out[i].text
        out[i] = Part(text[: match.start()] + word + text[match.end() :])
    return out


def _places(parts: list[Part]) -> list[tuple[int, re.Match[str]]]:
    """The words of the literal parts, each with the number of its part."""
    return [
        (i, m)
        for i, p in enumerate(parts)
        if p.field is None
        for m in re.finditer(r"[A-Za-z]{4,}", p.text)
    ]


def _strange(word: str, rng: random.Random) -> str:
    """Another word in its place: one that means something else, or one that nobody knows.

    Never of a method's name or of a word that tells arguments apart.
    """
    if word.casefold() in _names() or word.casefold() in _TELLING:
        return word
    if rng.random() < 0.5:
        return rng.choice(_KNOWN)
    return "".join(rng.choice(_SYLLABLES) for _ in range(rng.choice((1, 2, 2, 3)))) + rng.choice(
        _ENDINGS
    )


def _typo(word: str, rng: random.Random) -> str:
    i = rng.randrange(1, len(word) - 1)
    match rng.randrange(4):
        case 0:
            return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        case 1:
            return word[:i] + word[i + 1 :]
        case 2:
            return word[:i] + word[i] + word[i:]
    return word[:i] + rng.choice("abcdefghiklmnoprstuvwy") + word[i + 1 :]
