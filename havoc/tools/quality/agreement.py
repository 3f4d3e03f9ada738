"""Agreement of people who judge by attributes: Cohen's and Fleiss' kappa, agreement with a standard."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Annotated, Any, Literal

import numpy as np
from scipy import stats
from statsmodels.stats import inter_rater

from havoc.errors import InputError
from havoc.tools.operation import Param, operation
from havoc.tools.result import Result, ResultTable, Value, table_of
from havoc.tools.values import Column, Labels, Sample, as_labels

Counts = list[list[int]]
MOST_COUNTED = 1e6
_OWNERS = {"cohen": "Cohen's", "fleiss": "Fleiss'"}


def _ratings(arguments: Mapping[str, Any]) -> tuple[list[Labels], Labels | None, int]:
    """Raters' columns in step, rows with a missing rating left out."""
    raters = [as_labels(c) for c in arguments["x"]]
    standard = arguments["standard"]
    columns = raters + ([standard] if standard is not None else [])
    if len({len(c) for c in columns}) > 1:
        raise InputError("the raters judged different numbers of parts: every column needs as many")
    complete = [i for i in range(len(columns[0])) if all(c.items[i] is not None for c in columns)]
    kept = [c.take(complete) for c in columns]
    if len(complete) < 2:
        raise InputError("agreement needs at least 2 parts that everybody judged")
    dropped = len(columns[0]) - len(complete)
    return kept[: len(raters)], kept[-1] if standard is not None else None, dropped


def cross_table(a: Labels, b: Labels) -> Counts:
    """Counts of pairs of categories."""
    levels = sorted({*a.levels, *b.levels})
    pairs = list(zip(a.items, b.items, strict=True))
    return [[pairs.count((i, j)) for j in levels] for i in levels]


def cohen(table: Counts) -> tuple[Fraction, float] | None:
    """Cohen's kappa exactly, and its standard error under no agreement; None if not defined."""
    n = sum(map(sum, table))
    rows = [Fraction(sum(r), n) for r in table]
    columns = [Fraction(sum(r[j] for r in table), n) for j in range(len(table))]
    agree = Fraction(sum(table[i][i] for i in range(len(table))), n)
    chance = sum((r * c for r, c in zip(rows, columns, strict=True)), Fraction(0))
    if chance == 1:
        return None
    spread = chance + chance**2
    spread -= sum((r * c * (r + c) for r, c in zip(rows, columns, strict=True)), Fraction(0))
    if spread <= 0:  # one rater used one category only
        return (agree - chance) / (1 - chance), 0.0
    error = math.sqrt(spread / n) / float(1 - chance)
    return (agree - chance) / (1 - chance), error


def fleiss(table: Counts) -> tuple[Fraction, float] | None:
    """Fleiss' kappa exactly, and its standard error under no agreement (Fleiss, Nee, Landis 1979)."""
    parts, raters = len(table), sum(table[0])
    shares = [Fraction(sum(r[j] for r in table), parts * raters) for j in range(len(table[0]))]
    within = [Fraction(sum(v * (v - 1) for v in r), raters * (raters - 1)) for r in table]
    agree = sum(within, Fraction(0)) / parts
    chance = sum((p * p for p in shares), Fraction(0))
    if chance == 1:
        return None
    between = 1 - chance
    skew = sum((p * (1 - p) * (1 - 2 * p) for p in shares), Fraction(0))
    variance = 2 * (between**2 - skew) / (parts * raters * (raters - 1) * between**2)
    return (agree - chance) / (1 - chance), math.sqrt(variance)


def category_counts(raters: Sequence[Labels]) -> Counts:
    """How many raters put each part in each category."""
    levels = sorted({level for r in raters for level in r.levels})
    rows = zip(*(r.items for r in raters), strict=True)
    return [[row.count(level) for level in levels] for row in rows]


def _test(kappa: float, error: float) -> dict[str, Value]:
    z = kappa / error if error > 0 else None
    p = None if z is None else float(stats.norm.sf(z))
    return {"kappa": kappa, "se": error, "z": z, "p_value": p}


