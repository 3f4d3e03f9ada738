"""Docstrings become prose, and nothing of their markup stays."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from havoc.corpus.cleaning import clean_docstring

DOCSTRING = """\
    spread(x, axis=0) -> float

    Measure the *scatter* of ``x`` around its :func:`~stats.mean`.

    .. versionadded:: 1.4

       Not before.

    Parameters
    ----------
    x : array_like
        The measurements [1]_.
    axis : {0, 1},
        Where to look.

    Returns
    -------
    float
        The standard deviation.

    See Also
    --------
    mean : the average

    Notes
    -----
    The variance is

    .. math:: s^2 = \\sum (x_i - m)^2 / (n - 1)

    and its root has the unit of the data.

    * first point
    * second point

    References
    ----------
    .. [1] Someone, *Somewhere*.

    Examples
    --------
    Take two values:

    >>> spread([1, 3])
    1.414

    The result is positive.
    """


def test_a_numpydoc_docstring_becomes_its_prose() -> None:
    text = clean_docstring(DOCSTRING)
    assert text.split("\n\n") == [
        "Measure the scatter of x around its mean.",
        "x: array_like. The measurements.",
        "axis: {0, 1}. Where to look.",
        "float: The standard deviation.",
        "The variance is",
        "s^2 = \\sum (x_i - m)^2 / (n - 1)",
        "and its root has the unit of the data.",
        "* first point\n* second point",
        "The result is positive.",
    ]


def test_parameter_tables_can_be_left_out() -> None:
    text = clean_docstring(DOCSTRING, parameters=False)
    assert "measurements" not in text
    assert "unit of the data" in text


def test_products_and_powers_are_not_taken_for_emphasis() -> None:
    assert (
        clean_docstring("Return a*b + x**2 + y**2 of *args.")
        == "Return a*b + x**2 + y**2 of *args."
    )


def test_a_long_line_of_markup_is_cleaned_in_linear_time() -> None:
    raw = "Text " + "*a `b` :x:`c` ``d [1]_ <" * 4000
    start = time.process_time()
    clean_docstring(raw)
    assert time.process_time() - start < 2.0


@given(st.text(alphabet="ab *`:.>-=\n[]_()#|%{}\\", max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_cleaned_and_leaves_no_doctest(raw: str) -> None:
    cleaned = clean_docstring(raw)
    assert not any(line.lstrip().startswith(">>>") for line in cleaned.split("\n"))
