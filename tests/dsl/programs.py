"""Hypothesis strategies for programs, shared by the tests of this room."""

from __future__ import annotations

from hypothesis import strategies as st

from havoc.dsl.ast import Argument, Boolean, Interval, List, Program, Statement
from havoc.tools.expression import Binary, Call, Formula, Name, Neg, Num, Reference, Relation, Text
from havoc.tools.values import Number

texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\u00a0\ufeff")
    | st.sampled_from('\n\t"`\\'),
    max_size=8,
)
words = st.sampled_from(
    ["x", "y", "rate", "power", "a1", "_t", "andy", "order", "μ", "Größe", "pi", "e5"]
)
plain_names = words.map(Name)
names = plain_names | texts.filter(bool).map(lambda t: Name(t, quoted=True))
units = st.sampled_from([None, None, None, "%", "degC", "bar", "N*m", "kg/m^3", "µm", "m^-2", "eV"])
number_texts = st.sampled_from(["0", "1", "2.5", "1e-3", "007", ".5", "1.25E+6"]) | st.integers(
    0, 10**6
).map(str)
numbers = st.builds(lambda t, u: Num(Number(t, u)), number_texts, units)
references = st.builds(Reference, words, names)
leaves = numbers | names | references | texts.map(Text)


def _deeper(inner: st.SearchStrategy) -> st.SearchStrategy:
    return (
        st.builds(Neg, inner)
        | st.builds(Binary, st.sampled_from(["+", "-", "*", "/", "^", ":"]), inner, inner)
        | st.builds(
            Call, st.sampled_from(["sin", "I", "exp"]), st.lists(inner, max_size=2).map(tuple)
        )
        | st.builds(
            Relation, st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "and", "or"]), inner, inner
        )
    )


expressions = st.recursive(leaves, _deeper, max_leaves=8)
simple_values = (
    expressions
    | st.booleans().map(Boolean)
    | st.builds(Formula, expressions, expressions)
    | st.builds(Interval, expressions, expressions)
)
values = st.recursive(
    simple_values, lambda inner: st.lists(inner, max_size=3).map(tuple).map(List), max_leaves=5
)
unnamed = st.builds(Argument, values)
named = st.builds(Argument, values, words) | st.builds(
    lambda v, k: Argument(v, k, quoted=True), values, texts.filter(bool)
)
arguments = st.builds(
    lambda a, b: tuple(a + b), st.lists(unnamed, max_size=2), st.lists(named, max_size=3)
)
operations = st.sampled_from(
    ["doe.box_behnken", "stats.anova", "data", "table", "maths.solve", "no.such"]
)
comments = texts.map(lambda t: " ".join(t.split()))
statements = st.builds(
    Statement,
    st.none(),
    operations,
    arguments,
    st.lists(comments, max_size=2).map(tuple),
    st.none() | comments,
)
programs = st.builds(
    Program, st.lists(statements, max_size=3).map(tuple), st.lists(comments, max_size=2).map(tuple)
)
