"""Train and test split: the rows, and the errors on them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statements import run

from havoc.errors import InputError
from havoc.tools.stats.holdout import split_rows, split_rows_again

# sklearn.model_selection.train_test_split(range(10), test_size=0.3, random_state=42), scikit-learn's user guide
SKLEARN_TEST_ROWS = [8, 1, 5]


def test_the_split_is_scikit_learns() -> None:
    assert split_rows(10, 0.3, 42)[1] == SKLEARN_TEST_ROWS


@given(
    st.integers(2, 200),
    st.sampled_from([0.1, 0.2, 0.25, 0.3, 1 / 3, 0.5]),
    st.integers(0, 2**32 - 1),
)
def test_both_routes_to_the_split_agree(n: int, share: float, seed: int) -> None:
    train, test = split_rows(n, share, seed)
    assert (train, test) == split_rows_again(n, share, seed)
    assert not set(train) & set(test)


def test_a_line_is_predicted_without_error() -> None:
    ran = run(
        "r = stats.holdout(y=[3, 5, 7, 9, 11, 13, 15, 17, 19, 21], x=[1, 2, 3, 4, 5, 6, 7, 8, 9, 10])"
    )
    assert ran["mse"] == pytest.approx(0, abs=1e-20)
    assert (ran["n_train"], ran["n_test"]) == (8, 2)


def test_errors_are_those_of_numpy_on_the_same_rows() -> None:
    generator = np.random.default_rng(1)
    x = generator.normal(size=40).round(3)
    y = (2 * x + generator.normal(size=40)).round(3)
    text = ", ".join(map(str, y.tolist())), ", ".join(map(str, x.tolist()))
    ran = run(f"r = stats.holdout(y=[{text[0]}], x=[{text[1]}], test_share=25%, seed=7)")
    train, test = split_rows(40, 0.25, 7)
    slope, intercept = np.polyfit(x[train], y[train], 1)
    error = y[test] - (intercept + slope * x[test])
    assert ran["mse"] == pytest.approx(float(np.mean(error**2)), rel=1e-9)
    assert ran["mae"] == pytest.approx(float(np.abs(error).mean()), rel=1e-9)


def test_too_few_rows_are_refused() -> None:
    with pytest.raises(InputError, match="too few"):
        run(
            "r = stats.holdout(y=[1, 2, 3, 4, 5, 7], x=[[1, 2, 3, 4, 5, 6], [1, 4, 9, 16, 25, 36], [2, 1, 2, 1, 2, 3]])"
        )
