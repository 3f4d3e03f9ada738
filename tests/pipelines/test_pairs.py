"""Pairs as training sees them: the program is learnt, the request only read; a long request is cut, no program."""

from __future__ import annotations

import numpy as np
from tiny_model import make_tokenizer

from havoc.corpus.packing import pack
from havoc.corpus.tokens import Encoded
from havoc.tokenizer.plans import PlanCodec
from pipelines.pairs import PROGRAM_RESERVE, encode_pairs
from pipelines.text import part_by_length

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


def test_short_pairs_fill_the_rows_of_the_long_ones() -> None:
    random = np.random.default_rng(0)
    lengths = [*random.integers(20, 90, 6000), *random.integers(129, 200, 600)]
    random.shuffle(lengths)
    pairs = [Encoded(str(i), [0] * int(n)) for i, n in enumerate(lengths)]
    short, long = part_by_length(pairs, 128, 385)
    assert sorted(p.key for p in [*short, *long]) == sorted(p.key for p in pairs)
    assert max(len(p.ids) for p in short) <= 128
    alone = [len(p.ids) for p in pairs if len(p.ids) > 128]
    assert sum(alone) < 0.9 * 385 * len(pack(alone, 385))
    filled = [len(p.ids) for p in long]
    assert sum(filled) > 0.99 * 385 * len(pack(filled, 385))


def test_without_long_pairs_all_are_of_one_group() -> None:
    pairs = [Encoded(str(i), [0] * 50) for i in range(9)]
    assert part_by_length(pairs, 384, 385) == (pairs, [])
