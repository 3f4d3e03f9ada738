from __future__ import annotations

import json

import pytest

from havoc.dsl.bounded import run_bounded
from havoc.dsl.evaluate import Scope, evaluate
from havoc.dsl.executor import Limits, conclusion_text, run_text
from havoc.dsl.parser import parse
from havoc.errors import InputError, NeedsClarification
from havoc.tools.expression import Binary, Name, Num, Relation
from havoc.tools.operation import Kind, operations
from havoc.tools.result import Result
from havoc.tools.values import Factor, Labels, Number, Range, Sample, Table

EXAMPLES = [(o.name, text) for o in operations().values() for text in o.examples]
WEIGHTS = "w = table(g=[502, 498, 505, 499, 503], lot=[a, a, b, b, b])\n"


def value(text: str, kind: Kind, **variables):
    written = parse(f"f.g({text})").statements[0].arguments[0].value
    return evaluate(written, kind, Scope(variables))


RUNS = Table((Sample("rate", ("1", "2.50")), Labels("gas", ("a", "b"))), "runs")
FIT = Result({"mean": -2.5, "counts": [1, 2], "note": "ok", "gone": None}, data=RUNS)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("runs", Kind.TABLE, RUNS),
        ("runs.rate", Kind.SAMPLE, RUNS.columns[0]),
        ("fit.rate", Kind.SAMPLE, RUNS.columns[0]),
        ("runs.gas", Kind.SYMBOL, Name("gas")),
        ("power", Kind.SYMBOL, Name("power")),
        ("power", Kind.EXPRESSION, Name("power")),
        ("less", Kind.CHOICE, Name("less")),
        ("fit.mean", Kind.NUMBER, Number("-2.5")),
        ("fit.mean*2 + 1", Kind.NUMBER, Number("-4")),
        ("fit.counts", Kind.NUMBERS, [Number("1"), Number("2")]),
        ("fit.note", Kind.TEXT, "ok"),
        ("[1, NA, 3]", Kind.SAMPLE, Sample("x", ("1", None, "3"))),
        ("[a, b]", Kind.LABELS, [Name("a"), Name("b")]),
        ("[[1, 1/2]]", Kind.MATRIX, [[Number("1"), Number("0.5")]]),
        ("1..2 bar", Kind.RANGE, Range(Number("1", "bar"), Number("2", "bar"), "bar")),
        ("x > fit.counts", Kind.CONDITION, InputError),
        ("runs.rate + 1", Kind.NUMBER, InputError),
        ("fit.gone", Kind.NUMBER, InputError),
    ],
)
def test_the_parameters_kind_decides_what_a_word_means(text, kind, expected):
    if expected is InputError:
        with pytest.raises(InputError):
            value(text, kind, runs=RUNS, fit=FIT)
    else:
        assert value(text, kind, runs=RUNS, fit=FIT) == expected


def test_an_expression_takes_the_numbers_of_earlier_results():
    found = value("x > r.mean + 1", Kind.CONDITION, r=Result({"mean": 2.0}))
    assert found == Relation(">", Name("x"), Binary("+", Num(Number("2.0")), Num(Number("1"))))


@pytest.mark.parametrize(("name", "text"), EXAMPLES, ids=[n for n, _ in EXAMPLES])
def test_every_example_of_every_operation_runs_and_its_json_is_plain(name, text):
    execution = run_text(text)
    assert name in {step.operation for step in execution.steps}
    json.dumps(execution.to_json(), allow_nan=False)


def test_a_program_gives_program_results_and_audit():
    execution = run_text(WEIGHTS + "stats.t_test_one(w.g, target=500)")
    document = execution.to_json()
    assert set(document) == {"program", "results", "audit"}
    (result,) = document["results"]
    assert (result["name"], result["operation"]) == ("r2", "stats.t_test_one")
    # t of 502 498 505 499 503 against 500: mean 501.4, sd 2.880972, so 1.4 / (2.880972 / sqrt 5)
    assert result["values"]["statistic"] == pytest.approx(1.0866101, rel=1e-6)
    assert "{" not in result["conclusion"]
    assert document["audit"]["passed"] is True
    assert {"r2.statistic", "r2.p_value"} <= {c["name"] for c in document["audit"]["checks"]}


