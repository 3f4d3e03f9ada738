"""Quality rules with thresholds fit for technical text.

Web-text rules (braces, final punctuation, mean word length) throw away formulas and short
definitions; four fifths of scientific documentation would go. These keep them and drop tables of
symbols, dumps and lists of names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_COMMON = (
    "a an and are as at be by can for from has have if in is it not of on or that the then this to "
    "we when where which with you"
)
STOP_WORDS = frozenset(re.findall(r"\w+", _COMMON))
_WORD = re.compile(r"[A-Za-z']+|\d+(?:\.\d+)?")


@dataclass(frozen=True)
class QualityRules:
    """Thresholds of the quality filters; a document must meet every one."""

    min_characters: int = 100
    min_words: int = 20
    min_letter_share: float = 0.4
    min_type_token_ratio: float = 0.20
    min_stop_words: int = 1
    max_mean_word_length: float = 14.0
    max_repeated_line_share: float = 0.3
    max_broken_share: float = 0.001
    # Ratios of types to tokens fall with length, so they are taken over windows of this many words.
    window: int = 200


@dataclass(frozen=True)
class Verdict:
    """Why a document was removed: the rule, and what was measured."""

    rule: str
    measured: float


def judge(text: str, rules: QualityRules) -> Verdict | None:
    """Return the first rule that ``text`` breaks, or None."""
    words = _WORD.findall(text.lower())
    for name, broken in _CHECKS:
        measured = broken(text, words, rules)
        if measured is not None:
            return Verdict(name, round(measured, 4))
    return None


def _too_short(text: str, words: list[str], rules: QualityRules) -> float | None:
    short = len(words) < rules.min_words or len(text) < rules.min_characters
    return len(words) if short else None


def _broken_characters(text: str, words: list[str], rules: QualityRules) -> float | None:
    share = text.count("\ufffd") / len(text)
    return share if share > rules.max_broken_share else None


def _few_letters(text: str, words: list[str], rules: QualityRules) -> float | None:
    share = sum(map(str.isalpha, text)) / len(text)
    return share if share < rules.min_letter_share else None


def _no_sentence(text: str, words: list[str], rules: QualityRules) -> float | None:
    count = sum(1 for word in words if word in STOP_WORDS)
    return count if count < rules.min_stop_words else None


def _long_words(text: str, words: list[str], rules: QualityRules) -> float | None:
    mean = sum(map(len, words)) / len(words)
    return mean if mean > rules.max_mean_word_length else None


def _monotonous(text: str, words: list[str], rules: QualityRules) -> float | None:
    ratios = []
    for start in range(0, len(words), rules.window):
        part = words[start : start + rules.window]
        if len(part) == rules.window or start == 0:
            ratios.append(len(set(part)) / len(part))
    ratio = sum(ratios) / len(ratios)
    return ratio if ratio < rules.min_type_token_ratio else None


def _repeated_lines(text: str, words: list[str], rules: QualityRules) -> float | None:
    lines = [line.strip() for line in text.split("\n") if len(line.strip()) > 3]
    if len(lines) < 5:
        return None
    share = 1 - len(set(lines)) / len(lines)
    return share if share > rules.max_repeated_line_share else None


_Check = Callable[[str, list[str], QualityRules], float | None]
_CHECKS: tuple[tuple[str, _Check], ...] = (
    ("short", _too_short),
    ("broken characters", _broken_characters),
    ("few letters", _few_letters),
    ("no sentence", _no_sentence),
    ("long words", _long_words),
    ("monotonous", _monotonous),
    ("repeated lines", _repeated_lines),
)
RULE_NAMES = tuple(name for name, _ in _CHECKS)
