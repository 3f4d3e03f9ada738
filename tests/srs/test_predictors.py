"""The predictors of a model are those that the request lists in one breath, counts, or calls all."""

from __future__ import annotations

import pytest

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.ground import ground
from havoc.srs.design_data import with_block
from havoc.srs.evidence import misplaced_axes
from havoc.srs.of_interest import with_column_of_interest
from havoc.srs.predictors import (
    too_few_predictors,
    with_predictors,
    with_values_at,
    without_repeats,
)
from havoc.tools.values import Labels, Sample, Table

LAB = {
    "lab": Table(
        (
            Sample("strength", ("51", "49", "55", "58", "52", "60")),
            Sample("ph", ("6.1", "6.4", "6.0", "7.0", "6.6", "7.1")),
            Sample("salt", ("1", "2", "2", "3", "1", "3")),
            Sample("heat", ("80", "85", "90", "95", "82", "99")),
            Sample("block", ("1", "1", "1", "2", "2", "2")),
            Labels("batch", ("p", "q", "r", "s", "t", "u")),
        ),
        source="lab.csv",
    )
}


def _names(call: tuple[str, ...], request: str) -> str:
    """A call with the names of its columns."""
    named = {s.token: s.value.name for s in ground(request, LAB).of("c", "g")}
    return " ".join(named.get(t, t) for t in call)


def _call(request: str, words: str) -> tuple[str, ...]:
    tokens = {s.value.name: s.token for s in ground(request, LAB).of("c", "g")}
    return tuple(tokens.get(w, w) for w in words.split())


REGRESSION = "<op:stats.regression> <p:y> strength <p:x> <list> {x} </list> <)>"


@pytest.mark.parametrize(
    ("request_", "proposed", "expected"),
    [
        ("regress strength on ph, salt and heat", "ph salt", "ph salt heat"),
        ("strength against ph & salt & heat please", "salt heat", "salt heat ph"),
        ("model of strength with all predictors", "salt", "salt ph heat block"),
        ("strength on all four other columns", "ph heat", "ph heat salt block"),
        ("multiple linear regression of strength", "ph", "ph salt heat block"),
        # what the request chooses stays
        ("regress strength on ph", "ph", "ph"),
        ("regress strength on ph and salt, heat is not known", "ph salt heat", "ph salt heat"),
        ("use ph and salt to predict strength", "ph salt block", "ph salt"),
    ],
)
def test_predictors_are_complete_and_no_more(request_: str, proposed: str, expected: str) -> None:
    call = _call(request_, REGRESSION.format(x=proposed))
    (found,) = with_predictors([call], ground(request_, LAB))
    assert _names(found, request_) == REGRESSION.format(x=expected)


def test_a_prediction_at_three_values_has_three_predictors() -> None:
    request = "fit strength; expected strength at ph 6.5, salt 2, heat 90 in block 1?"
    grounded = ground(request, LAB)
    values = [s.token for s in grounded.of("n")]
    at = f"<p:at> <list> {' '.join(values)} </list> <)>"
    call = _call(request, REGRESSION.format(x="ph salt").removesuffix("<)>") + at)
    assert too_few_predictors([call]) == (len(values) % 2 != 0)
    (found,) = with_predictors([call], grounded)
    assert len(values) == 4
    assert "<list> ph salt heat block </list>" in _names(found, request)


def test_weights_of_which_no_word_speaks_are_a_predictor() -> None:
    words = "<op:stats.regression> <p:y> strength <p:x> <list> ph </list> <p:weights> salt <)>"
    for request, kept in (
        ("predict strength from ph and salt", False),
        ("weighted regression of strength on ph, weights salt", True),
    ):
        (found,) = with_predictors([_call(request, words)], ground(request, LAB))
        assert ("<p:weights>" in found) == kept
        assert kept or _names(found, request) == REGRESSION.format(x="ph salt")


def test_a_column_called_block_is_the_block_of_a_response_surface() -> None:
    request = "quadratic surface of strength in ph and salt, blocks in block"
    surface = "<op:doe.fit_rsm> <p:response> strength <p:factors> <list> ph block salt </list> <)>"
    found = with_block(_call(request, surface), ground(request, LAB))
    assert _names(found, request) == (
        "<op:doe.fit_rsm> <p:response> strength <p:factors> <list> ph salt </list> <p:block> block <)>"
    )


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("which variable has the strongest correlation with strength?", "strength"),
        ("correlations between strength and all other columns", "strength"),
        ("correlation matrix please", None),
        ("correlations of ph, salt with heat", None),
    ],
)
def test_a_matrix_is_about_the_one_column_that_is_named(
    request_: str, expected: str | None
) -> None:
    call = ("<op:stats.correlation_matrix>", "<p:x>", "<t0>", v.END_CALL)
    found = _names(with_column_of_interest(call, ground(request_, LAB)), request_)
    assert found.endswith(f"<p:y> {expected} <)>") == (expected is not None)


def test_outliers_are_named_where_the_request_asks_which() -> None:
    for request, named in (
        ("which batch has outlying strength?", True),
        ("outliers of strength per batch", False),
    ):
        call = _call(request, "<op:stats.outliers> <p:x> strength <)>")
        found = _names(with_column_of_interest(call, ground(request, LAB)), request)
        assert found.endswith("<p:names> batch <)>") == named


def test_a_column_stands_once_in_a_list() -> None:
    request = "strength on ph, salt and heat"
    call = _call(request, REGRESSION.format(x="ph salt ph heat salt"))
    assert _names(without_repeats(call, ground(request, LAB)), request) == REGRESSION.format(
        x="ph salt heat"
    )


@pytest.mark.parametrize(
    ("request_", "given"),
    [
        ("regress strength on ph and salt; expected strength at 6.2 and 2", True),
        ("regress strength on ph and salt; mean strength when ph = 6.2, salt = 2", True),
        ("regress strength on ph and salt at a significance level of 0.05", False),
    ],
)
def test_a_prediction_is_made_at_the_values_that_are_said(request_: str, given: bool) -> None:
    grounded = ground(request_, LAB)
    (found,) = with_values_at([_call(request_, REGRESSION.format(x="ph salt"))], grounded)
    assert ("<p:at>" in found) == given


def test_what_is_predicted_at_values_is_the_response() -> None:
    request = "multiple regression; 95% ci of the mean strength at 6.2 and 2"
    wrong = _call(request, "<op:stats.regression> <p:y> ph <p:x> <list> strength salt </list> <)>")
    assert misplaced_axes(wrong, ground(request, LAB)) == {
        s.token for s in ground(request, LAB).of("c") if s.value.name == "strength"
    }
