"""Choosing a two-level fraction: by runs, resolution, fraction or generators."""

from __future__ import annotations

import re
from collections.abc import Sequence

from havoc.errors import InputError, NeedsClarification
from havoc.tools.doe.minimum_aberration import MAX_RUNS as MAX_FRACTION
from havoc.tools.doe.minimum_aberration import generator_columns
from havoc.tools.doe.two_level import Fraction2, full, roman

FRACTIONS = {"half": 1, "quarter": 2, "eighth": 3, "sixteenth": 4, "thirtysecond": 5}


def minimum_aberration(k: int, runs: int) -> Fraction2:
    """The minimum aberration design for ``k`` factors in ``runs`` runs (the full one at 2^k)."""
    if runs == 1 << k:
        return full(k)
    basic = runs.bit_length() - 1
    added = (runs - 1,) if basic == k - 1 else generator_columns(k, runs)
    columns = tuple(1 << i for i in range(basic)) + added
    return Fraction2(basic, columns, (1,) * k)


def possible_runs(k: int) -> list[int]:
    """Run counts of fractions (and the full factorial) for ``k`` factors, ascending."""
    smallest = k.bit_length()  # the least m with k < 2^m
    found = [1 << m for m in range(max(2, smallest), k) if 1 << m <= MAX_FRACTION]
    if k <= 10:
        found += [1 << m for m in (k - 1, k) if 1 << m not in found]
    return found


def choose(
    k: int, runs: int | None, wanted: int | None, fraction: str | None
) -> tuple[Fraction2, list[str]]:
    """Return the fraction asked for, with remarks about the choice.

    Raises
    ------
    NeedsClarification
        If nothing says how large a fraction is wanted.
    InputError
        If there is no such fraction; the message names the nearest that exist.
    """
    options = possible_runs(k)
    if not options:
        raise InputError(f"{k} factors need more than {MAX_FRACTION} runs; that is not supported")
    if fraction is not None:
        asked = (1 << k) >> FRACTIONS[fraction]
        if asked < min(options):
            raise InputError(
                f"a {fraction} of 2^{k} would be {asked} runs, too few for {k} factors; the "
                f"smallest fraction has {min(options)} runs ({_quality(k, min(options))})"
            )
        if runs is not None and runs != asked:
            raise InputError(f"the {fraction} fraction of {k} factors has {asked} runs, not {runs}")
        runs = asked
    if runs is None and wanted is None:
        raise NeedsClarification(
            f"how many runs, or which resolution? {k} factors can be run in {_listed(k, options)}"
        )
    if runs is None:
        return _smallest(k, wanted or 3, options)
    if runs not in options:
        raise InputError(_no_such_size(k, runs, options))
    found = minimum_aberration(k, runs)
    if wanted is not None and (found.resolution or k + 1) < wanted:
        try:
            larger, _ = _smallest(k, wanted, options)
        except InputError as error:
            raise InputError(
                f"{k} factors in {runs} runs reach resolution {roman(found.resolution)}; {error}"
            ) from None
        raise InputError(
            f"resolution {roman(wanted)} with {k} factors needs {larger.runs} runs; "
            f"{runs} runs reach resolution {roman(found.resolution)}"
        )
    return found, []


def _smallest(k: int, wanted: int, options: Sequence[int]) -> tuple[Fraction2, list[str]]:
    for n in options:
        found = minimum_aberration(k, n)
        if found.resolution is None:
            return found, [f"No fraction of {k} factors has resolution {roman(wanted)} or more."]
        if found.resolution >= wanted:
            return found, []
    best = minimum_aberration(k, options[-1]).resolution
    raise InputError(
        f"resolution {roman(wanted)} with {k} factors needs more than {options[-1]} runs; "
        f"{options[-1]} runs reach resolution {roman(best)}"
    )


def _listed(k: int, options: Sequence[int]) -> str:
    parts = [f"{n} runs ({_quality(k, n)})" for n in options[:5]]
    return ", ".join(parts)


def _quality(k: int, runs: int) -> str:
    resolution = minimum_aberration(k, runs).resolution
    return "full factorial" if resolution is None else f"resolution {roman(resolution)}"


