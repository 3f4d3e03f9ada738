"""The parts that a request's words give to its numbers and columns, whatever was proposed."""

from __future__ import annotations

import pytest

from havoc.dsl.grounding.ground import ground
from havoc.srs.said_roles import given_to_another, with_said_roles
from havoc.srs.unasked import uncalled


def _tokens(program: str) -> tuple[str, ...]:
    return tuple(program.split())


def test_two_summaries_are_no_sample_with_a_target() -> None:
    grounded = ground("press 1: n 14, mean 8.1, sd 0.4; press 2: n 18, mean 8.6, sd 0.5. alike?")
    one = "<op:stats.t_test_one_summary> <p:n> <n0> <p:mean> <n1> <p:sd> <n2> <p:target> <n4> <)>"
    two = (
        "<op:stats.t_test_two_summary> <p:n_1> <n0> <p:mean_1> <n1> <p:sd_1> <n2>"
        " <p:n_2> <n3> <p:mean_2> <n4> <p:sd_2> <n5> <)>"
    )
    assert given_to_another(_tokens(one), grounded) == 1
    assert given_to_another(_tokens(two), grounded) == 0


def test_one_sample_with_its_target_stays() -> None:
    grounded = ground("n = 14, mean 8.1, sd 0.4, hypothesised mean 8")
    one = "<op:stats.t_test_one_summary> <p:n> <n0> <p:mean> <n1> <p:sd> <n2> <p:target> <n3> <)>"
    assert given_to_another(_tokens(one), grounded) == 0


def test_a_power_that_is_given_is_not_what_is_asked_for() -> None:
    grounded = ground("difference 3, sd 4, 80 % power: how many each?")
    power = "<op:stats.power_t_two> <p:n> <d5> <p:difference> <n0> <p:sd> <n1> <)>"
    assert given_to_another(_tokens(power), grounded) == 1
    assert given_to_another(_tokens(power), ground("difference 3, sd 4, n 5: power?")) == 0


def test_the_total_of_mcnemars_pairs_is_none_of_its_counts() -> None:
    grounded = ground("McNemar, 120 casts: 18 cracked only before, 4 only after")
    wrong = _tokens("<op:stats.mcnemar> <p:b> <n0> <p:c> <n1> <)>")
    assert with_said_roles(wrong, grounded) == _tokens(
        "<op:stats.mcnemar> <p:b> <n1> <p:c> <n2> <)>"
    )
    two = ground("McNemar of 3 files: 18 and 4")
    right = _tokens("<op:stats.mcnemar> <p:b> <n1> <p:c> <n2> <)>")
    assert with_said_roles(right, two) == right


@pytest.mark.parametrize(
    ("said", "exact"),
    [
        ("first hit on trial 4, p = 0.2", True),
        ("first hit at the 4th shot, p = 0.2", True),
        ("first hit by trial 4, p = 0.2", False),
    ],
)
def test_at_the_nth_trial_is_exactly_then(said: str, exact: bool) -> None:
    grounded = ground(said)
    program = _tokens("<op:stats.geometric_probability> <p:chance> <n1> <p:at_most> <n0> <)>")
    assert ("<p:exactly>" in with_said_roles(program, grounded)) is exact


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
    assert with_said_roles(program, grounded) == (meant if turned else program)


def test_a_chart_of_counts_takes_the_defects_and_what_was_inspected() -> None:
    grounded = ground("u chart: metres inspected 120 90 140, flaws 4 2 7")
    program = _tokens("<op:spc.u> <p:x> <c0> <p:size> <c1> <)>")
    assert with_said_roles(program, grounded) == _tokens("<op:spc.u> <p:x> <c1> <p:size> <c0> <)>")
    unnamed = ground("u chart: a 120 90 140, b 4 2 7")
    assert with_said_roles(program, unnamed) == program


def test_values_behind_start_begin_the_fit() -> None:
    grounded = ground("fit y = a*exp(-b*x): x 1 2 3 4; y 7 5 3 2; start a = 9, b = 0.3")
    program = _tokens(
        "<op:stats.nonlinear> <p:y> <c1> <p:x> <list> <c0> </list> <p:model> <e0> <p:at> <list> <n0> <n1> </list> <)>"
    )
    assert "<p:start>" in with_said_roles(program, grounded)


@pytest.mark.parametrize(
    ("program", "said", "called"),
    [
        ("<op:stats.f_probability> <p:df_1> <n0> <p:df_2> <n1> <)>", "5 of 40 valves leak", False),
        ("<op:stats.f_probability> <p:df_1> <n0> <p:df_2> <n1> <)>", "F of 5 and 40", True),
        ("<op:stats.gamma_quantile> <p:p> <n0> <)>", "shape 2, 90 %", True),
        ("<op:quality.capability_nonnormal> <p:x> <c0> <)>", "Cpk of 3 4 5", False),
        ("<op:quality.capability_nonnormal> <p:x> <c0> <)>", "skewed: Cpk of 3 4 5", True),
    ],
)
def test_operations_that_stand_only_for_what_they_are_called(
    program: str, said: str, called: bool
) -> None:
    assert (not uncalled(_tokens(program), ground(said).text)) is called
