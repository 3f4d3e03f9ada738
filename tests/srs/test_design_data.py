"""Coded columns are factors; limits of a specification are no counts; codes of levels and rules as they are said."""

from __future__ import annotations

import pytest

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.ground import ground
from havoc.srs.design_data import with_all_factors
from havoc.srs.named_limits import beyond_the_readings, taken_for_another
from havoc.srs.said_choices import with_said_choices

CODED = "effects?\nA,B,out\n-1,-1,5\n1,-1,6\n-1,1,7\n1,1,9"


def _slots(text: str) -> dict[str, str]:
    return {s.value.name: s.token for s in ground(text).of("c", "g")}


def _call(*parts: str) -> tuple[str, ...]:
    return (*parts, v.END_CALL)


def test_a_coded_column_is_no_response_and_all_coded_ones_are_factors() -> None:
    c = _slots(CODED)
    wrong = _call(
        "<op:doe.effects>", "<p:response>", c["A"], "<p:factors>", v.OPEN, c["B"], v.CLOSE
    )
    right = _call(
        "<op:doe.effects>", "<p:response>", c["out"], "<p:factors>", v.OPEN, c["B"], c["A"], v.CLOSE
    )
    assert with_all_factors([wrong], ground(CODED)) == [right]
    assert with_all_factors([right], ground(CODED)) == [right]


def test_factors_that_the_request_names_are_its_choice() -> None:
    text = CODED.replace("effects?", "effect of factor B only?")
    c = _slots(text)
    call = _call(
        "<op:doe.effects>", "<p:response>", c["out"], "<p:factors>", v.OPEN, c["B"], v.CLOSE
    )
    assert with_all_factors([call], ground(text)) == [call]


@pytest.mark.parametrize("said", ["two-way anova", "2-way anova", "two factor anova"])
def test_two_ways_are_two_columns_of_groups(said: str) -> None:
    text = f"{said}\nline,shift,y\na,d,1\na,n,2\nb,d,3\nb,n,4"
    c = _slots(text)
    one = _call("<op:stats.anova>", "<p:value>", c["y"], "<p:by>", v.OPEN, c["line"], v.CLOSE)
    (call,) = with_all_factors([one], ground(text))
    assert {c["line"], c["shift"]} <= set(call)
    other = text.replace(said, "anova")
    assert with_all_factors([one], ground(other)) == [one]


def test_a_limit_of_the_specification_is_no_count_of_lags() -> None:
    grounded = ground("LSL 95; 101 103 99 104 98 102")
    lags = _call("<op:stats.autocorrelation>", "<p:x>", "<c0>", "<p:lags>", "<n0>")
    limit = _call("<op:quality.capability>", "<p:x>", "<c0>", "<p:lsl>", "<n0>")
    assert taken_for_another(lags, grounded) == {"<n0>"}
    assert not taken_for_another(limit, grounded)


@pytest.mark.parametrize(
    ("said", "level"), [("inspection level II", "II"), ("level S-3", "S-3"), ("level I", "I")]
)
def test_the_inspection_level_that_is_said(said: str, level: str) -> None:
    call = _call("<op:quality.standard_plan>", "<p:lot>", "<n0>", "<p:level=III>")
    assert f"<p:level={level}>" in with_said_choices(call, ground(f"lot 500, {said}, AQL 1").text)


def test_rules_are_left_out_only_where_somebody_says_so() -> None:
    call = _call("<op:spc.c>", "<p:x>", "<c0>", "<p:rules=none>")
    assert "<p:rules=none>" not in with_said_choices(call, ground("c chart: 4 5 3 6 2").text)
    assert "<p:rules=none>" in with_said_choices(call, ground("c chart, no rules: 4 5 3 6").text)


@pytest.mark.parametrize(("option", "far"), [("center", True), ("stages", True), ("size", False)])
def test_a_centre_that_no_reading_comes_near_is_none(option: str, far: bool) -> None:
    grounded = ground("c chart, 100 boards each: 21 24 16 12 15 28")
    call = _call("<op:spc.c>", "<p:x>", "<c0>", f"<p:{option}>", "<n0>")
    assert beyond_the_readings(call, grounded) == ({"<n0>"} if far else set())
    near = ground("c chart, centre 18: 21 24 16 12 15 28")
    assert not beyond_the_readings(_call("<op:spc.c>", "<p:x>", "<c0>", "<p:center>", "<n0>"), near)
