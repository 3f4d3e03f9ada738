"""New columns are computed by the formula that the request says, in signs or in words."""

from __future__ import annotations

import math

import pytest

from havoc.dsl.grounding.ground import ground
from havoc.dsl.planning import lexicalise
from havoc.inference.planner import Candidate
from havoc.srs.evidence import weighed
from havoc.srs.said_formulas import lacks_formula, said_formulas, with_formulas
from havoc.tools.values import Labels, Sample, Table

FILE = {
    "ovens": Table(
        (
            Sample("gas_m3", ("10", "12", "9", "14")),
            Sample("output_t", ("5", "6", "4", "8")),
            Sample("PeakTemp", ("800", "820", "790", "830")),
            Sample("LowTemp", ("300", "310", "305", "320")),
            Labels("crew", ("red", "blue", "red", "blue")),
        ),
        source="ovens.csv",
    )
}


def derived(request: str) -> str:
    """The formula of a new column as the program says it, whatever formula was proposed."""
    grounded = ground(request, FILE)
    name = next(s.token for s in grounded.of("s") if str(s.value) == "use")
    proposed = f"<op:table.derive> {name} <fn:log> <c0> <)> <p:data> <t0> <)>"
    program = lexicalise(with_formulas(tuple(proposed.split()), grounded), grounded)
    return program.split("use=")[1].strip().rstrip(")")


@pytest.mark.parametrize(
    ("words", "formula"),
    [
        ("by dividing the gas by the output", "gas_m3 / output_t"),
        ("as the ratio of gas to output", "gas_m3 / output_t"),
        ("= gas_m3 / output_t", "gas_m3 / output_t"),
        ("which is gas divided by output", "gas_m3 / output_t"),
        ("by multiplying gas, output and PeakTemp", "gas_m3 * output_t * PeakTemp"),
        ("as the product of gas and output", "gas_m3 * output_t"),
        ("by subtracting LowTemp from PeakTemp", "PeakTemp - LowTemp"),
        ("as the difference between PeakTemp and LowTemp", "PeakTemp - LowTemp"),
        ("= PeakTemp minus LowTemp", "PeakTemp - LowTemp"),
        ("by adding gas and output", "gas_m3 + output_t"),
        ("as the sum of gas, output and LowTemp", "gas_m3 + output_t + LowTemp"),
        ("= (PeakTemp - LowTemp) / output_t", "(PeakTemp - LowTemp) / output_t"),
        ("= 100 * gas_m3 / output_t", "100 * gas_m3 / output_t"),
        ("= (PeakTemp reading - LowTemp reading) / gas_m3", "(PeakTemp - LowTemp) / gas_m3"),
        ("by dividing gas by output and multiplying by 90", "gas_m3 / output_t * 90"),
        ("as the average of PeakTemp and LowTemp", "(PeakTemp + LowTemp) / 2"),
        ("as the base 10 logarithm of gas", "log10(gas_m3"),
        ("as the square root of the gas", "sqrt(gas_m3"),
    ],
)
def test_a_new_column_has_the_formula_that_is_said(words: str, formula: str) -> None:
    assert derived(f"Create a new column 'use' {words}. Report its mean.") == formula


def test_a_name_given_behind_the_formula_is_the_new_column() -> None:
    grounded = ground("make a feature by multiplying gas and output, called 'use'", FILE)
    (said,) = said_formulas(grounded)
    assert grounded.slot(said.name).value == "use"


def test_two_formulas_for_one_name_say_none() -> None:
    grounded = ground("new column 'use' = gas_m3 / output_t, or 'use' = output_t / gas_m3", FILE)
    assert said_formulas(grounded) == []


def test_a_formula_without_a_new_column_is_none() -> None:
    assert said_formulas(ground("correlation of gas_m3 - output_t", FILE)) == []


def test_what_is_asked_of_the_new_column_is_not_asked_of_one_of_its_terms() -> None:
    grounded = ground(
        "Create 'use' by dividing gas by output. Compute its correlation with PeakTemp.", FILE
    )
    columns = {s.value.name: s.token for s in grounded.of("c")}
    gas, peak = columns["gas_m3"], columns["PeakTemp"]
    first = f"<op:table.derive> <s0> {gas} </> {columns['output_t']} <p:data> <t0> <)>"
    proposed = f"{first} <;> <op:stats.correlation> <p:x> {gas} <p:y> {peak} <)>"
    program = lexicalise(with_formulas(tuple(proposed.split()), grounded), grounded)
    assert "stats.correlation(x=r1.use, y=ovens.PeakTemp)" in program
    alone = f"<op:stats.correlation> <p:x> {gas} <p:y> {peak} <)>".split()
    program = lexicalise(with_formulas(tuple(alone), grounded), grounded)
    assert "table.derive(data=ovens, use=gas_m3 / output_t)" in program
    assert "stats.correlation(x=r1.use, y=r1.PeakTemp)" in program


def test_a_program_without_the_new_column_comes_behind_one_that_has_it() -> None:
    grounded = ground("Create 'use' by dividing gas by output. Which crew has the most use?", FILE)
    made = tuple(
        "<op:table.derive> <s0> <c0> </> <c1> <p:data> <t0> <)> <;> <op:table.group> <p:by> <res1.> <g0>"
        " <p:column> <res1.> <s0> <p:data> <res1> <)>".split()
    )
    other = tuple("<op:stats.anova> <p:by> <g0> <p:value> <c2> <)>".split())
    assert lacks_formula(other, grounded)
    assert not lacks_formula(made, grounded)
    ranked = weighed([Candidate(other, -0.7), Candidate(made, -1.2)], grounded)
    assert ranked[0].tokens == made


@pytest.mark.parametrize(
    ("request_", "formula"),
    [
        ("create a new feature: the ratio of gas_m3 to output_t", "ratio=gas_m3 / output_t"),
        (
            "add a column, the difference between PeakTemp and LowTemp",
            "difference=PeakTemp - LowTemp",
        ),
        ("feature engineering: gas_m3 in logarithmic scale (base 10)", "log10=log10(gas_m3)"),
        ("make a new variable with output_t on a log scale", "log=log(output_t)"),
    ],
)
def test_a_new_column_without_a_name_is_proposed_and_named_after_its_formula(
    request_: str, formula: str
) -> None:
    grounded = ground(request_, FILE)
    found = weighed(
        [Candidate(("<op:spc.u>", "<p:x>", "<c0>", "<p:size>", "<c1>", "<)>"), -1.0)], grounded
    )
    assert found[0].tokens[:2] == ("<op:table.derive>", "<ask>")
    assert formula in lexicalise(found[0].tokens, grounded)
    assert math.exp(found[0].logprob) > 0.3
