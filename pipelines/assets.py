"""What the assets share: running their stage, and the metadata and checks a person wants to see of it."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import dagster as dg

from pipelines import profile, showing
from pipelines.checks import CHECKS
from pipelines.dvc_stage import StageFailed, StageRun, current_code_versions, run_stage
from pipelines.figures import figures_of

OWNERS = ["team:ml"]
# What a busy ledger or a tracking server that is away needs is time; bad input is not tried again.
RETRIES = dg.RetryPolicy(max_retries=2, delay=15, backoff=dg.Backoff.EXPONENTIAL)
# Declarative automation: once a dependency has a new version, and not while one is being made.
WHEN_INPUTS_CHANGE = dg.AutomationCondition.eager()
IN_SYNC = "dvc_in_sync"


class StageConfig(dg.Config):
    """Run configuration of every asset.

    ``profile`` makes another profile the active one (``params.yaml``) before the step runs; ``force`` runs a step
    that is up to date.
    """

    force: bool = False
    profile: str = ""


@cache
def _code_versions() -> dict[str, str]:
    return current_code_versions()


def stage_asset(name: str) -> dict[str, Any]:
    """The arguments of ``dg.asset`` that are the same for every step."""
    return {
        "code_version": _code_versions()[name],
        "check_specs": check_specs(name),
        "owners": OWNERS,
        "retry_policy": RETRIES,
        "automation_condition": WHEN_INPUTS_CHANGE,
    }


def check_specs(name: str) -> list[dg.AssetCheckSpec]:
    """The checks of a step; they are run by the step itself (``pipelines.checks``), and all block."""
    own = [
        (check.__name__, check.__doc__ or "")  # type: ignore[attr-defined]
        for check in CHECKS.get(name, ())
    ]
    return [
        dg.AssetCheckSpec(check, asset=dg.AssetKey([name]), description=text, blocking=True)
        for check, text in [(IN_SYNC, "dvc status has nothing to say of this step"), *own]
    ]


def materialise(context: dg.AssetExecutionContext, name: str, config: StageConfig) -> Iterator[Any]:
    """Run the stage through DVC and report it; a failure is the one line that the step gave."""
    if config.profile and profile.read_params().get("profile") != config.profile:
        profile.write(config.profile)
        context.log.info(f"the active profile is {config.profile} now")
    try:
        run = run_stage(name, config.force, session=context.run_id)
    except StageFailed as failure:
        if "check " in str(failure):
            yield from _results(name, failure.report)
        raise dg.Failure(
            description=str(failure),
            metadata={"last lines": dg.MetadataValue.md(f"```\n{failure.tail}\n```")},
            allow_retries="exited with 2" not in str(failure.__cause__),
        ) from None
    context.log.info(f"{name}: {'ran' if run.ran else 'was up to date'}")
    yield dg.MaterializeResult(
        asset_key=name,
        metadata=metadata_of(run),
        data_version=dg.DataVersion(run.data_version),
        check_results=check_results(run),
    )


def check_results(run: StageRun) -> list[dg.AssetCheckResult]:
    """What became of all checks of a stage: those of the step, and whether DVC has anything to say of it."""
    in_sync = dg.AssetCheckResult(
        passed=run.in_sync, check_name=IN_SYNC, asset_key=run.name, metadata={"ran": run.ran}
    )
    return [in_sync, *_results(run.name, run.report)]


def _results(name: str, report: Any) -> Iterator[dg.AssetCheckResult]:
    """The outcomes that a step wrote into its report."""
    outcomes = report.get("checks", {})
    for check in CHECKS.get(name, ()):
        outcome = outcomes.get(check.__name__)  # type: ignore[attr-defined]
        passed = bool(outcome and outcome["passed"])
        detail = outcome["detail"] if outcome else "the step gave no outcome of this check"
        yield dg.AssetCheckResult(
            passed=passed,
            check_name=check.__name__,  # type: ignore[attr-defined]
            asset_key=name,
            description=detail,
            metadata={"detail": detail},
        )


def metadata_of(run: StageRun) -> dict[str, Any]:
    """A step's figures (drawn over time), its tables, pictures and links, and what DVC records of it."""
    report = run.report
    if not report:
        return {"ran": run.ran}
    metadata: dict[str, Any] = {"ran": run.ran, **figures_of(run.name, report)}
    for title, rows in showing.tables(run.name, report).items():
        metadata[title] = dg.MetadataValue.md(showing.markdown(rows))
    for title, uri in showing.pictures(run.name, report).items():
        metadata[f"{title} plot"] = dg.MetadataValue.md(f"![{title}]({uri})")
    for title, url in showing.links(report).items():
        metadata[title] = dg.MetadataValue.url(url)
    for key in ("bento", "mlflow_run", "fingerprint", "content"):
        if key in report:
            metadata[key.replace("_", " ")] = str(report[key])
    if "champion" in report:
        metadata["champion"] = str(report["champion"]["reason"])
    outputs = [{"output": path, "md5": md5} for path, md5 in run.outputs.items()]
    metadata["outputs"] = dg.MetadataValue.md(showing.markdown(outputs))
    return metadata
