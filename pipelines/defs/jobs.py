"""Jobs and the nightly schedule. Steps run one after the other in one process; they are processes of their own."""

import dagster as dg

from pipelines.assets import StageConfig

NIGHTLY = "0 2 * * *"
steps = dg.AssetSelection.groups("text", "model")

pipeline = dg.define_asset_job(
    "pipeline",
    selection=steps,
    executor_def=dg.in_process_executor,
    description="Every step that is not up to date, in order.",
)
ingest = dg.define_asset_job(
    "ingest",
    selection=dg.AssetSelection.assets("raw_text"),
    executor_def=dg.in_process_executor,
    description="Read the files of a domain through.",
)
package = dg.define_asset_job(
    "package",
    selection=dg.AssetSelection.assets("bento"),
    executor_def=dg.in_process_executor,
    description="Package the champion.",
)
nightly_evaluation = dg.define_asset_job(
    "nightly_evaluation",
    selection=dg.AssetSelection.assets("evaluate"),
    executor_def=dg.in_process_executor,
    config=dg.RunConfig(ops={"evaluate": StageConfig(force=True)}),
    description="Evaluate the model again, whether or not anything changed.",
)
nightly = dg.ScheduleDefinition(
    name="nightly",
    job=nightly_evaluation,
    cron_schedule=NIGHTLY,
    description="The evaluation, every night at two.",
)
