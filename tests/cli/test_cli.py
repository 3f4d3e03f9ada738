from __future__ import annotations

import json
import subprocess
import sys

import pytest

from havoc import cli
from havoc.tools.operation import operations

GOOD = "w = table(g=[502, 498, 505, 499, 503])\nstats.t_test_one(w.g, target=500)\n"


def havoc(capsys, *arguments: str) -> tuple[int, str, str]:
    """Run the command in this process; give its exit status, stdout and stderr."""
    with pytest.raises(SystemExit) as caught:
        cli.main(list(arguments))
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "weights.havoc"
    path.write_text(GOOD)
    return path


def test_run_prints_program_results_and_audit_as_one_json_object(capsys, program):
    status, out, err = havoc(capsys, "run", "--json", str(program))
    document = json.loads(out)
    assert (status, err) == (0, "")
    assert set(document) == {"program", "results", "audit"}
    assert document["program"] == GOOD
    assert document["results"][0]["values"]["mean"] == pytest.approx(501.4)
    assert document["audit"]["passed"] is True


def test_run_prints_text_for_a_reader(capsys, program):
    status, out, _ = havoc(capsys, "run", str(program))
    assert status == 0
    assert "t = 1.08661" in out
    assert "all passed" in out


def test_run_finds_files_beside_the_program_and_those_attached(capsys, tmp_path):
    (tmp_path / "beside.csv").write_text("a\n1\n2\n")
    elsewhere = tmp_path / "other"
    elsewhere.mkdir()
    (elsewhere / "attached.csv").write_text("a\n3\n5\n")
    path = tmp_path / "p.havoc"
    path.write_text(
        'a = data("beside.csv")\nb = data("attached.csv")\n'
        "stats.describe(a.a)\nstats.describe(b.a)\n"
    )
    attached = str(elsewhere / "attached.csv")
    status, out, _ = havoc(capsys, "run", "--json", "--data", attached, str(path))
    assert status == 0
    assert [r["values"]["mean"] for r in json.loads(out)["results"]] == [1.5, 4.0]


@pytest.mark.parametrize(
    ("text", "status", "message"),
    [
        ("stats.describe([1, 2)", 2, "line 1, column 21: "),
        ("stats.descrbe([1, 2])", 2, "did you mean 'stats.describe'"),
        ("stats.t_test_one([1, 2, 3])", 3, "needs 'target'"),
        ('data("missing.csv")', 2, "there is no file 'missing.csv'"),
    ],
)
def test_a_bad_program_is_one_line_on_stderr_and_the_right_status(
    capsys, tmp_path, text, status, message
):
    path = tmp_path / "p.havoc"
    path.write_text(text)
    found, out, err = havoc(capsys, "run", str(path))
    assert (found, out) == (status, "")
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rnu", "x"], "no command 'rnu'; did you mean 'run'"),
        (["run", "--jsn", "x"], "No such option: --jsn"),
        (["run"], "Missing argument"),
        (["run", "no-such-file.havoc"], "cannot be read: No such file"),
        (["ops", "stats.t_test_on"], "did you mean 'stats.t_test_one'"),
        (["ask", "what?", "--model", "no/such/model"], "there is no model at no/such/model"),
        (["ask"], "what is asked?"),
    ],
)
def test_a_mistake_on_the_command_line_is_status_2(capsys, arguments, message):
    status, _, err = havoc(capsys, *arguments)
    assert status == 2
    assert message in err
    assert "Traceback" not in err


