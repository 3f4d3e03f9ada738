"""What a request says for and against a proposed program, before anything is run."""

from __future__ import annotations

import math

import pytest
from srs.test_stages import ask

from havoc.dsl.executor import run_text
from havoc.dsl.grounding.ground import ground
from havoc.inference.planner import Candidate
from havoc.srs.evidence import (
    columns_against_themselves,
    completed,
    contradicted,
    counts_named_factors,
    fuller_first,
    misplaced_axes,
    unused_generators,
    weighed,
    with_codes,
    with_usual_axes,
)
from havoc.srs.named_columns import unsaid_columns, unused_columns
from havoc.srs.named_limits import unfounded
from havoc.tools.values import Sample, Table

READINGS = "9.8 10.1 9.9 10.4 10.2 9.7 10.0 10.3"
FILE = {"f": Table(tuple(Sample(n, ("1", "2", "4")) for n in ("x1", "x2", "y", "junk")))}


def _tokens(program: str) -> tuple[str, ...]:
    return tuple(program.split())


def test_a_named_input_that_was_left_out_is_given() -> None:
    grounded = ground(f"CUSUM of {READINGS}: mu0=10, sigma=0.2, k=0.5, h=5")
    short = _tokens("<op:spc.cusum> <p:x> <c0> <p:k> <n2> <p:h> <n3> <)>")
    whole = completed(short, grounded)
    assert whole[:-1] == (*short[:-1], "<p:target>", "<n0>", "<p:sigma>", "<n1>")
    assert whole[-1] == "<)>"
    assert completed(whole, grounded) == whole


def test_an_input_that_was_to_be_asked_for_is_taken_from_the_request() -> None:
    grounded = ground(f"EWMA with lambda 0.3 of {READINGS}, target 10")
    asking = _tokens("<op:stats.t_test_one> <p:x> <c0> <p:target> <ask> <)>")
    assert completed(asking, grounded)[4] == "<n1>"


def test_a_number_given_to_another_optional_input_than_it_is_called_is_moved() -> None:
    grounded = ground(f"EWMA of {READINGS}: lambda 0.3, target 10")
    wrong = _tokens("<op:spc.ewma> <p:x> <c0> <p:weight> <n0> <p:subgroup> <n1> <)>")
    right = _tokens("<op:spc.ewma> <p:x> <c0> <p:weight> <n0> <p:target> <n1> <)>")
    assert completed(wrong, grounded) == right


def test_a_program_of_another_method_than_the_named_one_loses() -> None:
    grounded = ground("defects per unit: 21 24 16 12 15 5 28 -- c-chart")
    p, c = (
        Candidate(_tokens(f"<op:spc.{x}> <p:x> <c0> <)>"), math.log(q))
        for x, q in (("p", 0.6), ("c", 0.1))
    )
    assert weighed([p, c], grounded)[0].operations == ("spc.c",)


def test_a_number_called_an_input_takes_the_place_of_another() -> None:
    grounded = ground(f"{READINGS}: target 10, sigma = 0.2")
    given = "<op:spc.cusum> <p:x> <c0> <p:target> <n0> <p:sigma> <{}> <)>"
    assert completed(_tokens(given.format("n0")), grounded) == _tokens(given.format("n1"))
    assert completed(_tokens(given.format("n1")), grounded) == _tokens(given.format("n1"))


@pytest.mark.parametrize(
    "program",
    [
        "<op:stats.t_test_one> <p:x> <c0> <p:target> <n0> <)>",  # it has no sigma
        "<op:spc.cusum> <p:x> <c0> <p:target> <n0> <p:sigma> <n1> <)>",  # it has one already
        "<explain>",
    ],
)
def test_nothing_is_given_where_it_has_no_place(program: str) -> None:
    grounded = ground(f"{READINGS}: target 10, sigma = 0.2")
    assert completed(_tokens(program), grounded) == _tokens(program)


