"""What is predicted from which columns, the test share and the seed are those that the request says."""

from __future__ import annotations

import pytest

from havoc.dsl.grounding.ground import ground
from havoc.dsl.planning import lexicalise
from havoc.inference.planner import Candidate
from havoc.srs.evidence import weighed
from havoc.srs.split_evidence import said_model, with_split
from havoc.srs.unasked import fits_without_split, unasked
from havoc.tools.values import Labels, Sample, Table

FILE = {
    "loans": Table(
        (
            Sample("defaulted", ("0", "1", "0", "1")),
            Sample("income", ("30", "41", "28", "55")),
            Sample("debt", ("3", "9", "4", "8")),
            Sample("tenure", ("1", "2", "3", "4")),
            Labels("branch", ("a1", "b2", "b2", "a1")),
        ),
        source="loans.csv",
    )
}


def written(request: str, proposed: str) -> str:
    grounded = ground(request, FILE)
    return lexicalise(with_split(tuple(proposed.split()), grounded), grounded)


@pytest.mark.parametrize(
    ("split", "share", "seed"),
    [
        ("a 70-30 train-test split with random state 1", "test_share=30%", "seed=1"),
        ("an 80/20 train/test split, random_state=7", "test_share=20%", "seed=7"),
        ("a ratio of 75:25 for training and testing, seed 3", "test_share=25%", "seed=3"),
        ("60% for training and 40% for testing and a random seed of 5", "test_share=40%", "seed=5"),
    ],
)
def test_shares_and_seeds_of_a_split(split: str, share: str, seed: str) -> None:
    program = written(
        f"Predict debt from income and tenure. Use {split}. Report the test MSE.",
        "<op:stats.holdout> <p:y> <c0> <p:x> <list> <c1> <c2> </list> <p:seed> <n0> <)>",
    )
    assert share in program
    assert seed in program


@pytest.mark.parametrize(
    "words",
    [
        "predict debt from income and tenure",
        "predict the debt of a client based on the income, and the tenure",
        "a model predicting debt using the following features: 1. income 2. tenure",
        "use income and tenure as predictors to predict debt",
    ],
)
def test_the_response_and_the_predictors_are_those_named_so(words: str) -> None:
    grounded = ground(words, FILE)
    names = {s.token: s.value.name for s in grounded.of("c")}
    said = said_model(grounded.text)
    assert said is not None
    assert names[said[0]] == "debt"
    assert [names[x] for x in said[1]] == ["income", "tenure"]


def test_predictors_of_words_make_a_formula_and_a_logistic_model_is_one() -> None:
    program = written(
        "Predict defaulted from income, branch and debt by logistic regression, 70-30 split.",
        "<op:stats.holdout> <p:y> <c1> <p:x> <list> <c0> <c2> </list> <)>",
    )
    assert "formula=defaulted ~ income + branch + debt, data=loans" in program
    assert "model=logistic" in program


def test_a_model_of_all_rows_is_none_of_a_split() -> None:
    grounded = ground("predict debt from income with a 70-30 train-test split", FILE)
    fit = tuple("<op:stats.regression> <p:y> <c0> <p:x> <c1> <)>".split())
    judged = tuple("<op:stats.holdout> <p:y> <c0> <p:x> <c1> <)>".split())
    assert fits_without_split(fit, grounded)
    assert not fits_without_split(judged, grounded)
    assert not fits_without_split(fit, ground("predict debt from income", FILE))


def test_a_chart_of_which_no_word_speaks_is_not_asked_for() -> None:
    chart = tuple("<op:spc.u> <p:x> <c0> <p:size> <c1> <)>".split())
    assert unasked(chart, ground("what is the average debt?", FILE).text) == {"<op:spc.u>"}
    assert unasked(chart, ground("u chart of the mean debt", FILE).text) == set()
    assert unasked(chart, ground("debt by tenure", FILE).text) == set()


def test_what_speaks_against_all_programs_is_doubted() -> None:
    text = "mean of debt and of income"
    grounded = ground(text, FILE)
    odd = tuple("<op:spc.xbar_r> <p:x> <t0> <)>".split())
    fitting = tuple(
        "<op:stats.describe> <p:x> <c0> <)> <;> <op:stats.describe> <p:x> <c1> <)>".split()
    )
    alone = weighed([Candidate(odd, -0.1)], grounded)
    assert max(c.logprob for c in alone) < -2
    known = weighed([Candidate(fitting, -0.1)], grounded)
    assert known[0].logprob == pytest.approx(-0.1)
