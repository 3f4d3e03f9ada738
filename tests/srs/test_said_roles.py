"""The parts that a request's words give to its numbers and columns, whatever was proposed."""

from __future__ import annotations

import pytest

from havoc.dsl.grounding.ground import ground
from havoc.dsl.labels import labels_of
from havoc.inference.planner import Candidate, Plan
from havoc.srs.joined_methods import with_other_method
from havoc.srs.plain_calls import with_plain_calls
from havoc.srs.plan import _which_spread
from havoc.srs.said_choices import with_said_choices
from havoc.srs.said_roles import given_to_another, with_said_roles
from havoc.srs.unasked import (
    overlooks_extreme,
    plans_a_chance,
    plans_what_was_done,
    uncalled,
)


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


@pytest.mark.parametrize(
    ("said", "side"),
    [
        ("9 of 300 leaked, is that under the permitted 4 %?", "less"),
        ("9 of 300 leaked: does the rate exceed the agreed 4 %?", "greater"),
        ("9 of 300 leaked, is it 4 %?", ""),
        ("9 of 300 leaked: above or below 4 %?", ""),
    ],
)
def test_the_side_of_a_norm_is_said(said: str, side: str) -> None:
    grounded = ground(said)
    program = _tokens("<op:stats.proportion_one> <p:events> <n0> <p:n> <n1> <p:null> <n2> <)>")
    found = [t for t in with_said_roles(program, grounded) if t.startswith("<p:alternative")]
    assert found == ([f"<p:alternative={side}>"] if side else [])


def test_a_list_of_qualities_is_given_to_the_curve() -> None:
    grounded = ground("n = 50, c = 1; how likely accepted at 0.5%, 2% and 6%?")
    program = _tokens("<op:quality.oc_curve> <p:n> <n0> <p:c> <n1> <)>")
    assert with_said_roles(program, grounded)[-3:] == ("<p:p>", "<c0>", "<)>")
    assert grounded.slot("<c0>").value.texts == ("0.005", "0.02", "0.06")


def test_a_number_that_is_left_out_takes_the_place_of_one_given_twice() -> None:
    grounded = ground("31 stops in 14 days, then 12 in 9 days")
    program = _tokens(
        "<op:stats.poisson_rate_two> <p:exposure_1> <n1> <p:events_1> <n2> <p:events_2> <n2>"
        " <p:exposure_2> <n3> <)>"
    )
    assert with_said_roles(program, grounded)[4] == "<n0>"


def test_two_methods_that_are_asked_for_are_both_run() -> None:
    grounded = ground("rank and determinant of [[4, 1], [2, 3]]")
    rank, other = (
        Candidate(_tokens(f"<op:maths.{o}> <p:matrix> <t0> <)>"), logprob)
        for o, logprob in (("rank", -0.1), ("determinant", -3.0))
    )
    best = with_other_method([rank, other], grounded)[0]
    assert best.operations == ("maths.rank", "maths.determinant")
    alone = ground("rank of [[4, 1], [2, 3]]")
    assert with_other_method([rank, other], alone) == (rank, other)


def test_bins_with_edges_and_sums_of_numbers_need_no_model() -> None:
    other = Candidate(_tokens("<op:stats.describe> <p:x> <c0> <)>"), -0.5)
    binned = ground("sort 2 9 14 33 27 41 into classes 0-15, 15-30, 30-45")
    assert with_plain_calls([other], binned)[0].tokens[-3:] == ("<p:edges>", "<c1>", "<)>")
    worked = ground("calculate 4*(1.5 + 2)^3")
    assert with_plain_calls([other], worked)[0].operations == ("maths.evaluate",)
    unknown = ground("calculate 4*(x + 2)^3")
    assert with_plain_calls([other], unknown) == (other,)


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("how many pieces to find a difference of 3?", True),
        ("how many pieces to find a difference of 3 sigma?", False),
        ("how many pieces for an effect size of 0.6?", False),
    ],
)
def test_the_spread_is_asked_for_where_a_difference_alone_is_given(said: str, asks: bool) -> None:
    tokens = _tokens("<op:stats.sample_size_t_one> <p:difference> <n0> <)>")
    assert bool(_which_spread(Plan((Candidate(tokens, -0.1),), {}), ground(said))) is asks


@pytest.mark.parametrize(
    ("program", "said", "choice"),
    [
        ("<op:quality.mtbf> <p:failures> <n0> <p:time> <n1> <)>", "lower 90 % bound", "side=lower"),
        ("<op:quality.mtbf> <p:failures> <n0> <p:time> <n1> <)>", "lower spec limit", ""),
        ("<op:stats.stepwise> <p:y> <c0> <)>", "backward elimination", "method=backward"),
        ("<op:stats.power_t_one> <p:n> <n0> <)>", "one-tailed", "one_sided=true"),
        ("<op:stats.power_t_one> <p:n> <n0> <)>", "not one-tailed", ""),
    ],
)
def test_phrases_that_say_a_choice(program: str, said: str, choice: str) -> None:
    text = ground(said).text
    added = set(with_said_choices(_tokens(program), text)) - set(_tokens(program))
    assert added == ({f"<p:{choice}>"} if choice else set())