def test_equal_programs_are_one_with_the_probability_of_both() -> None:
    grounded = ground(f"{READINGS}: target 10")
    a = "<op:stats.t_test_one> <p:x> <c0> <p:target> <n0> <)>"
    b = "<op:stats.t_test_one> <p:target> <n0> <p:x> <c0> <)>"
    found = weighed(
        [
            Candidate(_tokens(p), math.log(q))
            for p, q in ((a, 0.3), (b, 0.2), (f"{a} <;> {a}", 0.1))
        ],
        grounded,
    )
    assert [c.tokens for c in found] == [_tokens(a)]
    assert math.exp(found[0].logprob) == pytest.approx(0.6)


def test_columns_of_which_the_request_does_not_speak_cost_where_it_names_others() -> None:
    grounded = ground("regress y on x1 and x2", FILE)
    y, x1, x2, junk = (
        next(s.token for s in grounded.of("c") if s.value.name == n)
        for n in ("y", "x1", "x2", "junk")
    )
    right = _tokens(f"<op:stats.regression> <p:y> {y} <p:x> <list> {x1} {x2} </list> <)>")
    wrong = _tokens(f"<op:stats.regression> <p:y> {y} <p:x> <list> {x1} {junk} </list> <)>")
    assert unsaid_columns(right, grounded) == set()
    assert unsaid_columns(wrong, grounded) == {junk}
    given = [Candidate(wrong, math.log(0.4)), Candidate(right, math.log(0.35))]
    found = weighed(given, grounded)
    assert [c.tokens for c in found] == [right, wrong]
    assert sum(math.exp(c.logprob) for c in found) == pytest.approx(0.75)


def test_where_a_request_names_no_column_none_is_unsaid() -> None:
    grounded = ground("what does the file say", FILE)
    assert unsaid_columns(("<c0>", "<c3>"), grounded) == set()


def test_an_answer_uses_the_named_inputs_that_the_model_forgot() -> None:
    out = ask(
        f"tabular CUSUM of {READINGS}: mu0=10, sigma=0.2, k=0.5, h=5",
        ("<op:spc.cusum> <p:x> <c0> <p:k> <n2> <p:h> <n3> <)>", -0.1),
    )
    assert out["status"] == "answered"
    assert "target=10" in out["program"]
    assert "sigma=0.2" in out["program"]


def test_of_programs_with_one_result_the_likely_one_is_shown() -> None:
    """The level changes nothing of a p value: the odd level of an unlikely writing is not taken for it."""
    text = "5.1 4.9 5.3 5.0 4.8 5.2 4.7 5.1 normal? a 0.5 chance"
    likely = "<op:stats.normality> <p:x> <c0> <p:method=shapiro_wilk> <)>"
    odd = "<op:stats.normality> <p:x> <c0> <p:method=shapiro_wilk> <p:alpha> <n0> <)>"
    out = ask(text, (likely, -0.12), (odd, -3.5))
    assert "alpha" not in out["program"]
    assert run_text(out["program"]).steps[0].operation == "stats.normality"


def test_columns_that_the_request_names_and_a_program_leaves_out_cost() -> None:
    grounded = ground("correlation of x1 and y please", FILE)
    x1, y = (next(s.token for s in grounded.of("c") if s.value.name == n) for n in ("x1", "y"))
    table = grounded.of("t")[0].token
    asked = _tokens(f"<op:stats.correlation> <p:x> {x1} <p:y> {y} <)>")
    all_of_it = _tokens(f"<op:stats.correlation_matrix> <p:x> {table} <)>")
    assert unused_columns(asked, grounded) == set()
    assert unused_columns(all_of_it, grounded) == {x1, y}
    assert unused_columns(("<explain>",), grounded) == set()
    found = weighed(
        [Candidate(all_of_it, math.log(0.6)), Candidate(asked, math.log(0.1))], grounded
    )
    assert found[0].tokens == asked


def test_a_table_whose_columns_are_all_named_may_be_taken_whole() -> None:
    grounded = ground("a: 5 6 7; b: 7 8 9; c: 5 4 6 - anova")
    table = grounded.of("t")[0].token
    assert unused_columns(_tokens(f"<op:stats.anova> <p:groups> {table} <)>"), grounded) == set()


