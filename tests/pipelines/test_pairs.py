"""Loss weights of programs: decided by the place, never by the token that stands there."""

from __future__ import annotations

from havoc.dsl import vocabulary
from pipelines import pairs


def test_the_marks_are_those_of_the_vocabulary() -> None:
    assert (pairs.OPEN, pairs.CLOSE, pairs.NEXT) == (
        vocabulary.OPEN,
        vocabulary.CLOSE,
        vocabulary.NEXT,
    )


def test_operations_and_values_weigh_twice() -> None:
    program = "<op:stats.t_test_one> <p:x> <list> <n0> <n1> </list> <p:target> <n2> <)>".split()
    assert pairs.weights_of(program) == [2, 1, 2, 2, 2, 2, 1, 2, 1, 1]


def test_what_may_stand_at_a_place_has_one_weight() -> None:
    start = "<op:spc.i_mr> <p:x> <c0>".split()
    for more in (["<p:rules=nelson>", "<)>"], ["<)>"], ["<p:sigmas>", "<n0>", "<)>"]):
        assert pairs.weights_of([*start, *more])[3] == 1
    for value in ("<c0>", "<ask>", "<list>"):
        assert pairs.weights_of(["<op:spc.i_mr>", "<p:x>", value])[2] == 2
