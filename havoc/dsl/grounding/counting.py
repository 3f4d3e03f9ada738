"""What looks like a value and is none: how many readings a given list has, the size of a table; and series of names.

``the 30 readings 9.45, 7.99, ...`` counts what is listed anyway; ``2x2 table`` is a kind of table. ``x1..x4`` stands
for the names x1, x2, x3, x4, and ``N(25, 0.02)`` for a normal distribution.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from havoc.dsl.grounding.numbers import WORDS, whole
from havoc.dsl.grounding.rewriting import Rewriting
from havoc.tools.values import Column, Labels, Sample, Table

MOST_NAMES = 16

_SERIES = re.compile(
    r"(?<![-+*/=(])(?<![-+*/=(] )\b(?P<name>[A-Za-z]{1,12}_?)(?P<low>\d{1,2})"
    r"(?:(?:\s?(?:\.{2,3}|…)\s?|\s(?:to|through|thru)\s|,\s?(?:\.{2,3}|…)\s?,?\s?)(?P=name)(?P<high>\d{1,2})"
    r"|\s?[-–]\s?(?P=name)(?P<far>\d{1,2}))\b(?!\s?[-+*/^=])"
)
_NUMBER = r"[-+−]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
_NORMAL = re.compile(
    rf"(?P<is>~|∼|\bfollows\b|\bis\b|\bas\b)\s*(?:an?\s+)?N\s?\(\s*(?:(?:mu|μ|mean)\s*=\s*)?(?P<mean>{_NUMBER})\s*[,;]\s*"
    rf"(?:(?:sigma|σ|sd)\s*=?\s*)?(?P<sd>\d+(?:\.\d+)?)(?:\s?(?:²|\^2|\*\*2))?\s*\)"
)
_LISTED = (
    r"(?:readings?|values?|measurements?|observations?|repeats?|repetitions?|points?|data|results?|numbers?|records?"
    r"|rows?|entries|figures?|determinations?|pairs|lots|rolls)"
)
_COUNT = re.compile(
    rf"(?<![\w.,=<>±/*^+-])(?<!= )(?P<n>\d{{1,5}}|{'|'.join(WORDS)})\s+(?:[a-z]+\s+)?{_LISTED}\b"
    r"(?!\s+(?:of|per|each|apart|in|from|before|after|a|ago|or)\b)",
    re.IGNORECASE,
)
# What is counted in other requests too, as the size of a sample or the budget of a design.
_MADE = (
    r"(?:runs|batches|parts|specimens|coupons|wafers|samples|experiments|shots|bottles|bars|bolts|trials|patients"
    r"|subjects|students|days|weeks|months|years|houses|cars|subgroups|panels|castings|units|tests)"
)
_LEAST_MADE = 6  # of those: fewer are as many as some list by chance
_COUNT_OF_MADE = re.compile(
    rf"(?<![\w.,=<>±/*^+-])(?<!= )(?P<n>\d{{1,5}})\s+(?:[a-z]+\s+)?{_MADE}\b"
    r"(?!\s+(?:of|per|each|apart|from|before|after|a|ago|or|with|maximum|at\s+most)\b)",
    re.IGNORECASE,
)
_NO_COUNT = re.compile(
    r"\b(?:first|last|next|top|of|per|every|each|least|most|than|with|after|before|until|from|point|sample|row|only|use|"
    r"size|by|to|another|about|roughly)\s*$",
    re.IGNORECASE,
)
_ITEM_NUMBER = re.compile(
    r"(?:^|(?<=\n)|(?<=[.:;,?!] ))[ \t]*\(?(?:steps?\s)?(?P<n>\d{1,2})(?:[.:)]| -)(?=\s+[A-Za-z])",
    re.IGNORECASE,
)
_TWO_BY_TWO = re.compile(
    r"(?<![\w.])2\s?[x×]\s?2(?![\w.])(?!\s*(?:full|fractional|factorial|designs?|experiment|doe|plan|runs?|trials?|[x×]))",
    re.IGNORECASE,
)


def rewrite_series(text: Rewriting) -> None:
    """Write series of numbered names out, and N(mean, sd) in words."""
    text.sub(_SERIES, _series)
    text.sub(_NORMAL, _normal)


def _series(m: re.Match[str]) -> str:
    low, high = int(m["low"]), int(m["high"] or m["far"])
    least = 1 if m["high"] else 2  # x1-x2 is a difference
    if not least <= high - low < MOST_NAMES:
        return m.group()
    return ", ".join(f"{m['name']}{i}" for i in range(low, high + 1))


def _normal(m: re.Match[str]) -> str:
    """The second number is the standard deviation, as those who work with tolerances write it, squared or not."""
    return f"{m['is']} normal with mean {m['mean']} and sd {m['sd']}"


def mere_counts(text: str, lengths: Collection[int]) -> Iterator[tuple[int, int]]:
    """Places of numbers that say how many values the request lists, given the lengths of its lists; and of "2x2"."""
    for match in _COUNT.finditer(text):
        if whole(match["n"]) in lengths and not _NO_COUNT.search(text[: match.start()]):
            yield match.span("n")
    for match in _COUNT_OF_MADE.finditer(text):
        count = int(match["n"])
        if (
            count >= _LEAST_MADE
            and count in lengths
            and not _NO_COUNT.search(text[: match.start()])
        ):
            yield match.span("n")
    for match in _TWO_BY_TWO.finditer(text):
        yield match.span()


def item_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where the steps of a request are numbered: 1, 2 and so on, each before a sentence."""
    found: list[tuple[int, int]] = []
    for match in _ITEM_NUMBER.finditer(text):
        if int(match["n"]) == 1:
            yield from found if len(found) > 1 else ()
            found = []
        if int(match["n"]) == len(found) + 1:
            found.append(match.span("n"))
    yield from found if len(found) > 1 else ()


