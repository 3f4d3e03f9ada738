"""Dagster and MLflow on a real PostgreSQL, artifacts on an S3 server: runs, restarts, nothing lost."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_project import ROOT, fresh_definitions, make_project

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


def load() -> Any:
    spec = importlib.util.spec_from_file_location(
        "local_cluster", ROOT / "deploy" / "local_cluster.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    local = load()
    patch = pytest.MonkeyPatch()
    try:
        # not below pytest's folder, which is for one user: PostgreSQL runs as another when this runs as root
        with tempfile.TemporaryDirectory() as name, local.running(readable(name)) as running:
            for key, value in running.environment.items():
                patch.setenv(key, value)
            yield running
    except local.NotAvailable as problem:
        pytest.skip(str(problem))
    finally:
        patch.undo()


def readable(name: str) -> Path:
    Path(name).chmod(0o755)
    return Path(name)


def rows(cluster: Any, database: str, query: str) -> list[tuple[Any, ...]]:
    import psycopg2

    with psycopg2.connect(f"{cluster.postgres.url}/{database}") as connection:
        cursor = connection.cursor()
        cursor.execute(query)
        return list(cursor.fetchall())


def test_a_run_of_the_pipeline_is_in_postgresql(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dagster as dg

    from pipelines import checks

    make_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(checks, "CHECKS", {})
    definitions = fresh_definitions()
    from pipelines.defs.sensors import observe_data

    with dg.DagsterInstance.get() as instance:
        assert "postgres" in type(instance.event_log_storage).__module__
        observe_data(instance)
        result = definitions.resolve_job_def("pipeline").execute_in_process(instance=instance)
        assert result.success
    assert rows(
        cluster, "dagster", f"SELECT status FROM runs WHERE run_id = '{result.run_id}'"
    ) == [("SUCCESS",)]
    with dg.DagsterInstance.get() as again:  # another process would see the same
        assert again.get_latest_materialization_event(dg.AssetKey(["bento"])) is not None


def test_runs_are_in_postgresql_and_their_files_in_s3(cluster: Any, tmp_path: Path) -> None:
    import boto3

    from havoc.tracking import open_run

    (tmp_path / "note.txt").write_text("kept")
    with open_run("trial", tags={"stage": "test"}) as run:
        run.log_params({"learning_rate": 3e-4})
        for step in range(200):
            run.log_metrics({"loss": 1.0 / (step + 1)}, step)
        run.log_artifact(tmp_path / "note.txt")
    assert rows(cluster, "mlflow", f"SELECT status FROM runs WHERE run_uuid = '{run.run_id}'") == [
        ("FINISHED",)
    ]
    count = rows(
        cluster,
        "mlflow",
        f"SELECT count(*) FROM metrics WHERE run_uuid = '{run.run_id}' AND key = 'loss'",
    )
    assert count == [(200,)]
    client = boto3.client("s3", endpoint_url=cluster.s3)
    names = [o["Key"] for o in client.list_objects_v2(Bucket="havoc").get("Contents", ())]
    assert any(run.run_id in name and name.endswith("note.txt") for name in names)


def test_figures_wait_while_postgresql_is_away(cluster: Any) -> None:
    from havoc.tracking import open_run

    with open_run("interrupted", tags={}) as run:
        run.log_metrics({"loss": 1.0}, 1)
        cluster.postgres.stop()
        run.log_metrics({"loss": 0.5}, 2)
        cluster.postgres.start()
        run.log_metrics({"loss": 0.25}, 3)
    found = rows(
        cluster,
        "mlflow",
        f"SELECT step FROM metrics WHERE run_uuid = '{run.run_id}' AND key = 'loss' ORDER BY step",
    )
    assert found == [(1,), (2,), (3,)]


def test_a_machine_without_postgresql_is_told_in_one_line(tmp_path: Path) -> None:
    script = "import sys; sys.path.insert(0, sys.argv[1]); import local_cluster as l\n"
    script += (
        "from pathlib import Path; l.Path.glob = lambda *a: []; l.shutil.which = lambda n: None\n"
    )
    script += "sys.argv = ['x']; sys.exit(l.main())"
    command = [sys.executable, "-c", script, str(ROOT / "deploy")]
    run = subprocess.run(command, capture_output=True, text=True, timeout=900)
    assert run.returncode == 2
    assert run.stderr.strip().splitlines()[-1] == "no PostgreSQL here; apt-get install postgresql"
