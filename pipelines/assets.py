"""What the assets share: running their stage, and the metadata and checks a person wants to see of it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from pipelines.dvc_stage import StageRun, run_stage

TABLE_ROWS = 30


class StageConfig(dg.Config):
    """Run configuration of every asset."""

    force: bool = False


def in_sync(name: str) -> dg.AssetCheckSpec:
    """The check every asset has: DVC says that the step is up to date."""
    return dg.AssetCheckSpec(
        "dvc_in_sync",
        asset=dg.AssetKey([name]),
        description="dvc status has nothing to say",
        blocking=True,
    )


def materialise(
    context: dg.AssetExecutionContext, name: str, config: StageConfig
) -> dg.MaterializeResult[Any]:
    """Run the stage through DVC and report it."""
    run = run_stage(name, config.force)
    context.log.info(f"{name}: {'ran' if run.ran else 'was up to date'}")
    return dg.MaterializeResult(
        asset_key=name,
        metadata=metadata_of(run),
        data_version=dg.DataVersion(run.data_version),
        check_results=[
            dg.AssetCheckResult(
                passed=run.in_sync,
                check_name="dvc_in_sync",
                asset_key=name,
                metadata={"ran": run.ran},
            )
        ],
    )


def metadata_of(run: StageRun) -> dict[str, Any]:
    """The stage's report as Dagster metadata: figures as numbers (drawn over time), the rest as tables."""
    metadata: dict[str, Any] = {"ran": run.ran, "outputs": _table(run.outputs)}
    for key, value in run.report.items():
        metadata.update(_entry(key, value))
    return metadata


def _entry(key: str, value: Any) -> Iterator[tuple[str, Any]] | dict[str, Any]:
    if isinstance(value, bool) or value is None:
        return {key: str(value)}
    if isinstance(value, int | float | str):
        return {key: value}
    if isinstance(value, Mapping) and all(isinstance(v, int | float | str) for v in value.values()):
        return {key: _table(value)}
    return {key: dg.MetadataValue.json(json.loads(json.dumps(value, default=str)))}


def _table(values: Mapping[str, Any]) -> dg.MetadataValue:
    rows = [f"| {k} | {v} |" for k, v in list(values.items())[:TABLE_ROWS]]
    return dg.MetadataValue.md("\n".join(["| | |", "|---|---|", *rows]))
