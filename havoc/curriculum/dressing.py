"""What stands around a sentence: options' phrases, openers, asides, riders, closers; then the text with its spans."""

from __future__ import annotations

import random
import re

from havoc.curriculum.lexicon import ASIDES, CLOSERS, MEASUREMENTS, OPENERS, RIDERS
from havoc.curriculum.rendering import Part
from havoc.curriculum.templates import expand_text


def joined(main: list[Part], said: list[list[Part]], rng: random.Random) -> list[Part]:
    """Put the options' phrases behind the main sentence, before it, or between two pieces of a list in it."""
    parts = list(main)
    for phrase in said:
        place = rng.random()
        gaps = [
            (i, m)
            for i, p in enumerate(parts)
            if p.field is None
            for m in re.finditer(r"[,;] |\n", p.text)
        ]
        if place < 0.15:
            parts = [*phrase, Part(rng.choice((", ", ": ", ". "))), *parts]
        elif place < 0.4 and gaps:
            i, gap = rng.choice(gaps)
            before, after = parts[i].text[: gap.end()], parts[i].text[gap.start() :]
            parts[i : i + 1] = [Part(before), *phrase, Part(after)]
        else:
            parts = [*parts, Part(rng.choice((", ", " ", ". ", " - ", ", ", "; "))), *phrase]
    return parts


def dressed(parts: list[Part], rng: random.Random) -> list[Part]:
    """Openers, closers, asides with numbers that mean nothing, final marks."""
    if rng.random() < 0.2:
        parts = [Part(rng.choice(OPENERS) + " "), *parts]
    if rng.random() < 0.18:
        aside = rng.choice(ASIDES).format(n=rng.randint(2, 30), w=rng.choice(MEASUREMENTS))
        aside = expand_text(aside, rng)
        parts = [Part(aside + " "), *parts] if rng.random() < 0.5 else [*parts, Part(". " + aside)]
    if rng.random() < 0.18:
        riders = " ".join(
            expand_text(rng.choice(RIDERS), rng) for _ in range(rng.choice((1, 1, 2, 3)))
        )
        parts = [*parts, Part(rng.choice((". ", ". ", "\n", " - ", ". Constraints: ")) + riders)]
    if rng.random() < 0.12:
        parts = [*parts, Part(rng.choice((", ", ". ", " ")) + rng.choice(CLOSERS))]
    return [*parts, Part(rng.choice(("?", ".", "", "", " ?", "")))]


def text_and_spans(parts: list[Part]) -> tuple[str, dict[str, list[tuple[int, int]]]]:
    text = ""
    spans: dict[str, list[tuple[int, int]]] = {}
    for part in parts:
        start = len(text)
        text += part.text
        if part.field is not None:
            spans.setdefault(part.field, []).append((start, len(text)))
    return text, spans
