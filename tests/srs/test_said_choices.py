"""Choices that a request says by name, and columns that only number the runs."""

from __future__ import annotations

import pytest

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.ground import ground
from havoc.srs.numbering import numbering_columns, takes_numbering, with_readings
from havoc.srs.said_choices import _CHOICES, with_said_choices
from havoc.tools.operation import Kind, operations


@pytest.mark.parametrize(
    ("call", "text", "choice"),
    [
        (
            ("<op:doe.central_composite>", "<p:alpha=orthogonal>"),
            "a rotatable CCD",
            "alpha=rotatable",
        ),
        (("<op:stats.equal_variances>", "<c0>"), "Bartlett's test of spread", "method=bartlett"),
        (("<op:spc.i_mr>", "<c0>"), "chart with Nelson rules", "rules=nelson"),
        (
            ("<op:quality.oc_curve>", "<n0>"),
            "OC curve, hypergeometric",
            "distribution=hypergeometric",
        ),
        (
            ("<op:stats.adjust_p_values>", "<c0>"),
            "adjust by Benjamini-Hochberg",
            "method=benjamini_hochberg",
        ),
        (("<op:quality.capability>", "<t0>"), "Cp with sigma from Rbar/d2", "estimator=rbar"),
        (
            ("<op:quality.mtbf>", "<n0>", "<p:terminated=failure>"),
            "3 failures, time-terminated test",
            "terminated=time",
        ),
    ],
)
def test_a_choice_said_by_name_is_given(call, text, choice):
    tokens = (*call, v.END_CALL)
    assert f"<p:{choice}>" in with_said_choices(tokens, ground(text).text)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (("<op:stats.equal_variances>", "<c0>"), "Levene or Bartlett, whichever fits"),
        (("<op:spc.i_mr>", "<c0>"), "chart without Nelson rules"),
        (("<op:doe.central_composite>",), "a rotatable CCD"),  # which it is anyway
        (("<op:stats.t_test_two>", "<c0>", "<c1>"), "Bartlett first"),
    ],
)
def test_nothing_is_added_where_none_is_meant(call, text):
    tokens = (*call, v.END_CALL)
    assert with_said_choices(tokens, ground(text).text) == tokens


def test_each_telling_word_is_a_choice_of_an_operation():
    known = {
        (p.name, c)
        for o in operations().values()
        for p in o.parameters
        if p.kind is Kind.CHOICE
        for c in p.choices
    }
    assert {(o, c) for o, words in _CHOICES.items() for c in words} <= known


def test_the_number_of_a_trial_is_no_reading():
    grounded = ground("gage study\npart,who,trial,y\n1,A,1,5\n1,A,2,6\n2,A,1,7\n2,A,2,8")
    (trial,) = numbering_columns(grounded)
    taken = ("<op:quality.gage_rr>", "<p:x>", trial, v.END_CALL)
    assert takes_numbering(taken, grounded) == {trial}
    assert not takes_numbering(("<op:table.sort>", "<p:x>", trial, v.END_CALL), grounded)


def test_the_one_column_of_readings_takes_the_place_of_the_trial() -> None:
    text = "gage study\npart,who,trial,out\n1,A,1,5\n1,A,2,6\n2,A,1,7\n2,A,2,8"
    c = {s.value.name: s.token for s in ground(text).of("c", "g")}
    call = ("<op:quality.gage_rr>", "<p:x>", c["trial"], "<p:part>", c["part"], v.END_CALL)
    assert with_readings(call, ground(text))[2] == c["out"]
    two = text.replace("out", "out,temp").replace("5", "5,1").replace("6", "6,2")
    two = two.replace("7", "7,3").replace("8", "8,4")
    assert with_readings(call, ground(two)) == call
