"""The job that runs everything, and the sensor that tells Dagster of what DVC ran in a terminal."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.assets import metadata_of
from pipelines.dvc_stage import StageRun, graph, stage_state

pipeline = dg.define_asset_job(
    "pipeline",
    selection="*",
    executor_def=dg.in_process_executor,
    description="Every step, in order, in one process",
)


@dg.sensor(
    asset_selection=dg.AssetSelection.all(),
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Reports stages that `dvc repro` ran in a terminal as materialised",
)
def dvc_lock(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    lock = Path("dvc.lock")
    stamp = str(lock.stat().st_mtime_ns) if lock.exists() else ""
    if not stamp or stamp == context.cursor:
        return dg.SensorResult(cursor=context.cursor)
    return dg.SensorResult(asset_events=list(_unknown_to(context.instance)), cursor=stamp)


def _unknown_to(instance: dg.DagsterInstance) -> Iterator[dg.AssetMaterialization]:
    """Stages whose data version in dvc.lock is not the one Dagster last saw, in the order of the graph."""
    upstream = graph()
    seen: dict[str, str] = {}
    for name in _ordered(upstream):
        state = stage_state(name)
        key = dg.AssetKey([name])
        last = instance.get_latest_data_version_record(key)
        known = (
            (last.asset_materialization.tags or {}).get("dagster/data_version")
            if last and last.asset_materialization
            else None
        )
        if not state.outputs or not state.in_sync or known == state.data_version:
            continue
        yield dg.AssetMaterialization(
            key,
            metadata=metadata_of(state),
            tags=_tags(instance, name, state, upstream[name], seen),
        )
        seen[name] = state.data_version


def _tags(
    instance: dg.DagsterInstance, name: str, state: StageRun, inputs: set[str], seen: dict[str, str]
) -> dict[str, str]:
    """Without the versions and pointers of its inputs Dagster would show the asset as stale."""
    from pipelines.dvc_stage import current_code_version

    tags = {
        "dagster/data_version": state.data_version,
        "dagster/code_version": current_code_version(name),
    }
    for up in sorted(inputs):
        record: Any = instance.get_latest_data_version_record(dg.AssetKey([up]))
        if record is not None:
            tags[f"dagster/input_event_pointer/{up}"] = str(record.storage_id)
        tags[f"dagster/input_data_version/{up}"] = seen.get(up) or stage_state(up).data_version
    return tags


def _ordered(upstream: dict[str, set[str]]) -> list[str]:
    order: list[str] = []
    while len(order) < len(upstream):
        order += [n for n, ups in upstream.items() if n not in order and ups <= set(order)]
    return order