def _no_such_size(k: int, runs: int, options: Sequence[int]) -> str:
    below = [n for n in options if n < runs]
    above = [n for n in options if n > runs]
    near = [*below[-1:], *above[:1]]
    described = " or ".join(f"{n} runs ({_quality(k, n)})" for n in near)
    if runs > options[-1]:
        return f"{k} factors have no fraction in {runs} runs; the largest here is {described}"
    if runs & (runs - 1):
        also = ""
        if runs % 4 == 0 and runs > k:
            also = f"; doe.plackett_burman has a design in {runs} runs for main effects"
        return f"a two-level fraction has a power of two runs, not {runs}: take {described}{also}"
    return f"{k} factors need more than {runs} runs: take {described}"


def from_generators(text: str, letters: Sequence[str], names: Sequence[str]) -> Fraction2:
    """Read ``"D=ABC, E=-BC"`` or ``"I=ABCD"``, by letters or by factor names joined with ``*``.

    Raises
    ------
    InputError
        For an unknown factor, a factor generated twice or from itself, or a resolution below III.
    """
    k = len(letters)
    made: dict[int, tuple[int, set[int]]] = {}
    for part in re.split(r"[,;\n]|\band\b", text):
        if not part.strip():
            continue
        target, sign, word = _generator(part, letters, names)
        if target in made:
            raise InputError(f"factor '{names[target]}' is generated twice")
        made[target] = (sign, word)
    basics = [i for i in range(k) if i not in made]
    column = {factor: 1 << place for place, factor in enumerate(basics)}
    signs = [1] * k
    waiting = dict(made)
    while waiting:
        ready = [t for t, (_, word) in waiting.items() if word <= set(column)]
        if not ready:
            stuck = names[next(iter(waiting))]
            raise InputError(f"the generator of '{stuck}' depends on itself")
        for target in ready:
            sign, word = waiting.pop(target)
            column[target] = 0
            for i in word:
                column[target] ^= column[i]
                sign *= signs[i]
            signs[target] = sign
    design = Fraction2(len(basics), tuple(column[i] for i in range(k)), tuple(signs))
    if design.resolution is not None and design.resolution < 3:
        clash = _resolution_two(design, names)
        raise InputError(f"those generators give resolution II or less: {clash}")
    return design


def _resolution_two(design: Fraction2, names: Sequence[str]) -> str:
    seen: dict[int, int] = {0: -1}
    for i, c in enumerate(design.columns):
        if c in seen:
            other = seen[c]
            return f"'{names[i]}' is " + (
                "constant" if other < 0 else f"aliased with '{names[other]}'"
            )
        seen[c] = i
    return "two factors are aliased"


def _generator(
    part: str, letters: Sequence[str], names: Sequence[str]
) -> tuple[int, int, set[int]]:
    if part.count("=") != 1:
        raise InputError(f"'{part.strip()}' is not a generator such as D=ABC")
    left, right = (side.strip() for side in part.split("="))
    sign = -1 if right.startswith("-") else 1
    word: set[int] = set()
    for i in _factors_in(right.lstrip("+-").strip(), letters, names):
        word ^= {i}
    if left in ("I", "i") and left not in names:
        last = max(word, default=-1)
        if last < 0:
            raise InputError(f"'{part.strip()}' names no factors")
        return last, sign, word - {last}
    (target,) = _factors_in(left, letters, names)[:1] or (-1,)
    if target in word:
        raise InputError(f"'{part.strip()}' generates a factor from itself")
    return target, sign, word


def _factors_in(text: str, letters: Sequence[str], names: Sequence[str]) -> list[int]:
    known = {**{name: i for i, name in enumerate(letters)}, **{n: i for i, n in enumerate(names)}}
    parts = [p.strip() for p in re.split(r"[*:]", text)]
    found: list[int] = []
    for p in parts:
        if p in known:
            found.append(known[p])
        elif p and all(ch in known for ch in p if ch != " "):
            found += [known[ch] for ch in p if ch != " "]
        else:
            raise InputError(f"generator: '{p}' is not a factor (factors: {', '.join(names)})")
    return found
