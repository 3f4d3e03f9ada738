"""Regular two-level fractional factorial designs."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from havoc.errors import InputError
from havoc.tools.doe import two_level
from havoc.tools.doe.design import (
    CENTERS,
    COMMON_OUTPUTS,
    FACTORS,
    N_FACTORS,
    SEED,
    design_result,
    effect_letters,
    plan_of,
    recount,
    require_two_levels,
    resolve_factors,
    with_centers,
)
from havoc.tools.doe.factorial import confounding_warning, in_blocks
from havoc.tools.doe.generators import choose, from_generators
from havoc.tools.operation import Invariant, Param, operation
from havoc.tools.result import Result, ResultTable, table_of
from havoc.tools.values import Factor

MAX_WORDS = 7  # generators up to which the whole defining relation is written out (127 words)
MAX_ALIASED = 31  # factors up to which the alias table is written out
SHORT_PATTERN = 7


def word_lengths(k: int) -> int:
    """The longest word length reported: all of them, but the first seven for very many factors."""
    return k if k <= MAX_ALIASED else SHORT_PATTERN


def structure(
    design: two_level.Fraction2, letters: Sequence[str]
) -> tuple[dict[str, Any], list[ResultTable]]:
    """The values and tables that describe the aliasing of a fraction."""
    k = len(design.columns)
    p = k - design.basic
    pattern = list(design.word_length_pattern[2 : word_lengths(k)])
    clear_main, clear_pairs = two_level.clear_effects(design)
    generators = []
    for i, column in enumerate(design.columns):
        if column.bit_count() > 1:
            parts = [design.columns.index(1 << b) for b in range(design.basic) if column >> b & 1]
            word = two_level.effect_name(parts, letters, design.signs[i])
            generators.append(f"{letters[i]} = {word}")
    relation = "I"
    if p > MAX_WORDS:
        relation = f"{2**p - 1} words, from the generators"
    elif p:
        words = [two_level.effect_name(w, letters, s) for s, w in design.words()]
        relation = "I = " + " = ".join(words)
    values: dict[str, Any] = {
        "resolution": two_level.roman(design.resolution),
        "fraction": f"1/{2**p}" if p else "1",
        "p": p,
        "base_runs": design.runs,
        "generators": generators,
        "defining_relation": relation,
        "word_length_pattern": pattern,
        "clear_main_effects": clear_main,
        "clear_two_factor_interactions": clear_pairs,
    }
    tables, rows = [], []
    if k <= MAX_ALIASED:
        order = 3 if (design.resolution or 9) >= 5 and k <= 9 else 2
        rows = two_level.alias_texts(design, letters, order)
        tables.append(table_of("aliases", ["effect", "aliased with"], rows))
    values["aliases"] = [f"{effect} = {others}" for effect, others in rows if others]
    lengths = [[i, n] for i, n in enumerate(pattern, 3)]
    tables.append(table_of("word length pattern", ["length", "words"], lengths))
    return values, tables


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Everything again from the signs in the coded table, by counting subsets that cancel."""
    again = recount(arguments, result)
    coded, k = result.table("coded design"), len(result.extra["factors"])
    rows = [r for r in (row[1:] for row in coded.rows) if all(abs(_sign(v)) == 1 for v in r)]
    columns = [tuple(_sign(row[j]) < 0 for row in rows) for j in range(k)]
    bits = [sum(bit << n for n, bit in enumerate(c)) for c in columns]
    whole = (1 << len(rows)) - 1
    up_to = word_lengths(k)
    counts = cancelling_subsets(bits, whole, up_to)
    again["word_length_pattern"] = counts[3 : up_to + 1]
    first = next((i for i in range(1, up_to + 1) if counts[i]), None)
    again["resolution"] = two_level.roman(first)
    distinct = Counter(rows)
    again["base_runs"] = len(distinct)
    again["replicates"] = len(rows) // len(distinct)
    again["p"] = k - math.log2(len(distinct))
    kinds = Counter(bits)
    pairs = Counter(_half(a ^ b, whole) for a, b in itertools.combinations(bits, 2))
    mains = Counter(_half(b, whole) for b in kinds)
    again["clear_main_effects"] = sum(m not in pairs for m in mains)
    again["clear_two_factor_interactions"] = sum(
        n == 1 and v not in mains for v, n in pairs.items()
    )
    again["aliases that do not hold"] = Invariant(
        _broken_aliases(result.values["aliases"], result.extra["factors"], bits, whole), 0
    )
    again["levels of each factor are balanced"] = Invariant(
        sum(abs(2 * b.bit_count() - len(rows)) for b in bits), 0
    )
    return again


def _broken_aliases(
    aliases: Any, factors: Sequence[Factor], bits: Sequence[int], whole: int
) -> int:
    """How many alias chains, read as text, are not products of the written columns."""
    known = dict(zip(effect_letters(factors), bits, strict=True))
    broken = 0
    for chain in aliases:
        vectors = set()
        for word in chain.split(" = "):
            letters = word.lstrip("-").split("*") if "*" in word else list(word.lstrip("-"))
            letters = [word.lstrip("-")] if word.lstrip("-") in known else letters
            product = whole if word.startswith("-") else 0
            for letter in letters:
                product ^= known[letter]
            # A product of two signs is negative where exactly one is, so its bits are their xor.
            vectors.add(product)
        broken += len(vectors) != 1
    return broken


def _sign(cell: Any) -> int:
    return cell if isinstance(cell, int) else 0


def _half(vector: int, whole: int) -> int:
    """A column of signs without regard to its overall sign."""
    return min(vector, vector ^ whole)


