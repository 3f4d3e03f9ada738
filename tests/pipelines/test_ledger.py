"""The ledger and its cache in another place, damaged or gone: the same command makes everything right."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from small_project import make_project, stale_in_dvc

from pipelines.dvc_stage import StageFailed, run_stage


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "havoc"
    folder.mkdir()
    make_project(folder)
    dvc(folder, "repro", "-q")
    return folder


@pytest.fixture
def project(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the built project, in a folder of its own."""
    folder = tmp_path / "clones" / "havoc"
    shutil.copytree(built, folder, symlinks=True)
    monkeypatch.chdir(folder)
    return folder


def dvc(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dvc", *arguments]
    # the worker of its queue is started as `dvc`: without that on PATH it is silently never there
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=1800,
    )


def content(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): p.read_text()
        for p in sorted((folder / "artifacts").rglob("content"))
    }


def test_a_ledger_of_another_machine_does_not_hinder_a_fresh_clone(project: Path) -> None:
    """A clone has dvc.lock and data/, but neither artifacts nor a cache nor a remote."""
    before = content(project)
    shutil.rmtree("artifacts")
    shutil.rmtree(".dvc/cache")
    shutil.rmtree(".dvc/tmp")
    run = dvc(project, "repro", "-q")
    assert run.returncode == 0, run.stderr
    assert content(project) == before
    assert stale_in_dvc() == set()


def test_a_damaged_object_of_the_cache_is_noticed_and_made_again(project: Path) -> None:
    before = content(project)
    damaged = 0
    for path in Path(".dvc/cache/files/md5").rglob("*"):
        if path.is_file() and path.read_bytes() in {t.encode() for t in before.values()}:
            path.chmod(stat.S_IRUSR | stat.S_IWUSR)
            path.write_bytes(path.read_bytes()[:-1] + b"!")
            damaged += 1
    assert damaged
    shutil.rmtree("artifacts")
    dvc(project, "checkout", "-q")
    run = dvc(project, "repro", "-q")
    assert run.returncode == 0, run.stderr
    assert content(project) == before


def test_what_is_pulled_is_not_built_again(project: Path, tmp_path: Path) -> None:
    """Push to the folder beside the clone, pull in a sibling clone: nothing runs there."""
    dvc(project, "remote", "add", "-d", "local", "../../havoc-dvc")
    pushed = dvc(project, "push", "-q")
    assert pushed.returncode == 0, pushed.stderr
    sibling = tmp_path / "clones" / "sibling"
    shutil.copytree(project, sibling, symlinks=True)
    for folder in ("artifacts", "data", ".dvc/cache", ".dvc/tmp"):
        shutil.rmtree(sibling / folder)
    pulled = dvc(sibling, "pull", "-q")
    assert pulled.returncode == 0, pulled.stderr
    again = dvc(sibling, "repro")
    assert "Running stage" not in again.stdout
    assert "up to date" in again.stdout


def test_a_step_killed_half_way_is_run_again_from_the_start(project: Path) -> None:
    """What the killed run left behind is not taken for its result."""
    before = content(project)
    Path("pipelines/pairs.py").write_text("# other\n")
    Path("FAIL").write_text("finetune")
    run_stage("pair_tokens")
    with pytest.raises(StageFailed, match="the disk is full"):
        run_stage("finetune")
    assert "finetune" in stale_in_dvc()
    Path("FAIL").unlink()
    Path("pipelines/pairs.py").write_text("# pipelines/pairs.py\n")
    dvc(project, "repro", "-q")
    assert content(project) == before


def test_forcing_runs_a_step_that_is_up_to_date(project: Path) -> None:
    assert run_stage("corpus").ran is False
    assert run_stage("corpus", force=True).ran is True
