"""What the notation of designs says of its numbers: ``2^3``, ``2^(5-2)``, the ``{3, 2}`` of a simplex lattice.

The base of a factorial is the number of levels, its exponent the number of factors less the number of generators; a
simplex lattice {q, m} has q components and m + 1 levels of each (Montgomery, Design and Analysis of Experiments, 6,
8 and 11).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from havoc.dsl.grounding.slots import NUMBER

_OF_DESIGNS = frozenset(
    """design designs factorial factorials fraction fractional fractionated doe screening experiment experiments
    replicate replicates replicated runs run corners corner factors plan trial""".split()
)
_LATTICE = frozenset(("lattice", "simplex", "mixture", "blend", "blends"))
_OPENS, _CLOSES = frozenset("({["), frozenset(")}]")
GENERATORS = "generated"  # the p of 2^(k-p): no operation's input
Labels = Iterator[tuple[str, frozenset[str]]]


def notation_labels(words: Sequence[str]) -> Labels:
    """Yield the number slots of such notation with the inputs that they are."""
    said = set(words)
    if _OF_DESIGNS & said:
        yield from _powers(words)
    if _LATTICE & said:
        yield from _lattices(words)


def _powers(words: Sequence[str]) -> Labels:
    for at, word in enumerate(words):
        signs = 1 if word == "^" else 2 if list(words[at : at + 2]) == ["*", "*"] else 0
        base = _slot_before(words, at)
        exponent = at + signs
        if not signs or base is None or exponent >= len(words):
            continue
        opened = words[exponent] in _OPENS
        factors, end = _slot_at(words, exponent + opened)
        if factors is None:
            continue
        yield base, frozenset(("levels",))
        yield factors, frozenset(("n_factors",))
        if words[end : end + 1] in (["-"], ["−"]):
            generators, _ = _slot_at(words, end + 1)
            if generators is not None:
                yield generators, frozenset((GENERATORS,))


def _lattices(words: Sequence[str]) -> Labels:
    for at, word in enumerate(words):
        if word not in _OPENS:
            continue
        components, end = _slot_at(words, at + 1)
        if components is None or words[end : end + 1] != [","]:
            continue
        degree, end = _slot_at(words, end + 1)
        if degree is not None and words[end : end + 1] and words[end] in _CLOSES:
            yield components, frozenset(("n_components",))
            yield degree, frozenset(("degree",))


def _shown(word: str) -> bool:
    """Whether a word is how the number before it is written: its digits or its kind."""
    return word.isdigit() or word.startswith("<#")


def _slot_at(words: Sequence[str], at: int) -> tuple[str | None, int]:
    """The number that begins at a place, and the place behind it."""
    if at >= len(words) or not NUMBER.fullmatch(words[at]):
        return None, at
    end = at + 1
    while end < len(words) and _shown(words[end]):
        end += 1
    return words[at], end


def _slot_before(words: Sequence[str], at: int) -> str | None:
    """The number that ends right before a place."""
    at -= 1
    while at > 0 and _shown(words[at]):
        at -= 1
    return words[at] if at >= 0 and NUMBER.fullmatch(words[at]) else None
