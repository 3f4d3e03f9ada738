"""An open question answered from the library: sentences of the passages that speak of it, each with its citation.

Nothing is written anew. A passage counts only if it speaks of what was asked: the question's rare words must be in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from havoc.srs.state import Passage

MOST_SENTENCES = 6
DOCSTRINGS = frozenset(("scipy", "pandas", "sympy", "numpy", "statsmodels", "scikit-learn", "pint"))
ENOUGH = 0.6  # share of the question's content words that a passage must have
_STOP = frozenset(
    (
        "a an the of to in on for and or is are was be do does did i you we it its this that "
        "these those what when where which who why how should would can could will explain tell "
        "me about define definition mean meaning means use used using difference between vs "
        "versus with without please need know understand describe example examples as at by from "
        "if my not than then there they give get better best one two"
    ).split()
)
_EXAMPLE = re.compile(r"example|keywords|words for", re.IGNORECASE)
_DEFINES = re.compile(
    r"\b(?:is|are|means|measures|tells|compares|describes|estimates|gives|has|have)\b"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence with the number (from 1) of its passage and how well it answers."""

    text: str
    passage: int
    place: int
    score: float


def explained(question: str, passages: Sequence[Passage]) -> str | None:
    """The answer in Markdown, or None if no passage speaks of what was asked."""
    asked = content_words(question)
    fitting = [(i, p) for i, p in enumerate(passages, 1) if _speaks_of(p, asked)]
    prose = [(i, p) for i, p in fitting if p.source not in DOCSTRINGS]
    fitting = prose or fitting
    if not asked or not fitting:
        return None
    found = [s for i, p in fitting[:3] for s in _scored(p, i, asked)]
    best = sorted(found, key=lambda s: -s.score)[:MOST_SENTENCES]
    if not best:
        return None
    first = best[0]
    others = sorted((s for s in best[1:]), key=lambda s: (s.passage, s.place))
    told = [f"{first.text} [[{first.passage}]](#c:{first.passage})"]
    for number in dict.fromkeys(s.passage for s in others):
        text = " ".join(s.text for s in others if s.passage == number)
        told.append(f"{text} [[{number}]](#c:{number})")
    used = sorted({first.passage, *(s.passage for s in others)})
    sources = [f"- [[{n}]](#c:{n}) {passages[n - 1].title}, {passages[n - 1].source}" for n in used]
    return "\n\n".join([*told, "### Sources\n\n" + "\n".join(sources)])


def content_words(text: str) -> set[str]:
    """The words that say what is asked about, without endings."""
    words = re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)*", text.casefold())
    parts = {p for w in words for p in w.split("-")}
    return {_stem(w) for w in parts if w not in _STOP and (len(w) > 2 or w in ("t", "f", "r", "p"))}


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ities", "ity", "ies", "ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _speaks_of(passage: Passage, asked: set[str]) -> bool:
    there = content_words(f"{passage.title} {passage.text}")
    return len(asked & there) >= max(1, ENOUGH * len(asked)) and bool(asked & there)


def _scored(passage: Passage, number: int, asked: set[str]) -> list[Sentence]:
    title = content_words(passage.title)
    about = 0.5 * len(asked & title)
    out = []
    for place, text in enumerate(_sentences(passage.text)):
        words = content_words(text)
        hit = len(asked & words)
        if not hit and not (about and place < 3):
            continue
        score = hit + about - 0.05 * place - 0.3 * (number - 1)
        score += 0.6 if _DEFINES.search(text) and place < 4 else 0.0
        score += 1.0 if content_words(" ".join(text.split()[:4])) & asked else 0.0
        score -= 2.0 if _EXAMPLE.search(passage.title) else 0.0
        out.append(Sentence(text, number, place, score))
    return out


def _sentences(text: str) -> list[str]:
    """Sentences of running text: headings, tables, lists of code and formulas are left out."""
    text = re.sub(r"```.*?```", " ", text, flags=re.DOTALL)
    lines = [line for line in text.split("\n") if not re.match(r"\s*(?:#|\||>|\$)", line)]
    plain = re.sub(r"\s+", " ", re.sub(r"^\s*(?:[-*]|\d+\.)\s+", "", "\n".join(lines), flags=re.M))
    pieces = re.split(r"(?<=[.!?])\s+(?=[A-Z0-9`*\"(])", plain)
    pieces = [p for p in pieces if not p.startswith(("Keywords:", "See also", "Reference"))]
    return [p.strip() for p in pieces if 25 <= len(p.strip()) <= 420 and p.strip()[-1] in ".!?)"]
