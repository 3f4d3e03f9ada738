"""The data that goes into a request: columns with believable values, in wide or long form, with distractors."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from havoc.curriculum.columns import GROUPS, QUANTITIES, styled
from havoc.curriculum.in_line import DEFECT_KINDS, WRITTEN_IN_LINE, verdicts
from havoc.curriculum.lesson import Data, Fixed, Groups, Kinds, TableOf, Verdicts, Words
from havoc.curriculum.lexicon import GROUP_NAMES, MEASUREMENTS, WIDE_LABELS
from havoc.curriculum.rendering import decimal
from havoc.tools.values import Column, Labels, Sample, Table

DATA_PHRASES = {
    "inline": (
        "the data",
        "these values",
        "the numbers below",
        "the readings",
        "these results",
        "the measurements",
    ),
    "pasted": (
        "the data below",
        "this table",
        "the table",
        "these values",
        "the data",
        "the following data",
        "the pasted data",
        "these results",
    ),
    "attached": (
        "the attached file",
        "the csv",
        "the data",
        "the file",
        "my data",
        "the attached data",
        "the dataset",
        "the spreadsheet",
        "the attachment",
    ),
    "counted": ("the counts", "these counts", "the defects", "the tally", "the numbers below"),
    "toleranced": ("the parts", "these dimensions", "the chain", "these parts"),
    "verdicts": ("the verdicts", "their judgements", "the ratings", "these calls"),
}


@dataclass
class Shown:
    """How a table field appears: ``form`` and its columns by key; ``placed`` once its lists stand in the sentence."""

    form: str
    table: Table
    columns: Mapping[str, Column]
    header: bool = True
    long: bool = False
    placed: bool = False


def show_table(
    name: str, spec: TableOf | Groups, rng: random.Random, long: bool, mentioned: set[str]
) -> Shown:
    """Draw a table's values, names and form."""
    if isinstance(spec, Groups):
        return _groups(spec, rng, long)
    n = rng.randint(*spec.rows)
    sizes = [c.n for c in spec.columns.values() if isinstance(c, Data)]
    if len(spec.columns) == 1 and sizes:
        n = rng.randint(*sizes[0])
    taken: set[str] = set()
    columns = {key: _column(c, n, rng, taken) for key, c in spec.columns.items()}
    form = rng.choice(spec.forms)
    if form in WRITTEN_IN_LINE:
        return Shown(form, Table(tuple(columns.values())), columns)
    if form == "inline" and any(isinstance(c, Labels) for c in columns.values()):
        form = "pasted" if "pasted" in spec.forms else "attached"
    if form == "pasted" and len(columns) < 2:
        form = "inline" if "inline" in spec.forms else "attached"
    shown = list(columns.values())
    named = any(m.startswith(f"{name}.") for m in mentioned)
    if form == "attached" or (form == "pasted" and rng.random() < 0.3):
        if named:
            numbers, words = rng.choice(((4, 1), (8, 3), (14, 6)))
            shown += [_column(Data(), n, rng, taken) for _ in range(rng.randint(0, numbers))]
            shown += [_column(Words(), n, rng, taken) for _ in range(rng.randint(0, words))]
        if named or len(spec.columns) > 1:
            rng.shuffle(shown)
    return Shown(form, Table(tuple(shown)), columns)


