from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from lark import Lark
from lark.exceptions import LarkError
from llguidance import LLMatcher, LLTokenizer
from programs import programs

from havoc.dsl import grammar
from havoc.dsl.formatter import format_program

LARK = Lark(grammar.for_lark(), parser="lalr", lexer="contextual")
TOKENIZER = LLTokenizer("byte")
COMPILED = LLMatcher.grammar_from_lark(grammar.for_llguidance())
ALPHABET = [*'ab1.,()[]"`=~+-*/^:%<>!# \n\\', "..", " and ", " or ", "1e5", " degC", "µ", "e"]


def parser_accepts(text: str) -> bool:
    try:
        LARK.parse(text)
    except LarkError:
        return False
    return True


def constraint_accepts(text: str) -> bool:
    matcher = LLMatcher(TOKENIZER, COMPILED, log_level=0)
    data = list(text.encode())
    return bool(matcher.try_consume_tokens(data) == len(data) and matcher.is_accepting())


def mutated(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    cut = rng.choice([0, 0, 1, 1, 2])
    return text[:at] + rng.choice(["", *ALPHABET]) + text[at + cut :]


@pytest.mark.parametrize(
    ("value", "accepted"),
    [
        ("1..2", True),
        ("1...5", True),
        ("1.", False),
        ("x + 1..2", False),
        ("x + 1.5..2", True),
        ("x + 1 .. 2", True),
        ("1e5E", True),
        ("5eV", False),
        ("5 eV", True),
        ("5 m^2and 3", True),
        ("5 mm/2", False),
        ("5 mm / 2", True),
        ("5 and*x", False),
        ("x > 3 and", False),
        ("x > 3 andy", True),
        ("android", True),
        ("3 x*(2)", False),
        ("y ~ a ~ b", False),
        ("`a\\`b`", True),
        ("``", False),
    ],
)
def test_the_edges_of_the_lexers_fall_together(value, accepted):
    text = f"f.g({value})"
    assert (parser_accepts(text), constraint_accepts(text)) == (accepted, accepted)


def test_llguidance_reads_the_grammar_without_complaint():
    assert LLMatcher.validate_grammar(COMPILED, TOKENIZER) == ""


def test_parser_and_constraint_accept_and_refuse_the_same_strings():
    seen: dict[str, bool] = {}

    @settings(
        max_examples=190,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(programs)
    def compare(program):
        text = format_program(program)
        rng = random.Random(text)
        variants = [text]
        for _ in range(6):
            variants.append(mutated(variants[rng.randrange(len(variants))], rng))
        for variant in variants:
            verdict = parser_accepts(variant)
            assert constraint_accepts(variant) == verdict, variant
            seen[variant] = verdict

    compare()
    assert len(seen) >= 1000
    assert sum(seen.values()) >= 300
    assert sum(not v for v in seen.values()) >= 300