def cancelling_subsets(columns: Sequence[int], whole: int, up_to: int) -> list[int]:
    """How many subsets of each size multiply to a constant column."""
    state: dict[int, list[int]] = {0: [1] + [0] * up_to}
    for column in columns:
        grown = {v: list(c) for v, c in state.items()}
        for v, counts in state.items():
            target = grown.setdefault(_half(v ^ column, whole), [0] * (up_to + 1))
            for size in range(up_to):
                target[size + 1] += counts[size]
        state = grown
    return state[0]


@operation(
    "doe.fractional_factorial",
    outputs={
        **COMMON_OUTPUTS,
        "base_runs": "runs of one replicate without centre points",
        "replicates": "how often the fraction is run",
        "resolution": "length of the shortest word of the defining relation",
        "fraction": "part of the full factorial that is run",
        "p": "number of generators: the fraction is 1/2^p",
        "generators": "generators of the added factors",
        "defining_relation": "all words of the defining relation",
        "aliases": "main effects and two-factor interactions with what they are aliased with",
        "word_length_pattern": "number of words of length 3, 4, 5 ...",
        "clear_main_effects": "main effects free of two-factor interactions",
        "clear_two_factor_interactions": "two-factor interactions free of main effects and of "
        "other two-factor interactions",
        "confounded": "effects confounded with blocks",
    },
    reference="Montgomery (2013), Design and Analysis of Experiments, chapter 8; Chen, Sun and Wu "
    "(1993), International Statistical Review 61",
    verifier=_verify,
    examples=(
        "design = doe.fractional_factorial(n_factors=7, runs=8)",
        "design = doe.fractional_factorial(temperature=150..180 degC, time=20..40 min, "
        "pressure=1..3 bar, speed=100..300, pH=5..7, resolution=5, seed=3)",
        "design = doe.fractional_factorial(n_factors=5, fraction=quarter, centers=3)",
        'design = doe.fractional_factorial(n_factors=6, generators="E=ABC, F=-BCD", blocks=2)',
    ),
    terms=(
        "fractional factorial",
        "half fraction",
        "quarter fraction",
        "screening design",
        "2^(k-p)",
        "resolution III",
        "resolution IV",
        "resolution V",
        "generators",
        "defining relation",
        "aliases",
        "confounding",
    ),
)
def fractional_factorial(
    factors: Annotated[tuple[Factor, ...], Param(FACTORS)] = (),
    n_factors: Annotated[int | None, N_FACTORS] = None,
    runs: Annotated[int | None, Param("runs of the fraction: a power of two", ge=4)] = None,
    resolution: Annotated[
        int | None, Param("smallest resolution wanted: 3 for III, 4 for IV, 5 for V", ge=3, le=12)
    ] = None,
    fraction: Annotated[
        Literal["half", "quarter", "eighth", "sixteenth", "thirtysecond"] | None,
        Param("part of the full factorial"),
    ] = None,
    generators: Annotated[str | None, Param("generators such as 'D=ABC, E=-BC'")] = None,
    replicates: Annotated[int, Param("how often the fraction is run", ge=1, le=100)] = 1,
    blocks: Annotated[int, Param("number of blocks", ge=1, le=64)] = 1,
    centers: Annotated[int, CENTERS] = 0,
    seed: Annotated[int, SEED] = 1,
    randomize: Annotated[bool, Param("whether the run order is random")] = True,
) -> Result:
    """Build a two-level fractional factorial design.

    The minimum aberration fraction for the number of runs, or the smallest that reaches the
    resolution, or the one from your generators. Gives the defining relation, the aliases, the
    word-length pattern and the resolution: III confounds main effects with two-factor
    interactions, IV two-factor interactions with each other, V neither.
    """
    found = resolve_factors(factors, n_factors, least=2)
    require_two_levels(found, "doe.full_factorial, doe.taguchi or doe.optimal")
    letters, k = effect_letters(found), len(found)
    remarks: list[str] = []
    if generators is not None:
        design = from_generators(generators, letters, [f.name for f in found])
        asked = {"runs": runs, "resolution": resolution, "fraction": fraction}
        clash = [name for name, value in asked.items() if value is not None]
        if clash and not (clash == ["runs"] and runs == design.runs):
            raise InputError(
                f"the generators fix the design ({design.runs} runs): leave out {clash[0]}"
            )
    else:
        design, remarks = choose(k, runs, resolution, fraction)
    p = k - design.basic
    plan = plan_of("full factorial", found, design.coded())
    plan, columns = in_blocks(plan, design, blocks, replicates)
    lost = two_level.confounded_effects(design, columns, letters) if columns else []
    plan = replace(
        with_centers(plan, centers),
        name=f"2^({k}-{p}) fractional factorial" if p else f"2^{k} full factorial",
    )
    values, tables = structure(design, letters)
    conclusion = "The {design} of resolution {resolution} needs {runs} runs for {factors} factors."
    if p == 0:
        conclusion = "The {design} needs {runs} runs for {factors} factors; nothing is aliased."
    if centers:
        conclusion += " {center_points} of the runs are centre points."
    return design_result(
        plan,
        conclusion,
        seed,
        randomize,
        {**values, "replicates": replicates, "confounded": lost},
        tables,
        [*remarks, *confounding_warning(lost), *_aliasing_warning(design.resolution)],
    )


def _aliasing_warning(resolution: int | None) -> list[str]:
    if resolution == 3:
        return [
            "Resolution III: each main effect is aliased with two-factor interactions; fold the "
            "design over, or take resolution IV, if interactions may matter."
        ]
    if resolution == 4:
        return [
            "Resolution IV: main effects are clear of two-factor interactions, but some two-factor "
            "interactions are aliased with each other."
        ]
    return []