def _column(
    spec: Data | Words | Fixed | Kinds | Verdicts, n: int, rng: random.Random, taken: set[str]
) -> Column:
    if isinstance(spec, Kinds | Verdicts):
        name = rng.choice([x for x in spec.names if x not in taken])
        taken.add(name)
        if isinstance(spec, Kinds):
            return Labels(name, tuple(rng.sample(DEFECT_KINDS, min(n, len(DEFECT_KINDS)))))
        return Labels(name, verdicts(n, rng))
    if isinstance(spec, Fixed):
        name = rng.choice([x for x in spec.names if x not in taken])
        taken.add(name)
        numeric = all(c.lstrip("-").replace(".", "", 1).isdigit() for c in spec.cells)
        return Sample(name, spec.cells) if numeric else Labels(name, spec.cells)
    if isinstance(spec, Words):
        known = GROUP_NAMES if spec.names or rng.random() < 0.5 else GROUPS
        pool = [g for g in known if (not spec.names or g[0] in spec.names) and g[0] not in taken]
        if spec.names and not pool:
            pool = [(x, ("A", "B", "C", "D")) for x in spec.names if x not in taken] or [
                ("label", ("A", "B", "C", "D"))
            ]
        name, levels = rng.choice(pool)
        taken.add(name)
        if known is GROUPS:
            name = styled(name, rng)
        k = max(2, min(rng.randint(*spec.levels), len(levels), max(2, n // 2)))
        if rng.random() < 0.15:
            levels = tuple(str(i + 1) for i in range(k))
        items = [levels[i % k] for i in range(n)]
        if rng.random() < 0.5:
            items.sort(key=levels.index)
        return Sample(name, tuple(items)) if items[0].isdigit() else Labels(name, tuple(items))
    used = {t.casefold() for t in taken}
    if not spec.names and rng.random() < 0.4:
        name = rng.choice([q for q in QUANTITIES if q.casefold() not in used])
        taken.add(name)
        return Sample(styled(name, rng), tuple(values(spec, n, rng)))
    choices = [m for m in (spec.names or MEASUREMENTS) if m.casefold() not in used]
    name = rng.choice(choices or ["v" + str(len(taken))])
    taken.add(name)
    return Sample(name, tuple(values(spec, n, rng)))


def values(spec: Data, n: int, rng: random.Random) -> list[str]:
    """Roughly normal values inside [low, high], at one number of decimals."""
    if spec.integers:
        return [str(rng.randint(int(spec.low), int(spec.high))) for _ in range(n)]
    span = spec.high - spec.low
    centre = rng.uniform(spec.low + 0.3 * span, spec.high - 0.3 * span)
    sd = span * rng.uniform(0.01, 0.12)
    decimals = rng.choice((0, 1, 1, 2, 2, 3)) if span > 20 else rng.choice((1, 2, 3))
    out = [
        decimal(min(max(rng.gauss(centre, sd), spec.low), spec.high), decimals) for _ in range(n)
    ]
    return (
        out
        if len(set(out)) > 2
        else [decimal(spec.low + span * (i + 1) / (n + 1), 2) for i in range(n)]
    )


def _groups(spec: Groups, rng: random.Random, long: bool) -> Shown:
    k = rng.randint(*spec.k)
    n = rng.randint(*spec.n)
    draw = Data(
        integers=spec.integers, low=1 if spec.integers else 0, high=60 if spec.integers else 100
    )
    if long:
        taken: set[str] = set()
        label_name, levels = rng.choice([g for g in GROUP_NAMES if len(g[1]) >= min(k, 3)])
        levels = levels[:k]
        by = Labels(label_name, tuple(x for x in levels for _ in range(n)))
        value = _column(
            Data(names=spec.names) if spec.names else Data(),
            n * len(levels),
            rng,
            taken | {label_name},
        )
        table = Table((by, value) if rng.random() < 0.5 else (value, by))
        return Shown(
            rng.choice(("pasted", "attached")), table, {"value": value, "by": by}, long=True
        )
    labels = rng.choice(
        [w for w in WIDE_LABELS if len(w) >= k] or [tuple(f"s{i + 1}" for i in range(k))]
    )[:k]
    if spec.table_only and rng.random() < 0.6:
        labels = rng.choice(
            (
                tuple(f"x{i + 1}" for i in range(k)),
                tuple(f"m{i + 1}" for i in range(k)),
                tuple(f"s{i + 1}" for i in range(k)),
                tuple(f"reading {i + 1}" for i in range(k)),
            )
        )
    columns = {
        f"g{i}": Sample(label, tuple(values(draw, n, rng))) for i, label in enumerate(labels)
    }
    shown: tuple[Column, ...] = tuple(columns.values())
    header = not (spec.table_only and rng.random() < 0.3 and not spec.row_labels)
    if spec.row_labels:
        name, rows = rng.choice([g for g in GROUP_NAMES if len(g[1]) >= min(n, 3)])
        rows = (rows + tuple(f"{name} {i}" for i in range(20)))[:n]
        shown = (Labels(name if rng.random() < 0.7 else "row", rows), *shown)
    form = rng.choice(
        ("pasted", "attached") if spec.table_only else ("inline", "inline", "pasted", "attached")
    )
    if form == "pasted" and k < 2:
        form = "inline"
    if form == "attached":
        header = True
    return Shown(form, Table(shown), columns, header=header)


def mention(name: str, rng: random.Random) -> str:
    """A column's name as people write it: verbatim, quoted, with blanks for underscores."""
    style = rng.random()
    if style < 0.15:
        return f'"{name}"'
    if style < 0.25:
        return f"'{name}'"
    if style < 0.4 and len(name) > 3:
        return name.replace("_", " ").lower()
    return name