def test_an_internal_failure_is_status_1_without_a_traceback(capsys, program, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("secret detail\nsecond line")

    monkeypatch.setattr("havoc.dsl.bounded.run_bounded", broken)
    status, _, err = havoc(capsys, "run", str(program))
    assert status == 1
    assert err == (
        "havoc: internal failure: ZeroDivisionError: secret detail second line"
        " (HAVOC_DEBUG=1 shows where)\n"
    )
    monkeypatch.setenv("HAVOC_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli.main(["run", str(program)])


def test_a_failed_audit_is_status_1_and_the_number_is_withheld(capsys, program, monkeypatch):
    from dataclasses import replace

    from havoc.dsl.executor import run_text

    def corrupted(text, **_):
        execution = run_text(text)
        step = execution.steps[0]
        checks = (replace(step.checks[0], passed=False), *step.checks[1:])
        return replace(execution, steps=(replace(step, checks=checks),))

    monkeypatch.setattr("havoc.dsl.bounded.run_bounded", corrupted)
    status, out, err = havoc(capsys, "run", str(program))
    assert status == 1
    assert "1.08661" not in out
    assert "AUDIT FAILED" in out
    assert "did not confirm" in err


def test_a_contour_plot_is_drawn_as_a_surface_too(capsys, tmp_path):
    path = tmp_path / "surface.havoc"
    path.write_text(operations()["doe.fit_rsm"].examples[0])
    status, _, err = havoc(capsys, "run", "--figures", str(tmp_path / "figures"), str(path))
    assert status == 0
    drawn = {p.name for p in (tmp_path / "figures").iterdir()}
    flat = next(n.removesuffix(".surface.svg") for n in drawn if n.endswith(".surface.svg"))
    assert f"{flat}.svg" in drawn
    assert f"{flat}.surface.svg" in err


def test_run_draws_the_figures_into_a_folder(capsys, tmp_path):
    path = tmp_path / "p.havoc"
    path.write_text("counts = spc.c([3, 5, 4, 6, 2, 15, 4, 3, 5, 4])")
    status, _, err = havoc(capsys, "run", "--figures", str(tmp_path / "figures"), str(path))
    assert status == 0
    drawn = tmp_path / "figures" / "counts.1.svg"
    assert err == f"figure: {drawn}\n"
    assert "<svg" in drawn.read_text()
    status, _, err = havoc(capsys, "run", "--figures", str(path), str(path))
    assert status == 2
    assert "cannot be written" in err


def test_fmt_prints_checks_and_rewrites(capsys, tmp_path):
    path = tmp_path / "p.havoc"
    path.write_text("a=stats.describe( [1,2] ) # why\n")
    canonical = "a = stats.describe([1, 2])  # why\n"
    assert havoc(capsys, "fmt", str(path)) == (0, canonical, "")
    status, out, err = havoc(capsys, "fmt", "--check", str(path))
    assert (status, out) == (2, "")
    assert "not in canonical form" in err
    assert havoc(capsys, "fmt", "--write", str(path)) == (0, "", "")
    assert path.read_text() == canonical
    assert havoc(capsys, "fmt", "--check", str(path))[0] == 0


def test_ops_lists_schemas_and_describes_one(capsys):
    status, out, _ = havoc(capsys, "ops", "--json")
    schemas = json.loads(out)
    assert status == 0
    assert {"doe.box_behnken", "stats.t_test_one"} <= {s["name"] for s in schemas}
    assert "| `target` |" in havoc(capsys, "ops", "stats.t_test_one")[1]


def test_the_command_runs_as_a_module_and_starts_without_torch():
    code = (
        "import sys, havoc.cli; "
        "heavy = {'torch', 'pandas', 'scipy', 'fastapi', 'mlflow'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
    shown = subprocess.run(
        [sys.executable, "-m", "havoc", "fmt", "-"],
        input="a=stats.describe([1,2])",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (shown.returncode, shown.stdout) == (0, "a = stats.describe([1, 2])\n")


def test_an_answer_on_a_terminal_shows_numbers_without_their_links():
    answer = "Cpk is [1.33](#v:r2.cpk), see [the handbook](doc).\n\n[[figure:r2.1]]"
    shown = "Cpk is 1.33, see [the handbook](doc).\n\n(figure r2.1: --figures DIR draws it)"
    assert cli._plain(answer) == shown
