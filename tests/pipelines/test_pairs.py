"""Pairs as training sees them: the program is learnt, the request only read; a long request is cut, no program."""

from __future__ import annotations

from tiny_model import make_tokenizer

from havoc.tokenizer.plans import PlanCodec
from pipelines.pairs import PROGRAM_RESERVE, encode_pairs

PROGRAM = "<op:stats.t_test_one> <p:target> <n2> <p:x> <list> <n0> <n1> </list> <)>"


def test_the_request_is_read_and_the_program_learnt() -> None:
    codec = PlanCodec(make_tokenizer())
    record = {"id": "a", "text": "is <n0> <n1> at <n2>", "program": PROGRAM}
    (pair,) = encode_pairs([record], codec, 256)
    answer = codec.program(PROGRAM.split())
    assert list(pair.ids)[-len(answer) :] == list(answer)
    assert list(pair.weights) == [0.0] * (len(pair.ids) - len(answer)) + [1.0] * len(answer)


def test_a_long_request_leaves_room_for_its_program() -> None:
    codec = PlanCodec(make_tokenizer())
    record = {"id": "a", "text": "word " * 900, "program": PROGRAM}
    (pair,) = encode_pairs([record], codec, 256)
    assert len(pair.ids) <= 256 - PROGRAM_RESERVE + len(codec.program(PROGRAM.split()))
