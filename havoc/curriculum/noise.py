"""What happens to text on its way: typos, lost capitals, lost punctuation. Fields are never touched."""

from __future__ import annotations

import random
import re

from havoc.curriculum.rendering import Part


def add_noise(parts: list[Part], rng: random.Random) -> list[Part]:
    """Roughen the literal parts: 25% of requests get typos, 25% lose capitals, some lose commas."""
    if rng.random() < 0.25:
        parts = _with_typos(parts, rng, 1 + (rng.random() < 0.3))
    style = rng.random()
    if style < 0.25:
        parts = [Part(p.text.lower(), None) if p.field is None else p for p in parts]
    elif style < 0.6 and parts and parts[0].field is None:
        parts = [Part(parts[0].text[:1].upper() + parts[0].text[1:]), *parts[1:]]
    return parts


def _with_typos(parts: list[Part], rng: random.Random, n: int) -> list[Part]:
    out = list(parts)
    for _ in range(n):
        places = [
            (i, m)
            for i, p in enumerate(out)
            if p.field is None
            for m in re.finditer(r"[A-Za-z]{4,}", p.text)
        ]
        if not places:
            return out
        i, match = rng.choice(places)
        word = _typo(match.group(), rng)
        text = out[i].text
        out[i] = Part(text[: match.start()] + word + text[match.end() :])
    return out


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