def test_the_rest_of_a_list_is_given_too() -> None:
    grounded = ground("n 60 c 2: accepted at 0.01, 0.03 and 0.08?")
    numbers = [s.token for s in grounded.of("n")]
    if len(numbers) == 5:  # three of them no list of their own
        short = f"<op:quality.oc_curve> <p:n> <n0> <p:c> <n1> <p:p> <list> {numbers[2]} </list> <)>"
        assert set(numbers[2:]) <= set(with_said_roles(_tokens(short), grounded))
    program = _tokens(
        "<op:quality.oc_curve> <p:n> <n0> <p:c> <n1> <p:p> <list> <n2> <n3> </list> <)>"
    )
    listed = ground("n 60 c 2: accept lots with 1, 3 and 8 % bad")
    assert with_said_roles(program, listed)[6:11] == ("<list>", "<n2>", "<n3>", "<n4>", "</list>")


def test_the_sigma_that_is_compared_is_the_claimed_one() -> None:
    grounded = ground("n = 30, s was 1.4: may we say sigma <= 1.1?")
    program = _tokens("<op:stats.variance_one_summary> <p:n> <n0> <p:sd> <n2> <p:sigma> <n1> <)>")
    assert with_said_roles(program, grounded)[3:7] == ("<p:sd>", "<n1>", "<p:sigma>", "<n2>")


def test_a_curved_model_that_is_given_is_no_line() -> None:
    line = _tokens("<op:stats.regression> <p:y> <c1> <p:x> <list> <c0> </list> <)>")
    curved = ground("fit y = p*x/(q + x): x 1 2 3 4; y 3 4 5 5")
    straight = ground("fit y = p + q*x: x 1 2 3 4; y 3 4 5 5")
    assert given_to_another(line, curved) == 1
    assert given_to_another(line, straight) == 0


def test_limits_from_means_begin_with_the_constants_and_extremes_with_their_ranges() -> None:
    other = Candidate(_tokens("<op:spc.arl_shewhart> <p:n> <n2> <)>"), -0.5)
    limits = ground("grand mean 8.4, R-bar 0.3, subgroups of 5: control limits?")
    assert with_plain_calls([other], limits)[0].operations == ("spc.constants",)
    extreme = ground("minimise u^2 - u*v + v^2 with u, v from -1 to 2")
    assert with_plain_calls([other], extreme)[0].tokens[-3:-1] == ("<f0>", "<f1>")


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("producer risk 5 %, consumer risk 10 %", ["alpha", "beta"]),
        ("5 failed, 3 suspended at 200 h in a Weibull test", [None, "n_censored", None]),
        ("14 stops in two years", [None, "exposure"]),
        ("anova: 6 parts each", ["n"]),
    ],
)
def test_more_names_of_numbers(said: str, names: list[str | None]) -> None:
    grounded = ground(said)
    labels = labels_of(grounded)
    for slot, name in zip(grounded.of("n"), names, strict=True):
        assert name is None or name in labels[slot.token]


@pytest.mark.parametrize(
    ("said", "program", "odd"),
    [
        ("maximise 3*x - x^2 soon", "<op:maths.error_propagation> <p:expression> <e0> <)>", True),
        ("maximise 3*x - x^2 soon", "<op:maths.maximise> <p:expression> <e0> <)>", False),
        ("error of 3*x - x^2", "<op:maths.error_propagation> <p:expression> <e0> <)>", False),
    ],
)
def test_an_extreme_that_is_wanted_is_looked_for(said: str, program: str, odd: bool) -> None:
    assert overlooks_extreme(_tokens(program), ground(said).text) is odd


def test_an_experiment_whose_results_are_pasted_is_not_planned_anew() -> None:
    build = _tokens("<op:doe.randomized_blocks> <p:blocks> <n0> <p:treatments> <n0> <)>")
    results = ground("RCBD with 3 blocks\nblock a b\n1 5.1 5.6\n2 5.0 5.9\n3 5.2 5.8\nany effect?")
    assert plans_what_was_done(build, results)
    assert not plans_what_was_done(build, ground("RCBD with 3 blocks and 3 treatments"))
    assert plans_a_chance(build, ground("4 of 9 cups leak, chance of 2?").text)
    assert not plans_a_chance(build, ground("randomised plan with a chance of 2").text)
