"""The parts that a request's words and the names of its columns give to them, whatever was proposed."""

from __future__ import annotations

import pytest

from havoc.dsl.grounding.ground import ground
from havoc.srs.said_columns import (
    compares_blocks,
    lays_a_line,
    only_describes,
    overlooks_having,
    with_said_columns,
)


def _tokens(program: str) -> tuple[str, ...]:
    return tuple(program.split())


@pytest.mark.parametrize(
    ("said", "turned"),
    [
        ("regress pull on cure: cure 10, 20, 30, 45; pull 1.1, 2.3, 2.9, 4.4", True),
        ("model pull as a function of cure; cure: 10 20 30 45, pull: 1.1 2.3 2.9 4.4", True),
        ("effect of pull on cure: cure 10, 20, 30, 45; pull 1.1, 2.3, 2.9, 4.4", False),
        ("line for cure 10, 20, 30, 45 and pull 1.1, 2.3, 2.9, 4.4", False),
    ],
)
def test_the_words_say_which_list_is_the_response(said: str, turned: bool) -> None:
    grounded = ground(said)
    program = _tokens("<op:stats.regression> <p:y> <c0> <p:x> <list> <c1> </list> <)>")
    meant = _tokens("<op:stats.regression> <p:y> <c1> <p:x> <list> <c0> </list> <)>")
    assert with_said_columns(program, grounded) == (meant if turned else program)


def test_a_chart_of_counts_takes_the_defects_and_what_was_inspected() -> None:
    grounded = ground("u chart: metres inspected 120 90 140, flaws 4 2 7")
    program = _tokens("<op:spc.u> <p:x> <c0> <p:size> <c1> <)>")
    assert with_said_columns(program, grounded) == _tokens(
        "<op:spc.u> <p:x> <c1> <p:size> <c0> <)>"
    )
    unnamed = ground("u chart: a 120 90 140, b 4 2 7")
    assert with_said_columns(program, unnamed) == program


def test_a_chart_of_a_table_takes_the_columns_of_these_names() -> None:
    grounded = ground("p chart please. week checked rejects\n1 50 2\n2 60 5\n3 55 1\n4 52 3")
    names = {s.value.name: s.token for s in grounded.of("c")}
    assert set(names) == {"week", "checked", "rejects"}
    program = _tokens(f"<op:spc.p> <p:x> {names['week']} <p:size> {names['checked']} <)>")
    read = with_said_columns(program, grounded)
    assert (read[2], read[4]) == (names["rejects"], names["checked"])


def test_befores_and_afters_are_pairs() -> None:
    grounded = ground("before after\n10.1 9.7\n10.3 9.9\n10.0 9.8\nless now?")
    program = _tokens("<op:stats.t_test_two> <p:x> <c0> <p:y> <c1> <)>")
    assert with_said_columns(program, grounded)[0] == "<op:stats.t_test_paired>"
    others = ground("left right\n10.1 9.7\n10.3 9.9\n10.0 9.8\nless now?")
    assert with_said_columns(program, others) == program


def test_parts_that_are_taken_off_have_a_direction() -> None:
    grounded = ground("stack: frame 80 ± 0.2 minus lid 30 ± 0.1 minus seal 49 ± 0.3, worst case?")
    program = _tokens("<op:quality.tolerance_stack> <p:nominal> <c0> <p:tolerance> <c1> <)>")
    assert with_said_columns(program, grounded)[-3:] == ("<p:direction>", "<c2>", "<)>")
    assert grounded.slot("<c2>").value.texts == ("1", "-1", "-1")


def test_a_selection_is_made_among_all_columns() -> None:
    grounded = ground("stepwise\na,b,c,y\n1,5,2,3\n2,3,8,5\n3,6,1,7\n4,2,5,9\nfor y please")
    y, *others = (s.token for s in sorted(grounded.of("c"), key=lambda s: s.value.name != "y"))
    program = _tokens(f"<op:stats.stepwise> <p:y> {y} <p:x> <list> {others[0]} </list> <)>")
    assert set(others) <= set(with_said_columns(program, grounded))


def test_what_speaks_against_comparing_blocks_lines_and_mere_summaries() -> None:
    blocks = ground("two-way\nblock,mix,pull\nI,a,4\nI,b,5\nII,a,6\nII,b,7\ndo the mixes differ?")
    names = {s.value.name: s.token for s in blocks.of("g", "c")}
    alone = f"<op:stats.anova> <p:value> {names['pull']} <p:by> <list> {names['block']} </list> <)>"
    both = f"<op:stats.anova> <p:value> {names['pull']} <p:by> <list> {names['block']} {names['mix']} </list> <)>"
    assert compares_blocks(_tokens(alone), blocks) == 1
    assert compares_blocks(_tokens(both), blocks) == 0
    line = _tokens("<op:stats.regression> <p:y> <c0> <p:x> <list> <c1> </list> <)>")
    assert lays_a_line(line, ground("old 3 4 5, new 4 5 6: do they differ?"))
    assert not lays_a_line(line, ground("old 3 4 5, new 4 5 6: does the slope differ?"))
    summary = _tokens("<op:stats.describe> <p:x> <c0> <)>")
    assert only_describes(summary, ground("3 4 5 against 4 5 6, is the change significant?"))
    assert not only_describes(summary, ground("3 4 5: mean and sd"))


def test_the_response_of_a_surface_and_of_a_prediction_is_said() -> None:
    rows = "x y z\n1 2 8\n2 1 10\n3 4 9\n4 3 14"
    surface = ground(f"quadratic surface of z in x and y please\n{rows}")
    x, y, z = (next(s.token for s in surface.of("c") if s.value.name == n) for n in "xyz")
    wrong = _tokens(f"<op:doe.fit_rsm> <p:response> {y} <p:factors> <list> {x} {z} </list> <)>")
    assert with_said_columns(wrong, surface)[2] == z
    speed = ground("heat 1 2 3 4; drift 5 7 9 12; predict drift at heat 2.5")
    line = _tokens("<op:stats.regression> <p:y> <c0> <p:x> <list> <c1> </list> <)>")
    assert with_said_columns(line, speed)[2] == "<c1>"


def test_the_response_of_a_logistic_regression_has_two_values() -> None:
    grounded = ground("logistic: grit 1 2 3 4 5 6; ok 0 0 1 0 1 1")
    wrong = _tokens("<op:stats.logistic> <p:y> <c0> <p:x> <list> <c1> </list> <)>")
    assert with_said_columns(wrong, grounded)[2] == "<c1>"


def test_a_cell_that_is_wanted_is_no_group() -> None:
    grounded = ground("id,lid,loss\n1,yes,3\n2,no,4\n3,yes,6\n4,no,5\nmean loss without lid")
    grouped = _tokens("<op:stats.anova> <p:value> <c0> <p:by> <list> <g0> </list> <)>")
    kept = _tokens("<op:table.filter> <p:data> <t0> <p:where> <g0> <eq> <s0> <)>")
    assert overlooks_having(grouped, grounded)
    assert not overlooks_having(kept, grounded)
