"""Small tables as people write them into a sentence: kinds with counts, parts with tolerances, raters' verdicts."""

from __future__ import annotations

import random
from collections.abc import Sequence

from havoc.curriculum.rendering import Part, cells
from havoc.tools.values import Column

WRITTEN_IN_LINE = ("counted", "toleranced", "verdicts")
DEFECT_KINDS = (
    "scratches",
    "dents",
    "burrs",
    "cracks",
    "porosity",
    "stains",
    "bubbles",
    "flash",
    "misprints",
    "leaks",
    "warping",
    "chips",
    "voids",
    "colour",
    "other",
    "missing screws",
    "short shots",
    "solder bridges",
    "cold joints",
    "loose wires",
    "wrong labels",
    "late deliveries",
    "damaged boxes",
    "bad welds",
    "wrong size",
    "dirty surface",
    "tool wear",
    "power cuts",
    "operator error",
    "missing parts",
    "paint runs",
    "broken seals",
    "setup time",
    "jams",
    "material shortage",
    "billing errors",
    "long waits",
    "rude staff",
)
VERDICT_WORDS = (
    ("pass", "fail"),
    ("P", "F"),
    ("ok", "nok"),
    ("good", "bad"),
    ("go", "nogo"),
    ("Y", "N"),
    ("accept", "reject"),
    ("G", "B"),
)


def verdicts(n: int, rng: random.Random) -> tuple[str, ...]:
    """Verdicts of one rater on ``n`` parts. All raters of a request see the same parts: the truth hangs on ``n``."""
    good, bad = VERDICT_WORDS[n % len(VERDICT_WORDS)]
    truth = random.Random(n)
    drawn = [good, bad, *(good if truth.random() < 0.65 else bad for _ in range(n - 2))]
    return tuple(v if rng.random() < 0.85 else (bad if v == good else good) for v in drawn)


def in_line(
    name: str, form: str, columns: Sequence[tuple[str, Column]], rng: random.Random
) -> list[Part]:
    """The table field ``name`` written out in one line."""
    texts = [[t for t in cells(c) if t is not None] for _, c in columns]
    if form == "verdicts":
        return _verdicts(name, columns, texts, rng)
    first, second = texts
    if form == "toleranced":
        sign = rng.choice((" ± ", "±", " +/- ", "+/-"))
        items = [f"{a}{sign}{b}" for a, b in zip(first, second, strict=True)]
        joint = rng.choice((", ", ", ", "; ", " + "))
        return [Part(_joined(items, joint, rng), name)]
    style = rng.choice(
        ("{k} {n}", "{k} {n}", "{k}: {n}", "{k} ({n})", "{k} = {n}", "{n} {k}", "{n}x {k}")
    )
    items = [style.format(k=k, n=n) for k, n in zip(first, second, strict=True)]
    return [Part(_joined(items, rng.choice((", ", ", ", "; ", "\n", " | ")), rng), name)]


def _joined(items: list[str], joint: str, rng: random.Random) -> str:
    if joint == ", " and rng.random() < 0.3:
        return ", ".join(items[:-1]) + " and " + items[-1]
    return "\n" + "\n".join(items) + "\n" if joint == "\n" else joint.join(items)


def _verdicts(
    name: str,
    columns: Sequence[tuple[str, Column]],
    texts: Sequence[Sequence[str]],
    rng: random.Random,
) -> list[Part]:
    mark, between = rng.choice((": ", ": ", " = ")), rng.choice((" ", " ", ", ", ","))
    joint = rng.choice(("; ", "; ", "\n", " | ", ". "))
    parts = []
    for i, ((key, column), words) in enumerate(zip(columns, texts, strict=True)):
        parts += [
            Part((joint if i else "") + column.name + mark),
            Part(between.join(words), f"{name}.{key}"),
        ]
    return parts
