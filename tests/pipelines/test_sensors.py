"""What starts by itself: the sensors on data/, ledger and champion, the nightly evaluation, the automation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import dagster as dg
import pytest
from small_project import fresh_definitions, inside, stale_in_dagster

pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project with everything built by ``dvc repro``, which Dagster has not heard of."""
    from dvc.repo import Repo

    folder = tmp_path_factory.mktemp("project")
    runs = {"MLFLOW_TRACKING_URI": f"sqlite:///{folder}/mlflow.db", "HAVOC_SYSTEM_METRICS": "off"}
    with inside(folder, **runs):
        with Repo(".") as repo:
            repo.reproduce()
        yield folder


@pytest.fixture
def sensors(project: Path) -> ModuleType:
    fresh_definitions()
    from pipelines.defs import sensors

    return sensors


def tick(sensor: Any, instance: dg.DagsterInstance, cursor: str | None = None) -> Any:
    return sensor(dg.build_sensor_context(instance=instance, cursor=cursor))


def test_what_a_terminal_built_is_told_once(
    sensors: ModuleType, instance: dg.DagsterInstance
) -> None:
    assert stale_in_dagster(instance) >= {"corpus", "bento"}
    first = tick(sensors.dvc_lock, instance)
    assert stale_in_dagster(instance) == set()
    told = len(instance.get_event_records(_materialised("corpus")))
    tick(sensors.dvc_lock, instance, first.cursor)
    tick(sensors.dvc_lock, instance)  # a new daemon, that has no cursor yet
    assert len(instance.get_event_records(_materialised("corpus"))) == told == 1


def _materialised(asset: str) -> dg.EventRecordsFilter:
    kind = dg.DagsterEventType.ASSET_MATERIALIZATION
    return dg.EventRecordsFilter(kind, asset_key=dg.AssetKey([asset]))


def test_a_file_put_under_data_is_read_and_makes_the_corpus_stale(
    sensors: ModuleType, instance: dg.DagsterInstance
) -> None:
    first = tick(sensors.data_folder, instance)
    assert {r.partition_key for r in first.run_requests} == {
        "math", "stats", "engineering", "general",
    }  # fmt: skip
    assert not tick(sensors.data_folder, instance, first.cursor).run_requests

    Path("data/stats/report.txt").write_text("A report that came today, long enough.\n" * 9)
    second = tick(sensors.data_folder, instance, first.cursor)
    [request] = second.run_requests
    assert request.partition_key == "stats"
    assert request.run_key not in {r.run_key for r in first.run_requests}
    assert "corpus" in stale_in_dagster(instance)

    job = fresh_definitions().resolve_job_def("ingest")
    run = job.execute_in_process(
        instance=instance,
        partition_key=request.partition_key,
        asset_selection=request.asset_selection,
    )
    assert run.success
    [event] = run.asset_materializations_for_node("raw_text")
    assert event.partition == "stats"
    assert "report.txt" in str(event.metadata["contents"].value)
    assert not tick(sensors.data_folder, instance, second.cursor).run_requests


def test_a_broken_file_fails_its_partitions_check_with_the_reason(
    sensors: ModuleType, instance: dg.DagsterInstance
) -> None:
    seen = tick(sensors.data_folder, instance)
    broken = Path("data/general/broken.jsonl")
    broken.write_text('{"text": "cut sho')
    [request] = tick(sensors.data_folder, instance, seen.cursor).run_requests
    job = fresh_definitions().resolve_job_def("ingest")
    run = job.execute_in_process(
        instance=instance, partition_key=request.partition_key, raise_on_error=False
    )
    [check] = run.get_asset_check_evaluations()
    broken.unlink()
    assert not check.passed
    assert "broken.jsonl" in str(check.description)


def test_a_champion_without_a_bento_is_packaged_once(
    sensors: ModuleType, instance: dg.DagsterInstance
) -> None:
    pytest.importorskip("mlflow")
    from havoc.registry import Registry
    from havoc.tracking import open_run

    nothing = tick(sensors.new_champion, instance)
    assert isinstance(nothing, dg.SkipReason)

    registry = Registry("havoc")
    registry.ensure()
    for number in (1, 2):
        with open_run("evaluate") as run:
            run.log_metrics({"requests.dev.share": 0.5}, 0)
        registry.client.create_model_version("havoc", f"file:/{number}", run.run_id)
    registry.promote("1", "right on the plant's own requests")
    first = tick(sensors.new_champion, instance)
    assert [r.run_key for r in first.run_requests] == ["havoc:1"]
    assert isinstance(tick(sensors.new_champion, instance, first.cursor), dg.SkipReason)

    registry.client.set_model_version_tag("havoc", "2", "bento", "havoc:abc")
    registry.promote("2", "better")
    second = tick(sensors.new_champion, instance, first.cursor)
    assert not second.run_requests, "it has its bento already"
    assert second.cursor == "havoc:2"


def test_every_night_at_two_the_evaluation_runs_though_nothing_changed(
    sensors: ModuleType, instance: dg.DagsterInstance
) -> None:
    definitions = fresh_definitions()
    job = definitions.resolve_job_def("pipeline")
    assert job.execute_in_process(instance=instance).success
    [nightly] = [s for s in definitions.schedules or () if s.name == "nightly"]
    assert nightly.default_status is dg.DefaultScheduleStatus.STOPPED
    assert nightly.cron_schedule == "0 2 * * *"

    at = datetime(2026, 3, 1, 2, tzinfo=UTC)
    context = dg.build_schedule_context(instance=instance, scheduled_execution_time=at)
    [request] = nightly.evaluate_tick(context).run_requests or ()
    before = Path("artifacts/evaluation/content").stat().st_mtime_ns
    evaluation = definitions.resolve_job_def("nightly_evaluation")
    assert not stale_in_dagster(instance)
    run = evaluation.execute_in_process(instance=instance, run_config=request.run_config or None)
    assert run.success
    assert Path("artifacts/evaluation/content").stat().st_mtime_ns > before
    assert [e.asset_key.path for e in run.get_asset_materialization_events()] == [["evaluate"]]


def test_automation_asks_for_what_reads_the_data_once_they_changed(
    sensors: ModuleType, instance: dg.DagsterInstance
) -> None:
    definitions = fresh_definitions()
    assert definitions.resolve_job_def("pipeline").execute_in_process(instance=instance).success
    first = dg.evaluate_automation_conditions(defs=definitions, instance=instance)
    idle = dg.evaluate_automation_conditions(
        defs=definitions, instance=instance, cursor=first.cursor
    )
    assert idle.total_requested == 0

    Path("data/math/more.txt").write_text("more text\n" * 9)
    sensors.observe_data(instance)
    after = dg.evaluate_automation_conditions(
        defs=definitions, instance=instance, cursor=idle.cursor
    )
    assert after.get_num_requested(dg.AssetKey("corpus")) == 1
    assert after.get_num_requested(dg.AssetKey("curriculum")) == 0
