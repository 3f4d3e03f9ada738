from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from programs import programs

from havoc.dsl.ast import Boolean, Interval, List
from havoc.dsl.formatter import format_program
from havoc.dsl.parser import parse
from havoc.errors import InputError
from havoc.tools.expression import Binary, Call, Formula, Name, Neg, Num, Reference, Relation, Text
from havoc.tools.values import Number


def num(text: str, unit: str | None = None) -> Num:
    return Num(Number(text, unit))


def value(text: str):
    return parse(f"f.g({text})").statements[0].arguments[0].value


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(programs)
def test_parsing_the_canonical_text_of_a_program_gives_the_program_back(program):
    text = format_program(program)
    assert parse(text) == program
    assert format_program(parse(text)) == text


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("-2.5", Neg(num("2.5"))),
        ("5%", num("5", "%")),
        ("200 degC", num("200", "degC")),
        ("2 N*m", num("2", "N*m")),
        ("2 N * m", Binary("*", num("2", "N"), Name("m"))),
        ("1-95%", Binary("-", num("1"), num("95", "%"))),
        ("-x^2", Neg(Binary("^", Name("x"), num("2")))),
        ("x**-2", Binary("^", Name("x"), Neg(num("2")))),
        ("a^b^c", Binary("^", Name("a"), Binary("^", Name("b"), Name("c")))),
        ("a - b - c", Binary("-", Binary("-", Name("a"), Name("b")), Name("c"))),
        ("a*b:c", Binary("*", Name("a"), Binary(":", Name("b"), Name("c")))),
        ("150..200 degC", Interval(num("150"), num("200", "degC"))),
        ("-1..1", Interval(Neg(num("1")), num("1"))),
        ("0..4/3", Interval(num("0"), Binary("/", num("4"), num("3")))),
        ("[[1, 2], [3, x]]", List((List((num("1"), num("2"))), List((num("3"), Name("x")))))),
        ("true", Boolean(True)),
        ("`true`", Name("true", quoted=True)),
        ("runs.`Temp (°C)`", Reference("runs", Name("Temp (°C)", quoted=True))),
        ('"a \\"b\\"\\n"', Text('a "b"\n')),
        (
            "y ~ a + I(a^2)",
            Formula(
                Name("y"), Binary("+", Name("a"), Call("I", (Binary("^", Name("a"), num("2")),)))
            ),
        ),
        (
            'a > 3 and b == "x" or c != 2',
            Relation(
                "or",
                Relation(
                    "and", Relation(">", Name("a"), num("3")), Relation("==", Name("b"), Text("x"))
                ),
                Relation("!=", Name("c"), num("2")),
            ),
        ),
    ],
)
def test_each_form_of_value_is_read_as_the_language_says(text, tree):
    assert value(text) == tree


def test_bare_calls_are_named_by_their_position():
    text = '# etch study\nruns = data("etch.csv") # measured\n\n'
    program = parse(text + "stats.anova(rate ~ power, data=runs)\n# end\n")
    assert program.names == ("runs", "r2")
    assert program.statements[0].above == ("etch study",)
    assert program.statements[0].comment == "measured"
    assert program.below == ("end",)
    assert (program.statements[1].line, program.statements[1].arguments[1].column) == (4, 27)


def test_windows_line_ends_and_a_byte_order_mark_are_harmless():
    assert parse("\ufeffa = f.g(1)\r\nf.h(2)\r\n") == parse("a = f.g(1)\nf.h(2)")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("f.g(1)\nx = ", r"line 2, column 5: the program ends here; expected a name"),
        ("f.g(a=)", r"line 1, column 7: '\)' cannot stand here; expected a value"),
        ("f.g([1, 2)", r"line 1, column 10: '\)' cannot stand here; expected ',' or '\]'"),
        ("f.g(1 2)", r"line 1, column 7: '2' cannot stand here; expected an operator"),
        ("f.g(1))", r"column 7.*expected the end of the line"),
        ("f.g('a')", r'texts stand in "double quotes"'),
        ("f.g(x^2 = 4)", r"an equation is written with =="),
        ("f.g(5eV)", r"put a blank between a number and a unit that begins with e"),
        ("f.g(3 x*(2))", r"a product is written with \*"),
        ("f.g(a=1, 2)", r"line 1, column 10: an unnamed value cannot follow a named one"),
        ("a = f.g()\na = f.g()", r"line 2: the name 'a' is already used on line 1"),
        ("f.g(" + "(" * 70, r"nested more than 60 levels"),
        ("f.g(" + "-" * 70 + "1)", r"nested more than 60 levels"),
        ("f.g(\x00)", r"line 1, column 5"),
        ("f.g(" + "+".join("1" * 5000) + ")", r"more than 200 operators in a row"),
    ],
)
def test_a_mistake_is_one_line_with_its_place_and_what_was_expected(text, message):
    with pytest.raises(InputError, match=message) as caught:
        parse(text)
    assert "\n" not in str(caught.value)