def _verdict(kappa: float) -> str:
    return "good" if kappa >= 0.75 else "poor" if kappa < 0.4 else "moderate"


def _kappa_again(table: Counts, kind: str) -> dict[str, Value]:
    counts = np.array(table)
    if kind == "cohen":
        found = inter_rater.cohens_kappa(counts)
        kappa, error = float(found.kappa), float(found.std_kappa0)
    else:
        kappa = float(inter_rater.fleiss_kappa(counts))
        parts, raters = counts.shape[0], int(counts[0].sum())
        p = counts.sum(axis=0) / (parts * raters)
        q = 1 - p
        s = float((p * q).sum())
        spread = s**2 - float((p * q * (q - p)).sum())
        error = math.sqrt(2 / (parts * raters * (raters - 1))) * math.sqrt(spread) / s
    if error <= 1e-7:  # the root of a rounded zero
        return {"kappa": kappa, "se": 0.0, "z": None, "p_value": None}
    z = kappa / error
    return {"kappa": kappa, "se": error, "z": z, "p_value": 0.5 * math.erfc(z / math.sqrt(2))}


def _verify_agreement(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    raters, standard, _ = _ratings(arguments)
    n = len(raters[0])
    kind = "cohen" if len(raters) == 2 else "fleiss"
    table = cross_table(*raters) if kind == "cohen" else category_counts(raters)
    rows = list(zip(*(r.items for r in raters), strict=True))
    same = [len(set(row)) == 1 for row in rows]
    again: dict[str, Any] = {
        **_kappa_again(table, kind),
        "percent_agreement": 100 * sum(same) / n,
        "n": n,
        "raters": len(raters),
    }
    pairs = [_pair_again(a, b) for a, b in combinations(raters, 2)]
    again["pairwise_kappa"] = pairs
    if standard is not None:
        truth = standard.items
        again["kappa_standard"] = [_pair_again(r, standard) for r in raters]
        again["percent_standard"] = [
            float(np.mean([a == b for a, b in zip(r.items, truth, strict=True)]) * 100)
            for r in raters
        ]
        right = [s and row[0] == t for s, row, t in zip(same, rows, truth, strict=True)]
        again["percent_all_standard"] = float(np.mean(right) * 100)
    return again


def _pair_again(a: Labels, b: Labels) -> float | None:
    counts = np.array(cross_table(a, b))
    if counts.shape[0] == 1:
        return None
    return float(inter_rater.cohens_kappa(counts, return_results=False))


def _pair(a: Labels, b: Labels) -> float | None:
    found = cohen(cross_table(a, b))
    return None if found is None else float(found[0])


@operation(
    "quality.attribute_agreement",
    outputs={
        "kappa": "Cohen's kappa of two raters, Fleiss' kappa of more",
        "se": "standard error of kappa when there is no agreement",
        "z": "kappa over its standard error",
        "p_value": "one-sided p value against no agreement beyond chance",
        "percent_agreement": "percentage of parts on which all raters agree",
        "pairwise_kappa": "Cohen's kappa of each pair of raters, in order",
        "kappa_standard": "Cohen's kappa of each rater with the standard",
        "percent_standard": "percentage of parts each rater judged as the standard",
        "percent_all_standard": "percentage of parts that all judged as the standard",
        "n": "parts",
        "raters": "raters",
    },
    reference="Fleiss, Levin and Paik (2003), chapter 18; AIAG MSA, 4th ed., chapter III-C",
    verifier=_verify_agreement,
    examples=(
        'k = quality.attribute_agreement([["go", "no", "go", "go", "no"], '
        '["go", "no", "no", "go", "no"]])',
        'k = quality.attribute_agreement([["g", "b", "g", "g", "b", "g"], '
        '["g", "b", "b", "g", "b", "g"], ["g", "b", "g", "b", "b", "g"]], '
        'standard=["g", "b", "g", "g", "b", "g"])',
    ),
    terms=("attribute agreement analysis", "kappa", "inter-rater agreement", "go/no-go inspectors"),
)
def attribute_agreement(
    x: Annotated[
        tuple[Column, ...], Param("ratings: a column a rater, a row a part", min_length=2)
    ],
    standard: Annotated[Labels | None, Param("the right category of each part")] = None,
) -> Result:
    """Attribute agreement of raters who sort the same parts into categories.

    Cohen's kappa for two raters, Fleiss' kappa for more: agreement beyond chance, 1 if perfect, 0 if
    as good as chance. With a standard also the agreement of each rater with it. By AIAG's rule of
    thumb kappa above 0.75 is good and below 0.4 poor.
    """
    raters, truth, dropped = _ratings({"x": x, "standard": standard})
    if len(raters) < 2:
        raise InputError("agreement needs the ratings of at least two raters")
    n = len(raters[0])
    pair = len(raters) == 2
    found = cohen(cross_table(*raters)) if pair else fleiss(category_counts(raters))
    if found is None:
        raise InputError("every rater put every part in one category: kappa is not defined")
    rows = list(zip(*(r.items for r in raters), strict=True))
    values: dict[str, Value] = {
        **_test(float(found[0]), found[1]),
        "percent_agreement": float(Fraction(100 * sum(len(set(r)) == 1 for r in rows), n)),
        "pairwise_kappa": [_pair(a, b) for a, b in combinations(raters, 2)],
        "n": n,
        "raters": len(raters),
    }
    if truth is not None:
        hits = [sum(a == b for a, b in zip(r.items, truth.items, strict=True)) for r in raters]
        every = sum(set(row) == {t} for row, t in zip(rows, truth.items, strict=True))
        values |= {
            "kappa_standard": [_pair(r, truth) for r in raters],
            "percent_standard": [float(Fraction(100 * h, n)) for h in hits],
            "percent_all_standard": float(Fraction(100 * every, n)),
        }
    warnings = [f"{dropped} parts with a missing rating were left out."] if dropped else []
    if n < 30:
        warnings.append("With fewer than about 30 to 50 parts kappa is poorly known.")
    names = [r.name for r in raters]
    if len(set(names)) < len(names):
        names = [f"rater {i}" for i in range(1, len(raters) + 1)]
    table = [
        [f"{a} - {b}", k]
        for (a, b), k in zip(combinations(names, 2), values["pairwise_kappa"], strict=True)  # type: ignore[arg-type]
    ]
    kind = "Cohen's" if pair else "Fleiss'"
    return Result(
        values,
        f"{kind} kappa = {{kappa}}: {_verdict(float(found[0]))} agreement; all raters agree on "
        "{percent_agreement} % of {n} parts." + _against(values, names),
        tables=(
            table_of("pairs", ("raters", "kappa"), table),
            *_standard_table(values, names),
        ),
        warnings=tuple(warnings),
    )


def _against(values: Mapping[str, Any], names: Sequence[str]) -> str:
    """Agreement with the standard in words: of each rater where there are few, of all together."""
    if "percent_standard" not in values:
        return ""
    safe = [name.replace("{", "{{").replace("}", "}}") for name in names]
    each = [f"{name} {{percent_standard[{i}]}} %" for i, name in enumerate(safe)]
    listed = ", ".join(each) + ", " if len(each) <= 5 else ""
    return f" Judged as the standard: {listed}all together {{percent_all_standard}} %."


def _standard_table(values: Mapping[str, Any], names: Sequence[str]) -> tuple[ResultTable, ...]:
    if "percent_standard" not in values:
        return ()
    rows = zip(names, values["percent_standard"], values["kappa_standard"], strict=True)
    columns = ("rater", "% as the standard", "kappa")
    return (table_of("against the standard", columns, [list(row) for row in rows]),)


def _count_table(x: tuple[Sample, ...]) -> Counts:
    if len({len(s) for s in x}) > 1:
        raise InputError("the table of counts has rows of unequal length")
    rows = [[*row] for row in zip(*(s.values for s in x), strict=True)]
    flat = [v for row in rows for v in row]
    if any(math.isnan(v) or v < 0 or v != int(v) for v in flat):
        raise InputError("a table of counts holds whole numbers from 0 up, without gaps")
    if max(flat) > MOST_COUNTED:
        raise InputError(f"a count of {max(flat):g} is above {MOST_COUNTED:g}: no table of ratings")
    return [[int(v) for v in row] for row in rows]


def _kind(table: Counts, wanted: str) -> str:
    square = len(table) == len(table[0])
    equal = len({sum(r) for r in table}) == 1
    kind = wanted if wanted != "auto" else "cohen" if square else "fleiss"
    if kind == "cohen" and not square:
        raise InputError("Cohen's kappa needs a square table: first rater by second rater")
    if kind == "fleiss" and (not equal or sum(table[0]) < 2):
        raise InputError(
            "Fleiss' kappa needs a row a part with the number of raters in each category; every "
            "row must have the same total of at least 2"
        )
    return kind


def _verify_counts(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    table = _count_table(arguments["counts"])
    kind = _kind(table, arguments["kind"])
    again: dict[str, Any] = {**_kappa_again(table, kind), "kind": kind}
    counts = np.array(table)
    if kind == "cohen":
        again["n"] = int(counts.sum())
        again["percent_agreement"] = float(100 * np.trace(counts) / counts.sum())
    else:
        again["n"] = len(table)
        pairs = counts.sum(axis=1)[0]
        agree = (counts * (counts - 1)).sum(axis=1) / (pairs * (pairs - 1))
        again["percent_agreement"] = float(100 * agree.mean())
    return again


@operation(
    "quality.kappa",
    outputs={
        "kappa": "Cohen's or Fleiss' kappa",
        "se": "standard error of kappa when there is no agreement",
        "z": "kappa over its standard error",
        "p_value": "one-sided p value against no agreement beyond chance",
        "percent_agreement": "observed agreement of pairs of ratings in percent",
        "kind": "which kappa",
        "n": "parts",
    },
    reference="Cohen (1960); Fleiss (1971), Psychological Bulletin 76(5)",
    verifier=_verify_counts,
    examples=(
        "k = quality.kappa([[20, 10], [5, 15]])",
        "k = quality.kappa([[0, 2, 4, 1, 5], [5, 3, 1, 4, 0]], kind=fleiss)",
    ),
    terms=("Cohen's kappa from a table", "Fleiss' kappa from counts"),
)
def kappa(
    counts: Annotated[
        tuple[Sample, ...], Param("table of counts: rater 1 by rater 2, or parts by categories")
    ],
    kind: Annotated[
        Literal["auto", "cohen", "fleiss"], Param("auto: cohen for a square table, else fleiss")
    ] = "auto",
) -> Result:
    """Kappa from a table of counts.

    A square table of rater 1 by rater 2 gives Cohen's kappa; a table with a row a part and a column
    a category, holding how many raters chose it, gives Fleiss' kappa.
    """
    table = _count_table(counts)
    chosen = _kind(table, kind)
    found = cohen(table) if chosen == "cohen" else fleiss(table)
    if found is None:
        raise InputError("all ratings are in one category: kappa is not defined")
    if chosen == "cohen":
        n = sum(map(sum, table))
        agree = Fraction(100 * sum(table[i][i] for i in range(len(table))), n)
    else:
        n, raters = len(table), sum(table[0])
        agree = Fraction(
            100 * sum(v * (v - 1) for r in table for v in r), n * raters * (raters - 1)
        )
    values = {**_test(float(found[0]), found[1]), "percent_agreement": float(agree), "kind": chosen}
    return Result(
        {**values, "n": n},
        f"{_OWNERS[chosen]} kappa = {{kappa}} "
        f"(z = {{z}}): {_verdict(float(found[0]))} "
        "agreement beyond chance.",
    )
