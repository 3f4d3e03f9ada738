"""What the curriculum teaches the grammar admits: a program that is not admitted can never be written."""

from __future__ import annotations

from collections import Counter

import pytest

from havoc.curriculum.generator import all_lessons, examples
from havoc.dsl.planning import offered
from havoc.dsl.vocabulary import program_tokens
from havoc.inference.admission import END_INDEX, Admission, Vocabulary
from havoc.tools.operation import operations

VOCABULARY = Vocabulary(
    ["<end>", *program_tokens()], offered(dict(operations()), lambda token: True)
)


@pytest.mark.parametrize("split", ["train", "phrasing", "combination"])
def test_every_program_of_the_curriculum_is_admitted_for_its_request(split):
    refused: Counter[str] = Counter()
    for example in examples(all_lessons(), "admitted", 700, split=split):
        state = Admission(VOCABULARY, example.grounded).start()
        for token in example.program:
            index = VOCABULARY.index[token]
            if index not in state.allowed:
                refused[f"{token} of {' '.join(example.program)} for {example.text}"] += 1
                break
            state = state.after(index)
        else:
            assert END_INDEX in state.allowed, example.program
    # one reading in hundreds of requests runs two numbers together that only an expert would part
    assert sum(refused.values()) <= 1, refused