_FEW = r"(?:two|three|four|five|six|seven|eight|nine|ten|[2-9])"
_PLACES = re.compile(
    rf"\b(?P<n>one|{_FEW}|1\d?|0)\s+(?:decimals?(?:\s+(?:places?|points?|digits?))?|digits?\s+(?:after|behind)\b"
    r"|significant\s+(?:figures?|digits?))\b",
    re.IGNORECASE,
)
_THINGS = re.compile(
    rf"\b(?:the|these|those|both|its|each of the)\s+(?P<n>{_FEW})\s+(?!most\b|least\b|sigma\b|standard\b|sd\b)"
    r"(?:[a-z]+\s+)?(?:groups?|columns?|variables?|features?|classes|categories|conditions?|fields?|attributes?|means?"
    r"|lines?|methods?|machines?|suppliers?|operators?|analysts?|sites?|regions?|types?|populations?|distributions?"
    r"|correlations?|steps?)\b",
    re.IGNORECASE,
)


def rounded_places(text: str) -> Iterator[tuple[int, int]]:
    """How far answers are to be rounded (``to three decimal places``), which no operation asks for."""
    for match in _PLACES.finditer(text):
        yield match.span("n")


def counted_things(text: str) -> Iterator[tuple[int, int]]:
    """How many there are of what a table holds anyway: ``the three methods``, ``these two groups``."""
    for match in _THINGS.finditer(text):
        yield match.span("n")


_NAMED_BY_NUMBER = re.compile(  # "on line one ... on line two"
    r"(?i)\b(?P<noun>line|machine|press|shift|plant|lot|batch|group|sample|supplier|vendor|operator|method|team|reactor|oven|"
    r"furnace|tool|die|mou?ld|cavity|station|process|site|lab|laboratory|instrument|gauge|crew|recipe|formulation|anlage|"
    r"maschine|linie|gruppe|linea|macchina|gruppo)"
    rf" (?P<n>[1-9]|one|{_FEW})\b(?![.,]\d|[ ]?[-+*/^%=]|[ ](?:to|or|-)[ ]\d|[ ]and[ ][1-9](?!\d))"
)


def numbered_names(text: str) -> Iterator[tuple[int, int]]:
    """The numbers of things of one kind that are told apart by them: ``line one`` and ``line two``."""
    found: dict[str, list[re.Match[str]]] = {}
    for match in _NAMED_BY_NUMBER.finditer(text):
        found.setdefault(match["noun"].casefold(), []).append(match)
    for matches in found.values():
        said = {1 if m["n"].casefold() == "one" else whole(m["n"]) for m in matches}
        if len(said) > 1 and said == set(range(1, len(said) + 1)):
            yield from (m.span("n") for m in matches)


_KINDS = re.compile(
    rf"(?i)(?<![\w.,=<>±/*^+-])(?P<n>\d{{1,2}}|{'|'.join(WORDS)})[ ]+"
    r"(?!of\b|by\b|x\b)(?:different[ ]+)?(?P<noun>[a-z]{3,15}s)\b"
)
_ASKED_IN_NUMBERS = re.compile(
    r"(?i)^(?:bins?|lags|periods|months|weeks|days|hours|minutes|seconds|components|clusters|decimals|digits|places|times|"
    r"replicates|levels|factors|points|degrees|sigmas?|centers|centres|percents?|blocks|sds|folds|units|steps|cents|"
    r"mins|secs|hrs|millimeters|microns|grams|kilos|liters|litres|defects|failures|events|defectives|nonconformities|"
    r"subgroups|outliers|rows|largest|smallest|groups|is|was|has|this|less|plus|minus|across|versus|process|standards|"
    r"deviations|opportunities|resamples|bootstraps|starts|runs|samples|successes)$"
)


def sides_of(table: Table) -> set[int]:
    """How many rows, columns and levels of its labels a table has."""
    columns = table.columns
    levels = {len(c.levels) for c in columns if isinstance(c, Labels)}
    return {len(columns[0]), len(columns), len(columns) - 1} | levels


def dimensions(text: str, sizes: Collection[int]) -> Iterator[tuple[int, int]]:
    """How many there are of what a pasted table has as many rows or columns of: ``four judges scored three wines``."""
    for match in _KINDS.finditer(text):
        said = whole(match["n"])
        if said < 2 or said not in sizes or _ASKED_IN_NUMBERS.match(match["noun"]):
            continue
        if not _NO_COUNT.search(text[: match.start()]):
            yield match.span("n")


_GAGE = re.compile(r"(?i)\b(?:gages?|gauges?|grr|r\s?&\s?r|msa|measurement system)\b")
_OF_A_STUDY = re.compile(
    r"(?<![\w.,=<>±/*^+-])(?P<n>\d{1,3}|two|three|four|five|six|eight|ten)[ \t]+(?:different[ ]+)?"
    r"(?:operators?|appraisers?|inspectors?|parts?|trials?|repeats?|repetitions|replicates?|readings?|measurements?|samples?|people|technicians|times)\b",
    re.IGNORECASE,
)


def counts_of_a_gage_study(text: str) -> Iterator[tuple[int, int]]:
    """How many operators, parts and trials a gage study has (``3 operators, 10 parts, 2 trials``): its data say so."""
    if _GAGE.search(text):
        for match in _OF_A_STUDY.finditer(text):
            yield match.span("n")


def numbers_classes(column: Column) -> bool:
    """``classes 1, 2 and 3`` beside a file are no data: 1, 2 and so on, a few of them."""
    texts = column.texts if isinstance(column, Sample) else ()
    return 2 <= len(texts) <= 6 and list(texts) == [str(i + 1) for i in range(len(texts))]