def test_a_backtick_keyword_is_a_factor_even_where_a_parameter_has_its_name():
    step = run_text("doe.box_behnken(`seed`=1..3 bar, b=1..2, c=1..2)").steps[0]
    factors = next(v for v in step.arguments.values() if isinstance(v, tuple) and v)
    expected = Factor("seed", Range(Number("1", "bar"), Number("3", "bar"), "bar"), unit="bar")
    assert factors[0] == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "stats.t_tst_one([1, 2])",
            "line 1: there is no operation 'stats.t_tst_one'; did you mean",
        ),
        ("box_behnken(a=1..2)", "did you mean 'doe.box_behnken'"),
        ("stats.t_test_one([1, 2], targt=2)", "no parameter 'targt'; did you mean 'target'"),
        (WEIGHTS + "stats.describe(ww.g)", "line 2, column 16.*'ww'; did you mean 'w'"),
        (WEIGHTS + "stats.describe(w.gg)", "has no column 'gg'; did you mean 'g'"),
        (WEIGHTS + "stats.describe(g)", r"is w\.g meant\?"),
        (WEIGHTS + "stats.describe(w.lot)", "column 'lot' holds words.*row 1: 'a'"),
        (
            "a = stats.describe([1, 2])\nstats.t_test_one([1, 2], target=a.men)",
            "did you mean 'mean'",
        ),
        ("doe.box_behnken(a=5..1, b=1..2, c=1..2)", "column 17: .*5..1 is empty"),
        ("doe.box_behnken(a=1..2 foo, b=1..2, c=1..2)", "'foo' is not a known unit"),
        ("table(a=[1, 2], b=[1])", "unequal length"),
        ("table(a=[1 mm, 2 bar])", "mixes units"),
        ("table([1])", r"column 7: a table is written table\(name="),
        ("data(x)", "data takes one file name"),
        ('data("x.csv")', "there is no file 'x.csv'"),
    ],
)
def test_a_refusal_names_the_place_and_the_nearest_valid_name(text, message):
    with pytest.raises(InputError, match=message) as caught:
        run_text(text)
    assert "\n" not in str(caught.value)


def test_a_missing_argument_is_a_question():
    with pytest.raises(NeedsClarification, match="needs 'target'"):
        run_text("stats.t_test_one([1, 2, 3])")


def test_files_are_read_from_the_base_folder_and_nowhere_else(tmp_path):
    home = tmp_path / "home"
    (home / "sub").mkdir(parents=True)
    (home / "etch.csv").write_text("rate\n1\n2\n4\n")
    (tmp_path / "secret.csv").write_text("x\n1\n")
    (home / "link.csv").symlink_to(tmp_path / "secret.csv")
    mean = run_text('d = data("etch.csv")\nstats.describe(d.rate)', base_dir=home).steps[0].result
    assert mean.values["mean"] == pytest.approx(7 / 3)
    for outside in (
        "../secret.csv",
        str(tmp_path / "secret.csv"),
        "link.csv",
        "sub/../../secret.csv",
    ):
        with pytest.raises(InputError, match="outside the folder"):
            run_text(f'data("{outside}")', base_dir=home)
    with pytest.raises(InputError, match=r"no file 'etch\.cvs'; did you mean 'etch\.csv'"):
        run_text('data("etch.cvs")', base_dir=home)


def test_attached_tables_are_found_by_name_before_files(tmp_path):
    (tmp_path / "runs.csv").write_text("rate\n9\n")
    execution = run_text('d = data("runs.csv")', files={"runs.csv": RUNS}, base_dir=tmp_path)
    assert execution.tables["d"].columns == RUNS.columns


def test_rows_and_statements_are_limited():
    with pytest.raises(InputError, match="has 5 rows; at most 4"):
        run_text(WEIGHTS, limits=Limits(rows=4))
    with pytest.raises(InputError, match="2 statements; at most 1"):
        run_text(WEIGHTS + "stats.describe(w.g)", limits=Limits(statements=1))


def test_a_bounded_run_gives_the_same_as_one_in_process():
    text = (
        WEIGHTS
        + "stats.t_test_one(w.g, target=500)\ndoe.box_behnken(a=1..2, b=1..2, c=1..2, seed=7)"
    )
    here, there = run_text(text), run_bounded(text)
    assert there.to_json() == here.to_json()
    assert there.tables == here.tables


def test_refusals_come_through_from_the_worker():
    with pytest.raises(InputError, match=r"line 1: there is no operation 'no\.such'"):
        run_bounded("no.such(1)")
    with pytest.raises(NeedsClarification, match="needs 'target'"):
        run_bounded("stats.t_test_one([1, 2, 3])")


def test_a_program_that_takes_too_long_or_too_much_is_stopped(tmp_path):
    (tmp_path / "long.csv").write_text("a,b,c\n" + "1.5,2.5,3.5\n" * 4_000_000)
    program = parse('data("long.csv")')
    with pytest.raises(InputError, match=r"ran longer than 0\.01 s"):
        run_bounded(program, base_dir=tmp_path, limits=Limits(seconds=0.01))
    with pytest.raises(InputError, match=r"more than the 8 MB"):
        run_bounded(program, base_dir=tmp_path, limits=Limits(memory_mb=8))


def test_a_word_with_a_hyphen_is_asked_for_in_quotes():
    with pytest.raises(InputError, match='in quotes: "two-sided"'):
        run_text("r = spc.arl_cusum(sides=two-sided)")


def test_lists_in_a_conclusion_are_written_as_words():
    result = Result({"names": ["x", "y"], "at": [[1, 2.5], [3, 1 / 3]]}, "{names}: {at}, {at[0]}.")
    assert conclusion_text(result) == "x, y: (1, 2.5), (3, 0.333333), 1, 2.5."