def test_of_two_programs_the_one_that_does_all_of_the_other_and_more_comes_first() -> None:
    grounded = ground("a: 5 6 7; b: 7 8 9; c: 5 4 6 - anova")
    one = _tokens("<op:stats.tukey> <p:groups> <t0> <)>")
    both = _tokens("<op:stats.anova> <p:groups> <t0> <)> <;> <op:stats.tukey> <p:groups> <t0> <)>")
    given = [Candidate(one, math.log(0.7)), Candidate(both, math.log(0.2))]
    assert [c.tokens for c in fuller_first(given, grounded)] == [both, one]
    unlikely = [given[0], Candidate(both, math.log(0.05))]
    assert list(fuller_first(unlikely, grounded)) == unlikely
    prepared = _tokens(
        "<op:table.drop_missing> <p:data> <t0> <)> <;> <op:stats.tukey> <p:groups> <res1> <)>"
    )
    other_data = [given[0], Candidate(prepared, math.log(0.5))]
    assert list(fuller_first(other_data, grounded)) == other_data


@pytest.mark.parametrize(
    ("text", "program", "wrong"),
    [
        ("Taguchi L8 for 5 factors", "<op:doe.taguchi> <p:n_factors> <n0> <p:array=L18> <)>", 1),
        ("Taguchi L8 for 5 factors", "<op:doe.taguchi> <p:n_factors> <n0> <p:array=L8> <)>", 0),
        ("Taguchi array for 5 factors", "<op:doe.taguchi> <p:n_factors> <n0> <p:array=L8> <)>", 0),
        ("Weibull, B10 of 5 9 12", "<op:quality.weibull_fit> <p:x> <c0> <p:b> <d1> <)>", 1),
        ("Weibull, B1 of 5 9 12", "<op:quality.weibull_fit> <p:x> <c0> <p:b> <d1> <)>", 0),
    ],
)
def test_a_code_in_the_request_speaks_against_other_choices(
    text: str, program: str, wrong: int
) -> None:
    assert contradicted(_tokens(program), ground(text).text) == wrong


def test_generators_that_the_request_gives_are_to_be_used() -> None:
    grounded = ground("alias structure of 2^(5-2) with D=AB E=AC")
    (slot,) = grounded.of("s")
    assert slot.value == "D=AB, E=AC"
    half = _tokens("<op:doe.fractional_factorial> <p:n_factors> <n1> <p:fraction=quarter> <)>")
    given = _tokens(f"<op:doe.fractional_factorial> <p:generators> {slot.token} <)>")
    assert unused_generators(half, grounded) == {slot.token}
    assert unused_generators(given, grounded) == set()


def test_a_method_that_is_not_here_is_refused_with_what_comes_nearest() -> None:
    text = "predict y with a random forest of 100 trees"
    out = ask(text, ("<op:stats.normal_quantile> <p:p> <n0> <)>", -0.1))
    assert out["status"] == "refused"
    assert "no operation for 'random forest'" in out["answer"]
    assert "stats.holdout" in out["answer"]
    asked = ask("what is a random forest", ("<explain>", -0.1))
    assert "no operation" not in asked["answer"]


def test_a_refused_writing_leaves_its_probability_to_the_one_that_runs() -> None:
    text = "logistic: dose 1 2 3 4 5 6 7 8, died 0 0 0 1 0 1 1 1"
    swapped = "<op:stats.logistic> <p:y> <c0> <p:x> <list> <c1> </list> <)>"
    right = "<op:stats.logistic> <p:y> <c1> <p:x> <list> <c0> </list> <)>"
    out = ask(text, (swapped, math.log(0.74)), (right, math.log(0.21)))
    assert out["status"] == "answered"
    assert "y=data.died" in out["program"]


def test_no_column_is_its_own_predictor() -> None:
    assert columns_against_themselves(
        _tokens("<op:stats.regression> <p:y> <c0> <p:x> <list> <c0> </list> <)>")
    ) == {"<c0>"}
    ancova = "<op:stats.anova> <p:formula> <c0> <~> <c1> <+> <c2> <p:covariates> <c2> <)>"
    assert columns_against_themselves(_tokens(ancova)) == set()


