"""The planner's grammar: whatever it admits is a program that parses and binds."""

from __future__ import annotations

import random
import re

import pytest

from havoc.dsl.executor import run_text
from havoc.dsl.grounding.ground import ground
from havoc.dsl.grounding.slots import Grounded
from havoc.dsl.parser import parse
from havoc.dsl.planning import argument_grammar, gives_data, lexicalise, offered, question_between
from havoc.dsl.vocabulary import (
    EXPLAIN,
    REFUSE,
    op_token,
    param_tokens,
    program_tokens,
    reserved_tokens,
)
from havoc.errors import NeedsClarification
from havoc.inference.admission import END_INDEX, Admission, State, Vocabulary
from havoc.tools.operation import operations
from havoc.tools.values import Labels, Table

REQUESTS = (
    "is the mean of fill weights: 502 498 505 499 503 equal to 500 at alpha 0.05?",
    "full factorial with temp 20-30 C, pressure 1-5 bar and catalyst A/B, 3 centre points",
    "a,b\n1,2\n3,4\n5,7\nregress b on a and predict at 4",
    "solve x^2 - 5x + 6 = 0 for x",
    "hello",
)
NAMES = ["<end>", *program_tokens()]


VOCABULARY = Vocabulary(NAMES, offered(dict(operations()), lambda token: True))


def grammar_of(operation: str, parameter: str, grounded: Grounded) -> str:
    return argument_grammar(operations()[operation].by_name[parameter], grounded, ()) or ""


def walk(state: State, rng: random.Random, limit: int = 80) -> list[str] | None:
    """A random program under the grammar, or None where it did not end in time."""
    out: list[str] = []
    for _ in range(limit):
        allowed = state.allowed.tolist()
        token = END_INDEX if END_INDEX in allowed and rng.random() < 0.5 else rng.choice(allowed)
        if token == END_INDEX:
            return out
        state = state.after(token)
        out.append(NAMES[token])
    return None


@pytest.mark.parametrize("request_text", REQUESTS)
def test_random_programs_under_the_grammar_parse(request_text: str) -> None:
    grounded = ground(request_text)
    admission = Admission(VOCABULARY, grounded)
    parsed = 0
    for seed in range(150):
        tokens = walk(admission.start(), random.Random(seed))
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
    alpha = grammar_of("stats.t_test_one", "alpha", ground("500 and 0.05"))
    assert "<n1>" in alpha
    assert "<n0>" not in alpha.replace("<1->", "")


def test_a_quantity_with_a_unit_is_no_level_and_a_level_is_no_quantity() -> None:
    grounded = ground("mean within 0.5 g at 95%, sigma 2 g")
    margin, sd, level = (
        grammar_of("stats.sample_size_mean", p, grounded) for p in ("margin", "sd", "confidence")
    )
    assert "<n0>" in margin
    assert "<n1>" not in margin
    assert "<n1>" not in sd
    assert "<n1>" in level
    assert "<n0>" not in level


def test_a_count_has_no_unit_but_what_is_counted_in_time() -> None:
    grounded = ground("test 1500 h per unit, 24 units, forecast 6 weeks")
    units = grammar_of("quality.demonstration_test", "units", grounded)
    assert "<n1>" in units
    assert "<n0>" not in units
    assert "<n2>" in grammar_of("stats.exponential_smoothing", "horizon", grounded)


def test_a_column_of_words_is_compared_with_its_own_cells() -> None:
    table = Table((Labels("sex", ("male", "female")), Labels("port", ("C", "S"))))
    grounded = ground("only 'male' of port 'S'", {"passengers.csv": table})
    grammar = grammar_of("table.filter", "where", grounded)
    columns = {s.value.name: s.token for s in grounded.of("g")}
    cells = {s.value: s.token for s in grounded.of("s")}
    for column, cell, other in (("sex", "male", "S"), ("port", "S", "male")):
        assert re.search(rf"{columns[column]} \([^)]*\) \({cells[cell]}\)", grammar)
        assert not re.search(rf"{columns[column]} \([^)]*\) \([^)]*{cells[other]}", grammar)


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


@pytest.mark.parametrize("name", sorted(operations()))
def test_plans_go_on_with_the_operations_that_give_data(name):
    if name.split(".")[0] not in ("table", "doe"):
        assert not gives_data(name)
        return
    result = run_text(operations()[name].examples[0]).steps[-1].result
    assert gives_data(name) == (result.data is not None)


def test_arguments_come_in_any_order_each_once_and_the_required_ones_all() -> None:
    grounded = ground("mean within 0.5 g at 95%, sigma 2 g")
    start = Admission(VOCABULARY, grounded).start()

    def allowed_after(*tokens: str) -> set[str]:
        state = start
        for token in tokens:
            state = state.after(VOCABULARY.index[token])
        return {NAMES[t] for t in state.allowed}

    call = ("<op:stats.sample_size_mean>",)
    assert {"<p:margin>", "<p:sd>", "<p:confidence>"} <= allowed_after(*call)
    assert "<)>" not in allowed_after(*call, "<p:margin>", "<n0>")
    late = allowed_after(*call, "<p:confidence>", "<n1>", "<p:sd>", "<n2>")
    assert "<p:margin>" in late
    assert not {"<p:sd>", "<p:confidence>", "<)>"} & late
    whole = (*call, "<p:confidence>", "<n1>", "<p:sd>", "<n2>", "<p:margin>", "<n0>")
    assert "<)>" in allowed_after(*whole)
    assert lexicalise([*whole, "<)>"], grounded) == (
        "r1 = stats.sample_size_mean(margin=0.5 g, sd=2 g, confidence=95%)\n"
    )


def test_a_condition_goes_on_or_ends_where_it_is_whole() -> None:
    table = Table((Labels("port", ("C", "S")),))
    grounded = ground("only port 'S'", {"passengers.csv": table})
    state = Admission(VOCABULARY, grounded).start()
    (column,) = grounded.of("g")
    (cell,) = grounded.of("s")
    for token in ("<op:table.filter>", "<p:where>", column.token, "<eq>"):
        state = state.after(VOCABULARY.index[token])
    assert {NAMES[t] for t in state.allowed} == {cell.token}
    state = state.after(VOCABULARY.index[cell.token])
    assert {NAMES[t] for t in state.allowed} == {"<and>", "<or>", "<p:data>"}
    with pytest.raises(ValueError, match="not allowed here"):
        state.after(VOCABULARY.index["<)>"])


def test_a_percentage_for_an_input_in_percent_is_written_as_its_number() -> None:
    grounded = ground("type 1 study: 10.1 10.2 9.9 10.0, master 10, tolerance 0.6, K = 20 %")
    slot = {s.value.text: s.token for s in grounded.of("n")}
    program = (
        f"<op:quality.gage_type1> <p:x> <c0> <p:reference> {slot['10']} <p:tolerance> {slot['0.6']}"
        f" <p:percent> {slot['20']} <)>"
    )
    written = lexicalise(program.split(), grounded)
    assert "percent=20%)" in written  # 20 of an input whose unit is percent
