"""Words of a question that have not been read: whether they ask for more than was understood."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache

from havoc.dsl.grounding.column_names import name_parts
from havoc.dsl.grounding.loose_names import is_common, stem
from havoc.dsl.grounding.slots import COLUMN
from havoc.srs.questions.figures import FIGURES
from havoc.srs.questions.groups import LEAST, MOST
from havoc.srs.questions.words import Reading

# Words of other tasks than this: whoever asks for them is not asking a plain question.
_MORE = frozenset(
    """anova alike aside associated association autocorrelation bin binned bins blank blanks bootstrap capability change
    changed chart
    chi classify cohen complete confidence consecutive convert correlate correlated correlation
    correlations covariance cp cpk cumulative cut delete depend dependent depends dictionary differ difference
    differences
    different differs distinct divided drop dropped dummy duplicate duplicates effect empty equal encode encoded error
    estimate estimated expected extreme fill filled fit forecast geometric histogram hot hypothesis if impute
    imputed incomplete independent influence interaction interpolate interval join lag levene limit limits log log10
    matrix merge middle minus missing model models moving nan normal normalise normalised normalize
    normalized normally null odds otherwise outlier outliers p patch plot plus predict predicting prediction
    probability random ratio regress regression related relationship remove removing replace replacing rid risk
    rolling run scale scaled seasonal shows side significance significant significantly skewed sort sorted split
    standardise standardised standardize
    streak test tested testing tests times train training transform trend trimmed tukey unequal
    unique weibull weighted whether z = + *""".split()
)
_BY = frozenset("per by each every across".split())
_VERBS = frozenset("work works worked left play plays played live lives lived".split())
_INSTEAD = frozenset("not neither nor never".split())  # "not the mean, the median"
ROWS = frozenset("row record case entry observation item".split())
_ASKING = frozenset(
    "is are was were does do did percentage share proportion fraction average mean median total of in pair".split()
)
_AFTER_OR = frozenset(
    "more less above over higher older greater equal later earlier up below under".split()
)


def says_more(reading: Reading, tokens: Sequence[str]) -> bool:
    """Whether words that have not been read ask for more: another task, a group or a condition that is no column."""
    words = reading.words
    open_ = [i for i in range(len(words)) if not reading.roles[i]]
    if any(words[i : i + 2] == ["no", "longer"] for i in open_):
        return True
    if any(words[i] in _MORE or _misspelt(words[i]) for i in open_):
        return True
    things = {
        part.casefold().removesuffix("s")
        for s in reading.grounded.of("g")
        if reading.names_things(s.token) or s.token in reading.dates()
        for part in name_parts(s.value.name)
    } | ROWS
    for i in open_:
        if words[i] in _INSTEAD and set(words[i + 1 : i + 3]) & FIGURES.keys():
            return True
        behind = words[i + 1 : i + 2]
        taken_off = behind and (not behind[0].isalpha() or behind[0] in FIGURES)
        if words[i] == "-" and i and taken_off:
            if words[i - 1] == ")" or COLUMN.fullmatch(words[i - 1]):
                return True
            continue
        if words[i] == "or" and set(words[i + 1 : i + 2]).isdisjoint(_AFTER_OR):
            return True
        if (
            words[i] == "by"
            and "<op:table.top>" in tokens
            and behind
            and COLUMN.fullmatch(behind[0])
        ):
            continue  # what they are ranked by
        if words[i] in _BY and behind and reading.roles[i + 1] in ("", "measured", "condition"):
            ranked = (MOST | LEAST | {"top", "bottom"}) & set(words)
            if behind[0] == "combination" or (
                ranked and behind[0] in ("number", "count", *FIGURES)
            ):
                continue
            if (
                COLUMN.fullmatch(behind[0])
                or words[i] in ("by", "across")
                or behind[0].removesuffix("s") not in things
            ):
                return behind[0] not in (".", "?", "!", ";", ",")
        if words[i] in ("which", "what", "wich") and behind and behind[0].isalpha():
            unread = not reading.roles[i + 1] and behind[0] not in _ASKING | MOST | LEAST
            if unread and (MOST | LEAST | {"has", "had", "have"}) & set(words[i + 2 :]):
                return True
    return _speaks_of_others(reading, open_, tokens)


@lru_cache(4096)
def _misspelt(word: str) -> bool:
    """Whether a word is nearly one of those that ask for a figure: what it asks for is not for sure."""
    if len(word) < 5 or not word.isalpha() or word.endswith("er"):
        return False
    if word in FIGURES or word in MOST | LEAST:
        return False
    asked = [w for w in (*FIGURES, *MOST, *LEAST) if len(w) > 4]
    return bool(get_close_matches(word, asked, n=1, cutoff=0.8))


def _speaks_of_others(reading: Reading, open_: Sequence[int], tokens: Sequence[str]) -> bool:
    """Whether a word that was not read is a part of the name, or a cell, of a column that has no place yet."""
    columns = reading.grounded.of("c", "g")
    taken = {w for w in (*reading.words, *tokens) if COLUMN.fullmatch(w)}
    own = {p.casefold() for s in columns if s.token in taken for p in name_parts(s.value.name)}
    others = [s for s in columns if s.token not in taken and not reading.names_things(s.token)]
    parts = {p.casefold() for s in others for p in name_parts(s.value.name)}
    cells = {
        p.casefold()
        for s in reading.grounded.of("g")
        if reading.makes_groups(s.token)
        for level in s.value.levels
        for p in name_parts(level)
    }
    used = [
        s for s in columns if s.token in tokens and s.kind == "g" and s.token not in reading.dates()
    ]
    if {reading.words[i] for i in open_} & {x.casefold() for s in used for x in s.value.levels}:
        return True  # another cell of a column whose rows were asked for
    known = {stem(p) for p in parts | cells if len(p) > 2 and not is_common(p)}
    unread = {
        w
        for w in (reading.words[i] for i in open_)
        if w.isalpha() and w not in _VERBS and stem(w) in known
    }
    return any(not any(p.startswith(stem(w)) for p in own) for w in unread)
