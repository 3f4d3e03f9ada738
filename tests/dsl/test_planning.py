"""The planner's grammar: whatever it admits is a program that parses and binds."""

from __future__ import annotations

import random

import numpy as np
import pytest
from llguidance import LLMatcher, LLTokenizer, TokenizerWrapper

from havoc.dsl.grounding.ground import ground
from havoc.dsl.parser import parse
from havoc.dsl.planning import lexicalise, question_between, request_grammar
from havoc.dsl.vocabulary import (
    EXPLAIN,
    REFUSE,
    op_token,
    param_tokens,
    program_tokens,
    reserved_tokens,
)
from havoc.errors import NeedsClarification
from havoc.tools.operation import operations

REQUESTS = (
    "is the mean of fill weights: 502 498 505 499 503 equal to 500 at alpha 0.05?",
    "full factorial with temp 20-30 C, pressure 1-5 bar and catalyst A/B, 3 centre points",
    "a,b\n1,2\n3,4\n5,7\nregress b on a and predict at 4",
    "solve x^2 - 5x + 6 = 0 for x",
    "hello",
)
NAMES = ["<end>", *program_tokens()]


class Pieces:
    eos_token_id = 0
    bos_token_id = None
    tokens = [n.encode() for n in NAMES]  # noqa: RUF012
    special_token_ids = list(range(len(NAMES)))  # noqa: RUF012

    def __call__(self, text: str | bytes) -> list[int]:
        return []


@pytest.fixture(scope="module")
def tokenizer() -> LLTokenizer:
    return LLTokenizer(TokenizerWrapper(Pieces()))


def walk(matcher: LLMatcher, rng: random.Random, limit: int = 80) -> list[str] | None:
    """A random program under the grammar, or None where it did not end in time."""
    out: list[str] = []
    for _ in range(limit):
        bits = np.unpackbits(
            np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8), bitorder="little"
        )
        allowed = np.flatnonzero(bits[: len(NAMES)])
        assert len(allowed), matcher.get_error()
        token = 0 if 0 in allowed and rng.random() < 0.5 else int(rng.choice(list(allowed)))
        if token == 0:
            return out
        matcher.consume_token(token)
        out.append(NAMES[token])
    return None


@pytest.mark.parametrize("request_text", REQUESTS)
def test_random_programs_under_the_grammar_parse(request_text: str, tokenizer: LLTokenizer) -> None:
    grounded = ground(request_text)
    grammar = request_grammar(grounded)
    parsed = 0
    for seed in range(60):
        matcher = LLMatcher(tokenizer, grammar)
        assert not matcher.is_error(), matcher.get_error()
        tokens = walk(matcher, random.Random(seed))
        if tokens is None or tokens in ([EXPLAIN], [REFUSE]):
            continue
        try:
            text = lexicalise(tokens, grounded)
        except NeedsClarification:
            continue
        names = {s.operation for s in parse(text).statements}
        assert names <= {*operations(), "table", "data"}
        parsed += 1
    assert parsed > 5


def test_numbers_out_of_a_parameters_limits_are_not_offered() -> None:
    grammar = request_grammar(
        ground("500 and 0.05"), {"stats.t_test_one": operations()["stats.t_test_one"]}
    )
    (alpha,) = grammar.split("<p:alpha>")[1:2]
    assert "<n1>" in alpha.split(")")[0]
    assert "<n0>" not in alpha.split(")")[0].replace("<1->", "")


def test_every_operation_and_parameter_has_a_reserved_token() -> None:
    reserved = set(reserved_tokens())
    for operation in operations().values():
        assert op_token(operation) in reserved
        for parameter in operation.parameters:
            assert set(param_tokens(parameter)) <= reserved


def test_slots_are_written_back_as_the_request_has_them() -> None:
    grounded = ground(
        "box-behnken: temperature 150-200 degC, pressure 1-5 bar, time 10-30 min, 3 centres"
    )
    tokens = ["<op:doe.box_behnken>", "<f0>", "<f1>", "<f2>", "<p:centers>", "<n0>", "<)>"]
    assert lexicalise(tokens, grounded) == (
        "r1 = doe.box_behnken(temperature=150..200 degC, pressure=1..5 bar, time=10..30 min, centers=3)\n"
    )


def test_a_missing_input_becomes_one_question() -> None:
    with pytest.raises(NeedsClarification, match="Which data"):
        lexicalise(["<op:spc.i_mr>", "<p:x>", "<ask>", "<)>"], ground("make a chart"))


def test_two_readings_are_told_apart_by_a_question() -> None:
    question = question_between([["stats.t_test_two"], ["stats.t_test_paired"]], [None, None])
    assert "(a)" in question
    assert "(b)" in question
