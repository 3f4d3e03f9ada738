"""Columns that a request calls by other words than their headers: in part, in full, by a stem, run together.

``melt temperature`` is ``MeltTemp_C``, ``salary`` the only ``AnnualSalaryUSD``, ``closing`` the ``Close``, and
``siblings/spouses`` is ``SibSp``. Words that fit two columns alike name none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

from havoc.dsl.grounding.column_names import SHORT_FOR, SHORT_FOR_IN_A_NAME, bare_name, name_parts

MOST_READ = 400  # words of a request; a model reads fewer
MOST_WORDS = 6  # of a phrase that names a column
_WORD = re.compile(r"[^\W\d_]+(?:'s)?|\d+")
_HUMP = re.compile(r"[a-z][A-Z]")  # of a sign that is no word: "AgeGroup" is not the age
_HOW_MANY = frozenset("number amount count".split())
_LINKS = frozenset("of the a an in and per for their its his her by to".split())
RELATIONS = frozenset("from at on with within since until".split())
_JOINS = re.compile(r"[\s/_-]{1,3}|\s?\(|'s?\s")  # between two words of one phrase

# Parts of a header that people leave out: units, and what kind of figure it is.
_UNITS = frozenset(
    """c f k s h m g l d deg degc degf celsius kelvin sec secs second seconds min mins minute minutes hr hrs hour hours
    day days week weeks 
    ms us mm cm km um nm in inch ft kg mg lb lbs t n kn nm pa kpa mpa gpa bar mbar psi v mv kv a ma
    w kw mw kwh mwh j kj ohm hz khz mhz rpm ppm ppb pct percent eur usd gbp dollars euros pcs pc hrc hrb hv hb cp mpas
    ml wh sqm sqft m2 m3 mol db us ug u z x thousands thousand millions million""".split()
)
_SPANS = frozenset("years yrs yr months".split())
_KINDS = frozenset(
    "count cnt qty quantity number no num nr flag type kind value val level score label amount index avg average mean"
    " content total tot rel abs raw overall is has code category cat status grade".split()
)
_HOW_MANY_OF = frozenset("count cnt qty quantity number no num nr".split())
_IDENTIFIERS = frozenset(
    "id no nr num number code key index".split()
)  # as the last part: of one thing, not how many
_ALIKE: tuple[frozenset[str], ...] = (
    frozenset("count cnt number no num nr qty quantity".split()),
    frozenset("pct perc percent percentage share".split()),
    frozenset("avg ave average".split()),
    frozenset("time duration days hours minutes seconds".split()),
    frozenset("dept department".split()),
    frozenset("sex gender".split()),
    frozenset("wage salary pay".split()),
)
# Words of any question, which name no column by themselves nor stand for an abbreviation.
_COMMON = frozenset(
    """mean average median mode standard deviation variance range test tests data dataset set value values column
    columns row rows record records sample samples group groups number numbers count counts total sum percent
    percentage rate level levels type types time times date dates day days month months year years hour hours
    minute minutes second seconds week weeks name names result results difference differences significance
    significant model models score scores index order top max min maximum minimum limit limits size part parts
    unit units first last next new each every all other others both between compare compute create consider
    considering conduct condition conditions conclude confidence correlation correlated constant control
    distribution distributed during respectively perform report return replace remove relationship regression
    response predict prediction predictor independent interval process proportion normal normality null
    hypothesis outlier outliers missing method methods measure measurement calculate category categories code
    feature features variable variables field fields table file item items entry entries case cases line point
    points plot square error effect factor factors design run runs state states status give show find list make
    take use using where when with without than then that this these those which what who how many much does
    have has had are was were will would can could should from into over under above below after before per not
    only also cent share high higher highest low lower lowest large larger largest small smaller smallest long
    longer longest short more most less least same different any some there here please company people person
    persons individual individuals player players passenger passengers customer customers patient patients
    product products shipment shipments employee employees change changes term terms label labels ratio step
    random seed train training testing split accuracy squared root form format string integer float decimal
    decimals place places round rounded whether determine identify separately respective including based apply
    given available analysis analyse analyze explore examine investigate describe summary summarise summarize
    statistic statistics statistical strength direction linear nonlinear positive negative coefficient pearson
    spearman kendall mann whitney welch kruskal wallis levene shapiro wilk chi anova tukey matrix chart
    capability power alpha beta sigma upper target spec specification tolerance start end open close""".split()
)
_ALLOWED_ALONE = frozenset("open close cases".split())  # a header of one word that is also common
_ENDINGS = (
    "ations",
    "ation",
    "ings",
    "ing",
    "ness",
    "ally",
    "ers",
    "ied",
    "ies",
    "er",
    "ed",
    "es",
    "al",
    "ly",
    "s",
    "e",
    "y",
)
_FULL, _BUT_KIND, _HEAD = 0, 1, 2  # how much of a header was said


@dataclass(frozen=True)
class Spoken:
    """A phrase at ``start`` to ``end`` of a text that names the column at ``place`` of a list of headers."""

    start: int
    end: int
    place: int


def loosely_named(
    text: str, free: Sequence[tuple[int, int]], names: Sequence[str]
) -> Iterator[Spoken]:
    """Phrases in the ``free`` stretches of a text that name one of the headers ``names``, longest first.

    Phrases may overlap: the longer one, which comes first, is meant.
    """
    if not names:
        return
    headers = [_parts(name) for name in names]
    known = tuple(re.sub(r"[\W\d_]+", "", bare_name(n)).casefold() for n in names)
    found: list[tuple[int, Spoken]] = []
    places: dict[tuple[str, ...], int | None] = {}
    left = MOST_READ
    for begin, stop in free:
        words = [
            (m.group().casefold().removesuffix("'s"), m.start(), m.end())
            for m in islice(_WORD.finditer(text, begin, stop), left)
        ]
        left -= len(words)
        for i in range(len(words)):
            for n in range(min(MOST_WORDS, len(words) - i), 0, -1):
                phrase = words[i : i + n]
                if not _is_phrase(phrase, text):
                    continue
                whole = tuple(w for w, _, _ in phrase)
                if whole not in places:
                    places[whole] = _named(whole, headers, known)
                place = places[whole]
                if place is not None:
                    length = sum(w not in _LINKS for w in whole)
                    found.append((length, Spoken(phrase[0][1], phrase[-1][2], place)))
                    break
    for _, spoken in sorted(found, key=lambda f: -f[0]):
        yield spoken


def _named(
    whole: tuple[str, ...], headers: Sequence[tuple[str, ...]], known: Sequence[str]
) -> int | None:
    """The one header that a phrase names: by its words, without "number of", or by their beginnings."""
    said = tuple(w for w in whole if w not in _LINKS)
    place = _place(said, headers)
    if place is None and "of" in whole:
        place = _place([w for w in said if w not in _HOW_MANY], headers)
    if place is None and len(said) > 1:
        place = _run_together(said, whole, known)
    if place is None and len(said) > 1:
        place = _by_initials(whole, headers)
    return place


def _by_initials(whole: tuple[str, ...], headers: Sequence[tuple[str, ...]]) -> int | None:
    """The one header that has the first letters of the words: ``systolic blood pressure``, ``length of stay``."""
    short = {
        p
        for h in headers
        for p in h
        if 2 <= len(p) <= 4 and p not in _UNITS | _KINDS | _IDENTIFIERS | _COMMON
    }
    places = set()
    for size in range(2, min(4, len(whole)) + 1):
        for at in range(len(whole) - size + 1):
            run = whole[at : at + size]
            initials = "".join(w[0] for w in run)
            if initials not in short or any(w in _COMMON - _LINKS or w[0].isdigit() for w in run):
                continue
            said = [w for w in (*whole[:at], initials, *whole[at + size :]) if w not in _LINKS]
            places.add(_place(said, headers))
    return places.pop() if len(places) == 1 else None


def names_loosely(text: str, names: Sequence[str]) -> bool:
    """Whether a text speaks of one of the headers ``names``."""
    return next(loosely_named(text, [(0, len(text))], names), None) is not None


def _is_phrase(words: Sequence[tuple[str, int, int]], text: str) -> bool:
    """Whether words stand together, begin and end with one of its own, and are no part of a longer sign."""
    if words[0][0] in _LINKS or words[-1][0] in _LINKS:
        return False
    before, after = text[max(0, words[0][1] - 1) : words[0][1]], text[words[-1][2] :][:1]
    if any(_HUMP.search(text[a:b]) for _, a, b in words):
        return False
    if before in ("-", "_", "/", ".", "'") or after in ("-", "_", "(", "'"):
        return False
    return all(_JOINS.fullmatch(text[a[2] : b[1]]) for a, b in pairwise(words))


@lru_cache(2048)
def _parts(name: str) -> tuple[str, ...]:
    """The words of a header in lower case; what stands behind "in" is its unit, a share stands for "per ..."."""
    parts = [p.casefold() for p in name_parts(bare_name(name))]
    if "in" in parts[1:]:
        parts = parts[: parts.index("in", 1)]
    if "per" in parts[1:]:
        parts = [
            *parts[: parts.index("per", 1)],
            "rel",
        ]  # of two such names the one without is meant
    return tuple(p for p in parts if p not in _LINKS and not p.isdigit())


def _place(said: Sequence[str], headers: Sequence[tuple[str, ...]]) -> int | None:
    """The one header that the words name best; None where there are two, or none."""
    if not said or (len(said) == 1 and len(said[0]) < 3):
        return None
    ranks = [
        (rank, i)
        for i, h in enumerate(headers)
        if len(said) <= len(h) and (rank := _rank(said, h)) is not None
    ]
    if not ranks:
        return None
    best = min(r for r, _ in ranks)
    if [r for r, _ in ranks].count(best) > 1:
        return None
    rank, place = min(ranks)
    if all(w in _COMMON for w in said):
        bare = rank == _FULL and (len(said) > 1 or said[0] in _ALLOWED_ALONE)
        return place if bare else None
    return place


def _rank(said: Sequence[str], header: tuple[str, ...]) -> int | None:
    """How much of a header the words say; None where one of them is none of its own."""
    if not header or len(said) > len(header):
        return None
    if len(header) > 1 and header[-1] in _IDENTIFIERS and said[-1] not in _IDENTIFIERS:
        return None  # "how many parts" and "number of parts" are not the PartNo
    left = list(header)
    for word in said:
        part = next((p for p in left if _same(word, p)), None)
        if part is None:
            return None
        left.remove(part)
    if not left:
        return _FULL
    units = _UNITS | _SPANS if len(header) == 2 else _UNITS  # the years of an Age_years
    own = [p for p in header if p not in units] or list(header)
    kinds = [p for p in left if p not in units]
    if all(p in _KINDS for p in kinds):
        counted = bool(_HOW_MANY_OF & set(kinds))
        if counted and not set(said) & set(header):
            return None  # "hit by a player" is not the number_of_hits
        return _BUT_KIND if kinds else _FULL
    within = next((i for i, p in enumerate(own) if i and p in RELATIONS), len(own))
    head = own[
        within - 1
    ]  # a DistanceFromHome is a distance, what is Embarked At is where one embarked
    related = within < len(own)
    return _HEAD if head not in left and (related or not head.endswith("ed")) else None


@lru_cache(65_536)
def _same(word: str, part: str) -> bool:
    """Whether a word of a request is a part of a header: equal but for its ending, or what the part is short for."""
    if word == part or stem(word) == stem(part):
        return True
    if any(word in alike and part in alike for alike in _ALIKE):
        return True
    long = SHORT_FOR.get(part) or SHORT_FOR_IN_A_NAME.get(part)
    if long and re.fullmatch(rf"(?:{long})s?", word):
        return True
    if len(part) < 3 or len(word) <= len(part):
        return False
    if word.startswith(part):
        return part not in _UNITS
    skeleton = re.sub(r"[aeiou]", "", part)
    return len(part) > 3 and skeleton == part and _within(part, word)


def _within(part: str, word: str) -> bool:
    """Whether the letters of an abbreviation stand in a word in their order, first and last in their places."""
    letters = iter(word)
    return word[0] == part[0] and word[-1] == part[-1] and all(x in letters for x in part)


@lru_cache(16_384)
def stem(word: str) -> str:
    """Return a word without its ending: closing and closed are one."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= (3 if ending == "s" else 4):
            return stem(word.removesuffix(ending)) if ending == "s" else word.removesuffix(ending)
    return word


def is_common(word: str) -> bool:
    """Whether a word is one of any question, and names no column by itself."""
    return word in _COMMON or word in _LINKS


def _run_together(
    said: tuple[str, ...], whole: tuple[str, ...], known: Sequence[str]
) -> int | None:
    """The one header that is made of the beginnings of the words, one after the other: ``gdpPercap``, ``SibSp``."""
    if all(w in _COMMON for w in said):
        return None
    places = [
        i
        for i, name in enumerate(known)
        if len(name) >= 5 and (_begins(name, said) or _begins(name, whole))
    ]
    return places[0] if len(places) == 1 else None


@lru_cache(65_536)
def _begins(name: str, words: tuple[str, ...]) -> bool:
    """Whether a name is two letters or more of each word; one is enough where another stands whole in it."""
    if not words:
        return not name
    word, rest = words[0], words[1:]
    least = 1 if rest and len(rest[0]) > 3 and name[1:] == rest[0] else 2
    for n in range(min(len(word), len(name)), least - 1, -1):
        if name.startswith(word[:n]) and _begins(name[n:], rest):
            return True
    return False
