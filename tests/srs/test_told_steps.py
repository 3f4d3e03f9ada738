"""Preparations that a request tells one after the other are made in that order, before what it asks for."""

from __future__ import annotations

import math

import pytest

from havoc.dsl.grounding.ground import ground
from havoc.dsl.planning import lexicalise
from havoc.inference.planner import Candidate
from havoc.srs.evidence import MOST_TOLD, weighed
from havoc.srs.told_steps import told_steps, with_told_steps
from havoc.tools.values import Labels, Sample, Table

FILE = {
    "kiln": Table(
        (
            Sample("gas", ("10", "12", None, "14", "12")),
            Sample("load", ("5", "6", "4", "8", "6")),
            Sample("peak", ("800", "820", "790", "830", "820")),
            Labels("crew", ("red", "blue", None, "blue", "blue")),
        ),
        source="kiln.csv",
    )
}
DUPLICATES = "r1 = table.drop_duplicates(data=kiln)"


def program(request: str, proposed: str = "<op:stats.describe> <p:x> {load} <)>") -> list[str]:
    grounded = ground(request, FILE)
    columns = {f"{{{s.value.name}}}": s.token for s in grounded.of("c", "g")}
    for name, token in columns.items():
        proposed = proposed.replace(name, token)
    written = lexicalise(with_told_steps(tuple(proposed.split()), grounded), grounded)
    return [line for line in written.splitlines() if line.startswith("r")]


def test_three_steps_and_two_questions() -> None:
    request = (
        "Please prepare the table:\n1. Delete duplicated rows.\n2. Impute gas with the median.\n"
        "3. Make a new column 'spec_gas' by dividing gas by load.\n4. Give the correlation between spec_gas and peak."
        "\n5. Then the mean and standard deviation of the peak column."
    )
    assert program(request) == [
        DUPLICATES,
        "r2 = table.fill_missing(data=r1, columns=r1.gas, method=median)",
        "r3 = table.derive(data=r2, spec_gas=gas / load)",
        "r4 = stats.correlation(x=r3.spec_gas, y=r3.peak)",
        "r5 = stats.describe(x=r3.peak)",
    ]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (
            "drop rows with missing crew, then fill gas with its average",
            ["r1 = table.drop_missing(data=kiln, columns=kiln.crew)",
             "r2 = table.fill_missing(data=r1, columns=r1.gas, method=mean)"],
        ),
        (
            "replace missing values in crew with 'none' and in gas with the median of the column",
            ['r1 = table.fill_missing(data=kiln, columns=kiln.crew, method=constant, value="none")',
             "r2 = table.fill_missing(data=r1, columns=r1.gas, method=median)"],
        ),
        (
            "removing duplicates and normalising gas and load with min-max scaling",
            [DUPLICATES, "r2 = table.scale(data=r1, columns=[r1.gas, r1.load], method=minmax)"],
        ),
        (
            "Eliminate duplicate records; standardize the peak (z-scores); apply the natural logarithm to gas",
            [DUPLICATES, "r2 = table.scale(data=r1, columns=r1.peak, method=zscore)",
             "r3 = table.derive(data=r2, log=log(gas))"],
        ),
    ],
)  # fmt: skip
def test_steps_come_in_the_order_of_the_request(request_: str, expected: list[str]) -> None:
    assert program(request_, "<op:table.drop_duplicates> <p:data> <t0> <)>") == expected


def test_an_analysis_that_was_proposed_is_made_of_the_prepared_table() -> None:
    request = "remove duplicates, fill gas with the mean and test whether load differs from 6"
    proposed = "<op:stats.t_test_one> <p:x> {load} <p:target> <n0> <)>"
    assert program(request, proposed)[-1] == "r3 = stats.t_test_one(x=r2.load, target=6)"


@pytest.mark.parametrize(
    "request_",
    [
        "mean of load, duplicates removed",  # one step: the model's own
        "do not remove duplicates and do not fill gas with the mean; mean of load",
        "fill gas and remove what is wrong",  # with what?
        "is load normalised by gas?",
    ],
)
def test_less_than_two_plain_steps_change_nothing(request_: str) -> None:
    assert len(told_steps(ground(request_, FILE))) < 2
    assert program(request_) == ["r1 = stats.describe(x=kiln.load)"]


def test_three_plain_steps_leave_little_doubt() -> None:
    request = "drop duplicates, fill gas with the mode, scale load between 0 and 1, mean of peak"
    grounded = ground(request, FILE)
    found = weighed([Candidate(("<op:stats.describe>", "<p:x>", "<c0>", "<)>"), -3.0)], grounded)
    assert math.exp(found[0].logprob) == pytest.approx(MOST_TOLD, rel=0.2)
