"""Sensors: what ``dvc repro`` ran in a terminal, what changed under data/, a new champion; and the automation."""

import json
from pathlib import Path
from typing import Any

import dagster as dg

from havoc.corpus.documents import DOMAINS
from pipelines import profile
from pipelines.assets import check_results, metadata_of
from pipelines.defs.ingestion import raw_text
from pipelines.defs.jobs import ingest, package
from pipelines.dvc_stage import (
    StageRun,
    current_code_versions,
    data_status,
    graph,
    ordered,
    stage_state,
)
from pipelines.ingestion import signature

DATA = dg.AssetKey("data")
ACTIVE = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.QUEUED]


@dg.sensor(
    asset_selection=dg.AssetSelection.groups("text", "model"),
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Reports stages that `dvc repro` or `dvc commit` brought up to date in a terminal as materialised.",
)
def dvc_lock(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    lock = Path("dvc.lock")
    stamp = str(lock.stat().st_mtime_ns) if lock.exists() else ""
    if not stamp or stamp == context.cursor:
        return dg.SensorResult(cursor=context.cursor)
    if context.instance.get_runs(dg.RunsFilter(statuses=ACTIVE), limit=1):
        return dg.SensorResult(cursor=context.cursor)  # a run of ours reports for itself
    reported = report_unknown(context.instance)
    context.log.info(f"reported as materialised: {', '.join(reported) or 'nothing'}")
    return dg.SensorResult(cursor=stamp)


def report_unknown(instance: dg.DagsterInstance) -> list[str]:
    """Report the stages whose versions in dvc.lock are not those Dagster last saw, in the order of the graph.

    At once, one by one: each report points to the records of its inputs, which must be there.
    """
    upstream = graph()
    current = current_code_versions()
    observe_data(instance)
    reported = []
    for name in ordered(upstream):
        state = stage_state(name)
        if not state.outputs or not state.in_sync:
            continue
        tags = _tags(instance, name, state, upstream[name], current[name])
        if _known(instance, name, tags):
            continue
        instance.report_runless_asset_event(
            dg.AssetMaterialization(dg.AssetKey([name]), metadata=metadata_of(state), tags=tags)
        )
        for check in check_results(state):  # the step ran them, whoever drove it
            instance.report_runless_asset_event(
                dg.AssetCheckEvaluation(
                    asset_key=dg.AssetKey([name]),
                    check_name=str(check.check_name),
                    passed=check.passed,
                    description=check.description,
                    metadata=check.metadata,
                    blocking=True,
                )
            )
        reported.append(name)
    return reported


def observe_data(instance: dg.DagsterInstance, changed: str = "") -> None:
    """Tell Dagster the hash of ``data/``, where it is not the one it has."""
    version, same = data_status()
    record = instance.get_latest_data_version_record(DATA)
    known = record.asset_observation.tags if record and record.asset_observation else None
    if (known or {}).get("dagster/data_version") == version:
        return
    instance.report_runless_asset_event(
        dg.AssetObservation(
            DATA,
            tags={"dagster/data_version": version},
            metadata={"matches_data_dvc": same, "hash": version, "changed": changed or "unknown"},
        )
    )


def _known(instance: dg.DagsterInstance, name: str, tags: dict[str, str]) -> bool:
    """Whether Dagster's last record of a stage has the same data, made by the same code of the same inputs."""
    record = instance.get_latest_data_version_record(dg.AssetKey([name]))
    if record is None or record.asset_materialization is None:
        return False
    known = record.asset_materialization.tags or {}
    return all(
        known.get(key) == value for key, value in tags.items() if "input_event_pointer" not in key
    )


def _tags(
    instance: dg.DagsterInstance,
    name: str,
    state: StageRun,
    inputs: set[str],
    code_version: str,
) -> dict[str, str]:
    """Without the versions and pointers of its inputs Dagster would show the asset as stale."""
    tags = {"dagster/data_version": state.data_version, "dagster/code_version": code_version}
    for up in sorted({*inputs, *(["data"] if name == "corpus" else [])}):
        record: Any = instance.get_latest_data_version_record(dg.AssetKey([up]))
        if record is not None:
            tags[f"dagster/input_event_pointer/{up}"] = str(record.storage_id)
        tags[f"dagster/input_data_version/{up}"] = (
            data_status()[0] if up == "data" else stage_state(up).data_version
        )
    return tags


@dg.sensor(
    target=ingest,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Sees files added, changed or removed under data/: observes it, which makes what was built of it "
    "stale, and reads the changed domains through.",
)
def data_folder(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    now = {domain: signature(domain) for domain in DOMAINS}
    before = json.loads(context.cursor or "{}")
    changed = [d for d in DOMAINS if now[d] != before.get(d)]
    if not changed:
        return dg.SensorResult(cursor=context.cursor)
    observe_data(context.instance, ", ".join(changed))
    requests = [
        dg.RunRequest(
            run_key=f"{domain}-{now[domain]}",
            asset_selection=[raw_text.key],
            partition_key=domain,
        )
        for domain in changed
    ]
    return dg.SensorResult(run_requests=requests, cursor=json.dumps(now))


@dg.sensor(
    target=package,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Sees the alias champion move in the model registry: packages a champion that has no bento yet, "
    "and says which bento to serve where it has one.",
)
def new_champion(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    from havoc.registry import Registry, model_name
    from havoc.tracking import tracking_uri

    uri = tracking_uri()
    if uri.startswith("sqlite:///") and not Path(uri.removeprefix("sqlite:///")).exists():
        return dg.SkipReason("nothing is registered yet")
    name = model_name(str(profile.read_params().get("profile", "laptop")))
    champion = Registry(name).champion()
    mark = f"{name}:{champion.number}" if champion else ""
    if champion is None or mark == context.cursor:
        return dg.SkipReason(f"the champion is {mark or 'none'}")
    tag = champion.tags.get("bento")
    if tag:
        context.log.info(f"the champion is version {champion.number}: bentoml serve {tag}")
        return dg.SensorResult(cursor=mark)
    if context.instance.get_runs(dg.RunsFilter(statuses=ACTIVE), limit=1):
        return dg.SkipReason("a run is under way, which may package it")
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=mark)], cursor=mark)


automation = dg.AutomationConditionSensorDefinition(
    "automation",
    target=dg.AssetSelection.groups("text", "model"),
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Makes each step again once its inputs have changed. Off until you turn it on: it trains.",
)
