"""What a request says of its preparations: with what missing cells are filled, what is counted of them.

``impute age with the median`` fills with the median, whatever was proposed; ``how many values are missing in each
column`` is an overview of the table and no count of its cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import Grounded, request_words
from havoc.dsl.methods import named_methods
from havoc.srs.calls import calls_of, joined, runs, without

FILLS = r"(?:fill|fills|filled|filling|replace|replaces|replaced|replacing|impute|imputes|imputed|imputing|imputation)"
# Words for what is put into missing cells, and the method that they name.
FILL_METHODS = {
    "mean": "mean",
    "average": "mean",
    "median": "median",
    "mode": "mode",
    "most frequent": "mode",
    "most common": "mode",
    "most frequently": "mode",
    "forward": "forward",
    "ffill": "forward",
    "previous": "forward",
    "backward": "backward",
    "bfill": "backward",
}
_SAID = re.compile(
    rf"\b{FILLS}\b(?: [^ .;|]+){{0,9}}? (?:with|by|using|to|as|of|is|-)?(?: (?:the|a|its|their|each|column|own"
    rf"|overall|respective|corresponding))* ?\b(?P<method>{'|'.join(FILL_METHODS)})\b"
)
_COUNTED = re.compile(
    r"\b(?:how many|number of|count of|percentage of|percent of|percentage|share of|proportion of|fraction of"
    r"|how much)(?: [^ .;|]+){0,6}? (?:missing|null|nulls|nan|nans|empty|blank)\b"
    r"|\b(?:missing|null|nan|empty) (?:values|cells|entries|data)(?: [^ .;|]+){0,3}?"
    r" (?:per|in|for|of) (?:each|every|all)"
    r"|\b(?:are there|detect|find|check for|identify)(?: [^ .;|]+){0,3}? missing (?:values|data|cells|entries)\b"
)
_HANDLED = frozenset(
    """fill filled filling replace replaced replacing impute imputed imputing drop dropping dropped remove removing
    removed exclude excluding excluded delete deleting deleted ignore ignoring ignored handle handling interpolate
    without discard disregard skip clean cleaning treat omit leave leaving consider considered considering not no"""
    .split()
)  # fmt: skip


def with_fill_methods(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program with the one way of filling missing cells that the request says."""
    if tokens.count("<op:table.fill_missing>") != 1:
        return tokens
    text = " ".join(request_words(grounded.text))
    said = {FILL_METHODS[m["method"]] for m in _SAID.finditer(text)}
    if len(said) != 1:
        return tokens
    (method,) = said
    calls = []
    for call in calls_of(tokens):
        if call[0] == "<op:table.fill_missing>" and "<p:value>" not in call:
            worded = any(t.startswith("<g") for t in call)
            if not worded or method not in ("mean", "median"):
                rest = [t for t in call[:-1] if not t.startswith("<p:method=")]
                calls.append((*rest, f"<p:method={method}>", v.END_CALL))
                continue
        calls.append(call)
    return joined(calls)


@lru_cache(64)
def counts_missing(text: str) -> bool:
    """Whether a request asks how many cells are missing, and for nothing to be done with them."""
    words = request_words(text)
    named = named_methods(text)
    if _HANDLED & set(words) or (named and "table.describe" not in named):
        return False
    return _COUNTED.search(" ".join(words)) is not None


def overlooks_missing(tokens: Sequence[str], text: str) -> bool:
    """Whether a program tells nothing of missing cells, though it is they that are asked about."""
    return runs(tokens) and "<op:table.describe>" not in tokens and counts_missing(text)


_REMOVALS = r"(?:remov\w+|drop\w*|delet\w+|exclud\w+|discard\w*)"
# By the preparation, the words that say it is not wanted.
_DENIED = {
    operation: re.compile(
        rf"\b(?:not|never|without|don t|no)(?: (?:be|to|any|first|yet))?(?: [^ .;,|]+)? {words}"
    )
    for operation, words in (
        ("<op:table.fill_missing>", rf"{FILLS}\b"),
        ("<op:table.remove_outliers>", rf"{_REMOVALS}(?: [^ .;,|]+){{0,3}}? outlier"),
        ("<op:table.drop_duplicates>", rf"{_REMOVALS}(?: [^ .;,|]+){{0,3}}? duplicat"),
        ("<op:table.drop_missing>", rf"{_REMOVALS}(?: [^ .;,|]+){{0,4}}? (?:missing|empty|null)"),
    )
}


@lru_cache(64)
def denied_preparations(text: str) -> frozenset[str]:
    """The operations, as program tokens, that a request does not want: ``do not fill missing cells``."""
    words = " ".join(request_words(text))
    return frozenset(o for o, p in _DENIED.items() if p.search(words))


def without_denied(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the program without preparations that the request does not want: ``do not fill missing cells``."""
    denied = denied_preparations(grounded.text)
    calls: Sequence[Sequence[str]] = calls_of(tokens)
    while len(calls) > 1:
        at = next((k for k, c in enumerate(calls) if c[0] in denied and "<p:data>" in c), None)
        if at is None:
            break
        calls = without(calls, at)
    return joined(calls)


def as_overview(tokens: tuple[str, ...], grounded: Grounded) -> tuple[str, ...]:
    """Return the overview of the table in place of one call that tells nothing of the missing cells asked about."""
    tables = grounded.of("t")
    calls = calls_of(tokens)
    if len(calls) != 1 or len(tables) != 1 or not overlooks_missing(tokens, grounded.text):
        return tokens
    return ("<op:table.describe>", "<p:data>", tables[0].token, v.END_CALL)
