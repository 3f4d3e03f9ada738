"""Raw text: each domain's folder a partition, and ``data/`` as a whole, whose hash is DVC's."""

import dagster as dg

from havoc.corpus.documents import DOMAINS
from pipelines import showing
from pipelines.assets import OWNERS, RETRIES
from pipelines.dvc_stage import data_status
from pipelines.ingestion import examine

domains = dg.StaticPartitionsDefinition(list(DOMAINS))


@dg.asset(
    partitions_def=domains,
    group_name="ingestion",
    kinds={"file"},
    owners=OWNERS,
    retry_policy=RETRIES,
    pool="text",
    backfill_policy=dg.BackfillPolicy.multi_run(max_partitions_per_run=1),
    check_specs=[
        dg.AssetCheckSpec(
            "files_readable",
            asset="raw_text",
            description="Every file of the domain can be read; the step corpus would stop at one that cannot.",
            blocking=True,
        )
    ],
    description="The files under data/DOMAIN, each read through: the project's own and whatever you put there.",
)
def raw_text(context: dg.AssetExecutionContext):
    report = examine(context.partition_key)
    if not report.files and not report.problems:
        raise dg.Failure(
            description=f"data/{report.domain} has no file; build the project's own: python -m pipelines.steps data",
            allow_retries=False,
        )
    bad = report.problems
    yield dg.MaterializeResult(
        metadata={
            "files": len(report.files),
            "documents": report.documents,
            "characters": report.characters,
            "licences": dict(report.licences),
            "contents": dg.MetadataValue.md(showing.markdown(report.files)),
            "sample documents": dg.MetadataValue.md(showing.markdown(report.samples[:8])),
            **({"problems": dg.MetadataValue.md(showing.markdown(bad))} if bad else {}),
        },
        data_version=dg.DataVersion(report.sha256),
        check_results=[
            dg.AssetCheckResult(
                passed=not bad,
                check_name="files_readable",
                description=bad[0]["problem"] if bad else f"{len(report.files)} files read",
            )
        ],
    )


@dg.multi_observable_source_asset(
    specs=[
        dg.AssetSpec(
            "data",
            deps=[raw_text],
            group_name="ingestion",
            kinds={"file", "dvc"},
            owners=OWNERS,
            description="All raw text under data/, by DVC's hash; data.dvc records what it was.",
        )
    ],
)
def data(context: dg.OpExecutionContext):
    version, same = data_status()
    yield dg.ObserveResult(
        asset_key="data",
        data_version=dg.DataVersion(version),
        metadata={"matches_data_dvc": same, "hash": version},
    )
