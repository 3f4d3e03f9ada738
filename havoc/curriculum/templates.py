"""The template language: alternatives, fields and word lists, expanded at random."""

from __future__ import annotations

import random
import re
from functools import cache

from havoc.curriculum.thesaurus import WORDS

# A template is parsed into a tree: str, ("field", name), or a list of alternatives, each a sequence.
Node = str | tuple[str, str] | list[list["Node"]]
_TOKEN = re.compile(r"[(|)]|\{[\w.]+\}|@[a-z]+|[^(|){@]+|[{@]")


@cache
def parse_template(text: str) -> tuple[Node, ...]:
    """Parse once; raises ValueError where brackets do not close or a word list is unknown."""
    tokens = _TOKEN.findall(text)
    nodes, rest = _sequence(tokens, 0, text)
    if rest < len(tokens):
        raise ValueError(f"template has an unopened ')' : {text}")
    return tuple(nodes)


def _sequence(tokens: list[str], i: int, text: str) -> tuple[list[Node], int]:
    nodes: list[Node] = []
    while i < len(tokens) and tokens[i] not in ("|", ")"):
        token = tokens[i]
        if token == "(":
            alternatives: list[list[Node]] = []
            while True:
                branch, i = _sequence(tokens, i + 1, text)
                alternatives.append(branch)
                if i >= len(tokens):
                    raise ValueError(f"template has an open '(' : {text}")
                if tokens[i] == ")":
                    break
            if len(alternatives) == 1:  # no alternative: brackets of the text, as in P({a} < X)
                nodes += ["(", *alternatives[0], ")"]
            else:
                nodes.append(alternatives)
        elif token.startswith("{") and len(token) > 1:
            nodes.append(("field", token[1:-1]))
        elif token.startswith("@") and len(token) > 1:
            if token[1:] not in WORDS:
                raise ValueError(f"unknown word list {token} in: {text}")
            nodes.append(parse_template(WORDS[token[1:]])[0])
        else:
            nodes.append(token)
        i += 1
    return nodes, i


def expand(template: str, rng: random.Random) -> list[tuple[str, str | None]]:
    """One random text of a template as parts: (literal, None) or ("", field name)."""
    parts: list[tuple[str, str | None]] = []

    def walk(nodes: tuple[Node, ...] | list[Node]) -> None:
        for node in nodes:
            if isinstance(node, str):
                parts.append((node, None))
            elif isinstance(node, tuple):
                parts.append(("", node[1]))
            else:
                walk(rng.choice(node))

    walk(parse_template(template))
    return parts


def expand_text(template: str, rng: random.Random) -> str:
    """One random text of a template without fields."""
    return "".join(text for text, _ in expand(template, rng))


def fields_of(template: str) -> set[str]:
    """Every field a template may mention."""
    return set(re.findall(r"\{([\w.]+)\}", template))