def test_columns_called_x_and_y_have_their_usual_places() -> None:
    grounded = ground("fit x1 and y", FILE)
    x1, y = (next(s.token for s in grounded.of("c") if s.value.name == n) for n in ("x1", "y"))
    right = _tokens(f"<op:stats.regression> <p:y> {y} <p:x> <list> {x1} </list> <)>")
    turned = _tokens(f"<op:stats.regression> <p:y> {x1} <p:x> <list> {y} </list> <)>")
    assert misplaced_axes(right, grounded) == set()
    assert misplaced_axes(turned, grounded) == {x1, y}
    for response, predictor, found in ((y, x1, set()), (x1, y, {x1, y})):
        formula = f"<op:stats.regression> <p:formula> {response} <~> {predictor} <+> <sq> {predictor} <p:data> <t0> <)>"
        assert misplaced_axes(_tokens(formula), grounded) == found


def test_x_and_y_in_each_others_place_are_put_right() -> None:
    grounded = ground("a line through x: 1 2 3 4 5 y: 2.2 4.1 6.2 7.9 10.3")
    x, y = (next(s.token for s in grounded.of("c") if s.value.name == n) for n in "xy")
    right = _tokens(f"<op:stats.regression> <p:y> {y} <p:x> <list> {x} </list> <)>")
    turned = _tokens(f"<op:stats.regression> <p:y> {x} <p:x> <list> {y} </list> <)>")
    assert with_usual_axes(turned, grounded) == with_usual_axes(right, grounded) == right


def test_a_design_uses_the_factors_that_are_named_with_their_ranges() -> None:
    grounded = ground("CCD with 2 factors, temp from 60 to 80, time 5-15")
    counting = _tokens("<op:doe.central_composite> <p:n_factors> <n0> <)>")
    naming = _tokens("<op:doe.central_composite> <f0> <f1> <)>")
    assert counts_named_factors(counting, grounded)
    assert not counts_named_factors(naming, grounded)
    assert not counts_named_factors(counting, ground("CCD with 2 factors, time 5-15"))


def test_digits_behind_the_name_of_an_input_are_given_to_it() -> None:
    text = ground("weibull shape 1.8, scale 1200: B5 please").text
    program = "<op:quality.weibull_life> <p:shape> <n0> <p:scale> <n1>"
    assert with_codes(_tokens(f"{program} <)>"), text) == _tokens(f"{program} <p:b> <d5> <)>")
    assert with_codes(_tokens(f"{program} <p:b> <d1> <)>"), text)[-2] == "<d1>"


def test_what_gives_is_the_predictor_of_what_it_gives() -> None:
    grounded = ground("load kg 10 20 30 40 gives mV 2.3 3.9 6.2 7.8, a line please")
    turned = _tokens("<op:stats.regression> <p:y> <c0> <p:x> <list> <c1> </list> <)>")
    right = _tokens("<op:stats.regression> <p:y> <c1> <p:x> <list> <c0> </list> <)>")
    assert misplaced_axes(turned, grounded) == {"<c0>", "<c1>"}
    assert misplaced_axes(right, grounded) == set()


def test_a_chart_has_a_centre_only_where_the_request_speaks_of_one() -> None:
    program = _tokens("<op:spc.c> <p:x> <c0> <p:center> <n0> <)>")
    assert unfounded(program, ground("flaws per unit (100 boards): 3 5 2 4 -- c").text) == {
        "center"
    }
    assert unfounded(program, ground("c chart of 3 5 2 4, known mean 4").text) == set()


def test_a_time_behind_reliability_is_given_to_the_life() -> None:
    grounded = ground("weibull beta 1.8 eta 5000 h. reliability at 2000 h and mean life")
    life = "<op:quality.weibull_life> <p:shape> <n0> <p:scale> <n1>"
    assert completed(_tokens(f"{life} <)>"), grounded) == _tokens(f"{life} <p:t> <n2> <)>")
