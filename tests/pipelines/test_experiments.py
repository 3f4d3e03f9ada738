"""Recipes tried by ``dvc exp`` at once and from its queue; results shared over S3 and not built again."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from small_project import make_project, stale_in_dvc
from test_ledger import content, dvc

SEVERAL = pytest.mark.slow  # each starts dvc many times
pytestmark = pytest.mark.timeout(3600)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "havoc"
    folder.mkdir()
    make_project(folder)
    ok(folder, "repro", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "built")
    return folder


@pytest.fixture
def project(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the built and committed project, in a folder of its own."""
    folder = tmp_path / "clones" / "havoc"
    shutil.copytree(built, folder, symlinks=True)
    monkeypatch.chdir(folder)
    return folder


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    run = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout


def ok(folder: Path, *arguments: str) -> str:
    run = dvc(folder, *arguments)
    assert run.returncode == 0, run.stderr
    return run.stdout


def experiments(folder: Path) -> dict[str, dict[str, str]]:
    rows = csv.DictReader(io.StringIO(ok(folder, "exp", "show", "--csv")))
    return {row["Experiment"]: row for row in rows if row["Experiment"]}


def params(folder: Path) -> dict[str, object]:
    return dict(yaml.safe_load((folder / "params.yaml").read_text()))


@SEVERAL
def test_an_experiment_runs_what_its_parameter_touches_and_is_compared(project: Path) -> None:
    before = content(project)
    out = ok(project, "exp", "run", "-n", "short", "-S", "finetune_seconds=200")
    assert "Running stage 'finetune'" in out
    assert "Running stage 'pretrain'" not in out
    assert "Running stage 'corpus'" not in out
    assert experiments(project)["short"]["finetune_seconds"] == "200"
    assert params(project)["finetune_seconds"] == 200
    after = content(project)
    assert {p.split("/")[1] for p in before if after[p] != before[p]} == {
        "model",
        "evaluation",
        "bento",
    }
    assert "finetune_seconds" in ok(project, "params", "diff")
    assert stale_in_dvc() == set()


@SEVERAL
def test_queued_experiments_run_apart_from_the_workspace(project: Path) -> None:
    before, recipe = content(project), params(project)
    ok(project, "exp", "run", "--queue", "-n", "few", "-S", "finetune_seconds=100")
    ok(project, "exp", "run", "--queue", "-n", "many", "-S", "finetune_seconds=900")
    assert ok(project, "queue", "status").count("Queued") == 2
    ok(project, "queue", "start", "-j", "1")
    try:
        until = time.monotonic() + 1800
        while time.monotonic() < until:
            status = ok(project, "queue", "status")
            if "Queued" not in status and "Running" not in status:
                break
            time.sleep(0.5)
    finally:
        dvc(project, "queue", "stop", "--kill")
    assert status.count("Success") == 2, status
    shown = experiments(project)
    assert (shown["few"]["finetune_seconds"], shown["many"]["finetune_seconds"]) == ("100", "900")
    assert (content(project), params(project)) == (before, recipe)
    ok(project, "exp", "apply", "many")
    assert params(project)["finetune_seconds"] == 900
    assert stale_in_dvc() == set()


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    boto3 = pytest.importorskip("boto3")
    pytest.importorskip("dvc_s3")
    from moto.server import ThreadedMotoServer

    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(key, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket="havoc")
    yield endpoint
    server.stop()


@SEVERAL
def test_what_s3_holds_is_pulled_and_not_built_again(project: Path, s3: str) -> None:
    ok(project, "remote", "add", "s3", "s3://havoc/dvc")
    ok(project, "remote", "modify", "s3", "endpointurl", s3)
    ok(project, "push", "-q", "-r", "s3")
    git(project, "add", ".dvc/config")
    git(project, "commit", "-qm", "remote")
    clone = project.parent / "clone"
    git(project.parent, "clone", "-q", str(project), str(clone))
    assert not (clone / "artifacts").exists()
    ok(clone, "pull", "-q", "-r", "s3")
    os.chdir(clone)
    assert content(clone) == content(project)
    assert stale_in_dvc() == set()
    assert "Running stage" not in ok(clone, "repro")
    # the same bytes again need no second copy
    assert "Everything is up to date" in ok(clone, "push", "-r", "s3")
    shutil.rmtree(clone / "artifacts" / "rag")
    assert "Running stage" not in ok(clone, "repro")
    assert content(clone) == content(project)


@SEVERAL
def test_an_s3_that_is_away_is_said_and_harms_nothing(project: Path, s3: str) -> None:
    ok(project, "remote", "add", "s3", "s3://havoc/dvc")
    ok(project, "remote", "modify", "s3", "endpointurl", "http://127.0.0.1:9")
    ok(project, "remote", "modify", "s3", "connect_timeout", "1")
    run = dvc(project, "push", "-r", "s3")
    assert run.returncode != 0
    assert "Traceback" not in run.stderr
    assert stale_in_dvc() == set()
    ok(project, "remote", "modify", "s3", "endpointurl", s3)
    ok(project, "push", "-q", "-r", "s3")
